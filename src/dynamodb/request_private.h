/*
 * request_private.h
 *		What the bodies of reads and of writes have in common.
 *
 * Private to request.c and write.c.
 */
#ifndef BR_REQUEST_PRIVATE_H
#define BR_REQUEST_PRIVATE_H

#include "dynamodb/request.h"

/* A JSON string. */
extern void br_body_text(StringInfo out, const char *text);

/* An object of one or two attributes. */
extern void br_body_key(StringInfo out, const BrKey *key);

/* A comma and the member with this expression; nothing if cond is NULL. */
extern void br_body_condition(StringInfo out, BrPlaceholders *ph, const char *member,
							  const BrCondition *cond);

/*
 * A comma and the members that say what the placeholders stand for, as far as
 * there are any: the service refuses one that no expression uses, and an empty
 * map.
 */
extern void br_body_placeholders(StringInfo out, const BrPlaceholders *ph);

/* A comma and the wish to be told of the units charged. */
extern void br_body_capacity(StringInfo out);

#endif							/* BR_REQUEST_PRIVATE_H */
