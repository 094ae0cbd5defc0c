
-- TPC figures of BenchBox runs: what a document says, and beside it what its times give.

CREATE FUNCTION @extschema@.benchbox_time_mean(times double precision[])
RETURNS double precision
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	-- bounds of what a time in milliseconds can be keep the logarithms and their mean in range
	SELECT CASE WHEN bool_and(ms BETWEEN 1e-6 AND 1e15) THEN exp(avg(ln(CASE WHEN ms BETWEEN 1e-6 AND 1e15 THEN ms END))) END FROM unnest(times) ms;
END;

COMMENT ON FUNCTION @extschema@.benchbox_time_mean(double precision[]) IS
'the geometric mean of times in milliseconds; NULL if one is zero or no time';

CREATE FUNCTION @extschema@.benchbox_measured(
	doc jsonb,
	test text,
	OUT stream text,
	OUT nth integer,
	OUT success boolean,
	OUT ms double precision)
RETURNS SETOF record
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT stream_id,
		-- power runs of 2.x number their iterations as streams, too
		coalesce(@extschema@.benchbox_as_integer(e -> 'iteration'), @extschema@.benchbox_as_integer(e -> 'iter'),
			CASE WHEN stream_id ~ '^[0-9]{1,9}$' THEN stream_id::integer END),
		coalesce(@extschema@.benchbox_entry_success(@extschema@.benchbox_as_text(e -> 'status'),
			coalesce(@extschema@.benchbox_as_text(e -> 'error_message'), @extschema@.benchbox_as_text(e -> 'error')), time), false),
		time
	FROM (
		SELECT t.entry AS e, coalesce(@extschema@.benchbox_as_id(t.entry -> 'stream_id'), @extschema@.benchbox_as_id(t.entry -> 'stream')) AS stream_id,
			@extschema@.benchbox_entry_ms(t.entry) AS time
		FROM @extschema@.benchbox_executed(doc) t
		WHERE coalesce(@extschema@.benchbox_entry_run_type(t.entry), 'measurement') = 'measurement'
			AND (test IS NULL OR coalesce(@extschema@.benchbox_as_text(t.entry -> 'test_type'), test) = test)
		OFFSET 0
	) x;
END;

COMMENT ON FUNCTION @extschema@.benchbox_measured(jsonb, text) IS
'the executions of a BenchBox document that are no warm-up, of this test if the document tells tests apart';

CREATE FUNCTION @extschema@.benchbox_recomputed_power(
	doc jsonb,
	scale_factor double precision,
	OUT power double precision,
	OUT note text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	last integer;
	times double precision[];
	failed bigint;
	mean double precision;
BEGIN
	-- the last iteration only
	SELECT max(most), array_agg(ms) FILTER (WHERE success), count(*) FILTER (WHERE NOT success) INTO last, times, failed
	FROM (SELECT *, max(m.nth) OVER () AS most FROM @extschema@.benchbox_measured(doc, 'power') m) m
	WHERE nth IS NOT DISTINCT FROM most;
	note := concat_ws(', ', 'iteration ' || last, coalesce(cardinality(times), 0) || ' times');
	mean := @extschema@.benchbox_time_mean(times);
	IF failed > 0 THEN
		note := note || format(', %s failed', failed);
	ELSIF times IS NOT NULL AND mean IS NULL THEN
		note := note || ', not all above zero';
	ELSIF scale_factor BETWEEN 1e-9 AND 1e12 THEN
		power := 3600 * scale_factor / (mean / 1000);
	END IF;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_recomputed_power(jsonb, double precision) IS
'power_at_size as BenchBox has it, of the last iteration of a document, and of what it was made';

CREATE FUNCTION @extschema@.benchbox_recomputed_throughput(
	doc jsonb,
	scale_factor double precision,
	OUT throughput double precision,
	OUT note text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	test jsonb := doc #> '{phases,throughput_test}';
	seconds double precision := @extschema@.benchbox_as_float(test -> 'duration_ms') / 1000;
	streams bigint;
	queries bigint;
BEGIN
	IF seconds BETWEEN 1e-9 AND 1e15 AND scale_factor BETWEEN 1e-9 AND 1e12 THEN
		SELECT count(DISTINCT stream), count(*) FILTER (WHERE success) INTO streams, queries FROM @extschema@.benchbox_measured(doc, 'throughput');
		streams := coalesce(@extschema@.benchbox_as_integer(test -> 'num_streams'), jsonb_array_length(@extschema@.benchbox_as_array(test -> 'streams')),
			jsonb_array_length(@extschema@.benchbox_as_array(test -> 'stream_results')), streams);
		IF streams > 0 THEN
			throughput := streams * 3600 * scale_factor / seconds;
			note := format('%s streams in %s s; by their %s queries %s', streams, seconds, queries, queries * 3600 * scale_factor / seconds);
		END IF;
	END IF;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_recomputed_throughput(jsonb, double precision) IS
'throughput_at_size of a document by the streams, and in the note by the queries: BenchBox has both formulas';

CREATE FUNCTION @extschema@.benchbox_tpc(
	doc jsonb,
	OUT metric text,
	OUT stored double precision,
	OUT recomputed double precision,
	OUT note text)
RETURNS SETOF record
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 4
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	e record;
	phase text;
	power record;
	throughput record;
	times double precision[];
BEGIN
	doc := doc #> '{}';
	SELECT x.*, @extschema@.benchbox_benchmark_slug(x.benchmark_id, x.benchmark_name) IN ('tpch', 'tpcds') AS tpc,
		CASE WHEN x.scale_factor BETWEEN 1e-9 AND 1e12 THEN x.scale_factor::double precision END AS sf
	INTO e FROM @extschema@.benchbox_executions(doc) x;
	phase := @extschema@.benchbox_test_phase(doc, e.test_type);
	SELECT NULL::double precision AS value, 'of TPC-H and TPC-DS only' AS note INTO power;
	throughput := power;
	IF e.tpc THEN
		SELECT p.power AS value, p.note FROM @extschema@.benchbox_recomputed_power(doc, e.sf) p WHERE phase IS NULL INTO power;
		SELECT t.throughput AS value, t.note FROM @extschema@.benchbox_recomputed_throughput(doc, e.sf) t INTO throughput;
	END IF;
	SELECT array_agg(m.ms) INTO times FROM @extschema@.benchbox_measured(doc, NULL) m WHERE m.success;
	RETURN QUERY SELECT m.* FROM (VALUES
		('geometric_mean_ms', e.geometric_mean_ms, @extschema@.benchbox_time_mean(times),
			coalesce(cardinality(times), 0) || ' times' || CASE WHEN @extschema@.benchbox_time_mean(times) IS NULL AND times IS NOT NULL THEN ', not all above zero' ELSE '' END),
		('power_at_size', e.power_at_size, power.value, power.note),
		('throughput_at_size', e.throughput_at_size, throughput.value, throughput.note),
		('qphh_at_size', e.qphh_at_size, sqrt(power.value) * sqrt(throughput.value),
			CASE WHEN power.value IS NOT NULL AND throughput.value IS NOT NULL THEN 'of the recomputed figures' END)
	) AS m(metric, stored, recomputed, note)
	WHERE m.stored IS NOT NULL OR m.recomputed IS NOT NULL;
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_tpc(jsonb) IS
'the TPC figures of a BenchBox run as it says them and, beside them, as its times give them; not results of the TPC';
