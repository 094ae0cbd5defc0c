
-- Exact statistics of samples: aggregates over columns, and functions of a sample or an array.

CREATE FUNCTION @extschema@.bench_collect(internal, double precision) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_collect(internal, double precision) IS
'transition of the aggregates over whole samples';

CREATE FUNCTION @extschema@.bench_collect(internal, double precision, double precision) RETURNS internal
AS 'MODULE_PATHNAME', 'bench_collect_with' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_collect(internal, double precision, double precision) IS
'transition of the aggregates over whole samples that have a second argument';

CREATE FUNCTION @extschema@.bench_collect(internal, double precision, double precision[]) RETURNS internal
AS 'MODULE_PATHNAME', 'bench_collect_with' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_collect(internal, double precision, double precision[]) IS
'transition of the aggregates over whole samples that have a second argument';

CREATE FUNCTION @extschema@.bench_collect(internal, double precision, text) RETURNS internal
AS 'MODULE_PATHNAME', 'bench_collect_with' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_collect(internal, double precision, text) IS
'transition of the aggregates over whole samples that have a second argument';

CREATE FUNCTION @extschema@.bench_collect(internal, @extschema@.benchsample) RETURNS internal
AS 'MODULE_PATHNAME', 'bench_collect_sample' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_collect(internal, @extschema@.benchsample) IS
'transition of bench_rollup(benchsample)';

CREATE FUNCTION @extschema@.bench_collect_moving(internal, double precision) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_collect_moving(internal, double precision) IS
'transition of the aggregates over whole samples where a window moves';

CREATE FUNCTION @extschema@.bench_let_go(internal, double precision) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_let_go(internal, double precision) IS
'inverse transition of the aggregates over whole samples where a window moves';

CREATE FUNCTION @extschema@.bench_collect_moving(internal, double precision, double precision) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_collect_moving(internal, double precision, double precision) IS
'transition of the aggregates over whole samples where a window moves';

CREATE FUNCTION @extschema@.bench_let_go(internal, double precision, double precision) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_let_go(internal, double precision, double precision) IS
'inverse transition of the aggregates over whole samples where a window moves';

CREATE FUNCTION @extschema@.bench_collect_moving(internal, double precision, double precision[]) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_collect_moving(internal, double precision, double precision[]) IS
'transition of the aggregates over whole samples where a window moves';

CREATE FUNCTION @extschema@.bench_let_go(internal, double precision, double precision[]) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_let_go(internal, double precision, double precision[]) IS
'inverse transition of the aggregates over whole samples where a window moves';

CREATE FUNCTION @extschema@.bench_collect_moving(internal, double precision, text) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_collect_moving(internal, double precision, text) IS
'transition of the aggregates over whole samples where a window moves';

CREATE FUNCTION @extschema@.bench_let_go(internal, double precision, text) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_let_go(internal, double precision, text) IS
'inverse transition of the aggregates over whole samples where a window moves';

CREATE FUNCTION @extschema@.bench_median_final(internal) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_median_final(internal) IS
'final function of bench_median';

CREATE FUNCTION @extschema@.bench_percentile_final(internal) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_percentile_final(internal) IS
'final function of bench_percentile';

