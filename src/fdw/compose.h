/*
 * compose.h
 *		Items and keys from rows.
 *
 * The keys are made of the columns by the templates, and with them whatever the
 * suite writes beside them: itemType, and each part of a key as an attribute.
 * Where a column gives the whole item, nothing is added to it but what other
 * columns give and it lacks; what is given twice must be the same.
 */
#ifndef BR_COMPOSE_H
#define BR_COMPOSE_H

#include "base/br.h"
#include "dynamodb/write.h"
#include "executor/tuptable.h"
#include "fdw/encode.h"
#include "fdw/relation.h"

typedef struct BrComposer
{
	const BrRelation *rel;
	BrEncoder  *encoders;		/* [attnum - 1] */
	struct BrConverter *converter;	/* of all columns; NULL: never needed so far */
	MemoryContext context;		/* of this */
} BrComposer;

/* Everything in the current context; rel must live as long. */
extern BrComposer *br_composer_create(const BrRelation *rel);

/*
 * The PutItem of a row (all columns; NULL is "not given"), in the current context,
 * on condition that there is no such item unless the table is one of upserts.
 * Raises an error that names the column where the row is no item.
 */
extern void br_compose_put(BrComposer *composer, const Datum *values, const bool *nulls,
						   BrWrite *write);

/* The key of a row of which the columns that make it are given. */
extern void br_compose_key(const BrComposer *composer, const Datum *values, const bool *nulls,
						   BrKey *key);

/* Condition that an item with this key is there (BR_COND_EXISTS), or is not. */
extern BrCondition *br_compose_presence(const BrRelation *rel, BrConditionOp op);

/* Fills a row from an item that was written, with memory of the current context. */
extern void br_compose_row(BrComposer *composer, const char *item, size_t len,
						   TupleTableSlot *slot);

#endif							/* BR_COMPOSE_H */
