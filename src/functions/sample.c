/*
 * sample.c
 *		The type benchsample: its forms as text, on the wire and as an array.
 *
 * As text it is an array of numbers, so that whatever makes arrays makes
 * samples. NULLs are left out, as in all aggregates. There is no operator =: with
 * the implicit cast, arrays could no longer be compared.
 */
#include "base/br.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "functions/sample.h"
#include "libpq/pqformat.h"
#include "stats/sort.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"

PG_FUNCTION_INFO_V1(bench_sample_in);
PG_FUNCTION_INFO_V1(bench_sample_out);
PG_FUNCTION_INFO_V1(bench_sample_recv);
PG_FUNCTION_INFO_V1(bench_sample_send);
PG_FUNCTION_INFO_V1(bench_sample_from_array);
PG_FUNCTION_INFO_V1(bench_sample_to_array);
PG_FUNCTION_INFO_V1(bench_sample_count);

BrSample *
br_sample_make(int64 n)
{
	BrSample   *sample;
	Size		size = offsetof(BrSample, values) + n * sizeof(double);

	if (n < 0 || n > BR_SAMPLE_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a benchsample cannot hold " INT64_FORMAT " values", n),
				 errdetail("It can hold " INT64_FORMAT ".", BR_SAMPLE_MAX),
				 errhint("bench_sketch() keeps what percentiles need of any number of values.")));
	sample = palloc(size);
	SET_VARSIZE(sample, size);
	sample->format = BR_SAMPLE_FORMAT;
	return sample;
}

const BrSample *
br_sample_from_datum(Datum datum)
{
	const BrSample *sample = (const BrSample *) PG_DETOAST_DATUM(datum);

	if (VARSIZE(sample) < offsetof(BrSample, values) || sample->format != BR_SAMPLE_FORMAT ||
		(VARSIZE(sample) - offsetof(BrSample, values)) % sizeof(double) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("invalid benchsample")));
	return sample;
}

bool
br_sample_is_finite(const BrSample *sample)
{
	int64		n = br_sample_count(sample);

	return n == 0 || (!isinf(sample->values[0]) && isfinite(sample->values[n - 1]));
}

/* Of an array of double precision with any number of dimensions. */
static BrSample *
sample_from_array(ArrayType *array)
{
	int			n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	BrSample   *sample;

	if (!array_contains_nulls(array))
	{
		sample = br_sample_make(n);
		if (n > 0)
			memcpy(sample->values, ARR_DATA_PTR(array), n * sizeof(double));
	}
	else
	{
		Datum	   *elements;
		bool	   *nulls;
		int			kept = 0;

		deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
						  &elements, &nulls, &n);
		sample = br_sample_make(n);
		for (int i = 0; i < n; i++)
			if (!nulls[i])
				sample->values[kept++] = DatumGetFloat8(elements[i]);
		SET_VARSIZE(sample, offsetof(BrSample, values) + kept * sizeof(double));
	}
	br_sort(sample->values, br_sample_count(sample));
	return sample;
}

static ArrayType *
array_from_sample(const BrSample *sample)
{
	int64		n = br_sample_count(sample);
	Datum	   *elements = palloc(Max(n, 1) * sizeof(Datum));

	for (int64 i = 0; i < n; i++)
		elements[i] = Float8GetDatum(sample->values[i]);
	return construct_array(elements, n, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
}

/* Calls the function in or out of the type double precision[]. */
static FmgrInfo *
array_io(FunctionCallInfo fcinfo, Oid function)
{
	FmgrInfo   *info = fcinfo->flinfo->fn_extra;

	if (info == NULL)
	{
		info = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(FmgrInfo));
		fmgr_info_cxt(function, info, fcinfo->flinfo->fn_mcxt);
		fcinfo->flinfo->fn_extra = info;
	}
	return info;
}

Datum
bench_sample_in(PG_FUNCTION_ARGS)
{
	Datum		array = InputFunctionCall(array_io(fcinfo, F_ARRAY_IN), PG_GETARG_CSTRING(0), FLOAT8OID, -1);

	PG_RETURN_POINTER(sample_from_array(DatumGetArrayTypeP(array)));
}

Datum
bench_sample_out(PG_FUNCTION_ARGS)
{
	ArrayType  *array = array_from_sample(PG_GETARG_SAMPLE(0));

	PG_RETURN_CSTRING(OutputFunctionCall(array_io(fcinfo, F_ARRAY_OUT), PointerGetDatum(array)));
}

/* The values and nothing else: the message's length tells how many. */
Datum
bench_sample_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			bytes = message->len - message->cursor;
	BrSample   *sample;

	if (bytes % sizeof(double) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid length of a benchsample: %d", bytes)));
	sample = br_sample_make(bytes / sizeof(double));
	for (int64 i = 0; i < br_sample_count(sample); i++)
		sample->values[i] = pq_getmsgfloat8(message);
	/* whoever sends them need not have sorted them */
	br_sort(sample->values, br_sample_count(sample));
	PG_RETURN_POINTER(sample);
}

Datum
bench_sample_send(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);
	StringInfoData message;

	pq_begintypsend(&message);
	for (int64 i = 0; i < br_sample_count(sample); i++)
		pq_sendfloat8(&message, sample->values[i]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

Datum
bench_sample_from_array(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(sample_from_array(PG_GETARG_ARRAYTYPE_P(0)));
}

Datum
bench_sample_to_array(PG_FUNCTION_ARGS)
{
	PG_RETURN_ARRAYTYPE_P(array_from_sample(PG_GETARG_SAMPLE(0)));
}

Datum
bench_sample_count(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(br_sample_count(PG_GETARG_SAMPLE(0)));
}
