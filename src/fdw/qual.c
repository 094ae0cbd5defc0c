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

#include "access/stratnum.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "fdw/compat.h"
#include "fdw/qual.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/pg_locale.h"
#include "utils/typcache.h"

typedef struct Extraction
{
	PlannerInfo *root;
	const BrRelation *rel;
	Index		varno;
	BrQuals    *quals;
} Extraction;

/* The column that an expression is, through binary-compatible casts; or NULL. */
static const BrColumn *
column_of(const Extraction *ex, Node *node)
{
	Var		   *var;

	while (IsA(node, RelabelType))
		node = (Node *) ((RelabelType *) node)->arg;
	var = (Var *) node;
	if (!IsA(node, Var) || (Index) var->varno != ex->varno ||
		var->varlevelsup != 0 || var->varattno <= 0)
		return NULL;
	return br_relation_column(ex->rel, var->varattno);
}

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
is_text_type(Oid type)
{
	return type == TEXTOID || type == VARCHAROID;
}

/*
 * How a column's value looks in a key or an attribute; ABSENT if SQL's equality
 * is not equality there.  A number inside a template is text, so it must be of
 * a type that has one spelling for each value.
 */
static BrType
sent_type(const BrRelation *rel, const BrColumn *column)
{
	const BrSchema *schema = &rel->schema;
	const char *name = br_column_attribute(rel, column);
	bool		is_integer = column->type == INT2OID || column->type == INT4OID ||
		column->type == INT8OID;
	BrType		key_type = BR_TYPE_ABSENT;

	if (strcmp(name, schema->pk_name) == 0)
		key_type = schema->pk_type;
	else if (schema->sk_name != NULL && strcmp(name, schema->sk_name) == 0)
		key_type = schema->sk_type;

	if (is_text_type(column->type) || column->type == UUIDOID)
		return BR_TYPE_S;
	if (is_integer)
		return column->kind == BR_COLUMN_KEY && key_type != BR_TYPE_N
			? BR_TYPE_S : BR_TYPE_N;
	if (column->type == NUMERICOID &&
		(column->kind == BR_COLUMN_ATTRIBUTE || key_type == BR_TYPE_N))
		return BR_TYPE_N;
	return BR_TYPE_ABSENT;
}

static void
add_predicate(Extraction *ex, const BrColumn *column, BrPredicateOp op,
			  Node *value, double count)
{
	BrQuals    *quals = ex->quals;
	const char *attribute = br_column_attribute(ex->rel, column);
	BrType		type;

	if (attribute == NULL || quals->n == BR_MAX_PREDICATES)
		return;
	type = sent_type(ex->rel, column);
	if (type == BR_TYPE_ABSENT || (op == BR_PRED_PREFIX && type != BR_TYPE_S))
		return;
	quals->list[quals->n++] = (BrPredicate) {
		.attribute = attribute, .type = type, .op = op,
		.value = list_length(quals->exprs), .count = count
	};
	quals->exprs = lappend(quals->exprs, value);
}

/* Is this operator the equality of its operands' types? */
static bool
is_equality(Oid opno, Oid type)
{
	TypeCacheEntry *cache = lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY);

	return OidIsValid(cache->btree_opf) &&
		get_op_opfamily_strategy(opno, cache->btree_opf) == BTEqualStrategyNumber;
}

static bool
is_deterministic(Oid collation)
{
	return !OidIsValid(collation) || get_collation_isdeterministic(collation);
}

static void
extract_equality(Extraction *ex, OpExpr *op)
{
	Node	   *left = linitial(op->args);
	Node	   *right = lsecond(op->args);
	const BrColumn *column = column_of(ex, left);
	Node	   *value = right;

	if (column == NULL)
	{
		column = column_of(ex, right);
		value = left;
	}
	if (column == NULL || !is_known_value(ex, value) ||
		!is_deterministic(op->inputcollid) ||
		!is_equality(op->opno, exprType(column_of(ex, left) ? left : right)))
		return;
	add_predicate(ex, column, BR_PRED_EQ, value, 1);
}

/* column = ANY (array), as IN is written as well */
static void
extract_any(Extraction *ex, ScalarArrayOpExpr *op)
{
	const BrColumn *column = column_of(ex, linitial(op->args));
	Node	   *array = lsecond(op->args);

	if (column == NULL || !op->useOr || !is_known_value(ex, array) ||
		!is_deterministic(op->inputcollid) ||
		!is_equality(op->opno, exprType(linitial(op->args))))
		return;
	add_predicate(ex, column, BR_PRED_IN, array,
				  br_estimate_array_length(ex->root, array));
}

/* What every text that matches a LIKE pattern begins with. */
static Node *
like_prefix(Const *pattern)
{
	char	   *prefix = TextDatumGetCString(pattern->constvalue);
	char	   *to = prefix;

	for (const char *from = prefix; *from != '\0' && *from != '%' && *from != '_'; from++)
	{
		if (*from == '\\' && from[1] != '\0')
			from++;
		*to++ = *from;
	}
	*to = '\0';
	if (prefix[0] == '\0')
		return NULL;
	return (Node *) makeConst(TEXTOID, -1, pattern->constcollid, -1,
							  CStringGetTextDatum(prefix), false, false);
}

/* A function of (column, value) that is true only for a prefix. */
static void
extract_prefix(Extraction *ex, Oid function, Oid collation, List *args)
{
	const BrColumn *column;
	Node	   *value;

	if (list_length(args) != 2 || !is_deterministic(collation))
		return;
	column = column_of(ex, linitial(args));
	value = lsecond(args);
	if (column == NULL || !is_text_type(column->type))
		return;
	if (function == F_TEXTLIKE)
	{
		if (!IsA(value, Const) || ((Const *) value)->constisnull)
			return;
		value = like_prefix((Const *) value);
	}
	else if (function != F_STARTS_WITH || !is_known_value(ex, value))
		return;
	if (value != NULL)
		add_predicate(ex, column, BR_PRED_PREFIX, value, 1);
}

static void
extract_clause(Extraction *ex, Node *clause)
{
	if (IsA(clause, OpExpr) && list_length(((OpExpr *) clause)->args) == 2)
	{
		OpExpr	   *op = (OpExpr *) clause;

		extract_equality(ex, op);
		extract_prefix(ex, get_opcode(op->opno), op->inputcollid, op->args);
	}
	else if (IsA(clause, ScalarArrayOpExpr))
		extract_any(ex, (ScalarArrayOpExpr *) clause);
	else if (IsA(clause, FuncExpr))
	{
		FuncExpr   *func = (FuncExpr *) clause;

		extract_prefix(ex, func->funcid, func->inputcollid, func->args);
	}
}

void
br_quals_extract(PlannerInfo *root, const BrRelation *rel, Index varno,
				 List *clauses, BrQuals *quals)
{
	Extraction	ex = {root, rel, varno, quals};
	ListCell   *lc;

	quals->n = 0;
	quals->exprs = NIL;
	foreach(lc, clauses)
		extract_clause(&ex, (Node *) lfirst_node(RestrictInfo, lc)->clause);
}

bool
br_is_key_column(const BrRelation *rel, Index varno, Node *node)
{
	Extraction	ex = {NULL, rel, varno, NULL};
	const BrColumn *column = column_of(&ex, node);

	return column != NULL && br_column_attribute(rel, column) != NULL &&
		sent_type(rel, column) != BR_TYPE_ABSENT;
}
