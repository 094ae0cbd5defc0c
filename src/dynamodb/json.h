/*
 * json.h
 *		A cursor over JSON text: checking and stepping over, nothing else.
 *
 * Every function takes a place and returns the place behind what it stepped
 * over, or NULL after noting in the BrJson what was wrong where.  They never
 * read at or beyond end and accept exactly what RFC 8259 calls JSON, but for
 * two things: nesting is limited, and the bytes above 0x7f in strings are not
 * checked to be UTF-8 (br_span_text does it for what is used).
 */
#ifndef BR_JSON_H
#define BR_JSON_H

#include "dynamodb/scan.h"
#include "dynamodb/span.h"

/*
 * Brackets open at a time.  A value of an item may hold others 64 levels deep,
 * twice what DynamoDB stores, and each level costs two brackets.
 */
#define BR_JSON_MAX_DEPTH	(1 + 2 * 64)

typedef struct BrJson
{
	const char *start;			/* offsets count from here; NULL: not told */
	const char *end;
	const char *fault;			/* what was wrong; NULL: nothing yet */
	const char *fault_at;		/* where */
} BrJson;

static inline void
br_json_init(BrJson *json, const char *start, const char *end)
{
	json->start = start;
	json->end = end;
	json->fault = NULL;
	json->fault_at = NULL;
}

/*
 * Notes a fault (a constant text; the first one counts) and returns NULL.  At
 * the end of the text, whatever was expected there, the fault is that it ends.
 */
extern const char *br_json_fault(BrJson *json, const char *at, const char *fault);

/*
 * Makes an error of what was noted, naming the attribute unless it is NULL.
 * Returns false.
 */
extern bool br_json_error(const BrJson *json, const BrSpan *attribute, BrError *err);

/* White space need not be there. */
static inline const char *
br_json_space(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}

/* White space, then c. */
extern const char *br_json_expect_rest(BrJson *json, const char *p, char c);

static inline const char *
br_json_expect(BrJson *json, const char *p, char c)
{
	if (likely(p < json->end && *p == c))
		return p + 1;
	return br_json_expect_rest(json, p, c);
}

/*
 * White space, then the bracket that opens a container: to its first member or,
 * without *more, behind the bracket that closes it at once.  So that a walk is
 *
 *		p = br_json_enter(json, p, '[', &more);
 *		while (p != NULL && more)
 *		{
 *			p = ... step over a member ...
 *			if (p != NULL)
 *				p = br_json_more(json, p, ']', &more);
 *		}
 */
static inline const char *
br_json_enter(BrJson *json, const char *p, char open, bool *more)
{
	p = br_json_expect(json, p, open);
	if (p == NULL)
		return NULL;
	p = br_json_space(p, json->end);
	*more = p == json->end || *p != (open == '{' ? '}' : ']');
	return *more ? p : p + 1;
}

/*
 * White space, then a comma or the closing bracket: behind either, with *more
 * telling which one it was and, after a comma, also behind white space.
 */
static inline const char *
br_json_more(BrJson *json, const char *p, char close, bool *more)
{
	p = br_json_space(p, json->end);
	*more = p < json->end && *p == ',';
	if (*more)
		return br_json_space(p + 1, json->end);
	if (likely(p < json->end && *p == close))
		return p + 1;
	return br_json_fault(json, p, "expected a comma or a closing bracket");
}

/* One of JSON's words; NULL, but no fault, if it is not there. */
static inline const char *
br_json_word(const char *p, const char *end, const char *word, int len)
{
	return end - p >= len && memcmp(p, word, len) == 0 ? p + len : NULL;
}

/* The rest of a string that is not plain up to its end: p is at the first stop. */
extern const char *br_json_string_rest(BrJson *json, const char *p, BrSpan *span);

/* A string; p is at its quote.  All of span is set, but for its type. */
static inline const char *
br_json_string(BrJson *json, const char *p, BrSpan *span)
{
	bool		high = false;

	span->ptr = p + 1;
	p = br_scan(p + 1, json->end, &high);
	span->flags = high ? BR_SPAN_NON_ASCII : 0;
	if (unlikely(p == json->end || *p != '"'))
		return br_json_string_rest(json, p, span);
	span->len = p - span->ptr;
	return p + 1;
}

/* White space, then the member's name and ':', then white space. */
static inline const char *
br_json_name(BrJson *json, const char *p, BrSpan *name)
{
	p = br_json_expect(json, p, '"');
	if (p == NULL)
		return NULL;
	name->type = BR_TYPE_S;
	p = br_json_string(json, p - 1, name);
	if (p == NULL)
		return NULL;
	p = br_json_expect(json, p, ':');
	return p == NULL ? NULL : br_json_space(p, json->end);
}

/* Any value; p is at its first byte. */
extern const char *br_json_skip(BrJson *json, const char *p);

#endif							/* BR_JSON_H */
