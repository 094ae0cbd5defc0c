# What comes back: every page and every batch to its end, each item once, with
# its values as they are; and the tables that IMPORT makes of it.
# README says what the ids in front of the names stand for.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults dynamodb-local/live);
use BenchFaults;
use Digest::MD5 qw(md5_hex);
use Test::More;

my $stage = 'dynalite/live';
my ($node, $proxy) = faulty_cluster(server => { max_attempts => 4, request_timeout => '10s' });
my $session = session($node, 'SET client_min_messages = warning');
my $manifest = bench_manifest("$stage/BenchmarkResults");
my $run = $manifest->{runs}[0]{test_run_id};

sub bodies { return map { $_->{body} } @{ $proxy->requests } }

# The rows of a statement, and how often it asked what.
sub asks
{
	my ($sql, $rows, $asked, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	my $before = $proxy->counts;
	gives($session, $sql, $rows, "$name: rows");
	is($proxy->asked($before), $asked, "$name: requests");
}

# ---- F1, F2: pages ---------------------------------------------------------------------

subtest 'F1: a filter that lets nothing of many pages through' => sub {
	$proxy->reset;
	fault($proxy, { page_limit => 3 });
	my ($plan) = outcome($session, q{EXPLAIN SELECT pk FROM bench.items WHERE item_type = 'note'});
	like($plan, qr/DynamoDB Filter: itemType = 'note'/, 'the service filters');
	gives($session, q{SELECT sk FROM bench.items WHERE item_type = 'note'}, 'NOTE#1', 'the one row in the midst of them');
	cmp_ok($proxy->counts->{Scan}{'(table)'}, '>=', $manifest->{totals}{items} / 3, 'all pages were read');
};

my $MB = 1024 * 1024;

# An item of exactly so many bytes, as DynamoDB counts them: names and values.
sub item_of_size
{
	my ($pk, $sk, $size) = @_;
	my $rest = $size - length("pk$pk") - length("sk$sk") - length('data');

	return { pk => { S => $pk }, sk => { S => $sk }, data => { S => substr($sk x ($rest / length($sk) + 1), 0, $rest) } };
}

subtest 'F2: pages that are full to the byte, and items as large as they may be' => sub {
	my @items = ((map { item_of_size('quarters', sprintf('%02d', $_), $MB / 4) } 1 .. 10),
		(map { item_of_size('largest', sprintf('%02d', $_), 400 * 1024) } 1 .. 3),
		(map { item_of_size('page and one byte', sprintf('%02d', $_), $_ % 5 ? $MB / 4 : 70) } 1 .. 10));
	my %of;

	bench_table($stage, 'Pages', keys => [ pk => 'S', sk => 'S' ], items => \@items);
	bench_foreign_table($node, 'bench.pages', 'Pages', q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), data text});
	push @{ $of{ $_->{pk}{S} } }, "$_->{sk}{S} " . md5_hex($_->{data}{S}) foreach @items;
	foreach my $pk (sort keys %of)
	{
		$proxy->reset;
		gives($session, "SELECT sk || ' ' || md5(data) FROM bench.pages WHERE pk = '$pk'", join("\n", sort @{ $of{$pk} }), "Query: $pk");
		cmp_ok($proxy->counts->{total}, '>', 1, 'in several pages');
	}
	gives($session, q{SELECT string_agg(pk || sk || md5(data), ' ' ORDER BY pk COLLATE "C", sk) FROM bench.pages},
		join(' ', sort map { $_->{pk}{S} . $_->{sk}{S} . md5_hex($_->{data}{S}) } @items), 'Scan');
};

subtest 'F2: a table without items' => sub {
	bench_table($stage, 'Empty', keys => [ pk => 'S', sk => 'S' ], items => []);
	bench_foreign_table($node, 'bench.empty', 'Empty', q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), n int});
	asks('SELECT count(*), max(n) FROM bench.empty', '0|', 'Scan (table) 1', 'Scan');
	asks(q{SELECT * FROM bench.empty WHERE pk = 'a'}, '', 'Query (table) 1', 'Query');
	asks(q{SELECT * FROM bench.empty WHERE pk = 'a' AND sk = 'b'}, '', 'GetItem 1', 'GetItem');
	asks(q{SELECT * FROM bench.empty WHERE pk IN ('a', 'b') AND sk = 'c'}, '', 'BatchGetItem 1', 'BatchGetItem');
};

