-- Runs, their matrices and what is missing of them, in small tables made by hand.
SET datestyle = ISO;
SET timezone = 'UTC';
\set VERBOSITY terse
CREATE SCHEMA mine;
CREATE TABLE mine.test_runs (test_run_id text, "timestamp" timestamptz, end_time timestamptz, status text, mode text, notes text,
	total_configurations int, cold_starts_per_config int, warm_starts_per_config int, configurations jsonb);
CREATE TABLE mine.aggregates (test_run_id text, config_id text, invocation_type text, "timestamp" timestamptz,
	sample_count int, failed_count int, duration_ms_mean float8, duration_ms_median float8, duration_ms_stdev float8,
	duration_ms_p90 float8, duration_ms_p95 float8, duration_ms_p99 float8, billed_duration_ms_mean float8, memory_mb_max float8,
	init_duration_ms_mean float8);
CREATE TABLE mine.results (test_run_id text, config_id text, invocation_type text, invocation_number int, duration_ms float8);

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

-- which run is meant: none yet
SELECT failure($$SELECT bench_run('latest', 'mine')$$);
SELECT failure($$SELECT bench_run('previous', 'mine')$$);
SELECT failure($$SELECT bench_latest_run(source => 'mine')$$);
INSERT INTO mine.test_runs (test_run_id, "timestamp", status, mode) VALUES
	('aaaa1111-0000-4000-8000-000000000001', '2026-03-01 10:00', 'completed', 'test'),
	('aaaa2222-0000-4000-8000-000000000002', '2026-03-02 10:00', 'completed', 'production'),
	('aaaa3333-0000-4000-8000-000000000003', '2026-03-03 10:00', 'failed', 'test'),
	('bbbb1111-0000-4000-8000-000000000004', '2026-03-03 10:00', 'in_progress', NULL),
	('cccc', NULL, 'completed', 'test');
SELECT bench_run('aaaa2222-0000-4000-8000-000000000002', 'mine') AS whole, bench_run('aaaa2', 'mine') AS prefix,
	bench_run('bbbb', 'mine') AS four, bench_run('cccc', 'mine') AS short;
-- the newest has any status, of equally new ones the first by id; before it the newest completed one
SELECT bench_run('latest', 'mine'), bench_run('previous', 'mine');
SELECT bench_latest_run(source => 'mine') AS any_run, bench_latest_run('test', source => 'mine') AS test,
	bench_latest_run(status => 'completed', source => 'mine') AS completed, bench_latest_run('test', 'completed', 'mine') AS both;
