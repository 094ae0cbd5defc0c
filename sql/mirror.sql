-- Copies of finished runs, and views that unite them with the rest: of local tables with the columns of foreign ones.
SET datestyle = ISO;
SET timezone = 'UTC';
\set VERBOSITY terse
CREATE SERVER regress_server FOREIGN DATA WRAPPER benchresults_fdw
	OPTIONS (region 'us-east-2', endpoint 'http://127.0.0.1:1', max_attempts '1');
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_server OPTIONS (access_key_id 'AKIDEXAMPLE', secret_access_key 'hidden');
CREATE SCHEMA remote;
IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER regress_server INTO remote OPTIONS (shape 'live');
CREATE SCHEMA far;
CREATE TABLE far.test_runs (LIKE remote.test_runs);
CREATE TABLE far.aggregates (LIKE remote.aggregates);
CREATE TABLE far.results (LIKE remote.results);

-- a run with so many results, half of them warm, and the aggregates of one configuration
CREATE FUNCTION happened(run text, state text, ended timestamptz, n int) RETURNS void LANGUAGE sql AS $$
	INSERT INTO far.test_runs (test_run_id, "timestamp", end_time, status, mode, total_configurations, cold_starts_per_config, warm_starts_per_config,
		configurations, attributes)
	VALUES (run, ended - interval '1 hour', CASE WHEN state <> 'in_progress' THEN ended END, state, 'test', 1, n / 2, n / 2,
		'[{"runtime": "rust", "architecture": "x86", "workloadType": "light", "memorySizes": [128]}]', '{"pk": "x"}');
	INSERT INTO far.results (test_run_id, config_id, invocation_type, invocation_number, "timestamp", success, duration_ms, billed_duration_ms,
		init_duration_ms, max_memory_used_mb)
	SELECT run, 'rust-x86-light-128', kind, g, ended - interval '30 min', true, g, g, CASE kind WHEN 'cold' THEN g END, 64
	FROM generate_series(1, n / 2) g, unnest('{cold,warm}'::text[]) kind;
	INSERT INTO far.aggregates (test_run_id, config_id, invocation_type, "timestamp", sample_count, failed_count, duration_ms_mean, duration_ms_stats,
		billed_duration_ms_stats, memory_mb_stats, init_duration_ms_stats)
	SELECT run, r.config_id, r.invocation_type, ended - interval '20 min', sample_count, failed_count, (duration_ms_stats->>'mean')::float8,
		duration_ms_stats, billed_duration_ms_stats, memory_mb_stats, init_duration_ms_stats
	FROM bench_recomputed_aggregates(run, 'far') r $$;
SELECT happened('aaaa1111', 'completed', '2026-03-01 11:00', 8), happened('aaaa2222', 'failed', '2026-03-02 11:00', 4),
	happened('bbbb1111', 'in_progress', '2026-03-03 11:00', 2), happened('bbbb2222', 'completed', clock_timestamp() - interval '5 s', 2);
CREATE FUNCTION held(source name) RETURNS TABLE (run text, results bigint, aggregates bigint) LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT test_run_id, (SELECT count(*) FROM %1$I.results r WHERE r.test_run_id = t.test_run_id),
		(SELECT count(*) FROM %1$I.aggregates a WHERE a.test_run_id = t.test_run_id) FROM %1$I.test_runs t ORDER BY test_run_id COLLATE "C"', source);
END $$;

-- the oldest first; neither what is not over nor what has just ended
CALL bench_mirror('far', 'near', 'united');
CALL bench_mirror('far', 'near', 'united');
SELECT * FROM held('near');
SELECT * FROM held('united');
-- the copies are the same, but for the column that repeats the others
SELECT count(*), count(*) FILTER (WHERE c = f) AS same FROM near.results c JOIN far.results f USING (test_run_id, config_id, invocation_type, invocation_number);
SELECT count(*), count(*) FILTER (WHERE to_jsonb(c) = to_jsonb(f) - 'attributes') AS same FROM near.aggregates c JOIN far.aggregates f USING (test_run_id, config_id, invocation_type);
SELECT count(*), count(*) FILTER (WHERE to_jsonb(c) = to_jsonb(f) - 'attributes') AS same FROM near.test_runs c JOIN far.test_runs f USING (test_run_id);
SELECT relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE relnamespace = 'far'::regnamespace AND attnum > 0
EXCEPT SELECT relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE relnamespace = 'near'::regnamespace AND attnum > 0 ORDER BY 1;
SELECT indexdef FROM pg_indexes WHERE schemaname = 'near' ORDER BY indexname;
SELECT relname, obj_description(oid, 'pg_class') FROM pg_class WHERE relnamespace = 'near'::regnamespace AND relkind = 'r' ORDER BY 1;
SELECT pg_get_viewdef('united.test_runs'::regclass, 0) ~ 'attributes' AS has_it;

