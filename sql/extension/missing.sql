
-- What a run was to leave behind, and did not.

CREATE TYPE @extschema@.bench_missing_aggregate AS (
	test_run_id text,
	config_id text,
	runtime text,
	architecture text,
	workload_type text,
	memory_size_mb integer,
	invocation_type text,
	expected_samples integer,
	reason text);

COMMENT ON TYPE @extschema@.bench_missing_aggregate IS
'an aggregate that should be there, and why it is thought missing; a row of bench_missing_aggregates';

CREATE FUNCTION @extschema@.bench_run_and_aggregates(
	source name,
	run text,
	OUT status text,
	OUT configurations jsonb,
	OUT total integer,
	OUT cold integer,
	OUT warm integer,
	OUT config_ids text[],
	OUT invocation_types text[],
	OUT have_figures boolean[])
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 1
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- one request: the join of a run and its aggregates is pushed down. What is of the run is the same in all rows.
	query text := format('SELECT max(r.end_time) AS end_time, max(r.status) AS status, (array_agg(r.configurations))[1] AS configurations,
			max(r.total_configurations) AS total, max(r.cold_starts_per_config) AS cold, max(r.warm_starts_per_config) AS warm,
			array_agg(a.config_id) AS config_ids, array_agg(a.invocation_type) AS invocation_types,
			array_agg(a.duration_ms_mean IS NOT NULL AND a.sample_count IS DISTINCT FROM 0) AS have_figures
		FROM %1$I.test_runs r LEFT JOIN %1$I.aggregates a ON %2$s WHERE %3$s',
		source, @extschema@.bench_is_run(source, 'aggregates', run, 'a'), @extschema@.bench_is_run(source, 'test_runs', run, 'r'));
	r record;
BEGIN
	EXECUTE query INTO r;
	-- what was written just now may not be everywhere yet; local tables alone do not know the setting
	IF r.end_time > clock_timestamp() - interval '1 minute' AND current_setting('benchresults_fdw.consistent_read', true) = 'off' THEN
		PERFORM set_config('benchresults_fdw.consistent_read', 'on', true);
		EXECUTE query INTO r;
		PERFORM set_config('benchresults_fdw.consistent_read', 'off', true);
	END IF;
	RETURN QUERY SELECT r.status, r.configurations, r.total, r.cold, r.warm, r.config_ids, r.invocation_types, r.have_figures
		WHERE r.config_ids IS NOT NULL;
END $$;

COMMENT ON FUNCTION @extschema@.bench_run_and_aggregates(name, text) IS
'what bench_missing_aggregates needs of a run and its aggregates, a strong read if the run ended within the last minute; no row without a run';

CREATE FUNCTION @extschema@.bench_missing_aggregates_of(source name, run text)
RETURNS SETOF @extschema@.bench_missing_aggregate
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH one AS MATERIALIZED (
		SELECT * FROM @extschema@.bench_run_and_aggregates(source, run)
	), matrix AS MATERIALIZED (
		SELECT m.* FROM one, @extschema@.bench_matrix(configurations) m
	), ending AS (
		SELECT CASE
			WHEN status = 'in_progress' THEN 'run in progress'
			WHEN status = 'failed' THEN 'run failed'
			WHEN NOT EXISTS (SELECT FROM matrix) THEN 'no matrix' END AS reason
		FROM one
	), expected AS (
		SELECT m.*, start.invocation_type, start.planned
		FROM one, ending, matrix m, LATERAL (VALUES ('cold', cold), ('warm', warm)) AS start(invocation_type, planned)
		WHERE ending.reason IS NULL AND start.invocation_type = ANY (m.invocation_types) AND (planned > 0 OR planned IS NULL)
	), present AS (
		SELECT a.* FROM one, unnest(config_ids, invocation_types, have_figures) AS a(config_id, invocation_type, has_figures)
	)
	SELECT run, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
		coalesce(reason, format('matrix of %s configurations, total_configurations is ', size) || nullif(total, size))
	FROM one, ending, (SELECT count(*) AS size FROM matrix) s
	UNION ALL
	(SELECT run, config_id, runtime, architecture, workload_type, memory_size_mb, invocation_type, planned,
		CASE WHEN has_figures IS NULL THEN 'missing' ELSE 'empty' END
	FROM expected LEFT JOIN present USING (config_id, invocation_type)
	WHERE has_figures IS NOT TRUE
	ORDER BY runtime COLLATE "C", architecture COLLATE "C", workload_type COLLATE "C", memory_size_mb, config_id COLLATE "C", invocation_type)
$$;

COMMENT ON FUNCTION @extschema@.bench_missing_aggregates_of(name, text) IS
'bench_missing_aggregates of one run given by its whole id; if there is such a run, there is a row about it, maybe without a reason';

CREATE FUNCTION @extschema@.bench_missing_aggregates_from(source name, run text)
RETURNS SETOF @extschema@.bench_missing_aggregate
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	listed boolean := run IN ('latest', 'previous');
	missing @extschema@.bench_missing_aggregate;
