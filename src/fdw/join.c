/*
 * join.c
 *		Planning the join of a run with its aggregates as one Query.
 *
 * The two lie in one partition (access/pair.h).  What must be true of the rows is
 * checked here, as always: of an inner join on the joined rows, of a left join
 * in part before it is known whether a row has a match.  A join is left to the
 * core where it cannot be proven to be of one run, or where anything makes the
 * columns of a side other than those of its item.
 */
#include "base/br.h"

#include "access/pair.h"
#include "fdw/compat.h"
#include "fdw/join.h"
#include "fdw/qual.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/planmain.h"
#include "optimizer/restrictinfo.h"
#include "optimizer/tlist.h"

/* A join under consideration. */
typedef struct Pair
{
	RelOptInfo *one_rel;
	RelOptInfo *many_rel;
	const BrRelation *one;
	const BrRelation *many;
	BrQuals		many_quals;
	List	   *exprs;			/* the values of the partition key's variables */
	BrPredicates predicates;	/* on them */
} Pair;

/*
 * Conditions that may not be seen by those who wrote others, and those that
 * decide about the whole plan, need their places in it.
 */
static bool
are_plain(List *rinfos)
{
	ListCell   *lc;

	foreach(lc, rinfos)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);

		if (rinfo->security_level > 0 || rinfo->pseudoconstant)
			return false;
	}
	return true;
}

/* Are all of these columns, no whole rows and no system columns? */
static bool
are_columns(List *exprs)
{
	ListCell   *lc;

	foreach(lc, exprs)
	{
		if (!IsA(lfirst(lc), Var) || ((Var *) lfirst(lc))->varattno <= 0)
			return false;
	}
	return true;
}

/* May rows of these relations be made here at all? */
static bool
is_possible(PlannerInfo *root, RelOptInfo *joinrel, RelOptInfo *outerrel,
			RelOptInfo *innerrel, JoinPathExtraData *extra)
{
	CmdType		command = root->parse->commandType;

	return br_enable_pushdown &&
		(command == CMD_SELECT || command == CMD_INSERT) &&
		root->rowMarks == NIL && root->placeholder_list == NIL &&
		bms_is_empty(joinrel->lateral_relids) &&
		outerrel->reloptkind == RELOPT_BASEREL && innerrel->reloptkind == RELOPT_BASEREL &&
		are_columns(outerrel->reltarget->exprs) && are_columns(innerrel->reltarget->exprs) &&
		are_columns(joinrel->reltarget->exprs) &&
		are_plain(outerrel->baserestrictinfo) && are_plain(innerrel->baserestrictinfo) &&
		are_plain(extra->restrictlist);
}

/*
 * Do both sides name the same partition?  Then the predicates are put on its
 * variables.
 */
static bool
names_one_partition(PlannerInfo *root, Pair *pair)
{
	const BrSchema *many = &pair->many->schema;
	BrQuals		one_quals;
	BrPredicate *list = palloc(sizeof(BrPredicate) * many->pk.nparts);
	int			n = 0;

	br_quals_extract(root, pair->one, pair->one_rel->relid,
					 pair->one_rel->baserestrictinfo, &one_quals);
	br_quals_extract(root, pair->many, pair->many_rel->relid,
					 pair->many_rel->baserestrictinfo, &pair->many_quals);
	for (int i = 0; i < many->pk.nparts; i++)
	{
		const BrPredicate *of_one;
		const BrPredicate *of_many;

		if (many->pk.parts[i].variable < 0)
			continue;
		of_one = br_pair_key(many, i, (BrPredicates) {one_quals.n, one_quals.list});
		of_many = br_pair_key(many, i, (BrPredicates) {pair->many_quals.n, pair->many_quals.list});
		if (of_one == NULL || of_many == NULL ||
			!equal(list_nth(one_quals.exprs, of_one->value),
				   list_nth(pair->many_quals.exprs, of_many->value)))
			return false;
		list[n] = *of_many;
		list[n++].value = list_length(pair->exprs);
		pair->exprs = lappend(pair->exprs, list_nth(pair->many_quals.exprs, of_many->value));
	}
	pair->predicates = (BrPredicates) {n, list};
	return true;
}

/* What is read for both is charged to one, so what binds one must bind the other. */
static bool
have_same_limits(const BrRelation *one, const BrRelation *many)
{
	for (int i = 0; i < BR_NUM_LIMITS; i++)
	{
		if (one->limits[i] != many->limits[i])
			return false;
	}
	return true;
}

static bool
find_pair(PlannerInfo *root, RelOptInfo *one_rel, RelOptInfo *many_rel, Pair *pair)
{
	*pair = (Pair) {
		.one_rel = one_rel, .many_rel = many_rel,
		.one = br_planned_relation(one_rel), .many = br_planned_relation(many_rel)
	};
	return have_same_limits(pair->one, pair->many) &&
		br_pair_fits(&pair->one->schema, &pair->many->schema) &&
		names_one_partition(root, pair);
}

static BrCost
estimate(const Pair *pair)
{
	BrAccess	access = {BR_OP_QUERY, -1, BR_FETCH_NOTHING, 1};
	BrCost		cost = br_cost_estimate(&pair->many->schema, &access, pair->predicates,
										pair->many_rel->rows, pair->many_rel->rows,
										pair->one->consistent || pair->many->consistent);

	cost.items++;
	return cost;
}

/* Packed plans */

