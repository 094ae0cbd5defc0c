# Comparisons of runs and of architectures: what they read, and whether they say of the sample data what was published.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
my (@stages, @tables);

BEGIN
{
	@stages = $ENV{BENCH_QUICK} ? 'dynamodb-local/live' : qw(dynamodb-local/live dynamodb-local/document);
	# of a few runs, of many, of runs of full size
	@tables = $ENV{BENCH_QUICK} ? 'BenchmarkResults' : qw(BenchmarkResults BenchmarkRuns BenchmarkLarge);
}

use BenchTest map { my $stage = $_; map { "$stage/$_" } @tables } @stages;
use BenchTest::Published;
use Test::More;

my $node = bench_cluster('main');
load_published($node);

# arm64 against x86 within a run: wherever there is a verdict, it is the one of the published means.
sub architectures
{
	my ($proxy, $table, $id) = @_;
	my $before = $proxy->counts;

	$node->safe_psql('postgres', "DROP TABLE IF EXISTS compared; CREATE TABLE compared AS SELECT * FROM bench_compare_architectures('$id', 'bench')");
	my $asked = $proxy->asked($before);
	note "$table: architectures within a run: $asked";
	unlike($asked, qr/Scan/, "$table: the architectures of a run are compared without a Scan");
	my ($rows, $judged, $against, $most) = split /\|/, $node->safe_psql('postgres', q{
		WITH p AS (SELECT a.runtime, a.workload_type, a.memory_size_mb, a.invocation_type, 100 * (1 - a.mean / x.mean) AS improvement
			FROM published a JOIN published x USING (runtime, workload_type, memory_size_mb, invocation_type)
			WHERE a.architecture = 'arm64' AND x.architecture = 'x86')
		SELECT count(*), count(*) FILTER (WHERE verdict IN ('faster', 'slower')),
			count(*) FILTER (WHERE verdict IN ('faster', 'slower') AND abs(p.improvement) >= 5 AND sign(p.improvement) <> sign(c.improvement)),
			round(max(c.improvement)::numeric, 1)
		FROM compared c JOIN p USING (runtime, workload_type, memory_size_mb, invocation_type)});
	note "$table: $rows pairs that were published, $judged with a verdict";
	is($against, 0, '... and no verdict is against the published figures');
	is($node->safe_psql('postgres', 'SELECT count(*) FROM compared WHERE p_adjusted < p_value'), 0, '... p-values are adjusted upwards');
	is($node->safe_psql('postgres', q{SELECT bool_and(note LIKE 'invocation-level%') FROM compared}), 't', '... and said to be those of one run');
	return ($rows, $judged, $most);
}

# A figure of each run takes one Query for each; two runs alone are compared by their results.
sub runs
{
	my ($proxy, $table, @ids) = @_;
	my $before = $proxy->counts;

	$node->safe_psql('postgres', "DROP TABLE IF EXISTS compared; CREATE TABLE compared AS SELECT * FROM bench_compare_runs('$ids[1]', '$ids[0]', 'bench')");
	note "$table: one run with another: " . $proxy->asked($before);
	is($node->safe_psql('postgres', q{SELECT count(*) > 0, bool_and(verdict = 'inconclusive'), bool_and(note LIKE 'invocation-level%') FROM compared}),
		't|t|t', "$table: two runs are compared, and nothing is concluded of that");
	return if @ids < 4;
	$before = $proxy->counts;
	$node->safe_psql('postgres', "DROP TABLE IF EXISTS compared; CREATE TABLE compared AS SELECT * FROM bench_compare_runs('{$ids[2],$ids[3]}'::text[], '{$ids[0],$ids[1]}'::text[], 'bench')");
	is($proxy->asked($before), 'GetItem 4, Query (table) 4', '... two with two others: a Query for each');
	is($node->safe_psql('postgres', q{SELECT count(*) > 0, max(runs_a), max(runs_b) FROM compared WHERE verdict IS NOT NULL}), 't|2|2', '... with a verdict');
}

foreach my $stage (@stages)
{
	note $stage;
	my $proxy = BenchTest::Proxy->start(target => bench_engine($stage));
	bench_server($node, $proxy->url);
	foreach my $table (@tables)
	{
		bench_import($node, table => $table);
		my @ids = map { $_->{test_run_id} } @{ bench_manifest("$stage/$table")->{runs} };
		my ($rows, $judged, $most) = architectures($proxy, "$stage/$table", $ids[0]);
		if ($table eq 'BenchmarkLarge')
		{
			cmp_ok($judged, '>', 150, '... most pairs have a verdict');
			cmp_ok($most, '>', 75, "... rust gains the published three quarters and more ($most %)");
		}
		runs($proxy, "$stage/$table", @ids) if @ids > 1;
	}
	no_violations($proxy, "$stage: every request was in order");
	$proxy->stop;
}

done_testing;
