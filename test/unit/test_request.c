/*
 * test_request.c
 *		The bodies of requests, to the byte.
 */
#include "base/br.h"

#include <jansson.h>

#include "dynamodb/request.h"
#include "fe_alloc.h"
#include "tap.h"

#define TOTAL ",\"ReturnConsumedCapacity\":\"TOTAL\""

static BrValue *
value(BrType type, const char *text)
{
	BrValue    *made = palloc(sizeof(BrValue));

	*made = (BrValue) {type, text, strlen(text)};
	return made;
}

/* Paths in their text form, separated by bars. */
static void
project(BrRead *read, const char *text)
{
	BrPaths		paths;
	BrError		err;

	if (!br_paths_parse(text, &paths, &err))
	{
		diag("%s: %s", text, err.message);
		exit(EXIT_FAILURE);
	}
	read->nprojection = paths.npaths;
	read->projection = paths.paths;
}

static BrCondition *
compare(BrConditionOp op, const char *name, const char *text)
{
	BrPath		p;

	br_path_of_name(name, &p);
	return br_cond_compare(op, &p, value(BR_TYPE_S, text));
}

static char *
body_of(const BrRead *read, const BrRaw *start_key)
{
	StringInfoData out;

	initStringInfo(&out);
	br_request_read(&out, read);
	br_request_finish(&out, start_key, read->limit);
	return out.data;
}

static void
check(const BrRead *read, const char *expected, const char *name)
{
	char	   *body = body_of(read, NULL);
	json_t	   *json = json_loads(body, JSON_REJECT_DUPLICATES, NULL);

	is_str(body, expected, "%s", name);
	ok(json_is_object(json), "%s: JSON without duplicates", name);
	json_decref(json);
}

static BrKey
key(const char *pk, const char *sk)
{
	return (BrKey) {"pk", value(BR_TYPE_S, pk), sk != NULL ? "sk" : NULL,
		sk != NULL ? value(BR_TYPE_S, sk) : NULL};
}

static void
test_names(void)
{
	is_str(br_operation_name(BR_OP_GET_ITEM), "GetItem", "GetItem");
	is_str(br_operation_name(BR_OP_BATCH_GET_ITEM), "BatchGetItem", "BatchGetItem");
	is_str(br_operation_name(BR_OP_QUERY), "Query", "Query");
	is_str(br_operation_name(BR_OP_SCAN), "Scan", "Scan");
	is_str(br_operation_name(BR_OP_DESCRIBE_TABLE), "DescribeTable", "DescribeTable");
}

static void
test_get_item(void)
{
	BrKey		keys[] = {key("TESTRUN#1", "TESTRUN#1")};
	BrRead		read = {.op = BR_OP_GET_ITEM, .table = "t", .nkeys = 1, .keys = keys};

	check(&read, "{\"TableName\":\"t\",\"Key\":{\"pk\":{\"S\":\"TESTRUN#1\"},"
		  "\"sk\":{\"S\":\"TESTRUN#1\"}}" TOTAL "}", "GetItem");
	read.consistent = true;
	project(&read, "status|a.b");
	check(&read, "{\"TableName\":\"t\",\"Key\":{\"pk\":{\"S\":\"TESTRUN#1\"},"
		  "\"sk\":{\"S\":\"TESTRUN#1\"}},\"ProjectionExpression\":\"#0, #1.#2\","
		  "\"ExpressionAttributeNames\":{\"#0\":\"status\",\"#1\":\"a\",\"#2\":\"b\"},"
		  "\"ConsistentRead\":true" TOTAL "}", "GetItem of some attributes, strongly");

	keys[0] = (BrKey) {"n", value(BR_TYPE_N, "42"), NULL, NULL};
	read = (BrRead) {.op = BR_OP_GET_ITEM, .table = "t", .nkeys = 1, .keys = keys};
	check(&read, "{\"TableName\":\"t\",\"Key\":{\"n\":{\"N\":\"42\"}}" TOTAL "}",
		  "GetItem without a sort key");
}

