/*
 * row.h
 *		Rows that functions with OUT arguments return, filled from left to right.
 */
#ifndef BR_ROW_H
#define BR_ROW_H

#include "base/br.h"
#include "fmgr.h"

#define BR_ROW_MAX_COLUMNS 24

/* { 0 } is an empty one. */
typedef struct BrRow
{
	int			n;
	Datum		values[BR_ROW_MAX_COLUMNS];
	bool		nulls[BR_ROW_MAX_COLUMNS];
} BrRow;

/* The next column. NaN is how src/stats says that there is no figure: it becomes NULL. */
extern void br_row_float8(BrRow *row, double value);
extern void br_row_int8(BrRow *row, int64 value);
extern void br_row_int4(BrRow *row, int32 value);
extern void br_row_bool(BrRow *row, bool value);

/* Copies the text; NULL is NULL. */
extern void br_row_text(BrRow *row, const char *value);
extern void br_row_null(BrRow *row);

/* The row as the result of a function that returns one; in the current context. */
extern Datum br_row_return(FunctionCallInfo fcinfo, BrRow *row);

/* The row as the next one of a function that returns a set, after InitMaterializedSRF(); its values are freed. */
extern void br_row_put(FunctionCallInfo fcinfo, BrRow *row);

#endif							/* BR_ROW_H */
