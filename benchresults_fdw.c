/*
 * benchresults_fdw.c
 *		The door: what PostgreSQL loads and calls first.
 */
#include "base/br.h"

#include "access/reloptions.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_user_mapping.h"
#include "fdw/explain.h"
#include "fdw/import.h"
#include "fdw/option.h"
#include "fdw/plan.h"
#include "fdw/scan.h"
#include "fmgr.h"
#include "foreign/fdwapi.h"
#include "utils/guc.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

PG_FUNCTION_INFO_V1(benchresults_fdw_handler);
PG_FUNCTION_INFO_V1(benchresults_fdw_validator);

/* Read by option.c through its name. */
static char *allowed_endpoints = NULL;

/*
 * Nothing here opens a descriptor, starts a thread or seeds a generator: under
 * shared_preload_libraries this runs in the postmaster, and all of that would
 * be inherited by every backend.
 */
void
_PG_init(void)
{
	DefineCustomBoolVariable("benchresults_fdw.enable_pushdown",
							 "Sends conditions to DynamoDB instead of reading everything.",
							 "For tests and doubts: the rows are the same either way.",
							 &br_enable_pushdown,
							 true,
							 PGC_USERSET, GUC_EXPLAIN,
							 NULL, NULL, NULL);
	DefineCustomStringVariable("benchresults_fdw.allowed_endpoints",
							   "Hosts that the option endpoint may name without a superuser.",
							   "A comma-separated list of hosts, or *.suffix; AWS's own are always allowed.",
							   &allowed_endpoints,
							   "",
							   PGC_SUSET, GUC_LIST_INPUT,
							   NULL, NULL, NULL);
	MarkGUCPrefixReserved("benchresults_fdw");
}

Datum
benchresults_fdw_handler(PG_FUNCTION_ARGS)
{
	FdwRoutine *routine = makeNode(FdwRoutine);

	routine->GetForeignRelSize = br_get_foreign_rel_size;
	routine->GetForeignPaths = br_get_foreign_paths;
	routine->GetForeignPlan = br_get_foreign_plan;
	routine->BeginForeignScan = br_begin_foreign_scan;
	routine->IterateForeignScan = br_iterate_foreign_scan;
	routine->ReScanForeignScan = br_rescan_foreign_scan;
	routine->EndForeignScan = br_end_foreign_scan;
	routine->ExplainForeignScan = br_explain_foreign_scan;
	routine->ImportForeignSchema = br_import_foreign_schema;
	PG_RETURN_POINTER(routine);
}

Datum
benchresults_fdw_validator(PG_FUNCTION_ARGS)
{
	List	   *options = untransformRelOptions(PG_GETARG_DATUM(0));
	int			place = 0;

	switch (PG_GETARG_OID(1))
	{
		case ForeignServerRelationId:
			place = BR_ON_SERVER;
			break;
		case UserMappingRelationId:
			place = BR_ON_MAPPING;
			break;
		case ForeignTableRelationId:
			place = BR_ON_TABLE;
			break;
		case AttributeRelationId:
			place = BR_ON_COLUMN;
			break;
	}
	br_options_validate(options, place);
	PG_RETURN_VOID();
}
