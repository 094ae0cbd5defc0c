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
#include "mb/pg_wchar.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

typedef struct Extraction
{
	PlannerInfo *root;
	const BrRelation *rel;
	Index		varno;
	BrQuals    *quals;
} Extraction;

static bool
is_text_type(Oid type)
{
	return type == TEXTOID || type == VARCHAROID;
}

/*
 * The column that an expression is, or NULL.  Of the casts that change nothing
 * but the type, those among texts leave comparisons as they are; one to citext
 * or to char(n) does not.
 */
static const BrColumn *
column_of(const Extraction *ex, Node *node)
{
	bool		is_cast = IsA(node, RelabelType);
	Var		   *var;

	while (IsA(node, RelabelType) && is_text_type(((RelabelType *) node)->resulttype))
		node = (Node *) ((RelabelType *) node)->arg;
	var = (Var *) node;
	if (!IsA(node, Var) || (Index) var->varno != ex->varno ||
		var->varlevelsup != 0 || var->varattno <= 0 ||
		(is_cast && !is_text_type(var->vartype)))
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
is_float_type(Oid type)
{
	return type == FLOAT4OID || type == FLOAT8OID;
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
	/* a value that a precision changed is not what is stored */
	if (column->typmod >= 0)
		return BR_TYPE_ABSENT;
	if (is_integer)
		return column->kind == BR_COLUMN_KEY && key_type != BR_TYPE_N
			? BR_TYPE_S : BR_TYPE_N;
	if (column->type == NUMERICOID &&
		(column->kind == BR_COLUMN_ATTRIBUTE || key_type == BR_TYPE_N))
		return BR_TYPE_N;
	return BR_TYPE_ABSENT;
}

static void
put_predicate(BrQuals *quals, const char *attribute, BrType type, BrPredicateOp op,
			  Node *value, double count)
{
	if (quals->n == BR_MAX_PREDICATES)
		return;
	quals->list[quals->n++] = (BrPredicate) {
		.attribute = attribute, .type = type, .op = op,
		.value = list_length(quals->exprs), .count = count
	};
	quals->exprs = lappend(quals->exprs, value);
}

static void
add_predicate(Extraction *ex, const BrColumn *column, BrPredicateOp op,
			  Node *value, double count)
{
	const char *attribute = br_column_attribute(ex->rel, column);
	BrType		type;

	if (attribute == NULL)
		return;
	type = sent_type(ex->rel, column);
	if (type == BR_TYPE_ABSENT || (op == BR_PRED_PREFIX && type != BR_TYPE_S))
		return;
	put_predicate(ex->quals, attribute, type, op, value, count);
}

/* Comparisons of order */

/* How a timestamp in a declared format is stored. */
static BrType
time_type(BrTimeFormat format)
{
	switch (format)
	{
		case BR_TIME_ANY:
			return BR_TYPE_ABSENT;
		case BR_TIME_EPOCH_MS:
		case BR_TIME_EPOCH_S:
			return BR_TYPE_N;
		default:
			return BR_TYPE_S;
	}
}

/*
 * As what a column can be compared by DynamoDB in the same order; ABSENT: as
 * nothing.  Numbers inside of templates are not padded, so only whole keys and
 * attributes count, and text only by bytes.
 */
static BrType
ordered_type(const Extraction *ex, const BrColumn *column, Oid collation)
{
	const BrSchema *schema = &ex->rel->schema;
	const char *name = br_column_attribute(ex->rel, column);

	if (name == NULL || (column->typmod >= 0 && !is_text_type(column->type)))
		return BR_TYPE_ABSENT;
	if (column->type == TIMESTAMPTZOID)
		return column->kind == BR_COLUMN_ATTRIBUTE ? time_type(column->format) : BR_TYPE_ABSENT;
	if (column->kind == BR_COLUMN_KEY &&
		(schema->sk_name == NULL || strcmp(name, schema->sk_name) != 0))
		return BR_TYPE_ABSENT;
	if (is_float_type(column->type))
		return column->kind == BR_COLUMN_ATTRIBUTE ? BR_TYPE_N : BR_TYPE_ABSENT;
	if (is_text_type(column->type))
		return collation == C_COLLATION_OID && GetDatabaseEncoding() == PG_UTF8
			? BR_TYPE_S : BR_TYPE_ABSENT;
	if (column->type == UUIDOID)
		return BR_TYPE_ABSENT;
	return sent_type(ex->rel, column);
}

/* The place of an operator in the order of a type: BT...StrategyNumber, or 0. */
static int
order_strategy(Oid opno, Oid type)
{
	TypeCacheEntry *cache = lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY);

	return OidIsValid(cache->btree_opf) ?
		get_op_opfamily_strategy(opno, cache->btree_opf) : 0;
}

/*
 * column < value and its like, as bounds that may let in too much: both ends
 * belong to the interval.
 */
static void
add_bounds(Extraction *ex, const BrColumn *column, int strategy, Oid collation, Node *value)
{
	const char *attribute = br_column_attribute(ex->rel, column);
	BrType		type = ordered_type(ex, column, collation);

	/* another type's value would have to be cast, which depends on settings */
	if (type == BR_TYPE_ABSENT ||
		(column->type == TIMESTAMPTZOID && exprType(value) != TIMESTAMPTZOID))
		return;
	/* what is rounded on its way to SQL is equal to an interval */
	if (strategy == BTEqualStrategyNumber && column->type != TIMESTAMPTZOID &&
		!is_float_type(column->type))
		return;
	if (strategy >= BTEqualStrategyNumber)
		put_predicate(ex->quals, attribute, type, BR_PRED_GE, value, 1);
	if (strategy <= BTEqualStrategyNumber)
		put_predicate(ex->quals, attribute, type, BR_PRED_LE, value, 1);
}

