/*
 * moments.c
 *		The type benchmoments, its aggregates, and what can be told from one.
 *
 * Aggregates begin with a value of no numbers, so that what adds to it can be
 * strict, and change it in place. What they return is a copy, for in a window the
 * state goes on. A value of no numbers is none for the user: NULL.
 */
#include "base/br.h"

#include <math.h>

#include "fmgr.h"
#include "functions/form.h"
#include "functions/moments.h"
#include "libpq/pqformat.h"
#include "utils/float.h"

PG_FUNCTION_INFO_V1(bench_moments_in);
PG_FUNCTION_INFO_V1(bench_moments_out);
PG_FUNCTION_INFO_V1(bench_moments_recv);
PG_FUNCTION_INFO_V1(bench_moments_send);
PG_FUNCTION_INFO_V1(bench_moments_accum);
PG_FUNCTION_INFO_V1(bench_moments_combine);
PG_FUNCTION_INFO_V1(bench_moments_final);
PG_FUNCTION_INFO_V1(bench_moments_count);
PG_FUNCTION_INFO_V1(bench_moments_sum);
PG_FUNCTION_INFO_V1(bench_moments_mean);
PG_FUNCTION_INFO_V1(bench_moments_min);
PG_FUNCTION_INFO_V1(bench_moments_max);
PG_FUNCTION_INFO_V1(bench_moments_variance);
PG_FUNCTION_INFO_V1(bench_moments_stddev);
PG_FUNCTION_INFO_V1(bench_moments_skewness);
PG_FUNCTION_INFO_V1(bench_moments_kurtosis);

StaticAssertDecl(sizeof(BrMoments) == 72, "the install script says how long a benchmoments is");

/* The members behind the count, in text and binary form. */
static const struct
{
	const char *name;
	size_t		offset;
}			members[] = {
	{"mean", offsetof(BrMoments, mean)},
	{"m2", offsetof(BrMoments, m2)},
	{"m3", offsetof(BrMoments, m3)},
	{"m4", offsetof(BrMoments, m4)},
	{"min", offsetof(BrMoments, min)},
	{"max", offsetof(BrMoments, max)},
	{"sum", offsetof(BrMoments, sum.high)},
	{"carry", offsetof(BrMoments, sum.low)},
};

static double *
member(BrMoments *moments, int i)
{
	return (double *) ((char *) moments + members[i].offset);
}

/* The first argument, to be changed and returned: in an aggregate the state itself, else a copy. */
static BrMoments *
moments_for_change(FunctionCallInfo fcinfo)
{
	BrMoments  *copy;

	if (AggCheckCallContext(fcinfo, NULL))
		return PG_GETARG_MOMENTS(0);
	copy = palloc(sizeof(BrMoments));
	*copy = *PG_GETARG_MOMENTS(0);
	return copy;
}

Datum
bench_moments_in(PG_FUNCTION_ARGS)
{
	BrForm		form = {"benchmoments", PG_GETARG_CSTRING(0)};
	BrMoments  *moments = palloc(sizeof(BrMoments));
	const char *problem;

	br_form_mark(&form, '{');
	br_form_name(&form, "n");
	moments->n = br_form_int8(&form);
	for (int i = 0; i < lengthof(members); i++)
	{
		br_form_mark(&form, ',');
		br_form_name(&form, members[i].name);
		*member(moments, i) = br_form_float8(&form);
	}
	br_form_mark(&form, '}');
	br_form_end(&form);
	problem = br_moments_problem(moments);
	if (problem != NULL)
		br_form_fail(&form, problem);
	PG_RETURN_POINTER(moments);
}

Datum
bench_moments_out(PG_FUNCTION_ARGS)
{
	BrMoments  *moments = PG_GETARG_MOMENTS(0);
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "{\"n\": " INT64_FORMAT, moments->n);
	for (int i = 0; i < lengthof(members); i++)
	{
		appendStringInfo(&text, ", \"%s\": ", members[i].name);
		br_form_put_float8(&text, *member(moments, i));
	}
	appendStringInfoChar(&text, '}');
	PG_RETURN_CSTRING(text.data);
}

