# Paging: a read ends where the service says so and nowhere else, and asks for no
# page that nobody reads.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults);
use BenchFaults;
use Test::More;

my ($node, $proxy) = faulty_cluster(server => { max_attempts => 2, request_timeout => '500ms' });
my $session = session($node);
my $manifest = bench_manifest('dynalite/live/BenchmarkResults');
my $items = $manifest->{totals}{items};
my $run = $manifest->{runs}[0];
my $scan = 'SELECT count(sk) FROM bench.items';
my $counted = 'SELECT count(*) FROM bench.items';
my $query = "SELECT count(*) FROM bench.aggregates WHERE test_run_id = '$run->{test_run_id}'";
my $index = "SELECT count(*) FROM bench.results WHERE test_run_id = '$run->{test_run_id}'";
my $all = 'SELECT string_agg(pk || sk, chr(10) ORDER BY pk, sk) FROM bench.items';
my ($everything) = outcome($session, $all);

sub requests { return scalar @{ $proxy->requests } }

sub pages_of
{
	my ($count, $size) = @_;
	return int(($count + $size - 1) / $size);
}

# ---- an empty page is not the end --------------------------------------------------

foreach my $case ([ Scan => $scan, $items, 1, 3, 100, 10_000 ], [ Query => $query, $run->{aggregates}, 1, 3, 100 ],
	[ Scan => $counted, $items, 7 ])
{
	my ($operation, $sql, $count, @numbers) = @$case;

	foreach my $number (@numbers)
	{
		subtest "F1: $operation, $number empty pages in a row" => sub {
			$proxy->reset;
			fault($proxy, { empty_page => \1 }, operation => $operation, times => $number);
			gives($session, $sql, $count, 'all rows');
			is($proxy->counts->{total}, $number + 1, 'requests');
		};
	}
}

subtest 'F1: empty pages between others' => sub {
	$proxy->reset;
	$proxy->faults(
		{ match => { every => 2 }, action => { empty_page => \1 } },
		{ match => {}, action => { page_limit => 20 } });
	gives($session, $all, $everything, 'each item exactly once');
	gives($session, $index, $run->{results}, 'also by an index');
};

subtest 'F1: an empty page at the end' => sub {
	$proxy->reset;
	my $pages = pages_of($items, 5);
	fault($proxy, { page_limit => 5 });
	gives($session, $scan, $items, 'rows');
	# A full last page comes with a LastEvaluatedKey, too.
	ok((grep { $_ == requests() } $pages, $pages + 1), 'requests');
};

# ---- the last key ------------------------------------------------------------------

foreach my $case ([ Scan => $scan ], [ Query => $query ])
{
	my ($operation, $sql) = @$case;

	subtest "F1: $operation with a last key that never moves on" => sub {
		$proxy->reset;
		fault($proxy, { repeat_key => \1 }, operation => $operation);
		fails($session, $sql, '08P01', qr/same LastEvaluatedKey twice in a row.*$operation of table "BenchmarkResults"/s,
			'error');
		cmp_ok(requests(), '<=', 3, 'at once');
	};
}

subtest 'F1: last key in other spellings' => sub {
	foreach my $none ('', ',"LastEvaluatedKey":null', ',"LastEvaluatedKey":{}', ',"LastEvaluatedKey": { } ')
	{
		$proxy->reset;
		fault($proxy, { body => qq({"Items":[],"Count":0,"ScannedCount":0$none}) });
		gives($session, $scan, 0, "none: $none");
		is(requests(), 1, 'one request');
	}
	$proxy->reset;
	fault($proxy, { body => '{ "LastEvaluatedKey" : { "sk" : {"S" : "z\u0022"}, "pk":{"S":"\u00e9"} } , "Items" : [ ] }' },
		times => 1);
	outcome($session, $scan);
	is(json($proxy->requests->[1]{body}{ExclusiveStartKey}), json({ pk => { S => "\x{e9}" }, sk => { S => 'z"' } }),
		'sent back as it came');
};

# ---- pages of any size -------------------------------------------------------------

subtest 'F2: one item a page' => sub {
	$proxy->reset;
	fault($proxy, { page_limit => 1 });
	gives($session, $all, $everything, 'each item exactly once');
	gives($session, $query, $run->{aggregates}, 'Query');
	gives($session, $index, $run->{results}, 'Query of an index');
};

# Every item has its keys, and they are always asked for: what lacks them is not to be skipped in silence.
subtest 'items without attributes' => sub {
	my $item = '{"pk":{"S":"p"},"sk":{"S":"s"}}';

	foreach my $body ("{\"Items\":[$item,{}]}", '{"Items":[{}]}', '{"Items":[{"pk":{"S":"p"}}]}', '{"Items":[{"pk":{"S":"p"},"sk":{"NULL":true}}]}')
	{
		$proxy->reset;
		fault($proxy, { body => $body });
		fails($session, $scan, 'HV021', qr/"(pk|sk)"/, $body);
	}
	my $get = "SELECT count(*) FROM bench.aggregates WHERE test_run_id = 'x' AND config_id = 'y' AND invocation_type = 'warm'";
	$proxy->reset;
	fault($proxy, { body => '{}' });
	gives($session, $get, 0, 'GetItem: no item');
	$proxy->reset;
	fault($proxy, { body => '{"Item":{}}' });
	fails($session, $get, 'HV021', qr/"pk"/, 'GetItem: an item without attributes');
};

subtest 'counts that disagree with the items' => sub {
	$proxy->reset;
	fault($proxy, { body => '{"Count":7,"ScannedCount":9,"Items":[{"pk":{"S":"p"},"sk":{"S":"s"}}]}' });
	gives($session, $scan, 1, 'items count');
};

