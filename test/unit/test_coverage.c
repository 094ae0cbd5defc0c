/*
 * test_coverage.c
 *		How often intervals hold the true figure: calibration with fixed seeds.
 *
 * Samples are lognormal with sigma 0.5, as durations are skewed; the true median
 * is 1, the true mean exp(1/8). The figures are printed, and docs/intervals.md
 * has them.
 */
#include "base/br.h"

#include <math.h>

#include "stats/bootstrap.h"
#include "stats/random.h"
#include "stats/sort.h"
#include "tap.h"

#define SIGMA 0.5
#define MAX_N 400

typedef struct Trial
{
	double		a[MAX_N];
	double		b[MAX_N];
	int			n;
	double		p;				/* of a percentile */
} Trial;

typedef bool (*Holds) (const Trial *t);

static void
draw(double *values, int n, BrRandom *random)
{
	for (int i = 0; i < n; i++)
		values[i] = exp(SIGMA * br_random_normal(random));
	br_sort(values, n);
}

static bool
within(BrInterval interval, double truth)
{
	return interval.lo <= truth && truth <= interval.hi;
}

static bool
percentile_holds(const Trial *t)
{
	/* normal quantiles of 0.5, 0.9 and 0.99 */
	double		z = t->p == 0.5 ? 0 : t->p == 0.9 ? 1.2815515655446004 : 2.3263478740408408;

	return within(br_percentile_ci(t->a, t->n, t->p, 0.95), exp(SIGMA * z));
}

static bool
mean_holds(const Trial *t)
{
	return within(br_mean_ci(t->a, t->n, 0.95), exp(SIGMA * SIGMA / 2));
}

static bool
geomean_holds(const Trial *t)
{
	return within(br_geomean_ci(t->a, t->n, 0.95), 1);
}

static bool
ratio_of_means_holds(const Trial *t)
{
	return within(br_ratio_ci_mean(t->a, t->n, t->b, t->n, 0.95), 1);
}

static bool
ratio_of_geomeans_holds(const Trial *t)
{
	return within(br_ratio_ci_geomean(t->a, t->n, t->b, t->n, 0.95), 1);
}

static bool
ratio_of_medians_holds(const Trial *t)
{
	return within(br_ratio_ci_median(t->a, t->n, t->b, t->n, 0.95, 1000, 42), 1);
}

static bool
diff_of_medians_holds(const Trial *t)
{
	return within(br_diff_ci_median(t->a, t->n, t->b, t->n, 0.95, 1000, 42), 0);
}

static bool
bca_holds(const Trial *t)
{
	BrBootstrap bootstrap = {BR_BOOTSTRAP_MEAN, 0, 0.95, 1000, true, 42};

	return within(br_bootstrap_ci(t->a, t->n, &bootstrap), exp(SIGMA * SIGMA / 2));
}

static void
is_covered(const char *name, Holds holds, int n, double p, int times, double least, double most)
{
	static Trial trial;
	BrRandom	random;
	int			held = 0;
	double		share;

	br_random_seed(&random, 2024);
	trial.n = n;
	trial.p = p;
	for (int i = 0; i < times; i++)
	{
		draw(trial.a, n, &random);
		draw(trial.b, n, &random);
		held += holds(&trial);
	}
	share = (double) held / times;
	ok(share >= least && share <= most, "%s, n = %d: %.2f%%", name, n, 100 * share);
}

int
main(void)
{
	/* by order statistics: never below 95 %, and what the binomial distribution says */
	is_covered("median", percentile_holds, 6, 0.5, 20000, 0.964, 0.973);
	is_covered("median", percentile_holds, 10, 0.5, 20000, 0.974, 0.983);
	is_covered("median", percentile_holds, 30, 0.5, 20000, 0.952, 0.962);
	is_covered("median", percentile_holds, 100, 0.5, 10000, 0.958, 0.971);
	is_covered("p90", percentile_holds, 100, 0.9, 10000, 0.945, 0.98);
	is_covered("p99", percentile_holds, 400, 0.99, 4000, 0.95, 0.98);
	/* by normal theory: below 95 % where means of skewed values are not normal yet */
	is_covered("mean", mean_holds, 10, 0, 20000, 0.90, 0.95);
	is_covered("mean", mean_holds, 30, 0, 20000, 0.925, 0.95);
	is_covered("mean", mean_holds, 100, 0, 10000, 0.935, 0.955);
	is_covered("geometric mean", geomean_holds, 10, 0, 20000, 0.945, 0.955);
	is_covered("ratio of means (Fieller)", ratio_of_means_holds, 10, 0, 20000, 0.94, 0.97);
	is_covered("ratio of means (Fieller)", ratio_of_means_holds, 30, 0, 20000, 0.94, 0.96);
	is_covered("ratio of geometric means", ratio_of_geomeans_holds, 10, 0, 20000, 0.945, 0.96);
	is_covered("ratio of medians", ratio_of_medians_holds, 6, 0, 2000, 0.94, 0.99);
	is_covered("ratio of medians", ratio_of_medians_holds, 10, 0, 2000, 0.94, 0.98);
	is_covered("ratio of medians", ratio_of_medians_holds, 30, 0, 2000, 0.94, 0.97);
	is_covered("ratio of medians", ratio_of_medians_holds, 101, 0, 2000, 0.94, 0.97);
	is_covered("difference of medians", diff_of_medians_holds, 30, 0, 2000, 0.94, 0.975);
	is_covered("mean by bca", bca_holds, 30, 0, 2000, 0.92, 0.955);
	return done_testing();
}
