
-- BenchBox documents of what is stored: as it came, assembled from the items, or made of a run of the Lambda suite.

CREATE FUNCTION @extschema@.benchbox_given(members jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(jsonb_object_agg(key, value) FILTER (WHERE value NOT IN ('null', '{}', '[]')), '{}') FROM jsonb_each(members)
$$;

COMMENT ON FUNCTION @extschema@.benchbox_given(jsonb) IS
'an object without its members that are null or empty; what stands deeper stays as it is';

CREATE FUNCTION @extschema@.benchbox_sql_text(written text, cut boolean DEFAULT false)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- the marker counts, so that the text has 4096 characters at most; who counts otherwise finds nothing wrong
	SELECT CASE WHEN written IS NULL THEN '{}'::jsonb
		WHEN cut OR length(written) > 4096 OR written LIKE '%' || marker
		THEN jsonb_build_object('sql_text', left(CASE WHEN written LIKE '%' || marker THEN left(written, -length(marker)) ELSE written END,
			4096 - length(marker)) || marker, 'sql_truncated', true)
		ELSE jsonb_build_object('sql_text', written) END
	FROM (VALUES ('/* truncated */')) AS constants(marker)
$$;

COMMENT ON FUNCTION @extschema@.benchbox_sql_text(text, boolean) IS
'the members sql_text and sql_truncated of an entry of details: at most 4096 characters, the marker of what is cut among them';

CREATE FUNCTION @extschema@.benchbox_detail(result jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT @extschema@.benchbox_given(jsonb_build_object('id', coalesce(result->'queryId', to_jsonb(regexp_replace(result->>'configId', '^.*:', ''))),
			'name', result->'queryName',
			'status', CASE WHEN (result->>'success')::boolean THEN 'SUCCESS'
				WHEN upper(result->>'queryStatus') IN ('SKIPPED', 'UNKNOWN') THEN upper(result->>'queryStatus') ELSE 'FAILED' END,
			'sequence', result->'sequence', 'stream_id', result->'streamId', 'iteration', result->'iteration', 'run_type', result->'runType',
			'execution_time_ms', result->'executionTimeMs', 'rows_returned', result->'rowsReturned', 'error_message', result->'errorMessage',
			'cost', result->'costUsd', 'resource_usage', result->'resourceUsage', 'row_count_validation',
				-- what could not be expected is null there, and absent in an item
				CASE WHEN upper(result#>>'{rowCountValidation,status}') = 'SKIPPED' THEN '{"expected": null}'::jsonb ELSE '{}' END || (result->'rowCountValidation')))
		|| @extschema@.benchbox_sql_text(result->>'sqlText', (result->>'sqlTruncated')::boolean)
$$;

COMMENT ON FUNCTION @extschema@.benchbox_detail(jsonb) IS
'the entry of details that a result of an imported run stands for';

CREATE FUNCTION @extschema@.benchbox_totals(details jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH entries AS (
		SELECT entry->>'status' = 'SUCCESS' AS good, (entry->>'execution_time_ms')::numeric AS ms, entry->>'run_type' = 'warmup' AS is_warmup
		FROM jsonb_array_elements(details) entry
	), measured AS (
		-- warm-ups count only where nothing else was executed
		SELECT * FROM entries WHERE is_warmup IS NOT TRUE OR NOT EXISTS (SELECT FROM entries WHERE is_warmup IS NOT TRUE)
	), counted AS (
		SELECT count(*) AS n, count(*) FILTER (WHERE good) AS ok, coalesce(sum(ms) FILTER (WHERE good), 0) AS total,
			coalesce(trim_scale(round(avg(ms) FILTER (WHERE good), 6)), 0) AS mean, min(ms) FILTER (WHERE good) AS least, max(ms) FILTER (WHERE good) AS most
		FROM measured
	)
	SELECT jsonb_build_object(
		'queries', jsonb_build_object('total', n, 'successful', ok, 'failed', n - ok,
			'success_rate', CASE WHEN n = 0 THEN 0.0 ELSE round(ok::numeric / n, 4) END, 'details', details),
		'timing', @extschema@.benchbox_given(jsonb_build_object('total_ms', total, 'avg_ms', mean, 'min_ms', least, 'max_ms', most)))
	FROM counted
$$;

COMMENT ON FUNCTION @extschema@.benchbox_totals(jsonb) IS
'the blocks queries and timing that entries of details give';

CREATE FUNCTION @extschema@.benchbox_export_block(anonymized boolean DEFAULT false)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_build_object('timestamp', to_char(statement_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
		'tool', 'benchresults_fdw/1.0', 'schema_version', @extschema@.benchbox_schema_version(), 'anonymized', coalesce(anonymized, false))
$$;

COMMENT ON FUNCTION @extschema@.benchbox_export_block(boolean) IS
'the block export of a document that is made here and now';

CREATE FUNCTION @extschema@.benchbox_rebuilt(h jsonb, details jsonb, notes jsonb)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_build_object('schema_version', @extschema@.benchbox_schema_version(),
			'benchmark', @extschema@.benchbox_given(jsonb_build_object('id', coalesce(h->'benchmarkId', h->'benchmarkName', '"unknown"'),
				'name', coalesce(h->'benchmarkName', h->'benchmarkId', '"unknown"'), 'version', h->'benchmarkVersion')),
			'execution', @extschema@.benchbox_given(jsonb_build_object('id', h->'executionId', 'timestamp', h->'executionTimestampText',
				'duration_ms', h->'durationMs', 'executor', h->'executor', 'platform', h->'platformName', 'database_name', h->'databaseName')),
			'configuration', @extschema@.benchbox_given(jsonb_build_object('scale_factor', h->'scaleFactor', 'concurrency', h->'concurrency',
				'query_subset', h->'querySubset', 'mode', h->'executionMode')),
			'system', @extschema@.benchbox_given(jsonb_build_object('os', h->'os', 'architecture', h->'architecture', 'cpu_count', h->'cpuCount',
				'memory_gb', h->'memoryGb', 'python_version', h->'pythonVersion', 'hostname', h->'hostname', 'username', h->'username')),
			'driver', @extschema@.benchbox_given(jsonb_build_object('package', h->'driverPackage', 'version_requested', h->'driverRequested',
				'version_resolved', h->'driverResolved', 'auto_install', h->'driverAutoInstall')),
			'validation', jsonb_build_object('status', CASE WHEN upper(h->>'validationStatus') IN ('PASSED', 'FAILED', 'PARTIAL')
					THEN upper(h->>'validationStatus') ELSE 'UNKNOWN' END)
				|| @extschema@.benchbox_given(jsonb_build_object('summary', @extschema@.benchbox_given(jsonb_build_object(
					'total_tables_validated', h->'tablesValidated', 'tables_with_data', h->'tablesWithData',
					'error_count', h->'validationErrors', 'warning_count', h->'validationWarnings')))),
			'results', totals || jsonb_build_object('timing', totals->'timing' || @extschema@.benchbox_given(jsonb_build_object(
					'data_loading_ms', h->'dataLoadingMs', 'schema_creation_ms', h->'schemaCreationMs')))
				|| @extschema@.benchbox_given(jsonb_build_object(
					'tables', @extschema@.benchbox_given(jsonb_build_object('total_rows_loaded', h->'totalRowsLoaded', 'data_size_mb', h->'dataSizeMb')),
					'metrics', @extschema@.benchbox_given(jsonb_build_object('tpc', @extschema@.benchbox_given(jsonb_build_object(
						'power_at_size', h->'powerAtSize', 'throughput_at_size', h->'throughputAtSize', 'qphh_at_size', h->'qphhAtSize',
						'geometric_mean_ms', h->'geometricMeanMs')))),
					'cost_summary', @extschema@.benchbox_given(jsonb_build_object('total_cost', h->'costUsd')))),
			'export', @extschema@.benchbox_export_block(is_anonymous))
		|| @extschema@.benchbox_given(jsonb_build_object(
			'platform', CASE WHEN h ? 'platformName' THEN @extschema@.benchbox_given(jsonb_build_object('name', h->'platformName', 'version', h->'platformVersion')) END,
			'metadata', @extschema@.benchbox_given(jsonb_build_object(CASE WHEN is_anonymous THEN 'anonymous_machine_id' ELSE 'machine_id' END, h->'machineId',
				'rebuilt_from', notes))))
	-- a document of version 2 may leave out that it is anonymised
	FROM @extschema@.benchbox_totals(details) totals, LATERAL (SELECT coalesce((h->>'anonymized')::boolean, h ? 'machineId')) AS flag(is_anonymous)
$$;

COMMENT ON FUNCTION @extschema@.benchbox_rebuilt(jsonb, jsonb, jsonb) IS
'a document of version 1.1 of the header of an imported run and its entries of details';

CREATE FUNCTION @extschema@.benchbox_stored_details(source name, run text, configurations jsonb)
RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	config_ids text[] := ARRAY(SELECT config_id FROM @extschema@.bench_matrix(configurations));
	details jsonb;
BEGIN
	-- a matrix that was too long is not there
	IF cardinality(config_ids) = 0 THEN
		EXECUTE format('SELECT array_agg(DISTINCT config_id) FROM %I.results WHERE %s', source, @extschema@.bench_is_run(source, 'results', run))
			INTO config_ids;
	END IF;
	-- a Query for each of the partitions
	EXECUTE format('SELECT coalesce(jsonb_agg(@extschema@.benchbox_detail(item) ORDER BY (item->>''position'')::numeric), ''[]'')
		FROM %I.items WHERE pk = ANY (%L)', source, ARRAY(SELECT run || '#' || id FROM unnest(config_ids) id)) INTO details;
	RETURN details;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_stored_details(name, text, jsonb) IS
'the results of an imported run as entries of details, in the order of its document';

CREATE FUNCTION @extschema@.benchbox_rebuilt_document(run text, attributes jsonb, details jsonb)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	-- a run that had no id of its own has one by now
	SELECT @extschema@.benchbox_rebuilt(header
			|| jsonb_build_object('executionId', coalesce(header->'executionId', to_jsonb(run)),
				'executionTimestampText', coalesce(header->'executionTimestampText', header->'exportTimestamp')),
		details, jsonb_build_object('test_run_id', run, 'source_schema_version', attributes->'sourceSchemaVersion'))
	FROM (VALUES (attributes->'benchbox')) AS stored(header)
$$;

COMMENT ON FUNCTION @extschema@.benchbox_rebuilt_document(text, jsonb, jsonb) IS
'a document of version 1.1, assembled from the attributes of an imported run and its entries of details';

CREATE FUNCTION @extschema@.benchbox_document_from(source name, run text, attributes jsonb)
RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	document jsonb;
	problem text;
BEGIN
	BEGIN
		document := @extschema@.benchbox_stored_document(source, run);
		problem := CASE WHEN document IS NULL THEN 'No part of it is there.'
			WHEN @extschema@.benchbox_sha256(document) IS DISTINCT FROM attributes->>'documentSha256' THEN 'Its SHA-256 is another than that of the run.' END;
	EXCEPTION WHEN invalid_binary_representation OR invalid_text_representation OR character_not_in_repertoire THEN
		problem := 'Its parts do not make up a document.';
	END;
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'data_corrupted', MESSAGE = format('the stored document of run "%s" is not whole', run), DETAIL = problem,
			HINT = CASE attributes->>'status' WHEN 'in_progress' THEN 'Its import did not end: repeat it.'
				ELSE 'benchbox_export(..., rebuild => true) makes one of its results.' END;
	END IF;
	RETURN document;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_document_from(name, text, jsonb) IS
'benchbox_document of a run that has been looked at; an error if what is stored is not what was imported';

CREATE FUNCTION @extschema@.benchbox_lambda_details(source name, run text, invocations boolean)
RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
AS $$
DECLARE
	entries text := CASE WHEN invocations THEN
		'config_id, invocation_type, invocation_number AS number, duration_ms AS ms, duration_ms IS NOT NULL AS good,
			jsonb_build_object(''billed_duration_ms'', billed_duration_ms, ''max_memory_used_mb'', max_memory_used_mb,
				''init_duration_ms'', init_duration_ms, ''memory_size_mb'', memory_size_mb) AS figures'
		ELSE
		'config_id, invocation_type, NULL::integer AS number, duration_ms_mean AS ms, duration_ms_mean IS NOT NULL AND sample_count IS DISTINCT FROM 0 AS good,
			jsonb_build_object(''sample_count'', sample_count, ''failed_count'', failed_count, ''median_ms'', duration_ms_median,
				''p90_ms'', duration_ms_p90, ''p95_ms'', duration_ms_p95, ''p99_ms'', duration_ms_p99, ''billed_duration_ms'', billed_duration_ms_mean,
				''max_memory_used_mb'', memory_mb_max, ''init_duration_ms'', init_duration_ms_mean, ''memory_size_mb'', memory_size_mb) AS figures' END;
	relation text := CASE WHEN invocations THEN 'results' ELSE 'aggregates' END;
	details jsonb;
BEGIN
	EXECUTE format('SELECT coalesce(jsonb_agg(@extschema@.benchbox_given(jsonb_build_object(''id'', config_id, ''status'', CASE WHEN good THEN ''SUCCESS'' ELSE ''FAILED'' END,
				''sequence'', place, ''iteration'', number, ''run_type'', CASE invocation_type WHEN ''cold'' THEN ''warmup'' ELSE ''measurement'' END,
				''execution_time_ms'', CASE WHEN good THEN ms END, ''resource_usage'', @extschema@.benchbox_given(figures))) ORDER BY place), ''[]'')
		FROM (SELECT *, row_number() OVER (ORDER BY config_id COLLATE "C", invocation_type COLLATE "C", number) AS place
			FROM (SELECT %s FROM %I.%I WHERE %s) e) e', entries, source, relation, @extschema@.bench_is_run(source, relation, run)) INTO details;
	RETURN details;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_lambda_details(name, text, boolean) IS
'the aggregates of a run of the Lambda suite, or all of its invocations, as entries of details; cold starts are warm-ups';

CREATE FUNCTION @extschema@.benchbox_lambda_document(r jsonb, details jsonb)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_build_object('schema_version', @extschema@.benchbox_schema_version(),
		'benchmark', '{"id": "aws-lambda", "name": "AWS Lambda ARM vs x86"}'::jsonb,
		'execution', @extschema@.benchbox_given(jsonb_build_object('id', r->'test_run_id', 'executor', 'aws-lambda', 'platform', 'AWS Lambda',
			'timestamp', to_char(began AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
			'duration_ms', CASE WHEN ended >= began THEN trim_scale(extract(epoch FROM ended - began) * 1000) END)),
		'configuration', @extschema@.benchbox_given(jsonb_build_object('options', @extschema@.benchbox_given(jsonb_build_object('mode', r->'mode',
			'cold_starts_per_config', r->'cold_starts_per_config', 'warm_starts_per_config', r->'warm_starts_per_config',
			'total_configurations', r->'total_configurations', 'total_invocations', r->'total_invocations')))),
		'system', @extschema@.benchbox_given(jsonb_build_object('architecture', nullif(concat_ws(', ', r#>>'{architectures,0}', r#>>'{architectures,1}'), ''))),
		'results', @extschema@.benchbox_totals(details), 'validation', '{"status": "UNKNOWN"}'::jsonb, 'driver', '{}'::jsonb,
		'export', @extschema@.benchbox_export_block(),
		'platform', @extschema@.benchbox_given(jsonb_build_object('name', 'AWS Lambda', 'info', @extschema@.benchbox_given(jsonb_build_object('region', r->'region',
			'runtimes', r->'runtimes', 'architectures', r->'architectures', 'workload_types', r->'workload_types')))),
		'metadata', @extschema@.benchbox_given(jsonb_build_object('test_run_id', r->'test_run_id', 'status', r->'status', 'notes', r->'notes',
			'error_summary', r->'error_summary', 'failed_invocations', r->'failed_invocations')))
	FROM (VALUES (coalesce((r->>'start_time')::timestamptz, (r->>'timestamp')::timestamptz), (r->>'end_time')::timestamptz)) AS times(began, ended)
$$;

COMMENT ON FUNCTION @extschema@.benchbox_lambda_document(jsonb, jsonb) IS
'a document of version 1.1 of a run of the Lambda suite, given as its row, and its entries of details';

CREATE FUNCTION @extschema@.benchbox_run_row(source name, run text)
RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	r jsonb;
	listed boolean := coalesce(run IN ('latest', 'previous'), true);
BEGIN
	LOOP
		IF listed THEN
			run := @extschema@.bench_listed_run(source, run);
		END IF;
		EXECUTE format('SELECT to_jsonb(r) || jsonb_build_object(''test_run_id'', r.test_run_id::text) FROM %I.test_runs r WHERE %s',
			source, @extschema@.bench_is_run(source, 'test_runs', run, 'r')) INTO r;
		EXIT WHEN r IS NOT NULL OR listed;
		listed := true;
	END LOOP;
	RETURN r;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_run_row(name, text) IS
'the row of a run, given in any of the forms that bench_run takes';

CREATE FUNCTION @extschema@.benchbox_export_from(source name, run text, rebuild boolean, invocations boolean)
RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	r jsonb := @extschema@.benchbox_run_row(source, run);
	id text := r->>'test_run_id';
	document jsonb;
BEGIN
	IF NOT r ? 'attributes' AND starts_with(r#>>'{configurations,0,configId}', 'bb:') THEN
		RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = format('schema "%s" has no documents', source),
			DETAIL = format('Run "%s" was imported from BenchBox, and its document is in the table of the service.', id),
			HINT = 'Name the schema of the foreign tables, as source => ''bench''; copies have no documents.';
	ELSIF r#>>'{attributes,source}' IS DISTINCT FROM 'benchbox' THEN
		RETURN @extschema@.benchbox_lambda_document(r, @extschema@.benchbox_lambda_details(source, id, invocations));
	ELSIF rebuild THEN
		RETURN @extschema@.benchbox_rebuilt_document(id, r->'attributes', @extschema@.benchbox_stored_details(source, id, r->'configurations'));
	END IF;
	document := @extschema@.benchbox_document_from(source, id, r->'attributes');
	IF document->>'schema_version' = @extschema@.benchbox_schema_version() AND @extschema@.benchbox_is_valid(document) THEN
		RETURN document;
	END IF;
	RETURN @extschema@.benchbox_upgrade(document);
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_export_from(name, text, boolean, boolean) IS
'benchbox_export in a schema that has the tables';

CREATE FUNCTION @extschema@.benchbox_export(
	run text,
	source name DEFAULT NULL,
	rebuild boolean DEFAULT false,
	invocations boolean DEFAULT false)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$
	SELECT @extschema@.benchbox_export_from(@extschema@.bench_source(source, 'test_runs', 'aggregates', 'results'), run, rebuild, invocations)
$$;

COMMENT ON FUNCTION @extschema@.benchbox_export(text, name, boolean, boolean) IS
'a run as a BenchBox document of version 1.1: what was imported, or rebuilt from the items; runs of the Lambda suite by aggregates or by invocations';

CREATE FUNCTION @extschema@.benchbox_export(
	run uuid,
	source name DEFAULT NULL,
	rebuild boolean DEFAULT false,
	invocations boolean DEFAULT false)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$
	SELECT @extschema@.benchbox_export(run::pg_catalog.text, source, rebuild, invocations)
$$;

COMMENT ON FUNCTION @extschema@.benchbox_export(uuid, name, boolean, boolean) IS
'a run as a BenchBox document of version 1.1: what was imported, or rebuilt from the items; runs of the Lambda suite by aggregates or by invocations';

CREATE FUNCTION @extschema@.benchbox_document(run text, source name DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
AS $$
DECLARE
	found pg_catalog.name := @extschema@.benchbox_table(source);
	r pg_catalog.jsonb := @extschema@.benchbox_run_row(found, run);
BEGIN
	RETURN CASE WHEN (r OPERATOR(pg_catalog.#>>) '{attributes,source}') OPERATOR(pg_catalog.=) 'benchbox'
		THEN @extschema@.benchbox_document_from(found, r OPERATOR(pg_catalog.->>) 'test_run_id', r OPERATOR(pg_catalog.->) 'attributes') END;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_document(text, name) IS
'the document of an imported run exactly as it was imported, of any version; NULL for runs of the Lambda suite';
