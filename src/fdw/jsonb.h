/*
 * jsonb.h
 *		Attribute values as jsonb, without loss.
 *
 * S, N, BOOL, NULL, M and L become plain JSON. What JSON has no word for is a
 * map with one key: {"$B": "base64"}, {"$SS": [...]}, {"$NS": [...]},
 * {"$BS": [...]}. So that this can be told from a real map with one key that
 * begins with $, such a key gets one more $.
 */
#ifndef BR_JSONB_H
#define BR_JSONB_H

#include "base/br.h"
#include "dynamodb/span.h"
#include "utils/jsonb.h"

/*
 * In the current context. False and *err if the value holds text that the
 * database cannot (BR_ERR_ENCODING) or is malformed.
 */
extern bool br_jsonb_from_span(const BrSpan *span, Jsonb **result, BrError *err);

/*
 * The way back: appends the value as DynamoDB's JSON ({"M":{...}}). Raises an
 * error, which names the column, for what stands for no value.
 */
extern void br_jsonb_append_value(StringInfo out, Jsonb *jsonb, const char *column);

/* The same of a whole item: {"name":{"S":"x"},...}. */
extern void br_jsonb_append_item(StringInfo out, Jsonb *jsonb, const char *column);

#endif							/* BR_JSONB_H */
