
-- What a BenchBox result document says of a run and of its queries, as rows: 1.x and 2.0 to 2.2 in one shape.
--
-- Bodies are parsed here and now, so that the caller's search_path does not matter and they can become part of the
-- caller's query.  OFFSET 0 keeps a block from being taken out of the document, which is compressed, again for each column.

CREATE FUNCTION @extschema@.benchbox_executions(
	doc jsonb,
	OUT layout text,
	OUT source_version text,
	OUT benchmark_id text,
	OUT benchmark_name text,
	OUT benchmark_version text,
	OUT test_type text,
	OUT execution_id text,
	OUT execution_timestamp text,
	OUT duration_ms double precision,
	OUT executor text,
	OUT database_name text,
	OUT execution_metadata jsonb,
	OUT execution_mode text,
	OUT scale_factor numeric,
	OUT concurrency integer,
	OUT query_subset text[],
	OUT options jsonb,
	OUT os text,
	OUT architecture text,
	OUT cpu_count integer,
	OUT memory_gb double precision,
	OUT python_version text,
	OUT hostname text,
	OUT username text,
	OUT machine_id text,
	OUT driver_package text,
	OUT driver_requested text,
	OUT driver_resolved text,
	OUT driver_auto_install boolean,
	OUT platform_name text,
	OUT platform_version text,
	OUT platform_metadata jsonb,
	OUT platform_tunings jsonb,
	OUT platform_info jsonb,
	OUT metadata jsonb,
	OUT export_timestamp text,
	OUT export_tool text,
	OUT export_schema_version text,
	OUT anonymized boolean,
	OUT queries_total integer,
	OUT queries_successful integer,
	OUT queries_failed integer,
	OUT success_rate double precision,
	OUT total_ms double precision,
	OUT avg_ms double precision,
	OUT min_ms double precision,
	OUT max_ms double precision,
	OUT data_loading_ms double precision,
	OUT schema_creation_ms double precision,
	OUT total_rows_loaded bigint,
	OUT data_size_mb double precision,
	OUT geometric_mean_ms double precision,
	OUT power_at_size double precision,
	OUT throughput_at_size double precision,
	OUT qphh_at_size double precision,
	OUT validation_status text,
	OUT tables_validated integer,
	OUT tables_with_data integer,
	OUT validation_errors integer,
	OUT validation_warnings integer,
	OUT cost_usd numeric)
