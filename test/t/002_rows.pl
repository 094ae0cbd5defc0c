# Every item of the loaded table comes back exactly once, with every value, also
# while the proxy throttles, cuts connections, corrupts checksums and inserts
# empty pages. On both engines, in both shapes, for 50,000 results.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
my (@stages, @tables);

BEGIN
{
	@stages = $ENV{BENCH_QUICK} ? 'dynamodb-local/live'
	  : qw(dynamodb-local/live dynalite/live dynamodb-local/document dynalite/document);
	@tables = $ENV{BENCH_QUICK} ? 'BenchmarkResults' : qw(BenchmarkResults BenchmarkLarge);
}

use BenchTest map { my $table = $_; map { ("$_/$table", 'dump/' . s{.*/}{}r . "/$table") } @stages } @tables;
use BenchOracle;
use Test::More;

# Faults that a reader must survive. What is tried again gets no fault, so that
# however often one strikes, no request fails for good.
my %faults = (
	throttling => { every => 4, action => { throttle => \1 } },
	'connections closed before the answer' => { every => 3, action => { cut => 'before' } },
	'connections reset in the body' => { every => 3, action => { cut => 500, rst => \1 } },
	'bodies cut short' => { every => 3, action => { truncate => 700 } },
	'wrong checksums' => { every => 2, action => { crc => 'wrong' } },
	'server errors' => { every => 3, action => { status => 500 } },
	'empty pages' => { every => 2, action => { empty_page => \1 } },
	'connections closed after the answer' => { every => 2, action => { close => 'rst' } },
);

my $node = bench_cluster('main', "work_mem = '64MB'", 'jit = off');
my $proxy;

# Lets faults strike. Where there are several kinds, each sees only the requests
# that those before it have left alone, so it must not strike too often.
sub strike
{
	my (@names) = @_;
	my $seldom = @names > 1 ? 6 : 0;

	$proxy->clear;
	$proxy->faults(map {
		+{ match => { operation => [qw(Query Scan)], retry => \0, every => $seldom || $faults{$_}{every} },
			action => $faults{$_}{action}, times => 15 }
	} @names);
}

sub every_fault_struck
{
	my ($name) = @_;
	my @unused = grep { !$_->{used} } @{ $proxy->fault_state };

	is(scalar @unused, 0, "$name: every fault struck");
	$proxy->clear;
}

# A few items a page, so that a small table has many.
sub small_table
{
	my ($manifest) = @_;

	same_rows($node, $_, "F2: all $_") foreach qw(test_runs aggregates results items);
	$proxy->faults({ match => { operation => [qw(Query Scan)] }, action => { page_limit => 7 } });
	same_rows($node, $_, "F1: $_ in many pages") foreach qw(test_runs aggregates results items);
	foreach my $name (sort keys %faults)
	{
		strike($name);
		$proxy->faults({ match => { operation => [qw(Query Scan)] }, action => { page_limit => 20 } });
		same_rows($node, 'items', "$name: items");
		same_rows($node, 'results', "$name: results of a run by its index", where => "test_run_id = '$manifest->{runs}[0]{test_run_id}'",
			columns => [qw(test_run_id config_id invocation_type invocation_number duration_ms init_duration_ms)]);
		every_fault_struck($name);
	}
	absent_is_null($manifest);
}

sub absent_is_null
{
	my ($manifest) = @_;

	foreach my $run (@{ $manifest->{runs} })
	{
		my $failed = $node->safe_psql('postgres', qq{
			SELECT count(*) FROM bench.results WHERE test_run_id = '$run->{test_run_id}'
				AND duration_ms IS NULL AND billed_duration_ms IS NULL AND max_memory_used_mb IS NULL AND init_duration_ms IS NULL});
		my $empty = $node->safe_psql('postgres', qq{
			SELECT count(*) FROM bench.aggregates WHERE test_run_id = '$run->{test_run_id}'
				AND duration_ms_mean IS NULL AND duration_ms_sample_count IS NULL AND init_duration_ms_stats IS NULL AND sample_count = 0});

		is($failed, $run->{failed_results}, 'failed invocations have no metrics');
		is($empty, @{ $run->{empty_aggregates} }, 'nor have the aggregates of nothing else');
	}
}

# Whole runs, with all faults at a time: by a Scan, by a Query of each partition
# (only these show all columns), and by the index.
sub large_table
{
	my ($manifest) = @_;
	my ($first, $second) = map { "'$_->{test_run_id}'" } @{ $manifest->{runs} };

	is($node->safe_psql('postgres', 'SELECT count(*) >= 50000 FROM expected.results'), 't', 'F2: there are 50,000 results');
	strike(sort keys %faults);
	same_rows($node, 'items', 'faults: all items');
	same_rows($node, 'results', 'faults: results of a run, configuration by configuration',
		where => "test_run_id = $first AND config_id = ANY (ARRAY(SELECT config_id FROM expected.results))");
	same_rows($node, 'aggregates', 'faults: aggregates of both runs', where => "test_run_id IN ($first, $second)");
	same_rows($node, 'results', 'faults: results of the other run by its index', where => "test_run_id = $second",
		columns => [qw(test_run_id config_id invocation_type invocation_number duration_ms init_duration_ms)]);
	every_fault_struck('large table');
}

foreach my $table (@tables)
{
	my $expected = '';

	foreach my $stage (@stages)
	{
		my ($shape) = $stage =~ m{/(.*)};

		note "$stage/$table";
		expect_rows($node, $shape, $table) unless $expected eq $shape;
		$expected = $shape;
		$proxy = BenchTest::Proxy->start(target => bench_engine($stage));
		bench_server($node, $proxy->url);
		bench_import($node, table => $table, options => { shape => $shape });
		($table eq 'BenchmarkLarge' ? \&large_table : \&small_table)->(bench_manifest("$stage/$table"));
		no_violations($proxy, "$stage/$table: every request was in order");
		$proxy->stop;
	}
}

done_testing;
