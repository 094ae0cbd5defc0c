/*
 * quantile.h
 *		Percentiles by selection, and of sorted values by any definition.
 *
 * Unless another one is asked for, a percentile is Hyndman and Fan's type 7,
 * computed as PostgreSQL's percentile_cont computes it, to the last bit. p is
 * between 0 and 1, n at least 1; NaN is greater than all other values.
 * (R. J. Hyndman, Y. Fan: Sample Quantiles in Statistical Packages, The American
 * Statistician 50, 1996.)
 */
#ifndef BR_QUANTILE_H
#define BR_QUANTILE_H

#include "base/br.h"

/* Of values in ascending order. */
extern double br_quantile(const double *sorted, int64 n, double p);

/*
 * Of values in any order, which are reordered but never changed: result[i] is
 * the percentile p[i]. Takes O(n) for a few percentiles and sorts for many; may
 * be interrupted.
 */
extern void br_quantiles(double *values, int64 n, const double *p, int np, double *result);

/*
 * Moves the value of rank k (from 0) to its place, smaller ones before and
 * greater ones behind it. There may be no NaN.
 */
extern void br_select(double *values, int64 n, int64 k);

/*
 * The value of rank k, brought to its place, where the values before *done are
 * in theirs, at first none. Ranks are to be asked for in ascending order.
 */
extern double br_next_rank(double *values, int64 n, int64 k, int64 *done);

/* The value at a rank that lies between those of two values, or is that of the first. */
extern double br_between(double low, double high, double rank);

/* Ways to define a percentile. */
typedef enum BrQuantileMethod
{
	BR_QUANTILE_1 = 1,			/* Hyndman and Fan's types; 1 is also called nearest rank */
	BR_QUANTILE_2,
	BR_QUANTILE_3,
	BR_QUANTILE_4,
	BR_QUANTILE_5,
	BR_QUANTILE_6,
	BR_QUANTILE_7,
	BR_QUANTILE_8,
	BR_QUANTILE_9,
	BR_QUANTILE_INDEX			/* the value at index floor(n * p), from 0 */
} BrQuantileMethod;

#define BR_QUANTILE_METHODS BR_QUANTILE_INDEX

/* "1" to "9", "nearest_rank", "index"; false if it is no method. */
extern bool br_quantile_method(const char *name, BrQuantileMethod *method);
extern const char *br_quantile_method_name(BrQuantileMethod method);

/* Of values in ascending order. */
extern double br_quantile_by(const double *sorted, int64 n, double p, BrQuantileMethod method);

#endif							/* BR_QUANTILE_H */
