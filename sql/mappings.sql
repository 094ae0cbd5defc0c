-- Whose credentials are used: those of the user whom PostgreSQL checks, and of nobody else.
\getenv access_key BENCH_ACCESS_KEY
\getenv secret_key BENCH_SECRET_KEY
\set run '\'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a\''
CREATE ROLE regress_bench_good;
CREATE ROLE regress_bench_bad;
CREATE ROLE regress_bench_none;
GRANT USAGE ON FOREIGN SERVER bench_server TO regress_bench_good, regress_bench_bad, regress_bench_none;
GRANT USAGE ON SCHEMA bench TO regress_bench_good, regress_bench_bad, regress_bench_none;
GRANT CREATE ON SCHEMA public TO regress_bench_good;
GRANT SELECT ON bench.test_runs TO regress_bench_good, regress_bench_bad, regress_bench_none;
CREATE USER MAPPING FOR regress_bench_good SERVER bench_server OPTIONS (access_key_id :'access_key', secret_access_key :'secret_key');
CREATE USER MAPPING FOR regress_bench_bad SERVER bench_server OPTIONS (access_key_id :'access_key', secret_access_key 'not the secret key');
SET ROLE regress_bench_good;
SELECT status FROM bench.test_runs WHERE test_run_id = :run;
-- a view reads with its owner's credentials, a view with security_invoker with the reader's
CREATE VIEW owners AS SELECT test_run_id, status FROM bench.test_runs;
CREATE VIEW invokers WITH (security_invoker = true) AS SELECT test_run_id, status FROM bench.test_runs;
CREATE FUNCTION definers() RETURNS text SECURITY DEFINER LANGUAGE sql AS
	'SELECT status FROM bench.test_runs WHERE test_run_id = ''ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a''';
GRANT SELECT ON owners, invokers TO regress_bench_bad, regress_bench_none;
SET ROLE regress_bench_bad;
SELECT failure($$SELECT status FROM bench.test_runs WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$, false);
SELECT status FROM owners WHERE test_run_id = :run;
SELECT failure($$SELECT status FROM invokers WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$, false);
SELECT definers();
SET ROLE regress_bench_none;
\set VERBOSITY sqlstate
SELECT status FROM bench.test_runs WHERE test_run_id = :run;
SELECT status FROM invokers WHERE test_run_id = :run;
\set VERBOSITY default
SELECT status FROM owners WHERE test_run_id = :run;
SELECT definers();
-- the same session, the same server, another user: not the connection of before
RESET ROLE;
SELECT status FROM bench.test_runs WHERE test_run_id = :run;
SET ROLE regress_bench_bad;
SELECT failure($$SELECT status FROM bench.test_runs WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$, false);
-- a changed mapping counts from the next statement on, and not the old one
ALTER USER MAPPING FOR regress_bench_bad SERVER bench_server OPTIONS (SET secret_access_key :'secret_key');
SELECT status FROM bench.test_runs WHERE test_run_id = :run;
ALTER USER MAPPING FOR regress_bench_bad SERVER bench_server OPTIONS (SET secret_access_key 'wrong again');
SELECT failure($$SELECT status FROM bench.test_runs WHERE test_run_id = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a'$$, false);
-- nobody's own mapping is for everybody, unless it is PUBLIC's
RESET ROLE;
CREATE USER MAPPING FOR PUBLIC SERVER bench_server OPTIONS (access_key_id :'access_key', secret_access_key :'secret_key');
SET ROLE regress_bench_none;
SELECT status FROM bench.test_runs WHERE test_run_id = :run;
RESET ROLE;
DROP USER MAPPING FOR PUBLIC SERVER bench_server;
SET client_min_messages = warning;
DROP OWNED BY regress_bench_good, regress_bench_bad, regress_bench_none CASCADE;
DROP ROLE regress_bench_good, regress_bench_bad, regress_bench_none;
