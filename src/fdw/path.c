/*
 * path.c
 *		One path for each way to read that the clauses allow.
 *
 * Planning makes no request: all it knows stands in the catalogs.
 */
#include "base/br.h"

#include <math.h>

#include "access/filter.h"
#include "access/table.h"
#include "fdw/compat.h"
#include "fdw/guard.h"
#include "fdw/plan.h"
#include "fdw/qual.h"
#include "fdw/target.h"
#include "io/merge.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/restrictinfo.h"
#include "utils/lsyscache.h"

bool		br_enable_pushdown = true;

/*
 * Merging needs a page of each partition before the first row.  Where more
 * partitions are expected, sorting the rows is as good.
 */
#define MAX_MERGED			100

/* An index lags behind its table, so the table is preferred at the same price. */
#define COST_OF_INDEX		10.0

/* What the callbacks of one relation share while it is planned. */
typedef struct RelPlan
{
	PlannerInfo *root;
	RelOptInfo *baserel;
	BrRelation *rel;
	Bitmapset  *attnums;		/* columns needed */
	int			nneeded;		/* the attributes behind them */
	const char **needed;
	bool		whole_item;
	bool		nothing_wanted;	/* columns are needed for the clauses at most */
	bool		analyzed;		/* the planner has statistics of its own */
	BrPurpose	purpose;
} RelPlan;

/* The ways to read that a list of clauses allows. */
typedef struct Lookup
{
	BrQuals		quals;
	int			naccesses;
	BrAccess	accesses[BR_MAX_ACCESSES];
} Lookup;

const BrRelation *
br_planned_relation(const RelOptInfo *baserel)
{
	return ((const RelPlan *) baserel->fdw_private)->rel;
}

Cost
br_path_cost(const BrCost *cost, double rows)
{
	return cost->requests * BR_COST_PER_REQUEST + cost->units * BR_COST_PER_UNIT +
		(cost->items + rows) * cpu_tuple_cost;
}

bool
br_is_planned_direct(const RelOptInfo *baserel)
{
	const RelPlan *plan = baserel->fdw_private;

	return plan != NULL && plan->purpose.direct;
}

Bitmapset *
br_attnums_of(const BrRelation *rel, const Bitmapset *offset_attnums)
{
	Bitmapset  *attnums = NULL;
	int			member = -1;

	while ((member = bms_next_member(offset_attnums, member)) >= 0)
	{
		AttrNumber	attnum = member + FirstLowInvalidHeapAttributeNumber;

		if (attnum > 0)
			attnums = bms_add_member(attnums, attnum);
		else if (attnum == InvalidAttrNumber)
			attnums = bms_add_range(attnums, 1, rel->ncolumns);
	}
	return attnums;
}

/* The columns that the query reads, be it to check its clauses. */
static Bitmapset *
needed_columns(const RelPlan *plan)
{
	RelOptInfo *baserel = plan->baserel;
	Bitmapset  *offset_attnums = NULL;
	ListCell   *lc;

	if (!plan->purpose.direct)
		pull_varattnos((Node *) baserel->reltarget->exprs, baserel->relid, &offset_attnums);
	foreach(lc, baserel->baserestrictinfo)
		pull_varattnos((Node *) lfirst_node(RestrictInfo, lc)->clause,
					   baserel->relid, &offset_attnums);
	return bms_union(br_attnums_of(plan->rel, offset_attnums), plan->purpose.sources);
}

/* The attributes behind the needed columns, for asking whether an index has them. */
static void
find_needed_attributes(RelPlan *plan)
{
	const BrRelation *rel = plan->rel;
	const BrTops *tops = &plan->purpose.tops;
	int			max = tops->n + 1;
	int			attnum = -1;

	for (int i = 0; i < rel->ncolumns; i++)
		max += rel->columns[i].paths.npaths;
	plan->needed = palloc(sizeof(char *) * Max(max, 1));
	while ((attnum = bms_next_member(plan->attnums, attnum)) >= 0)
	{
		const BrColumn *column = br_relation_column(rel, attnum);

		if (column->kind == BR_COLUMN_ITEM)
			plan->whole_item = true;
		else if (column->kind == BR_COLUMN_ATTRIBUTE)
		{
			for (int i = 0; i < column->paths.npaths; i++)
				plan->needed[plan->nneeded++] = column->paths.paths[i].steps[0].name;
		}
	}
	for (int i = 0; i < tops->n; i++)
		plan->needed[plan->nneeded++] = tops->names[i];
	if (rel->having != NULL)
		plan->needed[plan->nneeded++] = rel->having;
}

