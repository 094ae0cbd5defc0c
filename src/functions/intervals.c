/*
 * intervals.c
 *		Confidence intervals in SQL.
 */
#include "base/br.h"

#include <math.h>

#include "functions/argument.h"
#include "functions/row.h"
#include "functions/sample.h"
#include "stats/bootstrap.h"
#include "stats/interval.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(bench_median_ci);
PG_FUNCTION_INFO_V1(bench_percentile_ci);
PG_FUNCTION_INFO_V1(bench_mean_ci);
PG_FUNCTION_INFO_V1(bench_geomean_ci);
PG_FUNCTION_INFO_V1(bench_ratio_ci);
PG_FUNCTION_INFO_V1(bench_diff_ci);
PG_FUNCTION_INFO_V1(bench_bootstrap_ci);
PG_FUNCTION_INFO_V1(bench_required_runs);

/* (estimate, lo, hi, note), with the actual confidence before the note if that is asked for. */
static Datum
interval_row(FunctionCallInfo fcinfo, const BrInterval *interval, bool with_actual)
{
	BrRow		row = {0};

	br_row_float8(&row, interval->estimate);
	br_row_float8(&row, interval->lo);
	br_row_float8(&row, interval->hi);
	if (with_actual)
		br_row_float8(&row, interval->actual);
	br_row_text(&row, interval->note);
	return br_row_return(fcinfo, &row);
}

static Datum
percentile_ci(FunctionCallInfo fcinfo, double p, double conf)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);
	BrInterval	interval;

	br_check_percentile(p);
	br_check_confidence(conf);
	if (br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	interval = br_percentile_ci(sample->values, br_sample_count(sample), p, conf);
	return interval_row(fcinfo, &interval, true);
}

Datum
bench_median_ci(PG_FUNCTION_ARGS)
{
	return percentile_ci(fcinfo, 0.5, PG_GETARG_FLOAT8(1));
}

Datum
bench_percentile_ci(PG_FUNCTION_ARGS)
{
	return percentile_ci(fcinfo, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2));
}

static Datum
one_sample_ci(FunctionCallInfo fcinfo, BrInterval (*ci) (const double *, int64, double))
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);
	double		conf = br_check_confidence(PG_GETARG_FLOAT8(1));
	BrInterval	interval;

	if (br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	interval = ci(sample->values, br_sample_count(sample), conf);
	return interval_row(fcinfo, &interval, false);
}

Datum
bench_mean_ci(PG_FUNCTION_ARGS)
{
	return one_sample_ci(fcinfo, br_mean_ci);
}

Datum
bench_geomean_ci(PG_FUNCTION_ARGS)
{
	return one_sample_ci(fcinfo, br_geomean_ci);
}

/* How an interval of two samples is made: in closed form or, if that is NULL, from resamples. */
typedef struct TwoSamples
{
	BrInterval	(*closed) (const double *, int64, const double *, int64, double);
	BrInterval	(*drawn) (const double *, int64, const double *, int64, double, int, uint64);
} TwoSamples;

/* Of the arguments (a, b, stat, conf, resamples, seed), by the way that stat names. */
static Datum
two_sample_ci(FunctionCallInfo fcinfo, const char *const *names, const TwoSamples *ways)
{
	const BrSample *a = PG_GETARG_SAMPLE(0);
	const BrSample *b = PG_GETARG_SAMPLE(1);
	const TwoSamples *way = &ways[br_check_choice(PG_GETARG_DATUM(2), "statistic", names)];
	double		conf = br_check_confidence(PG_GETARG_FLOAT8(3));
	int			resamples = br_check_resamples(PG_GETARG_INT32(4));
	int64		na = br_sample_count(a);
	int64		nb = br_sample_count(b);
	BrInterval	interval;

	if (na == 0 || nb == 0)
		PG_RETURN_NULL();
	if (way->closed != NULL)
		interval = way->closed(a->values, na, b->values, nb, conf);
	else
		interval = way->drawn(a->values, na, b->values, nb, conf, resamples, PG_GETARG_INT64(5));
	return interval_row(fcinfo, &interval, false);
}

