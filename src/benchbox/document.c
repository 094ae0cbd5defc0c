/*
 * document.c
 *		From text to a tree, with what is odd about the text noted.
 *
 * Nothing here recurses, and what is done for each node is bounded, so that a
 * hostile text takes time and memory in proportion to its length.
 */
#include "base/br.h"

#include <math.h>

#include "base/array.h"
#include "benchbox/document.h"
#include "benchbox/names.h"
#include "dynamodb/json.h"

#define INTERRUPT_EVERY 4096	/* nodes */

typedef struct Parser
{
	BrJson		json;
	BrDocument *doc;
	BrError    *err;
	StringInfoData scratch;
	int			depth;
	int32		open[BR_DOCUMENT_MAX_DEPTH];	/* containers */
	int32		last[BR_DOCUMENT_MAX_DEPTH];	/* the last child of each */
} Parser;

static void
note(BrDocument *doc, int32 node, BrNoteKind kind)
{
	doc->notes = br_array_grow(doc->notes, doc->nnotes, sizeof(BrNote));
	doc->notes[doc->nnotes++] = (BrNote) {.node = node, .kind = kind};
}

static BrSpan
span_of(const BrDocument *doc, uint32 start, uint32 len, bool odd)
{
	return (BrSpan) {.ptr = doc->text + start, .len = len, .type = BR_TYPE_S,
		.flags = odd ? BR_SPAN_ESCAPED | BR_SPAN_NON_ASCII : 0};
}

static BrSpan
name_of(const BrDocument *doc, const BrNode *node)
{
	return span_of(doc, node->name, node->name_len, node->flags & BR_NODE_ODD_NAME);
}

/* Notes a string that no text type could hold. */
static void
check_text(Parser *parser, int32 node, const BrSpan *span)
{
	const char *text;
	size_t		len;
	BrError		ignored;

	if (span->flags != 0 && !br_span_text(span, &parser->scratch, &text, &len, &ignored))
		note(parser->doc, node, BR_NOTE_TEXT);
}

/* A new node whose value begins at p; BR_NODE_NONE if there are too many. */
static int32
add_node(Parser *parser, const char *p, const BrSpan *name)
{
	BrDocument *doc = parser->doc;
	int32		id = doc->nnodes;
	BrNode	   *node;

	if (id == BR_DOCUMENT_MAX_NODES)
	{
		br_error(parser->err, BR_ERR_LIMIT, "the document has more than %d values", BR_DOCUMENT_MAX_NODES);
		return BR_NODE_NONE;
	}
	if (id % INTERRUPT_EVERY == 0)
		BR_CHECK_INTERRUPTS();
	doc->nodes = br_array_grow(doc->nodes, id, sizeof(BrNode));
	doc->nnodes++;
	node = &doc->nodes[id];
	*node = (BrNode) {.start = p - doc->text, .parent = BR_NODE_NONE, .next = BR_NODE_NONE};
	if (parser->depth > 0)
	{
		int			level = parser->depth - 1;

		node->parent = parser->open[level];
		node->name = doc->nodes[node->parent].count++;
		if (parser->last[level] != BR_NODE_NONE)
			doc->nodes[parser->last[level]].next = id;
		parser->last[level] = id;
	}
	if (name != NULL)
	{
		node->name = name->ptr - doc->text;
		node->name_len = name->len;
		node->flags = name->flags != 0 ? BR_NODE_ODD_NAME : 0;
		check_text(parser, id, name);
	}
	return id;
}

/* The words that many programs write although JSON has none; NULL without a fault if there is none. */
static const char *
not_finite(const char *p, const char *end)
{
	static const char *const words[] = {"NaN", "Infinity", "-Infinity"};

	for (int i = 0; i < lengthof(words); i++)
	{
		const char *behind = br_json_word(p, end, words[i], strlen(words[i]));

		if (behind != NULL)
			return behind;
	}
	return NULL;
}

/* A value that is no container: behind it. */
static const char *
read_scalar(Parser *parser, int32 id, const char *p)
{
	BrDocument *doc = parser->doc;
	BrNode	   *node = &doc->nodes[id];
	const char *behind = not_finite(p, parser->json.end);
	char		c = p < parser->json.end ? *p : '\0';

	node->type = c == '"' ? BR_NODE_STRING : c == 'n' ? BR_NODE_NULL :
		c == 't' || c == 'f' ? BR_NODE_BOOL : BR_NODE_NUMBER;
	if (behind != NULL)
	{
		node->flags |= BR_NODE_NOT_FINITE;
		note(doc, id, BR_NOTE_NOT_FINITE);
	}
	else if (c == '"')
	{
		BrSpan		span = {.type = BR_TYPE_S};

		behind = br_json_string(&parser->json, p, &span);
		if (behind == NULL)
			return NULL;
		node->start = span.ptr - doc->text;
		node->len = span.len;
		node->flags |= span.flags != 0 ? BR_NODE_ODD_TEXT : 0;
		check_text(parser, id, &span);
		return behind;
	}
	else
		behind = br_json_skip(&parser->json, p);
	if (behind != NULL)
		node->len = behind - p;
	return behind;
}

