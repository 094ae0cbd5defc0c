/*
 * changepoint.h
 *		Where the level of a series changes.
 */
#ifndef BR_CHANGEPOINT_H
#define BR_CHANGEPOINT_H

#include "base/br.h"

/* Fewer points than these have no change point. */
#define BR_CHANGE_MIN_POINTS 4

typedef struct BrChangeRules
{
	double		max_pvalue;		/* in (0, 1] */
	double		min_magnitude;	/* least relative change, 0 for any */
	int			window;			/* points looked at together, at least BR_CHANGE_MIN_POINTS */
	bool		compat;			/* the significance test of Otava */
} BrChangeRules;

typedef struct BrChange
{
	int64		index;			/* of the first point of the new level; 0-based, never 0 */
	double		qhat;			/* the divergence by which it was found, in the points' unit */
	double		p_value;		/* of the difference of the two means */
	double		before_mean;	/* over the points back to the change before it, */
	double		after_mean;		/* and on to the next one */
} BrChange;

/*
 * The change points of n finite values, in ascending order, in the current
 * context; *found says how many there are, and NULL is returned for none. May be
 * interrupted. Takes time of the order of n * window.
 */
extern BrChange *br_change_points(const double *points, int64 n, const BrChangeRules *rules, int64 *found);

/* after/before - 1; NaN if that is not defined. */
extern double br_relative_change(double before, double after);

#endif							/* BR_CHANGEPOINT_H */
