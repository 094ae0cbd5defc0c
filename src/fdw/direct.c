/*
 * direct.c
 *		A scan whose items are changed or removed as they come.
 *
 * The plan's own target list yields the new values, and the items that were read
 * tell which of them differ.  Each item is written on condition that it is still
 * there, and that what the query says of it is still true, as far as DynamoDB can
 * tell; as many as the table's options allow are under way together.
 */
#include "base/br.h"

#include "access/table.h"
#include "executor/executor.h"
#include "fdw/change.h"
#include "fdw/compat.h"
#include "fdw/convert.h"
#include "fdw/direct.h"
#include "fdw/explain.h"
#include "fdw/plan.h"
#include "fdw/readfirst.h"
#include "fdw/report.h"
#include "fdw/scan.h"
#include "fdw/writing.h"
#include "fdw/written.h"
#include "optimizer/appendinfo.h"
#include "optimizer/optimizer.h"
#include "parser/parsetree.h"
#include "utils/rel.h"

/* What a plan has beyond that of a scan, at its end. */
enum PackedDirect
{
	PACKED_SETS,				/* List of int: the columns that are set */
	PACKED_COUNTS				/* Boolean: the statement's tag counts its rows */
};

typedef struct BrDirect
{
	BrRelation *rel;
	CmdType		operation;
	List	   *attnums;		/* set, in the order of the target list */
	bool		counts;
	BrComposer *composer;
	BrWriter   *writer;
	BrCondition *condition;		/* of each write */
	BrCounters	counters;
	BrTops		tops;
	int		   *top_slots;		/* of the scan's spans */
	int64		unchanged;		/* rows of which nothing became another value */
	bool		done;
} BrDirect;

/* Planning */

/* The scan of the result relation, if that is all there is below. */
static ForeignScan *
find_scan(PlannerInfo *root, ModifyTable *plan, Index rtindex, int subplan_index)
{
	Plan	   *subplan = outerPlan(plan);

	if (IsA(subplan, Append) &&
		subplan_index < list_length(((Append *) subplan)->appendplans))
		subplan = list_nth(((Append *) subplan)->appendplans, subplan_index);
	if (!IsA(subplan, ForeignScan) || ((ForeignScan *) subplan)->scan.scanrelid != rtindex)
		return NULL;
	return (ForeignScan *) subplan;
}

/* The columns that the conditions and the new values are made of. */
static Bitmapset *
read_columns(const BrRelation *rel, const ForeignScan *scan, List *quals)
{
	Index		varno = scan->scan.scanrelid;
	Bitmapset  *offset_attnums = NULL;

	pull_varattnos((Node *) quals, varno, &offset_attnums);
	return bms_union(br_attnums_of(rel, offset_attnums),
					 br_columns_of_values(rel, varno, scan->scan.plan.targetlist));
}

bool
br_plan_direct_modify(PlannerInfo *root, ModifyTable *plan, Index rtindex, int subplan_index)
{
	ForeignScan *scan = find_scan(root, plan, rtindex, subplan_index);
	RangeTblEntry *rte = planner_rt_fetch(rtindex, root);
	Relation	relation;
	BrRelation *rel;
	BrPlan		read;
	List	   *processed_tlist;
	List	   *attnums = NIL;
	List	   *quals;

	if ((plan->operation != CMD_UPDATE && plan->operation != CMD_DELETE) ||
		plan->returningLists != NIL || scan == NULL || !br_enable_pushdown)
		return false;
	relation = table_open(rte->relid, NoLock);
	rel = br_relation_open(relation);
	table_close(relation, NoLock);
	br_check_updatable(rel);
	br_plan_unpack(scan->fdw_private, rel, &read);
	if (plan->operation == CMD_UPDATE)
		get_translated_update_targetlist(root, rtindex, &processed_tlist, &attnums);
	br_check_changeable(rel, attnums);
	if (read.count_only || read.order > 0 || br_sets_index_key(rel, attnums) ||
		br_sets_whole_item(rel, attnums) || br_reads_between_writes(root, plan, rel->server_id))
		return false;

	/* the rows are checked here, since nobody sees them afterwards */
	quals = list_concat_copy(scan->fdw_recheck_quals, scan->scan.plan.qual);
	read.attnums = read_columns(rel, scan, quals);
	scan->operation = plan->operation;
	scan->resultRelation = rtindex;
	scan->fdw_recheck_quals = quals;
	scan->scan.plan.qual = NIL;
	scan->fdw_private = lappend(br_plan_pack(&read, rel),
								list_make2(attnums, makeBoolean(plan->canSetTag)));
	scan->scan.plan.async_capable = false;
	return true;
}

