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
 * The conditions that a read of the index (NULL: of the table) may filter by,
 * all in one, or NULL. A Scan may filter by keys too, a Query not by its own.
 * display: the values only stand for the real ones.
 */
extern BrCondition *br_filter_condition(const BrSchema *schema, const BrIndex *index,
										BrOperation op, BrPredicates predicates,
										const BrTexts *values, bool display);

/* Is there any of them? */
extern bool br_filter_exists(const BrSchema *schema, const BrIndex *index,
							 BrOperation op, BrPredicates predicates);

#endif							/* BR_FILTER_H */
