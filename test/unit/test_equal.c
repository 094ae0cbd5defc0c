/*
 * test_equal.c
 *		Values that mean the same, values that do not, and finding one in an item.
 */
#include "base/br.h"

#include <time.h>

#include "common/pg_prng.h"
#include "dynamodb/equal.h"
#include "fe_alloc.h"
#include "guarded.h"
#include "tap.h"

static BrSpan
span_of(const char *json)
{
	size_t		len = strlen(json);
	BrSpan		span;
	BrError		err;

	memset(&span, 0x55, sizeof(span));
	if (!br_value_span(guarded_copy(json, len), len, &span, &err))
		ok(false, "%s: %s", json, err.message);
	return span;
}

static bool
equal(const char *a, const char *b)
{
	BrSpan		left = span_of(a);
	BrSpan		right = span_of(b);
	size_t		before = fe_blocks();
	bool		same = br_values_equal(&left, &right);

	if (same != br_values_equal(&right, &left))
		ok(false, "%s and %s: either way round", a, b);
	if (fe_blocks() != before)
		ok(false, "%s and %s: memory is left", a, b);
	return same;
}

static void
test_equal(void)
{
	static const char *const same[][2] = {
		{"{\"S\":\"x\"}", " { \"S\" : \"x\" } "},
		{"{\"S\":\"A\"}", "{\"S\":\"\\u0041\"}"},
		{"{\"S\":\"\\u000a/\"}", "{\"S\":\"\\n\\/\"}"},
		{"{\"S\":\"\\ud83d\\ude00\"}", "{\"S\":\"\xf0\x9f\x98\x80\"}"},
		{"{\"N\":\"1\"}", "{\"N\":\"1.0\"}"},
		{"{\"N\":\"1\"}", "{\"N\":\"1E0\"}"},
		{"{\"N\":\"1\"}", "{\"N\":\"+1\"}"},
		{"{\"N\":\"0\"}", "{\"N\":\"-0.00\"}"},
		{"{\"N\":\"-1200\"}", "{\"N\":\"-1.2e+3\"}"},
		{"{\"N\":\"0.00012\"}", "{\"N\":\"12E-5\"}"},
		{"{\"B\":\"AAE=\"}", "{\"B\":\"AAE\\u003d\"}"},
		{"{\"BOOL\":true}", "{\"BOOL\":true}"},
		{"{\"NULL\":true}", "{\"NULL\": true }"},
		{"{\"L\":[]}", "{\"L\":[ ]}"},
		{"{\"L\":[{\"N\":\"1\"},{\"S\":\"x\"}]}", "{\"L\":[{\"N\":\"1.0\"}, {\"S\":\"x\"}]}"},
		{"{\"M\":{}}", "{\"M\":{ }}"},
		{"{\"M\":{\"a\":{\"N\":\"1\"},\"b\":{\"S\":\"\"}}}", "{\"M\":{\"b\":{\"S\":\"\"},\"\\u0061\":{\"N\":\"1.0\"}}}"},
		{"{\"M\":{\"ab\":{\"N\":\"1\"},\"a\":{\"N\":\"2\"},\"abc\":{\"N\":\"3\"}}}",
		"{\"M\":{\"abc\":{\"N\":\"3\"},\"a\":{\"N\":\"2\"},\"ab\":{\"N\":\"1\"}}}"},
		{"{\"SS\":[\"a\",\"b\",\"\"]}", "{\"SS\":[\"\",\"b\",\"\\u0061\"]}"},
		{"{\"NS\":[\"1\",\"20\",\"-3\"]}", "{\"NS\":[\"-3.0\",\"1E0\",\"2e1\"]}"},
		{"{\"BS\":[\"AAE=\",\"\"]}", "{\"BS\":[\"\",\"AAE=\"]}"},
		{"{\"M\":{\"m\":{\"M\":{\"l\":{\"L\":[{\"NS\":[\"1\",\"2\"]}]},\"x\":{\"NULL\":true}}}}}",
		"{\"M\":{\"m\":{\"M\":{\"x\":{\"NULL\":true},\"l\":{\"L\":[{\"NS\":[\"2\",\"1\"]}]}}}}}"},
		/* the same bytes, whatever they are */
		{"{\"S\":\"\\ud800\"}", "{\"S\":\"\\ud800\"}"},
		{"{\"L\":[7]}", "{\"L\":[7]}"},
	};

	for (size_t i = 0; i < lengthof(same); i++)
		ok(equal(same[i][0], same[i][1]), "%s and %s", same[i][0], same[i][1]);
}

