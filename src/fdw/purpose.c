/*
 * purpose.c
 *		Will the rows of a scan be changed directly, and what does that need?
 */
#include "base/br.h"

#include "fdw/plan.h"
#include "fdw/purpose.h"
#include "fdw/readfirst.h"
#include "optimizer/optimizer.h"
#include "optimizer/plancat.h"

bool
br_sets_index_key(const BrRelation *rel, List *attnums)
{
	BrTops		tops = br_tops_of(rel, attnums);

	for (int i = 0; i < rel->schema.nindexes; i++)
	{
		const BrIndexInfo *index = &rel->schema.indexes[i].info;

		for (int j = 0; j < tops.n; j++)
		{
			if (br_same_name(tops.names[j], index->pk) || br_same_name(tops.names[j], index->sk))
				return true;
		}
	}
	return false;
}

bool
br_sets_whole_item(const BrRelation *rel, List *attnums)
{
	ListCell   *lc;

	foreach(lc, attnums)
	{
		if (br_relation_column(rel, lfirst_int(lc))->kind == BR_COLUMN_ITEM)
			return true;
	}
	return false;
}

/* Those that cannot be changed blindly. */
static List *
columns_to_know(const BrRelation *rel, List *attnums)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, attnums)
	{
		if (!br_is_changed_blindly(br_relation_column(rel, lfirst_int(lc))))
			result = lappend_int(result, lfirst_int(lc));
	}
	return result;
}

Bitmapset *
br_columns_of_values(const BrRelation *rel, Index varno, List *targetlist)
{
	Bitmapset  *offset_attnums = NULL;
	ListCell   *lc;

	foreach(lc, targetlist)
	{
		TargetEntry *entry = lfirst_node(TargetEntry, lc);

		if (!entry->resjunk || !IsA(entry->expr, Var))
			pull_varattnos((Node *) entry->expr, varno, &offset_attnums);
	}
	return br_attnums_of(rel, offset_attnums);
}

/*
 * The conditions under which PostgreSQL asks for a direct modification, and those
 * under which we take it: a single table, and nobody else who looks at its rows.
 */
static bool
is_direct(PlannerInfo *root, RelOptInfo *baserel, const BrRelation *rel, List *sets)
{
	Query	   *parse = root->parse;

	return br_enable_pushdown && baserel->reloptkind == RELOPT_BASEREL &&
		bms_membership(root->all_baserels) == BMS_SINGLETON &&
		parse->returningList == NIL && parse->withCheckOptions == NIL &&
		!root->hasPseudoConstantQuals &&
		!has_row_triggers(root, baserel->relid, parse->commandType) &&
		!has_stored_generated_columns(root, baserel->relid) &&
		!br_subqueries_read(root, rel->server_id) &&
		!br_sets_whole_item(rel, sets) && !br_sets_index_key(rel, sets);
}

BrPurpose
br_purpose_of(PlannerInfo *root, RelOptInfo *baserel, const BrRelation *rel)
{
	BrPurpose	purpose = {0};
	CmdType		command = root->parse->commandType;

	if ((command != CMD_UPDATE && command != CMD_DELETE) ||
		!bms_is_member(baserel->relid, root->all_result_relids))
		return purpose;
	purpose.changes = true;
	if (command == CMD_UPDATE)
		purpose.sets = root->update_colnos;
	purpose.direct = is_direct(root, baserel, rel, purpose.sets);
	if (!purpose.direct)
		return purpose;
	br_check_changeable(rel, purpose.sets);
	purpose.sources = br_columns_of_values(rel, baserel->relid, root->processed_tlist);
	purpose.tops = br_tops_of(rel, columns_to_know(rel, purpose.sets));
	return purpose;
}

bool
br_purpose_needs_values(const BrPurpose *purpose, const BrRelation *rel)
{
	int			attnum = -1;

	while ((attnum = bms_next_member(purpose->sources, attnum)) >= 0)
	{
		if (br_relation_column(rel, attnum)->kind != BR_COLUMN_KEY)
			return true;
	}
	return purpose->tops.n > 0;
}
