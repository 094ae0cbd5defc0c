-- Which request a query becomes. Planning makes none: the server's endpoint is a port where nothing listens.
CREATE SERVER regress_server FOREIGN DATA WRAPPER benchresults_fdw
	OPTIONS (region 'us-east-2', endpoint 'http://127.0.0.1:1', max_attempts '1');
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_server OPTIONS (access_key_id 'AKIDEXAMPLE', secret_access_key 'hidden');
CREATE SCHEMA regress_plan;
SET search_path = regress_plan, public;
IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER regress_server INTO regress_plan OPTIONS (shape 'live');

-- what is asked of DynamoDB, without the parts of a plan that differ between versions
CREATE FUNCTION request(query text, format text DEFAULT 'TEXT') RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE format('EXPLAIN (COSTS OFF, FORMAT %s) %s', format, query)
	LOOP
		RETURN QUERY SELECT trim(part) FROM regexp_split_to_table(line, '\n') part
			WHERE part ~ 'DynamoDB.(Operation|Filter)|Index|Select: |Key.Condition';
	END LOOP;
END $$;

-- AP1: a run, its aggregates, and both
EXPLAIN (COSTS OFF) SELECT * FROM test_runs WHERE test_run_id = 'r1';
EXPLAIN (COSTS OFF) SELECT config_id, duration_ms_mean FROM aggregates WHERE test_run_id = 'r1';
EXPLAIN (COSTS OFF) SELECT r.status, a.config_id FROM test_runs r JOIN aggregates a USING (test_run_id) WHERE test_run_id = 'r1';
-- AP2: one aggregate, by its key and by its dimensions
EXPLAIN (COSTS OFF) SELECT duration_ms_p99 FROM aggregates
	WHERE test_run_id = 'r1' AND config_id = 'python3.12-arm64-light-512' AND invocation_type = 'warm';
EXPLAIN (COSTS OFF) SELECT duration_ms_p99 FROM aggregates
	WHERE test_run_id = 'r1' AND runtime = 'python3.12' AND architecture = 'arm64' AND workload_type = 'light'
		AND memory_size_mb = 512 AND invocation_type = 'warm';
EXPLAIN (COSTS OFF) SELECT duration_ms_p99 FROM aggregates
	WHERE test_run_id = 'r1' AND runtime = 'python3.12' AND architecture = 'arm64';
EXPLAIN (COSTS OFF) SELECT duration_ms_p99 FROM aggregates WHERE test_run_id = 'r1' AND config_id LIKE 'python3.12-%';
EXPLAIN (COSTS OFF) SELECT duration_ms_p99 FROM aggregates WHERE test_run_id = 'r1' AND starts_with(config_id, 'python3.12-');
EXPLAIN (COSTS OFF) SELECT duration_ms_p99 FROM aggregates WHERE test_run_id = 'r1' AND config_id ^@ 'python3.12-';
-- AP3: the results of a run
EXPLAIN (COSTS OFF) SELECT config_id, invocation_number, duration_ms FROM results WHERE test_run_id = 'r1';
EXPLAIN (COSTS OFF) SELECT * FROM results WHERE test_run_id = 'r1' AND config_id = 'python3.12-arm64-light-512';
EXPLAIN (COSTS OFF) SELECT * FROM results
	WHERE test_run_id = 'r1' AND config_id = 'python3.12-arm64-light-512' AND invocation_type = 'cold';
EXPLAIN (COSTS OFF) SELECT * FROM results
	WHERE test_run_id = 'r1' AND config_id = 'python3.12-arm64-light-512' AND invocation_type = 'cold' AND invocation_number = 7;
-- AP4: a configuration over time
EXPLAIN (COSTS OFF) SELECT test_run_id, "timestamp", duration_ms FROM results WHERE config_id = 'python3.12-arm64-light-512';
EXPLAIN (COSTS OFF) SELECT test_run_id, "timestamp", duration_ms FROM results
	WHERE runtime = 'python3.12' AND architecture = 'arm64' AND workload_type = 'light' AND memory_size_mb = 512;
-- AP5: all runs
EXPLAIN (COSTS OFF) SELECT test_run_id, status FROM test_runs;
EXPLAIN (COSTS OFF) SELECT * FROM items;
EXPLAIN (COSTS OFF) SELECT item FROM items WHERE pk = 'TESTRUN#r1' AND sk = 'TESTRUN#r1';
EXPLAIN (COSTS OFF) SELECT item FROM items WHERE pk = 'TESTRUN#r1' AND sk LIKE 'AGGREGATE#%';