static void
test_different(void)
{
	static const char *const differ[][2] = {
		{"{\"S\":\"x\"}", "{\"S\":\"y\"}"},
		{"{\"S\":\"x\"}", "{\"S\":\"xx\"}"},
		{"{\"S\":\"\"}", "{\"S\":\"\\u0041\"}"},
		{"{\"S\":\"\\n\"}", "{\"S\":\"\\t\"}"},
		{"{\"S\":\"\\n\"}", "{\"S\":\"n\"}"},
		{"{\"S\":\"1\"}", "{\"N\":\"1\"}"},
		{"{\"S\":\"AA==\"}", "{\"B\":\"AA==\"}"},
		{"{\"N\":\"1\"}", "{\"N\":\"10\"}"},
		{"{\"N\":\"1\"}", "{\"N\":\"-1\"}"},
		{"{\"N\":\"12345678901234567890123456789012345678\"}", "{\"N\":\"12345678901234567890123456789012345679\"}"},
		{"{\"B\":\"AAE=\"}", "{\"B\":\"AAI=\"}"},
		{"{\"B\":\"!\"}", "{\"B\":\"?\"}"},
		{"{\"BOOL\":true}", "{\"BOOL\":false}"},
		{"{\"BOOL\":true}", "{\"NULL\":true}"},
		{"{\"L\":[{\"N\":\"1\"},{\"N\":\"2\"}]}", "{\"L\":[{\"N\":\"2\"},{\"N\":\"1\"}]}"},
		{"{\"L\":[{\"N\":\"1\"}]}", "{\"L\":[{\"N\":\"1\"},{\"N\":\"2\"}]}"},
		{"{\"L\":[]}", "{\"M\":{}}"},
		{"{\"M\":{\"a\":{\"N\":\"1\"}}}", "{\"M\":{}}"},
		{"{\"M\":{\"a\":{\"N\":\"1\"}}}", "{\"M\":{\"b\":{\"N\":\"1\"}}}"},
		{"{\"M\":{\"a\":{\"N\":\"1\"},\"b\":{\"N\":\"2\"}}}", "{\"M\":{\"a\":{\"N\":\"2\"},\"b\":{\"N\":\"1\"}}}"},
		{"{\"M\":{\"a\":{\"N\":\"1\"},\"b\":{\"N\":\"2\"}}}", "{\"M\":{\"a\":{\"N\":\"1\"},\"c\":{\"N\":\"2\"}}}"},
		{"{\"SS\":[\"a\",\"b\"]}", "{\"SS\":[\"a\",\"c\"]}"},
		{"{\"SS\":[\"a\"]}", "{\"SS\":[\"a\",\"b\"]}"},
		{"{\"SS\":[\"1\"]}", "{\"NS\":[\"1\"]}"},
		{"{\"SS\":[\"1\"]}", "{\"SS\":[\"1.0\"]}"},
		/* what is no set, map, text or value */
		{"{\"SS\":[\"a\",\"a\"]}", "{\"SS\":[\"a\",\"\\u0061\"]}"},
		{"{\"M\":{\"a\":{\"N\":\"1\"},\"a\":{\"N\":\"2\"}}}", "{\"M\":{\"a\":{\"N\":\"2\"},\"a\":{\"N\":\"1\"}}}"},
		{"{\"S\":\"\\ud800\"}", "{\"S\":\"\\uD800\"}"},
		{"{\"SS\":[\"\\ud800\",\"a\"]}", "{\"SS\":[\"a\",\"\\ud800\"]}"},
		{"{\"L\":[7]}", "{\"L\":[ 7]}"},
		{"{\"M\":{\"a\":7}}", "{\"M\":{ \"a\":7}}"},
		{"{\"NS\":[\"x\"]}", "{\"NS\":[ \"x\"]}"},
	};
	BrSpan		absent = {.type = BR_TYPE_ABSENT};
	BrSpan		empty = span_of("{\"S\":\"\"}");

	for (size_t i = 0; i < lengthof(differ); i++)
		ok(!equal(differ[i][0], differ[i][1]), "%s is not %s", differ[i][0], differ[i][1]);
	ok(br_values_equal(&absent, &absent), "nothing is nothing");
	ok(!br_values_equal(&absent, &empty) && !br_values_equal(&empty, &absent), "an empty text is something");
}

