/*
 * test_bootstrap.c
 *		Bootstrap intervals against all resamples there are, and against resamples
 *		drawn value by value.
 */
#include "base/br.h"

#include <math.h>

#include "stats/bootstrap.h"
#include "stats/quantile.h"
#include "stats/random.h"
#include "stats/sort.h"
#include "stats/special.h"
#include "tap.h"

#define SIX		6
#define ALL		46656			/* 6^6 resamples */
#define MANY	1001

/* Two of them have a sum of their own, so that the wrong two show. */
static const double six[SIX] = {1, 2, 4, 8, 16, 32};
static const double nothing[SIX] = {0};
static const double unit[SIX] = {1, 1, 1, 1, 1, 1};

static double all[ALL];

/* The percentile p of every resample of six values, sorted. */
static void
every_resample(double p)
{
	for (int number = 0; number < ALL; number++)
	{
		double		resample[SIX];
		int			rest = number;

		for (int i = 0; i < SIX; i++, rest /= SIX)
			resample[i] = six[rest % SIX];
		br_sort(resample, SIX);
		all[number] = br_quantile(resample, SIX, p);
	}
	br_sort(all, ALL);
}

/* Is a figure what a share q of all resamples is below of, give or take a little of q? */
static bool
is_quantile(double figure, double q)
{
	return figure >= all[(int) ((q - 0.005) * ALL)] && figure <= all[(int) ((q + 0.005) * ALL)];
}

static bool
is_interval_of_all(BrInterval interval, double conf)
{
	return is_quantile(interval.lo, (1 - conf) / 2) && is_quantile(interval.hi, (1 + conf) / 2);
}

static void
test_pairs_of_values(void)
{
	static const double confs[] = {0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98};
	static const double ps[] = {0.25, 0.5, 0.9};

	for (size_t k = 0; k < lengthof(ps); k++)
	{
		every_resample(ps[k]);
		for (size_t i = 0; i < lengthof(confs); i++)
		{
			BrBootstrap bootstrap = {BR_BOOTSTRAP_PERCENTILE, ps[k], confs[i], 100000, false, 7};
			BrInterval	interval = br_bootstrap_ci(six, SIX, &bootstrap);

			ok(is_interval_of_all(interval, confs[i]), "percentile %g: %g to %g at %g is that of all resamples",
			   ps[k], interval.lo, interval.hi, confs[i]);
		}
	}
	every_resample(0.5);
	for (size_t i = 0; i < lengthof(confs); i++)
	{
		ok(is_interval_of_all(br_diff_ci_median(nothing, SIX, six, SIX, confs[i], 100000, 7), confs[i]),
		   "difference of medians at %g", confs[i]);
		ok(is_interval_of_all(br_ratio_ci_median(unit, SIX, six, SIX, confs[i], 100000, 7), confs[i]),
		   "ratio of medians at %g", confs[i]);
	}
}

/* The k-th value of a resample is at most the i-th of the sample where at least k draws are. */
static int
exact_rank(int n, int k, double q)
{
	int			i = 1;

	while (1 - br_binomial_cdf(k - 1, n, (double) i / n) < q)
		i++;
	return i;
}

/* Of 1 to n: values are ranks. */
static void
test_closed_form(void)
{
	static double ranks[MANY];
	static double medians[20000];
	double		resample[MANY];
	BrBootstrap bootstrap = {BR_BOOTSTRAP_PERCENTILE, 0.5, 0.95, 1, false, 42};
	BrInterval	closed;
	BrRandom	random;

	for (int i = 0; i < MANY; i++)
		ranks[i] = i + 1;
	closed = br_bootstrap_ci(ranks, MANY, &bootstrap);
	is_int(closed.lo, exact_rank(MANY, 501, 0.025), "the median's lower bound is exact");
	is_int(closed.hi, exact_rank(MANY, 501, 0.975), "... and its upper one");
	br_random_seed(&random, 1);
	for (size_t i = 0; i < lengthof(medians); i++)
	{
		for (int k = 0; k < MANY; k++)
			resample[k] = ranks[br_random_below(&random, MANY)];
		br_select(resample, MANY, 500);
		medians[i] = resample[500];
	}
	br_sort(medians, lengthof(medians));
	ok(fabs(br_quantile(medians, lengthof(medians), 0.025) - closed.lo) <= 1 &&
	   fabs(br_quantile(medians, lengthof(medians), 0.975) - closed.hi) <= 1, "... as 20000 medians have them");
	bootstrap.p = 0.9;
	closed = br_bootstrap_ci(ranks, MANY, &bootstrap);
	is_int(closed.lo, exact_rank(MANY, 901, 0.025), "the same of p90");
	is_int(closed.hi, exact_rank(MANY, 901, 0.975), "... and its upper bound");
	bootstrap.bca = true;
	bootstrap.p = 0.5;
	bootstrap.resamples = 100000;
	closed = br_bootstrap_ci(ranks, MANY, &bootstrap);
	ok(fabs(closed.lo - exact_rank(MANY, 501, 0.025)) <= 2 && fabs(closed.hi - exact_rank(MANY, 501, 0.975)) <= 2,
	   "bca finds nothing to correct where all is symmetric: %g to %g", closed.lo, closed.hi);
}

