/*
 * datum.c
 *		One maker for each type of column.
 *
 * Nothing is lost on the way: a number goes to numeric digit by digit, and to
 * an integer only if it is one.
 */
#include "base/br.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/base64.h"
#include "datatype/timestamp.h"
#include "dynamodb/number.h"
#include "dynamodb/page.h"
#include "fdw/datum.h"
#include "fdw/jsonb.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

/* The text of a string span in the server's encoding; may point into the body. */
static BrMade
server_text(BrMaker *maker, const BrSpan *span, const char **text, size_t *len, BrError *err)
{
	if (!br_span_text(span, maker->scratch, text, len, err))
		return BR_MADE_FAILED;
	if ((span->flags & (BR_SPAN_NON_ASCII | BR_SPAN_ESCAPED)) &&
		GetDatabaseEncoding() != PG_UTF8)
	{
		*text = pg_any_to_server(pnstrdup(*text, *len), *len, PG_UTF8);
		*len = strlen(*text);
	}
	return BR_MADE_VALUE;
}

static BrMade
make_text(BrMaker *maker, const BrSpan *span, Datum *value, BrError *err)
{
	const char *text;
	size_t		len;
	BrMade		made;

	if (span->type != BR_TYPE_S)
		return BR_MADE_MISMATCH;
	made = server_text(maker, span, &text, &len, err);
	/* a varchar(n) cuts nothing off, not even blanks: it could not be found by it */
	if (made == BR_MADE_VALUE && maker->typmod >= (int32) VARHDRSZ &&
		pg_mbstrlen_with_len(text, len) > maker->typmod - (int32) VARHDRSZ)
		return BR_MADE_OUT_OF_RANGE;
	if (made == BR_MADE_VALUE)
		*value = PointerGetDatum(cstring_to_text_with_len(text, len));
	return made;
}

static Numeric
numeric_from_span(const BrSpan *span)
{
	return DatumGetNumeric(DirectFunctionCall3(numeric_in,
											   CStringGetDatum(pnstrdup(span->ptr, span->len)),
											   ObjectIdGetDatum(InvalidOid),
											   Int32GetDatum(-1)));
}

/*
 * Does a number have room in numeric(precision, scale), as it is after rounding?
 * Its digits are counted from the first that is not zero; below a negative scale
 * they do not count.
 */
static bool
fits_typmod(Numeric number, int32 typmod)
{
	int			precision = ((typmod - VARHDRSZ) >> 16) & 0xffff;
	int			scale = (((typmod - VARHDRSZ) & 0x7ff) ^ 1024) - 1024;
	Datum		rounded = DirectFunctionCall2(numeric_round, NumericGetDatum(number),
											  Int32GetDatum(scale));
	const char *text = DatumGetCString(DirectFunctionCall1(numeric_out, rounded));
	int			ndigits = 0;

	for (const char *p = text; *p != '\0'; p++)
	{
		if (*p >= '0' && *p <= '9' && (*p != '0' || ndigits > 0))
			ndigits++;
	}
	return ndigits <= precision + (scale < 0 ? -scale : 0);
}

static BrMade
make_number(BrMaker *maker, const BrSpan *span, Datum *value, BrError *err)
{
	Numeric		number;

	if (span->type != BR_TYPE_N)
		return BR_MADE_MISMATCH;
	number = numeric_from_span(span);
	if (maker->typmod >= 0 && !fits_typmod(number, maker->typmod))
		return BR_MADE_OUT_OF_RANGE;
	*value = NumericGetDatum(number);
	if (maker->typmod >= 0)
		*value = DirectFunctionCall2(numeric, *value, Int32GetDatum(maker->typmod));
	return BR_MADE_VALUE;
}

/* A whole number, also one spelled as 5E+2 or 5.0. */
static bool
int64_from_span(const BrSpan *span, int64 *result)
{
	Numeric		number;
	char	   *text;

	if (br_number_to_int64(span->ptr, span->len, result))
		return true;
	number = numeric_from_span(span);
	text = DatumGetCString(DirectFunctionCall1(numeric_out,
											   DirectFunctionCall1(numeric_trim_scale,
																   NumericGetDatum(number))));
	if (br_number_to_int64(text, strlen(text), result))
		return true;
	/* 19 digits: an int8 holds some of them */
	if (strchr(text, '.') != NULL || strlen(text) > 20)
		return false;
	errno = 0;
	*result = strtoll(text, NULL, 10);
	return errno == 0;
}

