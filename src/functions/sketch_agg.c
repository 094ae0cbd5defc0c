/*
 * sketch_agg.c
 *		Aggregates that make sketches: of values, and of other sketches.
 *
 * The state is a BrSketch in the aggregate's memory. What passes it from a worker
 * to its leader is what the final function returns.
 */
#include "base/br.h"

#include "common/int.h"
#include "functions/sketch.h"

PG_FUNCTION_INFO_V1(bench_sketch_accum);
PG_FUNCTION_INFO_V1(bench_sketch_accum_sketch);
PG_FUNCTION_INFO_V1(bench_sketch_combine);
PG_FUNCTION_INFO_V1(bench_sketch_deserial);
PG_FUNCTION_INFO_V1(bench_sketch_final);

static MemoryContext
state_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "called outside of an aggregate");
	return context;
}

/* The first argument, or a new state in the current context. */
static BrSketch *
state_or_new(FunctionCallInfo fcinfo, double alpha)
{
	BrSketch   *sketch;

	if (!PG_ARGISNULL(0))
		return (BrSketch *) PG_GETARG_POINTER(0);
	sketch = palloc(sizeof(BrSketch));
	br_sketch_init(sketch, alpha);
	return sketch;
}

static void
raise_alpha_differs(double alpha, double other)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("sketches of different relative errors cannot be merged"),
			 errdetail("One has alpha %g, the other %g.", alpha, other),
			 errhint("Use the same alpha for all values of a group.")));
}

static void
raise_too_many_bins(const BrSketch *sketch, double min, double max)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("a benchsketch would have too many bins"),
			 errdetail("With alpha %g, %d bins do not reach from %g to %g.",
					   sketch->alpha, BR_SKETCH_MAX_BINS, Min(min, sketch->min), Max(max, sketch->max)),
			 errhint("Use a larger alpha, or bench_sample(), which keeps the values themselves.")));
}

static void
merge(BrSketch *sketch, const BrSketch *other)
{
	int64		n;

	if (sketch->alpha != other->alpha)
		raise_alpha_differs(sketch->alpha, other->alpha);
	if (pg_add_s64_overflow(sketch->n, other->n, &n))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("too many values for a benchsketch"),
				 errdetail("They are " INT64_FORMAT " and " INT64_FORMAT ".", sketch->n, other->n)));
	if (!br_sketch_merge(sketch, other))
		raise_too_many_bins(sketch, other->min, other->max);
}

static Datum
unchanged(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

/* Of a value, and alpha if there is a third argument. */
Datum
bench_sketch_accum(PG_FUNCTION_ARGS)
{
	MemoryContext context = state_context(fcinfo);
	BrSketch   *sketch;
	double		alpha = BR_SKETCH_ALPHA;
	double		x;

	if (PG_ARGISNULL(1))
		return unchanged(fcinfo);
	x = PG_GETARG_FLOAT8(1);
	if (PG_NARGS() > 2)
	{
		if (PG_ARGISNULL(2))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("alpha must not be null")));
		alpha = PG_GETARG_FLOAT8(2);
		br_sketch_check_alpha(alpha);
	}

	context = MemoryContextSwitchTo(context);
	sketch = state_or_new(fcinfo, alpha);
	if (sketch->alpha != alpha)
		raise_alpha_differs(sketch->alpha, alpha);
	if (!br_sketch_add(sketch, x))
		raise_too_many_bins(sketch, x, x);
	MemoryContextSwitchTo(context);
	PG_RETURN_POINTER(sketch);
}

static Datum
with_sketch(FunctionCallInfo fcinfo, const BrSketch *other)
{
	MemoryContext context = MemoryContextSwitchTo(state_context(fcinfo));
	BrSketch   *sketch = state_or_new(fcinfo, other->alpha);

	merge(sketch, other);
	MemoryContextSwitchTo(context);
	PG_RETURN_POINTER(sketch);
}

Datum
bench_sketch_accum_sketch(PG_FUNCTION_ARGS)
{
	BrSketch	other;

	if (PG_ARGISNULL(1))
		return unchanged(fcinfo);
	other = PG_GETARG_SKETCH(1);
	return with_sketch(fcinfo, &other);
}

Datum
bench_sketch_combine(PG_FUNCTION_ARGS)
{
	return PG_ARGISNULL(1) ? unchanged(fcinfo) : with_sketch(fcinfo, (const BrSketch *) PG_GETARG_POINTER(1));
}

Datum
bench_sketch_deserial(PG_FUNCTION_ARGS)
{
	bytea	   *packed = PG_GETARG_BYTEA_PP(0);
	BrSketch   *sketch;

	(void) state_context(fcinfo);
	sketch = palloc(sizeof(BrSketch));
	br_sketch_unpack(sketch, VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed), ERRCODE_DATA_CORRUPTED);
	PG_RETURN_POINTER(sketch);
}

/* As a value, and for another process. */
Datum
bench_sketch_final(PG_FUNCTION_ARGS)
{
	(void) state_context(fcinfo);
	PG_RETURN_BYTEA_P(br_sketch_pack((const BrSketch *) PG_GETARG_POINTER(0)));
}
