/*
 * value.c
 *		Typed values, and walking the containers among them.
 */
#include "base/br.h"

#include "dynamodb/page.h"
#include "dynamodb/value.h"

/*
 * More than any number of DynamoDB's takes: 38 digits behind 130 zeros.  What
 * is longer would only cost time further up.
 */
#define MAX_NUMBER_LEN	256

const char *
br_value_head(BrJson *json, const char *p, BrType *type)
{
	const char *tag_at;
	BrSpan		tag;

	p = br_json_expect(json, p, '{');
	if (p == NULL)
		return NULL;
	tag_at = br_json_space(p, json->end);
	if (tag_at < json->end && *tag_at == '}')
		return br_json_fault(json, tag_at, "a value without a type");
	p = br_json_name(json, tag_at, &tag);
	if (p == NULL)
		return NULL;
	*type = br_type_from_tag(tag.ptr, tag.len);
	if (*type == BR_TYPE_ABSENT)
		return br_json_fault(json, tag_at, "a value of an unknown type");
	return p;
}

const char *
br_value_body_rest(BrJson *json, const char *p, BrType type, BrSpan *span)
{
	const char *behind = NULL;

	switch (type)
	{
		case BR_TYPE_BOOL:
			behind = br_json_word(p, json->end, "true", 4);
			if (behind == NULL)
				behind = br_json_word(p, json->end, "false", 5);
			break;
		case BR_TYPE_NULL:
			behind = br_json_word(p, json->end, "true", 4);
			break;
		default:
			if (p < json->end && *p == (type == BR_TYPE_M ? '{' : '['))
				behind = br_json_skip(json, p);
			break;
	}
	if (behind == NULL)
		return br_json_fault(json, p, "a value that does not fit its type");
	span->ptr = p;
	span->len = behind - p;
	span->type = type;
	span->flags = 0;
	return behind;
}

const char *
br_value_tail_rest(BrJson *json, const char *p)
{
	p = br_json_space(p, json->end);
	if (p < json->end && *p == ',')
		return br_json_fault(json, p, "a value of more than one type");
	return br_json_expect(json, p, '}');
}

bool
br_is_number(const char *p, size_t len)
{
	const char *end = p + len;
	const char *first;
	int			ndigits = 0;

	if (len > MAX_NUMBER_LEN)
		return false;
	if (p < end && (*p == '-' || *p == '+'))
		p++;
	for (; p < end && isdigit((unsigned char) *p); p++)
		ndigits++;
	if (p < end && *p == '.')
	{
		for (p++; p < end && isdigit((unsigned char) *p); p++)
			ndigits++;
	}
	if (ndigits == 0)
		return false;
	if (p == end)
		return true;
	if (*p != 'e' && *p != 'E')
		return false;
	p++;
	if (p < end && (*p == '-' || *p == '+'))
		p++;
	for (first = p; p < end && isdigit((unsigned char) *p); p++)
		;
	return p == end && p > first;
}

const char *
br_value(BrJson *json, const char *p, BrSpan *span)
{
	const char *body;
	BrType		type;

	body = br_value_head(json, p, &type);
	if (body == NULL)
		return NULL;
	p = br_value_body(json, body, type, span);
	if (p == NULL)
		return NULL;
	if (type == BR_TYPE_N && !br_is_number(span->ptr, span->len))
		return br_json_fault(json, body, "an N that is no number");
	return br_value_tail(json, p);
}

void
br_walk_open(BrWalk *walk, const BrSpan *container)
{
	Assert(container->type >= BR_TYPE_M);
	walk->type = container->type;
	walk->next = container->ptr + 1;	/* behind the bracket */
	walk->end = container->ptr + container->len;
}

/* A member of a set: a bare string of the type that the set's type implies. */
static const char *
set_member(BrJson *json, const char *p, BrType set, BrSpan *value)
{
	const char *behind;

	value->type = set == BR_TYPE_SS ? BR_TYPE_S : set == BR_TYPE_NS ? BR_TYPE_N : BR_TYPE_B;
	behind = br_value_body(json, p, value->type, value);
	if (behind != NULL && value->type == BR_TYPE_N && !br_is_number(value->ptr, value->len))
		return br_json_fault(json, p, "an N that is no number");
	return behind;
}

bool
br_walk_next(BrWalk *walk, BrSpan *name, BrSpan *value,
			 bool *found, BrError *err)
{
	const char *close = walk->end - 1;
	const char *p = br_json_space(walk->next, walk->end);
	const char *named = NULL;
	bool		more;
	BrJson		json;

	*found = p < close;
	if (!*found)
		return true;

	br_json_init(&json, NULL, walk->end);
	if (walk->type == BR_TYPE_M)
		p = named = br_json_name(&json, p, name);
	if (p != NULL)
		p = walk->type == BR_TYPE_M || walk->type == BR_TYPE_L ?
			br_value(&json, p, value) : set_member(&json, p, walk->type, value);
	if (p != NULL)
		p = br_json_more(&json, p, *close, &more);
	if (p == NULL)
		return br_json_error(&json, named != NULL ? name : NULL, err);
	walk->next = p;				/* behind the closing bracket if that was all */
	return true;
}
