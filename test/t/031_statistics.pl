# Statistics of random samples, by SQL and by scipy, statsmodels, R, or fractions.
# The seed is a new one in every run, and printed; BENCH_SEED sets it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";

use BenchTest;
use Test::More;

# BENCH_LONG: some minutes
my $rounds = $ENV{BENCH_LONG} ? 1000 : 50;
my $seed = $ENV{BENCH_SEED} // int(rand(1_000_000_000));
my $node = bench_cluster('main');

@ENV{qw(PGHOST PGPORT PGDATABASE)} = ($node->host, $node->port, 'postgres');
note("seed $seed");
# what is not executable is a module of the others
foreach my $script (grep { -x } glob(bench_root() . '/test/statistics/*.py'))
{
	my ($name) = $script =~ m{([^/]+)$};
	my $log = '';

  SKIP:
	{
		my $passed = IPC::Run::run([ '/usr/bin/python3', $script, $rounds, $seed ], '>&', \$log);
		skip "$name: $1", 1 if $log =~ /^1\.\.0 # SKIP (.*)/m;
		# a difference is shown whole: most of what led to it is gone with this test
		ok($passed, "$name with seed $seed") or diag($log);
	}
}

done_testing();
