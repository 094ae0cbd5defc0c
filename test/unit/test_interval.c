/*
 * test_interval.c
 *		Intervals in closed form, against those of R 4.2.2: qbinom and pbinom,
 *		t.test, and polyroot of Fieller's equation. Geometric means are t.test of
 *		logarithms.
 */
#include "base/br.h"

#include <math.h>

#include "stats/interval.h"
#include "tap.h"

#define SAMPLE(name) name, lengthof(name)

static const double digits[] = {1, 1, 2, 3, 3, 4, 5, 5, 6, 9};
static const double eight[] = {1, 2, 3, 4, 5, 6, 7, 8};
static const double other[] = {2.5, 3.5, 4.5, 9, 10, 11, 12, 13};
static const double skewed[] = {95, 97, 99, 101, 103, 104.5, 110, 130};
static const double six[] = {85, 88, 90, 91, 93.5, 140};

static bool
near(double got, double expected)
{
	return isnan(expected) ? isnan(got) : fabs(got - expected) <= 1e-12 * fabs(expected);
}

static void
is_interval(BrInterval got, double estimate, double lo, double hi, const char *note, const char *name)
{
	if (!ok(near(got.estimate, estimate) && near(got.lo, lo) && near(got.hi, hi), "%s", name))
		diag("got %.17g, %.17g to %.17g", got.estimate, got.lo, got.hi);
	is_str(got.note, note, "... and what is to be said of it");
}

/* Of 1 to n: values are ranks. */
static void
test_percentiles(void)
{
	static const struct
	{
		int			n;
		double		p;
		double		conf;
		double		lo;
		double		hi;
		double		actual;
		const char *note;
	}			cases[] =
	{
		{6, 0.5, 0.95, 1, 6, 0.96875, NULL},
		{8, 0.5, 0.99, 1, 8, 0.9921875, NULL},
		{11, 0.5, 0.999, 1, 11, 0.9990234375, NULL},
		{10, 0.5, 0.95, 2, 9, 0.978515625, NULL},
		{20, 0.5, 0.95, 6, 15, 0.95861053466796875, NULL},
		{30, 0.5, 0.95, 10, 21, 0.95722605474293232, NULL},
		{100, 0.5, 0.95, 40, 61, 0.96479979978229524, NULL},
		{368, 0.5, 0.95, 165, 204, 0.95809502908334188, NULL},
		{368, 0.99, 0.95, 360, 368, 0.96241582041085871, NULL},
		{5, 0.5, 0.95, NAN, NAN, NAN, "n<6: no finite 95% interval"},
		{7, 0.5, 0.99, NAN, NAN, NAN, "n<8: no finite 99% interval"},
		{10, 0.5, 0.999, NAN, NAN, NAN, "n<11: no finite 99.9% interval"},
		{367, 0.99, 0.95, 359, NAN, 0.98738074686972643, "n<368: no finite 95% interval"},
		{71, 0.95, 0.95, 63, NAN, 0.99120510161884601, "n<72: no finite 95% interval"},
		{35, 0.9, 0.95, 28, NAN, 0.98000976637283643, "n<36: no finite 95% interval"},
		{35, 0.1, 0.95, NAN, 8, 0.98000976637283643, "n<36: no finite 95% interval"},
		{1, 0.99, 0.95, 1, NAN, 0.99,
		"n<368: no finite 95% interval; so few values have hardly another percentile than the maximum"},
		{99, 0.01, 0.95, NAN, 4, 0.98222363214962616,
		"n<368: no finite 95% interval; so few values have hardly another percentile than the minimum"},
		{10, 1, 0.95, 10, NAN, 1, "an extreme has one bound only"},
		{10, 0, 0.95, NAN, 1, 1, "an extreme has one bound only"},
	};
	double		ranks[368];

	for (size_t i = 0; i < lengthof(ranks); i++)
		ranks[i] = i + 1;
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		BrInterval	got = br_percentile_ci(ranks, cases[i].n, cases[i].p, cases[i].conf);

		is_interval(got, 1 + (cases[i].n - 1) * cases[i].p, cases[i].lo, cases[i].hi, cases[i].note,
					psprintf("%g%% interval of the percentile %g of %d", 100 * cases[i].conf, cases[i].p, cases[i].n));
		if (!ok(near(got.actual, cases[i].actual), "... has really %.4f", cases[i].actual))
			diag("got %.17g", got.actual);
	}
	ok(br_percentile_ci_min_n(0.9, 0.95) == 36 && br_percentile_ci_min_n(0.95, 0.95) == 72 &&
	   br_percentile_ci_min_n(0.99, 0.95) == 368 && br_percentile_ci_min_n(0.01, 0.95) == 368 &&
	   br_percentile_ci_min_n(0.5, 0.95) == 6 && br_percentile_ci_min_n(0.5, 0.9375) == 5,
	   "how many values both bounds take");
}

