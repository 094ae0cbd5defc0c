/*
 * interval.c
 *		Intervals in closed form: what bounds they have, and when they have none.
 */
#include "base/br.h"

#include <math.h>

#include "stats/interval.h"
#include "stats/mean.h"
#include "stats/quantile.h"
#include "stats/special.h"
#include "stats/welch.h"

bool
br_interval_begin(BrInterval *interval, const double *sorted, int64 n)
{
	*interval = (BrInterval) {NAN, NAN, NAN, NAN, NULL};
	if (n == 0)
		interval->note = "no values";
	/* NaN is last, infinities are at the ends */
	else if (!isfinite(sorted[0]) || !isfinite(sorted[n - 1]))
		interval->note = "values that are not finite";
	return interval->note == NULL;
}

static bool
begin_two(BrInterval *interval, const double *a, int64 na, const double *b, int64 nb)
{
	return br_interval_begin(interval, a, na) && br_interval_begin(interval, b, nb);
}

/* Sets the bounds, unless they are no numbers. */
static void
bounds(BrInterval *interval, double lo, double hi)
{
	if (isfinite(lo) && isfinite(hi))
	{
		interval->lo = lo;
		interval->hi = hi;
	}
	else
		interval->note = "the bounds exceed the range of double precision";
}

double
br_percentile_ci_min_n(double p, double conf)
{
	/* all values are on one side of the percentile with probability p^n, (1-p)^n */
	return ceil(log((1 - conf) / 2) / log1p(-Min(p, 1 - p)) * (1 - 1e-12));
}

static const char *
percentile_note(int64 n, double p, double conf)
{
	double		needed = br_percentile_ci_min_n(p, conf);
	const char *extreme = "";

	if (n >= needed)
		return NULL;
	if (p > 0.5 && n * (1 - p) < 1)
		extreme = "; so few values have hardly another percentile than the maximum";
	if (p < 0.5 && n * p < 1)
		extreme = "; so few values have hardly another percentile than the minimum";
	return psprintf("n<%.15g: no finite %g%% interval%s", needed, 100 * conf, extreme);
}

/*
 * As many values as K ~ Binomial(n, p) are below the percentile, so that it lies
 * between the l-th and the u-th with the probability of l <= K < u.
 */
BrInterval
br_percentile_ci(const double *sorted, int64 n, double p, double conf)
{
	BrInterval	result;
	int64		l;
	int64		u;

	if (!br_interval_begin(&result, sorted, n))
		return result;
	l = br_binomial_quantile((1 - conf) / 2, n, p);
	u = br_binomial_quantile((1 + conf) / 2, n, p) + 1;
	result.estimate = br_quantile(sorted, n, p);
	if (l >= 1)
		result.lo = sorted[l - 1];
	if (u <= n)
		result.hi = sorted[u - 1];
	if (l >= 1 || u <= n)
		result.actual = br_binomial_cdf(u - 1, n, p) - br_binomial_cdf(l - 1, n, p);
	/* the extremes themselves are bounded on one side only, at any n */
	result.note = p > 0 && p < 1 ? percentile_note(n, p, conf) : "an extreme has one bound only";
	return result;
}

#define MOST_RUNS INT64CONST(1000000000)
#define SCANNED_RUNS 256		/* below this the first number that is enough is found, above it one near it */
#define CELLS 200

/*
 * The bounds to be expected of runs values; false if there are none. The share of
 * the population below the l-th value has a beta distribution, over which its
 * percentiles are averaged; that below the upper bound has it mirrored.
 */
static bool
expected_bounds(BrInterval *result, const double *sorted, int64 n, int64 runs, double conf)
{
	int64		l = br_binomial_quantile((1 - conf) / 2, runs, 0.5);
	double		mean = l / (runs + 1.0);
	double		spread = sqrt(mean * (1 - mean) / (runs + 2));
	double		from = Max(mean - 6 * spread, 0);
	double		to = Min(mean + 6 * spread, 1);
	double		median = br_quantile(sorted, n, 0.5);
	double		below = 0;

	if (l < 1)
		return false;
	/* distances from it, so that equal values give no other */
	result->lo = result->hi = median;
	for (int cell = 0; cell < CELLS; cell++)
	{
		double		middle = from + (to - from) * (cell + 0.5) / CELLS;
		double		end = from + (to - from) * (cell + 1) / CELLS;
		double		up_to = cell == CELLS - 1 ? 1 : br_beta_cdf(end, l, runs - l + 1);

		result->lo += (up_to - below) * (br_quantile(sorted, n, middle) - median);
		result->hi += (up_to - below) * (br_quantile(sorted, n, 1 - middle) - median);
		below = up_to;
	}
	return true;
}

static bool
are_enough(BrInterval *result, const double *sorted, int64 n, int64 runs, double half_width, double conf)
{
	BR_CHECK_INTERRUPTS();
	return expected_bounds(result, sorted, n, runs, conf) &&
		(result->hi - result->lo) / 2 <= half_width * fabs(br_quantile(sorted, n, 0.5));
}

/*
 * CONFIRM (A. Maricq et al., Taming Performance Variability, OSDI 2018) draws
 * subsamples of growing size, and takes the first whose interval of the median is
 * narrow enough. What the average of such draws comes to is known without a draw.
 */
