/*
 * mean.c
 *		Mean and deviation in two passes: no difference of large squares.
 */
#include "base/br.h"

#include <math.h>

#include "stats/mean.h"
#include "stats/sum.h"

/* Several sums at once, as each addition waits for the one before. */
#define LANES 4

static double
total(const BrSum *lanes)
{
	BrSum		sum = {0};

	for (int lane = 0; lane < LANES; lane++)
	{
		br_sum_add(&sum, lanes[lane].high);
		/* what an infinity rounds off is NaN */
		if (isfinite(lanes[lane].high))
			br_sum_add(&sum, lanes[lane].low);
	}
	return br_sum_total(&sum);
}

/* Each value times scale. */
static double
scaled_mean(const double *values, int64 n, double scale)
{
	BrSum		lanes[LANES] = {{0}};
	int64		i = 0;

	for (; i + LANES <= n; i += LANES)
		for (int lane = 0; lane < LANES; lane++)
			br_sum_add(&lanes[lane], values[i + lane] * scale);
	for (; i < n; i++)
		br_sum_add(&lanes[0], values[i] * scale);
	return total(lanes) / n;
}

/*
 * The sum of squares is corrected by the sum of the deviations, which would be
 * 0 if the mean were exact.
 */
static double
scaled_variance(const double *values, int64 n, double scale, double mean)
{
	BrSum		squares[LANES] = {{0}};
	BrSum		deviations[LANES] = {{0}};
	double		rest;
	int64		i = 0;

	for (; i + LANES <= n; i += LANES)
		for (int lane = 0; lane < LANES; lane++)
		{
			double		deviation = values[i + lane] * scale - mean;

			br_sum_add(&squares[lane], deviation * deviation);
			br_sum_add(&deviations[lane], deviation);
		}
	for (; i < n; i++)
	{
		double		deviation = values[i] * scale - mean;

		br_sum_add(&squares[0], deviation * deviation);
		br_sum_add(&deviations[0], deviation);
	}
	rest = total(deviations);
	return (total(squares) - rest * rest / n) / (n - 1);
}

/*
 * A power of two that brings the largest value near 1, where sums or squares
 * might leave the range of a double; otherwise 1.
 */
static double
scale_for(const double *values, int64 n)
{
	double		largest = 0;
	int			exponent;

	for (int64 i = 0; i < n; i++)
		if (fabs(values[i]) > largest)
			largest = fabs(values[i]);
	if (largest == 0 || isinf(largest) || (largest < 1e100 && largest > 1e-100))
		return 1;
	frexp(largest, &exponent);
	return ldexp(1, Min(-exponent, 1000));
}

BrMean
br_mean(const double *values, int64 n)
{
	double		scale = scale_for(values, n);
	double		mean = scaled_mean(values, n, scale);
	BrMean		result = {mean / scale, NAN};

	if (n > 1)
	{
		double		variance = scaled_variance(values, n, scale, mean);

		/* rounding may leave a little less than nothing */
		result.stdev = isnan(variance) ? NAN : sqrt(Max(variance, 0)) / scale;
	}
	return result;
}

double
br_geomean(const double *values, int64 n)
{
	BrSum		sum = {0};

	for (int64 i = 0; i < n; i++)
		br_sum_add(&sum, log(values[i]));
	return exp(br_sum_total(&sum) / n);
}
