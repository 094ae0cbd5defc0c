/*
 * feed.h
 *		The items of several reads, in no order.
 *
 * At first one read is under way, whose first page may be all that is wanted,
 * then twice as many with each page that is used up.  Whichever of them has a
 * page there is in use, so that waiting for one is waiting for all; of several,
 * the first of the list.
 */
#ifndef BR_FEED_H
#define BR_FEED_H

#include "base/br.h"
#include "access/choose.h"
#include "io/reader.h"

typedef struct BrFeed BrFeed;

/*
 * Takes memory from the current context, which owns the feed; makes no request
 * yet. The items are decoded into spans as wanted says; spans must outlive the
 * feed.
 */
extern BrFeed *br_feed_open(const BrReading *reading, BrReads reads,
							BrWanted *wanted, BrSpan *spans);

/* All is wanted for certain: as many reads as may be are under way from the first. */
extern void br_feed_hurry(BrFeed *feed);

/* Decodes the next item. The spans stay valid until the next call. */
extern BrNext br_feed_next(BrFeed *feed, BrError *err);

/* True if the next item is on another page than the last one, or there is none. */
extern bool br_feed_at_page_end(const BrFeed *feed);

/* True if the last item was the last of all, as far as that can be told. */
extern bool br_feed_is_over(const BrFeed *feed);

/* The read in use, for messages; NULL at the end. */
extern const BrRead *br_feed_read(const BrFeed *feed);

#endif							/* BR_FEED_H */
