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

/* By all the digits that a double has. */
static double
round_by_digits(double value)
{
	char		text[512];

	snprintf(text, sizeof(text), "%.2f", value);
	return strtod(text, NULL);
}

double
br_hundredths(double value)
{
	double		times = value * 100;
	double		nearest = (times + SHIFT) - SHIFT;

	if (!(fabs(value) < LIMIT))
		return NAN;
	/* the product is rounded, too: where it seems to lie in the middle, it may not */
	if (fabs(fabs(times - nearest) - 0.5) <= 1e-12 * fabs(times))
		nearest = rint(round_by_digits(value) * 100);
	return nearest;
}

double
br_round_to_hundredths(double value)
{
	if (fabs(value) < LIMIT)
		return br_hundredths(value) / 100;
	return isfinite(value) ? round_by_digits(value) : value;
}
