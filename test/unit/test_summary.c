/*
 * test_summary.c
 *		Statistics of a sample, with and without what a rule leaves out.
 *
 * Expected values are those of Python 3.11 (statistics, round), numpy 1.24.2 and
 * scipy 1.10.1; the suite's rule was written down there once more.
 */
#include "base/br.h"

#include <float.h>
#include <math.h>

#include "common/pg_prng.h"
#include "stats/decimal.h"
#include "stats/histogram.h"
#include "stats/mean.h"
#include "stats/outlier.h"
#include "stats/sort.h"
#include "stats/summary.h"
#include "tap.h"

#define TOLERANCE 1e-12

static const double ten[] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3};
static const double five[] = {1.5, 100.25, 3.25, 3.25, 9.125};
static const double four[] = {10.005, 2.675, 7.5, 7.5};
static const double one[] = {2.675};
static double thousand[1000];

/* What Python made as well: only whole numbers, so that it is the same everywhere. */
static void
fill_thousand(void)
{
	uint32		x = 12345;

	for (int i = 0; i < 1000; i++)
	{
		uint32		a = (x = (x * UINT64CONST(1103515245) + 12345) % (UINT64CONST(1) << 31)) % 1000;
		uint32		b = (x = (x * UINT64CONST(1103515245) + 12345) % (UINT64CONST(1) << 31)) % 1000;

		thousand[i] = (a * b + 17) / 100.0;
	}
}

typedef struct Vector
{
	const char *name;
	const double *values;
	int64		n;
	BrOutlierRule rule;
	double		figures[10];	/* mean median mode min max stdev p50 p90 p95 p99 */
} Vector;

static const Vector vectors[] = {
	{"ten values", ten, 10, BR_OUTLIERS_NONE, {3.9, 3.5, 1, 1, 9, 2.4698178070456938, 3.5, 6.3, 7.65, 8.73}},
	{"ten values", ten, 10, BR_OUTLIERS_SUITE, {3.62, 3.5, 3, 1, 9, 1.69, 3.5, 5.3, 5.65, 5.93}},
	{"five values", five, 5, BR_OUTLIERS_NONE, {23.475, 3.25, 3.25, 1.5, 100.25, 43.01547686589095, 3.25, 63.8, 82.025, 96.605}},
	{"five values", five, 5, BR_OUTLIERS_SUITE, {5.21, 3.25, 3.25, 1.5, 100.25, 3.39, 3.25, 7.95, 8.54, 9.01}},
	{"four values", four, 4, BR_OUTLIERS_NONE, {6.92, 7.5, 7.5, 2.675, 10.005, 3.066488219445821, 7.5, 9.2535, 9.62925, 9.92985}},
	{"four values, none left out", four, 4, BR_OUTLIERS_SUITE, {6.92, 7.5, 7.5, 2.67, 10.01, 3.07, 7.5, 9.25, 9.63, 9.93}},
	{"one value", one, 1, BR_OUTLIERS_NONE, {2.675, 2.675, 2.675, 2.675, 2.675, NAN, 2.675, 2.675, 2.675, 2.675}},
	{"one value", one, 1, BR_OUTLIERS_SUITE, {2.67, 2.67, 2.67, 2.67, 2.67, 0, 2.67, 2.67, 2.67, 2.67}},
	{"a thousand values", thousand, 1000, BR_OUTLIERS_NONE, {2497.59944, 1903.98, 0.17, 0.17, 9651.91, 2236.503809674371, 1903.98, 5857.288, 7356.757, 8586.1726}},
	{"a thousand values", thousand, 1000, BR_OUTLIERS_SUITE, {2492.93, 1903.98, 0.17, 0.17, 9651.91, 2225.84, 1903.98, 5851.31, 7342.38, 8573.96}},
};

static const char *const figure_names[] = {"mean", "median", "mode", "min", "max", "stdev", "p50", "p90", "p95", "p99"};

static void
test_vector(const Vector *vector)
{
	double	   *values = palloc(vector->n * sizeof(double));
	BrSummary	s;
	BrSummary	sorted;

	memcpy(values, vector->values, vector->n * sizeof(double));
	br_summarize(values, vector->n, vector->rule, &s);
	br_sort(values, vector->n);
	br_summarize_sorted(values, vector->n, vector->rule, &sorted);
	for (int i = 0; i < 10; i++)
	{
		const double *got = &s.mean;
		const double *got_sorted = &sorted.mean;

		is_double(got[i], vector->figures[i], TOLERANCE, "%s, %s, %s", vector->name,
				  br_outlier_rule_name(vector->rule), figure_names[i]);
		is_double(got_sorted[i], got[i], 0, "... and sorted");
	}
	is_int(s.n, vector->n, "%s: count", vector->name);
}

