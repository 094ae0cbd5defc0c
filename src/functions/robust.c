/*
 * robust.c
 *		Statistics that outliers do not move, and the outliers themselves, in SQL.
 */
#include "base/br.h"

#include <math.h>

#include "funcapi.h"
#include "functions/argument.h"
#include "functions/collect.h"
#include "functions/row.h"
#include "functions/sample.h"
#include "stats/mean.h"
#include "stats/outlier.h"
#include "stats/sort.h"

PG_FUNCTION_INFO_V1(bench_sample_final);
PG_FUNCTION_INFO_V1(bench_mad_final);
PG_FUNCTION_INFO_V1(bench_trimmed_mean_final);
PG_FUNCTION_INFO_V1(bench_sample_mad);
PG_FUNCTION_INFO_V1(bench_sample_trimmed_mean);
PG_FUNCTION_INFO_V1(bench_sample_mean);
PG_FUNCTION_INFO_V1(bench_sample_stddev);
PG_FUNCTION_INFO_V1(bench_sample_min);
PG_FUNCTION_INFO_V1(bench_sample_max);
PG_FUNCTION_INFO_V1(bench_sample_ecdf);
PG_FUNCTION_INFO_V1(bench_sample_fences);
PG_FUNCTION_INFO_V1(bench_sample_outliers);
PG_FUNCTION_INFO_V1(bench_sample_without_outliers);

/* The values of a state in order; NULL if there are none. */
static BrBuffer *
sorted_buffer(BrCollected *state)
{
	if (state == NULL || state->argument_is_null)
		return NULL;
	br_sort(state->buffer.values, state->buffer.n);
	return &state->buffer;
}

Datum
bench_sample_final(PG_FUNCTION_ARGS)
{
	BrBuffer   *buffer = sorted_buffer(br_collected(fcinfo));
	BrSample   *sample;

	if (buffer == NULL)
		PG_RETURN_NULL();
	sample = br_sample_make(buffer->n);
	memcpy(sample->values, buffer->values, buffer->n * sizeof(double));
	PG_RETURN_POINTER(sample);
}

static double
check_scale(double scale)
{
	if (!(scale > 0) || isinf(scale))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("scale must be positive"),
				 errhint("1.4826 makes the MAD an estimate of the standard deviation, 1 leaves it as it is.")));
	return scale;
}

static double
check_cut(double cut)
{
	if (!(cut >= 0 && cut < 0.5))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("cut must be at least 0 and less than 0.5"),
				 errdetail("It is the share of values that is left out on each side.")));
	return cut;
}

Datum
bench_mad_final(PG_FUNCTION_ARGS)
{
	BrCollected *state = br_collected(fcinfo);
	BrBuffer   *buffer = sorted_buffer(state);

	if (buffer == NULL)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(br_mad(buffer->values, buffer->n,
							state->has_argument ? check_scale(DatumGetFloat8(state->argument)) : BR_MAD_SCALE));
}

Datum
bench_trimmed_mean_final(PG_FUNCTION_ARGS)
{
	BrCollected *state = br_collected(fcinfo);
	BrBuffer   *buffer = sorted_buffer(state);

	if (buffer == NULL)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(br_trimmed_mean(buffer->values, buffer->n,
									 state->has_argument ? check_cut(DatumGetFloat8(state->argument)) : 0.1));
}

Datum
bench_sample_mad(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);
	double		scale = check_scale(PG_GETARG_FLOAT8(1));

	if (br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(br_mad(sample->values, br_sample_count(sample), scale));
}

Datum
bench_sample_trimmed_mean(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);
	double		cut = check_cut(PG_GETARG_FLOAT8(1));

	if (br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(br_trimmed_mean(sample->values, br_sample_count(sample), cut));
}

Datum
bench_sample_mean(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);

	if (br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(br_mean(sample->values, br_sample_count(sample)).mean);
}

/* NULL for one value, as stddev(). */
Datum
bench_sample_stddev(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);

	if (br_sample_count(sample) < 2)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(br_mean(sample->values, br_sample_count(sample)).stdev);
}

Datum
bench_sample_min(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);

	if (br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(sample->values[0]);
}

Datum
bench_sample_max(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);

	if (br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(sample->values[br_sample_count(sample) - 1]);
}

/* The share of values that are not greater; NaN is the greatest of all. */
Datum
bench_sample_ecdf(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);
	double		value = PG_GETARG_FLOAT8(1);
	int64		n = br_sample_count(sample);
	int64		low = 0;
	int64		high = n;

	if (n == 0)
		PG_RETURN_NULL();
	while (low < high)
	{
		int64		middle = (low + high) / 2;

		if (sample->values[middle] <= value || isnan(value))
			low = middle + 1;
		else
			high = middle;
	}
	PG_RETURN_FLOAT8((double) low / n);
}

/* The arguments rule and factor of the functions below; a NULL factor is the rule's own. */
static BrOutlierRule
rule_and_factor(FunctionCallInfo fcinfo, double *factor)
{
	BrOutlierRule rule = br_check_outlier_rule(PG_GETARG_DATUM(1));

	*factor = PG_ARGISNULL(2) ? br_outlier_factor(rule) : PG_GETARG_FLOAT8(2);
	if (!(*factor >= 0))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the factor of a rule for outliers must not be negative")));
	return rule;
}

Datum
bench_sample_fences(PG_FUNCTION_ARGS)
{
	const BrSample *sample;
	double		factor;
	double		low;
	double		high;
	BrOutlierRule rule;
	BrRow		row = {0};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	sample = PG_GETARG_SAMPLE(0);
	rule = rule_and_factor(fcinfo, &factor);
	if (rule == BR_OUTLIERS_SUITE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the rule \"suite\" has no fences"),
				 errdetail("It leaves out one minimum and one maximum, whatever they are.")));
	if (br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	br_fences(sample->values, br_sample_count(sample), rule, factor, &low, &high);
	br_row_float8(&row, low);
	br_row_float8(&row, high);
	PG_RETURN_DATUM(br_row_return(fcinfo, &row));
}

/* Each value that the rule leaves out, and on which side. */
Datum
bench_sample_outliers(PG_FUNCTION_ARGS)
{
	const BrSample *sample;
	double		factor;
	BrOutlierRule rule;
	int64		n;
	int64		from;
	int64		to;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_VOID();
	sample = PG_GETARG_SAMPLE(0);
	rule = rule_and_factor(fcinfo, &factor);
	n = br_sample_count(sample);
	if (n == 0)
		PG_RETURN_VOID();
	br_keep(sample->values, n, rule, factor, &from, &to);
	for (int64 i = 0; i < n; i++)
	{
		BrRow		row = {0};

		if (i == from)
			i = to;
		if (i == n)
			break;
		br_row_float8(&row, sample->values[i]);
		br_row_text(&row, i < from ? "low" : "high");
		br_row_put(fcinfo, &row);
	}
	PG_RETURN_VOID();
}

Datum
bench_sample_without_outliers(PG_FUNCTION_ARGS)
{
	const BrSample *sample;
	BrSample   *kept;
	double		factor;
	BrOutlierRule rule;
	int64		from;
	int64		to;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	sample = PG_GETARG_SAMPLE(0);
	rule = rule_and_factor(fcinfo, &factor);
	if (br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	br_keep(sample->values, br_sample_count(sample), rule, factor, &from, &to);
	kept = br_sample_make(to - from);
	memcpy(kept->values, sample->values + from, (to - from) * sizeof(double));
	PG_RETURN_POINTER(kept);
}
