/*
 * test_time.c
 *		Timestamps in both forms.
 */
#include "base/br.h"

#include <time.h>

#include "dynamodb/time.h"
#include "fe_alloc.h"
#include "tap.h"

#define SECOND INT64CONST(1000000)

static void
test_epoch(void)
{
	int64		us;

	ok(br_time_parse_epoch("1764468005123", 13, 1000, &us) &&
	   us == INT64CONST(1764468005123000), "milliseconds");
	ok(br_time_parse_epoch("1764468005", 10, SECOND, &us) &&
	   us == INT64CONST(1764468005000000), "seconds");
	ok(br_time_parse_epoch("1764468005123.5", 15, 1000, &us) &&
	   us == INT64CONST(1764468005123500), "with a fraction");
	ok(br_time_parse_epoch("1.1234567891", 12, SECOND, &us) && us == 1123456,
	   "what is finer than a microsecond is cut off");
	ok(br_time_parse_epoch("-1", 2, 1000, &us) && us == -1000, "before the epoch");
	ok(br_time_parse_epoch("0", 1, 1000, &us) && us == 0, "the epoch");
	ok(!br_time_parse_epoch("", 0, 1000, &us), "nothing");
	ok(!br_time_parse_epoch("12x", 3, 1000, &us), "letters");
	ok(!br_time_parse_epoch("1.", 2, 1000, &us), "a point without digits");
	ok(!br_time_parse_epoch("1e3", 3, 1000, &us), "an exponent");
	ok(!br_time_parse_epoch("999999999999999999", 18, SECOND, &us), "beyond int64");
	ok(!br_time_parse_epoch("12345678901234567890", 20, 1000, &us), "too many digits");
}

static void
test_iso(void)
{
	static const struct
	{
		const char *text;
		int64		us;
	}			cases[] =
	{
		{"1970-01-01T00:00:00Z", 0},
		{"2025-11-30T02:00:05.123456Z", INT64CONST(1764468005123456)},
		{"2025-11-30T02:00:05Z", INT64CONST(1764468005000000)},
		{"2025-11-30 02:00:05Z", INT64CONST(1764468005000000)},
		{"2025-11-30T02:00:05", INT64CONST(1764468005000000)},
		{"2025-11-30T04:00:05+02:00", INT64CONST(1764468005000000)},
		{"2025-11-30T04:00:05+0200", INT64CONST(1764468005000000)},
		{"2025-11-30T04:00:05+02", INT64CONST(1764468005000000)},
		{"2025-11-29T20:30:05.5-05:30", INT64CONST(1764468005500000)},
		{"2025-11-30", INT64CONST(1764460800000000)},
		{"2000-02-29T00:00:00Z", INT64CONST(951782400000000)},
		{"1969-12-31T23:59:59.999999Z", -1},
		{"0001-01-01T00:00:00Z", INT64CONST(-62135596800000000)},
		{"9999-12-31T23:59:59Z", INT64CONST(253402300799000000)}
	};
	static const char *const refused[] = {
		"", "2025", "2025-13-01", "2025-02-29T00:00:00Z", "1900-02-29", "2025-11-31",
		"2025-11-30T24:00:00Z", "2016-12-31T23:59:60Z", "2025-11-30T02:60:00Z", "2025-11-30T02:00Z",
		"2025-11-30T02:00:05.Z", "2025-11-30T02:00:05Zx", "2025-11-30T02:00:05+2",
		"2025-11-30x02:00:05Z", "25-11-30T02:00:05Z", "2025-00-10", "2025-01-00",
		"2025-11-30T", "2025-11-30T02:00:05+99:00"
	};
	int64		us;

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		bool		read = br_time_parse_iso(cases[i].text, strlen(cases[i].text), &us);

		ok(read && us == cases[i].us, "%s", cases[i].text);
	}
	for (size_t i = 0; i < lengthof(refused); i++)
		ok(!br_time_parse_iso(refused[i], strlen(refused[i]), &us), "\"%s\" is refused", refused[i]);
}

/* Every day of four centuries and more, against the C library. */
static void
test_calendar(void)
{
	int			wrong = 0;

	for (int64 day = -365 * 150; day < 365 * 300; day++)
	{
		time_t		seconds = day * 86400;
		struct tm	tm;
		char		text[32];
		int64		us;

		gmtime_r(&seconds, &tm);
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
		if (!br_time_parse_iso(text, strlen(text), &us) || us != seconds * SECOND)
			wrong++;
	}
	is_int(wrong, 0, "every day from 1820 to 2269");
}

