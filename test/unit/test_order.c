/*
 * test_order.c
 *		Sort keys as bytes: in the order of their values.
 */
#include "base/br.h"

#include "common/pg_prng.h"
#include "dynamodb/order.h"
#include "tap.h"

static BrSpan
span_of(BrType type, const char *text)
{
	BrSpan		span = {.ptr = text, .len = strlen(text), .type = type};

	if (strchr(text, '\\') != NULL)
		span.flags |= BR_SPAN_ESCAPED;
	for (const char *p = text; *p != '\0'; p++)
	{
		if ((unsigned char) *p > 0x7f)
			span.flags |= BR_SPAN_NON_ASCII;
	}
	return span;
}

static StringInfoData
key_of(BrType type, const char *text)
{
	BrSpan		span = span_of(type, text);
	StringInfoData scratch;
	StringInfoData key;
	BrError		err;

	initStringInfo(&scratch);
	initStringInfo(&key);
	if (!br_order_key(&span, &scratch, &key, &err))
		ok(false, "a key of %s: %s", text, err.message);
	return key;
}

static int
compare(BrType type, const char *a, const char *b)
{
	StringInfoData left = key_of(type, a);
	StringInfoData right = key_of(type, b);
	int			order = br_order_compare(&left, &right);

	return order < 0 ? -1 : order > 0;
}

/* Each list is in order, and its members are different. */
static void
check_list(BrType type, const char *const *list, int n)
{
	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j < n; j++)
			is_int(compare(type, list[i], list[j]), i < j ? -1 : i > j,
				   "%s and %s", list[i], list[j]);
	}
}

static void
test_numbers(void)
{
	static const char *const list[] = {
		"-9.9999999999999999999999999999999999999E+125", "-12345678901234567890123456789012345678",
		"-12345678901234567890123456789012345677", "-1000", "-999.5", "-999", "-10", "-9", "-1.5",
		"-1.49", "-1", "-0.5", "-0.05", "-1e-130", "0", "1E-130", "0.00000001", "0.05", "0.5",
		"1", "1.49", "1.5", "2", "9", "10", "11", "99", "100", "1764460800000", "1764460800000.5",
		"12345678901234567890123456789012345677", "12345678901234567890123456789012345678",
		"1e38", "9.9999999999999999999999999999999999999e125"
	};
	static const char *const equal[][2] = {
		{"1", "1.0"}, {"1", "1E0"}, {"100", "1e+2"}, {"0.05", "5E-2"}, {"-0", "0"}, {"0.000", "0E5"},
		{"007", "7"}, {"+7", "7"}, {"+0.5E+1", "5"}, {"+0", "0"}, {"-12.50", "-1.25e1"}, {"120e-1", "12"}
	};

	check_list(BR_TYPE_N, list, lengthof(list));
	for (int i = 0; i < (int) lengthof(equal); i++)
		is_int(compare(BR_TYPE_N, equal[i][0], equal[i][1]), 0, "%s is %s", equal[i][0], equal[i][1]);
}

static double
sixteenths(pg_prng_state *random)
{
	return ((int64) pg_prng_uint64_range(random, 0, 4000) - 2000) / 16.0;
}

/* Against the order of doubles, which hold these numbers exactly. */
static void
test_random_numbers(void)
{
	pg_prng_state random;
	int			wrong = 0;

	pg_prng_seed(&random, 42);
	for (int i = 0; i < 20000; i++)
	{
		double		a = sixteenths(&random);
		double		b = sixteenths(&random);
		const char *left = psprintf(i % 2 ? "%.4f" : "%.10e", a);
		const char *right = psprintf(i % 3 ? "%.6f" : "%g", b);

		if (strtod(right, NULL) == b && compare(BR_TYPE_N, left, right) != (a < b ? -1 : a > b))
			wrong++;
	}
	is_int(wrong, 0, "20000 pairs of numbers");
}

static void
test_texts(void)
{
	static const char *const list[] = {
		" ", "2025-11-30T02:00:06.400000Z", "2025-11-30T02:00:06.5Z", "2025-11-30T02:00:06Z",
		"A", "AB", "a", "a\\u0041", "aB", "b\\n", "b ", "\xc3\xa9", "\\u20ac", "\xf0\x9f\x98\x80"
	};
	static const char *const same[] = {"a\\u0041", "aA"};

	is_int(compare(BR_TYPE_S, same[0], same[1]), 0, "an escape is what it stands for");
	for (int i = 0; i + 1 < (int) lengthof(list); i++)
		is_int(compare(BR_TYPE_S, list[i], list[i + 1]), -1, "%s before %s", list[i], list[i + 1]);
}

static void
test_binaries(void)
{
	/* 00, 00 00, 00 ff, 7f, 80, fb, ff: the letters of base64 have another order */
	static const char *const list[] = {"AA==", "AAA=", "AP8=", "fw==", "gA==", "+w==", "/w=="};

	check_list(BR_TYPE_B, list, lengthof(list));
}

static void
test_no_keys(void)
{
	static const BrType types[] = {BR_TYPE_ABSENT, BR_TYPE_NULL, BR_TYPE_BOOL, BR_TYPE_M};
	StringInfoData scratch;
	StringInfoData key;
	BrError		err;
	BrSpan		span;

	initStringInfo(&scratch);
	initStringInfo(&key);
	for (int i = 0; i < (int) lengthof(types); i++)
	{
		span = span_of(types[i], "{}");
		ok(!br_order_key(&span, &scratch, &key, &err) && err.kind == BR_ERR_PROTOCOL,
		   "type %s is no key", br_type_name(types[i]));
	}
	span = span_of(BR_TYPE_B, "!");
	ok(!br_order_key(&span, &scratch, &key, &err), "nor is what is not base64");
	span = span_of(BR_TYPE_S, "\xff");
	ok(!br_order_key(&span, &scratch, &key, &err) && err.kind == BR_ERR_ENCODING,
	   "nor what is not UTF-8");
}

int
main(void)
{
	test_numbers();
	test_random_numbers();
	test_texts();
	test_binaries();
	test_no_keys();
	return done_testing();
}
