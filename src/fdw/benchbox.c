/*
 * benchbox.c
 *		The tables of BenchBox results: columns, as data.
 *
 * Such results lie among the benchmark suite's own: runs that have the map
 * "benchbox", and results whose configuration ids begin with bb: and say what was
 * measured.
 */
#include "base/br.h"

#include "fdw/benchbox.h"

#define MEASUREMENT	"double precision"
#define CONFIG_TEMPLATE	"bb:{benchmarkId}:sf{scaleFactor}:{platformSlug}:{query}"

#define COLUMN(column, sqltype, path) \
	.name = column, .type = sqltype, .attribute = path

static const BrColumnDef run_columns[] = {
	{COLUMN("test_run_id", "text", "testRunId"), .comment = "id of the run, a UUID"},
	{COLUMN("timestamp", "timestamptz", "timestamp"), .is_timestamp = true,
	.comment = "start of the run"},
	{COLUMN("start_time", "timestamptz", "startTime"), .is_timestamp = true},
	{COLUMN("end_time", "timestamptz", "endTime"), .is_timestamp = true},
	{COLUMN("status", "text", "status"), .comment = "in_progress, completed or failed"},
	{COLUMN("notes", "text", "notes")},
	{COLUMN("error_summary", "text", "errorSummary")},
	{COLUMN("source_schema_version", "text", "sourceSchemaVersion")},
	{COLUMN("document_sha256", "text", "documentSha256")},
	{COLUMN("document_parts", "integer", "documentParts")},
	{COLUMN("imported_at", "timestamptz", "importedAt"), .is_timestamp = true},
	{COLUMN("execution_id", "text", "benchbox.executionId")},
	{COLUMN("execution_timestamp_text", "text", "benchbox.executionTimestampText")},
	{COLUMN("benchmark_id", "text", "benchbox.benchmarkId")},
	{COLUMN("benchmark_name", "text", "benchbox.benchmarkName")},
	{COLUMN("benchmark_version", "text", "benchbox.benchmarkVersion")},
	{COLUMN("scale_factor", "numeric", "benchbox.scaleFactor")},
	{COLUMN("platform_name", "text", "benchbox.platformName")},
	{COLUMN("platform_version", "text", "benchbox.platformVersion")},
	{COLUMN("executor", "text", "benchbox.executor")},
	{COLUMN("database_name", "text", "benchbox.databaseName")},
	{COLUMN("execution_mode", "text", "benchbox.executionMode")},
	{COLUMN("test_type", "text", "benchbox.testType")},
	{COLUMN("concurrency", "integer", "benchbox.concurrency")},
	{COLUMN("query_subset", "text[]", "benchbox.querySubset")},
	{COLUMN("queries_total", "integer", "benchbox.queriesTotal")},
	{COLUMN("queries_successful", "integer", "benchbox.queriesSuccessful")},
	{COLUMN("queries_failed", "integer", "benchbox.queriesFailed")},
	{COLUMN("success_rate", MEASUREMENT, "benchbox.successRate")},
	{COLUMN("total_ms", MEASUREMENT, "benchbox.totalMs")},
	{COLUMN("avg_ms", MEASUREMENT, "benchbox.avgMs")},
	{COLUMN("min_ms", MEASUREMENT, "benchbox.minMs")},
	{COLUMN("max_ms", MEASUREMENT, "benchbox.maxMs")},
	{COLUMN("data_loading_ms", MEASUREMENT, "benchbox.dataLoadingMs")},
	{COLUMN("schema_creation_ms", MEASUREMENT, "benchbox.schemaCreationMs")},
	{COLUMN("total_rows_loaded", "bigint", "benchbox.totalRowsLoaded")},
	{COLUMN("data_size_mb", MEASUREMENT, "benchbox.dataSizeMb")},
	{COLUMN("geometric_mean_ms", MEASUREMENT, "benchbox.geometricMeanMs"), .comment = "as the file says"},
	{COLUMN("power_at_size", MEASUREMENT, "benchbox.powerAtSize"), .comment = "as the file says"},
	{COLUMN("throughput_at_size", MEASUREMENT, "benchbox.throughputAtSize"), .comment = "as the file says"},
	{COLUMN("qphh_at_size", MEASUREMENT, "benchbox.qphhAtSize"), .comment = "as the file says"},
	{COLUMN("validation_status", "text", "benchbox.validationStatus")},
	{COLUMN("tables_validated", "integer", "benchbox.tablesValidated")},
	{COLUMN("tables_with_data", "integer", "benchbox.tablesWithData")},
	{COLUMN("validation_errors", "integer", "benchbox.validationErrors")},
	{COLUMN("validation_warnings", "integer", "benchbox.validationWarnings")},
	{COLUMN("driver_package", "text", "benchbox.driverPackage")},
	{COLUMN("driver_requested", "text", "benchbox.driverRequested")},
	{COLUMN("driver_resolved", "text", "benchbox.driverResolved")},
	{COLUMN("driver_auto_install", "boolean", "benchbox.driverAutoInstall")},
	{COLUMN("os", "text", "benchbox.os")},
	{COLUMN("architecture", "text", "benchbox.architecture")},
	{COLUMN("cpu_count", "integer", "benchbox.cpuCount")},
	{COLUMN("memory_gb", MEASUREMENT, "benchbox.memoryGb")},
	{COLUMN("python_version", "text", "benchbox.pythonVersion")},
	{COLUMN("machine_id", "text", "benchbox.machineId")},
	{COLUMN("anonymized", "boolean", "benchbox.anonymized")},
	{COLUMN("cost_usd", "numeric", "benchbox.costUsd")},
	{COLUMN("attributes", "jsonb", "*"), .comment = "the whole item, without loss"},
};

