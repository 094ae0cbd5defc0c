/*
 * test_write.c
 *		The bodies of requests that write, to the byte; what shows that a write took
 *		place, and why a transaction did not.
 */
#include "base/br.h"

#include <jansson.h>

#include "dynamodb/equal.h"
#include "dynamodb/write.h"
#include "fe_alloc.h"
#include "tap.h"

#define TOTAL ",\"ReturnConsumedCapacity\":\"TOTAL\""
#define ON_FAILURE ",\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\""
#define ITEM "{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"1\"},\"x\":{\"N\":\"7\"}}"
#define KEY "{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"1\"}}"

static BrValue *
value(BrType type, const char *text)
{
	BrValue    *made = palloc(sizeof(BrValue));

	*made = (BrValue) {type, text, strlen(text)};
	return made;
}

static BrPath
path(const char *text)
{
	BrPaths		paths;
	BrError		err;

	if (!br_paths_parse(text, &paths, &err))
	{
		diag("%s: %s", text, err.message);
		exit(EXIT_FAILURE);
	}
	return paths.paths[0];
}

static BrChange
change(const char *where, const char *json)
{
	return (BrChange) {path(where), json, json != NULL ? strlen(json) : 0};
}

static BrCondition *
exists(BrConditionOp op)
{
	BrPath		p = path("pk");

	return br_cond_exists(op, &p);
}

/* A write of the item a, 1 in table t. */
static BrWrite
write_of(BrOperation op)
{
	return (BrWrite) {
		.op = op, .table = "t", .item = ITEM, .item_len = strlen(ITEM),
		.key = {"pk", value(BR_TYPE_S, "a"), "sk", value(BR_TYPE_S, "1")}
	};
}

static void
check_body(const char *body, const char *expected, const char *name)
{
	json_t	   *json = json_loads(body, JSON_REJECT_DUPLICATES, NULL);

	is_str(body, expected, "%s", name);
	ok(json_is_object(json), "%s: JSON without duplicates", name);
	json_decref(json);
}

static void
check(const BrWrite *write, const char *expected, const char *name)
{
	StringInfoData out;

	initStringInfo(&out);
	br_request_write(&out, write);
	check_body(out.data, expected, name);
}

static void
test_put(void)
{
	BrWrite		write = write_of(BR_OP_PUT_ITEM);

	is_str(br_operation_name(BR_OP_PUT_ITEM), "PutItem", "PutItem");
	check(&write, "{\"TableName\":\"t\",\"Item\":" ITEM TOTAL "}", "PutItem");
	write.condition = exists(BR_COND_NOT_EXISTS);
	check(&write, "{\"TableName\":\"t\",\"Item\":" ITEM
		  ",\"ConditionExpression\":\"attribute_not_exists(#0)\","
		  "\"ExpressionAttributeNames\":{\"#0\":\"pk\"}" ON_FAILURE TOTAL "}", "PutItem where nothing is");
	write.condition = NULL;
	write.returns = BR_RETURNS_OLD;
	check(&write, "{\"TableName\":\"t\",\"Item\":" ITEM ",\"ReturnValues\":\"ALL_OLD\"" TOTAL "}",
		  "PutItem that returns what was there");
	write.returns = BR_RETURNS_NEW;
	check(&write, "{\"TableName\":\"t\",\"Item\":" ITEM TOTAL "}", "PutItem has nothing new to return");
	write.item = ITEM "junk";
	check(&write, "{\"TableName\":\"t\",\"Item\":" ITEM TOTAL "}", "its item has an end");
}

