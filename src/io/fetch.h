/*
 * fetch.h
 *		Items that an index names and the table has.
 *
 * Where an index does not carry all that is wanted, it is read for the keys,
 * and the items come from the table: each by its key, or the whole partition
 * where all of it is wanted.  All columns of a row come from the item in the
 * table, none from the index entry, which is of another moment; so the rows
 * must be checked anew.
 */
#ifndef BR_FETCH_H
#define BR_FETCH_H

#include "base/br.h"
#include "io/feed.h"

typedef struct BrFetch BrFetch;

/*
 * Takes memory from the current context, which owns the fetch. index_reads: for
 * the keys; their projection is set here. table_read: table, projection and
 * consistency of what is read then; by partitions or by keys as access says.
 * schema, access, table_read and spans must outlive it.
 */
extern BrFetch *br_fetch_open(const BrReading *reading, const BrSchema *schema,
							  const BrAccess *access, BrReads index_reads,
							  const BrRead *table_read, BrWanted *wanted,
							  BrSpan *spans);

/*
 * Before the first item: by keys, in the index's order as far as lots go. The
 * items of a lot come in any order, but all before those of the next one, which
 * is begun when they are asked for. first: how many are wanted for certain.
 */
extern void br_fetch_in_lots(BrFetch *fetch, int first);

/* The number of the lot that the last item was in, and whether it was its last. */
extern int64 br_fetch_lot(const BrFetch *fetch);
extern bool br_fetch_lot_is_over(const BrFetch *fetch);

/* As br_feed_next. */
extern BrNext br_fetch_next(BrFetch *fetch, BrError *err);

extern const BrRead *br_fetch_read(const BrFetch *fetch);

#endif							/* BR_FETCH_H */
