/*
 * bootstrap.c
 *		How resamples are drawn, and which interval their figures make.
 *
 * Of a resample whose percentile is asked for, only the two values around it
 * matter. If U is the k-th of n sorted uniform numbers, then the k-th value of a
 * resample is the value of the sample at n U, and U has a beta distribution: one
 * draw instead of n.
 */
#include "base/br.h"

#include <math.h>

#include "stats/bootstrap.h"
#include "stats/mean.h"
#include "stats/outlier.h"
#include "stats/quantile.h"
#include "stats/random.h"
#include "stats/sort.h"
#include "stats/special.h"

#define TRIM 0.1
#define INTERRUPTS_EVERY 65536	/* values drawn */

/* A percentile of resamples of a sample. */
typedef struct Order
{
	const double *sorted;
	int64		n;
	double		rank;			/* from 0, often between two values */
} Order;

static Order
order_of(const double *sorted, int64 n, double p)
{
	return (Order) {sorted, n, p * (n - 1)};
}

/* The sample's value at a share u of it. */
static double
value_at(const Order *order, double u)
{
	return order->sorted[Min((int64) (order->n * u), order->n - 1)];
}

/*
 * The percentile of one resample. The next uniform number above the k-th is the
 * least of n - k uniform ones between that and 1, so that both values are drawn
 * as they are together: drawn apart, they would be too far from each other.
 */
static double
draw_percentile(const Order *order, BrRandom *random)
{
	int64		k = (int64) floor(order->rank) + 1;
	double		u = br_random_beta(random, k, order->n - k + 1);
	double		low = value_at(order, u);

	if (order->rank == k - 1)
		return low;
	u = 1 - (1 - u) * pow(br_random_uniform(random), 1.0 / (order->n - k));
	return br_between(low, value_at(order, u), order->rank);
}

/* No resample reaches beyond the sample, and so few values are on one side of the percentile too often. */
static const char *
too_narrow(int64 n, double p, double conf)
{
	double		needed = br_percentile_ci_min_n(p, conf);

	if (isinf(needed))
		return "no resample goes beyond the sample's extreme";
	return n < needed ? psprintf("n<%.15g: narrower than a %g%% interval", needed, 100 * conf) : NULL;
}

/* Sorts the figures of resamples and takes the interval that leaves the same share on both sides. */
static void
interval_of(BrInterval *result, double *figures, int resamples, double from, double to)
{
	br_sort(figures, resamples);
	result->lo = br_quantile(figures, resamples, from);
	result->hi = br_quantile(figures, resamples, to);
}

/* Two medians compared, by ratio or by difference. */
static BrInterval
compare_medians(const double *a, int64 na, const double *b, int64 nb, bool ratio, double conf, int resamples,
				uint64 seed)
{
	Order		order_a = order_of(a, na, 0.5);
	Order		order_b = order_of(b, nb, 0.5);
	BrInterval	result;
	double		median_a;
	double		median_b;
	double	   *figures;
	BrRandom	random;

	if (!br_interval_begin(&result, a, na) || !br_interval_begin(&result, b, nb))
		return result;
	median_a = br_quantile(a, na, 0.5);
	median_b = br_quantile(b, nb, 0.5);
	if (ratio && median_a == 0)
	{
		result.note = "the baseline's median is 0";
		return result;
	}
	result.estimate = ratio ? median_b / median_a : median_b - median_a;
	if (Min(na, nb) < 2)
	{
		result.note = "n<2: no interval";
		return result;
	}
	result.note = too_narrow(Min(na, nb), 0.5, conf);
	figures = palloc(resamples * sizeof(double));
	br_random_seed(&random, seed);
	for (int i = 0; i < resamples; i++)
	{
		double		drawn_a = draw_percentile(&order_a, &random);
		double		drawn_b = draw_percentile(&order_b, &random);

		if (ratio && !(drawn_a * median_a > 0))
		{
			result.note = "the baseline's median may be 0: the interval is unbounded";
			pfree(figures);
			return result;
		}
		figures[i] = ratio ? drawn_b / drawn_a : drawn_b - drawn_a;
		if (i % INTERRUPTS_EVERY == 0)
			BR_CHECK_INTERRUPTS();
	}
	interval_of(&result, figures, resamples, (1 - conf) / 2, (1 + conf) / 2);
	pfree(figures);
	return result;
}

BrInterval
br_ratio_ci_median(const double *a, int64 na, const double *b, int64 nb, double conf, int resamples, uint64 seed)
{
	return compare_medians(a, na, b, nb, true, conf, resamples, seed);
}

