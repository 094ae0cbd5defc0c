# Hostile answers: whatever a service says, the outcome is rows or an error with a
# fitting SQLSTATE that names the place, and a session that goes on.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults);
use BenchFaults;
use MIME::Base64 qw(encode_base64);
use Test::More;

my ($node, $proxy) = faulty_cluster(server => { max_attempts => 1, request_timeout => '60s' });
my $items = bench_manifest('dynalite/live/BenchmarkResults')->{totals}{items};

# A table with a column of each type; their names tell the types.
sub create_typed
{
	my ($database, $name, $options) = @_;

	$node->safe_psql($database, qq{
		CREATE FOREIGN TABLE $name (
			pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'),
			text text, numeric numeric, int int, bigint bigint, real real, double double precision, bool bool,
			epoch timestamptz OPTIONS (format 'epoch_ms'), iso timestamptz OPTIONS (format 'iso8601'),
			json jsonb, bytes bytea, texts text[], numbers numeric[], uuid uuid, varchar varchar(3),
			item jsonb OPTIONS (attribute '*'))
		SERVER bench_server OPTIONS (table 'BenchmarkResults'$options)});
}
create_typed('postgres', 'bench.typed', '');
create_typed('postgres', 'bench.lenient', q{, on_type_mismatch 'null'});

my $session = session($node);

# From now on the service answers with these bytes.
sub answer
{
	my ($body) = @_;

	$proxy->reset;
	fault($proxy, { body_base64 => encode_base64($body, '') });
}

# A page whose one item has these attributes beside its key.
sub page_with
{
	my ($attributes) = @_;

	return qq({"Items":[{"pk":{"S":"the key"},"sk":{"S":"1"},$attributes}],"Count":1,"ScannedCount":1});
}

my $item_named = qr/pk = "the key", sk = "1"/;

# Cases: [name, value of the column as it stands in the answer]. All fail alike; with the item's name unless said.
sub values_fail
{
	my ($group, $column, $sqlstate, $pattern, @cases) = @_;

	subtest "$group ($column)" => sub {
		foreach my $case (@cases)
		{
			my ($name, $value) = @$case;
			$value = "\"$column\":$value" unless $value =~ /^"\w+":/;
			answer(page_with($value));
			fails($session, "SELECT $column FROM bench.typed", $sqlstate, $pattern, $name);
		}
		$proxy->clear;
		gives($session, 'SELECT count(sk) FROM bench.items', $items, 'the next statement');
	};
}

sub values_give
{
	my ($group, $table, @cases) = @_;

	subtest $group => sub {
		foreach my $case (@cases)
		{
			my ($column, $value, $expected) = @$case;
			answer(page_with("\"$column\":$value"));
			gives($session, "SELECT coalesce($column\::text, 'NULL') FROM bench.$table", $expected, "$column: " . substr($value, 0, 60));
		}
	};
}

sub bodies_fail
{
	my ($group, $sqlstate, $pattern, @cases) = @_;

	subtest $group => sub {
		foreach my $case (@cases)
		{
			my ($name, $body) = @$case;
			answer($body);
			fails($session, 'SELECT text FROM bench.typed', $sqlstate, $pattern, $name);
		}
		$proxy->clear;
		gives($session, 'SELECT count(sk) FROM bench.items', $items, 'the next statement');
	};
}

# ---- text that PostgreSQL cannot hold ------------------------------------------------

