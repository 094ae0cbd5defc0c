/*
 * joinscan.c
 *		Rows of a run joined with its aggregates, from one Query.
 *
 * The first item is the run's, if there is one; each one after it that is an
 * aggregate makes a row with it.  The columns of a row are those that the plan
 * lists, of either relation.
 *
 * Memory: "benchresults join" lives from one (re)scan to the next, "benchresults
 * joined row" is reset for each row.
 */
#include "base/br.h"

#include "access/pair.h"
#include "access/table.h"
#include "executor/executor.h"
#include "fdw/compat.h"
#include "fdw/connect.h"
#include "fdw/convert.h"
#include "fdw/guard.h"
#include "fdw/join.h"
#include "fdw/joinscan.h"
#include "fdw/report.h"
#include "fdw/spool.h"
#include "fdw/value.h"
#include "io/feed.h"
#include "parser/parsetree.h"
#include "utils/memutils.h"

/* One of the two relations. */
typedef struct Side
{
	BrRelation *rel;
	BrConverter *converter;
	Datum	   *values;			/* of all its columns, in the row under way */
	bool	   *nulls;
} Side;

/* Where a column of the joined row comes from. */
typedef struct Source
{
	const Side *side;
	int			column;			/* from 0 */
} Source;

typedef struct BrJoinScan
{
	BrJoinPlan	plan;
	Side		one;
	Side		many;
	Source	   *sources;		/* of the columns of the scan's rows */
	ExprState  *matching;
	BrSpan	   *spans;
	BrCounters	counters;
	double		charged;

	List	   *exprs;
	BrValueType *types;
	BrTexts    *values;

	bool		bound;
	bool		done;
	bool		has_one;		/* the one row has been made */
	bool		matched;		/* and has found a match */
	BrFeed	   *feed;
	BrRead		read;

	bool		spools;			/* the statement writes to the table */
	BrSpool    *spool;			/* NULL: not yet */

	MemoryContext scan_context;
	MemoryContext row_context;
} BrJoinScan;

static BrRelation *
open_relation(EState *estate, int rti)
{
	Relation	relation = table_open(exec_rt_fetch(rti, estate)->relid, NoLock);
	BrRelation *rel = br_relation_open(relation);

	table_close(relation, NoLock);
	return rel;
}

static int
rti_of(const ForeignScan *scan, bool first)
{
	int			rti = bms_next_member(br_scanned_relids(scan), -1);

	return first ? rti : bms_next_member(br_scanned_relids(scan), rti);
}

void
br_join_relations(ForeignScan *scan, EState *estate, bool one_first,
				  BrRelation **one, BrRelation **many)
{
	*one = open_relation(estate, rti_of(scan, one_first));
	*many = open_relation(estate, rti_of(scan, !one_first));
}

/* The columns of a side that the scan's rows have, and where they go. */
static Bitmapset *
find_columns(BrJoinScan *scan, const ForeignScan *plan, const Side *side, int rti)
{
	Bitmapset  *attnums = NULL;
	ListCell   *lc;

	foreach(lc, plan->fdw_scan_tlist)
	{
		Var		   *var = (Var *) lfirst_node(TargetEntry, lc)->expr;

		if (var->varno != rti)
			continue;
		scan->sources[foreach_current_index(lc)] = (Source) {side, var->varattno - 1};
		attnums = bms_add_member(attnums, var->varattno);
	}
	return attnums;
}

static void
init_side(Side *side)
{
	side->values = palloc0(sizeof(Datum) * Max(side->rel->ncolumns, 1));
	side->nulls = palloc(sizeof(bool) * Max(side->rel->ncolumns, 1));
	memset(side->nulls, true, side->rel->ncolumns);
}