/* Execution */

void
br_begin_direct_modify(ForeignScanState *node, int eflags)
{
	ForeignScan *plan = (ForeignScan *) node->ss.ps.plan;
	List	   *packed = llast(plan->fdw_private);
	BrDirect   *direct;

	if (eflags & EXEC_FLAG_EXPLAIN_ONLY)
		return;
	br_begin_foreign_scan(node, eflags);
	direct = palloc0(sizeof(BrDirect));
	*br_scan_extra(node) = direct;
	direct->rel = br_relation_open(node->ss.ss_currentRelation);
	br_check_updatable(direct->rel);
	br_written_check(direct->rel);
	if (plan->operation == CMD_DELETE)
		br_warn_of_deletion(direct->rel);
	direct->operation = plan->operation;
	direct->attnums = list_nth(packed, PACKED_SETS);
	direct->counts = boolVal(list_nth(packed, PACKED_COUNTS));
	direct->composer = br_composer_create(direct->rel);
	direct->tops = br_tops_of(direct->rel, direct->attnums);
	direct->tops.known = br_scan_is_of_table(node);
	direct->top_slots = palloc(sizeof(int) * Max(direct->tops.n, 1));
	for (int i = 0; i < direct->tops.n && direct->tops.known; i++)
		direct->top_slots[i] = br_scan_want(node, direct->tops.names[i]);
}

static const BrValue *
key_value(const BrDirect *direct, const BrSpan *span)
{
	BrValue    *value = palloc(sizeof(BrValue));
	BrDoing		doing = {.table = direct->rel->schema.table, .relation = direct->rel->name};
	BrError		err;

	value->type = span->type;
	if (!br_span_text(span, makeStringInfo(), &value->text, &value->len, &err))
		br_report(&err, &doing);
	/* it may lie in the page, which is gone before the write is */
	value->text = pnstrdup(value->text, value->len);
	return value;
}

static void
set_key(const BrDirect *direct, ForeignScanState *node, BrKey *key)
{
	const BrSchema *schema = &direct->rel->schema;

	key->pk_name = schema->pk_name;
	key->pk = key_value(direct, br_scan_span(node, BR_PK_SLOT));
	key->sk_name = schema->sk_name;
	if (schema->sk_name != NULL)
		key->sk = key_value(direct, br_scan_span(node, BR_SK_SLOT));
}

/* The new values stand first in the row that the plan's target list makes. */
static BrChanges
changes_of(BrDirect *direct, ForeignScanState *node)
{
	ProjectionInfo *projection = node->ss.ps.ps_ProjInfo;
	TupleTableSlot *row = projection != NULL ? ExecProject(projection) : node->ss.ss_ScanTupleSlot;
	BrSetting  *settings = palloc(sizeof(BrSetting) * Max(list_length(direct->attnums), 1));
	BrChanges	changes = {0};
	ListCell   *lc;

	foreach(lc, direct->attnums)
	{
		int			i = foreach_current_index(lc);

		settings[i].attnum = lfirst_int(lc);
		settings[i].value = slot_getattr(row, i + 1, &settings[i].isnull);
	}
	for (int i = 0; i < direct->tops.n && direct->tops.known; i++)
		direct->tops.spans[i] = *br_scan_span(node, direct->top_slots[i]);
	br_change_columns(direct->composer, list_length(direct->attnums), settings,
					  &direct->tops, &changes);
	br_changes_finish(direct->composer, &changes);
	return changes;
}

