/*
 * sorter.h
 *		Rows that come in groups, put in order within each group.
 *
 * For what DynamoDB has almost in order: texts of times, which are in order by
 * the second only; items that are fetched by the keys of an index, a lot at a
 * time; and more partitions than can be merged, all rows being one group.
 */
#ifndef BR_SORTER_H
#define BR_SORTER_H

#include "base/br.h"
#include "datatype/timestamp.h"
#include "executor/tuptable.h"

typedef struct BrSorter BrSorter;

/*
 * In the current context. Sorts by a column (number from 1); rows in which it is
 * NULL come anywhere.
 */
extern BrSorter *br_sorter_create(TupleDesc desc, AttrNumber attnum, bool backward);

/* The second that a time is in, also before 2000. */
extern int64 br_second_of(TimestampTz when);

/*
 * Takes a copy of the next row; only after br_sorter_get() has given nothing.
 * Rows with the same number for their group are one.
 */
extern void br_sorter_put(BrSorter *sorter, TupleTableSlot *slot, int64 group);

/* There are no more rows in the group. */
extern void br_sorter_finish(BrSorter *sorter);

/* The next row of a group that is complete; false: first put more. */
extern bool br_sorter_get(BrSorter *sorter, TupleTableSlot *slot);

/* Memory goes with its context, but rows may lie in temporary files. */
extern void br_sorter_end(BrSorter *sorter);

#endif							/* BR_SORTER_H */
