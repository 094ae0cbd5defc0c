-- The extension as an object: what it holds, and that it comes and goes whole.
SELECT extrelocatable FROM pg_extension WHERE extname = 'benchresults_fdw';
CREATE VIEW members AS
	SELECT classid, objid, pg_describe_object(classid, objid, objsubid) AS member
	FROM pg_depend WHERE deptype = 'e' AND refclassid = 'pg_extension'::regclass
		AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'benchresults_fdw')
		-- types that come with others are members from 17 on
		AND NOT EXISTS (SELECT FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
			WHERE classid = 'pg_type'::regclass AND t.oid = objid AND (t.typcategory = 'A' OR c.relkind <> 'c'));
SELECT member FROM members WHERE classid <> 'pg_proc'::regclass ORDER BY member COLLATE "C";
SELECT p.oid::regprocedure AS function, p.prokind AS kind, p.provolatile AS volatile, p.proparallel AS parallel, p.proisstrict AS strict,
	has_function_privilege('public', p.oid, 'EXECUTE') AS public
FROM members JOIN pg_proc p ON p.oid = objid AND classid = 'pg_proc'::regclass
ORDER BY p.oid::regprocedure::text COLLATE "C";
-- each says what it does
SELECT member FROM members WHERE classid IN ('pg_proc'::regclass, 'pg_type'::regclass)
	AND obj_description(objid, classid::regclass::name) IS NULL;
DROP VIEW members;
CREATE SERVER regress_server FOREIGN DATA WRAPPER benchresults_fdw;
DROP EXTENSION benchresults_fdw;
DROP EXTENSION benchresults_fdw CASCADE;
CREATE SCHEMA regress_schema;
CREATE EXTENSION benchresults_fdw SCHEMA regress_schema;
SELECT proname FROM pg_proc WHERE pronamespace <> 'regress_schema'::regnamespace AND proname ~ '^bench';
-- it works there as well
SELECT regress_schema.bench_stats(x) -> 'mean' AS mean FROM generate_series(1, 3) x;
ALTER EXTENSION benchresults_fdw SET SCHEMA public;
DROP EXTENSION benchresults_fdw;
DROP SCHEMA regress_schema;
CREATE EXTENSION benchresults_fdw;
