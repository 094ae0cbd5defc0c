/*
 * order.c
 *		Sort keys as bytes: how numbers and binaries are written.
 */
#include "base/br.h"

#include "common/base64.h"
#include "dynamodb/order.h"

/* Far beyond what a number can have, and within two bytes. */
#define MAX_EXPONENT	10000

/*
 * A number is its sign, the exponent of 0.ddd, and the digits; below zero all
 * but the sign is turned over, and the end is above every digit, since there
 * more digits are a smaller number.
 */
#define SIGN_NEGATIVE	0
#define SIGN_ZERO		1
#define SIGN_POSITIVE	2
#define NUMBER_HEAD		3		/* sign and exponent */

/*
 * The digits that count, without zeros before and after them; returns the
 * exponent.  The decoder has seen to it that it is a number.
 */
static int
append_digits(StringInfo key, const char *p, const char *end)
{
	int			first = key->len;
	int			exponent = 0;
	bool		point = false;

	for (; p < end && *p != 'e' && *p != 'E'; p++)
	{
		if (*p == '.')
			point = true;
		else if (key->len > first || *p != '0')
		{
			appendStringInfoChar(key, *p);
			exponent += !point;
		}
		else
			exponent -= point;
	}
	while (key->len > first && key->data[key->len - 1] == '0')
		key->len--;
	if (p < end)
		exponent += Max(Min(strtol(p + 1, NULL, 10), MAX_EXPONENT), -MAX_EXPONENT);
	return exponent;
}

static void
append_number(StringInfo key, const BrSpan *span)
{
	bool		negative = *span->ptr == '-';
	bool		has_sign = negative || *span->ptr == '+';
	int			biased;

	appendStringInfoString(key, "sxx");
	biased = append_digits(key, span->ptr + has_sign, span->ptr + span->len) + 0x8000;
	if (key->len == NUMBER_HEAD)
	{
		key->data[0] = SIGN_ZERO;
		key->len = 1;
		return;
	}
	key->data[0] = negative ? SIGN_NEGATIVE : SIGN_POSITIVE;
	key->data[1] = biased >> 8;
	key->data[2] = biased & 0xff;
	if (negative)
	{
		for (int i = 1; i < key->len; i++)
			key->data[i] = ~key->data[i];
		appendStringInfoChar(key, (char) 0xff);
	}
}

static bool
append_binary(StringInfo key, const char *text, size_t len)
{
	int			room = pg_b64_dec_len(len) + 1;
	int			n;

	enlargeStringInfo(key, room);
	n = pg_b64_decode(text, len, (void *) key->data, room);
	key->len = Max(n, 0);
	return n >= 0;
}

bool
br_order_key(const BrSpan *span, StringInfo scratch, StringInfo key, BrError *err)
{
	const char *text;
	size_t		len;
	bool		good = true;

	resetStringInfo(key);
	switch (span->type)
	{
		case BR_TYPE_N:
			append_number(key, span);
			break;
		case BR_TYPE_S:
		case BR_TYPE_B:
			if (!br_span_text(span, scratch, &text, &len, err))
				return false;
			if (span->type == BR_TYPE_B)
				good = append_binary(key, text, len);
			else
				appendBinaryStringInfo(key, text, len);
			break;
		default:
			good = false;
	}
	return good || br_error(err, BR_ERR_PROTOCOL, "an item has no sort key");
}
