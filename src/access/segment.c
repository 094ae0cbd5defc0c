/*
 * segment.c
 *		How many segments: none for what is read in a moment, and no more than
 *		are under way together.
 */
#include "base/br.h"

#include "access/segment.h"

#define LARGE_BYTES		(100.0 * 1024 * 1024)
#define BYTES_A_SEGMENT	(1024.0 * 1024 * 1024)
#define MIN_SEGMENTS	4
#define MAX_SEGMENTS	8

int
br_segments_for(double bytes)
{
	/* what is not known may be large, and a few requests too many cost little */
	if (bytes < 0)
		return MIN_SEGMENTS;
	if (bytes < LARGE_BYTES)
		return 1;
	return (int) Min(MIN_SEGMENTS + bytes / BYTES_A_SEGMENT, MAX_SEGMENTS);
}

void
br_reads_split(BrReads *reads, int segments)
{
	BrRead	   *list = palloc(sizeof(BrRead) * segments);

	Assert(reads->n == 1 && reads->list[0].op == BR_OP_SCAN);
	for (int i = 0; i < segments; i++)
	{
		list[i] = reads->list[0];
		list[i].segment = i;
		list[i].total_segments = segments;
	}
	reads->n = segments;
	reads->list = list;
}
