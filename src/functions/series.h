/*
 * series.h
 *		Values in the order of time, from a double precision[].
 */
#ifndef BR_SERIES_H
#define BR_SERIES_H

#include "base/br.h"
#include "fmgr.h"

/* The points that are there. All in the current context. */
typedef struct BrSeries
{
	int64		length;			/* with those that are missing */
	int64		n;				/* without */
	double	   *values;			/* finite */
	int64	   *places;			/* of each in the input, from 1, ascending */
} BrSeries;

/* All elements, with NaN for NULL. */
extern double *br_array_values(Datum array, int64 *n);

/* All elements but NULLs. */
extern double *br_array_present_values(Datum array, int64 *n);

/* Without what is not finite: a NaN is a point that is missing. */
extern BrSeries br_series(const double *values, int64 n);

/* The same of an array. */
extern BrSeries br_series_from_datum(Datum array);

#define PG_GETARG_SERIES(n) br_series_from_datum(PG_GETARG_DATUM(n))

#endif							/* BR_SERIES_H */
