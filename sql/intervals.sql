-- confidence intervals
CREATE TEMP VIEW ranks AS
SELECT n, bench_sample(ARRAY(SELECT i::float8 FROM generate_series(1, n) i)) AS s
FROM unnest(ARRAY[1, 5, 6, 10, 20, 30, 100, 367, 368]) n;
CREATE FUNCTION pg_temp.r(float8) RETURNS numeric IMMUTABLE LANGUAGE SQL RETURN round($1::numeric, 6);

-- by order statistics: values are ranks
SELECT n, median, lo, hi, pg_temp.r(actual_conf) AS actual, note FROM ranks, bench_median_ci(s);
SELECT n, pg_temp.r(percentile) AS p99, lo, hi, pg_temp.r(actual_conf) AS actual, note
FROM ranks, bench_percentile_ci(s, 0.99) WHERE n IN (6, 100, 367, 368);
SELECT n, lo, hi FROM ranks, bench_percentile_ci(s, 0.5, 0.99) WHERE n IN (6, 10, 100);

-- of means
SELECT pg_temp.r(mean) AS mean, pg_temp.r(lo) AS lo, pg_temp.r(hi) AS hi, note
FROM bench_mean_ci('{3,1,4,1,5,9,2,6,5,3}');
SELECT pg_temp.r(geomean) AS geomean, pg_temp.r(lo) AS lo, pg_temp.r(hi) AS hi, note
FROM bench_geomean_ci('{3,1,4,1,5,9,2,6,5,3}', 0.95);
SELECT * FROM bench_mean_ci('{3}');
SELECT * FROM bench_mean_ci('{3,3,NULL,3}');
SELECT * FROM bench_mean_ci('{1,NaN}');
SELECT * FROM bench_median_ci('{1,2,3,4,5,6,7,Infinity}');
SELECT * FROM bench_geomean_ci('{0,1,2}');

-- of two samples
CREATE TEMP VIEW pairs AS
SELECT '{1,2,3,4,5,6,7,8}'::benchsample AS a, '{2.5,3.5,4.5,9,10,11,12,13}'::benchsample AS b;
SELECT stat, pg_temp.r(ratio) AS ratio, pg_temp.r(lo) AS lo, pg_temp.r(hi) AS hi, note
FROM pairs, unnest(ARRAY['mean', 'geomean', 'median']) stat, bench_ratio_ci(a, b, stat);
SELECT stat, pg_temp.r(diff) AS diff, pg_temp.r(lo) AS lo, pg_temp.r(hi) AS hi, note
FROM pairs, unnest(ARRAY['mean', 'median']) stat, bench_diff_ci(a, b, stat);
SELECT r = bench_ratio_ci(a, b, 'median', 0.95, 10000, 42) AS same_by_default,
	r <> bench_ratio_ci(a, b, resamples => 100) AS other_by_less
FROM pairs, bench_ratio_ci(a, b) r;
-- scaled by a power of two all is, to the last bit
SELECT stat, r.lo = s.lo AND r.hi = s.hi AS same_ratio, d.lo * 4 = e.lo AND d.hi * 4 = e.hi AS scaled_difference
FROM pairs, unnest(ARRAY['mean', 'median']) stat, bench_ratio_ci(a, b, stat) r, bench_diff_ci(a, b, stat) d,
	bench_ratio_ci(ARRAY(SELECT 4 * v FROM unnest(bench_values(a)) v), ARRAY(SELECT 4 * v FROM unnest(bench_values(b)) v), stat) s,
	bench_diff_ci(ARRAY(SELECT 4 * v FROM unnest(bench_values(a)) v), ARRAY(SELECT 4 * v FROM unnest(bench_values(b)) v), stat) e;
