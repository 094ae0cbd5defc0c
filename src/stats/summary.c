/*
 * summary.c
 *		A statistics object: by counting where that is possible, else cell by cell, else by sorting.
 */
#include "base/br.h"

#include <math.h>

#include "stats/cells.h"
#include "stats/decimal.h"
#include "stats/histogram.h"
#include "stats/mean.h"
#include "stats/quantile.h"
#include "stats/sort.h"
#include "stats/summary.h"

/* Up to here sorting is faster than what it saves. */
#define SMALL 256

static void
round_all(BrSummary *summary)
{
	double	   *figures[] = {
		&summary->mean, &summary->median, &summary->mode, &summary->min, &summary->max, &summary->stdev,
		&summary->p50, &summary->p90, &summary->p95, &summary->p99
	};

	for (size_t i = 0; i < lengthof(figures); i++)
		*figures[i] = br_round_to_hundredths(*figures[i]);
}

/* What depends on no order, of those kept; and what the suite's rule changes. */
static void
finish(const double *kept, BrOutlierRule rule, BrSummary *summary)
{
	BrMean		mean = br_mean(kept, summary->kept);

	summary->mean = mean.mean;
	summary->stdev = mean.stdev;
	summary->median = summary->p50;
	if (rule == BR_OUTLIERS_SUITE)
	{
		if (summary->kept == 1)
			summary->stdev = 0;
		round_all(summary);
	}
}

/*
 * The least of the most frequent hundredths, and how often it occurs. NaN equals
 * NaN.
 */
static double
mode_of_sorted(const double *sorted, int64 n, int64 *count)
{
	double		mode = NAN;
	int64		start = 0;

	*count = 0;
	while (start < n)
	{
		double		value = br_round_to_hundredths(sorted[start]);
		int64		end = start + 1;

		/* equal values are told without rounding, which takes long for some */
		while (end < n && (sorted[end] == sorted[end - 1] || isnan(value) ||
						   br_round_to_hundredths(sorted[end]) == value))
			end++;
		if (end - start > *count)
		{
			*count = end - start;
			mode = value;
		}
		start = end;
		BR_CHECK_INTERRUPTS();
	}
	return mode;
}

void
br_summarize_sorted(const double *sorted, int64 n, BrOutlierRule rule, BrSummary *summary)
{
	const double *kept;
	int64		from;
	int64		to;
	int64		most;

	br_keep(sorted, n, rule, br_outlier_factor(rule), &from, &to);
	kept = sorted + from;
	summary->n = n;
	summary->kept = to - from;
	summary->min = rule == BR_OUTLIERS_SUITE ? sorted[0] : sorted[from];
	summary->max = rule == BR_OUTLIERS_SUITE ? sorted[n - 1] : sorted[to - 1];
	summary->p50 = br_quantile(kept, summary->kept, 0.50);
	summary->p90 = br_quantile(kept, summary->kept, 0.90);
	summary->p95 = br_quantile(kept, summary->kept, 0.95);
	summary->p99 = br_quantile(kept, summary->kept, 0.99);
	summary->mode = kept[0] == kept[summary->kept - 1] ? kept[0] : mode_of_sorted(kept, summary->kept, &most);
	finish(kept, rule, summary);
}

/* The least and the greatest value; false if one is not finite. */
static bool
find_ends(const double *values, int64 n, double *least, double *greatest)
{
	double		low = values[0];
	double		high = values[0];
	double		zero = 0;

	for (int64 i = 0; i < n; i++)
	{
		low = Min(low, values[i]);
		high = Max(high, values[i]);
		/* turns to NaN at what is not finite, which needs no branch */
		zero += values[i] * 0;
	}
	*least = low;
	*greatest = high;
	return zero == 0;
}

/* Moves one of these values behind the last of n; returns how many are left. */
static int64
set_aside(double *values, int64 n, double value)
{
	int64		place = 0;

	while (values[place] != value)
		place++;
	values[place] = values[n - 1];
	values[n - 1] = value;
	return n - 1;
}

static const double percentiles[] = {0.50, 0.90, 0.95, 0.99};

static void
set_percentiles(BrSummary *summary, const double *figures)
{
	summary->p50 = figures[0];
	summary->p90 = figures[1];
	summary->p95 = figures[2];
	summary->p99 = figures[3];
}