/*
 * What an item is changed by must be new.  To be found by an index that lags is
 * enough where all that the query says of it is a condition of the change, too.
 */
static BrFreshness
freshness_of(const RelPlan *plan, const BrQuals *quals)
{
	const BrPurpose *purpose = &plan->purpose;
	bool		guarded = purpose->direct && quals->exact;

	if (plan->rel->consistent)
		return BR_FRESH_ALL;
	if (purpose->changes &&
		(br_purpose_needs_values(purpose, plan->rel) ||
		 ((plan->nneeded > 0 || plan->whole_item) && !guarded)))
		return BR_FRESH_VALUES;
	return BR_FRESH_EVENTUALLY;
}

static BrPredicates
predicates_of(const Lookup *lookup)
{
	return (BrPredicates) {lookup->quals.n, lookup->quals.list};
}

/* With pushdown off all is read as it is, and from nowhere but the table. */
static Lookup *
find_lookup(const RelPlan *plan, List *clauses)
{
	Lookup	   *lookup = palloc0(sizeof(Lookup));

	if (!br_enable_pushdown)
	{
		lookup->naccesses = 1;
		lookup->accesses[0] = (BrAccess) {BR_OP_SCAN, -1, BR_FETCH_NOTHING, 1};
		return lookup;
	}
	br_quals_extract(plan->root, plan->rel, plan->baserel->relid, clauses, &lookup->quals);
	lookup->naccesses = br_choose(&plan->rel->schema, predicates_of(lookup),
								  plan->nneeded, plan->needed, plan->whole_item,
								  freshness_of(plan, &lookup->quals), lookup->accesses);
	return lookup;
}

/* The number of full keys that are named, which is the most rows there can be; 0: none. */
static double
count_named_keys(const Lookup *lookup)
{
	for (int i = 0; i < lookup->naccesses; i++)
	{
		if (lookup->accesses[i].op == BR_OP_GET_ITEM ||
			lookup->accesses[i].op == BR_OP_BATCH_GET_ITEM)
			return lookup->accesses[i].probes;
	}
	return 0;
}

/*
 * The rows of a lookup: no more than the keys it names, and without statistics
 * what the benchmark table is known to hold rather than the planner's guess.
 */
static double
estimate_rows(const RelPlan *plan, const Lookup *lookup, double guess)
{
	const BrSchema *schema = &plan->rel->schema;
	double		keys = count_named_keys(lookup);
	double		rows = guess;

	if (!plan->analyzed && schema->entity != NULL && schema->entity->pk_template != NULL)
		rows = plan->baserel->tuples *
			br_key_selectivity(schema, predicates_of(lookup)) *
			clauselist_selectivity(plan->root, lookup->quals.unkeyed, 0, JOIN_INNER, NULL);
	if (keys > 0)
		rows = Min(rows, keys);
	return clamp_row_est(rows);
}

void
br_get_foreign_rel_size(PlannerInfo *root, RelOptInfo *baserel, Oid relid)
{
	RelPlan    *plan = palloc0(sizeof(RelPlan));
	Relation	relation = table_open(relid, NoLock);

	plan->root = root;
	plan->baserel = baserel;
	plan->rel = br_relation_open(relation);
	table_close(relation, NoLock);
	plan->purpose = br_purpose_of(root, baserel, plan->rel);
	plan->attnums = needed_columns(plan);
	find_needed_attributes(plan);
	plan->nothing_wanted = baserel->reltarget->exprs == NIL && !plan->purpose.changes;
	baserel->fdw_private = plan;

	/* a table that was never analysed has no size of its own */
	plan->analyzed = baserel->tuples > 0;
	if (!plan->analyzed)
		baserel->tuples = plan->rel->rows;
	set_baserel_size_estimates(root, baserel);
	baserel->rows = estimate_rows(plan, find_lookup(plan, baserel->baserestrictinfo),
								  baserel->rows);
}

/* Order and limit */

