/*
 * equal.c
 *		Comparing values as the service does, and finding one at a path.
 */
#include "base/br.h"

#include "dynamodb/equal.h"
#include "dynamodb/members.h"
#include "dynamodb/order.h"
#include "dynamodb/page.h"
#include "dynamodb/value.h"

/* At least one of them has escapes, or they differ. */
static bool
texts_equal(const BrSpan *a, const BrSpan *b)
{
	StringInfoData scratch;
	const char *text;
	size_t		len;
	BrError		err;
	bool		equal;

	if (!(b->flags & BR_SPAN_ESCAPED))
		return br_span_equals(a, b->ptr, b->len);
	if (!(a->flags & BR_SPAN_ESCAPED))
		return br_span_equals(b, a->ptr, a->len);
	initStringInfo(&scratch);
	equal = br_span_text(a, &scratch, &text, &len, &err) && br_span_equals(b, text, len);
	pfree(scratch.data);
	return equal;
}

/* Numbers and binaries have many spellings. */
static bool
keys_equal(const BrSpan *a, const BrSpan *b)
{
	StringInfoData scratch;
	StringInfoData left;
	StringInfoData right;
	BrError		err;
	bool		equal;

	initStringInfo(&scratch);
	initStringInfo(&left);
	initStringInfo(&right);
	equal = br_order_key(a, &scratch, &left, &err) &&
		br_order_key(b, &scratch, &right, &err) &&
		br_order_compare(&left, &right) == 0;
	pfree(scratch.data);
	pfree(left.data);
	pfree(right.data);
	return equal;
}

static bool
lists_equal(const BrSpan *a, const BrSpan *b)
{
	BrWalk		left;
	BrWalk		right;
	BrSpan		name;
	BrSpan		x;
	BrSpan		y;
	bool		more;
	bool		more_right;
	BrError		err;

	br_walk_open(&left, a);
	br_walk_open(&right, b);
	do
	{
		if (!br_walk_next(&left, &name, &x, &more, &err) ||
			!br_walk_next(&right, &name, &y, &more_right, &err) ||
			more != more_right || (more && !br_values_equal(&x, &y)))
			return false;
	} while (more);
	return true;
}

/* Maps or sets whose members are in order: each is the same as its counterpart. */
static bool
members_equal(const BrMembers *a, const BrMembers *b, bool maps)
{
	if (a->n != b->n || br_members_repeated(a) != NULL)
		return false;
	for (int i = 0; i < a->n; i++)
	{
		if (!br_member_equal(&a->list[i], &b->list[i]) ||
			(maps && !br_values_equal(&a->list[i].value, &b->list[i].value)))
			return false;
	}
	return true;
}

static bool
unordered_equal(const BrSpan *a, const BrSpan *b)
{
	BrMembers	left;
	BrMembers	right;
	BrError		err;
	bool		equal = false;

	if (!br_members_collect(&left, a, &err))
		return false;
	if (br_members_collect(&right, b, &err))
	{
		equal = members_equal(&left, &right, a->type == BR_TYPE_M);
		br_members_free(&right);
	}
	br_members_free(&left);
	return equal;
}

bool
br_values_equal(const BrSpan *a, const BrSpan *b)
{
	if (a->type != b->type || a->type == BR_TYPE_ABSENT)
		return a->type == b->type;
	if (a->len == b->len && memcmp(a->ptr, b->ptr, a->len) == 0)
		return true;
	switch (a->type)
	{
		case BR_TYPE_S:
			return texts_equal(a, b);
		case BR_TYPE_N:
		case BR_TYPE_B:
			return keys_equal(a, b);
		case BR_TYPE_BOOL:
		case BR_TYPE_NULL:
			return false;
		case BR_TYPE_L:
			return lists_equal(a, b);
		default:
			return unordered_equal(a, b);
	}
}

bool
br_value_span(const char *json, size_t len, BrSpan *span, BrError *err)
{
	BrJson		cursor;
	const char *p;

	br_json_init(&cursor, json, json + len);
	p = br_value(&cursor, json, span);
	if (p != NULL)
	{
		p = br_json_space(p, cursor.end);
		if (p < cursor.end)
			p = br_json_fault(&cursor, p, "something follows its end");
	}
	if (p != NULL)
		return true;
	memset(span, 0, sizeof(*span)); /* BR_TYPE_ABSENT */
	return br_error(err, BR_ERR_DATA, "malformed value: %s at byte %zu", cursor.fault,
					(size_t) (cursor.fault_at - json));
}

/* The member of a map, or the element of a list, that a step leads to. */
static BrSpan
take_step(const BrSpan *container, const BrStep *step)
{
	BrSpan		absent = {.type = BR_TYPE_ABSENT};
	BrType		type = step->name != NULL ? BR_TYPE_M : BR_TYPE_L;
	size_t		len = step->name != NULL ? strlen(step->name) : 0;
	int			index = 0;
	BrWalk		walk;
	BrSpan		name;
	BrSpan		value;
	BrError		err;
	bool		found;

	if (container->type != type)
		return absent;
	br_walk_open(&walk, container);
	while (br_walk_next(&walk, &name, &value, &found, &err) && found)
	{
		if (type == BR_TYPE_M ? br_span_equals(&name, step->name, len) : index++ == step->index)
			return value;
	}
	return absent;
}

BrSpan
br_value_at(const BrSpan *item, const BrPath *path)
{
	BrSpan		value = *item;

	for (int i = 0; i < path->nsteps; i++)
		value = take_step(&value, &path->steps[i]);
	return value;
}
