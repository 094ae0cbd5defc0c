/*
 * test_fault.c
 *		Error answers: one row for each code, every place a code can stand in,
 *		and bodies that no DynamoDB ever sent.
 */
#include "base/br.h"

#include "dynamodb/fault.h"
#include "fe_alloc.h"
#include "mb/pg_wchar.h"
#include "tap.h"

static BrError
parse(int http_status, const char *error_type, const char *body)
{
	BrError		err;

	memset(&err, 0x7f, sizeof(err));
	if (br_fault_parse(http_status, error_type, body, strlen(body), &err))
		diag("br_fault_parse() returned true");
	return err;
}

/* The answer to a code with the message that goes with it. */
static BrError
parse_message(const char *code, const char *json_message)
{
	return parse(400, NULL, psprintf("{\"__type\":\"com.amazon.coral.service#%s\","
									 "\"message\":\"%s\"}", code, json_message));
}

static void
test_codes(void)
{
	static const struct
	{
		const char *code;
		BrRetryClass retry;
	}			rows[] = {
		{"InternalServerError", BR_RETRY_TRANSIENT},
		{"InternalFailure", BR_RETRY_TRANSIENT},
		{"ServiceUnavailable", BR_RETRY_TRANSIENT},
		{"ServiceUnavailableException", BR_RETRY_TRANSIENT},
		{"RequestTimeout", BR_RETRY_TRANSIENT},
		{"RequestTimeoutException", BR_RETRY_TRANSIENT},
		{"PriorRequestNotComplete", BR_RETRY_TRANSIENT},
		{"ReplicatedWriteConflictException", BR_RETRY_TRANSIENT},
		{"IDPCommunicationError", BR_RETRY_TRANSIENT},
		{"IDPCommunicationErrorException", BR_RETRY_TRANSIENT},
		{"TransactionConflictException", BR_RETRY_TRANSIENT},
		{"ProvisionedThroughputExceeded", BR_RETRY_THROTTLING},
		{"ProvisionedThroughputExceededException", BR_RETRY_THROTTLING},
		{"Throttling", BR_RETRY_THROTTLING},
		{"ThrottlingException", BR_RETRY_THROTTLING},
		{"ThrottledException", BR_RETRY_THROTTLING},
		{"RequestThrottled", BR_RETRY_THROTTLING},
		{"RequestThrottledException", BR_RETRY_THROTTLING},
		{"TooManyRequestsException", BR_RETRY_THROTTLING},
		{"RequestLimitExceeded", BR_RETRY_THROTTLING},
		{"BandwidthLimitExceeded", BR_RETRY_THROTTLING},
		{"LimitExceededException", BR_RETRY_THROTTLING},
		{"SlowDown", BR_RETRY_THROTTLING},
		{"TransactionInProgressException", BR_RETRY_THROTTLING},
		{"RequestTimeTooSkewed", BR_RETRY_CLOCK},
		{"RequestExpired", BR_RETRY_CLOCK},
		{"RequestInTheFuture", BR_RETRY_CLOCK},
		{"ValidationException", BR_RETRY_NEVER},
		{"ResourceNotFoundException", BR_RETRY_NEVER},
		{"AccessDeniedException", BR_RETRY_NEVER},
		{"AccessDenied", BR_RETRY_NEVER},
		{"UnrecognizedClientException", BR_RETRY_NEVER},
		{"ConditionalCheckFailedException", BR_RETRY_NEVER},
		{"ItemCollectionSizeLimitExceededException", BR_RETRY_NEVER},
		{"SerializationException", BR_RETRY_NEVER},
		{"InvalidSignatureException", BR_RETRY_NEVER},
		{"IncompleteSignatureException", BR_RETRY_NEVER},
		{"MissingAuthenticationTokenException", BR_RETRY_NEVER},
		{"ExpiredTokenException", BR_RETRY_NEVER},
		{"ResourceInUseException", BR_RETRY_NEVER},
		{"TransactionCanceledException", BR_RETRY_NEVER},
		{"ThrottlingExceptionality", BR_RETRY_NEVER},
		{"throttling", BR_RETRY_NEVER},
	};
	int			i;

	for (i = 0; i < (int) lengthof(rows); i++)
	{
		BrError		err = parse_message(rows[i].code, "no");

		is_str(err.code, rows[i].code, "%s", rows[i].code);
		is_int(err.retry, rows[i].retry, "%s: worth a retry?", rows[i].code);
		is_int(err.kind, BR_ERR_SERVICE, "%s: the service's error", rows[i].code);
	}
}

