/*
 * test_document.c
 *		JSON as a tree: paths, names, numbers, limits; and against jansson.
 *
 *		BR_SEED=n BR_ROUNDS=n test_document
 *
 * Texts are read where memory ends. jansson says what is JSON: of the public
 * vectors, and of a document in which something was broken.
 */
#include "base/br.h"

#include <dirent.h>
#include <jansson.h>
#include <math.h>

#include "base/own.h"
#include "benchbox/document.h"
#include "benchbox/names.h"
#include "common/pg_prng.h"
#include "fe_alloc.h"
#include "guarded.h"
#include "random_page.h"
#include "tap.h"
#include "vectors.h"

static const char base[] =
"{\"schema_version\": \"1.1\", \"a\": [1, -2.5e-3, true, null, {\"x\\ty\": \"\\u00e9\\ud83e\\udd86\"}],\n"
"\t\"größe\": {\"\": [], \"b.c\": {}, \"d\": \"täglich \\\\ \\\" /* x */\"}, \"e\": 1e3, \"f\": false}\n";

static BrDocument doc;

static bool
parse(const char *text, size_t len)
{
	BrError		err;

	return br_document_parse(guarded_copy(text, len), len, &doc, &err);
}

/* Every node: its path, and how it is written. */
static char *
listed(void)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int32 i = 0; i < doc.nnodes; i++)
	{
		StringInfoData path;

		initStringInfo(&path);
		br_document_append_path(&path, &doc, i);
		appendStringInfo(&out, "%s=%.*s\n", path.data, (int) doc.nodes[i].len, doc.text + doc.nodes[i].start);
	}
	return out.data;
}

static void
paths(void)
{
	static const char small[] = "{\"a\": [1, {\"b-1\": \"x\"}], \"c.d\": {\"\": null, \"q\\\"\": [[]]}, \"größe\": true}";

	ok(parse(small, strlen(small)) && doc.fault == NULL, "a document");
	is_str(listed(),
		   "={\"a\": [1, {\"b-1\": \"x\"}], \"c.d\": {\"\": null, \"q\\\"\": [[]]}, \"größe\": true}\n"
		   "a=[1, {\"b-1\": \"x\"}]\n"
		   "a[0]=1\n"
		   "a[1]={\"b-1\": \"x\"}\n"
		   "a[1].b-1=x\n"
		   "[\"c.d\"]={\"\": null, \"q\\\"\": [[]]}\n"
		   "[\"c.d\"][\"\"]=null\n"
		   "[\"c.d\"][\"q\\\"\"]=[[]]\n"
		   "[\"c.d\"][\"q\\\"\"][0]=[]\n"
		   "größe=true\n", "its paths and values");
	is_int(br_document_find(&doc, "a", 1), 1, "a member by its name");
	is_int(br_document_find(&doc, "a.b", 3), BR_NODE_NONE, "none in an array");
	is_int(br_document_find(&doc, "", 0), BR_NODE_NONE, "none without a name");
	fe_reset();
}

static void
long_names(void)
{
	StringInfoData out;
	StringInfoData name;

	initStringInfo(&out);
	initStringInfo(&name);
	appendStringInfoChar(&name, 'x');
	for (int i = 0; i < 60; i++)
		appendStringInfoString(&name, "é");
	br_names_append(&out, name.data, name.len);
	is_int(out.len, strlen("[\"...\"]") + 100 - 1, "a long name is cut, at a whole character");
	fe_reset();
}

static void
numbers(void)
{
	static const struct
	{
		const char *text;
		double		value;
		int			decimals;
	}			cases[] = {
		{"0", 0, 0}, {"-0.0", 0, 1}, {"1.50", 1.5, 2}, {"1e3", 1000, 0}, {"1.25e1", 12.5, 1}, {"125E-2", 1.25, 2},
		{"1.5e+400", INFINITY, 0}, {"1e-400", 0, 400}, {"1e-99999999999", 0, 10000}, {"9007199254740993", 9007199254740992.0, 0},
		{"0.1000000000000000055511151231257827021181583404541015625000000000000000001", 0.1, 73},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		parse(cases[i].text, strlen(cases[i].text));
		is_double(br_document_number(&doc, BR_NODE_ROOT), cases[i].value, 0, "the number %s", cases[i].text);
		is_int(br_document_decimals(&doc, BR_NODE_ROOT), cases[i].decimals, "... its decimals");
	}
	parse("\"1\"", 3);
	ok(isnan(br_document_number(&doc, BR_NODE_ROOT)), "a string is no number");
	is_int(br_document_decimals(&doc, BR_NODE_NONE), 0, "what is not there has no decimals");
	fe_reset();
}

