-- Options: which there are, what they take, who may set them.
CREATE SERVER regress_server FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2');
-- all of them, for a name that resembles none
ALTER FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (ADD quetzalcoatlus 'x');
ALTER SERVER regress_server OPTIONS (ADD quetzalcoatlus 'x');
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_server OPTIONS (quetzalcoatlus 'x');
CREATE FOREIGN TABLE regress_t (a text) SERVER regress_server OPTIONS (quetzalcoatlus 'x');
CREATE FOREIGN TABLE regress_t (a text OPTIONS (quetzalcoatlus 'x')) SERVER regress_server;
IMPORT FOREIGN SCHEMA "T" FROM SERVER regress_server INTO public OPTIONS (quetzalcoatlus 'x');
-- a misspelt one is answered with the nearest
ALTER SERVER regress_server OPTIONS (ADD end_point 'https://example.com');
ALTER SERVER regress_server OPTIONS (ADD conect_timeout '1s');
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_server OPTIONS (acces_key_id 'AKIDEXAMPLE');
CREATE FOREIGN TABLE regress_t (a text) SERVER regress_server OPTIONS (entities 'results');
CREATE FOREIGN TABLE regress_t (a text OPTIONS (attributes 'x')) SERVER regress_server;
IMPORT FOREIGN SCHEMA "T" FROM SERVER regress_server INTO public OPTIONS (shapes 'live');
-- in the wrong place; a secret is not shown again
ALTER SERVER regress_server OPTIONS (ADD access_key_id 'AKIDEXAMPLE');
ALTER SERVER regress_server OPTIONS (ADD secret_access_key 'hidden');
ALTER SERVER regress_server OPTIONS (ADD session_token 'hidden');
CREATE FOREIGN TABLE regress_t (a text) SERVER regress_server OPTIONS (secret_access_key 'hidden');
CREATE FOREIGN TABLE regress_t (a text OPTIONS (session_token 'hidden')) SERVER regress_server;
IMPORT FOREIGN SCHEMA "T" FROM SERVER regress_server INTO public OPTIONS (secret_access_key 'hidden');
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_server OPTIONS (region 'us-east-2');
CREATE FOREIGN TABLE regress_t (a text) SERVER regress_server OPTIONS (region 'us-east-2');
ALTER SERVER regress_server OPTIONS (ADD entity 'results');
-- what they take
ALTER SERVER regress_server OPTIONS (SET region 'us-gov-west-1');
ALTER SERVER regress_server OPTIONS (SET region 'US-EAST-2');
ALTER SERVER regress_server OPTIONS (SET region 'us-east-2.example.com/');
ALTER SERVER regress_server OPTIONS (SET region '');
ALTER SERVER regress_server OPTIONS (ADD signing_region 'eu west 1');
ALTER SERVER regress_server OPTIONS (ADD endpoint 'http://localhost:8000');
ALTER SERVER regress_server OPTIONS (SET endpoint 'localhost:8000');
ALTER SERVER regress_server OPTIONS (SET endpoint 'ftp://localhost');
ALTER SERVER regress_server OPTIONS (SET endpoint 'http://user:password@localhost');
ALTER SERVER regress_server OPTIONS (SET endpoint 'http://localhost/path?query');
ALTER SERVER regress_server OPTIONS (SET endpoint 'http://');
ALTER SERVER regress_server OPTIONS (SET endpoint E'http://localhost\r\nX-Injected: 1');
ALTER SERVER regress_server OPTIONS (ADD use_fips 'yes', ADD use_dualstack 'off');
ALTER SERVER regress_server OPTIONS (SET use_fips 'perhaps');
ALTER SERVER regress_server OPTIONS (ADD connect_timeout '500ms', ADD request_timeout '1min');
ALTER SERVER regress_server OPTIONS (SET connect_timeout '0');
ALTER SERVER regress_server OPTIONS (SET connect_timeout '11min');
ALTER SERVER regress_server OPTIONS (SET request_timeout '-1s');
ALTER SERVER regress_server OPTIONS (SET request_timeout 'soon');
ALTER SERVER regress_server OPTIONS (ADD max_attempts '20');
ALTER SERVER regress_server OPTIONS (SET max_attempts '21');
ALTER SERVER regress_server OPTIONS (SET max_attempts '0');
ALTER SERVER regress_server OPTIONS (SET max_attempts '3.5');
ALTER SERVER regress_server OPTIONS (SET max_attempts '99999999999999999999');
ALTER SERVER regress_server OPTIONS (ADD max_concurrency '64', ADD scan_segments 'auto');
ALTER SERVER regress_server OPTIONS (SET max_concurrency '0');
ALTER SERVER regress_server OPTIONS (SET scan_segments '64');
ALTER SERVER regress_server OPTIONS (SET scan_segments '65');
ALTER SERVER regress_server OPTIONS (SET scan_segments 'some');
ALTER SERVER regress_server OPTIONS (ADD read_units_per_second '500');
ALTER SERVER regress_server OPTIONS (SET read_units_per_second '-1');
ALTER SERVER regress_server OPTIONS (SET read_units_per_second '0.5');
ALTER SERVER regress_server OPTIONS (ADD consistent_read 'true');
ALTER SERVER regress_server OPTIONS (SET consistent_read 'sometimes');
ALTER SERVER regress_server OPTIONS (ADD on_type_mismatch 'null');
ALTER SERVER regress_server OPTIONS (SET on_type_mismatch 'warn');
ALTER SERVER regress_server OPTIONS (ADD ca_file '/etc/ssl/certs/ca-certificates.crt', ADD proxy 'http://proxy.example.com:3128');
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_server OPTIONS (access_key_id '', secret_access_key 'hidden');
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_server OPTIONS (access_key_id 'AKIDEXAMPLE', secret_access_key E'hidden\n');
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_server OPTIONS (access_key_id 'AKIDEXAMPLE', secret_access_key 'hidden', session_token 'hidden');
CREATE FOREIGN TABLE regress_t (a text) SERVER regress_server OPTIONS (entity 'result');
CREATE FOREIGN TABLE regress_t (a text) SERVER regress_server OPTIONS (pk_template 'TESTRUN#{testRunId');
CREATE FOREIGN TABLE regress_t (a text) SERVER regress_server OPTIONS (pk_template '{a}{b}');
CREATE FOREIGN TABLE regress_t (a text) SERVER regress_server OPTIONS (estimated_rows '-1');
CREATE FOREIGN TABLE regress_t (a text OPTIONS (key 'primary')) SERVER regress_server;
CREATE FOREIGN TABLE regress_t (a timestamptz OPTIONS (format 'unix')) SERVER regress_server;
CREATE FOREIGN TABLE regress_t (a text OPTIONS (attribute 'a..b')) SERVER regress_server;
CREATE FOREIGN TABLE regress_t (a text OPTIONS (attribute 'a|')) SERVER regress_server;
CREATE FOREIGN TABLE regress_t (a text OPTIONS (attribute '')) SERVER regress_server;
\set SHOW_CONTEXT never
DO $$
BEGIN
	EXECUTE format('CREATE FOREIGN TABLE regress_t (a text OPTIONS (attribute %L)) SERVER regress_server', repeat('x', 1025));
