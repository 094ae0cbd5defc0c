/*
 * join.h
 *		Joins that one Query answers.
 */
#ifndef BR_JOIN_H
#define BR_JOIN_H

#include "base/br.h"
#include "fdw/plan.h"

/* What the executor of a pushed-down join is told. */
typedef struct BrJoinPlan
{
	bool		one_first;		/* the relation of one item comes first in the
								 * range table */
	bool		left;			/* its row comes even if no other matches */
	int			nvalues;		/* the first of fdw_exprs are values of predicates,
								 * the others must be true of what matches */
	BrPredicates predicates;
	BrCost		cost;
} BrJoinPlan;

extern void br_get_foreign_join_paths(PlannerInfo *root, RelOptInfo *joinrel,
									  RelOptInfo *outerrel, RelOptInfo *innerrel,
									  JoinType jointype, JoinPathExtraData *extra);

extern ForeignScan *br_get_join_plan(PlannerInfo *root, RelOptInfo *joinrel,
									 ForeignPath *path, List *tlist, Plan *outer_plan);

extern void br_join_plan_unpack(List *packed, BrJoinPlan *plan);

#endif							/* BR_JOIN_H */
