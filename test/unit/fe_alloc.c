/*
 * fe_alloc.c
 *		palloc and br_own for plain programs, over lists that fe_reset() empties.
 *
 * Pure code allocates as in a memory context and does not free, which a leak
 * checker would report.  So this file takes the place of libpgcommon's
 * fe_memutils.o.  It must define every symbol that object does: were one
 * missing and needed, the linker would pull that object in as well and find all
 * the others defined twice.  Each block is a malloc of its own, so that
 * AddressSanitizer sees where it ends.
 */
#include "base/br.h"

#include "base/own.h"
#include "fe_alloc.h"

/* Stands before each block; 16 bytes, so that blocks stay aligned. */
typedef struct Block
{
	struct Block *prev;
	struct Block *next;
} Block;

typedef struct Owner
{
	BrOwned		owned;
	struct Owner *next;
} Owner;

StaticAssertDecl(sizeof(Block) % MAXIMUM_ALIGNOF == 0, "blocks must stay aligned");

static Block blocks = {&blocks, &blocks};
static Owner *owners = NULL;
static size_t nblocks = 0;

static void
out_of_memory(void)
{
	fprintf(stderr, "out of memory\n");
	exit(EXIT_FAILURE);
}

static void
link_block(Block *block)
{
	block->prev = &blocks;
	block->next = blocks.next;
	block->next->prev = block;
	blocks.next = block;
	nblocks++;
}

static void
unlink_block(Block *block)
{
	block->prev->next = block->next;
	block->next->prev = block->prev;
	nblocks--;
}

void *
pg_malloc_extended(size_t size, int flags)
{
	Block	   *block = NULL;

	if (size <= SIZE_MAX - sizeof(Block))
		block = malloc(sizeof(Block) + size);
	if (block == NULL)
	{
		if ((flags & MCXT_ALLOC_NO_OOM) == 0)
			out_of_memory();
		return NULL;
	}
	link_block(block);
	if ((flags & MCXT_ALLOC_ZERO) != 0)
		memset(block + 1, 0, size);
	return block + 1;
}

void *
pg_realloc(void *pointer, size_t size)
{
	Block	   *block;

	if (pointer == NULL)
		return pg_malloc_extended(size, 0);
	if (size > SIZE_MAX - sizeof(Block))
		out_of_memory();
	block = (Block *) pointer - 1;
	unlink_block(block);
	block = realloc(block, sizeof(Block) + size);
	if (block == NULL)
		out_of_memory();
	link_block(block);
	return block + 1;
}

void
pg_free(void *pointer)
{
	if (pointer != NULL)
	{
		unlink_block((Block *) pointer - 1);
		free((Block *) pointer - 1);
	}
}

/* What follows are those two under the names that the servers' headers declare. */

Size
add_size(Size s1, Size s2)
{
	if (s2 > SIZE_MAX - s1)
		out_of_memory();
	return s1 + s2;
}

Size
mul_size(Size s1, Size s2)
{
	if (s1 != 0 && s2 > SIZE_MAX / s1)
		out_of_memory();
	return s1 * s2;
}

void *
pg_malloc(size_t size)
{
	return pg_malloc_extended(size, 0);
}

void *
pg_malloc0(size_t size)
{
	return pg_malloc_extended(size, MCXT_ALLOC_ZERO);
}

void *
pg_malloc_mul(Size s1, Size s2)
{
	return pg_malloc_extended(mul_size(s1, s2), 0);
}

void *
pg_malloc0_mul(Size s1, Size s2)
{
	return pg_malloc_extended(mul_size(s1, s2), MCXT_ALLOC_ZERO);
}

void *
pg_malloc_mul_extended(Size s1, Size s2, int flags)
{
	return pg_malloc_extended(mul_size(s1, s2), flags);
}

void *
pg_realloc_mul(void *p, Size s1, Size s2)
{
	return pg_realloc(p, mul_size(s1, s2));
}

char *
pg_strdup(const char *in)
{
	return pnstrdup(in, strlen(in));
}

void *
palloc(Size size)
{
	return pg_malloc_extended(size, 0);
}

void *
palloc0(Size size)
{
	return pg_malloc_extended(size, MCXT_ALLOC_ZERO);
}

void *
palloc_extended(Size size, int flags)
{
	return pg_malloc_extended(size, flags);
}

void *
palloc_mul(Size s1, Size s2)
{
	return pg_malloc_extended(mul_size(s1, s2), 0);
}

void *
palloc0_mul(Size s1, Size s2)
{
	return pg_malloc_extended(mul_size(s1, s2), MCXT_ALLOC_ZERO);
}

void *
palloc_mul_extended(Size s1, Size s2, int flags)
{
	return pg_malloc_extended(mul_size(s1, s2), flags);
}

void *
repalloc(void *pointer, Size size)
{
	return pg_realloc(pointer, size);
}

void *
repalloc_mul(void *p, Size s1, Size s2)
{
	return pg_realloc(p, mul_size(s1, s2));
}

void
pfree(void *pointer)
{
	pg_free(pointer);
}

char *
pnstrdup(const char *in, Size size)
{
	size_t		len = strnlen(in, size);
	char	   *copy = palloc(len + 1);

	memcpy(copy, in, len);
	copy[len] = '\0';
	return copy;
}

char *
pstrdup(const char *in)
{
	return pnstrdup(in, strlen(in));
}

/* The twin of src/base/own.c. */
BrOwned *
br_own(BrFreeFn free_fn)
{
	Owner	   *owner = palloc0(sizeof(Owner));

	owner->owned.free_fn = free_fn;
	owner->next = owners;
	owners = owner;
	return &owner->owned;
}

void
br_release(BrOwned *owned)
{
	void	   *ptr = owned->ptr;

	owned->ptr = NULL;
	if (ptr != NULL)
		owned->free_fn(ptr);
}

void
fe_reset(void)
{
	Owner	   *owner;

	for (owner = owners; owner != NULL; owner = owner->next)
		br_release(&owner->owned);
	owners = NULL;
	while (blocks.next != &blocks)
		pg_free(blocks.next + 1);
}

size_t
fe_blocks(void)
{
	return nblocks;
}
