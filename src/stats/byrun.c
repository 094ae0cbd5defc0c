/*
 * byrun.c
 *		One figure of each run, Welch's test on these, and where the variance comes from.
 *
 * With fewer than two runs on a side nothing is known of how runs differ. The
 * figures are then those of the values thrown together, which the note says, and
 * there is no verdict.
 */
#include "base/br.h"

#include <math.h>

#include "stats/byrun.h"
#include "stats/interval.h"
#include "stats/mean.h"
#include "stats/note.h"
#include "stats/quantile.h"
#include "stats/ranktest.h"
#include "stats/sort.h"
#include "stats/sum.h"
#include "stats/welch.h"

/* All that is known of a baseline or a candidate. */
typedef struct Side
{
	const BrRun *runs;
	int64		n_runs;
	int64		n;				/* values */
	double	   *figures;		/* of the runs */
} Side;

static double
figure_of(const double *sorted, int64 n, BrRunStat stat)
{
	switch (stat)
	{
		case BR_RUN_MEDIAN:
			return br_quantile(sorted, n, 0.5);
		case BR_RUN_MEAN:
			return br_mean(sorted, n).mean;
		case BR_RUN_P90:
			return br_quantile(sorted, n, 0.9);
		case BR_RUN_P95:
			return br_quantile(sorted, n, 0.95);
		case BR_RUN_P99:
			return br_quantile(sorted, n, 0.99);
		case BR_RUN_MIN:
			return sorted[0];
		case BR_RUN_GEOMEAN:
			return br_geomean(sorted, n);
	}
	return NAN;
}

/* How many values a run needs, so that its percentile is not just between its largest two. */
static int64
least_values(BrRunStat stat)
{
	return stat == BR_RUN_P90 ? 10 : stat == BR_RUN_P95 ? 20 : stat == BR_RUN_P99 ? 100 : 1;
}

static Side
side_of(const BrRun *runs, int64 n_runs, BrRunStat stat)
{
	Side		side = {runs, n_runs, 0, palloc(Max(n_runs, 1) * sizeof(double))};

	for (int64 i = 0; i < n_runs; i++)
	{
		BR_CHECK_INTERRUPTS();
		side.n += runs[i].n;
		side.figures[i] = figure_of(runs[i].values, runs[i].n, stat);
	}
	return side;
}

static bool
is_finite(const Side *side)
{
	for (int64 i = 0; i < side->n_runs; i++)
		if (!br_sorted_is_finite(side->runs[i].values, side->runs[i].n))
			return false;
	return true;
}

static bool
is_positive(const Side *side)
{
	for (int64 i = 0; i < side->n_runs; i++)
		if (side->runs[i].values[0] <= 0)
			return false;
	return true;
}

static bool
has_short_runs(const Side *side, BrRunStat stat)
{
	for (int64 i = 0; i < side->n_runs; i++)
		if (side->runs[i].n < least_values(stat))
			return true;
	return false;
}

/* All values of a side in ascending order. */
static double *
pool(const Side *side)
{
	double	   *values = palloc_extended(side->n * sizeof(double), MCXT_ALLOC_HUGE);
	int64		n = 0;

	for (int64 i = 0; i < side->n_runs; i++)
	{
		memcpy(values + n, side->runs[i].values, side->runs[i].n * sizeof(double));
		n += side->runs[i].n;
	}
	br_sort(values, n);
	return values;
}

/* Mean and deviation of the values or of their logarithms. */
static BrGroup
group_of(const double *values, int64 n, bool logs)
{
	return logs ? br_log_group(values, n) : br_group(values, n);
}

/* Sums of the analysis of variance, of both sides together. */
typedef struct Variance
{
	BrSum		between;		/* sums of squares */
	BrSum		within;
	int64		df_between;
	int64		df_within;
	double		size;			/* df_between times the mean size of a run */
} Variance;

static void
add_side(Variance *sums, const Side *side, bool logs)
{
	double	   *means = palloc(Max(side->n_runs, 1) * sizeof(double));
	BrSum		total = {0};
	double		squares = 0;

	if (side->n_runs == 0)
		return;
	for (int64 i = 0; i < side->n_runs; i++)
	{
		const BrRun *run = &side->runs[i];
		BrGroup		group;

		BR_CHECK_INTERRUPTS();
		group = group_of(run->values, run->n, logs);
		means[i] = group.mean;
		br_sum_add(&total, group.mean * run->n);
		squares += (double) run->n * run->n;
		if (run->n > 1)
			br_sum_add(&sums->within, group.stdev * group.stdev * (run->n - 1));
	}
	for (int64 i = 0; i < side->n_runs; i++)
	{
		double		deviation = means[i] - br_sum_total(&total) / side->n;

		br_sum_add(&sums->between, deviation * deviation * side->runs[i].n);
	}
	sums->df_between += side->n_runs - 1;
	sums->df_within += side->n - side->n_runs;
	sums->size += side->n - squares / side->n;
	pfree(means);
}

/*
 * Runs as a random effect within each side, by the method of moments for runs
 * of different sizes (Searle, Casella, McCulloch: Variance Components, 3.6).
 */
static void
split_variance(const Side *a, const Side *b, bool logs, BrRunComparison *result)
{
	Variance	sums = {.size = 0};
	double		within;
	double		between;

	add_side(&sums, a, logs);
	add_side(&sums, b, logs);
	if (sums.df_within == 0)
		return;
	within = br_sum_total(&sums.within) / sums.df_within;
	result->within_sd = sqrt(within);
	if (sums.df_between == 0)
		return;
	between = (br_sum_total(&sums.between) / sums.df_between - within) / (sums.size / sums.df_between);
	between = Max(between, 0);
	result->between_sd = sqrt(between);
	if (between + within > 0)
		result->run_share = between / (between + within);
}

