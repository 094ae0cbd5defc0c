
-- The list of queries of a BenchBox document as the details of 1.1, and the totals that must agree with it.
--
-- Runs under the search_path of benchbox_upgrade.

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
	-- totals are those of all entries, of those that were measured, or of more than are listed
	IF total = tally.all_listed AND successful IS DISTINCT FROM tally.all_succeeded AND total <> tally.listed THEN
		successful := tally.all_succeeded;
	ELSIF NOT coalesce(total >= tally.listed AND CASE WHEN total IN (tally.listed, tally.all_listed)
			THEN (total = tally.listed AND successful = tally.succeeded) OR (total = tally.all_listed AND successful = tally.all_succeeded)
			ELSE successful BETWEEN tally.succeeded AND tally.succeeded + total - tally.listed END, false) THEN
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
-- both are rounded, and may have been binary fractions
RETURN pg_catalog.abs(stored - mean) <= 0.5 * pg_catalog.power(10::numeric, -least(pg_catalog.scale(stored), 9)) + 0.5 * pg_catalog.power(10::numeric, -least(decimals, 9)) + 1e-9 * mean;

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
	IF stored IS NULL OR (tally.all_timed = tally.all_succeeded AND (work #> '{to,results,queries,total}')::numeric IN (tally.listed, tally.all_listed)
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