static void
test_batch_get_item(void)
{
	BrKey		keys[] = {key("a", "1"), key("b", "2")};
	BrRead		read = {.op = BR_OP_BATCH_GET_ITEM, .table = "t", .nkeys = 2, .keys = keys};

	check(&read, "{\"RequestItems\":{\"t\":{\"Keys\":["
		  "{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"1\"}},"
		  "{\"pk\":{\"S\":\"b\"},\"sk\":{\"S\":\"2\"}}]}}" TOTAL "}", "BatchGetItem");

	read.consistent = true;
	project(&read, "x");
	check(&read, "{\"RequestItems\":{\"t\":{\"Keys\":["
		  "{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"1\"}},"
		  "{\"pk\":{\"S\":\"b\"},\"sk\":{\"S\":\"2\"}}],"
		  "\"ProjectionExpression\":\"#0, #1, #2\","
		  "\"ExpressionAttributeNames\":{\"#0\":\"x\",\"#1\":\"pk\",\"#2\":\"sk\"},"
		  "\"ConsistentRead\":true}}" TOTAL "}",
		  "BatchGetItem of some attributes asks for the keys too");

	read.consistent = false;
	read.nkeys = 1;
	project(&read, "sk|pk|x");
	check(&read, "{\"RequestItems\":{\"t\":{\"Keys\":["
		  "{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"1\"}}],"
		  "\"ProjectionExpression\":\"#0, #1, #2\","
		  "\"ExpressionAttributeNames\":{\"#0\":\"sk\",\"#1\":\"pk\",\"#2\":\"x\"}}}"
		  TOTAL "}", "but not twice");

	keys[0] = key("a", NULL);
	project(&read, "x");
	check(&read, "{\"RequestItems\":{\"t\":{\"Keys\":[{\"pk\":{\"S\":\"a\"}}],"
		  "\"ProjectionExpression\":\"#0, #1\","
		  "\"ExpressionAttributeNames\":{\"#0\":\"x\",\"#1\":\"pk\"}}}" TOTAL "}",
		  "BatchGetItem without a sort key");
}

static void
test_query(void)
{
	BrRead		read = {.op = BR_OP_QUERY, .table = "t"};

	read.key_condition = compare(BR_COND_EQ, "pk", "a");
	check(&read, "{\"TableName\":\"t\",\"KeyConditionExpression\":\"#0 = :0\","
		  "\"ExpressionAttributeNames\":{\"#0\":\"pk\"},"
		  "\"ExpressionAttributeValues\":{\":0\":{\"S\":\"a\"}}" TOTAL "}", "Query");

	read.index = "ConfigIndex";
	read.key_condition = br_cond_and(compare(BR_COND_EQ, "configId", "c"),
									 compare(BR_COND_GE, "timestamp", "2025"));
	read.filter = br_cond_not(compare(BR_COND_BEGINS_WITH, "pk", "TESTRUN#"));
	read.backward = true;
	read.limit = 12;
	project(&read, "pk|timestamp");
	check(&read, "{\"TableName\":\"t\",\"IndexName\":\"ConfigIndex\","
		  "\"KeyConditionExpression\":\"#0 = :0 AND #1 >= :1\","
		  "\"FilterExpression\":\"NOT begins_with(#2, :2)\","
		  "\"ProjectionExpression\":\"#2, #1\","
		  "\"ExpressionAttributeNames\":{\"#0\":\"configId\",\"#1\":\"timestamp\",\"#2\":\"pk\"},"
		  "\"ExpressionAttributeValues\":{\":0\":{\"S\":\"c\"},\":1\":{\"S\":\"2025\"},"
		  "\":2\":{\"S\":\"TESTRUN#\"}},"
		  "\"ScanIndexForward\":false" TOTAL ",\"Limit\":12}", "Query with everything");

	read = (BrRead) {.op = BR_OP_QUERY, .table = "t", .count_only = true, .consistent = true};
	read.key_condition = compare(BR_COND_EQ, "pk", "a");
	project(&read, "x");
	check(&read, "{\"TableName\":\"t\",\"KeyConditionExpression\":\"#0 = :0\","
		  "\"Select\":\"COUNT\",\"ExpressionAttributeNames\":{\"#0\":\"pk\"},"
		  "\"ExpressionAttributeValues\":{\":0\":{\"S\":\"a\"}},"
		  "\"ConsistentRead\":true" TOTAL "}", "COUNT goes without a projection");
}

