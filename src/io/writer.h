/*
 * writer.h
 *		Writes under way together, and what became of each.
 *
 * A window of conditional requests: each write is one of its own, so that each
 * has its own outcome, and as many are under way as the reading allows.  Two
 * writes of one key are never under way together: they happen in the order in
 * which they were given.
 *
 * Where replacing is what was asked for, writes without a condition go in lots
 * of up to 25 (BatchWriteItem); where all or nothing was, in lots of up to 100
 * (TransactWriteItems).
 *
 * A request whose answer was lost is repeated.  If the repeated one is refused,
 * the item tells whether the first one was obeyed.
 */
#ifndef BR_WRITER_H
#define BR_WRITER_H

#include "base/br.h"
#include "dynamodb/write.h"
#include "io/client.h"

typedef enum BrLotMode
{
	BR_LOT_SINGLE,				/* each write is a request of its own */
	BR_LOT_BATCH,				/* BatchWriteItem */
	BR_LOT_TRANSACT				/* TransactWriteItems */
} BrLotMode;

/* Kept by the writer as it goes on, so that it is right whenever somebody looks. */
typedef struct BrWriteCount
{
	int64		written;		/* items, confirmed */
	int64		open;			/* sent, and nothing is known yet, or ever */
} BrWriteCount;

/* What the writes of a statement have in common; the counters must outlive them all. */
typedef struct BrWriting
{
	BrConnection *conn;
	BrCounters *counters;
	BrWriteCount *count;
	int			max_in_flight;	/* requests under way together, at least 1 */
	BrLotMode	mode;
	int			lot_size;		/* writes of a lot */
	bool		skip_refused;	/* a write whose condition does not hold is no failure */
} BrWriting;

typedef enum BrFate
{
	BR_FATE_OPEN,				/* under way */
	BR_FATE_WRITTEN,
	BR_FATE_REFUSED,			/* its condition does not hold */
	BR_FATE_FAILED,				/* it is not written */
	BR_FATE_UNKNOWN				/* it failed, and may be written nevertheless */
} BrFate;

/* What became of all so far. */
typedef struct BrTally
{
	int64		given;			/* writes sent */
	int64		written;		/* of which confirmed */
	int64		unknown;		/* of which it is not known */

	/* the first of those that must not be: FAILED, UNKNOWN, or REFUSED where that is a failure */
	int64		row;			/* its number from 1; 0: all is well */
	BrFate		fate;
	BrOperation op;
	const char *pk;				/* its key, as text */
	const char *sk;				/* NULL: none */
	BrError		error;			/* FAILED, UNKNOWN */
} BrTally;

typedef struct BrWriter BrWriter;

/* Takes memory from the current context, which owns the writer; makes no request. */
extern BrWriter *br_writer_open(const BrWriting *writing);

/*
 * Waits (interruptible) until there is room for one more write, and gives the
 * context to make it in, which lasts until its fate is known, or if it is not sent
 * after all, until the next.  False if a write has failed: then none should follow.
 */
extern bool br_writer_room(BrWriter *writer, MemoryContext *context);

/*
 * Takes a write made in that context; it may be sent at once.  *fate (NULL: not
 * wanted) must live until the writer is finished, and is set when it is known.
 */
extern void br_writer_send(BrWriter *writer, const BrWrite *write, BrFate *fate);

/* Waits until the fate of all writes is known. False if one failed. */
extern bool br_writer_finish(BrWriter *writer);

extern const BrTally *br_writer_tally(const BrWriter *writer);

/*
 * For who sends one at a time and has finished: the item that came with the
 * answer (see BrWrite's returns), ABSENT if none did. Lives until the next write.
 */
extern BrSpan br_writer_returned(BrWriter *writer);

#endif							/* BR_WRITER_H */
