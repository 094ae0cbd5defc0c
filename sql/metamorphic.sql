-- What must not change a figure, and what must change it in a known way: orders, sides, units, offsets, parts, plans, windows.
-- The rest is elsewhere: exact aggregates in any order, of parts and in windows in statistics.sql; moments and geometric
-- means of parts, in parallel and in windows in moments.sql, sketches in sketch.sql (no other aggregate is made in
-- parallel); runs and architectures exchanged in run_comparison.sql; bounds of ratios in intervals.sql; change points in
-- other units, shifted and backwards in test_changepoint.c; tests by ranks and Welch's exchanged in test_ranktest.c and test_welch.c.
CREATE SCHEMA metamorphic;
SET search_path = metamorphic, public;
CREATE FUNCTION times(x float8[], c float8) RETURNS float8[] LANGUAGE sql IMMUTABLE AS 'SELECT array_agg(v * c ORDER BY i) FROM unnest(x) WITH ORDINALITY u(v, i)';
CREATE FUNCTION plus(x float8[], c float8) RETURNS float8[] LANGUAGE sql IMMUTABLE AS 'SELECT array_agg(v + c ORDER BY i) FROM unnest(x) WITH ORDINALITY u(v, i)';
CREATE FUNCTION backwards(x float8[]) RETURNS float8[] LANGUAGE sql IMMUTABLE AS 'SELECT array_agg(v ORDER BY i DESC) FROM unnest(x) WITH ORDINALITY u(v, i)';
CREATE FUNCTION near(a float8, b float8) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT a IS NOT DISTINCT FROM b OR abs(a - b) <= 1e-11 * abs(b) + 1e-13';
-- eighths, so that the sums below are exact; with and without ties, and of few values
CREATE TABLE pairs (name text, a float8[], b float8[]);
INSERT INTO pairs SELECT name, array_agg(a ORDER BY i) FILTER (WHERE i <= na), array_agg(b ORDER BY i) FILTER (WHERE i <= nb)
	FROM (VALUES ('without ties', 31, 40, 8.0), ('with ties', 28, 40, 1), ('large', 90, 70, 8), ('few', 8, 7, 8)) v(name, na, nb, part),
		generate_series(1, 90) i, LATERAL (SELECT 40 + floor(part * ((i * 37) % 101)) / (8 * part) AS a, 42 + floor(part * ((i * 53 + 7) % 97)) / (8 * part) + (part - 1) / 1024 AS b) w GROUP BY name;
SELECT name, array_length(a, 1) AS na, array_length(b, 1) AS nb, (SELECT count(*) - count(DISTINCT v) FROM unnest(a || b) v) AS ties FROM pairs ORDER BY name COLLATE "C";

