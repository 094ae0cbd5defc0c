/*
 * measure.h
 *		Will the service take this item?  Its size, its depth, its numbers, its sets.
 */
#ifndef BR_MEASURE_H
#define BR_MEASURE_H

#include "base/br.h"
#include "base/error.h"
#include "dynamodb/span.h"

/* What an item may have, as the service counts. */
#define BR_MAX_ITEM_BYTES	(400 * 1024)

/* Levels of maps and lists, the item being the first. */
#define BR_MAX_ITEM_LEVELS	32

/*
 * Checks an item (a span of type M) against what the service refuses wherever it
 * stands: too many bytes or levels (BR_ERR_LIMIT), numbers of more than 38 digits
 * or out of range, binaries that are not base64, sets without members or with one
 * twice, empty names (BR_ERR_DATA), text that is none or holds U+0000, which no
 * value of SQL does (BR_ERR_ENCODING). The message names the attribute by its path.
 * What is no value at all is BR_ERR_PROTOCOL. Keys have limits of their own
 * (access/key.h), and names that occur twice are not noticed.
 *
 * Counted are the bytes of names, texts (as UTF-8) and binaries; 1 for a boolean
 * or null; of numbers what number.h tells; 3 for a map or list and 1 for each of
 * its members. For numbers the documentation is vague, so that within some bytes
 * of the limit the service may think otherwise.
 */
extern bool br_item_check(const BrSpan *item, BrError *err);

#endif							/* BR_MEASURE_H */
