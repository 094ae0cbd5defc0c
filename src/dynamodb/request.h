/*
 * request.h
 *		The bodies of requests.
 */
#ifndef BR_REQUEST_H
#define BR_REQUEST_H

#include "base/br.h"
#include "dynamodb/expression.h"
#include "dynamodb/page.h"

typedef enum BrOperation
{
	BR_OP_GET_ITEM,
	BR_OP_BATCH_GET_ITEM,
	BR_OP_QUERY,
	BR_OP_SCAN,
	BR_OP_DESCRIBE_TABLE,
	BR_OP_LIST_TABLES,
	BR_OP_PUT_ITEM,				/* this and the others that write: write.h */
	BR_OP_UPDATE_ITEM,
	BR_OP_DELETE_ITEM,
	BR_OP_BATCH_WRITE_ITEM,
	BR_OP_TRANSACT_WRITE_ITEMS
} BrOperation;

#define BR_NUM_OPERATIONS (BR_OP_TRANSACT_WRITE_ITEMS + 1)

/* "GetItem", ...: also the second half of x-amz-target. */
extern const char *br_operation_name(BrOperation op);

/* A primary key; sk NULL if the table has none. */
typedef struct BrKey
{
	const char *pk_name;
	const BrValue *pk;
	const char *sk_name;
	const BrValue *sk;
} BrKey;

/* DynamoDB's limit for one BatchGetItem. */
#define BR_MAX_BATCH_KEYS	100

/* A read, before the first page. */
typedef struct BrRead
{
	BrOperation op;				/* GET_ITEM, BATCH_GET_ITEM, QUERY or SCAN */
	const char *table;
	const char *index;			/* NULL: the table itself */
	int			nkeys;			/* GET_ITEM: 1, BATCH_GET_ITEM: 1..100 distinct */
	const BrKey *keys;
	const BrCondition *key_condition;	/* QUERY */
	const BrCondition *filter;	/* QUERY, SCAN; NULL: none */
	int			nprojection;	/* 0: all attributes */
	const BrPath *projection;	/* overlaps and repeats are dropped when written */
	bool		count_only;		/* Select=COUNT, without projection */
	bool		all_attributes; /* Select=ALL_ATTRIBUTES: of a local index also what
								 * it does not project; without projection */
	bool		consistent;
	bool		backward;		/* ScanIndexForward=false */
	int			limit;			/* items of the first page, before any filter;
								 * 0: as many as fit */
	int			max_limit;		/* of any page; 0: as many as fit */
	int			segment;		/* with total_segments > 1 */
	int			total_segments;
} BrRead;

/*
 * Appends the body without its closing brace, so that a page's request is this
 * text plus br_request_finish().
 */
extern void br_request_read(StringInfo out, const BrRead *read);

/*
 * Adds "ExclusiveStartKey" (verbatim from the last page, if given), "Limit"
 * (unless 0) and the brace.
 */
extern void br_request_finish(StringInfo out, const BrRaw *start_key, int limit);

/*
 * BatchGetItem or BatchWriteItem of what was left over: UnprocessedKeys and
 * UnprocessedItems are themselves the request.
 */
extern void br_request_unprocessed(StringInfo out, const BrRaw *unprocessed);

extern void br_request_describe_table(StringInfo out, const char *table);

#endif							/* BR_REQUEST_H */
