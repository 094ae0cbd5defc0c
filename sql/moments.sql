-- benchmoments: moments of a stream in one pass, merged, and told; geometric means.
SET extra_float_digits = 0;
\set SHOW_CONTEXT never
CREATE SCHEMA regress_moments;
SET search_path = regress_moments, public;

CREATE FUNCTION figures(m benchmoments, OUT n bigint, OUT sum float8, OUT mean float8, OUT stddev float8,
	OUT min float8, OUT max float8, OUT skewness numeric, OUT kurtosis numeric) LANGUAGE sql AS $$
SELECT bench_count(m), bench_sum(m), bench_mean(m), bench_stddev(m), bench_min(m), bench_max(m),
	round(nullif(bench_skewness(m), 'NaN')::numeric, 12), round(nullif(bench_kurtosis(m), 'NaN')::numeric, 12)
$$;

-- numpy and scipy: std(ddof=1), skew, kurtosis
SELECT figures.* FROM (SELECT bench_moments(x) FROM unnest('{3,1,4,1,5,9,2,6,5,3}'::float8[]) x) s(m), figures(m);
SELECT figures.* FROM (SELECT bench_moments(x) FROM unnest('{0.5,0.25,1.5,40,3.25,2,1}'::float8[]) x) s(m), figures(m);
SELECT figures.* FROM (SELECT bench_moments(x) FROM unnest('{1000000004,1000000007,1000000013,1000000016}'::int[]) x) s(m), figures(m);
SELECT bench_variance(bench_moments(x)) FROM generate_series(1, 8) x;
-- what is not defined is NULL
SELECT figures.* FROM (SELECT bench_moments(5)) s(m), figures(m);
SELECT figures.* FROM (SELECT bench_moments(x) FROM unnest('{7.1,7.1,7.1}'::float8[]) x) s(m), figures(m);
SELECT bench_moments(NULL::float8) IS NULL AS nulls, bench_rollup(NULL::benchmoments) IS NULL AS rolled_up,
	bench_geomean(NULL::float8) IS NULL AS geomean;
-- the value that aggregates begin with
SELECT figures.* FROM figures('{"n": 0, "mean": 0, "m2": 0, "m3": 0, "m4": 0, "min": 0, "max": 0, "sum": 0, "carry": 0}');

-- NaN and infinities as in sum, avg, stddev, min and max
SELECT v, bench_sum(m) = sum AS sum, bench_mean(m) = avg AS mean, bench_stddev(m) = stddev AS stddev, bench_min(m) = min AS min,
	bench_max(m) = max AS max, bench_skewness(m) AS skewness, bench_kurtosis(m) AS kurtosis
FROM unnest(ARRAY['{1,NaN,2}', '{Infinity,1,2}', '{1,2,-Infinity}', '{Infinity,1,-Infinity}', '{NaN,NaN}', '{1,Infinity,NaN}']) v,
	LATERAL (SELECT bench_moments(x) AS m, sum(x), avg(x), stddev(x), min(x), max(x) FROM unnest(v::float8[]) x) s;
SELECT bench_sum(bench_moments(x)) FROM unnest('{1e308,1e308}'::float8[]) x;
SELECT bench_mean(bench_moments(x)), bench_stddev(bench_moments(x)) FROM unnest('{1e200,-1e200}'::float8[]) x;
SELECT bench_kurtosis(bench_moments(x)) FROM unnest('{1e100,-1e100,0}'::float8[]) x;

-- text and bytes, and back: the same to the last bit, whatever the settings
CREATE TABLE moments AS
SELECT v, bench_moments(x) AS m
FROM unnest(ARRAY['{3,1,4,1,5,9,2,6,5,3.1}', '{0.1,0.2,0.3}', '{1e-300,1e300}', '{NaN,-Infinity,2}', '{-0}']) v, unnest(v::float8[]) x
GROUP BY v ORDER BY v;
SELECT m FROM moments WHERE v IN ('{-0}', '{NaN,-Infinity,2}');
SELECT v, m::text::benchmoments::text = m::text AS text, pg_column_size(m) AS bytes,
	m::text::jsonb ->> 'n' AS n FROM moments ORDER BY v;
