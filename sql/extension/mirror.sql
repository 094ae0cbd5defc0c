
-- A local copy of finished runs, which do not change any more, and views that unite it with what was not copied yet.
--
-- A run is copied in one transaction, its row last, so that a run of which there is a row is whole.  The procedure
-- commits after each; so it can have no search_path of its own, and leaves everything else to functions that have.

CREATE FUNCTION @extschema@.bench_mirror_columns(source name, relation text, kept name DEFAULT NULL)
RETURNS TABLE (name name, type text, place smallint)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- the column attributes repeats what the others hold
	SELECT attname, format_type(atttypid, atttypmod)
		|| CASE WHEN attcollation <> typcollation THEN ' COLLATE ' || attcollation::regcollation ELSE '' END, attnum
	FROM pg_attribute JOIN pg_type t ON t.oid = atttypid
	WHERE attrelid = format('%I.%I', source, relation)::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'attributes'
		AND (kept IS NULL OR attname IN (SELECT attname FROM pg_attribute
			WHERE attrelid = format('%I.%I', kept, relation)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''))
$$;

COMMENT ON FUNCTION @extschema@.bench_mirror_columns(name, text, name) IS
'the columns of a table of the source that a copy has, or those of them for which it has one already';

CREATE FUNCTION @extschema@.bench_mirror_table(source name, target name, relation text, key text, lookup text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	kind "char" := (SELECT relkind FROM pg_class WHERE oid = to_regclass(format('%I.%I', target, relation)));
	added text;
BEGIN
	IF kind IS NULL THEN
		EXECUTE format('CREATE TABLE %I.%I (%s, PRIMARY KEY (%s))', target, relation,
			(SELECT string_agg(format('%I %s', name, type), ', ' ORDER BY place) FROM @extschema@.bench_mirror_columns(source, relation)), key);
		EXECUTE format('CREATE INDEX ON %I.%I (%s)', target, relation, lookup);
		EXECUTE format('COMMENT ON TABLE %I.%I IS %L', target, relation,
			format('%s of the finished runs of schema %s, copied by bench_mirror', relation, source));
	ELSIF kind NOT IN ('r', 'p') THEN
		RAISE EXCEPTION USING ERRCODE = 'wrong_object_type',
			MESSAGE = format('"%s.%s" is not a table, so that nothing can be copied into it', target, relation),
			HINT = 'Name another schema for the copy; it is made if it does not exist.';
	ELSE
		SELECT string_agg(format('ADD %I %s', name, type), ', ' ORDER BY place) INTO added
		FROM @extschema@.bench_mirror_columns(source, relation)
		WHERE name NOT IN (SELECT attname FROM pg_attribute WHERE attrelid = format('%I.%I', target, relation)::regclass AND NOT attisdropped);
		IF added IS NOT NULL THEN
			EXECUTE format('ALTER TABLE %I.%I %s', target, relation, added);
			RAISE NOTICE 'table "%.%": %', target, relation, added;
		END IF;
	END IF;
END $$;

COMMENT ON FUNCTION @extschema@.bench_mirror_table(name, name, text, text, text) IS
'makes a table for the copies, or adds the columns that the source has gained';

CREATE FUNCTION @extschema@.bench_mirror_tables(source name, target name, union_schema name)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF target IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'target must not be NULL',
			HINT = 'Name the schema for the copy; it is made if it does not exist.';
	ELSIF target = source OR union_schema IN (source, target) THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('schema "%s" cannot be used for two things', CASE target WHEN source THEN target ELSE union_schema END),
			DETAIL = 'The source, the copy and the views have tables of the same names.',
			HINT = 'Name another schema; it is made if it does not exist.';
	END IF;
	IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = target) THEN
		EXECUTE format('CREATE SCHEMA %I', target);
	END IF;
	PERFORM @extschema@.bench_mirror_table(source, target, 'test_runs', 'test_run_id', '"timestamp"');
	PERFORM @extschema@.bench_mirror_table(source, target, 'aggregates', 'test_run_id, config_id, invocation_type', 'config_id, "timestamp"');
	PERFORM @extschema@.bench_mirror_table(source, target, 'results', 'test_run_id, config_id, invocation_type, invocation_number',
		'config_id, "timestamp"');
	IF union_schema IS NOT NULL THEN
		IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = union_schema) THEN
			EXECUTE format('CREATE SCHEMA %I', union_schema);
		END IF;
		PERFORM @extschema@.bench_mirror_view(source, target, union_schema, relation) FROM unnest('{test_runs,aggregates,results}'::text[]) relation;
	END IF;
END $$;

COMMENT ON FUNCTION @extschema@.bench_mirror_tables(name, name, name) IS
'makes what bench_mirror copies into, and the views, or adds the columns that the source has gained';

