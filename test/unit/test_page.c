/*
 * test_page.c
 *		Decoding pages: each rule of page.h by name.
 *
 * test_page_oracle.c asks the same of random pages.  All bodies are read-only
 * and end where memory ends.
 */
#include "base/br.h"

#include "dynamodb/page.h"
#include "dynamodb/wanted.h"
#include "fe_alloc.h"
#include "guarded.h"
#include "tap.h"

#define MAX_SLOTS 16

/* Wants the paths, parted by blanks; "*" is the whole item. */
static BrWanted *
wanting(const char *text)
{
	BrWanted   *wanted = br_wanted_create();
	char	   *copy = pstrdup(text);
	char	   *word;
	int			slot = 0;

	for (word = strtok(copy, " "); word != NULL; word = strtok(NULL, " "), slot++)
	{
		BrPaths		paths;
		BrError		err;

		if (strcmp(word, "*") == 0)
			br_wanted_add_item(wanted, slot);
		else if (br_paths_parse(word, &paths, &err))
			br_wanted_add(wanted, &paths.paths[0], slot);
		else
			ok(false, "%s: %s", word, err.message);
	}
	return wanted;
}

static void
append_span(StringInfo out, const BrSpan *span)
{
	if (span->type == BR_TYPE_ABSENT)
		appendStringInfoChar(out, '-');
	else
		appendStringInfo(out, "%s=%.*s%s%s", br_type_name(span->type),
						 (int) span->len, span->ptr,
						 span->flags & BR_SPAN_ESCAPED ? "(escaped)" : "",
						 span->flags & BR_SPAN_NON_ASCII ? "(high)" : "");
}

/* The items of a page, each as "TYPE=text ..." in the order of the slots. */
static const char *
items_of(BrPage *page, BrWanted *wanted)
{
	BrSpan		slots[MAX_SLOTS];
	StringInfoData out;
	BrError		err;
	bool		found;
	int			i;

	initStringInfo(&out);
	for (;;)
	{
		memset(slots, 0x55, sizeof(slots));	/* every slot must be set */
		memset(&err, 0x55, sizeof(err));
		if (!br_page_next(page, wanted, slots, &found, &err))
			return psprintf("%d: %s", err.kind, err.message);
		if (!found)
			return out.data;
		if (out.len > 0)
			appendStringInfoString(&out, "; ");
		for (i = 0; i < br_wanted_slots(wanted); i++)
		{
			if (i > 0)
				appendStringInfoChar(&out, ' ');
			append_span(&out, &slots[i]);
		}
	}
}

static bool
open_page(BrPage *page, BrPageKind kind, const char *body, BrError *err)
{
	size_t		len = strlen(body);

	memset(page, 0x55, sizeof(*page));
	memset(err, 0x55, sizeof(*err));
	return br_page_open(page, kind, guarded_copy(body, len), len, err);
}

static const char *
decoded(BrPageKind kind, const char *body, const char *paths)
{
	BrPage		page;
	BrError		err;

	if (!open_page(&page, kind, body, &err))
		return psprintf("%d: %s", err.kind, err.message);
	return items_of(&page, wanting(paths));
}

/* Items given without the page around them. */
static const char *
decoded_items(const char *items, const char *paths)
{
	return decoded(BR_PAGE_ITEMS, psprintf("{\"Items\":[%s]}", items), paths);
}

/*
 * What a wanted path finds.
 */
