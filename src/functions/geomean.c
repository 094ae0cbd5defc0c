/*
 * geomean.c
 *		Geometric means, as an aggregate and of samples.
 *
 * exp(mean(ln x)): a product of many numbers would not fit into a double. The
 * logarithms go into moments, which sum them up and can be merged. That of 0 is
 * -Infinity, which makes the whole 0.
 */
#include "base/br.h"

#include <math.h>

#include "functions/moments.h"
#include "functions/sample.h"
#include "stats/mean.h"

PG_FUNCTION_INFO_V1(bench_geomean_accum);
PG_FUNCTION_INFO_V1(bench_geomean_final);
PG_FUNCTION_INFO_V1(bench_sample_geomean);

static void
refuse_negative(double x)
{
	if (x < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_ARGUMENT_FOR_LOG),
				 errmsg("a geometric mean of negative values is not defined"),
				 errdetail("One of them is %g.", x),
				 errhint("Leave them out, with FILTER (WHERE ...), or take another mean.")));
}

Datum
bench_geomean_accum(PG_FUNCTION_ARGS)
{
	double		x = PG_GETARG_FLOAT8(1);

	refuse_negative(x);
	return br_moments_accum(fcinfo, log(x));
}

Datum
bench_geomean_final(PG_FUNCTION_ARGS)
{
	const BrMoments *logarithms = PG_GETARG_MOMENTS(0);

	if (logarithms->n == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(exp(br_moments_mean(logarithms)));
}

Datum
bench_sample_geomean(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);
	int64		n = br_sample_count(sample);

	if (n == 0)
		PG_RETURN_NULL();
	refuse_negative(sample->values[0]);
	PG_RETURN_FLOAT8(br_geomean(sample->values, n));
}
