/*
 * source.h
 *		The schema whose tables a function reads.
 */
#ifndef BR_SOURCE_H
#define BR_SOURCE_H

#include "base/br.h"
#include "fmgr.h"

/*
 * The schema named by this argument, or, where that is NULL, the first one in
 * search_path that has the table; as bench_source() in SQL. Needs SPI. An error
 * if there is none.
 */
extern const char *br_source(FunctionCallInfo fcinfo, int argument, const char *table);

#endif							/* BR_SOURCE_H */