static void
items(void)
{
	static const struct
	{
		const char *items;
		const char *paths;
		const char *expected;
	}			cases[] = {
		/* the ten types, and none */
		{"{\"a\":{\"S\":\"x\"},\"b\":{\"N\":\"-1.5E+3\"},\"c\":{\"B\":\"AAE=\"},\"d\":{\"BOOL\":true},"
			"\"e\":{\"BOOL\":false},\"f\":{\"NULL\":true},\"g\":{\"M\":{}},\"h\":{\"L\":[]},"
			"\"i\":{\"SS\":[\"x\"]},\"j\":{\"NS\":[\"1\"]},\"k\":{\"BS\":[\"AA==\"]}}",
			"a b c d e f g h i j k l",
		"S=x N=-1.5E+3 B=AAE= BOOL=true BOOL=false NULL=true M={} L=[] SS=[\"x\"] NS=[\"1\"] BS=[\"AA==\"] -"},

		/* items, and what is absent from one of them */
		{"", "a", ""},
		{"{}", "a", "-"},
		{"{},{\"a\":{\"S\":\"1\"}},{}", "a", "-; S=1; -"},
		{"{\"a\":{\"S\":\"1\"},\"b\":{\"S\":\"2\"}},{\"b\":{\"S\":\"3\"}},{\"b\":{\"S\":\"4\"},\"a\":{\"S\":\"5\"}}",
		"a b", "S=1 S=2; - S=3; S=5 S=4"},
		{"{\"a\":{\"S\":\"1\"}},{\"a\":{\"N\":\"1\"}},{\"a\":{\"M\":{}}},{\"a\":{\"S\":\"2\"}}", "a",
		"S=1; N=1; M={}; S=2"},

		/* names that begin alike */
		{"{\"ab\":{\"S\":\"1\"},\"a\":{\"S\":\"2\"},\"abc\":{\"S\":\"3\"}}", "a abc", "S=2 S=3"},
		{"{\"a\":{\"S\":\"1\"}},{\"aa\":{\"S\":\"2\"}},{\"a\":{\"S\":\"3\"}}", "a", "S=1; -; S=3"},

		/* paths */
		{"{\"m\":{\"M\":{\"x\":{\"M\":{\"y\":{\"N\":\"1\"}}},\"z\":{\"S\":\"2\"}}}}",
		"m.x.y m.z m.q m.x.y.w m[0]", "N=1 S=2 - - -"},
		{"{\"l\":{\"L\":[{\"S\":\"0\"},{\"L\":[{\"N\":\"7\"}]},{\"M\":{\"k\":{\"BOOL\":true}}}]}}",
		"l[0] l[1][0] l[2].k l[3] l.k", "S=0 N=7 BOOL=true - -"},
		{"{\"s\":{\"SS\":[\"a\",\"b\"]}}", "s[0] s", "- SS=[\"a\",\"b\"]"},
		{"{\"m\":{\"S\":\"flat\"}},{\"m\":{\"M\":{\"x\":{\"N\":\"1\"}}}}", "m.x", "-; N=1"},
		{"{\"m\":{\"M\":{\"m\":{\"M\":{\"m\":{\"S\":\"deep\"}}}}}}", "m.m.m", "S=deep"},

		/* overlaps, and one path for several slots */
		{"{\"m\":{\"M\":{\"x\":{\"N\":\"1\"}}},\"l\":{\"L\":[{\"N\":\"2\"}]}}", "m m.x l l[0] m.x m.x *",
			"M={\"x\":{\"N\":\"1\"}} N=1 L=[{\"N\":\"2\"}] N=2 N=1 N=1 "
		"M={\"m\":{\"M\":{\"x\":{\"N\":\"1\"}}},\"l\":{\"L\":[{\"N\":\"2\"}]}}"},
		{"{\"a\":{\"S\":\"1\"}} , {}", "* *", "M={\"a\":{\"S\":\"1\"}} M={\"a\":{\"S\":\"1\"}}; M={} M={}"},

		/* what strings hold is told, not changed */
		{"{\"a\":{\"S\":\"\"},\"b\":{\"S\":\"\\\"}{\\\\\"},\"c\":{\"S\":\"\xc3\xa9\"},\"d\":{\"S\":\"\\u0000\\ud800\xff\"}}",
		"a b c d", "S= S=\\\"}{\\\\(escaped) S=\xc3\xa9(high) S=\\u0000\\ud800\xff(escaped)(high)"},
		{"{\"u\":{\"S\":\"\\\"},\\\"a\\\":{\"},\"a\":{\"S\":\"1\"}}", "a", "S=1"},

		/* names with escapes, wanted and not */
		{"{\"\\u0061\":{\"S\":\"1\"}},{\"a\":{\"S\":\"2\"}},{\"\\u0061\":{\"S\":\"3\"}}", "a", "S=1; S=2; S=3"},
		{"{\"q\\\"\\\\\":{\"S\":\"1\"},\"\\/\":{\"S\":\"2\"}}", "\"q\"\"\\\" /", "S=1 S=2"},
		{"{\"\\ud83d\\ude00\":{\"S\":\"1\"}},{\"\xf0\x9f\x98\x80\":{\"S\":\"2\"}}", "\xf0\x9f\x98\x80", "S=1; S=2"},
		{"{\"x\\n\":{\"S\":\"1\"},\"xn\":{\"S\":\"2\"},\"x\\\\n\":{\"S\":\"3\"}}", "xn x\\n", "S=2 S=3"},

		/* white space, also where it comes and goes */
		{" {\t\"a\" :\n{ \"S\"\r: \"1\" } , \"b\":{\"M\" : { \"c\" : {\"N\":\"2\" } } } } ", "a b.c b",
		"S=1 N=2 M={ \"c\" : {\"N\":\"2\" } }"},
		{"{\"a\":{\"S\":\"1\"},\"b\":{\"S\":\"2\"}},{\"a\": {\"S\":\"3\"}, \"b\":{\"S\":\"4\"}},"
			"{\"a\": {\"S\":\"5\"} ,\"b\" :{\"S\":\"6\"} }\n,{\"a\":{\"S\":\"7\"},\"b\":{\"S\":\"8\"}}",
		"a b", "S=1 S=2; S=3 S=4; S=5 S=6; S=7 S=8"},
		{"{\"a\":{\"BOOL\":true},\"m\":{\"M\":{}},\"l\":{\"L\":[]},\"u\":{\"M\":{}}},"
			"{\"a\":{\"BOOL\": false},\"m\":{\"M\":  {\"x\":{\"S\":\"1\"}}},\"l\":{\"L\":\t[ ]},\"u\":{\"M\": {}}}",
		"a m m.x l", "BOOL=true M={} - L=[]; BOOL=false M={\"x\":{\"S\":\"1\"}} S=1 L=[ ]"}
	};
	size_t		i;

	for (i = 0; i < lengthof(cases); i++)
		is_str(decoded_items(cases[i].items, cases[i].paths), cases[i].expected,
			   "%s of %s", cases[i].paths, cases[i].items);
	is_str(decoded_items("{\"a\":{\"S\":\"1\"}},{}", ""), "", "nothing need be wanted");
}

/*
 * Items that are no items.
 */
