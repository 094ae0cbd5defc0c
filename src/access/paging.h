/*
 * paging.h
 *		Which request comes next, and when a read is at its end.
 *
 * Only the lack of a LastEvaluatedKey (of UnprocessedKeys, for a batch) ends a
 * read; an empty page does not.  A limited first page is a guess that no more
 * will be wanted, so each further page is twice as large, until it is full: as
 * large as the read allows.
 */
#ifndef BR_PAGING_H
#define BR_PAGING_H

#include "base/br.h"
#include "base/error.h"
#include "dynamodb/page.h"
#include "dynamodb/request.h"

typedef struct BrPaging
{
	BrOperation op;
	StringInfoData skeleton;	/* what all requests of the read begin with */
	StringInfoData next;		/* the key to start from, or what is left over */
	int			limit;			/* of the next page, 0: as much as fits */
	int			max_limit;
	bool		started;		/* a page has arrived */
	bool		done;
} BrPaging;

/* Takes memory from the current context. */
extern void br_paging_init(BrPaging *paging, const BrRead *read);

/* Appends the body of the next request; only while !done. */
extern void br_paging_request(const BrPaging *paging, StringInfo body);

/*
 * Takes note of where a page ends; to be called before its items are decoded.
 * A page that ends where it began would come for ever: BR_ERR_PROTOCOL. A batch
 * of which nothing was answered, or after which just as much is left, is *stuck:
 * the caller waits before it asks for the rest.
 */
extern bool br_paging_advance(BrPaging *paging, const BrPage *page, bool *stuck,
							  BrError *err);

/* Is the next page a full one? */
extern bool br_paging_is_full(const BrPaging *paging);

/* The kind of page that an operation answers with. */
extern BrPageKind br_page_kind(BrOperation op);

#endif							/* BR_PAGING_H */
