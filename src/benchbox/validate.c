/*
 * validate.c
 *		A document against the table of the schema, key by key.
 */
#include "base/br.h"

#include <math.h>

#include "base/array.h"
#include "benchbox/finding.h"
#include "benchbox/names.h"
#include "benchbox/schema.h"

#define MAX_SHOWN 60			/* bytes of a value in a message */

static void check_value(BrCheck *check, int32 node, int row);

const char *
br_severity_name(BrSeverity severity)
{
	return severity == BR_FINDING_ERROR ? "error" : severity == BR_FINDING_WARNING ? "warning" : "note";
}

void
br_finding(BrCheck *check, BrSeverity severity, const char *code, int32 node, const char *name, const char *fmt,...)
{
	BrFindings *findings = check->findings;
	BrFinding  *finding;
	StringInfoData path;
	va_list		args;

	if (findings->counts[severity]++ >= BR_FINDINGS_LISTED)
		return;
	findings->list = br_array_grow(findings->list, findings->n, sizeof(BrFinding));
	finding = &findings->list[findings->n++];
	initStringInfo(&path);
	br_document_append_path(&path, check->doc, node);
	if (name != NULL)
		appendStringInfo(&path, "%s%s", path.len > 0 ? "." : "", name);
	finding->severity = severity;
	finding->code = code;
	finding->path = path.data;

	/* nothing in a message is longer than MAX_SHOWN bytes but texts of our own */
	va_start(args, fmt);
	finding->message = palloc(1024);
	vsnprintf(unconstify(char *, finding->message), 1024, fmt, args);
	va_end(args);
}

char *
br_finding_shown(const BrDocument *doc, int32 node)
{
	const BrNode *value = &doc->nodes[node];
	bool		quoted = value->type == BR_NODE_STRING;
	const char *text = doc->text + value->start;
	int			len = value->len;

	if (len > MAX_SHOWN)
		len = br_names_clip(text, MAX_SHOWN);
	return psprintf("%s%.*s%s%s", quoted ? "\"" : "", len, text, len < value->len ? "..." : "", quoted ? "\"" : "");
}

static const char *
type_word(int type)
{
	switch (type)
	{
		case BR_NODE_NULL:
			return "null";
		case BR_NODE_BOOL:
			return "true or false";
		case BR_NODE_NUMBER:
			return "a number";
		case BR_NODE_STRING:
			return "a string";
		case BR_NODE_ARRAY:
			return "an array";
		default:
			return "an object";
	}
}

/* a number or an object */
static char *
type_words(int types)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int type = BR_NODE_OBJECT; type > 0; type >>= 1)
		if (types & type)
			appendStringInfo(&out, "%s%s", out.len > 0 ? " or " : "", type_word(type));
	return out.data;
}

static bool
check_type(BrCheck *check, int32 node, int row)
{
	int			type = check->doc->nodes[node].type;
	const BrRule *rule = &br_rules[row];

	if (type & rule->types)
		return true;
	if (type == BR_NODE_NULL && node != BR_NODE_ROOT)
		br_finding(check, rule->presence == BR_REQUIRED ? BR_FINDING_ERROR : BR_FINDING_WARNING, "null", node, NULL,
				   "it is null, but a value that is missing is left out");
	else
		br_finding(check, BR_FINDING_ERROR, "type", node, NULL, "it is %s, but must be %s",
				   type_word(type), type_words(rule->types));
	return false;
}

/* a, b, c */
static char *
listed(const char *values)
{
	StringInfoData out;

	initStringInfo(&out);
	for (; *values != '\0'; values++)
	{
		if (*values == '|')
			appendStringInfoString(&out, ", ");
		else
			appendStringInfoChar(&out, *values);
	}
	return out.data;
}

static void
check_values(BrCheck *check, int32 node, const BrRule *rule)
{
	bool		several = strchr(rule->values, '|') != NULL;
	size_t		len;
	const char *text = br_document_string(check->doc, node, check->scratch, &len);

	if (text == NULL || !br_rule_listed(rule->values, text, len))
		br_finding(check, rule->lenient ? BR_FINDING_WARNING : BR_FINDING_ERROR,
				   several ? "enum" : "literal", node, NULL, "it is %s, but must be %s%s",
				   br_finding_shown(check->doc, node), several ? "one of " : "", listed(rule->values));
}

