-- BenchBox documents as items of the table: import, what becomes of it, export, deletion. Runs of its own, which are gone at the end.
SET search_path = bench, public;
SET datestyle = ISO;
SET timezone = 'UTC';
SET extra_float_digits = 1;
\set VERBOSITY terse
ALTER SERVER bench_server OPTIONS (ADD updatable 'true');

-- packed texts, and ids of runs
SELECT benchbox_unpack(benchbox_pack(t)) = t AS same, benchbox_pack(t) = benchbox_pack(t) AS same_bytes FROM unnest('{"",a,"é 😀"}'::text[] || repeat('long ', 100000)) t;
SELECT encode(substr(benchbox_pack('x'), 1, 10), 'hex') AS header;
SELECT benchbox_unpack('\x');
SELECT benchbox_unpack(benchbox_pack('abc') || '\x00');
SELECT benchbox_unpack(overlay(benchbox_pack('abc') PLACING '\xff' FROM 12));
SELECT benchbox_uuid('x');
SELECT benchbox_time(t, 'America/New_York') FROM unnest('{2025-09-01T12:00:00.000123,2025-09-01 12:00,2025-09-01T12:00:00Z,2025-09-01T12:00:00+02:00,now,yesterday,2025-09}'::text[]) t;

-- two executions of the same benchmark, the second faster; and one of another program's version
CREATE TEMP TABLE documents AS
SELECT name, jsonb_build_object('schema_version', '1.1', 'benchmark', '{"id": "tpch", "name": "TPC-H", "version": "3.0.1"}'::jsonb,
	'execution', jsonb_build_object('id', id, 'timestamp', at, 'duration_ms', 61000, 'executor', 'cli', 'database_name', '/home/someone/tpch/sf1.duckdb'),
	'configuration', '{"scale_factor": 1, "concurrency": 1, "query_subset": ["Q1", "Q2", "Q9", "Q21"], "options": {"threads": null}}'::jsonb,
	'system', '{"os": "Linux", "architecture": "aarch64", "cpu_count": 8, "memory_gb": 15.6, "python_version": "3.12.1", "hostname": "laptop", "username": "someone"}'::jsonb,
	'results', jsonb_build_object('queries', jsonb_build_object('total', 10, 'successful', 9, 'failed', 1, 'success_rate', 0.9, 'details', (
			SELECT jsonb_agg(jsonb_build_object('id', q, 'status', 'SUCCESS', 'sequence', 4 * i + n, 'iteration', i, 'stream_id', i::text,
				'run_type', CASE i WHEN 0 THEN 'warmup' ELSE 'measurement' END, 'execution_time_ms', factor * (100 * n + i + 0.5), 'rows_returned', n,
				'resource_usage', jsonb_build_object('bytes', 1000 * n, 'none', null)) ORDER BY i, n)
				|| '[{"id": "Q21", "status": "FAILED", "run_type": "measurement", "error_message": "laptop has no room in /home/someone/tmp", "execution_time_ms": 7,
					"row_count_validation": {"expected": null, "actual": 0, "status": "SKIPPED", "warning": "no answer"}}]'
			FROM generate_series(0, 3) i, unnest('{Q1,Q2,9}'::text[]) WITH ORDINALITY AS queries(q, n))),
		'timing', jsonb_build_object('total_ms', factor * 1822.5, 'avg_ms', factor * 202.5), 'metrics', '{"tpc": {"geometric_mean_ms": 182.5, "power_at_size": 1234.5}}'::jsonb),
	'validation', '{"status": "PASSED"}'::jsonb, 'driver', '{"package": "duckdb"}'::jsonb, 'platform', '{"name": "DuckDB", "version": "1.3.2"}'::jsonb,
	'export', '{"timestamp": "2025-09-01T12:00:00.000123", "tool": "benchbox-exporter", "schema_version": "1.1", "anonymized": false}'::jsonb) AS doc