/* The way by selection and the way by sorting say the same, whatever the order. */
static void
test_ways(void)
{
	pg_prng_state prng;
	bool		same = true;

	pg_prng_seed(&prng, 1);
	for (int round = 0; round < 300; round++)
	{
		int64		n = pg_prng_uint64_range(&prng, 1, 3000);
		double	   *values = palloc(n * sizeof(double));
		double	   *sorted = palloc(n * sizeof(double));
		BrOutlierRule rule = round % BR_OUTLIER_RULES;
		BrSummary	by_selection;
		BrSummary	by_sorting;

		for (int64 i = 0; i < n; i++)
			values[i] = round % 7 == 0 ? 5 : round % 5 == 0 ? floor(pg_prng_double(&prng) * 10) : exp((round % 3 == 0 ? 30 : 10) * pg_prng_double(&prng)) - (round % 2) * 100;
		if (round % 11 == 0)
			values[n / 2] = round % 2 ? NAN : INFINITY;
		for (int64 i = 0; round % 13 == 0 && i < n; i += 1 + round % 3)
			values[i] = NAN;
		memcpy(sorted, values, n * sizeof(double));
		br_sort(sorted, n);
		br_summarize_sorted(sorted, n, rule, &by_sorting);
		br_summarize(values, n, rule, &by_selection);
		for (int i = 0; i < 10; i++)
		{
			double		a = (&by_selection.mean)[i];
			double		b = (&by_sorting.mean)[i];

			/* the last bit of a sum may depend on the order */
			if (!(a == b || (isnan(a) && isnan(b)) || fabs(a - b) <= DBL_EPSILON * fabs(a)))
				same = ok(false, "round %d, n=" INT64_FORMAT ", %s: %.17g and %.17g", round, n, figure_names[i], a, b);
		}
		br_sort(values, n);
		if (memcmp(values, sorted, n * sizeof(double)) != 0)
			same = ok(false, "round %d: the values have changed", round);
	}
	ok(same, "by selection as by sorting");
}

static void
test_rounding(void)
{
	static const double pairs[][2] = {
		{2.675, 2.67}, {1.005, 1}, {0.285, 0.28}, {1.115, 1.11}, {-2.675, -2.67}, {0.125, 0.12}, {0.375, 0.38},
		{1234567.125, 1234567.12}, {29999999999999.127, 29999999999999.13}, {1e15 + 0.25, 1e15 + 0.25}, {0.005, 0.01},
		{-0.005, -0.01}, {1e300, 1e300}, {INFINITY, INFINITY}, {NAN, NAN}, {0, 0}
	};

	for (size_t i = 0; i < lengthof(pairs); i++)
		is_double(br_round_to_hundredths(pairs[i][0]), pairs[i][1], 0, "%.17g rounded", pairs[i][0]);
}

