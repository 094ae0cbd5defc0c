/*
 * welch.c
 *		Welch's t test with Satterthwaite's degrees of freedom.
 */
#include "base/br.h"

#include <math.h>

#include "stats/mean.h"
#include "stats/special.h"
#include "stats/welch.h"

BrGroup
br_group(const double *values, int64 n)
{
	BrMean		mean = br_mean(values, n);

	return (BrGroup) {n, mean.mean, mean.stdev};
}

BrGroup
br_log_group(const double *values, int64 n)
{
	double	   *logs = palloc_extended(n * sizeof(double), MCXT_ALLOC_HUGE);
	BrGroup		group;

	for (int64 i = 0; i < n; i++)
		logs[i] = log(values[i]);
	group = br_group(logs, n);
	pfree(logs);
	return group;
}

/* The standard error of the difference of the means, and Satterthwaite's degrees of freedom if it is not 0. */
static double
standard_error(const BrGroup *a, const BrGroup *b, double *df)
{
	double		error_a = a->stdev / sqrt(a->n);
	double		error_b = b->stdev / sqrt(b->n);
	double		error = hypot(error_a, error_b);

	/* as shares, which cannot overflow where the variances would */
	if (error > 0)
	{
		double		share_a = (error_a / error) * (error_a / error);
		double		share_b = (error_b / error) * (error_b / error);

		*df = 1 / (share_a * share_a / (a->n - 1) + share_b * share_b / (b->n - 1));
	}
	return error;
}

double
br_welch_half(BrGroup a, BrGroup b, double conf)
{
	double		df = NAN;
	double		error = standard_error(&a, &b, &df);

	return error == 0 ? 0 : -error * br_t_quantile((1 - conf) / 2, df);
}

BrWelch
br_welch(BrGroup a, BrGroup b)
{
	BrWelch		test = {NAN, NAN, NAN, b.mean - a.mean, NAN, NULL};

	if (a.n < 2 || b.n < 2)
	{
		test.note = "two values on each side are needed";
		return test;
	}
	test.se = standard_error(&a, &b, &test.df);
	if (!isfinite(test.se) || !isfinite(test.diff))
		return (BrWelch) {NAN, NAN, NAN, NAN, NAN, "the figures exceed the range of double precision"};
	if (test.se == 0)
	{
		test.t = test.diff == 0 ? 0 : copysign(INFINITY, -test.diff);
		test.p_value = test.diff == 0 ? 1 : 0;
		test.note = test.diff == 0 ? "all values are equal" : "no value differs from its sample's mean: p is 0";
		return test;
	}
	test.t = 0 - test.diff / test.se;	/* of equal means 0, not -0 */
	test.p_value = br_t_two_sided(test.t, test.df);
	return test;
}
