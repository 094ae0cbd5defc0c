
-- Any version of a BenchBox result document as 1.1.
--
-- Decides where each value goes.  A document under work is {"from": what was not moved yet, "to": the new document,
-- "rest": what has no place in it, "derived": paths of values that follow from others}.  Nothing is made up, and nothing is
-- lost: from and rest become metadata.upgraded_from.
--
-- What it calls has no search_path of its own, which would take time: it runs under that of benchbox_upgrade.

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

CREATE FUNCTION @extschema@.benchbox_fitted(value jsonb, rule jsonb, OUT fitted jsonb, OUT rest jsonb)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	member record;
	of_member jsonb;
BEGIN
	IF jsonb_typeof(value) IS DISTINCT FROM 'object' THEN
		rest := nullif(value, 'null');
		RETURN;
	END IF;
	fitted := value;
	FOR member IN SELECT m.key, m.value, NULL::jsonb AS fitted, NULL::jsonb AS rest FROM jsonb_each(value) m
	LOOP
		of_member := coalesce(rule -> member.key, rule -> '*');
		CONTINUE WHEN of_member IS NULL;
		IF jsonb_typeof(of_member) = 'object' THEN
			SELECT f.fitted, f.rest INTO member.fitted, member.rest FROM @extschema@.benchbox_fitted(member.value, of_member) f;
		ELSE
			member.fitted := @extschema@.benchbox_converted(member.value, of_member #>> '{}');
			-- an upper case is no loss, another word or type is
			IF member.fitted IS NULL OR (member.fitted <> member.value AND upper(member.fitted::text) <> upper(member.value::text)) THEN
				member.rest := nullif(member.value, 'null');
			END IF;
		END IF;
		IF member.fitted IS NULL THEN
			fitted := fitted - member.key;
		ELSIF member.fitted <> member.value THEN
			fitted := fitted || jsonb_build_object(member.key, member.fitted);
		END IF;
		IF member.rest IS NOT NULL THEN
			rest := coalesce(rest, '{}') || jsonb_build_object(member.key, member.rest);
		END IF;
	END LOOP;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_fitted(jsonb, jsonb) IS
'a JSON object whose members are as rules want them, and what did not fit; a rule is a kind of value or has the rules of an object, * of all others';

CREATE FUNCTION @extschema@.benchbox_rules()
RETURNS jsonb
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN '{
	"benchmark": {"id": "name", "name": "name", "version": "text"},
	"execution": {"id": "name", "timestamp": "string", "duration_ms": "amount", "executor": "name", "platform": "name", "database_name": "text", "metadata": "object"},
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
	"driver": {"package": "name", "version_requested": "text", "version_resolved": "text", "auto_install": "boolean", "driver_auto_install": "boolean"},
	"export": {"timestamp": "string", "tool": "name", "schema_version": "string", "anonymized": "boolean"},
	"platform": {"name": "name", "version": "text", "metadata": "object", "tunings": "object", "info": "object"},
	"phases": {
		"setup": {"*": {"status": "string", "duration_ms": "amount"}, "validation": {"status": "string", "duration_ms": "amount", "validation_details": "object"}},
		"*": {"status": "string", "duration_ms": "amount"}},
	"metadata": {"anonymous_machine_id": "name"}}'::jsonb;

COMMENT ON FUNCTION @extschema@.benchbox_rules() IS
'what kinds of values 1.1 wants where, for benchbox_fitted';

