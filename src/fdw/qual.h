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

/* The most predicates that one read makes use of. */
#define BR_MAX_PREDICATES	64

typedef struct BrQuals
{
	int			n;
	BrPredicate list[BR_MAX_PREDICATES];
	List	   *exprs;			/* of the values, by their numbers */
	List	   *unkeyed;		/* clauses (RestrictInfos) that are not just
								 * equalities of variables of the keys */
	int			nlocal;			/* clauses of which nothing was sent: rows may be
								 * dropped after they came */
} BrQuals;

/*
 * What the clauses (RestrictInfos) say about keys and other attributes. All of
 * them must be checked on the rows as well.
 */
extern void br_quals_extract(PlannerInfo *root, const BrRelation *rel, Index varno,
							 List *clauses, BrQuals *quals);

/*
 * Is a partition of the index (NULL: of the table) in the order of this
 * expression, compared with this collation?
 */
extern bool br_orders_by(const BrRelation *rel, const BrIndex *index, Index varno,
						 Node *expr, Oid collation);

/* Is the expression a column that a predicate can be on? */
extern bool br_is_key_column(const BrRelation *rel, Index varno, Node *node);

#endif							/* BR_QUAL_H */