-- Of one sample; the mode is that of hundredths, in whatever unit. degree: with which power of the unit it scales; moves: with an offset, NULL where that changes it otherwise.
CREATE FUNCTION of_sample(x float8[]) RETURNS TABLE (figure text, degree int, moves int, value float8) LANGUAGE sql AS $$
	SELECT v.* FROM (SELECT bench_sample(v) AS s, bench_moments(v) AS m, bench_stats(v) AS j, bench_stats(v, 'tukey') AS t, bench_geomean(v) AS g FROM unnest(x) v) a,
		bench_median_ci(s) c50, bench_percentile_ci(s, 0.8, 0.9) c80, bench_mean_ci(s) cm, bench_geomean_ci(s) cg, bench_fences(s) f, bench_fences(s, 'mad') fm,
		bench_bootstrap_ci(s, 'median', resamples => 200) b50, bench_bootstrap_ci(s, 'mean', resamples => 200) bm, bench_bootstrap_ci(s, 'trimmed', resamples => 200) bt,
		bench_bootstrap_ci(s, 'mean', resamples => 200, method => 'bca') bb, bench_bootstrap_ci(s, 'stddev', resamples => 200) bs, bench_bootstrap_ci(s, 'geomean', resamples => 200) bg,
	LATERAL (SELECT 'type ' || k, 1, 1, bench_percentile(s, 0.83, k) FROM unnest('{1,2,3,4,5,6,7,8,9,index}'::text[]) k UNION ALL VALUES
		('median', 1, 1, bench_median(s)), ('mean', 1, 1, bench_mean(s)), ('stddev', 1, 0, bench_stddev(s)), ('min', 1, 1, bench_min(s)), ('max', 1, 1, bench_max(s)),
		('mad', 1, 0, bench_mad(s)), ('trimmed', 1, 1, bench_trimmed_mean(s)), ('geomean', 1, NULL, bench_geomean(s)), ('geomean_agg', 1, NULL, g),
		('stats mean', 1, 1, (j ->> 'mean')::float8), ('stats stdev', 1, 0, (j ->> 'stdev')::float8), ('stats p95', 1, 1, (j ->> 'p95')::float8), ('stats mode', 1, 1, (j ->> 'mode')::float8),
		('tukey mean', 1, 1, (t ->> 'mean')::float8), ('tukey n', 0, 0, (t ->> 'sampleCount')::float8),
		('m mean', 1, 1, bench_mean(m)), ('m stddev', 1, 0, bench_stddev(m)), ('m variance', 2, 0, bench_variance(m)), ('m skewness', 0, 0, bench_skewness(m)), ('m kurtosis', 0, 0, bench_kurtosis(m)),
		('low', 1, 1, f.low), ('high', 1, 1, f.high), ('mad low', 1, 1, fm.low), ('mad high', 1, 1, fm.high), ('outliers', 0, 0, (SELECT count(*) FROM bench_outliers(s, 'sigma', 1.5))),
		('median lo', 1, 1, c50.lo), ('median hi', 1, 1, c50.hi), ('actual', 0, 0, c50.actual_conf), ('p80 lo', 1, 1, c80.lo), ('p80 hi', 1, 1, c80.hi),
		('mean lo', 1, 1, cm.lo), ('mean hi', 1, 1, cm.hi), ('geomean lo', 1, NULL, cg.lo), ('geomean hi', 1, NULL, cg.hi),
		('boot median lo', 1, 1, b50.lo), ('boot median hi', 1, 1, b50.hi), ('boot mean lo', 1, 1, bm.lo), ('boot mean hi', 1, 1, bm.hi), ('boot trimmed hi', 1, 1, bt.hi),
		('bca lo', 1, 1, bb.lo), ('bca hi', 1, 1, bb.hi), ('boot stddev lo', 1, 0, bs.lo), ('boot geomean hi', 1, NULL, bg.hi),
		('runs', 0, NULL, (SELECT runs::float8 FROM bench_required_runs(s, 0.02))), ('ecdf', 0, 0, bench_ecdf(s, bench_median(s))), ('z', 0, 0, bench_zscore(s, bench_max(s))),
		('robust z', 0, 0, bench_zscore(s, bench_max(s), true)), ('bins', 0, 0, (SELECT count(*) FROM bench_histogram(s))),
		('bars', 0, 0, (SELECT hashtext(string_agg(n || bar, '' ORDER BY lo)) FROM bench_histogram(s, 12))),
		('box', 0, 0, hashtext(bench_boxplot(s)))) v $$;