-- only the attributes that are needed are asked for
EXPLAIN (COSTS OFF, VERBOSE) SELECT duration_ms_p99, config_id FROM aggregates WHERE test_run_id = 'r1' AND sample_count > 10;
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*) FROM items WHERE pk = 'TESTRUN#r1';
EXPLAIN (COSTS OFF, VERBOSE) SELECT attributes FROM aggregates WHERE test_run_id = 'r1';

-- a value need not be a constant
PREPARE one (text, text, text) AS SELECT duration_ms_p99 FROM aggregates WHERE test_run_id = $1 AND config_id = $2 AND invocation_type = $3;
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF) EXECUTE one ('r1', 'python3.12-arm64-light-512', 'warm');
SET plan_cache_mode = force_custom_plan;
EXPLAIN (COSTS OFF) EXECUTE one ('r1', 'python3.12-arm64-light-512', 'warm');
RESET plan_cache_mode;
EXPLAIN (COSTS OFF) SELECT status FROM test_runs WHERE test_run_id = current_setting('search_path');
SELECT regexp_replace(request($$SELECT status FROM test_runs WHERE test_run_id = (SELECT max(x) FROM (VALUES ('r1'), ('r2')) v (x))$$), '\{.*?\}', '{subquery}', 'g');
-- but it must be one for the whole scan
EXPLAIN (COSTS OFF) SELECT status FROM test_runs WHERE test_run_id = random()::text;
EXPLAIN (COSTS OFF) SELECT status FROM test_runs WHERE test_run_id = status;

-- what cannot be sent is checked here
EXPLAIN (COSTS OFF) SELECT status FROM test_runs WHERE test_run_id = 'r1' OR status = 'failed';
EXPLAIN (COSTS OFF) SELECT status FROM test_runs WHERE NOT test_run_id = 'r1';
EXPLAIN (COSTS OFF) SELECT status FROM test_runs WHERE test_run_id > 'r1';
EXPLAIN (COSTS OFF) SELECT status FROM test_runs WHERE lower(test_run_id) = 'r1';
EXPLAIN (COSTS OFF) SELECT status FROM test_runs WHERE test_run_id LIKE '%r1';
EXPLAIN (COSTS OFF) SELECT status FROM test_runs WHERE test_run_id ILIKE 'r1%';
-- an index that does not carry a column is not used for it
EXPLAIN (COSTS OFF) SELECT function_name FROM results WHERE test_run_id = 'r1';
-- an index is no place for strong reads
ALTER FOREIGN TABLE results OPTIONS (ADD consistent_read 'true');
EXPLAIN (COSTS OFF) SELECT config_id, invocation_number, duration_ms FROM results WHERE test_run_id = 'r1';
EXPLAIN (COSTS OFF) SELECT * FROM results WHERE test_run_id = 'r1' AND config_id = 'c' AND invocation_type = 'cold' AND invocation_number = 7;
ALTER FOREIGN TABLE results OPTIONS (DROP consistent_read);

-- AP1 as one Query, where both sides are of one run
SELECT request($$SELECT r.status, a.config_id FROM test_runs r LEFT JOIN aggregates a
	ON a.test_run_id = r.test_run_id AND a.invocation_type = 'warm' AND a.sample_count < r.total_invocations
	WHERE r.test_run_id = 'r1' AND r.status = 'completed' AND a.config_id IS NULL$$);
PREPARE both_of (text) AS SELECT r.status, a.config_id FROM test_runs r JOIN aggregates a USING (test_run_id) WHERE test_run_id = $1;
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF) EXECUTE both_of ('r1');
RESET plan_cache_mode;
EXPLAIN (COSTS OFF) SELECT r.status, a.sample_count FROM aggregates a JOIN test_runs r ON r.test_run_id = a.test_run_id
	WHERE a.test_run_id = 'r1' ORDER BY a.sample_count LIMIT 1;
-- and where they are not, or where it cannot be told
SELECT request($$SELECT r.status, a.config_id FROM test_runs r JOIN aggregates a ON true WHERE r.test_run_id = 'r1' AND a.test_run_id = 'r2'$$);
SELECT request($$SELECT r.status, a.config_id FROM aggregates a LEFT JOIN test_runs r USING (test_run_id) WHERE test_run_id = 'r1'$$);
SELECT request($$SELECT r, a.config_id FROM test_runs r JOIN aggregates a USING (test_run_id) WHERE test_run_id = 'r1'$$);
SELECT request($$SELECT r.status, a.config_id FROM test_runs r JOIN aggregates a USING (test_run_id) WHERE test_run_id = 'r1' FOR UPDATE$$);
SELECT request($$SELECT r.status, s.config_id FROM test_runs r JOIN results s USING (test_run_id) WHERE test_run_id = 'r1'$$);
-- nor where what is read for both would be charged to one
ALTER FOREIGN TABLE test_runs OPTIONS (ADD max_read_units '10');
SELECT request($$SELECT r.status, a.config_id FROM test_runs r JOIN aggregates a USING (test_run_id) WHERE test_run_id = 'r1'$$);
ALTER FOREIGN TABLE test_runs OPTIONS (DROP max_read_units);

