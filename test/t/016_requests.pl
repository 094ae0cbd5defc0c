# What is asked for: by the right index or none, with the conditions that mean the
# same there, no more attributes, rows and requests than are needed; and how EXPLAIN
# tells it.
# README says what the ids in front of the names stand for.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults);
use BenchFaults;
use Test::More;

my $stage = 'dynalite/live';
my ($node, $proxy) = faulty_cluster(server => { max_attempts => 4, request_timeout => '10s' });
my $session = session($node, 'SET client_min_messages = warning');

sub bodies { return map { $_->{body} } @{ $proxy->requests } }

# ---- F4, F5: strong reads and indexes ------------------------------------------------

# Every fourth item has no kind, every fifth no rank; ByKind holds those that have both.
my @odd = map {
	my $i = $_;
	+{ pk => { S => qw(a b c) [ $i % 3 ] }, sk => { N => "$i" }, name => { S => sprintf('n%02d', 60 - $i) }, n => { N => '' . $i / 4 },
		$i % 4 ? (kind => { S => 'k' . $i % 2 }) : (), $i % 5 ? (rank => { N => '' . $i * 7 % 60 }) : (), other => { S => "o$i" },
		$i % 7 ? (later => { S => "l$i" }) : (former => { S => "f$i" }) }
} 1 .. 60;
my $odd_columns = q{pk text OPTIONS (key 'partition'), sk int OPTIONS (key 'sort'), kind text, rank int, name text, n numeric, other text,
	either text OPTIONS (attribute 'later|former')};
my %index = (
	ByKind => '{"name": "ByKind", "pk": "kind", "sk": "rank", "sk_type": "N", "projection": "ALL"%s}',
	Narrow => '{"name": "Narrow", "pk": "kind", "sk": "rank", "sk_type": "N", "projection": ["name"]%s}',
	ByName => '{"name": "ByName", "pk": "pk", "sk": "name", "projection": "ALL", "global": false%s}');

bench_table($stage, 'Odd', keys => [ pk => 'S', sk => 'N' ], items => \@odd,
	global => { ByKind => [ kind => 'S', rank => 'N', 'ALL' ], Narrow => [ kind => 'S', rank => 'N', [ 'name' ] ] },
	local => { ByName => [ pk => 'S', name => 'S', 'ALL' ] });

# The foreign table bench.odd with these indexes.
sub map_odd
{
	my ($complete, @names) = @_;
	my $list = join ', ', map { sprintf $index{$_}, $complete ? ', "complete": true' : '' } @names;

	bench_foreign_table($node, 'bench.odd', 'Odd', $odd_columns, indexes => "[$list]");
}

