/*
 * sort.h
 *		The order of doubles: as PostgreSQL has it, NaN after everything else.
 */
#ifndef BR_SORT_H
#define BR_SORT_H

#include "base/br.h"

/*
 * Moves every NaN behind the other values, whose order may change, and returns
 * how many others there are. Comparisons with < are an order only among these.
 */
extern int64 br_nan_last(double *values, int64 n);

/* Sorts in place, ascending. May be interrupted, which leaves some order. */
extern void br_sort(double *values, int64 n);

/* Are they in that order? */
extern bool br_is_sorted(const double *values, int64 n);

#endif							/* BR_SORT_H */
