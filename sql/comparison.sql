--
-- comparison: tests of two samples, comparisons of samples and of runs
--
-- Figures are those of R and scipy; see test/unit/test_ranktest.c, test_welch.c
-- and test_compare.c, where they are checked to the last digits.
--
SET extra_float_digits = -3;

-- Mann and Whitney
SELECT * FROM bench_mann_whitney('{1,2,3,4,5,6,7,8}', '{2.5,3.5,4.5,9,10,11,12,13}');
SELECT * FROM bench_mann_whitney('{1,2,3,4,5,6,7,8}', '{2.5,3.5,4.5,9,10,11,12,13}', method => 'asymptotic');
SELECT * FROM bench_mann_whitney('{1,2,3,4,5,6,7,8}', '{2.5,3.5,4.5,9,10,11,12,13}', 'less');
SELECT * FROM bench_mann_whitney('{1,2,2,3,3,3,4}', '{2,3,3,4,4,5,5,6}');
SELECT * FROM bench_mann_whitney('{7,7,7}', '{7,7}');
SELECT * FROM bench_mann_whitney('{1,2,3}', '{4,5,6}');
SELECT * FROM bench_mann_whitney('{}', '{4,5,6}');
SELECT * FROM bench_mann_whitney('{1,NaN}', '{4,5,6}');
SELECT * FROM bench_mann_whitney('{1,-Infinity}', '{4,5,6}');
SELECT * FROM bench_mann_whitney(NULL, '{4,5,6}');
SELECT * FROM bench_mann_whitney('{1}', '{2}', 'upwards');
SELECT * FROM bench_mann_whitney('{1}', '{2}', method => 'fast');
SELECT method, p_value FROM bench_mann_whitney(ARRAY(SELECT generate_series(1, 100)::float8),
	ARRAY(SELECT generate_series(1, 100) * 1.3 - 9.05)::float8[], method => 'exact');
SELECT * FROM bench_mann_whitney(ARRAY(SELECT generate_series(1, 101)::float8),
	ARRAY(SELECT generate_series(1, 100)::float8), method => 'exact');

-- Welch
SELECT * FROM bench_welch_t('{1,2,3,4,5,6,7,8}', '{2.5,3.5,4.5,9,10,11,12,13}');
SELECT * FROM bench_welch_t('{1,1,1}', '{1,1}');
SELECT * FROM bench_welch_t('{1,1,1}', '{2,2}');
SELECT * FROM bench_welch_t('{1}', '{2,3}');
SELECT * FROM bench_welch_t('{1,2}', '{}');
SELECT * FROM bench_welch_t('{1,2}', '{1,Infinity}');

SELECT w.* FROM (SELECT bench_moments(x) AS a FROM unnest('{1,2,3,4,5,6,7,8}'::float8[]) x) a,
	(SELECT bench_moments(x) AS b FROM unnest('{2.5,3.5,4.5,9,10,11,12,13}'::float8[]) x) b, bench_welch_t(a, b) w;
SELECT w.* FROM (SELECT bench_moments(0.1) AS a FROM generate_series(1, 7)) a,
	(SELECT bench_moments(0.1) AS b FROM generate_series(1, 3)) b, bench_welch_t(a, b) w;
SELECT w.* FROM (SELECT bench_moments(x) AS a FROM unnest('{1,NaN}'::float8[]) x) a,
	(SELECT bench_moments(x) AS b FROM unnest('{1,2}'::float8[]) x) b, bench_welch_t(a, b) w;

