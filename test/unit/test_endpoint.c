/*
 * test_endpoint.c
 *		Endpoint rules, the URLs that are accepted, and the hosts that may be named.
 *
 * botocore's published endpoint cases are read where they lie.  Those in which
 * an account's own endpoint is looked for, and those of the search operation,
 * are no business of the extension: they are counted and left out.
 */
#include "base/br.h"

#include <ctype.h>

#include "aws/endpoint.h"
#include "aws/url.h"
#include "fe_alloc.h"
#include "tap.h"
#include "vectors.h"

#define RANDOM_ROUNDS	20000

static void
resolves(const char *region, const char *endpoint, const char *signing_region,
		 const char *url, const char *host, const char *signed_for, bool tls)
{
	BrEndpoint	result;
	BrError		err;
	const char *name = psprintf("%s %s", region ? region : "-", endpoint ? endpoint : "-");

	if (!ok(br_endpoint_resolve(region, endpoint, signing_region, false, false, &result, &err),
			"%s: resolves", name))
	{
		diag("%s", err.message);
		return;
	}
	is_str(result.url, url, "%s: URL", name);
	is_str(result.host, host, "%s: host", name);
	is_str(result.signing_region, signed_for, "%s: signing region", name);
	ok(result.tls == tls, "%s: TLS", name);
}

static void
refuses(const char *region, const char *endpoint, const char *signing_region,
		bool use_fips, bool use_dualstack, const char *message)
{
	BrEndpoint	result;
	BrError		err = {0};

	ok(!br_endpoint_resolve(region, endpoint, signing_region, use_fips, use_dualstack,
							&result, &err) && err.kind == BR_ERR_CONFIG,
	   "refused: %s", message);
	is_str(err.message, message, "and says why");
}

static void
test_resolve(void)
{
	resolves("us-east-2", NULL, NULL, "https://dynamodb.us-east-2.amazonaws.com",
			 "dynamodb.us-east-2.amazonaws.com", "us-east-2", true);
	resolves("us-east-2", NULL, "us-west-1", "https://dynamodb.us-east-2.amazonaws.com",
			 "dynamodb.us-east-2.amazonaws.com", "us-west-1", true);
	resolves("xx-new-9", NULL, NULL, "https://dynamodb.xx-new-9.amazonaws.com",
			 "dynamodb.xx-new-9.amazonaws.com", "xx-new-9", true);
	resolves("eusc-de-east-1", NULL, NULL, "https://dynamodb.eusc-de-east-1.amazonaws.eu",
			 "dynamodb.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", true);
	resolves("eu-isoe-west-1", NULL, NULL, "https://dynamodb.eu-isoe-west-1.cloud.adc-e.uk",
			 "dynamodb.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1", true);
	resolves("us-isof-south-1", NULL, NULL, "https://dynamodb.us-isof-south-1.csp.hci.ic.gov",
			 "dynamodb.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1", true);
	resolves("local", NULL, NULL, "http://localhost:8000", "localhost:8000", "us-east-1", false);
	resolves("local", "http://127.0.0.1:41234/", NULL, "http://127.0.0.1:41234",
			 "127.0.0.1:41234", "local", false);
	resolves("eu-west-1", "HTTPS://DB.Example.COM:443", NULL, "https://db.example.com",
			 "db.example.com", "eu-west-1", true);
	resolves("eu-west-1", "http://a:80", NULL, "http://a", "a", "eu-west-1", false);
	resolves("eu-west-1", "http://a:443", NULL, "http://a:443", "a:443", "eu-west-1", false);
	resolves("eu-west-1", "http://[::1]:8000", NULL, "http://[::1]:8000", "[::1]:8000",
			 "eu-west-1", false);
	resolves(NULL, "https://db.example.com:8443", "eu-west-1", "https://db.example.com:8443",
			 "db.example.com:8443", "eu-west-1", true);
	resolves("us-east-1", "https://vpce-1a2b-5e6f.dynamodb.us-east-1.vpce.amazonaws.com", NULL,
			 "https://vpce-1a2b-5e6f.dynamodb.us-east-1.vpce.amazonaws.com",
			 "vpce-1a2b-5e6f.dynamodb.us-east-1.vpce.amazonaws.com", "us-east-1", true);

	refuses(NULL, NULL, "us-east-1", false, false, "no region is given");
	refuses(NULL, "https://a", NULL, false, false, "no region is given");
	refuses("us-east-1", "https://a", NULL, true, false,
			"use_fips cannot be combined with a custom endpoint");
	refuses("us-east-1", "https://a", NULL, false, true,
			"use_dualstack cannot be combined with a custom endpoint");
	refuses("local", NULL, NULL, true, true, "use_fips cannot be combined with region \"local\"");
	refuses("US-EAST-1", NULL, NULL, false, false,
			"a region consists of 1 to 63 lower-case letters, digits and hyphens");
	refuses("us-east-1", NULL, "us east", false, false,
			"a signing region consists of 1 to 63 lower-case letters, digits and hyphens");
	refuses("us-east-1", "https://a/b", NULL, false, false, "the URL contains a path");
	refuses("us-east-1", "https://dynamodb.us-east-1.api.aws/", NULL, false, false,
			"a dual-stack endpoint is chosen with use_dualstack, not with a URL");
}

