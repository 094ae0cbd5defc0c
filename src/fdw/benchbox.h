/*
 * benchbox.h
 *		The tables of BenchBox results that IMPORT makes if LIMIT TO names them.
 */
#ifndef BR_FDW_BENCHBOX_H
#define BR_FDW_BENCHBOX_H

#include "base/br.h"
#include "fdw/column.h"

typedef struct BrBenchboxTable
{
	const char *name;
	const char *entity;			/* of whose items they are some */
	const char *config_template;	/* which all of them follow; NULL: nothing is said */
	const char *having;			/* an attribute that all of them have; NULL: none */
	const BrColumnDef *columns;
	int			ncolumns;
} BrBenchboxTable;

/* NULL if there is none of this name. */
extern const BrBenchboxTable *br_benchbox_table(const char *name);

#endif							/* BR_FDW_BENCHBOX_H */
