/*
 * moments.c
 *		Central moments in one pass, and of two parts together.
 *
 * Updates by differences from the running mean (Welford 1962; for the third and
 * fourth moment, and for parts, Chan, Golub and LeVeque 1979 and Pebay, Sandia
 * report SAND2008-6212): a variance as a difference of two large sums of squares
 * would lose all digits where the spread is small beside the mean.
 *
 * The mean that is told is the sum, kept with its rounding errors, over the
 * count, which is better than the running one.
 */
#include "base/br.h"

#include <float.h>
#include <math.h>

#include "common/int.h"
#include "stats/moments.h"

/* As PostgreSQL orders them, NaN after everything else. */
static double
least(double a, double b)
{
	return a < b || isnan(b) ? a : b;
}

static double
greatest(double a, double b)
{
	return a > b || isnan(a) ? a : b;
}

bool
br_moments_add(BrMoments *moments, double x)
{
	double		before = moments->n;
	double		n = before + 1;
	double		delta = isfinite(x) ? x - moments->mean : NAN;
	double		step = delta / n;
	double		square = delta * step * before;

	if (moments->n == PG_INT64_MAX)
		return false;
	moments->n++;
	moments->min = before == 0 ? x : least(moments->min, x);
	moments->max = before == 0 ? x : greatest(moments->max, x);
	br_sum_add(&moments->sum, x);

	moments->mean += step;
	if (before == 0)
	{
		/* 0 or NaN; below, 0 times a square beyond the range would be NaN as well */
		moments->m2 = moments->m3 = moments->m4 = delta - delta;
		return true;
	}
	moments->m4 += square * step * step * (n * n - 3 * n + 3) +
		6 * step * step * moments->m2 - 4 * step * moments->m3;
	moments->m3 += square * step * (n - 2) - 3 * step * moments->m2;
	moments->m2 += square;
	return true;
}

bool
br_moments_merge(BrMoments *moments, const BrMoments *other)
{
	BrMoments	a = *moments;
	const BrMoments *b = other;
	int64		n;
	double		delta = b->mean - a.mean;
	double		part_a;
	double		part_b;

	if (pg_add_s64_overflow(a.n, b->n, &n))
		return false;
	if (b->n == 0)
		return true;
	if (a.n == 0)
	{
		*moments = *b;
		return true;
	}
	part_a = (double) a.n / n;
	part_b = (double) b->n / n;

	moments->n = n;
	moments->min = least(a.min, b->min);
	moments->max = greatest(a.max, b->max);
	br_sum_merge(&moments->sum, &b->sum);

	moments->mean += delta * part_b;
	moments->m2 += b->m2 + delta * delta * a.n * part_b;
	moments->m3 += b->m3 + delta * delta * delta * a.n * part_b * (part_a - part_b) +
		3 * delta * (part_a * b->m2 - part_b * a.m2);
	moments->m4 += b->m4 +
		delta * delta * delta * delta * a.n * part_b * (part_a * part_a - part_a * part_b + part_b * part_b) +
		6 * delta * delta * (part_a * part_a * b->m2 + part_b * part_b * a.m2) +
		4 * delta * (part_a * b->m3 - part_b * a.m3);
	return true;
}

const char *
br_moments_problem(const BrMoments *moments)
{
	static const BrMoments none = {0};

	if (moments->n < 0)
		return "The count is negative.";
	if (moments->n == 0)
		return memcmp(moments, &none, sizeof(none)) == 0 ? NULL : "There are figures of no numbers.";
	if (greatest(moments->min, moments->max) != moments->max && !isnan(moments->max))
		return "The least number is greater than the greatest.";
	if (moments->m2 < 0 || moments->m4 < 0)
		return "A sum of even powers is negative.";
	if (isfinite(moments->sum.high) && !isfinite(moments->sum.low))
		return "The sum is finite, and what rounding took from it is not.";
	return NULL;
}

bool
br_moments_are_of_finite(const BrMoments *moments)
{
	return isfinite(moments->min) && isfinite(moments->max);
}

double
br_moments_sum(const BrMoments *moments)
{
	return br_sum_total(&moments->sum);
}

double
br_moments_mean(const BrMoments *moments)
{
	double		sum = br_moments_sum(moments);

	return isfinite(sum) || !br_moments_are_of_finite(moments) ? sum / moments->n : moments->mean;
}

double
br_moments_variance(const BrMoments *moments)
{
	return moments->m2 / (moments->n - 1);
}

bool
br_moments_have_shape(const BrMoments *moments)
{
	/* written so that NaN has one: it propagates */
	return !(moments->m4 < DBL_MIN);
}

double
br_moments_skewness(const BrMoments *moments)
{
	return moments->m3 / moments->m2 * sqrt(moments->n / moments->m2);
}

double
br_moments_kurtosis(const BrMoments *moments)
{
	return moments->n * (moments->m4 / moments->m2 / moments->m2) - 3;
}
