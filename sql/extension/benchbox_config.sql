
-- Of which configuration the queries of a BenchBox run are: what is measured, but no machine, version or date.

CREATE FUNCTION @extschema@.benchbox_benchmark_slug(id text, name text)
RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	-- the ids that BenchBox itself had, and the names of benchmarks of which no id follows
	SELECT CASE slug
			WHEN 'star_schema' THEN 'ssb'
			WHEN 'amplab_big_data' THEN 'amplab'
			WHEN 'h2o_database' THEN 'h2odb'
			WHEN 'join_order' THEN 'joinorder'
			WHEN 'joinorderbenchmark' THEN 'joinorder'
			WHEN 'nyc_taxi_olap' THEN 'nyctaxi'
			WHEN 'flight_data_olap' THEN 'flightdata'
			WHEN 'data_vault' THEN 'datavault'
			WHEN 'ai_ml_primitives' THEN 'ai_primitives'
			WHEN 'tpc_h' THEN 'tpch'
			WHEN 'tpc_ds' THEN 'tpcds'
			WHEN 'tpc_di' THEN 'tpcdi'
			WHEN 'tpc_h_skew' THEN 'tpch_skew'
			WHEN 'tpc_ds_obt' THEN 'tpcds_obt'
			ELSE CASE WHEN coalesce(id, '') <> '' THEN slug ELSE replace(slug, '_', '') END END
	FROM (SELECT CASE WHEN coalesce(id, '') <> '' THEN @extschema@.benchbox_slug(btrim(id))
			ELSE regexp_replace(@extschema@.benchbox_slug(btrim(name)), '_benchmark$', '') END AS slug) s;
END;

COMMENT ON FUNCTION @extschema@.benchbox_benchmark_slug(text, text) IS
'a benchmark as a part of a configuration''s id: its id, else its name without separators, under one spelling';

CREATE FUNCTION @extschema@.benchbox_variant(doc jsonb)
RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	mode text := lower(coalesce(
		@extschema@.benchbox_as_text(doc #> '{execution,tuning_mode}'), @extschema@.benchbox_as_text(doc #> '{execution,metadata,tuning_mode}'),
		@extschema@.benchbox_as_text(doc #> '{config,tuning_mode}'), @extschema@.benchbox_as_text(doc #> '{configuration,tuning_mode}'),
		@extschema@.benchbox_as_text(doc #> '{configuration,options,tuning_mode}')) COLLATE "C");
	tunings jsonb := coalesce(@extschema@.benchbox_as_object(doc #> '{platform,tunings}'),
		@extschema@.benchbox_as_object(doc #> '{platform,tuning}'), @extschema@.benchbox_as_object(doc -> 'tuning'));
BEGIN
	IF mode IS NOT NULL THEN
		-- what fell back to a plainer tuning, or has one of its own, is not measured like the others
		RETURN CASE WHEN mode IN ('tuned', 'tuned-fallback', 'custom') THEN @extschema@.benchbox_slug(mode) END;
	END IF;
	-- a run that is not tuned may say where its settings come from
	RETURN CASE WHEN tunings - '{validation_status,tuning_source,source,requested_config_hash,hash}'::text[] <> '{}'
			AND tunings -> 'enabled' IS DISTINCT FROM 'false' AND tunings -> 'applied' IS DISTINCT FROM 'false' THEN 'tuned' END;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_variant(jsonb) IS
'tuned, or of what other kind the tuning of a BenchBox run is; NULL if it has none';

CREATE FUNCTION @extschema@.benchbox_test_phase(doc jsonb, test_type text)
RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	ran text[];
BEGIN
	-- streams prove nothing: power runs number their iterations in them
	IF test_type IS NOT NULL THEN
		RETURN (ARRAY['throughput', 'maintenance'])[array_position(ARRAY['throughput', 'maintenance'], regexp_replace(lower(test_type COLLATE "C"), '_test$', ''))];
	END IF;
	SELECT array_agg(test) INTO ran FROM unnest(ARRAY['power', 'throughput', 'maintenance']) test
	WHERE upper(coalesce(doc #>> ARRAY['phases', test || '_test', 'status'], 'RAN')) <> 'NOT_RUN'
		AND @extschema@.benchbox_as_object(doc #> ARRAY['phases', test || '_test']) IS NOT NULL;
	RETURN CASE WHEN cardinality(ran) = 1 AND ran[1] <> 'power' THEN ran[1] END;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_test_phase(jsonb, text) IS
'throughput or maintenance if a BenchBox run is a test of that and nothing else, by its type or by its phases; else NULL';

CREATE FUNCTION @extschema@.benchbox_config_prefix(doc jsonb, variant text DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	e record;
	platform text;
	mode text;
BEGIN
	IF doc IS NULL THEN
		RETURN NULL;
	END IF;
	-- uncompressed once
	doc := doc #> '{}';
	SELECT benchmark_id, benchmark_name, scale_factor, platform_name, execution_mode, test_type INTO e FROM @extschema@.benchbox_executions(doc);
	-- earlier versions have the mode in the name
	platform := regexp_replace(btrim(e.platform_name), '\s*\(dataframe\)$', '', 'i');
	mode := coalesce(@extschema@.benchbox_slug(btrim(e.execution_mode)), CASE WHEN platform <> btrim(e.platform_name) THEN 'df' END);
	RETURN concat('bb:', coalesce(nullif(@extschema@.benchbox_benchmark_slug(e.benchmark_id, e.benchmark_name), ''), '_'),
		':sf', CASE WHEN e.scale_factor > 0 AND e.scale_factor < 1e15 AND scale(trim_scale(e.scale_factor)) <= 15 THEN trim_scale(e.scale_factor)::text ELSE '_' END,
		':', coalesce(nullif(@extschema@.benchbox_slug(platform), ''), '_'),
		'+' || CASE WHEN mode = 'dataframe' THEN 'df' WHEN mode NOT IN ('sql', '') THEN mode END,
		'+' || nullif(@extschema@.benchbox_slug(btrim(coalesce(variant, @extschema@.benchbox_variant(doc)))), ''),
		':' || @extschema@.benchbox_test_phase(doc, e.test_type), ':');
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_config_prefix(jsonb, text) IS
'the ids of the configurations of a BenchBox run up to the query: bb:tpch:sf1:duckdb:';
