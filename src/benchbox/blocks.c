/*
 * blocks.c
 *		What whole blocks of a document say of each other.
 */
#include "base/br.h"

#include <math.h>

#include "benchbox/finding.h"
#include "benchbox/schema.h"

static int32
member(const BrCheck *check, int32 object, const char *name)
{
	return br_document_member(check->doc, object, name, strlen(name));
}

static int32
find(const BrCheck *check, const char *path)
{
	return br_document_find(check->doc, path, strlen(path));
}

static bool
is_true(const BrDocument *doc, int32 node)
{
	return br_document_is(doc, node, BR_NODE_BOOL) && doc->text[doc->nodes[node].start] == 't';
}

static void
check_summary(BrCheck *check)
{
	const BrDocument *doc = check->doc;
	int32		status = find(check, "validation.status");
	int32		with_data = find(check, "validation.summary.tables_with_data");
	double		tables = br_document_number(doc, find(check, "validation.summary.total_tables_validated"));
	double		errors = br_document_number(doc, find(check, "validation.summary.error_count"));

	if (br_document_number(doc, with_data) > tables)
		br_finding(check, BR_FINDING_ERROR, "order", with_data, NULL, "it is %s, but %.0f tables were validated",
				   br_finding_shown(doc, with_data), tables);
	if (errors > 0 && br_document_equals(doc, status, "PASSED"))
		br_finding(check, BR_FINDING_WARNING, "validation", status, NULL, "it is PASSED, but error_count is %.0f", errors);
}

/* The summary in validation, the details in phases, and a pointer from one to the other. */
static void
check_tiers(BrCheck *check)
{
	static const char *const large[] = {"verified_tables", "accessible_tables"};
	const BrDocument *doc = check->doc;
	int32		validation = find(check, "validation");
	int32		location = member(check, validation, "details_location");
	int32		details = find(check, BR_BENCHBOX_VALIDATION_DETAILS);
	int32		copy = member(check, validation, "details");

	if (br_document_is(doc, location, BR_NODE_STRING))
	{
		size_t		len;
		const char *path = br_document_string(doc, location, check->scratch, &len);

		if (path == NULL || br_document_find(doc, path, len) == BR_NODE_NONE)
			br_finding(check, BR_FINDING_ERROR, "details_location", location, NULL, "there is nothing at %s",
					   br_finding_shown(doc, location));
		else if (!br_document_equals(doc, location, BR_BENCHBOX_VALIDATION_DETAILS))
			br_finding(check, BR_FINDING_WARNING, "details_location", location, NULL, "validation details are at %s, not at %s",
					   BR_BENCHBOX_VALIDATION_DETAILS, br_finding_shown(doc, location));
	}
	else if (location == BR_NODE_NONE && details != BR_NODE_NONE && br_document_is(doc, validation, BR_NODE_OBJECT))
		br_finding(check, BR_FINDING_WARNING, "details_location", validation, "details_location",
				   "it must point to %s", BR_BENCHBOX_VALIDATION_DETAILS);
	if (details == BR_NODE_NONE)
		return;
	if (copy != BR_NODE_NONE)
		br_finding(check, BR_FINDING_WARNING, "duplicated_details", copy, NULL, "the details are at %s", BR_BENCHBOX_VALIDATION_DETAILS);
	for (int i = 0; i < lengthof(large); i++)
	{
		copy = member(check, validation, large[i]);
		if (copy != BR_NODE_NONE)
			br_finding(check, BR_FINDING_WARNING, "duplicated_details", copy, NULL, "the details are at %s", BR_BENCHBOX_VALIDATION_DETAILS);
	}
}

/* Whether a text is what anonymisation leaves: host_0123abcd, anonymous, [REDACTED], <redacted>. */
static bool
is_anonymous(const BrDocument *doc, int32 node)
{
	const BrNode *value = &doc->nodes[node];
	const char *text = doc->text + value->start;
	uint32		digits = 0;

	if (br_document_equals(doc, node, "") || br_document_equals(doc, node, "anonymous") ||
		br_document_equals(doc, node, "[REDACTED]") || br_document_equals(doc, node, "<redacted>"))
		return true;
	while (digits < value->len && isxdigit((unsigned char) text[value->len - 1 - digits]))
		digits++;
	return digits >= 8 && digits < value->len && text[value->len - 1 - digits] == '_';
}

static void
check_anonymity(BrCheck *check)
{
	static const char *const names[] = {"system.hostname", "system.username"};
	const BrDocument *doc = check->doc;
	int32		flag = find(check, "export.anonymized");
	int32		machine = find(check, "metadata.anonymous_machine_id");

	if (!br_document_is(doc, flag, BR_NODE_BOOL))
		return;
	if (!is_true(doc, flag))
	{
		if (machine != BR_NODE_NONE)
			br_finding(check, BR_FINDING_WARNING, "anonymization", flag, NULL, "it is false, but there is an anonymous_machine_id");
		return;
	}
	if (machine == BR_NODE_NONE)
		br_finding(check, BR_FINDING_NOTE, "anonymization", BR_NODE_ROOT, "metadata.anonymous_machine_id",
				   "anonymized documents have one, but for those of newer exporters");
	for (int i = 0; i < lengthof(names); i++)
	{
		int32		name = find(check, names[i]);

		if (br_document_is(doc, name, BR_NODE_STRING) && !is_anonymous(doc, name))
			br_finding(check, BR_FINDING_WARNING, "anonymization", name, NULL, "the document is anonymized, but this looks like a real name");
	}
}

static void
check_execution(BrCheck *check)
{
	int32		execution = find(check, "execution");

	if (br_document_is(check->doc, execution, BR_NODE_OBJECT) && member(check, execution, "executor") == BR_NODE_NONE &&
		member(check, execution, "platform") == BR_NODE_NONE)
		br_finding(check, BR_FINDING_NOTE, "absent", execution, "executor", "it is usually there, or platform");
}

void
br_check_blocks(BrCheck *check)
{
	check_execution(check);
	check_summary(check);
	check_tiers(check);
	check_anonymity(check);
}
