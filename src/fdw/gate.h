/*
 * gate.h
 *		What can be decided before anything is asked of the service.
 */
#ifndef BR_GATE_H
#define BR_GATE_H

#include "base/br.h"
#include "nodes/pathnodes.h"

/*
 * Those of the clauses of a scan that say something about no more than the
 * columns which others of them set equal to a value, with that value in the place
 * of the column: without columns of the relation, to be evaluated when the
 * scan begins.  If one is not true, there are no rows.
 */
extern List *br_gate_quals(PlannerInfo *root, Index varno, List *clauses);

#endif							/* BR_GATE_H */
