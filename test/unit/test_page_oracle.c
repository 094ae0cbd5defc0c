/*
 * test_page_oracle.c
 *		The decoder against jansson: public vectors, random and broken pages.
 *
 *		BR_SEED=n BR_ROUNDS=n test_page_oracle
 *
 * jansson reads the same body into a tree, and every wanted value must be what a
 * walk of that tree finds.  Where the two may differ about what is accepted is
 * listed at excused().
 */
#include "base/br.h"

#include <dirent.h>
#include <jansson.h>

#include "base/own.h"
#include "common/pg_prng.h"
#include "dynamodb/page.h"
#include "fe_alloc.h"
#include "guarded.h"
#include "random_page.h"
#include "tap.h"
#include "vectors.h"

/*
 * In a broken page, what was stepped over may turn out to be no value when it is
 * walked; in any other page not.
 */
static bool broken;

/* What went wrong first in a round; the rest would only repeat it. */
static char *complaint;

static void complain(const char *fmt,...) pg_attribute_printf(1, 2);

static void
complain(const char *fmt,...)
{
	char		text[2000];
	va_list		args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (complaint == NULL)
		complaint = strdup(text);
}

/* The tree of a text, owned; NULL if jansson refuses it. */
static json_t *
jansson_reads(const char *text, size_t len, size_t flags, json_error_t *error)
{
	BrOwned    *root = br_own((BrFreeFn) json_decref);

	root->ptr = json_loadb(text, len, JSON_ALLOW_NUL | flags, error);
	return root->ptr;
}

/*
 * What the decoder accepts and jansson does not, each on purpose: bytes that are
 * no text, halves of surrogate pairs and U+0000 matter only where they are used,
 * numbers outside of strings (of which DynamoDB has none in items) only if they
 * are counts or capacities, and names that occur twice only in an item or in a
 * map through which a wanted path leads.
 */
static bool
excused(const json_error_t *error)
{
	switch (json_error_code(error))
	{
		case json_error_duplicate_key:
		case json_error_invalid_utf8:
		case json_error_null_byte_in_key:
		case json_error_null_character:
		case json_error_numeric_overflow:
			return true;
		default:
			return strncmp(error->text, "invalid Unicode '\\u", 19) == 0;
	}
}

/*
 * Comparing values.
 */

static void compare(const BrSpan *span, json_t *typed);

/* May the text be refused?  Only if it holds U+0000: jansson knows the rest. */
static void
compare_text(const BrSpan *span, json_t *string)
{
	const char *expected = json_string_value(string);
	size_t		expected_len = json_string_length(string);
	StringInfoData scratch;
	const char *text;
	size_t		len;
	BrError		err;

	initStringInfo(&scratch);
	if (expected == NULL)
		complain("%.*s is a string only for us", (int) span->len, span->ptr);
	else if (!br_span_text(span, &scratch, &text, &len, &err))
	{
		if (memchr(expected, '\0', expected_len) == NULL)
			complain("%.*s: %s", (int) span->len, span->ptr, err.message);
	}
	else if (len != expected_len || memcmp(text, expected, len) != 0)
		complain("text %.*s is not %s", (int) len, text, expected);
	else if (!br_span_equals(span, expected, expected_len))
		complain("text %s is not equal to itself", expected);
}

static void
compare_container(const BrSpan *span, json_t *expected)
{
	StringInfoData scratch;
	BrWalk		walk;
	BrSpan		name;
	BrSpan		value;
	BrError		err;
	bool		found;
	size_t		n = 0;

	initStringInfo(&scratch);
	br_walk_open(&walk, span);
	while (br_walk_next(&walk, &name, &value, &found, &err))
	{
		const char *text;
		size_t		len;
		json_t	   *member;

		if (!found)
		{
			if (n != json_object_size(expected) && n != json_array_size(expected))
				complain("%zu members of %.*s", n, (int) span->len, span->ptr);
			return;
		}
		if (span->type != BR_TYPE_M)
			member = json_array_get(expected, n);
		else if (br_span_text(&name, &scratch, &text, &len, &err))
			member = json_object_getn(expected, text, len);
		else
		{
			complain("name %.*s: %s", (int) name.len, name.ptr, err.message);
			return;
		}
		n++;
		if (span->type > BR_TYPE_L)
			compare_text(&value, member);
		else
			compare(&value, member);
	}
	if (!broken)
		complain("%s", err.message);
}

/* A decoded value against {"S":"text"} or the like; NULL: must be absent. */
static void
compare(const BrSpan *span, json_t *typed)
{
	json_t	   *body = json_object_get(typed, br_type_name(span->type));

	if (typed == NULL || span->type == BR_TYPE_ABSENT)
	{
		if (typed != NULL || span->type != BR_TYPE_ABSENT)
			complain("found type %s, jansson %s", br_type_name(span->type),
					 typed != NULL ? json_dumps(typed, JSON_ENCODE_ANY) : "nothing");
		return;
	}
	if (body == NULL || json_object_size(typed) != 1)
	{
		complain("found type %s, jansson something else", br_type_name(span->type));
		return;
	}
	switch ((BrType) span->type)
	{
		case BR_TYPE_S:
		case BR_TYPE_N:
		case BR_TYPE_B:
			compare_text(span, body);
			break;
		case BR_TYPE_BOOL:
		case BR_TYPE_NULL:
			if (!json_is_boolean(body) || *span->ptr != (json_is_true(body) ? 't' : 'f'))
				complain("%.*s is another word for jansson", (int) span->len, span->ptr);
			break;
		default:
			compare_container(span, body);
			break;
	}
}

