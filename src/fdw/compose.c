/*
 * compose.c
 *		Items and keys from rows: which attributes, and which of two that are
 *		given for one.
 */
#include "base/br.h"

#include "dynamodb/draft.h"
#include "dynamodb/equal.h"
#include "executor/tuptable.h"
#include "fdw/compose.h"
#include "fdw/convert.h"
#include "fdw/encoding.h"
#include "fdw/jsonb.h"
#include "fdw/legal.h"
#include "fdw/rowkey.h"
#include "utils/memutils.h"

/* An item under way. */
typedef struct Making
{
	BrComposer *composer;
	const Datum *values;
	const bool *nulls;
	BrDraft    *draft;
	bool		whole;			/* a column gave all of it */
	BrText		key_values[2 * BR_MAX_VARIABLES];

	/* the draft as a row, once it is needed */
	bool		decoded;
	Datum	   *as_values;
	bool	   *as_nulls;
} Making;

BrComposer *
br_composer_create(const BrRelation *rel)
{
	BrComposer *composer = palloc0(sizeof(BrComposer));

	composer->rel = rel;
	composer->context = CurrentMemoryContext;
	composer->encoders = palloc0(sizeof(BrEncoder) * Max(rel->ncolumns, 1));
	for (int i = 0; i < rel->ncolumns; i++)
	{
		if (rel->columns[i].kind != BR_COLUMN_DROPPED)
			br_encoder_init(&composer->encoders[i], &rel->columns[i]);
	}
	return composer;
}

static BrConverter *
converter_of(BrComposer *composer)
{
	MemoryContext caller;

	if (composer->converter == NULL)
	{
		caller = MemoryContextSwitchTo(composer->context);
		composer->converter = br_converter_create(composer->rel,
												  bms_add_range(NULL, 1, composer->rel->ncolumns));
		MemoryContextSwitchTo(caller);
	}
	return composer->converter;
}

void
br_compose_key(const BrComposer *composer, const Datum *values, const bool *nulls, BrKey *key)
{
	BrText		texts[2 * BR_MAX_VARIABLES];

	br_key_take_parts(composer->rel, composer->encoders, values, nulls, texts);
	br_key_make(composer->rel, texts, key);
}

BrCondition *
br_compose_presence(const BrRelation *rel, BrConditionOp op)
{
	BrPath		path;

	br_path_of_name(rel->schema.pk_name, &path);
	return br_cond_exists(op, &path);
}

/* Items */

/* A value made of text, kept for the draft. */
static BrDrafted
set_text(Making *making, const char *name, BrType type, BrText text)
{
	StringInfoData json;
	BrPath		path;

	initStringInfo(&json);
	br_append_value(&json, type, text.ptr, text.len);
	br_path_of_name(name, &path);
	return br_draft_set(making->draft, &path, json.data, json.len);
}

/* Loads the items that columns give as a whole; the first counts. */
static void
take_whole(Making *making)
{
	const BrRelation *rel = making->composer->rel;

	for (int i = 0; i < rel->ncolumns && !making->whole; i++)
	{
		StringInfoData item;
		BrSpan		span;
		BrError		err;

		if (rel->columns[i].kind != BR_COLUMN_ITEM || making->nulls[i])
			continue;
		/* {"M":{...}} without what is around the map */
		initStringInfo(&item);
		if (rel->columns[i].type == JSONBOID)
			br_jsonb_append_item(&item, DatumGetJsonbP(making->values[i]), rel->columns[i].name);
		else
		{
			br_encode(&making->composer->encoders[i], making->values[i], &item);
			if (!br_value_span(item.data, item.len, &span, &err))
				br_refuse_write(rel, &err);
			item.data = unconstify(char *, span.ptr);
			item.len = span.len;
		}
		if (!br_draft_load(making->draft, item.data, item.len, &err))
			br_refuse_write(rel, &err);
		making->whole = true;
	}
}

