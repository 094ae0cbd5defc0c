/*
 * cost.c
 *		Arithmetic of read units and requests.
 */
#include "base/br.h"

#include <math.h>

#include "access/cost.h"

#define PAGE_BYTES	(1024.0 * 1024.0)
#define UNIT_BYTES	4096.0

/* Mean sizes in a full run of the benchmark suite. */
#define ITEM_BYTES			462.0
#define INDEX_ENTRY_BYTES	300.0

/* How many items a run has for each configuration and for itself. */
static double
items_read(const BrSchema *schema, const BrAccess *access, double rows)
{
	if (access->op == BR_OP_GET_ITEM || access->op == BR_OP_BATCH_GET_ITEM)
		return access->probes;
	if (access->op == BR_OP_SCAN)
		return Max(schema->items, rows);

	/*
	 * A partition of an index holds the siblings as well; they are in
	 * proportion to their share of the table.
	 */
	if (access->index >= 0 && schema->entity != NULL)
		return Min(rows / schema->entity->share, Max(schema->items, rows));
	return rows;
}

/* Results of a configuration in one run, which is a partition of the table. */
#define PARTITION_ITEMS		320.0

/* What it takes to read the rows from the table after the index. */
static void
add_fetch(BrCost *cost, const BrAccess *access, double rows)
{
	double		bytes = rows * ITEM_BYTES;

	switch (access->fetch)
	{
		case BR_FETCH_NOTHING:
			break;
		case BR_FETCH_KEYS:
			cost->requests += ceil(rows / BR_MAX_BATCH_KEYS);
			cost->units += rows * ceil(ITEM_BYTES / UNIT_BYTES);
			cost->items += rows;
			break;
		case BR_FETCH_PARTITIONS:
			cost->requests += ceil(rows / PARTITION_ITEMS);
			cost->units += Max(ceil(bytes / UNIT_BYTES), ceil(rows / PARTITION_ITEMS));
			cost->items += rows;
			break;
	}
}

BrCost
br_cost_estimate(const BrSchema *schema, const BrAccess *access,
				 double rows, bool consistent)
{
	BrCost		cost;
	double		item_bytes = access->index >= 0 ? INDEX_ENTRY_BYTES : ITEM_BYTES;
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
	add_fetch(&cost, access, rows);
	if (!consistent)
		cost.units /= 2;
	return cost;
}