static void
test_span(void)
{
	static const struct
	{
		const char *json;
		const char *message;
	}			cases[] = {
		{"", "malformed value: it ends too early at byte 0"},
		{"7", "malformed value: expected an object at byte 0"},
		{"{}", "malformed value: a value without a type at byte 1"},
		{"{\"S\":\"x\"", "malformed value: it ends too early at byte 8"},
		{"{\"S\":\"x\"} {", "malformed value: something follows its end at byte 10"},
		{"{\"S\":\"x\",\"N\":\"1\"}", "malformed value: a value of more than one type at byte 8"},
		{"{\"N\":\"x\"}", "malformed value: an N that is no number at byte 5"},
	};
	BrSpan		span = span_of("{\"S\":\"\\n\xc3\xa9\"}");
	BrError		err;

	is_int(span.type, BR_TYPE_S, "a type");
	is_int(span.flags, BR_SPAN_ESCAPED | BR_SPAN_NON_ASCII, "flags");
	is_mem(span.ptr, span.len, "\\n\xc3\xa9", 4, "a text");
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		size_t		len = strlen(cases[i].json);

		memset(&span, 0x55, sizeof(span));
		ok(!br_value_span(guarded_copy(cases[i].json, len), len, &span, &err) &&
		   err.kind == BR_ERR_DATA && span.type == BR_TYPE_ABSENT, "[%s] is no value", cases[i].json);
		is_str(err.message, cases[i].message, "and why");
	}
}

static void
test_at(void)
{
	static const char *const item = "{\"M\":{\"a\":{\"S\":\"1\"},\"m\":{\"M\":{\"x\":{\"M\":{\"y\":{\"S\":\"2\"}}},"
		"\"\\u0062\":{\"S\":\"3\"}}},\"l\":{\"L\":[{\"S\":\"4\"},{\"M\":{\"k\":{\"L\":[{\"S\":\"5\"}]}}}]},"
		"\"s\":{\"SS\":[\"e\"]},\"a.b\":{\"S\":\"6\"}}}";
	static const char *const cases[][2] = {
		{"a", "1"}, {"m.x.y", "2"}, {"m.b", "3"}, {"l[0]", "4"}, {"l[1].k[0]", "5"}, {"\"a.b\"", "6"},
		{"b", NULL}, {"a.b", NULL}, {"a[0]", NULL}, {"m.x.z", NULL}, {"m[0]", NULL}, {"l.a", NULL},
		{"l[2]", NULL}, {"l[1].k[1]", NULL}, {"s[0]", NULL}, {"s.e", NULL}
	};
	BrSpan		root = span_of(item);
	BrSpan		absent = {.type = BR_TYPE_ABSENT};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		BrPaths		paths;
		BrError		err;
		BrSpan		found;

		if (!br_paths_parse(cases[i][0], &paths, &err))
			ok(false, "%s: %s", cases[i][0], err.message);
		found = br_value_at(&root, &paths.paths[0]);
		is_str(found.type == BR_TYPE_ABSENT ? NULL : pnstrdup(found.ptr, found.len), cases[i][1],
			   "at %s", cases[i][0]);
		is_int(br_value_at(&absent, &paths.paths[0]).type, BR_TYPE_ABSENT, "of no item nothing");
	}
}

/*
 * A drawn value, written in one of many ways: the seed decides what it is, the
 * other generator how it is written.
 */
