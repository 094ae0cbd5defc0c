-- Aggregates recomputed from results and compared with the stored ones. The figures of a sample are worked out by hand.
\set VERBOSITY terse
SET timezone = 'UTC';
CREATE SCHEMA mine;
CREATE TABLE mine.test_runs (test_run_id text, "timestamp" timestamptz, status text, warm_starts_per_config int);
CREATE TABLE mine.aggregates (test_run_id text, config_id text, invocation_type text, "timestamp" timestamptz DEFAULT '2026-01-01 12:00',
	sample_count int, failed_count int DEFAULT 0, duration_ms_stats jsonb, billed_duration_ms_stats jsonb, memory_mb_stats jsonb,
	init_duration_ms_stats jsonb);
CREATE TABLE mine.results (test_run_id text, config_id text, invocation_type text, invocation_number int,
	"timestamp" timestamptz DEFAULT '2026-01-01 11:00', duration_ms float8, billed_duration_ms float8, max_memory_used_mb float8,
	init_duration_ms float8);
INSERT INTO mine.test_runs VALUES ('run-1', '2026-01-01', 'completed', 5), ('run-0', '2025-01-01', 'completed', NULL);

-- five values are three after the trim, four are four
CREATE FUNCTION five() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT '{"mean": 3, "median": 3, "mode": 2, "min": 1, "max": 5, "stdev": 1, "p50": 3, "p90": 3.8, "p95": 3.9, "p99": 3.98,
		"sampleCount": 5, "outliersRemoved": true}'::jsonb $$;
CREATE FUNCTION four() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT '{"mean": 2.5, "median": 2.5, "mode": 1, "min": 1, "max": 4, "stdev": 1.29, "p50": 2.5, "p90": 3.7, "p95": 3.85, "p99": 3.97,
		"sampleCount": 4, "outliersRemoved": false}'::jsonb $$;
CREATE FUNCTION measured(config text, kind text, n int, failed int DEFAULT 0) RETURNS void LANGUAGE sql AS $$
	INSERT INTO mine.results (test_run_id, config_id, invocation_type, invocation_number, duration_ms, billed_duration_ms, max_memory_used_mb, init_duration_ms)
	SELECT 'run-1', config, kind, g, v, v, v, CASE kind WHEN 'cold' THEN v END
	FROM generate_series(1, n + failed) g, LATERAL (SELECT CASE WHEN g <= n THEN g END) AS value(v) $$;
SELECT measured('exact', 'cold', 5), measured('exact', 'warm', 4, 1), measured('all failed', 'warm', 0, 2);
INSERT INTO mine.aggregates VALUES
	('run-1', 'exact', 'cold', DEFAULT, 5, 0, five(), five(), five(), five()),
	('run-1', 'exact', 'warm', DEFAULT, 4, 1, four(), four(), four(), NULL),
	('run-1', 'all failed', 'warm', DEFAULT, 0, 2, '{}', '{}', '{}', NULL);
SELECT * FROM bench_recomputed_aggregates('run-1', 'mine');
SELECT config_id, a.duration_ms_stats = r.duration_ms_stats AS duration, a.memory_mb_stats = r.memory_mb_stats AS memory,
	a.init_duration_ms_stats IS NOT DISTINCT FROM r.init_duration_ms_stats AS init
FROM mine.aggregates a JOIN bench_recomputed_aggregates('latest', 'mine') r USING (test_run_id, config_id, invocation_type);
SELECT * FROM bench_verify_aggregates('run-1', 'mine');

-- each figure; a hundredth is rounding, more is not
CREATE TABLE changes AS SELECT key AS field, delta, 'changed ' || key || ' ' || delta AS config_id
	FROM jsonb_each(five()), unnest('{-0.01, 0.01, 0.011}'::float8[]) delta WHERE jsonb_typeof(value) = 'number' AND key <> 'mode';
