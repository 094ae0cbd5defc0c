/*
 * comparison.c
 *		Tests and comparisons of two samples, and what is made of their results.
 */
#include "base/br.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "functions/argument.h"
#include "functions/comparison.h"
#include "functions/moments.h"
#include "functions/row.h"
#include "functions/sample.h"
#include "stats/adjust.h"
#include "stats/paired.h"
#include "stats/ranktest.h"
#include "stats/shift.h"
#include "stats/welch.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(bench_mann_whitney);
PG_FUNCTION_INFO_V1(bench_welch_t);
PG_FUNCTION_INFO_V1(bench_moments_welch_t);
PG_FUNCTION_INFO_V1(bench_brunner_munzel);
PG_FUNCTION_INFO_V1(bench_hodges_lehmann);
PG_FUNCTION_INFO_V1(bench_paired);
PG_FUNCTION_INFO_V1(bench_p_adjust);
PG_FUNCTION_INFO_V1(bench_compare);
PG_FUNCTION_INFO_V1(bench_format_change);
PG_FUNCTION_INFO_V1(bench_verdict);

/* In the order of BrAlternative, BrRankMethod and BrAdjustment. */
static const char *const alternatives[] = {"two-sided", "less", "greater", NULL};
static const char *const methods[] = {"auto", "exact", "asymptotic", NULL};
static const char *const adjustments[] = {"holm", "bh", "bonferroni", NULL};

/* Why two samples cannot be tested; NULL if they can. */
static const char *
why_not(const BrSample *a, const BrSample *b)
{
	if (br_sample_count(a) == 0 || br_sample_count(b) == 0)
		return BR_NOTE_EMPTY;
	return br_sample_is_finite(a) && br_sample_is_finite(b) ? NULL : BR_NOTE_NOT_FINITE;
}

/* (u, p_value, a12, cliffs_delta, magnitude, method, note) */
Datum
bench_mann_whitney(PG_FUNCTION_ARGS)
{
	const BrSample *a = PG_GETARG_SAMPLE(0);
	const BrSample *b = PG_GETARG_SAMPLE(1);
	BrAlternative alternative = br_check_choice(PG_GETARG_DATUM(2), "alternative", alternatives);
	BrRankMethod method = br_check_choice(PG_GETARG_DATUM(3), "method", methods);
	int64		na = br_sample_count(a);
	int64		nb = br_sample_count(b);
	BrRankTest	test = {NAN, NAN, NAN, NAN, NULL, NULL, why_not(a, b)};
	BrRow		row = {0};

	if (test.note == NULL)
	{
		if (method == BR_RANK_EXACT && !br_rank_exact_fits(na, nb))
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("samples of " INT64_FORMAT " and " INT64_FORMAT " values are too large for the exact test", na, nb),
					 errdetail("Its time grows with the square of the product of the two numbers."),
					 errhint("Use the method \"asymptotic\" or \"auto\"; there is little difference between samples of that size.")));
		test = br_mann_whitney(a->values, na, b->values, nb, alternative, method);
	}
	br_row_float8(&row, test.u);
	br_row_float8(&row, test.p_value);
	br_row_float8(&row, test.a12);
	br_row_float8(&row, test.cliffs_delta);
	br_row_text(&row, test.magnitude);
	br_row_text(&row, test.method);
	br_row_text(&row, test.note);
	return br_row_return(fcinfo, &row);
}

/* (t, df, p_value, diff, note) */
static Datum
return_welch(FunctionCallInfo fcinfo, const BrWelch *test)
{
	BrRow		row = {0};

	br_row_float8(&row, test->t);
	br_row_float8(&row, test->df);
	br_row_float8(&row, test->p_value);
	br_row_float8(&row, test->diff);
	br_row_text(&row, test->note);
	return br_row_return(fcinfo, &row);
}

Datum
bench_welch_t(PG_FUNCTION_ARGS)
{
	const BrSample *a = PG_GETARG_SAMPLE(0);
	const BrSample *b = PG_GETARG_SAMPLE(1);
	BrWelch		test = {NAN, NAN, NAN, NAN, NAN, why_not(a, b)};

	if (test.note == NULL)
		test = br_welch(br_group(a->values, br_sample_count(a)), br_group(b->values, br_sample_count(b)));
	return return_welch(fcinfo, &test);
}

/* Of at least one number; where all are equal, as br_group() has it. */
static BrGroup
group_of(const BrMoments *moments)
{
	if (moments->n > 1 && moments->min == moments->max)
		return (BrGroup) {moments->n, moments->min, 0};
	return (BrGroup) {moments->n, br_moments_mean(moments), sqrt(br_moments_variance(moments))};
}

Datum
bench_moments_welch_t(PG_FUNCTION_ARGS)
{
	const BrMoments *a = PG_GETARG_MOMENTS(0);
	const BrMoments *b = PG_GETARG_MOMENTS(1);
	BrWelch		test = {NAN, NAN, NAN, NAN, NAN, NULL};

	if (a->n == 0 || b->n == 0)
		test.note = BR_NOTE_EMPTY;
	else if (!br_moments_are_of_finite(a) || !br_moments_are_of_finite(b))
		test.note = BR_NOTE_NOT_FINITE;
	else
		test = br_welch(group_of(a), group_of(b));
	return return_welch(fcinfo, &test);
}

