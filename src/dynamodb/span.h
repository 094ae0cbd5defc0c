/*
 * span.h
 *		An attribute value where it lies: a type and a stretch of a body.
 *
 * Spans point into the body of an answer, which is never changed, and stay
 * valid as long as that buffer does.  Strings are kept as they stand between
 * the quotes; br_span_text() resolves escapes and checks the encoding when
 * somebody needs the text.
 */
#ifndef BR_SPAN_H
#define BR_SPAN_H

#include "base/br.h"
#include "base/error.h"

typedef enum BrType
{
	BR_TYPE_ABSENT = 0,			/* the item has no such attribute */
	BR_TYPE_S,
	BR_TYPE_N,
	BR_TYPE_B,
	BR_TYPE_BOOL,
	BR_TYPE_NULL,
	BR_TYPE_M,
	BR_TYPE_L,
	BR_TYPE_SS,
	BR_TYPE_NS,
	BR_TYPE_BS
} BrType;

#define BR_SPAN_ESCAPED		0x01	/* holds a backslash */
#define BR_SPAN_NON_ASCII	0x02	/* holds a byte above 0x7f, unchecked */

typedef struct BrSpan
{
	const char *ptr;			/* S, N, B: after the quote; BOOL, NULL: the
								 * word; M, L and sets: the JSON container
								 * from bracket to bracket */
	uint32		len;
	uint8		type;			/* BrType */
	uint8		flags;			/* of S, N and B only */
} BrSpan;

/* "S", "NS", ...; "absent" for BR_TYPE_ABSENT. */
extern const char *br_type_name(BrType type);

/* The type for a tag such as "NS"; BR_TYPE_ABSENT if there is none. */
extern BrType br_type_from_tag(const char *tag, size_t len);

/*
 * The text of a string span, unescaped and proven to be UTF-8 without U+0000:
 * *text points into the span itself or, if there were escapes, into scratch
 * (which is reset).  Not NUL-terminated.  BR_ERR_ENCODING if the text is not
 * valid.
 */
extern bool br_span_text(const BrSpan *span, StringInfo scratch,
						 const char **text, size_t *len, BrError *err);

/* Appends the value with its type, {"S":"x"}: what the span was made of. */
extern void br_span_append_json(StringInfo out, const BrSpan *span);

/*
 * True if a string span means exactly this text.  Escapes count as what they
 * stand for; nothing is allocated and the encoding is not checked.
 */
extern bool br_span_equals(const BrSpan *span, const char *text, size_t len);

#endif							/* BR_SPAN_H */
