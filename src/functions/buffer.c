/*
 * buffer.c
 *		How a buffer grows, and where it ends.
 */
#include "base/br.h"

#include "functions/buffer.h"
#include "utils/memutils.h"

/* Little at first, as there may be many groups. */
#define FIRST_CAPACITY 16

int			br_max_sample_kb = 1024 * 1024;

void
br_buffer_init(BrBuffer *buffer, MemoryContext context)
{
	buffer->n = 0;
	buffer->capacity = FIRST_CAPACITY;
	buffer->values = MemoryContextAlloc(context, FIRST_CAPACITY * sizeof(double));
}

void
br_buffer_grow(BrBuffer *buffer, int64 more)
{
	int64		most = br_max_sample_kb * INT64CONST(1024) / (int64) sizeof(double);
	int64		wanted = buffer->n + more;

	if (wanted > most)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("a sample has more than " INT64_FORMAT " values", most),
				 errdetail("All values of a sample are kept in memory, up to benchresults_fdw.max_sample_bytes, %d kB.",
						   br_max_sample_kb),
				 errhint("bench_sketch() needs little memory for any number of values; or set benchresults_fdw.max_sample_bytes higher.")));
	if (wanted <= buffer->capacity)
		return;
	buffer->capacity = Min(Max(wanted, 2 * buffer->capacity), most);
	buffer->values = repalloc_huge(buffer->values, buffer->capacity * sizeof(double));
}