my @broken = (
	[ 'U+0000', '{"S":"ab\u0000c"}' ], [ 'U+0000 alone', '{"S":"\u0000"}' ],
	[ 'byte ff', qq({"S":"a\xff"}) ], [ 'overlong', qq({"S":"\xc0\x80"}) ], [ 'overlong slash', qq({"S":"\xe0\x80\xaf"}) ],
	[ 'surrogate as UTF-8', qq({"S":"\xed\xa0\x80"}) ], [ 'beyond U+10FFFF', qq({"S":"\xf4\x90\x80\x80"}) ],
	[ 'cut character', qq({"S":"x\xe2\x82"}) ], [ 'cut by another', qq({"S":"\xe2\x82a"}) ], [ 'stray', qq({"S":"\x80"}) ],
	[ 'first half of a pair', '{"S":"\ud800"}' ], [ 'second half', '{"S":"\udc00"}' ], [ 'halves apart', '{"S":"\ud83dx\ude00"}' ],
	[ 'two first halves', '{"S":"\ud83d\ud83d"}' ], [ 'late in a long text', '{"S":"' . 'x' x 100_000 . '\u0000"}' ]);
values_fail('broken text', 'text', '22P05', qr/column "text" of foreign table "typed", item with $item_named/, @broken);
values_fail('broken text', 'json', '22P05', qr/column "json" of foreign table "typed", item with $item_named/, @broken,
	[ 'in a map', '{"M":{"a":{"L":[{"S":"\u0000"}]}}}' ], [ 'in a name', '{"M":{"a\u0000b":{"S":"x"}}}' ],
	[ 'in a set', qq({"SS":["a","\xff"]}) ]);
values_fail('broken text', 'texts', '22P05', qr/column "texts".*$item_named/,
	[ 'in a list', '{"L":[{"S":"a"},{"S":"\u0000"}]}' ], [ 'in a set', '{"SS":["\ud800"]}' ]);
values_fail('broken text', 'varchar', '22P05', qr/column "varchar".*$item_named/, [ 'U+0000', '{"S":"\u0000"}' ]);
bodies_fail('broken names', '22P05', qr/attribute name/,
	[ 'U+0000', page_with('"te\u0000xt":{"S":"x"}') ], [ 'half a pair', page_with('"\ud800":{"S":"x"}') ]);
bodies_fail('broken keys', '22P05', qr/typed/,
	[ 'U+0000 in pk', '{"Items":[{"pk":{"S":"a\u0000"},"sk":{"S":"1"}}]}' ],
	[ 'U+0000 in sk', '{"Items":[{"pk":{"S":"a"},"sk":{"S":"\u0000"}}]}' ],
	[ 'broken UTF-8 in pk', qq({"Items":[{"pk":{"S":"\xfe"},"sk":{"S":"1"}}]}) ]);

# ---- values of another type ----------------------------------------------------------

my %given = (
	S => '{"S":"x"}', N => '{"N":"1"}', B => '{"B":"eA=="}', BOOL => '{"BOOL":true}', M => '{"M":{}}', L => '{"L":[]}',
	SS => '{"SS":["x"]}', NS => '{"NS":["1"]}', BS => '{"BS":["eA=="]}');
my %taken = (
	text => 'S', numeric => 'N', int => 'N', bigint => 'N', real => 'N', double => 'N', bool => 'BOOL', epoch => 'N',
	iso => 'S', bytes => 'B', texts => 'L SS', numbers => 'L NS', uuid => '', varchar => 'S');

foreach my $column (sort keys %taken)
{
	my @others = grep { !($taken{$column} =~ /\b$_\b/) } sort keys %given;

	values_fail('other types', $column, 'HV004',
		qr/attribute "$column" of DynamoDB table "BenchmarkResults" has type \w+, but column "$column" needs .*$item_named.*HINT:.*on_type_mismatch/s,
		map { [ $_, $given{$_} ] } @others);
	values_give("other types are NULL if wanted ($column)", 'lenient', map { [ $column, $given{$_}, 'NULL' ] } @others);
}
values_fail('other types', 'texts', 'HV004', qr/attribute "texts".*$item_named/s, [ 'in a list', '{"L":[{"S":"a"},{"N":"1"}]}' ]);
values_fail('other types', 'uuid', 'HV004', qr/"uuid".*$item_named/s, [ 'capitals', '{"S":"00000000-0000-4000-8000-00000000ED9E"}' ],
	[ 'braces', '{"S":"{00000000-0000-4000-8000-00000000ed9}"}' ]);
