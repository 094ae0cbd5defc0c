-- Aggregates over whole samples: the same bits as percentile_cont, in windows too, and nothing else than what was asked for.
SELECT bench_stats(x) FROM unnest('{3,1,4,1,5,9,2,6,5,NULL,3}'::float8[]) x;
SELECT bench_stats(x, 'suite') FROM unnest('{3,1,4,1,5,9,2,6,5,3}'::float8[]) x;
SELECT outliers, bench_stats(x, outliers) FROM unnest('{1,2,3,4,5,6,100}'::float8[]) x, unnest('{none,tukey,tukey3,mad,sigma,suite}'::text[]) outliers GROUP BY outliers ORDER BY outliers;
SELECT bench_stats(x) = bench_stats('{2.5}'::float8[]) AS same, bench_stats(x) AS one, bench_stats(x, 'suite') AS one_of_the_suite FROM unnest('{2.5}'::float8[]) x;
SELECT bench_stats(x) AS nan, bench_median(x), bench_percentile(x, 1) FROM unnest('{1,NaN,2}'::float8[]) x;
SELECT bench_stats(x) AS infinite, bench_median(x) FROM unnest('{1,Infinity,2}'::float8[]) x;
SELECT bench_stats(x) -> 'mean' AS huge FROM unnest('{1.5e308,1.5e308}'::float8[]) x;
-- integers and numerics as they come
SELECT bench_median(i), bench_median(i::numeric), bench_percentile(i::smallint, 0.25), bench_stats(i) -> 'mean' AS mean FROM generate_series(1, 4) i;
-- no values, no figures
SELECT bench_stats(x), bench_stats(x, 'suite'), bench_median(x), bench_percentile(x, 0.5), bench_percentiles(x, '{0.5}'), bench_sample(x), bench_mad(x), bench_trimmed_mean(x)
FROM unnest('{NULL,NULL}'::float8[]) x;
SELECT bench_stats(x), bench_median(x) FROM generate_series(1, 0) x;
SELECT bench_percentile(x, NULL), bench_percentiles(x, NULL), bench_stats(x, NULL), bench_percentiles(x, '{}') FROM generate_series(1, 3) x;
-- arguments
SELECT bench_percentile(x, 99) FROM generate_series(1, 3) x;
SELECT bench_percentile(x, 'NaN') FROM generate_series(1, 3) x;
SELECT bench_percentiles(x, '{0.5,-0.1}') FROM generate_series(1, 3) x;
SELECT bench_percentile(x, x / 10.0) FROM generate_series(1, 3) x;
SELECT bench_percentile(x, nullif(x, 2)) FROM generate_series(0, 2) x;
SELECT bench_stats(x, 'Tukey') FROM generate_series(1, 3) x;
SELECT bench_mad(x, 0) FROM generate_series(1, 3) x;
SELECT bench_trimmed_mean(x, 0.5) FROM generate_series(1, 3) x;
-- memory has a bound
SET benchresults_fdw.max_sample_bytes = '64kB';
SELECT bench_median(x) FROM generate_series(1, 8192) x;
SELECT bench_median(x) FROM generate_series(1, 8193) x;
SELECT bench_rollup(s) IS NULL FROM (SELECT bench_sample(x) AS s FROM generate_series(1, 5000) x) a, generate_series(1, 2);
RESET benchresults_fdw.max_sample_bytes;
\set VERBOSITY sqlstate
SET benchresults_fdw.max_sample_bytes = '1kB';
\set VERBOSITY default

-- many shapes of samples; random() of a seed is the same everywhere
SELECT setseed(0.25) \g /dev/null
CREATE TABLE many AS
	SELECT g, i, CASE g % 7
		WHEN 0 THEN exp(3 + random()) WHEN 1 THEN floor(random() * 20) WHEN 2 THEN 5 WHEN 3 THEN i
		WHEN 4 THEN least(i, 500 - i) WHEN 5 THEN round((1000 * random())::numeric, 2)::float8
		ELSE CASE WHEN random() < 0.1 THEN 'NaN' WHEN random() < 0.1 THEN 'Infinity' ELSE random() END END::float8 AS v
	FROM generate_series(1, 70) g, generate_series(1, 1 + 17 * g) i;
-- bit for bit what percentile_cont says
SELECT count(*) AS groups, count(*) FILTER (WHERE a IS DISTINCT FROM b) AS differ FROM (
	SELECT bench_percentiles(v, p) AS a, percentile_cont(p) WITHIN GROUP (ORDER BY v) AS b
	FROM many, (SELECT '{0,0.001,0.1,0.25,0.5,0.5,0.75,0.9,0.95,0.99,0.999,1}'::float8[] AS p) p GROUP BY g, p) s;
