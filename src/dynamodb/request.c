/*
 * request.c
 *		Writing the bodies of requests.
 *
 * Decides what of a read is said to the service, so that it is not refused:
 * members only where their operation has them, no projection beside
 * Select=COUNT, no projected path twice or within another one.  Whether an
 * index may be read so at all is decided above.
 */
#include "base/br.h"

#include "dynamodb/request_private.h"

/* DynamoDB's limit for the bytes of an expression. */
#define MAX_EXPRESSION	4096

const char *
br_operation_name(BrOperation op)
{
	static const char *const names[] = {
		[BR_OP_GET_ITEM] = "GetItem",
		[BR_OP_BATCH_GET_ITEM] = "BatchGetItem",
		[BR_OP_QUERY] = "Query",
		[BR_OP_SCAN] = "Scan",
		[BR_OP_DESCRIBE_TABLE] = "DescribeTable",
		[BR_OP_LIST_TABLES] = "ListTables",
		[BR_OP_PUT_ITEM] = "PutItem",
		[BR_OP_UPDATE_ITEM] = "UpdateItem",
		[BR_OP_DELETE_ITEM] = "DeleteItem",
		[BR_OP_BATCH_WRITE_ITEM] = "BatchWriteItem",
		[BR_OP_TRANSACT_WRITE_ITEMS] = "TransactWriteItems",
	};

	StaticAssertStmt(lengthof(names) == BR_NUM_OPERATIONS, "an operation has no name");
	return names[op];
}

void
br_body_text(StringInfo out, const char *text)
{
	br_json_append_string(out, text, strlen(text));
}

void
br_body_key(StringInfo out, const BrKey *key)
{
	appendStringInfoChar(out, '{');
	br_body_text(out, key->pk_name);
	appendStringInfoChar(out, ':');
	br_value_append_json(out, key->pk);
	if (key->sk_name != NULL)
	{
		appendStringInfoChar(out, ',');
		br_body_text(out, key->sk_name);
		appendStringInfoChar(out, ':');
		br_value_append_json(out, key->sk);
	}
	appendStringInfoChar(out, '}');
}

static void
append_keys(StringInfo out, const BrRead *read)
{
	int			i;

	appendStringInfoChar(out, '[');
	for (i = 0; i < read->nkeys; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		br_body_key(out, &read->keys[i]);
	}
	appendStringInfoChar(out, ']');
}

/*
 * What to project for a path: the path up to its first list element.  The
 * service closes up the lists it answers (of l[2] comes a list of one element),
 * so that an index would no longer lead to its element; and it refuses l[0]
 * beside l.x.
 */
static BrPath
projected(const BrPath *path)
{
	BrPath		cut = *path;
	int			i;

	for (i = 0; i < path->nsteps; i++)
	{
		if (path->steps[i].name == NULL)
		{
			cut.nsteps = i;
			break;
		}
	}
	return cut;
}

/* Does another path, of equal ones the first, lead to all that paths[which] does? */
static bool
is_covered(const BrPath *paths, int npaths, int which)
{
	int			i;

	for (i = 0; i < npaths; i++)
	{
		if (i != which && br_path_is_prefix(&paths[i], &paths[which]) &&
			(i < which || paths[i].nsteps < paths[which].nsteps))
			return true;
	}
	return false;
}

/* Nothing, which means all attributes, where the expression would be too long. */
static void
append_projection(StringInfo out, BrPlaceholders *ph, const BrRead *read)
{
	int			nnames = ph->nnames;
	StringInfoData text;
	BrPath	   *paths;
	int			npaths;
	int			i;

	if (read->nprojection == 0)
		return;
	paths = palloc((read->nprojection + 2) * sizeof(BrPath));
	for (npaths = 0; npaths < read->nprojection; npaths++)
		paths[npaths] = projected(&read->projection[npaths]);

	/* its answers come in any order: only by their keys do we know them */
	if (read->op == BR_OP_BATCH_GET_ITEM)
	{
		br_path_of_name(read->keys[0].pk_name, &paths[npaths++]);
		if (read->keys[0].sk_name != NULL)
			br_path_of_name(read->keys[0].sk_name, &paths[npaths++]);
	}

	initStringInfo(&text);
	for (i = 0; i < npaths; i++)
	{
		if (is_covered(paths, npaths, i))
			continue;
		if (text.len > 0)
			appendStringInfoString(&text, ", ");
		br_expression_path(&text, ph, &paths[i]);
	}
	if (text.len > MAX_EXPRESSION)
		ph->nnames = nnames;
	else
		appendStringInfo(out, ",\"ProjectionExpression\":\"%s\"", text.data);
}

void
br_body_condition(StringInfo out, BrPlaceholders *ph, const char *member, const BrCondition *cond)
{
	if (cond == NULL)
		return;
	appendStringInfo(out, ",\"%s\":\"", member);
	br_expression_condition(out, ph, cond);
	appendStringInfoChar(out, '"');
}

