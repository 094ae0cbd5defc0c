/*
 * members.c
 *		Members of maps and sets, sorted.
 */
#include "base/br.h"

#include "base/array.h"
#include "dynamodb/members.h"
#include "dynamodb/order.h"
#include "dynamodb/page.h"

static int
compare_members(const void *a, const void *b)
{
	const BrMember *left = a;
	const BrMember *right = b;
	int			order = memcmp(left->key, right->key, Min(left->len, right->len));

	return order != 0 ? order : left->len - right->len;
}

/* All members in the order in which they stand, their keys in one buffer. */
static bool
read_members(BrMembers *members, const BrSpan *container,
			 StringInfo scratch, StringInfo key, BrError *err)
{
	BrWalk		walk;
	BrSpan		name;
	BrSpan		value;
	bool		found;

	br_walk_open(&walk, container);
	for (;;)
	{
		if (!br_walk_next(&walk, &name, &value, &found, err))
			return false;
		if (!found)
			return true;
		if (!br_order_key(container->type == BR_TYPE_M ? &name : &value, scratch, key, err))
			return container->type == BR_TYPE_BS ?
				br_error(err, BR_ERR_DATA, "a binary that is not base64") : false;
		members->list = br_array_grow(members->list, members->n, sizeof(BrMember));
		members->list[members->n++] = (BrMember) {.len = key->len, .value = value};
		appendBinaryStringInfo(&members->keys, key->data, key->len);
	}
}

bool
br_members_collect(BrMembers *members, const BrSpan *container, BrError *err)
{
	StringInfoData scratch;
	StringInfoData key;
	const char *next;
	bool		good;

	memset(members, 0, sizeof(*members));
	initStringInfo(&members->keys);
	initStringInfo(&scratch);
	initStringInfo(&key);
	good = read_members(members, container, &scratch, &key, err);
	pfree(scratch.data);
	pfree(key.data);
	if (!good)
	{
		br_members_free(members);
		return false;
	}

	/* only now the buffer of the keys stays where it is */
	next = members->keys.data;
	for (int i = 0; i < members->n; i++)
	{
		members->list[i].key = next;
		next += members->list[i].len;
	}
	if (members->n > 1)
		qsort(members->list, members->n, sizeof(BrMember), compare_members);
	return true;
}

void
br_members_free(BrMembers *members)
{
	if (members->list != NULL)
		pfree(members->list);
	pfree(members->keys.data);
}

const BrMember *
br_members_repeated(const BrMembers *members)
{
	for (int i = 1; i < members->n; i++)
	{
		if (br_member_equal(&members->list[i - 1], &members->list[i]))
			return &members->list[i];
	}
	return NULL;
}