-- what was copied is read there, the rest in the source
UPDATE near.test_runs SET notes = 'copy';
UPDATE far.test_runs SET notes = 'source';
SELECT test_run_id, status, notes FROM united.test_runs ORDER BY test_run_id COLLATE "C";
SELECT bench_run('latest', 'united'), bench_run('previous', 'united'), bench_run('aaaa1', 'united');
SELECT test_run_id, reason FROM bench_missing_aggregates(source => 'united');
SELECT count(*) FROM bench_verify_aggregates('aaaa1', 'united');
SELECT test_run_id, duration_ms_mean FROM bench_config_history('rust-x86-light-128', source => 'united');
SELECT config_id, invocation_type, sample_count FROM bench_recomputed_aggregates('bbbb1', 'united');
SELECT count(*) FROM bench_compare_runs('aaaa1', 'aaaa2', 'united');
-- a union is not written
SELECT * FROM bench_delete_run('aaaa1', 'united');

-- what ends is copied next time, and half a run anew
UPDATE far.test_runs SET status = 'completed', end_time = '2026-03-03 11:00' WHERE test_run_id LIKE 'bbbb%';
INSERT INTO near.results (test_run_id, config_id, invocation_type, invocation_number) VALUES ('bbbb1111', 'half', 'warm', 1), ('bbbb1111', 'rust-x86-light-128', 'warm', 1);
INSERT INTO near.aggregates (test_run_id, config_id, invocation_type) VALUES ('bbbb1111', 'half', 'warm');
CALL bench_mirror('far', 'near');
SELECT * FROM held('near');
SELECT * FROM held('united');

-- an error in the middle: what was copied before it stays, the next call goes on
SELECT happened('cccc' || g, 'completed', timestamptz '2026-03-04 11:00' + g * interval '1 day', 2) FROM generate_series(1, 3) g;
CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full, say'; END $$;
CREATE TRIGGER fails BEFORE INSERT ON near.test_runs FOR EACH ROW WHEN (NEW.test_run_id = 'cccc2') EXECUTE FUNCTION fails();
CALL bench_mirror('far', 'near', 'united');
SELECT * FROM held('near') WHERE run LIKE 'cccc%';
SELECT count(*) FROM near.results WHERE test_run_id = 'cccc2';
DROP TRIGGER fails ON near.test_runs;
CALL bench_mirror('far', 'near', 'united');
SELECT * FROM held('near') WHERE run LIKE 'cccc%';

-- the source gains columns, loses one, changes a type
ALTER TABLE far.results ADD network_ms numeric(5, 2), ADD "It's ""odd""" text COLLATE "C";
CALL bench_mirror('far', 'near', 'united');
-- but for that the views, which have them, are made anew
ALTER TABLE far.results DROP function_name;
DROP SCHEMA united CASCADE;
ALTER TABLE far.results DROP function_name;
ALTER TABLE far.aggregates ALTER duration_ms_mean TYPE numeric;
SELECT happened('dddd', 'completed', '2026-03-10 11:00', 2), happened('eeee', 'in_progress', '2026-03-11 11:00', 2);
UPDATE far.results SET network_ms = 1.5, "It's ""odd""" = 'yes', duration_ms = 7;
CALL bench_mirror('far', 'near', 'united');
SELECT test_run_id, function_name, network_ms, "It's ""odd""", duration_ms FROM united.results WHERE invocation_number = 1 AND invocation_type = 'warm'
	ORDER BY test_run_id COLLATE "C";
SELECT test_run_id, duration_ms_mean, pg_typeof(duration_ms_mean) FROM united.aggregates WHERE test_run_id >= 'dddd' AND invocation_type = 'warm' ORDER BY 1;
SELECT * FROM held('united') WHERE run >= 'dddd';
-- names that need care; the id may be a uuid
CREATE SCHEMA "Far 'away'";
CREATE TABLE "Far 'away'".test_runs AS SELECT '90000000-0000-4000-8000-000000000000'::uuid AS test_run_id, "timestamp", end_time, status
	FROM far.test_runs WHERE test_run_id = 'aaaa1111';
CREATE TABLE "Far 'away'".results AS SELECT '90000000-0000-4000-8000-000000000000'::uuid AS test_run_id, config_id, invocation_type, invocation_number, "timestamp"
	FROM far.results WHERE test_run_id = 'aaaa1111';
