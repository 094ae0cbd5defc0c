
-- BenchBox documents are written: first a run in progress, then what belongs to it, and last how it ended.

CREATE FUNCTION @extschema@.benchbox_import_time(source name)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- in the form of the table's other timestamps
	SELECT CASE format WHEN 'epoch_ms' THEN to_jsonb(floor(extract(epoch FROM at) * 1000)) WHEN 'epoch_s' THEN to_jsonb(floor(extract(epoch FROM at)))
		ELSE to_jsonb(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) END
	FROM (SELECT clock_timestamp(), (SELECT o.option_value
		FROM pg_attribute a, LATERAL pg_options_to_table(a.attfdwoptions) o
		WHERE a.attrelid = format('%I.test_runs', source)::regclass AND a.attname = 'timestamp' AND o.option_name = 'format')) AS now(at, format)
$$;

COMMENT ON FUNCTION @extschema@.benchbox_import_time(name) IS
'the time of an import, as the attribute importedAt of its run';

CREATE FUNCTION @extschema@.benchbox_begin_run(source name, columns jsonb)
RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	c record;
	written bigint;
BEGIN
	SELECT * INTO c FROM @extschema@.bench_column_values(source, 'test_runs',
		jsonb_set(columns, '{attributes,importedAt}', @extschema@.benchbox_import_time(source)));
	IF NOT 'attributes' = ANY (c.names) THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_column',
			MESSAGE = format('table "%s.test_runs" has no column "attributes"', source),
			DETAIL = 'What is told of a document has no other place there.',
			HINT = 'IMPORT FOREIGN SCHEMA makes the table with all columns.';
	END IF;
	EXECUTE format('INSERT INTO %I.test_runs (%s) VALUES (%s) ON CONFLICT DO NOTHING',
		source, array_to_string(c.names, ', '), array_to_string(c.literals, ', '));
	GET DIAGNOSTICS written = ROW_COUNT;
	RETURN written > 0;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_begin_run(name, jsonb) IS
'writes a run, unless there is one of its id; false if there is';

CREATE FUNCTION @extschema@.benchbox_stored_run(
	source name,
	run text,
	OUT test_run_id text,
	OUT status text,
	OUT at timestamptz,
	OUT attributes jsonb)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
SET benchresults_fdw.consistent_read = 'on'
AS $$
BEGIN
	EXECUTE format('SELECT test_run_id::text, status, "timestamp", attributes FROM %I.test_runs WHERE %s',
		source, @extschema@.bench_is_run(source, 'test_runs', run)) INTO test_run_id, status, at, attributes;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_stored_run(name, text) IS
'a run given by its whole id, read strongly; NULLs if there is none';

CREATE FUNCTION @extschema@.benchbox_stored_document(source name, run text)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
SET benchresults_fdw.consistent_read = 'on'
AS $$
DECLARE
	packed bytea;
BEGIN
	EXECUTE format('SELECT string_agg(decode(item#>>''{body,$B}'', ''base64''), '''' ORDER BY sk COLLATE "C")
		FROM %I.items WHERE pk = %L AND sk LIKE ''PART#%%''', source, 'DOCUMENT#' || run) INTO packed;
	RETURN @extschema@.benchbox_unpack(packed);
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_stored_document(name, text) IS
'the text of the document of a run given by its whole id, as it is stored; NULL if there is none';

CREATE FUNCTION @extschema@.benchbox_write_items(source name, items jsonb[], at timestamptz)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	written bigint;
BEGIN
	-- what is there already was written by an import that was interrupted, and is the same; requests are under way together
	EXECUTE format('INSERT INTO %I.items (item%s) SELECT item%s FROM unnest($1) item ON CONFLICT DO NOTHING', source,
		CASE WHEN at IS NOT NULL THEN ', "timestamp"' END, CASE WHEN at IS NOT NULL THEN ', $2' END) USING items, at;
	GET DIAGNOSTICS written = ROW_COUNT;
	RETURN written;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_write_items(name, jsonb[], timestamptz) IS
'writes the items that are not there yet, with a timestamp unless it is NULL, and returns their number';

CREATE FUNCTION @extschema@.benchbox_write_run(source name, doc jsonb, run text, prefix text, at timestamptz)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	status text := (SELECT o.status FROM @extschema@.benchbox_outcome(doc, prefix) o);
	items integer;
