-- benchsketch: percentiles with a bounded relative error, the same in any order and any plan.
SET extra_float_digits = 0;
\set SHOW_CONTEXT never
CREATE SCHEMA regress_sketch;
SET search_path = regress_sketch, public;
CREATE TABLE runs AS
SELECT i, exp((i * 7919 % 10007) / 1000.0)::float8 AS ms, (i * 104729 % 10007 - 5000)::float8 / 100 AS change FROM generate_series(1, 10006) i;

SELECT bench_count(s), bench_min(s), bench_max(s), bench_sum(s), bench_mean(s), bench_error(s)
FROM (SELECT bench_sketch(x) FROM unnest('{3,1,4,1,5,9,2,6,5,3}'::float8[]) x) v(s);
SELECT bench_sketch(x) FROM unnest('{3,1,4,1,5,9,2,6,5,3}'::float8[]) x;
SELECT bench_sketch(x, 0.1) FROM unnest('{-Infinity,NaN,0,-2,2,Infinity,NaN}'::float8[]) x;
SELECT bench_sketch(NULL::float8) IS NULL AS nulls, bench_sketch(NULL, 7) IS NULL AS with_alpha, bench_rollup(NULL::benchsketch) IS NULL AS rolled_up;

-- what is promised: at most alpha of the exact percentile
SELECT array_agg(i / 200.0::float8 ORDER BY i) AS wanted FROM generate_series(0, 200) i \gset
SELECT alpha, max(abs(estimate - exact) / exact) <= alpha AS promised, bool_and(p NOT IN (0, 1) OR estimate = exact) AS ends
FROM unnest('{0.5,0.05,0.01,0.001,0.0001}'::float8[]) alpha,
	LATERAL (SELECT percentile_cont(:'wanted'::float8[]) WITHIN GROUP (ORDER BY ms) AS exacts,
		bench_percentiles(bench_sketch(ms, alpha), :'wanted') AS estimates FROM runs) v,
	LATERAL unnest(:'wanted'::float8[], exacts, estimates) u(p, exact, estimate)
GROUP BY alpha ORDER BY alpha;
-- of both signs, alpha of the greater of the two values next to it
SELECT max(abs(estimate - exact) / greatest(abs(low), abs(high), 1e-9)) <= 0.01 AS promised
FROM (SELECT percentile_cont(:'wanted'::float8[]) WITHIN GROUP (ORDER BY change) AS exacts,
		bench_percentiles(bench_sketch(change), :'wanted') AS estimates, array_agg(change ORDER BY change) AS sorted FROM runs) v,
	LATERAL unnest(:'wanted'::float8[], exacts, estimates) u(p, exact, estimate),
	LATERAL (SELECT sorted[1 + floor(p * 10005)::int] AS low, sorted[1 + ceil(p * 10005)::int] AS high) w;
SELECT bench_percentiles(s, '{{0,0.5},{NULL,1}}'), bench_percentiles(s, '{}') FROM (SELECT bench_sketch(7.25) AS s) v;
SELECT bench_percentile(s, NULL) IS NULL AS nulls, bench_percentiles(s, NULL) IS NULL AS array FROM (SELECT bench_sketch(1) AS s) v;
SELECT bench_percentile(bench_sketch(1), 1.01);
\echo :LAST_ERROR_SQLSTATE
SELECT bench_percentiles(bench_sketch(1), '{0.5,NaN}');
-- shares of values, those in the bin of x included
SELECT x, bench_rank(s, x) FROM (SELECT bench_sketch(v) AS s FROM unnest('{1,1,2,3,NaN,-Infinity,Infinity,-5}'::float8[]) v) v,
	unnest('{-Infinity,-6,-5,0,0.9,1,2.5,3,1e9,Infinity,NaN}'::float8[]) x;
SELECT max(abs(bench_rank(s, bench_percentile(s, p / 100.0)) - p / 100.0)) < 0.003 AS near_p
FROM (SELECT bench_sketch(ms) AS s FROM runs) v, generate_series(0, 100) p;

-- NaN and infinities as in min, max, sum and avg
SELECT v, bench_sum(s) = sum AS sum, bench_mean(s) = avg AS mean, bench_min(s) = min AS min, bench_max(s) = max AS max,
	bench_percentile(s, 1) = max AS last