void
br_begin_join_scan(ForeignScanState *node)
{
	ForeignScan *plan = (ForeignScan *) node->ss.ps.plan;
	BrJoinScan *scan = palloc0(sizeof(BrJoinScan));
	List	   *exprs;
	List	   *matching;
	Bitmapset  *one_columns;
	Bitmapset  *many_columns;

	node->fdw_state = scan;
	br_join_plan_unpack(plan->fdw_private, &scan->plan);
	br_join_relations(plan, node->ss.ps.state, scan->plan.one_first,
					  &scan->one.rel, &scan->many.rel);
	scan->spools = br_must_spool(scan->one.rel, node->ss.ps.state);
	scan->sources = palloc0(sizeof(Source) * Max(list_length(plan->fdw_scan_tlist), 1));
	one_columns = find_columns(scan, plan, &scan->one, rti_of(plan, scan->plan.one_first));
	many_columns = find_columns(scan, plan, &scan->many, rti_of(plan, !scan->plan.one_first));
	scan->one.converter = br_converter_create(scan->one.rel, one_columns);
	scan->many.converter = br_converter_add(scan->one.converter, scan->many.rel, many_columns);
	init_side(&scan->one);
	init_side(&scan->many);
	scan->spans = palloc0(sizeof(BrSpan) *
						  br_wanted_slots(br_converter_wanted(scan->many.converter)));

	exprs = list_truncate(list_copy(plan->fdw_exprs), scan->plan.nvalues);
	matching = list_copy_tail(plan->fdw_exprs, scan->plan.nvalues);
	scan->exprs = ExecInitExprList(exprs, (PlanState *) node);
	scan->matching = ExecInitQual(matching, (PlanState *) node);
	scan->types = br_value_types(scan->many.rel, scan->plan.predicates, exprs);
	scan->values = palloc0(sizeof(BrTexts) * Max(list_length(exprs), 1));
	scan->scan_context = AllocSetContextCreate(CurrentMemoryContext, "benchresults join",
											   ALLOCSET_DEFAULT_SIZES);
	scan->row_context = AllocSetContextCreate(CurrentMemoryContext, "benchresults joined row",
											  ALLOCSET_DEFAULT_SIZES);
}

static void
fail(const BrJoinScan *scan, const BrError *err)
{
	BrDoing		doing = {
		.operation = br_operation_name(BR_OP_QUERY),
		.table = scan->many.rel->schema.table,
		.relation = scan->many.rel->name
	};

	br_report(err, &doing);
}

/* Decides what to ask, now that all values are known. */
static void
bind_scan(BrJoinScan *scan, ForeignScanState *node)
{
	MemoryContext old = MemoryContextSwitchTo(scan->scan_context);
	BrReads		reads = {1, &scan->read};
	BrReading	reading;

	scan->bound = true;
	br_values_evaluate(scan->exprs, scan->types, node->ss.ps.ps_ExprContext, scan->values);
	scan->done = !br_pair_bind(&scan->one.rel->schema, &scan->many.rel->schema,
							   scan->plan.predicates, scan->values, false, &scan->read);
	if (!scan->done)
	{
		BrPlan		guarded = {
			.access = {BR_OP_QUERY, -1, BR_FETCH_NOTHING, 1}, .cost = scan->plan.cost
		};

		br_guard_begin(scan->many.rel, &guarded);
		scan->read.projection = br_converter_projection(scan->many.converter,
														&scan->read.nprojection);
		scan->read.consistent = scan->one.rel->consistent || scan->many.rel->consistent;
		reading = br_connect_for(scan->many.rel, br_scan_user(node), &scan->counters);
		scan->feed = br_feed_open(&reading, reads, br_converter_wanted(scan->many.converter),
								  scan->spans);
	}
	MemoryContextSwitchTo(old);
}

/* Decodes the next item, waiting for it; false at the end. */
static bool
next_item(BrJoinScan *scan)
{
	BrError		err;
	BrNext		next;

	while ((next = br_feed_next(scan->feed, &err)) == BR_NEXT_WAIT)
		br_calls_wait();
	if (next == BR_NEXT_FAILED)
		fail(scan, &err);
	if (scan->counters.capacity != scan->charged)
		br_guard_charge(scan->many.rel, &scan->counters, &scan->charged);
	return next == BR_NEXT_FOUND;
}

