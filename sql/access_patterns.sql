-- The access patterns of the benchmark suite: their rows, and what they ask of DynamoDB.
SET search_path = bench, public;
SET datestyle = ISO;
SET timezone = 'UTC';
\set run '\'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a\''
-- AP1: a run and its aggregates
SELECT test_run_id, "timestamp", status, mode, total_configurations, total_invocations, failed_invocations, runtimes, architectures
FROM test_runs WHERE test_run_id = :run;
SELECT config_id, invocation_type, sample_count, failed_count, all_successful, duration_ms_mean, billed_duration_ms_p99
FROM aggregates WHERE test_run_id = :run ORDER BY config_id COLLATE "C", invocation_type;
SELECT requests($$SELECT duration_ms_mean FROM aggregates WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$);
SELECT r.status, a.config_id, a.duration_ms_p99 FROM test_runs r JOIN aggregates a USING (test_run_id)
WHERE test_run_id = :run AND a.invocation_type = 'cold' ORDER BY a.config_id COLLATE "C" LIMIT 3;
-- AP2: one aggregate
SELECT sample_count, duration_ms_mean, duration_ms_median, duration_ms_stdev, duration_ms_p90, duration_ms_sample_count,
	duration_ms_outliers_removed, init_duration_ms_mean
FROM aggregates WHERE test_run_id = :run AND config_id = 'nodejs20-x86-light-512' AND invocation_type = 'cold';
SELECT duration_ms_mean FROM aggregates WHERE test_run_id = :run AND invocation_type = 'cold'
	AND runtime = 'nodejs20' AND architecture = 'x86' AND workload_type = 'light' AND memory_size_mb = 512;
SELECT requests($$SELECT duration_ms_mean FROM aggregates WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'
	AND config_id = 'nodejs20-x86-light-512' AND invocation_type = 'cold'$$);
SELECT requests($$SELECT duration_ms_mean FROM aggregates WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'
	AND runtime = 'nodejs20' AND architecture = 'x86' AND workload_type = 'light' AND memory_size_mb = 512 AND invocation_type = 'cold'$$);
-- AP3: the results of a run
SELECT config_id, count(*), count(duration_ms), min(duration_ms), max(billed_duration_ms), count(init_duration_ms)
FROM results WHERE test_run_id = :run GROUP BY config_id ORDER BY config_id COLLATE "C";
SELECT requests($$SELECT config_id, invocation_type, duration_ms, billed_duration_ms FROM results
	WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$);
SELECT invocation_type, invocation_number, "timestamp", duration_ms, function_name FROM results
WHERE test_run_id = :run AND config_id = 'python3.12-arm64-light-1024' ORDER BY 1, 2;
SELECT requests($$SELECT * FROM results
	WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND config_id = 'python3.12-arm64-light-1024' AND invocation_type = 'warm'$$);
-- AP4: a configuration over time, the newest first
SELECT "timestamp", test_run_id, invocation_type, invocation_number, duration_ms FROM results
WHERE config_id = 'python3.12-arm64-light-1024' ORDER BY "timestamp" DESC, invocation_type, invocation_number LIMIT 5;
SELECT requests($$SELECT "timestamp", test_run_id, duration_ms FROM results WHERE config_id = 'python3.12-arm64-light-1024'$$);
-- AP5: all runs
SELECT test_run_id, "timestamp", status, notes FROM test_runs ORDER BY "timestamp" DESC;
SELECT requests($$SELECT test_run_id, status FROM test_runs$$);
-- AP6: which aggregates are missing
SELECT m->>'runtime' || '-' || (m->>'architecture') || '-' || (m->>'workloadType') || '-' || mb AS config_id, kind
FROM test_runs r, jsonb_array_elements(r.configurations) m, jsonb_array_elements_text(m->'memorySizes') mb,
	unnest(ARRAY['cold', 'warm']) kind
WHERE r.test_run_id = :run
EXCEPT
SELECT config_id, invocation_type FROM aggregates WHERE test_run_id = :run;