FROM unnest(ARRAY['{1,NaN,2}', '{Infinity,1,2}', '{1,2,-Infinity}', '{Infinity,1,-Infinity}', '{NaN,NaN}', '{1,Infinity,NaN}']) v,
	LATERAL (SELECT bench_sketch(x) AS s, sum(x), avg(x), min(x), max(x) FROM unnest(v::float8[]) x) w;
SELECT bench_sum(bench_sketch(x)) FROM unnest('{1e308,1e308,-1e308}'::float8[]) x;
SELECT bench_sum(bench_sketch(x)) FROM unnest('{1e308,1e308}'::float8[]) x;
\echo :LAST_ERROR_SQLSTATE

-- equal values make equal sketches, down to the last bit: in another order, of parts, in parallel
CREATE TABLE sketches (plan text, ms benchsketch, change benchsketch);
INSERT INTO sketches SELECT 'serial', bench_sketch(ms), bench_sketch(change, 0.003) FROM runs;
INSERT INTO sketches SELECT 'sorted', bench_sketch(ms), bench_sketch(change, 0.003) FROM (SELECT * FROM runs ORDER BY change) s;
INSERT INTO sketches SELECT 'rollup', bench_rollup(ms), bench_rollup(change)
FROM (SELECT bench_sketch(ms) AS ms, bench_sketch(change, 0.003) AS change FROM runs GROUP BY i % 13) s;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT bench_sketch(ms), bench_sketch(change, 0.003) FROM runs;
CREATE TABLE parallel AS SELECT bench_sketch(ms) AS ms, bench_sketch(change, 0.003) AS change FROM runs;
INSERT INTO sketches SELECT 'parallel', ms, change FROM parallel;
CREATE TABLE parts AS SELECT i % 13 AS part, bench_sketch(ms) AS ms FROM runs GROUP BY 1;
EXPLAIN (COSTS OFF) SELECT bench_rollup(ms) FROM parts;
CREATE TABLE whole AS SELECT bench_rollup(ms) AS ms FROM parts;
INSERT INTO sketches SELECT 'parallel rollup', ms, (SELECT change FROM sketches WHERE plan = 'serial') FROM whole;
SELECT plan, bench_sketch_send(ms) = (SELECT bench_sketch_send(ms) FROM sketches WHERE plan = 'serial') AS ms,
	bench_sketch_send(change) = (SELECT bench_sketch_send(change) FROM sketches WHERE plan = 'serial') AS change
FROM sketches ORDER BY plan;
-- in windows
SELECT count(*), bool_and(bench_sketch_send(s) = (SELECT bench_sketch_send(bench_sketch(ms)) FROM runs r WHERE r.i BETWEEN f.i - 29 AND f.i)) AS equal
FROM (SELECT i, bench_sketch(ms) OVER (ORDER BY i ROWS 29 PRECEDING) AS s FROM runs WHERE i <= 100) f;

-- text and bytes, and back
CREATE FUNCTION receive(bytes bytea) RETURNS benchsketch LANGUAGE plpgsql AS $$
DECLARE
	file text := current_setting('data_directory') || '/regress_sketch.bin';
	object oid := lo_from_bytea(0, '\x5047434f50590aff0d0a0000000000000000000001' || int4send(length(bytes)) || bytes || '\xffff');
	s benchsketch;
BEGIN
	CREATE TEMP TABLE received (s benchsketch) ON COMMIT DROP;
	PERFORM lo_export(object, file);
	PERFORM lo_unlink(object);
	EXECUTE format('COPY pg_temp.received FROM %L (FORMAT binary)', file);
	SELECT r.s INTO s FROM pg_temp.received r;
	EXECUTE format('COPY pg_temp.received FROM PROGRAM %L', 'rm -f ' || quote_literal(file));
	DROP TABLE pg_temp.received;
	RETURN s;
END $$;
CREATE TABLE samples AS
SELECT v, bench_sketch(x) AS s FROM unnest(ARRAY['{3,1,4}', '{0.1,0.2,0.3,1e-20}', '{NaN,-Infinity,2}', '{NaN}', '{1e308,1e308,1e-300,-1}']) v,
	unnest(v::float8[]) x GROUP BY v ORDER BY v;
