/*
 * scan.c
 *		From a plan to rows.
 *
 * Nothing is asked of the service before the first row is asked for, and no
 * more than what the consumer takes: which request it is, is decided then, when
 * the values of parameters are known.
 *
 * Memory: "benchresults scan" lives from one (re)scan to the next and owns the
 * connection and the requests; "benchresults row" is reset for each row.
 */
#include "base/br.h"

#include "access/filter.h"
#include "access/segment.h"
#include "base/own.h"
#include "executor/executor.h"
#include "fdw/compat.h"
#include "fdw/connect.h"
#include "fdw/convert.h"
#include "fdw/guard.h"
#include "fdw/joinscan.h"
#include "fdw/plan.h"
#include "fdw/report.h"
#include "fdw/scan.h"
#include "fdw/sorter.h"
#include "fdw/spool.h"
#include "fdw/value.h"
#include "io/feed.h"
#include "io/fetch.h"
#include "io/http.h"
#include "io/merge.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

typedef struct BrScan
{
	BrRelation *rel;
	BrPlan		plan;
	BrConverter *converter;
	BrSpan	   *spans;
	BrCounters	counters;
	double		charged;		/* of counters.capacity, to the statement */

	/* values of the predicates */
	List	   *exprs;			/* of ExprState */
	BrValueType *types;
	BrTexts    *values;

	/* what must be true for there to be rows */
	ExprState  *gates;

	/* where the items come from: one of the three */
	bool		bound;
	bool		done;
	bool		counting;		/* only how many rows there are is asked for */
	BrFeed	   *feed;
	BrMerge    *merge;			/* in the order of sort_slot */
	BrFetch    *fetch;			/* by way of an index that does not cover */
	BrRead		table_read;		/* of fetch */
	int			sort_slot;

	/* where rows are taken as they come */
	bool		waits;			/* the last slot was empty for want of an answer */
	uint64		calls_done;		/* when that was seen */
	BrOwned    *descriptor;
	int			fd;				/* that it owns, if it owns any */

	/* where the statement writes to the table: all rows are read before the first */
	bool		spools;
	BrSpool    *spool;			/* NULL: not yet */
	void	   *extra;			/* see br_scan_extra */

	BrSorter   *sorter;			/* through which the rows go, NULL: straight on */
	bool		sorter_has_all;
	bool		by_second;		/* groups of the sorter are seconds */
	int64		second;			/* of the last row with a time */
	FmgrInfo   *compare;		/* of values of the order's column, by which it is */
	Datum		last;			/* checked where items may have moved */
	bool		has_last;

	MemoryContext scan_context;
	MemoryContext row_context;
} BrScan;

static bool
is_join(const ForeignScanState *node)
{
	return ((ForeignScan *) node->ss.ps.plan)->scan.scanrelid == 0;
}

/* The attribute that orders a partition of what is read. */
static const char *
sort_key(const BrScan *scan)
{
	const BrSchema *schema = &scan->rel->schema;
	int			index = scan->plan.access.index;

	return index < 0 ? schema->sk_name : schema->indexes[index].info.sk;
}

static void
close_descriptor(void *scan)
{
	br_mux_descriptor_close(((BrScan *) scan)->fd);
}

void
br_begin_foreign_scan(ForeignScanState *node, int eflags)
{
	ForeignScan *plan = (ForeignScan *) node->ss.ps.plan;
	BrScan	   *scan;

	if (eflags & EXEC_FLAG_EXPLAIN_ONLY)
		return;
	if (is_join(node))
	{
		br_begin_join_scan(node);
		return;
	}
	scan = palloc0(sizeof(BrScan));
	node->fdw_state = scan;
	scan->descriptor = br_own(close_descriptor);
	scan->rel = br_relation_open(node->ss.ss_currentRelation);
	br_plan_unpack(plan->fdw_private, scan->rel, &scan->plan);
	scan->spools = br_must_spool(scan->rel, node->ss.ps.state) && plan->operation == CMD_SELECT;
	scan->converter = br_converter_create(scan->rel, scan->plan.attnums);
	if (scan->plan.merged)
		scan->sort_slot = br_converter_want(scan->converter, sort_key(scan));
	scan->spans = palloc0(sizeof(BrSpan) *
						  br_wanted_slots(br_converter_wanted(scan->converter)));
	scan->exprs = ExecInitExprList(plan->fdw_exprs, (PlanState *) node);
	scan->gates = ExecInitQual(list_truncate(list_copy(plan->fdw_recheck_quals),
											 scan->plan.ngates), (PlanState *) node);
	scan->types = br_value_types(scan->rel, scan->plan.predicates, plan->fdw_exprs);
	scan->values = palloc0(sizeof(BrTexts) * Max(list_length(plan->fdw_exprs), 1));
	scan->scan_context = AllocSetContextCreate(CurrentMemoryContext,
											   "benchresults scan",
											   ALLOCSET_DEFAULT_SIZES);
	scan->row_context = AllocSetContextCreate(CurrentMemoryContext,
											  "benchresults row",
											  ALLOCSET_DEFAULT_SIZES);
}