enum PackedJoin
{
	PACKED_ONE_FIRST,			/* Boolean */
	PACKED_LEFT,				/* Boolean */
	PACKED_NVALUES,				/* Integer */
	PACKED_PREDICATES,			/* as br_predicates_pack has them */
	PACKED_COST					/* as br_cost_pack has it */
};

void
br_join_plan_unpack(List *packed, BrJoinPlan *plan)
{
	plan->one_first = boolVal(list_nth(packed, PACKED_ONE_FIRST));
	plan->left = boolVal(list_nth(packed, PACKED_LEFT));
	plan->nvalues = intVal(list_nth(packed, PACKED_NVALUES));
	plan->predicates = br_predicates_unpack(list_nth(packed, PACKED_PREDICATES));
	plan->cost = br_cost_unpack(list_nth(packed, PACKED_COST));
}

/* What a path keeps until it is made a plan. */
enum JoinPrivate
{
	PRIVATE_PACKED,				/* the packed plan */
	PRIVATE_EXPRS,				/* values of its predicates */
	PRIVATE_MATCHING,			/* clauses that must be true of what matches */
	PRIVATE_CHECKED				/* clauses that must be true of the rows */
};

/*
 * Which conditions decide about a match, and which about the rows that come of
 * it: the second kind are the outer side's own and those behind the join.
 */
static void
sort_clauses(const Pair *pair, bool left, RelOptInfo *joinrel, List *restrictlist,
			 List **matching, List **checked)
{
	List	   *matches = NIL;
	List	   *checks = list_copy(pair->one_rel->baserestrictinfo);
	ListCell   *lc;

	if (left)
		matches = list_copy(pair->many_rel->baserestrictinfo);
	else
		checks = list_concat(checks, pair->many_rel->baserestrictinfo);
	foreach(lc, restrictlist)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);

		if (left && !RINFO_IS_PUSHED_DOWN(rinfo, joinrel->relids))
			matches = lappend(matches, rinfo);
		else
			checks = lappend(checks, rinfo);
	}
	*matching = extract_actual_clauses(matches, false);
	*checked = extract_actual_clauses(checks, false);
}

static void
add_join_path(PlannerInfo *root, RelOptInfo *joinrel, const Pair *pair, bool left,
			  JoinPathExtraData *extra)
{
	BrCost		cost = estimate(pair);
	List	   *matching;
	List	   *checked;
	List	   *packed;

	sort_clauses(pair, left, joinrel, extra->restrictlist, &matching, &checked);
	packed = list_make5(makeBoolean(pair->one_rel->relid < pair->many_rel->relid),
						makeBoolean(left),
						makeInteger(list_length(pair->exprs)),
						br_predicates_pack(pair->predicates),
						br_cost_pack(&cost));
	add_path(joinrel, (Path *)
			 br_create_foreign_join_path(root, joinrel, joinrel->rows, BR_COST_PER_REQUEST,
										 br_path_cost(&cost, joinrel->rows),
										 list_make4(packed, pair->exprs, matching, checked)));
}

void
br_get_foreign_join_paths(PlannerInfo *root, RelOptInfo *joinrel,
						  RelOptInfo *outerrel, RelOptInfo *innerrel,
						  JoinType jointype, JoinPathExtraData *extra)
{
	Pair		pair;

	if ((jointype != JOIN_INNER && jointype != JOIN_LEFT) ||
		!is_possible(root, joinrel, outerrel, innerrel, extra))
		return;
	/* an inner join comes in both orders */
	if (find_pair(root, outerrel, innerrel, &pair))
		add_join_path(root, joinrel, &pair, jointype == JOIN_LEFT, extra);
}

/* Plans */

/* The column of the scan's rows that a Var is; adds it if need be. */
static Var *
scan_column(List **tlist, Var *var)
{
	ListCell   *lc;

	foreach(lc, *tlist)
	{
		Var		   *column = (Var *) lfirst_node(TargetEntry, lc)->expr;

		if (column->varno == var->varno && column->varattno == var->varattno)
			return column;
	}
	*tlist = add_to_flat_tlist(*tlist, list_make1(var));
	return var;
}

/*
 * Before a row has been joined its columns cannot have been made NULL by the
 * join, and releases from 16 on tell such Vars from those behind it.  In the
 * rows that are made here both are the same column.
 */
static Node *
as_scanned(Node *node, void *context)
{
	if (node == NULL)
		return NULL;
	if (IsA(node, Var))
		return (Node *) copyObject(scan_column(context, (Var *) node));
	return expression_tree_mutator(node, as_scanned, context);
}

ForeignScan *
br_get_join_plan(PlannerInfo *root, RelOptInfo *joinrel, ForeignPath *path,
				 List *tlist, Plan *outer_plan)
{
	List	   *matching = list_nth(path->fdw_private, PRIVATE_MATCHING);
	List	   *checked = list_nth(path->fdw_private, PRIVATE_CHECKED);
	List	   *scanned = NIL;
	List	   *exprs = list_copy(list_nth(path->fdw_private, PRIVATE_EXPRS));

	/* by now the target may hold what is computed of the columns */
	scanned = add_to_flat_tlist(scanned, pull_var_clause((Node *) joinrel->reltarget->exprs, 0));
	scanned = add_to_flat_tlist(scanned, pull_var_clause((Node *) checked, 0));
	matching = (List *) as_scanned((Node *) matching, &scanned);
	return make_foreignscan(tlist, checked, 0, list_concat(exprs, matching),
							list_nth(path->fdw_private, PRIVATE_PACKED),
							scanned, NIL, outer_plan);
}
