/*
 * source.c
 *		Asks bench_source(), which decides where the tables are.
 */
#include "base/br.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "functions/source.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

const char *
br_source(FunctionCallInfo fcinfo, int argument, const char *table)
{
	Oid			type = NAMEOID;
	Datum		value = fcinfo->args[argument].value;
	char		null = fcinfo->args[argument].isnull ? 'n' : ' ';
	/* the extension's own schema is that of the function that asks */
	const char *query = psprintf("SELECT %s.bench_source($1, %s)",
								 quote_identifier(get_namespace_name(get_func_namespace(fcinfo->flinfo->fn_oid))),
								 quote_literal_cstr(table));

	if (SPI_execute_with_args(query, 1, &type, &value, &null, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not execute \"%s\"", query);
	return SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
}
