/*
 * row.c
 *		Values of C as the columns of a row.
 */
#include "base/br.h"

#include <math.h>

#include "access/htup_details.h"
#include "funcapi.h"
#include "functions/row.h"
#include "utils/builtins.h"

static void
add(BrRow *row, Datum value, bool null)
{
	Assert(row->n < BR_ROW_MAX_COLUMNS);
	row->values[row->n] = value;
	row->nulls[row->n++] = null;
}

void
br_row_float8(BrRow *row, double value)
{
	if (isnan(value))
		br_row_null(row);
	else
		add(row, Float8GetDatum(value), false);
}

void
br_row_int8(BrRow *row, int64 value)
{
	add(row, Int64GetDatum(value), false);
}

void
br_row_int4(BrRow *row, int32 value)
{
	add(row, Int32GetDatum(value), false);
}

void
br_row_bool(BrRow *row, bool value)
{
	add(row, BoolGetDatum(value), false);
}

void
br_row_text(BrRow *row, const char *value)
{
	if (value == NULL)
		br_row_null(row);
	else
		add(row, CStringGetTextDatum(value), false);
}

void
br_row_null(BrRow *row)
{
	add(row, (Datum) 0, true);
}

Datum
br_row_return(FunctionCallInfo fcinfo, BrRow *row)
{
	TupleDesc	descriptor;

	if (get_call_result_type(fcinfo, NULL, &descriptor) != TYPEFUNC_COMPOSITE || descriptor->natts != row->n)
		elog(ERROR, "the function is not declared as it was compiled");
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(descriptor), row->values, row->nulls));
}

void
br_row_put(FunctionCallInfo fcinfo, BrRow *row)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	if (result->setDesc->natts != row->n)
		elog(ERROR, "the function is not declared as it was compiled");
	CHECK_FOR_INTERRUPTS();
	tuplestore_putvalues(result->setResult, result->setDesc, row->values, row->nulls);
	/* there may be millions of rows */
	for (int i = 0; i < row->n; i++)
		if (!row->nulls[i] && !TupleDescAttr(result->setDesc, i)->attbyval)
			pfree(DatumGetPointer(row->values[i]));
}
