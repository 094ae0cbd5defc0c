/*
 * paired.c
 *		Wilcoxon's signed rank test, exact with ties, and the ratio of pairs.
 *
 * Ranks are doubled, so that those of ties are whole numbers. The exact
 * distribution is that of all ways to give the differences their signs.
 */
#include "base/br.h"

#include <math.h>

#include "stats/note.h"
#include "stats/paired.h"
#include "stats/sort.h"
#include "stats/special.h"
#include "stats/welch.h"

/* Up to which number of differences the distribution is exact. */
#define EXACT_MAX 50

/* Probabilities of a sum of ranks as small, and as great, as w, if signs are chance. */
typedef struct Tails
{
	double		lower;
	double		upper;
} Tails;

/* w is doubled, as the ranks are. */
static Tails
exact(const int64 *ranks, int64 n, int64 w)
{
	int64		all = n * (n + 1);
	double	   *ways = palloc0((all + 1) * sizeof(double));
	Tails		tails = {0, 0};

	ways[0] = 1;
	for (int64 i = 0; i < n; i++)
		for (int64 sum = all; sum >= ranks[i]; sum--)
			ways[sum] += ways[sum - ranks[i]];
	for (int64 sum = 0; sum <= w; sum++)
		tails.lower += ways[sum];
	for (int64 sum = all; sum >= w; sum--)
		tails.upper += ways[sum];
	pfree(ways);
	return (Tails) {ldexp(tails.lower, -n), ldexp(tails.upper, -n)};
}

static Tails
asymptotic(int64 n, double w, double ties)
{
	double		sd = sqrt((double) n * (n + 1) * (2 * (double) n + 1) / 24 - ties / 48);
	double		off = w - (double) n * (n + 1) / 4;

	return (Tails) {br_normal_sf((-off - 0.5) / sd), br_normal_sf((off - 0.5) / sd)};
}

/*
 * Of differences a - b in ascending order, none of them 0: read from the middle
 * to either end, both signs rise in size.
 */
static void
signed_rank(const double *differences, int64 n, BrPaired *result)
{
	int64	   *ranks = palloc(Max(n, 1) * sizeof(int64));
	int64		negatives = 0;
	int64		twice_w = 0;
	double		ties = 0;
	int64		down;
	int64		up;
	Tails		tails;

	while (negatives < n && differences[negatives] < 0)
		negatives++;
	down = negatives - 1;
	up = negatives;
	while (down >= 0 || up < n)
	{
		int64		seen = up - down - 1;
		double		size = Min(down >= 0 ? -differences[down] : INFINITY, up < n ? differences[up] : INFINITY);
		int64		t = 0;
		int64		won = 0;

		for (; down >= 0 && -differences[down] == size; down--)
			t++;
		for (; up < n && differences[up] == size; up++)
			won++;
		t += won;
		for (int64 i = seen; i < seen + t; i++)
			ranks[i] = 2 * seen + t + 1;
		twice_w += won * (2 * seen + t + 1);
		ties += (double) t * t * t - t;
	}
	result->w = twice_w / 2.0;
	result->method = n <= EXACT_MAX ? "exact" : "asymptotic";
	tails = n <= EXACT_MAX ? exact(ranks, n, twice_w) : asymptotic(n, result->w, ties);
	result->p_value = Min(1, 2 * Min(tails.lower, tails.upper));
	pfree(ranks);
}

/* Mean and interval of ln(b / a), if all values are above 0. */
static void
set_ratio(const double *a, const double *b, int64 n, double conf, BrPaired *result)
{
	double	   *logs = palloc(n * sizeof(double));
	BrGroup		group;

	for (int64 i = 0; i < n; i++)
	{
		BR_CHECK_INTERRUPTS();
		if (a[i] <= 0 || b[i] <= 0)
		{
			result->note = "there are values of 0 or less: no ratio";
			return;
		}
		logs[i] = log(b[i]) - log(a[i]);
	}
	group = br_group(logs, n);
	pfree(logs);
	result->ratio = exp(group.mean);
	if (n > 1)
	{
		double		margin = br_t_quantile((1 + conf) / 2, n - 1) * group.stdev / sqrt(n);

		result->ratio_lo = exp(group.mean - margin);
		result->ratio_hi = exp(group.mean + margin);
	}
}

BrPaired
br_paired(const double *a, const double *b, int64 n, double conf)
{
	BrPaired	result = {n, NAN, NAN, NAN, NAN, NAN, NULL, NULL};
	double	   *differences;
	int64		kept = 0;

	if (n == 0)
	{
		result.note = "there are no pairs";
		return result;
	}
	set_ratio(a, b, n, conf, &result);
	differences = palloc(n * sizeof(double));
	for (int64 i = 0; i < n; i++)
		if (a[i] != b[i])
			differences[kept++] = a[i] - b[i];
	br_sort(differences, kept);
	signed_rank(differences, kept, &result);
	if (kept == 0)
		result.note = br_note_join(result.note, "no pair differs");
	else if (ldexp(2, -kept) > 0.05)
		result.note = br_note_join(result.note,
								   psprintf("pairs that differ: " INT64_FORMAT ", for which the smallest possible p is %.3g",
											kept, Min(1, ldexp(2, -kept))));
	return result;
}