static const char *
bound(BrTimeFormat format, int64 us, bool is_low)
{
	StringInfoData out;

	initStringInfo(&out);
	br_time_append_bound(&out, format, us, is_low);
	return out.data;
}

static void
test_bounds(void)
{
	int64		us = INT64CONST(1764468005123456);
	int			wrong = 0;

	is_str(bound(BR_TIME_EPOCH_MS, us, true), "1764468005123.455", "from, in ms");
	is_str(bound(BR_TIME_EPOCH_MS, us, false), "1764468005123.457", "to, in ms");
	is_str(bound(BR_TIME_EPOCH_S, us, true), "1764468005.123455", "from, in s");
	is_str(bound(BR_TIME_EPOCH_MS, 0, true), "-0.001", "around the epoch");
	is_str(bound(BR_TIME_EPOCH_MS, -1, false), "0.000", "and before it");
	is_str(bound(BR_TIME_ISO8601_UTC, us, true), "2025-11-30T02:00:05", "from, in ISO 8601");
	is_str(bound(BR_TIME_ISO8601_Z, us, false), "2025-11-30T02:00:05~", "to, in ISO 8601");
	is_str(bound(BR_TIME_ISO8601, us, true), "2025-11-29", "with any offset, and any separator behind the date");
	is_str(bound(BR_TIME_ISO8601_UTC, -1, true), "1969-12-31T23:59:59", "before the epoch");
	is_str(bound(BR_TIME_ISO8601_UTC, INT64CONST(253402300800000000), false), "9999~",
		   "beyond four digits");

	/* whatever is printed lies within its own bounds */
	for (int64 day = -365 * 150; day < 365 * 300; day += 3)
	{
		int64		at = day * 86400 * SECOND + (day * 7919 % 86400) * SECOND;
		int64		back;
		const char *low = bound(BR_TIME_ISO8601_Z, at, true);

		if (!br_time_parse_iso(psprintf("%sZ", low), 20, &back) || back != at ||
			strcmp(low, psprintf("%sZ", low)) >= 0 ||
			strcmp(bound(BR_TIME_ISO8601_Z, at, false), psprintf("%s.999999Z", low)) <= 0)
			wrong++;
	}
	is_int(wrong, 0, "every third day from 1820 to 2269");
}

static void
test_classify(void)
{
	is_int(br_time_classify_iso("2025-11-30T02:00:05.123456Z", 27), BR_TIME_ISO8601_UTC,
		   "a fraction and Z");
	is_int(br_time_classify_iso("2025-11-30T02:00:05Z", 20), BR_TIME_ISO8601_Z,
		   "Z without a fraction: others may have one");
	is_int(br_time_classify_iso("2025-11-30T02:00:05+00:00", 25), BR_TIME_ISO8601, "an offset");
	is_int(br_time_classify_iso("2025-11-30 02:00:05Z", 20), BR_TIME_ISO8601, "a space");
	is_int(br_time_classify_iso("yesterday", 9), BR_TIME_ANY, "no timestamp");
	is_int(br_time_classify_epoch("1764640800000", 13), BR_TIME_EPOCH_MS, "milliseconds");
	is_int(br_time_classify_epoch("1764640800.25", 13), BR_TIME_EPOCH_S, "seconds");
	is_int(br_time_classify_epoch("-1764640800000", 14), BR_TIME_EPOCH_MS, "milliseconds before 1970");
	is_int(br_time_classify_epoch("99999999999", 11), BR_TIME_EPOCH_S, "the last second");
	is_int(br_time_classify_epoch("100000000000", 12), BR_TIME_EPOCH_MS, "the first millisecond");
	is_int(br_time_classify_epoch("1e12", 4), BR_TIME_ANY, "no plain number");
	is_int(br_time_format_from_name("iso8601_utc"), BR_TIME_ISO8601_UTC, "by name");
	is_str(br_time_format_name(BR_TIME_EPOCH_MS), "epoch_ms", "and back");
	is_int(br_time_format_from_name("rfc822"), BR_TIME_ANY, "an unknown name");
}

static const char *
written(BrTimeFormat format, int64 us)
{
	StringInfoData out;

	initStringInfo(&out);
	if (br_time_append(&out, format, us))
		return out.data;
	return out.len == 0 ? NULL : "something, though refused";
}

