/*
 * moments.h
 *		Count, mean, central moments, extremes and sum of a stream of numbers.
 *
 * One of them takes no more room for a thousand million numbers than for three,
 * and two of them make one, as if one had seen what both have.
 *
 * NaN and infinities do as in PostgreSQL's aggregates: sum and mean propagate
 * them, the figures of spread become NaN, the greatest is NaN if any number is,
 * the least only if all are. Figures that are not defined are told by the
 * predicates; where the numbers were finite and a figure is not, it is too large.
 */
#ifndef BR_MOMENTS_H
#define BR_MOMENTS_H

#include "base/br.h"
#include "stats/sum.h"

/*
 * { 0 } is that of no numbers. mN is the sum of the N-th powers of what the
 * numbers differ from the mean by, not divided by anything. The struct is the SQL
 * type as well, so it must not change.
 */
typedef struct BrMoments
{
	int64		n;
	double		mean;
	double		m2;
	double		m3;
	double		m4;
	double		min;
	double		max;
	BrSum		sum;
} BrMoments;

/* False, and nothing is added, if there were too many numbers to count. */
extern bool br_moments_add(BrMoments *moments, double x);

/* Adds what the other one has seen; false if together there were too many. */
extern bool br_moments_merge(BrMoments *moments, const BrMoments *other);

/* NULL, or what cannot be in one that was made by the functions above. */
extern const char *br_moments_problem(const BrMoments *moments);

extern bool br_moments_are_of_finite(const BrMoments *moments);

/* Defined from one number on. The mean is finite even where the sum is too large. */
extern double br_moments_sum(const BrMoments *moments);
extern double br_moments_mean(const BrMoments *moments);

/* Of a sample, divided by n - 1: defined from two numbers on. */
extern double br_moments_variance(const BrMoments *moments);

/*
 * g1 and g2, without a correction for small n (scipy's default): the normal
 * distribution has 0 and 0. Defined if the numbers are not all equal, and if the
 * fourth power of how they differ is a number at all.
 */
extern bool br_moments_have_shape(const BrMoments *moments);
extern double br_moments_skewness(const BrMoments *moments);
extern double br_moments_kurtosis(const BrMoments *moments);

#endif							/* BR_MOMENTS_H */