SELECT count(measured(config_id, 'warm', 5)) FROM changes;
INSERT INTO mine.aggregates SELECT 'run-1', config_id, 'warm', '2026-01-01 12:00', 5, 0,
	jsonb_set(five(), ARRAY[field], to_jsonb((five()->>field)::float8 + delta)), five(), five(), NULL FROM changes;
SELECT metric, reason, field, round(stored::numeric, 3) AS stored, recomputed, raw_count, stored_count FROM bench_verify_aggregates('run-1', 'mine');
DELETE FROM mine.results WHERE config_id LIKE 'changed%';
DELETE FROM mine.aggregates WHERE config_id LIKE 'changed%';
-- relative to what is large
SELECT measured('large', 'warm', 5);
UPDATE mine.results SET duration_ms = 1e9 WHERE config_id = 'large';
INSERT INTO mine.aggregates VALUES ('run-1', 'large', 'warm', DEFAULT, 5, 0, bench_stats('{1e9,1e9,1e9,1e9,1e9}'::float8[], 'suite') || '{"p99": 1000000000.9, "p95": 1000000001.1}', five(), five());
SELECT metric, field, stored, recomputed FROM bench_verify_aggregates('run-1', 'mine');
DELETE FROM mine.results WHERE config_id = 'large';
DELETE FROM mine.aggregates WHERE config_id = 'large';

-- of equally frequent values any is the mode; what the trim has removed is none
SELECT count(measured('mode ' || mode, 'warm', 5)) FROM generate_series(1, 5) mode;
INSERT INTO mine.aggregates SELECT 'run-1', 'mode ' || mode, 'warm', '2026-01-01 12:00', 5, 0,
	jsonb_set(five(), '{mode}', to_jsonb(mode)), five(), five(), NULL FROM generate_series(1, 5) mode;
SELECT config_id, reason, field, stored, recomputed FROM bench_verify_aggregates('run-1', 'mine');
UPDATE mine.results SET duration_ms = 4 WHERE duration_ms = 3 AND config_id ~ 'mode [24]';
UPDATE mine.aggregates SET duration_ms_stats = bench_stats('{1,2,4,4,5}'::float8[], 'suite') || jsonb_build_object('mode', right(config_id, 1)::int)
	WHERE config_id ~ 'mode [24]';
SELECT config_id, reason, field, stored, recomputed FROM bench_verify_aggregates('run-1', 'mine') WHERE config_id ~ 'mode [24]';
DELETE FROM mine.results WHERE config_id LIKE 'mode%';
DELETE FROM mine.aggregates WHERE config_id LIKE 'mode%';

-- figures that an aggregate does not have are not compared, nor is what nobody knows; what is no number is another
SELECT measured('few', 'warm', 5), measured('odd', 'warm', 5);
INSERT INTO mine.aggregates VALUES ('run-1', 'few', 'warm', DEFAULT, 5, NULL, '{"mean": 3, "p99": 3.98, "p75": 7, "note": "x"}', five(), five()),
	('run-1', 'odd', 'warm', DEFAULT, 5, 0, '{"mean": null, "max": "5", "mode": null}', five(), five());
SELECT config_id, reason, field, stored, recomputed FROM bench_verify_aggregates('run-1', 'mine');
DELETE FROM mine.results WHERE config_id IN ('few', 'odd');
DELETE FROM mine.aggregates WHERE config_id IN ('few', 'odd');

-- every reason
SELECT measured('stale count', 'warm', 5), measured('stale time', 'warm', 5), measured('stale time, mismatch', 'warm', 5),
	measured('raw only', 'warm', 3, 2), measured('cold only', 'cold', 5), measured('failed', 'warm', 5, 2),
	measured('no statistics', 'cold', 5), measured('no statistics', 'warm', 5), measured('no count', 'warm', 5), measured('no time', 'warm', 5);
