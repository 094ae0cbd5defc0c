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

#include "dynamodb/page.h"
#include "executor/executor.h"
#include "fdw/compat.h"
#include "fdw/connect.h"
#include "fdw/convert.h"
#include "fdw/plan.h"
#include "fdw/report.h"
#include "fdw/scan.h"
#include "io/reader.h"
#include "mb/pg_wchar.h"
#include "nodes/nodeFuncs.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

typedef struct BrScan
{
	BrRelation *rel;
	BrPlan		plan;
	BrConverter *converter;
	BrSpan	   *spans;
	BrCounters	counters;

	/* values of the predicates */
	List	   *exprs;			/* of ExprState */
	FmgrInfo   *outputs;
	BrText	   *values;

	/* the read under way */
	bool		bound;
	bool		done;
	BrRead		read;
	BrReader   *reader;
	BrPage		page;
	bool		in_page;

	MemoryContext scan_context;
	MemoryContext row_context;
} BrScan;

static void
prepare_values(BrScan *scan, ForeignScanState *node, List *exprs)
{
	int			n = Max(list_length(exprs), 1);
	ListCell   *lc;

	scan->exprs = ExecInitExprList(exprs, (PlanState *) node);
	scan->values = palloc0(sizeof(BrText) * n);
	scan->outputs = palloc0(sizeof(FmgrInfo) * n);
	foreach(lc, exprs)
	{
		Oid			output;
		bool		is_varlena;

		getTypeOutputInfo(exprType(lfirst(lc)), &output, &is_varlena);
		fmgr_info(output, &scan->outputs[foreach_current_index(lc)]);
	}
}

void
br_begin_foreign_scan(ForeignScanState *node, int eflags)
{
	ForeignScan *plan = (ForeignScan *) node->ss.ps.plan;
	BrScan	   *scan;

	if (eflags & EXEC_FLAG_EXPLAIN_ONLY)
		return;
	scan = palloc0(sizeof(BrScan));
	node->fdw_state = scan;
	scan->rel = br_relation_open(node->ss.ss_currentRelation);
	br_plan_unpack(plan->fdw_private, scan->rel, &scan->plan);
	scan->converter = br_converter_create(scan->rel, scan->plan.attnums);
	scan->spans = palloc0(sizeof(BrSpan) *
						  br_wanted_slots(br_converter_wanted(scan->converter)));
	prepare_values(scan, node, plan->fdw_exprs);
	scan->scan_context = AllocSetContextCreate(CurrentMemoryContext,
											   "benchresults scan",
											   ALLOCSET_DEFAULT_SIZES);
	scan->row_context = AllocSetContextCreate(CurrentMemoryContext,
											  "benchresults row",
											  ALLOCSET_DEFAULT_SIZES);
}

/* Evaluates the predicates' values; false if one is NULL, which matches nothing. */
static bool
evaluate_values(BrScan *scan, ForeignScanState *node)
{
	ExprContext *econtext = node->ss.ps.ps_ExprContext;
	ListCell   *lc;

	foreach(lc, scan->exprs)
	{
		int			i = foreach_current_index(lc);
		bool		isnull;
		Datum		value = ExecEvalExpr((ExprState *) lfirst(lc), econtext, &isnull);
		char	   *text;

		if (isnull)
			return false;
		text = OutputFunctionCall(&scan->outputs[i], value);
		text = pg_server_to_any(text, strlen(text), PG_UTF8);
		scan->values[i] = (BrText) {text, strlen(text)};
	}
	return true;
}

/* Decides what to ask. Leaves scan->done set if no item can match. */
static void
bind_scan(BrScan *scan, ForeignScanState *node)
{
	MemoryContext old = MemoryContextSwitchTo(scan->scan_context);
	BrRead	   *read = &scan->read;

	scan->bound = true;
	scan->done = !evaluate_values(scan, node) ||
		!br_bind(&scan->rel->schema, &scan->plan.access, scan->plan.predicates,
				 scan->values, read);
	if (!scan->done)
	{
		read->projection = br_converter_projection(scan->converter, &read->nprojection);
		read->consistent = scan->rel->consistent;
		scan->reader = br_reader_open(br_connect(scan->rel->server_id, br_scan_user(node)),
									  read, &scan->counters);
	}
	MemoryContextSwitchTo(old);
}

static void
fail(const BrScan *scan, const BrError *err)
{
	BrDoing		doing = {
		.operation = br_operation_name(scan->read.op),
		.table = scan->read.table,
		.index = scan->read.index,
		.relation = scan->rel->name
	};

	br_report(err, &doing);
}

/* Decodes the next item, of whatever page it is on; false at the end. */
static bool
next_item(BrScan *scan)
{
	BrError		err;
	bool		found;

	for (;;)
	{
		if (scan->in_page)
		{
			if (!br_page_next(&scan->page, br_converter_wanted(scan->converter),
							  scan->spans, &found, &err))
				fail(scan, &err);
			if (found)
				return true;
			scan->in_page = false;
		}
		if (!br_reader_next(scan->reader, &scan->page, &found, &err))
			fail(scan, &err);
		if (!found)
			return false;
		scan->in_page = true;
	}
}

TupleTableSlot *
br_iterate_foreign_scan(ForeignScanState *node)
{
	BrScan	   *scan = node->fdw_state;
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;
	MemoryContext old;

	ExecClearTuple(slot);
	if (!scan->bound)
		bind_scan(scan, node);
	while (!scan->done)
	{
		bool		is_row;

		CHECK_FOR_INTERRUPTS();
		if (!next_item(scan))
		{
			scan->done = true;
			break;
		}
		MemoryContextReset(scan->row_context);
		old = MemoryContextSwitchTo(scan->row_context);
		is_row = br_converter_row(scan->converter, scan->spans,
								  slot->tts_values, slot->tts_isnull);
		MemoryContextSwitchTo(old);
		if (is_row)
		{
			scan->counters.items_returned++;
			return ExecStoreVirtualTuple(slot);
		}
	}
	return slot;
}

void
br_rescan_foreign_scan(ForeignScanState *node)
{
	BrScan	   *scan = node->fdw_state;

	/* parameters may have changed, and so may what they make us ask */
	scan->bound = false;
	scan->done = false;
	scan->in_page = false;
	scan->reader = NULL;
	MemoryContextReset(scan->scan_context);
}

void
br_end_foreign_scan(ForeignScanState *node)
{
	BrScan	   *scan = node->fdw_state;

	if (scan == NULL)
		return;
	MemoryContextDelete(scan->scan_context);
	MemoryContextDelete(scan->row_context);
}

const BrCounters *
br_scan_counters(ForeignScanState *node)
{
	BrScan	   *scan = node->fdw_state;

	return scan != NULL ? &scan->counters : NULL;
}
