-- IMPORT FOREIGN SCHEMA that discovers.
\getenv shape BENCH_SHAPE
CREATE SCHEMA bench_given;
IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER bench_server INTO bench_given OPTIONS (shape :'shape');
-- what was found is what the shape's name says, but for the timestamps of the document, which are found to be stricter
CREATE VIEW columns AS
	SELECT n.nspname, c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod) AS type, o.option_name, o.option_value
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0,
		pg_options_to_table(a.attfdwoptions) o;
SELECT relname, attnum, attname, type, option_name, option_value FROM columns WHERE nspname = 'bench' AND option_name <> 'format'
EXCEPT
SELECT relname, attnum, attname, type, option_name, option_value FROM columns WHERE nspname = 'bench_given';
SELECT relname, attnum, attname, type, option_name, option_value FROM columns WHERE nspname = 'bench_given' AND option_name <> 'format'
EXCEPT
SELECT relname, attnum, attname, type, option_name, option_value FROM columns WHERE nspname = 'bench';
SELECT option_value = CASE :'shape' WHEN 'live' THEN 'epoch_ms' ELSE 'iso8601_utc' END AS right_format, count(*)
FROM columns WHERE nspname = 'bench' AND option_name = 'format' GROUP BY 1;
CREATE VIEW tables AS
	SELECT n.nspname, c.relname, o.option_name, CASE WHEN o.option_name = 'indexes' THEN
		(SELECT jsonb_agg(i ORDER BY i->>'name') FROM jsonb_array_elements(o.option_value::jsonb) i)::text
		ELSE o.option_value END AS option_value
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_foreign_table t ON t.ftrelid = c.oid,
		pg_options_to_table(t.ftoptions) o
	WHERE o.option_name <> 'estimated_rows';
-- an INCLUDE projection has no order
CREATE FUNCTION sorted_projections(indexes text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(CASE jsonb_typeof(i->'projection') WHEN 'array' THEN jsonb_set(i, '{projection}',
		(SELECT jsonb_agg(p ORDER BY p) FROM jsonb_array_elements_text(i->'projection') p)) ELSE i END)
	FROM jsonb_array_elements(indexes::jsonb) i
$$;
SELECT relname, f.option_name, f.option_value AS found, g.option_value AS given
FROM (SELECT * FROM tables WHERE nspname = 'bench') f FULL JOIN (SELECT * FROM tables WHERE nspname = 'bench_given') g
	USING (relname, option_name)
WHERE CASE option_name WHEN 'indexes' THEN sorted_projections(f.option_value) IS DISTINCT FROM sorted_projections(g.option_value)
	ELSE f.option_value IS DISTINCT FROM g.option_value END;
-- without a run's name one is found; there may be columns for more attributes then
CREATE SCHEMA bench_found;
IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER bench_server INTO bench_found;
SELECT relname, attname, type, option_name, option_value FROM columns WHERE nspname = 'bench'
EXCEPT
SELECT relname, attname, type, option_name, option_value FROM columns WHERE nspname = 'bench_found';
SELECT count(*) FROM bench_found.results;
-- tables by name; a name that is there stays as it is
CREATE SCHEMA bench_some;
IMPORT FOREIGN SCHEMA "BenchmarkResults" LIMIT TO (results, aggregates) FROM SERVER bench_server INTO bench_some;
IMPORT FOREIGN SCHEMA anything EXCEPT (results, aggregates, items) FROM SERVER bench_server INTO bench_some
	OPTIONS ("table" 'BenchmarkResults', collate 'C');
SELECT relname, attname, collname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_collation l ON l.oid = a.attcollation
WHERE relnamespace = 'bench_some'::regnamespace AND attname = 'test_run_id' ORDER BY relname;
-- what goes wrong
SELECT failure('IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER bench_server INTO bench_some', false);
SELECT failure('IMPORT FOREIGN SCHEMA BenchmarkResults FROM SERVER bench_server INTO bench_some', false);
SELECT failure('IMPORT FOREIGN SCHEMA "NoSuchTable" FROM SERVER bench_server INTO bench_some', false);
SELECT failure('IMPORT FOREIGN SCHEMA "no spaces" FROM SERVER bench_server INTO bench_some', false);
DROP VIEW columns, tables;
DROP FUNCTION sorted_projections;
SET client_min_messages = warning;
DROP SCHEMA bench_given, bench_found, bench_some CASCADE;