-- filters: what is no key
CREATE FUNCTION filter(condition text, relation text DEFAULT 'results', columns text DEFAULT 'function_name') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE format('EXPLAIN (COSTS OFF) SELECT %s FROM %s WHERE test_run_id = ''r1'' AND config_id = ''c'' AND (%s)', columns, relation, condition)
	LOOP
		IF line LIKE '%DynamoDB Filter: %' THEN
			RETURN substr(line, strpos(line, ': ') + 2);
		END IF;
	END LOOP;
	RETURN NULL;
END $$;
SELECT condition, filter(condition) FROM unnest(ARRAY[
	$$function_name = 'f' OR duration_ms > 5 AND success$$,
	$$NOT (function_name = 'f' OR duration_ms > 5)$$,
	$$function_name <> 'f'$$,
	$$function_name NOT IN ('f', 'g')$$,
	$$NOT function_name = ANY ('{f,NULL}')$$,
	$$function_name IS NULL$$,
	$$function_name IS NOT NULL$$,
	$$duration_ms IS NULL$$,
	$$"timestamp" IS NULL$$,
	$$lambda_request_id IS NULL$$,
	$$success$$,
	$$NOT success$$,
	$$success IS NOT TRUE$$,
	$$success IS UNKNOWN$$,
	$$(success AND function_name = 'f') IS TRUE$$,
	$$function_name IS DISTINCT FROM 'f'$$,
	$$NOT function_name IS DISTINCT FROM 'f'$$,
	$$function_name IS DISTINCT FROM NULL$$,
	$$function_name LIKE 'f%' OR function_name ^@ 'g'$$,
	$$NOT function_name LIKE 'f%'$$,
	$$function_name = 'f' OR invocation_number = 3$$,
	$$function_name = 'f' OR lower(function_name) = 'g'$$,
	$$"timestamp" BETWEEN '2025-11-30 00:00+00' AND '2025-12-01 00:00+00' OR success$$,
	$$"timestamp" NOT BETWEEN '2025-11-30 00:00+00' AND '2025-12-01 00:00+00'$$,
	$$success < true$$,
	$$function_name > 'f'$$,
	$$function_name COLLATE "C" > 'f'$$]) AS condition;
SELECT condition, filter(condition, 'aggregates', 'sample_count') FROM unnest(ARRAY[
	'sample_count > 3 AND sample_count < 9', 'sample_count = 3 OR failed_count <> 0', 'sample_count IS NULL',
	'duration_ms_stats IS NULL', 'duration_ms_mean > 10']) AS condition;
-- a member of a map, where it is the only alternative
ALTER FOREIGN TABLE aggregates ALTER COLUMN duration_ms_mean OPTIONS (SET attribute 'durationMsStats.mean');
SELECT filter('duration_ms_mean > 10 OR duration_ms_mean IS NULL', 'aggregates', 'sample_count');
-- where a wrong type reads as NULL, a column can be NULL though its attribute is there
ALTER FOREIGN TABLE aggregates OPTIONS (ADD on_type_mismatch 'null');
SELECT filter('sample_count IS NULL', 'aggregates', 'sample_count');
ALTER FOREIGN TABLE aggregates OPTIONS (DROP on_type_mismatch);

-- several keys, of which only those that meet all conditions count
SELECT request($$SELECT success FROM results WHERE test_run_id = 'r1' AND config_id = 'c' AND invocation_type = 'warm' AND invocation_number BETWEEN 3 AND 5$$);
SELECT request($$SELECT success FROM results WHERE test_run_id = 'r1' AND config_id = 'c' AND invocation_type = 'warm' AND invocation_number > 3 AND 5 > invocation_number$$);
SELECT request($$SELECT success FROM results WHERE test_run_id = 'r1' AND config_id = 'c' AND invocation_type = 'warm' AND invocation_number >= 3$$);
SELECT request($$SELECT success FROM results WHERE test_run_id = 'r1' AND config_id = 'c' AND invocation_type = 'warm' AND invocation_number BETWEEN 1 AND 100000$$);
SELECT success FROM results WHERE test_run_id = 'r1' AND config_id = 'c' AND invocation_type = 'warm' AND invocation_number BETWEEN 5 AND 3;
SELECT success FROM results WHERE test_run_id = 'r1' AND config_id IN ('c', 'd') AND config_id IN ('e', 'f') AND invocation_type = 'warm';

