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
 * search_path that has these tables, a list of literals of SQL; as bench_source()
 * says. Needs SPI. An error if there is none.
 */
extern const char *br_source(FunctionCallInfo fcinfo, int argument, const char *tables);

/* The extension's own schema, quoted: that of the function which is called. */
extern const char *br_extension_schema(FunctionCallInfo fcinfo);

#endif							/* BR_SOURCE_H */
