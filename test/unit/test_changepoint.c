/*
 * test_changepoint.c
 *		Change points: against Otava, against the definition, and on noise.
 */
#include "base/br.h"

#include <math.h>

#include "common/pg_prng.h"
#include "stats/changepoint.h"
#include "tap.h"

#define LENGTH(array) ((int) lengthof(array))

static const BrChangeRules defaults = {.max_pvalue = 0.001, .window = 50};
static pg_prng_state rng;

/*
 * From the tests of Apache Otava (commit 1ceb153): change_point_divisive_test.py,
 * analysis_test.py and, with measurements of TigerBeetle that Nyrkiö uses for
 * demonstration, tigerbeetle_test.py.
 */
static const double two_steps[] = {
	0.3, 2.4, 1.5, -0.9, -0.5, 99.7, 98.3, 99.1, 149.0, 149.7, 149.5, 149.1, 148.8, 150.0
};
static const double one_step[] = {
	1.02, 0.95, 0.99, 1.00, 1.12, 1.00, 1.01, 0.98, 1.01, 0.96,
	0.50, 0.51, 0.48, 0.48, 0.55, 0.50, 0.49, 0.51, 0.50, 0.49
};
static const double tigerbeetle[] = {
	26705, 26475, 26641, 26806, 26835, 26911, 26564, 26812, 26874, 26682, 15672, 26745, 26460, 26977, 26851, 23412,
	23547, 23674, 23519, 23670, 23662, 23462, 23750, 23717, 23524, 23588, 23687, 23793, 23937, 23715, 23570, 23730,
	23690, 23699, 23670, 23860, 23988, 23652, 23681, 23798, 23728, 23604, 23523, 23412, 23685, 23773, 23771, 23718,
	23409, 23739, 23674, 23597, 23682, 23680, 23711, 23660, 23990, 23938, 23742, 23703, 23536, 24363, 24414, 24483,
	24509, 24944, 24235, 24560, 24236, 24667, 24730, 28346, 28437, 28436, 28057, 28217, 28456, 28427, 28398, 28250,
	28331, 28222, 28726, 28578, 28345, 28274, 28514, 28590, 28449, 28305, 28411, 28788, 28404, 28821, 28580, 27483,
	26805, 27487, 27124, 26898, 27295, 26951, 27312, 27660, 27154, 27050, 26989, 27193, 27503, 27326, 27375, 27513,
	27057, 27421, 27574, 27609, 27123, 27824, 27644, 27394, 27836, 27949, 27702, 27457, 27272, 28207, 27802, 27516,
	27586, 28005, 27768, 28543, 28237, 27915, 28437, 28342, 27733, 28296, 28524, 28687, 28258, 28611, 29360, 28590,
	29641, 28965, 29474, 29256, 28611, 28205, 28539, 27962, 28398, 28509, 28240, 28592, 28102, 28461, 28578, 28669,
	28507, 28535, 28226, 28536, 28561, 28087, 27953, 28398, 28007, 28518, 28337, 28242, 28607, 28545, 28514, 28377,
	28010, 28412, 28633, 28576, 28195, 28637, 28724, 28466, 28287, 28719, 28425, 28860, 28842, 28604, 28327, 28216,
	28946, 28918, 29287, 28725, 29148, 29541, 29137, 29628, 29087, 28612, 29154, 29108, 28884, 29234, 28695, 28969,
	28809, 28695, 28634, 28916, 29852, 29389, 29757, 29531, 29363, 29251, 29552, 29561, 29046, 29795, 29022, 29395,
	28921, 29739, 29257, 29455, 29376, 29528, 28909, 29492, 28984, 29621, 29026, 29457, 29102, 29114, 28924, 29162,
	29259, 29554, 29616, 29211, 29367, 29460, 28836, 29645, 29586, 28848, 29324, 28969, 29150, 29243, 29081, 29312,
	28923, 29272, 29117, 29072, 29529, 29737, 29652, 29612, 29856, 29012, 30402, 29969, 29309, 29439, 29285, 29421,
	29023, 28772, 29692, 29416, 29267, 29542, 29904, 30045, 29739, 29945, 29141, 29163, 29765, 29197, 29441, 28910,
	29504, 29614, 29643, 29506, 29420, 29672, 29432, 29784, 29888, 29309, 29247, 29816, 29254, 29813, 29451, 29382,
	29618, 28558, 29845, 29499, 29283, 29184, 29246, 28790, 29952, 29145, 29415, 30437, 29227, 29605, 29859, 29156,
	29807, 29406, 29734, 29861, 29140, 29983, 29832, 29919, 29896, 29991, 29266, 29001, 29459, 29548, 29310, 29042,
	29303, 29894, 29091, 29018, 29537, 29614, 29180, 29736, 29500, 29218, 29581, 28906, 28542, 29306, 28987, 29878,
	28865, 30272, 29707, 29662, 29815, 30492, 29347, 30096, 29054, 30238, 28813, 31895, 28915
};

