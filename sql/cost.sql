-- Configurations and what they cost on AWS Lambda; expected figures by hand, or from the source named.
SET datestyle = ISO;
SET timezone = 'UTC';
\set SHOW_CONTEXT never
-- the id of a configuration, cut and put together again
SELECT c.id, p.* FROM unnest(ARRAY[
	'python3.13-arm64-cpu-512', 'python3.13-arm64-cpu-intensive-1769', 'rust-x86-light-128', 'nodejs22-x86_64-memory-intensive-10240',
	'provided.al2023-arm64-x-1', 'go1.x-x86-arm64-x86-64-512', 'my-own-arm64-a-2-128', 'rust-arm64-a-0',
	'rust-arm64-128', 'rust-arm64--128', '-arm64-a-128', 'rust-riscv-light-128', 'rust-arm64-light-0128', 'rust-arm64-light-12345678901',
	'rust-arm64-light-', 'rust-ARM64-light-128', '', NULL]) WITH ORDINALITY c(id, ord), bench_parse_config(c.id) p ORDER BY c.ord;
SELECT bench_config_id('python3.13', 'arm64', 'cpu-intensive', 1769), bench_config_id('rust', NULL, 'light', 128);
SELECT count(*), count(*) FILTER (WHERE id = bench_config_id(p.runtime, p.architecture, p.workload_type, p.memory_size_mb)) AS same
FROM (SELECT bench_config_id(r, a, w, m) AS id
	FROM unnest('{nodejs20,nodejs22,python3.11,python3.12,python3.13,python3.14,rust}'::text[]) r, unnest('{arm64,x86}'::text[]) a,
		unnest('{cpu-intensive,memory-intensive,light}'::text[]) w, unnest('{128,256,512,1024,1769,2048,4096,8192,10240}'::int[]) m) c,
	bench_parse_config(c.id) p;

-- prices
SELECT * FROM bench_lambda_price_of('x86', at => '2025-12-01');
SELECT * FROM bench_lambda_price_of('arm64', at => '2025-12-01');
SELECT x.region, x.usd_per_gbs AS x86, a.usd_per_gbs AS arm64, round(a.usd_per_gbs / x.usd_per_gbs, 3) AS ratio, x.usd_per_request
FROM bench_lambda_price x JOIN bench_lambda_price a USING (region, tier_from_gbs)
WHERE x.architecture = 'x86' AND a.architecture = 'arm64' AND tier_from_gbs = 0 ORDER BY x.region COLLATE "C";
SELECT count(*), count(*) FILTER (WHERE shipped) AS shipped FROM bench_lambda_price;
SELECT * FROM bench_lambda_price_of('arm64', 'mars-1', '2025-12-01');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM bench_lambda_price_of('riscv', at => '2025-12-01');
SELECT * FROM bench_lambda_price_of('arm64', at => '2020-01-01');
SELECT count(*) FROM bench_lambda_price_of(NULL);

-- what an invocation costs: 512 MB and 1024 MB; a mean of 501.09 ms is what $1.0352 was published for
SELECT c.*, bench_lambda_gb_seconds(ms, mb), bench_lambda_cost_per_million(ms, mb, architecture, at => '2025-12-01')
FROM (VALUES (100, 512, 'x86'), (100, 512, 'arm64'), (250, 1024, 'x86_64'), (250, 1024, 'arm64'), (501.09, 128, 'arm64'),
	(0, 128, 'x86'), (1, 128, 'x86'), (900000, 10240, 'arm64'), (NULL, 128, 'x86'), (1, NULL, 'x86'), (1, 128, NULL)) c(ms, mb, architecture);
SELECT bench_lambda_cost_per_million(100, 512, 'x86', 'eu-south-1', '2025-12-01') AS milan,
	bench_lambda_cost_per_million(100, 512, 'x86', price_gbs => 0.00001, price_request => 0) AS mine,
	bench_lambda_cost_per_million(100, 512, 'x86', at => '2025-12-01', price_gbs => 0) AS only_requests,
	bench_lambda_cost_per_million(100, 512, 'riscv', price_gbs => 0.00001, price_request => 0) AS any_architecture;