# Pages as a service gives them, from a folder; no engine holds a million items in a test.
my $many = $ENV{BENCH_LONG} ? 1_000_000 : 50_000;

subtest "F2: $many items" => sub {
	my $folder = PostgreSQL::Test::Utils::tempdir();
	my $per_page = 7_500;

	for (my ($first, $page) = (1, 1); $first <= $many; $first += $per_page, $page++)
	{
		my $last = $first + $per_page > $many ? $many : $first + $per_page - 1;
		my $next = $last < $many ? qq(,"LastEvaluatedKey":{"pk":{"S":"p"},"sk":{"N":"$last"}}) : '';

		PostgreSQL::Test::Utils::append_to_file(sprintf('%s/Scan.%04d.json', $folder, $page),
			'{"Items":[' . join(',', map { qq({"pk":{"S":"p"},"sk":{"N":"$_"},"name":{"S":"item $_"}}) } $first .. $last)
			. ']' . $next . ',"Count":' . ($last - $first + 1) . ',"ScannedCount":' . ($last - $first + 1) . '}');
	}
	my $replay = BenchTest::Proxy->start(replay => $folder);
	bench_server($node, $replay->url, name => 'replay_server');
	$node->safe_psql('postgres', q{CREATE FOREIGN TABLE bench.many (pk text OPTIONS (key 'partition'), sk int OPTIONS (key 'sort'), name text)
		SERVER replay_server});
	gives($session, q{SELECT count(*), count(DISTINCT sk), min(sk), max(sk), bool_and(name = 'item ' || sk) FROM bench.many},
		"$many|$many|1|$many|t", 'each exactly once');
	is($replay->counts->{Scan}{'(table)'}, int(($many + $per_page - 1) / $per_page), 'requests');
	$replay->reset;
	gives($session, 'SELECT count(sk) FROM (SELECT sk FROM bench.many LIMIT 10) s', 10, 'F9: LIMIT 10 of them');
	is($replay->counts->{total}, 1, 'F9: one request');
	$node->safe_psql('postgres', 'SET client_min_messages = warning; DROP SERVER replay_server CASCADE');
	$replay->stop;
};

# ---- F3: batches -----------------------------------------------------------------------

# Each key is in a partition of its own, so that none can be asked for as a whole.
my $batch = 'SELECT count(*), count(DISTINCT pk), sum(n) FROM bench.batch WHERE pk = ANY (ARRAY(SELECT %s)) AND sk = 0';
my $all_of_batch = '350|350|' . 2 * 350 * 351 / 2;

sub keys_asked
{
	my @batches = map { scalar @{ $_->{RequestItems}{Batch}{Keys} } } bodies();

	return join ' ', @batches;
}

# All rows, each once, although this happens to batches; asks for so many keys at a time.
sub batch_survives
{
	my ($name, $keys, $expected, $action, %match) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	subtest "F3: $name" => sub {
		$proxy->reset;
		fault($proxy, $action, operation => 'BatchGetItem', %match) if $action;
		gives($session, sprintf($batch, $keys), $all_of_batch, 'rows');
		ref $expected ? like(keys_asked(), $expected, 'keys of the requests') : is(keys_asked(), $expected, 'keys of the requests');
	};
}

bench_table($stage, 'Batch', keys => [ pk => 'N', sk => 'N' ], items => [ map { { pk => { N => "$_" }, sk => { N => '0' }, n => { N => '' . 2 * $_ } } } 1 .. 350 ]);
bench_foreign_table($node, 'bench.batch', 'Batch', q{pk int OPTIONS (key 'partition'), sk int OPTIONS (key 'sort'), n int});
batch_survives('more than a hundred keys', 'generate_series(1, 350)', '100 100 100 50');
batch_survives('keys that are there several times, NULL, and such as have no item',
	'CASE WHEN g % 10 = 0 THEN NULL ELSE g % 399 END FROM generate_series(1, 3990) g', '100 100 100 99');