END $$;
\set SHOW_CONTEXT errors
CREATE FOREIGN TABLE regress_t (
	pk text OPTIONS (key 'partition'),
	b text OPTIONS (attribute 'a.b[2].c|"dotted.name"'),
	c timestamptz OPTIONS (attribute 'c', format 'iso8601_utc'),
	d jsonb OPTIONS (attribute '*')
) SERVER regress_server OPTIONS ("table" 'T', consistent_read 'false', on_type_mismatch 'error');
-- options that only together make no sense are refused when they are used
CREATE SERVER regress_nowhere FOREIGN DATA WRAPPER benchresults_fdw;
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_nowhere OPTIONS (access_key_id 'AKIDEXAMPLE', secret_access_key 'hidden');
SELECT bench_ping('regress_nowhere');
CREATE SERVER regress_fips FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2', endpoint 'http://localhost:1', use_fips 'true');
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_fips OPTIONS (access_key_id 'AKIDEXAMPLE', secret_access_key 'hidden');
SELECT bench_ping('regress_fips');
SELECT bench_ping('regress_unheard_of');
-- what a table's own options must say
CREATE FOREIGN TABLE regress_u (a text) SERVER regress_server;
SELECT * FROM regress_u;
CREATE FOREIGN TABLE regress_v (a text OPTIONS (key 'partition')) SERVER regress_server OPTIONS (indexes '{"name": "I"}');
SELECT * FROM regress_v;
ALTER FOREIGN TABLE regress_v OPTIONS (SET indexes '[{"pk": "a"}]');
SELECT * FROM regress_v;
-- limits of the session
SET benchresults_fdw.enable_pushdown = off;
RESET benchresults_fdw.enable_pushdown;
SET benchresults_fdw.no_such_setting = 1;
SET client_min_messages = warning;
DROP SERVER regress_server, regress_nowhere, regress_fips CASCADE;
