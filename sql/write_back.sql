-- Aggregates that are made up for, and runs that are deleted: on local tables, with the columns of the foreign ones.
SET datestyle = ISO;
SET timezone = 'UTC';
\set VERBOSITY terse
CREATE SERVER regress_server FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2');
CREATE SCHEMA remote;
IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER regress_server INTO remote OPTIONS (shape 'live');
CREATE SCHEMA mine;
CREATE TABLE mine.test_runs (LIKE remote.test_runs, PRIMARY KEY (test_run_id));
CREATE TABLE mine.aggregates (LIKE remote.aggregates, PRIMARY KEY (test_run_id, config_id, invocation_type));
CREATE TABLE mine.results (LIKE remote.results, PRIMARY KEY (test_run_id, config_id, invocation_type, invocation_number));
CREATE TABLE mine.items (LIKE remote.items, PRIMARY KEY (pk, sk));

-- how an error ends: its SQLSTATE, detail and hint
CREATE FUNCTION failure(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN NEXT 'no failure';
EXCEPTION WHEN others THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN NEXT sqlstate || ' ' || message;
	RETURN QUERY SELECT 'DETAIL: ' || detail WHERE detail <> '';
	RETURN QUERY SELECT 'HINT: ' || hint WHERE hint <> '';
END $$;

INSERT INTO mine.test_runs (test_run_id, "timestamp", end_time, status, total_configurations, cold_starts_per_config, warm_starts_per_config, configurations)
SELECT id, at, at + interval '1 hour', status, 4, 5, 4, '[
	{"runtime": "rust", "architecture": "arm64", "workloadType": "cpu-intensive", "memorySizes": [128, 512]},
	{"configId": "own name", "runtime": "go", "architecture": "x86", "workloadType": "light", "memorySizes": [64]},
	{"configId": "bb:tpch:sf1:duckdb:q1", "invocationTypes": ["warm"]}]'
FROM (VALUES ('aaaa1111-0000-4000-8000-000000000001', timestamptz '2026-03-01 10:00', 'completed'),
	('aaaa2222-0000-4000-8000-000000000002', '2026-03-02 10:00', 'failed'),
	('bbbb1111-0000-4000-8000-000000000003', '2026-03-03 10:00', 'in_progress')) runs (id, at, status);
CREATE FUNCTION measured(run text, config text, kind text, n int, failed int DEFAULT 0) RETURNS void LANGUAGE sql AS $$
	INSERT INTO mine.results (test_run_id, config_id, invocation_type, invocation_number, "timestamp", success,
		duration_ms, billed_duration_ms, max_memory_used_mb, init_duration_ms)
	SELECT test_run_id, config, kind, g, "timestamp" + g * interval '1.001 s', g <= n, v, ceil(v), 60 + v, CASE kind WHEN 'cold' THEN 100 * v END
	FROM mine.test_runs, generate_series(1, n + failed) g, LATERAL (SELECT CASE WHEN g <= n THEN g + 0.5 END) AS value(v)
	WHERE starts_with(test_run_id, run) $$;
SELECT measured(run, 'rust-arm64-cpu-intensive-128', 'cold', 5), measured(run, 'rust-arm64-cpu-intensive-128', 'warm', 3, 1),
	measured(run, 'rust-arm64-cpu-intensive-512', 'warm', 0, 4), measured(run, 'own name', 'cold', 5), measured(run, 'own name', 'warm', 4),
	measured(run, 'bb:tpch:sf1:duckdb:q1', 'warm', 4)
FROM unnest('{aaaa1,aaaa2,bbbb1}'::text[]) run;
-- one that has figures, whatever they are; two that have none, one of them rightly; and one that the matrix does not name
INSERT INTO mine.aggregates (test_run_id, config_id, invocation_type, "timestamp", sample_count, failed_count, all_successful,
	duration_ms_mean, duration_ms_stats, billed_duration_ms_stats, memory_mb_stats)
