/*
 * test_expression.c
 *		Conditions as the service reads them and as people do.
 */
#include "base/br.h"

#include <jansson.h>

#include "common/pg_prng.h"
#include "dynamodb/expression.h"
#include "fe_alloc.h"
#include "tap.h"

#define RANDOM_ROUNDS	10000

static BrValue *
value(BrType type, const char *text)
{
	BrValue    *made = palloc(sizeof(BrValue));

	*made = (BrValue) {type, text, strlen(text)};
	return made;
}

/* A path in its text form. */
static BrPath
path(const char *text)
{
	BrPaths		paths;
	BrError		err;

	if (!br_paths_parse(text, &paths, &err))
	{
		diag("%s: %s", text, err.message);
		exit(EXIT_FAILURE);
	}
	return paths.paths[0];
}

/* path op 'v' */
static BrCondition *
leaf(BrConditionOp op, const char *at)
{
	BrPath		p = path(at);

	return br_cond_compare(op, &p, value(BR_TYPE_S, "v"));
}

static BrCondition *
eq(const char *at)
{
	return leaf(BR_COND_EQ, at);
}

static BrCondition *
junction(BrConditionOp op, int nargs, BrCondition *a, BrCondition *b)
{
	BrCondition *cond = palloc0(sizeof(BrCondition));

	cond->op = op;
	cond->nargs = nargs;
	cond->args = palloc(2 * sizeof(BrCondition *));
	cond->args[0] = a;
	cond->args[1] = b;
	return cond;
}

static BrCondition *
both(BrCondition *a, BrCondition *b)
{
	return junction(BR_COND_AND, 2, a, b);
}

static BrCondition *
either(BrCondition *a, BrCondition *b)
{
	return junction(BR_COND_OR, 2, a, b);
}

static BrCondition *
in(const char *at, int nvalues)
{
	BrCondition *cond = palloc0(sizeof(BrCondition));
	int			i;

	cond->op = BR_COND_IN;
	cond->path = path(at);
	cond->nvalues = nvalues;
	cond->values = palloc(nvalues * sizeof(BrValue));
	for (i = 0; i < nvalues; i++)
		cond->values[i] = *value(BR_TYPE_N, psprintf("%d", i));
	return cond;
}

static void
check(const BrCondition *cond, const char *expression, int noperators, const char *text)
{
	BrPlaceholders ph;
	StringInfoData out;

	br_placeholders_init(&ph);
	initStringInfo(&out);
	br_expression_condition(&out, &ph, cond);
	is_str(out.data, expression, "expression of %s", text);
	is_int(ph.noperators, noperators, "operators of %s", text);

	resetStringInfo(&out);
	br_condition_append_text(&out, cond);
	is_str(out.data, text, "text of %s", text);
}

static void
test_operators(void)
{
	BrPath		p = path("a");

	check(leaf(BR_COND_EQ, "a"), "#0 = :0", 1, "a = 'v'");
	check(leaf(BR_COND_NE, "a"), "#0 <> :0", 1, "a <> 'v'");
	check(leaf(BR_COND_LT, "a"), "#0 < :0", 1, "a < 'v'");
	check(leaf(BR_COND_LE, "a"), "#0 <= :0", 1, "a <= 'v'");
	check(leaf(BR_COND_GT, "a"), "#0 > :0", 1, "a > 'v'");
	check(leaf(BR_COND_GE, "a"), "#0 >= :0", 1, "a >= 'v'");
	check(leaf(BR_COND_BEGINS_WITH, "a"), "begins_with(#0, :0)", 1, "begins_with(a, 'v')");
	check(leaf(BR_COND_CONTAINS, "a"), "contains(#0, :0)", 1, "contains(a, 'v')");
	check(leaf(BR_COND_ATTRIBUTE_TYPE, "a"), "attribute_type(#0, :0)", 1, "attribute_type(a, 'v')");
	check(br_cond_between(&p, value(BR_TYPE_N, "1"), value(BR_TYPE_N, "2")),
		  "#0 BETWEEN :0 AND :1", 1, "a BETWEEN 1 AND 2");
	check(in("a", 1), "#0 IN (:0)", 1, "a IN (0)");
	check(in("a", 3), "#0 IN (:0, :1, :2)", 1, "a IN (0, 1, 2)");
	check(br_cond_exists(BR_COND_EXISTS, &p), "attribute_exists(#0)", 1, "attribute_exists(a)");
	check(br_cond_exists(BR_COND_NOT_EXISTS, &p), "attribute_not_exists(#0)", 1,
		  "attribute_not_exists(a)");
}

