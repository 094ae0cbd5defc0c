/*
 * index_command.c
 *		The command that adds an index to a DynamoDB table.
 *
 * Names come from the catalogs, where others than the reader may have put
 * them, so that each word is quoted for the shell.
 */
#include "base/br.h"

#include "dynamodb/expression.h"
#include "functions/index_command.h"

static void
append_shell_word(StringInfo out, const char *word)
{
	appendStringInfoChar(out, '\'');
	for (const char *p = word; *p != '\0'; p++)
	{
		if (*p == '\'')
			appendStringInfoString(out, "'\\''");
		else
			appendStringInfoChar(out, *p);
	}
	appendStringInfoChar(out, '\'');
}

static void
append_argument(StringInfo out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	appendStringInfo(out, " --%s ", name);
	append_shell_word(out, value);
}

static void
append_text(StringInfo out, const char *before, const char *text)
{
	appendStringInfoString(out, before);
	br_json_append_string(out, text, strlen(text));
}

static char *
attribute_definitions(const BrIndexInfo *index)
{
	StringInfoData json;

	initStringInfo(&json);
	append_text(&json, "[{\"AttributeName\": ", index->pk);
	append_text(&json, ", \"AttributeType\": ", br_type_name(index->pk_type));
	if (index->sk != NULL)
	{
		append_text(&json, "}, {\"AttributeName\": ", index->sk);
		append_text(&json, ", \"AttributeType\": ", br_type_name(index->sk_type));
	}
	appendStringInfoString(&json, "}]");
	return json.data;
}

static void
append_projection(StringInfo json, const BrIndexInfo *index)
{
	if (index->projection != BR_PROJECTION_INCLUDE)
	{
		appendStringInfoString(json, "{\"ProjectionType\": \"ALL\"}");
		return;
	}
	appendStringInfoString(json, "{\"ProjectionType\": \"INCLUDE\", \"NonKeyAttributes\": [");
	for (int i = 0; i < index->nincluded; i++)
		append_text(json, i > 0 ? ", " : "", index->included[i]);
	appendStringInfoString(json, "]}");
}

static char *
index_updates(const BrIndexInfo *index)
{
	StringInfoData json;

	initStringInfo(&json);
	append_text(&json, "[{\"Create\": {\"IndexName\": ", index->name);
	append_text(&json, ", \"KeySchema\": [{\"AttributeName\": ", index->pk);
	appendStringInfoString(&json, ", \"KeyType\": \"HASH\"}");
	if (index->sk != NULL)
	{
		append_text(&json, ", {\"AttributeName\": ", index->sk);
		appendStringInfoString(&json, ", \"KeyType\": \"RANGE\"}");
	}
	appendStringInfoString(&json, "], \"Projection\": ");
	append_projection(&json, index);
	appendStringInfoString(&json, "}}]");
	return json.data;
}

char *
br_index_command(const BrDeclared *table, const BrIndexInfo *index)
{
	StringInfoData command;

	initStringInfo(&command);
	appendStringInfoString(&command, "aws dynamodb update-table");
	append_argument(&command, "region", br_declared_option(table->server_options, "region"));
	append_argument(&command, "endpoint-url", br_declared_option(table->server_options, "endpoint"));
	append_argument(&command, "table-name", table->remote);
	append_argument(&command, "attribute-definitions", attribute_definitions(index));
	append_argument(&command, "global-secondary-index-updates", index_updates(index));
	return command.data;
}