CREATE VIEW "Far 'away'".aggregates AS SELECT test_run_id, config_id, invocation_type, "timestamp" FROM "Far 'away'".results WHERE invocation_number = 1;
CALL bench_mirror('Far ''away''', 'Near "by"', 'Both % them');
SELECT count(*) FROM "Both % them".results WHERE test_run_id = '90000000-0000-4000-8000-000000000000';
-- found by search_path, whatever else is in it
CREATE DOMAIN far.text AS pg_catalog.text CHECK (VALUE IS NULL);
CREATE FUNCTION far.never(name, name) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR far.= (LEFTARG = name, RIGHTARG = name, FUNCTION = far.never);
SET search_path = far, public, pg_catalog;
CALL public.bench_mirror(NULL, 'near');
RESET search_path;

-- where it cannot be done
BEGIN;
CALL bench_mirror('far', 'near');
ROLLBACK;
\set VERBOSITY default
\set SHOW_CONTEXT never
CALL bench_mirror('far', 'far');
CALL bench_mirror('far', 'near', 'near');
CALL bench_mirror('far', 'near', 'far');
CALL bench_mirror('far', NULL);
CALL bench_mirror('nonesuch', 'near');
CALL bench_mirror('far', 'united');
CALL bench_mirror('far', 'remote');
CALL bench_mirror('far', 'near', 'remote');
CREATE ROLE regress_bench_reader;
GRANT USAGE ON SCHEMA far, near, united TO regress_bench_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA far, united TO regress_bench_reader;
SET ROLE regress_bench_reader;
CALL bench_mirror('far', 'elsewhere');
CALL bench_mirror('far', 'near');
-- the views are read with the rights of who made them
SELECT count(*) > 0 AS seen FROM united.results;
RESET ROLE;
\set VERBOSITY terse

-- foreign tables: what is asked of the service; nobody listens there, so that the runs cannot be listed
\set VERBOSITY sqlstate
CALL bench_mirror('remote', 'copied', 'foreign_union');
INSERT INTO copied.test_runs (test_run_id, status) VALUES ('r1', 'completed');
INSERT INTO copied.aggregates (test_run_id, config_id, invocation_type, duration_ms_mean) VALUES ('r1', 'c', 'warm', 5);
INSERT INTO copied.results (test_run_id, config_id, invocation_type, invocation_number, duration_ms) VALUES ('r1', 'c', 'warm', 1, 5);
CREATE FUNCTION request(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query
	LOOP
		IF line ~ 'Nested Loop|Append|Scan' AND line !~ 'DynamoDB' THEN
			RETURN NEXT regexp_replace(trim(line), ' on .*', '');
		ELSIF line ~ 'DynamoDB Operation|Index:|Key Condition' THEN
			RETURN NEXT '  ' || trim(line);
		END IF;
	END LOOP;
END $$;
-- a run that was copied is not asked for, whether it is known when the query is planned or later; others are
SELECT request($$SELECT config_id, duration_ms FROM foreign_union.results WHERE test_run_id = 'r1'$$);
SELECT config_id, duration_ms FROM foreign_union.results WHERE test_run_id = 'r1';
SELECT config_id, duration_ms FROM foreign_union.results WHERE test_run_id = 'r2';
SELECT config_id, duration_ms FROM foreign_union.results WHERE test_run_id = (SELECT max(test_run_id) FROM copied.test_runs);
SELECT r.status, s.duration_ms FROM foreign_union.test_runs r JOIN foreign_union.results s USING (test_run_id) WHERE test_run_id = 'r1';
PREPARE of_run (text) AS SELECT config_id, duration_ms FROM foreign_union.results WHERE test_run_id = $1;
SET plan_cache_mode = force_generic_plan;
EXECUTE of_run ('r1');
EXECUTE of_run (NULL);
EXECUTE of_run ('r2');
RESET plan_cache_mode;
SELECT bench_run('r1', 'foreign_union');
-- by key, for each row of another table
CREATE TABLE releases AS SELECT 'r1' AS test_run_id, 'v' || g AS tag FROM generate_series(1, 2) g;
ANALYZE releases;
SELECT request($$SELECT tag, config_id, duration_ms_mean FROM releases JOIN foreign_union.aggregates USING (test_run_id)$$);
SELECT tag, config_id, duration_ms_mean FROM releases JOIN foreign_union.aggregates USING (test_run_id) ORDER BY tag;
INSERT INTO releases VALUES ('r2', 'v3');
SELECT tag, config_id, duration_ms_mean FROM releases JOIN foreign_union.aggregates USING (test_run_id) ORDER BY tag;
-- in the order of an index
SELECT request($$SELECT test_run_id, duration_ms_mean FROM foreign_union.aggregates WHERE config_id = 'rust-arm64-light-128'
	ORDER BY "timestamp" DESC LIMIT 3$$);

SET client_min_messages = warning;
DROP TABLE releases;
DROP SCHEMA united, near, foreign_union, copied, "Both % them", "Near ""by""", "Far 'away'", far, remote CASCADE;
DROP SERVER regress_server CASCADE;
DROP FUNCTION happened, held, fails, request;
DROP ROLE regress_bench_reader;
