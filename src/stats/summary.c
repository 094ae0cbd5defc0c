/*
 * summary.c
 *		A statistics object: by selection where that is enough, else by sorting.
 */
#include "base/br.h"

#include <math.h>

#include "stats/decimal.h"
#include "stats/mean.h"
#include "stats/mode.h"
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

void
br_summarize_sorted(const double *sorted, int64 n, BrOutlierRule rule, BrSummary *summary)
{
	const double *kept;
	int64		from;
	int64		to;

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
	summary->mode = br_mode_sorted(kept, summary->kept);
	finish(kept, rule, summary);
}

/* Moves the value at a place behind the last one; returns how many there are before it. */
static int64
set_aside(double *values, int64 n, int64 place)
{
	double		value = values[place];

	values[place] = values[n - 1];
	values[n - 1] = value;
	return n - 1;
}

/*
 * Places of the least and the greatest value. false if one is neither a number
 * nor finite.
 */
static bool
find_ends(const double *values, int64 n, int64 *least, int64 *greatest)
{
	*least = *greatest = 0;
	for (int64 i = 0; i < n; i++)
	{
		if (!isfinite(values[i]))
			return false;
		if (values[i] < values[*least])
			*least = i;
		if (values[i] > values[*greatest])
			*greatest = i;
	}
	return true;
}

/* Without sorting; false, and nothing but the order has changed, where that does not work. */
static bool
summarize_by_selection(double *values, int64 n, BrOutlierRule rule, BrSummary *summary)
{
	static const double p[] = {0.50, 0.90, 0.95, 0.99};
	double		percentiles[lengthof(p)];
	int64		least;
	int64		greatest;

	if (n < SMALL || (rule != BR_OUTLIERS_NONE && rule != BR_OUTLIERS_SUITE) ||
		!find_ends(values, n, &least, &greatest))
		return false;
	summary->n = summary->kept = n;
	summary->min = values[least];
	summary->max = values[greatest];
	if (rule == BR_OUTLIERS_SUITE)
	{
		summary->kept = set_aside(values, n, greatest);
		/* what was last may have been the least, and is now where the greatest was */
		summary->kept = set_aside(values, summary->kept, least == n - 1 ? greatest : least);
	}
	if (!br_mode_count(values, summary->kept, summary->min, summary->max, &summary->mode))
		return false;
	br_quantiles(values, summary->kept, p, lengthof(p), percentiles);
	summary->p50 = percentiles[0];
	summary->p90 = percentiles[1];
	summary->p95 = percentiles[2];
	summary->p99 = percentiles[3];
	finish(values, rule, summary);
	return true;
}

void
br_summarize(double *values, int64 n, BrOutlierRule rule, BrSummary *summary)
{
	if (!summarize_by_selection(values, n, rule, summary))
	{
		br_sort(values, n);
		br_summarize_sorted(values, n, rule, summary);
	}
}
