
-- Functions on the tables test_runs, aggregates, results and items of a schema, the source.  They are queries like any
-- other, with the rights of the caller, so everybody may call them.

CREATE FUNCTION @extschema@.bench_source(source name, VARIADIC tables text[])
RETURNS name
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
AS $$
DECLARE
	holders pg_catalog.name[];
	found pg_catalog.name;
BEGIN
	IF (SELECT NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE') FROM pg_catalog.pg_namespace n
			WHERE n.nspname OPERATOR(pg_catalog.=) source) THEN
		RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = pg_catalog.format('permission denied for schema %s', source);
	END IF;
	holders := ARRAY(
		SELECT n.nspname FROM pg_catalog.pg_namespace n
		WHERE pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND (
			SELECT pg_catalog.count(*) FROM pg_catalog.pg_class c
			WHERE c.relnamespace OPERATOR(pg_catalog.=) n.oid AND c.relname OPERATOR(pg_catalog.=) ANY (tables)
				AND c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,v,m,f}')
		) OPERATOR(pg_catalog.=) pg_catalog.cardinality(tables)
		ORDER BY n.nspname);
	IF source IS NULL THEN
		SELECT p.name INTO found FROM pg_catalog.unnest(pg_catalog.current_schemas(true)) WITH ORDINALITY AS p(name, place)
		WHERE p.name OPERATOR(pg_catalog.=) ANY (holders) ORDER BY p.place LIMIT 1;
	ELSIF source OPERATOR(pg_catalog.=) ANY (holders) THEN
		found := source;
	END IF;
	IF found IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_table',
			MESSAGE = CASE WHEN source IS NULL
				THEN pg_catalog.format('no schema in search_path has the tables: %s', pg_catalog.array_to_string(tables, ', '))
				ELSE pg_catalog.format('schema "%s" does not have the tables: %s', source, pg_catalog.array_to_string(tables, ', ')) END,
			DETAIL = CASE WHEN pg_catalog.cardinality(holders) OPERATOR(pg_catalog.>) 0
				THEN pg_catalog.format('Schemas that have them: %s.', pg_catalog.array_to_string(holders, ', '))
				ELSE 'No schema that you may use has them.' END,
			HINT = 'Name the schema, as source => ''bench''; IMPORT FOREIGN SCHEMA makes the tables.';
	END IF;
	RETURN found;
END $$;

COMMENT ON FUNCTION @extschema@.bench_source(name, text[]) IS
'the schema that has these tables: the one given, or the first in search_path; what the functions read that take a source';

CREATE FUNCTION @extschema@.bench_check_table(
	source name DEFAULT NULL,
	OUT relation text,
	OUT assumption text,
	OUT state text,
	OUT items bigint,
	OUT violations bigint,
	OUT examples text[],
	OUT advice text)
RETURNS SETOF record
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL RESTRICTED;

COMMENT ON FUNCTION @extschema@.bench_check_table(name) IS
'reads the table items once and checks all that queries rely on: forms of keys, attributes, formats, indexes; one row for each assumption';

CREATE FUNCTION @extschema@.bench_read_units(
	query text,
	OUT requests bigint,
	OUT read_units double precision)
RETURNS record
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION @extschema@.bench_read_units(text) IS
'how many requests and read units a query is estimated to take, by its EXPLAIN; no request is made';

CREATE FUNCTION @extschema@.bench_advise(
	source name DEFAULT NULL,
	OUT subject text,
	OUT query text,
	OUT operation text,
	OUT requests bigint,
	OUT read_units double precision,
	OUT suggestion text,
	OUT then_requests bigint,
	OUT then_read_units double precision,
	OUT command text,
	OUT afterwards text)
RETURNS SETOF record
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION @extschema@.bench_advise(name) IS
'what each access pattern costs, by its EXPLAIN, and which index or option would make it cheaper; no request is made';
