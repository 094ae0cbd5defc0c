/*
 * discover.h
 *		Looking at a remote table: its keys and indexes, and what its items hold.
 */
#ifndef BR_DISCOVER_H
#define BR_DISCOVER_H

#include "base/br.h"
#include "access/entity.h"
#include "dynamodb/describe.h"
#include "dynamodb/time.h"
#include "io/connection.h"
#include "nodes/pg_list.h"

/* An attribute that some sampled item had, other than as NULL. */
typedef struct BrSeen
{
	const char *name;
	BrType		type;			/* of the first item that had it */
	bool		mixed;			/* other items had it with another one */
} BrSeen;

typedef struct BrDiscovery
{
	BrTableInfo info;
	bool		benchmark;		/* the keys are those of the benchmark table */
	BrTimeFormat time_format;	/* of "timestamp" and its kin */
	bool		time_seen;		/* in a sampled item, not just guessed */
	bool		nested_matrix;	/* the matrix lies in testMatrix */
	bool		config_template;	/* configuration ids follow BR_CONFIG_TEMPLATE */
	List	   *run_attributes; /* of BrSeen, in the order of first sight */
	List	   *aggregate_attributes;
	List	   *result_attributes;
	List	   *attributes;		/* of a table that is no benchmark table */
} BrDiscovery;

/* The known shapes, without a request. shape: "live" or "document". */
extern BrDiscovery *br_discover_shape(const char *table, const char *shape);

/*
 * Asks the service: DescribeTable, and a few items of one run (sample_run, or
 * one found by a Scan). generic: the table is not looked at as a benchmark
 * table. Everything in the current context.
 */
extern BrDiscovery *br_discover(Oid server_id, Oid user_id, const char *table,
								const char *sample_run, bool generic);

/* DescribeTable; everything in the current context. */
extern bool br_describe_table(BrConnection *conn, const char *table, BrTableInfo *info,
							  BrError *err);

/* Asks for keys and indexes only. */
extern BrDiscovery *br_discover_table(Oid server_id, Oid user_id, const char *table);

/* The attribute, if some sampled item had it; else NULL. */
extern BrSeen *br_seen(List *seen, const char *name);

/* The value of the option "estimated_rows"; 0: not known. */
extern double br_discovery_rows(const BrDiscovery *discovery, const BrEntity *entity);

#endif							/* BR_DISCOVER_H */
