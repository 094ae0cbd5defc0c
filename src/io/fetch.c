/*
 * fetch.c
 *		From the entries of an index to the items of the table.
 *
 * Keys are gathered from one page of the index at most, so that who wants only
 * a few rows does not wait for, or pay, the next page; the first lot is one
 * batch.  A partition is asked for once in a scan, however many of its items
 * the index names.
 */
#include "base/br.h"

#include "access/key.h"
#include "common/hashfn.h"
#include "io/fetch.h"
#include "utils/memutils.h"

#define FIRST_LOT	BR_MAX_BATCH_KEYS
#define MAX_LOT		(8 * BR_MAX_BATCH_KEYS)

/* Slots of the keys among the spans of an index entry. */
#define PK_SLOT		0
#define SK_SLOT		1

typedef struct SeenPartition
{
	char	   *pk;
	uint32		hash;
	char		status;
} SeenPartition;

#define SH_PREFIX		seen
#define SH_ELEMENT_TYPE	SeenPartition
#define SH_KEY_TYPE		char *
#define SH_KEY			pk
#define SH_HASH_KEY(tb, key)	hash_bytes((const unsigned char *) (key), strlen(key))
#define SH_EQUAL(tb, a, b)		(strcmp(a, b) == 0)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, a)		(a)->hash
#define SH_SCOPE		static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

struct BrFetch
{
	BrReading	reading;
	const BrSchema *schema;
	const BrAccess *access;
	const BrRead *table_read;
	BrWanted   *wanted;
	BrSpan	   *spans;
	MemoryContext context;		/* of the fetch itself */

	BrFeed	   *entries;		/* of the index */
	BrSpan		key_spans[2];
	StringInfoData scratch[2];

	MemoryContext lot_context;	/* of the keys and reads of one lot */
	BrKeyList	keys;			/* gathered so far */
	BrFeed	   *items;			/* of the lot; NULL: its keys are being gathered */
	int			lot;			/* how many keys it has at most */
	bool		in_lots;		/* none is more than one request */
	int64		nlots;			/* begun */
	seen_hash  *seen;			/* partitions asked for */
};

static void
want_keys(BrFetch *fetch, BrWanted *wanted, BrReads reads)
{
	const BrSchema *schema = fetch->schema;
	BrPath	   *paths = palloc(sizeof(BrPath) * 2);
	int			npaths = 0;

	br_path_of_name(schema->pk_name, &paths[npaths++]);
	br_wanted_add(wanted, &paths[0], PK_SLOT);
	if (schema->sk_name != NULL)
	{
		br_path_of_name(schema->sk_name, &paths[npaths++]);
		br_wanted_add(wanted, &paths[1], SK_SLOT);
	}
	for (int i = 0; i < reads.n; i++)
	{
		reads.list[i].projection = paths;
		reads.list[i].nprojection = npaths;
	}
}

BrFetch *
br_fetch_open(const BrReading *reading, const BrSchema *schema,
			  const BrAccess *access, BrReads index_reads,
			  const BrRead *table_read, BrWanted *wanted, BrSpan *spans)
{
	BrFetch    *fetch = palloc0(sizeof(BrFetch));
	BrWanted   *keys = br_wanted_create();

	fetch->reading = *reading;
	fetch->schema = schema;
	fetch->access = access;
	fetch->table_read = table_read;
	fetch->wanted = wanted;
	fetch->spans = spans;
	fetch->context = CurrentMemoryContext;
	fetch->lot = FIRST_LOT;
	fetch->lot_context = AllocSetContextCreate(CurrentMemoryContext,
											   "benchresults fetch",
											   ALLOCSET_DEFAULT_SIZES);
	initStringInfo(&fetch->scratch[PK_SLOT]);
	initStringInfo(&fetch->scratch[SK_SLOT]);
	fetch->seen = seen_create(CurrentMemoryContext, 256, NULL);
	want_keys(fetch, keys, index_reads);
	fetch->entries = br_feed_open(reading, index_reads, keys, fetch->key_spans);
	return fetch;
}

/* The text of a key of an index entry; ptr NULL if the table has no such key. */
static bool
key_text(BrFetch *fetch, int slot, const char *name, BrText *text, BrError *err)
{
	const BrSpan *span = &fetch->key_spans[slot];

	*text = (BrText) {NULL, 0};
	if (name == NULL)
		return true;
	if (span->type != BR_TYPE_S && span->type != BR_TYPE_N && span->type != BR_TYPE_B)
		return br_error(err, BR_ERR_PROTOCOL, "an entry of an index has no key \"%s\"", name);
	return br_span_text(span, &fetch->scratch[slot], &text->ptr, &text->len, err);
}

