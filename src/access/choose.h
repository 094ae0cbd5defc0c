/*
 * choose.h
 *		From conditions to requests: what can be asked, and then what is asked.
 *
 * Conditions arrive as predicates on attributes whose values are known when the
 * query runs.  br_choose() lists the ways to read that they allow, knowing only
 * which predicates there are; br_bind() makes the request of one of them once
 * the values are there.  Every request yields a superset of the rows wanted;
 * who uses it checks the rows.
 */
#ifndef BR_CHOOSE_H
#define BR_CHOOSE_H

#include "base/br.h"
#include "access/schema.h"
#include "dynamodb/request.h"

typedef enum BrPredicateOp
{
	BR_PRED_EQ,
	BR_PRED_PREFIX				/* begins with, byte by byte */
} BrPredicateOp;

typedef struct BrPredicate
{
	const char *attribute;		/* a variable of a template, or an attribute */
	BrType		type;			/* that the value is sent as: S or N */
	BrPredicateOp op;
	int			value;			/* number of the run-time value */
} BrPredicate;

typedef struct BrPredicates
{
	int			n;
	const BrPredicate *list;
} BrPredicates;

/* A way to read. */
typedef struct BrAccess
{
	BrOperation op;				/* GET_ITEM, QUERY or SCAN */
	int			index;			/* number in the schema, -1: the table */
	bool		sort;			/* QUERY: part of the sort key is known too */
} BrAccess;

#define BR_MAX_ACCESSES	64

/*
 * Fills accesses with what the predicates allow and returns their number: a
 * Scan always, and then the narrower ones. needed: the attributes that must be
 * readable (template variables excepted), or NULL for whole items.
 */
extern int	br_choose(const BrSchema *schema, BrPredicates predicates,
					  int nneeded, const char *const *needed, bool whole_item,
					  bool consistent, BrAccess *accesses);

/*
 * Makes the request: table, index, keys, conditions and filter of *read, all
 * in palloc'd memory. values: the predicates' values, none of them NULL. False
 * if they can match no item, so nothing need be asked.
 */
extern bool br_bind(const BrSchema *schema, const BrAccess *access,
					BrPredicates predicates, const BrText *values, BrRead *read);

/* For EXPLAIN: as br_bind, with values that only stand for the real ones. */
extern void br_bind_for_display(const BrSchema *schema, const BrAccess *access,
								BrPredicates predicates, const BrText *values,
								BrRead *read);

#endif							/* BR_CHOOSE_H */
