/*
 * benchresults_fdw.c
 *		The door: what PostgreSQL loads and calls first.
 */
#include "base/br.h"

#include <limits.h>

#include "access/reloptions.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_user_mapping.h"
#include "fdw/analyze.h"
#include "fdw/async.h"
#include "fdw/direct.h"
#include "fdw/explain.h"
#include "fdw/guard.h"
#include "fdw/import.h"
#include "fdw/join.h"
#include "fdw/modify.h"
#include "fdw/option.h"
#include "fdw/plan.h"
#include "fdw/scan.h"
#include "functions/buffer.h"
#include "fmgr.h"
#include "foreign/fdwapi.h"
#include "utils/guc.h"
#include "utils/plancache.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

PG_FUNCTION_INFO_V1(benchresults_fdw_handler);
PG_FUNCTION_INFO_V1(benchresults_fdw_validator);

static const struct config_enum_entry scan_policies[] = {
	{"allow", BR_SCAN_ALLOW, false},
	{"notice", BR_SCAN_NOTICE, false},
	{"deny", BR_SCAN_DENY, false},
	{NULL, 0, false}
};

/* Read by option.c through its name. */
static char *allowed_endpoints = NULL;

static void
define_limit(BrLimitSettings *limit)
{
	DefineCustomIntVariable(limit->own_name, limit->own_help,
							"The least of this, the option of the same name and the ceiling counts.",
							&limit->own,
							0, 0, INT_MAX,
							PGC_USERSET, 0,
							NULL, NULL, NULL);
	DefineCustomIntVariable(limit->ceiling_name, limit->ceiling_help,
							NULL,
							&limit->ceiling,
							0, 0, INT_MAX,
							PGC_SUSET, 0,
							NULL, NULL, NULL);
}

/*
 * Which indexes may be read depends on this, so plans that are kept are made anew,
 * as they are where the option is altered.
 */
static void
assign_consistent_read(bool value, void *extra)
{
	if (value != br_consistent_read)
		ResetPlanCache();
}

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
	DefineCustomBoolVariable("benchresults_fdw.consistent_read",
							 "Reads tables strongly consistent, and no global index.",
							 "The stricter of this and the option of the same name counts.",
							 &br_consistent_read,
							 false,
							 PGC_USERSET, GUC_EXPLAIN,
							 NULL, assign_consistent_read, NULL);
	DefineCustomStringVariable("benchresults_fdw.allowed_endpoints",
							   "Hosts that the option endpoint may name without a superuser.",
							   "A comma-separated list of hosts, or *.suffix; AWS's own are always allowed.",
							   &allowed_endpoints,
							   "",
							   PGC_SUSET, GUC_LIST_INPUT,
							   NULL, NULL, NULL);
	DefineCustomEnumVariable("benchresults_fdw.scan",
							 "Whether all of a DynamoDB table may be read.",
							 "The stricter of this and the option of the same name counts.",
							 &br_scan_policy,
							 BR_SCAN_ALLOW, scan_policies,
							 PGC_USERSET, 0,
							 NULL, NULL, NULL);
	DefineCustomIntVariable("benchresults_fdw.max_sample_bytes",
							"How much memory the values of one sample may take.",
							"For the aggregates that need all values, as bench_stats; eight bytes for each.",
							&br_max_sample_kb,
							1024 * 1024, 64, INT_MAX,
							PGC_USERSET, GUC_UNIT_KB,
							NULL, NULL, NULL);
	for (int i = 0; i < BR_NUM_LIMITS; i++)
		define_limit(&br_limits[i]);
	MarkGUCPrefixReserved("benchresults_fdw");
}

Datum
benchresults_fdw_handler(PG_FUNCTION_ARGS)
{
	FdwRoutine *routine = makeNode(FdwRoutine);

	routine->GetForeignRelSize = br_get_foreign_rel_size;
	routine->GetForeignPaths = br_get_foreign_paths;
	routine->GetForeignPlan = br_get_foreign_plan;
	routine->GetForeignJoinPaths = br_get_foreign_join_paths;
	routine->BeginForeignScan = br_begin_foreign_scan;
	routine->IterateForeignScan = br_iterate_foreign_scan;
	routine->ReScanForeignScan = br_rescan_foreign_scan;
	routine->EndForeignScan = br_end_foreign_scan;
	routine->IsForeignPathAsyncCapable = br_is_path_async_capable;
	routine->ForeignAsyncRequest = br_async_request;
	routine->ForeignAsyncConfigureWait = br_async_configure_wait;
	routine->ForeignAsyncNotify = br_async_notify;
	routine->ExplainForeignScan = br_explain_foreign_scan;
	routine->IsForeignRelUpdatable = br_is_foreign_rel_updatable;
	routine->AddForeignUpdateTargets = br_add_foreign_update_targets;
	routine->PlanForeignModify = br_plan_foreign_modify;
	routine->BeginForeignModify = br_begin_foreign_modify;
	routine->BeginForeignInsert = br_begin_foreign_insert;
	routine->GetForeignModifyBatchSize = br_get_foreign_modify_batch_size;
	routine->ExecForeignInsert = br_exec_foreign_insert;
	routine->ExecForeignBatchInsert = br_exec_foreign_batch_insert;
	routine->ExecForeignUpdate = br_exec_foreign_update;
	routine->ExecForeignDelete = br_exec_foreign_delete;
	routine->EndForeignModify = br_end_foreign_modify;
	routine->EndForeignInsert = br_end_foreign_modify;
	routine->ExplainForeignModify = br_explain_foreign_modify;
	routine->PlanDirectModify = br_plan_direct_modify;
	routine->BeginDirectModify = br_begin_direct_modify;
	routine->IterateDirectModify = br_iterate_direct_modify;
	routine->EndDirectModify = br_end_direct_modify;
	routine->ExplainDirectModify = br_explain_direct_modify;
	routine->AnalyzeForeignTable = br_analyze_foreign_table;
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
