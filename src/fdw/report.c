/*
 * report.c
 *		SQLSTATE, message, detail and hint of what came up from below.
 */
#include "base/br.h"

#include "fdw/encoding.h"
#include "fdw/report.h"

typedef struct ServiceError
{
	const char *code;
	int			sqlstate;
	const char *hint;			/* NULL: none */
} ServiceError;

#define HINT_CREDENTIALS \
	"Check access_key_id, secret_access_key and session_token of the user mapping."
#define HINT_CLOCK \
	"The clocks of this server and of the service differ by too much."
#define HINT_THROTTLED \
	"The table's or the account's capacity is used up for the moment; try again later, or read less at a time."

static const ServiceError service_errors[] = {
	{"ResourceNotFoundException", ERRCODE_FDW_TABLE_NOT_FOUND, NULL},
	{"AccessDeniedException", ERRCODE_INSUFFICIENT_PRIVILEGE,
	"The policy of these credentials must allow the operation on the table and, for an index, on table/.../index/*."},
	{"UnrecognizedClientException", ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION, HINT_CREDENTIALS},
	{"InvalidSignatureException", ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION, HINT_CREDENTIALS},
	{"IncompleteSignatureException", ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION, HINT_CREDENTIALS},
	{"MissingAuthenticationTokenException", ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION, HINT_CREDENTIALS},
	{"InvalidClientTokenId", ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION, HINT_CREDENTIALS},
	{"ExpiredTokenException", ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION,
	"The session token has expired: put fresh credentials into the user mapping."},
	{"ExpiredToken", ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION,
	"The session token has expired: put fresh credentials into the user mapping."},
	{"RequestTimeTooSkewed", ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION, HINT_CLOCK},
	{"RequestExpired", ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION, HINT_CLOCK},
	{"RequestInTheFuture", ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION, HINT_CLOCK},
	{"ValidationException", ERRCODE_FDW_UNABLE_TO_CREATE_EXECUTION,
	"If the remote table or its indexes have changed, run bench_refresh() on the foreign table, or import it again."},
	{"ConditionalCheckFailedException", ERRCODE_UNIQUE_VIOLATION, NULL},
	{"ProvisionedThroughputExceededException", ERRCODE_CONFIGURATION_LIMIT_EXCEEDED, HINT_THROTTLED},
	{"ThrottlingException", ERRCODE_CONFIGURATION_LIMIT_EXCEEDED, HINT_THROTTLED},
	{"RequestLimitExceeded", ERRCODE_CONFIGURATION_LIMIT_EXCEEDED, HINT_THROTTLED},
	{"LimitExceededException", ERRCODE_CONFIGURATION_LIMIT_EXCEEDED, HINT_THROTTLED},
};

/* Length without "Exception", which some codes end in on one path only. */
static size_t
stem_length(const char *code)
{
	static const char ending[] = "Exception";
	size_t		len = strlen(code);
	size_t		ending_len = strlen(ending);

	return len > ending_len && strcmp(code + len - ending_len, ending) == 0
		? len - ending_len : len;
}

static bool
same_code(const char *a, const char *b)
{
	return stem_length(a) == stem_length(b) && strncmp(a, b, stem_length(a)) == 0;
}

static const ServiceError *
find_service_error(const BrError *err)
{
	static const ServiceError throttled = {NULL, ERRCODE_CONFIGURATION_LIMIT_EXCEEDED, HINT_THROTTLED};

	for (int i = 0; i < (int) lengthof(service_errors); i++)
	{
		if (same_code(service_errors[i].code, err->code))
			return &service_errors[i];
	}
	return err->retry == BR_RETRY_THROTTLING ? &throttled : NULL;
}

static int
sqlstate_of(const BrError *err, const ServiceError *service)
{
	switch (err->kind)
	{
		case BR_ERR_CONFIG:
			return ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE;
		case BR_ERR_CREDENTIALS:
			return ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION;
		case BR_ERR_CONNECT:
		case BR_ERR_TIMEOUT:
			return ERRCODE_CONNECTION_FAILURE;
		case BR_ERR_TLS:
			return ERRCODE_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION;
		case BR_ERR_PROTOCOL:
		case BR_ERR_CHECKSUM:
			return ERRCODE_PROTOCOL_VIOLATION;
		case BR_ERR_SERVICE:
			return service != NULL ? service->sqlstate : ERRCODE_FDW_ERROR;
		case BR_ERR_DATA:
			return ERRCODE_FDW_INVALID_DATA_TYPE;
		case BR_ERR_ENCODING:
			return ERRCODE_UNTRANSLATABLE_CHARACTER;
		case BR_ERR_LIMIT:
			return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
		case BR_ERR_CONFLICT:
			return ERRCODE_T_R_SERIALIZATION_FAILURE;
		case BR_ERR_MEMORY:
			return ERRCODE_OUT_OF_MEMORY;
		case BR_ERR_NONE:
		case BR_ERR_INTERNAL:
			break;
	}
	return ERRCODE_INTERNAL_ERROR;
}

