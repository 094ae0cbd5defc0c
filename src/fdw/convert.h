/*
 * convert.h
 *		From decoded items to rows.
 */
#ifndef BR_CONVERT_H
#define BR_CONVERT_H

#include "base/br.h"
#include "dynamodb/page.h"
#include "fdw/relation.h"
#include "nodes/bitmapset.h"

typedef struct BrConverter BrConverter;

/* Slots of the keys among the spans of an item. */
#define BR_PK_SLOT	0
#define BR_SK_SLOT	1

/*
 * For the columns in attnums (numbers from 1). Everything in the current
 * context; rel must live as long.
 */
extern BrConverter *br_converter_create(const BrRelation *rel, const Bitmapset *attnums);

/*
 * For items of a second relation among those of the first, of the same table: it
 * has what is wanted in common with first, and its projection is that of both.
 */
extern BrConverter *br_converter_add(BrConverter *first, const BrRelation *rel,
									 const Bitmapset *attnums);

/* Has the items carry this attribute, too; before the first is decoded. Its slot. */
extern int	br_converter_want(BrConverter *conv, const char *attribute);

/* What to decode from each item. */
extern BrWanted *br_converter_wanted(BrConverter *conv);

/* What to ask for: paths of the wanted attributes; 0 paths: whole items. */
extern const BrPath *br_converter_projection(const BrConverter *conv, int *npaths);

/*
 * Fills a row (all columns; those not asked for are NULL) with memory of the
 * current context. False if the item is not one of the relation's. Raises an
 * error where a value does not fit its column.
 */
extern bool br_converter_row(BrConverter *conv, const BrSpan *spans,
							 Datum *values, bool *nulls);

/*
 * The same from a whole item, {"pk":{"S":"x"},...}, whoever made it. Takes memory
 * for it from the current context; raises an error if it is no item. Columns that
 * are declared NOT NULL may be NULL: the item may be unfinished, or written.
 */
extern bool br_converter_item(BrConverter *conv, const char *item, size_t len,
							  Datum *values, bool *nulls);

#endif							/* BR_CONVERT_H */
