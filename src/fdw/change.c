/*
 * change.c
 *		Changes of attributes from new values of columns.
 */
#include "base/br.h"

#include "base/array.h"
#include "dynamodb/draft.h"
#include "dynamodb/equal.h"
#include "dynamodb/page.h"
#include "fdw/change.h"
#include "fdw/encoding.h"
#include "fdw/jsonb.h"
#include "fdw/legal.h"
#include "utils/jsonb.h"

/* As many as have room in an expression, of 4 kB and 300 operators. */
#define MAX_CHANGES		250

/* Maps that are to be made at a path, with all that comes into them. */
typedef struct Missing
{
	BrPath		path;
	BrDraft    *draft;
} Missing;

typedef struct MissingList
{
	int			n;
	Missing    *list;
} MissingList;

void
br_check_changeable(const BrRelation *rel, List *attnums)
{
	ListCell   *lc;

	foreach(lc, attnums)
	{
		const BrColumn *column = br_relation_column(rel, lfirst_int(lc));
		const char *attribute = br_column_attribute(rel, column);

		if (attribute == NULL || br_schema_value_of(&rel->schema, attribute) < 0)
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot change column \"%s\" of foreign table \"%s\"", column->name, rel->name),
				 errdetail("The key of an item is made of it, and DynamoDB cannot change keys."),
				 errhint("INSERT the row with its new key, then DELETE the old one.")));
	}
}

BrTops
br_tops_of(const BrRelation *rel, List *attnums)
{
	BrTops		tops = {0};
	ListCell   *lc;

	foreach(lc, attnums)
	{
		const BrColumn *column = br_relation_column(rel, lfirst_int(lc));

		for (int i = 0; i < column->paths.npaths && column->kind == BR_COLUMN_ATTRIBUTE; i++)
		{
			const char *name = column->paths.paths[i].steps[0].name;
			bool		known = false;

			for (int j = 0; j < tops.n && !known; j++)
				known = strcmp(tops.names[j], name) == 0;
			if (known)
				continue;
			tops.names = br_array_grow(tops.names, tops.n, sizeof(char *));
			tops.names[tops.n++] = name;
		}
	}
	tops.spans = palloc0(sizeof(BrSpan) * Max(tops.n, 1));
	return tops;
}

bool
br_is_changed_blindly(const BrColumn *column)
{
	return column->kind == BR_COLUMN_ATTRIBUTE && column->paths.npaths == 1 &&
		column->paths.paths[0].nsteps == 1;
}

/* The value at the first nsteps of a path, as it is now. */
static BrSpan
value_now(const BrTops *tops, const BrPath *path, int nsteps)
{
	BrPath		rest = {nsteps - 1, path->steps + 1};
	BrSpan		absent = {.type = BR_TYPE_ABSENT};

	for (int i = 0; i < tops->n; i++)
	{
		if (strcmp(tops->names[i], path->steps[0].name) != 0)
			continue;
		if (rest.nsteps == 0 || tops->spans[i].type == BR_TYPE_ABSENT)
			return tops->spans[i];
		if (tops->spans[i].type != BR_TYPE_M && tops->spans[i].type != BR_TYPE_L)
			return absent;
		return br_value_at(&tops->spans[i], &rest);
	}
	return absent;
}

/* Is there something that the last step can lead into? */
static bool
has_parent(const BrTops *tops, const BrPath *path)
{
	BrSpan		parent;

	if (path->nsteps == 1)
		return true;
	parent = value_now(tops, path, path->nsteps - 1);
	return parent.type == (path->steps[path->nsteps - 1].name != NULL ? BR_TYPE_M : BR_TYPE_L);
}

static void
add_change(BrChanges *changes, const BrPath *path, const char *json, size_t len)
{
	changes->list = br_array_grow(changes->list, changes->n, sizeof(BrChange));
	changes->list[changes->n++] = (BrChange) {.path = *path, .json = json, .len = len};
}

static void
refuse_place(const BrComposer *composer, const BrColumn *column)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("column \"%s\" of foreign table \"%s\" has no place in the item",
					column->name, composer->rel->name),
			 errdetail("Its attribute lies in a list, or in what is no map."),
			 errhint("Set the attribute that it lies in as a whole.")));
}