static void
test_scan(void)
{
	BrRead		read = {.op = BR_OP_SCAN, .table = "t"};
	BrPath		p;

	check(&read, "{\"TableName\":\"t\"" TOTAL "}", "Scan");

	/* members of other operations do not get into this one */
	read.key_condition = compare(BR_COND_EQ, "pk", "a");
	read.backward = true;
	read.total_segments = 1;
	check(&read, "{\"TableName\":\"t\"" TOTAL "}", "Scan has neither keys, order nor one segment");

	br_path_of_name("status", &p);
	read.index = "RunIndex";
	read.filter = br_cond_exists(BR_COND_EXISTS, &p);
	read.segment = 0;
	read.total_segments = 4;
	read.limit = 50;
	check(&read, "{\"TableName\":\"t\",\"IndexName\":\"RunIndex\","
		  "\"FilterExpression\":\"attribute_exists(#0)\","
		  "\"ExpressionAttributeNames\":{\"#0\":\"status\"},"
		  "\"Segment\":0,\"TotalSegments\":4" TOTAL ",\"Limit\":50}",
		  "the first of four segments, names without values");
	read = (BrRead) {.op = BR_OP_SCAN, .table = "t", .count_only = true};
	check(&read, "{\"TableName\":\"t\",\"Select\":\"COUNT\"" TOTAL "}", "Scan that counts");
}

/* The body's projection for these paths, as the names it leads to. */
static void
check_projection(const char *paths, const char *expected, const char *names)
{
	BrRead		read = {.op = BR_OP_SCAN, .table = "t"};

	project(&read, paths);
	check(&read, psprintf("{\"TableName\":\"t\",\"ProjectionExpression\":\"%s\","
						  "\"ExpressionAttributeNames\":{%s}" TOTAL "}", expected, names),
		  psprintf("projection of %s", paths));
}

/* More than an expression may hold is not projected, and no name is left over from the attempt. */
static void
check_many_paths(int npaths, bool fits)
{
	BrRead		read = {.op = BR_OP_SCAN, .table = "t"};
	StringInfoData paths;
	char	   *body;

	initStringInfo(&paths);
	for (int i = 0; i < npaths; i++)
		appendStringInfo(&paths, "%sa%d", i > 0 ? "|" : "", i);
	project(&read, paths.data);
	read.filter = compare(BR_COND_EQ, "f", "x");
	body = body_of(&read, NULL);
	ok((strstr(body, "ProjectionExpression") != NULL) == fits, "projection of %d paths", npaths);
	ok((strstr(body, "\"a1\"") != NULL) == fits, "names of %d paths", npaths);
	ok(strstr(body, ":\"f\"") != NULL, "names of the filter beside %d paths", npaths);
}

static void
test_projection(void)
{
	check_projection("a|a", "#0", "\"#0\":\"a\"");
	check_projection("a.b|a", "#0", "\"#0\":\"a\"");
	check_projection("a|a.b", "#0", "\"#0\":\"a\"");
	check_projection("a.b.c|a.b|a.bc", "#0.#1, #0.#2",
					 "\"#0\":\"a\",\"#1\":\"b\",\"#2\":\"bc\"");
	check_projection("s.p99|s.p90|s.p99", "#0.#1, #0.#2",
					 "\"#0\":\"s\",\"#1\":\"p99\",\"#2\":\"p90\"");
	check_projection("a.a.a|b.a", "#0.#0.#0, #1.#0", "\"#0\":\"a\",\"#1\":\"b\"");
	check_projection("ab|a", "#0, #1", "\"#0\":\"ab\",\"#1\":\"a\"");

	/* lists come whole: elements would be renumbered */
	check_projection("l[2]", "#0", "\"#0\":\"l\"");
	check_projection("l[0].x|l[1].y", "#0", "\"#0\":\"l\"");
	check_projection("m.l[3].x|m.k", "#0.#1, #0.#2", "\"#0\":\"m\",\"#1\":\"l\",\"#2\":\"k\"");
	check_projection("l[0]|l.x", "#0", "\"#0\":\"l\"");
	check_many_paths(700, true);	/* 4,090 bytes */
	check_many_paths(702, false);
}