CREATE TABLE singles AS SELECT name, a AS x FROM pairs UNION ALL SELECT name || ', b', b FROM pairs;
SELECT rule, count(*) AS figures, count(value) AS not_null, array_agg(format('%s, %s: %s, not %s', name, figure, got, expected)) FILTER (WHERE NOT near(got, expected)) AS wrong FROM (
	SELECT 'another order' AS rule, s.name, f.figure, f.value, g.value AS got, f.value AS expected FROM singles s, of_sample(x) f JOIN LATERAL of_sample(backwards(x)) g USING (figure)
	UNION ALL SELECT 'another unit', s.name, f.figure, f.value, g.value, f.value * 0.001 ^ f.degree FROM singles s, of_sample(x) f JOIN LATERAL of_sample(times(x, 0.001)) g USING (figure)
		WHERE figure NOT IN ('bins', 'bars', 'box', 'stats mode')
	UNION ALL SELECT 'a unit of a power of two', s.name, f.figure, f.value, g.value, f.value * 1024 ^ f.degree FROM singles s, of_sample(x) f JOIN LATERAL of_sample(times(x, 1024)) g USING (figure) WHERE figure <> 'stats mode'
	UNION ALL SELECT 'an offset', s.name, f.figure, f.value, g.value, f.value + 512 * f.moves FROM singles s, of_sample(x) f JOIN LATERAL of_sample(plus(x, 512)) g USING (figure) WHERE f.moves IS NOT NULL) r
GROUP BY rule ORDER BY rule COLLATE "C";

-- Of two. swap: what becomes of it when the sides are exchanged; degree and by_b: with units of both, and of b alone.
CREATE FUNCTION of_pair(a float8[], b float8[]) RETURNS TABLE (figure text, swap text, degree int, by_b int, shifts bool, value float8) LANGUAGE sql AS $$
	SELECT v.* FROM (SELECT bench_moments(v) AS ma FROM unnest(a) v) x, (SELECT bench_moments(v) AS mb FROM unnest(b) v) y, bench_mann_whitney(a, b) u, bench_mann_whitney(a, b, 'less', 'asymptotic') ul,
		bench_mann_whitney(b, a, 'greater', 'asymptotic') ug, bench_welch_t(a, b) w, bench_welch_t(ma, mb) wm, bench_brunner_munzel(a, b) p, bench_hodges_lehmann(a, b) h, bench_diff_ci(a, b, 'mean') d,
		bench_diff_ci(a, b, resamples => 100) dm, bench_ratio_ci(a, b, 'mean') r, bench_ratio_ci(a, b, 'geomean') rg, bench_ratio_ci(a, b, resamples => 100) rm, bench_compare(a, b) c,
		bench_paired(a[:least(cardinality(a), cardinality(b))], b[:least(cardinality(a), cardinality(b))]) q,
	LATERAL (VALUES ('p', 'same', 0, NULL, true, u.p_value), ('a12', 'rest of 1', 0, NULL, true, u.a12), ('delta', 'negated', 0, NULL, true, u.cliffs_delta), ('less', 'none', 0, NULL, true, ul.p_value),
		('less is greater', 'same', 0, NULL, true, ul.p_value - ug.p_value), ('t', 'negated', 0, NULL, true, w.t), ('df', 'same', 0, NULL, true, w.df), ('welch', 'same', 0, NULL, true, w.p_value),
		('mean diff', 'negated', 1, NULL, true, w.diff), ('t of moments', 'negated', 0, NULL, true, wm.t), ('welch of moments', 'same', 0, NULL, true, wm.p_value),
		('munzel t', 'negated', 0, NULL, true, p.t), ('munzel', 'same', 0, NULL, true, p.p_value), ('shift', 'negated', 1, NULL, true, h.shift),
		('shift width', 'same', 1, NULL, true, h.hi - h.lo), ('shift middle', 'negated', 1, NULL, true, h.hi + h.lo), ('diff width', 'same', 1, NULL, true, d.hi - d.lo), ('diff middle', 'negated', 1, NULL, true, d.hi + d.lo),
		('median diff', 'negated', 1, NULL, true, dm.diff), ('median diff lo', 'none', 1, NULL, true, dm.lo), ('median diff hi', 'none', 1, NULL, true, dm.hi),
		('ratio', 'inverse', 0, 1, false, r.ratio), ('ratio lo*hi', 'inverse', 0, 2, false, r.lo * r.hi), ('ratio hi/lo', 'same', 0, 0, false, r.hi / r.lo),
		('geo ratio', 'inverse', 0, 1, false, rg.ratio), ('geo lo*hi', 'inverse', 0, 2, false, rg.lo * rg.hi), ('geo hi/lo', 'same', 0, 0, false, rg.hi / rg.lo),
		('median ratio', 'inverse', 0, 1, false, rm.ratio), ('median ratio lo', 'none', 0, 1, false, rm.lo), ('median ratio hi', 'none', 0, 1, false, rm.hi),
		('compared ratio', 'inverse', 0, 1, false, c.ratio), ('compared p', 'same', 0, NULL, true, c.p_value), ('compared delta', 'negated', 0, NULL, true, c.cliffs_delta),
		('verdict', 'negated', 0, NULL, false, CASE c.verdict WHEN 'faster' THEN -1 WHEN 'slower' THEN 1 ELSE 0 END),
		('paired ratio', 'inverse', 0, 1, false, q.ratio), ('paired lo*hi', 'inverse', 0, 2, false, q.ratio_lo * q.ratio_hi), ('paired hi/lo', 'same', 0, 0, false, q.ratio_hi / q.ratio_lo), ('paired p', 'same', 0, NULL, true, q.p_value)) v $$;
