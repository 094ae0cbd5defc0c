/*
 * condition.c
 *		What is known of keys, as conditions: prefixes, intervals, filters.
 *
 * A key condition holds at most one condition on the sort key, and a filter of
 * a Query none on the keys that are asked for.
 */
#include "base/br.h"

#include "access/bound.h"
#include "access/filter.h"
#include "access/key.h"

static BrCondition *
compare(BrConditionOp op, const char *name, BrType type, BrText text)
{
	BrValue    *value = palloc(sizeof(BrValue));
	BrPath		path;

	br_path_of_name(name, &path);
	*value = (BrValue) {type, text.ptr, text.len};
	return br_cond_compare(op, &path, value);
}

BrCondition *
br_bound_equality(const char *name, BrType type, BrText text)
{
	return compare(BR_COND_EQ, name, type, text);
}

/*
 * What a key begins with in the current combination; *cond stays NULL if
 * nothing is known.  False if no key begins so.
 */
static bool
prefix_condition(const BrBound *bound, const BrTemplate *template, const char *name,
				 BrType type, size_t max_len, BrCondition **cond)
{
	StringInfoData prefix;

	*cond = NULL;
	if (name == NULL || type != BR_TYPE_S)
		return true;
	initStringInfo(&prefix);
	if (!br_template_prefix(template, &bound->schema->vars, bound->current,
							bound->prefixes, &prefix) && !bound->display)
		return false;
	if ((size_t) prefix.len > max_len)
		return false;
	if (prefix.len > 0)
		*cond = compare(BR_COND_BEGINS_WITH, name, BR_TYPE_S, br_text_of(&prefix));
	return true;
}

static bool
is_bound(const BrPredicate *pred, bool low)
{
	return low ? pred->op == BR_PRED_GE || pred->op == BR_PRED_GT
		: pred->op == BR_PRED_LE || pred->op == BR_PRED_LT;
}

/* The tightest bound of one kind on an attribute of this type; ptr NULL: none. */
static BrText
tightest_bound(const BrBound *bound, const char *name, BrType type, bool low)
{
	BrText		tightest = {NULL, 0};

	br_foreach_predicate(pred, bound->predicates)
	{
		BrText		text;
		int			order;

		if (!is_bound(pred, low) || pred->type != type || strcmp(pred->attribute, name) != 0)
			continue;
		text = bound->values[pred->value].list[0];
		if (text.ptr == NULL)
			continue;			/* infinity */
		order = tightest.ptr == NULL || bound->display ? 0
			: br_text_compare(type, text, tightest);
		if (tightest.ptr == NULL || (low ? order > 0 : order < 0))
			tightest = text;
	}
	return tightest;
}

/* A bound that cannot be sent is left to the check of the rows. */
static void
drop_unsendable(BrBound *bound, BrType type, size_t max_len, BrText *text)
{
	if (text->ptr == NULL || bound->display || br_key_value_check(type, max_len, text))
		return;
	text->ptr = NULL;
	bound->curtailed = true;
}

/*
 * The interval that an attribute must lie in, as one condition on a sort key,
 * since DynamoDB takes no more; *cond stays NULL if there is none.  Both ends
 * belong to it.  False if it is empty, which DynamoDB would refuse.
 */
static bool
range_condition(BrBound *bound, const char *name, BrType type, size_t max_len,
				BrText low, BrText high, BrCondition **cond)
{
	BrPath		path;
	BrValue		values[2];

	*cond = NULL;
	/* nothing is less than an empty text, and every key is greater */
	if (type == BR_TYPE_S && high.ptr != NULL && high.len == 0)
		return false;
	if (type == BR_TYPE_S && low.ptr != NULL && low.len == 0)
		low.ptr = NULL;
	drop_unsendable(bound, type, max_len, &low);
	drop_unsendable(bound, type, max_len, &high);

	if (low.ptr != NULL && high.ptr != NULL)
	{
		if (!bound->display && br_text_compare(type, low, high) > 0)
			return false;
		br_path_of_name(name, &path);
		values[0] = (BrValue) {type, low.ptr, low.len};
		values[1] = (BrValue) {type, high.ptr, high.len};
		*cond = br_cond_between(&path, &values[0], &values[1]);
	}
	else if (low.ptr != NULL)
		*cond = compare(BR_COND_GE, name, type, low);
	else if (high.ptr != NULL)
		*cond = compare(BR_COND_LE, name, type, high);
	return true;
}

static bool
bounded_condition(BrBound *bound, const char *name, BrType type, BrCondition **cond)
{
	return range_condition(bound, name, type, BR_MAX_SK_BYTES,
						   tightest_bound(bound, name, type, true),
						   tightest_bound(bound, name, type, false), cond);
}

/* From the least to the greatest of several values. */
static bool
list_condition(BrBound *bound, const char *name, BrType type, BrTexts texts, BrCondition **cond)
{
	BrText		least = texts.n > 0 ? texts.list[0] : (BrText) {NULL, 0};
	BrText		greatest = least;

	for (int i = 1; i < texts.n; i++)
	{
		if (br_text_compare(type, texts.list[i], least) < 0)
			least = texts.list[i];
		if (br_text_compare(type, texts.list[i], greatest) > 0)
			greatest = texts.list[i];
	}
	return range_condition(bound, name, type, BR_MAX_SK_BYTES, least, greatest, cond);
}