void
br_body_placeholders(StringInfo out, const BrPlaceholders *ph)
{
	int			i;

	for (i = 0; i < ph->nnames; i++)
	{
		appendStringInfo(out, "%s\"#%d\":",
						 i == 0 ? ",\"ExpressionAttributeNames\":{" : ",", i);
		br_body_text(out, ph->names[i]);
	}
	if (ph->nnames > 0)
		appendStringInfoChar(out, '}');

	for (i = 0; i < ph->nvalues; i++)
	{
		appendStringInfo(out, "%s\":%d\":",
						 i == 0 ? ",\"ExpressionAttributeValues\":{" : ",", i);
		br_value_append_json(out, ph->values[i]);
	}
	if (ph->nvalues > 0)
		appendStringInfoChar(out, '}');
}

/* What GetItem and each table of BatchGetItem have in common. */
static void
append_item_options(StringInfo out, const BrRead *read)
{
	BrPlaceholders ph;

	br_placeholders_init(&ph);
	append_projection(out, &ph, read);
	br_body_placeholders(out, &ph);
	if (read->consistent)
		appendStringInfoString(out, ",\"ConsistentRead\":true");
}

static void
append_get_item(StringInfo out, const BrRead *read)
{
	appendStringInfoString(out, "{\"TableName\":");
	br_body_text(out, read->table);
	appendStringInfoString(out, ",\"Key\":");
	br_body_key(out, &read->keys[0]);
	append_item_options(out, read);
}

static void
append_batch_get_item(StringInfo out, const BrRead *read)
{
	appendStringInfoString(out, "{\"RequestItems\":{");
	br_body_text(out, read->table);
	appendStringInfoString(out, ":{\"Keys\":");
	append_keys(out, read);
	append_item_options(out, read);
	appendStringInfoString(out, "}}");
}

static void
append_query_or_scan(StringInfo out, const BrRead *read)
{
	BrPlaceholders ph;

	appendStringInfoString(out, "{\"TableName\":");
	br_body_text(out, read->table);
	if (read->index != NULL)
	{
		appendStringInfoString(out, ",\"IndexName\":");
		br_body_text(out, read->index);
	}

	br_placeholders_init(&ph);
	if (read->op == BR_OP_QUERY)
		br_body_condition(out, &ph, "KeyConditionExpression", read->key_condition);
	br_body_condition(out, &ph, "FilterExpression", read->filter);
	if (read->count_only)
		appendStringInfoString(out, ",\"Select\":\"COUNT\"");
	else if (read->all_attributes)
		appendStringInfoString(out, ",\"Select\":\"ALL_ATTRIBUTES\"");
	else
		append_projection(out, &ph, read);
	br_body_placeholders(out, &ph);

	if (read->consistent)
		appendStringInfoString(out, ",\"ConsistentRead\":true");
	if (read->op == BR_OP_QUERY && read->backward)
		appendStringInfoString(out, ",\"ScanIndexForward\":false");
	if (read->op == BR_OP_SCAN && read->total_segments > 1)
		appendStringInfo(out, ",\"Segment\":%d,\"TotalSegments\":%d",
						 read->segment, read->total_segments);
}

void
br_body_capacity(StringInfo out)
{
	appendStringInfoString(out, ",\"ReturnConsumedCapacity\":\"TOTAL\"");
}

void
br_request_read(StringInfo out, const BrRead *read)
{
	switch (read->op)
	{
		case BR_OP_GET_ITEM:
			append_get_item(out, read);
			break;
		case BR_OP_BATCH_GET_ITEM:
			append_batch_get_item(out, read);
			break;
		default:
			append_query_or_scan(out, read);
	}
	br_body_capacity(out);
}

void
br_request_finish(StringInfo out, const BrRaw *start_key, int limit)
{
	if (limit > 0)
		appendStringInfo(out, ",\"Limit\":%d", limit);
	if (start_key != NULL && start_key->ptr != NULL)
	{
		appendStringInfoString(out, ",\"ExclusiveStartKey\":");
		appendBinaryStringInfo(out, start_key->ptr, start_key->len);
	}
	appendStringInfoChar(out, '}');
}

void
br_request_unprocessed(StringInfo out, const BrRaw *unprocessed)
{
	appendStringInfoString(out, "{\"RequestItems\":");
	appendBinaryStringInfo(out, unprocessed->ptr, unprocessed->len);
	br_body_capacity(out);
	appendStringInfoChar(out, '}');
}

void
br_request_describe_table(StringInfo out, const char *table)
{
	appendStringInfoString(out, "{\"TableName\":");
	br_body_text(out, table);
	appendStringInfoChar(out, '}');
}
