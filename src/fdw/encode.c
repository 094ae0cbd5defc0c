/*
 * encode.c
 *		Attribute values from Datums, type by type.
 *
 * What a column reads is what it writes: text as S, numbers as N with all their
 * digits, timestamps in the column's format.
 */
#include "base/br.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/base64.h"
#include "common/shortest_dec.h"
#include "dynamodb/expression.h"
#include "fdw/encode.h"
#include "fdw/encoding.h"
#include "fdw/jsonb.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

void
br_append_value(StringInfo out, BrType type, const char *text, size_t len)
{
	BrValue		value = {type, text, len};

	br_value_append_json(out, &value);
}

static void
append_text(StringInfo out, BrType type, const char *text)
{
	br_append_value(out, type, text, strlen(text));
}

static void
refuse(const BrEncoder *encoder, int sqlstate, const char *what)
{
	ereport(ERROR,
			(errcode(sqlstate),
			 errmsg("DynamoDB cannot store %s in column \"%s\"", what, encoder->column->name)));
}

static const char *
output_of(const BrEncoder *encoder, Datum value)
{
	return br_to_utf8(OutputFunctionCall(unconstify(FmgrInfo *, &encoder->output), value));
}

static void
encode_text(const BrEncoder *encoder, Datum value, StringInfo out)
{
	append_text(out, BR_TYPE_S, br_to_utf8(TextDatumGetCString(value)));
}

/* Types that are read from their text form. */
static void
encode_output(const BrEncoder *encoder, Datum value, StringInfo out)
{
	append_text(out, BR_TYPE_S, output_of(encoder, value));
}

static void
encode_integer(const BrEncoder *encoder, Datum value, StringInfo out)
{
	append_text(out, BR_TYPE_N, output_of(encoder, value));
}

static void
encode_numeric(const BrEncoder *encoder, Datum value, StringInfo out)
{
	const char *text = output_of(encoder, value);

	if (text[strspn(text, "-0123456789.")] != '\0')
		refuse(encoder, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, text);
	append_text(out, BR_TYPE_N, text);
}

/* The fewest digits that are read back as the same number. */
static void
encode_float(const BrEncoder *encoder, Datum value, StringInfo out)
{
	char		text[Max(DOUBLE_SHORTEST_DECIMAL_LEN, FLOAT_SHORTEST_DECIMAL_LEN)];
	double		number = encoder->type == FLOAT4OID ? DatumGetFloat4(value) : DatumGetFloat8(value);

	if (encoder->type == FLOAT4OID)
		float_to_shortest_decimal_buf(DatumGetFloat4(value), text);
	else
		double_to_shortest_decimal_buf(number, text);
	if (isnan(number) || isinf(number) || fabs(number) >= 1e126 ||
		(number != 0 && fabs(number) < 1e-130))
		refuse(encoder, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, text);
	append_text(out, BR_TYPE_N, text);
}

static void
encode_bool(const BrEncoder *encoder, Datum value, StringInfo out)
{
	append_text(out, BR_TYPE_BOOL, DatumGetBool(value) ? "true" : "false");
}

/* Microseconds since 1970; a date or a timestamp without time zone is in UTC. */
static int64
instant_of(const BrEncoder *encoder, Datum value)
{
	Timestamp	when = encoder->type == DATEOID
		? DatumGetTimestamp(DirectFunctionCall1(date_timestamp, value))
		: DatumGetTimestamp(value);

	if (TIMESTAMP_NOT_FINITE(when) || when > PG_INT64_MAX - BR_UNIX_EPOCH_US)
		refuse(encoder, ERRCODE_DATETIME_FIELD_OVERFLOW, output_of(encoder, value));
	return when + BR_UNIX_EPOCH_US;
}

static bool
is_counted(BrTimeFormat format)
{
	return format == BR_TIME_EPOCH_MS || format == BR_TIME_EPOCH_S;
}

static const char *
text_of_instant(const BrEncoder *encoder, Datum value)
{
	StringInfoData text;

	initStringInfo(&text);
	if (!br_time_append(&text, encoder->format, instant_of(encoder, value)))
		refuse(encoder, ERRCODE_DATETIME_FIELD_OVERFLOW, output_of(encoder, value));
	return text.data;
}

static void
encode_instant(const BrEncoder *encoder, Datum value, StringInfo out)
{
	append_text(out, is_counted(encoder->format) ? BR_TYPE_N : BR_TYPE_S,
				text_of_instant(encoder, value));
}

