/*
 * test_quantile.c
 *		Selection against sorting, and every definition of a percentile.
 */
#include "base/br.h"

#include <float.h>
#include <math.h>

#include "common/pg_prng.h"
#include "stats/quantile.h"
#include "stats/sort.h"
#include "tap.h"

static pg_prng_state prng;

typedef enum Pattern
{
	RANDOM, EQUAL, TWO_VALUED, ASCENDING, DESCENDING, ORGAN_PIPE, SAW_TOOTH, FEW, NAN_LADEN, INFINITE,
	PATTERNS
} Pattern;

static const char *const pattern_names[] = {
	"random", "equal", "two-valued", "ascending", "descending", "organ pipe", "saw tooth", "whole milliseconds",
	"NaN-laden", "infinities"
};

static double *
make(Pattern pattern, int64 n)
{
	double	   *values = palloc(Max(n, 1) * sizeof(double));

	for (int64 i = 0; i < n; i++)
	{
		double		random = pg_prng_double(&prng);

		switch (pattern)
		{
			case RANDOM:
				values[i] = exp(3 + random);
				break;
			case EQUAL:
				values[i] = 7;
				break;
			case TWO_VALUED:
				values[i] = random < 0.5 ? 1 : 1e15;
				break;
			case ASCENDING:
				values[i] = i;
				break;
			case DESCENDING:
				values[i] = n - i;
				break;
			case ORGAN_PIPE:
				values[i] = Min(i, n - i);
				break;
			case SAW_TOOTH:
				values[i] = i % 97;
				break;
			case FEW:
				values[i] = floor(random * 20);
				break;
			case NAN_LADEN:
				values[i] = random < 0.3 ? NAN : random;
				break;
			default:
				values[i] = random < 0.3 ? -INFINITY : random < 0.6 ? INFINITY : random;
				break;
		}
	}
	return values;
}

static bool
same(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

/* Percentiles by selection are those of the sorted values, in whatever order they are asked for. */
static void
test_selection(Pattern pattern, int64 n)
{
	static const double p[] = {0.99, 0.5, 0, 0.9, 0.95, 1, 0.5, 0.001, 0.999999};
	double		result[lengthof(p)];
	double	   *values = make(pattern, n);
	double	   *sorted = palloc(n * sizeof(double));
	bool		right = true;

	memcpy(sorted, values, n * sizeof(double));
	br_sort(sorted, n);
	for (int again = 0; again < 2; again++)
	{
		br_quantiles(values, n, p, lengthof(p), result);
		for (size_t i = 0; i < lengthof(p); i++)
			right = right && same(result[i], br_quantile(sorted, n, p[i]));
	}
	br_sort(values, n);
	for (int64 i = 0; i < n; i++)
		right = right && same(values[i], sorted[i]);
	ok(right && br_is_sorted(sorted, n), "%s, n=" INT64_FORMAT, pattern_names[pattern], n);
}

/* So many that looking through all of them for each would take a minute. */
static void
test_many(void)
{
	int			np = 200000;
	double	   *p = palloc(np * sizeof(double));
	double	   *result = palloc(np * sizeof(double));
	double	   *values = make(NAN_LADEN, 1000);
	double	   *sorted = palloc(1000 * sizeof(double));
	bool		right = true;

	memcpy(sorted, values, 1000 * sizeof(double));
	br_sort(sorted, 1000);
	for (int i = 0; i < np; i++)
		p[i] = (double) (np - 1 - i) / (np - 1);
	br_quantiles(values, 1000, p, np, result);
	for (int i = 0; i < np; i++)
		right = right && same(result[i], br_quantile(sorted, 1000, p[i]));
	ok(right, "200000 percentiles");
}

/* Every rank of many small samples. */
static void
test_small(void)
{
	bool		right = true;

	for (int i = 0; i < 3000; i++)
	{
		int64		n = 1 + pg_prng_uint64_range(&prng, 0, 30);
		double	   *values = make(i % (NAN_LADEN), n);
		double	   *sorted = palloc(n * sizeof(double));
		int64		k = pg_prng_uint64_range(&prng, 0, n - 1);

		memcpy(sorted, values, n * sizeof(double));
		br_sort(sorted, n);
		br_select(values, n, k);
		right = right && values[k] == sorted[k];
		for (int64 j = 0; j < n; j++)
			right = right && (j < k ? values[j] <= values[k] : values[j] >= values[k]);
	}
	ok(right, "every rank of small samples");
}

static void
test_nan(void)
{
	double		values[] = {2, NAN, 1, NAN};
	double		p[] = {0, 1.0 / 3, 0.5, 1};
	double		result[4];

	br_quantiles(values, 4, p, 4, result);
	is_double(result[0], 1, 0, "NaN is greater than all");
	is_double(result[1], 2, 0, "... so that the others come first");
	is_double(result[2], NAN, 0, "... what lies between a number and NaN is NaN");
	is_double(result[3], NAN, 0, "... and the greatest");
}

/*
 * The sample 3 1 4 1 5 9 2 6 5 3 by R 4.2.2, quantile(x, c(.5, .9, .95, .99), type = t);
 * numpy 1.24.2 has the same.
 */
static void
test_methods(void)
{
	static const double sorted[] = {1, 1, 2, 3, 3, 4, 5, 5, 6, 9};
	static const double p[] = {0.5, 0.9, 0.95, 0.99};
	static const double expected[][4] = {
		{3, 6, 9, 9},
		{3.5, 7.5, 9, 9},
		{3, 6, 9, 9},
		{3, 6, 7.5, 8.7},
		{3.5, 7.5, 9, 9},
		{3.5, 8.7, 9, 9},
		{3.5, 6.3, 7.65, 8.73},
		{3.5, 7.9, 9, 9},
		{3.5, 7.8, 9, 9},
		{4, 9, 9, 9},			/* the value at index floor(n * p), by hand */
	};

	for (int method = 1; method <= BR_QUANTILE_METHODS; method++)
		for (int i = 0; i < 4; i++)
			is_double(br_quantile_by(sorted, 10, p[i], method), expected[method - 1][i], 4 * DBL_EPSILON,
					  "method %s, p=%g", br_quantile_method_name(method), p[i]);
	for (int method = 1; method <= BR_QUANTILE_METHODS; method++)
	{
		ok(br_quantile_by(sorted, 10, 0, method) == 1 && br_quantile_by(sorted, 10, 1, method) == 9,
		   "method %s: the ends", br_quantile_method_name(method));
		ok(br_quantile_by(sorted + 5, 1, 0.3, method) == 4, "... and a sample of one");
	}
}

static void
test_method_names(void)
{
	BrQuantileMethod method;

	for (int i = 1; i <= BR_QUANTILE_METHODS; i++)
		ok(br_quantile_method(br_quantile_method_name(i), &method) && (int) method == i, "the name of method %d", i);
	ok(br_quantile_method("nearest_rank", &method) && method == BR_QUANTILE_1, "nearest_rank is type 1");
	ok(!br_quantile_method("", &method) && !br_quantile_method("10", &method), "no method");
}

int
main(void)
{
	static const int64 sizes[] = {1, 2, 3, 601, 5000, 200000};

	pg_prng_seed(&prng, 20251130);
	for (int pattern = 0; pattern < PATTERNS; pattern++)
		for (size_t i = 0; i < lengthof(sizes); i++)
			test_selection(pattern, sizes[i]);
	test_many();
	test_small();
	test_nan();
	test_methods();
	test_method_names();
	return done_testing();
}
