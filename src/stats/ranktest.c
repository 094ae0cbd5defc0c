/*
 * ranktest.c
 *		Mann and Whitney's U and its distribution, exact and approximate.
 *
 * U is counted in halves, so that it is a whole number with ties too. The exact
 * distribution is that of all ways to deal the values that are there to the two
 * samples, so it takes ties into account (Klotz 1966). Both come from one walk
 * over the groups of equal values, in ascending order: of a group of t values,
 * of which k go to a, with b values of the other sample below it, k * b pairs
 * are won and k * (t - k) are even.
 */
#include "base/br.h"

#include <math.h>

#include "stats/ranktest.h"
#include "stats/special.h"

/* Up to which size of both samples the exact distribution is taken unasked. */
#define EXACT_MAX		50
#define EXACT_MAX_TIES	25

/* na * nb, above which it is refused: it takes the square of that in time. */
#define EXACT_PAIRS_MAX	10000

/* Two sorted samples, walked through by groups of equal values. */
typedef struct Walk
{
	const double *a;
	const double *b;
	int64		na;
	int64		nb;
	int64		at_a;			/* of a, how many are behind us */
	int64		at_b;
	int64		in_a;			/* of the current group */
	int64		in_b;
} Walk;

/* To the next group; false at the end. */
static bool
next_group(Walk *walk)
{
	double		value;
	int64		start_a = walk->at_a + walk->in_a;
	int64		start_b = walk->at_b + walk->in_b;
	int64		a = start_a;
	int64		b = start_b;

	if (a == walk->na && b == walk->nb)
		return false;
	if (b == walk->nb || (a < walk->na && walk->a[a] < walk->b[b]))
		value = walk->a[a];
	else
		value = walk->b[b];
	while (a < walk->na && walk->a[a] == value)
		a++;
	while (b < walk->nb && walk->b[b] == value)
		b++;
	if (((start_a + start_b) ^ (a + b)) >> 16 != 0)
		BR_CHECK_INTERRUPTS();
	walk->at_a = start_a;
	walk->at_b = start_b;
	walk->in_a = a - start_a;
	walk->in_b = b - start_b;
	return true;
}

/* What one walk tells. */
typedef struct Ranks
{
	int64		twice_u;
	double		ties;			/* the sum of t^3 - t over all groups */
	bool		all_equal;
} Ranks;

static Ranks
rank(Walk walk)
{
	Ranks		ranks = {0};
	int64		groups = 0;

	while (next_group(&walk))
	{
		double		t = walk.in_a + walk.in_b;

		ranks.twice_u += walk.in_a * (2 * walk.at_b + walk.in_b);
		ranks.ties += t * t * t - t;
		groups++;
	}
	ranks.all_equal = groups == 1;
	return ranks;
}

/* Probabilities to find U as it is or further out, if the samples do not differ. */
typedef struct Tails
{
	double		lower;
	double		upper;
	double		lowest;			/* of the least and the greatest U possible with these ties */
	double		highest;
} Tails;

/*
 * In how many ways each U comes about; cells[u] for u from 0 to unit * na * nb. A
 * row of the table holds these for the j values dealt to a so far.
 */
static double *
count_ways(Walk walk, int unit)
{
	int64		width = unit * walk.na * walk.nb + 1;
	double	   *table = palloc0((walk.na + 1) * width * sizeof(double));

	table[0] = 1;
	while (next_group(&walk))
	{
		int64		t = walk.in_a + walk.in_b;
		int64		seen = walk.at_a + walk.at_b;

		BR_CHECK_INTERRUPTS();
		/* from above: a row takes from itself, which nothing changes, and from lower ones */
		for (int64 j = Min(walk.na, seen + t); j >= 0 && seen + t - j <= walk.nb; j--)
		{
			double	   *row = table + j * width;
			double		choices = 1;

			for (int64 k = 1; k <= Min(t, j); k++)
			{
				int64		from = j - k;
				int64		below = seen - from;
				int64		won = unit * k * below + unit * k * (t - k) / 2;

				choices = choices * (t - k + 1) / k;
				if (below < 0 || below > walk.nb)
					continue;
				for (int64 u = unit * from * below; u >= 0; u--)
					row[u + won] += choices * table[from * width + u];
			}
		}
	}
	memmove(table, table + walk.na * width, width * sizeof(double));
	return table;
}

