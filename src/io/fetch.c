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
	BrConnection *conn;
	const BrSchema *schema;
	const BrAccess *access;
	const BrRead *table_read;
	BrWanted   *wanted;
	BrSpan	   *spans;
	BrCounters *counters;
	MemoryContext context;		/* of the fetch itself */

	BrFeed	   *entries;		/* of the index */
	BrSpan		key_spans[2];
	StringInfoData scratch[2];

	MemoryContext lot_context;	/* of the keys and reads of one lot */
	BrFeed	   *items;			/* of the lot; NULL: none under way */
	int			lot;			/* how many keys the next one has at most */
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
br_fetch_open(BrConnection *conn, const BrSchema *schema, const BrAccess *access,
			  BrReads index_reads, const BrRead *table_read, BrWanted *wanted,
			  BrSpan *spans, BrCounters *counters)
{
	BrFetch    *fetch = palloc0(sizeof(BrFetch));
	BrWanted   *keys = br_wanted_create();

	fetch->conn = conn;
	fetch->schema = schema;
	fetch->access = access;
	fetch->table_read = table_read;
	fetch->wanted = wanted;
	fetch->spans = spans;
	fetch->counters = counters;
	fetch->context = CurrentMemoryContext;
	fetch->lot = FIRST_LOT;
	fetch->lot_context = AllocSetContextCreate(CurrentMemoryContext,
											   "benchresults fetch",
											   ALLOCSET_DEFAULT_SIZES);
	initStringInfo(&fetch->scratch[PK_SLOT]);
	initStringInfo(&fetch->scratch[SK_SLOT]);
	fetch->seen = seen_create(CurrentMemoryContext, 256, NULL);
	want_keys(fetch, keys, index_reads);
	fetch->entries = br_feed_open(conn, index_reads, keys, fetch->key_spans, counters);
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

/* Gathers the keys of the next lot, in lot_context. */
static bool
gather_keys(BrFetch *fetch, BrKeyList *keys, BrError *err)
{
	BrText		values[2 * BR_MAX_VARIABLES];
	bool		found = true;

	while (keys->n < fetch->lot)
	{
		BrText		pk;
		BrText		sk;

		/* what was found so far is fetched before another page is waited for */
		if (keys->n > 0 && br_feed_at_page_end(fetch->entries))
			break;
		if (!br_feed_next(fetch->entries, &found, err))
			return false;
		if (!found)
			break;
		if (!key_text(fetch, PK_SLOT, fetch->schema->pk_name, &pk, err) ||
			!key_text(fetch, SK_SLOT, fetch->schema->sk_name, &sk, err))
			return false;
		if (!br_schema_decode(fetch->schema, pk, sk, values))
			continue;
		if (fetch->access->fetch == BR_FETCH_PARTITIONS && !is_new_partition(fetch, pk))
			continue;
		br_key_list_add(keys, copy_text(pk), copy_text(sk));
	}
	return true;
}

/* Opens the feed of the next lot; *more is false if there is none. */
static bool
next_lot(BrFetch *fetch, bool *more, BrError *err)
{
	MemoryContext caller;
	BrKeyList	keys = {0, NULL};
	bool		ok;

	fetch->items = NULL;
	MemoryContextReset(fetch->lot_context);
	caller = MemoryContextSwitchTo(fetch->lot_context);
	ok = gather_keys(fetch, &keys, err);
	br_key_list_make_distinct(&keys);
	*more = ok && keys.n > 0;
	if (*more)
	{
		BrReads		reads = fetch->access->fetch == BR_FETCH_PARTITIONS
			? br_reads_of_partitions(fetch->schema, &keys, fetch->table_read)
			: br_reads_of_keys(fetch->schema, &keys, fetch->table_read);

		fetch->items = br_feed_open(fetch->conn, reads, fetch->wanted,
									fetch->spans, fetch->counters);
		fetch->lot = MAX_LOT;
	}
	MemoryContextSwitchTo(caller);
	return ok;
}

bool
br_fetch_next(BrFetch *fetch, bool *found, BrError *err)
{
	for (;;)
	{
		bool		more;

		if (fetch->items != NULL)
		{
			MemoryContext caller = MemoryContextSwitchTo(fetch->lot_context);
			bool		ok = br_feed_next(fetch->items, found, err);

			MemoryContextSwitchTo(caller);
			if (!ok || *found)
				return ok;
		}
		if (!next_lot(fetch, &more, err))
			return false;
		if (!more)
		{
			*found = false;
			return true;
		}
	}
}

const BrRead *
br_fetch_read(const BrFetch *fetch)
{
	return br_feed_read(fetch->items != NULL ? fetch->items : fetch->entries);
}
