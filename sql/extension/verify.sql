
-- Aggregates made anew from the results of a run, and compared with those that are stored.

CREATE FUNCTION @extschema@.bench_outlier_rule(config_id text)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
	-- the Lambda suite trims, what comes from BenchBox is not trimmed
	SELECT CASE WHEN pg_catalog.starts_with(config_id, 'bb:') THEN 'none' ELSE 'suite' END
$$;

COMMENT ON FUNCTION @extschema@.bench_outlier_rule(text) IS
'by which rule for outliers the aggregates of a configuration are made: suite or none';

CREATE TYPE @extschema@.bench_recomputed_aggregate AS (
	test_run_id text,
	config_id text,
	invocation_type text,
	sample_count integer,
	failed_count integer,
	duration_ms_stats jsonb,
	billed_duration_ms_stats jsonb,
	memory_mb_stats jsonb,
	init_duration_ms_stats jsonb);

COMMENT ON TYPE @extschema@.bench_recomputed_aggregate IS
'an aggregate as the results of a run give it; a row of bench_recomputed_aggregates';

CREATE FUNCTION @extschema@.bench_samples_of(
	source name,
	run text,
	configurations text[] DEFAULT NULL,
	OUT config_id text,
	OUT invocation_type text,
	OUT newest timestamptz,
	OUT sample_count integer,
	OUT failed_count integer,
	OUT duration_ms @extschema@.benchsample,
	OUT billed_duration_ms @extschema@.benchsample,
	OUT memory_mb @extschema@.benchsample,
	OUT init_duration_ms @extschema@.benchsample)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- a failed invocation has no metrics; whether it succeeded is in no index
	RETURN QUERY EXECUTE format('SELECT config_id, invocation_type, max("timestamp"),
			count(duration_ms)::integer, (count(*) - count(duration_ms))::integer,
			@extschema@.bench_sample(duration_ms), @extschema@.bench_sample(billed_duration_ms),
			@extschema@.bench_sample(max_memory_used_mb), @extschema@.bench_sample(init_duration_ms)
		FROM %I.results WHERE %s GROUP BY config_id, invocation_type',
		source, concat_ws(' AND ', @extschema@.bench_is_run(source, 'results', run),
			'config_id = ANY (' || quote_literal(configurations) || ')'));
END $$;

COMMENT ON FUNCTION @extschema@.bench_samples_of(name, text, text[]) IS
'the metrics of a run given by its whole id, a sample of each for every configuration, or of some, and start type';

CREATE FUNCTION @extschema@.bench_recomputed_aggregates_of(
	source name,
	run text,
	configurations text[] DEFAULT NULL,
	OUT aggregate @extschema@.bench_recomputed_aggregate,
	OUT newest timestamptz)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
	-- without a success the suite stores empty maps, and none of initialization
	SELECT (run, s.config_id, s.invocation_type, s.sample_count, s.failed_count,
			coalesce(@extschema@.bench_stats(s.duration_ms, rule), '{}'), coalesce(@extschema@.bench_stats(s.billed_duration_ms, rule), '{}'),
			coalesce(@extschema@.bench_stats(s.memory_mb, rule), '{}'), @extschema@.bench_stats(s.init_duration_ms, rule)
		)::@extschema@.bench_recomputed_aggregate, s.newest
	FROM @extschema@.bench_samples_of(source, run, configurations) s, LATERAL @extschema@.bench_outlier_rule(s.config_id) AS rule
	ORDER BY s.config_id COLLATE "C", s.invocation_type
$$;

COMMENT ON FUNCTION @extschema@.bench_recomputed_aggregates_of(name, text, text[]) IS
'bench_recomputed_aggregates of a run given by its whole id, or of some of its configurations, with the time of the newest result of each';

CREATE FUNCTION @extschema@.bench_recomputed_aggregates_from(source name, run text)
RETURNS SETOF @extschema@.bench_recomputed_aggregate
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	listed boolean := coalesce(run IN ('latest', 'previous'), true);
BEGIN
	LOOP
		IF listed THEN
			run := @extschema@.bench_listed_run(source, run);
		END IF;
		RETURN QUERY SELECT (a.aggregate).* FROM @extschema@.bench_recomputed_aggregates_of(source, run) a;
		EXIT WHEN FOUND OR listed;
		listed := true;
	END LOOP;
END $$;

COMMENT ON FUNCTION @extschema@.bench_recomputed_aggregates_from(name, text) IS
'bench_recomputed_aggregates in a schema that has the tables';

