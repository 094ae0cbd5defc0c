# What a run costs: as it was published, and for no more requests than reading it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
my @stages;

BEGIN
{
	@stages = $ENV{BENCH_QUICK} ? 'dynamodb-local/live' : qw(dynamodb-local/live dynamodb-local/document);
}

use BenchTest map { ("$_/BenchmarkResults", $ENV{BENCH_QUICK} ? () : "$_/BenchmarkLarge") } @stages;
use BenchTest::Published;
use Test::More;

my $node = bench_cluster('main');

# What was billed is not published. An invocation is billed up to the next millisecond, which is half a millisecond
# more than its duration on average. What remains is that the suite trims durations, init phases and what was billed
# each for itself.
sub inferred
{
	my ($kind) = @_;
	my $row = $node->safe_psql('postgres', "SELECT count(*), count(*) FILTER (WHERE deviation <= 0.005), round(max(deviation), 6),
			(array_agg(concat_ws(' ', runtime, architecture, workload_type, memory_size_mb) ORDER BY deviation DESC))[1]
		FROM (SELECT *, abs(bench_lambda_cost_per_million(mean + coalesce(init, 0) + 0.5, memory_size_mb, architecture, 'us-east-2', '2025-11-30') / cost - 1) AS deviation
			FROM published WHERE invocation_type = '$kind') d");
	my ($n, $near, $most, $where) = split /\|/, $row;

	note "$kind, billed duration inferred: $near of $n within 0.5 %, at most " . $most * 100 . " % ($where)";
	return $n - $near;
}

is(load_published($node), 509, 'published figures');
is(inferred('warm'), 0, 'warm: all published costs within 0.5 %');
# 20 samples, of durations, init phases and billed durations each the trimmed mean
cmp_ok(inferred('cold'), '<=', 1, 'cold: all but one');

# Prices that were added survive a dump, and what was shipped is not in it.
sub prices_after_a_dump
{
	my $dump = $node->basedir . '/dump.sql';
	my $all = 'SELECT count(*), count(*) FILTER (WHERE NOT shipped) FROM bench_lambda_price';

	$node->safe_psql('postgres', q{CREATE DATABASE elsewhere; CREATE ROLE keeper; GRANT INSERT ON bench_lambda_price TO keeper;
		INSERT INTO bench_lambda_price (region, architecture, valid_from, usd_per_gbs, usd_per_request) VALUES ('mars-1', 'arm64', '2025-01-01', 1, 0)});
	$node->command_ok([ 'pg_dump', '--no-sync', '--file', $dump, $node->connstr('postgres') ], 'dumped');
	$node->safe_psql('elsewhere', "\\i $dump");
	is($node->safe_psql('elsewhere', $all), $node->safe_psql('postgres', $all), 'prices are the same after a dump');
	is($node->safe_psql('elsewhere', q{SELECT bench_lambda_cost_per_million(1000, 1024, 'arm64', 'mars-1'), has_table_privilege('keeper', 'bench_lambda_price', 'INSERT')}),
		'1000000|t', '... those that were added too, and who may add more');
	unlike(PostgreSQL::Test::Utils::slurp_file($dump), qr/us-east-1/, '... without those that were shipped');
}

prices_after_a_dump();

# Of the sample data, whose billed durations are such as to give the published costs.
sub costs_of_run
{
	my ($proxy, $table, $run) = @_;
	my $before = $proxy->counts;
	my $id = $run->{test_run_id};

	$node->safe_psql('postgres', "DROP TABLE IF EXISTS costs; CREATE TABLE costs AS SELECT * FROM bench_lambda_costs('$id', 'bench')");
	is($proxy->asked($before), 'Query (table) 1', "$table: costs of a run are one Query");
	is($node->safe_psql('postgres', 'SELECT count(*) FROM costs'), $run->{aggregates}, '... with a row for each of its aggregates');

	my ($n, $most) = split /\|/, $node->safe_psql('postgres', q{SELECT count(*), round(max(abs(usd_per_million / cost - 1)) * 100, 4)
		FROM costs JOIN published USING (runtime, architecture, workload_type, memory_size_mb, invocation_type)});
	note "$n costs, at most $most % from what was published";
	cmp_ok($n, '>', 5, '... some of which were published');
	cmp_ok($most, '<', 0.5, '... all within 0.5 %');
	is($node->safe_psql('postgres', q{
		WITH p AS (SELECT a.*, bench_savings(x.cost, a.cost) AS savings FROM published a JOIN published x USING (runtime, workload_type, memory_size_mb, invocation_type)
			WHERE a.architecture = 'arm64' AND x.architecture = 'x86')
		SELECT count(*) FROM costs JOIN p USING (runtime, architecture, workload_type, memory_size_mb, invocation_type)
		WHERE arm64_savings IS NOT NULL AND abs(savings) > 0.5 AND sign(savings) <> sign(arm64_savings)}), 0, '... savings of arm64 have the published signs');
	# equally cheap but for noise is as good
	is($node->safe_psql('postgres', q{
		WITH c AS (SELECT *, min(cost) OVER (PARTITION BY runtime, architecture, workload_type, invocation_type) AS least
			FROM costs JOIN published USING (runtime, architecture, workload_type, memory_size_mb, invocation_type))
		SELECT count(*) FROM c WHERE cheapest AND cost > 1.005 * least}), 0, '... and the cheapest memory sizes are the published ones');
}

foreach my $stage (@stages)
{
	note $stage;
	my $proxy = BenchTest::Proxy->start(target => bench_engine($stage));
	bench_server($node, $proxy->url);
	foreach my $table ('BenchmarkResults', $ENV{BENCH_QUICK} ? () : 'BenchmarkLarge')
	{
		bench_import($node, table => $table);
		costs_of_run($proxy, "$stage/$table", bench_manifest("$stage/$table")->{runs}[0]);
	}
	no_violations($proxy, "$stage: every request was in order");
	$proxy->stop;
}

done_testing;
