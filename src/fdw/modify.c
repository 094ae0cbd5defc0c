/*
 * modify.c
 *		The callbacks of a row-by-row modification.
 *
 * WITH CHECK OPTION is checked here, before the row is sent: PostgreSQL itself
 * does so afterwards, when it could only be rolled back.
 */
#include "base/br.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "fdw/change.h"
#include "fdw/compat.h"
#include "fdw/compose.h"
#include "fdw/explain.h"
#include "fdw/lookup.h"
#include "fdw/modify.h"
#include "fdw/plan.h"
#include "fdw/readfirst.h"
#include "fdw/rowkey.h"
#include "fdw/touched.h"
#include "fdw/writing.h"
#include "fdw/written.h"
#include "foreign/fdwapi.h"
#include "nodes/makefuncs.h"
#include "optimizer/appendinfo.h"
#include "optimizer/pathnode.h"
#include "parser/parsetree.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

/* PostgreSQL's name of a row among what identifies it. */
#define WHOLE_ROW	"wholerow"

/* What one modification of one foreign table needs. */
typedef struct BrModify
{
	BrRelation *rel;
	CmdType		operation;
	BrComposer *composer;
	BrWriter   *writer;
	BrCounters	counters;
	Oid			user;
	bool		do_nothing;		/* ON CONFLICT DO NOTHING */
	bool		at_once;		/* what became of a row must be known before the next */
	bool		returns;		/* the row as it is in DynamoDB is wanted */

	/* UPDATE and DELETE */
	List	   *attnums;		/* of the columns that may change */
	AttrNumber *junk;			/* [attnum - 1] of the key columns in the plan's row, or 0 */
	AttrNumber	whole_row;		/* DELETE with RETURNING: the row in the plan's row */
	BrTouched  *touched;		/* what the statement has changed */
} BrModify;

/* Planning */

int
br_is_foreign_rel_updatable(Relation relation)
{
	BrRelation *rel = br_relation_open(relation);

	return rel->updatable ? (1 << CMD_INSERT) | (1 << CMD_UPDATE) | (1 << CMD_DELETE) : 0;
}

/*
 * The name of a key column among what identifies rows in a plan.  Partitions share a
 * name only where they have the same column at the same place: PostgreSQL takes
 * it to be one for all of them.
 */
static char *
junk_name(Form_pg_attribute att)
{
	return psprintf("benchresults key %d %u %d %u", att->attnum, att->atttypid, att->atttypmod,
					att->attcollation);
}

/*
 * The columns that make the key tell which item a row is.  What a DELETE returns is
 * read as well, for the answer with the item may be lost.
 */
void
br_add_foreign_update_targets(PlannerInfo *root, Index rtindex, RangeTblEntry *rte,
							  Relation relation)
{
	BrRelation *rel = br_relation_open(relation);
	Bitmapset  *attnums;
	int			attnum = -1;

	br_check_updatable(rel);
	attnums = br_key_columns(rel);
	while ((attnum = bms_next_member(attnums, attnum)) >= 0)
	{
		Form_pg_attribute att = TupleDescAttr(RelationGetDescr(relation), attnum - 1);
		Var		   *var = makeVar(rtindex, attnum, att->atttypid, att->atttypmod,
								  att->attcollation, 0);

		add_row_identity_var(root, var, rtindex, junk_name(att));
	}
	/* as PostgreSQL itself has it for triggers, and for UPDATE */
	if (root->parse->commandType == CMD_DELETE && root->parse->returningList != NIL)
		add_row_identity_var(root, makeVar(rtindex, InvalidAttrNumber, RECORDOID, -1, InvalidOid, 0),
							 rtindex, WHOLE_ROW);
}