static const BrIndex *
index_of(const RelPlan *relplan, const BrAccess *access)
{
	return access->index < 0 ? NULL : &relplan->rel->schema.indexes[access->index];
}

/*
 * The column of ours that a class of equal expressions is about, if it orders
 * the read; 0 if none does.
 */
static AttrNumber
ordering_column(const RelPlan *relplan, const Lookup *lookup, const BrIndex *index,
				PathKey *pathkey)
{
	EquivalenceClass *ec = pathkey->pk_eclass;
	ListCell   *lc;

	foreach(lc, ec->ec_members)
	{
		EquivalenceMember *em = lfirst(lc);
		const BrColumn *column = NULL;

		if (!em->em_is_const && bms_equal(em->em_relids, relplan->baserel->relids))
			column = br_orders_by(relplan->rel, index, relplan->baserel->relid,
								  (Node *) em->em_expr, ec->ec_collation,
								  predicates_of(lookup));
		if (column != NULL)
			return column - relplan->rel->columns + 1;
	}
	return 0;
}

/*
 * Can the items of the table be read in the order of an index?  By keys they come
 * lot by lot, which is slow for all of them, so only where a part is wanted; and
 * what has moved since is noticed, of values that are easily kept.
 */
static bool
keeps_order_of_index(const RelPlan *relplan, const BrAccess *access, AttrNumber attnum)
{
	const BrColumn *column = br_relation_column(relplan->rel, attnum);
	PlannerInfo *root = relplan->root;

	return access->fetch == BR_FETCH_KEYS && access->probes == 1 &&
		(root->limit_tuples > 0 || root->tuple_fraction > 0) &&
		get_typbyval(column->type) && !br_sorts_seconds(relplan->rel, attnum);
}

/*
 * The order that the query wants, as far as a Query delivers it: by the sort
 * key of its partition, or of all its partitions merged.  There are no NULLs in
 * it.
 */
static List *
delivered_pathkeys(const RelPlan *relplan, const Lookup *lookup, const BrAccess *access,
				   BrPlan *plan)
{
	PathKey    *first;

	if (access->op != BR_OP_QUERY || access->probes > MAX_MERGED ||
		relplan->root->query_pathkeys == NIL)
		return NIL;
	first = linitial(relplan->root->query_pathkeys);
	plan->order = ordering_column(relplan, lookup, index_of(relplan, access), first);
	if (plan->order == 0 ||
		(access->fetch != BR_FETCH_NOTHING && access->fetch != BR_FETCH_BY_SERVICE &&
		 !keeps_order_of_index(relplan, access, plan->order)))
		return NIL;
	plan->merged = access->probes != 1;
	plan->backward = br_pathkey_is_descending(first);
	return list_make1(first);
}

/* How many rows the query wants of this path, if it says so and none is dropped; else 0. */
static int
wanted_rows(const RelPlan *relplan, const Lookup *lookup, List *pathkeys)
{
	PlannerInfo *root = relplan->root;

	if (root->limit_tuples < 1 || root->limit_tuples > 2000 || lookup->quals.nlocal > 0 ||
		!bms_equal(root->all_baserels, relplan->baserel->relids) ||
		!pathkeys_contained_in(root->query_pathkeys, pathkeys))
		return 0;
	return (int) root->limit_tuples;
}

/*
 * The size of the first page.  It is a hint and no more: pages go on coming until
 * the executor stops.  An index holds items of other entities too, so there is
 * some slack.
 */
static int
page_size(const RelPlan *relplan, const Lookup *lookup, const BrAccess *access, int wanted)
{
	double		bound = wanted;

	if (bound == 0 || access->op == BR_OP_GET_ITEM || access->op == BR_OP_BATCH_GET_ITEM)
		return 0;
	/* a filter lets an unknown share through: whole pages need fewer requests */
	if (br_filter_exists(&relplan->rel->schema, index_of(relplan, access), access->op,
						 predicates_of(lookup)))
		return 0;
	/* of many partitions each has a few of the wanted rows */
	bound = Min(bound, ceil(2 * bound / access->probes));
	/* of what is read for one of the rarer entities hardly anything is wanted */
	if ((access->op == BR_OP_SCAN || access->index >= 0) &&
		relplan->rel->schema.entity != NULL &&
		relplan->rel->schema.entity->share < 0.5)
		return 0;
	return (int) Max(2 * bound, bound + 32);
}

