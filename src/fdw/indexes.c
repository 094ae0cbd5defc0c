/*
 * indexes.c
 *		Writing the JSON of the option "indexes".
 */
#include "base/br.h"

#include "dynamodb/expression.h"
#include "fdw/indexes.h"
#include "mb/pg_wchar.h"

/* Only runs have a status, so an index on it holds the runs and nothing else. */
static bool
has_runs_only(const char *attribute)
{
	return strcmp(attribute, "status") == 0;
}

/* Does every item of the entity have this attribute?  Both documents say so. */
static bool
is_always_present(const BrEntity *entity, const char *attribute)
{
	bool		is_run = entity != NULL && strcmp(entity->name, "test_runs") == 0;

	if (entity == NULL || entity->pk_template == NULL)
		return false;
	return attribute == NULL ||
		strcmp(attribute, "testRunId") == 0 || strcmp(attribute, "timestamp") == 0 ||
		(is_run ? has_runs_only(attribute) : strcmp(attribute, "configId") == 0);
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
find_former(const BrIndexInfo *info, const BrSchema *former)
{
	for (int i = 0; i < former->nindexes; i++)
	{
		const BrIndexInfo *known = &former->indexes[i].info;

		if (same_text(known->name, info->name) &&
			same_text(known->pk, info->pk) && same_text(known->sk, info->sk))
			return &former->indexes[i];
	}
	return NULL;
}

static void
append_index(StringInfo out, const BrIndexInfo *index, bool complete, bool sparse)
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
	if (sparse)
		appendStringInfoString(out, "\"sparse\": true, ");
	append_projection(out, index);
	appendStringInfoChar(out, '}');
}

char *
br_indexes_format(const BrTableInfo *info, const BrEntity *entity, const char *now)
{
	StringInfoData out;
	BrSchema	former;
	BrError		ignored;

	if (info->nindexes == 0)
		return NULL;
	(void) br_schema_set_indexes(&former, now, &ignored);
	initStringInfo(&out);
	for (int i = 0; i < info->nindexes; i++)
	{
		BrIndexInfo index = info->indexes[i];
		const BrIndex *known = find_former(&index, &former);
		bool		complete = known != NULL ? known->complete :
			is_always_present(entity, index.pk) && is_always_present(entity, index.sk);
		bool		sparse = known != NULL ? known->sparse : complete && has_runs_only(index.pk);

		appendStringInfoString(&out, i == 0 ? "[" : ", ");
		if (known != NULL && index.projection == BR_PROJECTION_UNKNOWN)
		{
			index.projection = known->info.projection;
			index.nincluded = known->info.nincluded;
			index.included = known->info.included;
		}
		append_index(&out, &index, complete, sparse);
	}
	appendStringInfoChar(&out, ']');
	return as_ascii(out.data);
}
