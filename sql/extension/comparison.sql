
-- Tests and comparisons of two samples, a the baseline and b the candidate, and of runs.

CREATE FUNCTION @extschema@.bench_mann_whitney(
	a @extschema@.benchsample,
	b @extschema@.benchsample,
	alternative text DEFAULT 'two-sided',
	method text DEFAULT 'auto',
	OUT u double precision,
	OUT p_value double precision,
	OUT a12 double precision,
	OUT cliffs_delta double precision,
	OUT magnitude text,
	OUT method text,
	OUT note text)
RETURNS record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_mann_whitney(@extschema@.benchsample, @extschema@.benchsample, text, text) IS
'Mann and Whitney''s test: whether values of a tend to be greater or smaller than those of b, and how much';

CREATE FUNCTION @extschema@.bench_welch_t(
	a @extschema@.benchsample,
	b @extschema@.benchsample,
	OUT t double precision,
	OUT df double precision,
	OUT p_value double precision,
	OUT diff double precision,
	OUT note text)
RETURNS record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_welch_t(@extschema@.benchsample, @extschema@.benchsample) IS
'Welch''s t test: whether the means differ, two-sided; t is of a - b, diff is the mean of b less that of a';

CREATE FUNCTION @extschema@.bench_welch_t(
	a @extschema@.benchmoments,
	b @extschema@.benchmoments,
	OUT t double precision,
	OUT df double precision,
	OUT p_value double precision,
	OUT diff double precision,
	OUT note text)
RETURNS record
AS 'MODULE_PATHNAME', 'bench_moments_welch_t' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_welch_t(@extschema@.benchmoments, @extschema@.benchmoments) IS
'Welch''s t test of what moments tell of two samples';

CREATE FUNCTION @extschema@.bench_brunner_munzel(
	a @extschema@.benchsample,
	b @extschema@.benchsample,
	OUT t double precision,
	OUT df double precision,
	OUT p_value double precision,
	OUT a12 double precision,
	OUT note text)
RETURNS record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_brunner_munzel(@extschema@.benchsample, @extschema@.benchsample) IS
'Brunner and Munzel''s test, two-sided: as Mann and Whitney''s, for samples that may spread differently';

CREATE FUNCTION @extschema@.bench_hodges_lehmann(
	a @extschema@.benchsample,
	b @extschema@.benchsample,
	conf double precision DEFAULT 0.95,
	OUT shift double precision,
	OUT lo double precision,
	OUT hi double precision,
	OUT actual_conf double precision,
	OUT note text)
RETURNS record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_hodges_lehmann(@extschema@.benchsample, @extschema@.benchsample, double precision) IS
'the median of all differences b - a, in the unit of the values, with its interval and the confidence that has';

CREATE FUNCTION @extschema@.bench_paired(
	a double precision[],
	b double precision[],
	conf double precision DEFAULT 0.95,
	OUT n bigint,
	OUT ratio double precision,
	OUT ratio_lo double precision,
	OUT ratio_hi double precision,
	OUT change double precision,
	OUT w double precision,
	OUT p_value double precision,
	OUT method text,
	OUT note text)
RETURNS record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_paired(double precision[], double precision[], double precision) IS
'values measured in pairs: the geometric mean of b / a with its interval, and Wilcoxon''s signed rank test';

