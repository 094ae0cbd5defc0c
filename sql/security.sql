-- What a user who is no superuser may do, and may see.
CREATE ROLE regress_bench_owner;
CREATE ROLE regress_bench_reader;
CREATE SERVER regress_server FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2');
CREATE USER MAPPING FOR regress_bench_owner SERVER regress_server OPTIONS (access_key_id 'AKIDEXAMPLE', secret_access_key 'hidden');
GRANT USAGE ON FOREIGN SERVER regress_server TO regress_bench_reader;
GRANT USAGE ON FOREIGN DATA WRAPPER benchresults_fdw TO regress_bench_reader;

SET ROLE regress_bench_reader;
-- another user's mapping is there, its options are not
SELECT srvname, usename, umoptions FROM pg_user_mappings WHERE srvname = 'regress_server';
CREATE USER MAPPING FOR regress_bench_reader SERVER regress_server OPTIONS (access_key_id 'AKIDREADER', secret_access_key 'own');
SELECT srvname, usename, umoptions FROM pg_user_mappings WHERE srvname = 'regress_server' ORDER BY usename;
-- who may call what
SELECT bench_ping('regress_server');
SELECT count(*) >= 0 AS callable FROM bench_request_stats();
-- requests carry credentials: a server of one's own may send them to hosts on the list only
CREATE SERVER regress_own FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2', endpoint 'https://collector.example.com');
CREATE SERVER regress_own FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2', endpoint 'http://dynamodb.us-east-2.amazonaws.com');
CREATE SERVER regress_own FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2', ca_file '/etc/passwd');
CREATE SERVER regress_own FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2', proxy 'http://collector.example.com');
SET benchresults_fdw.allowed_endpoints = '*';
RESET ROLE;
SET benchresults_fdw.allowed_endpoints = 'bench.example.com, *.internal.example.com';
SET ROLE regress_bench_reader;
CREATE SERVER regress_own FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2', endpoint 'https://bench.example.com');
ALTER SERVER regress_own OPTIONS (SET endpoint 'https://eu.internal.example.com');
ALTER SERVER regress_own OPTIONS (SET endpoint 'https://internal.example.com.attacker.example');
ALTER SERVER regress_own OPTIONS (SET endpoint 'http://bench.example.com');
ALTER SERVER regress_own OPTIONS (SET endpoint 'https://bench.example.com.attacker.example');
ALTER SERVER regress_own OPTIONS (SET region 'eu-central-1');
RESET ROLE;
RESET benchresults_fdw.allowed_endpoints;

-- without a mapping there are no credentials, whoever else has some
CREATE FOREIGN TABLE regress_t (pk text OPTIONS (key 'partition')) SERVER regress_server;
GRANT SELECT ON regress_t TO regress_bench_reader;
GRANT EXECUTE ON FUNCTION bench_ping TO regress_bench_reader;
SET ROLE regress_bench_reader;
DROP USER MAPPING FOR regress_bench_reader SERVER regress_server;
\set VERBOSITY sqlstate
SELECT * FROM regress_t;
SELECT bench_ping('regress_server');
\set VERBOSITY default
CREATE USER MAPPING FOR regress_bench_reader SERVER regress_server OPTIONS (access_key_id 'AKIDREADER');
SELECT * FROM regress_t;
SELECT bench_ping('regress_server');
-- bench_refresh is for whom it is granted to, and for the table's owner
SELECT bench_refresh('regress_t');
RESET ROLE;
GRANT EXECUTE ON FUNCTION bench_refresh(regclass, text) TO regress_bench_reader;
SET ROLE regress_bench_reader;
SELECT bench_refresh('regress_t');
RESET ROLE;
REVOKE EXECUTE ON FUNCTION bench_refresh(regclass, text) FROM regress_bench_reader;

SET client_min_messages = warning;
DROP SERVER regress_own, regress_server CASCADE;
REVOKE ALL ON FOREIGN DATA WRAPPER benchresults_fdw FROM regress_bench_reader;
REVOKE ALL ON FUNCTION bench_ping FROM regress_bench_reader;
DROP ROLE regress_bench_owner, regress_bench_reader;
