# Whatever is read can be written: items that are read through the foreign tables
# and inserted into an empty table are the same there, type by type and digit by
# digit. Both tables are read from the engine and compared without PostgreSQL.
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
use BenchWrites;
use Test::More;

my $node = bench_cluster('main');
my $odd = '00000000-0000-4000-8000-00000000ed9e';	# the run of odd items, test/engines/edge.py

# The first difference of two tables, or "".
sub difference
{
	my ($expected, $found) = @_;
	my %keys = (%$expected, %$found);

	foreach my $key (sort keys %keys)
	{
		my ($one, $other) = map { $_ ? canonical($_) : 'none' } ($expected->{$key}, $found->{$key});
		return "$key: expected $one, found $other" if $one ne $other;
	}
	return '';
}

# Whether a statement makes the copy from nothing.
sub copies
{
	my ($stage, $session, $expected, $sql, $name) = @_;

	subtest $name => sub {
		table_like($stage, 'BenchmarkResults', 'Copy');
		writes($session, $sql, scalar(keys %$expected), 'rows');
		is(difference($expected, items_of(engine($stage), 'Copy')), '', 'the same items');
	};
}

# The copy is complete now; its items are changed as wholes, and changed back.
sub changes_whole_items
{
	my ($stage, $session, $proxy, $items) = @_;
	my $count = keys %$items;
	my $engine = engine($stage);
	my %more = map { ($_ => { %{ $items->{$_} }, added => { L => [ { N => '1' } ] } }) } keys %$items;

	subtest "$stage: whole items are changed" => sub {
		$proxy->reset;
		writes($session, 'UPDATE copy.items SET item = item', $count, 'to what they are');
		is(scalar(requests_of($proxy, 'UpdateItem')), 0, 'needs no request that writes');
		writes($session, q{UPDATE copy.items SET item = item || '{"added": [1]}'}, $count, 'by an attribute more');
		is(difference(\%more, items_of($engine, 'Copy')), '', 'nothing else changes');
		is(scalar(grep { keys %{ $_->{ExpressionAttributeValues} } != 1 } requests_of($proxy, 'UpdateItem')), 0, 'nor is sent');
		writes($session, q{UPDATE copy.items SET item = item - 'added' WHERE pk IS NOT NULL RETURNING pk}, $count, 'and back, row by row');
		is(difference($items, items_of($engine, 'Copy')), '', 'the same items');
		refused($session, q{UPDATE copy.items SET item = item || '{"sk": "other"}'}, '\w{5}', qr/"?sk"?/, 'not the key');
		is(difference($items, items_of($engine, 'Copy')), '', 'nothing is changed');
	};
}

# What is no row of a table is not deleted by a DELETE from it, odd items least of all.
sub deletes_by_entity
{
	my ($stage, $session, $items) = @_;
	my $engine = engine($stage);
	my %left = %$items;
	my %is_row = (
		results => sub { my ($pk, $sk) = @_; $pk !~ /^(TESTRUN|DOCUMENT)#/ && $pk =~ /^[^#]+#/ && $sk =~ /^(cold|warm)#(0|[1-9]\d*)$/ },
		aggregates => sub { my ($pk, $sk) = @_; $pk =~ /^TESTRUN#/ && $sk =~ /^AGGREGATE#.+#(cold|warm)$/ },
		test_runs => sub { my ($pk, $sk) = @_; $pk =~ /^TESTRUN#/ && $pk eq $sk });

	subtest "$stage: DELETE of everything in a table" => sub {
		foreach my $table (sort keys %is_row)
		{
			my @rows = grep { $is_row{$table}->(split /\|/) } keys %left;

			delete @left{@rows};
			writes($session, "DELETE FROM copy.$table", scalar(@rows), "$table: rows");
			is(difference(\%left, items_of($engine, 'Copy')), '', "$table: nothing else");
		}
		cmp_ok(scalar(keys %left), '>', 3, 'there is something else');
	};
}

foreach my $stage (@stages)
{
	my $proxy = BenchTest::Proxy->start(target => bench_engine($stage));
	my ($shape) = $stage =~ m{/(\w+)};

	bench_server($node, $proxy->url, server => { updatable => 'true' });
	foreach my $schema (qw(bench copy))
	{
		bench_import($node, schema => $schema, options => { shape => $shape });
	}
	$node->safe_psql('postgres', "ALTER FOREIGN TABLE copy.$_ OPTIONS (SET table 'Copy')") foreach qw(test_runs aggregates results items);
	my $session = session($node, 'SET client_min_messages = warning');
	my $items = items_of(engine($stage), 'BenchmarkResults');
	my %of = map { my $type = $_; ($type => { map { ($_ => $items->{$_}) } grep { ($items->{$_}{itemType}{S} // '') eq $type && $items->{$_}{testRunId}{S} ne $odd } keys %$items }) }
	  qw(test-run aggregate result);

	cmp_ok(scalar(keys %$items), '>', 150, "$stage: there are items");
	ok((grep { exists $_->{stringSet} && exists $_->{digits38} } values %$items), "$stage: odd ones, too");
	copies($stage, $session, $items, 'INSERT INTO copy.items (item) SELECT item FROM bench.items', "$stage: whole items");
	copies($stage, $session, $items, 'INSERT INTO copy.items SELECT * FROM bench.items', "$stage: whole items, and what is in them");
	copies($stage, $session, $of{aggregate}, "INSERT INTO copy.aggregates SELECT * FROM bench.aggregates WHERE test_run_id <> '$odd'", "$stage: aggregates");
	copies($stage, $session, $of{'test-run'}, 'INSERT INTO copy.test_runs SELECT * FROM bench.test_runs', "$stage: test runs");

	# in the document shape results lack the dimensions, which INSERT would add
	copies($stage, $session, $of{result}, "INSERT INTO copy.results SELECT * FROM bench.results WHERE test_run_id <> '$odd'", "$stage: results, column by column")
	  if $shape eq 'live';
	bench_foreign_table($node, 'copy.upserted', 'Copy', q{item jsonb OPTIONS (attribute '*')}, entity => 'items', insert_mode => 'upsert');
	copies($stage, $session, $items, 'INSERT INTO copy.upserted SELECT item FROM bench.items', "$stage: replacing");
	changes_whole_items($stage, $session, $proxy, $items);
	deletes_by_entity($stage, $session, $items);
	$session->quit;
	no_violations($proxy, "$stage: violations at the end");
	$proxy->stop;
}

done_testing();
