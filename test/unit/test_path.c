/*
 * test_path.c
 *		Document paths: what the text form means, and what it may not say.
 */
#include "base/br.h"

#include "dynamodb/path.h"
#include "tap.h"

/* Paths in a form that shows each step: name<a> index<0>, alternatives by /. */
static char *
shown(const BrPaths *paths)
{
	StringInfoData out;
	int			i;
	int			j;

	initStringInfo(&out);
	for (i = 0; i < paths->npaths; i++)
	{
		if (i > 0)
			appendStringInfoString(&out, " / ");
		for (j = 0; j < paths->paths[i].nsteps; j++)
		{
			const BrStep *step = &paths->paths[i].steps[j];

			if (step->name != NULL)
				appendStringInfo(&out, "<%s>", step->name);
			else
				appendStringInfo(&out, "<%d>", step->index);
		}
	}
	return out.data;
}

static char *
written(const BrPaths *paths)
{
	StringInfoData out;
	int			i;

	initStringInfo(&out);
	for (i = 0; i < paths->npaths; i++)
	{
		if (i > 0)
			appendStringInfoChar(&out, '|');
		br_path_append(&out, &paths->paths[i]);
	}
	return out.data;
}

static void
good_paths(void)
{
	static const struct
	{
		const char *text;
		const char *steps;
		const char *again;		/* written out; NULL: as text */
	}			cases[] = {
		{"a", "<a>", NULL},
		{"durationMsStats.p99|durationStats.p99",
		"<durationMsStats><p99> / <durationStats><p99>", NULL},
		{"tags[0].\"a.b\"", "<tags><0><a.b>", NULL},
		{"a[1][22].b[3]", "<a><1><22><b><3>", NULL},
		{"a[007]", "<a><7>", "a[7]"},
		{"a[999999]", "<a><999999>", NULL},
		{"\"a\"", "<a>", "a"},
		{"\"*\".*", "<*><*>", "\"*\".\"*\""},	/* alone it would be the whole item */
		{"\"a\".\"b\"[0]|\"c\"", "<a><b><0> / <c>", "a.b[0]|c"},
		{"\"say \"\"hi\"\"\"", "<say \"hi\">", NULL},
		{"\"\"\"\"", "<\">", NULL},
		{"\"a|b\"|\"c[0]\"", "<a|b> / <c[0]>", NULL},
		{"two words.x", "<two words><x>", NULL},
		{"\" a\".\"b \"", "< a><b >", NULL},
		{"gr\xc3\xb6\xc3\x9f" "e.\xf0\x9f\x98\x80", "<gr\xc3\xb6\xc3\x9f" "e><\xf0\x9f\x98\x80>", NULL},
		{"#:$-@\\'", "<#:$-@\\'>", NULL}
	};
	size_t		i;

	for (i = 0; i < lengthof(cases); i++)
	{
		BrPaths		paths;
		BrError		err;

		if (!ok(br_paths_parse(cases[i].text, &paths, &err), "%s is a path", cases[i].text))
		{
			diag("%s", err.message);
			continue;
		}
		is_str(shown(&paths), cases[i].steps, "%s: its steps", cases[i].text);
		is_str(written(&paths), cases[i].again != NULL ? cases[i].again : cases[i].text,
			   "%s: written out", cases[i].text);
	}
}

