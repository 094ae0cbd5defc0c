/*
 * comparison.h
 *		Comparisons, told by PostgreSQL's strategy numbers.
 */
#ifndef BR_COMPARISON_H
#define BR_COMPARISON_H

#include "base/br.h"
#include "access/stratnum.h"
#include "nodes/primnodes.h"

#define BR_NOT_EQUAL	(BTMaxStrategyNumber + 1)

/* Which comparison of this type an operator is, or 0. */
extern int	br_comparison_of(Oid opno, Oid type);

/* The one that is true where this one is false; 0 of 0. */
extern int	br_comparison_negate(int comparison);

extern bool br_is_deterministic(Oid collation);

/* The value of a constant whole number. */
extern bool br_constant_integer(Node *value, int64 *number);

/*
 * What every text that matches a LIKE pattern begins with, NULL if nothing.
 * *exact: every text that begins so matches.
 */
extern Node *br_like_prefix(Const *pattern, bool *exact);

#endif							/* BR_COMPARISON_H */
