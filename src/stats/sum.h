/*
 * sum.h
 *		A sum that loses nothing to rounding that would show in a double.
 *
 * What an addition rounds off is kept and added at the end (Knuth's TwoSum), so
 * that the result does not depend on the order of the values but for its very
 * last bit in rare cases: samples are reordered by selection, and statistics must
 * not change with that.
 */
#ifndef BR_SUM_H
#define BR_SUM_H

#include "base/br.h"

#include <math.h>

/* { 0 } is the empty sum. */
typedef struct BrSum
{
	double		high;
	double		low;
} BrSum;

static inline void
br_sum_add(BrSum *sum, double value)
{
	double		high = sum->high + value;
	double		part = high - sum->high;

	sum->low += (sum->high - (high - part)) + (value - part);
	sum->high = high;
}

static inline void
br_sum_merge(BrSum *sum, const BrSum *other)
{
	br_sum_add(sum, other->high);
	sum->low += other->low;
}

static inline double
br_sum_total(const BrSum *sum)
{
	/* the low part of what is infinite is NaN */
	return isfinite(sum->high) ? sum->high + sum->low : sum->high;
}

#endif							/* BR_SUM_H */
