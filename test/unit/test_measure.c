/*
 * test_measure.c
 *		Items that the service takes, and those that it does not.
 */
#include "base/br.h"

#include <time.h>

#include "dynamodb/measure.h"
#include "fe_alloc.h"
#include "guarded.h"
#include "tap.h"

/* "" if the item is taken, else "kind: message". */
static const char *
checked(const char *item)
{
	BrSpan		span = {.len = strlen(item), .type = BR_TYPE_M};
	BrError		err;
	size_t		before;
	bool		good;

	span.ptr = guarded_copy(item, span.len);
	memset(&err, 0x55, sizeof(err));
	before = fe_blocks();
	good = br_item_check(&span, &err);
	if (good && fe_blocks() != before)
		ok(false, "memory is left");
	return good ? "" : psprintf("%d: %s", err.kind, err.message);
}

static char *
repeated(const char *text, int n)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i < n; i++)
		appendStringInfoString(&out, text);
	return out.data;
}

static void
test_values(void)
{
	static const struct
	{
		const char *item;
		const char *expected;
	}			cases[] = {
		{"{}", ""},
		{"{\"a\":{\"S\":\"\"},\"b\":{\"N\":\"-1.5E+3\"},\"c\":{\"B\":\"AAE=\"},\"d\":{\"BOOL\":true},\"e\":{\"NULL\":true},"
			"\"f\":{\"M\":{}},\"g\":{\"L\":[]},\"h\":{\"SS\":[\"\",\"a\"]},\"i\":{\"NS\":[\"1\",\"2\"]},\"j\":{\"BS\":[\"AA==\"]}}", ""},
		{"{\"n\":{\"N\":\"12345678901234567890123456789012345678\"}}", ""},
		{"{\"n\":{\"N\":\"0.00012345678901234567890123456789012345678000\"}}", ""},
		{"{\"n\":{\"N\":\"-9.9999999999999999999999999999999999999E+125\"}}", ""},
		{"{\"n\":{\"N\":\"1e-130\"}}", ""},
		{"{\"n\":{\"N\":\"0e99999999999999999999\"}}", ""},
		{"{\"n\":{\"N\":\"+1\"}}", ""},
		{"{\"l\":{\"L\":[{\"N\":\"1\"},{\"N\":\"1.0\"}]}}", ""},

		{"{\"n\":{\"N\":\"123456789012345678901234567890123456789\"}}",
		"9: attribute \"n\": a number of more than 38 digits, or too large or too small"},
		{"{\"n\":{\"N\":\"1e126\"}}", "9: attribute \"n\": a number of more than 38 digits, or too large or too small"},
		{"{\"n\":{\"N\":\"1e-131\"}}", "9: attribute \"n\": a number of more than 38 digits, or too large or too small"},
		{"{\"n\":{\"N\":\"1e99999999999999999999\"}}",
		"9: attribute \"n\": a number of more than 38 digits, or too large or too small"},
		{"{\"m\":{\"M\":{\"x\":{\"L\":[{\"S\":\"\"},{\"NS\":[\"1\",\"1e200\"]}]}}}}",
		"9: attribute \"m.x[1]\": a number of more than 38 digits, or too large or too small"},
		{"{\"b\":{\"B\":\"!\"}}", "9: attribute \"b\": a binary that is not base64"},
		{"{\"b\":{\"BS\":[\"AA==\",\"A\"]}}", "9: attribute \"b\": a binary that is not base64"},
		{"{\"s\":{\"SS\":[]}}", "9: attribute \"s\": a set without members"},
		{"{\"a\":{\"S\":\"\"},\"l\":{\"L\":[{\"M\":{\"k\":{\"NS\":[ ]}}}]}}", "9: attribute \"l[0].k\": a set without members"},
		{"{\"s\":{\"BS\":[]}}", "9: attribute \"s\": a set without members"},
		{"{\"s\":{\"SS\":[\"a\",\"b\",\"\\u0061\"]}}", "9: attribute \"s\": a set with the same member twice"},
		{"{\"s\":{\"NS\":[\"1\",\"2\",\"1.0\"]}}", "9: attribute \"s\": a set with the same member twice"},
		{"{\"s\":{\"BS\":[\"AA==\",\"AA\\u003d=\"]}}", "9: attribute \"s\": a set with the same member twice"},
		{"{\"a.b\":{\"M\":{\"\\u0063\":{\"SS\":[]}}}}", "9: attribute \"\"a.b\".c\": a set without members"},
		{"{\"a\":{\"S\":\"\xff\"}}", "10: attribute \"a\": text is not valid UTF-8 at byte 0 (0xff)"},
		{"{\"a\":{\"SS\":[\"\\ud800\"]}}", "10: attribute \"a\": text holds half of a surrogate pair at byte 0"},
		{"{\"a\":{\"M\":{\"x\xff\":{\"S\":\"\"}}}}", "10: attribute \"a.x\": text is not valid UTF-8 at byte 1 (0xff)"},
		{"{\"\":{\"S\":\"x\"}}", "9: attribute \"\"\"\": an empty name"},
		{"{\"m\":{\"M\":{\"a\":{\"M\":{\"\":{\"S\":\"x\"}}}}}}", "9: attribute \"m.a.\"\"\": an empty name"},
		{"{\"a\":{\"M\":{\"x\":{\"S\":1}}}}", "6: malformed attribute \"x\": expected a string"},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
		is_str(checked(cases[i].item), cases[i].expected, "%s", cases[i].item);
}

/* An item of one attribute "a" with so many maps or lists in one another. */
static const char *
nested(const char *open, const char *close, int n)
{
	return psprintf("{\"a\":%s{\"N\":\"1\"}%s}", repeated(open, n), repeated(close, n));
}

static void
test_levels(void)
{
	const char *message;

	is_str(checked(nested("{\"M\":{\"m\":", "}}", 31)), "", "an item of 32 levels, by maps");
	is_str(checked(nested("{\"L\":[", "]}", 31)), "", "and by lists");
	message = checked(nested("{\"M\":{\"m\":", "}}", 32));
	is_str(message, psprintf("11: attribute \"a%s\": it is nested more than 32 levels deep", repeated(".m", 31)),
		   "one map more");
	message = checked(nested("{\"L\":[", "]}", 32));
	is_str(message, psprintf("11: attribute \"a%s\": it is nested more than 32 levels deep", repeated("[0]", 31)),
		   "one list more");
	message = checked(nested("{\"L\":[", "]}", 60));
	is_str(message, psprintf("11: attribute \"a%s\": it is nested more than 32 levels deep", repeated("[0]", 31)),
		   "many more");
}

/* A message shows a long path in part, and in whole characters. */
static void
test_long_path(void)
{
	const char *name = repeated("\xe2\x82\xac", 100);

	is_str(checked(psprintf("{\"%s\":{\"SS\":[]}}", name)),
		   psprintf("9: attribute \"%.198s...\": a set without members", name), "a long name");
}

/* The item's size by the limit: the greatest text that fits beside what is given. */
static int
size_of(const char *attributes)
{
	int			low = 0;
	int			high = BR_MAX_ITEM_BYTES + 1;
	char	   *text = repeated("x", high);

	/* with low it fits, with high it does not */
	while (high - low > 1)
	{
		int			middle = (low + high) / 2;

		if (*checked(psprintf("{%s%s\"p\":{\"S\":\"%.*s\"}}", attributes, *attributes ? "," : "", middle, text)) == '\0')
			low = middle;
		else
			high = middle;
	}
	fe_reset();
	return BR_MAX_ITEM_BYTES - 1 - low;
}

static void
test_sizes(void)
{
	static const struct
	{
		const char *attributes;
		int			size;
	}			cases[] = {
		{"", 0},
		{"\"name\":{\"S\":\"text\"}", 8},
		{"\"n\\u00e9\":{\"S\":\"\xe2\x82\xac\\u20ac\\n\"}", 10},
		{"\"n\":{\"B\":\"AAECAw==\"}", 5},
		{"\"n\":{\"BOOL\":false}", 2},
		{"\"n\":{\"NULL\":true}", 2},
		{"\"n\":{\"N\":\"0\"}", 2},
		{"\"n\":{\"N\":\"7\"}", 3},
		{"\"n\":{\"N\":\"-001234.50\"}", 6},
		{"\"n\":{\"N\":\"1200000\"}", 4},
		{"\"n\":{\"M\":{}}", 4},
		{"\"n\":{\"M\":{\"ab\":{\"S\":\"x\"},\"c\":{\"S\":\"\"}}}", 10},
		{"\"n\":{\"L\":[{\"S\":\"x\"},{\"L\":[]},{\"BOOL\":true}]}", 12},
		{"\"n\":{\"SS\":[\"ab\",\"c\"]}", 4},
		{"\"n\":{\"NS\":[\"12\",\"-345.0\"]}", 7},
		{"\"n\":{\"BS\":[\"AAE=\"]}", 3},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
		is_int(size_of(cases[i].attributes), cases[i].size, "bytes of {%s}", cases[i].attributes);
	is_str(checked(psprintf("{\"a\":{\"S\":\"xyz\"},\"big\":{\"M\":{\"t\":{\"S\":\"%s\"}}},\"c\":{\"S\":\"x\"}}",
							repeated("y", 409600))),
		   "11: an item of 409614 bytes is more than the 409600 that DynamoDB stores; "
		   "its largest attribute is \"big\" with 409605 bytes", "the largest attribute is told");
}

/* Seconds for an item with a set of n members. */
static double
seconds_for(const char *format, int n)
{
	clock_t		start;
	StringInfoData set;
	const char *result;
	double		seconds;

	initStringInfo(&set);
	for (int i = 0; i < n; i++)
		appendStringInfo(&set, "%s\"%d\"", i > 0 ? "," : "", (int) ((int64) i * 7919 % n));
	start = clock();
	result = checked(psprintf(format, set.data));
	seconds = (double) (clock() - start) / CLOCKS_PER_SEC;
	is_str(result, "", "a set of %d members", n);
	fe_reset();
	return seconds;
}

static void
test_large(void)
{
	static const char *const formats[] = {"{\"s\":{\"SS\":[%s]}}", "{\"s\":{\"NS\":[%s]}}"};

	for (size_t i = 0; i < lengthof(formats); i++)
	{
		double		small = Max(seconds_for(formats[i], 2500), 0.001);
		double		large = seconds_for(formats[i], 50000);

		ok(large < 100 * small, "20 times the members take %.0f times as long", large / small);
	}
}

int
main(void)
{
	test_values();
	test_levels();
	test_long_path();
	test_sizes();
	test_large();
	return done_testing();
}
