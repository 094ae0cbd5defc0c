/*
 * option.h
 *		The options of servers, user mappings, tables and columns.
 *
 * All of them stand in one table (option.c): name, where it may stand, type,
 * bounds, who may set it, whether it is a secret, and what it is for.
 */
#ifndef BR_OPTION_H
#define BR_OPTION_H

#include "base/br.h"
#include "nodes/pg_list.h"

typedef enum BrOptionType
{
	BR_OPTION_TEXT,
	BR_OPTION_BOOL,
	BR_OPTION_INTEGER,
	BR_OPTION_DURATION,			/* with PostgreSQL's units; ms */
	BR_OPTION_CHOICE
} BrOptionType;

/* Where an option may stand. */
#define BR_ON_SERVER	0x01
#define BR_ON_MAPPING	0x02
#define BR_ON_TABLE		0x04
#define BR_ON_COLUMN	0x08
#define BR_ON_IMPORT	0x10

/* Checks a value beyond its type; raises an error. */
typedef void (*BrOptionCheck) (const char *name, const char *value);

typedef struct BrOptionDef
{
	const char *name;
	int			places;
	BrOptionType type;
	long		min;			/* INTEGER, DURATION */
	long		max;
	const char *word;			/* INTEGER: taken for 0; NULL: none is */
	const char *const *choices; /* CHOICE, NULL-terminated */
	const char *initial;		/* what counts if it is not set; NULL: nothing */
	bool		superuser;		/* only a superuser may set it */
	BrOptionCheck check;
	const char *help;
} BrOptionDef;

/*
 * Checks the options of one object as CREATE and ALTER give them. place: one
 * of BR_ON_*.
 */
extern void br_options_validate(List *options, int place);

/* False if an option of this place cannot have such a value, whichever it is. */
extern bool br_option_fits(const char *value, int place);

/*
 * The value of an option: from the first list that has it (lists may be NIL),
 * or its initial value, or NULL.
 */
extern const char *br_option_text(const char *name, List *options, List *fallback);
extern bool br_option_bool(const char *name, List *options, List *fallback);
extern long br_option_number(const char *name, List *options, List *fallback);

/* The names in a value that is a list separated by commas, without blanks around them. */
extern List *br_option_names(const char *value);

#endif							/* BR_OPTION_H */