/* Standard normal, by Box and Muller; PostgreSQL 15 has none. */
static double
noise(void)
{
	double		u = 1 - pg_prng_double(&rng);

	return sqrt(-2 * log(u)) * cos(2 * M_PI * pg_prng_double(&rng));
}

/* The indexes of the changes, as in "5, 8". */
static char *
found_in(const double *points, int64 n, BrChangeRules rules)
{
	StringInfoData text;
	int64		found;
	BrChange   *changes = br_change_points(points, n, &rules, &found);

	initStringInfo(&text);
	for (int64 i = 0; i < found; i++)
		appendStringInfo(&text, "%s" INT64_FORMAT, i == 0 ? "" : ", ", changes[i].index);
	return text.data;
}

static bool
near(double a, double b)
{
	return fabs(a - b) <= 1e-9 * fabs(b);
}

/* Indexes that Otava's own tests expect. */
static void
test_otava(void)
{
	static const struct
	{
		double		max_pvalue;
		double		min_magnitude;
		const char *expected;
	}			cases[] = {
		{0.01, 0.05, "15, 71"},
		{0.05, 0.05, "15, 71"},
		{0.1, 0.05, "10, 11, 15, 71, 363"},
		{0.2, 0.05, "10, 11, 15, 71"},
		{0.2, 0, "3, 6, 7, 10, 11, 13, 15, 16, 28, 29, 35, 37, 39, 41, 44, 48, 49, 56, 58, 61, 65, 66, 69, 71, 74, 76, "
			"82, 95, 108, 117, 125, 126, 129, 131, 136, 137, 142, 148, 165, 169, 187, 190, 192, 197, 200, 212, 220, 241, "
			"243, 246, 247, 249, 250, 260, 265, 266, 268, 278, 282, 288, 305, 306, 325, 330, 337, 338, 340, 347, 349, 363"},
		{0.1, 0, "3, 6, 10, 11, 15, 16, 28, 29, 35, 37, 39, 41, 44, 48, 49, 61, 71, 95, 117, 131, 142, 148, 165, 169, "
			"192, 206, 212, 260, 265, 268, 278, 282, 288, 305, 363"},
		{0.01, 0, "15, 26, 61, 71, 95, 117, 131, 142, 148, 165, 169, 192, 212, 260"},
		{0.001, 0, "15, 61, 71, 95, 117, 131, 142, 148, 192, 212, 260"},
		{0.0001, 0, "71, 95, 117, 131, 142, 148, 192, 212"},
		{0.00001, 0, "71, 95, 131, 192, 212"}
	};

	for (int i = 0; i < LENGTH(cases); i++)
	{
		BrChangeRules rules = {cases[i].max_pvalue, cases[i].min_magnitude, 30, true};

		is_str(found_in(tigerbeetle, LENGTH(tigerbeetle), rules), cases[i].expected,
			   "as Otava: max_pvalue %g, min_magnitude %g", rules.max_pvalue, rules.min_magnitude);
	}
	is_str(found_in(one_step, LENGTH(one_step), (BrChangeRules) {0.0001, 0, 10, true}), "10", "as Otava: one step");
	is_str(found_in(two_steps, LENGTH(two_steps), (BrChangeRules) {0.01, 0, 50, true}), "5, 8", "as Otava: two steps");
}