static BrMade
make_integer(BrMaker *maker, const BrSpan *span, Datum *value, BrError *err)
{
	int64		number;

	if (span->type != BR_TYPE_N)
		return BR_MADE_MISMATCH;
	if (!int64_from_span(span, &number))
		return BR_MADE_OUT_OF_RANGE;
	switch (maker->type)
	{
		case INT2OID:
			*value = Int16GetDatum((int16) number);
			return number == (int16) number ? BR_MADE_VALUE : BR_MADE_OUT_OF_RANGE;
		case INT4OID:
			*value = Int32GetDatum((int32) number);
			return number == (int32) number ? BR_MADE_VALUE : BR_MADE_OUT_OF_RANGE;
		default:
			*value = Int64GetDatum(number);
			return BR_MADE_VALUE;
	}
}

static BrMade
make_float(BrMaker *maker, const BrSpan *span, Datum *value, BrError *err)
{
	double		number;

	if (span->type != BR_TYPE_N)
		return BR_MADE_MISMATCH;
	if (!br_number_to_double(span->ptr, span->len, &number))
		return BR_MADE_OUT_OF_RANGE;
	if (maker->type == FLOAT8OID)
		*value = Float8GetDatum(number);
	else
	{
		*value = Float4GetDatum((float4) number);
		if (isinf((float4) number) || ((float4) number == 0 && number != 0))
			return BR_MADE_OUT_OF_RANGE;
	}
	return BR_MADE_VALUE;
}

static BrMade
make_bool(BrMaker *maker, const BrSpan *span, Datum *value, BrError *err)
{
	if (span->type != BR_TYPE_BOOL)
		return BR_MADE_MISMATCH;
	*value = BoolGetDatum(span->ptr[0] == 't');
	return BR_MADE_VALUE;
}

/* Is an attribute of this type what the declared format says? */
static bool
format_allows(BrTimeFormat format, BrType type)
{
	switch (format)
	{
		case BR_TIME_ANY:
			return type == BR_TYPE_N || type == BR_TYPE_S;
		case BR_TIME_EPOCH_MS:
		case BR_TIME_EPOCH_S:
			return type == BR_TYPE_N;
		default:
			return type == BR_TYPE_S;
	}
}

/* The order and the bounds of these formats rely on T, Z and a fraction. */
static bool
has_declared_form(BrTimeFormat format, const BrSpan *span)
{
	if (format != BR_TIME_ISO8601_UTC && format != BR_TIME_ISO8601_Z)
		return true;
	return span->len >= 20 && span->ptr[10] == 'T' && span->ptr[span->len - 1] == 'Z' &&
		(format == BR_TIME_ISO8601_Z || span->ptr[19] == '.');
}

static BrMade
make_instant(BrMaker *maker, const BrSpan *span, Datum *value, BrError *err)
{
	int64		unix_us;
	int64		unit = maker->format == BR_TIME_EPOCH_S ? USECS_PER_SEC : 1000;
	TimestampTz when;

	if (!format_allows(maker->format, span->type))
		return BR_MADE_MISMATCH;
	if (span->type == BR_TYPE_S && !has_declared_form(maker->format, span))
		return BR_MADE_OUT_OF_RANGE;
	if (span->type == BR_TYPE_N
		? !br_time_parse_epoch(span->ptr, span->len, unit, &unix_us)
		: !br_time_parse_iso(span->ptr, span->len, &unix_us))
		return BR_MADE_OUT_OF_RANGE;
	if (unix_us < PG_INT64_MIN + BR_UNIX_EPOCH_US)
		return BR_MADE_OUT_OF_RANGE;
	when = unix_us - BR_UNIX_EPOCH_US;
	if (!IS_VALID_TIMESTAMP(when))
		return BR_MADE_OUT_OF_RANGE;

	/* types without a zone are in UTC: rows must not depend on a setting */
	*value = TimestampTzGetDatum(when);
	if (maker->type == DATEOID)
		*value = DirectFunctionCall1(timestamp_date, *value);
	if (maker->typmod >= 0 && maker->type == TIMESTAMPTZOID)
		*value = DirectFunctionCall2(timestamptz_scale, *value, Int32GetDatum(maker->typmod));
	else if (maker->typmod >= 0 && maker->type == TIMESTAMPOID)
		*value = DirectFunctionCall2(timestamp_scale, *value, Int32GetDatum(maker->typmod));
	return BR_MADE_VALUE;
}