RETURNS SETOF record
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT f.layout,
		CASE WHEN two THEN coalesce(@extschema@.benchbox_as_id(d -> 'result_schema_version'), @extschema@.benchbox_as_id(d -> 'version'), @extschema@.benchbox_as_id(d -> 'schema_version'))
			ELSE coalesce(@extschema@.benchbox_as_id(d -> 'schema_version'), @extschema@.benchbox_as_id(d -> 'result_schema_version'), @extschema@.benchbox_as_id(d -> 'version')) END,
		@extschema@.benchbox_as_id(benchmark -> 'id'),
		@extschema@.benchbox_as_text(benchmark -> 'name'),
		@extschema@.benchbox_as_id(benchmark -> 'version'),
		@extschema@.benchbox_as_text(benchmark -> 'test_type'),
		-- in 2.x the block execution says when the command was given, not when the run began
		CASE WHEN two THEN @extschema@.benchbox_as_id(run -> 'id')
			ELSE coalesce(@extschema@.benchbox_as_id(execution -> 'id'), @extschema@.benchbox_as_id(execution -> 'execution_id')) END,
		CASE WHEN two THEN @extschema@.benchbox_as_text(run -> 'timestamp') ELSE @extschema@.benchbox_as_text(execution -> 'timestamp') END,
		CASE WHEN two THEN @extschema@.benchbox_as_float(run -> 'total_duration_ms') ELSE @extschema@.benchbox_as_float(execution -> 'duration_ms') END,
		@extschema@.benchbox_as_text(execution -> 'executor'),
		coalesce(@extschema@.benchbox_as_text(execution -> 'database_name'), @extschema@.benchbox_as_text(execution -> 'database')),
		CASE WHEN two THEN nullif(@extschema@.benchbox_as_object(execution) - drivers, '{}') ELSE @extschema@.benchbox_as_object(execution -> 'metadata') END,
		coalesce(@extschema@.benchbox_as_text(config -> 'mode'), @extschema@.benchbox_as_text(configuration -> 'mode'),
			@extschema@.benchbox_as_text(config -> 'execution_mode'), @extschema@.benchbox_as_text(configuration -> 'execution_mode'),
			@extschema@.benchbox_as_text(platform #> '{config,execution_mode}'), @extschema@.benchbox_as_text(execution -> 'mode')),
		CASE WHEN two THEN @extschema@.benchbox_as_numeric(benchmark -> 'scale_factor')
			ELSE coalesce(@extschema@.benchbox_as_numeric(configuration -> 'scale_factor'), @extschema@.benchbox_as_numeric(benchmark -> 'scale_factor')) END,
		coalesce(@extschema@.benchbox_as_integer(configuration -> 'concurrency'), @extschema@.benchbox_as_integer(configuration -> 'concurrency_level'),
			@extschema@.benchbox_as_integer(config -> 'concurrency')),
		CASE WHEN jsonb_typeof(subset) = 'array' THEN @extschema@.benchbox_as_texts(subset) END,
		CASE WHEN two THEN @extschema@.benchbox_as_object(config) ELSE @extschema@.benchbox_as_object(configuration -> 'options') END,
		coalesce(@extschema@.benchbox_as_text(system -> 'os'), @extschema@.benchbox_as_text(system -> 'os_name')),
		coalesce(@extschema@.benchbox_as_text(system -> 'architecture'), @extschema@.benchbox_as_text(system -> 'arch')),
		coalesce(@extschema@.benchbox_as_integer(system -> 'cpu_count'), @extschema@.benchbox_as_integer(system -> 'cpu_cores_logical')),
		coalesce(@extschema@.benchbox_as_float(system -> 'memory_gb'), @extschema@.benchbox_as_float(system -> 'memory_total_gb')),
		coalesce(@extschema@.benchbox_as_id(system -> 'python_version'), @extschema@.benchbox_as_id(system -> 'python')),
		coalesce(@extschema@.benchbox_as_text(system -> 'hostname'), @extschema@.benchbox_as_text(system -> 'host')),
		coalesce(@extschema@.benchbox_as_text(system -> 'username'), @extschema@.benchbox_as_text(system -> 'user')),
		coalesce(@extschema@.benchbox_as_text(f.metadata -> 'anonymous_machine_id'), @extschema@.benchbox_as_text(f.metadata -> 'machine_id'),
			@extschema@.benchbox_as_text(system -> 'machine_id')),
		coalesce(@extschema@.benchbox_as_text(driver -> 'package'), @extschema@.benchbox_as_text(driver -> 'driver_package'),
			@extschema@.benchbox_as_text(driver_of_platform -> 'driver_package')),
		coalesce(@extschema@.benchbox_as_id(driver -> 'requested'), @extschema@.benchbox_as_id(driver -> 'version_requested'),
			@extschema@.benchbox_as_id(driver -> 'requested_version'), @extschema@.benchbox_as_id(driver -> 'driver_version_requested'),
			@extschema@.benchbox_as_id(driver_of_platform -> 'driver_version_requested'), @extschema@.benchbox_as_id(driver_of_platform -> 'driver_requested_version')),
		coalesce(@extschema@.benchbox_as_id(driver -> 'resolved'), @extschema@.benchbox_as_id(driver -> 'version_resolved'),
			@extschema@.benchbox_as_id(driver -> 'resolved_version'), @extschema@.benchbox_as_id(driver -> 'driver_version_resolved'),
			@extschema@.benchbox_as_id(driver_of_platform -> 'driver_version_resolved'), @extschema@.benchbox_as_id(driver_of_platform -> 'driver_resolved_version'),
			@extschema@.benchbox_as_id(driver -> 'driver_version_actual'), @extschema@.benchbox_as_id(driver_of_platform -> 'driver_version_actual'),
			@extschema@.benchbox_as_id(driver_of_platform -> 'driver_actual_version')),
		coalesce(@extschema@.benchbox_as_boolean(driver -> 'auto_install'), @extschema@.benchbox_as_boolean(driver -> 'driver_auto_install'),
			@extschema@.benchbox_as_boolean(driver -> 'driver_auto_install_used'), @extschema@.benchbox_as_boolean(driver_of_platform -> 'driver_auto_install'),
			@extschema@.benchbox_as_boolean(driver_of_platform -> 'driver_auto_install_used')),
		CASE WHEN two THEN @extschema@.benchbox_as_text(platform -> 'name')
			ELSE coalesce(@extschema@.benchbox_as_text(platform -> 'name'), @extschema@.benchbox_as_text(execution -> 'platform'),
				@extschema@.benchbox_as_text(execution -> 'executor')) END,
		coalesce(@extschema@.benchbox_as_id(platform -> 'version'), @extschema@.benchbox_as_id(platform -> 'platform_version'),
			@extschema@.benchbox_as_id(info -> 'version'), @extschema@.benchbox_as_id(info -> 'platform_version'),
			@extschema@.benchbox_as_id(platform #> '{metadata,version}'), @extschema@.benchbox_as_id(platform #> '{metadata,platform_version}')),
		@extschema@.benchbox_as_object(platform -> 'metadata'),
		tunings, info, @extschema@.benchbox_as_object(f.metadata),
		@extschema@.benchbox_as_text(export -> 'timestamp'),
		@extschema@.benchbox_as_text(export -> 'tool'),
		@extschema@.benchbox_as_id(export -> 'schema_version'),
		coalesce(@extschema@.benchbox_as_boolean(export -> 'anonymized'), @extschema@.benchbox_as_boolean(export -> 'anonymised')),
		total, successful,
		-- derived where the document does not say it
		CASE WHEN counts -> 'failed' IS NOT NULL THEN failed WHEN successful BETWEEN 0 AND total THEN total - successful END,
		CASE WHEN rate IS NOT NULL THEN @extschema@.benchbox_as_float(rate)
			WHEN total = 0 THEN 0 WHEN successful BETWEEN 0 AND total THEN round(successful::numeric / total, 4)::double precision END,
		@extschema@.benchbox_as_float(timing -> 'total_ms'),
		@extschema@.benchbox_as_float(timing -> 'avg_ms'),
		@extschema@.benchbox_as_float(timing -> 'min_ms'),
		@extschema@.benchbox_as_float(timing -> 'max_ms'),
		CASE WHEN two THEN @extschema@.benchbox_as_float(summary #> '{data,load_time_ms}') ELSE @extschema@.benchbox_as_float(timing -> 'data_loading_ms') END,
		CASE WHEN two THEN @extschema@.benchbox_as_float(d #> '{phases,schema_creation,duration_ms}') ELSE @extschema@.benchbox_as_float(timing -> 'schema_creation_ms') END,
		CASE WHEN two THEN @extschema@.benchbox_as_bigint(summary #> '{data,rows_loaded}') ELSE @extschema@.benchbox_as_bigint(d #> '{results,tables,total_rows_loaded}') END,
		CASE WHEN NOT two THEN @extschema@.benchbox_as_float(d #> '{results,tables,data_size_mb}') END,
		CASE WHEN two THEN @extschema@.benchbox_as_float(timing -> 'geometric_mean_ms') ELSE @extschema@.benchbox_as_float(tpc -> 'geometric_mean_ms') END,
		@extschema@.benchbox_as_float(tpc -> 'power_at_size'),
		@extschema@.benchbox_as_float(tpc -> 'throughput_at_size'),
		coalesce(@extschema@.benchbox_as_float(tpc -> 'qphh_at_size'), @extschema@.benchbox_as_float(tpc -> 'qphds_at_size')),
		coalesce(@extschema@.benchbox_as_text(validation), @extschema@.benchbox_as_text(validation -> 'status')),
		@extschema@.benchbox_as_integer(validated -> 'total_tables_validated'),
		@extschema@.benchbox_as_integer(validated -> 'tables_with_data'),
		@extschema@.benchbox_as_integer(validated -> 'error_count'),
		@extschema@.benchbox_as_integer(validated -> 'warning_count'),
		CASE WHEN two THEN coalesce(@extschema@.benchbox_as_amount(d #> '{cost,total_usd}'), @extschema@.benchbox_as_amount(d #> '{cost,total_cost}'))
			ELSE coalesce(@extschema@.benchbox_as_amount(d #> '{results,cost_summary,total_cost}'), @extschema@.benchbox_as_amount(d #> '{cost_summary,total_cost}')) END
	FROM (
		SELECT *,
			CASE WHEN two THEN execution ELSE d -> 'driver' END AS driver,
			CASE WHEN two THEN platform END AS driver_of_platform,
			CASE WHEN two THEN nullif(@extschema@.benchbox_as_object(platform) - '{name,version,tuning}'::text[] - drivers, '{}') ELSE @extschema@.benchbox_as_object(platform -> 'info') END AS info,
			CASE WHEN two THEN coalesce(@extschema@.benchbox_as_object(platform -> 'tuning'), @extschema@.benchbox_as_object(d -> 'tuning'))
				ELSE @extschema@.benchbox_as_object(platform -> 'tunings') END AS tunings,
			CASE WHEN two THEN run -> 'query_subset' ELSE configuration -> 'query_subset' END AS subset,
			@extschema@.benchbox_as_integer(counts -> 'total') AS total,
			@extschema@.benchbox_as_integer(CASE WHEN two THEN counts -> 'passed' ELSE counts -> 'successful' END) AS successful,
			@extschema@.benchbox_as_integer(counts -> 'failed') AS failed,
			counts -> 'success_rate' AS rate,
			coalesce(@extschema@.benchbox_as_object(validation -> 'summary'), CASE WHEN two THEN validation END) AS validated
		FROM (
			SELECT *,
				CASE WHEN two THEN d -> 'environment' ELSE d -> 'system' END AS system,
				CASE WHEN two THEN summary -> 'queries' ELSE d #> '{results,queries}' END AS counts,
				CASE WHEN two THEN summary -> 'timing' ELSE d #> '{results,timing}' END AS timing,
				CASE WHEN two THEN summary -> 'tpc_metrics' ELSE d #> '{results,metrics,tpc}' END AS tpc,
				CASE WHEN two THEN coalesce(summary -> 'validation', d -> 'validation') ELSE d -> 'validation' END AS validation
			FROM (
				SELECT d, v.layout,
					-- the keys that 1.1 has in a block of its own
					'{driver_package,driver_version_requested,driver_version_resolved,driver_version_actual,driver_auto_install,driver_auto_install_used,
						driver_requested_version,driver_resolved_version,driver_actual_version}'::text[] AS drivers,
					coalesce(v.layout = '2.x', false) AS two, d -> 'benchmark' AS benchmark, d -> 'execution' AS execution,
					d -> 'run' AS run, d -> 'configuration' AS configuration, d -> 'config' AS config, d -> 'platform' AS platform,
					d -> 'metadata' AS metadata, d -> 'export' AS export, d -> 'summary' AS summary
				FROM (SELECT whole AS d, @extschema@.benchbox_layout(whole) AS layout FROM (SELECT doc #> '{}' AS whole OFFSET 0) w OFFSET 0) v
				OFFSET 0
			) b OFFSET 0
		) s OFFSET 0
	) f;
END;

COMMENT ON FUNCTION @extschema@.benchbox_executions(jsonb) IS
'what a BenchBox document says of its run as a whole: one row';

CREATE FUNCTION @extschema@.benchbox_executed(doc jsonb, OUT "position" integer, OUT entry jsonb)
RETURNS SETOF record
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	WITH lists AS MATERIALIZED (
		SELECT coalesce(@extschema@.benchbox_as_array(d #> '{results,queries,details}'), @extschema@.benchbox_as_array(d -> 'queries'),
				@extschema@.benchbox_as_array(d -> 'query_details'), @extschema@.benchbox_as_array(d -> 'query_results')) AS list,
			CASE WHEN @extschema@.benchbox_layout(d) = '2.x' THEN @extschema@.benchbox_as_array(d -> 'errors') END AS errors
		FROM (SELECT doc #> '{}' AS d OFFSET 0) w
	), failures AS (
		SELECT true AS listed, n, e, @extschema@.benchbox_query_slug(@extschema@.benchbox_as_id(e -> 'id')) AS query,
			coalesce(NOT @extschema@.benchbox_is_success(@extschema@.benchbox_as_text(e -> 'status'))
				AND upper(@extschema@.benchbox_as_text(e -> 'status')) <> 'SKIPPED', false) AS failed
		FROM lists, jsonb_array_elements(CASE WHEN errors IS NOT NULL THEN list END) WITH ORDINALITY AS t(e, n)
		UNION ALL
		SELECT false, n, e, @extschema@.benchbox_query_slug(@extschema@.benchbox_as_id(e -> 'query_id')), true
		FROM lists, jsonb_array_elements(errors) WITH ORDINALITY AS t(e, n)
		WHERE coalesce(@extschema@.benchbox_as_text(e -> 'phase'), 'query') = 'query' AND e -> 'query_id' IS NOT NULL
	), paired AS (
		-- the failures of a query in both lists, one by one; windows and no join, which might be planned for short lists
		SELECT *, bool_or(listed) OVER pair AS known, max(CASE WHEN NOT listed THEN @extschema@.benchbox_as_text(e -> 'message') END) OVER pair AS message
		FROM (SELECT *, row_number() OVER (PARTITION BY failed, query, listed ORDER BY n) AS nth FROM failures) f
		WINDOW pair AS (PARTITION BY failed, query, nth)
	)
	SELECT (n - 1)::integer, e FROM lists, jsonb_array_elements(CASE WHEN errors IS NULL THEN list END) WITH ORDINALITY AS t(e, n)
	WHERE jsonb_typeof(e) = 'object'
	UNION ALL
	-- the message of what failed stands in the list of errors
	(SELECT (n - 1)::integer, CASE WHEN failed AND message IS NOT NULL THEN jsonb_build_object('error_message', message) || e ELSE e END
	FROM paired WHERE listed AND jsonb_typeof(e) = 'object' ORDER BY n)
	UNION ALL
	-- and in 2.0 only there
	(SELECT (jsonb_array_length(coalesce(list, '[]')) + row_number() OVER (ORDER BY n) - 1)::integer,
		jsonb_build_object('id', e -> 'query_id', 'status', 'FAILED', 'error_message', e -> 'message')
	FROM lists, paired WHERE NOT known ORDER BY n);
END;

COMMENT ON FUNCTION @extschema@.benchbox_executed(jsonb) IS
'the entries of the list of queries of a BenchBox document that are objects, and those made of failures that only its list of errors has';

CREATE FUNCTION @extschema@.benchbox_entry_ms(entry jsonb)
RETURNS double precision
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN coalesce(@extschema@.benchbox_as_float(entry -> 'execution_time_ms'::text), @extschema@.benchbox_as_float(entry -> 'ms'::text),
	@extschema@.benchbox_as_float(entry #> '{timing,execution_ms}'::text[]),
	-- some early files have seconds
	CASE WHEN @extschema@.benchbox_as_float(entry -> 'execution_time'::text) < 1e300::double precision
		THEN @extschema@.benchbox_as_float(entry -> 'execution_time'::text) * 1000::double precision END);

COMMENT ON FUNCTION @extschema@.benchbox_entry_ms(jsonb) IS
'the time of an entry of the list of queries, in milliseconds';

CREATE FUNCTION @extschema@.benchbox_entry_run_type(entry jsonb)
RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
-- 2.x numbers the iterations from 1 on; 0 is the warm-up
RETURN coalesce(@extschema@.benchbox_as_text(entry -> 'run_type'::text),
	CASE WHEN entry -> 'run_type'::text IS NULL AND @extschema@.benchbox_as_integer(entry -> 'iter'::text) = 0 THEN 'warmup'::text END);

COMMENT ON FUNCTION @extschema@.benchbox_entry_run_type(jsonb) IS
'of what kind an execution of a query is: warmup, measurement, or NULL';

CREATE FUNCTION @extschema@.benchbox_entry_success(status text, error text, ms double precision)
RETURNS boolean
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
-- 2.0 lists what succeeded without a status
RETURN CASE WHEN status IS NOT NULL THEN @extschema@.benchbox_is_success(status) WHEN error IS NOT NULL THEN false WHEN ms IS NOT NULL THEN true END;

COMMENT ON FUNCTION @extschema@.benchbox_entry_success(text, text, double precision) IS
'whether an execution of a query succeeded, by its status; without one by its error message and its time';

CREATE FUNCTION @extschema@.benchbox_queries(
	doc jsonb,
	OUT "position" integer,
	OUT query_id text,
	OUT query text,
	OUT query_name text,
	OUT query_status text,
	OUT success boolean,
	OUT sequence integer,
	OUT stream_id text,
	OUT iteration integer,
	OUT run_type text,
	OUT execution_time_ms double precision,
	OUT rows_returned bigint,
	OUT error_message text,
	OUT sql_text text,
	OUT sql_truncated boolean,
	OUT cost_usd numeric,
	OUT resource_usage jsonb,
	OUT expected_rows bigint,
	OUT actual_rows bigint,
	OUT row_count_status text,
	OUT row_count_error text,
	OUT row_count_warning text)
RETURNS SETOF record
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT place, id, @extschema@.benchbox_query_slug(id),
		coalesce(@extschema@.benchbox_as_text(e -> 'name'), @extschema@.benchbox_as_text(e -> 'query_name')),
		status,
		@extschema@.benchbox_entry_success(status, error, ms),
		coalesce(@extschema@.benchbox_as_integer(e -> 'sequence'), @extschema@.benchbox_as_integer(e -> 'execution_order')),
		coalesce(@extschema@.benchbox_as_id(e -> 'stream_id'), @extschema@.benchbox_as_id(e -> 'stream')),
		coalesce(@extschema@.benchbox_as_integer(e -> 'iteration'), @extschema@.benchbox_as_integer(e -> 'iter')),
		@extschema@.benchbox_entry_run_type(e),
		ms,
		coalesce(@extschema@.benchbox_as_bigint(e -> 'rows_returned'), @extschema@.benchbox_as_bigint(e -> 'rows')),
		error,
		@extschema@.benchbox_as_text(e -> 'sql_text'),
		@extschema@.benchbox_as_boolean(e -> 'sql_truncated'),
		coalesce(@extschema@.benchbox_as_amount(e -> 'cost'), @extschema@.benchbox_as_amount(e -> 'cost_usd')),
		@extschema@.benchbox_as_object(e -> 'resource_usage'),
		@extschema@.benchbox_as_bigint(counted -> 'expected'),
		@extschema@.benchbox_as_bigint(counted -> 'actual'),
		@extschema@.benchbox_as_text(counted -> 'status'),
		@extschema@.benchbox_as_text(counted -> 'error'),
		@extschema@.benchbox_as_text(counted -> 'warning')
	FROM (
		SELECT t.position AS place, t.entry AS e,
			coalesce(@extschema@.benchbox_as_id(t.entry -> 'id'), @extschema@.benchbox_as_id(t.entry -> 'query_id')) AS id,
			@extschema@.benchbox_as_text(t.entry -> 'status') AS status,
			coalesce(@extschema@.benchbox_as_text(t.entry -> 'error_message'), @extschema@.benchbox_as_text(t.entry -> 'error')) AS error,
			@extschema@.benchbox_entry_ms(t.entry) AS ms,
			t.entry -> 'row_count_validation' AS counted
		FROM @extschema@.benchbox_executed(doc) t
		OFFSET 0
	) x;
END;

COMMENT ON FUNCTION @extschema@.benchbox_queries(jsonb) IS
'the executions of queries that a BenchBox document lists, in its order';
