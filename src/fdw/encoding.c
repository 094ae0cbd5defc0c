/*
 * encoding.c
 *		Conversion of names.
 */
#include "base/br.h"

#include "catalog/namespace.h"
#include "fdw/encoding.h"
#include "mb/pg_wchar.h"

const char *
br_to_utf8(const char *text)
{
	return text == NULL ? NULL : pg_server_to_any(text, strlen(text), PG_UTF8);
}

const char *
br_to_server(const char *text)
{
	return pg_any_to_server(text, strlen(text), PG_UTF8);
}

static bool
is_ascii(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
	{
		if (IS_HIGHBIT_SET(*p))
			return false;
	}
	return true;
}

const char *
br_from_utf8(const char *text)
{
	int			encoding = GetDatabaseEncoding();
	int			len = strlen(text);
	int			size = len * MAX_CONVERSION_GROWTH + 1;
	unsigned char *result;
	Oid			conversion;

	if (encoding == PG_UTF8 || encoding == PG_SQL_ASCII || is_ascii(text))
		return text;
	conversion = FindDefaultConversionProc(PG_UTF8, encoding);
	if (!OidIsValid(conversion))
		return NULL;
	result = palloc(size);
	if (pg_do_encoding_conversion_buf(conversion, PG_UTF8, encoding,
									  (unsigned char *) unconstify(char *, text), len,
									  result, size, true) < len)
		return NULL;
	return (char *) result;
}

const char *
br_for_display(const char *text)
{
	const char *converted = br_from_utf8(text);
	char	   *copy;

	if (converted != NULL)
		return converted;
	copy = pstrdup(text);
	for (char *p = copy; *p != '\0'; p++)
	{
		if (IS_HIGHBIT_SET(*p))
			*p = '?';
	}
	return copy;
}