/* A value: behind it or, with *opened, at its first child. */
static const char *
read_value(Parser *parser, int32 id, const char *p, bool *opened)
{
	BrNode	   *node = &parser->doc->nodes[id];
	const char *start = p;

	*opened = false;
	if (p == parser->json.end || (*p != '{' && *p != '['))
		return read_scalar(parser, id, p);
	node->type = *p == '{' ? BR_NODE_OBJECT : BR_NODE_ARRAY;
	if (parser->depth == BR_DOCUMENT_MAX_DEPTH)
	{
		br_error(parser->err, BR_ERR_LIMIT, "the document is nested more than %d levels deep", BR_DOCUMENT_MAX_DEPTH);
		return NULL;
	}
	p = br_json_enter(&parser->json, p, *p, opened);
	if (*opened)
	{
		parser->open[parser->depth] = id;
		parser->last[parser->depth++] = BR_NODE_NONE;
	}
	else if (p != NULL)
		node->len = p - start;
	return p;
}

/* Notes the members of an object whose names an earlier one has. */
static void
note_duplicates(Parser *parser, int32 object)
{
	BrDocument *doc = parser->doc;
	BrName	   *names;
	uint32		n = 0;

	if (doc->nodes[object].count < 2)
		return;
	names = palloc_extended(doc->nodes[object].count * sizeof(BrName), MCXT_ALLOC_HUGE);
	br_document_foreach(child, doc, object)
	{
		BrSpan		span = name_of(doc, &doc->nodes[child]);
		BrError		ignored;

		names[n] = (BrName) {.text = span.ptr, .len = span.len, .node = child};
		if (span.flags != 0 && memchr(span.ptr, '\\', span.len) != NULL &&
			br_span_text(&span, &parser->scratch, &names[n].text, &names[n].len, &ignored))
			names[n].text = pnstrdup(names[n].text, names[n].len);
		n++;
	}
	br_names_sort(names, n);
	for (uint32 i = 1; i < n; i++)
		if (br_names_compare(&names[i - 1], &names[i]) == 0)
			note(doc, names[i].node, BR_NOTE_DUPLICATE);
	pfree(names);
}

/*
 * p is behind a value: behind the containers that end there and, unless all do,
 * one comma. What is wrong there is the fault of container *at.
 */
static const char *
close_containers(Parser *parser, const char *p, int32 *at)
{
	bool		more = false;

	while (p != NULL && parser->depth > 0 && !more)
	{
		int32		id = parser->open[parser->depth - 1];
		BrNode	   *node = &parser->doc->nodes[id];

		*at = id;
		p = br_json_more(&parser->json, p, node->type == BR_NODE_OBJECT ? '}' : ']', &more);
		if (p == NULL || more)
			break;
		node->len = p - parser->doc->text - node->start;
		parser->depth--;
		if (node->type == BR_NODE_OBJECT)
			note_duplicates(parser, id);
	}
	return p;
}

/* All values; NULL after a fault, of which node *at says where, or an error. */
static const char *
read_values(Parser *parser, const char *p, int32 *at)
{
	bool		opened;

	do
	{
		BrSpan		name = {0};
		bool		member = false;

		if (parser->depth > 0)
		{
			*at = parser->open[parser->depth - 1];
			member = parser->doc->nodes[*at].type == BR_NODE_OBJECT;
			if (member)
				p = br_json_name(&parser->json, p, &name);
			if (p == NULL)
				return NULL;
		}
		*at = add_node(parser, p, member ? &name : NULL);
		if (*at == BR_NODE_NONE)
			return NULL;
		p = read_value(parser, *at, p, &opened);
		if (p != NULL && !opened)
			p = close_containers(parser, p, at);
	} while (p != NULL && parser->depth > 0);
	return p;
}

bool
br_document_parse(const char *text, size_t len, BrDocument *doc, BrError *err)
{
	Parser		parser = {.doc = doc, .err = err};
	int32		at = BR_NODE_NONE;
	const char *p;

	memset(doc, 0, sizeof(*doc));
	memset(err, 0, sizeof(*err));
	doc->text = text;
	if (len > BR_DOCUMENT_MAX_BYTES)
		return br_error(err, BR_ERR_LIMIT, "the document is longer than %d MB", BR_DOCUMENT_MAX_BYTES / (1024 * 1024));
	doc->len = len;
	initStringInfo(&parser.scratch);
	br_json_init(&parser.json, text, text + len);
	p = read_values(&parser, br_json_space(text, text + len), &at);
	if (p != NULL)
	{
		p = br_json_space(p, text + len);
		at = BR_NODE_ROOT;
		if (p < text + len)
			p = br_json_fault(&parser.json, p, "there is more behind the document");
	}
	if (p == NULL && err->kind == BR_ERR_NONE)
	{
		doc->fault = parser.json.fault;
		doc->fault_at = parser.json.fault_at - text;
		doc->fault_node = at;
	}
	pfree(parser.scratch.data);
	return err->kind == BR_ERR_NONE;
}

