/*
 * encode.h
 *		From a Datum of a column's type to the value of an attribute: the way
 *		back of datum.h.
 */
#ifndef BR_ENCODE_H
#define BR_ENCODE_H

#include "base/br.h"
#include "access/template.h"
#include "dynamodb/span.h"
#include "fdw/relation.h"
#include "fmgr.h"

/* How to write values of one column. */
typedef struct BrEncoder BrEncoder;
typedef void (*BrEncodeFn) (const BrEncoder *encoder, Datum value, StringInfo out);

struct BrEncoder
{
	BrEncodeFn	encode;
	const BrColumn *column;		/* for messages */
	Oid			type;			/* of the value, or of the elements of an array */
	BrTimeFormat format;
	FmgrInfo	output;

	/* arrays */
	const BrEncoder *element;
	int16		elmlen;
	bool		elmbyval;
	char		elmalign;
};

/* Everything in the current context; column must live as long. */
extern void br_encoder_init(BrEncoder *encoder, const BrColumn *column);

/*
 * Appends a value that is not NULL as DynamoDB's JSON: {"S":"x"}.  Raises an error,
 * which names the column, where DynamoDB has no such value.
 */
extern void br_encode(const BrEncoder *encoder, Datum value, StringInfo out);

/* As a part of a key, or a key: UTF-8, in the current context. */
extern BrText br_encode_key(const BrEncoder *encoder, BrType type, Datum value);

/* Appends {"S":"..."} and the like: text is UTF-8. */
extern void br_append_value(StringInfo out, BrType type, const char *text, size_t len);

#endif							/* BR_ENCODE_H */