static void
bad_items(void)
{
	static const struct
	{
		const char *items;
		const char *message;
	}			cases[] = {
		{"{\"a\":{\"N\":12}}", "malformed attribute \"a\": expected a string at byte 20"},
		{"{\"a\":{\"S\":null}}", "malformed attribute \"a\": expected a string at byte 20"},
		{"{\"a\":{\"S\":[\"x\"]}}", "malformed attribute \"a\": expected a string at byte 20"},
		{"{\"a\":{\"BOOL\":\"true\"}}", "malformed attribute \"a\": a value that does not fit its type at byte 23"},
		{"{\"a\":{\"BOOL\":1}}", "malformed attribute \"a\": a value that does not fit its type at byte 23"},
		{"{\"a\":{\"BOOL\":null}}", "malformed attribute \"a\": a value that does not fit its type at byte 23"},
		{"{\"a\":{\"NULL\":false}}", "malformed attribute \"a\": a value that does not fit its type at byte 23"},
		{"{\"a\":{\"M\":[]}}", "malformed attribute \"a\": a value that does not fit its type at byte 20"},
		{"{\"a\":{\"L\":{}}}", "malformed attribute \"a\": a value that does not fit its type at byte 20"},
		{"{\"a\":{\"SS\":\"x\"}}", "malformed attribute \"a\": a value that does not fit its type at byte 21"},
		{"{\"a\":{\"X\":\"x\"}}", "malformed attribute \"a\": a value of an unknown type at byte 16"},
		{"{\"a\":{\"s\":\"x\"}}", "malformed attribute \"a\": a value of an unknown type at byte 16"},
		{"{\"a\":{\"\":\"x\"}}", "malformed attribute \"a\": a value of an unknown type at byte 16"},
		{"{\"a\":{\"S\":\"x\",\"N\":\"1\"}}", "malformed attribute \"a\": a value of more than one type at byte 23"},
		{"{\"a\":{\"S\":\"x\",\"S\":\"x\"}}", "malformed attribute \"a\": a value of more than one type at byte 23"},
		{"{\"a\":{}}", "malformed attribute \"a\": a value without a type at byte 16"},
		{"{\"a\":\"x\"}", "malformed attribute \"a\": expected an object at byte 15"},
		{"{\"a\":null}", "malformed attribute \"a\": expected an object at byte 15"},
		{"{\"a\":[{\"S\":\"x\"}]}", "malformed attribute \"a\": expected an object at byte 15"},
		{"{\"a\":{\"S\":\"x\"},\"a\":{\"S\":\"x\"}}", "malformed attribute \"a\": its name occurs twice at byte 25"},
		{"{\"a\":{\"S\":\"x\"},\"b\":{\"S\":\"y\"},\"\\u0061\":{\"S\":\"x\"}}",
		"malformed attribute \"\\u0061\": its name occurs twice at byte 39"},
		{"{\"x\\u0000\":{\"S\":\"x\"}}", "attribute name: text holds the character U+0000 at byte 1"},
		{"{\"\\udc00\":{\"S\":\"x\"}}", "attribute name: text holds half of a surrogate pair at byte 0"},
		{"{\"\xff\":{}}", "malformed attribute \"...\": a value without a type at byte 16"},
		{"{\"\xc3\xa4\":{}}", "malformed attribute \"\xc3\xa4\": a value without a type at byte 17"}
	};
	StringInfoData name;
	size_t		i;

	for (i = 0; i < lengthof(cases); i++)
	{
		bool		encoding = strncmp(cases[i].message, "attribute name", 14) == 0;
		const char *expected = psprintf("%d: %s", encoding ? BR_ERR_ENCODING : BR_ERR_PROTOCOL,
										cases[i].message);

		is_str(decoded_items(cases[i].items, "a"), expected, "%s, wanted", cases[i].items);
		is_str(decoded_items(cases[i].items, "z"), expected, "%s, not wanted", cases[i].items);
	}

	is_str(decoded_items("{\"a\":{\"N\":\"abc\"}}", "a"),
		   "6: malformed attribute \"a\": an N that is no number at byte 20", "an N that is no number, wanted");
	is_str(decoded_items("{\"a\":{\"N\":\"abc\"}}", "b"), "-", "an N that is no number, not wanted");
	is_str(decoded_items("{\"a\":{\"N\":\"\"}}", "a"),
		   "6: malformed attribute \"a\": an N that is no number at byte 20", "an empty N");
	is_str(decoded_items("{\"a\":{\"B\":\"!!!\"}}", "a"), "B=!!!", "what a B holds is looked at when it is used");
	is_str(decoded_items("{\"a\":{\"M\":{\"b\":{\"M\":{\"c\":{\"N\":true}}}}}}", "a.b.c"),
		   "6: malformed attribute \"c\": expected a string at byte 40", "a malformed member names itself");
	is_str(decoded_items("{\"a\":{\"M\":{\"b\":{\"X\":\"\"},\"c\":{\"S\":\"1\"}}}}", "a.c"),
		   "6: malformed attribute \"b\": a value of an unknown type at byte 26", "beside a wanted one as well");
	is_str(decoded_items("{\"a\":{\"L\":[{\"S\":\"1\"},{\"S\":1}]}}", "a[0]"),
		   "6: malformed attribute \"a\": expected a string at byte 36", "a malformed element is its list's");
	is_str(decoded_items("{\"a\":{\"S\":\"1\"}},{\"a\":{\"S\":\"1\"},\"a\":{\"S\":\"1\"}}", "a"),
		   "6: malformed attribute \"a\": its name occurs twice at byte 41", "a name twice in a later item");
	is_str(decoded_items("{\"m\":{\"M\":{\"a\":{\"S\":\"1\"},\"a\":{\"S\":\"2\"}}}}", "m.a"),
		   "6: malformed attribute \"a\": its name occurs twice at byte 35", "a name twice in a map");

	initStringInfo(&name);
	for (i = 0; i < 40; i++)
		appendStringInfoString(&name, "\xe2\x82\xac");
	is_str(decoded_items(psprintf("{\"%s\":{}}", name.data), "a"),
		   psprintf("6: malformed attribute \"%.99s...\": a value without a type at byte 135", name.data),
		   "a long name is cut between its characters");
}

/*
 * What stands beside the items.
 */
static const char *
beside(BrPageKind kind, const char *body)
{
	BrPage		page;
	BrError		err;
	StringInfoData out;

	if (!open_page(&page, kind, body, &err))
		return psprintf("%d: %s", err.kind, err.message);
	initStringInfo(&out);
	appendStringInfo(&out, "count " INT64_FORMAT " scanned " INT64_FORMAT " capacity %g",
					 page.count, page.scanned_count, page.capacity);
	if (page.last_key.ptr != NULL)
		appendStringInfo(&out, " key %.*s", (int) page.last_key.len, page.last_key.ptr);
	if (page.unprocessed.ptr != NULL)
		appendStringInfo(&out, " unprocessed %.*s", (int) page.unprocessed.len, page.unprocessed.ptr);
	return out.data;
}

