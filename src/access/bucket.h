/*
 * bucket.h
 *		A rate that is kept over time: what was not used is saved up for one
 *		second, what was used too much is waited off.
 */
#ifndef BR_BUCKET_H
#define BR_BUCKET_H

#include "base/br.h"

/* All zero: never used. */
typedef struct BrBucket
{
	double		units;			/* below zero: owed */
	int64		at_us;			/* when that was so */
} BrBucket;

/* How long to wait until nothing is owed; rate: units a second, above 0. */
extern long br_bucket_wait_ms(BrBucket *bucket, double rate, int64 now_us);

/* What something has cost becomes known when it is done. */
extern void br_bucket_take(BrBucket *bucket, double units);

#endif							/* BR_BUCKET_H */
