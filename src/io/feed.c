/*
 * feed.c
 *		Stepping through reads, pages and items.
 */
#include "base/br.h"

#include "io/feed.h"

/* Reads under way at the same time: the service is milliseconds away. */
#define MAX_READS_AHEAD		8

struct BrFeed
{
	BrConnection *conn;
	MemoryContext context;		/* in which it was opened */
	BrReads		reads;
	BrReader  **readers;		/* of the reads that began and are not done */
	int			current;		/* number of the read in use */
	int			started;		/* readers that were told to begin */
	BrPage		page;
	bool		in_page;
	int64		uncounted;		/* items of a page that only tells their number */
	BrWanted   *wanted;
	BrSpan	   *spans;
	BrCounters *counters;
};

BrFeed *
br_feed_open(BrConnection *conn, BrReads reads, BrWanted *wanted,
			 BrSpan *spans, BrCounters *counters)
{
	BrFeed	   *feed = palloc0(sizeof(BrFeed));

	feed->reads = reads;
	feed->wanted = wanted;
	feed->spans = spans;
	feed->counters = counters;
	feed->conn = conn;
	feed->context = CurrentMemoryContext;
	feed->readers = palloc(sizeof(BrReader *) * Max(reads.n, 1));
	return feed;
}

static void
start_reads_ahead(BrFeed *feed)
{
	int			until = Min(feed->current * 2 + 1, feed->current + MAX_READS_AHEAD);
	MemoryContext caller = MemoryContextSwitchTo(feed->context);

	for (; feed->started < Min(until, feed->reads.n); feed->started++)
	{
		feed->readers[feed->started] = br_reader_open(feed->conn,
													  &feed->reads.list[feed->started],
													  feed->counters);
		br_reader_start(feed->readers[feed->started]);
	}
	MemoryContextSwitchTo(caller);
}

/* Gets the next page, of whichever read. */
static bool
next_page(BrFeed *feed, bool *found, BrError *err)
{
	*found = false;
	for (; feed->current < feed->reads.n; feed->current++)
	{
		start_reads_ahead(feed);
		if (!br_reader_next(feed->readers[feed->current], &feed->page, found, err))
			return false;
		if (*found)
			return true;
		br_reader_close(feed->readers[feed->current]);
	}
	return true;
}

bool
br_feed_next(BrFeed *feed, bool *found, BrError *err)
{
	for (;;)
	{
		if (feed->in_page)
		{
			if (feed->uncounted > 0)
			{
				feed->uncounted--;
				*found = true;
				return true;
			}
			if (!br_page_next(&feed->page, feed->wanted, feed->spans, found, err))
			{
				br_reader_name_answer(feed->readers[feed->current], err);
				return false;
			}
			if (*found)
			{
				/* an answer that does not count its items has one or a batch */
				if (feed->page.scanned_count < 0)
					feed->counters->items_scanned++;
				return true;
			}
			feed->in_page = false;
		}
		if (!next_page(feed, &feed->in_page, err))
			return false;
		if (!feed->in_page)
		{
			*found = false;
			return true;
		}
		if (feed->reads.list[feed->current].count_only)
			feed->uncounted = feed->page.count;
		BR_CHECK_INTERRUPTS();
	}
}

bool
br_feed_at_page_end(const BrFeed *feed)
{
	return !feed->in_page || (feed->page.next == NULL && feed->uncounted == 0);
}

const BrRead *
br_feed_read(const BrFeed *feed)
{
	return feed->current < feed->reads.n ? &feed->reads.list[feed->current] : NULL;
}
