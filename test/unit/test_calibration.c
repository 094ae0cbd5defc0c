/*
 * test_calibration.c
 *		How often the tests find a difference where there is none, and intervals miss
 *		what they are there to cover.
 *
 * At alpha 0.05 it has to be one time in twenty: between 0.04 and 0.06 here, with
 * fixed seeds, over enough trials that chance alone would not leave that band. The
 * simulation of runs, with a deviation of 2 % between and 5 % within them, is also
 * made with a test on the values, which is what these comparisons are there to
 * avoid: how wrong that is, 20,000 trials with numpy and scipy have shown.
 *
 * Intervals of 95 % cover at least 94 % of the time: order statistics whatever the
 * distribution, those by t where it is normal.
 */
#include "base/br.h"

#include <math.h>

#include "fe_alloc.h"
#include "stats/bootstrap.h"
#include "stats/byrun.h"
#include "stats/interval.h"
#include "stats/mean.h"
#include "stats/outlier.h"
#include "stats/paired.h"
#include "stats/quantile.h"
#include "stats/random.h"
#include "stats/ranktest.h"
#include "stats/sort.h"
#include "stats/welch.h"
#include "tap.h"

#define ALPHA		0.05
#define RUNS		10
#define BETWEEN_SD	0.02
#define WITHIN_SD	0.05
#define MAX_VALUES	1000

static BrRandom rng;

/* The durations of a run in ascending order, about 100 with a shift that is the run's own. */
static void
make_run(double *values, int n)
{
	double		run = BETWEEN_SD * br_random_normal(&rng);

	for (int i = 0; i < n; i++)
		values[i] = 100 * exp(run + WITHIN_SD * br_random_normal(&rng));
	br_sort(values, n);
}

static bool
in_band(int found, int trials, const char *what)
{
	double		rate = (double) found / trials;

	diag("%s: %.2f %% of %d trials", what, 100 * rate, trials);
	return ok(rate >= 0.04 && rate <= 0.06, "%s: between 4 and 6 %%", what);
}

/* Lognormal values of whole milliseconds or not, the two samples of different sizes. */
static void
test_samples(bool rounded)
{
	int			by_rank = 0;
	int			by_mean = 0;
	int			by_placement = 0;
	int			trials = 20000;
	double		a[60];
	double		b[45];

	br_random_seed(&rng, 1);
	for (int trial = 0; trial < trials; trial++)
	{
		for (size_t i = 0; i < lengthof(a); i++)
			a[i] = 20 * exp(0.2 * br_random_normal(&rng));
		for (size_t i = 0; i < lengthof(b); i++)
			b[i] = 20 * exp(0.2 * br_random_normal(&rng));
		for (size_t i = 0; rounded && i < lengthof(a); i++)
			a[i] = rint(a[i]);
		for (size_t i = 0; rounded && i < lengthof(b); i++)
			b[i] = rint(b[i]);
		br_sort(a, lengthof(a));
		br_sort(b, lengthof(b));
		by_rank += br_mann_whitney(a, lengthof(a), b, lengthof(b), BR_TWO_SIDED, BR_RANK_AUTO).p_value < ALPHA;
		by_mean += br_welch(br_group(a, lengthof(a)), br_group(b, lengthof(b))).p_value < ALPHA;
		by_placement += br_brunner_munzel(a, lengthof(a), b, lengthof(b)).p_value < ALPHA;
		fe_reset();
	}
	in_band(by_rank, trials, rounded ? "Mann and Whitney, asymptotic, with ties" : "Mann and Whitney, asymptotic");
	in_band(by_mean, trials, rounded ? "Welch, with ties" : "Welch");
	in_band(by_placement, trials, rounded ? "Brunner and Munzel, with ties" : "Brunner and Munzel");
}

