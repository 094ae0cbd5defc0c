/*
 * draft.h
 *		An item that is being made: a tree of attributes, then JSON.
 *
 * Values are given as DynamoDB's JSON ({"S":"x"}), which is not looked at again,
 * except where a path leads into a map that was given as a whole.  No value is
 * ever replaced.
 */
#ifndef BR_DRAFT_H
#define BR_DRAFT_H

#include "base/br.h"
#include "base/error.h"
#include "dynamodb/path.h"
#include "dynamodb/span.h"

typedef struct BrDraft BrDraft;

/* In the current context, as all that it takes later. */
extern BrDraft *br_draft_create(void);

/*
 * All attributes of an item, {"name":{"S":"x"},...}, which must stay as it is.
 * The draft is empty before. BR_ERR_DATA if that is no item or has a name twice;
 * the draft is of no more use then.
 */
extern bool br_draft_load(BrDraft *draft, const char *item, size_t len, BrError *err);

typedef enum BrDrafted
{
	BR_DRAFTED_SET,
	BR_DRAFTED_EXISTS,			/* something is there, and was left alone */
	BR_DRAFTED_NO_WAY			/* the path leads through what is no map, or to a
								 * list element that is not there */
} BrDrafted;

/*
 * Puts a value (len bytes at json, which must stay; the path need not) where
 * nothing is yet; maps on the way are made. Unless it says SET, nothing changed.
 */
extern BrDrafted br_draft_set(BrDraft *draft, const BrPath *path, const char *json, size_t len);

/* Appends the item: an object of attributes, in the order in which they came. */
extern void br_draft_append(StringInfo out, const BrDraft *draft);

#endif							/* BR_DRAFT_H */