batch_survives('half of each batch unprocessed', 'generate_series(1, 350)', qr/^100 (100 |50 |25 |12 |6 |3 |2 |1 )*\d+$/, { unprocessed => 0.5 });
batch_survives('seven keys of each batch unprocessed', 'generate_series(1, 350)', qr/^100 (?=.*\b7\b)/, { unprocessed => 7 }, first => 4);
batch_survives('all keys unprocessed', 'generate_series(1, 350)', qr/^(?=(.*\b100\b){4})(?=.*\b50\b).{18}$/, { unprocessed => 'all' }, nth => 1);

subtest 'F3: what is unprocessed is asked for as it was' => sub {
	$proxy->reset;
	fault($proxy, { unprocessed => 40 }, nth => 1);
	gives($session, sprintf($batch, 'generate_series(1, 60)'), '60|60|' . 60 * 61, 'rows');
	my ($first, $second) = map { $_->{RequestItems}{Batch} } bodies();
	is(json([ @{$second}{qw(ProjectionExpression ExpressionAttributeNames)} ]), json([ @{$first}{qw(ProjectionExpression ExpressionAttributeNames)} ]),
		'with the same projection');
	is(json($second->{Keys}), json([ @{ $first->{Keys} }[ 20 .. 59 ] ]), 'with the keys that were left');
};

subtest 'F3: answers in another order, and without some items' => sub {
	my @rows = map { qq({"pk":{"N":"$_"},"sk":{"N":"0"},"n":{"N":"$_"}}) } reverse 1 .. 50;

	$proxy->reset;
	fault($proxy, { body => '{"Responses":{"Batch":[' . join(',', @rows) . ']},"UnprocessedKeys":{}}' });
	gives($session, sprintf($batch, 'generate_series(1, 100)'), '50|50|' . 50 * 51 / 2, 'rows');
};

subtest 'F3: all keys unprocessed for ever' => sub {
	$proxy->reset;
	fault($proxy, { unprocessed => 'all' });
	alter_server($node, max_attempts => 20);
	with_timeout($session, '1s', sub {
		fails($session, sprintf($batch, 'generate_series(1, 350)'), '57014', qr/statement timeout/, 'the wait between rounds can be cancelled');
	});
	cmp_ok($proxy->counts->{total}, '<', 40, 'and there are waits');
};

# Rounds in which nothing is done are attempts; those that get on are not, however many there are.
subtest 'F3: max_attempts counts the rounds without progress' => sub {
	foreach my $attempts (1, 2, 3)
	{
		alter_server($node, max_attempts => $attempts);
		$proxy->reset;
		fault($proxy, { unprocessed => 'all' });
		fails($session, sprintf($batch, 'generate_series(1, 100)'), '53400',
			$attempts == 1 ? qr/left the keys of a batch unprocessed\nDETAIL:  (?!.*attempts)/ : qr/left the keys of a batch unprocessed\nDETAIL:  .*\b$attempts attempts/, "max_attempts $attempts: an error");
		is($proxy->counts->{BatchGetItem}, $attempts, "max_attempts $attempts: requests");

		$proxy->reset;
		fault($proxy, { unprocessed => 0.5 });
		gives($session, sprintf($batch, 'generate_series(1, 100)'), '100|100|10100', "max_attempts $attempts: half of each batch is progress");
		cmp_ok($proxy->counts->{total}, '>', 3, 'in more requests than attempts');
	}
	alter_server($node, max_attempts => 2);
	$proxy->reset;
	$proxy->faults({ match => { every => 2 }, action => { unprocessed => 'all' } }, { match => {}, action => { unprocessed => 0.5 } });
	gives($session, sprintf($batch, 'generate_series(1, 20)'), '20|20|420', 'progress between rounds without any: the attempts are counted anew');
};

subtest 'F3: an answer that takes nothing from what is unprocessed' => sub {
	my $key = '{"pk":{"N":"1"},"sk":{"N":"0"}}';

	alter_server($node, max_attempts => 2);
	$proxy->reset;
	fault($proxy, { body => qq({"Responses":{"Batch":[{"pk":{"N":"1"},"sk":{"N":"0"},"n":{"N":"1"}}]},"UnprocessedKeys":{"Batch":{"Keys":[$key]}}}) });
	fails($session, sprintf($batch, 'generate_series(1, 2)'), '53400', qr/left the keys of a batch unprocessed\nDETAIL:  .*\b2 attempts/, 'does not go on for ever');
	alter_server($node, max_attempts => 4);
};

