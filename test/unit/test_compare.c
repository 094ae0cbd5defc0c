/*
 * test_compare.c
 *		Verdicts, and comparisons of samples and of runs.
 *
 * The figures of runs are those of R: t.test and wilcox.test on the figures of
 * the runs or their logarithms, and the mean squares of aov(log(x) ~ side + run).
 */
#include "base/br.h"

#include <math.h>

#include "stats/byrun.h"
#include "stats/compare.h"
#include "stats/sort.h"
#include "tap.h"

static const BrCompareOptions usual = {0.95, 0.05, 0, true};

static void
test_verdict(void)
{
	static const struct
	{
		double		p;
		double		lo;
		double		hi;
		double		min_effect;
		const char *verdict;
		const char *note;
	}			cases[] = {
		{0.01, 0.8, 0.9, 0, "faster", NULL},
		{0.01, 1.1, 1.2, 0, "slower", NULL},
		{0.05, 1.1, 1.2, 0, "inconclusive", "the interval of the ratio tells a change, but p is not below alpha"},
		{0.01, 0.9, 1, 0, "inconclusive", "p is below alpha, but the interval of the ratio is not clear of 1"},
		{0.01, 1, 1, 0, "inconclusive", "p is below alpha, but the interval of the ratio is not clear of 1"},
		{0.5, 0.97, 1.04, 0, "no change", NULL},
		{1, 1, 1, 0, "no change", NULL},
		{0.5, 0.94, 1.04, 0, "inconclusive", "no change was found, but changes from -6.0% to +4.0% are not excluded"},
		{0.01, 0.8, 0.9, 0.05, "faster", NULL},
		{0.01, 1.1, 1.2, 0.05, "slower", NULL},
		{0.01, 1.01, 1.04, 0.05, "no change", "p is below alpha: the values differ, but by less than min_effect"},
		{0.01, 1.01, 1.06, 0.05, "inconclusive", "p is below alpha, but the interval of the ratio is not clear of 1 +- 0.05"},
		{0.5, 0.96, 1.04, 0.05, "no change", NULL},
		{0.5, 0.96, 1.04, 0.03, "inconclusive", "no change was found, but changes from -4.0% to +4.0% are not excluded"},
		{NAN, 0.8, 0.9, 0, "inconclusive", NULL},
		{0.01, NAN, NAN, 0, "inconclusive", NULL},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		BrCompareOptions options = usual;
		BrVerdict	got;

		options.min_effect = cases[i].min_effect;
		got = br_verdict(cases[i].p, cases[i].lo, cases[i].hi, &options);
		is_str(got.verdict, cases[i].verdict, "p %g, interval %g to %g, at least %g",
			   cases[i].p, cases[i].lo, cases[i].hi, cases[i].min_effect);
		is_str(got.note, cases[i].note, "... and what there is to say");
	}
	is_str(br_verdict(0.01, 1.1, 1.2, &(BrCompareOptions) {0.95, 0.05, 0, false}).verdict, "faster",
		   "where more is better, more is faster");
	is_str(br_verdict(0.01, 1.1, 1.2, &(BrCompareOptions) {0.95, 0.01, 0, true}).verdict, "inconclusive",
		   "p has to be below alpha");
}

static void
test_samples(void)
{
	static const double low[] = {100, 101, 102, 103, 104, 105, 106, 107, 108, 109};
	static const double high[] = {200, 202, 204, 206, 208, 210, 212, 214, 216, 218};
	static const double equal[] = {5, 5, 5, 5, 5, 5, 5, 5};
	static const double broken[] = {1, 2, NAN};
	static const double infinite[] = {-INFINITY, 1, 2};
	BrComparison got = br_compare(low, 10, high, 10, &usual);

	is_int(got.n_a, 10, "two samples: number of values");
	is_double(got.median_a, 104.5, 0, "medians");
	is_double(got.ratio, 2, 1e-15, "ratio");
	is_double(got.change, 1, 1e-15, "change");
	ok(got.ratio_lo > 1.9 && got.ratio_lo < 2 && got.ratio_hi > 2 && got.ratio_hi < 2.1, "interval");
	is_double(got.p_value, 2.0 / 184756, 1e-12, "p: of all ways, this one and its opposite");
	is_double(got.cliffs_delta, -1, 0, "all values of a are smaller");
	is_str(got.verdict, "slower", "verdict");
	is_str(got.note, NULL, "nothing to note");
	is_str(br_compare(high, 10, low, 10, &usual).verdict, "faster", "the other way round");

	got = br_compare(low, 3, high, 3, &usual);
	is_str(got.verdict, "inconclusive", "three values are too few");
	is_str(got.note, "n=3 and 3: the smallest possible p is 0.1; n<6: narrower than a 95% interval", "as the note says");
	is_double(got.ratio, 202.0 / 101, 1e-15, "the ratio is told");
	is_str(br_compare(low, 3, high, 3, &(BrCompareOptions) {0.95, 0.2, 0, true}).verdict, "slower",
		   "unless one accepts more false alarms");
	is_str(br_compare(equal, 8, equal, 7, &usual).verdict, "no change", "equal values");

	got = br_compare(low, 10, high, 0, &usual);
	is_str(got.verdict, "inconclusive", "an empty side");
	is_str(got.note, "one side has no values", "is noted");
	is_double(got.median_a, 104.5, 0, "the other's median is told");
	is_double(got.median_b, NAN, 0, "that of none is not");
	got = br_compare(broken, 3, low, 10, &usual);
	is_str(got.note, BR_NOTE_NOT_FINITE, "NaN");
	is_double(got.p_value, NAN, 0, "leaves no figure");
	is_str(br_compare(low, 10, infinite, 3, &usual).note, BR_NOTE_NOT_FINITE, "nor does infinity");
	is_str(br_compare(NULL, 0, NULL, 0, &usual).note, "one side has no values", "nothing at all");
}

