/*
 * select.c
 *		Brings the value of one rank to its place in linear time.
 *
 * Floyd and Rivest's method: the pivot is itself selected from a sample around
 * the wanted rank, so that two passes over the values are usually enough. Both
 * scans of a partition stop at values equal to the pivot, without which samples
 * of few different values, and whole milliseconds are such, would take quadratic
 * time. Where the pivots turn out badly all the same, the rest is sorted.
 * (R. W. Floyd, R. L. Rivest: Expected Time Bounds for Selection, CACM 18, 1975.)
 */
#include "base/br.h"

#include <math.h>

#include "stats/quantile.h"
#include "stats/sort.h"

/* Below this the pivot is taken as it comes; the authors' figure. */
#define SMALL 600

/* How many values may be looked at for each one that is there. */
#define PATIENCE 16

static inline void
swap(double *values, int64 i, int64 j)
{
	double		value = values[i];

	values[i] = values[j];
	values[j] = value;
}

/*
 * Divides [left, right] at the value that stands at k, and returns where it
 * belongs.
 */
static int64
partition(double *values, int64 left, int64 right, int64 k)
{
	double		pivot = values[k];
	int64		i = left;
	int64		j = right;

	/* the greater of the pivot and the last value ends the upward scan */
	swap(values, left, k);
	if (values[right] > pivot)
		swap(values, left, right);
	while (i < j)
	{
		swap(values, i++, j--);
		while (values[i] < pivot)
			i++;
		while (values[j] > pivot)
			j--;
	}
	if (values[left] == pivot)
		swap(values, left, j);
	else
		swap(values, ++j, right);
	return j;
}

/* budget: how many values may still be looked at. */
static void
select_between(double *values, int64 left, int64 right, int64 k, int64 *budget)
{
	while (right > left)
	{
		int64		n = right - left + 1;
		int64		place;

		BR_CHECK_INTERRUPTS();
		*budget -= n;
		if (*budget < 0)
		{
			br_sort(values + left, n);
			return;
		}
		if (n > SMALL)
		{
			/* a sample of s values, placed so that k is most likely within */
			double		rank = k - left + 1;
			double		z = log(n);
			double		s = 0.5 * exp(2 * z / 3);
			double		deviation = 0.5 * sqrt(z * s * (n - s) / n) * (rank < n / 2.0 ? -1 : 1);
			int64		from = Max(left, (int64) floor(k - rank * s / n + deviation));
			int64		to = Min(right, (int64) floor(k + (n - rank) * s / n + deviation));

			select_between(values, from, to, k, budget);
		}
		place = partition(values, left, right, k);
		if (place <= k)
			left = place + 1;
		if (place >= k)
			right = place - 1;
	}
}

void
br_select(double *values, int64 n, int64 k)
{
	int64		budget = n * PATIENCE + 1000;

	select_between(values, 0, n - 1, k, &budget);
}
