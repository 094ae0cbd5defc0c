/*
 * choose.c
 *		Which reads the predicates of a query allow.
 */
#include "base/br.h"

#include "access/choose.h"

static const BrPredicate *
find_equality(BrPredicates predicates, const char *attribute)
{
	for (int i = 0; i < predicates.n; i++)
	{
		if (predicates.list[i].op == BR_PRED_EQ &&
			strcmp(predicates.list[i].attribute, attribute) == 0)
			return &predicates.list[i];
	}
	return NULL;
}

static bool
has_equality(BrPredicates predicates, const char *attribute)
{
	return find_equality(predicates, attribute) != NULL;
}

/* Which variables have a known value, be it by way of the dimensions. */
static void
find_known(const BrSchema *schema, BrPredicates predicates, bool *known)
{
	for (int i = 0; i < schema->vars.n; i++)
		known[i] = has_equality(predicates, schema->vars.list[i].name);

	if (schema->config_var >= 0 && !known[schema->config_var])
	{
		bool		dimensions[BR_MAX_VARIABLES];

		for (int i = 0; i < schema->config_vars.n; i++)
			dimensions[i] = has_equality(predicates, schema->config_vars.list[i].name);
		known[schema->config_var] =
			br_template_is_complete(&schema->config, dimensions);
	}
}

/* Is anything of the sort key known, so that a Query can be narrowed by it? */
static bool
narrows_sort_key(const BrSchema *schema, BrPredicates predicates, const bool *known)
{
	const BrPart *first;

	if (schema->sk_name == NULL)
		return false;
	first = &schema->sk.parts[0];
	if (first->variable < 0 || known[first->variable])
		return true;
	for (int i = 0; i < predicates.n; i++)
	{
		if (predicates.list[i].op == BR_PRED_PREFIX &&
			strcmp(predicates.list[i].attribute,
				   schema->vars.list[first->variable].name) == 0)
			return true;
	}
	return false;
}

static bool
index_covers(const BrSchema *schema, const BrIndex *index,
			 int nneeded, const char *const *needed, bool whole_item)
{
	if (whole_item)
		return index->info.projection == BR_PROJECTION_ALL;
	for (int i = 0; i < nneeded; i++)
	{
		if (!br_index_projects(schema, index, needed[i]))
			return false;
	}
	return true;
}

/*
 * Does the index hold every item that could be wanted?  An item is left out if
 * it lacks one of the index's keys.  The partition key is there when it equals
 * something; the sort key need not be.
 */
static bool
index_is_complete(const BrSchema *schema, const BrIndex *index)
{
	const char *sk = index->info.sk;

	return index->complete || sk == NULL || strcmp(sk, schema->pk_name) == 0 ||
		(schema->sk_name != NULL && strcmp(sk, schema->sk_name) == 0);
}

/* Is the partition to ask for known, and is all in it that could be wanted? */
static bool
index_serves(const BrSchema *schema, const BrIndex *index, BrPredicates predicates,
			 const bool *known)
{
	int			var = br_variable_find(&schema->vars, index->info.pk);
	const BrPredicate *equality = find_equality(predicates, index->info.pk);

	if (!index_is_complete(schema, index))
		return false;
	if (equality != NULL)
		return equality->type == index->info.pk_type;
	return var >= 0 && known[var];
}

int
br_choose(const BrSchema *schema, BrPredicates predicates,
		  int nneeded, const char *const *needed, bool whole_item,
		  bool consistent, BrAccess *accesses)
{
	bool		known[BR_MAX_VARIABLES];
	int			n = 0;

	find_known(schema, predicates, known);
	accesses[n++] = (BrAccess) {BR_OP_SCAN, -1, false};

	if (br_template_is_complete(&schema->pk, known))
	{
		if (schema->sk_name == NULL || br_template_is_complete(&schema->sk, known))
			accesses[n++] = (BrAccess) {BR_OP_GET_ITEM, -1, true};
		else
			accesses[n++] = (BrAccess) {BR_OP_QUERY, -1,
										narrows_sort_key(schema, predicates, known)};
	}

	for (int i = 0; i < schema->nindexes && n < BR_MAX_ACCESSES; i++)
	{
		const BrIndex *index = &schema->indexes[i];

		/* the service refuses strong reads of a global index */
		if (consistent && index->info.global)
			continue;
		if (index_serves(schema, index, predicates, known) &&
			index_covers(schema, index, nneeded, needed, whole_item))
			accesses[n++] = (BrAccess) {BR_OP_QUERY, i, false};
	}
	return n;
}