SELECT rule, count(*) AS figures, count(value) AS not_null, array_agg(format('%s, %s: %s, not %s', name, figure, got, expected)) FILTER (WHERE NOT near(got, expected)) AS wrong FROM (
	SELECT 'other orders' AS rule, s.name, f.figure, f.value, g.value AS got, f.value AS expected FROM pairs s, of_pair(a, b) f JOIN LATERAL of_pair(backwards(a), b) g USING (figure) WHERE figure NOT LIKE 'paired%'
	UNION ALL SELECT 'pairs in another order', s.name, f.figure, f.value, g.value, f.value FROM pairs s, LATERAL (SELECT least(cardinality(a), cardinality(b)) AS n) n,
		of_pair(a[:n], b[:n]) f JOIN LATERAL of_pair(backwards(a[:n]), backwards(b[:n])) g USING (figure)
	UNION ALL SELECT 'sides exchanged', s.name, f.figure, f.value, g.value, CASE f.swap WHEN 'same' THEN f.value WHEN 'negated' THEN -f.value WHEN 'inverse' THEN 1 / f.value ELSE 1 - f.value END
		FROM pairs s, of_pair(a, b) f JOIN LATERAL of_pair(b, a) g USING (figure) WHERE f.swap <> 'none'
	UNION ALL SELECT 'another unit', s.name, f.figure, f.value, g.value, f.value * 1024 ^ f.degree FROM pairs s, of_pair(a, b) f JOIN LATERAL of_pair(times(a, 1024), times(b, 1024)) g USING (figure)
	UNION ALL SELECT 'b alone in another unit', s.name, f.figure, f.value, g.value, f.value * 4 ^ f.by_b FROM pairs s, of_pair(a, b) f JOIN LATERAL of_pair(a, times(b, 4)) g USING (figure) WHERE f.by_b IS NOT NULL
	UNION ALL SELECT 'an offset', s.name, f.figure, f.value, g.value, f.value FROM pairs s, of_pair(a, b) f JOIN LATERAL of_pair(plus(a, 512), plus(b, 512)) g USING (figure) WHERE f.shifts) r
GROUP BY rule ORDER BY rule COLLATE "C";

