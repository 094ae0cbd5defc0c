/*
 * trend.h
 *		Slow drifts, which no single step shows, and values that depend on those before.
 */
#ifndef BR_TREND_H
#define BR_TREND_H

#include "base/br.h"

/* NaN where there is no figure; notes are constants, NULL where there is nothing to say. */
typedef struct BrTrend
{
	double		slope;			/* Theil and Sen's: the median of the slopes of all pairs */
	double		intercept;		/* median(y) - slope * median(x) */
	double		p_value;		/* Mann and Kendall's, two-sided, normal with ties and continuity corrected */
	const char *note;
} BrTrend;

/* Takes memory for all pairs: 8 bytes * n^2 / 2. */
#define BR_TREND_MAX_POINTS 5000

/* Of n points with finite y; x strictly ascending. May be interrupted. */
extern BrTrend br_trend(const double *x, const double *y, int64 n);

typedef struct BrCorrelation
{
	double		lag1;			/* autocorrelation of neighbours, of a series that is taken for stationary */
	double		effective_n;	/* as many independent values say as much of the mean: n * (1 - r) / (1 + r) */
	const char *note;
} BrCorrelation;

/* Of n finite values in the order of time. */
extern BrCorrelation br_autocorrelation(const double *values, int64 n);

#endif							/* BR_TREND_H */