/* Spreads that differ, which is what these two are there for; medians and means are equal. */
static void
test_unequal_spread(void)
{
	int			by_mean = 0;
	int			by_placement = 0;
	int			trials = 20000;
	double		a[20];
	double		b[40];

	br_random_seed(&rng, 5);
	for (int trial = 0; trial < trials; trial++)
	{
		for (size_t i = 0; i < lengthof(a); i++)
			a[i] = 100 + 9 * br_random_normal(&rng);
		for (size_t i = 0; i < lengthof(b); i++)
			b[i] = 100 + 3 * br_random_normal(&rng);
		br_sort(a, lengthof(a));
		br_sort(b, lengthof(b));
		by_mean += br_welch(br_group(a, lengthof(a)), br_group(b, lengthof(b))).p_value < ALPHA;
		by_placement += br_brunner_munzel(a, lengthof(a), b, lengthof(b)).p_value < ALPHA;
		fe_reset();
	}
	in_band(by_mean, trials, "Welch, unequal spread");
	in_band(by_placement, trials, "Brunner and Munzel, unequal spread");
}

/* Pairs share what their host does to them. The interval of the ratio has to cover 1. */
static void
test_pairs(int n, const char *name)
{
	static double a[MAX_VALUES];
	static double b[MAX_VALUES];
	int			by_rank = 0;
	int			by_ratio = 0;
	int			trials = 20000;

	br_random_seed(&rng, 6);
	for (int trial = 0; trial < trials; trial++)
	{
		BrPaired	got;

		for (int i = 0; i < n; i++)
		{
			double		host = 0.3 * br_random_normal(&rng);

			a[i] = 20 * exp(host + 0.05 * br_random_normal(&rng));
			b[i] = 20 * exp(host + 0.05 * br_random_normal(&rng));
		}
		got = br_paired(a, b, n, 0.95);
		by_rank += got.p_value < ALPHA;
		by_ratio += got.ratio_lo > 1 || got.ratio_hi < 1;
		fe_reset();
	}
	in_band(by_rank, trials, psprintf("Wilcoxon, %s", name));
	in_band(by_ratio, trials, psprintf("ratio of pairs, %s", name));
}

/* Exact tests are conservative where few p-values are possible, never the other way. */
static void
test_exact(void)
{
	int			found = 0;
	int			found_with_ties = 0;
	int			trials = 20000;

	br_random_seed(&rng, 2);
	for (int trial = 0; trial < trials; trial++)
	{
		double		a[12];
		double		b[12];

		for (int i = 0; i < 12; i++)
		{
			a[i] = 20 * exp(0.2 * br_random_normal(&rng));
			b[i] = 20 * exp(0.2 * br_random_normal(&rng));
		}
		br_sort(a, 12);
		br_sort(b, 12);
		found += br_mann_whitney(a, 12, b, 12, BR_TWO_SIDED, BR_RANK_EXACT).p_value < ALPHA;
		for (int i = 0; i < 12; i++)
		{
			a[i] = rint(a[i]);
			b[i] = rint(b[i]);
		}
		found_with_ties += br_mann_whitney(a, 12, b, 12, BR_TWO_SIDED, BR_RANK_EXACT).p_value < ALPHA;
		fe_reset();
	}
	in_band(found, trials, "Mann and Whitney, exact, twelve and twelve");
	in_band(found_with_ties, trials, "Mann and Whitney, exact, with ties");
}

static void
test_runs(BrRunStat stat, const char *name)
{
	static double values[2][RUNS][20];
	int			by_mean = 0;
	int			by_rank = 0;
	int			trials = 8000;
	double		share = 0;

	br_random_seed(&rng, 3);
	for (int trial = 0; trial < trials; trial++)
	{
		BrRun		runs[2][RUNS];
		BrRunComparison got;

		for (int i = 0; i < 2 * RUNS; i++)
		{
			make_run(values[i / RUNS][i % RUNS], 20);
			runs[i / RUNS][i % RUNS] = (BrRun) {values[i / RUNS][i % RUNS], 20};
		}
		got = br_compare_by_run(runs[0], RUNS, runs[1], RUNS, stat, &(BrCompareOptions) {0.95, ALPHA, 0, true});
		by_mean += got.p_value < ALPHA;
		by_rank += got.p_rank < ALPHA;
		share += got.run_share / trials;
		fe_reset();
	}
	in_band(by_mean, trials, psprintf("ten runs a side, %s, Welch", name));
	in_band(by_rank, trials, psprintf("ten runs a side, %s, ranks", name));
	ok(fabs(share - 0.0004 / (0.0004 + 0.0025)) < 0.01, "%.3f of the variance is seen as due to runs", share);
}

