/*
 * test_picture.c
 *		Text pictures: where marks stand. Histograms are numpy's (1.24.2), durations by hand.
 */
#include "base/br.h"

#include <float.h>
#include <math.h>

#include "stats/picture.h"
#include "tap.h"

static void
test_scale(void)
{
	double		lo;
	double		hi;
	int			wrong = 0;

	for (int i = 0; i < 800; i++)
		wrong += br_scale_part(i / 100.0, 0, 8, 8) != i / 100;
	is_int(wrong, 0, "parts of a scale are equally wide");
	is_int(br_scale_part(8, 0, 8, 8), 7, "its end is in the last part");
	is_int(br_scale_part(-INFINITY, 0, 8, 8), 0, "below it: the first");
	is_int(br_scale_part(1e300, 0, 8, 8), 7, "above it: the last");
	is_int(br_scale_part(NAN, 0, 8, 8), 7, "NaN is greater than everything");
	is_int(br_scale_part(3, 3, 3, 8), 3, "a scale of no width: the middle");
	is_int(br_scale_part(3, 3, 3, 9), 4, "... of an odd number of parts");
	is_int(br_scale_part(2, 3, 3, 8), 0, "... but for what is below");
	is_int(br_scale_part(4, 3, 3, 8), 7, "... or above");
	is_int(br_scale_part(0, -1.7e308, 1.7e308, 8), 4, "a scale wider than a double");
	is_int(br_scale_part(0, 0, 4.9e-324, 8), 0, "the narrowest one");

	ok(br_finite_range((const double[]) {NAN, 3, -INFINITY, 1, 2, INFINITY}, 6, &lo, &hi) && lo == 1 && hi == 3, "range of what is finite");
	ok(!br_finite_range((const double[]) {NAN, INFINITY}, 2, &lo, &hi), "... of nothing");
	ok(!br_finite_range(NULL, 0, &lo, &hi), "... of no values");
}

static void
test_sparkline(void)
{
	const double series[] = {1, 2, 3, 4, 5, 6, 7, 8, NAN, 1};

	is_str(br_sparkline(series, 10, 1, 8, false), ".:-=+*#@ .", "in ASCII");
	is_str(br_sparkline(series, 10, 1, 8, true),
		   "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588 \u2581", "in blocks");
	is_str(br_sparkline(series, 0, 1, 8, true), "", "nothing");
}

/* Edges and counts as text. */
static const char *
histogram_of(const double *sorted, int n, int bins, bool logarithmic)
{
	BrBins h = br_bins(sorted, n, bins, logarithmic);
	StringInfoData out;
	int64		most = 0;

	initStringInfo(&out);
	for (int i = 0; i < h.n; i++)
	{
		appendStringInfo(&out, "%.6g (%d) ", h.edges[i], (int) h.counts[i]);
		most = Max(most, h.counts[i]);
	}
	appendStringInfo(&out, "%.6g", h.edges[h.n]);
	if (most != h.most)
		appendStringInfo(&out, ", most %d", (int) h.most);
	return out.data;
}

static void
test_histogram(void)
{
	const double small[] = {1, 2, 2, 3, 3, 3, 4, 4, 5, 10};
	const double equal[] = {5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 7};
	const double decades[] = {1, 5, 11, 50, 99, 101, 500, 1000};
	const double wide[] = {-1.7e308, 0, 1, 2, 1.7e308};
	const double tight[] = {1, 1 + DBL_EPSILON, 1 + 2 * DBL_EPSILON};
	double	   *many = palloc(1000 * sizeof(double));
	BrBins h;
	int64		total = 0;

	is_str(histogram_of(small, 10, 0, false), "1 (3) 2.5 (3) 4 (3) 5.5 (0) 7 (0) 8.5 (1) 10", "as numpy with bins 'fd'");
	is_str(histogram_of(small, 10, 3, false), "1 (6) 4 (3) 7 (1) 10", "as numpy with 3 bins");
	is_str(histogram_of(equal, 16, 0, false), "5 (15) 5.4 (0) 5.8 (0) 6.2 (0) 6.6 (1) 7", "no spread in the middle: as numpy with bins 'sturges'");
	is_str(histogram_of(equal, 15, 0, false), "5 (15) 5", "all equal: one bin");
	is_str(histogram_of(equal, 15, 10, false), "5 (15) 5", "... whatever was asked for");
	is_str(histogram_of(decades, 8, 3, true), "1 (2) 10 (3) 100 (3) 1000", "logarithmic");
	is_str(histogram_of(wide, 5, 4, false), "-1.7e+308 (1) -8.5e+307 (0) 0 (3) 8.5e+307 (1) 1.7e+308", "wider than a double");
	h = br_bins(tight, 3, 10, false);
	for (int i = 0; i < h.n; i++)
		total += h.counts[i];
	is_int(total, 3, "narrower than its bins: no value is lost or counted twice");
	for (int i = 0; i < 1000; i++)
		many[i] = i;
	many[999] = 1e9;
	is_int(br_bins(many, 1000, 0, false).n, BR_BINS_AUTO, "no more bins than can be read");

	/* exp(sin(i)), i to 1000, sorted: numpy's counts */
	for (int i = 0; i < 1000; i++)
	{
		double		value = exp(sin(i + 1));
		int			place = i;

		for (; place > 0 && many[place - 1] > value; place--)
			many[place] = many[place - 1];
		many[place] = value;
	}
	is_str(histogram_of(many, 1000, 0, false),
		   "0.367883 (363) 0.66168 (121) 0.955476 (88) 1.24927 (69) 1.54307 (65) 1.83687 (65) 2.13066 (74) 2.42446 (155) 2.71826",
		   "a U of a thousand values, as numpy with bins 'fd'");
}

