/*
 * scan_private.h
 *		Inside of the scan: what one consists of.
 *
 * scan.c makes rows of items as they come, ordered.c brings them into the order
 * that the planner relies on.
 */
#ifndef BR_SCAN_PRIVATE_H
#define BR_SCAN_PRIVATE_H

#include "base/br.h"
#include "base/own.h"
#include "fdw/convert.h"
#include "fdw/plan.h"
#include "fdw/scan.h"
#include "fdw/sorter.h"
#include "fdw/spool.h"
#include "fdw/value.h"
#include "io/feed.h"
#include "io/fetch.h"
#include "io/merge.h"
#include "nodes/execnodes.h"

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

/* scan.c: makes the next row, and leaves the slot empty where there is none (yet) */
extern BrNext br_scan_next_row(BrScan *scan, ForeignScanState *node, TupleTableSlot *slot);

/* ordered.c: opens what the items come from, and makes the next row, in the order of the plan */
extern void br_scan_open_in_order(BrScan *scan, const BrReading *reading, BrReads reads,
								  TupleDesc desc);
extern BrNext br_scan_next_sorted(BrScan *scan, ForeignScanState *node, TupleTableSlot *slot);

#endif							/* BR_SCAN_PRIVATE_H */
