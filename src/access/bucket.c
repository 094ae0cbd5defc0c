/*
 * bucket.c
 *		Arithmetic of a rate.
 */
#include "base/br.h"

#include <math.h>

#include "access/bucket.h"

#define SAVED_S		1.0

long
br_bucket_wait_ms(BrBucket *bucket, double rate, int64 now_us)
{
	if (bucket->at_us == 0)
		bucket->units = rate * SAVED_S;
	else
		bucket->units += rate * Max(now_us - bucket->at_us, 0) / 1e6;
	bucket->units = Min(bucket->units, rate * SAVED_S);
	bucket->at_us = now_us;
	return bucket->units >= 0 ? 0 : (long) Min(ceil(-bucket->units / rate * 1000), PG_INT32_MAX);
}

void
br_bucket_take(BrBucket *bucket, double units)
{
	bucket->units -= units;
}