# Whether a statement gives the same rows without pushdown, and asks this.
sub same_and_asks
{
	my ($sql, $asked, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($rows) = outcome($session, "SET benchresults_fdw.enable_pushdown = off; $sql");

	outcome($session, 'RESET benchresults_fdw.enable_pushdown');
	my $before = $proxy->counts;
	my ($got, $error) = outcome($session, $sql);
	is($error . join("\n", sort split /\n/, $got), join("\n", sort split /\n/, $rows), "$name: rows");
	isnt($rows, '', "$name: there are rows");
	is($proxy->asked($before), $asked, "$name: requests");
}

sub consistent { return join ' ', map { $_->{ConsistentRead} // (map { $_->{ConsistentRead} } values %{ $_->{RequestItems} // {} })[0] ? 'strong' : 'eventual' } bodies() }

subtest 'F4: strong reads where they are asked for' => sub {
	my @statements = (q{SELECT count(*) FROM bench.odd WHERE pk = 'a' AND sk = 3}, q{SELECT count(*) FROM bench.odd WHERE pk = 'a' AND sk IN (3, 6)},
		q{SELECT count(*) FROM bench.odd WHERE pk = 'a'}, q{SELECT count(*) FROM bench.odd});
	my $reset = sub { map_odd(1, 'ByKind'); $proxy->reset };

	$reset->();
	gives($session, join('; ', @statements), "1\n2\n20\n60", 'rows');
	is(consistent(), 'eventual eventual eventual eventual', 'by default they are eventually consistent');

	$node->safe_psql('postgres', q{ALTER SERVER bench_server OPTIONS (ADD consistent_read 'true')});
	$reset->();
	gives($session, join('; ', @statements), "1\n2\n20\n60", 'rows');
	is(consistent(), 'strong strong strong strong', 'option of the server');
	same_and_asks(q{SELECT sk FROM bench.odd WHERE kind = 'k1' AND rank IS NOT NULL}, 'Scan (table) 1', 'no global index');

	$node->safe_psql('postgres', q{ALTER FOREIGN TABLE bench.odd OPTIONS (ADD consistent_read 'false')});
	$proxy->reset;
	gives($session, $statements[0], 1, 'row');
	is(consistent(), 'eventual', 'the option of the table counts first');

	map_odd(1, 'ByName');
	$node->safe_psql('postgres', q{ALTER FOREIGN TABLE bench.odd OPTIONS (ADD consistent_read 'true')});
	$proxy->reset;
	gives($session, q{SELECT string_agg(name, ' ') FROM (SELECT name FROM bench.odd WHERE pk = 'a' ORDER BY name COLLATE "C" LIMIT 3) s}, 'n00 n03 n06', 'rows');
	is(consistent() . ' ' . (bodies())[0]{IndexName}, 'strong ByName', 'a local index');
	$node->safe_psql('postgres', q{ALTER SERVER bench_server OPTIONS (DROP consistent_read)});

	foreach my $bad ('sometimes', '')
	{
		fails($session, "ALTER SERVER bench_server OPTIONS (ADD consistent_read '$bad')", '22023', qr/consistent_read/, "not '$bad'");
	}
};

# What each request named, and how it was read.
sub read_how { return join ', ', map { ($_->{IndexName} // 'table') . ($_->{ConsistentRead} ? ' strong' : ' eventual') } map { $_->{RequestItems} ? values %{ $_->{RequestItems} } : $_ } bodies() }

subtest 'F4: strong reads by the setting' => sub {
	my $by_key = q{SELECT count(*) FROM bench.odd WHERE pk = 'a' AND sk IN (3, 6)};
	my $by_kind = q{SELECT sk FROM bench.odd WHERE kind = 'k1' AND rank < 10 ORDER BY sk};
	my $set = 'SET benchresults_fdw.consistent_read = %s';
	my ($rows, $expected);

	map_odd(1, 'Narrow');
	$proxy->reset;
	($rows) = outcome($session, $by_kind);
	isnt($rows, '', 'there are rows');
	is(read_how(), 'Narrow eventual', 'by default by the index');

	# plans of all kinds that are there before
	outcome($session, "SET plan_cache_mode = force_generic_plan; PREPARE by_kind AS $by_kind; PREPARE by_key AS $by_key; EXECUTE by_kind; EXECUTE by_key");
	outcome($session, qq{CREATE FUNCTION bench.by_kind() RETURNS text LANGUAGE plpgsql AS \$\$
		BEGIN RETURN (SELECT string_agg(sk::text, E'\\n' ORDER BY sk) FROM bench.odd WHERE kind = 'k1' AND rank < 10); END \$\$; SELECT bench.by_kind()});
	foreach my $option ('', 'auto', 'false', 'true')
	{
		$node->safe_psql('postgres', "ALTER FOREIGN TABLE bench.odd OPTIONS (ADD consistent_read '$option')") if $option;
		outcome($session, sprintf $set, 'on');
		foreach my $statement ($by_kind, 'EXECUTE by_kind', 'SELECT bench.by_kind()')
		{
			$proxy->reset;
			gives($session, $statement, $rows, "$statement: rows");
			is(read_how(), 'table strong', "$statement, option '$option': strong, and not by the index");
		}
		$proxy->reset;
		gives($session, $_, 2, "$_: rows") foreach $by_key, 'EXECUTE by_key';
		is(read_how(), 'table strong, table strong', "by keys, option '$option'");
		like((outcome($session, 'EXPLAIN (SETTINGS) EXECUTE by_key'))[0], qr/Consistent Read: true.*consistent_read = 'on'/s, 'EXPLAIN');

		outcome($session, sprintf $set, 'off');
		$expected = $option eq 'true' ? 'table strong' : 'Narrow eventual';
		foreach my $statement ($by_kind, 'EXECUTE by_kind', 'SELECT bench.by_kind()')
		{
			$proxy->reset;
			gives($session, $statement, $rows, "$statement: rows");
			is(read_how(), $expected, "$statement, option '$option', off again: as the option says");
		}
		$node->safe_psql('postgres', 'ALTER FOREIGN TABLE bench.odd OPTIONS (DROP consistent_read)') if $option;
	}

	outcome($session, "BEGIN; SET LOCAL benchresults_fdw.consistent_read = on; EXECUTE by_kind; ROLLBACK");
	$proxy->reset;
	gives($session, 'EXECUTE by_kind', $rows, 'after a rollback: rows');
	is(read_how(), 'Narrow eventual', 'after a rollback');

	# before 18 the statements of such a function are planned before the first of them is run
	outcome($session, qq{CREATE FUNCTION bench.late() RETURNS TABLE (k int, o text) LANGUAGE sql AS \$\$
		SELECT set_config('benchresults_fdw.consistent_read', 'on', true);
		SELECT sk, other FROM bench.odd WHERE kind = 'k1' AND rank < 10 ORDER BY sk \$\$});
	map_odd(1, 'Narrow');
	$node->safe_psql('postgres', q{ALTER FOREIGN TABLE bench.odd OPTIONS (ADD use_index 'Narrow')});
	$proxy->reset;
	gives($session, 'SELECT k FROM bench.late()', $rows, 'planned before it is set: rows');
	like(read_how(), qr/^(Narrow eventual, )?table strong$/, 'an index that a plan is bound to is read as it can be, and the table strongly');
	outcome($session, 'DROP FUNCTION bench.by_kind(), bench.late(); DEALLOCATE ALL; RESET plan_cache_mode; RESET benchresults_fdw.consistent_read');
};

subtest 'F5: an index only where no row can be missing from it' => sub {
	map_odd(0, 'ByKind', 'Narrow');
	same_and_asks(q{SELECT * FROM bench.odd WHERE kind = 'k1'}, 'Scan (table) 1', 'some items have no rank');
	same_and_asks(q{SELECT * FROM bench.odd WHERE kind = 'k1' AND rank IS NULL}, 'Scan (table) 1', 'those without');
	same_and_asks(q{SELECT * FROM bench.odd WHERE kind IS NULL}, 'Scan (table) 1', 'and some no kind');
	same_and_asks(q{SELECT pk, sk FROM bench.odd ORDER BY rank LIMIT 100}, 'Scan (table) 1', 'an order is no reason');

	# declared complete, which is true of what has a rank
	map_odd(1, 'ByKind');
	same_and_asks(q{SELECT * FROM bench.odd WHERE kind = 'k1' AND rank >= 0}, 'Query ByKind 1', 'declared complete');
	same_and_asks(q{SELECT * FROM bench.odd WHERE kind IN ('k1', 'k0', 'k9') AND rank < 30}, 'Query ByKind 3', 'several partitions');
	same_and_asks(q{SELECT * FROM bench.odd WHERE rank < 30}, 'Scan (table) 1', 'a sort key alone');
	same_and_asks(q{SELECT * FROM bench.odd WHERE kind IS NULL OR kind = 'k1'}, 'Scan (table) 1', 'nor what may be NULL');
};

subtest 'F5: an index only for what it carries' => sub {
	map_odd(1, 'Narrow');
	same_and_asks(q{SELECT pk, sk, kind, rank, name FROM bench.odd WHERE kind = 'k1' AND rank >= 0}, 'Query Narrow 1', 'what it carries');
	same_and_asks(q{SELECT name FROM bench.odd WHERE kind = 'k1' AND rank BETWEEN 10 AND 20 AND name > 'n3'}, 'Query Narrow 1', 'a condition on what it carries');
	foreach my $case ([ 'a column that it lacks' => 'other', 'true' ], [ 'a condition on what it lacks' => 'name', q{other <> 'o1'} ],
		[ 'a filter on what it lacks' => 'name', 'n >= 0' ], [ 'alternatives that it lacks' => 'either', 'true' ], [ 'the whole row' => 'o', 'true' ])
	{
		my ($name, $columns, $condition) = @$case;

		same_and_asks("SELECT $columns FROM bench.odd o WHERE kind = 'k1' AND rank BETWEEN 10 AND 30 AND $condition",
			'BatchGetItem 1, Query Narrow 1', $name);
	}
};

# What a partition holds beside the wanted items is not known; it may be a million of them.
subtest 'F5: a few keys of one partition are asked for by key' => sub {
	bench_foreign_table($node, 'bench.odd', 'Odd', $odd_columns, estimated_rows => 1_000_000);
	same_and_asks(q{SELECT sk, other FROM bench.odd WHERE pk = 'a' AND sk IN (3, 6)}, 'BatchGetItem 1', 'of any table');
	same_and_asks(q{SELECT pk, sk FROM bench.items WHERE pk = 'TESTRUN#00000000-0000-4000-8000-00000000ed9e' AND sk IN ('NOTE#1', 'none')}, 'BatchGetItem 1', 'of the benchmark table');
};

# ---- F8: which expressions count -----------------------------------------------------

$node->safe_psql('postgres', q{
	CREATE DOMAIN bench.short AS text CHECK (length(value) < 5);
	CREATE DOMAIN bench.plain AS int;
	CREATE TYPE bench.mood AS ENUM ('k0', 'k1');
	CREATE FUNCTION bench.stable_kind() RETURNS text STABLE LANGUAGE sql AS 'SELECT ''k1''';
	CREATE FUNCTION bench.volatile_kind() RETURNS text VOLATILE LANGUAGE plpgsql AS 'BEGIN RETURN ''k1''; END';
	CREATE FUNCTION bench.upper_half(int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > 30';
	CREATE FUNCTION bench.never_equal(text, text) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 || ''x'' = $2';
	CREATE OPERATOR bench.= (FUNCTION = bench.never_equal, LEFTARG = text, RIGHTARG = text);
	CREATE OPERATOR bench.=== (FUNCTION = texteq, LEFTARG = text, RIGHTARG = text)});

# The condition on what a request names, with the values in place; "" for none.
sub sent
{
	my ($body) = bodies();
	my $text = join ' AND ', grep { defined } @{$body}{qw(KeyConditionExpression FilterExpression)};

	$text =~ s/([#:]\w+)/ref $body->{ExpressionAttributeValues}{$1} ? (values %{ $body->{ExpressionAttributeValues}{$1} })[0] : $body->{ExpressionAttributeNames}{$1} \/\/ $1/ge;
	return $text;
}

# Whether a condition is sent like this, and gives the same rows.
sub sends
{
	my ($condition, $expected, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($rows) = outcome($session, "SET benchresults_fdw.enable_pushdown = off; SELECT sk FROM bench.odd WHERE $condition");

	outcome($session, 'RESET benchresults_fdw.enable_pushdown');
	$proxy->reset;
	my ($got, $error) = outcome($session, "SELECT sk FROM bench.odd WHERE $condition");
	is($error . join("\n", sort split /\n/, $got), join("\n", sort split /\n/, $rows), "$name: rows");
	is(sent(), $expected, "$name: what is sent");
}

subtest 'F8: only what means the same there is sent' => sub {
	map_odd(0);
	sends(q{kind = 'k1'}, 'kind = k1', 'an operator of PostgreSQL');
	sends(q{kind = bench.stable_kind()}, 'kind = k1', 'a stable function, by its value');
	sends(q{kind = lower('K1')}, 'kind = k1', 'an immutable one');
	sends(q{kind = current_setting('bench.kind', true)}, '', 'a stable one without value makes no request');
	sends(q{kind = (SELECT max(k) FROM (VALUES ('k0'), ('k1')) v (k))}, 'kind = k1', 'a subquery');
	sends(q{rank = (SELECT 7)::int}, 'rank = 7', 'a cast of a value');
	sends(q{rank < date_part('year', now()) - 2000}, '', 'a value of another type than the column');
	sends(q{kind = bench.volatile_kind()}, '', 'a volatile function is called for each row');
	sends(q{rank > random() * 0}, '', 'and so is random()');
	sends(q{bench.upper_half(rank)}, 'rank > 30', 'a function of a user that is inlined');
	sends(q{kind OPERATOR(bench.=) 'k1x'}, '', 'an operator of a user that is called as one of PostgreSQL');
	sends(q{kind OPERATOR(bench.===) 'k1'}, '', 'an operator of a user');
	sends(q{kind = 'k1'::bench.short}, 'kind = k1', 'a value of a domain');
	sends(q{kind::bench.short = 'k1'}, '', 'a column as one of a domain');
	sends(q{kind::bench.mood = 'k1'}, '', 'a column cast through its text');
	sends(q{rank::text = '7'}, '', 'the same of a number');
	sends(q{upper(kind) = 'K1'}, '', 'a function of a column');
	sends(q{kind || 'x' = 'k1x'}, '', 'an expression');
	sends(q{kind = name}, '', 'two columns');
	sends(q{(kind, rank) = ('k1', 7)}, 'kind = k1 AND rank = 7', 'a row of columns');
	sends(q{(kind, rank) IN (('k1', 7), ('k0', 14))}, 'kind = k1 AND rank = 7 OR kind = k0 AND rank = 14', 'rows of columns');
	sends(q{CASE WHEN kind = 'k1' THEN true ELSE false END}, '', 'CASE');
	sends(q{coalesce(kind, 'k1') = 'k1'}, '', 'COALESCE');
	sends(q{kind IS NOT DISTINCT FROM 'k1'}, 'kind = k1', 'IS NOT DISTINCT FROM');

	# columns of types that are made by their input functions
	bench_foreign_table($node, 'bench.odd', 'Odd', q{pk text OPTIONS (key 'partition'), sk int OPTIONS (key 'sort'), kind bench.mood, rank bench.plain, name bench.short});
	sends(q{kind = 'k1'}, '', 'a column of an enum');
	sends(q{rank = 7}, '', 'of a domain');
	sends(q{name = 'n30'}, '', 'of a domain with a condition');
};

# ---- F9: LIMIT -------------------------------------------------------------------------

map_odd(1, 'ByKind', 'ByName');
$node->safe_psql('postgres', 'SET benchresults_fdw.enable_pushdown = off; CREATE TABLE bench.copy AS SELECT * FROM bench.odd');

# Whether a statement on the foreign table gives the rows, in their order, that it gives on a copy.
sub as_on_copy
{
	my ($sql, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($expected) = outcome($session, $sql =~ s/\bodd\b/copy/gr);

	isnt($expected, '', "$name: there are rows");
	gives($session, $sql, $expected, $name);
}

subtest 'F9: LIMIT decides how many rows there are, wherever it stands' => sub {
	my $ordered = q{SELECT sk FROM bench.odd WHERE pk = 'a' ORDER BY sk};

	foreach my $limit (undef, 3, 1000)
	{
		$proxy->reset;
		fault($proxy, { page_limit => $limit }) if $limit;
		my $pages = $limit ? "pages of $limit" : 'whole pages';

		as_on_copy("$ordered LIMIT 7", "$pages: LIMIT");
		as_on_copy("$ordered DESC LIMIT 7", "$pages: backwards");
		as_on_copy("$ordered LIMIT 7 OFFSET 5", "$pages: OFFSET");
		as_on_copy("$ordered OFFSET 15", "$pages: OFFSET alone");
		as_on_copy("$ordered FETCH FIRST 7 ROWS WITH TIES", "$pages: WITH TIES");
		as_on_copy("$ordered LIMIT (SELECT 4)", "$pages: LIMIT of a subquery");
		as_on_copy("$ordered LIMIT NULL", "$pages: LIMIT NULL");
		as_on_copy(q{SELECT sk, other FROM bench.odd WHERE pk = 'a' AND other > 'o5' ORDER BY sk LIMIT 3}, "$pages: with a condition that is checked here");
		as_on_copy(q{SELECT sk FROM bench.odd WHERE pk = 'a' AND n >= 7 ORDER BY sk LIMIT 3}, "$pages: with a filter");
		as_on_copy(q{SELECT sk FROM bench.odd WHERE pk = 'a' ORDER BY sk DESC LIMIT 7 FOR UPDATE}, "$pages: FOR UPDATE");
		as_on_copy(q{SELECT sk, generate_series(1, 3) FROM bench.odd WHERE pk = 'a' ORDER BY sk LIMIT 7}, "$pages: a set-returning function");
		as_on_copy(q{SELECT sk, generate_series(1, sk % 2) FROM bench.odd WHERE pk = 'a' ORDER BY sk LIMIT 7}, "$pages: one that returns nothing");
		as_on_copy(q{SELECT DISTINCT sk / 10 FROM bench.odd WHERE pk = 'a' ORDER BY 1 LIMIT 4}, "$pages: DISTINCT");
		as_on_copy(q{SELECT DISTINCT ON (pk) pk, sk FROM bench.odd WHERE pk IN ('a', 'b') ORDER BY pk, sk LIMIT 4}, "$pages: DISTINCT ON");
		as_on_copy(q{SELECT sk / 10, count(*) FROM bench.odd WHERE pk = 'a' GROUP BY 1 ORDER BY 1 LIMIT 4}, "$pages: GROUP BY");
		as_on_copy(q{SELECT sk, sum(n) OVER (ORDER BY sk) FROM bench.odd WHERE pk = 'a' ORDER BY sk LIMIT 4}, "$pages: a window");
		as_on_copy(q{SELECT sk, count(*) OVER () FROM bench.odd WHERE pk = 'a' ORDER BY sk LIMIT 4}, "$pages: a window over all");
		as_on_copy(q{(SELECT sk FROM bench.odd WHERE pk = 'a' ORDER BY sk LIMIT 2) UNION ALL (SELECT sk FROM bench.odd WHERE pk = 'b' ORDER BY sk LIMIT 2)},
			"$pages: in the arms of a UNION");
		as_on_copy(q{SELECT sk FROM (SELECT sk FROM bench.odd WHERE pk = 'a' UNION ALL SELECT sk FROM bench.odd WHERE pk = 'b') u ORDER BY sk LIMIT 5},
			"$pages: over a UNION");
		as_on_copy(q{SELECT o.sk FROM bench.odd o WHERE pk = 'a' AND EXISTS (SELECT FROM bench.odd i WHERE i.pk = 'b' AND i.sk = o.sk + 1) ORDER BY sk LIMIT 3},
			"$pages: over a semijoin");
		as_on_copy(q{SELECT a.sk, b.sk FROM bench.odd a JOIN bench.odd b ON b.pk = 'b' AND b.sk > a.sk WHERE a.pk = 'a' ORDER BY a.sk, b.sk LIMIT 25}, "$pages: over a join");
		as_on_copy(q{SELECT v.x, l.sk FROM (VALUES ('a'), ('b'), ('z')) v (x) LEFT JOIN LATERAL (SELECT sk FROM bench.odd WHERE pk = x ORDER BY sk DESC LIMIT 2) l ON true ORDER BY 1, 2 DESC},
			"$pages: for each row");
		as_on_copy(q{SELECT rank, sk FROM bench.odd WHERE kind = 'k1' AND rank >= 0 ORDER BY rank LIMIT 4}, "$pages: in the order of an index");
		as_on_copy(q{SELECT rank FROM bench.odd WHERE kind IN ('k0', 'k1') AND rank >= 0 ORDER BY rank LIMIT 7}, "$pages: of two partitions");
		as_on_copy(q{SELECT rank, sk FROM bench.odd WHERE kind = 'k1' AND rank >= 0 ORDER BY rank DESC, sk LIMIT 4}, "$pages: a longer order");
		as_on_copy(q{SELECT min(sk), max(sk) FROM bench.odd WHERE pk = 'a'}, "$pages: min and max");
	}
};

subtest 'F9: LIMIT asks for less, and never for more' => sub {
	my $all = q{SELECT count(*) FROM (SELECT pk FROM bench.odd WHERE %s %s) s};
	my $pages = sub { my ($condition, $limit) = @_; $proxy->reset; fault($proxy, { page_limit => 7 }); outcome($session, sprintf($all, $condition, $limit)); $proxy->counts->{total} };

	$proxy->reset;
	gives($session, sprintf($all, 'true', 'LIMIT 10'), 10, 'ten of a table');
	is($proxy->counts->{total}, 1, 'one request');
	is((bodies())[0]{Limit}, 42, 'which asks for not many more');
	foreach my $case ([ 'a filter' => 'n > 14.9' ], [ 'a condition that is checked here' => q{other LIKE '%59'} ], [ 'both' => q{n > 14.9 OR other = 'x'} ],
		[ 'no row' => q{n = -1} ])
	{
		my ($name, $condition) = @$case;

		$proxy->reset;
		outcome($session, sprintf($all, $condition, 'LIMIT 10'));
		is((grep { $_->{Limit} } bodies()), 0, "$name: pages are not cut short");
		is($pages->($condition, 'LIMIT 10'), $pages->($condition, ''), "$name: as many requests as without LIMIT");
	}
	cmp_ok($pages->('n >= 0', 'LIMIT 10'), '<', $pages->('n >= 0', ''), 'a filter that lets rows through: the scan ends with the last of them');
};

# ---- F10: projection -------------------------------------------------------------------

# The attributes that the first request asks for, beside the keys; "all".
sub projected
{
	my ($body) = bodies();
	my %names = %{ $body->{ExpressionAttributeNames} // {} };
	my @names = sort map { s/(#\w+)/$names{$1}/gr } split /,\s*/, $body->{ProjectionExpression} // '';

	return @names ? join(' ', grep { !/^(pk|sk)$/ } @names) : 'all';
}

subtest 'F10: only the attributes that are needed' => sub {
	bench_foreign_table($node, 'bench.odd', 'Odd', "$odd_columns, gone text, item jsonb OPTIONS (attribute '*'), doubled numeric GENERATED ALWAYS AS (n * 2) STORED");
	$node->safe_psql('postgres', 'ALTER FOREIGN TABLE bench.odd DROP gone');
	foreach my $case ([ 'name' => 'n57', 'name' ], [ 'pk, sk' => 'a|3', '' ], [ '1' => '1', '' ], [ 'count(*)' => '1', '' ], [ 'count(n)' => '1', 'n' ],
		[ 'n + 1, n * 2' => '1.75|1.50', 'n' ], [ 'tableoid::regclass' => 'bench.odd', '' ], [ 'either' => 'l3', 'former later' ],
		[ 'item ->> \'other\'' => 'o3', 'all' ], [ 'n, item IS NULL' => '0.75|f', 'all' ], [ 'doubled' => '', 'doubled' ], [ 'ctid IS NULL' => 'f', '' ])
	{
		my ($columns, $row, $names) = @$case;

		$proxy->reset;
		gives($session, "SELECT $columns FROM bench.odd WHERE pk = 'a' AND sk = 3", $row, "$columns: row");
		is(projected(), $names, "$columns: attributes");
	}
	foreach my $case ([ 'a condition' => q{SELECT name FROM bench.odd WHERE other LIKE 'o3%' AND pk = 'a'}, 'name other' ],
		[ 'a condition with CASE' => q{SELECT name FROM bench.odd WHERE CASE WHEN n > 1 THEN kind ELSE other END = 'o3' AND pk = 'a'}, 'kind n name other' ],
		[ 'an order' => q{SELECT name FROM bench.odd WHERE pk = 'a' ORDER BY rank}, 'name rank' ],
		[ 'a group' => q{SELECT kind, count(*) FROM bench.odd WHERE pk = 'a' GROUP BY kind}, 'kind' ],
		[ 'a join' => q{SELECT x.name FROM bench.odd x JOIN (VALUES ('o3')) v (o) ON x.other = v.o WHERE pk = 'a'}, 'name other' ])
	{
		my ($name, $sql, $names) = @$case;

		$proxy->reset;
		isnt((outcome($session, $sql))[0], '', "$name: rows");
		is(projected(), $names, "$name: attributes");
	}

	# whole rows, without the column that would ask for everything anyway
	bench_foreign_table($node, 'bench.odd', 'Odd', "$odd_columns, gone text");
	$node->safe_psql('postgres', 'ALTER FOREIGN TABLE bench.odd DROP gone');
	foreach my $case ([ 'o' => '(a,3,k1,21,n57,0.75,o3,l3)' ], [ '*' => 'a|3|k1|21|n57|0.75|o3|l3' ], [ 'to_jsonb(o) ->> \'other\'' => 'o3' ])
	{
		my ($columns, $row) = @$case;

		$proxy->reset;
		gives($session, "SELECT $columns FROM bench.odd o WHERE pk = 'a' AND sk = 3", $row, "$columns: row");
		is(projected(), 'former kind later n name other rank', "$columns: attributes");
	}
	$proxy->reset;
	gives($session, 'SELECT count(*) FROM bench.odd', 60, 'count(*)');
	is((bodies())[0]{Select}, 'COUNT', 'the service counts');
};

# ---- F16: EXPLAIN ----------------------------------------------------------------------

# The properties of the only plan node, as programs read them, their names without blanks.
sub parsed
{
	my ($format, $text) = @_;

	if ($format eq 'JSON')
	{
		my $plan = JSON::PP->new->decode($text)->[0]{Plan};
		return { map { tr/ /-/r => $plan->{$_} } keys %$plan };
	}
	if ($format eq 'YAML')
	{
		my %plan = $text =~ /^ +([A-Z][\w ]*): (.*)$/mg;
		return { map { tr/ /-/r => JSON::PP->new->allow_nonref->decode($plan{$_}) } grep { $plan{$_} =~ /^["\d]/ } keys %plan };
	}
	my $program = 'import json, sys, xml.etree.ElementTree as e; plan = e.parse(sys.argv[1]).getroot().find(".//{*}Plan"); '
	  . 'print(json.dumps({child.tag.split("}")[1]: child.text for child in plan}))';
	open my $parser, '-|', '/usr/bin/python3', '-c', $program, scratch_file($text) or die "python3: $!";
	return JSON::PP->new->decode(join '', <$parser>);
}

subtest 'F16: EXPLAIN in every format' => sub {
	map_odd(1, 'Narrow');
	my %queries = (
		'Query' => q{SELECT name FROM bench.odd WHERE pk = 'a' AND kind = 'k1' AND other LIKE '%1%' AND sk > 5},
		'GetItem' => q{SELECT name FROM bench.odd WHERE pk = '<a> & "b"' AND sk = 3},
		'BatchGetItem' => q{SELECT name FROM bench.odd WHERE pk IN ('a', 'b') AND sk = 3},
		'Scan' => q{SELECT name FROM bench.odd WHERE n > 5},
	);
	foreach my $operation (sort keys %queries)
	{
		my %of;

		foreach my $format (qw(JSON XML YAML))
		{
			my ($plan) = outcome($session, "EXPLAIN (ANALYZE, VERBOSE, FORMAT $format) $queries{$operation}");
			my $properties = $of{$format} = parsed($format, $plan);

			is($properties->{'DynamoDB-Operation'}, $operation, "$operation, $format: the operation");
			is($properties->{'DynamoDB-Table'}, 'Odd', "$operation, $format: the table");
			like($properties->{Projection}, qr/\bpk, sk\b/, "$operation, $format: the projection");
			foreach my $name (qw(Requests Pages Items-Scanned Items-Returned Retries Throttles Bytes-Received Consumed-Capacity
				Estimated-Requests Estimated-Read-Units))
			{
				like($properties->{$name} // '', qr/^\d+(\.\d+)?$/, "$operation, $format: $name");
			}
		}
		foreach my $name (grep { /Key-Condition|DynamoDB|Projection/ } keys %{ $of{JSON} })
		{
			is($of{$_}{$name}, $of{JSON}{$name}, "$operation, $_: the same $name") foreach qw(XML YAML);
		}
	}
};

subtest 'F16: what EXPLAIN tells' => sub {
	map_odd(1, 'Narrow');
	my ($plan) = outcome($session, q{EXPLAIN (VERBOSE, COSTS OFF) SELECT name, other FROM bench.odd WHERE kind = 'k1' AND rank BETWEEN 2 AND 30 AND other LIKE '%1%' ORDER BY rank});
	like($plan, $_, "$_") foreach qr/Filter: .*other ~~ '%1%'/, qr/DynamoDB Operation: Query/, qr/DynamoDB Table: Odd/, qr/Index: Narrow/,
	  qr/Key Condition: kind = 'k1' AND rank BETWEEN 2 AND 30/, qr/Fetch Back: other/, qr/Fetch By: key/, qr/Projection: pk, sk, /;
	unlike($plan, qr/cost|Estimated|Requests/, 'without costs there are no figures');
	($plan) = outcome($session, q{PREPARE told AS SELECT name FROM bench.odd WHERE pk = $1 AND n > $2; SET plan_cache_mode = force_generic_plan; EXPLAIN (COSTS OFF) EXECUTE told ('a', 5)});
	like($plan, qr/Key Condition: pk = '\{\$1\}'/, 'what is known later stands in braces');
	like($plan, qr/DynamoDB Filter: n > \{\$2\}/, 'also in a filter');
	outcome($session, 'RESET plan_cache_mode; DEALLOCATE told');
	$proxy->reset;
	$proxy->faults({ match => { first => 2 }, action => { throttle => { retry_after => 1 } } }, { match => {}, action => { page_limit => 7 } });
	($plan) = outcome($session, q{EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT name FROM bench.odd WHERE n >= 5});
	my $pages = $proxy->counts->{total} - 2;
	like($plan, $_, "$_") foreach qr/Requests: ${\ ($pages + 2)}\n/, qr/Pages: $pages\n/, qr/Items Scanned: 60\n/, qr/Items Returned: 41\n/, qr/Retries: 2\n/, qr/Throttles: 2\n/;
	my ($bytes) = $plan =~ /Bytes Received: (\d+)/;
	my $sent = 0;
	$sent += $_->{bytes} foreach @{ $proxy->requests };
	cmp_ok($bytes, '<=', $sent, 'no more bytes than were sent');
	cmp_ok($bytes, '>', $sent / 2, 'and not much less');
};

$session->quit;
$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
