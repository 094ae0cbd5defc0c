/*
 * convert.c
 *		Rows from spans: which item is a row, and what stands in its columns.
 */
#include "base/br.h"

#include "base/array.h"
#include "catalog/pg_type.h"
#include "fdw/convert.h"
#include "fdw/datum.h"
#include "fdw/encoding.h"
#include "fdw/report.h"
#include "mb/pg_wchar.h"

/* Slots of all else. */
#define FIRST_SLOT	(BR_SK_SLOT + 1)

typedef struct Cell
{
	const BrColumn *column;
	int			attnum;
	int			slot;			/* of the first alternative */
	int			nslots;
	BrMaker		maker;
} Cell;

struct BrConverter
{
	const BrRelation *rel;
	int			ncells;
	Cell	   *cells;
	BrWanted   *wanted;
	int			having_slot;	/* of what a row's item must have, -1: of nothing */
	int			npaths;			/* 0: whole items */
	BrPath	   *paths;
	StringInfoData pk_scratch;
	StringInfoData sk_scratch;

	/* the row under way, for error contexts */
	BrText		pk;
	BrText		sk;
	const Cell *cell;
	ErrorContextCallback callback;
};

static const char *
clipped(BrText text)
{
	int			len = pg_encoding_mbcliplen(PG_UTF8, text.ptr, Min(text.len, 200), 200);

	return br_for_display(psprintf("%.*s%s", len, text.ptr, len < (int) text.len ? "..." : ""));
}

static char *
item_name(const BrConverter *conv)
{
	const BrSchema *schema = &conv->rel->schema;
	StringInfoData name;

	initStringInfo(&name);
	appendStringInfo(&name, "%s = \"%s\"",
					 br_for_display(schema->pk_name), clipped(conv->pk));
	if (conv->sk.ptr != NULL)
		appendStringInfo(&name, ", %s = \"%s\"",
						 br_for_display(schema->sk_name), clipped(conv->sk));
	return name.data;
}

static void
conversion_context(void *arg)
{
	const BrConverter *conv = arg;

	if (conv->cell != NULL && conv->pk.ptr != NULL)
		errcontext("column \"%s\" of foreign table \"%s\", item with %s",
				   conv->cell->column->name, conv->rel->name, item_name(conv));
}

static void
add_path(BrConverter *conv, const BrPath *path)
{
	conv->paths = br_array_grow(conv->paths, conv->npaths, sizeof(BrPath));
	conv->paths[conv->npaths++] = *path;
}

static void
want_key(BrConverter *conv, const char *name, int slot)
{
	BrPath		path;

	if (name == NULL)
		return;
	br_path_of_name(name, &path);
	br_wanted_add(conv->wanted, &path, slot);
	add_path(conv, &path);
}

static void
add_cell(BrConverter *conv, int attnum, int *next_slot, bool *whole)
{
	const BrColumn *column = br_relation_column(conv->rel, attnum);
	Cell	   *cell = &conv->cells[conv->ncells++];

	cell->column = column;
	cell->attnum = attnum;
	cell->slot = *next_slot;
	br_maker_init(&cell->maker, column->type, column->typmod, column->format);
	if (column->kind == BR_COLUMN_ITEM)
	{
		cell->nslots = 1;
		br_wanted_add_item(conv->wanted, cell->slot);
		*whole = true;
	}
	else if (column->kind == BR_COLUMN_ATTRIBUTE)
	{
		cell->nslots = column->paths.npaths;
		for (int i = 0; i < cell->nslots; i++)
		{
			br_wanted_add(conv->wanted, &column->paths.paths[i], cell->slot + i);
			add_path(conv, &column->paths.paths[i]);
		}
	}
	*next_slot += cell->nslots;
}

static BrConverter *
make_converter(const BrRelation *rel, BrWanted *wanted)
{
	BrConverter *conv = palloc0(sizeof(BrConverter));

	conv->rel = rel;
	conv->cells = palloc0(sizeof(Cell) * Max(rel->ncolumns, 1));
	conv->wanted = wanted;
	conv->having_slot = -1;
	initStringInfo(&conv->pk_scratch);
	initStringInfo(&conv->sk_scratch);
	conv->callback.callback = conversion_context;
	conv->callback.arg = conv;
	return conv;
}

static void
add_cells(BrConverter *conv, const Bitmapset *attnums, int next_slot)
{
	bool		whole = false;
	int			attnum = -1;

	while ((attnum = bms_next_member(attnums, attnum)) >= 0)
	{
		if (attnum > 0 && conv->rel->columns[attnum - 1].kind != BR_COLUMN_DROPPED)
			add_cell(conv, attnum, &next_slot, &whole);
	}
	if (whole)
		conv->npaths = 0;
}

