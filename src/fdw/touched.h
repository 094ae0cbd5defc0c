/*
 * touched.h
 *		Which items a statement has changed already.
 */
#ifndef BR_TOUCHED_H
#define BR_TOUCHED_H

#include "base/br.h"
#include "dynamodb/request.h"

typedef struct BrTouched BrTouched;

/* In a context of its own below the given one. */
extern BrTouched *br_touched_create(MemoryContext context);

/* False if the key was there already. Keys take some 50 bytes each, however long they are. */
extern bool br_touch(BrTouched *touched, const BrKey *key);

#endif							/* BR_TOUCHED_H */
