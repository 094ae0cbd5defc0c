/*
 * filter.c
 *		Which predicates can filter, and how they are written.
 *
 * DynamoDB's logic has two values: a comparison with a missing attribute, or
 * with one of another type, is false, and "<>" is true.  So negations have been
 * moved to the attributes before (NOT a = 1 is a <> 1), where the type is asked
 * for as well, and what remains lets through what SQL would.
 */
#include "base/br.h"

#include "access/filter.h"
#include "access/key.h"

/* DynamoDB's limit for the operands of IN. */
#define MAX_IN_OPERANDS	100

/*
 * What one filter may take of DynamoDB's limits (4 KB of expression, 300
 * operators, 2 MB of values), as the conditions on keys need some as well.
 */
#define MAX_CHARACTERS	3000
#define MAX_OPERATORS	250
#define MAX_VALUE_BYTES	(256 * 1024)

/* About what a placeholder takes of an expression, and what stands around it. */
#define NAME_CHARACTERS		5
#define VALUE_CHARACTERS	6
#define OPERATOR_CHARACTERS	20

typedef struct Budget
{
	int			characters;
	int			operators;
	size_t		bytes;
} Budget;

typedef struct Filtering
{
	const BrSchema *schema;
	const BrIndex *index;
	BrOperation op;
	const BrTexts *values;
	bool		display;
	Budget		budget;
	bool		curtailed;
} Filtering;

/* What a predicate comes to. */
typedef enum Verdict
{
	EVERYTHING,					/* passes, as far as can be said */
	NOTHING,					/* can pass */
	CONDITION					/* decides */
} Verdict;

static Verdict write_predicate(Filtering *filtering, const BrPredicate *pred, BrCondition **cond);

/* Can the service be sent this value? Any text will do, but not any number. */
static bool
can_send(BrType type, BrText text)
{
	return type != BR_TYPE_N || br_key_value_check(BR_TYPE_N, 0, &text);
}

static bool
is_junction(const BrPredicate *pred)
{
	return pred->op == BR_PRED_AND || pred->op == BR_PRED_OR;
}

/*
 * Variables of templates are read from the keys, whatever an attribute of the
 * same name says, so they are no matter of the filter; an index only has what
 * it projects; and the keys of a Query have their own condition.
 */
static bool
leaf_can_filter(const BrSchema *schema, const BrIndex *index, BrOperation op,
				const BrPredicate *pred)
{
	const char *name = pred->path ? pred->path->steps[0].name : pred->attribute;

	if ((pred->path == NULL && br_schema_value_of(schema, name) >= 0) ||
		!br_index_projects(schema, index, name))
		return false;
	if (op == BR_OP_SCAN)
		return true;
	return index != NULL
		? !br_same_name(index->info.pk, name) && !br_same_name(index->info.sk, name)
		: !br_same_name(schema->pk_name, name) && !br_same_name(schema->sk_name, name);
}

/* Takes what a condition needs; false if there is not enough left. */
static bool
take(Filtering *filtering, const BrPredicate *pred, int noperators, int nvalues, size_t bytes)
{
	Budget	   *budget = &filtering->budget;
	int			nsteps = pred->path ? pred->path->nsteps : 1;
	int			characters = noperators * (OPERATOR_CHARACTERS + nsteps * NAME_CHARACTERS) +
		nvalues * VALUE_CHARACTERS;

	if (filtering->display)
		return true;
	if (characters > budget->characters || noperators > budget->operators ||
		bytes > budget->bytes)
	{
		filtering->curtailed = true;
		return false;
	}
	budget->characters -= characters;
	budget->operators -= noperators;
	budget->bytes -= bytes;
	return true;
}

static BrPath
path_of(const BrPredicate *pred)
{
	BrPath		path;

	if (pred->path != NULL)
		return *pred->path;
	br_path_of_name(pred->attribute, &path);
	return path;
}

static BrCondition *
compare(const BrPredicate *pred, BrConditionOp op, BrType type, BrText text)
{
	BrPath		path = path_of(pred);
	BrValue		value = {type, text.ptr, text.len};

	return br_cond_compare(op, &path, &value);
}

