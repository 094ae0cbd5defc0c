/*
 * sample.h
 *		Rows for ANALYZE, taken from the items that were read.
 */
#ifndef BR_SAMPLE_H
#define BR_SAMPLE_H

#include "base/br.h"
#include "access/htup.h"
#include "common/pg_prng.h"
#include "fdw/convert.h"

typedef struct BrSample BrSample;

/* At most max_rows go to rows, which are the caller's. Memory from the current context. */
extern BrSample *br_sample_create(const BrRelation *rel, TupleDesc desc,
								  HeapTuple *rows, int max_rows);

/* Of all columns. */
extern BrConverter *br_sample_converter(BrSample *sample);

/* Offers an item. new_partition: the one before was of another partition. */
extern void br_sample_add(BrSample *sample, const BrSpan *spans, bool new_partition);

/* Forgets everything. */
extern void br_sample_clear(BrSample *sample);

extern double br_sample_seen(const BrSample *sample);	/* items that are rows */
extern int	br_sample_partitions_seen(const BrSample *sample);	/* with rows in them */

/* The number of rows. share: of the table, that was seen; 1 or more: all of it. */
extern int	br_sample_finish(BrSample *sample, double share, pg_prng_state *random);

#endif							/* BR_SAMPLE_H */
