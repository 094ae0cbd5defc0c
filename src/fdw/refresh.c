/*
 * refresh.c
 *		bench_refresh(): discovery repeated on a table that exists.
 *
 * Options that discovery decides are set anew: indexes, estimated_rows,
 * config_template and the formats of timestamps.  Columns stay as they are;
 * they get comments, which IMPORT FOREIGN SCHEMA cannot give them.
 */
#include "base/br.h"

#include "access/table.h"
#include "executor/spi.h"
#include "fdw/column.h"
#include "fdw/compat.h"
#include "fdw/discover.h"
#include "fdw/encoding.h"
#include "fdw/indexes.h"
#include "fdw/option.h"
#include "fmgr.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

PG_FUNCTION_INFO_V1(bench_refresh);

typedef struct Refresh
{
	const char *table;			/* qualified and quoted */
	TupleDesc	desc;			/* a copy: each change invalidates the table's */
	List	   *options;		/* the foreign table's */
	const BrEntity *entity;		/* NULL: a generic table */
	BrDiscovery *discovery;
} Refresh;

static void
execute(const char *command)
{
	if (SPI_execute(command, false, 0) != SPI_OK_UTILITY)
		elog(ERROR, "could not execute \"%s\"", command);
}

/* Sets an option to a value, or drops it if that is NULL. */
static void
append_change(StringInfo out, const char *name, const char *value, List *options)
{
	bool		is_set = br_option_text(name, options, NIL) != NULL;

	if (value == NULL && !is_set)
		return;
	if (out->len > 0)
		appendStringInfoString(out, ", ");
	if (value == NULL)
		appendStringInfo(out, "DROP %s", quote_identifier(name));
	else
		appendStringInfo(out, "%s %s %s", is_set ? "SET" : "ADD",
						 quote_identifier(name), quote_literal_cstr(value));
}

static void
change_table(const Refresh *refresh)
{
	StringInfoData changes;
	double		rows = br_discovery_rows(refresh->discovery, refresh->entity);
	bool		has_config = refresh->entity != NULL &&
		br_option_text("config_template", refresh->options, NIL) != NULL &&
		!br_option_bool("config_required", refresh->options, NIL);

	initStringInfo(&changes);
	append_change(&changes, "indexes",
				  br_indexes_format(&refresh->discovery->info, refresh->entity,
									br_to_utf8(br_option_text("indexes", refresh->options, NIL))),
				  refresh->options);
	if (rows > 0)
		append_change(&changes, "estimated_rows", psprintf("%.0f", rows), refresh->options);
	if (has_config && !refresh->discovery->config_template)
		append_change(&changes, "config_template", NULL, refresh->options);
	if (changes.len > 0)
		execute(psprintf("ALTER FOREIGN TABLE %s OPTIONS (%s)", refresh->table, changes.data));
}

/* What discovery makes of the attribute that a column stands for. */
static const BrColumnDef *
find_def(List *defs, const char *attribute)
{
	ListCell   *lc;

	foreach(lc, defs)
	{
		const BrColumnDef *def = lfirst(lc);

		if (attribute != NULL && strcmp(def->attribute, attribute) == 0)
			return def;
	}
	return NULL;
}

static void
change_column(const Refresh *refresh, Form_pg_attribute att, List *defs)
{
	const char *name = NameStr(att->attname);
	List	   *options = GetForeignColumnOptions(att->attrelid, att->attnum);
	const BrColumnDef *def = find_def(defs, br_option_text("attribute", options, NIL));
	StringInfoData changes;

	if (br_option_text("format", options, NIL) != NULL && refresh->entity != NULL &&
		refresh->discovery->time_seen)
	{
		initStringInfo(&changes);
		append_change(&changes, "format",
					  br_time_format_name(refresh->discovery->time_format), options);
		execute(psprintf("ALTER FOREIGN TABLE %s ALTER COLUMN %s OPTIONS (%s)",
						 refresh->table, quote_identifier(name), changes.data));
	}
	if (def != NULL && def->comment != NULL)
		execute(psprintf("COMMENT ON COLUMN %s.%s IS %s", refresh->table,
						 quote_identifier(name), quote_literal_cstr(def->comment)));
}

static void
refresh_table(Refresh *refresh)
{
	TupleDesc	desc = refresh->desc;
	List	   *defs = refresh->entity != NULL
		? br_columns_of(refresh->entity, refresh->discovery)
		: br_columns_of_generic(refresh->discovery);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	change_table(refresh);
	for (int i = 0; i < desc->natts; i++)
	{
		if (!TupleDescAttr(desc, i)->attisdropped)
			change_column(refresh, TupleDescAttr(desc, i), defs);
	}
	SPI_finish();
}

/* bench_refresh(foreign_table regclass, sample_run text) */
Datum
bench_refresh(PG_FUNCTION_ARGS)
{
	Oid			relid;
	const char *run = NULL;
	Refresh		refresh = {0};
	Relation	relation;
	ForeignTable *table;
	const char *entity;
	const char *name;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	relid = PG_GETARG_OID(0);
	if (!PG_ARGISNULL(1))
		run = text_to_cstring(PG_GETARG_TEXT_PP(1));
	if (get_rel_relkind(relid) != RELKIND_FOREIGN_TABLE)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a foreign table",
						get_rel_name(relid) ? get_rel_name(relid) : "?")));
	if (!br_owns_relation(relid))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_FOREIGN_TABLE, get_rel_name(relid));

	table = GetForeignTable(relid);
	entity = br_option_text("entity", table->options, NIL);
	name = br_option_text("table", table->options, NIL);
	refresh.options = table->options;
	refresh.entity = entity ? br_entity_find(entity) : NULL;
	refresh.table = quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)),
											   get_rel_name(relid));
	if (name == NULL)
		name = get_rel_name(relid);
	/* of any table only the keys and indexes are of interest */
	refresh.discovery = refresh.entity == NULL
		? br_discover_table(table->serverid, GetUserId(), name)
		: br_discover(table->serverid, GetUserId(), name, run, false);

	relation = table_open(relid, AccessShareLock);
	refresh.desc = CreateTupleDescCopy(RelationGetDescr(relation));
	table_close(relation, AccessShareLock);
	refresh_table(&refresh);
	PG_RETURN_VOID();
}