static void
test_statuses(void)
{
	static const struct
	{
		int			status;
		BrRetryClass retry;
	}			rows[] = {
		{0, BR_RETRY_NEVER}, {99, BR_RETRY_NEVER}, {204, BR_RETRY_NEVER},
		{301, BR_RETRY_NEVER}, {307, BR_RETRY_NEVER}, {400, BR_RETRY_NEVER},
		{403, BR_RETRY_NEVER}, {404, BR_RETRY_NEVER}, {413, BR_RETRY_NEVER},
		{429, BR_RETRY_THROTTLING}, {500, BR_RETRY_TRANSIENT}, {502, BR_RETRY_TRANSIENT},
		{503, BR_RETRY_TRANSIENT}, {504, BR_RETRY_TRANSIENT}, {520, BR_RETRY_TRANSIENT},
	};
	BrError		err;
	int			i;

	for (i = 0; i < (int) lengthof(rows); i++)
	{
		err = parse(rows[i].status, NULL, "");
		is_int(err.retry, rows[i].retry, "status %d alone: worth a retry?", rows[i].status);
		is_int(err.kind, BR_ERR_PROTOCOL, "status %d alone: no error of the service", rows[i].status);
		is_int(err.http_status, rows[i].status, "status %d alone: kept", rows[i].status);
		is_str(err.message,
			   psprintf("HTTP status %d without an error message of DynamoDB", rows[i].status),
			   "status %d alone: message", rows[i].status);
	}

	err = parse(500, NULL, "{\"__type\":\"ValidationException\"}");
	is_int(err.retry, BR_RETRY_NEVER, "a code that no retry helps goes before the status");
	err = parse(400, NULL, "{\"__type\":\"ThrottlingException\"}");
	is_int(err.retry, BR_RETRY_THROTTLING, "and so does one that a retry helps");
	err = parse(503, NULL, "{\"__type\":\"UnheardOfException\"}");
	is_int(err.retry, BR_RETRY_TRANSIENT, "the status judges a code nobody knows");
	err = parse(429, NULL, "{\"__type\":\"UnheardOfException\"}");
	is_int(err.retry, BR_RETRY_THROTTLING, "429 as well");
	err = parse(500, NULL, "{\"__type\":\"TransactionCanceledException\"}");
	is_int(err.retry, BR_RETRY_NEVER, "of a cancelled transaction the reasons decide, never the status");
}

