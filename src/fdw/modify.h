/*
 * modify.h
 *		INSERT, UPDATE and DELETE row by row.
 *
 * Rows of INSERT are sent while further ones come, unless somebody wants to know
 * at once what became of each; UPDATE and DELETE change the row that the plan
 * below found, one at a time.
 */
#ifndef BR_MODIFY_H
#define BR_MODIFY_H

#include "base/br.h"
#include "fdw/compat.h"

extern int	br_is_foreign_rel_updatable(Relation relation);
extern void br_add_foreign_update_targets(PlannerInfo *root, Index rtindex,
										  RangeTblEntry *rte, Relation relation);
extern List *br_plan_foreign_modify(PlannerInfo *root, ModifyTable *plan,
									Index rtindex, int subplan);
extern void br_begin_foreign_modify(ModifyTableState *mtstate, ResultRelInfo *rinfo,
									List *fdw_private, int subplan, int eflags);
extern void br_begin_foreign_insert(ModifyTableState *mtstate, ResultRelInfo *rinfo);
extern int	br_get_foreign_modify_batch_size(ResultRelInfo *rinfo);
extern TupleTableSlot *br_exec_foreign_insert(EState *estate, ResultRelInfo *rinfo,
											  TupleTableSlot *slot, TupleTableSlot *planSlot);
extern TupleTableSlot **br_exec_foreign_batch_insert(EState *estate, ResultRelInfo *rinfo,
													 TupleTableSlot **slots,
													 TupleTableSlot **planSlots, int *nslots);
extern TupleTableSlot *br_exec_foreign_update(EState *estate, ResultRelInfo *rinfo,
											  TupleTableSlot *slot, TupleTableSlot *planSlot);
extern TupleTableSlot *br_exec_foreign_delete(EState *estate, ResultRelInfo *rinfo,
											  TupleTableSlot *slot, TupleTableSlot *planSlot);
extern void br_end_foreign_modify(EState *estate, ResultRelInfo *rinfo);
extern void br_explain_foreign_modify(ModifyTableState *mtstate, ResultRelInfo *rinfo,
									  List *fdw_private, int subplan, ExplainState *es);

#endif							/* BR_MODIFY_H */