/* What is noted about a text, as letters. */
static const char *
noted(const char *text)
{
	StringInfoData out;

	initStringInfo(&out);
	parse(text, strlen(text));
	if (doc.fault != NULL)
		return doc.fault;
	for (int i = 0; i < doc.nnotes; i++)
		appendStringInfo(&out, "%c%d", "DNT"[doc.notes[i].kind], doc.notes[i].node);
	return out.data;
}

static void
notes(void)
{
	is_str(noted("{\"a\":1,\"b\":2,\"a\":3,\"c\":4,\"a\":5}"), "D3D5", "names that come again");
	is_str(noted("{\"a\":1,\"\\u0061\":2}"), "D2", "... written in another way");
	is_str(noted("{\"a\":{\"a\":1},\"b\":{\"a\":1}}"), "", "... but in other objects");
	is_int(br_document_member(&doc, BR_NODE_ROOT, "b", 1), 3, "a member");
	noted("{\"a\":1,\"a\":2}");
	is_int(br_document_member(&doc, BR_NODE_ROOT, "a", 1), 2, "the last one of a name counts");
	is_str(noted("[NaN, Infinity, -Infinity, -1]"), "N1N2N3", "what is not finite");
	is_str(noted("[nan]"), "expected a value", "... in no other letters");
	is_str(noted("[\"\\u0000\", \"\\ud800\", \"\\udc00x\", \"\\ud83e\\udd86\", \"\xff\"]"), "T1T2T3T5", "what is no text");
	is_str(noted("{\"\\u0000\": 1}"), "T1", "... as a name");
	is_str(noted(""), "it ends too early", "nothing");
	is_str(noted("[1] 2"), "there is more behind the document", "too much");
	fe_reset();
}

/* Sorting: names of few letters, so that many are equal. */
static void
sorting(void)
{
	pg_prng_state rng;
	int			wrong = 0;

	pg_prng_seed(&rng, 1);
	for (uint32 n = 0; n < 300; n++)
	{
		BrName	   *names = palloc((n + 1) * sizeof(BrName));
		int64		sum = 0;

		for (uint32 i = 0; i < n; i++)
			names[i] = (BrName) {.text = "abcdefgh" + pg_prng_uint64_range(&rng, 0, 5), .len = pg_prng_uint64_range(&rng, 0, 2), .node = i};
		br_names_sort(names, n);
		for (uint32 i = 0; i < n; i++)
		{
			int			order = i == 0 ? -1 : br_names_compare(&names[i - 1], &names[i]);

			sum += names[i].node;
			wrong += order > 0 || (order == 0 && names[i - 1].node > names[i].node);
		}
		wrong += sum != (int64) n * (n - 1) / 2;
	}
	is_int(wrong, 0, "names are sorted, equal ones left in their order");
	fe_reset();
}

static void
limits(void)
{
	StringInfoData deep;
	BrError		err;

	initStringInfo(&deep);
	for (int i = 0; i < BR_DOCUMENT_MAX_DEPTH; i++)
		appendStringInfoChar(&deep, '[');
	for (int i = 0; i < BR_DOCUMENT_MAX_DEPTH; i++)
		appendStringInfoChar(&deep, ']');
	ok(br_document_parse(deep.data, deep.len, &doc, &err) && doc.fault == NULL, "as deep as can be");
	is_int(doc.nnodes, BR_DOCUMENT_MAX_DEPTH, "... all of it");
	deep.data[BR_DOCUMENT_MAX_DEPTH] = '[';
	ok(!br_document_parse(deep.data, deep.len, &doc, &err), "too deep");
	is_int(err.kind, BR_ERR_LIMIT, "... is a limit");
	ok(!br_document_parse(deep.data, BR_DOCUMENT_MAX_BYTES + (size_t) 1, &doc, &err), "too long");
	is_int(err.kind, BR_ERR_LIMIT, "... is a limit, before anything is read");
	fe_reset();
}

