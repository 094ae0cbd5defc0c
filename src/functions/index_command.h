/*
 * index_command.h
 *		The command that adds an index to a DynamoDB table.
 */
#ifndef BR_INDEX_COMMAND_H
#define BR_INDEX_COMMAND_H

#include "base/br.h"
#include "functions/declared.h"

/* DynamoDB's limit for the attributes that an index includes by name. */
#define BR_MAX_INCLUDED	20

/* A line for a shell, with the AWS CLI. */
extern char *br_index_command(const BrDeclared *table, const BrIndexInfo *index);

#endif							/* BR_INDEX_COMMAND_H */
