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

extern int	br_scan_policy;		/* benchresults_fdw.scan */

/* A limit's option, and its settings: a wish of one's own, and what binds everybody. */
typedef struct BrLimitSettings
{
	const char *option;
	const char *own_name;
	const char *own_help;
	int			own;			/* 0: none */
	const char *ceiling_name;
	const char *ceiling_help;
	int			ceiling;		/* 0: none */
} BrLimitSettings;

extern BrLimitSettings br_limits[BR_NUM_LIMITS];

/* The policy that counts for a table: the stricter of option and setting. */
extern BrScanPolicy br_effective_scan_policy(const BrRelation *rel);

/* The least of option, own wish and ceiling, of those that are set; 0: none is. */
extern double br_effective_limit(const BrRelation *rel, BrLimit limit);

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
