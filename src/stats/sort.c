/*
 * sort.c
 *		Sorts doubles, without a function call for each comparison.
 */
#include "base/br.h"

#include <math.h>

#include "stats/sort.h"

#define ST_SORT sort_numbers
#define ST_ELEMENT_TYPE double
#define ST_COMPARE(a, b) ((*(a) > *(b)) - (*(a) < *(b)))
#define ST_SCOPE static
#define ST_DECLARE
#define ST_DEFINE
#ifndef FRONTEND
#define ST_CHECK_FOR_INTERRUPTS
#endif
#include "lib/sort_template.h"

int64
br_nan_last(double *values, int64 n)
{
	int64		kept = n;

	for (int64 i = 0; i < kept;)
	{
		if (isnan(values[i]))
		{
			double		nan = values[i];

			values[i] = values[--kept];
			values[kept] = nan;
		}
		else
			i++;
	}
	return kept;
}

void
br_sort(double *values, int64 n)
{
	sort_numbers(values, br_nan_last(values, n));
}

bool
br_is_sorted(const double *values, int64 n)
{
	for (int64 i = 1; i < n; i++)
		if (values[i] < values[i - 1] || (isnan(values[i - 1]) && !isnan(values[i])))
			return false;
	return true;
}
