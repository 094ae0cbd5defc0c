/*
 * error.h
 *		An error as a value.
 *
 * Everything below src/fdw reports failure by filling a BrError and returning
 * false; only fdw/report.c turns one into an ereport.  The struct owns no
 * memory, so that it can be filled inside a libcurl callback, copied and
 * dropped freely.  No field ever holds a secret, a signature or a header that
 * carries one.
 */
#ifndef BR_ERROR_H
#define BR_ERROR_H

#include "base/br.h"

typedef enum BrErrorKind
{
	BR_ERR_NONE = 0,
	BR_ERR_CONFIG,				/* the settings do not make sense together */
	BR_ERR_CREDENTIALS,			/* no credentials, or unusable ones */
	BR_ERR_CONNECT,				/* no connection, or it broke */
	BR_ERR_TLS,					/* certificate or handshake refused */
	BR_ERR_TIMEOUT,				/* our own time limit ran out */
	BR_ERR_PROTOCOL,			/* an answer that is no DynamoDB answer */
	BR_ERR_CHECKSUM,			/* x-amz-crc32 disagrees with the body */
	BR_ERR_SERVICE,				/* the service refused; code says why */
	BR_ERR_DATA,				/* an item holds what SQL cannot */
	BR_ERR_ENCODING,			/* ... broken UTF-8 or U+0000 */
	BR_ERR_LIMIT,				/* a size or count limit of ours */
	BR_ERR_CONFLICT,			/* somebody else has changed the item meanwhile */
	BR_ERR_MEMORY,				/* malloc failed */
	BR_ERR_INTERNAL				/* cannot happen */
} BrErrorKind;

/* What a retry could do about it; decides the delay (aws/retry.h). */
typedef enum BrRetryClass
{
	BR_RETRY_NEVER = 0,
	BR_RETRY_TRANSIENT,			/* connection, 5xx, checksum */
	BR_RETRY_THROTTLING,
	BR_RETRY_CLOCK				/* our clock is off: correct it, sign again */
} BrRetryClass;

typedef struct BrError
{
	BrErrorKind kind;
	BrRetryClass retry;
	int			http_status;	/* 0 if no answer arrived */
	int			attempts;		/* requests sent for this call, 0 if unknown */
	char		code[80];		/* the service's error type, no namespace */
	char		message[480];	/* one line, no final period */
	char		detail[240];	/* e.g. the throttling reason; may be empty */
	char		request_id[80]; /* x-amzn-RequestId; may be empty */
} BrError;

/*
 * Fills *err (all other fields zero) and returns false, so that a function can
 * end with "return br_error(err, ...)".
 */
extern bool br_error(BrError *err, BrErrorKind kind, const char *fmt,...) pg_attribute_printf(3, 4);

#endif							/* BR_ERROR_H */
