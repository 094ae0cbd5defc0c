/*
 * readfirst.h
 *		A plan node that reads all rows to be written before the first is written.
 *
 * A scan that is read once needs none, for it reads ahead itself (spool.h).  But
 * what a subquery, the inner side of a nested loop or a later part of a UNION
 * reads, it would read between writes, and find what the statement wrote.
 */
#ifndef BR_READFIRST_H
#define BR_READFIRST_H

#include "base/br.h"
#include "fdw/compat.h"

/* Does a subquery of the statement read from the server? */
extern bool br_subqueries_read(PlannerInfo *root, Oid server_id);

/* Would the rows of the plan be looked for between writes to the server? */
extern bool br_reads_between_writes(PlannerInfo *root, ModifyTable *plan, Oid server_id);

/* Has the plan read all its rows first. */
extern void br_read_first(ModifyTable *plan);

#endif							/* BR_READFIRST_H */