static double
check_alpha(double alpha)
{
	if (!(alpha > 0 && alpha < 1))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("alpha %g is not between 0 and 1", alpha),
				 errhint("It is the chance of a false alarm, usually 0.05.")));
	return alpha;
}

/* (t, df, p_value, a12, note) */
Datum
bench_brunner_munzel(PG_FUNCTION_ARGS)
{
	const BrSample *a = PG_GETARG_SAMPLE(0);
	const BrSample *b = PG_GETARG_SAMPLE(1);
	BrPlacementTest test = {NAN, NAN, NAN, NAN, why_not(a, b)};
	BrRow		row = {0};

	if (test.note == NULL)
		test = br_brunner_munzel(a->values, br_sample_count(a), b->values, br_sample_count(b));
	br_row_float8(&row, test.t);
	br_row_float8(&row, test.df);
	br_row_float8(&row, test.p_value);
	br_row_float8(&row, test.a12);
	br_row_text(&row, test.note);
	return br_row_return(fcinfo, &row);
}

/* (shift, lo, hi, actual_conf, note) */
Datum
bench_hodges_lehmann(PG_FUNCTION_ARGS)
{
	const BrSample *a = PG_GETARG_SAMPLE(0);
	const BrSample *b = PG_GETARG_SAMPLE(1);
	double		conf = br_check_confidence(PG_GETARG_FLOAT8(2));
	BrShift		shift = {NAN, NAN, NAN, NAN, why_not(a, b)};
	BrRow		row = {0};

	if (shift.note == NULL)
		shift = br_hodges_lehmann(a->values, br_sample_count(a), b->values, br_sample_count(b), conf);
	br_row_float8(&row, shift.shift);
	br_row_float8(&row, shift.lo);
	br_row_float8(&row, shift.hi);
	br_row_float8(&row, shift.actual);
	br_row_text(&row, shift.note);
	return br_row_return(fcinfo, &row);
}

/* Of two arrays the pairs of which neither element is NULL; result->n is how many. */
static BrPaired
compare_pairs(ArrayType *a, ArrayType *b, double conf)
{
	Datum	   *elements[2];
	bool	   *nulls[2];
	int			n[2];
	double	   *values[2];
	int64		kept = 0;
	bool		finite = true;

	deconstruct_array(a, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &elements[0], &nulls[0], &n[0]);
	deconstruct_array(b, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &elements[1], &nulls[1], &n[1]);
	if (n[0] != n[1])
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("arrays of %d and %d elements are no pairs", n[0], n[1]),
				 errhint("Elements of the same place belong together; where one is missing, put NULL.")));
	for (int side = 0; side < 2; side++)
		values[side] = palloc(Max(n[side], 1) * sizeof(double));
	for (int i = 0; i < n[0]; i++)
	{
		if (nulls[0][i] || nulls[1][i])
			continue;
		for (int side = 0; side < 2; side++)
		{
			values[side][kept] = DatumGetFloat8(elements[side][i]);
			finite = finite && isfinite(values[side][kept]);
		}
		kept++;
	}
	if (!finite)
		return (BrPaired) {kept, NAN, NAN, NAN, NAN, NAN, NULL, BR_NOTE_NOT_FINITE};
	return br_paired(values[0], values[1], kept, conf);
}

/* (n, ratio, ratio_lo, ratio_hi, change, w, p_value, method, note) */
Datum
bench_paired(PG_FUNCTION_ARGS)
{
	BrPaired	paired = compare_pairs(PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_ARRAYTYPE_P(1),
									   br_check_confidence(PG_GETARG_FLOAT8(2)));
	BrRow		row = {0};

	br_row_int8(&row, paired.n);
	br_row_float8(&row, paired.ratio);
	br_row_float8(&row, paired.ratio_lo);
	br_row_float8(&row, paired.ratio_hi);
	br_row_float8(&row, paired.ratio - 1);
	br_row_float8(&row, paired.w);
	br_row_float8(&row, paired.p_value);
	br_row_text(&row, paired.method);
	br_row_text(&row, paired.note);
	return br_row_return(fcinfo, &row);
}

