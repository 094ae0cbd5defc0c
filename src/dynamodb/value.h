/*
 * value.h
 *		One typed value: {"S":"text"}, {"M":{...}} and so on.
 *
 * In three steps, so that whoever reads a value may also step into it:
 * br_value_head() up to what stands behind the type, br_value_body() over that,
 * br_value_tail() over the closing brace.  Like the functions of json.h they
 * return the place behind, or NULL after noting a fault.
 */
#ifndef BR_VALUE_H
#define BR_VALUE_H

#include "dynamodb/json.h"

/* White space, the opening brace, the type, the colon and white space. */
extern const char *br_value_head(BrJson *json, const char *p, BrType *type);

/* The body of a value of another type than S, N or B; p is at its first byte. */
extern const char *br_value_body_rest(BrJson *json, const char *p, BrType type, BrSpan *span);

/*
 * White space, then the body.  All of span is set, but whether an N is a number
 * was not looked at.
 */
static inline const char *
br_value_body(BrJson *json, const char *p, BrType type, BrSpan *span)
{
	if (type > BR_TYPE_B)
		return br_value_body_rest(json, br_json_space(p, json->end), type, span);
	span->type = type;
	p = br_json_expect(json, p, '"');
	return p == NULL ? NULL : br_json_string(json, p - 1, span);
}

/* The closing brace must follow: a value has exactly one type. */
extern const char *br_value_tail_rest(BrJson *json, const char *p);

static inline const char *
br_value_tail(BrJson *json, const char *p)
{
	if (likely(p < json->end && *p == '}'))
		return p + 1;
	return br_value_tail_rest(json, p);
}

/* Whether text of an N is shaped like a number. */
extern bool br_is_number(const char *p, size_t len);

/* All three steps, and a number is one. */
extern const char *br_value(BrJson *json, const char *p, BrSpan *span);

#endif							/* BR_VALUE_H */