/* The typed value at a path, as jansson's tree has it; NULL: none. */
static json_t *
find(json_t *item, const BrPath *path)
{
	json_t	   *typed = NULL;
	int			i;

	for (i = 0; i < path->nsteps; i++)
	{
		const BrStep *step = &path->steps[i];

		if (i == 0)
			typed = json_object_get(item, step->name);
		else if (step->name != NULL)
			typed = json_object_get(json_object_get(typed, "M"), step->name);
		else
			typed = json_array_get(json_object_get(typed, "L"), step->index);
	}
	return typed;
}

/*
 * Whole pages.
 */

static json_t *
items_of(json_t *root, BrPageKind kind)
{
	switch (kind)
	{
		case BR_PAGE_ITEM:
			return json_object_get(root, "Item");
		case BR_PAGE_ITEMS:
			return json_object_get(root, "Items");
		default:
			return json_object_iter_value(json_object_iter(json_object_get(root, "Responses")));
	}
}

static void
compare_raw(const char *name, const BrRaw *raw, json_t *expected)
{
	json_error_t error;

	if (json_object_size(expected) == 0)
	{
		if (raw->ptr != NULL)
			complain("%s is there only for us", name);
	}
	else if (raw->ptr == NULL ||
			 !json_equal(jansson_reads(raw->ptr, raw->len, 0, &error), expected))
		complain("%s is not what jansson finds", name);
}

static void
compare_besides(const BrPage *page, json_t *root)
{
	json_t	   *count = json_object_get(root, "Count");
	json_t	   *scanned = json_object_get(root, "ScannedCount");
	json_t	   *capacity = json_object_get(root, "ConsumedCapacity");
	json_t	   *element;
	double		sum = 0;
	size_t		i;

	if (page->count != (count != NULL ? json_integer_value(count) : -1) ||
		page->scanned_count != (scanned != NULL ? json_integer_value(scanned) : -1))
		complain("the counts are not those that jansson finds");
	compare_raw("LastEvaluatedKey", &page->last_key, json_object_get(root, "LastEvaluatedKey"));
	compare_raw("UnprocessedKeys", &page->unprocessed, json_object_get(root, "UnprocessedKeys"));

	if (json_is_object(capacity))
		sum = json_number_value(json_object_get(capacity, "CapacityUnits"));
	json_array_foreach(capacity, i, element)
		sum += json_number_value(json_object_get(element, "CapacityUnits"));
	if (page->capacity < 0 ? sum != 0 : page->capacity != sum)
		complain("the capacity %g is not %g", page->capacity, sum);
}

/*
 * Decodes all of a page and compares it with jansson's tree; root NULL: only
 * decodes.  False if the decoder refuses it.
 */
static bool
decode(BrPageKind kind, const char *body, size_t len, const RandomWanted *want,
	   json_t *root, BrError *err)
{
	json_t	   *items = items_of(root, kind);
	BrWanted   *wanted = br_wanted_create();
	BrSpan		slots[MAX_RANDOM_PATHS + 1];
	BrPage		page;
	bool		found = true;
	size_t		n = 0;
	int			i;

	for (i = 0; i < want->npaths; i++)
		br_wanted_add(wanted, &want->paths[i], i);
	if (want->item)
		br_wanted_add_item(wanted, want->npaths);

	if (!br_page_open(&page, kind, body, len, err))
		return false;
	if (root != NULL)
		compare_besides(&page, root);
	for (;;)
	{
		json_t	   *item = kind == BR_PAGE_ITEM ? items : json_array_get(items, n);

		if (!br_page_next(&page, wanted, slots, &found, err))
			return false;
		if (!found)
			break;
		n++;
		if (root == NULL)
			continue;
		for (i = 0; i < want->npaths; i++)
			compare(&slots[i], find(item, &want->paths[i]));
		if (want->item)
			compare_container(&slots[want->npaths], item);
	}
	if (root != NULL && n != (kind == BR_PAGE_ITEM ? items != NULL : json_array_size(items)))
		complain("%zu items", n);
	return true;
}

/* One random page, which both must accept. */
static void
try_random(void)
{
	RandomPage	page;
	RandomWanted want;
	json_error_t error;
	json_t	   *root;
	BrError		err;

	random_page(&page);
	random_wanted(&want);
	root = jansson_reads(page.body.data, page.body.len, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL)
		complain("the generator made what jansson refuses: %s", error.text);
	else if (!decode(page.kind, guarded_copy(page.body.data, page.body.len), page.body.len,
					 &want, root, &err))
		complain("refused: %s", err.message);
}

