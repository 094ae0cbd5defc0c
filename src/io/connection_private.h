/*
 * connection_private.h
 *		Inside of io: what a connection consists of, for client.c.
 */
#ifndef BR_CONNECTION_PRIVATE_H
#define BR_CONNECTION_PRIVATE_H

#include "base/br.h"

#include "aws/sigv4.h"
#include "io/connection.h"
#include "io/http.h"
#include "lib/ilist.h"

/* A scan holds one page and fetches another. */
#define BR_SPARE_BUFFERS	2

struct BrConnection
{
	dlist_node	node;			/* among those of the same mapping */
	MemoryContext context;		/* holds this struct and the strings of params */
	BrConnectionParams params;
	BrCounters *counters;		/* of the mapping */
	int			users;
	bool		stale;			/* the mapping or server was altered or dropped */

	BrHttpPool *pool;			/* NULL before the first call */
	BrRetryQuota quota;
	int64		clock_offset_s; /* the service's clock minus ours */

	char		key_day[9];		/* day of signing_key, "": none yet */
	uint8		signing_key[BR_SHA256_LEN];

	BrHttpResponse spares[BR_SPARE_BUFFERS];	/* bodies to use again */
};

/*
 * A user more, and one less, who must not look at the connection any more. The
 * second never throws.
 */
extern void br_connection_hold(BrConnection *conn);
extern void br_connection_release(BrConnection *conn);

/* The signing key for the scope's day, derived once a day. */
extern const uint8 *br_connection_signing_key(BrConnection *conn, const BrScope *scope);

/* Body buffers; ownership passes. Neither throws. */
extern void br_connection_take_spare(BrConnection *conn, BrHttpResponse *spare);
extern void br_connection_keep_spare(BrConnection *conn, BrHttpResponse *spare);

#endif							/* BR_CONNECTION_PRIVATE_H */
