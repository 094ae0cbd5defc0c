# F12: every number that DynamoDB holds is what Python's Decimal says it is, in every
# spelling, and is found by what it is. README says what the id stands for.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynamodb-local/live/BenchmarkResults);
use BenchFaults;
use Test::More;

my $stage = 'dynamodb-local/live';
my ($node, $proxy) = faulty_cluster(proxy => { target => bench_engine($stage) });
my $session = session($node, 'SET client_min_messages = warning', q{SET jit = off});
my $count = $ENV{BENCH_LONG} ? 1_000_000 : 50_000;
use constant PER_ITEM => 500;	# as test/engines/numbers has it
my $seed = $ENV{BENCH_SEED} // time % 100_000;
my $folder = PostgreSQL::Test::Utils::tempdir();
my ($items, $expected) = ("$folder/items", "$folder/expected");

note "seed $seed (BENCH_SEED)";
system(bench_root() . '/test/engines/numbers', $count, $seed, $items, $expected) == 0 or die 'numbers';
my @items = split /\n/, PostgreSQL::Test::Utils::slurp_file($items);

$node->safe_psql('postgres', qq{
	CREATE TABLE bench.expected (item int, place int, plain text, double float8, PRIMARY KEY (item, place));
	\\copy bench.expected FROM '$expected'
	ANALYZE bench.expected});

my $columns = q{pk text OPTIONS (key 'partition'), sk int OPTIONS (key 'sort'),
	list numeric[], json jsonb OPTIONS (attribute 'list'), doubles float8[] OPTIONS (attribute 'list')};

