-- What is compared by bench/statistics: rows, pairs and floors are variables.
SET client_min_messages = warning;
CREATE EXTENSION benchresults_fdw;
SET statistics.floors = :floors;
SELECT setseed(0.5) \g /dev/null

-- durations as they are: skewed, and with more decimals than a service measures
CREATE UNLOGGED TABLE sample AS
	SELECT exp(3 + 0.5 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) AS v, i % 40 AS g
	FROM generate_series(1, :rows) i;
CREATE UNLOGGED TABLE series AS
	SELECT i AS t, 100 + 20 * random() AS v FROM generate_series(1, 3000) i;
CREATE UNLOGGED TABLE arrays AS
	SELECT array_agg(v) AS a FROM (SELECT v FROM sample LIMIT 1000000) s;
CREATE UNLOGGED TABLE shapes AS
	SELECT i, exp(3 + random()) AS random, 7.0::float8 AS equal,
		CASE WHEN random() < 0.5 THEN 1.0::float8 ELSE 1e15 END AS two_valued, i::float8 AS sorted,
		least(i, n - i)::float8 AS organ_pipe,
		CASE WHEN random() < 0.3 THEN 'NaN'::float8 ELSE exp(3 + random()) END AS nan_laden
	FROM (SELECT :rows / 5 AS n) s, generate_series(1, n) i;
VACUUM ANALYZE sample, series, arrays, shapes;

CREATE TABLE measured (place serial, what text, floor float8, ours float8[] DEFAULT '{}', theirs float8[] DEFAULT '{}', ratios float8[] DEFAULT '{}');

CREATE FUNCTION milliseconds(query text) RETURNS float8 LANGUAGE plpgsql STRICT AS $$
DECLARE
	start timestamptz := clock_timestamp();
BEGIN
	EXECUTE query;
	RETURN 1000 * extract(epoch FROM clock_timestamp() - start);
END $$;

-- Both sides in turns, less what base takes, after one round that nobody counts.
CREATE FUNCTION compare(what text, pairs int, floor float8, ours text, theirs text, base text DEFAULT NULL, memory text DEFAULT '4GB')
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	a float8; b float8; less float8;
	row int;
BEGIN
	PERFORM set_config('work_mem', memory, false);
	INSERT INTO measured (what, floor) VALUES (what, floor) RETURNING place INTO row;
	FOR i IN 0 .. pairs LOOP
		less := coalesce(milliseconds(base), 0);
		a := milliseconds(ours) - less;
		b := milliseconds(theirs) - less;
		UPDATE measured SET ours = measured.ours || a, theirs = measured.theirs || b, ratios = measured.ratios || b / a
			WHERE place = row AND i > 0;
	END LOOP;
END $$;

\set built_in 'percentile_cont(array[0.5, 0.9, 0.95, 0.99]) WITHIN GROUP (ORDER BY v), avg(v), min(v), max(v), count(v), stddev(v)'
SELECT compare(:'rows' || ' values, all statistics', :pairs, 4,
	'SELECT bench_stats(v) FROM sample', 'SELECT ' || :'built_in' || ' FROM sample') \g /dev/null
SELECT compare('the same, less count(v)', :pairs, 15,
	'SELECT bench_stats(v) FROM sample', 'SELECT ' || :'built_in' || ' FROM sample', 'SELECT count(v) FROM sample') \g /dev/null
SELECT compare('the same, work_mem 4 MB', :pairs, 4,
	'SELECT bench_stats(v) FROM sample', 'SELECT ' || :'built_in' || ' FROM sample', memory => '4MB') \g /dev/null
SELECT compare('40 groups', :pairs, 3,
	'SELECT g, bench_stats(v) FROM sample GROUP BY g', 'SELECT g, ' || :'built_in' || ' FROM sample GROUP BY g') \g /dev/null
SELECT compare('far apart', :pairs, 2,
	'SELECT bench_stats(v * 1e4) FROM sample', 'SELECT ' || replace(:'built_in', 'v)', 'v * 1e4)') || ' FROM sample') \g /dev/null
SELECT compare('median only', :pairs, 3,
	'SELECT bench_median(v) FROM sample', 'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY v) FROM sample') \g /dev/null
SELECT compare('percentiles by a sketch', :pairs, 3,
	'SELECT bench_percentiles(bench_sketch(v), ''{0.5,0.9,0.95,0.99}'') FROM sample',
	'SELECT percentile_cont(array[0.5, 0.9, 0.95, 0.99]) WITHIN GROUP (ORDER BY v) FROM sample') \g /dev/null
SELECT compare('moments', :pairs, 1,
	'SELECT bench_moments(v) FROM sample', 'SELECT count(v), sum(v), avg(v), stddev(v), min(v), max(v) FROM sample') \g /dev/null
SELECT compare('an array of 1000000', :pairs, 10,
	'SELECT bench_stats(a) FROM arrays', 'SELECT ' || :'built_in' || ' FROM arrays, unnest(a) v') \g /dev/null
SELECT compare('rolling median of 30, 3000 points', :pairs, 50,
	'SELECT sum(m) FROM (SELECT bench_median(v) OVER (ORDER BY t ROWS 29 PRECEDING) AS m FROM series) s',
	'SELECT sum(m) FROM (SELECT (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY w.v) FROM series w WHERE w.t BETWEEN s.t - 29 AND s.t) AS m FROM series s) s') \g /dev/null
-- the other way round: what the worst order costs against a random one, at most three times as much
SELECT compare('random against ' || shape, :pairs, 0.333,
	format('SELECT bench_stats(%I) FROM shapes', shape), 'SELECT bench_stats(random) FROM shapes')
FROM unnest('{equal,two_valued,sorted,organ_pipe,nan_laden}'::text[]) shape \g /dev/null

\pset footer off
SELECT what, round(bench_median(ours)::numeric, 1) AS "ms", round(bench_median(theirs)::numeric, 1) AS "built-in ms",
	round(bench_min(ratios)::numeric, 2) AS least, round(bench_median(ratios)::numeric, 2) AS ratio, round(bench_max(ratios)::numeric, 2) AS most, floor
FROM measured ORDER BY place;
-- an error, and so the exit status, below a floor
DO $$
BEGIN
	IF EXISTS (SELECT FROM measured WHERE bench_median(ratios) < floor * current_setting('statistics.floors')::float8 / 100) THEN
		RAISE EXCEPTION 'a ratio is below its floor';
	END IF;
END $$;
