-- What is missing of the sample's runs, and what it costs to find out: the same in both shapes.
SET search_path = bench, public;
SET datestyle = ISO;
SET timezone = 'UTC';
\set run '\'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a\''
-- how many requests a statement takes
CREATE FUNCTION asked(statement text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	before bigint := (SELECT requests FROM bench_request_stats() WHERE server = 'bench_server');
BEGIN
	EXECUTE statement;
	RETURN (SELECT requests FROM bench_request_stats() WHERE server = 'bench_server') - before;
END $$;
-- a run by its id, by what its id begins with, the newest, the one before it
SELECT bench_run(:run), bench_run('d199'), bench_run('latest'), bench_run('previous', 'bench'), bench_latest_run('test');
SELECT failure($$SELECT bench_run('abcd')$$);
SELECT failure($$SELECT bench_latest_run('test', 'failed')$$);
-- its matrix
SELECT config_id, runtime, architecture, workload_type, memory_size_mb, cold_starts, warm_starts FROM bench_configurations(:run::uuid);
SELECT DISTINCT workload_type FROM bench_configurations() ORDER BY 1;
-- AP6
SELECT * FROM bench_missing_aggregates(:run);
SELECT config_id, invocation_type, reason FROM bench_missing_aggregates('previous');
SELECT test_run_id, reason, count(*) FROM bench_missing_aggregates() GROUP BY 1, 2 ORDER BY 1, 2;
SELECT failure($$SELECT * FROM bench_missing_aggregates('abcd')$$);
SELECT config_id, invocation_type, planned, present, failed, missing, missing_numbers FROM bench_missing_results(:run);
-- nothing but the aggregates that the sample leaves out
SELECT config_id, invocation_type, metric, reason, field, stored, recomputed, raw_count, stored_count, detail FROM bench_verify_aggregates(:run);
SELECT config_id, invocation_type, metric, reason, field, stored, recomputed, raw_count, stored_count, detail FROM bench_verify_aggregates('d199');
-- one of those as its results give it; the others are stored as their results give them, but for the mode, where any will do
SELECT sample_count, failed_count, duration_ms_stats - 'mode' AS duration_ms_stats, memory_mb_stats - 'mode' AS memory_mb_stats, init_duration_ms_stats
FROM bench_recomputed_aggregates('d199') WHERE config_id = 'python3.12-x86-light-1024' AND invocation_type = 'warm';
SELECT count(*), count(*) FILTER (WHERE a.sample_count = r.sample_count AND a.failed_count = r.failed_count
		AND a.duration_ms_stats - 'mode' = r.duration_ms_stats - 'mode' AND a.billed_duration_ms_stats - 'mode' = r.billed_duration_ms_stats - 'mode'
		AND a.memory_mb_stats - 'mode' = r.memory_mb_stats - 'mode'
		AND a.init_duration_ms_stats - 'mode' IS NOT DISTINCT FROM r.init_duration_ms_stats - 'mode') AS same
FROM aggregates a JOIN bench_recomputed_aggregates(:run) r USING (config_id, invocation_type) WHERE a.test_run_id = :run;
-- a configuration over time
SELECT "timestamp", test_run_id, sample_count, failed_count, duration_ms_mean, duration_ms_p99, memory_mb_max
FROM bench_config_history('python3.12-arm64-light-1024');
SELECT "timestamp", test_run_id, duration_ms_mean, init_duration_ms_mean FROM bench_config_history('python3.12-arm64-light-1024', 1, 'cold', 'bench');
-- what is asked for
SELECT asked($$SELECT * FROM bench_missing_aggregates('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a')$$) AS missing_aggregates,
	asked($$SELECT * FROM bench_configurations('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a')$$) AS configurations,
	asked($$SELECT * FROM bench_missing_results('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a')$$) AS missing_results,
	asked($$SELECT * FROM bench_verify_aggregates('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a')$$) AS verify_aggregates,
	asked($$SELECT * FROM bench_recomputed_aggregates('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a')$$) AS recomputed_aggregates,
	asked($$SELECT bench_run('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a')$$) AS run;
-- on a copy, and on views of a copy and of the table
CREATE SCHEMA copied;
CREATE TABLE copied.test_runs AS SELECT * FROM bench.test_runs;
CREATE TABLE copied.aggregates AS SELECT * FROM bench.aggregates WHERE test_run_id IN (SELECT test_run_id FROM copied.test_runs);
CREATE TABLE copied.results AS SELECT * FROM bench.results WHERE test_run_id IN (SELECT test_run_id FROM copied.test_runs);
SELECT count(*) FROM ((SELECT * FROM bench_missing_aggregates() EXCEPT SELECT * FROM bench_missing_aggregates(source => 'copied'))
	UNION ALL (SELECT * FROM bench_missing_aggregates(source => 'copied') EXCEPT SELECT * FROM bench_missing_aggregates())) d;
SELECT count(*) FROM ((SELECT * FROM bench_missing_results(:run) EXCEPT SELECT * FROM bench_missing_results(:run, 'copied'))
	UNION ALL (SELECT * FROM bench_missing_results(:run, 'copied') EXCEPT SELECT * FROM bench_missing_results(:run))) d;
UPDATE copied.results SET duration_ms = duration_ms + 1 WHERE config_id = 'python3.13-x86-cpu-intensive-1769' AND invocation_number = 1;
SELECT config_id, invocation_type, metric, reason, field, stored, recomputed FROM bench_verify_aggregates(:run, 'copied');
DELETE FROM copied.test_runs WHERE test_run_id = :run;
CREATE SCHEMA both_of_them;
CREATE VIEW both_of_them.test_runs AS SELECT * FROM copied.test_runs UNION ALL SELECT * FROM bench.test_runs WHERE test_run_id = :run;
CREATE VIEW both_of_them.aggregates AS SELECT * FROM copied.aggregates WHERE test_run_id <> :run UNION ALL SELECT * FROM bench.aggregates WHERE test_run_id = :run;
SELECT test_run_id, config_id, invocation_type, reason FROM bench_missing_aggregates(source => 'both_of_them') WHERE reason = 'missing';
SET client_min_messages = warning;
DROP FUNCTION asked;
DROP SCHEMA copied, both_of_them CASCADE;
