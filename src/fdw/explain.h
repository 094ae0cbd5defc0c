/*
 * explain.h
 *		What EXPLAIN says about a foreign scan.
 */
#ifndef BR_EXPLAIN_H
#define BR_EXPLAIN_H

#include "base/br.h"
#include "fdw/compat.h"

extern void br_explain_foreign_scan(ForeignScanState *node, ExplainState *es);

#endif							/* BR_EXPLAIN_H */
