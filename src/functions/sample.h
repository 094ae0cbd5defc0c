/*
 * sample.h
 *		benchsample: all values of a sample, in ascending order, as one value of SQL.
 *
 * The values are sorted as PostgreSQL sorts them, NaN last, so that what
 * depends on order needs no more work, and equal samples are equal bytes but
 * for the sign of zero. There may be none.
 */
#ifndef BR_SAMPLE_H
#define BR_SAMPLE_H

#include "base/br.h"
#include "fmgr.h"
#include "utils/memutils.h"

typedef struct BrSample
{
	int32		vl_len_;		/* varlena header, do not touch */
	int32		format;			/* BR_SAMPLE_FORMAT */
	double		values[FLEXIBLE_ARRAY_MEMBER];
} BrSample;

#define BR_SAMPLE_FORMAT 1

/* The most values that fit into a varlena. */
#define BR_SAMPLE_MAX ((int64) ((MaxAllocSize - offsetof(BrSample, values)) / sizeof(double)))

static inline int64
br_sample_count(const BrSample *sample)
{
	return (VARSIZE(sample) - offsetof(BrSample, values)) / sizeof(double);
}

/* Neither NaN nor infinity; true of an empty one. */
extern bool br_sample_is_finite(const BrSample *sample);

/*
 * A sample with room for n values in the current context, which the caller fills
 * and sorts (stats/sort.h). Too many are an error.
 */
extern BrSample *br_sample_make(int64 n);

/* The argument, detoasted, in the current context; an error if it is none. */
extern const BrSample *br_sample_from_datum(Datum datum);

#define PG_GETARG_SAMPLE(n) br_sample_from_datum(PG_GETARG_DATUM(n))

#endif							/* BR_SAMPLE_H */
