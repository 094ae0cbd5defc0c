/*
 * test_sketch.c
 *		Sketches: the promised error on nasty inputs, and that order does not matter.
 *
 * What is promised is checked against the sorted values themselves.
 */
#include "base/br.h"

#include <float.h>
#include <math.h>

#include "common/pg_prng.h"
#include "stats/sketch.h"
#include "stats/sort.h"
#include "tap.h"

#define N 5000

static pg_prng_state random_state;

static double
uniform(double from, double to)
{
	return from + pg_prng_double(&random_state) * (to - from);
}

/* Inputs: fills N values. */
static void
log_normal(double *v)
{
	for (int i = 0; i < N; i++)
		v[i] = 12 * exp(0.5 * sqrt(-2 * log(1 - uniform(0, 1))) * cos(uniform(0, 2 * M_PI)));
}

static void
all_doubles(double *v)
{
	for (int i = 0; i < N; i++)
		v[i] = ldexp(uniform(1, 2), (int) uniform(-29, 1024));
}

static void
all_signs(double *v)
{
	for (int i = 0; i < N; i++)
		v[i] = (i % 2 == 0 ? 1 : -1) * ldexp(uniform(1, 2), (int) uniform(-1074, 1024));
}

static void
equal(double *v)
{
	for (int i = 0; i < N; i++)
		v[i] = 123.456;
}

static void
two_valued(double *v)
{
	for (int i = 0; i < N; i++)
		v[i] = i % 100 == 0 ? 1e6 : 3;
}

static void
integers(double *v)
{
	for (int i = 0; i < N; i++)
		v[i] = floor(uniform(1, 40));
}

static void
negative(double *v)
{
	for (int i = 0; i < N; i++)
		v[i] = -exp(uniform(-20, 20));
}

/* Ends of bins, and their neighbours, where rounding decides. */
static void
ends_of_bins(double *v)
{
	double		gamma = 1.01 / 0.99;

	for (int i = 0; i < N; i++)
		v[i] = nextafter(pow(gamma, i / 3 - 600), i % 3 - 1);
}

static void
zeros(double *v)
{
	for (int i = 0; i < N; i++)
		v[i] = i % 3 == 0 ? 0 : i % 3 == 1 ? 1e-10 : uniform(-1, 5);
}

static const struct
{
	const char *name;
	void		(*fill) (double *values);
	bool		one_sign;		/* and nothing near zero: the error is relative */
	double		min_alpha;
}			inputs[] = {
	{"lognormal", log_normal, true, 0.0001},
	{"all doubles", all_doubles, true, 0.003},
	{"all doubles, both signs", all_signs, false, 0.003},
	{"equal", equal, true, 0.0001},
	{"two-valued", two_valued, true, 0.0001},
	{"integers", integers, true, 0.0001},
	{"negative", negative, true, 0.0001},
	{"ends of bins", ends_of_bins, true, 0.001},
	{"zeros", zeros, false, 0.001},
};

static BrSketch
sketch_of(const double *values, int n, double alpha)
{
	BrSketch	sketch;

	br_sketch_init(&sketch, alpha);
	for (int i = 0; i < n; i++)
		if (!br_sketch_add(&sketch, values[i]))
			ok(false, "no room for %g", values[i]);
	return sketch;
}

static void
check_error(const char *name, const double *sorted, bool one_sign, double alpha)
{
	BrSketch	sketch = sketch_of(sorted, N, alpha);
	double		worst = 0;

	for (int i = 0; i <= 1000; i++)
	{
		double		place = i / 1000.0 * (N - 1);
		int			k = (int) place;
		double		low = sorted[k];
		double		high = sorted[Min(k + 1, N - 1)];
		double		exact = low + (place - k) * (high - low);
		double		bound = one_sign ? alpha * fabs(exact) : Max(alpha * Max(fabs(low), fabs(high)), BR_SKETCH_ZERO);
		double		error = fabs(br_sketch_percentile(&sketch, i / 1000.0) - exact);

		/* high - low may be infinite, in the exact one and in the sketch's */
		if (isfinite(exact) && error > bound)
			worst = Max(worst, error / bound);
	}
	ok(worst == 0, "%s, alpha %g: the error is at most what was promised, %.17g", name, alpha, worst);
	ok(br_sketch_min(&sketch) == sorted[0] && br_sketch_max(&sketch) == sorted[N - 1], "%s: exact extremes", name);
}

static void
test_error(void)
{
	static const double alphas[] = {0.0001, 0.001, 0.003, 0.01, 0.1, 0.5};
	double	   *values = palloc(N * sizeof(double));

	pg_prng_seed(&random_state, 42);
	for (int i = 0; i < (int) lengthof(inputs); i++)
	{
		inputs[i].fill(values);
		br_sort(values, N);
		for (int j = 0; j < (int) lengthof(alphas); j++)
			if (alphas[j] >= inputs[i].min_alpha)
				check_error(inputs[i].name, values, inputs[i].one_sign, alphas[j]);
	}
}

