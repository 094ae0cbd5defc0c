-- Pictures in text, in a database in UTF-8.
SELECT bench_sparkline('{1,2,3,4,5,6,7,8}');
SELECT bench_sparkline('{8,NULL,1,NaN,8}') AS gaps, bench_sparkline('{5,5,5}') AS constant, bench_sparkline('{-Infinity,0,1,Infinity}') AS infinite;
SELECT bench_sparkline('{}') AS empty, bench_sparkline(NULL) AS "null", bench_sparkline('{NULL,NULL}') AS nulls, bench_sparkline('{NaN}') AS nan;
-- a scale for several series; what is beyond it is drawn at its end
SELECT s, bench_sparkline(s, 0, 16), bench_sparkline(s, lo => 5), bench_sparkline(s, hi => 5), bench_sparkline(s, lo => 20) AS below, bench_sparkline(s, hi => 0) AS above
FROM (VALUES ('{1,3,5,7,9}'::float8[]), ('{11,13,15,17,-1}')) v(s);
SELECT bench_sparkline('{-1.7e308,0,1.7e308}') AS wide, bench_sparkline('{0,4.9e-324}') AS narrow;
SELECT bench_sparkline('{1}', 2, 2);
\echo :LAST_ERROR_SQLSTATE
SELECT bench_sparkline('{1}', 3, 2);
SELECT bench_sparkline('{1}', 'NaN', 2);
SELECT bench_sparkline('{1}', hi => 'Infinity');
SELECT g, bench_sparkline_agg(v ORDER BY t) FROM (VALUES (1, 1, 1.0), (1, 3, 3), (1, 2, 2), (2, 1, 5), (2, 2, NULL), (2, 3, 4), (3, 1, NULL)) v(g, t, v) GROUP BY g ORDER BY g;
SELECT bench_sparkline_agg(v) FROM generate_series(1, 0) v;

-- numpy 1.24.2: histogram([1,2,2,3,3,3,4,4,5,10], bins='fd')
SELECT * FROM bench_histogram('{1,2,2,3,3,3,4,4,5,10}');
-- bins are half open, the last one is closed; histogram(..., bins=3)
SELECT * FROM bench_histogram('{1,2,2,3,3,3,4,4,5,10}', 3, 8);
-- on a logarithmic scale bins have equal ratios
SELECT lo::numeric(8,3), hi::numeric(8,3), n, bar FROM bench_histogram('{1,5,11,50,99,101,500,1000}', 3, 12, true);
-- half of the values are equal: Sturges; log2(16) + 1
SELECT lo::numeric(8,3), hi::numeric(8,3), n, bar FROM bench_histogram('{5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,7}', width => 4);
SELECT * FROM bench_histogram('{7,7,7}');
SELECT * FROM bench_histogram('{7}', 10);
SELECT count(*) FROM bench_histogram('{}');
SELECT count(*) FROM bench_histogram(NULL);
-- no more than 200 by itself: a spike and a far outlier
SELECT count(*), sum(n) FROM bench_histogram((SELECT array_agg(CASE WHEN i = 0 THEN 1e9 ELSE i END::float8) FROM generate_series(0, 999) i));
SELECT count(*), sum(n), min(lo), max(hi) FROM bench_histogram('{-1.7e308,0,1,2,1.7e308}', 4);
-- one of very many can be seen
SELECT n, bar FROM bench_histogram((SELECT array_agg(CASE WHEN i = 0 THEN 1 ELSE 0 END::float8) FROM generate_series(0, 9999) i), 2);
SELECT * FROM bench_histogram('{1,2}', -1);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM bench_histogram('{1,2}', 10001);
SELECT * FROM bench_histogram('{1,2}', width => 0);
SELECT * FROM bench_histogram('{1,2}', width => 1001);
SELECT * FROM bench_histogram('{1,NaN}');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM bench_histogram('{-Infinity,1}');
SELECT * FROM bench_histogram('{0,1}', log => true);

SELECT bench_boxplot('{0,10,20,30,40}', width => 21), length(bench_boxplot('{0,10,20,30,40}', 0, 100, 50));
SELECT name, bench_boxplot(s, 0, 40, 20) FROM (VALUES ('a', '{0,10,20,30,39}'::float8[]), ('b', '{20,21,22}'), ('c', '{5}'),
	('cut', '{-5,10,20,30,50}'), ('below', '{-3,-2,-1}'), ('above', '{41,42,43}'), ('NaN', '{1,2,NaN}'), ('infinite', '{-Infinity,20,Infinity}')) v(name, s);
SELECT bench_boxplot('{7,7}', width => 9) AS constant, bench_boxplot('{}') AS empty, bench_boxplot(NULL, 0, 1) AS "null", bench_boxplot('{NaN}') AS nan, bench_boxplot('{}', 0, 1) AS empty_too;
SELECT bench_boxplot('{1,2}', width => 4);
SELECT bench_boxplot('{1,2}', width => 1001);
SELECT bench_boxplot('{1,2}', 2, 1);

SELECT ms, bench_format_duration(ms) FROM unnest('{0,1e-9,0.0001,0.00123456,0.0123,0.99994,0.99996,1,-12.3456,999.94,999.96,1000,59994,59996,60000,90000,3599999,1e9,1e300,NaN,Infinity,-Infinity,NULL}'::float8[])
	WITH ORDINALITY v(ms, ord) ORDER BY ord;
