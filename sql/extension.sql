-- The extension as an object: what it holds, and that it comes and goes whole.
\dx+ benchresults_fdw
SELECT extrelocatable FROM pg_extension WHERE extname = 'benchresults_fdw';
\df bench*
SELECT p.oid::regprocedure AS function, p.provolatile, p.proparallel, p.proisstrict,
	has_function_privilege('public', p.oid, 'EXECUTE') AS public
FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_extension e ON e.oid = d.refobjid
WHERE e.extname = 'benchresults_fdw' ORDER BY p.oid::regprocedure::text;
-- each says what it does
SELECT p.oid::regprocedure AS function
FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_extension e ON e.oid = d.refobjid
WHERE e.extname = 'benchresults_fdw' AND obj_description(p.oid, 'pg_proc') IS NULL;
CREATE SERVER regress_server FOREIGN DATA WRAPPER benchresults_fdw;
DROP EXTENSION benchresults_fdw;
DROP EXTENSION benchresults_fdw CASCADE;
CREATE SCHEMA regress_schema;
CREATE EXTENSION benchresults_fdw SCHEMA regress_schema;
\df regress_schema.*
ALTER EXTENSION benchresults_fdw SET SCHEMA public;
DROP EXTENSION benchresults_fdw;
DROP SCHEMA regress_schema;
CREATE EXTENSION benchresults_fdw;