-- Series: units, an offset, backwards.
CREATE FUNCTION of_series(x float8[]) RETURNS TABLE (figure text, degree int, moves int, backward int, value float8) LANGUAGE sql AS $$
	SELECT v.* FROM bench_trend(x) t, bench_autocorrelation(x) c, bench_threshold(x, 50, 'z', 0.99) z, bench_threshold(x, 50, 't', 0.99) s, bench_threshold(x, 50, 'iqr', 2) i,
		bench_threshold(x, 50, 'percentage', 0.1) p, bench_threshold(x, 50, 'lognormal', 0.9) l, bench_threshold(x, 50, 'delta_iqr', 2) d,
	LATERAL (VALUES ('slope', 1, 0, -1, t.slope), ('kendall', 0, 0, 1, t.p_value), ('lag', 0, 0, 1, c.lag1), ('z lo', 1, 1, 1, z.limit_lo), ('z hi', 1, 1, 1, z.limit_hi), ('t lo', 1, 1, 1, s.limit_lo),
		('iqr lo', 1, 1, 1, i.limit_lo), ('iqr hi', 1, 1, 1, i.limit_hi), ('percentage hi', 1, NULL, 1, p.limit_hi), ('delta hi', 1, NULL, 0, d.limit_hi), ('noise', 0, NULL, 0, bench_noise_threshold(x)),
		('line', 0, 0, 0, hashtext(bench_sparkline(x))),
		('changes', 0, 0, 0, (SELECT count(*) FROM bench_change_points(x, 0.05))), ('after', 1, 1, 0, (SELECT sum(after_median) / nullif(count(*), 0) FROM bench_change_points(x, 0.05))),
		('p of changes', 0, 0, 0, (SELECT min(p_value) FROM bench_change_points(x, 0.05))), ('segments', 1, 1, 0, (SELECT avg(mean) FROM bench_segments(x, 0.05)))) v $$;
CREATE TABLE series AS SELECT name, a || b AS x FROM pairs UNION ALL SELECT name || ', shifted', a || plus(b, 8) FROM pairs;
SELECT rule, count(*) AS figures, count(value) AS not_null, array_agg(format('%s, %s: %s, not %s', name, figure, got, expected)) FILTER (WHERE NOT near(got, expected)) AS wrong FROM (
	SELECT 'another unit' AS rule, s.name, f.figure, f.value, g.value AS got, f.value * 1024 ^ f.degree AS expected FROM series s, of_series(x) f JOIN LATERAL of_series(times(x, 1024)) g USING (figure)
	UNION ALL SELECT 'an offset', s.name, f.figure, f.value, g.value, f.value + 512 * f.moves FROM series s, of_series(x) f JOIN LATERAL of_series(plus(x, 512)) g USING (figure) WHERE f.moves IS NOT NULL
	UNION ALL SELECT 'backwards', s.name, f.figure, f.value, g.value, f.value * f.backward FROM series s, of_series(x) f JOIN LATERAL of_series(backwards(x)) g USING (figure) WHERE f.backward <> 0) r
GROUP BY rule ORDER BY rule COLLATE "C";

-- p-values in another order are adjusted the same, keep their order, and none falls
SELECT m, bench_p_adjust(backwards(p), m) = backwards(bench_p_adjust(p, m)) AS in_their_places,
	(SELECT bool_and(q >= p1 AND q <= 1 AND (before IS NULL OR q >= before)) FROM (SELECT p1, q, lag(q) OVER (ORDER BY p1) AS before FROM unnest(p, bench_p_adjust(p, m)) u(p1, q)) o) AS ordered,
	(SELECT bool_and(bh <= holm AND holm <= bonferroni) FROM unnest(bench_p_adjust(p, 'bh'), bench_p_adjust(p), bench_p_adjust(p, 'bonferroni')) u(bh, holm, bonferroni)) AS stricter
FROM (SELECT array_agg((i * 37 % 41 / 41.0) ^ 3)::float8[] AS p FROM generate_series(0, 30) i) p, unnest('{holm,bh,bonferroni}'::text[]) m;
-- TPC-H: twice the time is half the power, twice the size twice of it; in any order
SELECT near(bench_tpch_qphh(p.power, 1), bench_tpch_qphh(p.power * 4, 0.25)) AS qphh, near(p.power, 2 * q.power) AS time, near(2 * p.power, r.power) AS size, near(p.power, s.power) AS in_any_order
FROM (SELECT array_agg(1 + i / 8.0)::float8[] AS t FROM generate_series(1, 22) i) t, bench_tpch_power(t, '{1,2}', 10) p, bench_tpch_power(times(t, 2), '{2,4}', 10) q, bench_tpch_power(t, '{1,2}', 20) r, bench_tpch_power(backwards(t), '{2,1}', 10) s;

