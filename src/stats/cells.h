/*
 * cells.h
 *		Values divided into cells by size, in place: everything in a cell is less than all of the next.
 *
 * A sample is then worked on cell by cell, each of which fits into a processor's
 * cache. Values that are the same in hundredths are in the same cell. Cells are cut
 * by the bits of a double, so their width grows with the values, and those of
 * skewed samples are no fuller than others.
 */
#ifndef BR_CELLS_H
#define BR_CELLS_H

#include "base/br.h"

/* More would be more memory to jump about in than there is room for close by. */
#define BR_CELLS 4096

typedef struct BrCells
{
	int			n;				/* cells, some of which may be empty */
	int64		starts[BR_CELLS + 1];	/* cell i is values[starts[i]] to values[starts[i + 1] - 1] */
} BrCells;

/* Of n values, at least one, between low and high, all of which have hundredths (stats/decimal.h). May be interrupted. */
extern void br_cells_make(double *values, int64 n, double low, double high, BrCells *cells);

/* The value of a rank, which is brought to its place within its cell. */
extern double br_cells_rank(double *values, const BrCells *cells, int64 rank);

#endif							/* BR_CELLS_H */