CREATE FUNCTION @extschema@.benchbox_merged(kept jsonb, more jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	member record;
BEGIN
	IF kept IS NULL OR more IS NULL OR jsonb_typeof(kept) <> 'object' OR jsonb_typeof(more) <> 'object' THEN
		RETURN coalesce(kept, more);
	END IF;
	FOR member IN SELECT m.key, m.value FROM jsonb_each(more) m
	LOOP
		kept := kept || jsonb_build_object(member.key, @extschema@.benchbox_merged(kept -> member.key, member.value));
	END LOOP;
	RETURN kept;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_merged(jsonb, jsonb) IS
'two JSON objects as one, and so their members that are objects; of other members of the same name the first';

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
from.run.timestamp to.execution.timestamp string
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
from.export.timestamp to.export.timestamp string
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
to.timestamp to.execution.timestamp string
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

CREATE FUNCTION @extschema@.benchbox_upgraded_sql(entry jsonb, OUT fitted jsonb, OUT rest jsonb)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	marker text := '/* truncated */';
	query text := entry ->> 'sql_text';
	flagged boolean := entry -> 'sql_truncated' = 'true';
	marked boolean := rtrim(query, E' \t\r\n') LIKE '%/* truncated */';
	room integer := 4096 - length(marker);
BEGIN
	fitted := entry - 'sql_truncated';
	IF query IS NULL THEN
		rest := jsonb_build_object('sql_truncated', entry -> 'sql_truncated');
	ELSE
		-- the marker may stand behind what was left
		IF length(query) > 4096 AND (NOT marked OR length(query) > 4096 + length(marker) + 2) THEN
			rest := jsonb_build_object('sql_text', query);
			query := left(query, room) || marker;
		ELSIF flagged AND NOT marked THEN
			query := left(query, room) || marker;
		END IF;
		fitted := fitted || jsonb_build_object('sql_text', query);
		IF flagged OR marked OR rest IS NOT NULL THEN
			fitted := fitted || '{"sql_truncated": true}';
		END IF;
	END IF;
	rest := nullif(jsonb_strip_nulls(rest), '{}');
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_upgraded_sql(jsonb) IS
'an entry of details whose text of a query is as short, and is marked, as 1.1 wants it, and what was cut';

CREATE FUNCTION @extschema@.benchbox_upgraded_entry(entry jsonb, layout text, OUT fitted jsonb, OUT rest jsonb, OUT derived text[])
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	side text := CASE WHEN layout = '2.x' THEN 'from' ELSE 'to' END;
	work jsonb;
	moves text[] := '{{query_id,id,id or number},{query_name,name,string},{ms,execution_time_ms,amount},{execution_time,execution_time_ms,seconds},
		{execution_time_seconds,execution_time_ms,seconds},{rows,rows_returned,count},{iter,iteration,count},{stream,stream_id,id or number},
		{execution_order,sequence,count},{error,error_message,string},{sql,sql_text,string},{cost_usd,cost,money}}';
	rules jsonb := '{"id": "name", "name": "string", "status": "status", "sequence": "count", "stream_id": "id or number", "iteration": "count", "run_type": "run type",
		"execution_time_ms": "amount", "rows_returned": "count", "error_message": "string", "sql_text": "string", "sql_truncated": "boolean", "resource_usage": "object", "cost": "money", "test_type": "string",
		"row_count_validation": {"expected": "count or null", "actual": "count or null", "status": "row count", "error": "string", "warning": "string"}}';
	more jsonb;