static void
places(void)
{
	uint32		line;
	uint32		column;

	parse("{\n \"ä\": x}", strlen("{\n \"ä\": x}"));
	br_document_place(&doc, doc.fault_at, &line, &column);
	is_int(line, 2, "the line of a fault");
	is_int(column, 7, "... and its column, in characters");
	is_int(doc.fault_node, 1, "... in the value that was read");
	fe_reset();
}

/* What is no JSON for one and JSON for the other, although nothing odd is noted; NULL: they agree. */
static const char *
disagreement(const char *text, size_t len)
{
	BrOwned    *root = br_own((BrFreeFn) json_decref);
	json_error_t error;
	bool		limited;
	bool		duplicate = false;

	root->ptr = json_loadb(text, len, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
	limited = !parse(text, len);
	/* jansson overlooks NUL bytes between the tokens, and knows no numbers beyond its types */
	if (limited || memchr(text, '\0', len) != NULL ||
		(root->ptr == NULL && json_error_code(&error) == json_error_numeric_overflow))
		return NULL;
	for (int i = 0; i < doc.nnotes; i++)
		duplicate |= doc.notes[i].kind == BR_NOTE_DUPLICATE;
	if (root->ptr != NULL && (doc.fault != NULL || doc.nnotes > 0))
		return psprintf("jansson reads it: %s", doc.fault != NULL ? doc.fault : "noted");
	if (root->ptr == NULL && doc.fault == NULL && doc.nnotes == 0)
		return psprintf("jansson says: %s", error.text);
	/* which of several faults jansson sees first is its own affair */
	if (root->ptr == NULL && json_error_code(&error) == json_error_duplicate_key && !duplicate && doc.fault == NULL)
		return "jansson sees a name twice";
	return NULL;
}

static void
damaged(int n, uint64 seed)
{
	int			failed = 0;

	for (int i = 0; i < n; i++)
	{
		StringInfoData text;
		const char *wrong;

		pg_prng_seed(&random_state, seed + i);
		initStringInfo(&text);
		appendStringInfoString(&text, base);
		random_damage(&text);
		wrong = disagreement(text.data, text.len);
		if (wrong != NULL && failed++ < 5)
			diag("BR_SEED=" UINT64_FORMAT " BR_ROUNDS=1: %s: %s", seed + i, wrong, text.data);
		fe_reset();
	}
	is_int(failed, 0, "%d damaged documents", n);
}

static void
vectors(void)
{
	char	   *folder = vectors_path("json/test_parsing");
	DIR		   *dir = folder != NULL ? opendir(folder) : NULL;
	struct dirent *entry;
	int			n = 0;
	int			failed = 0;

	if (dir == NULL)
	{
		skip("no parser vectors");
		return;
	}
	while ((entry = readdir(dir)) != NULL)
	{
		size_t		len;
		char	   *text;
		bool		right;

		if (strstr(entry->d_name, ".json") == NULL)
			continue;
		text = read_file(psprintf("%s/%s", folder, entry->d_name), &len);
		n++;
		if (!parse(text, len))
			right = entry->d_name[0] != 'y';
		else if (entry->d_name[0] == 'y')
			/* U+0000 is JSON, but no text; names may come twice */
			right = doc.fault == NULL;
		else
			right = entry->d_name[0] == 'i' || doc.fault != NULL || doc.nnotes > 0;
		if (!right)
		{
			failed++;
			diag("%s: %s", entry->d_name, doc.fault != NULL ? doc.fault : "accepted");
		}
	}
	closedir(dir);
	is_int(failed, 0, "%d public vectors", n);
	fe_reset();
}

int
main(void)
{
	const char *seed = getenv("BR_SEED");
	const char *rounds = getenv("BR_ROUNDS");

	paths();
	long_names();
	numbers();
	notes();
	sorting();
	limits();
	places();
	vectors();
	is_str(disagreement(base, strlen(base)), NULL, "the document to be damaged");
	damaged(rounds != NULL ? atoi(rounds) : 20000, seed != NULL ? strtoull(seed, NULL, 10) : 1);
	return done_testing();
}