# Of the engines only one has this limit.
subtest 'F3: batches that end at 16 MB' => sub {
	my $engine = 'dynamodb-local/live';
	my $other = BenchTest::Proxy->start(target => bench_engine($engine));

	bench_table($engine, 'LargeBatch', keys => [ pk => 'S', sk => 'S' ], items => [ map { item_of_size(sprintf('k%03d', $_), "s", 300 * 1024) } 1 .. 100 ]);
	bench_server($node, $other->url, name => 'other_server');
	bench_foreign_table($node, 'bench.large_batch', 'LargeBatch', q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), data text},
		server => 'other_server');
	gives($session, q{SELECT count(*), count(DISTINCT pk), min(length(data)), max(length(data)) FROM bench.large_batch
		WHERE pk = ANY (ARRAY(SELECT 'k' || to_char(g, 'FM000') FROM generate_series(1, 100) g)) AND sk = 's'},
		join('|', 100, 100, (300 * 1024 - length('pkk000sksdata')) x 2), 'all items');
	my @keys = map { scalar @{ $_->{body}{RequestItems}{LargeBatch}{Keys} } } @{ $other->requests };
	ok(@keys == 2 && $keys[0] == 100 && $keys[1] > 40 && $keys[1] < 60, "in two requests (of @keys keys)");
	no_violations($other);
	$other->stop;
};

# ---- F13, F14: types -------------------------------------------------------------------

$proxy->reset;
my %values = (
	S => { S => 'text' }, N => { N => '7' }, B => { B => 'AAH/' }, BOOL => { BOOL => \1 }, NULL => { NULL => \1 }, M => { M => { a => { N => '1' } } },
	L => { L => [ { S => 'x' }, { NULL => \1 } ] }, SS => { SS => [ 'x' ] }, NS => { NS => [ '1' ] }, BS => { BS => [ 'AAH/' ] });
my @types = sort keys %values;

bench_table($stage, 'Types', keys => [ pk => 'S', sk => 'S' ], items => [ (map { { pk => { S => 't' }, sk => { S => $_ }, v => $values{$_} } } @types),
	{ pk => { S => 't' }, sk => { S => 'absent' } }, { pk => { S => 'deep' }, sk => { S => 'deep' }, v => nested(31) } ]);

# Maps and lists in each other, so many levels with the attribute itself.
sub nested
{
	my ($levels) = @_;
	my $value = { S => 'bottom' };

	$value = $_ % 2 ? { M => { d => $value } } : { L => [ $value ] } foreach 1 .. $levels - 1;
	return $value;
}

# The type of column v; what of each attribute type it shows, or nothing where that is an error.
my %shown = (
	jsonb => { S => '"text"', N => '7', B => '{"$B": "AAH/"}', BOOL => 'true', NULL => 'NULL', M => '{"a": 1}', L => '["x", null]',
		SS => '{"$SS": ["x"]}', NS => '{"$NS": [1]}', BS => '{"$BS": ["AAH/"]}', absent => 'NULL' },
	text => { S => 'text', NULL => 'NULL', absent => 'NULL' },
	numeric => { N => '7', NULL => 'NULL', absent => 'NULL' },
	bytea => { B => '\x0001ff', NULL => 'NULL', absent => 'NULL' },
	boolean => { BOOL => 'true', NULL => 'NULL', absent => 'NULL' },
	'text[]' => { L => '{x,NULL}', SS => '{x}', NULL => 'NULL', absent => 'NULL' },
	'numeric[]' => { NS => '{1}', NULL => 'NULL', absent => 'NULL' },
	'bytea[]' => { BS => '{"\\\\x0001ff"}', NULL => 'NULL', absent => 'NULL' });