static BrText
copy_text(BrText text)
{
	return (BrText) {text.ptr ? pnstrdup(text.ptr, text.len) : NULL, text.len};
}

/* True the first time that a partition is met. */
static bool
is_new_partition(BrFetch *fetch, BrText pk)
{
	char	   *key = pnstrdup(pk.ptr, pk.len);
	bool		found;
	SeenPartition *entry = seen_insert(fetch->seen, key, &found);

	if (!found)
		entry->pk = MemoryContextStrdup(fetch->context, key);
	return !found;
}

/* Takes the key of the index entry at hand, unless nothing of it is wanted. */
static bool
take_key(BrFetch *fetch, BrError *err)
{
	BrText		values[2 * BR_MAX_VARIABLES];
	BrText		pk;
	BrText		sk;

	if (!key_text(fetch, PK_SLOT, fetch->schema->pk_name, &pk, err) ||
		!key_text(fetch, SK_SLOT, fetch->schema->sk_name, &sk, err))
		return false;
	if (br_schema_decode(fetch->schema, pk, sk, values) &&
		(fetch->access->fetch != BR_FETCH_PARTITIONS || is_new_partition(fetch, pk)))
		br_key_list_add(&fetch->keys, copy_text(pk), copy_text(sk));
	return true;
}

/* Gathers the keys of a lot, in lot_context; the end is that of the index. */
static BrNext
gather_keys(BrFetch *fetch, BrError *err)
{
	while (fetch->keys.n < fetch->lot)
	{
		BrNext		next;

		/* what was found so far is fetched before another page is waited for */
		if (fetch->keys.n > 0 && br_feed_at_page_end(fetch->entries))
			break;
		next = br_feed_next(fetch->entries, err);
		if (next != BR_NEXT_FOUND)
			return next;
		if (!take_key(fetch, err))
			return BR_NEXT_FAILED;
	}
	return BR_NEXT_FOUND;
}

/* Opens the feed of a lot, in lot_context. */
static BrNext
begin_lot(BrFetch *fetch, BrError *err)
{
	BrNext		next = gather_keys(fetch, err);
	BrReads		reads;

	if (next != BR_NEXT_FOUND)
		return next;
	br_key_list_make_distinct(&fetch->keys);
	reads = fetch->access->fetch == BR_FETCH_PARTITIONS
		? br_reads_of_partitions(fetch->schema, &fetch->keys, fetch->table_read)
		: br_reads_of_keys(fetch->schema, &fetch->keys, fetch->table_read);
	fetch->items = br_feed_open(&fetch->reading, reads, fetch->wanted, fetch->spans);
	fetch->nlots++;
	/* who asks for more than the first lot */
	if (fetch->lot == MAX_LOT)
		br_feed_hurry(fetch->items);
	fetch->lot = fetch->in_lots ? BR_MAX_BATCH_KEYS : MAX_LOT;
	return BR_NEXT_FOUND;
}

void
br_fetch_in_lots(BrFetch *fetch, int first)
{
	fetch->in_lots = true;
	fetch->lot = Min(first, BR_MAX_BATCH_KEYS);
}

int64
br_fetch_lot(const BrFetch *fetch)
{
	return fetch->nlots;
}

bool
br_fetch_lot_is_over(const BrFetch *fetch)
{
	return fetch->items == NULL || br_feed_is_over(fetch->items);
}

static void
end_lot(BrFetch *fetch)
{
	fetch->items = NULL;
	fetch->keys = (BrKeyList) {0, NULL};
	MemoryContextReset(fetch->lot_context);
}

BrNext
br_fetch_next(BrFetch *fetch, BrError *err)
{
	MemoryContext caller = MemoryContextSwitchTo(fetch->lot_context);
	BrNext		next = BR_NEXT_FOUND;

	for (;;)
	{
		if (fetch->items == NULL)
			next = begin_lot(fetch, err);
		if (next == BR_NEXT_FOUND)
			next = br_feed_next(fetch->items, err);
		if (fetch->items == NULL || next != BR_NEXT_END)
			break;
		end_lot(fetch);
		next = BR_NEXT_FOUND;
	}
	MemoryContextSwitchTo(caller);
	return next;
}

const BrRead *
br_fetch_read(const BrFetch *fetch)
{
	return br_feed_read(fetch->items != NULL ? fetch->items : fetch->entries);
}
