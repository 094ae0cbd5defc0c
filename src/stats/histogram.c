/*
 * histogram.c
 *		Counts hundredths, and finds ranks by the counts.
 */
#include "base/br.h"

#include <math.h>

#include "stats/decimal.h"
#include "stats/histogram.h"
#include "stats/quantile.h"

/* 64 MB of counters, for values that span up to 167,772. */
#define MAX_CELLS (1 << 24)

/* Values between two checks for interrupts. */
#define STRETCH (1 << 16)

static inline int64
cell_of(const BrHistogram *histogram, double value)
{
	return (int64) (br_hundredths(value) - histogram->first);
}

bool
br_histogram_make(const double *values, int64 n, double low, double high, int cells_each, BrHistogram *histogram)
{
	double		first = br_hundredths(low);
	double		cells = br_hundredths(high) - first + 1;

	if (!(cells <= Min((double) cells_each * n, MAX_CELLS)) || n > PG_UINT32_MAX)
		return false;
	histogram->first = first;
	histogram->cells = (int64) cells;
	histogram->counts = palloc0(histogram->cells * sizeof(uint32));
	for (int64 i = 0; i < n;)
	{
		int64		end = Min(n, i + STRETCH);

		BR_CHECK_INTERRUPTS();
		for (; i < end; i++)
			histogram->counts[cell_of(histogram, values[i])]++;
	}
	return true;
}

void
br_histogram_free(BrHistogram *histogram)
{
	pfree(histogram->counts);
}

double
br_histogram_mode(const BrHistogram *histogram, int64 *count)
{
	int64		most = 0;

	for (int64 i = 1; i < histogram->cells; i++)
		if (histogram->counts[i] > histogram->counts[most])
			most = i;
	*count = histogram->counts[most];
	return (histogram->first + most) / 100;
}

/*
 * Marks the cells that hold these ascending ranks, and turns each rank into one
 * among the values of the marked cells, of which *marked tells the number.
 */
static bool *
mark_cells(const BrHistogram *histogram, int64 *ranks, int n, int64 *marked)
{
	bool	   *marks = palloc0(histogram->cells * sizeof(bool));
	int64		cell = -1;
	int64		below = 0;		/* values in all cells before the next one */

	*marked = 0;
	for (int i = 0; i < n; i++)
	{
		while (ranks[i] >= below)
		{
			cell++;
			below += histogram->counts[cell];
		}
		if (!marks[cell])
		{
			marks[cell] = true;
			*marked += histogram->counts[cell];
		}
		/* its place from the end of its cell, which is the last one marked */
		ranks[i] = *marked - (below - ranks[i]);
	}
	return marks;
}

/* The values of the marked cells, in no order. */
static double *
gather(const BrHistogram *histogram, const double *values, int64 n, const bool *marks, int64 marked)
{
	double	   *found = palloc_extended(marked * sizeof(double), MCXT_ALLOC_HUGE);
	int64		count = 0;

	for (int64 i = 0; i < n;)
	{
		int64		end = Min(n, i + STRETCH);

		BR_CHECK_INTERRUPTS();
		for (; i < end; i++)
			if (marks[cell_of(histogram, values[i])])
				found[count++] = values[i];
	}
	return found;
}

bool
br_histogram_quantiles(const BrHistogram *histogram, const double *values, int64 n,
					   const double *p, int np, double *result)
{
	int64	   *ranks = palloc(2 * np * sizeof(int64));
	bool	   *marks;
	int64		marked;
	int64		done = 0;
	double	   *found;

	for (int i = 0; i < np; i++)
	{
		ranks[2 * i] = (int64) floor(p[i] * (n - 1));
		ranks[2 * i + 1] = (int64) ceil(p[i] * (n - 1));
	}
	marks = mark_cells(histogram, ranks, 2 * np, &marked);
	if (marked > n / 4)
	{
		pfree(marks);
		return false;
	}
	found = gather(histogram, values, n, marks, marked);
	for (int i = 0; i < np; i++)
	{
		double		low = br_next_rank(found, marked, ranks[2 * i], &done);
		double		high = br_next_rank(found, marked, ranks[2 * i + 1], &done);

		result[i] = br_between(low, high, p[i] * (n - 1));
	}
	pfree(found);
	pfree(marks);
	pfree(ranks);
	return true;
}
