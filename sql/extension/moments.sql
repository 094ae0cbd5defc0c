-- Count, mean, spread, shape, extremes and sum of a stream of numbers, in 72 bytes.

CREATE TYPE @extschema@.benchmoments;

CREATE FUNCTION @extschema@.bench_moments_in(cstring) RETURNS @extschema@.benchmoments
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_moments_in(cstring) IS
'input of benchmoments';

CREATE FUNCTION @extschema@.bench_moments_out(@extschema@.benchmoments) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_moments_out(@extschema@.benchmoments) IS
'output of benchmoments';

CREATE FUNCTION @extschema@.bench_moments_recv(internal) RETURNS @extschema@.benchmoments
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_moments_recv(internal) IS
'binary input of benchmoments';

CREATE FUNCTION @extschema@.bench_moments_send(@extschema@.benchmoments) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_moments_send(@extschema@.benchmoments) IS
'binary output of benchmoments';

CREATE TYPE @extschema@.benchmoments (
	INPUT = @extschema@.bench_moments_in,
	OUTPUT = @extschema@.bench_moments_out,
	RECEIVE = @extschema@.bench_moments_recv,
	SEND = @extschema@.bench_moments_send,
	INTERNALLENGTH = 72,
	ALIGNMENT = double,
	STORAGE = plain,
	CATEGORY = 'b');

COMMENT ON TYPE @extschema@.benchmoments IS
'count, mean, central moments, extremes and sum of numbers; can be merged';

CREATE FUNCTION @extschema@.bench_moments_accum(@extschema@.benchmoments, double precision) RETURNS @extschema@.benchmoments
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_moments_accum(@extschema@.benchmoments, double precision) IS
'transition of bench_moments';

CREATE FUNCTION @extschema@.bench_moments_combine(@extschema@.benchmoments, @extschema@.benchmoments) RETURNS @extschema@.benchmoments
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_moments_combine(@extschema@.benchmoments, @extschema@.benchmoments) IS
'transition of bench_rollup, and combination';

CREATE FUNCTION @extschema@.bench_moments_final(@extschema@.benchmoments) RETURNS @extschema@.benchmoments
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_moments_final(@extschema@.benchmoments) IS
'result of bench_moments and bench_rollup';

CREATE AGGREGATE @extschema@.bench_moments(value double precision) (
	SFUNC = @extschema@.bench_moments_accum,
	STYPE = @extschema@.benchmoments,
	COMBINEFUNC = @extschema@.bench_moments_combine,
	FINALFUNC = @extschema@.bench_moments_final,
	INITCOND = '{"n": 0, "mean": 0, "m2": 0, "m3": 0, "m4": 0, "min": 0, "max": 0, "sum": 0, "carry": 0}',
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_moments(double precision) IS
'count, mean, spread, shape, extremes and sum of values, as one that can be stored and merged';

CREATE AGGREGATE @extschema@.bench_rollup(moments @extschema@.benchmoments) (
	SFUNC = @extschema@.bench_moments_combine,
	STYPE = @extschema@.benchmoments,
	COMBINEFUNC = @extschema@.bench_moments_combine,
	FINALFUNC = @extschema@.bench_moments_final,
	INITCOND = '{"n": 0, "mean": 0, "m2": 0, "m3": 0, "m4": 0, "min": 0, "max": 0, "sum": 0, "carry": 0}',
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_rollup(@extschema@.benchmoments) IS
'several of them as one';

CREATE FUNCTION @extschema@.bench_count(moments @extschema@.benchmoments) RETURNS bigint
AS 'MODULE_PATHNAME', 'bench_moments_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_count(@extschema@.benchmoments) IS
'how many values there were';

CREATE FUNCTION @extschema@.bench_sum(moments @extschema@.benchmoments) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_moments_sum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sum(@extschema@.benchmoments) IS
'sum of the values, with what rounding would have lost';

CREATE FUNCTION @extschema@.bench_mean(moments @extschema@.benchmoments) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_moments_mean' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_mean(@extschema@.benchmoments) IS
'arithmetic mean of the values';

CREATE FUNCTION @extschema@.bench_min(moments @extschema@.benchmoments) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_moments_min' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_min(@extschema@.benchmoments) IS
'least value';

CREATE FUNCTION @extschema@.bench_max(moments @extschema@.benchmoments) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_moments_max' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_max(@extschema@.benchmoments) IS
'greatest value, NaN if one was';

CREATE FUNCTION @extschema@.bench_variance(moments @extschema@.benchmoments) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_moments_variance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_variance(@extschema@.benchmoments) IS
'variance of the sample (n - 1); NULL of fewer than two values';

CREATE FUNCTION @extschema@.bench_stddev(moments @extschema@.benchmoments) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_moments_stddev' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_stddev(@extschema@.benchmoments) IS
'standard deviation of the sample (n - 1); NULL of fewer than two values';

CREATE FUNCTION @extschema@.bench_skewness(moments @extschema@.benchmoments) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_moments_skewness' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_skewness(@extschema@.benchmoments) IS
'skewness g1, biased; 0 of symmetric values, NULL of equal ones';

CREATE FUNCTION @extschema@.bench_kurtosis(moments @extschema@.benchmoments) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_moments_kurtosis' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_kurtosis(@extschema@.benchmoments) IS
'excess kurtosis g2, biased; 0 of the normal distribution, NULL of equal values';

-- The state of a geometric mean is the moments of the logarithms.

CREATE FUNCTION @extschema@.bench_geomean_accum(@extschema@.benchmoments, double precision) RETURNS @extschema@.benchmoments
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_geomean_accum(@extschema@.benchmoments, double precision) IS
'transition of bench_geomean';

CREATE FUNCTION @extschema@.bench_geomean_final(@extschema@.benchmoments) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_geomean_final(@extschema@.benchmoments) IS
'result of bench_geomean';

CREATE AGGREGATE @extschema@.bench_geomean(value double precision) (
	SFUNC = @extschema@.bench_geomean_accum,
	STYPE = @extschema@.benchmoments,
	COMBINEFUNC = @extschema@.bench_moments_combine,
	FINALFUNC = @extschema@.bench_geomean_final,
	INITCOND = '{"n": 0, "mean": 0, "m2": 0, "m3": 0, "m4": 0, "min": 0, "max": 0, "sum": 0, "carry": 0}',
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_geomean(double precision) IS
'geometric mean of values that are not negative; 0 if one is 0';

CREATE FUNCTION @extschema@.bench_geomean(sample @extschema@.benchsample) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sample_geomean' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_geomean(@extschema@.benchsample) IS
'geometric mean of a sample without negative values; 0 if one is 0';
