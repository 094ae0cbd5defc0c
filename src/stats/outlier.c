/*
 * outlier.c
 *		Rules that leave values out, and statistics that need none.
 */
#include "base/br.h"

#include <math.h>

#include "stats/mean.h"
#include "stats/outlier.h"
#include "stats/quantile.h"

static const struct
{
	const char *name;
	double		factor;
}			rules[] = {
	{"none", 0},
	{"tukey", 1.5},
	{"tukey3", 3},
	{"mad", 3.5},				/* B. Iglewicz, D. C. Hoaglin: How to Detect and Handle Outliers, 1993 */
	{"sigma", 3},
	{"suite", 0}
};

bool
br_outlier_rule(const char *name, BrOutlierRule *rule)
{
	for (int i = 0; i < BR_OUTLIER_RULES; i++)
		if (strcmp(rules[i].name, name) == 0)
		{
			*rule = i;
			return true;
		}
	return false;
}

const char *
br_outlier_rule_name(BrOutlierRule rule)
{
	return rules[rule].name;
}

double
br_outlier_factor(BrOutlierRule rule)
{
	return rules[rule].factor;
}

/*
 * The distance of rank k from the center. Distances grow towards both ends of
 * the sorted sample, so they are merged from the middle outwards.
 */
static double
distance_of_rank(const double *sorted, int64 n, double center, int64 k, double *next)
{
	int64		right = 0;
	int64		left;
	double		distance = 0;

	*next = 0;
	while (right < n && sorted[right] < center)
		right++;
	left = right - 1;
	for (int64 i = 0; i <= k + 1 && i < n; i++)
	{
		double		below = left >= 0 ? center - sorted[left] : INFINITY;
		double		above = right < n ? sorted[right] - center : INFINITY;

		*next = Min(below, above);
		if (i <= k)
			distance = *next;
		if (left >= 0 && (right >= n || below <= above))
			left--;
		else
			right++;
	}
	return distance;
}

double
br_mad(const double *sorted, int64 n, double scale)
{
	double		median = br_quantile(sorted, n, 0.5);
	double		next;
	double		distance;

	if (!isfinite(sorted[0]) || !isfinite(sorted[n - 1]))
		return NAN;
	distance = distance_of_rank(sorted, n, median, (n - 1) / 2, &next);
	if (n % 2 == 0)
		distance += 0.5 * (next - distance);
	return scale * distance;
}

void
br_fences(const double *sorted, int64 n, BrOutlierRule rule, double factor, double *low, double *high)
{
	double		center = NAN;
	double		reach = NAN;

	if ((rule == BR_OUTLIERS_TUKEY || rule == BR_OUTLIERS_TUKEY3) && n >= 4)
	{
		double		q1 = br_quantile(sorted, n, 0.25);
		double		q3 = br_quantile(sorted, n, 0.75);

		*low = q1 - factor * (q3 - q1);
		*high = q3 + factor * (q3 - q1);
		if (!isnan(*low) && !isnan(*high))
			return;
	}
	else if (rule == BR_OUTLIERS_MAD)
	{
		center = br_quantile(sorted, n, 0.5);
		reach = factor * br_mad(sorted, n, BR_MAD_SCALE);
		/* more than half of the values are equal: that says nothing about the others */
		if (reach == 0)
			reach = NAN;
	}
	else if (rule == BR_OUTLIERS_SIGMA)
	{
		BrMean		mean = br_mean(sorted, n);

		center = mean.mean;
		reach = factor * mean.stdev;
	}
	*low = isnan(reach) ? -INFINITY : center - reach;
	*high = isnan(reach) ? INFINITY : center + reach;
}

void
br_keep(const double *sorted, int64 n, BrOutlierRule rule, double factor, int64 *from, int64 *to)
{
	double		low;
	double		high;

	*from = 0;
	*to = n;
	if (rule == BR_OUTLIERS_NONE)
		return;
	if (rule == BR_OUTLIERS_SUITE)
	{
		*from += n >= 5;
		*to -= n >= 5;
		return;
	}
	br_fences(sorted, n, rule, factor, &low, &high);
	if (isinf(low) && isinf(high))
		return;
	while (*from < n && sorted[*from] < low)
		(*from)++;
	while (*to > *from && !(sorted[*to - 1] <= high))
		(*to)--;
}

double
br_trimmed_mean(const double *sorted, int64 n, double cut)
{
	int64		aside = (int64) floor(n * cut);

	return br_mean(sorted + aside, n - 2 * aside).mean;
}
