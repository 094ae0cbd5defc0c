
-- Pictures in text, for psql and reports.

CREATE FUNCTION @extschema@.bench_sparkline(
	series double precision[],
	lo double precision DEFAULT NULL,
	hi double precision DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_sparkline(double precision[], double precision, double precision) IS
'a series as a line of bars in eight heights, on a scale from lo to hi or the series'' own; a gap for NULL and NaN';

CREATE FUNCTION @extschema@.bench_sparkline_final(double precision[])
RETURNS text
LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN @extschema@.bench_sparkline($1, NULL, NULL);

COMMENT ON FUNCTION @extschema@.bench_sparkline_final(double precision[]) IS
'result of bench_sparkline_agg';

CREATE AGGREGATE @extschema@.bench_sparkline_agg(value double precision) (
	SFUNC = pg_catalog.array_append,
	STYPE = double precision[],
	FINALFUNC = @extschema@.bench_sparkline_final,
	PARALLEL = SAFE);

COMMENT ON AGGREGATE @extschema@.bench_sparkline_agg(double precision) IS
'the values as a sparkline, in the order of ORDER BY';

CREATE FUNCTION @extschema@.bench_histogram(
	sample @extschema@.benchsample,
	bins integer DEFAULT 0,
	width integer DEFAULT 40,
	log boolean DEFAULT false,
	OUT lo double precision,
	OUT hi double precision,
	OUT n bigint,
	OUT bar text)
RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20;

COMMENT ON FUNCTION @extschema@.bench_histogram(@extschema@.benchsample, integer, integer, boolean) IS
'how many values are in each of so many bins (0: as many as Freedman and Diaconis would have), on a linear or logarithmic scale';

CREATE FUNCTION @extschema@.bench_boxplot(
	sample @extschema@.benchsample,
	lo double precision DEFAULT NULL,
	hi double precision DEFAULT NULL,
	width integer DEFAULT 40)
RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_boxplot(@extschema@.benchsample, double precision, double precision, integer) IS
'minimum, quartiles, median and maximum on a scale from lo to hi, as |---[==|==]----|';

CREATE FUNCTION @extschema@.bench_format_duration(ms double precision)
RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @extschema@.bench_format_duration(double precision) IS
'milliseconds with four significant digits, in microseconds, milliseconds, seconds or minutes';
