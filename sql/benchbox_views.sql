-- BenchBox documents as rows, and of any version as 1.1.  Real files: test/t/043_benchbox_files.pl.
\set VERBOSITY terse
-- names as parts of configuration ids
SELECT name, benchbox_slug(name) FROM (VALUES (1, 'DuckDB'), (2, 'AMPLab Big Data'), (3, 'a--b  c'), (4, 'v1.2+x'), (5, U&'\00c4\212A \0130'), (6, ''), (7, NULL)) v(n, name) ORDER BY n;
SELECT id, benchbox_query_slug(id) FROM (VALUES (1, 'Q1'), (2, '1'), (3, 'query1'), (4, 'Query_01'), (5, ' q14a '), (6, '3.1'), (7, 'generative_complete_simple'),
	(8, 'quick1'), (9, 'q'), (10, 'Q#1:2'), (11, ''), (12, NULL)) v(n, id) ORDER BY n;

CREATE TABLE documents (name text, doc jsonb);
INSERT INTO documents VALUES
('1.1', '{"schema_version": "1.1", "benchmark": {"id": "tpch", "name": "TPC-H", "version": "3.0.1"},
	"execution": {"id": "0a1b2c3d", "timestamp": "2025-09-01T11:59:00.000123", "duration_ms": 61000.5, "executor": "DuckDBAdapter", "database_name": "tpch_sf1.duckdb", "metadata": {"entry_point": "cli"}},
	"configuration": {"scale_factor": 1.0, "concurrency": 2, "query_subset": ["Q1", "Q14a"], "options": {"memory_limit": "8GB"}},
	"system": {"os": "Linux", "architecture": "x86_64", "cpu_count": 8, "memory_gb": 32, "python_version": "3.11.9", "hostname": "host_0f1e2d3c", "username": "user_5a5a5a5a"},
	"results": {"queries": {"total": 4, "successful": 3, "failed": 1, "success_rate": 0.75,
			"details": [
				{"id": "Q1", "name": "Pricing", "status": "SUCCESS", "sequence": 1, "stream_id": "0", "iteration": 0, "run_type": "warmup", "execution_time_ms": 90, "rows_returned": 4},
				{"id": "Q1", "name": "Pricing", "status": "SUCCESS", "sequence": 2, "iteration": 1, "run_type": "measurement", "execution_time_ms": 80.0, "rows_returned": 4,
					"sql_text": "SELECT 1 /* truncated */", "sql_truncated": true, "resource_usage": {"bytes_scanned": 12}, "cost": 0.0125, "row_count_validation": {"expected": 4, "actual": 4, "status": "PASSED"}},
				{"id": "Q2", "status": "FAILED", "sequence": 3, "iteration": 1, "run_type": "measurement", "error_message": "out of memory",
					"row_count_validation": {"expected": 100, "actual": 0, "status": "FAILED", "error": "100 rows expected"}},
				{"id": "Q14a", "status": "SUCCESS", "sequence": 4, "iteration": 1, "run_type": "measurement", "execution_time_ms": 20, "rows_returned": 1,
					"row_count_validation": {"expected": null, "actual": 1, "status": "SKIPPED", "warning": "no count"}}],
			"definitions": {"0": {"Q1": {"sql": "SELECT 1", "parameters": {"delta": 90}}, "Q2": {"sql": "SELECT 2"}}, "1": {"Q1": {"sql": "SELECT 3", "parameters": null}}}},
		"timing": {"total_ms": 190.0, "avg_ms": 63.333, "min_ms": 20.0, "max_ms": 90.0, "data_loading_ms": 1500.5, "schema_creation_ms": 25},
		"tables": {"total_rows_loaded": 6001220, "data_size_mb": 1023.5, "per_table": {"lineitem": 6001215, "region": {"rows": 5, "load_time_ms": 1.5}}},
		"metrics": {"summary": {"note": "first", "speedup": 1.25}, "performance_summary": {"p95_ms": 88.5}, "performance_characteristics": {"bound": "cpu"},
			"tpc": {"power_at_size": 90000.0, "throughput_at_size": 40000.0, "qphh_at_size": 60000.0, "geometric_mean_ms": 40.0}},
		"cost_summary": {"total_cost": 0.0125}},
	"validation": {"status": "PARTIAL", "summary": {"total_tables_validated": 2, "tables_with_data": 1, "error_count": 1, "warning_count": 3}, "details_location": "phases.setup.validation.validation_details"},
	"driver": {"package": "duckdb", "version_requested": "1.3", "version_resolved": "1.3.2", "auto_install": true},
	"export": {"timestamp": "2025-09-01T12:00:00.000123", "tool": "benchbox-exporter", "schema_version": "1.1", "anonymized": true},
	"platform": {"name": "DuckDB", "metadata": {"version": "1.3.2"}, "tunings": {"lineitem": ["sort"]}, "info": {"connection_mode": "file"}},
	"phases": {"setup": {"data_loading": {"duration_ms": 1500, "status": "SUCCESS"},
			"validation": {"duration_ms": 50, "row_count_validation": "PASSED",
				"validation_details": {"verified_tables": ["lineitem", "region"], "accessible_tables": {"lineitem": true}, "errors": [{"table": "region"}], "note": "one"}}},
		"power_test": {"duration_ms": 190, "status": "COMPLETED"}},
	"metadata": {"anonymous_machine_id": "machine_0123456789abcdef", "site": "here"}}'),
