-- What goes wrong is said clearly, with a SQLSTATE, and loses nothing.
SET search_path = bench, public;
\set run '\'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a\''
-- a table that is not there
CREATE FOREIGN TABLE benchmarkresults (pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort')) SERVER bench_server;
SELECT failure('SELECT * FROM benchmarkresults', false);
ALTER FOREIGN TABLE benchmarkresults OPTIONS (ADD "table" 'NoSuchTable');
SELECT failure('SELECT * FROM benchmarkresults', false);
ALTER FOREIGN TABLE benchmarkresults OPTIONS (SET "table" 'BenchmarkResults');
SELECT count(*) FROM benchmarkresults;
-- keys that are not the table's
CREATE FOREIGN TABLE otherkeys (id text OPTIONS (key 'partition'), n numeric OPTIONS (key 'sort')) SERVER bench_server OPTIONS ("table" 'BenchmarkResults');
SELECT failure($$SELECT * FROM otherkeys WHERE id = 'x' AND n = 1$$, false);
SELECT failure($$SELECT * FROM otherkeys WHERE id = 'x'$$, false);
-- an index that is not the table's
ALTER FOREIGN TABLE results OPTIONS (SET indexes '[{"name": "NoSuchIndex", "pk": "testRunId", "sk": "timestamp", "sk_type": "N", "complete": true, "projection": "ALL"}]');
SELECT failure($$SELECT duration_ms FROM results WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$, false);
SELECT bench_refresh('results');
-- an attribute of another type than its column's
ALTER FOREIGN TABLE results ALTER COLUMN function_name TYPE int;
SELECT failure($$SELECT function_name FROM results WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'
	AND config_id = 'nodejs20-x86-light-512' AND invocation_type = 'cold' AND invocation_number = 1$$);
-- who does not read the column is not concerned
SELECT duration_ms FROM results WHERE test_run_id = :run AND config_id = 'nodejs20-x86-light-512' AND invocation_type = 'cold' AND invocation_number = 1;
ALTER FOREIGN TABLE results OPTIONS (ADD on_type_mismatch 'null');
SELECT function_name, duration_ms FROM results WHERE test_run_id = :run AND config_id = 'nodejs20-x86-light-512' AND invocation_type = 'cold' AND invocation_number = 1;
ALTER FOREIGN TABLE results OPTIONS (DROP on_type_mismatch);
ALTER FOREIGN TABLE results ALTER COLUMN function_name TYPE text;
-- a timestamp in another format than its column's
ALTER FOREIGN TABLE results ALTER COLUMN "timestamp" OPTIONS (SET format 'iso8601_z');
ALTER FOREIGN TABLE results ALTER COLUMN function_name TYPE timestamptz, ALTER COLUMN function_name OPTIONS (ADD format 'iso8601');
SELECT failure($$SELECT function_name FROM results WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'
	AND config_id = 'nodejs20-x86-light-512' AND invocation_type = 'cold' AND invocation_number = 1$$);
ALTER FOREIGN TABLE results ALTER COLUMN function_name TYPE text, ALTER COLUMN function_name OPTIONS (DROP format);
SELECT bench_refresh('results');
-- types that no attribute can become
ALTER FOREIGN TABLE results ALTER COLUMN function_name TYPE point;
SELECT failure($$SELECT function_name FROM results WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'
	AND config_id = 'nodejs20-x86-light-512' AND invocation_type = 'cold' AND invocation_number = 1$$);
ALTER FOREIGN TABLE results ALTER COLUMN function_name TYPE text;
-- nothing is written
SELECT failure($$INSERT INTO results (test_run_id) VALUES ('r')$$);
SELECT failure($$UPDATE results SET duration_ms = 0$$);
SELECT failure($$DELETE FROM results$$);
SELECT failure($$TRUNCATE results$$);
-- an endpoint where nobody is; the same session goes on
CREATE SERVER nowhere FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2', endpoint 'http://127.0.0.1:1', max_attempts '1');
CREATE USER MAPPING FOR CURRENT_USER SERVER nowhere OPTIONS (access_key_id 'AKIDEXAMPLE', secret_access_key 'hidden');
SELECT failure($$SELECT bench_ping('nowhere')$$);
SELECT failure($$IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER nowhere INTO bench$$);
SELECT status FROM test_runs WHERE test_run_id = :run;
-- inside of a transaction an error is one, and the rest of the session is well
BEGIN;
SELECT status FROM test_runs WHERE test_run_id = :run;
SAVEPOINT s;
\set VERBOSITY sqlstate
SELECT * FROM otherkeys WHERE id = 'x';
\set VERBOSITY default
ROLLBACK TO s;
SELECT status FROM test_runs WHERE test_run_id = :run;
COMMIT;
SET client_min_messages = warning;
DROP SERVER nowhere CASCADE;
DROP FOREIGN TABLE benchmarkresults, otherkeys;