CREATE FUNCTION @extschema@.bench_recomputed_aggregates(run text, source name DEFAULT NULL)
RETURNS SETOF @extschema@.bench_recomputed_aggregate
LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$
	SELECT * FROM @extschema@.bench_recomputed_aggregates_from(@extschema@.bench_source(source, 'test_runs', 'results'), run)
$$;

COMMENT ON FUNCTION @extschema@.bench_recomputed_aggregates(text, name) IS
'the aggregates of a run as its results give them, by the rule of the benchmark suite; milliseconds and MB';

CREATE FUNCTION @extschema@.bench_recomputed_aggregates(run uuid, source name DEFAULT NULL)
RETURNS SETOF @extschema@.bench_recomputed_aggregate
LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$
	SELECT * FROM @extschema@.bench_recomputed_aggregates(run::pg_catalog.text, source)
$$;

COMMENT ON FUNCTION @extschema@.bench_recomputed_aggregates(uuid, name) IS
'the aggregates of a run as its results give them, by the rule of the benchmark suite; milliseconds and MB';

CREATE TYPE @extschema@.bench_finding AS (
	test_run_id text,
	config_id text,
	invocation_type text,
	metric text,
	reason text,
	field text,
	stored double precision,
	recomputed double precision,
	raw_count bigint,
	stored_count bigint,
	detail text);

COMMENT ON TYPE @extschema@.bench_finding IS
'where a stored aggregate and the results of a run do not agree; a row of bench_verify_aggregates';

CREATE FUNCTION @extschema@.bench_same_frequency(sample @extschema@.benchsample, a double precision, b double precision)
RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT count(*) FILTER (WHERE round(v::numeric, 2) = round(a::numeric, 2)) = count(*) FILTER (WHERE round(v::numeric, 2) = round(b::numeric, 2))
	FROM unnest(@extschema@.bench_values(sample)) v
$$;

COMMENT ON FUNCTION @extschema@.bench_same_frequency(@extschema@.benchsample, double precision, double precision) IS
'whether two values, to two decimals, are equally often in a sample: of equally frequent values any is the mode';

CREATE FUNCTION @extschema@.bench_stored_aggregates(
	source name,
	run text,
	OUT warm_starts integer,
	OUT config_id text,
	OUT invocation_type text,
	OUT made timestamptz,
	OUT sample_count integer,
	OUT failed_count integer,
	OUT duration_ms_stats jsonb,
	OUT billed_duration_ms_stats jsonb,
	OUT memory_mb_stats jsonb,
	OUT init_duration_ms_stats jsonb)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT r.warm_starts_per_config, a.config_id, a.invocation_type, a."timestamp", a.sample_count, a.failed_count,
			a.duration_ms_stats, a.billed_duration_ms_stats, a.memory_mb_stats, a.init_duration_ms_stats
		FROM %1$I.test_runs r LEFT JOIN %1$I.aggregates a ON %2$s WHERE %3$s',
		source, @extschema@.bench_is_run(source, 'aggregates', run, 'a'), @extschema@.bench_is_run(source, 'test_runs', run, 'r'));
END $$;

COMMENT ON FUNCTION @extschema@.bench_stored_aggregates(name, text) IS
'the aggregates of a run given by its whole id; if it has none, a row without one; no row without a run';