/* Figures from numbers that stand for a side each: those of its runs, or all its values, in ascending order. */
static BrWelch
test_units(const double *a, int64 na, const double *b, int64 nb, bool logs, BrRunComparison *result)
{
	BrWelch		welch = br_welch(group_of(a, na, logs), group_of(b, nb, logs));

	result->p_value = welch.p_value;
	result->p_rank = br_mann_whitney(a, na, b, nb, BR_TWO_SIDED, BR_RANK_AUTO).p_value;
	return welch;
}

static void
set_ratio(BrRunComparison *result, const BrInterval *interval)
{
	result->ratio = interval->estimate;
	result->ratio_lo = interval->lo;
	result->ratio_hi = interval->hi;
	result->change = interval->estimate - 1;
	result->note = br_note_join(result->note, interval->note);
}

/* Of values thrown together: percentiles other than the median have no interval. */
static BrInterval
ratio_of_values(const double *a, int64 na, const double *b, int64 nb, BrRunStat stat, double conf)
{
	double		base;

	switch (stat)
	{
		case BR_RUN_MEDIAN:
			return br_ratio_ci_median(a, na, b, nb, conf, BR_COMPARE_RESAMPLES, BR_COMPARE_SEED);
		case BR_RUN_MEAN:
			return br_ratio_ci_mean(a, na, b, nb, conf);
		case BR_RUN_GEOMEAN:
			return br_ratio_ci_geomean(a, na, b, nb, conf);
		default:
			base = figure_of(a, na, stat);
			return (BrInterval) {base > 0 ? figure_of(b, nb, stat) / base : NAN, NAN, NAN, NAN, NULL};
	}
}

static void
compare_values(const Side *a, const Side *b, BrRunStat stat, bool logs, const BrCompareOptions *options,
			   BrRunComparison *result)
{
	double	   *values_a = pool(a);
	double	   *values_b = pool(b);
	BrInterval	interval = ratio_of_values(values_a, a->n, values_b, b->n, stat, options->conf);

	result->value_a = figure_of(values_a, a->n, stat);
	result->value_b = figure_of(values_b, b->n, stat);
	(void) test_units(values_a, a->n, values_b, b->n, logs, result);
	set_ratio(result, &interval);
	result->note = br_note_join("invocation-level: with fewer than two runs on a side, "
								"these figures cannot tell a change from what differs between any two runs",
								result->note);
}

static void
compare_runs(const Side *a, const Side *b, bool logs, const BrCompareOptions *options, BrRunComparison *result)
{
	double		smallest = br_rank_smallest_p(a->n_runs, b->n_runs, BR_TWO_SIDED);
	BrInterval	interval;
	BrWelch		welch;
	BrVerdict	verdict;

	br_sort(a->figures, a->n_runs);
	br_sort(b->figures, b->n_runs);
	welch = test_units(a->figures, a->n_runs, b->figures, b->n_runs, logs, result);
	if (logs)
	{
		interval = br_ratio_ci_geomean(a->figures, a->n_runs, b->figures, b->n_runs, options->conf);
		result->value_a = br_geomean(a->figures, a->n_runs);
		result->value_b = br_geomean(b->figures, b->n_runs);
	}
	else
	{
		interval = br_ratio_ci_mean(a->figures, a->n_runs, b->figures, b->n_runs, options->conf);
		result->value_a = br_mean(a->figures, a->n_runs).mean;
		result->value_b = br_mean(b->figures, b->n_runs).mean;
	}
	set_ratio(result, &interval);
	/* runs that agree to the last digit are few, or measured coarsely: then ranks have to do */
	verdict = br_verdict(welch.se == 0 ? result->p_rank : result->p_value,
						 result->ratio_lo, result->ratio_hi, options);
	result->verdict = verdict.verdict;
	result->note = br_note_join(verdict.note, br_note_join(welch.note, result->note));
	if (smallest >= options->alpha)
		result->note = br_note_join(result->note,
									psprintf("with " INT64_FORMAT " and " INT64_FORMAT " runs the smallest possible p_rank is %.3g",
											 a->n_runs, b->n_runs, smallest));
}

BrRunComparison
br_compare_by_run(const BrRun *a, int64 runs_a, const BrRun *b, int64 runs_b,
				  BrRunStat stat, const BrCompareOptions *options)
{
	Side		side_a = side_of(a, runs_a, stat);
	Side		side_b = side_of(b, runs_b, stat);
	BrRunComparison result = {runs_a, runs_b, side_a.n, side_b.n, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN,
	"inconclusive", NULL};
	bool		logs = is_positive(&side_a) && is_positive(&side_b);

	if (!is_finite(&side_a) || !is_finite(&side_b))
	{
		result.note = BR_NOTE_NOT_FINITE;
		return result;
	}
	split_variance(&side_a, &side_b, logs, &result);
	if (runs_a == 0 || runs_b == 0)
	{
		result.note = BR_NOTE_EMPTY;
		return result;
	}
	if (!logs)
		result.note = "there are values of 0 or less: compared without logarithms";
	if (has_short_runs(&side_a, stat) || has_short_runs(&side_b, stat))
		result.note = br_note_join(result.note,
								   psprintf("there are runs of fewer than " INT64_FORMAT " values, whose percentile is nearly their maximum",
											least_values(stat)));
	if (runs_a < 2 || runs_b < 2)
		compare_values(&side_a, &side_b, stat, logs, options, &result);
	else
		compare_runs(&side_a, &side_b, logs, options, &result);
	return result;
}
