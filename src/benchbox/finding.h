/*
 * finding.h
 *		Noting findings; for the parts of the validator.
 */
#ifndef BR_FINDING_H
#define BR_FINDING_H

#include "benchbox/document.h"
#include "benchbox/validate.h"

typedef struct BrCheck
{
	const BrDocument *doc;
	BrFindings *findings;
	StringInfo	scratch;		/* for one text at a time */
} BrCheck;

/* A finding at a node, or at a member that the node has not: name, unless it is NULL. */
extern void br_finding(BrCheck *check, BrSeverity severity, const char *code,
					   int32 node, const char *name, const char *fmt,...) pg_attribute_printf(6, 7);

/* What the JSON text says, for messages; cut where it is long. */
extern char *br_finding_shown(const BrDocument *doc, int32 node);

/* The rules that compare one part of the document with another. */
extern void br_check_counts(BrCheck *check);
extern void br_check_detail(BrCheck *check, int32 detail);
extern void br_check_blocks(BrCheck *check);

/* What replaced the key at this place; NULL: it is none of another layout. */
extern const char *br_legacy_replacement(const BrDocument *doc, int32 node);

#endif							/* BR_FINDING_H */
