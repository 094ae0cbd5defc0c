/*
 * endpoint.h
 *		Which host serves DynamoDB for a region.
 *
 * Follows the published endpoint rules of DynamoDB (partitions, FIPS,
 * dual-stack, region "local"); account-id endpoints are not used.
 */
#ifndef BR_ENDPOINT_H
#define BR_ENDPOINT_H

#include "base/br.h"
#include "base/error.h"

typedef struct BrEndpoint
{
	const char *url;			/* "https://dynamodb.us-east-2.amazonaws.com" */
	const char *host;			/* with ":port" unless it is the scheme's own */
	const char *signing_region;
	bool		tls;
} BrEndpoint;

/*
 * endpoint: a custom URL or NULL. Fills palloc'd strings, the URL in its one
 * normal form. region may be NULL if endpoint and signing_region are given.
 * BR_ERR_CONFIG where the combination is refused (no region, FIPS with a custom
 * endpoint, an impossible region name, a URL with user, path, query or
 * fragment).
 */
extern bool br_endpoint_resolve(const char *region, const char *endpoint,
								const char *signing_region,
								bool use_fips, bool use_dualstack,
								BrEndpoint *result, BrError *err);

/* ^[a-z0-9-]{1,63}$ */
extern bool br_region_is_valid(const char *region);

/* A URL that may stand in the option "endpoint"; the reason if not. */
extern bool br_endpoint_url_is_valid(const char *url, BrError *err);

/*
 * True if the URL is https and its host is one of AWS's own for DynamoDB or
 * matches an entry of the comma-separated list (host or *.suffix; any port).
 */
extern bool br_endpoint_is_allowed(const char *url, const char *allowed_list);

#endif							/* BR_ENDPOINT_H */
