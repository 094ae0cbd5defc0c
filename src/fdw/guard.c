/*
 * guard.c
 *		What keeps a careless query from reading a table of terabytes.
 */
#include "base/br.h"

#include "access/xact.h"
#include "fdw/guard.h"

/* A Scan above this estimate is worth a remark: about a tenth of a cent. */
#define NOTICE_UNITS	10000.0

int			br_scan_policy = BR_SCAN_ALLOW;

BrLimitSettings br_limits[BR_NUM_LIMITS] = {
	[BR_LIMIT_READ_UNITS] = {
		"max_read_units",
		"benchresults_fdw.max_read_units",
		"Read units that one statement may use; 0 means no limit of its own.", 0,
		"benchresults_fdw.max_read_units_ceiling",
		"Read units that no statement may exceed; 0 means no ceiling.", 0
	},
	[BR_LIMIT_RATE] = {
		"read_units_per_second",
		"benchresults_fdw.read_units_per_second",
		"Read units that a session uses in a second; 0 means no limit of its own.", 0,
		"benchresults_fdw.read_units_per_second_ceiling",
		"Read units that no session uses more of in a second; 0 means no ceiling.", 0
	},
	[BR_LIMIT_KEYS] = {
		"max_keys",
		"benchresults_fdw.max_keys",
		"Keys that one scan may name; 0 means no limit of its own.", 0,
		"benchresults_fdw.max_keys_ceiling",
		"Keys that no scan may name more of; 0 means no ceiling.", 0
	}
};

/* What the current statement has read, functions that it calls included. */
static TimestampTz statement_start = 0;
static double statement_units = 0;

BrScanPolicy
br_scan_policy_from_name(const char *name)
{
	if (strcmp(name, "deny") == 0)
		return BR_SCAN_DENY;
	return strcmp(name, "notice") == 0 ? BR_SCAN_NOTICE : BR_SCAN_ALLOW;
}

BrScanPolicy
br_effective_scan_policy(const BrRelation *rel)
{
	return Max(rel->scan_policy, (BrScanPolicy) br_scan_policy);
}

double
br_effective_limit(const BrRelation *rel, BrLimit limit)
{
	double		limits[] = {rel->limits[limit], br_limits[limit].own, br_limits[limit].ceiling};
	double		least = 0;

	for (int i = 0; i < (int) lengthof(limits); i++)
	{
		if (limits[i] > 0 && (least == 0 || limits[i] < least))
			least = limits[i];
	}
	return least;
}

/* What a Scan reads all of. */
static char *
scanned_name(const BrRelation *rel, const BrPlan *plan)
{
	if (plan->access.index < 0)
		return psprintf("DynamoDB table \"%s\"", rel->schema.table);
	return psprintf("index \"%s\" of DynamoDB table \"%s\"",
					rel->schema.indexes[plan->access.index].info.name, rel->schema.table);
}

static void
guard_scan(const BrRelation *rel, const BrPlan *plan)
{
	BrScanPolicy policy = br_effective_scan_policy(rel);

	if (policy == BR_SCAN_DENY)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_UNABLE_TO_CREATE_EXECUTION),
				 errmsg("a Scan of foreign table \"%s\" is denied", rel->name),
				 errdetail("No condition names a key, so all of %s would be read, an estimated %.0f read units.",
						   scanned_name(rel, plan), plan->cost.units),
				 errhint("Name the run or the configuration, or set the option or parameter \"scan\" to 'allow'.")));
	if (policy == BR_SCAN_NOTICE || plan->cost.units > NOTICE_UNITS)
		ereport(NOTICE,
				(errmsg("reading all of %s, an estimated %.0f read units in %.0f requests",
						scanned_name(rel, plan), plan->cost.units, plan->cost.requests)));
}

void
br_guard_begin(const BrRelation *rel, const BrPlan *plan)
{
	double		limit = br_effective_limit(rel, BR_LIMIT_READ_UNITS);

	if (plan->access.op == BR_OP_SCAN)
		guard_scan(rel, plan);
	if (limit > 0 && plan->cost.units > limit)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("reading foreign table \"%s\" would exceed the limit of %.0f read units",
						rel->name, limit),
				 errdetail("It is estimated at %.0f read units in %.0f requests; none was made.",
						   plan->cost.units, plan->cost.requests),
				 errhint("Read less, or raise max_read_units.")));
}

void
br_guard_charge(const BrRelation *rel, const BrCounters *counters, double *charged)
{
	double		limit = br_effective_limit(rel, BR_LIMIT_READ_UNITS);

	if (statement_start != GetCurrentStatementStartTimestamp())
	{
		statement_start = GetCurrentStatementStartTimestamp();
		statement_units = 0;
	}
	statement_units += counters->capacity - *charged;
	*charged = counters->capacity;
	/* a cursor is fetched from by many statements, so the scan counts as well */
	if (limit > 0 && Max(statement_units, counters->capacity) > limit)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("limit of %.0f read units exceeded", limit),
				 errdetail("The statement has used %.1f read units, of which %.1f for this scan of foreign table \"%s\" in " INT64_FORMAT " requests.",
						   Max(statement_units, counters->capacity), counters->capacity,
						   rel->name, counters->requests),
				 errhint("Read less, or raise max_read_units.")));
}
