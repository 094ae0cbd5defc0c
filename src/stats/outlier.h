/*
 * outlier.h
 *		Which values of a sample are left out.
 *
 * Every rule leaves out values at the ends only, so that what is kept is a range
 * of the sorted sample. Rules are applied once, never to what they left.
 */
#ifndef BR_OUTLIER_H
#define BR_OUTLIER_H

#include "base/br.h"

typedef enum BrOutlierRule
{
	BR_OUTLIERS_NONE = 0,		/* everything is kept */
	BR_OUTLIERS_TUKEY,			/* quartiles and 1.5 times their distance, from 4 values on */
	BR_OUTLIERS_TUKEY3,			/* ... 3 times */
	BR_OUTLIERS_MAD,			/* median and 3.5 times the scaled MAD, unless that is 0 */
	BR_OUTLIERS_SIGMA,			/* mean and 3 standard deviations */
	BR_OUTLIERS_SUITE			/* one minimum and one maximum, from 5 values on */
} BrOutlierRule;

#define BR_OUTLIER_RULES (BR_OUTLIERS_SUITE + 1)

/* none, tukey, tukey3, mad, sigma, suite; false if it is none of them. */
extern bool br_outlier_rule(const char *name, BrOutlierRule *rule);
extern const char *br_outlier_rule_name(BrOutlierRule rule);

/* The rule's factor, 0 if it has none. */
extern double br_outlier_factor(BrOutlierRule rule);

/*
 * Between which values, these included, a value is kept; all are if the rule
 * says nothing about such a sample (-Infinity, Infinity). Not for the suite's
 * rule, which knows no bounds.
 */
extern void br_fences(const double *sorted, int64 n, BrOutlierRule rule, double factor, double *low, double *high);

/* What is kept: sorted[*from] to sorted[*to - 1]. n is at least 1, and so is what is kept. */
extern void br_keep(const double *sorted, int64 n, BrOutlierRule rule, double factor, int64 *from, int64 *to);

/*
 * The median of the distances from the median, times scale: 1.4826 makes it an
 * estimate of a normal distribution's deviation. Of at least one value.
 */
extern double br_mad(const double *sorted, int64 n, double scale);

#define BR_MAD_SCALE 1.4826

/* The mean without floor(n * cut) values on each side; 0 <= cut < 0.5. */
extern double br_trimmed_mean(const double *sorted, int64 n, double cut);

#endif							/* BR_OUTLIER_H */
