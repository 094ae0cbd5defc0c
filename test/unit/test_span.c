/*
 * test_span.c
 *		Types, and the text of strings as they stand in a body.
 */
#include "base/br.h"

#include "dynamodb/span.h"
#include "dynamodb/value.h"
#include "tap.h"

/* The span of a JSON string given with its quotes; NULL ptr: not accepted. */
static BrSpan
span_of(const char *json_text, size_t len)
{
	BrJson		json;
	BrSpan		span;

	memset(&span, 0, sizeof(span));
	br_json_init(&json, json_text, json_text + len);
	if (br_json_string(&json, json_text, &span) != json_text + len)
		span.ptr = NULL;
	span.type = BR_TYPE_S;
	return span;
}

static void
types(void)
{
	static const char *const tags[] = {
		NULL, "S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"
	};
	int			i;

	for (i = BR_TYPE_S; i <= BR_TYPE_BS; i++)
	{
		is_str(br_type_name(i), tags[i], "type %d is called %s", i, tags[i]);
		is_int(br_type_from_tag(tags[i], strlen(tags[i])), i, "%s is type %d", tags[i], i);
	}
	is_str(br_type_name(BR_TYPE_ABSENT), "absent", "no type is called absent");
	is_int(br_type_from_tag("absent", 6), BR_TYPE_ABSENT, "absent is no tag");
	is_int(br_type_from_tag("SSx", 2), BR_TYPE_SS, "only len bytes count");
	is_int(br_type_from_tag("BOO", 3), BR_TYPE_ABSENT, "part of a tag is none");
	is_int(br_type_from_tag("s", 1), BR_TYPE_ABSENT, "a tag in lower case is none");
	is_int(br_type_from_tag("", 0), BR_TYPE_ABSENT, "no text is no tag");
}

typedef struct TextCase
{
	const char *json;			/* with its quotes */
	const char *text;			/* NULL: refused */
	const char *message;
} TextCase;