static void
besides(void)
{
	static const struct
	{
		const char *body;
		const char *expected;
	}			cases[] = {
		{"{}", "count -1 scanned -1 capacity -1"},
		{"{\"Count\":0,\"ScannedCount\":12345678901}", "count 0 scanned 12345678901 capacity -1"},
		{"{\"ScannedCount\":7,\"LastEvaluatedKey\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"b\":{\"B\":\"AA==\"}},"
			"\"ConsumedCapacity\":{\"TableName\":\"t\",\"CapacityUnits\":128.5},\"Items\":[],\"Count\":0}",
			"count 0 scanned 7 capacity 128.5 "
		"key {\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"b\":{\"B\":\"AA==\"}}"},
		{"{\"LastEvaluatedKey\":{},\"UnprocessedKeys\":{}}", "count -1 scanned -1 capacity -1"},
		{"{\"LastEvaluatedKey\":null,\"UnprocessedKeys\":null}", "count -1 scanned -1 capacity -1"},
		{"{\"LastEvaluatedKey\": { }}", "count -1 scanned -1 capacity -1"},
		{"{\"UnprocessedKeys\" : {\"t\":{\"Keys\":[]}} }", "count -1 scanned -1 capacity -1 unprocessed {\"t\":{\"Keys\":[]}}"},
		{"{\"ConsumedCapacity\":{}}", "count -1 scanned -1 capacity -1"},
		{"{\"ConsumedCapacity\":[]}", "count -1 scanned -1 capacity -1"},
		{"{\"ConsumedCapacity\":{\"CapacityUnits\":0}}", "count -1 scanned -1 capacity 0"},
		{"{\"ConsumedCapacity\":{\"CapacityUnits\":0.5E0,\"Table\":{\"CapacityUnits\":9}}}",
		"count -1 scanned -1 capacity 0.5"},
		{"{\"ConsumedCapacity\":[{\"CapacityUnits\":1.5},{\"TableName\":\"u\"},{\"CapacityUnits\":2}]}",
		"count -1 scanned -1 capacity 3.5"},
		{"{\"C\\u006funt\":3}", "count 3 scanned -1 capacity -1"},
		{"{\"count\":3,\"Counts\":[{}],\"Coun\":null}", "count -1 scanned -1 capacity -1"},

		{"{\"Count\":\"1\"}", "6: malformed answer: a count is no whole number at byte 9"},
		{"{\"Count\":-1}", "6: malformed answer: a count is no whole number at byte 9"},
		{"{\"Count\":1.5}", "6: malformed answer: a count is no whole number at byte 9"},
		{"{\"Count\":null}", "6: malformed answer: a count is no whole number at byte 9"},
		{"{\"Count\":99999999999999999999}", "6: malformed answer: a count is no whole number at byte 9"},
		{"{\"Count\":1,\"Count\":1}", "6: malformed answer: a member occurs twice at byte 11"},
		{"{\"ConsumedCapacity\":1}", "6: malformed answer: expected an object at byte 20"},
		{"{\"ConsumedCapacity\":[1]}", "6: malformed answer: expected an object at byte 21"},
		{"{\"ConsumedCapacity\":{\"CapacityUnits\":\"1\"}}", "6: malformed answer: capacity units are no amount at byte 37"},
		{"{\"ConsumedCapacity\":{\"CapacityUnits\":-1}}", "6: malformed answer: capacity units are no amount at byte 37"},
		{"{\"ConsumedCapacity\":{\"CapacityUnits\":1e999}}", "6: malformed answer: capacity units are no amount at byte 37"},
		{"{\"LastEvaluatedKey\":[]}", "6: malformed answer: expected an object at byte 20"},
		{"{\"LastEvaluatedKey\":\"pk\"}", "6: malformed answer: expected an object at byte 20"},
		{"{\"LastEvaluatedKey\":{\"pk\":\"x\"}}", "6: malformed answer: expected an object at byte 26"},
		{"{\"LastEvaluatedKey\":{\"pk\":{\"BOOL\":true}}}", "6: malformed answer: the last key is no key at byte 20"},
		{"{\"LastEvaluatedKey\":{\"pk\":{\"N\":\"x\"}}}", "6: malformed answer: an N that is no number at byte 31"},
		{"{\"UnprocessedKeys\":[]}", "6: malformed answer: expected an object at byte 19"}
	};
	size_t		i;

	for (i = 0; i < lengthof(cases); i++)
		is_str(beside(BR_PAGE_ITEMS, cases[i].body), cases[i].expected, "beside: %s", cases[i].body);
}

/* What stands in the answer to a write. */
static void
besides_of_writes(void)
{
	static const struct
	{
		const char *body;
		const char *expected;
	}			cases[] = {
		{"{}", "count -1 scanned -1 capacity -1"},
		{"{\"Attributes\":{\"a\":{\"S\":\"1\"}},\"ConsumedCapacity\":{\"TableName\":\"t\",\"CapacityUnits\":2}}",
		"count -1 scanned -1 capacity 2"},
		{"{\"UnprocessedItems\":{},\"ItemCollectionMetrics\":{},\"ConsumedCapacity\":[{\"CapacityUnits\":1.5},{\"CapacityUnits\":2}]}",
		"count -1 scanned -1 capacity 3.5"},
		{"{\"UnprocessedItems\":{\"t\":[{\"PutRequest\":{\"Item\":{}}}]}}",
		"count -1 scanned -1 capacity -1 unprocessed {\"t\":[{\"PutRequest\":{\"Item\":{}}}]}"},
		{"{\"UnprocessedItems\":null,\"UnprocessedKeys\":{\"t\":{}},\"LastEvaluatedKey\":7}", "count -1 scanned -1 capacity -1"},
		{"{\"UnprocessedItems\":[]}", "6: malformed answer: expected an object at byte 20"},
		{"{\"ConsumedCapacity\":1}", "6: malformed answer: expected an object at byte 20"}
	};
	BrPage		page;
	BrError		err;

	for (size_t i = 0; i < lengthof(cases); i++)
		is_str(beside(BR_PAGE_ATTRIBUTES, cases[i].body), cases[i].expected, "beside a write: %s", cases[i].body);
	ok(open_page(&page, BR_PAGE_ATTRIBUTES, "{}", &err) && page.answers, "{} answers a write");
	ok(open_page(&page, BR_PAGE_RESPONSES, "{}", &err) && !page.answers, "but not a BatchGetItem");
	is_str(beside(BR_PAGE_ITEMS, "{\"UnprocessedItems\":{\"t\":[{}]}}"), "count -1 scanned -1 capacity -1",
		   "a read has no unprocessed items");
}

