
-- What configurations are, and what an invocation of AWS Lambda costs.
--
-- Bodies that are one expression are parsed here and now, so that the caller's search_path does not matter.

CREATE FUNCTION @extschema@.bench_parse_config(
	config_id text,
	OUT runtime text,
	OUT version text,
	OUT architecture text,
	OUT workload_type text,
	OUT memory_size_mb integer)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- cut where foreign tables cut it: at the first architecture and the last number; the workload may hold anything
	parts text[] := regexp_match(config_id, '^(.+?)-(arm64|x86_64|x86)-(.+)-(0|[1-9][0-9]{0,8})$');
BEGIN
	runtime := parts[1];
	version := substring(runtime FROM '^[A-Za-z]+([0-9][0-9A-Za-z.]*)$');
	architecture := parts[2];
	workload_type := parts[3];
	memory_size_mb := parts[4];
END $$;

COMMENT ON FUNCTION @extschema@.bench_parse_config(text) IS
'the dimensions in a configuration''s id, and the version in its runtime; NULLs if it has another form';

CREATE FUNCTION @extschema@.bench_config_id(
	runtime text,
	architecture text,
	workload_type text,
	memory_size_mb integer)
RETURNS text
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN runtime || '-'::text || architecture || '-'::text || workload_type || '-'::text || memory_size_mb::text;

COMMENT ON FUNCTION @extschema@.bench_config_id(text, text, text, integer) IS
'the id of the configuration with these dimensions';

-- On-demand prices.  Sources: docs/lambda_cost.md.
CREATE TABLE @extschema@.bench_lambda_price (
	region text NOT NULL,
	architecture text NOT NULL,
	valid_from date NOT NULL,
	tier_from_gbs numeric NOT NULL DEFAULT 0 CHECK (tier_from_gbs >= 0 AND tier_from_gbs < 'Infinity'),
	usd_per_gbs numeric NOT NULL CHECK (usd_per_gbs >= 0 AND usd_per_gbs < 'Infinity'),
	usd_per_request numeric NOT NULL CHECK (usd_per_request >= 0 AND usd_per_request < 'Infinity'),
	shipped boolean NOT NULL DEFAULT false,
	PRIMARY KEY (region, architecture, shipped, valid_from, tier_from_gbs));

COMMENT ON TABLE @extschema@.bench_lambda_price IS
'prices of AWS Lambda: US dollars for a GB-second, from so many GB-seconds a month on, and for a request; rows that were not shipped come first';

GRANT SELECT ON @extschema@.bench_lambda_price TO PUBLIC;

-- pg_dump takes along what users have added
SELECT pg_catalog.pg_extension_config_dump('@extschema@.bench_lambda_price', 'WHERE NOT shipped');

-- the tiers hold since August 2022
INSERT INTO @extschema@.bench_lambda_price
	(region, architecture, valid_from, tier_from_gbs, usd_per_gbs, usd_per_request, shipped)
SELECT region, architecture, '2022-09-01', tier, usd_per_gbs, 0.00000020, true
FROM pg_catalog.unnest('{us-east-1,us-east-2}'::text[]) region,
	(VALUES
		('x86', 0, 0.0000166667), ('x86', 6e9, 0.0000150000), ('x86', 15e9, 0.0000133334),
		('arm64', 0, 0.0000133334), ('arm64', 7.5e9, 0.0000120001), ('arm64', 18.75e9, 0.0000106667)
	) AS t(architecture, tier, usd_per_gbs);

-- the first tier only, where the others have not been confirmed
INSERT INTO @extschema@.bench_lambda_price
	(region, architecture, valid_from, usd_per_gbs, usd_per_request, shipped)
SELECT region, architecture, '2022-09-01', usd_per_gbs, 0.00000020, true
FROM pg_catalog.unnest('{us-west-1,us-west-2,ca-central-1,sa-east-1,eu-west-1,eu-west-2,eu-west-3,eu-central-1,eu-north-1,
		ap-south-1,ap-northeast-1,ap-northeast-2,ap-northeast-3,ap-southeast-1,ap-southeast-2,ap-southeast-3}'::text[]) region,
	(VALUES ('x86', 0.0000166667), ('arm64', 0.0000133334)) AS t(architecture, usd_per_gbs);