static const BrColumnDef query_columns[] = {
	{COLUMN("test_run_id", "text", "testRunId"), .comment = "id of the run, a UUID"},
	{COLUMN("config_id", "text", "configId"), .comment = "bb:benchmark:sfscale:platform:query"},
	{COLUMN("invocation_type", "text", "invocationType"), .comment = "cold: a warmup; warm: a measurement"},
	{COLUMN("invocation_number", "integer", "invocationNumber")},
	{COLUMN("timestamp", "timestamptz", "timestamp"), .is_timestamp = true,
	.comment = "start of the run"},
	{COLUMN("benchmark_id", "text", "benchmarkId"), .comment = "of config_id"},
	{COLUMN("scale_factor", "text", "scaleFactor"), .comment = "of config_id"},
	{COLUMN("platform", "text", "platformSlug"), .comment = "of config_id, with mode and variant"},
	{COLUMN("query", "text", "query"), .comment = "of config_id: q1"},
	{COLUMN("architecture", "text", "architecture"), .comment = "arm64 or x86"},
	{COLUMN("success", "boolean", "success")},
	{COLUMN("duration_ms", MEASUREMENT, "durationMs"), .comment = "NULL if the query failed"},
	{COLUMN("execution_time_ms", MEASUREMENT, "executionTimeMs"), .comment = "whether it failed or not"},
	{COLUMN("query_id", "text", "queryId"), .comment = "as the document spells it"},
	{COLUMN("query_name", "text", "queryName")},
	{COLUMN("query_status", "text", "queryStatus")},
	{COLUMN("run_type", "text", "runType")},
	{COLUMN("iteration", "integer", "iteration")},
	{COLUMN("stream_id", "text", "streamId")},
	{COLUMN("sequence", "integer", "sequence")},
	{COLUMN("position", "integer", "position"), .comment = "in the document, from 0"},
	{COLUMN("rows_returned", "bigint", "rowsReturned")},
	{COLUMN("error_message", "text", "errorMessage")},
	{COLUMN("sql_text", "text", "sqlText")},
	{COLUMN("sql_truncated", "boolean", "sqlTruncated")},
	{COLUMN("cost_usd", "numeric", "costUsd")},
	{COLUMN("resource_usage", "jsonb", "resourceUsage")},
	{COLUMN("expected_rows", "bigint", "rowCountValidation.expected")},
	{COLUMN("actual_rows", "bigint", "rowCountValidation.actual")},
	{COLUMN("row_count_status", "text", "rowCountValidation.status")},
	{COLUMN("row_count_error", "text", "rowCountValidation.error")},
	{COLUMN("row_count_warning", "text", "rowCountValidation.warning")},
	{COLUMN("omitted", "text[]", "omitted"), .comment = "what is in the document only"},
};

static const BrBenchboxTable tables[] = {
	{
		.name = "benchbox_runs", .entity = "test_runs", .having = "benchbox",
		.columns = run_columns, .ncolumns = lengthof(run_columns)
	},
	{
		.name = "benchbox_queries", .entity = "results", .config_template = CONFIG_TEMPLATE,
		.columns = query_columns, .ncolumns = lengthof(query_columns)
	}
};

const BrBenchboxTable *
br_benchbox_table(const char *name)
{
	for (int i = 0; i < (int) lengthof(tables); i++)
	{
		if (strcmp(tables[i].name, name) == 0)
			return &tables[i];
	}
	return NULL;
}