static void
test_pages(void)
{
	BrRead		read = {.op = BR_OP_SCAN, .table = "t"};
	BrRaw		absent = {NULL, 0};
	const char *text = "{\"pk\" : {\"S\":\"\\u0041\"}} and more";
	BrRaw		start = {text, strlen("{\"pk\" : {\"S\":\"\\u0041\"}}")};
	const char *left = "{\"t\":{\"Keys\":[{\"pk\":{\"S\":\"a\"}}],"
		"\"ProjectionExpression\":\"#0\",\"ExpressionAttributeNames\":{\"#0\":\"pk\"}}},";
	BrRaw		unprocessed = {left, strlen(left) - 1};
	StringInfoData out;

	is_str(body_of(&read, &absent), "{\"TableName\":\"t\"" TOTAL "}", "no start key");
	is_str(body_of(&read, &start), "{\"TableName\":\"t\"" TOTAL
		   ",\"ExclusiveStartKey\":{\"pk\" : {\"S\":\"\\u0041\"}}}", "a start key as it came");

	initStringInfo(&out);
	br_request_unprocessed(&out, &unprocessed);
	is_str(out.data, psprintf("{\"RequestItems\":%.*s" TOTAL "}", (int) unprocessed.len, left),
		   "unprocessed keys as they came");

	resetStringInfo(&out);
	br_request_describe_table(&out, "my.\"table\"");
	is_str(out.data, "{\"TableName\":\"my.\\\"table\\\"\"}", "DescribeTable");
}

/* The string at a place in a document: members separated by tabs. */
static const char *
at(const json_t *json, const char *place)
{
	char	   *copy = pstrdup(place);
	char	   *member;

	for (member = strtok(copy, "\t"); member != NULL; member = strtok(NULL, "\t"))
		json = json_object_get(json, member);
	return json_string_value(json);
}

/* A request full of this text says the same as one full of "x". */
static void
check_injection(const char *text)
{
	BrKey		keys[] = {{text, value(BR_TYPE_S, text), NULL, NULL}};
	BrRead		read = {.op = BR_OP_QUERY, .table = text, .index = text, .nprojection = 1};
	BrPath		p;
	json_t	   *json;

	br_path_of_name(text, &p);
	read.projection = &p;
	read.key_condition = compare(BR_COND_EQ, text, text);
	read.filter = compare(BR_COND_NE, text, text);
	json = json_loads(body_of(&read, NULL), JSON_REJECT_DUPLICATES, NULL);
	is_int(json_object_size(json), 8, "no member more or less with [%.20s]", text);
	is_str(at(json, "TableName"), text, "the table's name");
	is_str(at(json, "IndexName"), text, "the index's name");
	is_str(at(json, "KeyConditionExpression"), "#0 = :0", "the key condition");
	is_str(at(json, "FilterExpression"), "#0 <> :1", "the filter");
	is_str(at(json, "ProjectionExpression"), "#0", "the projection");
	is_str(at(json, "ExpressionAttributeNames\t#0"), text, "the attribute's name");
	is_str(at(json, "ExpressionAttributeValues\t:0\tS"), text, "the key value");
	is_str(at(json, "ExpressionAttributeValues\t:1\tS"), text, "the other value");
	json_decref(json);

	read = (BrRead) {.op = BR_OP_GET_ITEM, .table = "t", .nkeys = 1, .keys = keys};
	json = json_loads(body_of(&read, NULL), JSON_REJECT_DUPLICATES, NULL);
	is_int(json_object_size(json_object_get(json, "Key")), 1, "one key attribute");
	is_str(json_string_value(json_object_get(json_object_get(json_object_get(json, "Key"), text),
											 "S")), text, "the key");
	json_decref(json);
}

static void
test_injection(void)
{
	static const char *const texts[] = {
		"a.b", "a[0]", "#x", "#0", ":v", ":0", "\"", "\\", "\\\"", "'", "size", "timestamp",
		"AND", "NULL", "\",\"Limit\":1,\"x\":\"", "{\"S\":\"x\"}", "#0, #1", " ", "a b",
		"\n", "\t\r\x01\x1f", "\x7f", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xf0\x9f\x98\x80",
		"\xef\xbb\xbf", "%s%n%d", "</script>", "\xcc\x81",
	};
	char		longest[256];
	int			i;

	for (i = 0; i < (int) lengthof(texts); i++)
		check_injection(texts[i]);
	memset(longest, '"', 255);
	longest[255] = '\0';
	check_injection(longest);
}

int
main(void)
{
	test_names();
	test_get_item();
	test_batch_get_item();
	test_query();
	test_scan();
	test_projection();
	test_pages();
	test_injection();
	return done_testing();
}