/* The items of a page as they stand, each in brackets. */
static const char *
whole_items(BrPageKind kind, const char *body)
{
	StringInfoData out;
	BrPage		page;
	BrSpan		item;
	BrError		err;

	initStringInfo(&out);
	if (!open_page(&page, kind, body, &err))
		return psprintf("%d: %s", err.kind, err.message);
	for (;;)
	{
		memset(&item, 0x55, sizeof(item));
		if (!br_page_whole_item(&page, &item, &err))
			return psprintf("%d: %s", err.kind, err.message);
		if (item.type == BR_TYPE_ABSENT)
			break;
		appendStringInfo(&out, "%s[%.*s]%d", br_type_name(item.type), (int) item.len, item.ptr, item.flags);
	}
	if (!br_page_whole_item(&page, &item, &err) || item.type != BR_TYPE_ABSENT)
		return "something behind the end";
	return out.data;
}

static void
wholes(void)
{
	static const struct
	{
		BrPageKind	kind;
		const char *body;
		const char *expected;
	}			cases[] = {
		{BR_PAGE_ATTRIBUTES, "{}", ""},
		{BR_PAGE_ATTRIBUTES, "{\"Attributes\" : { \"a\":{\"S\":\"}\"} } }", "M[{ \"a\":{\"S\":\"}\"} }]0"},
		{BR_PAGE_ITEM, "{\"__type\":\"x\",\"Item\":{\"a\":{\"M\":{}}},\"message\":\"no\"}", "M[{\"a\":{\"M\":{}}}]0"},
		{BR_PAGE_ITEMS, "{\"Items\":[{} , {\"a\":{\"S\":\"1\"}},{\"b\":7} ],\"Count\":3}", "M[{}]0M[{\"a\":{\"S\":\"1\"}}]0M[{\"b\":7}]0"},
		{BR_PAGE_ITEMS, "{\"Items\":[]}", ""},
		{BR_PAGE_RESPONSES, "{\"Responses\":{\"t\":[{\"a\":{\"S\":\"1\"}}]}}", "M[{\"a\":{\"S\":\"1\"}}]0"}
	};

	for (size_t i = 0; i < lengthof(cases); i++)
		is_str(whole_items(cases[i].kind, cases[i].body), cases[i].expected, "whole items of %s", cases[i].body);
}

/*
 * The answers of the operations, and bodies that are none.
 */
