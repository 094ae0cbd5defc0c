/*
 * time.c
 *		Reading and writing timestamps.
 */
#include "base/br.h"

#include "common/int.h"
#include "dynamodb/time.h"

#define US_PER_SECOND	INT64CONST(1000000)

static const struct
{
	const char *name;
	BrTimeFormat format;
}			formats[] =
{
	{"epoch_ms", BR_TIME_EPOCH_MS},
	{"epoch_s", BR_TIME_EPOCH_S},
	{"iso8601_utc", BR_TIME_ISO8601_UTC},
	{"iso8601_z", BR_TIME_ISO8601_Z},
	{"iso8601", BR_TIME_ISO8601}
};

BrTimeFormat
br_time_format_from_name(const char *name)
{
	for (int i = 0; i < (int) lengthof(formats); i++)
	{
		if (strcmp(formats[i].name, name) == 0)
			return formats[i].format;
	}
	return BR_TIME_ANY;
}

const char *
br_time_format_name(BrTimeFormat format)
{
	for (int i = 0; i < (int) lengthof(formats); i++)
	{
		if (formats[i].format == format)
			return formats[i].name;
	}
	return NULL;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads all digits at *p, at most max of them; their number, or 0. */
static int
read_digits(const char **p, const char *end, int max, int64 *value)
{
	int			n = 0;

	*value = 0;
	while (*p < end && n < max && is_digit(**p))
	{
		*value = *value * 10 + (**p - '0');
		(*p)++;
		n++;
	}
	return n;
}

/* A fraction after '.', as a share of unit, cut off; false if there are no digits. */
static bool
read_fraction(const char **p, const char *end, int64 unit, int64 *share)
{
	*share = 0;
	if (*p == end || !is_digit(**p))
		return false;
	for (; *p < end && is_digit(**p); (*p)++)
	{
		unit /= 10;
		*share += (**p - '0') * unit;
	}
	return true;
}

bool
br_time_parse_epoch(const char *text, size_t len, int64 unit_us, int64 *result)
{
	const char *p = text;
	const char *end = text + len;
	bool		negative = len > 0 && *p == '-';
	int64		whole;
	int64		fraction = 0;

	if (negative)
		p++;
	if (read_digits(&p, end, 18, &whole) == 0)
		return false;
	if (p < end && *p == '.')
	{
		p++;
		if (!read_fraction(&p, end, unit_us, &fraction))
			return false;
	}
	if (p != end ||
		pg_mul_s64_overflow(whole, unit_us, result) ||
		pg_add_s64_overflow(*result, fraction, result))
		return false;
	if (negative)
		*result = -*result;
	return true;
}

BrTimeFormat
br_time_classify_epoch(const char *text, size_t len)
{
	const int64 limit = INT64CONST(100000000000);
	int64		number;

	if (!br_time_parse_epoch(text, len, 1, &number))
		return BR_TIME_ANY;
	return number > -limit && number < limit ? BR_TIME_EPOCH_S : BR_TIME_EPOCH_MS;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar. */
static int64
days_from_civil(int64 year, int month, int day)
{
	int64		era;
	int64		year_of_era;
	int64		day_of_year;

	/* count years from March, so that the leap day is the last of its year */
	if (month <= 2)
		year--;
	era = (year >= 0 ? year : year - 399) / 400;
	year_of_era = year - era * 400;
	day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
		day_of_year - 719468;
}

static bool
is_leap_year(int64 year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
days_in_month(int64 year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap_year(year) ? 29 : days[month - 1];
}

static bool
read_char(const char **p, const char *end, char c)
{
	if (*p == end || **p != c)
		return false;
	(*p)++;
	return true;
}

/* Exactly two digits, at most max. */
static bool
read_two(const char **p, const char *end, int max, int64 *value)
{
	return read_digits(p, end, 2, value) == 2 && *value <= max;
}

static bool
read_date(const char **p, const char *end, int64 *days)
{
	int64		year,
				month,
				day;

	if (read_digits(p, end, 4, &year) != 4 ||
		!read_char(p, end, '-') || !read_two(p, end, 12, &month) || month == 0 ||
		!read_char(p, end, '-') || !read_two(p, end, 31, &day) || day == 0 ||
		day > days_in_month(year, (int) month))
		return false;
	*days = days_from_civil(year, (int) month, (int) day);
	return true;
}

/* +HH, +HHMM or +HH:MM. */
static bool
read_offset(const char **p, const char *end, int64 *seconds)
{
	bool		negative = **p == '-';
	int64		hours,
				minutes = 0;

	(*p)++;
	if (!read_two(p, end, 15, &hours))
		return false;
	if (*p < end)
	{
		(void) read_char(p, end, ':');
		if (!read_two(p, end, 59, &minutes))
			return false;
	}
	*seconds = hours * 3600 + minutes * 60;
	if (negative)
		*seconds = -*seconds;
	return true;
}

/* What a timestamp looks like, besides its value. */
typedef struct IsoForm
{
	bool		t;				/* T between date and time */
	bool		z;				/* ends in Z */
	bool		fraction;
} IsoForm;

static bool
read_iso(const char *text, size_t len, int64 *result, IsoForm *form)
{
	const char *p = text;
	const char *end = text + len;
	int64		days,
				hour = 0,
				minute = 0,
				second = 0,
				fraction = 0,
				offset = 0;

	memset(form, 0, sizeof(*form));
	if (!read_date(&p, end, &days))
		return false;
	if (p < end)
	{
		form->t = read_char(&p, end, 'T');
		if ((!form->t && !read_char(&p, end, ' ')) ||
			!read_two(&p, end, 23, &hour) ||
			!read_char(&p, end, ':') || !read_two(&p, end, 59, &minute) ||
			!read_char(&p, end, ':') || !read_two(&p, end, 59, &second))
			return false;
		if (read_char(&p, end, '.'))
		{
			form->fraction = true;
			if (!read_fraction(&p, end, US_PER_SECOND, &fraction))
				return false;
		}
		if (read_char(&p, end, 'Z'))
			form->z = true;
		else if (p < end && (*p == '+' || *p == '-') &&
				 !read_offset(&p, end, &offset))
			return false;
	}
	*result = (((days * 24 + hour) * 60 + minute) * 60 + second - offset) *
		US_PER_SECOND + fraction;
	return p == end;
}

bool
br_time_parse_iso(const char *text, size_t len, int64 *result)
{
	IsoForm		form;

	return read_iso(text, len, result, &form);
}

BrTimeFormat
br_time_classify_iso(const char *text, size_t len)
{
	IsoForm		form;
	int64		value;

	if (!read_iso(text, len, &value, &form))
		return BR_TIME_ANY;
	if (!form.t || !form.z)
		return BR_TIME_ISO8601;

	/*
	 * One timestamp cannot show that all have the same width; the widths that
	 * cannot be told from a dropped zero fraction are taken as fixed.
	 */
	return form.fraction ? BR_TIME_ISO8601_UTC : BR_TIME_ISO8601_Z;
}

/* Year, month and day of a count of days since 1970-01-01. */
static void
civil_from_days(int64 days, int64 *year, int *month, int *day)
{
	int64		era;
	int64		day_of_era;
	int64		year_of_era;
	int64		day_of_year;
	int			from_march;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	day_of_era = days - era * 146097;
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
				   day_of_era / 146096) / 365;
	day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	from_march = (int) ((5 * day_of_year + 2) / 153);
	*day = (int) (day_of_year - (153 * from_march + 2) / 5) + 1;
	*month = from_march < 10 ? from_march + 3 : from_march - 9;
	*year = year_of_era + era * 400 + (*month <= 2);
}

static int64
floor_div(int64 a, int64 b)
{
	return a / b - (a % b < 0);
}

/* A timestamp in UTC, taken apart. */
typedef struct IsoParts
{
	int64		year;
	int			month;
	int			day;
	int			second;			/* of the day */
	int			us;
} IsoParts;

static IsoParts
iso_parts(int64 unix_us)
{
	int64		seconds = floor_div(unix_us, US_PER_SECOND);
	int64		days = floor_div(seconds, 86400);
	IsoParts	iso;

	civil_from_days(days, &iso.year, &iso.month, &iso.day);
	iso.second = (int) (seconds - days * 86400);
	/* seconds * US_PER_SECOND may lie outside of int64 */
	iso.us = (int) ((unix_us % US_PER_SECOND + US_PER_SECOND) % US_PER_SECOND);
	return iso;
}

static void
append_date(StringInfo out, const IsoParts *iso)
{
	appendStringInfo(out, "%04d-%02d-%02d", (int) iso->year, iso->month, iso->day);
}

static void
append_clock(StringInfo out, const IsoParts *iso)
{
	appendStringInfo(out, "T%02d:%02d:%02d",
					 iso->second / 3600, iso->second / 60 % 60, iso->second % 60);
}

/* A number of units with as many places as a microsecond needs. */
static void
append_epoch_bound(StringInfo out, int64 unix_us, int64 unit_us, int places)
{
	const char *sign = unix_us < 0 ? "-" : "";
	uint64		us = unix_us < 0 ? -(uint64) unix_us : (uint64) unix_us;

	appendStringInfo(out, "%s" UINT64_FORMAT ".%0*u",
					 sign, us / unit_us, places, (unsigned int) (us % unit_us));
}

/*
 * Fractions differ in length, so a bound is all that begins with a second: the
 * prefix itself sorts before every fraction and Z, the prefix with a tilde
 * behind them.
 */
static void
append_iso_bound(StringInfo out, int64 unix_us, bool is_low, bool whole_days)
{
	IsoParts	iso = iso_parts(unix_us);

	/* four digits are all that these formats have */
	if (iso.year < 0 || iso.year > 9999)
	{
		appendStringInfoString(out, iso.year < 0 ? "0" : "9999~");
		return;
	}
	append_date(out, &iso);
	if (!whole_days)
		append_clock(out, &iso);
	if (!is_low)
		appendStringInfoChar(out, '~');
}

void
br_time_append_bound(StringInfo out, BrTimeFormat format, int64 unix_us, bool is_low)
{
	int64		direction = is_low ? -1 : 1;

	switch (format)
	{
		case BR_TIME_ANY:
			break;
		case BR_TIME_EPOCH_MS:
			/* what is finer than a microsecond was cut off on its way to SQL */
			append_epoch_bound(out, unix_us + direction, 1000, 3);
			break;
		case BR_TIME_EPOCH_S:
			append_epoch_bound(out, unix_us + direction, US_PER_SECOND, 6);
			break;
		case BR_TIME_ISO8601_UTC:
		case BR_TIME_ISO8601_Z:
			append_iso_bound(out, unix_us, is_low, false);
			break;
		case BR_TIME_ISO8601:

			/*
			 * A local time is up to 26 hours from UTC.  What is behind the date
			 * may begin with a T or a blank, so only the date can be compared.
			 */
			append_iso_bound(out, unix_us + direction * 26 * 3600 * US_PER_SECOND, is_low, true);
			break;
	}
}

static bool
append_iso(StringInfo out, int64 unix_us, bool fixed_width)
{
	IsoParts	iso = iso_parts(unix_us);

	if (iso.year < 1 || iso.year > 9999)
		return false;
	append_date(out, &iso);
	append_clock(out, &iso);
	if (fixed_width || iso.us % 1000 != 0)
		appendStringInfo(out, ".%06d", iso.us);
	else if (iso.us != 0)
		appendStringInfo(out, ".%03d", iso.us / 1000);
	appendStringInfoChar(out, 'Z');
	return true;
}

bool
br_time_append(StringInfo out, BrTimeFormat format, int64 unix_us)
{
	switch (format)
	{
		case BR_TIME_EPOCH_MS:
			appendStringInfo(out, INT64_FORMAT, floor_div(unix_us, 1000));
			return true;
		case BR_TIME_EPOCH_S:
			appendStringInfo(out, INT64_FORMAT, floor_div(unix_us, US_PER_SECOND));
			return true;
		default:
			return append_iso(out, unix_us, format == BR_TIME_ISO8601_UTC);
	}
}