('1.0', '{"schema_version": "1.0", "benchmark": {"name": "TPC-DS", "scale_factor": 0.10}, "execution": {"execution_id": "legacy", "timestamp": "2025-06-15T10:30:00", "platform": "SQLite"},
	"config": {"mode": "sql"}, "cost_summary": {"total_cost": 0.1},
	"results": {"queries": {"details": [{"id": 1, "status": "pass", "timing": {"execution_ms": 100}}, {"query_id": "Q2", "execution_time": 0.25, "error": "no"}, {"id": "3", "execution_time_ms": 4, "rows_returned": 0}]}}}'),
('2.0', '{"version": "2.0", "run": {"id": "ffee0011", "timestamp": "2025-11-02T08:00:00", "total_duration_ms": 5000}, "benchmark": {"id": "star_schema", "name": "Star Schema", "scale_factor": 10},
	"platform": {"name": "ClickHouse", "version": "24.8", "config": {"execution_mode": "sql"}}, "summary": {"queries": {"total": 5, "passed": 2, "failed": 3}, "timing": {"total_ms": 150.0, "avg_ms": 75.0}},
	"queries": [{"id": "1.1", "ms": 100, "rows": 1, "iter": 1}, {"id": "1.2", "ms": 50.0, "iter": 1}],
	"errors": [{"phase": "query", "query_id": "1.2", "type": "Timeout", "message": "timed out"}, {"phase": "data_loading", "table": "dates", "message": "no such file"},
		{"phase": "query", "query_id": "2.1", "message": "near FROM"}, {"phase": "query", "query_id": "2.1", "message": "again"}],
	"tables": {"lineorder": {"rows": 59986214, "load_ms": 81234.5}}, "environment": {"os": "Linux", "arch": "aarch64", "machine_id": "machine_fedcba9876543210"},
	"cost": {"total_usd": "0.25"}, "export": {"timestamp": "2025-11-02T08:01:00.5", "tool": "benchbox-exporter", "anonymized": false}}'),
