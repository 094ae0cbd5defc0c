/*
 * target.h
 *		Columns that conditions can be about.
 */
#ifndef BR_TARGET_H
#define BR_TARGET_H

#include "base/br.h"
#include "access/predicate.h"
#include "access/schema.h"
#include "fdw/relation.h"
#include "nodes/nodes.h"

typedef struct BrTarget
{
	const BrColumn *column;
	const char *attribute;		/* as in BrPredicate */
	const BrPath *path;
} BrTarget;

extern bool br_is_text_type(Oid type);

/*
 * The column that an expression is, if it stands for one attribute or a part of
 * the keys; varno is the relation's number in the query.
 */
extern bool br_target_find(const BrRelation *rel, Index varno, Node *node, BrTarget *target);

/* The type that values are sent as to be equal; ABSENT: equality is another one. */
extern BrType br_sent_type(const BrRelation *rel, const BrColumn *column);

/* The same to be compared by order. */
extern BrType br_ordered_type(const BrRelation *rel, const BrTarget *target, Oid collation);

/* The attribute type that a column's values come from; ABSENT: from several. */
extern BrType br_source_type(const BrColumn *column);

/* Does every value of the type it is sent as have a value in the column's type? */
extern bool br_is_total(const BrColumn *column);

extern bool br_is_rounded_type(Oid type);

/*
 * The column that this expression is, if those items of a partition of the index
 * (NULL: of the table) that meet the predicates are in its order, compared with
 * this collation, and without NULLs; else NULL. Of times in the format iso8601_z
 * only the seconds are in order.
 */
extern const BrColumn *br_orders_by(const BrRelation *rel, const BrIndex *index,
									Index varno, Node *expr, Oid collation,
									BrPredicates predicates);

/* Is the expression a column that a predicate can be on? */
extern bool br_is_key_column(const BrRelation *rel, Index varno, Node *node);

#endif							/* BR_TARGET_H */
