/*
 * paired.h
 *		Values that belong together, measured on the same host or at the same time.
 */
#ifndef BR_PAIRED_H
#define BR_PAIRED_H

#include "base/br.h"

/* NaN where there is no figure. */
typedef struct BrPaired
{
	int64		n;				/* pairs */
	double		ratio;			/* geometric mean of b / a */
	double		ratio_lo;		/* by t on the logarithms */
	double		ratio_hi;
	double		w;				/* sum of the ranks of those pairs in which a is the greater */
	double		p_value;		/* Wilcoxon's signed rank test, two-sided; pairs without a difference do not count */
	const char *method;			/* exact or asymptotic */
	const char *note;
} BrPaired;

/* Finite values, a[i] with b[i]; n may be 0. */
extern BrPaired br_paired(const double *a, const double *b, int64 n, double conf);

#endif							/* BR_PAIRED_H */