SELECT 'aaaa1111-0000-4000-8000-000000000001', config, kind, '2026-03-01 10:30', n, failed, failed = 0, mean, stats, stats, stats
FROM (VALUES ('own name', 'cold', 7, 0, 4711, '{"mean": 4711}'::jsonb), ('own name', 'warm', 0, 4, NULL, '{}'),
	('rust-arm64-cpu-intensive-512', 'warm', 0, 4, NULL, '{}'), ('not planned', 'warm', 0, 4, NULL, '{}')) v (config, kind, n, failed, mean, stats);
CREATE TABLE before AS SELECT * FROM mine.aggregates;

-- there is nothing to be made of the cold starts that were not
SELECT config_id, invocation_type, reason FROM bench_missing_aggregates('aaaa1', 'mine');
SELECT * FROM bench_recompute_aggregates('aaaa1', 'mine');
SELECT config_id, invocation_type, reason FROM bench_missing_aggregates('aaaa1', 'mine');
SELECT * FROM bench_recompute_aggregates('aaaa1', 'mine');
SELECT config_id, invocation_type, reason, field FROM bench_verify_aggregates('aaaa1', 'mine');
-- what was written: also the figures as columns, and the time of the newest result
SELECT columns FROM (SELECT to_jsonb(a) - 'test_run_id' AS a FROM mine.aggregates a EXCEPT SELECT to_jsonb(b) - 'test_run_id' FROM before b) written,
	LATERAL (SELECT string_agg(key || ' ' || value, ', ' ORDER BY key) AS columns FROM jsonb_each(a) WHERE value <> 'null' AND key !~ '_stats$') c
	ORDER BY columns;
SELECT count(*) AS left_alone FROM (SELECT * FROM mine.aggregates INTERSECT SELECT * FROM before) b;
-- columns and objects say the same
SELECT metric, count(*), bool_and(figures->>(metric || '_' || replace(replace(key, 'sampleCount', 'sample_count'), 'outliersRemoved', 'outliers_removed'))
		IS NOT DISTINCT FROM value) AS same
FROM (SELECT to_jsonb(a) AS figures FROM mine.aggregates a WHERE config_id <> 'own name' OR invocation_type = 'warm') f,
	unnest('{duration_ms,billed_duration_ms,memory_mb,init_duration_ms}'::text[]) metric,
	LATERAL jsonb_each_text(CASE jsonb_typeof(figures->(metric || '_stats')) WHEN 'object' THEN figures->(metric || '_stats') END) e
WHERE key NOT IN ('mode', 'p50') GROUP BY metric ORDER BY metric;

-- a run that did not end; a matrix that is not whole
SELECT * FROM bench_recompute_aggregates('aaaa2', 'mine');
SELECT * FROM bench_recompute_aggregates('latest', 'mine');
UPDATE mine.test_runs SET status = 'completed', total_configurations = 5 WHERE test_run_id LIKE 'aaaa2%';
SELECT config_id, invocation_type, sample_count FROM bench_recompute_aggregates('aaaa2222-0000-4000-8000-000000000002'::uuid, 'mine');
-- without results there is nothing to write
DELETE FROM mine.results WHERE test_run_id LIKE 'aaaa2%';
DELETE FROM mine.aggregates WHERE test_run_id LIKE 'aaaa2%';
UPDATE mine.test_runs SET total_configurations = 4 WHERE test_run_id LIKE 'aaaa2%';
SELECT config_id, invocation_type, sample_count FROM bench_recompute_aggregates('aaaa2', 'mine');
-- results that are still arriving
SELECT measured('aaaa2', 'own name', 'cold', 5), measured('aaaa2', 'own name', 'warm', 4);
UPDATE mine.results SET "timestamp" = clock_timestamp() - interval '3 s' WHERE test_run_id LIKE 'aaaa2%' AND invocation_type = 'warm' AND invocation_number = 2;
SELECT config_id, invocation_type, sample_count FROM bench_recompute_aggregates('aaaa2', 'mine');
UPDATE mine.results SET "timestamp" = clock_timestamp() - interval '1 hour' WHERE test_run_id LIKE 'aaaa2%';
SELECT config_id, invocation_type, sample_count FROM bench_recompute_aggregates('aaaa2', 'mine');
-- results that nobody knows the time of
DELETE FROM mine.aggregates WHERE test_run_id LIKE 'aaaa2%';
UPDATE mine.results SET "timestamp" = NULL WHERE test_run_id LIKE 'aaaa2%';
SELECT config_id, invocation_type, sample_count FROM bench_recompute_aggregates('aaaa2', 'mine');
SELECT count(*) FROM mine.aggregates WHERE test_run_id LIKE 'aaaa2%' AND "timestamp" BETWEEN now() - interval '1 s' AND clock_timestamp();
-- no run
SELECT failure($$SELECT * FROM bench_recompute_aggregates('nonesuch', 'mine')$$);
SELECT failure($$SELECT * FROM bench_recompute_aggregates(NULL::text, 'mine')$$);
SELECT failure($$SELECT * FROM bench_recompute_aggregates('aaaa', 'mine')$$);
SELECT failure($$SELECT * FROM bench_recompute_aggregates('aaaa1', 'remote_nonesuch')$$);

