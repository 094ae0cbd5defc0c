
-- All values of a sample as one value, in ascending order.

CREATE TYPE @extschema@.benchsample;

CREATE FUNCTION @extschema@.bench_sample_in(cstring) RETURNS @extschema@.benchsample
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sample_in(cstring) IS
'input of benchsample';

CREATE FUNCTION @extschema@.bench_sample_out(@extschema@.benchsample) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sample_out(@extschema@.benchsample) IS
'output of benchsample';

CREATE FUNCTION @extschema@.bench_sample_recv(internal) RETURNS @extschema@.benchsample
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sample_recv(internal) IS
'binary input of benchsample';

CREATE FUNCTION @extschema@.bench_sample_send(@extschema@.benchsample) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sample_send(@extschema@.benchsample) IS
'binary output of benchsample';

-- of all the types in its category a mere '{1, 2}' is a sample
CREATE TYPE @extschema@.benchsample (
	INPUT = @extschema@.bench_sample_in,
	OUTPUT = @extschema@.bench_sample_out,
	RECEIVE = @extschema@.bench_sample_recv,
	SEND = @extschema@.bench_sample_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = external,
	CATEGORY = 'b',
	PREFERRED = true);

COMMENT ON TYPE @extschema@.benchsample IS
'the values of a sample in ascending order; written as an array of numbers';

CREATE FUNCTION @extschema@.bench_sample(sample double precision[]) RETURNS @extschema@.benchsample
AS 'MODULE_PATHNAME', 'bench_sample_from_array' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sample(double precision[]) IS
'the elements of an array as a sample, without NULLs';

CREATE FUNCTION @extschema@.bench_values(sample @extschema@.benchsample) RETURNS double precision[]
AS 'MODULE_PATHNAME', 'bench_sample_to_array' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_values(@extschema@.benchsample) IS
'the values of a sample, in ascending order';

CREATE CAST (double precision[] AS @extschema@.benchsample)
WITH FUNCTION @extschema@.bench_sample(double precision[]) AS IMPLICIT;

CREATE CAST (@extschema@.benchsample AS double precision[])
WITH FUNCTION @extschema@.bench_values(@extschema@.benchsample) AS ASSIGNMENT;

CREATE FUNCTION @extschema@.bench_count(sample @extschema@.benchsample) RETURNS bigint
AS 'MODULE_PATHNAME', 'bench_sample_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_count(@extschema@.benchsample) IS
'how many values a sample has';