BrInterval
br_diff_ci_median(const double *a, int64 na, const double *b, int64 nb, double conf, int resamples, uint64 seed)
{
	return compare_medians(a, na, b, nb, false, conf, resamples, seed);
}

/* Of values in any order, but for percentiles and trimmed means; of logarithms for a geometric mean. */
static double
figure_of(const double *values, int64 n, const BrBootstrap *bootstrap)
{
	switch (bootstrap->stat)
	{
		case BR_BOOTSTRAP_GEOMEAN:
			return exp(br_mean(values, n).mean);
		case BR_BOOTSTRAP_STDDEV:
			return br_mean(values, n).stdev;
		case BR_BOOTSTRAP_TRIMMED:
			return br_trimmed_mean(values, n, TRIM);
		case BR_BOOTSTRAP_PERCENTILE:
			return br_quantile(values, n, bootstrap->p);
		case BR_BOOTSTRAP_MEAN:
		default:
			return br_mean(values, n).mean;
	}
}

/* The values of a resample in ascending order, by counting how often each is drawn. */
static void
draw_sorted(const double *sorted, int64 n, int *times, double *resample, BrRandom *random)
{
	int64		filled = 0;

	memset(times, 0, n * sizeof(int));
	for (int64 k = 0; k < n; k++)
	{
		BR_CHECK_INTERRUPTS();
		times[br_random_below(random, n)]++;
	}
	for (int64 k = 0; k < n; k++)
		for (int i = 0; i < times[k]; i++)
			resample[filled++] = sorted[k];
}

/* Draws nothing but two values of a resample, whatever n is. */
static void
draw_percentiles(const double *sorted, int64 n, const BrBootstrap *bootstrap, double *figures)
{
	Order		order = order_of(sorted, n, bootstrap->p);
	BrRandom	random;

	br_random_seed(&random, bootstrap->seed);
	for (int i = 0; i < bootstrap->resamples; i++)
	{
		figures[i] = draw_percentile(&order, &random);
		if (i % INTERRUPTS_EVERY == 0)
			BR_CHECK_INTERRUPTS();
	}
}

static void
draw_figures(const double *values, int64 n, const BrBootstrap *bootstrap, double *figures)
{
	double	   *resample = palloc(n * sizeof(double));
	int		   *times = palloc(n * sizeof(int));
	BrRandom	random;

	br_random_seed(&random, bootstrap->seed);
	for (int i = 0; i < bootstrap->resamples; i++)
	{
		if (bootstrap->stat == BR_BOOTSTRAP_TRIMMED)
			draw_sorted(values, n, times, resample, &random);
		else
			for (int64 k = 0; k < n; k++)
			{
				/* one resample of very many values takes seconds */
				BR_CHECK_INTERRUPTS();
				resample[k] = values[br_random_below(&random, n)];
			}
		figures[i] = figure_of(resample, n, bootstrap);
	}
	pfree(resample);
	pfree(times);
}

/* A quantile of the distribution of resamples' k-th values, k = rank + 1: no draw is needed. */
static double
order_quantile(const Order *order, double q)
{
	int64		k = (int64) order->rank + 1;
	double		position = order->n * br_beta_quantile(q, k, order->n - k + 1);

	return order->sorted[Min(Max((int64) ceil(position), 1), order->n) - 1];
}

/*
 * The figures of the samples without one value each, from whose spread BCa has
 * its acceleration, in O(n). A mean changes by its distance from the value that
 * is left out; where that is among those set aside, the next one takes its place.
 */
static void
jackknife(const double *values, int64 n, const BrBootstrap *bootstrap, double *figures)
{
	int64		aside = bootstrap->stat == BR_BOOTSTRAP_TRIMMED ? (int64) floor((n - 1) * TRIM) : 0;
	BrMean		mean = br_mean(values + aside, n - 2 * aside);
	double		squares = mean.stdev * mean.stdev * (n - 1);
	Order		order = order_of(NULL, n - 1, bootstrap->p);

	for (int64 i = 0; i < n; i++)
	{
		double		left_out = Min(Max(values[i], values[aside]), values[n - 1 - aside]);
		double		distance = mean.mean - left_out;
		double		without = mean.mean + distance / (n - 2 * aside - 1);
		int64		low = (int64) floor(order.rank);
		int64		high = (int64) ceil(order.rank);

		switch (bootstrap->stat)
		{
			case BR_BOOTSTRAP_PERCENTILE:
				figures[i] = br_between(values[low + (low >= i)], values[high + (high >= i)], order.rank);
				break;
			case BR_BOOTSTRAP_STDDEV:
				figures[i] = sqrt(Max(squares - distance * distance * n / (n - 1), 0) / (n - 2));
				break;
			case BR_BOOTSTRAP_GEOMEAN:
				figures[i] = exp(without);
				break;
			case BR_BOOTSTRAP_MEAN:
			case BR_BOOTSTRAP_TRIMMED:
				figures[i] = without;
				break;
		}
	}
}

