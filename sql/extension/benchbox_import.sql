
-- BenchBox documents become runs of the table: a run, its results, its aggregates, and the document itself in parts.

CREATE FUNCTION @extschema@.benchbox_pack(document text)
RETURNS bytea
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.benchbox_pack(text) IS
'a text as a gzip file in UTF-8; the same text always gives the same bytes';

CREATE FUNCTION @extschema@.benchbox_unpack(packed bytea)
RETURNS text
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.benchbox_unpack(bytea) IS
'the text of a gzip file in UTF-8, up to 256 MB';

CREATE FUNCTION @extschema@.benchbox_uuid(name text)
RETURNS uuid
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.benchbox_uuid(text) IS
'the UUID, version 5, of a name in the namespace of BenchBox runs';

CREATE FUNCTION @extschema@.benchbox_run_id(doc jsonb)
RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- of a document that does not say which run it is: what it measured, and not who exported it where
	SELECT @extschema@.benchbox_uuid(CASE WHEN execution_id <> '' AND execution_timestamp <> ''
		THEN concat_ws(chr(31), execution_id, execution_timestamp, split_part(@extschema@.benchbox_config_prefix(doc), ':', 2),
			coalesce(@extschema@.benchbox_slug(platform_name), ''))
		ELSE @extschema@.benchbox_sha256(doc - '{export,metadata,system,environment}'::text[]) END)::text
	FROM @extschema@.benchbox_executions(doc)
$$;

COMMENT ON FUNCTION @extschema@.benchbox_run_id(jsonb) IS
'the id under which a BenchBox document is stored: the same for each export of the same run';

CREATE FUNCTION @extschema@.benchbox_sha256(doc jsonb)
RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT encode(sha256(convert_to(doc::text, 'UTF8')), 'hex')
$$;

COMMENT ON FUNCTION @extschema@.benchbox_sha256(jsonb) IS
'the SHA-256 of a document as jsonb writes it';

CREATE FUNCTION @extschema@.benchbox_time(written text, timezone text)
RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN written ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?\s*(Z|[+-]\d\d(:?\d\d)?)$' THEN written::timestamptz
		WHEN written ~ '^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?)?$' THEN written::timestamp AT TIME ZONE timezone END
$$;

COMMENT ON FUNCTION @extschema@.benchbox_time(text, text) IS
'the moment that an ISO 8601 text names, in a time zone unless it says which; NULL if it is none';

