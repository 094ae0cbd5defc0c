/*
 * compare.h
 *		Has something become faster or slower, and is it certain?
 *
 * a is the baseline, b the candidate; ratios are b / a and changes ratio - 1. NaN
 * where there is no figure. Notes are constants or in the current context, NULL
 * where there is nothing to say.
 */
#ifndef BR_COMPARE_H
#define BR_COMPARE_H

#include "base/br.h"

typedef struct BrCompareOptions
{
	double		conf;			/* of the interval, between 0 and 1 */
	double		alpha;			/* p below it is significant */
	double		min_effect;		/* changes up to it are none; 0.02 is 2 % */
	bool		lower_is_better;
} BrCompareOptions;

typedef struct BrVerdict
{
	const char *verdict;		/* faster, slower, no change or inconclusive */
	const char *note;
} BrVerdict;

/* Without a min_effect, what an interval has to lie within for a verdict of no change: 5 %. */
#define BR_NO_CHANGE	0.05

/*
 * A change is one if p says so and the interval of the ratio is clear of 1 +-
 * min_effect. There is none if p does not say so, or min_effect is not 0, and
 * the interval lies within 1 +- min_effect, or BR_NO_CHANGE where that is 0. All
 * else is inconclusive, as is NaN.
 */
extern BrVerdict br_verdict(double p_value, double ratio_lo, double ratio_hi, const BrCompareOptions *options);

typedef struct BrComparison
{
	int64		n_a;
	int64		n_b;
	double		median_a;
	double		median_b;
	double		ratio;			/* of the medians */
	double		ratio_lo;
	double		ratio_hi;
	double		change;
	double		p_value;		/* of Mann and Whitney's test, two-sided */
	double		cliffs_delta;	/* positive if a has the greater values */
	const char *verdict;
	const char *note;
} BrComparison;

/* Two samples in ascending order, whatever they hold; either may be empty. */
extern BrComparison br_compare(const double *a, int64 na, const double *b, int64 nb,
							   const BrCompareOptions *options);

/* Of the interval of a ratio of medians; fixed, so that the same values always give the same row. */
#define BR_COMPARE_RESAMPLES	10000
#define BR_COMPARE_SEED			42

/* Neither NaN nor infinity among values in ascending order; true if there are none. */
extern bool br_sorted_is_finite(const double *sorted, int64 n);

/* What tests say of samples that they cannot do with. */
#define BR_NOTE_EMPTY "one side has no values"
#define BR_NOTE_NOT_FINITE "values that are not finite"

#endif							/* BR_COMPARE_H */
