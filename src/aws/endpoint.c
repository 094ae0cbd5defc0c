/*
 * endpoint.c
 *		Which host serves DynamoDB for a region, and which hosts may be named
 *		instead.
 *
 * The rules are those of DynamoDB's published endpoint rule set, less account
 * ids; the suffixes are those of the SDKs' partitions.json.
 */
#include "base/br.h"

#include "aws/endpoint.h"
#include "aws/url.h"

#define MAX_REGION_LEN	63

/* DynamoDB Local, as the SDKs know it. */
#define LOCAL_REGION	"local"
#define LOCAL_URL		"http://localhost:8000"
#define LOCAL_SIGNING_REGION	"us-east-1"

typedef struct Partition
{
	const char *region_prefix;
	const char *suffix;
	const char *dualstack_suffix;
	bool		plain_is_fips;	/* the plain name serves FIPS, there is no other */
} Partition;

/* The first whose prefix fits; the last fits every region, also a new one. */
static const Partition partitions[] = {
	{"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", false},
	{"us-gov-", "amazonaws.com", "api.aws", true},
	{"us-iso-", "c2s.ic.gov", "api.aws.ic.gov", false},
	{"us-isob-", "sc2s.sgov.gov", "api.aws.scloud", false},
	{"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov", false},
	{"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", false},
	{"eusc-", "amazonaws.eu", "api.amazonwebservices.eu", false},
	{"", "amazonaws.com", "api.aws", false},
};

static const Partition *
partition_of(const char *region)
{
	const Partition *p = partitions;

	while (strncmp(region, p->region_prefix, strlen(p->region_prefix)) != 0)
		p++;
	return p;
}

