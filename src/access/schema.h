/*
 * schema.h
 *		What the planner of requests knows about one table.
 */
#ifndef BR_SCHEMA_H
#define BR_SCHEMA_H

#include "base/br.h"
#include "access/entity.h"
#include "access/template.h"
#include "dynamodb/describe.h"
#include "dynamodb/span.h"

typedef struct BrIndex
{
	BrIndexInfo info;
	bool		complete;		/* holds every item of the entity: asserted */
	bool		sparse;			/* holds items of the entity only: asserted */
	double		items;			/* in the index, an estimate; 0: as in the table */
} BrIndex;

typedef struct BrSchema
{
	const char *table;			/* DynamoDB's name */
	const BrEntity *entity;		/* NULL: a table of any other kind */

	/* primary key: its attributes, and how they are made of variables */
	const char *pk_name;
	BrType		pk_type;
	const char *sk_name;		/* NULL: none */
	BrType		sk_type;
	BrVariables vars;
	BrTemplate	pk;				/* {pk_name} itself if the table has no templates */
	BrTemplate	sk;
	const char *const *reserved;	/* prefixes that pk must not have, or NULL */

	/* dimensions inside one of the variables */
	int			config_var;		/* the variable configId, -1: not split */
	BrVariables config_vars;
	BrTemplate	config;
	bool		config_required;	/* what does not have its form is no item of ours */

	int			nindexes;
	BrIndex    *indexes;
	bool		index_forced;	/* a Query of any of them is better than a Scan */
	double		items;			/* in the whole table, an estimate */
	double		item_bytes;		/* mean size of an item, likewise; 0: not known */
} BrSchema;

/* Are both names there, and the same? */
static inline bool
br_same_name(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* Sets vars, pk, sk and reserved from the templates (NULL: none). */
extern bool br_schema_set_templates(BrSchema *schema, const char *pk_template,
									const char *sk_template, BrError *err);

/* Sets config_var, config_vars and config. NULL or no variable configId: no split. */
extern bool br_schema_set_config(BrSchema *schema, const char *config_template,
								 BrError *err);

/*
 * Sets the indexes from the table option of that name (NULL: none). BR_ERR_CONFIG
 * says what is wrong.
 */
extern bool br_schema_set_indexes(BrSchema *schema, const char *text, BrError *err);

/* Does the key begin as those of another entity? */
extern bool br_schema_reserves(const BrSchema *schema, BrText pk);

/*
 * Do the keys have the literals of this schema's? That much a condition that is
 * sent can tell, so an item that is admitted and does not decode is the one that
 * well-formedness rules out.
 */
extern bool br_schema_admits(const BrSchema *schema, BrText pk, BrText sk);

/*
 * The values of the variables in an item's keys, and in values[vars.n...] those
 * of config_vars (all unknown where configId has another form). False if the
 * item is not one of this schema's.
 */
extern bool br_schema_decode(const BrSchema *schema, BrText pk, BrText sk, BrText *values);

typedef enum BrCompiled
{
	BR_COMPILED,
	BR_COMPILED_UNKNOWN,		/* a value is needed that is not known */
	BR_COMPILED_CONTRADICTION,	/* configId is another one than its dimensions say */
	BR_COMPILED_IMPOSSIBLE		/* no item of this schema can have these values */
} BrCompiled;

/*
 * The reverse: appends the keys of an item with these values (as br_schema_decode
 * has them; ptr NULL: not known).  configId follows from its dimensions where it
 * is not known itself, and they from it; what follows is added to values. Other
 * than BR_COMPILED, *value says which one it is about, -1 if about all.
 */
extern BrCompiled br_schema_compile(const BrSchema *schema, BrText *values,
									StringInfo pk, StringInfo sk, int *value);

/* Number of values that br_schema_decode sets; at most 2 * BR_MAX_VARIABLES. */
#define br_schema_nvalues(schema)	((schema)->vars.n + (schema)->config_vars.n)

/* Place of an attribute among those values, -1 if it is in no template. */
extern int	br_schema_value_of(const BrSchema *schema, const char *attribute);

/* Value number so many is read into an integer column, so it holds an integer. */
extern void br_schema_narrow(BrSchema *schema, int value);

/* True if entries of the index (NULL: the table) carry this attribute. */
extern bool br_index_projects(const BrSchema *schema, const BrIndex *index,
							  const char *attribute);

#endif							/* BR_SCHEMA_H */
