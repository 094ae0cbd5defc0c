/*
 * sigv4.c
 *		AWS Signature Version 4: canonical request, string to sign, signature.
 *
 * OpenSSL is used by one-shot calls only, which leave nothing to free.  They
 * fail only when memory runs out inside OpenSSL; the result is zeros then, so
 * that the service refuses the request instead of anything undefined being sent.
 */
#include "base/br.h"

#include <time.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "aws/sigv4.h"

#define ALGORITHM		"AWS4-HMAC-SHA256"
#define TERMINATOR		"aws4_request"
#define DAY_LEN			8		/* of amz_date: 20250102 */
#define LAST_SECOND		INT64CONST(253402300799)	/* of the year 9999 */

static void
sha256(uint8 digest[BR_SHA256_LEN], const void *data, size_t len)
{
	if (EVP_Digest(data, len, digest, NULL, EVP_sha256(), NULL) != 1)
		memset(digest, 0, BR_SHA256_LEN);
}

static void
hmac_sha256(uint8 mac[BR_SHA256_LEN], const uint8 *key, size_t key_len,
			const char *data, size_t len)
{
	if (HMAC(EVP_sha256(), key, (int) key_len, (const unsigned char *) data, len,
			 mac, NULL) == NULL)
		memset(mac, 0, BR_SHA256_LEN);
}

static void
to_hex(char hex[BR_SHA256_HEX_LEN + 1], const uint8 bytes[BR_SHA256_LEN])
{
	static const char digits[] = "0123456789abcdef";
	int			i;

	for (i = 0; i < BR_SHA256_LEN; i++)
	{
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 0x0f];
	}
	hex[BR_SHA256_HEX_LEN] = '\0';
}

static void
append_sha256_hex(StringInfo out, const void *data, size_t len)
{
	uint8		digest[BR_SHA256_LEN];
	char		hex[BR_SHA256_HEX_LEN + 1];

	sha256(digest, data, len);
	to_hex(hex, digest);
	appendStringInfoString(out, hex);
}

/* Percent-encodes what is not "unreserved"; independent of the locale. */
static void
append_encoded(StringInfo out, unsigned char c)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		c == '-' || c == '_' || c == '.' || c == '~')
		appendStringInfoChar(out, (char) c);
	else
		appendStringInfo(out, "%%%02X", c);
}

/*
 * Resolves "." and "..", and makes one slash of several.  A slash at the end
 * stays.
 */
static void
append_resolved_path(StringInfo out, const char *path)
{
	size_t		len;

	for (; *path != '\0'; path += len)
	{
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (len == 0 || (len == 1 && path[0] == '.'))
			continue;
		if (len == 2 && path[0] == '.' && path[1] == '.')
		{
			while (out->len > 0 && out->data[--out->len] != '/')
				;
			out->data[out->len] = '\0';
			continue;
		}
		appendStringInfoChar(out, '/');
		appendBinaryStringInfo(out, path, (int) len);
	}
	if (out->len == 0 || path[-1] == '/')
		appendStringInfoChar(out, '/');
}

static void
append_canonical_path(StringInfo out, const char *path, bool keep)
{
	StringInfoData resolved;
	int			i;

	initStringInfo(&resolved);
	if (keep || path[0] == '\0')
		appendStringInfoString(&resolved, path[0] == '\0' ? "/" : path);
	else
		append_resolved_path(&resolved, path);
	for (i = 0; i < resolved.len; i++)
	{
		if (resolved.data[i] == '/')
			appendStringInfoChar(out, '/');
		else
			append_encoded(out, (unsigned char) resolved.data[i]);
	}
	pfree(resolved.data);
}

