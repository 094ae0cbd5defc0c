# A19: several foreign tables under an Append are read side by side, as in a view of
# several regions or in partitions; and nothing else about them changes.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults);
use BenchFaults;
use POSIX ();
use Test::More;

my @tables = qw(one two three four);
my ($node, $proxy) = faulty_cluster(server => { max_attempts => 2, request_timeout => '10s', scan_segments => '1' });

# The same DynamoDB table by four ways: two servers, two schemas each.
bench_server($node, $proxy->url, name => 'other_server', server => { max_attempts => 2, request_timeout => '10s' });
bench_import($node, schema => $tables[$_], server => $_ % 2 ? 'other_server' : 'bench_server') foreach 0 .. $#tables;
foreach my $name (qw(items results aggregates))
{
	my $union = join ' UNION ALL ', map { "SELECT '$_' AS source, t.* FROM $_.$name AS t" } @tables;
	$node->safe_psql('postgres', "CREATE VIEW all_$name AS $union");
}
my $session = session($node);
my $manifest = bench_manifest('dynalite/live/BenchmarkResults');
my $items = $manifest->{totals}{items};
my $run = $manifest->{runs}[0];
my $config = 'nodejs22-arm64-cpu-intensive-1024';
my $key = "test_run_id = '$run->{test_run_id}'";
my $all = q{SELECT string_agg(source || pk || sk, chr(10) ORDER BY source, pk, sk) FROM all_items};
my $everything = $node->safe_psql('postgres', "SET enable_async_append = off; $all");

sub requests { return scalar @{ $proxy->requests } }

