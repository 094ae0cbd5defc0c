# Limits: a rate of read units, kept by waiting; and that of option, own setting and
# ceiling the least counts.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults);
use BenchFaults;
use Test::More;

my ($node, $proxy) = faulty_cluster(server => { scan_segments => '1' });
my $items = bench_manifest('dynalite/live/BenchmarkResults')->{totals}{items};
my $sql = 'SELECT count(pk) FROM bench.items';

# What a statement is charged, as EXPLAIN says.
sub units
{
	my ($session, $statement) = @_;
	my ($plan) = outcome($session, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) $statement");
	my $units = 0;

	$units += $1 while $plan =~ /Consumed Capacity: ([0-9.]+)/g;
	return $units;
}

sub pages { my ($size) = @_; $proxy->reset; fault($proxy, { page_limit => $size }) }

# The least time that so many units take at a rate: one second's worth is free, and the last page is not waited for.
sub least { my ($units, $rate, $last) = @_; return ($units - $last) / $rate - 1 }

my $plain = session($node);
pages(20);
my $units = units($plain, $sql);
my $page = $units / ($items / 20) + 0.5;
cmp_ok($units, '>', 8, 'there is something to be charged for');

# ---- the rate ----------------------------------------------------------------------------

subtest 'a rate is kept' => sub {
	foreach my $rate (4, 8)
	{
		# of a session, so each has a new one
		my $session = session($node, "SET benchresults_fdw.read_units_per_second = $rate");
		pages(20);
		my $seconds = elapsed(sub { gives($session, $sql, $items, "$rate units a second: rows") });
		cmp_ok($seconds, '>=', 0.9 * least($units, $rate, $page), 'not faster');
		cmp_ok($seconds, '<', $units / $rate + 3, 'nor much slower');
		is($proxy->counts->{max_in_flight}, 1, 'one request after the other');
		$session->quit;
	}
	pages(20);
	cmp_ok(elapsed(sub { gives($plain, $sql, $items, 'without: rows') }), '<', least($units, 8, $page), 'at once');
};

subtest 'what was not used is saved for a second, and no longer' => sub {
	my $session = session($node, 'SET benchresults_fdw.read_units_per_second = 20');
	pages(20);
	cmp_ok(elapsed(sub { gives($session, $sql, $items, 'rows') }), '<', 1, 'less than a second has: at once');
	outcome($session, 'SELECT pg_sleep(3)');
	cmp_ok(elapsed(sub { gives($session, "$sql AS a UNION ALL $sql UNION ALL $sql", "$items\n$items\n$items", 'rows') }),
		'>=', 0.9 * least(3 * $units, 20, $page), 'after three seconds: a second');
	$session->quit;
};

subtest 'the tables of a DynamoDB table have one rate' => sub {
	my $session = session($node, 'SET benchresults_fdw.read_units_per_second = 10');
	pages(20);
	my $seconds = elapsed(sub {
		gives($session, $sql, $items, 'items');
		outcome($session, 'SELECT count(success) FROM bench.results');
	});
	cmp_ok($seconds, '>=', 0.9 * least(2 * $units, 10, $page), 'together');
	$session->quit;
};

subtest 'as an option' => sub {
	$node->safe_psql('postgres', q{ALTER FOREIGN TABLE bench.items OPTIONS (ADD read_units_per_second '6')});
	my $session = session($node);
	pages(20);
	cmp_ok(elapsed(sub { gives($session, $sql, $items, 'of the table: rows') }), '>=', 0.9 * least($units, 6, $page), 'of the table');
	$session->quit;
	$node->safe_psql('postgres', q{ALTER FOREIGN TABLE bench.items OPTIONS (SET read_units_per_second '0');
		ALTER SERVER bench_server OPTIONS (ADD read_units_per_second '6')});
	$session = session($node);
	pages(20);
	cmp_ok(elapsed(sub { gives($session, $sql, $items, 'none of the table: rows') }), '<', 1, 'none of the table, whatever the server has');
	$session->quit;
	$node->safe_psql('postgres', q{ALTER FOREIGN TABLE bench.items OPTIONS (DROP read_units_per_second);
		ALTER SERVER bench_server OPTIONS (DROP read_units_per_second)});
};

subtest 'a service that does not tell what it charges' => sub {
	my $session = session($node, 'SET benchresults_fdw.read_units_per_second = 5');
	my $text = 'x' x 2000;
	my $body = '{"Items":[' . join(',', map { qq({"pk":{"S":"p"},"sk":{"S":"$_$text"}}) } 1 .. 40) . ']}';

	$proxy->reset;
	fault($proxy, { body => $body });
	my $seconds = elapsed(sub { gives($session, $sql, 40, 'rows') foreach 1 .. 3 });
	# 80 kB are 10 units
	cmp_ok($seconds, '>=', 0.9 * (2 * 10 / 5 - 1), 'charged by its bytes');
	$session->quit;
};

subtest 'cancelled while it waits' => sub {
	my $session = session($node, 'SET benchresults_fdw.read_units_per_second = 1');
	pages(20);
	with_timeout($session, '400ms', sub {
		my $seconds = elapsed(sub { fails($session, $sql, '57014', qr/statement timeout/, 'cancelled') });
		cmp_ok($seconds, '<', 1.4, 'promptly');
	});
	is($proxy->counts->{in_flight}, 0, 'nothing is under way');
	outcome($session, 'RESET benchresults_fdw.read_units_per_second');
	gives($session, $sql, $items, 'the next statement');
	$session->quit;
};

