
-- BenchBox result documents: what the schema says of them.

CREATE FUNCTION @extschema@.benchbox_schema_version()
RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.benchbox_schema_version() IS
'the version of the BenchBox result schema that is checked and written';

CREATE FUNCTION @extschema@.benchbox_validate(
	doc text,
	OUT path text,
	OUT severity text,
	OUT code text,
	OUT message text)
RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 10;

COMMENT ON FUNCTION @extschema@.benchbox_validate(text) IS
'what is wrong with a BenchBox result document, and where: errors, warnings and notes; text that is no JSON is a finding';

CREATE FUNCTION @extschema@.benchbox_validate(
	doc jsonb,
	OUT path text,
	OUT severity text,
	OUT code text,
	OUT message text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'benchbox_validate_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 10;

COMMENT ON FUNCTION @extschema@.benchbox_validate(jsonb) IS
'what is wrong with a BenchBox result document, and where: errors, warnings and notes';

CREATE FUNCTION @extschema@.benchbox_is_valid(doc text)
RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;

COMMENT ON FUNCTION @extschema@.benchbox_is_valid(text) IS
'whether benchbox_validate finds no error';

CREATE FUNCTION @extschema@.benchbox_is_valid(doc jsonb)
RETURNS boolean
AS 'MODULE_PATHNAME', 'benchbox_is_valid_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;

COMMENT ON FUNCTION @extschema@.benchbox_is_valid(jsonb) IS
'whether benchbox_validate finds no error';
