-- bench_refresh: what was discovered is discovered again, what a user has changed otherwise stays.
SET search_path = bench, public;
CREATE SCHEMA refreshed;
IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER bench_server INTO refreshed OPTIONS (sample_run 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a');
CREATE VIEW options AS
	SELECT c.relname, o.option_name, o.option_value FROM pg_class c JOIN pg_foreign_table t ON t.ftrelid = c.oid, pg_options_to_table(t.ftoptions) o
	WHERE c.relnamespace = 'refreshed'::regnamespace
	UNION ALL
	SELECT c.relname, a.attname || '.' || o.option_name, o.option_value FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, pg_options_to_table(a.attfdwoptions) o
	WHERE c.relnamespace = 'refreshed'::regnamespace;
CREATE TABLE before AS SELECT * FROM options;
-- nothing has changed
SELECT bench_refresh(oid) FROM pg_class WHERE relnamespace = 'refreshed'::regnamespace;
(SELECT * FROM options EXCEPT SELECT * FROM before) UNION ALL (SELECT * FROM before EXCEPT SELECT * FROM options);
-- indexes that are not there any more, and a wrong format
ALTER FOREIGN TABLE refreshed.results OPTIONS (SET indexes '[{"name": "Gone", "pk": "testRunId", "sk": "timestamp", "sk_type": "N", "complete": true, "projection": "ALL"}]');
SELECT failure($$SELECT duration_ms FROM refreshed.results WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$, false);
ALTER FOREIGN TABLE refreshed.results ALTER COLUMN "timestamp" OPTIONS (SET format 'epoch_s');
-- changes of one's own
ALTER FOREIGN TABLE refreshed.results RENAME TO my_results;
ALTER FOREIGN TABLE refreshed.my_results RENAME duration_ms TO duration;
ALTER FOREIGN TABLE refreshed.my_results OPTIONS (ADD on_type_mismatch 'null');
SELECT bench_refresh('refreshed.my_results');
SELECT count(duration) FROM refreshed.my_results WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a';
SELECT min("timestamp") = (SELECT min("timestamp") FROM bench.results) AS same FROM refreshed.my_results;
-- beside what was found again there is only what was added by hand
CREATE VIEW renamed_back AS SELECT regexp_replace(relname, '^my_', '') AS relname,
	regexp_replace(option_name, '^duration\.', 'duration_ms.') AS option_name, option_value FROM options;
(SELECT * FROM renamed_back EXCEPT SELECT * FROM before) UNION ALL (SELECT * FROM before EXCEPT SELECT * FROM renamed_back);
-- whether an index is complete is for people to say, and options that discovery does not know are theirs
DO $$
DECLARE
	word text;
BEGIN
	SELECT option_value INTO word FROM options WHERE relname = 'aggregates' AND option_name = 'indexes';
	EXECUTE format('ALTER FOREIGN TABLE refreshed.aggregates OPTIONS (SET indexes %L, ADD analyze_requests %L, ADD scan %L)',
		replace(word, '"complete": true, ', ''), '5', 'notice');
END $$;
SELECT bench_refresh('refreshed.aggregates', 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a');
SELECT option_name, CASE option_name WHEN 'indexes' THEN (option_value LIKE '%"complete"%')::text ELSE option_value END AS value
FROM options WHERE relname = 'aggregates' AND option_name IN ('indexes', 'analyze_requests', 'scan') ORDER BY 1;
-- comments go by the attribute, whatever the column is called
ALTER FOREIGN TABLE refreshed.my_results RENAME success TO invocation_number_2;
ALTER FOREIGN TABLE refreshed.my_results RENAME invocation_number TO success;
SELECT bench_refresh('refreshed.my_results');
SELECT attname, col_description(attrelid, attnum) FROM pg_attribute
WHERE attrelid = 'refreshed.my_results'::regclass AND attname IN ('success', 'invocation_number_2', 'duration') ORDER BY 1;
SELECT bench_refresh(NULL) IS NULL AS nothing;
-- a plan that was made before
PREPARE p AS SELECT count(duration) FROM refreshed.my_results WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a';
EXECUTE p;
ALTER FOREIGN TABLE refreshed.my_results OPTIONS (DROP indexes);
EXECUTE p;
SELECT bench_refresh('refreshed.my_results');
EXECUTE p;
DEALLOCATE p;
-- what cannot be refreshed
SELECT failure($$SELECT bench_refresh('pg_class')$$);
ALTER FOREIGN TABLE refreshed.items OPTIONS (SET "table" 'NoSuchTable');
SELECT failure($$SELECT bench_refresh('refreshed.items')$$, false);
SET client_min_messages = warning;
DROP VIEW renamed_back, options;
DROP TABLE before;
DROP SCHEMA refreshed CASCADE;
