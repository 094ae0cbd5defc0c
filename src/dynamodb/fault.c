/*
 * fault.c
 *		Reading error answers: which error, in which words, and worth a retry?
 *
 * Also decides what of the service's words may be passed on.  AWS repeats the
 * request it was sent, session token and signature included, in its messages
 * about wrong signatures; that never gets past this file.
 *
 * Runs inside the pumping of transfers, where nothing may throw: it allocates
 * nothing, and so the JSON document needs no owner either.
 */
#include "base/br.h"

#include <jansson.h>

#include "dynamodb/fault.h"
#include "mb/pg_wchar.h"

/*
 * Real ones have some hundred bytes, with an item that failed a condition some
 * hundred thousand.  A parsed document takes many times the memory of its text.
 */
#define MAX_ERROR_BODY	(1024 * 1024)

#define CODE_CHARACTERS \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

/*
 * By the code without a final "Exception".  Codes that are not listed are
 * judged by the HTTP status; NEVER stands here for what no status makes
 * retryable.
 */
static const struct
{
	const char *code;
	BrRetryClass retry;
}			known_codes[] = {
	{"InternalServerError", BR_RETRY_TRANSIENT},
	{"InternalFailure", BR_RETRY_TRANSIENT},
	{"ServiceUnavailable", BR_RETRY_TRANSIENT},
	{"RequestTimeout", BR_RETRY_TRANSIENT},
	{"PriorRequestNotComplete", BR_RETRY_TRANSIENT},
	{"ReplicatedWriteConflict", BR_RETRY_TRANSIENT},
	{"IDPCommunicationError", BR_RETRY_TRANSIENT},
	{"TransactionConflict", BR_RETRY_TRANSIENT},

	{"ProvisionedThroughputExceeded", BR_RETRY_THROTTLING},
	{"Throttling", BR_RETRY_THROTTLING},
	{"Throttled", BR_RETRY_THROTTLING},
	{"RequestThrottled", BR_RETRY_THROTTLING},
	{"TooManyRequests", BR_RETRY_THROTTLING},
	{"RequestLimitExceeded", BR_RETRY_THROTTLING},
	{"BandwidthLimitExceeded", BR_RETRY_THROTTLING},
	{"LimitExceeded", BR_RETRY_THROTTLING},
	{"SlowDown", BR_RETRY_THROTTLING},
	{"TransactionInProgress", BR_RETRY_THROTTLING},

	{"RequestTimeTooSkewed", BR_RETRY_CLOCK},
	{"RequestExpired", BR_RETRY_CLOCK},
	{"RequestInTheFuture", BR_RETRY_CLOCK},

	{"Validation", BR_RETRY_NEVER},
	{"ResourceNotFound", BR_RETRY_NEVER},
	{"AccessDenied", BR_RETRY_NEVER},
	{"UnrecognizedClient", BR_RETRY_NEVER},
	{"ConditionalCheckFailed", BR_RETRY_NEVER},
	{"ItemCollectionSizeLimitExceeded", BR_RETRY_NEVER},
	{"Serialization", BR_RETRY_NEVER},
	{"TransactionCanceled", BR_RETRY_NEVER},	/* its reasons decide: write.h */
};

/* Where a message begins to repeat the request. */
static const char *const echoes[] = {
	"canonical string", "canonical request", "string-to-sign", "string to sign",
	"aws4-hmac-sha256", "x-amz-security-token", "authorization=", "authorization:",
	"credential=", "signature=",
};

/* The offset of a text in another, regardless of case; len if it is not there. */
static size_t
find_text(const char *text, size_t len, const char *wanted)
{
	size_t		wanted_len = strlen(wanted);
	size_t		i;

	for (i = 0; i + wanted_len <= len; i++)
	{
		if (pg_strncasecmp(text + i, wanted, wanted_len) == 0)
			return i;
	}
	return len;
}

/* Unlike isspace(), the same in every locale. */
static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The length of the first sentence, without its period. */
static size_t
first_sentence(const char *text, size_t len)
{
	size_t		i;

	for (i = 0; i < len; i++)
	{
		if (text[i] == '\n' ||
			(text[i] == '.' && (i + 1 == len || is_space(text[i + 1]))))
			return i;
	}
	return len;
}

/* How much of a text of the service may be passed on. */
static size_t
sayable_length(const char *text, size_t len)
{
	size_t		until = len;
	int			i;

	for (i = 0; i < (int) lengthof(echoes); i++)
		until = Min(until, find_text(text, len, echoes[i]));
	return until == len ? len : Min(until, first_sentence(text, len));
}

/* A space, a tab, a line's end in ASCII, or U+0085, U+2028 or U+2029. */
static bool
is_blank(const char *character, int len)
{
	return (len == 1 && is_space(*character)) ||
		(len == 2 && memcmp(character, "\xc2\x85", 2) == 0) ||
		(len == 3 && (memcmp(character, "\xe2\x80\xa8", 3) == 0 ||
					  memcmp(character, "\xe2\x80\xa9", 3) == 0));
}

/* U+0000 to U+001F and U+007F to U+009F. */
static bool
is_control(const char *character, int len)
{
	const unsigned char *c = (const unsigned char *) character;

	return (len == 1 && (c[0] < 0x20 || c[0] == 0x7f)) ||
		(len == 2 && c[0] == 0xc2 && c[1] < 0xa0);
}

/*
 * Appends to the text in a buffer what may be said of another: whole characters
 * as far as they fit, each stretch of blanks as one, without control characters.
 */
