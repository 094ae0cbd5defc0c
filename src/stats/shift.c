/*
 * shift.c
 *		Selection among the differences of two samples, which are never written down.
 *
 * The difference of a given rank is found by bisection of the doubles themselves.
 * How many differences are not above a double takes one walk along both samples:
 * the difference, rounded as it is, rises with b and falls with a.
 */
#include "base/br.h"

#include <math.h>

#include "stats/ranktest.h"
#include "stats/shift.h"

typedef struct Samples
{
	const double *a;
	const double *b;
	int64		na;
	int64		nb;
} Samples;

/* Doubles as integers in the same order, -0.0 just below 0. */
static int64
place_of(double value)
{
	int64		bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits >= 0 ? bits : PG_INT64_MIN - bits - 1;
}

static double
at_place(int64 place)
{
	int64		bits = place >= 0 ? place : PG_INT64_MIN - place - 1;
	double		value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static int64
count_up_to(const Samples *samples, double bound)
{
	int64		count = 0;
	int64		j = 0;

	for (int64 i = 0; i < samples->na; i++)
	{
		while (j < samples->nb && samples->b[j] - samples->a[i] <= bound)
			j++;
		count += j;
	}
	return count;
}

/* The difference of that rank, from 1. */
static double
difference(const Samples *samples, int64 rank)
{
	int64		low = place_of(samples->b[0] - samples->a[samples->na - 1]);
	int64		high = place_of(samples->b[samples->nb - 1] - samples->a[0]);

	while (low < high)
	{
		/* both are within the doubles, so their sum may overflow but half of each does not */
		int64		middle = (low >> 1) + (high >> 1) + (low & high & 1);

		BR_CHECK_INTERRUPTS();
		if (count_up_to(samples, at_place(middle)) >= rank)
			high = middle;
		else
			low = middle + 1;
	}
	return at_place(low) + 0.0; /* no -0.0 */
}

BrShift
br_hodges_lehmann(const double *a, int64 na, const double *b, int64 nb, double conf)
{
	Samples		samples = {a, b, na, nb};
	int64		pairs = na * nb;
	BrShift		result = {NAN, NAN, NAN, NAN, NULL};
	double		lower = difference(&samples, (pairs + 1) / 2);
	double		upper = pairs % 2 == 1 ? lower : difference(&samples, pairs / 2 + 1);
	int64		k = br_rank_interval(na, nb, conf, &result.actual);

	result.shift = 0.5 * lower + 0.5 * upper;
	if (k == 0)
	{
		result.note = psprintf("n=" INT64_FORMAT " and " INT64_FORMAT ": too few values for a finite interval", na, nb);
		return result;
	}
	result.lo = difference(&samples, k);
	result.hi = difference(&samples, pairs - k + 1);
	return result;
}
