/*
 * connect.c
 *		Options of a server and of a user mapping, as connection parameters.
 *
 * The only credentials are those of the mapping of the user whom PostgreSQL
 * checks: nothing of the server process's own (environment, files, instance
 * role) is ever used for somebody else.
 */
#include "base/br.h"

#include "access/cost.h"
#include "fdw/connect.h"
#include "fdw/guard.h"
#include "fdw/option.h"
#include "fdw/report.h"
#include "foreign/foreign.h"
#include "io/pace.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"

static void
set_endpoint(BrConnectionParams *params, const ForeignServer *server)
{
	List	   *options = server->options;
	const char *region = br_option_text("region", options, NIL);
	BrError		err;

	if (region == NULL && br_option_text("signing_region", options, NIL) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_OPTION_NAME_NOT_FOUND),
				 errmsg("region of server \"%s\" is not set", server->servername),
				 errhint("ALTER SERVER %s OPTIONS (ADD region 'us-east-2');",
						 server->servername)));
	if (!br_endpoint_resolve(region,
							 br_option_text("endpoint", options, NIL),
							 br_option_text("signing_region", options, NIL),
							 br_option_bool("use_fips", options, NIL),
							 br_option_bool("use_dualstack", options, NIL),
							 &params->endpoint, &err))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("options of server \"%s\" do not fit together: %s",
						server->servername, err.message)));
}

static void
set_credentials(BrConnectionParams *params, const ForeignServer *server,
				const UserMapping *mapping)
{
	List	   *options = mapping->options;

	params->access_key_id = br_option_text("access_key_id", options, NIL);
	params->secret_access_key = br_option_text("secret_access_key", options, NIL);
	params->session_token = br_option_text("session_token", options, NIL);
	if (params->access_key_id == NULL || params->secret_access_key == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_S_R_E_PROHIBITED_SQL_STATEMENT_ATTEMPTED),
				 errmsg("user mapping of user \"%s\" for server \"%s\" has no credentials",
						GetUserNameFromId(mapping->userid ? mapping->userid : GetUserId(), false),
						server->servername),
				 errdetail("Both access_key_id and secret_access_key are needed."),
				 errhint("ALTER USER MAPPING FOR ... SERVER %s OPTIONS (ADD access_key_id '...', ADD secret_access_key '...');",
						 server->servername)));
}

static bool
is_our_wrapper(Oid wrapper_id)
{
	ForeignDataWrapper *wrapper = GetForeignDataWrapper(wrapper_id);
	char	   *handler = OidIsValid(wrapper->fdwhandler) ?
		get_func_name(wrapper->fdwhandler) : NULL;

	return handler != NULL && strcmp(handler, "benchresults_fdw_handler") == 0;
}

bool
br_is_ours(Oid relid)
{
	return is_our_wrapper(GetForeignServer(GetForeignTable(relid)->serverid)->fdwid);
}

/*
 * The server, if it is one of our wrapper's: options that another wrapper's
 * validator let pass, or none at all, must not make us connect anywhere.
 */
static ForeignServer *
our_server(Oid server_id)
{
	ForeignServer *server = GetForeignServer(server_id);

	if (!is_our_wrapper(server->fdwid))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("server \"%s\" is not of foreign-data wrapper benchresults_fdw",
						server->servername)));
	return server;
}

BrConnection *
br_connect(Oid server_id, Oid user_id)
{
	ForeignServer *server = our_server(server_id);
	UserMapping *mapping = GetUserMapping(user_id, server_id);
	BrConnectionParams params = {0};

	params.server_id = server_id;
	params.mapping_id = mapping->umid;
	set_endpoint(&params, server);
	set_credentials(&params, server, mapping);
	params.connect_timeout_ms = br_option_number("connect_timeout", server->options, NIL);
	params.request_timeout_ms = br_option_number("request_timeout", server->options, NIL);
	params.max_attempts = br_option_number("max_attempts", server->options, NIL);
	params.ca_file = br_option_text("ca_file", server->options, NIL);
	params.proxy = br_option_text("proxy", server->options, NIL);
	return br_connection_get(&params);
}

/*
 * What a page costs is known when it is there: where the rate is limited, no more
 * are under way together than a second's worth of full ones.
 */
BrReading
br_connect_for(const BrRelation *rel, Oid user_id, BrCounters *counters)
{
	BrReading	reading = {
		.conn = br_connect(rel->server_id, user_id),
		.counters = counters,
		.max_in_flight = rel->max_concurrency,
		.rate = br_effective_limit(rel, BR_LIMIT_RATE)
	};

	if (reading.rate > 0)
	{
		reading.bucket = br_pace_of(rel->server_id, rel->schema.table);
		reading.max_in_flight = Max(Min(reading.max_in_flight, reading.rate / BR_PAGE_UNITS), 1);
	}
	return reading;
}
