/*
 * expression.h
 *		Values and conditions as DynamoDB writes them.
 *
 * Every name and value goes through a numbered placeholder (#0, :0), so no
 * value can change the text of an expression, reserved words need no care, and
 * only placeholders in use are sent.
 */
#ifndef BR_EXPRESSION_H
#define BR_EXPRESSION_H

#include "base/br.h"
#include "dynamodb/path.h"
#include "dynamodb/span.h"

/* A value to send. */
typedef struct BrValue
{
	BrType		type;			/* S, N, B, BOOL or NULL; B as base64; ABSENT:
								 * text is any value in JSON, {"L":[...]} */
	const char *text;			/* UTF-8; "true"/"false" for BOOL */
	size_t		len;
} BrValue;

typedef enum BrConditionOp
{
	BR_COND_AND,				/* args */
	BR_COND_OR,					/* args */
	BR_COND_NOT,				/* one arg */
	BR_COND_EQ,					/* path, values[0]; so up to CONTAINS */
	BR_COND_NE,
	BR_COND_LT,
	BR_COND_LE,
	BR_COND_GT,
	BR_COND_GE,
	BR_COND_BEGINS_WITH,
	BR_COND_CONTAINS,
	BR_COND_ATTRIBUTE_TYPE,		/* path, values[0]: the tag as S */
	BR_COND_BETWEEN,			/* path, values[0] and values[1], inclusive */
	BR_COND_IN,					/* path, values */
	BR_COND_EXISTS,				/* path */
	BR_COND_NOT_EXISTS			/* path */
} BrConditionOp;

typedef struct BrCondition
{
	BrConditionOp op;
	int			nargs;			/* AND, OR, NOT */
	struct BrCondition **args;
	BrPath		path;
	int			nvalues;
	BrValue    *values;
} BrCondition;

/* Constructors; palloc'd, pointers are kept, not copied. */
extern BrCondition *br_cond_compare(BrConditionOp op, const BrPath *path, const BrValue *value);
extern BrCondition *br_cond_between(const BrPath *path, const BrValue *low, const BrValue *high);
extern BrCondition *br_cond_exists(BrConditionOp op, const BrPath *path);
extern BrCondition *br_cond_not(BrCondition *arg);

/* a AND b; either may be NULL, which stands for "true". Flattens. */
extern BrCondition *br_cond_and(BrCondition *a, BrCondition *b);

/* a OR b; either may be NULL, which stands for "false". Flattens. */
extern BrCondition *br_cond_or(BrCondition *a, BrCondition *b);

/* The placeholders of one request. */
typedef struct BrPlaceholders
{
	int			nnames;
	const char **names;			/* #0, #1, ...: distinct */
	int			nvalues;
	const BrValue **values;		/* :0, :1, ... */
	int			noperators;		/* counted against DynamoDB's 300 */
} BrPlaceholders;

extern void br_placeholders_init(BrPlaceholders *ph);
extern void br_expression_path(StringInfo out, BrPlaceholders *ph, const BrPath *path);
extern void br_expression_value(StringInfo out, BrPlaceholders *ph, const BrValue *value);
extern void br_expression_condition(StringInfo out, BrPlaceholders *ph, const BrCondition *cond);

/* {"S":"..."}, {"N":"1"}, ...; what is JSON already as it stands. */
extern void br_value_append_json(StringInfo out, const BrValue *value);

/* A JSON string with quotes. */
extern void br_json_append_string(StringInfo out, const char *text, size_t len);

/*
 * A condition for people to read, as EXPLAIN shows it: names as paths, values
 * in quotes:  pk = 'TESTRUN#1' AND begins_with(sk, 'AGGREGATE#')
 */
extern void br_condition_append_text(StringInfo out, const BrCondition *cond);

#endif							/* BR_EXPRESSION_H */
