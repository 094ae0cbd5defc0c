/*
 * connect.h
 *		The connection of a server for a user, from their options.
 */
#ifndef BR_CONNECT_H
#define BR_CONNECT_H

#include "base/br.h"
#include "fdw/relation.h"
#include "io/reader.h"

/*
 * Held by the current memory context. Makes no request. Raises an error where
 * region or credentials are missing.
 */
extern BrConnection *br_connect(Oid server_id, Oid user_id);

/*
 * Connects for reading a foreign table, as fast and as much at once as its
 * options and the settings allow.
 */
extern BrReading br_connect_for(const BrRelation *rel, Oid user_id, BrCounters *counters);

/* Is the foreign table of a server of our wrapper's? */
extern bool br_is_ours(Oid relid);

#endif							/* BR_CONNECT_H */
