/*
 * direct.h
 *		UPDATE and DELETE of the rows that one scan finds, without a row of the
 *		executor between: the scan's items are changed while it goes on.
 */
#ifndef BR_DIRECT_H
#define BR_DIRECT_H

#include "base/br.h"
#include "fdw/compat.h"

extern bool br_plan_direct_modify(PlannerInfo *root, ModifyTable *plan,
								  Index resultRelation, int subplan_index);
extern void br_begin_direct_modify(ForeignScanState *node, int eflags);
extern TupleTableSlot *br_iterate_direct_modify(ForeignScanState *node);
extern void br_end_direct_modify(ForeignScanState *node);
extern void br_explain_direct_modify(ForeignScanState *node, ExplainState *es);

#endif							/* BR_DIRECT_H */
