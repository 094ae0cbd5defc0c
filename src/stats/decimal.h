/*
 * decimal.h
 *		Rounding to two decimals, as Python's round(x, 2) rounds and the benchmark suite with it.
 */
#ifndef BR_DECIMAL_H
#define BR_DECIMAL_H

#include "base/br.h"

/* How many hundredths, a whole number; NaN for a value beyond 2e13, or one that is not finite. */
extern double br_hundredths(double value);

/* The double nearest to the rounded value; NaN and infinities stay. */
extern double br_round_to_hundredths(double value);

#endif							/* BR_DECIMAL_H */
