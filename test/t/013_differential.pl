# Random queries on random tables give the same rows with pushdown, without it, and
# on a local copy; an error that not all of them raise is told from a lost row. The
# seed is a new one in every run, and printed.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";

# not dynalite: it takes '' and false for absent in attribute_type(), IN and BETWEEN
use BenchTest qw(dynamodb-local/live);
use JSON::PP ();
use Test::More;

# BENCH_LONG: the long run, ten minutes or so
my $queries = $ENV{BENCH_LONG} ? 20000 : 500;
my $seed = int(rand(1_000_000_000));
my $node = bench_cluster('main', 'restart_after_crash = on');
my $proxy = BenchTest::Proxy->start(target => bench_engine('dynamodb-local/live'));
my $summary = PostgreSQL::Test::Utils::tempdir() . '/totals.json';
my $log = '';

# first whether the judge can tell an error that was not reached from a row that was lost
{
	local $ENV{BENCH_CONNINFO} = $node->connstr('postgres');
	my $tests = bench_root() . '/test/differential';

	ok(IPC::Run::run([ '/usr/bin/python3', '-B', '-m', 'unittest', '-v', 'test_judge' ], '>&', \$log, init => sub { chdir $tests or die "$tests: $!" }),
		'the judge') or diag($log);
	like($log, qr/Ran [1-9]\d+ tests/, 'was asked') or diag($log);
}

note("seed $seed");
IPC::Run::run([ bench_root() . '/test/differential/run', '--queries', $queries, '--seed', $seed, '--quiet',
	'--connect', $node->connstr('postgres'), '--proxy', $proxy->folder, '--summary', $summary ], '>&', \$log);
note($log);
my $totals = -e $summary ? JSON::PP->new->decode(PostgreSQL::Test::Utils::slurp_file($summary)) : {};
my $operations = $totals->{operations} // {};

# a difference is shown whole: most of what led to it is gone with this test
cmp_ok($totals->{queries} // 0, '>=', $queries, "seed $seed: all queries were made") or diag($log);
is($totals->{differences} // 0, 0, 'the same rows') or diag($log);
is($totals->{violations}, 0, 'no request was refused') or diag($log);

# or nothing much was tried
cmp_ok(($totals->{'with rows'} // 0) / $queries, '>', 0.25, 'many queries find something');
cmp_ok((($totals->{errors} // 0) + ($totals->{'open errors'} // 0)) / $queries, '<', 0.05, 'few are errors');
ok($operations->{$_}, "some are answered by $_") foreach qw(GetItem BatchGetItem Query Scan);

done_testing();