static BrMade
make_jsonb(BrMaker *maker, const BrSpan *span, Datum *value, BrError *err)
{
	Jsonb	   *jsonb;

	if (!br_jsonb_from_span(span, &jsonb, err))
		return BR_MADE_FAILED;
	*value = JsonbPGetDatum(jsonb);
	if (maker->type == JSONOID)
		*value = CStringGetTextDatum(JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb)));
	return BR_MADE_VALUE;
}

static BrMade
make_bytea(BrMaker *maker, const BrSpan *span, Datum *value, BrError *err)
{
	StringInfoData scratch;
	const char *text;
	size_t		len;
	bytea	   *bytes;
	int			n;

	if (span->type != BR_TYPE_B)
		return BR_MADE_MISMATCH;
	initStringInfo(&scratch);
	if (!br_span_text(span, &scratch, &text, &len, err))
		return BR_MADE_FAILED;
	bytes = palloc(VARHDRSZ + pg_b64_dec_len(len) + 1);
	n = pg_b64_decode(text, len, (void *) VARDATA(bytes), pg_b64_dec_len(len) + 1);
	if (n < 0)
	{
		br_error(err, BR_ERR_PROTOCOL, "a binary value is not base64");
		return BR_MADE_FAILED;
	}
	SET_VARSIZE(bytes, VARHDRSZ + n);
	*value = PointerGetDatum(bytes);
	return BR_MADE_VALUE;
}

static BrMade
make_by_input(BrMaker *maker, const BrSpan *span, Datum *value, BrError *err)
{
	const char *text = span->ptr;
	size_t		len = span->len;

	if (span->type != BR_TYPE_S && span->type != BR_TYPE_N && span->type != BR_TYPE_BOOL)
		return BR_MADE_MISMATCH;
	if (span->type == BR_TYPE_S)
	{
		BrMade		made = server_text(maker, span, &text, &len, err);

		if (made != BR_MADE_VALUE)
			return made;
	}
	*value = InputFunctionCall(&maker->input, pnstrdup(text, len),
							   maker->ioparam, maker->typmod);
	return BR_MADE_VALUE;
}

/*
 * A value that reads another way than it is written could not be looked up by
 * what SQL shows: an id in capitals, say.  It does not count as a uuid.
 */
static BrMade
make_uuid(BrMaker *maker, const BrSpan *span, Datum *value, BrError *err)
{
	static const char hex[] = "0123456789abcdef";
	pg_uuid_t  *uuid;
	int			nibble = 0;

	if (span->type != BR_TYPE_S || span->len != 36)
		return BR_MADE_MISMATCH;
	uuid = palloc0(sizeof(pg_uuid_t));
	for (int i = 0; i < 36; i++)
	{
		const char *digit;

		if (i == 8 || i == 13 || i == 18 || i == 23)
		{
			if (span->ptr[i] != '-')
				return BR_MADE_MISMATCH;
			continue;
		}
		digit = memchr(hex, span->ptr[i], 16);
		if (digit == NULL)
			return BR_MADE_MISMATCH;
		uuid->data[nibble / 2] |= (digit - hex) << (nibble % 2 ? 0 : 4);
		nibble++;
	}
	*value = UUIDPGetDatum(uuid);
	return BR_MADE_VALUE;
}