BrConverter *
br_converter_create(const BrRelation *rel, const Bitmapset *attnums)
{
	BrConverter *conv = make_converter(rel, br_wanted_create());

	want_key(conv, rel->schema.pk_name, BR_PK_SLOT);
	want_key(conv, rel->schema.sk_name, BR_SK_SLOT);
	add_cells(conv, attnums, FIRST_SLOT);
	if (rel->having != NULL)
		conv->having_slot = br_converter_want(conv, rel->having);
	return conv;
}

BrConverter *
br_converter_add(BrConverter *first, const BrRelation *rel, const Bitmapset *attnums)
{
	BrConverter *conv = make_converter(rel, first->wanted);
	bool		whole = first->npaths == 0;

	conv->npaths = first->npaths;
	conv->paths = first->paths;
	add_cells(conv, attnums, br_wanted_slots(first->wanted));
	if (whole)
		conv->npaths = 0;
	if (rel->having != NULL)
		conv->having_slot = br_converter_want(conv, rel->having);
	return conv;
}

int
br_converter_want(BrConverter *conv, const char *attribute)
{
	int			slot = br_wanted_slots(conv->wanted);
	BrPath		path;

	br_path_of_name(attribute, &path);
	br_wanted_add(conv->wanted, &path, slot);
	if (conv->npaths > 0)
		add_path(conv, &path);
	return slot;
}

BrWanted *
br_converter_wanted(BrConverter *conv)
{
	return conv->wanted;
}

const BrPath *
br_converter_projection(const BrConverter *conv, int *npaths)
{
	*npaths = conv->npaths;
	return conv->paths;
}

static void
fail(const BrConverter *conv, const BrError *err)
{
	BrDoing		doing = {
		.table = conv->rel->schema.table, .relation = conv->rel->name
	};

	br_report(err, &doing);
}

/* The text of a key attribute; ptr NULL if the item has none. */
static BrText
key_text(BrConverter *conv, const BrSpan *span, StringInfo scratch)
{
	BrText		text = {NULL, 0};
	BrError		err;

	if (span->type == BR_TYPE_S || span->type == BR_TYPE_N || span->type == BR_TYPE_B)
	{
		if (!br_span_text(span, scratch, &text.ptr, &text.len, &err))
			fail(conv, &err);
	}
	return text;
}

/*
 * Every item has its keys, and they are always asked for: so the name is wrong,
 * and to take the item for none of ours would be to lose rows silently.
 */
static void
refuse_keyless(const BrConverter *conv, const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INCONSISTENT_DESCRIPTOR_INFORMATION),
			 errmsg("an item of DynamoDB table \"%s\" has no key \"%s\"",
					conv->rel->schema.table, br_for_display(name)),
			 errhint("Correct the options pk and sk of foreign table \"%s\", or import it again.",
					 conv->rel->name)));
}

static void
refuse_type(const BrConverter *conv, const Cell *cell, const BrSpan *span)
{
	StringInfoData path;

	initStringInfo(&path);
	if (cell->column->kind == BR_COLUMN_ATTRIBUTE)
		br_path_append(&path, &cell->column->paths.paths[0]);
	else
		appendStringInfoString(&path, cell->column->kind == BR_COLUMN_ITEM ? "*"
							   : br_column_attribute(conv->rel, cell->column));
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_DATA_TYPE),
			 errmsg("attribute \"%s\" of DynamoDB table \"%s\" has type %s, but column \"%s\" needs %s",
					br_for_display(path.data), conv->rel->schema.table,
					br_type_name(span->type), cell->column->name,
					cell->maker.expects),
			 errdetail("The item has %s.", item_name(conv)),
			 errhint("Change the column's type, or set on_type_mismatch 'null' to read such values as NULL.")));
}

static void
refuse_range(const BrConverter *conv, const Cell *cell, const BrSpan *span)
{
	BrText		text = {span->ptr, span->len};

	ereport(ERROR,
			(errcode(span->type == BR_TYPE_N || strcmp(cell->maker.expects, "N") == 0
					 ? ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE
					 : cell->column->type == VARCHAROID
					 ? ERRCODE_STRING_DATA_RIGHT_TRUNCATION
					 : ERRCODE_INVALID_DATETIME_FORMAT),
			 errmsg("value \"%s\" does not fit column \"%s\" of foreign table \"%s\"",
					clipped(text), cell->column->name, conv->rel->name),
			 errdetail("The item has %s.", item_name(conv)),
			 errhint("Change the column's type, or set on_type_mismatch 'null' to read such values as NULL.")));
}

