# Everything but the list of all runs and what names no key works without the right
# to Scan, and prepared statements with generic plans ask for exactly what constants
# ask for. On both engines, in both shapes.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
my @stages;

BEGIN
{
	@stages = $ENV{BENCH_QUICK} ? 'dynamodb-local/live'
	  : qw(dynamodb-local/live dynamodb-local/document dynalite/live dynalite/document);
}

use BenchTest map { "$_/BenchmarkResults" } @stages;
use BenchFaults;
use Test::More;

my $node = bench_cluster('main');
my ($proxy, $session);

# A name, the statement, and values of its parameters. In $1 there is always the run, in $2 the configuration.
# Lists to join with are VALUES, whose length every plan knows: how many rows there are may change the plan.
my @patterns = (
	[ 'AP1, a run' => 'SELECT * FROM bench.test_runs WHERE test_run_id = $1' ],
	[ 'AP1, its aggregates' => 'SELECT * FROM bench.aggregates WHERE test_run_id = $1' ],
	[ 'AP1, both' => 'SELECT r.status, a.config_id, a.duration_ms_p99 FROM bench.test_runs r JOIN bench.aggregates a USING (test_run_id) WHERE test_run_id = $1' ],
	[ 'AP1, a run that may have none' => 'SELECT r.status, a.config_id FROM bench.test_runs r LEFT JOIN bench.aggregates a USING (test_run_id) WHERE r.test_run_id = $1' ],
	[ 'aggregates of two runs' => 'SELECT * FROM bench.aggregates WHERE test_run_id IN ($1, $3)', 'd199b2c8-cba1-4eb0-b4c9-8aa7d3bd73d7' ],
	[ 'aggregates of runs in an array' => 'SELECT * FROM bench.aggregates WHERE test_run_id = ANY ($3) AND config_id = $2 AND invocation_type = \'warm\'',
		'{ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a,d199b2c8-cba1-4eb0-b4c9-8aa7d3bd73d7,none}' ],
	[ 'aggregates of a runtime' => 'SELECT * FROM bench.aggregates WHERE test_run_id = $1 AND runtime = $3', 'nodejs22' ],
	[ 'aggregates whose configuration begins' => 'SELECT * FROM bench.aggregates WHERE test_run_id = $1 AND starts_with(config_id, $3)', 'nodejs' ],
	[ 'AP2, one aggregate' => 'SELECT * FROM bench.aggregates WHERE test_run_id = $1 AND config_id = $2 AND invocation_type = $3', 'warm' ],
	[ 'AP2, both kinds' => 'SELECT * FROM bench.aggregates WHERE test_run_id = $1 AND config_id = $2 AND invocation_type IN ($3, $4)', 'warm', 'cold' ],
	[ 'AP2, by dimensions' => 'SELECT * FROM bench.aggregates WHERE test_run_id = $1 AND runtime = $3 AND architecture = $4 AND workload_type = $5 AND memory_size_mb = $6 AND invocation_type = $7',
		'nodejs22', 'arm64', 'cpu-intensive', 1024, 'warm' ],
	[ 'AP3, covered columns' => 'SELECT config_id, invocation_number, duration_ms FROM bench.results WHERE test_run_id = $1' ],
	[ 'AP3, all columns' => 'SELECT * FROM bench.results WHERE test_run_id = $1' ],
	[ 'AP3, of a time' => 'SELECT config_id, invocation_number, duration_ms, "timestamp" FROM bench.results WHERE test_run_id = $1 AND "timestamp" >= $3', '2020-01-01' ],
	[ 'results of a configuration in a run' => 'SELECT * FROM bench.results WHERE test_run_id = $1 AND config_id = $2' ],
	[ 'one result' => 'SELECT * FROM bench.results WHERE test_run_id = $1 AND config_id = $2 AND invocation_type = $3 AND invocation_number = $4', 'warm', 3 ],
	[ 'several results' => 'SELECT * FROM bench.results WHERE test_run_id = $1 AND config_id = $2 AND invocation_type = $3 AND invocation_number = ANY ($4)', 'warm', '{1,2,3,99}' ],
	[ 'AP4, covered columns' => 'SELECT test_run_id, "timestamp", duration_ms FROM bench.results WHERE config_id = $2' ],
	[ 'AP4, the newest' => 'SELECT test_run_id, "timestamp", duration_ms FROM bench.results WHERE config_id = $2 ORDER BY "timestamp" DESC LIMIT 2' ],
	[ 'AP4, all columns' => 'SELECT * FROM bench.results WHERE config_id = $2' ],
	[ 'AP4, aggregates' => 'SELECT * FROM bench.aggregates WHERE config_id = $2' ],
	[ 'AP4, the newest aggregates' => 'SELECT * FROM bench.aggregates WHERE config_id = $2 AND invocation_type = $3 ORDER BY "timestamp" DESC LIMIT 2', 'warm' ],
	[ 'AP4, in an interval' => 'SELECT test_run_id, duration_ms FROM bench.results WHERE config_id = $2 AND "timestamp" BETWEEN $3 AND $4', '2020-01-01', '2030-01-01' ],
	[ 'AP4, the last time' => 'SELECT max("timestamp") FROM bench.results WHERE config_id = $2' ],
	[ 'AP4, by dimensions' => 'SELECT test_run_id, duration_ms FROM bench.results WHERE runtime = $3 AND architecture = $4 AND workload_type = $5 AND memory_size_mb = $6',
		'nodejs22', 'arm64', 'cpu-intensive', 1024 ],
	[ 'AP6, what is missing' => 'SELECT m->>\'runtime\' FROM bench.test_runs r, jsonb_array_elements(r.configurations) m WHERE r.test_run_id = $1
		AND NOT EXISTS (SELECT FROM bench.aggregates a WHERE a.test_run_id = r.test_run_id AND a.runtime = m->>\'runtime\' AND a.sample_count < 0)' ],
	[ 'counting' => 'SELECT invocation_type, count(*) FROM bench.results WHERE test_run_id = $1 GROUP BY 1' ],
	[ 'whether there is one' => 'SELECT EXISTS (SELECT FROM bench.results WHERE test_run_id = $1 AND config_id = $2)' ],
	[ 'items by their keys' => 'SELECT * FROM bench.items WHERE pk = \'TESTRUN#\' || $1 AND sk LIKE \'AGGREGATE#%\'' ],
	[ 'for each of some keys' => 'SELECT k, a.sample_count FROM (VALUES ($3), ($4)) v (k) JOIN bench.aggregates a ON a.test_run_id = $1 AND a.config_id = k AND a.invocation_type = \'warm\'',
		'nodejs22-arm64-cpu-intensive-1024', 'python3.12-arm64-light-1024' ],
	[ 'for each, in a LATERAL' => 'SELECT k, l.* FROM (VALUES ($3), ($4)) v (k), LATERAL (SELECT "timestamp", duration_ms FROM bench.results r WHERE r.config_id = k ORDER BY "timestamp" DESC LIMIT 1) l',
		'nodejs22-arm64-cpu-intensive-1024', 'python3.12-arm64-light-1024' ],
	[ 'a subquery as the key' => 'SELECT * FROM bench.aggregates WHERE test_run_id = (SELECT r.test_run_id FROM bench.test_runs r WHERE r.test_run_id = $1) AND config_id = $2' ],
);

# From here on the service denies Scans.
sub allow_no_scan
{
	$proxy->reset;
	fault($proxy, { error => 'AccessDeniedException', message => 'not authorized to perform: dynamodb:Scan' }, operation => 'Scan');
}

# What has been asked, in no order, without what is drawn at random.
sub bodies
{
	return join "\n", sort map { "$_->{operation} " . json($_->{body}) } @{ $proxy->requests };
}

sub sorted { return join "\n", sort split /\n/, $_[0] }

# The statement with its values as constants, and as EXECUTE of a prepared one.
sub both_forms
{
	my ($sql, @values) = @_;
	my @quoted = map { "'$_'" } @values;
	my @types = map { /^\{\d/ ? 'int[]' : /^\{/ ? 'text[]' : /^\d+$/ ? 'int' : /^\d+-\d+-\d+$/ ? 'timestamptz' : 'text' } @values;

	return ($sql =~ s/\$(\d+)/"$quoted[$1 - 1]::$types[$1 - 1]"/ger,
		'PREPARE p (' . join(', ', @types) . ") AS $sql", 'EXECUTE p (' . join(', ', @quoted) . ')');
}

sub pattern
{
	my ($name, $sql, @values) = @_;
	my ($constant, $prepare, $execute) = both_forms($sql, @values);

	allow_no_scan();
	my ($rows, $error) = outcome($session, $constant);
	my $asked = bodies();
	is($error, '', "$name: no error");
	isnt($rows, '', "$name: there are rows");
	unlike($asked, qr/^Scan/m, "$name: no Scan");

	outcome($session, "SET plan_cache_mode = force_generic_plan; $prepare");
	allow_no_scan();
	my ($again, $error_again) = outcome($session, $execute);
	is($error_again . sorted($again), sorted($rows), "$name: prepared, rows");
	is(bodies(), $asked, "$name: prepared, requests");
	outcome($session, 'DEALLOCATE p; RESET plan_cache_mode');
}

# What cannot do without: denied by us, or by the service.
sub without_key
{
	my ($sql) = @_;

	allow_no_scan();
	outcome($session, 'SET benchresults_fdw.scan = deny');
	fails($session, $sql, 'HV00L', qr/a Scan of foreign table "\w+" is denied/, "$sql: denied by the option");
	is($proxy->counts->{total}, 0, 'without a request');
	outcome($session, 'RESET benchresults_fdw.scan');
	alter_server($node, scan => 'allow');
	fails($session, $sql, '42501', qr/dynamodb:Scan.*HINT:.*scan to 'deny'/s, "$sql: denied by the service");
	alter_server($node, scan => 'deny');
}

foreach my $stage (@stages)
{
	note $stage;
	my $run = bench_manifest("$stage/BenchmarkResults")->{runs}[0]{test_run_id};

	$proxy = BenchTest::Proxy->start(target => bench_engine($stage));
	bench_server($node, $proxy->url, server => { scan => 'deny' });
	allow_no_scan();
	bench_import($node, options => { sample_run => $run });
	$session = session($node, 'SET client_min_messages = warning');
	subtest "$stage: $_->[0]" => sub { pattern($_->[0], $_->[1], $run, 'nodejs22-arm64-cpu-intensive-1024', @{$_}[ 2 .. $#$_ ]) } foreach @patterns;
	subtest "$stage: what needs a Scan" => sub {
		without_key($_) foreach 'SELECT * FROM bench.test_runs', 'SELECT * FROM bench.results WHERE duration_ms > 1000', q{SELECT * FROM bench.items WHERE sk = 'x'};
	};
	$session->quit;
	no_violations($proxy, "$stage: every request was in order");
	$proxy->stop;
}

done_testing;
