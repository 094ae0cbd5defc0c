/*
 * relation.c
 *		From the options of a foreign table to its schema and columns.
 */
#include "base/br.h"

#include "access/cost.h"
#include "catalog/pg_type.h"
#include "fdw/compat.h"
#include "fdw/encoding.h"
#include "fdw/guard.h"
#include "fdw/option.h"
#include "fdw/relation.h"
#include "foreign/foreign.h"

bool		br_consistent_read = false;

/* Items of a table about which nothing is known. */
#define DEFAULT_ITEMS	100000.0

/* An option that holds names or parts of keys. */
static const char *
name_option(const char *name, List *options)
{
	return br_to_utf8(br_option_text(name, options, NIL));
}

static void
refuse(const BrRelation *rel, const char *message, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
			 errmsg("options of foreign table \"%s\" do not fit together: %s",
					rel->name, br_for_display(message)),
			 hint != NULL ? errhint("%s", hint) : 0));
}

static void
read_indexes(BrRelation *rel, const char *text)
{
	BrError		err;

	if (!br_schema_set_indexes(&rel->schema, text, &err))
		refuse(rel, err.message, "bench_refresh() writes it anew.");
}

static bool
names_index(List *names, const BrIndex *index)
{
	ListCell   *lc;

	foreach(lc, names)
	{
		if (strcmp(lfirst(lc), index->info.name) == 0)
			return true;
	}
	return false;
}

/* Leaves only the indexes that the option "use_index" allows. */
static void
restrict_indexes(BrRelation *rel, const char *text)
{
	BrSchema   *schema = &rel->schema;
	List	   *names;
	int			n = 0;

	if (text == NULL)
		return;
	names = br_option_names(text);
	for (int i = 0; i < schema->nindexes; i++)
	{
		if (names_index(names, &schema->indexes[i]))
			schema->indexes[n++] = schema->indexes[i];
	}
	schema->nindexes = n;
	schema->index_forced = n > 0;
	if (n != list_length(names) && strcmp(text, "none") != 0)
		refuse(rel, psprintf("\"use_index\" is '%s', which names something else than its indexes", text),
			   "The option \"indexes\" has their names; bench_refresh() writes it anew.");
}

/* The column whose option "key" has this value, or NULL. */
static const char *
find_key_column(const BrRelation *rel, List **options, const char *key)
{
	for (int i = 0; i < rel->ncolumns; i++)
	{
		const char *given;

		if (rel->columns[i].kind == BR_COLUMN_DROPPED)
			continue;
		given = br_option_text("key", options[i], NIL);
		if (given != NULL && strcmp(given, key) == 0)
		{
			const char *attribute = name_option("attribute", options[i]);
			BrPaths		paths;
			BrError		err;

			if (attribute == NULL || !br_paths_parse(attribute, &paths, &err))
				return br_to_utf8(rel->columns[i].name);
			return paths.paths[0].steps[0].name;
		}
	}
	return NULL;
}

static bool
is_integer_type(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID;
}

/* How a key of a column's type is stored. */
static BrType
key_type_of(Oid type)
{
	if (is_integer_type(type) || type == NUMERICOID ||
		type == FLOAT4OID || type == FLOAT8OID)
		return BR_TYPE_N;
	return type == BYTEAOID ? BR_TYPE_B : BR_TYPE_S;
}

static void
set_keys(BrRelation *rel, List *table_options, List **column_options)
{
	BrSchema   *schema = &rel->schema;

	schema->pk_name = name_option("pk", table_options);
	schema->sk_name = name_option("sk", table_options);
	if (schema->pk_name == NULL)
		schema->pk_name = schema->entity ? "pk" :
			find_key_column(rel, column_options, "partition");
	if (schema->sk_name == NULL)
		schema->sk_name = schema->entity ? "sk" :
			find_key_column(rel, column_options, "sort");
	if (schema->pk_name == NULL)
		refuse(rel, "its partition key is not known",
			   "Set the option key 'partition' on a column, or pk on the table, or import the table.");
	schema->pk_type = BR_TYPE_S;
	schema->sk_type = BR_TYPE_S;
}

static void
set_templates(BrRelation *rel, List *options)
{
	BrSchema   *schema = &rel->schema;
	const BrEntity *entity = schema->entity;
	const char *pk_template = name_option("pk_template", options);
	const char *sk_template = name_option("sk_template", options);
	BrError		err;

	if (pk_template == NULL && entity != NULL)
		pk_template = entity->pk_template;
	if (sk_template == NULL && entity != NULL)
		sk_template = entity->sk_template;
	if (!br_schema_set_templates(schema, pk_template, sk_template, &err) ||
		!br_schema_set_config(schema, name_option("config_template", options), &err))
		refuse(rel, err.message, NULL);
}