static void
test_delete(void)
{
	BrWrite		write = write_of(BR_OP_DELETE_ITEM);
	BrPath		p = path("status");

	is_str(br_operation_name(BR_OP_DELETE_ITEM), "DeleteItem", "DeleteItem");
	check(&write, "{\"TableName\":\"t\",\"Key\":" KEY TOTAL "}", "DeleteItem");
	write.returns = BR_RETURNS_OLD;
	write.condition = br_cond_and(exists(BR_COND_EXISTS),
								  br_cond_compare(BR_COND_EQ, &p, value(BR_TYPE_S, "failed")));
	check(&write, "{\"TableName\":\"t\",\"Key\":" KEY
		  ",\"ConditionExpression\":\"attribute_exists(#0) AND #1 = :0\","
		  "\"ExpressionAttributeNames\":{\"#0\":\"pk\",\"#1\":\"status\"},"
		  "\"ExpressionAttributeValues\":{\":0\":{\"S\":\"failed\"}},\"ReturnValues\":\"ALL_OLD\""
		  ON_FAILURE TOTAL "}", "DeleteItem of what is there");
	write.condition = NULL;
	write.returns = BR_RETURNS_NEW;
	write.key = (BrKey) {"n", value(BR_TYPE_N, "42"), NULL, NULL};
	check(&write, "{\"TableName\":\"t\",\"Key\":{\"n\":{\"N\":\"42\"}}" TOTAL "}",
		  "DeleteItem without a sort key, and without anything new to return");
}

static void
test_update(void)
{
	BrChange	changes[] = {
		change("status", "{\"S\":\"a\\\"b\"}"), change("m.x", NULL), change("l[2].x", "{\"L\":[{\"N\":\"1\"}]}"),
		change("old", NULL),
	};
	BrWrite		write = write_of(BR_OP_UPDATE_ITEM);
	BrPath		p = path("status");

	is_str(br_operation_name(BR_OP_UPDATE_ITEM), "UpdateItem", "UpdateItem");
	write.changes = changes;
	write.nchanges = 1;
	check(&write, "{\"TableName\":\"t\",\"Key\":" KEY ",\"UpdateExpression\":\"SET #0=:0\","
		  "\"ExpressionAttributeNames\":{\"#0\":\"status\"},"
		  "\"ExpressionAttributeValues\":{\":0\":{\"S\":\"a\\\"b\"}}" TOTAL "}", "UpdateItem that sets");
	write.changes = changes + 1;
	check(&write, "{\"TableName\":\"t\",\"Key\":" KEY ",\"UpdateExpression\":\"REMOVE #0.#1\","
		  "\"ExpressionAttributeNames\":{\"#0\":\"m\",\"#1\":\"x\"}" TOTAL "}", "UpdateItem that removes");
	write.changes = changes;
	write.nchanges = 4;
	write.returns = BR_RETURNS_NEW;
	write.condition = br_cond_and(exists(BR_COND_EXISTS),
								  br_cond_compare(BR_COND_NE, &p, value(BR_TYPE_S, "z")));
	check(&write, "{\"TableName\":\"t\",\"Key\":" KEY
		  ",\"UpdateExpression\":\"SET #0=:0,#1[2].#2=:1 REMOVE #3.#2,#4\","
		  "\"ConditionExpression\":\"attribute_exists(#5) AND #0 <> :2\","
		  "\"ExpressionAttributeNames\":{\"#0\":\"status\",\"#1\":\"l\",\"#2\":\"x\",\"#3\":\"m\","
		  "\"#4\":\"old\",\"#5\":\"pk\"},"
		  "\"ExpressionAttributeValues\":{\":0\":{\"S\":\"a\\\"b\"},\":1\":{\"L\":[{\"N\":\"1\"}]},"
		  "\":2\":{\"S\":\"z\"}},\"ReturnValues\":\"ALL_NEW\"" ON_FAILURE TOTAL "}",
		  "UpdateItem with everything");
	write.condition = NULL;
	write.nchanges = 1;
	write.returns = BR_RETURNS_OLD;
	check(&write, "{\"TableName\":\"t\",\"Key\":" KEY ",\"UpdateExpression\":\"SET #0=:0\","
		  "\"ExpressionAttributeNames\":{\"#0\":\"status\"},"
		  "\"ExpressionAttributeValues\":{\":0\":{\"S\":\"a\\\"b\"}},\"ReturnValues\":\"ALL_OLD\"" TOTAL "}",
		  "UpdateItem that returns what was there");
}

