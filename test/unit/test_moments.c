/*
 * test_moments.c
 *		Moments of streams and of parts of them.
 *
 * Expected figures are numpy's and scipy's (1.24.2 and 1.10.1: var with ddof 1,
 * skew and kurtosis with their defaults), sums those of math.fsum.
 */
#include "base/br.h"

#include <float.h>
#include <math.h>

#include "common/pg_prng.h"
#include "stats/moments.h"
#include "tap.h"

static bool
is_near(double got, double expected, double tolerance, const char *what)
{
	bool		near = fabs(got - expected) <= tolerance * Max(fabs(expected), 1);

	return ok(near, "%s: %.17g, expected %.17g", what, got, expected);
}

static BrMoments
moments_of(const double *values, int n)
{
	BrMoments	moments = {0};

	for (int i = 0; i < n; i++)
		br_moments_add(&moments, values[i]);
	return moments;
}

static void
check(const char *what, BrMoments moments, double mean, double variance, double skewness, double kurtosis,
	  double tolerance)
{
	diag("%s", what);
	is_near(br_moments_mean(&moments), mean, 1e-15, "mean");
	is_near(br_moments_variance(&moments), variance, tolerance, "variance");
	is_near(br_moments_skewness(&moments), skewness, tolerance, "skewness");
	is_near(br_moments_kurtosis(&moments), kurtosis, tolerance, "kurtosis");
}

static void
test_vectors(void)
{
	static const double digits[] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3};
	static const double two[] = {2.5, 7};
	static const double skewed[] = {0.5, 0.25, 1.5, 40, 3.25, 2, 1};
	static const double signs[] = {-3, -1, 0, 2, 10.5};
	static const double shifted[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
	double		many[999];

	check("digits", moments_of(digits, 10), 3.9, 6.1, 0.6800647393157097, -0.1642529387759173, 1e-14);
	check("two", moments_of(two, 2), 4.75, 10.125, 0, -2, 1e-14);
	check("skewed", moments_of(skewed, 7), 6.928571428571429, 213.6815476190476, 2.0211596849574134,
		  2.1221657037083963, 1e-14);
	check("signs", moments_of(signs, 5), 1.7, 27.45, 1.0749034236989392, -0.28500154279514645, 1e-14);
	/* the classic one, where E[x^2] - E[x]^2 is all rounding */
	check("far from zero", moments_of(shifted, 4), 1e9 + 10, 30, 0, -1.64, 1e-14);
	for (int i = 1; i <= (int) lengthof(many); i++)
		many[i - 1] = pow(i * 7919 % 1009, 2) / 64;
	check("many", moments_of(many, lengthof(many)), 5311.40503003003, 22491666.55063885, 0.6349749642638657,
		  -0.8613708295104541, 1e-13);
	ok(br_moments_sum(&(BrMoments) {.n = 1, .sum = {1e16, 2}}) == 1e16 + 2, "the sum with its carry");
}

static void
test_sum(void)
{
	BrMoments	moments = {0};

	for (int i = 0; i < 10; i++)
		br_moments_add(&moments, 0.1);
	ok(br_moments_sum(&moments) == 1, "ten tenths are one");
	moments = (BrMoments) {0};
	br_moments_add(&moments, 1e16);
	for (int i = 0; i < 1000; i++)
		br_moments_add(&moments, 1);
	ok(br_moments_sum(&moments) == 1e16 + 1000, "many little ones beside a large one");
	moments = moments_of((double[]) {1.5e308, 1.7e308, 1.6e308}, 3);
	ok(isinf(br_moments_sum(&moments)) && fabs(br_moments_mean(&moments) / 1.6e308 - 1) < 1e-15,
	   "a mean whose sum is too large");
}

/* Split anywhere, in any order, or multiplied: the figures stay, or follow. */
static void
test_parts(void)
{
	pg_prng_state random;
	double		values[2000];
	BrMoments	whole;

	pg_prng_seed(&random, 42);
	for (int i = 0; i < (int) lengthof(values); i++)
		values[i] = 100 + exp(pg_prng_double(&random) * 6) * (i % 17 == 0 ? 10 : 1);
	whole = moments_of(values, lengthof(values));
	for (int cut = 0; cut <= (int) lengthof(values); cut += cut < 2 || cut >= (int) lengthof(values) - 1 ? 1 : 333)
	{
		BrMoments	a = moments_of(values, cut);
		BrMoments	b = moments_of(values + cut, lengthof(values) - cut);

		ok(br_moments_merge(&a, &b) && a.n == whole.n && a.min == whole.min && a.max == whole.max,
		   "parts of %d and %d", cut, (int) lengthof(values) - cut);
		check("together", a, br_moments_mean(&whole), br_moments_variance(&whole),
			  br_moments_skewness(&whole), br_moments_kurtosis(&whole), 1e-13);
	}
	for (int i = 0; i < (int) lengthof(values) / 2; i++)
	{
		double		value = values[i];
		int			other = pg_prng_uint64_range(&random, 0, lengthof(values) - 1);

		values[i] = values[other];
		values[other] = value;
	}
	check("in another order", moments_of(values, lengthof(values)), br_moments_mean(&whole),
		  br_moments_variance(&whole), br_moments_skewness(&whole), br_moments_kurtosis(&whole), 1e-12);
	for (int i = 0; i < (int) lengthof(values); i++)
		values[i] *= -1000;
	check("multiplied", moments_of(values, lengthof(values)), -1000 * br_moments_mean(&whole),
		  1e6 * br_moments_variance(&whole), -br_moments_skewness(&whole), br_moments_kurtosis(&whole), 1e-12);
}