/* Values of runs, each to be sorted, with NAN behind the last. */
#define RUNS 4
static double baseline[RUNS][10] = {
	{101, 99, 103, 98, 100, 104, NAN},
	{108, 105, 107, 110, NAN},
	{95, 97, 99, 96, 101, 98, 94, NAN},
	{102, 100, 103, 106, 99, NAN},
};
static double candidate[RUNS][10] = {
	{110, 113, 108, 111, NAN},
	{104, 109, 106, 107, 103, 105, NAN},
	{115, 118, 112, 116, 114, NAN},
	{107, 111, 106, 109, 112, 110, NAN},
};

static void
make_runs(double (*values)[10], BrRun *runs)
{
	for (int i = 0; i < RUNS; i++)
	{
		runs[i] = (BrRun) {values[i], 0};
		while (!isnan(values[i][runs[i].n]))
			runs[i].n++;
		br_sort(values[i], runs[i].n);
	}
}

static void
test_runs(const BrRun *a, const BrRun *b)
{
	BrRunComparison got = br_compare_by_run(a, RUNS, b, RUNS, BR_RUN_MEDIAN, &usual);

	is_int(got.runs_a + got.runs_b, 8, "runs");
	is_int(got.n_a, 22, "values of the baseline");
	is_int(got.n_b, 21, "... of the candidate");
	is_double(got.value_a, 101.68025062447006, 1e-13, "medians: the baseline's");
	is_double(got.value_b, 110.07322078757456, 1e-13, "the candidate's");
	is_double(got.ratio, 1.0825427761198365, 1e-13, "ratio");
	is_double(got.ratio_lo, 1.0109644645428306, 1e-11, "from");
	is_double(got.ratio_hi, 1.1591889757066665, 1e-11, "to");
	is_double(got.p_value, 0.029878035259139017, 1e-11, "Welch's p");
	is_double(got.p_rank, 0.057142857142857141, 1e-12, "p by ranks");
	is_double(got.between_sd, 0.037009748843066202, 1e-12, "deviation between runs");
	is_double(got.within_sd, 0.022169888682893508, 1e-12, "within a run");
	is_double(got.run_share, 0.73592454478339453, 1e-12, "share of the runs");
	is_str(got.verdict, "slower", "verdict");
	is_str(got.note, NULL, "nothing to note");

	got = br_compare_by_run(a, RUNS, b, RUNS, BR_RUN_MEAN, &usual);
	is_double(got.ratio, 1.0808517638622031, 1e-13, "means");
	is_double(got.p_value, 0.030171015073864407, 1e-11, "p");
	got = br_compare_by_run(a, RUNS, b, RUNS, BR_RUN_P90, &usual);
	is_double(got.ratio, 1.0758104598663112, 1e-13, "90th percentiles");
	is_str(got.note, "there are runs of fewer than 10 values, whose percentile is nearly their maximum", "noted");
	got = br_compare_by_run(a, RUNS, b, RUNS, BR_RUN_MIN, &usual);
	is_double(got.p_value, 0.033738731403783362, 1e-11, "minima");
	is_str(br_compare_by_run(a, 3, b, 3, BR_RUN_MEDIAN, &usual).note,
		   "no change was found, but changes from -2.8% to +21.2% are not excluded; "
		   "with 3 and 3 runs the smallest possible p_rank is 0.1", "three runs a side");
	is_str(br_compare_by_run(a, RUNS, a, RUNS, BR_RUN_MEDIAN, &usual).verdict, "inconclusive", "the same runs twice");
	is_double(br_compare_by_run(a, RUNS, a, RUNS, BR_RUN_MEDIAN, &usual).ratio, 1, 0, "have the same figure");
}

