/*
 * exact.c
 *		What the keys of a read say of the predicates, and when the answers are the
 *		rows, so that they need not be looked at.
 */
#include "base/br.h"

#include "access/choose.h"
#include "access/filter.h"

static bool
has_variable(const BrTemplate *template, int variable)
{
	for (int i = 0; i < template->nparts; i++)
	{
		if (template->parts[i].variable == variable)
			return true;
	}
	return false;
}

static bool
stands_for_itself(const BrSchema *schema, const BrTemplate *template, const char *name)
{
	return template->nparts == 0 ||
		(template->nparts == 1 && template->parts[0].variable >= 0 &&
		 strcmp(schema->vars.list[template->parts[0].variable].name, name) == 0);
}

static bool
has_equality(BrPredicates predicates, const char *attribute)
{
	br_foreach_predicate(pred, predicates)
	{
		if (br_predicate_is_equality(pred) && strcmp(pred->attribute, attribute) == 0)
			return true;
	}
	return false;
}

/* Are the dimensions combined to configuration ids, one and all? */
static bool
dimensions_make_config(const BrSchema *schema, BrPredicates predicates)
{
	for (int i = 0; i < schema->config_vars.n; i++)
	{
		if (!has_equality(predicates, schema->config_vars.list[i].name))
			return false;
	}
	return !has_equality(predicates, schema->vars.list[schema->config_var].name);
}

/* Is the key that a Query asks for made of all values of this variable? */
static bool
is_in_partition_key(const BrSchema *schema, const BrAccess *access, int variable)
{
	if (access->op != BR_OP_QUERY)
		return false;
	if (access->index < 0)
		return has_variable(&schema->pk, variable);
	return strcmp(schema->indexes[access->index].info.pk,
				  schema->vars.list[variable].name) == 0;
}

static bool
partition_key_says(const BrSchema *schema, const BrAccess *access,
				   BrPredicates predicates, const BrPredicate *pred)
{
	int			value = br_schema_value_of(schema, pred->attribute);

	if (!br_predicate_is_equality(pred))
		return false;
	if (value >= schema->vars.n)
		return dimensions_make_config(schema, predicates) &&
			is_in_partition_key(schema, access, schema->config_var);
	if (value >= 0)
		return is_in_partition_key(schema, access, value);
	return access->op == BR_OP_QUERY && access->index >= 0 &&
		schema->indexes[access->index].info.pk_type == pred->type &&
		strcmp(schema->indexes[access->index].info.pk, pred->attribute) == 0;
}

/*
 * Is the condition on the sort key just this?  It is one interval with both
 * ends, or what the key begins with, of a key that stands for itself.
 */
static bool
sort_key_says(const BrSchema *schema, const BrAccess *access,
			  BrPredicates predicates, const BrPredicate *pred)
{
	const char *sk = schema->sk_name;
	BrType		type = schema->sk_type;
	bool		alone = true;
	bool		interval = true;

	if (access->op != BR_OP_QUERY)
		return false;
	if (access->index >= 0)
	{
		sk = schema->indexes[access->index].info.sk;
		type = schema->indexes[access->index].info.sk_type;
	}
	else if (!stands_for_itself(schema, &schema->sk, sk))
		return false;
	if (sk == NULL || pred->type != type || strcmp(pred->attribute, sk) != 0)
		return false;
	br_foreach_predicate(other, predicates)
	{
		if (strcmp(other->attribute, sk) != 0)
			continue;
		alone &= other == pred;
		interval &= other->op == BR_PRED_GE || other->op == BR_PRED_LE;
	}
	return interval || (alone && pred->op == BR_PRED_PREFIX && type == BR_TYPE_S);
}

bool
br_access_is_narrowed_by(const BrSchema *schema, const BrAccess *access,
						 const BrPredicate *pred)
{
	const BrIndexInfo *index = access->index < 0 ? NULL : &schema->indexes[access->index].info;
	const char *pk = index ? index->pk : schema->pk_name;
	const char *sk = index ? index->sk : schema->sk_name;

	if (access->op != BR_OP_QUERY || pred->op > BR_PRED_LT)
		return false;
	if (strcmp(pred->attribute, pk) == 0)
		return br_predicate_is_equality(pred);
	/* of the table several sort keys are not one interval */
	return sk != NULL && strcmp(pred->attribute, sk) == 0 &&
		(index != NULL || pred->op != BR_PRED_IN);
}

bool
br_access_is_exact(const BrSchema *schema, const BrAccess *access,
				   BrPredicates predicates, bool well_formed)
{
	const BrIndex *index = access->index < 0 ? NULL : &schema->indexes[access->index];

	/* an item may have keys of another form and still be in the partition */
	if (!well_formed &&
		!(stands_for_itself(schema, &schema->pk, schema->pk_name) &&
		  stands_for_itself(schema, &schema->sk, schema->sk_name)))
		return false;
	br_foreach_predicate(pred, predicates)
	{
		bool		said = pred->exact &&
			(partition_key_says(schema, access, predicates, pred) ||
			 sort_key_says(schema, access, predicates, pred) ||
			 br_filter_takes(schema, index, access->op, pred));

		/* of AND and OR, all that they join */
		for (int i = 1; i <= pred->below; i++)
			said &= pred[i].exact;
		if (!said)
			return false;
	}
	return true;
}
