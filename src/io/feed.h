/*
 * feed.h
 *		The items of several reads, one after the other.
 *
 * While one read is in use, the next ones are under way: none during the first,
 * whose items may be all that is wanted, then more and more.
 */
#ifndef BR_FEED_H
#define BR_FEED_H

#include "base/br.h"
#include "access/choose.h"
#include "io/reader.h"

typedef struct BrFeed BrFeed;

/*
 * Takes memory from the current context, which owns the feed; makes no request
 * yet. The items are decoded into spans as wanted says; spans and counters
 * must outlive the feed.
 */
extern BrFeed *br_feed_open(BrConnection *conn, BrReads reads, BrWanted *wanted,
							BrSpan *spans, BrCounters *counters);

/*
 * Decodes the next item, waiting for its page (interruptible). The spans stay
 * valid until the next call. *found is false at the end. Where only the number
 * of items was asked for, there are as many, and the spans are left alone.
 */
extern bool br_feed_next(BrFeed *feed, bool *found, BrError *err);

/* True if the next item is on another page than the last one, or there is none. */
extern bool br_feed_at_page_end(const BrFeed *feed);

/* The read in use, for messages; NULL at the end. */
extern const BrRead *br_feed_read(const BrFeed *feed);

#endif							/* BR_FEED_H */
