/*
 * writing.h
 *		What all writes to a foreign table have in common: whether they may be,
 *		how many are under way, and what is said if one fails.
 */
#ifndef BR_WRITING_H
#define BR_WRITING_H

#include "base/br.h"
#include "fdw/relation.h"
#include "io/writer.h"

/* Raises an error unless the options allow writing. */
extern void br_check_updatable(const BrRelation *rel);

/*
 * A writer for a statement, owned by the current context. mode: how puts go out;
 * skip_refused: a condition that does not hold is no error.
 */
extern BrWriter *br_writing_open(const BrRelation *rel, Oid user_id, BrLotMode mode,
								 bool skip_refused, BrCounters *counters);

/* Says once a session that ROLLBACK brings nothing back. */
extern void br_warn_of_deletion(const BrRelation *rel);

/* How the table's options have INSERT send its rows. */
extern BrLotMode br_insert_mode(const BrRelation *rel);

/* Waits for all writes under way, and raises the error of the first that failed, if any. */
extern void br_writing_settle(const BrRelation *rel, BrWriter *writer);

#endif							/* BR_WRITING_H */
