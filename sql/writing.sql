-- What is refused before anything is sent, and how writes are planned: the server's endpoint is a port where nothing listens.
CREATE SERVER regress_server FOREIGN DATA WRAPPER benchresults_fdw
	OPTIONS (region 'us-east-2', endpoint 'http://127.0.0.1:1', max_attempts '1');
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_server OPTIONS (access_key_id 'AKIDEXAMPLE', secret_access_key 'hidden');
CREATE SCHEMA regress_writing;
SET search_path = regress_writing, public;
SET timezone = 'UTC';
IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER regress_server INTO regress_writing OPTIONS (shape 'live');

-- off unless it is turned on, on the server or on the table, which goes before it
INSERT INTO test_runs (test_run_id) VALUES ('r1');
UPDATE test_runs SET notes = 'x';
DELETE FROM test_runs;
EXPLAIN (COSTS OFF) DELETE FROM test_runs;
COPY test_runs (test_run_id) FROM stdin;
r1
\.
SELECT table_name, is_insertable_into FROM information_schema.tables WHERE table_schema = 'regress_writing' ORDER BY 1;
ALTER SERVER regress_server OPTIONS (ADD updatable 'true');
ALTER FOREIGN TABLE items OPTIONS (ADD updatable 'false');
SELECT table_name, is_insertable_into FROM information_schema.tables WHERE table_schema = 'regress_writing' ORDER BY 1;
SELECT column_name, is_updatable FROM information_schema.columns
WHERE table_schema = 'regress_writing' AND column_name IN ('status', 'item_type') ORDER BY 1;
INSERT INTO items (item) VALUES ('{"pk": "p", "sk": "s"}');
ALTER FOREIGN TABLE items OPTIONS (DROP updatable);

-- plans
EXPLAIN (COSTS OFF) INSERT INTO test_runs (test_run_id) VALUES ('r1');
EXPLAIN (COSTS OFF) UPDATE test_runs SET notes = 'x', status = 'failed' WHERE test_run_id = 'r1';
EXPLAIN (VERBOSE, COSTS OFF) UPDATE test_runs SET total_invocations = total_invocations + 1 WHERE status = 'failed' AND notes IS NULL;
EXPLAIN (COSTS OFF) DELETE FROM results WHERE test_run_id = 'r1' AND config_id = 'rust-arm64-light-128';
EXPLAIN (COSTS OFF) DELETE FROM results WHERE test_run_id = 'r1' AND duration_ms > 10;
EXPLAIN (COSTS OFF) DELETE FROM test_runs WHERE test_run_id = 'r1' RETURNING notes;
EXPLAIN (COSTS OFF) UPDATE items SET item = item || '{"a": 1}' WHERE pk = 'p' AND sk = 's';
-- what would move in the index by which it is found is read before it is changed
EXPLAIN (COSTS OFF) UPDATE results SET "timestamp" = now() WHERE test_run_id = 'r1';
-- and what is read time and again, before anything is written; where nothing is found, nothing is read
EXPLAIN (COSTS OFF) INSERT INTO aggregates SELECT * FROM aggregates WHERE test_run_id = 'r1' UNION ALL SELECT * FROM aggregates WHERE test_run_id = 'r2';
EXPLAIN (COSTS OFF) UPDATE aggregates SET sample_count = 0 WHERE false;
ALTER FOREIGN TABLE results OPTIONS (ADD insert_mode 'upsert');
EXPLAIN (COSTS OFF) INSERT INTO results (test_run_id) SELECT 'r1';
EXPLAIN (COSTS OFF, FORMAT JSON) INSERT INTO results (test_run_id) SELECT 'r1' ON CONFLICT DO NOTHING;
ALTER FOREIGN TABLE results OPTIONS (DROP insert_mode, ADD batch_mode 'transact');
EXPLAIN (COSTS OFF) INSERT INTO results (test_run_id) SELECT 'r1';
ALTER FOREIGN TABLE results OPTIONS (DROP batch_mode);

-- keys
\set at '''2026-01-01 00:00:00+00'''
INSERT INTO test_runs ("timestamp", status) VALUES (:at, 'failed');
INSERT INTO aggregates (test_run_id, "timestamp", runtime, architecture, workload_type) VALUES ('r1', :at, 'rust', 'x86', 'light');
INSERT INTO aggregates (test_run_id, "timestamp", config_id) VALUES ('r1', :at, 'rust-x86-light-128');
INSERT INTO aggregates (test_run_id, "timestamp", config_id, invocation_type) VALUES ('r1', :at, 'rust-x86-light-128', 'hot');
INSERT INTO aggregates (test_run_id, "timestamp", config_id, runtime, invocation_type) VALUES ('r1', :at, 'rust-x86-light-128', 'go', 'cold');
INSERT INTO aggregates (test_run_id, "timestamp", runtime, architecture, workload_type, memory_size_mb, invocation_type)
	VALUES ('r1', :at, 'rust', 'sparc', 'light', 128, 'cold');
INSERT INTO results (test_run_id, "timestamp", config_id, invocation_type, invocation_number) VALUES ('a#b', :at, 'c', 'cold', 1);
INSERT INTO results (test_run_id, "timestamp", config_id, invocation_type, invocation_number) VALUES ('TESTRUN', :at, 'c', 'cold', 1);
INSERT INTO results (test_run_id, "timestamp", config_id, invocation_type, invocation_number) VALUES (repeat('r', 2048), :at, 'c', 'cold', 1);
INSERT INTO aggregates (test_run_id, "timestamp", config_id, invocation_type) VALUES ('r1', :at, repeat('c', 1024), 'cold');
INSERT INTO items (pk, sk) VALUES ('', 's');
INSERT INTO items (item) VALUES ('{"sk": "s"}');
INSERT INTO items (item) VALUES ('{"pk": 1, "sk": "s"}');
INSERT INTO items (pk, item) VALUES ('q', '{"pk": "p", "sk": "s"}');
UPDATE aggregates SET invocation_type = 'cold' WHERE test_run_id = 'r1';
UPDATE aggregates SET runtime = 'go' WHERE test_run_id = 'r1';
UPDATE items SET sk = 'x';

