/*
 * test_draft.c
 *		Items that are being made: what is set where, and what is left alone.
 */
#include "base/br.h"

#include <jansson.h>
#include <time.h>

#include "common/pg_prng.h"
#include "dynamodb/draft.h"
#include "fe_alloc.h"
#include "tap.h"

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

static BrDrafted
set(BrDraft *draft, const char *where, const char *json)
{
	BrPath		p = path(where);

	return br_draft_set(draft, &p, json, strlen(json));
}

static const char *
text_of(const BrDraft *draft)
{
	StringInfoData out;

	initStringInfo(&out);
	br_draft_append(&out, draft);
	return out.data;
}

static BrDraft *
loaded(const char *item)
{
	BrDraft    *draft = br_draft_create();
	BrError		err;

	if (!br_draft_load(draft, item, strlen(item), &err))
		ok(false, "%s: %s", item, err.message);
	return draft;
}

static void
test_set(void)
{
	BrDraft    *draft = br_draft_create();

	is_str(text_of(draft), "{}", "nothing yet");
	is_int(set(draft, "pk", "{\"S\":\"a\"}"), BR_DRAFTED_SET, "an attribute");
	is_int(set(draft, "pk", "{\"S\":\"b\"}"), BR_DRAFTED_EXISTS, "once only");
	is_int(set(draft, "m.x.y", "{\"N\":\"1\"}"), BR_DRAFTED_SET, "in maps that are made");
	is_int(set(draft, "z", "{\"NULL\":true}"), BR_DRAFTED_SET, "another attribute");
	is_int(set(draft, "m.x.z", "{\"N\":\"2\"}"), BR_DRAFTED_SET, "in a map that was made before");
	is_int(set(draft, "m.w", "{\"N\":\"3\"}"), BR_DRAFTED_SET, "and beside it");
	is_int(set(draft, "m.x", "{\"N\":\"4\"}"), BR_DRAFTED_EXISTS, "where such a map is");
	is_int(set(draft, "m.x.y", "{\"N\":\"4\"}"), BR_DRAFTED_EXISTS, "where a value in it is");
	is_int(set(draft, "pk.x", "{\"N\":\"4\"}"), BR_DRAFTED_NO_WAY, "through a text");
	is_int(set(draft, "m.w.q.r", "{\"N\":\"4\"}"), BR_DRAFTED_NO_WAY, "through a number");
	is_int(set(draft, "l[0]", "{\"N\":\"4\"}"), BR_DRAFTED_NO_WAY, "to an element of no list");
	is_int(set(draft, "new.l[0].x", "{\"N\":\"4\"}"), BR_DRAFTED_NO_WAY, "through one");
	is_int(set(draft, "m[0]", "{\"N\":\"4\"}"), BR_DRAFTED_NO_WAY, "to an element of a map");
	is_str(text_of(draft), "{\"pk\":{\"S\":\"a\"},\"m\":{\"M\":{\"x\":{\"M\":{\"y\":{\"N\":\"1\"},"
		   "\"z\":{\"N\":\"2\"}}},\"w\":{\"N\":\"3\"}}},\"z\":{\"NULL\":true}}",
		   "the item: what was refused left nothing behind");
}

static void
test_names(void)
{
	BrDraft    *draft = br_draft_create();
	char		name[] = "x";
	BrPath		p;

	is_int(set(draft, "\"a.b\"", "{\"N\":\"1\"}"), BR_DRAFTED_SET, "a name with a point");
	is_int(set(draft, "a.b", "{\"N\":\"2\"}"), BR_DRAFTED_SET, "is no path");
	is_int(set(draft, "\"q\"\"\\\"", "{\"N\":\"3\"}"), BR_DRAFTED_SET, "a name with a quote and a backslash");
	br_path_of_name(name, &p);
	is_int(br_draft_set(draft, &p, "{\"N\":\"4\"}junk", 9), BR_DRAFTED_SET, "a name, and a value with an end");
	name[0] = 'y';
	is_str(text_of(draft), "{\"a.b\":{\"N\":\"1\"},\"a\":{\"M\":{\"b\":{\"N\":\"2\"}}},"
		   "\"q\\\"\\\\\":{\"N\":\"3\"},\"x\":{\"N\":\"4\"}}", "names are kept");
}

