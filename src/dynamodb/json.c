/*
 * json.c
 *		Stepping over JSON, as strictly as it is defined and as fast as can be.
 */
#include "base/br.h"

#include "dynamodb/json.h"
#include "mb/pg_wchar.h"

const char *
br_json_fault(BrJson *json, const char *at, const char *fault)
{
	if (json->fault == NULL)
	{
		json->fault = at < json->end ? fault : "it ends too early";
		json->fault_at = at;
	}
	return NULL;
}

bool
br_json_error(const BrJson *json, const BrSpan *attribute, BrError *err)
{
	char		place[40] = "";
	uint32		len;

	if (json->start != NULL)
		snprintf(place, sizeof(place), " at byte %zu",
				 (size_t) (json->fault_at - json->start));
	if (attribute == NULL)
		return br_error(err, BR_ERR_PROTOCOL, "malformed answer: %s%s",
						json->fault, place);

	/* messages must be valid text, so a name that is not ends where it breaks */
	len = Min(attribute->len, 100);
	len = pg_encoding_verifymbstr(PG_UTF8, attribute->ptr, len);
	return br_error(err, BR_ERR_PROTOCOL, "malformed attribute \"%.*s%s\": %s%s",
					(int) len, attribute->ptr, len < attribute->len ? "..." : "",
					json->fault, place);
}

const char *
br_json_expect_rest(BrJson *json, const char *p, char c)
{
	p = br_json_space(p, json->end);
	if (p < json->end && *p == c)
		return p + 1;
	return br_json_fault(json, p,
						 c == '{' ? "expected an object" :
						 c == '[' ? "expected an array" :
						 c == '"' ? "expected a string" :
						 c == ':' ? "expected a colon" : "expected a closing bracket");
}

/* Behind an escape; p is at its backslash. */
static const char *
skip_escape(BrJson *json, const char *p)
{
	int			i;

	if (json->end - p < 2)
		return br_json_fault(json, json->end, NULL);
	if (p[1] != 'u')
	{
		if (p[1] == '\0' || strchr("\"\\/bfnrt", p[1]) == NULL)
			return br_json_fault(json, p, "an unknown escape");
		return p + 2;
	}
	for (i = 2; i < 6; i++)
	{
		if (p + i >= json->end)
			return br_json_fault(json, json->end, NULL);
		if (!isxdigit((unsigned char) p[i]))
			return br_json_fault(json, p, "an escape that lacks hexadecimal digits");
	}
	return p + 6;
}

const char *
br_json_string_rest(BrJson *json, const char *p, BrSpan *span)
{
	bool		high = false;

	while (p < json->end && *p == '\\')
	{
		span->flags |= BR_SPAN_ESCAPED;
		p = skip_escape(json, p);
		if (p == NULL)
			return NULL;
		p = br_scan(p, json->end, &high);
	}
	if (high)
		span->flags |= BR_SPAN_NON_ASCII;
	if (p == json->end || *p != '"')
		return br_json_fault(json, p, "a control character in a string");
	span->len = p - span->ptr;
	return p + 1;
}

/* Behind all digits, of which there must be one. */
static const char *
skip_digits(BrJson *json, const char *p)
{
	const char *first = p;

	while (p < json->end && isdigit((unsigned char) *p))
		p++;
	return p > first ? p : br_json_fault(json, p, "a number that lacks digits");
}

static const char *
skip_number(BrJson *json, const char *p)
{
	if (*p == '-')
		p++;
	if (p < json->end && *p == '0')
		p++;					/* nothing may follow a leading zero */
	else
		p = skip_digits(json, p);
	if (p != NULL && p < json->end && *p == '.')
		p = skip_digits(json, p + 1);
	if (p != NULL && p < json->end && (*p == 'e' || *p == 'E'))
	{
		p++;
		if (p < json->end && (*p == '+' || *p == '-'))
			p++;
		p = skip_digits(json, p);
	}
	return p;
}

