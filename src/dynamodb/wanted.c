/*
 * wanted.c
 *		Building the tree of wanted names, and learning the names of items.
 */
#include "base/br.h"

#include "base/array.h"
#include "common/hashfn.h"
#include "dynamodb/wanted.h"

/*
 * Unwanted names worth remembering: what a table of many shapes may have, but
 * not what a page made to exhaust memory has.
 */
#define MAX_LEARNED			1000
#define MAX_LEARNED_NAME	255

static int
add_node(BrWanted *wanted)
{
	BrNode	   *node;

	wanted->nodes = br_array_grow(wanted->nodes, wanted->nnodes, sizeof(BrNode));
	node = &wanted->nodes[wanted->nnodes];
	node->slot = BR_NO_SLOT;
	node->more_slots = -1;
	node->has_names = false;
	node->elements = -1;
	node->first = BR_STRANGER;
	return wanted->nnodes++;
}

static void
put_bucket(BrWanted *wanted, int attr)
{
	uint32		mask = wanted->nbuckets - 1;
	uint32		i = wanted->attrs[attr].hash & mask;

	while (wanted->buckets[i] != BR_STRANGER)
		i = (i + 1) & mask;
	wanted->buckets[i] = attr;
}

/*
 * Makes the last attribute known to find_attr().  Buckets stay at least half
 * empty, so that searches are short and end.
 */
static void
enter_last(BrWanted *wanted)
{
	int			attr;

	if (wanted->nbuckets >= 2 * wanted->nattrs)
	{
		put_bucket(wanted, wanted->nattrs - 1);
		return;
	}
	wanted->nbuckets *= 2;
	wanted->buckets = repalloc(wanted->buckets, wanted->nbuckets * sizeof(int));
	memset(wanted->buckets, 0, wanted->nbuckets * sizeof(int));
	for (attr = BR_STRANGER + 1; attr < wanted->nattrs; attr++)
		put_bucket(wanted, attr);
}

static uint32
hash_name(int level, const char *name, int len)
{
	return hash_bytes((const unsigned char *) name, len) ^ hash_bytes_uint32(level);
}

/* The attribute, or BR_STRANGER if it is not known. */
static int
find_attr(const BrWanted *wanted, int level, const char *name, int len)
{
	uint32		mask = wanted->nbuckets - 1;
	uint32		hash = hash_name(level, name, len);
	uint32		i;

	for (i = hash & mask; wanted->buckets[i] != BR_STRANGER; i = (i + 1) & mask)
	{
		const BrAttr *attr = &wanted->attrs[wanted->buckets[i]];

		if (attr->hash == hash && attr->level == level && attr->name_len == len &&
			memcmp(wanted->names.data + attr->name, name, len) == 0)
			return wanted->buckets[i];
	}
	return BR_STRANGER;
}

/* With len 0, or if it is too long: a head that matches nothing. */
static void
set_head(BrAttr *attr, BrType type, const char *head, size_t len)
{
	if (len == 0 || len > sizeof(attr->head))
	{
		head = "";
		len = 1;				/* the zero byte */
	}
	memcpy(attr->head, head, len);
	attr->head_len = len;
	attr->type = type;
}

static int
add_attr(BrWanted *wanted, int level, const char *name, int len)
{
	BrAttr	   *attr;

	wanted->attrs = br_array_grow(wanted->attrs, wanted->nattrs, sizeof(BrAttr));
	attr = &wanted->attrs[wanted->nattrs];
	memset(attr, 0, sizeof(*attr));
	set_head(attr, BR_TYPE_ABSENT, NULL, 0);
	attr->next = BR_STRANGER;
	attr->node = BR_NO_NODE;
	attr->level = level;
	attr->hash = hash_name(level, name, len);
	attr->name = wanted->names.len;
	attr->name_len = len;
	appendBinaryStringInfo(&wanted->names, name, len);
	wanted->nattrs++;
	if (wanted->nattrs > BR_STRANGER + 1)
		enter_last(wanted);
	return wanted->nattrs - 1;
}

