
-- What is written back to the tables of a source: aggregates that are missing, and the end of a whole run.  Both are
-- plain INSERT, UPDATE and DELETE, with the rights of the caller, and both may be repeated: what an interrupted call has
-- done is not done again.

CREATE FUNCTION @extschema@.bench_statistics_columns(metric text, stats jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- durationMsStats.sampleCount is duration_ms_sample_count
	SELECT coalesce(jsonb_object_agg(metric || '_' || lower(regexp_replace(key, '([A-Z])', '_\1', 'g')), value), '{}')
	FROM jsonb_each(stats)
$$;

COMMENT ON FUNCTION @extschema@.bench_statistics_columns(text, jsonb) IS
'the members of a statistics object by the names of their columns in the table aggregates';

CREATE FUNCTION @extschema@.bench_aggregate_columns(
	aggregate @extschema@.bench_recomputed_aggregate,
	made timestamptz,
	with_members boolean)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_build_object('timestamp', made,
			'sample_count', aggregate.sample_count, 'failed_count', aggregate.failed_count, 'all_successful', aggregate.failed_count = 0,
			'duration_ms_stats', aggregate.duration_ms_stats, 'billed_duration_ms_stats', aggregate.billed_duration_ms_stats,
			'memory_mb_stats', aggregate.memory_mb_stats, 'init_duration_ms_stats', aggregate.init_duration_ms_stats)
		|| CASE WHEN with_members THEN @extschema@.bench_statistics_columns('duration_ms', aggregate.duration_ms_stats)
			|| @extschema@.bench_statistics_columns('billed_duration_ms', aggregate.billed_duration_ms_stats)
			|| @extschema@.bench_statistics_columns('memory_mb', aggregate.memory_mb_stats)
			|| @extschema@.bench_statistics_columns('init_duration_ms', aggregate.init_duration_ms_stats)
			ELSE '{}' END
$$;

COMMENT ON FUNCTION @extschema@.bench_aggregate_columns(@extschema@.bench_recomputed_aggregate, timestamptz, boolean) IS
'an aggregate as columns of the table aggregates, but for those that are its key; with or without the members of its statistics';

CREATE FUNCTION @extschema@.bench_column_values(
	source name,
	relation text,
	"values" jsonb,
	OUT names text[],
	OUT literals text[])
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_agg(quote_ident(attname) ORDER BY attnum),
		array_agg(format('%L::%s', "values"->>attname::text, format_type(atttypid, atttypmod)) ORDER BY attnum)
	FROM pg_attribute
	WHERE attrelid = format('%I.%I', source, relation)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
		AND "values"->>attname::text IS NOT NULL
$$;

COMMENT ON FUNCTION @extschema@.bench_column_values(name, text, jsonb) IS
'those of the values for which a table has a column, as lists of names and of literals; what is NULL is left out';

CREATE FUNCTION @extschema@.bench_write_aggregate(source name, missing @extschema@.bench_missing_aggregate, figures jsonb)
RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	key text := format('%s AND config_id = %L AND invocation_type = %L',
		@extschema@.bench_is_run(source, 'aggregates', missing.test_run_id), missing.config_id, missing.invocation_type);
	dimensions jsonb := '{}';
	statement text;
	written bigint;
BEGIN
	IF missing.reason = 'missing' THEN
		-- the dimensions are a part of the configuration's id, unless the matrix has given it another
		IF missing.config_id = concat_ws('-', missing.runtime, missing.architecture, missing.workload_type, missing.memory_size_mb) THEN
			dimensions := jsonb_build_object('runtime', missing.runtime, 'architecture', missing.architecture,
				'workload_type', missing.workload_type, 'memory_size_mb', missing.memory_size_mb);
		END IF;
		-- there may be one by now
		SELECT format('INSERT INTO %I.aggregates (%s) VALUES (%s) ON CONFLICT DO NOTHING',
				source, array_to_string(names, ', '), array_to_string(literals, ', ')) INTO statement
		FROM @extschema@.bench_column_values(source, 'aggregates', figures || dimensions || jsonb_build_object(
			'test_run_id', missing.test_run_id, 'config_id', missing.config_id, 'invocation_type', missing.invocation_type));
	ELSE
		SELECT format('UPDATE %I.aggregates SET %s WHERE %s AND (sample_count = 0 OR duration_ms_mean IS NULL)',
				source, (SELECT string_agg(n || ' = ' || l, ', ') FROM unnest(names, literals) AS columns(n, l)), key) INTO statement
		FROM @extschema@.bench_column_values(source, 'aggregates', figures);
	END IF;
	EXECUTE statement;
	GET DIAGNOSTICS written = ROW_COUNT;
	RETURN written > 0;
END $$;

COMMENT ON FUNCTION @extschema@.bench_write_aggregate(name, @extschema@.bench_missing_aggregate, jsonb) IS
'writes an aggregate that bench_missing_aggregates found missing or empty; false if it is neither any more';

CREATE FUNCTION @extschema@.bench_recompute_aggregates_from(source name, run text)
RETURNS SETOF @extschema@.bench_recomputed_aggregate
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	missing @extschema@.bench_missing_aggregate[] := ARRAY(
		SELECT m FROM @extschema@.bench_missing_aggregates_from(source, coalesce(run, @extschema@.bench_listed_run(source, run))) m);
	-- in an item the members are a part of the object and need not be given twice
	with_members boolean := (SELECT relkind <> 'f' FROM pg_class WHERE oid = format('%I.aggregates', source)::regclass);
	about text;
	found record;
	left_for_later bigint := 0;
BEGIN
	FOR about IN SELECT m.reason FROM unnest(missing) m WHERE m.config_id IS NULL
	LOOP
		RAISE WARNING 'run "%": %', missing[1].test_run_id, about;
	END LOOP;
	IF NOT EXISTS (SELECT FROM unnest(missing) m WHERE m.config_id IS NOT NULL) THEN
		RETURN;
	END IF;
	FOR found IN
		SELECT r.aggregate, m AS missing, r.newest, r.newest BETWEEN clock_timestamp() - interval '1 minute' AND clock_timestamp() AS young
		FROM unnest(missing) m
			JOIN @extschema@.bench_recomputed_aggregates_of(source, missing[1].test_run_id,
				ARRAY(SELECT DISTINCT config_id FROM unnest(missing) WHERE config_id IS NOT NULL)) r
			ON (r.aggregate).config_id = m.config_id AND (r.aggregate).invocation_type = m.invocation_type
		WHERE m.reason = 'missing' OR (m.reason = 'empty' AND (r.aggregate).sample_count > 0)
	LOOP
		IF found.young THEN
			left_for_later := left_for_later + 1;
		-- the suite makes an aggregate right after the last of its results; now would make an old run the newest in a history
		ELSIF @extschema@.bench_write_aggregate(source, found.missing, @extschema@.bench_aggregate_columns(found.aggregate,
				coalesce(found.newest, date_trunc('milliseconds', clock_timestamp())), with_members)) THEN
			RETURN NEXT found.aggregate;
		END IF;
	END LOOP;
	IF left_for_later > 0 THEN
		RAISE WARNING USING MESSAGE = format('run "%s": aggregates left for later: %s', missing[1].test_run_id, left_for_later),
			DETAIL = 'Their newest result is less than a minute old, and there may be more that an index does not show yet.',
			HINT = 'Call it again in a minute.';
	END IF;
END $$;

COMMENT ON FUNCTION @extschema@.bench_recompute_aggregates_from(name, text) IS
'bench_recompute_aggregates in a schema that has the tables';

CREATE FUNCTION @extschema@.bench_recompute_aggregates(run text, source name DEFAULT NULL)
RETURNS SETOF @extschema@.bench_recomputed_aggregate
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $$
	SELECT * FROM @extschema@.bench_recompute_aggregates_from(@extschema@.bench_source(source, 'test_runs', 'aggregates', 'results'), run)
$$;

COMMENT ON FUNCTION @extschema@.bench_recompute_aggregates(text, name) IS
'writes the aggregates of a run that are missing or empty, computed from its results, and returns those that it wrote';

CREATE FUNCTION @extschema@.bench_recompute_aggregates(run uuid, source name DEFAULT NULL)
RETURNS SETOF @extschema@.bench_recomputed_aggregate
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $$
	SELECT * FROM @extschema@.bench_recompute_aggregates(run::pg_catalog.text, source)
$$;

COMMENT ON FUNCTION @extschema@.bench_recompute_aggregates(uuid, name) IS
'writes the aggregates of a run that are missing or empty, computed from its results, and returns those that it wrote';

CREATE FUNCTION @extschema@.bench_delete_rows(source name, relation text, condition text)
RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	rounds constant integer := 7;
	deleted bigint := 0;
	gone bigint;
	more boolean;
BEGIN
	-- an index lags: it may not show yet what is there, and still show what has been deleted
	FOR round IN 1..rounds LOOP
		EXECUTE format('DELETE FROM %I.%I WHERE %s', source, relation, condition);
		GET DIAGNOSTICS gone = ROW_COUNT;
		deleted := deleted + gone;
		EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I WHERE %s)', source, relation, condition) INTO more;
		IF NOT more THEN
			RETURN deleted;
		END IF;
		IF round < rounds THEN
			PERFORM pg_sleep(0.05 * 2 ^ round);
		END IF;
	END LOOP;
	RAISE EXCEPTION USING ERRCODE = 'object_in_use',
		MESSAGE = format('rows of table "%s" are still there after they were deleted %s times', relation, rounds),
		DETAIL = format('The condition is %s; rows deleted: %s.', condition, deleted),
		HINT = 'Something may still write them. Delete the run again when it has ended.';