/* The same of an index's sort key, which may also be known, or how it begins. */
static bool
index_sort_condition(BrBound *bound, const BrIndexInfo *info, BrCondition **cond)
{
	bool		is_list;
	BrTexts		texts = br_bound_values(bound, info->sk, info->sk_type, &is_list);
	BrText		prefix = br_bound_prefix(bound, info->sk);

	*cond = NULL;
	if (texts.list != NULL && (texts.n == 1 || bound->display))
	{
		*cond = br_bound_equality(info->sk, info->sk_type, texts.list[0]);
		return bound->display ||
			br_key_value_check(info->sk_type, BR_MAX_SK_BYTES, &texts.list[0]);
	}
	if (info->sk_type == BR_TYPE_S && prefix.ptr != NULL && prefix.len > 0)
	{
		*cond = compare(BR_COND_BEGINS_WITH, info->sk, BR_TYPE_S, prefix);
		return prefix.len <= BR_MAX_SK_BYTES;
	}
	if (texts.list != NULL)
		return texts.n > 0 && list_condition(bound, info->sk, info->sk_type, texts, cond);
	return bounded_condition(bound, info->sk, info->sk_type, cond);
}

/* pk belongs to no other entity. */
static BrCondition *
reserved_condition(const BrSchema *schema)
{
	BrCondition *cond = NULL;

	for (const char *const *prefix = schema->reserved; *prefix != NULL; prefix++)
	{
		BrText		text = {*prefix, strlen(*prefix)};

		cond = br_cond_and(cond, br_cond_not(compare(BR_COND_BEGINS_WITH,
													 schema->pk_name, BR_TYPE_S, text)));
	}
	return cond;
}

/*
 * What the reserved prefixes make of a condition on what pk begins with (NULL:
 * none).  False if none of ours begins so.
 */
static bool
exclude_reserved(const BrSchema *schema, BrCondition **pk)
{
	bool		may_be = *pk == NULL;

	if (schema->reserved == NULL)
		return true;
	for (const char *const *prefix = schema->reserved; *prefix != NULL && *pk != NULL; prefix++)
	{
		const BrValue *known = &(*pk)->values[0];
		size_t		len = strlen(*prefix);

		if (memcmp(known->text, *prefix, Min(known->len, len)) != 0)
			continue;
		if (known->len >= len)
			return false;
		may_be = true;
	}
	if (may_be)
		*pk = br_cond_and(*pk, reserved_condition(schema));
	return true;
}

static bool
is_key_of(const BrIndex *index, const char *name)
{
	return index != NULL &&
		(strcmp(index->info.pk, name) == 0 ||
		 (index->info.sk != NULL && strcmp(index->info.sk, name) == 0));
}

/*
 * Tells this schema's items from their siblings by the primary key, where that
 * may stand in a filter: in a Scan and in the Query of an index whose own key
 * it is not.
 */
bool
br_bound_filter(BrBound *bound, const BrIndex *index, BrRead *read)
{
	const BrSchema *schema = bound->schema;
	BrCondition *pk;
	BrCondition *sk;
	BrCondition *others;

	if (!prefix_condition(bound, &schema->pk, schema->pk_name, schema->pk_type,
						  BR_MAX_PK_BYTES, &pk) ||
		!prefix_condition(bound, &schema->sk, schema->sk_name, schema->sk_type,
						  BR_MAX_SK_BYTES, &sk) ||
		!br_filter_make(schema, index, read->op, bound->predicates, bound->values,
						bound->display, &others, &bound->curtailed))
		return false;
	if (!exclude_reserved(schema, &pk))
		return false;
	if (read->op == BR_OP_QUERY && is_key_of(index, schema->pk_name))
		pk = NULL;
	if (read->op == BR_OP_QUERY && sk != NULL && is_key_of(index, schema->sk_name))
		sk = NULL;
	read->filter = br_cond_and(br_cond_and(pk, sk), others);
	return true;
}

/* What the table's sort key begins with, or the interval it lies in. */
static bool
table_sort_condition(BrBound *bound, BrCondition **sort)
{
	const BrSchema *schema = bound->schema;

	if (!prefix_condition(bound, &schema->sk, schema->sk_name, schema->sk_type,
						  BR_MAX_SK_BYTES, sort))
		return false;
	if (*sort != NULL || schema->sk_name == NULL)
		return true;
	return bounded_condition(bound, schema->sk_name, schema->sk_type, sort);
}

bool
br_bound_table_query(BrBound *bound, BrCondition **sort, BrRead *read)
{
	BrCondition *filter;

	if (!br_filter_make(bound->schema, NULL, BR_OP_QUERY, bound->predicates, bound->values,
						bound->display, &filter, &bound->curtailed))
		return false;
	read->filter = filter;
	return table_sort_condition(bound, sort);
}

bool
br_bound_index_query(BrBound *bound, const BrIndex *index, BrCondition **sort, BrRead *read)
{
	*sort = NULL;
	if (index->info.sk != NULL && !index_sort_condition(bound, &index->info, sort))
		return false;
	return br_bound_filter(bound, index, read);
}
