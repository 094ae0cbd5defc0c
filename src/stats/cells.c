/*
 * cells.c
 *		Divides values by their leading bits.
 *
 * Each value is moved once, straight into its cell, while what was there moves on
 * (P. M. McIlroy, K. Bostic, M. D. McIlroy: Engineering Radix Sort, Computing
 * Systems 6, 1993: the American flag).
 */
#include "base/br.h"

#include "stats/cells.h"
#include "stats/decimal.h"
#include "stats/quantile.h"

/* Values between two checks for interrupts. */
#define STRETCH (1 << 16)

typedef struct Ruler
{
	uint64		first;			/* the least value's bits */
	int			shift;			/* bits of which a cell takes no notice */
} Ruler;

/* The bits of the hundredths as a number that grows with them; 0 and -0 are the same. */
static inline uint64
ordered_bits(double value)
{
	union
	{
		double		hundredths;
		uint64		bits;
	}			u = {br_hundredths(value) + 0.0};
	uint64		sign = UINT64CONST(1) << 63;

	return u.bits & sign ? ~u.bits : u.bits | sign;
}

static inline int
cell_of(const Ruler *ruler, double value)
{
	return (int) ((ordered_bits(value) - ruler->first) >> ruler->shift);
}

static Ruler
ruler_for(double low, double high, int *cells)
{
	Ruler		ruler = {ordered_bits(low), 0};
	uint64		span = ordered_bits(high) - ruler.first;

	while (span >> ruler.shift >= BR_CELLS)
		ruler.shift++;
	*cells = (int) (span >> ruler.shift) + 1;
	return ruler;
}

/* Where each cell starts, by how many values it has. */
static void
measure(const double *values, int64 n, const Ruler *ruler, BrCells *cells)
{
	int64		start = 0;

	memset(cells->starts, 0, sizeof(cells->starts));
	for (int64 i = 0; i < n;)
	{
		int64		end = Min(n, i + STRETCH);

		BR_CHECK_INTERRUPTS();
		for (; i < end; i++)
			cells->starts[cell_of(ruler, values[i])]++;
	}
	for (int cell = 0; cell <= cells->n; cell++)
	{
		int64		size = cells->starts[cell];

		cells->starts[cell] = start;
		start += size;
	}
}

void
br_cells_make(double *values, int64 n, double low, double high, BrCells *cells)
{
	Ruler		ruler = ruler_for(low, high, &cells->n);
	int64		heads[BR_CELLS];

	measure(values, n, &ruler, cells);
	memcpy(heads, cells->starts, sizeof(heads));
	for (int cell = 0; cell < cells->n; cell++)
	{
		BR_CHECK_INTERRUPTS();
		while (heads[cell] < cells->starts[cell + 1])
		{
			double		value = values[heads[cell]];
			int			belongs;

			while ((belongs = cell_of(&ruler, value)) != cell)
			{
				double		displaced = values[heads[belongs]];

				values[heads[belongs]++] = value;
				value = displaced;
			}
			values[heads[cell]++] = value;
		}
	}
}

double
br_cells_rank(double *values, const BrCells *cells, int64 rank)
{
	int			first = 0;
	int			last = cells->n - 1;

	while (first < last)
	{
		int			middle = (first + last + 1) / 2;

		if (cells->starts[middle] <= rank)
			first = middle;
		else
			last = middle - 1;
	}
	br_select(values + cells->starts[first], cells->starts[first + 1] - cells->starts[first], rank - cells->starts[first]);
	return values[rank];
}