('2.1', '{"version": "2.1", "run": {"id": "12ab34cd", "timestamp": "2026-01-15T23:30:00", "total_duration_ms": 9000, "iterations": 2, "streams": 3, "query_subset": ["1", "6"]},
	"benchmark": {"id": "tpch", "name": "TPC-H", "scale_factor": 0.01, "test_type": "power"},
	"platform": {"name": "Spark", "version": "3.5.1", "driver_package": "pyspark", "driver_requested_version": "3.5", "driver_actual_version": "3.5.1", "driver_auto_install_used": false},
	"config": {"mode": "dataframe", "tuning_mode": "notuning"}, "execution": {"timestamp": "2026-01-15T23:29:50", "mode": "sql"},
	"summary": {"queries": {"total": 4, "passed": 3, "failed": 1}, "timing": {"total_ms": 450.0, "avg_ms": 150.0, "geometric_mean_ms": 144.2}, "data": {"rows_loaded": 86805, "load_time_ms": 1200.4},
		"validation": "passed", "tpc_metrics": {"power_at_size": 293.9388}},
	"phases": {"data_loading": {"status": "SUCCESS", "duration_ms": 1200}, "schema_creation": {"status": "SUCCESS", "duration_ms": 15}, "power_test": {"status": "COMPLETED", "duration_ms": 700}, "throughput_test": {"status": "NOT_RUN"}},
	"queries": [{"id": "6", "ms": 300.1, "rows": 1, "iter": 0, "stream": 0, "run_type": "warmup", "status": "SUCCESS"},
		{"id": "6", "ms": 200.0, "rows": 1, "iter": 1, "stream": 1, "run_type": "measurement", "status": "SUCCESS"}, {"id": "1", "ms": 1.5, "iter": 1, "stream": 1, "run_type": "measurement", "status": "FAILED"},
		{"id": "6", "ms": 100.0, "rows": 1, "iter": 2, "stream": 2, "run_type": "measurement", "status": "SUCCESS"}, {"id": "1", "ms": 150.0, "rows": 4, "iter": 2, "stream": 2, "run_type": "measurement", "status": "SUCCESS"}],
	"errors": [{"phase": "query", "query_id": "1", "type": "Timeout", "message": "timed out"}], "environment": {"os": "Linux 6.1", "arch": "x86_64", "cpu_count": 16, "python": "3.11.4"},
	"export": {"timestamp": "2026-01-15T23:30:09", "tool": "benchbox-exporter", "anonymized": true}}'),
('2.2', '{"result_schema_version": "2.2", "run": {"id": "deadbeef", "timestamp": "2026-08-01T00:00:00.000001"}, "benchmark": {"id": "tpcds", "name": "TPC-DS", "scale_factor": 1, "test_type": "throughput"},
	"platform": {"name": "Snowflake", "tuning": {"counts": {"tables_tuned": 2}}, "cloud": {"provider": "aws"}},
	"summary": {"queries": {"total": 3, "passed": 2, "failed": 0, "skipped": 1}, "timing": {"total_ms": 1000.0, "avg_ms": 500.0, "p95_ms": 600.0},
		"validation": {"status": "failed", "total_tables_validated": 24, "tables_with_data": 23, "error_count": 1, "warning_count": 0}, "tpc_metrics": {"throughput_at_size": 144.0, "qphds_at_size": 120.5}},
	"phases": {"throughput_test": {"status": "COMPLETED", "duration_ms": 100000, "stream_results": [{"stream_id": 1}, {"stream_id": 2}]}},
	"queries": [{"id": "14a", "ms": 400.0, "rows": 0, "iter": 1, "stream": 1, "run_type": "measurement", "test_type": "throughput", "status": "SUCCESS", "digest": "00"},
		{"id": "14a", "ms": 600.0, "rows": 0, "iter": 1, "stream": 2, "run_type": "measurement", "test_type": "throughput", "status": "SUCCESS"}, {"id": "14b", "stream": 2, "run_type": "measurement", "status": "SKIPPED"}],
	"execution": {"driver_package": "snowflake", "driver_version_requested": "3", "driver_version_resolved": "3.1", "driver_auto_install": true}, "cost": {"total_usd": 1.25, "model": "actual"}}'),
('none', '{"manifest_version": "1.0"}');

