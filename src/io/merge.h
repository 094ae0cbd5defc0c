/*
 * merge.h
 *		The items of several reads, each in order, in one order.
 *
 * Which item is the next one is only known when each read has shown its own, so
 * all of them are open from the first item on, each with a page in use and,
 * from its second page on, one ahead.  So that many partitions do not take much
 * memory, the more there are the smaller are the pages.
 */
#ifndef BR_MERGE_H
#define BR_MERGE_H

#include "base/br.h"
#include "access/choose.h"
#include "io/reader.h"

/* More reads than this are not to be merged, since each takes some 10 kB besides its items. */
#define BR_MERGE_MAX	1000

typedef struct BrMerge BrMerge;

/*
 * Takes memory from the current context, which owns the merge; makes no request
 * yet. The sort key is among what is wanted, at key_slot. backward: the reads
 * are. The size of their pages is bounded here.
 */
extern BrMerge *br_merge_open(const BrReading *reading, BrReads reads,
							  BrWanted *wanted, BrSpan *spans,
							  int key_slot, bool backward);

/* As br_feed_next. */
extern BrNext br_merge_next(BrMerge *merge, BrError *err);

extern const BrRead *br_merge_read(const BrMerge *merge);

/* Items of the largest page where so many reads are merged. */
extern int	br_merge_page_size(double reads);

#endif							/* BR_MERGE_H */
