/*
 * mode.c
 *		The most frequent value, by runs or by counting.
 */
#include "base/br.h"

#include <math.h>

#include "stats/decimal.h"
#include "stats/mode.h"

/* 64 MB of counters, for values up to 167,772. */
#define MAX_COUNTERS (1 << 24)

/* Looked at between two checks for interrupts. */
#define STRETCH (1 << 20)

double
br_mode_sorted(const double *sorted, int64 n)
{
	double		mode = sorted[0];
	int64		most = 0;
	int64		start = 0;

	if (sorted[0] == sorted[n - 1])
		return sorted[0];
	while (start < n)
	{
		double		value = br_round_to_hundredths(sorted[start]);
		int64		end = start + 1;

		while (end < n && (br_round_to_hundredths(sorted[end]) == value || isnan(value)))
			end++;
		if (end - start > most)
		{
			most = end - start;
			mode = value;
		}
		start = end;
		BR_CHECK_INTERRUPTS();
	}
	return mode;
}

bool
br_mode_count(const double *values, int64 n, double low, double high, double *mode)
{
	double		first = br_hundredths(low);
	double		counters = br_hundredths(high) - first + 1;
	uint32	   *counts;
	int64		most = 0;

	/* not more than a few for each value either: a small sample is better sorted */
	if (!(counters <= Min(4.0 * n, MAX_COUNTERS)) || n > PG_UINT32_MAX)
		return false;
	if (low == high)
	{
		*mode = low;
		return true;
	}
	counts = palloc0((Size) counters * sizeof(uint32));
	for (int64 i = 0; i < n; i++)
	{
		counts[(int64) (br_hundredths(values[i]) - first)]++;
		if (i % STRETCH == 0)
			BR_CHECK_INTERRUPTS();
	}
	for (int64 i = 1; i < (int64) counters; i++)
		if (counts[i] > counts[most])
			most = i;
	pfree(counts);
	*mode = (first + most) / 100;
	return true;
}
