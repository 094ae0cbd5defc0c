
-- The wrapper, and what administrators do with it.

CREATE FUNCTION @extschema@.benchresults_fdw_handler()
RETURNS fdw_handler
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT;

COMMENT ON FUNCTION @extschema@.benchresults_fdw_handler() IS
'foreign-data wrapper for benchmark results in DynamoDB';

CREATE FUNCTION @extschema@.benchresults_fdw_validator(text[], oid)
RETURNS void
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT;

COMMENT ON FUNCTION @extschema@.benchresults_fdw_validator(text[], oid) IS
'checks the options of servers, user mappings, foreign tables and columns';

CREATE FOREIGN DATA WRAPPER benchresults_fdw
	HANDLER @extschema@.benchresults_fdw_handler
	VALIDATOR @extschema@.benchresults_fdw_validator;

CREATE FUNCTION @extschema@.bench_ping(server name)
RETURNS double precision
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT VOLATILE PARALLEL RESTRICTED;

COMMENT ON FUNCTION @extschema@.bench_ping(name) IS
'makes one small request with the caller''s user mapping and returns the milliseconds it took; an error says what is wrong';

CREATE FUNCTION @extschema@.bench_refresh(foreign_table regclass, sample_run text DEFAULT NULL)
RETURNS void
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

COMMENT ON FUNCTION @extschema@.bench_refresh(regclass, text) IS
'looks at the remote table again, at a given run of it or any, and updates the options of a foreign table: indexes, formats, estimated rows';

CREATE FUNCTION @extschema@.bench_request_stats(
	OUT server name,
	OUT requests bigint,
	OUT retries bigint,
	OUT throttles bigint,
	OUT bytes_sent bigint,
	OUT bytes_received bigint)
RETURNS SETOF record
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT VOLATILE PARALLEL RESTRICTED;

COMMENT ON FUNCTION @extschema@.bench_request_stats() IS
'what this session has asked of each server since it connected';

REVOKE EXECUTE ON FUNCTION @extschema@.bench_ping(name) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION @extschema@.bench_refresh(regclass, text) FROM PUBLIC;