/* An array of the shape of the one given; NULLs stay where they are and do not count. */
Datum
bench_p_adjust(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	BrAdjustment adjustment = br_check_choice(PG_GETARG_DATUM(1), "method", adjustments);
	Datum	   *elements;
	bool	   *nulls;
	int			n;
	int			kept = 0;
	double	   *p;

	deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &elements, &nulls, &n);
	p = palloc(Max(n, 1) * sizeof(double));
	for (int i = 0; i < n; i++)
	{
		double		value = nulls[i] ? 0 : DatumGetFloat8(elements[i]);

		if (isnan(value) || value < 0 || value > 1)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("p-value %g is not between 0 and 1", value),
					 errdetail("It is the element %d of the array.", i + 1),
					 errhint("NULL stands for a test that was not made.")));
		if (!nulls[i])
			p[kept++] = value;
	}
	br_adjust(p, kept, adjustment);
	kept = 0;
	for (int i = 0; i < n; i++)
		if (!nulls[i])
			elements[i] = Float8GetDatum(p[kept++]);
	PG_RETURN_ARRAYTYPE_P(construct_md_array(elements, nulls, ARR_NDIM(array), ARR_DIMS(array), ARR_LBOUND(array),
											 FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

static double
effect_argument(FunctionCallInfo fcinfo, int argument)
{
	double		effect = PG_GETARG_FLOAT8(argument);

	if (!isfinite(effect) || effect < 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("min_effect %g is not 0 or greater", effect),
				 errhint("A change of 2 %% is 0.02.")));
	return effect;
}

BrCompareOptions
br_compare_arguments(FunctionCallInfo fcinfo, int first)
{
	BrCompareOptions options;

	for (int i = first; i < first + 4; i++)
		if (PG_ARGISNULL(i))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("conf, alpha, min_effect and lower_is_better must not be NULL"),
					 errhint("They are usually 0.95, 0.05, 0 and true.")));
	options.conf = br_check_confidence(PG_GETARG_FLOAT8(first));
	options.alpha = check_alpha(PG_GETARG_FLOAT8(first + 1));
	options.min_effect = effect_argument(fcinfo, first + 2);
	options.lower_is_better = PG_GETARG_BOOL(first + 3);
	return options;
}

Datum
br_return_comparison(FunctionCallInfo fcinfo, const BrComparison *comparison)
{
	BrRow		row = {0};

	br_row_int8(&row, comparison->n_a);
	br_row_int8(&row, comparison->n_b);
	br_row_float8(&row, comparison->median_a);
	br_row_float8(&row, comparison->median_b);
	br_row_float8(&row, comparison->ratio);
	br_row_float8(&row, comparison->ratio_lo);
	br_row_float8(&row, comparison->ratio_hi);
	br_row_float8(&row, comparison->change);
	br_row_float8(&row, comparison->p_value);
	br_row_float8(&row, comparison->cliffs_delta);
	br_row_text(&row, comparison->verdict);
	br_row_text(&row, comparison->note);
	return br_row_return(fcinfo, &row);
}

Datum
bench_compare(PG_FUNCTION_ARGS)
{
	const BrSample *a = PG_GETARG_SAMPLE(0);
	const BrSample *b = PG_GETARG_SAMPLE(1);
	BrCompareOptions options = br_compare_arguments(fcinfo, 2);
	BrComparison comparison = br_compare(a->values, br_sample_count(a), b->values, br_sample_count(b), &options);

	return br_return_comparison(fcinfo, &comparison);
}

/* As a cell of benchstat's tables. */
Datum
bench_format_change(PG_FUNCTION_ARGS)
{
	double		change = PG_GETARG_FLOAT8(0);
	double		p = PG_GETARG_FLOAT8(1);
	int64		na = PG_GETARG_INT64(2);
	int64		nb = PG_GETARG_INT64(3);
	StringInfoData cell;

	initStringInfo(&cell);
	if (!(p < check_alpha(PG_GETARG_FLOAT8(4))))
		appendStringInfoChar(&cell, '~');
	else if (!isfinite(change))
		appendStringInfoChar(&cell, '?');
	else
		appendStringInfo(&cell, "%+.2f%%", 100 * change);
	appendStringInfo(&cell, " (p=%.3f n=" INT64_FORMAT, p, na);
	if (na != nb)
		appendStringInfo(&cell, "+" INT64_FORMAT, nb);
	appendStringInfoChar(&cell, ')');
	PG_RETURN_TEXT_P(cstring_to_text_with_len(cell.data, cell.len));
}

/* An argument that may be NULL, as where there is no figure. */
static double
figure_argument(FunctionCallInfo fcinfo, int argument)
{
	return PG_ARGISNULL(argument) ? NAN : PG_GETARG_FLOAT8(argument);
}

/* (verdict, note) of figures that were computed elsewhere, or adjusted. */
Datum
bench_verdict(PG_FUNCTION_ARGS)
{
	BrCompareOptions options;
	BrVerdict	verdict;
	BrRow		row = {0};

	for (int i = 3; i < 6; i++)
		if (PG_ARGISNULL(i))
			PG_RETURN_NULL();
	options = BR_COMPARE_DEFAULTS;
	options.alpha = check_alpha(PG_GETARG_FLOAT8(3));
	options.min_effect = effect_argument(fcinfo, 4);
	options.lower_is_better = PG_GETARG_BOOL(5);
	verdict = br_verdict(figure_argument(fcinfo, 0), figure_argument(fcinfo, 1), figure_argument(fcinfo, 2), &options);
	br_row_text(&row, verdict.verdict);
	br_row_text(&row, verdict.note);
	return br_row_return(fcinfo, &row);
}
