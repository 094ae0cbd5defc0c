/*
 * reader.c
 *		Paging through a read, one page ahead.
 */
#include "base/br.h"

#include <math.h>

#include "access/cost.h"
#include "common/pg_prng.h"
#include "io/http.h"
#include "io/reader.h"
#include "utils/memutils.h"

struct BrReader
{
	BrReading	reading;
	const BrRead *read;
	BrPaging	paging;
	MemoryContext context;		/* holds this struct and the calls */
	BrCall	   *current;		/* the page in use */
	BrPage		page;			/* its body */
	int64		uncounted;		/* items of a page that only tells their number */
	BrCall	   *ahead;			/* the page asked for, if any */
	int			pages;
	long		rest_ms;		/* before the next request */
	BrRetry		retry;			/* of a batch, counts the rounds without progress */
	BrRetryQuota quota;
};

BrReader *
br_reader_open(const BrReading *reading, const BrRead *read)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "benchresults requests",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	BrReader   *reader = palloc0(sizeof(BrReader));

	reader->reading = *reading;
	reader->read = read;
	reader->context = context;
	br_paging_init(&reader->paging, read);
	reader->quota.tokens = BR_RETRY_QUOTA_FULL;
	reader->retry.max_attempts = br_connection_max_attempts(reading->conn);
	MemoryContextSwitchTo(caller);
	return reader;
}

static long
pause_for_rate(const BrReading *reading)
{
	return reading->rate > 0
		? br_bucket_wait_ms(reading->bucket, reading->rate, br_monotonic_us()) : 0;
}

static BrCall *
start_call(BrReader *reader)
{
	MemoryContext old = MemoryContextSwitchTo(reader->context);
	StringInfoData body;
	BrCall	   *call;

	initStringInfo(&body);
	br_paging_request(&reader->paging, &body);
	call = br_call_start(reader->reading.conn, reader->paging.op, body.data, body.len,
						 Max(reader->rest_ms, pause_for_rate(&reader->reading)),
						 reader->reading.counters);
	reader->rest_ms = 0;
	pfree(body.data);
	MemoryContextSwitchTo(old);
	return call;
}

/*
 * A batch of which nothing was answered: a pause as after throttling, since that is
 * what it is, and an attempt that failed.
 */
static bool
rest_before_next(BrReader *reader, BrError *err)
{
	reader->retry.attempts++;
	if (br_retry_next(&reader->retry, &reader->quota, BR_RETRY_THROTTLING,
					  pg_prng_double(&pg_global_prng_state), -1, &reader->rest_ms))
		return true;
	br_error(err, BR_ERR_SERVICE, "the service left the keys of a batch unprocessed");
	err->retry = BR_RETRY_THROTTLING;
	err->attempts = reader->retry.attempts;
	return false;
}

/*
 * Units at eventual consistency, for services that do not tell: half a unit for
 * each 4 KB, of which the body is a rough measure.
 */
static double
units_from_bytes(const BrPage *page)
{
	return Max(ceil(page->len / BR_UNIT_BYTES), 1) / 2;
}

static void
count_page(BrReader *reader)
{
	const BrPage *page = &reader->page;
	BrCounters *counters = reader->reading.counters;
	double		units = page->capacity >= 0 ? page->capacity : units_from_bytes(page);

	counters->pages++;
	if (page->scanned_count >= 0)
		counters->items_scanned += page->scanned_count;
	counters->capacity += units;
	if (reader->reading.rate > 0)
		br_bucket_take(reader->reading.bucket, units);
}

void
br_reader_start(BrReader *reader)
{
	if (reader->ahead == NULL && !reader->paging.done &&
		reader->reading.counters->under_way < reader->reading.max_in_flight)
		reader->ahead = start_call(reader);
}

/* Opens the answer of the current call as the page in use. */
static bool
take_page(BrReader *reader, BrError *err)
{
	const char *body;
	size_t		len;
	bool		stuck;

	if (!br_call_result(reader->current, &body, &len, err))
		return false;
	if (!br_page_open(&reader->page, br_page_kind(reader->paging.op), body, len, err) ||
		!br_paging_advance(&reader->paging, &reader->page, &stuck, err))
	{
		br_call_name_answer(reader->current, err);
		return false;
	}
	if (reader->read->count_only && reader->page.count < 0)
		return br_error(err, BR_ERR_PROTOCOL, "malformed answer: it has no count");
	count_page(reader);
	reader->uncounted = reader->read->count_only ? reader->page.count : 0;
	if (stuck)
		return rest_before_next(reader, err);
	reader->retry.attempts = 0;
	/* while pages grow, the consumer is expected to stop */
	if (++reader->pages > 1 && br_paging_is_full(&reader->paging))
		br_reader_start(reader);
	return true;
}

/* A moment, now and then, to look at what the others have got, and at interrupts. */
static void
leave_page(BrReader *reader)
{
	if (reader->current == NULL)
		return;
	br_call_free(reader->current);
	reader->current = NULL;
	if (reader->reading.counters->under_way > 0)
		br_calls_pump();
	BR_CHECK_INTERRUPTS();
}

BrNext
br_reader_next_page(BrReader *reader, BrError *err)
{
	leave_page(reader);
	if (reader->paging.done)
		return BR_NEXT_END;
	br_reader_start(reader);
	if (reader->ahead == NULL || !br_call_is_done(reader->ahead))
		return BR_NEXT_WAIT;
	reader->current = reader->ahead;
	reader->ahead = NULL;
	return take_page(reader, err) ? BR_NEXT_FOUND : BR_NEXT_FAILED;
}

BrNext
br_reader_item(BrReader *reader, BrWanted *wanted, BrSpan *spans, BrError *err)
{
	bool		found;

	if (reader->current == NULL)
		return BR_NEXT_END;
	if (reader->uncounted > 0)
	{
		reader->uncounted--;
		return BR_NEXT_FOUND;
	}
	if (!br_page_next(&reader->page, wanted, spans, &found, err))
	{
		br_call_name_answer(reader->current, err);
		return BR_NEXT_FAILED;
	}
	if (!found)
		return BR_NEXT_END;
	/* an answer that does not count its items has one or a batch */
	if (reader->page.scanned_count < 0)
		reader->reading.counters->items_scanned++;
	return BR_NEXT_FOUND;
}

bool
br_reader_at_page_end(const BrReader *reader)
{
	return reader->current == NULL ||
		(reader->page.next == NULL && reader->uncounted == 0);
}

bool
br_reader_at_last_page(const BrReader *reader)
{
	return reader->paging.done;
}

const BrRead *
br_reader_read(const BrReader *reader)
{
	return reader->read;
}

void
br_reader_close(BrReader *reader)
{
	MemoryContextDelete(reader->context);
}
