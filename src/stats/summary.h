/*
 * summary.h
 *		All that a statistics object says of a sample.
 */
#ifndef BR_SUMMARY_H
#define BR_SUMMARY_H

#include "base/br.h"
#include "stats/outlier.h"

/* NaN where there is no figure, or where values that are NaN leave none. */
typedef struct BrSummary
{
	int64		n;				/* all values */
	int64		kept;			/* without those that a rule leaves out */
	double		mean;			/* of those kept, as all that follows */
	double		median;
	double		mode;			/* of the values in hundredths, the least of several */
	double		min;			/* under the suite's rule of all values */
	double		max;
	double		stdev;			/* by n - 1; NaN for one value, 0 under the suite's rule */
	double		p50;
	double		p90;
	double		p95;
	double		p99;
} BrSummary;

/*
 * Of n values, at least one, which are reordered. Under the suite's rule all
 * figures are rounded to two decimals. May be interrupted.
 */
extern void br_summarize(double *values, int64 n, BrOutlierRule rule, BrSummary *summary);

/* The same of values in ascending order, which stay. */
extern void br_summarize_sorted(const double *sorted, int64 n, BrOutlierRule rule, BrSummary *summary);

#endif							/* BR_SUMMARY_H */
