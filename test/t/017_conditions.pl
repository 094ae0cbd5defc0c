# Conditions mean what they mean in SQL, whatever DynamoDB would say to them: known
# answers on attributes that are missing, of other types, empty, odd; and never more
# of them than a request may hold.
# README says what the ids in front of the names stand for.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynamodb-local/live/BenchmarkResults);
use BenchFaults;
use Encode qw(encode);
use Test::More;

# Amazon's own engine: dynalite, for one, finds no empty string by IN.
my $stage = 'dynamodb-local/live';
my ($node, $proxy) = faulty_cluster(proxy => { target => bench_engine($stage) }, server => { max_attempts => 2 });
my $session = session($node, 'SET client_min_messages = warning', q{SET timezone = 'UTC'});

# The one attribute that every condition is about, by the number of the item.
my @values = (
	{ S => 'abc' }, { S => '' }, { S => 'ABC' }, { S => 'a%c' }, { S => 'a_c' }, { S => 'a\\c' }, { S => '1' }, { S => '1E2' }, { S => 'abd' }, { S => 'abc ' },	# 1 to 10
	{ N => '1' }, { N => '100' }, { N => '0' }, { N => '-1' }, { N => '1.5' }, { N => '0.1' }, { N => '0.10000000000000001' },	# 11 to 17
	{ N => '12345678901234567890123456789012345678' }, { N => '9.9999999999999999999999999999999999999E+125' }, { N => '-1E-130' },	# 18 to 20
	{ NULL => \1 }, undef, { BOOL => \1 }, { BOOL => \0 }, { L => [ { S => 'abc' } ] }, { M => { abc => { N => '1' } } }, { SS => [ 'abc' ] }, { NS => [ '1' ] }, { B => 'YWJj' },	# 21 to 29
	{ S => "\x{e4}" }, { S => "a\x{308}" }, { S => "\x{1f600}" }, { S => "\x{ffff}" },	# 30 to 33
);
my @all = 1 .. @values;
my $text_ids = '1 2 3 4 5 6 7 8 9 10 30 31 32 33';
my $number_ids = '11 12 13 14 15 16 17 18 19 20';

bench_table($stage, 'Traps', keys => [ pk => 'S', sk => 'N' ], items => [ map { +{ pk => { S => 'p' }, sk => { N => "$_" }, $values[$_ - 1] ? (v => $values[$_ - 1]) : () } } 1 .. @values ]);

bench_foreign_table($node, 'bench.traps', 'Traps', qq{pk text OPTIONS (key 'partition'), sk int OPTIONS (key 'sort'), }
	. q{t text OPTIONS (attribute 'v'), n numeric OPTIONS (attribute 'v'), d float8 OPTIONS (attribute 'v'), f float4 OPTIONS (attribute 'v'),
	i int OPTIONS (attribute 'v'), l bigint OPTIONS (attribute 'v'), b boolean OPTIONS (attribute 'v'), j jsonb OPTIONS (attribute 'v'),
	a text[] OPTIONS (attribute 'v'), y bytea OPTIONS (attribute 'v')}, on_type_mismatch => 'null');

# Whether a condition is true of these items, sent or not; and, with its opposite and with what it is unknown of, of each item once.
sub holds
{
	my ($condition, $expected) = @_;
	my $select = join '; ', map { "SELECT string_agg(sk::text, ' ' ORDER BY sk) FROM bench.traps WHERE $_" } $condition, "NOT ($condition)", "($condition) IS NULL";
	my ($output, $error) = outcome($session, "SET benchresults_fdw.enable_pushdown = off; $select; RESET benchresults_fdw.enable_pushdown; $select");
	my @found = map { [ split ' ' ] } split /\n/, $output, -1;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	is($error, '', $condition);
	foreach my $case ([ 'as SQL has it' => @found[ 0 .. 2 ] ], [ 'with what is sent' => @found[ 3 .. 5 ] ])
	{
		my ($name, $true, $false, $unknown) = @$case;

		is(join(' ', @$true), $expected, "$condition, $name");
		is(join(' ', sort { $a <=> $b } @$true, @$false, @$unknown), "@all", "$condition, $name: NOT and IS NULL have the others");
	}
}

