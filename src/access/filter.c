/*
 * filter.c
 *		Which predicates can filter, and how they are written.
 */
#include "base/br.h"

#include "access/filter.h"
#include "access/key.h"

/* DynamoDB's limit for the operands of IN. */
#define MAX_IN_OPERANDS	100

/*
 * What one filter may take of DynamoDB's limits (4 KB of expression, 2 MB of
 * values): an operand is about six bytes of text, and keys need some as well.
 */
#define MAX_OPERANDS	300
#define MAX_VALUE_BYTES	(256 * 1024)

typedef struct Budget
{
	int			operands;
	size_t		bytes;
} Budget;

/* Takes a value's share; false if there is not enough left. */
static bool
take(Budget *budget, BrText text)
{
	if (budget->operands == 0 || text.len > budget->bytes)
		return false;
	budget->operands--;
	budget->bytes -= text.len;
	return true;
}

/* Can the service be sent this value? Any text will do, but not any number. */
static bool
can_send(BrType type, BrText text)
{
	return type != BR_TYPE_N || br_key_value_check(BR_TYPE_N, 0, &text);
}

static bool
same_name(const char *a, const char *b)
{
	return a != NULL && strcmp(a, b) == 0;
}

/*
 * Variables of templates are read from the keys, whatever an attribute of the
 * same name says, so they are no matter of the filter; an index only has what
 * it projects; and the keys of a Query have their own condition.
 */
static bool
can_filter(const BrSchema *schema, const BrIndex *index, BrOperation op,
		   const BrPredicate *pred)
{
	const char *name = pred->attribute;

	if (br_schema_value_of(schema, name) >= 0 ||
		!br_index_projects(schema, index, name))
		return false;
	if (op == BR_OP_SCAN)
		return true;
	return index != NULL
		? !same_name(index->info.pk, name) && !same_name(index->info.sk, name)
		: !same_name(schema->pk_name, name) && !same_name(schema->sk_name, name);
}

/* Values that no item can have are left out. NULL if none is left. */
static BrCondition *
in_condition(const BrPath *path, BrType type, BrTexts texts, Budget *budget)
{
	BrCondition *cond = palloc0(sizeof(BrCondition));

	cond->op = BR_COND_IN;
	cond->path = *path;
	cond->values = palloc(sizeof(BrValue) * Max(texts.n, 1));
	for (int i = 0; i < texts.n; i++)
	{
		BrText		text = texts.list[i];

		if (!can_send(type, text))
			continue;
		if (!take(budget, text))
			return NULL;
		cond->values[cond->nvalues++] = (BrValue) {type, text.ptr, text.len};
	}
	return cond->nvalues > 0 ? cond : NULL;
}

/* NULL if the predicate cannot be written, or lets everything through. */
static BrCondition *
condition_of(const BrPredicate *pred, BrTexts texts, bool display, Budget *budget)
{
	static const BrConditionOp ops[] = {
		[BR_PRED_EQ] = BR_COND_EQ,
		[BR_PRED_PREFIX] = BR_COND_BEGINS_WITH,
		[BR_PRED_GE] = BR_COND_GE,
		[BR_PRED_LE] = BR_COND_LE
	};
	BrPath		path;
	BrValue		value;

	br_path_of_name(pred->attribute, &path);
	if (pred->op == BR_PRED_IN)
		return texts.n > MAX_IN_OPERANDS ? NULL
			: in_condition(&path, display ? BR_TYPE_S : pred->type, texts, budget);
	if (texts.list[0].ptr == NULL ||
		(pred->op == BR_PRED_PREFIX && texts.list[0].len == 0) ||
		(!display && !can_send(pred->type, texts.list[0])) ||
		!take(budget, texts.list[0]))
		return NULL;
	value = (BrValue) {pred->type, texts.list[0].ptr, texts.list[0].len};
	return br_cond_compare(ops[pred->op], &path, &value);
}

BrCondition *
br_filter_condition(const BrSchema *schema, const BrIndex *index, BrOperation op,
					BrPredicates predicates, const BrTexts *values, bool display)
{
	BrCondition *all = NULL;
	Budget		budget = {MAX_OPERANDS, MAX_VALUE_BYTES};

	for (int i = 0; i < predicates.n; i++)
	{
		const BrPredicate *pred = &predicates.list[i];
		BrCondition *cond;

		if (!can_filter(schema, index, op, pred))
			continue;
		cond = condition_of(pred, values[pred->value], display, &budget);
		if (cond != NULL)
			all = br_cond_and(all, cond);
	}
	return all;
}

bool
br_filter_exists(const BrSchema *schema, const BrIndex *index, BrOperation op,
				 BrPredicates predicates)
{
	for (int i = 0; i < predicates.n; i++)
	{
		if (can_filter(schema, index, op, &predicates.list[i]))
			return true;
	}
	return false;
}