Datum
bench_ratio_ci(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"mean", "median", "geomean", NULL};
	static const TwoSamples ways[] = {
		{br_ratio_ci_mean, NULL}, {NULL, br_ratio_ci_median}, {br_ratio_ci_geomean, NULL}
	};

	return two_sample_ci(fcinfo, names, ways);
}

Datum
bench_diff_ci(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"mean", "median", NULL};
	static const TwoSamples ways[] = {{br_diff_ci_mean, NULL}, {NULL, br_diff_ci_median}};

	return two_sample_ci(fcinfo, names, ways);
}

/* A percentile by its name, p99, p99.9 and so on; false if it is none. */
static bool
percentile_named(const char *name, double *p)
{
	char	   *end;

	if (name[0] != 'p' || strspn(name + 1, "0123456789.") != strlen(name + 1))
		return false;
	*p = strtod(name + 1, &end) / 100;
	return end != name + 1 && *end == '\0' && *p <= 1;
}

static void
choose_stat(BrBootstrap *bootstrap, Datum name)
{
	/* p99 for the hint: it stands for all percentiles, which are known before */
	static const char *const names[] = {"median", "mean", "geomean", "trimmed", "stddev", "p99", NULL};
	static const BrBootstrapStat stats[] = {
		BR_BOOTSTRAP_PERCENTILE, BR_BOOTSTRAP_MEAN, BR_BOOTSTRAP_GEOMEAN, BR_BOOTSTRAP_TRIMMED, BR_BOOTSTRAP_STDDEV
	};

	bootstrap->p = 0.5;
	if (percentile_named(TextDatumGetCString(name), &bootstrap->p))
		bootstrap->stat = BR_BOOTSTRAP_PERCENTILE;
	else
		bootstrap->stat = stats[br_check_choice(name, "statistic", names)];
}

Datum
bench_bootstrap_ci(PG_FUNCTION_ARGS)
{
	static const char *const methods[] = {"percentile", "bca", NULL};
	const BrSample *sample = PG_GETARG_SAMPLE(0);
	BrBootstrap bootstrap;
	BrInterval	interval;

	choose_stat(&bootstrap, PG_GETARG_DATUM(1));
	bootstrap.conf = br_check_confidence(PG_GETARG_FLOAT8(2));
	bootstrap.resamples = br_check_resamples(PG_GETARG_INT32(3));
	bootstrap.bca = br_check_choice(PG_GETARG_DATUM(4), "method", methods) == 1;
	bootstrap.seed = PG_GETARG_INT64(5);
	if (br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	interval = br_bootstrap_ci(sample->values, br_sample_count(sample), &bootstrap);
	return interval_row(fcinfo, &interval, false);
}

Datum
bench_required_runs(PG_FUNCTION_ARGS)
{
	const BrSample *sample = PG_GETARG_SAMPLE(0);
	double		half_width = PG_GETARG_FLOAT8(1);
	double		conf = br_check_confidence(PG_GETARG_FLOAT8(2));
	BrRow		row = {0};
	BrInterval	interval;

	if (!(half_width > 0 && half_width < 1))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("relative half width %g is not between 0 and 1", half_width),
				 errhint("A median within 1 percent is 0.01.")));
	if (br_sample_count(sample) == 0)
		PG_RETURN_NULL();
	interval = br_required_runs(sample->values, br_sample_count(sample), half_width, conf);
	if (isnan(interval.estimate))
		br_row_null(&row);
	else
		br_row_int8(&row, (int64) interval.estimate);
	br_row_float8(&row, interval.lo);
	br_row_float8(&row, interval.hi);
	br_row_text(&row, interval.note);
	return br_row_return(fcinfo, &row);
}
