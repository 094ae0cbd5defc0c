/*
 * spool.h
 *		The rows of a scan whose statement writes to what it reads: all are read
 *		before the first is used, so that none is met that the statement wrote.
 */
#ifndef BR_SPOOL_H
#define BR_SPOOL_H

#include "base/br.h"
#include "fdw/relation.h"
#include "nodes/execnodes.h"

/*
 * Does the statement write to the DynamoDB table, by whichever foreign table?  Then,
 * and if the transaction has written to it (and the options do not say otherwise),
 * the relation is made one that is read strongly.
 */
extern bool br_must_spool(BrRelation *rel, EState *estate);

typedef struct BrSpool BrSpool;

/* In context; work_mem bounds its memory, beyond that it is a file. */
extern BrSpool *br_spool_create(TupleDesc desc, MemoryContext context);

extern void br_spool_put(BrSpool *spool, TupleTableSlot *slot);

/* The next row in the spool's own slot, which is empty at the end. */
extern TupleTableSlot *br_spool_get(BrSpool *spool);

extern void br_spool_end(BrSpool *spool);

#endif							/* BR_SPOOL_H */