/* Where a is the smaller sample, for the table has a row for each of its values. */
static Tails
exact_tails(const Walk *walk, const Ranks *ranks)
{
	int			unit = ranks->ties > 0 ? 2 : 1;
	int64		last = unit * walk->na * walk->nb;
	int64		u = ranks->twice_u * unit / 2;
	double	   *ways = count_ways(*walk, unit);
	double		all = 0;
	Tails		tails = {0};

	for (int64 i = 0; i <= last; i++)
	{
		all += ways[i];
		if (ways[i] > 0 && tails.lowest == 0)
			tails.lowest = ways[i];
		if (ways[i] > 0)
			tails.highest = ways[i];
	}
	for (int64 i = 0; i <= u; i++)
		tails.lower += ways[i];
	for (int64 i = last; i >= u; i--)
		tails.upper += ways[i];
	pfree(ways);
	return (Tails) {tails.lower / all, tails.upper / all, tails.lowest / all, tails.highest / all};
}

static Tails
exact(const Walk *walk, const Ranks *ranks)
{
	Walk		other = {.a = walk->b, .b = walk->a, .na = walk->nb, .nb = walk->na};
	Ranks		ranked;
	Tails		tails;

	if (walk->na <= walk->nb)
		return exact_tails(walk, ranks);
	ranked = *ranks;
	ranked.twice_u = 2 * walk->na * walk->nb - ranks->twice_u;
	tails = exact_tails(&other, &ranked);
	return (Tails) {tails.upper, tails.lower, tails.highest, tails.lowest};
}

/* Normal, the variance corrected for ties, and half a step towards the middle. */
static Tails
asymptotic(const Walk *walk, const Ranks *ranks)
{
	double		pairs = (double) walk->na * walk->nb;
	double		n = (double) walk->na + walk->nb;
	double		sd = sqrt(pairs / 12 * (n + 1 - ranks->ties / (n * (n - 1))));
	double		off = (ranks->twice_u - pairs) / 2;

	return (Tails) {.lower = br_normal_sf((-off - 0.5) / sd), .upper = br_normal_sf((off - 0.5) / sd)};
}

static double
p_of(double lower, double upper, BrAlternative alternative)
{
	if (alternative == BR_TWO_SIDED)
		return Min(1, 2 * Min(lower, upper));
	return alternative == BR_LESS ? lower : upper;
}

/* Bounds of Romano et al. 2006. */
static const char *
magnitude_of(double cliffs_delta)
{
	double		size = fabs(cliffs_delta);

	return size < 0.147 ? "negligible" : size < 0.33 ? "small" : size < 0.474 ? "medium" : "large";
}

BrRankTest
br_mann_whitney(const double *a, int64 na, const double *b, int64 nb,
				BrAlternative alternative, BrRankMethod method)
{
	Walk		walk = {.a = a, .b = b, .na = na, .nb = nb};
	Ranks		ranks = rank(walk);
	double		pairs = (double) na * nb;
	bool		small = Max(na, nb) <= EXACT_MAX;
	bool		is_exact = method == BR_RANK_EXACT;
	BrRankTest	test = {0};

	if (method == BR_RANK_AUTO)
		is_exact = small && (ranks.ties == 0 || ranks.all_equal || Max(na, nb) <= EXACT_MAX_TIES);
	test.u = ranks.twice_u / 2.0;
	test.a12 = test.u / pairs;
	test.cliffs_delta = (ranks.twice_u - pairs) / pairs;
	test.magnitude = magnitude_of(test.cliffs_delta);
	test.method = is_exact ? "exact" : "asymptotic";
	if (ranks.all_equal)
	{
		test.p_value = 1;
		test.note = "all values are equal";
	}
	else if (is_exact)
	{
		Tails		tails = exact(&walk, &ranks);
		double		smallest = p_of(tails.lowest, tails.highest, alternative);

		test.p_value = p_of(tails.lower, tails.upper, alternative);
		if (smallest > 0.05)
			test.note = psprintf("n=" INT64_FORMAT " and " INT64_FORMAT "%s: the smallest possible p is %.3g",
								 na, nb, ranks.ties > 0 ? ", with ties" : "", smallest);
	}
	else
	{
		Tails		tails = asymptotic(&walk, &ranks);

		test.p_value = p_of(tails.lower, tails.upper, alternative);
		if (method == BR_RANK_AUTO && small)
			test.note = "ties: asymptotic";
	}
	return test;
}

