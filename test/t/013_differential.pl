# Random queries on random tables give the same rows with pushdown, without it, and
# on a local copy. The seed is a new one in every run, and printed.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
my @engines;

BEGIN
{
	@engines = $ENV{BENCH_QUICK} ? 'dynamodb-local/live' : qw(dynamodb-local/live dynalite/live);
}

use BenchTest @engines;
use JSON::PP ();
use Test::More;

use constant QUERIES => 500;

my $node = bench_cluster('main', 'restart_after_crash = on');
my $run = bench_root() . '/test/differential/run';

# A run of the tester; its output, and its totals if it came to an end.
sub totals
{
	my ($proxy, $seed, $queries) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir() . '/totals.json';
	my $log = '';

	IPC::Run::run([ $run, '--queries', $queries, '--seed', $seed, '--connect', $node->connstr('postgres'),
		'--proxy', $proxy->folder, '--summary', $file, '--quiet' ], '>&', \$log);
	note($log);
	return ($log, -e $file ? JSON::PP->new->decode(PostgreSQL::Test::Utils::slurp_file($file)) : {});
}

# A difference is shown whole: it cannot be made again without its report.
foreach my $engine (@engines)
{
	my $proxy = BenchTest::Proxy->start(target => bench_engine($engine));
	my $seed = int(rand(1_000_000_000));
	my $queries = QUERIES / @engines;

	subtest "$engine, seed $seed" => sub {
		my ($log, $totals) = totals($proxy, $seed, $queries);
		my $operations = $totals->{operations};

		cmp_ok($totals->{queries} // 0, '>=', $queries, 'all queries were made');
		is($totals->{differences} // 0, 0, 'the same rows') or diag($log);
		is($totals->{violations}, 0, 'no request was refused') or diag($log);
		# or nothing much was tried
		cmp_ok(($totals->{'with rows'} // 0) / $queries, '>', 0.25, 'many queries find something');
		cmp_ok(($totals->{errors} // 0) / $queries, '<', 0.05, 'few are errors');
		ok($operations->{$_}, "some are answered by $_") foreach qw(GetItem BatchGetItem Query Scan);
		$proxy->stop;
	};
}

done_testing();
