/*
 * test_sigv4.c
 *		Signature Version 4 against published cases.
 *
 * The 38 cases of aws-c-auth (in their header form) and the HMAC cases of
 * Wycheproof are read where they lie; AWS's documented example stands here, so
 * that a plain clone tests all stages, too.
 */
#include "base/br.h"

#include <dirent.h>
#include <time.h>

#include <openssl/evp.h>

#include "aws/sigv4.h"
#include "tap.h"
#include "vectors.h"

#define MAX_HEADERS		16

/* The request and settings of one published case. */
typedef struct Case
{
	char	   *folder;
	BrSignable	signable;
	BrHeader	headers[MAX_HEADERS];
	BrScope		scope;
	const char *access_key_id;
	const char *secret;
} Case;

/* The stages' results. */
typedef struct Signed
{
	StringInfoData canonical;
	StringInfoData names;
	StringInfoData to_sign;
	StringInfoData authorization;
	char		signature[BR_SHA256_HEX_LEN + 1];
} Signed;

static void
sign(Signed *result, const BrSignable *signable, const BrScope *scope,
	 const char *access_key_id, const char *secret)
{
	uint8		key[BR_SHA256_LEN];

	initStringInfo(&result->canonical);
	initStringInfo(&result->names);
	initStringInfo(&result->to_sign);
	initStringInfo(&result->authorization);
	br_sigv4_canonical_request(&result->canonical, &result->names, signable);
	br_sigv4_string_to_sign(&result->to_sign, scope, result->canonical.data, result->canonical.len);
	br_sigv4_signing_key(key, secret, scope);
	br_sigv4_signature(result->signature, key, result->to_sign.data, result->to_sign.len);
	br_sigv4_authorization(&result->authorization, signable, scope, access_key_id, key);
}

/*
 * Splits a request as it goes over the wire into its parts; a header line that
 * starts with a space continues the one before.
 */
static void
parse_request(Case *c, char *text, size_t len)
{
	char	   *end = text + len;
	char	   *line = text;
	char	   *eol = strchr(line, '\n');
	char	   *target;

	*eol = '\0';
	*strrchr(line, ' ') = '\0';
	target = strchr(line, ' ');
	*target++ = '\0';
	c->signable.method = line;
	c->signable.path = target;
	target = strchr(target, '?');
	if (target != NULL)
	{
		*target = '\0';
		c->signable.query = target + 1;
	}

	for (line = eol + 1; line < end && *line != '\n'; line = eol + 1)
	{
		BrHeader   *header = &c->headers[c->signable.nheaders++];
		char	   *colon = strchr(line, ':');

		eol = strchr(line, '\n');
		while (eol[1] == ' ')
			eol = strchr(eol + 1, '\n');
		*eol = '\0';
		*colon = '\0';
		header->name = line;
		header->value = colon + 1;
	}
	if (line < end)
		line++;
	c->signable.body = line;
	c->signable.body_len = Max(end - line, 0);
}

static void
add_header(Case *c, const char *name, const char *value)
{
	BrHeader   *header = &c->headers[c->signable.nheaders++];

	header->name = name;
	header->value = value;
}

static const char *
sha256_hex(const char *data, size_t len)
{
	unsigned char digest[BR_SHA256_LEN];
	StringInfoData hex;
	size_t		i;

	EVP_Digest(data, len, digest, NULL, EVP_sha256(), NULL);
	initStringInfo(&hex);
	for (i = 0; i < sizeof(digest); i++)
		appendStringInfo(&hex, "%02x", digest[i]);
	return hex.data;
}

/* Fills a Case from its folder, with the headers that the signer has to add. */
static void
load_case(Case *c, const char *folder)
{
	size_t		len;
	char	   *request = read_file(psprintf("%s/request.txt", folder), &len);
	json_t	   *context = read_json(psprintf("%s/context.json", folder));
	json_t	   *keys = json_object_get(context, "credentials");
	const char *token = json_string_value(json_object_get(keys, "token"));
	struct tm	utc;

	memset(c, 0, sizeof(*c));
	c->folder = pstrdup(folder);
	parse_request(c, request, len);
	c->signable.headers = c->headers;
	c->signable.keep_path = json_is_false(json_object_get(context, "normalize"));
	c->access_key_id = json_string_value(json_object_get(keys, "access_key_id"));
	c->secret = json_string_value(json_object_get(keys, "secret_access_key"));
	c->scope.region = json_string_value(json_object_get(context, "region"));
	c->scope.service = json_string_value(json_object_get(context, "service"));

	memset(&utc, 0, sizeof(utc));
	strptime(json_string_value(json_object_get(context, "timestamp")), "%Y-%m-%dT%H:%M:%SZ", &utc);
	br_scope_set_time(&c->scope, timegm(&utc));

	add_header(c, "X-Amz-Date", c->scope.amz_date);
	if (token != NULL && !json_is_true(json_object_get(context, "omit_session_token")))
		add_header(c, "X-Amz-Security-Token", token);
	if (json_is_true(json_object_get(context, "sign_body")))
		add_header(c, "x-amz-content-sha256",
				   sha256_hex(c->signable.body, c->signable.body_len));
}

