/*
 * check_table.c
 *		bench_check_table(): do the items keep to what queries rely on?
 *
 * One pass over the table items, with a cursor, in constant memory.
 */
#include "base/br.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "functions/audit.h"
#include "functions/source.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(bench_check_table);

/* An item has up to 400 kB. */
#define ITEMS_AT_A_TIME	50

static BrText
text_of(Datum datum)
{
	text	   *value = DatumGetTextPP(datum);

	return (BrText) {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};
}

static void
audit_row(BrAudit *audit, HeapTuple tuple, TupleDesc desc)
{
	Datum		values[3];

	for (int i = 0; i < (int) lengthof(values); i++)
	{
		bool		is_null;

		values[i] = SPI_getbinval(tuple, desc, i + 1, &is_null);
		if (is_null)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("a row of the table items has no pk, sk or item")));
	}
	br_audit_item(audit, text_of(values[0]), text_of(values[1]), DatumGetJsonbP(values[2]));
}

static void
audit_items(BrAudit *audit, const char *schema)
{
	char	   *query = psprintf("SELECT pk::pg_catalog.text, sk::pg_catalog.text, item::pg_catalog.jsonb FROM %s.items",
								 quote_identifier(schema));
	MemoryContext per_item = AllocSetContextCreate(CurrentMemoryContext, "benchresults_fdw item",
												   ALLOCSET_DEFAULT_SIZES);
	Portal		portal = SPI_cursor_open_with_args(NULL, query, 0, NULL, NULL, NULL, true, 0);

	for (;;)
	{
		SPI_cursor_fetch(portal, true, ITEMS_AT_A_TIME);
		if (SPI_processed == 0)
			break;
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			MemoryContext old = MemoryContextSwitchTo(per_item);

			audit_row(audit, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
			MemoryContextSwitchTo(old);
			MemoryContextReset(per_item);
		}
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(portal);
}

static const char *
state_of(const BrCheck *check)
{
	if (check->kind == BR_CHECK_NOTHING)
		return "not checked";
	if (check->violations.count == 0)
		return "ok";
	return check->kind == BR_CHECK_STRAY ? "info" : "violated";
}

static Datum
examples_of(const BrTally *tally)
{
	Datum		examples[BR_MAX_EXAMPLES];

	for (int i = 0; i < tally->nexamples; i++)
		examples[i] = CStringGetTextDatum(tally->examples[i]);
	return PointerGetDatum(construct_array(examples, tally->nexamples, TEXTOID, -1, false,
										   TYPALIGN_INT));
}

static void
put_check(ReturnSetInfo *rsinfo, const BrAudited *table, const BrCheck *check)
{
	const char *state = state_of(check);
	bool		done = check->kind != BR_CHECK_NOTHING;
	bool		good = strcmp(state, "ok") == 0;
	Datum		values[] = {
		CStringGetTextDatum(table->declared.entity->name),
		CStringGetTextDatum(check->assumption),
		CStringGetTextDatum(state),
		Int64GetDatum(check->items),
		Int64GetDatum(check->violations.count),
		examples_of(&check->violations),
		CStringGetTextDatum(check->advice)
	};
	bool		nulls[] = {false, false, false, !done, !done, !done || good, good};

	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* bench_check_table(source name) -> one row for each assumption */
Datum
bench_check_table(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	const char *schema;
	BrAudit    *audit;

	InitMaterializedSRF(fcinfo, 0);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	schema = br_source(fcinfo, 0, "'items'");
	audit = br_audit_prepare(schema);
	audit_items(audit, schema);
	br_audit_finish(audit);
	for (int i = 0; i < audit->ntables; i++)
	{
		for (int j = 0; j < audit->tables[i].nchecks; j++)
			put_check(rsinfo, &audit->tables[i], &audit->tables[i].checks[j]);
	}
	SPI_finish();
	return (Datum) 0;
}
