/*
 * writer.c
 *		A window of writes under way, and what became of each.
 *
 * A slot holds one request: a write, or a lot of them.  Its outcome is judged
 * when somebody needs room or waits for the end.  What is not certain is looked
 * up by a strong GetItem before anything is said about it.
 */
#include "base/br.h"

#include "base/array.h"
#include "common/pg_prng.h"
#include "io/writer.h"
#include "utils/memutils.h"

/* Bytes of JSON in a lot: TransactWriteItems takes 4 MB, BatchWriteItem 16. */
#define MAX_LOT_BYTES	(3 * 1024 * 1024)

/* Of all lots together, unless a single one has more. */
#define MAX_BYTES		(16 * 1024 * 1024)

#define TOKEN_LEN		36

typedef struct Entry
{
	MemoryContext context;		/* of the write */
	BrWrite		write;
	int64		row;
	BrFate	   *fate;			/* NULL: nobody wants to know */
} Entry;

typedef enum SlotState
{
	SLOT_FREE,
	SLOT_FILLING,
	SLOT_WRITING,
	SLOT_CHECKING				/* whether the write at its place was obeyed */
} SlotState;

typedef struct Slot
{
	SlotState	state;
	int			n;
	Entry	   *entries;		/* lot_size of them */
	int			at;				/* which one is under way, where each is sent alone */
	size_t		bytes;
	BrOperation op;				/* of the call, if it writes */
	BrCall	   *call;
	size_t		left_over;		/* of a batch, the last time: bytes */
	BrRetry		retry;			/* rounds of a lot without progress */
} Slot;

struct BrWriter
{
	BrWriting	writing;
	MemoryContext context;
	MemoryContext scratch;		/* emptied before each step */
	Slot	   *slots;			/* max_in_flight of them */
	Slot	   *filling;		/* NULL: none is */
	size_t		bytes;			/* of all slots */
	MemoryContext next;			/* for the next write, NULL: not made yet */
	BrRetryQuota quota;
	BrTally		tally;

	BrCall	   *answered;		/* whose answer has the item returned, if any */
	BrSpan		returned;
};

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
										   sizeof(Slot) * writing->max_in_flight);
	for (int i = 0; i < writing->max_in_flight; i++)
		writer->slots[i].entries = MemoryContextAllocZero(writer->context,
														  sizeof(Entry) * writer->writing.lot_size);
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
holds_key(const Slot *slot, const BrKey *key)
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
static Slot *
find_key(BrWriter *writer, const BrKey *key)
{
	for (int i = 0; i < writer->writing.max_in_flight; i++)
	{
		if (writer->slots[i].state != SLOT_FREE && holds_key(&writer->slots[i], key))
			return &writer->slots[i];
	}
	return NULL;
}

static char *
text_of(const BrWriter *writer, const BrValue *value)
{
	MemoryContext caller;
	char	   *text;

	if (value == NULL)
		return NULL;
	caller = MemoryContextSwitchTo(writer->context);
	text = pnstrdup(value->text, value->len);
	MemoryContextSwitchTo(caller);
	return text;
}

/* Sending */

static void
make_token(char token[TOKEN_LEN + 1])
{
	uint64		a = pg_prng_uint64(&pg_global_prng_state);
	uint64		b = pg_prng_uint64(&pg_global_prng_state);

	snprintf(token, TOKEN_LEN + 1, "%08x-%04x-4%03x-%04x-%04x%08x",
			 (uint32) (a >> 32), (uint32) (a >> 16) & 0xffff, (uint32) a & 0xfff,
			 0x8000 | ((uint32) (b >> 48) & 0x3fff),
			 (uint32) (b >> 32) & 0xffff, (uint32) b);
}

static const BrWrite **
writes_of(const Slot *slot)
{
	const BrWrite **writes = palloc(sizeof(BrWrite *) * slot->n);

	for (int i = 0; i < slot->n; i++)
		writes[i] = &slot->entries[i].write;
	return writes;
}

static void
start_call(BrWriter *writer, Slot *slot, BrOperation op, StringInfo body, long delay_ms)
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

static void
launch(BrWriter *writer, Slot *slot, long delay_ms)
{
	StringInfoData body;
	char		token[TOKEN_LEN + 1];

	if (writer->filling == slot)
		writer->filling = NULL;
	slot->state = SLOT_WRITING;
	initStringInfo(&body);
	switch (writer->writing.mode)
	{
		case BR_LOT_BATCH:
			slot->op = BR_OP_BATCH_WRITE_ITEM;
			br_request_batch_write(&body, slot->n, writes_of(slot));
			break;
		case BR_LOT_TRANSACT:
			slot->op = BR_OP_TRANSACT_WRITE_ITEMS;
			make_token(token);
			br_request_transact_write(&body, slot->n, writes_of(slot), token);
			break;
		case BR_LOT_SINGLE:
			slot->op = slot->entries[slot->at].write.op;
			br_request_write(&body, &slot->entries[slot->at].write);
			break;
	}
	start_call(writer, slot, slot->op, &body, delay_ms);
}

