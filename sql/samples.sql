-- benchsample: its forms, and what is not one.
SELECT '{3,1,NaN,2,NULL,-Infinity}'::benchsample, '{}'::benchsample, '{{4,3},{2,1}}'::benchsample;
-- arrays are still arrays to others
SELECT '{1,2}'::float8[] = '{1,2}'::float8[] AS equal, '{1}'::float8[] || '{2}'::float8[] AS both, 1.0 = ANY ('{1,2}'::float8[]) AS any;
SELECT 'x'::benchsample;
SELECT '{1,x}'::benchsample;
SELECT ARRAY[2.5, 1]::float8[]::benchsample, '{3,1}'::benchsample::float8[], bench_count('{3,1}'), bench_values('{3,1}');
-- what comes in binary need not be sorted, but whole
SELECT encode(bench_sample_send('{1,2}'), 'hex');
CREATE TABLE samples (s benchsample);
INSERT INTO samples VALUES ('{2,3}'), ('{}'), (NULL), ('{1,NaN}');
INSERT INTO samples SELECT bench_sample(i) FROM generate_series(1, 10000) i;
SELECT current_setting('data_directory') || '/benchresults_samples' AS file \gset
COPY samples TO :'file' (FORMAT binary);
CREATE TABLE copied (LIKE samples);
COPY copied FROM :'file' (FORMAT binary);
SELECT count(*) FROM samples, copied WHERE bench_values(samples.s) = bench_values(copied.s);
SELECT bench_count(s), bench_median(s), bench_max(s) FROM copied ORDER BY 1;
SELECT bench_count(bench_rollup(s)), bench_max(bench_rollup(s)), bench_percentile(bench_rollup(s), 0.5) FROM copied WHERE bench_count(s) <= 2;
SELECT bench_rollup(s) FROM samples WHERE s IS NULL;
DROP TABLE samples, copied;
-- statistics of one
\set sample '{3,1,4,1,5,9,2,6,5,3}'
SELECT bench_mean(:'sample'), round(bench_stddev(:'sample')::numeric, 10) AS stddev, bench_min(:'sample'), bench_max(:'sample'), bench_median(:'sample'::benchsample);
SELECT bench_mad(:'sample'::benchsample), bench_mad(:'sample'::benchsample, 1) AS raw, bench_trimmed_mean(:'sample'::benchsample) AS trimmed;
SELECT bench_percentiles(:'sample'::benchsample, '{{0,0.5},{NULL,1}}');
SELECT method, bench_percentile(:'sample', 0.5, method) AS p50, round(bench_percentile(:'sample', 0.9, method)::numeric, 6) AS p90,
	round(bench_percentile(:'sample', 0.95, method)::numeric, 6) AS p95, round(bench_percentile(:'sample', 0.99, method)::numeric, 6) AS p99
FROM unnest('{1,2,3,4,5,6,7,8,9,nearest_rank,index}'::text[]) method;
SELECT bench_percentile(:'sample', 0.5, '10');
SELECT bench_ecdf(:'sample', x) FROM unnest('{0,1,3,8.9,9,Infinity,NaN}'::float8[]) x;
SELECT bench_mean('{}'), bench_stddev('{7}'), bench_min('{}'), bench_max('{}'), bench_median('{}'::benchsample), bench_stats('{}'::benchsample),
	bench_percentiles('{}'::benchsample, '{0.5}'), bench_mad('{}'::benchsample), bench_trimmed_mean('{}'::benchsample), bench_ecdf('{}', 1);
-- outliers
SELECT method, (bench_fences('{1,2,3,4,5,6,100}', method)).*, bench_remove_outliers('{1,2,3,4,5,6,100}', method)
FROM unnest('{none,tukey,tukey3,mad,sigma}'::text[]) method;
SELECT * FROM bench_outliers('{-80,1,2,3,4,5,6,100}');
SELECT * FROM bench_outliers('{-80,1,2,3,4,5,6,100}', 'suite');
SELECT * FROM bench_outliers('{1,2,3,4,5,6,100}', 'sigma', 1);
SELECT bench_remove_outliers('{1,2,3,4,100}', 'suite'), bench_remove_outliers('{1,2,3,100}', 'suite'), bench_remove_outliers('{}'), bench_remove_outliers(NULL);
SELECT bench_fences('{1,2}', 'suite');
SELECT bench_fences('{1,2}', 'iqr');
SELECT bench_fences('{1,2}', 'tukey', -1);
SELECT bench_mad('{1,2}'::benchsample, 0);
SELECT bench_trimmed_mean('{1,2}'::benchsample, 0.5);
-- which definition gave the stored figures: the suite's, type 7 of what it keeps
SELECT method, outliers FROM bench_percentile_method(:'sample', bench_stats(:'sample'::benchsample, 'suite'), abs_tol => 0.01)
WHERE median_ok AND p90_ok AND p95_ok AND p99_ok;
SELECT * FROM bench_percentile_method('{1,2,3}', '{"median": 2, "p90": null}') WHERE method = '7';
SELECT * FROM bench_stats_diff('{"mean": 10, "p50": 2, "max": 3, "extra": 1}', '{"mean": 10.001, "p99": 2, "max": 3}', 1e-3);
SELECT * FROM bench_stats_diff('{"mean": 10}', '{"mean": 10.01}', 0, 0.01);
SELECT * FROM bench_stats_diff('[1]', '{"mean": 10.01}', 0, -1);
SELECT count(*) FROM bench_stats_diff('[1]', '"text"');