static void
open_writer(BrDirect *direct, ForeignScanState *node)
{
	MemoryContext caller = MemoryContextSwitchTo(node->ss.ps.state->es_query_cxt);

	direct->writer = br_writing_open(direct->rel, br_scan_user(node), BR_LOT_SINGLE, true,
									 &direct->counters);
	direct->condition = br_cond_and(br_compose_presence(direct->rel, BR_COND_EXISTS),
									br_scan_condition(node));
	MemoryContextSwitchTo(caller);
}

/* Sends what becomes of the item of the row that was read last. */
static void
write_row(BrDirect *direct, ForeignScanState *node)
{
	MemoryContext context;
	MemoryContext caller;
	BrWrite		write = {
		.op = direct->operation == CMD_UPDATE ? BR_OP_UPDATE_ITEM : BR_OP_DELETE_ITEM,
		.table = direct->rel->schema.table
	};

	if (direct->writer == NULL)
		open_writer(direct, node);
	if (!br_writer_room(direct->writer, &context))
		br_writing_settle(direct->rel, direct->writer);
	caller = MemoryContextSwitchTo(context);
	set_key(direct, node, &write.key);
	write.condition = direct->condition;
	if (direct->operation == CMD_UPDATE)
	{
		BrChanges	changes = changes_of(direct, node);

		write.nchanges = changes.n;
		write.changes = changes.list;
		write.condition = br_changes_condition(direct->condition, &changes);
	}
	MemoryContextSwitchTo(caller);
	if (direct->operation == CMD_UPDATE && write.nchanges == 0)
		direct->unchanged++;
	else
		br_writer_send(direct->writer, &write, NULL);
}

static void
count_rows(const BrDirect *direct, ForeignScanState *node)
{
	int64		rows = direct->unchanged +
		(direct->writer != NULL ? br_writer_tally(direct->writer)->written : 0);

	if (direct->counts)
		node->ss.ps.state->es_processed += rows;
	if (node->ss.ps.instrument != NULL)
		node->ss.ps.instrument->tuplecount += rows;
}

TupleTableSlot *
br_iterate_direct_modify(ForeignScanState *node)
{
	BrDirect   *direct = *br_scan_extra(node);
	ExprContext *econtext = node->ss.ps.ps_ExprContext;
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;

	while (!direct->done)
	{
		CHECK_FOR_INTERRUPTS();
		ResetExprContext(econtext);
		slot = br_iterate_foreign_scan(node);
		if (TupIsNull(slot))
		{
			direct->done = true;
			if (direct->writer != NULL)
				br_writing_settle(direct->rel, direct->writer);
			count_rows(direct, node);
			break;
		}
		slot->tts_tableOid = RelationGetRelid(node->ss.ss_currentRelation);
		econtext->ecxt_scantuple = slot;
		if (ExecQual(node->fdw_recheck_quals, econtext))
			write_row(direct, node);
	}
	return ExecClearTuple(slot);
}

void
br_end_direct_modify(ForeignScanState *node)
{
	br_end_foreign_scan(node);
}

void
br_explain_direct_modify(ForeignScanState *node, ExplainState *es)
{
	const BrDirect *direct = node->fdw_state != NULL ? *br_scan_extra(node) : NULL;

	br_explain_foreign_scan(node, es);
	br_explain_writes(((ForeignScan *) node->ss.ps.plan)->operation,
					  br_relation_open(node->ss.ss_currentRelation), BR_LOT_SINGLE,
					  direct != NULL ? &direct->counters : NULL, es);
}
