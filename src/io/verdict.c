/*
 * verdict.c
 *		What became of writes, by the answers to them.
 *
 * What is not certain is looked up by a strong GetItem before anything is said
 * about it.
 */
#include "base/br.h"

#include "common/pg_prng.h"
#include "io/writer_private.h"
#include "utils/memutils.h"

/* Fates */

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

static void
note_failure(BrWriter *writer, const BrEntry *entry, BrOperation op, BrFate fate, const BrError *err)
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
settle(BrWriter *writer, BrEntry *entry, BrFate fate)
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
free_slot(BrWriter *writer, BrSlot *slot)
{
	if (slot->call != NULL && slot->call != writer->answered)
		br_call_free(slot->call);
	writer->bytes -= slot->bytes;
	slot->call = NULL;
	slot->state = BR_SLOT_FREE;
	slot->n = 0;
	slot->at = 0;
	slot->bytes = 0;
	slot->left_over = 0;
	slot->token[0] = '\0';
	memset(&slot->retry, 0, sizeof(slot->retry));
}

static void
settle_all(BrWriter *writer, BrSlot *slot, BrFate fate)
{
	for (int i = slot->at; i < slot->n; i++)
		settle(writer, &slot->entries[i], fate);
	free_slot(writer, slot);
}

/* The write at its place: then the next one of the slot has its turn. */
static void
settle_one(BrWriter *writer, BrSlot *slot, BrFate fate, const BrError *err)
{
	BrEntry	   *entry = &slot->entries[slot->at];

	if (fate != BR_FATE_WRITTEN)
		note_failure(writer, entry, entry->write.op, fate, err);
	settle(writer, entry, fate);
	slot->at++;
	if (slot->at == slot->n)
		free_slot(writer, slot);
	else if (writer->tally.row != 0)
		settle_all(writer, slot, BR_FATE_FAILED);
	else
		br_slot_launch(writer, slot, 0);
}

/* Of a batch that is not the first time sent, a part is written, and nobody noted which. */
static void
fail_all(BrWriter *writer, BrSlot *slot, const BrError *err)
{
	BrFate		fate = br_call_is_uncertain(slot->call) || slot->left_over > 0
		? BR_FATE_UNKNOWN : BR_FATE_FAILED;

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
may_repeat(BrWriter *writer, BrSlot *slot, bool progress, long *delay_ms)
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
repeat_left_over(BrWriter *writer, BrSlot *slot, const BrPage *page)
{
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
	br_slot_repeat(writer, slot, &page->unprocessed, delay_ms);
}

static bool
is_lot(const BrSlot *slot)
{
	return slot->op == BR_OP_BATCH_WRITE_ITEM || slot->op == BR_OP_TRANSACT_WRITE_ITEMS;
}

/* Of the answer of a write that was obeyed: what it cost, what is left, which item. */
static void
take_answer(BrWriter *writer, BrSlot *slot, const char *body, size_t len)
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

/* The condition of a write failed, and this is the item as it is. */
static void
settle_by_item(BrWriter *writer, BrSlot *slot, const BrSpan *item)
{
	const BrWrite *write = &slot->entries[slot->at].write;
	BrError		err;

	if (slot->was_uncertain && br_write_shows(write, item))
	{
		settle_one(writer, slot, BR_FATE_WRITTEN, NULL);
		return;
	}
	if (br_write_conflicts(write, item))
	{
		br_error(&err, BR_ERR_CONFLICT, "the item was changed while it was updated");
		settle_one(writer, slot, BR_FATE_FAILED, &err);
	}
	else
		settle_one(writer, slot, BR_FATE_REFUSED, NULL);
}

static bool
makes_something(const BrWrite *write)
{
	for (int i = 0; i < write->nchanges; i++)
	{
		if (write->changes[i].makes)
			return true;
	}
	return false;
}

/* The condition of a write does not hold, or does no longer. */
static void
judge_refusal(BrWriter *writer, BrSlot *slot)
{
	const char *body;
	size_t		len;
	BrSpan		item;

	slot->was_uncertain = br_call_is_uncertain(slot->call);
	if (!slot->was_uncertain && !makes_something(&slot->entries[slot->at].write))
	{
		settle_one(writer, slot, BR_FATE_REFUSED, NULL);
		return;
	}
	br_call_error_body(slot->call, &body, &len);
	if (!item_of(body, len, &item) || item.type == BR_TYPE_ABSENT)
		br_slot_check(writer, slot);
	else
		settle_by_item(writer, slot, &item);
}

static void
judge_check(BrWriter *writer, BrSlot *slot)
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
		settle_by_item(writer, slot, &item);
}

/* Takes the refused ones out of a lot; returns how many there were. */
static int
drop_refused(BrWriter *writer, BrSlot *slot, const BrCancelled *reasons)
{
	int			kept = 0;
	int			n = slot->n;

	for (int i = 0; i < n; i++)
	{
		BrEntry	   *entry = &slot->entries[i];

		if (reasons[i] == BR_CANCELLED_CONDITION)
		{
			note_failure(writer, entry, entry->write.op, BR_FATE_REFUSED, NULL);
			settle(writer, entry, BR_FATE_REFUSED);
		}
		else
			slot->entries[kept++] = *entry;
	}
	slot->n = kept;
	if (kept < n)
		slot->token[0] = '\0';
	return n - kept;
}

/* A transaction was cancelled, so none of its writes was done. */
static void
judge_cancellation(BrWriter *writer, BrSlot *slot, BrError *err)
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
		br_slot_launch(writer, slot, delay_ms);
	else
		fail_all(writer, slot, err);
}

/* A service without transactions: each write goes alone, as those do that follow. */
static void
give_up_transactions(BrWriter *writer, BrSlot *slot)
{
	writer->writing.mode = BR_LOT_SINGLE;
	slot->at = 0;
	br_slot_launch(writer, slot, 0);
}

void
br_slot_judge(BrWriter *writer, BrSlot *slot)
{
	bool		transact = slot->op == BR_OP_TRANSACT_WRITE_ITEMS;
	const char *body;
	size_t		len;
	BrError		err;

	if (slot->state == BR_SLOT_CHECKING)
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
