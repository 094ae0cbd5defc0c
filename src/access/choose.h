/*
 * choose.h
 *		From conditions to requests: what can be asked, and then what is asked.
 *
 * Conditions arrive as predicates on attributes whose values are known when the
 * query runs.  br_choose() lists the ways to read that they allow, knowing only
 * which predicates there are; br_bind() makes the request of one of them once
 * the values are there.  Every request yields a superset of the rows wanted;
 * who uses it checks the rows.
 */
#ifndef BR_CHOOSE_H
#define BR_CHOOSE_H

#include "base/br.h"
#include "access/predicate.h"
#include "access/schema.h"
#include "dynamodb/request.h"

/* How the items that an index does not carry wholly are read from the table. */
typedef enum BrFetchMode
{
	BR_FETCH_NOTHING,			/* the index carries all that is wanted */
	BR_FETCH_KEYS,				/* each by its key */
	BR_FETCH_PARTITIONS,		/* with all of their partition */
	BR_FETCH_BY_SERVICE			/* by the service itself: of a local index */
} BrFetchMode;

/* A way to read. */
typedef struct BrAccess
{
	BrOperation op;				/* GET_ITEM, BATCH_GET_ITEM, QUERY or SCAN */
	int			index;			/* number in the schema, -1: the table */
	BrFetchMode fetch;			/* of a Query of an index */
	double		probes;			/* keys or partitions expected to be asked for;
								 * exactly 1 if it cannot be more */
} BrAccess;

#define BR_MAX_ACCESSES	64

/* How new what is read must be: a global index lags behind its table. */
typedef enum BrFreshness
{
	BR_FRESH_EVENTUALLY,
	BR_FRESH_VALUES,			/* a global index may name the items, but no more */
	BR_FRESH_ALL				/* no global index */
} BrFreshness;

/*
 * Fills accesses with what the predicates allow and returns their number, at
 * least one: a Scan is among them unless another one can only read less. needed: the attributes that must be
 * readable (template variables excepted); whole_item: all of them.
 */
extern int	br_choose(const BrSchema *schema, BrPredicates predicates,
					  int nneeded, const char *const *needed, bool whole_item,
					  BrFreshness freshness, BrAccess *accesses);

/* Requests that together read what is wanted, each item once. */
typedef struct BrReads
{
	int			n;				/* 0: no item can match, so nothing is asked */
	BrRead	   *list;
	bool		curtailed;		/* a condition that could have been sent was not,
								 * because of its value */
} BrReads;

/* Does the predicate make a Query read less, rather than drop what it has read? */
extern bool br_access_is_narrowed_by(const BrSchema *schema, const BrAccess *access,
									 const BrPredicate *pred);

/*
 * Will the requests yield the rows wanted and nothing else, unless they turn out
 * to be curtailed?  well_formed: every item among those that the keys tell to be
 * the entity's has its form.
 */
extern bool br_access_is_exact(const BrSchema *schema, const BrAccess *access,
							   BrPredicates predicates, bool well_formed);

/*
 * Makes the requests: table, index, keys, conditions and filter of each read,
 * all in palloc'd memory. Keys that no item can have are left out, repeated
 * ones are asked for once. BR_ERR_LIMIT if there are more than max_keys.
 */
extern bool br_bind(const BrSchema *schema, const BrAccess *access,
					BrPredicates predicates, const BrTexts *values,
					int max_keys, BrReads *reads, BrError *err);

/*
 * For EXPLAIN: one read, of values that only stand for the real ones. read is
 * all zero where there is none.
 */
extern void br_bind_for_display(const BrSchema *schema, const BrAccess *access,
								BrPredicates predicates, const BrTexts *values,
								BrRead *read);

#endif							/* BR_CHOOSE_H */