BrInterval
br_required_runs(const double *sorted, int64 n, double half_width, double conf)
{
	BrInterval	result;
	int64		few = 0;
	int64		enough = 1;

	if (!br_interval_begin(&result, sorted, n))
		return result;
	while (enough <= MOST_RUNS && !are_enough(&result, sorted, n, enough, half_width, conf))
	{
		few = enough;
		enough = enough < SCANNED_RUNS ? enough + 1 : enough * 2;
	}
	if (enough > MOST_RUNS)
	{
		result = (BrInterval) {NAN, NAN, NAN, NAN, "more runs than can be made"};
		return result;
	}
	while (enough - few > 1)
	{
		int64		middle = few + (enough - few) / 2;

		if (are_enough(&result, sorted, n, middle, half_width, conf))
			enough = middle;
		else
			few = middle;
	}
	expected_bounds(&result, sorted, n, enough, conf);
	result.estimate = enough;
	result.note = percentile_note(n, 0.5, conf) == NULL ? NULL : "too few values to tell";
	return result;
}

/* Half the width of the interval of a mean. */
static double
half_width(BrGroup group, double conf)
{
	return -br_t_quantile((1 - conf) / 2, group.n - 1) * group.stdev / sqrt(group.n);
}

static const char too_few[] = "n<2: no interval";

BrInterval
br_mean_ci(const double *sorted, int64 n, double conf)
{
	BrInterval	result;
	BrGroup		group;
	double		half;

	if (!br_interval_begin(&result, sorted, n))
		return result;
	group = br_group(sorted, n);
	result.estimate = group.mean;
	if (n < 2)
	{
		result.note = too_few;
		return result;
	}
	half = half_width(group, conf);
	bounds(&result, group.mean - half, group.mean + half);
	return result;
}

BrInterval
br_geomean_ci(const double *sorted, int64 n, double conf)
{
	BrInterval	result;
	BrGroup		logs;
	double		half;

	if (!br_interval_begin(&result, sorted, n))
		return result;
	result.estimate = br_geomean(sorted, n);
	if (sorted[0] <= 0)
		result.note = "values that are not positive";
	else if (n < 2)
		result.note = too_few;
	else
	{
		logs = br_log_group(sorted, n);
		half = half_width(logs, conf);
		bounds(&result, exp(logs.mean - half), exp(logs.mean + half));
	}
	return result;
}

BrInterval
br_diff_ci_mean(const double *a, int64 na, const double *b, int64 nb, double conf)
{
	BrInterval	result;
	BrGroup		group_a;
	BrGroup		group_b;
	double		half;

	if (!begin_two(&result, a, na, b, nb))
		return result;
	group_a = br_group(a, na);
	group_b = br_group(b, nb);
	result.estimate = group_b.mean - group_a.mean;
	if (Min(na, nb) < 2)
		result.note = too_few;
	else
	{
		half = br_welch_half(group_a, group_b, conf);
		bounds(&result, result.estimate - half, result.estimate + half);
	}
	return result;
}

BrInterval
br_ratio_ci_geomean(const double *a, int64 na, const double *b, int64 nb, double conf)
{
	BrInterval	result;
	BrGroup		group_a;
	BrGroup		group_b;
	double		half;

	if (!begin_two(&result, a, na, b, nb))
		return result;
	if (a[0] <= 0 || b[0] <= 0)
	{
		result.note = "values that are not positive";
		return result;
	}
	group_a = br_log_group(a, na);
	group_b = br_log_group(b, nb);
	result.estimate = exp(group_b.mean - group_a.mean);
	if (Min(na, nb) < 2)
		result.note = too_few;
	else
	{
		half = br_welch_half(group_a, group_b, conf);
		bounds(&result, exp(group_b.mean - group_a.mean - half), exp(group_b.mean - group_a.mean + half));
	}
	return result;
}

/*
 * All ratios r for which mean(b) - r mean(a) is not significantly different from
 * 0 (E. C. Fieller, 1954). The degrees of freedom are Satterthwaite's at the
 * estimate, as A. C. Tamhane and B. R. Logan have it (Biometrics 60, 2004). With
 * g >= 1 the baseline's mean may itself be 0, and no ratio is too large.
 */
BrInterval
br_ratio_ci_mean(const double *a, int64 na, const double *b, int64 nb, double conf)
{
	BrInterval	result;
	BrGroup		group_a;
	BrGroup		group_b;
	double		ratio;
	double		ea;				/* standard errors over the baseline's mean */
	double		eb;
	double		error;

	if (!begin_two(&result, a, na, b, nb))
		return result;
	group_a = br_group(a, na);
	group_b = br_group(b, nb);
	if (group_a.mean == 0)
	{
		result.note = "the baseline's mean is 0";
		return result;
	}
	ratio = result.estimate = group_b.mean / group_a.mean;
	ea = group_a.stdev / fabs(group_a.mean) / sqrt(na);
	eb = group_b.stdev / fabs(group_a.mean) / sqrt(nb);
	error = hypot(ratio * ea, eb);
	if (Min(na, nb) < 2)
		result.note = too_few;
	else if (error == 0)
		bounds(&result, ratio, ratio);
	else
	{
		/* of ratio * a and b, either over the baseline's mean */
		BrGroup		scaled_a = {na, NAN, ratio * ea * sqrt(na)};
		BrGroup		scaled_b = {nb, NAN, eb * sqrt(nb)};
		double		t = br_welch_half(scaled_a, scaled_b, conf) / error;
		double		g = t * ea * (t * ea);
		double		half = t * hypot(ratio * ea, sqrt(1 - g) * eb);

		if (g >= 1)
			result.note = "the baseline's mean is too uncertain: the interval is unbounded";
		else
			bounds(&result, (ratio - half) / (1 - g), (ratio + half) / (1 - g));
	}
	return result;
}
