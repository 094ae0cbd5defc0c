/*
 * qual.c
 *		Which clauses can say what to read.
 *
 * A clause is of use if it compares a column that stands for one attribute
 * with a value that is known before the scan begins: a constant, a parameter
 * or a stable expression, evaluated once when the scan starts.  Equality must
 * mean equal bytes (or equal numbers), which it does under every deterministic
 * collation.
 */
#include "base/br.h"

#include "base/array.h"
#include "catalog/pg_type.h"
#include "fdw/comparison.h"
#include "fdw/compat.h"
#include "fdw/qual.h"
#include "fdw/target.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "utils/array.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

/* The most keys that an interval of whole numbers becomes. */
#define MAX_RANGE_KEYS	1000

/* An interval that a part of the keys must lie in, as far as it is known now. */
typedef struct Range
{
	bool		has_low;
	bool		has_high;
	int64		low;
	int64		high;
} Range;

typedef struct Extraction
{
	PlannerInfo *root;
	const BrRelation *rel;
	Index		varno;
	BrQuals    *quals;
	bool		top;			/* what is put must hold of every row, so it can be
								 * about keys */
	Range		ranges[BR_MAX_VARIABLES];
} Extraction;

static bool put_clause(Extraction *ex, Node *clause, bool negated);

/*
 * Is the value known when the scan starts?  Columns of other tables are: the
 * clauses of a join are looked at only where those come first.
 */
static bool
is_known_value(const Extraction *ex, Node *node)
{
	return !bms_is_member(ex->varno, pull_varnos(ex->root, node)) &&
		!contain_volatile_functions(node) && !contain_subplans(node);
}

static bool
find_target(const Extraction *ex, Node *node, BrTarget *target)
{
	return br_target_find(ex->rel, ex->varno, node, target) &&
		(ex->top || target->column->kind == BR_COLUMN_ATTRIBUTE);
}

/* Putting predicates into the list */

static void
append_entry(BrQuals *quals, const BrPredicate *pred)
{
	quals->list = br_array_grow(quals->list, quals->n, sizeof(BrPredicate));
	quals->list[quals->n++] = *pred;
}

/* value NULL: the predicate has none. */
static void
put_predicate(Extraction *ex, const BrTarget *target, BrType type, BrPredicateOp op,
			  Node *value, double count, bool exact)
{
	BrQuals    *quals = ex->quals;
	BrPredicate pred = {
		.attribute = target->attribute, .path = target->path, .type = type, .op = op,
		.value = value != NULL ? list_length(quals->exprs) : -1,
		.column = target->column != NULL ? target->column - ex->rel->columns + 1 : 0,
		.count = count, .exact = exact
	};

	append_entry(quals, &pred);
	if (value != NULL)
		quals->exprs = lappend(quals->exprs, value);
	quals->exact &= exact;
}

/* Opens a junction, whose members are those put until it is closed. */
static int
open_junction(Extraction *ex, BrPredicateOp op)
{
	BrPredicate pred = {.attribute = "", .op = op, .value = -1, .exact = true};

	append_entry(ex->quals, &pred);
	return ex->quals->n - 1;
}

static void
close_junction(Extraction *ex, int at)
{
	ex->quals->list[at].below = ex->quals->n - at - 1;
}

/* Takes back what was put since. */
static void
take_back(Extraction *ex, int n, int nexprs)
{
	ex->quals->n = n;
	ex->quals->exprs = list_truncate(ex->quals->exprs, nexprs);
}

/*
 * Whole numbers inside of keys are not in order there, but if there are few of
 * them, each can be asked for.  Here their bounds are gathered.
 */
static void
narrow_range(Extraction *ex, const BrTarget *target, int comparison, Node *value)
{
	const BrSchema *schema = &ex->rel->schema;
	int			variable = target->column->value;
	Range	   *range = &ex->ranges[variable];
	int64		number;

	if (target->column->kind != BR_COLUMN_KEY || variable >= schema->vars.n ||
		schema->vars.list[variable].kind != BR_VAR_INTEGER ||
		!br_constant_integer(value, &number) ||
		number <= PG_INT64_MIN || number >= PG_INT64_MAX)
		return;
	if (comparison == BTGreaterStrategyNumber || comparison == BTGreaterEqualStrategyNumber)
	{
		number += comparison == BTGreaterStrategyNumber;
		range->low = range->has_low ? Max(range->low, number) : number;
		range->has_low = true;
	}
	else if (comparison == BTLessStrategyNumber || comparison == BTLessEqualStrategyNumber)
	{
		number -= comparison == BTLessStrategyNumber;
		range->high = range->has_high ? Min(range->high, number) : number;
		range->has_high = true;
	}
}

