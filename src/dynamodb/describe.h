/*
 * describe.h
 *		What DescribeTable says about a table.
 */
#ifndef BR_DESCRIBE_H
#define BR_DESCRIBE_H

#include "base/br.h"
#include "base/error.h"
#include "dynamodb/span.h"

typedef enum BrProjection
{
	BR_PROJECTION_UNKNOWN = 0,	/* not told: never assume all */
	BR_PROJECTION_ALL,
	BR_PROJECTION_KEYS_ONLY,
	BR_PROJECTION_INCLUDE
} BrProjection;

typedef struct BrIndexInfo
{
	const char *name;
	bool		global;
	const char *pk;				/* attribute names */
	BrType		pk_type;
	const char *sk;				/* NULL: none */
	BrType		sk_type;
	BrProjection projection;
	int			nincluded;		/* non-key attributes of INCLUDE */
	const char **included;
} BrIndexInfo;

typedef struct BrTableInfo
{
	const char *name;
	const char *status;			/* "ACTIVE", ... */
	const char *pk;
	BrType		pk_type;
	const char *sk;				/* NULL: none */
	BrType		sk_type;
	int64		item_count;		/* 0 means unknown (hours old at best) */
	int64		size_bytes;		/* likewise */
	int			nindexes;		/* usable ones: active, not backfilling, one
								 * partition and at most one sort attribute */
	BrIndexInfo *indexes;
	int			nskipped;		/* the others, by name */
	const char **skipped;
} BrTableInfo;

/* Parses the answer into palloc'd memory. */
extern bool br_describe_parse(const char *body, size_t len, BrTableInfo *info, BrError *err);

#endif							/* BR_DESCRIBE_H */