-- other tests
SELECT * FROM bench_brunner_munzel('{1,2,3,4,5,6,7,8}', '{2.5,3.5,4.5,9,10,11,12,13}');
SELECT * FROM bench_brunner_munzel('{1,2,3}', '{4,5}');
SELECT * FROM bench_brunner_munzel('{1,2,3}', '{}');
SELECT * FROM bench_hodges_lehmann('{10.1,9.8,10.4,10.05,11.2,9.1}', '{12.5,9.0,14.1,11.7,10.2,13.3,12.9}');
SELECT * FROM bench_hodges_lehmann('{1,2,3}', '{4,5,NaN}');
SELECT * FROM bench_hodges_lehmann('{1,2,3}', '{4,5,7}', 95);
SELECT * FROM bench_paired('{10.1,9.8,10.4,10.05,11.2,9.1,12.2,10.9}', '{9.5,9.9,9.6,9.1,10.2,9.0,11.5,10.1}');
SELECT * FROM bench_paired('{10.1,9.8,NULL,10.05}', '{9.5,NULL,9.6,9.1}');
SELECT * FROM bench_paired('{}', '{}');
SELECT * FROM bench_paired('{1,2}', '{1,Infinity}');
SELECT * FROM bench_paired('{1,2}', '{1}');

-- p-values of several tests, as R's p.adjust
SELECT m, bench_p_adjust('{0.0123,0.5,NULL,0.0004,0.03,0.03,0.9,0.0004}', m)
  FROM unnest('{holm,bh,bonferroni}'::text[]) m;
SELECT bench_p_adjust('{}') AS none, bench_p_adjust('{NULL,NULL}') AS nulls, bench_p_adjust('{0.5}') AS one,
	bench_p_adjust('[2:3][1:1]={{0.01},{0.2}}') AS shape, bench_p_adjust('{0,1}') AS ends;
SELECT bench_p_adjust('{0.1,1.5}');
SELECT bench_p_adjust('{-0.1}');
SELECT bench_p_adjust('{0.1,NULL,NaN}');
SELECT bench_p_adjust('{0.1}', 'fdr');

-- two samples: a function and an aggregate, which agree
CREATE TABLE timings AS
SELECT i AS id, i % 2 = 1 AS is_candidate, 100 + i % 10 + CASE WHEN i % 2 = 1 THEN 8 ELSE 0 END + i / 100.0 AS value
  FROM generate_series(1, 60) i;
\x
SELECT * FROM bench_compare(ARRAY(SELECT value::float8 FROM timings WHERE NOT is_candidate),
	ARRAY(SELECT value::float8 FROM timings WHERE is_candidate));
\x
SELECT bench_compare(value, is_candidate) = bench_compare(
		bench_sample(value) FILTER (WHERE NOT is_candidate), bench_sample(value) FILTER (WHERE is_candidate)) AS same,
	bench_compare(value, is_candidate) = bench_compare(value, is_candidate, 0.95, 0.05, 0, true) AS defaults,
	bench_compare(value, is_candidate) = bench_compare(value, is_candidate ORDER BY random()) AS in_any_order
  FROM timings;
SELECT (bench_compare(value, is_candidate, 0.95, 0.05, e, true)).verdict AS lower,
	(bench_compare(value, is_candidate, 0.95, 0.05, e, false)).verdict AS higher, e AS min_effect
  FROM timings, unnest('{0,0.05,0.075,0.2}'::float8[]) e GROUP BY e ORDER BY e;
SELECT id, (bench_compare(value, is_candidate) OVER (ORDER BY id)).n_b,
	(bench_compare(value, is_candidate) OVER (ORDER BY id)).verdict
  FROM timings WHERE id < 13;
SELECT n_a, n_b, median_a, median_b, ratio, verdict, note FROM bench_compare('{1,2,3}'::float8[], '{4,5,6}');
SELECT n_a, n_b, median_a, median_b, ratio, verdict, note FROM bench_compare('{5,5,5,5,5}'::float8[], '{5,5,5,5,5}');
SELECT n_a, n_b, median_a, median_b, ratio, verdict, note FROM bench_compare('{5,5}'::float8[], '{}');
SELECT n_a, n_b, median_a, median_b, ratio, verdict, note FROM bench_compare('{5,NaN}'::float8[], '{1}');
SELECT bench_compare(value, is_candidate) IS NULL AS no_rows FROM timings WHERE false;
SELECT bench_compare(NULL, is_candidate) IS NULL AS no_values, bench_compare(value, NULL) IS NULL AS no_sides FROM timings;
SELECT bench_compare('{1}'::float8[], '{2}', 95);
SELECT bench_compare('{1}'::float8[], '{2}', alpha => 0);
SELECT bench_compare('{1}'::float8[], '{2}', min_effect => -0.1);
SELECT bench_compare('{1}'::float8[], '{2}', min_effect => 'NaN');
SELECT bench_compare(value, is_candidate, 0.95, 0.05, NULL, true) FROM timings;
SELECT bench_compare(value, is_candidate, 0.95, 0.05, id, true) FROM timings;

