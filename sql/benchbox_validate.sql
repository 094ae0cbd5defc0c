-- Documents of BenchBox: what the validator says, and of which kind of argument.
SELECT benchbox_schema_version();
CREATE TABLE document AS SELECT '{
  "schema_version": "1.1",
  "benchmark": {"id": "tpch", "name": "TPC-H"},
  "execution": {"id": "1a2b3c4d", "timestamp": "2025-09-01T12:00:00.000123", "duration_ms": 1500, "executor": "duckdb", "database_name": "tpch.duckdb"},
  "configuration": {"scale_factor": 0.01, "concurrency": 1, "query_subset": ["Q1", "Q2"], "options": {}},
  "system": {"os": "Linux", "architecture": "arm64", "cpu_count": 8, "memory_gb": 16, "python_version": "3.12.11", "hostname": "host_0123abcd", "username": "user_0123abcd"},
  "results": {
    "queries": {"total": 2, "successful": 1, "failed": 1, "success_rate": 0.5, "details": [
      {"id": "Q1", "status": "SUCCESS", "execution_time_ms": 12.5, "rows_returned": 4, "row_count_validation": {"expected": 4, "actual": 4, "status": "PASSED"}},
      {"id": "Q2", "status": "FAILED", "error_message": "out of memory"}]},
    "timing": {"total_ms": 12.5, "avg_ms": 12.5, "min_ms": 12.5, "max_ms": 12.5}},
  "validation": {"status": "PASSED", "summary": {"total_tables_validated": 8, "tables_with_data": 8, "error_count": 0, "warning_count": 0},
    "details_location": "phases.setup.validation.validation_details"},
  "phases": {"setup": {"validation": {"status": "PASSED", "validation_details": {"verified_tables": ["lineitem"]}}}},
  "driver": {"package": "duckdb", "version_requested": "1.3.2", "version_resolved": "1.3.2", "auto_install": false},
  "export": {"timestamp": "2025-09-01T12:00:02", "tool": "benchbox-exporter", "schema_version": "1.1", "anonymized": true},
  "metadata": {"anonymous_machine_id": "machine_45d1a3ef31a1728d"}
}'::jsonb AS doc;
-- nothing
SELECT f.* FROM document, benchbox_validate(doc) f;
SELECT benchbox_is_valid(doc), benchbox_is_valid(doc::text) FROM document;
-- one fault each
CREATE FUNCTION said(place text, value jsonb) RETURNS SETOF record LANGUAGE sql AS $$
	SELECT f FROM document, benchbox_validate(CASE WHEN value IS NULL THEN doc #- place::text[] ELSE jsonb_set(doc, place::text[], value) END) f
$$;
SELECT said('{benchmark,id}', NULL);
SELECT said('{system,os}', NULL);
SELECT said('{schema_version}', '"2.0"');
SELECT said('{execution,timestamp}', '"2025-02-29T12:00:00"');
SELECT said('{execution,timestamp}', '"2025-09-01T12:00:00Z"');
SELECT said('{results,queries,failed}', '2');
SELECT said('{results,queries,success_rate}', '0.66667');
SELECT said('{results,queries,details,1,status}', '"SUCCESS"');
SELECT said('{results,queries,details,1,status}', '"error"');
SELECT said('{results,queries,details,0,id}', '1');
SELECT said('{results,queries,details,0,sql_truncated}', 'true');
SELECT said('{results,queries,details,0,row_count_validation,status}', '"FAILED"');
SELECT said('{results,timing,avg_ms}', '"12.5"');
SELECT said('{results,timing,max_ms}', '-1');
SELECT said('{results,tables}', '{"per_table": {"web sales": "many", "a\"b": null}}');
SELECT said('{validation,status}', '"passed"');
SELECT said('{validation,details_location}', '"phases.validation"');
SELECT said('{system,hostname}', '"db1.example.com"');
SELECT said('{execution,driver_package}', '"duckdb"');
SELECT said('{new}', '[]');
-- what jsonb hides
SELECT * FROM benchbox_validate('{"a": 1, "b": NaN, "a": "\ud83e"}') WHERE code NOT IN ('missing', 'unknown_key');
SELECT * FROM benchbox_validate('{"benchmark":
	{"id": tpch}}');
SELECT * FROM benchbox_validate('');
SELECT * FROM benchbox_validate('"document"'::jsonb);
-- another layout
SELECT * FROM benchbox_validate('{"version": "2.1", "run": {"id": "1", "streams": 1}, "queries": [{"id": "1", "ms": 0.5}, {"id": "2", "ms": 0.5}]}') WHERE code = 'legacy';
-- limits
SELECT benchbox_is_valid(repeat('[', 129));
SELECT benchbox_is_valid(repeat('[', 64 * 1024 * 1024 + 1));
SELECT benchbox_is_valid((repeat('[', 129) || repeat(']', 129))::jsonb);
SELECT benchbox_is_valid(NULL::text), benchbox_is_valid(NULL::jsonb);
DROP FUNCTION said;
DROP TABLE document;
