/*
 * test_random.c
 *		Random numbers: the same as others have for the same seed, and distributed
 *		as they should be.
 */
#include "base/br.h"

#include <math.h>

#include "stats/random.h"
#include "stats/sort.h"
#include "stats/special.h"
#include "tap.h"

#define N 100000

/*
 * Outputs of the reference implementations (prng.di.unimi.it), as the tests of
 * Rust's crate rand_xoshiro have them, too; the last ones by an implementation in
 * Python's integers.
 */
static void
test_bits(void)
{
	static const uint64 xoshiro[] = {
		11520, 0, 1509978240, UINT64CONST(1215971899390074240), UINT64CONST(1216172134540287360),
		UINT64CONST(607988272756665600), UINT64CONST(16172922978634559625), UINT64CONST(8476171486693032832),
		UINT64CONST(10595114339597558777), UINT64CONST(2904607092377533576)
	};
	static const uint64 splitmix[] = {
		UINT64CONST(1985237415132408290), UINT64CONST(2979275885539914483), UINT64CONST(13511426838097143398),
		UINT64CONST(8488337342461049707)
	};
	static const uint64 of_42[] = {
		UINT64CONST(1546998764402558742), UINT64CONST(6990951692964543102), UINT64CONST(12544586762248559009),
		UINT64CONST(17057574109182124193)
	};
	BrRandom	random = {{1, 2, 3, 4}};

	for (size_t i = 0; i < lengthof(xoshiro); i++)
		ok(br_random_bits(&random) == xoshiro[i], "xoshiro256**, number %zu", i + 1);
	br_random_seed(&random, UINT64CONST(1477776061723855037));
	for (int i = 0; i < 4; i++)
		ok(random.state[i] == splitmix[i], "splitmix64, number %d", i + 1);
	br_random_seed(&random, 42);
	for (int i = 0; i < 4; i++)
		ok(br_random_bits(&random) == of_42[i], "seed 42, number %d", i + 1);
	br_random_seed(&random, 42);
	ok(br_random_uniform(&random) == 0.083862971059882274, "seed 42, uniform");
	ok(br_random_below(&random, 1000) == 378, "seed 42, below 1000");
}

/* The largest distance between the numbers' distribution function and the one they should have, times sqrt(N). */
static double
distance(double *numbers, double (*cdf) (double, double, double), double a, double b)
{
	double		worst = 0;

	br_sort(numbers, N);
	for (int i = 0; i < N; i++)
	{
		double		p = cdf(numbers[i], a, b);

		worst = Max(worst, Max(p - (double) i / N, (i + 1.0) / N - p));
	}
	return worst * sqrt(N);
}

static double
normal(double x, double a, double b)
{
	return br_normal_cdf(x);
}

static double
uniform(double x, double a, double b)
{
	return x;
}

/* Of two gamma variables the share of the first; a wrong shape shows. */
static void
test_distributions(void)
{
	static const double shapes[][2] = {{1, 1}, {1, 30}, {15, 16}, {3.5, 2}, {500000, 500001}};
	static double numbers[N];
	BrRandom	random;
	double		far;

	br_random_seed(&random, 1);
	for (int i = 0; i < N; i++)
		numbers[i] = br_random_uniform(&random);
	/* Kolmogorov: above 1.95 in one of 1000 cases */
	far = distance(numbers, uniform, 0, 0);
	ok(far < 1.95, "uniform: %.2f", far);
	for (int i = 0; i < N; i++)
		numbers[i] = br_random_normal(&random);
	far = distance(numbers, normal, 0, 0);
	ok(far < 1.95, "normal: %.2f", far);
	for (size_t k = 0; k < lengthof(shapes); k++)
	{
		double		a = shapes[k][0];
		double		b = shapes[k][1];

		for (int i = 0; i < N; i++)
			numbers[i] = br_random_beta(&random, a, b);
		far = distance(numbers, br_beta_cdf, a, b);
		ok(far < 1.95, "Beta(%g, %g): %.2f", a, b, far);
	}
}

int
main(void)
{
	test_bits();
	test_distributions();
	return done_testing();
}