List *
br_plan_foreign_modify(PlannerInfo *root, ModifyTable *plan, Index rtindex, int subplan)
{
	RangeTblEntry *rte = planner_rt_fetch(rtindex, root);
	Relation	relation = table_open(rte->relid, NoLock);
	BrRelation *rel = br_relation_open(relation);
	Bitmapset  *columns = NULL;
	List	   *attnums = NIL;
	int			member = -1;

	br_check_updatable(rel);
	if (plan->onConflictAction != ONCONFLICT_NONE && plan->onConflictAction != ONCONFLICT_NOTHING)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("ON CONFLICT DO UPDATE is not supported on foreign tables"),
				 errhint("The option insert_mode 'upsert' replaces items that exist.")));
	if (plan->operation == CMD_UPDATE)
		columns = br_updated_columns(root, rtindex);
	while ((member = bms_next_member(columns, member)) >= 0)
	{
		AttrNumber	attnum = member + FirstLowInvalidHeapAttributeNumber;

		if (attnum > 0)
			attnums = lappend_int(attnums, attnum);
	}
	br_check_changeable(rel, attnums);
	table_close(relation, NoLock);
	/* the rows that such a scan makes are not whole */
	if (plan->operation != CMD_INSERT && br_is_planned_direct(find_base_rel(root, rtindex)))
		elog(ERROR, "foreign table \"%s\" was to be modified directly", rel->name);
	if (br_reads_between_writes(root, plan, rel->server_id))
		br_read_first(plan);
	return attnums;
}

/* Beginning */

static bool
has_after_triggers(const TriggerDesc *triggers, CmdType operation)
{
	if (triggers == NULL)
		return false;
	return operation == CMD_INSERT
		? triggers->trig_insert_after_row || triggers->trig_insert_after_statement
		: operation == CMD_UPDATE ? triggers->trig_update_after_row : triggers->trig_delete_after_row;
}

static bool
has_before_row_triggers(const TriggerDesc *triggers, CmdType operation)
{
	if (triggers == NULL)
		return false;
	return operation == CMD_INSERT ? triggers->trig_insert_before_row
		: operation == CMD_UPDATE && triggers->trig_update_before_row;
}

static BrModify *
begin(ResultRelInfo *rinfo, EState *estate, CmdType operation, bool do_nothing)
{
	BrModify   *modify = palloc0(sizeof(BrModify));

	modify->rel = br_relation_open(rinfo->ri_RelationDesc);
	br_check_updatable(modify->rel);
	br_written_check(modify->rel);
	modify->operation = operation;
	modify->composer = br_composer_create(modify->rel);
	modify->user = br_result_user(rinfo, estate);
	modify->do_nothing = do_nothing;
	/* who asks to keep what is there does not want it replaced */
	if (do_nothing)
		modify->rel->upsert = false;
	if (operation == CMD_DELETE)
		br_warn_of_deletion(modify->rel);
	rinfo->ri_FdwState = modify;
	return modify;
}

/* The triggers of a partitioned table that are for the statement fire before it ends. */
static bool
root_has_statement_triggers(const ResultRelInfo *rinfo)
{
	return rinfo->ri_RootResultRelInfo != NULL &&
		rinfo->ri_RootResultRelInfo->ri_TrigDesc != NULL &&
		rinfo->ri_RootResultRelInfo->ri_TrigDesc->trig_insert_after_statement;
}

/* Not when it begins, since much of the relation is only made ready then. */
static void
decide(BrModify *modify, const ResultRelInfo *rinfo)
{
	const TriggerDesc *triggers = rinfo->ri_TrigDesc;

	modify->returns = rinfo->ri_projectReturning != NULL ||
		has_after_triggers(triggers, modify->operation) ||
		(modify->operation == CMD_INSERT && root_has_statement_triggers(rinfo));
	modify->at_once = modify->operation != CMD_INSERT || modify->do_nothing || modify->returns ||
		rinfo->ri_WithCheckOptions != NIL || has_before_row_triggers(triggers, modify->operation);
}

