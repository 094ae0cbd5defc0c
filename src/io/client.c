/*
 * client.c
 *		The life of a call: sign, send, judge the answer, wait, send again.
 *
 * What the mux calls back only notes what happened, since nothing may throw
 * there; the steps that need memory are taken in advance(), by whoever pumps
 * or waits, for all calls that are ready for one.  So calls progress together,
 * whichever of them is waited for.
 */
#include "base/br.h"

#include <time.h>
#include <zlib.h>

#include "base/own.h"
#include "common/pg_prng.h"
#include "dynamodb/fault.h"
#include "io/client.h"
#include "io/connection_private.h"
#include "lib/ilist.h"
#include "utils/memutils.h"

/*
 * BatchGetItem answers up to 16 MB as DynamoDB counts, which is less than twice
 * that in JSON.
 */
#define MAX_RESPONSE		((size_t) 32 * 1024 * 1024)

#define CONTENT_TYPE		"application/x-amz-json-1.0"
#define TARGET_PREFIX		"DynamoDB_20120810."
#define USER_AGENT			"benchresults_fdw/1.0"

/* A clock further off than this is no clock. */
#define MAX_CLOCK_OFFSET_S	(24 * 60 * 60)

#define MAX_HEADERS			12
#define UUID_TEXT_LEN		36

typedef enum CallState
{
	CALL_READY,					/* to be signed and sent */
	CALL_UNDER_WAY,
	CALL_ANSWERED,				/* to be judged; also if no answer came */
	CALL_BACKOFF,
	CALL_DONE
} CallState;

struct BrCall
{
	MemoryContext context;		/* holds this struct and the body */
	MemoryContext step_context; /* emptied before each step */
	dlist_node	node;			/* in unfinished, until CALL_DONE */
	CallState	state;

	BrConnection *conn;
	BrOperation op;
	const char *body;
	size_t		len;
	BrCounters *counters;
	char		invocation_id[UUID_TEXT_LEN + 1];

	BrTransfer *transfer;		/* while UNDER_WAY or ANSWERED */
	bool		fresh;			/* do not trust kept-alive connections */
	bool		uncertain;		/* an attempt may have been obeyed without our knowing */
	int			sent;			/* requests, also those that are not charged */
	BrRetry		retry;
	BrTimer		timer;			/* while in BACKOFF */

	BrHttpResponse answer;		/* when DONE: the body, also of an error */
	BrError		error;			/* when DONE: kind NONE if all went well */
};

static dlist_head unfinished = DLIST_STATIC_INIT(unfinished);

/* How many calls were finished. */
static uint64 ndone = 0;

/* For calls whose caller does not count. */
static BrCounters uncounted;

#define COUNT(call, field, n) \
	((call)->conn->counters->field += (n), (call)->counters->field += (n))

/* What the mux calls: notes only */

static void
transfer_ended(BrTransfer *transfer, void *arg)
{
	((BrCall *) arg)->state = CALL_ANSWERED;
}

static void
backoff_over(BrTimer *timer, void *arg)
{
	((BrCall *) arg)->state = CALL_READY;
}

/* Ends */

/* The buffer of an answer that is not wanted serves the next one. */
static void
drop_transfer(BrCall *call)
{
	BrHttpResponse *response;
	BrError		ignored;

	if (call->transfer == NULL)
		return;
	if (call->state == CALL_ANSWERED)
	{
		(void) br_transfer_result(call->transfer, &response, &ignored);
		br_connection_keep_spare(call->conn, response);
	}
	br_transfer_free(call->transfer);
	call->transfer = NULL;
}

static void
finish(BrCall *call)
{
	drop_transfer(call);
	dlist_delete(&call->node);
	call->state = CALL_DONE;
	call->error.attempts = call->sent;
	COUNT(call, under_way, -1);
	ndone++;
}

/* Runs when the call's context goes, for whatever reason. */
static void
abort_call(void *arg)
{
	BrCall	   *call = arg;

	br_timer_stop(&call->timer);
	if (call->state != CALL_DONE)
		finish(call);
	br_connection_keep_spare(call->conn, &call->answer);
	br_connection_release(call->conn);
}

