-- The access patterns of the benchmark suite, in SQL, on the sample that
-- scripts/demo loads. Each paragraph is a heading and one statement; the demo
-- shows the statement, its plan, its first rows and what it asked of DynamoDB.

-- AP1. A run and all its aggregates: one Query.
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

-- AP6. Which aggregates are missing? What the test matrix expects against what is there: one Query.
SELECT config_id, invocation_type, expected_samples, reason
FROM bench_missing_aggregates('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a')
ORDER BY reason, config_id, invocation_type;

-- And a join with a local table: how far are the stored means from the published ones?
SELECT a.workload_type, a.invocation_type, count(*) AS aggregates,
       count(p.mean) AS published, max(abs(a.duration_ms_mean - p.mean)) AS largest_difference
FROM aggregates a
     LEFT JOIN published p USING (runtime, architecture, workload_type, memory_size_mb, invocation_type)
WHERE a.test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'
GROUP BY a.workload_type, a.invocation_type
ORDER BY a.workload_type, a.invocation_type;

-- arm64 against x86, by the results of a run, where arm64 gains most first.
SELECT runtime, workload_type AS workload, memory_size_mb AS mb, round(x86::numeric, 2) AS x86, round(arm64::numeric, 2) AS arm64,
       bench_format_change(ratio - 1, p_adjusted, n_x86, n_arm64) AS change, verdict
FROM bench_compare_architectures('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a')
WHERE invocation_type = 'warm';

-- How durations spread, on one scale.
SELECT runtime, architecture, bench_boxplot(bench_sample(duration_ms), 0, 400, 60) AS "0 to 400 ms"
FROM results
WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND workload_type = 'light' AND memory_size_mb = 128
  AND invocation_type = 'warm'
GROUP BY runtime, architecture
ORDER BY runtime, architecture;

-- What a million invocations cost, and the cheapest memory size of each.
SELECT runtime, architecture, memory_size_mb AS mb, round(billed_ms::numeric, 1) AS billed_ms, round(usd_per_million, 4) AS usd,
       round(arm64_savings, 1) AS arm64_saves_percent
FROM bench_lambda_costs('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a')
WHERE workload_type = 'cpu-intensive' AND invocation_type = 'warm' AND cheapest
ORDER BY usd;
