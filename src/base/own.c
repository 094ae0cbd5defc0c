/*
 * own.c
 *		Owners in a backend: reset callbacks of the current memory context.
 *
 * Their frontend twin is test/unit/fe_alloc.c.
 */
#include "base/br.h"

#include "base/own.h"

static void
release_on_reset(void *arg)
{
	br_release(arg);
}

BrOwned *
br_own(BrFreeFn free_fn)
{
	BrOwned    *owned = palloc0(sizeof(BrOwned));

	owned->free_fn = free_fn;
	owned->callback.func = release_on_reset;
	owned->callback.arg = owned;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &owned->callback);
	return owned;
}

void
br_release(BrOwned *owned)
{
	void	   *ptr = owned->ptr;

	owned->ptr = NULL;
	if (ptr != NULL)
		owned->free_fn(ptr);
}