CREATE FUNCTION @extschema@.bench_verify_aggregates_of(source name, run text)
RETURNS SETOF @extschema@.bench_finding
LANGUAGE sql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
	WITH pairs AS MATERIALIZED (
		SELECT * FROM @extschema@.bench_stored_aggregates(source, run)
	), cells AS MATERIALIZED (
		SELECT *, a.invocation_type IS NOT NULL AS is_stored, s.invocation_type IS NOT NULL AS has_results,
			a.sample_count AS stored_count, s.sample_count AS raw_count, a.failed_count AS stored_failed, s.failed_count AS raw_failed
		FROM (
				-- the summary of a BenchBox run as a whole has no results of its own
				SELECT * FROM pairs WHERE config_id IS NOT NULL AND config_id NOT LIKE 'bb:%:@run'
			) a FULL JOIN @extschema@.bench_samples_of(source, run) s USING (config_id, invocation_type)
	), compared AS (
		SELECT config_id, invocation_type, metric, stored, sample, raw_count, stored_count, @extschema@.bench_outlier_rule(config_id) AS rule
		FROM cells, LATERAL (VALUES
			('duration_ms', duration_ms_stats, duration_ms), ('billed_duration_ms', billed_duration_ms_stats, billed_duration_ms),
			('memory_mb', memory_mb_stats, memory_mb), ('init_duration_ms', init_duration_ms_stats, init_duration_ms)
		) AS metrics(metric, stored, sample)
		WHERE raw_count = stored_count
	), found AS (
		SELECT config_id, invocation_type, NULL AS metric,
			CASE WHEN NOT is_stored THEN 'missing' WHEN NOT has_results THEN 'orphan' ELSE 'stale' END AS reason,
			NULL AS field, NULL::float8 AS stored, NULL::float8 AS recomputed, raw_count, stored_count,
			CASE WHEN NOT is_stored THEN 'no aggregate, results: ' || raw_count + raw_failed
				WHEN NOT has_results THEN 'no results'
				WHEN raw_count IS DISTINCT FROM stored_count THEN 'sample_count is not that of its results'
				ELSE 'older than its newest result by ' || newest - made END AS detail
		FROM cells WHERE NOT is_stored OR NOT has_results OR raw_count IS DISTINCT FROM stored_count OR made < newest
		UNION ALL
		SELECT config_id, 'warm', NULL, 'partial', NULL, NULL, NULL, NULL, NULL, 'cold but no warm'
		FROM cells GROUP BY config_id
		HAVING bool_or(invocation_type = 'cold') AND NOT bool_or(invocation_type = 'warm')
			AND (SELECT warm_starts > 0 OR warm_starts IS NULL FROM pairs LIMIT 1)
		UNION ALL
		SELECT config_id, invocation_type, NULL, 'mismatch', 'failedCount', stored_failed, raw_failed, raw_count, stored_count, NULL
		FROM cells WHERE raw_count = stored_count AND raw_failed <> stored_failed
		UNION ALL
		SELECT config_id, invocation_type, metric, 'mismatch', NULL, NULL, NULL, raw_count, stored_count,
			CASE WHEN sample IS NULL THEN 'no result has the metric' ELSE 'no statistics are stored' END
		FROM compared WHERE (sample IS NULL) <> (coalesce(stored, '{}') = '{}')
		UNION ALL
		SELECT config_id, invocation_type, metric, 'mismatch', field, stored_value, computed_value, raw_count, stored_count, NULL
		FROM compared,
			-- both sides are rounded to two decimals
			LATERAL @extschema@.bench_stats_diff(nullif(stored, '{}'), @extschema@.bench_stats(sample, rule), 1e-9, 0.0100001)
		WHERE NOT ok AND (field <> 'mode' OR @extschema@.bench_same_frequency(
			@extschema@.bench_remove_outliers(sample, rule), stored_value, computed_value) IS NOT TRUE)
	)
	SELECT run, f.* FROM (SELECT FROM pairs LIMIT 1) one LEFT JOIN found f ON true
	ORDER BY config_id COLLATE "C", invocation_type, reason, metric, field
$$;

COMMENT ON FUNCTION @extschema@.bench_verify_aggregates_of(name, text) IS
'bench_verify_aggregates of a run given by its whole id; if there is such a run, there is a row, maybe without a reason';

CREATE FUNCTION @extschema@.bench_verify_aggregates_from(source name, run text)
RETURNS SETOF @extschema@.bench_finding
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	listed boolean := coalesce(run IN ('latest', 'previous'), true);
	finding @extschema@.bench_finding;
BEGIN
	LOOP
		IF listed THEN
			run := @extschema@.bench_listed_run(source, run);
		END IF;
		FOR finding IN SELECT * FROM @extschema@.bench_verify_aggregates_of(source, run)
		LOOP
			IF finding.reason IS NOT NULL THEN
				RETURN NEXT finding;
			END IF;
		END LOOP;
		EXIT WHEN FOUND OR listed;
		listed := true;
	END LOOP;
END $$;

COMMENT ON FUNCTION @extschema@.bench_verify_aggregates_from(name, text) IS
'bench_verify_aggregates in a schema that has the tables';

CREATE FUNCTION @extschema@.bench_verify_aggregates(run text, source name DEFAULT NULL)
RETURNS SETOF @extschema@.bench_finding
LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$
	SELECT * FROM @extschema@.bench_verify_aggregates_from(@extschema@.bench_source(source, 'test_runs', 'aggregates', 'results'), run)
$$;

COMMENT ON FUNCTION @extschema@.bench_verify_aggregates(text, name) IS
'where the aggregates of a run are not what its results give: missing, orphan, partial, stale, or mismatch of a figure';

CREATE FUNCTION @extschema@.bench_verify_aggregates(run uuid, source name DEFAULT NULL)
RETURNS SETOF @extschema@.bench_finding
LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$
	SELECT * FROM @extschema@.bench_verify_aggregates(run::pg_catalog.text, source)
$$;

COMMENT ON FUNCTION @extschema@.bench_verify_aggregates(uuid, name) IS
'where the aggregates of a run are not what its results give: missing, orphan, partial, stale, or mismatch of a figure';
