/*
 * ordered.c
 *		Rows in the order of a sort key.
 */
#include "base/br.h"

#include "fdw/report.h"
#include "fdw/scan_private.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

/*
 * Several partitions in one order are merged, unless there are too many: then
 * all their rows are read and sorted here.
 */
void
br_scan_open_in_order(BrScan *scan, const BrReading *reading, BrReads reads, TupleDesc desc)
{
	BrWanted   *wanted = br_converter_wanted(scan->converter);
	bool		by_second = br_sorts_seconds(scan->rel, scan->plan.order);
	bool		all = reads.n > BR_MERGE_MAX;

	scan->by_second = by_second && !all;
	if (by_second || all || scan->plan.access.fetch == BR_FETCH_KEYS)
		scan->sorter = br_sorter_create(desc, scan->plan.order, scan->plan.backward);
	if (scan->plan.access.fetch == BR_FETCH_KEYS)
	{
		scan->fetch = br_fetch_open(reading, &scan->rel->schema, &scan->plan.access,
									reads, &scan->table_read, wanted, scan->spans);
		scan->compare = &lookup_type_cache(TupleDescAttr(desc, scan->plan.order - 1)->atttypid,
										   TYPECACHE_CMP_PROC_FINFO)->cmp_proc_finfo;
		br_fetch_in_lots(scan->fetch, scan->plan.bound > 0 ? scan->plan.bound : BR_MAX_BATCH_KEYS);
		return;
	}
	if (reads.n > 1 && !all)
	{
		scan->merge = br_merge_open(reading, reads, wanted, scan->spans,
									scan->sort_slot, scan->plan.backward);
		return;
	}
	for (int i = 0; all && i < reads.n; i++)
		reads.list[i].limit = 0;
	scan->feed = br_feed_open(reading, reads, wanted, scan->spans);
	if (all)
		br_feed_hurry(scan->feed);
}

/* The rows that are sorted together with this one; one without a time ends no second. */
static int64
group_of(BrScan *scan, TupleTableSlot *slot)
{
	bool		isnull;
	Datum		value;

	if (scan->fetch != NULL)
		return br_fetch_lot(scan->fetch);
	if (!scan->by_second)
		return 0;
	value = slot_getattr(slot, scan->plan.order, &isnull);
	if (!isnull)
		scan->second = br_second_of(DatumGetTimestampTz(value));
	return scan->second;
}

/*
 * An item may have moved since the index was read.  If it comes too late, what the
 * planner relies on does not hold, and rows would be lost above.
 */
static void
check_order(BrScan *scan, TupleTableSlot *slot)
{
	bool		isnull;
	Datum		value = slot_getattr(slot, scan->plan.order, &isnull);
	int			order;

	/* what is no value of the type, a condition drops */
	if (isnull)
		return;
	if (scan->has_last)
	{
		order = DatumGetInt32(FunctionCall2Coll(scan->compare, InvalidOid, scan->last, value));
		if (scan->plan.backward ? order < 0 : order > 0)
			ereport(ERROR,
					(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
					 errmsg("an item of foreign table \"%s\" was moved in index \"%s\" while it was read",
							scan->rel->name,
							scan->rel->schema.indexes[scan->plan.access.index].info.name),
					 errhint("Run the statement again.")));
	}
	scan->last = value;
	scan->has_last = true;
}

/* As br_scan_next_row, by way of the sorter. */
BrNext
br_scan_next_sorted(BrScan *scan, ForeignScanState *node, TupleTableSlot *slot)
{
	while (!br_sorter_get(scan->sorter, slot))
	{
		BrNext		next = scan->sorter_has_all ? BR_NEXT_END
			: br_scan_next_row(scan, node, slot);

		if (next == BR_NEXT_WAIT || scan->sorter_has_all)
			return next;
		if (next == BR_NEXT_FOUND)
			br_sorter_put(scan->sorter, slot, group_of(scan, slot));
		if (next == BR_NEXT_END || (scan->fetch != NULL && br_fetch_lot_is_over(scan->fetch)))
			br_sorter_finish(scan->sorter);
		scan->sorter_has_all = next == BR_NEXT_END;
		ExecClearTuple(slot);
	}
	if (scan->fetch != NULL)
		check_order(scan, slot);
	return BR_NEXT_FOUND;
}
