/*
 * qual.h
 *		From clauses to predicates: the only place that walks expressions.
 */
#ifndef BR_QUAL_H
#define BR_QUAL_H

#include "base/br.h"
#include "access/choose.h"
#include "fdw/relation.h"
#include "nodes/pathnodes.h"

typedef struct BrQuals
{
	int			n;
	BrPredicate *list;
	List	   *sources;		/* the clauses (RestrictInfos) behind the entries of
								 * list, NULL where several make one */
	List	   *exprs;			/* of the values, by their numbers */
	List	   *unkeyed;		/* clauses (RestrictInfos) that are not just
								 * equalities of variables of the keys */
	int			nlocal;			/* clauses of which nothing was sent: rows may be
								 * dropped after they came */
	bool		exact;			/* the predicates say all that the clauses do */
} BrQuals;

/*
 * What the clauses (RestrictInfos) say about keys and other attributes. All of
 * them must be checked on the rows as well.
 */
extern void br_quals_extract(PlannerInfo *root, const BrRelation *rel, Index varno,
							 List *clauses, BrQuals *quals);

#endif							/* BR_QUAL_H */
