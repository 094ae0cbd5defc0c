
-- Any version of a BenchBox result document as 1.1.
--
-- Nothing is made up: what must be there and is not follows from what is there, or is missing.  Nothing is lost: what has
-- no place becomes metadata.upgraded_from.  What is called from benchbox_upgrade runs under its search_path.

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
	work := @extschema@.benchbox_derived(work, '{export,schema_version}', '"1.1"');
	IF work #> '{to,export,tool}' IS NULL THEN
		work := @extschema@.benchbox_put(work, '{to,export,tool}', '"benchresults_fdw/1.0"');
	END IF;
	-- fewer tables were validated than had data: which of both is wrong nobody knows
	IF (work #> '{to,validation,summary,tables_with_data}')::numeric > (work #> '{to,validation,summary,total_tables_validated}')::numeric THEN
		work := @extschema@.benchbox_moved(work, '{to,validation,summary,tables_with_data}', '{none}', 'none');
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

CREATE FUNCTION @extschema@.benchbox_upgraded_run(work jsonb, doc jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	e record;
	phases jsonb;
	others jsonb;
BEGIN
	SELECT * INTO e FROM @extschema@.benchbox_executions(doc);
	SELECT jsonb_object_agg(m.key, p.phase) FILTER (WHERE p.phase IS NOT NULL), jsonb_object_agg(m.key, m.value_of_key) FILTER (WHERE p.phase IS NULL)
	INTO phases, others
	FROM @extschema@.benchbox_members(work #> '{from,phases}') m, LATERAL (SELECT @extschema@.benchbox_converted(m.value_of_key, 'phase') AS phase OFFSET 0) p;
	IF phases IS NOT NULL THEN
		work := @extschema@.benchbox_put(work, '{to,phases}', @extschema@.benchbox_merged(work #> '{to,phases}', phases));
		work := CASE WHEN others IS NULL THEN work #- '{from,phases}' ELSE @extschema@.benchbox_put(work, '{from,phases}', others) END;
	END IF;
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
	streams jsonb;
	queries jsonb;
	name text;
BEGIN
	-- of other layouts what is left
	FOREACH name IN ARRAY '{config,run,environment,summary,queries,errors,tables,cost,normalized_cost,tuning,provenance,comparisons,version,result_schema_version,_schema}'::text[]
	LOOP
		work := @extschema@.benchbox_moved(work, ARRAY['to', name], '{none}', 'none');
	END LOOP;
	-- definitions are those of streams
	SELECT jsonb_object_agg(m.key, m.value_of_key) FILTER (WHERE flat IS NOT TRUE),
		jsonb_object_agg(m.key, CASE jsonb_typeof(m.value_of_key) WHEN 'string' THEN jsonb_build_object('sql', m.value_of_key) ELSE m.value_of_key END) FILTER (WHERE flat)
	INTO streams, queries
	FROM @extschema@.benchbox_members(work #> place) m,
		LATERAL (SELECT jsonb_typeof(m.value_of_key) = 'string' OR jsonb_typeof(m.value_of_key -> 'sql') = 'string' AS flat OFFSET 0) f;
	IF queries IS NOT NULL THEN
		work := @extschema@.benchbox_put(work, place, @extschema@.benchbox_merged(coalesce(streams, '{}'), jsonb_build_object('default', queries)));
	END IF;
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
	-- what was 1.1 is left alone
	IF fresh = doc THEN
		RETURN doc;
	END IF;
	IF tool IS NOT NULL AND jsonb_typeof(tool) <> 'null' AND tool <> '"benchresults_fdw/1.0"' THEN
		old := @extschema@.benchbox_put(coalesce(old, '{}'), '{export,tool}', tool);
	END IF;
	fresh := @extschema@.benchbox_put(fresh, '{export,tool}', '"benchresults_fdw/1.0"');
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
