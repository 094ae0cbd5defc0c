/*
 * draft.c
 *		Items that are being made.
 *
 * The attributes are nodes of a tree in one array, found by their parent and
 * name through one hash table.  A map that was given as a whole stays a stretch
 * of JSON until a path leads into it; only then it gets nodes for its members.
 */
#include "base/br.h"

#include "base/array.h"
#include "common/hashfn.h"
#include "dynamodb/draft.h"
#include "dynamodb/equal.h"
#include "dynamodb/expression.h"
#include "dynamodb/value.h"

#define ITEM	0				/* the node of the item; never another's child */
#define NONE	0				/* hence no child, no sibling, an empty bucket */

#define FIRST_BUCKETS	64		/* a power of two */

typedef struct Attribute
{
	const char *json;			/* the value; NULL: a map of the nodes below */
	size_t		len;
	int			parent;
	int			first;			/* of the members, in the order in which they
								 * came */
	int			last;
	int			next;			/* behind this one in its parent */
	uint32		hash;
	int			name;			/* offset in names */
	int			name_len;
} Attribute;

struct BrDraft
{
	Attribute	   *nodes;
	int			nnodes;
	int		   *buckets;
	int			nbuckets;		/* a power of two, at most half of them full */
	StringInfoData names;
	StringInfoData scratch;
};

BrDraft *
br_draft_create(void)
{
	BrDraft    *draft = palloc0(sizeof(BrDraft));

	draft->nodes = br_array_grow(NULL, 0, sizeof(Attribute));
	memset(&draft->nodes[ITEM], 0, sizeof(Attribute));
	draft->nnodes = 1;
	draft->nbuckets = FIRST_BUCKETS;
	draft->buckets = palloc0(draft->nbuckets * sizeof(int));
	initStringInfo(&draft->names);
	initStringInfo(&draft->scratch);
	return draft;
}

static uint32
hash_name(int parent, const char *name, int len)
{
	return hash_bytes((const unsigned char *) name, len) ^ hash_bytes_uint32(parent);
}

static int
find_child(const BrDraft *draft, int parent, const char *name, int len, uint32 hash)
{
	uint32		mask = draft->nbuckets - 1;

	for (uint32 i = hash & mask; draft->buckets[i] != NONE; i = (i + 1) & mask)
	{
		const Attribute *node = &draft->nodes[draft->buckets[i]];

		if (node->hash == hash && node->parent == parent && node->name_len == len &&
			memcmp(draft->names.data + node->name, name, len) == 0)
			return draft->buckets[i];
	}
	return NONE;
}

static void
put_bucket(BrDraft *draft, int node)
{
	uint32		mask = draft->nbuckets - 1;
	uint32		i = draft->nodes[node].hash & mask;

	while (draft->buckets[i] != NONE)
		i = (i + 1) & mask;
	draft->buckets[i] = node;
}

/* Makes the last node known to find_child(). */
static void
enter_last(BrDraft *draft)
{
	if (draft->nbuckets >= 2 * draft->nnodes)
	{
		put_bucket(draft, draft->nnodes - 1);
		return;
	}
	draft->nbuckets *= 2;
	draft->buckets = repalloc(draft->buckets, draft->nbuckets * sizeof(int));
	memset(draft->buckets, 0, draft->nbuckets * sizeof(int));
	for (int node = ITEM + 1; node < draft->nnodes; node++)
		put_bucket(draft, node);
}

/* A new member of a map, behind the others; json NULL: itself a map, still empty. */
static int
add_child(BrDraft *draft, int parent, const char *name, int name_len, uint32 hash,
		  const char *json, size_t len)
{
	int			made = draft->nnodes;
	Attribute	   *above;

	draft->nodes = br_array_grow(draft->nodes, made, sizeof(Attribute));
	draft->nodes[made] = (Attribute) {
		.json = json, .len = len, .parent = parent, .hash = hash,
		.name = draft->names.len, .name_len = name_len
	};
	appendBinaryStringInfo(&draft->names, name, name_len);
	above = &draft->nodes[parent];
	if (above->first == NONE)
		above->first = made;
	else
		draft->nodes[above->last].next = made;
	above->last = made;
	draft->nnodes++;
	enter_last(draft);
	return made;
}