static void
answers(void)
{
	static const struct
	{
		BrPageKind	kind;
		const char *body;
		const char *expected;
	}			cases[] = {
		{BR_PAGE_ITEM, "{\"Item\":{\"a\":{\"S\":\"1\"}}}", "S=1"},
		{BR_PAGE_ITEM, "{\"Item\":{}}", "-"},
		{BR_PAGE_ITEM, "{}", ""},
		{BR_PAGE_ITEM, "{\"Items\":[{}]}", ""},
		{BR_PAGE_ITEM, "{\"Item\":null}", "6: malformed answer: the item is no object at byte 8"},
		{BR_PAGE_ITEM, "{\"Item\":[]}", "6: malformed answer: the item is no object at byte 8"},
		{BR_PAGE_ITEMS, " {\"Count\":2, \"Items\" : [ {\"a\":{\"S\":\"1\"}} , { } ] } \r\n\t", "S=1; -"},
		{BR_PAGE_ITEMS, "{\"Item\":{},\"Responses\":{\"t\":[{}]}}", ""},
		{BR_PAGE_ITEMS, "{\"Unknown\":[{\"Items\":[{}]},-0.5e+7,\"\\u0000\"],\"Items\":[{}]}", "-"},
		{BR_PAGE_ITEMS, "{\"It\\u0065ms\":[{}]}", "-"},
		{BR_PAGE_ITEMS, "{\"Items\":{}}", "6: malformed answer: the items are no array at byte 9"},
		{BR_PAGE_ITEMS, "{\"Items\":null}", "6: malformed answer: the items are no array at byte 9"},
		{BR_PAGE_ITEMS, "{\"Items\":[[]]}", "6: malformed answer: an item is no object at byte 10"},
		{BR_PAGE_ITEMS, "{\"Items\":[{},1]}", "6: malformed answer: an item is no object at byte 13"},
		{BR_PAGE_ITEMS, "{\"Items\":[{},]}", "6: malformed answer: an item is no object at byte 13"},
		{BR_PAGE_ITEMS, "{\"Items\":[],\"Items\":[{}]}", "6: malformed answer: a member occurs twice at byte 12"},
		{BR_PAGE_RESPONSES, "{\"Responses\":{\"t\":[{\"a\":{\"S\":\"1\"}},{}]},\"UnprocessedKeys\":{}}", "S=1; -"},
		{BR_PAGE_RESPONSES, "{\"Responses\":{\"t\":[]}}", ""},
		{BR_PAGE_RESPONSES, "{\"Responses\":{}}", ""},
		{BR_PAGE_RESPONSES, "{\"Responses\":[]}", "6: malformed answer: expected an object at byte 13"},
		{BR_PAGE_RESPONSES, "{\"Responses\":{\"t\":{}}}", "6: malformed answer: the items are no array at byte 18"},
		{BR_PAGE_RESPONSES, "{\"Responses\":{\"t\":[],\"u\":[]}}",
		"6: malformed answer: it answers for more than one table at byte 21"},

		{BR_PAGE_ATTRIBUTES, "{}", ""},
		{BR_PAGE_ATTRIBUTES, "{\"Attributes\":{\"a\":{\"S\":\"1\"}},\"ConsumedCapacity\":{\"CapacityUnits\":1}}", "S=1"},
		{BR_PAGE_ATTRIBUTES, "{\"Attributes\":{}}", "-"},
		{BR_PAGE_ATTRIBUTES, "{\"Item\":{\"a\":{\"S\":\"1\"}},\"Count\":\"x\"}", ""},
		{BR_PAGE_ATTRIBUTES, "{\"Attributes\":[]}", "6: malformed answer: the item is no object at byte 14"},
		{BR_PAGE_ATTRIBUTES, "{\"Attributes\":{},\"Attributes\":{}}", "6: malformed answer: a member occurs twice at byte 17"},
		{BR_PAGE_ATTRIBUTES, "{\"Attributes\":{\"a\":{\"S\":\"1\"}", "6: malformed answer: it ends too early at byte 28"},

		/* the error that a failed condition makes */
		{BR_PAGE_ITEM, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\","
			"\"Item\":{\"a\":{\"S\":\"1\"}},\"message\":\"The conditional request failed\"}", "S=1"},
		{BR_PAGE_ITEM, "{\"__type\":\"ConditionalCheckFailedException\",\"Message\":\"The conditional request failed\"}", ""},

		{BR_PAGE_ITEMS, "", "6: malformed answer: it ends too early at byte 0"},
		{BR_PAGE_ITEMS, " ", "6: malformed answer: it ends too early at byte 1"},
		{BR_PAGE_ITEMS, "[]", "6: malformed answer: expected an object at byte 0"},
		{BR_PAGE_ITEMS, "null", "6: malformed answer: expected an object at byte 0"},
		{BR_PAGE_ITEMS, "<html>", "6: malformed answer: expected an object at byte 0"},
		{BR_PAGE_ITEMS, "\xef\xbb\xbf{\"Items\":[]}", "6: malformed answer: expected an object at byte 0"},
		{BR_PAGE_ITEMS, "{\"Items\":[]}x", "6: malformed answer: something follows its end at byte 12"},
		{BR_PAGE_ITEMS, "{\"Items\":[]}{}", "6: malformed answer: something follows its end at byte 12"},
		{BR_PAGE_ITEMS, "{\"Items\":[{\"a\":{\"S\":\"\t\"}}]}", "6: malformed answer: a control character in a string at byte 21"},
		{BR_PAGE_ITEMS, "{\"Items\":[{\"a\":{\"S\":\"x\"}}}", "6: malformed answer: expected a comma or a closing bracket at byte 25"},
		{BR_PAGE_ITEMS, "{\"Items\":[{\"a\":{\"S\":\"x\"}]}", "6: malformed answer: expected a comma or a closing bracket at byte 24"},
		{BR_PAGE_ITEMS, "{\"Items\":[{\"a\":{\"S\":\"x\"}\"b\":{\"S\":\"y\"}}]}",
		"6: malformed answer: expected a comma or a closing bracket at byte 24"},
		{BR_PAGE_ITEMS, "{\"Items\":[{\"a\":{\"S\":\"x\"},}]}", "6: malformed answer: expected a string at byte 25"},
		{BR_PAGE_ITEMS, "{\"Items\":[{\"a\":{\"S\":\"\\x\"}}]}", "6: malformed answer: an unknown escape at byte 21"}
	};
	static const char *const whole =
		"{\"Items\":[{\"a\":{\"S\":\"\\u00e9\"},\"b\":{\"BOOL\":true}}],\"Count\":1,\"LastEvaluatedKey\":{\"a\":{\"S\":\"1\"}}} ";
	BrPage		page;
	BrError		err;
	size_t		i;
	int			accepted = 0;

	for (i = 0; i < lengthof(cases); i++)
		is_str(decoded(cases[i].kind, cases[i].body, "a"), cases[i].expected, "answer %s", cases[i].body);

	is_str(decoded(BR_PAGE_ITEMS, whole, "b"), "BOOL=true", "an answer");
	for (i = 0; i < strlen(whole) - 1; i++)
		accepted += open_page(&page, BR_PAGE_ITEMS, pnstrdup(whole, i), &err);
	is_int(accepted, 0, "is refused when cut off at any byte");
	ok(!br_page_open(&page, BR_PAGE_ITEMS, whole, (size_t) 1 << 31, &err) && err.kind == BR_ERR_LIMIT,
	   "one of two gigabytes is not even looked at");
	ok(!br_page_open(&page, BR_PAGE_ITEMS, "{}\0", 3, &err), "a NUL byte behind the end is refused");
	ok(!br_page_open(&page, BR_PAGE_ITEMS, "{\"a\":\"\0\"}", 9, &err), "and in a string");
}

/*
 * Sizes.
 */
static char *
repeated(const char *before, const char *text, int n, const char *between,
		 const char *after, int m, const char *end)
{
	StringInfoData out;
	int			i;

	initStringInfo(&out);
	appendStringInfoString(&out, before);
	for (i = 0; i < n; i++)
		appendStringInfoString(&out, text);
	appendStringInfoString(&out, between);
	for (i = 0; i < m; i++)
		appendStringInfoString(&out, after);
	appendStringInfoString(&out, end);
	return out.data;
}

