/*
 * relation.h
 *		What the options say about one foreign table.
 */
#ifndef BR_RELATION_H
#define BR_RELATION_H

#include "base/br.h"
#include "access/choose.h"
#include "dynamodb/path.h"
#include "dynamodb/time.h"
#include "nodes/pg_list.h"
#include "utils/rel.h"

typedef enum BrColumnKind
{
	BR_COLUMN_DROPPED,
	BR_COLUMN_KEY,				/* read from the keys, by their templates */
	BR_COLUMN_ATTRIBUTE,
	BR_COLUMN_ITEM				/* the whole item */
} BrColumnKind;

typedef struct BrColumn
{
	BrColumnKind kind;
	const char *name;
	Oid			type;
	int32		typmod;
	bool		not_null;
	int			value;			/* KEY: number among br_schema_decode's values */
	BrPaths		paths;			/* ATTRIBUTE: in the order of preference */
	BrTimeFormat format;
} BrColumn;

/* What can be limited: see br_limits. */
typedef enum BrLimit
{
	BR_LIMIT_READ_UNITS,		/* of a statement */
	BR_LIMIT_RATE,				/* read units a second */
	BR_LIMIT_KEYS				/* that one scan may name */
} BrLimit;

#define BR_NUM_LIMITS	(BR_LIMIT_KEYS + 1)

typedef struct BrRelation
{
	Oid			relid;
	Oid			server_id;
	const char *name;			/* of the foreign table */
	BrSchema	schema;
	int			ncolumns;
	BrColumn   *columns;		/* [attnum - 1] */
	bool		consistent;		/* strong reads are asked for, by option or setting */
	bool		is_partition;
	bool		reads_own;		/* strongly, what the transaction has written */
	int			max_concurrency;	/* requests of a scan under way together */
	int			scan_policy;	/* BrScanPolicy */
	int			scan_segments;	/* 0: as the size suggests */
	int			analyze_requests;	/* that ANALYZE may make for items */
	double		limits[BR_NUM_LIMITS];	/* as the options have them, 0: none */
	bool		mismatch_null;	/* a wrong type is NULL, not an error */
	const char *having;			/* an attribute that every row's item has, NULL: any */
	bool		well_formed;	/* asserted of all that can be the entity's */

	/* writing */
	bool		updatable;
	bool		upsert;			/* INSERT replaces what exists */
	bool		transact;		/* lots of rows, all or nothing */
	int			batch_size;
	bool		no_blocks;		/* not in a transaction block */
	List	   *further_status; /* values (char *, UTF-8) beyond the known ones */
	List	   *further_mode;

	double		rows;			/* estimate */
	bool		size_known;		/* it is more than a guess */
} BrRelation;

/* GUC benchresults_fdw.consistent_read; as with the option, plans depend on it */
extern bool br_consistent_read;

/*
 * Reads the catalogs, makes no request. Everything lies in the current context.
 * Raises an error if the options do not fit together.
 */
extern BrRelation *br_relation_open(Relation rel);

/* The column of an attribute number; never a dropped or system one. */
extern const BrColumn *br_relation_column(const BrRelation *rel, AttrNumber attnum);

/* Are the column's times, as texts, in order by the second only? */
extern bool br_sorts_seconds(const BrRelation *rel, AttrNumber attnum);

/*
 * The attribute that a column stands for in predicates: a template variable or
 * a top-level attribute; NULL if it is neither.
 */
extern const char *br_column_attribute(const BrRelation *rel, const BrColumn *column);

#endif							/* BR_RELATION_H */
