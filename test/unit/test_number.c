/*
 * test_number.c
 *		Decimal text to int64 and double, against the C library; which numbers can be
 *		sent.
 */
#include "base/br.h"

#include <math.h>

#include "common/pg_prng.h"
#include "dynamodb/number.h"
#include "tap.h"

static void
test_integers(void)
{
	static const struct
	{
		const char *text;
		bool		ok;
		int64		value;
	}			cases[] =
	{
		{"0", true, 0}, {"-0", true, 0}, {"42", true, 42}, {"-42", true, -42},
		{"007", true, 7}, {"999999999999999999", true, INT64CONST(999999999999999999)},
		{"1234567890123456789", false, 0}, {"", false, 0}, {"-", false, 0},
		{"1.0", false, 0}, {"1e3", false, 0}, {"+1", false, 0}, {" 1", false, 0}
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		int64		value = 0;
		bool		read = br_number_to_int64(cases[i].text, strlen(cases[i].text), &value);

		ok(read == cases[i].ok && (!read || value == cases[i].value),
		   "\"%s\" as an integer", cases[i].text);
	}
}

static bool
same_double(const char *text)
{
	double		got;
	double		expected = strtod(text, NULL);

	if (!br_number_to_double(text, strlen(text), &got))
		return !isfinite(expected);
	return memcmp(&got, &expected, sizeof(got)) == 0;
}

static void
test_doubles(void)
{
	static const char *const texts[] = {
		"0", "-0", "1", "-1.5", "0.1", "22237.81", "9007199254740993", "9007199254740992",
		"0.000001", "123456789012345678", "1E2", "1e-130", "9.9999999999999999999999999999999999999E+125",
		"12345678901234567890123456789012345678", "0.12345678901234567890123456789012345678",
		"4.9e-324", "2.2250738585072011e-308", ".5", "5."
	};
	static const char *const refused[] = {"", "abc", "1x", "NaN", "Infinity", "0x10", "1 ", "1e999"};
	double		value;

	for (size_t i = 0; i < lengthof(texts); i++)
		ok(same_double(texts[i]), "%s as the C library reads it, bit by bit", texts[i]);
	for (size_t i = 0; i < lengthof(refused); i++)
		ok(!br_number_to_double(refused[i], strlen(refused[i]), &value),
		   "\"%s\" is no finite number", refused[i]);
}

static void
test_random_doubles(void)
{
	pg_prng_state prng;
	int			wrong = 0;

	pg_prng_seed(&prng, 7);
	for (int i = 0; i < 300000; i++)
	{
		char		text[64];
		int			digits = pg_prng_uint64_range(&prng, 0, 18);

		snprintf(text, sizeof(text), "%s%llu.%0*llu",
				 i % 3 == 0 ? "-" : "",
				 (unsigned long long) pg_prng_uint64_range(&prng, 0, 99999999),
				 digits + 1, (unsigned long long) pg_prng_uint64_range(&prng, 0, 99999999));
		if (!same_double(text))
		{
			diag("%s", text);
			wrong++;
		}
	}
	is_int(wrong, 0, "300000 random decimals as the C library reads them");
}

static void
test_sendable(void)
{
	static const struct
	{
		const char *text;
		int			bytes;			/* -1: not sendable */
	}			cases[] =
	{
		{"0", 1}, {"-0.000", 1}, {"0e999999999999", 1}, {"7", 2}, {"+7", 2}, {"-7", 3}, {"007.50", 3},
		{"12", 2}, {"123", 3}, {"-001234.50", 5}, {"1200000", 3}, {"120000", 2}, {"0.5", 2}, {"0.05", 2},
		{"0.051", 3}, {"0.0051", 2}, {"100", 2}, {"1.10e5", 2}, {"11e3", 3}, {"0.00012", 3}, {"0.0012", 2},
		{"1e125", 2}, {"1e126", -1}, {"0.1e126", 2},
		{"10E+124", 2}, {"10e125", -1}, {"1e-130", 2}, {"1e-131", -1}, {"0.1e-129", 2}, {"0.01e-129", -1},
		{"12345678901234567890123456789012345678", 20}, {"123456789012345678901234567890123456780", 21},
		{"123456789012345678901234567890123456789", -1}, {"0.12345678901234567890123456789012345678", 20},
		{"1e99999999999999999999", -1}, {"1e-99999999999999999999", -1},
		{"NaN", -1}, {"Infinity", -1}, {"-Infinity", -1}, {"", -1}, {"-", -1}, {".", -1}, {"1-", -1}
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		size_t		len = strlen(cases[i].text);
		int			bytes;
		bool		sendable = br_number_is_sendable(cases[i].text, len, &bytes);

		is_int(sendable ? bytes : -1, cases[i].bytes, "bytes of %s", cases[i].text);
		is_int(br_number_is_sendable(cases[i].text, len, NULL), sendable, "also if nobody asks for them");
	}
}

int
main(void)
{
	test_integers();
	test_doubles();
	test_random_doubles();
	test_sendable();
	return done_testing();
}