static void
append_value(StringInfo out, pg_prng_state *what, pg_prng_state *how, int depth)
{
	int			kind = pg_prng_uint64_range(what, 0, depth > 0 ? 6 : 3);
	int			n = pg_prng_uint64_range(what, 1, 5);
	char	   *parts[5];

	if (kind <= 1)
	{
		int64		number = (int64) pg_prng_uint64_range(what, 0, 60) - 30;

		if (kind == 0)
			appendStringInfo(out, pg_prng_bool(how) ? "{\"S\":\"s" INT64_FORMAT "\"}" :
							 "{\"S\":\"\\u0073" INT64_FORMAT "\"}", number);
		else
			appendStringInfo(out, pg_prng_bool(how) ? "{\"N\":\"" INT64_FORMAT "\"}" :
							 "{\"N\":\"" INT64_FORMAT "0.0E-1\"}", number);
		return;
	}
	for (int i = 0; i < n; i++)
	{
		StringInfoData part;

		initStringInfo(&part);
		if (kind == 2)
			appendStringInfo(&part, "\"%c\"", 'a' + i);
		else if (kind == 3)
			appendStringInfo(&part, pg_prng_bool(how) ? "\"%d\"" : "\"%d.00\"", i);
		else
		{
			if (kind <= 5)
				appendStringInfo(&part, pg_prng_bool(how) ? "\"n%d\":" : "\"\\u006e%d\": ", i);
			append_value(&part, what, how, depth - 1);
		}
		parts[i] = part.data;
	}
	for (int i = n - 1; i > 0 && kind <= 5; i--)
	{
		int			other = pg_prng_uint64_range(how, 0, i);
		char	   *swapped = parts[i];

		parts[i] = parts[other];
		parts[other] = swapped;
	}
	appendStringInfoString(out, kind == 2 ? "{\"SS\":[" : kind == 3 ? "{\"NS\":[" :
						   kind == 6 ? "{\"L\":[" : "{\"M\":{");
	for (int i = 0; i < n; i++)
		appendStringInfo(out, "%s%s", i > 0 ? "," : "", parts[i]);
	appendStringInfoString(out, kind == 4 || kind == 5 ? "}}" : "]}");
}

/* The value of a seed, without any choice of how it is written (how 0). */
static const char *
drawn(uint64 seed, uint64 how)
{
	StringInfoData out;
	pg_prng_state what_state;
	pg_prng_state how_state;

	pg_prng_seed(&what_state, seed);
	pg_prng_seed(&how_state, how);
	initStringInfo(&out);
	append_value(&out, &what_state, &how_state, 3);
	return out.data;
}

static void
test_random(void)
{
	int			wrong = 0;

	for (int i = 0; i < 1500; i++)
	{
		/* written alike, values are the same exactly if their texts are */
		bool		same = strcmp(drawn(i, 0), drawn(i + 1, 0)) == 0;

		wrong += !equal(drawn(i, 1), drawn(i, 2));
		wrong += equal(drawn(i, 1), drawn(i + 1, 2)) != same;
		fe_reset();
	}
	is_int(wrong, 0, "drawn values, each written in two ways, and their neighbours");
}

/* Seconds for a map or set of n members against the same in another order. */
static double
seconds_for(const char *type, int n)
{
	bool		map = strcmp(type, "M") == 0;
	clock_t		start;
	StringInfoData a;
	StringInfoData b;
	bool		same;
	double		seconds;

	initStringInfo(&a);
	initStringInfo(&b);
	for (int i = 0; i < n; i++)
	{
		const char *comma = i > 0 ? "," : "";

		appendStringInfo(&a, map ? "%s\"%d\":{\"N\":\"1\"}" : "%s\"%d\"", comma, i);
		appendStringInfo(&b, map ? "%s\"%d\":{\"N\":\"1\"}" : "%s\"%d\"", comma, (int) ((int64) i * 7919 % n));
	}
	start = clock();
	same = equal(psprintf(map ? "{\"%s\":{%s}}" : "{\"%s\":[%s]}", type, a.data),
				 psprintf(map ? "{\"%s\":{%s}}" : "{\"%s\":[%s]}", type, b.data));
	seconds = (double) (clock() - start) / CLOCKS_PER_SEC;
	ok(same, "%s of %d members", type, n);
	fe_reset();
	return seconds;
}

static void
test_large(void)
{
	static const char *const types[] = {"M", "SS", "NS"};

	for (size_t i = 0; i < lengthof(types); i++)
	{
		double		small = Max(seconds_for(types[i], 2500), 0.001);
		double		large = seconds_for(types[i], 50000);

		ok(large < 100 * small, "%s: 20 times the members take %.0f times as long", types[i], large / small);
	}
}

int
main(void)
{
	test_equal();
	test_different();
	test_span();
	test_at();
	test_random();
	test_large();
	return done_testing();
}
