/*
 * url.h
 *		The only form of URL that a request may go to: scheme, host, port.
 */
#ifndef BR_URL_H
#define BR_URL_H

#include "base/br.h"
#include "base/error.h"

typedef struct BrUrl
{
	bool		tls;			/* https */
	const char *host;			/* in lower case; IPv6 in brackets */
	int			port;			/* as written, else the scheme's own */
} BrUrl;

/*
 * Parses into palloc'd memory, or says in err (BR_ERR_CONFIG) what is wrong.
 * The message never repeats the text, in which a password may stand.
 */
extern bool br_url_parse(const char *text, BrUrl *url, BrError *err);

/* Appends "host" or "host:port", as it stands in the Host header. */
extern void br_url_append_host(StringInfo out, const BrUrl *url);

#endif							/* BR_URL_H */
