/*
 * pictures.c
 *		Text pictures as functions of SQL: what may be asked for, and in which characters.
 *
 * A database in another encoding than UTF-8 may lack the characters that the
 * pictures are made of, and ASCII stands in for them.
 */
#include "base/br.h"

#include <math.h>

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "functions/row.h"
#include "functions/sample.h"
#include "mb/pg_wchar.h"
#include "stats/picture.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"

PG_FUNCTION_INFO_V1(bench_sparkline);
PG_FUNCTION_INFO_V1(bench_histogram);
PG_FUNCTION_INFO_V1(bench_boxplot);
PG_FUNCTION_INFO_V1(bench_format_duration);

#define MAX_WIDTH	1000
#define MICRO		"\xC2\xB5s"

static bool
has_blocks(void)
{
	return GetDatabaseEncoding() == PG_UTF8;
}

/* A microsecond in the database's encoding. */
static const char *
micro(void)
{
	static char converted[sizeof(MICRO) * MAX_CONVERSION_GROWTH];
	int			encoding = GetDatabaseEncoding();
	Oid			conversion;

	if (encoding == PG_UTF8)
		return MICRO;
	conversion = FindDefaultConversionProc(PG_UTF8, encoding);
	if (!OidIsValid(conversion) ||
		pg_do_encoding_conversion_buf(conversion, PG_UTF8, encoding, (unsigned char *) MICRO, strlen(MICRO),
									  (unsigned char *) converted, sizeof(converted), true) < strlen(MICRO))
		return "us";
	return converted;
}

static void
check_between(const char *name, int value, int min, int max)
{
	if (value < min || value > max)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be between %d and %d, not %d", name, min, max, value)));
}

/*
 * The ends of the scale: those of the arguments, which may be NULL, else those
 * of the values. False if there is nothing to tell them by.
 */
static bool
scale_of(FunctionCallInfo fcinfo, int argument, const double *values, int64 n, double *lo, double *hi)
{
	bool		has_lo = !PG_ARGISNULL(argument);
	bool		has_hi = !PG_ARGISNULL(argument + 1);
	double		given_lo = has_lo ? PG_GETARG_FLOAT8(argument) : 0;
	double		given_hi = has_hi ? PG_GETARG_FLOAT8(argument + 1) : 0;

	if (!isfinite(given_lo) || !isfinite(given_hi) || (has_lo && has_hi && given_lo >= given_hi))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the scale must go from a finite lo to a greater and finite hi")));
	if (!br_finite_range(values, n, lo, hi) && !(has_lo && has_hi))
		return false;
	if (has_lo)
		*lo = given_lo;
	if (has_hi)
		*hi = given_hi;
	/* one end given, and everything beyond it: a scale of no width, of which all values are outside */
	if (*lo > *hi)
		*(has_lo ? hi : lo) = has_lo ? *lo : *hi;
	return true;
}

Datum
bench_sparkline(PG_FUNCTION_ARGS)
{
	Datum	   *elements;
	bool	   *nulls;
	int			n;
	int			present = 0;
	double	   *series;
	double		lo;
	double		hi;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &elements, &nulls, &n);
	series = palloc(Max(n, 1) * sizeof(double));
	for (int i = 0; i < n; i++)
	{
		series[i] = nulls[i] ? get_float8_nan() : DatumGetFloat8(elements[i]);
		present += !nulls[i];
	}
	if (!scale_of(fcinfo, 1, series, n, &lo, &hi) || present == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(br_sparkline(series, n, lo, hi, has_blocks())));
}

Datum
bench_histogram(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);
	int64		n = br_sample_count(sample);
	int			bins = PG_GETARG_INT32(1);
	int			width = PG_GETARG_INT32(2);
	bool		logarithmic = PG_GETARG_BOOL(3);
	BrBins histogram;

	check_between("bins", bins, 0, BR_BINS_MAX);
	check_between("width", width, 1, MAX_WIDTH);
	InitMaterializedSRF(fcinfo, 0);
	if (n == 0)
		return (Datum) 0;
	if (!br_sample_is_finite(sample))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("a histogram cannot show NaN or infinity"),
				 errhint("Leave such values out of the sample.")));
	if (logarithmic && sample->values[0] <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("a logarithmic histogram cannot show %g", sample->values[0]),
				 errhint("All values must be greater than zero.")));
	histogram = br_bins(sample->values, n, bins, logarithmic);
	for (int i = 0; i < histogram.n; i++)
	{
		BrRow		row = {0};

		br_row_float8(&row, histogram.edges[i]);
		br_row_float8(&row, histogram.edges[i + 1]);
		br_row_int8(&row, histogram.counts[i]);
		br_row_text(&row, br_bar(histogram.counts[i], histogram.most, width, has_blocks()));
		br_row_put(fcinfo, &row);
	}
	return (Datum) 0;
}

Datum
bench_boxplot(PG_FUNCTION_ARGS)
{
	const BrSample *sample;
	int			width;
	double		lo;
	double		hi;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	sample = PG_GETARG_SAMPLE(0);
	width = PG_GETARG_INT32(3);
	check_between("width", width, 5, MAX_WIDTH);
	if (!scale_of(fcinfo, 1, sample->values, br_sample_count(sample), &lo, &hi) || br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(br_boxplot(sample->values, br_sample_count(sample), lo, hi, width)));
}

Datum
bench_format_duration(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(br_format_duration(PG_GETARG_FLOAT8(0), micro())));
}
