/*
 * statistics.c
 *		Statistics objects, with the names that stored ones have.
 */
#include "base/br.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "functions/argument.h"
#include "functions/collect.h"
#include "functions/object.h"
#include "functions/row.h"
#include "functions/sample.h"
#include "stats/quantile.h"
#include "stats/summary.h"
#include "utils/array.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(bench_stats_final);
PG_FUNCTION_INFO_V1(bench_stats_by_rule_final);
PG_FUNCTION_INFO_V1(bench_sample_stats);
PG_FUNCTION_INFO_V1(bench_array_stats);
PG_FUNCTION_INFO_V1(bench_stats_diff);
PG_FUNCTION_INFO_V1(bench_percentile_method);

/*
 * The suite's objects say no more than that values were left out; of other rules
 * it is told which one and how many.
 */
static Datum
object_of(const BrSummary *summary, BrOutlierRule rule)
{
	BrObject	object;

	br_object_begin(&object);
	br_object_number(&object, "mean", summary->mean);
	br_object_number(&object, "median", summary->median);
	br_object_number(&object, "mode", summary->mode);
	br_object_number(&object, "min", summary->min);
	br_object_number(&object, "max", summary->max);
	br_object_number(&object, "stdev", summary->stdev);
	br_object_number(&object, "p50", summary->p50);
	br_object_number(&object, "p90", summary->p90);
	br_object_number(&object, "p95", summary->p95);
	br_object_number(&object, "p99", summary->p99);
	br_object_integer(&object, "sampleCount", rule == BR_OUTLIERS_SUITE ? summary->n : summary->kept);
	br_object_bool(&object, "outliersRemoved", summary->kept < summary->n);
	if (rule != BR_OUTLIERS_NONE && rule != BR_OUTLIERS_SUITE)
	{
		br_object_integer(&object, "outliersRemovedCount", summary->n - summary->kept);
		br_object_text(&object, "outlierMethod", br_outlier_rule_name(rule));
	}
	return JsonbPGetDatum(br_object_end(&object));
}

Datum
bench_stats_final(PG_FUNCTION_ARGS)
{
	BrCollected *state = br_collected(fcinfo);
	BrSummary	summary;

	if (state == NULL)
		PG_RETURN_NULL();
	br_summarize(state->buffer.values, state->buffer.n, BR_OUTLIERS_NONE, &summary);
	PG_RETURN_DATUM(object_of(&summary, BR_OUTLIERS_NONE));
}

Datum
bench_stats_by_rule_final(PG_FUNCTION_ARGS)
{
	BrCollected *state = br_collected(fcinfo);
	BrOutlierRule rule;
	BrSummary	summary;

	if (state == NULL || state->argument_is_null)
		PG_RETURN_NULL();
	rule = br_check_outlier_rule(state->argument);
	br_summarize(state->buffer.values, state->buffer.n, rule, &summary);
	PG_RETURN_DATUM(object_of(&summary, rule));
}

Datum
bench_sample_stats(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);
	BrOutlierRule rule = br_check_outlier_rule(PG_GETARG_DATUM(1));
	BrSummary	summary;

	if (br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	br_summarize_sorted(sample->values, br_sample_count(sample), rule, &summary);
	PG_RETURN_DATUM(object_of(&summary, rule));
}

/* Of an array, without making a sample of it, which would have to be sorted. */
Datum
bench_array_stats(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	BrOutlierRule rule = br_check_outlier_rule(PG_GETARG_DATUM(1));
	int64		n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	double	   *values = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(double));
	BrSummary	summary;

	if (!array_contains_nulls(array))
		memcpy(values, ARR_DATA_PTR(array), n * sizeof(double));
	else
	{
		ArrayIterator iterator = array_create_iterator(array, 0, NULL);
		Datum		element;
		bool		null;

		n = 0;
		while (array_iterate(iterator, &element, &null))
			if (!null)
				values[n++] = DatumGetFloat8(element);
	}
	if (n == 0)
		PG_RETURN_NULL();
	br_summarize(values, n, rule, &summary);
	PG_RETURN_DATUM(object_of(&summary, rule));
}