/* One run a side, and a test on its values. */
static void
test_invocations(int n, int trials, double expected)
{
	static double a[MAX_VALUES];
	static double b[MAX_VALUES];
	int			found = 0;

	br_random_seed(&rng, 4);
	for (int trial = 0; trial < trials; trial++)
	{
		make_run(a, n);
		make_run(b, n);
		found += br_mann_whitney(a, n, b, n, BR_TWO_SIDED, BR_RANK_AUTO).p_value < ALPHA;
		fe_reset();
	}
	diag("one run a side, a test on its %d values: %.1f %% false alarms", n, 100.0 * found / trials);
	ok(fabs((double) found / trials - expected) < 0.03, "%d values: as with numpy, %.1f %%", n, 100 * expected);
}

/* How often intervals of 95 % cover the truth; a bound that there is not is an infinite one. */
typedef struct Coverage
{
	int			trials;
	int			covered;
} Coverage;

static void
count(Coverage *coverage, BrInterval interval, double truth)
{
	coverage->trials++;
	coverage->covered += !(interval.lo > truth) && !(interval.hi < truth);
}

static double
rate(const Coverage *coverage, const char *what)
{
	double		rate = (double) coverage->covered / coverage->trials;

	diag("%s: %.2f %% of %d intervals", what, 100 * rate, coverage->trials);
	return rate;
}

static void
covers(const Coverage *coverage, const char *what)
{
	ok(rate(coverage, what) >= 0.94, "%s: at least 94 %%", what);
}

/* n values in ascending order with this median. */
static const double *
sample(int n, double median, double spread, bool lognormal)
{
	double	   *values = palloc(n * sizeof(double));

	for (int i = 0; i < n; i++)
	{
		double		z = spread * br_random_normal(&rng);

		values[i] = median * (lognormal ? exp(z) : 1 + z);
	}
	br_sort(values, n);
	return values;
}

static void
test_one_sample(void)
{
	static const double z90 = 1.2815515655446004;
	Coverage	median = {0};
	Coverage	median_of_six = {0};
	Coverage	p90 = {0};
	Coverage	p99 = {0};
	Coverage	mean = {0};
	Coverage	mean_of_six = {0};
	Coverage	skewed_mean = {0};
	Coverage	geomean = {0};

	br_random_seed(&rng, 7);
	for (int trial = 0; trial < 20000; trial++)
	{
		const double *skewed = sample(60, 100, 0.5, true);
		const double *thirty = sample(30, 100, 0.5, true);
		const double *normal = sample(30, 100, 0.1, false);
		const double *six = sample(6, 100, 0.1, false);

		count(&median, br_percentile_ci(thirty, 30, 0.5, 0.95), 100);
		count(&median_of_six, br_percentile_ci(six, 6, 0.5, 0.95), 100);
		count(&p90, br_percentile_ci(skewed, 60, 0.9, 0.95), 100 * exp(0.5 * z90));
		count(&p99, br_percentile_ci(skewed, 60, 0.99, 0.95), 100 * exp(0.5 * 2.3263478740408408));
		count(&mean, br_mean_ci(normal, 30, 0.95), 100);
		count(&mean_of_six, br_mean_ci(six, 6, 0.95), 100);
		count(&skewed_mean, br_mean_ci(thirty, 30, 0.95), 100 * exp(0.125));
		count(&geomean, br_geomean_ci(thirty, 30, 0.95), 100);
		fe_reset();
	}
	covers(&median, "median_ci of 30");
	covers(&median_of_six, "median_ci of 6");
	covers(&p90, "percentile_ci of 60, p90");
	covers(&p99, "percentile_ci of 60, p99, from below only");
	covers(&mean, "mean_ci of 30, normal");
	covers(&mean_of_six, "mean_ci of 6, normal");
	covers(&geomean, "geomean_ci of 30, lognormal");
	/* t is too narrow for what is skewed: numpy and scipy have 93.6 % */
	ok(fabs(rate(&skewed_mean, "mean_ci of 30, lognormal") - 0.936) < 0.006, "... which falls short, as t does");
}

