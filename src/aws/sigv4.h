/*
 * sigv4.h
 *		AWS Signature Version 4, in its three stages.
 *
 * Source: "AWS Signature Version 4 for API requests" (AWS General Reference).
 * Nothing here reads a clock or sends anything. Stages are public so that each
 * can be held against the published cases.
 */
#ifndef BR_SIGV4_H
#define BR_SIGV4_H

#include "base/br.h"

typedef struct BrHeader
{
	const char *name;
	const char *value;
} BrHeader;

typedef struct BrSignable
{
	const char *method;
	const char *path;			/* as sent, not yet canonical; "" means "/" */
	const char *query;			/* without '?'; NULL: none */
	int			nheaders;
	const BrHeader *headers;	/* all of them are signed */
	const char *body;
	size_t		body_len;
	bool		keep_path;		/* do not resolve . and .. (S3's way) */
} BrSignable;

typedef struct BrScope
{
	char		amz_date[17];	/* 20250102T030405Z */
	const char *region;
	const char *service;
} BrScope;

#define BR_SHA256_LEN		32
#define BR_SHA256_HEX_LEN	64

/* scope->amz_date from a Unix time in UTC. */
extern void br_scope_set_time(BrScope *scope, int64 unix_seconds);

/* Stage 1. signed_headers receives "content-type;host;..." as well. */
extern void br_sigv4_canonical_request(StringInfo out, StringInfo signed_headers,
									   const BrSignable *signable);

/* Stage 2. */
extern void br_sigv4_string_to_sign(StringInfo out, const BrScope *scope,
									const char *canonical_request, size_t len);

/* Stage 3: the key depends on secret, day, region and service, so it can be kept. */
extern void br_sigv4_signing_key(uint8 key[BR_SHA256_LEN], const char *secret,
								 const BrScope *scope);
extern void br_sigv4_signature(char hex[BR_SHA256_HEX_LEN + 1],
							   const uint8 key[BR_SHA256_LEN],
							   const char *string_to_sign, size_t len);

/* The three stages, and the value of the Authorization header. */
extern void br_sigv4_authorization(StringInfo out, const BrSignable *signable,
								   const BrScope *scope, const char *access_key_id,
								   const uint8 key[BR_SHA256_LEN]);

#endif							/* BR_SIGV4_H */