static void
test_regions(void)
{
	static const char *const bad[] = {
		"", "us-east-1.evil.example#", "a/b", "%2e", "us-east-1\n", "\n", "us east-1", "Us-east-1",
		"us_east_1", "us-east-1.", ".", "..", "us-east-1:80", "us-east-1@evil", "\xc3\xa9", "a\tb",
		"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg",
	};
	size_t		i;

	ok(br_region_is_valid("us-east-1"), "us-east-1 is a region's name");
	ok(br_region_is_valid("a"), "one letter");
	ok(br_region_is_valid("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg"),
	   "63 letters");
	for (i = 0; i < lengthof(bad); i++)
		ok(!br_region_is_valid(bad[i]), "no region: %s", bad[i]);
}

static const char *const good_urls[] = {
	"https://a", "http://a", "https://a/", "https://a.b-c.d_e:1", "https://a:65535/",
	"http://127.0.0.1:8000", "http://[::1]", "http://[fd00:ec2::253]:8000/", "HTTPS://A",
	"http://[::ffff:127.0.0.1]:1",
};

static const struct
{
	const char *url;
	const char *message;
}			bad_urls[] = {
	{"", "the URL does not begin with https:// or http://"},
	{"a", "the URL does not begin with https:// or http://"},
	{"//a", "the URL does not begin with https:// or http://"},
	{"ftp://a", "the URL does not begin with https:// or http://"},
	{"file:///etc/passwd", "the URL does not begin with https:// or http://"},
	{"https:a", "the URL does not begin with https:// or http://"},
	{"https:/a", "the URL does not begin with https:// or http://"},
	{"https://a b", "the URL contains a space, a control character or a non-ASCII character"},
	{" https://a", "the URL contains a space, a control character or a non-ASCII character"},
	{"https://a\r\nX: y", "the URL contains a space, a control character or a non-ASCII character"},
	{"https://a\x7f", "the URL contains a space, a control character or a non-ASCII character"},
	{"https://\xc3\xa9.example", "the URL contains a space, a control character or a non-ASCII character"},
	{"https://user@a", "the URL contains a user name"},
	{"https://user:secret@a", "the URL contains a user name"},
	{"https://a/@b", "the URL contains a user name"},
	{"https://a\\@b", "the URL contains a user name"},
	{"https://a?b", "the URL contains a query"},
	{"https://a/?", "the URL contains a query"},
	{"https://a#", "the URL contains a fragment"},
	{"https://a/#b", "the URL contains a fragment"},
	{"https://a/b", "the URL contains a path"},
	{"https://a//", "the URL contains a path"},
	{"https://a/.", "the URL contains a path"},
	{"https://", "the URL has no valid host name"},
	{"https:///", "the URL has no valid host name"},
	{"https://:80", "the URL has no valid host name"},
	{"https://a..b", "the URL has no valid host name"},
	{"https://.a", "the URL has no valid host name"},
	{"https://a.", "the URL has no valid host name"},
	{"https://a%2eb", "the URL has no valid host name"},
	{"https://a\\b", "the URL has no valid host name"},
	{"https://a,b", "the URL has no valid host name"},
	{"https://*.a", "the URL has no valid host name"},
	{"https://[", "the URL has no valid host name"},
	{"https://[]", "the URL has no valid host name"},
	{"https://[::1", "the URL has no valid host name"},
	{"https://[::1]a", "the URL has no valid host name"},
	{"https://[::1%25lo]", "the URL has no valid host name"},
	{"https://[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]",
	"the URL has no valid host name"},
	{"https://[1.2.3.4]", "the URL has no valid host name"},
	{"https://::1", "the URL has no valid host name"},
	{"https://aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg.com",
	"the URL has no valid host name"},
	{"https://a:", "the URL has no valid port"},
	{"https://a:/", "the URL has no valid port"},
	{"https://a:0", "the URL has no valid port"},
	{"https://a:00080", "the URL has no valid port"},
	{"https://a:65536", "the URL has no valid port"},
	{"https://a:4294967376", "the URL has no valid port"},
	{"https://a:-1", "the URL has no valid port"},
	{"https://a:+1", "the URL has no valid port"},
	{"https://a:8x", "the URL has no valid port"},
	{"https://a:80:80", "the URL has no valid port"},
	{"https://[::1]:", "the URL has no valid port"},
};

