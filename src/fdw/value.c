/*
 * value.c
 *		From Datums to the texts that requests are made of.
 */
#include "base/br.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "datatype/timestamp.h"
#include "executor/executor.h"
#include "fdw/value.h"
#include "mb/pg_wchar.h"
#include "nodes/nodeFuncs.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

static void
init_type(BrValueType *type, const BrRelation *rel, const BrPredicate *pred, Oid oid)
{
	const BrColumn *column;
	Oid			output;
	bool		is_varlena;

	type->is_array = pred->op == BR_PRED_IN || pred->op == BR_PRED_NOT_IN;
	if (type->is_array)
	{
		oid = type->element = get_base_element_type(oid);
		get_typlenbyvalalign(oid, &type->elmlen, &type->elmbyval, &type->elmalign);
	}
	getTypeOutputInfo(oid, &output, &is_varlena);
	fmgr_info(output, &type->output);
	type->is_low = pred->op == BR_PRED_GE || pred->op == BR_PRED_GT;
	if (pred->column == 0)
		return;
	column = br_relation_column(rel, pred->column);
	if (oid == TIMESTAMPTZOID && column->type == TIMESTAMPTZOID)
		type->format = column->format;
	else if (oid == FLOAT4OID || oid == FLOAT8OID)
	{
		type->value_type = oid;
		type->float_type = column->type;
	}
}

BrValueType *
br_value_types(const BrRelation *rel, BrPredicates predicates, List *exprs)
{
	BrValueType *types = palloc0(sizeof(BrValueType) * Max(list_length(exprs), 1));

	for (int i = 0; i < predicates.n; i++)
	{
		const BrPredicate *pred = &predicates.list[i];

		if (pred->value >= 0)
			init_type(&types[pred->value], rel, pred,
					  exprType(list_nth(exprs, pred->value)));
	}
	return types;
}

/* Times are counted from 1970 and bounds widened, by about a day at most. */
#define MAX_BOUND	(PG_INT64_MAX - BR_UNIX_EPOCH_US - 2 * USECS_PER_DAY)

static BrText
text_of_bound(const BrValueType *type, TimestampTz when)
{
	StringInfoData out;

	/* at the end of PostgreSQL's times there is no room for another epoch */
	if (TIMESTAMP_NOT_FINITE(when) || when >= MAX_BOUND)
		return (BrText) {NULL, 0};
	initStringInfo(&out);
	br_time_append_bound(&out, type->format, when + BR_UNIX_EPOCH_US, type->is_low);
	return (BrText) {out.data, out.len};
}

/* All digits of a number, and no exponent, for bounds are compared with each other. */
static char *
plain_decimal(double number)
{
	Datum		numeric = DirectFunctionCall3(numeric_in,
											  CStringGetDatum(psprintf("%.17g", number)),
											  ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));

	return DatumGetCString(DirectFunctionCall1(numeric_out, numeric));
}

/*
 * A stored number is rounded to the nearest float, so all that lies between the
 * neighbours of a float may have become it.
 */
static BrText
text_of_float_bound(const BrValueType *type, Datum value)
{
	double		bound = type->value_type == FLOAT4OID ? DatumGetFloat4(value)
		: DatumGetFloat8(value);
	double		towards = type->is_low ? -HUGE_VAL : HUGE_VAL;
	char	   *text;

	if (isnan(bound) || isinf(bound))
		return (BrText) {NULL, 0};
	bound = type->float_type == FLOAT4OID ? nextafterf((float) bound, (float) towards)
		: nextafter(bound, towards);
	/* beyond DynamoDB's numbers, where a bound is none */
	if (fabs(bound) > 1e125 || (bound != 0 && fabs(bound) < 1e-129))
		return (BrText) {NULL, 0};
	text = plain_decimal(bound);
	return (BrText) {text, strlen(text)};
}

static BrText
text_of(BrValueType *type, Datum value)
{
	const char *text;

	if (OidIsValid(type->float_type))
		return text_of_float_bound(type, value);

	if (type->format != BR_TIME_ANY)
		return text_of_bound(type, DatumGetTimestampTz(value));
	if (type->output.fn_oid == F_BOOLOUT)
	{
		text = DatumGetBool(value) ? "true" : "false";
		return (BrText) {text, strlen(text)};
	}
	text = OutputFunctionCall(&type->output, value);
	text = pg_server_to_any(text, strlen(text), PG_UTF8);
	return (BrText) {text, strlen(text)};
}

/* x = NULL is never true, so NULL elements do not count. */
static BrTexts
texts_of_array(BrValueType *type, ArrayType *array)
{
	Datum	   *elements;
	bool	   *nulls;
	int			nelements;
	BrText	   *list;
	int			n = 0;

	deconstruct_array(array, type->element, type->elmlen, type->elmbyval,
					  type->elmalign, &elements, &nulls, &nelements);
	list = palloc(sizeof(BrText) * Max(nelements, 1));
	for (int i = 0; i < nelements; i++)
	{
		if (!nulls[i])
			list[n++] = text_of(type, elements[i]);
	}
	return (BrTexts) {n, list};
}

BrTexts
br_value_texts(BrValueType *type, Datum value)
{
	BrText	   *text;

	if (type->is_array)
		return texts_of_array(type, DatumGetArrayTypeP(value));
	text = palloc(sizeof(BrText));
	*text = text_of(type, value);
	return (BrTexts) {1, text};
}

void
br_values_evaluate(List *exprs, BrValueType *types, ExprContext *econtext, BrTexts *values)
{
	ListCell   *lc;

	foreach(lc, exprs)
	{
		int			i = foreach_current_index(lc);
		bool		isnull;
		Datum		value = ExecEvalExpr((ExprState *) lfirst(lc), econtext, &isnull);

		values[i] = isnull ? (BrTexts) {0, NULL} : br_value_texts(&types[i], value);
	}
}