static void
refuse_null(const BrConverter *conv, const Cell *cell)
{
	ereport(ERROR,
			(errcode(ERRCODE_NOT_NULL_VIOLATION),
			 errmsg("null value in column \"%s\" of foreign table \"%s\", which is declared NOT NULL",
					cell->column->name, conv->rel->name),
			 errdetail("The item has %s.", item_name(conv)),
			 errhint("The planner relies on NOT NULL; drop it: ALTER FOREIGN TABLE ... ALTER COLUMN ... DROP NOT NULL.")));
}

/* The span of a column: its first alternative that is present. */
static const BrSpan *
present_span(const Cell *cell, const BrSpan *spans)
{
	const BrSpan *span = &spans[cell->slot];

	for (int i = 0; i < cell->nslots; i++, span++)
	{
		if (span->type != BR_TYPE_ABSENT)
			return span;
	}
	return NULL;
}

/* The value of one column; false: NULL. */
static bool
make_cell(BrConverter *conv, Cell *cell, const BrSpan *spans,
		  const BrText *key_values, Datum *value)
{
	BrSpan		key_span = {.type = BR_TYPE_S};
	const BrSpan *span;
	BrError		err;
	BrMade		made;

	if (cell->column->kind == BR_COLUMN_KEY)
	{
		BrText		text = key_values[cell->column->value];

		if (text.ptr == NULL)
			return false;
		key_span.ptr = text.ptr;
		key_span.len = text.len;
		span = &key_span;
		made = br_make_from_key(&cell->maker, text, value, &err);
	}
	else
	{
		span = present_span(cell, spans);
		/* the attribute type NULL is SQL's NULL, but JSON has its own */
		if (span == NULL || span->type == BR_TYPE_NULL)
			return false;
		made = cell->maker.make(&cell->maker, span, value, &err);
	}

	switch (made)
	{
		case BR_MADE_VALUE:
			return true;
		case BR_MADE_NULL:
			return false;
		case BR_MADE_MISMATCH:
			if (!conv->rel->mismatch_null)
				refuse_type(conv, cell, span);
			return false;
		case BR_MADE_OUT_OF_RANGE:
			if (!conv->rel->mismatch_null)
				refuse_range(conv, cell, span);
			return false;
		case BR_MADE_FAILED:
			fail(conv, &err);
	}
	return false;
}

static bool
make_row(BrConverter *conv, const BrSpan *spans, bool check_nulls, Datum *values, bool *nulls)
{
	const BrRelation *rel = conv->rel;
	BrText		key_values[2 * BR_MAX_VARIABLES];

	conv->cell = NULL;
	conv->pk = key_text(conv, &spans[BR_PK_SLOT], &conv->pk_scratch);
	conv->sk = (BrText) {NULL, 0};
	if (rel->schema.sk_name != NULL)
		conv->sk = key_text(conv, &spans[BR_SK_SLOT], &conv->sk_scratch);
	if (conv->pk.ptr == NULL)
		refuse_keyless(conv, rel->schema.pk_name);
	if (rel->schema.sk_name != NULL && conv->sk.ptr == NULL)
		refuse_keyless(conv, rel->schema.sk_name);
	if (!br_schema_decode(&rel->schema, conv->pk, conv->sk, key_values) ||
		(conv->having_slot >= 0 && spans[conv->having_slot].type == BR_TYPE_ABSENT))
		return false;

	conv->callback.previous = error_context_stack;
	error_context_stack = &conv->callback;
	memset(nulls, true, rel->ncolumns);
	for (int i = 0; i < conv->ncells; i++)
	{
		Cell	   *cell = &conv->cells[i];
		int			at = cell->attnum - 1;

		conv->cell = cell;
		nulls[at] = !make_cell(conv, cell, spans, key_values, &values[at]);
		if (nulls[at] && check_nulls && cell->column->not_null)
			refuse_null(conv, cell);
	}
	error_context_stack = conv->callback.previous;
	return true;
}

bool
br_converter_row(BrConverter *conv, const BrSpan *spans, Datum *values, bool *nulls)
{
	return make_row(conv, spans, true, values, nulls);
}

bool
br_converter_item(BrConverter *conv, const char *item, size_t len, Datum *values, bool *nulls)
{
	BrSpan	   *spans = palloc0(sizeof(BrSpan) * br_wanted_slots(conv->wanted));
	StringInfoData body;
	BrPage		page;
	bool		found;
	BrError		err;

	initStringInfo(&body);
	appendStringInfoString(&body, "{\"Item\":");
	appendBinaryStringInfo(&body, item, len);
	appendStringInfoChar(&body, '}');
	if (!br_page_open(&page, BR_PAGE_ITEM, body.data, body.len, &err) ||
		!br_page_next(&page, conv->wanted, spans, &found, &err))
		fail(conv, &err);
	return found && make_row(conv, spans, false, values, nulls);
}
