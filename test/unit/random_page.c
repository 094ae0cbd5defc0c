/*
 * random_page.c
 *		Pages made at random, for comparing two readers of them.
 *
 * Names come from a short list, so that paths often lead somewhere, items
 * resemble each other as in a real table and orders change between them.
 */
#include "base/br.h"

#include "mb/pg_wchar.h"
#include "random_page.h"

pg_prng_state random_state;

/* How the page at hand is spelled. */
static int	blanks;				/* in so many of 100 places */
static int	escapes;			/* of so many of 100 characters */

static const char *const names[] = {
	"pk", "sk", "a", "ab", "abc", "timestamp", "durationMsStats", "p99", "mean",
	"a.b", "say \"hi\"", "back\\slash", "gr\xc3\xb6\xc3\x9f" "e", "\xf0\x9f\x98\x80", "x/y",
	"tab\there", "a name so long that what is learned of it is compared in two pieces",
	"one that is so long that nothing is learned of it at all, because it takes more than sixty-four bytes",
	"\xe2\x82\xac", "S", "M", "Items"
};

#define NNAMES ((int) lengthof(names))

static int
below(int n)
{
	return (int) pg_prng_uint64_range(&random_state, 0, n - 1);
}

static bool
percent(int n)
{
	return below(100) < n;
}

static void
put_blank(StringInfo out)
{
	while (percent(blanks))
		appendStringInfoChar(out, " \t\r\n"[below(4)]);
}

/* A token with blanks behind it. */
static void
put(StringInfo out, const char *token)
{
	appendStringInfoString(out, token);
	put_blank(out);
}

/*
 * One character of a JSON string.  What must be escaped is, and other things are
 * in some pages.
 */
static void
put_char(StringInfo out, uint32 c)
{
	static const char shorts[] = "\"\\/\b\f\n\r\t";
	static const char letters[] = "\"\\/bfnrt";
	unsigned char utf8[8];
	const char *found = c != 0 && c < 0x80 ? strchr(shorts, c) : NULL;
	bool		must = c < 0x20 || c == '"' || c == '\\';
	const char *format = percent(50) ? "\\u%04x" : "\\u%04X";

	if (!must && !percent(escapes))
	{
		unicode_to_utf8(c, utf8);
		appendBinaryStringInfo(out, (char *) utf8, pg_utf_mblen(utf8));
	}
	else if (found != NULL && percent(70))
		appendStringInfo(out, "\\%c", letters[found - shorts]);
	else if (c < 0x10000)
		appendStringInfo(out, format, c);
	else
	{
		appendStringInfo(out, format, 0xd800 + ((c - 0x10000) >> 10));
		appendStringInfo(out, format, 0xdc00 + ((c - 0x10000) & 0x3ff));
	}
}

static void
put_string(StringInfo out, const char *text)
{
	const unsigned char *p = (const unsigned char *) text;

	appendStringInfoChar(out, '"');
	for (; *p != '\0'; p += pg_utf_mblen(p))
		put_char(out, utf8_to_unicode(p));
	put(out, "\"");
}

static void
put_random_string(StringInfo out)
{
	static const uint32 special[] = {
		0, 1, 0x1f, '"', '\\', '/', '\n', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000,
		0xfffd, 0xffff, 0x10000, 0x10ffff, '{', '}', '[', ']', ',', ':'
	};
	int			rare = percent(30) ? 20 : 0;
	int			len = below(percent(10) ? 200 : 30);
	int			i;

	appendStringInfoChar(out, '"');
	for (i = 0; i < len; i++)
		put_char(out, percent(rare) ? special[below(lengthof(special))] : (uint32) 0x20 + below(0x5f));
	put(out, "\"");
}

static void
put_number_string(StringInfo out)
{
	static const char *const forms[] = {
		"%s%d", "%s%d.%d", "%s0.000%d", "%s%dE+%d", "%s%d.%de-%d", "%s1234567890123456789012345678901234567%d"
	};
	char		text[100];

	snprintf(text, sizeof(text), forms[below(lengthof(forms))], percent(30) ? "-" : "",
			 below(percent(50) ? 10 : 1000000), below(126), below(99));
	appendStringInfo(out, "\"%s\"", text);	/* never escaped: see br_is_number() */
	put_blank(out);
}