/* The column of a table whose variable this is; the type of its values is text. */
static void
put_range(Extraction *ex, const BrVariable *variable, const Range *range)
{
	BrTarget	target = {.attribute = variable->name};
	int			n = range->high < range->low ? 0 : (int) (range->high - range->low) + 1;
	Datum	   *numbers = palloc(sizeof(Datum) * Max(n, 1));
	ArrayType  *array;

	for (int i = 0; i < n; i++)
		numbers[i] = Int64GetDatum(range->low + i);
	array = construct_array(numbers, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL,
							TYPALIGN_DOUBLE);
	put_predicate(ex, &target, BR_TYPE_S, BR_PRED_IN,
				  (Node *) makeConst(INT8ARRAYOID, -1, InvalidOid, -1,
									 PointerGetDatum(array), false, false), n, true);
}

static void
put_ranges(Extraction *ex)
{
	const BrSchema *schema = &ex->rel->schema;

	for (int i = 0; i < schema->vars.n; i++)
	{
		const Range *range = &ex->ranges[i];

		if (range->has_low && range->has_high &&
			(double) range->high - (double) range->low < MAX_RANGE_KEYS)
			put_range(ex, &schema->vars.list[i], range);
	}
}

/*
 * column < value and its like.  Where a stored value is rounded on its way to
 * SQL, the bounds let in too much, and equality is an interval.
 */
static bool
put_bounds(Extraction *ex, const BrTarget *target, int comparison, Oid collation,
		   Node *value)
{
	static const BrPredicateOp ops[] = {
		[BTLessStrategyNumber] = BR_PRED_LT,
		[BTLessEqualStrategyNumber] = BR_PRED_LE,
		[BTGreaterEqualStrategyNumber] = BR_PRED_GE,
		[BTGreaterStrategyNumber] = BR_PRED_GT
	};
	Oid			type = target->column->type;
	BrType		sent = br_ordered_type(ex->rel, target, collation);
	bool		rounded = br_is_rounded_type(type);
	int			junction;

	narrow_range(ex, target, comparison, value);
	/* another type's value would have to be cast, which depends on settings */
	if (sent == BR_TYPE_ABSENT || comparison == BR_NOT_EQUAL ||
		(type == TIMESTAMPTZOID && exprType(value) != TIMESTAMPTZOID))
		return false;
	if (!rounded)
	{
		put_predicate(ex, target, sent, ops[comparison], value, 1, br_is_total(target->column));
		return true;
	}
	junction = ex->top ? -1 : open_junction(ex, BR_PRED_AND);
	if (comparison >= BTEqualStrategyNumber)
		put_predicate(ex, target, sent, BR_PRED_GE, value, 1, false);
	if (comparison <= BTEqualStrategyNumber)
		put_predicate(ex, target, sent, BR_PRED_LE, value, 1, false);
	if (junction >= 0)
		close_junction(ex, junction);
	return true;
}

/* column = value, or its negation */
static bool
put_equality(Extraction *ex, const BrTarget *target, bool negated, Node *value)
{
	BrType		type = br_sent_type(ex->rel, target->column);

	if (type == BR_TYPE_ABSENT || (negated && target->column->kind == BR_COLUMN_KEY))
		return false;
	put_predicate(ex, target, type, negated ? BR_PRED_NE : BR_PRED_EQ, value, 1,
				  !negated || br_is_total(target->column));
	return true;
}