static void
sizes(void)
{
	const char *deep = "6: malformed answer: it is nested too deeply at byte ";
	const char *result;
	int			i;

	result = decoded_items(repeated("{\"a\":", "{\"L\":[", 64, "", "]}", 64, "}"), "b");
	is_str(result, "-", "64 levels of lists are accepted");
	result = decoded_items(repeated("{\"a\":", "{\"L\":[", 65, "", "]}", 65, "}"), "b");
	ok(strncmp(result, deep, strlen(deep)) == 0, "65 levels of lists are refused");
	result = decoded_items(repeated("{\"a\":", "{\"M\":{\"a\":", 63, "{\"S\":\"x\"}", "}}", 63, "}"), "a.a.a");
	ok(strncmp(result, "M=", 2) == 0, "64 levels of maps are accepted");
	result = decoded_items(repeated("{\"a\":", "{\"M\":{\"a\":", 65, "{\"S\":\"x\"}", "}}", 65, "}"), "b");
	ok(strncmp(result, deep, strlen(deep)) == 0, "65 levels of maps are refused");
	for (i = 0; i < 2; i++)
	{
		result = decoded_items(repeated("{\"a\":", "{\"M\":{\"a\":", 64,
										i ? "{\"S\":\"x\"}" : "{ \"S\":\"x\"}", "}}", 64, "}"), "b");
		ok(strncmp(result, deep, strlen(deep)) == 0, "a string counts as a level too");
	}
	result = decoded(BR_PAGE_ITEMS, repeated("{\"x\":", "[", 1000000, "", "]", 1000000, "}"), "a");
	ok(strncmp(result, deep, strlen(deep)) == 0, "a million levels are refused");
	result = decoded(BR_PAGE_ITEMS, repeated("{\"x\":", "[", 1000000, "", "", 0, ""), "a");
	ok(strncmp(result, deep, strlen(deep)) == 0, "also if they are never closed");
	fe_reset();

	result = decoded_items(repeated("{\"a\":{\"S\":\"", "0123456789", 10000000, "\"},\"b\":{\"S\":\"x\"}}", "", 0, ""), "b");
	is_str(result, "S=x", "a string of 100 MB is stepped over");
	fe_reset();
	result = decoded(BR_PAGE_ITEMS, repeated("{\"x\":", "1234567890", 100000, ",\"Items\":[{}]}", "", 0, ""), "a");
	is_str(result, "-", "so is a number of a million digits");
	result = decoded_items(repeated("{\"a\":{\"N\":\"", "1234567890", 100000, "\"}}", "", 0, ""), "a");
	is_str(result, "6: malformed attribute \"a\": an N that is no number at byte 20", "but as an N it is none");
	fe_reset();
}

/*
 * Names that do not fit into what is remembered.
 */
static void
learning(void)
{
	StringInfoData items;
	StringInfoData expected;
	BrWanted   *wanted;
	BrPage		page;
	BrError		err;
	const char *body;
	char	   *name;
	const char *result;
	int			i;
	int			len;
	int			wrong = 0;

	/* from where the quick comparison ends to where nothing is learned */
	for (len = 1; len < 300; len++)
	{
		name = pnstrdup(repeated("", "n", len, "", "", 0, ""), len);
		wrong += strcmp(decoded_items(psprintf("{\"%s\":{\"N\":\"1\"}},{\"%s\":{\"N\":\"2\"}},{\"%sx\":{\"N\":\"3\"}},"
											   "{\"%s\":{\"N\":\"4\"},\"%s\\u006e\":{\"N\":\"5\"}}",
											   name, name, name, name, name), name),
						"N=1; N=2; -; N=4") != 0;
		wrong += strcmp(decoded_items(psprintf("{\"%s\":{\"N\":\"1\"},\"a\":{\"N\":\"2\"}},"
											   "{\"%s\":{\"N\":\"3\"},\"a\":{\"N\":\"4\"}}", name, name), "a"),
						"N=2; N=4") != 0;
		fe_reset();
	}
	is_int(wrong, 0, "names of up to 300 bytes, wanted and not");

	/* more unwanted names than are remembered, the wanted one behind them */
	initStringInfo(&items);
	initStringInfo(&expected);
	for (i = 0; i < 3000; i++)
	{
		appendStringInfo(&items, "%s{\"u%d\":{\"S\":\"x\"},\"a\":{\"N\":\"%d\"},\"v%d\":{\"L\":[]}}",
						 i > 0 ? "," : "", i, i, i);
		appendStringInfo(&expected, "%sN=%d", i > 0 ? "; " : "", i);
	}
	is_str(decoded_items(items.data, "a"), expected.data, "thousands of unwanted names");
	body = psprintf("{\"Items\":[%s]}", items.data);
	wanted = wanting("a");
	ok(br_page_open(&page, BR_PAGE_ITEMS, body, strlen(body), &err) && items_of(&page, wanted) != NULL &&
	   wanted->nattrs < 1100, "of which not all are remembered");

	/* one item of as many names, then one of the same names in another order */
	resetStringInfo(&items);
	for (i = 0; i < 3000; i++)
		appendStringInfo(&items, "%s\"a%d\":{\"N\":\"%d\"}", i > 0 ? "," : "{", i, i);
	appendStringInfoString(&items, "},");
	for (i = 2999; i >= 0; i--)
		appendStringInfo(&items, "%s\"a%d\":{\"N\":\"%d\"}", i < 2999 ? "," : "{", i, -i);
	appendStringInfoString(&items, "}");
	is_str(decoded_items(items.data, "a0 a1 a999 a1000 a1001 a2999 a3000"),
		   "N=0 N=1 N=999 N=1000 N=1001 N=2999 -; N=0 N=-1 N=-999 N=-1000 N=-1001 N=-2999 -",
		   "an item of thousands of names");
	resetStringInfo(&items);
	for (i = 0; i < 3000; i++)
		appendStringInfo(&items, "%s\"a%d\":{\"N\":\"%d\"}", i > 0 ? "," : "{", i, i);
	appendStringInfoString(&items, ",\"a2998\":{\"S\":\"\"}}");
	result = decoded_items(items.data, "a2998");
	ok(strstr(result, "\"a2998\": its name occurs twice") != NULL,
	   "a wanted name twice, far apart among thousands");
	fe_reset();
}

