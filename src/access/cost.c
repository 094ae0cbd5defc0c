/*
 * cost.c
 *		Arithmetic of read units and requests.
 */
#include "base/br.h"

#include <math.h>

#include "access/cost.h"

/* Mean size of an entry in an index of the benchmark suite. */
#define INDEX_ENTRY_BYTES	300.0
#define KEYS_ONLY_BYTES		200.0

/* Items of a full run: 294 configurations with 20 cold and 300 warm starts. */
#define RUN_ITEMS			94669.0
#define RUN_CONFIGURATIONS	294.0
#define TYPE_INVOCATIONS	160.0

static double
bytes_per_item(const BrSchema *schema)
{
	return schema->item_bytes > 0 ? schema->item_bytes : BR_ITEM_BYTES;
}

/* How many values a variable has in such a table; 0: not known. */
static double
distinct_values(const BrSchema *schema, const char *variable)
{
	static const struct
	{
		const char *variable;
		double		values;
	}			known[] =
	{
		{"configId", RUN_CONFIGURATIONS},
		{"invocationType", 2},
		{"invocationNumber", TYPE_INVOCATIONS},
		{"runtime", 7},
		{"architecture", 2},
		{"workloadType", 3},
		{"memorySizeMB", 7}
	};

	if (strcmp(variable, "testRunId") == 0)
		return Max(schema->items / RUN_ITEMS, 1);
	for (int i = 0; i < (int) lengthof(known); i++)
	{
		if (strcmp(known[i].variable, variable) == 0)
			return known[i].values;
	}
	return 0;
}

/* Does a predicate on this variable narrow what is read? NULL: all do. */
static bool
narrows(const bool *narrowing, int value)
{
	return narrowing == NULL || narrowing[value];
}

/* Has an earlier predicate said which values the attribute has? */
static bool
is_said_before(BrPredicates predicates, const BrPredicate *pred)
{
	br_foreach_predicate(other, predicates)
	{
		if (other == pred)
			return false;
		if (br_predicate_is_equality(other) && strcmp(other->attribute, pred->attribute) == 0)
			return true;
	}
	return false;
}

static double
selectivity_of(const BrSchema *schema, BrPredicates predicates, const bool *narrowing)
{
	double		selectivity = 1;
	bool		has_config = false;

	br_foreach_predicate(pred, predicates)
		has_config |= strcmp(pred->attribute, "configId") == 0;
	br_foreach_predicate(pred, predicates)
	{
		double		distinct = distinct_values(schema, pred->attribute);
		int			value = br_schema_value_of(schema, pred->attribute);

		/* the dimensions follow from the configuration */
		if (distinct == 0 || value < 0 || (has_config && value >= schema->vars.n) ||
			!br_predicate_is_equality(pred) || !narrows(narrowing, value) ||
			is_said_before(predicates, pred))
			continue;
		selectivity *= Min(pred->count / distinct, 1);
	}
	return selectivity;
}

double
br_key_selectivity(const BrSchema *schema, BrPredicates predicates)
{
	return selectivity_of(schema, predicates, NULL);
}

static const BrPredicate *
find_value(BrPredicates predicates, const char *attribute)
{
	br_foreach_predicate(pred, predicates)
	{
		if (pred->op == BR_PRED_EQ && strcmp(pred->attribute, attribute) == 0)
			return pred;
	}
	return NULL;
}

/*
 * Which variables a Query of the table is narrowed by: those of the partition
 * key, and of the sort key the first ones of which one value is known; of a
 * configuration also its first dimensions.
 */
static void
mark_narrowing(const BrSchema *schema, BrPredicates predicates, bool *narrowing)
{
	for (int i = 0; i < schema->pk.nparts; i++)
	{
		if (schema->pk.parts[i].variable >= 0)
			narrowing[schema->pk.parts[i].variable] = true;
	}
	for (int i = 0; i < schema->sk.nparts; i++)
	{
		int			variable = schema->sk.parts[i].variable;

		if (variable < 0)
			continue;
		if (variable == schema->config_var &&
			find_value(predicates, schema->vars.list[variable].name) == NULL)
		{
			for (int j = 0; j < schema->config_vars.n &&
				 find_value(predicates, schema->config_vars.list[j].name) != NULL; j++)
				narrowing[schema->vars.n + j] = true;
			return;
		}
		if (find_value(predicates, schema->vars.list[variable].name) == NULL)
			return;
		narrowing[variable] = true;
	}
}

