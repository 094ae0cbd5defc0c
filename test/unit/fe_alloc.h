/*
 * fe_alloc.h
 *		Memory of a unit test: everything lives until fe_reset().
 */
#ifndef FE_ALLOC_H
#define FE_ALLOC_H

/*
 * Releases what br_own() owners still hold, newest first, then frees every
 * palloc'd block: what the reset of a memory context does in a backend.
 */
extern void fe_reset(void);

/* Blocks palloc'd and not yet freed, to show that something allocates nothing. */
extern size_t fe_blocks(void);

#endif							/* FE_ALLOC_H */
