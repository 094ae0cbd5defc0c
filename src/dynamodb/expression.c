/*
 * expression.c
 *		Writing values and conditions: for the service and for people.
 *
 * One renderer writes both forms of a condition.  They differ only in how names
 * and values look: numbered placeholders for the service, paths and literals
 * for people.
 */
#include "base/br.h"

#include "base/array.h"
#include "dynamodb/expression.h"

/* Where a condition is written. */
typedef struct Pen
{
	StringInfo	out;
	BrPlaceholders *ph;			/* NULL: for people */
} Pen;

static void append_condition(Pen *pen, const BrCondition *cond);

static BrCondition *
make_junction(BrConditionOp op, int nargs)
{
	BrCondition *cond = palloc0(sizeof(BrCondition));

	cond->op = op;
	cond->nargs = nargs;
	cond->args = palloc(nargs * sizeof(BrCondition *));
	return cond;
}

static BrCondition *
make_leaf(BrConditionOp op, const BrPath *path, int nvalues)
{
	BrCondition *cond = palloc0(sizeof(BrCondition));

	cond->op = op;
	cond->path = *path;
	cond->nvalues = nvalues;
	if (nvalues > 0)
		cond->values = palloc(nvalues * sizeof(BrValue));
	return cond;
}

BrCondition *
br_cond_compare(BrConditionOp op, const BrPath *path, const BrValue *value)
{
	BrCondition *cond = make_leaf(op, path, 1);

	cond->values[0] = *value;
	return cond;
}

BrCondition *
br_cond_between(const BrPath *path, const BrValue *low, const BrValue *high)
{
	BrCondition *cond = make_leaf(BR_COND_BETWEEN, path, 2);

	cond->values[0] = *low;
	cond->values[1] = *high;
	return cond;
}

BrCondition *
br_cond_exists(BrConditionOp op, const BrPath *path)
{
	return make_leaf(op, path, 0);
}

BrCondition *
br_cond_not(BrCondition *arg)
{
	BrCondition *cond = make_junction(BR_COND_NOT, 1);

	cond->args[0] = arg;
	return cond;
}

/* What cond joins by op goes to args; returns the number. args NULL: count only. */
static int
members(BrConditionOp op, BrCondition *cond, BrCondition **args)
{
	if (cond->op == op)
	{
		if (args != NULL)
			memcpy(args, cond->args, cond->nargs * sizeof(BrCondition *));
		return cond->nargs;
	}
	if (args != NULL)
		args[0] = cond;
	return 1;
}

static BrCondition *
join(BrConditionOp op, BrCondition *a, BrCondition *b)
{
	BrCondition *cond;
	int			from_a;

	if (a == NULL)
		return b;
	if (b == NULL)
		return a;
	from_a = members(op, a, NULL);
	cond = make_junction(op, from_a + members(op, b, NULL));
	members(op, a, cond->args);
	members(op, b, cond->args + from_a);
	return cond;
}

BrCondition *
br_cond_and(BrCondition *a, BrCondition *b)
{
	return join(BR_COND_AND, a, b);
}

BrCondition *
br_cond_or(BrCondition *a, BrCondition *b)
{
	return join(BR_COND_OR, a, b);
}

void
br_placeholders_init(BrPlaceholders *ph)
{
	memset(ph, 0, sizeof(*ph));
}

static int
name_placeholder(BrPlaceholders *ph, const char *name)
{
	int			i;

	for (i = 0; i < ph->nnames; i++)
	{
		if (strcmp(ph->names[i], name) == 0)
			return i;
	}
	ph->names = br_array_grow(ph->names, ph->nnames, sizeof(char *));
	ph->names[ph->nnames] = name;
	return ph->nnames++;
}

/*
 * Equal values get placeholders of their own: sharing one would let the values
 * decide the text of the expression.
 */
static int
value_placeholder(BrPlaceholders *ph, const BrValue *value)
{
	ph->values = br_array_grow(ph->values, ph->nvalues, sizeof(BrValue *));
	ph->values[ph->nvalues] = value;
	return ph->nvalues++;
}