BEGIN
	IF run IS NULL THEN
		RETURN QUERY EXECUTE format('
			SELECT m.* FROM (SELECT test_run_id::text AS id FROM %I.test_runs ORDER BY "timestamp" DESC NULLS LAST, test_run_id::text COLLATE "C") r,
				LATERAL @extschema@.bench_missing_aggregates_of(%L, r.id) m
			WHERE m.reason IS NOT NULL', source, source);
		RETURN;
	END IF;
	LOOP
		IF listed THEN
			run := @extschema@.bench_listed_run(source, run);
		END IF;
		FOR missing IN SELECT * FROM @extschema@.bench_missing_aggregates_of(source, run)
		LOOP
			IF missing.reason = 'no matrix' THEN
				-- which says so
				PERFORM @extschema@.bench_configurations_from(source, run);
			END IF;
			IF missing.reason IS NOT NULL THEN
				RETURN NEXT missing;
			END IF;
		END LOOP;
		EXIT WHEN FOUND OR listed;
		listed := true;
	END LOOP;
END $$;

COMMENT ON FUNCTION @extschema@.bench_missing_aggregates_from(name, text) IS
'bench_missing_aggregates in a schema that has the tables';

CREATE FUNCTION @extschema@.bench_missing_aggregates(run text DEFAULT NULL, source name DEFAULT NULL)
RETURNS SETOF @extschema@.bench_missing_aggregate
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $$
	SELECT * FROM @extschema@.bench_missing_aggregates_from(@extschema@.bench_source(source, 'test_runs', 'aggregates'), run)
$$;

COMMENT ON FUNCTION @extschema@.bench_missing_aggregates(text, name) IS
'which aggregates of a run, or of all runs, are missing or empty by its test matrix; of a run that is not completed one row says so';

CREATE FUNCTION @extschema@.bench_missing_aggregates(run uuid, source name DEFAULT NULL)
RETURNS SETOF @extschema@.bench_missing_aggregate
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $$
	SELECT * FROM @extschema@.bench_missing_aggregates(run::pg_catalog.text, source)
$$;

COMMENT ON FUNCTION @extschema@.bench_missing_aggregates(uuid, name) IS
'which aggregates of a run are missing or empty by its test matrix; of a run that is not completed one row says so';

CREATE TYPE @extschema@.bench_missing_result AS (
	test_run_id text,
	config_id text,
	invocation_type text,
	planned integer,
	present integer,
	failed integer,
	missing integer,
	missing_numbers integer[]);

COMMENT ON TYPE @extschema@.bench_missing_result IS
'how many samples of a configuration and start type were planned, are present, failed and are missing; a row of bench_missing_results';

CREATE FUNCTION @extschema@.bench_present_results(
	source name,
	run text,
	OUT config_id text,
	OUT invocation_type text,
	OUT present integer,
	OUT failed integer,
	OUT numbers integer[])
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT config_id, invocation_type, count(*)::integer, (count(*) - count(duration_ms))::integer,
			array_agg(invocation_number)
		FROM %I.results WHERE %s GROUP BY config_id, invocation_type',
		source, @extschema@.bench_is_run(source, 'results', run));
END $$;

COMMENT ON FUNCTION @extschema@.bench_present_results(name, text) IS
'how many results of each configuration and start type a run has, and their numbers';

CREATE FUNCTION @extschema@.bench_missing_results_of(source name, matrix @extschema@.bench_configuration[])
RETURNS SETOF @extschema@.bench_missing_result
LANGUAGE sql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
	WITH planned AS (
		SELECT m.*, start.invocation_type, start.planned
		FROM unnest(matrix) m, LATERAL (VALUES ('cold', m.cold_starts), ('warm', m.warm_starts)) AS start(invocation_type, planned)
		WHERE start.planned > 0 OR start.planned IS NULL
	), compared AS (
		SELECT p.*, config_id AS id, invocation_type AS start, CASE WHEN p.test_run_id IS NULL THEN 0 ELSE p.planned END AS plan,
			coalesce(r.present, 0) AS present, coalesce(r.failed, 0) AS failed,
			ARRAY(SELECT generate_series(1, p.planned) AS number EXCEPT SELECT unnest(r.numbers) ORDER BY number) AS absent
		FROM planned p
			FULL JOIN @extschema@.bench_present_results(source, matrix[1].test_run_id) r USING (config_id, invocation_type)
	)
	SELECT matrix[1].test_run_id, id, start, plan, present, failed, CASE WHEN plan IS NOT NULL THEN cardinality(absent) END, absent[:10]
	FROM compared
	WHERE cardinality(absent) > 0 OR present - failed <> coalesce(plan, greatest(present, 1))
	ORDER BY runtime COLLATE "C", architecture COLLATE "C", workload_type COLLATE "C", memory_size_mb, id COLLATE "C", start
$$;

COMMENT ON FUNCTION @extschema@.bench_missing_results_of(name, @extschema@.bench_configuration[]) IS
'bench_missing_results of a run whose matrix is known';

CREATE FUNCTION @extschema@.bench_missing_results_from(source name, run text)
RETURNS SETOF @extschema@.bench_missing_result
LANGUAGE sql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
	-- without a run this is an error, while all runs have their matrices
	SELECT * FROM @extschema@.bench_missing_results_of(source, ARRAY(
		SELECT c FROM @extschema@.bench_configurations_from(source, coalesce(run, @extschema@.bench_listed_run(source, run))) c))
$$;

COMMENT ON FUNCTION @extschema@.bench_missing_results_from(name, text) IS
'bench_missing_results in a schema that has the tables';

CREATE FUNCTION @extschema@.bench_missing_results(run text, source name DEFAULT NULL)
RETURNS SETOF @extschema@.bench_missing_result
LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$
	SELECT * FROM @extschema@.bench_missing_results_from(@extschema@.bench_source(source, 'test_runs', 'results'), run)
$$;

COMMENT ON FUNCTION @extschema@.bench_missing_results(text, name) IS
'where a run has not as many successful samples as its test matrix planned, and which invocations are missing';

CREATE FUNCTION @extschema@.bench_missing_results(run uuid, source name DEFAULT NULL)
RETURNS SETOF @extschema@.bench_missing_result
LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$
	SELECT * FROM @extschema@.bench_missing_results(run::pg_catalog.text, source)
$$;

COMMENT ON FUNCTION @extschema@.bench_missing_results(uuid, name) IS
'where a run has not as many successful samples as its test matrix planned, and which invocations are missing';
