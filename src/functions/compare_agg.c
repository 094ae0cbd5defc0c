/*
 * compare_agg.c
 *		The comparisons as aggregates: of all values, and of runs.
 *
 * Final functions sort what they are given and change nothing else, as those
 * of the other aggregates over whole samples (collect.h).
 */
#include "base/br.h"

#include "common/hashfn.h"
#include "functions/argument.h"
#include "functions/buffer.h"
#include "functions/comparison.h"
#include "functions/row.h"
#include "stats/byrun.h"
#include "stats/sort.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(bench_compare_collect);
PG_FUNCTION_INFO_V1(bench_compare_final);
PG_FUNCTION_INFO_V1(bench_compare_runs_collect);
PG_FUNCTION_INFO_V1(bench_compare_runs_final);

/* In the order of BrRunStat. */
static const char *const run_stats[] = {"median", "mean", "p90", "p95", "p99", "min", "geomean", NULL};

/* Of one run and side, all values. */
typedef struct RunKey
{
	const char *name;
	int			length;
	bool		is_candidate;
} RunKey;

typedef struct RunValues
{
	RunKey		key;
	BrBuffer	buffer;
	char		status;			/* for the hash table */
} RunValues;

static uint32
hash_run(RunKey key)
{
	return hash_bytes((const unsigned char *) key.name, key.length) ^ (uint32) key.is_candidate;
}

static bool
same_run(RunKey a, RunKey b)
{
	return a.is_candidate == b.is_candidate && a.length == b.length && memcmp(a.name, b.name, a.length) == 0;
}

#define SH_PREFIX runs
#define SH_ELEMENT_TYPE RunValues
#define SH_KEY_TYPE RunKey
#define SH_KEY key
#define SH_HASH_KEY(table, key) hash_run(key)
#define SH_EQUAL(table, a, b) same_run(a, b)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* The state of either aggregate. */
typedef struct State
{
	MemoryContext context;
	BrCompareOptions options;
	BrRunStat	stat;
	BrBuffer	sides[2];		/* of bench_compare: baseline and candidate */
	runs_hash  *runs;			/* of bench_compare_by_run */
	int64		bytes;			/* that its runs take */
} State;

static void
check_same(bool same)
{
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the options of a comparison differ from row to row"),
				 errhint("Group by them, or give constants.")));
}

/* The state so far or a new one, after a look at the options, which follow from that argument on if there are any. */
static State *
state_of(FunctionCallInfo fcinfo, int first_option, BrRunStat stat)
{
	BrCompareOptions options = BR_COMPARE_DEFAULTS;
	MemoryContext context;
	State	   *state;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "a transition function was called outside of an aggregate");
	if (PG_NARGS() > first_option)
		options = br_compare_arguments(fcinfo, first_option);
	if (!PG_ARGISNULL(0))
	{
		state = (State *) PG_GETARG_POINTER(0);
		check_same(state->stat == stat && state->options.conf == options.conf &&
				   state->options.alpha == options.alpha && state->options.min_effect == options.min_effect &&
				   state->options.lower_is_better == options.lower_is_better);
		return state;
	}
	state = MemoryContextAllocZero(context, sizeof(State));
	state->context = context;
	state->options = options;
	state->stat = stat;
	return state;
}

static State *
final_state(FunctionCallInfo fcinfo)
{
	if (AggCheckCallContext(fcinfo, NULL) == 0)
		elog(ERROR, "a final function was called outside of an aggregate");
	return PG_ARGISNULL(0) ? NULL : (State *) PG_GETARG_POINTER(0);
}

/* (state, value, is_candidate [, conf, alpha, min_effect, lower_is_better]) */
Datum
bench_compare_collect(PG_FUNCTION_ARGS)
{
	State	   *state = state_of(fcinfo, 3, BR_RUN_MEDIAN);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		BrBuffer   *side = &state->sides[PG_GETARG_BOOL(2)];

		if (side->values == NULL)
			br_buffer_init(side, state->context);
		br_buffer_add(side, PG_GETARG_FLOAT8(1));
	}
	PG_RETURN_POINTER(state);
}

Datum
bench_compare_final(PG_FUNCTION_ARGS)
{
	State	   *state = final_state(fcinfo);
	BrBuffer   *a;
	BrBuffer   *b;
	BrComparison comparison;

	if (state == NULL || state->sides[0].n + state->sides[1].n == 0)
		PG_RETURN_NULL();
	a = &state->sides[0];
	b = &state->sides[1];
	br_sort(a->values, a->n);
	br_sort(b->values, b->n);
	comparison = br_compare(a->values, a->n, b->values, b->n, &state->options);
	return br_return_comparison(fcinfo, &comparison);
}

