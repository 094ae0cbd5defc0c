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

/* Sums by lane, apart as arrays so that compilers make vectors of them. */
typedef struct Lanes
{
	double		high[LANES];
	double		low[LANES];
} Lanes;

/* As br_sum_add(), lane by lane. */
static inline void
add(Lanes *lanes, const double *terms)
{
	for (int lane = 0; lane < LANES; lane++)
	{
		double		high = lanes->high[lane] + terms[lane];
		double		part = high - lanes->high[lane];

		lanes->low[lane] += (lanes->high[lane] - (high - part)) + (terms[lane] - part);
		lanes->high[lane] = high;
	}
}

static BrSum
total(const Lanes *lanes)
{
	BrSum		sum = {0};

	for (int lane = 0; lane < LANES; lane++)
	{
		br_sum_add(&sum, lanes->high[lane]);
		/* what an infinity rounds off is NaN */
		if (isfinite(lanes->high[lane]))
			br_sum_add(&sum, lanes->low[lane]);
	}
	return sum;
}

/*
 * As the quotient of a sum that is wider than a double, or equal values could all
 * be beside their own mean, and fences around it would leave no value in.
 */
static double
divide(const BrSum *sum, int64 n)
{
	double		quotient = br_sum_total(sum) / n;

	if (!isfinite(quotient))
		return quotient;
	return quotient + (fma(-quotient, n, sum->high) + sum->low) / n;
}

/* Each value times scale. */
static double
scaled_mean(const double *values, int64 n, double scale)
{
	Lanes		lanes = {{0}, {0}};
	BrSum		sum;
	int64		i = 0;

	for (; i + LANES <= n; i += LANES)
	{
		double		terms[LANES];

		for (int lane = 0; lane < LANES; lane++)
			terms[lane] = values[i + lane] * scale;
		add(&lanes, terms);
	}
	sum = total(&lanes);
	for (; i < n; i++)
		br_sum_add(&sum, values[i] * scale);
	return divide(&sum, n);
}

/*
 * The sum of squares is corrected by the sum of the deviations, which would be
 * 0 if the mean were exact.
 */
static double
scaled_variance(const double *values, int64 n, double scale, double mean)
{
	Lanes		squares = {{0}, {0}};
	double		deviations[LANES] = {0};
	double		rest = 0;
	BrSum		sum;
	int64		i = 0;

	for (; i + LANES <= n; i += LANES)
	{
		double		terms[LANES];

		for (int lane = 0; lane < LANES; lane++)
		{
			double		deviation = values[i + lane] * scale - mean;

			deviations[lane] += deviation;
			terms[lane] = deviation * deviation;
		}
		add(&squares, terms);
	}
	sum = total(&squares);
	for (; i < n; i++)
	{
		double		deviation = values[i] * scale - mean;

		rest += deviation;
		br_sum_add(&sum, deviation * deviation);
	}
	for (int lane = 0; lane < LANES; lane++)
		rest += deviations[lane];
	br_sum_add(&sum, -rest * rest / n);
	return br_sum_total(&sum) / (n - 1);
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

static BrMean
mean_by_scale(const double *values, int64 n, double scale)
{
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

BrMean
br_mean(const double *values, int64 n)
{
	BrMean		result = mean_by_scale(values, n, 1);

	/* out of the range of a double, or at its end? */
	if (!(fabs(result.mean) < 1e150 && (n == 1 || (result.stdev < 1e150 && result.stdev > 1e-150))))
	{
		double		scale = scale_for(values, n);

		if (scale != 1)
			return mean_by_scale(values, n, scale);
	}
	return result;
}

double
br_geomean(const double *values, int64 n)
{
	BrSum		sum = {0};

	for (int64 i = 0; i < n; i++)
	{
		BR_CHECK_INTERRUPTS();
		br_sum_add(&sum, log(values[i]));
	}
	return exp(br_sum_total(&sum) / n);
}
