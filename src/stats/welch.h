/*
 * welch.h
 *		Welch's t test: do two means differ, whatever the variances are?
 */
#ifndef BR_WELCH_H
#define BR_WELCH_H

#include "base/br.h"

/* What the test needs to know of a sample. */
typedef struct BrGroup
{
	int64		n;
	double		mean;
	double		stdev;			/* by n - 1; exactly 0 if all values are equal; NaN of one value */
} BrGroup;

/* NaN where there is no figure. The note is a constant, NULL where there is nothing to say. */
typedef struct BrWelch
{
	double		t;				/* of a - b; infinite where two constant samples differ */
	double		df;				/* Satterthwaite's; NaN where both samples are constant */
	double		p_value;		/* two-sided */
	double		diff;			/* mean of b less that of a */
	double		se;				/* standard error of diff */
	const char *note;
} BrWelch;

/* Of at least one finite value, in any order. */
extern BrGroup br_group(const double *values, int64 n);

/* The same of the logarithms of values above 0. */
extern BrGroup br_log_group(const double *values, int64 n);

extern BrWelch br_welch(BrGroup a, BrGroup b);

/* Half the width of the interval of the difference of the means, of at least two values each. */
extern double br_welch_half(BrGroup a, BrGroup b, double conf);

#endif							/* BR_WELCH_H */
