/*
 * reader.h
 *		The pages of one read, one after the other, and their items.
 *
 * The second page is asked for when the first is used up; from then on the
 * next one is asked for as soon as a body is complete, so that the service
 * works while the page is decoded.  Who reads only the first page (LIMIT,
 * EXISTS) thus never pays for a second one.
 *
 * Nothing here waits: what is not there yet is BR_NEXT_WAIT, and whoever gets
 * that waits for calls (io/client.h), or lets somebody else do so.
 */
#ifndef BR_READER_H
#define BR_READER_H

#include "base/br.h"
#include "access/bucket.h"
#include "access/paging.h"
#include "io/client.h"

/* What comes of asking for the next page or item. */
typedef enum BrNext
{
	BR_NEXT_FOUND,
	BR_NEXT_WAIT,				/* it is not there yet */
	BR_NEXT_END,
	BR_NEXT_FAILED				/* see *err */
} BrNext;

/* What the reads of a scan have in common; counters must outlive them all. */
typedef struct BrReading
{
	BrConnection *conn;
	BrCounters *counters;
	int			max_in_flight;	/* calls under way together, at least 1 */
	double		rate;			/* read units a second, 0: as they come */
	BrBucket   *bucket;			/* if there is a rate */
} BrReading;

typedef struct BrReader BrReader;

/*
 * Takes memory from the current context, which owns the reader; makes no
 * request yet.
 */
extern BrReader *br_reader_open(const BrReading *reading, const BrRead *read);

/*
 * Asks for the next page, unless that has happened, there is none, or too much
 * is under way.
 */
extern void br_reader_start(BrReader *reader);

/*
 * Gives up the page in use and turns to the next one, asking for it if need be.
 * An empty page is a page.
 */
extern BrNext br_reader_next_page(BrReader *reader, BrError *err);

/*
 * Decodes the next item of the page in use; never BR_NEXT_WAIT. The spans stay
 * valid until the page is given up. The end is the page's. Where only the number
 * of items was asked for, there are as many, and the spans are left alone.
 */
extern BrNext br_reader_item(BrReader *reader, BrWanted *wanted, BrSpan *spans, BrError *err);

/* True if the page in use, if any, has no further item. */
extern bool br_reader_at_page_end(const BrReader *reader);

/* True if no page will follow the one in use. */
extern bool br_reader_at_last_page(const BrReader *reader);

extern const BrRead *br_reader_read(const BrReader *reader);

/* Drops what is under way, and the reader. */
extern void br_reader_close(BrReader *reader);

#endif							/* BR_READER_H */
