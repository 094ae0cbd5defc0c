# Each access pattern becomes the right requests, counted at the server's side;
# planning makes none. On both engines and in both shapes.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
my @stages;

BEGIN
{
	@stages = $ENV{BENCH_QUICK} ? 'dynamodb-local/live'
	  : qw(dynamodb-local/live dynamodb-local/document dynalite/live dynalite/document);
}

use BenchTest map { ("$_/BenchmarkResults", $ENV{BENCH_QUICK} ? () : "$_/BenchmarkLarge") } @stages;
use Test::More;

my $config = 'nodejs22-arm64-cpu-intensive-1024';
my $dimensions = q{runtime = 'nodejs22' AND architecture = 'arm64' AND workload_type = 'cpu-intensive' AND memory_size_mb = 1024};
my $node = bench_cluster('main');
my $proxy;

# What a statement asked for. Its rows, if their number is given, are counted too.
sub asks
{
	my ($sql, $expected, $name, $rows) = @_;
	my $before = $proxy->counts;
	my $output = $node->safe_psql('postgres', $sql);
	my $asked = $proxy->asked($before);
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	ref $expected ? like($asked, $expected, $name) : is($asked, $expected, $name);
	is(scalar(my @lines = split /\n/, $output), $rows, "$name: rows") if defined $rows;
}

