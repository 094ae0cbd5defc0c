-- Conditions that are decided before anything is asked. The server's endpoint is a port where nothing listens.
CREATE SERVER regress_server FOREIGN DATA WRAPPER benchresults_fdw
	OPTIONS (region 'us-east-2', endpoint 'http://127.0.0.1:1', max_attempts '1');
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_server OPTIONS (access_key_id 'AKIDEXAMPLE', secret_access_key 'hidden');
CREATE SCHEMA regress_gate;
SET search_path = regress_gate, public;
IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER regress_server INTO regress_gate OPTIONS (shape 'live');

-- what a condition says of nothing but what is given, it says before anything is asked; nobody listens
SELECT notes FROM test_runs WHERE test_run_id = 'r1' AND test_run_id <> 'r1';
SELECT notes FROM test_runs WHERE test_run_id = 'r1' AND test_run_id = ANY ('{r2,r3}');
SELECT notes FROM test_runs WHERE 'r1' = test_run_id AND NOT (test_run_id IN (SELECT 'r' || g FROM generate_series(1, 3) g));
SELECT notes FROM test_runs r WHERE test_run_id = 'r1' AND (SELECT count(*) FROM pg_class WHERE relname = r.test_run_id) > 0;
SELECT attributes FROM aggregates WHERE test_run_id = 'r1' AND config_id = 'c' AND (invocation_type = 'warm' OR config_id <> 'c') AND invocation_type = 'cold';
SELECT duration_ms FROM results WHERE test_run_id = 'r1' AND invocation_number = 7 AND invocation_number <> 7;
PREPARE gated (text, text) AS SELECT notes FROM test_runs WHERE test_run_id = $1 AND test_run_id <> $2;
SET plan_cache_mode = force_generic_plan;
EXECUTE gated ('r1', 'r1');
EXECUTE gated (NULL, 'r1');
\set VERBOSITY sqlstate
EXECUTE gated ('r1', 'r2');
RESET plan_cache_mode;
-- what is true, or may be, or could fail, or is another time something else
SELECT notes FROM test_runs WHERE test_run_id = 'r1' AND test_run_id <> 'r2';
SELECT notes FROM test_runs WHERE test_run_id = 'r1' AND (test_run_id <> 'r1' OR status = 'failed');
SELECT notes FROM test_runs WHERE test_run_id = 'r1' AND 1 / (length(test_run_id) - 2) > 0;
SELECT notes FROM test_runs WHERE test_run_id = 'r1' AND test_run_id <> 'r' || (random() * 0 + 1)::text;
SELECT notes FROM test_runs WHERE test_run_id = 'r1' AND NOT (test_run_id IN (SELECT 'r' || 1 + (random() * 0)::int FROM generate_series(1, 3) g));
SELECT notes FROM test_runs WHERE test_run_id = 'r1' AND upper(test_run_id) <> 'R1';
SET benchresults_fdw.enable_pushdown = off;
SELECT notes FROM test_runs WHERE test_run_id = 'r1' AND test_run_id <> 'r1';
RESET benchresults_fdw.enable_pushdown;
\set VERBOSITY default
-- where all rows are counted by the service nothing is left to decide
\set VERBOSITY sqlstate
SELECT count(*) FROM items WHERE pk = 'TESTRUN#r1' AND sk LIKE 'AGGREGATE#%' AND item_type = 'aggregate';
\set VERBOSITY default
-- one after the other
SELECT v.id, r.notes FROM (VALUES ('r1'), ('r2'), (NULL)) v (id), LATERAL (SELECT notes FROM test_runs WHERE test_run_id = v.id AND test_run_id NOT IN ('r1', 'r2') LIMIT 1) r;
SET client_min_messages = warning;
DROP SCHEMA regress_gate CASCADE;
DROP SERVER regress_server CASCADE;
