/*
 * audit.h
 *		Inside of functions: assumptions about items, and what was found of them.
 *
 * audit_rules.c says what is assumed of which table, audit_item.c looks at an
 * item, check_table.c shows the outcome.
 */
#ifndef BR_AUDIT_H
#define BR_AUDIT_H

#include "base/br.h"
#include "functions/declared.h"
#include "utils/jsonb.h"

typedef enum BrCheckKind
{
	BR_CHECK_NOTHING,			/* cannot be checked; advice says why */

	/* of every item */
	BR_CHECK_KEYS,				/* what has the entity's literals has its form */
	BR_CHECK_STRAY,				/* the item is in no entity: told, no fault */
	BR_CHECK_STRAY_TYPE,		/* such an item does not claim to be in one */

	/* of the items of the table */
	BR_CHECK_ITEM_TYPE,
	BR_CHECK_PRESENT,			/* the attribute is there */
	BR_CHECK_VALUE,				/* the attribute says what the keys say */
	BR_CHECK_CONFIG,			/* config_template fits */
	BR_CHECK_CHOICE,			/* the attribute has one of these values */
	BR_CHECK_TIME,				/* the timestamp has the declared format */
	BR_CHECK_INDEX,				/* the index has the item */
	BR_CHECK_NOT_NULL,
	BR_CHECK_TYPES				/* attributes suit the types of their columns */
} BrCheckKind;

#define BR_MAX_EXAMPLES	3

/* How many, and the keys of those that come first in the order of bytes. */
typedef struct BrTally
{
	int64		count;
	int			nexamples;
	char	   *examples[BR_MAX_EXAMPLES];
} BrTally;

/* Fractions of a second have at most as many digits as are told apart. */
#define BR_MAX_FRACTION	12

typedef struct BrCheck
{
	BrCheckKind kind;
	const char *assumption;		/* in words */
	const char *advice;			/* what to do if it does not hold */
	const char *attribute;		/* PRESENT, VALUE, CHOICE */
	const char *const *choices; /* CHOICE */
	const char *prefix;			/* STRAY: of pk, NULL: none of the others */
	int			value;			/* VALUE: number of it */
	const BrDeclaredColumn *column;	/* TIME, NOT_NULL */
	const BrIndexInfo *index;	/* INDEX */

	int64		items;			/* that were looked at */
	BrTally		violations;
	BrTally    *widths;			/* TIME: by the digits of the fraction */
} BrCheck;

/* One of the tables of a source. */
typedef struct BrAudited
{
	BrDeclared	declared;
	int			nchecks;
	BrCheck    *checks;
} BrAudited;

#define BR_MAX_AUDITED	4

typedef struct BrAudit
{
	MemoryContext context;		/* of what outlives an item */
	int			ntables;
	BrAudited	tables[BR_MAX_AUDITED];	/* the last one holds all items */
} BrAudit;

/* What is assumed of the tables in this schema, by their options. */
extern BrAudit *br_audit_prepare(const char *source);

extern void br_audit_item(BrAudit *audit, BrText pk, BrText sk, Jsonb *item);

/* What can be told only when all items have been seen. */
extern void br_audit_finish(BrAudit *audit);

#endif							/* BR_AUDIT_H */