static bool
is_instant_type(Oid type)
{
	return type == TIMESTAMPTZOID || type == TIMESTAMPOID || type == DATEOID;
}

/*
 * The type of a key, by the column that is the key itself.  The same instant has
 * several spellings, so such a column is compared as any attribute is: by bounds.
 */
static BrType
key_type_from_column(const BrRelation *rel, BrColumn *column)
{
	if (column->type == JSONBOID || column->type == JSONOID)
		refuse(rel, psprintf("key column \"%s\" is of type json or jsonb", column->name),
			   "A key is of type text, numeric or bytea, as it is stored, or of a type that reads these.");
	if (!is_instant_type(column->type))
	{
		column->kind = BR_COLUMN_KEY;
		return key_type_of(column->type);
	}
	if (column->format == BR_TIME_ANY)
		refuse(rel, psprintf("key column \"%s\" is a timestamp without a format", column->name),
			   "Set the option format on the column, such as 'epoch_ms' or 'iso8601_z'.");
	return column->format == BR_TIME_EPOCH_MS || column->format == BR_TIME_EPOCH_S
		? BR_TYPE_N : BR_TYPE_S;
}

static void
set_column(BrRelation *rel, BrColumn *column, List *options)
{
	BrSchema   *schema = &rel->schema;
	const char *attribute = name_option("attribute", options);
	const char *format = br_option_text("format", options, NIL);
	const char *top;
	BrError		err;

	if (format != NULL)
		column->format = br_time_format_from_name(format);
	if (attribute != NULL && strcmp(attribute, "*") == 0)
	{
		if (column->type != JSONBOID && column->type != JSONOID)
			refuse(rel, psprintf("column \"%s\" for the whole item is neither jsonb nor json",
								 column->name), NULL);
		column->kind = BR_COLUMN_ITEM;
		return;
	}

	column->kind = BR_COLUMN_ATTRIBUTE;
	if (attribute == NULL)
	{
		column->paths.npaths = 1;
		column->paths.paths = palloc(sizeof(BrPath));
		br_path_of_name(br_to_utf8(column->name), &column->paths.paths[0]);
	}
	else if (!br_paths_parse(attribute, &column->paths, &err))
		refuse(rel, err.message, NULL);

	top = column->paths.paths[0].steps[0].name;
	if (column->paths.npaths == 1 && column->paths.paths[0].nsteps == 1)
	{
		column->value = br_schema_value_of(schema, top);
		if (column->value < 0)
			return;
		if (strcmp(top, schema->pk_name) == 0)
			schema->pk_type = key_type_from_column(rel, column);
		else if (schema->sk_name != NULL && strcmp(top, schema->sk_name) == 0)
			schema->sk_type = key_type_from_column(rel, column);
		else
		{
			column->kind = BR_COLUMN_KEY;
			if (is_integer_type(column->type))
				br_schema_narrow(schema, column->value);
		}
	}
}

/*
 * Zero means unknown: the service's figures are hours old, or always zero.  What
 * ANALYZE has found goes before what IMPORT was told: rows of this relation, and
 * pages of the whole table (see analyze.c).
 */
static void
set_estimates(BrRelation *rel, Form_pg_class class, List *options)
{
	BrSchema   *schema = &rel->schema;
	double		share = schema->entity ? schema->entity->share : 1.0;
	double		rows = br_option_number("estimated_rows", options, NIL);
	double		bytes = (double) class->relpages * BLCKSZ;

	schema->items = rows > 0 ? rows / share : DEFAULT_ITEMS;
	rel->rows = Max(schema->items * share, 1);
	rel->size_known = rows > 0 || class->reltuples >= 0;
	if (class->reltuples > 0)
	{
		rel->rows = class->reltuples;
		schema->items = share < 1 ? Max(rel->rows, bytes / BR_ITEM_BYTES) : rel->rows;
		if (share == 1)
			schema->item_bytes = bytes / schema->items;
	}
	for (int i = 0; i < schema->nindexes; i++)
		schema->indexes[i].items = schema->indexes[i].sparse ? rel->rows : 0;
}

static void
read_columns(BrRelation *rel, TupleDesc desc, List **options)
{
	rel->ncolumns = desc->natts;
	rel->columns = palloc0(sizeof(BrColumn) * Max(desc->natts, 1));
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		BrColumn   *column = &rel->columns[i];

		column->kind = BR_COLUMN_DROPPED;
		if (att->attisdropped)
			continue;
		column->kind = BR_COLUMN_ATTRIBUTE;
		column->name = pstrdup(NameStr(att->attname));
		column->type = att->atttypid;
		column->typmod = att->atttypmod;
		column->not_null = br_column_is_not_null(desc, i);
		options[i] = GetForeignColumnOptions(rel->relid, att->attnum);
	}
}