/* Is this operator the equality of its operands' types? */
static bool
is_equality(Oid opno, Oid type)
{
	return order_strategy(opno, type) == BTEqualStrategyNumber;
}

static bool
is_deterministic(Oid collation)
{
	return !OidIsValid(collation) || get_collation_isdeterministic(collation);
}

/* column = value, column < value, and so on, in either order */
static void
extract_comparison(Extraction *ex, OpExpr *op)
{
	Node	   *arg = linitial(op->args);
	Node	   *value = lsecond(op->args);
	Oid			opno = op->opno;
	const BrColumn *column = column_of(ex, arg);
	int			strategy;

	if (column == NULL)
	{
		arg = lsecond(op->args);
		value = linitial(op->args);
		opno = get_commutator(opno);
		column = column_of(ex, arg);
	}
	if (column == NULL || !OidIsValid(opno) || !is_known_value(ex, value) ||
		!is_deterministic(op->inputcollid))
		return;
	strategy = order_strategy(opno, exprType(arg));
	if (strategy == 0)
		return;
	if (strategy == BTEqualStrategyNumber)
		add_predicate(ex, column, BR_PRED_EQ, value, 1);
	add_bounds(ex, column, strategy, op->inputcollid, value);
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

/* A column of type boolean as a condition of its own. */
static void
extract_boolean(Extraction *ex, Node *clause, bool value)
{
	const BrColumn *column = column_of(ex, clause);
	const char *attribute = column ? br_column_attribute(ex->rel, column) : NULL;

	if (attribute != NULL && column->type == BOOLOID && column->kind == BR_COLUMN_ATTRIBUTE)
		put_predicate(ex->quals, attribute, BR_TYPE_BOOL, BR_PRED_EQ,
					  (Node *) makeConst(TEXTOID, -1, InvalidOid, -1,
										 CStringGetTextDatum(value ? "true" : "false"),
										 false, false), 1);
}

static void
extract_clause(Extraction *ex, Node *clause)
{
	if (is_notclause(clause))
		extract_boolean(ex, (Node *) get_notclausearg((Expr *) clause), false);
	else
		extract_boolean(ex, clause, true);
	if (IsA(clause, OpExpr) && list_length(((OpExpr *) clause)->args) == 2)
	{
		OpExpr	   *op = (OpExpr *) clause;

		extract_comparison(ex, op);
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

/* column IS NOT NULL, which is true of every item that an index holds. */
static bool
is_not_null_of_key(const Extraction *ex, Node *clause)
{
	NullTest   *test = (NullTest *) clause;
	const BrColumn *column;
	const char *attribute;

	if (!IsA(clause, NullTest) || test->nulltesttype != IS_NOT_NULL || test->argisrow)
		return false;
	column = column_of(ex, (Node *) test->arg);
	attribute = column ? br_column_attribute(ex->rel, column) : NULL;
	if (attribute == NULL || column->kind == BR_COLUMN_KEY)
		return attribute != NULL;
	for (int i = 0; i < ex->rel->schema.nindexes; i++)
	{
		const BrIndexInfo *info = &ex->rel->schema.indexes[i].info;

		if (info->sk != NULL && strcmp(info->sk, attribute) == 0)
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
		if ((quals->list[i].op != BR_PRED_EQ && quals->list[i].op != BR_PRED_IN) ||
			br_schema_value_of(&rel->schema, quals->list[i].attribute) < 0)
			return false;
	}
	return quals->n > first;
}

void
br_quals_extract(PlannerInfo *root, const BrRelation *rel, Index varno,
				 List *clauses, BrQuals *quals)
{
	Extraction	ex = {root, rel, varno, quals};
	ListCell   *lc;

	quals->n = 0;
	quals->exprs = NIL;
	quals->unkeyed = NIL;
	quals->nlocal = 0;
	foreach(lc, clauses)
	{
		Node	   *clause = (Node *) lfirst_node(RestrictInfo, lc)->clause;
		int			before = quals->n;

		extract_clause(&ex, clause);
		if (!names_values_of_keys(rel, quals, before))
			quals->unkeyed = lappend(quals->unkeyed, lfirst(lc));
		if (quals->n == before && !is_not_null_of_key(&ex, clause))
			quals->nlocal++;
	}
}

/*
 * Formats that sort by time: numbers, and texts of one width in UTC.  Numbers
 * finer than a microsecond keep their order when they are cut off.
 */
static bool
sorts_by_time(BrTimeFormat format)
{
	return format == BR_TIME_EPOCH_MS || format == BR_TIME_EPOCH_S ||
		format == BR_TIME_ISO8601_UTC;
}

bool
br_orders_by(const BrRelation *rel, const BrIndex *index, Index varno,
			 Node *expr, Oid collation)
{
	Extraction	ex = {NULL, rel, varno, NULL};
	const BrColumn *column = column_of(&ex, expr);
	const char *sk = index ? index->info.sk : rel->schema.sk_name;
	BrType		sk_type = index ? index->info.sk_type : rel->schema.sk_type;
	const char *attribute = column ? br_column_attribute(rel, column) : NULL;

	return attribute != NULL && sk != NULL && strcmp(attribute, sk) == 0 &&
		ordered_type(&ex, column, collation) == sk_type &&
		(column->type != TIMESTAMPTZOID || sorts_by_time(column->format));
}

bool
br_is_key_column(const BrRelation *rel, Index varno, Node *node)
{
	Extraction	ex = {NULL, rel, varno, NULL};
	const BrColumn *column = column_of(&ex, node);

	return column != NULL && br_column_attribute(rel, column) != NULL &&
		sent_type(rel, column) != BR_TYPE_ABSENT;
}