subtest 'EXPLAIN' => sub {
	$proxy->reset;
	my ($plan) = outcome($session, 'EXPLAIN (COSTS OFF) SELECT pk FROM all_items');
	is(scalar(() = $plan =~ /Async Foreign Scan/g), 4, 'all four are asynchronous') or diag($plan);
	is(requests(), 0, 'no request');
	($plan) = outcome($session, 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT pk FROM all_items');
	is(scalar(() = $plan =~ /Items Returned: $items\b/g), 4, 'each has its counters');
};

# ---- together ----------------------------------------------------------------------------

subtest 'requests are under way together' => sub {
	my $one = 'SELECT count(sk) FROM one.items';
	my $four = 'SELECT count(sk) FROM all_items';

	outcome($session, $_) foreach $one, $four;
	$proxy->reset;
	fault($proxy, { delay_ms => 200 });
	my $seconds_of_one = elapsed(sub { gives($session, $one, $items, 'one') });
	$proxy->reset;
	fault($proxy, { delay_ms => 200 });
	my $seconds_of_four = elapsed(sub { gives($session, $four, 4 * $items, 'four') });
	is($proxy->counts->{max_in_flight}, 4, 'all four');
	cmp_ok($seconds_of_four, '<', 2 * $seconds_of_one, 'in about the time of one');
};

subtest 'pages of each' => sub {
	foreach my $pages (1, 7, 50)
	{
		$proxy->reset;
		fault($proxy, { page_limit => $pages });
		gives($session, $all, $everything, "pages of $pages: each row once");
		cmp_ok($proxy->counts->{max_in_flight}, '>=', 2, "pages of $pages: several together");
	}
};

subtest 'one that is slow does not hold up the others' => sub {
	$proxy->reset;
	$proxy->faults({ match => { nth => 1 }, action => { delay_ms => 1500 } }, { match => {}, action => { page_limit => 20 } });
	outcome($session, q{BEGIN; DECLARE c CURSOR FOR SELECT source FROM all_items});
	my $rows;
	my $seconds = elapsed(sub { ($rows) = outcome($session, 'FETCH ' . 3 * $items . ' FROM c') });
	is(scalar(split /\n/, $rows), 3 * $items, 'the rows of the others');
	cmp_ok($seconds, '<', 1.3, 'at once');
	($rows) = outcome($session, 'FETCH ALL FROM c');
	is(scalar(split /\n/, $rows), $items, 'and then its own');
	outcome($session, 'COMMIT');
};

# ---- kinds of requests -------------------------------------------------------------------

sub as_synchronous
{
	my ($sql, $name, $matches) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	subtest $name => sub {
		my ($plan) = outcome($session, "EXPLAIN (COSTS OFF) $sql");
		like($plan, qr/Async Foreign Scan/, 'asynchronous');
		like($plan, $matches, 'as is to be tested') if $matches;
		my $expected = $node->safe_psql('postgres', "SET enable_async_append = off; $sql");
		isnt($expected, '', 'there are rows');
		foreach my $fault (undef, { page_limit => 3 }, { delay_ms => 10 })
		{
			$proxy->reset;
			fault($proxy, $fault) if $fault;
			gives($session, $sql, $expected, 'the same rows' . ($fault ? ', ' . json($fault) : ''));
		}
	};
}

as_synchronous("SELECT source, count(sample_count) FROM all_aggregates WHERE $key GROUP BY 1 ORDER BY 1", 'Queries');
as_synchronous("SELECT source, count(duration_ms), sum(length(function_name)) FROM all_results WHERE config_id = '$config' GROUP BY 1 ORDER BY 1", 'fetched back', qr/Fetch Back/);
as_synchronous("SELECT source, config_id, duration_ms_mean FROM all_aggregates WHERE $key AND invocation_type = 'warm' AND config_id = ANY (ARRAY(SELECT DISTINCT config_id FROM one.aggregates WHERE $key)) ORDER BY 1, 2",
	'keys in bulk');
as_synchronous('SELECT source, pk, sk FROM all_items ORDER BY pk, sk, source LIMIT 7', 'sorted above');
as_synchronous(q{SELECT source, count(*) FROM all_items WHERE item_type = 'result' GROUP BY 1 ORDER BY 1}, 'a filter');
as_synchronous("SELECT count(*) FROM all_items AS a JOIN all_items AS b USING (pk, sk) WHERE a.source < b.source AND a.pk LIKE 'TESTRUN#%'", 'two of them in one statement');
as_synchronous("SELECT source, count(*) FROM all_items WHERE pk = (SELECT max(pk) FROM two.items WHERE pk LIKE 'TESTRUN#%') GROUP BY 1 ORDER BY 1", 'a value that is read first');
as_synchronous("SELECT source, count(pk) FROM all_items AS a WHERE sk LIKE 'AGGREGATE#%' AND EXISTS (SELECT FROM one.items AS o WHERE o.pk = a.pk AND o.sk = a.pk OFFSET 0) GROUP BY 1 ORDER BY 1",
	'a scan within another', qr/SubPlan/);
as_synchronous("SELECT r, n FROM (VALUES ('$manifest->{runs}[0]{test_run_id}'), ('$manifest->{runs}[1]{test_run_id}'), ('none'), (NULL)) AS v(r) CROSS JOIN LATERAL (SELECT count(sample_count) AS n FROM all_aggregates WHERE test_run_id = v.r) AS a ORDER BY 1, 2",
	'A16: rescans with a parameter');
as_synchronous('SELECT g, n FROM generate_series(1, 3) AS g CROSS JOIN LATERAL (SELECT count(sk) AS n FROM (SELECT sk FROM all_items LIMIT 100 + g) AS l) AS a', 'rescans of scans that were not read to the end');

subtest 'beside a table of PostgreSQL' => sub {
	$node->safe_psql('postgres', 'CREATE TABLE here AS SELECT pk, sk FROM one.items');
	my $sql = 'SELECT count(sk) FROM (SELECT sk FROM one.items UNION ALL SELECT sk FROM here UNION ALL SELECT sk FROM two.items UNION ALL SELECT sk FROM here) AS u';
	my ($plan) = outcome($session, "EXPLAIN $sql");
	like($plan, qr/Async Foreign Scan.*Seq Scan/s, 'asynchronous and not');
	foreach my $fault ({}, { page_limit => 4 }, { delay_ms => 100 })
	{
		$proxy->reset;
		fault($proxy, $fault) if %$fault;
		gives($session, $sql, 4 * $items, 'rows, ' . json($fault));
	}
};

subtest 'partitions' => sub {
	$node->safe_psql('postgres', qq{
		CREATE TABLE parts (region text, pk text, sk text) PARTITION BY LIST (region);
		CREATE FOREIGN TABLE parts_1 PARTITION OF parts FOR VALUES IN ('one') SERVER bench_server OPTIONS (table 'BenchmarkResults', pk 'pk', sk 'sk');
		CREATE FOREIGN TABLE parts_2 PARTITION OF parts FOR VALUES IN ('two') SERVER other_server OPTIONS (table 'BenchmarkResults', pk 'pk', sk 'sk');});
	my ($plan) = outcome($session, 'EXPLAIN SELECT sk FROM parts');
	is(scalar(() = $plan =~ /Async Foreign Scan/g), 2, 'both are asynchronous');
	$proxy->reset;
	fault($proxy, { page_limit => 10 });
	gives($session, 'SELECT count(sk) FROM parts', 2 * $items, 'rows');
	cmp_ok($proxy->counts->{max_in_flight}, '>=', 2, 'together');
};

# ---- no more than is wanted --------------------------------------------------------------

subtest 'who stops early' => sub {
	foreach my $case ([ 'SELECT count(*) FROM (SELECT sk FROM all_items LIMIT 5) AS few' => 5 ], [ 'SELECT EXISTS (SELECT FROM all_items)' => 't' ])
	{
		my ($sql, $result) = @$case;

		$proxy->reset;
		fault($proxy, { page_limit => 10 });
		gives($session, $sql, $result, $sql);
		cmp_ok(requests(), '<=', 4, 'a page of each at most');
	}
	$proxy->reset;
	gives($session, $all, $everything, 'and the next statement');
};

subtest 'cursors' => sub {
	my %rows = (a => '', b => '');

	$proxy->reset;
	fault($proxy, { page_limit => 10 });
	outcome($session, 'BEGIN; DECLARE a CURSOR FOR SELECT source || pk || sk FROM all_items; DECLARE b CURSOR WITH HOLD FOR SELECT source || pk || sk FROM all_items');
	foreach my $round (1 .. 150)
	{
		foreach my $cursor ('a', 'b')
		{
			my ($some) = outcome($session, "FETCH 7 FROM $cursor");
			$rows{$cursor} .= "$some\n" if $some ne '';
		}
		# what else goes on in the session takes answers for them off the sockets
		gives($session, 'SELECT count(sk) FROM one.items', $items, 'in between') if $round % 50 == 5;
	}
	outcome($session, 'COMMIT; CLOSE b');
	is(join("\n", sort split /\n/, $rows{$_}), join("\n", sort split /\n/, $everything), "$_: each row once") foreach 'a', 'b';
};

subtest 'a cursor that pauses' => sub {
	alter_server($node, request_timeout => '1s');
	$proxy->reset;
	$proxy->faults({ match => { nth => 6 }, action => { page_limit => 10, delay_ms => 500, cut => 300 } }, { match => {}, action => { page_limit => 10 } });
	outcome($session, 'BEGIN; DECLARE c CURSOR FOR SELECT source || pk || sk FROM all_items');
	my ($first) = outcome($session, 'FETCH 45 FROM c');
	outcome($session, 'SELECT pg_sleep(2)');
	my ($rest, $error) = outcome($session, 'FETCH ALL FROM c');
	outcome($session, 'COMMIT');
	is($error, '', 'fetching on after a pause');
	is(join("\n", sort split /\n/, "$first\n$rest"), join("\n", sort split /\n/, $everything), 'each row once');
	alter_server($node, request_timeout => '10s');
};

# ---- what goes wrong ---------------------------------------------------------------------

subtest 'failures that are repeated' => sub {
	foreach my $fault ({ status => 503 }, { throttle => { retry_after => 300 } }, { cut => 'before' }, { crc => 'wrong' })
	{
		$proxy->reset;
		$proxy->faults({ match => { nth => 2 }, action => $fault }, { match => {}, action => { page_limit => 60 } });
		gives($session, $all, $everything, json($fault));
		is($proxy->counts->{retries}, 1, 'once');
	}
};

subtest 'a service that says nothing' => sub {
	# longer than what counts as a pause of our own
	$node->safe_psql('postgres', "ALTER SERVER $_ OPTIONS (SET request_timeout '4s', SET max_attempts '1')") foreach 'bench_server', 'other_server';
	$proxy->reset;
	fault($proxy, { stall => 'before' }, nth => 1);
	# what else wakes the backend is no progress
	my $pid = backend_pid($session);
	my $child = fork() // die "fork: $!";
	if (!$child)
	{
		select undef, undef, undef, 2;
		kill 'USR1', $pid;
		POSIX::_exit(0);
	}
	my $seconds = elapsed(sub { fails($session, 'SELECT count(sk) FROM all_items', '08006', qr/no answer .* within 4000 ms/, 'the time limit holds') });
	waitpid $child, 0;
	cmp_ok($seconds, '>', 3.9, 'not too early');
	cmp_ok($seconds, '<', 5.4, 'and not too late');
	$node->safe_psql('postgres', "ALTER SERVER $_ OPTIONS (SET request_timeout '10s', SET max_attempts '2')") foreach 'bench_server', 'other_server';
};

subtest 'cancelled' => sub {
	foreach my $fault ({ stall => 'before' }, { stall => 300 }, { throttle => { retry_after => 5000 } })
	{
		$proxy->reset;
		fault($proxy, $fault, nth => 3);
		with_timeout($session, '400ms', sub {
			my $seconds = elapsed(sub { fails($session, 'SELECT count(sk) FROM all_items', '57014', qr/statement timeout/, json($fault)) });
			cmp_ok($seconds, '<', 1.4, 'promptly');
		});
		$proxy->reset;
		gives($session, $all, $everything, 'the next statement');
	}
};

# How many descriptors a process has to wait with, and how many sockets.
sub kinds_of_descriptors
{
	my @all = descriptors($_[0]);

	return { waits => scalar(grep { /eventpoll|timerfd/ } @all), sockets => scalar(grep { /^socket:/ } @all) };
}

subtest 'an error in one of them' => sub {
	my $pid = backend_pid($session);
	my @faults = ({ error => 'ValidationException', message => 'no' }, { body => '{"Items":[{"pk":{"S":"p"},"sk":{"S":"s"},"timestamp":{"M":{}}}]}' });
	my ($before, $contexts);

	foreach my $i (0 .. 100)
	{
		$proxy->reset;
		$proxy->faults({ match => { nth => 7 }, action => $faults[ $i % 2 ] }, { match => {}, action => { page_limit => 10 } });
		my ($output, $error) = outcome($session, 'SELECT source, timestamp FROM all_items');
		like($error, $i % 2 ? qr/HV004/ : qr/HV00L.*Scan of table "BenchmarkResults"/s, "an error, $i") if $i < 2;
		($before, $contexts) = (kinds_of_descriptors($pid), context_bytes($session)) if $i == 1;
	}
	my $after = kinds_of_descriptors($pid);
	is($after->{waits}, $before->{waits}, 'no descriptor to wait with is left open after a hundred of them');
	cmp_ok($after->{sockets}, '<=', $before->{sockets} + 4, 'nor connections');
	is(context_bytes($session), $contexts, 'nor memory');
	$proxy->reset;
	gives($session, $all, $everything, 'and then the rows');
};

subtest 'errors that are caught' => sub {
	$proxy->reset;
	fault($proxy, { error => 'ValidationException', message => 'no' }, every => 3);
	outcome($session, q{DO $$ BEGIN FOR i IN 1..30 LOOP BEGIN PERFORM count(sk) FROM all_items; EXCEPTION WHEN fdw_unable_to_create_execution THEN NULL; END; END LOOP; END $$});
	$proxy->reset;
	gives($session, $all, $everything, 'and then the rows');
};

$session->quit;
$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
