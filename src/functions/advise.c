/*
 * advise.c
 *		bench_advise(): what the access patterns cost, and what would make them cheap.
 *
 * What they cost is what EXPLAIN says of a query for each.  What an index would
 * change is told only for those that have shown their worth: one on runs, those
 * of the two documents, and one that carries what is fetched back now.  Nothing
 * is read and no request is made.
 */
#include "base/br.h"

#include <math.h>

#include "access/cost.h"
#include "base/array.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "functions/declared.h"
#include "functions/index_command.h"
#include "functions/plan_units.h"
#include "functions/source.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(bench_advise);

/* Mean sizes in a full run, entries of an index as in access/cost.c. */
#define RUN_BYTES		6144.0
#define AGGREGATE_BYTES	742.0
#define RESULT_BYTES	460.0
#define ENTRY_BYTES		300.0

/* Items of one configuration in a full run: 320 results and two aggregates. */
#define CONFIGURATION_ITEMS	322.0

#define SOME_RUN	"'00000000-0000-4000-8000-000000000000'"
#define SOME_CONFIG	"'rust-arm64-light-128'"

typedef struct Pattern
{
	const char *subject;
	const char *relation;		/* that an index could be for, NULL: none */
	bool		typed;			/* all columns but the whole item are asked for */
	const char *from;			/* $ is the schema */
	const char *index;			/* that answers it */
	const char *pk;
	const char *why;
	double		entries;		/* of the index, for each row of the query */
	double		bytes;			/* of an entry with the whole item */
} Pattern;

static const Pattern patterns[] = {
	{"AP1: a run and all its aggregates", NULL, false,
		"FROM $.test_runs JOIN $.aggregates USING (test_run_id) WHERE test_run_id = " SOME_RUN
	},
	{"AP2: one aggregate", NULL, false,
		"FROM $.aggregates WHERE test_run_id = " SOME_RUN " AND config_id = " SOME_CONFIG " AND invocation_type = 'warm'"
	},
	{"AP3: raw results of a run", "results", true,
		"FROM $.results WHERE test_run_id = " SOME_RUN,
		"TestRunIndex", "testRunId", "An index on testRunId has the results of a run in one partition.",
		1, RESULT_BYTES
	},
	{"AP4: aggregates of a configuration over time", "aggregates", true,
		"FROM $.aggregates WHERE config_id = " SOME_CONFIG " AND invocation_type = 'warm'",
		"ConfigIndex", "configId", "An index on configId has all of a configuration in one partition.",
		CONFIGURATION_ITEMS, RESULT_BYTES
	},
	{"AP5: all runs", "test_runs", false,
		"FROM $.test_runs",
		"RunIndex", "status", "Only runs have a status, so an index on it holds the runs and nothing else.",
		1, RUN_BYTES
	},
	{"AP6: missing aggregates of a run", NULL, false,
		"FROM $.test_runs LEFT JOIN $.aggregates USING (test_run_id) WHERE test_run_id = " SOME_RUN
	}
};

/* A row of the result; NULL and -1: not known, or nothing to do. */
typedef struct Advice
{
	const char *subject;
	const char *query;
	const char *operation;
	BrUnits		now;
	const char *suggestion;
	BrUnits		then;
	const char *command;
	const char *afterwards;
} Advice;

/* What the advice is made of. */
typedef struct Advisor
{
	ReturnSetInfo *rsinfo;
	const char *source;
	const char *extension;		/* its schema, quoted */
	int			ntables;
	BrDeclared	tables[4];
} Advisor;

static const BrDeclared *
find_table(const Advisor *advisor, const char *name)
{
	for (int i = 0; i < advisor->ntables; i++)
	{
		if (name != NULL && strcmp(advisor->tables[i].entity->name, name) == 0)
			return &advisor->tables[i];
	}
	return NULL;
}