BEGIN
	items := @extschema@.benchbox_write_items(source, ARRAY(SELECT @extschema@.benchbox_document_items(doc, run)), NULL);
	items := items + @extschema@.benchbox_write_items(source, ARRAY(SELECT @extschema@.benchbox_result_items(doc, run, prefix)), at);
	items := items + @extschema@.benchbox_write_items(source, ARRAY(SELECT @extschema@.benchbox_aggregate_items(doc, run, prefix)), at);
	EXECUTE format('UPDATE %I.test_runs SET status = %L WHERE %s AND status = ''in_progress''',
		source, status, @extschema@.bench_is_run(source, 'test_runs', run));
	RETURN items;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_write_run(name, jsonb, text, text, timestamptz) IS
'writes what belongs to a run in progress, and its end; what is there already stays; returns how many items it wrote';

CREATE FUNCTION @extschema@.benchbox_other_document(source name, run text, doc jsonb)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	differing text;
BEGIN
	BEGIN
		SELECT string_agg(key, ', ' ORDER BY key COLLATE "C") INTO differing
		FROM jsonb_each(@extschema@.benchbox_stored_document(source, run)::jsonb) a FULL JOIN jsonb_each(doc) b USING (key)
		WHERE a.value IS DISTINCT FROM b.value;
	EXCEPTION WHEN invalid_binary_representation OR invalid_text_representation OR character_not_in_repertoire THEN
		-- of an import that was interrupted not all of it is there
		differing := NULL;
	END;
	RAISE EXCEPTION USING ERRCODE = 'unique_violation',
		MESSAGE = format('run "%s" exists already, from another document', run),
		DETAIL = coalesce(format('They differ in: %s.', differing), 'Of the other document not all is there.'),
		HINT = 'on_conflict => ''replace'' deletes that run and writes this one.';
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_other_document(name, text, jsonb) IS
'the error of an import whose run is there, but of another document';

