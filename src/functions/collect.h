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

/*
 * In a window whose frame moves, values leave in the order in which they came:
 * then the order of the buffer does matter.
 */
typedef struct BrCollected
{
	BrBuffer	buffer;
	int64		gone;			/* values at the start that have left the frame */
	bool		moves;
	/* what else the aggregate was given, the same in every row */
	Datum		argument;
	bool		argument_is_null;
	bool		has_argument;
	bool		argument_by_value;
	int16		argument_length;
} BrCollected;

/*
 * The state that a final function is given, to reorder as it likes; NULL if there
 * is no value. Of a moving frame it is a copy in the current context.
 */
extern BrCollected *br_collected(FunctionCallInfo fcinfo);

#endif							/* BR_COLLECT_H */