/* One parameter of the query, encoded. */
typedef struct Param
{
	char	   *name;
	char	   *value;
} Param;

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Brings text to the one canonical encoding, whether it came encoded or not. */
static char *
encode_param(const char *text, size_t len)
{
	StringInfoData out;
	size_t		i;

	initStringInfo(&out);
	for (i = 0; i < len; i++)
	{
		if (text[i] == '%' && i + 2 < len &&
			hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0)
		{
			append_encoded(&out, hex_value(text[i + 1]) << 4 | hex_value(text[i + 2]));
			i += 2;
		}
		else
			append_encoded(&out, (unsigned char) text[i]);
	}
	return out.data;
}

static int
compare_params(const void *a, const void *b)
{
	const Param *pa = a;
	const Param *pb = b;
	int			cmp = strcmp(pa->name, pb->name);

	return cmp != 0 ? cmp : strcmp(pa->value, pb->value);
}

/* The parameters sorted by name, then value. */
static void
append_canonical_query(StringInfo out, const char *query)
{
	Param	   *params = palloc(sizeof(Param) * (strlen(query) / 2 + 1));
	int			nparams = 0;
	int			i;

	while (*query != '\0')
	{
		size_t		len = strcspn(query, "&");
		size_t		name_len = strcspn(query, "=&");

		if (len > 0)
		{
			params[nparams].name = encode_param(query, name_len);
			params[nparams].value = name_len == len ? pstrdup("") :
				encode_param(query + name_len + 1, len - name_len - 1);
			nparams++;
		}
		query += len;
		if (*query == '&')
			query++;
	}
	qsort(params, nparams, sizeof(Param), compare_params);
	for (i = 0; i < nparams; i++)
	{
		appendStringInfo(out, "%s%s=%s", i > 0 ? "&" : "", params[i].name, params[i].value);
		pfree(params[i].name);
		pfree(params[i].value);
	}
	pfree(params);
}

/* A header with its place in the request, since values of one name keep order. */
typedef struct SortedHeader
{
	char	   *name;			/* in lower case */
	const char *value;
	int			position;
} SortedHeader;

static int
compare_headers(const void *a, const void *b)
{
	const SortedHeader *ha = a;
	const SortedHeader *hb = b;
	int			cmp = strcmp(ha->name, hb->name);

	return cmp != 0 ? cmp : ha->position - hb->position;
}

/* Without white space around, and one space for any run of it inside. */
static void
append_header_value(StringInfo out, const char *value)
{
	static const char white[] = " \t\r\n\v\f";
	bool		first = true;

	for (;;)
	{
		size_t		len;

		value += strspn(value, white);
		len = strcspn(value, white);
		if (len == 0)
			return;
		if (!first)
			appendStringInfoChar(out, ' ');
		appendBinaryStringInfo(out, value, (int) len);
		value += len;
		first = false;
	}
}

static void
append_canonical_headers(StringInfo out, StringInfo signed_headers,
						 const BrHeader *headers, int nheaders)
{
	SortedHeader *sorted = palloc(sizeof(SortedHeader) * (nheaders + 1));
	int			i;

	for (i = 0; i < nheaders; i++)
	{
		char	   *p;

		sorted[i].name = pstrdup(headers[i].name);
		for (p = sorted[i].name; *p != '\0'; p++)
			*p = pg_ascii_tolower((unsigned char) *p);
		sorted[i].value = headers[i].value;
		sorted[i].position = i;
	}
	qsort(sorted, nheaders, sizeof(SortedHeader), compare_headers);
	for (i = 0; i < nheaders; i++)
	{
		if (i > 0 && strcmp(sorted[i].name, sorted[i - 1].name) == 0)
			appendStringInfoChar(out, ',');
		else
		{
			appendStringInfo(out, "%s%s:", i > 0 ? "\n" : "", sorted[i].name);
			appendStringInfo(signed_headers, "%s%s", i > 0 ? ";" : "", sorted[i].name);
		}
		append_header_value(out, sorted[i].value);
	}
	if (nheaders > 0)
		appendStringInfoChar(out, '\n');
	for (i = 0; i < nheaders; i++)
		pfree(sorted[i].name);
	pfree(sorted);
}