-- Comparisons as aggregates: in any order, in parallel plans, in windows, with the sides exchanged, in other units.
CREATE TABLE runs AS SELECT i, 'run ' || i % 12 AS run, i % 12 >= 6 AS is_candidate, 100 + (i * 37 % 101 + i % 12 * 5) / 8.0::float8 AS ms FROM generate_series(1, 240) i;
CREATE VIEW both_ways AS
	SELECT bench_compare(ms, is_candidate) AS c, bench_compare_by_run(run, ms, is_candidate) AS r, bench_stats(ms) AS s, bench_median(ms) AS m, bench_mad(ms) AS mad, bench_trimmed_mean(ms) AS t, bench_sample(ms)::text AS x FROM runs;
CREATE TABLE serial AS SELECT * FROM both_ways;
SELECT bench_compare(ms, is_candidate ORDER BY i DESC) = c AS compare, bench_compare_by_run(run, ms, is_candidate ORDER BY i DESC) = r AS by_run, bench_mad(ms ORDER BY -i) = mad AS mad, bench_trimmed_mean(ms ORDER BY i * 7 % 240) = t AS trimmed
FROM runs, serial GROUP BY c, r, mad, t;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT * FROM both_ways;
SELECT (p.*) = (o.*) AS parallel_as_serial FROM both_ways p, serial o;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET max_parallel_workers_per_gather;
SELECT near(f.r_ratio * (g).ratio, 1) AS ratio, near(f.lo * (g).ratio_hi, 1) AS bounds, near(f.p, (g).p_value) AS p, near(f.rank, (g).p_rank) AS rank, near(f.between_sd, (g).between_sd) AS between_sd, f.verdict, (g).verdict AS exchanged
FROM (SELECT (r).ratio AS r_ratio, (r).ratio_lo AS lo, (r).p_value AS p, (r).p_rank AS rank, (r).between_sd AS between_sd, (r).verdict AS verdict FROM serial) f, (SELECT bench_compare_by_run(run, ms, NOT is_candidate) AS g FROM runs) g;
SELECT stat, near((f).ratio, (g).ratio) AND near((f).ratio_lo, (g).ratio_lo) AND near((f).p_value, (g).p_value) AND near((f).p_rank, (g).p_rank) AND near((f).run_share, (g).run_share) AS another_unit, near((f).value_a * 1024, (g).value_a) AS value
FROM (SELECT stat, bench_compare_by_run(run, ms, is_candidate, stat) AS f, bench_compare_by_run(run, ms * 1024, is_candidate, stat) AS g FROM runs, unnest('{median,mean,p90,min,geomean}'::text[]) stat GROUP BY stat) s ORDER BY stat;
WITH windows AS MATERIALIZED (
	SELECT i, bench_compare(ms, is_candidate) OVER w AS c, bench_compare_by_run(run, ms, is_candidate) OVER w AS r, bench_change_points_agg(ms) OVER w AS p, bench_sparkline_agg(ms) OVER w AS l, bench_sketch(ms) OVER w AS k
	FROM runs WINDOW w AS (ORDER BY i ROWS 47 PRECEDING))
SELECT count(*) AS windows, count(*) FILTER (WHERE (c, r, p, l, bench_sketch_send(k)) IS DISTINCT FROM (
	SELECT (bench_compare(ms, is_candidate), bench_compare_by_run(run, ms, is_candidate), bench_change_points_agg(ms ORDER BY i), bench_sparkline_agg(ms ORDER BY i), bench_sketch_send(bench_sketch(ms)))
	FROM runs WHERE runs.i BETWEEN windows.i - 47 AND windows.i)) AS differ FROM windows WHERE i % 8 = 0;

SET client_min_messages = warning;
DROP SCHEMA metamorphic CASCADE;
