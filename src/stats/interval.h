/*
 * interval.h
 *		Confidence intervals of one sample's figure, and of ratios and differences
 *		of two.
 *
 * Samples are in ascending order. conf is between 0 and 1, both excluded, the
 * probability of all intervals equal on both sides. Where a figure cannot be
 * given it is NaN, and note says why; without anything to say note is NULL. Notes
 * are constants or stand in the current context. One value that is not finite
 * leaves no figure at all, and so does an empty sample.
 *
 * Of two samples a is the baseline and b the candidate: ratios are b / a,
 * differences b - a.
 */
#ifndef BR_INTERVAL_H
#define BR_INTERVAL_H

#include "base/br.h"

typedef struct BrInterval
{
	double		estimate;
	double		lo;
	double		hi;
	double		actual;			/* the confidence that order statistics really have; else NaN */
	const char *note;
} BrInterval;

/*
 * Of the percentile p (type 7): the order statistics between which it lies with
 * a probability of at least conf, whatever the distribution. A bound for which
 * the sample is too small is NaN, and actual is that of the half-open interval.
 */
extern BrInterval br_percentile_ci(const double *sorted, int64 n, double p, double conf);

/* How many values the interval of br_percentile_ci() takes to have both bounds; 0 < p < 1. */
extern double br_percentile_ci_min_n(double p, double conf);

/*
 * How many values make the interval of a median as narrow as +-half_width times
 * the median, for values distributed as the sample's are; see interval.c. lo and
 * hi are the bounds to be expected then, estimate is the number of values.
 */
extern BrInterval br_required_runs(const double *sorted, int64 n, double half_width, double conf);

/* By Student's t, of the mean or of the mean logarithm; from two values on. */
extern BrInterval br_mean_ci(const double *sorted, int64 n, double conf);
extern BrInterval br_geomean_ci(const double *sorted, int64 n, double conf);

/* By Welch, by Welch on logarithms, and by Fieller; from two values on either side on. */
extern BrInterval br_diff_ci_mean(const double *a, int64 na, const double *b, int64 nb, double conf);
extern BrInterval br_ratio_ci_geomean(const double *a, int64 na, const double *b, int64 nb, double conf);
extern BrInterval br_ratio_ci_mean(const double *a, int64 na, const double *b, int64 nb, double conf);

/*
 * Bootstrap intervals of medians, whose resamples are drawn as order statistics,
 * O(1) each whatever n is; from two values on either side on. May be interrupted.
 */
extern BrInterval br_ratio_ci_median(const double *a, int64 na, const double *b, int64 nb, double conf,
									 int resamples, uint64 seed);
extern BrInterval br_diff_ci_median(const double *a, int64 na, const double *b, int64 nb, double conf,
									int resamples, uint64 seed);

/* The samples of an interval that has only its note yet: true if all values are finite and there are some. */
extern bool br_interval_begin(BrInterval *interval, const double *sorted, int64 n);

#endif							/* BR_INTERVAL_H */
