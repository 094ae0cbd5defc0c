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

/*
 * The first argument, to be changed and returned: in an aggregate the state
 * itself, else a copy in the current context.
 */
extern BrMoments *br_moments_for_change(FunctionCallInfo fcinfo);

#endif							/* BR_FUNCTIONS_MOMENTS_H */
