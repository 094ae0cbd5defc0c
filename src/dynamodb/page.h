/*
 * page.h
 *		Decoding an answer, in place.
 *
 * br_page_open() walks the whole body once at the speed of skipping, so that a
 * body cut off or broken anywhere is refused before its first row is seen, and
 * finds what stands beside the items (the next start key above all, so that
 * the next page can be asked for before this one is decoded).  br_page_next()
 * then decodes one item at a time, only the wanted attributes, into spans.
 * Nothing is allocated per item and the body is never written to.
 */
#ifndef BR_PAGE_H
#define BR_PAGE_H

#include "base/br.h"
#include "base/error.h"
#include "dynamodb/path.h"
#include "dynamodb/span.h"

/*
 * What to take from each item: a tree of the wanted names, each leading to
 * numbered slots.  Also remembers the order of the last item's attributes, by
 * which the next item is matched without a search.
 */
typedef struct BrWanted BrWanted;

extern BrWanted *br_wanted_create(void);	/* palloc'd */

/*
 * The value at path goes to slots[slot]. Paths may overlap and repeat, but each
 * slot has one. All are added before the first item is decoded.
 */
extern void br_wanted_add(BrWanted *wanted, const BrPath *path, int slot);

/* The whole item goes to slots[slot], as a span of type M. */
extern void br_wanted_add_item(BrWanted *wanted, int slot);

/* Number of slots: the highest slot added, plus one. */
extern int	br_wanted_slots(const BrWanted *wanted);

typedef enum BrPageKind
{
	BR_PAGE_ITEM,				/* GetItem: "Item" */
	BR_PAGE_ITEMS,				/* Query, Scan: "Items" */
	BR_PAGE_RESPONSES,			/* BatchGetItem of one table: "Responses" */
	BR_PAGE_ATTRIBUTES			/* what writes: "Attributes", the item as it was
								 * or is, if that was asked for and there is one */
} BrPageKind;

/* A stretch of JSON in the body; ptr NULL: not present. */
typedef struct BrRaw
{
	const char *ptr;
	size_t		len;
} BrRaw;

typedef struct BrPage
{
	const char *body;			/* the caller's buffer */
	size_t		len;
	BrPageKind	kind;

	bool		answers;		/* "Items", "Responses" or a count is there, or
								 * {} says enough; else it is JSON, but no answer
								 * to the question */

	/* what stands beside the items */
	int64		count;			/* "Count", -1: absent */
	int64		scanned_count;	/* "ScannedCount", -1: absent */
	double		capacity;		/* units charged, negative: not told; summed over
								 * the list form of batches and transactions */
	BrRaw		last_key;		/* "LastEvaluatedKey", absent if {} or null */
	BrRaw		unprocessed;	/* "UnprocessedKeys" or "UnprocessedItems", absent
								 * if {} */

	/* the cursor */
	const char *next;			/* the next item, NULL: none left */
	const char *items_end;		/* end of the array that next runs in */
} BrPage;

/*
 * Body must stay as it is while the page and its spans are used. Members that
 * mean nothing in this kind of page are stepped over, so that the item in an
 * error answer to a failed condition is read as a BR_PAGE_ITEM.
 */
extern bool br_page_open(BrPage *page, BrPageKind kind,
						 const char *body, size_t len, BrError *err);

/*
 * Decodes the next item into slots (br_wanted_slots() of them; those not found
 * become BR_TYPE_ABSENT). *found is false at the end. An item {} is an item.
 * What is malformed is an error of kind BR_ERR_PROTOCOL; so is an attribute name
 * that occurs twice in one item, or in one map through which a wanted path
 * leads (of unwanted names, the first thousand of a scan are watched).  After an
 * error the page is of no more use.
 */
extern bool br_page_next(BrPage *page, BrWanted *wanted,
						 BrSpan *slots, bool *found, BrError *err);

/*
 * The next item whole, as a span of type M, or BR_TYPE_ABSENT at the end. Its
 * attributes are not looked at: they are JSON, as br_page_open() saw. Not to be
 * mixed with br_page_next().
 */
extern bool br_page_whole_item(BrPage *page, BrSpan *item, BrError *err);

/*
 * Walking a container span (M, L, SS, NS, BS) member by member:
 *
 *		BrWalk		walk;
 *
 *		br_walk_open(&walk, &span);
 *		while (br_walk_next(&walk, &name, &value, &found, err) && found)
 *			...
 *
 * name is set for members of an M only. Members of sets are spans of type S, N
 * or B. That values are nested at most 64 deep is checked by br_page_open. Names
 * that occur twice in a map are not noticed.
 */
typedef struct BrWalk
{
	const char *next;
	const char *end;
	uint8		type;			/* of the container */
} BrWalk;

extern void br_walk_open(BrWalk *walk, const BrSpan *container);
extern bool br_walk_next(BrWalk *walk, BrSpan *name, BrSpan *value,
						 bool *found, BrError *err);

#endif							/* BR_PAGE_H */
