# BenchBox files: what is read of them agrees with what they say themselves, the oddities of real ones are known, and
# every version becomes a valid 1.1 without loss. The samples are ours; public files of other versions are read where they
# lie, in $BENCH_BENCHBOX or in shared/data/benchbox beside the sources, and what needs them is skipped where there are none.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest;
use PostgreSQL::Test::Utils ();
use Test::More;
use Time::HiRes qw(time);

use constant READING => qw(executions queries definitions tables phases metrics validation tpc);
# a document of 20 KB takes milliseconds; this is for machines that do other things as well
use constant SECONDS => 30;

my $public = $ENV{BENCH_BENCHBOX} // bench_root() . '/../shared/data/benchbox';
my @samples = glob(bench_root() . '/test/benchbox/samples/*.json');
my @files = glob("$public/*.json");
my $seed = $ENV{BENCH_SEED} // int(rand(1_000_000_000));
my $node = bench_cluster('main');

sub rows { return $node->safe_psql('postgres', $_[0]) }

sub none
{
	my ($query, $name) = @_;
	is(rows($query), '', $name);
}

sub load_files
{
	rows('CREATE TABLE files (name text, ours boolean, doc jsonb)');
	foreach my $file (@samples, @files)
	{
		my $text = PostgreSQL::Test::Utils::slurp_file($file);
		my ($name) = $file =~ m{([^/]+)\.json$};
		my $ours = $file =~ m{/samples/} ? 'true' : 'false';
		rows("INSERT INTO files VALUES ('$name', $ours, \$doc\$$text\$doc\$)");
	}
	# everything that is asked of these files, once
	rows(q{CREATE VIEW results AS SELECT * FROM files WHERE benchbox_layout(doc) IS NOT NULL;
		CREATE VIEW measured AS SELECT name, q.* FROM results, benchbox_queries(doc) q WHERE coalesce(run_type, 'measurement') = 'measurement'});
}

# Whatever a file says of itself as a whole follows from its list of queries; its figures are rounded to tenths.
sub totals
{
	is(rows('SELECT count(*) FROM results, benchbox_executions(doc)'), rows('SELECT count(*) FROM results'), 'a row for each file');
	none(q{SELECT e.name, queries_total, n, queries_successful, ok
		FROM (SELECT name, e.* FROM results, benchbox_executions(doc) e) e
			LEFT JOIN (SELECT name, count(*) AS n, count(*) FILTER (WHERE success) AS ok FROM measured GROUP BY name) m USING (name)
		-- two count warm-ups as well, or queries that they do not list
		WHERE name !~ '^(full_v1.1|fixture_v1.0_normalizer)' AND (coalesce(n, 0) <> queries_total OR coalesce(ok, 0) <> queries_successful)},
		'queries and successes are as many as the summary says');
	none(q{SELECT name, queries_total, queries_successful, queries_failed, success_rate FROM results, benchbox_executions(doc)
		WHERE layout = '2.x' AND name !~ '^throughput' AND (queries_failed <> queries_total - queries_successful
			OR success_rate IS DISTINCT FROM CASE WHEN queries_total = 0 THEN 0 ELSE round(queries_successful::numeric / queries_total, 4) END)},
		'failures and the rate of success follow');
	none(q{SELECT name, total_ms, total, avg_ms, mean, min_ms, least, max_ms, most
		FROM (SELECT name, e.* FROM results, benchbox_executions(doc) e WHERE layout = '2.x') e
			JOIN (SELECT name, count(*) AS n, sum(execution_time_ms) AS total, avg(execution_time_ms) AS mean, min(execution_time_ms) AS least, max(execution_time_ms) AS most
				FROM measured WHERE success GROUP BY name) m USING (name)
		WHERE abs(total_ms - total) > 0.05 * n + 0.051 OR abs(avg_ms - mean) > 0.101 OR abs(min_ms - least) > 0.051 OR abs(max_ms - most) > 0.051},
		'times are those of the summary');
	none(q{SELECT name, t.* FROM results, benchbox_tpc(doc) t WHERE metric = 'geometric_mean_ms' AND abs(stored - recomputed) > 0.051},
		'geometric means are those of the summary');
	none(q{SELECT name, total_rows_loaded, sum(rows) FROM results, benchbox_executions(doc), benchbox_tables(doc)
		GROUP BY name, total_rows_loaded HAVING total_rows_loaded <> sum(rows)}, 'rows of the tables are as many as were loaded');
	none(q{SELECT name, data_loading_ms, sum(load_ms) FROM results, benchbox_executions(doc), benchbox_tables(doc) WHERE name ~ 'bigquery'
		GROUP BY name, data_loading_ms HAVING abs(data_loading_ms - sum(load_ms)) > 1000}, 'loading them took as long');
}