/* What an expression of 4 KB holds at least. */
static void
test_many_changes(void)
{
	BrChange	changes[380];
	BrWrite		write = write_of(BR_OP_UPDATE_ITEM);
	StringInfoData out;
	const char *expression;

	for (int i = 0; i < (int) lengthof(changes); i++)
		changes[i] = change(psprintf("a%d", i), "{\"S\":\"x\"}");
	write.changes = changes;
	write.nchanges = lengthof(changes);
	initStringInfo(&out);
	br_request_write(&out, &write);
	expression = strstr(out.data, "\"SET ") + 1;
	ok(strcspn(expression, "\"") <= 4096, "an expression of %d changes has %d bytes",
	   write.nchanges, (int) strcspn(expression, "\""));
}

static void
test_injection(void)
{
	static const char *const texts[] = {"a.b", "#0", ":0", "\"", "\\", "SET", "a\",\"x\":\"", "\n", "%s%n"};

	for (size_t i = 0; i < lengthof(texts); i++)
	{
		BrWrite		write = write_of(BR_OP_UPDATE_ITEM);
		BrChange	changes[] = {{.json = "{\"S\":\"v\"}", .len = 9}};
		StringInfoData out;
		json_t	   *json;

		br_path_of_name(texts[i], &changes[0].path);
		write.table = texts[i];
		write.key = (BrKey) {texts[i], value(BR_TYPE_S, texts[i]), NULL, NULL};
		write.changes = changes;
		write.nchanges = 1;
		initStringInfo(&out);
		br_request_write(&out, &write);
		json = json_loads(out.data, JSON_REJECT_DUPLICATES, NULL);
		is_int(json_object_size(json), 6, "no member more or less with [%s]", texts[i]);
		is_str(json_string_value(json_object_get(json, "TableName")), texts[i], "the table's name");
		is_str(json_string_value(json_object_get(json, "UpdateExpression")), "SET #0=:0", "the expression");
		is_str(json_string_value(json_object_get(json_object_get(json, "ExpressionAttributeNames"), "#0")),
			   texts[i], "the attribute's name");
		is_str(json_string_value(json_object_get(json_object_get(json_object_get(json, "Key"), texts[i]), "S")),
			   texts[i], "the key");
		json_decref(json);
	}
}

static void
test_batch(void)
{
	BrWrite		put = write_of(BR_OP_PUT_ITEM);
	BrWrite		delete = write_of(BR_OP_DELETE_ITEM);
	const BrWrite *writes[] = {&put, &delete, &put};
	const char *left = "{\"t\":[{\"PutRequest\":{\"Item\":" ITEM "}}]}";
	BrRaw		unprocessed = {left, strlen(left)};
	StringInfoData out;

	put.table = delete.table = "my\"table";
	put.condition = exists(BR_COND_NOT_EXISTS);
	put.returns = BR_RETURNS_OLD;
	initStringInfo(&out);
	br_request_batch_write(&out, 3, writes);
	check_body(out.data, "{\"RequestItems\":{\"my\\\"table\":[{\"PutRequest\":{\"Item\":" ITEM "}},"
			   "{\"DeleteRequest\":{\"Key\":" KEY "}},{\"PutRequest\":{\"Item\":" ITEM "}}]}" TOTAL "}",
			   "BatchWriteItem");
	resetStringInfo(&out);
	br_request_batch_write(&out, 1, writes + 1);
	check_body(out.data, "{\"RequestItems\":{\"my\\\"table\":[{\"DeleteRequest\":{\"Key\":" KEY "}}]}" TOTAL "}",
			   "of one");
	resetStringInfo(&out);
	br_request_unprocessed(&out, &unprocessed);
	check_body(out.data, "{\"RequestItems\":{\"t\":[{\"PutRequest\":{\"Item\":" ITEM "}}]}" TOTAL "}",
			   "and of what was left over");
	is_str(br_operation_name(BR_OP_BATCH_WRITE_ITEM), "BatchWriteItem", "BatchWriteItem");
}