# ---- what is not asked for ---------------------------------------------------------

subtest 'F9: LIMIT' => sub {
	# [rows wanted, at least so many requests, at most]: from the second page on one more is on its way
	foreach my $case ([ 1, 1, 1 ], [ 10, 1, 1 ], [ 11, 2, 3 ], [ 20, 2, 3 ], [ 21, 3, 4 ], [ 45, 5, 6 ])
	{
		my ($limit, $least, $most) = @$case;

		$proxy->reset;
		fault($proxy, { page_limit => 10 });
		gives($session, "SELECT count(*) FROM (SELECT * FROM bench.items LIMIT $limit) AS limited", $limit, "LIMIT $limit");
		cmp_ok(requests(), '>=', $least, 'enough pages');
		cmp_ok(requests(), '<=', $most, 'no more than one page too many');
	}
	$proxy->reset;
	fault($proxy, { page_limit => 10 });
	gives($session, 'SELECT EXISTS (SELECT FROM bench.items)', 't', 'EXISTS');
	is(requests(), 1, 'one page');
	$proxy->reset;
	gives($session, 'SELECT count(*) FROM (SELECT FROM bench.items LIMIT 0) AS none', 0, 'LIMIT 0');
	is(requests(), 0, 'no request');
};

subtest 'pages ahead' => sub {
	my $pages = pages_of($items, 10);

	$proxy->reset;
	fault($proxy, { page_limit => 10 });
	outcome($session, 'BEGIN; DECLARE c NO SCROLL CURSOR FOR SELECT pk FROM bench.items');
	outcome($session, 'FETCH 10 FROM c');
	is(requests(), 1, 'the first page is used up');
	outcome($session, 'FETCH 1 FROM c');
	wait_until(sub { requests() == 3 }, 'the third page is asked for because the second is read');
	outcome($session, 'MOVE ALL IN c; COMMIT');
	ok((grep { $_ == requests() } $pages, $pages + 1), 'each page is asked for once');
	is($proxy->counts->{max_in_flight}, 1, 'one after the other');
};

subtest 'A18: EXPLAIN asks for nothing' => sub {
	$proxy->reset;
	outcome($session, "EXPLAIN (VERBOSE) $_") foreach ($scan, $query, $index);
	is(requests(), 0, 'no request');
};

# ---- a reader that takes its time --------------------------------------------------

# The limit of one second without an answer is for the service, not for the client:
# what was asked for before a pause is taken after it, or asked for again; and what
# went wrong in a pause is no failed attempt.
sub paused_cursor
{
	my ($name, $attempts, $third_page, $retries) = @_;

	subtest $name => sub {
		alter_server($node, max_attempts => $attempts, request_timeout => '1s');
		$proxy->reset;
		$proxy->faults({ match => { nth => 3 }, action => { page_limit => 10, %$third_page } },
			{ match => {}, action => { page_limit => 10 } });
		outcome($session, 'BEGIN; DECLARE c NO SCROLL CURSOR FOR SELECT pk || sk FROM bench.items');
		my ($first) = outcome($session, 'FETCH 15 FROM c');
		outcome($session, 'SELECT pg_sleep(2)');
		my ($rest, $error) = outcome($session, 'FETCH ALL FROM c');
		is($error, '', 'fetching on after a pause');
		outcome($session, 'COMMIT');
		is(join("\n", sort split /\n/, "$first\n$rest"), join("\n", sort split /\n/, $everything), 'each item exactly once');
		is($proxy->counts->{retries}, $retries, 'retries');
	};
}

paused_cursor('a pause', 1, {}, 0);
paused_cursor('a pause that the service outlasts', 1, { delay_ms => 2300 }, 0);
paused_cursor('a pause in which the connection breaks', 1, { delay_ms => 500, cut => 300 }, 1);
paused_cursor('a pause while the service hangs', 2, { stall => 300 }, 1);

subtest 'A17: two cursors over one table' => sub {
	my %rows = (a => '', b => '');

	$proxy->reset;
	fault($proxy, { page_limit => 10 });
	outcome($session, 'BEGIN; DECLARE a CURSOR FOR SELECT pk || sk FROM bench.items; DECLARE b CURSOR WITH HOLD FOR SELECT pk || sk FROM bench.items');
	foreach my $round (1 .. 50)
	{
		foreach my $cursor ('a', 'b')
		{
			my ($some) = outcome($session, "FETCH 7 FROM $cursor");
			$rows{$cursor} .= "$some\n" if $some ne '';
		}
	}
	outcome($session, 'COMMIT; CLOSE b');
	is(join("\n", sort split /\n/, $rows{$_}), join("\n", sort split /\n/, $everything), "$_: each item exactly once") foreach 'a', 'b';
};

subtest 'A17: a cursor that goes back' => sub {
	$proxy->reset;
	fault($proxy, { page_limit => 10 });
	outcome($session, 'BEGIN; DECLARE c SCROLL CURSOR FOR SELECT pk || sk FROM bench.items');
	my ($forward) = outcome($session, 'FETCH 25 FROM c');
	my ($back) = outcome($session, 'FETCH BACKWARD 24 FROM c');
	my ($again) = outcome($session, 'MOVE ABSOLUTE 0 IN c; FETCH 25 FROM c');
	outcome($session, 'COMMIT');
	is(join("\n", reverse split /\n/, $back), join("\n", (split /\n/, $forward)[0 .. 23]), 'the same rows');
	is($again, $forward, 'and again');
};

$session->quit;
$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
