/*
 * predicate.h
 *		What is known of the items wanted: conditions on their attributes.
 *
 * A list of predicates all of which must hold.  Values are not part of it: they
 * are known when the query runs, and are referred to by number.
 *
 * AND and OR are predicates too, followed in the list by those that they join,
 * and by what these join in turn.  Keys look at the outermost level only.
 */
#ifndef BR_PREDICATE_H
#define BR_PREDICATE_H

#include "base/br.h"
#include "access/template.h"
#include "dynamodb/path.h"
#include "dynamodb/span.h"

typedef enum BrPredicateOp
{
	/* with a value; these can be about keys */
	BR_PRED_EQ,					/* equals the value */
	BR_PRED_IN,					/* equals one of the values */
	BR_PRED_PREFIX,				/* begins with the value, byte by byte */
	BR_PRED_GE,					/* from here on by bytes or by number */
	BR_PRED_GT,
	BR_PRED_LE,
	BR_PRED_LT,

	/* with a value; these only filter */
	BR_PRED_NE,					/* is of the type, and not the value */
	BR_PRED_NOT_IN,				/* is of the type, and none of the values */
	BR_PRED_IS_NOT,				/* is not the value, or nothing at all */

	/* without a value */
	BR_PRED_OF_TYPE,
	BR_PRED_NOT_OF_TYPE,		/* of another type, or nothing at all */
	BR_PRED_PRESENT,			/* neither absent nor of the type NULL */
	BR_PRED_ABSENT,				/* absent, or of the type NULL */

	/* the entries below */
	BR_PRED_AND,
	BR_PRED_OR
} BrPredicateOp;

typedef struct BrPredicate
{
	const char *attribute;		/* a variable of a template, or an attribute; ""
								 * if there is a path, or if it is AND or OR */
	const BrPath *path;			/* of more than one step; else NULL */
	BrType		type;			/* that the values are sent as: S, N or BOOL */
	BrPredicateOp op;
	int			value;			/* number of the run-time value, -1: none */
	int			column;			/* number of the column whose comparison it is,
								 * for who makes the value; 0: none */
	double		count;			/* IN: how many values are expected */
	int			below;			/* entries that follow and belong to it */
	bool		exact;			/* holds of an item if and only if the condition
								 * that it stands for does */
} BrPredicate;

typedef struct BrPredicates
{
	int			n;
	const BrPredicate *list;
} BrPredicates;

/* Walks the predicates of the outermost level. */
#define br_foreach_predicate(pred, predicates) \
	for (const BrPredicate *pred = (predicates).list; \
		 pred < (predicates).list + (predicates).n; \
		 pred += 1 + pred->below)

/* The values of a predicate, none of them NULL: one, unless it is a list. */
typedef struct BrTexts
{
	int			n;
	const BrText *list;
} BrTexts;

static inline bool
br_predicate_is_equality(const BrPredicate *pred)
{
	return pred->op == BR_PRED_EQ || pred->op == BR_PRED_IN;
}

#endif							/* BR_PREDICATE_H */
