# The functions on runs: what they ask for, and what is missing of a run, found
# exactly. On both engines, in both shapes, in large tables.
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
use BenchFaults;
use Test::More;
use Time::HiRes ();

my $node = bench_cluster('main');
my $proxy;

# Whether a statement has this output and asks for this.
sub finds
{
	my ($sql, $rows, $asked, $name) = @_;
	my $before = $proxy->counts;
	my $output = $node->safe_psql('postgres', $sql);
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	is($output, $rows, $name) if defined $rows;
	ref $asked ? like($proxy->asked($before), $asked, "$name: requests") : is($proxy->asked($before), $asked, "$name: requests");
}

# The pairs of configuration and start type that a manifest names, as psql prints them.
sub pairs
{
	my ($suffix, @pairs) = @_;

	return join "\n", sort map { "$_->[0]|$_->[1]$suffix" } @pairs;
}

# What a run lacks, is found by the request that reads the run and its aggregates.
sub missing_of_run
{
	my ($schema, $run) = @_;
	my $id = $run->{test_run_id};
	my $missing = "SELECT config_id, invocation_type FROM bench_missing_aggregates('$id', '$schema')";
	my $order = 'ORDER BY config_id COLLATE "C", invocation_type';

	isnt(scalar @{ $run->{missing_aggregates} }, 0, 'there is something to be found');
	finds("$missing WHERE reason = 'missing' $order", pairs('', @{ $run->{missing_aggregates} }), 'Query (table) 1', 'missing aggregates');
	finds("$missing WHERE reason = 'empty' $order", pairs('', @{ $run->{empty_aggregates} }), 'Query (table) 1', 'empty aggregates');
	finds("$missing WHERE reason NOT IN ('missing', 'empty')", '', 'Query (table) 1', 'and nothing else');
	finds("SELECT count(*) FROM bench_configurations('$id', '$schema')", $run->{configurations}, 'GetItem 1', 'the matrix');

	# pages of the results, as any query of the run's results reads them
	my $before = $proxy->counts;
	$node->safe_psql('postgres', "SELECT duration_ms FROM $schema.results WHERE test_run_id = '$id'");
	my $pages = $proxy->asked($before);
	finds("SELECT config_id, invocation_type, reason FROM bench_verify_aggregates('$id', '$schema') $order",
		pairs('|missing', @{ $run->{missing_aggregates} }), "Query (table) 1, $pages", 'the other aggregates are what the results give');
	finds("SELECT count(*) FROM bench_recomputed_aggregates('$id', '$schema')", $run->{aggregates} + @{ $run->{missing_aggregates} }, $pages,
		'aggregates recomputed');
	finds("SELECT sum(planned) - sum(missing), sum(failed) FROM (
			SELECT r.* FROM bench_missing_results('$id', '$schema') r
			UNION ALL SELECT '', config_id, kind, planned, planned, 0, 0, '{}' FROM bench_configurations('$id', '$schema'),
				LATERAL (VALUES ('cold', cold_starts), ('warm', warm_starts)) v (kind, planned)
			WHERE (config_id, kind) NOT IN (SELECT config_id, invocation_type FROM bench_missing_results('$id', '$schema'))) r",
		"$run->{results}|$run->{failed_results}", qr/^GetItem 3, /, 'missing and failed results');
}

# Other names of a run cost the list of the runs, and a prefix one request that finds nothing.
sub names_of_runs
{
	my ($shape, @ids) = @_;
	my ($newest, $before) = @ids;
	# in the live shape the index of runs and results lacks the status
	my $list = $shape eq 'live' ? 'Scan TestRunIndex 1' : 'Scan (table) 1';
	my $statuses = $shape eq 'live' ? 'BatchGetItem 1, ' : '';
	my $status = $shape eq 'live' ? 'GetItem 1, ' : '';
	my $missing = 'SELECT DISTINCT test_run_id FROM bench_missing_aggregates';

	finds("SELECT bench_run('$newest', 'bench')", $newest, 'GetItem 1', 'a whole id');
	finds("$missing('latest', 'bench')", $newest, "Query (table) 1, $list", 'latest');
	finds("$missing('previous', 'bench')", $before, "${statuses}Query (table) 1, $list", 'previous');
	finds("$missing('" . substr($before, 0, 8) . "', 'bench')", $before, "${status}Query (table) 2, $list", 'a prefix');
	finds("SELECT count(DISTINCT test_run_id) FROM bench_missing_aggregates(source => 'bench')", scalar @ids,
		'Query (table) ' . @ids . ", $list", 'all runs');
	finds("SELECT DISTINCT test_run_id FROM bench.results WHERE test_run_id = bench_run('latest', 'bench')", $newest, "Query TestRunIndex 1, $list",
		'in a condition, once for all rows and the plan');
	like(bench_error_of($node, "SELECT * FROM bench_missing_aggregates('nonesuch', 'bench')"), qr/P0002: .*has no run "nonesuch".*HINT: /s, 'no such run');
}

# The newest runs of a configuration: a page of the index and, where it lacks the figures, their keys.
sub history
{
	my ($shape, @ids) = @_;
	# all of a table this small is read as fast
	my $history = 'SET benchresults_fdw.scan = deny; SELECT test_run_id FROM bench_config_history';
	my $config = 'nodejs22-arm64-cpu-intensive-1024';
	my ($one, $all) = map { ($shape eq 'live' ? $_ : '') . 'Query ConfigIndex 1' } 'GetItem 1, ', 'BatchGetItem 1, ';

	finds("$history('$config', 1, source => 'bench')", $ids[0], $one, 'the newest run of a configuration');
	finds("$history('$config', source => 'bench')", join("\n", @ids), $all, 'the runs of a configuration');
	finds("$history('none', source => 'bench')", '', 'Query ConfigIndex 1', 'of none');
}