-- tables of another make: ids that are uuids, few columns, computed ones
CREATE SCHEMA typed;
CREATE TABLE typed.test_runs AS SELECT * FROM mine.test_runs WHERE test_run_id LIKE 'aaaa1%';
CREATE TABLE typed.results AS SELECT * FROM mine.results WHERE test_run_id LIKE 'aaaa1%';
CREATE TABLE typed.aggregates (test_run_id uuid, config_id text, invocation_type text, runtime varchar(9), sample_count smallint, duration_ms_stats json,
	duration_ms_mean numeric(9, 1), duration_ms_max float4 GENERATED ALWAYS AS (duration_ms_mean * 2) STORED, memory_mb_p99 numeric, note text DEFAULT 'none');
ALTER TABLE typed.test_runs ALTER test_run_id TYPE uuid USING test_run_id::uuid;
ALTER TABLE typed.results ALTER test_run_id TYPE uuid USING test_run_id::uuid;
SELECT count(*) FROM bench_recompute_aggregates('latest', 'typed');
SELECT test_run_id, config_id, invocation_type AS type, runtime, sample_count, duration_ms_stats->'mean' AS mean, duration_ms_mean, duration_ms_max, memory_mb_p99, note
FROM typed.aggregates ORDER BY 2, 3;
UPDATE typed.aggregates SET sample_count = 0 WHERE invocation_type = 'cold';
SELECT config_id, invocation_type FROM bench_recompute_aggregates('latest', 'typed');
-- the rights are the caller's
CREATE ROLE regress_bench_reader;
GRANT USAGE ON SCHEMA mine TO regress_bench_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA mine TO regress_bench_reader;
DELETE FROM mine.aggregates WHERE test_run_id LIKE 'aaaa1%';
SET ROLE regress_bench_reader;
SELECT * FROM bench_recompute_aggregates('aaaa1', 'mine');
SELECT * FROM bench_delete_run('aaaa1', 'mine');
RESET ROLE;

-- a run and all that belongs to it
INSERT INTO mine.items (pk, sk) SELECT kind || '#' || test_run_id, sk FROM mine.test_runs,
	(VALUES ('TESTRUN', 'NOTE#1'), ('TESTRUN', 'NOTE#2'), ('DOCUMENT', 'PART#0001'), ('OTHER', 'x')) v (kind, sk);
INSERT INTO mine.items (pk, sk) SELECT 'TESTRUN#' || test_run_id, 'TESTRUN#' || test_run_id FROM mine.test_runs;
SELECT count(*) FROM bench_recompute_aggregates('aaaa1', 'mine');
CREATE FUNCTION held() RETURNS TABLE (run text, results bigint, aggregates bigint, items bigint, runs bigint) LANGUAGE sql AS $$
	SELECT left(test_run_id, 5), count(*) FILTER (WHERE kind = 'r'), count(*) FILTER (WHERE kind = 'a'), count(*) FILTER (WHERE kind = 'i'),
		count(*) FILTER (WHERE kind = 't')
	FROM (SELECT test_run_id, 't' FROM mine.test_runs UNION ALL SELECT test_run_id, 'a' FROM mine.aggregates
		UNION ALL SELECT test_run_id, 'r' FROM mine.results UNION ALL SELECT substr(pk, strpos(pk, '#') + 1), 'i' FROM mine.items) h (test_run_id, kind)
	GROUP BY 1 ORDER BY 1 $$;
