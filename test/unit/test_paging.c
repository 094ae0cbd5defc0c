/*
 * test_paging.c
 *		From one page to the next.
 */
#include "base/br.h"

#include "access/paging.h"
#include "tap.h"

static BrPage
page_of(BrOperation op, const char *body)
{
	BrPage		page;
	BrError		err;

	ok(br_page_open(&page, br_page_kind(op), body, strlen(body), &err), "%s opens", body);
	return page;
}

static const char *
request_of(const BrPaging *paging)
{
	StringInfoData body;

	initStringInfo(&body);
	br_paging_request(paging, &body);
	return body.data;
}

static BrPaging
paging_of(BrRead read)
{
	BrPaging	paging;

	br_paging_init(&paging, &read);
	return paging;
}

/* Takes note of a page; "done", "more", "stuck" or "error". */
static const char *
after(BrPaging *paging, const char *body)
{
	BrPage		page = page_of(paging->op, body);
	BrError		err;
	bool		stuck;

	if (!br_paging_advance(paging, &page, &stuck, &err))
		return "error";
	return paging->done ? "done" : stuck ? "stuck" : "more";
}

static void
test_scan(void)
{
	BrPaging	paging = paging_of((BrRead) {.op = BR_OP_SCAN, .table = "T"});

	ok(strstr(request_of(&paging), "ExclusiveStartKey") == NULL, "the first page has no start key");
	is_str(after(&paging, "{\"Items\":[],\"Count\":0,\"LastEvaluatedKey\":{\"pk\":{\"S\":\"a\\u0041\"}}}"),
		   "more", "an empty page is not the end");
	ok(strstr(request_of(&paging), "\"ExclusiveStartKey\":{\"pk\":{\"S\":\"a\\u0041\"}}") != NULL,
	   "the key goes back as it came");
	is_str(after(&paging, "{\"Items\":[{}],\"LastEvaluatedKey\":{\"pk\":{\"S\":\"b\"}}}"),
		   "more", "another key");
	is_str(after(&paging, "{\"Items\":[{}],\"LastEvaluatedKey\":{\"pk\":{\"S\":\"b\"}}}"),
		   "error", "the same key twice in a row would go on for ever");

	paging = paging_of((BrRead) {.op = BR_OP_SCAN, .table = "T", .limit = 3000});
	ok(strstr(request_of(&paging), "\"Limit\":3000") != NULL, "a limited first page");
	is_str(after(&paging, "{\"Items\":[{}],\"LastEvaluatedKey\":{\"pk\":{\"S\":\"a\"}}}"), "more", "is followed");
	ok(strstr(request_of(&paging), "Limit") == NULL, "by whole ones, once twice as much is a page");

	paging = paging_of((BrRead) {.op = BR_OP_SCAN, .table = "T"});
	is_str(after(&paging, "{\"Items\":[{}]}"), "done", "no key, no further page");
}

/* The Limit of the next request; 0: none. */
static int
limit_of(const BrPaging *paging)
{
	const char *limit = strstr(request_of(paging), "\"Limit\":");

	return limit != NULL ? atoi(limit + strlen("\"Limit\":")) : 0;
}

static void
test_largest_page(void)
{
	static const char more[] = "{\"Items\":[{}],\"LastEvaluatedKey\":{\"pk\":{\"S\":\"%d\"}}}";
	BrPaging	paging = paging_of((BrRead) {.op = BR_OP_QUERY, .table = "T", .limit = 40, .max_limit = 100});
	static const int limits[] = {40, 80, 100, 100};

	for (int i = 0; i < (int) lengthof(limits); i++)
	{
		is_int(limit_of(&paging), limits[i], "page %d grows up to the largest", i + 1);
		is_int(br_paging_is_full(&paging), limits[i] == 100, "page %d is full or not", i + 1);
		after(&paging, psprintf(more, i));
	}

	paging = paging_of((BrRead) {.op = BR_OP_QUERY, .table = "T", .max_limit = 7000});
	is_int(limit_of(&paging), 7000, "a read without a limited first page begins with a full one");
	after(&paging, psprintf(more, 1));
	is_int(limit_of(&paging), 7000, "and goes on with them");

	paging = paging_of((BrRead) {.op = BR_OP_QUERY, .table = "T", .limit = 9, .max_limit = 3});
	is_int(limit_of(&paging), 3, "no first page is larger than the largest");

	paging = paging_of((BrRead) {.op = BR_OP_QUERY, .table = "T"});
	ok(br_paging_is_full(&paging), "without limits every page is full");
}

static void
test_no_answer(void)
{
	BrPaging	paging = paging_of((BrRead) {.op = BR_OP_SCAN, .table = "T"});

	is_str(after(&paging, "{}"), "error", "JSON that is no answer is not the end of the rows");
	is_str(after(&paging, "{\"message\":\"x\"}"), "error", "nor is a message");
	is_str(after(&paging, "{\"Count\":7,\"ScannedCount\":9}"), "done", "a count is an answer");
	paging = paging_of((BrRead) {.op = BR_OP_BATCH_GET_ITEM, .table = "T"});
	is_str(after(&paging, "{\"UnprocessedKeys\":{}}"), "error", "a batch has responses");
}

static void
test_get_item(void)
{
	BrValue		value = {BR_TYPE_S, "a", 1};
	BrKey		key = {.pk_name = "pk", .pk = &value};
	BrPaging	paging = paging_of((BrRead) {
		.op = BR_OP_GET_ITEM, .table = "T", .nkeys = 1, .keys = &key
	});

	is_str(after(&paging, "{\"Item\":{\"pk\":{\"S\":\"a\"}}}"), "done", "a GetItem has one page");
}

static void
test_batch(void)
{
	BrValue		value = {BR_TYPE_S, "a", 1};
	BrKey		key = {.pk_name = "pk", .pk = &value};
	BrPaging	paging = paging_of((BrRead) {
		.op = BR_OP_BATCH_GET_ITEM, .table = "T", .nkeys = 1, .keys = &key
	});
	static const char left[] = "{\"T\":{\"Keys\":[{\"pk\":{\"S\":\"a\"}}],\"ProjectionExpression\":\"#0\"}}";

	is_str(after(&paging, psprintf("{\"Responses\":{\"T\":[]},\"UnprocessedKeys\":%s}", left)),
		   "stuck", "a batch of which nothing was answered");
	ok(strstr(request_of(&paging), left) != NULL, "what is left over is the next request, verbatim");
	is_str(after(&paging, psprintf("{\"Responses\":{\"T\":[{\"pk\":{\"S\":\"b\"}}]},\"UnprocessedKeys\":%s}", left)),
		   "stuck", "an answer that takes nothing away");
	is_str(after(&paging, "{\"Responses\":{\"T\":[{\"pk\":{\"S\":\"b\"}}]},\"UnprocessedKeys\":{\"T\":{\"Keys\":[]}}}"),
		   "more", "a part was answered");
	is_str(after(&paging, "{\"Responses\":{\"T\":[]},\"UnprocessedKeys\":{}}"),
		   "done", "nothing is left over");
}

int
main(void)
{
	test_scan();
	test_largest_page();
	test_no_answer();
	test_get_item();
	test_batch();
	return done_testing();
}