values_give('the type NULL is NULL', 'typed', map { [ $_, '{"NULL":true}', 'NULL' ] } sort keys %taken);

# ---- values out of range -------------------------------------------------------------

my $huge = '9' x 38 . '0' x 87;		# the greatest that DynamoDB has
my @out_of_range = (
	[ int => '2147483648', '-2147483649', '1.5', '1e10', $huge, '1E+300', '0.1' ],
	[ bigint => '9223372036854775808', '-9223372036854775809', '1.000001', $huge ],
	[ real => '1e39', '-1e39', '1E+125' ],
	[ double => '1e309', '-1e309', '1E+99999' ],
	[ epoch => $huge, '-' . $huge, '1E+300' ]);
foreach my $case (@out_of_range)
{
	my ($column, @numbers) = @$case;

	values_fail('out of range', $column, '22003', qr/value "[^"]+" does not fit column "$column".*$item_named/s,
		map { [ $_, "{\"N\":\"$_\"}" ] } @numbers);
	values_give("out of range is NULL if wanted ($column)", 'lenient', map { [ $column, "{\"N\":\"$_\"}", 'NULL' ] } @numbers);
}
values_fail('out of range', 'iso', '22007', qr/value "[^"]*" does not fit column "iso".*$item_named/s,
	map { [ $_, "{\"S\":\"$_\"}" ] } ('', 'yesterday', '2025-13-01T00:00:00Z', '2025-02-30T00:00:00Z', '2025-01-01T25:00:00Z',
		'2025-01-01T00:00:00Z; DROP TABLE', '999999-01-01T00:00:00Z', 'infinity'));
values_fail('too long', 'varchar', '22001', qr/"varchar".*$item_named/s, [ 'four', '{"S":"four"}' ]);

values_give('all that is in range', 'typed',
	[ numeric => "{\"N\":\"$huge\"}", $huge ], [ numeric => '{"N":"-0.' . '0' x 129 . '1"}', '-0.' . '0' x 129 . '1' ],
	[ numeric => '{"N":"12345678901234567890.123456789012345678"}', '12345678901234567890.123456789012345678' ],
	[ int => '{"N":"2147483647"}', '2147483647' ], [ int => '{"N":"-2147483648"}', '-2147483648' ], [ int => '{"N":"5E+2"}', '500' ],
	[ int => '{"N":"5.000"}', '5' ], [ bigint => '{"N":"9223372036854775807"}', '9223372036854775807' ],
	[ bigint => '{"N":"-9223372036854775808"}', '-9223372036854775808' ], [ double => '{"N":"1E-130"}', '1e-130' ],
	[ double => '{"N":"1e-400"}', '0' ], [ text => '{"S":""}', '' ], [ text => '{"S":"\u00e9\ud83d\ude00\n"}', "\xc3\xa9\xf0\x9f\x98\x80\n" ],
	[ bytes => '{"B":""}', '\x' ], [ texts => '{"L":[]}', '{}' ], [ texts => '{"L":[{"S":"a"},{"NULL":true}]}', '{a,NULL}' ],
	[ json => '{"M":{}}', '{}' ], [ json => '{"NULL":true}', 'NULL' ]);

# ---- values that no DynamoDB would send ----------------------------------------------