/* Neither a parenthesis too few nor one that DynamoDB would call redundant. */
static void
test_precedence(void)
{
	check(both(eq("a"), eq("b")), "#0 = :0 AND #1 = :1", 3, "a = 'v' AND b = 'v'");
	check(either(both(eq("a"), eq("b")), eq("c")),
		  "#0 = :0 AND #1 = :1 OR #2 = :2", 5, "a = 'v' AND b = 'v' OR c = 'v'");
	check(both(either(eq("a"), eq("b")), eq("c")),
		  "(#0 = :0 OR #1 = :1) AND #2 = :2", 5, "(a = 'v' OR b = 'v') AND c = 'v'");
	check(both(eq("a"), either(eq("b"), eq("c"))),
		  "#0 = :0 AND (#1 = :1 OR #2 = :2)", 5, "a = 'v' AND (b = 'v' OR c = 'v')");
	check(both(eq("a"), both(eq("b"), eq("c"))),
		  "#0 = :0 AND #1 = :1 AND #2 = :2", 5, "a = 'v' AND b = 'v' AND c = 'v'");
	check(either(either(eq("a"), eq("b")), eq("c")),
		  "#0 = :0 OR #1 = :1 OR #2 = :2", 5, "a = 'v' OR b = 'v' OR c = 'v'");

	check(br_cond_not(eq("a")), "NOT #0 = :0", 2, "NOT a = 'v'");
	check(both(br_cond_not(eq("a")), eq("b")), "NOT #0 = :0 AND #1 = :1", 4,
		  "NOT a = 'v' AND b = 'v'");
	check(br_cond_not(both(eq("a"), eq("b"))), "NOT (#0 = :0 AND #1 = :1)", 4,
		  "NOT (a = 'v' AND b = 'v')");
	check(br_cond_not(either(eq("a"), eq("b"))), "NOT (#0 = :0 OR #1 = :1)", 4,
		  "NOT (a = 'v' OR b = 'v')");
	check(br_cond_not(br_cond_not(eq("a"))), "NOT (NOT #0 = :0)", 3, "NOT (NOT a = 'v')");
	check(br_cond_not(in("a", 2)), "NOT #0 IN (:0, :1)", 2, "NOT a IN (0, 1)");

	/* junctions of one argument are not there */
	check(both(junction(BR_COND_OR, 1, eq("a"), NULL), eq("b")),
		  "#0 = :0 AND #1 = :1", 3, "a = 'v' AND b = 'v'");
	check(br_cond_not(junction(BR_COND_AND, 1, either(eq("a"), eq("b")), NULL)),
		  "NOT (#0 = :0 OR #1 = :1)", 4, "NOT (a = 'v' OR b = 'v')");
	check(junction(BR_COND_OR, 1, eq("a"), NULL), "#0 = :0", 1, "a = 'v'");
}

static void
test_and(void)
{
	BrCondition *ab = br_cond_and(eq("a"), eq("b"));
	BrCondition *cd = br_cond_and(eq("c"), either(eq("d"), eq("e")));
	BrCondition *all = br_cond_and(ab, cd);

	ok(br_cond_and(NULL, NULL) == NULL, "nothing AND nothing is nothing");
	ok(br_cond_and(ab, NULL) == ab && br_cond_and(NULL, ab) == ab, "nothing is true");
	is_int(all->nargs, 4, "AND of ANDs has all their arguments");
	is_int(ab->nargs, 2, "and leaves them as they were");
	check(all, "#0 = :0 AND #1 = :1 AND #2 = :2 AND (#3 = :3 OR #4 = :4)", 9,
		  "a = 'v' AND b = 'v' AND c = 'v' AND (d = 'v' OR e = 'v')");
	is_int(br_cond_and(either(eq("a"), eq("b")), eq("c"))->nargs, 2, "OR is not flattened");
}

