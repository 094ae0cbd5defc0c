/*
 * pair.h
 *		Two entities that share partitions, read by one Query.
 *
 * A run and its aggregates lie in one partition of the table: many items of one
 * entity, and behind them, by the order of the sort key, the one item of the
 * other.  So one Query brings both, and read backwards the one comes first.
 */
#ifndef BR_PAIR_H
#define BR_PAIR_H

#include "base/br.h"
#include "access/choose.h"

/* Do the entities lie so in each partition? */
extern bool br_pair_fits(const BrSchema *one, const BrSchema *many);

/*
 * The predicate that says the only value of a variable of the partition key, or
 * NULL.
 */
extern const BrPredicate *br_pair_key(const BrSchema *many, int part, BrPredicates predicates);

/*
 * Makes the Query, in palloc'd memory; predicates: on the variables of many's
 * partition key, one for each. False if no item can have the values.
 */
extern bool br_pair_bind(const BrSchema *one, const BrSchema *many,
						 BrPredicates predicates, const BrTexts *values,
						 bool display, BrRead *read);

#endif							/* BR_PAIR_H */
