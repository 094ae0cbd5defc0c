/*
 * welch.c
 *		Welch's t test with Satterthwaite's degrees of freedom.
 */
#include "base/br.h"

#include <math.h>

#include "stats/mean.h"
#include "stats/special.h"
#include "stats/welch.h"

/* A mean is rounded, and a constant sample might seem to vary around it. */
static bool
is_constant(const double *values, int64 n)
{
	for (int64 i = 1; i < n; i++)
		if (values[i] != values[0])
			return false;
	return true;
}

BrGroup
br_group(const double *values, int64 n)
{
	BrMean		mean;

	if (n > 1 && is_constant(values, n))
		return (BrGroup) {n, values[0], 0};
	mean = br_mean(values, n);
	return (BrGroup) {n, mean.mean, mean.stdev};
}

BrWelch
br_welch(BrGroup a, BrGroup b)
{
	BrWelch		test = {NAN, NAN, NAN, b.mean - a.mean, NAN, NULL};
	double		se_a;
	double		se_b;
	double		share_a;
	double		share_b;

	if (a.n < 2 || b.n < 2)
	{
		test.note = "two values on each side are needed";
		return test;
	}
	se_a = a.stdev / sqrt(a.n);
	se_b = b.stdev / sqrt(b.n);
	test.se = hypot(se_a, se_b);
	if (test.se == 0)
	{
		test.t = test.diff == 0 ? 0 : copysign(INFINITY, -test.diff);
		test.p_value = test.diff == 0 ? 1 : 0;
		test.note = test.diff == 0 ? "all values are equal" : "no value differs from its sample's mean: p is 0";
		return test;
	}
	/* as shares, which cannot overflow where the variances would */
	share_a = (se_a / test.se) * (se_a / test.se);
	share_b = (se_b / test.se) * (se_b / test.se);
	test.t = 0 - test.diff / test.se;	/* of equal means 0, not -0 */
	test.df = 1 / (share_a * share_a / (a.n - 1) + share_b * share_b / (b.n - 1));
	test.p_value = br_t_two_sided(test.t, test.df);
	return test;
}