static BrCondition *
of_type(const BrPredicate *pred, BrType type)
{
	const char *tag = br_type_name(type);

	return compare(pred, BR_COND_ATTRIBUTE_TYPE, BR_TYPE_S, (BrText) {tag, strlen(tag)});
}

/* The values from number first on that fit into one IN. */
static BrCondition *
list_condition(const BrPredicate *pred, BrType type, const BrText *texts, int n)
{
	BrCondition *cond = palloc0(sizeof(BrCondition));

	cond->op = BR_COND_IN;
	cond->path = path_of(pred);
	cond->nvalues = n;
	cond->values = palloc(sizeof(BrValue) * n);
	for (int i = 0; i < n; i++)
		cond->values[i] = (BrValue) {type, texts[i].ptr, texts[i].len};
	return cond;
}

/* IN and its negation; values that no item can have are left out. */
static Verdict
write_list(Filtering *filtering, const BrPredicate *pred, BrTexts texts, BrCondition **cond)
{
	bool		negated = pred->op == BR_PRED_NOT_IN;
	BrType		type = filtering->display ? BR_TYPE_S : pred->type;
	BrText	   *sendable = palloc(sizeof(BrText) * Max(texts.n, 1));
	size_t		bytes = 0;
	int			n = 0;

	for (int i = 0; i < texts.n; i++)
	{
		if (!filtering->display && !can_send(pred->type, texts.list[i]))
			continue;
		bytes += texts.list[i].len;
		sendable[n++] = texts.list[i];
	}
	*cond = negated ? of_type(pred, pred->type) : NULL;
	if (n == 0)
		return negated ? CONDITION : NOTHING;
	if (!take(filtering, pred, 3 + 2 * (n / MAX_IN_OPERANDS), n + 1, bytes))
		return EVERYTHING;
	for (int done = 0; done < n; done += MAX_IN_OPERANDS)
	{
		BrCondition *part = list_condition(pred, type, sendable + done,
										   Min(n - done, MAX_IN_OPERANDS));

		*cond = negated ? br_cond_and(*cond, br_cond_not(part)) : br_cond_or(*cond, part);
	}
	return CONDITION;
}

/* A comparison with one value that cannot be sent: no item has it. */
static Verdict
write_unsendable(Filtering *filtering, const BrPredicate *pred, BrCondition **cond)
{
	switch (pred->op)
	{
		case BR_PRED_EQ:
			return NOTHING;
		case BR_PRED_NE:
			*cond = of_type(pred, pred->type);
			return take(filtering, pred, 1, 1, 0) ? CONDITION : EVERYTHING;
		default:
			filtering->curtailed = true;
			return EVERYTHING;
	}
}

static Verdict
write_comparison(Filtering *filtering, const BrPredicate *pred, BrTexts texts, BrCondition **cond)
{
	static const BrConditionOp ops[] = {
		[BR_PRED_EQ] = BR_COND_EQ,
		[BR_PRED_PREFIX] = BR_COND_BEGINS_WITH,
		[BR_PRED_GE] = BR_COND_GE,
		[BR_PRED_GT] = BR_COND_GT,
		[BR_PRED_LE] = BR_COND_LE,
		[BR_PRED_LT] = BR_COND_LT,
		[BR_PRED_NE] = BR_COND_NE,
		[BR_PRED_IS_NOT] = BR_COND_NE
	};
	BrText		text = texts.list[0];

	/* infinity */
	if (text.ptr == NULL || (!filtering->display && !can_send(pred->type, text)))
		return write_unsendable(filtering, pred, cond);
	if (!take(filtering, pred, pred->op == BR_PRED_NE ? 3 : 1, 2, text.len))
		return EVERYTHING;
	if (pred->op == BR_PRED_PREFIX && text.len == 0)
		*cond = of_type(pred, BR_TYPE_S);
	else
		*cond = compare(pred, ops[pred->op], pred->type, text);
	if (pred->op == BR_PRED_NE)
		*cond = br_cond_and(of_type(pred, pred->type), *cond);
	return CONDITION;
}