static void
is_file(StringInfo got, const Case *c, const char *file, const char *what)
{
	size_t		len;
	char	   *expected = read_file(psprintf("%s/%s", c->folder, file), &len);

	is_mem(got->data, got->len, expected, len, "%s: %s", strrchr(c->folder, '/') + 1, what);
}

static void
check_case(const char *folder)
{
	Case		c;
	Signed		result;
	StringInfoData signature;
	char	   *expected;

	load_case(&c, folder);
	sign(&result, &c.signable, &c.scope, c.access_key_id, c.secret);
	is_file(&result.canonical, &c, "header-canonical-request.txt", "canonical request");
	is_file(&result.to_sign, &c, "header-string-to-sign.txt", "string to sign");
	initStringInfo(&signature);
	appendStringInfoString(&signature, result.signature);
	is_file(&signature, &c, "header-signature.txt", "signature");

	/* the request as signed holds the Authorization header on a line of its own */
	expected = strstr(read_file(psprintf("%s/header-signed-request.txt", folder), NULL),
					  "\nAuthorization:");
	expected += strlen("\nAuthorization:");
	expected[strcspn(expected, "\n")] = '\0';
	is_str(result.authorization.data, expected, "%s: Authorization", strrchr(folder, '/') + 1);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

static void
test_published_cases(void)
{
	const char *path = vectors_path("sigv4");
	DIR		   *dir = path == NULL ? NULL : opendir(path);
	struct dirent *entry;
	char	   *folders[100];
	size_t		nfolders = 0;
	size_t		i;

	if (dir == NULL)
	{
		skip("the SigV4 cases of aws-c-auth are not here");
		return;
	}
	while ((entry = readdir(dir)) != NULL && nfolders < lengthof(folders))
	{
		if (entry->d_name[0] != '.')
			folders[nfolders++] = psprintf("%s/%s", path, entry->d_name);
	}
	closedir(dir);
	qsort(folders, nfolders, sizeof(folders[0]), compare_names);
	for (i = 0; i < nfolders; i++)
		check_case(folders[i]);
	is_int(nfolders, 38, "all published cases were found");
}

/* The example of the AWS General Reference: ListUsers of IAM. */
static void
test_documented_example(void)
{
	static const BrHeader headers[] = {
		{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
		{"Host", "iam.amazonaws.com"},
		{"X-Amz-Date", "20150830T123600Z"},
	};
	BrSignable	signable = {
		.method = "GET",.path = "/",.query = "Action=ListUsers&Version=2010-05-08",
		.nheaders = lengthof(headers),.headers = headers,.body = "",
	};
	BrScope		scope = {.region = "us-east-1",.service = "iam"};
	Signed		result;

	br_scope_set_time(&scope, 1440938160);
	is_str(scope.amz_date, "20150830T123600Z", "the date as the header has it");
	sign(&result, &signable, &scope, "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
	is_str(sha256_hex(result.canonical.data, result.canonical.len),
		   "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59",
		   "the documented hash of the canonical request");
	is_str(result.names.data, "content-type;host;x-amz-date", "the names of the signed headers");
	is_str(result.authorization.data,
		   "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
		   "SignedHeaders=content-type;host;x-amz-date, "
		   "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
		   "the documented Authorization header");
}

static void
test_times(void)
{
	static const struct
	{
		int64		seconds;
		const char *date;
	}			times[] = {
		{0, "19700101T000000Z"},
		{951782399, "20000228T235959Z"},
		{951782400, "20000229T000000Z"},
		{1709251199, "20240229T235959Z"},
		{1709251200, "20240301T000000Z"},
		{INT64CONST(253402300799), "99991231T235959Z"},
		{INT64CONST(253402300800), "99991231T235959Z"},
		{PG_INT64_MAX, "99991231T235959Z"},
		{-1, "19700101T000000Z"},
		{PG_INT64_MIN, "19700101T000000Z"},
	};
	BrScope		scope;
	size_t		i;

	for (i = 0; i < lengthof(times); i++)
	{
		br_scope_set_time(&scope, times[i].seconds);
		is_str(scope.amz_date, times[i].date, "time " INT64_FORMAT, times[i].seconds);
	}
}

/* What the published cases leave out. */
static void
test_corners(void)
{
	static const BrHeader headers[] = {
		{"b", "2"}, {"A", " \t x \r\n\ty\f\v"}, {"B", "1"}, {"c", ""}, {"b", "  "},
	};
	BrSignable	signable = {.method = "POST",.path = "",.query = NULL,
	.nheaders = lengthof(headers),.headers = headers,.body = "a\0b",.body_len = 3};
	BrScope		scope = {.amz_date = "20250102T030405Z",.region = "r",.service = "s"};
	Signed		result;
	char	   *long_secret = palloc(5001);
	uint8		key[BR_SHA256_LEN];
	uint8		other_key[BR_SHA256_LEN];

	sign(&result, &signable, &scope, "k", "s");
	is_str(result.canonical.data,
		   psprintf("POST\n/\n\na:x y\nb:2,1,\nc:\n\na;b;c\n%s", sha256_hex("a\0b", 3)),
		   "white space, order of repeated names, empty values, NUL in the body");

	memset(&signable, 0, sizeof(signable));
	signable.method = "GET";
	signable.path = "/";
	signable.query = "b=%zz&a&&a=1&%=%4&c=%2f%2F/";
	sign(&result, &signable, &scope, "k", "s");
	is_str(result.canonical.data,
		   psprintf("GET\n/\n%%25=%%254&a=&a=1&b=%%25zz&c=%%2F%%2F%%2F\n\n\n%s", sha256_hex("", 0)),
		   "no headers, no body, broken escapes");

	memset(long_secret, 'x', 5000);
	long_secret[5000] = '\0';
	br_sigv4_signing_key(key, long_secret, &scope);
	long_secret[4999] = 'y';
	br_sigv4_signing_key(other_key, long_secret, &scope);
	ok(memcmp(key, other_key, sizeof(key)) != 0, "every byte of a long secret counts");
}

static size_t
decode_hex(const char *hex, uint8 *bytes)
{
	size_t		n = strlen(hex) / 2;
	size_t		i;
	unsigned int byte;

	for (i = 0; i < n; i++)
	{
		sscanf(hex + 2 * i, "%2x", &byte);
		bytes[i] = (uint8) byte;
	}
	return n;
}

/*
 * One HMAC case through the last stage, whose key has 32 bytes: HMAC pads a
 * shorter key with zeros and replaces one longer than a block by its hash.
 */
static bool
hmac_case_holds(json_t *test)
{
	const char *msg_hex = json_string_value(json_object_get(test, "msg"));
	const char *tag = json_string_value(json_object_get(test, "tag"));
	const char *verdict = json_string_value(json_object_get(test, "result"));
	uint8		key[128] = {0};
	uint8		hashed[BR_SHA256_LEN];
	uint8	   *msg = palloc(strlen(msg_hex) / 2 + 1);
	size_t		msg_len = decode_hex(msg_hex, msg);
	size_t		key_len = decode_hex(json_string_value(json_object_get(test, "key")), key);
	char		hex[BR_SHA256_HEX_LEN + 1];

	if (key_len > 64)
	{
		EVP_Digest(key, key_len, hashed, NULL, EVP_sha256(), NULL);
		memcpy(key, hashed, sizeof(hashed));
	}
	br_sigv4_signature(hex, key, (const char *) msg, msg_len);
	return (strncmp(hex, tag, strlen(tag)) == 0) == (strcmp(verdict, "valid") == 0);
}

static void
test_hmac_cases(void)
{
	const char *path = vectors_path("hmac/hmac_sha256_test.json");
	json_t	   *root;
	json_t	   *group;
	json_t	   *test;
	size_t		i;
	size_t		j;
	int			run = 0;

	if (path == NULL)
	{
		skip("the HMAC cases of Wycheproof are not here");
		return;
	}
	root = read_json(path);
	json_array_foreach(json_object_get(root, "testGroups"), i, group)
	{
		int			failed = 0;

		json_array_foreach(json_object_get(group, "tests"), j, test)
		{
			run++;
			if (!hmac_case_holds(test))
			{
				failed++;
				diag("HMAC case %d fails", (int) json_integer_value(json_object_get(test, "tcId")));
			}
		}
		is_int(failed, 0, "HMAC cases, keys of %d bits, tags of %d",
			   (int) json_integer_value(json_object_get(group, "keySize")),
			   (int) json_integer_value(json_object_get(group, "tagSize")));
	}
	is_int(run, json_integer_value(json_object_get(root, "numberOfTests")), "all HMAC cases were run");
}

int
main(void)
{
	test_documented_example();
	test_times();
	test_corners();
	test_published_cases();
	test_hmac_cases();
	return done_testing();
}