static StringInfoData
bytes_of(const BrSketch *sketch)
{
	StringInfoData bytes;

	initStringInfo(&bytes);
	br_sketch_write(sketch, &bytes);
	return bytes;
}

static bool
are_equal(const BrSketch *a, const BrSketch *b)
{
	StringInfoData x = bytes_of(a);
	StringInfoData y = bytes_of(b);

	return x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
}

/* Whatever the order, and wherever it is cut: the same, down to the last byte. */
static void
test_order(void)
{
	double	   *values = palloc(N * sizeof(double));

	pg_prng_seed(&random_state, 7);
	for (int i = 0; i < (int) lengthof(inputs); i++)
	{
		BrSketch	whole;
		BrSketch	sorted;
		BrSketch	read;
		BrSketch	parts[3];
		StringInfoData bytes;

		inputs[i].fill(values);
		values[17] = NAN;
		values[18] = INFINITY;
		values[3000] = -INFINITY;
		whole = sketch_of(values, N, 0.01);
		parts[0] = sketch_of(values, 10, 0.01);
		parts[1] = sketch_of(values + 10, 2000, 0.01);
		parts[2] = sketch_of(values + 2010, N - 2010, 0.01);
		ok(br_sketch_merge(&parts[2], &parts[0]) && br_sketch_merge(&parts[1], &parts[2]), "%s", inputs[i].name);
		br_sort(values, N);
		sorted = sketch_of(values, N, 0.01);
		ok(are_equal(&whole, &sorted), "%s: in another order the same", inputs[i].name);
		ok(are_equal(&whole, &parts[1]), "%s: of parts the same", inputs[i].name);
		bytes = bytes_of(&whole);
		is_str(br_sketch_read(&read, bytes.data, bytes.len), NULL, "%s: %d bytes", inputs[i].name, bytes.len);
		ok(are_equal(&whole, &read) && br_sketch_percentile(&read, 0.3) == br_sketch_percentile(&whole, 0.3),
		   "%s: which are read as the same", inputs[i].name);
	}
}

/* Multiplied by a power of two: nothing is rounded, and values move to other bins. */
static void
test_scale(void)
{
	double	   *values = palloc(N * sizeof(double));
	BrSketch	one;
	BrSketch	other;

	pg_prng_seed(&random_state, 3);
	log_normal(values);
	one = sketch_of(values, N, 0.01);
	for (int i = 0; i < N; i++)
		values[i] *= 1024;
	other = sketch_of(values, N, 0.01);
	ok(br_sketch_sum(&other) == 1024 * br_sketch_sum(&one), "the sum is scaled exactly");
	for (double p = 0; p <= 1; p += 0.125)
		ok(fabs(br_sketch_percentile(&other, p) / br_sketch_percentile(&one, p) / 1024 - 1) <= 0.0203,
		   "p%g is scaled, but for the errors of both", 100 * p);
}

static void
test_figures(void)
{
	static const double values[] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3};
	BrSketch	sketch = sketch_of(values, 10, 0.01);

	is_int(sketch.n, 10, "n");
	ok(br_sketch_sum(&sketch) == 39 && br_sketch_mean(&sketch) == 3.9, "sum and mean");
	ok(br_sketch_rank(&sketch, 0.9) == 0 && br_sketch_rank(&sketch, 1) == 0.2 && br_sketch_rank(&sketch, 3.5) == 0.5 &&
	   br_sketch_rank(&sketch, 5.2) == 0.8 && br_sketch_rank(&sketch, 9) == 1 && br_sketch_rank(&sketch, 1e9) == 1,
	   "shares of values");
	ok(br_sketch_rank(&sketch, -INFINITY) == 0 && br_sketch_rank(&sketch, INFINITY) == 1 &&
	   br_sketch_rank(&sketch, NAN) == 1, "and of none and all");
	ok(fabs(br_sketch_percentile(&sketch, 0.5) - 3.5) <= 0.035, "median");

	sketch = sketch_of((double[]) {NAN, 2, INFINITY, -INFINITY, 2}, 5, 0.01);
	ok(br_sketch_min(&sketch) == -INFINITY && isnan(br_sketch_max(&sketch)), "extremes with NaN");
	ok(isnan(br_sketch_sum(&sketch)) && !br_sketch_is_of_finite(&sketch), "sum with NaN");
	ok(br_sketch_percentile(&sketch, 0.5) == 2 && br_sketch_percentile(&sketch, 0.75) == INFINITY, "NaN comes last");
	ok(br_sketch_rank(&sketch, INFINITY) == 0.8 && br_sketch_rank(&sketch, -INFINITY) == 0.2 &&
	   br_sketch_rank(&sketch, 2) == 0.6, "shares with NaN");
	sketch = sketch_of((double[]) {NAN}, 1, 0.01);
	ok(isnan(br_sketch_min(&sketch)) && isnan(br_sketch_percentile(&sketch, 0.5)), "nothing but NaN");
	is_str(br_sketch_problem(&sketch), NULL, "is no problem");
	sketch = sketch_of((double[]) {1, -INFINITY}, 2, 0.01);
	ok(br_sketch_sum(&sketch) == -INFINITY && br_sketch_max(&sketch) == 1, "-Infinity");
	sketch = sketch_of((double[]) {1.5e308, 1.7e308, 1.6e308}, 3, 0.01);
	ok(isinf(br_sketch_sum(&sketch)) && fabs(br_sketch_mean(&sketch) / 1.6e308 - 1) < 1e-15,
	   "a mean whose sum is too large");
}

