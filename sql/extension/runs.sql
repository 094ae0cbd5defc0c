
-- Which run is meant, and what it was to measure.
--
-- Functions that take a source come in two: the one that is called finds the schema by the caller's search_path, the
-- other, ..._from, has a search_path of its own and names only tables of that schema.  A run is tried as a whole id by
-- the query that reads it, without a request for that; only if there is no such run are the runs listed.

CREATE FUNCTION @extschema@.bench_is_run(source name, relation text, run text, alias text DEFAULT NULL)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- the column may have been declared uuid, and a prefix is none
	SELECT CASE WHEN a.atttypid = 'uuid'::regtype AND run !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN 'false'
		ELSE format('%I.test_run_id = %L', coalesce(alias, relation), run) END
	FROM pg_namespace n
		JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = relation
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'test_run_id'
	WHERE n.nspname = source
$$;

COMMENT ON FUNCTION @extschema@.bench_is_run(name, text, text, text) IS
'the condition that a row of a table is of a run given by its whole id, for the functions that read the tables of a source';

CREATE FUNCTION @extschema@.bench_listed_run(source name, run text)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found_id text;
	matches bigint;
	candidates text;
BEGIN
	IF run IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'run must not be NULL',
			HINT = 'The newest run is latest.';
	ELSIF run = 'latest' THEN
		EXECUTE format('SELECT test_run_id::text FROM %I.test_runs WHERE "timestamp" IS NOT NULL
			ORDER BY "timestamp" DESC, test_run_id::text COLLATE "C" LIMIT 1', source) INTO found_id;
	ELSIF run = 'previous' THEN
		EXECUTE format('SELECT id FROM (
				SELECT test_run_id::text AS id, status,
					row_number() OVER (ORDER BY "timestamp" DESC, test_run_id::text COLLATE "C") AS place
				FROM %I.test_runs WHERE "timestamp" IS NOT NULL) r
			WHERE place > 1 AND status = ''completed'' ORDER BY place LIMIT 1', source) INTO found_id;
	ELSIF length(run) >= 4 THEN
		EXECUTE format('SELECT min(id), count(*), string_agg(format(''%%s (%%s, %%s)'', id, at, status), '', '' ORDER BY place)
				FILTER (WHERE place <= 10)
			FROM (SELECT test_run_id::text AS id, coalesce("timestamp"::text, ''no time'') AS at, coalesce(status, ''no status'') AS status,
					row_number() OVER (ORDER BY "timestamp" DESC NULLS LAST, test_run_id::text COLLATE "C") AS place
				FROM %I.test_runs WHERE starts_with(test_run_id::text, %L)) r', source, run)
			INTO found_id, matches, candidates;
	END IF;
	IF matches > 1 THEN
		RAISE EXCEPTION USING ERRCODE = 'too_many_rows',
			MESSAGE = format('%s runs begin with "%s"', matches, run),
			DETAIL = format('They are %s%s.', candidates, CASE WHEN matches > 10 THEN ' and others' ELSE '' END),
			HINT = 'Give more of the id.';
	ELSIF found_id IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'no_data_found',
			MESSAGE = CASE run WHEN 'latest' THEN format('schema "%s" has no run', source)
				WHEN 'previous' THEN format('schema "%s" has no completed run before the latest', source)
				ELSE format('schema "%s" has no run "%s"', source, run) END,
			HINT = CASE WHEN starts_with(run, '{') THEN 'Several runs are an array: ''{latest, previous}''::text[].'
				ELSE format('A run is named by its id, 4 characters or more that only its id begins with, latest or previous; '
					'%I.test_runs has them all.', source) END;
	END IF;
	RETURN found_id;
END $$;

COMMENT ON FUNCTION @extschema@.bench_listed_run(name, text) IS
'what bench_run does when no run has the text as its whole id: lists the runs of a schema';

CREATE FUNCTION @extschema@.bench_run_from(source name, run text)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found_id text;
BEGIN
	IF run NOT IN ('latest', 'previous') THEN
		EXECUTE format('SELECT test_run_id::text FROM %I.test_runs WHERE %s',
			source, @extschema@.bench_is_run(source, 'test_runs', run)) INTO found_id;
	END IF;
	RETURN coalesce(found_id, @extschema@.bench_listed_run(source, run));
END $$;

COMMENT ON FUNCTION @extschema@.bench_run_from(name, text) IS
'bench_run in a schema that has the tables';

CREATE FUNCTION @extschema@.bench_run(run text, source name DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION @extschema@.bench_run(text, name) IS
'the id of a run given by its id, a unique prefix of 4 characters or more, latest, or previous: the newest completed one before the latest';

CREATE FUNCTION @extschema@.bench_latest_run_from(source name, mode text, status text)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found_id text;
	condition text := concat_ws(' AND ', '"timestamp" IS NOT NULL', 'mode = ' || quote_literal(mode), 'status = ' || quote_literal(status));
BEGIN
	EXECUTE format('SELECT test_run_id::text FROM %I.test_runs WHERE %s
		ORDER BY "timestamp" DESC, test_run_id::text COLLATE "C" LIMIT 1', source, condition) INTO found_id;
	IF found_id IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'no_data_found',
			MESSAGE = format('schema "%s" has no run', source) || coalesce(' of ' || nullif(concat_ws(' and ',
				'mode "' || mode || '"', 'status "' || status || '"'), ''), ''),
			HINT = format('SELECT DISTINCT mode, status FROM %I.test_runs shows what there is.', source);
	END IF;
	RETURN found_id;
END $$;

COMMENT ON FUNCTION @extschema@.bench_latest_run_from(name, text, text) IS
'bench_latest_run in a schema that has the tables';

CREATE FUNCTION @extschema@.bench_latest_run(mode text DEFAULT NULL, status text DEFAULT NULL, source name DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME'
LANGUAGE C STABLE PARALLEL RESTRICTED;

COMMENT ON FUNCTION @extschema@.bench_latest_run(text, text, name) IS
'the id of the newest run by timestamp, of a mode and a status if they are given';

CREATE FUNCTION @extschema@.bench_matrix(
	configurations jsonb,
	OUT config_id text,
	OUT runtime text,
	OUT architecture text,
	OUT workload_type text,
	OUT memory_size_mb integer,
	OUT invocation_types text[])
RETURNS SETOF record
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT DISTINCT ON (id COLLATE "C") id, entry->>'runtime', entry->>'architecture', entry->>'workloadType', mb, types
	FROM jsonb_array_elements(CASE jsonb_typeof(configurations) WHEN 'array' THEN configurations END)
			WITH ORDINALITY AS entries(entry, place)
		-- a list, a set, a single number, or none
		LEFT JOIN LATERAL jsonb_array_elements_text(CASE 'array'
			WHEN jsonb_typeof(entry->'memorySizes') THEN entry->'memorySizes'
			WHEN jsonb_typeof(entry#>'{memorySizes,$NS}') THEN entry#>'{memorySizes,$NS}'
			ELSE jsonb_build_array(coalesce(entry->'memorySizes', entry->'memorySizeMB')) END) AS size ON true,
		LATERAL (SELECT CASE WHEN size ~ '^[0-9]{1,9}(\.0+)?$' THEN size::numeric::integer END) AS memory(mb),
		LATERAL (SELECT coalesce(entry->>'configId', (entry->>'runtime') || '-' || (entry->>'architecture') || '-'
			|| (entry->>'workloadType') || '-' || mb)) AS config(id),
		LATERAL (SELECT CASE jsonb_typeof(entry->'invocationTypes')
			WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(entry->'invocationTypes'))
			ELSE '{cold,warm}' END) AS start(types)
	WHERE id IS NOT NULL
	ORDER BY id COLLATE "C", place
$$;

COMMENT ON FUNCTION @extschema@.bench_matrix(jsonb) IS
'the configurations of a test matrix, as in test_runs.configurations, each once, and which of its start types are measured';

CREATE TYPE @extschema@.bench_configuration AS (
	test_run_id text,
	config_id text,
	runtime text,
	architecture text,
	workload_type text,
	memory_size_mb integer,
	cold_starts integer,
	warm_starts integer);

COMMENT ON TYPE @extschema@.bench_configuration IS
'a configuration that a run was to measure, and how often; a row of bench_configurations';

CREATE FUNCTION @extschema@.bench_configurations_from(source name, run text)
RETURNS SETOF @extschema@.bench_configuration
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	one_run boolean := run IS NOT NULL;
	listed boolean := run IN ('latest', 'previous');
	r record;
	matrix @extschema@.bench_configuration[];
BEGIN
	LOOP
		IF listed THEN
			run := @extschema@.bench_listed_run(source, run);
		END IF;
		FOR r IN EXECUTE format('SELECT test_run_id::text AS id, configurations, total_configurations AS total,
				cold_starts_per_config AS cold, warm_starts_per_config AS warm
			FROM %I.test_runs WHERE %s ORDER BY "timestamp" DESC NULLS LAST, test_run_id::text COLLATE "C"',
			source, CASE WHEN one_run THEN @extschema@.bench_is_run(source, 'test_runs', run) ELSE 'true' END)
		LOOP
			matrix := ARRAY(
				SELECT (r.id, m.config_id, m.runtime, m.architecture, m.workload_type, m.memory_size_mb,
					CASE WHEN 'cold' = ANY (m.invocation_types) THEN r.cold ELSE 0 END,
					CASE WHEN 'warm' = ANY (m.invocation_types) THEN r.warm ELSE 0 END)::@extschema@.bench_configuration
				FROM @extschema@.bench_matrix(r.configurations) m
				ORDER BY m.runtime COLLATE "C", m.architecture COLLATE "C", m.workload_type COLLATE "C", m.memory_size_mb, m.config_id COLLATE "C");
			IF cardinality(matrix) = 0 AND one_run THEN
				RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
					MESSAGE = format('run "%s" has no test matrix', r.id),
					DETAIL = 'Its column configurations is NULL, or names no configuration: each needs a configId, or runtime, architecture, workloadType and memorySizes.',
					HINT = 'Without a matrix nobody can tell what is missing; bench_verify_aggregates compares what is there.';
			ELSIF cardinality(matrix) NOT IN (0, r.total) THEN
				RAISE WARNING 'the test matrix of run "%" has % configurations, its total_configurations is %',
					r.id, cardinality(matrix), r.total;
			END IF;
			RETURN QUERY SELECT * FROM unnest(matrix);
		END LOOP;
		EXIT WHEN FOUND OR listed OR NOT one_run;
		listed := true;
	END LOOP;
END $$;

COMMENT ON FUNCTION @extschema@.bench_configurations_from(name, text) IS
'bench_configurations in a schema that has the tables';

CREATE FUNCTION @extschema@.bench_configurations(run text DEFAULT NULL, source name DEFAULT NULL)
RETURNS SETOF @extschema@.bench_configuration
LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$
	SELECT * FROM @extschema@.bench_configurations_from(@extschema@.bench_source(source, 'test_runs'), run)
$$;

COMMENT ON FUNCTION @extschema@.bench_configurations(text, name) IS
'the test matrix of a run, or of all runs that have one, as rows: what was to be measured, and how often';

CREATE FUNCTION @extschema@.bench_configurations(run uuid, source name DEFAULT NULL)
RETURNS SETOF @extschema@.bench_configuration
LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$
	SELECT * FROM @extschema@.bench_configurations(run::pg_catalog.text, source)
$$;

COMMENT ON FUNCTION @extschema@.bench_configurations(uuid, name) IS
'the test matrix of a run as rows: what was to be measured, and how often';

CREATE FUNCTION @extschema@.bench_config_history(
	config_id text,
	n integer DEFAULT 10,
	invocation_type text DEFAULT 'warm',
	source name DEFAULT NULL,
	OUT "timestamp" timestamptz,
	OUT test_run_id text,
	OUT sample_count integer,
	OUT failed_count integer,
	OUT duration_ms_mean double precision,
	OUT duration_ms_median double precision,
	OUT duration_ms_stdev double precision,
	OUT duration_ms_p90 double precision,
	OUT duration_ms_p95 double precision,
	OUT duration_ms_p99 double precision,
	OUT billed_duration_ms_mean double precision,
	OUT memory_mb_max double precision,
	OUT init_duration_ms_mean double precision)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
AS $$
BEGIN
	RETURN QUERY EXECUTE pg_catalog.format('
		SELECT "timestamp", test_run_id::pg_catalog.text, sample_count, failed_count,
			duration_ms_mean, duration_ms_median, duration_ms_stdev, duration_ms_p90, duration_ms_p95, duration_ms_p99,
			billed_duration_ms_mean, memory_mb_max, init_duration_ms_mean
		FROM %I.aggregates
		WHERE config_id OPERATOR(pg_catalog.=) $1 AND invocation_type OPERATOR(pg_catalog.=) $2 AND "timestamp" IS NOT NULL
		ORDER BY "timestamp" DESC LIMIT $3', @extschema@.bench_source(source, 'aggregates'))
		USING config_id, invocation_type, n;
END $$;

COMMENT ON FUNCTION @extschema@.bench_config_history(text, integer, text, name) IS
'the aggregates of a configuration in its newest n runs, the newest first: when, how many samples, and the figures in milliseconds and MB';