/* Asks for the item itself, all of it. */
static void
check(BrWriter *writer, Slot *slot)
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

	slot->state = SLOT_CHECKING;
	initStringInfo(&body);
	br_request_read(&body, &read);
	br_request_finish(&body, NULL, 0);
	start_call(writer, slot, BR_OP_GET_ITEM, &body, 0);
}

/* Fates */

static void
note_failure(BrWriter *writer, const Entry *entry, BrOperation op, BrFate fate, const BrError *err)
{
	BrTally    *tally = &writer->tally;

	if (fate == BR_FATE_REFUSED && writer->writing.skip_refused)
		return;
	if (tally->row != 0 && tally->row <= entry->row)
		return;
	tally->row = entry->row;
	tally->fate = fate;
	tally->op = op;
	tally->pk = text_of(writer, entry->write.key.pk);
	tally->sk = text_of(writer, entry->write.key.sk);
	if (err != NULL)
		tally->error = *err;
}

static void
settle(BrWriter *writer, Entry *entry, BrFate fate)
{
	if (entry->fate != NULL)
		*entry->fate = fate;
	if (fate == BR_FATE_WRITTEN)
	{
		writer->tally.written++;
		writer->writing.count->written++;
	}
	if (fate == BR_FATE_UNKNOWN)
		writer->tally.unknown++;
	else
		writer->writing.count->open--;
	MemoryContextDelete(entry->context);
}

/* The answer stays where somebody wants the item that it has. */
static void
free_slot(BrWriter *writer, Slot *slot)
{
	if (slot->call != NULL && slot->call != writer->answered)
		br_call_free(slot->call);
	writer->bytes -= slot->bytes;
	slot->call = NULL;
	slot->state = SLOT_FREE;
	slot->n = 0;
	slot->at = 0;
	slot->bytes = 0;
	slot->left_over = 0;
	memset(&slot->retry, 0, sizeof(slot->retry));
}

static void
settle_all(BrWriter *writer, Slot *slot, BrFate fate)
{
	for (int i = slot->at; i < slot->n; i++)
		settle(writer, &slot->entries[i], fate);
	free_slot(writer, slot);
}

/* The write at its place: then the next one of the slot has its turn. */
static void
settle_one(BrWriter *writer, Slot *slot, BrFate fate, const BrError *err)
{
	Entry	   *entry = &slot->entries[slot->at];

	if (fate != BR_FATE_WRITTEN)
		note_failure(writer, entry, entry->write.op, fate, err);
	settle(writer, entry, fate);
	slot->at++;
	if (slot->at == slot->n)
		free_slot(writer, slot);
	else if (writer->tally.row != 0)
		settle_all(writer, slot, BR_FATE_FAILED);
	else
		launch(writer, slot, 0);
}

static void
fail_all(BrWriter *writer, Slot *slot, const BrError *err)
{
	BrFate		fate = br_call_is_uncertain(slot->call) ? BR_FATE_UNKNOWN : BR_FATE_FAILED;

	note_failure(writer, &slot->entries[slot->at], slot->op, fate, err);
	settle_all(writer, slot, fate);
}

/* Judging */

static bool
is_code(const BrError *err, const char *code)
{
	size_t		len = strlen(code);

	return err->kind == BR_ERR_SERVICE && strncmp(err->code, code, len) == 0 &&
		(err->code[len] == '\0' || strcmp(err->code + len, "Exception") == 0);
}

/* Waits longer before each round that changed nothing; false after too many. */
static bool
may_repeat(BrWriter *writer, Slot *slot, bool progress, long *delay_ms)
{
	*delay_ms = 0;
	if (progress)
		slot->retry.attempts = 0;
	slot->retry.max_attempts = br_connection_max_attempts(writer->writing.conn);
	slot->retry.attempts++;
	return br_retry_next(&slot->retry, &writer->quota, BR_RETRY_THROTTLING,
						 pg_prng_double(&pg_global_prng_state), -1, delay_ms);
}

