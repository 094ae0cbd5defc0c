/*
 * test_ranktest.c
 *		Tests by ranks: of two samples and of pairs, and the shift that goes with them.
 *
 * Exact p-values with ties are fractions, from an enumeration of all ways to
 * deal the values to two samples, and agree with scipy.stats.permutation_test
 * where that could be run; without ties they are those of R's wilcox.test(exact
 * = TRUE). Asymptotic ones are those of scipy.stats.mannwhitneyu and wilcox.test;
 * Brunner and Munzel's are those of scipy.stats.brunnermunzel, shifts and their
 * intervals those of wilcox.test(conf.int = TRUE), signed ranks its with paired = TRUE.
 */
#include "base/br.h"

#include <float.h>
#include <math.h>

#include "stats/paired.h"
#include "stats/ranktest.h"
#include "stats/shift.h"
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

static void
test_placements(void)
{
	static const double few[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 4, 4};
	BrPlacementTest test = br_brunner_munzel(cases[0].a, 8, cases[0].b, 8);

	is_double(test.t, 2.023645645958022, 1e-13, "Brunner and Munzel: t");
	is_double(test.p_value, 0.06933936917842543, 1e-12, "p");
	is_double(test.a12, 0.234375, 0, "A12");
	test = br_brunner_munzel(cases[3].a, 7, cases[3].b, 8);
	is_double(test.t, 2.7143188013545774, 1e-13, "with ties: t");
	is_double(test.p_value, 0.018572686213349954, 1e-12, "p");
	is_double(br_brunner_munzel(cases[3].b, 8, cases[3].a, 7).t, -2.7143188013545774, 1e-13, "swapped");
	test = br_brunner_munzel(cases[1].a, 3, cases[1].b, 3);
	is_double(test.p_value, 0, 0, "samples that do not overlap");
	is_str(test.note, "the samples do not overlap: p is 0", "noted");
	test = br_brunner_munzel(few, 5, few, 4);
	is_double(test.p_value, 1, 0, "all equal");
	test = br_brunner_munzel(few, 1, few, 4);
	is_str(test.note, "two values on each side are needed", "one value");
	is_double(test.p_value, NAN, 0, "has no p");
}

static double *
roots(int n, double step)
{
	double	   *values = palloc(n * sizeof(double));

	for (int i = 0; i < n; i++)
		values[i] = sqrt((i + 1) * step);
	return values;
}

/* R finds the ends of an interval that is not exact by a search, to four digits. */
static void
test_shift(void)
{
	static const double a[] = {9.1, 9.8, 10.05, 10.1, 10.4, 11.2};
	static const double b[] = {9.0, 10.2, 11.7, 12.5, 12.9, 13.3, 14.1};
	static const double large[] = {-DBL_MAX, DBL_MAX};
	static const double zeros[] = {-0.0, 0};
	BrShift		shift = br_hodges_lehmann(a, 6, b, 7, 0.95);

	is_double(shift.shift, 2.25000000000000089, 1e-15, "six and seven: the shift");
	is_double(shift.lo, -0.20000000000000107, 1e-14, "from");
	is_double(shift.hi, 3.69999999999999929, 1e-15, "to");
	ok(shift.actual >= 0.95 && shift.actual < 0.98, "a confidence of %.4f", shift.actual);
	is_double(br_hodges_lehmann(b, 7, a, 6, 0.95).hi, 0.20000000000000107, 1e-14, "swapped");
	shift = br_hodges_lehmann(a, 6, b, 7, 0.99);
	is_double(shift.lo, -1.0500000000000007, 1e-14, "with more confidence from");
	is_double(shift.hi, 4.0499999999999989, 1e-15, "to");
	shift = br_hodges_lehmann(line(20, 1, 0), 20, line(30, 1.3, 0.05), 30, 0.95);
	is_double(shift.shift, 9.7, 1e-14, "twenty and thirty: the shift");
	is_double(shift.lo, 3.25, 1e-14, "from");
	is_double(shift.hi, 16.15, 1e-14, "to");
	shift = br_hodges_lehmann(roots(60, 7.1), 60, roots(80, 9.3), 80, 0.95);
	is_double(shift.shift, 4.9201887935634092, 1e-14, "sixty and eighty: the shift");
	is_double(shift.lo, 2.8617117304441777, 1e-4, "from");
	is_double(shift.hi, 6.7124991758258510, 1e-4, "to");
	shift = br_hodges_lehmann(a, 3, b, 3, 0.95);
	is_double(shift.lo, NAN, 0, "three and three: no interval");
	is_str(shift.note, "n=3 and 3: too few values for a finite interval", "noted");
	shift = br_hodges_lehmann(a, 1, b, 1, 0.95);
	is_double(shift.shift, b[0] - a[0], 0, "one and one");
	is_double(br_hodges_lehmann(zeros, 2, zeros, 2, 0.95).shift, 0, 0, "zeros");
	is_double(br_hodges_lehmann(zeros, 1, large, 2, 0.95).shift, 0, 0, "from one end to the other");
}

