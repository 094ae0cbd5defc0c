/*
 * object.h
 *		Objects of jsonb, built member by member.
 */
#ifndef BR_OBJECT_H
#define BR_OBJECT_H

#include "base/br.h"
#include "utils/jsonb.h"

typedef struct BrObject
{
	JsonbParseState *state;
} BrObject;

extern void br_object_begin(BrObject *object);

/* Keys must last until the end. NaN and infinities, which jsonb cannot hold, become null. */
extern void br_object_number(BrObject *object, const char *key, double value);
extern void br_object_integer(BrObject *object, const char *key, int64 value);
extern void br_object_bool(BrObject *object, const char *key, bool value);
extern void br_object_text(BrObject *object, const char *key, const char *value);

/* In the current context. */
extern Jsonb *br_object_end(BrObject *object);

/*
 * The number under a key of an object; NaN if there is none. *found tells a null
 * from a number, and false means that there is no such key.
 */
extern double br_object_get_number(Jsonb *object, const char *key, bool *found);

#endif							/* BR_OBJECT_H */
