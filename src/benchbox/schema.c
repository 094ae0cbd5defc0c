/*
 * schema.c
 *		What the schema says of each key.
 *
 * The document that describes the schema names the content of system and driver
 * but not the keys; those are as the programs around it spell them. Whatever it
 * does not call optional is expected, and required where without it the document
 * would say nothing about a run. null stands nowhere but where it is allowed:
 * missing values are omitted.
 */
#include "base/br.h"

#include "benchbox/schema.h"

#define NUL BR_NODE_NULL
#define BOO BR_NODE_BOOL
#define NUM BR_NODE_NUMBER
#define STR BR_NODE_STRING
#define ARR BR_NODE_ARRAY
#define OBJ BR_NODE_OBJECT

#define QUERIES "results.queries"
#define DETAIL QUERIES ".details[]"
#define ROW_COUNT DETAIL ".row_count_validation"
#define TIMING "results.timing"
#define TABLES "results.tables"
#define METRICS "results.metrics"
#define SUMMARY "validation.summary"

const BrRule br_rules[] = {
	{"", OBJ, BR_REQUIRED},
	{"schema_version", STR, BR_REQUIRED, .values = BR_BENCHBOX_SCHEMA_VERSION},

	{"benchmark", OBJ, BR_REQUIRED},
	{"benchmark.id", STR, BR_REQUIRED, BR_VALUE_NAME},
	{"benchmark.name", STR, BR_REQUIRED, BR_VALUE_NAME},
	{"benchmark.version", STR},

	{"execution", OBJ, BR_REQUIRED},
	{"execution.id", STR, BR_REQUIRED, BR_VALUE_NAME, .also = "execution_id"},
	{"execution.timestamp", STR, BR_REQUIRED, BR_VALUE_TIMESTAMP},
	{"execution.duration_ms", NUM, BR_EXPECTED, BR_VALUE_AMOUNT},
	{"execution.executor", STR, BR_OPTIONAL, BR_VALUE_NAME},
	{"execution.platform", STR, BR_OPTIONAL, BR_VALUE_NAME},
	{"execution.database_name", STR, BR_EXPECTED},
	{"execution.metadata", OBJ, .open = true},

	{"configuration", OBJ, BR_REQUIRED},
	{"configuration.scale_factor", NUM, BR_EXPECTED, BR_VALUE_POSITIVE},
	{"configuration.concurrency", NUM, BR_EXPECTED, BR_VALUE_COUNT, .also = "concurrency_level"},
	{"configuration.query_subset", ARR},
	{"configuration.query_subset[]", STR, BR_OPTIONAL, BR_VALUE_NAME},
	{"configuration.options", OBJ, .open = true},
	{"configuration.mode", STR, .also = "execution_mode"},

	{"system", OBJ, BR_REQUIRED, .open = true},
	{"system.os", STR, BR_EXPECTED, BR_VALUE_NAME},
	{"system.architecture", STR, BR_EXPECTED, BR_VALUE_NAME, .also = "arch"},
	{"system.cpu_count", NUM, BR_EXPECTED, BR_VALUE_COUNT},
	{"system.memory_gb", NUM, BR_EXPECTED, BR_VALUE_AMOUNT},
	{"system.python_version", STR, BR_EXPECTED, BR_VALUE_NAME, .also = "python"},
	{"system.hostname", STR, BR_EXPECTED},
	{"system.username", STR, BR_EXPECTED},

	{"results", OBJ, BR_REQUIRED},
	{QUERIES, OBJ, BR_REQUIRED},
	{QUERIES ".total", NUM, BR_REQUIRED, BR_VALUE_COUNT},
	{QUERIES ".successful", NUM, BR_REQUIRED, BR_VALUE_COUNT},
	{QUERIES ".failed", NUM, BR_REQUIRED, BR_VALUE_COUNT},
	{QUERIES ".success_rate", NUM, BR_REQUIRED, BR_VALUE_RATIO},
	{QUERIES ".details", ARR, BR_REQUIRED},
	{DETAIL, OBJ},
	{DETAIL ".id", STR, BR_REQUIRED, BR_VALUE_NAME, .also = "query_id"},
	{DETAIL ".name", STR},
	{DETAIL ".status", STR, BR_REQUIRED, .values = "SUCCESS|FAILED|SKIPPED|UNKNOWN", .lenient = true},
	{DETAIL ".sequence", NUM, BR_OPTIONAL, BR_VALUE_COUNT},
	{DETAIL ".stream_id", STR | NUM},
	{DETAIL ".iteration", NUM, BR_OPTIONAL, BR_VALUE_COUNT, .since = "1.1"},
	{DETAIL ".run_type", STR, .values = "warmup|measurement|metadata|summary", .since = "1.1"},
	{DETAIL ".execution_time_ms", NUM, BR_OPTIONAL, BR_VALUE_AMOUNT},
	{DETAIL ".rows_returned", NUM, BR_OPTIONAL, BR_VALUE_COUNT},
	{DETAIL ".error_message", STR},
	{DETAIL ".sql_text", STR},
	{DETAIL ".sql_truncated", BOO},
	{DETAIL ".resource_usage", OBJ, .open = true},
	{DETAIL ".cost", NUM, BR_OPTIONAL, BR_VALUE_AMOUNT},
	{ROW_COUNT, OBJ},
	{ROW_COUNT ".expected", NUM | NUL, BR_EXPECTED, BR_VALUE_COUNT},
	{ROW_COUNT ".actual", NUM | NUL, BR_EXPECTED, BR_VALUE_COUNT},
	{ROW_COUNT ".status", STR, BR_REQUIRED, .values = "PASSED|FAILED|SKIPPED"},
	{ROW_COUNT ".error", STR},
	{ROW_COUNT ".warning", STR},
	{QUERIES ".definitions", OBJ},
	{QUERIES ".definitions.*", OBJ},
	{QUERIES ".definitions.*.*", OBJ, .open = true},
	{QUERIES ".definitions.*.*.sql", STR, BR_EXPECTED},
	{QUERIES ".definitions.*.*.parameters", OBJ | ARR | NUL, .open = true},

	{TIMING, OBJ, BR_REQUIRED},
	{TIMING ".total_ms", NUM, BR_REQUIRED, BR_VALUE_AMOUNT},
	{TIMING ".avg_ms", NUM, BR_REQUIRED, BR_VALUE_AMOUNT},
	{TIMING ".min_ms", NUM, BR_OPTIONAL, BR_VALUE_AMOUNT},
	{TIMING ".max_ms", NUM, BR_OPTIONAL, BR_VALUE_AMOUNT},
	{TIMING ".data_loading_ms", NUM, BR_OPTIONAL, BR_VALUE_AMOUNT},
	{TIMING ".schema_creation_ms", NUM, BR_OPTIONAL, BR_VALUE_AMOUNT},

	{TABLES, OBJ},
	{TABLES ".total_rows_loaded", NUM, BR_EXPECTED, BR_VALUE_COUNT},
	{TABLES ".data_size_mb", NUM, BR_EXPECTED, BR_VALUE_AMOUNT},
	{TABLES ".per_table", OBJ, BR_EXPECTED},
	{TABLES ".per_table.*", NUM | OBJ, BR_OPTIONAL, BR_VALUE_AMOUNT, .open = true},

	{METRICS, OBJ, .open = true},
	{METRICS ".summary", OBJ, .open = true},
	{METRICS ".performance_summary", OBJ, .open = true},
	{METRICS ".performance_characteristics", OBJ, .open = true},
	{METRICS ".tpc", OBJ, .open = true},
	{METRICS ".tpc.power_at_size", NUM, BR_OPTIONAL, BR_VALUE_AMOUNT},
	{METRICS ".tpc.throughput_at_size", NUM, BR_OPTIONAL, BR_VALUE_AMOUNT},
	{METRICS ".tpc.qphh_at_size", NUM, BR_OPTIONAL, BR_VALUE_AMOUNT},
	{METRICS ".tpc.geometric_mean_ms", NUM, BR_OPTIONAL, BR_VALUE_AMOUNT},
	{"results.cost_summary", OBJ, .open = true},

	{"validation", OBJ, BR_REQUIRED},
	{"validation.status", STR, BR_REQUIRED, .values = "PASSED|FAILED|PARTIAL|UNKNOWN"},
	{SUMMARY, OBJ},
	{SUMMARY ".total_tables_validated", NUM, BR_EXPECTED, BR_VALUE_COUNT},
	{SUMMARY ".tables_with_data", NUM, BR_EXPECTED, BR_VALUE_COUNT},
	{SUMMARY ".error_count", NUM, BR_EXPECTED, BR_VALUE_COUNT},
	{SUMMARY ".warning_count", NUM, BR_EXPECTED, BR_VALUE_COUNT},
	{"validation.details_location", STR, BR_OPTIONAL, BR_VALUE_NAME},
	{"validation.details", OBJ | ARR, .open = true},

	{"driver", OBJ, BR_REQUIRED},
	{"driver.package", STR, BR_EXPECTED, BR_VALUE_NAME, .also = "driver_package"},
	{"driver.version_requested", STR, BR_EXPECTED, .also = "requested_version|requested|driver_version_requested"},
	{"driver.version_resolved", STR, BR_EXPECTED, .also = "resolved_version|resolved|driver_version_resolved"},
	{"driver.auto_install", BOO, BR_EXPECTED, .also = "driver_auto_install"},

	{"export", OBJ, BR_REQUIRED},
	{"export.timestamp", STR, BR_REQUIRED, BR_VALUE_TIMESTAMP},
	{"export.tool", STR, BR_REQUIRED, BR_VALUE_NAME},
	{"export.schema_version", STR, BR_REQUIRED, .values = BR_BENCHBOX_SCHEMA_VERSION},
	{"export.anonymized", BOO, BR_REQUIRED},

	{"platform", OBJ, .open = true},
	{"platform.name", STR, BR_REQUIRED, BR_VALUE_NAME},
	{"platform.version", STR},
	{"platform.metadata", OBJ, .open = true},
	{"platform.tunings", OBJ, .open = true},
	{"platform.info", OBJ, .open = true},

	{"phases", OBJ},
	{"phases.setup", OBJ, .open = true},
	{"phases.setup.validation", OBJ, .open = true},
	{"phases.setup.validation.status", STR},
	{"phases.setup.validation.duration_ms", NUM, BR_OPTIONAL, BR_VALUE_AMOUNT},
	{BR_BENCHBOX_VALIDATION_DETAILS, OBJ, .open = true},
	{"phases.setup.*", OBJ, .open = true},
	{"phases.setup.*.status", STR},
	{"phases.setup.*.duration_ms", NUM, BR_OPTIONAL, BR_VALUE_AMOUNT},
	{"phases.*", OBJ, .open = true},
	{"phases.*.status", STR},
	{"phases.*.duration_ms", NUM, BR_OPTIONAL, BR_VALUE_AMOUNT},

	{"metadata", OBJ, .open = true},
	{"metadata.anonymous_machine_id", STR, BR_OPTIONAL, BR_VALUE_NAME},
};