/* The writer is opened with the first row, so that EXPLAIN and no rows connect to nothing. */
static BrWriter *
writer_of(BrModify *modify, ResultRelInfo *rinfo, EState *estate)
{
	if (modify->writer == NULL)
	{
		MemoryContext caller = MemoryContextSwitchTo(estate->es_query_cxt);

		decide(modify, rinfo);
		modify->writer = br_writing_open(modify->rel, modify->user,
										 modify->operation == CMD_INSERT
										 ? br_insert_mode(modify->rel) : BR_LOT_SINGLE,
										 modify->operation != CMD_INSERT || modify->do_nothing,
										 &modify->counters);
		MemoryContextSwitchTo(caller);
	}
	return modify->writer;
}

static void
find_key_columns(BrModify *modify, TupleDesc desc, Plan *subplan)
{
	Bitmapset  *attnums = br_key_columns(modify->rel);
	int			attnum = -1;

	modify->junk = palloc0(sizeof(AttrNumber) * modify->rel->ncolumns);
	while ((attnum = bms_next_member(attnums, attnum)) >= 0)
	{
		char	   *name = junk_name(TupleDescAttr(desc, attnum - 1));

		modify->junk[attnum - 1] = ExecFindJunkAttributeInTlist(subplan->targetlist, name);
		if (!AttributeNumberIsValid(modify->junk[attnum - 1]))
			elog(ERROR, "could not find junk column \"%s\"", name);
	}
}

void
br_begin_foreign_modify(ModifyTableState *mtstate, ResultRelInfo *rinfo,
						List *fdw_private, int subplan, int eflags)
{
	ModifyTable *plan = (ModifyTable *) mtstate->ps.plan;
	BrModify   *modify;

	if (eflags & EXEC_FLAG_EXPLAIN_ONLY)
		return;
	modify = begin(rinfo, mtstate->ps.state, mtstate->operation,
				   plan->onConflictAction == ONCONFLICT_NOTHING);
	if (mtstate->operation == CMD_INSERT)
		return;
	find_key_columns(modify, RelationGetDescr(rinfo->ri_RelationDesc), outerPlanState(mtstate)->plan);
	modify->whole_row = ExecFindJunkAttributeInTlist(outerPlanState(mtstate)->plan->targetlist, WHOLE_ROW);
	modify->attnums = fdw_private;
	/* a trigger may have changed any column */
	if (has_before_row_triggers(rinfo->ri_TrigDesc, CMD_UPDATE))
	{
		modify->attnums = NIL;
		for (int i = 0; i < modify->rel->ncolumns; i++)
		{
			if (modify->rel->columns[i].kind != BR_COLUMN_DROPPED)
				modify->attnums = lappend_int(modify->attnums, i + 1);
		}
	}
	modify->touched = br_touched_create(mtstate->ps.state->es_query_cxt);
}

/* COPY, and rows that a partitioned table routes here. */
void
br_begin_foreign_insert(ModifyTableState *mtstate, ResultRelInfo *rinfo)
{
	const ModifyTable *plan = (ModifyTable *) mtstate->ps.plan;

	/* the UPDATE would meet rows again that it moved here itself */
	if (plan != NULL && plan->operation == CMD_UPDATE &&
		(rinfo->ri_usesFdwDirectModify || rinfo->ri_FdwState != NULL))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot move rows into foreign table \"%s\", of which the same UPDATE changes rows",
						RelationGetRelationName(rinfo->ri_RelationDesc)),
				 errhint("Restrict the UPDATE to the partitions that the rows come from.")));
	(void) begin(rinfo, mtstate->ps.state, CMD_INSERT,
				 plan != NULL && plan->onConflictAction == ONCONFLICT_NOTHING);
}

