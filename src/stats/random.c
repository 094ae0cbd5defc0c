/*
 * random.c
 *		Which random numbers a seed stands for.
 */
#include "base/br.h"

#include <math.h>

#include "stats/random.h"

static uint64
rotate_left(uint64 bits, int by)
{
	return (bits << by) | (bits >> (64 - by));
}

/* splitmix64: a counter, mixed, so that seeds that are alike have nothing in common. */
void
br_random_seed(BrRandom *random, uint64 seed)
{
	for (int i = 0; i < 4; i++)
	{
		uint64		bits;

		seed += UINT64CONST(0x9e3779b97f4a7c15);
		bits = seed;
		bits = (bits ^ (bits >> 30)) * UINT64CONST(0xbf58476d1ce4e5b9);
		bits = (bits ^ (bits >> 27)) * UINT64CONST(0x94d049bb133111eb);
		random->state[i] = bits ^ (bits >> 31);
	}
}

/* xoshiro256** */
uint64
br_random_bits(BrRandom *random)
{
	uint64	   *s = random->state;
	uint64		result = rotate_left(s[1] * 5, 7) * 9;
	uint64		shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rotate_left(s[3], 45);
	return result;
}

double
br_random_uniform(BrRandom *random)
{
	/* 52 bits, for with 53 the half would round up to 1 */
	return ((br_random_bits(random) >> 12) + 0.5) * (1.0 / (UINT64CONST(1) << 52));
}

int64
br_random_below(BrRandom *random, int64 n)
{
	return (int64) (br_random_uniform(random) * n);
}

/* Marsaglia's polar method; the second number is left, so that there is no state but the bits. */
double
br_random_normal(BrRandom *random)
{
	for (;;)
	{
		double		x = 2 * br_random_uniform(random) - 1;
		double		y = 2 * br_random_uniform(random) - 1;
		double		square = x * x + y * y;

		if (square < 1 && square > 0)
			return x * sqrt(-2 * log(square) / square);
	}
}

/* G. Marsaglia, W. W. Tsang: A Simple Method for Generating Gamma Variables, ACM TOMS 26, 2000. */
double
br_random_gamma(BrRandom *random, double shape)
{
	double		d = shape - 1.0 / 3;
	double		c = 1 / sqrt(9 * d);

	for (;;)
	{
		double		x = br_random_normal(random);
		double		v = 1 + c * x;

		if (v <= 0)
			continue;
		v = v * v * v;
		if (log(br_random_uniform(random)) < 0.5 * x * x + d * (1 - v + log(v)))
			return d * v;
	}
}

double
br_random_beta(BrRandom *random, double a, double b)
{
	double		first = br_random_gamma(random, a);

	return first / (first + br_random_gamma(random, b));
}
