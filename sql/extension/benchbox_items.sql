
-- A BenchBox document as items of the table: a run, its results, its aggregates, and the document itself in parts.
--
-- Every key follows from the document, so that whoever writes it twice writes the same.

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

-- In FROM it becomes a part of the query: it is not strict, has no settings, and its body is parsed here and now.
CREATE FUNCTION @extschema@.benchbox_attributes(members jsonb, longest integer)
RETURNS SETOF jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	-- run_type becomes runType; most values can be held for certain
	SELECT coalesce(jsonb_object_agg(lower(left(name, 1)) || substr(name, 2), held) FILTER (WHERE held IS NOT NULL), '{}')
	FROM jsonb_each(members), LATERAL (SELECT replace(initcap(replace(key, '_', ' ')), ' ', ''),
		CASE jsonb_typeof(value) WHEN 'string' THEN to_jsonb(left(value#>>'{}', longest)) WHEN 'boolean' THEN value WHEN 'null' THEN NULL
			ELSE CASE WHEN jsonb_typeof(value) = 'number' AND length(value::text) < 38 THEN value ELSE @extschema@.benchbox_attribute(value) END END
		) AS attribute(name, held)
	WHERE value <> 'null';
END;

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

CREATE FUNCTION @extschema@.benchbox_light_item(item jsonb, most integer DEFAULT 300000)
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

COMMENT ON FUNCTION @extschema@.benchbox_light_item(jsonb, integer) IS
'a result without its largest attributes if it is too large, and with their names in omitted';

CREATE FUNCTION @extschema@.benchbox_result_items(doc jsonb, run text, prefix text)
RETURNS SETOF jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
AS $$
	SELECT @extschema@.benchbox_light_item(dimensions || given || jsonb_build_object('pk', run || '#' || s.config_id,
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
			(SELECT totals FROM @extschema@.benchbox_executions(doc) e, LATERAL @extschema@.benchbox_attributes(jsonb_build_object(
				'workload_type', split_part(prefix, ':', 2) || ':@run', 'total_ms', e.total_ms, 'geometric_mean_ms', e.geometric_mean_ms,
				'power_at_size', e.power_at_size, 'throughput_at_size', e.throughput_at_size, 'qphh_at_size', e.qphh_at_size), 1000) totals)
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
			'benchbox', header))
	FROM @extschema@.benchbox_executions(doc) e, @extschema@.benchbox_outcome(doc, prefix) o,
		@extschema@.benchbox_matrix(doc, prefix) matrix, @extschema@.benchbox_dimensions(doc) dimensions,
		LATERAL @extschema@.benchbox_attributes(jsonb_build_object('execution_timestamp_text', e.execution_timestamp)
			|| CASE WHEN octet_length(e.query_subset::text) > 2000 THEN '{}' ELSE jsonb_build_object('query_subset', e.query_subset) END
			|| to_jsonb(e) - '{layout,source_version,execution_timestamp,query_subset,execution_metadata,options,platform_metadata,platform_tunings,platform_info,metadata}'::text[],
			200) header
$$;

COMMENT ON FUNCTION @extschema@.benchbox_run_columns(jsonb, text, text, timestamptz, text) IS
'the run of a document as columns of the table test_runs, in progress';