int
br_get_foreign_modify_batch_size(ResultRelInfo *rinfo)
{
	BrModify   *modify = rinfo->ri_FdwState;

	/* under EXPLAIN nothing has begun */
	if (modify == NULL)
		return 1;
	decide(modify, rinfo);
	return modify->returns || rinfo->ri_WithCheckOptions != NIL ||
		has_before_row_triggers(rinfo->ri_TrigDesc, CMD_INSERT) ? 1 : modify->rel->batch_size;
}

/* INSERT */

static void
send_insert(BrModify *modify, EState *estate, ResultRelInfo *rinfo, TupleTableSlot *slot,
			BrFate *fate)
{
	BrWriter   *writer = writer_of(modify, rinfo, estate);
	MemoryContext context;
	MemoryContext caller;
	BrWrite		write;

	if (rinfo->ri_WithCheckOptions != NIL)
		ExecWithCheckOptions(WCO_VIEW_CHECK, rinfo, slot, estate);
	if (!br_writer_room(writer, &context))
		br_writing_settle(modify->rel, writer);
	caller = MemoryContextSwitchTo(context);
	slot_getallattrs(slot);
	br_compose_put(modify->composer, slot->tts_values, slot->tts_isnull, &write);
	MemoryContextSwitchTo(caller);
	if (modify->returns)
	{
		/* what is sent is what is read, before the writer takes its memory away */
		caller = MemoryContextSwitchTo(GetPerTupleMemoryContext(estate));
		br_compose_row(modify->composer, write.item, write.item_len, slot);
		MemoryContextSwitchTo(caller);
	}
	br_writer_send(writer, &write, fate);
}

TupleTableSlot *
br_exec_foreign_insert(EState *estate, ResultRelInfo *rinfo, TupleTableSlot *slot,
					   TupleTableSlot *planSlot)
{
	BrModify   *modify = rinfo->ri_FdwState;
	BrFate		fate = BR_FATE_OPEN;

	(void) writer_of(modify, rinfo, estate);
	if (!modify->at_once)
	{
		send_insert(modify, estate, rinfo, slot, NULL);
		return slot;
	}
	send_insert(modify, estate, rinfo, slot, &fate);
	br_writing_settle(modify->rel, modify->writer);
	return fate == BR_FATE_WRITTEN ? slot : NULL;
}

TupleTableSlot **
br_exec_foreign_batch_insert(EState *estate, ResultRelInfo *rinfo, TupleTableSlot **slots,
							 TupleTableSlot **planSlots, int *nslots)
{
	BrModify   *modify = rinfo->ri_FdwState;
	BrFate	   *fates = modify->do_nothing ? palloc0(sizeof(BrFate) * *nslots) : NULL;
	int			nwritten = 0;

	for (int i = 0; i < *nslots; i++)
		send_insert(modify, estate, rinfo, slots[i], fates != NULL ? &fates[i] : NULL);
	if (fates == NULL)
		return slots;
	br_writing_settle(modify->rel, modify->writer);
	/* in a batch nobody asks which they were, only how many */
	for (int i = 0; i < *nslots; i++)
		nwritten += fates[i] == BR_FATE_WRITTEN;
	pfree(fates);
	*nslots = nwritten;
	return nwritten > 0 ? slots : NULL;
}

/* UPDATE and DELETE */

/* The key of the row that the plan found. */
static void
key_of(BrModify *modify, TupleTableSlot *planSlot, BrKey *key)
{
	int			ncolumns = modify->rel->ncolumns;
	Datum	   *values = palloc0(sizeof(Datum) * ncolumns);
	bool	   *nulls = palloc(sizeof(bool) * ncolumns);

	for (int i = 0; i < ncolumns; i++)
	{
		nulls[i] = true;
		if (AttributeNumberIsValid(modify->junk[i]))
			values[i] = ExecGetJunkAttribute(planSlot, modify->junk[i], &nulls[i]);
	}
	br_compose_key(modify->composer, values, nulls, key);
}

