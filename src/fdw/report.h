/*
 * report.h
 *		From an error value to an ereport: the only way up.
 */
#ifndef BR_REPORT_H
#define BR_REPORT_H

#include "base/br.h"
#include "base/error.h"
#include "dynamodb/request.h"

/* What was being done; fields may be NULL. */
typedef struct BrDoing
{
	const char *operation;		/* "Query" */
	const char *table;			/* DynamoDB's name */
	const char *index;
	const char *relation;		/* the foreign table */
	bool		writes;			/* to it, rather than reads it */
	const char *progress;		/* how far it got: sentences for the DETAIL */
} BrDoing;

/* Raises the error. */
extern _Noreturn void br_report(const BrError *err, const BrDoing *doing);

#endif							/* BR_REPORT_H */
