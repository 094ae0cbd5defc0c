/*
 * number.c
 *		Decimal text to int64 and double, and the numbers that the service takes.
 */
#include "base/br.h"

#include <math.h>

#include "dynamodb/number.h"

/* Powers of ten that a double holds exactly. */
static const double exact_powers[] = {
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
};

#define MAX_EXACT_POWER		22
#define MAX_EXACT_INTEGER	(UINT64CONST(1) << 53)

/* DynamoDB's limits. */
#define MAX_DIGITS		38
#define MIN_EXPONENT	(-130)
#define MAX_EXPONENT	125

/* Far beyond them, and far from overflow. */
#define HUGE_EXPONENT	100000

bool
br_number_to_int64(const char *text, size_t len, int64 *result)
{
	const char *p = text;
	const char *end = text + len;
	bool		negative = len > 0 && *p == '-';
	int64		value = 0;

	if (negative)
		p++;
	/* 18 digits cannot overflow */
	if (p == end || end - p > 18)
		return false;
	for (; p < end; p++)
	{
		if (*p < '0' || *p > '9')
			return false;
		value = value * 10 + (*p - '0');
	}
	*result = negative ? -value : value;
	return true;
}

/*
 * Clinger's fast path: an integer below 2^53 divided by a power of ten that is
 * exact is rounded once, hence right.  Takes digits with at most one point.
 */
static bool
fast_double(const char *text, size_t len, double *result)
{
	const char *p = text;
	const char *end = text + len;
	bool		negative = len > 0 && *p == '-';
	uint64		digits = 0;
	int			fraction = -1;	/* digits behind the point, -1: no point yet */

	if (negative)
		p++;
	if (p == end || end - p > 19)
		return false;
	for (; p < end; p++)
	{
		if (*p == '.' && fraction < 0)
			fraction = 0;
		else if (*p >= '0' && *p <= '9')
		{
			digits = digits * 10 + (*p - '0');
			if (fraction >= 0)
				fraction++;
		}
		else
			return false;
	}
	if (digits > MAX_EXACT_INTEGER || fraction == 0 || fraction > MAX_EXACT_POWER)
		return false;
	*result = (double) digits;
	if (fraction > 0)
		*result /= exact_powers[fraction];
	if (negative)
		*result = -*result;
	return true;
}

bool
br_number_to_double(const char *text, size_t len, double *result)
{
	char		copy[256];
	char	   *end;

	if (fast_double(text, len, result))
		return true;
	/* the longest plain spelling has 167 places behind the point */
	if (len == 0 || len >= sizeof(copy) || strspn(text, "+-.0123456789eE") < len)
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	*result = strtod(copy, &end);
	return *end == '\0' && isfinite(*result);
}

/* Digits behind an optional sign; what is huge is cut down to what is still too large. */
static int
read_exponent(const char *p, const char *end)
{
	bool		negative = p < end && *p == '-';
	int			value = 0;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	for (; p < end && *p >= '0' && *p <= '9'; p++)
		value = Min(value * 10 + (*p - '0'), HUGE_EXPONENT);
	return negative ? -value : value;
}

/* Pairs of digits that are not all 0, of a number d.ddd times ten to the exponent. */
static int
count_pairs(int exponent, int digits)
{
	int			last = exponent - digits + 1;

	/* all are shifted alike, so that the divisions are of positive numbers */
	return (exponent + 4 * HUGE_EXPONENT) / 2 - (last + 4 * HUGE_EXPONENT) / 2 + 1;
}

bool
br_number_is_sendable(const char *text, size_t len, int *bytes)
{
	int			seen = 0;		/* digits, from the first that is not 0 */
	int			zeros = 0;		/* at the end of them */
	int			whole = 0;		/* of them, before the point */
	int			behind = 0;		/* zeros behind the point before the first */
	bool		any = false;	/* any digits at all? */
	bool		point = false;
	int			exponent = 0;
	size_t		i;

	for (i = 0; i < len && text[i] != 'e' && text[i] != 'E'; i++)
	{
		char		c = text[i];

		if ((c == '-' || c == '+') && i == 0)
			continue;
		if (c == '.')
		{
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			return false;		/* NaN, infinity */
		any = true;
		if (c == '0' && seen == 0)
		{
			behind += point;
			continue;
		}
		seen++;
		whole += !point;
		zeros = c == '0' ? zeros + 1 : 0;
	}
	if (i < len)
		exponent = read_exponent(text + i + 1, text + len);
	exponent += whole > 0 ? whole - 1 : -1 - behind;
	seen -= zeros;
	if (bytes != NULL)
		*bytes = seen == 0 ? 1 : 1 + (*text == '-') + count_pairs(exponent, seen);
	return any && seen <= MAX_DIGITS &&
		(seen == 0 || (exponent >= MIN_EXPONENT && exponent <= MAX_EXPONENT));
}
