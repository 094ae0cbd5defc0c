/*
 * audit_item.c
 *		Does an item keep to what is assumed of it?
 *
 * The item is the JSON that the table items shows, so that a copy of it can be
 * looked at as well: numbers are N, texts are S, and an object with the one key
 * $B is a binary value.
 */
#include "base/br.h"

#include "catalog/pg_type.h"
#include "functions/audit.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

/* Length of YYYY-MM-DDTHH:MM:SS.Z */
#define ISO_WITHOUT_FRACTION	21

typedef enum Verdict
{
	NOT_CONCERNED,
	HOLDS,
	VIOLATED
} Verdict;

/* An item on its way through the checks. */
typedef struct Item
{
	MemoryContext keep;			/* of what outlives the item */
	BrText		pk;
	BrText		sk;
	Jsonb	   *json;
	BrText		values[2 * BR_MAX_VARIABLES];	/* of the table being checked */
	bool		claimed;		/* some entity has it */
} Item;

/* Values */

/* The member of an object; NULL if there is none, as of what is no object. */
static JsonbValue *
member_of(JsonbContainer *object, const char *name)
{
	if (!JsonContainerIsObject(object))
		return NULL;
	/* an object with one key that begins with $ would be a marker: see jsonb.c */
	if (JsonContainerSize(object) == 1 && name[0] == '$')
		name = psprintf("$%s", name);
	return getKeyJsonValueFromContainer(object, name, strlen(name), NULL);
}

static JsonbValue *
at_path(const Jsonb *item, const BrPath *path)
{
	JsonbContainer *container = unconstify(JsonbContainer *, &item->root);
	JsonbValue *value = NULL;

	for (int i = 0; i < path->nsteps; i++)
	{
		const BrStep *step = &path->steps[i];

		if (i > 0 && value->type != jbvBinary)
			return NULL;
		if (i > 0)
			container = value->val.binary.data;
		if (step->name != NULL)
			value = member_of(container, step->name);
		else
			value = JsonContainerIsArray(container)
				? getIthJsonbValueFromContainer(container, step->index) : NULL;
		if (value == NULL)
			return NULL;
	}
	return value;
}

/* The first alternative that is present; NULL too if that has the type NULL. */
static JsonbValue *
value_at(const Jsonb *item, const BrPaths *paths)
{
	for (int i = 0; i < paths->npaths; i++)
	{
		JsonbValue *value = at_path(item, &paths->paths[i]);

		if (value != NULL)
			return value->type == jbvNull ? NULL : value;
	}
	return NULL;
}

static JsonbValue *
attribute_of(const Jsonb *item, const char *name)
{
	JsonbValue *value = member_of(unconstify(JsonbContainer *, &item->root), name);

	return value == NULL || value->type == jbvNull ? NULL : value;
}

static bool
is_text(const JsonbValue *value, const char *text, size_t len)
{
	return value->type == jbvString && value->val.string.len == (int) len &&
		memcmp(value->val.string.val, text, len) == 0;
}

static bool
is_one_of(const JsonbValue *value, const char *const *choices)
{
	for (; *choices != NULL; choices++)
	{
		if (is_text(value, *choices, strlen(*choices)))
			return true;
	}
	return false;
}

static bool
has_type(const JsonbValue *value, BrType type)
{
	switch (type)
	{
		case BR_TYPE_S:
			return value->type == jbvString;
		case BR_TYPE_N:
			return value->type == jbvNumeric;
		case BR_TYPE_B:
			return value->type == jbvBinary && JsonContainerIsObject(value->val.binary.data) &&
				JsonContainerSize(value->val.binary.data) == 1 &&
				getKeyJsonValueFromContainer(value->val.binary.data, "$B", 2, NULL) != NULL;
		default:
			return false;
	}
}

/* Tallies */

/* Keeps the keys that come first, so that they do not depend on the order of reading. */
static void
add_example(BrTally *tally, const char *example, MemoryContext keep)
{
	int			at = tally->nexamples;

	while (at > 0 && strcmp(example, tally->examples[at - 1]) < 0)
		at--;
	if (at == BR_MAX_EXAMPLES)
		return;
	if (tally->nexamples < BR_MAX_EXAMPLES)
		tally->nexamples++;
	else
		pfree(tally->examples[BR_MAX_EXAMPLES - 1]);
	memmove(&tally->examples[at + 1], &tally->examples[at],
			sizeof(char *) * (tally->nexamples - 1 - at));
	tally->examples[at] = MemoryContextStrdup(keep, example);
}

static void
add_to_tally(BrTally *tally, const Item *item)
{
	tally->count++;
	add_example(tally, psprintf("%.*s / %.*s", (int) item->pk.len, item->pk.ptr,
								(int) item->sk.len, item->sk.ptr), item->keep);
}

/* Checks */

static Verdict
verdict(bool holds)
{
	return holds ? HOLDS : VIOLATED;
}

