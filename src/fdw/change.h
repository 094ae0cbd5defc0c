/*
 * change.h
 *		What an UPDATE changes of an item.
 *
 * Only what becomes another value is sent.  A column with alternatives changes
 * the one that is present; maps that are missing on the way are made.  Therefore
 * what the item has now must be known, as far as the columns' top-level
 * attributes go.
 */
#ifndef BR_CHANGE_H
#define BR_CHANGE_H

#include "base/br.h"
#include "fdw/compose.h"

/* A column and its new value. */
typedef struct BrSetting
{
	AttrNumber	attnum;
	Datum		value;
	bool		isnull;
} BrSetting;

/* Some top-level attributes of an item, as they are now. */
typedef struct BrTops
{
	int			n;
	const char **names;
	BrSpan	   *spans;			/* ABSENT: the item has no such attribute */
	bool		known;			/* they are set */
} BrTops;

/* The attributes that these columns (List of int) are concerned with; spans are not set. */
extern BrTops br_tops_of(const BrRelation *rel, List *attnums);

/* Can a column be changed while the item is not known? */
extern bool br_is_changed_blindly(const BrColumn *column);

typedef struct BrChanges
{
	int			n;
	BrChange   *list;
} BrChanges;

/*
 * Adds what becomes of the attributes of some columns, none of which is the whole
 * item. Takes memory from the current context; raises errors that name the column.
 */
extern void br_change_columns(const BrComposer *composer, int n, const BrSetting *settings,
							  const BrTops *tops, BrChanges *changes);

/* Adds the attributes in which two whole items, both of a column, differ. */
extern void br_change_item(const BrComposer *composer, const BrSetting *setting, Datum old,
						   BrChanges *changes);

/* A condition (NULL: none) and that of all maps that are made none is there. */
extern BrCondition *br_changes_condition(BrCondition *condition, const BrChanges *changes);

/* At last: of two changes of one thing one is dropped, or it is an error. */
extern void br_changes_finish(const BrComposer *composer, BrChanges *changes);

/* Raises an error if one of the columns (List of int) makes the key. */
extern void br_check_changeable(const BrRelation *rel, List *attnums);

#endif							/* BR_CHANGE_H */
