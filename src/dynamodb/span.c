/*
 * span.c
 *		The types of attribute values, and the text of those that are strings.
 */
#include "base/br.h"

#include "dynamodb/span.h"
#include "mb/pg_wchar.h"

static const char *const type_tags[] = {
	[BR_TYPE_ABSENT] = "absent",
	[BR_TYPE_S] = "S",
	[BR_TYPE_N] = "N",
	[BR_TYPE_B] = "B",
	[BR_TYPE_BOOL] = "BOOL",
	[BR_TYPE_NULL] = "NULL",
	[BR_TYPE_M] = "M",
	[BR_TYPE_L] = "L",
	[BR_TYPE_SS] = "SS",
	[BR_TYPE_NS] = "NS",
	[BR_TYPE_BS] = "BS"
};

const char *
br_type_name(BrType type)
{
	return type_tags[type];
}

BrType
br_type_from_tag(const char *tag, size_t len)
{
	BrType		type;

	for (type = BR_TYPE_ABSENT + 1; type <= BR_TYPE_BS; type++)
	{
		if (strlen(type_tags[type]) == len && memcmp(type_tags[type], tag, len) == 0)
			return type;
	}
	return BR_TYPE_ABSENT;
}

/* The value of four hexadecimal digits, or -1. */
static int
hex4(const char *p, const char *end)
{
	int			value = 0;
	int			i;

	if (end - p < 4)
		return -1;
	for (i = 0; i < 4; i++)
	{
		char		c = p[i];

		if (c >= '0' && c <= '9')
			value = value * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value * 16 + (c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			value = value * 16 + (c - 'A' + 10);
		else
			return -1;
	}
	return value;
}

/*
 * Reads the escape at p (its backslash) and returns the place behind it, or
 * NULL with the reason in *why.
 */
static const char *
read_escape(const char *p, const char *end, pg_wchar *c, const char **why)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char meanings[] = "\"\\/\b\f\n\r\t";
	const char *letter;
	int			unit;
	int			low;

	*why = "an unknown escape";
	if (end - p < 2 || p[1] == '\0')
		return NULL;
	letter = strchr(letters, p[1]);
	if (letter != NULL)
	{
		*c = meanings[letter - letters];
		return p + 2;
	}
	unit = p[1] == 'u' ? hex4(p + 2, end) : -1;
	if (unit < 0)
		return NULL;
	p += 6;
	*c = unit;

	/* beyond U+FFFF: two halves, each an escape of its own */
	if (is_utf16_surrogate_first(unit))
	{
		low = end - p >= 2 && p[0] == '\\' && p[1] == 'u' ? hex4(p + 2, end) : -1;
		if (low >= 0 && is_utf16_surrogate_second(low))
		{
			*c = surrogate_pair_to_codepoint(unit, low);
			return p + 6;
		}
	}
	*why = is_utf16_surrogate_first(unit) || is_utf16_surrogate_second(unit) ?
		"half of a surrogate pair" : unit == 0 ? "the character U+0000" : NULL;
	return *why == NULL ? p : NULL;
}

/*
 * The next stretch of the text from p on: as it stands up to a backslash, or
 * what one escape means, written to buf.  Returns the place behind it, or NULL.
 */
static const char *
next_piece(const char *p, const char *end, unsigned char buf[8],
		   const char **piece, size_t *len, const char **why)
{
	const char *backslash = *p == '\\' ? p : memchr(p, '\\', end - p);
	pg_wchar	c;

	if (backslash != p)
	{
		*piece = p;
		p = backslash != NULL ? backslash : end;
		*len = p - *piece;
		return p;
	}
	p = read_escape(p, end, &c, why);
	if (p == NULL)
		return NULL;
	unicode_to_utf8(c, buf);
	*piece = (char *) buf;
	*len = pg_utf_mblen(buf);
	return p;
}

bool
br_span_text(const BrSpan *span, StringInfo scratch,
			 const char **text, size_t *len, BrError *err)
{
	const char *end = span->ptr + span->len;
	const char *p = span->ptr;
	size_t		valid;

	*text = span->ptr;
	*len = span->len;
	if (span->flags & BR_SPAN_ESCAPED)
	{
		resetStringInfo(scratch);
		enlargeStringInfo(scratch, span->len);
		while (p < end)
		{
			unsigned char buf[8];
			const char *at = p;
			const char *piece;
			const char *why;
			size_t		n;

			p = next_piece(p, end, buf, &piece, &n, &why);
			if (p == NULL)
				return br_error(err, BR_ERR_ENCODING, "text holds %s at byte %zu",
								why, (size_t) (at - span->ptr));
			appendBinaryStringInfo(scratch, piece, n);
		}
		*text = scratch->data;
		*len = scratch->len;
	}

	/* what an escape means is valid, so only raw bytes can be wrong */
	if (span->flags & BR_SPAN_NON_ASCII)
	{
		valid = pg_encoding_verifymbstr(PG_UTF8, *text, *len);
		if (valid != *len)
			return br_error(err, BR_ERR_ENCODING,
							"text is not valid UTF-8 at byte %zu (0x%02x)",
							valid, (unsigned char) (*text)[valid]);
	}
	return true;
}

bool
br_span_equals(const BrSpan *span, const char *text, size_t len)
{
	const char *end = span->ptr + span->len;
	const char *p = span->ptr;

	if (!(span->flags & BR_SPAN_ESCAPED))
		return span->len == len && memcmp(span->ptr, text, len) == 0;

	while (p < end)
	{
		unsigned char buf[8];
		const char *piece;
		const char *why;
		size_t		n;

		p = next_piece(p, end, buf, &piece, &n, &why);
		if (p == NULL || n > len || memcmp(piece, text, n) != 0)
			return false;
		text += n;
		len -= n;
	}
	return len == 0;
}

void
br_span_append_json(StringInfo out, const BrSpan *span)
{
	bool		quoted = span->type == BR_TYPE_S || span->type == BR_TYPE_N ||
		span->type == BR_TYPE_B;

	appendStringInfo(out, "{\"%s\":%s", br_type_name(span->type), quoted ? "\"" : "");
	appendBinaryStringInfo(out, span->ptr, span->len);
	appendStringInfoString(out, quoted ? "\"}" : "}");
}