static void
test_urls(void)
{
	BrError		err;
	char	   *long_host = psprintf("https://%0*d", 300, 0);
	size_t		i;

	for (i = 0; i < lengthof(good_urls); i++)
		ok(br_endpoint_url_is_valid(good_urls[i], &err), "accepted: %s", good_urls[i]);
	for (i = 0; i < lengthof(bad_urls); i++)
	{
		memset(&err, 0, sizeof(err));
		ok(!br_endpoint_url_is_valid(bad_urls[i].url, &err) && err.kind == BR_ERR_CONFIG,
		   "refused: %s", bad_urls[i].url);
		is_str(err.message, bad_urls[i].message, "and says why");
	}
	for (i = strlen("https://") + 50; i < strlen(long_host); i += 51)
		long_host[i] = '.';
	ok(!br_endpoint_url_is_valid(long_host, &err), "refused: a host name of 300 characters");
}

static const char *const aws_urls[] = {
	"https://dynamodb.us-east-2.amazonaws.com", "https://dynamodb.us-east-2.amazonaws.com:8443/",
	"https://DynamoDB.us-east-2.AMAZONAWS.com", "https://dynamodb-fips.us-east-1.amazonaws.com",
	"https://dynamodb.us-east-1.api.aws", "https://dynamodb.cn-north-1.amazonaws.com.cn",
	"https://dynamodb.cn-north-1.api.amazonwebservices.com.cn",
	"https://dynamodb.us-gov-west-1.amazonaws.com", "https://dynamodb.us-iso-east-1.c2s.ic.gov",
	"https://dynamodb.us-isob-east-1.sc2s.sgov.gov", "https://dynamodb.eusc-de-east-1.amazonaws.eu",
	"https://111111111111.ddb.us-east-1.amazonaws.com",
	"https://vpce-1a2b3c4d-5e6f.dynamodb.us-east-1.vpce.amazonaws.com",
	"https://vpce-1a2b3c4d-5e6f.dynamodb.us-east-1.vpce.api.aws",
};

/* Among them names under AWS's own domains that customers may own. */
static const char *const other_urls[] = {
	"http://dynamodb.us-east-2.amazonaws.com", "https://amazonaws.com",
	"https://dynamodb.amazonaws.com", "https://evil.example",
	"https://dynamodb.us-east-2.amazonaws.com.evil.example",
	"https://dynamodb.us-east-2.amazonaws.com@evil.example",
	"https://evil.example/dynamodb.us-east-2.amazonaws.com",
	"https://evil-dynamodb.us-east-2.amazonaws.com", "https://x.dynamodb.us-east-2.amazonaws.com",
	"https://dynamodb.us-east-2.evilamazonaws.com", "https://dynamodb.s3.amazonaws.com",
	"https://dynamodb.s3-us-west-2.amazonaws.com", "https://dynamodb.us-east-2.elb.amazonaws.com",
	"https://dynamodb.execute-api.us-east-2.amazonaws.com", "https://dynamodb.elb.amazonaws.com",
	"https://dynamodb.us-east-1.amazonaws.com.cn", "https://dynamodb.cn-north-1.amazonaws.com",
	"https://dynamodb.us-1.amazonaws.com", "https://dynamodb.us-east-.amazonaws.com",
	"https://dynamodb.us-east.amazonaws.com", "https://dynamodb.us--1.amazonaws.com",
	"https://dynamodb.us-east-1a.amazonaws.com", "https://dynamodb.us-east-1.vpce.amazonaws.com",
	"https://vpce-1.dynamodb.us-east-1.amazonaws.com", "https://vpce-1.s3.us-east-1.vpce.amazonaws.com",
	"https://vpce-svc-1.us-east-1.vpce.amazonaws.com", "https://11111111111.ddb.us-east-1.amazonaws.com",
	"https://111111111111.s3.us-east-1.amazonaws.com", "https://aaaaaaaaaaaa.ddb.us-east-1.amazonaws.com",
	"https://1.ddb", "https://dynamodb", "not a URL", "",
};