bool
br_region_is_valid(const char *region)
{
	size_t		len = strspn(region, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return len >= 1 && len <= MAX_REGION_LEN && region[len] == '\0';
}

bool
br_endpoint_url_is_valid(const char *url, BrError *err)
{
	BrUrl		parsed;

	return br_url_parse(url, &parsed, err);
}

/* Fills *result from a custom URL. */
static bool
resolve_custom(const char *region, const char *endpoint, BrEndpoint *result, BrError *err)
{
	BrUrl		url;
	StringInfoData host;

	if (!br_url_parse(endpoint, &url, err))
		return false;

	/* The published rules allow one way only to the region's dual-stack name. */
	if (region != NULL &&
		strcmp(url.host, psprintf("dynamodb.%s.%s", region,
								  partition_of(region)->dualstack_suffix)) == 0)
		return br_error(err, BR_ERR_CONFIG,
						"a dual-stack endpoint is chosen with use_dualstack, not with a URL");

	initStringInfo(&host);
	br_url_append_host(&host, &url);
	result->tls = url.tls;
	result->host = host.data;
	result->url = psprintf("%s://%s", url.tls ? "https" : "http", host.data);
	return true;
}

/* Fills *result for a region of AWS. */
static void
resolve_region(const char *region, bool use_fips, bool use_dualstack, BrEndpoint *result)
{
	const Partition *p = partition_of(region);
	bool		say_fips = use_fips && (use_dualstack || !p->plain_is_fips);

	result->tls = true;
	result->host = psprintf("dynamodb%s.%s.%s", say_fips ? "-fips" : "", region,
							use_dualstack ? p->dualstack_suffix : p->suffix);
	result->url = psprintf("https://%s", result->host);
}

bool
br_endpoint_resolve(const char *region, const char *endpoint,
					const char *signing_region,
					bool use_fips, bool use_dualstack,
					BrEndpoint *result, BrError *err)
{
	bool		local = endpoint == NULL && region != NULL &&
		strcmp(region, LOCAL_REGION) == 0;

	memset(result, 0, sizeof(*result));
	if (region == NULL && (endpoint == NULL || signing_region == NULL))
		return br_error(err, BR_ERR_CONFIG, "no region is given");
	if (region != NULL && !br_region_is_valid(region))
		return br_error(err, BR_ERR_CONFIG,
						"a region consists of 1 to %d lower-case letters, digits and hyphens",
						MAX_REGION_LEN);
	if (signing_region != NULL && !br_region_is_valid(signing_region))
		return br_error(err, BR_ERR_CONFIG,
						"a signing region consists of 1 to %d lower-case letters, digits and hyphens",
						MAX_REGION_LEN);
	if ((endpoint != NULL || local) && (use_fips || use_dualstack))
		return br_error(err, BR_ERR_CONFIG, "%s cannot be combined with %s",
						use_fips ? "use_fips" : "use_dualstack",
						local ? "region \"" LOCAL_REGION "\"" : "a custom endpoint");

	if (endpoint != NULL)
	{
		if (!resolve_custom(region, endpoint, result, err))
			return false;
	}
	else if (local)
	{
		if (!resolve_custom(NULL, LOCAL_URL, result, err))
			return false;
	}
	else
		resolve_region(region, use_fips, use_dualstack, result);

	if (signing_region == NULL)
		signing_region = local ? LOCAL_SIGNING_REGION : region;
	result->signing_region = pstrdup(signing_region);
	return true;
}

/*
 * Letters, hyphens, and a number at the end: "us-east-1".  Stricter than
 * br_region_is_valid(), because what stands at a region's place in a host of
 * AWS may as well belong to a customer: "dynamodb.s3-us-west-2.amazonaws.com"
 * is somebody's S3 bucket.
 */
static bool
looks_like_region(const char *text, size_t len)
{
	size_t		words = 0;
	size_t		i = 0;

	while (i < len && text[i] >= 'a' && text[i] <= 'z')
	{
		while (i < len && text[i] >= 'a' && text[i] <= 'z')
			i++;
		if (i == len || text[i] != '-')
			return false;
		i++;
		words++;
	}
	if (words < 2 || i == len)
		return false;
	while (i < len && text[i] >= '0' && text[i] <= '9')
		i++;
	return i == len;
}

/*
 * Skips what stands before the region in the names of DynamoDB's endpoints:
 * "dynamodb.", "dynamodb-fips.", "123456789012.ddb." (of an account) and
 * "vpce-....dynamodb." (of a private network).  NULL if it is none of them.
 */
static const char *
skip_service(const char *host, bool *private_network)
{
	const char *dot = strchr(host, '.');

	*private_network = false;
	if (dot == NULL)
		return NULL;
	if (strncmp(host, "vpce-", 5) == 0)
	{
		*private_network = true;
		host = dot + 1;
	}
	else if (strspn(host, "0123456789") == 12 && strncmp(host + 12, ".ddb.", 5) == 0)
		return host + 17;

	if (strncmp(host, "dynamodb.", 9) == 0)
		return host + 9;
	if (strncmp(host, "dynamodb-fips.", 14) == 0)
		return host + 14;
	return NULL;
}

static bool
is_dynamodb_host(const char *host)
{
	bool		private_network;
	const char *region = skip_service(host, &private_network);
	const char *suffix = region == NULL ? NULL : strchr(region, '.');
	const Partition *p;

	if (suffix == NULL || !looks_like_region(region, suffix - region))
		return false;
	p = partition_of(region);
	suffix++;
	if (private_network)
	{
		if (strncmp(suffix, "vpce.", 5) != 0)
			return false;
		suffix += 5;
	}
	return strcmp(suffix, p->suffix) == 0 || strcmp(suffix, p->dualstack_suffix) == 0;
}

/* True if the entry, "host" or "*.suffix", covers the host. */
static bool
entry_matches(const char *entry, size_t len, const char *host)
{
	size_t		host_len = strlen(host);

	if (len > 2 && entry[0] == '*' && entry[1] == '.')
	{
		entry++;
		len--;
		if (host_len < len)
			return false;
		host += host_len - len;
		host_len = len;
	}
	return len == host_len && pg_strncasecmp(entry, host, len) == 0;
}

bool
br_endpoint_is_allowed(const char *url, const char *allowed_list)
{
	BrUrl		parsed;
	BrError		ignored;
	const char *entry;

	if (!br_url_parse(url, &parsed, &ignored) || !parsed.tls)
		return false;
	if (is_dynamodb_host(parsed.host))
		return true;
	for (entry = allowed_list == NULL ? "" : allowed_list; *entry != '\0';)
	{
		size_t		len;

		entry += strspn(entry, ", \t\r\n");
		len = strcspn(entry, ", \t\r\n");
		if (entry_matches(entry, len, parsed.host))
			return true;
		entry += len;
	}
	return false;
}
