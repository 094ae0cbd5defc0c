# Long computations end when they are told to, and the session lives on. Data is
# made once, so that what is interrupted is the computation and not its input.
#
# The bound is generous; figures are for benchmarks.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest;
use BenchFaults;
use Test::More;

use constant PROMPTLY => 2.0;

my $node = bench_cluster('main', 'shared_buffers = 16MB', 'fsync = off', 'max_wal_size = 4GB');
my $admin = session($node);
my $session = session($node, 'SET benchresults_fdw.max_sample_bytes = 1000000',
	'CREATE TEMP TABLE million AS SELECT array_agg((i * 7919::bigint % 10007)::float8) AS x FROM generate_series(1, 1000000) i',
	'CREATE TEMP TABLE many (x float8[])', 'ALTER TABLE many ALTER x SET STORAGE EXTERNAL',
	'INSERT INTO many SELECT array_agg(random()) FROM generate_series(1, 30000000)',
	'CREATE TEMP TABLE samples (x benchsample)', 'ALTER TABLE samples ALTER x SET STORAGE EXTERNAL',
	'INSERT INTO samples SELECT x FROM many');
my $pid = backend_pid($session);

# Each would take seconds, or much longer.
my %long = (
	'statistics of an array, to be sorted' => 'SELECT bench_stats(x::benchsample) FROM many',
	'statistics of an array, by selection and without outliers' => q{SELECT bench_stats(x, o) FROM many, unnest('{mad,suite,tukey,sigma}'::text[]) o},
	'statistics as an aggregate' => q{SELECT bench_stats(v) FROM many, unnest(x) v},
	'a sketch' => 'SELECT bench_sketch(v) FROM many, unnest(x) v',
	'moments' => 'SELECT bench_moments(v) FROM many, unnest(x) v',
	'a histogram' => 'SELECT count(*) FROM many, bench_histogram(x, 10000)',
	'Mann and Whitney of large samples' => 'SELECT (bench_mann_whitney(a.x, b.x)).u FROM samples a, samples b, generate_series(1, 10)',
	'Brunner and Munzel' => 'SELECT (bench_brunner_munzel(a.x, b.x)).t FROM samples a, samples b, generate_series(1, 10)',
	'Hodges and Lehmann' => 'SELECT bench_hodges_lehmann(a.x, b.x) FROM samples a, samples b',
	'pairs' => 'SELECT bench_paired(a.x, a.x[2:] || 0.5::float8) FROM many a',
	'a bootstrap of values' => q{SELECT bench_bootstrap_ci(x::float8[], 'mean', resamples => 1000000) FROM million},
	'a bootstrap of one resample of very many values' => q{SELECT bench_bootstrap_ci(x, 'stddev', resamples => 50) FROM samples},
	'a bootstrap of order statistics' => q{SELECT bench_bootstrap_ci(x::float8[], 'p90', resamples => 10000000, method => 'bca') FROM million},
	'a ratio of medians' => 'SELECT bench_ratio_ci(x, x, resamples => 10000000) FROM million',
	'a difference of medians' => 'SELECT bench_diff_ci(x, x, resamples => 10000000) FROM million',
	'change points in one window' => 'SELECT count(*) FROM million, bench_change_points(x, window_length => 1000000)',
	'change points in many windows' => 'SELECT count(*) FROM million, bench_change_points(x, window_length => 20000)',
	'segments' => 'SELECT count(*) FROM million, bench_segments(x, max_pvalue => 1, window_length => 10000)',
	'p-values' => 'SELECT array_length(bench_p_adjust(x), 1) FROM many');

# At their largest these take less than a second, and need not be interrupted.
my %short = (
	'Mann and Whitney, exact' => q{SELECT bench_mann_whitney(x, y, method => 'exact') FROM (SELECT array_agg(i * 2.0)::float8[] AS x, array_agg(i * 2.3 + 0.05)::float8[] AS y FROM generate_series(1, 100) i) s},
	'Mann and Whitney, exact, with ties' => q{SELECT bench_mann_whitney(x, y, method => 'exact') FROM (SELECT array_agg(i % 13)::float8[] AS x, array_agg(i % 17)::float8[] AS y FROM generate_series(1, 100) i) s},
	'Hodges and Lehmann of 100,000' => 'SELECT bench_hodges_lehmann(y, y) FROM (SELECT x[1:100000] AS y FROM million) s',
	'a trend' => 'SELECT bench_trend(x[1:5000]) FROM million',
	'how many runs' => 'SELECT bench_required_runs(x, 1e-9) FROM million',
	'a picture' => 'SELECT length(bench_sparkline(x)), length(bench_boxplot(x, width => 1000)) FROM million');

foreach my $name (sort keys %long)
{
	foreach my $milliseconds (50, 700)
	{
		with_timeout($session, "${milliseconds}ms", sub {
			my $seconds = elapsed(sub { fails($session, $long{$name}, '57014', qr/statement timeout/, "$name: cancelled after $milliseconds ms") });

			cmp_ok($seconds, '<', $milliseconds / 1000 + PROMPTLY, "$name: promptly");
			note sprintf('%.0f ms late', 1000 * $seconds - $milliseconds);
		});
	}
	gives($session, 'SELECT bench_median(i) FROM generate_series(1, 3) i', '2', "$name: the next statement");
}

foreach my $name (sort keys %short)
{
	my ($output, $error);
	my $seconds = elapsed(sub { ($output, $error) = outcome($session, $short{$name}) });

	cmp_ok($seconds, '<', PROMPTLY, "$name: soon over");
	note sprintf('%.0f ms', 1000 * $seconds);
	is($error, '', "$name: with a result");
}

subtest 'pg_cancel_backend' => sub {
	my $error;

	$session->query_until(qr/begun/, "\\echo begun\n$long{'change points in one window'};\n\\echo over\n\\warn over\n");
	wait_until(sub { (outcome($admin, "SELECT state = 'active' AND now() - query_start > '0.5 s' FROM pg_stat_activity WHERE pid = $pid"))[0] eq 't' }, 'it computes');
	my $seconds = elapsed(sub {
		outcome($admin, "SELECT pg_cancel_backend($pid)");
		$session->{stderr} = '';
		$session->{run}->pump() until $session->{stdout} =~ /over\n/ && $session->{stderr} =~ /over\n/;
		$error = $session->{stderr};
		$session->{stdout} = '';
	});

	like($error, qr/ERROR:  57014: canceling statement due to user request/, 'cancelled');
	cmp_ok($seconds, '<', PROMPTLY, 'promptly');
};
is(backend_pid($session), $pid, 'all in one session');

$_->quit foreach ($admin, $session);
done_testing();
