-- IMPORT FOREIGN SCHEMA of a shape that is taken as given: no request is made, so nothing need listen.
CREATE SERVER regress_server FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2', endpoint 'http://127.0.0.1:1');
CREATE SCHEMA regress_live;
CREATE SCHEMA regress_document;
IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER regress_server INTO regress_live OPTIONS (shape 'live');
\d regress_live.*
IMPORT FOREIGN SCHEMA anything FROM SERVER regress_server INTO regress_document OPTIONS (shape 'document', "table" 'BenchmarkResults', collate 'C');
-- only what differs
SELECT l.relname, la.attname, la.attfdwoptions AS live, da.attfdwoptions AS document,
	lc.collname AS live_collation, dc.collname AS document_collation
FROM pg_class l JOIN pg_class d USING (relname)
	JOIN pg_attribute la ON la.attrelid = l.oid JOIN pg_attribute da ON da.attrelid = d.oid AND da.attname = la.attname
	LEFT JOIN pg_collation lc ON lc.oid = la.attcollation LEFT JOIN pg_collation dc ON dc.oid = da.attcollation
WHERE l.relnamespace = 'regress_live'::regnamespace AND d.relnamespace = 'regress_document'::regnamespace
	AND la.attnum > 0 AND (la.attfdwoptions, la.attcollation) IS DISTINCT FROM (da.attfdwoptions, da.attcollation)
ORDER BY l.relname, la.attnum;
SELECT relname, option_name, option_value
FROM pg_class JOIN pg_foreign_table ON ftrelid = oid, pg_options_to_table(ftoptions)
WHERE relnamespace = 'regress_document'::regnamespace ORDER BY relname, option_name;
SET client_min_messages = warning;
DROP SCHEMA regress_document CASCADE;
RESET client_min_messages;
-- some of the tables
CREATE SCHEMA regress_document;
IMPORT FOREIGN SCHEMA "BenchmarkResults" LIMIT TO (aggregates, test_runs) FROM SERVER regress_server INTO regress_document OPTIONS (shape 'document');
SELECT relname FROM pg_class WHERE relnamespace = 'regress_document'::regnamespace ORDER BY 1;
IMPORT FOREIGN SCHEMA "BenchmarkResults" EXCEPT (aggregates, test_runs, items) FROM SERVER regress_server INTO regress_document OPTIONS (shape 'document');
SELECT relname FROM pg_class WHERE relnamespace = 'regress_document'::regnamespace ORDER BY 1;
-- tables of BenchBox results, if they are named
CREATE SCHEMA regress_benchbox;
IMPORT FOREIGN SCHEMA "BenchmarkResults" LIMIT TO (benchbox_runs, benchbox_queries) FROM SERVER regress_server INTO regress_benchbox OPTIONS (shape 'live');
\d regress_benchbox.*
SET search_path = regress_benchbox, public;
EXPLAIN (COSTS OFF) SELECT benchmark_id, geometric_mean_ms FROM benchbox_runs WHERE test_run_id = 'r1';
EXPLAIN (COSTS OFF) SELECT query, duration_ms FROM benchbox_queries WHERE test_run_id = 'r1';
EXPLAIN (COSTS OFF) SELECT rows_returned FROM benchbox_queries WHERE test_run_id = 'r1' AND benchmark_id = 'tpch' AND scale_factor = '1' AND platform = 'duckdb' AND query = 'q1';
EXPLAIN (COSTS OFF) SELECT duration_ms FROM benchbox_queries WHERE config_id = 'bb:tpch:sf1:duckdb:q1' ORDER BY "timestamp" DESC LIMIT 5;
EXPLAIN (COSTS OFF) SELECT count(*) FROM benchbox_queries WHERE benchmark_id = 'tpch';
RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA regress_benchbox CASCADE;
RESET client_min_messages;
-- what cannot be
IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER regress_server INTO regress_document OPTIONS (shape 'round');
\set VERBOSITY sqlstate
IMPORT FOREIGN SCHEMA "BenchmarkResults" LIMIT TO (items) FROM SERVER regress_server INTO regress_document OPTIONS (shape 'live', collate 'no such collation');
\set VERBOSITY default
-- names that need quotes
CREATE SCHEMA "Regress ""Schema""";
CREATE SERVER "regress ""server""" FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2');
IMPORT FOREIGN SCHEMA "it's a table" LIMIT TO (items) FROM SERVER "regress ""server""" INTO "Regress ""Schema""" OPTIONS (shape 'live', collate 'C');
\d "Regress ""Schema"""."items"
SET client_min_messages = warning;
DROP SCHEMA regress_live, regress_document, "Regress ""Schema""" CASCADE;
DROP SERVER regress_server, "regress ""server""" CASCADE;
