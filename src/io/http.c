/*
 * http.c
 *		Pools of connections and the transfers that run on them, over libcurl.
 *
 * Each pool has a CURLM of its own.  libcurl keeps connections in the CURLM, so
 * those of two mappings cannot be mixed up whatever happens, limits and
 * failures stay in one pool, and destroying it closes its sockets.  (One CURLM
 * for all with a CURLSH per pool works as well, but is a path that few programs
 * take.)  All pools feed the one mux.
 *
 * What libcurl is allowed to do is decided here: HTTP/1.1 over TCP or TLS to
 * exactly the given host, nothing taken from the environment or from files
 * other than the certificates.
 */
#include "base/br.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>

#include "io/http.h"
#include "io/mux.h"
#include "io/transfer.h"
#include "storage/fd.h"

/* Above any number of parallel requests that makes sense in one statement. */
#define MAX_IDLE_CONNECTIONS	64L
#define MAX_IDLE_HANDLES		8

/* Below malloc's threshold for mapping pages anew each time. */
#define RECEIVE_BUFFER			(64L * 1024)

/* A CURLM opens a pair of sockets, to be woken up by. */
#define POOL_DESCRIPTORS		2

/* DynamoDB drops an idle connection after about a minute. */
#define MAX_IDLE_S				30L
#define MAX_LIFETIME_S			3600L
#define DNS_CACHE_S				60L
#define CA_CACHE_S				86400L

/*
 * The wait for an answer starts anew each time that so much of it has arrived:
 * a big page over a slow line is fine, a byte per second is not.
 */
#define PROGRESS_BYTES			(64 * 1024)

struct BrHttpPool
{
	BrWatcher	watcher;		/* must be first */
	CURLM	   *multi;
	BrTimer		timer;			/* libcurl's own time limits */
	BrTransfer *transfers;		/* under way */
	int			ntransfers;
	int			nreserved;		/* descriptors announced to the server */
	int			watch_errno;	/* why a socket could not be watched, 0: all could */
	CURL	   *idle[MAX_IDLE_HANDLES]; /* handles to use again */
	int			nidle;
};

typedef struct LongOption
{
	CURLoption	option;
	long		value;
} LongOption;

static const LongOption fixed_options[] = {
	/* no signal, no waiting for a name lookup that nobody needs any more */
	{CURLOPT_NOSIGNAL, 1L},
	{CURLOPT_QUICK_EXIT, 1L},
	{CURLOPT_NOPROGRESS, 1L},

	{CURLOPT_POST, 1L},
	{CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
	{CURLOPT_FOLLOWLOCATION, 0L},
	{CURLOPT_NETRC, CURL_NETRC_IGNORED},
	{CURLOPT_DISALLOW_USERNAME_IN_URL, 1L},
	{CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L},

	{CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
	{CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
	{CURLOPT_SSL_VERIFYPEER, 1L},
	{CURLOPT_SSL_VERIFYHOST, 2L},
	{CURLOPT_CA_CACHE_TIMEOUT, CA_CACHE_S},

	{CURLOPT_BUFFERSIZE, RECEIVE_BUFFER},
	{CURLOPT_TCP_KEEPALIVE, 1L},
	{CURLOPT_MAXAGE_CONN, MAX_IDLE_S},
	{CURLOPT_MAXLIFETIME_CONN, MAX_LIFETIME_S},
	{CURLOPT_DNS_CACHE_TIMEOUT, DNS_CACHE_S}
};

/* Ends */

/* Takes the transfer out of libcurl; the handle is kept if that is safe. */
static void
detach(BrTransfer *transfer, bool keep_handle)
{
	BrHttpPool *pool = transfer->pool;
	BrTransfer **link = &pool->transfers;

	br_timer_stop(&transfer->timer);
	curl_multi_remove_handle(pool->multi, transfer->easy);
	curl_easy_setopt(transfer->easy, CURLOPT_ERRORBUFFER, NULL);
	if (keep_handle && pool->nidle < MAX_IDLE_HANDLES)
		pool->idle[pool->nidle++] = transfer->easy;
	else
		curl_easy_cleanup(transfer->easy);
	transfer->easy = NULL;
	curl_slist_free_all(transfer->headers);
	transfer->headers = NULL;

	while (*link != transfer)
		link = &(*link)->next;
	*link = transfer->next;
	pool->ntransfers--;
}

static void
note_facts(BrTransfer *transfer)
{
	long		new_connections = 0;
	long		status = 0;
	long		bytes_sent = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &new_connections);
	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	/* not by a time: newer libcurls give one even if no connection was made */
	curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &bytes_sent);
	transfer->connected = bytes_sent > 0;
	transfer->reused = transfer->connected && new_connections == 0;
	transfer->response.status = (int) status;
}

static void
end_transfer(BrTransfer *transfer, CURLcode code)
{
	long		os_errno = 0;

	note_facts(transfer);
	if (code != CURLE_OK)
	{
		if (code == CURLE_ABORTED_BY_CALLBACK)
			os_errno = transfer->pool->watch_errno;
		else
			curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &os_errno);
		br_failure_explain(transfer, code, (int) os_errno);
		transfer->blameless =
			(transfer->reused && transfer->header_bytes == 0 &&
			 transfer->error.kind == BR_ERR_CONNECT) ||
			(transfer->error.retry == BR_RETRY_TRANSIENT &&
			 br_mux_unpumped_us() != transfer->unpumped_at_start_us);
	}
	detach(transfer, code == CURLE_OK);
	transfer->done(transfer, transfer->done_arg);
}