static void
fail(const BrScan *scan, const BrError *err)
{
	const BrRead *read = scan->fetch ? br_fetch_read(scan->fetch)
		: scan->merge ? br_merge_read(scan->merge)
		: scan->feed ? br_feed_read(scan->feed) : NULL;
	BrDoing		doing = {
		.operation = read ? br_operation_name(read->op) : NULL,
		.table = read ? read->table : NULL,
		.index = read ? read->index : NULL,
		.relation = scan->rel->name
	};

	br_report(err, &doing);
}

/* What no row can match, nobody came this far for: the index would have known. */
static BrCondition *
filter_of_table(const BrScan *scan)
{
	BrCondition *filter;
	bool		curtailed = false;

	return br_filter_make(&scan->rel->schema, NULL, BR_OP_QUERY, scan->plan.predicates,
						  scan->values, false, &filter, &curtailed) ? filter : NULL;
}

/*
 * Several partitions in one order are merged, unless there are too many: then
 * all their rows are read and sorted here.
 */
static void
open_in_order(BrScan *scan, const BrReading *reading, BrReads reads, TupleDesc desc)
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

/* Opens what the items come from. */
static void
open_reads(BrScan *scan, const BrReading *reading, BrReads reads, TupleDesc desc)
{
	BrWanted   *wanted = br_converter_wanted(scan->converter);
	BrRead	   *table_read = &scan->table_read;
	int			segments = br_plan_segments(&scan->plan, scan->rel);

	if (segments > 1)
		br_reads_split(&reads, segments);
	*table_read = (BrRead) {.table = scan->rel->schema.table, .consistent = scan->rel->consistent};
	table_read->projection = br_converter_projection(scan->converter, &table_read->nprojection);
	for (int i = 0; i < reads.n; i++)
	{
		BrRead	   *read = &reads.list[i];

		read->all_attributes = scan->plan.access.fetch == BR_FETCH_BY_SERVICE;
		read->projection = table_read->projection;
		read->nprojection = table_read->nprojection;
		read->consistent = br_plan_is_consistent(&scan->plan, scan->rel);
		read->backward = scan->plan.backward;
		read->limit = scan->plan.limit;
		read->count_only = scan->counting;
	}
	/* keys are asked for as they are, but partitions can be filtered */
	if (scan->plan.access.fetch == BR_FETCH_PARTITIONS)
		scan->table_read.filter = filter_of_table(scan);
	if (scan->plan.order > 0)
		open_in_order(scan, reading, reads, desc);
	else if (scan->plan.access.fetch == BR_FETCH_NOTHING ||
			 scan->plan.access.fetch == BR_FETCH_BY_SERVICE)
		scan->feed = br_feed_open(reading, reads, wanted, scan->spans);
	else
		scan->fetch = br_fetch_open(reading, &scan->rel->schema, &scan->plan.access,
									reads, table_read, wanted, scan->spans);
}