void
br_scope_set_time(BrScope *scope, int64 unix_seconds)
{
	time_t		seconds = (time_t) Max(0, Min(unix_seconds, LAST_SECOND));
	struct tm	utc;

	gmtime_r(&seconds, &utc);
	strftime(scope->amz_date, sizeof(scope->amz_date), "%Y%m%dT%H%M%SZ", &utc);
}

void
br_sigv4_canonical_request(StringInfo out, StringInfo signed_headers,
						   const BrSignable *signable)
{
	int			start = signed_headers->len;

	appendStringInfo(out, "%s\n", signable->method);
	append_canonical_path(out, signable->path, signable->keep_path);
	appendStringInfoChar(out, '\n');
	if (signable->query != NULL)
		append_canonical_query(out, signable->query);
	appendStringInfoChar(out, '\n');
	append_canonical_headers(out, signed_headers, signable->headers, signable->nheaders);
	appendStringInfo(out, "\n%s\n", signed_headers->data + start);
	append_sha256_hex(out, signable->body, signable->body_len);
}

static void
append_scope(StringInfo out, const BrScope *scope)
{
	appendStringInfo(out, "%.*s/%s/%s/" TERMINATOR,
					 DAY_LEN, scope->amz_date, scope->region, scope->service);
}

void
br_sigv4_string_to_sign(StringInfo out, const BrScope *scope,
						const char *canonical_request, size_t len)
{
	appendStringInfo(out, ALGORITHM "\n%s\n", scope->amz_date);
	append_scope(out, scope);
	appendStringInfoChar(out, '\n');
	append_sha256_hex(out, canonical_request, len);
}

void
br_sigv4_signing_key(uint8 key[BR_SHA256_LEN], const char *secret,
					 const BrScope *scope)
{
	char	   *start = psprintf("AWS4%s", secret);
	size_t		start_len = strlen(start);
	uint8		a[BR_SHA256_LEN];
	uint8		b[BR_SHA256_LEN];

	hmac_sha256(a, (const uint8 *) start, start_len, scope->amz_date, DAY_LEN);
	hmac_sha256(b, a, sizeof(a), scope->region, strlen(scope->region));
	hmac_sha256(a, b, sizeof(b), scope->service, strlen(scope->service));
	hmac_sha256(key, a, sizeof(a), TERMINATOR, strlen(TERMINATOR));

	OPENSSL_cleanse(a, sizeof(a));
	OPENSSL_cleanse(b, sizeof(b));
	OPENSSL_cleanse(start, start_len);
	pfree(start);
}

void
br_sigv4_signature(char hex[BR_SHA256_HEX_LEN + 1],
				   const uint8 key[BR_SHA256_LEN],
				   const char *string_to_sign, size_t len)
{
	uint8		mac[BR_SHA256_LEN];

	hmac_sha256(mac, key, BR_SHA256_LEN, string_to_sign, len);
	to_hex(hex, mac);
}

void
br_sigv4_authorization(StringInfo out, const BrSignable *signable,
					   const BrScope *scope, const char *access_key_id,
					   const uint8 key[BR_SHA256_LEN])
{
	StringInfoData canonical;
	StringInfoData signed_headers;
	StringInfoData to_sign;
	char		signature[BR_SHA256_HEX_LEN + 1];

	initStringInfo(&canonical);
	initStringInfo(&signed_headers);
	initStringInfo(&to_sign);
	br_sigv4_canonical_request(&canonical, &signed_headers, signable);
	br_sigv4_string_to_sign(&to_sign, scope, canonical.data, canonical.len);
	br_sigv4_signature(signature, key, to_sign.data, to_sign.len);

	appendStringInfo(out, ALGORITHM " Credential=%s/", access_key_id);
	append_scope(out, scope);
	appendStringInfo(out, ", SignedHeaders=%s, Signature=%s", signed_headers.data, signature);
	pfree(canonical.data);
	pfree(signed_headers.data);
	pfree(to_sign.data);
}