const int	br_rule_count = lengthof(br_rules);

const char *
br_rule_name(int row)
{
	const char *dot = strrchr(br_rules[row].path, '.');

	return dot != NULL ? dot + 1 : br_rules[row].path;
}

/* The step from one path to the one of a row right below it; NULL if the row is not. */
static const char *
step_below(int above, int below)
{
	const char *path = br_rules[below].path;
	size_t		len = strlen(br_rules[above].path);

	if (strncmp(path, br_rules[above].path, len) != 0 || path[len] == '\0')
		return NULL;
	path += len;
	if (strcmp(path, "[]") == 0)
		return path;
	if (len > 0 && *path != '.')
		return NULL;
	path += len > 0;
	return strpbrk(path, ".[") == NULL ? path : NULL;
}

/* Of each row its step from the row above, and the next one that is right below the same row, or -1. */
typedef struct Link
{
	const char *step;
	size_t		len;
	int			next;
	int			first;			/* right below this row */
} Link;

static Link links[lengthof(br_rules)];

/* Objects may have millions of members, so that paths are not compared again for each. */
static void
link_rows(void)
{
	for (int above = br_rule_count - 1; above >= 0; above--)
	{
		links[above].first = -1;
		for (int below = br_rule_count - 1; below > above; below--)
		{
			const char *step = step_below(above, below);

			if (step == NULL)
				continue;
			links[below].step = step;
			links[below].len = strlen(step);
			links[below].next = links[above].first;
			links[above].first = below;
		}
	}
}

int
br_rule_next_child(int row, int after)
{
	if (links[0].first == 0)
		link_rows();
	return after == row ? links[row].first : links[after].next;
}

bool
br_rule_listed(const char *list, const char *word, size_t len)
{
	while (list != NULL)
	{
		size_t		n = strcspn(list, "|");

		if (n == len && memcmp(list, word, len) == 0)
			return true;
		list = list[n] == '|' ? list + n + 1 : NULL;
	}
	return false;
}

int
br_rule_member(int row, const char *name, size_t len, bool *other_name)
{
	int			any = -1;

	*other_name = false;
	for (int below = br_rule_next_child(row, row); below >= 0; below = br_rule_next_child(row, below))
	{
		const Link *link = &links[below];

		if (name == NULL || (link->len == 1 && *link->step == '*'))
			any = below;
		else if (link->len == len && memcmp(link->step, name, len) == 0)
			return below;
		else if (br_rules[below].also != NULL && br_rule_listed(br_rules[below].also, name, len))
		{
			*other_name = true;
			return below;
		}
	}
	return any;
}
