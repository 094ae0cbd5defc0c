/*
 * reader.h
 *		The pages of one read, one after the other.
 *
 * The second page is asked for when the first is used up; from then on the
 * next one is asked for as soon as a body is complete, so that the service
 * works while the page is decoded.  Who reads only the first page (LIMIT,
 * EXISTS) thus never pays for a second one.
 */
#ifndef BR_READER_H
#define BR_READER_H

#include "base/br.h"
#include "access/paging.h"
#include "io/client.h"

typedef struct BrReader BrReader;

/*
 * Takes memory from the current context, which owns the reader; makes no
 * request yet. counters must outlive it.
 */
extern BrReader *br_reader_open(BrConnection *conn, const BrRead *read,
								BrCounters *counters);

/* Asks for the next page, if that has not happened, without waiting for it. */
extern void br_reader_start(BrReader *reader);

/*
 * Waits for the next page (interruptible). It stays valid until the next call;
 * *found is false at the end. An empty page is a page.
 */
extern bool br_reader_next(BrReader *reader, BrPage *page, bool *found, BrError *err);

/* Adds to an error in the page in use which answer that was. */
extern void br_reader_name_answer(const BrReader *reader, BrError *err);

/* Drops what is under way, and the reader. */
extern void br_reader_close(BrReader *reader);

#endif							/* BR_READER_H */
