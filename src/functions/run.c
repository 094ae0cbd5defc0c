/*
 * run.c
 *		Which run is meant, found out once in a statement.
 *
 * bench_run() and bench_latest_run() stand where a run's id does, as in WHERE
 * test_run_id = bench_run('latest').  Such a condition is evaluated by the
 * planner for its estimates, for the request, and on each of its rows, and each
 * time the runs would be listed.  So the last answer is kept for as long as it
 * cannot be another: in one statement of one transaction, for the same user,
 * arguments and search_path, until a command has written something or what was
 * written is undone.
 */
#include "base/br.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "functions/source.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(bench_run);
PG_FUNCTION_INFO_V1(bench_latest_run);

typedef struct Answer
{
	TimestampTz transaction;
	TimestampTz statement;
	SubTransactionId subtransaction;
	CommandId	command;
	char	   *question;
	char	   *id;
} Answer;

/* The last one; both strings are in TopMemoryContext, or NULL. */
static Answer last;

/* Whatever else the answer depends on, as one text. */
static char *
question(FunctionCallInfo fcinfo, const char *query)
{
	StringInfoData key;

	initStringInfo(&key);
	appendStringInfo(&key, "%u\n%s\n%s", GetUserId(), namespace_search_path, query);
	for (int i = 0; i < fcinfo->nargs; i++)
	{
		if (fcinfo->args[i].isnull)
			appendStringInfoString(&key, "\n-");
		else if (i == fcinfo->nargs - 1)
			appendStringInfo(&key, "\n+%s", NameStr(*DatumGetName(fcinfo->args[i].value)));
		else
			appendStringInfo(&key, "\n+%s", TextDatumGetCString(fcinfo->args[i].value));
	}
	return key.data;
}

/* The value of a query whose parameters are the arguments: texts, and last the source. */
static char *
ask(FunctionCallInfo fcinfo, const char *query)
{
	Oid			types[FUNC_MAX_ARGS];
	Datum		values[FUNC_MAX_ARGS];
	char		nulls[FUNC_MAX_ARGS];
	char	   *id;

	for (int i = 0; i < fcinfo->nargs; i++)
	{
		types[i] = i == fcinfo->nargs - 1 ? NAMEOID : TEXTOID;
		values[i] = fcinfo->args[i].value;
		nulls[i] = fcinfo->args[i].isnull ? 'n' : ' ';
	}
	SPI_connect();
	if (SPI_execute_with_args(query, fcinfo->nargs, types, values, nulls, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not execute \"%s\"", query);
	id = MemoryContextStrdup(TopMemoryContext,
							 SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1));
	SPI_finish();
	return id;
}

static Datum
answer(FunctionCallInfo fcinfo, const char *query)
{
	Answer		now = {
		GetCurrentTransactionStartTimestamp(), GetCurrentStatementStartTimestamp(),
		GetCurrentSubTransactionId(), GetCurrentCommandId(false), question(fcinfo, query)
	};

	if (last.id == NULL || now.transaction != last.transaction || now.statement != last.statement ||
		now.subtransaction != last.subtransaction || now.command != last.command ||
		strcmp(now.question, last.question) != 0)
	{
		now.id = ask(fcinfo, query);
		now.question = MemoryContextStrdup(TopMemoryContext, now.question);
		if (last.id != NULL)
		{
			pfree(last.id);
			pfree(last.question);
		}
		last = now;
	}
	return CStringGetTextDatum(last.id);
}

Datum
bench_run(PG_FUNCTION_ARGS)
{
	const char *schema = br_extension_schema(fcinfo);

	return answer(fcinfo, psprintf("SELECT %s.bench_run_from(%s.bench_source($2, 'test_runs'), $1)",
								   schema, schema));
}

Datum
bench_latest_run(PG_FUNCTION_ARGS)
{
	const char *schema = br_extension_schema(fcinfo);

	return answer(fcinfo, psprintf("SELECT %s.bench_latest_run_from(%s.bench_source($3, 'test_runs'), $1, $2)",
								   schema, schema));
}
