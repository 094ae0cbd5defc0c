/*
 * percentile.c
 *		Medians and percentiles in SQL.
 */
#include "base/br.h"

#include "catalog/pg_type.h"
#include "functions/argument.h"
#include "functions/collect.h"
#include "functions/sample.h"
#include "stats/quantile.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(bench_median_final);
PG_FUNCTION_INFO_V1(bench_percentile_final);
PG_FUNCTION_INFO_V1(bench_percentiles_final);
PG_FUNCTION_INFO_V1(bench_sample_median);
PG_FUNCTION_INFO_V1(bench_sample_percentile);
PG_FUNCTION_INFO_V1(bench_sample_percentiles);
PG_FUNCTION_INFO_V1(bench_sample_percentile_by);

Datum
bench_median_final(PG_FUNCTION_ARGS)
{
	BrCollected *state = br_collected(fcinfo);
	double		p = 0.5;
	double		median;

	if (state == NULL)
		PG_RETURN_NULL();
	br_quantiles(state->buffer.values, state->buffer.n, &p, 1, &median);
	PG_RETURN_FLOAT8(median);
}

Datum
bench_percentile_final(PG_FUNCTION_ARGS)
{
	BrCollected *state = br_collected(fcinfo);
	double		p;
	double		percentile;

	if (state == NULL || state->argument_is_null)
		PG_RETURN_NULL();
	p = br_check_percentile(DatumGetFloat8(state->argument));
	br_quantiles(state->buffer.values, state->buffer.n, &p, 1, &percentile);
	PG_RETURN_FLOAT8(percentile);
}

Datum
bench_percentiles_final(PG_FUNCTION_ARGS)
{
	BrCollected *state = br_collected(fcinfo);
	double	   *p;
	double	   *percentiles;
	bool	   *nulls;
	int			n;

	if (state == NULL || state->argument_is_null)
		PG_RETURN_NULL();
	p = br_percentile_array(state->argument, &nulls, &n);
	percentiles = palloc(Max(n, 1) * sizeof(double));
	br_quantiles(state->buffer.values, state->buffer.n, p, n, percentiles);
	PG_RETURN_DATUM(br_percentiles_shaped_as(state->argument, percentiles, nulls, n));
}

Datum
bench_sample_median(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);

	if (br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(br_quantile(sample->values, br_sample_count(sample), 0.5));
}

Datum
bench_sample_percentile(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);
	double		p = br_check_percentile(PG_GETARG_FLOAT8(1));

	if (br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(br_quantile(sample->values, br_sample_count(sample), p));
}

Datum
bench_sample_percentiles(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);
	int64		values = br_sample_count(sample);
	bool	   *nulls;
	int			n;
	double	   *p = br_percentile_array(PG_GETARG_DATUM(1), &nulls, &n);

	if (values == 0)
		PG_RETURN_NULL();
	for (int i = 0; i < n; i++)
		p[i] = br_quantile(sample->values, values, p[i]);
	PG_RETURN_DATUM(br_percentiles_shaped_as(PG_GETARG_DATUM(1), p, nulls, n));
}

Datum
bench_sample_percentile_by(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);
	double		p = br_check_percentile(PG_GETARG_FLOAT8(1));
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(2));
	BrQuantileMethod method;

	if (!br_quantile_method(name, &method))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no definition of a percentile named \"%s\"", name),
				 errhint("Valid names: 1 to 9 (Hyndman and Fan's types), nearest_rank, index.")));
	if (br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(br_quantile_by(sample->values, br_sample_count(sample), p, method));
}
