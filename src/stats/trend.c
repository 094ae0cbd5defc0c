/*
 * trend.c
 *		Theil-Sen slope, Mann-Kendall test, autocorrelation.
 *
 * P. K. Sen: Estimates of the Regression Coefficient Based on Kendall's Tau,
 * JASA 63, 1968; M. G. Kendall: Rank Correlation Methods, 1970 (variance with
 * ties); R. O. Gilbert: Statistical Methods for Environmental Pollution
 * Monitoring, 1987, 16.4 (Mann-Kendall, normal from 10 points on).
 */
#include "base/br.h"

#include <math.h>

#include "stats/mean.h"
#include "stats/quantile.h"
#include "stats/sort.h"
#include "stats/special.h"
#include "stats/trend.h"

#define NORMAL_MIN_POINTS 10

static double *
sorted_copy(const double *values, int64 n)
{
	double	   *copy = palloc(n * sizeof(double));

	memcpy(copy, values, n * sizeof(double));
	br_sort(copy, n);
	return copy;
}

/* The variance of Kendall's score where y is independent of x, which has no ties. */
static double
score_variance(const double *sorted, int64 n)
{
	double		sum = n * (n - 1.0) * (2.0 * n + 5.0);

	for (int64 i = 0, t; i < n; i += t)
	{
		for (t = 1; i + t < n && sorted[i + t] == sorted[i];)
			t++;
		sum -= t * (t - 1.0) * (2.0 * t + 5.0);
	}
	return sum / 18.0;
}

/* The score is more often even than not: half of its step of 2 is the correction. */
static double
mann_kendall(double score, double variance)
{
	if (score == 0.0)
		return 1.0;
	return 2.0 * br_normal_sf((fabs(score) - 1.0) / sqrt(variance));
}

BrTrend
br_trend(const double *x, const double *y, int64 n)
{
	BrTrend		trend = {NAN, NAN, NAN, NULL};
	double		half = 0.5;
	double	   *sorted;
	double	   *slopes;
	int64		pairs = 0;
	int64		score = 0;

	if (n < 2)
	{
		trend.note = "fewer than 2 points";
		return trend;
	}
	slopes = palloc(n * (n - 1) / 2 * sizeof(double));
	for (int64 i = 0; i < n; i++)
	{
		BR_CHECK_INTERRUPTS();
		for (int64 k = i + 1; k < n; k++)
		{
			slopes[pairs++] = (y[k] - y[i]) / (x[k] - x[i]);
			score += (y[k] > y[i]) - (y[k] < y[i]);
		}
	}
	br_quantiles(slopes, pairs, &half, 1, &trend.slope);
	pfree(slopes);

	sorted = sorted_copy(y, n);
	trend.intercept = br_quantile(sorted, n, half) - trend.slope * br_quantile(x, n, half);
	trend.p_value = mann_kendall(score, score_variance(sorted, n));
	if (n < NORMAL_MIN_POINTS)
		trend.note = "fewer than 10 points: the p-value is approximate";
	return trend;
}

BrCorrelation
br_autocorrelation(const double *values, int64 n)
{
	BrCorrelation result = {NAN, NAN, NULL};
	BrMean		mean;
	double		products = 0.0;
	bool		varies = false;

	if (n < 3)
	{
		result.note = "fewer than 3 values";
		return result;
	}
	mean = br_mean(values, n);
	for (int64 i = 1; i < n; i++)
	{
		varies = varies || values[i] != values[0];
		products += (values[i] - mean.mean) / mean.stdev * ((values[i - 1] - mean.mean) / mean.stdev);
	}
	if (!varies)
	{
		result.note = "all values are equal";
		return result;
	}
	result.lag1 = products / (n - 1.0);
	result.effective_n = n * (1.0 - result.lag1) / (1.0 + result.lag1);
	if (fabs(result.lag1) > br_normal_quantile(0.975) / sqrt(n))
		result.note = "values depend on those before them: intervals and tests that take them for independent do not hold";
	return result;
}