static const struct
{
	const char *url;
	const char *list;
	bool		allowed;
}			listed_urls[] = {
	{"https://db.example.com", "db.example.com", true},
	{"https://db.example.com:8443", "DB.Example.COM", true},
	{"http://db.example.com", "db.example.com", false},
	{"https://db.example.com", " x ,\tdb.example.com ", true},
	{"https://db.example.com", "x,,db.example.com,", true},
	{"https://db.example.com", "*.example.com", true},
	{"https://a.b.example.com", "*.example.com", true},
	{"https://example.com", "*.example.com", false},
	{"https://evilexample.com", "*.example.com", false},
	{"https://example.com.evil", "*.example.com", false},
	{"https://db.example.com", "example.com", false},
	{"https://db.example.com", "*", false},
	{"https://db.example.com", "*.", false},
	{"https://db.example.com", "db.*.com", false},
	{"https://db.example.com", "db.example.co", false},
	{"https://db.example.com", "", false},
	{"https://db.example.com", " , ,", false},
	{"https://[::1]:8000", "[::1]", true},
};

static void
test_allowed(void)
{
	size_t		i;

	for (i = 0; i < lengthof(aws_urls); i++)
		ok(br_endpoint_is_allowed(aws_urls[i], NULL), "AWS's own: %s", aws_urls[i]);
	for (i = 0; i < lengthof(other_urls); i++)
		ok(!br_endpoint_is_allowed(other_urls[i], "other.example"), "not allowed: %s", other_urls[i]);
	for (i = 0; i < lengthof(listed_urls); i++)
		ok(br_endpoint_is_allowed(listed_urls[i].url, listed_urls[i].list) == listed_urls[i].allowed,
		   "%s %s \"%s\"", listed_urls[i].url, listed_urls[i].allowed ? "matches" : "does not match",
		   listed_urls[i].list);
}

/* True unless account ids or the search operation play a part. */
static bool
is_ours(json_t *params)
{
	json_t	   *mode = json_object_get(params, "AccountIdEndpointMode");

	if (json_is_true(json_object_get(params, "IsSearchOperation")))
		return false;
	return mode == NULL || strcmp(json_string_value(mode), "disabled") == 0;
}

static void
check_published(json_t *test)
{
	json_t	   *params = json_object_get(test, "params");
	json_t	   *expect = json_object_get(test, "expect");
	const char *name = json_string_value(json_object_get(test, "documentation"));
	const char *region = json_string_value(json_object_get(params, "Region"));
	const char *url = json_string_value(json_object_get(json_object_get(expect, "endpoint"), "url"));
	json_t	   *schemes = json_object_get(json_object_get(json_object_get(expect, "endpoint"),
														  "properties"), "authSchemes");
	const char *signing_region =
		json_string_value(json_object_get(json_array_get(schemes, 0), "signingRegion"));
	BrEndpoint	result;
	BrError		err;

	/* a case without a region tests the URL; what to sign for must be told then */
	bool		resolved =
		br_endpoint_resolve(region,
							json_string_value(json_object_get(params, "Endpoint")),
							region == NULL && url != NULL ? "us-east-1" : NULL,
							json_is_true(json_object_get(params, "UseFIPS")),
							json_is_true(json_object_get(params, "UseDualStack")),
							&result, &err);

	if (url == NULL)
		ok(!resolved && err.kind == BR_ERR_CONFIG, "published, an error: %s", name);
	else
		is_str(resolved ? result.url : err.message, url, "published: %s", name);
	if (signing_region != NULL)
		is_str(resolved ? result.signing_region : NULL, signing_region, "published: its signing region");
}