SELECT count(*) AS groups, count(*) FILTER (WHERE (s ->> 'p90')::float8 IS DISTINCT FROM p OR (s ->> 'median')::float8 IS DISTINCT FROM m) AS differ FROM (
	SELECT bench_stats(v) AS s, percentile_cont(0.9) WITHIN GROUP (ORDER BY v) AS p, percentile_cont(0.5) WITHIN GROUP (ORDER BY v) AS m
	FROM many WHERE g % 7 <> 6 GROUP BY g) s;
-- the aggregate, the sample and the array agree, whatever the order
SELECT count(*) AS groups, count(*) FILTER (WHERE a <> b OR a <> c OR a <> d) AS differ FROM (
	SELECT bench_stats(v ORDER BY i) AS a, bench_stats(v ORDER BY v DESC) AS b, bench_stats(bench_sample(v)) AS c, bench_stats(array_agg(v)) AS d
	FROM many GROUP BY g) s;
-- rollup of parts is the whole
SELECT count(*) AS groups, count(*) FILTER (WHERE bench_values(whole) = bench_values(bench_rollup)) AS same FROM (
	SELECT g, bench_rollup(part) FROM (SELECT g, i % 3, bench_sample(v) AS part FROM many GROUP BY g, i % 3) p GROUP BY g) r
	JOIN (SELECT g, bench_sample(v) AS whole FROM many GROUP BY g) w USING (g);
-- the built-in mean and deviation, but for the last digits
SELECT count(*) AS groups, count(*) FILTER (WHERE abs((s ->> 'mean')::float8 / a - 1) < 1e-13 AND (d = 0 AND (s ->> 'stdev')::float8 = 0 OR abs((s ->> 'stdev')::float8 / d - 1) < 1e-10)) AS agree FROM (
	SELECT bench_stats(v) AS s, avg(v) AS a, stddev(v) AS d FROM many WHERE g % 7 < 6 GROUP BY g) s;
-- in windows: frames that grow, that move, that leave out
CREATE TABLE line AS SELECT i, CASE WHEN i % 11 = 0 THEN NULL WHEN i % 17 = 0 THEN 'NaN' ELSE floor(100 * random()) END::float8 AS v FROM generate_series(1, 400) i;
CREATE FUNCTION differ(bounds text) RETURNS TABLE (frame text, rows bigint, differ bigint) LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format($q$
		SELECT %L, count(*), count(*) FILTER (WHERE
			m IS DISTINCT FROM (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FROM unnest(values) x)
			OR p IS DISTINCT FROM (SELECT percentile_cont('{0.1,0.9}'::float8[]) WITHIN GROUP (ORDER BY x) FROM unnest(values) x)
			OR s IS DISTINCT FROM bench_stats(values, 'suite')
			OR bench_values(b) IS DISTINCT FROM (SELECT bench_values(bench_sample(x)) FROM unnest(values) x)
			OR t IS DISTINCT FROM (SELECT bench_trimmed_mean(x, 0.2) FROM unnest(values) x))
		FROM (SELECT array_agg(v) OVER w AS values, bench_median(v) OVER w AS m, bench_percentiles(v, '{0.1,0.9}') OVER w AS p,
				bench_stats(v, 'suite') OVER w AS s, bench_sample(v) OVER w AS b, bench_trimmed_mean(v, 0.2) OVER w AS t
			FROM line WINDOW w AS (ORDER BY i %s)) q $q$, bounds, bounds);
END $$;
SELECT d.* FROM unnest('{"",ROWS 29 PRECEDING,ROWS BETWEEN 5 FOLLOWING AND 9 FOLLOWING,ROWS BETWEEN 3 PRECEDING AND UNBOUNDED FOLLOWING,ROWS BETWEEN 10 PRECEDING AND 10 FOLLOWING EXCLUDE CURRENT ROW,RANGE BETWEEN 7 PRECEDING AND 3 PRECEDING,ROWS BETWEEN CURRENT ROW AND CURRENT ROW}'::text[]) f, differ(f) d;
-- FILTER, DISTINCT, GROUPING SETS; state is shared, results are not
SELECT bench_median(v) FILTER (WHERE i > 390), bench_median(DISTINCT v), bench_stats(v) ->> 'sampleCount' AS n, bench_sample(v) FILTER (WHERE i <= 5) FROM line;
SELECT i % 2 AS odd, bench_median(v) FROM line WHERE v <> 'NaN' GROUP BY GROUPING SETS ((i % 2), ()) ORDER BY 1;
-- a hash of groups, where percentile_cont has to sort
EXPLAIN (COSTS OFF) SELECT g, bench_median(v), bench_stats(v), percentile_cont(0.5) WITHIN GROUP (ORDER BY v) FROM many GROUP BY g;
EXPLAIN (COSTS OFF) SELECT g, bench_median(v), bench_stats(v) FROM many GROUP BY g;
DROP TABLE many, line;
DROP FUNCTION differ;
