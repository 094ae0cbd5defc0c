# Texts: compared, sorted and found under every collation and in every encoding as
# PostgreSQL does it. README says what the ids in front of the names stand for.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynamodb-local/live/BenchmarkResults);
use BenchFaults;
use Encode qw(encode);
use Test::More;

my $stage = 'dynamodb-local/live';
my ($node, $proxy) = faulty_cluster(proxy => { target => bench_engine($stage) }, server => { max_attempts => 2 });
my $session = session($node, 'SET client_min_messages = warning', q{SET timezone = 'UTC'});

# ---- F7: collations ------------------------------------------------------------------------

# The condition that the first request makes on the words; "" for none.
sub sent
{
	my ($request) = @{ $proxy->requests };
	my $body = $request->{body};
	my ($key) = grep { $body->{ExpressionAttributeNames}{$_} eq 'word' } keys %{ $body->{ExpressionAttributeNames} // {} };
	my $conditions = join ' AND ', grep { defined } @{$body}{qw(KeyConditionExpression FilterExpression)};

	return defined $key && $conditions =~ /$key\b/ ? 'sent' : '';
}

my @words = (qw(a B b A ab aB AB z Z _ 1 10 9 ~), 'a b', "\x{e4}", "\x{c4}", "e\x{301}", "\x{e9}", "\x{df}", 'ss', "\x{ffff}", "\x{1f600}", '-a');

$node->safe_psql('postgres', q{
	CREATE EXTENSION citext;
	CREATE COLLATION bench.ignore_case (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
	CREATE COLLATION bench.ignore_accent (PROVIDER = icu, LOCALE = 'und-u-ks-level1-kc-true', DETERMINISTIC = false)});
bench_table($stage, 'Words', keys => [ pk => 'S', sk => 'N' ], items => [ map { { pk => { S => 'w' . $_ % 2 }, sk => { N => "$_" }, kind => { S => 'k' . $_ % 2 }, word => { S => $words[$_] } } } 0 .. $#words ],
	global => { ByWord => [ kind => 'S', word => 'S', 'ALL' ] });

# What is sent of equality, prefixes and ranges; and whether the index's order is taken.
my %collations = (
	'text' => [ 'sent', 'sent', '', 0 ],
	'text COLLATE "C"' => [ 'sent', 'sent', 'sent', 1 ],
	'text COLLATE "POSIX"' => [ 'sent', 'sent', '', 0 ],
	'text COLLATE "en-x-icu"' => [ 'sent', 'sent', '', 0 ],
	'varchar COLLATE "de-x-icu"' => [ 'sent', 'sent', '', 0 ],
	'text COLLATE bench.ignore_case' => [ '', undef, '', 0 ],
	'text COLLATE bench.ignore_accent' => [ '', undef, '', 0 ],
	'citext' => [ '', '', '', 0 ],
	'char(5)' => [ '', '', '', 0 ],
	'name' => [ '', '', '', 0 ],
);
my %conditions = (
	equality => [ 0, q{word = 'a'}, q{word = 'A'}, q{'b' = word}, q{word IN ('a', 'B', 'x')}, q{word = ANY (ARRAY['ab', 'z'])}, "word = '\x{e4}'", "word = 'e\x{301}'", "word = '\x{df}'" ],
	prefix => [ 1, q{word LIKE 'a%'}, q{word ^@ 'A'}, q{starts_with(word, 'a')} ],
	range => [ 2, q{word < 'b'}, q{word >= 'B'}, q{word BETWEEN 'a' AND 'z'}, q{word > '1' AND word <= '_'}, "word > '\x{e4}'" ],
);

foreach my $type (sort keys %collations)
{
	subtest "F7: $type" => sub {
		my $index = '[{"name": "ByWord", "pk": "kind", "sk": "word", "projection": "ALL", "complete": true}]';

		bench_foreign_table($node, 'bench.words', 'Words', "pk text OPTIONS (key 'partition'), sk int OPTIONS (key 'sort'), kind text, word $type", indexes => $index);
		$node->safe_psql('postgres', 'SET client_min_messages = warning; DROP TABLE IF EXISTS bench.copy; SET benchresults_fdw.enable_pushdown = off; CREATE TABLE bench.copy AS SELECT * FROM bench.words');
		foreach my $name (sort keys %conditions)
		{
			my ($number, @conditions) = @{ $conditions{$name} };

			next unless defined $collations{$type}[$number];
			foreach my $condition (map { ($_, "kind = 'k1' AND $_") } map { encode('UTF-8', $_) } @conditions)
			{
				next if $type !~ /^(text|varchar|citext)/ && $condition =~ /\^@|starts_with/;
				my $sql = "SELECT string_agg(sk::text, ' ' ORDER BY sk) FROM bench.words WHERE $condition";
				my ($expected) = outcome($session, $sql =~ s/bench\.words/bench.copy/r);

				$proxy->reset;
				gives($session, $sql, $expected, "$condition: rows");
				is(sent(), $collations{$type}[$number], "$condition: what is sent");
			}
		}
		foreach my $order ('word', 'word DESC', 'word NULLS FIRST', 'word DESC NULLS LAST', 'word DESC, sk', 'word COLLATE "C"', 'word COLLATE "C" DESC NULLS LAST')
		{
			next if $order =~ /COLLATE/ && $type =~ /^(citext|name|char)/;
			foreach my $case ([ "kind = 'k1'", 'LIMIT 5' ], [ "kind = 'k1'", '' ], [ "kind IN ('k0', 'k1')", 'LIMIT 9' ])
			{
				my ($condition, $limit) = @$case;
				my $sql = "SELECT word, sk FROM bench.words WHERE $condition ORDER BY $order" . ($order =~ /sk/ ? '' : ', sk') . " $limit";

				gives($session, $sql, (outcome($session, $sql =~ s/bench\.words/bench.copy/r))[0], "$condition ORDER BY $order $limit");
			}
			my ($plan) = outcome($session, "EXPLAIN (COSTS OFF) SELECT word FROM bench.words WHERE kind = 'k1' ORDER BY $order LIMIT 5");
			is($plan =~ /Order: (forward|backward)/ ? 1 : 0, $order =~ /COLLATE/ ? 1 : $collations{$type}[3], "ORDER BY $order: whose order");
		}
		gives($session, $_, (outcome($session, $_ =~ s/bench\.words/bench.copy/r))[0], $_) foreach $type eq 'name' ? () : q{SELECT min(word), max(word) FROM bench.words WHERE kind = 'k0'};
	};
}

# ---- F17: encodings ------------------------------------------------------------------------

my @japanese = ("\x{65e5}\x{672c}", "\x{30a2}");

bench_table($stage, 'Foreign', keys => [ pk => 'S', sk => 'S' ], items => [ map { { pk => { S => $_->[0] }, sk => { S => $_->[1] }, v => { S => $_->[1] }, l => { L => [ { S => $_->[1] } ] } } }
	[ 'ascii', 'abc' ], [ 'latin', "\x{e4}" ], [ "\x{e9}", "\x{df}" ], [ 'japanese', $japanese[0] ], [ $japanese[1], $japanese[1] ], [ 'both', "\x{1f600}" ] ]);

# Encoding => [which values it has, one it lacks].
my %encodings = (
	LATIN1 => [ [ 'ascii', 'latin', "\x{e9}" ], [ 'japanese', 'both' ] ],
	EUC_JP => [ [ 'ascii', 'latin', "\x{e9}", 'japanese', $japanese[1] ], [ 'both' ] ],
	SQL_ASCII => [ [ 'ascii', 'latin', "\x{e9}", 'japanese', $japanese[1], 'both' ], [] ],
);

foreach my $encoding (sort keys %encodings)
{
	my ($has, $lacks) = @{ $encodings{$encoding} };
	my $database = lc "in_$encoding";
	my $client = $encoding eq 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8';
	my %value = (ascii => 'abc', latin => "\x{e4}", "\x{e9}" => "\x{df}", japanese => $japanese[0], $japanese[1] => $japanese[1], both => "\x{1f600}");

	subtest "F17: a database in $encoding" => sub {
		$node->safe_psql('postgres', "CREATE DATABASE $database ENCODING '$encoding' LOCALE 'C' TEMPLATE template0");
		$node->safe_psql($database, q{CREATE EXTENSION benchresults_fdw;
			CREATE SERVER bench_server FOREIGN DATA WRAPPER benchresults_fdw} . bench_options(region => 'us-east-2', endpoint => $proxy->url) . q{;
			CREATE USER MAPPING FOR CURRENT_USER SERVER bench_server}
			. bench_options(access_key_id => BenchTest::Proxy::ACCESS_KEY, secret_access_key => BenchTest::Proxy::SECRET_KEY) . q{;
			CREATE FOREIGN TABLE t (pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), v text, w varchar(3) OPTIONS (attribute 'v'),
				j jsonb OPTIONS (attribute 'v'), l text[], item jsonb OPTIONS (attribute '*')) SERVER bench_server OPTIONS (table 'Foreign')});
		my $there = $node->background_psql($database, on_error_stop => 0);

		outcome($there, '\set VERBOSITY verbose');
		outcome($there, "SET client_encoding = '$client'");
		foreach my $pk (@$has)
		{
			my ($p, $v) = map { encode('UTF-8', $_) } $pk, $value{$pk};

			gives($there, "SELECT v FROM t WHERE pk = '$p'", $v, "$p: by the partition key");
			gives($there, "SELECT v FROM t WHERE pk = '$p' AND sk = '$v'", $v, "$p: by the whole key");
			gives($there, "SELECT v FROM t WHERE pk = '$p' AND sk IN ('$v', 'none')", $v, "$p: by a list");
			gives($there, "SELECT v FROM t WHERE pk = '$p' AND v = '$v'", $v, "$p: by a filter");
			gives($there, "SELECT v FROM t WHERE pk = '$p' AND starts_with(v, '$v')", $v, "$p: by a prefix");
			gives($there, "SELECT v FROM t WHERE pk = '$p' AND sk LIKE '$v%'", $v, "$p: by LIKE");
			gives($there, "SELECT w FROM t WHERE pk = '$p'", $v, "$p: as varchar") unless $encoding eq 'SQL_ASCII';
			gives($there, "SELECT l[1] FROM t WHERE pk = '$p'", $v, "$p: in an array");
			gives($there, "SELECT j #>> '{}', item ->> 'v' FROM t WHERE pk = '$p'", "$v|$v", "$p: in jsonb");
			gives($there, qq{SELECT v FROM t WHERE pk = '$p' AND sk COLLATE "C" >= '$v' AND sk COLLATE "C" <= '$v'}, $v, "$p: by an interval");
			gives($there, qq{SELECT sk FROM t WHERE pk = '$p' ORDER BY sk COLLATE "C" LIMIT 1}, $v, "$p: in order");
		}
		foreach my $pk (@$lacks)
		{
			foreach my $column (qw(v w j l item))
			{
				fails($there, "SELECT $column FROM t WHERE pk = '$pk'", '22P05', qr/column "$column" of foreign table "t", item with pk = "$pk"/, "$pk: $column");
			}
			gives($there, "SELECT pk FROM t WHERE pk = '$pk'", $pk, "$pk: the columns that it has");
		}
		if ($encoding eq 'SQL_ASCII')
		{
			fails($there, "SELECT v FROM t WHERE $_", '22021', qr/invalid byte sequence for encoding "UTF8"/, "bytes that are no UTF-8: $_")
			  foreach q{pk = E'\xe9'}, q{pk = 'latin' AND sk = E'\xe4'}, q{v = E'\xff'}, q{pk = ANY (ARRAY['latin', E'\xe9'])};
		}
		$there->quit;
	};
}

$session->quit;
$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