/*
 * A page with something broken: whatever we accept, jansson accepts, and finds
 * the same.  The other way round holds for what is stepped over, so the text is
 * also put into a page as the value of a member that means nothing.
 */
static void
try_broken(void)
{
	RandomPage	page;
	RandomWanted want;
	StringInfoData around;
	json_error_t error;
	json_t	   *root;
	BrPage		opened;
	BrError		err;
	bool		accepted;

	random_page(&page);
	random_wanted(&want);
	random_damage(&page.body);
	broken = true;
	root = jansson_reads(page.body.data, page.body.len, JSON_REJECT_DUPLICATES, &error);
	accepted = decode(page.kind, guarded_copy(page.body.data, page.body.len), page.body.len,
					  &want, root, &err);
	if (root == NULL && accepted && !excused(&error))
		complain("accepted, but jansson says: %s", error.text);

	initStringInfo(&around);
	appendStringInfoString(&around, "{\"?\":");
	appendBinaryStringInfo(&around, page.body.data, page.body.len);
	appendStringInfoChar(&around, '}');
	root = jansson_reads(around.data, around.len, 0, &error);
	accepted = br_page_open(&opened, BR_PAGE_ITEMS, guarded_copy(around.data, around.len),
							around.len, &err);
	/* jansson overlooks NUL bytes between the tokens */
	if (memchr(around.data, '\0', around.len) != NULL)
		return;
	if (root == NULL && accepted && !excused(&error))
		complain("stepped over, but jansson says: %s", error.text);
	if (root != NULL && !accepted && strstr(err.message, "occurs twice") == NULL)
		complain("not stepped over (%s), but jansson reads it", err.message);
}

static void
rounds(const char *what, void (*try_one) (void), int n, uint64 seed)
{
	int			failed = 0;
	int			i;

	for (i = 0; i < n; i++)
	{
		pg_prng_seed(&random_state, seed + i);
		broken = false;
		try_one();
		fe_reset();
		if (complaint == NULL)
			continue;
		if (failed++ < 5)
			diag("%s, BR_SEED=" UINT64_FORMAT " BR_ROUNDS=1: %s", what, seed + i, complaint);
		free(complaint);
		complaint = NULL;
	}
	is_int(failed, 0, "%d %s", n, what);
}

/*
 * The public parser vectors, each as a member that is stepped over.
 */
static void
try_vector(const char *folder, const char *name)
{
	StringInfoData body;
	json_error_t error;
	BrPage		page;
	BrError		err;
	json_t	   *root;
	size_t		len;
	char	   *text = read_file(psprintf("%s/%s", folder, name), &len);
	bool		accepted;

	initStringInfo(&body);
	appendStringInfoString(&body, "{\"Count\":0,\"?\":");
	appendBinaryStringInfo(&body, text, len);
	appendStringInfoString(&body, ",\"Items\":[]}");
	memset(&err, 0, sizeof(err));
	accepted = br_page_open(&page, BR_PAGE_ITEMS, guarded_copy(body.data, body.len), body.len, &err);
	root = jansson_reads(body.data, body.len, 0, &error);

	if (name[0] != 'i')
		is_int(accepted, name[0] == 'y', "%s%s%s", name, accepted ? "" : ": ", err.message);
	else if (accepted)
		ok(root != NULL || excused(&error), "%s: accepted", name);
	else
		ok(root == NULL || strstr(err.message, "nested too deeply") != NULL,
		   "%s: %s", name, err.message);

	/*
	 * jansson judges as the vectors do, but for what it cannot represent and for
	 * NUL bytes between the tokens, which it overlooks.
	 */
	if (name[0] == 'y')
		ok(root != NULL || excused(&error), "%s: jansson agrees", name);
	else if (name[0] == 'n')
		ok(root == NULL || memchr(text, '\0', len) != NULL, "%s: jansson agrees", name);
}

static void
vectors(void)
{
	char	   *folder = vectors_path("json/test_parsing");
	struct dirent **entries;
	int			n;
	int			i;

	if (folder == NULL)
	{
		skip("the JSON vectors are not here");
		return;
	}
	folder = strdup(folder);
	n = scandir(folder, &entries, NULL, alphasort);
	for (i = 0; i < n; i++)
	{
		if (strstr(entries[i]->d_name, ".json") != NULL)
			try_vector(folder, entries[i]->d_name);
		free(entries[i]);
		fe_reset();
	}
	free(entries);
	free(folder);
	ok(n > 300, "there are more than 300 vectors");
}

int
main(void)
{
	const char *seed = getenv("BR_SEED");
	const char *n = getenv("BR_ROUNDS");

	vectors();
	rounds("random pages", try_random, n != NULL ? atoi(n) : 4000, seed != NULL ? strtoull(seed, NULL, 10) : 1);
	rounds("broken pages", try_broken, n != NULL ? atoi(n) : 20000, seed != NULL ? strtoull(seed, NULL, 10) : 1);
	return done_testing();
}
