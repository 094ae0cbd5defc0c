/*
 * test_threshold.c
 *		Limits by the figures that Bencher documents, and others by scipy.
 */
#include "base/br.h"

#include <math.h>

#include "stats/sort.h"
#include "stats/threshold.h"
#include "tap.h"

#define LENGTH(array) ((int) lengthof(array))

static bool
near(double a, double b)
{
	return isnan(b) ? isnan(a) : fabs(a - b) <= 1e-12 * fabs(b);
}

static void
check(const char *what, const double *history, int n, BrThresholdTest test, double boundary, double lo, double hi)
{
	BrThreshold limits = br_threshold(history, n, test, boundary);

	ok(near(limits.lo, lo) && near(limits.hi, hi), "%s, %s %g: %.12g to %.12g", what, br_threshold_names[test],
	   boundary, limits.lo, limits.hi);
}

/* To the two decimals that are documented. */
static void
check_documented(const double *history, int n, BrThresholdTest test, double boundary, double lo, double hi)
{
	BrThreshold limits = br_threshold(history, n, test, boundary);

	ok(fabs(limits.lo - lo) < 0.005 && fabs(limits.hi - hi) < 0.005, "documented, %s %g: %.4f to %.4f",
	   br_threshold_names[test], boundary, limits.lo, limits.hi);
}

/*
 * bencher.dev/docs/explanation/thresholds: mean 100 and standard deviation 10 of
 * 25 values; median 100 and interquartile range 10; relative changes with an
 * interquartile range of 0.2. The log-normal vector is from its tests
 * (lib/bencher_boundary/src/limits/mod.rs), whose deviation is that of 30 values.
 */
static void
test_documented(void)
{
	double		normal[25] = {100};
	double		log_data[30];
	static const double quartiles[] = {80, 95, 100, 105, 130};
	static const double changes[] = {100, 100, 140};

	/* 12 on each side: 24 * distance^2 = 24 * 10^2 */
	for (int i = 1; i < 25; i++)
		normal[i] = i % 2 == 0 ? 90 : 110;
	check_documented(normal, 25, BR_THRESHOLD_T, 0.977, 78.54, 121.46);
	check_documented(normal, 25, BR_THRESHOLD_Z, 0.977, 80.05, 119.95);
	check_documented(normal, 25, BR_THRESHOLD_PERCENTAGE, 0.10, 90, 110);
	check_documented(quartiles, 5, BR_THRESHOLD_IQR, 2, 80, 120);
	/* from 0 to 0.4 */
	check_documented(changes, 3, BR_THRESHOLD_DELTA_IQR, 2, 60, 140);
	for (int i = 0; i < 30; i++)
		log_data[i] = i % 5 + 1;
	check("Bencher's test", log_data, 30, BR_THRESHOLD_LOGNORMAL, 0.85, 0.467218645251152, 4.743123524143551);
}

static const double ten[] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3};

/* numpy 1.24.2, scipy 1.10.1, R 4.2.2. */
static void
test_others(void)
{
	double		sorted[10];
	double		many[40];

	check("scipy", ten, 10, BR_THRESHOLD_Z, 0.99, -1.8456554046889608, 9.645655404688961);
	/* its t.ppf is right to 9 digits only */
	check("R", ten, 10, BR_THRESHOLD_T, 0.99, -3.4085590429053192, 11.2085590429053195);
	check("scipy", ten, 10, BR_THRESHOLD_LOGNORMAL, 0.99, -11.074968291785739, 17.38158768795036);
	check("numpy", ten, 10, BR_THRESHOLD_IQR, 3, -4.75, 11.75);
	check("numpy", ten, 10, BR_THRESHOLD_DELTA_IQR, 0.5, 1.1666666666666665, 5.833333333333334);
	check("by hand", ten, 10, BR_THRESHOLD_PERCENTAGE, 0.5, 1.95, 5.85);
	check("the limit itself", ten, 0, BR_THRESHOLD_STATIC, 7, 7, 7);
	check("the centre", ten, 10, BR_THRESHOLD_T, 0.5, 3.9, 3.9);

	memcpy(sorted, ten, sizeof(ten));
	br_sort(sorted, 10);
	ok(near(br_zscore(sorted, 10, 12, false), 3.27959413722461), "z-score");
	ok(near(br_zscore(sorted, 10, 12, true), 3.822114303700706), "z-score, robust");

	for (int i = 0; i < 40; i++)
		many[i] = 100 + i * 37 % 11 + i % 3 * 0.5;
	ok(near(br_noise_threshold(many, 40), 0.11111963794057964), "noise: %.12g", br_noise_threshold(many, 40));
	ok(br_noise_threshold(many, 29) == 0.002, "noise of too few values");
}

