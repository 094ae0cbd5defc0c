/*
 * validate.h
 *		What is wrong with a BenchBox result document.
 */
#ifndef BR_VALIDATE_H
#define BR_VALIDATE_H

#include "base/br.h"
#include "base/error.h"

typedef enum BrSeverity
{
	BR_FINDING_ERROR,			/* it is no valid document */
	BR_FINDING_WARNING,			/* it contradicts itself, or readers may be misled */
	BR_FINDING_NOTE				/* worth knowing; nothing is wrong */
} BrSeverity;

/* Of each severity so many are listed; all are counted. */
#define BR_FINDINGS_LISTED 1000

typedef struct BrFinding
{
	BrSeverity	severity;
	const char *code;
	const char *path;			/* empty: the document */
	const char *message;
} BrFinding;

typedef struct BrFindings
{
	BrFinding  *list;
	int			n;
	int64		counts[3];		/* by severity */
} BrFindings;

/* error, warning or note. */
extern const char *br_severity_name(BrSeverity severity);

/*
 * Checks a text in UTF-8; findings in the current context. Text that is no JSON
 * is a finding. Returns false, with BR_ERR_LIMIT, only if it is too large.
 */
extern bool br_benchbox_validate(const char *text, size_t len, BrFindings *findings, BrError *err);

#endif							/* BR_VALIDATE_H */
