/*
 * guard.h
 *		Limits on what a statement may read.
 */
#ifndef BR_GUARD_H
#define BR_GUARD_H

#include "base/br.h"
#include "base/counters.h"
#include "fdw/plan.h"

typedef enum BrScanPolicy
{
	BR_SCAN_ALLOW,				/* a NOTICE if it is large */
	BR_SCAN_NOTICE,				/* always a NOTICE */
	BR_SCAN_DENY
} BrScanPolicy;

/* GUCs; for numbers 0 means no limit. */
extern int	br_scan_policy;		/* benchresults_fdw.scan */
extern int	br_max_read_units;	/* benchresults_fdw.max_read_units */
extern int	br_max_read_units_ceiling;	/* benchresults_fdw.max_read_units_ceiling */

/* The policy that counts for a table: the stricter of option and setting. */
extern BrScanPolicy br_effective_scan_policy(const BrRelation *rel);

/* The least of the limits on the read units of a statement; 0: there is none. */
extern double br_effective_read_units(const BrRelation *rel);

/* "allow", ... */
extern BrScanPolicy br_scan_policy_from_name(const char *name);

/*
 * Before the first request of a scan: raises an error if it is denied, or if
 * its estimate alone is beyond the limit.
 */
extern void br_guard_begin(const BrRelation *rel, const BrPlan *plan);

/*
 * While it runs: charges what the scan read since *charged, and raises an error
 * when the statement is beyond the limit.
 */
extern void br_guard_charge(const BrRelation *rel, const BrCounters *counters,
							double *charged);

#endif							/* BR_GUARD_H */