# Each of a line of the list of traps, by a sample of ours.
sub traps_of_samples
{
	my $of = sub { rows("SELECT $_[1] FROM files WHERE name = '$_[0]'") };

	is(rows(q{SET TimeZone = 'Asia/Tokyo'; SELECT string_agg(execution_timestamp, ' ' ORDER BY execution_timestamp COLLATE "C") FROM files, benchbox_executions(doc)
		WHERE name IN ('compact_v2.0', 'power_v2.1', 'full_v1.1')}), '2025-09-01T11:59:00.000123 2025-11-02T08:00:00 2026-01-15T23:30:00.250000',
		'times without a zone, with and without a fraction, stay as they are written');
	is($of->('power_v2.1', q{(SELECT string_agg(query_id, ' ') FROM benchbox_queries(doc))}), '6 1 6 1 6 1', 'queries come in the order of their execution');
	is(rows(q{SELECT count(DISTINCT e) FROM files, LATERAL (SELECT doc UNION ALL SELECT jsonb_object_agg(key, value ORDER BY key DESC) FROM jsonb_each(doc)) d(doc),
		benchbox_executions(d.doc) e WHERE name = 'power_v2.1'}), 1, 'the order of keys means nothing');
	is($of->('compact_v2.0', q{(SELECT string_agg(concat_ws(':', position, query, error_message), ' ') FROM benchbox_queries(doc) WHERE NOT success)}),
		'3:q1.2:timed out 4:q2.1:near FROM 5:q2.1:near FROM', '2.0: failures that only errors[] has are rows');
	is($of->('throughput_v2.2', q{(SELECT string_agg(concat_ws(':', position, query, query_status, error_message), ' ') FROM benchbox_queries(doc) WHERE NOT success)}),
		'1:q14b:FAILED:99 of 100 3:q14b:SKIPPED', '2.1 and later: failures that both lists have are one row, with the message');
	is($of->('compact_v2.0', q{(SELECT rows_returned IS NULL FROM benchbox_queries(doc) WHERE position = 1)}), 't', 'rows that are left out are not known, not 0');
	is($of->('throughput_v2.2', q{(SELECT rows_returned FROM benchbox_queries(doc) WHERE position = 0)}), '0', '... and 0 is 0');
	is($of->('compact_v2.0', q{(SELECT cost_usd FROM benchbox_executions(doc))}), '0.25', 'a cost that is a string is a number');
	is($of->('power_v2.1', 'benchbox_config_prefix(doc)'), 'bb:tpch:sf0.01:spark+df:', 'streams that number iterations make no throughput test');
	is($of->('throughput_v2.2', 'benchbox_config_prefix(doc)'), 'bb:tpcds:sf1:snowflake+tuned:throughput:', '... the type does');
	is($of->('compact_v2.0', 'benchbox_config_prefix(doc)'), 'bb:ssb:sf10:clickhouse:', 'star_schema is ssb');
	is($of->('power_v2.1', q{(SELECT concat_ws(' ', round(stored::numeric, 6), round(recomputed::numeric, 6), note) FROM benchbox_tpc(doc) WHERE metric = 'power_at_size')}),
		'227.683992 227.683992 iteration 2, 2 times', 'power is that of the last iteration');
	is($of->('throughput_v2.2', q{(SELECT concat_ws(' ', stored, recomputed, note) FROM benchbox_tpc(doc) WHERE metric = 'throughput_at_size')}),
		'144 72 2 streams in 100 s; by their 2 queries 72', 'throughput by both formulas beside what is stored');
	is($of->('throughput_v2.2', q{(SELECT concat_ws(' ', validation_status, tables_validated, validation_errors, qphh_at_size) FROM benchbox_executions(doc))}), 'failed 24 1 120.5',
		'2.2: a validation that is an object; QphDS');
	is($of->('flat_v3.0', q{concat_ws(' ', benchbox_layout(doc) IS NULL, benchbox_upgrade(doc) #>> '{execution,id}')}), 't cafe0001', 'what calls itself 3.0 is of no such layout, but can be upgraded');
	is(rows(q{SELECT string_agg(concat(benchbox_layout(doc)), ' ') FROM (VALUES ('{"schema_version": "2.0", "results": {}}'::jsonb), ('{"schema_version": "2.0", "run": {}, "queries": []}'),
		('{"version": "2.0", "run": {}}'), ('{"schema_version": "2.0", "benchmark_info": {}}')) d(doc)}), '1.x 2.x 2.x ', 'the layout follows from what is there');
	is(rows(q{SELECT string_agg(DISTINCT query, ' ') FROM benchbox_queries('{"results": {"queries": {"details": [{"id": 1}, {"id": "1"}, {"id": "Q1"}, {"query_id": "query1"}]}}}')}),
		'q1', '1, "1", "Q1" and query_id are one query');
	is(rows(q{SELECT count(ms) FROM (SELECT execution_time_ms AS ms FROM benchbox_queries('{"run": {}, "queries": [{"id": 1, "ms": "NaN"}, {"id": 2, "ms": "Infinity"}]}')) q}), 0,
		'NaN and Infinity are no times');
	isnt($node->psql('postgres', q{SELECT '{"run": {"x": NaN}}'::jsonb}), 0, '... and as tokens no JSON');
}

# And by the public files.
sub traps_of_files
{
	my $of = sub { rows("SELECT $_[1] FROM files WHERE name ~ '$_[0]'") };

	is($of->('bigquery_sql', q{(SELECT concat_ws(' ', source_version, execution_timestamp, platform_version) FROM benchbox_executions(doc))}),
		'2.2 2026-09-20T00:00:55.883064 unknown', 'BigQuery: a version only as result_schema_version; the local time of the run');
	is($of->('bigquery_sql', q{(SELECT string_agg(table_name, ' ' ORDER BY table_name COLLATE "C") FROM benchbox_tables(doc))}), 'DOCUMENTS RANKINGS USERVISITS', '... tables in upper case');
	is($of->('bigquery_sql', q{(SELECT options #>> '{platform_options,credentials_path}' FROM benchbox_executions(doc))}), '<redacted>', '... what was redacted as it stands');
	is($of->('FAILED', q{(SELECT concat_ws(' ', queries_total, success_rate, validation_status, platform_info #>> '{config,database_path}') FROM benchbox_executions(doc))
			|| (SELECT ' ' || status FROM benchbox_phases(doc) WHERE phase = 'power_test') || (SELECT ' ' || count(*) FROM benchbox_queries(doc))}),
		'0 0 passed path_1739752d9708 FAILED 0', 'no query, validation passed, and yet the phase has failed');
	is($of->('zero_timing', q{(SELECT count(*) FROM benchbox_tpc(doc) WHERE recomputed IS NOT NULL)}), 0, 'times of 0 ms have no geometric mean');
	is($of->('cost_string', q{(SELECT cost_usd FROM benchbox_executions(doc))}), '1.50', 'a cost that is a string');
	is($of->('int_id', q{(SELECT concat_ws(' ', query_id, query, execution_time_ms) FROM benchbox_queries(doc))}), '1 q1 100', 'an id that is a number, and a nested time');
	is($of->('manifest', q{concat_ws(' ', benchbox_layout(doc) IS NULL, benchbox_upgrade(doc) IS NULL)}), 't t', 'a manifest is no result');
	is($of->('duckdb_sql', q{(SELECT concat_ws(' ', count(*), count(*) FILTER (WHERE run_type = 'warmup'), count(*) FILTER (WHERE rows_returned = 0)) FROM benchbox_queries(doc))}),
		'32 8 8', 'the summary counts measurements only; 0 rows are 0');
	none(q{SELECT name, metric, number, times[floor(cardinality(times) * p)::integer + 1]
		FROM (SELECT name, array_agg(execution_time_ms ORDER BY execution_time_ms) AS times FROM measured WHERE success GROUP BY name) t
			JOIN results USING (name), benchbox_metrics(doc), LATERAL (SELECT substring(metric FROM '^p([0-9]+)_ms$')::numeric / 100 AS p) x
		WHERE p IS NOT NULL AND NOT ours AND number <> times[floor(cardinality(times) * p)::integer + 1]}, 'percentiles are the values at floor(n * p)');
	is(rows(q{SELECT count(DISTINCT benchbox_config_prefix(doc) || query) FROM files, benchbox_queries(doc) WHERE name ~ 'amplab.*_sql'}), 16, 'warm-ups and iterations are of one configuration');
}

# "The same" as far as 1.1 has words for it: an upper case, and what was not there before.
sub upgraded
{
	none(q{SELECT name, v.* FROM results, benchbox_validate(benchbox_upgrade(doc)) v WHERE severity <> 'note'}, 'upgraded files are valid, without a warning');
	none(q{SELECT name FROM files WHERE benchbox_upgrade(benchbox_upgrade(doc)) IS DISTINCT FROM benchbox_upgrade(doc)}, '... and stay what they are');
	is(rows(q{SELECT name FROM results WHERE benchbox_upgrade(doc) = doc}), 'full_v1.1', '... as one that was valid did');
	none(q{SELECT name, benchbox_config_prefix(doc) FROM results WHERE benchbox_config_prefix(benchbox_upgrade(doc)) <> benchbox_config_prefix(doc)}, '... of the same configurations');
	none(q{SELECT name, a.key, a.value, b.value FROM results, LATERAL (SELECT to_jsonb(e) AS old FROM benchbox_executions(doc) e) o, LATERAL (SELECT to_jsonb(e) AS new FROM benchbox_executions(benchbox_upgrade(doc)) e) n,
			jsonb_each(old) a JOIN jsonb_each(new) b USING (key)
		WHERE a.value <> 'null' AND upper(a.value::text) <> upper(b.value::text) AND key NOT IN ('layout', 'source_version', 'export_tool', 'metadata')
			-- a skipped query is none that succeeded; a mean that was wrong
			AND NOT (name = 'throughput_v2.2' AND key = 'queries_failed') AND NOT (name = 'fixture_v1.1_plotter' AND key = 'avg_ms')}, '... with the same columns');
	none(q{SELECT name, a.* FROM results, LATERAL (SELECT position, query_id, query, query_name, success, sequence, stream_id, iteration, run_type, execution_time_ms, rows_returned, error_message, sql_text,
			cost_usd, resource_usage, expected_rows, actual_rows, row_count_status FROM benchbox_queries(doc)
			EXCEPT SELECT position, query_id, query, query_name, success, sequence, stream_id, iteration, run_type, execution_time_ms, rows_returned, error_message, sql_text,
			cost_usd, resource_usage, expected_rows, actual_rows, row_count_status FROM benchbox_queries(benchbox_upgrade(doc))) a}, '... the same queries');
	foreach my $view (qw(tables phases metrics validation tpc))
	{
		none(qq{SELECT name, a.* FROM results, LATERAL (SELECT * FROM benchbox_$view(doc) EXCEPT SELECT * FROM benchbox_$view(benchbox_upgrade(doc))) a}, "... the same $view");
	}
	# every string and number of the old document is somewhere in the new one
	none(q{WITH RECURSIVE old(name, path, value) AS (
			SELECT name, '', doc FROM files WHERE benchbox_upgrade(doc) IS NOT NULL
			UNION ALL
			SELECT name, path || '.' || c.key, c.value FROM old, LATERAL (
				SELECT key, value FROM jsonb_each(CASE WHEN jsonb_typeof(old.value) = 'object' THEN old.value END)
				UNION ALL SELECT '', value FROM jsonb_array_elements(CASE WHEN jsonb_typeof(old.value) = 'array' THEN old.value END)) c
		), new(name, value) AS (
			SELECT name, benchbox_upgrade(doc) FROM files
			UNION ALL
			SELECT name, c.value FROM new, LATERAL (
				SELECT value FROM jsonb_each(CASE WHEN jsonb_typeof(new.value) = 'object' THEN new.value END)
				UNION ALL SELECT value FROM jsonb_array_elements(CASE WHEN jsonb_typeof(new.value) = 'array' THEN new.value END)) c
		)
		SELECT name, path, value FROM old WHERE jsonb_typeof(value) IN ('string', 'number')
			-- seconds are milliseconds now
			AND path !~ '(seconds|_time)$'
			AND NOT EXISTS (SELECT FROM new WHERE new.name = old.name AND upper(new.value #>> '{}') = upper(old.value #>> '{}'))}, '... and nothing is lost');
}

# Documents that are valid, of every form, need no upgrade.
sub generated
{
	my $file = $node->basedir . '/valid.copy';

	PostgreSQL::Test::Utils::run_log([ '/usr/bin/python3', bench_root() . '/test/benchbox/generate.py', 300, $seed ], '>', $file);
	rows("CREATE TABLE valid (n int, doc text); COPY valid FROM '$file'");
	is(rows('SELECT count(*) FROM valid WHERE benchbox_upgrade(doc::jsonb) = doc::jsonb'), 300, "valid documents with seed $seed stay as they are");
}

# Whatever a document is, nothing fails.
sub odd
{
	my $count = $ENV{BENCH_LONG} ? 30_000 : 1_500;
	my $file = $node->basedir . '/odd.copy';
	my $lines = PostgreSQL::Test::Utils::run_log([ '/usr/bin/python3', bench_root() . '/test/benchbox/odd.py', $count, $seed, @samples, @files ], '>', $file);

	ok($lines, "odd documents with seed $seed");
	rows("CREATE TABLE odd (n serial, doc jsonb); COPY odd (doc) FROM '$file'");
	foreach my $call ((map { "SELECT count(x.*) FROM odd, benchbox_$_(doc) x" } READING), 'SELECT count(benchbox_config_prefix(doc, NULL)) FROM odd', 'SELECT count(benchbox_upgrade(doc)) FROM odd')
	{
		my ($code, $stdout, $stderr) = $node->psql('postgres', $call);
		is($code, 0, "no error, but rows: " . ($stdout // '') . ", of $call") or diag $stderr;
	}
	is(rows('SELECT count(*) - count(e.*) FROM odd LEFT JOIN LATERAL benchbox_executions(doc) e ON true'), 0, 'each has its row');
	none(q{SELECT n FROM odd, LATERAL (SELECT benchbox_upgrade(doc) AS new OFFSET 0) u WHERE benchbox_upgrade(new) IS DISTINCT FROM new LIMIT 5}, 'upgraded twice is upgraded once');
	# what a document does not say cannot be made up
	none(q{SELECT n, v.* FROM odd, benchbox_validate(benchbox_upgrade(doc)) v WHERE severity <> 'note'
		AND NOT (code = 'missing' AND path ~ '(^benchmark|^benchmark.(id|name)|^(execution|export).timestamp|details\[[0-9]+\].id)$')
		AND NOT (code IN ('format', 'empty') AND path ~ '^(execution|export).timestamp$')
		AND code NOT IN ('row_count', 'anonymization', 'validation') LIMIT 5}, 'upgraded, they lack only what nobody can know');
}

# 1,000 documents of 20 KB.
sub speed
{
	rows(q{CREATE TABLE many AS SELECT i, doc FROM generate_series(1, 1000) i, LATERAL (
		SELECT jsonb_set(jsonb_set(doc, '{execution,id}', to_jsonb(i)), '{results,queries,details}', (
			SELECT jsonb_agg(jsonb_build_object('id', 'Q' || q, 'name', 'query ' || q, 'status', 'SUCCESS', 'sequence', q, 'iteration', 1, 'run_type', 'measurement',
				'execution_time_ms', (i * q) % 97 + 0.5, 'rows_returned', q * 7, 'resource_usage', jsonb_build_object('cpu', i))) FROM generate_series(1, 100) q)) AS doc
		FROM files WHERE name = 'full_v1.1') d});
	note 'bytes on average: ' . rows('SELECT round(avg(length(doc::text))) FROM many');
	foreach my $view (READING)
	{
		my $start = time;
		my $n = rows("SELECT count(x.*) FROM many, benchbox_$view(doc) x");
		my $took = time - $start;
		cmp_ok($took, '<', SECONDS, sprintf('%s rows of benchbox_%s of 1,000 documents: %.2f s', $n, $view, $took));
	}
}

# Lists of failures are put together, and documents upgraded, in a time that grows as the document does.
sub long_lists
{
	my $document = q{jsonb_build_object('version', '2.0', 'run', '{}'::jsonb,
		'queries', (SELECT jsonb_agg(jsonb_build_object('id', %1$s, 'status', 'FAILED', 'ms', i)) FROM generate_series(1, 20000) i),
		'errors', (SELECT jsonb_agg(jsonb_build_object('phase', 'query', 'query_id', %1$s, 'message', 'm' || i)) FROM generate_series(1, 20001) i),
		'tables', (SELECT jsonb_object_agg('t' || i, 'x') FROM generate_series(1, 20000) i))};

	foreach my $id ('i', "'1'::text")
	{
		my $start = time;
		my $made = $document =~ s/%1\$s/$id/gr;
		is(rows("SELECT count(*), count(error_message), max(position) FROM benchbox_queries($made)"), '20001|20001|20000', "20,000 failures in both lists, of $id");
		cmp_ok(rows("SELECT jsonb_array_length(benchbox_upgrade($made) #> '{results,queries,details}')"), '==', 20001, '... upgraded');
		cmp_ok(time - $start, '<', 2 * SECONDS, sprintf('... in %.1f s', time - $start));
	}
}

load_files();
totals();
traps_of_samples();
SKIP:
{
	skip "there are no public files in $public", 11 unless @files;
	traps_of_files();
}
upgraded();
generated();
odd();
speed();
long_lists();
done_testing();
