/*
 * declared.h
 *		What the options of a source's tables say.
 */
#ifndef BR_DECLARED_H
#define BR_DECLARED_H

#include "base/br.h"
#include "access/schema.h"
#include "dynamodb/path.h"
#include "dynamodb/time.h"
#include "nodes/pg_list.h"

/* A column of a foreign table; one of the whole item is left out. */
typedef struct BrDeclaredColumn
{
	const char *name;
	Oid			type;
	bool		not_null;
	int			value;			/* number among br_schema_decode's values, -1:
								 * read from the attribute */
	BrPaths		paths;
	BrTimeFormat format;
} BrDeclaredColumn;

typedef struct BrDeclared
{
	const BrEntity *entity;
	const char *source;			/* name of its schema */
	Oid			relid;			/* of the relation with the entity's name, invalid: none */
	bool		is_foreign;		/* it is our foreign table for this entity; else
								 * nothing is declared */
	Oid			server_id;
	const char *remote;			/* name of the DynamoDB table */
	List	   *options;
	List	   *server_options;
	BrSchema	schema;			/* as far as declared; else the entity's own */
	int			ncolumns;
	BrDeclaredColumn *columns;
} BrDeclared;

/* Raises an error if the options do not fit together. */
extern void br_declared_read(BrDeclared *table, const BrEntity *entity, const char *source);

/* The value of an option, NULL if it is not set. */
extern const char *br_declared_option(List *options, const char *name);

#endif							/* BR_DECLARED_H */