bool
br_rank_exact_fits(int64 na, int64 nb)
{
	return nb == 0 || na <= EXACT_PAIRS_MAX / nb;
}

double
br_rank_smallest_p(int64 na, int64 nb, BrAlternative alternative)
{
	double		share = 1;

	/* one of the (na + nb over na) ways is the outermost */
	for (int64 i = 1; i <= Min(na, nb) && share > 0; i++)
		share *= (double) i / (Max(na, nb) + i);
	return p_of(share, share, alternative);
}

/*
 * How many values of b are below one of a, its placement, is compared with a12 as
 * single values are with their mean (Brunner, Munzel 2000).
 */
BrPlacementTest
br_brunner_munzel(const double *a, int64 na, const double *b, int64 nb)
{
	Walk		walk = {.a = a, .b = b, .na = na, .nb = nb};
	BrPlacementTest test = {NAN, NAN, NAN, NAN, NULL};
	double		won = rank(walk).twice_u / 2.0;
	double		spread_a = 0;
	double		spread_b = 0;
	double		se;

	test.a12 = won / na / nb;
	if (na < 2 || nb < 2)
	{
		test.note = "two values on each side are needed";
		return test;
	}
	while (next_group(&walk))
	{
		double		off_a = (walk.at_b + walk.in_b / 2.0) / nb - test.a12;
		double		off_b = (walk.at_a + walk.in_a / 2.0) / na - (1 - test.a12);

		spread_a += walk.in_a * off_a * off_a;
		spread_b += walk.in_b * off_b * off_b;
	}
	spread_a /= (double) na * (na - 1);
	spread_b /= (double) nb * (nb - 1);
	se = sqrt(spread_a + spread_b);
	if (won == 0 || test.a12 == 1)
	{
		test.t = won == 0 ? INFINITY : -INFINITY;
		test.p_value = 0;
		test.note = "the samples do not overlap: p is 0";
	}
	else if (se == 0)
	{
		test.t = 0;
		test.p_value = 1;
		test.note = "all values are equal";
	}
	else
	{
		test.t = (0.5 - test.a12) / se;
		test.df = se * se * se * se / (spread_a * spread_a / (na - 1) + spread_b * spread_b / (nb - 1));
		test.p_value = br_t_two_sided(test.t, test.df);
	}
	return test;
}

/* By the exact distribution for samples that are tested by it, otherwise by the normal one. */
int64
br_rank_interval(int64 na, int64 nb, double conf, double *actual)
{
	double		alpha = (1 - conf) / 2;
	double		pairs = (double) na * nb;
	double		tail = 0;
	int64		k = 0;

	if (Max(na, nb) <= EXACT_MAX)
	{
		double		distinct[2 * EXACT_MAX];
		Walk		walk = {.a = distinct, .b = distinct + na, .na = na, .nb = nb};
		double	   *ways;
		double		all = 0;

		for (int64 i = 0; i < na + nb; i++)
			distinct[i] = i;
		ways = count_ways(walk, 1);
		for (int64 u = 0; u <= na * nb; u++)
			all += ways[u];
		while (tail + ways[k] / all <= alpha)
			tail += ways[k++] / all;
	}
	else
	{
		double		sd = sqrt(pairs / 12 * ((double) na + nb + 1));

		k = Max(0, floor(pairs / 2 + 0.5 + sd * br_normal_quantile(alpha)));
		tail = br_normal_cdf((k - pairs / 2 - 0.5) / sd);
	}
	*actual = k == 0 ? NAN : 1 - 2 * tail;
	return k;
}
