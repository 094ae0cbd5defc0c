/*
 * joinscan.h
 *		Executing a pushed-down join: those scans that are of no relation.
 */
#ifndef BR_JOINSCAN_H
#define BR_JOINSCAN_H

#include "base/br.h"
#include "base/counters.h"
#include "commands/explain.h"
#include "foreign/fdwapi.h"

extern void br_begin_join_scan(ForeignScanState *node);
extern TupleTableSlot *br_iterate_join_scan(ForeignScanState *node);
extern void br_rescan_join_scan(ForeignScanState *node);
extern void br_end_join_scan(ForeignScanState *node);

/* NULL before it began. */
extern const BrCounters *br_join_scan_counters(ForeignScanState *node);

/* The relations of a join, opened anew: that of one item, and that of many. */
extern void br_join_relations(ForeignScan *scan, EState *estate, bool one_first,
							  BrRelation **one, BrRelation **many);

#endif							/* BR_JOINSCAN_H */