-- numbers of rows
EXPLAIN (COSTS OFF) SELECT count(*) FROM items WHERE pk = 'TESTRUN#r1' AND sk LIKE 'AGGREGATE#%' AND item_type = 'aggregate';
EXPLAIN (COSTS OFF) SELECT count(*) FROM results WHERE test_run_id = 'r1';
ALTER FOREIGN TABLE results OPTIONS (ADD well_formed 'true');
EXPLAIN (COSTS OFF) SELECT count(*) FROM results WHERE test_run_id = 'r1' AND duration_ms IS NULL;
EXPLAIN (COSTS OFF) SELECT count(*) FROM results WHERE runtime = 'rust' AND architecture = 'arm64' AND workload_type = 'light' AND memory_size_mb = 128;
EXPLAIN (COSTS OFF) SELECT 1 FROM results WHERE test_run_id = 'r1' AND duration_ms IS NOT NULL;
-- but not where a condition is only nearly what is sent
SELECT bool_or(line LIKE '%Select: COUNT%') FROM (
	SELECT request($$SELECT count(*) FROM results WHERE test_run_id = 'r1' AND duration_ms > 5$$) AS line
	UNION ALL SELECT request($$SELECT count(*) FROM results WHERE test_run_id = 'r1' AND runtime = 'rust'$$)
	UNION ALL SELECT request($$SELECT count(*) FROM results WHERE test_run_id = 'r1' AND "timestamp" > '2025-11-30 00:00+00'$$)
	UNION ALL SELECT request($$SELECT count(success) FROM results WHERE test_run_id = 'r1'$$)
	UNION ALL SELECT request($$SELECT count(*) FROM aggregates WHERE test_run_id = 'r1'$$)) AS q;
ALTER FOREIGN TABLE results OPTIONS (DROP well_formed);

-- which indexes may be used
ALTER FOREIGN TABLE results OPTIONS (ADD use_index 'none');
SELECT request($$SELECT duration_ms FROM results WHERE test_run_id = 'r1'$$);
ALTER FOREIGN TABLE results OPTIONS (SET use_index 'ConfigIndex, TestRunIndex');
SELECT request($$SELECT function_name FROM results WHERE test_run_id = 'r1'$$);
ALTER FOREIGN TABLE results OPTIONS (SET use_index 'Confindex');
EXPLAIN SELECT duration_ms FROM results WHERE test_run_id = 'r1';
ALTER FOREIGN TABLE results OPTIONS (DROP use_index);

-- joins and subqueries
EXPLAIN (COSTS OFF) SELECT a.config_id FROM aggregates a, aggregates b
	WHERE a.test_run_id = 'r1' AND b.test_run_id = 'r2' AND a.config_id = b.config_id AND a.invocation_type = b.invocation_type;
EXPLAIN (COSTS OFF) SELECT config_id FROM results WHERE test_run_id = 'r1' GROUP BY config_id;

-- all pushdown off
SET benchresults_fdw.enable_pushdown = off;
EXPLAIN (COSTS OFF) SELECT duration_ms_p99 FROM aggregates
	WHERE test_run_id = 'r1' AND config_id = 'python3.12-arm64-light-512' AND invocation_type = 'warm';
RESET benchresults_fdw.enable_pushdown;

-- in every format
SELECT request($$SELECT status FROM test_runs WHERE test_run_id = 'it"s'$$, 'JSON');
SELECT request($$SELECT status FROM test_runs WHERE test_run_id = '<r1>'$$, 'XML');
SELECT request($$SELECT status FROM test_runs WHERE test_run_id = 'r1'$$, 'YAML');

-- nothing above has asked anybody; this does, and nobody answers
\set VERBOSITY sqlstate
SELECT status FROM test_runs WHERE test_run_id = 'r1';
\set VERBOSITY default
-- values that no key can have need no request
SELECT status FROM test_runs WHERE test_run_id = NULL;
SELECT status FROM test_runs WHERE test_run_id = repeat('x', 3000);
SELECT item FROM items WHERE pk = '';
SELECT item FROM items WHERE pk = 'TESTRUN#r1' AND sk = '';
SELECT sample_count FROM aggregates WHERE test_run_id = 'r1' AND config_id = 'c' AND invocation_type = 'tepid';
SELECT duration_ms FROM results WHERE test_run_id = 'r1' AND config_id = 'c' AND invocation_type = 'warm' AND invocation_number = NULL;
SET client_min_messages = warning;
DROP SCHEMA regress_plan CASCADE;
DROP SERVER regress_server CASCADE;
