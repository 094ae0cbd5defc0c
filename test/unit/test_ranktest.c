/*
 * test_ranktest.c
 *		Mann and Whitney's test.
 *
 * Exact p-values with ties are fractions, from an enumeration of all ways to
 * deal the values to two samples, and agree with scipy.stats.permutation_test
 * where that could be run; without ties they are those of R's wilcox.test(exact
 * = TRUE). Asymptotic ones are those of scipy.stats.mannwhitneyu and wilcox.test.
 */
#include "base/br.h"

#include <float.h>

#include "stats/ranktest.h"
#include "tap.h"

#define MAX_VALUES 20

typedef struct Case
{
	const char *name;
	int			na;
	int			nb;
	double		a[MAX_VALUES];
	double		b[MAX_VALUES];
	double		u;
	double		less;			/* exact */
	double		greater;
	double		two_sided;
	double		asymptotic;		/* two-sided */
	double		asymptotic_less;
} Case;

static const Case cases[] = {
	{
		"eight and eight", 8, 8,
		{1, 2, 3, 4, 5, 6, 7, 8}, {2.5, 3.5, 4.5, 9, 10, 11, 12, 13},
		15, 89.0 / 2145, 566.0 / 585, 178.0 / 2145, 0.08312293695990333, 0.041561468479951666
	},
	{
		"three and three", 3, 3, {1, 2, 3}, {4, 5, 6},
		0, 1.0 / 20, 1, 1.0 / 10, 0.08085559837005224, 0.04042779918502612
	},
	{
		"four and four", 4, 4, {1, 2, 3, 4}, {5, 6, 7, 8},
		0, 1.0 / 70, 1, 1.0 / 35, 0.03038282197657749, 0.015191410988288745
	},
	{
		"ties in and across the samples", 7, 8,
		{1, 2, 2, 3, 3, 3, 4}, {2, 3, 3, 4, 4, 5, 5, 6},
		11, 2.0 / 65, 1271.0 / 1287, 4.0 / 65, 0.04988443697992588, 0.02494221848996294
	},
	{
		"two values only", 5, 3, {1, 1, 1, 2, 2}, {2, 2, 3},
		2, 3.0 / 28, 1, 3.0 / 14, 0.10247043485974937, 0.051235217429874684
	},
	{
		"a distribution that is not symmetric", 6, 4, {5, 5, 5, 5, 7, 9}, {5, 5, 5, 6},
		14, 5.0 / 6, 1.0 / 3, 2.0 / 3, 0.693974373462473, 0.7440167796859759
	},
	{
		"a single value differs", 6, 4, {1, 1, 1, 1, 1, 2}, {1, 1, 1, 1},
		14, 1, 3.0 / 5, 1, 0.5402913746074198, 0.8462829170363023
	},
	{
		"nine and nine with ties", 9, 9,
		{10, 12, 12, 15, 15, 15, 21, 22, 22}, {9, 10, 10, 12, 12, 14, 14, 15, 15},
		61, 23667.0 / 24310, 1737.0 / 48620, 1737.0 / 24310, 0.07189344943683859, 0.9706064292878127
	},
	{
		"a single value", 1, 5, {3}, {1, 2, 3, 3, 4},
		3, 5.0 / 6, 2.0 / 3, 1, 1, 0.7330852891279303
	},
};

static void
check(const Case *test, BrAlternative alternative, BrRankMethod method, double p, const char *what)
{
	BrRankTest	got = br_mann_whitney(test->a, test->na, test->b, test->nb, alternative, method);
	BrAlternative mirrored = alternative == BR_LESS ? BR_GREATER : alternative == BR_GREATER ? BR_LESS : BR_TWO_SIDED;
	BrRankTest	swapped = br_mann_whitney(test->b, test->nb, test->a, test->na, mirrored, method);

	is_double(got.p_value, p, 1e-12, "%s: %s", test->name, what);
	is_double(swapped.p_value, p, 1e-12, "... and with the samples swapped");
}

