/*
 * measure.c
 *		Measuring items before they are sent.
 *
 * Decides what is refused here, with the attribute's name, rather than by the
 * service, which tells neither which attribute nor which row of many it was.
 */
#include "base/br.h"

#include "dynamodb/measure.h"
#include "dynamodb/members.h"
#include "dynamodb/number.h"
#include "dynamodb/order.h"
#include "dynamodb/page.h"
#include "mb/pg_wchar.h"

#define CONTAINER_BYTES		3	/* of a map or list */
#define MEMBER_BYTES		1	/* of each of its members */

/* How much of a path a message shows. */
#define MAX_SHOWN			200

/* Where a value stands. */
typedef struct Place
{
	const struct Place *above;	/* NULL: an attribute of the item */
	const BrSpan *name;			/* NULL: an element of a list */
	int			index;
	int			level;			/* of the map or list that holds it, the item is 1 */
} Place;

typedef struct Measure
{
	StringInfoData scratch;
	StringInfoData key;
	BrError    *err;
} Measure;

static bool value_size(Measure *measure, const Place *place, const BrSpan *value, size_t *size);

/* The path to a place, for a message. */
static const char *
path_of(Measure *measure, const Place *place)
{
	BrPath		path = {place->level, palloc0(place->level * sizeof(BrStep))};
	StringInfoData out;

	for (; place != NULL; place = place->above)
	{
		BrStep	   *step = &path.steps[place->level - 1];
		const char *text;
		size_t		len;
		BrError		err;

		step->index = place->index;
		if (place->name == NULL)
			continue;
		if (!br_span_text(place->name, &measure->scratch, &text, &len, &err))
		{
			text = place->name->ptr;
			len = pg_encoding_verifymbstr(PG_UTF8, text, place->name->len);
		}
		step->name = pnstrdup(text, len);
	}
	initStringInfo(&out);
	br_path_append(&out, &path);
	if (out.len <= MAX_SHOWN)
		return out.data;
	out.data[pg_encoding_verifymbstr(PG_UTF8, out.data, MAX_SHOWN)] = '\0';
	return psprintf("%s...", out.data);
}

static bool
refuse(Measure *measure, const Place *place, BrErrorKind kind, const char *why)
{
	return br_error(measure->err, kind, "attribute \"%s\": %s", path_of(measure, place), why);
}

/* The UTF-8 bytes of a text. */
static bool
text_size(Measure *measure, const Place *place, const BrSpan *span, size_t *size)
{
	const char *text;
	BrError		why;

	*size = span->len;
	if (span->flags == 0)
		return true;
	if (!br_span_text(span, &measure->scratch, &text, size, &why))
		return refuse(measure, place, why.kind, why.message);
	return true;
}

static bool
name_size(Measure *measure, const Place *place, const BrSpan *name, size_t *size)
{
	if (name->len == 0)
		return refuse(measure, place, BR_ERR_DATA, "an empty name");
	return text_size(measure, place, name, size);
}

static bool
number_size(Measure *measure, const Place *place, const BrSpan *value, size_t *size)
{
	int			bytes;

	if (!br_number_is_sendable(value->ptr, value->len, &bytes))
		return refuse(measure, place, BR_ERR_DATA,
					  "a number of more than 38 digits, or too large or too small");
	*size = bytes;
	return true;
}

static bool
binary_size(Measure *measure, const Place *place, const BrSpan *value, size_t *size)
{
	BrError		why;

	if (!br_order_key(value, &measure->scratch, &measure->key, &why))
		return refuse(measure, place, BR_ERR_DATA, "a binary that is not base64");
	*size = measure->key.len;
	return true;
}

