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
#include "fdw/value.h"
#include "io/reader.h"
#include "utils/memutils.h"

/* Reads under way at the same time: a service that is milliseconds away. */
#define MAX_READS_AHEAD		8

typedef struct BrScan
{
	BrRelation *rel;
	BrPlan		plan;
	BrConverter *converter;
	BrSpan	   *spans;
	BrCounters	counters;

	/* values of the predicates */
	List	   *exprs;			/* of ExprState */
	BrValueType *types;
	BrTexts    *values;

	/* the reads, of which one after the other is used */
	bool		bound;
	bool		done;
	BrReads		reads;
	BrReader  **readers;
	int			current;		/* number of the read in use */
	int			started;		/* readers that were told to begin */
	BrPage		page;
	bool		in_page;

	MemoryContext scan_context;
	MemoryContext row_context;
} BrScan;

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
	scan->exprs = ExecInitExprList(plan->fdw_exprs, (PlanState *) node);
	scan->types = br_value_types(scan->rel, scan->plan.predicates, plan->fdw_exprs);
	scan->values = palloc0(sizeof(BrTexts) * Max(list_length(plan->fdw_exprs), 1));
	scan->scan_context = AllocSetContextCreate(CurrentMemoryContext,
											   "benchresults scan",
											   ALLOCSET_DEFAULT_SIZES);
	scan->row_context = AllocSetContextCreate(CurrentMemoryContext,
											  "benchresults row",
											  ALLOCSET_DEFAULT_SIZES);
}

/* What the predicates compare with; none where that is NULL. */
static void
evaluate_values(BrScan *scan, ForeignScanState *node)
{
	ExprContext *econtext = node->ss.ps.ps_ExprContext;
	ListCell   *lc;

	foreach(lc, scan->exprs)
	{
		int			i = foreach_current_index(lc);
		bool		isnull;
		Datum		value = ExecEvalExpr((ExprState *) lfirst(lc), econtext, &isnull);

		scan->values[i] = isnull ? (BrTexts) {0, NULL}
			: br_value_texts(&scan->types[i], value);
	}
}

static void
fail(const BrScan *scan, const BrError *err)
{
	const BrRead *read = scan->current < scan->reads.n ?
		&scan->reads.list[scan->current] : NULL;
	BrDoing		doing = {
		.operation = read ? br_operation_name(read->op) : NULL,
		.table = read ? read->table : NULL,
		.index = read ? read->index : NULL,
		.relation = scan->rel->name
	};

	br_report(err, &doing);
}

/* Decides what to ask, now that all values are known. */
static void
bind_scan(BrScan *scan, ForeignScanState *node)
{
	MemoryContext old = MemoryContextSwitchTo(scan->scan_context);
	BrConnection *conn;
	BrError		err;

	scan->bound = true;
	scan->current = 0;
	scan->started = 0;
	evaluate_values(scan, node);
	if (!br_bind(&scan->rel->schema, &scan->plan.access, scan->plan.predicates,
				 scan->values, scan->rel->max_keys, &scan->reads, &err))
		fail(scan, &err);
	scan->done = scan->reads.n == 0;
	if (!scan->done)
	{
		conn = br_connect(scan->rel->server_id, br_scan_user(node));
		scan->readers = palloc(sizeof(BrReader *) * scan->reads.n);
		for (int i = 0; i < scan->reads.n; i++)
		{
			BrRead	   *read = &scan->reads.list[i];

			read->projection = br_converter_projection(scan->converter, &read->nprojection);
			read->consistent = scan->rel->consistent;
			read->backward = scan->plan.backward;
			read->limit = scan->plan.limit;
			scan->readers[i] = br_reader_open(conn, read, &scan->counters);
		}
	}
	MemoryContextSwitchTo(old);
}

/*
 * Has the reads after the current one begin: none while the first is in use,
 * since its rows may be all that is wanted, then twice as many each time.
 */
static void
start_reads_ahead(BrScan *scan)
{
	int			until = Min(scan->current * 2 + 1, scan->current + MAX_READS_AHEAD);

	for (; scan->started < Min(until, scan->reads.n); scan->started++)
		br_reader_start(scan->readers[scan->started]);
}

/* Gets the next page, of whichever read; false at the end. */
static bool
next_page(BrScan *scan)
{
	BrError		err;
	bool		found;

	for (; scan->current < scan->reads.n; scan->current++)
	{
		start_reads_ahead(scan);
		if (!br_reader_next(scan->readers[scan->current], &scan->page, &found, &err))
			fail(scan, &err);
		if (found)
			return true;
		br_reader_close(scan->readers[scan->current]);
	}
	return false;
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
		if (!next_page(scan))
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
