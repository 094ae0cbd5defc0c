/*
 * index.c
 *		Indexes of a table: the option that declares them, and what they carry.
 */
#include "base/br.h"

#include <jansson.h>

#include "access/schema.h"
#include "base/own.h"

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

bool
br_schema_set_indexes(BrSchema *schema, const char *text, BrError *err)
{
	BrOwned    *owner;
	json_t	   *root;
	json_error_t error;

	schema->nindexes = 0;
	schema->indexes = NULL;
	if (text == NULL)
		return true;
	owner = br_own((BrFreeFn) json_decref);
	root = owner->ptr = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_array(root))
		return br_error(err, BR_ERR_CONFIG, "\"indexes\" is no JSON array");

	schema->indexes = palloc0(sizeof(BrIndex) * (json_array_size(root) + 1));
	for (size_t i = 0; i < json_array_size(root); i++)
	{
		const json_t *entry = json_array_get(root, i);
		BrIndex    *index = &schema->indexes[schema->nindexes++];

		index->info.name = copy_string(json_object_get(entry, "name"));
		index->info.pk = copy_string(json_object_get(entry, "pk"));
		index->info.pk_type = key_type_from_json(json_object_get(entry, "pk_type"));
		index->info.sk = copy_string(json_object_get(entry, "sk"));
		index->info.sk_type = key_type_from_json(json_object_get(entry, "sk_type"));
		index->info.global = !json_is_false(json_object_get(entry, "global"));
		index->complete = json_is_true(json_object_get(entry, "complete"));
		index->sparse = json_is_true(json_object_get(entry, "sparse"));
		read_projection(json_object_get(entry, "projection"), &index->info);
		if (index->info.name == NULL || index->info.pk == NULL)
			return br_error(err, BR_ERR_CONFIG,
							"an entry of \"indexes\" has no name or no pk");
	}
	br_release(owner);
	return true;
}

bool
br_index_projects(const BrSchema *schema, const BrIndex *index, const char *attribute)
{
	const BrIndexInfo *info;

	if (index == NULL || index->info.projection == BR_PROJECTION_ALL)
		return true;
	info = &index->info;
	if (br_same_name(schema->pk_name, attribute) || br_same_name(schema->sk_name, attribute) ||
		br_same_name(info->pk, attribute) || br_same_name(info->sk, attribute))
		return true;
	for (int i = 0; i < info->nincluded; i++)
	{
		if (br_same_name(info->included[i], attribute))
			return true;
	}
	return false;
}
