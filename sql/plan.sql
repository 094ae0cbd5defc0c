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
			WHERE part ~ 'DynamoDB.(Operation|Filter)|Index' OR (format <> 'TEXT' AND part ~ 'Key.Condition');
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
SELECT request($$SELECT status FROM test_runs WHERE test_run_id = (SELECT max(x) FROM (VALUES ('r1'), ('r2')) v (x))$$);
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
