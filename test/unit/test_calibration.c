/*
 * test_calibration.c
 *		How often the tests find a difference where there is none.
 *
 * At alpha 0.05 it has to be one time in twenty: between 0.04 and 0.06 here, with
 * fixed seeds, over enough trials that chance alone would not leave that band. The
 * simulation of runs, with a deviation of 2 % between and 5 % within them, is also
 * made with a test on the values, which is what these comparisons are there to
 * avoid: how wrong that is, 20,000 trials with numpy and scipy have shown.
 */
#include "base/br.h"

#include <math.h>

#include "fe_alloc.h"
#include "stats/byrun.h"
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
		fe_reset();
	}
	in_band(by_rank, trials, rounded ? "Mann and Whitney, asymptotic, with ties" : "Mann and Whitney, asymptotic");
	in_band(by_mean, trials, rounded ? "Welch, with ties" : "Welch");
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

int
main(void)
{
	test_samples(false);
	test_samples(true);
	test_exact();
	test_runs(BR_RUN_MEDIAN, "medians");
	test_runs(BR_RUN_MEAN, "means");
	test_invocations(20, 4000, 0.320);
	test_invocations(100, 3000, 0.622);
	test_invocations(1000, 2000, 0.874);
	return done_testing();
}
