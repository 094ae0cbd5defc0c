/*
 * wanted.h
 *		The tree of wanted names, and what was learned from items seen.
 *
 * Private to wanted.c and item.c.  The tree's nodes are the places that wanted
 * paths name or lead through; node 0 is the item.  The names met at a node are
 * its attributes, wanted or not: each remembers the exact bytes with which it
 * last stood in an item and which attribute followed it.  So a steady shape is
 * matched by comparing bytes: name, quotes and type at once, without a search.
 *
 * Everything lies in arrays and refers to others by index, since what is
 * learned while decoding makes the arrays grow; repalloc keeps them in the
 * memory context in which the set was created.
 */
#ifndef BR_WANTED_H
#define BR_WANTED_H

#include "dynamodb/page.h"
#include "dynamodb/scan.h"

#define BR_NO_NODE	(-1)
#define BR_NO_SLOT	(-1)

/* Attribute 0 is none: it stands for all names not remembered, is never wanted. */
#define BR_STRANGER 0

typedef struct BrAttr
{
	char		head[BR_MATCH_SPACE];	/* "name":{"S": as it last stood, or a zero
										 * byte, which stands nowhere */
	uint8		head_len;
	uint8		type;			/* the BrType that the head tells */
	int			next;			/* what followed it last time */
	int			node;			/* where it leads to, BR_NO_NODE: unwanted */
	uint64		seen;			/* number of the last item that held it */

	/* its identity */
	int			level;			/* the node whose child it is */
	uint32		hash;			/* of level and name */
	int			name;			/* offset in names */
	int			name_len;
} BrAttr;

typedef struct BrNode
{
	int			slot;			/* BR_NO_SLOT: only led through */
	int			more_slots;		/* first in the list of further slots, -1: none */
	bool		has_names;		/* do children of an M matter? */
	int			elements;		/* first of the wanted elements of an L, -1: none */
	int			first;			/* the attribute that came first last time */
} BrNode;

/* A wanted element of a list. */
typedef struct BrElement
{
	int			index;
	int			node;
	int			next;			/* -1: none */
} BrElement;

typedef struct BrSlotLink
{
	int			slot;
	int			next;			/* -1: none */
} BrSlotLink;

struct BrWanted
{
	BrAttr	   *attrs;
	int			nattrs;
	BrNode	   *nodes;
	int			nnodes;
	BrElement  *elements;
	int			nelements;
	BrSlotLink *links;
	int			nlinks;
	int			nslots;
	int			nlearned;		/* attributes that are not wanted */
	uint64		item;			/* number of the current item */
	int		   *buckets;		/* attributes by hash, open addressing */
	int			nbuckets;		/* a power of two */
	StringInfoData names;		/* the names, unescaped */
	StringInfoData scratch;
};

/*
 * Sets *attr to the attribute of this name at a level, learning it if it is new;
 * BR_STRANGER if there are too many.  False if the name is no valid text.
 */
extern bool br_wanted_find(BrWanted *wanted, int level, const BrSpan *name,
						   int *attr, BrError *err);

/*
 * Remembers that an attribute was found at a level behind another (BR_STRANGER:
 * first), and how it stood there from its quote up to its value.
 */
extern void br_wanted_learn(BrWanted *wanted, int level, int before, int found,
							BrType type, const char *head, size_t len);

#endif							/* BR_WANTED_H */