/* Decides what to ask, now that all values are known. */
static void
bind_scan(BrScan *scan, ForeignScanState *node)
{
	MemoryContext old;
	BrReads		reads;
	BrError		err;

	scan->bound = true;
	scan->done = !ExecQual(scan->gates, node->ss.ps.ps_ExprContext);
	if (scan->done)
		return;
	old = MemoryContextSwitchTo(scan->scan_context);
	br_values_evaluate(scan->exprs, scan->types, node->ss.ps.ps_ExprContext, scan->values);
	if (!br_bind(&scan->rel->schema, &scan->plan.access, scan->plan.predicates,
				 scan->values, br_effective_limit(scan->rel, BR_LIMIT_KEYS),
				 &reads, &err))
		fail(scan, &err);
	scan->done = reads.n == 0;
	scan->counting = scan->plan.count_only && !reads.curtailed;
	if (!scan->done)
	{
		BrReading	reading = br_connect_for(scan->rel, br_scan_user(node), &scan->counters);

		br_guard_begin(scan->rel, &scan->plan);
		open_reads(scan, &reading, reads, node->ss.ss_ScanTupleSlot->tts_tupleDescriptor);
	}
	MemoryContextSwitchTo(old);
}

/* Decodes the next item; does not wait. */
static BrNext
next_item(BrScan *scan)
{
	BrError		err;
	BrNext		next = scan->fetch ? br_fetch_next(scan->fetch, &err)
		: scan->merge ? br_merge_next(scan->merge, &err)
		: br_feed_next(scan->feed, &err);

	if (next == BR_NEXT_FAILED)
		fail(scan, &err);
	if (scan->counters.capacity != scan->charged)
		br_guard_charge(scan->rel, &scan->counters, &scan->charged);
	return next;
}

/* A row of which nothing is needed but that it is there. */
static void
store_empty_row(TupleTableSlot *slot)
{
	memset(slot->tts_isnull, true, slot->tts_tupleDescriptor->natts);
	ExecStoreVirtualTuple(slot);
}

/*
 * Where rows were to be counted by the service, PostgreSQL does not check them;
 * but a value that could not be sent makes it necessary.
 */
static bool
is_wanted(ForeignScanState *node, TupleTableSlot *slot)
{
	ExprContext *econtext = node->ss.ps.ps_ExprContext;

	econtext->ecxt_scantuple = slot;
	return ExecQual(node->fdw_recheck_quals, econtext);
}

/* Makes the item that was decoded a row; false if it is none of ours. */
static bool
make_row(BrScan *scan, ForeignScanState *node, TupleTableSlot *slot)
{
	MemoryContext old;
	bool		is_row;

	if (scan->counting)
	{
		store_empty_row(slot);
		return true;
	}
	MemoryContextReset(scan->row_context);
	old = MemoryContextSwitchTo(scan->row_context);
	is_row = br_converter_row(scan->converter, scan->spans,
							  slot->tts_values, slot->tts_isnull);
	MemoryContextSwitchTo(old);
	if (!is_row)
		return false;
	ExecStoreVirtualTuple(slot);
	if (!scan->plan.count_only || is_wanted(node, slot))
		return true;
	ExecClearTuple(slot);
	return false;
}