static void
test_mean(void)
{
	double		tenths[1000];
	bool		same = true;
	bool		kept = true;
	static const double huge[] = {DBL_MAX, DBL_MAX, DBL_MAX / 2};
	static const double tiny[] = {5e-324, 5e-324};
	static const double shifted[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
	static const double odd[] = {1, INFINITY};
	static const double opposed[] = {-INFINITY, INFINITY};
	static const double cancelling[] = {1e16, 1, -1e16};

	for (int i = 0; i < 1000; i++)
		tenths[i] = 0.1;
	is_double(br_mean(huge, 3).mean, DBL_MAX / 6 * 5, TOLERANCE, "a mean of values whose sum is no double");
	is_double(br_mean(huge, 3).stdev, DBL_MAX * 0.28867513459481287, TOLERANCE, "... and their deviation");
	is_double(br_mean(tiny, 2).mean, 5e-324, 0, "the smallest values");
	is_double(br_mean(tiny, 2).stdev, 0, 0, "... and their deviation");
	is_double(br_mean(shifted, 4).stdev, 5.477225575051661, TOLERANCE, "far from 0");
	is_double(br_mean(odd, 2).mean, INFINITY, 0, "infinity propagates");
	is_double(br_mean(odd, 2).stdev, NAN, 0, "... and has no deviation");
	is_double(br_mean(opposed, 2).mean, NAN, 0, "opposed infinities");
	is_double(br_mean(cancelling, 3).mean, 1.0 / 3, 0, "what cancels out loses nothing");
	for (int n = 2; n <= 1000; n++)
	{
		BrMean		mean = br_mean(tenths, n);
		int64		from;
		int64		to;

		same = same && mean.mean == 0.1 && mean.stdev == 0;
		br_keep(tenths, n, BR_OUTLIERS_SIGMA, 3, &from, &to);
		kept = kept && to - from == n;
	}
	ok(same, "equal values are their own mean and do not vary");
	ok(kept, "... and none of them is an outlier");
	is_double(br_geomean(ten, 10), 3.153309698082311, TOLERANCE, "geometric mean");
	is_double(br_geomean(thousand, 1000), 1310.7241680328393, TOLERANCE, "... of a thousand values");
}

static void
test_outliers(void)
{
	double		sorted[1000];
	double		ten_sorted[10];
	static const double skewed[] = {1, 2, 3, 4, 100};
	static const double equal[] = {1, 1, 1, 1, 5};
	static const double on_fence[] = {0, 10, 11, 14, 20};	/* quartiles 10 and 14: from 4 to 20 */
	static const struct
	{
		BrOutlierRule rule;
		int			kept;
	}			kept[] = {
		{BR_OUTLIERS_NONE, 1000}, {BR_OUTLIERS_TUKEY, 986}, {BR_OUTLIERS_TUKEY3, 1000}, {BR_OUTLIERS_MAD, 998},
		{BR_OUTLIERS_SIGMA, 997}, {BR_OUTLIERS_SUITE, 998}
	};
	double		low;
	double		high;
	int64		from;
	int64		to;

	memcpy(sorted, thousand, sizeof(thousand));
	br_sort(sorted, 1000);
	memcpy(ten_sorted, ten, sizeof(ten));
	br_sort(ten_sorted, 10);
	br_fences(sorted, 1000, BR_OUTLIERS_TUKEY, 1.5, &low, &high);
	is_double(low, -4028.1475, TOLERANCE, "lower fence");
	is_double(high, 8486.0725, TOLERANCE, "upper fence");
	for (size_t i = 0; i < lengthof(kept); i++)
	{
		br_keep(sorted, 1000, kept[i].rule, br_outlier_factor(kept[i].rule), &from, &to);
		is_int(to - from, kept[i].kept, "kept by %s", br_outlier_rule_name(kept[i].rule));
	}
	is_double(br_mad(ten_sorted, 10, 1), 1.5, TOLERANCE, "MAD of ten values");
	is_double(br_mad(ten_sorted, 10, BR_MAD_SCALE), 2.2239, TOLERANCE, "... times 1.4826");
	is_double(br_mad(sorted, 1000, BR_MAD_SCALE), 2126.3745719999997, TOLERANCE, "MAD of a thousand");
	is_double(br_mad(skewed, 5, 1), 1, TOLERANCE, "MAD of an odd number");
	is_double(br_mad(skewed, 1, 1), 0, 0, "MAD of one value");
	is_double(br_mad(equal, 5, 1), 0, 0, "MAD where most values are equal");
	br_keep(equal, 5, BR_OUTLIERS_MAD, 3.5, &from, &to);
	is_int(to - from, 5, "... which leaves nothing out");
	br_keep(skewed, 5, BR_OUTLIERS_MAD, 3.5, &from, &to);
	is_int(to - from, 4, "MAD leaves one out");
	br_keep(skewed + 1, 3, BR_OUTLIERS_TUKEY, 1.5, &from, &to);
	is_int(to - from, 3, "three values have no quartiles worth the name");
	br_keep(on_fence, 5, BR_OUTLIERS_TUKEY, 1.5, &from, &to);
	ok(from == 1 && to == 5, "a value on a fence is kept");
	/* (n - 1) / sqrt(n) deviations from the mean is as far as one of n values can be */
	for (int n = 2; n <= 11; n++)
	{
		double		masked[11] = {0};

		masked[n - 1] = 1e6;
		br_keep(masked, n, BR_OUTLIERS_SIGMA, 3, &from, &to);
		is_int(to - from, n < 11 ? n : 10, "sigma of %d values", n);
	}
	is_double(br_trimmed_mean(ten_sorted, 10, 0.1), 3.625, TOLERANCE, "trimmed mean");
	is_double(br_trimmed_mean(sorted, 1000, 0.1), 2196.022575, TOLERANCE, "... of a thousand values");
	is_double(br_trimmed_mean(skewed, 5, 0.2), 3, TOLERANCE, "... without 100");
	is_double(br_trimmed_mean(skewed, 1, 0.49), 1, TOLERANCE, "... of one");
}

static void
test_histogram(void)
{
	static const double values[] = {1.004, 1.001, 2, 2, 3, 3};
	static const double apart[] = {0, 1e9, 1e9};
	BrHistogram histogram;
	BrSummary	summary;

	ok(!br_histogram_make(values, 6, 1.001, 3, 4, &histogram), "too many cells for so few values");
	ok(!br_histogram_make(apart, 3, 0, 1e9, 4, &histogram), "... and for values far apart");
	br_summarize_sorted(apart, 3, BR_OUTLIERS_NONE, &summary);
	is_double(summary.mode, 1e9, 0, "which sorting finds");
	br_summarize_sorted(values, 6, BR_OUTLIERS_NONE, &summary);
	is_double(summary.mode, 1, 0, "the least of those that are equally frequent");
}

int
main(void)
{
	fill_thousand();
	for (size_t i = 0; i < lengthof(vectors); i++)
		test_vector(&vectors[i]);
	test_ways();
	test_rounding();
	test_mean();
	test_outliers();
	test_histogram();
	return done_testing();
}