/* Sending */

static void
make_invocation_id(char text[UUID_TEXT_LEN + 1])
{
	uint64		a = pg_prng_uint64(&pg_global_prng_state);
	uint64		b = pg_prng_uint64(&pg_global_prng_state);

	/* a random UUID: version 4, variant 10 */
	snprintf(text, UUID_TEXT_LEN + 1, "%08x-%04x-4%03x-%04x-%04x%08x",
			 (uint32) (a >> 32), (uint32) (a >> 16) & 0xffff, (uint32) a & 0xfff,
			 0x8000 | ((uint32) (b >> 48) & 0x3fff),
			 (uint32) (b >> 32) & 0xffff, (uint32) b);
}

static const char *
authorization(BrCall *call, const BrHeader *signed_headers, int nsigned, const BrScope *scope)
{
	BrConnection *conn = call->conn;
	BrSignable	signable = {
		.method = "POST",
		.path = "/",
		.nheaders = nsigned,
		.headers = signed_headers,
		.body = call->body,
		.body_len = call->len
	};
	StringInfoData value;

	initStringInfo(&value);
	br_sigv4_authorization(&value, &signable, scope, conn->params.access_key_id,
						   br_connection_signing_key(conn, scope));
	return value.data;
}

/* All headers, signed ones first; the strings live in the current context. */
static int
make_headers(BrCall *call, const char **headers)
{
	const BrConnectionParams *params = &call->conn->params;
	BrScope		scope = {.region = params->endpoint.signing_region,.service = "dynamodb"};
	BrHeader	signed_headers[5];
	int			nsigned = 0;
	int			n;

	br_scope_set_time(&scope, (int64) time(NULL) + call->conn->clock_offset_s);
	signed_headers[nsigned++] = (BrHeader) {"content-type", CONTENT_TYPE};
	signed_headers[nsigned++] = (BrHeader) {"host", params->endpoint.host};
	signed_headers[nsigned++] = (BrHeader) {"x-amz-date", scope.amz_date};
	if (params->session_token != NULL)
		signed_headers[nsigned++] = (BrHeader) {"x-amz-security-token", params->session_token};
	signed_headers[nsigned++] = (BrHeader) {"x-amz-target", psprintf(TARGET_PREFIX "%s",
																	 br_operation_name(call->op))};

	for (n = 0; n < nsigned; n++)
		headers[n] = psprintf("%s: %s", signed_headers[n].name, signed_headers[n].value);
	headers[n++] = psprintf("Authorization: %s",
							authorization(call, signed_headers, nsigned, &scope));
	headers[n++] = psprintf("amz-sdk-invocation-id: %s", call->invocation_id);
	headers[n++] = psprintf("amz-sdk-request: attempt=%d; max=%d",
							call->retry.attempts + 1, call->retry.max_attempts);
	headers[n++] = "User-Agent: " USER_AGENT;
	headers[n++] = "Accept-Encoding: identity";
	headers[n++] = "Accept:";	/* libcurl adds none */
	Assert(n <= MAX_HEADERS);
	return n;
}

static void
send_request(BrCall *call)
{
	BrConnection *conn = call->conn;
	const char *headers[MAX_HEADERS];
	BrHttpResponse spare;
	BrHttpRequest request = {
		.url = conn->params.endpoint.url,
		.nheaders = make_headers(call, headers),
		.headers = headers,
		.body = call->body,
		.body_len = call->len,
		.connect_timeout_ms = conn->params.connect_timeout_ms,
		.request_timeout_ms = conn->params.request_timeout_ms,
		.ca_file = conn->params.ca_file,
		.proxy = conn->params.proxy,
		.max_response = MAX_RESPONSE,
		.fresh_connection = call->fresh
	};

	br_connection_take_spare(conn, &spare);
	call->transfer = br_transfer_start(conn->pool, &request, &spare,
									   transfer_ended, call, &call->error);
	if (call->transfer == NULL)
	{
		br_connection_keep_spare(conn, &spare);
		finish(call);
		return;
	}
	call->state = CALL_UNDER_WAY;
	call->fresh = false;
	COUNT(call, requests, 1);
	COUNT(call, retries, call->sent > 0 ? 1 : 0);
	COUNT(call, bytes_sent, call->len);
	call->sent++;
}

