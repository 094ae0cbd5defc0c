/*
 * collect.h
 *		The state that all aggregates over whole samples share.
 *
 * Their transition is the same function, so that PostgreSQL collects the values
 * of a column once for bench_stats(), bench_median() and the others together.
 * Their final functions may reorder the values, which nobody can see, but never
 * change or drop one: the state may grow on, as in a window.
 */
#ifndef BR_COLLECT_H
#define BR_COLLECT_H

#include "base/br.h"
#include "fmgr.h"
#include "functions/buffer.h"

typedef struct BrCollected
{
	BrBuffer	buffer;
	/* what else the aggregate was given, the same in every row */
	Datum		argument;
	bool		argument_is_null;
	bool		has_argument;
	bool		argument_by_value;
	int16		argument_length;
} BrCollected;

/* The state that a final function is given; NULL if there was no value. */
extern BrCollected *br_collected(FunctionCallInfo fcinfo);

#endif							/* BR_COLLECT_H */
