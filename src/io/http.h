/*
 * http.h
 *		The mux: all HTTP transfers of a backend, and the only place that waits.
 *
 * One epoll descriptor holds the sockets of all pools and one timerfd; that
 * descriptor, the latch and postmaster death stand in one WaitEventSet, made
 * at first use and kept for the backend's life.  libcurl's callbacks only call
 * epoll_ctl, fcntl, malloc and memcpy: nothing in them can throw, and all
 * signals are blocked around every curl call that acts.
 *
 * A transfer is one POST, sent once; retrying is the client's business.
 */
#ifndef BR_HTTP_H
#define BR_HTTP_H

#include "base/br.h"
#include "base/error.h"

/* A set of kept-alive connections, shared by nobody but its owner. */
typedef struct BrHttpPool BrHttpPool;

extern BrHttpPool *br_http_pool_create(BrError *err);	/* malloc'd; NULL and *err */
extern void br_http_pool_destroy(BrHttpPool *pool); /* no transfer may use it */

typedef struct BrHttpRequest
{
	const char *url;
	int			nheaders;
	const char *const *headers; /* "Name: value" */
	const char *body;			/* must live as long as the transfer */
	size_t		body_len;
	long		connect_timeout_ms; /* name lookup, TCP and TLS together */
	long		request_timeout_ms; /* without an answer, or without progress in it */
	const char *ca_file;		/* NULL: the system's */
	const char *proxy;			/* NULL: none, whatever the environment says */
	size_t		max_response;	/* bytes; longer answers are BR_ERR_LIMIT */
	bool		fresh_connection;	/* use no kept-alive one */
} BrHttpRequest;

/* x-amz-crc32 that is no number: equal to no checksum */
#define BR_CRC32_GARBLED	PG_UINT64_MAX

typedef struct BrHttpResponse
{
	int			status;
	char	   *body;			/* malloc'd; NUL-terminated beyond len */
	size_t		len;
	size_t		capacity;		/* bytes allocated */
	bool		has_crc32;		/* x-amz-crc32 */
	uint64		crc32;
	long		retry_after_ms; /* x-amz-retry-after, -1: absent */
	int64		server_time;	/* Date as Unix seconds, 0: absent */
	char		request_id[80];
	char		error_type[160];	/* x-amzn-ErrorType */
} BrHttpResponse;

typedef struct BrTransfer BrTransfer;

typedef void (*BrTransferDone) (BrTransfer *transfer, void *arg);

/*
 * Starts a transfer, which the next pump sends; done(transfer, arg) is called
 * from br_mux_pump() (never from inside libcurl) when it ended, well or not; it
 * must not throw and must not free the transfer. NULL and *err if it could not
 * be started. The transfer is malloc'd and must be ended by br_transfer_free(),
 * which also aborts it.
 * spare: a body buffer to reuse (may be all zero); ownership passes.
 */
extern BrTransfer *br_transfer_start(BrHttpPool *pool, const BrHttpRequest *request,
									 BrHttpResponse *spare,
									 BrTransferDone done, void *arg, BrError *err);

/*
 * After done: false and *err if no complete answer came, whatever its status.
 * The caller may take the body away from *response by setting it to NULL.
 */
extern bool br_transfer_result(BrTransfer *transfer, BrHttpResponse **response, BrError *err);

/*
 * After a failure: true if it says nothing about the service, because a
 * kept-alive connection turned out to be closed, or because nobody pumped for
 * long.  Such a request is repeated without being charged for it, with
 * fresh_connection.
 */
extern bool br_transfer_blameless(const BrTransfer *transfer);

/* After a failure: did the request, or a part of it, leave us? */
extern bool br_transfer_was_sent(const BrTransfer *transfer);

/* Was it sent more than once, since a connection broke when it was? */
extern bool br_transfer_was_repeated(const BrTransfer *transfer);

extern void br_transfer_free(BrTransfer *transfer);

/* Timers for those who retry: fire is called from br_mux_pump() at the time. */
typedef struct BrTimer
{
	int64		deadline_us;	/* monotonic; 0: not armed */
	void		(*fire) (struct BrTimer *timer, void *arg);
	void	   *arg;
	struct BrTimer *next;
} BrTimer;

extern void br_timer_start(BrTimer *timer, long delay_ms);
extern void br_timer_stop(BrTimer *timer);

extern int64 br_monotonic_us(void);

/* Handles whatever is ready, without waiting and without throwing. */
extern void br_mux_pump(void);

/*
 * Sleeps until something is ready, then serves interrupts (so it may throw)
 * and pumps.  A pool must exist.
 */
extern void br_mux_wait(void);

/*
 * For somebody else to wait with, among other descriptors: readable whenever
 * br_mux_pump() has something to do. One for each who does, since a set takes a
 * descriptor once. -1 and *err if there is none left; a pool must exist.
 */
extern int	br_mux_descriptor_open(BrError *err);
extern void br_mux_descriptor_close(int fd);

/*
 * Around such a wait, which may end for other reasons and begin again. at_once:
 * there is something to do already, so that it must not wait. for_long: it is a
 * wait, and no mere look.
 */
extern void br_mux_wait_begin(bool at_once, bool for_long);
extern void br_mux_wait_end(void);

#endif							/* BR_HTTP_H */
