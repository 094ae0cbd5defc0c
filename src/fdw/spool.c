/*
 * spool.c
 *		Reading all of a table before writing to it.
 */
#include "base/br.h"

#include "access/table.h"
#include "executor/executor.h"
#include "fdw/connect.h"
#include "fdw/spool.h"
#include "fdw/written.h"
#include "miscadmin.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

struct BrSpool
{
	Tuplestorestate *store;
	TupleTableSlot *slot;
	MemoryContext context;
};

static bool
is_written_by(const BrRelation *rel, EState *estate)
{
	ListCell   *lc;

	foreach(lc, estate->es_plannedstmt->resultRelations)
	{
		Oid			relid = exec_rt_fetch(lfirst_int(lc), estate)->relid;
		Relation	target = table_open(relid, NoLock);
		bool		same = false;

		/* rows of a partitioned table may go anywhere */
		if (target->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
			same = true;
		else if (target->rd_rel->relkind == RELKIND_FOREIGN_TABLE && br_is_ours(relid))
		{
			BrRelation *other = br_relation_open(target);

			same = other->server_id == rel->server_id &&
				strcmp(other->schema.table, rel->schema.table) == 0;
		}
		table_close(target, NoLock);
		if (same)
			return true;
	}
	return false;
}

bool
br_must_spool(BrRelation *rel, EState *estate)
{
	bool		written = is_written_by(rel, estate);

	if (written || (rel->reads_own && br_written_is(rel)))
		rel->consistent = true;
	return written;
}

BrSpool *
br_spool_create(TupleDesc desc, MemoryContext context)
{
	MemoryContext caller = MemoryContextSwitchTo(context);
	BrSpool    *spool = palloc(sizeof(BrSpool));

	spool->store = tuplestore_begin_heap(false, false, work_mem);
	spool->slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	spool->context = context;
	MemoryContextSwitchTo(caller);
	return spool;
}

void
br_spool_put(BrSpool *spool, TupleTableSlot *slot)
{
	tuplestore_puttupleslot(spool->store, slot);
}

TupleTableSlot *
br_spool_get(BrSpool *spool)
{
	/* a row that comes from a file is of the current context, and the slot's to free */
	MemoryContext caller = MemoryContextSwitchTo(spool->context);

	(void) tuplestore_gettupleslot(spool->store, true, false, spool->slot);
	MemoryContextSwitchTo(caller);
	return spool->slot;
}

void
br_spool_end(BrSpool *spool)
{
	tuplestore_end(spool->store);
	ExecDropSingleTupleTableSlot(spool->slot);
	pfree(spool);
}