-- exchanged: the reciprocal, where nothing is drawn
SELECT stat, pg_temp.r(r.lo * s.hi) AS lo_by_hi, pg_temp.r(r.hi * s.lo) AS hi_by_lo
FROM pairs, unnest(ARRAY['mean', 'geomean']) stat, bench_ratio_ci(a, b, stat) r, bench_ratio_ci(b, a, stat) s;
SELECT * FROM bench_ratio_ci('{-1,1,2}', '{1,2,3}', 'mean');
SELECT * FROM bench_ratio_ci('{-1,1,2}', '{1,2,3}');
SELECT * FROM bench_ratio_ci('{-1,1,2}', '{1,2,3}', 'geomean');
SELECT * FROM bench_ratio_ci('{0,0,0}', '{1,2,3}');
SELECT * FROM bench_diff_ci('{1}', '{3,4}', 'mean');

-- the bootstrap
SELECT stat, pg_temp.r(estimate) AS estimate, lo < estimate AND estimate < hi AS around, note
FROM ranks, unnest(ARRAY['median', 'mean', 'geomean', 'trimmed', 'stddev', 'p90', 'p99.9']) stat,
	bench_bootstrap_ci(s, stat, 0.95, 1000) WHERE n = 100;
-- 1001 values: an order statistic, nothing is drawn
SELECT * FROM bench_bootstrap_ci(ARRAY(SELECT i::float8 FROM generate_series(1, 1001) i), 'median', 0.95, 1);
SELECT p.lo < b.lo AND p.hi < b.hi AS bca_goes_where_the_long_tail_is
FROM bench_bootstrap_ci('{1,1,1,2,2,2,3,4,9,30}', 'mean') p,
	bench_bootstrap_ci('{1,1,1,2,2,2,3,4,9,30}', 'mean', method => 'bca') b;

-- how many runs
SELECT runs, pg_temp.r(lo) AS lo, pg_temp.r(hi) AS hi, note
FROM unnest(ARRAY[0.02, 0.05, 0.1]) r, bench_required_runs('{13.47,13.49,14.2,14.46,15.32,15.41,15.52,15.69,15.92,16.09,
16.11,16.15,16.29,16.51,16.58,17.11,17.17,17.42,17.71,17.85,17.98,18.22,18.56,18.9,19.08,19.08,19.11,19.17,19.4,19.75,
19.83,19.93,20.17,20.22,20.26,20.53,20.92,21.01,21.21,21.21,21.8,21.85,22.44,23.18,23.33,23.71,25.21,25.38,27.66,27.85}', r);
SELECT * FROM bench_required_runs('{5,5,5,5,5,5}');
SELECT runs, note FROM bench_required_runs('{5,6}', 0.2);
SELECT * FROM bench_required_runs('{-1,-1,-1,0,1,1,1}');

-- nothing of nothing
SELECT bench_median_ci('{}'), bench_percentile_ci('{}', 0.9), bench_mean_ci('{NULL}'), bench_geomean_ci('{}'),
	bench_ratio_ci('{}', '{1}'), bench_diff_ci('{1}', '{}'), bench_bootstrap_ci('{}'), bench_required_runs('{}'),
	bench_mean_ci(NULL), bench_median_ci('{1}', NULL);

-- errors
SELECT bench_median_ci('{1,2}', 95);
SELECT bench_mean_ci('{1,2}', 'NaN');
SELECT bench_percentile_ci('{1,2}', 99);
SELECT bench_ratio_ci('{1,2}', '{1,2}', 'mode');
SELECT bench_diff_ci('{1,2}', '{1,2}', 'geomean');
SELECT bench_diff_ci('{1,2}', '{1,2}', resamples => 0);
SELECT bench_bootstrap_ci('{1,2}', 'p101');
SELECT bench_bootstrap_ci('{1,2}', method => 'basic');
SELECT bench_required_runs('{1,2}', 5);
\set VERBOSITY sqlstate
SELECT bench_median_ci('{1,2}', 0);
SELECT bench_percentile_ci('{1,2}', 'NaN');
SELECT bench_diff_ci('{1,2}', '{1,2}', 'p50');
SELECT bench_bootstrap_ci('{1,2}', resamples => 10000001);
SELECT bench_required_runs('{1,2}', 0);
\set VERBOSITY default