# These ids without some.
sub without
{
	my ($ids, @some) = @_;
	my %some = map { $_ => 1 } map { split ' ' } @some;

	return join ' ', grep { !$some{$_} } split ' ', $ids;
}

# ---- F6: known answers -------------------------------------------------------------------

subtest 'F6: <> and NOT of what is missing or of another type' => sub {
	holds(q{t <> 'abc'}, without($text_ids, 1));
	holds(q{NOT t = 'abc'}, without($text_ids, 1));
	holds(q{NOT (NOT t = 'abc')}, 1);
	holds(q{t NOT IN ('abc', 'abd')}, without($text_ids, 1, 9));
	holds(q{t <> ALL (ARRAY['abc', NULL])}, '');
	holds(q{n <> 1}, without($number_ids, 11));
	holds(q{NOT n > 0}, '13 14 20');
	holds(q{NOT (n > 0 AND t = 'abc')}, '2 3 4 5 6 7 8 9 10 13 14 20 30 31 32 33');
	holds(q{t IS DISTINCT FROM 'abc'}, without("@all", 1));
	holds(q{t IS NOT DISTINCT FROM 'abc'}, 1);
	holds(q{t IS NOT DISTINCT FROM NULL}, without("@all", $text_ids));
	holds(q{t IS NULL}, without("@all", $text_ids));
	holds(q{n IS NOT NULL}, $number_ids);
	holds(q{j IS NULL}, '21 22');
	holds(q{t = 'abc' OR n = 1}, '1 11');
	holds(q{t = 'abc' OR n IS NULL}, without("@all", $number_ids));
	holds(q{t = NULL}, '');
	holds(q{t <> NULL}, '');
	holds(q{(t = 'abc') IS NOT TRUE}, without("@all", 1));
	holds(q{(t = 'abc') IS FALSE}, without($text_ids, 1));
	holds(q{(t = 'abc') IS UNKNOWN}, without("@all", $text_ids));
	holds(q{CASE WHEN t = 'abc' THEN false ELSE n = 1 END}, 11);
};

subtest 'F6: = between texts and numbers' => sub {
	holds(q{t = '1'}, 7);
	holds(q{n = 1}, 11);
	holds(q{t = '1E2'}, 8);
	holds(q{n = 1E2}, 12);
	holds(q{t = '100'}, '');
	holds(q{t IN ('1', '100')}, 7);
	holds(q{n IN (1, 100)}, '11 12');
	holds(q{n = '0100.000'}, 12);
	holds(q{d = '1e2'}, 12);
	holds(q{f = 100}, 12);
	holds(q{i = 100}, 12);
	holds(q{i = 100::bigint}, 12);
	holds(q{i = 100.0}, 12);
	holds(q{i = 1.5}, '');
	holds(q{l = 100::smallint}, 12);
	holds(q{t = 'abc '}, 10);
	holds(q{t = 'abc '::char(4)}, '1');
	holds(q{t = 'abc'::varchar}, 1);
	holds(q{t = 'abc'::name}, 1);
	holds(q{j = '1'}, 11);
	holds(q{j = '"abc"'}, 1);
	holds(q{j @> '["abc"]'}, 25);
	holds(q{j ? 'abc'}, '1 25 26');
	holds(q{'abc' = ANY (a)}, '25 27');
	holds(q{y = 'abc'}, 29);
};

subtest 'F6: booleans' => sub {
	holds(q{b}, 23);
	holds(q{NOT b}, 24);
	holds(q{b = true}, 23);
	holds(q{b <> true}, 24);
	holds(q{b IS TRUE}, 23);
	holds(q{b IS NOT TRUE}, without("@all", 23));
	holds(q{b IS FALSE}, 24);
	holds(q{b IS NOT FALSE}, without("@all", 24));
	holds(q{b IS UNKNOWN}, without("@all", 23, 24));
	holds(q{b IS NOT UNKNOWN}, '23 24');
	holds(q{b IN (true, false)}, '23 24');
	holds(q{b > false}, 23);
};