SELECT * FROM held();
SELECT failure($$SELECT bench_delete_run('latest', 'mine')$$);
SELECT failure($$SELECT bench_delete_run('previous', 'mine')$$);
SELECT failure($$SELECT bench_delete_run(NULL::text, 'mine')$$);
SELECT failure($$SELECT bench_delete_run('aaaa', 'mine')$$);
SELECT failure($$SELECT bench_delete_run('nonesuch', 'mine')$$);
SELECT failure($$SELECT bench_delete_run('', 'mine')$$);
SELECT failure($$SELECT bench_delete_run('90000000-0000-4000-8000-000000000000'::uuid, 'mine')$$);
SELECT * FROM held();
SELECT * FROM bench_delete_run('aaaa2', 'mine');
-- in progress: aborted, that is
SELECT * FROM bench_delete_run('bbbb1111-0000-4000-8000-000000000003'::uuid, 'mine');
SELECT * FROM held();
SELECT failure($$SELECT bench_delete_run('bbbb1111-0000-4000-8000-000000000003', 'mine')$$);
-- an interrupted deletion is repeated: the results are gone, or the run is and there are late results
DELETE FROM mine.results WHERE test_run_id LIKE 'aaaa1%';
SELECT * FROM bench_delete_run('aaaa1', 'mine');
INSERT INTO mine.results (test_run_id, config_id, invocation_type, invocation_number) VALUES ('aaaa1111-0000-4000-8000-000000000001', 'late', 'warm', 1);
SELECT failure($$SELECT bench_delete_run('aaaa1', 'mine')$$);
SELECT * FROM bench_delete_run('aaaa1111-0000-4000-8000-000000000001', 'mine');
INSERT INTO mine.aggregates (test_run_id, config_id, invocation_type) VALUES ('aaaa1111-0000-4000-8000-000000000001', 'late', 'warm');
SELECT * FROM bench_delete_run('aaaa1111-0000-4000-8000-000000000001', 'mine');
SELECT * FROM held();
-- without a table items, and with one that is none
SELECT * FROM bench_delete_run('aaaa1', 'typed');
INSERT INTO typed.test_runs (test_run_id) VALUES ('aaaa1111-0000-4000-8000-000000000001');
CREATE TABLE typed.items (pk text);
SELECT * FROM bench_delete_run('aaaa1', 'typed');
-- an index that lags: the first round does not find everything, the second finds what has been deleted
INSERT INTO mine.test_runs (test_run_id) VALUES ('lagging');
INSERT INTO mine.results (test_run_id, config_id, invocation_type, invocation_number) SELECT 'lagging', 'c', 'warm', g FROM generate_series(1, 9) g;
CREATE SEQUENCE rounds;
CREATE FUNCTION lagging() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_LEVEL = 'STATEMENT' THEN
		PERFORM nextval('public.rounds');
		RETURN NULL;
	END IF;
	RETURN CASE WHEN OLD.invocation_number <= 4 * currval('public.rounds') THEN OLD END;
END $$;
CREATE TRIGGER before_all BEFORE DELETE ON mine.results EXECUTE FUNCTION lagging();
CREATE TRIGGER before_each BEFORE DELETE ON mine.results FOR EACH ROW EXECUTE FUNCTION lagging();
SELECT * FROM bench_delete_run('lagging', 'mine');
SELECT last_value AS rounds FROM rounds;
-- rows that stay
INSERT INTO mine.test_runs (test_run_id) VALUES ('staying');
INSERT INTO mine.results (test_run_id, config_id, invocation_type, invocation_number) SELECT 'staying', 'c', 'warm', g FROM generate_series(100, 101) g;
SELECT failure($$SELECT bench_delete_run('staying', 'mine')$$);
SELECT * FROM held();

SET client_min_messages = warning;
DROP TABLE before;
DROP SEQUENCE rounds;
DROP SCHEMA mine, typed, remote CASCADE;
DROP SERVER regress_server CASCADE;
DROP FUNCTION failure, measured, held, lagging;
DROP ROLE regress_bench_reader;