static const TextCase text_cases[] = {
	{"\"\"", "", NULL},
	{"\"plain\"", "plain", NULL},
	{"\"" "a text that is longer than two registers of sixteen bytes" "\"",
	"a text that is longer than two registers of sixteen bytes", NULL},
	{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", NULL},
	{"\"\\\\n\"", "\\n", NULL},
	{"\"\\u0041\\u00e9\\u20ac\\uFfFd\"", "A\xc3\xa9\xe2\x82\xac\xef\xbf\xbd", NULL},
	{"\"a\\uD83D\\uDE00z\"", "a\xf0\x9f\x98\x80z", NULL},
	{"\"\\ud800\\udc00\\udbff\\udfff\"", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", NULL},
	{"\"\xc3\xa9\xf0\x9f\x98\x80\"", "\xc3\xa9\xf0\x9f\x98\x80", NULL},
	{"\"\xc3\xa9\\n\xc3\xa9\"", "\xc3\xa9\n\xc3\xa9", NULL},
	{"\"\x7f\"", "\x7f", NULL},

	{"\"ab\\u0000\"", NULL, "text holds the character U+0000 at byte 2"},
	{"\"\\ud800\"", NULL, "text holds half of a surrogate pair at byte 0"},
	{"\"\\ud800x\"", NULL, "text holds half of a surrogate pair at byte 0"},
	{"\"\\ud800\\n\"", NULL, "text holds half of a surrogate pair at byte 0"},
	{"\"\\ud800\\u0041\"", NULL, "text holds half of a surrogate pair at byte 0"},
	{"\"\\ud800\\ud800\\udc00\"", NULL, "text holds half of a surrogate pair at byte 0"},
	{"\"xyz\\udc00\\ud800\"", NULL, "text holds half of a surrogate pair at byte 3"},
	{"\"ab\xff\"", NULL, "text is not valid UTF-8 at byte 2 (0xff)"},
	{"\"\xc3\"", NULL, "text is not valid UTF-8 at byte 0 (0xc3)"},
	{"\"\xc3\\n\"", NULL, "text is not valid UTF-8 at byte 0 (0xc3)"},
	{"\"\xc0\x80\"", NULL, "text is not valid UTF-8 at byte 0 (0xc0)"},
	{"\"\xed\xa0\x80\"", NULL, "text is not valid UTF-8 at byte 0 (0xed)"},
	{"\"a\xf4\x90\x80\x80\"", NULL, "text is not valid UTF-8 at byte 1 (0xf4)"}
};

static void
texts(void)
{
	StringInfoData scratch;
	size_t		i;

	initStringInfo(&scratch);
	appendStringInfoString(&scratch, "left over from another text");
	for (i = 0; i < lengthof(text_cases); i++)
	{
		const TextCase *c = &text_cases[i];
		BrSpan		span = span_of(c->json, strlen(c->json));
		const char *text = NULL;
		size_t		len = 0;
		BrError		err;
		bool		good;

		if (!ok(span.ptr != NULL, "%s is a JSON string", c->json))
			continue;
		memset(&err, 0, sizeof(err));
		good = br_span_text(&span, &scratch, &text, &len, &err);
		is_int(good, c->text != NULL, "%s is%s text", c->json, c->text ? "" : " no");
		if (good && c->text != NULL)
		{
			is_mem(text, len, c->text, strlen(c->text), "%s means this text", c->json);
			ok(br_span_equals(&span, c->text, strlen(c->text)), "%s equals it", c->json);
			ok(!br_span_equals(&span, c->text, strlen(c->text) + 1), "%s equals no more", c->json);
			ok(len == 0 || !br_span_equals(&span, c->text, len - 1), "%s equals no less", c->json);
		}
		else if (!good)
		{
			is_str(err.message, c->message, "%s: the message", c->json);
			is_int(err.kind, BR_ERR_ENCODING, "%s: the kind of error", c->json);
		}
	}
}

/* The flags of a string are right wherever the byte that sets them stands. */
static void
flags(void)
{
	int			wrong = 0;
	int			len;
	int			at;

	for (len = 1; len <= 70; len++)
	{
		for (at = 0; at < len; at++)
		{
			char		text[80];
			BrSpan		span;

			memset(text, 'x', sizeof(text));
			text[0] = text[len + 1] = '"';
			/* what stands behind the string is not part of it */
			text[len + 2] = '\xe9';
			wrong += span_of(text, len + 2).flags != 0;
			text[1 + at] = '\xe9';
			wrong += span_of(text, len + 2).flags != BR_SPAN_NON_ASCII;
			text[1 + at] = '\x1f';
			wrong += span_of(text, len + 2).ptr != NULL;
			if (at + 1 == len)
				continue;
			text[1 + at] = '\\';
			text[2 + at] = 'n';
			span = span_of(text, len + 2);
			wrong += span.flags != BR_SPAN_ESCAPED || span.len != (uint32) len;
			if (at + 2 == len)
				continue;
			text[3 + at] = '\x80';
			wrong += span_of(text, len + 2).flags != (BR_SPAN_ESCAPED | BR_SPAN_NON_ASCII);
		}
	}
	is_int(wrong, 0, "flags of strings of up to 70 bytes, set by each of them");
}

static void
equality(void)
{
	BrSpan		span = span_of("\"a\\u0000b\"", 10);

	ok(!br_span_equals(&span, "a\0b", 3), "text with U+0000 equals nothing");
	span = span_of("\"\\ud800\"", 8);
	ok(!br_span_equals(&span, "\xed\xa0\x80", 3), "half a surrogate pair equals nothing");
	span = span_of("\"a\\n\"", 5);
	ok(!br_span_equals(&span, "a\\n", 3), "an escape does not equal its spelling");
	ok(!br_span_equals(&span, "a\\", 2), "nor what it begins with");
	span = span_of("\"abc\"", 5);
	ok(!br_span_equals(&span, "abd", 3), "other text of the same length differs");
}

static void
numbers(void)
{
	static const char *const good[] = {
		"0", "7", "-1", "+1", "12.5", ".5", "5.", "-0.001", "1e5", "1E+125", "1.5e-130",
		"00012", "99999999999999999999999999999999999999", "1234567890123456",
		"123456789012345.6", "0.00000000000000000000000001"
	};
	static const char *const bad[] = {
		"", ".", "-", "+", "e5", "1e", "1e+", "1.2.3", "--1", "1-", "abc", "1a", "0x10",
		"NaN", "Infinity", " 1", "1 ", "1,5", "1..", "123456789012345..", "1/2", "1:2"
	};
	char		text[300];
	size_t		i;

	for (i = 0; i < lengthof(good); i++)
		ok(br_is_number(good[i], strlen(good[i])), "%s is a number", good[i]);
	for (i = 0; i < lengthof(bad); i++)
		ok(!br_is_number(bad[i], strlen(bad[i])), "\"%s\" is no number", bad[i]);

	/* the quick look may say no, but never yes where the slow one says no */
	for (i = 0; i < lengthof(bad); i++)
	{
		memset(text, '0', sizeof(text));
		memcpy(text, bad[i], strlen(bad[i]));
		ok(!br_is_plain_number(text, strlen(bad[i]), text + sizeof(text)),
		   "\"%s\" is no plain number", bad[i]);
	}

	memset(text, '1', sizeof(text));
	ok(br_is_number(text, 256), "256 digits are a number");
	ok(!br_is_number(text, 257), "more are too long");
}

int
main(void)
{
	types();
	texts();
	flags();
	equality();
	numbers();
	return done_testing();
}
