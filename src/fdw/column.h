/*
 * column.h
 *		The columns that IMPORT FOREIGN SCHEMA gives the tables.
 */
#ifndef BR_COLUMN_H
#define BR_COLUMN_H

#include "base/br.h"
#include "fdw/discover.h"

typedef struct BrColumnDef
{
	const char *name;
	const char *type;			/* as in DDL */
	const char *attribute;		/* the option; NULL: the column's name */
	const char *key;			/* the option; NULL: none */
	bool		is_timestamp;	/* gets the option format */
	const char *comment;		/* NULL: none */
} BrColumnDef;

/* Columns of an entity's table, as a List of BrColumnDef in the current context. */
extern List *br_columns_of(const BrEntity *entity, const BrDiscovery *discovery);

/* Columns of a table of any other kind. */
extern List *br_columns_of_generic(const BrDiscovery *discovery);

/* clientLatencyMs -> client_latency_ms, maxMemoryUsedMB -> max_memory_used_mb */
extern char *br_snake_case(const char *name);

#endif							/* BR_COLUMN_H */
