/*
 * write.c
 *		Writing the bodies of requests that write.
 *
 * Decides what is asked for beside the write itself: the units charged always,
 * and the item where it tells whether a write took place that got no answer.
 */
#include "base/br.h"

#include "dynamodb/equal.h"
#include "dynamodb/request_private.h"
#include "dynamodb/write.h"

/* Room for all that stands around an item, nearly always. */
#define AROUND	512

static void
append_item(StringInfo out, const BrWrite *write)
{
	enlargeStringInfo(out, write->item_len + AROUND);
	appendBinaryStringInfo(out, write->item, write->item_len);
}

/*
 * The changes of one kind behind its keyword, as short as can be: an expression
 * ends at 4 KB, which so holds about 400 changes.  False if there are none.
 */
static bool
append_clause(StringInfo out, BrPlaceholders *ph, const BrWrite *write,
			  bool removes, const char *keyword)
{
	bool		any = false;

	for (int i = 0; i < write->nchanges; i++)
	{
		const BrChange *change = &write->changes[i];
		BrValue    *value;

		if ((change->json == NULL) != removes)
			continue;
		appendStringInfoString(out, any ? "," : keyword);
		any = true;
		br_expression_path(out, ph, &change->path);
		if (removes)
			continue;
		value = palloc(sizeof(BrValue));
		*value = (BrValue) {BR_TYPE_ABSENT, change->json, change->len};
		appendStringInfoChar(out, '=');
		br_expression_value(out, ph, value);
	}
	return any;
}

/* "TableName" and all that says what is written, without the braces around it. */
static void
append_write(StringInfo out, const BrWrite *write)
{
	BrPlaceholders ph;
	bool		sets;

	br_placeholders_init(&ph);
	appendStringInfoString(out, "\"TableName\":");
	br_body_text(out, write->table);
	if (write->op == BR_OP_PUT_ITEM)
	{
		appendStringInfoString(out, ",\"Item\":");
		append_item(out, write);
	}
	else
	{
		appendStringInfoString(out, ",\"Key\":");
		br_body_key(out, &write->key);
	}
	if (write->op == BR_OP_UPDATE_ITEM)
	{
		appendStringInfoString(out, ",\"UpdateExpression\":\"");
		sets = append_clause(out, &ph, write, false, "SET ");
		append_clause(out, &ph, write, true, sets ? " REMOVE " : "REMOVE ");
		appendStringInfoChar(out, '"');
	}
	br_body_condition(out, &ph, "ConditionExpression", write->condition);
	br_body_placeholders(out, &ph);
}

void
br_request_write(StringInfo out, const BrWrite *write)
{
	appendStringInfoChar(out, '{');
	append_write(out, write);
	if (write->returns == BR_RETURNS_OLD)
		appendStringInfoString(out, ",\"ReturnValues\":\"ALL_OLD\"");
	else if (write->returns == BR_RETURNS_NEW && write->op == BR_OP_UPDATE_ITEM)
		appendStringInfoString(out, ",\"ReturnValues\":\"ALL_NEW\"");
	if (write->condition != NULL)
		appendStringInfoString(out, ",\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"");
	br_body_capacity(out);
	appendStringInfoChar(out, '}');
}

void
br_request_batch_write(StringInfo out, int n, const BrWrite *const *writes)
{
	Assert(n >= 1 && n <= BR_MAX_BATCH_WRITES);
	appendStringInfoString(out, "{\"RequestItems\":{");
	br_body_text(out, writes[0]->table);
	appendStringInfoString(out, ":[");
	for (int i = 0; i < n; i++)
	{
		bool		puts = writes[i]->op == BR_OP_PUT_ITEM;

		Assert(puts || writes[i]->op == BR_OP_DELETE_ITEM);
		if (i > 0)
			appendStringInfoChar(out, ',');
		appendStringInfoString(out, puts ? "{\"PutRequest\":{\"Item\":" : "{\"DeleteRequest\":{\"Key\":");
		if (puts)
			append_item(out, writes[i]);
		else
			br_body_key(out, &writes[i]->key);
		appendStringInfoString(out, "}}");
	}
	appendStringInfoString(out, "]}");
	br_body_capacity(out);
	appendStringInfoChar(out, '}');
}

/*
 * Of failed conditions the items are not asked for: a hundred of them make an
 * error too large to be read, and a retry with the same token needs none.
 */
void
br_request_transact_write(StringInfo out, int n, const BrWrite *const *writes, const char *token)
{
	Assert(n >= 1 && n <= BR_MAX_TRANSACT_WRITES);
	appendStringInfoString(out, "{\"TransactItems\":[");
	for (int i = 0; i < n; i++)
	{
		BrOperation op = writes[i]->op;

		if (i > 0)
			appendStringInfoChar(out, ',');
		appendStringInfoString(out, op == BR_OP_PUT_ITEM ? "{\"Put\":{" :
							   op == BR_OP_UPDATE_ITEM ? "{\"Update\":{" : "{\"Delete\":{");
		append_write(out, writes[i]);
		appendStringInfoString(out, "}}");
	}
	appendStringInfoString(out, "],\"ClientRequestToken\":");
	br_body_text(out, token);
	br_body_capacity(out);
	appendStringInfoChar(out, '}');
}

static bool
change_holds(const BrChange *change, const BrSpan *item)
{
	BrSpan		found = br_value_at(item, &change->path);
	BrSpan		wanted;
	BrError		err;

	if (change->json == NULL || found.type == BR_TYPE_ABSENT)
		return change->json == NULL && found.type == BR_TYPE_ABSENT;
	return br_value_span(change->json, change->len, &wanted, &err) &&
		br_values_equal(&found, &wanted);
}

bool
br_write_shows(const BrWrite *write, const BrSpan *item)
{
	BrSpan		ours = {.ptr = write->item, .len = write->item_len, .type = BR_TYPE_M};

	if (write->op == BR_OP_DELETE_ITEM || item->type == BR_TYPE_ABSENT)
		return write->op == BR_OP_DELETE_ITEM && item->type == BR_TYPE_ABSENT;
	if (write->op == BR_OP_PUT_ITEM)
		return br_values_equal(&ours, item);
	for (int i = 0; i < write->nchanges; i++)
	{
		if (!change_holds(&write->changes[i], item))
			return false;
	}
	return true;
}

bool
br_write_conflicts(const BrWrite *write, const BrSpan *item)
{
	for (int i = 0; i < write->nchanges && item->type == BR_TYPE_M; i++)
	{
		if (write->changes[i].makes &&
			br_value_at(item, &write->changes[i].path).type != BR_TYPE_ABSENT)
			return true;
	}
	return false;
}