/* column = value, column < value, and so on, in either order */
static bool
put_comparison(Extraction *ex, OpExpr *op, bool negated)
{
	Node	   *arg = linitial(op->args);
	Node	   *value = lsecond(op->args);
	Oid			opno = op->opno;
	BrTarget	target;
	int			comparison;

	if (!find_target(ex, arg, &target))
	{
		arg = lsecond(op->args);
		value = linitial(op->args);
		opno = get_commutator(opno);
		if (!OidIsValid(opno) || !find_target(ex, arg, &target))
			return false;
	}
	if (!is_known_value(ex, value) || !br_is_deterministic(op->inputcollid))
		return false;
	comparison = br_comparison_of(opno, exprType(arg));
	if (negated)
		comparison = br_comparison_negate(comparison);
	if (comparison == 0)
		return false;
	if ((comparison == BTEqualStrategyNumber || comparison == BR_NOT_EQUAL) &&
		!br_is_rounded_type(target.column->type))
		return put_equality(ex, &target, comparison == BR_NOT_EQUAL, value);
	return put_bounds(ex, &target, comparison, op->inputcollid, value);
}

/* column = ANY (array), as IN is written as well, and column <> ALL (array) */
static bool
put_list(Extraction *ex, ScalarArrayOpExpr *op, bool negated)
{
	Node	   *array = lsecond(op->args);
	int			comparison = br_comparison_of(op->opno, exprType(linitial(op->args)));
	BrTarget	target;
	BrType		type;

	if (comparison != (op->useOr ? BTEqualStrategyNumber : BR_NOT_EQUAL) ||
		!find_target(ex, linitial(op->args), &target) ||
		!is_known_value(ex, array) || !br_is_deterministic(op->inputcollid))
		return false;
	negated = negated == op->useOr;
	type = br_sent_type(ex->rel, target.column);
	if (type == BR_TYPE_ABSENT || (negated && target.column->kind == BR_COLUMN_KEY))
		return false;
	put_predicate(ex, &target, type, negated ? BR_PRED_NOT_IN : BR_PRED_IN, array,
				  br_estimate_array_length(ex->root, array), !negated);
	return true;
}

/* A function of (column, value) that is true only for a prefix. */
static bool
put_prefix(Extraction *ex, Oid function, Oid collation, List *args)
{
	BrTarget	target;
	Node	   *value;
	bool		exact = true;

	if (list_length(args) != 2 || !br_is_deterministic(collation) ||
		!find_target(ex, linitial(args), &target) || !br_is_text_type(target.column->type))
		return false;
	value = lsecond(args);
	if (function == F_TEXTLIKE)
	{
		if (!IsA(value, Const) || ((Const *) value)->constisnull)
			return false;
		value = br_like_prefix((Const *) value, &exact);
	}
	else if (function != F_STARTS_WITH || !is_known_value(ex, value))
		return false;
	if (value == NULL)
		return false;
	put_predicate(ex, &target, BR_TYPE_S, BR_PRED_PREFIX, value, 1,
				  exact && target.column->typmod < 0);
	return true;
}

/* A column of type boolean is, or is not, this value. */
static bool
put_boolean(Extraction *ex, Node *node, BrPredicateOp op, bool value)
{
	BrTarget	target;

	if (!find_target(ex, node, &target) || target.column->type != BOOLOID ||
		target.column->kind != BR_COLUMN_ATTRIBUTE)
		return false;
	put_predicate(ex, &target, BR_TYPE_BOOL, op, makeBoolConst(value, false), 1, true);
	return true;
}

/*
 * column IS NULL and column IS NOT NULL.  A value of a wrong type is NULL as well,
 * if it is no error, and so may be one that the column's type cannot hold.
 */
static bool
put_null_test(Extraction *ex, Node *arg, bool is_null)
{
	bool		is_json;
	BrTarget	target;
	BrType		type;

	if (!find_target(ex, arg, &target) || target.column->kind != BR_COLUMN_ATTRIBUTE)
		return false;
	is_json = target.column->type == JSONBOID || target.column->type == JSONOID;
	type = br_source_type(target.column);
	if (br_is_total(target.column) || (!is_null && type != BR_TYPE_ABSENT))
		put_predicate(ex, &target, type, is_null ? BR_PRED_NOT_OF_TYPE : BR_PRED_OF_TYPE,
					  NULL, 0, br_is_total(target.column));
	else if (is_json || !is_null || !ex->rel->mismatch_null)
		put_predicate(ex, &target, BR_TYPE_NULL, is_null ? BR_PRED_ABSENT : BR_PRED_PRESENT,
					  NULL, 0, is_json);
	else
		return false;
	return true;
}

