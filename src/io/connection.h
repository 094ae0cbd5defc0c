/*
 * connection.h
 *		One per user mapping: endpoint, credentials, kept-alive connections.
 *
 * Nothing of it is shared between mappings. A caller resolves the options anew
 * for each statement and asks with the result, so ALTER SERVER and ALTER USER
 * MAPPING take effect in the next statement, while one under way finishes with
 * what it began with.
 */
#ifndef BR_CONNECTION_H
#define BR_CONNECTION_H

#include "base/br.h"
#include "aws/endpoint.h"
#include "aws/retry.h"
#include "base/counters.h"

typedef struct BrConnectionParams
{
	Oid			server_id;
	Oid			mapping_id;		/* of the mapping that PostgreSQL checks */
	BrEndpoint	endpoint;
	const char *access_key_id;
	const char *secret_access_key;
	const char *session_token;	/* NULL: none */
	long		connect_timeout_ms;
	long		request_timeout_ms;
	int			max_attempts;
	const char *ca_file;		/* NULL: the system's */
	const char *proxy;			/* NULL: none */
} BrConnectionParams;

typedef struct BrConnection BrConnection;

/*
 * The cached connection with exactly these parameters, or a new one. Held
 * until the current memory context is reset or deleted. Makes no request, and
 * throws only for want of memory.
 */
extern BrConnection *br_connection_get(const BrConnectionParams *params);

/* How often a request is sent before its failure is an error. */
extern int	br_connection_max_attempts(const BrConnection *conn);

/*
 * Calls fn for each mapping that was used in this backend, also if it was
 * altered or dropped since; the counters go on counting through ALTER.
 */
extern void br_connection_foreach(void (*fn) (Oid server_id, Oid mapping_id,
											  const BrCounters *counters, void *arg),
								  void *arg);

#endif							/* BR_CONNECTION_H */