static void
append_fact(StringInfo out, const char *fact)
{
	if (out->len > 0)
		appendStringInfoString(out, ", ");
	appendStringInfoString(out, fact);
}

/* "ValidationException, Query of table "T", index "I", request id R, 3 attempts." */
static char *
facts_of(const BrError *err, const BrDoing *doing)
{
	StringInfoData facts;

	initStringInfo(&facts);
	if (err->code[0] != '\0')
		append_fact(&facts, br_for_display(err->code));
	else if (err->http_status != 0 && err->http_status != 200)
		append_fact(&facts, psprintf("HTTP status %d", err->http_status));
	if (err->detail[0] != '\0')
		append_fact(&facts, br_for_display(err->detail));
	if (doing->operation != NULL && doing->table != NULL)
		append_fact(&facts, psprintf("%s of table \"%s\"", doing->operation, br_for_display(doing->table)));
	if (doing->index != NULL)
		append_fact(&facts, psprintf("index \"%s\"", br_for_display(doing->index)));
	if (err->request_id[0] != '\0')
		append_fact(&facts, psprintf("request id %s", br_for_display(err->request_id)));
	if (err->attempts > 1)
		append_fact(&facts, psprintf("%d attempts", err->attempts));
	if (facts.len > 0)
		appendStringInfoChar(&facts, '.');
	if (doing->progress != NULL)
		appendStringInfo(&facts, "%s%s", facts.len > 0 ? " " : "", doing->progress);
	return facts.data;
}

/* An unquoted identifier in IMPORT or a table name taken over has lost its case. */
static bool
may_be_folded(const char *table)
{
	for (const char *p = table; *p != '\0'; p++)
	{
		if (*p >= 'A' && *p <= 'Z')
			return false;
	}
	return true;
}

static const char *
hint_of(const BrError *err, const ServiceError *service, const BrDoing *doing)
{
	switch (err->kind)
	{
		case BR_ERR_SERVICE:
			if (service == NULL)
				return NULL;
			if (service->sqlstate == ERRCODE_INSUFFICIENT_PRIVILEGE && doing->operation != NULL &&
				strcmp(doing->operation, br_operation_name(BR_OP_SCAN)) == 0)
				return "Set the option scan to 'deny', so that no plan scans where it can do without.";
			if (service->sqlstate != ERRCODE_FDW_TABLE_NOT_FOUND)
				return service->hint;
			if (doing->index != NULL)
				return "If the index was dropped, run bench_refresh() on the foreign table, or import it again.";
			if (doing->table != NULL && strlen(doing->table) == NAMEDATALEN - 1)
				return "An SQL name ends after 63 bytes: give the whole name in the option table.";
			if (doing->table != NULL && may_be_folded(doing->table))
				return "Names of DynamoDB tables are case-sensitive, and an unquoted name is folded to lower case: write it in double quotes, or give it in the option table.";
			return "Check the name, the region and the account that the credentials belong to.";
		case BR_ERR_CONNECT:
		case BR_ERR_TIMEOUT:
			return "Check region, endpoint and proxy of the server, and the network between.";
		case BR_ERR_TLS:
			return "If the endpoint's certificate is signed by an authority of your own, name its file in the option ca_file.";
		case BR_ERR_CONFLICT:
			return "Run the statement again.";
		case BR_ERR_ENCODING:
			return "Read the other columns, or the item without this attribute.";
		default:
			return NULL;
	}
}

void
br_report(const BrError *err, const BrDoing *doing)
{
	const ServiceError *service = err->kind == BR_ERR_SERVICE ?
		find_service_error(err) : NULL;
	char	   *facts = facts_of(err, doing);
	const char *hint = hint_of(err, service, doing);

	ereport(ERROR,
			(errcode(sqlstate_of(err, service)),
			 doing->relation != NULL
			 ? errmsg(doing->writes ? "could not write to foreign table \"%s\": %s"
					  : "could not read foreign table \"%s\": %s",
					  doing->relation, br_for_display(err->message))
			 : errmsg("request to DynamoDB failed: %s", br_for_display(err->message)),
			 facts[0] != '\0' ? errdetail("%s", facts) : 0,
			 hint != NULL ? errhint("%s", hint) : 0));
	pg_unreachable();
}
