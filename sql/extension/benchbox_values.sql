
-- Values of BenchBox result documents, whose types nobody warrants: what has a wrong one is NULL, never an error.
--
-- Bodies are parsed here and now, so that the caller's search_path does not matter and they can become part of the
-- caller's query.

CREATE FUNCTION @extschema@.benchbox_as_text(value jsonb)
RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN pg_catalog.jsonb_typeof(value) = 'string'::text THEN value #>> '{}'::text[] END;

COMMENT ON FUNCTION @extschema@.benchbox_as_text(jsonb) IS
'a JSON string as text; NULL if it is something else';

CREATE FUNCTION @extschema@.benchbox_as_id(value jsonb)
RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN pg_catalog.jsonb_typeof(value) IN ('string'::text, 'number'::text) THEN value #>> '{}'::text[] END;

COMMENT ON FUNCTION @extschema@.benchbox_as_id(jsonb) IS
'a JSON string or number as text, for ids and versions that are written as both; NULL if it is something else';

CREATE FUNCTION @extschema@.benchbox_as_numeric(value jsonb)
RETURNS numeric
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN pg_catalog.jsonb_typeof(value) = 'number'::text THEN value::numeric END;

COMMENT ON FUNCTION @extschema@.benchbox_as_numeric(jsonb) IS
'a JSON number; NULL if it is something else';

