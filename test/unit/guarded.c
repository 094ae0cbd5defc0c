/*
 * guarded.c
 *		Bodies that may be neither written to nor read beyond their end.
 *
 * A copy lies at the end of a read-only mapping, in front of a page that cannot
 * be accessed at all, so that what a sanitizer would find crashes any build.
 */
#include "base/br.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/own.h"
#include "guarded.h"

typedef struct Mapping
{
	char	   *start;
	size_t		len;
} Mapping;

static void
unmap(void *ptr)
{
	Mapping    *mapping = ptr;

	munmap(mapping->start, mapping->len);
}

const char *
guarded_copy(const char *body, size_t len)
{
	size_t		page = sysconf(_SC_PAGESIZE);
	size_t		room = (len + page - 1) / page * page;
	Mapping    *mapping = palloc(sizeof(Mapping));
	BrOwned    *owned = br_own(unmap);
	char	   *copy;

	mapping->len = room + page;
	mapping->start = mmap(NULL, mapping->len, PROT_READ | PROT_WRITE,
						  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mapping->start == MAP_FAILED)
	{
		perror("mmap");
		exit(EXIT_FAILURE);
	}
	owned->ptr = mapping;
	copy = mapping->start + room - len;
	memcpy(copy, body, len);
	if (mprotect(mapping->start, room, PROT_READ) != 0 ||
		mprotect(mapping->start + room, page, PROT_NONE) != 0)
	{
		perror("mprotect");
		exit(EXIT_FAILURE);
	}
	return copy;
}
