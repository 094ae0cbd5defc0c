/*
 * url.c
 *		Which URLs are accepted, and what they say.
 *
 * The grammar is far narrower than RFC 3986's: whatever two parsers could read
 * differently (user names, escapes, odd characters, empty or leading-zero
 * ports) is refused, so that the host that was checked is the host that libcurl
 * connects to and the Host header that was signed.
 */
#include "base/br.h"

#include <arpa/inet.h>

#include "aws/url.h"

#define MAX_HOST_LEN	253
#define MAX_LABEL_LEN	63

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Returns the text after the scheme, NULL if there is none that we know. */
static const char *
skip_scheme(const char *text, bool *tls)
{
	if (pg_strncasecmp(text, "https://", 8) == 0)
	{
		*tls = true;
		return text + 8;
	}
	if (pg_strncasecmp(text, "http://", 7) == 0)
	{
		*tls = false;
		return text + 7;
	}
	return NULL;
}

/* Labels of letters, digits, '-' and '_' (container names have it), IPv4 included. */
static bool
is_host_name(const char *host, size_t len)
{
	size_t		label = 0;
	size_t		i;

	for (i = 0; i < len; i++)
	{
		if (host[i] == '.')
		{
			if (label == 0)
				return false;
			label = 0;
		}
		else if (is_alnum(host[i]) || host[i] == '-' || host[i] == '_')
		{
			if (++label > MAX_LABEL_LEN)
				return false;
		}
		else
			return false;
	}
	return label > 0 && len <= MAX_HOST_LEN;
}

/* An address without a zone, brackets included. */
static bool
is_ipv6_literal(const char *host, size_t len)
{
	char		address[INET6_ADDRSTRLEN];
	struct in6_addr parsed;

	if (len < 4 || len - 2 >= sizeof(address) || host[len - 1] != ']')
		return false;
	memcpy(address, host + 1, len - 2);
	address[len - 2] = '\0';
	return inet_pton(AF_INET6, address, &parsed) == 1;
}

/* What follows the colon: 1 to 65535 in plain digits, else 0. */
static int
parse_port(const char *text, size_t len)
{
	int			port = 0;
	size_t		i;

	if (len == 0 || len > 5 || text[0] == '0')
		return 0;
	for (i = 0; i < len; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return 0;
		port = port * 10 + (text[i] - '0');
	}
	return port <= 65535 ? port : 0;
}

/* Splits [text, text + len) into host and port. */
static bool
parse_authority(const char *text, size_t len, BrUrl *url, BrError *err)
{
	size_t		host_len;
	bool		bracketed = len > 0 && text[0] == '[';
	char	   *host;
	char	   *p;

	for (host_len = 0; host_len < len; host_len++)
	{
		if (bracketed && text[host_len] == ']')
			bracketed = false;
		else if (!bracketed && text[host_len] == ':')
			break;
	}
	if (!(text[0] == '[' ? is_ipv6_literal : is_host_name) (text, host_len))
		return br_error(err, BR_ERR_CONFIG, "the URL has no valid host name");

	url->port = url->tls ? 443 : 80;
	if (host_len < len)
		url->port = parse_port(text + host_len + 1, len - host_len - 1);
	if (url->port == 0)
		return br_error(err, BR_ERR_CONFIG, "the URL has no valid port");

	host = pnstrdup(text, host_len);
	for (p = host; *p != '\0'; p++)
		*p = pg_ascii_tolower((unsigned char) *p);
	url->host = host;
	return true;
}

bool
br_url_parse(const char *text, BrUrl *url, BrError *err)
{
	const char *authority;
	const char *p;
	size_t		len;

	memset(url, 0, sizeof(*url));
	for (p = text; *p != '\0'; p++)
	{
		if (*p <= ' ' || *p > '~')
			return br_error(err, BR_ERR_CONFIG,
							"the URL contains a space, a control character or a non-ASCII character");
	}
	authority = skip_scheme(text, &url->tls);
	if (authority == NULL)
		return br_error(err, BR_ERR_CONFIG, "the URL does not begin with https:// or http://");

	/* anywhere, not only before the first slash: parsers differ on "a\@b" */
	if (strchr(authority, '@') != NULL)
		return br_error(err, BR_ERR_CONFIG, "the URL contains a user name");
	if (strchr(authority, '?') != NULL)
		return br_error(err, BR_ERR_CONFIG, "the URL contains a query");
	if (strchr(authority, '#') != NULL)
		return br_error(err, BR_ERR_CONFIG, "the URL contains a fragment");
	len = strcspn(authority, "/");
	if (authority[len] == '/' && authority[len + 1] != '\0')
		return br_error(err, BR_ERR_CONFIG, "the URL contains a path");
	return parse_authority(authority, len, url, err);
}

void
br_url_append_host(StringInfo out, const BrUrl *url)
{
	appendStringInfoString(out, url->host);
	if (url->port != (url->tls ? 443 : 80))
		appendStringInfo(out, ":%d", url->port);
}