/* The keys that an item has itself, as far as no column gives them. */
static void
take_key_of_whole(Making *making)
{
	const BrRelation *rel = making->composer->rel;
	const BrSchema *schema = &rel->schema;
	BrText		own[2 * BR_MAX_VARIABLES];
	BrText		pk = {NULL, 0};
	BrText		sk = {NULL, 0};
	StringInfoData item;
	BrSpan		all;

	initStringInfo(&item);
	br_draft_append(&item, making->draft);
	all = (BrSpan) {.ptr = item.data, .len = item.len, .type = BR_TYPE_M};
	for (int i = 0; i < 2; i++)
	{
		const char *name = i == 0 ? schema->pk_name : schema->sk_name;
		BrText	   *text = i == 0 ? &pk : &sk;
		BrPath		path;
		BrSpan		span;
		BrError		err;

		if (name == NULL)
			continue;
		br_path_of_name(name, &path);
		span = br_value_at(&all, &path);
		if (span.type != (i == 0 ? schema->pk_type : schema->sk_type))
			return;
		if (!br_span_text(&span, makeStringInfo(), &text->ptr, &text->len, &err))
			br_refuse_write(rel, &err);
	}
	if (!br_schema_decode(schema, pk, sk, own))
		return;
	for (int i = 0; i < br_schema_nvalues(schema); i++)
	{
		if (making->key_values[i].ptr == NULL)
			making->key_values[i] = own[i];
	}
}

/* What the columns of the keys say, unless the item says something else. */
static void
set_key(Making *making, const char *name, const BrValue *value)
{
	const BrRelation *rel = making->composer->rel;
	StringInfoData item;
	BrSpan		all;
	BrSpan		there;
	BrSpan		ours;
	StringInfoData json;
	BrPath		path;
	BrError		err;

	if (name == NULL)
		return;
	if (set_text(making, name, value->type, (BrText) {value->text, value->len}) == BR_DRAFTED_SET)
		return;
	initStringInfo(&item);
	initStringInfo(&json);
	br_draft_append(&item, making->draft);
	all = (BrSpan) {.ptr = item.data, .len = item.len, .type = BR_TYPE_M};
	br_path_of_name(name, &path);
	there = br_value_at(&all, &path);
	br_append_value(&json, value->type, value->text, value->len);
	if (!br_value_span(json.data, json.len, &ours, &err) || !br_values_equal(&there, &ours))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("key \"%s\" of the item given for foreign table \"%s\" is another one than its columns make",
						br_for_display(name), rel->name),
				 errdetail("They make \"%s\".",
						   br_for_display(pnstrdup(value->text, value->len)))));
}

/* What the suite writes beside the keys. */
static void
set_derived(Making *making)
{
	const BrSchema *schema = &making->composer->rel->schema;

	if (schema->entity != NULL && schema->entity->item_type != NULL)
		(void) set_text(making, "itemType", BR_TYPE_S,
						(BrText) {schema->entity->item_type, strlen(schema->entity->item_type)});
	for (int i = 0; i < br_schema_nvalues(schema); i++)
	{
		if (making->key_values[i].ptr != NULL)
			(void) set_text(making, br_key_part_name(schema, i), br_key_part_type(schema, i),
							making->key_values[i]);
	}
}

/* The draft as it is now, as a row. */
static void
decode_draft(Making *making)
{
	const BrRelation *rel = making->composer->rel;
	StringInfoData item;

	initStringInfo(&item);
	br_draft_append(&item, making->draft);
	making->as_values = palloc0(sizeof(Datum) * Max(rel->ncolumns, 1));
	making->as_nulls = palloc(sizeof(bool) * Max(rel->ncolumns, 1));
	memset(making->as_nulls, true, rel->ncolumns);
	if (!br_converter_item(converter_of(making->composer), item.data, item.len,
						   making->as_values, making->as_nulls))
		elog(ERROR, "an item for foreign table \"%s\" is none of its rows", rel->name);
	making->decoded = true;
}

/* Would the column be read as what it is given? */
static bool
agrees(Making *making, int i)
{
	const BrEncoder *encoder = &making->composer->encoders[i];
	StringInfoData given;
	StringInfoData there;
	BrSpan		a;
	BrSpan		b;
	BrError		err;

	if (making->as_nulls[i])
		return false;
	initStringInfo(&given);
	initStringInfo(&there);
	br_encode(encoder, making->values[i], &given);
	br_encode(encoder, making->as_values[i], &there);
	return br_value_span(given.data, given.len, &a, &err) &&
		br_value_span(there.data, there.len, &b, &err) && br_values_equal(&a, &b);
}