static bool
convert_side(const BrJoinScan *scan, Side *side, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	bool		is_row = br_converter_row(side->converter, scan->spans,
										  side->values, side->nulls);

	MemoryContextSwitchTo(old);
	return is_row;
}

static void
store_row(const BrJoinScan *scan, TupleTableSlot *slot)
{
	ExecClearTuple(slot);
	for (int i = 0; i < slot->tts_tupleDescriptor->natts; i++)
	{
		const Source *source = &scan->sources[i];

		slot->tts_values[i] = source->side->values[source->column];
		slot->tts_isnull[i] = source->side->nulls[source->column];
	}
	ExecStoreVirtualTuple(slot);
}

/* Does the row meet what must be true of a match? */
static bool
is_match(const BrJoinScan *scan, ForeignScanState *node, TupleTableSlot *slot)
{
	ExprContext *econtext = node->ss.ps.ps_ExprContext;

	econtext->ecxt_scantuple = slot;
	return ExecQual(scan->matching, econtext);
}

/* The row that has found no match, once. */
static TupleTableSlot *
last_row(BrJoinScan *scan, TupleTableSlot *slot)
{
	scan->done = true;
	ExecClearTuple(slot);
	if (!scan->plan.left || !scan->has_one || scan->matched)
		return slot;
	memset(scan->many.nulls, true, scan->many.rel->ncolumns);
	store_row(scan, slot);
	scan->counters.items_returned++;
	return slot;
}

static TupleTableSlot *
next_row(BrJoinScan *scan, ForeignScanState *node)
{
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;

	ExecClearTuple(slot);
	if (!scan->bound)
		bind_scan(scan, node);
	while (!scan->done && next_item(scan))
	{
		CHECK_FOR_INTERRUPTS();
		if (!scan->has_one)
		{
			/* it is the last of the interval, which is read backwards */
			scan->has_one = convert_side(scan, &scan->one, scan->scan_context);
			if (!scan->has_one)
				break;
			continue;
		}
		MemoryContextReset(scan->row_context);
		if (!convert_side(scan, &scan->many, scan->row_context))
			continue;
		store_row(scan, slot);
		if (!is_match(scan, node, slot))
			continue;
		scan->matched = true;
		scan->counters.items_returned++;
		return slot;
	}
	return scan->done ? ExecClearTuple(slot) : last_row(scan, slot);
}

TupleTableSlot *
br_iterate_join_scan(ForeignScanState *node)
{
	BrJoinScan *scan = node->fdw_state;

	if (!scan->spools)
		return next_row(scan, node);
	if (scan->spool == NULL)
	{
		TupleTableSlot *slot = next_row(scan, node);

		scan->spool = br_spool_create(slot->tts_tupleDescriptor, node->ss.ps.state->es_query_cxt);
		for (; !TupIsNull(slot); slot = next_row(scan, node))
			br_spool_put(scan->spool, slot);
	}
	return br_spool_get(scan->spool);
}

static void
drop_spool(BrJoinScan *scan)
{
	if (scan->spool != NULL)
		br_spool_end(scan->spool);
	scan->spool = NULL;
}

void
br_rescan_join_scan(ForeignScanState *node)
{
	BrJoinScan *scan = node->fdw_state;

	drop_spool(scan);
	scan->bound = scan->done = scan->has_one = scan->matched = false;
	scan->feed = NULL;
	MemoryContextReset(scan->scan_context);
}

void
br_end_join_scan(ForeignScanState *node)
{
	BrJoinScan *scan = node->fdw_state;

	drop_spool(scan);
	MemoryContextDelete(scan->scan_context);
	MemoryContextDelete(scan->row_context);
}

const BrCounters *
br_join_scan_counters(ForeignScanState *node)
{
	BrJoinScan *scan = node->fdw_state;

	return scan != NULL ? &scan->counters : NULL;
}
