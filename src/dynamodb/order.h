/*
 * order.h
 *		The order of sort keys, as that of bytes.
 */
#ifndef BR_ORDER_H
#define BR_ORDER_H

#include "base/br.h"
#include "dynamodb/span.h"

/*
 * Replaces key by bytes that are in the order, byte by byte, in which DynamoDB
 * has the values of sort keys: texts and binaries by their bytes, numbers by
 * value. Values of different types do not compare. scratch is for unescaping.
 * BR_ERR_PROTOCOL if the span is no value that a key can have.
 */
extern bool br_order_key(const BrSpan *span, StringInfo scratch, StringInfo key, BrError *err);

/* <0, 0, >0 */
static inline int
br_order_compare(const StringInfoData *a, const StringInfoData *b)
{
	int			order = memcmp(a->data, b->data, Min(a->len, b->len));

	return order != 0 ? order : a->len - b->len;
}

#endif							/* BR_ORDER_H */