static BrMade
make_array_of(BrMaker *maker, const BrSpan *span, Datum *value, BrError *err)
{
	BrMaker    *element = maker->element;
	ArrayBuildState *array;
	BrWalk		walk;

	if (span->type != BR_TYPE_L && span->type != BR_TYPE_SS &&
		span->type != BR_TYPE_NS && span->type != BR_TYPE_BS)
		return BR_MADE_MISMATCH;
	array = initArrayResult(element->type, CurrentMemoryContext, false);
	br_walk_open(&walk, span);
	for (;;)
	{
		BrSpan		name;
		BrSpan		member;
		bool		found;
		Datum		datum = (Datum) 0;
		BrMade		made;

		if (!br_walk_next(&walk, &name, &member, &found, err))
			return BR_MADE_FAILED;
		if (!found)
			break;
		made = member.type == BR_TYPE_NULL ? BR_MADE_NULL :
			element->make(element, &member, &datum, err);
		if (made != BR_MADE_VALUE && made != BR_MADE_NULL)
			return made;
		array = accumArrayResult(array, datum, made == BR_MADE_NULL,
								 element->type, CurrentMemoryContext);
	}
	*value = makeArrayResult(array, CurrentMemoryContext);
	return BR_MADE_VALUE;
}

static void
init_by_input(BrMaker *maker)
{
	Oid			input;

	getTypeInputInfo(maker->type, &input, &maker->ioparam);
	fmgr_info(input, &maker->input);
	maker->make = make_by_input;
	maker->expects = "S, N or BOOL";
}

static void
init_array(BrMaker *maker, Oid element_type)
{
	maker->element = palloc0(sizeof(BrMaker));
	br_maker_init(maker->element, element_type, maker->typmod, maker->format);
	maker->make = make_array_of;
	maker->expects = psprintf("a list or set of %s", maker->element->expects);
}

void
br_maker_init(BrMaker *maker, Oid type, int32 typmod, BrTimeFormat format)
{
	static const struct
	{
		Oid			type;
		BrMakeFn	make;
		const char *expects;
	}			makers[] =
	{
		{TEXTOID, make_text, "S"},
		{VARCHAROID, make_text, "S"},
		{INT2OID, make_integer, "N"},
		{INT4OID, make_integer, "N"},
		{INT8OID, make_integer, "N"},
		{FLOAT4OID, make_float, "N"},
		{FLOAT8OID, make_float, "N"},
		{NUMERICOID, make_number, "N"},
		{BOOLOID, make_bool, "BOOL"},
		{TIMESTAMPTZOID, make_instant, "N or S"},
		{TIMESTAMPOID, make_instant, "N or S"},
		{DATEOID, make_instant, "N or S"},
		{JSONBOID, make_jsonb, "any"},
		{JSONOID, make_jsonb, "any"},
		{BYTEAOID, make_bytea, "B"},
		{UUIDOID, make_uuid, "S holding a UUID in lower case"}
	};
	Oid			element = get_element_type(type);

	maker->type = type;
	maker->typmod = typmod;
	maker->format = format;
	maker->scratch = makeStringInfo();
	for (int i = 0; i < (int) lengthof(makers); i++)
	{
		if (makers[i].type == type)
		{
			maker->make = makers[i].make;
			maker->expects = makers[i].expects;
			return;
		}
	}
	if (OidIsValid(element))
		init_array(maker, element);
	else
		init_by_input(maker);
}

BrMade
br_make_from_key(BrMaker *maker, BrText text, Datum *value, BrError *err)
{
	BrSpan		span = {text.ptr, text.len, BR_TYPE_S, BR_SPAN_NON_ASCII};

	/* a part of a key is text, but a number's column reads it as a number */
	if (maker->make == make_integer || maker->make == make_float ||
		maker->make == make_number ||
		(maker->make == make_instant && !format_allows(maker->format, BR_TYPE_S)))
	{
		double		number;

		if (!br_number_to_double(text.ptr, text.len, &number))
			return BR_MADE_MISMATCH;
		span.type = BR_TYPE_N;
	}
	else if (maker->make == make_bytea)
		span.type = BR_TYPE_B;
	return maker->make(maker, &span, value, err);
}