subtest 'cancelled before anything was asked' => sub {
	my $session = session($node, 'SET benchresults_fdw.read_units_per_second = 1');
	$proxy->reset;
	gives($session, $sql, $items, 'more than a second has');
	# a connection that is new has nothing to wait with yet
	$node->safe_psql('postgres', q{ALTER SERVER bench_server OPTIONS (ADD request_timeout '8s')});
	$proxy->reset;
	with_timeout($session, '400ms', sub { fails($session, $sql, '57014', qr/statement timeout/, 'cancelled') });
	is(scalar @{ $proxy->requests }, 0, 'no request');
	$session->quit;
};

subtest 'under an Append' => sub {
	bench_import($node, schema => 'again');
	my $session = session($node, 'SET benchresults_fdw.read_units_per_second = 8');
	my $union = 'SELECT count(pk) FROM (SELECT pk FROM bench.items UNION ALL SELECT pk FROM again.items) AS u';
	my ($plan) = outcome($session, "EXPLAIN $union");
	like($plan, qr/Async Foreign Scan/, 'asynchronous');
	pages(20);
	my $seconds = elapsed(sub { gives($session, $union, 2 * $items, 'rows') });
	cmp_ok($seconds, '>=', 0.9 * least(2 * $units, 8, 2 * $page), 'not faster');
	cmp_ok($seconds, '<', 2 * $units / 8 + 3, 'nor much slower');
	pages(20);
	with_timeout($session, '400ms', sub {
		my $cancelled = elapsed(sub { fails($session, $union, '57014', qr/statement timeout/, 'cancelled') });
		cmp_ok($cancelled, '<', 1.4, 'promptly');
	});
	$session->quit;
};

# ---- the least counts --------------------------------------------------------------------

$node->safe_psql('postgres', 'CREATE ROLE reader; GRANT USAGE ON SCHEMA bench TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA bench TO reader;
	CREATE USER MAPPING FOR reader SERVER bench_server OPTIONS (access_key_id ' . "'" . BenchTest::Proxy::ACCESS_KEY . "', secret_access_key '" . BenchTest::Proxy::SECRET_KEY . "')");
$proxy->reset;
my $keys = q{SELECT count(*) FROM bench.aggregates WHERE test_run_id = ANY ('{a,b,c,d,e}') AND config_id = ANY ('{v,w,x,y,z}') AND invocation_type = 'warm'};

# [ own setting, ceiling, option ] => the limit that counts, of 25 keys
foreach my $case ([ 0, 0, 30 => '' ], [ 0, 0, 20 => 20 ], [ 10, 0, 20 => 10 ], [ 10, 7, 20 => 7 ], [ 10, 15, 20 => 10 ], [ 0, 15, 20 => 15 ], [ 24, 40, 100 => 24 ], [ 0, 24, 100 => 24 ])
{
	my ($own, $ceiling, $option, $limit) = @$case;
	my $name = "max_keys: own $own, ceiling $ceiling, option $option";

	$node->safe_psql('postgres', "ALTER FOREIGN TABLE bench.aggregates OPTIONS (@{[ $case->[2] == 30 ? 'ADD' : 'SET' ]} max_keys '$option')");
	my $session = session($node, "SET benchresults_fdw.max_keys_ceiling = $ceiling", 'SET ROLE reader', "SET benchresults_fdw.max_keys = $own");
	if ($limit)
	{
		fails($session, $keys, '54000', qr/name 25 keys, and at most $limit are/, $name);
	}
	else
	{
		gives($session, $keys, 0, $name);
	}
	$session->quit;
}

subtest 'max_read_units' => sub {
	my $session = session($node, 'SET benchresults_fdw.max_read_units_ceiling = 3', 'SET ROLE reader', 'SET benchresults_fdw.max_read_units = 1000000');
	fails($session, $sql, '53400', qr/would exceed the limit of 3 read units/, 'the ceiling counts');
	$session->quit;
};

subtest 'read_units_per_second' => sub {
	my $session = session($node, 'SET benchresults_fdw.read_units_per_second_ceiling = 6', 'SET ROLE reader', 'SET benchresults_fdw.read_units_per_second = 1000');
	pages(20);
	cmp_ok(elapsed(sub { gives($session, $sql, $items, 'rows') }), '>=', 0.9 * least($units, 6, $page), 'the ceiling counts');
	$session->quit;
};

subtest 'who may set a ceiling' => sub {
	my $session = session($node, 'SET ROLE reader', "EXPLAIN $keys");
	fails($session, "SET benchresults_fdw.${_}_ceiling = 0", '42501', qr/permission denied/, $_) foreach qw(max_read_units read_units_per_second max_keys);
	$session->quit;

	# what is set before the library is loaded is looked at when it is
	$node->safe_psql('postgres', 'ALTER ROLE reader LOGIN; ALTER DATABASE postgres SET benchresults_fdw.max_keys_ceiling = 7');
	$node->psql('postgres', "SET benchresults_fdw.max_keys_ceiling = 0; $keys", extra_params => [ '-U', 'reader' ], stderr => \my $error);
	like($error, qr/at most 7 are/, 'not by being early');
	$node->safe_psql('postgres', 'ALTER DATABASE postgres RESET benchresults_fdw.max_keys_ceiling');
};

$plain->quit;
$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
