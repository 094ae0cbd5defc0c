# ANALYZE: what it asks, what it concludes, and what the planner makes of it.
#
# The larger table is of 5 pages, so a sample of it is made to be smaller than that.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynamodb-local/live/BenchmarkResults dynamodb-local/live/BenchmarkRuns);
use BenchFaults;
use Test::More;

my $stage = 'dynamodb-local/live';
my ($small, $runs) = map { bench_manifest("$stage/$_")->{totals} } qw(BenchmarkResults BenchmarkRuns);
my $proxy = BenchTest::Proxy->start(target => bench_engine($stage));
my $node = bench_cluster('main');

bench_server($node, $proxy->url);
bench_import($node, schema => 'small');
bench_import($node, schema => 'runs', table => 'BenchmarkRuns');

my $session = session($node);
my $config = $node->safe_psql('postgres', 'SELECT config_id FROM runs.aggregates LIMIT 1');

# What ANALYZE asks, besides DescribeTable.
sub analyze_asks
{
	my ($table) = @_;
	my $before = $proxy->counts;
	my (undef, $error) = outcome($session, "ANALYZE $table");

	return $error if $error ne '';
	return $proxy->asked($before) =~ s/DescribeTable 2, //r;
}

sub set_option
{
	my ($table, $options) = @_;

	$node->safe_psql('postgres', "ALTER FOREIGN TABLE $table OPTIONS ($options)");
}

# The rows that a query is expected to have.
sub estimate
{
	my ($sql) = @_;
	my $plan = JSON::PP->new->decode($node->safe_psql('postgres', "EXPLAIN (FORMAT JSON) $sql"));

	return $plan->[0]{Plan}{'Plan Rows'};
}

# Whether an estimate is right, up to a factor.
sub near
{
	my ($got, $expected, $factor, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	return ok($got >= $expected / $factor && $got <= $expected * $factor, $name)
	  || diag("got $got, expected about $expected");
}

sub rows_of { return $node->safe_psql('postgres', "SELECT reltuples FROM pg_class WHERE oid = '$_[0]'::regclass") }

# How a query is executed: the kinds of its nodes and operations, outermost first.
sub shape_of
{
	my ($sql) = @_;
	my @shape;
	my $walk;

	$walk = sub {
		my ($node) = @_;

		push @shape, $node->{'DynamoDB Operation'} // $node->{'Node Type'};
		$walk->($_) foreach @{ $node->{Plans} // [] };
	};
	$walk->(JSON::PP->new->decode($node->safe_psql('postgres', "EXPLAIN (FORMAT JSON) $sql"))->[0]{Plan});
	return join ' ', @shape;
}

# ---- a table that is read as a whole ---------------------------------------------------

subtest 'a small table' => sub {
	foreach my $table (qw(test_runs aggregates results items))
	{
		my $rows = $node->safe_psql('postgres', "SELECT count(*) FROM small.$table");

		is(analyze_asks("small.$table"), 'Scan (table) 1', "$table is read once");
		is(rows_of("small.$table"), $rows, "... and its rows are counted");
		is(estimate("SELECT * FROM small.$table"), $rows, '... which the planner knows');
	}
	is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_stats WHERE schemaname = 'small' AND tablename = 'results' AND attname = 'duration_ms'}),
		1, 'there are statistics of columns');
	near(estimate(q{SELECT * FROM small.results WHERE invocation_type = 'cold'}),
		$node->safe_psql('postgres', q{SELECT count(*) FROM small.results WHERE invocation_type = 'cold'}), 1.2, 'and the planner goes by them');
};

subtest 'what it says' => sub {
	my (undef, $said) = outcome($session, 'ANALYZE VERBOSE small.results');
	my $rows = rows_of('small.results');

	like($said, qr/INFO:\s+(00000: )?"results": read \d+ items of DynamoDB table "BenchmarkResults" in 1 requests, [\d.]+ read units, containing $rows rows; $rows rows in sample, $rows estimated total rows/,
		'with VERBOSE, what was read');
	(undef, $said) = outcome($session, 'ANALYZE small.results (duration_ms)');
	is($said, '', 'and nothing without');
};

# ---- a part of a table -----------------------------------------------------------------

