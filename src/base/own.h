/*
 * own.h
 *		Owners for what C libraries allocate.
 *
 * palloc may throw, and a throw passes every frame between: a json_t, a curl
 * handle or a malloc'ed buffer that is live then would leak.  So such an
 * object gets an owner in the current memory context first:
 *
 *		BrOwned    *root = br_own((BrFreeFn) json_decref);
 *
 *		root->ptr = json_loads(...);
 *
 * When the context is reset or deleted, free_fn is called on a non-NULL ptr.
 * br_release() does it earlier.  In a frontend program the owners live until
 * fe_reset() of test/unit/fe_alloc.c.
 */
#ifndef BR_OWN_H
#define BR_OWN_H

#include "base/br.h"

typedef void (*BrFreeFn) (void *ptr);

typedef struct BrOwned
{
	void	   *ptr;			/* what is owned; NULL: nothing (any more) */
	BrFreeFn	free_fn;		/* must not throw */
#ifndef FRONTEND
	MemoryContextCallback callback;
#endif
} BrOwned;

extern BrOwned *br_own(BrFreeFn free_fn);
extern void br_release(BrOwned *owned);

#endif							/* BR_OWN_H */
