# Segments: a Scan in parts that are read side by side, and how many requests of a
# scan are under way together.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults dynamodb-local/live/BenchmarkResults);
use BenchFaults;
use Test::More;

my ($node, $proxy) = faulty_cluster(server => { max_attempts => 2, max_concurrency => 8, scan_segments => 'auto' });
my $session = session($node);
my $items = bench_manifest('dynalite/live/BenchmarkResults')->{totals}{items};
my $all = 'SELECT string_agg(pk || sk, chr(10) ORDER BY pk, sk) FROM bench.items';
my ($everything) = outcome($session, $all);

sub requests { return scalar @{ $proxy->requests } }

# The segments that were asked for, and of how many: "0 1 2 3 of 4"; "" for none.
sub segments
{
	my (%asked, %total);

	foreach my $request (@{ $proxy->requests })
	{
		next unless defined $request->{body}{Segment};
		$asked{ $request->{body}{Segment} } = 1;
		$total{ $request->{body}{TotalSegments} } = 1;
	}
	return %asked ? join(' ', sort { $a <=> $b } keys %asked) . ' of ' . join(' ', keys %total) : '';
}

# ---- each item once ----------------------------------------------------------------------

foreach my $segments (1, 2, 3, 4, 8, 16)
{
	subtest "F2: $segments segments" => sub {
		alter_server($node, scan_segments => $segments);
		foreach my $pages (undef, 1, 7)
		{
			my $how = $pages ? "pages of $pages" : 'whole pages';

			$proxy->reset;
			fault($proxy, { page_limit => $pages }) if $pages;
			gives($session, $all, $everything, "$how: each item exactly once");
			is(segments(), $segments > 1 ? join(' ', 0 .. $segments - 1) . " of $segments" : '', "$how: all of them");
			gives($session, 'SELECT count(*) FROM bench.items', $items, "$how: counted by the service");
			cmp_ok($proxy->counts->{max_in_flight}, '<=', 8, "$how: not too many together");
			gives($session, "SELECT count(pk) FROM bench.items WHERE item_type = 'result'", $node->safe_psql('postgres',
				"SET benchresults_fdw.enable_pushdown = off; SELECT count(pk) FROM bench.items WHERE item_type = 'result'"), "$how: with a filter");
		}
	};
}

subtest 'the other engine' => sub {
	my $second = BenchTest::Proxy->start(target => bench_engine('dynamodb-local/live'));
	bench_server($node, $second->url, name => 'second_server', server => { scan_segments => 5 });
	bench_import($node, schema => 'second', server => 'second_server');
	$second->reset;
	fault($second, { page_limit => 9 });
	gives($session, $all =~ s/bench\./second./r, $everything, 'each item exactly once');
	cmp_ok($second->counts->{max_in_flight}, '>=', 2, 'several together');
	no_violations($second);
};

# ---- together ----------------------------------------------------------------------------

subtest 'segments are under way together' => sub {
	alter_server($node, scan_segments => 4);
	my %seconds;

	foreach my $concurrency (1, 2, 8)
	{
		alter_server($node, max_concurrency => $concurrency);
		$proxy->reset;
		fault($proxy, { page_limit => 5, delay_ms => 30 });
		$seconds{$concurrency} = elapsed(sub { gives($session, $all, $everything, "max_concurrency $concurrency: rows") });
		my $together = $proxy->counts->{max_in_flight};
		cmp_ok($together, '<=', $concurrency, 'no more than may be');
		cmp_ok($together, '>=', $concurrency == 1 ? 1 : 2, 'waiting overlaps') ;
	}
	# about a fourth, but machines are busy
	cmp_ok($seconds{8}, '<', 0.7 * $seconds{1}, 'and takes less time');
};

subtest 'max_concurrency of a table' => sub {
	$node->safe_psql('postgres', q{ALTER FOREIGN TABLE bench.items OPTIONS (ADD max_concurrency '1', ADD scan_segments '3')});
	$proxy->reset;
	fault($proxy, { page_limit => 10 });
	gives($session, $all, $everything, 'rows');
	is(segments(), '0 1 2 of 3', "the table's segments");
	is($proxy->counts->{max_in_flight}, 1, 'one after the other');
	$node->safe_psql('postgres', q{ALTER FOREIGN TABLE bench.items OPTIONS (DROP max_concurrency, DROP scan_segments)});
};

subtest 'keys in bulk' => sub {
	my $sql = q{SELECT count(duration_ms) FROM bench.results WHERE test_run_id = '%s' AND config_id = '%s' AND invocation_type IN ('cold', 'warm') AND invocation_number BETWEEN 1 AND 1000};
	my ($run, $config) = split /\|/, (outcome($session, 'SELECT test_run_id, config_id FROM bench.results LIMIT 1'))[0];

	$sql = sprintf($sql, $run, $config);
	my ($expected) = outcome($session, "SELECT count(duration_ms) FROM bench.results WHERE test_run_id = '$run' AND config_id = '$config'");
	foreach my $concurrency (1, 3, 8)
	{
		alter_server($node, max_concurrency => $concurrency);
		$proxy->reset;
		fault($proxy, { delay_ms => 20 });
		gives($session, $sql, $expected, "max_concurrency $concurrency: rows");
		cmp_ok($proxy->counts->{max_in_flight}, '<=', $concurrency, 'no more than may be');
	}
};
alter_server($node, max_concurrency => 8);

