/*
 * written.h
 *		What the current transaction has written, which no ROLLBACK undoes.
 */
#ifndef BR_WRITTEN_H
#define BR_WRITTEN_H

#include "base/br.h"
#include "fdw/relation.h"
#include "io/writer.h"

/* When a statement begins: raises an error where it must not write. */
extern void br_written_check(const BrRelation *rel);

/*
 * Before the first write of a statement to a table: from now on the transaction is
 * one that has written to it.  Who writes keeps the count, which lives until the
 * transaction ends.
 */
extern BrWriteCount *br_written_begin(const BrRelation *rel);

/* Has the transaction written to the table, so that it must read it strongly? */
extern bool br_written_is(const BrRelation *rel);

#endif							/* BR_WRITTEN_H */