static void
test_bar(void)
{
	is_str(br_bar(5, 10, 4, true), "\u2588\u2588", "half of it");
	is_str(br_bar(5, 16, 4, true), "\u2588\u258E", "down to eighths of a character");
	is_str(br_bar(1, 1000000, 4, true), "\u258F", "one of a million can be seen");
	is_str(br_bar(0, 10, 4, true), "", "none cannot");
	is_str(br_bar(0, 0, 4, true), "", "none of none");
	is_str(br_bar(5, 10, 4, false), "##", "in ASCII");
	is_str(br_bar(1, 1000000, 4, false), "#", "one in ASCII");
	is_str(br_bar(INT64CONST(9000000000000000000), INT64CONST(9000000000000000000), 3, false), "###", "very many");
}

static void
test_boxplot(void)
{
	is_str(br_boxplot((const double[]) {0, 10, 20, 30, 40}, 5, 0, 40, 21), "|----[====|====]----|", "on its own scale");
	is_str(br_boxplot((const double[]) {0, 10, 20, 30, 40}, 5, -10, 50, 13), "  |-[=|=]-|  ", "on a wider one");
	is_str(br_boxplot((const double[]) {0, 10, 20, 30, 40}, 5, 5, 35, 11), "<[===|===]>", "cut off");
	is_str(br_boxplot((const double[]) {5}, 1, 0, 10, 11), "     |     ", "one value");
	is_str(br_boxplot((const double[]) {5, 5}, 2, 5, 5, 5), "  |  ", "a scale of no width");
	is_str(br_boxplot((const double[]) {-3, -2}, 2, 0, 10, 5), "<    ", "all below");
	is_str(br_boxplot((const double[]) {11, 12}, 2, 0, 10, 5), "    >", "all above");
	is_str(br_boxplot((const double[]) {1, 2, NAN}, 3, 0, 9, 10), " [|======>", "up to NaN");
}

static void
test_duration(void)
{
	static const struct
	{
		double		ms;
		const char *text;
	}			cases[] = {
		{0, "0 ms"}, {0.00123456, "1.235 us"}, {0.0123, "12.30 us"}, {0.99994, "999.9 us"}, {0.99996, "1.000 ms"},
		{1, "1.000 ms"}, {500.61, "500.6 ms"}, {999.94, "999.9 ms"}, {999.96, "1.000 s"}, {2087.1, "2.087 s"},
		{59994, "59.99 s"}, {59996, "1.000 min"}, {60000, "1.000 min"}, {90000, "1.500 min"}, {3599999, "60.00 min"},
		{1e9, "16667 min"}, {1e300, "1.667e+295 min"}, {1e-9, "1.000e-06 us"}, {5e-324, "4.941e-321 us"},
		{-12.3456, "-12.35 ms"}, {NAN, "NaN"}, {INFINITY, "Infinity"}, {-INFINITY, "-Infinity"}
	};

	for (int i = 0; i < (int) lengthof(cases); i++)
		is_str(br_format_duration(cases[i].ms, "us"), cases[i].text, "%g ms", cases[i].ms);
}

int
main(void)
{
	test_scale();
	test_sparkline();
	test_histogram();
	test_bar();
	test_boxplot();
	test_duration();
	return done_testing();
}