/* Judging */

/* The checksum is of the bytes as they were sent, and comes before any look at them. */
static bool
check_answer(const BrHttpResponse *response, BrError *err)
{
	const char *body = response->body != NULL ? response->body : "";

	if (response->has_crc32 &&
		crc32_z(0, (const Bytef *) body, response->len) != response->crc32)
	{
		br_error(err, BR_ERR_CHECKSUM,
				 "checksum of an answer of %zu bytes does not match", response->len);
		err->retry = BR_RETRY_TRANSIENT;
	}
	else if (response->status != 200)
		br_fault_parse(response->status,
					   response->error_type[0] != '\0' ? response->error_type : NULL,
					   body, response->len, err);
	else if (response->len == 0)
	{
		br_error(err, BR_ERR_PROTOCOL, "empty answer");
		err->retry = BR_RETRY_TRANSIENT;
	}
	else
		return true;
	return false;
}

/* Sets our idea of the service's clock; false if its answer gives none. */
static bool
correct_clock(BrConnection *conn, const BrHttpResponse *response)
{
	int64		offset = response->server_time - (int64) time(NULL);

	if (response->server_time == 0 ||
		offset > MAX_CLOCK_OFFSET_S || offset < -MAX_CLOCK_OFFSET_S)
		return false;
	conn->clock_offset_s = offset;
	return true;
}

static void
succeed(BrCall *call, BrHttpResponse *response)
{
	call->answer = *response;
	response->body = NULL;
	memset(&call->error, 0, sizeof(call->error));	/* of an earlier attempt */
	br_retry_success(&call->retry, &call->conn->quota);
	finish(call);
}

static void
back_off(BrCall *call, long wait_ms)
{
	call->state = CALL_BACKOFF;
	call->timer.fire = backoff_over;
	call->timer.arg = call;
	br_timer_start(&call->timer, wait_ms);
}

static void
repeat_or_give_up(BrCall *call, BrHttpResponse *response)
{
	BrError    *error = &call->error;
	long		wait_ms;

	call->retry.attempts++;
	COUNT(call, throttles, error->retry == BR_RETRY_THROTTLING ? 1 : 0);
	if (error->retry == BR_RETRY_CLOCK && !correct_clock(call->conn, response))
		error->retry = BR_RETRY_NEVER;
	if (!br_retry_next(&call->retry, &call->conn->quota, error->retry,
					   pg_prng_double(&pg_global_prng_state),
					   response->retry_after_ms, &wait_ms))
	{
		if (call->retry.quota_exhausted && error->detail[0] == '\0')
			strlcpy(error->detail, "The retry quota of the connection is exhausted.",
					sizeof(error->detail));
		call->answer = *response;
		response->body = NULL;
		finish(call);
		return;
	}
	drop_transfer(call);
	back_off(call, wait_ms);
}

/*
 * A refusal of the service is certain. Whatever else came of a request that was
 * sent, the service may have obeyed it.
 */
static bool
leaves_doubt(const BrCall *call, const BrError *error)
{
	return br_transfer_was_sent(call->transfer) &&
		(error->kind != BR_ERR_SERVICE || error->http_status >= 500);
}

static void
judge_answer(BrCall *call)
{
	BrHttpResponse *response;
	BrError		error;

	call->uncertain |= br_transfer_was_repeated(call->transfer);
	if (br_transfer_result(call->transfer, &response, &error))
	{
		bool		good = check_answer(response, &error);

		COUNT(call, bytes_received, response->len);
		if (good)
		{
			succeed(call, response);
			return;
		}
	}
	else if (br_transfer_blameless(call->transfer))
	{
		call->uncertain |= leaves_doubt(call, &error);
		drop_transfer(call);
		call->fresh = true;
		call->state = CALL_READY;
		return;
	}
	call->error = error;
	call->error.http_status = response->status;
	call->uncertain |= leaves_doubt(call, &call->error);
	strlcpy(call->error.request_id, response->request_id, sizeof(error.request_id));
	/* a service that refuses is there: what earlier attempts took is given back */
	if (error.kind == BR_ERR_SERVICE && error.retry == BR_RETRY_NEVER)
		br_retry_success(&call->retry, &call->conn->quota);
	repeat_or_give_up(call, response);
}