static void
test_few_runs(const BrRun *a, const BrRun *b)
{
	static const char *const label = "invocation-level: with fewer than two runs on a side, "
		"these figures cannot tell a change from what differs between any two runs";
	BrRunComparison got = br_compare_by_run(a, 1, b, RUNS, BR_RUN_MEDIAN, &usual);

	is_str(got.verdict, "inconclusive", "one run against four");
	is_str(got.note, label, "is labelled");
	is_double(got.value_a, 100.5, 0, "the run's figure");
	is_double(got.value_b, 110, 0, "that of all the other side's values");
	is_double(got.ratio, 110 / 100.5, 1e-15, "their ratio");
	ok(got.ratio_lo < got.ratio && got.ratio < got.ratio_hi, "with an interval");
	ok(got.p_value < 0.001 && got.p_rank < 0.001, "small p-values that mean nothing");
	got = br_compare_by_run(a, 1, b, 1, BR_RUN_MEAN, &usual);
	is_double(got.ratio, (110.5 * 6) / 605, 1e-15, "one and one, means");
	ok(got.ratio_lo < got.ratio && got.ratio < got.ratio_hi, "with an interval");
	is_double(br_compare_by_run(a, 1, b, 1, BR_RUN_P90, &usual).ratio_lo, NAN, 0, "which a percentile does not have");
	is_double(got.between_sd, NAN, 0, "nothing is known of runs");
	ok(got.within_sd > 0.01 && got.within_sd < 0.03, "but of values");
	got = br_compare_by_run(a, RUNS, b, 0, BR_RUN_MEDIAN, &usual);
	is_str(got.note, "one side has no values", "no candidate");
	is_double(got.value_a, NAN, 0, "no figures");
}

static void
test_odd_values(const BrRun *a)
{
	static const double zeros[] = {0, 1, 2};
	static const double broken[] = {1, NAN};
	static const double twelve[] = {12, 12};
	static const double thirteen[] = {13, 13};
	BrRun		with_zero[] = {{zeros, 3}, {zeros + 1, 2}, {zeros + 1, 1}};
	BrRun		with_nan[] = {a[0], {broken, 2}};
	BrRun		twelves[] = {{twelve, 2}, {twelve, 2}, {twelve, 2}, {twelve, 2}};
	BrRun		thirteens[] = {{thirteen, 2}, {thirteen, 2}, {thirteen, 2}, {thirteen, 2}};
	BrRun		singles[] = {{zeros + 1, 1}, {zeros + 2, 1}};
	BrRunComparison got = br_compare_by_run(with_zero, 3, a, RUNS, BR_RUN_MEDIAN, &usual);

	ok(strstr(got.note, "without logarithms") != NULL, "values of 0: no logarithms");
	is_double(got.value_a, 3.5 / 3, 1e-15, "but means");
	ok(got.p_value < 0.05, "and a p");
	got = br_compare_by_run(with_nan, 2, a, RUNS, BR_RUN_MEDIAN, &usual);
	is_str(got.note, BR_NOTE_NOT_FINITE, "NaN");
	is_double(got.p_value, NAN, 0, "leaves no figure");
	is_int(got.n_a, 8, "but the number of values");
	got = br_compare_by_run(twelves, 4, thirteens, 4, BR_RUN_MEDIAN, &usual);
	is_double(got.p_value, 0, 0, "runs that agree to the last digit");
	is_str(got.verdict, "slower", "are judged by ranks");
	is_str(br_compare_by_run(twelves, 2, thirteens, 2, BR_RUN_MEDIAN, &usual).verdict, "inconclusive",
		   "... of which two are too few");
	got = br_compare_by_run(twelves, 4, twelves, 3, BR_RUN_MEDIAN, &usual);
	is_str(got.verdict, "no change", "all equal");
	is_double(got.run_share, NAN, 0, "there is no variance to share");
	is_double(br_compare_by_run(singles, 2, singles, 2, BR_RUN_MEDIAN, &usual).within_sd, NAN, 0,
			  "one value a run: nothing is known within runs");
}

int
main(void)
{
	BrRun		a[RUNS];
	BrRun		b[RUNS];

	make_runs(baseline, a);
	make_runs(candidate, b);
	test_verdict();
	test_samples();
	test_runs(a, b);
	test_few_runs(a, b);
	test_odd_values(a);
	return done_testing();
}