static void
test_transact(void)
{
	BrChange	changes[] = {change("x", "{\"S\":\"v\"}")};
	BrWrite		put = write_of(BR_OP_PUT_ITEM);
	BrWrite		update = write_of(BR_OP_UPDATE_ITEM);
	BrWrite		delete = write_of(BR_OP_DELETE_ITEM);
	const BrWrite *writes[] = {&put, &update, &delete};
	StringInfoData out;

	put.condition = exists(BR_COND_NOT_EXISTS);
	put.returns = BR_RETURNS_OLD;
	update.changes = changes;
	update.nchanges = 1;
	initStringInfo(&out);
	br_request_transact_write(&out, 3, writes, "tok\"en");
	check_body(out.data, "{\"TransactItems\":[{\"Put\":{\"TableName\":\"t\",\"Item\":" ITEM
			   ",\"ConditionExpression\":\"attribute_not_exists(#0)\","
			   "\"ExpressionAttributeNames\":{\"#0\":\"pk\"}}},"
			   "{\"Update\":{\"TableName\":\"t\",\"Key\":" KEY ",\"UpdateExpression\":\"SET #0=:0\","
			   "\"ExpressionAttributeNames\":{\"#0\":\"x\"},"
			   "\"ExpressionAttributeValues\":{\":0\":{\"S\":\"v\"}}}},"
			   "{\"Delete\":{\"TableName\":\"t\",\"Key\":" KEY "}}],"
			   "\"ClientRequestToken\":\"tok\\\"en\"" TOTAL "}", "TransactWriteItems");
	is_str(br_operation_name(BR_OP_TRANSACT_WRITE_ITEMS), "TransactWriteItems", "TransactWriteItems");
}

static bool
shows(const BrWrite *write, const char *item)
{
	BrSpan		span = {.type = BR_TYPE_ABSENT};

	if (item != NULL)
		span = (BrSpan) {.ptr = item, .len = strlen(item), .type = BR_TYPE_M};
	return br_write_shows(write, &span);
}

static void
test_shows(void)
{
	BrWrite		write = write_of(BR_OP_PUT_ITEM);
	BrChange	changes[] = {change("x", "{\"N\":\"7.0\"}"), change("m.y", NULL), change("m.z", "{\"SS\":[\"a\",\"b\"]}")};

	ok(shows(&write, ITEM), "PUT: the item");
	ok(shows(&write, "{ \"x\":{\"N\":\"7.0\"},\"sk\":{\"S\":\"\\u0031\"},\"pk\":{\"S\":\"a\"} }"), "written otherwise");
	ok(!shows(&write, KEY), "less than it");
	ok(!shows(&write, "{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"1\"},\"x\":{\"N\":\"8\"}}"), "another value");
	ok(!shows(&write, "{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"1\"},\"x\":{\"N\":\"7\"},\"y\":{\"N\":\"7\"}}"), "more than it");
	ok(!shows(&write, NULL), "nothing");

	write = write_of(BR_OP_DELETE_ITEM);
	ok(shows(&write, NULL), "DELETE: nothing is there");
	ok(!shows(&write, ITEM), "something is");

	write = write_of(BR_OP_UPDATE_ITEM);
	write.changes = changes;
	write.nchanges = 3;
	ok(shows(&write, "{\"x\":{\"N\":\"7\"},\"m\":{\"M\":{\"z\":{\"SS\":[\"b\",\"a\"]}}},\"q\":{\"S\":\"\"}}"),
	   "UPDATE: all changes hold");
	ok(!shows(&write, "{\"x\":{\"N\":\"7\"},\"m\":{\"M\":{\"z\":{\"SS\":[\"b\",\"a\"]},\"y\":{\"S\":\"\"}}}}"),
	   "something is not removed");
	ok(!shows(&write, "{\"x\":{\"N\":\"7\"},\"m\":{\"M\":{\"z\":{\"SS\":[\"b\"]}}}}"), "something is another value");
	ok(!shows(&write, "{\"x\":{\"N\":\"7\"}}"), "something is not there");
	ok(!shows(&write, NULL), "nothing is there");
	write.nchanges = 1;
	write.changes = changes + 1;
	ok(shows(&write, "{\"pk\":{\"S\":\"a\"}}"), "something removed, and even its map");
	ok(!shows(&write, NULL), "but not the item");
}

