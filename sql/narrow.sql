-- What is asked for intervals, orders, limits, joins and columns that an index lacks; and what is not allowed.
CREATE SCHEMA narrow;
IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER bench_server INTO narrow
	OPTIONS (sample_run 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a');
-- as many rows as ten full runs have, for plans differ with the size of a table, which not every engine tells
DO $$
DECLARE
	t record;
BEGIN
	FOR t IN SELECT ftrelid::regclass AS name, ftoptions::text LIKE '%estimated_rows%' AS known, n
		FROM pg_foreign_table JOIN (VALUES ('narrow.test_runs', 10), ('narrow.aggregates', 5880),
			('narrow.results', 940800), ('narrow.items', 946690)) AS v(name, n) ON v.name = ftrelid::regclass::text
	LOOP
		EXECUTE format('ALTER FOREIGN TABLE %s OPTIONS (%s estimated_rows %L, ADD scan_segments ''auto'')', t.name,
			CASE WHEN t.known THEN 'SET' ELSE 'ADD' END, t.n);
	END LOOP;
END $$;
SET search_path = narrow, public;
SET datestyle = ISO;
SET timezone = 'UTC';
-- the newest of a configuration: one page
SELECT requests($$SELECT test_run_id, duration_ms FROM results WHERE config_id = 'nodejs20-x86-light-512' ORDER BY timestamp DESC LIMIT 3$$);
SELECT requests($$SELECT max(timestamp) FROM results WHERE config_id = 'nodejs20-x86-light-512'$$);
-- the newest aggregates: the index, then their keys
SELECT requests($$SELECT test_run_id, duration_ms_p99, attributes FROM aggregates
	WHERE config_id = 'nodejs20-x86-light-512' AND invocation_type = 'warm' ORDER BY timestamp DESC LIMIT 10$$);
-- a condition that is never true
SELECT requests($$SELECT duration_ms FROM results WHERE config_id = 'nodejs20-x86-light-512' AND timestamp > '2025-12-01' AND timestamp < '2025-11-01'$$);
-- keys of another table
CREATE TEMP TABLE wanted AS SELECT test_run_id, config_id, 'cold' AS type FROM aggregates
	WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND invocation_type = 'cold';
INSERT INTO wanted VALUES (NULL, 'c', 'cold'), ('r', 'c', 'hot');
ANALYZE wanted;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SELECT requests($$SELECT w.*, a.duration_ms_mean FROM (SELECT * FROM wanted WHERE config_id IN ('c', 'nodejs20-x86-light-512')) w
	LEFT JOIN aggregates a ON (a.test_run_id, a.config_id, a.invocation_type) = (w.test_run_id, w.config_id, w.type)$$);
RESET enable_hashjoin;
RESET enable_mergejoin;
-- guards
SET benchresults_fdw.scan = 'deny';
SELECT failure('SELECT * FROM test_runs', false);
SELECT failure($$SELECT * FROM test_runs WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$);
EXPLAIN (COSTS OFF) SELECT status FROM test_runs;
RESET benchresults_fdw.scan;
ALTER FOREIGN TABLE test_runs OPTIONS (ADD scan 'deny');
SELECT failure('SELECT * FROM test_runs', false);
ALTER FOREIGN TABLE test_runs OPTIONS (DROP scan);
SET benchresults_fdw.max_read_units = 1;
SELECT failure('SELECT count(*) FROM items', false);
SELECT failure($$SELECT * FROM test_runs WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$);
RESET benchresults_fdw.max_read_units;
SET benchresults_fdw.scan = 'sometimes';
RESET search_path;
\set VERBOSITY terse
DROP SCHEMA narrow CASCADE;