my @malformed = (
	[ 'unknown type', '{"X":"a"}' ], [ 'type in small letters', '{"s":"a"}' ], [ 'no type', '{}' ], [ 'two types', '{"S":"a","N":"1"}' ],
	[ 'the same type twice', '{"S":"a","S":"a"}' ], [ 'bare string', '"a"' ], [ 'bare number', '1' ], [ 'null', 'null' ], [ 'list', '[]' ],
	[ 'S of a number', '{"S":1}' ], [ 'S of null', '{"S":null}' ], [ 'N of a number', '{"N":12}' ], [ 'N of words', '{"N":"abc"}' ],
	[ 'NaN', '{"N":"NaN"}' ], [ 'Infinity', '{"N":"Infinity"}' ], [ 'empty N', '{"N":""}' ], [ 'hexadecimal', '{"N":"0x10"}' ],
	[ 'blank', '{"N":" 1"}' ], [ 'sign alone', '{"N":"-"}' ], [ 'point alone', '{"N":"."}' ], [ 'exponent alone', '{"N":"1e"}' ],
	[ 'two points', '{"N":"1.2.3"}' ], [ 'a million digits', '{"N":"' . '1' x 1_000_000 . '"}' ], [ 'escaped digits', '{"N":"\u0031"}' ],
	[ 'BOOL of a string', '{"BOOL":"true"}' ], [ 'BOOL of a number', '{"BOOL":1}' ], [ 'NULL of false', '{"NULL":false}' ],
	[ 'M of a list', '{"M":[]}' ], [ 'L of a map', '{"L":{}}' ], [ 'SS of a string', '{"SS":"a"}' ], [ 'NS of an object', '{"NS":{}}' ]);
foreach my $column ('text', 'numeric', 'json')
{
	values_fail('malformed', $column, '08P01', qr/malformed attribute "$column": .* at byte \d+/, @malformed);
}
values_fail('malformed members', 'json', '08P01', qr/malformed|no number|base64/,
	[ 'in a map', '{"M":{"a":{"X":1}}}' ], [ 'in a list', '{"L":[{}]}' ], [ 'bare in a list', '{"L":[1]}' ], [ 'number in SS', '{"SS":[1]}' ],
	[ 'no number in NS', '{"NS":["x"]}' ], [ 'object in BS', '{"BS":[{}]}' ]);
values_fail('not base64', 'bytes', '08P01', qr/not base64/, map { [ $_, "{\"B\":\"$_\"}" ] } ('!!!', 'A', 'AAA', '====', 'AAA\u00e9'));
values_fail('twice', 'text', '08P01', qr/malformed attribute "te(x|\\u0078)t": its name occurs twice/,
	[ 'the same value', '"text":{"S":"a"},"text":{"S":"a"}' ], [ 'spelt in another way', '"text":{"S":"a"},"te\u0078t":{"N":"1"}' ]);

# Depth: as deep as DynamoDB allows it works; deeper is an error; far deeper as well, without a crash.
sub nested
{
	my ($levels, $inner) = @_;
	return '{"L":[' x $levels . $inner . ']}' x $levels;
}
values_give('nested', 'typed', [ json => nested(31, '{"S":"x"}'), '[' x 31 . '"x"' . ']' x 31 ]);
values_fail('nested too deeply', 'json', '08P01', qr/nested too deeply/,
	map { [ "$_ levels", nested($_, '{"S":"x"}') ] } (200, 100_000));
bodies_fail('nested too deeply', '08P01', qr/nested too deeply/,
	[ 'in another attribute', page_with('"other":' . nested(100_000, '{"S":"x"}')) ],
	[ 'in another member', '{"x":' . '[' x 100_000 . ']' x 100_000 . ',"Items":[]}' ],
	[ 'never closed', '{"x":' . '[' x 1_000_000 ], [ 'objects', '{"x":' . '{"a":' x 100_000 . '1' . '}' x 100_000 . '}' ]);

# ---- answers that no DynamoDB would send ---------------------------------------------

