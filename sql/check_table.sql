-- bench_check_table: each planted fault is found, and nothing else; what cannot be checked is said.
SET datestyle = ISO;
CREATE SCHEMA clean;
IMPORT FOREIGN SCHEMA "BenchmarkClean" FROM SERVER bench_server INTO clean OPTIONS (sample_run 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a');
CREATE SCHEMA planted;
IMPORT FOREIGN SCHEMA "BenchmarkPlanted" FROM SERVER bench_server INTO planted OPTIONS (sample_run 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a');
-- IMPORT takes RunIndex as complete for the runs, and for nothing else
SELECT c.relname AS relation, i->>'name' AS index, i->>'complete' AS complete, i->>'sparse' AS sparse
FROM pg_foreign_table t JOIN pg_class c ON c.oid = t.ftrelid, pg_options_to_table(t.ftoptions) o, jsonb_array_elements(o.option_value::jsonb) i
WHERE c.relnamespace = 'clean'::regnamespace AND o.option_name = 'indexes' ORDER BY 1, 2;

-- and their list is no Scan of the table
EXPLAIN (COSTS OFF) SELECT status, notes FROM clean.test_runs;
SELECT requests($$SELECT status FROM clean.test_runs WHERE status = 'failed'$$);
SELECT status, count(*) FROM clean.test_runs GROUP BY 1;

-- formats differ between shapes, and engines list indexes in their own order
CREATE FUNCTION checked(source name) RETURNS TABLE (relation text, assumption text, state text, items bigint, violations bigint, examples text[], advice text) LANGUAGE sql AS
$$ SELECT relation, regexp_replace(assumption, 'stored as .*', 'stored as *'), state, items, violations, examples, advice
	FROM bench_check_table(source) WITH ORDINALITY ORDER BY assumption LIKE 'index %', CASE WHEN assumption LIKE 'index %' THEN relation || assumption END, ordinality $$;
SELECT sum(requests) AS before FROM bench_request_stats() \gset
SELECT relation, assumption, state, violations, advice FROM checked('clean');
SELECT sum(requests) - :before AS requests FROM bench_request_stats();
SELECT relation, count(*) AS assumptions, max(items) AS items FROM checked('clean') GROUP BY 1 ORDER BY 1;
SELECT relation, assumption, state, violations FROM checked('planted');
\x
SELECT relation, assumption, examples, advice FROM checked('planted') WHERE violations > 0;
\x
-- as many items as there are rows; not by an index, from which some are missing
ALTER FOREIGN TABLE planted.test_runs OPTIONS (ADD use_index 'none');
ALTER FOREIGN TABLE planted.aggregates OPTIONS (ADD use_index 'none');
ALTER FOREIGN TABLE planted.results OPTIONS (ADD use_index 'none');
SELECT (SELECT items FROM checked('planted') WHERE relation = 'test_runs' AND assumption LIKE 'itemType%') = (SELECT count(*) FROM planted.test_runs) AS test_runs,
	(SELECT items FROM checked('planted') WHERE relation = 'aggregates' AND assumption LIKE 'itemType%') = (SELECT count(*) FROM planted.aggregates) AS aggregates,
	(SELECT items FROM checked('planted') WHERE relation = 'results' AND assumption LIKE 'itemType%') = (SELECT count(sk) FROM planted.items WHERE (pk, sk) IN (SELECT test_run_id || '#' || config_id, invocation_type || '#' || invocation_number FROM planted.results)) AS results;

-- NOT NULL: of an attribute, of a dimension, of a part of the key
ALTER FOREIGN TABLE planted.test_runs ALTER start_time SET NOT NULL, ALTER status SET NOT NULL;
ALTER FOREIGN TABLE planted.results ALTER memory_size_mb SET NOT NULL, ALTER invocation_number SET NOT NULL;
SELECT relation, assumption, state, violations, examples FROM checked('planted') WHERE assumption ~ 'null';
SELECT failure('SELECT memory_size_mb FROM planted.results');
ALTER FOREIGN TABLE planted.results ALTER memory_size_mb DROP NOT NULL;

-- options decide what is assumed: an index that is complete for everything, templates
ALTER FOREIGN TABLE planted.items OPTIONS (SET indexes '[{"name": "All", "pk": "itemType", "complete": true}, {"name": "None", "pk": "status", "sk": "sampleCount", "sk_type": "N", "complete": true}]');
ALTER FOREIGN TABLE planted.results OPTIONS (SET indexes '[{"name": "Some", "pk": "itemType"}]');
ALTER FOREIGN TABLE planted.results OPTIONS (DROP config_template, ADD sk_template '{invocationType}#0{invocationNumber}');
ALTER FOREIGN TABLE planted.aggregates OPTIONS (SET config_template '{runtime}-{rest}');
SELECT relation, assumption, state, items, violations FROM checked('planted') WHERE relation IN ('results', 'items') AND assumption !~ 'other items|dimension|timestamp';
SELECT relation, assumption, state, examples, advice FROM checked('planted') WHERE relation = 'results' AND assumption ~ 'keys have|not checked|template';
SELECT assumption, violations FROM checked('planted') WHERE relation = 'aggregates' AND assumption ~ 'configId$|template';
ALTER FOREIGN TABLE planted.results OPTIONS (SET "table" 'BenchmarkClean');
ALTER FOREIGN TABLE planted.test_runs OPTIONS (DROP entity);
DROP FOREIGN TABLE planted.aggregates;
SELECT relation, assumption, state, items, violations, examples, advice FROM checked('planted') WHERE state = 'not checked';

-- a copy of the items, with foreign tables: what an engine would not store as well
CREATE SCHEMA copied;
IMPORT FOREIGN SCHEMA "BenchmarkClean" LIMIT TO (test_runs, aggregates, results) FROM SERVER bench_server INTO copied OPTIONS (shape 'document');
CREATE TABLE copied.items (pk text, sk text, item jsonb);
ALTER FOREIGN TABLE copied.test_runs ALTER "timestamp" OPTIONS (SET format 'iso8601_utc'), ALTER start_time OPTIONS (SET format 'iso8601_z'), ALTER end_time OPTIONS (SET format 'iso8601');
INSERT INTO copied.items
	SELECT 'TESTRUN#' || run, 'TESTRUN#' || run,
		jsonb_build_object('itemType', 'test-run', 'testRunId', run, 'timestamp', at, 'startTime', at, 'endTime', at, 'status', 'completed', 'mode', 'balanced')
	FROM (VALUES ('usual-1', '2025-12-02T02:00:00.123Z'::text), ('usual-2', '2025-12-02T02:00:00.000Z'), ('six-digits', '2025-12-02T02:00:00.123456Z'),
		('one-digit', '2025-12-02T02:00:00.1Z'), ('no-fraction', '2025-12-02T02:00:00Z'), ('blank', '2025-12-02 02:00:00.123Z'),
		('offset', '2025-12-02T02:00:00.123+01:00'), ('no-zone', '2025-12-02T02:00:00.123'), ('date', '2025-12-02'),
		('no-date', '2025-02-30T02:00:00.123Z'), ('word', 'yesterday'), ('empty', '')) AS v(run, at);
SELECT assumption, items, violations, examples FROM checked('copied') WHERE relation = 'test_runs' AND (violations > 0 OR assumption ~ 'stored');
-- one that has no majority: the shorter one is the usual one
DELETE FROM copied.items WHERE pk NOT IN ('TESTRUN#one-digit', 'TESTRUN#six-digits');
SELECT assumption, items, violations, examples FROM checked('copied') WHERE relation = 'test_runs' AND assumption ~ 'column timestamp';
TRUNCATE copied.items;
-- numbers, and no format at all
ALTER FOREIGN TABLE copied.test_runs ALTER "timestamp" OPTIONS (SET format 'epoch_ms'), ALTER start_time OPTIONS (SET format 'epoch_s'), ALTER end_time OPTIONS (DROP format);
INSERT INTO copied.items
	SELECT 'TESTRUN#' || run, 'TESTRUN#' || run, jsonb_build_object('timestamp', at, 'startTime', at, 'endTime', at)
	FROM (VALUES ('ms', '1764640800000'::jsonb), ('ms-and-less', '1764640800000.125'), ('seconds', '1764640800.5'), ('text', '"1764640800000"'), ('iso', '"2025-12-02T02:00:00Z"'),
		('huge', '1e30'), ('null', 'null'), ('bool', 'true'), ('set', '{"$NS": ["1764640800000"]}')) AS v(run, at);
SELECT assumption, items, violations, examples FROM bench_check_table('copied') WHERE relation = 'test_runs' AND assumption ~ 'stored|timestamp';
SELECT unnest AS pk, (SELECT array_agg(assumption) FROM bench_check_table('copied') WHERE relation = 'test_runs' AND assumption ~ 'stored' AND unnest || ' / ' || unnest = ANY (examples)) AS examples_of
FROM unnest('{TESTRUN#bool,TESTRUN#iso,TESTRUN#seconds,TESTRUN#ms}'::text[]);
TRUNCATE copied.items;
-- types, and keys of an index that has them
ALTER FOREIGN TABLE copied.results ADD COLUMN tags text[], ADD COLUMN raw bytea OPTIONS (attribute 'raw'), ADD COLUMN extra jsonb, ADD COLUMN deep double precision OPTIONS (attribute 'a.b[1].$c|d');
ALTER FOREIGN TABLE copied.results OPTIONS (SET indexes '[{"name": "I", "pk": "durationMs", "pk_type": "N", "sk": "raw", "sk_type": "B", "complete": true}]');
INSERT INTO copied.items SELECT n || '#rust-arm64-light-128', 'warm#1', '{"itemType": "result", "timestamp": "2025-12-02T02:00:00Z", "durationMs": 1, "raw": {"$B": "AA=="}}'::jsonb || item
	FROM (VALUES ('01 all is well', '{"tags": {"$SS": ["a"]}, "extra": {"$B": "AA=="}, "invocationNumber": 1.0, "deep": 1, "success": true, "functionName": null}'::jsonb),
		('02 text', '{"functionName": 1}'), ('03 bool', '{"success": "true"}'), ('04 number', '{"billedDurationMs": "1"}'),
		('05 array', '{"tags": "a"}'), ('06 bytes', '{"raw": "AA=="}'), ('07 deep', '{"a": {"b": [0, {"$$c": "x"}]}}'), ('08 not so deep', '{"a": {"b": [0, {"$c": "x"}]}, "d": 5}'),
		('09 null', '{"durationMs": null}'), ('10 key as text', '{"durationMs": "1"}'), ('11 two keys', '{"raw": {"$B": "AA==", "x": 1}}'), ('12 number as text', '{"invocationNumber": "1"}'),
		('13 half', '{"invocationNumber": 1.5}')) AS v(n, item);
SELECT assumption, violations, examples FROM checked('copied') WHERE relation = 'results' AND violations > 0;
-- integers
TRUNCATE copied.items;
INSERT INTO copied.items SELECT 'TESTRUN#' || n, 'TESTRUN#' || n, jsonb_build_object('itemType', 'test-run', 'testRunId', n, 'timestamp', '2025-12-02T02:00:00.1Z', 'totalConfigurations', n)
	FROM unnest('{2147483647,2147483648,1.5,-3.00}'::numeric[]) n;
SELECT assumption, violations, examples FROM checked('copied') WHERE relation = 'test_runs' AND assumption ~ 'types|testRunId';

-- a copy and nothing else, or a view: what is in the items is checked
CREATE SCHEMA bare;
CREATE TABLE bare.copy AS SELECT * FROM clean.items;
CREATE VIEW bare.items AS SELECT pk, sk, item::json AS item FROM bare.copy UNION ALL SELECT 'TESTRUN#x', 'AGGREGATE#x', '{}';
CREATE VIEW bare.results AS SELECT * FROM clean.results;
SELECT relation, assumption, state, items, violations, examples FROM checked('bare') WHERE relation <> 'items';
SELECT relation, advice FROM checked('bare') WHERE state = 'not checked';
-- what is no object has no attributes
CREATE SCHEMA odd;
CREATE VIEW odd.items AS SELECT 'TESTRUN#' || n AS pk, 'TESTRUN#' || n AS sk, item
	FROM (VALUES (1, (SELECT jsonb_agg(i) FROM generate_series(1, 200) i)), (2, '[]'), (3, '7'), (4, '"status"'), (5, 'null'), (6, '[["status", "completed"]]')) AS v(n, item);
SELECT relation, assumption, state, items, violations, examples FROM checked('odd') WHERE relation = 'test_runs';
INSERT INTO bare.copy VALUES ('a', NULL);
SELECT failure($$SELECT * FROM bench_check_table('bare')$$);
DELETE FROM bare.copy WHERE sk IS NULL;

-- where the tables are
SET search_path = public, bare, clean;
SELECT bench_source(NULL, 'items'), bench_source(NULL, 'items', 'aggregates'), bench_source('planted', 'items');
SELECT count(*) FROM bench_check_table() WHERE state = 'not checked';
SET search_path = public;
SELECT failure($$SELECT * FROM bench_check_table()$$);
SELECT failure($$SELECT * FROM bench_check_table('nowhere')$$);
SELECT failure($$SELECT * FROM bench_source('bare', 'items', 'aggregates')$$);
SELECT failure($$SELECT * FROM bench_source(NULL, 'no_such_table')$$);
-- the rights of the caller, and what he may read
CREATE ROLE regress_bench_checker;
GRANT USAGE ON SCHEMA clean TO regress_bench_checker;
SET ROLE regress_bench_checker;
SELECT failure($$SELECT * FROM bench_check_table('clean')$$);
SELECT failure($$SELECT * FROM bench_check_table('bare')$$);
RESET ROLE;
SET benchresults_fdw.scan = 'deny';
SELECT failure($$SELECT * FROM bench_check_table('clean')$$) LIMIT 1;
RESET benchresults_fdw.scan;
-- options that do not fit together
ALTER FOREIGN TABLE clean.results OPTIONS (SET indexes '{}');
SELECT failure($$SELECT * FROM bench_check_table('clean')$$);

SET client_min_messages = warning;
DROP SCHEMA clean, planted, copied, bare, odd CASCADE;
DROP FUNCTION checked;
DROP ROLE regress_bench_checker;
