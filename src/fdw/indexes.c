/*
 * indexes.c
 *		The JSON of the option "indexes", both ways.
 */
#include "base/br.h"

#include <jansson.h>

#include "base/own.h"
#include "dynamodb/expression.h"
#include "fdw/indexes.h"
#include "mb/pg_wchar.h"

static BrType
key_type_from_json(const json_t *value)
{
	const char *tag = json_string_value(value);
	BrType		type = tag ? br_type_from_tag(tag, strlen(tag)) : BR_TYPE_S;

	return type == BR_TYPE_ABSENT ? BR_TYPE_S : type;
}

static const char *
copy_string(const json_t *value)
{
	const char *text = json_string_value(value);

	return text ? pstrdup(text) : NULL;
}

/* "ALL", "KEYS_ONLY" or the array of the included attributes. */
static void
read_projection(const json_t *value, BrIndexInfo *info)
{
	const char *word = json_string_value(value);

	if (json_is_array(value))
	{
		info->projection = BR_PROJECTION_INCLUDE;
		info->included = palloc0(sizeof(char *) * (json_array_size(value) + 1));
		for (size_t i = 0; i < json_array_size(value); i++)
		{
			const char *name = copy_string(json_array_get(value, i));

			if (name != NULL)
				info->included[info->nincluded++] = name;
		}
	}
	else if (word != NULL && strcmp(word, "ALL") == 0)
		info->projection = BR_PROJECTION_ALL;
	else if (word != NULL && strcmp(word, "KEYS_ONLY") == 0)
		info->projection = BR_PROJECTION_KEYS_ONLY;
}

static void
read_index(const json_t *entry, BrIndex *index)
{
	index->info.name = copy_string(json_object_get(entry, "name"));
	index->info.pk = copy_string(json_object_get(entry, "pk"));
	index->info.pk_type = key_type_from_json(json_object_get(entry, "pk_type"));
	index->info.sk = copy_string(json_object_get(entry, "sk"));
	index->info.sk_type = key_type_from_json(json_object_get(entry, "sk_type"));
	index->info.global = !json_is_false(json_object_get(entry, "global"));
	index->complete = json_is_true(json_object_get(entry, "complete"));
	read_projection(json_object_get(entry, "projection"), &index->info);
}

const char *
br_indexes_parse(const char *text, int *n, BrIndex **indexes)
{
	BrOwned    *owner;
	json_t	   *root;
	json_error_t error;

	*n = 0;
	*indexes = NULL;
	if (text == NULL)
		return NULL;
	owner = br_own((BrFreeFn) json_decref);
	root = owner->ptr = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_array(root))
		return "\"indexes\" is no JSON array";

	*indexes = palloc0(sizeof(BrIndex) * (json_array_size(root) + 1));
	for (size_t i = 0; i < json_array_size(root); i++)
	{
		BrIndex    *index = &(*indexes)[i];

		read_index(json_array_get(root, i), index);
		if (index->info.name == NULL || index->info.pk == NULL)
			return "an entry of \"indexes\" has no name or no pk";
		*n = i + 1;
	}
	br_release(owner);
	return NULL;
}

/* Does every item of the entity have this attribute? Both documents say so. */
static bool
is_always_present(const BrEntity *entity, const char *attribute)
{
	bool		is_run = entity != NULL && strcmp(entity->name, "test_runs") == 0;

	if (entity == NULL || entity->pk_template == NULL)
		return false;
	return attribute == NULL ||
		strcmp(attribute, "testRunId") == 0 || strcmp(attribute, "timestamp") == 0 ||
		(strcmp(attribute, "configId") == 0 && !is_run);
}

static void
append_member(StringInfo out, const char *name, const char *value)
{
	br_json_append_string(out, name, strlen(name));
	appendStringInfoString(out, ": ");
	br_json_append_string(out, value, strlen(value));
	appendStringInfoString(out, ", ");
}

static void
append_projection(StringInfo out, const BrIndexInfo *index)
{
	appendStringInfoString(out, "\"projection\": ");
	switch (index->projection)
	{
		case BR_PROJECTION_ALL:
			appendStringInfoString(out, "\"ALL\"");
			break;
		case BR_PROJECTION_INCLUDE:
			appendStringInfoChar(out, '[');
			for (int i = 0; i < index->nincluded; i++)
			{
				if (i > 0)
					appendStringInfoString(out, ", ");
				br_json_append_string(out, index->included[i], strlen(index->included[i]));
			}
			appendStringInfoChar(out, ']');
			break;
		case BR_PROJECTION_KEYS_ONLY:
		case BR_PROJECTION_UNKNOWN:
			appendStringInfoString(out, "\"KEYS_ONLY\"");
			break;
	}
}

/* JSON in which characters that not every encoding has are escaped, if need be. */
static char *
as_ascii(const char *json)
{
	StringInfoData out;

	initStringInfo(&out);
	for (const char *p = json; *p != '\0'; p += pg_utf_mblen((const unsigned char *) p))
	{
		pg_wchar	c = utf8_to_unicode((const unsigned char *) p);

		if (c < 0x80 || GetDatabaseEncoding() == PG_UTF8)
			appendBinaryStringInfo(&out, p, pg_utf_mblen((const unsigned char *) p));
		else if (c < 0x10000)
			appendStringInfo(&out, "\\u%04x", c);
		else
			appendStringInfo(&out, "\\u%04x\\u%04x",
							 0xd800 + ((c - 0x10000) >> 10), 0xdc00 + ((c - 0x10000) & 0x3ff));
	}
	return out.data;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The entry for the same index in what the option says now, or NULL. */
static const BrIndex *
find_former(const BrIndexInfo *info, int n, const BrIndex *former)
{
	for (int i = 0; i < n; i++)
	{
		if (same_text(former[i].info.name, info->name) &&
			same_text(former[i].info.pk, info->pk) && same_text(former[i].info.sk, info->sk))
			return &former[i];
	}
	return NULL;
}

static void
append_index(StringInfo out, const BrIndexInfo *index, bool complete)
{
	appendStringInfoChar(out, '{');
	append_member(out, "name", index->name);
	append_member(out, "pk", index->pk);
	if (index->pk_type != BR_TYPE_S)
		append_member(out, "pk_type", br_type_name(index->pk_type));
	if (index->sk != NULL)
	{
		append_member(out, "sk", index->sk);
		append_member(out, "sk_type", br_type_name(index->sk_type));
	}
	if (!index->global)
		appendStringInfoString(out, "\"global\": false, ");
	if (complete)
		appendStringInfoString(out, "\"complete\": true, ");
	append_projection(out, index);
	appendStringInfoChar(out, '}');
}

char *
br_indexes_format(const BrTableInfo *info, const BrEntity *entity, const char *now)
{
	StringInfoData out;
	BrIndex    *former;
	int			nformer;

	if (info->nindexes == 0)
		return NULL;
	(void) br_indexes_parse(now, &nformer, &former);
	initStringInfo(&out);
	for (int i = 0; i < info->nindexes; i++)
	{
		BrIndexInfo index = info->indexes[i];
		const BrIndex *known = find_former(&index, nformer, former);

		appendStringInfoString(&out, i == 0 ? "[" : ", ");
		if (known != NULL && index.projection == BR_PROJECTION_UNKNOWN)
		{
			index.projection = known->info.projection;
			index.nincluded = known->info.nincluded;
			index.included = known->info.included;
		}
		append_index(&out, &index, known != NULL ? known->complete
					 : is_always_present(entity, index.pk) && is_always_present(entity, index.sk));
	}
	appendStringInfoChar(&out, ']');
	return as_ascii(out.data);
}