static void
test_means(void)
{
	static const double zero[] = {0, 1, 2};
	static const double equal[] = {3, 3, 3};
	static const double huge[] = {-1e308, 1e308};
	static const double large[] = {1e200, 1.1e200, 1.3e200};
	static const double small[] = {1, 1.1, 1.3};
	static const double infinite[] = {1, INFINITY};
	static const double nan[] = {1, NAN};
	BrInterval	scaled = br_mean_ci(SAMPLE(small), 0.9);

	is_interval(br_mean_ci(SAMPLE(digits), 0.95), 3.9, 2.1331987752405404, 5.6668012247594595, NULL, "mean");
	is_interval(br_mean_ci(SAMPLE(skewed), 0.99), 104.9375, 91.142422973409268, 118.73257702659073, NULL, "mean, 99%");
	is_interval(br_mean_ci(SAMPLE(equal), 0.95), 3, 3, 3, NULL, "mean of equal values");
	is_interval(br_mean_ci(equal, 1, 0.95), 3, NAN, NAN, "n<2: no interval", "mean of one value");
	is_interval(br_mean_ci(equal, 0, 0.95), NAN, NAN, NAN, "no values", "mean of nothing");
	is_interval(br_mean_ci(SAMPLE(infinite), 0.95), NAN, NAN, NAN, "values that are not finite", "mean with infinity");
	is_interval(br_mean_ci(SAMPLE(nan), 0.95), NAN, NAN, NAN, "values that are not finite", "mean with NaN");
	is_interval(br_mean_ci(SAMPLE(huge), 0.95), 0, NAN, NAN, "the bounds exceed the range of double precision",
				"mean of the largest values");
	is_interval(br_mean_ci(SAMPLE(large), 0.9), scaled.estimate * 1e200, scaled.lo * 1e200, scaled.hi * 1e200, NULL,
				"mean of values whose squares are no doubles");
	is_interval(br_geomean_ci(SAMPLE(digits), 0.95), 3.1533096980823121, 1.8655559893415419, 5.3299724633456442, NULL,
				"geometric mean");
	is_interval(br_geomean_ci(SAMPLE(zero), 0.95), 0, NAN, NAN, "values that are not positive",
				"geometric mean with zero");
	is_interval(br_geomean_ci(equal, 1, 0.95), 3, NAN, NAN, "n<2: no interval", "geometric mean of one value");
}

