/*
 * gate.c
 *		What can be decided before anything is asked of the service.
 *
 * Where the run is given and a condition is about nothing but the run, the
 * condition holds of all rows or of none, and it need not wait for them: a view
 * that takes from here what has not been copied asks for nothing that has.
 *
 * Such a condition is evaluated even where there are no rows, and again for each
 * row, so it must be one that neither fails nor changes: comparisons by leakproof
 * operators, and subqueries without volatile functions.
 */
#include "base/br.h"

#include "catalog/pg_type.h"
#include "fdw/comparison.h"
#include "fdw/gate.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"

typedef struct Gate
{
	PlannerInfo *root;
	Index		varno;
	List	   *columns;		/* of Var */
	List	   *values;			/* what they are equal to, in the same order */
	bool		unknown;		/* met a column that is equal to nothing known */
} Gate;

/* Are equal values the same in every respect? */
static bool
is_exact_equality(const OpExpr *op, Oid type)
{
	switch (type)
	{
		case TEXTOID:
			if (!br_is_deterministic(op->inputcollid))
				return false;
			break;
		case UUIDOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case TIMESTAMPTZOID:
			break;
		default:
			return false;
	}
	return br_comparison_of(op->opno, type) == BTEqualStrategyNumber;
}

static bool
is_column(const Gate *gate, Node *node)
{
	return IsA(node, Var) && ((Var *) node)->varno == gate->varno &&
		((Var *) node)->varlevelsup == 0 && ((Var *) node)->varattno > 0;
}

/* Notes a clause that says what a column is. */
static bool
note_equality(Gate *gate, Node *clause)
{
	OpExpr	   *op = (OpExpr *) clause;
	Node	   *column;
	Node	   *value;

	if (!IsA(clause, OpExpr) || list_length(op->args) != 2)
		return false;
	column = linitial(op->args);
	value = lsecond(op->args);
	if (!is_column(gate, column))
	{
		column = lsecond(op->args);
		value = linitial(op->args);
	}
	if (!is_column(gate, column) || exprType(value) != exprType(column) ||
		!is_exact_equality(op, exprType(column)) ||
		bms_is_member(gate->varno, pull_varnos(gate->root, value)) ||
		contain_volatile_functions(value) || contain_subplans(value))
		return false;
	gate->columns = lappend(gate->columns, column);
	gate->values = lappend(gate->values, value);
	return true;
}

static bool
can_fail(Oid function, void *context)
{
	return !get_func_leakproof(function);
}

static bool
is_volatile_subquery(const Gate *gate, const SubPlan *subplan)
{
	PlannerInfo *subroot = list_nth(gate->root->glob->subroots, subplan->plan_id - 1);

	return contain_volatile_functions((Node *) subroot->parse);
}

/* Does it matter whether, or how often, the expression is evaluated? */
static bool
is_unfit(Node *node, void *gate)
{
	if (node == NULL)
		return false;
	switch (nodeTag(node))
	{
		case T_BoolExpr:
		case T_Const:
		case T_List:
		case T_NullTest:
		case T_OpExpr:
		case T_Param:
		case T_PlaceHolderVar:
		case T_ScalarArrayOpExpr:
		case T_Var:
			break;
		case T_SubPlan:
			if (is_volatile_subquery(gate, (SubPlan *) node))
				return true;
			break;
		default:
			return true;
	}
	return check_functions_in_node(node, can_fail, NULL) ||
		expression_tree_walker(node, is_unfit, gate);
}

/* The clause with values in the place of columns. */
static Node *
with_values(Node *node, Gate *gate)
{
	ListCell   *column;
	ListCell   *value;

	if (node == NULL)
		return NULL;
	if (!IsA(node, Var) || ((Var *) node)->varno != gate->varno)
		return expression_tree_mutator(node, with_values, gate);
	forboth(column, gate->columns, value, gate->values)
	{
		if (((Var *) lfirst(column))->varattno == ((Var *) node)->varattno)
			return copyObject(lfirst(value));
	}
	gate->unknown = true;
	return node;
}

List *
br_gate_quals(PlannerInfo *root, Index varno, List *clauses)
{
	Gate		gate = {.root = root, .varno = varno};
	List	   *others = NIL;
	List	   *quals = NIL;
	ListCell   *lc;

	foreach(lc, clauses)
	{
		if (!note_equality(&gate, lfirst(lc)))
			others = lappend(others, lfirst(lc));
	}
	if (gate.columns == NIL)
		return NIL;
	foreach(lc, others)
	{
		Node	   *qual;

		if (is_unfit(lfirst(lc), &gate) || contain_volatile_functions(lfirst(lc)))
			continue;
		gate.unknown = false;
		qual = with_values(lfirst(lc), &gate);
		if (!gate.unknown)
			quals = lappend(quals, qual);
	}
	return quals;
}
