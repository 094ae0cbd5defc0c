/*
 * threshold.h
 *		Limits for the next value of a series, from those before it.
 *
 * The tests are those of Bencher's thresholds, with the same figures.
 */
#ifndef BR_THRESHOLD_H
#define BR_THRESHOLD_H

#include "base/br.h"

typedef enum BrThresholdTest
{
	BR_THRESHOLD_STATIC = 0,	/* the boundary itself */
	BR_THRESHOLD_PERCENTAGE,	/* mean and a share of it */
	BR_THRESHOLD_Z,				/* a quantile of the normal distribution */
	BR_THRESHOLD_T,				/* prediction interval by Student's t */
	BR_THRESHOLD_LOGNORMAL,		/* a quantile of the log-normal distribution */
	BR_THRESHOLD_IQR,			/* median and multiples of the interquartile range */
	BR_THRESHOLD_DELTA_IQR		/* ... of that of the relative changes, times the median */
} BrThresholdTest;

#define BR_THRESHOLD_TESTS (BR_THRESHOLD_DELTA_IQR + 1)

/* Their names, and a NULL behind them: static, percentage, z, t, lognormal, iqr, delta_iqr. */
extern const char *const br_threshold_names[BR_THRESHOLD_TESTS + 1];

/* What is wrong with a boundary, as a sentence; NULL if nothing is. */
extern const char *br_threshold_complaint(BrThresholdTest test, double boundary);

/* NaN where there is no limit; the note is a constant, NULL where there is nothing to say. */
typedef struct BrThreshold
{
	double		lo;
	double		hi;
	const char *note;
} BrThreshold;

/* From n values in the order of time; there may be none. The boundary must be a valid one. */
extern BrThreshold br_threshold(const double *history, int64 n, BrThresholdTest test, double boundary);

/*
 * The relative change between two successive values above which it is more than
 * noise: Q3 + 3 * IQR of the absolute ones in the history (rustc-perf), from
 * BR_NOISE_MIN_POINTS values on; below, BR_NOISE_FALLBACK. NaN if it is not
 * defined, as after a 0.
 */
#define BR_NOISE_MIN_POINTS 30
#define BR_NOISE_FALLBACK 0.002
extern double br_noise_threshold(const double *history, int64 n);

/*
 * How many standard deviations the value is from the mean; or, robust, how many
 * times 1.4826 MAD from the median. Of a sample in ascending order; NaN if that
 * does not vary.
 */
extern double br_zscore(const double *sorted, int64 n, double value, bool robust);

#endif							/* BR_THRESHOLD_H */