static void
start_request_timer(BrTransfer *transfer)
{
	transfer->len_at_timer = transfer->response.len;
	transfer->unpumped_at_timer_us = br_mux_unpumped_us();
	br_timer_start(&transfer->timer, transfer->request_timeout_ms);
}

static void
request_timer_fired(BrTimer *timer, void *arg)
{
	BrTransfer *transfer = arg;
	int64		unpumped_us = br_mux_unpumped_us() - transfer->unpumped_at_timer_us;

	if (unpumped_us > 0)
	{
		transfer->unpumped_at_timer_us += unpumped_us;
		br_timer_start(timer, (long) (unpumped_us / 1000));
	}
	else if (transfer->response.len - transfer->len_at_timer >= PROGRESS_BYTES)
		start_request_timer(transfer);
	else
	{
		note_facts(transfer);
		br_failure_stalled(transfer);
		detach(transfer, false);
		transfer->done(transfer, transfer->done_arg);
	}
}

/* Between libcurl and the mux */

static void
drive(BrHttpPool *pool, curl_socket_t fd, int what)
{
	int			left;
	CURLMsg    *message;

	if (curl_multi_socket_action(pool->multi, fd, what, &left) != CURLM_OK ||
		pool->watch_errno != 0)
	{
		/* Some would wait for ever, and it is not known which. */
		while (pool->transfers != NULL)
			end_transfer(pool->transfers, CURLE_ABORTED_BY_CALLBACK);
		pool->watch_errno = 0;
		return;
	}
	while ((message = curl_multi_info_read(pool->multi, &left)) != NULL)
	{
		CURLcode	code = message->data.result;
		BrTransfer *transfer = NULL;

		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **) &transfer);
		end_transfer(transfer, code);
	}
}

static void
socket_ready(BrWatcher *watcher, int fd, uint32 events)
{
	int			what = 0;

	if (events & (EPOLLIN | EPOLLHUP))
		what |= CURL_CSELECT_IN;
	if (events & EPOLLOUT)
		what |= CURL_CSELECT_OUT;
	if (events & EPOLLERR)
		what |= CURL_CSELECT_ERR;
	drive((BrHttpPool *) watcher, fd, what);
}

static void
curl_timer_fired(BrTimer *timer, void *arg)
{
	drive(arg, CURL_SOCKET_TIMEOUT, 0);
}

/*
 * A failure is only noted: libcurl 7.88, told of it, is left with pointers to
 * transfers that are gone.
 */
static int
watch_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
	BrHttpPool *pool = arg;
	uint32		events = 0;

	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= EPOLLIN;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= EPOLLOUT;
	if (!br_watcher_set(&pool->watcher, fd, events, known != NULL))
		pool->watch_errno = errno;
	else if (events != 0 && known == NULL)
		curl_multi_assign(pool->multi, fd, pool);
	return 0;
}

static int
set_curl_timer(CURLM *multi, long timeout_ms, void *arg)
{
	BrHttpPool *pool = arg;

	if (timeout_ms < 0)
		br_timer_stop(&pool->timer);
	else
		br_timer_start(&pool->timer, timeout_ms);
	return 0;
}

/* No program that the backend starts (COPY ... PROGRAM) inherits the socket. */
static int
close_on_exec(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	(void) fcntl(fd, F_SETFD, FD_CLOEXEC);
	return CURL_SOCKOPT_OK;
}