-- a column of double precision or integer is as good
SELECT bench_lambda_cost_per_million(ms, 512, 'x86', at => '2025-12-01') FROM unnest('{100}'::float8[]) ms;
SELECT bench_lambda_gb_seconds(-1, 128);
\echo :LAST_ERROR_SQLSTATE
SELECT bench_lambda_gb_seconds('NaN', 128);
SELECT bench_lambda_gb_seconds('Infinity', 128);
SELECT bench_lambda_gb_seconds(1, 0);
-- a month, by hand: 1e10 GB-s are 6e9 * 0.0000166667 + 4e9 * 0.000015; 2e10 on arm64 are
-- 7.5e9 * 0.0000133334 + 11.25e9 * 0.0000120001 + 1.25e9 * 0.0000106667; and requests
SELECT bench_lambda_cost_per_month(1e9, 10000, 1024, 'x86', at => '2025-12-01') = 6e9 * 0.0000166667 + 4e9 * 0.000015 + 200 AS x86,
	bench_lambda_cost_per_month(2e9, 10000, 1024, 'arm64', at => '2025-12-01')
		= 7.5e9 * 0.0000133334 + 11.25e9 * 0.0000120001 + 1.25e9 * 0.0000106667 + 400 AS arm64,
	bench_lambda_cost_per_month(1e6, 100, 512, 'x86', at => '2025-12-01') = bench_lambda_cost_per_million(100, 512, 'x86', at => '2025-12-01') AS million,
	bench_lambda_cost_per_month(0, 100, 512, 'x86') AS none;
SELECT bench_lambda_cost_per_month(-1, 100, 512, 'x86');

-- the rows of users come first, from their date on; a list of theirs is the whole list
INSERT INTO bench_lambda_price (region, architecture, valid_from, usd_per_gbs, usd_per_request) VALUES
	('us-east-1', 'x86', '2025-06-01', 0.00001, 0.0000001), ('us-east-1', 'x86', '2026-01-01', 0.00002, 0.0000001),
	('mars-1', 'riscv', '2025-01-01', 1, 0);
INSERT INTO bench_lambda_price (region, architecture, valid_from, tier_from_gbs, usd_per_gbs, usd_per_request) VALUES
	('us-east-1', 'x86', '2026-01-01', 1000, 0.000005, 0.0000001);
SELECT d::date, p.* FROM unnest('{2025-05-31,2025-06-01,2025-12-31,2026-01-01}'::date[]) d, bench_lambda_price_of('x86_64', at => d) p ORDER BY 1, 2;
SELECT bench_lambda_cost_per_million(1000, 1024, 'riscv', 'mars-1', '2025-12-01');
SELECT bench_lambda_cost_per_month(1100, 1000, 1024, 'x86', at => '2026-01-01') = 1000 * 0.00002 + 100 * 0.000005 + 1100 * 0.0000001 AS tiers;
-- and are what pg_dump takes along
SELECT c::regclass, extcondition[ord] FROM pg_extension, unnest(extconfig) WITH ORDINALITY c(c, ord) WHERE extname = 'benchresults_fdw';
INSERT INTO bench_lambda_price (region, architecture, valid_from, usd_per_gbs, usd_per_request) VALUES ('us-east-1', 'x86', '2025-06-01', 1, 0);
INSERT INTO bench_lambda_price (region, architecture, valid_from, usd_per_gbs, usd_per_request) VALUES ('us-east-1', 'x86', '2025-07-01', -1, 0);
INSERT INTO bench_lambda_price (region, architecture, valid_from, usd_per_gbs, usd_per_request) VALUES ('us-east-1', 'x86', '2025-07-01', 'NaN', 0);
DELETE FROM bench_lambda_price WHERE NOT shipped;
-- others may read them
CREATE ROLE regress_bench_reader;
SET ROLE regress_bench_reader;
SELECT count(*) > 0 AS readable, bench_lambda_cost_per_million(100, 512, 'x86', at => '2025-12-01') FROM bench_lambda_price;
DELETE FROM bench_lambda_price;
RESET ROLE;
DROP ROLE regress_bench_reader;

-- the init phase is billed; of managed runtimes since August 2025
SELECT packaging, bench_billed_expected(10.55, 9.45, '2025-07-31', packaging) AS july, bench_billed_expected(10.55, 9.45, '2025-08-01', packaging) AS august,
	bench_billed_expected(10.55, NULL, '2025-08-01', packaging) AS warm, bench_billed_expected(NULL, 9.45, '2025-08-01', packaging) AS failed