static void
test_load(void)
{
	BrDraft    *draft = loaded(" { \"pk\" : {\"S\":\"\\u0041\"} ,\"m\":{\"M\": {\"x\":{\"N\":\"1.0\"},"
							   "\"n\":{\"M\":{}},\"l\":{\"L\":[{\"M\":{\"k\":{\"S\":\"v\"}}}]}}},"
							   "\"\\u0062\\n\":{\"SS\":[\"s\"]},\"u\":{\"M\":{\"a\":{ \"S\":\"\" }}}} ");

	is_str(text_of(draft), "{\"pk\":{\"S\":\"\\u0041\"},\"m\":{\"M\": {\"x\":{\"N\":\"1.0\"},"
		   "\"n\":{\"M\":{}},\"l\":{\"L\":[{\"M\":{\"k\":{\"S\":\"v\"}}}]}}},"
		   "\"b\\u000a\":{\"SS\":[\"s\"]},\"u\":{\"M\":{\"a\":{ \"S\":\"\" }}}}", "values stay as they stand");
	is_int(set(draft, "pk", "{\"S\":\"x\"}"), BR_DRAFTED_EXISTS, "what was loaded is there");
	is_int(set(draft, "b\n", "{\"S\":\"x\"}"), BR_DRAFTED_EXISTS, "its name may have had escapes");
	is_int(set(draft, "m", "{\"S\":\"x\"}"), BR_DRAFTED_EXISTS, "a map");
	is_int(set(draft, "m.x", "{\"S\":\"x\"}"), BR_DRAFTED_EXISTS, "a member");
	is_int(set(draft, "m.x.y", "{\"S\":\"x\"}"), BR_DRAFTED_NO_WAY, "through a number");
	is_int(set(draft, "m.l[0]", "{\"S\":\"x\"}"), BR_DRAFTED_EXISTS, "an element");
	is_int(set(draft, "m.l[0].k", "{\"S\":\"x\"}"), BR_DRAFTED_EXISTS, "in an element");
	is_int(set(draft, "m.l[1]", "{\"S\":\"x\"}"), BR_DRAFTED_NO_WAY, "no element");
	is_int(set(draft, "m.l[0].q", "{\"S\":\"x\"}"), BR_DRAFTED_NO_WAY, "nothing in an element");
	is_int(set(draft, "m.l.q", "{\"S\":\"x\"}"), BR_DRAFTED_NO_WAY, "a name in a list");
	is_int(set(draft, "m.y", "{\"S\":\"x\"}"), BR_DRAFTED_SET, "a member that is new");
	is_int(set(draft, "m.n.a.b", "{\"S\":\"y\"}"), BR_DRAFTED_SET, "in an empty map");
	is_int(set(draft, "c", "{\"S\":\"z\"}"), BR_DRAFTED_SET, "an attribute that is new");
	is_str(text_of(draft), "{\"pk\":{\"S\":\"\\u0041\"},\"m\":{\"M\":{\"x\":{\"N\":\"1.0\"},"
		   "\"n\":{\"M\":{\"a\":{\"M\":{\"b\":{\"S\":\"y\"}}}}},\"l\":{\"L\":[{\"M\":{\"k\":{\"S\":\"v\"}}}]},"
		   "\"y\":{\"S\":\"x\"}}},"
		   "\"b\\u000a\":{\"SS\":[\"s\"]},\"u\":{\"M\":{\"a\":{ \"S\":\"\" }}},\"c\":{\"S\":\"z\"}}",
		   "all is there, in its order");

	draft = br_draft_create();
	set(draft, "m", "{\"M\":{\"a\":{\"S\":\"x\"}}}");
	is_int(set(draft, "m.b", "{\"S\":\"y\"}"), BR_DRAFTED_SET, "into a map that was set as a whole");
	is_str(text_of(draft), "{\"m\":{\"M\":{\"a\":{\"S\":\"x\"},\"b\":{\"S\":\"y\"}}}}", "which it joins");
	set(draft, "bad", "{\"M\":{\"a\":{\"S\":\"x\"},\"a\":{\"S\":\"y\"}}}");
	is_int(set(draft, "bad.b", "{\"S\":\"y\"}"), BR_DRAFTED_NO_WAY, "into a map with a name twice");
	is_int(set(draft, "bad.c", "{\"S\":\"y\"}"), BR_DRAFTED_NO_WAY, "at no time");
	set(draft, "junk", "{\"M\":");
	is_int(set(draft, "junk.b", "{\"S\":\"y\"}"), BR_DRAFTED_NO_WAY, "into what is no value");
	is_str(text_of(draft), "{\"m\":{\"M\":{\"a\":{\"S\":\"x\"},\"b\":{\"S\":\"y\"}}},"
		   "\"bad\":{\"M\":{\"a\":{\"S\":\"x\"},\"a\":{\"S\":\"y\"}}},\"junk\":{\"M\":}", "they stay as they stand");
}

