/*
 * written.c
 *		Counting what transactions have written, level by level.
 *
 * Whoever rolls back is told what stays; a transaction that wrote cannot be
 * prepared, for it could not be rolled back later either.
 */
#include "base/br.h"

#include "access/xact.h"
#include "fdw/encoding.h"
#include "fdw/written.h"
#include "utils/memutils.h"

typedef struct Level
{
	BrWriteCount count;
	int			nesting;
	struct Level *below;
} Level;

typedef struct Table
{
	Oid			server_id;
	char	   *name;
	struct Table *next;
} Table;

/* Both lie in TopTransactionContext. */
static Level *levels = NULL;	/* the innermost first */
static Table *tables = NULL;

static void
warn_of(const BrWriteCount *count)
{
	const char *hint = "ROLLBACK does not undo what was written to DynamoDB.";

	if (count->written > 0)
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg_plural(INT64_FORMAT " item written to DynamoDB stays written",
							   INT64_FORMAT " items written to DynamoDB stay written",
							   count->written, count->written),
				 count->open > 0
				 ? errdetail("The outcome of " INT64_FORMAT " more is not known.", count->open) : 0,
				 errhint("%s", hint)));
	else if (count->open > 0)
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg_plural(INT64_FORMAT " item may be written to DynamoDB, and stays so",
							   INT64_FORMAT " items may be written to DynamoDB, and stay so",
							   count->open, count->open),
				 errhint("%s", hint)));
}

static void
transaction_ends(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_PRE_PREPARE:
			if (tables != NULL)
				ereport(ERROR,
						(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						 errmsg("cannot PREPARE a transaction that has written to DynamoDB")));
			return;
		case XACT_EVENT_ABORT:
			for (Level *level = levels; level != NULL; level = level->below)
			{
				if (level->below == NULL)
					break;
				level->below->count.written += level->count.written;
				level->below->count.open += level->count.open;
				levels = level->below;
			}
			if (levels != NULL)
				warn_of(&levels->count);
			break;
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_PREPARE:
			break;
		default:
			return;
	}
	levels = NULL;
	tables = NULL;
}

static void
subtransaction_ends(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	int			nesting = GetCurrentTransactionNestLevel();
	Level	   *level = levels;

	if ((event != SUBXACT_EVENT_COMMIT_SUB && event != SUBXACT_EVENT_ABORT_SUB) ||
		level == NULL || level->nesting < nesting)
		return;
	levels = level->below;
	if (event == SUBXACT_EVENT_ABORT_SUB)
		warn_of(&level->count);
	else if (levels != NULL && levels->nesting == nesting - 1)
	{
		levels->count.written += level->count.written;
		levels->count.open += level->count.open;
	}
	else
	{
		level->nesting = nesting - 1;
		level->below = levels;
		levels = level;
	}
}

static void
watch_transactions(void)
{
	static bool watching = false;

	if (watching)
		return;
	RegisterXactCallback(transaction_ends, NULL);
	RegisterSubXactCallback(subtransaction_ends, NULL);
	watching = true;
}

static bool
is_table(const Table *table, const BrRelation *rel)
{
	return table->server_id == rel->server_id && strcmp(table->name, rel->schema.table) == 0;
}

bool
br_written_is(const BrRelation *rel)
{
	for (const Table *table = tables; table != NULL; table = table->next)
	{
		if (is_table(table, rel))
			return true;
	}
	return false;
}

static void
note_table(const BrRelation *rel)
{
	Table	   *table;

	if (br_written_is(rel))
		return;
	table = MemoryContextAlloc(TopTransactionContext, sizeof(Table));
	table->server_id = rel->server_id;
	table->name = MemoryContextStrdup(TopTransactionContext, rel->schema.table);
	table->next = tables;
	tables = table;
}

static BrWriteCount *
current_count(void)
{
	int			nesting = GetCurrentTransactionNestLevel();

	if (levels == NULL || levels->nesting < nesting)
	{
		Level	   *level = MemoryContextAllocZero(TopTransactionContext, sizeof(Level));

		level->nesting = nesting;
		level->below = levels;
		levels = level;
	}
	return &levels->count;
}

void
br_written_check(const BrRelation *rel)
{
	if (rel->no_blocks && (IsTransactionBlock() || IsSubTransaction()))
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("cannot write to foreign table \"%s\" inside a transaction block", rel->name),
				 errdetail("ROLLBACK would not undo it, and its option writes is 'forbid_in_xact_block'.")));
}

BrWriteCount *
br_written_begin(const BrRelation *rel)
{
	watch_transactions();
	note_table(rel);
	return current_count();
}
