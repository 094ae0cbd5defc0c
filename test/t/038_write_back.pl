# What functions on runs write to foreign tables: aggregates that were missing, as the suite would have stored them, and
# the end of a run, which may be interrupted.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
my @stages;

BEGIN { @stages = $ENV{BENCH_QUICK} ? 'dynamodb-local/live' : qw(dynamodb-local/live dynalite/live) }

use BenchTest @stages;
use BenchFaults;
use Test::More;

my $began = 1_772_000_000_000;
my $included = [qw(billedDurationMs durationMs initDurationMs invocationNumber invocationType maxMemoryUsedMB memorySizeMB)];
my $node = bench_cluster('main');
my $proxy;

sub N { return { N => "$_[0]" } }
sub S { return { S => "$_[0]" } }

# The results of a configuration's starts; the first failed.
sub results
{
	my ($run, $config, $type, $n) = @_;
	my ($runtime, $architecture, $workload, $memory) = split /-/, $config;

	return map { {
		pk => S("$run#$config"), sk => S("$type#$_"), itemType => S('result'), testRunId => S($run), configId => S($config),
		timestamp => N($began + 1000 * $_), runtime => S($runtime), architecture => S($architecture), workloadType => S($workload),
		memorySizeMB => N($memory), invocationType => S($type), invocationNumber => N($_), success => { BOOL => $_ > 1 ? \1 : \0 },
		$_ > 1 ? (durationMs => N($_ + 0.25), billedDurationMs => N($_ + 1), maxMemoryUsedMB => N(60 + $_)) : (),
		$_ > 1 && $type eq 'cold' ? (initDurationMs => N(100 * $_)) : () } } 1 .. $n;
}

sub aggregate
{
	my ($run, $config, $type, $n, $stats) = @_;

	return { pk => S("TESTRUN#$run"), sk => S("AGGREGATE#$config#$type"), itemType => S('aggregate'), testRunId => S($run), configId => S($config),
		timestamp => N($began + 60_000), invocationType => S($type), sampleCount => N($n), failedCount => N(1), allSuccessful => { BOOL => \0 },
		map { $_ => { M => $stats } } qw(durationMsStats billedDurationMsStats memoryMBStats) };
}

# A run of two configurations; of four aggregates one has figures, one has none, two are missing.
sub run_items
{
	my ($run) = @_;
	my ($arm, $x86) = qw(rust-arm64-light-128 rust-x86-light-128);

	return (
		{ pk => S("TESTRUN#$run"), sk => S("TESTRUN#$run"), itemType => S('test-run'), testRunId => S($run), timestamp => N($began),
			startTime => N($began), endTime => N($began + 90_000), status => S('completed'), mode => S('test'), totalConfigurations => N(2),
			coldStartsPerConfig => N(3), warmStartsPerConfig => N(6), testMatrix => { M => { configurations => { L => [ map { { M => {
				runtime => S('rust'), architecture => S($_), workloadType => S('light'), memorySizes => { L => [ N(128) ] } } } } qw(arm64 x86) ] } } } },
		(map { results($run, $_, 'cold', 3), results($run, $_, 'warm', 6) } $arm, $x86),
		aggregate($run, $arm, 'cold', 2, { mean => N(47) }), aggregate($run, $arm, 'warm', 0, {}),
		{ pk => S("TESTRUN#$run"), sk => S('NOTE#1'), itemType => S('note') },
		{ pk => S("DOCUMENT#$run"), sk => S('PART#0001'), testRunId => S($run) });
}

sub make_table
{
	my ($stage) = @_;

	bench_table($stage, 'WriteBack', keys => [ pk => 'S', sk => 'S' ],
		global => { TestRunIndex => [ testRunId => 'S', timestamp => 'N', [ @$included, qw(architecture configId runtime workloadType) ] ],
			ConfigIndex => [ configId => 'S', timestamp => 'N', [ @$included, 'testRunId' ] ] },
		items => [ run_items('run-1'), run_items('run-2') ]);
	bench_import($node, table => 'WriteBack', options => { shape => 'live' });
}