/* The map that is missing first on the way, and what comes into it. */
static void
add_missing(const BrComposer *composer, const BrColumn *column, const BrTops *tops,
			StringInfo json, MissingList *missing)
{
	const BrPath *path = &column->paths.paths[0];
	BrPath		rest;
	BrPath		top;
	Missing    *found = NULL;
	int			known = 0;

	while (value_now(tops, path, known + 1).type != BR_TYPE_ABSENT)
		known++;
	top = (BrPath) {known + 1, path->steps};
	rest = (BrPath) {path->nsteps - known - 1, path->steps + known + 1};
	if (!has_parent(tops, &top) || rest.steps[0].name == NULL)
		refuse_place(composer, column);
	for (int i = 0; i < missing->n; i++)
	{
		if (br_path_equal(&missing->list[i].path, &top))
			found = &missing->list[i];
	}
	if (found == NULL)
	{
		missing->list = br_array_grow(missing->list, missing->n, sizeof(Missing));
		found = &missing->list[missing->n++];
		*found = (Missing) {top, br_draft_create()};
	}
	if (br_draft_set(found->draft, &rest, json->data, json->len) != BR_DRAFTED_SET)
		refuse_place(composer, column);
}

/* Removes whatever the column might read. */
static void
change_to_null(const BrColumn *column, const BrTops *tops, BrChanges *changes)
{
	for (int i = 0; i < column->paths.npaths; i++)
	{
		const BrPath *path = &column->paths.paths[i];

		if (!tops->known || value_now(tops, path, path->nsteps).type != BR_TYPE_ABSENT)
			add_change(changes, path, NULL, 0);
	}
}

static void
change_column(const BrComposer *composer, const BrSetting *setting, const BrTops *tops,
			  BrChanges *changes, MissingList *missing)
{
	const BrColumn *column = br_relation_column(composer->rel, setting->attnum);
	const BrPath *place = NULL;
	StringInfoData json;
	BrSpan		ours;
	BrSpan		now = {.type = BR_TYPE_ABSENT};
	BrError		err;

	if (setting->isnull)
	{
		if (column->not_null)
			ereport(ERROR,
					(errcode(ERRCODE_NOT_NULL_VIOLATION),
					 errmsg("null value in column \"%s\" of foreign table \"%s\", which is declared NOT NULL",
							column->name, composer->rel->name)));
		change_to_null(column, tops, changes);
		return;
	}
	for (int i = 0; i < column->paths.npaths && now.type == BR_TYPE_ABSENT; i++)
	{
		now = value_now(tops, &column->paths.paths[i], column->paths.paths[i].nsteps);
		if (now.type != BR_TYPE_ABSENT)
			place = &column->paths.paths[i];
	}
	for (int i = 0; i < column->paths.npaths && place == NULL; i++)
	{
		if (has_parent(tops, &column->paths.paths[i]))
			place = &column->paths.paths[i];
	}
	initStringInfo(&json);
	br_encode(&composer->encoders[setting->attnum - 1], setting->value, &json);
	if (place == NULL)
		add_missing(composer, column, tops, &json, missing);
	else if (!br_value_span(json.data, json.len, &ours, &err) || !br_values_equal(&now, &ours))
		add_change(changes, place, json.data, json.len);
}

void
br_change_columns(const BrComposer *composer, int n, const BrSetting *settings,
				  const BrTops *tops, BrChanges *changes)
{
	MissingList missing = {0};

	for (int i = 0; i < n; i++)
		change_column(composer, &settings[i], tops, changes, &missing);
	for (int i = 0; i < missing.n; i++)
	{
		StringInfoData json;

		initStringInfo(&json);
		appendStringInfoString(&json, "{\"M\":");
		br_draft_append(&json, missing.list[i].draft);
		appendStringInfoChar(&json, '}');
		add_change(changes, &missing.list[i].path, json.data, json.len);
		changes->list[changes->n - 1].makes = true;
	}
}

BrCondition *
br_changes_condition(BrCondition *condition, const BrChanges *changes)
{
	for (int i = 0; i < changes->n; i++)
	{
		if (changes->list[i].makes)
			condition = br_cond_and(condition, br_cond_exists(BR_COND_NOT_EXISTS,
															  &changes->list[i].path));
	}
	return condition;
}

/* Whole items */

static BrSpan
item_of(const BrComposer *composer, AttrNumber attnum, Datum value)
{
	const BrColumn *column = br_relation_column(composer->rel, attnum);
	StringInfoData json;
	BrSpan		item;
	BrError		err;

	initStringInfo(&json);
	if (column->type == JSONBOID)
	{
		br_jsonb_append_item(&json, DatumGetJsonbP(value), column->name);
		return (BrSpan) {.ptr = json.data, .len = json.len, .type = BR_TYPE_M};
	}
	br_encode(&composer->encoders[attnum - 1], value, &json);
	if (!br_value_span(json.data, json.len, &item, &err))
		br_refuse_write(composer->rel, &err);
	return item;
}

