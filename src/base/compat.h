/*
 * compat.h
 *		What differs between the supported releases of PostgreSQL.
 *
 * Backend only.  Each shim names the release that brought the change.  What
 * concerns the planner and the executor is in fdw/compat.h; no other file asks
 * for PG_VERSION_NUM, apart from the minimum in br.h.
 */
#ifndef BR_COMPAT_H
#define BR_COMPAT_H

#include "base/br.h"
#include "storage/latch.h"		/* 18 moved wait event sets to their own header,
								 * which this one includes */
#include "utils/memutils.h"
#include "utils/wait_event.h"

/*
 * A wait event set that lives as long as the backend.  17 replaced the memory
 * context by a resource owner, where NULL means the session.
 */
static inline WaitEventSet *
br_session_wait_event_set(int nevents)
{
#if PG_VERSION_NUM >= 170000
	return CreateWaitEventSet(NULL, nevents);
#else
	return CreateWaitEventSet(TopMemoryContext, nevents);
#endif
}

/* 17 lets extensions name their wait events; before, all are "Extension". */
static inline uint32
br_wait_event_new(const char *name)
{
#if PG_VERSION_NUM >= 170000
	return WaitEventExtensionNew(name);
#else
	(void) name;
	return PG_WAIT_EXTENSION;
#endif
}

#endif							/* BR_COMPAT_H */
