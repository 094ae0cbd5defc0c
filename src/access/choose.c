/*
 * choose.c
 *		Which reads the predicates of a query allow.
 */
#include "base/br.h"

#include "access/choose.h"

/* One value if it is an equality; a list always counts as several. */
static double
count_of(const BrPredicate *pred)
{
	return pred->op == BR_PRED_EQ ? 1 : Max(pred->count, 2);
}

/* The predicate that leaves an attribute the fewest values, or NULL. */
static const BrPredicate *
find_equality(BrPredicates predicates, const char *attribute)
{
	const BrPredicate *narrowest = NULL;

	br_foreach_predicate(pred, predicates)
	{
		if (br_predicate_is_equality(pred) && strcmp(pred->attribute, attribute) == 0 &&
			(narrowest == NULL || count_of(pred) < count_of(narrowest)))
			narrowest = pred;
	}
	return narrowest;
}

/* How many values each variable can have; 0: any. */
static void
count_values(const BrVariables *vars, BrPredicates predicates, double *counts)
{
	for (int i = 0; i < vars->n; i++)
	{
		const BrPredicate *pred = find_equality(predicates, vars->list[i].name);

		counts[i] = pred == NULL ? 0 : count_of(pred);
	}
}

/* How many keys a template makes of them; 0: any number. */
static double
count_keys(const BrTemplate *template, const double *counts)
{
	double		keys = 1;

	for (int i = 0; i < template->nparts; i++)
	{
		if (template->parts[i].variable >= 0)
			keys *= counts[template->parts[i].variable];
	}
	return keys;
}