static void
test_append(void)
{
	static const struct
	{
		int64		us;
		const char *ms;
		const char *s;
		const char *utc;
		const char *z;
	}			cases[] =
	{
		{0, "0", "0", "1970-01-01T00:00:00.000000Z", "1970-01-01T00:00:00Z"},
		{INT64CONST(1764468005123456), "1764468005123", "1764468005",
		"2025-11-30T02:00:05.123456Z", "2025-11-30T02:00:05.123456Z"},
		{INT64CONST(1764468005120000), "1764468005120", "1764468005",
		"2025-11-30T02:00:05.120000Z", "2025-11-30T02:00:05.120Z"},
		{INT64CONST(1764468005000001), "1764468005000", "1764468005",
		"2025-11-30T02:00:05.000001Z", "2025-11-30T02:00:05.000001Z"},
		{-1, "-1", "-1", "1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
		{-1000, "-1", "-1", "1969-12-31T23:59:59.999000Z", "1969-12-31T23:59:59.999Z"},
		{-SECOND, "-1000", "-1", "1969-12-31T23:59:59.000000Z", "1969-12-31T23:59:59Z"},
		{INT64CONST(-62135596800000000), "-62135596800000", "-62135596800",
		"0001-01-01T00:00:00.000000Z", "0001-01-01T00:00:00Z"},
		{INT64CONST(253402300799999999), "253402300799999", "253402300799",
		"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
		{INT64CONST(-62135596800000001), "-62135596800001", "-62135596801", NULL, NULL},
		{INT64CONST(253402300800000000), "253402300800000", "253402300800", NULL, NULL},
		{PG_INT64_MAX, "9223372036854775", "9223372036854", NULL, NULL},
		{PG_INT64_MIN, "-9223372036854776", "-9223372036855", NULL, NULL}
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		const char *name = psprintf(INT64_FORMAT, cases[i].us);

		is_str(written(BR_TIME_EPOCH_MS, cases[i].us), cases[i].ms, "%s in ms", name);
		is_str(written(BR_TIME_EPOCH_S, cases[i].us), cases[i].s, "%s in s", name);
		is_str(written(BR_TIME_ISO8601_UTC, cases[i].us), cases[i].utc, "%s as iso8601_utc", name);
		is_str(written(BR_TIME_ISO8601_Z, cases[i].us), cases[i].z, "%s as iso8601_z", name);
		is_str(written(BR_TIME_ISO8601, cases[i].us), cases[i].z, "%s as iso8601", name);
		is_str(written(BR_TIME_ANY, cases[i].us), cases[i].z, "%s in no format that was named", name);
	}
}

/* What is written is read as the same, as far as the unit goes, and lies within its bounds. */
static void
test_round_trip(void)
{
	int			wrong = 0;

	for (int64 i = -60000; i < 60000; i++)
	{
		/* over some eighty years, with fractions of every length */
		int64		us = i * 20 * 3600 * SECOND + (i % 3 == 0 ? 0 : i * 1000 + (i % 3 == 1 ? 0 : i));
		const char *ms = written(BR_TIME_EPOCH_MS, us);
		const char *s = written(BR_TIME_EPOCH_S, us);
		const char *utc = written(BR_TIME_ISO8601_UTC, us);
		const char *z = written(BR_TIME_ISO8601_Z, us);
		int64		back;

		wrong += !br_time_parse_epoch(ms, strlen(ms), 1000, &back) || back > us || back <= us - 1000;
		wrong += !br_time_parse_epoch(s, strlen(s), SECOND, &back) || back > us || back <= us - SECOND;
		wrong += !br_time_parse_iso(utc, strlen(utc), &back) || back != us || strlen(utc) != 27;
		wrong += !br_time_parse_iso(z, strlen(z), &back) || back != us;
		wrong += strcmp(bound(BR_TIME_ISO8601_UTC, us, true), utc) > 0 ||
			strcmp(bound(BR_TIME_ISO8601_Z, us, false), z) < 0;
		if (i % 1000 == 0)
			fe_reset();
	}
	is_int(wrong, 0, "120,000 timestamps written and read");
}

int
main(void)
{
	test_epoch();
	test_iso();
	test_calendar();
	test_bounds();
	test_classify();
	test_append();
	test_round_trip();
	return done_testing();
}