/* Items of the entity in those partitions that a Query of the table reads. */
static double
items_of_partitions(const BrSchema *schema, BrPredicates predicates, double rows,
					double narrowed)
{
	bool		narrowing[2 * BR_MAX_VARIABLES] = {0};

	if (schema->entity == NULL || schema->entity->pk_template == NULL)
		return Max(narrowed, rows);
	mark_narrowing(schema, predicates, narrowing);
	return Max(schema->items * schema->entity->share *
			   selectivity_of(schema, predicates, narrowing), rows);
}

/* How many items the service looks at. */
static double
items_read(const BrSchema *schema, const BrAccess *access, BrPredicates predicates,
		   double rows, double narrowed)
{
	const BrIndex *index = access->index < 0 ? NULL : &schema->indexes[access->index];
	double		partitions;

	switch (access->op)
	{
		case BR_OP_GET_ITEM:
		case BR_OP_BATCH_GET_ITEM:
			return access->probes;
		case BR_OP_SCAN:
			return Max(index != NULL && index->items > 0 ? index->items : schema->items, rows);
		default:
			break;
	}
	if (index == NULL)
		return items_of_partitions(schema, predicates, rows, narrowed);

	/*
	 * A partition of an index is read as a whole, with whatever else of its run
	 * or configuration is in it.
	 */
	partitions = distinct_values(schema, index->info.pk);
	if (partitions > 0)
		return Max(schema->items / partitions * access->probes, rows);
	return Max(narrowed, rows);
}

/* Results of a configuration in one run, which is a partition of the table. */
#define PARTITION_ITEMS		320.0

/* What it takes to read the rows from the table after the index. */
static void
add_fetch(BrCost *cost, const BrSchema *schema, const BrAccess *access, double rows)
{
	double		item_bytes = bytes_per_item(schema);

	switch (access->fetch)
	{
		case BR_FETCH_NOTHING:
			return;
		case BR_FETCH_BY_SERVICE:
			cost->fetch_units = rows * ceil(item_bytes / BR_UNIT_BYTES);
			break;
		case BR_FETCH_KEYS:
			cost->fetch_requests = ceil(rows / BR_MAX_BATCH_KEYS);
			cost->fetch_units = rows * ceil(item_bytes / BR_UNIT_BYTES);
			break;
		case BR_FETCH_PARTITIONS:
			cost->fetch_requests = ceil(rows / PARTITION_ITEMS);
			cost->fetch_units = Max(ceil(rows * item_bytes / BR_UNIT_BYTES), cost->fetch_requests);
			break;
	}
	cost->items += rows;
	cost->requests += cost->fetch_requests;
	cost->units += cost->fetch_units;
}

static double
bytes_of_entry(const BrSchema *schema, const BrAccess *access)
{
	if (access->index < 0)
		return bytes_per_item(schema);
	switch (schema->indexes[access->index].info.projection)
	{
		case BR_PROJECTION_ALL:
			return bytes_per_item(schema);
		case BR_PROJECTION_KEYS_ONLY:
			return KEYS_ONLY_BYTES;
		default:
			return INDEX_ENTRY_BYTES;
	}
}

BrCost
br_cost_estimate(const BrSchema *schema, const BrAccess *access,
				 BrPredicates predicates, double rows, double narrowed,
				 bool consistent)
{
	BrCost		cost = {0};
	double		item_bytes = bytes_of_entry(schema, access);
	double		bytes;

	cost.items = items_read(schema, access, predicates, rows, narrowed);
	bytes = cost.items * item_bytes;
	switch (access->op)
	{
		case BR_OP_GET_ITEM:
		case BR_OP_BATCH_GET_ITEM:
			/* rounded up for each item */
			cost.requests = ceil(cost.items / BR_MAX_BATCH_KEYS);
			cost.units = cost.items * ceil(item_bytes / BR_UNIT_BYTES);
			break;
		default:
			cost.requests = Max(ceil(bytes / BR_PAGE_BYTES), access->probes);
			cost.units = Max(ceil(bytes / BR_UNIT_BYTES), access->probes);
			break;
	}
	add_fetch(&cost, schema, access, rows);
	if (!consistent)
	{
		cost.units /= 2;
		cost.fetch_units /= 2;
	}
	return cost;
}
