/*
 * threshold.c
 *		How far from its history a value may be.
 *
 * The definitions are Bencher's (bencher.dev, Thresholds & Alerts), which states
 * the upper limits; the lower one is as far from the centre on the other side,
 * for the log-normal test too.
 */
#include "base/br.h"

#include <math.h>

#include "stats/mean.h"
#include "stats/outlier.h"
#include "stats/quantile.h"
#include "stats/sort.h"
#include "stats/special.h"
#include "stats/threshold.h"

/* Below it, the z test takes a standard deviation for known that is not. */
#define Z_MIN_POINTS 30

typedef enum BoundaryKind
{
	ANY_VALUE,
	MULTIPLE,
	PROBABILITY
} BoundaryKind;

const char *const br_threshold_names[] = {
	[BR_THRESHOLD_STATIC] = "static",
	[BR_THRESHOLD_PERCENTAGE] = "percentage",
	[BR_THRESHOLD_Z] = "z",
	[BR_THRESHOLD_T] = "t",
	[BR_THRESHOLD_LOGNORMAL] = "lognormal",
	[BR_THRESHOLD_IQR] = "iqr",
	[BR_THRESHOLD_DELTA_IQR] = "delta_iqr",
	NULL
};

static const struct
{
	BoundaryKind boundary;
	int64		least;			/* values that it needs */
}			tests[] = {
	[BR_THRESHOLD_STATIC] = {ANY_VALUE, 0},
	[BR_THRESHOLD_PERCENTAGE] = {MULTIPLE, 1},
	[BR_THRESHOLD_Z] = {PROBABILITY, 2},
	[BR_THRESHOLD_T] = {PROBABILITY, 2},
	[BR_THRESHOLD_LOGNORMAL] = {PROBABILITY, 2},
	[BR_THRESHOLD_IQR] = {MULTIPLE, 1},
	[BR_THRESHOLD_DELTA_IQR] = {MULTIPLE, 2}
};

const char *
br_threshold_complaint(BrThresholdTest test, double boundary)
{
	switch (tests[test].boundary)
	{
		case MULTIPLE:
			return isfinite(boundary) && boundary >= 0.0 ? NULL :
				"The boundary of this test is a multiple, of 0 or more.";
		case PROBABILITY:
			return boundary >= 0.5 && boundary < 1.0 ? NULL :
				"The boundary of this test is the probability of what is below the upper limit, from 0.5 to less than 1.";
		case ANY_VALUE:
			break;
	}
	return isfinite(boundary) ? NULL : "The boundary of this test is the limit itself, a finite value.";
}

static double *
copy_of(const double *values, int64 n)
{
	double	   *copy = palloc_extended(Max(n, 1) * sizeof(double), MCXT_ALLOC_HUGE);

	memcpy(copy, values, n * sizeof(double));
	return copy;
}

/* Sorts the values. */
static double
iqr_of(double *values, int64 n)
{
	br_sort(values, n);
	return br_quantile(values, n, 0.75) - br_quantile(values, n, 0.25);
}

/* Absolute relative changes from each value to the next, n - 1 of them; after a 0 they are not finite. */
static double *
relative_changes(const double *values, int64 n)
{
	double	   *changes = copy_of(values, n - 1);

	for (int64 i = 0; i + 1 < n; i++)
		changes[i] = fabs((values[i + 1] - values[i]) / values[i]);
	return changes;
}

static bool
all_finite(const double *values, int64 n)
{
	for (int64 i = 0; i < n; i++)
		if (!isfinite(values[i]))
			return false;
	return true;
}

/* A standard deviation of what is all the same may be a little more than 0. */
static bool
all_equal(const double *values, int64 n)
{
	for (int64 i = 1; i < n; i++)
		if (values[i] != values[0])
			return false;
	return true;
}

static BrThreshold
no_limits(const char *note)
{
	return (BrThreshold) {NAN, NAN, note};
}