/* Skewness of the jackknife's figures over 6, as B. Efron has it (JASA 82, 1987); NaN if all are equal. */
static double
acceleration(const double *values, int64 n, const BrBootstrap *bootstrap)
{
	double	   *figures = palloc(n * sizeof(double));
	double		mean;
	double		squares = 0;
	double		cubes = 0;

	jackknife(values, n, bootstrap, figures);
	mean = br_mean(figures, n).mean;
	for (int64 i = 0; i < n; i++)
	{
		double		distance = mean - figures[i];

		squares += distance * distance;
		cubes += distance * distance * distance;
	}
	pfree(figures);
	return cubes / (6 * pow(squares, 1.5));
}

/* Where BCa takes what a plain interval takes from q. */
static double
adjusted(double q, double bias, double acceleration)
{
	double		z = bias + br_normal_quantile(q);
	double		stretch = 1 - acceleration * z;

	/* beyond the pole there is nothing but the end */
	return stretch > 0 ? br_normal_cdf(bias + z / stretch) : z > 0;
}

/* The share of figures below the estimate, equal ones by half, as a normal quantile. */
static double
bias_of(double estimate, const double *figures, int resamples)
{
	int			below = 0;

	for (int i = 0; i < resamples; i++)
		below += (figures[i] < estimate) + (figures[i] <= estimate);
	return br_normal_quantile(below / (2.0 * resamples));
}

/* The interval from the figures of resamples. */
static void
draw_interval(BrInterval *result, const double *values, int64 n, const BrBootstrap *bootstrap)
{
	double		from = (1 - bootstrap->conf) / 2;
	double		to = (1 + bootstrap->conf) / 2;
	double	   *figures = palloc(bootstrap->resamples * sizeof(double));

	if (bootstrap->stat == BR_BOOTSTRAP_PERCENTILE)
		draw_percentiles(values, n, bootstrap, figures);
	else
		draw_figures(values, n, bootstrap, figures);
	if (bootstrap->bca)
	{
		double		bias = bias_of(result->estimate, figures, bootstrap->resamples);
		double		curve = acceleration(values, n, bootstrap);

		if (!isfinite(bias) || isnan(curve))
		{
			result->note = "resamples do not vary around the figure: no bca interval";
			pfree(figures);
			return;
		}
		from = adjusted(from, bias, curve);
		to = adjusted(to, bias, curve);
	}
	interval_of(result, figures, bootstrap->resamples, from, to);
	pfree(figures);
}

static const double *
logarithms(const double *values, int64 n)
{
	double	   *logs = palloc(n * sizeof(double));

	for (int64 i = 0; i < n; i++)
		logs[i] = log(values[i]);
	return logs;
}

BrInterval
br_bootstrap_ci(const double *sorted, int64 n, const BrBootstrap *bootstrap)
{
	BrInterval	result;
	Order		order = order_of(sorted, n, bootstrap->p);
	const double *values = sorted;
	bool		percentile = bootstrap->stat == BR_BOOTSTRAP_PERCENTILE;

	if (!br_interval_begin(&result, sorted, n))
		return result;
	if (bootstrap->stat == BR_BOOTSTRAP_GEOMEAN)
	{
		if (sorted[0] <= 0)
		{
			result.note = "values that are not positive";
			return result;
		}
		values = logarithms(sorted, n);
	}
	result.estimate = figure_of(values, n, bootstrap);
	/* BCa needs a figure of the samples without one value as well */
	if (bootstrap->stat == BR_BOOTSTRAP_STDDEV && n < 3)
		result.note = "n<3: no interval";
	else if (n < 2)
		result.note = "n<2: no interval";
	else if (percentile && !bootstrap->bca && order.rank == floor(order.rank))
	{
		result.lo = order_quantile(&order, (1 - bootstrap->conf) / 2);
		result.hi = order_quantile(&order, (1 + bootstrap->conf) / 2);
	}
	else
		draw_interval(&result, values, n, bootstrap);
	if (percentile && n >= 2 && result.note == NULL)
		result.note = too_narrow(n, bootstrap->p, bootstrap->conf);
	return result;
}