/* The limit is met, or not, whatever the order. */
static void
test_limit(void)
{
	double		alpha = 0.001;
	double		reach = exp(2 * atanh(alpha) * (BR_SKETCH_MAX_BINS - 2));
	BrSketch	up;
	BrSketch	down;
	BrSketch	other;

	br_sketch_init(&up, alpha);
	br_sketch_init(&down, alpha);
	ok(br_sketch_add(&up, 1e-8) && br_sketch_add(&up, 1e-8 * reach), "from the least to the greatest");
	ok(br_sketch_add(&down, 1e-8 * reach) && br_sketch_add(&down, 1) && br_sketch_add(&down, 1e-8), "and back");
	ok(!br_sketch_add(&up, 2e-8 * reach) && !br_sketch_add(&down, 0.5e-8), "no further");
	ok(up.room <= BR_SKETCH_MAX_BINS && down.room <= BR_SKETCH_MAX_BINS, "memory is bounded");
	other = sketch_of((double[]) {2e-8 * reach}, 1, alpha);
	ok(!br_sketch_merge(&down, &other), "nor by merging");
	other = sketch_of((double[]) {1}, 1, alpha);
	other.n = PG_INT64_MAX;
	other.counts[0] = 0;
	ok(!br_sketch_merge(&other, &other) || other.n > 0, "counts do not overflow");
	br_sketch_init(&other, alpha);
	ok(br_sketch_put(&other, 5, PG_INT64_MAX) && !br_sketch_put(&other, 5, 1), "neither here");
	br_sketch_init(&other, alpha);
	ok(!br_sketch_put_apart(&other, PG_INT64_MAX, 1, 0) && !br_sketch_put_apart(&other, -1, 1, 0), "nor there");
	ok(!br_sketch_alpha_is_valid(NAN) && !br_sketch_alpha_is_valid(0) && !br_sketch_alpha_is_valid(0.51) &&
	   br_sketch_alpha_is_valid(0.5), "what alpha can be");
}

/* Bytes of anybody: no crash, and whatever is taken is a sketch. */
static void
test_hostile(void)
{
	static const double values[] = {3, 1, 4, 1, 5, -9, 2, 6, 0, 3, NAN, INFINITY, 1e300};
	BrSketch	sketch = sketch_of(values, lengthof(values), 0.01);
	BrSketch	read;
	StringInfoData bytes = bytes_of(&sketch);
	int			refused = 0;
	int			taken = 0;

	for (int len = 0; len < bytes.len; len++)
		refused += br_sketch_read(&read, bytes.data, len) != NULL;
	is_int(refused, bytes.len, "every beginning is refused");
	appendStringInfoChar(&bytes, 0);
	ok(br_sketch_read(&read, bytes.data, bytes.len) != NULL, "and what is too long");
	bytes.len--;
	pg_prng_seed(&random_state, 9);
	for (int i = 0; i < 20000; i++)
	{
		char	   *copy = palloc(bytes.len);

		memcpy(copy, bytes.data, bytes.len);
		for (int j = pg_prng_uint64_range(&random_state, 0, 3); j >= 0; j--)
			copy[pg_prng_uint64_range(&random_state, 0, bytes.len - 1)] = (char) pg_prng_uint64_range(&random_state, 0, 255);
		if (br_sketch_read(&read, copy, bytes.len) == NULL)
		{
			double		p = uniform(0, 1);

			taken++;
			(void) br_sketch_percentile(&read, p);
			(void) br_sketch_rank(&read, uniform(-10, 10));
			(void) br_sketch_sum(&read);
			if (!br_sketch_merge(&read, &read) && read.alpha == 0.01)
				ok(read.n < 0 || read.n > PG_INT64_MAX / 2, "it can be doubled");
		}
		if (read.counts != NULL)
			pfree(read.counts);
		read.counts = NULL;
		pfree(copy);
	}
	diag("%d taken", taken);
	ok(taken > 100 && taken < 20000, "some are refused, some are not");
}

int
main(void)
{
	test_error();
	test_order();
	test_scale();
	test_figures();
	test_limit();
	test_hostile();
	return done_testing();
}
