-- Tables without an entity: any DynamoDB table, and templates of one's own.
SET search_path = bench, public;
\set run '\'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a\''
CREATE SCHEMA generic;
IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER bench_server INTO generic OPTIONS (shape 'generic');
-- the keys and the whole item are always there; which attributes else depends on the items seen
SELECT attname, format_type(atttypid, atttypmod) AS type, attfdwoptions FROM pg_attribute
WHERE attrelid = 'generic."BenchmarkResults"'::regclass AND attname IN ('pk', 'sk', 'item') ORDER BY attnum;
SELECT count(*), count(DISTINCT (pk, sk)), bool_and(item->>'pk' = pk) AS same_keys FROM generic."BenchmarkResults";
SELECT sk FROM generic."BenchmarkResults" WHERE pk = 'TESTRUN#ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND sk LIKE 'TESTRUN#%';
SELECT requests($$SELECT item FROM generic."BenchmarkResults" WHERE pk = 'a' AND sk = 'b'$$);
SELECT requests($$SELECT item FROM generic."BenchmarkResults" WHERE pk = 'a'$$);
SELECT requests($$SELECT pk FROM generic."BenchmarkResults" WHERE sk = 'b'$$);
-- written by hand, with a name of one's own for each key
CREATE FOREIGN TABLE byhand (
	place text OPTIONS (key 'partition', attribute 'pk'),
	spot text OPTIONS (key 'sort', attribute 'sk'),
	"durationMs" numeric,
	"mean" numeric OPTIONS (attribute 'durationMsStats.mean|durationStats.mean')
) SERVER bench_server OPTIONS ("table" 'BenchmarkResults');
SELECT place, spot, mean FROM byhand WHERE place = 'TESTRUN#00000000-0000-4000-8000-00000000ed9e' ORDER BY spot COLLATE "C";
SELECT requests($$SELECT mean FROM byhand WHERE place = 'TESTRUN#00000000-0000-4000-8000-00000000ed9e' AND starts_with(spot, 'AGG')$$);
SELECT count(*), count("durationMs"), count(mean) FROM byhand;
-- keys that are composed
CREATE FOREIGN TABLE composed (
	run text, config text, kind text,
	samples int OPTIONS (attribute 'sampleCount')
) SERVER bench_server OPTIONS ("table" 'BenchmarkResults', pk 'pk', sk 'sk',
	pk_template 'TESTRUN#{run}', sk_template 'AGGREGATE#{config}#{kind}');
SELECT config, kind, samples FROM composed WHERE run = :run AND samples < 2 ORDER BY config COLLATE "C", kind;
SELECT requests($$SELECT samples FROM composed WHERE run = 'r' AND config = 'c' AND kind = 'warm'$$);
SELECT requests($$SELECT samples FROM composed WHERE run = 'r' AND config = 'c'$$);
SELECT count(*) FROM composed;
-- an item that the templates do not make is no row
SELECT count(*) FROM composed WHERE run = '00000000-0000-4000-8000-00000000ed9e';
-- a value that would break the template's parts apart is none that a key can have
SELECT count(*) FROM composed WHERE run = :run AND config = 'nodejs20-x86-light-512#cold' AND kind = 'cold';
-- an index by hand
ALTER FOREIGN TABLE composed OPTIONS (ADD indexes '[{"name": "ConfigIndex", "pk": "configId", "sk": "timestamp", "sk_type": "N", "projection": "KEYS_ONLY"}]');
ALTER FOREIGN TABLE composed ADD COLUMN config_id text OPTIONS (attribute 'configId');
SELECT requests($$SELECT run FROM composed WHERE config_id = 'nodejs20-x86-light-512'$$);
ALTER FOREIGN TABLE composed OPTIONS (SET indexes '[{"name": "ConfigIndex", "pk": "configId", "sk": "timestamp", "sk_type": "N", "projection": "KEYS_ONLY", "complete": true}]');
SELECT requests($$SELECT run FROM composed WHERE config_id = 'nodejs20-x86-light-512'$$);
SELECT run, config, kind FROM composed WHERE config_id = 'nodejs20-x86-light-512' ORDER BY run COLLATE "C", kind;
SET client_min_messages = warning;
DROP SCHEMA generic CASCADE;
DROP FOREIGN TABLE byhand, composed;
