# Tables of any kind: names that SQL cannot have, attributes of several types,
# keys that are timestamps, local indexes; in several encodings.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::RealBin/../perl";
my @stages;

BEGIN { @stages = $ENV{BENCH_QUICK} ? 'dynamodb-local/live' : qw(dynamodb-local/live dynalite/live) }

use BenchTest @stages;
use BenchFaults;
use Encode qw(encode_utf8);
use Test::More;

my $long = 'a' x 70;
my ($stage, $proxy, $node);

# psql speaks UTF-8 with the database, whatever that is encoded in.
sub sql
{
	my ($sql, $database) = @_;

	return $node->safe_psql($database // 'postgres', encode_utf8("SET client_encoding = 'UTF8'; $sql"));
}

# Imports a table; the notices.
sub import_table
{
	my ($table, $database) = @_;
	my $notices;

	$node->psql($database // 'postgres', qq{IMPORT FOREIGN SCHEMA "$table" FROM SERVER bench_server INTO odd OPTIONS (shape 'generic')},
		stderr => \$notices, on_error_die => 1);
	return $notices;
}

# "column type attribute", a line each.
sub columns_of
{
	my ($table, $database) = @_;

	return sql(qq{SELECT attname || ' ' || format_type(atttypid, atttypmod) || ' ' || o.option_value
		FROM pg_attribute, pg_options_to_table(attfdwoptions) o
		WHERE attrelid = 'odd."$table"'::regclass AND attnum > 0 AND o.option_name = 'attribute' ORDER BY attnum}, $database);
}

sub asks
{
	my ($sql, $expected, $name) = @_;
	my $before = $proxy->counts;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	sql($sql);
	return is($proxy->asked($before), $expected, $name);
}

sub same_columns
{
	my ($table, $columns, $name) = @_;
	my $got = columns_of($table);
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	# the order of attributes in an item is up to the engine
	return is(join("\n", sort split /\n/, $got), join("\n", sort map { encode_utf8($_) } @$columns), $name);
}

# ---- names -----------------------------------------------------------------------------

# An item of which each attribute says its own name.
sub self_named
{
	return { id => { S => $_[0] }, map { $_ => { S => $_ } } @_[ 1 .. $#_ ] };
}

sub names_that_a_table_cannot_have
{
	my @plain = ('ctid', 'user', 'item', '*', 'a.b', '2nd', 'ünter');

	bench_table($stage, 'OddNames', keys => [ id => 'S' ], items => [
		self_named('1', @plain, 'fooBar'), self_named('2', 'foo_bar'), self_named('3', "${long}1"), self_named('4', "${long}2"),
		self_named('5', 'b' x 1100), self_named('6', "line\nfeed") ]);
	my $notices = import_table('OddNames');
	my @notices = $notices =~ /NOTICE:  there is no column for attribute "(.*?)"\n/sg;

	is(scalar(@notices), 2, 'two attributes get no column');
	ok((grep { $_ eq 'b' x 60 . '...' } @notices), '... one with a name that is too long');
	ok((grep { $_ eq "line\nfeed" } @notices), '... and one with a line feed');
	is(sql('SELECT count(*) FROM odd."OddNames"'), 6, 'all items are rows');
	is(sql(q{SELECT octet_length(item ->> repeat('b', 1100)) FROM odd."OddNames" WHERE id = '5'}), 1100, 'what has no column is in the whole item');

	my @columns = split /\n/, columns_of('OddNames');
	is(scalar(grep { /^foo_bar(_2)? text (fooBar|foo_bar)$/ } @columns), 2, 'two names that become the same');
	is(scalar(grep { /^a{63} text a{70}\d$/ } @columns), 1, 'a name of more than 63 bytes');
	is(scalar(grep { /^a{61}_2 text a{70}\d$/ } @columns), 1, '... and another that begins so');
	foreach my $expected ('ctid_2 text ctid', 'user text user', 'item_2 text item', 'item jsonb *', '_ text "*"', 'a_b text "a.b"', '2nd text 2nd', 'ünter text ünter')
	{
		is(scalar(grep { $_ eq encode_utf8($expected) } @columns), 1, encode_utf8($expected));
	}
	is($columns[-1], 'item jsonb *', 'the whole item stands last');
	# each column is read from its own attribute
	is(sql(q{SELECT ctid_2, "user", item_2, _, a_b, "2nd", "ünter" FROM odd."OddNames" WHERE id = '1'}), encode_utf8(join '|', @plain), 'values');
	is(sql(qq{SELECT count(*) FROM odd."OddNames" WHERE "ünter" = 'ünter'}), 1, 'a filter by such a name');
	is(sql(q{SELECT string_agg(coalesce(foo_bar, foo_bar_2), ',' ORDER BY id) FROM odd."OddNames" WHERE coalesce(foo_bar, foo_bar_2) IS NOT NULL}),
		'fooBar,foo_bar', '... of both');
}

sub many_attributes
{
	bench_table($stage, 'OddMany', keys => [ id => 'S' ], items => [ self_named('1', map { "a$_" } 1 .. 1700) ]);
	like(import_table('OddMany'), qr/NOTICE:  there are no columns for attributes beyond the first 1000/, 'more than a table can have columns');
	is(sql(q{SELECT count(*) FROM odd."OddMany", jsonb_object_keys(item)}), 1701, '... are in the whole item');
}

sub names_in_the_tables_of_the_benchmark
{
	my %keys = (pk => { S => 'r#c' }, sk => { S => 'cold#1' }, testRunId => { S => 'r' }, configId => { S => 'c' }, timestamp => { N => '1' });
	my %stats = (M => { mean => { N => '1.5' } });

	bench_table($stage, 'OddBenchmark', keys => [ pk => 'S', sk => 'S' ], items => [
		{ %keys, test_run_id => { S => 'x' }, xmax => { N => '2' }, note => { S => 'x' } },
		{ %keys, sk => { S => 'cold#2' }, note => { N => '1' }, success => { BOOL => \1 } },
		{ %keys, pk => { S => 'TESTRUN#r' }, sk => { S => 'AGGREGATE#c#cold' }, attributes => { S => 'x' }, wait_stats => \%stats, waitStats => \%stats } ]);
	$node->safe_psql('postgres', 'CREATE SCHEMA odd_runs; IMPORT FOREIGN SCHEMA "OddBenchmark" FROM SERVER bench_server INTO odd_runs');
	is(sql(q{SELECT test_run_id, test_run_id_2, xmax_2, note FROM odd_runs.results ORDER BY invocation_number}), qq{r|x|2|"x"\nr|||1}, 'beside the known ones');
	is(sql(q{SELECT attributes_2, attributes ->> 'attributes', wait_mean, wait_mean_2 FROM odd_runs.aggregates}), 'x|x|1.5|1.5', '... and two that become the same');
}

# ---- types -----------------------------------------------------------------------------

sub types_that_differ_from_item_to_item
{
	bench_table($stage, 'OddTypes', keys => [ id => 'S', n => 'N' ], items => [
		{ id => { S => 'a' }, n => { N => '1' }, mixed => { S => 'x' }, number => { N => '1' }, later => { NULL => \1 }, deep => { M => {} } },
		{ id => { S => 'a' }, n => { N => '2' }, mixed => { N => '12345678901234567890.5' }, number => { NULL => \1 }, later => { N => '7' }, deep => { L => [] } },
		{ id => { S => 'a' }, n => { N => '3' }, mixed => { SS => ['x'] }, number => { N => '1e3' } } ]);
	is(import_table('OddTypes'), '', 'no notice');
	same_columns('OddTypes', [ 'id text id', 'n numeric n', 'mixed jsonb mixed', 'number numeric number', 'later numeric later', 'deep jsonb deep', 'item jsonb *' ],
		'several types become jsonb, NULL is none of them');
	is(sql(q{SELECT mixed, number, later, deep FROM odd."OddTypes" WHERE id = 'a' ORDER BY n}),
		qq{"x"|1||{}\n12345678901234567890.5||7|[]\n{"\$SS": ["x"]}|1000||}, 'and lose nothing');
}

# ---- indexes ---------------------------------------------------------------------------

sub an_index_whose_key_has_several_attributes
{
	my $attributes = join ',', map { qq({"AttributeName":"$_","AttributeType":"S"}) } qw(id a b c);
	my $key = join ',', map { qq({"AttributeName":"$_->[0]","KeyType":"$_->[1]"}) } [ a => 'HASH' ], [ b => 'HASH' ], [ c => 'RANGE' ];
	my $index = qq({"IndexName":"Several","IndexStatus":"ACTIVE","KeySchema":[$key],"Projection":{"ProjectionType":"ALL"}});
	my $describe = qq({"Table":{"TableName":"OddTypes","TableStatus":"ACTIVE","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[$attributes],"GlobalSecondaryIndexes":[$index]}});
	my $notice = qr/^NOTICE:  index "Several" of DynamoDB table "OddTypes" is not used\nDETAIL:  It is not active yet, or its key has several attributes\.$/m;
	my $said;

	$node->safe_psql('postgres', 'DROP FOREIGN TABLE odd."OddTypes"');
	fault($proxy, { body => $describe }, operation => 'DescribeTable');
	$said = import_table('OddTypes');
	like($said =~ s/^psql:\S+ //mgr, $notice, 'is not used, and IMPORT says so');
	is(sql(q{SELECT count(*) FROM pg_foreign_table WHERE ftrelid = 'odd."OddTypes"'::regclass AND ftoptions::text LIKE '%indexes%'}), 0, '... in no option');
	$node->psql('postgres', q{SELECT bench_refresh('odd."OddTypes"')}, stderr => \$said);
	like($said =~ s/^psql:\S+ //mgr, $notice, 'and so does bench_refresh');
	$proxy->clear;
}

sub local_indexes
{
	my @orders = map { {
		customer => { S => 'c' . $_ % 3 }, id => { S => sprintf '%03d', $_ }, placed => { N => 1000 + (7 * $_) % 60 . '' },
		note => { S => "note $_" }, payload => { S => 'x' x 100 } } } 0 .. 59;

	delete $orders[0]{placed};
	bench_table($stage, 'OddLocal', keys => [ customer => 'S', id => 'S' ], items => \@orders, local => {
		ByPlaced => [ customer => 'S', placed => 'N', 'KEYS_ONLY' ],
		ByNote => [ customer => 'S', note => 'S', [ 'placed' ] ] });
	is(import_table('OddLocal'), '', 'are imported');
	like(sql(q{SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = 'odd."OddLocal"'::regclass}), qr/ByPlaced.*global\\*": false/, '... as local ones');
	$node->safe_psql('postgres', q{ALTER FOREIGN TABLE odd."OddLocal" ALTER placed TYPE integer;
		CREATE TABLE copy AS SELECT * FROM odd."OddLocal"});

	# an item without placed is in no index, so an index serves only where it is declared complete
	my $local = q{odd."OddLocal" WHERE customer = 'c0'};
	asks("SELECT id, placed FROM $local AND placed BETWEEN 1010 AND 1030", 'Query (table) 1', 'an index that may lack items is not used');
	my $indexes = sql(q{SELECT option_value FROM pg_foreign_table, pg_options_to_table(ftoptions) WHERE ftrelid = 'odd."OddLocal"'::regclass AND option_name = 'indexes'});
	$indexes =~ s/"global": false/"global": false, "complete": true/g;
	$node->safe_psql('postgres', qq{ALTER FOREIGN TABLE odd."OddLocal" OPTIONS (SET indexes '$indexes')});
	foreach my $strong ('false', 'true')
	{
		$node->safe_psql('postgres', qq{ALTER FOREIGN TABLE odd."OddLocal" OPTIONS (ADD consistent_read '$strong')});
		foreach my $columns ('id, placed', 'id, placed, note, payload, item')
		{
			my $where = 'placed BETWEEN 1010 AND 1030';
			is(sql("SELECT $columns FROM $local AND $where ORDER BY placed"),
				sql("SELECT $columns FROM copy WHERE customer = 'c0' AND $where ORDER BY placed"), "rows of $columns, consistent_read $strong");
		}
		my $ordered = q{SELECT id, placed, note, payload FROM %s WHERE customer = 'c0' ORDER BY placed DESC};
		like(sql('SET enable_sort = off; EXPLAIN (COSTS OFF) ' . sprintf $ordered, 'odd."OddLocal"'), qr/Index: ByPlaced/, "what the index lacks comes from the service, consistent_read $strong");
		is(sql('SET enable_sort = off; ' . sprintf $ordered, 'odd."OddLocal"'), sql(sprintf $ordered, '(SELECT * FROM copy WHERE placed IS NOT NULL) c'), '... in its order');
		is(sql("SELECT max(placed) FROM $local"), sql(q{SELECT max(placed) FROM copy WHERE customer = 'c0'}), "max, consistent_read $strong");
		$node->safe_psql('postgres', q{ALTER FOREIGN TABLE odd."OddLocal" OPTIONS (DROP consistent_read)});
	}
	like(sql("SET enable_sort = off; EXPLAIN (COSTS OFF) SELECT id, placed FROM $local ORDER BY placed DESC LIMIT 3"), qr/Index: ByPlaced/, 'the order of the index');
	$node->safe_psql('postgres', q{SELECT bench_refresh('odd."OddLocal"')});
	like(sql(q{SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = 'odd."OddLocal"'::regclass}), qr/ByPlaced.*complete\\*": true/, 'bench_refresh leaves complete as it is');
}

# ---- keys ------------------------------------------------------------------------------

sub keys_that_are_timestamps
{
	my @at = ('2025-10-02T02:00:05.000000Z', '2025-10-02T02:00:05.250000Z', '2025-10-02T02:00:06.000000Z');
	my @ms = (1759370405000, 1759370405250, 1759370406000);
	my $between = q{BETWEEN '2025-10-02 02:00:05.1+00' AND '2025-10-02 02:00:05.9+00'};
	my %format = (OddIso => 'iso8601_utc', OddEpoch => 'epoch_ms');

	bench_table($stage, 'OddIso', keys => [ device => 'S', at => 'S' ], items => [ map { { device => { S => 'd' }, at => { S => $at[$_] }, v => { N => "$_" } } } 0 .. 2 ]);
	bench_table($stage, 'OddEpoch', keys => [ device => 'S', at => 'N' ], items => [ map { { device => { S => 'd' }, at => { N => "$ms[$_]" }, v => { N => "$_" } } } 0 .. 2 ]);
	foreach my $table (sort keys %format)
	{
		$node->safe_psql('postgres', qq{CREATE FOREIGN TABLE "$table" (device text OPTIONS (key 'partition'),
			at timestamptz OPTIONS (key 'sort', format '$format{$table}'), v integer) SERVER bench_server});
		is(sql(qq{SELECT v, at AT TIME ZONE 'UTC' FROM "$table" ORDER BY at}),
			"0|2025-10-02 02:00:05\n1|2025-10-02 02:00:05.25\n2|2025-10-02 02:00:06", "$table: are read");
		is(sql(qq{SELECT v FROM "$table" WHERE device = 'd' AND at $between}), 1, '... and compared');
		like(sql(qq{EXPLAIN (COSTS OFF) SELECT v FROM "$table" WHERE device = 'd' AND at $between}), qr/Key Condition: device = 'd' AND at BETWEEN/, '... as keys');
		is(sql(qq{SELECT v FROM "$table" WHERE device = 'd' AND at = '2025-10-02 02:00:06+00'}), 2, '... also for being equal');
		like(sql(qq{EXPLAIN (COSTS OFF) SELECT v FROM "$table" WHERE device = 'd' ORDER BY at DESC LIMIT 1}), qr/^ +Order: backward/m, '... and their order is used');
		is(sql(qq{SELECT v FROM "$table" WHERE device = 'd' ORDER BY at DESC LIMIT 1}), 2, '... for the newest');
		$node->safe_psql('postgres', qq{ALTER FOREIGN TABLE "$table" ALTER at OPTIONS (DROP format)});
		like(bench_error_of($node, qq{SELECT v FROM "$table"}), qr/HV024: .*key column "at" is a timestamp without a format.*HINT:  Set the option format/s, '... if their format is known');
		$node->safe_psql('postgres', qq{ALTER FOREIGN TABLE "$table" ALTER at TYPE jsonb});
		like(bench_error_of($node, qq{SELECT v FROM "$table"}), qr/HV024: .*key column "at" is of type json or jsonb.*HINT:  A key is of type text, numeric or bytea/s, 'keys are not jsonb');
	}
	$node->safe_psql('postgres', q{CREATE FOREIGN TABLE part_of_key (run text, at timestamptz OPTIONS (format 'epoch_ms'), v integer)
		SERVER bench_server OPTIONS (table 'OddPart', pk 'pk', sk 'sk', pk_template '{run}', sk_template 'AT#{at}')});
	bench_table($stage, 'OddPart', keys => [ pk => 'S', sk => 'S' ], items => [ map { { pk => { S => 'r' }, sk => { S => "AT#$ms[$_]" }, v => { N => "$_" } } } 0 .. 2 ]);
	is(sql(q{SELECT v, at AT TIME ZONE 'UTC' FROM part_of_key WHERE at >= '2025-10-02 02:00:05.1+00' ORDER BY v}), "1|2025-10-02 02:00:05.25\n2|2025-10-02 02:00:06", 'a number as a part of a key');
}

sub bench_refresh_without_the_right_to_scan
{
	my $run = $node->safe_psql('postgres', 'SELECT test_run_id FROM odd_runs.aggregates');

	fault($proxy, { error => 'AccessDeniedException', message => 'not authorized' }, operation => 'Scan');
	like(bench_error_of($node, q{SELECT bench_refresh('odd_runs.results')}), qr/42501: .*HINT:  Name a run to look at: .*second argument of bench_refresh/s, 'says what to do');
	is(sql(qq{SELECT bench_refresh('odd_runs.results', '$run')}), '', 'a run is named');
	is(sql(q{SELECT bench_refresh('odd."OddTypes"')}), '', 'of a table of any kind no items are read');
	$proxy->clear;
}

# ---- encodings -------------------------------------------------------------------------

sub databases_in_other_encodings
{
	my %names = (LATIN1 => [ 'größe', '名前' ], EUC_JP => [ '名前', 'größe€' ]);
	my @item = map { $_ => { S => "$_!" } } map { @$_ } values %names;

	foreach my $encoding (sort keys %names)
	{
		my $database = lc $encoding;
		my ($known, $unknown) = @{ $names{$encoding} };
		my $table = "Odd$encoding";

		# a key, an index and a value of which the database knows the characters, and an attribute that it does not know
		bench_table($stage, $table, keys => [ $known => 'S' ], items => [ { $known => { S => "$known 1" }, ref => { S => 'r' }, $unknown => { S => 'u' }, "${known}2" => { S => "$known 2" } } ],
			global => { ByRef => [ ref => 'S', [ "${known}2", $unknown ] ] });
		$node->safe_psql('postgres', "CREATE DATABASE $database ENCODING '$encoding' LOCALE 'C' TEMPLATE template0");
		$node->safe_psql($database, q{CREATE EXTENSION benchresults_fdw; CREATE SCHEMA odd;
			CREATE SERVER bench_server FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2', endpoint '} . $proxy->url . q{');
			CREATE USER MAPPING FOR CURRENT_USER SERVER bench_server
				OPTIONS (access_key_id '} . BenchTest::Proxy::ACCESS_KEY . q{', secret_access_key '} . BenchTest::Proxy::SECRET_KEY . q{')});
		like(import_table($table, $database), qr/there is no column for attribute "[^"]*\?[^"]*"/, "$encoding: a name that cannot be had gets no column");
		is(join("\n", sort split /\n/, columns_of($table, $database)),
			encode_utf8(join("\n", sort "$known text $known", 'ref text ref', "${known}2 text ${known}2", 'item jsonb *')), '... and those that can be had do');
		my $from = qq{FROM odd."$table"};
		is(sql(qq{SELECT "$known", "${known}2" $from WHERE "$known" = '$known 1'}, $database), encode_utf8("$known 1|$known 2"), '... a value is found by such a key');
		is(sql(qq{SELECT "${known}2" $from WHERE ref = 'r' AND "${known}2" = '$known 2'}, $database), encode_utf8("$known 2"), '... and by an index');
		is(sql(qq{SELECT "${known}2" $from WHERE "${known}2" = '$known 3'}, $database), '', '... a filter that nothing passes');
		like(sql(qq{EXPLAIN (VERBOSE, COSTS OFF) SELECT "${known}2" $from WHERE "$known" = '$known 1'}, $database), qr/Key Condition: \Q@{[encode_utf8($known)]}\E = '\Q@{[encode_utf8($known)]}\E 1'/, '... EXPLAIN shows it');
		like(sql(qq{EXPLAIN (COSTS OFF) SELECT "${known}2" $from WHERE ref = 'r'}, $database), qr/Index: ByRef/, '... an index with a name of both kinds is read');
		sql(qq{SELECT bench_refresh('odd."$table"')}, $database);
		is(sql(qq{SELECT "${known}2" $from WHERE ref = 'r'}, $database), encode_utf8("$known 2"), '... also after bench_refresh');
		my $error;
		$node->psql($database, encode_utf8(qq{SET client_encoding = 'UTF8'; ALTER FOREIGN TABLE odd."$table" ALTER "${known}2" TYPE integer; SELECT "${known}2" $from}), stderr => \$error);
		like($error, qr/attribute "\Q@{[encode_utf8($known)]}\E2" .*The item has \Q@{[encode_utf8($known)]}\E = "\Q@{[encode_utf8($known)]}\E 1"/s, '... and an error names it');
		$node->safe_psql($database, encode_utf8(qq{SET client_encoding = 'UTF8'; CREATE FOREIGN TABLE templated ("$known" text, "${known}2" text)
			SERVER bench_server OPTIONS (table '$table', pk '$known', pk_template '$known {nummer}')}));
		is(sql(qq{SELECT "${known}2" FROM templated}, $database), encode_utf8("$known 2"), '... templates too');
	}
}

# ---- all of it -------------------------------------------------------------------------

foreach (@stages)
{
	$stage = $_;
	note $stage;
	$proxy = BenchTest::Proxy->start(target => bench_engine($stage));
	$node = bench_cluster($stage =~ s{/.*}{}r);
	bench_server($node, $proxy->url);
	$node->safe_psql('postgres', 'CREATE SCHEMA odd');
	subtest 'names that a table cannot have' => \&names_that_a_table_cannot_have;
	subtest 'many attributes' => \&many_attributes;
	subtest 'names in the tables of the benchmark' => \&names_in_the_tables_of_the_benchmark;
	subtest 'types that differ from item to item' => \&types_that_differ_from_item_to_item;
	subtest 'an index whose key has several attributes' => \&an_index_whose_key_has_several_attributes;
	subtest 'local indexes' => \&local_indexes;
	subtest 'keys that are timestamps' => \&keys_that_are_timestamps;
	subtest 'bench_refresh without the right to scan' => \&bench_refresh_without_the_right_to_scan;
	subtest 'databases in other encodings' => \&databases_in_other_encodings;
	no_violations($proxy, "$stage: every request was in order");
	$proxy->stop;
	$node->stop;
}

done_testing;
