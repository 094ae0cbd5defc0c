/*
 * template.h
 *		Key templates, compiled both ways.
 *
 * A template such as AGGREGATE#{configId}#{invocationType} says how a key is
 * made of attributes.  Read in one direction it turns the values of columns
 * into a key, in the other a key into the values, and the two are inverse to
 * each other: a key that does not parse back to the values it was made of is
 * the key of no item, so nobody needs to ask for it.
 *
 * How a key is cut: a variable ends at the first occurrence of the literal
 * behind it; if the variable after that is a choice, at the first one that is
 * followed by a legal value of it; and a last variable that is a choice or an
 * integer is cut off from the right first.  So exactly one variable may contain
 * the separator.  Integers are canonical: no leading zero, no plus sign.
 */
#ifndef BR_TEMPLATE_H
#define BR_TEMPLATE_H

#include "base/br.h"
#include "base/error.h"

/* A stretch of text; ptr NULL: not known. */
typedef struct BrText
{
	const char *ptr;
	size_t		len;
} BrText;

typedef enum BrVariableKind
{
	BR_VAR_TEXT,
	BR_VAR_INTEGER,
	BR_VAR_CHOICE
} BrVariableKind;

typedef struct BrVariable
{
	const char *name;			/* of the attribute */
	BrVariableKind kind;
	const char *const *choices; /* of a CHOICE, NULL-terminated */
} BrVariable;

#define BR_MAX_VARIABLES	16

/* The variables of all templates of one table; values are arrays parallel to it. */
typedef struct BrVariables
{
	int			n;
	BrVariable	list[BR_MAX_VARIABLES];
} BrVariables;

typedef struct BrPart
{
	BrText		literal;
	int			variable;		/* -1: a literal */
} BrPart;

typedef struct BrTemplate
{
	int			nparts;			/* literals and variables; two variables never
								 * touch. 0: the table has no such key */
	BrPart	   *parts;
} BrTemplate;

/*
 * Parses into palloc'd memory, pointing into text; new names are added to
 * vars. What a variable may hold follows from its name (entity.h) and can be
 * narrowed by the caller before the first use.
 */
extern bool br_template_parse(const char *text, BrVariables *vars,
							  BrTemplate *template, BrError *err);

/* Number of the variable with this name, or -1. */
extern int	br_variable_find(const BrVariables *vars, const char *name);

/*
 * Cuts a key into values, pointing into it. False if the key does not have
 * this form. A value that is known before must come out the same.
 */
extern bool br_template_decode(const BrTemplate *template, const BrVariables *vars,
							   BrText key, BrText *values);

/*
 * Appends the key made of values, all of which must be known. False if no item
 * can have them.
 */
extern bool br_template_compile(const BrTemplate *template, const BrVariables *vars,
								const BrText *values, StringInfo key);

/*
 * Appends what a key begins with: literals and known values up to the first
 * variable that is not known, and of that one what prefixes says, if anything.
 * Every key of these values begins so; not every key that begins so has them.
 * False if no item can have them.
 */
extern bool br_template_prefix(const BrTemplate *template, const BrVariables *vars,
							   const BrText *values, const BrText *prefixes,
							   StringInfo prefix);

/* True if all variables of the template are known. */
extern bool br_template_is_complete(const BrTemplate *template, const BrText *values);

/* As br_template_compile, but for people: unknown ones as {name}, no checks. */
extern void br_template_describe(const BrTemplate *template, const BrVariables *vars,
								 const BrText *values, StringInfo out);

#endif							/* BR_TEMPLATE_H */
