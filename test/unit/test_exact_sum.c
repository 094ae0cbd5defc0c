/*
 * test_exact_sum.c
 *		Sums without rounding: the nearest double, whatever the order.
 *
 * Expected sums are those of Python's fractions.
 */
#include "base/br.h"

#include <float.h>
#include <math.h>

#include "common/pg_prng.h"
#include "stats/exact_sum.h"
#include "tap.h"

typedef struct Case
{
	const char *what;
	double		values[10];
	int			n;
	double		sum;
} Case;

static const Case cases[] = {
	{"nothing", {0}, 0, 0},
	{"tenths", {.1, .1, .1, .1, .1, .1, .1, .1, .1, .1}, 10, 1},
	{"what cancels", {1e16, 1, -1e16}, 3, 1},
	{"what is negative", {-2.5, -1e16, 1e16}, 3, -2.5},
	{"a tie broken by little", {1, 1e-20, 9007199254740992}, 3, 9007199254740994},
	{"a tie broken upwards", {1, 0x1p-53, 0x1p-106}, 3, 0x1.0000000000001p+0},
	{"a tie broken downwards", {1, 0x1p-53, -0x1p-106}, 3, 1},
	{"a tie", {1, 0x1p-53}, 2, 1},
	{"a negative tie broken", {-1, -0x1p-53, -0x1p-1000}, 3, -0x1.0000000000001p+0},
	{"the smallest", {0x1p-1074, 0x1p-1074}, 2, 0x1p-1073},
	{"wide apart", {1e300, 1e-300, -1e300}, 3, 1e-300},
	{"larger than a double in between", {1e308, 1e308, -1e308}, 3, 1e308},
	{"the greatest", {DBL_MAX, 0x1p969}, 2, DBL_MAX},
	{"too large", {DBL_MAX, 0x1p970}, 2, INFINITY},
	{"too small", {-DBL_MAX, -DBL_MAX}, 2, -INFINITY},
};

static BrExactSum
sum_of(const double *values, int n)
{
	BrExactSum	sum = {0};

	for (int i = 0; i < n; i++)
		br_exact_add(&sum, values[i]);
	return sum;
}

static void
test_values(void)
{
	for (int i = 0; i < (int) lengthof(cases); i++)
	{
		BrExactSum	sum = sum_of(cases[i].values, cases[i].n);

		ok(br_exact_value(&sum) == cases[i].sum, "%s: %.17g", cases[i].what, br_exact_value(&sum));
	}
}

/* The parts that are taken are the same for equal sums, and add up to them. */
static void
test_parts(void)
{
	pg_prng_state random;
	double		values[1000];
	BrExactSum	sum;
	BrExactSum	again;
	BrExactSum	parts[2] = {{.pending = 0}, {.pending = 0}};
	double		part;
	int			taken = 0;
	bool		same = true;

	pg_prng_seed(&random, 42);
	for (int i = 0; i < (int) lengthof(values); i++)
		values[i] = ldexp(pg_prng_double(&random) - 0.5, (int) pg_prng_uint64_range(&random, 0, 2000) - 1000);
	sum = sum_of(values, lengthof(values));
	for (int i = lengthof(values) - 1; i >= 0; i--)
		br_exact_add(&parts[i % 3 == 0], values[i]);
	br_exact_merge(&parts[0], &parts[1]);
	again = (BrExactSum) {0};
	while ((part = br_exact_take(&sum)) != 0)
	{
		same &= br_exact_take(&parts[0]) == part;
		br_exact_add(&again, part);
		taken++;
	}
	ok(same && br_exact_take(&parts[0]) == 0, "backwards and in two parts: the same %d parts", taken);
	ok(taken > 10 && taken <= 40, "no more than what doubles can be apart");
	sum = sum_of(values, lengthof(values));
	ok(br_exact_value(&again) == br_exact_value(&sum), "they add up to the sum");
	sum = sum_of((double[]) {1e308, 1e308, -1, 1e-300}, 4);
	ok(br_exact_take(&sum) == DBL_MAX && br_exact_take(&sum) == 2 * (1e308 - DBL_MAX / 2) && br_exact_take(&sum) == -1 &&
	   br_exact_take(&sum) == 1e-300 && br_exact_take(&sum) == 0, "the nearest first, and no larger than a double");
}

/* More additions than a digit has room for without a carry would show in the sum. */
static void
test_carries(void)
{
	BrExactSum	sum = {0};

	br_exact_add(&sum, DBL_MAX);
	for (int i = 0; i < 63; i++)
	{
		BrExactSum	copy = sum;

		br_exact_merge(&sum, &copy);
	}
	ok(br_exact_value(&sum) == INFINITY, "2^63 times the greatest double");
	for (int i = 0; i < 63; i++)
	{
		BrExactSum	half = {0};

		/* -2^62 times, -2^61 times ... */
		br_exact_add(&half, -DBL_MAX);
		for (int j = i + 1; j < 63; j++)
		{
			BrExactSum	copy = half;

			br_exact_merge(&half, &copy);
		}
		br_exact_merge(&sum, &half);
	}
	ok(br_exact_value(&sum) == DBL_MAX, "less all but one of them");

	sum = (BrExactSum) {0};
	sum.pending = (1 << 30) - 2;	/* as if so many had been added */
	for (int i = 0; i < BR_EXACT_DIGITS - 1; i++)
		sum.digits[i] = (INT64CONST(1) << 62) - 1;
	br_exact_add(&sum, 1);
	br_exact_add(&sum, 1);
	is_int(sum.pending, 0, "carries are made in time");
	ok(sum.digits[0] >> 32 == 0 && sum.digits[40] >> 32 == 0, "of every digit");
}

int
main(void)
{
	test_values();
	test_parts();
	test_carries();
	return done_testing();
}
