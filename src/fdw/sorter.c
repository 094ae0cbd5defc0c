/*
 * sorter.c
 *		Sorting groups of rows, most of which are a single row.
 */
#include "base/br.h"

#include "catalog/pg_collation.h"
#include "fdw/sorter.h"
#include "utils/timestamp.h"
#include "utils/tuplesort.h"
#include "utils/typcache.h"

typedef enum SorterState
{
	SORTER_EMPTY,
	SORTER_ONE,					/* one row of the group is there: in first */
	SORTER_MANY,				/* its rows are in sort */
	SORTER_GIVES_ONE,			/* as the above, and the group is complete */
	SORTER_GIVES_MANY
} SorterState;

struct BrSorter
{
	TupleDesc	desc;
	AttrNumber	attnum;
	Oid			lt_operator;	/* that the order goes by: < or > */
	Oid			collation;
	MemoryContext context;
	SorterState state;
	int64		group;
	int64		next_group;
	TupleTableSlot *first;
	TupleTableSlot *next;		/* the first row of the next group, if any */
	Tuplesortstate *sort;		/* NULL: never needed so far */
};

BrSorter *
br_sorter_create(TupleDesc desc, AttrNumber attnum, bool backward)
{
	BrSorter   *sorter = palloc0(sizeof(BrSorter));
	TypeCacheEntry *type = lookup_type_cache(TupleDescAttr(desc, attnum - 1)->atttypid,
											 TYPECACHE_LT_OPR | TYPECACHE_GT_OPR);

	/* a copy, as it is not counted by whom it is used */
	sorter->desc = CreateTupleDescCopy(desc);
	sorter->attnum = attnum;
	sorter->lt_operator = backward ? type->gt_opr : type->lt_opr;
	/* text is in the order of a sort key by its bytes only */
	sorter->collation = OidIsValid(type->typcollation) ? C_COLLATION_OID : InvalidOid;
	sorter->context = CurrentMemoryContext;
	sorter->first = MakeSingleTupleTableSlot(sorter->desc, &TTSOpsMinimalTuple);
	sorter->next = MakeSingleTupleTableSlot(sorter->desc, &TTSOpsMinimalTuple);
	return sorter;
}

int64
br_second_of(TimestampTz when)
{
	return when / USECS_PER_SEC - (when % USECS_PER_SEC < 0);
}

/* The group has a second row, so it is to be sorted. */
static void
begin_sort(BrSorter *sorter)
{
	MemoryContext caller = MemoryContextSwitchTo(sorter->context);
	bool		nulls_first = false;

	if (sorter->sort == NULL)
		sorter->sort = tuplesort_begin_heap(sorter->desc, 1, &sorter->attnum,
											&sorter->lt_operator, &sorter->collation,
											&nulls_first, work_mem, NULL, TUPLESORT_NONE);
	tuplesort_puttupleslot(sorter->sort, sorter->first);
	sorter->state = SORTER_MANY;
	MemoryContextSwitchTo(caller);
}

void
br_sorter_finish(BrSorter *sorter)
{
	if (sorter->state == SORTER_ONE)
		sorter->state = SORTER_GIVES_ONE;
	else if (sorter->state == SORTER_MANY)
	{
		tuplesort_performsort(sorter->sort);
		sorter->state = SORTER_GIVES_MANY;
	}
}

void
br_sorter_put(BrSorter *sorter, TupleTableSlot *slot, int64 group)
{
	if (sorter->state == SORTER_EMPTY)
	{
		ExecCopySlot(sorter->first, slot);
		sorter->group = group;
		sorter->state = SORTER_ONE;
	}
	else if (group != sorter->group)
	{
		ExecCopySlot(sorter->next, slot);
		sorter->next_group = group;
		br_sorter_finish(sorter);
	}
	else
	{
		if (sorter->state == SORTER_ONE)
			begin_sort(sorter);
		tuplesort_puttupleslot(sorter->sort, slot);
	}
}

/* The group is given out: the row behind it begins the next one. */
static void
turn_to_next(BrSorter *sorter)
{
	sorter->state = SORTER_EMPTY;
	if (TupIsNull(sorter->next))
		return;
	br_sorter_put(sorter, sorter->next, sorter->next_group);
	ExecClearTuple(sorter->next);
}

bool
br_sorter_get(BrSorter *sorter, TupleTableSlot *slot)
{
	if (sorter->state == SORTER_GIVES_ONE)
	{
		ExecCopySlot(slot, sorter->first);
		turn_to_next(sorter);
		return true;
	}
	if (sorter->state != SORTER_GIVES_MANY)
		return false;
	if (tuplesort_gettupleslot(sorter->sort, true, false, sorter->first, NULL))
	{
		ExecCopySlot(slot, sorter->first);
		return true;
	}
	ExecClearTuple(sorter->first);
	tuplesort_reset(sorter->sort);
	turn_to_next(sorter);
	return false;
}

void
br_sorter_end(BrSorter *sorter)
{
	if (sorter->sort != NULL)
		tuplesort_end(sorter->sort);
}
