/*
 * item.c
 *		Decoding one item of a page: the wanted values, as spans.
 *
 * Every attribute of an item, and every member of a map on the way to something
 * wanted, is looked at as far as its type, so that a malformed one is found even
 * if nobody asked for it.  What lies deeper is stepped over.
 */
#include "base/br.h"

#include "dynamodb/value.h"
#include "dynamodb/wanted.h"

typedef struct Decoder
{
	BrJson		json;
	BrWanted   *wanted;
	BrSpan	   *slots;
	BrError    *err;			/* kind is BR_ERR_NONE until filled */
	const char *body;			/* where read_head() got to */
} Decoder;

static const char *take_members(Decoder *decoder, int level, const char *p);
static const char *take_elements(Decoder *decoder, int level, const char *p);

/*
 * Field by field: copied as one, the span would have to wait until the stores
 * that just made it are through.
 */
static inline void
set_slot(BrSpan *slot, const BrSpan *span)
{
	slot->ptr = span->ptr;
	slot->len = span->len;
	slot->type = span->type;
	slot->flags = span->flags;
}

static inline void
put(Decoder *decoder, const BrNode *node, const BrSpan *span)
{
	int			i;

	if (node->slot != BR_NO_SLOT)
		set_slot(&decoder->slots[node->slot], span);
	for (i = node->more_slots; i >= 0; i = decoder->wanted->links[i].next)
		set_slot(&decoder->slots[decoder->wanted->links[i].slot], span);
}

/* The body of an S, N or B: most of all values. */
static pg_attribute_always_inline const char *
take_string(Decoder *decoder, int level, const char *body, BrType type)
{
	BrJson	   *json = &decoder->json;
	const char *p;
	BrSpan		span;

	p = br_value_body(json, body, type, &span);
	if (p == NULL || level == BR_NO_NODE)
		return p;
	if (type == BR_TYPE_N && !br_is_plain_number(span.ptr, span.len, json->end) &&
		!br_is_number(span.ptr, span.len))
		return br_json_fault(json, body, "an N that is no number");
	put(decoder, &decoder->wanted->nodes[level], &span);
	return p;
}

/* The body of any other value. */
static const char *
take_other(Decoder *decoder, int level, const char *body, BrType type)
{
	const BrNode *node;
	const char *p;
	BrSpan		span;

	/* a head that matched need not have had as much white space behind it */
	body = br_json_space(body, decoder->json.end);
	if (level == BR_NO_NODE)
		return br_value_body_rest(&decoder->json, body, type, &span);

	node = &decoder->wanted->nodes[level];
	if (type == BR_TYPE_M && node->has_names)
		p = take_members(decoder, level, body);
	else if (type == BR_TYPE_L && node->elements >= 0)
		p = take_elements(decoder, level, body);
	else
		p = br_value_body_rest(&decoder->json, body, type, &span);
	if (p == NULL)
		return NULL;
	span.ptr = body;
	span.len = p - body;
	span.type = type;
	span.flags = 0;
	put(decoder, node, &span);
	return p;
}

/* The body of a value; level is where it leads to, or BR_NO_NODE. */
static pg_attribute_always_inline const char *
take_body(Decoder *decoder, int level, const char *body, BrType type)
{
	if (likely(type <= BR_TYPE_B))
		return take_string(decoder, level, body, type);
	return take_other(decoder, level, body, type);
}

/*
 * Reads the name and type of the member at p, which are not those expected, and
 * learns them: that it came behind the attribute before, and how it stands.
 * Returns whose they are, or -1; decoder->body is where the value goes on.
 */
static int
read_head(Decoder *decoder, int level, int before, const char *p)
{
	BrWanted   *wanted = decoder->wanted;
	const char *start = p;
	int			found;
	BrSpan		name;
	BrType		type;
	BrError		why;

	p = br_json_name(&decoder->json, p, &name);
	if (p == NULL)
		return -1;
	if (!br_wanted_find(wanted, level, &name, &found, &why))
	{
		br_error(decoder->err, why.kind, "attribute name: %s", why.message);
		return -1;
	}
	p = br_value_head(&decoder->json, p, &type);
	if (p == NULL)
		return -1;
	decoder->body = p;
	br_wanted_learn(wanted, level, before, found, type, start, p - start);
	return found;
}