static BrThreshold
around(double center, double distance)
{
	return (BrThreshold) {center - distance, center + distance, NULL};
}

/* z and t. */
static BrThreshold
normal_limits(const double *values, int64 n, BrThresholdTest test, double boundary)
{
	BrMean		mean = br_mean(values, n);
	BrThreshold limits;

	if (test == BR_THRESHOLD_T)
		return around(mean.mean, br_t_quantile(boundary, n - 1.0) * mean.stdev * sqrt(1.0 + 1.0 / n));
	limits = around(mean.mean, br_normal_quantile(boundary) * mean.stdev);
	if (n < Z_MIN_POINTS)
		limits.note = "fewer than 30 values: limits are too narrow, t has wider ones";
	return limits;
}

static BrThreshold
lognormal_limits(const double *values, int64 n, double boundary)
{
	double	   *logs = copy_of(values, n);
	BrMean		mean;

	for (int64 i = 0; i < n; i++)
	{
		if (values[i] <= 0.0)
			return no_limits("values that are not positive have no logarithm");
		logs[i] = log(values[i]);
	}
	mean = br_mean(logs, n);
	return around(exp(mean.mean),
				  exp(mean.mean + br_normal_quantile(boundary) * mean.stdev) - exp(mean.mean));
}

static BrThreshold
iqr_limits(const double *values, int64 n, BrThresholdTest test, double boundary)
{
	double	   *sorted = copy_of(values, n);
	double		iqr = iqr_of(sorted, n);
	double		median = br_quantile(sorted, n, 0.5);

	if (test == BR_THRESHOLD_DELTA_IQR)
	{
		double	   *changes = relative_changes(values, n);

		if (!all_finite(changes, n - 1))
			return no_limits("a value is 0: no relative change from it");
		iqr = fabs(median) * iqr_of(changes, n - 1);
	}
	return around(median, boundary * iqr);
}

BrThreshold
br_threshold(const double *history, int64 n, BrThresholdTest test, double boundary)
{
	if (test == BR_THRESHOLD_STATIC)
		return around(boundary, 0.0);
	if (n < tests[test].least)
		return no_limits(n == 0 ? "no history" : "fewer than 2 values");
	if (!all_finite(history, n))
		return no_limits("values that are not finite");
	if (tests[test].boundary == PROBABILITY && all_equal(history, n))
		return no_limits("all values are equal");
	switch (test)
	{
		case BR_THRESHOLD_Z:
		case BR_THRESHOLD_T:
			return normal_limits(history, n, test, boundary);
		case BR_THRESHOLD_LOGNORMAL:
			return lognormal_limits(history, n, boundary);
		case BR_THRESHOLD_IQR:
		case BR_THRESHOLD_DELTA_IQR:
			return iqr_limits(history, n, test, boundary);
		default:
			{
				double		mean = br_mean(history, n).mean;

				return around(mean, boundary * fabs(mean));
			}
	}
}

double
br_noise_threshold(const double *history, int64 n)
{
	double	   *changes;
	double		iqr;

	if (n < BR_NOISE_MIN_POINTS)
		return all_finite(history, n) ? BR_NOISE_FALLBACK : NAN;
	changes = relative_changes(history, n);
	if (!all_finite(changes, n - 1))
		return NAN;
	iqr = iqr_of(changes, n - 1);
	return br_quantile(changes, n - 1, 0.75) + 3.0 * iqr;
}

double
br_zscore(const double *sorted, int64 n, double value, bool robust)
{
	double		center;
	double		spread;

	if (n == 0 || !all_finite(sorted, n) || !isfinite(value) || all_equal(sorted, n))
		return NAN;
	if (robust)
	{
		center = br_quantile(sorted, n, 0.5);
		spread = br_mad(sorted, n, BR_MAD_SCALE);
	}
	else
	{
		BrMean		mean = br_mean(sorted, n);

		center = mean.mean;
		spread = mean.stdev;
	}
	return spread > 0.0 ? (value - center) / spread : NAN;
}
