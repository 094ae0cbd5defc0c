-- What the other tests of this part use: a server, tables, and two functions. See expected/README.
\getenv endpoint BENCH_ENDPOINT
\getenv access_key BENCH_ACCESS_KEY
\getenv secret_key BENCH_SECRET_KEY
-- one segment, for how many there are depends on what the engine says of a table's size
CREATE SERVER bench_server FOREIGN DATA WRAPPER benchresults_fdw
    OPTIONS (region 'us-east-2', endpoint :'endpoint', scan_segments '1');
CREATE USER MAPPING FOR CURRENT_USER SERVER bench_server OPTIONS (access_key_id :'access_key', secret_access_key :'secret_key');
SELECT bench_ping('bench_server') > 0 AS alive;
-- the run is named, for a Scan begins where it likes, with odd items perhaps
CREATE SCHEMA bench;
IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER bench_server INTO bench
	OPTIONS (sample_run 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a');
SELECT relname FROM pg_class WHERE relnamespace = 'bench'::regnamespace ORDER BY 1;

-- What a query asks of DynamoDB, and gets: without what differs between engines (bytes, capacity) and versions.
CREATE FUNCTION requests(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) ' || query
	LOOP
		IF line ~ '->|^\w' AND line ~ 'Scan on|InitPlan|SubPlan' THEN
			RETURN NEXT regexp_replace(trim(line), ' \((actual|never).*| \(returns.*', '');
		ELSIF line ~ 'DynamoDB (Operation|Filter)|Index: |Key Condition|Requests|Pages|Items' THEN
			RETURN NEXT '  ' || trim(line);
		END IF;
	END LOOP;
END $$;

-- How a statement fails, without request ids; the service's own words differ between engines.
CREATE FUNCTION failure(statement text, words boolean DEFAULT true) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN NEXT 'no failure';
EXCEPTION WHEN others THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN NEXT sqlstate || CASE WHEN words THEN ' ' || message ELSE '' END;
	RETURN QUERY SELECT 'DETAIL: ' || regexp_replace(detail, 'request id [^,.]+', 'request id *') WHERE detail <> '';
	RETURN QUERY SELECT 'HINT: ' || hint WHERE hint <> '';
END $$;
