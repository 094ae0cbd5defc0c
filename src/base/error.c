/*
 * error.c
 *		Filling an error value.
 */
#include "base/br.h"

#include "base/error.h"

/* Drops the last character of a text that was cut, as it may lack bytes. */
static void
cut_at_character(char *text, size_t len)
{
	while (len > 0 && ((unsigned char) text[len - 1] & 0xc0) == 0x80)
		len--;
	if (len > 0 && ((unsigned char) text[len - 1] & 0x80) != 0)
		len--;
	text[len] = '\0';
}

bool
br_error(BrError *err, BrErrorKind kind, const char *fmt,...)
{
	va_list		args;
	int			len;

	memset(err, 0, sizeof(*err));
	err->kind = kind;
	va_start(args, fmt);
	len = vsnprintf(err->message, sizeof(err->message), fmt, args);
	va_end(args);
	if (len >= (int) sizeof(err->message))
		cut_at_character(err->message, sizeof(err->message) - 1);
	return false;
}