/* An attribute beside the key: absent is all right, another value is not. */
static Verdict
check_value(const BrAudited *table, const BrCheck *check, const Item *item)
{
	BrText		expected = item->values[check->value];
	const BrVariable *var = check->value < table->declared.schema.vars.n
		? &table->declared.schema.vars.list[check->value]
		: &table->declared.schema.config_vars.list[check->value - table->declared.schema.vars.n];
	JsonbValue *value = attribute_of(item->json, check->attribute);
	char	   *number;

	if (value == NULL || expected.ptr == NULL)
		return NOT_CONCERNED;
	if (value->type != jbvNumeric)
		return verdict(var->kind != BR_VAR_INTEGER &&
					   is_text(value, expected.ptr, expected.len));
	number = numeric_normalize(value->val.numeric);
	return verdict(strlen(number) == expected.len &&
				   memcmp(number, expected.ptr, expected.len) == 0);
}

static Verdict
check_time(BrCheck *check, const Item *item)
{
	BrTimeFormat format = check->column->format;
	JsonbValue *value = value_at(item->json, &check->column->paths);
	BrTimeFormat found = BR_TIME_ANY;
	char	   *number;

	if (value == NULL)
		return NOT_CONCERNED;
	if (value->type == jbvNumeric)
	{
		number = numeric_normalize(value->val.numeric);
		found = br_time_classify_epoch(number, strlen(number));
	}
	else if (value->type == jbvString)
		found = br_time_classify_iso(value->val.string.val, value->val.string.len);

	switch (format)
	{
		case BR_TIME_ANY:
			/* a number would be milliseconds */
			return verdict(found != BR_TIME_ANY && found != BR_TIME_EPOCH_S);
		case BR_TIME_EPOCH_MS:
		case BR_TIME_EPOCH_S:
			return verdict(found == format);
		case BR_TIME_ISO8601_UTC:
			/* of which width the others are is known at the end */
			if (found == format)
				add_to_tally(&check->widths[Min(value->val.string.len - ISO_WITHOUT_FRACTION,
												BR_MAX_FRACTION)], item);
			return verdict(found == format);
		case BR_TIME_ISO8601_Z:
		case BR_TIME_ISO8601:
			return verdict(found >= BR_TIME_ISO8601_UTC && found <= format);
	}
	return NOT_CONCERNED;
}

static Verdict
check_index(const BrCheck *check, const Item *item)
{
	const BrIndexInfo *index = check->index;
	const char *names[] = {index->pk, index->sk};
	BrType		types[] = {index->pk_type, index->sk_type};

	for (int i = 0; i < (int) lengthof(names); i++)
	{
		JsonbValue *value;

		if (names[i] == NULL)
			continue;
		value = attribute_of(item->json, names[i]);
		if (value == NULL || !has_type(value, types[i]) || is_text(value, "", 0))
			return VIOLATED;
	}
	return HOLDS;
}

static bool
is_integer_of(Oid type, const JsonbValue *value)
{
	char	   *number;
	long long	whole;
	char	   *end;

	if (value->type != jbvNumeric)
		return false;
	number = numeric_normalize(value->val.numeric);
	errno = 0;
	whole = strtoll(number, &end, 10);
	return errno == 0 && *end == '\0' &&
		(type == INT8OID || (type == INT4OID ? whole == (int32) whole : whole == (int16) whole));
}

/* As fdw/datum.c takes them, where JSON can tell. */
static bool
suits(Oid type, const JsonbValue *value)
{
	switch (type)
	{
		case TEXTOID:
		case VARCHAROID:
		case UUIDOID:
			return value->type == jbvString;
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return is_integer_of(type, value);
		case FLOAT4OID:
		case FLOAT8OID:
		case NUMERICOID:
			return value->type == jbvNumeric;
		case BOOLOID:
			return value->type == jbvBool;
		case BYTEAOID:
			return has_type(value, BR_TYPE_B);
		case TIMESTAMPTZOID:
		case TIMESTAMPOID:
		case DATEOID:
			return true;		/* that is BR_CHECK_TIME */
		default:
			return !OidIsValid(get_element_type(type)) || value->type == jbvBinary;
	}
}

static Verdict
check_types(const BrAudited *table, const Item *item)
{
	for (int i = 0; i < table->declared.ncolumns; i++)
	{
		const BrDeclaredColumn *column = &table->declared.columns[i];
		JsonbValue *value = column->value >= 0 ? NULL : value_at(item->json, &column->paths);

		if (value != NULL && !suits(column->type, value))
			return VIOLATED;
	}
	return HOLDS;
}

static Verdict
check_not_null(const BrCheck *check, const Item *item)
{
	const BrDeclaredColumn *column = check->column;

	if (column->value >= 0)
		return verdict(item->values[column->value].ptr != NULL);
	return verdict(value_at(item->json, &column->paths) != NULL);
}

static bool
begins_with(BrText text, const char *prefix)
{
	return text.len >= strlen(prefix) && memcmp(text.ptr, prefix, strlen(prefix)) == 0;
}

