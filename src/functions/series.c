/*
 * series.c
 *		Which elements of an array are points of a series.
 */
#include "base/br.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "functions/series.h"
#include "utils/array.h"
#include "utils/memutils.h"

static double *
array_values(Datum array, bool keep_nulls, int64 *n)
{
	Datum	   *elements;
	bool	   *nulls;
	int			count;
	double	   *values;

	deconstruct_array(DatumGetArrayTypeP(array), FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &elements, &nulls, &count);
	values = palloc_extended(Max(count, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	*n = 0;
	for (int i = 0; i < count; i++)
		if (!nulls[i])
			values[(*n)++] = DatumGetFloat8(elements[i]);
		else if (keep_nulls)
			values[(*n)++] = NAN;
	return values;
}

double *
br_array_values(Datum array, int64 *n)
{
	return array_values(array, true, n);
}

double *
br_array_present_values(Datum array, int64 *n)
{
	return array_values(array, false, n);
}

BrSeries
br_series(const double *values, int64 n)
{
	BrSeries	series = {.length = n};

	series.values = palloc_extended(Max(n, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	series.places = palloc_extended(Max(n, 1) * sizeof(int64), MCXT_ALLOC_HUGE);
	for (int64 i = 0; i < n; i++)
		if (isfinite(values[i]))
		{
			series.values[series.n] = values[i];
			series.places[series.n++] = i + 1;
		}
	return series;
}

BrSeries
br_series_from_datum(Datum array)
{
	int64		n;
	double	   *values = br_array_values(array, &n);

	return br_series(values, n);
}
