/*
 * histogram.h
 *		How often each hundredth occurs in a sample.
 *
 * Measurements have two decimals at most, and most samples span few enough
 * hundredths to count each by itself. That gives the mode, and all percentiles
 * with one more pass, exactly: values of different hundredths are in the order
 * of these, and only the few that share one with a percentile are looked at.
 */
#ifndef BR_HISTOGRAM_H
#define BR_HISTOGRAM_H

#include "base/br.h"

typedef struct BrHistogram
{
	double		first;			/* the least hundredth */
	int64		cells;
	uint32	   *counts;
} BrHistogram;

/*
 * Counts n finite values between low and high; false, and nothing is allocated,
 * where there would be more than so many cells for each value, or too many at all.
 * br_histogram_free() when done.
 */
extern bool br_histogram_make(const double *values, int64 n, double low, double high, int cells_each,
							  BrHistogram *histogram);
extern void br_histogram_free(BrHistogram *histogram);

/* The least of the most frequent hundredths, and how often it occurs. */
extern double br_histogram_mode(const BrHistogram *histogram, int64 *count);

/*
 * Percentiles of the values that were counted, for ascending p. false where too
 * many values share their hundredths, so that selecting is better.
 */
extern bool br_histogram_quantiles(const BrHistogram *histogram, const double *values, int64 n,
								   const double *p, int np, double *result);

#endif							/* BR_HISTOGRAM_H */