BrWanted *
br_wanted_create(void)
{
	BrWanted   *wanted = palloc0(sizeof(BrWanted));

	initStringInfo(&wanted->names);
	initStringInfo(&wanted->scratch);
	wanted->nbuckets = 64;
	wanted->buckets = palloc0(wanted->nbuckets * sizeof(int));
	add_node(wanted);			/* the item: its names always matter */
	wanted->nodes[0].has_names = true;
	add_attr(wanted, 0, "", 0); /* BR_STRANGER, in no bucket */
	return wanted;
}

static void
add_slot(BrWanted *wanted, int node, int slot)
{
	BrSlotLink *link;

	wanted->nslots = Max(wanted->nslots, slot + 1);
	if (wanted->nodes[node].slot == BR_NO_SLOT)
	{
		wanted->nodes[node].slot = slot;
		return;
	}
	wanted->links = br_array_grow(wanted->links, wanted->nlinks, sizeof(BrSlotLink));
	link = &wanted->links[wanted->nlinks];
	link->slot = slot;
	link->next = wanted->nodes[node].more_slots;
	wanted->nodes[node].more_slots = wanted->nlinks++;
}

/* The node to which an element of a list leads. */
static int
element_node(BrWanted *wanted, int parent, int index)
{
	BrElement  *element;
	int			i;

	for (i = wanted->nodes[parent].elements; i >= 0; i = wanted->elements[i].next)
	{
		if (wanted->elements[i].index == index)
			return wanted->elements[i].node;
	}
	wanted->elements = br_array_grow(wanted->elements, wanted->nelements, sizeof(BrElement));
	element = &wanted->elements[wanted->nelements];
	element->index = index;
	element->node = add_node(wanted);
	element->next = wanted->nodes[parent].elements;
	wanted->nodes[parent].elements = wanted->nelements++;
	return element->node;
}

/* The node to which a member of a map leads. */
static int
member_node(BrWanted *wanted, int parent, const char *name)
{
	int			len = strlen(name);
	int			attr = find_attr(wanted, parent, name, len);

	wanted->nodes[parent].has_names = true;
	if (attr == BR_STRANGER)
		attr = add_attr(wanted, parent, name, len);
	if (wanted->attrs[attr].node == BR_NO_NODE)
		wanted->attrs[attr].node = add_node(wanted);
	return wanted->attrs[attr].node;
}

void
br_wanted_add(BrWanted *wanted, const BrPath *path, int slot)
{
	int			node = 0;
	int			i;

	for (i = 0; i < path->nsteps; i++)
	{
		const BrStep *step = &path->steps[i];

		node = step->name != NULL ? member_node(wanted, node, step->name) :
			element_node(wanted, node, step->index);
	}
	add_slot(wanted, node, slot);
}

void
br_wanted_add_item(BrWanted *wanted, int slot)
{
	add_slot(wanted, 0, slot);
}

int
br_wanted_slots(const BrWanted *wanted)
{
	return wanted->nslots;
}

bool
br_wanted_find(BrWanted *wanted, int level, const BrSpan *name,
			   int *attr, BrError *err)
{
	const char *text = name->ptr;
	size_t		len = name->len;

	/*
	 * A name without escapes is compared as it stands: one that is no valid
	 * UTF-8 equals nothing that is wanted.
	 */
	if ((name->flags & BR_SPAN_ESCAPED) &&
		!br_span_text(name, &wanted->scratch, &text, &len, err))
		return false;

	*attr = find_attr(wanted, level, text, len);
	if (*attr == BR_STRANGER && wanted->nlearned < MAX_LEARNED && len <= MAX_LEARNED_NAME)
	{
		*attr = add_attr(wanted, level, text, len);
		wanted->nlearned++;
	}
	return true;
}

void
br_wanted_learn(BrWanted *wanted, int level, int before, int found,
				BrType type, const char *head, size_t len)
{
	set_head(&wanted->attrs[found], type, head, found == BR_STRANGER ? 0 : len);
	if (found == BR_STRANGER)
		return;
	if (before == BR_STRANGER)
		wanted->nodes[level].first = found;
	else
		wanted->attrs[before].next = found;
}