static void
test_two_samples(void)
{
	static const double around_zero[] = {-1, 1, 2};
	static const double zeros[] = {-1, 0, 1};
	static const double equal[] = {4, 4};

	is_interval(br_diff_ci_mean(SAMPLE(eight), SAMPLE(other), 0.95), 3.6875, -0.0093749012261586107, 7.3843749012261588,
				NULL, "difference of means");
	is_interval(br_diff_ci_mean(SAMPLE(skewed), SAMPLE(six), 0.9), -7.0208333333333333, -24.713099681522294,
				10.671433014855637, NULL, "difference of means, 90%");
	is_interval(br_ratio_ci_geomean(SAMPLE(eight), SAMPLE(other), 0.95), 1.8720070481717799, 0.91279714355104025,
				3.8391995561814185, NULL, "ratio of geometric means");
	is_interval(br_ratio_ci_geomean(SAMPLE(skewed), SAMPLE(six), 0.95), 0.92268439395074306, 0.75788434623033218,
				1.1233197981654983, NULL, "ratio of geometric means");
	is_interval(br_ratio_ci_mean(SAMPLE(eight), SAMPLE(other), 0.95), 1.8194444444444444, 1.0120500911726946,
				3.3753284518425848, NULL, "ratio of means");
	is_interval(br_ratio_ci_mean(SAMPLE(skewed), SAMPLE(six), 0.95), 0.93309509628747278, 0.73019251496441173,
				1.1509490924987973, NULL, "ratio of means");
	is_interval(br_ratio_ci_mean(SAMPLE(six), SAMPLE(skewed), 0.9), 1.0717021276595745, 0.90416569370777522,
				1.299121756263667, NULL, "ratio of means, 90%");
	is_interval(br_ratio_ci_mean(SAMPLE(around_zero), SAMPLE(eight), 0.95), 6.75, NAN, NAN,
				"the baseline's mean is too uncertain: the interval is unbounded", "ratio to a mean that may be 0");
	is_interval(br_ratio_ci_mean(SAMPLE(zeros), SAMPLE(eight), 0.95), NAN, NAN, NAN, "the baseline's mean is 0",
				"ratio to 0");
	is_interval(br_ratio_ci_mean(SAMPLE(equal), SAMPLE(equal), 0.95), 1, 1, 1, NULL, "ratio of equal values");
	is_interval(br_diff_ci_mean(SAMPLE(equal), SAMPLE(equal), 0.95), 0, 0, 0, NULL, "difference of equal values");
	is_interval(br_ratio_ci_mean(equal, 1, SAMPLE(eight), 0.95), 1.125, NAN, NAN, "n<2: no interval", "ratio to one value");
	is_interval(br_diff_ci_mean(SAMPLE(eight), equal, 1, 0.95), -0.5, NAN, NAN, "n<2: no interval", "one value less");
	is_interval(br_ratio_ci_geomean(SAMPLE(eight), equal, 1, 0.95), 1.0626002797210166, NAN, NAN, "n<2: no interval",
				"geometric mean of one value");
	is_interval(br_ratio_ci_geomean(SAMPLE(eight), SAMPLE(zeros), 0.95), NAN, NAN, NAN, "values that are not positive",
				"geometric mean of what is not positive");
}

/* Bounds by numerical integration of percentiles with SciPy 1.10.1's beta density. */
static void
test_required_runs(void)
{
	static const double durations[] = {
		13.47, 13.49, 14.2, 14.46, 15.32, 15.41, 15.52, 15.69, 15.92, 16.09, 16.11, 16.15, 16.29, 16.51, 16.58, 17.11,
		17.17, 17.42, 17.71, 17.85, 17.98, 18.22, 18.56, 18.9, 19.08, 19.08, 19.11, 19.17, 19.4, 19.75, 19.83, 19.93,
		20.17, 20.22, 20.26, 20.53, 20.92, 21.01, 21.21, 21.21, 21.8, 21.85, 22.44, 23.18, 23.33, 23.71, 25.21, 25.38,
		27.66, 27.85
	};
	static const double expected[][4] = {
		{0.02, 350, 18.525249990805378, 19.286432542492125},
		{0.05, 81, 17.88170940208508, 19.771920630865058},
		{0.1, 23, 16.895512144721803, 20.647254521227175}
	};
	static const double signs[] = {-1, -1, -1, 0, 1, 1, 1};
	BrInterval	got;

	for (size_t i = 0; i < lengthof(expected); i++)
	{
		got = br_required_runs(SAMPLE(durations), expected[i][0], 0.95);
		is_int(got.estimate, expected[i][1], "runs for a median within %g", expected[i][0]);
		if (!ok(fabs(got.lo - expected[i][2]) < 2e-4 && fabs(got.hi - expected[i][3]) < 2e-4, "... and its interval"))
			diag("got %.10g to %.10g", got.lo, got.hi);
	}
	got = br_required_runs(SAMPLE(durations), 0.001, 0.95);
	ok(got.estimate > 90000 && got.hi - got.lo <= 2 * 0.001 * 19.08, "many runs for one within 0.001: %g", got.estimate);
	is_str(br_required_runs(SAMPLE(signs), 0.1, 0.95).note, "more runs than can be made", "none for a median of 0");
	is_str(br_required_runs(durations, 5, 0.1, 0.95).note, "too few values to tell", "five values tell little");
	ok(br_required_runs(&durations[24], 2, 0.01, 0.95).estimate == 6, "equal values: what the interval takes at least");
}

int
main(void)
{
	test_percentiles();
	test_required_runs();
	test_means();
	test_two_samples();
	return done_testing();
}
