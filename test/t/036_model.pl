# Random writes by eight sessions through a service that fails: afterwards the
# table, read from the engine, is what a model says. test/model/README.md says how.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
my @stages;

BEGIN { @stages = $ENV{BENCH_QUICK} ? 'dynamodb-local/live' : qw(dynamodb-local/live dynalite/live) }
use BenchTest @stages;
use IPC::Run ();
use JSON::PP ();
use Test::More;

my $seconds = $ENV{BENCH_LONG} ? 180 : 7;
my $seed = $ENV{BENCH_SEED} // int(rand(1_000_000_000));
my $node = bench_cluster('main', 'restart_after_crash = on', 'max_connections = 30');
my $columns = q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), u text, i bigint, n numeric, t text, b boolean,
	d double precision, j jsonb, tags text[], bin bytea, ts timestamptz OPTIONS (format 'epoch_ms')};

# A run on one engine, with these options of the table.
sub model_run
{
	my ($stage, $lot, %options) = @_;
	my $proxy = BenchTest::Proxy->start(target => bench_engine($stage));
	my ($output, $error);

	bench_server($node, $proxy->url, server => { updatable => 'true', max_attempts => 6, request_timeout => '1s' });
	bench_table($stage, 'Model', keys => [ pk => 'S', sk => 'S' ]);
	bench_foreign_table($node, 'w.t', 'Model', $columns, %options);
	bench_foreign_table($node, 'w.upsert', 'Model', $columns, insert_mode => 'upsert');
	IPC::Run::run([ bench_root() . '/test/model/run', '--connect', $node->connstr('postgres'), '--engine', bench_engine($stage),
		'--proxy', $proxy->folder, '--seed', $seed, '--seconds', $seconds, '--lot', $lot ], '>', \$output, '2>', \$error);
	my $totals = eval { JSON::PP->new->canonical->decode($output) } // {};
	my $statements = $totals->{statements} // {};
	my $faults = $totals->{faults} // {};
	my ($asked, $happened) = (0, 0);
	$asked += $statements->{$_} foreach grep { !/^error/ } keys %$statements;
	$happened += $_ foreach values %$faults;

	is(join("\n", @{ $totals->{problems} // ['no result'] }), '', "seed $seed: the table is as the model") or diag($error);
	is(join(' ', map { $_->{rule} } @{ $totals->{violations} // ['?'] }), '', 'every request was in order');
	cmp_ok($asked, '>', 100, 'statements');
	cmp_ok($totals->{rows} // 0, '>', 200, 'rows');
	cmp_ok($happened, '>', 20, 'faults');
	cmp_ok($totals->{births} // 0, '>', 5, 'shared items');
	diag("$stage, seed $seed: $asked statements, " . ($totals->{rows} // 0) . " rows, $happened faults, "
		. ($totals->{births} // 0) . ' shared items inserted, ' . ($totals->{deaths} // 0) . ' deleted; '
		. (join(', ', map { "$statements->{$_} $_" } sort grep { /^error/ } keys %$statements) || 'no errors'));
	note(JSON::PP->new->canonical->pretty->encode({ map { ($_ => $totals->{$_}) } qw(statements faults items) }));
	$proxy->stop;
}

$node->safe_psql('postgres', 'CREATE SCHEMA w');
foreach my $stage (@stages)
{
	subtest $stage => sub { model_run($stage, 0) };
}
subtest 'batch_mode transact' => sub { model_run('dynamodb-local/live', 25, batch_mode => 'transact', batch_size => 25) };

done_testing();
