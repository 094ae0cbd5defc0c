
-- Comparisons of runs, and of architectures within runs: a row for each configuration, p-values adjusted for their number.
--
-- What is compared is one figure of each run, taken from its aggregates, for the run is the unit: samples of one run share
-- hosts, day and placement.  Where there is one run only, its samples are compared, and that is said.

CREATE FUNCTION @extschema@.bench_metric_column(source name, relation text, metric text, stat text)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- max_memory_used_mb is the one measurement that has another name in the aggregates
	wanted text := CASE WHEN relation = 'aggregates' THEN metric || '_' || stat
		WHEN metric = 'memory_mb' THEN 'max_memory_used_mb' ELSE metric END;
BEGIN
	IF metric IS NULL OR stat IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'metric and stat must not be NULL';
	ELSIF stat NOT IN ('median', 'mean', 'min', 'max', 'p90', 'p95', 'p99') THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('there is no statistic named "%s"', stat),
			HINT = 'Valid names: median, mean, min, max, p90, p95, p99.';
	ELSIF NOT EXISTS (SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
			WHERE a.attrelid = format('%I.%I', source, relation)::regclass AND a.attname = wanted AND t.typcategory = 'N') THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_column', MESSAGE = format('there is no metric named "%s"', metric),
			DETAIL = format('%I.%I has no column of numbers "%s".', source, relation, wanted),
			HINT = 'Metrics are: duration_ms, billed_duration_ms, memory_mb, init_duration_ms, and others that have such columns.';
	END IF;
	RETURN format('%I', wanted);
END $$;

COMMENT ON FUNCTION @extschema@.bench_metric_column(name, text, text, text) IS
'the column of results or aggregates that holds a metric or a statistic of it; an error if there is none';

CREATE FUNCTION @extschema@.bench_run_list(source name, runs text[])
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	ids text[] := ARRAY(SELECT DISTINCT quote_literal(@extschema@.bench_run_from(source, run)) FROM unnest(runs) run);
BEGIN
	IF cardinality(ids) = 0 THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'no run is given to compare',
			HINT = 'The newest run is latest.';
	ELSIF cardinality(ids) < cardinality(runs) THEN
		-- it would count as one run where two were meant
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a run is given twice',
			DETAIL = format('%s are %s.', array_to_string(runs, ', '), array_to_string(ids, ', '));
	END IF;
	RETURN array_to_string(ids, ', ');
END $$;

COMMENT ON FUNCTION @extschema@.bench_run_list(name, text[]) IS
'the ids of several runs as a list of literals';