# The names that the last request asked for.
sub projected
{
	my $body = $proxy->requests->[-1]{body};

	($body) = values %{ $body->{RequestItems} } if $body->{RequestItems};
	my $names = $body->{ExpressionAttributeNames} // {};

	return join ' ', sort map { $names->{$_} // $_ } split /,\s*/, $body->{ProjectionExpression} // '';
}

sub planning_asks_nothing
{
	my ($run) = @_;
	my $before = $proxy->counts;

	foreach my $query (
		"SELECT * FROM bench.test_runs",
		"SELECT * FROM bench.test_runs JOIN bench.aggregates USING (test_run_id) WHERE test_run_id = '$run'",
		"SELECT * FROM bench.aggregates WHERE test_run_id = '$run' AND config_id = '$config' AND invocation_type = 'warm'",
		"SELECT * FROM bench.results WHERE test_run_id = '$run'",
		"SELECT * FROM bench.results WHERE config_id = '$config' ORDER BY \"timestamp\" DESC LIMIT 3",
		"SELECT * FROM bench.items WHERE pk = 'x'",
		"SELECT max(duration_ms) FROM bench.results WHERE test_run_id = (SELECT test_run_id FROM bench.test_runs LIMIT 1)")
	{
		$node->safe_psql('postgres', "EXPLAIN $query; EXPLAIN (VERBOSE, FORMAT JSON) $query; PREPARE p AS $query");
	}
	is($proxy->asked($before), '', 'EXPLAIN and PREPARE ask nothing');
}

# The patterns of the benchmark suite, on a table that fits into one page.
sub access_patterns
{
	my ($run, $runs, $shape) = @_;
	my $id = $run->{test_run_id};
	my $one = "SELECT duration_ms_p99 FROM bench.aggregates WHERE test_run_id = '$id' AND invocation_type = 'warm'";

	asks("SELECT * FROM bench.test_runs WHERE test_run_id = '$id'", 'GetItem 1', 'a run', 1);
	asks("SELECT config_id FROM bench.aggregates WHERE test_run_id = '$id'",
		'Query (table) 1', 'AP1, aggregates of a run', $run->{aggregates});
	asks("SELECT r.status, a.config_id FROM bench.test_runs r JOIN bench.aggregates a USING (test_run_id) WHERE test_run_id = '$id'",
		'Query (table) 1', 'AP1, the run and its aggregates', $run->{aggregates});
	asks("$one AND config_id = '$config'", 'GetItem 1', 'AP2, one aggregate', 1);
	asks("$one AND $dimensions", 'GetItem 1', 'AP2 by dimensions', 1);
	asks("$one AND config_id = 'none'", 'GetItem 1', 'AP2, an aggregate that is not there', 0);
	asks("$one AND config_id IN ('$config', 'python3.12-arm64-light-1024', 'none')",
		'BatchGetItem 1', 'several aggregates', 2);
	asks("$one AND config_id = NULL", '', 'no aggregate is NULL', 0);
	asks("PREPARE p (text, text) AS $one AND config_id = \$2 AND test_run_id = \$1;
		SET plan_cache_mode = force_generic_plan; EXECUTE p ('$id', '$config'); EXECUTE p ('$id', NULL); EXECUTE p ('$id', '$config')",
		'GetItem 2', 'AP2 with parameters', 2);
	asks("SELECT config_id, invocation_number, duration_ms FROM bench.results WHERE test_run_id = '$id'",
		'Query TestRunIndex 1', 'AP3, covered columns', $run->{results});
	is(projected(), 'durationMs pk sk', 'AP3 asks for nothing but what it needs');
	asks("SELECT * FROM bench.results WHERE test_run_id = '$id' AND config_id = '$config'",
		'Query (table) 1', 'results of one configuration in a run', 6);
	asks("SELECT * FROM bench.results WHERE test_run_id = '$id' AND config_id = '$config' AND invocation_type = 'warm' AND invocation_number = 3",
		'GetItem 1', 'one result', 1);
	asks("SELECT test_run_id, \"timestamp\", duration_ms FROM bench.results WHERE config_id = '$config'",
		'Query ConfigIndex 1', 'AP4, covered columns', 6 * $runs);
	asks("SELECT test_run_id, \"timestamp\", duration_ms FROM bench.results WHERE $dimensions ORDER BY \"timestamp\" DESC LIMIT 2",
		'Query ConfigIndex 1', 'AP4 by dimensions, the newest', 2);
	asks("SELECT test_run_id, status FROM bench.test_runs",
		$shape eq 'live' ? 'BatchGetItem 1, Scan TestRunIndex 1' : 'Scan (table) 1', 'AP5, all runs', $runs);
	is(projected(), 'pk sk status', 'AP5 asks for nothing but what it needs') if $shape eq 'document';
	asks("SET benchresults_fdw.enable_pushdown = off; $one AND config_id = '$config'", 'Scan (table) 1', 'without pushdown', 1);
}

# A statement that asks no more than so often; its rows are counted.
sub asks_at_most
{
	my ($sql, $most, $name, $rows) = @_;
	my $total = $proxy->counts->{total};
	my $output = $node->safe_psql('postgres', $sql);
	my $asked = $proxy->counts->{total} - $total;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	cmp_ok($asked, '<=', $most, "$name: requests");
	is(scalar(my @lines = split /\n/, $output), $rows, "$name: rows");
}

# Keys in bulk, and the bounds that hold for any plan.
sub numbers_of_requests
{
	my ($run, $other, $runs) = @_;
	my $id = $run->{test_run_id};
	my $thousand = "ARRAY(SELECT CASE WHEN g = 500 THEN '$config' ELSE 'config-' || g END FROM generate_series(1, 1000) g)";
	my $keys = "test_run_id = '$id' AND config_id = ANY ($thousand) AND invocation_type = 'warm'";

	asks("SELECT config_id FROM bench.results WHERE $keys AND invocation_number = 1", 'BatchGetItem 10', '1,000 full keys', 1);
	asks("SELECT config_id FROM bench.results WHERE $keys AND invocation_number IN (1, 1, 999)", 'BatchGetItem 20', '2,000 full keys', 1);
	asks("SELECT config_id FROM bench.results WHERE $keys AND invocation_number = 1 AND memory_size_mb = 1024", 'BatchGetItem 10', 'and a further condition', 1);
	asks_at_most("SELECT config_id FROM bench.aggregates WHERE $keys", 10, '1,000 full keys of one partition', 1);
	asks("SELECT config_id FROM bench.aggregates WHERE test_run_id IN ('$id', '$other->{test_run_id}', '00000000-0000-4000-8000-00000000ed9e')",
		'Query (table) 3', 'aggregates of three runs', $run->{aggregates} + $other->{aggregates} + 1);
	asks("SELECT duration_ms FROM bench.results WHERE config_id = '$config' ORDER BY \"timestamp\" DESC LIMIT 1", 'Query ConfigIndex 1',
		'newest result of a configuration', 1);
	asks_at_most("SELECT * FROM bench.results WHERE config_id = '$config' ORDER BY \"timestamp\" DESC LIMIT 1", 2, 'the same, all columns', 1);
	asks_at_most("SELECT * FROM bench.aggregates WHERE config_id = '$config' AND invocation_type = 'warm' ORDER BY \"timestamp\" DESC LIMIT 10", 2,
		'newest aggregates of a configuration', $runs);
	asks("SELECT max(\"timestamp\") FROM bench.results WHERE config_id = '$config'", 'Query ConfigIndex 1', 'the last time of a configuration', 1);
	asks("SELECT * FROM bench.test_runs r LEFT JOIN bench.aggregates a USING (test_run_id) WHERE r.test_run_id = '$id'",
		'Query (table) 1', 'AP1 as an outer join, all columns', $run->{aggregates});
	asks_at_most("SELECT * FROM bench.results WHERE test_run_id = '$id'", $run->{configurations} + 2, 'a whole run, all columns', $run->{results});
	asks_at_most("SET benchresults_fdw.scan = deny; SELECT * FROM bench.results WHERE test_run_id = '$id'", $run->{configurations} + 2,
		'a whole run, all columns, without a Scan', $run->{results});
}

# The same where a run is many pages.
sub large_tables
{
	my ($run) = @_;
	my $id = $run->{test_run_id};

	asks("SELECT config_id FROM bench.aggregates WHERE test_run_id = '$id'",
		'Query (table) 1', 'AP1, all aggregates of a whole run', $run->{aggregates});
	asks("SELECT config_id, duration_ms FROM bench.results WHERE test_run_id = '$id'",
		qr/^Query TestRunIndex \d+$/, 'AP3 of a whole run', $run->{results});
	asks("SELECT test_run_id, duration_ms FROM bench.results WHERE config_id = '$config'",
		qr/^Query ConfigIndex \d+$/, 'AP4 of whole runs', 2 * 86);
	asks("SELECT * FROM bench.test_runs r JOIN bench.aggregates a USING (test_run_id) WHERE test_run_id = '$id'",
		'Query (table) 1', 'AP1 of a whole run, all columns', $run->{aggregates});

	my $index = 'SELECT config_id, duration_ms FROM bench.results';
	my $pages = $proxy->counts->{total};
	$node->safe_psql('postgres', "$index WHERE test_run_id = '$id'");
	$pages = $proxy->counts->{total} - $pages;
	asks_at_most("$_; SELECT * FROM bench.results WHERE test_run_id = '$id'", $run->{configurations} + $pages + 1, "a whole run, all columns, $_", $run->{results})
	  foreach 'RESET benchresults_fdw.scan', 'SET benchresults_fdw.scan = deny';
}

foreach my $stage (@stages)
{
	note $stage;
	$proxy = BenchTest::Proxy->start(target => bench_engine($stage));
	bench_server($node, $proxy->url);

	my $manifest = bench_manifest("$stage/BenchmarkResults");
	my $run = $manifest->{runs}[0];
	my $before = $proxy->counts;

	bench_import($node);
	like($proxy->asked($before), qr/^DescribeTable 1, Query \(table\) \d, Scan \(table\) 1$/, "$stage: import looks at a few items");
	$before = $proxy->counts;
	bench_import($node, schema => 'given', options => { shape => $manifest->{shape} });
	is($proxy->asked($before), '', 'import of a given shape asks nothing');
	planning_asks_nothing($run->{test_run_id});
	access_patterns($run, $manifest->{totals}{test_runs}, $manifest->{shape});
	numbers_of_requests($run, $manifest->{runs}[1], $manifest->{totals}{test_runs});
	unless ($ENV{BENCH_QUICK})
	{
		$manifest = bench_manifest("$stage/BenchmarkLarge");
		bench_import($node, table => 'BenchmarkLarge');
		large_tables($manifest->{runs}[0]);
	}
	no_violations($proxy, "$stage: every request was in order");
	$proxy->stop;
}

done_testing;