/* The attributes of an item that another lacks (only_missing), or has otherwise. */
static void
walk_differences(const BrComposer *composer, const BrSpan *item, const BrSpan *other,
				 bool only_missing, BrChanges *changes)
{
	BrWalk		walk;
	BrSpan		name;
	BrSpan		value;
	bool		found;
	BrError		err;

	br_walk_open(&walk, item);
	for (;;)
	{
		StringInfoData scratch;
		StringInfoData json;
		const char *text;
		size_t		len;
		BrPath		path;
		BrSpan		there;

		if (!br_walk_next(&walk, &name, &value, &found, &err))
			br_refuse_write(composer->rel, &err);
		if (!found)
			return;
		initStringInfo(&scratch);
		if (!br_span_text(&name, &scratch, &text, &len, &err))
			br_refuse_write(composer->rel, &err);
		br_path_of_name(pnstrdup(text, len), &path);
		there = br_value_at(other, &path);
		if (only_missing ? there.type != BR_TYPE_ABSENT : br_values_equal(&value, &there))
			continue;
		if (only_missing)
		{
			add_change(changes, &path, NULL, 0);
			continue;
		}
		initStringInfo(&json);
		br_span_append_json(&json, &value);
		add_change(changes, &path, json.data, json.len);
	}
}

void
br_change_item(const BrComposer *composer, const BrSetting *setting, Datum old,
			   BrChanges *changes)
{
	const BrColumn *column = br_relation_column(composer->rel, setting->attnum);
	BrSpan		now;
	BrSpan		then;

	if (setting->isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("null value in column \"%s\" of foreign table \"%s\"",
						column->name, composer->rel->name),
				 errdetail("It is the whole item."),
				 errhint("DELETE removes items.")));
	now = item_of(composer, setting->attnum, old);
	then = item_of(composer, setting->attnum, setting->value);
	walk_differences(composer, &then, &now, false, changes);
	walk_differences(composer, &now, &then, true, changes);
}

/* The end */

/* Does the value of the outer change have the inner one in it, as it is wanted? */
static bool
includes(const BrChange *outer, const BrChange *inner)
{
	BrPath		rest = {inner->path.nsteps - outer->path.nsteps,
	inner->path.steps + outer->path.nsteps};
	BrSpan		a;
	BrSpan		b = {.type = BR_TYPE_ABSENT};
	BrError		err;

	if (outer->json == NULL)
		return inner->json == NULL;
	if (!br_value_span(outer->json, outer->len, &a, &err) ||
		(inner->json != NULL && !br_value_span(inner->json, inner->len, &b, &err)))
		return false;
	if (rest.nsteps > 0)
	{
		if (a.type != BR_TYPE_M && a.type != BR_TYPE_L)
			return false;
		a = br_value_at(&a, &rest);
	}
	return br_values_equal(&a, &b);
}

static void
drop_overlaps(const BrComposer *composer, BrChanges *changes)
{
	for (int i = 0; i < changes->n; i++)
	{
		for (int j = 0; j < changes->n; j++)
		{
			const BrChange *outer = &changes->list[i];
			const BrChange *inner = &changes->list[j];

			if (i == j || !br_path_is_prefix(&outer->path, &inner->path))
				continue;
			if (!includes(outer, inner))
			{
				StringInfoData path;

				initStringInfo(&path);
				br_path_append(&path, &inner->path);
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("attribute \"%s\" of foreign table \"%s\" is set to two values",
								br_for_display(path.data), composer->rel->name),
						 errdetail("Two of the columns that are set stand for it, or for parts of each other.")));
			}
			changes->list[j] = changes->list[--changes->n];
			i = -1;
			break;
		}
	}
}

void
br_changes_finish(const BrComposer *composer, BrChanges *changes)
{
	if (changes->n > MAX_CHANGES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d attributes of an item of foreign table \"%s\" are changed at once",
						changes->n, composer->rel->name),
				 errdetail("A request changes at most %d.", MAX_CHANGES),
				 errhint("Change the row in several statements.")));
	for (int i = 0; i < changes->n; i++)
		br_check_change(composer->rel, &changes->list[i]);
	drop_overlaps(composer, changes);
}