/*
 * Walking containers.
 */
static void
append_walk(StringInfo out, const BrSpan *container)
{
	BrWalk		walk;
	BrSpan		name;
	BrSpan		value;
	BrError		err;
	bool		found;
	bool		first = true;

	br_walk_open(&walk, container);
	appendStringInfo(out, "%s(", br_type_name(container->type));
	for (;;)
	{
		memset(&name, 0x55, sizeof(name));
		memset(&value, 0x55, sizeof(value));
		if (!br_walk_next(&walk, &name, &value, &found, &err))
		{
			appendStringInfo(out, "%s%d: %s", first ? "" : " ", err.kind, err.message);
			break;
		}
		if (!found)
			break;
		if (!first)
			appendStringInfoChar(out, ' ');
		first = false;
		if (container->type == BR_TYPE_M)
			appendStringInfo(out, "%.*s%s:", (int) name.len, name.ptr, name.flags ? "(flagged)" : "");
		if (value.type >= BR_TYPE_M)
			append_walk(out, &value);
		else
			append_span(out, &value);
	}
	appendStringInfoChar(out, ')');
}

static void
walks(void)
{
	static const struct
	{
		const char *value;		/* of attribute a */
		const char *expected;
	}			cases[] = {
		{"{\"M\":{}}", "M()"},
		{"{\"L\":[ ]}", "L()"},
		{"{\"M\":{\"x\":{\"S\":\"1\"},\"y\":{\"M\":{\"z\":{\"L\":[{\"NULL\":true},{\"BOOL\":false}]}}}}}",
		"M(x:S=1 y:M(z:L(NULL=true BOOL=false)))"},
		{"{\"L\":[{\"N\":\"1\"},{\"B\":\"AA==\"},{\"SS\":[\"a\",\"b\"]},{\"NS\":[\"1\",\"-2\"]},{\"BS\":[\"AA==\"]}]}",
		"L(N=1 B=AA== SS(S=a S=b) NS(N=1 N=-2) BS(B=AA==))"},
		{"{ \"M\" : { \"x\" : { \"S\" : \"1\" } , \"\\ny\" : { \"S\" : \"\xc3\xa9\" } } }", "M(x:S=1 \\ny(flagged):S=\xc3\xa9(high))"},
		{"{\"SS\": [ \"a\" , \"\\u0000\" ] }", "SS(S=a S=\\u0000(escaped))"},
		{"{\"SS\":[]}", "SS()"},

		{"{\"M\":{\"x\":{\"S\":1}}}", "M(6: malformed attribute \"x\": expected a string)"},
		{"{\"M\":{\"x\":{\"S\":\"1\"},\"y\":{}}}", "M(x:S=1 6: malformed attribute \"y\": a value without a type)"},
		{"{\"M\":{\"x\":{\"N\":\"one\"}}}", "M(6: malformed attribute \"x\": an N that is no number)"},
		{"{\"L\":[{\"S\":\"1\"},2]}", "L(S=1 6: malformed answer: expected an object)"},
		{"{\"L\":[{\"S\":\"1\",\"N\":\"1\"}]}", "L(6: malformed answer: a value of more than one type)"},
		{"{\"SS\":[\"a\",1]}", "SS(S=a 6: malformed answer: expected a string)"},
		{"{\"SS\":[{\"S\":\"a\"}]}", "SS(6: malformed answer: expected a string)"},
		{"{\"NS\":[\"1\",\"a\"]}", "NS(N=1 6: malformed answer: an N that is no number)"}
	};
	size_t		i;

	for (i = 0; i < lengthof(cases); i++)
	{
		BrWanted   *wanted = wanting("a");
		StringInfoData out;
		BrPage		page;
		BrSpan		slot;
		BrError		err;
		bool		found;

		initStringInfo(&out);
		if (ok(open_page(&page, BR_PAGE_ITEM, psprintf("{\"Item\":{\"a\":%s}}", cases[i].value), &err) &&
			   br_page_next(&page, wanted, &slot, &found, &err) && found,
			   "%s is a value", cases[i].value))
			append_walk(&out, &slot);
		is_str(out.data, cases[i].expected, "%s: walked", cases[i].value);
	}
}

/* Once a shape is known, neither opening nor decoding takes memory. */
static void
allocations(void)
{
	StringInfoData body;
	BrWanted   *wanted = wanting("a b.c d[1] x *");
	BrSpan		slots[MAX_SLOTS];
	BrPage		page;
	BrError		err;
	bool		found;
	size_t		before = 0;
	const char *copy;
	int			items = 0;
	int			i;

	initStringInfo(&body);
	appendStringInfoString(&body, "{\"Items\":[");
	for (i = 0; i < 200; i++)
		appendStringInfo(&body, "%s{\"u\":{\"S\":\"x\"},\"a\":{\"N\":\"%d\"},\"b\":{\"M\":{\"c\":{\"S\":\"\\n\"}}},"
						 "\"d\":{\"L\":[{\"S\":\"x\"},{\"S\":\"y\"}]}}", i > 0 ? "," : "", i);
	appendStringInfoString(&body, "]}");
	copy = guarded_copy(body.data, body.len);

	for (i = 0; i < 3; i++)
	{
		if (i == 1)
			before = fe_blocks();
		if (!br_page_open(&page, BR_PAGE_ITEMS, copy, body.len, &err))
			break;
		while (br_page_next(&page, wanted, slots, &found, &err) && found)
			items++;
	}
	is_int(items, 600, "three pages of 200 items");
	is_int(fe_blocks(), before, "nothing is allocated for the second and third");
}

int
main(void)
{
	items();
	bad_items();
	besides();
	besides_of_writes();
	wholes();
	answers();
	sizes();
	learning();
	walks();
	allocations();
	return done_testing();
}