subtest 'F6: LIKE and what else begins' => sub {
	holds(q{t LIKE 'a%'}, '1 4 5 6 9 10 31');
	holds(q{t LIKE 'ab%'}, '1 9 10');
	holds(q{t LIKE 'a\\%c'}, 4);
	holds(q{t LIKE 'a\\%%'}, 4);
	holds(q{t LIKE 'a\\_c'}, 5);
	holds(q{t LIKE 'a\\\\c'}, 6);
	holds(q{t LIKE 'a\\\\%'}, 6);
	holds(q{t LIKE 'a_c'}, '1 4 5 6');
	holds(q{t LIKE 'a\\bc'}, 1);
	holds(q{t LIKE 'a!%c' ESCAPE '!'}, 4);
	holds(q{t LIKE 'a\\%' ESCAPE ''}, 6);
	holds(q{t LIKE ''}, 2);
	holds(q{t LIKE '%'}, $text_ids);
	holds(q{t LIKE '_'}, '7 30 32 33');
	holds(q{t LIKE 'abc'}, 1);
	holds(q{t LIKE NULL}, '');
	holds(q{t NOT LIKE 'ab%'}, without($text_ids, 1, 9, 10));
	holds(q{t ILIKE 'AB%'}, '1 3 9 10');
	holds(q{t ^@ 'ab'}, '1 9 10');
	holds(q{t ^@ ''}, $text_ids);
	holds(q{t ^@ NULL}, '');
	holds(q{starts_with(t, 'a%')}, 4);
	holds(q{starts_with(t, '')}, $text_ids);
	holds(q{NOT starts_with(t, 'ab')}, without($text_ids, 1, 9, 10));
	holds(q{t ~ '^ab'}, '1 9 10');
	holds(q{t ~ '^(ab|1)'}, '1 7 8 9 10');
	holds(q{t SIMILAR TO 'ab(c|d)'}, '1 9');
	holds(q{position('b' IN t) > 0}, '1 9 10');
	holds(q{length(t) > 3}, 10);
	holds(q{octet_length(t) = 3}, '1 3 4 5 6 8 9 31 33');
};

subtest 'F6: BETWEEN' => sub {
	holds(q{n BETWEEN 0 AND 1}, '11 13 16 17');
	holds(q{n BETWEEN 1 AND 0}, '');
	holds(q{n BETWEEN SYMMETRIC 1 AND 0}, '11 13 16 17');
	holds(q{n NOT BETWEEN 1 AND 0}, $number_ids);
	holds(q{n NOT BETWEEN 0 AND 1}, '12 14 15 18 19 20');
	holds(q{n BETWEEN NULL AND 1}, '');
	holds(q{n > 1 AND n < 1}, '');
	holds(q{n >= 1 AND n <= 1}, 11);
	holds(q{t COLLATE "C" BETWEEN 'abc' AND 'abd'}, '1 9 10');
	holds(q{t COLLATE "C" BETWEEN 'abd' AND 'abc'}, '');
	holds(q{sk BETWEEN 3 AND 5}, '3 4 5');
	holds(q{pk = 'p' AND sk BETWEEN 3 AND 5}, '3 4 5');
	holds(q{pk = 'p' AND sk BETWEEN 5 AND 3}, '');
	holds(q{pk = 'p' AND sk BETWEEN SYMMETRIC 5 AND 3}, '3 4 5');
	holds(q{pk = 'p' AND sk > 3 AND sk < 5}, '4');
	holds(q{pk = 'p' AND sk > 3 AND sk < 4}, '');
	holds(q{pk = 'p' AND sk > 3 AND sk > 30 AND sk <= 33 AND sk < 32}, '31');
	holds(q{pk = 'p' AND sk < 3.5 AND sk > 1.5}, '2 3');
	holds(q{pk = 'p' AND sk < 3000000000 AND sk > 31}, '32 33');
};

subtest 'F6: the empty string' => sub {
	holds(q{t = ''}, 2);
	holds(q{t <> ''}, without($text_ids, 2));
	holds(q{t COLLATE "C" >= ''}, $text_ids);
	holds(q{t COLLATE "C" <= ''}, 2);
	holds(q{t COLLATE "C" > ''}, without($text_ids, 2));
	holds(q{t COLLATE "C" < ''}, '');
	holds(q{t IN ('', 'abc')}, '1 2');
	holds(q{pk = ''}, '');
	holds(q{pk <> ''}, "@all");
	holds(q{pk IN ('', 'p') AND sk = 7}, 7);
	holds(q{pk LIKE '%' AND sk = 7}, 7);
	holds(q{pk COLLATE "C" > '' AND sk = 7}, 7);
	holds(q{nullif(t, '') = 'abc'}, 1);
};

