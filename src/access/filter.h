/*
 * filter.h
 *		Predicates that no key serves, as a FilterExpression.
 *
 * A filter saves bytes, not read units.  It lets through every item that SQL
 * would, and perhaps more: the rows are checked.
 */
#ifndef BR_FILTER_H
#define BR_FILTER_H

#include "base/br.h"
#include "access/choose.h"

/*
 * What of the predicates a read of the index (NULL: of the table) may filter by,
 * all in one: *filter stays NULL if there is nothing. A Scan may filter by keys
 * too, a Query not by its own. False if no item can match. *curtailed is set,
 * and else left alone, if something was not sent because of its value.
 * display: the values only stand for the real ones.
 */
extern bool br_filter_make(const BrSchema *schema, const BrIndex *index,
						   BrOperation op, BrPredicates predicates,
						   const BrTexts *values, bool display,
						   BrCondition **filter, bool *curtailed);

/* May all of a predicate be in the filter of such a read? */
extern bool br_filter_takes(const BrSchema *schema, const BrIndex *index,
							BrOperation op, const BrPredicate *pred);

/* Is there any of them? */
extern bool br_filter_exists(const BrSchema *schema, const BrIndex *index,
							 BrOperation op, BrPredicates predicates);

#endif							/* BR_FILTER_H */