# Whether all numbers of so many items are those expected, as each type of column.
sub all_numbers
{
	my ($table, $number) = @_;
	my $numbers = $number * PER_ITEM;
	my %unnested = (numeric => 'unnest(list)', jsonb => 'jsonb_array_elements(json)', 'double precision' => 'unnest(doubles)');
	my %wrong = (
		numeric => 'trim_scale(v)::text <> plain',
		jsonb => q{jsonb_typeof(v) <> 'number' OR trim_scale((v #>> '{}')::numeric)::text <> plain},
		'double precision' => 'v <> double');

	foreach my $type (sort keys %unnested)
	{
		gives($session, qq{
			WITH got AS MATERIALIZED (SELECT sk AS item, place, v FROM bench.$table, $unnested{$type} WITH ORDINALITY u (v, place))
			SELECT count(*), count(*) FILTER (WHERE $wrong{$type}), min(item || ' ' || place || ': ' || v || ', not ' || plain) FILTER (WHERE $wrong{$type})
			FROM got FULL JOIN (SELECT * FROM bench.expected WHERE item < $number) e USING (item, place)},
			"$numbers|0|", "$type: $numbers numbers");
	}
}

subtest 'F12: numbers from an engine' => sub {
	bench_table($stage, 'Numbers', keys => [ pk => 'S', sk => 'N' ], items => '[' . join(',', @items[ 0 .. 99 ]) . ']');
	bench_foreign_table($node, 'bench.numbers', 'Numbers', $columns);
	all_numbers('numbers', 100);
};

# An engine gives numbers back in a form of its own; another service might not.
subtest 'F12: numbers as they may be written' => sub {
	my $pages = PostgreSQL::Test::Utils::tempdir();
	my $page = 0;

	foreach my $first (grep { $_ % 20 == 0 } 0 .. $#items)
	{
		my $last = $first + 19 < $#items ? $first + 19 : $#items;
		my $next = $last < $#items ? qq(,"LastEvaluatedKey":{"pk":{"S":"numbers"},"sk":{"N":"$last"}}) : '';

		PostgreSQL::Test::Utils::append_to_file(sprintf('%s/Scan.%04d.json', $pages, ++$page), '{"Items":[' . join(',', @items[ $first .. $last ]) . "]$next}");
	}
	my $replay = BenchTest::Proxy->start(replay => $pages);
	bench_server($node, $replay->url, name => 'replay_server');
	bench_foreign_table($node, 'bench.written', 'Numbers', $columns, server => 'replay_server');
	all_numbers('written', scalar @items);
	$replay->stop;
};

# The way back: a number in a condition is the number in an item.
subtest 'F12: numbers in conditions' => sub {
	my @some = split /\n/, $node->safe_psql('postgres', 'SELECT plain FROM bench.expected GROUP BY plain ORDER BY hashtext(plain) LIMIT 1000');

	bench_table($stage, 'NumberKeys', keys => [ pk => 'S', sk => 'N' ], items => [ map { { pk => { S => 'k' }, sk => { N => $_ }, n => { N => $_ } } } @some ]);
	bench_foreign_table($node, 'bench.keys', 'NumberKeys', q{pk text OPTIONS (key 'partition'), sk numeric OPTIONS (key 'sort'), n numeric});
	$node->safe_psql('postgres', q{SET benchresults_fdw.enable_pushdown = off; CREATE TABLE bench.copy AS SELECT * FROM bench.keys});
	gives($session, 'SELECT count(*) FROM bench.copy', 1000, 'there are a thousand');
	bench_table($stage, 'NumbersOnly', keys => [ n => 'N' ], items => [ map { { n => { N => $_ } } } @some ]);
	bench_foreign_table($node, 'bench.alone', 'NumbersOnly', q{n numeric OPTIONS (key 'partition')});
	my $before = $proxy->counts;
	gives($session, q{SELECT count(*), count(DISTINCT n) FROM bench.alone WHERE n = ANY (ARRAY(SELECT n FROM bench.copy))}, '1000|1000', 'as keys');
	is($proxy->asked($before), 'BatchGetItem 10', 'by so many requests');
	$before = $proxy->counts;
	gives($session, q{SELECT count(*), count(DISTINCT n) FROM bench.alone WHERE n = ANY (ARRAY(SELECT n * 1.000 FROM bench.copy UNION ALL SELECT n FROM bench.copy))},
		'1000|1000', 'in two forms each');
	is($proxy->asked($before), 'BatchGetItem 10', 'the same requests');
	gives($session, q{SELECT count(*) FROM (SELECT * FROM bench.copy LIMIT 100) c JOIN bench.keys k ON k.pk = 'k' AND k.sk = c.sk AND k.n = c.n}, 100, 'one by one');
	gives($session, q{SELECT count(*) FROM (SELECT sk, lag(sk) OVER (ORDER BY r) AS before FROM (SELECT sk, row_number() OVER () AS r FROM bench.keys WHERE pk = 'k' ORDER BY sk) s) t WHERE before >= sk},
		0, 'in order');
	gives($session, q{SELECT count(*) FROM (SELECT sk, row_number() OVER (ORDER BY sk) AS r FROM bench.copy) c
		WHERE r % 25 = 0 AND (SELECT count(*) FROM bench.keys k WHERE k.pk = 'k' AND k.sk >= c.sk) <> 1001 - r}, 0, 'as bounds');
	gives($session, q{SELECT count(*) FROM (SELECT n FROM bench.copy LIMIT 20) c WHERE (SELECT count(*) FROM bench.keys k WHERE k.n = c.n) <> 1}, 0, 'in filters');
};

subtest 'F12: numbers that are no integers, or none of a column' => sub {
	my %values = (half => '0.5', more => '2147483648', most => '9223372036854775808', '38 digits' => '9' x 38, large => '1E+125', small => '1E-130', least => '-32769');
	my %refused = (int => [ qw(half more most large small), '38 digits' ], bigint => [ qw(half most large small), '38 digits' ], smallint => [ qw(half more most large small least), '38 digits' ],
		'numeric(5,2)' => [ qw(more most large least), '38 digits' ], real => [ qw(large small) ], 'double precision' => []);

	bench_table($stage, 'Ranges', keys => [ pk => 'S', sk => 'S' ], items => [ map { { pk => { S => 'p' }, sk => { S => $_ }, n => { N => $values{$_} } } } keys %values ]);
	foreach my $type (sort keys %refused)
	{
		my %is_refused = map { $_ => 1 } @{ $refused{$type} };

		bench_foreign_table($node, 'bench.ranges', 'Ranges', "pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), n $type");
		foreach my $name (sort keys %values)
		{
			my $sql = "SELECT n IS NOT NULL FROM bench.ranges WHERE pk = 'p' AND sk = '$name'";

			if ($is_refused{$name})
			{
				fails($session, $sql, '22003', qr/\Qcolumn "n" of foreign table "ranges"\E.*\Qpk = "p", sk = "$name"\E/s, "$type: $name is refused");
			}
			else
			{
				gives($session, $sql, 't', "$type: $name");
			}
		}
	}
};

$session->quit;
$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
