/*
 * changepoint.c
 *		Finds the points at which the level of a series changes.
 *
 * The method of Hunter (Fleming et al., ICPE 2023), which makes E-divisive
 * (Matteson and James, JASA 2014) deterministic and fast:
 *
 * 1. A window slides over the series, by half of its length or to the last
 *	  change that was found in it. In each window the most divergent split is
 *	  sought, tested, and the two parts are looked at in the same way, until a
 *	  split is not significant. The test is lenient here: a level that spans
 *	  several windows shows only in part in each of them.
 * 2. All splits together are tested again, each on the whole levels on its two
 *	  sides. The weakest goes, its neighbours are tested anew, and so on until
 *	  all are significant and large enough.
 *
 * A split has been chosen before it is tested, so that p-values are too small;
 * this is why the default of max_pvalue is as strict as it is.
 *
 * The p-value is the larger one of Welch's and Student's test. Among many splits
 * there is always one with two or three points on one side that happen to be
 * close to each other, or equal, where values are whole numbers. Welch's test
 * alone takes them for a level that does not vary, and gives five to fifteen times
 * as many false alarms; Student's alone is misled by a level that varies more
 * than the other. Two points are needed on each side, for a single one says
 * nothing of how much values vary.
 *
 * With compat it is what Apache Otava, Hunter's successor, computes, so that
 * results can be compared: Student's test, but with sums of squares divided by
 * the number of points, which rejects too often for short levels.
 */
#include "base/br.h"

#include <math.h>

#include "stats/changepoint.h"
#include "stats/special.h"

/* A part of a window, and the best place to split it: none if qhat is 0. */
typedef struct Piece
{
	int64		start;
	int64		end;			/* after its last point */
	int64		index;
	double		qhat;
} Piece;

typedef struct Search
{
	const double *points;
	int64		n;
	const BrChangeRules *rules;
	double		first_pvalue;	/* of the first step */
	int			least;			/* number of points on each side of a split */
	double	   *before;			/* room for the sums of split_piece() */
	double	   *left;
	Piece	   *pieces;			/* room for the parts of a window */
	BrChange   *found;
	int64		nfound;
	int64		capacity;
} Search;

typedef struct Level
{
	int64		n;
	double		mean;
	double		squares;		/* sum of the squared deviations */
} Level;

double
br_relative_change(double before, double after)
{
	double		change = after / before - 1.0;

	return isfinite(change) ? change : NAN;
}

/* The larger one of the changes there and back, as Otava has it. */
static double
magnitude_of(const BrChange *change)
{
	double		there = br_relative_change(change->before_mean, change->after_mean);
	double		back = br_relative_change(change->after_mean, change->before_mean);

	return Max(isnan(there) ? 0.0 : fabs(there), isnan(back) ? 0.0 : fabs(back));
}

/* Deviations are from the first point, so that a constant level has none at all. */
static Level
level_of(const double *points, int64 n)
{
	Level		level = {.n = n};
	double		sum = 0.0;

	for (int64 i = 0; i < n; i++)
		sum += points[i] - points[0];
	level.mean = points[0] + sum / n;
	for (int64 i = 0; i < n; i++)
		level.squares += (points[i] - level.mean) * (points[i] - level.mean);
	return level;
}

/* Student's t: the two-sided p-value of a difference whose squared standard error is known. */
static double
two_sided(const Level *a, const Level *b, double error, double df)
{
	return error > 0.0 ? br_t_two_sided((b->mean - a->mean) / sqrt(error), df) : 0.0;
}

/* By the variance of both levels together; squares_a and squares_b add up to it. */
static double
pooled_p_value(const Level *a, const Level *b, double squares_a, double squares_b)
{
	double		df = a->n + b->n - 2;

	return two_sided(a, b, (squares_a + squares_b) / df * (1.0 / a->n + 1.0 / b->n), df);
}

/* With Satterthwaite's degrees of freedom. */
static double
welch_p_value(const Level *a, const Level *b)
{
	double		error_a = a->squares / (a->n - 1.0) / a->n;
	double		error_b = b->squares / (b->n - 1.0) / b->n;
	double		error = error_a + error_b;
	double		share = error_a / error;

	return two_sided(a, b, error,
					 1.0 / (share * share / (a->n - 1.0) + (1.0 - share) * (1.0 - share) / (b->n - 1.0)));
}