static void
check_note(const char *what, const double *history, int n, BrThresholdTest test, const char *note)
{
	BrThreshold limits = br_threshold(history, n, test, 0.9);

	ok(isnan(limits.lo) && isnan(limits.hi), "%s, %s: no limits", what, br_threshold_names[test]);
	is_str(limits.note, note, "%s, %s: note", what, br_threshold_names[test]);
}

static void
test_limits(void)
{
	static const double equal[] = {0.1, 0.1, 0.1};
	static const double zero[] = {1, 0, 2};
	static const double minus[] = {-4, -6, -5};
	static const double nan_among[] = {1, NAN, 2};
	double		many[BR_NOISE_MIN_POINTS] = {1, 0};

	for (BrThresholdTest test = BR_THRESHOLD_PERCENTAGE; test < BR_THRESHOLD_TESTS; test++)
	{
		check_note("nothing", ten, 0, test, "no history");
		check_note("NaN", nan_among, 3, test, "values that are not finite");
	}
	check_note("one value", ten, 1, BR_THRESHOLD_T, "fewer than 2 values");
	check_note("one value", ten, 1, BR_THRESHOLD_DELTA_IQR, "fewer than 2 values");
	check_note("equal values", equal, 3, BR_THRESHOLD_Z, "all values are equal");
	check_note("equal values", equal, 3, BR_THRESHOLD_LOGNORMAL, "all values are equal");
	check_note("zero", zero, 3, BR_THRESHOLD_LOGNORMAL, "values that are not positive have no logarithm");
	check_note("zero", zero, 3, BR_THRESHOLD_DELTA_IQR, "a value is 0: no relative change from it");
	check("negative values", minus, 3, BR_THRESHOLD_PERCENTAGE, 0.1, -5.5, -4.5);
	check("negative values", minus, 3, BR_THRESHOLD_DELTA_IQR, 0, -5, -5);
	check("one value", ten, 1, BR_THRESHOLD_IQR, 3, 3, 3);
	ok(br_threshold(ten, 10, BR_THRESHOLD_Z, 0.9).note != NULL, "z needs more values");
	ok(br_threshold(ten, 10, BR_THRESHOLD_T, 0.9).note == NULL, "t does not");

	ok(isnan(br_noise_threshold(many, LENGTH(many))), "no noise after 0");
	ok(isnan(br_zscore(equal, 3, 5, false)) && isnan(br_zscore(equal, 3, 5, true)), "no z-score where nothing varies");
	ok(isnan(br_zscore(ten, 0, 5, false)) && isnan(br_zscore(ten, 1, 5, false)), "nor of less than two values");
	ok(isnan(br_zscore(minus, 3, NAN, false)), "nor for NaN");
}

static void
test_boundaries(void)
{
	ok(br_threshold_complaint(BR_THRESHOLD_Z, 0.5) == NULL && br_threshold_complaint(BR_THRESHOLD_Z, 0.999) == NULL,
	   "probabilities");
	ok(br_threshold_complaint(BR_THRESHOLD_T, 0.49) != NULL && br_threshold_complaint(BR_THRESHOLD_T, 1) != NULL &&
	   br_threshold_complaint(BR_THRESHOLD_LOGNORMAL, NAN) != NULL, "no probabilities");
	ok(br_threshold_complaint(BR_THRESHOLD_IQR, 0) == NULL && br_threshold_complaint(BR_THRESHOLD_IQR, -1) != NULL &&
	   br_threshold_complaint(BR_THRESHOLD_PERCENTAGE, INFINITY) != NULL, "multiples");
	ok(br_threshold_complaint(BR_THRESHOLD_STATIC, -1) == NULL && br_threshold_complaint(BR_THRESHOLD_STATIC, NAN) != NULL,
	   "limits");
}

int
main(void)
{
	test_documented();
	test_others();
	test_limits();
	test_boundaries();
	return done_testing();
}