static void
test_two_samples(void)
{
	Coverage	diff = {0};
	Coverage	fieller = {0};
	Coverage	geomean = {0};
	Coverage	diff_of_medians = {0};
	Coverage	ratio_of_medians = {0};
	Coverage	bootstrap = {0};

	br_random_seed(&rng, 8);
	for (int trial = 0; trial < 20000; trial++)
	{
		const double *a = sample(30, 100, 0.1, false);
		const double *b = sample(20, 110, 0.2, false);
		const double *c = sample(30, 100, 0.2, true);
		const double *d = sample(20, 110, 0.5, true);

		count(&diff, br_diff_ci_mean(a, 30, b, 20, 0.95), 10);
		count(&fieller, br_ratio_ci_mean(a, 30, b, 20, 0.95), 1.1);
		count(&geomean, br_ratio_ci_geomean(c, 30, d, 20, 0.95), 1.1);
		if (trial < 10000)
		{
			count(&diff_of_medians, br_diff_ci_median(c, 30, d, 20, 0.95, 400, trial), 10);
			count(&ratio_of_medians, br_ratio_ci_median(c, 30, d, 20, 0.95, 400, trial), 1.1);
			count(&bootstrap, br_bootstrap_ci(c, 30, &(BrBootstrap) {BR_BOOTSTRAP_PERCENTILE, 0.5, 0.95, 400, false, trial}), 100);
		}
		fe_reset();
	}
	covers(&diff, "diff_ci of means");
	covers(&fieller, "ratio_ci of means");
	covers(&geomean, "ratio_ci of geometric means");
	covers(&diff_of_medians, "diff_ci of medians");
	covers(&ratio_of_medians, "ratio_ci of medians");
	/* whose resamples are a little too alike: 94.0 % by numpy */
	ok(fabs(rate(&bootstrap, "bootstrap_ci of a median, n=30") - 0.940) < 0.006, "... as numpy has it");
}

/*
 * What it costs to leave out the outliers of values that have none: as 20,000
 * trials with numpy have it.
 */
static void
test_outliers(void)
{
	const int	n = 1000;
	const int	trials = 1000;
	double		removed = 0;
	double		mean = 0;
	double		p99 = 0;

	br_random_seed(&rng, 9);
	for (int trial = 0; trial < trials; trial++)
	{
		const double *values = sample(n, 100, 0.5, true);
		int64		from;
		int64		to;

		br_keep(values, n, BR_OUTLIERS_TUKEY, 1.5, &from, &to);
		removed += (double) (n - (to - from)) / n / trials;
		mean += (br_mean(values + from, to - from).mean / br_mean(values, n).mean - 1) / trials;
		p99 += (br_quantile(values + from, to - from, 0.99) / br_quantile(values, n, 0.99) - 1) / trials;
		fe_reset();
	}
	diag("Tukey's fences: %.2f %% of the values, %+.2f %% of the mean, %+.2f %% of p99", 100 * removed, 100 * mean, 100 * p99);
	ok(fabs(removed - 0.0379) < 0.001, "3.8 %% of the values are left out");
	ok(fabs(mean + 0.0655) < 0.001, "the mean falls by 6.6 %%");
	ok(fabs(p99 + 0.2744) < 0.005, "p99 falls by 27 %%");
}

int
main(void)
{
	test_samples(false);
	test_samples(true);
	test_exact();
	test_unequal_spread();
	test_pairs(20, "twenty pairs");
	test_pairs(60, "sixty pairs");
	test_one_sample();
	test_two_samples();
	test_outliers();
	test_runs(BR_RUN_MEDIAN, "medians");
	test_runs(BR_RUN_MEAN, "means");
	test_invocations(20, 4000, 0.320);
	test_invocations(100, 3000, 0.622);
	test_invocations(1000, 2000, 0.874);
	return done_testing();
}
