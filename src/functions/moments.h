/*
 * moments.h
 *		benchmoments as an argument of functions.
 */
#ifndef BR_FUNCTIONS_MOMENTS_H
#define BR_FUNCTIONS_MOMENTS_H

#include "base/br.h"
#include "fmgr.h"
#include "stats/moments.h"

#define PG_GETARG_MOMENTS(n) ((BrMoments *) PG_GETARG_POINTER(n))

/* The first argument with one more number: the transition of an aggregate. */
extern Datum br_moments_accum(FunctionCallInfo fcinfo, double x);

#endif							/* BR_FUNCTIONS_MOMENTS_H */
