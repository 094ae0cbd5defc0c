/*
 * jsonb_value.c
 *		Attribute values from jsonb: the way back of jsonb.c.
 */
#include "base/br.h"

#include "dynamodb/expression.h"
#include "fdw/jsonb.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

typedef struct Writer
{
	StringInfo	out;
	const char *column;
} Writer;

static void append_container(Writer *writer, JsonbContainer *container);

static void
append_string(StringInfo out, const char *text, int len)
{
	const char *utf8 = pg_server_to_any(text, len, PG_UTF8);

	br_json_append_string(out, utf8, utf8 == text ? len : strlen(utf8));
}

static void
refuse(Writer *writer, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("value of column \"%s\" stands for no value of DynamoDB", writer->column),
			 errdetail("%s", detail),
			 errhint("Binaries and sets are {\"$B\": \"base64\"}, {\"$SS\": [...]}, {\"$NS\": [...]} and {\"$BS\": [...]}; a key of one's own that begins with $ and is the only one of its map gets one more $.")));
}

static char *
number_of(const JsonbValue *value)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out,
											   NumericGetDatum(value->val.numeric)));
}

static void
append_scalar(Writer *writer, const JsonbValue *value)
{
	StringInfo	out = writer->out;

	switch (value->type)
	{
		case jbvNull:
			appendStringInfoString(out, "{\"NULL\":true}");
			break;
		case jbvBool:
			appendStringInfo(out, "{\"BOOL\":%s}", value->val.boolean ? "true" : "false");
			break;
		case jbvNumeric:
			appendStringInfo(out, "{\"N\":\"%s\"}", number_of(value));
			break;
		case jbvString:
			appendStringInfoString(out, "{\"S\":");
			append_string(out, value->val.string.val, value->val.string.len);
			appendStringInfoChar(out, '}');
			break;
		default:
			append_container(writer, value->val.binary.data);
	}
}

/* Base64 as DynamoDB takes it: padded, without blanks. */
static bool
is_base64(const char *text, int len)
{
	int			padding = 0;

	if (len % 4 != 0)
		return false;
	while (padding < 2 && padding < len && text[len - 1 - padding] == '=')
		padding++;
	for (int i = 0; i < len - padding; i++)
	{
		char		c = text[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			  c == '+' || c == '/'))
			return false;
	}
	return true;
}

static void
append_binary(Writer *writer, const JsonbValue *value)
{
	if (value->type != jbvString || !is_base64(value->val.string.val, value->val.string.len))
		refuse(writer, "A binary is a string in base64.");
	append_string(writer->out, value->val.string.val, value->val.string.len);
}

/* A member of a set, without its type. */
static void
append_member(Writer *writer, char type, const JsonbValue *value)
{
	if (type == 'B')
		append_binary(writer, value);
	else if (type == 'N' && value->type == jbvNumeric)
		appendStringInfo(writer->out, "\"%s\"", number_of(value));
	else if (type == 'S' && value->type == jbvString)
		append_string(writer->out, value->val.string.val, value->val.string.len);
	else
		refuse(writer, "All members of a set are of the set's type.");
}

static void
append_set(Writer *writer, char type, const JsonbValue *value)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	member;
	bool		first = true;

	if (value->type != jbvBinary || !JsonContainerIsArray(value->val.binary.data) ||
		JsonContainerSize(value->val.binary.data) == 0)
		refuse(writer, "A set is an array of at least one member.");
	appendStringInfo(writer->out, "{\"%cS\":[", type);
	it = JsonbIteratorInit(value->val.binary.data);
	(void) JsonbIteratorNext(&it, &member, true);
	while ((token = JsonbIteratorNext(&it, &member, true)) == WJB_ELEM)
	{
		if (!first)
			appendStringInfoChar(writer->out, ',');
		first = false;
		append_member(writer, type, &member);
	}
	appendStringInfoString(writer->out, "]}");
}

