-- What is absent is NULL, and compares as NULL.
SET search_path = bench, public;
\set run '\'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a\''
-- a failed invocation has no metrics, a warm start no initialization
SELECT invocation_type, invocation_number, duration_ms, billed_duration_ms, init_duration_ms, max_memory_used_mb
FROM results WHERE test_run_id = :run AND config_id = 'python3.11-x86-memory-intensive-512' ORDER BY 1, 2;
SELECT duration_ms IS NULL AS failed, init_duration_ms IS NULL AS warm, invocation_type, count(*)
FROM results WHERE test_run_id = :run GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT count(*) FROM results WHERE test_run_id = :run AND duration_ms = NULL;
SELECT count(*) FROM results WHERE test_run_id = :run AND duration_ms IS NOT DISTINCT FROM NULL;
SELECT count(*) FROM results WHERE test_run_id = :run AND NOT duration_ms > 0;
SELECT count(*), count(duration_ms), avg(duration_ms)::numeric(10, 3) FROM results WHERE test_run_id = :run;
-- empty statistics
SELECT config_id, invocation_type, sample_count, duration_ms_mean, duration_ms_stats, init_duration_ms_stats
FROM aggregates WHERE test_run_id = :run AND sample_count = 0 ORDER BY config_id COLLATE "C", invocation_type;
SELECT invocation_type, init_duration_ms_mean IS NULL AS no_mean, init_duration_ms_stats IS NULL AS no_map, count(*)
FROM aggregates WHERE test_run_id = :run GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
-- an aggregate of former times has its statistics under other names, and few of them
SELECT sample_count, duration_ms_mean, duration_ms_median, duration_ms_p99, duration_ms_outliers_removed, duration_ms_stats,
	billed_duration_ms_mean, memory_mb_mean, init_duration_ms_mean
FROM aggregates WHERE test_run_id = '00000000-0000-4000-8000-00000000ed9e';
-- a run without an item is no row; its aggregates and results are
SELECT count(*) FROM test_runs WHERE test_run_id = '00000000-0000-4000-8000-00000000ed9e';
SELECT a.config_id, r.status FROM aggregates a LEFT JOIN test_runs r USING (test_run_id)
WHERE a.test_run_id = '00000000-0000-4000-8000-00000000ed9e';
-- items that only resemble a result are none
SELECT test_run_id, config_id, invocation_type, invocation_number, duration_ms, lambda_request_id FROM results
WHERE test_run_id = '00000000-0000-4000-8000-00000000ed9e';
SELECT count(*) FROM results WHERE config_id = 'python3.13-arm64-cpu-intensive-1769' AND test_run_id NOT IN (SELECT test_run_id FROM test_runs);
-- a column declared NOT NULL where there is nothing
ALTER FOREIGN TABLE results ALTER COLUMN duration_ms SET NOT NULL;
SELECT failure($$SELECT duration_ms FROM results WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'
	AND config_id = 'python3.11-x86-memory-intensive-512' AND invocation_type = 'cold' AND invocation_number = 1$$);
ALTER FOREIGN TABLE results ALTER COLUMN duration_ms DROP NOT NULL;
-- a column for an attribute that no item has, and a dropped column
\getenv shape BENCH_SHAPE
CREATE SCHEMA nulls;
IMPORT FOREIGN SCHEMA "BenchmarkResults" LIMIT TO (test_runs) FROM SERVER bench_server INTO nulls OPTIONS (shape :'shape');
ALTER FOREIGN TABLE nulls.test_runs ADD COLUMN nowhere text, DROP COLUMN region;
SELECT nowhere, status FROM nulls.test_runs WHERE test_run_id = :run;
SELECT count(*), count(nowhere), count(t) FROM nulls.test_runs t;
SET client_min_messages = warning;
DROP SCHEMA nulls CASCADE;