CREATE FUNCTION @extschema@.benchbox_import_into(
	source name,
	doc jsonb,
	prefix text,
	at timestamptz,
	notes text,
	on_conflict text,
	OUT test_run_id text,
	OUT items integer,
	OUT status text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	run text := @extschema@.benchbox_run_id(doc);
	columns jsonb := @extschema@.benchbox_run_columns(doc, run, prefix, at, notes);
	stored record;
	same_document boolean;
	same_arguments boolean;
	begun boolean := false;
BEGIN
	test_run_id := run;
	items := 0;
	-- what another session begins between the two looks is seen by the second
	FOR round IN 1..3 LOOP
		stored := @extschema@.benchbox_stored_run(source, run);
		same_document := stored.attributes->>'documentSha256' IS NOT DISTINCT FROM columns#>>'{attributes,documentSha256}';
		-- the tables may keep milliseconds or seconds only
		same_arguments := abs(extract(epoch FROM stored.at - at)) < 1 AND stored.attributes->>'configPrefix' = prefix;
		IF stored.test_run_id IS NULL THEN
			begun := @extschema@.benchbox_begin_run(source, columns);
			items := begun::integer;
		ELSIF on_conflict = 'replace' AND (same_document AND same_arguments) IS NOT TRUE THEN
			PERFORM @extschema@.bench_delete_run_from(source, run);
		ELSIF NOT same_document THEN
			PERFORM @extschema@.benchbox_other_document(source, run, doc);
		ELSIF stored.status <> 'in_progress' THEN
			RAISE NOTICE USING MESSAGE = format('run "%s" has been imported already', run)
				|| CASE WHEN NOT same_arguments THEN format(', as %s at %s', rtrim(stored.attributes->>'configPrefix', ':'), stored.at) ELSE '' END;
			status := stored.status;
			RETURN;
		ELSIF same_arguments THEN
			begun := true;
		ELSE
			RAISE EXCEPTION USING ERRCODE = 'unique_violation',
				MESSAGE = format('the import of run "%s" was begun with other arguments', run),
				DETAIL = format('It began as %s at %s; now it is %s at %s.',
					rtrim(stored.attributes->>'configPrefix', ':'), stored.at, rtrim(prefix, ':'), at),
				HINT = 'Repeat it with the same timezone and variant, or with on_conflict => ''replace''.';
		END IF;
		EXIT WHEN begun;
	END LOOP;
	-- results without a run would be found by nobody
	IF NOT begun THEN
		RAISE EXCEPTION USING ERRCODE = 'serialization_failure',
			MESSAGE = format('run "%s" is being written and deleted by others', run),
			DETAIL = 'Of this import nothing was written.',
			HINT = 'Repeat it.';
	END IF;
	items := items + @extschema@.benchbox_write_run(source, doc, run, prefix, at);
	SELECT o.status INTO status FROM @extschema@.benchbox_outcome(doc, prefix) o;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_import_into(name, jsonb, text, timestamptz, text, text) IS
'benchbox_import of a document that has been looked at, in a schema that has the tables';

CREATE FUNCTION @extschema@.benchbox_checked(doc jsonb, timezone text, on_conflict text)
RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	e record;
	at timestamptz;
BEGIN
	SELECT layout, execution_timestamp, export_timestamp INTO e FROM @extschema@.benchbox_executions(doc);
	IF doc IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'the document must not be NULL';
	ELSIF e.layout IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'the document is no result of BenchBox',
			DETAIL = 'It has neither results, as version 1 has, nor run and queries, as version 2.',
			HINT = 'benchbox_validate() says what is wrong with a document.';
	ELSIF on_conflict NOT IN ('error', 'replace') THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('there is no on_conflict named "%s"', on_conflict),
			HINT = 'Valid names: error, replace.';
	END IF;
	at := coalesce(@extschema@.benchbox_time(e.execution_timestamp, timezone), @extschema@.benchbox_time(e.export_timestamp, timezone));
	IF at IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_datetime_format', MESSAGE = 'the document does not say when it was measured',
			DETAIL = 'Neither the timestamp of the execution nor that of the export is a time in the form of ISO 8601.',
			HINT = 'Add it: jsonb_set(doc, ''{execution,timestamp}'', ''"2026-01-15T10:00:00"'').';
	END IF;
	RETURN at;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_checked(jsonb, text, text) IS
'when a document was measured; errors for documents and arguments that benchbox_import does not take';

CREATE FUNCTION @extschema@.benchbox_import(
	doc jsonb,
	source name DEFAULT NULL,
	timezone text DEFAULT NULL,
	variant text DEFAULT NULL,
	notes text DEFAULT NULL,
	on_conflict text DEFAULT NULL,
	OUT test_run_id text,
	OUT items integer,
	OUT status text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
-- many queries, each of a document only: compiling them would take longer than they do
SET jit = off
AS $$
DECLARE
	at pg_catalog.timestamptz := @extschema@.benchbox_checked(doc, coalesce(timezone, pg_catalog.current_setting('TimeZone')), on_conflict);
BEGIN
	SELECT i.test_run_id, i.items, i.status INTO test_run_id, items, status
	FROM @extschema@.benchbox_import_into(@extschema@.benchbox_table(source), doc,
		@extschema@.benchbox_config_prefix(doc, variant), at, notes, on_conflict) i;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_import(jsonb, name, text, text, text, text) IS
'writes a BenchBox document of any version into the table as a run, its results and its aggregates; may be repeated';

CREATE FUNCTION @extschema@.benchbox_import(
	doc text,
	source name DEFAULT NULL,
	timezone text DEFAULT NULL,
	variant text DEFAULT NULL,
	notes text DEFAULT NULL,
	on_conflict text DEFAULT NULL,
	OUT test_run_id text,
	OUT items integer,
	OUT status text)
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $$
	SELECT * FROM @extschema@.benchbox_import(doc::pg_catalog.jsonb, source, timezone, variant, notes, on_conflict)
$$;

COMMENT ON FUNCTION @extschema@.benchbox_import(text, name, text, text, text, text) IS
'writes a BenchBox document of any version into the table as a run, its results and its aggregates; may be repeated';

CREATE FUNCTION @extschema@.benchbox_table(source name)
RETURNS name
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
AS $$
DECLARE
	found pg_catalog.name := @extschema@.bench_source(source, 'test_runs', 'aggregates', 'results');
	kind pg_catalog."char" := (SELECT c.relkind FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
		WHERE n.nspname OPERATOR(pg_catalog.=) found AND c.relname OPERATOR(pg_catalog.=) 'items');
BEGIN
	-- a document is items of all kinds, and only where the tables are one each of them is in the others
	IF kind IS NULL OR kind OPERATOR(pg_catalog.<>) ALL ('{f,v}'::"char"[]) THEN
		RAISE EXCEPTION USING ERRCODE = 'wrong_object_type',
			MESSAGE = pg_catalog.format(CASE WHEN kind IS NULL THEN 'schema "%s" has no table "items"'
				ELSE 'table "items" of schema "%s" is no foreign table' END, found),
			DETAIL = 'Documents are written to, and read from, the table of the service.',
			HINT = 'Name the schema of the foreign tables, as source => ''bench''; bench_mirror copies from there.';
	END IF;
	RETURN found;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_table(name) IS
'the schema that has the tables, all of them foreign ones, for what reads and writes documents';