static void
test_paths(void)
{
	BrPlaceholders ph;
	StringInfoData out;
	BrPath		p = path("a.b.a[3].c[0][12]");
	BrPath		again = path("c.\"x.y\"");

	br_placeholders_init(&ph);
	initStringInfo(&out);
	br_expression_path(&out, &ph, &p);
	is_str(out.data, "#0.#1.#0[3].#2[0][12]", "a name has one placeholder, list indexes have none");
	resetStringInfo(&out);
	br_expression_path(&out, &ph, &again);
	is_str(out.data, "#2.#3", "also across paths");
	is_int(ph.nnames, 4, "distinct names");
	is_str(ph.names[3], "x.y", "a name with a dot is one name");

	check(eq("a.b[1].\"c d\".\"e.f\""), "#0.#1[1].#2.#3 = :0", 1,
		  "a.b[1].c d.\"e.f\" = 'v'");
	check(both(eq("a"), eq("a")), "#0 = :0 AND #0 = :1", 3, "a = 'v' AND a = 'v'");
}

static void
test_many_placeholders(void)
{
	BrPlaceholders ph;
	StringInfoData out;
	BrCondition *cond = NULL;
	int			i;
	int			wrong = 0;

	for (i = 0; i < 300; i++)
		cond = br_cond_and(cond, eq(psprintf("name%d", i)));
	br_placeholders_init(&ph);
	initStringInfo(&out);
	br_expression_condition(&out, &ph, cond);
	is_int(ph.nnames, 300, "300 names");
	is_int(ph.nvalues, 300, "300 values");
	is_int(ph.noperators, 599, "599 operators");
	for (i = 0; i < 300; i++)
	{
		if (strcmp(ph.names[i], psprintf("name%d", i)) != 0 ||
			ph.values[i] != &cond->args[i]->values[0])
			wrong++;
	}
	is_int(wrong, 0, "each at its number");
	ok(strstr(out.data, " AND #299 = :299") != NULL, "up to the last");
}

static void
check_value(BrType type, const char *text, const char *json, const char *literal)
{
	BrPath		p = path("a");
	StringInfoData out;

	initStringInfo(&out);
	br_value_append_json(&out, value(type, text));
	is_str(out.data, json, "JSON of %s %s", br_type_name(type), text);
	resetStringInfo(&out);
	br_condition_append_text(&out, br_cond_compare(BR_COND_EQ, &p, value(type, text)));
	is_str(out.data, psprintf("a = %s", literal), "literal of %s %s", br_type_name(type), text);
}

static void
test_values(void)
{
	check_value(BR_TYPE_S, "x", "{\"S\":\"x\"}", "'x'");
	check_value(BR_TYPE_S, "", "{\"S\":\"\"}", "''");
	check_value(BR_TYPE_S, "it's", "{\"S\":\"it's\"}", "'it''s'");
	check_value(BR_TYPE_S, "' OR '1' = '1", "{\"S\":\"' OR '1' = '1\"}", "''' OR ''1'' = ''1'");
	check_value(BR_TYPE_S, "a\"b\\c", "{\"S\":\"a\\\"b\\\\c\"}", "'a\"b\\c'");
	check_value(BR_TYPE_S, "\x01\t\n\x1f\x7f", "{\"S\":\"\\u0001\\u0009\\u000a\\u001f\x7f\"}",
				"'\x01\t\n\x1f\x7f'");
	check_value(BR_TYPE_S, "\xe2\x80\xa8\xf0\x9f\x98\x80", "{\"S\":\"\xe2\x80\xa8\xf0\x9f\x98\x80\"}",
				"'\xe2\x80\xa8\xf0\x9f\x98\x80'");
	check_value(BR_TYPE_N, "-1.5E+3", "{\"N\":\"-1.5E+3\"}", "-1.5E+3");
	check_value(BR_TYPE_B, "AAEC", "{\"B\":\"AAEC\"}", "base64 'AAEC'");
	check_value(BR_TYPE_BOOL, "true", "{\"BOOL\":true}", "true");
	check_value(BR_TYPE_BOOL, "false", "{\"BOOL\":false}", "false");
	check_value(BR_TYPE_NULL, "", "{\"NULL\":true}", "NULL");
}

