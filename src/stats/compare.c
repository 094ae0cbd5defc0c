/*
 * compare.c
 *		The verdict, and the comparison of two samples as they are.
 */
#include "base/br.h"

#include <math.h>

#include "stats/compare.h"
#include "stats/interval.h"
#include "stats/note.h"
#include "stats/quantile.h"
#include "stats/ranktest.h"

static const char *
not_clear(double min_effect)
{
	if (min_effect == 0)
		return "p is below alpha, but the interval of the ratio is not clear of 1";
	return psprintf("p is below alpha, but the interval of the ratio is not clear of 1 +- %g", min_effect);
}

BrVerdict
br_verdict(double p_value, double ratio_lo, double ratio_hi, const BrCompareOptions *options)
{
	double		effect = options->min_effect;
	double		none = effect == 0 ? BR_NO_CHANGE : effect;
	bool		significant = p_value < options->alpha;
	bool		below = ratio_hi < 1 - effect;
	bool		above = ratio_lo > 1 + effect;
	bool		within = ratio_lo >= 1 - none && ratio_hi <= 1 + none;

	if (isnan(p_value) || isnan(ratio_lo) || isnan(ratio_hi))
		return (BrVerdict) {"inconclusive", NULL};
	if (significant && (below || above))
		return (BrVerdict) {below == options->lower_is_better ? "faster" : "slower", NULL};
	if (significant && within && effect > 0)
		return (BrVerdict) {"no change", "p is below alpha: the values differ, but by less than min_effect"};
	if (significant)
		return (BrVerdict) {"inconclusive", not_clear(effect)};
	if (below || above)
		return (BrVerdict) {"inconclusive", "the interval of the ratio tells a change, but p is not below alpha"};
	if (within)
		return (BrVerdict) {"no change", NULL};
	return (BrVerdict) {"inconclusive",
		psprintf("no change was found, but changes from %+.1f%% to %+.1f%% are not excluded",
				 100 * (ratio_lo - 1), 100 * (ratio_hi - 1))};
}

bool
br_sorted_is_finite(const double *sorted, int64 n)
{
	return n == 0 || (isfinite(sorted[0]) && isfinite(sorted[n - 1]));
}

BrComparison
br_compare(const double *a, int64 na, const double *b, int64 nb, const BrCompareOptions *options)
{
	BrComparison result = {na, nb, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, "inconclusive", NULL};
	double		smallest;
	BrInterval	interval;
	BrRankTest	test;

	if (!br_sorted_is_finite(a, na) || !br_sorted_is_finite(b, nb))
	{
		result.note = BR_NOTE_NOT_FINITE;
		return result;
	}
	if (na > 0)
		result.median_a = br_quantile(a, na, 0.5);
	if (nb > 0)
		result.median_b = br_quantile(b, nb, 0.5);
	if (na == 0 || nb == 0)
	{
		result.note = BR_NOTE_EMPTY;
		return result;
	}
	interval = br_ratio_ci_median(a, na, b, nb, options->conf, BR_COMPARE_RESAMPLES, BR_COMPARE_SEED);
	result.ratio = interval.estimate;
	result.ratio_lo = interval.lo;
	result.ratio_hi = interval.hi;
	result.change = interval.estimate - 1;
	test = br_mann_whitney(a, na, b, nb, BR_TWO_SIDED, BR_RANK_AUTO);
	result.p_value = test.p_value;
	result.cliffs_delta = test.cliffs_delta;
	result.note = interval.note;
	smallest = br_rank_smallest_p(na, nb, BR_TWO_SIDED);
	if (smallest >= options->alpha)
		result.note = br_note_join(psprintf("n=" INT64_FORMAT " and " INT64_FORMAT ": the smallest possible p is %.3g",
											na, nb, smallest), interval.note);
	else
	{
		BrVerdict	verdict = br_verdict(test.p_value, interval.lo, interval.hi, options);

		result.verdict = verdict.verdict;
		result.note = br_note_join(verdict.note, interval.note);
	}
	return result;
}