static bool
chosen(const char *option, const char *value, const ForeignTable *table, const ForeignServer *server)
{
	return strcmp(br_option_text(option, table->options, server->options), value) == 0;
}

static List *
names_of(const char *option, const ForeignTable *table)
{
	const char *value = name_option(option, table->options);

	return value != NULL ? br_option_names(value) : NIL;
}

static void
read_write_options(BrRelation *rel, const ForeignTable *table, const ForeignServer *server)
{
	rel->updatable = br_option_bool("updatable", table->options, server->options);
	rel->upsert = chosen("insert_mode", "upsert", table, server);
	rel->transact = chosen("batch_mode", "transact", table, server);
	rel->batch_size = br_option_number("batch_size", table->options, server->options);
	rel->no_blocks = chosen("writes", "forbid_in_xact_block", table, server);
	rel->further_status = names_of("status_values", table);
	rel->further_mode = names_of("mode_values", table);
}

BrRelation *
br_relation_open(Relation relation)
{
	BrRelation *rel = palloc0(sizeof(BrRelation));
	ForeignTable *table = GetForeignTable(RelationGetRelid(relation));
	ForeignServer *server = GetForeignServer(table->serverid);
	TupleDesc	desc = RelationGetDescr(relation);
	List	  **options = palloc0(sizeof(List *) * Max(desc->natts, 1));
	const char *entity = br_option_text("entity", table->options, NIL);
	const char *name = name_option("table", table->options);

	rel->relid = RelationGetRelid(relation);
	rel->server_id = table->serverid;
	rel->name = pstrdup(RelationGetRelationName(relation));
	rel->schema.table = name ? name : br_to_utf8(rel->name);
	if (entity != NULL)
		rel->schema.entity = br_entity_find(entity);
	rel->consistent = br_consistent_read ||
		chosen("consistent_read", "true", table, server);
	rel->is_partition = relation->rd_rel->relispartition;
	rel->reads_own = !chosen("consistent_read", "false", table, server);
	rel->max_concurrency = br_option_number("max_concurrency", table->options, server->options);
	rel->scan_policy = br_scan_policy_from_name(br_option_text("scan", table->options,
															   server->options));
	rel->scan_segments = br_option_number("scan_segments", table->options, server->options);
	for (int i = 0; i < BR_NUM_LIMITS; i++)
		rel->limits[i] = br_option_number(br_limits[i].option, table->options, server->options);
	rel->having = name_option("having", table->options);
	rel->schema.config_required = br_option_bool("config_required", table->options, NIL);
	rel->well_formed = br_option_bool("well_formed", table->options, NIL);
	rel->analyze_requests = br_option_number("analyze_requests", table->options, server->options);
	rel->mismatch_null = chosen("on_type_mismatch", "null", table, server);
	read_write_options(rel, table, server);

	read_columns(rel, desc, options);
	set_keys(rel, table->options, options);
	set_templates(rel, table->options);
	read_indexes(rel, name_option("indexes", table->options));
	restrict_indexes(rel, name_option("use_index", table->options));
	for (int i = 0; i < rel->ncolumns; i++)
	{
		if (rel->columns[i].kind != BR_COLUMN_DROPPED)
			set_column(rel, &rel->columns[i], options[i]);
	}
	set_estimates(rel, relation->rd_rel, table->options);
	return rel;
}

const BrColumn *
br_relation_column(const BrRelation *rel, AttrNumber attnum)
{
	Assert(attnum > 0 && attnum <= rel->ncolumns);
	return &rel->columns[attnum - 1];
}

bool
br_sorts_seconds(const BrRelation *rel, AttrNumber attnum)
{
	const BrColumn *column = br_relation_column(rel, attnum);

	return column->type == TIMESTAMPTZOID && column->format == BR_TIME_ISO8601_Z;
}

const char *
br_column_attribute(const BrRelation *rel, const BrColumn *column)
{
	const BrSchema *schema = &rel->schema;

	switch (column->kind)
	{
		case BR_COLUMN_KEY:
			return column->value < schema->vars.n
				? schema->vars.list[column->value].name
				: schema->config_vars.list[column->value - schema->vars.n].name;
		case BR_COLUMN_ATTRIBUTE:
			if (column->paths.npaths == 1 && column->paths.paths[0].nsteps == 1)
				return column->paths.paths[0].steps[0].name;
			return NULL;
		case BR_COLUMN_ITEM:
		case BR_COLUMN_DROPPED:
			break;
	}
	return NULL;
}
