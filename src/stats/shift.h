/*
 * shift.h
 *		How far apart two samples are, by all differences of their values.
 */
#ifndef BR_SHIFT_H
#define BR_SHIFT_H

#include "base/br.h"

/* NaN where there is no figure. */
typedef struct BrShift
{
	double		shift;			/* median of all b - a */
	double		lo;
	double		hi;
	double		actual;			/* the confidence of lo and hi, at least the one asked for */
	const char *note;
} BrShift;

/*
 * The estimate of Hodges and Lehmann with the interval of all shifts that Mann
 * and Whitney's test would not reject; where there are ties it is a little wide.
 * Samples in ascending order, finite, of one value at least. May be interrupted.
 */
extern BrShift br_hodges_lehmann(const double *a, int64 na, const double *b, int64 nb, double conf);

#endif							/* BR_SHIFT_H */