void
br_expression_path(StringInfo out, BrPlaceholders *ph, const BrPath *path)
{
	int			i;

	for (i = 0; i < path->nsteps; i++)
	{
		const BrStep *step = &path->steps[i];

		if (step->name == NULL)
			appendStringInfo(out, "[%d]", step->index);
		else
			appendStringInfo(out, i > 0 ? ".#%d" : "#%d", name_placeholder(ph, step->name));
	}
}

void
br_expression_value(StringInfo out, BrPlaceholders *ph, const BrValue *value)
{
	appendStringInfo(out, ":%d", value_placeholder(ph, value));
}

/* As in SQL: each single quote inside is doubled. */
static void
append_quoted(StringInfo out, const char *text, size_t len)
{
	size_t		i;

	appendStringInfoChar(out, '\'');
	for (i = 0; i < len; i++)
	{
		if (text[i] == '\'')
			appendStringInfoChar(out, '\'');
		appendStringInfoChar(out, text[i]);
	}
	appendStringInfoChar(out, '\'');
}

static void
append_literal(StringInfo out, const BrValue *value)
{
	switch (value->type)
	{
		case BR_TYPE_ABSENT:	/* JSON */
		case BR_TYPE_N:
		case BR_TYPE_BOOL:
			appendBinaryStringInfo(out, value->text, value->len);
			break;
		case BR_TYPE_NULL:
			appendStringInfoString(out, "NULL");
			break;
		case BR_TYPE_B:
			appendStringInfoString(out, "base64 ");
			append_quoted(out, value->text, value->len);
			break;
		default:
			append_quoted(out, value->text, value->len);
	}
}

static void
append_path(Pen *pen, const BrPath *path)
{
	if (pen->ph != NULL)
		br_expression_path(pen->out, pen->ph, path);
	else
		br_path_append(pen->out, path);
}

static void
append_value(Pen *pen, const BrValue *value)
{
	if (pen->ph != NULL)
		br_expression_value(pen->out, pen->ph, value);
	else
		append_literal(pen->out, value);
}

/* DynamoDB Local counts each comparison, function, AND, OR and NOT as one. */
static void
count_operators(Pen *pen, int n)
{
	if (pen->ph != NULL)
		pen->ph->noperators += n;
}

static void
append_infix(Pen *pen, const BrCondition *cond, const char *operator)
{
	append_path(pen, &cond->path);
	appendStringInfoString(pen->out, operator);
	append_value(pen, &cond->values[0]);
}

static void
append_between(Pen *pen, const BrCondition *cond)
{
	append_infix(pen, cond, " BETWEEN ");
	appendStringInfoString(pen->out, " AND ");
	append_value(pen, &cond->values[1]);
}

static void
append_in(Pen *pen, const BrCondition *cond)
{
	int			i;

	append_infix(pen, cond, " IN (");
	for (i = 1; i < cond->nvalues; i++)
	{
		appendStringInfoString(pen->out, ", ");
		append_value(pen, &cond->values[i]);
	}
	appendStringInfoChar(pen->out, ')');
}

/* A function of the path and the value, if there is one. */
static void
append_call(Pen *pen, const BrCondition *cond, const char *function)
{
	appendStringInfo(pen->out, "%s(", function);
	append_path(pen, &cond->path);
	if (cond->nvalues > 0)
	{
		appendStringInfoString(pen->out, ", ");
		append_value(pen, &cond->values[0]);
	}
	appendStringInfoChar(pen->out, ')');
}

/* How tightly an operator binds. */
static int
binding(BrConditionOp op)
{
	switch (op)
	{
		case BR_COND_OR:
			return 1;
		case BR_COND_AND:
			return 2;
		case BR_COND_NOT:
			return 3;
		default:
			return 4;
	}
}

/* AND and OR of one argument are that argument. */
static const BrCondition *
strip(const BrCondition *cond)
{
	while ((cond->op == BR_COND_AND || cond->op == BR_COND_OR) && cond->nargs == 1)
		cond = cond->args[0];
	return cond;
}