-- what is received, by way of a file
CREATE FUNCTION receive(bytes bytea) RETURNS benchmoments LANGUAGE plpgsql AS $$
DECLARE
	file text := current_setting('data_directory') || '/regress_moments.bin';
	object oid := lo_from_bytea(0, '\x5047434f50590aff0d0a0000000000000000000001' || int4send(length(bytes)) || bytes || '\xffff');
	m benchmoments;
BEGIN
	CREATE TEMP TABLE received (m benchmoments) ON COMMIT DROP;
	PERFORM lo_export(object, file);
	PERFORM lo_unlink(object);
	EXECUTE format('COPY pg_temp.received FROM %L (FORMAT binary)', file);
	SELECT r.m INTO m FROM pg_temp.received r;
	EXECUTE format('COPY pg_temp.received FROM PROGRAM %L', 'rm -f ' || quote_literal(file));
	DROP TABLE pg_temp.received;
	RETURN m;
END $$;
SELECT receive('\x00');
SELECT receive(set_byte(bench_moments_send(m), 0, 255)) FROM moments WHERE v = '{0.1,0.2,0.3}';
SELECT receive(bench_moments_send(m) || '\x00') FROM moments WHERE v = '{0.1,0.2,0.3}';
\echo :LAST_ERROR_SQLSTATE
SELECT v, receive(bench_moments_send(m))::text = m::text AS bytes FROM moments ORDER BY v;
SELECT '{"n": 2, "mean": 3'::benchmoments;
\echo :LAST_ERROR_SQLSTATE
SELECT '{"n": 1, "mean": 0x10, "m2": 0, "m3": 0, "m4": 0, "min": 16, "max": 16, "sum": 16, "carry": 0}'::benchmoments;
SELECT '{"n": 1, "mean": 1e999, "m2": 0, "m3": 0, "m4": 0, "min": 16, "max": 16, "sum": 16, "carry": 0}'::benchmoments;
SELECT '{"n": 1.5, "mean": 1, "m2": 0, "m3": 0, "m4": 0, "min": 1, "max": 1, "sum": 1, "carry": 0}'::benchmoments;
SELECT '{"n": 9223372036854775808, "mean": 1, "m2": 0, "m3": 0, "m4": 0, "min": 1, "max": 1, "sum": 1, "carry": 0}'::benchmoments;
SELECT '{"n": 1, "mean": 1, "m2": 0, "m3": 0, "m4": 0, "min": 2, "max": 1, "sum": 1, "carry": 0}'::benchmoments;
SELECT '{"n": 1, "mean": 1, "m2": 0, "m3": 0, "m4": 0, "min": 1, "max": 1, "sum": 1, "carry": 0} x'::benchmoments;
SELECT '{"n": 1, "mean": 1, "wrong": 0, "m3": 0, "m4": 0, "min": 1, "max": 1, "sum": 1, "carry": 0}'::benchmoments;
SELECT bench_rollup(m) FROM (VALUES
	('{"n": 9223372036854775807, "mean": 1, "m2": 0, "m3": 0, "m4": 0, "min": 1, "max": 1, "sum": 1, "carry": 0}'::benchmoments),
	('{"n": 1, "mean": 1, "m2": 0, "m3": 0, "m4": 0, "min": 1, "max": 1, "sum": 1, "carry": 0}')) v(m);
\echo :LAST_ERROR_SQLSTATE