/* As count_values, and the configuration also by way of its dimensions. */
static void
count_all_values(const BrSchema *schema, BrPredicates predicates, double *counts)
{
	double		dimensions[BR_MAX_VARIABLES];

	count_values(&schema->vars, predicates, counts);
	if (schema->config_var >= 0 && counts[schema->config_var] == 0)
	{
		count_values(&schema->config_vars, predicates, dimensions);
		counts[schema->config_var] = count_keys(&schema->config, dimensions);
	}
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

/*
 * Is a column of this attribute read from a part of the keys?  Then an item has
 * a value that the index does not know of, if it lacks the attribute.
 */
static bool
reads_from_key(const BrSchema *schema, const char *attribute)
{
	return br_schema_value_of(schema, attribute) >= 0 &&
		strcmp(attribute, schema->pk_name) != 0 &&
		(schema->sk_name == NULL || strcmp(attribute, schema->sk_name) != 0);
}

/*
 * How many partitions of an index are to be asked for; 0: not known, or not all
 * that could be wanted is in them.
 */
static double
count_partitions(const BrSchema *schema, const BrIndex *index,
				 BrPredicates predicates, const double *counts)
{
	int			var = br_variable_find(&schema->vars, index->info.pk);
	const BrPredicate *equality = find_equality(predicates, index->info.pk);

	if (!index_is_complete(schema, index) ||
		(!index->complete && reads_from_key(schema, index->info.pk)))
		return 0;
	if (var >= 0)
		return counts[var];
	if (equality == NULL || equality->type != index->info.pk_type)
		return 0;
	return count_of(equality);
}

/*
 * How to read the items that an index does not carry wholly.  Where the value
 * that the index is asked for is a part of the table's partition key (the
 * results of a run, or of a configuration), most of each partition is wanted,
 * and reading it costs less than its items one by one; but not of an interval.
 */
static BrFetchMode
fetch_mode(const BrSchema *schema, const BrIndex *index, BrPredicates predicates)
{
	BrFetchMode mode = BR_FETCH_KEYS;

	for (int i = 0; i < schema->pk.nparts; i++)
	{
		int			var = schema->pk.parts[i].variable;

		if (var >= 0 && strcmp(schema->vars.list[var].name, index->info.pk) == 0)
			mode = BR_FETCH_PARTITIONS;
	}
	br_foreach_predicate(pred, predicates)
	{
		if (index->info.sk != NULL && strcmp(pred->attribute, index->info.sk) == 0)
			mode = BR_FETCH_KEYS;
	}
	return mode;
}

/* Each variable counts once, whichever of the two templates it is in. */
static double
count_full_keys(const BrSchema *schema, const double *counts)
{
	double		keys = count_keys(&schema->pk, counts);
	double		rest[BR_MAX_VARIABLES];

	if (schema->sk_name == NULL || keys == 0)
		return keys;
	memcpy(rest, counts, sizeof(double) * schema->vars.n);
	for (int i = 0; i < schema->pk.nparts; i++)
	{
		if (schema->pk.parts[i].variable >= 0)
			rest[schema->pk.parts[i].variable] = 1;
	}
	return keys * count_keys(&schema->sk, rest);
}

/* What the query needs to be read, however it is. */
typedef struct Need
{
	int			nattributes;
	const char *const *attributes;
	bool		whole_item;
	BrFreshness freshness;
} Need;

static bool
index_covers(const BrSchema *schema, const BrIndex *index, const Need *need)
{
	if (need->freshness == BR_FRESH_VALUES && index->info.global)
		return false;
	if (need->whole_item)
		return index->info.projection == BR_PROJECTION_ALL;
	for (int i = 0; i < need->nattributes; i++)
	{
		if (!br_index_projects(schema, index, need->attributes[i]))
			return false;
	}
	return true;
}

typedef struct Choice
{
	BrAccess   *list;
	int			n;
} Choice;

static void
add_access(Choice *choice, BrOperation op, int index, BrFetchMode fetch, double probes)
{
	if (choice->n < BR_MAX_ACCESSES)
		choice->list[choice->n++] = (BrAccess) {op, index, fetch, probes};
}

/*
 * A partition may be less to read than so many keys of it, of which each costs
 * as much as several items there.
 */
#define MIN_KEYS_FOR_PARTITION	20

/* The table by its keys, if they are known. */
static bool
choose_keys(const BrSchema *schema, const double *counts, Choice *choice)
{
	double		partitions = count_keys(&schema->pk, counts);
	double		keys = count_full_keys(schema, counts);

	if (keys > 0)
		add_access(choice, keys > 1 ? BR_OP_BATCH_GET_ITEM : BR_OP_GET_ITEM, -1,
				   BR_FETCH_NOTHING, keys);
	if (partitions > 0 && (keys == 0 || keys >= partitions * MIN_KEYS_FOR_PARTITION))
		add_access(choice, BR_OP_QUERY, -1, BR_FETCH_NOTHING, partitions);
	return partitions > 0;
}

/* The service refuses strong reads of a global index. */
static bool
may_read(const BrIndex *index, const Need *need)
{
	return !(need->freshness == BR_FRESH_ALL && index->info.global);
}

/*
 * Indexes by their partition keys.  direct: the table can be asked itself, so
 * that nothing need be fetched from it.  True if one covers all that is needed.
 */
static bool
choose_index_queries(const BrSchema *schema, BrPredicates predicates, const double *counts,
					 const Need *need, bool direct, Choice *choice)
{
	bool		covered = false;

	for (int i = 0; i < schema->nindexes; i++)
	{
		const BrIndex *index = &schema->indexes[i];
		double		partitions = may_read(index, need)
			? count_partitions(schema, index, predicates, counts) : 0;

		if (partitions == 0)
			continue;
		if (index_covers(schema, index, need))
		{
			add_access(choice, BR_OP_QUERY, i, BR_FETCH_NOTHING, partitions);
			covered = true;
		}
		else if (!index->info.global)
			add_access(choice, BR_OP_QUERY, i, BR_FETCH_BY_SERVICE, partitions);
		else if (!direct)
		{
			if (fetch_mode(schema, index, predicates) == BR_FETCH_PARTITIONS)
				add_access(choice, BR_OP_QUERY, i, BR_FETCH_PARTITIONS, partitions);
			/* where only some rows are wanted, or the first in the index's order */
			add_access(choice, BR_OP_QUERY, i, BR_FETCH_KEYS, partitions);
		}
	}
	return covered;
}

/* All of the table, or of an index in which all that can be wanted is. */
static void
choose_scans(const BrSchema *schema, const Need *need, Choice *choice)
{
	add_access(choice, BR_OP_SCAN, -1, BR_FETCH_NOTHING, 1);
	for (int i = 0; i < schema->nindexes; i++)
	{
		const BrIndex *index = &schema->indexes[i];

		if (index->complete && index->info.global && may_read(index, need))
			add_access(choice, BR_OP_SCAN, i,
					   index_covers(schema, index, need) ? BR_FETCH_NOTHING : BR_FETCH_KEYS, 1);
	}
}

int
br_choose(const BrSchema *schema, BrPredicates predicates,
		  int nneeded, const char *const *needed, bool whole_item,
		  BrFreshness freshness, BrAccess *accesses)
{
	Need		need = {nneeded, needed, whole_item, freshness};
	Choice		choice = {accesses, 0};
	double		counts[BR_MAX_VARIABLES];
	bool		direct;
	bool		covered;

	count_all_values(schema, predicates, counts);
	direct = choose_keys(schema, counts, &choice);
	covered = choose_index_queries(schema, predicates, counts, &need, direct, &choice);
	/* a Scan can only read more than these */
	if (!direct && !covered && !(schema->index_forced && choice.n > 0))
		choose_scans(schema, &need, &choice);
	return choice.n;
}
