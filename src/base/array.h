/*
 * array.h
 *		Arrays that grow by one element at a time.
 */
#ifndef BR_ARRAY_H
#define BR_ARRAY_H

#include "base/br.h"

/*
 * Room for one more element behind the n that are there, in the context of the
 * array (for the first element: the current one). The size doubles whenever n is
 * a power of two, so an array must only be grown in this way.
 */
static inline void *
br_array_grow(void *array, int n, size_t element_size)
{
	if (n == 0)
		return palloc(element_size);
	if ((n & (n - 1)) == 0)
		return repalloc(array, 2 * n * element_size);
	return array;
}

#endif							/* BR_ARRAY_H */