static BrInterval
ci_of(const double *sorted, int64 n, BrBootstrapStat stat, double p, bool bca)
{
	BrBootstrap bootstrap = {stat, p, 0.95, 1000, bca, 42};

	return br_bootstrap_ci(sorted, n, &bootstrap);
}

static void
test_notes(void)
{
	static const double equal[] = {5, 5, 5, 5, 5, 5, 5};
	static const double mixed[] = {-1, 0, 1, 2, 3, 4, 5};
	static const double nan[] = {1, NAN};
	BrInterval	interval;

	is_str(ci_of(six, SIX, BR_BOOTSTRAP_PERCENTILE, 0.5, false).note, NULL, "six values are enough for a median");
	is_str(ci_of(six, 5, BR_BOOTSTRAP_PERCENTILE, 0.5, false).note, "n<6: narrower than a 95% interval", "... five are not");
	is_str(ci_of(six, SIX, BR_BOOTSTRAP_PERCENTILE, 0.99, false).note, "n<368: narrower than a 95% interval",
		   "... nor are they for p99");
	is_str(ci_of(six, SIX, BR_BOOTSTRAP_PERCENTILE, 1, false).note, "no resample goes beyond the sample's extreme",
		   "... nor any number for the maximum");
	is_str(ci_of(six, 1, BR_BOOTSTRAP_MEAN, 0, false).note, "n<2: no interval", "one value");
	is_str(ci_of(six, 2, BR_BOOTSTRAP_STDDEV, 0, true).note, "n<3: no interval", "two values of a deviation");
	is_str(ci_of(nan, 2, BR_BOOTSTRAP_MEAN, 0, false).note, "values that are not finite", "NaN");
	is_str(ci_of(mixed, 7, BR_BOOTSTRAP_GEOMEAN, 0, false).note, "values that are not positive", "a geometric mean of 0");
	interval = ci_of(equal, 7, BR_BOOTSTRAP_MEAN, 0, true);
	is_str(interval.note, "resamples do not vary around the figure: no bca interval", "equal values");
	ok(interval.estimate == 5 && isnan(interval.lo), "... have no bca interval");
	interval = ci_of(equal, 7, BR_BOOTSTRAP_TRIMMED, 0, false);
	ok(interval.lo == 5 && interval.hi == 5 && interval.note == NULL, "... but a plain one");

	interval = br_ratio_ci_median(mixed, 7, six, SIX, 0.95, 1000, 42);
	is_str(interval.note, "the baseline's median may be 0: the interval is unbounded", "a baseline around 0");
	ok(interval.estimate == 3 && isnan(interval.lo), "... has a ratio only");
	interval = br_ratio_ci_median(nothing, SIX, six, SIX, 0.95, 1000, 42);
	is_str(interval.note, "the baseline's median is 0", "a baseline of 0");
	ok(isnan(interval.estimate), "... has not even that");
	ok(br_diff_ci_median(nothing, SIX, six, SIX, 0.95, 1000, 42).estimate == 6, "... but a difference");
	is_str(br_ratio_ci_median(six, 1, six, SIX, 0.95, 1000, 42).note, "n<2: no interval", "a baseline of one value");
	is_str(br_ratio_ci_median(six, SIX, six, 5, 0.95, 1000, 42).note, "n<6: narrower than a 95% interval",
		   "a candidate of five");
	is_str(br_ratio_ci_median(six, SIX, nan, 2, 0.95, 1000, 42).note, "values that are not finite", "a candidate with NaN");
}

static void
test_seeds(void)
{
	BrInterval	first = ci_of(six, SIX, BR_BOOTSTRAP_MEAN, 0, false);
	BrInterval	again = ci_of(six, SIX, BR_BOOTSTRAP_MEAN, 0, false);
	BrBootstrap other = {BR_BOOTSTRAP_MEAN, 0, 0.95, 1000, false, 43};
	BrInterval	third = br_bootstrap_ci(six, SIX, &other);

	ok(first.lo == again.lo && first.hi == again.hi, "the same seed, the same interval");
	ok(first.lo != third.lo || first.hi != third.hi, "another seed, another interval");
}

int
main(void)
{
	test_pairs_of_values();
	test_closed_form();
	test_notes();
	test_seeds();
	return done_testing();
}