/* Of all but the NaNs at the end: how often the mode occurs; false if they span too many hundredths. */
static bool
by_counting(double *values, int64 numbers, BrSummary *summary, int64 *most)
{
	BrHistogram histogram;
	double		figures[lengthof(percentiles)];

	/* with many more cells than values, a small sample is better sorted */
	if (!br_histogram_make(values, numbers, summary->min, summary->max, 4, &histogram))
		return false;
	summary->mode = br_histogram_mode(&histogram, most);
	if (numbers < summary->kept ||
		!br_histogram_quantiles(&histogram, values, numbers, percentiles, lengthof(percentiles), figures))
		br_quantiles(values, summary->kept, percentiles, lengthof(percentiles), figures);
	br_histogram_free(&histogram);
	set_percentiles(summary, figures);
	return true;
}

/* The mode of a cell, whose values may be sorted. */
static double
mode_of_cell(double *values, int64 n, int64 *count)
{
	BrHistogram histogram;
	double		low;
	double		high;
	double		mode;

	find_ends(values, n, &low, &high);
	if (br_histogram_make(values, n, low, high, 32, &histogram))
	{
		mode = br_histogram_mode(&histogram, count);
		br_histogram_free(&histogram);
		return mode;
	}
	br_sort(values, n);
	return mode_of_sorted(values, n, count);
}

/* The same for values far apart; false if some are too large to have hundredths. */
static bool
by_cells(double *values, int64 numbers, BrSummary *summary, int64 *most)
{
	BrCells		cells;
	double		figures[lengthof(percentiles)];

	if (isnan(br_hundredths(summary->min)) || isnan(br_hundredths(summary->max)))
		return false;
	br_cells_make(values, numbers, summary->min, summary->max, &cells);
	*most = 0;
	for (int cell = 0; cell < cells.n; cell++)
	{
		int64		size = cells.starts[cell + 1] - cells.starts[cell];
		int64		count;
		double		mode;

		if (size <= *most)
			continue;			/* no value of it can occur more often */
		mode = mode_of_cell(values + cells.starts[cell], size, &count);
		if (count > *most)
		{
			*most = count;
			summary->mode = mode;
		}
	}
	for (size_t i = 0; i < lengthof(percentiles); i++)
	{
		double		rank = percentiles[i] * (summary->kept - 1);
		int64		first = (int64) floor(rank);
		int64		second = (int64) ceil(rank);

		figures[i] = first >= numbers ? NAN
			: br_between(br_cells_rank(values, &cells, first),
						 second >= numbers ? NAN : br_cells_rank(values, &cells, second), rank);
	}
	set_percentiles(summary, figures);
	return true;
}

/* Without sorting; false, and nothing but the order has changed, where that does not work. */
static bool
summarize_unsorted(double *values, int64 n, BrOutlierRule rule, BrSummary *summary)
{
	int64		numbers = n;
	int64		most;

	if (n < SMALL || (rule != BR_OUTLIERS_NONE && rule != BR_OUTLIERS_SUITE))
		return false;
	if (!find_ends(values, n, &summary->min, &summary->max))
	{
		numbers = br_nan_last(values, n);
		if (rule == BR_OUTLIERS_SUITE || numbers == n || numbers == 0 ||
			!find_ends(values, numbers, &summary->min, &summary->max))
			return false;
	}
	summary->n = summary->kept = n;
	if (rule == BR_OUTLIERS_SUITE)
	{
		summary->kept = set_aside(values, n, summary->max);
		numbers = summary->kept = set_aside(values, summary->kept, summary->min);
	}
	if (!by_counting(values, numbers, summary, &most) && !by_cells(values, numbers, summary, &most))
		return false;
	if (summary->kept - numbers > most)
		summary->mode = NAN;
	else if (summary->min == summary->max && numbers == summary->kept)
		summary->mode = summary->min;
	if (numbers < summary->kept)
		summary->max = NAN;
	finish(values, rule, summary);
	return true;
}

void
br_summarize(double *values, int64 n, BrOutlierRule rule, BrSummary *summary)
{
	if (!summarize_unsorted(values, n, rule, summary))
	{
		br_sort(values, n);
		br_summarize_sorted(values, n, rule, summary);
	}
}
