/*
 * threshold.c
 *		The newest value against those before it, how a series behaves as a whole, and how many values it needs.
 */
#include "base/br.h"

#include <math.h>

#include "functions/argument.h"
#include "functions/row.h"
#include "functions/sample.h"
#include "functions/series.h"
#include "stats/threshold.h"
#include "stats/trend.h"

PG_FUNCTION_INFO_V1(bench_threshold);
PG_FUNCTION_INFO_V1(bench_noise_threshold);
PG_FUNCTION_INFO_V1(bench_zscore);
PG_FUNCTION_INFO_V1(bench_trend);
PG_FUNCTION_INFO_V1(bench_autocorrelation);

static void
check_boundary(BrThresholdTest test, double boundary)
{
	const char *complaint = br_threshold_complaint(test, boundary);

	if (complaint != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%g is no boundary for the test \"%s\"", boundary, br_threshold_names[test]),
				 errdetail_internal("%s", complaint)));
}

/* Leaves the limits of the side that is named. A static limit cannot be on both. */
static void
choose_side(BrThreshold *limits, Datum name, BrThresholdTest test)
{
	static const char *const sides[] = {"both", "upper", "lower", NULL};
	int			side = br_check_choice(name, "side", sides);

	if (side == 0 && test == BR_THRESHOLD_STATIC)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a static limit is on one side only"),
				 errhint("Add side => 'upper', or 'lower'.")));
	if (side == 1)
		limits->lo = NAN;
	if (side == 2)
		limits->hi = NAN;
}

/* bench_threshold(history, value, test, boundary, side) -> (limit_lo, limit_hi, alert, note) */
Datum
bench_threshold(PG_FUNCTION_ARGS)
{
	int64		n;
	double	   *history = br_array_present_values(PG_GETARG_DATUM(0), &n);
	double		value = PG_GETARG_FLOAT8(1);
	BrThresholdTest test = br_check_choice(PG_GETARG_DATUM(2), "test", br_threshold_names);
	double		boundary = PG_GETARG_FLOAT8(3);
	BrThreshold limits;
	BrRow		row = {0};

	check_boundary(test, boundary);
	limits = br_threshold(history, n, test, boundary);
	choose_side(&limits, PG_GETARG_DATUM(4), test);
	br_row_float8(&row, limits.lo);
	br_row_float8(&row, limits.hi);
	if (isnan(value))
	{
		br_row_null(&row);
		limits.note = "the value is NaN";
	}
	else if (isnan(limits.lo) && isnan(limits.hi))
		br_row_null(&row);
	else
		br_row_bool(&row, value < limits.lo || value > limits.hi);
	br_row_text(&row, limits.note);
	return br_row_return(fcinfo, &row);
}

Datum
bench_noise_threshold(PG_FUNCTION_ARGS)
{
	int64		n;
	double	   *history = br_array_present_values(PG_GETARG_DATUM(0), &n);
	double		threshold = n > 0 ? br_noise_threshold(history, n) : NAN;

	if (isnan(threshold))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(threshold);
}

Datum
bench_zscore(PG_FUNCTION_ARGS)
{
	const BrSample *history = PG_GETARG_SAMPLE(0);
	double		score = br_zscore(history->values, br_sample_count(history), PG_GETARG_FLOAT8(1), PG_GETARG_BOOL(2));

	if (isnan(score))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(score);
}

/* bench_trend(series) -> (n, slope, intercept, p_value, note); x is the index */
Datum
bench_trend(PG_FUNCTION_ARGS)
{
	BrSeries	series = PG_GETARG_SERIES(0);
	double	   *x;
	BrTrend		trend;
	BrRow		row = {0};

	if (series.n == 0)
		PG_RETURN_NULL();
	if (series.n > BR_TREND_MAX_POINTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("bench_trend() takes up to %d points", BR_TREND_MAX_POINTS),
				 errdetail("The slopes of all pairs are kept in memory."),
				 errhint("Give it the median of each day, or the newest points only.")));
	x = palloc(series.n * sizeof(double));
	for (int64 i = 0; i < series.n; i++)
		x[i] = series.places[i];
	trend = br_trend(x, series.values, series.n);
	br_row_int4(&row, series.n);
	br_row_float8(&row, trend.slope);
	br_row_float8(&row, trend.intercept);
	br_row_float8(&row, trend.p_value);
	br_row_text(&row, trend.note);
	return br_row_return(fcinfo, &row);
}

/* bench_autocorrelation(series) -> (n, lag1, effective_n, note) */
Datum
bench_autocorrelation(PG_FUNCTION_ARGS)
{
	BrSeries	series = PG_GETARG_SERIES(0);
	BrCorrelation correlation;
	BrRow		row = {0};

	if (series.n == 0)
		PG_RETURN_NULL();
	correlation = br_autocorrelation(series.values, series.n);
	br_row_int4(&row, series.n);
	br_row_float8(&row, correlation.lag1);
	br_row_float8(&row, correlation.effective_n);
	br_row_text(&row, correlation.note);
	return br_row_return(fcinfo, &row);
}
