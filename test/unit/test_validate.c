/*
 * test_validate.c
 *		What is said of a BenchBox document: each rule at its edges.
 *
 * A valid document is written with some of its parts replaced. Damaged ones may
 * be said anything of, but nothing is read beyond their end, and the findings
 * are texts.
 */
#include "base/br.h"

#include <math.h>

#include "benchbox/schema.h"
#include "benchbox/validate.h"
#include "common/pg_prng.h"
#include "common/string.h"
#include "fe_alloc.h"
#include "guarded.h"
#include "mb/pg_wchar.h"
#include "random_page.h"
#include "tap.h"

#define QUERIES "\"total\":2,\"successful\":1,\"failed\":1,\"success_rate\":0.5"
#define DETAILS "{\"id\":\"Q1\",\"status\":\"SUCCESS\",\"execution_time_ms\":12.5},{\"id\":\"Q2\",\"status\":\"FAILED\"}"
#define TIMING "\"total_ms\":12.5,\"avg_ms\":12.5,\"min_ms\":12.5,\"max_ms\":12.5"

/* Errors and warnings, "code path" each, separated by commas; of a document in a text. */
static char *
findings_of(const char *text, size_t len, BrSeverity least)
{
	StringInfoData out;
	BrFindings	findings;
	BrError		err;

	initStringInfo(&out);
	if (!br_benchbox_validate(guarded_copy(text, len), len, &findings, &err))
		return pstrdup(err.message);
	for (int i = 0; i < findings.n; i++)
		if (findings.list[i].severity <= least)
			appendStringInfo(&out, "%s%s %s", out.len > 0 ? ", " : "", findings.list[i].code, findings.list[i].path);
	return out.data;
}

static char *
document(const char *queries, const char *details, const char *timing, const char *rest)
{
	return psprintf("{\"schema_version\":\"1.1\",\"benchmark\":{\"id\":\"tpch\",\"name\":\"TPC-H\"},"
					"\"execution\":{\"id\":\"1\",\"timestamp\":\"2025-09-01T12:00:00\",\"executor\":\"x\",\"duration_ms\":1,\"database_name\":\"d\"},"
					"\"configuration\":{},\"system\":{},\"driver\":{},\"results\":{\"queries\":{%s,\"details\":[%s]},\"timing\":{%s}},%s}",
					queries, details, timing, rest);
}

#define REST "\"validation\":{\"status\":\"PASSED\"}," \
	"\"export\":{\"timestamp\":\"2025-09-01T12:00:00.000123\",\"tool\":\"t\",\"schema_version\":\"1.1\",\"anonymized\":false}"

static char *
said(const char *queries, const char *details, const char *timing)
{
	char	   *text = document(queries, details, timing, REST);

	return findings_of(text, strlen(text), BR_FINDING_WARNING);
}

static void
table(void)
{
	int			lost = 0;
	int			order = 0;
	bool		ignored;

	for (int row = 1; row < br_rule_count; row++)
	{
		const char *path = br_rules[row].path;
		size_t		len = Max(strrchr(path, '.') != NULL ? (size_t) (strrchr(path, '.') - path) : 0,
							  pg_str_endswith(path, "[]") ? strlen(path) - 2 : 0);
		int			above = row - 1;

		while (above > 0 && (strlen(br_rules[above].path) != len || strncmp(br_rules[above].path, path, len) != 0))
			above--;
		if (strlen(br_rules[above].path) != len)
			order++;
		else if (pg_str_endswith(path, "[]"))
			lost += br_rule_member(above, NULL, 0, &ignored) != row;
		else
			lost += br_rule_member(above, br_rule_name(row), strlen(br_rule_name(row)), &ignored) != row;
	}
	is_int(order, 0, "every row of the schema stands behind the one that holds it");
	is_int(lost, 0, "... and is found from there");
	ok(br_rule_listed("a|bc|d", "bc", 2) && br_rule_listed("a|bc|d", "d", 1) && !br_rule_listed("a|bc|d", "b", 1) &&
	   !br_rule_listed("a|bc|d", "", 0) && !br_rule_listed(NULL, "a", 1), "words of a list");
}

static void
counts(void)
{
	is_str(said(QUERIES, DETAILS, TIMING), "", "a valid document");
	is_str(said("\"total\":0,\"successful\":0,\"failed\":0,\"success_rate\":0.0", "", "\"total_ms\":0,\"avg_ms\":0"), "", "without queries");
	is_str(said("\"total\":3,\"successful\":2,\"failed\":1,\"success_rate\":0.6667", DETAILS, TIMING), "", "an entry is missing");
	is_str(said("\"total\":3,\"successful\":2,\"failed\":1,\"success_rate\":0.6666", DETAILS, TIMING),
		   "success_rate results.queries.success_rate", "a rate that was cut, not rounded");
	is_str(said("\"total\":3,\"successful\":0,\"failed\":3,\"success_rate\":0", DETAILS, TIMING),
		   "successful results.queries.successful", "... fewer successes than there are entries with one");
	is_str(said("\"total\":3,\"successful\":3,\"failed\":0,\"success_rate\":1", DETAILS, TIMING),
		   "successful results.queries.successful", "... more than there can be");
	is_str(said("\"total\":32,\"successful\":1,\"failed\":31,\"success_rate\":0.0313", DETAILS, TIMING), "", "a half rounded up");
	is_str(said("\"total\":32,\"successful\":1,\"failed\":31,\"success_rate\":0.0312", DETAILS, TIMING), "", "... and down");
	is_str(said("\"total\":2,\"successful\":1,\"failed\":1,\"success_rate\":0.50000", DETAILS, TIMING),
		   "success_rate results.queries.success_rate", "five decimals");
	is_str(said("\"successful\":1,\"failed\":1,\"success_rate\":0.5", DETAILS, TIMING), "missing results.queries.total", "nothing follows from what is missing");
	fe_reset();
}