END $$;

COMMENT ON FUNCTION @extschema@.bench_delete_rows(name, text, text) IS
'deletes rows of a table until no more are found, and returns their number; an error if that does not come to an end';

CREATE FUNCTION @extschema@.bench_run_to_delete(source name, run text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	is_there boolean;
BEGIN
	IF run IN ('latest', 'previous') THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('a run to be deleted must be named by its id, not as %s', run),
			DETAIL = format('Which run is the %s one may have changed since you looked.', run),
			HINT = format('The id is told by SELECT bench_run(%L, %L).', run, source);
	END IF;
	IF run IS NOT NULL THEN
		-- after an interrupted deletion, or with a late writer, there may be results without a run
		EXECUTE format('SELECT EXISTS (SELECT FROM %1$I.test_runs WHERE %2$s) OR EXISTS (SELECT FROM %1$I.results WHERE %3$s)
				OR EXISTS (SELECT FROM %1$I.aggregates WHERE %4$s)', source, @extschema@.bench_is_run(source, 'test_runs', run),
			@extschema@.bench_is_run(source, 'results', run), @extschema@.bench_is_run(source, 'aggregates', run)) INTO is_there;
	END IF;
	RETURN CASE WHEN is_there THEN run ELSE @extschema@.bench_listed_run(source, run) END;
END $$;

COMMENT ON FUNCTION @extschema@.bench_run_to_delete(name, text) IS
'the id of a run of which anything is there, given by its id or a prefix, for bench_delete_run';

CREATE FUNCTION @extschema@.bench_delete_run_from(
	source name,
	run text,
	OUT test_run_id text,
	OUT results bigint,
	OUT aggregates bigint,
	OUT items bigint,
	OUT test_runs bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	test_run_id := @extschema@.bench_run_to_delete(source, run);
	results := @extschema@.bench_delete_rows(source, 'results', @extschema@.bench_is_run(source, 'results', test_run_id));
	aggregates := @extschema@.bench_delete_rows(source, 'aggregates', @extschema@.bench_is_run(source, 'aggregates', test_run_id));
	-- whatever else there is of it, such as notes and documents; a copy has no such table
	IF (SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass(format('%I.items', source)) AND attname IN ('pk', 'sk')) = 2 THEN
		items := @extschema@.bench_delete_rows(source, 'items', format('pk IN (%L, %L) AND sk <> %1$L',
			'TESTRUN#' || test_run_id, 'DOCUMENT#' || test_run_id));
	END IF;
	-- last, so that the run is found as long as anything of it is there
	test_runs := @extschema@.bench_delete_rows(source, 'test_runs', @extschema@.bench_is_run(source, 'test_runs', test_run_id));
END $$;

COMMENT ON FUNCTION @extschema@.bench_delete_run_from(name, text) IS
'bench_delete_run in a schema that has the tables';

CREATE FUNCTION @extschema@.bench_delete_run(
	run text,
	source name DEFAULT NULL,
	OUT test_run_id text,
	OUT results bigint,
	OUT aggregates bigint,
	OUT items bigint,
	OUT test_runs bigint)
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $$
	SELECT * FROM @extschema@.bench_delete_run_from(@extschema@.bench_source(source, 'test_runs', 'aggregates', 'results'), run)
$$;

COMMENT ON FUNCTION @extschema@.bench_delete_run(text, name) IS
'deletes a run, given by its id or a prefix of it, with all that belongs to it, the run itself last, and returns how many rows that were';

CREATE FUNCTION @extschema@.bench_delete_run(
	run uuid,
	source name DEFAULT NULL,
	OUT test_run_id text,
	OUT results bigint,
	OUT aggregates bigint,
	OUT items bigint,
	OUT test_runs bigint)
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $$
	SELECT * FROM @extschema@.bench_delete_run(run::pg_catalog.text, source)
$$;

COMMENT ON FUNCTION @extschema@.bench_delete_run(uuid, name) IS
'deletes a run with all that belongs to it, the run itself last, and returns how many rows that were';
