/*
 * argument.h
 *		Arguments that several functions take, checked in one way.
 */
#ifndef BR_ARGUMENT_H
#define BR_ARGUMENT_H

#include "base/br.h"
#include "fmgr.h"
#include "stats/outlier.h"

/* p as a percentile: an error unless it is between 0 and 1. */
extern double br_check_percentile(double p);

/* The confidence of an interval: an error unless it is between 0 and 1, both excluded. */
extern double br_check_confidence(double conf);

/* How many resamples: an error unless there are some, and they fit into memory. */
extern int	br_check_resamples(int resamples);

/* The elements of a double precision[]; nulls[i] marks NULLs. Those that are not NULL are checked. */
extern double *br_percentile_array(Datum array, bool **nulls, int *n);

/* Percentiles as an array of the shape of the one that asks for them, NULL where that is. */
extern Datum br_percentiles_shaped_as(Datum array, const double *values, bool *nulls, int n);

/* A rule for outliers by its name, of a Datum of type text; an error lists the names. */
extern BrOutlierRule br_check_outlier_rule(Datum name);

/*
 * The place of a Datum of type text in a list of names that ends with NULL; an
 * error, which calls it a "what", lists them.
 */
extern int	br_check_choice(Datum name, const char *what, const char *const *names);

#endif							/* BR_ARGUMENT_H */