/* What Otava reports of them, and, without compat, the larger p-value of scipy's ttest_ind with and without equal_var. */
static void
test_figures(void)
{
	static const struct
	{
		bool		compat;
		double		p_value[2];
	}			cases[] = {
		{true, {1.5842520452384315e-11, 1.4165684937109648e-13}},
		{false, {3.2783550200990086e-11, 2.3160070550387715e-06}}
	};
	static const double qhat[] = {761.2821428571428, 198.26666666666662};
	static const double means[] = {0.56, 99.0333333333333333, 149.35};

	for (int i = 0; i < LENGTH(cases); i++)
	{
		int64		found;
		BrChange   *changes;
		BrChangeRules rules = defaults;

		rules.compat = cases[i].compat;
		changes = br_change_points(two_steps, LENGTH(two_steps), &rules, &found);
		is_int(found, 2, "two changes");
		for (int j = 0; j < found; j++)
		{
			ok(near(changes[j].p_value, cases[i].p_value[j]), "p-value %d, compat %d: %g", j, rules.compat,
			   changes[j].p_value);
			ok(near(changes[j].qhat, qhat[j]), "divergence %d: %g", j, changes[j].qhat);
			ok(near(changes[j].before_mean, means[j]) && near(changes[j].after_mean, means[j + 1]), "means %d", j);
		}
	}
	is_str(found_in(tigerbeetle, LENGTH(tigerbeetle), defaults), "71, 95, 117, 131, 192, 212",
		   "the default is stricter: an outlier in a level of 15 hides its end");
}

/* The divergence by its definition, pair by pair. */
static double
slow_divergence(const double *a, int m, const double *b, int r)
{
	double		across = 0;
	double		inside_a = 0;
	double		inside_b = 0;

	for (int i = 0; i < m; i++)
		for (int j = 0; j < r; j++)
			across += fabs(a[i] - b[j]);
	for (int i = 0; i < m; i++)
		for (int k = i + 1; k < m; k++)
			inside_a += fabs(a[i] - a[k]);
	for (int j = 0; j < r; j++)
		for (int k = j + 1; k < r; k++)
			inside_b += fabs(b[j] - b[k]);
	return (double) m * r / (m + r) *
		(2 * across / (m * r) - inside_a / (m * (m - 1) / 2) - inside_b / (r * (r - 1) / 2));
}

/* With the least strict of tests a short series has one change at most: where the divergence is largest. */
static void
test_definition(void)
{
	for (int trial = 0; trial < 200; trial++)
	{
		double		points[5];
		double		most = 0;
		int			best = 0;
		int64		found;
		BrChange   *changes;
		BrChangeRules rules = {1, 0, 50, false};

		for (int i = 0; i < 5; i++)
			points[i] = noise();
		for (int m = 2; m <= 3; m++)
			for (int r = 2; m + r <= 5; r++)
				if (slow_divergence(points, m, points + m, r) > most)
				{
					most = slow_divergence(points, m, points + m, r);
					best = m;
				}
		changes = br_change_points(points, 5, &rules, &found);
		if (best == 0 ? found != 0 : found != 1 || changes[0].index != best || !near(changes[0].qhat, most))
		{
			ok(false, "trial %d: %d changes, expected one at %d", trial, (int) found, best);
			return;
		}
	}
	ok(true, "the split is where the definition is largest");
}

/* Normal noise of standard deviation 1 around each level. */
static double *
series_of(int n, int nlevels, const double *levels)
{
	double	   *points = palloc(n * nlevels * sizeof(double));

	for (int i = 0; i < n * nlevels; i++)
		points[i] = levels[i / n] + noise();
	return points;
}