static void
test_published(void)
{
	const char *path = vectors_path("endpoints/dynamodb-endpoint-tests.json");
	json_t	   *tests;
	json_t	   *test;
	size_t		i;
	int			run = 0;

	if (path == NULL)
	{
		skip("botocore's endpoint cases are not here");
		return;
	}
	tests = json_object_get(read_json(path), "testCases");
	json_array_foreach(tests, i, test)
	{
		if (is_ours(json_object_get(test, "params")))
		{
			run++;
			check_published(test);
		}
	}
	diag("%d of %zu published cases run; %zu about account endpoints or search left out",
		 run, json_array_size(tests), json_array_size(tests) - run);
	is_int(run, 131, "the published cases that concern us");
}

/* xorshift: the same bytes in every run. */
static uint32
next_random(void)
{
	static uint32 state = 2463534242U;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

/* A URL with up to four bytes changed, removed or put in, or bytes at random. */
static char *
random_url(void)
{
	static const char *const seeds[] = {
		"https://dynamodb.us-east-1.amazonaws.com", "http://[::1]:8000/", "https://a.b:65535",
		"https://vpce-1.dynamodb.us-east-1.vpce.api.aws", "https://111111111111.ddb.us-east-1.api.aws",
		"",
	};
	static const char likely[] = "./:@[]?#%-_09azAZ \\*\n";
	StringInfoData url;
	int			changes = next_random() % 5;

	initStringInfo(&url);
	appendStringInfoString(&url, seeds[next_random() % lengthof(seeds)]);
	if (url.len == 0)
		changes = next_random() % 60;
	while (changes-- > 0)
	{
		int			at = next_random() % (url.len + 1);
		char		c = next_random() % 2 ? likely[next_random() % (lengthof(likely) - 1)] :
			(char) (1 + next_random() % 255);

		if (next_random() % 2 || at == url.len)
		{
			appendStringInfoChar(&url, ' ');
			memmove(url.data + at + 1, url.data + at, url.len - 1 - at);
			url.data[at] = c;
		}
		else if (next_random() % 2)
			url.data[at] = c;
		else
		{
			memmove(url.data + at, url.data + at + 1, url.len - at);
			url.len--;
		}
	}
	return url.data;
}

/* What must hold for any text that is accepted as a URL. */
static bool
accepted_is_sound(const char *text, const BrEndpoint *endpoint)
{
	BrUrl		url;
	BrUrl		again;
	BrError		err;
	const char *p;

	for (p = endpoint->url; *p != '\0'; p++)
	{
		if (!isalnum((unsigned char) *p) && strchr(".:/[]-_", *p) == NULL)
			return false;
	}
	return br_url_parse(text, &url, &err) && br_url_parse(endpoint->url, &again, &err) &&
		url.tls == again.tls && url.port == again.port && strcmp(url.host, again.host) == 0 &&
		url.port > 0 && url.port < 65536 && strlen(url.host) < 254 &&
		strcmp(endpoint->url, psprintf("%s://%s", url.tls ? "https" : "http", endpoint->host)) == 0;
}

static void
test_random(void)
{
	int			accepted = 0;
	int			unsound = 0;
	int			round;

	fe_reset();
	for (round = 0; round < RANDOM_ROUNDS; round++)
	{
		char	   *text = random_url();
		BrEndpoint	endpoint;
		BrError		err;
		bool		valid = br_endpoint_resolve("xx-none-1", text, NULL, false, false, &endpoint, &err);

		accepted += valid;
		if (valid ? !accepted_is_sound(text, &endpoint) : err.kind != BR_ERR_CONFIG)
		{
			unsound++;
			diag("unsound: %s", text);
		}
		if (br_endpoint_is_allowed(text, text) && !valid)
			unsound++;
		br_region_is_valid(text);
		fe_reset();
	}
	is_int(unsound, 0, "random texts are refused, or accepted for what they are");
	ok(accepted > RANDOM_ROUNDS / 20 && accepted < RANDOM_ROUNDS / 2,
	   "some of them are accepted (%d of %d)", accepted, RANDOM_ROUNDS);
}

int
main(void)
{
	test_resolve();
	test_regions();
	test_urls();
	test_allowed();
	test_published();
	test_random();
	return done_testing();
}