static void
append_line(char *buffer, size_t size, const char *text, size_t len)
{
	size_t		used = strlen(buffer);
	const char *end = text + sayable_length(text, len);

	while (text < end)
	{
		int			n = pg_encoding_verifymbchar(PG_UTF8, text, end - text);
		const char *character = text;

		if (n < 1)
			break;				/* cannot happen: jansson refuses what is not UTF-8 */
		text += n;
		if (is_blank(character, n))
		{
			if (used == 0 || buffer[used - 1] == ' ')
				continue;
			character = " ";
			n = 1;
		}
		else if (is_control(character, n))
			continue;
		if (used + n >= size)
			break;
		memcpy(buffer + used, character, n);
		used += n;
	}
	buffer[used] = '\0';
}

static void
trim_end(char *line)
{
	size_t		len = strlen(line);

	while (len > 0 && strchr(" .,;", line[len - 1]) != NULL)
		line[--len] = '\0';
}

/*
 * The bare name in "namespace#Name:url".  The code stays empty if that is no
 * name.
 */
static void
read_code(const char *type, char *code, size_t size)
{
	size_t		len = strcspn(type, ":");
	const char *hash = memchr(type, '#', len);

	if (hash != NULL)
	{
		len -= hash + 1 - type;
		type = hash + 1;
	}
	if (len >= size || strspn(type, CODE_CHARACTERS) < len)
		return;
	memcpy(code, type, len);
	code[len] = '\0';
}

/* The first of these members that is a string; NULL if none is. */
static const json_t *
find_string(const json_t *object, const char *name, const char *other)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_string(value))
		value = json_object_get(object, other);
	return json_is_string(value) ? value : NULL;
}

/* ", index I" or ", table T" from .../table/T/index/I, else all of the text. */
static void
append_resource(char *detail, size_t size, const char *arn)
{
	static const struct
	{
		const char *before;
		const char *label;
	}			kinds[] = {{"/index/", "index "}, {":table/", "table "}};
	int			i;

	append_line(detail, size, ", ", 2);
	for (i = 0; i < (int) lengthof(kinds); i++)
	{
		const char *found = strstr(arn, kinds[i].before);

		if (found != NULL)
		{
			append_line(detail, size, kinds[i].label, strlen(kinds[i].label));
			arn = found + strlen(kinds[i].before);
			break;
		}
	}
	append_line(detail, size, arn, strlen(arn));
}

/* "IndexReadKeyRangeThroughputExceeded, index ConfigIndex; ..." */
static void
read_throttling(const json_t *root, char *detail, size_t size)
{
	const json_t *reasons = json_object_get(root, "ThrottlingReasons");
	const json_t *entry;
	size_t		i;

	/* ThrottlingException, alone among its kind, spells it in this way */
	if (reasons == NULL)
		reasons = json_object_get(root, "throttlingReasons");
	json_array_foreach(reasons, i, entry)
	{
		const char *reason = json_string_value(json_object_get(entry, "reason"));
		const char *resource = json_string_value(json_object_get(entry, "resource"));

		if (reason == NULL)
			continue;
		if (detail[0] != '\0')
			append_line(detail, size, "; ", 2);
		append_line(detail, size, reason, strlen(reason));
		if (resource != NULL)
			append_resource(detail, size, resource);
	}
	trim_end(detail);
}

static void
read_message(const json_t *root, BrError *err)
{
	const json_t *message = find_string(root, "message", "Message");

	if (message != NULL)
	{
		const char *text = json_string_value(message);
		size_t		len = json_string_length(message);

		/* whatever follows in a message about a signature is an echo of ours */
		if (strstr(err->code, "Signature") != NULL)
			len = first_sentence(text, len);
		append_line(err->message, sizeof(err->message), text, len);
		trim_end(err->message);
	}
	if (err->message[0] != '\0')
		return;
	if (err->kind == BR_ERR_SERVICE)
		snprintf(err->message, sizeof(err->message), "the service gave no reason");
	else
		snprintf(err->message, sizeof(err->message),
				 "HTTP status %d without an error message of DynamoDB", err->http_status);
}

static bool
is_code(const char *code, const char *known)
{
	size_t		len = strlen(known);

	return strncmp(code, known, len) == 0 &&
		(code[len] == '\0' || strcmp(code + len, "Exception") == 0);
}

static BrRetryClass
classify(const BrError *err)
{
	int			i;

	for (i = 0; i < (int) lengthof(known_codes); i++)
	{
		if (is_code(err->code, known_codes[i].code))
			return known_codes[i].retry;
	}
	if (is_code(err->code, "InvalidSignature"))
		return strstr(err->message, "Signature expired") != NULL ||
			strstr(err->message, "not yet current") != NULL
			? BR_RETRY_CLOCK : BR_RETRY_NEVER;
	if (err->http_status == 429)
		return BR_RETRY_THROTTLING;
	return err->http_status >= 500 ? BR_RETRY_TRANSIENT : BR_RETRY_NEVER;
}

bool
br_fault_parse(int http_status, const char *error_type,
			   const char *body, size_t len, BrError *err)
{
	json_t	   *root = len <= MAX_ERROR_BODY ? json_loadb(body, len, 0, NULL) : NULL;
	const json_t *type = find_string(root, "__type", "code");

	memset(err, 0, sizeof(*err));
	err->http_status = http_status;
	if (type != NULL)
		read_code(json_string_value(type), err->code, sizeof(err->code));
	if (err->code[0] == '\0' && error_type != NULL)
		read_code(error_type, err->code, sizeof(err->code));
	err->kind = err->code[0] != '\0' ? BR_ERR_SERVICE : BR_ERR_PROTOCOL;
	read_message(root, err);
	read_throttling(root, err->detail, sizeof(err->detail));
	err->retry = classify(err);
	json_decref(root);
	return false;
}
