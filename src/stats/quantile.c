/*
 * quantile.c
 *		What a percentile is, where the ranks are known.
 */
#include "base/br.h"

#include <float.h>
#include <math.h>

#include "stats/quantile.h"
#include "stats/sort.h"

/* From this number of percentiles on values are sorted: each selection takes a look at all that are left. */
#define MANY 16

/* As PostgreSQL's float8_lerp(). */
static double
interpolate(double low, double high, double share)
{
	return low + (share * (high - low));
}

double
br_between(double low, double high, double rank)
{
	double		share = rank - floor(rank);

	return share == 0 ? low : interpolate(low, high, share);
}

double
br_quantile(const double *sorted, int64 n, double p)
{
	double		rank = p * (n - 1);

	return br_between(sorted[(int64) floor(rank)], sorted[(int64) ceil(rank)], rank);
}

double
br_next_rank(double *values, int64 n, int64 k, int64 *done)
{
	if (k == *done)
	{
		/* the next one: the least of the rest */
		double		least = values[k];
		int64		place = k;

		for (int64 i = k + 1; i < n; i++)
			least = Min(least, values[i]);
		while (values[place] != least)
			place++;
		values[place] = values[k];
		values[k] = least;
	}
	else if (k > *done)
		br_select(values + *done, n - *done, k - *done);
	*done = Max(*done, k + 1);
	return values[k];
}

/* NaNs are behind the numbers. */
static double
rank_among(double *values, int64 numbers, int64 k, int64 *done)
{
	return k < numbers ? br_next_rank(values, numbers, k, done) : NAN;
}

void
br_quantiles(double *values, int64 n, const double *p, int np, double *result)
{
	int64		numbers = br_nan_last(values, n);
	int64		done = 0;
	double		last = -1;

	if (np >= MANY)
	{
		br_sort(values, n);
		for (int i = 0; i < np; i++)
			result[i] = br_quantile(values, n, p[i]);
		return;
	}
	/* from the least p upwards, as each selection leaves less to select from */
	for (;;)
	{
		double		next = INFINITY;
		double		rank;
		double		low;
		double		value;

		for (int i = 0; i < np; i++)
			if (p[i] > last && p[i] < next)
				next = p[i];
		if (isinf(next))
			return;
		rank = next * (n - 1);
		low = rank_among(values, numbers, (int64) floor(rank), &done);
		value = br_between(low, rank_among(values, numbers, (int64) ceil(rank), &done), rank);
		for (int i = 0; i < np; i++)
			if (p[i] == next)
				result[i] = value;
		last = next;
	}
}

static const char *const method_names[] = {
	NULL, "1", "2", "3", "4", "5", "6", "7", "8", "9", "index"
};

bool
br_quantile_method(const char *name, BrQuantileMethod *method)
{
	if (strcmp(name, "nearest_rank") == 0)
		name = "1";
	for (int i = 1; i <= BR_QUANTILE_METHODS; i++)
		if (strcmp(name, method_names[i]) == 0)
		{
			*method = i;
			return true;
		}
	return false;
}

const char *
br_quantile_method_name(BrQuantileMethod method)
{
	return method_names[method];
}

/* The value of a rank from 1; ranks beyond an end are that end. */
static double
at(const double *sorted, int64 n, int64 rank)
{
	return sorted[Min(Max(rank, 1), n) - 1];
}

/*
 * n * p + m is often meant to be whole and is so but for rounding; R takes the
 * same margin.
 */
static double
whole_part(double position, double *rest)
{
	double		margin = 4 * DBL_EPSILON * Max(1.0, fabs(position));
	double		whole = floor(position + margin);

	*rest = position - whole;
	if (fabs(*rest) < margin)
		*rest = 0;
	return whole;
}

double
br_quantile_by(const double *sorted, int64 n, double p, BrQuantileMethod method)
{
	double		rest;
	double		whole;

	switch (method)
	{
		case BR_QUANTILE_INDEX:
			return at(sorted, n, (int64) floor(n * p) + 1);
		case BR_QUANTILE_1:
			whole = whole_part(n * p, &rest);
			return at(sorted, n, (int64) whole + (rest > 0));
		case BR_QUANTILE_2:
			whole = whole_part(n * p, &rest);
			if (rest > 0)
				return at(sorted, n, (int64) whole + 1);
			return interpolate(at(sorted, n, (int64) whole), at(sorted, n, (int64) whole + 1), 0.5);
		case BR_QUANTILE_3:
			whole = whole_part(n * p - 0.5, &rest);
			return at(sorted, n, (int64) whole + (rest > 0 || fmod(whole, 2) != 0));
		case BR_QUANTILE_4:
			whole = whole_part(n * p, &rest);
			break;
		case BR_QUANTILE_5:
			whole = whole_part(n * p + 0.5, &rest);
			break;
		case BR_QUANTILE_6:
			whole = whole_part((n + 1) * p, &rest);
			break;
		case BR_QUANTILE_8:
			whole = whole_part(n * p + (p + 1) / 3, &rest);
			break;
		case BR_QUANTILE_9:
			whole = whole_part(n * p + p / 4 + 0.375, &rest);
			break;
		case BR_QUANTILE_7:
		default:
			return br_quantile(sorted, n, p);
	}
	if (rest == 0)
		return at(sorted, n, (int64) whole);
	return interpolate(at(sorted, n, (int64) whole), at(sorted, n, (int64) whole + 1), rest);
}
