/*
 * form.c
 *		Reads and writes text forms of types, exactly.
 */
#include "base/br.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "functions/form.h"
#include "mb/pg_wchar.h"

/* How many bytes of what is wrong are shown. */
#define MAX_SHOWN 20

void
br_form_fail(const BrForm *form, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s", form->type),
			 errdetail("%s", detail)));
}

static void
skip_space(BrForm *form)
{
	while (*form->at == ' ' || *form->at == '\t' || *form->at == '\n' || *form->at == '\r')
		form->at++;
}

static void
expected(const BrForm *form, const char *what)
{
	int			length = strlen(form->at);

	if (length == 0)
		br_form_fail(form, psprintf("It ends where %s is expected.", what));
	length = pg_mbcliplen(form->at, length, MAX_SHOWN);
	br_form_fail(form, psprintf("There is \"%s\" where %s is expected.", pnstrdup(form->at, length), what));
}

bool
br_form_has_mark(BrForm *form, char mark)
{
	skip_space(form);
	if (*form->at != mark)
		return false;
	form->at++;
	return true;
}

void
br_form_mark(BrForm *form, char mark)
{
	if (!br_form_has_mark(form, mark))
		expected(form, psprintf("\"%c\"", mark));
}

static bool
has_string(BrForm *form, const char *string)
{
	int			len = strlen(string);

	skip_space(form);
	if (form->at[0] != '"' || strncmp(form->at + 1, string, len) != 0 || form->at[1 + len] != '"')
		return false;
	form->at += len + 2;
	return true;
}

void
br_form_name(BrForm *form, const char *name)
{
	if (!has_string(form, name))
		expected(form, psprintf("\"%s\"", name));
	br_form_mark(form, ':');
}

double
br_form_float8(BrForm *form)
{
	double		value;
	char	   *end;

	if (has_string(form, "NaN"))
		return NAN;
	if (has_string(form, "Infinity"))
		return INFINITY;
	if (has_string(form, "-Infinity"))
		return -INFINITY;
	/* strtod knows words and hexadecimal numbers as well */
	value = strtod(form->at, &end);
	if (end == form->at || end != form->at + strspn(form->at, "0123456789.eE+-") || isinf(value))
		expected(form, "a number");
	form->at = end;
	return value;
}

int64
br_form_int8(BrForm *form)
{
	long long	value;
	char	   *end;

	skip_space(form);
	errno = 0;
	value = strtoll(form->at, &end, 10);
	if (end == form->at || errno != 0)
		expected(form, "an integer");
	form->at = end;
	return value;
}

void
br_form_end(BrForm *form)
{
	skip_space(form);
	if (*form->at != '\0')
		expected(form, "nothing more");
}

void
br_form_put_float8(StringInfo text, double value)
{
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	if (isfinite(value))
	{
		double_to_shortest_decimal_buf(value, digits);
		appendStringInfoString(text, digits);
	}
	else
		appendStringInfoString(text, isnan(value) ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\"");
}
