/*
 * writer.c
 *		A window of writes under way: taking them, sending them, waiting for them.
 *
 * A slot holds one request: a write, or a lot of them.  Its outcome is judged
 * when somebody needs room or waits for the end.
 */
#include "base/br.h"

#include "common/pg_prng.h"
#include "io/writer_private.h"
#include "utils/memutils.h"

/* Bytes of JSON in a lot: TransactWriteItems takes 4 MB, BatchWriteItem 16. */
#define MAX_LOT_BYTES	(3 * 1024 * 1024)

/* Of all lots together, unless a single one has more. */
#define MAX_BYTES		(16 * 1024 * 1024)

BrWriter *
br_writer_open(const BrWriting *writing)
{
	BrWriter   *writer = palloc0(sizeof(BrWriter));

	writer->writing = *writing;
	if (writing->mode == BR_LOT_SINGLE)
		writer->writing.lot_size = 1;
	writer->context = AllocSetContextCreate(CurrentMemoryContext, "benchresults writes",
											ALLOCSET_DEFAULT_SIZES);
	writer->scratch = AllocSetContextCreate(writer->context, "benchresults write step",
											ALLOCSET_SMALL_SIZES);
	writer->slots = MemoryContextAllocZero(writer->context,
										   sizeof(BrSlot) * writing->max_in_flight);
	for (int i = 0; i < writing->max_in_flight; i++)
		writer->slots[i].entries = MemoryContextAllocZero(writer->context,
														  sizeof(BrEntry) * writer->writing.lot_size);
	writer->quota.tokens = BR_RETRY_QUOTA_FULL;
	return writer;
}

/* Keys */