/* The columns that have another value than before. */
static BrSetting *
settings_of(BrModify *modify, TupleTableSlot *slot, TupleTableSlot *old, int *n)
{
	BrSetting  *settings = palloc(sizeof(BrSetting) * Max(list_length(modify->attnums), 1));
	TupleDesc	desc = slot->tts_tupleDescriptor;
	ListCell   *lc;

	*n = 0;
	foreach(lc, modify->attnums)
	{
		AttrNumber	attnum = lfirst_int(lc);
		Form_pg_attribute att = TupleDescAttr(desc, attnum - 1);
		BrSetting	setting = {.attnum = attnum};
		bool		was_null;
		Datum		was = slot_getattr(old, attnum, &was_null);

		setting.value = slot_getattr(slot, attnum, &setting.isnull);
		if (setting.isnull == was_null &&
			(was_null || datum_image_eq(was, setting.value, att->attbyval, att->attlen)))
			continue;
		settings[(*n)++] = setting;
	}
	return settings;
}

/* What the row changes of its item; the item is asked for where that depends on it. */
static BrChanges
changes_of(BrModify *modify, const BrKey *key, TupleTableSlot *slot, TupleTableSlot *old)
{
	BrRelation *rel = modify->rel;
	int			n;
	BrSetting  *settings = settings_of(modify, slot, old, &n);
	List	   *attnums = NIL;
	bool		blindly = true;
	BrChanges	changes = {0};
	BrTops		tops;
	int			kept = 0;

	for (int i = 0; i < n; i++)
	{
		const BrColumn *column = br_relation_column(rel, settings[i].attnum);
		bool		isnull;

		if (column->kind == BR_COLUMN_ITEM)
		{
			br_change_item(modify->composer, &settings[i],
						   slot_getattr(old, settings[i].attnum, &isnull), &changes);
			continue;
		}
		attnums = lappend_int(attnums, settings[i].attnum);
		blindly &= br_is_changed_blindly(column);
		settings[kept++] = settings[i];
	}
	br_check_changeable(rel, attnums);
	tops = br_tops_of(rel, attnums);
	if (!blindly)
		br_lookup_tops(rel, modify->user, key, &tops, &modify->counters);
	br_change_columns(modify->composer, kept, settings, &tops, &changes);
	br_changes_finish(modify->composer, &changes);
	return changes;
}

/* Sends one write and waits for it; what the answer has goes into the slot, if wanted. */
static bool
write_one(BrModify *modify, EState *estate, BrWrite *write, TupleTableSlot *slot)
{
	BrWriter   *writer = modify->writer;
	BrFate		fate;
	BrSpan		item;

	br_writer_send(writer, write, &fate);
	br_writing_settle(modify->rel, writer);
	if (fate != BR_FATE_WRITTEN)
		return false;
	item = br_writer_returned(writer);
	if (modify->returns && item.type != BR_TYPE_ABSENT)
	{
		MemoryContext caller = MemoryContextSwitchTo(GetPerTupleMemoryContext(estate));

		br_compose_row(modify->composer, item.ptr, item.len, slot);
		MemoryContextSwitchTo(caller);
	}
	return true;
}

static MemoryContext
room(BrModify *modify, ResultRelInfo *rinfo, EState *estate)
{
	MemoryContext context;

	if (!br_writer_room(writer_of(modify, rinfo, estate), &context))
		br_writing_settle(modify->rel, modify->writer);
	return context;
}

/*
 * As in tables of PostgreSQL's own, a row that a join finds twice is changed once:
 * the second time it is not the row any more that the statement has read.
 */