/* One member of an object at p; returns the place behind it. */
static const char *
read_member(BrDraft *draft, int parent, BrJson *json, const char *p)
{
	const char *at = p;
	const char *value;
	const char *text;
	size_t		len;
	BrSpan		name;
	BrSpan		span;
	BrError		err;
	uint32		hash;

	p = value = br_json_name(json, p, &name);
	if (p != NULL)
		p = br_value(json, p, &span);
	if (p == NULL)
		return NULL;
	if (!br_span_text(&name, &draft->scratch, &text, &len, &err))
		return br_json_fault(json, at, "a name is no text");
	hash = hash_name(parent, text, len);
	if (find_child(draft, parent, text, len, hash) != NONE)
		return br_json_fault(json, at, "a name occurs twice");
	add_child(draft, parent, text, len, hash, value, p - value);
	return p;
}

/* Nodes for all members of an object. */
static bool
read_members(BrDraft *draft, int parent, const char *object, size_t len, BrError *err)
{
	const char *p;
	bool		more;
	BrJson		json;

	br_json_init(&json, object, object + len);
	p = br_json_enter(&json, object, '{', &more);
	while (p != NULL && more)
	{
		p = read_member(draft, parent, &json, p);
		if (p != NULL)
			p = br_json_more(&json, p, '}', &more);
	}
	if (p != NULL)
	{
		p = br_json_space(p, json.end);
		if (p < json.end)
			p = br_json_fault(&json, p, "something follows its end");
	}
	return p != NULL || br_error(err, BR_ERR_DATA, "malformed item: %s at byte %zu", json.fault,
								 (size_t) (json.fault_at - json.start));
}

bool
br_draft_load(BrDraft *draft, const char *item, size_t len, BrError *err)
{
	Assert(draft->nnodes == 1);
	return read_members(draft, ITEM, item, len, err);
}

/*
 * Makes a map of nodes of one that was given as a whole.  False if it is
 * something else, *value telling what; it stays as it stands then.
 */
static bool
open_map(BrDraft *draft, int node, BrSpan *value)
{
	BrError		err;

	if (!br_value_span(draft->nodes[node].json, draft->nodes[node].len, value, &err) ||
		value->type != BR_TYPE_M || !read_members(draft, node, value->ptr, value->len, &err))
		return false;
	draft->nodes[node].json = NULL;
	return true;
}

/* Makes what is left of a path, if it is names only. */
static BrDrafted
make_rest(BrDraft *draft, int node, const BrPath *rest, const char *json, size_t len)
{
	for (int i = 0; i < rest->nsteps; i++)
	{
		if (rest->steps[i].name == NULL)
			return BR_DRAFTED_NO_WAY;
	}
	for (int i = 0; i < rest->nsteps; i++)
	{
		const char *name = rest->steps[i].name;
		bool		ends = i == rest->nsteps - 1;

		node = add_child(draft, node, name, strlen(name), hash_name(node, name, strlen(name)),
						 ends ? json : NULL, ends ? len : 0);
	}
	return BR_DRAFTED_SET;
}

BrDrafted
br_draft_set(BrDraft *draft, const BrPath *path, const char *json, size_t len)
{
	BrPath		rest = *path;
	int			node = ITEM;

	for (; rest.nsteps > 0; rest.steps++, rest.nsteps--)
	{
		const char *name = rest.steps[0].name;
		BrSpan		value;
		int			child;

		if (draft->nodes[node].json != NULL && !open_map(draft, node, &value))
			return br_value_at(&value, &rest).type != BR_TYPE_ABSENT ?
				BR_DRAFTED_EXISTS : BR_DRAFTED_NO_WAY;
		if (name == NULL)
			return BR_DRAFTED_NO_WAY;
		child = find_child(draft, node, name, strlen(name), hash_name(node, name, strlen(name)));
		if (child == NONE)
			return make_rest(draft, node, &rest, json, len);
		node = child;
	}
	return BR_DRAFTED_EXISTS;
}

/* An object of the members of a map. */
static void
append_members(StringInfo out, const BrDraft *draft, int parent)
{
	appendStringInfoChar(out, '{');
	for (int i = draft->nodes[parent].first; i != NONE; i = draft->nodes[i].next)
	{
		const Attribute *node = &draft->nodes[i];

		if (i != draft->nodes[parent].first)
			appendStringInfoChar(out, ',');
		br_json_append_string(out, draft->names.data + node->name, node->name_len);
		appendStringInfoChar(out, ':');
		if (node->json != NULL)
		{
			appendBinaryStringInfo(out, node->json, node->len);
			continue;
		}
		appendStringInfoString(out, "{\"M\":");
		append_members(out, draft, i);
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, '}');
}

void
br_draft_append(StringInfo out, const BrDraft *draft)
{
	append_members(out, draft, ITEM);
}
