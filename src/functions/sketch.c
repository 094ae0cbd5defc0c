/*
 * sketch.c
 *		The type benchsketch: its forms, and what can be told from one.
 *
 * It holds the bytes of stats/sketch_bytes.c, and whoever reads them checks them:
 * there is no other way from bytes to a sketch.
 */
#include "base/br.h"

#include <math.h>

#include "functions/argument.h"
#include "functions/form.h"
#include "functions/sketch.h"
#include "libpq/pqformat.h"
#include "utils/float.h"

PG_FUNCTION_INFO_V1(bench_sketch_in);
PG_FUNCTION_INFO_V1(bench_sketch_out);
PG_FUNCTION_INFO_V1(bench_sketch_recv);
PG_FUNCTION_INFO_V1(bench_sketch_send);
PG_FUNCTION_INFO_V1(bench_sketch_count);
PG_FUNCTION_INFO_V1(bench_sketch_sum);
PG_FUNCTION_INFO_V1(bench_sketch_mean);
PG_FUNCTION_INFO_V1(bench_sketch_min);
PG_FUNCTION_INFO_V1(bench_sketch_max);
PG_FUNCTION_INFO_V1(bench_sketch_error);
PG_FUNCTION_INFO_V1(bench_sketch_rank);
PG_FUNCTION_INFO_V1(bench_sketch_percentile);
PG_FUNCTION_INFO_V1(bench_sketch_percentiles);

bytea *
br_sketch_pack(const BrSketch *sketch)
{
	StringInfoData bytes;

	pq_begintypsend(&bytes);
	br_sketch_write(sketch, &bytes);
	return pq_endtypsend(&bytes);
}

void
br_sketch_unpack(BrSketch *sketch, const char *bytes, int len, int sqlstate)
{
	const char *problem = br_sketch_read(sketch, bytes, len);

	if (problem != NULL)
		ereport(ERROR,
				(errcode(sqlstate),
				 errmsg("invalid bytes of a benchsketch"),
				 errdetail("%s", problem)));
}

BrSketch
br_sketch_from_datum(Datum datum)
{
	bytea	   *packed = DatumGetByteaPP(datum);
	BrSketch	sketch;

	br_sketch_unpack(&sketch, VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed), ERRCODE_DATA_CORRUPTED);
	return sketch;
}

void
br_sketch_check_alpha(double alpha)
{
	if (!br_sketch_alpha_is_valid(alpha))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("alpha is out of range: %g", alpha),
				 errdetail("The relative error of a sketch is from %g to %g.", BR_SKETCH_MIN_ALPHA, BR_SKETCH_MAX_ALPHA),
				 errhint("bench_percentile() of the values themselves has no error at all.")));
}

static void
put_bins(StringInfo text, const BrSketch *sketch)
{
	const char *comma = "";

	appendStringInfoString(text, "\"bins\": [");
	for (int i = 0; i < sketch->room; i++)
		if (sketch->counts[i] > 0)
		{
			appendStringInfo(text, "%s[%d, " INT64_FORMAT "]", comma, sketch->first + i, sketch->counts[i]);
			comma = ", ";
		}
	appendStringInfoChar(text, ']');
}

static void
put_sum(StringInfo text, const BrSketch *sketch)
{
	BrExactSum	rest = sketch->sum;
	const char *comma = "";
	double		part;

	appendStringInfoString(text, "\"sum\": [");
	while ((part = br_exact_take(&rest)) != 0)
	{
		BR_CHECK_INTERRUPTS();
		appendStringInfoString(text, comma);
		br_form_put_float8(text, part);
		comma = ", ";
	}
	appendStringInfoChar(text, ']');
}

Datum
bench_sketch_out(PG_FUNCTION_ARGS)
{
	BrSketch	sketch = PG_GETARG_SKETCH(0);
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoString(&text, "{\"alpha\": ");
	br_form_put_float8(&text, sketch.alpha);
	appendStringInfo(&text, ", \"n\": " INT64_FORMAT ", \"min\": ", sketch.n);
	br_form_put_float8(&text, sketch.min);
	appendStringInfoString(&text, ", \"max\": ");
	br_form_put_float8(&text, sketch.max);
	appendStringInfoString(&text, ", ");
	put_sum(&text, &sketch);
	appendStringInfo(&text, ", \"nan\": " INT64_FORMAT ", \"minus_infinity\": " INT64_FORMAT
					 ", \"infinity\": " INT64_FORMAT ", ",
					 sketch.nan, sketch.minus_infinity, sketch.plus_infinity);
	put_bins(&text, &sketch);
	appendStringInfoChar(&text, '}');
	PG_RETURN_CSTRING(text.data);
}

static void
get_sum(BrForm *form, BrSketch *sketch)
{
	br_form_name(form, "sum");
	br_form_mark(form, '[');
	if (br_form_has_mark(form, ']'))
		return;
	do
	{
		double		part = br_form_float8(form);

		if (!isfinite(part))
			br_form_fail(form, "A part of the sum is not finite.");
		br_exact_add(&sketch->sum, part);
	} while (br_form_has_mark(form, ','));
	br_form_mark(form, ']');
}

static void
get_apart(BrForm *form, BrSketch *sketch)
{
	int64		nan;
	int64		minus_infinity;

	br_form_name(form, "nan");
	nan = br_form_int8(form);
	br_form_mark(form, ',');
	br_form_name(form, "minus_infinity");
	minus_infinity = br_form_int8(form);
	br_form_mark(form, ',');
	br_form_name(form, "infinity");
	if (!br_sketch_put_apart(sketch, nan, minus_infinity, br_form_int8(form)))
		br_form_fail(form, "A count is negative, or there are too many values.");
}