/* Any code point but U+0000 and surrogates, the lower ones more often. */
static void
append_random_character(StringInfo out, pg_prng_state *prng)
{
	static const uint32 tops[] = {0x7f, 0x7ff, 0xffff, 0x10ffff};
	uint32		c = (uint32) pg_prng_uint64_range(prng, 1, tops[pg_prng_uint32(prng) % 4]);

	if (c >= 0xd800 && c <= 0xdfff)
		c -= 0x1000;
	if (c < 0x80)
		appendStringInfoChar(out, c);
	else if (c < 0x800)
		appendStringInfo(out, "%c%c", 0xc0 | c >> 6, 0x80 | (c & 0x3f));
	else if (c < 0x10000)
		appendStringInfo(out, "%c%c%c", 0xe0 | c >> 12, 0x80 | (c >> 6 & 0x3f), 0x80 | (c & 0x3f));
	else
		appendStringInfo(out, "%c%c%c%c", 0xf0 | c >> 18, 0x80 | (c >> 12 & 0x3f),
						 0x80 | (c >> 6 & 0x3f), 0x80 | (c & 0x3f));
}

/* What means something to JSON, to expressions or to paths, and anything else. */
static char *
random_text(pg_prng_state *prng)
{
	static const char *const fragments[] = {
		"#0", ":0", "\"", "\\", "\\u0000", "'", "''", ")", "(", " OR ", " AND ", "NOT ",
		".", "[0]", "size", "{\"S\":\"", "\"}", ",", "\n", "\r\n", "\x1f", "\x7f",
		"\xe2\x80\xa8", "\xe2\x80\xa9", "\xf0\x9f\x98\x80", "\xef\xbb\xbf", "null", "= :1"
	};
	StringInfoData out;
	int			n = pg_prng_uint32(prng) % 12;

	initStringInfo(&out);
	while (n-- > 0)
	{
		if (pg_prng_bool(prng))
			appendStringInfoString(&out, fragments[pg_prng_uint32(prng) % lengthof(fragments)]);
		else
			append_random_character(&out, prng);
	}
	return out.data;
}

/* Does jansson, reading {"S":...} as written, find this text? */
static bool
reads_back(const char *text)
{
	StringInfoData out;
	json_t	   *read;
	bool		same;

	initStringInfo(&out);
	br_value_append_json(&out, value(BR_TYPE_S, text));
	read = json_loadb(out.data, out.len, 0, NULL);
	same = json_is_string(json_object_get(read, "S")) && json_object_size(read) == 1 &&
		strcmp(json_string_value(json_object_get(read, "S")), text) == 0;
	json_decref(read);
	return same;
}

/* name = text AND other IN (text, 'x') with both texts as they are. */
static bool
is_untouched(char *name, char *text)
{
	BrPlaceholders ph;
	StringInfoData out;
	BrPath		p;
	BrCondition *list = in("other", 2);

	br_path_of_name(name, &p);
	list->values[0] = *value(BR_TYPE_S, text);
	br_placeholders_init(&ph);
	initStringInfo(&out);
	br_expression_condition(&out, &ph,
							br_cond_and(br_cond_compare(BR_COND_EQ, &p, value(BR_TYPE_S, text)),
										list));
	return strcmp(out.data, "#0 = :0 AND #1 IN (:1, :2)") == 0 &&
		strcmp(ph.names[0], name) == 0 && strcmp(ph.values[0]->text, text) == 0 &&
		ph.nnames == 2 && ph.nvalues == 3;
}

/* No name and no value changes the text of an expression. */
static void
test_injection(void)
{
	pg_prng_state prng;
	int			changed = 0;
	int			misread = 0;
	int			i;

	pg_prng_seed(&prng, 20251124);
	for (i = 0; i < RANDOM_ROUNDS; i++)
	{
		char	   *name = psprintf("n%s", random_text(&prng));
		char	   *text = random_text(&prng);

		if (!is_untouched(name, text) && changed++ == 0)
			diag("first changed by name [%s], value [%s]", name, text);
		if (!reads_back(text) && misread++ == 0)
			diag("first misread value [%s]", text);
		fe_reset();
	}
	is_int(changed, 0, "%d random names and values leave the expression as it is", RANDOM_ROUNDS);
	is_int(misread, 0, "and each value reads back as it was written");
}

int
main(void)
{
	test_operators();
	test_precedence();
	test_and();
	test_paths();
	test_many_placeholders();
	test_values();
	test_injection();
	return done_testing();
}
