/*
 * import.h
 *		IMPORT FOREIGN SCHEMA.
 */
#ifndef BR_IMPORT_H
#define BR_IMPORT_H

#include "base/br.h"
#include "nodes/parsenodes.h"

extern List *br_import_foreign_schema(ImportForeignSchemaStmt *stmt, Oid server_id);

#endif							/* BR_IMPORT_H */
