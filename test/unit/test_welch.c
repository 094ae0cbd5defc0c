/*
 * test_welch.c
 *		Welch's test and adjusted p-values, against R's t.test and p.adjust.
 */
#include "base/br.h"

#include <math.h>

#include "stats/adjust.h"
#include "stats/welch.h"
#include "tap.h"

static BrWelch
welch(const double *a, int64 na, const double *b, int64 nb)
{
	return br_welch(br_group(a, na), br_group(b, nb));
}

static void
test_welch(void)
{
	static const double a[] = {1, 2, 3, 4, 5, 6, 7, 8};
	static const double b[] = {2.5, 3.5, 4.5, 9, 10, 11, 12, 13};
	static const double few[] = {10.1, 9.8, 10.4, 10.0};
	static const double spread[] = {12.5, 9.0, 14.1, 11.7, 10.2};
	BrWelch		test = welch(a, 8, b, 8);

	is_double(test.t, -2.185185185185185119, 1e-14, "eight and eight: t");
	is_double(test.df, 11.438221213714475866, 1e-14, "degrees of freedom");
	is_double(test.p_value, 0.050493052400575042, 1e-12, "p");
	is_double(test.diff, 3.6875, 0, "the difference is that of b to a");
	is_str(test.note, NULL, "nothing to note");
	test = welch(b, 8, a, 8);
	is_double(test.t, 2.185185185185185119, 1e-14, "swapped: t has the other sign");
	is_double(test.p_value, 0.050493052400575042, 1e-12, "the same p");
	test = welch(few, 4, spread, 5);
	is_double(test.t, -1.59059100774913609, 1e-13, "different sizes and variances: t");
	is_double(test.df, 4.15822227867177929, 1e-13, "degrees of freedom");
	is_double(test.p_value, 0.18421223437393325, 1e-12, "p");
	test = welch(a, 8, a, 8);
	ok(test.t == 0 && !signbit(test.t), "equal means: t is 0, not -0");
}

static void
test_edges(void)
{
	static const double greatest[] = {1e308, 1.1e308};
	static const double least[] = {-1e308, -1.1e308};
	static const double tenths[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
	static const double thirds[] = {0.3, 0.3, 0.3};
	static const double large[] = {1e300, 2e300, 3e300};
	static const double larger[] = {5e300, 6e300, 7.5e300};
	static const double small[] = {1, 2, 3};
	static const double smaller[] = {5, 6, 7.5};
	BrWelch		test = welch(tenths, 7, tenths, 5);

	is_double(br_group(tenths, 7).stdev, 0, 0, "equal values do not vary, though their mean is rounded");
	is_double(test.t, 0, 0, "two constant samples that agree: t");
	is_double(test.p_value, 1, 0, "p");
	is_str(test.note, "all values are equal", "noted");
	test = welch(tenths, 7, thirds, 3);
	is_double(test.t, -INFINITY, 0, "two that do not: t");
	is_double(test.p_value, 0, 0, "p");
	is_str(test.note, "no value differs from its sample's mean: p is 0", "noted");
	test = welch(thirds, 3, small, 3);
	is_double(test.df, 2, 1e-14, "one constant sample: the degrees of freedom of the other");
	test = welch(small, 1, small, 3);
	is_double(test.p_value, NAN, 0, "one value on a side: no p");
	is_double(test.diff, 1, 0, "but a difference");
	is_str(test.note, "two values on each side are needed", "noted");
	test = welch(greatest, 2, least, 2);
	is_double(test.p_value, NAN, 0, "a difference beyond the range of a double: no p");
	is_double(test.diff, NAN, 0, "no difference");
	is_str(test.note, "the figures exceed the range of double precision", "noted");
	is_double(welch(large, 3, larger, 3).p_value, welch(small, 3, smaller, 3).p_value, 1e-12,
			  "variances beyond the range of a double");
}

static void
check_adjusted(const double *p, const double *expected, int n, BrAdjustment adjustment, const char *name)
{
	double	   *got = palloc(n * sizeof(double));

	memcpy(got, p, n * sizeof(double));
	br_adjust(got, n, adjustment);
	for (int i = 0; i < n; i++)
		is_double(got[i], expected[i], 1e-14, "%s: %g", name, p[i]);
}

static void
test_adjust(void)
{
	static const double p[] = {0.0123, 0.5, 0.0004, 0.03, 0.03, 0.9, 0.0004};
	static const double holm[] = {0.0615, 1, 0.0028, 0.12, 0.12, 1, 0.0028};
	static const double bh[] = {0.0287, 3.5 / 6, 0.0014, 0.042, 0.042, 0.9, 0.0014};
	static const double bonferroni[] = {0.0861, 1, 0.0028, 0.21, 0.21, 1, 0.0028};
	static const double steps[] = {0.01, 0.02, 0.03, 0.04, 0.05};
	static const double held[] = {0.05, 0.08, 0.09, 0.09, 0.09};

	check_adjusted(p, holm, lengthof(p), BR_ADJUST_HOLM, "Holm");
	check_adjusted(p, bh, lengthof(p), BR_ADJUST_BH, "Benjamini and Hochberg");
	check_adjusted(p, bonferroni, lengthof(p), BR_ADJUST_BONFERRONI, "Bonferroni");
	check_adjusted(steps, held, lengthof(steps), BR_ADJUST_HOLM, "none falls below the one before");
}

int
main(void)
{
	test_welch();
	test_edges();
	test_adjust();
	return done_testing();
}
