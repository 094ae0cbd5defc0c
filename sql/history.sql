-- Statistics over time: change points, segments, thresholds, trends, windows.
SET extra_float_digits = -3;
CREATE TEMP TABLE series (name text, points float8[]);
-- From the tests of Apache Otava; what it finds stands in test_changepoint.c, with more.
INSERT INTO series VALUES
	('one step', '{1.02,0.95,0.99,1.00,1.12,1.00,1.01,0.98,1.01,0.96,0.50,0.51,0.48,0.48,0.55,0.50,0.49,0.51,0.50,0.49}'),
	('two steps', '{0.3,2.4,1.5,-0.9,-0.5,99.7,98.3,99.1,149.0,149.7,149.5,149.1,148.8,150.0}'),
	('with gaps', '{NULL,0.3,2.4,1.5,NaN,-0.9,-0.5,NULL,99.7,98.3,99.1,149.0,149.7,149.5,Infinity,149.1,148.8,150.0,NULL}'),
	('constant', '{5,5,5,5,5,5,5,5}'),
	('from zero', '{0,0,0,0,7,7,7,7}'),
	('four', '{1,1,2,2}'),
	('three', '{1,1,2}'),
	('one', '{7}'),
	('gaps only', '{NULL,NaN,NULL}'),
	('none', '{}'),
	('NULL', NULL);
SELECT name, idx, round(before_mean::numeric, 6) AS before_mean, round(after_mean::numeric, 6) AS after_mean,
	before_median, after_median, round(change::numeric, 6) AS change, to_char(p_value, '9.9999EEEE') AS p_value,
	round(qhat::numeric, 6) AS qhat
FROM series, bench_change_points(points);
SELECT name, idx, to_char(p_value, '9.9999EEEE') AS p_value
FROM series, bench_change_points(points, compat => true);
SELECT name, s.from_idx, s.to_idx, s.n, s.median, round(s.mean::numeric, 6) AS mean, round(s.stddev::numeric, 6) AS stddev
FROM series, bench_segments(points) s;
-- Arguments.
SELECT idx FROM bench_change_points('{1,2,1,2,11,12,11,12}', min_magnitude => 7);
SELECT idx FROM bench_change_points('{1,2,1,2,11,12,11,12}', min_magnitude => 6);
SELECT count(*) FROM bench_change_points('{1,2,1,2,11,12,11,12}', max_pvalue => 0);
SELECT count(*) FROM bench_change_points('{1,1,2,2}', NULL);
SELECT bench_change_points('{1}', max_pvalue => 1.5);
SELECT bench_change_points('{1}', max_pvalue => 'NaN');
SELECT bench_change_points('{1}', min_magnitude => -1);
SELECT bench_segments('{1}', window_length => 3);
SELECT idx FROM bench_change_points('{{1,2},{1,2},{11,12},{11,12}}');
-- It ends when it is told to.
SET statement_timeout = '20ms';
SELECT count(*) FROM bench_change_points((SELECT array_agg(i * 7919 % 10007) FROM generate_series(1, 30000) i), window_length => 30000);
RESET statement_timeout;
-- The aggregate says the same as the function, with all digits.
RESET extra_float_digits;
SELECT name, bench_change_points_agg(p ORDER BY i) IS NOT DISTINCT FROM
		CASE WHEN count(*) FILTER (WHERE p < 'Infinity') > 0
			THEN (SELECT coalesce(jsonb_agg(to_jsonb(c)), '[]') FROM bench_change_points(points) c) END AS agrees
FROM series LEFT JOIN LATERAL unnest(points) WITH ORDINALITY AS u(p, i) ON true
GROUP BY name, points ORDER BY name;
SET extra_float_digits = -3;
SELECT jsonb_array_length(bench_change_points_agg(p ORDER BY i)) AS all_of_them,
	jsonb_array_length(bench_change_points_agg(p, 1e-8, 0 ORDER BY i)) AS significant,
	bench_change_points_agg(p, 0.001, 300 ORDER BY i) AS large
FROM series, unnest(points) WITH ORDINALITY AS u(p, i) WHERE name = 'two steps';
SELECT bench_change_points_agg(v) FROM (VALUES (NULL::float8), ('NaN')) AS s(v);
SELECT bench_change_points_agg(v) FROM generate_series(1.0, 0.0) AS s(v);
SELECT bench_change_points_agg(v, v, 0) FROM (VALUES (0.5), (0.25)) AS s(v);
SELECT bench_change_points_agg(v, NULL, 0) FROM (VALUES (0.5)) AS s(v);
SELECT bench_change_points_agg(v, 2, 0) FROM (VALUES (0.5)) AS s(v);
SELECT i, jsonb_array_length(bench_change_points_agg(p) OVER (ORDER BY i)) AS changes_so_far
FROM series, unnest(points) WITH ORDINALITY AS u(p, i) WHERE name = 'two steps';
-- Thresholds: the figures that Bencher documents.
CREATE TEMP TABLE history AS
	SELECT array_agg(CASE WHEN i = 0 THEN 100 WHEN i % 2 = 0 THEN 90 ELSE 110 END ORDER BY i)::float8[] AS mean_100_sd_10
	FROM generate_series(0, 24) i;
