/*
 * byrun.h
 *		The comparison of runs: each run counts once, however many values it has.
 *
 * The values of one run share hosts, day and placement. A test on the values
 * takes what that does for a difference, the more surely the more values there
 * are; a test on one figure of each run does not. a is the baseline, b the
 * candidate.
 */
#ifndef BR_BYRUN_H
#define BR_BYRUN_H

#include "base/br.h"
#include "stats/compare.h"

/* The figure of a run. */
typedef enum BrRunStat
{
	BR_RUN_MEDIAN,
	BR_RUN_MEAN,
	BR_RUN_P90,
	BR_RUN_P95,
	BR_RUN_P99,
	BR_RUN_MIN,
	BR_RUN_GEOMEAN
} BrRunStat;

/* The values of a run in ascending order, at least one. */
typedef struct BrRun
{
	const double *values;
	int64		n;
} BrRun;

/*
 * NaN where there is no figure. All is done on logarithms if all values are
 * above 0, so that the deviations are relative: 0.02 is 2 %.
 */
typedef struct BrRunComparison
{
	int64		runs_a;
	int64		runs_b;
	int64		n_a;
	int64		n_b;
	double		value_a;		/* geometric mean of the figures of its runs; of one run, its figure */
	double		value_b;
	double		ratio;
	double		ratio_lo;
	double		ratio_hi;
	double		change;
	double		p_value;		/* of Welch's test */
	double		p_rank;			/* of Mann and Whitney's */
	double		between_sd;		/* of runs, and of values within a run: one-way random effects */
	double		within_sd;
	double		run_share;		/* of the variance of a value, due to runs */
	const char *verdict;
	const char *note;
} BrRunComparison;

/* In the same order of runs, always the same result. There may be no runs. May be interrupted. */
extern BrRunComparison br_compare_by_run(const BrRun *a, int64 runs_a, const BrRun *b, int64 runs_b,
										 BrRunStat stat, const BrCompareOptions *options);

#endif							/* BR_BYRUN_H */