FROM unnest('{zip-managed,zip-custom,image}'::text[]) packaging;
SELECT bench_billed_expected(10.55, 9.45, '2025-08-01'), bench_billed_expected(10.55, 9.46, '2025-08-01'), bench_billed_expected(0.01, 0, '2025-08-01');
SELECT bench_billed_expected(1, 1, '2025-08-01', 'jar');
\echo :LAST_ERROR_SQLSTATE
SELECT bench_expected_cost(4.5, 0.5, 0.01), bench_expected_cost(4.5, 0.5, 0), bench_expected_cost(4.5, 0.5, 1), bench_expected_cost(4.5, NULL, 0);
SELECT bench_expected_cost(4.5, 0.5, 1.01);
SELECT bench_expected_cost(4.5, 0.5, 'NaN');
SELECT round(bench_savings(4, 3), 6) AS cheaper, round(bench_savings(3, 4), 6) AS dearer, bench_savings(0, 1) AS of_nothing, bench_savings(NULL, 1) AS "null";

-- a run: its own region and day decide
CREATE SCHEMA copies;
CREATE TABLE copies.test_runs (test_run_id text, "timestamp" timestamptz, status text, region text);
CREATE TABLE copies.aggregates (test_run_id text, config_id text, invocation_type text, runtime text, architecture text, workload_type text, memory_size_mb int, billed_duration_ms_mean float8);
INSERT INTO copies.test_runs VALUES ('ohio', '2025-11-30 12:00Z', 'completed', 'us-east-2'), ('milan', '2025-11-30 12:00Z', 'completed', 'eu-south-1'),
	('nowhere', '2025-11-30 12:00Z', 'completed', NULL), ('mars', '2025-11-30 12:00Z', 'completed', 'mars-1'), ('empty', '2025-11-30 13:00Z', 'in_progress', 'us-east-2');
INSERT INTO copies.aggregates (test_run_id, config_id, invocation_type, runtime, architecture, workload_type, memory_size_mb, billed_duration_ms_mean)
SELECT r, bench_config_id('rust', a, 'light', m), t, 'rust', a, 'light', m, ms
FROM unnest('{ohio,milan,nowhere,mars}'::text[]) r, (VALUES
	('x86', 'warm', 128, 100), ('x86', 'warm', 256, 40), ('x86', 'warm', 512, 30), ('x86', 'cold', 128, 200), ('x86', 'cold', 256, 200),
	('arm64', 'warm', 128, 80), ('arm64', 'warm', 256, 40), ('arm64', 'warm', 512, 40), ('arm64', 'cold', 128, NULL), ('arm64', 'cold', 256, 150)) c(a, t, m, ms);
-- an id that is none of a configuration
INSERT INTO copies.aggregates (test_run_id, config_id, invocation_type, billed_duration_ms_mean) VALUES ('ohio', 'odd', 'warm', 1);
SELECT config_id, invocation_type, billed_ms, gb_seconds, usd_per_million, cheapest, arm64_savings FROM bench_lambda_costs('ohio', 'copies');
SELECT test_run_id, usd_per_million FROM bench_lambda_costs('milan', 'copies') WHERE config_id = 'rust-x86-light-128' AND invocation_type = 'warm';
SELECT test_run_id, usd_per_million FROM bench_lambda_costs('milan', 'copies', region => 'us-east-1') WHERE config_id = 'rust-x86-light-128' AND invocation_type = 'warm';
SELECT test_run_id, usd_per_million FROM bench_lambda_costs('nowhere', 'copies') WHERE config_id = 'rust-x86-light-128' AND invocation_type = 'warm';
DELETE FROM copies.aggregates WHERE test_run_id IN ('mars', 'nowhere') AND (config_id <> 'rust-x86-light-128' OR invocation_type <> 'warm');
SELECT count(*) FROM bench_lambda_costs('mars', 'copies');
SELECT count(*) FROM bench_lambda_costs('nowhere', 'copies', at => '2020-01-01');
SELECT count(*) FROM bench_lambda_costs('ohio', 'nothere');
-- a run by other names
UPDATE copies.test_runs SET "timestamp" = '2025-11-30 13:00Z' WHERE test_run_id = 'milan';
DELETE FROM copies.test_runs WHERE test_run_id IN ('mars', 'nowhere', 'empty');
INSERT INTO copies.test_runs VALUES ('empty', '2025-11-01 13:00Z', 'in_progress', 'us-east-2');
SELECT r AS run, c.test_run_id, count(*) FROM unnest('{latest,previous,mila}'::text[]) r, bench_lambda_costs(r, 'copies') c GROUP BY 1, 2 ORDER BY 1;
SELECT count(*) FROM bench_lambda_costs('empty', 'copies');
SELECT count(*) FROM bench_lambda_costs('nothere', 'copies');
SELECT count(*) FROM bench_lambda_costs(NULL, 'copies');
SET search_path = copies, public;
SELECT count(*), sum(usd_per_million) FROM bench_lambda_costs('ohio');
RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA copies CASCADE;
