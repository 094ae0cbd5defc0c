/*
 * bound.h
 *		Inside of access: predicates with their values, on the way to requests.
 *
 * bind.c combines the values and makes the reads, condition.c writes what a
 * combination says about keys.
 */
#ifndef BR_BOUND_H
#define BR_BOUND_H

#include "base/br.h"
#include "access/choose.h"

/* What the predicates say about the schema's variables. */
typedef struct BrBound
{
	const BrSchema *schema;
	BrPredicates predicates;
	const BrTexts *values;		/* of the predicates */
	bool		display;		/* values only stand for the real ones */
	int			max_keys;
	BrTexts		known[BR_MAX_VARIABLES];	/* n = 0, list NULL: any value */
	bool		is_list[BR_MAX_VARIABLES];	/* known comes from an IN */
	BrText		prefixes[BR_MAX_VARIABLES];
	bool		impossible;		/* no item can have these values */
	bool		curtailed;		/* see BrReads */

	/* the combination under way: of the variables that are combined, and of
	 * those with just one value */
	BrText		current[BR_MAX_VARIABLES];
} BrBound;

static inline BrText
br_text_of(StringInfo buf)
{
	return (BrText) {buf->data, buf->len};
}

extern BrTexts br_bound_values(const BrBound *bound, const char *attribute,
							   BrType type, bool *is_list);
extern BrText br_bound_prefix(const BrBound *bound, const char *attribute);

/* name = value */
extern BrCondition *br_bound_equality(const char *name, BrType type, BrText text);

/*
 * The filter of a Scan (index NULL) or of the Query of an index: what tells the
 * schema's items from their siblings, and what else can be filtered. False if
 * no item can match.
 */
extern bool br_bound_filter(BrBound *bound, const BrIndex *index, BrRead *read);

/*
 * The condition on the sort key (NULL: none) and the filter of a Query of the
 * table. False if no item can match.
 */
extern bool br_bound_table_query(BrBound *bound, BrCondition **sort, BrRead *read);

/* The same of a Query of an index. */
extern bool br_bound_index_query(BrBound *bound, const BrIndex *index,
								 BrCondition **sort, BrRead *read);

#endif							/* BR_BOUND_H */