subtest 'a part of a larger table' => sub {
	set_option("runs.$_", q{ADD analyze_requests '4'}) foreach qw(results items);
	foreach my $table (qw(results items))
	{
		my $number = @{ $proxy->requests };

		is(analyze_asks("runs.$table"), 'Scan (table) 4', "$table: as many requests as are allowed");
		my @scans = grep { $_->{operation} eq 'Scan' } @{ $proxy->requests($number) };
		my %segments = map { $_->{body}{Segment} => 1 } @scans;
		is(scalar(keys %segments), 4, '... in different places');
		near(rows_of("runs.$table"), $runs->{$table}, 1.3, '... the number of rows is estimated');
	}
	near(estimate(q{SELECT * FROM runs.results WHERE invocation_type = 'cold'}), $runs->{results} / 6, 1.6, 'a share of them');
	near(estimate("SELECT * FROM runs.results WHERE config_id = '$config'"), $runs->{results} / 60, 2, 'those of a configuration');
	near(estimate(q{SELECT * FROM runs.items WHERE pk = 'TESTRUN#of no sample'}), $runs->{items} / 732, 4, 'those of a partition');
};

subtest 'what is rare' => sub {
	set_option("runs.$_", q{ADD analyze_requests '4'}) foreach qw(test_runs aggregates);
	is(analyze_asks('runs.test_runs'), 'BatchGetItem 1, Scan (table) 2', 'runs are asked for by the names that are found');
	is(rows_of('runs.test_runs'), 12, '... all of them');
	fault($proxy, { page_limit => 200 }, operation => 'Scan');
	is(analyze_asks('runs.aggregates'), 'Query (table) 2, Scan (table) 2', 'aggregates by their partitions');
	$proxy->clear;
	near(rows_of('runs.aggregates'), $runs->{aggregates}, 1.5, '... and what was not read is estimated');
	near(estimate(q{SELECT * FROM runs.aggregates WHERE invocation_type = 'cold'}), $runs->{aggregates} / 2, 2, 'a half of them');
	like(analyze_asks('runs.aggregates'), qr/^(Query \(table\) 2, )?Scan \(table\) 2$/, 'unless they are met anyway');
};

subtest 'without figures of the service' => sub {
	my $describe = '{"Table":{"TableName":"BenchmarkRuns","TableStatus":"ACTIVE","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},' .
	  '{"AttributeName":"sk","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"}]%s}}';

	fault($proxy, { body => sprintf($describe, ',"ItemCount":0,"TableSizeBytes":0') }, operation => 'DescribeTable');
	is(analyze_asks('runs.results'), 'Scan (table) 4', 'a table of unknown size is read from its beginning');
	near(rows_of('runs.results'), $runs->{results}, 1.3, '... of estimated_rows, as many');
	set_option('runs.results', q{SET analyze_requests '40'});
	like(analyze_asks('runs.results'), qr/^Scan \(table\) [56]$/, '... or to its end');
	is(rows_of('runs.results'), $runs->{results}, '... and the rows are counted');
	$proxy->clear;
	fault($proxy, { error => 'AccessDeniedException', message => 'not authorized' }, operation => 'DescribeTable');
	like(analyze_asks('runs.results'), qr/^Scan \(table\) [56]$/, 'who may not ask for its size');
	is(rows_of('runs.results'), $runs->{results}, '... has it read as well');
	$proxy->clear;
	set_option('runs.results', q{SET analyze_requests '4'});
};

# ---- limits, errors --------------------------------------------------------------------

subtest 'limits' => sub {
	set_option('runs.results', q{ADD scan 'deny'});
	is(analyze_asks('runs.results'), 'Scan (table) 4', 'a denied Scan is none of a few pages');
	outcome($session, 'SET benchresults_fdw.max_read_units = 300');
	is(analyze_asks('runs.results'), 'Scan (table) 2', 'as many pages as the read units allow');
	near(rows_of('runs.results'), $runs->{results}, 1.5, '... show how many rows there are');
	outcome($session, 'SET benchresults_fdw.max_read_units = 1');
	fails($session, 'ANALYZE runs.results', '53400', qr/limit of 1 read units exceeded/, 'less than a page is not enough');
	outcome($session, 'RESET benchresults_fdw.max_read_units');
	set_option('runs.results', q{DROP scan});
	like(bench_error_of($node, q{ALTER SERVER bench_server OPTIONS (ADD analyze_requests '0')}), qr/22023.*1 to 10000/s, 'at least one request');
};

