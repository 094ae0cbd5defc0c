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

/*
 * Kolmogorov's distance of numbers that should be uniform, times sqrt(N), sorted
 * on the way: above 1.95 in one of 1000 cases.
 */
static void
is_uniform(double *numbers, const char *name)
{
	double		worst = 0;

	br_sort(numbers, N);
	for (int i = 0; i < N; i++)
		worst = Max(worst, Max(numbers[i] - (double) i / N, (i + 1.0) / N - numbers[i]));
	ok(worst * sqrt(N) < 1.95, "%s: %.2f", name, worst * sqrt(N));
}

/* A gamma variable with a wrong shape shows in the beta distribution of two of them. */
static void
test_distributions(void)
{
	static const double shapes[][2] = {{1, 1}, {1, 30}, {15, 16}, {3.5, 2}, {500000, 500001}};
	static double numbers[N];
	BrRandom	random;

	br_random_seed(&random, 1);
	for (int i = 0; i < N; i++)
		numbers[i] = br_random_uniform(&random);
	is_uniform(numbers, "uniform");
	for (int i = 0; i < N; i++)
		numbers[i] = br_normal_cdf(br_random_normal(&random));
	is_uniform(numbers, "normal");
	for (size_t k = 0; k < lengthof(shapes); k++)
	{
		double		a = shapes[k][0];
		double		b = shapes[k][1];

		for (int i = 0; i < N; i++)
			numbers[i] = br_beta_cdf(br_random_beta(&random, a, b), a, b);
		is_uniform(numbers, psprintf("Beta(%g, %g)", a, b));
	}
}

int
main(void)
{
	test_bits();
	test_distributions();
	return done_testing();
}