static void
check_number(BrCheck *check, int32 node, BrValueForm form)
{
	double		value = br_document_number(check->doc, node);
	const char *wanted = NULL;

	if (isnan(value))
		return;					/* noted already */
	if (isinf(value))
		wanted = "within what double precision holds";
	else if (form == BR_VALUE_COUNT && value != floor(value))
	{
		br_finding(check, BR_FINDING_ERROR, "type", node, NULL, "it is %s, but must be an integer",
				   br_finding_shown(check->doc, node));
		return;
	}
	else if (form == BR_VALUE_POSITIVE && value <= 0)
		wanted = "greater than zero";
	else if ((form == BR_VALUE_COUNT || form == BR_VALUE_AMOUNT) && value < 0)
		wanted = "zero or more";
	else if (form == BR_VALUE_RATIO && (value < 0 || value > 1))
		wanted = "between 0 and 1";
	if (wanted != NULL)
		br_finding(check, BR_FINDING_ERROR, "range", node, NULL, "it is %s, but must be %s",
				   br_finding_shown(check->doc, node), wanted);
}

/* The number that n digits are; -1 if they are none. */
static int
digits(const char *text, int n)
{
	int			value = 0;

	for (int i = 0; i < n; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

static bool
is_zone(const char *p, const char *end)
{
	if (end - p == 1)
		return *p == 'Z';
	return (end - p == 6 || end - p == 5) && (*p == '+' || *p == '-') && digits(p + 1, 2) >= 0 &&
		digits(p + 1, 2) < 24 && digits(end - 2, 2) >= 0 && digits(end - 2, 2) < 60 && (end - p == 5 || p[3] == ':');
}

/* Whether a text is a timestamp; *zoned says that it is one with a zone. */
static bool
is_timestamp(const char *text, size_t len, bool *zoned)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	const char *end = text + len;
	int			year = len >= 19 ? digits(text, 4) : -1;
	int			month;
	int			day;
	bool		leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	*zoned = false;
	if (year < 1 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
		return false;
	month = digits(text + 5, 2);
	day = digits(text + 8, 2);
	if (month < 1 || month > 12 || day < 1 || day > lengths[month - 1] + (month == 2 && leap))
		return false;
	for (int i = 0; i < 3; i++)
	{
		int			value = digits(text + 11 + 3 * i, 2);

		if (value < 0 || value >= (i == 0 ? 24 : 60))
			return false;
	}
	text += 19;
	if (text < end && *text == '.')
	{
		const char *first = ++text;

		while (text < end && *text >= '0' && *text <= '9')
			text++;
		if (text == first || text - first > 9)
			return false;
	}
	*zoned = text < end;
	return text == end || is_zone(text, end);
}

static void
check_string(BrCheck *check, int32 node, BrValueForm form)
{
	const char *text;
	size_t		len;
	bool		zoned;

	if (form != BR_VALUE_NAME && form != BR_VALUE_TIMESTAMP)
		return;
	text = br_document_string(check->doc, node, check->scratch, &len);
	if (text == NULL)
		 /* noted already */ ;
	else if (len == 0)
		br_finding(check, BR_FINDING_ERROR, "empty", node, NULL, "it is empty");
	else if (form == BR_VALUE_TIMESTAMP && !is_timestamp(text, len, &zoned))
		br_finding(check, BR_FINDING_ERROR, "format", node, NULL,
				   "it is %s, but must be a timestamp such as \"2025-09-01T12:00:00.000123\"", br_finding_shown(check->doc, node));
	else if (form == BR_VALUE_TIMESTAMP && zoned)
		br_finding(check, BR_FINDING_NOTE, "zone", node, NULL, "timestamps are local times without a zone; it is %s",
				   br_finding_shown(check->doc, node));
}

/* A member that the schema does not know, and below it what other layouts have there. */
static void
check_unknown(BrCheck *check, int32 node, bool known_parent, int levels)
{
	const char *replacement = br_legacy_replacement(check->doc, node);

	if (replacement != NULL)
		br_finding(check, BR_FINDING_ERROR, "legacy", node, NULL, "it belongs to another layout; schema %s has %s",
				   BR_BENCHBOX_SCHEMA_VERSION, replacement);
	else if (known_parent)
		br_finding(check, BR_FINDING_NOTE, "unknown_key", node, NULL, "schema %s does not know it", BR_BENCHBOX_SCHEMA_VERSION);
	if (levels > 0 && br_document_is(check->doc, node, BR_NODE_OBJECT | BR_NODE_ARRAY))
		br_document_foreach(child, check->doc, node)
		{
			check_unknown(check, child, false, levels - 1);
			/* the others would say the same */
			if (check->doc->nodes[node].type == BR_NODE_ARRAY)
				break;
		}
}

/* Whether the document says that it is of the version before a row came. */
static bool
is_older(const BrDocument *doc, const BrRule *rule)
{
	return rule->since != NULL && br_document_equals(doc, br_document_member(doc, BR_NODE_ROOT, "schema_version", 14), "1.0");
}

static void
check_member(BrCheck *check, int32 node, int row, bool *seen)
{
	bool		other_name = false;
	const char *name;
	size_t		len;
	int			below;

	BR_CHECK_INTERRUPTS();
	name = br_document_name(check->doc, node, check->scratch, &len);
	below = br_rule_member(row, name, len, &other_name);
	if (below < 0)
	{
		if (!br_rules[row].open)
			check_unknown(check, node, true, 4);
		return;
	}
	seen[below] = true;
	if (other_name)
		br_finding(check, BR_FINDING_NOTE, "alias", node, NULL, "it is taken as %s", br_rule_name(below));
	if (is_older(check->doc, &br_rules[below]))
		br_finding(check, BR_FINDING_NOTE, "since", node, NULL, "schema %s brought it", br_rules[below].since);
	check_value(check, node, below);
}

static void
check_object(BrCheck *check, int32 node, int row)
{
	bool	   *seen = palloc0(br_rule_count);

	br_document_foreach(child, check->doc, node)
		check_member(check, child, row, seen);
	for (int below = br_rule_next_child(row, row); below >= 0; below = br_rule_next_child(row, below))
	{
		if (seen[below] || br_rules[below].presence == BR_OPTIONAL)
			continue;
		if (br_rules[below].presence == BR_REQUIRED)
			br_finding(check, BR_FINDING_ERROR, "missing", node, br_rule_name(below), "it must be there");
		else
			br_finding(check, BR_FINDING_NOTE, "absent", node, br_rule_name(below), "it is usually there");
	}
	pfree(seen);
}

static void
check_value(BrCheck *check, int32 node, int row)
{
	const BrRule *rule = &br_rules[row];
	bool		ignored;

	if (!check_type(check, node, row))
		return;
	switch (check->doc->nodes[node].type)
	{
		case BR_NODE_OBJECT:
			check_object(check, node, row);
			break;
		case BR_NODE_ARRAY:
			row = br_rule_member(row, NULL, 0, &ignored);
			if (row >= 0)
				br_document_foreach(child, check->doc, node)
					check_value(check, child, row);
			break;
		case BR_NODE_STRING:
			if (rule->values != NULL)
				check_values(check, node, rule);
			check_string(check, node, rule->form);
			break;
		case BR_NODE_NUMBER:
			check_number(check, node, rule->form);
			break;
		default:
			break;
	}
}

/* What is odd about the text itself. */
static void
check_text(BrCheck *check)
{
	const BrDocument *doc = check->doc;

	for (int i = 0; i < doc->nnotes; i++)
	{
		int32		node = doc->notes[i].node;

		switch (doc->notes[i].kind)
		{
			case BR_NOTE_DUPLICATE:
				br_finding(check, BR_FINDING_ERROR, "duplicate", node, NULL, "the object has this key more than once");
				break;
			case BR_NOTE_NOT_FINITE:
				br_finding(check, BR_FINDING_ERROR, "not_finite", node, NULL, "JSON has no %s", br_finding_shown(doc, node));
				break;
			case BR_NOTE_TEXT:
				br_finding(check, BR_FINDING_ERROR, "text", node, NULL,
						   "it holds what is no text: U+0000, or half of a surrogate pair");
				break;
		}
	}
}

static void
add_fault(BrCheck *check)
{
	uint32		line;
	uint32		column;

	br_document_place(check->doc, check->doc->fault_at, &line, &column);
	br_finding(check, BR_FINDING_ERROR, "json", check->doc->fault_node, NULL, "it is no JSON: %s at line %u, column %u",
			   check->doc->fault, line, column);
}

/* Says how many findings were left out. */
static void
add_rest(BrCheck *check)
{
	for (int severity = BR_FINDING_ERROR; severity <= BR_FINDING_NOTE; severity++)
	{
		int64		rest = check->findings->counts[severity] - BR_FINDINGS_LISTED;

		if (rest <= 0)
			continue;
		/* it takes the place of one that would not be listed */
		check->findings->counts[severity] = 0;
		br_finding(check, severity, "more", BR_NODE_NONE, NULL, "there are " INT64_FORMAT " more findings of this severity", rest);
		check->findings->counts[severity] = rest + BR_FINDINGS_LISTED;
	}
}

bool
br_benchbox_validate(const char *text, size_t len, BrFindings *findings, BrError *err)
{
	BrDocument	doc;
	StringInfoData scratch;
	BrCheck		check = {.doc = &doc, .findings = findings, .scratch = &scratch};

	memset(findings, 0, sizeof(*findings));
	initStringInfo(&scratch);
	if (!br_document_parse(text, len, &doc, err))
		return false;
	if (doc.fault != NULL)
		add_fault(&check);
	else
	{
		check_text(&check);
		check_value(&check, BR_NODE_ROOT, 0);
		if (br_document_is(&doc, BR_NODE_ROOT, BR_NODE_OBJECT))
		{
			br_check_counts(&check);
			br_check_blocks(&check);
		}
	}
	add_rest(&check);
	pfree(scratch.data);
	if (doc.nodes != NULL)
		pfree(doc.nodes);
	if (doc.notes != NULL)
		pfree(doc.notes);
	return true;
}
