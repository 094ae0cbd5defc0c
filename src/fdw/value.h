/*
 * value.h
 *		The values that predicates compare with, as DynamoDB has them.
 */
#ifndef BR_VALUE_OF_PREDICATE_H
#define BR_VALUE_OF_PREDICATE_H

#include "base/br.h"
#include "access/choose.h"
#include "fdw/relation.h"
#include "fmgr.h"
#include "nodes/execnodes.h"

/* How the value of an expression becomes text. */
typedef struct BrValueType
{
	FmgrInfo	output;			/* of the value, or of an array's elements */
	bool		is_array;		/* the predicate is an IN */
	Oid			element;
	int16		elmlen;
	bool		elmbyval;
	char		elmalign;

	/* bounds of timestamps */
	BrTimeFormat format;		/* BR_TIME_ANY: no timestamp */
	bool		is_low;			/* also of floats */
	Oid			value_type;		/* FLOAT4OID or FLOAT8OID */
	Oid			float_type;		/* of the column; invalid: no float */
} BrValueType;

/* One for each expression, in the current context. */
extern BrValueType *br_value_types(const BrRelation *rel, BrPredicates predicates,
								   List *exprs);

/*
 * The texts of a value that is not NULL, in the current context. NULL elements
 * of an array are left out. A bound that is no bound (infinity) has no ptr.
 */
extern BrTexts br_value_texts(BrValueType *type, Datum value);

/* Evaluates the expressions (ExprStates); none where one is NULL. */
extern void br_values_evaluate(List *exprs, BrValueType *types, ExprContext *econtext,
							   BrTexts *values);

#endif							/* BR_VALUE_OF_PREDICATE_H */