/*
 * Is the number of rows all that is wanted, and does the service know it?  Paths
 * of joins are left alone: they are for a few rows each.
 */
static bool
counts_only(const RelPlan *relplan, const Lookup *lookup, const BrAccess *access,
			Relids required_outer)
{
	/* the service counts by keys, and knows of no further checks */
	if (relplan->rel->having != NULL || relplan->rel->schema.config_required)
		return false;
	return relplan->nothing_wanted && required_outer == NULL && lookup->quals.exact &&
		(access->op == BR_OP_QUERY || access->op == BR_OP_SCAN) &&
		access->fetch == BR_FETCH_NOTHING &&
		br_access_is_exact(&relplan->rel->schema, access, predicates_of(lookup),
						   relplan->rel->well_formed);
}

/*
 * A Scan that is denied still has a path, as there must be one, but any other
 * is better.
 */
static Cost
penalty(const RelPlan *relplan, const BrAccess *access)
{
	return access->op == BR_OP_SCAN &&
		br_effective_scan_policy(relplan->rel) == BR_SCAN_DENY ? disable_cost : 0;
}

/*
 * What order costs beyond the requests that there are anyway: where partitions
 * are merged, their pages are smaller, and each has one before the first row.
 */
static Cost
cost_order(BrPlan *plan, double rows, Cost *startup)
{
	double		partitions = plan->access.probes;

	if (!plan->merged || partitions <= 1)
		return 0;
	plan->cost.requests = Max(plan->cost.requests,
							  ceil(plan->cost.items / br_merge_page_size(partitions)));
	*startup += (partitions - 1) * BR_COST_PER_REQUEST;
	return rows * cpu_operator_cost * log2(partitions);
}

/* The rows that a Query reads, by the planner's statistics of the conditions that narrow it. */
static double
narrowed_rows(const RelPlan *relplan, const Lookup *lookup, const BrAccess *access)
{
	List	   *narrowing = NIL;

	br_foreach_predicate(pred, predicates_of(lookup))
	{
		RestrictInfo *source = list_nth(lookup->quals.sources, pred - lookup->quals.list);

		if (source != NULL &&
			br_access_is_narrowed_by(&relplan->rel->schema, access, pred))
			narrowing = list_append_unique_ptr(narrowing, source);
	}
	return relplan->baserel->tuples *
		clauselist_selectivity(relplan->root, narrowing, relplan->baserel->relid,
							   JOIN_INNER, NULL);
}

/* Adds the path, without an order unless pathkeys say one. */
static void
add_planned_path(const RelPlan *relplan, const Lookup *lookup, BrPlan *plan,
				 double rows, Relids required_outer, List *pathkeys)
{
	RelOptInfo *baserel = relplan->baserel;
	Cost		startup_cost = BR_COST_PER_REQUEST;
	Cost		total_cost = 0;

	plan->bound = wanted_rows(relplan, lookup, pathkeys);
	plan->limit = page_size(relplan, lookup, &plan->access, plan->bound);
	plan->cost = br_cost_estimate(&relplan->rel->schema, &plan->access, plan->predicates,
								  rows, narrowed_rows(relplan, lookup, &plan->access),
								  relplan->rel->consistent);
	total_cost += cost_order(plan, rows, &startup_cost);
	total_cost += penalty(relplan, &plan->access) +
		(plan->access.index >= 0 ? COST_OF_INDEX : 0) +
		br_path_cost(&plan->cost, rows) +
		rows * baserel->baserestrictcost.per_tuple +
		baserel->baserestrictcost.startup;

	add_path(baserel, (Path *)
			 br_create_foreignscan_path(relplan->root, baserel, rows,
										startup_cost, total_cost,
										pathkeys, required_outer,
										list_make2(br_plan_pack(plan, relplan->rel),
												   lookup->quals.exprs)));
}

