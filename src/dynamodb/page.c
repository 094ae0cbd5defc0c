/*
 * page.c
 *		Opening an answer: proving that all of it is well formed, and finding
 *		what stands beside the items.
 */
#include "base/br.h"

#include "dynamodb/number.h"
#include "dynamodb/page.h"
#include "dynamodb/value.h"

#define MAX_BODY_LEN		((size_t) 1 << 30)

/* An array of items: all are stepped over, the cursor set to the first. */
static const char *
read_item_array(BrPage *page, BrJson *json, const char *p)
{
	bool		more;

	if (p == json->end || *p != '[')
		return br_json_fault(json, p, "the items are no array");
	p = br_json_enter(json, p, '[', &more);
	if (p != NULL && more)
		page->next = p;
	while (p != NULL && more)
	{
		if (p < json->end && *p != '{')
			return br_json_fault(json, p, "an item is no object");
		p = br_json_skip(json, p);
		if (p != NULL)
			p = br_json_more(json, p, ']', &more);
	}
	if (p != NULL)
		page->items_end = p - 1;
	return p;
}

static const char *
read_item(BrPage *page, BrJson *json, const char *p)
{
	if (p == json->end || *p != '{')
		return br_json_fault(json, p, "the item is no object");
	page->next = p;
	p = br_json_skip(json, p);
	page->items_end = p;
	return p;
}

/* {"TABLE":[items]} */
static const char *
read_responses(BrPage *page, BrJson *json, const char *p)
{
	BrSpan		table;
	bool		more;

	p = br_json_enter(json, p, '{', &more);
	if (p == NULL || !more)
		return p;
	p = br_json_name(json, p, &table);
	if (p != NULL)
		p = read_item_array(page, json, p);
	if (p != NULL)
		p = br_json_more(json, p, '}', &more);
	if (p != NULL && more)
		return br_json_fault(json, p, "it answers for more than one table");
	return p;
}

static const char *
read_integer(BrJson *json, const char *p, int64 *value)
{
	const char *behind = br_json_skip(json, p);

	if (behind == NULL)
		return NULL;
	if (!br_number_to_int64(p, behind - p, value) || *value < 0)
		return br_json_fault(json, p, "a count is no whole number");
	return behind;
}

static const char *
read_count(BrPage *page, BrJson *json, const char *p)
{
	return read_integer(json, p, &page->count);
}

static const char *
read_scanned_count(BrPage *page, BrJson *json, const char *p)
{
	return read_integer(json, p, &page->scanned_count);
}

/* A number, added to the units charged for this page. */
static const char *
read_capacity_units(BrPage *page, BrJson *json, const char *p)
{
	const char *behind = br_json_skip(json, p);
	double		units;

	if (behind == NULL)
		return NULL;
	if (!br_number_to_double(p, behind - p, &units) || units < 0)
		return br_json_fault(json, p, "capacity units are no amount");
	page->capacity = Max(page->capacity, 0) + units;
	return behind;
}

/* {"TableName":"...","CapacityUnits":0.5} */
static const char *
read_table_capacity(BrPage *page, BrJson *json, const char *p)
{
	bool		more;

	p = br_json_enter(json, p, '{', &more);
	while (p != NULL && more)
	{
		BrSpan		name;

		p = br_json_name(json, p, &name);
		if (p != NULL)
			p = br_span_equals(&name, "CapacityUnits", 13) ?
				read_capacity_units(page, json, p) : br_json_skip(json, p);
		if (p != NULL)
			p = br_json_more(json, p, '}', &more);
	}
	return p;
}

/* One of them, or in the answer to BatchGetItem a list of one for each table. */
static const char *
read_capacity(BrPage *page, BrJson *json, const char *p)
{
	bool		more;

	if (p == json->end || *p != '[')
		return read_table_capacity(page, json, p);
	p = br_json_enter(json, p, '[', &more);
	while (p != NULL && more)
	{
		p = read_table_capacity(page, json, p);
		if (p != NULL)
			p = br_json_more(json, p, ']', &more);
	}
	return p;
}

/* An object to be sent back as it stands; {} and null are none. */
static const char *
read_raw(BrJson *json, const char *p, BrRaw *raw)
{
	const char *behind = br_json_skip(json, p);

	if (behind == NULL)
		return NULL;
	if (*p != '{' && *p != 'n')
		return br_json_fault(json, p, "expected an object");
	if (*p == '{' && *br_json_space(p + 1, behind) != '}')
	{
		raw->ptr = p;
		raw->len = behind - p;
	}
	return behind;
}

