/*
 * plan.h
 *		Planning a foreign scan, and what the planner hands to the executor.
 */
#ifndef BR_PLAN_H
#define BR_PLAN_H

#include "base/br.h"
#include "access/choose.h"
#include "access/cost.h"
#include "fdw/purpose.h"
#include "fdw/relation.h"
#include "foreign/fdwapi.h"

/* A chosen read, as it stands in a plan. Values are the plan's fdw_exprs. */
typedef struct BrPlan
{
	BrAccess	access;
	BrPredicates predicates;
	Bitmapset  *attnums;		/* columns needed, numbers from 1 */
	bool		backward;		/* QUERY: from the end of the sort key */
	AttrNumber	order;			/* the column whose order, which is that of the sort
								 * key, is relied upon; 0: none is */
	bool		merged;			/* of several partitions */
	int			limit;			/* size of the first page, 0: whole */
	int			bound;			/* rows that the query wants, 0: not known */
	bool		count_only;		/* no column is needed, and no row need be checked */
	BrCost		cost;
	int			ngates;			/* of fdw_recheck_quals the first say whether there can
								 * be rows at all: br_gate_quals */
} BrPlan;

/* Parts of plans as Lists, in the current context. */
extern List *br_predicates_pack(BrPredicates predicates);
extern BrPredicates br_predicates_unpack(List *packed);
extern List *br_cost_pack(const BrCost *cost);
extern BrCost br_cost_unpack(List *packed);

extern List *br_plan_pack(const BrPlan *plan, const BrRelation *rel);

/*
 * Is what the plan reads first read strongly?  Where that was asked for after it was
 * planned, it may be a global index, of which the service has no strong reads.
 */
extern bool br_plan_is_consistent(const BrPlan *plan, const BrRelation *rel);

/* In how many segments the Scan that this may be is read. */
extern int	br_plan_segments(const BrPlan *plan, const BrRelation *rel);

/* Raises an error if the plan names an index that the table no longer has. */
extern void br_plan_unpack(List *packed, const BrRelation *rel, BrPlan *plan);

extern void br_get_foreign_rel_size(PlannerInfo *root, RelOptInfo *baserel, Oid relid);
extern void br_get_foreign_paths(PlannerInfo *root, RelOptInfo *baserel, Oid relid);
extern ForeignScan *br_get_foreign_plan(PlannerInfo *root, RelOptInfo *baserel,
										Oid relid, ForeignPath *best_path,
										List *tlist, List *scan_clauses,
										Plan *outer_plan);

/* What br_get_foreign_rel_size found of a relation of the query. */
extern const BrRelation *br_planned_relation(const RelOptInfo *baserel);

/*
 * Is it certain that its rows are changed directly?  No, where the planner saw that
 * it has none, and so never asked about it.
 */
extern bool br_is_planned_direct(const RelOptInfo *baserel);

/* Attribute numbers as pull_varattnos() has them, a whole row being all columns, without the offset. */
extern Bitmapset *br_attnums_of(const BrRelation *rel, const Bitmapset *offset_attnums);

/*
 * In the planner's currency, in which reading a page from disk is 1: a round trip
 * to the service takes milliseconds, and a read unit costs money, and time as well
 * (a whole page of 128 units takes seven times as long as a single item).
 */
#define BR_COST_PER_REQUEST	20.0
#define BR_COST_PER_UNIT	1.0

/* Of a read and the rows that come of it. */
extern Cost br_path_cost(const BrCost *cost, double rows);

/* GUC benchresults_fdw.enable_pushdown */
extern bool br_enable_pushdown;

#endif							/* BR_PLAN_H */
