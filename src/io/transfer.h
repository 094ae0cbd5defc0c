/*
 * transfer.h
 *		Inside of io: what a transfer consists of.
 *
 * http.c moves transfers, answer.c takes what libcurl delivers, failure.c puts
 * failures into words.
 */
#ifndef BR_TRANSFER_H
#define BR_TRANSFER_H

#include "base/br.h"

#include <curl/curl.h>

#include "base/error.h"
#include "io/http.h"

struct BrTransfer
{
	BrHttpPool *pool;
	BrTransfer *next;			/* in the pool, while it is under way */
	CURL	   *easy;			/* NULL once it ended */
	struct curl_slist *headers;
	BrTransferDone done;
	void	   *done_arg;

	char		authority[160]; /* host[:port] of the URL, for messages */
	bool		custom_ca;		/* a ca_file was given */
	long		connect_timeout_ms;
	long		request_timeout_ms;
	size_t		max_response;

	BrTimer		timer;			/* request_timeout */
	size_t		len_at_timer;	/* of the body, when the timer was started */
	int64		unpumped_at_start_us;
	int64		unpumped_at_timer_us;

	int			sends;			/* how often libcurl sent the request */
	size_t		header_bytes;	/* of the answer, 1xx answers included */
	size_t		content_length; /* 0: not told */
	BrHttpResponse response;

	/* how it ended */
	bool		connected;		/* far enough to send */
	bool		reused;			/* a kept-alive connection was used */
	bool		blameless;
	BrError		refusal;		/* why a callback stopped it; kind NONE: did not */
	BrError		error;			/* kind NONE: a complete answer is there */
	char		curl_text[CURL_ERROR_SIZE];
};

/* answer.c: libcurl's callbacks, arg being the transfer */
extern size_t br_answer_header(char *data, size_t size, size_t count, void *arg);
extern size_t br_answer_body(char *data, size_t size, size_t count, void *arg);

/* failure.c: fills transfer->error, with the retry class */
extern void br_failure_explain(BrTransfer *transfer, CURLcode code, int os_errno);
extern void br_failure_stalled(BrTransfer *transfer);

#endif							/* BR_TRANSFER_H */
