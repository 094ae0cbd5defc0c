/*
 * explain.h
 *		What EXPLAIN says about scans of foreign tables, and writes to them.
 */
#ifndef BR_EXPLAIN_H
#define BR_EXPLAIN_H

#include "base/br.h"
#include "base/counters.h"
#include "fdw/compat.h"
#include "fdw/relation.h"
#include "io/writer.h"

extern void br_explain_foreign_scan(ForeignScanState *node, ExplainState *es);

/* counters: of the writes; NULL before they began */
extern void br_explain_writes(CmdType operation, const BrRelation *rel, BrLotMode mode,
							  const BrCounters *counters, ExplainState *es);

#endif							/* BR_EXPLAIN_H */