INSERT INTO @extschema@.bench_lambda_price
	(region, architecture, valid_from, usd_per_gbs, usd_per_request, shipped)
VALUES
	('af-south-1', 'x86', '2022-09-01', 0.0000221, 0.00000027, true),
	('af-south-1', 'arm64', '2022-09-01', 0.00001768, 0.00000027, true),
	('ap-east-1', 'x86', '2022-09-01', 0.00002292, 0.00000028, true),
	('ap-east-1', 'arm64', '2022-09-01', 0.0000183, 0.00000028, true),
	('eu-south-1', 'x86', '2022-09-01', 0.0000195172, 0.00000023, true),
	('eu-south-1', 'arm64', '2022-09-01', 0.0000156138, 0.00000023, true),
	('me-south-1', 'x86', '2022-09-01', 0.0000206667, 0.00000025, true),
	('me-south-1', 'arm64', '2022-09-01', 0.0000165334, 0.00000025, true);

CREATE FUNCTION @extschema@.bench_lambda_price_of(
	architecture text,
	region text DEFAULT 'us-east-1',
	at date DEFAULT CURRENT_DATE,
	OUT tier_from_gbs numeric,
	OUT tier_to_gbs numeric,
	OUT usd_per_gbs numeric,
	OUT usd_per_request numeric,
	OUT valid_from date,
	OUT shipped boolean)
RETURNS SETOF record
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 3
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	-- one list of tiers: the newest that a user has made, else the newest that was shipped
	RETURN QUERY
	SELECT p.tier_from_gbs, lead(p.tier_from_gbs, 1, 'Infinity') OVER (ORDER BY p.tier_from_gbs),
		p.usd_per_gbs, p.usd_per_request, p.valid_from, p.shipped
	FROM (
		SELECT q.*, rank() OVER (ORDER BY q.shipped, q.valid_from DESC) AS place FROM @extschema@.bench_lambda_price q
		WHERE q.region = region AND q.valid_from <= at
			AND q.architecture = CASE architecture WHEN 'x86_64' THEN 'x86' ELSE architecture END) p
	WHERE p.place = 1 ORDER BY p.tier_from_gbs;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'no_data_found',
			MESSAGE = format('the price of Lambda on %s in %s on %s is not known', architecture, region, at),
			HINT = 'Insert it into bench_lambda_price, or name another region or day; bench_lambda_cost_per_million also takes prices as arguments.';
	END IF;
END $$;

COMMENT ON FUNCTION @extschema@.bench_lambda_price_of(text, text, date) IS
'the prices of AWS Lambda on that day, a row for each tier of GB-seconds a month';

CREATE FUNCTION @extschema@.bench_lambda_gb_seconds(billed_ms double precision, memory_mb integer)
RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT (billed_ms >= 0 AND billed_ms < 'Infinity') OR memory_mb <= 0 THEN
		RAISE EXCEPTION USING ERRCODE = 'numeric_value_out_of_range',
			MESSAGE = format('there are no invocations of %s ms with %s MB', billed_ms, memory_mb);
	END IF;
	-- 1 / 1000 / 1024: a product of decimals is exact, a quotient need not be
	RETURN trim_scale(billed_ms::numeric * memory_mb * 0.0000009765625);
END $$;

COMMENT ON FUNCTION @extschema@.bench_lambda_gb_seconds(double precision, integer) IS
'the GB-seconds of an invocation, exactly';

CREATE FUNCTION @extschema@.bench_lambda_cost_per_million(
	billed_ms double precision,
	memory_mb integer,
	architecture text,
	region text DEFAULT 'us-east-1',
	at date DEFAULT CURRENT_DATE,
	price_gbs numeric DEFAULT NULL,
	price_request numeric DEFAULT NULL)
RETURNS numeric
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	price record;
	gb_seconds numeric := @extschema@.bench_lambda_gb_seconds(billed_ms, memory_mb);