static void
test_undefined(void)
{
	double		equal[] = {7.1, 7.1, 7.1};
	double		tiny[] = {1e-90, 2e-90, 4e-90};
	double		huge[] = {1e300, 1e300, 1e300};
	BrMoments	moments = moments_of(equal, 3);

	ok(!br_moments_have_shape(&moments), "equal values have no shape");
	ok(br_moments_variance(&moments) == 0, "and no variance");
	moments = moments_of(tiny, 3);
	ok(!br_moments_have_shape(&moments), "nor have such whose fourth powers are no numbers");
	ok(br_moments_variance(&moments) > 0, "which do have a variance");
	moments = moments_of(huge, 3);
	ok(br_moments_variance(&moments) == 0 && br_moments_mean(&moments) == 1e300, "equal values whose squares are no numbers");
	moments = moments_of(equal, 0);
	ok(!br_moments_have_shape(&moments), "nor has nothing");
}

static void
check_not_finite(const char *what, const double *values, int n, double min, double max, double sum)
{
	for (int cut = 0; cut <= n; cut++)
	{
		BrMoments	all = moments_of(values, cut);
		BrMoments	rest = moments_of(values + cut, n - cut);
		double		got;

		br_moments_merge(&all, &rest);
		got = br_moments_sum(&all);
		ok((all.min == min || (isnan(min) && isnan(all.min))) && (all.max == max || (isnan(max) && isnan(all.max))),
		   "%s: extremes", what);
		ok((got == sum || (isnan(sum) && isnan(got))), "%s: sum", what);
		ok(isnan(br_moments_variance(&all)) && br_moments_have_shape(&all) &&
		   isnan(br_moments_skewness(&all)) && isnan(br_moments_kurtosis(&all)), "%s: spread", what);
		ok(br_moments_problem(&all) == NULL, "%s: no problem", what);
	}
}

/* As min, max and sum of PostgreSQL have it. */
static void
test_not_finite(void)
{
	check_not_finite("Infinity", (double[]) {1, INFINITY, 2, 3}, 4, 1, INFINITY, INFINITY);
	check_not_finite("first", (double[]) {INFINITY, 2, 3}, 3, 2, INFINITY, INFINITY);
	check_not_finite("-Infinity", (double[]) {1, -INFINITY, 2}, 3, -INFINITY, 2, -INFINITY);
	check_not_finite("both", (double[]) {-INFINITY, 5, INFINITY}, 3, -INFINITY, INFINITY, NAN);
	check_not_finite("NaN", (double[]) {NAN, 5, 4}, 3, 4, NAN, NAN);
	check_not_finite("NaN and Infinity", (double[]) {5, -INFINITY, NAN}, 3, -INFINITY, NAN, NAN);
	check_not_finite("only NaN", (double[]) {NAN, NAN}, 2, NAN, NAN, NAN);
}

static void
test_problems(void)
{
	BrMoments	good = moments_of((double[]) {1, 2, 4}, 3);
	BrMoments	bad;
	BrMoments	many = good;

	ok(br_moments_problem(&good) == NULL, "no problem");
	ok(br_moments_problem(&(BrMoments) {0}) == NULL, "nor with nothing");
	bad = good;
	bad.n = -1;
	ok(br_moments_problem(&bad) != NULL, "a negative count");
	bad.n = 0;
	ok(br_moments_problem(&bad) != NULL, "figures of nothing");
	bad = good;
	bad.min = 5;
	ok(br_moments_problem(&bad) != NULL, "extremes out of order");
	bad.min = NAN;
	ok(br_moments_problem(&bad) != NULL, "a least value that is NaN, and a greatest that is not");
	bad = good;
	bad.m4 = -1;
	ok(br_moments_problem(&bad) != NULL, "a negative sum of squares");
	bad = good;
	bad.sum.low = NAN;
	ok(br_moments_problem(&bad) != NULL, "a sum that is finite in one part only");
	many.n = PG_INT64_MAX - 2;
	ok(!br_moments_merge(&many, &good), "too many to count");
	many.n = PG_INT64_MAX;
	ok(!br_moments_add(&many, 1), "... one too many");
	is_int(many.n, PG_INT64_MAX, "which is not counted");
}

int
main(void)
{
	test_vectors();
	test_sum();
	test_parts();
	test_undefined();
	test_not_finite();
	test_problems();
	return done_testing();
}
