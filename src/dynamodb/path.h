/*
 * path.h
 *		Document paths: where in an item a column's value lies.
 *
 * The text form, as in the column option "attribute": steps separated by '.',
 * list elements as [n], and a step in double quotes if its name contains one
 * of . | [ ] " or begins or ends with a blank (a quote inside is doubled).  '|'
 * separates alternatives: the first one that is present counts.
 *
 *		durationMsStats.p99|durationStats.p99
 *		tags[0]."a.b"
 */
#ifndef BR_PATH_H
#define BR_PATH_H

#include "base/br.h"
#include "base/error.h"

typedef struct BrStep
{
	const char *name;			/* NULL: a list element */
	int			index;			/* of the list element, from 0 */
} BrStep;

typedef struct BrPath
{
	int			nsteps;			/* 1 to 32; the first is a name */
	BrStep	   *steps;
} BrPath;

typedef struct BrPaths
{
	int			npaths;			/* at least 1 */
	BrPath	   *paths;			/* in the order of preference */
} BrPaths;

/* Parses the text form into palloc'd memory. BR_ERR_CONFIG says what is wrong. */
extern bool br_paths_parse(const char *text, BrPaths *paths, BrError *err);

/* The one-step path of an attribute with exactly this name (name not copied). */
extern void br_path_of_name(const char *name, BrPath *path);

/* Appends the text form, quoting where needed. */
extern void br_path_append(StringInfo out, const BrPath *path);

extern bool br_path_equal(const BrPath *a, const BrPath *b);

/* True if a is b or the way to it: what b names is, or lies in, what a names. */
extern bool br_path_is_prefix(const BrPath *a, const BrPath *b);

#endif							/* BR_PATH_H */