/* Steps */

/* Takes the steps that are due; true if a request was sent. */
static bool
advance(BrCall *call)
{
	int			sent_before = call->sent;
	MemoryContext caller;

	if (call->state != CALL_READY && call->state != CALL_ANSWERED)
		return false;
	MemoryContextReset(call->step_context);
	caller = MemoryContextSwitchTo(call->step_context);
	if (call->state == CALL_ANSWERED)
		judge_answer(call);
	if (call->state == CALL_READY)
		send_request(call);
	MemoryContextSwitchTo(caller);
	return call->sent > sent_before;
}

static bool
advance_all(void)
{
	dlist_mutable_iter iter;
	bool		any_sent = false;

	dlist_foreach_modify(iter, &unfinished)
		any_sent |= advance(dlist_container(BrCall, node, iter.cur));
	return any_sent;
}

void
br_calls_pump(void)
{
	br_mux_pump();
	while (advance_all())
		br_mux_pump();
}

void
br_calls_wait(void)
{
	br_mux_wait();
	while (advance_all())
		br_mux_pump();
}

uint64
br_calls_done(void)
{
	return ndone;
}

void
br_calls_wait_beyond(uint64 done)
{
	while (ndone == done)
		br_calls_wait();
}

/* The public face */

BrCall *
br_call_start(BrConnection *conn, BrOperation op, const char *body, size_t len,
			  long delay_ms, BrCounters *counters)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "benchresults call",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	BrCall	   *call = palloc0(sizeof(BrCall));
	BrOwned    *owner = br_own(abort_call);

	call->context = context;
	call->step_context = AllocSetContextCreate(context, "benchresults call step",
											   ALLOCSET_SMALL_SIZES);
	call->body = pnstrdup(body, len);
	call->len = len;
	call->op = op;
	call->conn = conn;
	call->counters = counters != NULL ? counters : &uncounted;
	call->retry.max_attempts = conn->params.max_attempts;
	make_invocation_id(call->invocation_id);
	MemoryContextSwitchTo(caller);

	br_connection_hold(conn);
	dlist_push_tail(&unfinished, &call->node);
	owner->ptr = call;
	COUNT(call, under_way, 1);

	if (conn->pool == NULL)
		conn->pool = br_http_pool_create(&call->error);
	if (conn->pool == NULL)
		finish(call);
	else if (delay_ms > 0)
		back_off(call, delay_ms);
	else if (advance(call))
		br_calls_pump();
	return call;
}

bool
br_call_is_done(const BrCall *call)
{
	return call->state == CALL_DONE;
}

bool
br_call_wait(BrCall *call, const char **body, size_t *len, BrError *err)
{
	while (call->state != CALL_DONE)
		br_calls_wait();
	return br_call_result(call, body, len, err);
}

bool
br_call_result(BrCall *call, const char **body, size_t *len, BrError *err)
{
	Assert(call->state == CALL_DONE);
	if (call->error.kind != BR_ERR_NONE)
	{
		*err = call->error;
		return false;
	}
	*body = call->answer.body;
	*len = call->answer.len;
	return true;
}

bool
br_call_is_uncertain(const BrCall *call)
{
	return call->uncertain;
}

void
br_call_error_body(const BrCall *call, const char **body, size_t *len)
{
	Assert(call->state == CALL_DONE);
	*body = call->answer.body != NULL ? call->answer.body : "";
	*len = call->answer.body != NULL ? call->answer.len : 0;
}

void
br_call_name_answer(const BrCall *call, BrError *err)
{
	strlcpy(err->request_id, call->answer.request_id, sizeof(err->request_id));
}

void
br_call_free(BrCall *call)
{
	MemoryContextDelete(call->context);
}
