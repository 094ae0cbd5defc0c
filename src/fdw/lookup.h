/*
 * lookup.h
 *		A look at one item, before it is changed.
 */
#ifndef BR_LOOKUP_H
#define BR_LOOKUP_H

#include "base/br.h"
#include "base/counters.h"
#include "fdw/change.h"

/*
 * Fills the spans of tops from the item with this key, by a strong GetItem; all are
 * absent if there is none. The spans live as long as the current context.
 */
extern void br_lookup_tops(const BrRelation *rel, Oid user_id, const BrKey *key, BrTops *tops,
						   BrCounters *counters);

#endif							/* BR_LOOKUP_H */
