/*
 * pair.c
 *		One Query for two entities of a partition.
 */
#include "base/br.h"

#include "access/key.h"
#include "access/pair.h"

static const char *
variable_name(const BrSchema *schema, const BrPart *part)
{
	return part->variable < 0 ? NULL : schema->vars.list[part->variable].name;
}

static bool
same_part(const BrSchema *a, const BrPart *part_a, const BrSchema *b, const BrPart *part_b)
{
	if (part_a->variable < 0 || part_b->variable < 0)
		return part_a->variable < 0 && part_b->variable < 0 &&
			part_a->literal.len == part_b->literal.len &&
			memcmp(part_a->literal.ptr, part_b->literal.ptr, part_a->literal.len) == 0;
	return br_same_name(variable_name(a, part_a), variable_name(b, part_b));
}

static bool
same_partitions(const BrSchema *one, const BrSchema *many)
{
	if (one->pk.nparts != many->pk.nparts || one->reserved != NULL || many->reserved != NULL)
		return false;
	for (int i = 0; i < one->pk.nparts; i++)
	{
		if (!same_part(one, &one->pk.parts[i], many, &many->pk.parts[i]))
			return false;
	}
	return true;
}

/* Does the partition tell the whole key? */
static bool
is_alone_in_partition(const BrSchema *schema)
{
	for (int i = 0; i < schema->sk.nparts; i++)
	{
		const char *name = variable_name(schema, &schema->sk.parts[i]);
		bool		found = name == NULL;

		for (int j = 0; j < schema->pk.nparts && !found; j++)
			found = br_same_name(name, variable_name(schema, &schema->pk.parts[j]));
		if (!found)
			return false;
	}
	return schema->sk.nparts > 0;
}

/* Is every text that begins with a less than every one that begins with b? */
static bool
comes_before(BrText a, BrText b)
{
	return memcmp(a.ptr, b.ptr, Min(a.len, b.len)) < 0;
}

bool
br_pair_fits(const BrSchema *one, const BrSchema *many)
{
	return br_same_name(one->table, many->table) &&
		br_same_name(one->pk_name, many->pk_name) && one->pk_type == BR_TYPE_S &&
		br_same_name(one->sk_name, many->sk_name) && one->sk_type == BR_TYPE_S &&
		many->pk_type == BR_TYPE_S && many->sk_type == BR_TYPE_S &&
		same_partitions(one, many) && is_alone_in_partition(one) &&
		many->sk.nparts > 0 && many->sk.parts[0].variable < 0 &&
		one->sk.parts[0].variable < 0 &&
		comes_before(many->sk.parts[0].literal, one->sk.parts[0].literal);
}

const BrPredicate *
br_pair_key(const BrSchema *many, int part, BrPredicates predicates)
{
	const char *name = variable_name(many, &many->pk.parts[part]);

	br_foreach_predicate(pred, predicates)
	{
		if (pred->op == BR_PRED_EQ && br_same_name(pred->attribute, name))
			return pred;
	}
	return NULL;
}

/* Makes a key; false if no item can have it. */
static bool
make_key(const BrSchema *schema, const BrTemplate *template, const BrText *known,
		 size_t max_len, bool display, BrText *key)
{
	StringInfoData text;

	initStringInfo(&text);
	if (display)
		br_template_describe(template, &schema->vars, known, &text);
	else if (!br_template_compile(template, &schema->vars, known, &text))
		return false;
	*key = (BrText) {text.data, text.len};
	return display || br_key_value_check(BR_TYPE_S, max_len, key);
}

bool
br_pair_bind(const BrSchema *one, const BrSchema *many, BrPredicates predicates,
			 const BrTexts *values, bool display, BrRead *read)
{
	BrText		known[BR_MAX_VARIABLES] = {0};
	BrText		first = many->sk.parts[0].literal;
	BrText		last;
	BrText		pk;
	BrPath		path;
	BrValue		value;

	for (int i = 0; i < one->vars.n; i++)
	{
		br_foreach_predicate(pred, predicates)
		{
			if (br_same_name(pred->attribute, one->vars.list[i].name) && values[pred->value].n > 0)
				known[i] = values[pred->value].list[0];
		}
		if (known[i].ptr == NULL)
			return false;
	}
	if (!make_key(one, &one->pk, known, BR_MAX_PK_BYTES, display, &pk) ||
		!make_key(one, &one->sk, known, BR_MAX_SK_BYTES, display, &last))
		return false;

	*read = (BrRead) {.op = BR_OP_QUERY, .table = one->table, .backward = true};
	br_path_of_name(one->pk_name, &path);
	value = (BrValue) {BR_TYPE_S, pk.ptr, pk.len};
	read->key_condition = br_cond_compare(BR_COND_EQ, &path, &value);
	br_path_of_name(one->sk_name, &path);
	read->key_condition = br_cond_and(unconstify(BrCondition *, read->key_condition),
									  br_cond_between(&path,
													  &(BrValue) {BR_TYPE_S, first.ptr, first.len},
													  &(BrValue) {BR_TYPE_S, last.ptr, last.len}));
	return true;
}
