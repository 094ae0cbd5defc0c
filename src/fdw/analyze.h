/*
 * analyze.h
 *		ANALYZE.
 */
#ifndef BR_ANALYZE_H
#define BR_ANALYZE_H

#include "base/br.h"
#include "foreign/fdwapi.h"

extern bool br_analyze_foreign_table(Relation relation, AcquireSampleRowsFunc *func,
									 BlockNumber *totalpages);

#endif							/* BR_ANALYZE_H */