Datum
bench_moments_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	BrMoments  *moments = palloc(sizeof(BrMoments));
	const char *problem;

	moments->n = pq_getmsgint64(message);
	for (int i = 0; i < lengthof(members); i++)
		*member(moments, i) = pq_getmsgfloat8(message);
	problem = br_moments_problem(moments);
	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid benchmoments"),
				 errdetail("%s", problem)));
	PG_RETURN_POINTER(moments);
}

Datum
bench_moments_send(PG_FUNCTION_ARGS)
{
	BrMoments  *moments = PG_GETARG_MOMENTS(0);
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendint64(&message, moments->n);
	for (int i = 0; i < lengthof(members); i++)
		pq_sendfloat8(&message, *member(moments, i));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

static void
raise_too_many(int64 n, int64 more)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("too many numbers for a benchmoments"),
			 errdetail("They are " INT64_FORMAT " and " INT64_FORMAT ".", n, more)));
}

Datum
br_moments_accum(FunctionCallInfo fcinfo, double x)
{
	BrMoments  *moments = moments_for_change(fcinfo);

	if (!br_moments_add(moments, x))
		raise_too_many(moments->n, 1);
	PG_RETURN_POINTER(moments);
}

Datum
bench_moments_accum(PG_FUNCTION_ARGS)
{
	return br_moments_accum(fcinfo, PG_GETARG_FLOAT8(1));
}

Datum
bench_moments_combine(PG_FUNCTION_ARGS)
{
	BrMoments  *moments = moments_for_change(fcinfo);
	const BrMoments *other = PG_GETARG_MOMENTS(1);

	if (!br_moments_merge(moments, other))
		raise_too_many(moments->n, other->n);
	PG_RETURN_POINTER(moments);
}

Datum
bench_moments_final(PG_FUNCTION_ARGS)
{
	BrMoments  *result;

	if (PG_GETARG_MOMENTS(0)->n == 0)
		PG_RETURN_NULL();
	result = palloc(sizeof(BrMoments));
	*result = *PG_GETARG_MOMENTS(0);
	PG_RETURN_POINTER(result);
}

/* A figure, NULL if it is not defined; an error if it is too large for a double. */
static Datum
figure(FunctionCallInfo fcinfo, bool is_defined, double value)
{
	if (!is_defined)
		PG_RETURN_NULL();
	if (!isfinite(value) && br_moments_are_of_finite(PG_GETARG_MOMENTS(0)))
		float_overflow_error();
	PG_RETURN_FLOAT8(value);
}

Datum
bench_moments_count(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(PG_GETARG_MOMENTS(0)->n);
}

Datum
bench_moments_sum(PG_FUNCTION_ARGS)
{
	const BrMoments *moments = PG_GETARG_MOMENTS(0);

	return figure(fcinfo, moments->n > 0, br_moments_sum(moments));
}

Datum
bench_moments_mean(PG_FUNCTION_ARGS)
{
	const BrMoments *moments = PG_GETARG_MOMENTS(0);

	return figure(fcinfo, moments->n > 0, br_moments_mean(moments));
}

Datum
bench_moments_min(PG_FUNCTION_ARGS)
{
	const BrMoments *moments = PG_GETARG_MOMENTS(0);

	return figure(fcinfo, moments->n > 0, moments->min);
}

Datum
bench_moments_max(PG_FUNCTION_ARGS)
{
	const BrMoments *moments = PG_GETARG_MOMENTS(0);

	return figure(fcinfo, moments->n > 0, moments->max);
}

Datum
bench_moments_variance(PG_FUNCTION_ARGS)
{
	const BrMoments *moments = PG_GETARG_MOMENTS(0);

	return figure(fcinfo, moments->n > 1, br_moments_variance(moments));
}

Datum
bench_moments_stddev(PG_FUNCTION_ARGS)
{
	const BrMoments *moments = PG_GETARG_MOMENTS(0);

	return figure(fcinfo, moments->n > 1, sqrt(br_moments_variance(moments)));
}

Datum
bench_moments_skewness(PG_FUNCTION_ARGS)
{
	const BrMoments *moments = PG_GETARG_MOMENTS(0);

	return figure(fcinfo, br_moments_have_shape(moments), br_moments_skewness(moments));
}

Datum
bench_moments_kurtosis(PG_FUNCTION_ARGS)
{
	const BrMoments *moments = PG_GETARG_MOMENTS(0);

	return figure(fcinfo, br_moments_have_shape(moments), br_moments_kurtosis(moments));
}
