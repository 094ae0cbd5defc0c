/*
 * history.c
 *		A series as a sequence of levels: change points and segments.
 *
 * What is missing in a series (NULL, NaN, infinities) is no point of it; indexes
 * are those of the input.
 */
#include "base/br.h"

#include <math.h>

#include "funcapi.h"
#include "functions/buffer.h"
#include "functions/object.h"
#include "functions/row.h"
#include "functions/series.h"
#include "stats/changepoint.h"
#include "stats/mean.h"
#include "stats/quantile.h"

PG_FUNCTION_INFO_V1(bench_change_points);
PG_FUNCTION_INFO_V1(bench_segments);
PG_FUNCTION_INFO_V1(bench_change_points_collect);
PG_FUNCTION_INFO_V1(bench_change_points_final);

/* The state of bench_change_points_agg(): NaN is what is missing. */
typedef struct Collected
{
	BrBuffer	buffer;
	BrChangeRules rules;
} Collected;

typedef struct Segment
{
	const double *values;
	int64		n;
	double		median;
	BrMean		mean;
} Segment;

/* An error unless the value is from low to high. */
static double
check_range(const char *name, double value, double low, double high)
{
	if (!(value >= low && value <= high))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s cannot be %g", name, value),
				 isinf(high) ?
				 errdetail("It must be at least %g.", low) :
				 errdetail("It must be between %g and %g.", low, high)));
	return value;
}

/* max_pvalue, min_magnitude, and, if they are there, window_length and compat, from argument first on. */
static BrChangeRules
rules_from_arguments(FunctionCallInfo fcinfo, int first)
{
	BrChangeRules rules = {.max_pvalue = 0.001, .window = 50};
	int			given = PG_NARGS() - first;

	if (given > 0)
	{
		rules.max_pvalue = check_range("max_pvalue", PG_GETARG_FLOAT8(first), 0.0, 1.0);
		rules.min_magnitude = check_range("min_magnitude", PG_GETARG_FLOAT8(first + 1), 0.0, INFINITY);
	}
	if (given > 2)
	{
		rules.window = PG_GETARG_INT32(first + 2);
		check_range("window_length", rules.window, BR_CHANGE_MIN_POINTS, INFINITY);
		rules.compat = PG_GETARG_BOOL(first + 3);
	}
	return rules;
}

/* Of the points from index from up to to. */
static Segment
segment_of(const BrSeries *series, int64 from, int64 to)
{
	Segment		segment = {.values = series->values + from, .n = to - from};
	double		half = 0.5;
	double	   *copy = palloc_extended(segment.n * sizeof(double), MCXT_ALLOC_HUGE);

	memcpy(copy, segment.values, segment.n * sizeof(double));
	segment.mean = br_mean(copy, segment.n);
	br_quantiles(copy, segment.n, &half, 1, &segment.median);
	pfree(copy);
	return segment;
}

/* The segment that ends before change i; i is the number of changes for the last one. */
static Segment
segment_before(const BrSeries *series, const BrChange *changes, int64 found, int64 i)
{
	return segment_of(series, i == 0 ? 0 : changes[i - 1].index, i == found ? series->n : changes[i].index);
}

/* bench_change_points(series, max_pvalue, min_magnitude, window_length, compat) -> one row for each change */
Datum
bench_change_points(PG_FUNCTION_ARGS)
{
	BrChangeRules rules = rules_from_arguments(fcinfo, 1);
	BrSeries	series = PG_GETARG_SERIES(0);
	int64		found;
	BrChange   *changes = br_change_points(series.values, series.n, &rules, &found);

	InitMaterializedSRF(fcinfo, 0);
	for (int64 i = 0; i < found; i++)
	{
		Segment		before = segment_before(&series, changes, found, i);
		Segment		after = segment_before(&series, changes, found, i + 1);
		BrRow		row = {0};

		br_row_int4(&row, series.places[changes[i].index]);
		br_row_float8(&row, before.mean.mean);
		br_row_float8(&row, after.mean.mean);
		br_row_float8(&row, before.median);
		br_row_float8(&row, after.median);
		br_row_float8(&row, br_relative_change(before.mean.mean, after.mean.mean));
		br_row_float8(&row, changes[i].p_value);
		br_row_float8(&row, changes[i].qhat);
		br_row_put(fcinfo, &row);
	}
	return (Datum) 0;
}

