/*
 * failure.c
 *		Failed transfers in plain words, and whether a retry could help.
 */
#include "base/br.h"

#include <errno.h>

#include "io/transfer.h"

/* How the message ends, behind the colon. */
typedef enum Reason
{
	REASON_NONE,
	REASON_ERRNO,				/* of the system */
	REASON_CURL					/* libcurl's words, e.g. about a certificate */
} Reason;

typedef struct Failure
{
	CURLcode	code;
	BrErrorKind kind;
	BrRetryClass retry;
	Reason		reason;
	const char *format;			/* %s: host[:port] */
} Failure;

/*
 * A certificate does not become valid by trying again; a handshake may have
 * been cut by a restart of the server.
 */
static const Failure failures[] = {
	{CURLE_URL_MALFORMAT, BR_ERR_CONFIG, BR_RETRY_NEVER, REASON_CURL,
	"the endpoint \"%s\" is not a usable address"},
	{CURLE_UNSUPPORTED_PROTOCOL, BR_ERR_PROTOCOL, BR_RETRY_TRANSIENT, REASON_CURL,
	"\"%s\" does not speak HTTP/1.1"},
	{CURLE_COULDNT_RESOLVE_HOST, BR_ERR_CONNECT, BR_RETRY_TRANSIENT, REASON_NONE,
	"could not resolve the host name of \"%s\""},
	{CURLE_COULDNT_RESOLVE_PROXY, BR_ERR_CONNECT, BR_RETRY_TRANSIENT, REASON_NONE,
	"could not resolve the host name of the proxy for \"%s\""},
	{CURLE_COULDNT_CONNECT, BR_ERR_CONNECT, BR_RETRY_TRANSIENT, REASON_ERRNO,
	"could not connect to \"%s\""},
	{CURLE_PROXY, BR_ERR_CONNECT, BR_RETRY_TRANSIENT, REASON_CURL,
	"could not connect to \"%s\" through the proxy"},
	{CURLE_SSL_CONNECT_ERROR, BR_ERR_TLS, BR_RETRY_TRANSIENT, REASON_CURL,
	"TLS handshake with \"%s\" failed"},
	{CURLE_PEER_FAILED_VERIFICATION, BR_ERR_TLS, BR_RETRY_NEVER, REASON_CURL,
	"the certificate of \"%s\" was refused"},
	{CURLE_SEND_ERROR, BR_ERR_CONNECT, BR_RETRY_TRANSIENT, REASON_CURL,
	"connection to \"%s\" broke"},
	{CURLE_RECV_ERROR, BR_ERR_CONNECT, BR_RETRY_TRANSIENT, REASON_CURL,
	"connection to \"%s\" broke"},
	{CURLE_GOT_NOTHING, BR_ERR_CONNECT, BR_RETRY_TRANSIENT, REASON_NONE,
	"\"%s\" closed the connection without an answer"},
	{CURLE_WEIRD_SERVER_REPLY, BR_ERR_PROTOCOL, BR_RETRY_TRANSIENT, REASON_CURL,
	"\"%s\" does not speak HTTP/1.1"},
	{CURLE_ABORTED_BY_CALLBACK, BR_ERR_LIMIT, BR_RETRY_TRANSIENT, REASON_ERRNO,
	"could not wait for the connection to \"%s\""},
	/* libcurl refuses header lines over 100 kB by the same code */
	{CURLE_OUT_OF_MEMORY, BR_ERR_MEMORY, BR_RETRY_NEVER, REASON_NONE,
	"out of memory for the answer of \"%s\", or for a single header line of it"},
#if LIBCURL_VERSION_NUM >= 0x080600
	/* or, since 8.6.0, by one of its own */
	{CURLE_TOO_LARGE, BR_ERR_MEMORY, BR_RETRY_NEVER, REASON_NONE,
	"out of memory for a single header line of the answer of \"%s\""}
#endif
};

/* What we do not know by name we try again: the number of attempts is bounded. */
static const Failure other_failure = {
	CURLE_OK, BR_ERR_CONNECT, BR_RETRY_TRANSIENT, REASON_CURL, "request to \"%s\" failed"
};

static const Failure *
find_failure(CURLcode code)
{
	size_t		i;

	for (i = 0; i < lengthof(failures); i++)
	{
		if (failures[i].code == code)
			return &failures[i];
	}
	return &other_failure;
}

/*
 * Appends ": reason".  libcurl's words may quote the server's certificate, so
 * bytes that are no printable ASCII are replaced.
 */
static void
add_reason(BrError *err, const char *reason)
{
	size_t		len = strlen(err->message);
	char	   *p = err->message + len;

	if (reason[0] == '\0')
		return;
	snprintf(p, sizeof(err->message) - len, ": %s", reason);
	for (; *p != '\0'; p++)
	{
		if (*p < ' ' || *p > '~')
			*p = '?';
	}
}

static void
explain_certificates(BrTransfer *transfer)
{
	br_error(&transfer->error, BR_ERR_CONFIG, "%s",
			 transfer->custom_ca ?
			 "could not load the certificates of option \"ca_file\"" :
			 "could not load the system's certificates");
}

static void
explain_broken_off(BrTransfer *transfer)
{
	br_error(&transfer->error, BR_ERR_CONNECT,
			 "answer from \"%s\" was cut off after %zu bytes",
			 transfer->authority, transfer->response.len);
	transfer->error.retry = BR_RETRY_TRANSIENT;
}

static void
explain_no_connection(BrTransfer *transfer, long limit_ms)
{
	br_error(&transfer->error, BR_ERR_TIMEOUT, "could not connect to \"%s\" within %ld ms",
			 transfer->authority, limit_ms);
	transfer->error.retry = BR_RETRY_TRANSIENT;
}

void
br_failure_stalled(BrTransfer *transfer)
{
	if (!transfer->connected)
	{
		explain_no_connection(transfer, transfer->request_timeout_ms);
		return;
	}
	if (transfer->header_bytes == 0)
		br_error(&transfer->error, BR_ERR_TIMEOUT, "no answer from \"%s\" within %ld ms",
				 transfer->authority, transfer->request_timeout_ms);
	else
		br_error(&transfer->error, BR_ERR_TIMEOUT,
				 "answer from \"%s\" stalled for %ld ms after %zu bytes",
				 transfer->authority, transfer->request_timeout_ms, transfer->response.len);
	transfer->error.retry = BR_RETRY_TRANSIENT;
}

void
br_failure_explain(BrTransfer *transfer, CURLcode code, int os_errno)
{
	const Failure *failure = find_failure(code);

	if (transfer->refusal.kind != BR_ERR_NONE)
		transfer->error = transfer->refusal;
	else if (code == CURLE_OPERATION_TIMEDOUT)
		explain_no_connection(transfer, transfer->connect_timeout_ms);
	else if (code == CURLE_PARTIAL_FILE)
		explain_broken_off(transfer);
	else if (code == CURLE_SSL_CACERT_BADFILE)
		explain_certificates(transfer);
	else
	{
		br_error(&transfer->error, failure->kind, failure->format, transfer->authority);
		transfer->error.retry = failure->retry;
		if (failure->reason == REASON_ERRNO && os_errno != 0)
			add_reason(&transfer->error, strerror(os_errno));
		else if (failure->reason == REASON_CURL)
			add_reason(&transfer->error, transfer->curl_text);
	}
}