static void
put_base64_string(StringInfo out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	int			len = below(20);
	int			i;

	appendStringInfoChar(out, '"');
	for (i = 0; i < 4 * len; i++)
		put_char(out, digits[below(64)]);
	put(out, percent(50) ? "AA==\"" : "\"");
}

static void put_value(StringInfo out, int depth);

/* {"name":value,...}: names are distinct, their order is random. */
static void
put_map(StringInfo out, int depth)
{
	int			step = 1 + 2 * below(NNAMES / 2 - 1);
	int			at = below(NNAMES);
	int			n = below(percent(30) ? NNAMES : 5);
	int			i;

	/* steady maps begin alike, as those of real tables do */
	if (percent(50))
		step = at = 1;
	while (NNAMES % step == 0 && step > 1)
		step -= 2;
	put(out, "{");
	for (i = 0; i < n; i++)
	{
		if (i > 0)
			put(out, ",");
		put_string(out, names[(at + i * step) % NNAMES]);
		put(out, ":");
		put_value(out, depth + 1);
	}
	put(out, "}");
}

static void
put_list(StringInfo out, int depth)
{
	int			n = below(4);
	int			i;

	put(out, "[");
	for (i = 0; i < n; i++)
	{
		if (i > 0)
			put(out, ",");
		put_value(out, depth + 1);
	}
	put(out, "]");
}

static void
put_set(StringInfo out, void (*put_member) (StringInfo out))
{
	int			n = 1 + below(3);
	int			i;

	put(out, "[");
	for (i = 0; i < n; i++)
	{
		if (i > 0)
			put(out, ",");
		put_member(out);
	}
	put(out, "]");
}

static void
put_value(StringInfo out, int depth)
{
	BrType		type = depth < 5 ? 1 + below(BR_TYPE_BS) : 1 + below(BR_TYPE_NULL);

	/* strings and numbers are the most frequent */
	if (percent(50))
		type = 1 + below(BR_TYPE_N);
	put(out, "{");
	appendStringInfo(out, "\"%s\"", br_type_name(type));
	put_blank(out);
	put(out, ":");
	switch (type)
	{
		case BR_TYPE_N:
			put_number_string(out);
			break;
		case BR_TYPE_B:
			put_base64_string(out);
			break;
		case BR_TYPE_BOOL:
			put(out, percent(50) ? "true" : "false");
			break;
		case BR_TYPE_NULL:
			put(out, "true");
			break;
		case BR_TYPE_M:
			put_map(out, depth);
			break;
		case BR_TYPE_L:
			put_list(out, depth);
			break;
		case BR_TYPE_SS:
			put_set(out, put_random_string);
			break;
		case BR_TYPE_NS:
			put_set(out, put_number_string);
			break;
		case BR_TYPE_BS:
			put_set(out, put_base64_string);
			break;
		default:
			put_random_string(out);
			break;
	}
	put(out, "}");
}

static void
put_items(StringInfo out)
{
	int			n = below(8);
	int			i;

	put(out, "[");
	for (i = 0; i < n; i++)
	{
		if (i > 0)
			put(out, ",");
		put_map(out, 0);
	}
	put(out, "]");
}

/* Any JSON at all, for members that mean nothing. */
static void
put_anything(StringInfo out, int depth)
{
	static const char *const scalars[] = {
		"null", "true", "false", "0", "-0", "1.5e+10", "-12.25", "\"\"", "[]", "{}", "[ ]", "{ }"
	};
	int			n = below(4);
	bool		list = percent(50);
	int			i;

	if (depth > 6 || percent(50))
	{
		put(out, scalars[below(lengthof(scalars))]);
		return;
	}
	put(out, list ? "[" : "{");
	for (i = 0; i < n; i++)
	{
		if (i > 0)
			put(out, ",");
		if (!list)
		{
			appendStringInfo(out, "\"%d\"", i);
			put(out, ":");
		}
		put_anything(out, depth + 1);
	}
	put(out, list ? "]" : "}");
}

static void
put_capacity(StringInfo out)
{
	put(out, "{\"TableName\":\"t\",");
	appendStringInfo(out, "\"CapacityUnits\":%d.5", below(100));
	put(out, "}");
}

