# Documents that BenchBox itself has just written: read, stored, exported, compared.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
my $stage;

BEGIN { $stage = 'dynamodb-local/live' }
use BenchTest "$stage/BenchmarkResults", 'benchbox';
use BenchFaults;
use BenchWrites;
use JSON::PP ();
use Test::More;

my $folder = bench_benchbox();
my $reason = "$folder/skipped";

if (-e $reason)
{
	open my $file, '<', $reason or die "$reason: $!";
	chomp(my $why = <$file>);
	plan skip_all => $why;
}

my $node = bench_cluster('main');
my $proxy = BenchTest::Proxy->start(target => bench_engine($stage));
my @files = sort glob "$folder/*.json";
my %runs;

bench_server($node, $proxy->url, server => { updatable => 'true', max_concurrency => 16 });
table_like($stage, 'BenchmarkResults', 'BenchBox');
$node->safe_psql('postgres', q{
	CREATE SCHEMA bb;
	IMPORT FOREIGN SCHEMA "BenchBox" FROM SERVER bench_server INTO bb OPTIONS (shape 'live');
	IMPORT FOREIGN SCHEMA "BenchBox" LIMIT TO (benchbox_runs, benchbox_queries) FROM SERVER bench_server INTO bb OPTIONS (shape 'live');
	CREATE TABLE docs (name text, doc text)});

foreach my $path (@files)
{
	my ($name) = $path =~ m{([^/]+)\.json$};
	open my $file, '<:raw', $path or die "$path: $!";
	my $text = do { local $/; <$file> };
	my $doc = JSON::PP->new->utf8->decode($text);
	my $quoted = $text =~ s/'/''/gr;

	$node->safe_psql('postgres', "INSERT INTO docs VALUES ('$name', '$quoted')");
	my $one = "(SELECT doc::jsonb FROM docs WHERE name = '$name')";
	is($node->safe_psql('postgres', "SELECT queries_total, queries_successful, total_ms, geometric_mean_ms FROM benchbox_executions($one)"),
		join('|', @{ $doc->{summary}{queries} }{qw(total passed)}, @{ $doc->{summary}{timing} }{qw(total_ms geometric_mean_ms)}),
		"$name: its totals as it says");
	is($node->safe_psql('postgres', "SELECT count(*) FROM benchbox_queries($one)"), scalar @{ $doc->{queries} }, 'all of its queries');
	is($node->safe_psql('postgres', "SELECT count(*) FROM benchbox_validate(benchbox_upgrade($one)) WHERE severity <> 'note'"), 0,
		'as v1.1 it is valid');
	my $imported = $node->safe_psql('postgres', "SELECT test_run_id, status FROM benchbox_import($one, 'bb')");
	like($imported, qr/^[0-9a-f-]{36}\|completed$/, 'it is stored');
	($runs{$name}) = $imported =~ /^([^|]+)/;
	is($node->safe_psql('postgres', "SELECT benchbox_export('$runs{$name}', 'bb') = benchbox_upgrade($one)"), 't', 'and exported');
	is($node->safe_psql('postgres', "SELECT count(*) FROM bench_missing_aggregates('$runs{$name}', 'bb')"), 0, 'nothing is missing');
	is($node->safe_psql('postgres', "SELECT count(*) FROM bb.benchbox_queries WHERE test_run_id = '$runs{$name}'"), scalar @{ $doc->{queries} },
		'its queries are rows');
	is($node->safe_psql('postgres', "SELECT queries_total, total_ms FROM bb.benchbox_runs WHERE test_run_id = '$runs{$name}'"),
		join('|', $doc->{summary}{queries}{total}, $doc->{summary}{timing}{total_ms}), 'and its header');
	diag("$name: " . scalar(@{ $doc->{queries} }) . " executions, version $doc->{result_schema_version}");
}

my ($first, $second) = map { $runs{$_} } grep { /tpch/ } sort keys %runs;
is($node->safe_psql('postgres', "SELECT count(DISTINCT config_id) FROM bb.benchbox_queries WHERE test_run_id IN ('$first', '$second')"), 22,
	'two runs have the same 22 configurations');
is($node->safe_psql('postgres', "SELECT count(*) FROM bench_compare_runs('$first', '$second', 'bb') WHERE invocation_type = 'warm' AND config_id NOT LIKE '%\@run'"), 22,
	'and can be compared');
is($node->safe_psql('postgres', "SELECT count(*) FROM bench_config_history('bb:tpch:sf0.01:duckdb:q1', source => 'bb')"), 2,
	'a query has a history');
is($node->safe_psql('postgres', q{SELECT relation, assumption FROM bench_check_table('bb') WHERE state = 'violated' AND assumption ~ 'config'}), '',
	'their configurations are as they should be');
no_violations($proxy);
done_testing();