/* A tolerance that is a number and not negative. */
static double
check_tolerance(double tolerance, const char *name)
{
	if (!(tolerance >= 0))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s must not be negative", name)));
	return tolerance;
}

/* Equal but for both tolerances together; two figures that are none are equal. */
static bool
agrees(double stored, double computed, double rel_tol, double abs_tol)
{
	if (isnan(stored) || isnan(computed))
		return isnan(stored) && isnan(computed);
	return fabs(stored - computed) <= abs_tol + rel_tol * Max(fabs(stored), fabs(computed));
}

/* Every member of either object that is a number in one of them. */
Datum
bench_stats_diff(PG_FUNCTION_ARGS)
{
	static const char *const keys[] = {
		"mean", "median", "mode", "min", "max", "stdev", "p50", "p90", "p95", "p99", "sampleCount"
	};
	Jsonb	   *stored = PG_GETARG_JSONB_P(0);
	Jsonb	   *computed = PG_GETARG_JSONB_P(1);
	double		rel_tol = check_tolerance(PG_GETARG_FLOAT8(2), "rel_tol");
	double		abs_tol = check_tolerance(PG_GETARG_FLOAT8(3), "abs_tol");

	InitMaterializedSRF(fcinfo, 0);
	for (size_t i = 0; i < lengthof(keys); i++)
	{
		bool		in_stored;
		bool		in_computed;
		double		a = br_object_get_number(stored, keys[i], &in_stored);
		double		b = br_object_get_number(computed, keys[i], &in_computed);
		BrRow		row = {0};

		if (!in_stored && !in_computed)
			continue;
		br_row_text(&row, keys[i]);
		br_row_float8(&row, a);
		br_row_float8(&row, b);
		br_row_float8(&row, a == b ? 0 : fabs(b - a) / fabs(a));
		if (in_stored && in_computed)
			br_row_bool(&row, agrees(a, b, rel_tol, abs_tol));
		else
			br_row_null(&row);
		br_row_put(fcinfo, &row);
	}
	PG_RETURN_VOID();
}

/* One column of bench_percentile_method(): NULL where nothing is stored. */
static void
put_agreement(BrRow *row, Jsonb *stored, const char *key, double computed, double rel_tol, double abs_tol)
{
	bool		found;
	double		value = br_object_get_number(stored, key, &found);

	if (!found || isnan(value))
		br_row_null(row);
	else
		br_row_bool(row, agrees(value, computed, rel_tol, abs_tol));
}

/* Which definition, of all values or of those that the suite keeps, gives the stored figures? */
Datum
bench_percentile_method(PG_FUNCTION_ARGS)
{
	static const struct
	{
		const char *key;
		double		p;
	}			figures[] = {{"median", 0.50}, {"p90", 0.90}, {"p95", 0.95}, {"p99", 0.99}};
	static const BrOutlierRule rules[] = {BR_OUTLIERS_NONE, BR_OUTLIERS_SUITE};
	const BrSample *sample = PG_GETARG_SAMPLE(0);
	Jsonb	   *stored = PG_GETARG_JSONB_P(1);
	double		rel_tol = check_tolerance(PG_GETARG_FLOAT8(2), "rel_tol");
	double		abs_tol = check_tolerance(PG_GETARG_FLOAT8(3), "abs_tol");
	int64		n = br_sample_count(sample);

	InitMaterializedSRF(fcinfo, 0);
	for (size_t r = 0; r < lengthof(rules) && n > 0; r++)
	{
		int64		from;
		int64		to;

		br_keep(sample->values, n, rules[r], 0, &from, &to);
		for (int method = 1; method <= BR_QUANTILE_METHODS; method++)
		{
			BrRow		row = {0};

			br_row_text(&row, br_quantile_method_name(method));
			br_row_text(&row, br_outlier_rule_name(rules[r]));
			for (size_t i = 0; i < lengthof(figures); i++)
				put_agreement(&row, stored, figures[i].key,
							  br_quantile_by(sample->values + from, to - from, figures[i].p, method),
							  rel_tol, abs_tol);
			br_row_put(fcinfo, &row);
		}
	}
	PG_RETURN_VOID();
}
