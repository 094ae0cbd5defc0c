/*
 * names.c
 *		Sorting names, and writing them into paths.
 */
#include "base/br.h"

#include "benchbox/names.h"

#define MAX_SHOWN 100			/* bytes of a name in a path */

int
br_names_compare(const BrName *a, const BrName *b)
{
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return memcmp(a->text, b->text, a->len);
}

/* From two sorted parts of from, [low, middle) and [middle, high), one of to. */
static void
merge(const BrName *from, BrName *to, uint32 low, uint32 middle, uint32 high)
{
	uint32		a = low;
	uint32		b = middle;

	for (uint32 i = low; i < high; i++)
	{
		if (b == high || (a < middle && br_names_compare(&from[a], &from[b]) <= 0))
			to[i] = from[a++];
		else
			to[i] = from[b++];
	}
}

/* qsort() would need quadratic time for names that somebody chose with care. */
void
br_names_sort(BrName *names, uint32 n)
{
	BrName	   *other = palloc_extended(n * sizeof(BrName), MCXT_ALLOC_HUGE);
	BrName	   *from = names;
	BrName	   *to = other;

	for (uint32 width = 1; width < n; width *= 2)
	{
		BrName	   *swap = from;

		BR_CHECK_INTERRUPTS();
		for (uint32 low = 0; low < n; low += 2 * width)
			merge(from, to, low, Min(low + width, n), Min(low + 2 * width, n));
		from = to;
		to = swap;
	}
	if (from != names)
		memcpy(names, from, n * sizeof(BrName));
	pfree(other);
}

size_t
br_names_clip(const char *text, size_t len)
{
	while (len > 0 && ((unsigned char) text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static bool
is_word(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char) name[i]) && name[i] != '_' && name[i] != '-' && ((unsigned char) name[i] & 0x80) == 0)
			return false;
	return len > 0 && len <= MAX_SHOWN;
}

void
br_names_append(StringInfo out, const char *name, size_t len)
{
	if (is_word(name, len))
	{
		if (out->len > 0)
			appendStringInfoChar(out, '.');
		appendBinaryStringInfo(out, name, len);
	}
	else if (len <= MAX_SHOWN)
		appendStringInfo(out, "[\"%.*s\"]", (int) len, name);
	else
		appendStringInfo(out, "[\"%.*s...\"]", (int) br_names_clip(name, MAX_SHOWN), name);
}