static void
add_access_path(const RelPlan *relplan, const Lookup *lookup, const BrAccess *access,
				double rows, Relids required_outer)
{
	BrPlan		plain = {
		.access = *access,
		.predicates = predicates_of(lookup),
		.attnums = relplan->attnums
	};
	BrPlan		ordered = plain;
	List	   *pathkeys = delivered_pathkeys(relplan, lookup, access, &ordered);

	plain.count_only = counts_only(relplan, lookup, access, required_outer);
	if (pathkeys != NIL)
		add_planned_path(relplan, lookup, &ordered, rows, required_outer, pathkeys);
	/* the order of one partition costs nothing */
	if (pathkeys == NIL || ordered.merged)
		add_planned_path(relplan, lookup, &plain, rows, required_outer, NIL);
}

/* Joins: reading by keys that come from another table, row by row */

/* Does the clause say anything about what to read? */
static bool
is_useful(const RelPlan *plan, RestrictInfo *rinfo)
{
	BrQuals		quals;

	if (!br_enable_pushdown)
		return false;
	br_quals_extract(plan->root, plan->rel, plan->baserel->relid, list_make1(rinfo), &quals);
	return quals.n > 0;
}

/* Paths whose keys come from these relations. */
static void
add_parameterized_paths(const RelPlan *plan, Relids required_outer)
{
	RelOptInfo *baserel = plan->baserel;
	ParamPathInfo *info = get_baserel_parampathinfo(plan->root, baserel, required_outer);
	Lookup	   *lookup = find_lookup(plan, list_concat_copy(baserel->baserestrictinfo,
															info->ppi_clauses));
	double		rows = estimate_rows(plan, lookup, info->ppi_rows);

	for (int i = 0; i < lookup->naccesses; i++)
	{
		/* a Scan for each row of the other side is never what is wanted */
		if (lookup->accesses[i].op != BR_OP_SCAN)
			add_access_path(plan, lookup, &lookup->accesses[i], rows, required_outer);
	}
}

/* For generate_implied_equalities_for_column: is the member a column of use? */
static bool
is_key_member(PlannerInfo *root, RelOptInfo *rel, EquivalenceClass *ec,
			  EquivalenceMember *em, void *arg)
{
	return br_is_key_column(arg, rel->relid, (Node *) em->em_expr);
}

/* Before 16 a Bitmapset was no node, so list_member() cannot compare them. */
static bool
has_set(List *sets, Relids set)
{
	ListCell   *lc;

	foreach(lc, sets)
	{
		if (bms_equal(lfirst(lc), set))
			return true;
	}
	return false;
}

/* Adds the other relations of useful clauses, each set once. */
static List *
collect_outer_sets(const RelPlan *plan, List *clauses, List *sets)
{
	ListCell   *lc;

	foreach(lc, clauses)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);
		Relids		outer;

		if (!join_clause_is_movable_to(rinfo, plan->baserel) || !is_useful(plan, rinfo))
			continue;
		outer = bms_union(rinfo->clause_relids, plan->baserel->lateral_relids);
		outer = bms_del_member(outer, plan->baserel->relid);
		if (!bms_is_empty(outer) && !has_set(sets, outer))
			sets = lappend(sets, outer);
	}
	return sets;
}

static void
add_join_paths(const RelPlan *plan)
{
	RelOptInfo *baserel = plan->baserel;
	List	   *sets = collect_outer_sets(plan, baserel->joininfo, NIL);
	Relids		all = NULL;
	ListCell   *lc;

	if (baserel->has_eclass_joins)
	{
		List	   *implied =
		generate_implied_equalities_for_column(plan->root, baserel, is_key_member,
											   plan->rel, baserel->lateral_referencers);

		sets = collect_outer_sets(plan, implied, sets);
	}

	foreach(lc, sets)
	{
		add_parameterized_paths(plan, lfirst(lc));
		all = bms_union(all, lfirst(lc));
	}
	/* the parts of a key may come from several tables */
	if (list_length(sets) > 1 && !has_set(sets, all))
		add_parameterized_paths(plan, all);
}

void
br_get_foreign_paths(PlannerInfo *root, RelOptInfo *baserel, Oid relid)
{
	RelPlan    *plan = baserel->fdw_private;
	Lookup	   *lookup = find_lookup(plan, baserel->baserestrictinfo);

	for (int i = 0; i < lookup->naccesses; i++)
		add_access_path(plan, lookup, &lookup->accesses[i], baserel->rows,
						baserel->lateral_relids);
	add_join_paths(plan);
}