BEGIN
	-- in 2.x a key that 1.1 does not know goes, in 1.x it stays; which test an entry is of matters to its figures
	SELECT jsonb_build_object('to', coalesce(jsonb_object_agg(m.key, m.value) FILTER (WHERE side = 'to' OR rules ? m.key), '{}'),
		'from', coalesce(jsonb_object_agg(m.key, m.value) FILTER (WHERE side = 'from' AND NOT rules ? m.key), '{}'))
	INTO work FROM jsonb_each(entry) m;
	IF entry ? 'timing' THEN
		work := @extschema@.benchbox_moved(work, ARRAY[side, 'timing', 'execution_ms'], '{to,execution_time_ms}', 'amount');
	END IF;
	FOR i IN 1 .. array_length(moves, 1)
	LOOP
		CONTINUE WHEN NOT entry ? moves[i][1];
		work := @extschema@.benchbox_moved(work, ARRAY[side, moves[i][1]], ARRAY['to', moves[i][2]], moves[i][3]);
	END LOOP;
	IF work #> '{to,timing}' IS NOT NULL THEN
		work := CASE WHEN work #> '{to,timing}' = '{}' THEN work #- '{to,timing}'
			ELSE @extschema@.benchbox_put(work #- '{to,timing}', '{rest,timing}', work #> '{to,timing}') END;
	END IF;
	SELECT f.fitted, @extschema@.benchbox_merged(@extschema@.benchbox_merged(f.rest, work -> 'rest'), work -> 'from') INTO fitted, rest
	FROM @extschema@.benchbox_fitted(work -> 'to', rules) f;
	IF fitted ? 'row_count_validation' AND NOT fitted -> 'row_count_validation' ? 'status' THEN
		rest := @extschema@.benchbox_merged(rest, jsonb_build_object('row_count_validation', fitted -> 'row_count_validation'));
		fitted := fitted - 'row_count_validation';
	ELSIF fitted #> '{row_count_validation,status}' = '"PASSED"' AND fitted #> '{row_count_validation,error}' IS NOT NULL THEN
		rest := @extschema@.benchbox_merged(rest, jsonb_build_object('row_count_validation', jsonb_build_object('error', fitted #> '{row_count_validation,error}')));
		fitted := fitted #- '{row_count_validation,error}';
	END IF;
	IF fitted ? 'sql_text' OR fitted ? 'sql_truncated' THEN
		SELECT u.fitted, u.rest INTO fitted, more FROM @extschema@.benchbox_upgraded_sql(fitted) u;
		rest := @extschema@.benchbox_merged(more, rest);
	END IF;
	-- 2.0 lists what succeeded without a status; iteration 0 is the warm-up
	IF NOT fitted ? 'status' THEN
		fitted := fitted || jsonb_build_object('status', CASE WHEN fitted ? 'error_message' THEN 'FAILED' WHEN fitted ? 'execution_time_ms' THEN 'SUCCESS' ELSE 'UNKNOWN' END);
		derived := derived || 'status'::text;
	END IF;
	IF side = 'from' AND fitted -> 'iteration' = '0' AND NOT fitted ? 'run_type' AND NOT entry ? 'run_type' THEN
		fitted := fitted || '{"run_type": "warmup"}';
		derived := derived || 'run_type'::text;
	END IF;
	rest := nullif(rest, '{}');
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_upgraded_entry(jsonb, text) IS
'an entry of a list of queries as 1.1 has it, what had no place, and the fields that were derived';

CREATE FUNCTION @extschema@.benchbox_upgraded_details(list jsonb, errors jsonb, layout text, OUT details jsonb, OUT rest jsonb, OUT derived jsonb)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	small jsonb := CASE WHEN layout = '2.x' THEN jsonb_build_object('version', '2.0', 'run', '{}'::jsonb, 'queries', coalesce(list, '[]'), 'errors', errors)
		ELSE jsonb_build_object('results', jsonb_build_object('queries', jsonb_build_object('details', list))) END;
BEGIN
	SELECT jsonb_agg(u.fitted ORDER BY e.position), jsonb_object_agg(e.position, u.rest) FILTER (WHERE u.rest IS NOT NULL),
		(SELECT jsonb_agg(DISTINCT 'results.queries.details[].' || d) FROM unnest(string_to_array(string_agg(array_to_string(u.derived, ','), ','), ',')) d)
	INTO details, rest, derived
	FROM @extschema@.benchbox_executed(small) e, @extschema@.benchbox_upgraded_entry(e.entry, layout) u;
	details := coalesce(details, '[]');
	-- what is no object, and no list
	IF jsonb_typeof(list) = 'array' THEN
		rest := @extschema@.benchbox_merged(rest, (SELECT jsonb_object_agg(n - 1, v) FROM jsonb_array_elements(list) WITH ORDINALITY AS t(v, n)
			WHERE jsonb_typeof(v) NOT IN ('object', 'null')));
	ELSIF list <> 'null' THEN
		rest := list;
	END IF;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_upgraded_details(jsonb, jsonb, text) IS
'a list of queries as the details of 1.1, what had no place, by position, and which fields were derived';

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
	RETURN CASE WHEN path = '{schema_version}' THEN work ELSE @extschema@.benchbox_put(work, '{derived}', coalesce(work -> 'derived', '[]') || to_jsonb(array_to_string(path, '.'))) END;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_derived(jsonb, text[], jsonb) IS
'a document under work with a value that follows from others; what was there is kept';

CREATE FUNCTION @extschema@.benchbox_tally(
	details jsonb,
	OUT listed bigint,
	OUT succeeded bigint,
	OUT timed bigint,
	OUT total_ms numeric,
	OUT all_listed bigint,
	OUT all_succeeded bigint,
	OUT all_timed bigint,
	OUT all_ms numeric)
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT count(*) FILTER (WHERE measured), count(*) FILTER (WHERE measured AND success), count(ms) FILTER (WHERE measured AND success), sum(ms) FILTER (WHERE measured AND success),
		count(*), count(*) FILTER (WHERE success), count(ms) FILTER (WHERE success), sum(ms) FILTER (WHERE success)
	FROM (SELECT e ->> 'status' = 'SUCCESS' AS success, coalesce(e ->> 'run_type', '') NOT IN ('warmup', 'metadata', 'summary') AS measured,
			@extschema@.benchbox_as_numeric(e -> 'execution_time_ms') AS ms
		FROM jsonb_array_elements(details) e) d
$$;

COMMENT ON FUNCTION @extschema@.benchbox_tally(jsonb) IS
'how many of the entries of details count, succeeded and have a time, and their times; and the same of all of them, with those that warm up';

CREATE FUNCTION @extschema@.benchbox_upgraded_counts(work jsonb, details jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	queries jsonb := work #> '{to,results,queries}';
	tally record;
	total numeric := (queries -> 'total')::numeric;
	successful numeric := (queries -> 'successful')::numeric;
BEGIN
	SELECT * INTO tally FROM @extschema@.benchbox_tally(details);
	-- totals may be those of all entries, of those that were measured, or of more than are listed
	IF NOT coalesce(successful <= total AND total >= tally.listed AND (
			(total >= tally.listed AND successful BETWEEN tally.succeeded AND tally.succeeded + total - tally.listed)
			OR (total >= tally.all_listed AND successful BETWEEN tally.all_succeeded AND tally.all_succeeded + total - tally.all_listed)), false) THEN
		total := tally.listed;
		successful := tally.succeeded;
	END IF;
	work := @extschema@.benchbox_derived(work, '{results,queries,total}', to_jsonb(total));
	work := @extschema@.benchbox_derived(work, '{results,queries,successful}', to_jsonb(successful));
	work := @extschema@.benchbox_derived(work, '{results,queries,failed}', to_jsonb(total - successful));
	RETURN @extschema@.benchbox_derived(work, '{results,queries,success_rate}',
		CASE WHEN abs((queries -> 'success_rate')::numeric - CASE WHEN total > 0 THEN successful / total ELSE 0 END) <= 0.00005
				AND scale((queries -> 'success_rate')::numeric) <= 4 THEN queries -> 'success_rate'
			WHEN total > 0 THEN to_jsonb(trim_scale(round(successful / total, 4))) ELSE '0.0' END);
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_upgraded_counts(jsonb, jsonb) IS
'a document under work whose counts of queries agree with each other and with details';

CREATE FUNCTION @extschema@.benchbox_is_mean(stored numeric, mean numeric, decimals integer)
RETURNS boolean
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
-- both are rounded
RETURN pg_catalog.abs(stored - mean) <= 0.5 * pg_catalog.power(10::numeric, -least(pg_catalog.scale(stored), 9)) + 0.5 * pg_catalog.power(10::numeric, -least(decimals, 9));

COMMENT ON FUNCTION @extschema@.benchbox_is_mean(numeric, numeric, integer) IS
'whether a number, as exactly as it is written, may be the mean of numbers with so many decimals';

CREATE FUNCTION @extschema@.benchbox_upgraded_timing(work jsonb, details jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	timing jsonb := work #> '{to,results,timing}';
	tally record;
	stored numeric := (timing -> 'avg_ms')::numeric;
	decimals integer;
	bounds numeric[];
BEGIN
	SELECT * INTO tally FROM @extschema@.benchbox_tally(details);
	SELECT coalesce(max(scale((e -> 'execution_time_ms')::numeric)), 0) INTO decimals FROM jsonb_array_elements(details) e WHERE e ->> 'status' = 'SUCCESS';
	IF timing -> 'total_ms' IS NULL THEN
		work := @extschema@.benchbox_derived(work, '{results,timing,total_ms}', to_jsonb(coalesce(tally.total_ms, 0)));
	END IF;
	-- an average of entries that all are here is that of their times
	IF stored IS NULL OR (tally.timed = tally.succeeded AND (work #> '{to,results,queries,total}')::numeric <= tally.all_listed
			AND NOT @extschema@.benchbox_is_mean(stored, coalesce(tally.total_ms / nullif(tally.timed, 0), 0), decimals)
			AND NOT @extschema@.benchbox_is_mean(stored, coalesce(tally.all_ms / nullif(tally.all_timed, 0), 0), decimals)) THEN
		stored := round(coalesce(tally.total_ms / nullif(tally.timed, 0), 0), 6);
		work := @extschema@.benchbox_derived(work, '{results,timing,avg_ms}', to_jsonb(trim_scale(stored)));
	END IF;
	-- least, mean, greatest and total, in this order; half a unit is rounding
	timing := work #> '{to,results,timing}';
	bounds := ARRAY[(timing -> 'min_ms')::numeric, (timing -> 'avg_ms')::numeric, (timing -> 'max_ms')::numeric, (timing -> 'total_ms')::numeric];
	IF bounds[1] > bounds[2] + 0.05 OR bounds[1] > bounds[3] OR bounds[2] > bounds[3] + 0.05 OR coalesce(bounds[3], bounds[2]) > bounds[4] + 0.05 THEN
		FOR i IN 1 .. 2
		LOOP
			work := @extschema@.benchbox_moved(work, ARRAY['to', 'results', 'timing', (ARRAY['min_ms', 'max_ms'])[i]], '{none}', 'none');
		END LOOP;
		IF bounds[2] > bounds[4] THEN
			work := @extschema@.benchbox_derived(work, '{results,timing,total_ms}', to_jsonb(greatest(tally.total_ms, bounds[2])));
		END IF;
	END IF;
	RETURN work;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_upgraded_timing(jsonb, jsonb) IS
'a document under work with the times that 1.1 must have, and none that contradict each other';

CREATE FUNCTION @extschema@.benchbox_upgraded_blocks(work jsonb, doc jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	slug text := @extschema@.benchbox_benchmark_slug(work #>> '{to,benchmark,id}', work #>> '{to,benchmark,name}');
	anonymized boolean;
BEGIN
	work := @extschema@.benchbox_derived(work, '{schema_version}', '"1.1"');
	IF work #> '{to,benchmark,id}' IS NULL THEN
		work := @extschema@.benchbox_derived(work, '{benchmark,id}', to_jsonb(nullif(slug, '')));
	ELSIF work #> '{to,benchmark,name}' IS NULL THEN
		work := @extschema@.benchbox_derived(work, '{benchmark,name}', work #> '{to,benchmark,id}');
	END IF;
	-- the same run has the same id, whoever exports it
	IF work #> '{to,execution,id}' IS NULL THEN
		work := @extschema@.benchbox_derived(work, '{execution,id}',
			to_jsonb(left(encode(sha256(convert_to((doc - '{export,metadata,system,environment}'::text[])::text, 'UTF8')), 'hex'), 16)));
	END IF;
	IF work #> '{to,execution,timestamp}' IS NULL THEN
		work := @extschema@.benchbox_derived(work, '{execution,timestamp}', work #> '{to,export,timestamp}');
	END IF;
	-- ids of queries are texts
	IF jsonb_path_exists(work #> '{to,configuration,query_subset}', 'strict $[*] ? (@.type() != "string" || @ == "")') THEN
		work := @extschema@.benchbox_derived(work, '{configuration,query_subset}',
			to_jsonb(array_remove(@extschema@.benchbox_as_texts(work #> '{to,configuration,query_subset}'), '')));
	END IF;
	IF work #> '{to,platform}' IS NOT NULL AND work #> '{to,platform,name}' IS NULL THEN
		work := @extschema@.benchbox_derived(work, '{platform,name}', coalesce(work #> '{to,execution,platform}', work #> '{to,execution,executor}'));
		IF work #> '{to,platform,name}' IS NULL THEN
			work := @extschema@.benchbox_moved(work, '{to,platform}', '{none}', 'none');
		END IF;
	END IF;
	IF work #> '{to,validation,status}' IS NULL THEN
		work := @extschema@.benchbox_derived(work, '{validation,status}', '"UNKNOWN"');
	END IF;
	anonymized := coalesce((work #> '{to,export,anonymized}')::boolean, work #> '{to,metadata,anonymous_machine_id}' IS NOT NULL);
	IF work #> '{to,export,anonymized}' IS NULL THEN
		work := @extschema@.benchbox_derived(work, '{export,anonymized}', to_jsonb(anonymized));
	END IF;
	IF NOT anonymized THEN
		work := @extschema@.benchbox_moved(work, '{to,metadata,anonymous_machine_id}', '{to,system,machine_id}');
	ELSIF starts_with(work #>> '{to,system,machine_id}', 'machine_') THEN
		work := @extschema@.benchbox_moved(work, '{to,system,machine_id}', '{to,metadata,anonymous_machine_id}');
	END IF;
	IF work #> '{to,export,timestamp}' IS NULL THEN
		work := @extschema@.benchbox_derived(work, '{export,timestamp}', work #> '{to,execution,timestamp}');
	END IF;
	IF work #> '{to,export,schema_version}' IS NOT NULL THEN
		work := @extschema@.benchbox_derived(work, '{export,schema_version}', '"1.1"');
	END IF;
	RETURN jsonb_set(work, '{to}', '{"configuration": {}, "system": {}, "driver": {}}' || (work -> 'to'));
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_upgraded_blocks(jsonb, jsonb) IS
'a document under work with what 1.1 must have outside of results, as far as it follows from what is there';

CREATE FUNCTION @extschema@.benchbox_upgraded_pointer(work jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	place text[] := '{phases,setup,validation,validation_details}';
	pointer jsonb := work #> '{to,validation,details_location}';
BEGIN
	IF work #> ('{to}'::text[] || place) IS NOT NULL THEN
		RETURN @extschema@.benchbox_derived(work, '{validation,details_location}', to_jsonb(array_to_string(place, '.')));
	ELSIF pointer IS NOT NULL AND work #> ('{to}'::text[] || string_to_array(pointer #>> '{}', '.')) IS NULL THEN
		RETURN @extschema@.benchbox_moved(work, '{to,validation,details_location}', '{none}', 'none');
	END IF;
	RETURN work;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_upgraded_pointer(jsonb) IS
'a document under work whose pointer to details of the validation points to them';

CREATE FUNCTION @extschema@.benchbox_upgrade(doc jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	layout text;
	place text[];
	list jsonb;
	work jsonb;
	move record;
	fit record;
	queries record;
BEGIN
	doc := doc #> '{}';
	layout := coalesce(@extschema@.benchbox_layout(doc),
		CASE WHEN doc ?| '{benchmark_info,query_details,query_results,performance_metrics}' THEN 'flat' END);
	IF layout IS NULL THEN
		RETURN NULL;
	END IF;
	-- the list of queries is put aside: it is most of the document, which is copied at every step
	place := CASE WHEN layout = '2.x' THEN '{queries}' ELSE '{results,queries,details}' END;
	list := doc #> place;
	work := CASE WHEN list IS NULL THEN doc ELSE doc #- place END;
	IF layout = '2.x' THEN
		work := jsonb_build_object('from', work, 'to', '{}'::jsonb);
	ELSE
		-- names where 1.1 has blocks
		work := work || jsonb_strip_nulls(jsonb_build_object(
			'platform', CASE WHEN jsonb_typeof(doc -> 'platform') = 'string' THEN jsonb_build_object('name', doc -> 'platform') END,
			'benchmark', CASE WHEN jsonb_typeof(doc -> 'benchmark') = 'string' THEN jsonb_build_object('name', doc -> 'benchmark') END));
		SELECT f.fitted, f.rest INTO fit FROM @extschema@.benchbox_fitted(work, @extschema@.benchbox_rules() #- '{results,queries,definitions}') f;
		work := jsonb_build_object('to', fit.fitted, 'rest', coalesce(fit.rest, '{}'));
	END IF;
	FOR move IN SELECT * FROM @extschema@.benchbox_moves(layout)
	LOOP
		CONTINUE WHEN work #> move.source IS NULL;
		work := @extschema@.benchbox_moved(work, move.source, move.target, move.kind);
	END LOOP;
	work := CASE layout WHEN '2.x' THEN @extschema@.benchbox_upgraded_run(work, doc) ELSE @extschema@.benchbox_upgraded_names(work) END;
	IF work #> '{to,results,queries,details}' IS NOT NULL THEN
		IF list IS NULL OR list = 'null' THEN
			list := work #> '{to,results,queries,details}';
			work := work #- '{to,results,queries,details}';
		ELSE
			work := @extschema@.benchbox_moved(work, '{to,results,queries,details}', '{none}', 'none');
		END IF;
	END IF;
	SELECT * INTO queries FROM @extschema@.benchbox_upgraded_details(list, doc -> 'errors', layout);
	IF queries.rest IS NOT NULL THEN
		work := @extschema@.benchbox_put(work, '{rest}'::text[] || place, queries.rest);
	END IF;
	SELECT f.fitted, f.rest INTO fit FROM @extschema@.benchbox_fitted(work -> 'to', @extschema@.benchbox_rules()) f;
	work := work || jsonb_build_object('to', fit.fitted, 'rest', coalesce(@extschema@.benchbox_merged(work -> 'rest', fit.rest), '{}'),
		'derived', coalesce(queries.derived, '[]'));
	work := @extschema@.benchbox_upgraded_counts(work, queries.details);
	work := @extschema@.benchbox_upgraded_timing(work, queries.details);
	work := @extschema@.benchbox_upgraded_blocks(work, doc);
	work := @extschema@.benchbox_upgraded_pointer(work);
	work := @extschema@.benchbox_put(work, '{to,results,queries,details}', queries.details);
	RETURN @extschema@.benchbox_upgraded_whole(work, doc);
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_upgrade(jsonb) IS
'a BenchBox document of any version as 1.1; what has no place there is in metadata.upgraded_from';

CREATE FUNCTION @extschema@.benchbox_upgraded_run(work jsonb, doc jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	e record;
	phase text;
BEGIN
	SELECT * INTO e FROM @extschema@.benchbox_executions(doc);
	FOR phase IN SELECT m.key FROM jsonb_each(@extschema@.benchbox_as_object(work #> '{from,phases}')) m
	LOOP
		work := @extschema@.benchbox_moved(work, ARRAY['from', 'phases', phase], ARRAY['to', 'phases', phase], 'phase');
	END LOOP;
	-- these stand in two places
	IF e.execution_mode IS NOT NULL THEN
		work := @extschema@.benchbox_put(work, '{to,configuration,mode}', to_jsonb(e.execution_mode));
	END IF;
	IF e.concurrency >= 0 THEN
		work := @extschema@.benchbox_put(work, '{to,configuration,concurrency}', to_jsonb(e.concurrency));
	END IF;
	IF e.schema_creation_ms >= 0 THEN
		work := @extschema@.benchbox_put(work, '{to,results,timing,schema_creation_ms}', doc #> '{phases,schema_creation,duration_ms}');
	END IF;
	IF e.platform_name <> '' THEN
		work := @extschema@.benchbox_put(work, '{to,execution,platform}', to_jsonb(e.platform_name));
	END IF;
	RETURN work;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_upgraded_run(jsonb, jsonb) IS
'a document of 2.x under work with what 1.1 has in more than one place, and with all phases';

CREATE FUNCTION @extschema@.benchbox_upgraded_names(work jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	place text[] := '{to,results,queries,definitions}';
	definition record;
	name text;
BEGIN
	-- of other layouts what is left
	FOREACH name IN ARRAY '{config,run,environment,summary,queries,errors,tables,cost,normalized_cost,tuning,provenance,comparisons,version,result_schema_version,_schema}'::text[]
	LOOP
		work := @extschema@.benchbox_moved(work, ARRAY['to', name], '{none}', 'none');
	END LOOP;
	-- definitions are those of streams
	FOR definition IN SELECT m.key, m.value_of_key AS value FROM @extschema@.benchbox_members(work #> place) m
	LOOP
		IF jsonb_typeof(definition.value) = 'string' THEN
			work := @extschema@.benchbox_put(work #- (place || definition.key), place || ARRAY['default', definition.key], jsonb_build_object('sql', definition.value));
		ELSIF jsonb_typeof(definition.value -> 'sql') = 'string' THEN
			work := @extschema@.benchbox_put(work #- (place || definition.key), place || ARRAY['default', definition.key], definition.value);
		END IF;
	END LOOP;
	RETURN work;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_upgraded_names(jsonb) IS
'a document under work without what other layouts have, and with a stream for definitions that have none';

CREATE FUNCTION @extschema@.benchbox_upgraded_whole(work jsonb, doc jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	fresh jsonb := work -> 'to';
	old jsonb := @extschema@.benchbox_merged(nullif(work -> 'rest', '{}'), work -> 'from');
	tool jsonb := doc #> '{export,tool}';
BEGIN
	-- what was 1.1 is left alone, if it says who exported it as what
	IF fresh = doc AND jsonb_typeof(tool) = 'string' AND doc #> '{export,schema_version}' = '"1.1"' THEN
		RETURN doc;
	END IF;
	IF tool IS NOT NULL AND jsonb_typeof(tool) <> 'null' AND tool <> '"benchresults_fdw/1.0"' THEN
		old := @extschema@.benchbox_put(coalesce(old, '{}'), '{export,tool}', tool);
	END IF;
	fresh := @extschema@.benchbox_put(fresh, '{export,tool}', '"benchresults_fdw/1.0"');
	fresh := @extschema@.benchbox_put(fresh, '{export,schema_version}', '"1.1"');
	IF work -> 'derived' <> '[]' THEN
		old := coalesce(old, '{}') || jsonb_build_object('derived', work -> 'derived');
	END IF;
	IF fresh #> '{metadata,upgraded_from}' IS NOT NULL THEN
		old := coalesce(old, '{}') || jsonb_build_object('upgraded_from', fresh #> '{metadata,upgraded_from}');
	END IF;
	RETURN @extschema@.benchbox_put(fresh, '{metadata,upgraded_from}', coalesce(old, '{}'));
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_upgraded_whole(jsonb, jsonb) IS
'the new document of a document under work, with what has no place in it';
