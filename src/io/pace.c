/*
 * pace.c
 *		One bucket for each table that is read at a limited rate.
 *
 * Foreign tables of the same DynamoDB table share it, whatever rate each of
 * them has; other backends have their own.
 */
#include "base/br.h"

#include "io/pace.h"
#include "utils/memutils.h"

typedef struct Pace
{
	struct Pace *next;
	Oid			server_id;
	BrBucket	bucket;
	char		table[FLEXIBLE_ARRAY_MEMBER];
} Pace;

static Pace *paces = NULL;

BrBucket *
br_pace_of(Oid server_id, const char *table)
{
	Pace	   *pace;

	for (pace = paces; pace != NULL; pace = pace->next)
	{
		if (pace->server_id == server_id && strcmp(pace->table, table) == 0)
			return &pace->bucket;
	}
	pace = MemoryContextAllocZero(TopMemoryContext,
								  offsetof(Pace, table) + strlen(table) + 1);
	strcpy(pace->table, table);
	pace->server_id = server_id;
	pace->next = paces;
	paces = pace;
	return &pace->bucket;
}
