
-- Statistics over time: of series, whose values are in the order of time.

CREATE FUNCTION @extschema@.bench_change_points(
	series double precision[],
	max_pvalue double precision DEFAULT 0.001,
	min_magnitude double precision DEFAULT 0,
	window_length integer DEFAULT 50,
	compat boolean DEFAULT false,
	OUT idx integer,
	OUT before_mean double precision,
	OUT after_mean double precision,
	OUT before_median double precision,
	OUT after_median double precision,
	OUT change double precision,
	OUT p_value double precision,
	OUT qhat double precision)
RETURNS SETOF record
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_change_points(double precision[], double precision, double precision, integer, boolean) IS
'where the level of a series changes: idx is the first element of the new level, change is after_mean / before_mean - 1';

CREATE FUNCTION @extschema@.bench_segments(
	series double precision[],
	max_pvalue double precision DEFAULT 0.001,
	min_magnitude double precision DEFAULT 0,
	window_length integer DEFAULT 50,
	compat boolean DEFAULT false,
	OUT from_idx integer,
	OUT to_idx integer,
	OUT n integer,
	OUT median double precision,
	OUT mean double precision,
	OUT stddev double precision)
RETURNS SETOF record
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_segments(double precision[], double precision, double precision, integer, boolean) IS
'the levels between the change points of a series: its elements from_idx to to_idx, of which n are there';

CREATE FUNCTION @extschema@.bench_change_points_collect(internal, double precision) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_change_points_collect(internal, double precision) IS
'transition of bench_change_points_agg(double precision)';

CREATE FUNCTION @extschema@.bench_change_points_collect(internal, double precision, double precision, double precision)
RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_change_points_collect(internal, double precision, double precision, double precision) IS
'transition of bench_change_points_agg(double precision, double precision, double precision)';

CREATE FUNCTION @extschema@.bench_change_points_final(internal) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_change_points_final(internal) IS
'final function of bench_change_points_agg';

CREATE AGGREGATE @extschema@.bench_change_points_agg(value double precision) (
	SFUNC = @extschema@.bench_change_points_collect,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = @extschema@.bench_change_points_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_change_points_agg(double precision) IS
'the rows of bench_change_points as an array of objects; needs ORDER BY a time within the parentheses';

CREATE AGGREGATE @extschema@.bench_change_points_agg(
	value double precision, max_pvalue double precision, min_magnitude double precision) (
	SFUNC = @extschema@.bench_change_points_collect,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = @extschema@.bench_change_points_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_change_points_agg(double precision, double precision, double precision) IS
'the same with other limits of significance and of size';

CREATE FUNCTION @extschema@.bench_threshold(
	history double precision[],
	value double precision,
	test text,
	boundary double precision,
	side text DEFAULT 'both',
	OUT limit_lo double precision,
	OUT limit_hi double precision,
	OUT alert boolean,
	OUT note text)
RETURNS record
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_threshold(double precision[], double precision, text, double precision, text) IS
'between which limits a value should be, by those before it, and whether it is not; tests: static, percentage, z, t, lognormal, iqr, delta_iqr';

CREATE FUNCTION @extschema@.bench_noise_threshold(history double precision[]) RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_noise_threshold(double precision[]) IS
'the relative change between two successive values above which it is more than noise: Q3 + 3 IQR of the absolute ones; 0.002 for less than 30 values';

CREATE FUNCTION @extschema@.bench_zscore(
	history @extschema@.benchsample, value double precision, robust boolean DEFAULT false)
RETURNS double precision
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_zscore(@extschema@.benchsample, double precision, boolean) IS
'how many standard deviations a value is above the mean of others; robust: how many times 1.4826 MAD above their median';

CREATE FUNCTION @extschema@.bench_trend(
	series double precision[],
	OUT n integer,
	OUT slope double precision,
	OUT intercept double precision,
	OUT p_value double precision,
	OUT note text)
RETURNS record
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_trend(double precision[]) IS
'whether a series drifts: Theil-Sen slope per element, intercept at index 0, p-value of the Mann-Kendall test';

CREATE FUNCTION @extschema@.bench_autocorrelation(
	series double precision[],
	OUT n integer,
	OUT lag1 double precision,
	OUT effective_n double precision,
	OUT note text)
RETURNS record
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_autocorrelation(double precision[]) IS
'how much the values of a series depend on those before them (lag 1), and as how many independent values they count';