static const char *
read_last_key(BrPage *page, BrJson *json, const char *p)
{
	const char *member;
	bool		more;

	p = read_raw(json, p, &page->last_key);
	if (p == NULL || page->last_key.ptr == NULL)
		return p;

	/* what is no key would only be refused later, far from the cause */
	member = br_json_enter(json, page->last_key.ptr, '{', &more);
	while (member != NULL && more)
	{
		BrSpan		name;
		BrSpan		value;

		member = br_json_name(json, member, &name);
		if (member != NULL)
			member = br_value(json, member, &value);
		if (member != NULL && value.type > BR_TYPE_B)
			return br_json_fault(json, page->last_key.ptr, "the last key is no key");
		if (member != NULL)
			member = br_json_more(json, member, '}', &more);
	}
	return member;
}

static const char *
read_unprocessed(BrPage *page, BrJson *json, const char *p)
{
	return read_raw(json, p, &page->unprocessed);
}

#define READS		((1 << BR_PAGE_ITEM) | (1 << BR_PAGE_ITEMS) | (1 << BR_PAGE_RESPONSES))
#define ANY_KIND	(READS | (1 << BR_PAGE_ATTRIBUTES))

static const struct
{
	const char *name;
	int			kinds;			/* of page in which it means something */
	const char *(*read) (BrPage *page, BrJson *json, const char *p);
}			members[] = {
	{"Item", 1 << BR_PAGE_ITEM, read_item},
	{"Items", 1 << BR_PAGE_ITEMS, read_item_array},
	{"Responses", 1 << BR_PAGE_RESPONSES, read_responses},
	{"Attributes", 1 << BR_PAGE_ATTRIBUTES, read_item},
	{"Count", READS, read_count},
	{"ScannedCount", READS, read_scanned_count},
	{"LastEvaluatedKey", READS, read_last_key},
	{"UnprocessedKeys", READS, read_unprocessed},
	{"UnprocessedItems", 1 << BR_PAGE_ATTRIBUTES, read_unprocessed},
	{"ConsumedCapacity", ANY_KIND, read_capacity}
};

/* One member of the answer; *seen has a bit for each that was met before. */
static const char *
read_member(BrPage *page, BrJson *json, const char *start, uint32 *seen)
{
	const char *p;
	BrSpan		name;
	size_t		i;

	p = br_json_name(json, start, &name);
	if (p == NULL)
		return NULL;
	for (i = 0; i < lengthof(members); i++)
	{
		if (!(members[i].kinds & (1 << page->kind)) ||
			!br_span_equals(&name, members[i].name, strlen(members[i].name)))
			continue;
		if (*seen & (1u << i))
			return br_json_fault(json, start, "a member occurs twice");
		*seen |= 1u << i;
		return members[i].read(page, json, p);
	}
	return br_json_skip(json, p);
}

/*
 * Was there what carries the items?  GetItem says by its absence that there is no
 * such item, a write often has nothing to say, and an answer that just counts has
 * no need of it.
 */
static bool
has_carrier(const BrPage *page, uint32 seen)
{
	if (page->kind == BR_PAGE_ITEM || page->kind == BR_PAGE_ATTRIBUTES ||
		(page->kind == BR_PAGE_ITEMS && page->count >= 0))
		return true;
	for (size_t i = 0; i < lengthof(members); i++)
	{
		if ((seen & (1u << i)) != 0 && members[i].kinds == 1 << page->kind)
			return true;
	}
	return false;
}

bool
br_page_open(BrPage *page, BrPageKind kind, const char *body, size_t len, BrError *err)
{
	BrJson		json;
	const char *p;
	uint32		seen = 0;
	bool		more;

	memset(page, 0, sizeof(*page));
	page->body = body;
	page->len = len;
	page->kind = kind;
	page->count = -1;
	page->scanned_count = -1;
	page->capacity = -1;
	if (len > MAX_BODY_LEN)
		return br_error(err, BR_ERR_LIMIT, "answer of %zu bytes is too large", len);

	br_json_init(&json, body, body + len);
	p = br_json_enter(&json, body, '{', &more);
	while (p != NULL && more)
	{
		p = read_member(page, &json, p, &seen);
		if (p != NULL)
			p = br_json_more(&json, p, '}', &more);
	}
	if (p != NULL)
	{
		p = br_json_space(p, json.end);
		if (p < json.end)
			p = br_json_fault(&json, p, "something follows its end");
	}
	page->answers = has_carrier(page, seen);
	return p != NULL ? true : br_json_error(&json, NULL, err);
}
