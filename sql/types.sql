-- Every type of attribute, as every type of column that may hold it: without loss, or not at all.
SET search_path = bench, public;
SET extra_float_digits = 1;
CREATE FOREIGN TABLE edge (
	pk text OPTIONS (key 'partition'),
	sk text OPTIONS (key 'sort'),
	"text" text, "emptyText" text, "longText" text,
	digits38 numeric, digits38_float float8 OPTIONS (attribute 'digits38'),
	negative38 numeric, tiny38 numeric, zero int,
	"binary" bytea, binary_json jsonb OPTIONS (attribute 'binary'),
	yes boolean, no boolean, nothing text, nothing_json jsonb OPTIONS (attribute 'nothing'), absent jsonb,
	"emptyMap" jsonb, "emptyList" jsonb, "emptyList_array" text[] OPTIONS (attribute 'emptyList'), "mixedList" jsonb, nested jsonb,
	"$SS" jsonb, dotted text OPTIONS (attribute '"dotted.name|with bar"'),
	"stringSet" text[], string_set_json jsonb OPTIONS (attribute 'stringSet'),
	"numberSet" numeric[], number_set_json jsonb OPTIONS (attribute 'numberSet'),
	"binarySet" bytea[], binary_set_json jsonb OPTIONS (attribute 'binarySet'),
	first_of_mixed text OPTIONS (attribute 'mixedList[0]'), deep_in_mixed text OPTIONS (attribute 'mixedList[4][0][0]'),
	beyond_mixed text OPTIONS (attribute 'mixedList[99]'), alternative text OPTIONS (attribute 'absent|absent.either|dotted.name|emptyText|text'),
	item jsonb OPTIONS (attribute '*')
) SERVER bench_server OPTIONS ("table" 'BenchmarkResults');
\set key 'pk = \'00000000-0000-4000-8000-00000000ed9e#python3.13-arm64-cpu-intensive-1769\' AND sk = \'warm#1\''
\x on
SELECT "text", "emptyText", length("longText"), digits38, digits38_float, negative38, tiny38, zero,
	"binary", binary_json, yes, no, nothing, nothing_json, absent FROM edge WHERE :key;
SELECT "emptyMap", "emptyList", "emptyList_array", "mixedList", nested, "$SS", dotted, first_of_mixed, deep_in_mixed, beyond_mixed,
	alternative FROM edge WHERE :key;
\x off
-- sets have no order
SELECT (SELECT array_agg(s ORDER BY s COLLATE "C") FROM unnest("stringSet") s) AS strings,
	(SELECT array_agg(n ORDER BY n) FROM unnest("numberSet") n) AS numbers,
	(SELECT array_agg(b ORDER BY b) FROM unnest("binarySet") b) AS binaries FROM edge WHERE :key;
SELECT (SELECT jsonb_agg(s ORDER BY s) FROM jsonb_array_elements(string_set_json->'$SS') s) AS strings,
	(SELECT jsonb_agg(n ORDER BY (n#>>'{}')::numeric) FROM jsonb_array_elements(number_set_json->'$NS') n) AS numbers,
	(SELECT jsonb_agg(b ORDER BY b) FROM jsonb_array_elements(binary_set_json->'$BS') b) AS binaries FROM edge WHERE :key;
-- the whole item has all of it
SELECT jsonb_object_keys(item) COLLATE "C" AS key FROM edge WHERE :key ORDER BY 1;
SELECT item->'digits38' = to_jsonb(digits38) AS number, item->'nested' = nested AS map, item->'binary' = binary_json AS "binary",
	item->'$SS' = "$SS" AS marker, item->'text' = to_jsonb("text") AS text FROM edge WHERE :key;
-- digits that a type cannot hold are an error where they would be lost, and rounded where the type is made for it
ALTER FOREIGN TABLE edge ADD COLUMN n int OPTIONS (attribute 'digits38');
SELECT failure($$SELECT n FROM edge WHERE pk = '00000000-0000-4000-8000-00000000ed9e#python3.13-arm64-cpu-intensive-1769' AND sk = 'warm#1'$$);
ALTER FOREIGN TABLE edge ALTER COLUMN n TYPE bigint;
SELECT failure($$SELECT n FROM edge WHERE pk = '00000000-0000-4000-8000-00000000ed9e#python3.13-arm64-cpu-intensive-1769' AND sk = 'warm#1'$$);
ALTER FOREIGN TABLE edge ALTER COLUMN n TYPE numeric(10, 2);
SELECT failure($$SELECT n FROM edge WHERE pk = '00000000-0000-4000-8000-00000000ed9e#python3.13-arm64-cpu-intensive-1769' AND sk = 'warm#1'$$);
ALTER FOREIGN TABLE edge ALTER COLUMN n TYPE numeric(30, 2);
SELECT n FROM edge WHERE :key;
-- an attribute of another type than the column's
CREATE FOREIGN TABLE wrong (
	pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'),
	a int OPTIONS (attribute 'text'), b float8 OPTIONS (attribute 'yes'), c boolean OPTIONS (attribute 'zero'),
	d text[] OPTIONS (attribute 'numberSet'), e timestamptz OPTIONS (attribute 'itemType', format 'iso8601'), f uuid OPTIONS (attribute 'text'),
	g bytea OPTIONS (attribute 'text'), h int[] OPTIONS (attribute 'mixedList'), i text OPTIONS (attribute 'nested'),
	j timestamptz OPTIONS (attribute 'digits38', format 'epoch_ms'),
	k text OPTIONS (attribute 'zero'), l numeric(5, 2) OPTIONS (attribute 'digits38'), m varchar(3) OPTIONS (attribute 'itemType')
) SERVER bench_server OPTIONS ("table" 'BenchmarkResults');
SELECT attname, failure(format(
	$$SELECT %I FROM wrong WHERE pk = '00000000-0000-4000-8000-00000000ed9e#python3.13-arm64-cpu-intensive-1769' AND sk = 'warm#1'$$, attname))
FROM pg_attribute WHERE attrelid = 'wrong'::regclass AND attnum > 2 ORDER BY attnum;
ALTER FOREIGN TABLE wrong OPTIONS (ADD on_type_mismatch 'null');
SELECT a, b, c, d, e, f, g, h, i, j, k FROM wrong WHERE :key;
-- other types of columns for the results' own attributes
CREATE FOREIGN TABLE mine (
	run uuid OPTIONS (attribute 'testRunId'),
	config varchar(40) OPTIONS (attribute 'configId'),
	kind char(4) OPTIONS (attribute 'invocationType'),
	number bigint OPTIONS (attribute 'invocationNumber'),
	duration numeric(12, 3) OPTIONS (attribute 'durationMs'),
	billed smallint OPTIONS (attribute 'billedDurationMs'),
	memory real OPTIONS (attribute 'maxMemoryUsedMB')
) SERVER bench_server OPTIONS ("table" 'BenchmarkResults', entity 'results');
SELECT * FROM mine WHERE run = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND config = 'nodejs20-x86-light-512' AND kind = 'cold' ORDER BY number;
SELECT requests($$SELECT * FROM mine WHERE run = 'AB3AAAF8-6AA8-4B26-9561-EC2ED16C5B0A' AND config = 'nodejs20-x86-light-512'$$);
ALTER FOREIGN TABLE mine ALTER COLUMN config TYPE varchar(10);
SELECT failure($$SELECT config FROM mine WHERE run = 'ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a' AND config = 'nodejs20-x86-light-512' AND kind = 'cold' AND number = 1$$);
DROP FOREIGN TABLE edge, wrong, mine;
