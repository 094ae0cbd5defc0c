-- INSERT, UPDATE and DELETE: what is written, and what is said. A run of its own, which is gone at the end.
SET search_path = bench, public;
SET datestyle = ISO;
SET timezone = 'UTC';
SET client_min_messages = warning;
\set run '''5ee7d0a1-0000-4000-8000-000000000001'''
\set at '''2026-01-15 10:00:00.25+00'''
ALTER SERVER bench_server OPTIONS (ADD updatable 'true');

-- a run: keys and what stands beside them follow from the columns
INSERT INTO test_runs (test_run_id, "timestamp", status, mode, notes, total_configurations, runtimes) VALUES (:run, :at, 'in_progress', 'test', 'first', 1, '{rust,go}');
SELECT item->>'itemType' AS item_type, item->>'testRunId' AS test_run_id, item->>'status' AS status,
	coalesce(item#>'{testMatrix,runtimes}', item->'runtimes') AS runtimes
FROM items WHERE pk = 'TESTRUN#' || :run AND sk = 'TESTRUN#' || :run;
SELECT "timestamp" FROM test_runs WHERE test_run_id = :run;
-- a second one is refused, skipped, or replaces it
INSERT INTO test_runs (test_run_id, "timestamp", status) VALUES (:run, :at, 'failed');
INSERT INTO test_runs (test_run_id, "timestamp", status) VALUES (:run, :at, 'failed') ON CONFLICT DO NOTHING;
ALTER FOREIGN TABLE test_runs OPTIONS (ADD insert_mode 'upsert');
INSERT INTO test_runs (test_run_id, "timestamp", status) VALUES (:run, :at, 'failed');
INSERT INTO test_runs (test_run_id, "timestamp", status) VALUES (:run, :at, 'completed') ON CONFLICT DO NOTHING;
ALTER FOREIGN TABLE test_runs OPTIONS (DROP insert_mode);
SELECT status, notes, runtimes FROM test_runs WHERE test_run_id = :run;

-- results: many, with the configuration as such or by its dimensions
INSERT INTO results (test_run_id, config_id, invocation_type, invocation_number, "timestamp", duration_ms)
	SELECT :run, 'rust-arm64-light-128', 'warm', i, :at::timestamptz + i * interval '1 ms', i / 4.0 FROM generate_series(1, 60) i;
INSERT INTO results (test_run_id, runtime, architecture, workload_type, memory_size_mb, invocation_type, invocation_number, "timestamp", duration_ms, success)
	VALUES (:run, 'rust', 'arm64', 'light', 128, 'cold', 1, :at, 0.1, true), (:run, 'rust', 'arm64', 'light', 128, 'cold', 2, :at, NULL, false)
	RETURNING config_id, invocation_number, duration_ms, success;
SELECT invocation_type, count(*), sum(duration_ms), count(success) FROM results WHERE test_run_id = :run GROUP BY 1 ORDER BY 1;
INSERT INTO results (test_run_id, config_id, invocation_type, invocation_number, "timestamp")
	SELECT :run, 'rust-arm64-light-128', 'warm', i, :at FROM generate_series(59, 62) i ON CONFLICT DO NOTHING;
COPY results (test_run_id, config_id, invocation_type, invocation_number, "timestamp", function_name) FROM stdin;
5ee7d0a1-0000-4000-8000-000000000001	rust-arm64-light-128	warm	63	2026-01-15 10:00:00+00	a "quoted" name
5ee7d0a1-0000-4000-8000-000000000001	rust-arm64-light-128	warm	64	2026-01-15 10:00:00+00	\N
\.
SELECT invocation_number, duration_ms, function_name FROM results
WHERE test_run_id = :run AND config_id = 'rust-arm64-light-128' AND invocation_type = 'warm' AND invocation_number BETWEEN 60 AND 64 ORDER BY 1;

-- an aggregate: maps are made of their members
INSERT INTO aggregates (test_run_id, config_id, invocation_type, "timestamp", sample_count, duration_ms_mean, duration_ms_p99, memory_mb_stats)
	VALUES (:run, 'rust-arm64-light-128', 'warm', :at, 60, 7.625, 14.8525, '{"mean": 50, "p99": 52}')
	RETURNING duration_ms_stats, memory_mb_p99, runtime, memory_size_mb;
SELECT item->'durationMsStats' AS duration, item->'memorySizeMB' AS mb FROM items WHERE pk = 'TESTRUN#' || :run AND sk LIKE 'AGGREGATE#%';

-- UPDATE: directly, one attribute, members, what is missing, what is removed, what stays
UPDATE aggregates SET duration_ms_p99 = 15, duration_ms_median = 7.5, init_duration_ms_p99 = 100, memory_mb_mean = NULL WHERE test_run_id = :run;
SELECT attributes->'durationMsStats' AS duration, attributes->'initDurationMsStats' AS init, attributes->'memoryMBStats' AS memory FROM aggregates WHERE test_run_id = :run;
UPDATE results SET duration_ms = duration_ms * 2 WHERE test_run_id = :run AND config_id = 'rust-arm64-light-128' AND duration_ms > 10;
SELECT sum(duration_ms) FROM results WHERE test_run_id = :run AND config_id = 'rust-arm64-light-128';
-- by RETURNING and by a join, where each row is changed once
UPDATE test_runs SET notes = 'second' WHERE test_run_id = :run RETURNING notes, status, "timestamp";
UPDATE aggregates a SET sample_count = sample_count + n FROM (VALUES (1), (1)) v(n) WHERE test_run_id = :run;
SELECT sample_count FROM aggregates WHERE test_run_id = :run;
-- the whole item, of which what differs is sent
UPDATE items SET item = (item - 'sampleCount') || '{"tags": {"$SS": ["b", "a"]}, "exact": 1.0000000000000000000000000000000000001}'
	WHERE pk = 'TESTRUN#' || :run AND sk = 'AGGREGATE#rust-arm64-light-128#warm';
SELECT attributes->'exact' AS exact, jsonb_array_length(attributes->'tags'->'$SS') AS tags, attributes ? 'sampleCount' AS counted FROM aggregates WHERE test_run_id = :run;
-- of what is not there nothing is changed
UPDATE test_runs SET notes = 'x' WHERE test_run_id = 'nothing-like-it';

-- reading what is written to
INSERT INTO results (test_run_id, config_id, invocation_type, invocation_number, "timestamp")
	SELECT test_run_id, config_id, invocation_type, invocation_number + 100, "timestamp" FROM results WHERE test_run_id = :run AND config_id = 'rust-arm64-light-128' AND invocation_type = 'warm';
SELECT count(*) FROM results WHERE test_run_id = :run AND config_id = 'rust-arm64-light-128';

-- rolling back leaves it, and says so
SET client_min_messages = notice;
BEGIN;
UPDATE test_runs SET notes = 'third' WHERE test_run_id = :run;
SAVEPOINT s;
DELETE FROM results WHERE test_run_id = :run AND config_id = 'rust-arm64-light-128' AND invocation_number > 100;
ROLLBACK TO s;
SELECT notes FROM test_runs WHERE test_run_id = :run;
ROLLBACK;
SELECT notes FROM test_runs WHERE test_run_id = :run;
-- a statement that fails says how far it got; the WARNING besides may be printed before or after the error
SET client_min_messages = error;
INSERT INTO results (test_run_id, config_id, invocation_type, invocation_number, "timestamp")
	SELECT :run, 'rust-arm64-light-128', 'warm', i, :at FROM unnest('{65,60}'::integer[]) i;

-- the end
SET client_min_messages = warning;
DELETE FROM results WHERE test_run_id = :run AND config_id = 'rust-arm64-light-128' AND invocation_type = 'cold' RETURNING invocation_number, duration_ms;
DELETE FROM results WHERE test_run_id = :run AND config_id = 'rust-arm64-light-128';
DELETE FROM aggregates WHERE test_run_id = :run;
DELETE FROM test_runs WHERE test_run_id = :run;
SELECT count(*) FROM items WHERE pk IN ('TESTRUN#' || :run, :run || '#rust-arm64-light-128');
ALTER SERVER bench_server OPTIONS (DROP updatable);
