/*
 * scan.h
 *		Executing a foreign scan.
 */
#ifndef BR_FOREIGN_SCAN_H
#define BR_FOREIGN_SCAN_H

#include "base/br.h"
#include "base/counters.h"
#include "foreign/fdwapi.h"

extern void br_begin_foreign_scan(ForeignScanState *node, int eflags);
extern TupleTableSlot *br_iterate_foreign_scan(ForeignScanState *node);
extern void br_rescan_foreign_scan(ForeignScanState *node);
extern void br_end_foreign_scan(ForeignScanState *node);

/*
 * Under an Append that takes the rows of several scans as they come, an empty
 * slot may also mean "not yet". Then *calls_done is from when nothing was there.
 */
extern bool br_scan_waits(ForeignScanState *node, uint64 *calls_done);

/* To wait with for such a scan; it has one of its own. Raises an error if it gets none. */
extern int	br_scan_descriptor(ForeignScanState *node);

/* What the scan did so far; NULL before it began. */
extern const BrCounters *br_scan_counters(ForeignScanState *node);

#endif							/* BR_FOREIGN_SCAN_H */
