/*
 * datum.h
 *		From the value of an attribute to a Datum of a column's type.
 */
#ifndef BR_DATUM_H
#define BR_DATUM_H

#include "base/br.h"
#include "access/template.h"
#include "dynamodb/span.h"
#include "dynamodb/time.h"
#include "fmgr.h"

typedef enum BrMade
{
	BR_MADE_VALUE,
	BR_MADE_NULL,
	BR_MADE_MISMATCH,			/* an attribute of another type than expected */
	BR_MADE_OUT_OF_RANGE,		/* a number that the type cannot hold exactly */
	BR_MADE_FAILED				/* see *err */
} BrMade;

/* How to make values of one type. */
typedef struct BrMaker BrMaker;
typedef BrMade (*BrMakeFn) (BrMaker *maker, const BrSpan *span, Datum *value, BrError *err);

struct BrMaker
{
	BrMakeFn	make;
	const char *expects;		/* for messages: "N", "S", ... */
	Oid			type;
	int32		typmod;
	BrTimeFormat format;		/* of timestamps */
	StringInfo	scratch;		/* for unescaping, reused */

	/* types that are read by their input function */
	FmgrInfo	input;
	Oid			ioparam;

	/* arrays */
	struct BrMaker *element;
};

/* Everything in the current context. */
extern void br_maker_init(BrMaker *maker, Oid type, int32 typmod, BrTimeFormat format);

/* What a part of a key says: text, whatever the column's type. */
extern BrMade br_make_from_key(BrMaker *maker, BrText text, Datum *value, BrError *err);

#endif							/* BR_DATUM_H */