# A run that ended so many seconds ago, with one of two aggregates.
sub just_ended
{
	my ($stage, $seconds) = @_;
	my $ended = int(1000 * (Time::HiRes::time() - $seconds));
	my @key = (pk => { S => 'TESTRUN#now' });

	bench_table($stage, 'JustEnded', keys => [ pk => 'S', sk => 'S' ],
		global => { TestRunIndex => [ testRunId => 'S', timestamp => 'N', 'KEYS_ONLY' ] },
		items => [
			{ @key, sk => { S => 'TESTRUN#now' }, testRunId => { S => 'now' }, timestamp => { N => "$ended" }, endTime => { N => "$ended" },
				status => { S => 'completed' }, coldStartsPerConfig => { N => '1' }, warmStartsPerConfig => { N => '1' },
				testMatrix => { M => { configurations => { L => [ { M => { runtime => { S => 'rust' }, architecture => { S => 'x86' },
					workloadType => { S => 'light' }, memorySizes => { NS => [ '128' ] } } } ] } } } },
			{ @key, sk => { S => 'AGGREGATE#rust-x86-light-128#cold' }, testRunId => { S => 'now' }, timestamp => { N => "$ended" },
				sampleCount => { N => '1' }, durationMsStats => { M => { mean => { N => '1' } } } } ]);
	bench_import($node, schema => 'ended', table => 'JustEnded', options => { shape => 'live' });
}

# Which of the requests since then were strong reads.
sub strong
{
	my ($since) = @_;

	return join ' ', map { $_->{body}{ConsistentRead} ? 'strong' : 'eventual' } @{ $proxy->requests($since) };
}

sub recently_ended_runs
{
	my ($stage) = @_;
	my $session = session($node);
	my $missing = "SELECT config_id, invocation_type, reason FROM bench_missing_aggregates('now', 'ended')";
	my $found = 'rust-x86-light-128|warm|missing';

	just_ended($stage, 2);
	$proxy->reset;
	gives($session, $missing, $found, 'a run that has just ended');
	is(strong(0), 'eventual strong', 'is read again, for certain');
	gives($session, 'SHOW benchresults_fdw.consistent_read', 'off', 'and nothing else is');

	# an eventual read does not see the aggregate yet: this is its answer
	my $seen = JSON::PP->new->decode($node->safe_psql('postgres', q{SELECT jsonb_build_object('S', item->>'endTime') FROM ended.items WHERE pk = sk}));
	my $run = json({ pk => { S => 'TESTRUN#now' }, sk => { S => 'TESTRUN#now' }, status => { S => 'completed' },
		endTime => { N => $seen->{S} }, testMatrix => { M => { configurations => { L => [] } } } });
	$proxy->reset;
	fault($proxy, { body => qq({"Count":1,"ScannedCount":1,"Items":[$run]}) }, times => 1, operation => 'Query');
	gives($session, $missing, $found, 'what the second read finds is what counts');
	is(strong(0), 'eventual strong', 'it is the strong one');

	$proxy->reset;
	outcome($session, 'SET benchresults_fdw.consistent_read = on');
	gives($session, $missing, $found, 'strong reads are asked for');
	is(strong(0), 'strong', 'once is enough');
	gives($session, 'SHOW benchresults_fdw.consistent_read', 'on', 'and that stays');
	outcome($session, 'RESET benchresults_fdw.consistent_read');

	# what fails in between leaves nothing behind
	$proxy->reset;
	fault($proxy, { error => 'ValidationException', message => 'no' }, operation => 'Query', contains => 'ConsistentRead');
	fails($session, $missing, 'HV00L', qr/no/, 'the second read fails');
	gives($session, 'SHOW benchresults_fdw.consistent_read', 'off', 'the setting is as before');

	just_ended($stage, 90);
	$proxy->reset;
	gives($session, $missing, $found, 'a run that ended a while ago');
	is(strong(0), 'eventual', 'is read once');
	$session->quit;
}

foreach my $stage (@stages)
{
	note $stage;
	$proxy = BenchTest::Proxy->start(target => bench_engine($stage));
	bench_server($node, $proxy->url);

	my $manifest = bench_manifest("$stage/BenchmarkResults");
	my @ids = map { $_->{test_run_id} } @{ $manifest->{runs} };

	bench_import($node);
	subtest "$stage: a run" => sub { missing_of_run('bench', $manifest->{runs}[0]) };
	subtest "$stage: names of runs" => sub { names_of_runs($manifest->{shape}, @ids) };
	subtest "$stage: history" => sub { history($manifest->{shape}, @ids) };
	subtest "$stage: runs that have just ended" => sub { recently_ended_runs($stage) } if $manifest->{shape} eq 'live';
	unless ($ENV{BENCH_QUICK})
	{
		bench_import($node, schema => 'large', table => 'BenchmarkLarge');
		subtest "$stage: a whole run" => sub { missing_of_run('large', bench_manifest("$stage/BenchmarkLarge")->{runs}[0]) };
	}
	no_violations($proxy, "$stage: every request was in order");
	$proxy->stop;
}

done_testing;
