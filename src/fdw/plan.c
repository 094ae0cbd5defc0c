/*
 * plan.c
 *		One path for each way to read that the clauses allow.
 *
 * Planning makes no request: all it knows stands in the catalogs.
 */
#include "base/br.h"

#include "access/table.h"
#include "fdw/compat.h"
#include "fdw/plan.h"
#include "fdw/qual.h"
#include "nodes/makefuncs.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/planmain.h"
#include "optimizer/restrictinfo.h"

bool		br_enable_pushdown = true;

/*
 * Costs in the planner's currency, in which reading a page from disk is 1: a
 * round trip to the service takes milliseconds, and a read unit costs money.
 */
#define COST_PER_REQUEST	100.0
#define COST_PER_UNIT		1.0

/* What the callbacks of one relation share while it is planned. */
typedef struct RelPlan
{
	BrRelation *rel;
	BrQuals		quals;
	Bitmapset  *attnums;
	int			naccesses;
	BrAccess	accesses[BR_MAX_ACCESSES];
} RelPlan;

/* The columns that the query reads, be it to check its clauses. */
static Bitmapset *
needed_columns(const BrRelation *rel, RelOptInfo *baserel)
{
	Bitmapset  *offset_attnums = NULL;
	Bitmapset  *attnums = NULL;
	int			member = -1;
	ListCell   *lc;

	pull_varattnos((Node *) baserel->reltarget->exprs, baserel->relid, &offset_attnums);
	foreach(lc, baserel->baserestrictinfo)
		pull_varattnos((Node *) lfirst_node(RestrictInfo, lc)->clause,
					   baserel->relid, &offset_attnums);

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

/* The attributes behind the needed columns, for asking whether an index has them. */
static int
needed_attributes(const BrRelation *rel, const Bitmapset *attnums,
				  const char ***names, bool *whole_item)
{
	int			n = 0;
	int			max = 0;
	int			attnum = -1;

	*whole_item = false;
	for (int i = 0; i < rel->ncolumns; i++)
		max += rel->columns[i].paths.npaths;
	*names = palloc(sizeof(char *) * Max(max, 1));
	while ((attnum = bms_next_member(attnums, attnum)) >= 0)
	{
		const BrColumn *column = br_relation_column(rel, attnum);

		if (column->kind == BR_COLUMN_ITEM)
			*whole_item = true;
		else if (column->kind == BR_COLUMN_ATTRIBUTE)
		{
			for (int i = 0; i < column->paths.npaths; i++)
				(*names)[n++] = column->paths.paths[i].steps[0].name;
		}
	}
	return n;
}

/* The number of full keys that are named, which is the most rows there can be; 0: none. */
static double
count_named_keys(const RelPlan *plan)
{
	for (int i = 0; i < plan->naccesses; i++)
	{
		if (plan->accesses[i].op == BR_OP_GET_ITEM ||
			plan->accesses[i].op == BR_OP_BATCH_GET_ITEM)
			return plan->accesses[i].probes;
	}
	return 0;
}

void
br_get_foreign_rel_size(PlannerInfo *root, RelOptInfo *baserel, Oid relid)
{
	RelPlan    *plan = palloc0(sizeof(RelPlan));
	Relation	relation = table_open(relid, NoLock);
	const char **needed;
	int			nneeded;
	bool		whole_item;
	double		named_keys;

	plan->rel = br_relation_open(relation);
	table_close(relation, NoLock);
	baserel->fdw_private = plan;

	if (br_enable_pushdown)
		br_quals_extract(root, plan->rel, baserel->relid,
						 baserel->baserestrictinfo, &plan->quals);
	plan->attnums = needed_columns(plan->rel, baserel);
	nneeded = needed_attributes(plan->rel, plan->attnums, &needed, &whole_item);
	plan->naccesses = br_choose(&plan->rel->schema,
								(BrPredicates) {plan->quals.n, plan->quals.list},
								nneeded, needed, whole_item,
								plan->rel->consistent, plan->accesses);

	/* a table that was never analysed has no size of its own */
	if (baserel->tuples <= 0)
		baserel->tuples = plan->rel->rows;
	set_baserel_size_estimates(root, baserel);
	named_keys = count_named_keys(plan);
	if (named_keys > 0)
		baserel->rows = named_keys;
}

static void
add_access_path(PlannerInfo *root, RelOptInfo *baserel, RelPlan *relplan,
				const BrAccess *access)
{
	BrPlan		plan = {
		.access = *access,
		.predicates = {relplan->quals.n, relplan->quals.list},
		.attnums = relplan->attnums
	};
	Cost		run_cost;

	plan.cost = br_cost_estimate(&relplan->rel->schema, access, baserel->rows,
								 relplan->rel->consistent);
	run_cost = plan.cost.requests * COST_PER_REQUEST +
		plan.cost.units * COST_PER_UNIT +
		plan.cost.items * cpu_tuple_cost +
		baserel->rows * (cpu_tuple_cost + baserel->baserestrictcost.per_tuple) +
		baserel->baserestrictcost.startup;

	add_path(baserel, (Path *)
			 br_create_foreignscan_path(root, baserel, baserel->rows,
										COST_PER_REQUEST,
										COST_PER_REQUEST + run_cost,
										br_plan_pack(&plan, relplan->rel)));
}

void
br_get_foreign_paths(PlannerInfo *root, RelOptInfo *baserel, Oid relid)
{
	RelPlan    *plan = baserel->fdw_private;

	for (int i = 0; i < plan->naccesses; i++)
		add_access_path(root, baserel, plan, &plan->accesses[i]);
}

ForeignScan *
br_get_foreign_plan(PlannerInfo *root, RelOptInfo *baserel, Oid relid,
					ForeignPath *best_path, List *tlist, List *scan_clauses,
					Plan *outer_plan)
{
	RelPlan    *plan = baserel->fdw_private;

	/* every clause is checked on the rows, also those that were sent */
	return make_foreignscan(tlist,
							extract_actual_clauses(scan_clauses, false),
							baserel->relid,
							plan->quals.exprs,
							best_path->fdw_private,
							NIL, NIL, outer_plan);
}

/*
 * A packed plan is a list of these, in this order.
 */
enum PackedPlan
{
	PACKED_OPERATION,			/* Integer: BrOperation */
	PACKED_INDEX,				/* String: its name, "" for the table */
	PACKED_PREDICATES,			/* List of lists: attribute, type, op, value */
	PACKED_ATTNUMS,				/* List of int: the columns needed */
	PACKED_COST,				/* List of Float: items, requests, units */
};

static List *
pack_predicates(BrPredicates predicates)
{
	List	   *packed = NIL;

	for (int i = 0; i < predicates.n; i++)
	{
		const BrPredicate *pred = &predicates.list[i];

		packed = lappend(packed,
						 list_make4(makeString(pstrdup(pred->attribute)),
									makeInteger(pred->type),
									makeInteger(pred->op),
									makeInteger(pred->value)));
	}
	return packed;
}

static Node *
pack_number(double number)
{
	return (Node *) makeFloat(psprintf("%.17g", number));
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
	packed = list_make4(makeInteger(plan->access.op),
						makeString(pstrdup(index)),
						pack_predicates(plan->predicates),
						attnums);
	return lappend(packed, list_make3(pack_number(plan->cost.items),
									  pack_number(plan->cost.requests),
									  pack_number(plan->cost.units)));
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
	List	   *predicates = list_nth(packed, PACKED_PREDICATES);
	List	   *cost = list_nth(packed, PACKED_COST);
	BrPredicate *list = palloc(sizeof(BrPredicate) * Max(list_length(predicates), 1));
	ListCell   *lc;

	memset(plan, 0, sizeof(*plan));
	plan->access.op = intVal(list_nth(packed, PACKED_OPERATION));
	plan->access.index = find_index(rel, strVal(list_nth(packed, PACKED_INDEX)));

	foreach(lc, predicates)
	{
		List	   *fields = lfirst(lc);

		list[plan->predicates.n++] = (BrPredicate) {
			.attribute = strVal(linitial(fields)),
			.type = intVal(lsecond(fields)),
			.op = intVal(lthird(fields)),
			.value = intVal(lfourth(fields))
		};
	}
	plan->predicates.list = list;
	foreach(lc, (List *) list_nth(packed, PACKED_ATTNUMS))
		plan->attnums = bms_add_member(plan->attnums, lfirst_int(lc));
	plan->cost.items = floatVal(linitial(cost));
	plan->cost.requests = floatVal(lsecond(cost));
	plan->cost.units = floatVal(lthird(cost));
}