/* bench_segments(series, max_pvalue, min_magnitude, window_length, compat) -> one row for each level */
Datum
bench_segments(PG_FUNCTION_ARGS)
{
	BrChangeRules rules = rules_from_arguments(fcinfo, 1);
	BrSeries	series = PG_GETARG_SERIES(0);
	int64		found;
	BrChange   *changes = br_change_points(series.values, series.n, &rules, &found);

	InitMaterializedSRF(fcinfo, 0);
	for (int64 i = 0; i <= found && series.n > 0; i++)
	{
		Segment		segment = segment_before(&series, changes, found, i);
		BrRow		row = {0};

		br_row_int4(&row, i == 0 ? 1 : series.places[changes[i - 1].index]);
		br_row_int4(&row, i == found ? series.length : series.places[changes[i].index] - 1);
		br_row_int4(&row, segment.n);
		br_row_float8(&row, segment.median);
		br_row_float8(&row, segment.mean.mean);
		br_row_float8(&row, segment.mean.stdev);
		br_row_put(fcinfo, &row);
	}
	return (Datum) 0;
}

/* The transition: (state, value), and maybe max_pvalue and min_magnitude, the same in all rows. */
Datum
bench_change_points_collect(PG_FUNCTION_ARGS)
{
	Collected  *state = PG_ARGISNULL(0) ? NULL : (Collected *) PG_GETARG_POINTER(0);
	BrChangeRules rules;

	if (PG_NARGS() > 2 && (PG_ARGISNULL(2) || PG_ARGISNULL(3)))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("max_pvalue and min_magnitude must not be null")));
	rules = rules_from_arguments(fcinfo, 2);
	if (state == NULL)
	{
		MemoryContext context;

		if (!AggCheckCallContext(fcinfo, &context))
			elog(ERROR, "a transition function was called outside of an aggregate");
		state = MemoryContextAllocZero(context, sizeof(Collected));
		br_buffer_init(&state->buffer, context);
		state->rules = rules;
	}
	else if (rules.max_pvalue != state->rules.max_pvalue || rules.min_magnitude != state->rules.min_magnitude)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_pvalue or min_magnitude of an aggregate differs from row to row"),
				 errhint("Group by it, or give a constant.")));
	br_buffer_add(&state->buffer, PG_ARGISNULL(1) ? NAN : PG_GETARG_FLOAT8(1));
	PG_RETURN_POINTER(state);
}

/* Members have the names of bench_change_points()' columns. */
static void
add_change(JsonbParseState **list, const BrSeries *series, const BrChange *changes, int64 found, int64 i)
{
	Segment		before = segment_before(series, changes, found, i);
	Segment		after = segment_before(series, changes, found, i + 1);
	BrObject	object;
	JsonbValue	element;

	br_object_begin(&object);
	br_object_integer(&object, "idx", series->places[changes[i].index]);
	br_object_number(&object, "before_mean", before.mean.mean);
	br_object_number(&object, "after_mean", after.mean.mean);
	br_object_number(&object, "before_median", before.median);
	br_object_number(&object, "after_median", after.median);
	br_object_number(&object, "change", br_relative_change(before.mean.mean, after.mean.mean));
	br_object_number(&object, "p_value", changes[i].p_value);
	br_object_number(&object, "qhat", changes[i].qhat);
	JsonbToJsonbValue(br_object_end(&object), &element);
	pushJsonbValue(list, WJB_ELEM, &element);
}

/* A list of objects, empty if nothing changes; NULL if there is no point at all. */
Datum
bench_change_points_final(PG_FUNCTION_ARGS)
{
	JsonbParseState *list = NULL;
	Collected  *state;
	BrSeries	series;
	BrChange   *changes;
	int64		found;

	/* the state is of type internal: whoever else calls could pass anything */
	if (AggCheckCallContext(fcinfo, NULL) == 0)
		elog(ERROR, "a final function was called outside of an aggregate");
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (Collected *) PG_GETARG_POINTER(0);
	series = br_series(state->buffer.values, state->buffer.n);
	if (series.n == 0)
		PG_RETURN_NULL();
	changes = br_change_points(series.values, series.n, &state->rules, &found);
	pushJsonbValue(&list, WJB_BEGIN_ARRAY, NULL);
	for (int64 i = 0; i < found; i++)
		add_change(&list, &series, changes, found, i);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&list, WJB_END_ARRAY, NULL)));
}