/* condition IS [NOT] TRUE, FALSE, UNKNOWN; negated means NOT of that. */
static bool
put_boolean_test(Extraction *ex, BooleanTest *test, bool negated)
{
	Node	   *arg = (Node *) test->arg;
	bool		is_not = test->booltesttype == IS_NOT_TRUE || test->booltesttype == IS_NOT_FALSE ||
		test->booltesttype == IS_NOT_UNKNOWN;
	bool		value = test->booltesttype == IS_TRUE || test->booltesttype == IS_NOT_TRUE;

	negated = negated != is_not;
	if (test->booltesttype == IS_UNKNOWN || test->booltesttype == IS_NOT_UNKNOWN)
		return exprType(arg) == BOOLOID && put_null_test(ex, arg, !negated);
	if (negated)
		return put_boolean(ex, arg, BR_PRED_IS_NOT, value);
	return put_clause(ex, arg, !value);
}

/* column IS DISTINCT FROM constant; NULL would mean something else. */
static bool
put_distinct(Extraction *ex, DistinctExpr *op, bool negated)
{
	Node	   *value = lsecond(op->args);
	BrTarget	target;
	BrType		type;

	if (!IsA(value, Const) || ((Const *) value)->constisnull ||
		!find_target(ex, linitial(op->args), &target) ||
		target.column->kind != BR_COLUMN_ATTRIBUTE || !br_is_deterministic(op->inputcollid))
		return false;
	type = br_sent_type(ex->rel, target.column);
	if (type == BR_TYPE_ABSENT)
		return false;
	put_predicate(ex, &target, type, negated ? BR_PRED_EQ : BR_PRED_IS_NOT, value, 1, true);
	return true;
}

/* column = value OR column = another value, as a list; false if it is not that. */
static bool
put_alternatives(Extraction *ex, BoolExpr *expr)
{
	OpExpr	   *first = linitial(expr->args);
	ArrayExpr  *array = makeNode(ArrayExpr);
	BrTarget	target;
	BrType		type;
	ListCell   *lc;

	foreach(lc, expr->args)
	{
		OpExpr	   *op = lfirst(lc);

		if (!IsA(op, OpExpr) || list_length(op->args) != 2 || op->opno != first->opno ||
			op->inputcollid != first->inputcollid ||
			!equal(linitial(op->args), linitial(first->args)) ||
			!is_known_value(ex, lsecond(op->args)))
			return false;
		array->elements = lappend(array->elements, lsecond(op->args));
	}
	if (!find_target(ex, linitial(first->args), &target) ||
		!br_is_deterministic(first->inputcollid) ||
		br_comparison_of(first->opno, exprType(linitial(first->args))) != BTEqualStrategyNumber)
		return false;
	type = br_sent_type(ex->rel, target.column);
	array->element_typeid = exprType(lsecond(first->args));
	array->array_typeid = get_array_type(array->element_typeid);
	array->location = -1;
	if (type == BR_TYPE_ABSENT || !OidIsValid(array->array_typeid))
		return false;
	put_predicate(ex, &target, type, BR_PRED_IN, (Node *) array,
				  list_length(expr->args), true);
	return true;
}

/*
 * All, or one, of several conditions.  Of all, those that can be said are; of
 * one, nothing if one cannot.
 */
static bool
put_junction(Extraction *ex, BoolExpr *expr, bool negated)
{
	bool		is_and = (expr->boolop == AND_EXPR) != negated;
	bool		top = ex->top;
	int			n = ex->quals->n;
	int			nexprs = list_length(ex->quals->exprs);
	int			junction = -1;
	bool		any = false;
	bool		all = true;
	ListCell   *lc;

	if (!is_and && !negated && put_alternatives(ex, expr))
		return true;
	ex->top = top && is_and;
	if (!ex->top)
		junction = open_junction(ex, is_and ? BR_PRED_AND : BR_PRED_OR);
	foreach(lc, expr->args)
	{
		bool		put = put_clause(ex, lfirst(lc), negated);

		any |= put;
		all &= put;
	}
	ex->top = top;
	ex->quals->exact &= all;
	if (is_and ? !any : !all)
	{
		take_back(ex, n, nexprs);
		return false;
	}
	if (junction >= 0)
		close_junction(ex, junction);
	return true;
}