CREATE FUNCTION @extschema@.benchbox_attribute(value jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- an item has no more than 31 levels, and numbers of 38 digits; a key that begins with $ means something else
	SELECT CASE jsonb_typeof(value) WHEN 'null' THEN NULL WHEN 'string' THEN value WHEN 'boolean' THEN value ELSE (
		SELECT value
		WHERE NOT jsonb_path_exists(value, 'strict $.**{28 to last}')
			AND NOT jsonb_path_exists(value, 'lax $.** ? (@.type() == "object").keyvalue() ? (@.key == "" || @.key starts with "$")')
			AND NOT EXISTS (SELECT FROM jsonb_path_query(value, 'strict $.** ? (@.type() == "number")') number,
				LATERAL (SELECT abs(number::numeric)) AS size(n)
				WHERE n <> 0 AND CASE WHEN n < 1e-130 OR n >= 1e126 THEN true ELSE length(trim('0' FROM replace(n::text, '.', ''))) > 38 END)
	) END
$$;

COMMENT ON FUNCTION @extschema@.benchbox_attribute(jsonb) IS
'the value, or NULL if no attribute can hold it';

CREATE FUNCTION @extschema@.benchbox_attributes(members jsonb, longest integer)
RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- run_type becomes runType
	SELECT coalesce(jsonb_object_agg(lower(left(name, 1)) || substr(name, 2),
		CASE jsonb_typeof(held) WHEN 'string' THEN to_jsonb(left(held#>>'{}', longest)) ELSE held END), '{}')
	FROM jsonb_each(members), LATERAL (SELECT replace(initcap(replace(key, '_', ' ')), ' ', ''), @extschema@.benchbox_attribute(value)) AS attribute(name, held)
	WHERE held IS NOT NULL
$$;

COMMENT ON FUNCTION @extschema@.benchbox_attributes(jsonb, integer) IS
'columns as attributes: what is NULL or cannot be held is left out, longer texts are cut';

CREATE FUNCTION @extschema@.benchbox_samples(
	doc jsonb,
	prefix text,
	OUT config_id text,
	OUT invocation_type text,
	OUT invocation_number integer,
	OUT place integer,
	OUT query text,
	OUT success boolean,
	OUT duration_ms double precision,
	OUT columns jsonb)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
AS $$
	-- what metadata and summary say was not executed
	SELECT prefix || id, kind, (row_number() OVER (PARTITION BY id, kind ORDER BY q."position"))::integer, q."position", id, succeeded,
		-- what no attribute can hold is as if it were not there
		CASE WHEN succeeded AND (q.execution_time_ms = 0 OR abs(q.execution_time_ms) BETWEEN 1e-130 AND 9e125) THEN q.execution_time_ms END, to_jsonb(q)
	FROM @extschema@.benchbox_queries(doc) q,
		LATERAL (SELECT coalesce(q.query, 'position_' || q."position"), CASE lower(q.run_type) WHEN 'warmup' THEN 'cold' ELSE 'warm' END,
			coalesce(q.success, q.execution_time_ms IS NOT NULL AND q.error_message IS NULL)) AS meaning(id, kind, succeeded)
	WHERE lower(q.run_type) IN ('metadata', 'summary') IS NOT TRUE
$$;

COMMENT ON FUNCTION @extschema@.benchbox_samples(jsonb, text) IS
'the executions of a document as invocations of configurations, numbered in the order of the document; duration_ms only of those that succeeded';

CREATE FUNCTION @extschema@.benchbox_architecture(written text)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
	SELECT CASE WHEN pg_catalog.lower(written) IN ('aarch64', 'arm64') THEN 'arm64'
		WHEN pg_catalog.lower(written) IN ('x86_64', 'amd64', 'x64', 'x86') THEN 'x86' END
$$;

COMMENT ON FUNCTION @extschema@.benchbox_architecture(text) IS
'the architecture as the table has it: arm64, x86, or NULL';

CREATE FUNCTION @extschema@.benchbox_dimensions(doc jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('runtime', @extschema@.benchbox_slug(platform_name),
		'architecture', @extschema@.benchbox_architecture(architecture)))
	FROM @extschema@.benchbox_executions(doc)
$$;

COMMENT ON FUNCTION @extschema@.benchbox_dimensions(jsonb) IS
'what all results and aggregates of a document have in common: runtime, and architecture if it is known';

CREATE FUNCTION @extschema@.benchbox_fitted(item jsonb, most integer DEFAULT 300000)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY '{resourceUsage,sqlText,errorMessage}'::text[]
	LOOP
		EXIT WHEN octet_length(item::text) <= most;
		IF item ? name THEN
			item := (item - name) || jsonb_build_object('omitted', coalesce(item->'omitted', '[]') || to_jsonb(name));
		END IF;
	END LOOP;
	RETURN item;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_fitted(jsonb, integer) IS
'a result without its largest attributes if it is too large, and with their names in omitted';

CREATE FUNCTION @extschema@.benchbox_result_items(doc jsonb, run text, prefix text)
RETURNS SETOF jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
AS $$
	SELECT @extschema@.benchbox_fitted(dimensions || given || jsonb_build_object('pk', run || '#' || s.config_id,
			'sk', s.invocation_type || '#' || s.invocation_number, 'itemType', 'result', 'testRunId', run, 'configId', s.config_id,
			'invocationType', s.invocation_type, 'invocationNumber', s.invocation_number,
			'workloadType', split_part(prefix, ':', 2) || ':' || s.query, 'success', s.success)
		|| CASE WHEN given ? 'executionTimeMs' AND s.success THEN jsonb_build_object('durationMs', given->'executionTimeMs') ELSE '{}' END
		|| CASE WHEN s.columns->'resource_usage' <> 'null' AND NOT given ? 'resourceUsage' THEN '{"omitted": ["resourceUsage"]}'::jsonb ELSE '{}' END
		|| CASE WHEN counted <> '{}' THEN jsonb_build_object('rowCountValidation', counted) ELSE '{}' END)
	FROM @extschema@.benchbox_samples(doc, prefix) s, @extschema@.benchbox_dimensions(doc) dimensions,
		LATERAL @extschema@.benchbox_attributes(s.columns - '{query,success,expected_rows,actual_rows,row_count_status,row_count_error,row_count_warning}'::text[],
			400000) given,
		LATERAL @extschema@.benchbox_attributes(jsonb_build_object('expected', s.columns->'expected_rows', 'actual', s.columns->'actual_rows',
			'status', s.columns->'row_count_status', 'error', s.columns->'row_count_error', 'warning', s.columns->'row_count_warning'), 1000) counted
	ORDER BY s.place
$$;

COMMENT ON FUNCTION @extschema@.benchbox_result_items(jsonb, text, text) IS
'the items of the executions of a document, but for their timestamp';

CREATE FUNCTION @extschema@.benchbox_aggregate_items(doc jsonb, run text, prefix text)
RETURNS SETOF jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
AS $$
	WITH samples AS MATERIALIZED (
		SELECT * FROM @extschema@.benchbox_samples(doc, prefix)
	), aggregates AS (
		SELECT config_id, invocation_type, min(place) AS place, count(duration_ms) AS good, count(*) - count(duration_ms) AS failed,
			coalesce(@extschema@.bench_stats(duration_ms), '{}') AS stats, jsonb_build_object('workloadType', split_part(prefix, ':', 2) || ':' || query) AS more
		FROM samples GROUP BY config_id, invocation_type, query
		UNION ALL
		-- the run as a whole: what was measured, and the totals as the document has them
		SELECT prefix || '@run', 'warm', NULL, count(duration_ms), count(*) - count(duration_ms), coalesce(@extschema@.bench_stats(duration_ms), '{}'),
			(SELECT @extschema@.benchbox_attributes(jsonb_build_object('workload_type', split_part(prefix, ':', 2) || ':@run',
				'total_ms', total_ms, 'geometric_mean_ms', geometric_mean_ms,
				'power_at_size', power_at_size, 'throughput_at_size', throughput_at_size, 'qphh_at_size', qphh_at_size), 1000)
				FROM @extschema@.benchbox_executions(doc))
		FROM samples WHERE invocation_type = 'warm'
	)
	SELECT dimensions || more || jsonb_build_object('pk', 'TESTRUN#' || run, 'sk', 'AGGREGATE#' || config_id || '#' || invocation_type,
		'itemType', 'aggregate', 'testRunId', run, 'configId', config_id, 'invocationType', invocation_type,
		'sampleCount', good, 'failedCount', failed, 'allSuccessful', failed = 0,
		-- a mean that no attribute can hold is of times that none can
		'durationMsStats', coalesce(@extschema@.benchbox_attribute(stats), '{}'))
	FROM aggregates, @extschema@.benchbox_dimensions(doc) dimensions
	ORDER BY place, invocation_type
$$;

COMMENT ON FUNCTION @extschema@.benchbox_aggregate_items(jsonb, text, text) IS
'the items of the aggregates of a document, that of the run as a whole last, but for their timestamp';

CREATE FUNCTION @extschema@.benchbox_document_items(doc jsonb, run text)
RETURNS SETOF jsonb
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- an item has no more than 400 KB; these are in no index, for they have no timestamp, and are not read with the run
	SELECT jsonb_build_object('pk', 'DOCUMENT#' || run, 'sk', 'PART#' || to_char(part + 1, 'FM0000'), 'itemType', 'document', 'testRunId', run,
		'encoding', 'gzip', 'body', jsonb_build_object('$B', translate(encode(substr(packed, part * size + 1, size), 'base64'), chr(10), '')))
	FROM @extschema@.benchbox_pack(doc::text) packed, LATERAL (VALUES (350 * 1024)) AS parts(size),
		LATERAL generate_series(0, (length(packed) - 1) / size) part
$$;

COMMENT ON FUNCTION @extschema@.benchbox_document_items(jsonb, text) IS
'the items that hold a document, packed, in parts of 350 KB';

CREATE FUNCTION @extschema@.benchbox_matrix(doc jsonb, prefix text)
RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH samples AS (
		SELECT config_id, array_agg(DISTINCT invocation_type) AS types, min(place) AS place
		FROM @extschema@.benchbox_samples(doc, prefix) GROUP BY config_id
	), expected AS (
		SELECT prefix || @extschema@.benchbox_query_slug(q.id) AS config_id, min(q.place) AS place
		FROM @extschema@.benchbox_executions(doc) e, LATERAL (
				SELECT id, place FROM unnest(e.query_subset) WITH ORDINALITY AS u(id, place)
				UNION ALL
				SELECT query_id, 0 FROM @extschema@.benchbox_definitions(doc) WHERE e.query_subset IS NULL) q
		WHERE q.id IS NOT NULL GROUP BY 1
	)
	-- of a query that was not executed at all whatever others were executed as is missing
	SELECT coalesce(jsonb_agg(jsonb_build_object('configId', config_id,
		'invocationTypes', coalesce(s.types, (SELECT array_agg(DISTINCT type) FROM samples, unnest(types) type), '{warm}'))
		ORDER BY s.place, e.place, config_id COLLATE "C"), '[]')
	FROM samples s FULL JOIN expected e USING (config_id)
$$;

COMMENT ON FUNCTION @extschema@.benchbox_matrix(jsonb, text) IS
'which configurations a document has, or should have, and their start types: the test matrix of its run';

CREATE FUNCTION @extschema@.benchbox_outcome(
	doc jsonb,
	prefix text,
	OUT status text,
	OUT executions integer,
	OUT failures integer,
	OUT summary text,
	OUT cold integer,
	OUT warm integer)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH samples AS MATERIALIZED (
		SELECT * FROM @extschema@.benchbox_samples(doc, prefix)
	), failed AS (
		SELECT query, row_number() OVER (ORDER BY min(place)) AS place FROM samples WHERE NOT success GROUP BY query
	), listed AS (
		SELECT string_agg(query, ', ' ORDER BY place) FILTER (WHERE place <= 10) || CASE WHEN count(*) > 10 THEN ', ...' ELSE '' END AS queries FROM failed
	), counted AS (
		SELECT count(*)::integer AS n, (count(*) FILTER (WHERE NOT success))::integer AS bad, count(*) FILTER (WHERE success) > 0 AS any_good,
			coalesce(max(invocation_number) FILTER (WHERE invocation_type = 'cold'), 0) AS cold,
			coalesce(max(invocation_number) FILTER (WHERE invocation_type = 'warm'), 0) AS warm
		FROM samples
	)
	SELECT CASE WHEN any_good AND NOT EXISTS (SELECT FROM @extschema@.benchbox_phases(doc) phase WHERE upper(phase.status) = 'FAILED')
			THEN 'completed' ELSE 'failed' END,
		n, bad, CASE WHEN bad > 0 THEN format('%s of %s failed: %s', bad, n, left(queries, 1000)) END, cold, warm
	FROM counted, listed
$$;

COMMENT ON FUNCTION @extschema@.benchbox_outcome(jsonb, text) IS
'how the run of a document ended, how many executions it has and how many of them failed, and most starts of a configuration';

CREATE FUNCTION @extschema@.benchbox_run_columns(doc jsonb, run text, prefix text, at timestamptz, notes text)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
AS $$
	-- the whole item stays small: what is long is in the document
	SELECT jsonb_build_object('test_run_id', run, 'timestamp', at, 'start_time', at,
		'end_time', CASE WHEN e.duration_ms BETWEEN 0 AND 1e12 THEN at + e.duration_ms * interval '1 ms' END, 'status', 'in_progress',
		'failed_invocations', o.failures, 'error_summary', o.summary, 'notes', notes,
		'total_configurations', jsonb_array_length(matrix), 'total_invocations', o.executions,
		'cold_starts_per_config', o.cold, 'warm_starts_per_config', o.warm,
		'runtimes', array_remove(ARRAY[dimensions->>'runtime'], NULL)::text, 'architectures', array_remove(ARRAY[dimensions->>'architecture'], NULL)::text,
		'configurations', CASE WHEN octet_length(matrix::text) < 200000 THEN matrix END,
		'attributes', jsonb_build_object('pk', 'TESTRUN#' || run, 'sk', 'TESTRUN#' || run, 'itemType', 'test-run', 'testRunId', run,
			'source', 'benchbox', 'sourceSchemaVersion', e.source_version, 'configPrefix', prefix,
			'documentSha256', @extschema@.benchbox_sha256(doc),
			'documentParts', (SELECT count(*) FROM @extschema@.benchbox_document_items(doc, run)),
			'importedAt', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
			'benchbox', @extschema@.benchbox_attributes(jsonb_build_object('execution_timestamp_text', e.execution_timestamp)
				|| CASE WHEN octet_length(e.query_subset::text) > 2000 THEN '{}' ELSE jsonb_build_object('query_subset', e.query_subset) END
				|| to_jsonb(e) - '{layout,source_version,execution_timestamp,query_subset,execution_metadata,options,platform_metadata,platform_tunings,platform_info,metadata}'::text[],
				200)))
	FROM @extschema@.benchbox_executions(doc) e, @extschema@.benchbox_outcome(doc, prefix) o,
		@extschema@.benchbox_matrix(doc, prefix) matrix, @extschema@.benchbox_dimensions(doc) dimensions
$$;

COMMENT ON FUNCTION @extschema@.benchbox_run_columns(jsonb, text, text, timestamptz, text) IS
'the run of a document as columns of the table test_runs, in progress';

CREATE FUNCTION @extschema@.benchbox_begin_run(source name, columns jsonb)
RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	c record;
	written bigint;
BEGIN
	SELECT * INTO c FROM @extschema@.bench_column_values(source, 'test_runs', columns);
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
BEGIN
	test_run_id := run;
	items := 0;
	-- what another session begins between the two looks is seen by the second
	FOR round IN 1..3 LOOP
		stored := @extschema@.benchbox_stored_run(source, run);
		IF stored.test_run_id IS NULL THEN
			CONTINUE WHEN NOT @extschema@.benchbox_begin_run(source, columns);
			items := 1;
			EXIT;
		ELSIF stored.attributes->>'documentSha256' IS DISTINCT FROM columns#>>'{attributes,documentSha256}' THEN
			IF on_conflict IS DISTINCT FROM 'replace' THEN
				PERFORM @extschema@.benchbox_other_document(source, run, doc);
			END IF;
			PERFORM @extschema@.bench_delete_run_from(source, run);
		ELSIF stored.status <> 'in_progress' THEN
			RAISE NOTICE 'run "%" has been imported already', run;
			status := stored.status;
			RETURN;
		ELSIF abs(extract(epoch FROM stored.at - at)) >= 1 OR stored.attributes->>'configPrefix' <> prefix THEN
			RAISE EXCEPTION USING ERRCODE = 'unique_violation',
				MESSAGE = format('the import of run "%s" was begun with other arguments', run),
				DETAIL = format('It began as %s at %s; now it is %s at %s.', stored.attributes->>'configPrefix', stored.at, prefix, at),
				HINT = 'Repeat it with the same timezone and variant, or delete the run.';
		ELSE
			EXIT;
		END IF;
	END LOOP;
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
