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
#include "executor/executor.h"
#include "fdw/compat.h"
#include "fdw/connect.h"
#include "fdw/guard.h"
#include "fdw/joinscan.h"
#include "fdw/report.h"
#include "fdw/scan_private.h"
#include "io/http.h"
#include "utils/memutils.h"

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
		br_scan_open_in_order(scan, reading, reads, desc);
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
BrNext
br_scan_next_row(BrScan *scan, ForeignScanState *node, TupleTableSlot *slot)
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
		BrNext		next = scan->sorter ? br_scan_next_sorted(scan, node, slot)
			: br_scan_next_row(scan, node, slot);

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

bool
br_scan_is_of_table(ForeignScanState *node)
{
	const BrAccess *access = &((BrScan *) node->fdw_state)->plan.access;

	return access->index < 0 || access->fetch != BR_FETCH_NOTHING;
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