/*
 * Puts what a condition, or its negation, says into the list; false if that is
 * nothing.
 */
static bool
put_clause(Extraction *ex, Node *clause, bool negated)
{
	check_stack_depth();
	switch (nodeTag(clause))
	{
		case T_BoolExpr:
			if (is_notclause(clause))
				return put_clause(ex, (Node *) get_notclausearg((Expr *) clause), !negated);
			return put_junction(ex, (BoolExpr *) clause, negated);
		case T_OpExpr:
			{
				OpExpr	   *op = (OpExpr *) clause;

				return list_length(op->args) == 2 &&
					(put_comparison(ex, op, negated) ||
					 (!negated && put_prefix(ex, get_opcode(op->opno), op->inputcollid, op->args)));
			}
		case T_ScalarArrayOpExpr:
			return put_list(ex, (ScalarArrayOpExpr *) clause, negated);
		case T_DistinctExpr:
			return put_distinct(ex, (DistinctExpr *) clause, negated);
		case T_FuncExpr:
			{
				FuncExpr   *func = (FuncExpr *) clause;

				return !negated && put_prefix(ex, func->funcid, func->inputcollid, func->args);
			}
		case T_NullTest:
			{
				NullTest   *test = (NullTest *) clause;

				return !test->argisrow &&
					put_null_test(ex, (Node *) test->arg, (test->nulltesttype == IS_NULL) != negated);
			}
		case T_BooleanTest:
			return put_boolean_test(ex, (BooleanTest *) clause, negated);
		default:
			return put_boolean(ex, clause, BR_PRED_EQ, !negated);
	}
}

/* column IS NOT NULL, which is true of every item that an index holds. */
static bool
is_not_null_of_key(const Extraction *ex, Node *clause)
{
	NullTest   *test = (NullTest *) clause;
	BrTarget	target;

	if (!IsA(clause, NullTest) || test->nulltesttype != IS_NOT_NULL || test->argisrow ||
		!find_target(ex, (Node *) test->arg, &target))
		return false;
	if (target.column->kind == BR_COLUMN_KEY)
		return true;
	for (int i = 0; i < ex->rel->schema.nindexes; i++)
	{
		const BrIndexInfo *info = &ex->rel->schema.indexes[i].info;

		if (info->sk != NULL && strcmp(info->sk, target.attribute) == 0)
			return true;
	}
	return false;
}

/* Are the predicates from number first on there, and equalities of variables? */
static bool
names_values_of_keys(const BrRelation *rel, const BrQuals *quals, int first)
{
	for (int i = first; i < quals->n; i++)
	{
		if (!br_predicate_is_equality(&quals->list[i]) ||
			br_schema_value_of(&rel->schema, quals->list[i].attribute) < 0)
			return false;
	}
	return quals->n > first;
}

void
br_quals_extract(PlannerInfo *root, const BrRelation *rel, Index varno,
				 List *clauses, BrQuals *quals)
{
	Extraction	ex = {.root = root, .rel = rel, .varno = varno, .quals = quals, .top = true};
	ListCell   *lc;

	*quals = (BrQuals) {.exact = true};
	foreach(lc, clauses)
	{
		Node	   *clause = (Node *) lfirst_node(RestrictInfo, lc)->clause;
		int			before = quals->n;
		bool		put = put_clause(&ex, clause, false);

		while (list_length(quals->sources) < quals->n)
			quals->sources = lappend(quals->sources, lfirst(lc));
		if (!names_values_of_keys(rel, quals, before))
			quals->unkeyed = lappend(quals->unkeyed, lfirst(lc));
		if (!put && !is_not_null_of_key(&ex, clause))
			quals->nlocal++;
		quals->exact &= put;
	}
	put_ranges(&ex);
	while (list_length(quals->sources) < quals->n)
		quals->sources = lappend(quals->sources, NULL);
}