static void
encode_jsonb(const BrEncoder *encoder, Datum value, StringInfo out)
{
	br_jsonb_append_value(out, DatumGetJsonbP(value), encoder->column->name);
}

/* By way of jsonb, which has one spelling for each value. */
static void
encode_json(const BrEncoder *encoder, Datum value, StringInfo out)
{
	Datum		jsonb = DirectFunctionCall1(jsonb_in,
											CStringGetDatum(TextDatumGetCString(value)));

	br_jsonb_append_value(out, DatumGetJsonbP(jsonb), encoder->column->name);
}

static void
encode_bytea(const BrEncoder *encoder, Datum value, StringInfo out)
{
	bytea	   *bytes = DatumGetByteaPP(value);
	const void *data = VARDATA_ANY(bytes);
	int			size = pg_b64_enc_len(VARSIZE_ANY_EXHDR(bytes)) + 1;
	char	   *base64 = palloc(size);
	int			len = pg_b64_encode(data, VARSIZE_ANY_EXHDR(bytes), base64, size);

	if (len < 0)
		elog(ERROR, "could not encode a binary");
	br_append_value(out, BR_TYPE_B, base64, len);
}

static void
encode_array(const BrEncoder *encoder, Datum value, StringInfo out)
{
	ArrayType  *array = DatumGetArrayTypeP(value);
	Datum	   *elements;
	bool	   *nulls;
	int			n;

	if (ARR_NDIM(array) > 1)
		refuse(encoder, ERRCODE_ARRAY_SUBSCRIPT_ERROR, "an array of more than one dimension");
	deconstruct_array(array, encoder->type, encoder->elmlen, encoder->elmbyval,
					  encoder->elmalign, &elements, &nulls, &n);
	appendStringInfoString(out, "{\"L\":[");
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		if (nulls[i])
			appendStringInfoString(out, "{\"NULL\":true}");
		else
			encoder->element->encode(encoder->element, elements[i], out);
	}
	appendStringInfoString(out, "]}");
}

static BrEncodeFn
function_for(Oid type)
{
	switch (type)
	{
		case TEXTOID:
		case VARCHAROID:
			return encode_text;
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return encode_integer;
		case FLOAT4OID:
		case FLOAT8OID:
			return encode_float;
		case NUMERICOID:
			return encode_numeric;
		case BOOLOID:
			return encode_bool;
		case TIMESTAMPTZOID:
		case TIMESTAMPOID:
		case DATEOID:
			return encode_instant;
		case JSONBOID:
			return encode_jsonb;
		case JSONOID:
			return encode_json;
		case BYTEAOID:
			return encode_bytea;
		default:
			return encode_output;
	}
}

static void
init_type(BrEncoder *encoder, const BrColumn *column, Oid type)
{
	Oid			output;
	bool		is_varlena;

	encoder->column = column;
	encoder->type = type;
	encoder->format = column->format;
	encoder->encode = function_for(type);
	getTypeOutputInfo(type, &output, &is_varlena);
	fmgr_info(output, &encoder->output);
}

void
br_encoder_init(BrEncoder *encoder, const BrColumn *column)
{
	Oid			element = get_element_type(column->type);
	BrEncoder  *of_element;

	memset(encoder, 0, sizeof(*encoder));
	init_type(encoder, column, OidIsValid(element) ? element : column->type);
	if (!OidIsValid(element))
		return;
	of_element = palloc0(sizeof(BrEncoder));
	init_type(of_element, column, element);
	encoder->element = of_element;
	encoder->encode = encode_array;
	get_typlenbyvalalign(element, &encoder->elmlen, &encoder->elmbyval, &encoder->elmalign);
}

void
br_encode(const BrEncoder *encoder, Datum value, StringInfo out)
{
	encoder->encode(encoder, value, out);
}

BrText
br_encode_key(const BrEncoder *encoder, BrType type, Datum value)
{
	const char *text;

	if (encoder->encode == encode_instant)
		text = text_of_instant(encoder, value);
	else if (encoder->encode == encode_bytea)
	{
		StringInfoData out;

		/* {"B":"..."} */
		initStringInfo(&out);
		encode_bytea(encoder, value, &out);
		return (BrText) {out.data + strlen("{\"B\":\""), out.len - strlen("{\"B\":\"\"}")};
	}
	else
		text = output_of(encoder, value);
	return (BrText) {text, strlen(text)};
}
