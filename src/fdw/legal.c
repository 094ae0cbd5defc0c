/*
 * legal.c
 *		Checks of items and changes.
 */
#include "base/br.h"

#include "dynamodb/equal.h"
#include "dynamodb/expression.h"
#include "dynamodb/measure.h"
#include "fdw/encoding.h"
#include "fdw/legal.h"
#include "fdw/report.h"

void
br_refuse_write(const BrRelation *rel, const BrError *err)
{
	BrDoing		doing = {.table = rel->schema.table, .relation = rel->name, .writes = true};

	br_report(err, &doing);
}

/* The text of an attribute; ptr NULL if it is no S. */
static BrText
text_of(const BrRelation *rel, const BrSpan *span)
{
	BrText		text = {NULL, 0};
	BrError		err;

	if (span->type == BR_TYPE_S &&
		!br_span_text(span, makeStringInfo(), &text.ptr, &text.len, &err))
		br_refuse_write(rel, &err);
	return text;
}

/* Vocabularies */

static bool
is_among(const char *const *values, List *further, BrText value)
{
	ListCell   *lc;

	for (; *values != NULL; values++)
	{
		if (strlen(*values) == value.len && memcmp(*values, value.ptr, value.len) == 0)
			return true;
	}
	foreach(lc, further)
	{
		const char *other = lfirst(lc);

		if (strlen(other) == value.len && memcmp(other, value.ptr, value.len) == 0)
			return true;
	}
	return false;
}

static char *
listed(const char *const *values, List *further)
{
	StringInfoData text;
	ListCell   *lc;

	initStringInfo(&text);
	for (; *values != NULL; values++)
		appendStringInfo(&text, "%s%s", text.len > 0 ? ", " : "", *values);
	foreach(lc, further)
		appendStringInfo(&text, ", %s", br_for_display(lfirst(lc)));
	return text.data;
}

static void
check_vocabulary(const BrRelation *rel, const char *attribute, BrText value)
{
	if (value.ptr == NULL)
		return;
	for (const BrVocabulary *known = br_entity_vocabularies(rel->schema.entity);
		 known->attribute != NULL; known++)
	{
		List	   *further = strcmp(known->attribute, "status") == 0
			? rel->further_status : rel->further_mode;

		if (strcmp(known->attribute, attribute) != 0 || is_among(known->values, further, value))
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("invalid value for \"%s\" of foreign table \"%s\": \"%s\"",
						attribute, rel->name, br_for_display(pnstrdup(value.ptr, value.len))),
				 errdetail("It is one of: %s.", listed(known->values, further)),
				 errhint("The option %s_values of the foreign table takes further ones.", attribute)));
	}
}

/* Keys of indexes */

/* The column of a top-level attribute, or its name if it has none. */
static const char *
column_of(const BrRelation *rel, const char *attribute)
{
	for (int i = 0; i < rel->ncolumns; i++)
	{
		const char *of_column = rel->columns[i].kind == BR_COLUMN_DROPPED ? NULL
			: br_column_attribute(rel, &rel->columns[i]);

		if (br_same_name(of_column, attribute))
			return rel->columns[i].name;
	}
	return br_for_display(attribute);
}

/*
 * An item without the keys of an index is not in it: then who reads the index as
 * one that has all items would not find it.  With a key of another type the
 * service does not take it at all.
 */
static void
check_index_key(const BrRelation *rel, const BrIndex *index, const char *name, BrType type,
				const BrSpan *span)
{
	bool		empty = span->type == BR_TYPE_S && span->len == 0;

	if (span->type == type && !empty)
		return;
	if (span->type == BR_TYPE_ABSENT)
	{
		if (!index->complete)
			return;
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("null value in column \"%s\" of foreign table \"%s\"",
						column_of(rel, name), rel->name),
				 errdetail("Without it the item would not be in index \"%s\", and queries that read the index would not find it.",
						   br_for_display(index->info.name))));
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("column \"%s\" of foreign table \"%s\" cannot have this value",
					column_of(rel, name), rel->name),
			 empty ? errdetail("It is a key of index \"%s\", which must not be empty.",
							   br_for_display(index->info.name))
			 : errdetail("It is a key of index \"%s\", which is of type %s, not %s.",
						 br_for_display(index->info.name), br_type_name(type),
						 br_type_name(span->type))));
}

/* The public face */

void
br_check_item(const BrRelation *rel, const char *text, size_t len)
{
	BrSpan		item = {.ptr = text, .len = len, .type = BR_TYPE_M};
	BrError		err;

	if (!br_item_check(&item, &err))
		br_refuse_write(rel, &err);
	for (const BrVocabulary *known = br_entity_vocabularies(rel->schema.entity);
		 known->attribute != NULL; known++)
	{
		BrPath		path;
		BrSpan		span;

		br_path_of_name(known->attribute, &path);
		span = br_value_at(&item, &path);
		check_vocabulary(rel, known->attribute, text_of(rel, &span));
	}
	for (int i = 0; i < rel->schema.nindexes; i++)
	{
		const BrIndex *index = &rel->schema.indexes[i];
		const char *names[] = {index->info.pk, index->info.sk};
		BrType		types[] = {index->info.pk_type, index->info.sk_type};

		for (int key = 0; key < 2 && names[key] != NULL; key++)
		{
			BrPath		path;
			BrSpan		span;

			br_path_of_name(names[key], &path);
			span = br_value_at(&item, &path);
			check_index_key(rel, index, names[key], types[key], &span);
		}
	}
}

/* As if the attribute were all of an item. */
static void
check_value(const BrRelation *rel, const BrChange *change)
{
	StringInfoData item;
	BrSpan		span;
	BrError		err;

	initStringInfo(&item);
	appendStringInfoChar(&item, '{');
	br_json_append_string(&item, change->path.steps[0].name, strlen(change->path.steps[0].name));
	appendStringInfoChar(&item, ':');
	appendBinaryStringInfo(&item, change->json, change->len);
	appendStringInfoChar(&item, '}');
	span = (BrSpan) {.ptr = item.data, .len = item.len, .type = BR_TYPE_M};
	if (!br_item_check(&span, &err))
		br_refuse_write(rel, &err);
}

void
br_check_change(const BrRelation *rel, const BrChange *change)
{
	const char *name = change->path.steps[0].name;
	BrSpan		span = {.type = BR_TYPE_ABSENT};
	BrError		err;

	if (strcmp(name, rel->schema.pk_name) == 0 || br_same_name(name, rel->schema.sk_name))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot change key \"%s\" of an item of foreign table \"%s\"",
						br_for_display(name), rel->name),
				 errhint("INSERT the item with its new key, then DELETE the old one.")));
	if (change->json != NULL)
	{
		check_value(rel, change);
		if (!br_value_span(change->json, change->len, &span, &err))
			br_refuse_write(rel, &err);
	}
	if (change->path.nsteps > 1)
		return;
	check_vocabulary(rel, name, text_of(rel, &span));
	for (int i = 0; i < rel->schema.nindexes; i++)
	{
		const BrIndex *index = &rel->schema.indexes[i];

		if (br_same_name(name, index->info.pk))
			check_index_key(rel, index, name, index->info.pk_type, &span);
		if (br_same_name(name, index->info.sk))
			check_index_key(rel, index, name, index->info.sk_type, &span);
	}
}