-- runs
CREATE TABLE runs(run text, is_candidate boolean, values float8[]);
INSERT INTO runs VALUES
	('a1', false, '{101,99,103,98,100,104}'), ('a2', false, '{108,105,107,110}'),
	('a3', false, '{95,97,99,96,101,98,94}'), ('a4', false, '{102,100,103,106,99}'),
	('b1', true, '{110,113,108,111}'), ('b2', true, '{104,109,106,107,103,105}'),
	('b3', true, '{115,118,112,116,114}'), ('b4', true, '{107,111,106,109,112,110}');
CREATE VIEW invocations AS SELECT run, is_candidate, value FROM runs, unnest(values) value;
\x
SELECT (bench_compare_by_run(run, value, is_candidate)).* FROM invocations;
SELECT (bench_compare_by_run(run, value, is_candidate)).* FROM invocations WHERE run IN ('a1', 'b1', 'b2');
\x
SELECT stat, (bench_compare_by_run(run, value, is_candidate, stat)).*
  FROM invocations, unnest('{median,mean,p90,p95,p99,min,geomean}'::text[]) WITH ORDINALITY s(stat, place)
 GROUP BY stat, place ORDER BY place \g (format=unaligned)
SELECT bench_compare_by_run(run, value, is_candidate) = bench_compare_by_run(run, value, is_candidate ORDER BY random()) AS in_any_order,
	bench_compare_by_run(run, value, is_candidate) = bench_compare_by_run(run, value, is_candidate, 'median') AS median,
	bench_compare_by_run(run, value, is_candidate) = bench_compare_by_run(run, value, is_candidate, 'median', 0.95, 0.05, 0, true) AS defaults
  FROM invocations;
SELECT (bench_compare_by_run(run, value, NOT is_candidate)).verdict AS swapped,
	(bench_compare_by_run(run, value, is_candidate, 'median', 0.95, 0.05, 0, false)).verdict AS higher_is_better,
	(bench_compare_by_run(run, value, is_candidate, 'median', 0.95, 0.05, 0.2, true)).verdict AS small,
	(bench_compare_by_run('the same', value, is_candidate)).runs_a AS one_name,
	bench_compare_by_run(NULL, value, is_candidate) IS NULL AS no_names
  FROM invocations;
SELECT (bench_compare_by_run(run, value, true)).note FROM invocations;
SELECT bench_compare_by_run(run, value, is_candidate, 'mode') FROM invocations;
SELECT bench_compare_by_run(run, value, is_candidate, NULL) FROM invocations;
SELECT bench_compare_by_run(run, value, is_candidate, CASE WHEN is_candidate THEN 'min' ELSE 'mean' END) FROM invocations;

-- what it may hold in memory
SET benchresults_fdw.max_sample_bytes = '64kB';
SELECT bench_compare(i, i % 2 = 0) FROM generate_series(1, 100000) i;
SELECT bench_compare_by_run('r' || i % 100, i, i % 2 = 0) FROM generate_series(1, 100000) i;
SELECT (bench_compare_by_run('r' || i % 10, i, i % 2 = 0)).runs_a FROM generate_series(1, 1000) i;
RESET benchresults_fdw.max_sample_bytes;

-- a change as a cell of a table
SELECT bench_format_change(-0.172, 0.0001, 10, 10) AS same_n, bench_format_change(0.0521, 0.031, 10, 12) AS other_n,
	bench_format_change(-0.172, 0.413, 10, 12) AS nothing, bench_format_change(-0.172, 0.031, 10, 10, 0.01) AS stricter,
	bench_format_change('Infinity', 0.001, 5, 5) AS unbounded, bench_format_change(NULL, 0.1, 1, 1) IS NULL AS unknown;

DROP VIEW invocations;
DROP TABLE runs, timings;
