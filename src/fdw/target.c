/*
 * target.c
 *		Which columns a condition can be about, and how DynamoDB sees their values.
 *
 * A comparison may be left to DynamoDB if it means the same there.  Equality must
 * mean equal bytes (or equal numbers), which it does under every deterministic
 * collation; the order of texts is that of bytes under the collation C only.
 */
#include "base/br.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "fdw/compat.h"
#include "fdw/target.h"
#include "mb/pg_wchar.h"
#include "nodes/nodeFuncs.h"

bool
br_is_text_type(Oid type)
{
	return type == TEXTOID || type == VARCHAROID;
}

static bool
is_float_type(Oid type)
{
	return type == FLOAT4OID || type == FLOAT8OID;
}

static bool
is_integer_type(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID;
}

/*
 * The column that an expression is, or NULL.  Of the casts that change nothing
 * but the type, those among texts leave comparisons as they are; one to citext
 * or to char(n) does not.
 */
static const BrColumn *
column_of(const BrRelation *rel, Index varno, Node *node)
{
	bool		is_cast = IsA(node, RelabelType);
	Var		   *var;

	while (IsA(node, RelabelType) && br_is_text_type(((RelabelType *) node)->resulttype))
		node = (Node *) ((RelabelType *) node)->arg;
	var = (Var *) node;
	if (!IsA(node, Var) || (Index) var->varno != varno ||
		var->varlevelsup != 0 || var->varattno <= 0 ||
		(is_cast && !br_is_text_type(var->vartype)))
		return NULL;
	return br_relation_column(rel, var->varattno);
}

bool
br_target_find(const BrRelation *rel, Index varno, Node *node, BrTarget *target)
{
	const BrColumn *column = column_of(rel, varno, node);

	if (column == NULL || column->kind == BR_COLUMN_ITEM ||
		(column->kind == BR_COLUMN_ATTRIBUTE && column->paths.npaths != 1))
		return false;
	target->column = column;
	target->attribute = br_column_attribute(rel, column);
	target->path = NULL;
	if (target->attribute == NULL)
	{
		target->attribute = "";
		target->path = &column->paths.paths[0];
	}
	return true;
}

/* The type of a variable that is a whole key; ABSENT: it is none. */
static BrType
key_type_of(const BrSchema *schema, const char *name)
{
	if (strcmp(name, schema->pk_name) == 0)
		return schema->pk_type;
	if (schema->sk_name != NULL && strcmp(name, schema->sk_name) == 0)
		return schema->sk_type;
	return BR_TYPE_ABSENT;
}

/*
 * How a column's value looks in a key or an attribute; ABSENT if SQL's equality
 * is not equality there.  A number inside a template is text, so it must be of
 * a type that has one spelling for each value.
 */
BrType
br_sent_type(const BrRelation *rel, const BrColumn *column)
{
	const BrSchema *schema = &rel->schema;
	BrType		key_type = BR_TYPE_ABSENT;

	if (column->kind == BR_COLUMN_KEY)
		key_type = key_type_of(schema, br_column_attribute(rel, column));

	if (br_is_text_type(column->type) || column->type == UUIDOID)
		return BR_TYPE_S;
	/* a value that a precision changed is not what is stored */
	if (column->typmod >= 0)
		return BR_TYPE_ABSENT;
	if (column->type == BOOLOID && column->kind == BR_COLUMN_ATTRIBUTE)
		return BR_TYPE_BOOL;
	if (is_integer_type(column->type))
		return column->kind == BR_COLUMN_KEY && key_type != BR_TYPE_N
			? BR_TYPE_S : BR_TYPE_N;
	if (column->type == NUMERICOID &&
		(column->kind == BR_COLUMN_ATTRIBUTE || key_type == BR_TYPE_N))
		return BR_TYPE_N;
	return BR_TYPE_ABSENT;
}

/*
 * Does every value of the sent type have a value in the column's type?  Where it
 * does not, it is NULL or an error, and an item passes that should not.
 */
bool
br_is_total(const BrColumn *column)
{
	return column->kind == BR_COLUMN_ATTRIBUTE && column->typmod < 0 &&
		(br_is_text_type(column->type) || column->type == NUMERICOID ||
		 column->type == FLOAT8OID || column->type == BOOLOID);
}

