/*
 * exact_sum.c
 *		A number wide enough for every double, and for carries to be made rarely.
 *
 * The idea is that of a superaccumulator with overlapping digits (R. M. Neal,
 * Fast exact summation using small and large superaccumulators, 2015): a double
 * touches three digits of 64 bits, 32 of which are left for the carries of as
 * many additions.
 */
#include "base/br.h"

#include <float.h>
#include <math.h>

#include "port/pg_bitutils.h"
#include "stats/exact_sum.h"

#define DIGIT_BITS		32
#define DIGIT_MASK		INT64CONST(0xffffffff)
#define UNIT_EXPONENT	(-1074 - 2 * DIGIT_BITS)
#define MAX_PENDING		(1 << 30)

#define MANTISSA_BITS	52
#define EXPONENT_MASK	0x7ff

/* Every digit but the last to 0 .. 2^32 - 1; the last has the sign of the sum. */
static void
make_carries(BrExactSum *sum)
{
	int64		carry = 0;

	for (int i = 0; i < BR_EXACT_DIGITS - 1; i++)
	{
		int64		digit = sum->digits[i] + carry;

		/* an arithmetic shift, as PostgreSQL expects of all compilers */
		carry = digit >> DIGIT_BITS;
		sum->digits[i] = digit & DIGIT_MASK;
	}
	sum->digits[BR_EXACT_DIGITS - 1] += carry;
	sum->pending = 0;
}

void
br_exact_add(BrExactSum *sum, double x)
{
	uint64		bits;
	uint64		mantissa;
	int			exponent;
	int			shift;
	int64		sign;
	int64	   *digit;

	memcpy(&bits, &x, sizeof(bits));
	mantissa = bits & ((UINT64CONST(1) << MANTISSA_BITS) - 1);
	exponent = (bits >> MANTISSA_BITS) & EXPONENT_MASK;
	if (exponent > 0)
	{
		mantissa |= UINT64CONST(1) << MANTISSA_BITS;
		exponent--;				/* the subnormal ones have that of the next */
	}
	digit = &sum->digits[2 + exponent / DIGIT_BITS];
	shift = exponent % DIGIT_BITS;
	sign = (bits >> 63) ? -1 : 1;

	digit[0] += sign * (int64) ((mantissa << shift) & DIGIT_MASK);
	digit[1] += sign * (int64) ((mantissa >> (DIGIT_BITS - shift)) & DIGIT_MASK);
	digit[2] += sign * (int64) ((mantissa >> DIGIT_BITS) >> (DIGIT_BITS - shift));
	if (++sum->pending >= MAX_PENDING)
		make_carries(sum);
}

void
br_exact_merge(BrExactSum *sum, const BrExactSum *other)
{
	make_carries(sum);
	for (int i = 0; i < BR_EXACT_DIGITS; i++)
		sum->digits[i] += other->digits[i];
	make_carries(sum);
}

/* The leading 53 bits of a positive sum whose carries are made; 0 of 0. */
static double
leading(const BrExactSum *sum)
{
	int			top = BR_EXACT_DIGITS - 1;
	uint64		bits;
	int			shift;
	double		value;

	while (top > 1 && sum->digits[top] == 0)
		top--;
	if (top <= 1)
		return 0;
	bits = (uint64) sum->digits[top] << DIGIT_BITS | (uint64) sum->digits[top - 1];
	shift = 63 - pg_leftmost_one_pos64(bits);
	bits = bits << shift | (uint64) sum->digits[top - 2] >> (DIGIT_BITS - shift);
	bits &= ~((UINT64CONST(1) << (63 - MANTISSA_BITS)) - 1);
	value = ldexp((double) bits, UNIT_EXPONENT + DIGIT_BITS * (top - 1) - shift);
	return Min(value, DBL_MAX);
}

/* Takes the leading bits, towards zero. */
static double
take_leading(BrExactSum *sum)
{
	bool		negative;
	double		value;

	make_carries(sum);
	negative = sum->digits[BR_EXACT_DIGITS - 1] < 0;
	if (negative)
	{
		BrExactSum	positive = {0};

		for (int i = 0; i < BR_EXACT_DIGITS; i++)
			positive.digits[i] = -sum->digits[i];
		make_carries(&positive);
		value = -leading(&positive);
	}
	else
		value = leading(sum);
	br_exact_add(sum, -value);
	return value;
}

double
br_exact_value(const BrExactSum *sum)
{
	BrExactSum	rest = *sum;
	double		first = take_leading(&rest);
	double		second = take_leading(&rest);

	/*
	 * Adding the two rounds as the whole would be rounded, but where the second
	 * is just half a unit of the first, and more follows. Its last bit may stand
	 * for that.
	 */
	if (take_leading(&rest) != 0)
	{
		uint64		bits;

		memcpy(&bits, &second, sizeof(bits));
		bits |= 1;
		memcpy(&second, &bits, sizeof(bits));
	}
	return first + second;
}

double
br_exact_take(BrExactSum *sum)
{
	double		value = Max(-DBL_MAX, Min(DBL_MAX, br_exact_value(sum)));

	br_exact_add(sum, -value);
	return value;
}
