# Copies of runs while others copy, while the service fails, and after a cancellation: each run whole and once.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynamodb-local/live/BenchmarkRuns);
use BenchFaults;
use Test::More;

my $node = bench_cluster('main');
my $proxy = BenchTest::Proxy->start(target => bench_engine('dynamodb-local/live'));
# the six newest runs, of which the manifest has the newest first; one is in progress
my @six = reverse @{ bench_manifest('dynamodb-local/live/BenchmarkRuns')->{runs} }[0 .. 5];
my @ids = map { $_->{test_run_id} } grep { $_->{status} ne 'in_progress' } @six;
my $halves = q{SELECT count(*) FROM (SELECT test_run_id FROM copied.results UNION SELECT test_run_id FROM copied.aggregates
	EXCEPT SELECT test_run_id FROM copied.test_runs) h};
my $rows = q{SELECT count(*) FROM %1$s.results WHERE test_run_id IN (SELECT test_run_id FROM copied.test_runs)};
my $call = q{CALL bench_mirror('few', 'copied', 'united')};

bench_server($node, $proxy->url, server => { max_attempts => 1 });
bench_import($node, table => 'BenchmarkRuns');
my $admin = session($node, 'CREATE SCHEMA few', 'CREATE VIEW few.aggregates AS TABLE bench.aggregates', 'CREATE VIEW few.results AS TABLE bench.results',
	"CREATE VIEW few.test_runs AS SELECT * FROM bench.test_runs WHERE test_run_id IN ('" . join("','", map { $_->{test_run_id} } @six) . "')");

# An empty copy.
sub begin_anew
{
	outcome($admin, 'DROP SCHEMA IF EXISTS copied, united CASCADE');
	gives($admin, q{SELECT bench_mirror_tables('few', 'copied', 'united')}, '', 'tables without a row');
}

# Sends the statement, and returns when something is waited for.
sub begin
{
	my ($session, $event) = @_;
	my $pid = backend_pid($session);

	$session->query_until(qr/begun/, "\\echo begun\n$call;\n\\echo over\n\\warn over\n");
	wait_until(sub { (outcome($admin, "SELECT wait_event_type FROM pg_stat_activity WHERE pid = $pid"))[0] eq $event }, "the call waits: $event");
	return $pid;
}

# What begin() began: its errors and notices, when it is over.
sub finish
{
	my ($session) = @_;

	$session->{run}->pump() until $session->{stdout} =~ /over\n/ && $session->{stderr} =~ /over\n/;
	my $told = $session->{stderr};
	$session->{stdout} = $session->{stderr} = '';
	return $told;
}

# The runs that a call says it has copied, in this order.
sub copied { return $_[0] =~ /run "([^"]+)" copied/g }

# Whether the copies are what the source has, and there is no half of a run.
sub is_whole
{
	my ($copies, $name) = @_;

	gives($admin, 'SELECT count(*) FROM copied.test_runs', $copies, "$name: runs");
	gives($admin, $halves, 0, "$name: no half");
	gives($admin, sprintf($rows, 'copied'), (outcome($admin, sprintf($rows, 'bench')))[0], "$name: all results of each");
}

subtest 'two at a time' => sub {
	my @sessions = (session($node), session($node));

	begin_anew();
	outcome($admin, 'BEGIN; LOCK TABLE copied.results IN EXCLUSIVE MODE');
	begin($_, 'Lock') foreach @sessions;
	outcome($admin, 'COMMIT');
	my @told = map { finish($_) } @sessions;
	unlike($_, qr/ERROR/, 'no error') foreach @told;
	is_deeply([ sort map { copied($_) } @told ], [ sort @ids ], 'each run by one of them');
	is_whole(scalar @ids, 'together');
	$_->quit foreach @sessions;
};

subtest 'the service fails' => sub {
	my $session = session($node);

	begin_anew();
	fault($proxy, { error => 'ValidationException', message => 'not today' }, contains => "$ids[3]#");
	my (undef, $told) = outcome($session, $call);
	is_deeply([ copied($told) ], [ @ids[0 .. 2] ], 'the runs before, the oldest first');
	like($told, qr/ERROR:  HV00L: .*not today/, 'and then the error');
	$proxy->clear;
	is_whole(3, 'so far');
	gives($session, 'SELECT count(DISTINCT test_run_id) FROM united.test_runs', scalar @ids + 1, 'the views have the others');
	(undef, $told) = outcome($session, $call);
	is_deeply([ copied($told) ], [ @ids[3, 4] ], 'the next call goes on');
	is_whole(scalar @ids, 'at last');
	$session->quit;
};

subtest 'cancelled' => sub {
	my $session = session($node);

	begin_anew();
	fault($proxy, { stall => 'before' }, contains => "$ids[2]#");
	my $pid = begin($session, 'Extension');
	wait_until(sub { (outcome($admin, 'SELECT count(*) FROM copied.test_runs'))[0] eq '2' && $proxy->counts->{in_flight} == 1 }, 'it is stuck');
	outcome($admin, "SELECT pg_cancel_backend($pid)");
	like(my $told = finish($session), qr/ERROR:  57014/, 'cancelled');
	is_deeply([ copied($told) ], [ @ids[0, 1] ], 'after two runs');
	$proxy->clear;
	is_whole(2, 'two runs');
	(undef, $told) = outcome($session, $call);
	is_deeply([ copied($told) ], [ @ids[2 .. 4] ], 'the same session goes on');
	is_whole(scalar @ids, 'at last');

	# a copied run is asked for no more, whoever names it
	my $since = $proxy->counts->{total};
	gives($session, "SELECT count(*) FROM unnest('{" . join(',', @ids) . "}'::text[]) id, LATERAL (SELECT count(*) FROM united.results r WHERE r.test_run_id = id) r",
		scalar @ids, 'all runs by name');
	is($proxy->counts->{total}, $since, 'no request');
	$session->quit;
};

# A row that is locked, and has changed when it can be: conditions are checked again, those without columns too.
subtest 'checked again' => sub {
	my $session = session($node, 'CREATE TABLE picked AS SELECT test_run_id AS id, 1 AS n FROM copied.test_runs LIMIT 1',
		"INSERT INTO picked SELECT test_run_id, 1 FROM bench.test_runs WHERE status = 'in_progress'");
	my $query = q{SELECT p.n, a.n FROM picked p JOIN LATERAL (SELECT count(*) AS n FROM united.aggregates a WHERE a.test_run_id = p.id) a ON true
		JOIN bench.test_runs r ON r.test_run_id = p.id AND r.test_run_id NOT IN (SELECT test_run_id FROM copied.test_runs) ORDER BY p.n FOR UPDATE OF p};

	outcome($admin, 'BEGIN; UPDATE picked SET n = n + 1');
	my $pid = backend_pid($session);
	$session->query_until(qr/begun/, "\\echo begun\n$query;\n\\echo over\n\\warn over\n");
	wait_until(sub { (outcome($admin, "SELECT wait_event_type FROM pg_stat_activity WHERE pid = $pid"))[0] eq 'Lock' }, 'the query waits');
	outcome($admin, 'COMMIT');
	$session->{run}->pump() until $session->{stdout} =~ /over\n/;
	like($session->{stdout}, qr/^2\|\d+\nover/m, 'the run in progress, and its new version');
	$session->{stdout} = $session->{stderr} = '';
	$session->quit;
};

no_violations($proxy, 'every request was in order');
$proxy->stop;
done_testing;