/* {"$TAG": value} */
static void
append_tagged(Writer *writer, const JsonbValue *key, const JsonbValue *value)
{
	const char *tag = key->val.string.val + 1;
	int			len = key->val.string.len - 1;

	if (len == 1 && tag[0] == 'B')
	{
		appendStringInfoString(writer->out, "{\"B\":");
		append_binary(writer, value);
		appendStringInfoChar(writer->out, '}');
	}
	else if (len == 2 && tag[1] == 'S' && (tag[0] == 'S' || tag[0] == 'N' || tag[0] == 'B'))
		append_set(writer, tag[0], value);
	else
		refuse(writer, psprintf("\"$%.*s\" is no type.", len, tag));
}

/* The members of a map; of one with a single key, one $ of it is not its own. */
static void
append_members(Writer *writer, JsonbContainer *container)
{
	JsonbIterator *it = JsonbIteratorInit(container);
	JsonbIteratorToken token;
	JsonbValue	value;
	bool		single = JsonContainerSize(container) == 1;
	bool		first = true;

	(void) JsonbIteratorNext(&it, &value, true);
	appendStringInfoChar(writer->out, '{');
	while ((token = JsonbIteratorNext(&it, &value, true)) == WJB_KEY)
	{
		int			skip = single && value.val.string.len > 1 &&
			value.val.string.val[0] == '$' && value.val.string.val[1] == '$' ? 1 : 0;

		if (!first)
			appendStringInfoChar(writer->out, ',');
		first = false;
		append_string(writer->out, value.val.string.val + skip, value.val.string.len - skip);
		appendStringInfoChar(writer->out, ':');
		(void) JsonbIteratorNext(&it, &value, true);
		append_scalar(writer, &value);
	}
	appendStringInfoChar(writer->out, '}');
}

/* The key and the value of a map that has one key which is a tag; else false. */
static bool
is_tagged(JsonbContainer *container, JsonbValue *key, JsonbValue *value)
{
	JsonbIterator *it;

	if (JsonContainerSize(container) != 1)
		return false;
	it = JsonbIteratorInit(container);
	(void) JsonbIteratorNext(&it, key, true);
	(void) JsonbIteratorNext(&it, key, true);
	(void) JsonbIteratorNext(&it, value, true);
	return key->val.string.len > 0 && key->val.string.val[0] == '$' &&
		!(key->val.string.len > 1 && key->val.string.val[1] == '$');
}

static void
append_list(Writer *writer, JsonbContainer *container)
{
	JsonbIterator *it = JsonbIteratorInit(container);
	JsonbValue	value;
	bool		first = true;

	(void) JsonbIteratorNext(&it, &value, true);
	appendStringInfoString(writer->out, "{\"L\":[");
	while (JsonbIteratorNext(&it, &value, true) == WJB_ELEM)
	{
		if (!first)
			appendStringInfoChar(writer->out, ',');
		first = false;
		append_scalar(writer, &value);
	}
	appendStringInfoString(writer->out, "]}");
}

static void
append_container(Writer *writer, JsonbContainer *container)
{
	JsonbValue	key;
	JsonbValue	value;

	check_stack_depth();
	if (JsonContainerIsArray(container))
		append_list(writer, container);
	else if (is_tagged(container, &key, &value))
		append_tagged(writer, &key, &value);
	else
	{
		appendStringInfoString(writer->out, "{\"M\":");
		append_members(writer, container);
		appendStringInfoChar(writer->out, '}');
	}
}

void
br_jsonb_append_value(StringInfo out, Jsonb *jsonb, const char *column)
{
	Writer		writer = {out, column};
	JsonbValue	value;

	if (JsonContainerIsScalar(&jsonb->root))
	{
		(void) JsonbExtractScalar(&jsonb->root, &value);
		append_scalar(&writer, &value);
	}
	else
		append_container(&writer, &jsonb->root);
}

void
br_jsonb_append_item(StringInfo out, Jsonb *jsonb, const char *column)
{
	Writer		writer = {out, column};

	if (!JB_ROOT_IS_OBJECT(jsonb))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value of column \"%s\" is no item", column),
				 errdetail("An item is an object of attributes.")));
	append_members(&writer, &jsonb->root);
}
