/*
 * buffer.h
 *		A growing row of doubles, the state of aggregates that need all values.
 */
#ifndef BR_BUFFER_H
#define BR_BUFFER_H

#include "base/br.h"

typedef struct BrBuffer
{
	int64		n;
	int64		capacity;
	double	   *values;			/* in the context given to br_buffer_init() */
} BrBuffer;

/* The GUC max_sample_bytes, in kilobytes. */
extern int	br_max_sample_kb;

extern void br_buffer_init(BrBuffer *buffer, MemoryContext context);

/* Makes room for more values behind those that are there; an error beyond max_sample_bytes. */
extern void br_buffer_grow(BrBuffer *buffer, int64 more);

static inline void
br_buffer_add(BrBuffer *buffer, double value)
{
	if (buffer->n == buffer->capacity)
		br_buffer_grow(buffer, 1);
	buffer->values[buffer->n++] = value;
}

#endif							/* BR_BUFFER_H */
