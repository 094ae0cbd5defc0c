
-- BenchBox documents become runs of the table: a run, its results, its aggregates, and the document itself in parts.

CREATE FUNCTION @extschema@.benchbox_pack(document text)
RETURNS bytea
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.benchbox_pack(text) IS
'a text as a gzip file in UTF-8; the same text always gives the same bytes';

CREATE FUNCTION @extschema@.benchbox_unpack(packed bytea)
RETURNS text
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.benchbox_unpack(bytea) IS
'the text of a gzip file in UTF-8, up to 256 MB';

CREATE FUNCTION @extschema@.benchbox_uuid(name text)
RETURNS uuid
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.benchbox_uuid(text) IS
'the UUID, version 5, of a name in the namespace of BenchBox runs';
