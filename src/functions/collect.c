/*
 * collect.c
 *		Transitions of the aggregates over whole samples.
 */
#include "base/br.h"

#include "functions/collect.h"
#include "functions/sample.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(bench_collect);
PG_FUNCTION_INFO_V1(bench_collect_with);
PG_FUNCTION_INFO_V1(bench_collect_sample);
PG_FUNCTION_INFO_V1(bench_collect_moving);
PG_FUNCTION_INFO_V1(bench_let_go);

/* The state so far, or a new one. */
static BrCollected *
state_of(FunctionCallInfo fcinfo)
{
	MemoryContext context;
	BrCollected *state;

	if (!PG_ARGISNULL(0))
		return (BrCollected *) PG_GETARG_POINTER(0);
	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "a transition function was called outside of an aggregate");
	state = MemoryContextAllocZero(context, sizeof(BrCollected));
	br_buffer_init(&state->buffer, context);
	return state;
}

/* The argument behind the value: kept from the first row, the same in all. */
static void
check_argument(FunctionCallInfo fcinfo, BrCollected *state)
{
	bool		null = PG_ARGISNULL(2);

	if (!state->has_argument)
	{
		MemoryContext context;
		MemoryContext old;

		if (!AggCheckCallContext(fcinfo, &context))
			elog(ERROR, "a transition function was called outside of an aggregate");
		get_typlenbyval(get_fn_expr_argtype(fcinfo->flinfo, 2), &state->argument_length, &state->argument_by_value);
		old = MemoryContextSwitchTo(context);
		state->argument_is_null = null;
		if (!null)
		{
			Datum		value = PG_GETARG_DATUM(2);

			if (state->argument_length == -1)
				value = PointerGetDatum(PG_DETOAST_DATUM(value));
			state->argument = datumCopy(value, state->argument_by_value, state->argument_length);
		}
		MemoryContextSwitchTo(old);
		state->has_argument = true;
	}
	else if (null != state->argument_is_null ||
			 (!null && !datum_image_eq(state->argument, PG_GETARG_DATUM(2),
									   state->argument_by_value, state->argument_length)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the second argument of an aggregate differs from row to row"),
				 errdetail("It says what to make of the whole sample, so it must be the same for all values."),
				 errhint("Group by it, or give a constant.")));
}

Datum
bench_collect(PG_FUNCTION_ARGS)
{
	BrCollected *state = state_of(fcinfo);

	if (!PG_ARGISNULL(1))
		br_buffer_add(&state->buffer, PG_GETARG_FLOAT8(1));
	PG_RETURN_POINTER(state);
}

Datum
bench_collect_with(PG_FUNCTION_ARGS)
{
	BrCollected *state = state_of(fcinfo);

	check_argument(fcinfo, state);
	if (!PG_ARGISNULL(1))
		br_buffer_add(&state->buffer, PG_GETARG_FLOAT8(1));
	PG_RETURN_POINTER(state);
}

Datum
bench_collect_sample(PG_FUNCTION_ARGS)
{
	BrCollected *state = state_of(fcinfo);

	if (!PG_ARGISNULL(1))
	{
		const BrSample *sample = PG_GETARG_SAMPLE(1);
		int64		n = br_sample_count(sample);

		br_buffer_grow(&state->buffer, n);
		memcpy(state->buffer.values + state->buffer.n, sample->values, n * sizeof(double));
		state->buffer.n += n;
	}
	PG_RETURN_POINTER(state);
}

/* As bench_collect() or bench_collect_with(), for a frame that moves. */
Datum
bench_collect_moving(PG_FUNCTION_ARGS)
{
	BrCollected *state = state_of(fcinfo);

	state->moves = true;
	if (PG_NARGS() > 2)
		check_argument(fcinfo, state);
	if (!PG_ARGISNULL(1))
		br_buffer_add(&state->buffer, PG_GETARG_FLOAT8(1));
	PG_RETURN_POINTER(state);
}

/* A value leaves the frame: it is the first that came. */
Datum
bench_let_go(PG_FUNCTION_ARGS)
{
	BrCollected *state = state_of(fcinfo);
	BrBuffer   *buffer = &state->buffer;

	if (PG_ARGISNULL(1))
		PG_RETURN_POINTER(state);
	if (state->gone == buffer->n)
		elog(ERROR, "a value leaves the frame that never came into it");
	state->gone++;
	/* the room is taken again when half of it is free: that moves each value once at most */
	if (state->gone > buffer->n / 2)
	{
		buffer->n -= state->gone;
		memmove(buffer->values, buffer->values + state->gone, buffer->n * sizeof(double));
		state->gone = 0;
	}
	PG_RETURN_POINTER(state);
}

/* What is in the frame, apart from the state. */
static BrCollected *
copy_frame(const BrCollected *state)
{
	BrCollected *copy = palloc(sizeof(BrCollected));
	int64		n = state->buffer.n - state->gone;

	*copy = *state;
	copy->buffer.values = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(double));
	memcpy(copy->buffer.values, state->buffer.values + state->gone, n * sizeof(double));
	copy->buffer.n = copy->buffer.capacity = n;
	copy->gone = 0;
	return copy;
}

BrCollected *
br_collected(FunctionCallInfo fcinfo)
{
	BrCollected *state;

	/* the state is of type internal: whoever else calls could pass anything */
	if (AggCheckCallContext(fcinfo, NULL) == 0)
		elog(ERROR, "a final function was called outside of an aggregate");
	if (PG_ARGISNULL(0))
		return NULL;
	state = (BrCollected *) PG_GETARG_POINTER(0);
	if (state->buffer.n == state->gone)
		return NULL;
	return state->moves ? copy_frame(state) : state;
}
