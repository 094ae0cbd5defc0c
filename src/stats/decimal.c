/*
 * decimal.c
 *		Rounds what a double really is, not what it is printed as.
 */
#include "base/br.h"

#include <math.h>

#include "stats/decimal.h"

/* Up to here a value times 100 is below 2^51. */
#define LIMIT 2e13

/* 1.5 * 2^52: adding it leaves no room for a fraction, which rounds to even. */
#define SHIFT 6755399441055744.0

double
br_hundredths(double value)
{
	double		times = value * 100;
	double		nearest = (times + SHIFT) - SHIFT;

	if (!(fabs(value) < LIMIT))
		return NAN;
	/* the product is rounded, too: in the middle between two what it lost decides */
	if (fabs(times - nearest) == 0.5)
	{
		double		lost = fma(value, 100, -times);

		if (lost != 0)
			nearest = times + copysign(0.5, lost);
	}
	return nearest;
}

double
br_round_to_hundredths(double value)
{
	double		whole;
	double		fraction;

	if (fabs(value) < LIMIT)
		return br_hundredths(value) / 100;
	if (!isfinite(value))
		return value;
	/* a whole number of hundreds does not change how what is left rounds */
	fraction = modf(value, &whole);
	return whole + br_hundredths(fraction) / 100;
}
