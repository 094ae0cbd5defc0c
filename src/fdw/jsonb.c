/*
 * jsonb.c
 *		Building jsonb from spans.
 */
#include "base/br.h"

#include "dynamodb/page.h"
#include "fdw/jsonb.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

typedef struct Builder
{
	JsonbParseState *state;
	JsonbValue *result;
	BrError    *err;
} Builder;

static bool push_value(Builder *builder, JsonbIteratorToken token, const BrSpan *span);

/* A string value; scratch is fresh, as jsonb keeps the pointer. */
static bool
string_value(Builder *builder, const BrSpan *span, const char *prefix, JsonbValue *value)
{
	StringInfoData scratch;
	const char *text;
	size_t		len;

	initStringInfo(&scratch);
	if (!br_span_text(span, &scratch, &text, &len, builder->err))
		return false;
	if (prefix[0] != '\0')
	{
		text = psprintf("%s%.*s", prefix, (int) len, text);
		len += strlen(prefix);
	}
	if (GetDatabaseEncoding() != PG_UTF8)
	{
		text = pg_any_to_server(pnstrdup(text, len), len, PG_UTF8);
		len = strlen(text);
	}
	value->type = jbvString;
	value->val.string.val = unconstify(char *, text);
	value->val.string.len = len;
	return true;
}

static void
number_value(const BrSpan *span, JsonbValue *value)
{
	Datum		number = DirectFunctionCall3(numeric_in,
											 CStringGetDatum(pnstrdup(span->ptr, span->len)),
											 ObjectIdGetDatum(InvalidOid),
											 Int32GetDatum(-1));

	value->type = jbvNumeric;
	value->val.numeric = DatumGetNumeric(number);
}

static void
push(Builder *builder, JsonbIteratorToken token, JsonbValue *value)
{
	builder->result = pushJsonbValue(&builder->state, token, value);
}

/* A lone scalar is wrapped the way jsonb wants it. */
static bool
push_scalar(Builder *builder, JsonbIteratorToken token, const BrSpan *span)
{
	JsonbValue	value;

	switch (span->type)
	{
		case BR_TYPE_S:
			if (!string_value(builder, span, "", &value))
				return false;
			break;
		case BR_TYPE_N:
			number_value(span, &value);
			break;
		case BR_TYPE_BOOL:
			value.type = jbvBool;
			value.val.boolean = span->ptr[0] == 't';
			break;
		default:
			value.type = jbvNull;
			break;
	}
	if (builder->state == NULL)
	{
		JsonbValue	array = {.type = jbvArray};

		array.val.array.rawScalar = true;
		array.val.array.nElems = 1;
		push(builder, WJB_BEGIN_ARRAY, &array);
		push(builder, WJB_ELEM, &value);
		push(builder, WJB_END_ARRAY, NULL);
	}
	else
		push(builder, token, &value);
	return true;
}

/* The members of a list or a set, as an array. */
static bool
push_array(Builder *builder, const BrSpan *span)
{
	BrWalk		walk;
	BrSpan		member;
	bool		found;

	push(builder, WJB_BEGIN_ARRAY, NULL);
	br_walk_open(&walk, span);
	for (;;)
	{
		BrSpan		name;

		if (!br_walk_next(&walk, &name, &member, &found, builder->err))
			return false;
		if (!found)
			break;
		/* in a set of binaries the tag outside says what the strings are */
		if (span->type == BR_TYPE_BS)
			member.type = BR_TYPE_S;
		if (!push_value(builder, WJB_ELEM, &member))
			return false;
	}
	push(builder, WJB_END_ARRAY, NULL);
	return true;
}

/* {"$TAG": value} */
static bool
push_tagged(Builder *builder, const BrSpan *span)
{
	BrSpan		inner = *span;
	JsonbValue	key = {.type = jbvString};
	bool		ok;

	key.val.string.val = psprintf("$%s", br_type_name(span->type));
	key.val.string.len = strlen(key.val.string.val);
	push(builder, WJB_BEGIN_OBJECT, NULL);
	push(builder, WJB_KEY, &key);
	inner.type = BR_TYPE_S;
	ok = span->type == BR_TYPE_B ? push_scalar(builder, WJB_VALUE, &inner)
		: push_array(builder, span);
	push(builder, WJB_END_OBJECT, NULL);
	return ok;
}

/* Does a map consist of one key that begins with $? */
static bool
looks_tagged(const BrSpan *span, BrError *err)
{
	BrWalk		walk;
	BrSpan		name;
	BrSpan		second;
	BrSpan		value;
	bool		found;

	br_walk_open(&walk, span);
	if (!br_walk_next(&walk, &name, &value, &found, err) || !found)
		return false;
	if (!br_walk_next(&walk, &second, &value, &found, err) || found)
		return false;
	return name.len > 0 &&
		(name.ptr[0] == '$' ||
		 (name.len >= 6 && memcmp(name.ptr, "\\u0024", 6) == 0));
}

static bool
push_map(Builder *builder, const BrSpan *span)
{
	const char *prefix = looks_tagged(span, builder->err) ? "$" : "";
	BrWalk		walk;
	BrSpan		name;
	BrSpan		member;
	bool		found;

	push(builder, WJB_BEGIN_OBJECT, NULL);
	br_walk_open(&walk, span);
	for (;;)
	{
		JsonbValue	key;

		if (!br_walk_next(&walk, &name, &member, &found, builder->err))
			return false;
		if (!found)
			break;
		if (!string_value(builder, &name, prefix, &key))
			return false;
		push(builder, WJB_KEY, &key);
		if (!push_value(builder, WJB_VALUE, &member))
			return false;
	}
	push(builder, WJB_END_OBJECT, NULL);
	return true;
}

static bool
push_value(Builder *builder, JsonbIteratorToken token, const BrSpan *span)
{
	switch (span->type)
	{
		case BR_TYPE_M:
			return push_map(builder, span);
		case BR_TYPE_L:
			return push_array(builder, span);
		case BR_TYPE_B:
		case BR_TYPE_SS:
		case BR_TYPE_NS:
		case BR_TYPE_BS:
			return push_tagged(builder, span);
		default:
			return push_scalar(builder, token, span);
	}
}

bool
br_jsonb_from_span(const BrSpan *span, Jsonb **result, BrError *err)
{
	Builder		builder = {.err = err};

	if (!push_value(&builder, WJB_ELEM, span))
		return false;
	*result = JsonbValueToJsonb(builder.result);
	return true;
}
