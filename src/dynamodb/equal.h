/*
 * equal.h
 *		Do two values mean the same?
 *
 * As the service sees it: numbers by value (1, 1.0 and 1E0 are equal), the text
 * of strings whatever their escapes, binaries by their bytes, maps and sets
 * without regard to order, lists with it.  An item is a value of type M.
 */
#ifndef BR_EQUAL_H
#define BR_EQUAL_H

#include "base/br.h"
#include "base/error.h"
#include "dynamodb/path.h"
#include "dynamodb/span.h"

/*
 * Both are spans as the page decoder makes them, of well-formed JSON; absent
 * values are equal. What turns out to be no value, no text or to have a name or
 * member twice is equal to nothing but the same bytes. Takes memory in the
 * current context, freed again.
 */
extern bool br_values_equal(const BrSpan *a, const BrSpan *b);

/*
 * Makes a span of one attribute value, {"S":"x"}, which must stay as it is. Of
 * what containers hold is only looked at whether it is JSON. BR_ERR_DATA if it
 * is no value.
 */
extern bool br_value_span(const char *json, size_t len, BrSpan *span, BrError *err);

/*
 * The value at a path in an item (a span of type M; of type L if the path begins
 * with a list element); BR_TYPE_ABSENT if nothing is there. One pass over the
 * item for each step at most.
 */
extern BrSpan br_value_at(const BrSpan *item, const BrPath *path);

#endif							/* BR_EQUAL_H */