SELECT t.test, round(limit_lo::numeric, 2) AS limit_lo, round(limit_hi::numeric, 2) AS limit_hi, alert, note
FROM history, (VALUES ('t', 0.977), ('z', 0.977), ('percentage', 0.1)) AS t(test, boundary),
	bench_threshold(mean_100_sd_10, 121.4, t.test, t.boundary);
SELECT * FROM bench_threshold('{80,95,100,105,130}', 120, 'iqr', 2);
SELECT * FROM bench_threshold('{100,100,140}', 141, 'delta_iqr', 2);
SELECT * FROM bench_threshold('{1,2,3,4,5,1,2,3,4,5,1,2,3,4,5,1,2,3,4,5,1,2,3,4,5,1,2,3,4,5}', 4.8, 'lognormal', 0.85);
SELECT * FROM bench_threshold('{}', 101, 'static', 100, 'upper');
SELECT * FROM bench_threshold('{}', 101, 'static', 100, 'lower');
SELECT * FROM bench_threshold('{80,95,100,105,130}', 70, 'iqr', 2, 'upper');
SELECT * FROM bench_threshold('{80,95,NULL,100,105,130}', 70, 'iqr', 2, 'lower');
SELECT * FROM bench_threshold('{1,2,NaN}', 5, 't', 0.99);
SELECT * FROM bench_threshold('{1,2,3}', 'NaN', 't', 0.99);
SELECT * FROM bench_threshold('{}', 5, 't', 0.99);
SELECT bench_threshold(NULL, 5, 't', 0.99) IS NULL AS null;
SELECT bench_threshold('{1,2}', 5, 't_test', 0.99);
SELECT bench_threshold('{1,2}', 5, 't', 99);
SELECT bench_threshold('{1,2}', 5, 'iqr', -1);
SELECT bench_threshold('{1,2}', 5, 'static', 'Infinity', 'upper');
SELECT bench_threshold('{1,2}', 5, 'static', 5);
SELECT bench_threshold('{1,2}', 5, 't', 0.99, 'left');
-- numpy 1.24.2
SELECT bench_noise_threshold(array_agg(100 + i * 37 % 11 + i % 3 * 0.5 ORDER BY i)) FROM generate_series(0, 39) i;
SELECT bench_noise_threshold('{1,2,3}') AS few, bench_noise_threshold('{}') AS none, bench_noise_threshold('{NaN}') AS nan;
SELECT bench_zscore('{3,1,4,1,5,9,2,6,5,3}', 12) AS z, bench_zscore('{3,1,4,1,5,9,2,6,5,3}', 12, robust => true) AS robust,
	bench_zscore('{5,5,5}', 12) AS constant, bench_zscore('{1,2,NaN}', 12) AS nan, bench_zscore('{}', 12) AS none;
-- scipy 1.10.1 theilslopes, R 4.2.2 cor.test: 0.000969441196255518; statsmodels 0.13.5 acf
SELECT * FROM bench_trend('{5.1,5.0,5.3,NULL,5.2,5.2,5.6,NULL,5.4,5.9,NaN,5.5,6.0,5.8,NULL,NULL,NULL,NULL,NULL,6.3}');
SELECT * FROM bench_trend('{NULL}');
SELECT * FROM bench_trend('{2}');
SELECT bench_trend(array_fill(1::float8, ARRAY[5001]));
SELECT n, lag1, effective_n FROM bench_autocorrelation('{1,2,2,4,NULL,5,7,6,8,9,10}');
SELECT * FROM bench_autocorrelation('{3,1,4,1,5,9,2,6,5,3}');
SELECT * FROM bench_autocorrelation('{}');
-- A rolling median is that of each window by itself.
WITH v AS (SELECT i, 100 + i * 7919 % 1009 / 10.0 AS duration FROM generate_series(1, 300) i),
	rolling AS (SELECT i, bench_median(duration) OVER (ORDER BY i ROWS 29 PRECEDING) AS median FROM v)
SELECT count(*) AS windows, count(*) FILTER (WHERE median IS DISTINCT FROM (
	SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY v.duration) FROM v WHERE v.i BETWEEN rolling.i - 29 AND rolling.i)) AS wrong
FROM rolling;