CREATE FUNCTION @extschema@.benchbox_as_amount(value jsonb)
RETURNS numeric
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE pg_catalog.jsonb_typeof(value)
	WHEN 'number'::text THEN value::numeric
	WHEN 'string'::text THEN CASE
		WHEN value #>> '{}'::text[] ~ '^[+-]?[0-9]{1,30}([.][0-9]{1,30})?([eE][+-]?[0-9]{1,2})?$'::text
		THEN (value #>> '{}'::text[])::numeric END
	END;

COMMENT ON FUNCTION @extschema@.benchbox_as_amount(jsonb) IS
'a JSON number, or a string that is one, as amounts of money are written; NULL if it is something else';

CREATE FUNCTION @extschema@.benchbox_as_float(value jsonb)
RETURNS double precision
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN pg_catalog.jsonb_typeof(value) = 'number'::text THEN CASE
	-- written out without an exponent: what is short is neither too large nor too small
	WHEN pg_catalog.length(value::text) < 300 THEN value::double precision
	WHEN pg_catalog.abs(value::numeric) > 1.7e308 THEN NULL
	WHEN pg_catalog.abs(value::numeric) < 1e-300 THEN 0::double precision
	ELSE value::double precision END END;

COMMENT ON FUNCTION @extschema@.benchbox_as_float(jsonb) IS
'a JSON number; NULL if it is something else, or too large';

CREATE FUNCTION @extschema@.benchbox_as_bigint(value jsonb)
RETURNS bigint
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN pg_catalog.jsonb_typeof(value) = 'number'::text THEN CASE
	WHEN value::numeric BETWEEN -9223372036854775808 AND 9223372036854775807
		AND value::numeric = pg_catalog.trunc(value::numeric) THEN value::bigint END END;

COMMENT ON FUNCTION @extschema@.benchbox_as_bigint(jsonb) IS
'a JSON number without a fraction; NULL if it is something else, or too large';

CREATE FUNCTION @extschema@.benchbox_as_integer(value jsonb)
RETURNS integer
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN pg_catalog.jsonb_typeof(value) = 'number'::text THEN CASE
	WHEN value::numeric BETWEEN -2147483648 AND 2147483647
		AND value::numeric = pg_catalog.trunc(value::numeric) THEN value::integer END END;

COMMENT ON FUNCTION @extschema@.benchbox_as_integer(jsonb) IS
'a JSON number without a fraction; NULL if it is something else, or too large';

CREATE FUNCTION @extschema@.benchbox_as_boolean(value jsonb)
RETURNS boolean
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN pg_catalog.jsonb_typeof(value) = 'boolean'::text THEN value::boolean END;

COMMENT ON FUNCTION @extschema@.benchbox_as_boolean(jsonb) IS
'a JSON truth value; NULL if it is something else';

CREATE FUNCTION @extschema@.benchbox_as_object(value jsonb)
RETURNS jsonb
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN pg_catalog.jsonb_typeof(value) = 'object'::text THEN value END;

COMMENT ON FUNCTION @extschema@.benchbox_as_object(jsonb) IS
'a JSON object; NULL if it is something else';

CREATE FUNCTION @extschema@.benchbox_as_array(value jsonb)
RETURNS jsonb
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN pg_catalog.jsonb_typeof(value) = 'array'::text THEN value END;

COMMENT ON FUNCTION @extschema@.benchbox_as_array(jsonb) IS
'a JSON array; NULL if it is something else';

CREATE FUNCTION @extschema@.benchbox_as_texts(value jsonb)
RETURNS text[]
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN pg_catalog.jsonb_typeof(value) = 'array'::text THEN ARRAY(
	SELECT @extschema@.benchbox_as_id(e) FROM pg_catalog.jsonb_array_elements(value) WITH ORDINALITY AS t(e, n)
	WHERE @extschema@.benchbox_as_id(e) IS NOT NULL ORDER BY n) END;

COMMENT ON FUNCTION @extschema@.benchbox_as_texts(jsonb) IS
'the strings and numbers of a JSON array; NULL if it is something else';

CREATE FUNCTION @extschema@.benchbox_layout(doc jsonb)
RETURNS text
LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE
	-- "2.0" is the version of two layouts, so what is there decides
	WHEN pg_catalog.jsonb_typeof(doc -> 'results'::text) = 'object'::text THEN '1.x'::text
	WHEN pg_catalog.jsonb_typeof(doc -> 'run'::text) = 'object'::text
		AND (pg_catalog.jsonb_typeof(doc -> 'queries'::text) = 'array'::text
			OR pg_catalog.jsonb_typeof(doc -> 'summary'::text) = 'object'::text) THEN '2.x'::text
	WHEN pg_catalog.starts_with(@extschema@.benchbox_as_id(doc -> 'schema_version'::text), '1.'::text) THEN '1.x'::text
	WHEN pg_catalog.starts_with(coalesce(@extschema@.benchbox_as_id(doc -> 'result_schema_version'::text),
			@extschema@.benchbox_as_id(doc -> 'version'::text)), '2.'::text)
		AND (doc -> 'run'::text IS NOT NULL OR doc -> 'queries'::text IS NOT NULL OR doc -> 'summary'::text IS NOT NULL) THEN '2.x'::text
	END;

COMMENT ON FUNCTION @extschema@.benchbox_layout(jsonb) IS
'the layout of a BenchBox document, by what is in it: 1.x, 2.x, or NULL';

CREATE FUNCTION @extschema@.benchbox_is_success(status text)
RETURNS boolean
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN pg_catalog.upper(status COLLATE "C") IN ('SUCCESS'::text, 'PASS'::text, 'PASSED'::text, 'OK'::text, 'VALID'::text, 'COMPLETED'::text);

COMMENT ON FUNCTION @extschema@.benchbox_is_success(text) IS
'whether a status is one of a success, in any case';

CREATE FUNCTION @extschema@.benchbox_slug(name text)
RETURNS text
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN pg_catalog.regexp_replace(pg_catalog.lower(name COLLATE "C"), '[^a-z0-9.+]+'::text, '_'::text, 'g'::text);

COMMENT ON FUNCTION @extschema@.benchbox_slug(text) IS
'a name as a part of a configuration''s id: lower case, every run of characters other than a-z, 0-9, . and + becomes _';

CREATE FUNCTION @extschema@.benchbox_query_slug(query_id text)
RETURNS text
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN pg_catalog.regexp_replace(@extschema@.benchbox_slug(pg_catalog.btrim(query_id)), '^(query_?|q)?(?=[0-9])'::text, 'q'::text);

COMMENT ON FUNCTION @extschema@.benchbox_query_slug(text) IS
'the id of a query as a part of a configuration''s id: Q1, 1 and query 1 are all q1; a name is its slug';

CREATE FUNCTION @extschema@.benchbox_members(value jsonb, OUT key text, OUT value_of_key jsonb)
RETURNS SETOF record
LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT m.key, m.value FROM jsonb_each(@extschema@.benchbox_as_object(value)) m;
END;

COMMENT ON FUNCTION @extschema@.benchbox_members(jsonb) IS
'the members of a JSON object; no rows if it is something else';