static void
put(const Advisor *advisor, const Advice *advice)
{
	const char *texts[] = {
		advice->subject, advice->query, advice->operation, NULL, NULL,
		advice->suggestion, NULL, NULL, advice->command, advice->afterwards
	};
	Datum		values[lengthof(texts)];
	bool		nulls[lengthof(texts)];

	for (int i = 0; i < (int) lengthof(texts); i++)
	{
		nulls[i] = texts[i] == NULL;
		values[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(texts[i]);
	}
	values[3] = Int64GetDatum((int64) advice->now.requests);
	values[4] = Float8GetDatum(advice->now.read_units);
	nulls[3] = nulls[4] = advice->query == NULL;
	values[6] = Int64GetDatum((int64) advice->then.requests);
	values[7] = Float8GetDatum(advice->then.read_units);
	nulls[6] = nulls[7] = advice->then.requests == 0;
	tuplestore_putvalues(advisor->rsinfo->setResult, advisor->rsinfo->setDesc, values, nulls);
}

/* Queries */

static bool
is_listed(List *names, const char *name)
{
	ListCell   *lc;

	foreach(lc, names)
	{
		if (strcmp(lfirst(lc), name) == 0)
			return true;
	}
	return false;
}

/* The query of a pattern; without: columns that are not asked for. */
static char *
make_query(const Advisor *advisor, const Pattern *pattern, List *without)
{
	const BrDeclared *table = find_table(advisor, pattern->relation);
	const char *schema = quote_identifier(advisor->source);
	int			ncolumns = 0;
	StringInfoData query;

	initStringInfo(&query);
	appendStringInfoString(&query, "SELECT ");
	for (int i = 0; pattern->typed && i < table->ncolumns; i++)
	{
		if (!is_listed(without, table->columns[i].name))
			appendStringInfo(&query, "%s%s", ncolumns++ > 0 ? ", " : "",
							 quote_identifier(table->columns[i].name));
	}
	appendStringInfoString(&query, ncolumns > 0 ? " " : "* ");
	for (const char *p = pattern->from; *p != '\0'; p++)
	{
		if (*p == '$')
			appendStringInfoString(&query, schema);
		else
			appendStringInfoChar(&query, *p);
	}
	return query.data;
}

/* What stands in a plan. */
typedef struct Seen
{
	StringInfoData operation;
	BrPlanNode *scan;			/* a node that reads all of a table */
	BrPlanNode *fetch;			/* one that reads from the table what an index lacks */
} Seen;

static void
look_at(Seen *seen, BrPlanNode *node)
{
	const char *operation = br_plan_text(node, "DynamoDB Operation");
	const char *index = br_plan_text(node, "Index");
	const char *fetch = br_plan_text(node, "Fetch By");
	ListCell   *lc;

	if (operation != NULL)
		appendStringInfo(&seen->operation, "%s%s%s%s%s%s", seen->operation.len > 0 ? " + " : "",
						 operation, index ? " of " : "", index ? index : "",
						 fetch ? ", then by " : "", fetch ? fetch : "");
	if (operation != NULL && strncmp(operation, "Scan", 4) == 0)
		seen->scan = node;
	if (fetch != NULL)
		seen->fetch = node;
	foreach(lc, br_plan_children(node))
		look_at(seen, lfirst(lc));
}

static double
rows_of(BrPlanNode *node)
{
	return br_plan_number(node, "Plan Rows");
}

/* What is to be done */

static char *
refresh_of(const Advisor *advisor, const BrDeclared *table)
{
	return psprintf("SELECT %s.bench_refresh(%s)", advisor->extension,
					quote_literal_cstr(quote_qualified_identifier(advisor->source,
																  table->entity->name)));
}

static double
estimated_rows(const BrDeclared *table)
{
	const char *rows = br_declared_option(table->options, "estimated_rows");

	return rows != NULL ? atof(rows) : 0;
}

static const BrIndex *
find_index(const BrSchema *schema, const char *name, const char *pk)
{
	for (int i = 0; i < schema->nindexes; i++)
	{
		if ((name == NULL || strcmp(schema->indexes[i].info.name, name) == 0) &&
			(pk == NULL || strcmp(schema->indexes[i].info.pk, pk) == 0))
			return &schema->indexes[i];
	}
	return NULL;
}

/* The type of the attribute timestamp, by another index or by its format. */
static BrType
type_of_timestamp(const BrDeclared *table)
{
	for (int i = 0; i < table->schema.nindexes; i++)
	{
		const BrIndexInfo *info = &table->schema.indexes[i].info;

		if (info->sk != NULL && strcmp(info->sk, "timestamp") == 0)
			return info->sk_type;
	}
	for (int i = 0; i < table->ncolumns; i++)
	{
		if (strcmp(table->columns[i].name, "timestamp") == 0 &&
			table->columns[i].format >= BR_TIME_ISO8601_UTC)
			return BR_TYPE_S;
	}
	return BR_TYPE_N;
}

/*
 * A pattern reads all of the table, or of an index of everything, for want of an
 * index of its own.  False if that is there.
 */
static bool
advise_index(const Advisor *advisor, const BrDeclared *table, const Pattern *pattern,
			 BrPlanNode *scan, Advice *advice)
{
	const BrIndex *index = find_index(&table->schema, NULL, pattern->pk);
	double		bytes = rows_of(scan) * pattern->entries * pattern->bytes;
	BrIndexInfo info = {
		.name = pattern->index, .global = true, .pk = pattern->pk, .pk_type = BR_TYPE_S,
		.sk = "timestamp", .sk_type = type_of_timestamp(table),
		.projection = BR_PROJECTION_ALL
	};

	if (index != NULL && index->complete)
		return false;
	if (index != NULL)
	{
		advice->suggestion = psprintf("Index %s is not declared complete; bench_check_table shows which items lack its keys, if any do.",
									  index->info.name);
		advice->afterwards = psprintf("SELECT * FROM %s.bench_check_table(%s)", advisor->extension,
									  quote_literal_cstr(advisor->source));
		return true;
	}
	advice->suggestion = pattern->why;
	advice->then = (BrUnits) {ceil(bytes / BR_PAGE_BYTES), ceil(bytes / BR_UNIT_BYTES) / 2};
	advice->command = br_index_command(table, &info);
	advice->afterwards = refresh_of(advisor, table);
	return true;
}

static void
add_name(BrIndexInfo *info, const char *name)
{
	for (int i = 0; i < info->nincluded; i++)
	{
		if (strcmp(info->included[i], name) == 0)
			return;
	}
	info->included = br_array_grow(info->included, info->nincluded, sizeof(char *));
	info->included[info->nincluded++] = name;
}

/* The index with what it lacks for these columns. */
static BrIndexInfo
wider_index(const BrDeclared *table, const BrIndex *index, List *columns)
{
	BrIndexInfo wider = index->info;

	wider.name = psprintf("%sWide", index->info.name);
	wider.projection = BR_PROJECTION_INCLUDE;
	wider.nincluded = 0;
	wider.included = NULL;
	for (int i = 0; i < index->info.nincluded; i++)
		add_name(&wider, index->info.included[i]);
	for (int i = 0; i < table->ncolumns; i++)
	{
		const BrDeclaredColumn *column = &table->columns[i];

		for (int j = 0; j < column->paths.npaths && is_listed(columns, column->name); j++)
		{
			const char *name = column->paths.paths[j].steps[0].name;

			if (!br_index_projects(&table->schema, index, name))
				add_name(&wider, name);
		}
	}
	if (wider.nincluded > BR_MAX_INCLUDED)
		wider.projection = BR_PROJECTION_ALL;
	return wider;
}

/* A pattern reads an index, and then from the table what that lacks. */
static void
advise_wider_index(const Advisor *advisor, const BrDeclared *table, const Pattern *pattern,
				   BrPlanNode *fetch, Advice *advice)
{
	List	   *columns = br_plan_texts(fetch, "Fetch Back");
	const BrIndex *index = find_index(&table->schema, br_plan_text(fetch, "Index"), NULL);
	double		more = (strcmp(table->entity->name, "aggregates") == 0
						? AGGREGATE_BYTES : RESULT_BYTES) - ENTRY_BYTES;
	double		bytes = rows_of(fetch) * more;
	double		rows = estimated_rows(table);
	BrIndexInfo wider;

	if (index == NULL)
		return;
	wider = wider_index(table, index, columns);
	advice->then = br_plan_units(br_plan_of(make_query(advisor, pattern, columns)));
	advice->then.requests += floor(bytes / BR_PAGE_BYTES);
	advice->then.read_units += ceil(bytes / BR_UNIT_BYTES) / 2;
	advice->suggestion = psprintf("%s lacks columns of this query, so its items are read again from the table. Name only columns that it has, or replace it by an index that has all: about %.0f bytes more for each row of %s%s, and once a write unit for each item of the table. An index cannot be changed: create the new one, then delete the old one.",
								  index->info.name, more, table->entity->name,
								  rows > 0 ? psprintf(", in all %.1f MB", rows * more / 1e6) : "");
	advice->command = br_index_command(table, &wider);
	advice->afterwards = refresh_of(advisor, table);
}

static void
advise_pattern(const Advisor *advisor, const Pattern *pattern)
{
	const BrDeclared *table = find_table(advisor, pattern->relation);
	Advice		advice = {.subject = pattern->subject};
	BrPlanNode *plan;
	Seen		seen = {.scan = NULL};

	advice.query = make_query(advisor, pattern, NIL);
	plan = br_plan_of(advice.query);
	advice.now = br_plan_units(plan);
	initStringInfo(&seen.operation);
	look_at(&seen, plan);
	advice.operation = seen.operation.len > 0 ? seen.operation.data : "no request";
	if (table != NULL && table->is_foreign &&
		(seen.scan == NULL || !advise_index(advisor, table, pattern, seen.scan, &advice)) &&
		seen.fetch != NULL)
		advise_wider_index(advisor, table, pattern, seen.fetch, &advice);
	put(advisor, &advice);
}

static void
advise_option(const Advisor *advisor, const BrDeclared *table, const char *suggestion,
			  char *afterwards)
{
	Advice		advice = {
		.subject = psprintf("options of %s", table->entity->name),
		.suggestion = suggestion, .afterwards = afterwards
	};

	put(advisor, &advice);
}

/* Options that are missing, and what that costs. */
static void
advise_options(const Advisor *advisor, const BrDeclared *table)
{
	bool		has_config = br_variable_find(&table->schema.vars, "configId") >= 0;

	if (!table->is_foreign || table->entity->pk_template == NULL)
		return;
	if (table->schema.nindexes == 0)
		advise_option(advisor, table,
					  "No index is declared: what does not name the run's or the item's key is a Scan.",
					  refresh_of(advisor, table));
	if (estimated_rows(table) == 0)
		advise_option(advisor, table,
					  "estimated_rows is not set, so a table of 100,000 items is assumed. Where DynamoDB has no count, set it by hand.",
					  refresh_of(advisor, table));
	if (has_config && table->schema.config_vars.n == 0)
		advise_option(advisor, table,
					  "config_template is not set, so conditions on the dimensions are no keys. Set it if bench_check_table then finds no configId of another form.",
					  psprintf("ALTER FOREIGN TABLE %s OPTIONS (ADD config_template %s)",
							   quote_qualified_identifier(advisor->source, table->entity->name),
							   quote_literal_cstr(BR_CONFIG_TEMPLATE)));
}

/* bench_advise(source name) -> one row for each pattern, and for each missing option */
Datum
bench_advise(PG_FUNCTION_ARGS)
{
	Advisor		advisor = {.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo};

	InitMaterializedSRF(fcinfo, 0);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	advisor.source = br_source(fcinfo, 0, "'test_runs', 'aggregates', 'results'");
	advisor.extension = br_extension_schema(fcinfo);
	for (const BrEntity *entity = br_entity_next(NULL); entity != NULL;
		 entity = br_entity_next(entity))
	{
		Assert(advisor.ntables < (int) lengthof(advisor.tables));
		br_declared_read(&advisor.tables[advisor.ntables++], entity, advisor.source);
	}
	for (int i = 0; i < (int) lengthof(patterns); i++)
		advise_pattern(&advisor, &patterns[i]);
	for (int i = 0; i < advisor.ntables; i++)
		advise_options(&advisor, &advisor.tables[i]);
	SPI_finish();
	return (Datum) 0;
}