-- in windows: the figures of a frame are those of its rows alone, and what was returned does not change any more
CREATE TABLE runs AS SELECT i, (i * 7919 % 1009)::float8 / 8 AS ms FROM generate_series(1, 2000) i;
WITH frames AS MATERIALIZED (
	SELECT i, bench_moments(ms) OVER moving AS moving, bench_moments(ms) OVER growing AS growing, bench_geomean(ms + 1) OVER moving AS geomean
	FROM runs WHERE i <= 200
	WINDOW moving AS (ORDER BY i ROWS 29 PRECEDING), growing AS (ORDER BY i)
)
SELECT count(*), bool_and(moving::text = (SELECT bench_moments(ms)::text FROM (SELECT ms FROM runs r WHERE r.i BETWEEN f.i - 29 AND f.i ORDER BY r.i) o)) AS moving,
	bool_and(growing::text = (SELECT bench_moments(ms)::text FROM (SELECT ms FROM runs r WHERE r.i <= f.i ORDER BY r.i) o)) AS growing,
	bool_and(geomean = (SELECT bench_geomean(ms + 1) FROM (SELECT ms FROM runs r WHERE r.i BETWEEN f.i - 29 AND f.i ORDER BY r.i) o)) AS geomean
FROM frames f;

-- parts together are the whole, in whatever plan
CREATE TABLE plans (plan text, m benchmoments, geomean float8);
INSERT INTO plans SELECT 'serial', bench_moments(ms), bench_geomean(ms + 1) FROM runs;
INSERT INTO plans SELECT 'rollup', bench_rollup(m), NULL FROM (SELECT bench_moments(ms) AS m FROM runs GROUP BY i % 7) s;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT bench_moments(ms), bench_geomean(ms + 1) FROM runs;
CREATE TABLE parallel AS SELECT bench_moments(ms) AS m, bench_geomean(ms + 1) AS geomean FROM runs;
INSERT INTO plans SELECT 'parallel', m, geomean FROM parallel;
SELECT p.plan, bench_count(p.m) = bench_count(s.m) AS n, bench_min(p.m) = bench_min(s.m) AS min, bench_max(p.m) = bench_max(s.m) AS max,
	bench_sum(p.m) = bench_sum(s.m) AS sum, abs(bench_stddev(p.m) / bench_stddev(s.m) - 1) < 1e-14 AS stddev,
	abs(bench_skewness(p.m) - bench_skewness(s.m)) < 1e-12 AS skewness, abs(bench_kurtosis(p.m) - bench_kurtosis(s.m)) < 1e-12 AS kurtosis,
	abs(p.geomean / s.geomean - 1) < 1e-14 AS geomean
FROM plans p, plans s WHERE p.plan <> 'serial' AND s.plan = 'serial' ORDER BY p.plan;
SELECT abs(bench_mean(m) / avg(ms) - 1) < 1e-15 AS mean, abs(bench_stddev(m) / stddev(ms) - 1) < 1e-14 AS stddev
FROM plans, runs WHERE plan = 'serial' GROUP BY m::text, bench_mean(m), bench_stddev(m);

-- geometric means, as scipy's gmean
SELECT round(bench_geomean(x)::numeric, 13) AS aggregate, round(bench_geomean(array_agg(x))::numeric, 13) AS sample
FROM unnest('{3,1,4,1,5,9,2,6,5,3}'::float8[]) x;
SELECT round(bench_geomean(x)::numeric, 13) FROM unnest('{123.4,98.7,250.25,0.001}'::float8[]) x;
SELECT v, bench_geomean(v::float8[]) AS sample, (SELECT bench_geomean(x) FROM unnest(v::float8[]) x) AS aggregate
FROM unnest(ARRAY['{}', '{NULL}', '{0,5}', '{-0,1e300}', '{Infinity,1}', '{0,Infinity}', '{NaN,0}']) v;
SELECT bench_geomean(x) FROM unnest('{1,-3}'::float8[]) x;
\echo :LAST_ERROR_SQLSTATE
SELECT bench_geomean('{-1,3}'::float8[]);
-- of many that would not fit into a product
SELECT round(bench_geomean(1e300)::numeric(310, 2) / 1e300, 10) AS large, bench_geomean(1e-300) / 1e-300 BETWEEN 0.9999999 AND 1.0000001 AS small
FROM generate_series(1, 1000);

SET client_min_messages = warning;
DROP SCHEMA regress_moments CASCADE;
