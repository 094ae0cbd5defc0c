/*
 * names.h
 *		Names of members: told apart, and as steps of a path.
 */
#ifndef BR_NAMES_H
#define BR_NAMES_H

#include "base/br.h"

typedef struct BrName
{
	const char *text;
	size_t		len;
	int32		node;
} BrName;

/* Below, equal or above zero; the order is no alphabet's. */
extern int	br_names_compare(const BrName *a, const BrName *b);

/* Brings them into that order; equal ones stay in theirs. At most n log n comparisons, whatever the names. */
extern void br_names_sort(BrName *names, uint32 n);

/* A name as it stands in the text, as the next step of a path. */
extern void br_names_append(StringInfo out, const char *name, size_t len);

/* The end of the last whole character of a longer text before this place. */
extern size_t br_names_clip(const char *text, size_t len);

#endif							/* BR_NAMES_H */
