/*
 * ranktest.h
 *		Tests of two samples by ranks.
 *
 * Samples are in ascending order and finite, and hold one value at least; the
 * caller sees to that. Figures that do not exist are NaN. Notes are constants or
 * in the current context, NULL where there is nothing to say.
 */
#ifndef BR_RANKTEST_H
#define BR_RANKTEST_H

#include "base/br.h"

/* What a small p speaks for: that the samples differ, or that a has the smaller, or greater, values. */
typedef enum BrAlternative
{
	BR_TWO_SIDED,
	BR_LESS,
	BR_GREATER
} BrAlternative;

typedef enum BrRankMethod
{
	BR_RANK_AUTO,
	BR_RANK_EXACT,
	BR_RANK_ASYMPTOTIC
} BrRankMethod;

typedef struct BrRankTest
{
	double		u;				/* pairs in which a's value is the greater, equal ones counted half */
	double		p_value;
	double		a12;			/* u as a share of all pairs */
	double		cliffs_delta;	/* -1 to 1: positive if a's values are the greater */
	const char *magnitude;		/* of that: negligible, small, medium or large */
	const char *method;			/* exact or asymptotic */
	const char *note;
} BrRankTest;

/*
 * The test of Mann and Whitney. The exact one needs br_rank_exact_fits(); where
 * it does not, BR_RANK_AUTO takes the other.
 */
extern BrRankTest br_mann_whitney(const double *a, int64 na, const double *b, int64 nb,
								  BrAlternative alternative, BrRankMethod method);

/* Whether the exact distribution for samples of these sizes takes a second and some megabytes at most. */
extern bool br_rank_exact_fits(int64 na, int64 nb);

/* The smallest p that samples of these sizes can have, without ties. */
extern double br_rank_smallest_p(int64 na, int64 nb, BrAlternative alternative);

typedef struct BrPlacementTest
{
	double		t;				/* positive if b has the greater values; infinite if no value is on the wrong side */
	double		df;
	double		p_value;		/* two-sided */
	double		a12;
	const char *note;
} BrPlacementTest;

/*
 * The test of Brunner and Munzel: whether a12 is 0.5, even if the samples spread
 * differently, which Mann and Whitney's takes for a difference.
 */
extern BrPlacementTest br_brunner_munzel(const double *a, int64 na, const double *b, int64 nb);

/*
 * The number of values of U that are too low, at a confidence of conf, for
 * samples of these sizes without ties: differences of that rank, from 1, are the
 * ends of the interval. 0 if there are too few values. Sets the confidence that it has.
 */
extern int64 br_rank_interval(int64 na, int64 nb, double conf, double *actual);

#endif							/* BR_RANKTEST_H */