subtest 'F6: IN with many and with odd members' => sub {
	my $many = join ', ', map { "'x$_'" } 1 .. 150;

	holds(qq{t IN ($many)}, '');
	holds(qq{t IN ($many, 'abc', '1')}, '1 7');
	holds(qq{t NOT IN ($many, 'abc')}, without($text_ids, 1));
	holds(q{n IN (} . join(', ', 1 .. 150) . q{)}, '11 12');
	holds(q{sk IN (} . join(', ', 20 .. 200) . q{)}, join(' ', 20 .. 33));
	holds(q{pk = 'p' AND sk IN (} . join(', ', 20 .. 200) . q{)}, join(' ', 20 .. 33));
	holds(q{t IN ('abc', NULL)}, 1);
	holds(q{t NOT IN ('abc', NULL)}, '');
	holds(q{t = ANY ('{}')}, '');
	holds(q{t <> ALL ('{}')}, "@all");
	holds(q{t = ANY (NULL)}, '');
	holds(q{t IN ('abc', 'abc', 'abc')}, 1);
	holds(q{pk = 'p' AND sk IN (3, 3, 4)}, '3 4');
	holds(q{pk IN ('p', 'p', 'q') AND sk IN (3, 3, 4)}, '3 4');
	holds(q{t IN (SELECT 'abc')}, 1);
	holds(q{n = ANY ('{1, 1.0, 01, 1e0, NaN, 1e140}')}, 11);
	holds(q{t = ANY (ARRAY[ARRAY['abc', '1'], ARRAY['x', NULL]])}, '1 7');
	holds(q{n > ANY (ARRAY[100, 200])}, '18 19');
	holds(q{n > ALL (ARRAY[100, 0])}, '18 19');
};

subtest 'F6: forms of numbers' => sub {
	holds(q{n = -0.0}, 13);
	holds(q{d = '-0'}, 13);
	holds(q{f = '-0'}, 13);
	holds(q{f IS NULL AND n IS NOT NULL}, '19 20');
	holds(q{i = -0}, 13);
	holds(q{n < 0}, '14 20');
	holds(q{n = 0.1}, 16);
	holds(q{d = 0.1}, '16 17');
	holds(q{d > 0.1}, '11 12 15 18 19');
	holds(q{d >= 0.1}, '11 12 15 16 17 18 19');
	holds(q{d < 0.1}, '13 14 20');
	holds(q{d <= 0.1}, '13 14 16 17 20');
	holds(q{d <> 0.1}, '11 12 13 14 15 18 19 20');
	holds(q{f = 0.1::float4}, '16 17');
	holds(q{f >= 0.1::float4}, '11 12 15 16 17 18');
	holds(q{d = 12345678901234567890123456789012345678}, 18);
	holds(q{n = 12345678901234567890123456789012345678}, 18);
	holds(q{n > 12345678901234567890123456789012345677}, '18 19');
	holds(q{n > 123456789012345678901234567890123456789}, '19');
	holds(q{n = 1e200}, '');
	holds(q{n < 1e200}, $number_ids);
	holds(q{n > -1e200}, $number_ids);
	holds(q{n = 1e-140}, '');
	holds(q{n > -1e-140}, without($number_ids, 14, 20));
	holds(q{n < -1e-140}, '14 20');
	holds(q{n = 'NaN'}, '');
	holds(q{n < 'NaN'}, $number_ids);
	holds(q{n > 'NaN'}, '');
	holds(q{n < 'infinity'}, $number_ids);
	holds(q{n > '-infinity'}, $number_ids);
	holds(q{n = 'infinity'}, '');
	holds(q{d < 'infinity'}, $number_ids);
	holds(q{d < 'NaN'}, $number_ids);
	holds(q{d > '-infinity'}, $number_ids);
	holds(q{d > 1e125}, '19');
	holds(q{d < 1e-130}, '13 14 20');
	holds(q{d = 0}, '13');
	holds(q{d < 0}, '14 20');
	holds(q{i < 2147483648}, '11 12 13 14');
	holds(q{l > -9223372036854775808}, '11 12 13 14');
	holds(q{n + 0 = 1}, 11);
	holds(q{- n = 1}, 14);
	holds(q{pk = 'p' AND sk = 3.0}, 3);
	holds(q{pk = 'p' AND sk = 3.5}, '');
	holds(q{pk = 'p' AND sk = -0}, '');
	holds(q{pk = 'p' AND sk = 3000000000}, '');
};

