/*
 * pace.h
 *		What this backend reads of a table, over time.
 */
#ifndef BR_PACE_H
#define BR_PACE_H

#include "base/br.h"
#include "access/bucket.h"

/* Of the table and its indexes; kept for the backend's life. */
extern BrBucket *br_pace_of(Oid server_id, const char *table);

#endif							/* BR_PACE_H */
