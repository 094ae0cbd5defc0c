/*
 * plan.c
 *		From the chosen path to a plan, and from a plan to the executor.
 */
#include "base/br.h"

#include "access/segment.h"
#include "fdw/gate.h"
#include "fdw/join.h"
#include "fdw/plan.h"
#include "nodes/makefuncs.h"
#include "optimizer/planmain.h"
#include "optimizer/restrictinfo.h"

/*
 * A packed plan is a list of these, in this order.
 */
enum PackedPlan
{
	PACKED_OPERATION,			/* Integer: BrOperation */
	PACKED_INDEX,				/* String: its name, "" for the table */
	PACKED_FETCH,				/* Integer: BrFetchMode */
	PACKED_BACKWARD,			/* Boolean */
	PACKED_ORDER,				/* Integer: attribute number */
	PACKED_MERGED,				/* Boolean */
	PACKED_LIMIT,				/* Integer: size of the first page */
	PACKED_BOUND,				/* Integer: rows wanted */
	PACKED_COUNT_ONLY,			/* Boolean */
	PACKED_PREDICATES,			/* List of pack_predicate()'s */
	PACKED_ATTNUMS,				/* List of int: the columns needed */
	PACKED_COST,				/* as br_cost_pack has it */
	PACKED_GATES,				/* Integer */
};

static List *
pack_predicate(const BrPredicate *pred)
{
	StringInfoData path;

	initStringInfo(&path);
	if (pred->path != NULL)
		br_path_append(&path, pred->path);
	return list_make5(list_make2(makeString(pstrdup(pred->attribute)), makeString(path.data)),
					  makeInteger(pred->type),
					  makeInteger(pred->op),
					  list_make2_int(pred->value, pred->column),
					  makeInteger(pred->below));
}

static void
unpack_predicate(List *packed, BrPredicate *pred)
{
	List	   *names = linitial(packed);
	const char *path = strVal(lsecond(names));
	BrPaths		paths;
	BrError		err;

	*pred = (BrPredicate) {
		.attribute = strVal(linitial(names)),
		.type = intVal(lsecond(packed)),
		.op = intVal(lthird(packed)),
		.value = linitial_int(lfourth(packed)),
		.column = lsecond_int(lfourth(packed)),
		.below = intVal(llast(packed))
	};
	if (path[0] == '\0')
		return;
	if (!br_paths_parse(path, &paths, &err))
		elog(ERROR, "could not read back the path %s: %s", path, err.message);
	pred->path = &paths.paths[0];
}

List *
br_predicates_pack(BrPredicates predicates)
{
	List	   *packed = NIL;

	for (int i = 0; i < predicates.n; i++)
		packed = lappend(packed, pack_predicate(&predicates.list[i]));
	return packed;
}

static Node *
pack_number(double number)
{
	return (Node *) makeFloat(psprintf("%.17g", number));
}

BrPredicates
br_predicates_unpack(List *packed)
{
	BrPredicate *list = palloc(sizeof(BrPredicate) * Max(list_length(packed), 1));
	ListCell   *lc;

	foreach(lc, packed)
		unpack_predicate(lfirst(lc), &list[foreach_current_index(lc)]);
	return (BrPredicates) {list_length(packed), list};
}

List *
br_cost_pack(const BrCost *cost)
{
	return list_make5(pack_number(cost->items),
					  pack_number(cost->requests), pack_number(cost->units),
					  pack_number(cost->fetch_requests), pack_number(cost->fetch_units));
}

BrCost
br_cost_unpack(List *packed)
{
	return (BrCost) {
		.items = floatVal(linitial(packed)),
		.requests = floatVal(lsecond(packed)),
		.units = floatVal(lthird(packed)),
		.fetch_requests = floatVal(lfourth(packed)),
		.fetch_units = floatVal(llast(packed))
	};
}

List *
br_plan_pack(const BrPlan *plan, const BrRelation *rel)
{
	const char *index = plan->access.index < 0 ? "" :
		rel->schema.indexes[plan->access.index].info.name;
	List	   *packed;
	List	   *attnums = NIL;
	int			attnum = -1;

	while ((attnum = bms_next_member(plan->attnums, attnum)) >= 0)
		attnums = lappend_int(attnums, attnum);
	packed = list_make5(makeInteger(plan->access.op),
						makeString(pstrdup(index)),
						makeInteger(plan->access.fetch),
						makeBoolean(plan->backward),
						makeInteger(plan->order));
	packed = lappend(packed, makeBoolean(plan->merged));
	packed = lappend(packed, makeInteger(plan->limit));
	packed = lappend(packed, makeInteger(plan->bound));
	packed = lappend(packed, makeBoolean(plan->count_only));
	packed = lappend(packed, br_predicates_pack(plan->predicates));
	packed = lappend(packed, attnums);
	packed = lappend(packed, br_cost_pack(&plan->cost));
	return lappend(packed, makeInteger(plan->ngates));
}

