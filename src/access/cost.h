/*
 * cost.h
 *		What a read costs: requests, read units, items and bytes.
 *
 * A unit is a read unit at eventual consistency: half a unit per started 4 KB,
 * rounded up once per Query or Scan request and once per item of a GetItem.
 * A page ends at 1 MB of items, before any filter.
 */
#ifndef BR_COST_H
#define BR_COST_H

#include "base/br.h"
#include "access/choose.h"

/* A page is of up to 1 MB; a unit is of 4 KB, or of twice as much where it need not be strong. */
#define BR_PAGE_BYTES	(1024.0 * 1024.0)
#define BR_UNIT_BYTES	4096.0

/* Read units of a full page, unless it is strong. */
#define BR_PAGE_UNITS	(BR_PAGE_BYTES / BR_UNIT_BYTES / 2)

/* Mean size of an item in a full run of the benchmark suite. */
#define BR_ITEM_BYTES	462.0

typedef struct BrCost
{
	double		items;			/* that the service looks at */
	double		requests;
	double		units;
	double		fetch_requests; /* of these, to fetch back what an index lacks */
	double		fetch_units;
} BrCost;

/*
 * The share of an entity's rows that have the values which the predicates say,
 * as far as they are about variables of the keys: from the numbers of runs and
 * configurations that such tables have.
 */
extern double br_key_selectivity(const BrSchema *schema, BrPredicates predicates);

/*
 * predicates: what the access was chosen for. rows: the rows that are expected
 * to come back; narrowed: those that meet what narrows a Query, of a table whose
 * partitions nothing is known of. Item sizes are those of the
 * benchmark table, since nothing better is known before the first request.
 */
extern BrCost br_cost_estimate(const BrSchema *schema, const BrAccess *access,
							   BrPredicates predicates, double rows,
							   double narrowed, bool consistent);

#endif							/* BR_COST_H */