static const char *
reasons_of(const char *body, int n)
{
	static const char letters[] = "-CRO";
	BrCancelled reasons[8];
	StringInfoData out;
	BrError		err;

	memset(reasons, 0x55, sizeof(reasons));
	if (!br_cancellation_parse(body, strlen(body), n, reasons, &err))
		return psprintf("%d: %s", err.kind, err.message);
	initStringInfo(&out);
	for (int i = 0; i < n; i++)
		appendStringInfoChar(&out, letters[reasons[i]]);
	return out.data;
}

static void
test_cancelled(void)
{
	static const struct
	{
		const char *body;
		int			n;
		const char *expected;
	}			cases[] = {
		{"{\"__type\":\"com.amazonaws.dynamodb.v20120810#TransactionCanceledException\","
			"\"CancellationReasons\":[{\"Code\":\"None\"},{\"Code\":\"ConditionalCheckFailed\","
			"\"Item\":{\"Code\":{\"S\":\"None\"}},\"Message\":\"The conditional request failed\"}],"
			"\"Message\":\"Transaction cancelled, please refer cancellation reasons for specific "
			"reasons [None, ConditionalCheckFailed]\"}", 2, "-C"},
		{"{\"CancellationReasons\":[{\"Code\":\"TransactionConflict\"},{\"Code\":\"ThrottlingError\"},"
			"{\"Code\":\"ProvisionedThroughputExceeded\"},{\"Code\":\"ValidationError\"},"
			"{\"Code\":\"ItemCollectionSizeLimitExceeded\"},{\"Code\":\"Unheard\"},{\"Code\":\"N\\u006fne\"}]}",
		7, "RRROOO-"},
		{" { \"CancellationReasons\" : [ { \"Message\" : null , \"Code\" : \"None\" } , { } , {\"Code\":null} ] } ",
		3, "---"},
		{"{\"CancellationReasons\":[{\"Code\":\"None\"}]}", 2,
		"6: a transaction of 2 writes was cancelled for the reasons of 1"},
		{"{\"CancellationReasons\":[{},{},{}]}", 2, "6: a transaction of 2 writes was cancelled for the reasons of 3"},
		{"{\"message\":\"none\"}", 1, "6: a transaction of 1 writes was cancelled for the reasons of 0"},
		{"{\"CancellationReasons\":{}}", 1, "6: malformed answer: expected an array at byte 23"},
		{"{\"CancellationReasons\":[1]}", 1, "6: malformed answer: expected an object at byte 24"},
		{"{\"CancellationReasons\":[{\"Code\":\"None\"}", 1, "6: malformed answer: it ends too early at byte 39"},
		{"{\"CancellationReasons\":[{\"Code\":\"None", 1, "6: malformed answer: it ends too early at byte 37"},
		{"<html>", 1, "6: malformed answer: expected an object at byte 0"},
		{"", 1, "6: malformed answer: it ends too early at byte 0"},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
		is_str(reasons_of(cases[i].body, cases[i].n), cases[i].expected, "reasons of %s", cases[i].body);
}

int
main(void)
{
	test_put();
	test_delete();
	test_update();
	test_many_changes();
	test_injection();
	test_batch();
	test_transact();
	test_shows();
	test_cancelled();
	return done_testing();
}
