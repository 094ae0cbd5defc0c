-- Percentiles of any number of values, with a bounded relative error: DDSketch.

CREATE TYPE @extschema@.benchsketch;

CREATE FUNCTION @extschema@.bench_sketch_in(cstring) RETURNS @extschema@.benchsketch
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sketch_in(cstring) IS
'input of benchsketch';

CREATE FUNCTION @extschema@.bench_sketch_out(@extschema@.benchsketch) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sketch_out(@extschema@.benchsketch) IS
'output of benchsketch';

CREATE FUNCTION @extschema@.bench_sketch_recv(internal) RETURNS @extschema@.benchsketch
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sketch_recv(internal) IS
'binary input of benchsketch';

CREATE FUNCTION @extschema@.bench_sketch_send(@extschema@.benchsketch) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sketch_send(@extschema@.benchsketch) IS
'binary output of benchsketch';

CREATE TYPE @extschema@.benchsketch (
	INPUT = @extschema@.bench_sketch_in,
	OUTPUT = @extschema@.bench_sketch_out,
	RECEIVE = @extschema@.bench_sketch_recv,
	SEND = @extschema@.bench_sketch_send,
	INTERNALLENGTH = VARIABLE,
	STORAGE = extended,
	CATEGORY = 'b');

COMMENT ON TYPE @extschema@.benchsketch IS
'counts of values in bins of equal relative width, with exact count, sum and extremes; can be merged';

CREATE FUNCTION @extschema@.bench_sketch_accum(internal, double precision) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sketch_accum(internal, double precision) IS
'transition of bench_sketch';

CREATE FUNCTION @extschema@.bench_sketch_accum(internal, double precision, double precision) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sketch_accum(internal, double precision, double precision) IS
'transition of bench_sketch with alpha';

CREATE FUNCTION @extschema@.bench_sketch_accum_sketch(internal, @extschema@.benchsketch) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sketch_accum_sketch(internal, @extschema@.benchsketch) IS
'transition of bench_rollup';

CREATE FUNCTION @extschema@.bench_sketch_combine(internal, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sketch_combine(internal, internal) IS
'combination of bench_sketch and bench_rollup';

CREATE FUNCTION @extschema@.bench_sketch_serial(internal) RETURNS bytea
AS 'MODULE_PATHNAME', 'bench_sketch_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sketch_serial(internal) IS
'serialization of bench_sketch and bench_rollup';

CREATE FUNCTION @extschema@.bench_sketch_deserial(bytea, internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sketch_deserial(bytea, internal) IS
'deserialization of bench_sketch and bench_rollup';

CREATE FUNCTION @extschema@.bench_sketch_final(internal) RETURNS @extschema@.benchsketch
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sketch_final(internal) IS
'result of bench_sketch and bench_rollup';

CREATE AGGREGATE @extschema@.bench_sketch(value double precision) (
	SFUNC = @extschema@.bench_sketch_accum,
	STYPE = internal,
	SSPACE = 8192,
	COMBINEFUNC = @extschema@.bench_sketch_combine,
	SERIALFUNC = @extschema@.bench_sketch_serial,
	DESERIALFUNC = @extschema@.bench_sketch_deserial,
	FINALFUNC = @extschema@.bench_sketch_final,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_sketch(double precision) IS
'sketch of values whose percentiles are at most 1 % from the exact ones';

CREATE AGGREGATE @extschema@.bench_sketch(value double precision, alpha double precision) (
	SFUNC = @extschema@.bench_sketch_accum,
	STYPE = internal,
	SSPACE = 8192,
	COMBINEFUNC = @extschema@.bench_sketch_combine,
	SERIALFUNC = @extschema@.bench_sketch_serial,
	DESERIALFUNC = @extschema@.bench_sketch_deserial,
	FINALFUNC = @extschema@.bench_sketch_final,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_sketch(double precision, double precision) IS
'sketch of values whose percentiles are at most alpha from the exact ones, as a share of them';

CREATE AGGREGATE @extschema@.bench_rollup(sketch @extschema@.benchsketch) (
	SFUNC = @extschema@.bench_sketch_accum_sketch,
	STYPE = internal,
	SSPACE = 8192,
	COMBINEFUNC = @extschema@.bench_sketch_combine,
	SERIALFUNC = @extschema@.bench_sketch_serial,
	DESERIALFUNC = @extschema@.bench_sketch_deserial,
	FINALFUNC = @extschema@.bench_sketch_final,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_rollup(@extschema@.benchsketch) IS
'several sketches of one alpha as one';

CREATE FUNCTION @extschema@.bench_percentile(sketch @extschema@.benchsketch, p double precision) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sketch_percentile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_percentile(@extschema@.benchsketch, double precision) IS
'percentile of the values for p from 0 to 1, at most bench_error from the exact one, as a share of it';

CREATE FUNCTION @extschema@.bench_percentiles(sketch @extschema@.benchsketch, p double precision[]) RETURNS double precision[]
AS 'MODULE_PATHNAME', 'bench_sketch_percentiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_percentiles(@extschema@.benchsketch, double precision[]) IS
'percentiles of the values, in the order of p';

CREATE FUNCTION @extschema@.bench_rank(sketch @extschema@.benchsketch, x double precision) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sketch_rank' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_rank(@extschema@.benchsketch, double precision) IS
'share of the values that are at most x, from 0 to 1';

CREATE FUNCTION @extschema@.bench_error(sketch @extschema@.benchsketch) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sketch_error' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_error(@extschema@.benchsketch) IS
'alpha: how far percentiles may be from the exact ones, as a share of them';

CREATE FUNCTION @extschema@.bench_count(sketch @extschema@.benchsketch) RETURNS bigint
AS 'MODULE_PATHNAME', 'bench_sketch_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_count(@extschema@.benchsketch) IS
'how many values there were';

CREATE FUNCTION @extschema@.bench_sum(sketch @extschema@.benchsketch) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sketch_sum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sum(@extschema@.benchsketch) IS
'sum of the values, exact';

CREATE FUNCTION @extschema@.bench_mean(sketch @extschema@.benchsketch) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sketch_mean' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_mean(@extschema@.benchsketch) IS
'arithmetic mean of the values, exact';

CREATE FUNCTION @extschema@.bench_min(sketch @extschema@.benchsketch) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sketch_min' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_min(@extschema@.benchsketch) IS
'least value';

CREATE FUNCTION @extschema@.bench_max(sketch @extschema@.benchsketch) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sketch_max' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_max(@extschema@.benchsketch) IS
'greatest value, NaN if one was';
