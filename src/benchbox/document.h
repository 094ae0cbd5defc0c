/*
 * document.h
 *		A JSON document as a tree of nodes over its text.
 *
 * What the type jsonb would hide is kept: names that come twice, the words NaN
 * and Infinity, how many decimals a number has. Nodes are told by their number
 * and point into the text, which must be UTF-8 and outlive the tree. They stand
 * in the order of the text: the first child of a node is the next one.
 */
#ifndef BR_DOCUMENT_H
#define BR_DOCUMENT_H

#include "base/br.h"
#include "base/error.h"

#define BR_DOCUMENT_MAX_BYTES	(64 * 1024 * 1024)
#define BR_DOCUMENT_MAX_DEPTH	128
#define BR_DOCUMENT_MAX_NODES	5000000

/* Bits, so that several make a set. */
typedef enum BrNodeType
{
	BR_NODE_NULL = 0x01,
	BR_NODE_BOOL = 0x02,
	BR_NODE_NUMBER = 0x04,
	BR_NODE_STRING = 0x08,
	BR_NODE_ARRAY = 0x10,
	BR_NODE_OBJECT = 0x20
} BrNodeType;

#define BR_NODE_NONE	(-1)
#define BR_NODE_ROOT	0

#define BR_NODE_ODD_NAME	0x01	/* the name has escapes or is not ASCII */
#define BR_NODE_ODD_TEXT	0x02	/* the string ... */
#define BR_NODE_NOT_FINITE	0x04	/* a number: NaN, Infinity, -Infinity */

typedef struct BrNode
{
	uint32		start;			/* of the value; of a string: behind its quote */
	uint32		len;
	uint32		name;			/* of a member: behind the quote; of an element:
								 * its index */
	uint32		name_len;
	int32		parent;
	int32		next;			/* sibling */
	uint32		count;			/* children */
	uint8		type;			/* BrNodeType */
	uint8		flags;
} BrNode;

typedef enum BrNoteKind
{
	BR_NOTE_DUPLICATE,			/* an earlier member has the same name */
	BR_NOTE_NOT_FINITE,
	BR_NOTE_TEXT				/* name or string is no text: U+0000, half a
								 * surrogate pair, broken UTF-8 */
} BrNoteKind;

typedef struct BrNote
{
	int32		node;
	BrNoteKind	kind;
} BrNote;

typedef struct BrDocument
{
	const char *text;
	uint32		len;
	BrNode	   *nodes;
	int			nnodes;
	BrNote	   *notes;			/* in no particular order */
	int			nnotes;
	const char *fault;			/* why it is no JSON; NULL: it is */
	uint32		fault_at;
	int32		fault_node;		/* the value that was being read; BR_NODE_NONE:
								 * none yet */
} BrDocument;

/*
 * Reads a text; in the current context. Returns false, with BR_ERR_LIMIT, only
 * if it is too long, too deep or too large: text that is no JSON is a fault.
 */
extern bool br_document_parse(const char *text, size_t len, BrDocument *doc, BrError *err);

/* The child of an object that has this name, the last one of several as with jsonb. */
extern int32 br_document_member(const BrDocument *doc, int32 object, const char *name, size_t len);

/* The node at the end of names joined by dots, from the root. */
extern int32 br_document_find(const BrDocument *doc, const char *path, size_t len);

/* Whether the node is there and of one of these types. */
static inline bool
br_document_is(const BrDocument *doc, int32 node, int types)
{
	return node != BR_NODE_NONE && (doc->nodes[node].type & types) != 0;
}

/* A member's name as it is meant; scratch is reset. */
extern const char *br_document_name(const BrDocument *doc, int32 node, StringInfo scratch, size_t *len);

/* Whether the node is this string. */
extern bool br_document_equals(const BrDocument *doc, int32 node, const char *text);

/* The number; NaN unless it is a node that is one, infinite if it is beyond double precision. */
extern double br_document_number(const BrDocument *doc, int32 node);

/* How many digits behind the point the number is given with; 0 unless it is one. */
extern int	br_document_decimals(const BrDocument *doc, int32 node);

/* The text of a string, not NUL-terminated; NULL if it has no valid one. Scratch is reset. */
extern const char *br_document_string(const BrDocument *doc, int32 node, StringInfo scratch, size_t *len);

/* a.b[3].c; names that are not plain words as ["they stand"]; nothing for the root. */
extern void br_document_append_path(StringInfo out, const BrDocument *doc, int32 node);

/* Line and column, from 1, of a place in the text; columns are characters. */
extern void br_document_place(const BrDocument *doc, uint32 at, uint32 *line, uint32 *column);

/* The first child and the next sibling; BR_NODE_NONE if there is none. */
static inline int32
br_document_first(const BrDocument *doc, int32 node)
{
	return doc->nodes[node].count > 0 ? node + 1 : BR_NODE_NONE;
}

#define br_document_foreach(child, doc, node) \
	for (int32 child = br_document_first(doc, node); child != BR_NODE_NONE; child = (doc)->nodes[child].next)

#endif							/* BR_DOCUMENT_H */
