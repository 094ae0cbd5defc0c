/*
 * indexes.h
 *		What the option "indexes" is to say.
 *
 * Texts are in UTF-8, the result in ASCII unless that is
 * the database's encoding as well.
 */
#ifndef BR_INDEXES_H
#define BR_INDEXES_H

#include "base/br.h"
#include "access/schema.h"

/*
 * The value for an entity (NULL: a generic table); NULL if there are no indexes.
 * now: what it is, or NULL; of indexes that are in it what only people know is
 * kept: whether they are complete, and the projection where the service does
 * not tell.
 */
extern char *br_indexes_format(const BrTableInfo *info, const BrEntity *entity,
							   const char *now);

#endif							/* BR_INDEXES_H */