/* Makes the next row, and leaves the slot empty where there is none (yet). */
static BrNext
next_row(BrScan *scan, ForeignScanState *node, TupleTableSlot *slot)
{
	BrNext		next;

	while ((next = next_item(scan)) == BR_NEXT_FOUND)
	{
		CHECK_FOR_INTERRUPTS();
		if (make_row(scan, node, slot))
		{
			scan->counters.items_returned++;
			break;
		}
	}
	return next;
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

/* The same by way of the sorter. */
static BrNext
next_sorted_row(BrScan *scan, ForeignScanState *node, TupleTableSlot *slot)
{
	while (!br_sorter_get(scan->sorter, slot))
	{
		BrNext		next = scan->sorter_has_all ? BR_NEXT_END
			: next_row(scan, node, slot);

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

/* Looks once more at what has come, and then leaves the waiting to others. */
static void
see_who_waits(BrScan *scan, uint64 calls_done)
{
	if (calls_done == br_calls_done())
		br_calls_pump();
	scan->calls_done = calls_done;
	scan->waits = calls_done == br_calls_done();
}

static TupleTableSlot *
next_slot(BrScan *scan, ForeignScanState *node)
{
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;

	ExecClearTuple(slot);
	if (!scan->bound)
		bind_scan(scan, node);
	scan->waits = false;
	while (!scan->done && !scan->waits)
	{
		uint64		calls_done = br_calls_done();
		BrNext		next = scan->sorter ? next_sorted_row(scan, node, slot)
			: next_row(scan, node, slot);

		if (next == BR_NEXT_FOUND)
			break;
		if (next == BR_NEXT_END)
			scan->done = true;
		else if (!node->ss.ps.async_capable || scan->spools)
			br_calls_wait_beyond(calls_done);
		else
			see_who_waits(scan, calls_done);
	}
	return slot;
}

static void
fill_spool(BrScan *scan, ForeignScanState *node)
{
	TupleTableSlot *slot = next_slot(scan, node);

	scan->spool = br_spool_create(slot->tts_tupleDescriptor, node->ss.ps.state->es_query_cxt);
	for (; !TupIsNull(slot); slot = next_slot(scan, node))
		br_spool_put(scan->spool, slot);
}

TupleTableSlot *
br_iterate_foreign_scan(ForeignScanState *node)
{
	BrScan	   *scan = node->fdw_state;

	if (is_join(node))
		return br_iterate_join_scan(node);
	if (!scan->spools)
		return next_slot(scan, node);
	if (scan->spool == NULL)
		fill_spool(scan, node);
	return br_spool_get(scan->spool);
}

int
br_scan_want(ForeignScanState *node, const char *attribute)
{
	BrScan	   *scan = node->fdw_state;
	int			slot = br_converter_want(scan->converter, attribute);

	Assert(!scan->bound);
	scan->spans = palloc0(sizeof(BrSpan) *
						  br_wanted_slots(br_converter_wanted(scan->converter)));
	return slot;
}

const BrSpan *
br_scan_span(ForeignScanState *node, int slot)
{
	return &((BrScan *) node->fdw_state)->spans[slot];
}

void **
br_scan_extra(ForeignScanState *node)
{
	return &((BrScan *) node->fdw_state)->extra;
}

BrCondition *
br_scan_condition(ForeignScanState *node)
{
	BrScan	   *scan = node->fdw_state;
	MemoryContext caller = MemoryContextSwitchTo(scan->scan_context);
	BrCondition *condition = filter_of_table(scan);

	MemoryContextSwitchTo(caller);
	return condition;
}

bool
br_scan_waits(ForeignScanState *node, uint64 *calls_done)
{
	BrScan	   *scan = node->fdw_state;

	*calls_done = scan->calls_done;
	return scan->waits;
}

int
br_scan_descriptor(ForeignScanState *node)
{
	BrScan	   *scan = node->fdw_state;
	BrError		err;

	if (scan->descriptor->ptr == NULL)
	{
		scan->fd = br_mux_descriptor_open(&err);
		if (scan->fd < 0)
			fail(scan, &err);
		scan->descriptor->ptr = scan;
	}
	return scan->fd;
}

static void
close_reads(BrScan *scan)
{
	if (scan->spool != NULL)
		br_spool_end(scan->spool);
	scan->spool = NULL;
	if (scan->sorter != NULL)
		br_sorter_end(scan->sorter);
	scan->sorter = NULL;
	scan->sorter_has_all = false;
	scan->has_last = false;
	scan->bound = false;
	scan->done = false;
	scan->waits = false;
	scan->feed = NULL;
	scan->merge = NULL;
	scan->fetch = NULL;
}

void
br_rescan_foreign_scan(ForeignScanState *node)
{
	BrScan	   *scan = node->fdw_state;

	if (is_join(node))
	{
		br_rescan_join_scan(node);
		return;
	}
	/* parameters may have changed, and so may what they make us ask */
	close_reads(scan);
	MemoryContextReset(scan->scan_context);
}

void
br_end_foreign_scan(ForeignScanState *node)
{
	BrScan	   *scan = node->fdw_state;

	if (scan == NULL)
		return;
	if (is_join(node))
	{
		br_end_join_scan(node);
		return;
	}
	close_reads(scan);
	br_release(scan->descriptor);
	MemoryContextDelete(scan->scan_context);
	MemoryContextDelete(scan->row_context);
}

const BrCounters *
br_scan_counters(ForeignScanState *node)
{
	BrScan	   *scan = node->fdw_state;

	if (is_join(node))
		return br_join_scan_counters(node);
	return scan != NULL ? &scan->counters : NULL;
}