/* Of the difference of the means; 1 where there can be none. */
static double
p_value_of(const Level *a, const Level *b, bool compat)
{
	if (a->mean == b->mean || Min(a->n, b->n) < (compat ? 1 : 2) || a->n + b->n < 3)
		return 1.0;
	if (compat)
		return pooled_p_value(a, b, a->squares * (a->n - 1.0) / a->n, b->squares * (b->n - 1.0) / b->n);
	return Max(welch_p_value(a, b), pooled_p_value(a, b, a->squares, b->squares));
}

/* Tests the change as one between the levels from start and up to end. */
static void
test_change(const Search *search, BrChange *change, int64 start, int64 end)
{
	Level		a = level_of(search->points + start, change->index - start);
	Level		b = level_of(search->points + change->index, end - change->index);

	change->before_mean = a.mean;
	change->after_mean = b.mean;
	change->p_value = p_value_of(&a, &b, search->rules->compat);
}

/*
 * The divergence of m points, where the distances among them add up to inside_a,
 * from r points after them: twice the mean distance across, less the mean
 * distances inside (of pairs of different points), times m * r / (m + r).
 */
static inline double
divergence(int64 m, int64 r, double across, double inside_a, double inside_b)
{
	/* where whole numbers make two splits equal, rounding decides: as in Otava */
	double		q = 2.0 / (m + r) * across;

	if (m > 1)
		q -= 2.0 * r / ((m + r) * (m - 1.0)) * inside_a;
	if (r > 1)
		q -= 2.0 * m / ((m + r) * (r - 1.0)) * inside_b;
	return q;
}

/*
 * Finds the split with the largest divergence. What comes after the split need
 * not reach to the end of the piece, where another change may be.
 *
 * before[k] is the sum of the distances of point k to those before it, and
 * left[k] to those before the split, so that all sums grow by one distance at a
 * time, and the piece takes the square of its length.
 */
static void
split_piece(Search *search, Piece *piece)
{
	const double *points = search->points + piece->start;
	int64		n = piece->end - piece->start;
	int			least = search->least;
	double		inside_a = 0.0;

	piece->qhat = 0.0;
	for (int64 k = 0; k < n; k++)
	{
		BR_CHECK_INTERRUPTS();
		search->left[k] = search->before[k] = 0.0;
		for (int64 i = 0; i < k; i++)
			search->before[k] += fabs(points[i] - points[k]);
	}
	for (int64 m = 1; m <= n - least; m++)
	{
		double		across = 0.0;
		double		inside_b = 0.0;

		BR_CHECK_INTERRUPTS();
		inside_a += search->before[m - 1];
		for (int64 k = m; k < n; k++)
		{
			double		q;

			search->left[k] += fabs(points[m - 1] - points[k]);
			across += search->left[k];
			inside_b += search->before[k] - search->left[k];
			if (m < least || k - m + 1 < least)
				continue;
			q = divergence(m, k - m + 1, across, inside_a, inside_b);
			if (q > piece->qhat)
			{
				piece->qhat = q;
				piece->index = piece->start + m;
			}
		}
	}
}

/* Two windows may find the same change. */
static void
add_change(Search *search, const BrChange *change)
{
	int64		place = search->nfound;

	while (place > 0 && search->found[place - 1].index >= change->index)
		place--;
	if (place < search->nfound && search->found[place].index == change->index)
		return;
	if (search->nfound == search->capacity)
	{
		search->capacity *= 2;
		search->found = repalloc(search->found, search->capacity * sizeof(BrChange));
	}
	memmove(&search->found[place + 1], &search->found[place], (search->nfound - place) * sizeof(BrChange));
	search->found[place] = *change;
	search->nfound++;
}

/* The first step in the window; returns the last change in it, 0 if there is none. */
static int64
search_window(Search *search, int64 start, int64 end)
{
	Piece	   *pieces = search->pieces;
	int64		n = 1;
	int64		last = 0;

	pieces[0].start = start;
	pieces[0].end = end;
	split_piece(search, &pieces[0]);
	for (;;)
	{
		int64		best = 0;
		BrChange	change = {0};

		for (int64 i = 1; i < n; i++)
			if (pieces[i].qhat > pieces[best].qhat)
				best = i;
		if (pieces[best].qhat == 0.0)
			return last;
		change.index = pieces[best].index;
		change.qhat = pieces[best].qhat;
		test_change(search, &change, pieces[best].start, pieces[best].end);
		if (change.p_value > search->first_pvalue)
			return last;
		add_change(search, &change);
		last = Max(last, change.index);

		memmove(&pieces[best + 1], &pieces[best], (n - best) * sizeof(Piece));
		n++;
		pieces[best].end = pieces[best + 1].start = change.index;
		split_piece(search, &pieces[best]);
		split_piece(search, &pieces[best + 1]);
	}
}

