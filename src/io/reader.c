/*
 * reader.c
 *		Paging through a read, one page ahead.
 */
#include "base/br.h"

#include <math.h>

#include "common/pg_prng.h"
#include "io/http.h"
#include "io/reader.h"
#include "utils/memutils.h"

struct BrReader
{
	BrConnection *conn;
	BrCounters *counters;
	BrPaging	paging;
	MemoryContext context;		/* holds this struct and the calls */
	BrCall	   *current;		/* the page in use */
	BrCall	   *ahead;			/* the page asked for, if any */
	int			pages;
	BrRetry		retry;			/* of batches of which nothing was answered */
	BrRetryQuota quota;
};

#define MAX_EMPTY_BATCHES	10

BrReader *
br_reader_open(BrConnection *conn, const BrRead *read, BrCounters *counters)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "benchresults requests",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	BrReader   *reader = palloc0(sizeof(BrReader));

	reader->context = context;
	reader->conn = conn;
	reader->counters = counters;
	br_paging_init(&reader->paging, read);
	reader->quota.tokens = BR_RETRY_QUOTA_FULL;
	reader->retry.max_attempts = MAX_EMPTY_BATCHES;
	MemoryContextSwitchTo(caller);
	return reader;
}

static BrCall *
start_call(BrReader *reader)
{
	MemoryContext old = MemoryContextSwitchTo(reader->context);
	StringInfoData body;
	BrCall	   *call;

	initStringInfo(&body);
	br_paging_request(&reader->paging, &body);
	call = br_call_start(reader->conn, reader->paging.op, body.data, body.len,
						 reader->counters);
	pfree(body.data);
	MemoryContextSwitchTo(old);
	return call;
}

static void
drop_call(BrCall **call)
{
	if (*call != NULL)
		br_call_free(*call);
	*call = NULL;
}

static void
on_time(BrTimer *timer, void *arg)
{
	*(bool *) arg = true;
}

/* Waits as after throttling, since that is what it is. */
static bool
wait_before_batch(BrReader *reader, BrError *err)
{
	/* static: a timer must not be on a stack that an error unwinds */
	static BrTimer timer;
	static bool elapsed;
	long		wait_ms;

	reader->retry.attempts++;
	if (!br_retry_next(&reader->retry, &reader->quota, BR_RETRY_THROTTLING,
					   pg_prng_double(&pg_global_prng_state), -1, &wait_ms))
	{
		br_error(err, BR_ERR_SERVICE,
				 "the service left all keys of a batch unprocessed %d times in a row",
				 reader->retry.attempts);
		err->retry = BR_RETRY_THROTTLING;
		return false;
	}
	br_timer_stop(&timer);
	elapsed = false;
	timer.fire = on_time;
	timer.arg = &elapsed;
	br_timer_start(&timer, wait_ms);
	while (!elapsed)
		br_calls_wait();
	return true;
}

/*
 * Units at eventual consistency, for services that do not tell: half a unit for
 * each 4 KB, of which the body is a rough measure.
 */
static double
units_from_bytes(const BrPage *page)
{
	return Max(ceil(page->len / 4096.0), 1) / 2;
}

static void
count_page(BrReader *reader, const BrPage *page)
{
	BrCounters *counters = reader->counters;

	counters->pages++;
	if (page->scanned_count >= 0)
		counters->items_scanned += page->scanned_count;
	counters->capacity += page->capacity >= 0 ? page->capacity : units_from_bytes(page);
}

void
br_reader_start(BrReader *reader)
{
	if (reader->ahead == NULL && !reader->paging.done)
		reader->ahead = start_call(reader);
}

bool
br_reader_next(BrReader *reader, BrPage *page, bool *found, BrError *err)
{
	const char *body;
	size_t		len;
	bool		stuck;

	*found = false;
	if (reader->paging.done)
		return true;

	drop_call(&reader->current);
	br_reader_start(reader);
	reader->current = reader->ahead;
	reader->ahead = NULL;
	if (!br_call_wait(reader->current, &body, &len, err))
		return false;
	if (!br_page_open(page, br_page_kind(reader->paging.op), body, len, err) ||
		!br_paging_advance(&reader->paging, page, &stuck, err))
	{
		br_reader_name_answer(reader, err);
		return false;
	}

	count_page(reader, page);
	*found = true;
	if (stuck)
		return wait_before_batch(reader, err);
	reader->retry.attempts = 0;
	/* while pages are limited, the consumer is expected to stop */
	if (++reader->pages > 1 && reader->paging.limit == 0)
		br_reader_start(reader);
	return true;
}

void
br_reader_name_answer(const BrReader *reader, BrError *err)
{
	br_call_name_answer(reader->current, err);
}

void
br_reader_close(BrReader *reader)
{
	MemoryContextDelete(reader->context);
}
