/*
 * form.h
 *		Text forms of types: JSON objects whose members come in one order.
 *
 * What is written is read as the same value, down to the last bit and whatever
 * the settings. NaN and infinities, which JSON has not, are strings.
 */
#ifndef BR_FORM_H
#define BR_FORM_H

#include "base/br.h"

/* A text that is read. What reads it raises an error where it is something else. */
typedef struct BrForm
{
	const char *type;			/* for messages */
	const char *at;
} BrForm;

/* A punctuation mark, and whether the next one is this, which is then taken. */
extern void br_form_mark(BrForm *form, char mark);
extern bool br_form_has_mark(BrForm *form, char mark);

/* The name of a member, and its colon. */
extern void br_form_name(BrForm *form, const char *name);
extern double br_form_float8(BrForm *form);
extern int64 br_form_int8(BrForm *form);

/* Nothing may follow. */
extern void br_form_end(BrForm *form);

/* The error that the text is none of the type; the detail is a sentence. */
extern _Noreturn void br_form_fail(const BrForm *form, const char *detail);

extern void br_form_put_float8(StringInfo text, double value);

#endif							/* BR_FORM_H */
