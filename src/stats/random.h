/*
 * random.h
 *		Random numbers that are the same on every platform for the same seed.
 *
 * The bits are those of xoshiro256** seeded by splitmix64 (D. Blackman, S. Vigna,
 * prng.di.unimi.it), and uniform numbers are made of them exactly. The other
 * distributions take logarithms and roots from the C library, whose last bit may
 * differ.
 */
#ifndef BR_RANDOM_H
#define BR_RANDOM_H

#include "base/br.h"

typedef struct BrRandom
{
	uint64		state[4];
} BrRandom;

/* Any seed is as good as any other. */
extern void br_random_seed(BrRandom *random, uint64 seed);

extern uint64 br_random_bits(BrRandom *random);

/* In (0, 1), never 0 or 1. */
extern double br_random_uniform(BrRandom *random);

/* From 0 to n - 1; n is less than 2^40 or so, or the bias would begin to show. */
extern int64 br_random_below(BrRandom *random, int64 n);

extern double br_random_normal(BrRandom *random);

/* Gamma(shape, 1) and Beta(a, b), for shapes of at least 1. */
extern double br_random_gamma(BrRandom *random, double shape);
extern double br_random_beta(BrRandom *random, double a, double b);

#endif							/* BR_RANDOM_H */
