/*
 * path.c
 *		Reading and writing the text form of document paths.
 */
#include "base/br.h"

#include "dynamodb/path.h"

#define MAX_STEPS			32		/* DynamoDB nests no deeper */
#define MAX_NAME_LEN		65535	/* DynamoDB's limit */
#define MAX_INDEX_DIGITS	6		/* an item of 400 KB holds no more elements */

#define SPECIALS ".|[]\""

typedef struct Parser
{
	const char *text;
	const char *p;
	BrError    *err;
} Parser;

static bool
fail_at(Parser *parser, const char *at, const char *what)
{
	return br_error(parser->err, BR_ERR_CONFIG, "%s at position %d of the attribute path",
					what, (int) (at - parser->text) + 1);
}

/* A name in double quotes, each quote inside doubled; p is at the first. */
static bool
quoted_name(Parser *parser, const char **name)
{
	const char *first = parser->p;
	StringInfoData buf;

	initStringInfo(&buf);
	for (parser->p++;; parser->p++)
	{
		if (*parser->p == '\0')
			return fail_at(parser, first, "unterminated quoted name");
		if (*parser->p == '"' && *++parser->p != '"')
			break;
		appendStringInfoChar(&buf, *parser->p);
	}
	if (buf.len == 0)
		return fail_at(parser, first, "empty name");
	if (buf.len > MAX_NAME_LEN)
		return fail_at(parser, first, "too long a name");
	*name = buf.data;
	return true;
}

/* Up to the next special character. */
static bool
bare_name(Parser *parser, const char **name)
{
	size_t		len = strcspn(parser->p, SPECIALS);

	if (len == 0)
		return fail_at(parser, parser->p, "a name is missing");
	if (len > MAX_NAME_LEN)
		return fail_at(parser, parser->p, "too long a name");

	/* "a | b" surely means something else than names that hold blanks */
	if (parser->p[0] == ' ')
		return fail_at(parser, parser->p, "blank before an unquoted name");
	if (parser->p[len - 1] == ' ')
		return fail_at(parser, parser->p + len - 1, "blank after an unquoted name");
	*name = pnstrdup(parser->p, len);
	parser->p += len;
	return true;
}

/* [n]; p is at the bracket. */
static bool
list_index(Parser *parser, int *index)
{
	const char *first = ++parser->p;

	for (*index = 0; *parser->p >= '0' && *parser->p <= '9'; parser->p++)
	{
		if (parser->p - first == MAX_INDEX_DIGITS)
			return fail_at(parser, first, "too large a list index");
		*index = *index * 10 + (*parser->p - '0');
	}
	if (parser->p == first)
		return fail_at(parser, first, "a list index is missing");
	if (*parser->p != ']')
		return fail_at(parser, parser->p, "a closing bracket is missing");
	parser->p++;
	return true;
}

static bool
parse_path(Parser *parser, BrPath *path)
{
	bool		named = true;	/* must the next step be a name? */

	path->steps = palloc(MAX_STEPS * sizeof(BrStep));
	path->nsteps = 0;
	for (;;)
	{
		BrStep	   *step = &path->steps[path->nsteps];

		if (path->nsteps == MAX_STEPS)
			return fail_at(parser, parser->p, "more than 32 steps");
		step->name = NULL;
		step->index = 0;
		if (!named)
		{
			if (!list_index(parser, &step->index))
				return false;
		}
		else if (*parser->p == '"' ? !quoted_name(parser, &step->name) :
				 !bare_name(parser, &step->name))
			return false;
		path->nsteps++;

		if (*parser->p == '\0' || *parser->p == '|')
			return true;
		named = *parser->p == '.';
		if (named)
			parser->p++;
		else if (*parser->p != '[')
			return fail_at(parser, parser->p, "expected \".\", \"[\" or \"|\"");
	}
}

bool
br_paths_parse(const char *text, BrPaths *paths, BrError *err)
{
	Parser		parser = {text, text, err};
	const char *p;
	int			most = 1;

	for (p = text; *p != '\0'; p++)
		most += *p == '|';
	paths->paths = palloc(most * sizeof(BrPath));
	paths->npaths = 0;
	for (;;)
	{
		if (!parse_path(&parser, &paths->paths[paths->npaths]))
			return false;
		paths->npaths++;
		if (*parser.p == '\0')
			return true;
		parser.p++;				/* the bar */
	}
}

void
br_path_of_name(const char *name, BrPath *path)
{
	path->nsteps = 1;
	path->steps = palloc(sizeof(BrStep));
	path->steps[0].name = name;
	path->steps[0].index = 0;
}

static void
append_name(StringInfo out, const char *name)
{
	const char *p;

	/* * alone would be the whole item */
	if (name[0] != '\0' && strpbrk(name, SPECIALS) == NULL && strcmp(name, "*") != 0 &&
		name[0] != ' ' && name[strlen(name) - 1] != ' ')
	{
		appendStringInfoString(out, name);
		return;
	}
	appendStringInfoChar(out, '"');
	for (p = name; *p != '\0'; p++)
	{
		if (*p == '"')
			appendStringInfoChar(out, '"');
		appendStringInfoChar(out, *p);
	}
	appendStringInfoChar(out, '"');
}

void
br_path_append(StringInfo out, const BrPath *path)
{
	int			i;

	for (i = 0; i < path->nsteps; i++)
	{
		const BrStep *step = &path->steps[i];

		if (step->name == NULL)
		{
			appendStringInfo(out, "[%d]", step->index);
			continue;
		}
		if (i > 0)
			appendStringInfoChar(out, '.');
		append_name(out, step->name);
	}
}

static bool
step_equal(const BrStep *a, const BrStep *b)
{
	if (a->name == NULL || b->name == NULL)
		return a->name == b->name && a->index == b->index;
	return strcmp(a->name, b->name) == 0;
}

bool
br_path_is_prefix(const BrPath *a, const BrPath *b)
{
	int			i;

	if (a->nsteps > b->nsteps)
		return false;
	for (i = 0; i < a->nsteps; i++)
	{
		if (!step_equal(&a->steps[i], &b->steps[i]))
			return false;
	}
	return true;
}

bool
br_path_equal(const BrPath *a, const BrPath *b)
{
	return a->nsteps == b->nsteps && br_path_is_prefix(a, b);
}
