-- The access patterns of the benchmark suite, in SQL, on the sample that
-- scripts/demo loads. Each paragraph is a heading and one statement; the demo
-- shows the statement, its plan, its first rows and what it asked of DynamoDB.

-- AP1. A run and all its aggregates: one GetItem and one Query.
SELECT r.status, a.config_id, a.invocation_type, a.sample_count,
       a.duration_ms_mean AS mean, a.duration_ms_p99 AS p99, a.init_duration_ms_mean AS init
FROM test_runs r JOIN aggregates a USING (test_run_id)
WHERE r.test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'
ORDER BY a.config_id, a.invocation_type;

-- AP2. One aggregate, named by its dimensions, which make up its key: one GetItem.
SELECT config_id, sample_count, duration_ms_mean AS mean, duration_ms_p99 AS p99,
       billed_duration_ms_mean AS billed, memory_mb_max
FROM aggregates
WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'
  AND runtime = 'rust' AND architecture = 'arm64'
  AND workload_type = 'cpu-intensive' AND memory_size_mb = 1769
  AND invocation_type = 'warm';

-- AP3. The raw results of a run, summarised anew: Queries of TestRunIndex.
SELECT runtime, architecture, count(*) AS samples,
       round(avg(duration_ms)::numeric, 2) AS mean,
       round(percentile_cont(0.99) WITHIN GROUP (ORDER BY duration_ms)::numeric, 2) AS p99
FROM results
WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'
  AND workload_type = 'cpu-intensive' AND memory_size_mb = 1769
  AND invocation_type = 'warm'
GROUP BY runtime, architecture
ORDER BY mean;

-- AP4. One configuration over time: a Query of ConfigIndex.
SELECT test_run_id, min(timestamp)::timestamptz(0) AS measured, count(duration_ms) AS samples,
       round(avg(duration_ms)::numeric, 2) AS mean, max(max_memory_used_mb) AS memory_mb
FROM results
WHERE config_id = 'rust-arm64-cpu-intensive-1769' AND invocation_type = 'warm'
GROUP BY test_run_id
ORDER BY measured DESC;

-- AP5. All runs: a Scan, for no key is known.
SELECT test_run_id, start_time::date AS day, date_trunc('second', end_time - start_time) AS duration,
       status, notes
FROM test_runs
ORDER BY start_time DESC;

-- And a join with a local table: how far are the stored means from the published ones?
SELECT a.workload_type, a.invocation_type, count(*) AS aggregates,
       count(p.mean) AS published, max(abs(a.duration_ms_mean - p.mean)) AS largest_difference
FROM aggregates a
     LEFT JOIN published p USING (runtime, architecture, workload_type, memory_size_mb, invocation_type)
WHERE a.test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'
GROUP BY a.workload_type, a.invocation_type
ORDER BY a.workload_type, a.invocation_type;