static const char *
skip_scalar(BrJson *json, const char *p)
{
	const char *behind = NULL;
	BrSpan		span;

	if (p == json->end)
		return br_json_fault(json, p, NULL);
	switch (*p)
	{
		case '"':
			return br_json_string(json, p, &span);
		case 't':
			behind = br_json_word(p, json->end, "true", 4);
			break;
		case 'f':
			behind = br_json_word(p, json->end, "false", 5);
			break;
		case 'n':
			behind = br_json_word(p, json->end, "null", 4);
			break;
		case '-':
		case '0':
		case '1':
		case '2':
		case '3':
		case '4':
		case '5':
		case '6':
		case '7':
		case '8':
		case '9':
			return skip_number(json, p);
		default:
			break;
	}
	return behind != NULL ? behind : br_json_fault(json, p, "expected a value");
}

/* Whether the eight bytes at p are those of pattern where mask has ones. */
static inline bool
is_pattern(const char *p, const char pattern[8], const char mask[8])
{
	uint64		bytes;
	uint64		wanted;
	uint64		relevant;

	memcpy(&bytes, p, 8);
	memcpy(&wanted, pattern, 8);
	memcpy(&relevant, mask, 8);
	return (bytes & relevant) == wanted;
}

/*
 * Nearly all of a page are members such as "name":{"S":"text"}, one behind the
 * other without white space or escapes.  Steps over those; p is at a name's
 * quote.  Stops at the quote of the first name whose member is another thing,
 * or at the bracket that closes the object behind the last one.
 */
static inline const char *
skip_plain_members(const char *p, const char *end)
{
	const char *q;

	for (;;)
	{
		/* the name, up to ":{"T":" of which each byte is fixed but for the T */
		q = br_scan(p + 1, end, NULL);
		if (end - q < 8 ||
			!is_pattern(q, "\":{\"\0\":\"", "\377\377\377\377\0\377\377\377") ||
			(unsigned char) (q[4] - 'A') > 'Z' - 'A')
			return p;

		/* the text, up to "} and then ," or } */
		q = br_scan(q + 8, end, NULL);
		if (end - q < 4 || q[0] != '"' || q[1] != '}')
			return p;
		if (q[2] != ',' || q[3] != '"')
			return q[2] == '}' ? q + 2 : p;
		p = q + 3;
	}
}

/* The brackets that are open while a value is skipped. */
typedef struct Brackets
{
	int			depth;
	char		close[BR_JSON_MAX_DEPTH];	/* what closes each */
} Brackets;

/* With *empty, behind the whole of an empty container. */
static const char *
open_bracket(BrJson *json, const char *p, Brackets *open, bool *empty)
{
	bool		more;

	if (open->depth == BR_JSON_MAX_DEPTH)
		return br_json_fault(json, p, "it is nested too deeply");
	open->close[open->depth] = *p == '{' ? '}' : ']';
	p = br_json_enter(json, p, *p, &more);
	open->depth += more;
	*empty = !more;
	return p;
}

/* p is behind a value: steps behind the brackets closed there and one comma. */
static const char *
close_brackets(BrJson *json, const char *p, Brackets *open)
{
	bool		more = false;

	while (p != NULL && open->depth > 0 && !more)
	{
		p = br_json_more(json, p, open->close[open->depth - 1], &more);
		if (!more)
			open->depth--;
	}
	return p;
}

/*
 * p is where a member of an object must begin: steps behind its name and colon
 * or, with *ended, behind the value of the last of some plain members.
 */
static const char *
enter_member(BrJson *json, const char *p, const Brackets *open, bool *ended)
{
	BrSpan		name;

	*ended = false;
	if (p < json->end && *p == '"' && open->depth < BR_JSON_MAX_DEPTH)
	{
		p = skip_plain_members(p, json->end);
		if (*p == '}')
		{
			*ended = true;
			return p;
		}
	}
	return br_json_name(json, p, &name);
}

const char *
br_json_skip(BrJson *json, const char *p)
{
	Brackets	open;
	bool		ended;			/* is p behind a value? */

	open.depth = 0;
	while (p != NULL)
	{
		ended = true;
		if (p < json->end && (*p == '{' || *p == '['))
			p = open_bracket(json, p, &open, &ended);
		else
			p = skip_scalar(json, p);
		if (p == NULL)
			return NULL;

		/* on to where the next value begins */
		do
		{
			if (ended)
				p = close_brackets(json, p, &open);
			if (p == NULL || open.depth == 0)
				return p;
			ended = false;
			if (open.close[open.depth - 1] == '}')
				p = enter_member(json, p, &open, &ended);
		} while (ended);
	}
	return NULL;
}
