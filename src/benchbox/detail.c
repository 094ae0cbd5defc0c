/*
 * detail.c
 *		What the fields of one entry of details say of each other.
 */
#include "base/br.h"

#include <math.h>

#include "benchbox/finding.h"
#include "benchbox/schema.h"

/* Between the text that is left and the marker there may be white space. */
#define MARKER_SPACE 2

static int32
member(const BrCheck *check, int32 object, const char *name)
{
	return br_document_member(check->doc, object, name, strlen(name));
}

/* Whether the text ends with the marker. */
static bool
is_marked(const char *text, size_t len)
{
	size_t		marker = strlen(BR_BENCHBOX_TRUNCATED);

	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		len--;
	return len >= marker && memcmp(text + len - marker, BR_BENCHBOX_TRUNCATED, marker) == 0;
}

static int64
count_characters(const char *text, size_t len)
{
	int64		n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char) text[i] & 0xc0) != 0x80;
	return n;
}

/* The length of sql_text, its marker, and the flag beside it. */
static void
check_sql(BrCheck *check, int32 detail)
{
	int32		sql = member(check, detail, "sql_text");
	int32		flag = member(check, detail, "sql_truncated");
	bool		flagged = br_document_is(check->doc, flag, BR_NODE_BOOL) &&
		check->doc->text[check->doc->nodes[flag].start] == 't';
	bool		marked = false;
	size_t		len;
	const char *text;

	if (br_document_is(check->doc, sql, BR_NODE_STRING))
	{
		int64		characters;

		text = br_document_string(check->doc, sql, check->scratch, &len);
		marked = text != NULL && is_marked(text, len);
		characters = text != NULL ? count_characters(text, len) : 0;
		if (characters > BR_BENCHBOX_SQL_CHARACTERS + (marked ? (int) strlen(BR_BENCHBOX_TRUNCATED) + MARKER_SPACE : 0))
			br_finding(check, BR_FINDING_ERROR, "sql_length", sql, NULL,
					   "it has " INT64_FORMAT " characters, but may have %d", characters, BR_BENCHBOX_SQL_CHARACTERS);
	}
	if (marked && !flagged)
		br_finding(check, BR_FINDING_ERROR, "truncation", detail, "sql_truncated",
				   "it must be true, for sql_text ends with the marker %s", BR_BENCHBOX_TRUNCATED);
	else if (flagged && !marked)
		br_finding(check, BR_FINDING_ERROR, "truncation", flag, NULL,
				   "it is true, but sql_text does not end with the marker %s", BR_BENCHBOX_TRUNCATED);
	else if (br_document_is(check->doc, flag, BR_NODE_BOOL) && !flagged)
		br_finding(check, BR_FINDING_WARNING, "truncation", flag, NULL, "it is there only where sql_text was truncated");
}

static void
check_row_count(BrCheck *check, int32 detail)
{
	const BrDocument *doc = check->doc;
	int32		row_count = member(check, detail, "row_count_validation");
	int32		status = member(check, row_count, "status");
	int32		error = member(check, row_count, "error");
	int32		warning = member(check, row_count, "warning");
	double		actual = br_document_number(doc, member(check, row_count, "actual"));
	int32		returned = member(check, detail, "rows_returned");

	if (br_document_equals(doc, status, "PASSED") && br_document_is(doc, error, BR_NODE_STRING))
		br_finding(check, BR_FINDING_WARNING, "row_count", error, NULL, "it is there although the validation passed");
	if (br_document_is(doc, warning, BR_NODE_STRING) && br_document_is(doc, status, BR_NODE_STRING) &&
		!br_document_equals(doc, status, "SKIPPED"))
		br_finding(check, BR_FINDING_NOTE, "row_count", warning, NULL, "it is there although the validation was not skipped");
	if (br_document_equals(doc, status, "FAILED") && br_document_equals(doc, member(check, detail, "status"), "SUCCESS"))
		br_finding(check, BR_FINDING_WARNING, "row_count", detail, "status", "it is SUCCESS, but the number of rows was wrong");
	if (!isnan(actual) && br_document_is(doc, returned, BR_NODE_NUMBER) && br_document_number(doc, returned) != actual)
		br_finding(check, BR_FINDING_WARNING, "row_count", returned, NULL,
				   "it is %s, but row_count_validation counted %.0f", br_finding_shown(doc, returned), actual);
}

void
br_check_detail(BrCheck *check, int32 detail)
{
	if (br_document_equals(check->doc, member(check, detail, "status"), "SUCCESS") &&
		member(check, detail, "execution_time_ms") == BR_NODE_NONE)
		br_finding(check, BR_FINDING_NOTE, "absent", detail, "execution_time_ms", "a query that succeeded took some time");
	check_sql(check, detail);
	if (br_document_is(check->doc, member(check, detail, "row_count_validation"), BR_NODE_OBJECT))
		check_row_count(check, detail);
}