CREATE FUNCTION @extschema@.bench_mirror_view(source name, target name, union_schema name, relation text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	columns text;
	source_columns text;
BEGIN
	-- the copy's columns: there are ever only more of them, and so the view can be replaced
	SELECT string_agg(quote_ident(m.name), ', ' ORDER BY m.place),
		string_agg(CASE WHEN s.type = m.type THEN quote_ident(m.name)
			ELSE format('CAST(%s AS %s) AS %I', coalesce(quote_ident(s.name), 'NULL'), m.type, m.name) END, ', ' ORDER BY m.place)
		INTO columns, source_columns
	FROM @extschema@.bench_mirror_columns(target, relation) m LEFT JOIN @extschema@.bench_mirror_columns(source, relation) s USING (name);
	-- the condition stands outside, for what has one of its own is no plain part of a union: no joins by key, no order
	EXECUTE format('CREATE OR REPLACE VIEW %1$I.%4$I AS
		SELECT %5$s FROM (
			SELECT true AS "is a copy", %5$s FROM %2$I.%4$I
			UNION ALL
			SELECT false, %6$s FROM %3$I.%4$I) both_of_them
		WHERE "is a copy" OR test_run_id NOT IN (SELECT test_run_id FROM %2$I.test_runs)',
		union_schema, target, source, relation, columns, source_columns);
END $$;

COMMENT ON FUNCTION @extschema@.bench_mirror_view(name, name, name, text) IS
'makes a view of the copied runs and of all others in the source';

CREATE FUNCTION @extschema@.bench_runs_to_mirror(source name, target name)
RETURNS text[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	runs text[];
BEGIN
	-- of a run that ended just now an index may not have everything yet
	EXECUTE format('SELECT array_agg(id ORDER BY "timestamp" NULLS FIRST, id COLLATE "C")
		FROM (SELECT test_run_id::text AS id, "timestamp" FROM %I.test_runs
			WHERE status IN (''completed'', ''failed'') AND (end_time > clock_timestamp() - interval ''1 minute'') IS NOT TRUE) r
		WHERE id NOT IN (SELECT test_run_id::text FROM %I.test_runs)', source, target) INTO runs;
	IF runs IS NULL THEN
		RAISE NOTICE 'schema "%" has all finished runs of schema "%"', target, source;
	END IF;
	RETURN coalesce(runs, '{}');
END $$;

COMMENT ON FUNCTION @extschema@.bench_runs_to_mirror(name, name) IS
'the ids of the finished runs that were not copied yet, the oldest first';

CREATE FUNCTION @extschema@.bench_mirror_run(source name, target name, run text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	is_there boolean;
	relation text;
	columns text;
	copied bigint;
	counts bigint[];
BEGIN
	-- another session may be copying the same run
	EXECUTE format('LOCK TABLE %I.test_runs IN SHARE ROW EXCLUSIVE MODE', target);
	EXECUTE format('SELECT EXISTS (SELECT FROM %I.test_runs WHERE %s)', target, @extschema@.bench_is_run(target, 'test_runs', run)) INTO is_there;
	IF is_there THEN
		RETURN;
	END IF;
	FOREACH relation IN ARRAY '{results,aggregates,test_runs}'::text[]
	LOOP
		-- what has no row in test_runs is half a run at most
		EXECUTE format('DELETE FROM %I.%I WHERE %s', target, relation, @extschema@.bench_is_run(target, relation, run));
		SELECT string_agg(quote_ident(name), ', ' ORDER BY place) INTO columns FROM @extschema@.bench_mirror_columns(source, relation, target);
		EXECUTE format('INSERT INTO %1$I.%3$I (%4$s) SELECT %4$s FROM %2$I.%3$I WHERE %5$s',
			target, source, relation, columns, @extschema@.bench_is_run(source, relation, run));
		GET DIAGNOSTICS copied = ROW_COUNT;
		counts := counts || copied;
	END LOOP;
	IF counts[3] = 0 THEN
		RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('run "%s" of schema "%s" has gone while it was copied', run, source),
			HINT = 'Call bench_mirror again; what was copied before is there.';
	END IF;
	RAISE NOTICE 'run "%" copied: results %, aggregates %', run, counts[1], counts[2];
END $$;

COMMENT ON FUNCTION @extschema@.bench_mirror_run(name, name, text) IS
'copies a run given by its whole id, unless it has been';

CREATE PROCEDURE @extschema@.bench_mirror(source name, target name, union_schema name DEFAULT NULL)
LANGUAGE plpgsql
AS $$
DECLARE
	found_source pg_catalog.name;
	run pg_catalog.text;
BEGIN
	-- where it is not allowed, this is the moment to say so, and not after the first run
	COMMIT;
	found_source := @extschema@.bench_source(source, 'test_runs', 'aggregates', 'results');
	PERFORM @extschema@.bench_mirror_tables(found_source, target, union_schema);
	COMMIT;
	FOREACH run IN ARRAY @extschema@.bench_runs_to_mirror(found_source, target)
	LOOP
		PERFORM @extschema@.bench_mirror_run(found_source, target, run);
		COMMIT;
	END LOOP;
END $$;

COMMENT ON PROCEDURE @extschema@.bench_mirror(name, name, name) IS
'copies the finished runs of a schema into local tables of another, those that are not there yet, and makes views that unite both';