/* A part of a batch was not done: it is sent again as it came back. */
static void
repeat_left_over(BrWriter *writer, Slot *slot, const BrPage *page)
{
	StringInfoData body;
	BrError		err;
	long		delay_ms;
	bool		progress = slot->left_over == 0 ? page->unprocessed.len < slot->bytes
		: page->unprocessed.len < slot->left_over;

	if (!may_repeat(writer, slot, progress, &delay_ms))
	{
		br_error(&err, BR_ERR_SERVICE, "the service left the items of a batch unprocessed");
		err.retry = BR_RETRY_THROTTLING;
		err.attempts = slot->retry.attempts;
		note_failure(writer, &slot->entries[0], BR_OP_BATCH_WRITE_ITEM, BR_FATE_UNKNOWN, &err);
		settle_all(writer, slot, BR_FATE_UNKNOWN);
		return;
	}
	slot->left_over = page->unprocessed.len;
	initStringInfo(&body);
	br_request_unprocessed(&body, &page->unprocessed);
	start_call(writer, slot, BR_OP_BATCH_WRITE_ITEM, &body, delay_ms);
}

static bool
is_lot(const Slot *slot)
{
	return slot->op == BR_OP_BATCH_WRITE_ITEM || slot->op == BR_OP_TRANSACT_WRITE_ITEMS;
}

/* Of the answer of a write that was obeyed: what it cost, what is left, which item. */
static void
take_answer(BrWriter *writer, Slot *slot, const char *body, size_t len)
{
	BrPage		page;
	BrError		err;

	if (!br_page_open(&page, BR_PAGE_ATTRIBUTES, body, len, &err))
	{
		/* it was obeyed, but who answers in this way may have done anything */
		br_call_name_answer(slot->call, &err);
		note_failure(writer, &slot->entries[slot->at], slot->op, BR_FATE_UNKNOWN, &err);
		settle_all(writer, slot, BR_FATE_UNKNOWN);
		return;
	}
	if (page.capacity > 0)
		writer->writing.counters->write_capacity += page.capacity;
	if (page.unprocessed.ptr != NULL)
	{
		repeat_left_over(writer, slot, &page);
		return;
	}
	if (is_lot(slot))
	{
		settle_all(writer, slot, BR_FATE_WRITTEN);
		return;
	}
	if (slot->entries[slot->at].write.returns != BR_RETURNS_NOTHING &&
		br_page_whole_item(&page, &writer->returned, &err))
		writer->answered = slot->call;
	settle_one(writer, slot, BR_FATE_WRITTEN, NULL);
}

/*
 * The item as it is tells who wrote it.  *item is ABSENT without a doubt only
 * where the service shows the items of conditions that failed.
 */
static bool
item_of(const char *body, size_t len, BrSpan *item)
{
	BrPage		page;
	BrError		err;

	item->type = BR_TYPE_ABSENT;
	return br_page_open(&page, BR_PAGE_ITEM, body, len, &err) &&
		br_page_whole_item(&page, item, &err);
}

/* The condition of a write does not hold, or does no longer. */
static void
judge_refusal(BrWriter *writer, Slot *slot)
{
	const char *body;
	size_t		len;
	BrSpan		item;

	if (!br_call_is_uncertain(slot->call))
	{
		settle_one(writer, slot, BR_FATE_REFUSED, NULL);
		return;
	}
	br_call_error_body(slot->call, &body, &len);
	if (!item_of(body, len, &item) || item.type == BR_TYPE_ABSENT)
		check(writer, slot);
	else
		settle_one(writer, slot, br_write_shows(&slot->entries[slot->at].write, &item)
				   ? BR_FATE_WRITTEN : BR_FATE_REFUSED, NULL);
}

static void
judge_check(BrWriter *writer, Slot *slot)
{
	const char *body;
	size_t		len;
	BrSpan		item;
	BrError		err;

	if (!br_call_result(slot->call, &body, &len, &err))
		settle_one(writer, slot, BR_FATE_UNKNOWN, &err);
	else if (!item_of(body, len, &item))
	{
		br_error(&err, BR_ERR_PROTOCOL, "malformed answer to GetItem");
		settle_one(writer, slot, BR_FATE_UNKNOWN, &err);
	}
	else
		settle_one(writer, slot, br_write_shows(&slot->entries[slot->at].write, &item)
				   ? BR_FATE_WRITTEN : BR_FATE_REFUSED, NULL);
}

/* Takes the refused ones out of a lot; returns how many there were. */
static int
drop_refused(BrWriter *writer, Slot *slot, const BrCancelled *reasons)
{
	int			kept = 0;
	int			n = slot->n;

	for (int i = 0; i < n; i++)
	{
		Entry	   *entry = &slot->entries[i];

		if (reasons[i] == BR_CANCELLED_CONDITION)
		{
			note_failure(writer, entry, entry->write.op, BR_FATE_REFUSED, NULL);
			settle(writer, entry, BR_FATE_REFUSED);
		}
		else
			slot->entries[kept++] = *entry;
	}
	slot->n = kept;
	return n - kept;
}