#define WARMUP "{\"id\":\"Q1\",\"status\":\"SUCCESS\",\"execution_time_ms\":99,\"run_type\":\"warmup\",\"iteration\":0},"

static void
warmups(void)
{
	is_str(said(QUERIES, WARMUP DETAILS, TIMING), "", "totals of what was measured");
	is_str(said("\"total\":3,\"successful\":2,\"failed\":1,\"success_rate\":0.6667", WARMUP DETAILS, "\"total_ms\":111.5,\"avg_ms\":55.75"), "",
		   "totals of all");
	is_str(said("\"total\":3,\"successful\":1,\"failed\":2,\"success_rate\":0.3333", WARMUP DETAILS, TIMING),
		   "successful results.queries.successful", "but not of some");
	is_str(said("\"total\":1,\"successful\":1,\"failed\":0,\"success_rate\":1", WARMUP DETAILS, TIMING),
		   "total results.queries.total", "fewer queries than were measured");
	fe_reset();
}

static void
times(void)
{
	is_str(said(QUERIES, DETAILS, "\"total_ms\":13,\"avg_ms\":13,\"min_ms\":12,\"max_ms\":13"), "", "whole milliseconds");
	is_str(said(QUERIES, DETAILS, "\"total_ms\":12.5,\"avg_ms\":12.7"), "average results.timing.avg_ms, order results.timing.total_ms",
		   "a mean that is wrong in its last decimal");
	is_str(said(QUERIES, DETAILS, "\"total_ms\":12.5,\"avg_ms\":12.50001"), "", "... by what the times were rounded by");
	is_str(said(QUERIES, DETAILS, "\"total_ms\":12.5,\"avg_ms\":12.5,\"max_ms\":12"), "", "a maximum that was rounded");
	is_str(said(QUERIES, DETAILS, "\"total_ms\":12.5,\"avg_ms\":12.5,\"max_ms\":11"), "order results.timing.max_ms", "... but is too small");
	is_str(said(QUERIES, "{\"id\":\"Q1\",\"status\":\"SUCCESS\"},{\"id\":\"Q2\",\"status\":\"FAILED\"}", "\"total_ms\":7,\"avg_ms\":7"), "",
		   "without times no mean is known");
	fe_reset();
}

static char *
sql_of(int characters, const char *letter, const char *end, const char *flag)
{
	StringInfoData detail;

	initStringInfo(&detail);
	appendStringInfoString(&detail, "{\"id\":\"Q1\",\"status\":\"SUCCESS\",\"execution_time_ms\":12.5,\"sql_text\":\"");
	for (int i = 0; i < characters; i++)
		appendStringInfoString(&detail, letter);
	appendStringInfo(&detail, "%s\"%s},{\"id\":\"Q2\",\"status\":\"FAILED\"}", end, flag);
	return said(QUERIES, detail.data, TIMING);
}

static void
truncation(void)
{
	static const char flag[] = ",\"sql_truncated\":true";
	int			marker = strlen(BR_BENCHBOX_TRUNCATED);

	is_str(sql_of(4096, "x", "", ""), "", "4096 letters");
	is_str(sql_of(4097, "x", "", ""), "sql_length results.queries.details[0].sql_text", "one more");
	is_str(sql_of(4096, "\\ud83e\\udd86", "", ""), "", "letters are characters, not bytes nor escapes");
	is_str(sql_of(4096, "ä", BR_BENCHBOX_TRUNCATED, flag), "", "the marker behind the text");
	is_str(sql_of(4096, "x", "\\n" BR_BENCHBOX_TRUNCATED, flag), "", "... on a line of its own");
	is_str(sql_of(4096 - marker, "x", BR_BENCHBOX_TRUNCATED, flag), "", "... inside the limit");
	is_str(sql_of(4099, "x", BR_BENCHBOX_TRUNCATED, flag), "sql_length results.queries.details[0].sql_text", "... behind too much");
	is_str(sql_of(10, "x", BR_BENCHBOX_TRUNCATED " y", ""), "", "a marker in the middle is none");
	is_str(sql_of(10, "x", BR_BENCHBOX_TRUNCATED, ""), "truncation results.queries.details[0].sql_truncated", "no flag");
	is_str(sql_of(10, "x", "", flag), "truncation results.queries.details[0].sql_truncated", "no marker");
	fe_reset();
}

