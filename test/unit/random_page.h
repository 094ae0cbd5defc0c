/*
 * random_page.h
 *		Pages made at random, for comparing two readers of them.
 */
#ifndef RANDOM_PAGE_H
#define RANDOM_PAGE_H

#include "base/br.h"

#include "common/pg_prng.h"
#include "dynamodb/page.h"

#define MAX_RANDOM_PATHS 12

extern pg_prng_state random_state;

typedef struct RandomPage
{
	BrPageKind	kind;
	StringInfoData body;
} RandomPage;

typedef struct RandomWanted
{
	int			npaths;
	BrPath		paths[MAX_RANDOM_PATHS];
	bool		item;			/* the whole item as well */
} RandomWanted;

/* A page that is in order: any kind, any shape, any spelling of it. */
extern void random_page(RandomPage *page);

/* Paths of which many lead somewhere in such a page; some repeat or overlap. */
extern void random_wanted(RandomWanted *want);

/* Changes, takes out, puts in, repeats or cuts off a few bytes. */
extern void random_damage(StringInfo body);

#endif							/* RANDOM_PAGE_H */