CREATE FUNCTION @extschema@.bench_percentiles_final(internal) RETURNS double precision[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_percentiles_final(internal) IS
'final function of bench_percentiles';

CREATE FUNCTION @extschema@.bench_stats_final(internal) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_stats_final(internal) IS
'final function of bench_stats(double precision)';

CREATE FUNCTION @extschema@.bench_stats_by_rule_final(internal) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_stats_by_rule_final(internal) IS
'final function of bench_stats(double precision, text)';

CREATE FUNCTION @extschema@.bench_sample_final(internal) RETURNS @extschema@.benchsample
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sample_final(internal) IS
'final function of bench_sample and bench_rollup';

CREATE FUNCTION @extschema@.bench_mad_final(internal) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_mad_final(internal) IS
'final function of bench_mad';

CREATE FUNCTION @extschema@.bench_trimmed_mean_final(internal) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_trimmed_mean_final(internal) IS
'final function of bench_trimmed_mean';

CREATE AGGREGATE @extschema@.bench_median(value double precision) (
	SFUNC = @extschema@.bench_collect,
	STYPE = internal,
	SSPACE = 16384,
	FINALFUNC = @extschema@.bench_median_final,
	FINALFUNC_MODIFY = READ_ONLY,
	MSFUNC = @extschema@.bench_collect_moving,
	MINVFUNC = @extschema@.bench_let_go,
	MSTYPE = internal,
	MSSPACE = 16384,
	MFINALFUNC = @extschema@.bench_median_final,
	MFINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_median(double precision) IS
'the median of the values that are not NULL';

CREATE AGGREGATE @extschema@.bench_percentile(value double precision, p double precision) (
	SFUNC = @extschema@.bench_collect,
	STYPE = internal,
	SSPACE = 16384,
	FINALFUNC = @extschema@.bench_percentile_final,
	FINALFUNC_MODIFY = READ_ONLY,
	MSFUNC = @extschema@.bench_collect_moving,
	MINVFUNC = @extschema@.bench_let_go,
	MSTYPE = internal,
	MSSPACE = 16384,
	MFINALFUNC = @extschema@.bench_percentile_final,
	MFINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_percentile(double precision, double precision) IS
'a percentile, as percentile_cont has it: p = 0.99 is the 99th; p is the same in all rows';

CREATE AGGREGATE @extschema@.bench_percentiles(value double precision, p double precision[]) (
	SFUNC = @extschema@.bench_collect,
	STYPE = internal,
	SSPACE = 16384,
	FINALFUNC = @extschema@.bench_percentiles_final,
	FINALFUNC_MODIFY = READ_ONLY,
	MSFUNC = @extschema@.bench_collect_moving,
	MINVFUNC = @extschema@.bench_let_go,
	MSTYPE = internal,
	MSSPACE = 16384,
	MFINALFUNC = @extschema@.bench_percentiles_final,
	MFINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_percentiles(double precision, double precision[]) IS
'several percentiles at once, in an array of the shape of p';

CREATE AGGREGATE @extschema@.bench_stats(value double precision) (
	SFUNC = @extschema@.bench_collect,
	STYPE = internal,
	SSPACE = 16384,
	FINALFUNC = @extschema@.bench_stats_final,
	FINALFUNC_MODIFY = READ_ONLY,
	MSFUNC = @extschema@.bench_collect_moving,
	MINVFUNC = @extschema@.bench_let_go,
	MSTYPE = internal,
	MSSPACE = 16384,
	MFINALFUNC = @extschema@.bench_stats_final,
	MFINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_stats(double precision) IS
'a statistics object with the names of stored ones: mean, median, mode, min, max, stdev, p50, p90, p95, p99, sampleCount, outliersRemoved';

CREATE AGGREGATE @extschema@.bench_stats(value double precision, outliers text) (
	SFUNC = @extschema@.bench_collect,
	STYPE = internal,
	SSPACE = 16384,
	FINALFUNC = @extschema@.bench_stats_by_rule_final,
	FINALFUNC_MODIFY = READ_ONLY,
	MSFUNC = @extschema@.bench_collect_moving,
	MINVFUNC = @extschema@.bench_let_go,
	MSTYPE = internal,
	MSSPACE = 16384,
	MFINALFUNC = @extschema@.bench_stats_by_rule_final,
	MFINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_stats(double precision, text) IS
'a statistics object without outliers: none, tukey, tukey3, mad, sigma, or suite, the rule by which stored objects are made';

CREATE AGGREGATE @extschema@.bench_sample(value double precision) (
	SFUNC = @extschema@.bench_collect,
	STYPE = internal,
	SSPACE = 16384,
	FINALFUNC = @extschema@.bench_sample_final,
	FINALFUNC_MODIFY = READ_ONLY,
	MSFUNC = @extschema@.bench_collect_moving,
	MINVFUNC = @extschema@.bench_let_go,
	MSTYPE = internal,
	MSSPACE = 16384,
	MFINALFUNC = @extschema@.bench_sample_final,
	MFINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_sample(double precision) IS
'all values that are not NULL as one value, of which everything else can be computed';

CREATE AGGREGATE @extschema@.bench_rollup(sample @extschema@.benchsample) (
	SFUNC = @extschema@.bench_collect,
	STYPE = internal,
	SSPACE = 16384,
	FINALFUNC = @extschema@.bench_sample_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_rollup(@extschema@.benchsample) IS
'all values of several samples';

CREATE AGGREGATE @extschema@.bench_mad(value double precision) (
	SFUNC = @extschema@.bench_collect,
	STYPE = internal,
	SSPACE = 16384,
	FINALFUNC = @extschema@.bench_mad_final,
	FINALFUNC_MODIFY = READ_ONLY,
	MSFUNC = @extschema@.bench_collect_moving,
	MINVFUNC = @extschema@.bench_let_go,
	MSTYPE = internal,
	MSSPACE = 16384,
	MFINALFUNC = @extschema@.bench_mad_final,
	MFINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_mad(double precision) IS
'the median absolute deviation times 1.4826, an estimate of the standard deviation';

CREATE AGGREGATE @extschema@.bench_mad(value double precision, scale double precision) (
	SFUNC = @extschema@.bench_collect,
	STYPE = internal,
	SSPACE = 16384,
	FINALFUNC = @extschema@.bench_mad_final,
	FINALFUNC_MODIFY = READ_ONLY,
	MSFUNC = @extschema@.bench_collect_moving,
	MINVFUNC = @extschema@.bench_let_go,
	MSTYPE = internal,
	MSSPACE = 16384,
	MFINALFUNC = @extschema@.bench_mad_final,
	MFINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_mad(double precision, double precision) IS
'the median absolute deviation times scale';

CREATE AGGREGATE @extschema@.bench_trimmed_mean(value double precision) (
	SFUNC = @extschema@.bench_collect,
	STYPE = internal,
	SSPACE = 16384,
	FINALFUNC = @extschema@.bench_trimmed_mean_final,
	FINALFUNC_MODIFY = READ_ONLY,
	MSFUNC = @extschema@.bench_collect_moving,
	MINVFUNC = @extschema@.bench_let_go,
	MSTYPE = internal,
	MSSPACE = 16384,
	MFINALFUNC = @extschema@.bench_trimmed_mean_final,
	MFINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_trimmed_mean(double precision) IS
'the mean without the tenth of the values at either end';

CREATE AGGREGATE @extschema@.bench_trimmed_mean(value double precision, cut double precision) (
	SFUNC = @extschema@.bench_collect,
	STYPE = internal,
	SSPACE = 16384,
	FINALFUNC = @extschema@.bench_trimmed_mean_final,
	FINALFUNC_MODIFY = READ_ONLY,
	MSFUNC = @extschema@.bench_collect_moving,
	MINVFUNC = @extschema@.bench_let_go,
	MSTYPE = internal,
	MSSPACE = 16384,
	MFINALFUNC = @extschema@.bench_trimmed_mean_final,
	MFINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_trimmed_mean(double precision, double precision) IS
'the mean without this share of the values at either end';

CREATE FUNCTION @extschema@.bench_median(sample @extschema@.benchsample) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sample_median' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_median(@extschema@.benchsample) IS
'the median of a sample';

CREATE FUNCTION @extschema@.bench_percentile(sample @extschema@.benchsample, p double precision) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sample_percentile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_percentile(@extschema@.benchsample, double precision) IS
'a percentile of a sample, as percentile_cont has it: p = 0.99 is the 99th';

CREATE FUNCTION @extschema@.bench_percentile(sample @extschema@.benchsample, p double precision, method text) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sample_percentile_by' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_percentile(@extschema@.benchsample, double precision, text) IS
'a percentile by another definition: 1 to 9 (Hyndman and Fans types, 7 is percentile_cont), nearest_rank, or index, the value at floor(n * p)';

CREATE FUNCTION @extschema@.bench_percentiles(sample @extschema@.benchsample, p double precision[]) RETURNS double precision[]
AS 'MODULE_PATHNAME', 'bench_sample_percentiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_percentiles(@extschema@.benchsample, double precision[]) IS
'several percentiles of a sample, in an array of the shape of p';

CREATE FUNCTION @extschema@.bench_stats(sample @extschema@.benchsample, outliers text DEFAULT 'none') RETURNS jsonb
AS 'MODULE_PATHNAME', 'bench_sample_stats' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_stats(@extschema@.benchsample, text) IS
'a statistics object of a sample, with the names of stored ones; outliers: none, tukey, tukey3, mad, sigma, suite';

CREATE FUNCTION @extschema@.bench_stats(sample double precision[], outliers text DEFAULT 'none') RETURNS jsonb
AS 'MODULE_PATHNAME', 'bench_array_stats' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_stats(double precision[], text) IS
'a statistics object of the elements of an array; outliers: none, tukey, tukey3, mad, sigma, suite';

CREATE FUNCTION @extschema@.bench_mean(sample @extschema@.benchsample) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sample_mean' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_mean(@extschema@.benchsample) IS
'the mean of a sample';

CREATE FUNCTION @extschema@.bench_stddev(sample @extschema@.benchsample) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sample_stddev' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_stddev(@extschema@.benchsample) IS
'the standard deviation of a sample, by n - 1';

CREATE FUNCTION @extschema@.bench_min(sample @extschema@.benchsample) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sample_min' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_min(@extschema@.benchsample) IS
'the least value of a sample';

CREATE FUNCTION @extschema@.bench_max(sample @extschema@.benchsample) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sample_max' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_max(@extschema@.benchsample) IS
'the greatest value of a sample';

CREATE FUNCTION @extschema@.bench_mad(sample @extschema@.benchsample, scale double precision DEFAULT 1.4826) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sample_mad' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_mad(@extschema@.benchsample, double precision) IS
'the median absolute deviation of a sample times scale';

CREATE FUNCTION @extschema@.bench_trimmed_mean(sample @extschema@.benchsample, cut double precision DEFAULT 0.1) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sample_trimmed_mean' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_trimmed_mean(@extschema@.benchsample, double precision) IS
'the mean of a sample without this share of the values at either end';

CREATE FUNCTION @extschema@.bench_ecdf(sample @extschema@.benchsample, value double precision) RETURNS double precision
AS 'MODULE_PATHNAME', 'bench_sample_ecdf' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_ecdf(@extschema@.benchsample, double precision) IS
'the share of the values that are not greater';

CREATE FUNCTION @extschema@.bench_fences(
	sample @extschema@.benchsample,
	method text DEFAULT 'tukey',
	factor double precision DEFAULT NULL,
	OUT low double precision,
	OUT high double precision)
RETURNS record
AS 'MODULE_PATHNAME', 'bench_sample_fences' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_fences(@extschema@.benchsample, text, double precision) IS
'between which values, these included, a value is no outlier: tukey, tukey3, mad or sigma, with another factor if one is given';

CREATE FUNCTION @extschema@.bench_outliers(
	sample @extschema@.benchsample,
	method text DEFAULT 'tukey',
	factor double precision DEFAULT NULL,
	OUT value double precision,
	OUT side text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'bench_sample_outliers' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_outliers(@extschema@.benchsample, text, double precision) IS
'the values that a rule for outliers leaves out, and on which side they are';

CREATE FUNCTION @extschema@.bench_remove_outliers(
	sample @extschema@.benchsample,
	method text DEFAULT 'tukey',
	factor double precision DEFAULT NULL)
RETURNS @extschema@.benchsample
AS 'MODULE_PATHNAME', 'bench_sample_without_outliers' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_remove_outliers(@extschema@.benchsample, text, double precision) IS
'what a rule for outliers leaves of a sample: tukey, tukey3, mad, sigma or suite';

CREATE FUNCTION @extschema@.bench_stats_diff(
	stored jsonb,
	computed jsonb,
	rel_tol double precision DEFAULT 1e-6,
	abs_tol double precision DEFAULT 0,
	OUT field text,
	OUT stored_value double precision,
	OUT computed_value double precision,
	OUT rel_diff double precision,
	OUT ok boolean)
RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_stats_diff(jsonb, jsonb, double precision, double precision) IS
'compares two statistics objects figure by figure; ok is NULL where one of them lacks it. Stored figures are rounded: abs_tol => 0.01';

CREATE FUNCTION @extschema@.bench_percentile_method(
	sample @extschema@.benchsample,
	stored jsonb,
	rel_tol double precision DEFAULT 1e-9,
	abs_tol double precision DEFAULT 0,
	OUT method text,
	OUT outliers text,
	OUT median_ok boolean,
	OUT p90_ok boolean,
	OUT p95_ok boolean,
	OUT p99_ok boolean)
RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_percentile_method(@extschema@.benchsample, jsonb, double precision, double precision) IS
'which definition of a percentile, of all values or of those that the suite keeps, gives the figures of a stored statistics object';
