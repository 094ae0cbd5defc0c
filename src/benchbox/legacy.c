/*
 * legacy.c
 *		The keys of layouts that schema 1.1 is not, and what it has instead.
 *
 * Two layouts called themselves 2.0 and 3.0 under schema_version, before 1.1;
 * another one calls itself 2.0 to 2.2 under version, after it. The keys decide,
 * not the version. Only what 1.1 does not know itself is looked up here.
 */
#include "base/br.h"

#include "benchbox/finding.h"

typedef struct Legacy
{
	const char *path;			/* [] is an element of an array */
	const char *replacement;
} Legacy;

static const Legacy legacies[] = {
	/* "2.0" and "3.0" under schema_version: the flat result object and its blocks */
	{"benchmark_info", "benchmark"},
	{"benchmark_id", "benchmark.id"},
	{"benchmark_name", "benchmark.name"},
	{"benchmark_version", "benchmark.version"},
	{"execution_id", "execution.id"},
	{"execution_metadata", "execution.metadata"},
	{"execution_info", "execution"},
	{"execution_phases", "phases"},
	{"timestamp", "execution.timestamp"},
	{"duration_seconds", "execution.duration_ms, in milliseconds"},
	{"database_name", "execution.database_name"},
	{"scale_factor", "configuration.scale_factor"},
	{"concurrency_level", "configuration.concurrency"},
	{"query_subset", "configuration.query_subset"},
	{"test_execution_type", "configuration.options"},
	{"system_info", "system"},
	{"system_profile", "system"},
	{"performance_metrics", "results.timing and results.metrics"},
	{"query_results", "results.queries.details"},
	{"query_details", "results.queries.details"},
	{"query_definitions", "results.queries.definitions"},
	{"total_queries", "results.queries.total"},
	{"successful_queries", "results.queries.successful"},
	{"failed_queries", "results.queries.failed"},
	{"total_execution_time", "results.timing.total_ms, in milliseconds"},
	{"average_query_time", "results.timing.avg_ms, in milliseconds"},
	{"data_loading_time", "results.timing.data_loading_ms, in milliseconds"},
	{"schema_creation_time", "results.timing.schema_creation_ms, in milliseconds"},
	{"total_rows_loaded", "results.tables.total_rows_loaded"},
	{"data_size_mb", "results.tables.data_size_mb"},
	{"table_statistics", "results.tables.per_table"},
	{"performance_summary", "results.metrics.performance_summary"},
	{"performance_characteristics", "results.metrics.performance_characteristics"},
	{"power_at_size", "results.metrics.tpc.power_at_size"},
	{"throughput_at_size", "results.metrics.tpc.throughput_at_size"},
	{"qph_at_size", "results.metrics.tpc.qphh_at_size"},
	{"geometric_mean_execution_time", "results.metrics.tpc.geometric_mean_ms, in milliseconds"},
	{"validation_status", "validation.status"},
	{"validation_details", "phases.setup.validation.validation_details"},
	{"validation_results", "validation"},
	{"driver_package", "driver.package"},
	{"driver_version_requested", "driver.version_requested"},
	{"driver_version_resolved", "driver.version_resolved"},
	{"driver_auto_install", "driver.auto_install"},
	{"platform_info", "platform.info"},
	{"platform_metadata", "platform.metadata"},
	{"tunings_applied", "platform.tunings"},
	{"anonymous_machine_id", "metadata.anonymous_machine_id"},
	{"export_metadata", "export"},
	/* and what later descriptions of 1.1 had that was never written */
	{"_schema", "schema_version"},
	{"metrics", "results.metrics"},

	/* 2.0 to 2.2 under version or result_schema_version */
	{"version", "schema_version"},
	{"result_schema_version", "schema_version"},
	{"run", "execution"},
	{"run.id", "execution.id"},
	{"run.timestamp", "execution.timestamp"},
	{"run.total_duration_ms", "execution.duration_ms"},
	{"run.query_time_ms", "results.timing.total_ms"},
	{"run.iterations", "results.queries.details[].iteration"},
	{"run.streams", "results.queries.details[].stream_id"},
	{"run.query_subset", "configuration.query_subset"},
	{"config", "configuration"},
	{"config.mode", "configuration.mode"},
	{"environment", "system"},
	{"environment.os", "system.os"},
	{"environment.arch", "system.architecture"},
	{"environment.cpu_count", "system.cpu_count"},
	{"environment.memory_gb", "system.memory_gb"},
	{"environment.python", "system.python_version"},
	{"environment.machine_id", "metadata.anonymous_machine_id"},
	{"summary", "results"},
	{"summary.queries", "results.queries"},
	{"summary.queries.total", "results.queries.total"},
	{"summary.queries.passed", "results.queries.successful"},
	{"summary.queries.failed", "results.queries.failed"},
	{"summary.timing", "results.timing"},
	{"summary.timing.total_ms", "results.timing.total_ms"},
	{"summary.timing.avg_ms", "results.timing.avg_ms"},
	{"summary.timing.min_ms", "results.timing.min_ms"},
	{"summary.timing.max_ms", "results.timing.max_ms"},
	{"summary.timing.geometric_mean_ms", "results.metrics.tpc.geometric_mean_ms"},
	{"summary.data", "results.tables"},
	{"summary.data.rows_loaded", "results.tables.total_rows_loaded"},
	{"summary.data.load_time_ms", "results.timing.data_loading_ms"},
	{"summary.validation", "validation.status"},
	{"summary.tpc_metrics", "results.metrics.tpc"},
	{"summary.tpc_metrics.power_at_size", "results.metrics.tpc.power_at_size"},
	{"summary.tpc_metrics.throughput_at_size", "results.metrics.tpc.throughput_at_size"},
	{"summary.tpc_metrics.qphh_at_size", "results.metrics.tpc.qphh_at_size"},
	{"summary.tpc_metrics.qphds_at_size", "results.metrics.tpc.qphh_at_size"},
	{"queries", "results.queries.details"},
	{"queries[].id", "results.queries.details[].id"},
	{"queries[].ms", "results.queries.details[].execution_time_ms"},
	{"queries[].rows", "results.queries.details[].rows_returned"},
	{"queries[].iter", "results.queries.details[].iteration"},
	{"queries[].stream", "results.queries.details[].stream_id"},
	{"queries[].run_type", "results.queries.details[].run_type"},
	{"queries[].status", "results.queries.details[].status"},
	{"queries[].row_count_validation", "results.queries.details[].row_count_validation"},
	{"errors", "results.queries.details[].error_message"},
	{"errors[].query_id", "results.queries.details[].id"},
	{"errors[].message", "results.queries.details[].error_message"},
	{"tables", "results.tables.per_table"},
	{"cost", "results.cost_summary"},
	{"cost.total_usd", "results.cost_summary.total_cost"},
	{"normalized_cost", "results.cost_summary"},
	{"tuning", "platform.tunings"},
	{"provenance", "execution.metadata"},
	{"comparisons", "results.metrics.summary"},

	/* spellings of either inside the blocks of 1.1 */
	{"execution.duration_seconds", "execution.duration_ms, in milliseconds"},
	{"execution.total_duration_ms", "execution.duration_ms"},
	{"execution.mode", "configuration.mode"},
	{"execution.driver_package", "driver.package"},
	{"execution.driver_version_requested", "driver.version_requested"},
	{"execution.driver_version_resolved", "driver.version_resolved"},
	{"execution.driver_auto_install", "driver.auto_install"},
	{"results.query_details", "results.queries.details"},
	{"results.query_results", "results.queries.details"},
	{"results.queries.passed", "results.queries.successful"},
	{"results.queries.details[].ms", "results.queries.details[].execution_time_ms"},
	{"results.queries.details[].execution_time", "results.queries.details[].execution_time_ms, in milliseconds"},
	{"results.queries.details[].execution_time_seconds", "results.queries.details[].execution_time_ms, in milliseconds"},
	{"results.queries.details[].timing", "results.queries.details[].execution_time_ms"},
	{"results.queries.details[].timing.execution_ms", "results.queries.details[].execution_time_ms"},
	{"results.queries.details[].rows", "results.queries.details[].rows_returned"},
	{"results.queries.details[].iter", "results.queries.details[].iteration"},
	{"results.queries.details[].stream", "results.queries.details[].stream_id"},
	{"results.queries.details[].execution_order", "results.queries.details[].sequence"},
	{"results.queries.details[].error", "results.queries.details[].error_message"},
	{"results.queries.details[].sql", "results.queries.details[].sql_text"},
};

/* The path of a node, with [] for any element; false if none here is as long. */
static bool
write_pattern(const BrDocument *doc, int32 node, char *pattern, size_t size)
{
	int32		steps[6];
	int			n = 0;
	size_t		len = 0;

	for (; doc->nodes[node].parent != BR_NODE_NONE; node = doc->nodes[node].parent)
	{
		if (n == lengthof(steps))
			return false;
		steps[n++] = node;
	}
	while (n > 0)
	{
		const BrNode *step = &doc->nodes[steps[--n]];
		bool		element = doc->nodes[step->parent].type == BR_NODE_ARRAY;

		if (len + step->name_len + 4 > size)
			return false;
		if (element)
			len += sprintf(pattern + len, "[]");
		else
			len += sprintf(pattern + len, "%s%.*s", len > 0 ? "." : "", (int) step->name_len, doc->text + step->name);
	}
	return len > 0;
}

const char *
br_legacy_replacement(const BrDocument *doc, int32 node)
{
	char		pattern[80];

	if (!write_pattern(doc, node, pattern, sizeof(pattern)))
		return NULL;
	for (int i = 0; i < lengthof(legacies); i++)
		if (strcmp(legacies[i].path, pattern) == 0)
			return legacies[i].replacement;
	return NULL;
}