-- a run as a whole: what is NULL in a document is left out here
SELECT d.name, c.key, string_agg(c.value, ', ') AS value
FROM documents d, benchbox_executions(d.doc) e, jsonb_each_text(jsonb_strip_nulls(to_jsonb(e))) c
GROUP BY d.name, c.key ORDER BY d.name, c.key COLLATE "C";
SELECT count(*) FROM documents, benchbox_executions(doc);
SELECT count(*), count(layout) FROM benchbox_executions(NULL);
SELECT d.name, q.position AS n, query_id, query, query_name, query_status, success, sequence AS seq, stream_id AS s, iteration AS i, run_type, execution_time_ms AS ms, rows_returned AS rows, error_message
FROM documents d, benchbox_queries(doc) q ORDER BY d.name, n;
SELECT d.name, q.position AS n, sql_text, sql_truncated, cost_usd, resource_usage, expected_rows, actual_rows, row_count_status, row_count_error, row_count_warning
FROM documents d, benchbox_queries(doc) q WHERE d.name = '1.1' ORDER BY n;
SELECT d.name, x.* FROM documents d, benchbox_definitions(doc) x ORDER BY d.name, stream, query_id;
SELECT d.name, x.* FROM documents d, benchbox_tables(doc) x ORDER BY d.name, table_name;
SELECT d.name, phase, status, duration_ms FROM documents d, benchbox_phases(doc) x ORDER BY d.name, phase;
SELECT d.name, x.* FROM documents d, benchbox_metrics(doc) x ORDER BY d.name, block, metric;
SELECT d.name, x.* FROM documents d, benchbox_validation(doc) x ORDER BY d.name, kind, entry;
SELECT d.name, metric, stored, round(recomputed::numeric, 6) AS recomputed, note FROM documents d, benchbox_tpc(doc) x ORDER BY d.name, metric;
SELECT name, benchbox_config_prefix(doc) AS prefix, benchbox_config_prefix(doc, 'My Variant') AS variant, benchbox_config_prefix(doc, '') AS plain FROM documents ORDER BY name;

-- all versions as 1.1: valid, and the same when upgraded again
SELECT d.name, v.* FROM documents d, benchbox_validate(benchbox_upgrade(doc)) v WHERE severity <> 'note';
SELECT name, benchbox_upgrade(doc) = doc AS unchanged, benchbox_upgrade(benchbox_upgrade(doc)) = benchbox_upgrade(doc) AS twice,
	benchbox_config_prefix(benchbox_upgrade(doc)) = benchbox_config_prefix(doc) AS same_configurations FROM documents ORDER BY name;
