/*
 * cancelled.c
 *		Reading why a transaction was cancelled.
 *
 * The service's error has a list with one entry for each write, in their order;
 * the entry of a write that was not the reason has the code "None".
 */
#include "base/br.h"

#include "dynamodb/json.h"
#include "dynamodb/write.h"

static BrCancelled
reason_of(const BrSpan *code)
{
	static const struct
	{
		const char *code;
		BrCancelled reason;
	}			known[] = {
		{"None", BR_CANCELLED_NOT},
		{"ConditionalCheckFailed", BR_CANCELLED_CONDITION},
		{"TransactionConflict", BR_CANCELLED_CONFLICT},
		{"ThrottlingError", BR_CANCELLED_CONFLICT},
		{"ProvisionedThroughputExceeded", BR_CANCELLED_CONFLICT},
	};

	for (size_t i = 0; i < lengthof(known); i++)
	{
		if (br_span_equals(code, known[i].code, strlen(known[i].code)))
			return known[i].reason;
	}
	return BR_CANCELLED_OTHER;
}

/* {"Code":"...","Message":"...","Item":{...}}; a code of null, or none, is "None". */
static const char *
read_reason(BrJson *json, const char *p, BrCancelled *reason)
{
	bool		more;

	*reason = BR_CANCELLED_NOT;
	p = br_json_enter(json, p, '{', &more);
	while (p != NULL && more)
	{
		BrSpan		name;
		BrSpan		code;

		p = br_json_name(json, p, &name);
		if (p != NULL && p < json->end && *p == '"' && br_span_equals(&name, "Code", 4))
		{
			p = br_json_string(json, p, &code);
			if (p != NULL)
				*reason = reason_of(&code);
		}
		else if (p != NULL)
			p = br_json_skip(json, p);
		if (p != NULL)
			p = br_json_more(json, p, '}', &more);
	}
	return p;
}

/* The list; *count is how many it has, of which at most n are kept. */
static const char *
read_reasons(BrJson *json, const char *p, int n, BrCancelled *reasons, int *count)
{
	bool		more;

	*count = 0;
	p = br_json_enter(json, p, '[', &more);
	while (p != NULL && more)
	{
		BrCancelled reason;

		p = read_reason(json, p, &reason);
		if (*count < n)
			reasons[*count] = reason;
		(*count)++;
		if (p != NULL)
			p = br_json_more(json, p, ']', &more);
	}
	return p;
}

bool
br_cancellation_parse(const char *body, size_t len, int n, BrCancelled *reasons, BrError *err)
{
	const char *p;
	int			count = 0;
	bool		more;
	BrJson		json;

	br_json_init(&json, body, body + len);
	p = br_json_enter(&json, body, '{', &more);
	while (p != NULL && more)
	{
		BrSpan		name;

		p = br_json_name(&json, p, &name);
		if (p != NULL)
			p = br_span_equals(&name, "CancellationReasons", 19) ?
				read_reasons(&json, p, n, reasons, &count) : br_json_skip(&json, p);
		if (p != NULL)
			p = br_json_more(&json, p, '}', &more);
	}
	if (p == NULL)
		return br_json_error(&json, NULL, err);
	if (count != n)
		return br_error(err, BR_ERR_PROTOCOL,
						"a transaction of %d writes was cancelled for the reasons of %d", n, count);
	return true;
}