static bool
same_value(const BrValue *a, const BrValue *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

static bool
holds_key(const BrSlot *slot, const BrKey *key)
{
	for (int i = 0; i < slot->n; i++)
	{
		const BrKey *other = &slot->entries[i].write.key;

		if (same_value(other->pk, key->pk) && same_value(other->sk, key->sk))
			return true;
	}
	return false;
}

/* The slot in which a write of this key is, NULL: none. */
static BrSlot *
find_key(BrWriter *writer, const BrKey *key)
{
	for (int i = 0; i < writer->writing.max_in_flight; i++)
	{
		if (writer->slots[i].state != BR_SLOT_FREE && holds_key(&writer->slots[i], key))
			return &writer->slots[i];
	}
	return NULL;
}

/* Sending */

static void
make_token(char token[BR_TOKEN_LEN + 1])
{
	uint64		a = pg_prng_uint64(&pg_global_prng_state);
	uint64		b = pg_prng_uint64(&pg_global_prng_state);

	snprintf(token, BR_TOKEN_LEN + 1, "%08x-%04x-4%03x-%04x-%04x%08x",
			 (uint32) (a >> 32), (uint32) (a >> 16) & 0xffff, (uint32) a & 0xfff,
			 0x8000 | ((uint32) (b >> 48) & 0x3fff),
			 (uint32) (b >> 32) & 0xffff, (uint32) b);
}

static const BrWrite **
writes_of(const BrSlot *slot)
{
	const BrWrite **writes = palloc(sizeof(BrWrite *) * slot->n);

	for (int i = 0; i < slot->n; i++)
		writes[i] = &slot->entries[i].write;
	return writes;
}

static void
start_call(BrWriter *writer, BrSlot *slot, BrOperation op, StringInfo body, long delay_ms)
{
	MemoryContext caller = MemoryContextSwitchTo(writer->context);

	if (slot->call != NULL)
		br_call_free(slot->call);
	slot->call = NULL;
	slot->call = br_call_start(writer->writing.conn, op, body->data, body->len, delay_ms,
							   writer->writing.counters);
	MemoryContextSwitchTo(caller);
	pfree(body->data);
}

void
br_slot_launch(BrWriter *writer, BrSlot *slot, long delay_ms)
{
	StringInfoData body;

	if (writer->filling == slot)
		writer->filling = NULL;
	slot->state = BR_SLOT_WRITING;
	initStringInfo(&body);
	switch (writer->writing.mode)
	{
		case BR_LOT_BATCH:
			slot->op = BR_OP_BATCH_WRITE_ITEM;
			br_request_batch_write(&body, slot->n, writes_of(slot));
			break;
		case BR_LOT_TRANSACT:
			slot->op = BR_OP_TRANSACT_WRITE_ITEMS;
			/* the same for the same writes, since the service may be at them still */
			if (slot->token[0] == '\0')
				make_token(slot->token);
			br_request_transact_write(&body, slot->n, writes_of(slot), slot->token);
			break;
		case BR_LOT_SINGLE:
			slot->op = slot->entries[slot->at].write.op;
			br_request_write(&body, &slot->entries[slot->at].write);
			break;
	}
	start_call(writer, slot, slot->op, &body, delay_ms);
}

void
br_slot_repeat(BrWriter *writer, BrSlot *slot, const BrRaw *left_over, long delay_ms)
{
	StringInfoData body;

	initStringInfo(&body);
	br_request_unprocessed(&body, left_over);
	start_call(writer, slot, slot->op, &body, delay_ms);
}

/* Asks for the item itself, all of it. */
void
br_slot_check(BrWriter *writer, BrSlot *slot)
{
	const BrWrite *write = &slot->entries[slot->at].write;
	BrRead		read = {
		.op = BR_OP_GET_ITEM,
		.table = write->table,
		.nkeys = 1,
		.keys = &write->key,
		.consistent = true
	};
	StringInfoData body;

	slot->state = BR_SLOT_CHECKING;
	initStringInfo(&body);
	br_request_read(&body, &read);
	br_request_finish(&body, NULL, 0);
	start_call(writer, slot, BR_OP_GET_ITEM, &body, 0);
}

/* True if there was anything to judge. */
static bool
judge_all(BrWriter *writer)
{
	bool		any = false;

	for (int i = 0; i < writer->writing.max_in_flight; i++)
	{
		BrSlot	   *slot = &writer->slots[i];
		MemoryContext caller;

		if (slot->call == NULL || !br_call_is_done(slot->call))
			continue;
		any = true;
		MemoryContextReset(writer->scratch);
		caller = MemoryContextSwitchTo(writer->scratch);
		br_slot_judge(writer, slot);
		MemoryContextSwitchTo(caller);
	}
	return any;
}

/* Until something has ended and been judged; a write must be under way. */
static void
wait_for_some(BrWriter *writer)
{
	uint64		done = br_calls_done();

	while (!judge_all(writer))
	{
		br_calls_wait_beyond(done);
		done = br_calls_done();
	}
}

/* The public face */

static void
forget_returned(BrWriter *writer)
{
	if (writer->answered != NULL)
		br_call_free(writer->answered);
	writer->answered = NULL;
	writer->returned.type = BR_TYPE_ABSENT;
}

static BrSlot *
find_free(BrWriter *writer)
{
	for (int i = 0; i < writer->writing.max_in_flight; i++)
	{
		if (writer->slots[i].state == BR_SLOT_FREE)
			return &writer->slots[i];
	}
	return NULL;
}

/* Waits for a slot to fill; afterwards there is one. */
static void
begin_lot(BrWriter *writer)
{
	BrSlot	   *slot;

	(void) judge_all(writer);
	while ((slot = find_free(writer)) == NULL || writer->bytes > MAX_BYTES)
		wait_for_some(writer);
	slot->state = BR_SLOT_FILLING;
	writer->filling = slot;
}

bool
br_writer_room(BrWriter *writer, MemoryContext *context)
{
	forget_returned(writer);
	if (writer->filling == NULL)
		begin_lot(writer);
	if (writer->tally.row != 0)
		return false;
	if (writer->next == NULL)
		writer->next = AllocSetContextCreate(writer->context, "benchresults write",
											 ALLOCSET_SMALL_SIZES);
	else
		MemoryContextReset(writer->next);
	*context = writer->next;
	return true;
}

void
br_writer_send(BrWriter *writer, const BrWrite *write, BrFate *fate)
{
	MemoryContext caller = MemoryContextSwitchTo(writer->scratch);
	BrSlot	   *slot;
	BrSlot	   *other;

	while ((other = find_key(writer, &write->key)) != NULL)
	{
		if (other == writer->filling)
			br_slot_launch(writer, other, 0);
		wait_for_some(writer);
	}
	if (writer->filling == NULL)
		begin_lot(writer);
	slot = writer->filling;
	slot->entries[slot->n++] = (BrEntry) {
		.context = writer->next,
		.write = *write,
		.row = ++writer->tally.given,
		.fate = fate
	};
	writer->next = NULL;
	writer->writing.count->open++;
	slot->bytes += write->item_len;
	writer->bytes += write->item_len;
	if (fate != NULL)
		*fate = BR_FATE_OPEN;
	if (slot->n == writer->writing.lot_size || writer->writing.mode == BR_LOT_SINGLE ||
		slot->bytes > MAX_LOT_BYTES)
		br_slot_launch(writer, slot, 0);
	MemoryContextSwitchTo(caller);
}

bool
br_writer_finish(BrWriter *writer)
{
	MemoryContext caller = MemoryContextSwitchTo(writer->scratch);
	bool		busy;

	if (writer->filling != NULL && writer->filling->n > 0)
		br_slot_launch(writer, writer->filling, 0);
	do
	{
		(void) judge_all(writer);
		busy = false;
		for (int i = 0; i < writer->writing.max_in_flight; i++)
			busy |= writer->slots[i].call != NULL;
		if (busy)
			wait_for_some(writer);
	} while (busy);
	MemoryContextSwitchTo(caller);
	return writer->tally.row == 0;
}

const BrTally *
br_writer_tally(const BrWriter *writer)
{
	return &writer->tally;
}

BrSpan
br_writer_returned(BrWriter *writer)
{
	return writer->returned;
}