/* Whether there is a value, and of which type. */
static Verdict
write_presence(Filtering *filtering, const BrPredicate *pred, BrCondition **cond)
{
	BrPath		path = path_of(pred);

	if (!take(filtering, pred, 3, 1, 0))
		return EVERYTHING;
	switch (pred->op)
	{
		case BR_PRED_OF_TYPE:
			*cond = of_type(pred, pred->type);
			break;
		case BR_PRED_NOT_OF_TYPE:
			*cond = br_cond_not(of_type(pred, pred->type));
			break;
		case BR_PRED_PRESENT:
			*cond = br_cond_and(br_cond_exists(BR_COND_EXISTS, &path),
								br_cond_not(of_type(pred, BR_TYPE_NULL)));
			break;
		default:
			*cond = br_cond_or(br_cond_exists(BR_COND_NOT_EXISTS, &path),
							   of_type(pred, BR_TYPE_NULL));
	}
	return CONDITION;
}

static Verdict
write_leaf(Filtering *filtering, const BrPredicate *pred, BrCondition **cond)
{
	BrTexts		texts;

	if (!leaf_can_filter(filtering->schema, filtering->index, filtering->op, pred))
		return EVERYTHING;
	if (pred->value < 0)
		return write_presence(filtering, pred, cond);
	texts = filtering->values[pred->value];
	if (texts.n == 0)
		return pred->op == BR_PRED_NOT_IN ? EVERYTHING : NOTHING;
	if (pred->op == BR_PRED_IN || pred->op == BR_PRED_NOT_IN)
		return write_list(filtering, pred, texts, cond);
	return write_comparison(filtering, pred, texts, cond);
}

/*
 * All of several: what cannot be written lets everything pass.  One of several:
 * what cannot be written makes the others useless.
 */
static Verdict
write_junction(Filtering *filtering, const BrPredicate *junction, BrCondition **cond)
{
	bool		is_and = junction->op == BR_PRED_AND;
	Verdict		decides = is_and ? NOTHING : EVERYTHING;
	Verdict		neutral = is_and ? EVERYTHING : NOTHING;
	Budget		before = filtering->budget;
	BrPredicates members = {junction->below, junction + 1};

	*cond = NULL;
	br_foreach_predicate(pred, members)
	{
		BrCondition *member = NULL;
		Verdict		verdict = write_predicate(filtering, pred, &member);

		if (verdict == decides)
		{
			filtering->budget = before;
			return decides;
		}
		if (verdict == CONDITION)
			*cond = is_and ? br_cond_and(*cond, member) : br_cond_or(*cond, member);
	}
	return *cond != NULL ? CONDITION : neutral;
}

static Verdict
write_predicate(Filtering *filtering, const BrPredicate *pred, BrCondition **cond)
{
	return is_junction(pred) ? write_junction(filtering, pred, cond)
		: write_leaf(filtering, pred, cond);
}

bool
br_filter_make(const BrSchema *schema, const BrIndex *index, BrOperation op,
			   BrPredicates predicates, const BrTexts *values, bool display,
			   BrCondition **filter, bool *curtailed)
{
	Filtering	filtering = {
		.schema = schema, .index = index, .op = op, .values = values, .display = display,
		.budget = {MAX_CHARACTERS, MAX_OPERATORS, MAX_VALUE_BYTES}
	};

	*filter = NULL;
	br_foreach_predicate(pred, predicates)
	{
		BrCondition *cond = NULL;
		Verdict		verdict = write_predicate(&filtering, pred, &cond);

		if (verdict == NOTHING)
			return false;
		if (verdict == CONDITION)
			*filter = br_cond_and(*filter, cond);
	}
	*curtailed |= filtering.curtailed;
	return true;
}

bool
br_filter_takes(const BrSchema *schema, const BrIndex *index, BrOperation op,
				const BrPredicate *pred)
{
	for (int i = 0; i <= pred->below; i++)
	{
		if (!is_junction(&pred[i]) && !leaf_can_filter(schema, index, op, &pred[i]))
			return false;
	}
	return true;
}

bool
br_filter_exists(const BrSchema *schema, const BrIndex *index, BrOperation op,
				 BrPredicates predicates)
{
	br_foreach_predicate(pred, predicates)
	{
		if (br_filter_takes(schema, index, op, pred))
			return true;
	}
	return false;
}
