
-- The other blocks of a BenchBox result document as rows: 1.x and 2.0 to 2.2 in one shape.

CREATE FUNCTION @extschema@.benchbox_definitions(
	doc jsonb,
	OUT stream text,
	OUT query_id text,
	OUT sql text,
	OUT parameters jsonb)
RETURNS SETOF record
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT stream_of, id,
		coalesce(@extschema@.benchbox_as_text(definition), @extschema@.benchbox_as_text(definition -> 'sql'), @extschema@.benchbox_as_text(definition -> 'sql_text')),
		nullif(definition -> 'parameters', 'null')
	FROM (
		-- without streams the queries stand one level higher
		SELECT CASE WHEN flat THEN NULL ELSE s.key END AS stream_of, CASE WHEN flat THEN s.key ELSE q.key END AS id,
			CASE WHEN flat THEN s.value_of_key ELSE q.value_of_key END AS definition
		FROM (SELECT doc #> '{}' AS d OFFSET 0) w,
			@extschema@.benchbox_members(coalesce(@extschema@.benchbox_as_object(d #> '{results,queries,definitions}'), d -> 'query_definitions')) s,
			LATERAL (SELECT jsonb_typeof(s.value_of_key) IS DISTINCT FROM 'object' OR @extschema@.benchbox_as_text(s.value_of_key -> 'sql') IS NOT NULL AS flat OFFSET 0) f
			LEFT JOIN LATERAL @extschema@.benchbox_members(CASE WHEN NOT flat THEN s.value_of_key END) q ON true
		WHERE flat OR q.key IS NOT NULL
		OFFSET 0
	) x;
END;

COMMENT ON FUNCTION @extschema@.benchbox_definitions(jsonb) IS
'the definitions of queries in a BenchBox document';

CREATE FUNCTION @extschema@.benchbox_tables(
	doc jsonb,
	OUT table_name text,
	OUT "rows" bigint,
	OUT load_ms double precision,
	OUT figures jsonb)
RETURNS SETOF record
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT t.key,
		coalesce(@extschema@.benchbox_as_bigint(t.value_of_key), @extschema@.benchbox_as_bigint(t.value_of_key -> 'rows'),
			@extschema@.benchbox_as_bigint(t.value_of_key -> 'rows_loaded'), @extschema@.benchbox_as_bigint(t.value_of_key -> 'row_count')),
		coalesce(@extschema@.benchbox_as_float(t.value_of_key -> 'load_ms'), @extschema@.benchbox_as_float(t.value_of_key -> 'load_time_ms')),
		t.value_of_key
	FROM (SELECT doc #> '{}' AS d OFFSET 0) w,
		@extschema@.benchbox_members(CASE WHEN @extschema@.benchbox_layout(d) = '2.x' THEN d -> 'tables' ELSE d #> '{results,tables,per_table}' END) t;
END;

COMMENT ON FUNCTION @extschema@.benchbox_tables(jsonb) IS
'the tables that a BenchBox run loaded, with their figures as they stand in the document';

CREATE FUNCTION @extschema@.benchbox_phases(
	doc jsonb,
	OUT phase text,
	OUT status text,
	OUT duration_ms double precision,
	OUT content jsonb)
RETURNS SETOF record
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT name,
		-- a validation's outcome may stand for its status, and a status for the phase
		coalesce(@extschema@.benchbox_as_text(p), @extschema@.benchbox_as_text(p -> 'status'), @extschema@.benchbox_as_text(p -> 'row_count_validation')),
		@extschema@.benchbox_as_float(p -> 'duration_ms'),
		p
	FROM (
		-- in 2.x the phases of the setup stand beside the others
		SELECT CASE WHEN o.key IN ('data_generation', 'schema_creation', 'data_loading', 'validation', 'statistics') AND two THEN 'setup.' ELSE '' END || o.key AS name,
			o.value_of_key AS p, o.key = 'setup' AND jsonb_typeof(o.value_of_key) = 'object' AS nested
		FROM (SELECT d -> 'phases' AS phases, coalesce(@extschema@.benchbox_layout(d) = '2.x', false) AS two FROM (SELECT doc #> '{}' AS d OFFSET 0) w OFFSET 0) v,
			@extschema@.benchbox_members(phases) o
		UNION ALL
		SELECT 'setup.' || i.key, i.value_of_key, false
		FROM @extschema@.benchbox_members((SELECT doc #> '{phases,setup}')) i
		WHERE jsonb_typeof(i.value_of_key) = 'object'
		OFFSET 0
	) x
	-- the setup itself is a phase only if something is said of it as a whole
	WHERE NOT nested OR EXISTS (SELECT FROM @extschema@.benchbox_members(p) m WHERE jsonb_typeof(m.value_of_key) <> 'object');
END;

COMMENT ON FUNCTION @extschema@.benchbox_phases(jsonb) IS
'the phases of a BenchBox run; those of the setup as setup.data_loading';

CREATE FUNCTION @extschema@.benchbox_metrics(
	doc jsonb,
	OUT block text,
	OUT metric text,
	OUT value jsonb,
	OUT number double precision)
RETURNS SETOF record
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT x.block, x.metric, x.value, @extschema@.benchbox_as_float(x.value)
	FROM (SELECT d, coalesce(@extschema@.benchbox_layout(d) = '2.x', false) AS two FROM (SELECT doc #> '{}' AS d OFFSET 0) w OFFSET 0) v,
		LATERAL (
			SELECT b.key AS block, m.key AS metric, m.value_of_key AS value
			FROM @extschema@.benchbox_members(CASE WHEN NOT two THEN d #> '{results,metrics}' END) b, @extschema@.benchbox_members(b.value_of_key) m
			UNION ALL
			SELECT NULL, b.key, b.value_of_key
			FROM @extschema@.benchbox_members(CASE WHEN NOT two THEN d #> '{results,metrics}' END) b WHERE jsonb_typeof(b.value_of_key) <> 'object'
			UNION ALL
			SELECT 'tpc', m.key, m.value_of_key
			FROM @extschema@.benchbox_members(CASE WHEN two THEN d #> '{summary,tpc_metrics}' END) m
			UNION ALL
			SELECT CASE m.key WHEN 'geometric_mean_ms' THEN 'tpc' ELSE 'summary' END, m.key, m.value_of_key
			FROM @extschema@.benchbox_members(CASE WHEN two THEN d #> '{summary,timing}' END) m
			-- these are columns of benchbox_executions
			WHERE m.key NOT IN ('total_ms', 'avg_ms', 'min_ms', 'max_ms')
			UNION ALL
			SELECT 'summary', m.key, m.value_of_key
			FROM @extschema@.benchbox_members(CASE WHEN two THEN d #> '{summary,cost}' END) m
		) x;
END;

COMMENT ON FUNCTION @extschema@.benchbox_metrics(jsonb) IS
'the metrics of a BenchBox run, as they stand in the document, with those that are numbers as such';

CREATE FUNCTION @extschema@.benchbox_validation(
	doc jsonb,
	OUT kind text,
	OUT entry text,
	OUT value jsonb)
RETURNS SETOF record
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT k.key, e.entry, e.value
	FROM (SELECT doc #> '{}' AS d OFFSET 0) w,
		LATERAL (
			SELECT CASE
				WHEN @extschema@.benchbox_layout(d) = '2.x' THEN d -> 'validation'
				WHEN coalesce(@extschema@.benchbox_as_text(d #> '{validation,details_location}'), '') <> ''
				THEN d #> string_to_array(@extschema@.benchbox_as_text(d #> '{validation,details_location}'), '.')
				ELSE coalesce(@extschema@.benchbox_as_object(d #> '{phases,setup,validation,validation_details}'), d #> '{validation,details}') END AS details
			OFFSET 0) p,
		@extschema@.benchbox_members(details) k,
		LATERAL (
			SELECT coalesce(@extschema@.benchbox_as_id(a.value), @extschema@.benchbox_as_text(a.value -> 'table_name'), @extschema@.benchbox_as_text(a.value -> 'table'),
				@extschema@.benchbox_as_text(a.value -> 'name')) AS entry, a.value
			FROM jsonb_array_elements(@extschema@.benchbox_as_array(k.value_of_key)) a
			UNION ALL
			SELECT m.key, m.value_of_key FROM @extschema@.benchbox_members(k.value_of_key) m
			UNION ALL
			SELECT NULL, k.value_of_key WHERE jsonb_typeof(k.value_of_key) NOT IN ('array', 'object')
		) e;
END;

COMMENT ON FUNCTION @extschema@.benchbox_validation(jsonb) IS
'the details of the validation of a BenchBox run, from where the document says that they are';
