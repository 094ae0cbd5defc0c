-- Comparisons of runs and of architectures, on local tables: what is compared with what, and what is said of it.
\set SHOW_CONTEXT never
CREATE SCHEMA compared;
SET search_path = compared, public;
CREATE TABLE test_runs (test_run_id text, "timestamp" timestamptz, status text);
CREATE TABLE aggregates (test_run_id text, config_id text, invocation_type text, runtime text, architecture text, workload_type text, memory_size_mb int,
	sample_count int, duration_ms_median float8, duration_ms_p99 float8, memory_mb_median float8);
CREATE TABLE results (test_run_id text, config_id text, invocation_type text, runtime text, architecture text, workload_type text, memory_size_mb int,
	invocation_number int, duration_ms float8, max_memory_used_mb int);
INSERT INTO test_runs SELECT 'run-' || r, '2026-01-01Z'::timestamptz + r * interval '1 day', 'completed' FROM generate_series(1, 8) r;
-- eight runs that differ by a few percent; the last four of light-512 on arm64 are slower, arm64 is faster throughout but for x86's light-128
INSERT INTO results SELECT 'run-' || r, concat_ws('-', 'rust', a, 'light', m), 'warm', 'rust', a, 'light', m, i,
	100.0 * CASE a WHEN 'arm64' THEN CASE m WHEN 128 THEN 1.2 ELSE 0.8 END ELSE 1 END * CASE WHEN a = 'arm64' AND m = 512 AND r > 4 THEN 1.25 ELSE 1 END
		+ (r * 7 + m) % 5 + (i * 37 + r * 11 + m) % 23 / 10.0, 60 + i % 3
	FROM generate_series(1, 8) r, unnest('{arm64,x86}'::text[]) a, unnest('{128,512}'::int[]) m, generate_series(1, 30) i;
INSERT INTO aggregates SELECT test_run_id, config_id, invocation_type, runtime, architecture, workload_type, memory_size_mb,
	count(*), bench_median(duration_ms), bench_percentile(duration_ms, 0.99), bench_median(max_memory_used_mb) FROM results GROUP BY 1, 2, 3, 4, 5, 6, 7;
\set baseline '{run-1,run-2,run-3,run-4}'
\set candidate '{run-5,run-6,run-7,run-8}'
SELECT config_id, runs_a, runs_b, n_a, n_b, round(value_a::numeric, 6) AS value_a, round(value_b::numeric, 6) AS value_b, round(change::numeric, 4) AS change, round(p_value::numeric, 6) AS p, round(p_adjusted::numeric, 6) AS adjusted, verdict, note
FROM bench_compare_runs(:'baseline'::text[], :'candidate'::text[]);
-- the interval is one of ratios, and of the level of alpha
SELECT config_id, ratio BETWEEN ratio_lo AND ratio_hi AS inside, verdict FROM bench_compare_runs(:'baseline'::text[], :'candidate'::text[], 'compared', stat => 'p99', alpha => 0.01, adjust => 'bh');
SELECT config_id, round(value_a::numeric, 6) AS value_a, round(value_b::numeric, 6) AS value_b, verdict FROM bench_compare_runs(:'baseline'::text[], :'candidate'::text[], metric => 'memory_mb');
-- a change is one only beyond min_effect
SELECT config_id, verdict FROM bench_compare_runs(:'baseline'::text[], :'candidate'::text[], min_effect => 0.5);
-- the sides the other way round
SELECT a.config_id, round((a.ratio * b.ratio)::numeric, 12) AS product, a.verdict, b.verdict
FROM bench_compare_runs(:'baseline'::text[], :'candidate'::text[]) a JOIN bench_compare_runs(:'candidate'::text[], :'baseline'::text[]) b USING (config_id, invocation_type) ORDER BY 1;
-- two runs: samples are compared, nothing is concluded
SELECT config_id, runs_a, runs_b, n_a, n_b, round(value_a::numeric, 6) AS value_a, round(value_b::numeric, 6) AS value_b, round(change::numeric, 4) AS change, p_adjusted < 0.001 AS small_p, verdict, note
FROM bench_compare_runs('run-4', 'latest');
SELECT count(*), bool_and(verdict = 'inconclusive') FROM bench_compare_runs('{run-1}'::text[], :'candidate'::text[]);
-- samples are compared by their medians, and another statistic that was asked for is not passed over in silence
SELECT DISTINCT left(note, 63) FROM bench_compare_runs('run-4', 'latest', stat => 'p99');
SELECT DISTINCT left(note, 52) FROM bench_compare_architectures('{run-1}'::text[], stat => 'mean');
-- architectures within one run, and over several
SELECT runtime, workload_type, memory_size_mb AS mb, invocation_type, runs, n_x86, n_arm64, round(x86::numeric, 6) AS x86, round(arm64::numeric, 6) AS arm64, round(improvement::numeric, 2) AS improvement, p_adjusted < 0.001 AS small_p, verdict, note
FROM bench_compare_architectures('run-1');
SELECT memory_size_mb AS mb, runs, n_x86, n_arm64, round(x86::numeric, 6) AS x86, round(arm64::numeric, 6) AS arm64, round(improvement::numeric, 2) AS improvement, p_adjusted < 0.001 AS small_p, verdict, note
FROM bench_compare_architectures(:'baseline'::text[]);
SELECT count(*) FROM bench_compare_architectures();
-- one architecture only: no ratio, no verdict
DELETE FROM results WHERE architecture = 'x86' AND memory_size_mb = 512;
SELECT memory_size_mb AS mb, runs, n_x86, n_arm64, x86, round(ratio::numeric, 6) AS ratio, p_value < 0.001 AS small_p, p_adjusted = p_value AS alone, verdict, note FROM bench_compare_architectures('run-1');
-- nothing to compare
SELECT * FROM bench_compare_runs('run-1', 'run-1');
SELECT * FROM bench_compare_runs('run-1', 'run-9');
SELECT * FROM bench_compare_runs('{latest,run-8}'::text[], '{run-1,run-2}'::text[]);
SELECT * FROM bench_compare_runs('{}'::text[], '{run-1,run-2}'::text[]);
SELECT * FROM bench_compare_runs(NULL, 'run-1');
SELECT * FROM bench_compare_runs('run-1', 'run-2', metric => 'duration');
SELECT * FROM bench_compare_runs('run-1', 'run-2', stat => 'p42');
\set VERBOSITY terse
SELECT * FROM bench_compare_runs('run-1', 'run-2', adjust => 'none');
SELECT * FROM bench_compare_architectures('run-1', metric => NULL);
SELECT * FROM bench_compare_runs('run-1', 'run-2', alpha => 2);
\set VERBOSITY default
SELECT * FROM bench_compare_architectures('run-1', 'public');
DROP SCHEMA compared CASCADE;