/* Is this type's value another one in SQL than the one that is compared? */
bool
br_is_rounded_type(Oid type)
{
	return type == TIMESTAMPTZOID || is_float_type(type);
}

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
BrType
br_ordered_type(const BrRelation *rel, const BrTarget *target, Oid collation)
{
	const BrSchema *schema = &rel->schema;
	const BrColumn *column = target->column;

	if ((column->typmod >= 0 && !br_is_text_type(column->type)))
		return BR_TYPE_ABSENT;
	if (column->type == TIMESTAMPTZOID)
		return column->kind == BR_COLUMN_ATTRIBUTE ? time_type(column->format) : BR_TYPE_ABSENT;
	if (column->kind == BR_COLUMN_KEY &&
		(schema->sk_name == NULL || strcmp(target->attribute, schema->sk_name) != 0))
		return BR_TYPE_ABSENT;
	if (is_float_type(column->type))
		return column->kind == BR_COLUMN_ATTRIBUTE ? BR_TYPE_N : BR_TYPE_ABSENT;
	if (br_is_text_type(column->type))
		return collation == C_COLLATION_OID && GetDatabaseEncoding() == PG_UTF8
			? BR_TYPE_S : BR_TYPE_ABSENT;
	/* DynamoDB orders no booleans */
	if (column->type == UUIDOID || column->type == BOOLOID)
		return BR_TYPE_ABSENT;
	return br_sent_type(rel, column);
}

/* Which attribute type a column's values come from; ABSENT: from several. */
BrType
br_source_type(const BrColumn *column)
{
	if (br_is_text_type(column->type) || column->type == UUIDOID)
		return BR_TYPE_S;
	if (column->type == BOOLOID)
		return BR_TYPE_BOOL;
	if (column->type == TIMESTAMPTZOID)
		return time_type(column->format);
	if (is_integer_type(column->type) || column->type == NUMERICOID || is_float_type(column->type))
		return BR_TYPE_N;
	return BR_TYPE_ABSENT;
}

/*
 * Are a column's values in the order of what they are stored as?  Times in UTC
 * are, at least by the second; numbers finer than a microsecond keep their
 * order when they are cut off.  But not if a value that the type cannot hold is
 * NULL, which SQL has at the end.
 */
static bool
keeps_order(const BrRelation *rel, const BrColumn *column, bool without_null)
{
	if (column->type == TIMESTAMPTZOID && column->format == BR_TIME_ISO8601)
		return false;
	return !rel->mismatch_null || without_null ||
		column->type == NUMERICOID || column->type == BYTEAOID ||
		(br_is_text_type(column->type) && column->typmod < 0);
}

/* Is there a condition on the attribute that no NULL meets? */
static bool
excludes_null(BrPredicates predicates, const char *attribute)
{
	br_foreach_predicate(pred, predicates)
	{
		if (strcmp(pred->attribute, attribute) == 0 && pred->op != BR_PRED_IS_NOT &&
			pred->op != BR_PRED_NOT_OF_TYPE && pred->op != BR_PRED_ABSENT)
			return true;
	}
	return false;
}

const BrColumn *
br_orders_by(const BrRelation *rel, const BrIndex *index, Index varno,
			 Node *expr, Oid collation, BrPredicates predicates)
{
	const char *sk = index ? index->info.sk : rel->schema.sk_name;
	BrType		sk_type = index ? index->info.sk_type : rel->schema.sk_type;
	BrTarget	target;

	if (sk == NULL || !br_target_find(rel, varno, expr, &target) ||
		strcmp(target.attribute, sk) != 0 ||
		!keeps_order(rel, target.column, excludes_null(predicates, sk)))
		return NULL;
	return (target.column->type == BYTEAOID ? BR_TYPE_B
			: br_ordered_type(rel, &target, collation)) == sk_type ? target.column : NULL;
}

bool
br_is_key_column(const BrRelation *rel, Index varno, Node *node)
{
	BrTarget	target;

	return br_target_find(rel, varno, node, &target) && target.path == NULL &&
		br_sent_type(rel, target.column) != BR_TYPE_ABSENT;
}
