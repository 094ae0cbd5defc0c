/*
 * note.h
 *		Remarks on a result, of which there may be several.
 */
#ifndef BR_NOTE_H
#define BR_NOTE_H

#include "base/br.h"

/* Both, in the order given; either may be NULL. In the current context, or one of the two. */
static inline const char *
br_note_join(const char *note, const char *more)
{
	if (note == NULL || more == NULL)
		return note == NULL ? more : note;
	return psprintf("%s; %s", note, more);
}

#endif							/* BR_NOTE_H */
