/*
 * feed.c
 *		Which of several reads is in use, and how many are under way.
 */
#include "base/br.h"

#include "io/feed.h"

struct BrFeed
{
	BrReading	reading;
	MemoryContext context;		/* in which it was opened */
	BrReads		reads;
	BrWanted   *wanted;
	BrSpan	   *spans;
	int			nbegun;			/* of the reads */
	int			window;			/* how many may be active */
	int			nactive;
	BrReader  **active;			/* of the reads that began and have not ended */
	BrReader   *current;		/* whose page is in use, NULL: none is */
	const BrRead *read;			/* the last one looked at */
};

BrFeed *
br_feed_open(const BrReading *reading, BrReads reads, BrWanted *wanted, BrSpan *spans)
{
	BrFeed	   *feed = palloc0(sizeof(BrFeed));

	feed->reading = *reading;
	feed->context = CurrentMemoryContext;
	feed->reads = reads;
	feed->wanted = wanted;
	feed->spans = spans;
	feed->window = 1;
	feed->active = palloc(sizeof(BrReader *) * reading->max_in_flight);
	return feed;
}

void
br_feed_hurry(BrFeed *feed)
{
	feed->window = feed->reading.max_in_flight;
}

static void
begin_reads(BrFeed *feed)
{
	MemoryContext caller = MemoryContextSwitchTo(feed->context);

	while (feed->nactive < feed->window && feed->nbegun < feed->reads.n)
	{
		BrReader   *reader = br_reader_open(&feed->reading,
											&feed->reads.list[feed->nbegun++]);

		feed->active[feed->nactive++] = reader;
		br_reader_start(reader);
	}
	MemoryContextSwitchTo(caller);
}

static void
end_read(BrFeed *feed, int i)
{
	br_reader_close(feed->active[i]);
	feed->nactive--;
	memmove(&feed->active[i], &feed->active[i + 1],
			sizeof(BrReader *) * (feed->nactive - i));
}

/* Turns to the first active read that has a page. */
static BrNext
find_page(BrFeed *feed, BrError *err)
{
	int			i = 0;

	while (i < feed->nactive)
	{
		BrNext		next = br_reader_next_page(feed->active[i], err);

		if (next == BR_NEXT_END)
		{
			end_read(feed, i);
			begin_reads(feed);
			continue;
		}
		feed->read = br_reader_read(feed->active[i]);
		if (next == BR_NEXT_FOUND)
			feed->current = feed->active[i];
		if (next != BR_NEXT_WAIT)
			return next;
		i++;
	}
	return feed->nactive > 0 ? BR_NEXT_WAIT : BR_NEXT_END;
}

/* The page in use is used up: the consumer wants more. */
static void
leave_page(BrFeed *feed)
{
	br_reader_start(feed->current);
	feed->current = NULL;
	feed->window = Min(feed->window * 2, feed->reading.max_in_flight);
}

BrNext
br_feed_next(BrFeed *feed, BrError *err)
{
	BrNext		next;

	for (;;)
	{
		if (feed->current != NULL)
		{
			next = br_reader_item(feed->current, feed->wanted, feed->spans, err);
			if (next != BR_NEXT_END)
				return next;
			leave_page(feed);
		}
		begin_reads(feed);
		next = find_page(feed, err);
		if (next != BR_NEXT_FOUND)
			return next;
	}
}

bool
br_feed_at_page_end(const BrFeed *feed)
{
	return feed->current == NULL || br_reader_at_page_end(feed->current);
}

bool
br_feed_is_over(const BrFeed *feed)
{
	return feed->nbegun == feed->reads.n && br_feed_at_page_end(feed) &&
		(feed->nactive == 0 ||
		 (feed->nactive == 1 && br_reader_at_last_page(feed->active[0])));
}

const BrRead *
br_feed_read(const BrFeed *feed)
{
	return feed->nactive > 0 ? feed->read : NULL;
}