foreach my $type (sort keys %shown)
{
	my $query = "SELECT coalesce(v::text, 'NULL') FROM bench.types WHERE pk = 't' AND sk = '%s'";

	subtest "F13: attributes as $type" => sub {
		bench_foreign_table($node, 'bench.types', 'Types', "pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), v $type", on_type_mismatch => 'null');
		gives($session, sprintf($query, $_), $shown{$type}{$_} // 'NULL', "$_, with on_type_mismatch 'null'") foreach @types, 'absent';
		$node->safe_psql('postgres', 'ALTER FOREIGN TABLE bench.types OPTIONS (DROP on_type_mismatch)');
		gives($session, sprintf($query, $_), $shown{$type}{$_}, $_) foreach sort keys %{ $shown{$type} };
		gives($session, q{SELECT count(*) FROM bench.types WHERE pk = 't'}, @types + 1, 'nobody is concerned who does not read it');
	};
	subtest "F14: attributes that are no $type" => sub {
		foreach my $other (grep { !defined $shown{$type}{$_} } @types)
		{
			fails($session, sprintf($query, $other), 'HV004', qr/attribute "v" .*\b$other\b.*column "v" of foreign table "types", item with pk = "t", sk = "$other"/s, $other);
		}
	} if $type ne 'jsonb';
}

subtest 'F13: as deep as an attribute may be' => sub {
	bench_foreign_table($node, 'bench.types', 'Types', q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), v jsonb, item jsonb OPTIONS (attribute '*')});
	my ($text) = outcome($session, q{SELECT v FROM bench.types WHERE pk = 'deep'});
	is(($text =~ tr/[{//), 30, 'all levels');
	like($text, qr/"bottom"/, 'down to the bottom');
	gives($session, q{SELECT item -> 'v' = v FROM bench.types WHERE pk = 'deep'}, 't', 'the same in the whole item');
	gives($session, q{SELECT item ? 'v', item -> 'v' FROM bench.types WHERE pk = 't' AND sk IN ('NULL', 'absent') ORDER BY sk COLLATE "C"},
		"t|null\nf|", 'NULL and absent are told apart there');
};

# ---- F18: IMPORT -----------------------------------------------------------------------

# A DynamoDB table is a remote schema, so there is no list of tables to page through.
subtest 'F18: IMPORT FOREIGN SCHEMA' => sub {
	my $tables = q{SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relkind = 'f' AND relnamespace = 'imported'::regnamespace};
	my @names = ('my.Table-1', 'UPPER_lower', 'a' x 60, 'select', '1.2-3');

	outcome($session, 'CREATE SCHEMA imported');
	foreach my $name (@names)
	{
		bench_table($stage, $name, keys => [ 'Part' => 'S' ], items => [ { Part => { S => 'p' }, n => { N => '5' } } ]);
		outcome($session, qq{IMPORT FOREIGN SCHEMA "$name" FROM SERVER bench_server INTO imported OPTIONS (shape 'generic')});
		gives($session, qq{SELECT part, item ->> 'n' FROM imported."$name" WHERE part = 'p'}, 'p|5', $name);
	}
	bench_table($stage, 'Empty', keys => [ pk => 'S', sk => 'N' ], items => []);
	outcome($session, q{IMPORT FOREIGN SCHEMA "Empty" FROM SERVER bench_server INTO imported OPTIONS (shape 'generic')});
	gives($session, 'SELECT count(*) FROM imported."Empty" WHERE pk = \'a\' AND sk > 5', 0, 'a table without items');
	fails($session, q{IMPORT FOREIGN SCHEMA "Missing" FROM SERVER bench_server INTO imported}, 'HV00R', qr/"Missing"/, 'a table that is not there');

	outcome($session, 'DROP SCHEMA imported CASCADE; CREATE SCHEMA imported');
	my $import = 'IMPORT FOREIGN SCHEMA "BenchmarkResults" %s FROM SERVER bench_server INTO imported';
	foreach my $case ([ 'LIMIT TO (results)' => 'results' ], [ 'EXCEPT (results, items)' => 'aggregates results test_runs' ], [ '' => 'aggregates items results test_runs' ])
	{
		my ($some, $expected) = @$case;

		outcome($session, sprintf $import, $some);
		gives($session, $tables, $expected, $some || 'all');
	}
	$node->safe_psql('postgres', q{ALTER FOREIGN TABLE imported.results OPTIONS (ADD max_keys '5')});
	is((outcome($session, sprintf $import, ''))[1], '', 'once more');
	gives($session, $tables, 'aggregates items results test_runs', 'the same tables');
	gives($session, q{SELECT 'max_keys=5' = ANY (ftoptions) FROM pg_foreign_table WHERE ftrelid = 'imported.results'::regclass}, 't', 'as they were');
	gives($session, "SELECT count(*) FROM imported.aggregates WHERE test_run_id = '$run'", $manifest->{runs}[0]{aggregates}, 'with their rows');
};

$session->quit;
$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
