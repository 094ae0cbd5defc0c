/*
 * write.h
 *		The bodies of requests that write, and whether an item shows that they did.
 *
 * Texts of JSON (items and values of changes) are sent as they stand: whoever
 * made them answers for them.  Nothing here fails; what the service would not
 * take (equal.h and measure.h tell) it refuses itself.
 */
#ifndef BR_WRITE_H
#define BR_WRITE_H

#include "dynamodb/request.h"

/*
 * A change of an item. Of the changes of one write no path is another's or leads
 * through another's, and the way to a path must be there: the service makes no
 * maps on it.
 */
typedef struct BrChange
{
	BrPath		path;
	const char *json;			/* the value, as {"S":"x"}; NULL: the attribute is
								 * removed */
	size_t		len;
	bool		makes;			/* nothing was there: the condition must say so */
} BrChange;

typedef enum BrReturns
{
	BR_RETURNS_NOTHING,
	BR_RETURNS_OLD,				/* ALL_OLD: the item as it was */
	BR_RETURNS_NEW				/* ALL_NEW: as it is now; of an UPDATE only, for
								 * others nothing */
} BrReturns;

/* One write of one item. */
typedef struct BrWrite
{
	BrOperation op;				/* PUT_ITEM, UPDATE_ITEM or DELETE_ITEM */
	const char *table;
	BrKey		key;			/* also of a PUT, whose item has it */
	const char *item;			/* PUT: all of it, {"pk":{"S":"x"},...}, from
								 * bracket to bracket */
	size_t		item_len;
	int			nchanges;		/* UPDATE, at least 1 */
	const BrChange *changes;
	const BrCondition *condition;	/* NULL: none */
	BrReturns	returns;
} BrWrite;

/*
 * Appends the whole body of a PutItem, UpdateItem or DeleteItem. If a condition
 * fails, the error answer brings the item (a BR_PAGE_ITEM), where the service
 * knows how to.
 */
extern void br_request_write(StringInfo out, const BrWrite *write);

/* DynamoDB's limit for one BatchWriteItem. */
#define BR_MAX_BATCH_WRITES		25

/*
 * BatchWriteItem of puts and deletes of one table, no key twice: their
 * conditions and what they return are not told.
 */
extern void br_request_batch_write(StringInfo out, int n, const BrWrite *const *writes);

/* DynamoDB's limit for one TransactWriteItems. */
#define BR_MAX_TRANSACT_WRITES	100

/*
 * TransactWriteItems: all or nothing, no key twice. token: ClientRequestToken of
 * 1 to 36 characters, the same over retries. Nothing is returned, also not of
 * failed conditions.
 */
extern void br_request_transact_write(StringInfo out, int n, const BrWrite *const *writes,
									  const char *token);

/*
 * Is there something in the item that the write was to make?  Then that is why its
 * condition failed.
 */
extern bool br_write_conflicts(const BrWrite *write, const BrSpan *item);

/*
 * Does the item (BR_TYPE_ABSENT or M) look as the write would have left it? PUT:
 * it is equal to ours. UPDATE: it exists and all changes hold; of a list whose
 * element was removed that cannot be told, so it is false. DELETE: it is gone.
 */
extern bool br_write_shows(const BrWrite *write, const BrSpan *item);

/* What one write had to do with the end of its transaction. */
typedef enum BrCancelled
{
	BR_CANCELLED_NOT,			/* this one was not the reason */
	BR_CANCELLED_CONDITION,		/* its condition failed */
	BR_CANCELLED_CONFLICT,		/* another write was under way, or too many: may
								 * be repeated */
	BR_CANCELLED_OTHER			/* what no repetition helps */
} BrCancelled;

/*
 * Why a TransactWriteItems was cancelled, from the body of its
 * TransactionCanceledException: fills reasons[n] with one for each write.
 * BR_ERR_PROTOCOL if it does not tell of n writes.
 */
extern bool br_cancellation_parse(const char *body, size_t len, int n,
								  BrCancelled *reasons, BrError *err);

#endif							/* BR_WRITE_H */