BEGIN
	IF gb_seconds IS NULL THEN
		RETURN NULL;
	END IF;
	IF price_gbs IS NULL OR price_request IS NULL THEN
		SELECT p.usd_per_gbs, p.usd_per_request INTO price
		FROM @extschema@.bench_lambda_price_of(architecture, region, at) p ORDER BY p.tier_from_gbs LIMIT 1;
		price_gbs := coalesce(price_gbs, price.usd_per_gbs);
		price_request := coalesce(price_request, price.usd_per_request);
	END IF;
	RETURN trim_scale(1000000 * (gb_seconds * price_gbs + price_request));
END $$;

COMMENT ON FUNCTION @extschema@.bench_lambda_cost_per_million(double precision, integer, text, text, date, numeric, numeric) IS
'US dollars for a million invocations of that billed duration, in the first tier, exactly';

CREATE FUNCTION @extschema@.bench_lambda_cost_per_month(
	invocations numeric,
	billed_ms double precision,
	memory_mb integer,
	architecture text,
	region text DEFAULT 'us-east-1',
	at date DEFAULT CURRENT_DATE)
RETURNS numeric
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	total numeric := invocations * @extschema@.bench_lambda_gb_seconds(billed_ms, memory_mb);
BEGIN
	IF NOT (invocations >= 0 AND invocations < 'Infinity') THEN
		RAISE EXCEPTION USING ERRCODE = 'numeric_value_out_of_range',
			MESSAGE = format('there cannot be %s invocations', invocations);
	END IF;
	RETURN (
		SELECT trim_scale(sum(greatest(least(total, p.tier_to_gbs) - p.tier_from_gbs, 0) * p.usd_per_gbs)
			+ invocations * max(p.usd_per_request))
		FROM @extschema@.bench_lambda_price_of(architecture, region, at) p);
END $$;

COMMENT ON FUNCTION @extschema@.bench_lambda_cost_per_month(numeric, double precision, integer, text, text, date) IS
'US dollars for so many invocations in a month, tier by tier, without the free ones';

CREATE FUNCTION @extschema@.bench_billed_expected(
	duration_ms double precision,
	init_ms double precision,
	on_date date,
	packaging text DEFAULT 'zip-managed')
RETURNS double precision
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF packaging NOT IN ('zip-managed', 'zip-custom', 'image') THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('unknown packaging "%s"', packaging),
			HINT = 'Valid names: zip-managed, zip-custom, image.';
	END IF;
	-- in decimals, in which sums of hundredths are exact, for the least excess is a millisecond more
	RETURN ceil(duration_ms::numeric + CASE
		WHEN packaging = 'zip-managed' AND on_date < '2025-08-01' THEN 0
		ELSE coalesce(init_ms, 0)::numeric END);
END $$;

COMMENT ON FUNCTION @extschema@.bench_billed_expected(double precision, double precision, date, text) IS
'the milliseconds that an invocation on that day should have been billed: with its init phase, but for managed runtimes before August 2025';

CREATE FUNCTION @extschema@.bench_expected_cost(cold numeric, warm numeric, cold_share numeric)
RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT cold_share BETWEEN 0 AND 1 THEN
		RAISE EXCEPTION USING ERRCODE = 'numeric_value_out_of_range',
			MESSAGE = format('the share of cold starts must be between 0 and 1, not %s', cold_share);
	END IF;
	RETURN cold * cold_share + warm * (1 - cold_share);
END $$;

COMMENT ON FUNCTION @extschema@.bench_expected_cost(numeric, numeric, numeric) IS
'the cost of a mix of invocations, of which so large a share are cold starts';

CREATE FUNCTION @extschema@.bench_savings(baseline numeric, candidate numeric)
RETURNS numeric
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN (baseline - candidate) / nullif(baseline, 0::numeric) * 100::numeric;

COMMENT ON FUNCTION @extschema@.bench_savings(numeric, numeric) IS
'by how many percent of the baseline the candidate is cheaper; negative if it is dearer';

