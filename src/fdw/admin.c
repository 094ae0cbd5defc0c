/*
 * admin.c
 *		SQL functions about servers: is it there, and what was asked of it.
 *
 * They are no clients of the foreign tables, unlike those in functions/.
 */
#include "base/br.h"

#include "fdw/compat.h"
#include "fdw/connect.h"
#include "fdw/report.h"
#include "fmgr.h"
#include "foreign/foreign.h"
#include "funcapi.h"
#include "io/client.h"
#include "io/http.h"
#include "utils/acl.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(bench_ping);
PG_FUNCTION_INFO_V1(bench_request_stats);

/* bench_ping(server name) -> milliseconds */
Datum
bench_ping(PG_FUNCTION_ARGS)
{
	static const char request[] = "{\"Limit\":1}";
	ForeignServer *server = GetForeignServerByName(NameStr(*PG_GETARG_NAME(0)), false);
	BrDoing		doing = {.operation = br_operation_name(BR_OP_LIST_TABLES)};
	int64		start;
	BrCall	   *call;
	const char *body;
	size_t		len;
	BrError		err;

	if (!br_may_use_server(server->serverid))
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_FOREIGN_SERVER, server->servername);
	start = br_monotonic_us();
	call = br_call_start(br_connect(server->serverid, GetUserId()), BR_OP_LIST_TABLES,
						 request, strlen(request), 0, NULL);
	if (!br_call_wait(call, &body, &len, &err))
		br_report(&err, &doing);
	br_call_free(call);
	PG_RETURN_FLOAT8((br_monotonic_us() - start) / 1000.0);
}

/* Adds a connection's counters as a row, if the caller may use the server. */
static void
put_counters(Oid server_id, Oid mapping_id, const BrCounters *counters, void *arg)
{
	ReturnSetInfo *rsinfo = arg;
	ForeignServer *server = GetForeignServerExtended(server_id, FSV_MISSING_OK);
	Datum		values[6];
	bool		nulls[6] = {false};

	if (server == NULL || !br_may_use_server(server_id))
		return;
	values[0] = DirectFunctionCall1(namein, CStringGetDatum(server->servername));
	values[1] = Int64GetDatum(counters->requests);
	values[2] = Int64GetDatum(counters->retries);
	values[3] = Int64GetDatum(counters->throttles);
	values[4] = Int64GetDatum(counters->bytes_sent);
	values[5] = Int64GetDatum(counters->bytes_received);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* bench_request_stats() -> one row for each connection of the session */
Datum
bench_request_stats(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	br_connection_foreach(put_counters, fcinfo->resultinfo);
	return (Datum) 0;
}
