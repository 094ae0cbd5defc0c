/*
 * describe.c
 *		Reading the answer of DescribeTable.
 *
 * Decides which indexes a read may use: those that are active, completely
 * filled, and keyed by one partition and at most one sort attribute.  What an
 * answer leaves out (DynamoDB-compatible services tell less than AWS) is taken
 * as unknown, never as the convenient case.
 */
#include "base/br.h"

#include <jansson.h>

#include "base/own.h"
#include "dynamodb/describe.h"

/*
 * Beyond what AWS can answer.  A parsed document takes many times the
 * memory of its text, so that a limit on the text alone is not enough.
 */
#define MAX_ANSWER	(1024 * 1024)

/* What a table and an index have in common. */
typedef struct Keys
{
	const char *pk;
	BrType		pk_type;
	const char *sk;
	BrType		sk_type;
} Keys;

static const char *
copy_string(const json_t *value)
{
	return json_is_string(value) ? pstrdup(json_string_value(value)) : NULL;
}

static bool
string_is(const json_t *value, const char *text)
{
	return json_is_string(value) && strcmp(json_string_value(value), text) == 0;
}

/* Absent, negative or no number: 0, which stands for unknown. */
static int64
read_estimate(const json_t *table, const char *member)
{
	int64		value = json_integer_value(json_object_get(table, member));

	return Max(value, 0);
}

static BrType
type_of_attribute(const json_t *table, const char *name)
{
	const json_t *definitions = json_object_get(table, "AttributeDefinitions");
	const json_t *definition;
	size_t		i;

	json_array_foreach(definitions, i, definition)
	{
		const json_t *type = json_object_get(definition, "AttributeType");

		if (string_is(json_object_get(definition, "AttributeName"), name) &&
			json_is_string(type))
			return br_type_from_tag(json_string_value(type), json_string_length(type));
	}
	return BR_TYPE_ABSENT;
}

/*
 * False unless there is exactly one partition attribute and at most one sort
 * attribute, of types that a key can have.
 */
static bool
read_keys(const json_t *table, const json_t *schema, Keys *keys)
{
	const json_t *element;
	size_t		i;

	memset(keys, 0, sizeof(*keys));
	json_array_foreach(schema, i, element)
	{
		const char *name = copy_string(json_object_get(element, "AttributeName"));
		const json_t *role = json_object_get(element, "KeyType");
		BrType		type = name != NULL ? type_of_attribute(table, name) : BR_TYPE_ABSENT;

		if (type != BR_TYPE_S && type != BR_TYPE_N && type != BR_TYPE_B)
			return false;
		if (string_is(role, "HASH") && keys->pk == NULL)
		{
			keys->pk = name;
			keys->pk_type = type;
		}
		else if (string_is(role, "RANGE") && keys->sk == NULL)
		{
			keys->sk = name;
			keys->sk_type = type;
		}
		else
			return false;
	}
	return keys->pk != NULL;
}

static void
read_projection(const json_t *projection, BrIndexInfo *index)
{
	const json_t *type = json_object_get(projection, "ProjectionType");
	const json_t *names = json_object_get(projection, "NonKeyAttributes");
	const json_t *name;
	size_t		i;

	if (string_is(type, "ALL"))
		index->projection = BR_PROJECTION_ALL;
	else if (string_is(type, "KEYS_ONLY"))
		index->projection = BR_PROJECTION_KEYS_ONLY;
	else if (string_is(type, "INCLUDE"))
		index->projection = BR_PROJECTION_INCLUDE;
	if (index->projection != BR_PROJECTION_INCLUDE || json_array_size(names) == 0)
		return;

	index->included = palloc(json_array_size(names) * sizeof(char *));
	json_array_foreach(names, i, name)
	{
		if (json_is_string(name))
			index->included[index->nincluded++] = copy_string(name);
	}
}

/* Local indexes have no status, nor have those of some compatible services. */
static bool
is_readable(const json_t *described)
{
	const json_t *status = json_object_get(described, "IndexStatus");

	return (status == NULL || string_is(status, "ACTIVE")) &&
		!json_is_true(json_object_get(described, "Backfilling"));
}

static bool
read_index(const json_t *table, const json_t *described, bool global,
		   BrTableInfo *info, BrError *err)
{
	const char *name = copy_string(json_object_get(described, "IndexName"));
	BrIndexInfo *index;
	Keys		keys;

	if (name == NULL)
		return br_error(err, BR_ERR_PROTOCOL,
						"the answer to DescribeTable holds an index without a name");
	if (!is_readable(described) ||
		!read_keys(table, json_object_get(described, "KeySchema"), &keys))
	{
		info->skipped[info->nskipped++] = name;
		return true;
	}

	index = &info->indexes[info->nindexes++];
	index->name = name;
	index->global = global;
	index->pk = keys.pk;
	index->pk_type = keys.pk_type;
	index->sk = keys.sk;
	index->sk_type = keys.sk_type;
	read_projection(json_object_get(described, "Projection"), index);
	return true;
}

static bool
read_indexes(const json_t *table, BrTableInfo *info, BrError *err)
{
	const json_t *lists[] = {
		json_object_get(table, "GlobalSecondaryIndexes"),
		json_object_get(table, "LocalSecondaryIndexes"),
	};
	size_t		total = json_array_size(lists[0]) + json_array_size(lists[1]);
	const json_t *described;
	size_t		i;
	int			list;

	info->indexes = palloc0(Max(total, 1) * sizeof(BrIndexInfo));
	info->skipped = palloc0(Max(total, 1) * sizeof(char *));
	for (list = 0; list < (int) lengthof(lists); list++)
	{
		json_array_foreach(lists[list], i, described)
		{
			if (!read_index(table, described, list == 0, info, err))
				return false;
		}
	}
	return true;
}

static bool
read_table(const json_t *table, BrTableInfo *info, BrError *err)
{
	Keys		keys;

	info->name = copy_string(json_object_get(table, "TableName"));
	info->status = copy_string(json_object_get(table, "TableStatus"));
	if (info->name == NULL || info->status == NULL)
		return br_error(err, BR_ERR_PROTOCOL,
						"the answer to DescribeTable describes no table");
	if (!read_keys(table, json_object_get(table, "KeySchema"), &keys))
		return br_error(err, BR_ERR_PROTOCOL,
						"the answer to DescribeTable does not tell the primary key");
	info->pk = keys.pk;
	info->pk_type = keys.pk_type;
	info->sk = keys.sk;
	info->sk_type = keys.sk_type;
	info->item_count = read_estimate(table, "ItemCount");
	info->size_bytes = read_estimate(table, "TableSizeBytes");
	return read_indexes(table, info, err);
}

bool
br_describe_parse(const char *body, size_t len, BrTableInfo *info, BrError *err)
{
	BrOwned    *root = br_own((BrFreeFn) json_decref);
	json_error_t error;
	bool		done;

	memset(info, 0, sizeof(*info));
	if (len > MAX_ANSWER)
		return br_error(err, BR_ERR_LIMIT,
						"the answer to DescribeTable is longer than %d bytes", MAX_ANSWER);
	root->ptr = json_loadb(body, len, JSON_REJECT_DUPLICATES, &error);
	if (root->ptr == NULL)
	{
		/* jansson has a code for this, but does not use it */
		if (error.text[0] == '\0')
			return br_error(err, BR_ERR_MEMORY, "out of memory");
		return br_error(err, BR_ERR_PROTOCOL,
						"the answer to DescribeTable is not JSON: it breaks at byte %d",
						error.position);
	}
	done = read_table(json_object_get(root->ptr, "Table"), info, err);
	br_release(root);
	return done;
}
