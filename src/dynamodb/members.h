/*
 * members.h
 *		The members of a map or set in an order of their own, to tell if any two
 *		are the same.
 *
 * Private to equal.c and measure.c.
 */
#ifndef BR_MEMBERS_H
#define BR_MEMBERS_H

#include "base/br.h"
#include "base/error.h"
#include "dynamodb/span.h"

/*
 * What makes a member itself, as bytes: the name in a map; in a set the text or
 * binary, or the value of a number (order.h).
 */
typedef struct BrMember
{
	const char *key;
	int			len;
	BrSpan		value;
} BrMember;

typedef struct BrMembers
{
	int			n;
	BrMember   *list;			/* in the order of the bytes of the keys */
	StringInfoData keys;
} BrMembers;

/*
 * Collects the members of a span of type M, SS, NS or BS, in n log n time. To be
 * freed with br_members_free() if it succeeds. BR_ERR_PROTOCOL, _ENCODING or _DATA
 * if one is malformed, no text or no base64.
 */
extern bool br_members_collect(BrMembers *members, const BrSpan *container, BrError *err);
extern void br_members_free(BrMembers *members);

static inline bool
br_member_equal(const BrMember *a, const BrMember *b)
{
	return a->len == b->len && memcmp(a->key, b->key, a->len) == 0;
}

/* A member that is the same as another; NULL if there is none. */
extern const BrMember *br_members_repeated(const BrMembers *members);

#endif							/* BR_MEMBERS_H */
