/*
 * paging.c
 *		From one page of a read to the next.
 */
#include "base/br.h"

#include "access/paging.h"

/* Beyond this many items a page is rarely cut by its limit. */
#define MAX_LIMIT	4096

/* 0, and what is as good as that, becomes the limit of a full page. */
static void
set_limit(BrPaging *paging, int limit)
{
	if (limit > MAX_LIMIT)
		limit = 0;
	if (paging->max_limit > 0 && (limit == 0 || limit > paging->max_limit))
		limit = paging->max_limit;
	paging->limit = limit;
}

void
br_paging_init(BrPaging *paging, const BrRead *read)
{
	memset(paging, 0, sizeof(*paging));
	paging->op = read->op;
	initStringInfo(&paging->skeleton);
	br_request_read(&paging->skeleton, read);
	initStringInfo(&paging->next);
	paging->max_limit = read->max_limit;
	set_limit(paging, read->limit);
}

bool
br_paging_is_full(const BrPaging *paging)
{
	return paging->limit == paging->max_limit;
}

void
br_paging_request(const BrPaging *paging, StringInfo body)
{
	BrRaw		next = {paging->next.data, paging->next.len};

	if (paging->op == BR_OP_BATCH_GET_ITEM && paging->started)
	{
		br_request_unprocessed(body, &next);
		return;
	}
	appendBinaryStringInfo(body, paging->skeleton.data, paging->skeleton.len);
	br_request_finish(body, paging->started ? &next : NULL, paging->limit);
}

/* Has nothing changed since the last page? */
static bool
is_what_was_left(const BrPaging *paging, BrRaw next)
{
	return paging->started && next.len == (size_t) paging->next.len &&
		memcmp(next.ptr, paging->next.data, next.len) == 0;
}

bool
br_paging_advance(BrPaging *paging, const BrPage *page, bool *stuck, BrError *err)
{
	BrRaw		next = {NULL, 0};

	/* it would pass for the end of the rows */
	if (!page->answers)
		return br_error(err, BR_ERR_PROTOCOL, "malformed answer: it has no items");
	if (paging->op == BR_OP_BATCH_GET_ITEM)
		next = page->unprocessed;
	else if (paging->op != BR_OP_GET_ITEM)
		next = page->last_key;

	*stuck = false;
	if (next.ptr == NULL)
	{
		paging->done = true;
		return true;
	}
	if (paging->op == BR_OP_BATCH_GET_ITEM)
		*stuck = (page->next == NULL &&
				  (!paging->started || next.len >= (size_t) paging->next.len)) ||
			is_what_was_left(paging, next);
	else if (is_what_was_left(paging, next))
		return br_error(err, BR_ERR_PROTOCOL,
						"the service returned the same LastEvaluatedKey twice in a row");
	resetStringInfo(&paging->next);
	appendBinaryStringInfo(&paging->next, next.ptr, next.len);
	paging->started = true;
	set_limit(paging, paging->limit * 2);
	return true;
}

BrPageKind
br_page_kind(BrOperation op)
{
	switch (op)
	{
		case BR_OP_GET_ITEM:
			return BR_PAGE_ITEM;
		case BR_OP_BATCH_GET_ITEM:
			return BR_PAGE_RESPONSES;
		default:
			return BR_PAGE_ITEMS;
	}
}