static void
test_shapes(void)
{
	static const double up_down[] = {100, 110, 105};
	static const double flat[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
	static const double four[] = {1, 1, 2, 2};
	double	   *points = series_of(60, 3, up_down);
	double		shape[60];

	is_str(found_in(points, 180, defaults), "60, 120", "two steps, each seen by several windows");
	is_str(found_in(points, 180, (BrChangeRules) {0.001, 0.06, 50, false}), "60", "one of them is large enough");
	is_str(found_in(points, 180, (BrChangeRules) {0, 0, 50, false}), "", "nothing is more significant than 0");
	is_str(found_in(points, 180, (BrChangeRules) {0.001, 0, 1000000000, false}), "60, 120", "a window for all");
	is_str(found_in(flat, LENGTH(flat), defaults), "", "a constant has none");
	is_str(found_in(four, 4, defaults), "2", "four points can have one");
	is_str(found_in(four, 3, defaults), "", "three cannot");
	is_str(found_in(four, 0, defaults), "", "nor can none");

	for (int i = 0; i < 60; i++)
		shape[i] = i == 30 ? 200 : 100 + sin(i * i);
	is_str(found_in(shape, 60, defaults), "", "an outlier is no level");
	shape[31] = shape[32] = 200.5;
	is_str(found_in(shape, 60, (BrChangeRules) {0.001, 0, 16, false}), "30, 33", "three of them are, in a short window");
	is_str(found_in(shape, 60, defaults), "", "and are lost in a long one, as in Otava");
	for (int i = 0; i < 60; i++)
		shape[i] = 100 + i + sin(i * i);
	ok(strlen(found_in(shape, 60, defaults)) > 0, "a drift is cut into steps: %s", found_in(shape, 60, defaults));
	for (int i = 0; i < 60; i++)
		shape[i] = i < 30 ? -5 + sin(i * i) / 2 : 5 + sin(i * i) / 2;
	is_str(found_in(shape, 60, defaults), "30", "through zero");
}

/* Of points times factor plus shift, in reverse if asked for. */
static char *
transformed(const double *points, int n, double factor, double shift, bool reverse)
{
	double	   *copy = palloc(n * sizeof(double));

	for (int i = 0; i < n; i++)
		copy[i] = points[reverse ? n - 1 - i : i] * factor + shift;
	return found_in(copy, n, defaults);
}

static void
test_transformations(void)
{
	static const double levels[] = {100, 120, 90, 95};
	double	   *points = series_of(12, 4, levels);

	is_str(found_in(points, 48, defaults), "12, 24, 36", "four levels");
	is_str(transformed(points, 48, 1024, 0, false), "12, 24, 36", "in other units");
	is_str(transformed(points, 48, 0.001, 0, false), "12, 24, 36", "in others");
	is_str(transformed(points, 48, 1e306, 0, false), "12, 24, 36", "near the end of the range");
	is_str(transformed(points, 48, 1e-290, 0, false), "12, 24, 36", "near the other end");
	is_str(transformed(points, 48, -1, 0, false), "12, 24, 36", "upside down");
	is_str(transformed(points, 48, 1, 1000, false), "12, 24, 36", "shifted");
	is_str(transformed(points, 48, 1, 0, true), "12, 24, 36", "backwards: indexes are mirrored");
}

/* The share of series of noise in which a change is found. */
static double
false_alarms(int n, bool whole_numbers, int trials)
{
	int			alarms = 0;
	double	   *points = palloc(n * sizeof(double));

	for (int trial = 0; trial < trials; trial++)
	{
		int64		found;

		for (int i = 0; i < n; i++)
		{
			points[i] = 100 + noise();
			if (whole_numbers)
				points[i] = rint(points[i]);
		}
		br_change_points(points, n, &defaults, &found);
		alarms += found > 0;
	}
	return (double) alarms / trials;
}

static void
test_noise(void)
{
	static const struct
	{
		int			n;
		bool		whole_numbers;
		double		most;
	}			cases[] = {
		{30, false, 0.015}, {100, false, 0.03}, {30, true, 0.02}, {100, true, 0.03}
	};

	for (int i = 0; i < LENGTH(cases); i++)
	{
		double		share = false_alarms(cases[i].n, cases[i].whole_numbers, 2000);

		ok(share <= cases[i].most, "false alarms in %d points of noise%s: %.4f", cases[i].n,
		   cases[i].whole_numbers ? " in whole numbers" : "", share);
	}
}

int
main(void)
{
	pg_prng_seed(&rng, 1);
	test_otava();
	test_figures();
	test_definition();
	test_shapes();
	test_transformations();
	test_noise();
	return done_testing();
}