-- what indexes rely on
INSERT INTO test_runs (test_run_id, status) VALUES ('r1', 'failed');
UPDATE test_runs SET "timestamp" = NULL WHERE test_run_id = 'r1';

-- vocabularies, and what extends them
INSERT INTO test_runs (test_run_id, "timestamp", status) VALUES ('r1', :at, 'done');
INSERT INTO test_runs (test_run_id, "timestamp", mode) VALUES ('r1', :at, 'quick');
INSERT INTO test_runs (attributes) VALUES ('{"pk": "TESTRUN#r1", "sk": "TESTRUN#r1", "status": "done", "timestamp": 1}');
ALTER FOREIGN TABLE test_runs OPTIONS (ADD status_values 'done, aborted', ADD mode_values 'quick');
INSERT INTO test_runs (test_run_id, "timestamp", status) VALUES ('r1', :at, 'gone');

-- values
CREATE FOREIGN TABLE any_table (id text OPTIONS (key 'partition'), f double precision, r real, n numeric, t timestamptz OPTIONS (format 'iso8601_utc'),
	e timestamptz OPTIONS (format 'epoch_ms'), j jsonb, jt json, b bytea, a integer[], l text OPTIONS (attribute 'list[0]'), needed text NOT NULL) SERVER regress_server;
INSERT INTO any_table (id, needed, f) VALUES ('1', '', 'NaN');
INSERT INTO any_table (id, needed, f) VALUES ('1', '', '-Infinity');
INSERT INTO any_table (id, needed, f) VALUES ('1', '', 1e126);
INSERT INTO any_table (id, needed, r) VALUES ('1', '', 'Infinity');
INSERT INTO any_table (id, needed, n) VALUES ('1', '', 'NaN');
INSERT INTO any_table (id, needed, n) VALUES ('1', '', 123456789012345678901234567890123456789);
INSERT INTO any_table (id, needed, n) VALUES ('1', '', 1e127);
INSERT INTO any_table (id, needed, t) VALUES ('1', '', 'infinity');
INSERT INTO any_table (id, needed, t) VALUES ('1', '', '10000-01-01');
INSERT INTO any_table (id, needed, t) VALUES ('1', '', '0044-03-15 BC');
INSERT INTO any_table (id, needed, e) VALUES ('1', '', '-infinity');
INSERT INTO any_table (id, needed, j) VALUES ('1', '', '{"$SS": []}');
INSERT INTO any_table (id, needed, j) VALUES ('1', '', '{"$SS": ["a", "a"]}');
INSERT INTO any_table (id, needed, j) VALUES ('1', '', '{"$NS": ["a"]}');
INSERT INTO any_table (id, needed, j) VALUES ('1', '', '[{"$B": "no base64"}]');
INSERT INTO any_table (id, needed, j) VALUES ('1', '', '{"x": {"$ref": 1}}');
INSERT INTO any_table (id, needed, j) VALUES ('1', '', (repeat('{"a":', 40) || '1' || repeat('}', 40))::jsonb);
INSERT INTO any_table (id, needed, j) VALUES ('1', '', '{"": 1}');
INSERT INTO any_table (id, needed, a) VALUES ('1', '', '{{1,2},{3,4}}');
INSERT INTO any_table (id, needed, l) VALUES ('1', '', 'first');
INSERT INTO any_table (id, needed) VALUES ('1', repeat('x', 410000));
INSERT INTO any_table (id) VALUES ('1');
INSERT INTO any_table (needed) VALUES ('x');
-- rows that only an inexact column tells apart are not changed one by one
CREATE FOREIGN TABLE inexact (id double precision OPTIONS (key 'partition'), x integer) SERVER regress_server;
DELETE FROM inexact WHERE x = 1;

-- given twice
INSERT INTO items (pk, sk, item) VALUES ('p', 's', '{"pk": "p", "sk": "t"}');
INSERT INTO test_runs (status, attributes) VALUES ('completed', '{"pk": "TESTRUN#r1", "sk": "TESTRUN#r1", "status": "failed", "timestamp": 1}');
INSERT INTO aggregates (test_run_id, "timestamp", config_id, invocation_type, duration_ms_mean, duration_ms_stats)
	VALUES ('r1', :at, 'c', 'cold', 2, '{"mean": 1}');

-- what PostgreSQL or the extension cannot do
TRUNCATE test_runs;
INSERT INTO test_runs (test_run_id) VALUES ('r1') ON CONFLICT (test_run_id) DO NOTHING;
INSERT INTO test_runs (test_run_id) VALUES ('r1') ON CONFLICT (test_run_id) DO UPDATE SET notes = 'x';
BEGIN READ ONLY;
INSERT INTO test_runs (test_run_id) VALUES ('r1');
ROLLBACK;
ALTER SERVER regress_server OPTIONS (ADD writes 'forbid_in_xact_block');
BEGIN;
DELETE FROM test_runs WHERE test_run_id = 'r1';
ROLLBACK;
INSERT INTO test_runs (test_run_id, "timestamp") VALUES ('r1', :at);
ALTER SERVER regress_server OPTIONS (DROP writes);
-- none is read, so none is written, and nobody is asked
INSERT INTO test_runs (test_run_id, "timestamp") SELECT 'r1', now() WHERE false;

SET client_min_messages = warning;
DROP SCHEMA regress_writing CASCADE;
DROP SERVER regress_server CASCADE;