SELECT receive('\x');
SELECT receive('\x02');
SELECT receive(substring(bench_sketch_send(s) FOR 30)) FROM samples WHERE v = '{3,1,4}';
SELECT receive(bench_sketch_send(s) || '\x00') FROM samples WHERE v = '{3,1,4}';
\echo :LAST_ERROR_SQLSTATE
-- min, which is not in the first bin
SELECT receive(overlay(bench_sketch_send(s) PLACING float8send(0.5) FROM 10)) FROM samples WHERE v = '{3,1,4}';
SELECT v, bench_sketch_send(s::text::benchsketch) = bench_sketch_send(s) AS text,
	bench_sketch_send(receive(bench_sketch_send(s))) = bench_sketch_send(s) AS bytes,
	jsonb_array_length(s::text::jsonb -> 'sum') AS parts_of_sum FROM samples ORDER BY v;
SELECT '{"alpha": 0.01, "n": 2'::benchsketch;
\echo :LAST_ERROR_SQLSTATE
SELECT '{"alpha": 0.7, "n": 1, "min": 1, "max": 1, "sum": [1], "nan": 0, "minus_infinity": 0, "infinity": 0, "bins": [[1, 1]]}'::benchsketch;
SELECT '{"alpha": 0.01, "n": 2, "min": 1, "max": 1, "sum": [1], "nan": 0, "minus_infinity": 0, "infinity": 0, "bins": [[1037, 1]]}'::benchsketch;
SELECT '{"alpha": 0.01, "n": 1, "min": 1, "max": 1, "sum": ["NaN"], "nan": 0, "minus_infinity": 0, "infinity": 0, "bins": [[1037, 1]]}'::benchsketch;
SELECT '{"alpha": 0.01, "n": 1, "min": 1, "max": 1, "sum": [1], "nan": -1, "minus_infinity": 0, "infinity": 0, "bins": [[1037, 2]]}'::benchsketch;
SELECT '{"alpha": 0.01, "n": 2, "min": 1, "max": 1, "sum": [1], "nan": 0, "minus_infinity": 0, "infinity": 0, "bins": [[1037, 1], [1037, 1]]}'::benchsketch;
SELECT '{"alpha": 0.01, "n": 1, "min": 1, "max": 1, "sum": [1], "nan": 0, "minus_infinity": 0, "infinity": 0, "bins": [[2000000000, 1]]}'::benchsketch;
SELECT '{"alpha": 0.01, "n": 1, "min": 1, "max": 1, "sum": [1], "nan": 0, "minus_infinity": 0, "infinity": 0, "bins": [[1040, 1]]}'::benchsketch;
SELECT '{"alpha": 0.01, "n": 1, "min": "Infinity", "max": 1, "sum": [1], "nan": 0, "minus_infinity": 0, "infinity": 0, "bins": [[1037, 1]]}'::benchsketch;
SELECT '{"alpha": 0.01, "n": 0, "min": "Infinity", "max": "-Infinity", "sum": [], "nan": 0, "minus_infinity": 0, "infinity": 0, "bins": []}'::benchsketch;
SELECT bench_rollup(s) FROM (SELECT ('{"alpha": 0.01, "n": 9223372036854775807, "min": 1, "max": 1, "sum": [1], "nan": 0, "minus_infinity": 0, '
	|| '"infinity": 0, "bins": [[1037, 9223372036854775807]]}')::benchsketch FROM generate_series(1, 2)) v(s);
\echo :LAST_ERROR_SQLSTATE

-- alpha is one for a group
SELECT bench_sketch(x, x / 100) FROM unnest('{1,2}'::float8[]) x;
\echo :LAST_ERROR_SQLSTATE
SELECT bench_rollup(s) FROM (SELECT bench_sketch(ms, (1 + i % 2) / 100.0) AS s FROM runs GROUP BY i % 2) v;
SELECT bench_sketch(x, 0.6) FROM unnest('{1,2}'::float8[]) x;
\echo :LAST_ERROR_SQLSTATE
SELECT bench_sketch(x, 0) FROM unnest('{1,2}'::float8[]) x;
SELECT bench_sketch(x, 'NaN') FROM unnest('{1,2}'::float8[]) x;
SELECT bench_sketch(x, NULL) FROM unnest('{1,2}'::float8[]) x;
\echo :LAST_ERROR_SQLSTATE
-- memory is bounded
SELECT bench_sketch(x, 0.0001) FROM unnest('{1e-8,1e300}'::float8[]) x;
\echo :LAST_ERROR_SQLSTATE
SELECT bench_count(bench_sketch(x)) FROM unnest('{-1.7976931348623157e308,5e-324,1.7976931348623157e308}'::float8[]) x;

SET client_min_messages = warning;
DROP SCHEMA regress_sketch CASCADE;
