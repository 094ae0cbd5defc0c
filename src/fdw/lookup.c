/*
 * lookup.c
 *		One GetItem, waited for.
 */
#include "base/br.h"

#include "dynamodb/equal.h"
#include "fdw/connect.h"
#include "fdw/lookup.h"
#include "fdw/report.h"
#include "io/client.h"

static void
fail(const BrRelation *rel, const BrError *err)
{
	BrDoing		doing = {
		.operation = br_operation_name(BR_OP_GET_ITEM),
		.table = rel->schema.table,
		.relation = rel->name
	};

	br_report(err, &doing);
}

static BrSpan
get_item(const BrRelation *rel, Oid user_id, const BrRead *read, BrCounters *counters)
{
	BrReading	reading = br_connect_for(rel, user_id, counters);
	StringInfoData body;
	BrCall	   *call;
	const char *answer;
	size_t		len;
	BrPage		page;
	BrSpan		item;
	BrError		err;

	initStringInfo(&body);
	br_request_read(&body, read);
	br_request_finish(&body, NULL, 0);
	call = br_call_start(reading.conn, read->op, body.data, body.len, 0, counters);
	if (!br_call_wait(call, &answer, &len, &err))
		fail(rel, &err);
	if (!br_page_open(&page, BR_PAGE_ITEM, answer, len, &err) ||
		!br_page_whole_item(&page, &item, &err))
	{
		br_call_name_answer(call, &err);
		fail(rel, &err);
	}
	counters->pages++;
	counters->capacity += Max(page.capacity, 0);
	return item;
}

void
br_lookup_tops(const BrRelation *rel, Oid user_id, const BrKey *key, BrTops *tops,
			   BrCounters *counters)
{
	BrPath	   *paths = palloc(sizeof(BrPath) * Max(tops->n, 1));
	BrRead		read = {
		.op = BR_OP_GET_ITEM,
		.table = rel->schema.table,
		.nkeys = 1,
		.keys = key,
		.nprojection = tops->n,
		.projection = paths,
		.consistent = true
	};
	BrSpan		item;

	for (int i = 0; i < tops->n; i++)
		br_path_of_name(tops->names[i], &paths[i]);
	item = get_item(rel, user_id, &read, counters);
	for (int i = 0; i < tops->n; i++)
	{
		tops->spans[i].type = BR_TYPE_ABSENT;
		if (item.type == BR_TYPE_M)
			tops->spans[i] = br_value_at(&item, &paths[i]);
	}
	tops->known = true;
}
