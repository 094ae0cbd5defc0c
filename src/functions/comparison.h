/*
 * comparison.h
 *		What the comparisons as functions and as aggregates share.
 */
#ifndef BR_COMPARISON_H
#define BR_COMPARISON_H

#include "base/br.h"
#include "fmgr.h"
#include "stats/compare.h"

/* What the functions take where they are not told. */
#define BR_COMPARE_DEFAULTS ((BrCompareOptions) {0.95, 0.05, 0, true})

/* The arguments conf, alpha, min_effect and lower_is_better, from that number on; an error if one is out of bounds. */
extern BrCompareOptions br_compare_arguments(FunctionCallInfo fcinfo, int first);

/* As the result of a function that returns a bench_comparison. */
extern Datum br_return_comparison(FunctionCallInfo fcinfo, const BrComparison *comparison);

#endif							/* BR_COMPARISON_H */