int32
br_document_member(const BrDocument *doc, int32 object, const char *name, size_t len)
{
	int32		found = BR_NODE_NONE;

	if (!br_document_is(doc, object, BR_NODE_OBJECT))
		return BR_NODE_NONE;
	br_document_foreach(child, doc, object)
	{
		BrSpan		span = name_of(doc, &doc->nodes[child]);

		if (br_span_equals(&span, name, len))
			found = child;
	}
	return found;
}

int32
br_document_find(const BrDocument *doc, const char *path, size_t len)
{
	const char *end = path + len;
	int32		node = doc->nnodes > 0 ? BR_NODE_ROOT : BR_NODE_NONE;

	while (node != BR_NODE_NONE)
	{
		const char *dot = memchr(path, '.', end - path);

		node = br_document_member(doc, node, path, (dot != NULL ? dot : end) - path);
		if (dot == NULL)
			break;
		path = dot + 1;
	}
	return node;
}

const char *
br_document_name(const BrDocument *doc, int32 node, StringInfo scratch, size_t *len)
{
	BrSpan		span = name_of(doc, &doc->nodes[node]);
	const char *text = span.ptr;
	BrError		ignored;

	*len = span.len;
	if (span.flags != 0 && !br_span_text(&span, scratch, &text, len, &ignored))
		*len = span.len;
	return text;
}

bool
br_document_equals(const BrDocument *doc, int32 node, const char *text)
{
	BrSpan		span;

	if (!br_document_is(doc, node, BR_NODE_STRING))
		return false;
	span = span_of(doc, doc->nodes[node].start, doc->nodes[node].len, doc->nodes[node].flags & BR_NODE_ODD_TEXT);
	return br_span_equals(&span, text, strlen(text));
}

double
br_document_number(const BrDocument *doc, int32 node)
{
	char		digits[64];
	char	   *copy = digits;
	double		value;

	if (!br_document_is(doc, node, BR_NODE_NUMBER) || (doc->nodes[node].flags & BR_NODE_NOT_FINITE) != 0)
		return NAN;
	/* strtod wants an end */
	if (doc->nodes[node].len >= sizeof(digits))
		copy = palloc(doc->nodes[node].len + 1);
	memcpy(copy, doc->text + doc->nodes[node].start, doc->nodes[node].len);
	copy[doc->nodes[node].len] = '\0';
	value = strtod(copy, NULL);
	if (copy != digits)
		pfree(copy);
	return value;
}

int
br_document_decimals(const BrDocument *doc, int32 node)
{
	const char *p;
	const char *end;
	bool		fraction = false;
	int			decimals = 0;
	int			exponent = 0;
	int			sign = 1;

	if (!br_document_is(doc, node, BR_NODE_NUMBER))
		return 0;
	p = doc->text + doc->nodes[node].start;
	end = p + doc->nodes[node].len;
	for (; p < end && *p != 'e' && *p != 'E'; p++)
	{
		decimals += fraction;
		fraction = fraction || *p == '.';
	}
	for (; p < end; p++)
	{
		if (*p == '-')
			sign = -1;
		else if (isdigit((unsigned char) *p))
			exponent = Min(exponent * 10 + (*p - '0'), 10000);
	}
	return Max(decimals - sign * exponent, 0);
}

const char *
br_document_string(const BrDocument *doc, int32 node, StringInfo scratch, size_t *len)
{
	BrSpan		span = span_of(doc, doc->nodes[node].start, doc->nodes[node].len, doc->nodes[node].flags & BR_NODE_ODD_TEXT);
	const char *text;
	BrError		ignored;

	return br_span_text(&span, scratch, &text, len, &ignored) ? text : NULL;
}

void
br_document_append_path(StringInfo out, const BrDocument *doc, int32 node)
{
	int32		steps[BR_DOCUMENT_MAX_DEPTH + 1];
	int			n = 0;

	for (; node != BR_NODE_NONE && doc->nodes[node].parent != BR_NODE_NONE; node = doc->nodes[node].parent)
		steps[n++] = node;
	while (n > 0)
	{
		const BrNode *step = &doc->nodes[steps[--n]];

		if (doc->nodes[step->parent].type == BR_NODE_ARRAY)
			appendStringInfo(out, "[%u]", step->name);
		else
			br_names_append(out, doc->text + step->name, step->name_len);
	}
}

void
br_document_place(const BrDocument *doc, uint32 at, uint32 *line, uint32 *column)
{
	*line = 1;
	*column = 1;
	for (uint32 i = 0; i < at; i++)
	{
		if (doc->text[i] == '\n')
		{
			++*line;
			*column = 1;
		}
		else
			*column += ((unsigned char) doc->text[i] & 0xc0) != 0x80;
	}
}