static void
test_bad_items(void)
{
	static const struct
	{
		const char *item;
		const char *message;
	}			cases[] = {
		{"", "malformed item: it ends too early at byte 0"},
		{"[]", "malformed item: expected an object at byte 0"},
		{"{\"a\":{\"S\":\"x\"}", "malformed item: it ends too early at byte 14"},
		{"{\"a\":{\"S\":\"x\"}}}", "malformed item: something follows its end at byte 15"},
		{"{\"a\":\"x\"}", "malformed item: expected an object at byte 5"},
		{"{\"a\":{\"N\":\"x\"}}", "malformed item: an N that is no number at byte 10"},
		{"{\"a\":{\"S\":\"x\"},\"\\u0061\":{\"S\":\"x\"}}", "malformed item: a name occurs twice at byte 15"},
		{"{\"\\ud800\":{\"S\":\"x\"}}", "malformed item: a name is no text at byte 1"}
	};

	is_str(text_of(loaded("{}")), "{}", "an item of nothing");
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		BrError		err;

		ok(!br_draft_load(br_draft_create(), cases[i].item, strlen(cases[i].item), &err) &&
		   err.kind == BR_ERR_DATA, "%s is no item", cases[i].item);
		is_str(err.message, cases[i].message, "and why");
	}
}

/* The same done with jansson's objects: one drawn path after the other. */
static bool
set_model(json_t *item, const BrPath *p, const char *value)
{
	json_t	   *members = item;

	for (int i = 0; i < p->nsteps; i++)
	{
		json_t	   *found = json_object_get(members, p->steps[i].name);

		if (i == p->nsteps - 1)
			return found == NULL &&
				json_object_set_new(members, p->steps[i].name, json_pack("{ss}", "N", value)) == 0;
		if (found == NULL)
		{
			found = json_pack("{s{}}", "M");
			json_object_set_new(members, p->steps[i].name, found);
		}
		members = json_object_get(found, "M");
		if (members == NULL)
			return false;
	}
	return false;
}

static void
test_random(void)
{
	pg_prng_state state;
	int			wrong = 0;

	pg_prng_seed(&state, 7);
	for (int round = 0; round < 300; round++)
	{
		json_t	   *model = json_loads("{\"a\":{\"M\":{\"b\":{\"N\":\"0\"}}}}", 0, NULL);
		BrDraft    *draft = loaded("{\"a\":{\"M\":{\"b\":{\"N\":\"0\"}}}}");
		json_t	   *made;

		for (int i = 0; i < 40; i++)
		{
			StringInfoData where;
			const char *value = psprintf("%d", i);
			BrPath		p;

			initStringInfo(&where);
			for (int n = pg_prng_uint64_range(&state, 1, 4); n > 0; n--)
				appendStringInfo(&where, "%s%c", where.len > 0 ? "." : "",
								 (char) ('a' + pg_prng_uint64_range(&state, 0, 3)));
			p = path(where.data);
			wrong += (set(draft, where.data, psprintf("{\"N\":\"%s\"}", value)) == BR_DRAFTED_SET) !=
				set_model(model, &p, value);
		}
		made = json_loads(text_of(draft), JSON_REJECT_DUPLICATES, NULL);
		wrong += made == NULL || !json_equal(made, model);
		json_decref(made);
		json_decref(model);
		fe_reset();
	}
	is_int(wrong, 0, "300 items of 40 drawn paths, against objects of another library");
}

/* Seconds for an item of n members in a map, and n more set one by one. */
static double
seconds_for(int n)
{
	clock_t		start;
	StringInfoData item;
	BrDraft    *draft;
	bool		good = true;
	BrError		err;
	double		seconds;

	initStringInfo(&item);
	appendStringInfoString(&item, "{\"m\":{\"M\":{");
	for (int i = 0; i < n; i++)
		appendStringInfo(&item, "%s\"a%d\":{\"N\":\"1\"}", i > 0 ? "," : "", i);
	appendStringInfoString(&item, "}}}");
	start = clock();
	draft = br_draft_create();
	good = br_draft_load(draft, item.data, item.len, &err);
	for (int i = 0; i < n; i++)
	{
		BrStep		steps[] = {{"m", 0}, {psprintf("b%d", i), 0}};
		BrPath		p = {2, steps};

		good &= br_draft_set(draft, &p, "{\"N\":\"2\"}", 9) == BR_DRAFTED_SET;
	}
	good &= strlen(text_of(draft)) > (size_t) n * 2 * 15;
	seconds = (double) (clock() - start) / CLOCKS_PER_SEC;
	ok(good, "%d members and as many new ones", n);
	fe_reset();
	return seconds;
}

static void
test_large(void)
{
	double		small = Max(seconds_for(2500), 0.001);
	double		large = seconds_for(50000);

	ok(large < 100 * small, "20 times the members take %.0f times as long", large / small);
}

int
main(void)
{
	test_set();
	test_names();
	test_load();
	test_bad_items();
	test_random();
	test_large();
	return done_testing();
}