/* Makes an error of a fault in the member at start, unless one was made below. */
static const char *
blame(Decoder *decoder, const char *start)
{
	BrJson		json;
	BrSpan		name;

	if (decoder->err->kind != BR_ERR_NONE)
		return NULL;
	br_json_init(&json, NULL, decoder->json.end);
	br_json_error(&decoder->json,
				  br_json_name(&json, start, &name) != NULL ? &name : NULL,
				  decoder->err);
	return NULL;
}

/* The members of a map, or of the item itself. */
static const char *
take_members(Decoder *decoder, int level, const char *p)
{
	BrWanted   *wanted = decoder->wanted;
	BrJson	   *json = &decoder->json;
	int			before = BR_STRANGER;	/* the last member that is remembered */
	bool		more;

	p = br_json_enter(json, p, '{', &more);
	while (p != NULL && more)
	{
		const char *start = p;
		int			found = before == BR_STRANGER ?
			wanted->nodes[level].first : wanted->attrs[before].next;
		BrAttr	   *attr = &wanted->attrs[found];

		if (likely(json->end - p >= BR_MATCH_SPACE &&
				   br_match(p, attr->head, attr->head_len)))
			p += attr->head_len;
		else
		{
			found = read_head(decoder, level, before, p);
			if (found < 0)
				return blame(decoder, start);
			attr = &wanted->attrs[found];
			p = decoder->body;
		}
		if (found != BR_STRANGER)
		{
			before = found;
			if (attr->seen == wanted->item)
			{
				br_json_fault(json, start, "its name occurs twice");
				return blame(decoder, start);
			}
			attr->seen = wanted->item;
		}

		p = take_body(decoder, attr->node, p, attr->type);
		if (likely(p != NULL && json->end - p >= 2 && p[0] == '}' && p[1] == ','))
		{
			p += 2;
			continue;
		}
		if (p != NULL)
			p = br_value_tail(json, p);
		if (p == NULL)
			return blame(decoder, start);
		p = br_json_more(json, p, '}', &more);
	}
	return p;
}

/* The elements of a list. */
static const char *
take_elements(Decoder *decoder, int level, const char *p)
{
	const BrWanted *wanted = decoder->wanted;
	BrJson	   *json = &decoder->json;
	int			index = 0;
	bool		more;

	p = br_json_enter(json, p, '[', &more);
	while (p != NULL && more)
	{
		int			i = wanted->nodes[level].elements;
		BrType		type;

		while (i >= 0 && wanted->elements[i].index != index)
			i = wanted->elements[i].next;
		p = br_value_head(json, p, &type);
		if (p != NULL)
			p = take_body(decoder, i >= 0 ? wanted->elements[i].node : BR_NO_NODE, p, type);
		if (p != NULL)
			p = br_value_tail(json, p);
		if (p != NULL)
			p = br_json_more(json, p, ']', &more);
		index++;
	}
	return p;
}

/* p is behind an item: to the next one of its array, NULL if there is none. */
static const char *
next_item(const BrPage *page, const char *p)
{
	p = br_json_space(p, page->items_end);
	return p < page->items_end && *p == ',' ? br_json_space(p + 1, page->items_end) : NULL;
}

bool
br_page_next(BrPage *page, BrWanted *wanted, BrSpan *slots, bool *found, BrError *err)
{
	Decoder		decoder;
	const char *p;

	*found = page->next != NULL;
	if (!*found)
		return true;

	br_json_init(&decoder.json, page->body, page->body + page->len);
	decoder.wanted = wanted;
	decoder.slots = slots;
	decoder.err = err;
	err->kind = BR_ERR_NONE;
	memset(slots, 0, wanted->nslots * sizeof(BrSpan));	/* BR_TYPE_ABSENT */
	wanted->item++;

	p = take_other(&decoder, 0, page->next, BR_TYPE_M);
	if (p == NULL)
		return err->kind != BR_ERR_NONE ? false : br_json_error(&decoder.json, NULL, err);

	page->next = next_item(page, p);
	return true;
}

bool
br_page_whole_item(BrPage *page, BrSpan *item, BrError *err)
{
	const char *p;
	BrJson		json;

	memset(item, 0, sizeof(*item)); /* BR_TYPE_ABSENT */
	if (page->next == NULL)
		return true;

	br_json_init(&json, page->body, page->body + page->len);
	p = br_json_skip(&json, page->next);
	if (p == NULL)
		return br_json_error(&json, NULL, err);
	item->type = BR_TYPE_M;
	item->ptr = page->next;
	item->len = p - page->next;
	page->next = next_item(page, p);
	return true;
}