static void
test_code_places(void)
{
	static const struct
	{
		const char *header;
		const char *body;
		const char *code;
	}			rows[] = {
		{NULL, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#FooException\"}", "FooException"},
		{NULL, "{\"__type\":\"FooException\"}", "FooException"},
		{NULL, "{\"__type\":\"FooException:http://example.com/a#b\"}", "FooException"},
		{NULL, "{\"__type\":\"a.b#FooException:http://example.com/\"}", "FooException"},
		{NULL, "{\"code\":\"FooException\"}", "FooException"},
		{NULL, "{\"code\":\"a.b#FooException\"}", "FooException"},
		{NULL, "{\"__type\":7,\"code\":\"FooException\"}", "FooException"},
		{"FooException", "", "FooException"},
		{"FooException:http://internal.amazon.com/coral/com.amazon.coral.validate/", "", "FooException"},
		{"a.b#FooException:http://example.com/", "<html>", "FooException"},
		{"HeaderException", "{\"__type\":\"BodyException\"}", "BodyException"},
		{"HeaderException", "{\"__type\":\"\"}", "HeaderException"},
		{"HeaderException", "{\"__type\":\"no code at all\"}", "HeaderException"},
		{"HeaderException", "{\"code\":503}", "HeaderException"},
		{NULL, "{\"__type\":\"<b>\"}", ""},
		{NULL, "{\"__type\":\"Foo\\nException\"}", ""},
		{NULL, "{\"__type\":\"a#\"}", ""},
		{NULL, "{\"__type\":\":x\"}", ""},
		{"Caf\xe9", "", ""},
		{"", "", ""},
	};
	char		longest[200];
	int			i;

	for (i = 0; i < (int) lengthof(rows); i++)
	{
		BrError		err = parse(400, rows[i].header, rows[i].body);

		is_str(err.code, rows[i].code, "code of %s %s", rows[i].header != NULL ? rows[i].header : "",
			   rows[i].body);
		is_int(err.kind, rows[i].code[0] != '\0' ? BR_ERR_SERVICE : BR_ERR_PROTOCOL, "its kind");
	}

	memset(longest, 'E', sizeof(longest));
	longest[80] = '\0';
	is_str(parse(400, longest, "").code, "", "80 bytes are too long for a code");
	longest[79] = '\0';
	is_str(parse(400, longest, "").code, longest, "79 bytes are not");
}

static void
test_messages(void)
{
	static const struct
	{
		const char *json;
		const char *message;
	}			rows[] = {
		{"Requested resource not found", "Requested resource not found"},
		{"One or two. Or three.", "One or two. Or three"},
		{"Trailing. . .", "Trailing"},
		{"a\\nb\\r\\n\\tc", "a b c"},
		{"  a   b  ", "a b"},
		{"a\\u0085b\\u2028c\\u2029d", "a b c d"},
		{"a\\u0001\\u001b[31mb\\u007f\\u009fc", "a[31mbc"},
		{"\\u00e4\\u20ac\\ud83d\\ude00", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"},
		{"", "the service gave no reason"},
		{" \\n. ", "the service gave no reason"},
		{"%s%n", "%s%n"},
	};
	BrError		err;
	int			i;

	for (i = 0; i < (int) lengthof(rows); i++)
		is_str(parse_message("ValidationException", rows[i].json).message, rows[i].message,
			   "message %s", rows[i].json);

	err = parse(400, NULL, "{\"__type\":\"ResourceNotFoundException\",\"Message\":\"gone\"}");
	is_str(err.message, "gone", "Message");
	err = parse(400, NULL, "{\"__type\":\"X\",\"message\":null,\"Message\":\"gone\"}");
	is_str(err.message, "gone", "Message beside a message that is none");
	err = parse(400, NULL, "{\"__type\":\"X\",\"message\":{\"a\":1}}");
	is_str(err.message, "the service gave no reason", "a message that is an object");
	err = parse(403, NULL, "{\"message\":\"Forbidden\"}");
	is_str(err.message, "Forbidden", "a message without a code");
	is_int(err.kind, BR_ERR_PROTOCOL, "is no error of the service");
	is_int(err.attempts, 0, "attempts are for others to tell");
	is_str(err.request_id, "", "and so is the request id");
}

/* Messages of every length around the limit, cut between characters. */
static void
test_long_messages(void)
{
	static const char *const characters[] = {"x", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
	BrError		err;
	int			i;

	for (i = 0; i < (int) lengthof(characters); i++)
	{
		int			width = strlen(characters[i]);
		int			shift;

		for (shift = 0; shift < 4; shift++)
		{
			StringInfoData text;
			int			n;
			int			len;

			initStringInfo(&text);
			appendStringInfoString(&text, &"yyyy"[4 - shift]);
			for (n = 0; n < 1000; n++)
				appendStringInfoString(&text, characters[i]);
			err = parse_message("X", text.data);
			len = strlen(err.message);
			is_int(len, shift + ((int) sizeof(err.message) - 1 - shift) / width * width,
				   "%d and 1000 characters of %d bytes: as many as fit", shift, width);
			ok(strncmp(err.message, text.data, len) == 0 &&
			   pg_encoding_verifymbstr(PG_UTF8, err.message, len) == len, "and whole ones");
		}
	}
}

#define NO_MATCH "The request signature we calculated does not match the signature you provided"

static void
test_clock(void)
{
	BrError		err;

	err = parse_message("InvalidSignatureException",
						"Signature expired: 20251124T100000Z is now earlier than "
						"20251124T101500Z (20251124T102000Z - 5 min.)");
	is_int(err.retry, BR_RETRY_CLOCK, "signature expired");
	is_str(err.message, "Signature expired: 20251124T100000Z is now earlier than "
		   "20251124T101500Z (20251124T102000Z - 5 min.)", "its message is kept");
	err = parse_message("InvalidSignatureException",
						"Signature not yet current: 20251124T102000Z is still later than "
						"20251124T101500Z (20251124T101000Z + 5 min.)");
	is_int(err.retry, BR_RETRY_CLOCK, "signature not yet current");
	err = parse_message("InvalidSignatureException", NO_MATCH ". Signature expired");
	is_int(err.retry, BR_RETRY_NEVER, "what comes after the first sentence does not count");
	err = parse_message("ValidationException", "Signature expired: never");
	is_int(err.retry, BR_RETRY_NEVER, "only a signature can be early or late");
}

/* No answer makes us repeat what we signed with. */
static void
check_kept(const char *code, const char *json, const char *message)
{
	static const char *const secrets[] = {
		"SECRETTOKEN", "fe5f80f77d5fa3beca038a248ff027d0", "AKIDEXAMPLE", "host:", "AWS4",
	};
	BrError		err = parse_message(code, json);
	int			i;

	is_str(err.message, message, "%s, cut", code);
	for (i = 0; i < (int) lengthof(secrets); i++)
		ok(strstr(err.message, secrets[i]) == NULL, "no %s", secrets[i]);
}

static void
test_secrets(void)
{
#define CANONICAL \
	"The Canonical String for this request should have been\\n'POST\\n/\\n\\n" \
	"content-type:application/x-amz-json-1.0\\nhost:dynamodb.us-east-1.amazonaws.com\\n" \
	"x-amz-date:20251124T100000Z\\nx-amz-security-token:SECRETTOKEN\\n\\ncontent-type;host;" \
	"x-amz-date;x-amz-security-token\\nfe5f80f77d5fa3beca038a248ff027d0'\\n\\n"
#define TO_SIGN \
	"The String-to-Sign should have been\\n'AWS4-HMAC-SHA256\\n20251124T100000Z\\n" \
	"20251124/us-east-1/dynamodb/aws4_request\\nfe5f80f77d5fa3beca038a248ff027d0'\\n"
#define AUTHORIZATION \
	"Authorization=AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20251124/us-east-1/dynamodb/" \
	"aws4_request, SignedHeaders=host, Signature=fe5f80f77d5fa3beca038a248ff027d0"

	static const char *const echoes[] = {
		"Canonical String", "CANONICAL REQUEST", "String-to-Sign", "string to sign",
		"AWS4-HMAC-SHA256", "X-Amz-Security-Token:", "authorization=", "Authorization:",
		"Credential=", "Signature=",
	};
	int			i;

	check_kept("InvalidSignatureException",
			   NO_MATCH ". Check your AWS Secret Access Key and signing method. "
			   "Consult the service documentation for details.\\n\\n" CANONICAL TO_SIGN, NO_MATCH);
	check_kept("InvalidSignatureException", NO_MATCH "\\n" CANONICAL, NO_MATCH);
	check_kept("InvalidSignatureException", CANONICAL, "The");
	check_kept("SignatureDoesNotMatch", NO_MATCH ". " TO_SIGN, NO_MATCH);
	check_kept("SomethingElseException", NO_MATCH ". More. " CANONICAL TO_SIGN, NO_MATCH);
	check_kept("SomethingElseException", "Odd. " TO_SIGN, "Odd");
	check_kept("IncompleteSignatureException",
			   "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' "
			   "header. " AUTHORIZATION,
			   "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header");
	check_kept("ValidationException", "got " AUTHORIZATION, "got");
	for (i = 0; i < (int) lengthof(echoes); i++)
		check_kept("ValidationException", psprintf("got %s SECRETTOKEN", echoes[i]), "got");
}

static void
check_detail(const char *reasons, const char *detail)
{
	BrError		err = parse(400, NULL, psprintf("{\"__type\":\"ThrottlingException\",%s}", reasons));

	is_str(err.detail, detail, "detail of %s", reasons);
	is_int(err.retry, BR_RETRY_THROTTLING, "which is throttling");
}

static void
test_throttling_reasons(void)
{
#define ARN "arn:aws:dynamodb:us-east-1:123456789012:table/bench"
#define KEY_RANGE "\"reason\":\"IndexReadKeyRangeThroughputExceeded\""
	BrError		err;
	StringInfoData many;
	int			i;

	check_detail("\"ThrottlingReasons\":[{" KEY_RANGE ",\"resource\":\"" ARN "/index/ConfigIndex\"}]",
				 "IndexReadKeyRangeThroughputExceeded, index ConfigIndex");
	check_detail("\"throttlingReasons\":[{\"reason\":\"TableReadAccountLimitExceeded\","
				 "\"resource\":\"" ARN "\"}," "{" KEY_RANGE "}]",
				 "TableReadAccountLimitExceeded, table bench; IndexReadKeyRangeThroughputExceeded");
	check_detail("\"ThrottlingReasons\":[{" KEY_RANGE ",\"resource\":\"something\"}]",
				 "IndexReadKeyRangeThroughputExceeded, something");
	check_detail("\"ThrottlingReasons\":[{\"reason\":\"a\\nb\\u0001\"},{\"reason\":\"c\"}]", "a b; c");
	check_detail("\"ThrottlingReasons\":[]", "");
	check_detail("\"ThrottlingReasons\":[7,{},{\"reason\":null},{\"resource\":\"" ARN "\"}]", "");
	check_detail("\"ThrottlingReasons\":\"many\"", "");
	check_detail("\"message\":\"slow down\"", "");

	initStringInfo(&many);
	appendStringInfoString(&many, "{\"__type\":\"X\",\"ThrottlingReasons\":[");
	for (i = 0; i < 100; i++)
		appendStringInfo(&many, "%s{\"reason\":\"\xe2\x82\xac\"}", i > 0 ? "," : "");
	appendStringInfoString(&many, "]}");
	err = parse(400, NULL, many.data);
	is_int(strlen(err.detail), 238, "a hundred reasons, cut after a whole character");
	is_int(pg_encoding_verifymbstr(PG_UTF8, err.detail, 238), 238, "as valid UTF-8");
}

/* What a proxy, a stranger or an enemy may answer. */
static void
test_hostile_bodies(void)
{
	static const char *const bodies[] = {
		"", " ", "null", "7", "\"x\"", "[]", "{}", "[{\"__type\":\"X\"}]", "{\"__type\":",
		"<html><head><title>503 Service Temporarily Unavailable</title></head></html>",
		"{\"__type\":\"X\",\"message\":\"a\xff\"}", "\xef\xbb\xbf{\"__type\":\"X\"}",
		"{\"__type\":\"X\\u0000Y\"}", "{\"__type\":\"X\",\"message\":\"\\ud800\"}",
		"{\"__type\":[\"X\"]}", "{\"__type\":{\"__type\":\"X\"}}",
	};
	size_t		len = 3 * 1024 * 1024;
	char	   *large = palloc(len + 1);
	BrError		err;
	int			i;

	for (i = 0; i < (int) lengthof(bodies); i++)
	{
		err = parse(503, NULL, bodies[i]);
		is_str(err.code, "", "no code in %s", bodies[i]);
		is_str(err.message, "HTTP status 503 without an error message of DynamoDB", "nor a message");
		is_int(err.retry, BR_RETRY_TRANSIENT, "but a retry may help");
		err = parse(400, "FooException", bodies[i]);
		is_str(err.code, "FooException", "the header's code counts");
		is_str(err.message, "the service gave no reason", "with no message");
	}

	memset(large, '[', len);
	br_fault_parse(503, NULL, large, 900000, &err);
	is_int(err.retry, BR_RETRY_TRANSIENT, "a body nested 900,000 deep");
	memset(large, ' ', len);
	memcpy(large + len - 14, "{\"__type\":\"X\"}", 14);
	br_fault_parse(503, NULL, large, len, &err);
	is_str(err.code, "", "a body of three megabytes is not read");
	br_fault_parse(503, NULL, large + len - 15, 15, &err);
	is_str(err.code, "X", "its end would be");
	br_fault_parse(503, NULL, NULL, 0, &err);
	is_int(err.retry, BR_RETRY_TRANSIENT, "no body at all");
}

/* Nothing is allocated where nothing may throw. */
static void
test_no_allocation(void)
{
	static const char body[] = "{\"__type\":\"a#ThrottlingException\",\"message\":\"slow down\","
		"\"throttlingReasons\":[{\"reason\":\"r\",\"resource\":\":table/t\"}]}";
	size_t		before = fe_blocks();
	BrError		err;

	br_fault_parse(400, NULL, body, strlen(body), &err);
	is_int(fe_blocks() - before, 0, "no block was allocated");
	is_str(err.detail, "r, table t", "though all was read");
}

int
main(void)
{
	test_codes();
	test_statuses();
	test_code_places();
	test_messages();
	test_long_messages();
	test_clock();
	test_secrets();
	test_throttling_reasons();
	test_hostile_bodies();
	test_no_allocation();
	return done_testing();
}
