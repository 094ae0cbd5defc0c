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
 * Checks an item (a span of type M) against what the service refuses wherever
 * it stands: too many bytes or levels (BR_ERR_LIMIT), numbers of more than 38
 * digits or out of range, binaries that are not base64, sets without members or
 * with one twice (BR_ERR_DATA), text that is none (BR_ERR_ENCODING), and what is
 * no value at all (BR_ERR_PROTOCOL).  The message names the attribute by its
 * path.  Keys have limits of their own (access/key.h).
 *
 * Counted are the UTF-8 bytes of names and texts, the bytes of binaries, one for
 * a boolean or null, half of one for each digit of a number and one more, three for a map
 * or list and one more for each of its members. Of numbers the service does not
 * tell it exactly, so that close to the limit it may still refuse.
 */
extern bool br_item_check(const BrSpan *item, BrError *err);

#endif							/* BR_MEASURE_H */