my $empty = '{"Items":[]}';
bodies_fail('malformed answers', '08P01', qr/malformed answer: .* at byte \d+\n.*Scan of table "BenchmarkResults"/s,
	[ 'control character', page_with(qq("text":{"S":"a\tb"})) ], [ 'literal NUL', page_with(qq("text":{"S":"a\0b"})) ],
	[ 'unknown escape', page_with('"text":{"S":"\x"}') ], [ 'half an escape', page_with('"text":{"S":"\u12"}') ],
	[ 'list', '[]' ], [ 'string', '"x"' ], [ 'null', 'null' ], [ 'blanks', '   ' ], [ 'text', 'OK' ],
	[ 'half', substr(page_with('"text":{"S":"x"}'), 0, 40) ], [ 'something behind', "${empty}x" ], [ 'another behind', $empty . $empty ],
	[ 'NUL behind', "$empty\0" ], [ 'byte order mark', "\xef\xbb\xbf$empty" ], [ 'UTF-16', join('', map { "$_\0" } split //, $empty) ],
	[ 'single quotes', "{'Items':[]}" ], [ 'comma at the end', '{"Items":[],}' ], [ 'no colon', '{"Items" []}' ],
	[ 'Items twice', '{"Items":[],"Items":[]}' ], [ 'Items twice, spelt in another way', '{"Items":[],"Item\u0073":[]}' ],
	[ 'comment', '{/**/"Items":[]}' ], [ 'number with zero', '{"x":01,"Items":[]}' ], [ 'NaN', '{"x":NaN,"Items":[]}' ],
	(map { [ "Items: $_", "{\"Items\":$_}" ] } ('{}', '"x"', 'null', '1', '[1]', '[null]', '[[]]', '["x"]', '[{}', '[{},]', '[,{}]', '[{}{}]')),
	(map { [ "last key: $_", "{\"Items\":[],\"LastEvaluatedKey\":$_}" ] } ('"x"', '1', '[]', 'true', '{"pk":"x"}', '{"pk":{}}', '{"pk":{"S":1}}',
		'{"pk":{"M":{}}}', '{"pk":{"S":"x","N":"1"}}', '{"pk":{"BOOL":true}}', '{"pk":null}')),
	(map { [ "Count: $_", "{\"Items\":[],\"Count\":$_}" ] } ('"1"', '-1', '1.5', 'null', '{}', '9' x 30)),
	(map { [ "ConsumedCapacity: $_", "{\"Items\":[],\"ConsumedCapacity\":$_}" ] } ('"x"', '1', '{"CapacityUnits":"1"}', '{"CapacityUnits":-1}')));

subtest 'an answer that cannot be read is named' => sub {
	foreach my $case ([ 'as a whole', '[]' ], [ 'for an item', page_with('"text":{"S":1}') ])
	{
		my ($name, $body) = @$case;
		answer($body);
		fails($session, 'SELECT text FROM bench.typed', '08P01', qr/request id \w+/, $name);
	}
};

# An answer to another question must not pass for one without rows, nor for the last page.
my @no_items = ([ 'empty object', '{}' ], [ 'a message', '{"message":"Service moved"}' ],
	[ 'another operation', '{"TableNames":[]}' ], [ 'items in small letters', '{"items":[]}' ]);
bodies_fail('no items at all', '08P01', qr/malformed answer|no items/, @no_items);
subtest 'no items at all in the second page' => sub {
	foreach my $case (@no_items)
	{
		my ($name, $body) = @$case;
		$proxy->reset;
		$proxy->faults({ match => { nth => 2 }, action => { body => $body } }, { match => {}, action => { page_limit => 10 } });
		fails($session, 'SELECT count(sk) FROM bench.items', '08P01', qr/malformed answer|no items/, $name);
	}
};

# ---- large answers -------------------------------------------------------------------

subtest 'large answers' => sub {
	my $pid = backend_pid($session);
	my %large = (
		'a text of 10 MB' => [ page_with('"text":{"S":"' . 'x' x 10_000_000 . '"}'), 'sum(length(text))', 10_000_000 ],
		'a text of escapes' => [ page_with('"text":{"S":"' . '\u0041' x 1_000_000 . '"}'), 'sum(length(text))', 1_000_000 ],
		'50,000 items without further attributes' =>
		  [ '{"Items":[' . join(',', ('{"pk":{"S":"a"},"sk":{"S":"b"}}') x 50_000) . ']}', 'count(pk) - count(text)', 50_000 ],
		'20,000 items with an attribute of their own' =>
		  [ '{"Items":[' . join(',', map { qq({"pk":{"S":"a"},"sk":{"S":"$_"},"x$_":{"N":"1"}}) } 1 .. 20_000) . ']}', 'count(pk)', 20_000 ],
		'20,000 attributes of one item' => [ page_with(join ',', map { qq("x$_":{"N":"1"}) } 1 .. 20_000), 'count(pk)', 1 ],
		'a member with a million digits' => [ '{"x":' . '1' x 1_000_000 . ',"Items":[]}', 'count(pk)', 0 ]);

	foreach my $name (sort keys %large)
	{
		my ($body, $what, $expected) = @{ $large{$name} };
		answer($body);
		gives($session, "SELECT $what FROM bench.typed", $expected, $name);
	}
	cmp_ok(private_kb($pid), '<', 128 * 1024, 'memory');
};

# ---- what is asked of columns --------------------------------------------------------

subtest 'NOT NULL' => sub {
	$node->safe_psql('postgres', 'ALTER FOREIGN TABLE bench.typed ALTER COLUMN numeric SET NOT NULL');
	answer(page_with('"text":{"S":"x"}'));
	fails($session, 'SELECT numeric FROM bench.typed', '23502', qr/column "numeric".*$item_named/s, 'absent');
	gives($session, 'SELECT text FROM bench.typed', 'x', 'not asked for');
	$node->safe_psql('postgres', 'ALTER FOREIGN TABLE bench.typed ALTER COLUMN numeric DROP NOT NULL');
};

subtest 'the entities of a benchmark table' => sub {
	my $aggregate = '"pk":{"S":"TESTRUN#r"},"sk":{"S":"AGGREGATE#c#warm"}';

	answer("{\"Items\":[{$aggregate,\"sampleCount\":{\"S\":\"many\"}}]}");
	fails($session, q{SELECT sample_count FROM bench.aggregates WHERE test_run_id = 'r'}, 'HV004',
		qr/attribute "sampleCount".*pk = "TESTRUN#r", sk = "AGGREGATE#c#warm"/s, 'wrong type');
	answer("{\"Items\":[{$aggregate,\"durationMsStats\":{\"M\":{\"p99\":{\"S\":\"long\"}}}}]}");
	fails($session, q{SELECT duration_ms_p99 FROM bench.aggregates WHERE test_run_id = 'r'}, 'HV004',
		qr/attribute "durationMsStats.p99".*pk = "TESTRUN#r"/s, 'wrong type within a map');
	answer("{\"Items\":[{$aggregate,\"durationMsStats\":{\"S\":\"none\"}}]}");
	gives($session, q{SELECT duration_ms_p99 IS NULL FROM bench.aggregates WHERE test_run_id = 'r'}, 't', 'a path through something else');
	answer('{"Items":[{"pk":{"N":"1"},"sk":{"S":"AGGREGATE#c#warm"}},{"pk":{"S":"TESTRUN#r"},"sk":{"S":"AGGREGATE"}},{"pk":{"S":""},"sk":{"S":""}}]}');
	gives($session, q{SELECT count(*) FROM bench.aggregates WHERE test_run_id = 'r'}, 0, 'keys of no aggregate');
	answer(qq({"Item":{$aggregate},"Item":{$aggregate}}));
	fails($session, q{SELECT sample_count FROM bench.aggregates WHERE test_run_id = 'r' AND config_id = 'c' AND invocation_type = 'warm'},
		'08P01', qr/occurs twice/, 'GetItem with two items');
	answer('{"Item":[]}');
	fails($session, q{SELECT sample_count FROM bench.aggregates WHERE test_run_id = 'r' AND config_id = 'c' AND invocation_type = 'warm'},
		'08P01', qr/no object/, 'GetItem with a list');
	# The service is not trusted to have answered the question: the rows are checked.
	answer('{"Items":[{"pk":{"S":"TESTRUN#other"},"sk":{"S":"AGGREGATE#c#warm"}}]}');
	gives($session, q{SELECT count(*) FROM bench.aggregates WHERE test_run_id = 'r'}, 0, 'items of another run');
};

subtest 'hostile answers to IMPORT' => sub {
	my $import = 'IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER bench_server INTO public';

	foreach my $body ('{}', '{"Table":[]}', '{"Table":{}}', '{"Table":{"KeySchema":{}}}', '{"Table":{"KeySchema":[{"AttributeName":1}]}}',
		'[' x 100_000, '{"Table":{"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"AttributeDefinitions":"x"}}')
	{
		answer($body);
		fails($session, $import, '08P01', qr/answer to DescribeTable/, substr($body, 0, 60));
	}
	answer('{}');
	fails($session, $import, '08P01', qr/DETAIL:  DescribeTable of table "BenchmarkResults"/, 'the table is named');
	$proxy->reset;
	fault($proxy, { body => '{"Items":[{"pk":{"S":"\u0000"},"testRunId":{"S":"\u0000"},"\u0000":{"S":"x"}}]}' }, operation => 'Scan');
	my (undef, $error) = outcome($session, $import);
	like($error, qr/^$|ERROR:  22P05/, 'a sample of broken text');
	$proxy->reset;
	gives($session, 'SELECT count(sk) FROM bench.items', $items, 'the next statement');
};

# ---- another encoding ----------------------------------------------------------------

subtest 'F17: a database in LATIN1' => sub {
	my $password = BenchTest::Proxy::SECRET_KEY;

	$node->safe_psql('postgres', q{CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0});
	$node->safe_psql('latin', qq{CREATE EXTENSION benchresults_fdw; CREATE SCHEMA bench;
		CREATE SERVER bench_server FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2', endpoint '} . $proxy->url . qq{', scan_segments '1');
		CREATE USER MAPPING FOR CURRENT_USER SERVER bench_server
			OPTIONS (access_key_id '} . BenchTest::Proxy::ACCESS_KEY . qq{', secret_access_key '$password')});
	create_typed('latin', 'bench.typed', '');
	my $latin = $node->background_psql('latin', on_error_stop => 0);
	outcome($latin, '\set VERBOSITY verbose');

	answer(page_with(qq("text":{"S":"\xc3\xa9\\u00df"},"json":{"S":"\xc3\xa9"},"texts":{"SS":["\xc3\xa9"]})));
	gives($latin, q{SELECT encode(convert_to(text, 'LATIN1'), 'hex') || length(json #>> '{}') || length(texts[1]) FROM bench.typed}, 'e9df11',
		'what both have');
	foreach my $column ('text', 'json', 'texts', 'varchar')
	{
		my $value = $column eq 'texts' ? qq({"SS":["\xe2\x82\xac"]}) : qq({"S":"\xe2\x82\xac"});
		answer(page_with("\"$column\":$value"));
		fails($latin, "SELECT $column FROM bench.typed", '22P05', qr/0xe2 0x82 0xac.*column "$column".*$item_named/s, "a euro in $column");
	}
	answer(qq({"Items":[{"pk":{"S":"\xe2\x82\xac"},"sk":{"S":"1"},"numeric":{"S":"x"}}]}));
	fails($latin, 'SELECT numeric FROM bench.typed', 'HV004', qr/attribute "numeric"/, 'a euro in the key of an error');
	fails($latin, 'SELECT pk FROM bench.typed', '22P05', qr/0xe2 0x82 0xac/, 'a euro in the key');
	$proxy->reset;
	fault($proxy, { error => 'ValidationException', message => "\x{20ac} and more" });
	fails($latin, 'SELECT pk FROM bench.typed', 'HV00L', qr/\?+ and more/, 'a euro in a message of the service');
	$latin->quit;
};

$session->quit;
$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