static void
test_cases(void)
{
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		const Case *test = &cases[i];
		double		pairs = test->na * test->nb;
		BrRankTest	got = br_mann_whitney(test->a, test->na, test->b, test->nb, BR_TWO_SIDED, BR_RANK_AUTO);
		BrRankTest	swapped = br_mann_whitney(test->b, test->nb, test->a, test->na, BR_TWO_SIDED, BR_RANK_AUTO);

		is_double(got.u, test->u, 0, "%s: U", test->name);
		is_double(swapped.u, pairs - test->u, 0, "... of the other sample");
		is_double(got.a12, test->u / pairs, 0, "A12");
		is_double(got.cliffs_delta, 2 * test->u / pairs - 1, 1e-15, "Cliff's delta");
		is_double(swapped.cliffs_delta, -got.cliffs_delta, 0, "... has the other sign");
		is_str(got.method, "exact", "so few values are tested exactly");
		check(test, BR_TWO_SIDED, BR_RANK_EXACT, test->two_sided, "exact, two-sided");
		check(test, BR_LESS, BR_RANK_EXACT, test->less, "exact, less");
		check(test, BR_GREATER, BR_RANK_EXACT, test->greater, "exact, greater");
		check(test, BR_TWO_SIDED, BR_RANK_ASYMPTOTIC, test->asymptotic, "asymptotic, two-sided");
		check(test, BR_LESS, BR_RANK_ASYMPTOTIC, test->asymptotic_less, "asymptotic, less");
	}
}

/* from, from + step, ..., each times scale, or divided by it without remainder */
static double *
line(int n, double step, double start)
{
	double	   *values = palloc(n * sizeof(double));

	for (int i = 0; i < n; i++)
		values[i] = (i + 1) * step + start;
	return values;
}

static double *
steps(int n, int width)
{
	double	   *values = palloc(n * sizeof(double));

	for (int i = 0; i < n; i++)
		values[i] = (i + 1) / width;
	return values;
}

static void
test_larger(void)
{
	double	   *a = line(100, 1, 0);
	double	   *b = line(100, 1.3, -9.05);
	double	   *c = line(50, 0.7, 0.033);
	double	   *high = line(50, 1, 50);
	double	   *sevens = steps(100, 7);
	double	   *sixes = steps(90, 6);
	BrRankTest	test = br_mann_whitney(a, 50, b, 50, BR_TWO_SIDED, BR_RANK_AUTO);

	is_double(test.u, 1304, 0, "fifty and fifty: U");
	is_double(test.p_value, 0.71345079133605405, 1e-12, "exact");
	is_str(test.method, "exact", "by itself");
	is_str(test.note, NULL, "nothing to note");
	test = br_mann_whitney(a, 50, b, 50, BR_LESS, BR_RANK_AUTO);
	is_double(test.p_value, 0.64583222468533752, 1e-12, "less");
	test = br_mann_whitney(a, 20, c, 50, BR_TWO_SIDED, BR_RANK_AUTO);
	is_double(test.p_value, 5.5366970329775236e-03, 1e-12, "twenty and fifty");
	test = br_mann_whitney(c, 50, a, 20, BR_LESS, BR_RANK_AUTO);
	is_double(test.p_value, 0.99734693024339061, 1e-12, "fifty and twenty, the wrong side");
	test = br_mann_whitney(a, 50, high, 50, BR_TWO_SIDED, BR_RANK_AUTO);
	is_double(test.p_value, 1.9823306042836899e-29, 1e-12, "a small p keeps its digits");
	test = br_mann_whitney(a, 100, b, 100, BR_TWO_SIDED, BR_RANK_EXACT);
	is_double(test.p_value, 0.25292748398959203, 1e-12, "a hundred and a hundred, exact when asked");
	is_str(br_mann_whitney(a, 51, b, 2, BR_TWO_SIDED, BR_RANK_AUTO).method, "asymptotic", "not by itself");

	test = br_mann_whitney(sevens, 100, sixes, 90, BR_TWO_SIDED, BR_RANK_AUTO);
	is_double(test.u, 4277, 0, "many ties: U");
	is_double(test.p_value, 0.55574024738966199, 1e-12, "asymptotic");
	is_str(test.note, NULL, "as for all samples of that size");
	test = br_mann_whitney(sevens, 100, sixes, 90, BR_GREATER, BR_RANK_AUTO);
	is_double(test.p_value, 0.72301725708148157, 1e-12, "greater");
	test = br_mann_whitney(sevens, 30, sixes, 30, BR_TWO_SIDED, BR_RANK_AUTO);
	is_double(test.p_value, 0.34569267716050922, 1e-12, "thirty and thirty with ties");
	is_str(test.note, "ties: asymptotic", "is noted");

	ok(br_rank_exact_fits(100, 100) && !br_rank_exact_fits(100, 101), "how large exact ones can be");
	ok(br_rank_exact_fits(10000, 1) && !br_rank_exact_fits(INT64CONST(1) << 40, INT64CONST(1) << 40),
	   "without overflow");
	test = br_mann_whitney(line(10000, 1, 0), 10000, a, 1, BR_LESS, BR_RANK_EXACT);
	is_double(test.p_value, 1, 1e-12, "the table is as large as the smaller sample");
}