static void
timestamps(void)
{
	static const struct
	{
		const char *text;
		const char *code;
	}			cases[] = {
		{"2025-09-01T12:00:00", ""}, {"2024-02-29T23:59:59.999999", ""}, {"2000-02-29T00:00:00.1", ""}, {"9999-12-31T00:00:00", ""},
		{"1900-02-29T00:00:00", "format "}, {"2025-04-31T00:00:00", "format "}, {"2025-09-01T12:00", "format "},
		{"2025-09-01T12:00:00,5", "format "}, {"2025-9-01T12:00:00", "format "}, {"0000-01-01T00:00:00", "format "},
		{"2025-09-01T12:00:00+2:00", "format "}, {"2025-09-01T12:00:00 ", "format "}, {"", "empty "},
		{"2025-09-01T12:00:00Z", "zone "}, {"2025-09-01T12:00:00.5-11:30", "zone "}, {"2025-09-01T12:00:00+0200", "zone "},
	};

	for (size_t i = 0; i < lengthof(cases); i++)
	{
		char	   *text = document(QUERIES, DETAILS, TIMING,
									psprintf("\"validation\":{\"status\":\"PASSED\"},\"metadata\":{},\"export\":{\"timestamp\":\"%s\","
											 "\"tool\":\"t\",\"schema_version\":\"1.1\",\"anonymized\":false}", cases[i].text));
		char	   *found = findings_of(text, strlen(text), BR_FINDING_NOTE);
		char	   *wanted = cases[i].code[0] != '\0' ? psprintf("%sexport.timestamp", cases[i].code) : "export.timestamp";

		ok((strstr(found, wanted) != NULL) == (cases[i].code[0] != '\0'), "timestamp \"%s\"", cases[i].text);
	}
	fe_reset();
}

static void
whole_texts(void)
{
	is_str(findings_of("", 0, BR_FINDING_NOTE), "json ", "nothing");
	is_str(findings_of("{\"a\": [1, x]}", 13, BR_FINDING_NOTE), "json a[1]", "no JSON");
	is_str(findings_of("[]", 2, BR_FINDING_NOTE), "type ", "no object");
	is_str(findings_of("null", 4, BR_FINDING_NOTE), "type ", "null");
	ok(strstr(findings_of("{\"schema_vers\\u0069on\":\"1.1\"}", 29, BR_FINDING_NOTE), "schema_version") == NULL, "names are meant, not written");
	ok(strstr(findings_of("{\"version\":\"2.1\",\"queries\":[{\"ms\":1},{\"ms\":1}]}", 47, BR_FINDING_NOTE),
			  "legacy version, legacy queries, legacy queries[0].ms, missing") != NULL, "another layout, each of its keys once");
	fe_reset();
}

static void
many(void)
{
	StringInfoData text;
	BrFindings	findings;
	BrError		err;

	initStringInfo(&text);
	appendStringInfoString(&text, "{\"a\":1");
	for (int i = 0; i < 5000; i++)
		appendStringInfoString(&text, ",\"a\":1");
	appendStringInfoChar(&text, '}');
	ok(br_benchbox_validate(text.data, text.len, &findings, &err), "5001 times the same key");
	is_int(findings.counts[BR_FINDING_NOTE], 5001, "each is counted");
	is_int(findings.counts[BR_FINDING_ERROR], 5000 + 9, "... the errors too");
	is_int(findings.n, 2 * (BR_FINDINGS_LISTED + 1), "... but not listed");
	is_str(findings.list[findings.n - 1].message, "there are 4001 more findings of this severity", "... which is said");
	fe_reset();
}

static bool
is_text(const char *text, size_t len)
{
	return pg_encoding_verifymbstr(PG_UTF8, text, len) == (int) len;
}

static void
damaged(int n)
{
	int			failed = 0;

	for (int i = 0; i < n; i++)
	{
		StringInfoData text;
		BrFindings	findings;
		BrError		err;

		pg_prng_seed(&random_state, i);
		initStringInfo(&text);
		appendStringInfoString(&text, document(QUERIES, WARMUP DETAILS, TIMING,
											   "\"phases\":{\"setup\":{\"validation\":{\"validation_details\":{}}}},\"metadata\":{\"anonymous_machine_id\":\"m\"},"
											   REST));
		random_damage(&text);
		failed += !br_benchbox_validate(guarded_copy(text.data, text.len), text.len, &findings, &err);
		/* bytes that are no text in a document are none in what is said of it */
		for (int j = 0; j < findings.n && is_text(text.data, text.len); j++)
			failed += !is_text(findings.list[j].path, strlen(findings.list[j].path)) ||
				!is_text(findings.list[j].message, strlen(findings.list[j].message));
		fe_reset();
	}
	is_int(failed, 0, "%d damaged documents", n);
}

int
main(void)
{
	table();
	counts();
	warmups();
	times();
	truncation();
	timestamps();
	whole_texts();
	many();
	damaged(5000);
	return done_testing();
}