subtest 'errors' => sub {
	fault($proxy, { error => 'AccessDeniedException', message => 'not authorized' }, operation => 'Scan');
	fails($session, 'ANALYZE runs.results', '42501', qr/not authorized.*Scan of table "BenchmarkRuns"/s, 'a Scan that is refused');
	$proxy->clear;
	fault($proxy, { error => 'ResourceNotFoundException', message => 'no such table' }, operation => 'DescribeTable');
	fails($session, 'ANALYZE runs.results', 'HV00R', qr/no such table/, 'a table that is gone');
	$proxy->clear;
	$node->safe_psql('postgres', 'ALTER FOREIGN TABLE runs.results ALTER COLUMN function_name TYPE integer');
	fails($session, 'ANALYZE runs.results', 'HV004', qr/attribute "functionName".*The item has pk = "/s, 'a value that does not fit its column');
	$node->safe_psql('postgres', 'ALTER FOREIGN TABLE runs.results ALTER COLUMN function_name TYPE text');
	is(analyze_asks('runs.results'), 'Scan (table) 4', 'and then as before');
};

subtest 'cancelled' => sub {
	fault($proxy, { stall => 1000 }, operation => 'Scan');
	outcome($session, q{SET statement_timeout = '300ms'});
	my $seconds = elapsed(sub { fails($session, 'ANALYZE runs.results', '57014', qr/statement timeout/, 'in the middle of a page') });
	cmp_ok($seconds, '<', 5, 'at once');
	$proxy->clear;
	1 while (outcome($session, 'RESET statement_timeout'))[1] =~ /57014/;
	is(analyze_asks('runs.results'), 'Scan (table) 4', 'and then as before');
};

subtest 'no rows' => sub {
	$node->safe_psql('postgres', q{CREATE FOREIGN TABLE nothing (name text) SERVER bench_server
		OPTIONS (table 'BenchmarkResults', pk 'pk', sk 'sk', pk_template 'NOTHING#{name}', sk_template 'NOTHING#{name}')});
	is(analyze_asks('nothing'), 'Scan (table) 1', 'a table without any');
	is(rows_of('nothing'), 0, '... is known to have none');
	$node->safe_psql('postgres', q{ALTER FOREIGN TABLE nothing OPTIONS (SET table 'BenchmarkRuns', ADD analyze_requests '3')});
	is(analyze_asks('nothing'), 'Scan (table) 1', 'none in a part of a table either');
	is(rows_of('nothing'), 0, '... as far as can be seen');
	$node->safe_psql('postgres', q{CREATE FOREIGN TABLE no_columns () SERVER bench_server OPTIONS (table 'BenchmarkResults', pk 'pk', sk 'sk')});
	is(analyze_asks('no_columns'), 'Scan (table) 1', 'rows without columns');
	is(rows_of('no_columns'), $small->{items}, '... are counted');
};

# ---- plans -----------------------------------------------------------------------------

subtest 'plans' => sub {
	my $keys = 'test_run_id, config_id, invocation_type, invocation_number';

	set_option('runs.results', q{SET analyze_requests '20'});
	$node->safe_psql('postgres', qq{
		ANALYZE runs.results, runs.aggregates, runs.test_runs;
		CREATE TABLE many AS SELECT $keys FROM runs.results;
		CREATE TABLE few AS SELECT * FROM many LIMIT 3;
		ANALYZE many, few;});
	my $join = sub { return shape_of("SELECT r.duration_ms FROM $_[0] JOIN runs.results r USING ($keys)") };

	like($join->('few'), qr/^Nested Loop Seq Scan (Memoize )?GetItem$/, 'few rows: each is looked up');
	like($join->('many'), qr/^(Hash|Merge) Join (?!.*GetItem).*\bScan\b/, 'many rows: the table is read once');
	is(shape_of(q{SELECT count(*) FROM runs.results WHERE test_run_id = 'x' AND config_id = 'y'}),
		'Aggregate Query', 'a partition is asked for rather than the table');

	# where the rows of a local table decide, it is how many they are
	$node->safe_psql('postgres', q{
		CREATE TABLE configuration AS SELECT DISTINCT config_id FROM many;
		ANALYZE configuration;});
	is(shape_of(q{SELECT count(*) FROM (SELECT * FROM configuration LIMIT 1) c JOIN runs.results r USING (config_id)}),
		'Aggregate Nested Loop Limit Seq Scan Query', 'one configuration: its index');
	is(shape_of(q{SELECT count(*) FROM configuration JOIN runs.results r USING (config_id)}),
		'Aggregate Hash Join Scan Hash Seq Scan', 'all configurations: the table');
};

$session->quit;
no_violations($proxy);
done_testing;