bool
br_plan_is_consistent(const BrPlan *plan, const BrRelation *rel)
{
	int			index = plan->access.index;

	return rel->consistent && (index < 0 || !rel->schema.indexes[index].info.global);
}

/* Does the index hold so little that it may be read at once, however large the table is? */
static bool
is_sparse(const BrRelation *rel, int index)
{
	return index >= 0 && rel->schema.indexes[index].sparse;
}

/*
 * A bound that is known may be reached with the first page.  The size follows
 * from the units, of which one is 4 KB, or 8 at eventual consistency.
 */
int
br_plan_segments(const BrPlan *plan, const BrRelation *rel)
{
	double		units = plan->cost.units - plan->cost.fetch_units;

	if (plan->access.op != BR_OP_SCAN || plan->limit > 0)
		return 1;
	if (rel->scan_segments > 0)
		return rel->scan_segments;
	if (!rel->size_known && !is_sparse(rel, plan->access.index))
		return br_segments_for(-1);
	return br_segments_for(units * BR_UNIT_BYTES * (br_plan_is_consistent(plan, rel) ? 1 : 2));
}

static int
find_index(const BrRelation *rel, const char *name)
{
	if (name[0] == '\0')
		return -1;
	for (int i = 0; i < rel->schema.nindexes; i++)
	{
		if (strcmp(rel->schema.indexes[i].info.name, name) == 0)
			return i;
	}
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INCONSISTENT_DESCRIPTOR_INFORMATION),
			 errmsg("foreign table \"%s\" no longer has the index \"%s\"",
					rel->name, name)));
}

void
br_plan_unpack(List *packed, const BrRelation *rel, BrPlan *plan)
{
	ListCell   *lc;

	memset(plan, 0, sizeof(*plan));
	plan->access.op = intVal(list_nth(packed, PACKED_OPERATION));
	plan->access.index = find_index(rel, strVal(list_nth(packed, PACKED_INDEX)));
	plan->access.fetch = intVal(list_nth(packed, PACKED_FETCH));
	plan->backward = boolVal(list_nth(packed, PACKED_BACKWARD));
	plan->order = intVal(list_nth(packed, PACKED_ORDER));
	plan->merged = boolVal(list_nth(packed, PACKED_MERGED));
	plan->limit = intVal(list_nth(packed, PACKED_LIMIT));
	plan->bound = intVal(list_nth(packed, PACKED_BOUND));
	plan->count_only = boolVal(list_nth(packed, PACKED_COUNT_ONLY));
	plan->predicates = br_predicates_unpack(list_nth(packed, PACKED_PREDICATES));
	foreach(lc, (List *) list_nth(packed, PACKED_ATTNUMS))
		plan->attnums = bms_add_member(plan->attnums, lfirst_int(lc));
	plan->cost = br_cost_unpack(list_nth(packed, PACKED_COST));
	plan->ngates = intVal(list_nth(packed, PACKED_GATES));
}

ForeignScan *
br_get_foreign_plan(PlannerInfo *root, RelOptInfo *baserel, Oid relid,
					ForeignPath *best_path, List *tlist, List *scan_clauses,
					Plan *outer_plan)
{
	List	   *packed = linitial(best_path->fdw_private);
	List	   *clauses = extract_actual_clauses(scan_clauses, false);
	List	   *gates = NIL;
	bool		count_only;

	if (IS_JOIN_REL(baserel))
		return br_get_join_plan(root, baserel, best_path, tlist, outer_plan);
	count_only = boolVal(list_nth(packed, PACKED_COUNT_ONLY));
	if (br_enable_pushdown && !count_only)
		gates = br_gate_quals(root, baserel->relid, clauses);
	packed = list_copy(packed);
	lfirst(list_nth_cell(packed, PACKED_GATES)) = makeInteger(list_length(gates));

	/*
	 * Every clause is checked on the rows, also those that were sent; but where
	 * only their number comes, there is nothing to check.
	 */
	return make_foreignscan(tlist, count_only ? NIL : clauses, baserel->relid,
							lsecond(best_path->fdw_private), packed,
							NIL, count_only ? clauses : gates, outer_plan);
}