static void
get_bins(BrForm *form, BrSketch *sketch)
{
	int64		previous = PG_INT64_MIN;

	br_form_name(form, "bins");
	br_form_mark(form, '[');
	if (br_form_has_mark(form, ']'))
		return;
	do
	{
		int64		slot;

		br_form_mark(form, '[');
		slot = br_form_int8(form);
		br_form_mark(form, ',');
		if (slot <= previous || slot != (int32) slot || !br_sketch_put(sketch, (int32) slot, br_form_int8(form)))
			br_form_fail(form, "A bin is out of order or range, empty, or one too many.");
		previous = slot;
		br_form_mark(form, ']');
	} while (br_form_has_mark(form, ','));
	br_form_mark(form, ']');
}

Datum
bench_sketch_in(PG_FUNCTION_ARGS)
{
	BrForm		form = {"benchsketch", PG_GETARG_CSTRING(0)};
	BrSketch	sketch;
	double		alpha;
	int64		n;
	const char *problem;

	br_form_mark(&form, '{');
	br_form_name(&form, "alpha");
	alpha = br_form_float8(&form);
	br_sketch_check_alpha(alpha);
	br_sketch_init(&sketch, alpha);
	br_form_mark(&form, ',');
	br_form_name(&form, "n");
	n = br_form_int8(&form);
	br_form_mark(&form, ',');
	br_form_name(&form, "min");
	sketch.min = br_form_float8(&form);
	br_form_mark(&form, ',');
	br_form_name(&form, "max");
	sketch.max = br_form_float8(&form);
	br_form_mark(&form, ',');
	get_sum(&form, &sketch);
	br_form_mark(&form, ',');
	get_apart(&form, &sketch);
	br_form_mark(&form, ',');
	get_bins(&form, &sketch);
	br_form_mark(&form, '}');
	br_form_end(&form);

	problem = n != sketch.n ? "n is not the sum of the counts." : br_sketch_problem(&sketch);
	if (problem != NULL)
		br_form_fail(&form, problem);
	PG_RETURN_BYTEA_P(br_sketch_pack(&sketch));
}

Datum
bench_sketch_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			len = message->len - message->cursor;
	BrSketch	sketch;

	br_sketch_unpack(&sketch, pq_getmsgbytes(message, len), len, ERRCODE_INVALID_BINARY_REPRESENTATION);
	/* equal sketches are equal bytes, whoever sent them */
	PG_RETURN_BYTEA_P(br_sketch_pack(&sketch));
}

Datum
bench_sketch_send(PG_FUNCTION_ARGS)
{
	BrSketch	sketch = PG_GETARG_SKETCH(0);

	PG_RETURN_BYTEA_P(br_sketch_pack(&sketch));
}

Datum
bench_sketch_count(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(PG_GETARG_SKETCH(0).n);
}

Datum
bench_sketch_error(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(PG_GETARG_SKETCH(0).alpha);
}

Datum
bench_sketch_min(PG_FUNCTION_ARGS)
{
	BrSketch	sketch = PG_GETARG_SKETCH(0);

	PG_RETURN_FLOAT8(br_sketch_min(&sketch));
}

Datum
bench_sketch_max(PG_FUNCTION_ARGS)
{
	BrSketch	sketch = PG_GETARG_SKETCH(0);

	PG_RETURN_FLOAT8(br_sketch_max(&sketch));
}

/* An error if it is too large for a double. */
static Datum
figure(const BrSketch *sketch, double value)
{
	if (isinf(value) && br_sketch_is_of_finite(sketch))
		float_overflow_error();
	PG_RETURN_FLOAT8(value);
}

Datum
bench_sketch_sum(PG_FUNCTION_ARGS)
{
	BrSketch	sketch = PG_GETARG_SKETCH(0);

	return figure(&sketch, br_sketch_sum(&sketch));
}

Datum
bench_sketch_mean(PG_FUNCTION_ARGS)
{
	BrSketch	sketch = PG_GETARG_SKETCH(0);

	return figure(&sketch, br_sketch_mean(&sketch));
}

Datum
bench_sketch_rank(PG_FUNCTION_ARGS)
{
	BrSketch	sketch = PG_GETARG_SKETCH(0);

	PG_RETURN_FLOAT8(br_sketch_rank(&sketch, PG_GETARG_FLOAT8(1)));
}

Datum
bench_sketch_percentile(PG_FUNCTION_ARGS)
{
	BrSketch	sketch = PG_GETARG_SKETCH(0);

	PG_RETURN_FLOAT8(br_sketch_percentile(&sketch, br_check_percentile(PG_GETARG_FLOAT8(1))));
}

Datum
bench_sketch_percentiles(PG_FUNCTION_ARGS)
{
	BrSketch	sketch = PG_GETARG_SKETCH(0);
	bool	   *nulls;
	int			n;
	double	   *values = br_percentile_array(PG_GETARG_DATUM(1), &nulls, &n);

	for (int i = 0; i < n; i++)
	{
		BR_CHECK_INTERRUPTS();
		values[i] = br_sketch_percentile(&sketch, values[i]);
	}
	PG_RETURN_DATUM(br_percentiles_shaped_as(PG_GETARG_DATUM(1), values, nulls, n));
}
