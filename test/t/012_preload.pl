# Preloading: a library that every backend inherits from the postmaster brings
# along nothing that only one process may use.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults);
use BenchFaults;
use Test::More;

use constant BACKENDS => 20;

my ($node, $proxy) = faulty_cluster(conf => [ q{shared_preload_libraries = 'benchresults_fdw'}, 'restart_after_crash = on' ]);
my $run = bench_manifest('dynalite/live/BenchmarkResults')->{runs}[0];
my $query = "SELECT count(*) FROM bench.aggregates WHERE test_run_id = '$run->{test_run_id}'";
my $other = bench_cluster('other');		# without it

# The kinds of descriptors of a cluster's postmaster.
sub kinds
{
	my ($cluster) = @_;
	chomp(my $pid = (split /\n/, PostgreSQL::Test::Utils::slurp_file($cluster->data_dir . '/postmaster.pid'))[0]);

	return ($pid, join ' ', sort map { m{^(anon_inode:\S+|[a-z]+)} } descriptors($pid));
}

my ($postmaster, $before) = kinds($node);
is($before, (kinds($other))[1], 'the postmaster has the same descriptors as one without the library');
is(threads($postmaster), 1, 'and no thread');
like(PostgreSQL::Test::Utils::slurp_file("/proc/$postmaster/maps"), qr/benchresults_fdw\.so/, 'but the library');

# All wait in the same moment, whatever the machine is busy with; then they go on.
subtest BACKENDS . ' backends at once' => sub {
	my @sessions = map { session($node) } 1 .. BACKENDS;
	my $admin = session($node);
	my %sockets;

	$proxy->reset;
	fault($proxy, { stall => 'before' });
	$_->query_until(qr/sent/, "\\echo sent\n$query;\n\\echo over\n") foreach @sessions;
	wait_until(sub { $proxy->counts->{in_flight} == BACKENDS }, 'each has asked');
	$proxy->clear;
	gives($admin, q{SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE query LIKE '%bench.aggregates%' AND pid <> pg_backend_pid()},
		BACKENDS, 'all are cancelled');
	$_->query_until(qr/over/, '') foreach @sessions;

	foreach my $session (@sessions)
	{
		gives($session, $query, $run->{aggregates}, 'rows');
		$sockets{$_}++ foreach grep { /^socket:/ } descriptors(backend_pid($session));
	}
	is($proxy->counts->{connections}, 2 * BACKENDS, 'each has its connection, and had another');
	is(scalar(grep { $_ > 1 && $_ < BACKENDS } values %sockets), 0, 'and shares no socket with some of the others');

	# Ids are drawn at random: a generator seeded before the fork would repeat itself in every backend.
	my @ids = map { $_->{headers}{'amz-sdk-invocation-id'} } @{ $proxy->requests };
	my %ids = map { $_ => 1 } @ids;
	is(scalar(@ids), 2 * BACKENDS, 'requests');
	is(scalar(keys %ids), 2 * BACKENDS, 'no two with the same id');
	$_->quit foreach ($admin, @sessions);
};

is((kinds($node))[1], $before, 'the postmaster still has what it had');

subtest 'after a crash of a backend' => sub {
	my $session = session($node);
	my $pid = backend_pid($session);

	my $end = -s $node->logfile;
	kill 'KILL', $pid;
	$node->wait_for_log(qr/reinitializing.*database system is ready to accept connections/s, $end);
	eval { $session->quit };
	$session = session($node);
	gives($session, $query, $run->{aggregates}, 'new backends work');
	is((kinds($node))[1], $before, 'the postmaster has what it had');
	$session->quit;
};

$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