# ---- no more than is wanted --------------------------------------------------------------

subtest 'who stops early' => sub {
	alter_server($node, scan_segments => 4);
	$proxy->reset;
	gives($session, 'SELECT count(*) FROM (SELECT pk FROM bench.items LIMIT 5) AS few', 5, 'LIMIT');
	is(requests(), 1, 'LIMIT: one request');
	is(segments(), '', 'LIMIT: of the whole');
	$proxy->reset;
	fault($proxy, { page_limit => 10 });
	outcome($session, 'BEGIN; DECLARE c CURSOR FOR SELECT pk FROM bench.items');
	outcome($session, 'FETCH 1 FROM c');
	is(requests(), 1, 'the first page of a cursor');
	my (undef, $error) = outcome($session, 'CLOSE c; COMMIT');
	is($error, '', 'closed');
	$proxy->reset;
	fault($proxy, { page_limit => 10 });
	gives($session, 'SELECT EXISTS (SELECT pk FROM bench.items)', 't', 'EXISTS');
	is(requests(), 1, 'EXISTS: one request');
};

subtest 'by the size of the table' => sub {
	alter_server($node, scan_segments => 'auto');
	my ($unknown) = outcome($session, 'EXPLAIN SELECT pk FROM bench.items');
	like($unknown, qr/Segments: 4/, 'a size that is not known');
	foreach my $case ([ 1000 => '' ], [ 200_000 => '' ], [ 300_000 => 4 ], [ 5_000_000 => 6 ], [ 100_000_000 => 8 ])
	{
		my ($rows, $segments) = @$case;
		$node->safe_psql('postgres', "ALTER FOREIGN TABLE bench.items OPTIONS (@{[ $rows == 1000 ? 'ADD' : 'SET' ]} estimated_rows '$rows')");
		my ($plan) = outcome($session, 'EXPLAIN SELECT pk FROM bench.items');
		is($plan =~ /Segments: (\d+)/ ? $1 : '', $segments, "$rows rows");
	}
	my ($plan) = outcome($session, 'EXPLAIN SELECT pk FROM bench.items LIMIT 10');
	unlike($plan, qr/Segments/, 'not where a LIMIT is known');
	($plan) = outcome($session, q{EXPLAIN SELECT pk FROM bench.items WHERE pk = 'x'});
	unlike($plan, qr/Segments/, 'nor for a Query');
	$node->safe_psql('postgres', q{ALTER FOREIGN TABLE bench.items OPTIONS (DROP estimated_rows)});
};

# ---- what goes wrong ---------------------------------------------------------------------

subtest 'an error in one segment' => sub {
	alter_server($node, scan_segments => 4);
	my $pid = backend_pid($session);
	my $sql = 'SELECT count(pk) FROM bench.items';

	outcome($session, $sql);
	my $before = descriptors($pid);
	foreach (1 .. 50)
	{
		$proxy->reset;
		$proxy->faults({ match => { contains => '"Segment":2' }, action => { error => 'ValidationException', message => 'no' } },
			{ match => {}, action => { page_limit => 10 } });
		my (undef, $error) = outcome($session, $sql);
		like($error, qr/HV00L.*Scan of table "BenchmarkResults"/s, 'an error') if $_ == 1;
	}
	$proxy->reset;
	gives($session, $sql, $items, 'and then the rows');
	cmp_ok(scalar(descriptors($pid)), '<=', $before + 8, 'nothing is left open');
};

subtest 'faults that are repeated' => sub {
	alter_server($node, max_attempts => 4);
	foreach my $fault ({ status => 503 }, { throttle => { retry_after => 1 } }, { cut => 300 }, { crc => 'wrong' })
	{
		$proxy->reset;
		$proxy->faults({ match => { retry => \0, every => 3 }, action => { page_limit => 6, %$fault } }, { match => {}, action => { page_limit => 6 } });
		gives($session, $all, $everything, json($fault));
	}
};

subtest 'cancelled' => sub {
	$proxy->reset;
	$proxy->faults({ match => { contains => '"Segment":1' }, action => { stall => 'before' } }, { match => {}, action => { page_limit => 10 } });
	with_timeout($session, '500ms', sub {
		my $seconds = elapsed(sub { fails($session, 'SELECT count(pk) FROM bench.items', '57014', qr/statement timeout/, 'cancelled') });
		cmp_ok($seconds, '<', 1.5, 'promptly');
	});
	$proxy->reset;
	gives($session, $all, $everything, 'the next statement');
};

$session->quit;
$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
