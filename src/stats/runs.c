/*
 * runs.c
 *		How many runs it takes to know a median.
 *
 * The question is that of CONFIRM (Maricq et al., OSDI 2018), which draws samples
 * of growing size from the values and looks at their intervals. Here it needs no
 * drawing: the bounds of the interval are the values of certain ranks, whatever
 * the values are, and the value of rank k of n is expected where the sample has
 * its percentile k / (n + 1).
 */
#include "base/br.h"

#include <math.h>

#include "stats/quantile.h"
#include "stats/runs.h"
#include "stats/special.h"

#define FEW_VALUES 10

/* The width expected of n values, half of it as a share of the median; infinite without bounds. */
static double
expected_half_width(const double *sorted, int64 count, int n, double confidence, double median)
{
	double		outside = (1.0 - confidence) / 2.0;
	int64		low = br_binomial_quantile(outside, n, 0.5);
	int64		high = n + 1 - low;

	if (low < 1)
		return INFINITY;
	return (br_quantile(sorted, count, high / (n + 1.0)) - br_quantile(sorted, count, low / (n + 1.0))) / 2.0 /
		fabs(median);
}

BrRuns
br_required_runs(const double *sorted, int64 n, double half_width, double confidence)
{
	BrRuns		result = {0, NAN, NULL};
	double		median = br_quantile(sorted, n, 0.5);

	if (!isfinite(sorted[0]) || !isfinite(sorted[n - 1]))
		result.note = "values that are not finite";
	else if (n < 2)
		result.note = "fewer than 2 values";
	else if (median == 0.0)
		result.note = "the median is 0: no share of it";
	if (result.note != NULL)
		return result;

	for (int runs = 1; runs <= BR_RUNS_MAX; runs++)
	{
		double		expected = expected_half_width(sorted, n, runs, confidence, median);

		BR_CHECK_INTERRUPTS();
		if (expected <= half_width)
		{
			result.n = runs;
			result.half_width = expected;
			result.note = n < FEW_VALUES ? "fewer than 10 values: a rough estimate" : NULL;
			return result;
		}
	}
	result.note = "more than 10000";
	return result;
}