FROM (VALUES ('first', 'aaaa0001', '2025-09-01T12:00:00.250000', 1.0), ('second', 'aaaa0002', '2025-09-02T12:00:00', 0.5)) v(name, id, at, factor)
UNION ALL VALUES ('third', '{"result_schema_version": "2.2", "run": {"id": "aaaa0003", "timestamp": "2025-09-03T12:00:00", "total_duration_ms": 1000},
	"benchmark": {"id": "tpch", "name": "TPC-H", "scale_factor": 1.0, "test_type": "power"}, "platform": {"name": "DuckDB", "version": "1.4"},
	"environment": {"os": "Linux", "arch": "x86_64", "machine_id": "machine_0123456789ab"}, "summary": {"queries": {"total": 3, "passed": 3, "failed": 0},
	"timing": {"total_ms": 606.0, "geometric_mean_ms": 184.5}}, "queries": [{"id": "1", "ms": 101.0, "rows": 1, "status": "SUCCESS", "run_type": "measurement"},
	{"id": "2", "ms": 202, "rows": 0, "status": "SUCCESS", "run_type": "measurement"}, {"id": "9", "ms": 303, "status": "SUCCESS", "run_type": "measurement"}]}'::jsonb);
SELECT name, path, severity, code FROM documents, benchbox_validate(doc) WHERE name <> 'third' AND severity <> 'note';
CREATE TEMP TABLE ids AS SELECT name, benchbox_run_id(doc) AS run FROM documents;
SELECT * FROM ids ORDER BY name;

-- an import
SELECT i.* FROM documents, benchbox_import(doc, notes => 'by hand') i WHERE name = 'first';
SELECT status, "timestamp", start_time, end_time, failed_invocations, error_summary, notes, total_configurations, total_invocations,
	cold_starts_per_config AS cold, warm_starts_per_config AS warm, runtimes, architectures FROM test_runs JOIN ids ON test_run_id = run;
SELECT attributes->>'source' AS source, attributes->>'sourceSchemaVersion' AS version, attributes->>'configPrefix' AS prefix, attributes->>'documentParts' AS parts,
	attributes->>'documentSha256' = encode(sha256(doc::text::bytea), 'hex') AS same_sha, octet_length(attributes::text) < 16000 AS is_small,
	jsonb_pretty(attributes->'benchbox') AS header FROM test_runs JOIN ids ON test_run_id = run JOIN documents USING (name);
SELECT config_id, invocation_type AS start, invocation_number AS n, "timestamp", duration_ms, success FROM results JOIN ids ON test_run_id = run
	ORDER BY config_id COLLATE "C", 2, 3;
SELECT config_id, invocation_type AS start, sample_count AS n, failed_count AS failed, all_successful AS ok, duration_ms_mean, duration_ms_median, duration_ms_stdev IS NULL AS no_stdev
	FROM aggregates JOIN ids ON test_run_id = run ORDER BY config_id COLLATE "C", 2;
SELECT pk, sk, item - '{timestamp,testRunId,pk,sk,durationMsStats,body}'::text[] AS item FROM items, ids
	WHERE name = 'first' AND pk IN (run || '#bb:tpch:sf1:duckdb:q21', run || '#bb:tpch:sf1:duckdb:q9', 'DOCUMENT#' || run) OR pk = 'TESTRUN#' || run AND sk ~ '@run'
	ORDER BY pk COLLATE "C", sk COLLATE "C";
