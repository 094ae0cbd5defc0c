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
br_extension_schema(FunctionCallInfo fcinfo)
{
	return quote_identifier(get_namespace_name(get_func_namespace(fcinfo->flinfo->fn_oid)));
}

const char *
br_source(FunctionCallInfo fcinfo, int argument, const char *tables)
{
	Oid			type = NAMEOID;
	Datum		value = fcinfo->args[argument].value;
	char		null = fcinfo->args[argument].isnull ? 'n' : ' ';
	const char *query = psprintf("SELECT %s.bench_source($1, %s)",
								 br_extension_schema(fcinfo), tables);

	if (SPI_execute_with_args(query, 1, &type, &value, &null, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not execute \"%s\"", query);
	return SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
}