SELECT failure($$SELECT bench_latest_run('balanced', 'completed', 'mine')$$);
SELECT failure($$SELECT bench_latest_run('nosuch', source => 'mine')$$);
-- an array that was taken for a text
SELECT failure($$SELECT bench_run('{latest,previous}', 'mine')$$);
SELECT failure($$SELECT bench_run('aaaa', 'mine')$$);
SELECT failure($$SELECT bench_run('aaa', 'mine')$$);
SELECT failure($$SELECT bench_run('aaaa%', 'mine')$$);
SELECT failure($$SELECT bench_run('it''s', 'mine')$$);
SELECT failure($$SELECT bench_run('AAAA2', 'mine')$$);
SELECT failure($$SELECT bench_run('', 'mine')$$);
SELECT failure($$SELECT bench_run(NULL, 'mine')$$);
SELECT failure($$SELECT bench_run('latest', 'public')$$);
INSERT INTO mine.test_runs (test_run_id, "timestamp") SELECT 'many-' || g, timestamptz '2026-01-01' + g * interval '1 day' FROM generate_series(1, 12) g;
SELECT failure($$SELECT bench_run('many', 'mine')$$);
DELETE FROM mine.test_runs WHERE test_run_id LIKE 'many%';
-- by search_path, whatever else is in it
CREATE FUNCTION mine.length(text) RETURNS int LANGUAGE sql AS 'SELECT -1';
CREATE FUNCTION mine.never(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR mine.= (LEFTARG = text, RIGHTARG = text, FUNCTION = mine.never);
CREATE DOMAIN mine.name AS pg_catalog.name CHECK (VALUE IS NULL);
-- no function has been compiled yet in a new session
\c -
SET datestyle = ISO;
SET timezone = 'UTC';
SET search_path = mine, public, pg_catalog;
SELECT public.bench_run('aaaa2'), public.bench_run('bbbb1111-0000-4000-8000-000000000004'), public.bench_latest_run('test');
SET search_path = public;
-- in a condition the runs are listed once in a statement, whatever its rows; not longer than it is true
CREATE SCHEMA counted;
CREATE SEQUENCE counted.listings;
CREATE VIEW counted.test_runs AS SELECT r.* FROM mine.test_runs r, (SELECT nextval('counted.listings')) once;
SELECT count(*) FROM generate_series(1, 100) g WHERE bench_run(CASE WHEN g > 0 THEN 'latest' END, 'counted') LIKE 'aaaa3%';
SELECT last_value FROM counted.listings;
SELECT count(*) FROM generate_series(1, 100) g WHERE bench_latest_run(CASE WHEN g > 0 THEN 'test' END, source => 'counted') LIKE 'aaaa3%';
SELECT last_value FROM counted.listings;
SELECT count(DISTINCT bench_run(run, 'counted')) FROM unnest('{latest,previous,latest}'::text[]) run;
DO $$
BEGIN
	RAISE NOTICE '%', bench_run('latest', 'mine');
	INSERT INTO mine.test_runs (test_run_id, "timestamp") VALUES ('newer', '2026-03-04');
	RAISE NOTICE '%', bench_run('latest', 'mine');
	BEGIN
		INSERT INTO mine.test_runs (test_run_id, "timestamp") VALUES ('newest', '2026-03-05');
		RAISE NOTICE '%', bench_run('latest', 'mine');
		RAISE EXCEPTION 'undone';
	EXCEPTION WHEN raise_exception THEN
		RAISE NOTICE '%', bench_run('latest', 'mine');
	END;
	DELETE FROM mine.test_runs WHERE test_run_id = 'newer';
	RAISE NOTICE '%', bench_run('latest', 'mine');
	PERFORM set_config('search_path', 'mine, public', true);
	RAISE NOTICE '%', public.bench_run('aaaa2');
	PERFORM set_config('search_path', 'public', true);
	RAISE NOTICE '%', bench_run('aaaa2');
END $$;
-- the id may be a uuid
CREATE SCHEMA typed;
CREATE TABLE typed.test_runs AS SELECT * FROM mine.test_runs WHERE test_run_id <> 'cccc';
ALTER TABLE typed.test_runs ALTER test_run_id TYPE uuid USING test_run_id::uuid;
CREATE VIEW typed.aggregates AS SELECT * FROM mine.aggregates;
SELECT bench_run('aaaa2', 'typed'), bench_run('AAAA2222-0000-4000-8000-000000000002', 'typed'), bench_run('previous', 'typed');
SELECT test_run_id, reason FROM bench_missing_aggregates('aaaa3333-0000-4000-8000-000000000003'::uuid, 'typed');
SELECT test_run_id, reason FROM bench_missing_aggregates('aaaa3', 'typed');

-- matrices: lists, sets and single numbers; twice the same; an id of its own; what is none
SELECT * FROM bench_matrix('[
	{"runtime": "rust", "architecture": "arm64", "workloadType": "cpu-intensive", "memorySizes": [128, 512.0, 128]},
	{"runtime": "rust", "architecture": "arm64", "workloadType": "cpu-intensive", "memorySizes": {"$NS": [512, 1024]}},
	{"runtime": "rust", "architecture": "x86", "workloadType": "light", "memorySizeMB": 256},
	{"runtime": "rust", "architecture": "x86", "workloadType": "light", "memorySizes": 2048},
	{"configId": "own name", "runtime": "go", "architecture": "x86", "workloadType": "light", "memorySizes": [64]},
	{"configId": "bb:tpch:sf1:duckdb:q1", "invocationTypes": ["warm"]},
	{"configId": "bb:tpch:sf1:duckdb:q2", "invocationTypes": [], "memorySizes": []},
	{"runtime": "no", "architecture": "memory", "workloadType": "light"},
	{"runtime": "no", "architecture": "memory", "workloadType": "light", "memorySizes": []},
	{"runtime": "odd", "architecture": "memory", "workloadType": "light", "memorySizes": ["512", "much", -1, 1.5, null, 99999999999, {}, [1]]},
	{"architecture": "arm64", "workloadType": "no runtime", "memorySizes": [1]}, 7, "x", null, []]');
SELECT * FROM bench_matrix('{"runtime": "rust"}');
SELECT * FROM bench_matrix('"x"');
SELECT * FROM bench_matrix(NULL);

INSERT INTO mine.test_runs VALUES ('run-1', '2026-04-01', '2026-04-01 01:00', 'completed', 'test', NULL, 5, 2, 4, '[
	{"runtime": "rust", "architecture": "x86", "workloadType": "light", "memorySizes": [128, 1024, 512]},
	{"runtime": "rust", "architecture": "arm64", "workloadType": "light", "memorySizes": {"$NS": [128, 1024]}}]');
SELECT * FROM bench_configurations('run-1', 'mine');
SELECT config_id, cold_starts, warm_starts FROM bench_configurations('latest', 'mine');
-- all runs that have a matrix; not all starts are planned; another number of configurations than was announced
INSERT INTO mine.test_runs VALUES ('run-2', '2026-04-02', NULL, 'completed', 'test', NULL, 3, 0, NULL, '[
	{"runtime": "go", "architecture": "x86", "workloadType": "light", "memorySizes": [128]},
	{"configId": "bb:x:sf1:y:q1", "invocationTypes": ["cold"]}]');
SELECT * FROM bench_configurations(source => 'mine');
SELECT * FROM bench_configurations('run-2', 'mine');
SELECT failure($$SELECT * FROM bench_configurations('aaaa1', 'mine')$$);
SELECT failure($$SELECT * FROM bench_configurations('run-', 'mine')$$);
SELECT failure($$SELECT * FROM bench_configurations('run-3', 'mine')$$);
SELECT failure($$SELECT * FROM bench_configurations('aaaa1111-0000-4000-8000-000000000001'::uuid, 'mine')$$);

-- missing aggregates: absent; without figures; without samples; one too many does not count
INSERT INTO mine.aggregates (test_run_id, config_id, invocation_type, "timestamp", sample_count, duration_ms_mean) VALUES
	('run-1', 'rust-x86-light-128', 'cold', '2026-04-01', 2, 1.5), ('run-1', 'rust-x86-light-128', 'warm', '2026-04-01', 4, 0.5),
	('run-1', 'rust-x86-light-512', 'cold', '2026-04-01', 0, NULL), ('run-1', 'rust-x86-light-512', 'warm', '2026-04-01', 0, 0),
	('run-1', 'rust-x86-light-1024', 'cold', '2026-04-01', NULL, NULL), ('run-1', 'rust-x86-light-1024', 'warm', '2026-04-01', NULL, 1),
	('run-1', 'rust-arm64-light-128', 'cold', '2026-04-01', 2, 1.5), ('run-1', 'rust-arm64-light-1024', 'warm', '2026-04-01', 4, 0.5),
	('run-1', 'rust-arm64-light-4096', 'warm', '2026-04-01', 4, 0.5), ('run-0', 'rust-arm64-light-128', 'warm', '2026-04-01', 4, 0.5);
SELECT * FROM bench_missing_aggregates('run-1', 'mine');
SELECT config_id, reason FROM bench_missing_aggregates('run-1', 'mine') WHERE invocation_type = 'cold';
-- zero planned starts expect nothing, an unknown number expects aggregates
SELECT * FROM bench_missing_aggregates('run-2', 'mine');
UPDATE mine.test_runs SET cold_starts_per_config = 3, warm_starts_per_config = -1, total_configurations = NULL WHERE test_run_id = 'run-2';
SELECT * FROM bench_missing_aggregates('run-2', 'mine');
-- one row about a run that did not end, whatever it has
SELECT * FROM bench_missing_aggregates('bbbb', 'mine');
SELECT * FROM bench_missing_aggregates('aaaa3333-0000-4000-8000-000000000003', 'mine');
UPDATE mine.test_runs SET status = 'failed' WHERE test_run_id = 'run-2';
SELECT * FROM bench_missing_aggregates('run-2', 'mine');
UPDATE mine.test_runs SET status = 'other', total_configurations = 2 WHERE test_run_id = 'run-2';
SELECT count(*) FROM bench_missing_aggregates('run-2', 'mine');
-- every run; one without a matrix does not stop the others
SELECT test_run_id, config_id, invocation_type, reason FROM bench_missing_aggregates(source => 'mine');
-- nothing missing
INSERT INTO mine.aggregates (test_run_id, config_id, invocation_type, sample_count, duration_ms_mean)
	SELECT test_run_id, config_id, invocation_type, 3, 1 FROM bench_missing_aggregates('run-2', 'mine');
SELECT * FROM bench_missing_aggregates('run-2', 'mine');
SELECT * FROM bench_missing_aggregates('latest', 'mine');
SELECT failure($$SELECT * FROM bench_missing_aggregates('aaaa1111-0000-4000-8000-000000000001', 'mine')$$);
SELECT failure($$SELECT * FROM bench_missing_aggregates('cccc', 'mine')$$);
SELECT failure($$SELECT * FROM bench_missing_aggregates('nonesuch', 'mine')$$);
SELECT failure($$SELECT * FROM bench_missing_aggregates('aaaa', 'mine')$$);
SELECT failure($$SELECT * FROM bench_missing_aggregates('', 'mine')$$);
-- a run that has just ended is the same where there is nothing to wait for
UPDATE mine.test_runs SET end_time = clock_timestamp() WHERE test_run_id = 'run-1';
SELECT count(*) FROM bench_missing_aggregates('run-1', 'mine');
UPDATE mine.test_runs SET end_time = '2026-04-01 01:00' WHERE test_run_id = 'run-1';

-- missing results: absent, failed, too many, not planned
INSERT INTO mine.results SELECT 'run-1', 'rust-x86-light-128', 'cold', g, 1 FROM generate_series(1, 2) g;
INSERT INTO mine.results SELECT 'run-1', 'rust-x86-light-128', 'warm', g, 1 FROM generate_series(1, 4) g;
INSERT INTO mine.results SELECT 'run-1', 'rust-x86-light-512', 'cold', g, NULL FROM generate_series(1, 2) g;
INSERT INTO mine.results VALUES ('run-1', 'rust-x86-light-512', 'warm', 2, 1), ('run-1', 'rust-x86-light-512', 'warm', 4, NULL),
	('run-1', 'rust-x86-light-1024', 'cold', 1, 1), ('run-1', 'rust-x86-light-1024', 'cold', 7, 1),
	('run-1', 'rust-arm64-light-128', 'cold', 1, 1), ('run-1', 'rust-arm64-light-128', 'cold', 2, 1), ('run-1', 'rust-arm64-light-128', 'cold', 3, 1),
	('run-1', 'rust-arm64-light-4096', 'warm', 1, 1), ('run-0', 'rust-x86-light-512', 'warm', 1, 1);
SELECT * FROM bench_missing_results('run-1', 'mine');
UPDATE mine.test_runs SET warm_starts_per_config = 30, cold_starts_per_config = NULL WHERE test_run_id = 'run-1';
SELECT * FROM bench_missing_results('run-1', 'mine');
SELECT test_run_id, count(*) FROM bench_missing_results('latest', 'mine') GROUP BY 1;
SELECT failure($$SELECT * FROM bench_missing_results('aaaa1', 'mine')$$);
SELECT failure($$SELECT * FROM bench_missing_results('nonesuch', 'mine')$$);
SELECT failure($$SELECT * FROM bench_missing_results(NULL::text, 'mine')$$);
SELECT failure($$SELECT * FROM bench_missing_results('aaaa1111-0000-4000-8000-000000000001'::uuid, 'mine')$$);

-- a configuration over time
INSERT INTO mine.aggregates (test_run_id, config_id, invocation_type, "timestamp", sample_count, failed_count, duration_ms_mean, duration_ms_p99)
	SELECT 'run-' || g, 'c', kind, timestamptz '2026-01-01' + g * interval '1 day', g, 0, g + 0.5, g + 0.9
	FROM generate_series(1, 12) g, unnest('{cold,warm}'::text[]) kind;
INSERT INTO mine.aggregates (test_run_id, config_id, invocation_type) VALUES ('no time', 'c', 'warm');
SELECT "timestamp", test_run_id, sample_count, failed_count, duration_ms_mean, duration_ms_p99 FROM bench_config_history('c', source => 'mine');
SELECT "timestamp", test_run_id, duration_ms_mean FROM bench_config_history('c', 2, 'cold', 'mine');
SELECT count(*) FROM bench_config_history('c', NULL, source => 'mine');
SELECT * FROM bench_config_history('none', 2, 'warm', 'mine');
SELECT failure($$SELECT * FROM bench_config_history('c', -1, 'warm', 'mine')$$);

-- views over several tables are sources as well
CREATE SCHEMA yours;
CREATE TABLE yours.test_runs AS SELECT * FROM mine.test_runs WHERE test_run_id IN ('run-1', 'cccc');
CREATE TABLE yours.aggregates AS SELECT * FROM mine.aggregates WHERE test_run_id = 'run-1';
CREATE TABLE yours.results AS SELECT * FROM mine.results WHERE test_run_id = 'run-1';
DELETE FROM mine.test_runs WHERE test_run_id IN ('run-1', 'cccc');
DELETE FROM mine.aggregates WHERE test_run_id = 'run-1';
DELETE FROM mine.results WHERE test_run_id = 'run-1';
CREATE SCHEMA ours;
CREATE VIEW ours.test_runs AS SELECT * FROM mine.test_runs UNION ALL SELECT * FROM yours.test_runs;
CREATE VIEW ours.aggregates AS SELECT * FROM mine.aggregates UNION ALL SELECT * FROM yours.aggregates;
CREATE VIEW ours.results AS SELECT * FROM mine.results UNION ALL SELECT * FROM yours.results;
SELECT test_run_id, config_id, invocation_type, reason FROM bench_missing_aggregates(source => 'ours');
SELECT config_id, invocation_type, planned, present, missing FROM bench_missing_results('run-1', 'ours');
SELECT failure($$SELECT * FROM bench_missing_aggregates('run-1', 'mine')$$);

-- with the rights of the caller
CREATE ROLE regress_bench_runs;
GRANT USAGE ON SCHEMA ours TO regress_bench_runs;
GRANT SELECT ON ours.test_runs TO regress_bench_runs;
SET ROLE regress_bench_runs;
SELECT bench_run('run-2', 'ours');
SELECT failure($$SELECT * FROM bench_missing_aggregates('run-2', 'ours')$$);
SELECT failure($$SELECT * FROM bench_run('run-2', 'mine')$$);
RESET ROLE;

SET client_min_messages = warning;
DROP SCHEMA mine, typed, counted, yours, ours CASCADE;
DROP FUNCTION failure;
DROP ROLE regress_bench_runs;