/* Parentheses only where needed: DynamoDB refuses redundant ones. */
static void
append_argument(Pen *pen, BrConditionOp outer, const BrCondition *arg)
{
	bool		parens;

	arg = strip(arg);

	/* NOT NOT x is legal for AWS but a syntax error for dynalite */
	parens = binding(arg->op) < binding(outer) ||
		(outer == BR_COND_NOT && arg->op == BR_COND_NOT);
	if (parens)
		appendStringInfoChar(pen->out, '(');
	append_condition(pen, arg);
	if (parens)
		appendStringInfoChar(pen->out, ')');
}

static void
append_junction(Pen *pen, const BrCondition *cond, const char *operator)
{
	int			i;

	count_operators(pen, cond->nargs - 1);
	for (i = 0; i < cond->nargs; i++)
	{
		if (i > 0)
			appendStringInfoString(pen->out, operator);
		append_argument(pen, cond->op, cond->args[i]);
	}
}

static void
append_leaf(Pen *pen, const BrCondition *cond)
{
	static const char *const comparisons[] = {
		[BR_COND_EQ] = " = ",
		[BR_COND_NE] = " <> ",
		[BR_COND_LT] = " < ",
		[BR_COND_LE] = " <= ",
		[BR_COND_GT] = " > ",
		[BR_COND_GE] = " >= ",
	};
	static const char *const functions[] = {
		[BR_COND_BEGINS_WITH] = "begins_with",
		[BR_COND_CONTAINS] = "contains",
		[BR_COND_ATTRIBUTE_TYPE] = "attribute_type",
		[BR_COND_EXISTS] = "attribute_exists",
		[BR_COND_NOT_EXISTS] = "attribute_not_exists",
	};

	count_operators(pen, 1);
	if (cond->op == BR_COND_BETWEEN)
		append_between(pen, cond);
	else if (cond->op == BR_COND_IN)
		append_in(pen, cond);
	else if (cond->op <= BR_COND_GE)
		append_infix(pen, cond, comparisons[cond->op]);
	else
		append_call(pen, cond, functions[cond->op]);
}

static void
append_condition(Pen *pen, const BrCondition *cond)
{
	cond = strip(cond);
	switch (cond->op)
	{
		case BR_COND_AND:
			append_junction(pen, cond, " AND ");
			break;
		case BR_COND_OR:
			append_junction(pen, cond, " OR ");
			break;
		case BR_COND_NOT:
			count_operators(pen, 1);
			appendStringInfoString(pen->out, "NOT ");
			append_argument(pen, BR_COND_NOT, cond->args[0]);
			break;
		default:
			append_leaf(pen, cond);
	}
}

void
br_expression_condition(StringInfo out, BrPlaceholders *ph, const BrCondition *cond)
{
	Pen			pen = {out, ph};

	append_condition(&pen, cond);
}

void
br_condition_append_text(StringInfo out, const BrCondition *cond)
{
	Pen			pen = {out, NULL};

	append_condition(&pen, cond);
}

void
br_value_append_json(StringInfo out, const BrValue *value)
{
	if (value->type == BR_TYPE_ABSENT)
	{
		appendBinaryStringInfo(out, value->text, value->len);
		return;
	}
	appendStringInfo(out, "{\"%s\":", br_type_name(value->type));
	if (value->type == BR_TYPE_NULL)
		appendStringInfoString(out, "true");
	else if (value->type == BR_TYPE_BOOL)
		appendBinaryStringInfo(out, value->text, value->len);
	else
		br_json_append_string(out, value->text, value->len);
	appendStringInfoChar(out, '}');
}

void
br_json_append_string(StringInfo out, const char *text, size_t len)
{
	size_t		done = 0;
	size_t		i;

	appendStringInfoChar(out, '"');
	for (i = 0; i < len; i++)
	{
		unsigned char c = text[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		appendBinaryStringInfo(out, text + done, i - done);
		if (c >= 0x20)
			appendStringInfo(out, "\\%c", c);
		else
			appendStringInfo(out, "\\u%04x", c);
		done = i + 1;
	}
	appendBinaryStringInfo(out, text + done, len - done);
	appendStringInfoChar(out, '"');
}