static void
bad_paths(void)
{
	static const struct
	{
		const char *text;
		const char *message;	/* without what all of them end with */
	}			cases[] = {
		{"", "a name is missing at position 1"},
		{".a", "a name is missing at position 1"},
		{"a.", "a name is missing at position 3"},
		{"a..b", "a name is missing at position 3"},
		{"a.[0]", "a name is missing at position 3"},
		{"[0]", "a name is missing at position 1"},
		{"|a", "a name is missing at position 1"},
		{"a|", "a name is missing at position 3"},
		{"a||b", "a name is missing at position 3"},
		{"a[", "a list index is missing at position 3"},
		{"a[]", "a list index is missing at position 3"},
		{"a[-1]", "a list index is missing at position 3"},
		{"a[1", "a closing bracket is missing at position 4"},
		{"a[1.5]", "a closing bracket is missing at position 4"},
		{"a[1000000]", "too large a list index at position 3"},
		{"a[99999999999999999999]", "too large a list index at position 3"},
		{"a]", "expected \".\", \"[\" or \"|\" at position 2"},
		{"a[0]b", "expected \".\", \"[\" or \"|\" at position 5"},
		{"a\"b\"", "expected \".\", \"[\" or \"|\" at position 2"},
		{"\"a\"b", "expected \".\", \"[\" or \"|\" at position 4"},
		{"a.\"b", "unterminated quoted name at position 3"},
		{"\"a\"\"", "unterminated quoted name at position 1"},
		{"\"", "unterminated quoted name at position 1"},
		{"a.\"\"", "empty name at position 3"},
		{"a | b", "blank after an unquoted name at position 2"},
		{"a| b", "blank before an unquoted name at position 3"},
		{"a. b", "blank before an unquoted name at position 3"},
		{" ", "blank before an unquoted name at position 1"}
	};
	size_t		i;

	for (i = 0; i < lengthof(cases); i++)
	{
		BrPaths		paths;
		BrError		err;

		memset(&err, 0, sizeof(err));
		ok(!br_paths_parse(cases[i].text, &paths, &err), "\"%s\" is no path", cases[i].text);
		is_str(err.message, psprintf("%s of the attribute path", cases[i].message),
			   "\"%s\": the message", cases[i].text);
		is_int(err.kind, BR_ERR_CONFIG, "\"%s\": the kind of error", cases[i].text);
	}
}

static void
limits(void)
{
	StringInfoData text;
	BrPaths		paths;
	BrError		err;
	int			i;

	initStringInfo(&text);
	appendStringInfoString(&text, "a");
	for (i = 1; i < 32; i++)
		appendStringInfoString(&text, i % 2 ? ".b" : "[5]");
	ok(br_paths_parse(text.data, &paths, &err), "a path may have 32 steps");
	is_int(paths.paths[0].nsteps, 32, "all of them are there");
	appendStringInfoString(&text, ".c");
	ok(!br_paths_parse(text.data, &paths, &err), "but not 33");
	is_str(err.message, psprintf("more than 32 steps at position %d of the attribute path", text.len),
		   "and it is said where");

	resetStringInfo(&text);
	for (i = 0; i < 65535; i++)
		appendStringInfoChar(&text, 'n');
	ok(br_paths_parse(text.data, &paths, &err), "a name may have 65535 bytes");
	appendStringInfoChar(&text, 'n');
	ok(!br_paths_parse(text.data, &paths, &err), "but not one more");
	ok(!br_paths_parse(psprintf("\"%s\"", text.data), &paths, &err), "nor in quotes");
	is_str(err.message, "too long a name at position 1 of the attribute path", "and it is said why");
}

static BrPath
one(const char *text)
{
	BrPaths		paths;
	BrError		err;

	if (!br_paths_parse(text, &paths, &err))
		ok(false, "%s: %s", text, err.message);
	return paths.paths[0];
}

static void
comparisons(void)
{
	static const struct
	{
		const char *a;
		const char *b;
		bool		equal;
		bool		prefix;
	}			cases[] = {
		{"a", "a", true, true},
		{"a", "\"a\"", true, true},
		{"a", "b", false, false},
		{"a", "a.b", false, true},
		{"a.b", "a", false, false},
		{"a", "ab", false, false},
		{"a.b", "a.b.c[0]", false, true},
		{"a[0]", "a[0]", true, true},
		{"a[0]", "a[1]", false, false},
		{"a[0]", "a.b", false, false},
		{"a.b", "a[0]", false, false},
		{"a.b.c", "a.x.c", false, false}
	};
	BrPath		path;
	size_t		i;

	for (i = 0; i < lengthof(cases); i++)
	{
		BrPath		a = one(cases[i].a);
		BrPath		b = one(cases[i].b);

		is_int(br_path_equal(&a, &b), cases[i].equal, "%s = %s", cases[i].a, cases[i].b);
		is_int(br_path_is_prefix(&a, &b), cases[i].prefix, "%s leads to %s", cases[i].a, cases[i].b);
	}

	br_path_of_name("a.b|c", &path);
	ok(path.nsteps == 1 && strcmp(path.steps[0].name, "a.b|c") == 0,
	   "the path of a name takes it as it is");
}

int
main(void)
{
	good_paths();
	bad_paths();
	limits();
	comparisons();
	return done_testing();
}
