-- The same rows, whether conditions are sent or everything is read and checked here.
SET search_path = bench, public;
SET timezone = 'UTC';
CREATE FUNCTION differences(query text) RETURNS TABLE (with_pushdown bigint, missing bigint, surplus bigint)
LANGUAGE plpgsql AS $$
BEGIN
	SET LOCAL benchresults_fdw.enable_pushdown = on;
	EXECUTE 'CREATE TEMP TABLE sent AS ' || query;
	SET LOCAL benchresults_fdw.enable_pushdown = off;
	EXECUTE 'CREATE TEMP TABLE checked AS ' || query;
	RETURN QUERY SELECT (SELECT count(*) FROM sent),
		(SELECT count(*) FROM (TABLE checked EXCEPT ALL TABLE sent) AS m),
		(SELECT count(*) FROM (TABLE sent EXCEPT ALL TABLE checked) AS s);
	DROP TABLE sent, checked;
END $$;
-- columns that change what is stored, or that compare otherwise than by bytes
CREATE FOREIGN TABLE changed (
	test_run_id varchar(40) OPTIONS (attribute 'testRunId'),
	config_id varchar OPTIONS (attribute 'configId'),
	"timestamp" timestamptz(0) OPTIONS (attribute 'timestamp'),
	day date OPTIONS (attribute 'timestamp'),
	duration numeric(50,0) OPTIONS (attribute 'durationMs'),
	exact numeric OPTIONS (attribute 'durationMs'),
	billed real OPTIONS (attribute 'billedDurationMs')
) SERVER bench_server OPTIONS ("table" 'BenchmarkResults', entity 'results');
CREATE TABLE wanted (run text, config text, type text);
INSERT INTO wanted SELECT test_run_id, config_id, invocation_type FROM aggregates WHERE config_id LIKE '%light%';
INSERT INTO wanted VALUES (NULL, 'c', 'cold'), ('r', NULL, 'warm'), ('a#b', 'c', 'hot');
ANALYZE wanted;
CREATE TABLE queries (id int GENERATED ALWAYS AS IDENTITY, query text);
INSERT INTO queries (query) VALUES
	-- keys
	($$SELECT * FROM aggregates WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$),
	($$SELECT * FROM aggregates WHERE config_id = 'nodejs20-x86-light-512'$$),
	($$SELECT * FROM aggregates WHERE config_id LIKE 'nodejs20-%' AND invocation_type IN ('cold', 'hot')$$),
	($$SELECT * FROM results WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$),
	($$SELECT test_run_id, duration_ms FROM results WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$),
	($$SELECT * FROM results WHERE config_id = 'nodejs20-x86-light-512' AND invocation_type = 'warm'$$),
	($$SELECT * FROM results WHERE config_id = 'nodejs20-x86-light-512' AND invocation_number IN (1, 2, 2, NULL, 999)$$),
	($$SELECT * FROM results WHERE test_run_id = ANY (ARRAY(SELECT run FROM wanted)) AND config_id = ANY (ARRAY(SELECT config FROM wanted))$$),
	($$SELECT * FROM test_runs WHERE test_run_id IN (SELECT run FROM wanted)$$),
	($$SELECT * FROM results WHERE runtime = 'nodejs20' AND architecture = 'x86' AND workload_type = 'light' AND memory_size_mb = 512$$),
	($$SELECT * FROM results WHERE runtime = 'nodejs20' AND architecture IN ('x86', 'arm64') AND memory_size_mb > 128$$),
	-- intervals
	($$SELECT config_id, timestamp, duration_ms FROM results WHERE config_id = 'nodejs20-x86-light-512' AND timestamp >= '2025-11-30'$$),
	($$SELECT config_id, timestamp FROM results WHERE config_id = 'nodejs20-x86-light-512'
		AND timestamp > (SELECT min(timestamp) FROM results) AND timestamp < (SELECT max(timestamp) FROM results)$$),
	($$SELECT config_id, timestamp FROM results WHERE config_id = 'nodejs20-x86-light-512' AND timestamp = ANY (ARRAY(
		SELECT timestamp FROM results WHERE config_id = 'nodejs20-x86-light-512' AND invocation_number = 1))$$),
	($$SELECT r.config_id, r.timestamp FROM results r WHERE r.config_id = 'nodejs20-x86-light-512' AND r.timestamp = (
		SELECT max(timestamp) FROM results WHERE config_id = 'nodejs20-x86-light-512')$$),
	($$SELECT * FROM results WHERE config_id = 'nodejs20-x86-light-512' AND timestamp BETWEEN '2025-11-30' AND '2025-11-29'$$),
	($$SELECT * FROM results WHERE config_id = 'nodejs20-x86-light-512' AND timestamp < 'infinity' AND timestamp > '-infinity'$$),
	($$SELECT * FROM results WHERE config_id = 'nodejs20-x86-light-512' AND timestamp < '294276-12-31' AND timestamp <> '294276-12-31'$$),
	($$SELECT pk, sk FROM items WHERE pk = 'TESTRUN#ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND sk COLLATE "C" > 'AGGREGATE#nodejs20' AND sk COLLATE "C" <= 'TESTRUN#b'$$),
	($$SELECT pk, sk FROM items WHERE pk = 'TESTRUN#ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND sk > 'AGGREGATE#nodejs20'$$),
	-- filters
	($$SELECT * FROM results WHERE duration_ms > 100.5 AND billed_duration_ms <= 5000$$),
	($$SELECT * FROM results WHERE duration_ms = 0.1 OR duration_ms IS NULL$$),
	($$SELECT r.* FROM results r WHERE r.duration_ms = (SELECT max(duration_ms) FROM results)$$),
	($$SELECT * FROM results WHERE NOT success$$),
	($$SELECT * FROM results WHERE success IS NOT TRUE$$),
	($$SELECT * FROM results WHERE function_name <> 'nodejs20-x86-light'$$),
	($$SELECT * FROM aggregates WHERE all_successful AND sample_count IN (2, 4) AND failed_count = 0$$),
	($$SELECT * FROM aggregates WHERE sample_count >= 4 AND duration_ms_mean < 1000$$),
	($$SELECT * FROM test_runs WHERE status = 'completed' AND notes LIKE 'published%' AND total_configurations BETWEEN 1 AND 1000$$),
	($$SELECT * FROM items WHERE item_type = 'aggregate' AND config_id LIKE 'nodejs%'$$),
	-- columns of other types than what is stored
	($$SELECT * FROM changed WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$),
	($$SELECT * FROM changed WHERE config_id = 'nodejs20-x86-light-512'::char(30)$$),
	($$SELECT * FROM changed WHERE config_id = ANY ('{nodejs20-x86-light-512}'::char(30)[])$$),
	($$SELECT config_id FROM results WHERE config_id::char(40) = 'nodejs20-x86-light-512'$$),
	($$SELECT * FROM changed WHERE duration IN (SELECT duration FROM changed WHERE config_id LIKE 'nodejs%') AND duration > 5$$),
	($$SELECT c.* FROM changed c WHERE c.duration = (SELECT max(duration) FROM changed)$$),
	($$SELECT c.* FROM changed c WHERE c.timestamp = (SELECT min(timestamp) FROM changed)$$),
	($$SELECT c.* FROM changed c WHERE c.timestamp >= (SELECT max(timestamp) FROM changed)$$),
	($$SELECT day, count(*) FROM changed WHERE day = '2025-11-30' GROUP BY day$$),
	($$SELECT * FROM changed WHERE billed >= (SELECT max(billed) FROM changed)$$),
	($$SELECT * FROM changed WHERE exact <= 'NaN' AND exact < 1e200$$),
	($$SELECT * FROM changed WHERE exact IN (1e140, 0.00000000000000000000000000000000000000000000000001)$$),
	($$SELECT * FROM changed WHERE exact = 12345678901234567890123456789012345678901234567890$$),
	-- orders and limits
	($$SELECT timestamp FROM results WHERE config_id = 'nodejs20-x86-light-512' ORDER BY timestamp DESC LIMIT 5$$),
	($$SELECT timestamp FROM results WHERE config_id = 'nodejs20-x86-light-512' ORDER BY timestamp LIMIT 5 OFFSET 3$$),
	($$SELECT DISTINCT timestamp FROM results WHERE config_id = 'nodejs20-x86-light-512' ORDER BY timestamp LIMIT 3$$),
	($$SELECT timestamp, duration_ms FROM results WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND duration_ms > 10 ORDER BY timestamp DESC, duration_ms, config_id LIMIT 7$$),
	($$SELECT min(timestamp), max(timestamp), count(*) FROM results WHERE config_id = 'nodejs20-x86-light-512'$$),
	($$SELECT max(timestamp) FROM results WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND invocation_type = 'cold'$$),
	($$SELECT sk FROM items WHERE pk = 'TESTRUN#ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' ORDER BY sk COLLATE "C" DESC LIMIT 4$$),
	($$SELECT config_id, timestamp FROM aggregates WHERE config_id = 'nodejs20-x86-light-512' AND invocation_type = 'warm' ORDER BY timestamp DESC LIMIT 10$$),
	-- joins
	($$SELECT w.*, a.duration_ms_mean FROM wanted w JOIN aggregates a ON (a.test_run_id, a.config_id, a.invocation_type) = (w.run, w.config, w.type)$$),
	($$SELECT w.*, a.duration_ms_mean FROM wanted w LEFT JOIN aggregates a ON (a.test_run_id, a.config_id, a.invocation_type) = (w.run, w.config, w.type) AND a.sample_count > 1$$),
	($$SELECT w.* FROM wanted w WHERE NOT EXISTS (SELECT FROM aggregates a WHERE (a.test_run_id, a.config_id, a.invocation_type) = (w.run, w.config, w.type))$$),
	($$SELECT r.test_run_id, a.config_id, a.invocation_type FROM test_runs r LEFT JOIN aggregates a USING (test_run_id)$$),
	($$SELECT w.config, x.n FROM wanted w, LATERAL (SELECT count(*) AS n FROM results r WHERE r.test_run_id = w.run AND r.config_id = w.config) x$$),
	($$SELECT a.config_id, b.invocation_type FROM aggregates a FULL JOIN aggregates b USING (test_run_id, config_id) WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$),
	-- a run and its aggregates
	($$SELECT r.*, a.config_id, a.invocation_type, a.duration_ms_p99, a.duration_ms_stats FROM test_runs r JOIN aggregates a USING (test_run_id) WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$),
	($$SELECT r.status, a.config_id || 'x' AS config, a.sample_count + 1 AS more FROM aggregates a JOIN test_runs r USING (test_run_id)
		WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND a.invocation_type = 'cold' AND r.mode IS NOT NULL ORDER BY a.config_id COLLATE "C" DESC$$),
	($$SELECT r.status, a.config_id FROM test_runs r LEFT JOIN aggregates a ON a.test_run_id = r.test_run_id AND a.invocation_type = 'cold'
		AND a.sample_count < r.total_invocations WHERE r.test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$),
	($$SELECT r.status, a.config_id FROM test_runs r LEFT JOIN aggregates a ON a.test_run_id = r.test_run_id AND a.invocation_type = 'tepid'
		WHERE r.test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND a.config_id IS NULL$$),
	($$SELECT r.status, a.config_id FROM test_runs r LEFT JOIN aggregates a USING (test_run_id) WHERE test_run_id = 'no such run'$$),
	($$SELECT r.status, count(a.config_id), max(a.duration_ms_p99) FROM test_runs r LEFT JOIN aggregates a USING (test_run_id)
		WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND r.status = 'completed' GROUP BY r.status$$),
	($$SELECT w.config, j.status FROM wanted w LEFT JOIN (SELECT a.config_id, r.status FROM test_runs r JOIN aggregates a USING (test_run_id)
		WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a') j ON j.config_id = w.config$$),
	-- alternatives, negations, numbers of rows, the newest with all columns
	($$SELECT * FROM results WHERE config_id = 'nodejs20-x86-light-512' OR config_id = 'nodejs20-arm64-light-512'$$),
	($$SELECT * FROM results WHERE NOT (success AND duration_ms > 100) OR init_duration_ms IS NOT NULL$$),
	($$SELECT * FROM results WHERE success IS DISTINCT FROM true AND function_name NOT IN ('x', 'nodejs20-x86-light')$$),
	($$SELECT * FROM results WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND config_id = 'nodejs20-x86-light-512'
		AND invocation_type = 'warm' AND invocation_number BETWEEN 2 AND 12$$),
	($$SELECT count(*) FROM items WHERE pk = 'TESTRUN#ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND sk LIKE 'AGGREGATE#%'$$),
	($$SELECT count(*) FROM items WHERE item_type IS NULL OR item_type <> 'result'$$),
	($$SELECT 1 AS one FROM items WHERE item_type = 'aggregate' AND config_id IS NOT NULL$$),
	($$SELECT "timestamp", function_name FROM results WHERE config_id = 'nodejs20-x86-light-512' ORDER BY timestamp DESC LIMIT 1$$),
	($$SELECT "timestamp", sample_count FROM aggregates WHERE config_id = 'nodejs20-x86-light-512' ORDER BY timestamp LIMIT 3$$);
SELECT id, query, d.* FROM queries, LATERAL differences(query) AS d WHERE d.missing + d.surplus > 0 ORDER BY id;
SELECT count(*) AS queries, count(*) FILTER (WHERE d.with_pushdown > 0) > 48 AS most_find_something
FROM queries, LATERAL differences(query) AS d;
DROP TABLE wanted, queries;
DROP FUNCTION differences;
DROP FOREIGN TABLE changed;
-- a whole item is JSON, or an error
CREATE FOREIGN TABLE whole (pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), item text OPTIONS (attribute '*'))
	SERVER bench_server OPTIONS ("table" 'BenchmarkResults');
SELECT failure('SELECT * FROM whole');
DROP FOREIGN TABLE whole;
-- a server of another wrapper, whose options nobody checked
CREATE FOREIGN DATA WRAPPER unchecked;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER unchecked OPTIONS (region 'us-east-2', endpoint 'http://127.0.0.1:1');
CREATE FOREIGN TABLE stray (pk text) SERVER elsewhere;
SELECT failure($$SELECT bench_refresh('stray')$$);
SELECT failure($$SELECT bench_ping('elsewhere')$$);
\set VERBOSITY terse
DROP FOREIGN DATA WRAPPER unchecked CASCADE;