SELECT name, jsonb_pretty(benchbox_upgrade(doc)) FROM documents WHERE name IN ('1.0', '2.2') ORDER BY name;
SELECT name, jsonb_pretty(benchbox_upgrade(doc) #> '{metadata,upgraded_from}') FROM documents WHERE name IN ('2.0', '2.1') ORDER BY name;
-- the layout that was called 2.0 and 3.0 before
SELECT jsonb_pretty(benchbox_upgrade('{"schema_version": "3.0", "benchmark_info": {"name": "ClickBench"}, "execution_id": "cafe", "timestamp": "2025-03-04T05:06:07", "duration_seconds": 12.5, "platform_info": {"name": "PostgreSQL"},
	"query_results": [{"query_id": 1, "execution_time": 1.5, "status": "SUCCESS"}], "query_definitions": {"1": {"sql": "SELECT 1"}}, "average_query_time": 1.5}'));
-- texts of queries are cut, times and counts that contradict each other are made anew, and what was there is kept
SELECT length(sql_text), sql_truncated, right(sql_text, 20) AS ends, length(new #>> '{metadata,upgraded_from,results,queries,details,0,sql_text}') AS kept
FROM benchbox_upgrade(jsonb_build_object('schema_version', '1.1', 'results', jsonb_build_object('queries', jsonb_build_object('details',
	jsonb_build_array(jsonb_build_object('id', 'Q1', 'status', 'SUCCESS', 'execution_time_ms', 1, 'sql_text', repeat('x', 5000))))))) new, benchbox_queries(new);
SELECT new #> '{results,queries,total}' AS total, new #> '{results,queries,failed}' AS failed, new #> '{results,timing}' AS timing, new #> '{metadata,upgraded_from}' AS kept
FROM benchbox_upgrade('{"schema_version": "1.1", "results": {"timing": {"total_ms": 1, "avg_ms": 7, "min_ms": 9, "max_ms": 2},
	"queries": {"total": 1, "successful": 5, "details": [{"id": "Q1", "status": "ok", "execution_time_ms": 2}, {"id": "Q1", "status": "Success", "execution_time_ms": 4}, 7]}}}') new;

-- odd values are NULL, and no error
SELECT jsonb_strip_nulls(to_jsonb(e)) FROM benchbox_executions('{"schema_version": "1.1", "benchmark": [], "execution": "x", "configuration": {"scale_factor": "1", "concurrency": 2.5, "query_subset": [1, null, {}, "Q2"]},
	"system": {"cpu_count": 1e20, "memory_gb": 1e400, "os": 7}, "results": {"queries": {"total": 2147483648, "successful": "3", "success_rate": 1e-400}, "timing": {"total_ms": "1", "avg_ms": null, "min_ms": -1e400},
	"tables": 3, "metrics": {"tpc": []}}, "export": {"anonymized": "yes"}, "phases": [1], "metadata": null}') e;
SELECT position AS n, query_id, query, success, execution_time_ms AS ms, rows_returned, cost_usd
FROM benchbox_queries('{"results": {"queries": {"details": [1, null, [], "x", {}, {"id": 3.10, "execution_time_ms": 1e999, "rows_returned": 1.5, "cost": "1e-3"}, {"id": {}, "execution_time": 1e307, "cost": "NaN"}]}}}');
SELECT count(q.*), count(m.*), count(t.*), count(p.*), count(v.*), count(d.*), count(c.*) FROM (VALUES ('{}'::jsonb), ('[]'), ('1'), ('"x"'), ('null'), ('{"run": {}, "summary": {}}'), (NULL)) docs(doc)
	LEFT JOIN LATERAL benchbox_queries(doc) q ON true LEFT JOIN LATERAL benchbox_metrics(doc) m ON true LEFT JOIN LATERAL benchbox_tables(doc) t ON true
	LEFT JOIN LATERAL benchbox_phases(doc) p ON true LEFT JOIN LATERAL benchbox_validation(doc) v ON true LEFT JOIN LATERAL benchbox_definitions(doc) d ON true LEFT JOIN LATERAL benchbox_tpc(doc) c ON true;
SELECT doc, benchbox_upgrade(doc) IS NULL AS none, benchbox_config_prefix(doc) FROM (VALUES ('{}'::jsonb), ('[]'), ('1'), ('"x"'), ('null'), (NULL)) docs(doc);
-- a search_path of the caller's changes nothing
CREATE SCHEMA evil;
CREATE FUNCTION evil.jsonb_typeof(jsonb) RETURNS text LANGUAGE SQL IMMUTABLE RETURN 'object';
CREATE FUNCTION evil.numeric_eq(numeric, numeric) RETURNS boolean LANGUAGE SQL IMMUTABLE RETURN false;
SELECT md5(string_agg(concat(e, q, benchbox_upgrade(doc)), '' ORDER BY d.name, q.position)) AS honest FROM documents d, benchbox_executions(doc) e, benchbox_queries(doc) q \gset
SET search_path = evil, pg_catalog, public;
SELECT md5(string_agg(concat(e, q, benchbox_upgrade(doc)), '' ORDER BY d.name, q.position)) = :'honest' AS same FROM documents d, benchbox_executions(doc) e, benchbox_queries(doc) q;
RESET search_path;
DROP SCHEMA evil CASCADE;
DROP TABLE documents;