/* The runs of a comparison are bounded together, as one sample is. */
static void
take_memory(State *state, int64 bytes)
{
	state->bytes += bytes;
	if (state->bytes > br_max_sample_kb * INT64CONST(1024))
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("the runs of a comparison take more than %d kB", br_max_sample_kb),
				 errdetail("All values are kept in memory, up to benchresults_fdw.max_sample_bytes."),
				 errhint("Compare one figure of each run, or set benchresults_fdw.max_sample_bytes higher.")));
}

static BrBuffer *
buffer_of_run(State *state, text *name, bool is_candidate)
{
	RunKey		key = {VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), is_candidate};
	RunValues  *run;
	bool		found;

	if (state->runs == NULL)
		state->runs = runs_create(state->context, 16, NULL);
	run = runs_insert(state->runs, key, &found);
	if (!found)
	{
		char	   *copy;

		br_buffer_init(&run->buffer, state->context);
		copy = MemoryContextAlloc(state->context, Max(key.length, 1));
		memcpy(copy, key.name, key.length);
		run->key.name = copy;
		take_memory(state, sizeof(RunValues) + key.length + run->buffer.capacity * sizeof(double));
	}
	return &run->buffer;
}

/* (state, run, value, is_candidate [, stat [, conf, alpha, min_effect, lower_is_better]]) */
Datum
bench_compare_runs_collect(PG_FUNCTION_ARGS)
{
	BrRunStat	stat = BR_RUN_MEDIAN;
	State	   *state;

	if (PG_NARGS() > 4)
	{
		if (PG_ARGISNULL(4))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("stat must not be NULL"),
					 errhint("It is usually \"median\".")));
		stat = br_check_choice(PG_GETARG_DATUM(4), "statistic of a run", run_stats);
	}
	state = state_of(fcinfo, 5, stat);
	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2) && !PG_ARGISNULL(3))
	{
		BrBuffer   *buffer = buffer_of_run(state, PG_GETARG_TEXT_PP(1), PG_GETARG_BOOL(3));

		if (buffer->n == buffer->capacity)
			take_memory(state, buffer->capacity * sizeof(double));
		br_buffer_add(buffer, PG_GETARG_FLOAT8(2));
	}
	PG_RETURN_POINTER(state);
}

/* By side and then by name, so that the order of rows does not show in the last digits of sums. */
static int
compare_keys(const void *left, const void *right)
{
	const RunKey *a = &(*(RunValues *const *) left)->key;
	const RunKey *b = &(*(RunValues *const *) right)->key;
	int			order = (int) a->is_candidate - (int) b->is_candidate;

	if (order == 0)
		order = memcmp(a->name, b->name, Min(a->length, b->length));
	return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

static Datum
return_runs(FunctionCallInfo fcinfo, const BrRunComparison *comparison)
{
	BrRow		row = {0};

	br_row_int8(&row, comparison->runs_a);
	br_row_int8(&row, comparison->runs_b);
	br_row_int8(&row, comparison->n_a);
	br_row_int8(&row, comparison->n_b);
	br_row_float8(&row, comparison->value_a);
	br_row_float8(&row, comparison->value_b);
	br_row_float8(&row, comparison->ratio);
	br_row_float8(&row, comparison->ratio_lo);
	br_row_float8(&row, comparison->ratio_hi);
	br_row_float8(&row, comparison->change);
	br_row_float8(&row, comparison->p_value);
	br_row_float8(&row, comparison->p_rank);
	br_row_float8(&row, comparison->between_sd);
	br_row_float8(&row, comparison->within_sd);
	br_row_float8(&row, comparison->run_share);
	br_row_text(&row, comparison->verdict);
	br_row_text(&row, comparison->note);
	return br_row_return(fcinfo, &row);
}

Datum
bench_compare_runs_final(PG_FUNCTION_ARGS)
{
	State	   *state = final_state(fcinfo);
	RunValues **entries;
	BrRun	   *runs;
	runs_iterator iterator;
	BrRunComparison comparison;
	int64		n = 0;
	int64		baselines = 0;

	if (state == NULL || state->runs == NULL)
		PG_RETURN_NULL();
	entries = palloc(state->runs->members * sizeof(RunValues *));
	runs = palloc(state->runs->members * sizeof(BrRun));
	runs_start_iterate(state->runs, &iterator);
	for (RunValues *run; (run = runs_iterate(state->runs, &iterator)) != NULL;)
		entries[n++] = run;
	qsort(entries, n, sizeof(RunValues *), compare_keys);
	for (int64 i = 0; i < n; i++)
	{
		BrBuffer   *buffer = &entries[i]->buffer;

		br_sort(buffer->values, buffer->n);
		runs[i] = (BrRun) {buffer->values, buffer->n};
		baselines += !entries[i]->key.is_candidate;
	}
	comparison = br_compare_by_run(runs, baselines, runs + baselines, n - baselines, state->stat, &state->options);
	return return_runs(fcinfo, &comparison);
}
