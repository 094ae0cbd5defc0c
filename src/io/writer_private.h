/*
 * writer_private.h
 *		Inside of io: what a window of writes consists of.
 *
 * writer.c fills the slots and sends them, verdict.c says what became of them.
 */
#ifndef BR_WRITER_PRIVATE_H
#define BR_WRITER_PRIVATE_H

#include "base/br.h"
#include "aws/retry.h"
#include "io/writer.h"

#define BR_TOKEN_LEN	36

typedef struct BrEntry
{
	MemoryContext context;		/* of the write */
	BrWrite		write;
	int64		row;
	BrFate	   *fate;			/* NULL: nobody wants to know */
} BrEntry;

typedef enum BrSlotState
{
	BR_SLOT_FREE,
	BR_SLOT_FILLING,
	BR_SLOT_WRITING,
	BR_SLOT_CHECKING				/* whether the write at its place was obeyed */
} BrSlotState;

typedef struct BrSlot
{
	BrSlotState state;
	int			n;
	BrEntry    *entries;		/* lot_size of them */
	int			at;				/* which one is under way, where each is sent alone */
	size_t		bytes;
	BrOperation op;				/* of the call, if it writes */
	BrCall	   *call;
	bool		was_uncertain;	/* CHECKING: a first attempt may have been obeyed */
	size_t		left_over;		/* of a batch, the last time: bytes */
	char		token[BR_TOKEN_LEN + 1];	/* of these writes as a transaction; empty:
											 * not sent as such */
	BrRetry		retry;			/* rounds of a lot without progress */
} BrSlot;

struct BrWriter
{
	BrWriting	writing;
	MemoryContext context;
	MemoryContext scratch;		/* emptied before each step */
	BrSlot	   *slots;			/* max_in_flight of them */
	BrSlot	   *filling;		/* NULL: none is */
	size_t		bytes;			/* of all slots */
	MemoryContext next;			/* for the next write, NULL: not made yet */
	BrRetryQuota quota;
	BrTally		tally;

	BrCall	   *answered;		/* whose answer has the item returned, if any */
	BrSpan		returned;
};

/* writer.c: (re)sends what is in a slot, what a batch left over, or a look at the item */
extern void br_slot_launch(BrWriter *writer, BrSlot *slot, long delay_ms);
extern void br_slot_repeat(BrWriter *writer, BrSlot *slot, const BrRaw *left_over, long delay_ms);
extern void br_slot_check(BrWriter *writer, BrSlot *slot);

/* verdict.c: of a slot whose call is done; it is free afterwards, or under way again */
extern void br_slot_judge(BrWriter *writer, BrSlot *slot);

#endif							/* BR_WRITER_PRIVATE_H */