/* Pools */

static bool
init_curl(BrError *err)
{
	static bool done = false;
	sigset_t	saved;

	if (!done)
	{
		br_signals_block(&saved);
		done = curl_global_init(CURL_GLOBAL_ALL) == CURLE_OK;
		br_signals_restore(&saved);
	}
	return done || br_error(err, BR_ERR_MEMORY, "could not initialize libcurl");
}

BrHttpPool *
br_http_pool_create(BrError *err)
{
	BrHttpPool *pool;

	if (!init_curl(err) || !br_mux_open(err))
		return NULL;
	pool = calloc(1, sizeof(*pool));
	if (pool != NULL)
		pool->multi = curl_multi_init();
	if (pool == NULL || pool->multi == NULL)
	{
		free(pool);
		br_error(err, BR_ERR_MEMORY, "out of memory for a connection");
		return NULL;
	}
	curl_multi_setopt(pool->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(pool->multi, CURLMOPT_SOCKETDATA, pool);
	curl_multi_setopt(pool->multi, CURLMOPT_TIMERFUNCTION, set_curl_timer);
	curl_multi_setopt(pool->multi, CURLMOPT_TIMERDATA, pool);
	curl_multi_setopt(pool->multi, CURLMOPT_PIPELINING, (long) CURLPIPE_NOTHING);
	curl_multi_setopt(pool->multi, CURLMOPT_MAXCONNECTS, MAX_IDLE_CONNECTIONS);
	pool->timer.fire = curl_timer_fired;
	pool->timer.arg = pool;
	pool->watcher.ready = socket_ready;
	br_watcher_add(&pool->watcher);
	return pool;
}

void
br_http_pool_destroy(BrHttpPool *pool)
{
	sigset_t	saved;

	Assert(pool->transfers == NULL);
	br_signals_block(&saved);
	while (pool->nidle > 0)
		curl_easy_cleanup(pool->idle[--pool->nidle]);
	curl_multi_cleanup(pool->multi);
	br_timer_stop(&pool->timer);
	br_watcher_remove(&pool->watcher);
	br_signals_restore(&saved);
	while (pool->nreserved-- > 0)
		ReleaseExternalFD();
	free(pool);
}

/*
 * Tells the server's accounting of descriptors about our sockets.  A pool has
 * about as many as the most transfers that it ever had under way: a connection
 * is only made if no idle one is left.
 */
static bool
reserve_descriptors(BrHttpPool *pool, BrError *err)
{
	while (pool->nreserved < POOL_DESCRIPTORS + pool->ntransfers + 1)
	{
		if (!AcquireExternalFD())
			return br_error(err, BR_ERR_LIMIT, "too many open files in this backend");
		pool->nreserved++;
	}
	return true;
}

/* Starts */

/* Where a kept-alive connection fails, libcurl sends the request again without a word. */
static int
before_request(void *arg, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
	((BrTransfer *) arg)->sends++;
	return CURL_PREREQFUNC_OK;
}

/* What all requests have in common; false if libcurl cannot do it. */
static bool
configure_handle(CURL *easy)
{
	size_t		i;

	for (i = 0; i < lengthof(fixed_options); i++)
	{
		if (curl_easy_setopt(easy, fixed_options[i].option, fixed_options[i].value) != CURLE_OK)
			return false;
	}
	return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_NOPROXY, "") == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, close_on_exec) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, br_answer_header) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, br_answer_body) == CURLE_OK;
}

/*
 * One file and no directory: only then does libcurl keep the loaded
 * certificates, which take 30 ms to load.  Where it was built with a directory
 * only, that stays.
 */
static bool
configure_certificates(CURL *easy, const char *ca_file)
{
	if (ca_file == NULL)
		ca_file = curl_version_info(CURLVERSION_NOW)->cainfo;
	return ca_file == NULL ||
		(curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file) == CURLE_OK &&
		 curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK);
}

