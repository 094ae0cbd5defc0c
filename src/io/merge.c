/*
 * merge.c
 *		A heap of the reads by the sort key of the item that each is at.
 */
#include "base/br.h"

#include "dynamodb/order.h"
#include "io/merge.h"
#include "lib/binaryheap.h"

/* Of all pages in use: some 30 MB of the benchmark table's items. */
#define MAX_ITEMS		65536

/* A read, and the item that it is at. */
typedef struct Lane
{
	BrReader   *reader;
	BrSpan	   *spans;
	StringInfoData key;
} Lane;

struct BrMerge
{
	BrWanted   *wanted;
	BrSpan	   *spans;			/* of the item given out */
	int			nspans;
	int			key_slot;
	bool		backward;
	StringInfoData scratch;
	Lane	   *lanes;
	binaryheap *heap;			/* numbers of the lanes that are at an item */
	int			nhungry;
	int		   *hungry;			/* of those that need their next item */
	int			given;			/* whose item was given out, -1: none */
	const BrRead *read;			/* the last one looked at */
};

/* The heap gives its largest first; equal keys come in the order of the reads. */
static int
compare_lanes(Datum a, Datum b, void *arg)
{
	const BrMerge *merge = arg;
	int			left = DatumGetInt32(a);
	int			right = DatumGetInt32(b);
	int			order = br_order_compare(&merge->lanes[left].key, &merge->lanes[right].key);

	if (order == 0)
		return right - left;
	return merge->backward ? order : -order;
}

int
br_merge_page_size(double reads)
{
	return (int) Max(MAX_ITEMS / Max(reads, 1), 1);
}

BrMerge *
br_merge_open(const BrReading *reading, BrReads reads, BrWanted *wanted,
			  BrSpan *spans, int key_slot, bool backward)
{
	BrMerge    *merge = palloc0(sizeof(BrMerge));

	merge->wanted = wanted;
	merge->spans = spans;
	merge->nspans = br_wanted_slots(wanted);
	merge->key_slot = key_slot;
	merge->backward = backward;
	merge->given = -1;
	initStringInfo(&merge->scratch);
	merge->lanes = palloc0(sizeof(Lane) * reads.n);
	merge->hungry = palloc(sizeof(int) * reads.n);
	merge->heap = binaryheap_allocate(reads.n, compare_lanes, merge);
	for (int i = 0; i < reads.n; i++)
	{
		Lane	   *lane = &merge->lanes[i];

		reads.list[i].max_limit = br_merge_page_size(reads.n);
		lane->reader = br_reader_open(reading, &reads.list[i]);
		lane->spans = palloc(sizeof(BrSpan) * merge->nspans);
		initStringInfo(&lane->key);
		merge->hungry[merge->nhungry++] = i;
	}
	return merge;
}

/* Has a lane go on to its next item. */
static BrNext
feed_lane(BrMerge *merge, Lane *lane, BrError *err)
{
	BrNext		next;

	do
	{
		next = br_reader_item(lane->reader, merge->wanted, lane->spans, err);
		if (next == BR_NEXT_FOUND)
			return br_order_key(&lane->spans[merge->key_slot], &merge->scratch,
								&lane->key, err) ? BR_NEXT_FOUND : BR_NEXT_FAILED;
		if (next == BR_NEXT_END)
			next = br_reader_next_page(lane->reader, err);
	} while (next == BR_NEXT_FOUND);
	return next;
}

/* Until no lane is hungry, which one has the next item is open. */
static BrNext
feed_hungry(BrMerge *merge, BrError *err)
{
	int			still = 0;

	for (int i = 0; i < merge->nhungry; i++)
	{
		int			number = merge->hungry[i];
		Lane	   *lane = &merge->lanes[number];
		BrNext		next = feed_lane(merge, lane, err);

		merge->read = br_reader_read(lane->reader);
		if (next == BR_NEXT_FAILED)
			return next;
		if (next == BR_NEXT_WAIT)
			merge->hungry[still++] = number;
		else if (next == BR_NEXT_FOUND)
			binaryheap_add(merge->heap, Int32GetDatum(number));
		else
			br_reader_close(lane->reader);
	}
	merge->nhungry = still;
	if (still > 0)
		return BR_NEXT_WAIT;
	return binaryheap_empty(merge->heap) ? BR_NEXT_END : BR_NEXT_FOUND;
}

BrNext
br_merge_next(BrMerge *merge, BrError *err)
{
	BrNext		next;

	if (merge->given >= 0)
		merge->hungry[merge->nhungry++] = merge->given;
	merge->given = -1;
	next = feed_hungry(merge, err);
	if (next == BR_NEXT_FOUND)
	{
		merge->given = DatumGetInt32(binaryheap_remove_first(merge->heap));
		memcpy(merge->spans, merge->lanes[merge->given].spans, sizeof(BrSpan) * merge->nspans);
	}
	return next;
}

const BrRead *
br_merge_read(const BrMerge *merge)
{
	return merge->read;
}
