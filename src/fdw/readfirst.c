/*
 * readfirst.c
 *		Finding out which plans read between writes, and the node that ends it.
 *
 * Two tables of one server may be the same of DynamoDB, so it is servers that
 * count.
 */
#include "base/br.h"

#include "commands/explain.h"
#include "executor/executor.h"
#include "fdw/readfirst.h"
#include "miscadmin.h"
#include "nodes/extensible.h"
#include "utils/tuplestore.h"

/* Planning */

typedef struct Search
{
	Oid			server_id;
	Relids		targets;		/* of which each row is written once, however often it is met */
} Search;

static bool reads(const Search *search, Plan *plan, bool late);

/* late: also the first one is not read before something may have been written. */
static bool
any_reads(const Search *search, List *plans, bool late)
{
	ListCell   *lc;

	foreach(lc, plans)
	{
		if (reads(search, lfirst(lc), late || foreach_current_index(lc) > 0))
			return true;
	}
	return false;
}

/* Is there a scan of the server that is begun or repeated after the plan's first row? */
static bool
reads(const Search *search, Plan *plan, bool late)
{
	if (plan == NULL)
		return false;
	check_stack_depth();
	switch (nodeTag(plan))
	{
		case T_ForeignScan:
			if (late && ((ForeignScan *) plan)->fs_server == search->server_id &&
				!bms_is_member(((ForeignScan *) plan)->scan.scanrelid, search->targets))
				return true;
			break;
		case T_Append:
			return any_reads(search, ((Append *) plan)->appendplans, late);
		case T_MergeAppend:
			return any_reads(search, ((MergeAppend *) plan)->mergeplans, late);
		case T_SubqueryScan:
			{
				/* numbers of relations mean something else there */
				Search		inside = {search->server_id, NULL};

				return reads(&inside, ((SubqueryScan *) plan)->subplan, late);
			}
		case T_CustomScan:
			if (any_reads(search, ((CustomScan *) plan)->custom_plans, true))
				return true;
			break;
		case T_NestLoop:
		case T_RecursiveUnion:
			return reads(search, outerPlan(plan), late) || reads(search, innerPlan(plan), true);
		default:
			break;
	}
	return reads(search, outerPlan(plan), late) || reads(search, innerPlan(plan), late);
}

bool
br_subqueries_read(PlannerInfo *root, Oid server_id)
{
	Search		search = {server_id, NULL};

	return any_reads(&search, root->glob->subplans, true);
}

bool
br_reads_between_writes(PlannerInfo *root, ModifyTable *plan, Oid server_id)
{
	Search		search = {server_id, root->all_result_relids};

	return br_subqueries_read(root, server_id) || reads(&search, outerPlan(plan), false);
}

/* Execution */

typedef struct ReadFirst
{
	CustomScanState css;
	Tuplestorestate *rows;		/* NULL: not read yet */
	TupleTableSlot *slot;		/* of a row as it is stored */
} ReadFirst;

static void
begin(CustomScanState *node, EState *estate, int eflags)
{
	CustomScan *plan = (CustomScan *) node->ss.ps.plan;
	ReadFirst  *state = (ReadFirst *) node;
	PlanState  *below = ExecInitNode(linitial(plan->custom_plans), estate, eflags);

	node->custom_ps = list_make1(below);
	state->slot = ExecInitExtraTupleSlot(estate, ExecGetResultType(below), &TTSOpsMinimalTuple);
}

static void
read_all(ReadFirst *state)
{
	PlanState  *below = linitial(state->css.custom_ps);
	MemoryContext caller = MemoryContextSwitchTo(below->state->es_query_cxt);
	TupleTableSlot *slot;

	state->rows = tuplestore_begin_heap(false, false, work_mem);
	MemoryContextSwitchTo(caller);
	while (slot = ExecProcNode(below), !TupIsNull(slot))
	{
		CHECK_FOR_INTERRUPTS();
		tuplestore_puttupleslot(state->rows, slot);
	}
}

/* The columns are those of the plan below, so that nothing is projected. */
static TupleTableSlot *
next_row(CustomScanState *node)
{
	ReadFirst  *state = (ReadFirst *) node;
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;

	ExecClearTuple(slot);
	if (state->rows == NULL)
		read_all(state);
	if (!tuplestore_gettupleslot(state->rows, true, false, state->slot))
		return slot;
	slot_getallattrs(state->slot);
	for (int i = 0; i < slot->tts_tupleDescriptor->natts; i++)
	{
		slot->tts_values[i] = state->slot->tts_values[i];
		slot->tts_isnull[i] = state->slot->tts_isnull[i];
	}
	return ExecStoreVirtualTuple(slot);
}

static void
drop_rows(ReadFirst *state)
{
	if (state->rows != NULL)
		tuplestore_end(state->rows);
	state->rows = NULL;
}

static void
rescan(CustomScanState *node)
{
	PlanState  *below = linitial(node->custom_ps);

	drop_rows((ReadFirst *) node);
	if (node->ss.ps.chgParam != NULL)
		UpdateChangedParamSet(below, node->ss.ps.chgParam);
	/* otherwise ExecProcNode() does so */
	if (below->chgParam == NULL)
		ExecReScan(below);
}

static void
end(CustomScanState *node)
{
	drop_rows((ReadFirst *) node);
	ExecEndNode(linitial(node->custom_ps));
}

static const CustomExecMethods exec_methods = {
	.CustomName = "Read First",
	.BeginCustomScan = begin,
	.ExecCustomScan = next_row,
	.EndCustomScan = end,
	.ReScanCustomScan = rescan
};

static Node *
create_state(CustomScan *plan)
{
	ReadFirst  *state = (ReadFirst *) newNode(sizeof(ReadFirst), T_CustomScanState);

	state->css.methods = &exec_methods;
	return (Node *) state;
}

static const CustomScanMethods scan_methods = {
	.CustomName = "Read First",
	.CreateCustomScanState = create_state
};

void
br_read_first(ModifyTable *plan)
{
	Plan	   *below = outerPlan(plan);
	CustomScan *scan;

	if (IsA(below, CustomScan) && ((CustomScan *) below)->methods == &scan_methods)
		return;
	scan = makeNode(CustomScan);
	scan->scan.plan.startup_cost = below->total_cost;
	scan->scan.plan.total_cost = below->total_cost;
	scan->scan.plan.plan_rows = below->plan_rows;
	scan->scan.plan.plan_width = below->plan_width;
	scan->scan.plan.targetlist = copyObject(below->targetlist);
	scan->custom_plans = list_make1(below);
	scan->custom_scan_tlist = copyObject(below->targetlist);
	scan->methods = &scan_methods;
	outerPlan(plan) = (Plan *) scan;
}
