/*
 * exact_sum.h
 *		The sum of any doubles without any rounding, so that it does not depend on
 *		their order.
 */
#ifndef BR_EXACT_SUM_H
#define BR_EXACT_SUM_H

#include "base/br.h"

/*
 * Digits to the base 2^32, the least worth 2^(-1074 - 64): the smallest double
 * has two zeros behind it. The last are for 2^63 times the greatest one. A digit
 * may be out of range until the carries are made.
 */
#define BR_EXACT_DIGITS	70

/* { 0 } is a sum of nothing. */
typedef struct BrExactSum
{
	int64		digits[BR_EXACT_DIGITS];
	uint32		pending;		/* how many were added since the carries were made */
} BrExactSum;

/* x must be finite. */
extern void br_exact_add(BrExactSum *sum, double x);
extern void br_exact_merge(BrExactSum *sum, const BrExactSum *other);

/* The sum, rounded once, to the nearest double; infinite if it is out of range. */
extern double br_exact_value(const BrExactSum *sum);

/*
 * The nearest double, or the greatest one, which is taken from the sum; 0 if there
 * is nothing left. What is taken until then adds up to the sum, and is the same for
 * equal sums: mostly one double or two.
 */
extern double br_exact_take(BrExactSum *sum);

#endif							/* BR_EXACT_SUM_H */
