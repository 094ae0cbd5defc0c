/*
 * scan.h
 *		Executing a foreign scan.
 */
#ifndef BR_FOREIGN_SCAN_H
#define BR_FOREIGN_SCAN_H

#include "base/br.h"
#include "base/counters.h"
#include "dynamodb/expression.h"
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

/*
 * For who changes the items of a scan as they come (direct.c): has items carry a
 * top-level attribute too, before the first row; the span in a slot, of the row
 * that came last; and a pointer of one's own.
 */
extern int	br_scan_want(ForeignScanState *node, const char *attribute);
extern const BrSpan *br_scan_span(ForeignScanState *node, int slot);
extern void **br_scan_extra(ForeignScanState *node);

/* Do the items come from the table itself, so that all of their attributes can be had? */
extern bool br_scan_is_of_table(ForeignScanState *node);

/*
 * What must still be true of an item when it is changed, as far as a condition can
 * say so; NULL: nothing. After the first row; lives until the scan ends.
 */
extern BrCondition *br_scan_condition(ForeignScanState *node);

#endif							/* BR_FOREIGN_SCAN_H */
