-- Metrics in the style of TPC-H and as BenchBox has them; expected figures by hand.
\set SHOW_CONTEXT never
-- 22 times of 2 s and two of 0.5 s: 3600 * 10 / (2^22 * 0.5^2)^(1/24) = 36000 / 2^(20/24)
SELECT round((36000 / 2 ^ (20.0 / 24))::numeric, 6) AS by_hand, round(power::numeric, 6) AS power, note FROM bench_tpch_power(array_fill(2.0::float8, '{22}'), '{0.5,0.5}', 10);
SELECT round(power::numeric, 6) AS power, note FROM bench_tpch_power(array_fill(2.0::float8, '{22}'), NULL, 10);
SELECT round(power::numeric, 6) AS power, note FROM bench_tpch_power(array_fill(2.0::float8, '{22}'), '{}', 10);
-- clause 5.4.1.4: 0.5 s count as 2000 s / 1000, and refresh functions as they are: 3600 / (2000 * 2^21 * 0.5^2)^(1/24)
SELECT round((3600 / (2000 * 2 ^ 21 * 0.25) ^ (1.0 / 24))::numeric, 6) AS by_hand, round(power::numeric, 6) AS power, note
FROM bench_tpch_power(2000::float8 || array_fill(0.5::float8, '{21}'), '{0.5,0.5}', 1);
-- a thousandth to the bit is not raised
SELECT note FROM bench_tpch_power(2000::float8 || array_fill(2::float8, '{21}'), '{1,1}', 1);
SELECT * FROM bench_tpch_power(NULL, '{1,1}', 1);
SELECT * FROM bench_tpch_power(array_fill(1::float8, '{22}'), '{1,1}', NULL);
SELECT * FROM bench_tpch_power(array_fill(1::float8, '{21}'), '{1,1}', 1);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM bench_tpch_power(array_fill(1::float8, '{22}'), '{1}', 1);
SELECT * FROM bench_tpch_power(0::float8 || array_fill(1::float8, '{21}'), '{1,1}', 1);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM bench_tpch_power(array_fill(1::float8, '{22}'), '{1,-1}', 1);
SELECT * FROM bench_tpch_power(NULL::float8 || array_fill(1::float8, '{21}'), '{1,NaN}', 1);
SELECT * FROM bench_tpch_power(array_fill(1::float8, '{22}'), '{1,1}', 0);
-- 3 streams in 792 s at 10: 3 * 22 * 3600 / 792 * 10
SELECT * FROM bench_tpch_throughput(3, 792, 10);
SELECT * FROM bench_tpch_throughput(3, 792, 30);
SELECT * FROM bench_tpch_throughput(0, 792, 10);
SELECT * FROM bench_tpch_throughput(3, 0, 10);
SELECT * FROM bench_tpch_throughput(3, 792, 'NaN');
SELECT sf, bench_tpch_min_streams(sf) FROM unnest('{0.01,1,5,10,30,99,100,300,1000,3000,10000,NaN,NULL}'::float8[]) WITH ORDINALITY s(sf, ord) ORDER BY ord;
SELECT bench_tpch_qphh(100, 400), bench_price_per_qphh(5000, 200);
SELECT bench_tpch_qphh(0, 400);
SELECT bench_price_per_qphh(5000, 0);
-- BenchBox: a sample of Spark's has power_at_size 127.6113 at SF 0.01; its last stream has a geometric mean of 282.105 ms,
-- of times that are rounded to tenths
SELECT abs(benchbox_power_at_size('{0.282105}', 0.01) / 127.6113 - 1) < 1e-5 AS spark;
-- two of its public result files, amplab on BigQuery at 0.1 and on DuckDB at 0.01: their geometric_mean_ms are 993.8 and 0.4
SELECT round((3600 * 0.1 / benchbox_power_at_size(ARRAY(SELECT ms / 1000 FROM unnest('{886.4,891.7,1259.0,1235.7,1047.2,1117.5,832.4,1737.5,
	857.1,729.8,1015.1,866.4,808.7,1197.0,950.8,859.3}'::float8[]) ms), 0.1) * 1000)::numeric, 1) AS bigquery,
	round((3600 * 0.01 / benchbox_power_at_size(ARRAY(SELECT ms / 1000 FROM unnest('{0.2,0.1,0.7,0.5,0.6,0.4,1.0,0.9,
	0.1,0.1,0.6,0.5,0.6,0.3,0.9,0.8,0.1,0.1,0.6,0.4,0.6,0.3,0.9,0.9}'::float8[]) ms), 0.01) * 1000)::numeric, 1) AS duckdb;
SELECT round(benchbox_power_at_size('{1,2,4}', 1)::numeric, 9) AS power, benchbox_power_at_size('{}', 1) AS of_nothing;
SELECT benchbox_power_at_size('{1,Infinity}', 1);
