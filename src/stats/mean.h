/*
 * mean.h
 *		Mean and standard deviation of values that are all at hand.
 */
#ifndef BR_MEAN_H
#define BR_MEAN_H

#include "base/br.h"

typedef struct BrMean
{
	double		mean;
	double		stdev;			/* of the sample, by n - 1; NaN for one value */
} BrMean;

/*
 * Of at least one value, in any order. NaN and infinities propagate as in avg();
 * finite values have a finite mean, however large they are, and a finite
 * deviation unless that itself exceeds a double.
 */
extern BrMean br_mean(const double *values, int64 n);

/* exp(mean(ln x)): 0 if a value is 0, NaN if one is negative. */
extern double br_geomean(const double *values, int64 n);

#endif							/* BR_MEAN_H */
