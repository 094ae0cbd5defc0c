/*
 * cost.c
 *		Arithmetic of read units and requests.
 */
#include "base/br.h"

#include <math.h>

#include "access/cost.h"

#define PAGE_BYTES	(1024.0 * 1024.0)
#define UNIT_BYTES	4096.0

/* Mean size of an entry in an index of the benchmark suite. */
#define INDEX_ENTRY_BYTES	300.0

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

double
br_key_selectivity(const BrSchema *schema, BrPredicates predicates)
{
	double		selectivity = 1;
	bool		has_config = false;

	for (int i = 0; i < predicates.n; i++)
		has_config |= strcmp(predicates.list[i].attribute, "configId") == 0;
	for (int i = 0; i < predicates.n; i++)
	{
		const BrPredicate *pred = &predicates.list[i];
		double		distinct = distinct_values(schema, pred->attribute);
		int			value = br_schema_value_of(schema, pred->attribute);

		/* the dimensions follow from the configuration */
		if (distinct == 0 || value < 0 || (has_config && value >= schema->vars.n) ||
			(pred->op != BR_PRED_EQ && pred->op != BR_PRED_IN))
			continue;
		selectivity *= Min(pred->count / distinct, 1);
	}
	return selectivity;
}

/* How many items a run has for each configuration and for itself. */
static double
items_read(const BrSchema *schema, const BrAccess *access, double rows)
{
	if (access->op == BR_OP_GET_ITEM || access->op == BR_OP_BATCH_GET_ITEM)
		return access->probes;
	if (access->op == BR_OP_SCAN)
		return Max(schema->items, rows);

	/*
	 * A partition of an index is read as a whole, with whatever else of its run
	 * or configuration is in it.
	 */
	if (access->index >= 0)
	{
		double		partitions = distinct_values(schema,
												 schema->indexes[access->index].info.pk);

		if (partitions > 0)
			return Max(schema->items / partitions * access->probes, rows);
	}
	return rows;
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
			break;
		case BR_FETCH_KEYS:
			cost->requests += ceil(rows / BR_MAX_BATCH_KEYS);
			cost->units += rows * ceil(item_bytes / UNIT_BYTES);
			cost->items += rows;
			break;
		case BR_FETCH_PARTITIONS:
			cost->requests += ceil(rows / PARTITION_ITEMS);
			cost->units += Max(ceil(rows * item_bytes / UNIT_BYTES),
							   ceil(rows / PARTITION_ITEMS));
			cost->items += rows;
			break;
	}
}

BrCost
br_cost_estimate(const BrSchema *schema, const BrAccess *access,
				 double rows, bool consistent)
{
	BrCost		cost;
	double		item_bytes = access->index >= 0 ? INDEX_ENTRY_BYTES : bytes_per_item(schema);
	double		bytes;

	cost.items = items_read(schema, access, rows);
	bytes = cost.items * item_bytes;
	switch (access->op)
	{
		case BR_OP_GET_ITEM:
		case BR_OP_BATCH_GET_ITEM:
			/* rounded up for each item */
			cost.requests = ceil(cost.items / BR_MAX_BATCH_KEYS);
			cost.units = cost.items * ceil(item_bytes / UNIT_BYTES);
			break;
		default:
			cost.requests = Max(ceil(bytes / PAGE_BYTES), access->probes);
			cost.units = Max(ceil(bytes / UNIT_BYTES), access->probes);
			break;
	}
	add_fetch(&cost, schema, access, rows);
	if (!consistent)
		cost.units /= 2;
	return cost;
}
