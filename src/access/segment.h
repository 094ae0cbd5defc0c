/*
 * segment.h
 *		Parts of a Scan that are read side by side.
 */
#ifndef BR_SEGMENT_H
#define BR_SEGMENT_H

#include "base/br.h"
#include "access/choose.h"

/* How many segments a Scan of so many bytes has, unless somebody says otherwise; negative: not known. */
extern int	br_segments_for(double bytes);

/* Replaces a Scan, the only one of the reads, by its segments. */
extern void br_reads_split(BrReads *reads, int segments);

#endif							/* BR_SEGMENT_H */
