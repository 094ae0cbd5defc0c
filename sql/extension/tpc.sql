
-- Metrics in the style of TPC-H, from times in seconds.  Not results of the TPC: those are audited.
--
-- Bodies that are one expression are parsed here and now, so that the caller's search_path does not matter.

CREATE FUNCTION @extschema@.bench_tpch_power(
	query_s double precision[],
	refresh_s double precision[],
	sf double precision,
	OUT power double precision,
	OUT note text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	refreshes int := coalesce(cardinality(refresh_s), 0);
	floor_s double precision;
	raised int;
	notes text[];
BEGIN
	IF query_s IS NULL OR sf IS NULL THEN
		RETURN;
	END IF;
	IF cardinality(query_s) <> 22 OR refreshes NOT IN (0, 2) THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('a power test has 22 queries and 2 refresh functions, not %s and %s', cardinality(query_s), refreshes),
			HINT = 'Without refresh functions pass NULL for refresh_s; of another number of queries see benchbox_power_at_size.';
	END IF;
	-- an error if one of them is no time
	PERFORM @extschema@.benchbox_power_at_size(query_s || refresh_s, sf);
	-- clause 5.4.1.4: no query counts as more than 1000 times faster than the slowest
	SELECT max(q) / 1000, count(*) FILTER (WHERE q < (SELECT max(m) FROM unnest(query_s) m) / 1000)
	INTO floor_s, raised FROM unnest(query_s) q;
	-- clause 5.4.1.1; without refresh functions the 22nd root takes the place of the 24th
	power := @extschema@.benchbox_power_at_size(
		ARRAY(SELECT greatest(q, floor_s) FROM unnest(query_s) q) || refresh_s, sf);
	IF refreshes = 0 THEN
		notes := notes || 'no refresh functions: 22nd root'::text;
	END IF;
	IF raised > 0 THEN
		notes := notes || format('%s of the times raised to a thousandth of the longest', raised);
	END IF;
	note := array_to_string(notes, '; ');
END $$;

COMMENT ON FUNCTION @extschema@.bench_tpch_power(double precision[], double precision[], double precision) IS
'Power@Size in the style of TPC-H: 3600 * SF over the geometric mean of 22 query and 2 refresh times, in seconds';

CREATE FUNCTION @extschema@.bench_tpch_min_streams(sf double precision)
RETURNS integer
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
	WHEN sf < 1::double precision OR sf = 'NaN'::double precision THEN NULL
	ELSE pg_catalog.width_bucket(sf, '{1,10,30,100,300,1000,3000,10000,30000,100000}'::double precision[]) + 1 END;

COMMENT ON FUNCTION @extschema@.bench_tpch_min_streams(double precision) IS
'how many query streams TPC-H wants at least in a throughput test of this scale factor; NULL below 1';

CREATE FUNCTION @extschema@.bench_tpch_throughput(
	streams integer,
	elapsed_s double precision,
	sf double precision,
	OUT throughput double precision,
	OUT note text)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM @extschema@.bench_tpc_check('streams', streams);
	PERFORM @extschema@.bench_tpc_check('elapsed_s', elapsed_s);
	PERFORM @extschema@.bench_tpc_check('sf', sf);
	throughput := streams * 22::double precision * 3600 / elapsed_s * sf;
	IF streams < @extschema@.bench_tpch_min_streams(sf) THEN
		note := format('fewer streams than the %s that scale factor %s wants', @extschema@.bench_tpch_min_streams(sf), sf);
	END IF;
END $$;

COMMENT ON FUNCTION @extschema@.bench_tpch_throughput(integer, double precision, double precision) IS
'Throughput@Size in the style of TPC-H: streams * 22 * 3600 / seconds * SF';

CREATE FUNCTION @extschema@.bench_tpch_qphh(power double precision, throughput double precision)
RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM @extschema@.bench_tpc_check('power', power);
	PERFORM @extschema@.bench_tpc_check('throughput', throughput);
	RETURN sqrt(power * throughput);
END $$;

COMMENT ON FUNCTION @extschema@.bench_tpch_qphh(double precision, double precision) IS
'QphH@Size in the style of TPC-H: the geometric mean of power and throughput; QphDS as BenchBox has it is the same';

CREATE FUNCTION @extschema@.bench_price_per_qphh(price double precision, qphh double precision)
RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM @extschema@.bench_tpc_check('qphh', qphh);
	RETURN price / qphh;
END $$;

COMMENT ON FUNCTION @extschema@.bench_price_per_qphh(double precision, double precision) IS
'price over QphH, in the price''s currency';

CREATE FUNCTION @extschema@.benchbox_power_at_size(seconds double precision[], sf double precision)
RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	wrong text;
BEGIN
	PERFORM @extschema@.bench_tpc_check('sf', sf);
	SELECT string_agg(format('number %s is %s', ord, coalesce(s::text, 'NULL')), ', ' ORDER BY ord) INTO wrong
	FROM unnest(seconds) WITH ORDINALITY AS t(s, ord) WHERE (s > 0 AND s < 'Infinity') IS NOT TRUE;
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'numeric_value_out_of_range',
			MESSAGE = 'times must be greater than zero', DETAIL = format('Of the times, %s.', wrong),
			HINT = 'A query that failed, or was too fast to be measured, has no time, and a run with one has no power.';
	END IF;
	RETURN (SELECT 3600 * sf / exp(avg(ln(s))) FROM unnest(seconds) s);
END $$;

COMMENT ON FUNCTION @extschema@.benchbox_power_at_size(double precision[], double precision) IS
'power_at_size as BenchBox computes it for TPC-H and TPC-DS: 3600 * SF over the geometric mean of the times, in seconds';

CREATE FUNCTION @extschema@.bench_tpc_check(name text, value double precision)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF (value > 0 AND value < 'Infinity') IS NOT TRUE THEN
		RAISE EXCEPTION USING ERRCODE = 'numeric_value_out_of_range',
			MESSAGE = format('%s must be greater than zero, not %s', name, value);
	END IF;
END $$;

COMMENT ON FUNCTION @extschema@.bench_tpc_check(text, double precision) IS
'an error unless the value is a number greater than zero';