CREATE FUNCTION @extschema@.bench_lambda_costs_from(
	source name,
	run text,
	region text,
	at date,
	OUT test_run_id text,
	OUT config_id text,
	OUT runtime text,
	OUT architecture text,
	OUT workload_type text,
	OUT memory_size_mb integer,
	OUT invocation_type text,
	OUT billed_ms double precision,
	OUT gb_seconds numeric,
	OUT usd_per_million numeric,
	OUT cheapest boolean,
	OUT arm64_savings numeric)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 500
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- the run says where and when it was; joined with its aggregates it is one Query
	RETURN QUERY EXECUTE format($query$
		SELECT c.test_run_id, c.config_id, c.runtime, c.architecture, c.workload_type, c.memory_size_mb, c.invocation_type,
			c.billed_ms, @extschema@.bench_lambda_gb_seconds(c.billed_ms, c.memory_size_mb), round(c.usd, 4),
			c.usd = min(c.usd) OVER (PARTITION BY c.runtime, c.architecture, c.workload_type, c.invocation_type),
			CASE c.architecture WHEN 'arm64' THEN round(@extschema@.bench_savings(
				min(c.usd) FILTER (WHERE c.architecture IN ('x86', 'x86_64')) OVER
					(PARTITION BY c.runtime, c.workload_type, c.memory_size_mb, c.invocation_type), c.usd), 2) END
		FROM (
			SELECT a.test_run_id::text, a.config_id::text, a.runtime::text, a.architecture::text, a.workload_type::text,
				a.memory_size_mb::int, a.invocation_type::text, a.billed_duration_ms_mean::double precision AS billed_ms,
				@extschema@.bench_lambda_cost_per_million(
					a.billed_duration_ms_mean, a.memory_size_mb, a.architecture, coalesce($1, r.region, 'us-east-1'),
					coalesce($2, timezone('UTC', r."timestamp")::date, CURRENT_DATE)) AS usd
			FROM %1$I.test_runs r JOIN %1$I.aggregates a ON a.test_run_id = r.test_run_id
			WHERE %2$s) c
		ORDER BY c.runtime COLLATE "C", c.workload_type COLLATE "C", c.invocation_type COLLATE "C", c.memory_size_mb,
			c.architecture COLLATE "C", c.config_id COLLATE "C"$query$,
		source, @extschema@.bench_is_run(source, 'test_runs', run, 'r')) USING region, at;
END $$;

COMMENT ON FUNCTION @extschema@.bench_lambda_costs_from(name, text, text, date) IS
'bench_lambda_costs of a run given by its whole id, in a schema that has the tables';

CREATE FUNCTION @extschema@.bench_lambda_costs(
	run text,
	source name DEFAULT NULL,
	region text DEFAULT NULL,
	at date DEFAULT NULL,
	OUT test_run_id text,
	OUT config_id text,
	OUT runtime text,
	OUT architecture text,
	OUT workload_type text,
	OUT memory_size_mb integer,
	OUT invocation_type text,
	OUT billed_ms double precision,
	OUT gb_seconds numeric,
	OUT usd_per_million numeric,
	OUT cheapest boolean,
	OUT arm64_savings numeric)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 500
AS $$
DECLARE
	schema pg_catalog.name := @extschema@.bench_source(source, 'test_runs', 'aggregates');
BEGIN
	IF run OPERATOR(pg_catalog.<>) ALL ('{latest,previous}') THEN
		RETURN QUERY SELECT * FROM @extschema@.bench_lambda_costs_from(schema, run, region, at);
	END IF;
	-- no such id, or a run without aggregates
	IF NOT FOUND THEN
		RETURN QUERY SELECT * FROM @extschema@.bench_lambda_costs_from(
			schema, @extschema@.bench_run(run, schema), region, at);
	END IF;
END $$;

COMMENT ON FUNCTION @extschema@.bench_lambda_costs(text, name, text, date) IS
'what each configuration of a run costs: US dollars per million invocations, the cheapest memory size, savings of arm64 against x86 in percent';
