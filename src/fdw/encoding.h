/*
 * encoding.h
 *		Between the database's encoding and UTF-8, which the service speaks.
 *
 * Names and templates in options are in the database's encoding; everything
 * below fdw/ is in UTF-8.  Results may be the argument itself.
 */
#ifndef BR_ENCODING_H
#define BR_ENCODING_H

#include "base/br.h"

/* NULL stays NULL. */
extern const char *br_to_utf8(const char *text);

/* An error if the database's encoding lacks a character. */
extern const char *br_to_server(const char *text);

/* NULL if the database's encoding lacks a character. */
extern const char *br_from_utf8(const char *text);

/*
 * For messages: what cannot be had becomes question marks, since an error about
 * an error would hide the first one.
 */
extern const char *br_for_display(const char *text);

#endif							/* BR_ENCODING_H */