/* An item under this prefix (without one: under none of the others) is in some entity. */
static Verdict
check_stray(const BrCheck *check, const Item *item)
{
	if (check->prefix != NULL && !begins_with(item->pk, check->prefix))
		return NOT_CONCERNED;
	for (const char *const *other = br_entity_reserved_prefixes();
		 check->prefix == NULL && *other != NULL; other++)
	{
		if (begins_with(item->pk, *other))
			return NOT_CONCERNED;
	}
	return verdict(item->claimed);
}

static Verdict
check_stray_type(const Item *item)
{
	JsonbValue *value = attribute_of(item->json, "itemType");

	if (item->claimed)
		return NOT_CONCERNED;
	for (const BrEntity *entity = br_entity_next(NULL); entity != NULL && value != NULL;
		 entity = br_entity_next(entity))
	{
		if (entity->item_type != NULL &&
			is_text(value, entity->item_type, strlen(entity->item_type)))
			return VIOLATED;
	}
	return HOLDS;
}

/* Those of BenchBox have another form. */
static Verdict
check_config(const BrAudited *table, const Item *item)
{
	const BrSchema *schema = &table->declared.schema;
	BrText		config = item->values[schema->config_var];

	if (config.len >= strlen(BR_BENCHBOX_CONFIG) &&
		memcmp(config.ptr, BR_BENCHBOX_CONFIG, strlen(BR_BENCHBOX_CONFIG)) == 0)
		return NOT_CONCERNED;
	return verdict(item->values[schema->vars.n].ptr != NULL);
}

/* What the checks of the table's own items find. */
static Verdict
check_member(const BrAudited *table, BrCheck *check, const Item *item)
{
	JsonbValue *value;

	switch (check->kind)
	{
		case BR_CHECK_ITEM_TYPE:
			value = attribute_of(item->json, "itemType");
			return verdict(value != NULL && is_text(value, table->declared.entity->item_type,
													strlen(table->declared.entity->item_type)));
		case BR_CHECK_PRESENT:
			return verdict(attribute_of(item->json, check->attribute) != NULL);
		case BR_CHECK_VALUE:
			return check_value(table, check, item);
		case BR_CHECK_CONFIG:
			return check_config(table, item);
		case BR_CHECK_CHOICE:
			value = attribute_of(item->json, check->attribute);
			return value == NULL ? NOT_CONCERNED : verdict(is_one_of(value, check->choices));
		case BR_CHECK_TIME:
			return check_time(check, item);
		case BR_CHECK_INDEX:
			return check_index(check, item);
		case BR_CHECK_NOT_NULL:
			return check_not_null(check, item);
		case BR_CHECK_TYPES:
			return check_types(table, item);
		default:
			return NOT_CONCERNED;
	}
}

static Verdict
check_item(const BrAudited *table, BrCheck *check, const Item *item, bool belongs)
{
	switch (check->kind)
	{
		case BR_CHECK_NOTHING:
			return NOT_CONCERNED;
		case BR_CHECK_KEYS:
			return br_schema_admits(&table->declared.schema, item->pk, item->sk)
				? verdict(belongs) : NOT_CONCERNED;
		case BR_CHECK_STRAY:
			return check_stray(check, item);
		case BR_CHECK_STRAY_TYPE:
			return check_stray_type(item);
		default:
			return belongs ? check_member(table, check, item) : NOT_CONCERNED;
	}
}

void
br_audit_item(BrAudit *audit, BrText pk, BrText sk, Jsonb *json)
{
	Item		item = {.keep = audit->context, .pk = pk, .sk = sk, .json = json};

	for (int i = 0; i < audit->ntables; i++)
	{
		BrAudited  *table = &audit->tables[i];
		bool		belongs = br_schema_decode(&table->declared.schema, pk, sk, item.values);

		for (int j = 0; j < table->nchecks; j++)
		{
			BrCheck    *check = &table->checks[j];
			Verdict		found = check_item(table, check, &item, belongs);

			if (found != NOT_CONCERNED)
				check->items++;
			if (found == VIOLATED)
				add_to_tally(&check->violations, &item);
		}
		item.claimed |= belongs;
	}
}

/* The width that most have is the one; the others differ from it. */
static void
finish_widths(BrCheck *check, MemoryContext keep)
{
	int			usual = 0;

	for (int i = 1; i <= BR_MAX_FRACTION; i++)
	{
		if (check->widths[i].count > check->widths[usual].count)
			usual = i;
	}
	for (int i = 0; i <= BR_MAX_FRACTION; i++)
	{
		const BrTally *width = &check->widths[i];

		if (i == usual)
			continue;
		check->violations.count += width->count;
		for (int j = 0; j < width->nexamples; j++)
			add_example(&check->violations, width->examples[j], keep);
	}
}

void
br_audit_finish(BrAudit *audit)
{
	for (int i = 0; i < audit->ntables; i++)
	{
		for (int j = 0; j < audit->tables[i].nchecks; j++)
		{
			if (audit->tables[i].checks[j].widths != NULL)
				finish_widths(&audit->tables[i].checks[j], audit->context);
		}
	}
}
