-- Key values that are known only when the query runs.
SET search_path = bench, public;
\set run '\'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a\''
PREPARE one (text, text, text) AS
	SELECT config_id, sample_count, duration_ms_mean FROM aggregates
	WHERE test_run_id = $1 AND config_id = $2 AND invocation_type = $3;
SET plan_cache_mode = force_generic_plan;
EXECUTE one (:run, 'nodejs20-x86-light-512', 'cold');
EXECUTE one (:run, 'nodejs20-arm64-light-512', 'cold');
EXECUTE one (:run, 'nodejs20-arm64-light-512', 'warm');
EXECUTE one (:run, NULL, 'warm');
EXECUTE one (NULL, NULL, NULL);
EXECUTE one (:run, 'nodejs20-arm64-light-512', 'tepid');
EXECUTE one ('no such run', 'nodejs20-arm64-light-512', 'warm');
EXECUTE one (:run, '', 'warm');
EXECUTE one (:run, E'\u00e9\u2028"\\', 'warm');
EXECUTE one (:run, repeat('x', 3000), 'warm');
SELECT requests($$EXECUTE one ('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a', 'nodejs20-x86-light-512', 'cold')$$);
SELECT requests($$EXECUTE one ('ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a', NULL, 'cold')$$);
-- numbers: an invocation's number stands in the sort key, without leading zeros
PREPARE invocation (text, int) AS
	SELECT invocation_type, invocation_number, success IS NOT FALSE AS successful FROM results
	WHERE test_run_id = $1 AND config_id = 'python3.12-arm64-light-1024' AND invocation_type = 'warm' AND invocation_number = $2;
EXECUTE invocation (:run, 3);
EXECUTE invocation (:run, 0003);
EXECUTE invocation (:run, 99);
EXECUTE invocation (:run, NULL);
PREPARE invocation_big (text, bigint) AS
	SELECT invocation_number FROM results
	WHERE test_run_id = $1 AND config_id = 'python3.12-arm64-light-1024' AND invocation_type = 'warm' AND invocation_number = $2;
EXECUTE invocation_big (:run, 3);
EXECUTE invocation_big (:run, 4294967299);
PREPARE invocation_numeric (text, numeric) AS
	SELECT invocation_number FROM results
	WHERE test_run_id = $1 AND config_id = 'python3.12-arm64-light-1024' AND invocation_type = 'warm' AND invocation_number = $2;
EXECUTE invocation_numeric (:run, 3.0);
EXECUTE invocation_numeric (:run, 3.5);
RESET plan_cache_mode;
DEALLOCATE ALL;
-- stable expressions
SET application_name = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a';
SELECT status FROM test_runs WHERE test_run_id = current_setting('application_name');
SELECT requests($$SELECT status FROM test_runs WHERE test_run_id = current_setting('application_name')$$);
CREATE FUNCTION newest_run() RETURNS text STABLE LANGUAGE sql AS 'SELECT test_run_id FROM bench.test_runs ORDER BY "timestamp" DESC LIMIT 1';
SELECT status FROM test_runs WHERE test_run_id = newest_run();
SELECT count(*) FROM aggregates WHERE test_run_id = newest_run();
-- volatile ones are evaluated for each row
CREATE SEQUENCE calls;
SELECT count(*) FROM test_runs WHERE test_run_id = nextval('calls')::text;
SELECT last_value > 1 AS once_a_row FROM calls;
-- subqueries
SELECT status FROM test_runs WHERE test_run_id = (SELECT test_run_id FROM test_runs ORDER BY "timestamp" DESC LIMIT 1);
SELECT c, (SELECT duration_ms_mean FROM aggregates WHERE test_run_id = :run AND config_id = c AND invocation_type = 'cold') AS mean
FROM (VALUES ('nodejs20-x86-light-512'), ('nodejs20-arm64-light-512'), ('none'), (NULL), ('nodejs20-x86-light-512')) v (c);
-- variables of PL/pgSQL
DO $$
DECLARE
	found_count int;
	kind text;
BEGIN
	FOREACH kind IN ARRAY ARRAY['cold', 'warm', 'tepid']
	LOOP
		SELECT count(*) INTO found_count FROM bench.aggregates
		WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND invocation_type = kind;
		RAISE NOTICE '%: %', kind, found_count;
	END LOOP;
END $$;
-- types that PostgreSQL compares with text
SELECT count(*) FROM aggregates WHERE test_run_id = :run::varchar AND invocation_type = 'cold'::name;
SELECT count(*) FROM aggregates WHERE test_run_id = :run AND invocation_type = 'cold'::char(10);
DROP FUNCTION newest_run;
DROP SEQUENCE calls;