UPDATE mine.results SET "timestamp" = '2026-01-01 12:00:01.5' WHERE config_id LIKE 'stale time%' AND invocation_number = 3;
UPDATE mine.results SET init_duration_ms = NULL WHERE config_id = 'no statistics' AND invocation_type = 'cold';
INSERT INTO mine.aggregates VALUES
	('run-1', 'stale count', 'warm', DEFAULT, 4, 0, four(), four(), four(), NULL),
	('run-1', 'stale time', 'warm', DEFAULT, 5, 0, five(), five(), five(), NULL),
	('run-1', 'stale time, mismatch', 'warm', DEFAULT, 5, 0, five() || '{"mean": 4}', five(), five(), NULL),
	('run-1', 'orphan', 'warm', DEFAULT, 5, 0, five(), five(), five(), NULL),
	('run-1', 'cold only', 'cold', DEFAULT, 5, 0, five(), five(), five(), five()),
	('run-1', 'failed', 'warm', DEFAULT, 5, 1, five(), five(), five(), NULL),
	('run-1', 'no statistics', 'cold', DEFAULT, 5, 0, five(), NULL, '{}', five()),
	('run-1', 'no statistics', 'warm', DEFAULT, 5, 0, five(), five(), five(), '{}'),
	('run-1', 'no count', 'warm', DEFAULT, NULL, 0, five(), five(), five(), NULL),
	('run-1', 'no time', 'warm', NULL, 5, 0, five(), five(), five(), NULL),
	('run-0', 'another run', 'warm', DEFAULT, 5, 0, five(), five(), five(), NULL);
SELECT config_id, invocation_type AS type, metric, reason, field, stored, recomputed, raw_count, stored_count, detail
FROM bench_verify_aggregates('run-1', 'mine');
-- no warm starts were planned; whether they were is not known
UPDATE mine.test_runs SET warm_starts_per_config = 0;
SELECT config_id, reason FROM bench_verify_aggregates('run-1', 'mine') WHERE reason = 'partial';
UPDATE mine.test_runs SET warm_starts_per_config = NULL;
SELECT config_id, reason FROM bench_verify_aggregates('run-1', 'mine') WHERE reason = 'partial';

-- what comes from BenchBox is not trimmed, nor rounded, and its summary has no results
SELECT measured('bb:tpch:sf1:duckdb:q1', 'warm', 5);
INSERT INTO mine.aggregates VALUES
	('run-1', 'bb:tpch:sf1:duckdb:q1', 'warm', DEFAULT, 5, 0, '{"mean": 3, "stdev": 1.5811388300841898, "p90": 4.6, "mode": 5, "sampleCount": 5}',
		'{"p99": 3.98}', '{"stdev": 1.58}', NULL),
	('run-1', 'bb:tpch:sf1:duckdb:@run', 'warm', DEFAULT, 5, 0, '{"mean": 3}', NULL, NULL, NULL);
SELECT metric, reason, field, stored, recomputed FROM bench_verify_aggregates('run-1', 'mine') WHERE config_id LIKE 'bb:%';
SELECT duration_ms_stats FROM bench_recomputed_aggregates('run-1', 'mine') WHERE config_id LIKE 'bb:%';

-- runs by other names, and none
SELECT DISTINCT test_run_id FROM bench_verify_aggregates('latest', 'mine');
SELECT config_id, reason FROM bench_verify_aggregates('run-0', 'mine');
SELECT config_id, reason FROM bench_verify_aggregates('previous', 'mine');
SELECT * FROM bench_recomputed_aggregates('run-0', 'mine');
SELECT * FROM bench_verify_aggregates('nonesuch', 'mine');
SELECT * FROM bench_verify_aggregates('run-', 'mine');
SELECT * FROM bench_verify_aggregates(NULL::text, 'mine');
SELECT * FROM bench_verify_aggregates('90000000-0000-4000-8000-000000000000'::uuid, 'mine');
SELECT * FROM bench_recomputed_aggregates('nonesuch', 'mine');
SELECT * FROM bench_recomputed_aggregates(NULL::text, 'mine');
SELECT * FROM bench_recomputed_aggregates('90000000-0000-4000-8000-000000000000'::uuid, 'mine');

SET client_min_messages = warning;
DROP SCHEMA mine CASCADE;
DROP TABLE changes;
DROP FUNCTION five, four, measured;
