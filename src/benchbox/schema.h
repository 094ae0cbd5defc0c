/*
 * schema.h
 *		The BenchBox result schema v1.1, as one table.
 *
 * A change of the schema is a change of its version, of the table's lines and
 * of docs/benchbox.md.
 */
#ifndef BR_SCHEMA_TABLE_H
#define BR_SCHEMA_TABLE_H

#include "benchbox/document.h"

#define BR_BENCHBOX_SCHEMA_VERSION "1.1"

/* What the end of a truncated sql_text says, and how many characters it may have before. */
#define BR_BENCHBOX_TRUNCATED "/* truncated */"
#define BR_BENCHBOX_SQL_CHARACTERS 4096

/* Where the full validation details are. */
#define BR_BENCHBOX_VALIDATION_DETAILS "phases.setup.validation.validation_details"

typedef enum BrPresence
{
	BR_OPTIONAL = 0,
	BR_EXPECTED,				/* named by the schema; where it is unknown it is absent */
	BR_REQUIRED
} BrPresence;

/* What values of a type are right. */
typedef enum BrValueForm
{
	BR_VALUE_ANY = 0,
	BR_VALUE_NAME,				/* a string that is not empty */
	BR_VALUE_TIMESTAMP,			/* ISO 8601, as Python's isoformat() writes it */
	BR_VALUE_COUNT,				/* an integer, zero or more */
	BR_VALUE_AMOUNT,			/* zero or more */
	BR_VALUE_POSITIVE,			/* more than zero */
	BR_VALUE_RATIO				/* from 0 to 1 */
} BrValueForm;

typedef struct BrRule
{
	const char *path;			/* [] is an element of an array, * any member */
	uint8		types;			/* BrNodeType */
	uint8		presence;		/* BrPresence */
	uint8		form;			/* BrValueForm */
	bool		open;			/* of an object: further members are no surprise */
	bool		lenient;		/* other values are warnings */
	const char *values;			/* the only ones, separated by |; NULL: any */
	const char *also;			/* other names of the member, separated by | */
	const char *since;			/* the version that brought it; NULL: the first */
} BrRule;

/* Every object stands before its members; the first row is the document. */
extern const BrRule br_rules[];
extern const int br_rule_count;

/* The row of an object's member with this name, or of an array's elements (NULL); -1 if there is none. */
extern int	br_rule_member(int row, const char *name, size_t len, bool *other_name);

/* The rows right below a row, from the first (after = row) on; -1 behind the last. */
extern int	br_rule_next_child(int row, int after);

/* The last name of a row's path. */
extern const char *br_rule_name(int row);

/* Whether a list separated by | has this word. */
extern bool br_rule_listed(const char *list, const char *word, size_t len);

#endif							/* BR_SCHEMA_TABLE_H */
