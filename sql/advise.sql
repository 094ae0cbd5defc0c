-- bench_advise and bench_read_units: by EXPLAIN only. Nothing listens at the endpoint, so a request would be an error.
SET datestyle = ISO;
CREATE SERVER regress_server FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2', endpoint 'http://127.0.0.1:1');
CREATE SCHEMA live;
IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER regress_server INTO live OPTIONS (shape 'live');
CREATE SCHEMA document;
IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER regress_server INTO document OPTIONS (shape 'document');
-- nothing is known of the size
SELECT subject, suggestion, afterwards FROM bench_advise('live') WHERE subject ~ 'options';
-- ten runs of full size
ALTER FOREIGN TABLE live.test_runs OPTIONS (ADD estimated_rows '10');
ALTER FOREIGN TABLE live.aggregates OPTIONS (ADD estimated_rows '5880');
ALTER FOREIGN TABLE live.results OPTIONS (ADD estimated_rows '940800');
ALTER FOREIGN TABLE document.test_runs OPTIONS (ADD estimated_rows '10');
ALTER FOREIGN TABLE document.aggregates OPTIONS (ADD estimated_rows '5880');
ALTER FOREIGN TABLE document.results OPTIONS (ADD estimated_rows '940800');
SELECT subject, operation, requests, read_units, then_requests, then_read_units FROM bench_advise('live');
SELECT subject, operation, requests, read_units, then_requests, then_read_units FROM bench_advise('document');
\x
SELECT subject, suggestion, command, afterwards FROM bench_advise('live') WHERE suggestion <> '';
SELECT subject, suggestion, command, afterwards FROM bench_advise('document') WHERE suggestion <> '';
\x
SELECT subject, query FROM bench_advise('document') WHERE subject ~ 'AP[35]';
-- each of the queries can be asked as it stands
SELECT a.subject, a.requests = u.requests AND a.read_units = u.read_units AS same FROM bench_advise('live') a, bench_read_units(a.query) u;
-- with an index on the runs there is nothing to be done for them
ALTER FOREIGN TABLE live.test_runs OPTIONS (SET indexes '[{"name": "RunIndex", "pk": "status", "sk": "timestamp", "sk_type": "N", "complete": true, "sparse": true, "projection": "ALL"}]');
SELECT subject, operation, requests, read_units, suggestion FROM bench_advise('live') WHERE subject ~ 'AP5';
-- unless it is not known to hold all of them
ALTER FOREIGN TABLE live.test_runs OPTIONS (SET indexes '[{"name": "RunIndex", "pk": "status", "sk": "timestamp", "sk_type": "N", "projection": "ALL"}]');
SELECT subject, suggestion, command, afterwards FROM bench_advise('live') WHERE subject ~ 'AP5';
-- without any index, and with options missing
ALTER FOREIGN TABLE live.results OPTIONS (DROP indexes, DROP config_template, DROP estimated_rows);
ALTER FOREIGN TABLE live.aggregates OPTIONS (SET indexes '[]');
\x
SELECT subject, operation, suggestion, then_requests, then_read_units, command, afterwards FROM bench_advise('live') WHERE subject ~ 'options|AP[34]';
\x
-- more attributes than an index includes by name: then all; other names, other types
ALTER FOREIGN TABLE document.results OPTIONS (SET "table" 'It''s "another"; table', SET indexes '[{"name": "I''s", "pk": "testRunId", "complete": true, "projection": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"]}]');
SELECT command FROM bench_advise('document') WHERE subject ~ 'AP3';
ALTER FOREIGN TABLE document.results OPTIONS (SET indexes '[{"name": "I", "pk": "testRunId", "complete": true, "projection": ["durationMs", "b\"c"]}]');
ALTER FOREIGN TABLE document.results ALTER duration_ms OPTIONS (SET attribute '"a.b"[0]|durationMs');
SELECT command FROM bench_advise('document') WHERE subject ~ 'AP3';

-- what queries take: once, for each row, once again
SELECT * FROM bench_read_units('SELECT 1');
SELECT * FROM bench_read_units('SELECT * FROM live.test_runs');
SELECT * FROM bench_read_units('SELECT count(*) FROM live.test_runs a, live.test_runs b');
SELECT * FROM bench_read_units('SELECT * FROM generate_series(1, 30) g, LATERAL (SELECT * FROM live.aggregates WHERE test_run_id = g::text LIMIT 1) x');
SELECT * FROM bench_read_units('SELECT (SELECT status FROM live.test_runs WHERE test_run_id = g::text) FROM generate_series(1, 30) g');
SELECT * FROM bench_read_units('SELECT * FROM generate_series(1, 30) g WHERE g::text NOT IN (SELECT test_run_id FROM live.test_runs)');
SELECT * FROM bench_read_units('SELECT * FROM live.aggregates WHERE test_run_id = (SELECT max(test_run_id) FROM live.test_runs)');
SELECT * FROM bench_read_units(NULL);
-- one query, and nothing is done
\set VERBOSITY terse
SELECT * FROM bench_read_units('SELECT 1; DROP SCHEMA live CASCADE');
SELECT * FROM bench_read_units('ANALYZE SELECT * FROM live.test_runs');
SELECT * FROM bench_read_units('');
CREATE TABLE regress_t (i int);
SELECT * FROM bench_read_units('INSERT INTO regress_t SELECT 1 FROM live.test_runs');
SELECT count(*) FROM regress_t;
-- EXPLAIN says nothing of these, or several things
SELECT * FROM bench_read_units('CREATE TABLE IF NOT EXISTS regress_t AS SELECT 1');
SELECT * FROM bench_read_units('CREATE TABLE regress_u AS SELECT 1 FROM live.test_runs');
CREATE RULE regress_nothing AS ON INSERT TO regress_t DO INSTEAD NOTHING;
SELECT * FROM bench_read_units('INSERT INTO regress_t VALUES (1)');
CREATE OR REPLACE RULE regress_nothing AS ON INSERT TO regress_t DO ALSO SELECT 1 FROM live.test_runs;
SELECT * FROM bench_read_units('INSERT INTO regress_t VALUES (1)');
CREATE OR REPLACE RULE regress_nothing AS ON INSERT TO regress_t DO INSTEAD NOTIFY regress_nothing;
SELECT * FROM bench_read_units('INSERT INTO regress_t VALUES (1)');

-- where the tables are, and whose
CREATE SCHEMA local;
CREATE TABLE local.test_runs (test_run_id text, status text);
CREATE TABLE local.aggregates (test_run_id text, config_id text, invocation_type text);
CREATE VIEW local.results AS SELECT * FROM live.results;
SET search_path = local, public;
SELECT subject, query, operation, requests, suggestion FROM bench_advise();
SET search_path = public;
SELECT * FROM bench_advise();
SELECT * FROM bench_advise('public');
CREATE ROLE regress_bench_advised;
GRANT USAGE ON SCHEMA live TO regress_bench_advised;
GRANT SELECT ON live.test_runs TO regress_bench_advised;
SET ROLE regress_bench_advised;
SELECT * FROM bench_advise('live');
SELECT * FROM bench_read_units('SELECT status FROM live.test_runs');
SELECT * FROM bench_read_units('SELECT * FROM live.aggregates');
RESET ROLE;

SET client_min_messages = warning;
DROP SCHEMA live, document, local CASCADE;
DROP TABLE regress_t;
DROP SERVER regress_server CASCADE;
DROP ROLE regress_bench_advised;
