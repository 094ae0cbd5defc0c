/*
 * error.c
 *		Filling an error value.
 */
#include "base/br.h"

#include "base/error.h"

bool
br_error(BrError *err, BrErrorKind kind, const char *fmt,...)
{
	va_list		args;

	memset(err, 0, sizeof(*err));
	err->kind = kind;
	va_start(args, fmt);
	vsnprintf(err->message, sizeof(err->message), fmt, args);
	va_end(args);
	return false;
}