CREATE FUNCTION @extschema@.bench_p_adjust(p double precision[], method text DEFAULT 'holm')
RETURNS double precision[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_p_adjust(double precision[], text) IS
'p-values adjusted for their number, in their places: holm, bh (Benjamini and Hochberg) or bonferroni; NULLs do not count';

CREATE FUNCTION @extschema@.bench_format_change(
	change double precision,
	p_value double precision,
	n_a bigint,
	n_b bigint,
	alpha double precision DEFAULT 0.05)
RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_format_change(double precision, double precision, bigint, bigint, double precision) IS
'a change with its p-value and number of values, as -17.20% (p=0.000 n=10); ~ if p is not below alpha';

CREATE TYPE @extschema@.bench_comparison AS (
	n_a bigint,
	n_b bigint,
	median_a double precision,
	median_b double precision,
	ratio double precision,
	ratio_lo double precision,
	ratio_hi double precision,
	change double precision,
	p_value double precision,
	cliffs_delta double precision,
	verdict text,
	note text);

COMMENT ON TYPE @extschema@.bench_comparison IS
'what bench_compare says of two samples';

CREATE FUNCTION @extschema@.bench_compare(
	a @extschema@.benchsample,
	b @extschema@.benchsample,
	conf double precision DEFAULT 0.95,
	alpha double precision DEFAULT 0.05,
	min_effect double precision DEFAULT 0,
	lower_is_better boolean DEFAULT true)
RETURNS @extschema@.bench_comparison
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_compare(@extschema@.benchsample, @extschema@.benchsample, double precision, double precision, double precision, boolean) IS
'whether b is faster or slower than a: ratio of medians with its interval, Mann and Whitney''s p-value, verdict';

CREATE FUNCTION @extschema@.bench_compare_collect(internal, double precision, boolean) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_compare_collect(internal, double precision, boolean) IS
'transition of bench_compare';

CREATE FUNCTION @extschema@.bench_compare_collect(internal, double precision, boolean, double precision, double precision, double precision, boolean) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_compare_collect(internal, double precision, boolean, double precision, double precision, double precision, boolean) IS
'transition of bench_compare with all arguments';

CREATE FUNCTION @extschema@.bench_compare_final(internal) RETURNS @extschema@.bench_comparison
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_compare_final(internal) IS
'final function of bench_compare';

CREATE AGGREGATE @extschema@.bench_compare(value double precision, is_candidate boolean) (
	SFUNC = @extschema@.bench_compare_collect,
	STYPE = internal,
	SSPACE = 16384,
	FINALFUNC = @extschema@.bench_compare_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_compare(double precision, boolean) IS
'whether the candidate''s values are faster or slower than the baseline''s, those where is_candidate is false';

CREATE AGGREGATE @extschema@.bench_compare(
	value double precision,
	is_candidate boolean,
	conf double precision,
	alpha double precision,
	min_effect double precision,
	lower_is_better boolean) (
	SFUNC = @extschema@.bench_compare_collect,
	STYPE = internal,
	SSPACE = 16384,
	FINALFUNC = @extschema@.bench_compare_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_compare(double precision, boolean, double precision, double precision, double precision, boolean) IS
'whether the candidate''s values are faster or slower than the baseline''s, with all that the comparison can be told';

CREATE TYPE @extschema@.bench_run_comparison AS (
	runs_a bigint,
	runs_b bigint,
	n_a bigint,
	n_b bigint,
	value_a double precision,
	value_b double precision,
	ratio double precision,
	ratio_lo double precision,
	ratio_hi double precision,
	change double precision,
	p_value double precision,
	p_rank double precision,
	between_sd double precision,
	within_sd double precision,
	run_share double precision,
	verdict text,
	note text);

COMMENT ON TYPE @extschema@.bench_run_comparison IS
'what bench_compare_by_run says of two groups of runs';

CREATE FUNCTION @extschema@.bench_compare_runs_collect(internal, text, double precision, boolean) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_compare_runs_collect(internal, text, double precision, boolean) IS
'transition of bench_compare_by_run';

CREATE FUNCTION @extschema@.bench_compare_runs_collect(internal, text, double precision, boolean, text) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_compare_runs_collect(internal, text, double precision, boolean, text) IS
'transition of bench_compare_by_run with a statistic';

CREATE FUNCTION @extschema@.bench_compare_runs_collect(internal, text, double precision, boolean, text, double precision, double precision, double precision, boolean) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_compare_runs_collect(internal, text, double precision, boolean, text, double precision, double precision, double precision, boolean) IS
'transition of bench_compare_by_run with all arguments';

CREATE FUNCTION @extschema@.bench_compare_runs_final(internal) RETURNS @extschema@.bench_run_comparison
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_compare_runs_final(internal) IS
'final function of bench_compare_by_run';

CREATE AGGREGATE @extschema@.bench_compare_by_run(run text, value double precision, is_candidate boolean) (
	SFUNC = @extschema@.bench_compare_runs_collect,
	STYPE = internal,
	SSPACE = 65536,
	FINALFUNC = @extschema@.bench_compare_runs_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_compare_by_run(text, double precision, boolean) IS
'whether the candidate''s runs are faster or slower than the baseline''s, by the medians of runs';

CREATE AGGREGATE @extschema@.bench_compare_by_run(run text, value double precision, is_candidate boolean, stat text) (
	SFUNC = @extschema@.bench_compare_runs_collect,
	STYPE = internal,
	SSPACE = 65536,
	FINALFUNC = @extschema@.bench_compare_runs_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_compare_by_run(text, double precision, boolean, text) IS
'whether the candidate''s runs are faster or slower than the baseline''s, by the median, mean, p90, p95, p99, min or geomean of runs';

CREATE AGGREGATE @extschema@.bench_compare_by_run(
	run text,
	value double precision,
	is_candidate boolean,
	stat text,
	conf double precision,
	alpha double precision,
	min_effect double precision,
	lower_is_better boolean) (
	SFUNC = @extschema@.bench_compare_runs_collect,
	STYPE = internal,
	SSPACE = 65536,
	FINALFUNC = @extschema@.bench_compare_runs_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_compare_by_run(text, double precision, boolean, text, double precision, double precision, double precision, boolean) IS
'whether the candidate''s runs are faster or slower than the baseline''s, with all that the comparison can be told';

CREATE FUNCTION @extschema@.bench_verdict(
	p_value double precision,
	ratio_lo double precision,
	ratio_hi double precision,
	alpha double precision DEFAULT 0.05,
	min_effect double precision DEFAULT 0,
	lower_is_better boolean DEFAULT true,
	OUT verdict text,
	OUT note text)
RETURNS record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_verdict(double precision, double precision, double precision, double precision, double precision, boolean) IS
'the verdict that bench_compare gives by a p-value, which may be an adjusted one, and the interval of a ratio';
