/*
 * argument.c
 *		Errors for arguments that are out of bounds.
 */
#include "base/br.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "functions/argument.h"
#include "utils/array.h"
#include "utils/builtins.h"

#define BR_MAX_RESAMPLES 10000000

double
br_check_percentile(double p)
{
	if (isnan(p) || p < 0 || p > 1)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("percentile value %g is not between 0 and 1", p),
				 errhint("The 99th percentile is 0.99.")));
	return p;
}

double
br_check_confidence(double conf)
{
	if (!(conf > 0 && conf < 1))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("confidence %g is not between 0 and 1", conf),
				 errhint("A confidence of 95 percent is 0.95.")));
	return conf;
}

int
br_check_resamples(int resamples)
{
	if (resamples < 1 || resamples > BR_MAX_RESAMPLES)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the number of resamples %d is not between 1 and %d", resamples, BR_MAX_RESAMPLES),
				 errhint("10000 are enough for two digits of a bound.")));
	return resamples;
}

double *
br_percentile_array(Datum array, bool **nulls, int *n)
{
	Datum	   *elements;
	double	   *p;

	deconstruct_array(DatumGetArrayTypeP(array), FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &elements, nulls, n);
	p = palloc0(Max(*n, 1) * sizeof(double));
	for (int i = 0; i < *n; i++)
		if (!(*nulls)[i])
			p[i] = br_check_percentile(DatumGetFloat8(elements[i]));
	return p;
}

Datum
br_percentiles_shaped_as(Datum array, const double *values, bool *nulls, int n)
{
	ArrayType  *shape = DatumGetArrayTypeP(array);
	Datum	   *elements = palloc(Max(n, 1) * sizeof(Datum));

	for (int i = 0; i < n; i++)
		elements[i] = nulls[i] ? (Datum) 0 : Float8GetDatum(values[i]);
	return PointerGetDatum(construct_md_array(elements, nulls, ARR_NDIM(shape), ARR_DIMS(shape), ARR_LBOUND(shape),
											  FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

BrOutlierRule
br_check_outlier_rule(Datum name)
{
	char	   *asked = TextDatumGetCString(name);
	BrOutlierRule rule;

	if (!br_outlier_rule(asked, &rule))
	{
		StringInfoData names;

		initStringInfo(&names);
		for (int i = 0; i < BR_OUTLIER_RULES; i++)
			appendStringInfo(&names, "%s%s", i == 0 ? "" : ", ", br_outlier_rule_name(i));
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no rule for outliers named \"%s\"", asked),
				 errhint("Valid names: %s.", names.data)));
	}
	return rule;
}

int
br_check_choice(Datum name, const char *what, const char *const *names)
{
	char	   *chosen = TextDatumGetCString(name);
	StringInfoData list;

	for (int i = 0; names[i] != NULL; i++)
		if (strcmp(chosen, names[i]) == 0)
			return i;
	initStringInfo(&list);
	for (int i = 0; names[i] != NULL; i++)
		appendStringInfo(&list, "%s%s", i == 0 ? "" : ", ", names[i]);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("there is no %s named \"%s\"", what, chosen),
			 errhint("Valid names: %s.", list.data)));
	return -1;					/* silences compilers that do not know that it is not reached */
}