static void
test_edges(void)
{
	static const double seven[] = {7, 7, 7, 7};
	static const double zeros[] = {-0.0, 0};
	static const double huge[] = {-DBL_MAX, DBL_MAX};
	double	   *equal = palloc(1000 * sizeof(double));
	BrRankTest	test = br_mann_whitney(seven, 4, seven, 3, BR_TWO_SIDED, BR_RANK_AUTO);

	is_double(test.p_value, 1, 0, "all values equal: p");
	is_double(test.cliffs_delta, 0, 0, "no difference");
	is_str(test.magnitude, "negligible", "... which is negligible");
	is_str(test.note, "all values are equal", "noted");
	for (int i = 0; i < 1000; i++)
		equal[i] = 3;
	is_double(br_mann_whitney(equal, 1000, equal, 900, BR_LESS, BR_RANK_AUTO).p_value, 1, 0, "... many of them");
	is_double(br_mann_whitney(zeros, 2, zeros, 2, BR_LESS, BR_RANK_AUTO).p_value, 1, 0, "both zeros are one");
	test = br_mann_whitney(huge, 2, zeros, 2, BR_TWO_SIDED, BR_RANK_AUTO);
	is_double(test.u, 2, 0, "the largest values are values");
	is_double(test.p_value, 1, 0, "... in the middle");
	test = br_mann_whitney(zeros, 1, seven, 1, BR_TWO_SIDED, BR_RANK_AUTO);
	is_double(test.p_value, 1, 0, "one and one");
	is_str(test.note, "n=1 and 1: the smallest possible p is 1", "... cannot show anything");
	is_str(br_mann_whitney(cases[1].a, 3, cases[1].b, 3, BR_TWO_SIDED, BR_RANK_AUTO).note,
		   "n=3 and 3: the smallest possible p is 0.1", "nor can three and three");
	is_str(br_mann_whitney(cases[6].a, 6, cases[6].b, 4, BR_TWO_SIDED, BR_RANK_AUTO).note,
		   "n=6 and 4, with ties: the smallest possible p is 0.8", "ties take more");
	is_double(br_rank_smallest_p(3, 3, BR_TWO_SIDED), 0.1, 1e-15, "smallest p: 3 and 3");
	is_double(br_rank_smallest_p(4, 4, BR_TWO_SIDED), 1.0 / 35, 1e-15, "4 and 4");
	is_double(br_rank_smallest_p(5, 5, BR_TWO_SIDED), 1.0 / 126, 1e-15, "5 and 5");
	is_double(br_rank_smallest_p(6, 6, BR_TWO_SIDED), 1.0 / 462, 1e-15, "6 and 6");
	is_double(br_rank_smallest_p(3, 3, BR_LESS), 0.05, 1e-15, "one-sided");
}

static void
test_magnitude(void)
{
	/* delta of 1 to 1000 against one value between them */
	static const struct
	{
		double		split;
		const char *expected;
	}			bands[] = {{426.5, "small"}, {427.5, "negligible"}, {572.5, "negligible"}, {574.5, "small"},
	{664.5, "small"}, {665.5, "medium"}, {736.5, "medium"}, {737.5, "large"}, {1001, "large"}};
	double	   *a = line(1000, 1, 0);

	for (size_t i = 0; i < lengthof(bands); i++)
	{
		BrRankTest	test = br_mann_whitney(a, 1000, &bands[i].split, 1, BR_TWO_SIDED, BR_RANK_AUTO);

		is_str(test.magnitude, bands[i].expected, "delta %g", test.cliffs_delta);
	}
}

int
main(void)
{
	test_cases();
	test_larger();
	test_edges();
	test_magnitude();
	return done_testing();
}