TupleTableSlot *
br_exec_foreign_update(EState *estate, ResultRelInfo *rinfo, TupleTableSlot *slot,
					   TupleTableSlot *planSlot)
{
	BrModify   *modify = rinfo->ri_FdwState;
	MemoryContext caller;
	BrWrite		write = {.op = BR_OP_UPDATE_ITEM};
	BrChanges	changes;

	if (rinfo->ri_WithCheckOptions != NIL)
		ExecWithCheckOptions(WCO_VIEW_CHECK, rinfo, slot, estate);
	caller = MemoryContextSwitchTo(room(modify, rinfo, estate));
	key_of(modify, planSlot, &write.key);
	if (!br_touch(modify->touched, &write.key))
	{
		MemoryContextSwitchTo(caller);
		return NULL;
	}
	changes = changes_of(modify, &write.key, slot, rinfo->ri_oldTupleSlot);
	write.table = modify->rel->schema.table;
	write.nchanges = changes.n;
	write.changes = changes.list;
	write.condition = br_changes_condition(br_compose_presence(modify->rel, BR_COND_EXISTS),
										   &changes);
	write.returns = modify->returns ? BR_RETURNS_NEW : BR_RETURNS_NOTHING;
	MemoryContextSwitchTo(caller);
	/* where nothing changes, the row that was read is the row */
	if (changes.n == 0)
		return slot;
	return write_one(modify, estate, &write, slot) ? slot : NULL;
}

/* Where the answer was lost that had the row as it was, it is taken as it was read. */
static void
store_row_read(const BrModify *modify, TupleTableSlot *planSlot, TupleTableSlot *slot)
{
	bool		isnull;
	Datum		datum = ExecGetJunkAttribute(planSlot, modify->whole_row, &isnull);
	HeapTupleData tuple = {0};

	Assert(!isnull);
	tuple.t_data = DatumGetHeapTupleHeader(datum);
	tuple.t_len = HeapTupleHeaderGetDatumLength(tuple.t_data);
	ItemPointerSetInvalid(&tuple.t_self);
	ExecForceStoreHeapTuple(&tuple, slot, false);
}

TupleTableSlot *
br_exec_foreign_delete(EState *estate, ResultRelInfo *rinfo, TupleTableSlot *slot,
					   TupleTableSlot *planSlot)
{
	BrModify   *modify = rinfo->ri_FdwState;
	MemoryContext caller = MemoryContextSwitchTo(room(modify, rinfo, estate));
	BrWrite		write = {
		.op = BR_OP_DELETE_ITEM,
		.table = modify->rel->schema.table,
		.condition = br_compose_presence(modify->rel, BR_COND_EXISTS),
		.returns = modify->returns ? BR_RETURNS_OLD : BR_RETURNS_NOTHING
	};

	key_of(modify, planSlot, &write.key);
	MemoryContextSwitchTo(caller);
	if (!write_one(modify, estate, &write, slot))
		return NULL;
	if (rinfo->ri_projectReturning != NULL &&
		br_writer_returned(modify->writer).type == BR_TYPE_ABSENT)
		store_row_read(modify, planSlot, slot);
	return slot;
}

/* The end */

void
br_end_foreign_modify(EState *estate, ResultRelInfo *rinfo)
{
	BrModify   *modify = rinfo->ri_FdwState;

	if (modify != NULL && modify->writer != NULL)
		br_writing_settle(modify->rel, modify->writer);
}

void
br_explain_foreign_modify(ModifyTableState *mtstate, ResultRelInfo *rinfo, List *fdw_private,
						  int subplan, ExplainState *es)
{
	BrModify   *modify = rinfo->ri_FdwState;
	BrRelation *rel = br_relation_open(rinfo->ri_RelationDesc);

	if (((ModifyTable *) mtstate->ps.plan)->onConflictAction == ONCONFLICT_NOTHING)
		rel->upsert = false;
	/* it is asked before the statement ends, and is to tell of all of it */
	if (es->analyze && modify != NULL && modify->writer != NULL)
		br_writing_settle(modify->rel, modify->writer);
	br_explain_writes(mtstate->operation, rel,
					  mtstate->operation == CMD_INSERT ? br_insert_mode(rel) : BR_LOT_SINGLE,
					  modify != NULL ? &modify->counters : NULL, es);
}