# The requests since then by their operations, in order, runs of the same as one.
sub operations
{
	my ($since) = @_;
	my @names = map { $_->{operation} } @{ $proxy->requests($since) };

	return join ' ', map { $names[$_] } grep { $_ == 0 || $names[$_] ne $names[ $_ - 1 ] } 0 .. $#names;
}

sub counted
{
	my ($session, $run) = @_;

	return (outcome($session, "SELECT count(*) FILTER (WHERE item_type = 'result'), count(*) FILTER (WHERE item_type = 'aggregate'),
		count(*) FILTER (WHERE item_type = 'test-run'), count(*) FROM bench.items WHERE test_run_id = '$run' OR pk LIKE '%#$run'"))[0];
}

sub recompute
{
	my $session = session($node);
	my $call = q{SELECT config_id, invocation_type, sample_count, failed_count FROM bench_recompute_aggregates('run-1', 'bench')};
	my $kept = (outcome($session, q{SELECT item FROM bench.items WHERE pk = 'TESTRUN#run-1' AND sk = 'AGGREGATE#rust-arm64-light-128#cold'}))[0];

	$proxy->reset;
	gives($session, $call, "rust-arm64-light-128|warm|5|1\nrust-x86-light-128|cold|2|1\nrust-x86-light-128|warm|5|1", 'what was missing or empty');
	my @writes = grep { $_->{operation} =~ /Item$/ && $_->{operation} ne 'GetItem' } @{ $proxy->requests(0) };
	is(join(' ', sort map { $_->{operation} } @writes), 'PutItem PutItem UpdateItem', 'three writes');
	$proxy->reset;
	gives($session, $call, '', 'nothing is left to do');
	unlike(operations(0), qr/PutItem|UpdateItem/, 'and nothing written');
	gives($session, q{SELECT * FROM bench_missing_aggregates('run-1', 'bench')}, '', 'nothing is missing');
	gives($session, q{SELECT config_id, invocation_type, metric, reason, detail FROM bench_verify_aggregates('run-1', 'bench') WHERE NOT (config_id ~ 'arm64' AND invocation_type = 'cold')},
		'', 'all that was written is right');
	gives($session, q{SELECT item FROM bench.items WHERE pk = 'TESTRUN#run-1' AND sk = 'AGGREGATE#rust-arm64-light-128#cold'}, $kept, 'what had figures is as it was');

	# an item as the suite writes it: all attributes, and no others
	gives($session, q{SELECT jsonb_object_agg(key, value) FROM bench.items, jsonb_each(item) WHERE pk = 'TESTRUN#run-1'
		AND sk = 'AGGREGATE#rust-x86-light-128#warm' AND key !~ 'Stats'}, '{"pk": "TESTRUN#run-1", "sk": "AGGREGATE#rust-x86-light-128#warm", '
		. '"runtime": "rust", "configId": "rust-x86-light-128", "itemType": "aggregate", "testRunId": "run-1", '
		. '"timestamp": ' . ($began + 6000) . ', "failedCount": 1, "sampleCount": 5, "architecture": "x86", "memorySizeMB": 128, "workloadType": "light", '
		. '"allSuccessful": false, "invocationType": "warm"}', 'an item');
	gives($session, q{SELECT string_agg(key, ' ' ORDER BY key COLLATE "C") FROM bench.items, jsonb_object_keys(item) key WHERE pk = 'TESTRUN#run-1'
		AND sk = 'AGGREGATE#rust-x86-light-128#warm' AND key ~ 'Stats'}, 'billedDurationMsStats durationMsStats memoryMBStats', 'warm starts have no initialization');
	gives($session, q{SELECT item->'durationMsStats' FROM bench.items WHERE pk = 'TESTRUN#run-1' AND sk = 'AGGREGATE#rust-x86-light-128#warm'},
		(outcome($session, q{SELECT bench_stats('{2.25,3.25,4.25,5.25,6.25}'::float8[], 'suite')}))[0], 'its figures');
	gives($session, q{SELECT init_duration_ms_mean, init_duration_ms_stats->'mean' FROM bench.aggregates WHERE test_run_id = 'run-1'
		AND config_id = 'rust-x86-light-128' AND invocation_type = 'cold'}, '250|250', 'initialization of cold starts');
	$session->quit;
}

sub deletion
{
	my $session = session($node);

	is(counted($session, 'run-1'), '18|4|1|25', 'a run');
	# interrupted among the results
	$proxy->reset;
	fault($proxy, { error => 'ValidationException', message => 'not today' }, operation => 'DeleteItem', contains => 'warm#3');
	fails($session, q{SELECT * FROM bench_delete_run('run-1', 'bench')}, 'HV00L', qr/not today/, 'interrupted');
	$proxy->clear;
	like(counted($session, 'run-1'), qr/^\d+\|4\|1\|/, 'the run is there, and its aggregates');
	my ($left) = counted($session, 'run-1') =~ /^(\d+)/;
	cmp_ok($left, '<', 18, 'some results are gone');
	$proxy->reset;
	gives($session, q{SELECT * FROM bench_delete_run('run-1', 'bench')}, "run-1|$left|4|2|1", 'the next call ends it');
	my @requests = @{ $proxy->requests(0) };
	my @writes = grep { $_->{operation} eq 'DeleteItem' } @requests;
	is_deeply($writes[-1]{body}{Key}, { pk => S('TESTRUN#run-1'), sk => S('TESTRUN#run-1') }, 'the run last');
	is(scalar(grep { $_->{operation} eq 'Scan' } @requests), 0, 'no Scan');
	is(counted($session, 'run-1'), '0|0|0|0', 'nothing is left');
	is(counted($session, 'run-2'), '18|2|1|23', 'the other run is whole');

	# late results of a run that is gone
	outcome($session, q{INSERT INTO bench.results (test_run_id, config_id, invocation_type, invocation_number, "timestamp", duration_ms)
		VALUES ('run-1', 'rust-x86-light-128', 'warm', 7, now(), 1)});
	gives($session, q{SELECT * FROM bench_delete_run('run-1', 'bench')}, 'run-1|1|0|0|0', 'by its whole id');
	fails($session, q{SELECT * FROM bench_delete_run('run-1', 'bench')}, 'P0002', qr/has no run "run-1"/, 'then there is nothing');

	# what cannot be written
	outcome($session, q{ALTER FOREIGN TABLE bench.results OPTIONS (ADD updatable 'false')});
	fails($session, q{SELECT * FROM bench_delete_run('run-2', 'bench')}, '55000', qr/updatable/, 'not updatable');
	is(counted($session, 'run-2'), '18|2|1|23', 'nothing was deleted');

	# an index that lags shows nothing at first
	outcome($session, q{ALTER FOREIGN TABLE bench.results OPTIONS (DROP updatable)});
	$proxy->reset;
	fault($proxy, { body => '{"Count":0,"ScannedCount":0,"Items":[]}' }, times => 1, operation => 'Query', contains => 'TestRunIndex');
	gives($session, q{SELECT * FROM bench_delete_run('run-2', 'bench')}, 'run-2|18|2|2|1', 'an index that lags');
	is(counted($session, 'run-2'), '0|0|0|0', 'nothing is left');
	$session->quit;
}

foreach my $stage (@stages)
{
	$proxy = BenchTest::Proxy->start(target => bench_engine($stage));
	bench_server($node, $proxy->url, server => { updatable => 'true' });
	make_table($stage);
	subtest "$stage: aggregates" => \&recompute;
	subtest "$stage: a run's end" => \&deletion;
	no_violations($proxy, "$stage: every request was in order");
	$proxy->stop;
}

done_testing;
