/*
 * number.c
 *		Decimal text to int64 and double.
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