/* The members of an answer, each at most once. */
static void
put_member(StringInfo out, BrPageKind kind, int which)
{
	switch (which)
	{
		case 0:
			put(out, kind == BR_PAGE_ITEM ? "\"Item\":" : kind == BR_PAGE_ITEMS ? "\"Items\":" : "\"Responses\":{\"t\":");
			if (kind == BR_PAGE_ITEM)
				put_map(out, 0);
			else
				put_items(out);
			if (kind == BR_PAGE_RESPONSES)
				put(out, "}");
			break;
		case 1:
			appendStringInfo(out, "\"Count\":%d", below(100000));
			break;
		case 2:
			appendStringInfo(out, "\"ScannedCount\":%d", below(100000));
			break;
		case 3:
			put(out, "\"LastEvaluatedKey\":{");
			if (percent(70))
			{
				put(out, "\"pk\":{\"S\":");
				put_random_string(out);
				put(out, "},\"sk\":{\"N\":\"1\"}");
			}
			put(out, "}");
			break;
		case 4:
			put(out, percent(50) ? "\"UnprocessedKeys\":{}" : "\"UnprocessedKeys\":{\"t\":{\"Keys\":[]}}");
			break;
		case 5:
			put(out, "\"ConsumedCapacity\":");
			if (kind == BR_PAGE_RESPONSES)
				put(out, "[");
			put_capacity(out);
			if (kind == BR_PAGE_RESPONSES)
				put(out, "]");
			break;
		default:
			put_string(out, which == 6 ? "ResponseMetadata" : "item");
			put(out, ":");
			put_anything(out, 0);
			break;
	}
	put_blank(out);
}

void
random_page(RandomPage *page)
{
	static const int strides[] = {1, 3, 5, 7};	/* prime to 8 members */
	StringInfo	out = &page->body;
	int			first = below(8);
	int			stride = strides[below(lengthof(strides))];
	int			n = 0;
	int			i;

	page->kind = below(3);
	blanks = percent(60) ? 0 : below(percent(50) ? 5 : 40);
	escapes = percent(50) ? 0 : below(30);
	initStringInfo(out);
	put_blank(out);
	put(out, "{");
	for (i = 0; i < 8; i++)
	{
		int			which = (first + i * stride) % 8;

		if (which != 0 && percent(40))
			continue;
		if (n++ > 0)
			put(out, ",");
		put_member(out, page->kind, which);
	}
	put(out, "}");
}

void
random_wanted(RandomWanted *want)
{
	int			i;
	int			j;

	want->npaths = below(MAX_RANDOM_PATHS + 1);
	want->item = percent(30);
	for (i = 0; i < want->npaths; i++)
	{
		BrPath	   *path = &want->paths[i];

		if (i > 0 && percent(15))
		{
			*path = want->paths[below(i)];
			continue;
		}
		path->nsteps = percent(60) ? 1 : 1 + below(4);
		path->steps = palloc(path->nsteps * sizeof(BrStep));
		for (j = 0; j < path->nsteps; j++)
		{
			bool		named = j == 0 || percent(70);

			path->steps[j].name = named ? names[below(percent(60) ? 6 : NNAMES)] : NULL;
			path->steps[j].index = named ? 0 : below(3);
		}
	}
}

void
random_damage(StringInfo body)
{
	static const char inserts[] = "\"\\{}[]:,0129eE+-.tfn \t\nu\x01\x00\xff\xc3SNML";
	int			times = 1 + below(3);

	while (times-- > 0 && body->len > 0)
	{
		int			at = below(body->len);
		int			n = 1 + below(percent(80) ? 1 : 20);

		n = Min(n, body->len - at);
		switch (below(6))
		{
			case 0:				/* flip a bit */
				body->data[at] ^= 1 << below(8);
				break;
			case 1:				/* replace a byte */
				body->data[at] = inserts[below(sizeof(inserts) - 1)];
				break;
			case 2:				/* take some out */
				memmove(body->data + at, body->data + at + n, body->len - at - n);
				body->len -= n;
				break;
			case 3:				/* put one in */
				appendStringInfoChar(body, ' ');
				memmove(body->data + at + 1, body->data + at, body->len - at - 1);
				body->data[at] = inserts[below(sizeof(inserts) - 1)];
				break;
			case 4:				/* repeat some */
				enlargeStringInfo(body, n);
				memmove(body->data + at + n, body->data + at, body->len - at);
				body->len += n;
				break;
			default:			/* cut off, sometimes */
				if (percent(20))
					body->len = at;
				break;
		}
	}
}
