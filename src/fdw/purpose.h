/*
 * purpose.h
 *		What a scan is read for, where its rows are to be changed.
 *
 * PostgreSQL has every column of such a row read.  Where the rows are certain to
 * be changed by direct modification, only what the conditions and the new values
 * are made of is needed, so that an index may be enough to find them; and what
 * new values are made of must not come from an index, which lags.
 */
#ifndef BR_PURPOSE_H
#define BR_PURPOSE_H

#include "base/br.h"
#include "fdw/change.h"
#include "nodes/pathnodes.h"

typedef struct BrPurpose
{
	bool		changes;		/* UPDATE or DELETE of the rows */
	bool		direct;			/* by direct modification, for certain */
	List	   *sets;			/* DIRECT: the columns that are set (int) */
	Bitmapset  *sources;		/* DIRECT: the columns that new values are made of */
	BrTops		tops;			/* DIRECT: attributes that must be known to be changed */
} BrPurpose;

extern BrPurpose br_purpose_of(PlannerInfo *root, RelOptInfo *baserel, const BrRelation *rel);

/*
 * The columns that the new values in the target list of an UPDATE are made of.  Its
 * junk is what identifies rows, and is not counted, and the subqueries of which
 * several columns are set, which are.
 */
extern Bitmapset *br_columns_of_values(const BrRelation *rel, Index varno, List *targetlist);

/* Do new values depend on what the items have now, other than their keys? */
extern bool br_purpose_needs_values(const BrPurpose *purpose, const BrRelation *rel);

/* Does one of the columns (int) hold a key of an index, so that a change moves the item there? */
extern bool br_sets_index_key(const BrRelation *rel, List *attnums);

/* Is one of them the whole item? */
extern bool br_sets_whole_item(const BrRelation *rel, List *attnums);

#endif							/* BR_PURPOSE_H */