/* A transaction was cancelled, so none of its writes was done. */
static void
judge_cancellation(BrWriter *writer, Slot *slot, BrError *err)
{
	BrCancelled *reasons = palloc0(sizeof(BrCancelled) * slot->n);
	const char *body;
	size_t		len;
	bool		conflict = false;
	long		delay_ms = 0;
	int			refused;

	br_call_error_body(slot->call, &body, &len);
	if (!br_cancellation_parse(body, len, slot->n, reasons, err))
	{
		fail_all(writer, slot, err);
		return;
	}
	for (int i = 0; i < slot->n; i++)
	{
		if (reasons[i] == BR_CANCELLED_OTHER)
		{
			note_failure(writer, &slot->entries[i], BR_OP_TRANSACT_WRITE_ITEMS, BR_FATE_FAILED, err);
			settle_all(writer, slot, BR_FATE_FAILED);
			return;
		}
		conflict |= reasons[i] == BR_CANCELLED_CONFLICT;
	}
	refused = drop_refused(writer, slot, reasons);
	if (slot->n == 0)
		free_slot(writer, slot);
	else if (writer->tally.row != 0)
		settle_all(writer, slot, BR_FATE_FAILED);
	else if ((refused > 0 && !conflict) || may_repeat(writer, slot, refused > 0, &delay_ms))
		launch(writer, slot, delay_ms);
	else
		fail_all(writer, slot, err);
}

/* A service without transactions: each write goes alone, as those do that follow. */
static void
give_up_transactions(BrWriter *writer, Slot *slot)
{
	writer->writing.mode = BR_LOT_SINGLE;
	slot->at = 0;
	launch(writer, slot, 0);
}

static void
judge(BrWriter *writer, Slot *slot)
{
	bool		transact = slot->op == BR_OP_TRANSACT_WRITE_ITEMS;
	const char *body;
	size_t		len;
	BrError		err;

	if (slot->state == SLOT_CHECKING)
		judge_check(writer, slot);
	else if (br_call_result(slot->call, &body, &len, &err))
		take_answer(writer, slot, body, len);
	else if (is_code(&err, "ConditionalCheckFailed"))
		judge_refusal(writer, slot);
	else if (transact && is_code(&err, "TransactionCanceled"))
		judge_cancellation(writer, slot, &err);
	else if (transact && is_code(&err, "UnknownOperation"))
		give_up_transactions(writer, slot);
	else
		fail_all(writer, slot, &err);
}

/* True if there was anything to judge. */
static bool
judge_all(BrWriter *writer)
{
	bool		any = false;

	for (int i = 0; i < writer->writing.max_in_flight; i++)
	{
		Slot	   *slot = &writer->slots[i];
		MemoryContext caller;

		if (slot->call == NULL || !br_call_is_done(slot->call))
			continue;
		any = true;
		MemoryContextReset(writer->scratch);
		caller = MemoryContextSwitchTo(writer->scratch);
		judge(writer, slot);
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

static Slot *
find_free(BrWriter *writer)
{
	for (int i = 0; i < writer->writing.max_in_flight; i++)
	{
		if (writer->slots[i].state == SLOT_FREE)
			return &writer->slots[i];
	}
	return NULL;
}

/* Waits for a slot to fill; afterwards there is one. */
static void
begin_lot(BrWriter *writer)
{
	Slot	   *slot;

	(void) judge_all(writer);
	while ((slot = find_free(writer)) == NULL || writer->bytes > MAX_BYTES)
		wait_for_some(writer);
	slot->state = SLOT_FILLING;
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
	*context = writer->next;
	return true;
}

void
br_writer_send(BrWriter *writer, const BrWrite *write, BrFate *fate)
{
	MemoryContext caller = MemoryContextSwitchTo(writer->scratch);
	Slot	   *slot;
	Slot	   *other;

	while ((other = find_key(writer, &write->key)) != NULL)
	{
		if (other == writer->filling)
			launch(writer, other, 0);
		wait_for_some(writer);
	}
	if (writer->filling == NULL)
		begin_lot(writer);
	slot = writer->filling;
	slot->entries[slot->n++] = (Entry) {
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
		launch(writer, slot, 0);
	MemoryContextSwitchTo(caller);
}

bool
br_writer_finish(BrWriter *writer)
{
	MemoryContext caller = MemoryContextSwitchTo(writer->scratch);
	bool		busy;

	if (writer->filling != NULL && writer->filling->n > 0)
		launch(writer, writer->filling, 0);
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