static void
retest(Search *search, int64 i)
{
	if (i >= 0 && i < search->nfound)
		test_change(search, &search->found[i],
					i == 0 ? 0 : search->found[i - 1].index,
					i == search->nfound - 1 ? search->n : search->found[i + 1].index);
}

/*
 * Two windows may place a change differently by a point, which leaves a level of
 * one point between two changes that cannot be tested: the more divergent stays.
 */
static bool
is_weaker(const Search *search, const BrChange *a, const BrChange *b)
{
	return a->p_value > b->p_value ||
		(a->p_value == b->p_value && a->qhat < b->qhat && !search->rules->compat);
}

/* The second step. */
static void
merge_levels(Search *search)
{
	for (int64 i = 0; i < search->nfound; i++)
		retest(search, i);
	while (search->nfound > 0)
	{
		BrChange   *found = search->found;
		int64		weakest = 0;

		BR_CHECK_INTERRUPTS();
		for (int64 i = 1; i < search->nfound; i++)
			if (is_weaker(search, &found[i], &found[weakest]))
				weakest = i;
		if (found[weakest].p_value < search->rules->max_pvalue)
		{
			weakest = 0;
			for (int64 i = 1; i < search->nfound; i++)
				if (magnitude_of(&found[i]) < magnitude_of(&found[weakest]))
					weakest = i;
			if (magnitude_of(&found[weakest]) > search->rules->min_magnitude)
				return;
		}
		search->nfound--;
		memmove(&found[weakest], &found[weakest + 1], (search->nfound - weakest) * sizeof(BrChange));
		/* Otava retests the new neighbour on the right and the one after it, not the one on the left */
		retest(search, search->rules->compat ? weakest + 1 : weakest - 1);
		retest(search, weakest);
	}
}

/* In the first step p-values of another order of magnitude will do, or twice as large ones. */
static double
first_pvalue(double max_pvalue)
{
	if (max_pvalue < 0.05)
		return 10.0 * max_pvalue;
	return max_pvalue < 0.5 ? 2.0 * max_pvalue : max_pvalue;
}

/*
 * The points divided by a power of two that makes the largest about 1, so that
 * neither sums nor squares overflow. It is exact, so that nothing else changes.
 */
static double *
scaled_points(const double *points, int64 n, int *exponent)
{
	double	   *scaled = palloc_extended(n * sizeof(double), MCXT_ALLOC_HUGE);
	double		largest = 0.0;

	for (int64 i = 0; i < n; i++)
		largest = Max(largest, fabs(points[i]));
	frexp(largest, exponent);
	for (int64 i = 0; i < n; i++)
		scaled[i] = ldexp(points[i], -*exponent);
	return scaled;
}

BrChange *
br_change_points(const double *points, int64 n, const BrChangeRules *rules, int64 *found)
{
	int64		window = Min(rules->window, n);
	int			exponent;
	Search		search = {
		.n = n, .rules = rules, .least = rules->compat ? 1 : 2, .capacity = 8,
		.first_pvalue = first_pvalue(rules->max_pvalue)
	};

	*found = 0;
	if (n < BR_CHANGE_MIN_POINTS)
		return NULL;
	search.points = scaled_points(points, n, &exponent);
	search.before = palloc_extended(window * sizeof(double), MCXT_ALLOC_HUGE);
	search.left = palloc_extended(window * sizeof(double), MCXT_ALLOC_HUGE);
	search.pieces = palloc_extended(window * sizeof(Piece), MCXT_ALLOC_HUGE);
	search.found = palloc(search.capacity * sizeof(BrChange));

	for (int64 start = 0; start < n;)
		start = Max(search_window(&search, start, start + Min(window, n - start)), start + rules->window / 2);
	merge_levels(&search);

	for (int64 i = 0; i < search.nfound; i++)
	{
		double		p_value = search.found[i].p_value;

		/* Otava's p-value may be of levels that are gone */
		retest(&search, i);
		search.found[i].p_value = p_value;
		search.found[i].qhat = ldexp(search.found[i].qhat, exponent);
		search.found[i].before_mean = ldexp(search.found[i].before_mean, exponent);
		search.found[i].after_mean = ldexp(search.found[i].after_mean, exponent);
	}
	*found = search.nfound;
	return search.nfound > 0 ? search.found : NULL;
}
