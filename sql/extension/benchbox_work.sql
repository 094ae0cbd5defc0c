
-- A BenchBox document on its way to 1.1: what moves where, and of what kind it must be there.
--
-- A document under work is {"from": what was not moved yet, "to": the new document, "rest": what has no place in it, "derived":
-- paths of values that follow from others}.  What is no value of its kind is kept in rest.
--
-- What is called for each value has no search_path of its own, which would take time: it runs under that of benchbox_upgrade.

CREATE FUNCTION @extschema@.benchbox_put(doc jsonb, path text[], value jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	-- the objects on the way; what is none there becomes a member without a name
	FOR i IN 1 .. cardinality(path) - 1
	LOOP
		IF jsonb_typeof(doc #> path[1:i]) IS DISTINCT FROM 'object' THEN
			doc := jsonb_set(doc, path[1:i], CASE WHEN nullif(doc #> path[1:i], 'null') IS NULL THEN '{}' ELSE jsonb_build_object('', doc #> path[1:i]) END);
		END IF;
	END LOOP;
	RETURN jsonb_set(doc, path, value);
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_put(jsonb, text[], jsonb) IS
'a JSON object with a value at this path, and with objects on the way to it';

CREATE FUNCTION @extschema@.benchbox_taken(doc jsonb, path text[])
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	LOOP
		doc := doc #- path;
		path := path[1:cardinality(path) - 1];
		-- blocks that are empty now go, too
		EXIT WHEN cardinality(path) < 2 OR doc #> path IS DISTINCT FROM '{}';
	END LOOP;
	RETURN doc;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_taken(jsonb, text[]) IS
'a document under work without the value of a path, and without the objects that are empty then';

CREATE FUNCTION @extschema@.benchbox_word(value jsonb, vocabulary text)
RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
	word text := upper(@extschema@.benchbox_as_text(value) COLLATE "C");
BEGIN
	RETURN CASE vocabulary
		WHEN 'status' THEN CASE WHEN @extschema@.benchbox_is_success(word) THEN 'SUCCESS' WHEN word IN ('SKIPPED', 'UNKNOWN') THEN word WHEN word <> '' THEN 'FAILED' END
		WHEN 'run type' THEN CASE WHEN word IN ('WARMUP', 'MEASUREMENT', 'METADATA', 'SUMMARY') THEN lower(word) END
		WHEN 'validation' THEN CASE WHEN word IN ('PASSED', 'FAILED', 'PARTIAL', 'UNKNOWN') THEN word WHEN word <> '' THEN 'UNKNOWN' END
		-- 2.2 says ERROR where rows were not counted
		WHEN 'row count' THEN CASE WHEN word IN ('PASSED', 'FAILED', 'SKIPPED') THEN word WHEN word = 'ERROR' THEN 'SKIPPED' END
		END;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_word(jsonb, text) IS
'a word of one of the vocabularies of 1.1 for a JSON string; NULL if there is none';

CREATE FUNCTION @extschema@.benchbox_converted(value jsonb, kind text)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	type text := jsonb_typeof(value);
BEGIN
	CASE kind
		WHEN 'any' THEN
			RETURN value;
		WHEN 'string', 'object', 'array', 'boolean' THEN
			RETURN CASE WHEN type = kind THEN value END;
		WHEN 'text', 'name' THEN
			RETURN CASE type WHEN 'string' THEN CASE WHEN kind = 'text' OR value <> '""' THEN value END WHEN 'number' THEN to_jsonb(value #>> '{}') END;
		WHEN 'count' THEN
			RETURN CASE WHEN @extschema@.benchbox_as_bigint(value) >= 0 THEN value END;
		WHEN 'amount' THEN
			RETURN CASE WHEN @extschema@.benchbox_as_float(value) >= 0 THEN value END;
		WHEN 'positive' THEN
			RETURN CASE WHEN @extschema@.benchbox_as_float(value) > 0 THEN value END;
		WHEN 'count or null' THEN
			RETURN CASE WHEN type = 'null' OR @extschema@.benchbox_as_bigint(value) >= 0 THEN value END;
		WHEN 'id or number' THEN
			RETURN CASE WHEN type = 'string' OR @extschema@.benchbox_as_float(value) IS NOT NULL THEN value END;
		WHEN 'figures' THEN
			RETURN CASE WHEN type = 'object' OR @extschema@.benchbox_as_float(value) >= 0 THEN value END;
		WHEN 'parameters' THEN
			RETURN CASE WHEN type IN ('object', 'array', 'null') THEN value END;
		WHEN 'phase' THEN
			RETURN CASE type WHEN 'object' THEN value WHEN 'string' THEN jsonb_build_object('status', value) END;
		WHEN 'money' THEN
			RETURN CASE WHEN @extschema@.benchbox_as_amount(value) >= 0 THEN to_jsonb(@extschema@.benchbox_as_amount(value)) END;
		WHEN 'seconds' THEN
			RETURN CASE WHEN @extschema@.benchbox_as_float(value) BETWEEN 0 AND 1e300 THEN to_jsonb(trim_scale(value::numeric * 1000)) END;
		WHEN 'none' THEN
			RETURN NULL;
		ELSE
			RETURN to_jsonb(@extschema@.benchbox_word(value, kind));
	END CASE;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_converted(jsonb, text) IS
'a value as 1.1 has it where it wants this kind of value; NULL if it cannot be that';

CREATE FUNCTION @extschema@.benchbox_moved(work jsonb, source text[], target text[], kind text DEFAULT 'any')
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	value jsonb := work #> source;
	present jsonb := work #> target;
	converted jsonb := @extschema@.benchbox_converted(value, kind);
BEGIN
	IF value IS NULL THEN
		RETURN work;
	END IF;
	IF converted IS NULL OR jsonb_typeof(converted) = 'null' THEN
		-- of what is kept in from nothing is lost
		RETURN CASE WHEN source[1] = 'from' THEN work WHEN jsonb_typeof(value) = 'null' THEN @extschema@.benchbox_taken(work, source)
			ELSE @extschema@.benchbox_put(@extschema@.benchbox_taken(work, source), '{rest}'::text[] || source[2:], value) END;
	END IF;
	IF converted = '{}' THEN
		RETURN @extschema@.benchbox_taken(work, source);
	ELSIF present IS NULL OR jsonb_typeof(present) = 'null' THEN
		RETURN @extschema@.benchbox_put(@extschema@.benchbox_taken(work, source), target, converted);
	ELSIF jsonb_typeof(present) = 'object' AND jsonb_typeof(converted) = 'object' THEN
		-- members that are there already stay; the others of the same name stay where they were
		work := @extschema@.benchbox_put(work, target, converted || present);
		value := (SELECT jsonb_object_agg(m.key, m.value) FROM jsonb_each(converted) m WHERE present -> m.key <> m.value);
		work := @extschema@.benchbox_taken(work, source);
	ELSIF present = converted THEN
		RETURN @extschema@.benchbox_taken(work, source);
	ELSE
		work := @extschema@.benchbox_taken(work, source);
	END IF;
	RETURN CASE WHEN value IS NULL THEN work
		ELSE @extschema@.benchbox_put(work, CASE WHEN source[1] = 'from' THEN source ELSE '{rest}'::text[] || source[2:] END, value) END;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_moved(jsonb, text[], text[], text) IS
'a document under work with the value of one path moved to another; if that is taken or wants another kind of value it is kept';

CREATE FUNCTION @extschema@.benchbox_fit(value jsonb, rule jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	fitted jsonb;
	rest jsonb;
BEGIN
	IF jsonb_typeof(rule) = 'string' THEN
		fitted := @extschema@.benchbox_converted(value, rule #>> '{}');
		-- an upper case is no loss, another word or type is
		IF fitted IS NULL OR (fitted <> value AND upper(fitted::text) <> upper(value::text)) THEN
			rest := nullif(value, 'null');
		END IF;
	ELSIF jsonb_typeof(value) IS DISTINCT FROM 'object' THEN
		rest := nullif(value, 'null');
	ELSE
		SELECT coalesce(jsonb_object_agg(x.key, CASE WHEN x.of_member IS NULL THEN x.value ELSE x.fit -> 'fitted' END)
				FILTER (WHERE x.of_member IS NULL OR x.fit ? 'fitted'), '{}'),
			jsonb_object_agg(x.key, x.fit -> 'rest') FILTER (WHERE x.fit ? 'rest')
		INTO fitted, rest
		FROM (SELECT m.key, m.value, r.of_member, CASE WHEN r.of_member IS NOT NULL THEN @extschema@.benchbox_fit(m.value, r.of_member) END AS fit
			FROM jsonb_each(value) m, LATERAL (SELECT coalesce(rule -> m.key, rule -> '*') AS of_member OFFSET 0) r OFFSET 0) x;
	END IF;
	RETURN CASE WHEN fitted IS NULL THEN '{}' ELSE jsonb_build_object('fitted', fitted) END || CASE WHEN rest IS NULL THEN '{}' ELSE jsonb_build_object('rest', rest) END;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_fit(jsonb, jsonb) IS
'benchbox_fitted as an object: fitted and rest, as far as there are such';

CREATE FUNCTION @extschema@.benchbox_fitted(value jsonb, rule jsonb, OUT fitted jsonb, OUT rest jsonb)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	fit jsonb := @extschema@.benchbox_fit(value, rule);
BEGIN
	fitted := fit -> 'fitted';
	rest := fit -> 'rest';
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_fitted(jsonb, jsonb) IS
'a JSON value as a rule wants it, and what did not fit; a rule is a kind of value, or an object with the rules of members, * of all others';

CREATE FUNCTION @extschema@.benchbox_merged(kept jsonb, more jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
	IF kept IS NULL OR more IS NULL OR jsonb_typeof(kept) <> 'object' OR jsonb_typeof(more) <> 'object' THEN
		RETURN coalesce(kept, more);
	END IF;
	RETURN (SELECT coalesce(jsonb_object_agg(key, CASE WHEN k.value IS NULL OR m.value IS NULL THEN coalesce(k.value, m.value)
			ELSE @extschema@.benchbox_merged(k.value, m.value) END), '{}')
		FROM jsonb_each(kept) k FULL JOIN jsonb_each(more) m USING (key));
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_merged(jsonb, jsonb) IS
'two JSON objects as one, and so their members that are objects; of other members of the same name the first';

CREATE FUNCTION @extschema@.benchbox_derived(work jsonb, path text[], value jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	present jsonb := work #> ('{to}'::text[] || path);
BEGIN
	IF value IS NULL OR present = value THEN
		RETURN work;
	END IF;
	IF jsonb_typeof(present) <> 'null' THEN
		work := @extschema@.benchbox_put(work, '{rest}'::text[] || path, present);
	END IF;
	work := @extschema@.benchbox_put(work, '{to}'::text[] || path, value);
	RETURN CASE WHEN path[cardinality(path)] = 'schema_version' THEN work ELSE @extschema@.benchbox_put(work, '{derived}', coalesce(work -> 'derived', '[]') || to_jsonb(array_to_string(path, '.'))) END;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_derived(jsonb, text[], jsonb) IS
'a document under work with a value that follows from others; what was there is kept';

CREATE FUNCTION @extschema@.benchbox_rules()
RETURNS jsonb
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN '{
	"benchmark": {"id": "name", "name": "name", "version": "text"},
	"execution": {"id": "name", "timestamp": "name", "duration_ms": "amount", "executor": "name", "platform": "name", "database_name": "text", "metadata": "object"},
	"configuration": {"scale_factor": "positive", "concurrency": "count", "concurrency_level": "count", "query_subset": "array", "options": "object", "mode": "text", "execution_mode": "text"},
	"system": {"os": "name", "architecture": "name", "arch": "name", "cpu_count": "count", "memory_gb": "amount", "python_version": "name", "python": "name", "hostname": "text", "username": "text"},
	"results": {
		"queries": {"total": "count", "successful": "count", "failed": "count", "success_rate": "amount", "details": "array",
			"definitions": {"*": {"*": {"sql": "string", "parameters": "parameters"}}}},
		"timing": {"total_ms": "amount", "avg_ms": "amount", "min_ms": "amount", "max_ms": "amount", "data_loading_ms": "amount", "schema_creation_ms": "amount"},
		"tables": {"total_rows_loaded": "count", "data_size_mb": "amount", "per_table": {"*": "figures"}},
		"metrics": {"summary": "object", "performance_summary": "object", "performance_characteristics": "object",
			"tpc": {"power_at_size": "amount", "throughput_at_size": "amount", "qphh_at_size": "amount", "geometric_mean_ms": "amount"}},
		"cost_summary": {"total_cost": "money"}},
	"validation": {"status": "validation", "details_location": "name",
		"summary": {"total_tables_validated": "count", "tables_with_data": "count", "error_count": "count", "warning_count": "count"}},
	"driver": {"package": "name", "version_requested": "text", "version_resolved": "text", "auto_install": "boolean"},
	"export": {"timestamp": "name", "tool": "name", "schema_version": "string", "anonymized": "boolean"},
	"platform": {"name": "name", "version": "text", "metadata": "object", "tunings": "object", "info": "object"},
	"phases": {
		"setup": {"*": {"status": "string", "duration_ms": "amount"}, "validation": {"status": "string", "duration_ms": "amount", "validation_details": "object"}},
		"*": {"status": "string", "duration_ms": "amount"}},
	"metadata": {"anonymous_machine_id": "name"}}'::jsonb;

COMMENT ON FUNCTION @extschema@.benchbox_rules() IS
'what kinds of values 1.1 wants where, for benchbox_fitted';

CREATE FUNCTION @extschema@.benchbox_moves(layout text)
RETURNS TABLE (source text[], target text[], kind text)
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 60
BEGIN ATOMIC
	SELECT string_to_array(split_part(line, ' ', 1), '.'), string_to_array(split_part(line, ' ', 2), '.'), coalesce(nullif(split_part(line, ' ', 3), ''), 'any')
	FROM string_to_table(CASE layout WHEN '2.x' THEN
'from.benchmark.id to.benchmark.id
from.benchmark.name to.benchmark.name
from.benchmark.version to.benchmark.version
from.benchmark.test_type to.benchmark.test_type
from.benchmark.scale_factor to.configuration.scale_factor positive
from.run.id to.execution.id name
from.run.timestamp to.execution.timestamp name
from.run.total_duration_ms to.execution.duration_ms amount
from.run.query_subset to.configuration.query_subset array
from.config to.configuration.options object
from.execution.driver_package to.driver.package name
from.execution.driver_version_requested to.driver.version_requested text
from.execution.driver_version_resolved to.driver.version_resolved text
from.execution.driver_auto_install to.driver.auto_install boolean
from.execution.driver_auto_install_used to.driver.auto_install boolean
from.platform.driver_package to.driver.package name
from.platform.driver_version_requested to.driver.version_requested text
from.platform.driver_requested_version to.driver.version_requested text
from.platform.driver_version_resolved to.driver.version_resolved text
from.platform.driver_resolved_version to.driver.version_resolved text
from.platform.driver_auto_install to.driver.auto_install boolean
from.platform.driver_auto_install_used to.driver.auto_install boolean
from.execution.driver_version_actual to.driver.version_resolved text
from.platform.driver_version_actual to.driver.version_resolved text
from.platform.driver_actual_version to.driver.version_resolved text
from.execution to.execution.metadata object
from.platform.name to.platform.name name
from.platform.version to.platform.version text
from.platform.tuning to.platform.tunings object
from.tuning to.platform.tunings object
from.platform to.platform.info object
from.environment.arch to.system.architecture name
from.environment.python to.system.python_version name
from.environment to.system object
from.summary.queries.total to.results.queries.total count
from.summary.queries.passed to.results.queries.successful count
from.summary.queries.failed to.results.queries.failed count
from.summary.timing.total_ms to.results.timing.total_ms amount
from.summary.timing.avg_ms to.results.timing.avg_ms amount
from.summary.timing.min_ms to.results.timing.min_ms amount
from.summary.timing.max_ms to.results.timing.max_ms amount
from.summary.timing.geometric_mean_ms to.results.metrics.tpc.geometric_mean_ms amount
from.summary.timing to.results.metrics.summary object
from.summary.cost to.results.metrics.summary object
from.summary.tpc_metrics to.results.metrics.tpc object
from.summary.data.load_time_ms to.results.timing.data_loading_ms amount
from.summary.data.rows_loaded to.results.tables.total_rows_loaded count
from.summary.validation.status to.validation.status validation
from.summary.validation.total_tables_validated to.validation.summary.total_tables_validated count
from.summary.validation.tables_with_data to.validation.summary.tables_with_data count
from.summary.validation.error_count to.validation.summary.error_count count
from.summary.validation.warning_count to.validation.summary.warning_count count
from.summary.validation to.validation.status validation
from.phases.data_generation to.phases.setup.data_generation phase
from.phases.schema_creation to.phases.setup.schema_creation phase
from.phases.data_loading to.phases.setup.data_loading phase
from.phases.validation to.phases.setup.validation phase
from.phases.statistics to.phases.setup.statistics phase
from.validation to.phases.setup.validation.validation_details object
from.tables to.results.tables.per_table object
from.cost.total_usd to.results.cost_summary.total_cost money
from.cost.total_cost to.results.cost_summary.total_cost money
from.export.timestamp to.export.timestamp name
from.export.anonymized to.export.anonymized boolean'
	ELSE
'to.benchmark_info to.benchmark object
to.benchmark_id to.benchmark.id name
to.benchmark_name to.benchmark.name name
to.benchmark_version to.benchmark.version text
to.benchmark.scale_factor to.configuration.scale_factor positive
to.scale_factor to.configuration.scale_factor positive
to.concurrency_level to.configuration.concurrency count
to.query_subset to.configuration.query_subset array
to.config.mode to.configuration.mode text
to.config.execution_mode to.configuration.mode text
to.configuration.execution_mode to.configuration.mode text
to.platform.config.execution_mode to.configuration.mode text
to.execution.mode to.configuration.mode text
to.execution_info to.execution object
to.execution.execution_id to.execution.id name
to.execution_id to.execution.id name
to.timestamp to.execution.timestamp name
to.execution.total_duration_ms to.execution.duration_ms amount
to.execution.duration_seconds to.execution.duration_ms seconds
to.duration_seconds to.execution.duration_ms seconds
to.execution.database to.execution.database_name text
to.database_name to.execution.database_name text
to.execution_metadata to.execution.metadata object
to.execution_phases to.phases object
to.system_info to.system object
to.system_profile to.system object
to.system.arch to.system.architecture name
to.system.python to.system.python_version name
to.execution.driver_package to.driver.package name
to.execution.driver_version_requested to.driver.version_requested text
to.execution.driver_version_resolved to.driver.version_resolved text
to.execution.driver_auto_install to.driver.auto_install boolean
to.driver_package to.driver.package name
to.driver_version_requested to.driver.version_requested text
to.driver_version_resolved to.driver.version_resolved text
to.driver_auto_install to.driver.auto_install boolean
to.driver.requested to.driver.version_requested text
to.driver.requested_version to.driver.version_requested text
to.driver.resolved to.driver.version_resolved text
to.driver.resolved_version to.driver.version_resolved text
to.results.query_details to.results.queries.details array
to.results.query_results to.results.queries.details array
to.query_details to.results.queries.details array
to.query_results to.results.queries.details array
to.query_definitions to.results.queries.definitions object
to.results.queries.passed to.results.queries.successful count
to.total_queries to.results.queries.total count
to.successful_queries to.results.queries.successful count
to.failed_queries to.results.queries.failed count
to.total_execution_time to.results.timing.total_ms seconds
to.average_query_time to.results.timing.avg_ms seconds
to.data_loading_time to.results.timing.data_loading_ms seconds
to.schema_creation_time to.results.timing.schema_creation_ms seconds
to.total_rows_loaded to.results.tables.total_rows_loaded count
to.data_size_mb to.results.tables.data_size_mb amount
to.table_statistics to.results.tables.per_table object
to.performance_summary to.results.metrics.performance_summary object
to.performance_metrics to.results.metrics.performance_summary object
to.performance_characteristics to.results.metrics.performance_characteristics object
to.metrics to.results.metrics object
to.power_at_size to.results.metrics.tpc.power_at_size amount
to.throughput_at_size to.results.metrics.tpc.throughput_at_size amount
to.qph_at_size to.results.metrics.tpc.qphh_at_size amount
to.geometric_mean_execution_time to.results.metrics.tpc.geometric_mean_ms seconds
to.cost_summary to.results.cost_summary object
to.validation_status to.validation.status validation
to.validation_results to.validation object
to.validation_details to.phases.setup.validation.validation_details object
to.platform_info.name to.platform.name name
to.platform_info to.platform.info object
to.platform_metadata to.platform.metadata object
to.tunings_applied to.platform.tunings object
to.anonymous_machine_id to.metadata.anonymous_machine_id name
to.test_execution_type to.benchmark.test_type string
to.export_metadata to.export object' END, E'\n') AS line;
END;

COMMENT ON FUNCTION @extschema@.benchbox_moves(text) IS
'where 1.1 has what other layouts have elsewhere, for benchbox_moved; in this order';