static bool
configure_request(BrTransfer *transfer, const BrHttpRequest *request)
{
	CURL	   *easy = transfer->easy;
	int			i;

	/* libcurl would wait for "100 Continue" before it sends a large body */
	transfer->headers = curl_slist_append(NULL, "Expect:");
	for (i = 0; i < request->nheaders && transfer->headers != NULL; i++)
	{
		struct curl_slist *longer = curl_slist_append(transfer->headers, request->headers[i]);

		if (longer == NULL)
			return false;
		transfer->headers = longer;
	}
	return transfer->headers != NULL &&
		curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_URL, request->url) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_PROXY,
						 request->proxy != NULL ? request->proxy : "") == CURLE_OK &&
		configure_certificates(easy, request->ca_file) &&
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
						 (curl_off_t) request->body_len) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
						 request->connect_timeout_ms) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT,
						 (long) request->fresh_connection) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->curl_text) == CURLE_OK;
}

/* host[:port] of scheme://host[:port][/...] */
static void
copy_authority(char *target, size_t size, const char *url)
{
	const char *start = strstr(url, "://");

	start = start != NULL ? start + 3 : url;
	strlcpy(target, start, Min(size, strcspn(start, "/") + 1));
}

static void
take_spare(BrHttpResponse *response, BrHttpResponse *spare)
{
	response->body = spare->body;
	response->capacity = spare->capacity;
	response->retry_after_ms = -1;
	spare->body = NULL;
	spare->capacity = 0;
}

static CURL *
take_handle(BrHttpPool *pool)
{
	CURL	   *easy;

	if (pool->nidle > 0)
		return pool->idle[--pool->nidle];
	easy = curl_easy_init();
	if (easy != NULL && !configure_handle(easy))
	{
		curl_easy_cleanup(easy);
		easy = NULL;
	}
	return easy;
}

/* All that needs libcurl; on failure the handle is gone. */
static bool
attach(BrTransfer *transfer, const BrHttpRequest *request)
{
	BrHttpPool *pool = transfer->pool;

	transfer->easy = take_handle(pool);
	if (transfer->easy == NULL)
		return false;
	if (configure_request(transfer, request) &&
		curl_multi_add_handle(pool->multi, transfer->easy) == CURLM_OK)
		return true;
	curl_easy_cleanup(transfer->easy);
	transfer->easy = NULL;
	curl_slist_free_all(transfer->headers);
	return false;
}

BrTransfer *
br_transfer_start(BrHttpPool *pool, const BrHttpRequest *request, BrHttpResponse *spare,
				  BrTransferDone done, void *arg, BrError *err)
{
	BrTransfer *transfer;
	sigset_t	saved;
	bool		attached;

	if (!reserve_descriptors(pool, err))
		return NULL;
	transfer = calloc(1, sizeof(*transfer));
	if (transfer == NULL)
	{
		br_error(err, BR_ERR_MEMORY, "out of memory for a request");
		return NULL;
	}
	transfer->pool = pool;
	transfer->done = done;
	transfer->done_arg = arg;
	transfer->custom_ca = request->ca_file != NULL;
	transfer->connect_timeout_ms = request->connect_timeout_ms;
	transfer->request_timeout_ms = request->request_timeout_ms;
	transfer->max_response = request->max_response;
	transfer->timer.fire = request_timer_fired;
	transfer->timer.arg = transfer;
	copy_authority(transfer->authority, sizeof(transfer->authority), request->url);

	br_signals_block(&saved);
	attached = attach(transfer, request);
	br_signals_restore(&saved);
	if (!attached)
	{
		free(transfer);
		br_error(err, BR_ERR_MEMORY, "libcurl could not take a request");
		return NULL;
	}
	take_spare(&transfer->response, spare);
	transfer->next = pool->transfers;
	pool->transfers = transfer;
	pool->ntransfers++;
	start_request_timer(transfer);
	transfer->unpumped_at_start_us = transfer->unpumped_at_timer_us;
	return transfer;
}

/* Results */

bool
br_transfer_result(BrTransfer *transfer, BrHttpResponse **response, BrError *err)
{
	Assert(transfer->easy == NULL);
	*response = &transfer->response;
	if (transfer->error.kind == BR_ERR_NONE)
		return true;
	*err = transfer->error;
	return false;
}

bool
br_transfer_blameless(const BrTransfer *transfer)
{
	return transfer->blameless;
}

bool
br_transfer_was_sent(const BrTransfer *transfer)
{
	return transfer->connected;
}

bool
br_transfer_was_repeated(const BrTransfer *transfer)
{
	return transfer->sends > 1;
}

void
br_transfer_free(BrTransfer *transfer)
{
	sigset_t	saved;

	if (transfer->easy != NULL)
	{
		br_signals_block(&saved);
		detach(transfer, false);
		br_signals_restore(&saved);
	}
	free(transfer->response.body);
	free(transfer);
}