-- the tables of BenchBox runs; times are stored as all others are
IMPORT FOREIGN SCHEMA "BenchmarkResults" LIMIT TO (benchbox_runs, benchbox_queries) FROM SERVER bench_server INTO bench OPTIONS (sample_run 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a');
SELECT benchmark_id, scale_factor, platform_name, status, queries_total, total_ms, power_at_size, document_parts, imported_at BETWEEN now() - interval '1 hour' AND now() + interval '1 hour' AS just_now
	FROM benchbox_runs JOIN ids ON test_run_id = run;
SELECT query, invocation_type AS start, invocation_number AS n, duration_ms, execution_time_ms, query_id, run_type, rows_returned, expected_rows, actual_rows, row_count_status, resource_usage
	FROM benchbox_queries JOIN ids ON test_run_id = run WHERE query IN ('q9', 'q21') ORDER BY query COLLATE "C", 2, 3;
-- again; with other arguments; another document of the same run
SELECT i.items, i.status FROM documents, benchbox_import(doc::text) i WHERE name = 'first';
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT i.* FROM documents, benchbox_import(doc || '{"metadata": {"note": "other"}, "driver": {}}') i WHERE name = 'first';
\set VERBOSITY terse
SELECT i.items FROM documents, benchbox_import(doc || '{"metadata": {"note": "other"}}', on_conflict => 'replace') i WHERE name = 'first';
SELECT benchbox_document(run)->'metadata' AS metadata FROM ids WHERE name = 'first';
SELECT i.items FROM documents, benchbox_import(doc, on_conflict => 'replace') i WHERE name = 'first';

-- an import that was interrupted: what is there stays, what is not is written
SELECT run AS first FROM ids WHERE name = 'first' \gset
UPDATE test_runs SET status = 'in_progress' WHERE test_run_id = :'first';
DELETE FROM items WHERE pk = 'DOCUMENT#' || :'first';
DELETE FROM items WHERE pk = :'first' || '#bb:tpch:sf1:duckdb:q2';
DELETE FROM items WHERE pk = 'TESTRUN#' || :'first' AND sk LIKE 'AGGREGATE#%:q9#%';
SELECT reason FROM bench_missing_aggregates(:'first');
SELECT benchbox_export(:'first');
SELECT i.items FROM documents, benchbox_import(doc, timezone => 'Asia/Tokyo') i WHERE name = 'first';
SELECT i.items FROM documents, benchbox_import(doc, variant => 'tuned') i WHERE name = 'first';
SELECT i.items, i.status FROM documents, benchbox_import(doc) i WHERE name = 'first';

-- replaced because of its arguments, and back
SELECT i.items FROM documents, benchbox_import(doc, variant => 'tuned', on_conflict => 'replace') i WHERE name = 'first';
SELECT DISTINCT config_id FROM aggregates WHERE test_run_id = :'first' ORDER BY 1;
SELECT i.items FROM documents, benchbox_import(doc) i WHERE name = 'first';
SELECT i.items FROM documents, benchbox_import(doc, on_conflict => 'replace') i WHERE name = 'first';
SELECT i.items FROM documents, benchbox_import(doc, on_conflict => 'replace') i WHERE name = 'first';

-- runs like any others
SELECT i.items, i.status FROM documents, benchbox_import(doc) i WHERE name = 'second';
SELECT i.items, i.status FROM documents, benchbox_import(doc) i WHERE name = 'third';
SELECT config_id, reason FROM ids, bench_missing_aggregates(run);
SELECT * FROM ids, bench_verify_aggregates(run);
SELECT config_id, invocation_type, planned, present, failed, missing FROM bench_missing_results(:'first');
SELECT "timestamp", sample_count, failed_count, duration_ms_mean, duration_ms_median FROM bench_config_history('bb:tpch:sf1:duckdb:q9');
SELECT "timestamp", sample_count, duration_ms_mean, attributes->'geometricMeanMs' AS geometric_mean, attributes->'powerAtSize' AS power
	FROM aggregates WHERE config_id = 'bb:tpch:sf1:duckdb:@run' AND invocation_type = 'warm' ORDER BY 1;
SELECT config_id, invocation_type AS start, n_a, n_b, value_a, value_b, round(ratio::numeric, 4) AS ratio FROM bench_compare_runs(:'first', (SELECT run FROM ids WHERE name = 'second'))
	ORDER BY config_id COLLATE "C", 2;

-- what comes out: the document itself; what the items give; of another version
SELECT name, benchbox_document(run) = doc AS document, benchbox_export(run) = doc AS export FROM ids JOIN documents USING (name) WHERE name <> 'third' ORDER BY name;
SELECT benchbox_document(run) = doc AS document FROM ids JOIN documents USING (name) WHERE name = 'third';
CREATE TEMP TABLE rebuilt AS SELECT name, benchbox_export(run, rebuild => true) AS doc FROM ids;
SELECT name, path, severity, code FROM rebuilt, benchbox_validate(doc) WHERE severity <> 'note';
SELECT name, b.doc#>'{results,queries,details}' = d.doc#>'{results,queries,details}' AS details, b.doc->'benchmark' = d.doc->'benchmark' AS benchmark,
	(b.doc->'results') #- '{queries,details}' AS results, (b.doc->'export') - 'timestamp' AS export, benchbox_run_id(b.doc) = benchbox_run_id(d.doc) AS same_run
	FROM rebuilt b JOIN documents d USING (name) ORDER BY name;
SELECT jsonb_array_length(d->'results'->'queries'->'details') AS details, d->'benchmark' AS benchmark, d#>'{results,queries,success_rate}' AS rate,
	(SELECT count(*) FROM benchbox_validate(d) WHERE severity <> 'note') AS findings, invocations
	FROM unnest('{f,t}'::boolean[]) invocations, benchbox_export('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'::uuid, invocations => invocations) d;
SELECT benchbox_document('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a') IS NULL AS of_the_suite;
-- a text that is cut, with its marker, has 4096 characters
SELECT length(t->>'sql_text') AS length, right(t->>'sql_text', 15) AS ends, t->'sql_truncated' AS truncated
	FROM (VALUES (repeat('x', 4096), false), (repeat('x', 4097), false), (repeat('é', 4096) || '/* truncated */', true), ('short/* truncated */', NULL), ('short', true)) v(sql, cut),
	benchbox_sql_text(sql, cut) t;
-- what is stored is not what was imported
UPDATE items SET item = jsonb_set(item, '{body,$B}', to_jsonb(encode(benchbox_pack('{}'), 'base64'))) WHERE pk = 'DOCUMENT#' || :'first' AND sk = 'PART#0001';
SELECT benchbox_export(:'first');
UPDATE items SET item = jsonb_set(item, '{body,$B}', '"AAAA"') WHERE pk = 'DOCUMENT#' || :'first' AND sk = 'PART#0001';
SELECT benchbox_export(:'first');

-- whose it was
SELECT jsonb_pretty(a - '{results,benchmark,configuration,validation,driver,platform}'::text[]) AS anonymized, a#>>'{results,queries,details,12,error_message}' AS message,
	benchbox_anonymize(a, 'salt') = a AS stays, benchbox_run_id(a) = benchbox_run_id(doc) AS same_run, benchbox_anonymize(doc, 'other')->'system' <> a->'system' AS salted,
	(SELECT count(*) FROM benchbox_validate(a) WHERE severity <> 'note') AS findings
	FROM documents, benchbox_anonymize(doc, 'salt') a WHERE name = 'first';
SELECT benchbox_anonymize(doc, 'salt') = doc AS same FROM documents WHERE name = 'third';
SELECT key, value FROM jsonb_each_text(benchbox_anonymize('{"a": "see file:///home/a/b or ~/b, C:\\Users\\a b\\c", "b": "from 10.1.2.3 port 80, fe80::1 and 1.2.3", "c": "a/b 3/4 x::int 12:30:45", "token": "t",
	"d": "mail someone@example.com now", "e": "/a b/c d", "data_path": "x", "d4": 4.5, "project_id": "p"}', 'salt'));

-- what cannot be
SELECT benchbox_import(NULL::jsonb);
SELECT benchbox_import('{"a": 1}');
SELECT benchbox_import('no JSON');
SELECT benchbox_import(doc #- '{execution,timestamp}' #- '{export,timestamp}') FROM documents WHERE name = 'first';
SELECT benchbox_import(doc, timezone => 'Nowhere') FROM documents WHERE name = 'second';
SELECT benchbox_import(doc, on_conflict => 'nothing') FROM documents WHERE name = 'first';
CREATE SCHEMA copied;
CREATE TABLE copied.test_runs (LIKE test_runs);
CREATE TABLE copied.aggregates (LIKE aggregates);
CREATE TABLE copied.results (LIKE results);
SELECT benchbox_import(doc, 'copied') FROM documents WHERE name = 'first';
CREATE TABLE copied.items (LIKE items);
SELECT benchbox_import(doc, 'copied') FROM documents WHERE name = 'first';
SELECT benchbox_export('none of them');
CREATE SCHEMA mirrored_runs;
CALL bench_mirror('bench', 'mirrored_runs');
SELECT benchbox_export(:'first', 'mirrored_runs');
SELECT benchbox_export('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a', 'mirrored_runs') - 'export' = benchbox_export('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a', 'bench') - 'export' AS same;
DROP SCHEMA mirrored_runs CASCADE;

-- nothing is left of them
SELECT name, results, aggregates, d.items, test_runs FROM ids, bench_delete_run(run) d ORDER BY name;
SELECT count(*) FROM items, ids WHERE pk LIKE '%' || run || '%';
DROP SCHEMA copied CASCADE;
DROP FOREIGN TABLE benchbox_runs, benchbox_queries;
ALTER SERVER bench_server OPTIONS (DROP updatable);
