/*
 * declared.c
 *		What the options of a source's tables say.
 *
 * Read from the catalogs, as anybody may.  A view, a local copy or a table of
 * another wrapper declares nothing.
 */
#include "base/br.h"

#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "foreign/foreign.h"
#include "functions/declared.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

const char *
br_declared_option(List *options, const char *name)
{
	ListCell   *lc;

	foreach(lc, options)
	{
		DefElem    *option = lfirst_node(DefElem, lc);

		if (strcmp(option->defname, name) == 0)
			return defGetString(option);
	}
	return NULL;
}

static const char *
option_or(List *options, const char *name, const char *otherwise)
{
	const char *value = br_declared_option(options, name);

	return value != NULL ? value : otherwise;
}

/* Is it our wrapper's foreign table for the entity? Then its options are read. */
static bool
read_options(BrDeclared *table)
{
	ForeignTable *foreign;
	ForeignServer *server;
	const char *handler;

	if (!OidIsValid(table->relid) || get_rel_relkind(table->relid) != RELKIND_FOREIGN_TABLE)
		return false;
	foreign = GetForeignTable(table->relid);
	server = GetForeignServer(foreign->serverid);
	handler = get_func_name(GetForeignDataWrapper(server->fdwid)->fdwhandler);
	if (handler == NULL || strcmp(handler, "benchresults_fdw_handler") != 0 ||
		strcmp(option_or(foreign->options, "entity", ""), table->entity->name) != 0)
		return false;
	table->server_id = server->serverid;
	table->remote = option_or(foreign->options, "table", table->entity->name);
	table->options = foreign->options;
	table->server_options = server->options;
	return true;
}

static void
fail(const char *relation, const BrError *err)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
			 errmsg("options of foreign table \"%s\" do not fit together: %s",
					relation, err->message)));
}

static void
read_schema(BrDeclared *table)
{
	BrSchema   *schema = &table->schema;
	const BrEntity *entity = table->entity;
	List	   *options = table->options;
	BrError		err;

	schema->entity = entity;
	schema->pk_name = option_or(options, "pk", "pk");
	schema->sk_name = option_or(options, "sk", "sk");
	schema->pk_type = schema->sk_type = BR_TYPE_S;
	if (!br_schema_set_templates(schema,
								 option_or(options, "pk_template", entity->pk_template),
								 option_or(options, "sk_template", entity->sk_template), &err) ||
		!br_schema_set_config(schema, br_declared_option(options, "config_template"), &err) ||
		!br_schema_set_indexes(schema, br_declared_option(options, "indexes"), &err))
		fail(entity->name, &err);
}

/* The value that the column is read from, -1: none. */
static int
value_of(const BrDeclared *table, const BrDeclaredColumn *column)
{
	if (column->paths.npaths > 1 || column->paths.paths[0].nsteps > 1)
		return -1;
	return br_schema_value_of(&table->schema, column->paths.paths[0].steps[0].name);
}

static void
read_column(BrDeclared *table, Form_pg_attribute att)
{
	List	   *options = GetForeignColumnOptions(att->attrelid, att->attnum);
	const char *attribute = br_declared_option(options, "attribute");
	BrDeclaredColumn *column = &table->columns[table->ncolumns];
	BrError		err;

	if (attribute != NULL && strcmp(attribute, "*") == 0)
		return;
	*column = (BrDeclaredColumn) {
		.name = pstrdup(NameStr(att->attname)), .type = att->atttypid,
		.not_null = att->attnotnull,
		.format = br_time_format_from_name(option_or(options, "format", ""))
	};
	if (attribute == NULL)
	{
		column->paths.npaths = 1;
		column->paths.paths = palloc(sizeof(BrPath));
		br_path_of_name(column->name, &column->paths.paths[0]);
	}
	else if (!br_paths_parse(attribute, &column->paths, &err))
		fail(table->entity->name, &err);
	column->value = value_of(table, column);
	if (column->value >= 0 && (column->type == INT2OID || column->type == INT4OID ||
							   column->type == INT8OID))
		br_schema_narrow(&table->schema, column->value);
	table->ncolumns++;
}

static void
read_columns(BrDeclared *table)
{
	Relation	relation = table_open(table->relid, AccessShareLock);
	TupleDesc	desc = RelationGetDescr(relation);

	table->columns = palloc0(sizeof(BrDeclaredColumn) * Max(desc->natts, 1));
	for (int i = 0; i < desc->natts; i++)
	{
		if (!TupleDescAttr(desc, i)->attisdropped)
			read_column(table, TupleDescAttr(desc, i));
	}
	table_close(relation, NoLock);
}

void
br_declared_read(BrDeclared *table, const BrEntity *entity, const char *source)
{
	table->entity = entity;
	table->source = source;
	table->relid = get_relname_relid(entity->name, get_namespace_oid(source, false));
	table->is_foreign = read_options(table);
	read_schema(table);
	if (table->is_foreign)
		read_columns(table);
}
