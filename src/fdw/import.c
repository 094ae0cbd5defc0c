/*
 * import.c
 *		The DDL of IMPORT FOREIGN SCHEMA.
 *
 * One DynamoDB table is one remote schema; its entities are the tables.  All
 * that discovery learned goes into options, so that nothing is asked of the
 * service when a query is planned.
 */
#include "base/br.h"

#include "fdw/benchbox.h"
#include "fdw/column.h"
#include "fdw/discover.h"
#include "fdw/encoding.h"
#include "fdw/import.h"
#include "fdw/indexes.h"
#include "fdw/option.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "utils/builtins.h"

typedef struct Import
{
	const char *server;
	const char *schema;			/* the local one */
	const char *collation;		/* NULL: the database's */
	BrDiscovery *discovery;
} Import;

static void
append_option(StringInfo out, const char *name, const char *value)
{
	/* the first one follows an opening parenthesis */
	if (out->data[out->len - 1] != '(')
		appendStringInfoString(out, ", ");
	appendStringInfo(out, "%s %s", quote_identifier(name), quote_literal_cstr(value));
}

static void
append_column(StringInfo out, const Import *import, const BrColumnDef *column)
{
	appendStringInfo(out, "\n  %s %s OPTIONS (", quote_identifier(column->name), column->type);
	append_option(out, "attribute", column->attribute);
	if (column->key != NULL)
		append_option(out, "key", column->key);
	if (column->is_timestamp)
		append_option(out, "format", br_time_format_name(import->discovery->time_format));
	appendStringInfoChar(out, ')');
	if (import->collation != NULL && strncmp(column->type, "text", 4) == 0)
		appendStringInfo(out, " COLLATE %s", quote_identifier(import->collation));
}

static void
append_table_options(StringInfo out, const Import *import, const BrEntity *entity,
					 const BrBenchboxTable *benchbox)
{
	const BrDiscovery *discovery = import->discovery;
	const BrTableInfo *info = &discovery->info;
	char	   *indexes = br_indexes_format(info, entity, NULL);
	double		rows = br_discovery_rows(discovery, entity);

	append_option(out, "table", br_to_server(info->name));
	if (entity != NULL)
		append_option(out, "entity", entity->name);
	if (entity != NULL && strcmp(info->pk, "pk") != 0)
		append_option(out, "pk", br_to_server(info->pk));
	if (entity != NULL && info->sk != NULL && strcmp(info->sk, "sk") != 0)
		append_option(out, "sk", br_to_server(info->sk));
	if (benchbox != NULL && benchbox->having != NULL)
		append_option(out, "having", benchbox->having);
	if (benchbox != NULL && benchbox->config_template != NULL)
	{
		append_option(out, "config_template", benchbox->config_template);
		append_option(out, "config_required", "true");
	}
	else if (entity != NULL && entity->pk_template != NULL &&
			 strcmp(entity->name, "test_runs") != 0 && discovery->config_template)
		append_option(out, "config_template", BR_CONFIG_TEMPLATE);
	if (indexes != NULL)
		append_option(out, "indexes", indexes);
	if (rows > 0)
		append_option(out, "estimated_rows", psprintf("%.0f", rows));
}

/* benchbox: whose table it is, NULL for all others */
static char *
create_table(const Import *import, const char *name, List *columns, const BrEntity *entity,
			 const BrBenchboxTable *benchbox)
{
	StringInfoData ddl;
	ListCell   *lc;

	initStringInfo(&ddl);
	appendStringInfo(&ddl, "CREATE FOREIGN TABLE IF NOT EXISTS %s.%s (",
					 quote_identifier(import->schema), quote_identifier(name));
	foreach(lc, columns)
	{
		if (foreach_current_index(lc) > 0)
			appendStringInfoChar(&ddl, ',');
		append_column(&ddl, import, lfirst(lc));
	}
	appendStringInfo(&ddl, "\n) SERVER %s OPTIONS (", quote_identifier(import->server));
	append_table_options(&ddl, import, entity, benchbox);
	appendStringInfoChar(&ddl, ')');
	return ddl.data;
}

/* Those that LIMIT TO names. */
static List *
create_benchbox_tables(const Import *import, ImportForeignSchemaStmt *stmt)
{
	List	   *commands = NIL;
	ListCell   *lc;

	if (stmt->list_type != FDW_IMPORT_SCHEMA_LIMIT_TO)
		return NIL;
	foreach(lc, stmt->table_list)
	{
		const BrBenchboxTable *table = br_benchbox_table(lfirst_node(RangeVar, lc)->relname);
		List	   *columns = NIL;

		if (table == NULL)
			continue;
		for (int i = 0; i < table->ncolumns; i++)
			columns = lappend(columns, unconstify(BrColumnDef *, &table->columns[i]));
		commands = lappend(commands, create_table(import, table->name, columns,
												  br_entity_find(table->entity), table));
	}
	return commands;
}

List *
br_import_foreign_schema(ImportForeignSchemaStmt *stmt, Oid server_id)
{
	List	   *options = stmt->options;
	const char *table;
	const char *shape;
	bool		generic;
	Import		import = {0};
	List	   *commands = NIL;

	br_options_validate(options, BR_ON_IMPORT);
	table = br_option_text("table", options, NIL);
	if (table == NULL)
		table = stmt->remote_schema;
	shape = br_option_text("shape", options, NIL);
	generic = shape != NULL && strcmp(shape, "generic") == 0;

	import.server = stmt->server_name;
	import.schema = stmt->local_schema;
	import.collation = br_option_text("collate", options, NIL);
	if (shape != NULL && !generic)
		import.discovery = br_discover_shape(table, shape);
	else
		import.discovery = br_discover(server_id, GetUserId(), table,
									   br_option_text("sample_run", options, NIL),
									   generic);

	if (generic)
		return list_make1(create_table(&import, table,
									   br_columns_of_generic(import.discovery), NULL, NULL));
	for (const BrEntity *entity = br_entity_next(NULL); entity != NULL;
		 entity = br_entity_next(entity))
		commands = lappend(commands,
						   create_table(&import, entity->name,
										br_columns_of(entity, import.discovery), entity, NULL));
	return list_concat(commands, create_benchbox_tables(&import, stmt));
}