static bool
set_size(Measure *measure, const Place *place, const BrSpan *set, size_t *size)
{
	BrMembers	members;
	BrError		why;
	bool		good;

	*size = 0;
	if (!br_members_collect(&members, set, &why))
		return refuse(measure, place, why.kind, why.message);
	if (members.n == 0)
		good = refuse(measure, place, BR_ERR_DATA, "a set without members");
	else if (br_members_repeated(&members) != NULL)
		good = refuse(measure, place, BR_ERR_DATA, "a set with the same member twice");
	else
		good = true;
	for (int i = 0; good && i < members.n; i++)
	{
		size_t		bytes = members.list[i].len;

		if (set->type == BR_TYPE_NS)
			good = number_size(measure, place, &members.list[i].value, &bytes);
		*size += bytes;
	}
	br_members_free(&members);
	return good;
}

static bool
container_size(Measure *measure, const Place *place, const BrSpan *container, size_t *size)
{
	Place		inner = {.above = place, .level = place->level + 1};
	BrWalk		walk;
	BrSpan		name;
	BrSpan		member;
	bool		found;

	if (inner.level > BR_MAX_ITEM_LEVELS)
		return refuse(measure, place, BR_ERR_LIMIT, "it is nested more than 32 levels deep");
	*size = CONTAINER_BYTES;
	inner.name = container->type == BR_TYPE_M ? &name : NULL;
	br_walk_open(&walk, container);
	for (;; inner.index++)
	{
		size_t		name_bytes = 0;
		size_t		bytes;

		if (!br_walk_next(&walk, &name, &member, &found, measure->err))
			return false;
		if (!found)
			return true;
		if ((inner.name != NULL && !name_size(measure, &inner, &name, &name_bytes)) ||
			!value_size(measure, &inner, &member, &bytes))
			return false;
		*size += MEMBER_BYTES + name_bytes + bytes;
	}
}

static bool
value_size(Measure *measure, const Place *place, const BrSpan *value, size_t *size)
{
	switch (value->type)
	{
		case BR_TYPE_S:
			return text_size(measure, place, value, size);
		case BR_TYPE_N:
			return number_size(measure, place, value, size);
		case BR_TYPE_B:
			return binary_size(measure, place, value, size);
		case BR_TYPE_M:
		case BR_TYPE_L:
			return container_size(measure, place, value, size);
		case BR_TYPE_SS:
		case BR_TYPE_NS:
		case BR_TYPE_BS:
			return set_size(measure, place, value, size);
		default:
			*size = 1;
			return true;
	}
}

/* All attributes; the item itself counts nothing, unlike a map. */
static bool
check_attributes(Measure *measure, const BrSpan *item)
{
	Place		place = {.level = 1};
	size_t		total = 0;
	size_t		most = 0;
	BrSpan		largest = {0};
	BrSpan		name;
	BrSpan		value;
	BrWalk		walk;
	bool		found;

	place.name = &name;
	br_walk_open(&walk, item);
	for (;;)
	{
		size_t		name_bytes;
		size_t		bytes;

		if (!br_walk_next(&walk, &name, &value, &found, measure->err))
			return false;
		if (!found)
			break;
		if (!name_size(measure, &place, &name, &name_bytes) ||
			!value_size(measure, &place, &value, &bytes))
			return false;
		total += name_bytes + bytes;
		if (bytes >= most)
		{
			most = bytes;
			largest = name;
		}
	}
	if (total <= BR_MAX_ITEM_BYTES)
		return true;
	place.name = &largest;
	return br_error(measure->err, BR_ERR_LIMIT,
					"an item of %zu bytes is more than the %d that DynamoDB stores; "
					"its largest attribute is \"%s\" with %zu bytes",
					total, BR_MAX_ITEM_BYTES, path_of(measure, &place), most);
}

bool
br_item_check(const BrSpan *item, BrError *err)
{
	Measure		measure = {.err = err};
	bool		good;

	initStringInfo(&measure.scratch);
	initStringInfo(&measure.key);
	good = check_attributes(&measure, item);
	pfree(measure.scratch.data);
	pfree(measure.key.data);
	return good;
}
