/*
 * filter.c
 *		Which predicates can filter, and how they are written.
 */
#include "base/br.h"

#include "access/filter.h"

/* DynamoDB's limit for the operands of IN. */
#define MAX_IN_OPERANDS	100

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

static BrCondition *
in_condition(const BrPath *path, BrType type, BrTexts texts)
{
	BrCondition *cond = palloc0(sizeof(BrCondition));

	cond->op = BR_COND_IN;
	cond->path = *path;
	cond->nvalues = texts.n;
	cond->values = palloc(sizeof(BrValue) * Max(texts.n, 1));
	for (int i = 0; i < texts.n; i++)
		cond->values[i] = (BrValue) {type, texts.list[i].ptr, texts.list[i].len};
	return cond;
}

/* NULL if the predicate cannot be written, or lets everything through. */
static BrCondition *
condition_of(const BrPredicate *pred, BrTexts texts)
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
		return texts.n <= MAX_IN_OPERANDS ? in_condition(&path, pred->type, texts) : NULL;
	if (texts.list[0].ptr == NULL ||
		(pred->op == BR_PRED_PREFIX && texts.list[0].len == 0))
		return NULL;
	value = (BrValue) {pred->type, texts.list[0].ptr, texts.list[0].len};
	return br_cond_compare(ops[pred->op], &path, &value);
}

BrCondition *
br_filter_condition(const BrSchema *schema, const BrIndex *index, BrOperation op,
					BrPredicates predicates, const BrTexts *values)
{
	BrCondition *all = NULL;

	for (int i = 0; i < predicates.n; i++)
	{
		const BrPredicate *pred = &predicates.list[i];
		BrCondition *cond;

		if (!can_filter(schema, index, op, pred))
			continue;
		cond = condition_of(pred, values[pred->value]);
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