static void
refuse_disagreement(const BrRelation *rel, const BrColumn *column)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("column \"%s\" of foreign table \"%s\" is given another value than a column that includes it",
					column->name, rel->name),
			 errdetail("Both stand for the same attribute.")));
}

static void
set_column(Making *making, int i)
{
	const BrRelation *rel = making->composer->rel;
	const BrColumn *column = &rel->columns[i];
	StringInfoData json;

	if (making->whole && !making->decoded)
		decode_draft(making);
	if (making->whole && !making->as_nulls[i])
	{
		if (!agrees(making, i))
			refuse_disagreement(rel, column);
		return;
	}
	initStringInfo(&json);
	br_encode(&making->composer->encoders[i], making->values[i], &json);
	switch (br_draft_set(making->draft, &column->paths.paths[0], json.data, json.len))
	{
		case BR_DRAFTED_SET:
			return;
		case BR_DRAFTED_EXISTS:
			/* what is there now need not have been when it was decoded */
			if (!making->decoded || making->as_nulls[i])
				decode_draft(making);
			if (!agrees(making, i))
				refuse_disagreement(rel, column);
			return;
		case BR_DRAFTED_NO_WAY:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("column \"%s\" of foreign table \"%s\" has no place in the item",
							column->name, rel->name),
					 errdetail("Its attribute lies in a list, or in what is no map.")));
	}
}

/* Whole attributes before parts of them, so that a part finds what it is in. */
static void
set_columns(Making *making, bool parts)
{
	const BrRelation *rel = making->composer->rel;

	for (int i = 0; i < rel->ncolumns; i++)
	{
		const BrColumn *column = &rel->columns[i];

		if (making->nulls[i] || column->kind != BR_COLUMN_ATTRIBUTE ||
			(column->paths.paths[0].nsteps > 1) != parts || br_key_part_of(rel, column) >= 0)
			continue;
		set_column(making, i);
	}
}

/*
 * What is declared NOT NULL and is read as NULL would be an error of every reader.
 * What a column lacks may be in another one that includes it.
 */
static void
check_nulls(Making *making)
{
	const BrRelation *rel = making->composer->rel;
	bool		complete = false;	/* was it decoded since the last change? */

	for (int i = 0; i < rel->ncolumns; i++)
	{
		const BrColumn *column = &rel->columns[i];

		if (!column->not_null || !making->nulls[i] || column->kind != BR_COLUMN_ATTRIBUTE ||
			br_key_part_of(rel, column) >= 0)
			continue;
		if (!complete)
			decode_draft(making);
		complete = true;
		if (making->as_nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NOT_NULL_VIOLATION),
					 errmsg("null value in column \"%s\" of foreign table \"%s\", which is declared NOT NULL",
							column->name, rel->name)));
	}
}

void
br_compose_put(BrComposer *composer, const Datum *values, const bool *nulls, BrWrite *write)
{
	const BrRelation *rel = composer->rel;
	Making		making = {.composer = composer, .values = values, .nulls = nulls};
	StringInfoData item;

	making.draft = br_draft_create();
	memset(write, 0, sizeof(*write));
	br_key_take_parts(rel, composer->encoders, values, nulls, making.key_values);
	take_whole(&making);
	if (making.whole)
		take_key_of_whole(&making);
	br_key_make(rel, making.key_values, &write->key);
	set_key(&making, write->key.pk_name, write->key.pk);
	set_key(&making, write->key.sk_name, write->key.sk);
	if (!making.whole)
		set_derived(&making);
	set_columns(&making, false);
	set_columns(&making, true);
	check_nulls(&making);

	initStringInfo(&item);
	br_draft_append(&item, making.draft);
	br_check_item(rel, item.data, item.len);
	write->op = BR_OP_PUT_ITEM;
	write->table = rel->schema.table;
	write->item = item.data;
	write->item_len = item.len;
	if (!rel->upsert)
		write->condition = br_compose_presence(rel, BR_COND_NOT_EXISTS);
}

void
br_compose_row(BrComposer *composer, const char *item, size_t len, TupleTableSlot *slot)
{
	ExecClearTuple(slot);
	if (!br_converter_item(converter_of(composer), item, len,
						   slot->tts_values, slot->tts_isnull))
		elog(ERROR, "an item for foreign table \"%s\" is none of its rows", composer->rel->name);
	ExecStoreVirtualTuple(slot);
}
