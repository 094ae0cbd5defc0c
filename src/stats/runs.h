/*
 * runs.h
 *		How many runs it takes to know a median.
 */
#ifndef BR_RUNS_H
#define BR_RUNS_H

#include "base/br.h"

/* More are not looked for. */
#define BR_RUNS_MAX 10000

/* The note is a constant, NULL where there is nothing to say. */
typedef struct BrRuns
{
	int			n;				/* 0 if there is no such number */
	double		half_width;		/* of the interval that so many runs are expected to give, relative; NaN if none */
	const char *note;
} BrRuns;

/*
 * The least number of values after which the interval of the median, with this
 * confidence (in (0, 1)), is expected to reach no further than half_width, a share
 * of the median, to either side. From at least one value, in ascending order.
 */
extern BrRuns br_required_runs(const double *sorted, int64 n, double half_width, double confidence);

#endif							/* BR_RUNS_H */
