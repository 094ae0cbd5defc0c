
-- Confidence intervals of samples.

CREATE FUNCTION @extschema@.bench_median_ci(sample @extschema@.benchsample, conf double precision DEFAULT 0.95,
	OUT median double precision, OUT lo double precision, OUT hi double precision,
	OUT actual_conf double precision, OUT note text)
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_median_ci(@extschema@.benchsample, double precision) IS
'a median and its confidence interval by order statistics, with the confidence that this really has';

CREATE FUNCTION @extschema@.bench_percentile_ci(sample @extschema@.benchsample, p double precision,
	conf double precision DEFAULT 0.95,
	OUT percentile double precision, OUT lo double precision, OUT hi double precision,
	OUT actual_conf double precision, OUT note text)
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_percentile_ci(@extschema@.benchsample, double precision, double precision) IS
'a percentile and its confidence interval by order statistics, with the confidence that this really has';

CREATE FUNCTION @extschema@.bench_mean_ci(sample @extschema@.benchsample, conf double precision DEFAULT 0.95,
	OUT mean double precision, OUT lo double precision, OUT hi double precision, OUT note text)
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_mean_ci(@extschema@.benchsample, double precision) IS
'a mean and its confidence interval by Student''s t';

CREATE FUNCTION @extschema@.bench_geomean_ci(sample @extschema@.benchsample, conf double precision DEFAULT 0.95,
	OUT geomean double precision, OUT lo double precision, OUT hi double precision, OUT note text)
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_geomean_ci(@extschema@.benchsample, double precision) IS
'a geometric mean and its confidence interval by Student''s t of the logarithms';

CREATE FUNCTION @extschema@.bench_ratio_ci(a @extschema@.benchsample, b @extschema@.benchsample,
	stat text DEFAULT 'median', conf double precision DEFAULT 0.95, resamples integer DEFAULT 10000,
	seed bigint DEFAULT 42,
	OUT ratio double precision, OUT lo double precision, OUT hi double precision, OUT note text)
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_ratio_ci(@extschema@.benchsample, @extschema@.benchsample, text,
	double precision, integer, bigint) IS
'a figure of b over that of a, the baseline, and the ratio''s confidence interval';

CREATE FUNCTION @extschema@.bench_diff_ci(a @extschema@.benchsample, b @extschema@.benchsample,
	stat text DEFAULT 'median', conf double precision DEFAULT 0.95, resamples integer DEFAULT 10000,
	seed bigint DEFAULT 42,
	OUT diff double precision, OUT lo double precision, OUT hi double precision, OUT note text)
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_diff_ci(@extschema@.benchsample, @extschema@.benchsample, text,
	double precision, integer, bigint) IS
'a figure of b minus that of a, the baseline, and the difference''s confidence interval';

CREATE FUNCTION @extschema@.bench_bootstrap_ci(sample @extschema@.benchsample, stat text DEFAULT 'median',
	conf double precision DEFAULT 0.95, resamples integer DEFAULT 10000, method text DEFAULT 'percentile',
	seed bigint DEFAULT 42,
	OUT estimate double precision, OUT lo double precision, OUT hi double precision, OUT note text)
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_bootstrap_ci(@extschema@.benchsample, text, double precision, integer, text,
	bigint) IS
'a figure of a sample and its confidence interval from resamples';

CREATE FUNCTION @extschema@.bench_required_runs(sample @extschema@.benchsample,
	rel_half_width double precision DEFAULT 0.01, conf double precision DEFAULT 0.95,
	OUT runs bigint, OUT lo double precision, OUT hi double precision, OUT note text)
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_required_runs(@extschema@.benchsample, double precision, double precision) IS
'how many values like the sample''s give a median as exact as that, and the interval to be expected then';