# Every pair of bounds of every type, against a copy.
$node->safe_psql('postgres', q{
	CREATE FUNCTION bench.differing_bounds(bounds text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
	DECLARE
		query text := 'SELECT string_agg(pk, '' '' ORDER BY pk) FROM %s WHERE kind = ''k'' AND value > %L AND value <= %L';
		low text;
		high text;
		expected text;
		got text;
	BEGIN
		SET LOCAL benchresults_fdw.enable_pushdown = off;
		CREATE TEMP TABLE copy AS SELECT * FROM bench.bounds;
		SET LOCAL benchresults_fdw.enable_pushdown = on;
		FOREACH low IN ARRAY bounds
		LOOP
			FOREACH high IN ARRAY bounds
			LOOP
				EXECUTE format(query, 'copy', low, high) INTO expected;
				BEGIN
					EXECUTE format(query, 'bench.bounds', low, high) INTO got;
				EXCEPTION WHEN OTHERS THEN
					got := SQLERRM;
				END;
				IF got IS DISTINCT FROM expected THEN
					RETURN NEXT format('%s < value <= %s: %s, not %s', low, high, got, expected);
				END IF;
			END LOOP;
		END LOOP;
		DROP TABLE copy;
	END $$});

# A foreign table of items with these values in the sort key of an index.
sub map_bounds
{
	my ($kind, $column, @values) = @_;
	my @items = map { { pk => { S => "i$_" }, sk => { S => 's' }, kind => { S => 'k' }, value => { $kind => $values[$_] } } } 0 .. $#values;

	bench_table($stage, "Bounds$kind", keys => [ pk => 'S', sk => 'S' ], items => \@items, global => { ByValue => [ kind => 'S', value => $kind, 'ALL' ] }) if @values;
	bench_foreign_table($node, 'bench.bounds', "Bounds$kind", "pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), kind text, value $column",
		on_type_mismatch => 'null',
		indexes => qq([{"name": "ByValue", "pk": "kind", "sk": "value", "sk_type": "$kind", "projection": "ALL", "complete": true}]));
}

sub all_bounds_hold
{
	my ($name, @bounds) = @_;
	my $list = encode('UTF-8', join ', ', map { "'$_'" } @bounds);
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	like((outcome($session, q{EXPLAIN SELECT * FROM bench.bounds WHERE kind = 'k' AND value > '1' AND value <= '2'} =~ s/'[12]'/'$bounds[1]'/gr))[0],
		qr/Key Condition: .*value /, "$name: the service is asked for an interval");
	gives($session, "SELECT * FROM bench.differing_bounds(ARRAY[$list])", '', "$name: all pairs of bounds");
}

subtest 'F6: intervals of numbers in a sort key' => sub {
	my @bounds = ('0', '0.000005', '0.00001', '0.000012', '0.00015', '0.0002', '1', '1e20', '1.5e20', '3e30', '-0.00002', '-1e20', '-3e30', '-1e-5', '0.3');

	map_bounds('N', 'float8', '1E-120', '0.00001', '0.00002', '0.00015', '0.5', '1', '150000000000000000000', '2.5E+30', '1E+120', '-0.00001', '-3E+40');
	all_bounds_hold('float8', @bounds, '1e40', '1e126', '-1e41', '-3e40');
	map_bounds('N', 'numeric');
	all_bounds_hold('numeric', @bounds, '1e40', '1e126', '-1e41', '-3e40', 'NaN', 'infinity', '-infinity');
	map_bounds('N', 'float4');
	all_bounds_hold('float4', @bounds);
	map_bounds('N', 'int');
	all_bounds_hold('int', '-2147483648', '-1', '0', '1', '2147483647');
};

subtest 'F6: intervals of times in a sort key' => sub {
	my @bounds = ('2025-11-30 00:00:00Z', '2025-11-30 00:00:05Z', '2025-11-30 00:00:05.999999Z', '2025-11-30 00:00:06Z', '2025-11-30 00:00:06.4Z',
		'2025-11-30 00:00:06.5Z', '2025-11-30 00:00:06.500001Z', '2025-11-30 00:00:07Z', '2025-11-30 02:00:06+02', '1969-12-31 23:59:59.999Z', 'epoch', '-infinity', 'infinity');

	map_bounds('N', q{timestamptz OPTIONS (format 'epoch_ms')}, map { $_ + 1764460800000 } 0, 5000, 5999.999, 6000, 6000.0004, 6400, 6500, 6500.001, 7000, -1764460800001);
	all_bounds_hold('epoch_ms', @bounds);
	map_bounds('N', q{timestamptz OPTIONS (format 'epoch_s')}, map { sprintf '%.7f', $_ + 1764460800 } 0, 5, 5.999999, 6, 6.0000004, 6.4, 6.5, 6.500001, 7);
	all_bounds_hold('epoch_s', @bounds);
	map_bounds('S', q{timestamptz OPTIONS (format 'iso8601_utc')}, map { "2025-11-30T00:00:${_}Z" } qw(00.000000 05.000000 05.999999 06.000000 06.400000 06.500000 06.500001 07.000000));
	all_bounds_hold('iso8601_utc', @bounds);
	map_bounds('S', q{timestamptz OPTIONS (format 'iso8601_z')}, map { "2025-11-30T00:00:${_}Z" } qw(00 05 05.999999 06 06.4 06.400000 06.5 06.500001 07));
	all_bounds_hold('iso8601_z', @bounds);
	map_bounds('S', q{timestamptz OPTIONS (format 'iso8601')}, '2025-11-30T00:00:06Z', '2025-11-30T02:00:06+02:00', '2025-11-29T20:00:06.5-04:00', '2025-11-30T14:00:05.999999+14:00',
		'2025-11-30 00:00:07Z', '2025-11-29T12:00:06-12:00', '2025-11-30T00:00:05');
	all_bounds_hold('iso8601', @bounds);
};

subtest 'F6: intervals of texts in a sort key' => sub {
	map_bounds('S', 'text COLLATE "C"', 'a', 'ab', 'abc', "a\x{e4}", 'B', 'b', "\x{ffff}", "\x{1f600}", ' ', 'abc ', '1', '10', '9');
	all_bounds_hold('text', 'a', 'ab', 'abb', 'abc', 'b', 'B', "\x{e4}", "a\x{e4}", "\x{ffff}", "\x{1f600}", '', ' ', '10', '9', 'x' x 2000);
};

# ---- F11: how much a request may hold ------------------------------------------------------

# Whether a condition gives so many rows, without an error; by a Scan, a Query and the index.
sub counts
{
	my ($name, $condition, $expected) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	foreach my $where ($condition, "pk = 'p' AND ($condition)", "kind = 'k' AND rank >= 0 AND ($condition)")
	{
		my ($output, $error) = outcome_of_script($session, "SELECT count(*) FROM bench.limits WHERE $where;");
		is($error =~ s/(.{500}).*/$1/sr . $output, $expected, $name . ($where =~ /^(pk|kind) =/ ? ", by $1" : ''));
	}
}

my $columns_of_many = 1000;

bench_table($stage, 'Limits', keys => [ pk => 'S', sk => 'N' ], items => [ map { { pk => { S => 'p' }, sk => { N => "$_" }, v => { S => "v$_" }, n => { N => "$_" }, kind => { S => 'k' }, rank => { N => "$_" } } } 1 .. 300 ],
	global => { ByKind => [ kind => 'S', rank => 'N', 'ALL' ] });
bench_foreign_table($node, 'bench.limits', 'Limits', q{pk text OPTIONS (key 'partition'), sk int OPTIONS (key 'sort'), v text, n int, kind text, rank int},
	indexes => '[{"name": "ByKind", "pk": "kind", "sk": "rank", "sk_type": "N", "projection": "ALL", "complete": true}]', estimated_rows => 300);

subtest 'F11: lists' => sub {
	foreach my $number (100, 101, 300, 301, 1000, 5000)
	{
		my $expected = $number < 300 ? $number : 300;
		my $texts = join ', ', map { "'v$_'" } 1 .. $number;

		counts("$number values", "v IN ($texts)", $expected);
		counts("$number values of an array", "v = ANY (ARRAY(SELECT 'v' || g FROM generate_series(1, $number) g))", $expected);
		counts("$number numbers", 'n IN (' . join(', ', 1 .. $number) . ')', $expected);
		counts("not $number values", "v NOT IN ($texts)", 300 - $expected);
		counts("$number values in two lists", "v IN ($texts) AND n IN (" . join(', ', 1 .. $number) . ')', $expected);
	}
};

subtest 'F11: many conditions' => sub {
	foreach my $number (50, 300, 400)
	{
		my $expected = $number < 300 ? $number : 300;

		counts("$number with OR", join(' OR ', map { "v = 'v$_'" } 1 .. $number), $expected);
		counts("$number of two columns with OR", join(' OR ', map { $_ % 2 ? "v = 'v$_'" : "n = $_" } 1 .. $number), $expected);
		counts("$number with AND", join(' AND ', map { "v <> 'v$_'" } 1 .. $number), 300 - $expected);
		counts("$number intervals with AND", join(' AND ', map { "n >= " . $_ % 7 } 1 .. $number), 295);
		counts("$number lists with AND", join(' AND ', map { "n IN (1, 2, 3, " . (1000 + $_) . ')' } 1 .. $number), 3);
	}
	foreach my $depth (32, 100)
	{
		my $nested = q{v = 'v7'};
		$nested = $_ % 2 ? "(n > 0 AND $nested)" : "(n < 0 OR $nested)" foreach 1 .. $depth;

		counts("AND and OR in each other, $depth levels", $nested, 1);
		counts("NOT, $depth times", 'NOT ' x $depth . q{v = 'v7'}, 1);
	}
};

subtest 'F11: long values' => sub {
	foreach my $length (1_000, 100_000, 1_000_000)
	{
		counts("a text of $length bytes", "v = repeat('x', $length)", 0);
		counts("texts of $length bytes", "v IN (repeat('x', $length), repeat('y', $length), repeat('z', $length), 'v7')", 1);
		counts("a prefix of $length bytes", "starts_with(v, repeat('x', $length))", 0);
		counts("two bounds of $length bytes", qq{v COLLATE "C" >= repeat('a', $length) AND v COLLATE "C" < repeat('z', $length)}, 300);
	}
	counts('a hundred texts of 50,000 bytes', q{v = ANY (ARRAY(SELECT repeat(chr(96 + g % 26), 50000) || g FROM generate_series(1, 100) g))}, 0);
	counts('a number of 200 digits', 'n = ' . '9' x 200, 0);
	gives($session, qq{SELECT count(*) FROM bench.limits WHERE pk = repeat('x', 100000)}, 0, 'a long partition key');
	gives($session, qq{SELECT count(*) FROM bench.limits WHERE kind = repeat('x', 100000)}, 0, 'of an index');
};

subtest 'F11: many columns' => sub {
	my @names = map { sprintf 'column_%04d', $_ } 1 .. $columns_of_many;
	my $list = join ', ', map { "$_ text" } @names;

	bench_foreign_table($node, 'bench.wide', 'Limits', "pk text OPTIONS (key 'partition'), sk int OPTIONS (key 'sort'), v text, $list", estimated_rows => 300);
	gives($session, 'SELECT count(w) FROM bench.wide w', 300, 'all of them');
	gives($session, "SELECT count(*), count(v), count($names[5]) FROM (SELECT * FROM bench.wide WHERE pk = 'p' OFFSET 0) s", '300|300|0', 'in a Query');
	gives($session, "SELECT v, $names[7] IS NULL FROM bench.wide w WHERE pk = 'p' AND sk = 7 AND w IS NOT NULL IS NOT NULL", 'v7|t', 'in a GetItem');
	gives($session, "SELECT count(w) FROM bench.wide w WHERE pk = 'p' AND sk IN (7, 8)", 2, 'in a BatchGetItem');
	my ($output, $error) = outcome_of_script($session, 'SELECT count(*) FROM bench.wide WHERE ' . join(' OR ', q{v = 'v7'}, map { "$_ = 'x'" } @names) . ';');
	is("$error$output", 1, 'a condition on each of them, OR');
	($output, $error) = outcome_of_script($session, 'SELECT count(*) FROM bench.wide WHERE ' . join(' AND ', map { "$_ = 'x'" } @names) . ';');
	is("$error$output", 0, 'a condition on each of them, AND');
};

$session->quit;
$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