static void
test_pairs(void)
{
	static const double a[] = {10.1, 9.8, 10.4, 10.05, 11.2, 9.1, 12.2, 10.9};
	static const double b[] = {9.5, 9.9, 9.6, 9.1, 10.2, 9.0, 11.5, 10.1};
	static const double left[] = {0, 0, 1, 1, 3, 0, 2, 0, 2, 4};
	static const double right[] = {2, 1, 0, 0, 0, 1, 0, 0, 0, 0};
	double	   *x = palloc(70 * sizeof(double));
	double	   *y = palloc(70 * sizeof(double));
	BrPaired	paired = br_paired(left, right, 10, 0.95);

	is_double(paired.w, 34, 0, "pairs with ties and one without difference: W");
	is_double(paired.p_value, 55.0 / 256, 1e-13, "p, by enumeration of all signs");
	is_double(paired.ratio, NAN, 0, "no ratio of zeros");
	is_str(paired.note, "there are values of 0 or less: no ratio", "noted");
	paired = br_paired(a, b, 8, 0.95);
	is_double(paired.ratio, 0.94290424467382572, 1e-13, "eight pairs: the ratio");
	is_double(paired.ratio_lo, 0.91266445246978367, 1e-12, "from");
	is_double(paired.ratio_hi, 0.97414598784688922, 1e-12, "to");
	is_str(paired.note, NULL, "nothing to note");
	for (int i = 1; i <= 70; i++)
	{
		x[i - 1] = 100 + i % 7;
		y[i - 1] = x[i - 1] + (i * 37) % 11 - 4;
	}
	paired = br_paired(x, y, 70, 0.95);
	is_double(paired.w, 653, 0, "seventy pairs: W");
	is_double(paired.p_value, 0.014797228199523147, 1e-12, "p, asymptotic");
	is_double(paired.ratio_lo, 1.0017293361638744, 1e-12, "ratio from");
	for (int i = 1; i <= 40; i++)
	{
		x[i - 1] = 100 + i;
		y[i - 1] = x[i - 1] + sin(i) * i + 1.3;
	}
	paired = br_paired(x, y, 40, 0.95);
	is_double(paired.w, 350, 0, "forty pairs: W");
	is_double(paired.p_value, 0.42797189528209856, 1e-12, "p, exact");
	is_double(br_paired(y, x, 40, 0.95).w, 820 - 350, 0, "swapped: the rest of the ranks");
	is_double(br_paired(y, x, 40, 0.95).p_value, 0.42797189528209856, 1e-12, "the same p");
	paired = br_paired(a, a, 8, 0.95);
	is_double(paired.p_value, 1, 0, "no differences");
	is_str(paired.note, "no pair differs", "noted");
	is_double(paired.ratio_hi, 1, 0, "and no change");
	is_str(br_paired(a, b, 1, 0.95).note, "pairs that differ: 1, for which the smallest possible p is 1", "one pair");
	is_str(br_paired(a, b, 0, 0.95).note, "there are no pairs", "none");
}

int
main(void)
{
	test_cases();
	test_larger();
	test_edges();
	test_magnitude();
	test_placements();
	test_shift();
	test_pairs();
	return done_testing();
}