-- samples is a query for (key text[], run text, n integer, value double precision, is_candidate boolean): by run a row is
-- a run with the number of its samples, else it is a sample.
CREATE FUNCTION @extschema@.bench_compared(
	samples text,
	by_run boolean,
	remark text,
	alpha double precision,
	min_effect double precision,
	adjust text,
	OUT key text[],
	OUT runs_a bigint,
	OUT runs_b bigint,
	OUT n_a bigint,
	OUT n_b bigint,
	OUT value_a double precision,
	OUT value_b double precision,
	OUT ratio double precision,
	OUT ratio_lo double precision,
	OUT ratio_hi double precision,
	OUT change double precision,
	OUT p_value double precision,
	OUT p_adjusted double precision,
	OUT verdict text,
	OUT note text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- before anything is read; and an error about alpha names alpha, not the confidence that is made of it
	PERFORM @extschema@.bench_verdict(NULL, NULL, NULL, alpha, min_effect), @extschema@.bench_p_adjust('{}', adjust);
	RETURN QUERY EXECUTE format($query$
		WITH samples (key, run, n, value, is_candidate) AS (%s),
		compared AS MATERIALIZED (
			SELECT key, %s AS c, row_number() OVER (ORDER BY key) AS place,
				count(DISTINCT run) FILTER (WHERE NOT is_candidate) AS runs_a,
				count(DISTINCT run) FILTER (WHERE is_candidate) AS runs_b,
				coalesce(sum(n) FILTER (WHERE NOT is_candidate), 0)::bigint AS n_a,
				coalesce(sum(n) FILTER (WHERE is_candidate), 0)::bigint AS n_b
			FROM samples WHERE value IS NOT NULL GROUP BY key),
		adjusted AS MATERIALIZED (
			SELECT @extschema@.bench_p_adjust(array_agg((c).p_value ORDER BY place), $3) AS p FROM compared)
		SELECT key, runs_a, runs_b, n_a, n_b, %s, (c).ratio, (c).ratio_lo, (c).ratio_hi, (c).change, (c).p_value, p[place],
			v.verdict, nullif(concat_ws('; ', $4, (c).note), '')
		FROM compared, adjusted, @extschema@.bench_verdict(p[place], (c).ratio_lo, (c).ratio_hi, $1, $2) v
		$query$, samples,
		CASE WHEN by_run THEN '@extschema@.bench_compare_by_run(run, value, is_candidate, ''median'', 1 - $1, $1, $2, true)'
			ELSE '@extschema@.bench_compare(value, is_candidate, 1 - $1, $1, $2, true)' END,
		CASE WHEN by_run THEN '(c).value_a, (c).value_b' ELSE '(c).median_a, (c).median_b' END)
		USING alpha, min_effect, adjust, remark;
END $$;

COMMENT ON FUNCTION @extschema@.bench_compared(text, boolean, text, double precision, double precision, text) IS
'compares the two sides of each key of a query; verdicts follow p-values adjusted over all keys';

CREATE FUNCTION @extschema@.bench_compare_runs_from(
	source name,
	baseline text[],
	candidate text[],
	metric text,
	stat text,
	by_run boolean)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	a text := @extschema@.bench_run_list(source, baseline);
	b text := @extschema@.bench_run_list(source, candidate);
	relation text := CASE WHEN by_run THEN 'aggregates' ELSE 'results' END;
BEGIN
	IF string_to_array(a, ', ') && string_to_array(b, ', ') THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a run is on both sides of a comparison',
			DETAIL = format('The baseline is %s, the candidate is %s.', a, b);
	END IF;
	RETURN format('SELECT ARRAY[config_id, invocation_type]::text[], test_run_id::text, %s, %s::float8, test_run_id IN (%s)
			FROM %I.%I WHERE test_run_id IN (%s, %s)',
		CASE WHEN by_run THEN 'sample_count' ELSE '1' END, @extschema@.bench_metric_column(source, relation, metric, stat),
		b, source, relation, a, b);
END $$;

COMMENT ON FUNCTION @extschema@.bench_compare_runs_from(name, text[], text[], text, text, boolean) IS
'the query by which bench_compare_runs reads a figure of each run, or the samples';

CREATE FUNCTION @extschema@.bench_compare_runs(
	baseline text[],
	candidate text[],
	source name DEFAULT NULL,
	metric text DEFAULT 'duration_ms',
	stat text DEFAULT 'median',
	alpha double precision DEFAULT 0.05,
	min_effect double precision DEFAULT 0,
	adjust text DEFAULT 'holm',
	OUT config_id text,
	OUT invocation_type text,
	OUT runs_a bigint,
	OUT runs_b bigint,
	OUT n_a bigint,
	OUT n_b bigint,
	OUT value_a double precision,
	OUT value_b double precision,
	OUT ratio double precision,
	OUT ratio_lo double precision,
	OUT ratio_hi double precision,
	OUT change double precision,
	OUT p_value double precision,
	OUT p_adjusted double precision,
	OUT verdict text,
	OUT note text)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$
	SELECT c.key[1], c.key[2], c.runs_a, c.runs_b, c.n_a, c.n_b, c.value_a, c.value_b, c.ratio, c.ratio_lo, c.ratio_hi,
		c.change, c.p_value, c.p_adjusted, CASE WHEN i.by_run THEN c.verdict ELSE 'inconclusive' END, c.note
	FROM (SELECT pg_catalog.cardinality(baseline) OPERATOR(pg_catalog.>=) 2
				AND pg_catalog.cardinality(candidate) OPERATOR(pg_catalog.>=) 2) AS i (by_run),
		@extschema@.bench_compared(
			@extschema@.bench_compare_runs_from(@extschema@.bench_source(source, 'test_runs', 'aggregates', 'results'),
				baseline, candidate, metric, stat, i.by_run),
			i.by_run, CASE WHEN NOT i.by_run THEN pg_catalog.concat_ws('; ', 'invocation-level: fewer than two runs a side',
				CASE WHEN stat OPERATOR(pg_catalog.<>) 'median' THEN pg_catalog.concat('medians, not ', stat) END) END, alpha, min_effect, adjust) c
	ORDER BY c.change DESC NULLS LAST, c.key
$$;

COMMENT ON FUNCTION @extschema@.bench_compare_runs(text[], text[], name, text, text, double precision, double precision, text) IS
'each configuration in two groups of runs, what has become slower first: a figure of each run, their ratio with its interval, p-values adjusted for the number of rows, verdict';

CREATE FUNCTION @extschema@.bench_compare_runs(
	baseline text,
	candidate text,
	source name DEFAULT NULL,
	metric text DEFAULT 'duration_ms',
	stat text DEFAULT 'median',
	alpha double precision DEFAULT 0.05,
	min_effect double precision DEFAULT 0,
	adjust text DEFAULT 'holm',
	OUT config_id text,
	OUT invocation_type text,
	OUT runs_a bigint,
	OUT runs_b bigint,
	OUT n_a bigint,
	OUT n_b bigint,
	OUT value_a double precision,
	OUT value_b double precision,
	OUT ratio double precision,
	OUT ratio_lo double precision,
	OUT ratio_hi double precision,
	OUT change double precision,
	OUT p_value double precision,
	OUT p_adjusted double precision,
	OUT verdict text,
	OUT note text)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$
	SELECT * FROM @extschema@.bench_compare_runs(ARRAY[baseline], ARRAY[candidate], source, metric, stat, alpha, min_effect, adjust)
$$;

COMMENT ON FUNCTION @extschema@.bench_compare_runs(text, text, name, text, text, double precision, double precision, text) IS
'each configuration in two runs by their samples, what has become slower first; the verdict is inconclusive, for one run a side does not say what other runs would give';

CREATE FUNCTION @extschema@.bench_compare_architectures_from(
	source name,
	runs text[],
	metric text,
	stat text,
	by_run boolean)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	relation text := CASE WHEN by_run THEN 'aggregates' ELSE 'results' END;
BEGIN
	RETURN format('SELECT ARRAY[runtime, workload_type, memory_size_mb::text, invocation_type]::text[], test_run_id::text, %s,
			%s::float8, architecture = ''arm64''
			FROM %I.%I WHERE test_run_id IN (%s)',
		CASE WHEN by_run THEN 'sample_count' ELSE '1' END, @extschema@.bench_metric_column(source, relation, metric, stat),
		source, relation, @extschema@.bench_run_list(source, runs));
END $$;

COMMENT ON FUNCTION @extschema@.bench_compare_architectures_from(name, text[], text, text, boolean) IS
'the query by which bench_compare_architectures reads a figure of each run, or the samples of one';

CREATE FUNCTION @extschema@.bench_compare_architectures(
	run text[],
	source name DEFAULT NULL,
	metric text DEFAULT 'duration_ms',
	stat text DEFAULT 'median',
	alpha double precision DEFAULT 0.05,
	min_effect double precision DEFAULT 0,
	adjust text DEFAULT 'holm',
	OUT runtime text,
	OUT workload_type text,
	OUT memory_size_mb integer,
	OUT invocation_type text,
	OUT runs bigint,
	OUT n_x86 bigint,
	OUT n_arm64 bigint,
	OUT x86 double precision,
	OUT arm64 double precision,
	OUT ratio double precision,
	OUT ratio_lo double precision,
	OUT ratio_hi double precision,
	OUT improvement double precision,
	OUT p_value double precision,
	OUT p_adjusted double precision,
	OUT verdict text,
	OUT note text)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$
	SELECT c.key[1], c.key[2], c.key[3]::pg_catalog.int4, c.key[4], LEAST(c.runs_a, c.runs_b), c.n_a, c.n_b, c.value_a, c.value_b,
		c.ratio, c.ratio_lo, c.ratio_hi, 0 OPERATOR(pg_catalog.-) 100 OPERATOR(pg_catalog.*) c.change, c.p_value, c.p_adjusted, c.verdict, c.note
	FROM (SELECT pg_catalog.cardinality(run) OPERATOR(pg_catalog.>=) 2) AS i (by_run),
		@extschema@.bench_compared(
			@extschema@.bench_compare_architectures_from(@extschema@.bench_source(source, 'test_runs', 'aggregates', 'results'),
				run, metric, stat, i.by_run),
			i.by_run, CASE WHEN NOT i.by_run THEN pg_catalog.concat_ws('; ', 'invocation-level: within one run',
				CASE WHEN stat OPERATOR(pg_catalog.<>) 'median' THEN pg_catalog.concat('medians, not ', stat) END) END, alpha, min_effect, adjust) c
	ORDER BY c.change NULLS LAST, c.key
$$;

COMMENT ON FUNCTION @extschema@.bench_compare_architectures(text[], name, text, text, double precision, double precision, text) IS
'arm64 against x86 for each runtime, workload and memory size, where arm64 gains most first: medians over the runs in the metric''s unit, ratio arm64 to x86, improvement in percent of x86, adjusted p-values, verdict on arm64';

CREATE FUNCTION @extschema@.bench_compare_architectures(
	run text DEFAULT 'latest',
	source name DEFAULT NULL,
	metric text DEFAULT 'duration_ms',
	alpha double precision DEFAULT 0.05,
	min_effect double precision DEFAULT 0,
	adjust text DEFAULT 'holm',
	OUT runtime text,
	OUT workload_type text,
	OUT memory_size_mb integer,
	OUT invocation_type text,
	OUT runs bigint,
	OUT n_x86 bigint,
	OUT n_arm64 bigint,
	OUT x86 double precision,
	OUT arm64 double precision,
	OUT ratio double precision,
	OUT ratio_lo double precision,
	OUT ratio_hi double precision,
	OUT improvement double precision,
	OUT p_value double precision,
	OUT p_adjusted double precision,
	OUT verdict text,
	OUT note text)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$
	SELECT * FROM @extschema@.bench_compare_architectures(ARRAY[run], source, metric, 'median', alpha, min_effect, adjust)
$$;

COMMENT ON FUNCTION @extschema@.bench_compare_architectures(text, name, text, double precision, double precision, text) IS
'arm64 against x86 for each runtime, workload and memory size within one run, by its samples, where arm64 gains most first';
