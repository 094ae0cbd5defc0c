# Plans and their execution: cached ones when the table changes, rescans, cursors,
# and that planning asks for nothing. README says what the ids stand for.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults);
use BenchFaults;
use Test::More;

my $stage = 'dynalite/live';
my ($node, $proxy) = faulty_cluster();
my $session = session($node, 'SET client_min_messages = warning');
my $run = bench_manifest("$stage/BenchmarkResults")->{runs}[0];
my $config = 'nodejs22-arm64-cpu-intensive-1024';

# Ten partitions of twelve items; the attributes a and b differ, and so do both numbers.
bench_table($stage, 'Plans', keys => [ pk => 'S', sk => 'N' ], items => [ map {
	my ($p, $s) = (int($_ / 12), $_ % 12);
	+{ pk => { S => "p$p" }, sk => { N => "$s" }, a => { S => 'x' . $s % 3 }, b => { S => 'x' . $s % 4 }, n => { N => "$s" }, m => { N => '' . (100 + $s) },
		t => { S => "$s" }, day => { N => '' . 1000 * $_ }, kind => { S => "k$p" } }
} 0 .. 119 ], global => { ByKind => [ kind => 'S', day => 'N', 'ALL' ], ByDay => [ a => 'S', day => 'N', 'KEYS_ONLY' ] });

my $columns = q{pk text OPTIONS (key 'partition'), sk int OPTIONS (key 'sort'), a text, n int, kind text, day int};
my $by_kind = '{"name": "ByKind", "pk": "kind", "sk": "day", "sk_type": "N", "projection": "ALL", "complete": true}';
my $by_day = '{"name": "ByDay", "pk": "a", "sk": "day", "sk_type": "N", "projection": "KEYS_ONLY", "complete": true}';

sub map_plans { bench_foreign_table($node, 'bench.plans', 'Plans', $columns, indexes => "[$by_kind]") }

# All attribute names that the requests since the reset have said, once each.
sub names_said
{
	my %names = map { $_ => 1 } map { values %{ $_->{body}{ExpressionAttributeNames} // {} } } @{ $proxy->requests };

	return join ' ', sort keys %names;
}

# ---- A15: cached plans -------------------------------------------------------------------

my $question = q{SELECT string_agg(sk || '=' || n, ' ' ORDER BY sk) FROM bench.plans WHERE %s AND a = 'x1'};
my %cached = (
	'a prepared statement' => [ "PREPARE cached (text) AS " . sprintf($question, 'pk = $1'), "EXECUTE cached ('p3')" ],
	'one without parameters' => [ 'PREPARE fixed AS ' . sprintf($question, q{pk = 'p3'}), 'EXECUTE fixed' ],
	'a function in PL/pgSQL' => [ 'CREATE OR REPLACE FUNCTION pg_temp.asked(p text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN (' . sprintf($question, 'pk = p') . '); END $$',
		q{SELECT pg_temp.asked('p3')} ],
	'a cached query by an index' => [ 'PREPARE by_index AS ' . sprintf($question, q{kind = 'k3'}), 'EXECUTE by_index' ],
);
my @alterations = (
	[ 'column option attribute, of a filter' => q{ALTER COLUMN a OPTIONS (ADD attribute 'b')}, qr/\bb\b/, qr/\ba\b/ ],
	[ 'and dropped' => q{ALTER COLUMN a OPTIONS (DROP attribute)}, qr/\ba\b/, qr/\bb\b/ ],
	[ 'column option attribute, of what is read' => q{ALTER COLUMN n OPTIONS (ADD attribute 'm')}, qr/\bm\b/, qr/\bn\b/ ],
	[ 'type of a column' => q{ALTER COLUMN n OPTIONS (SET attribute 't'), ALTER COLUMN n TYPE text}, qr/\bt\b/, qr/\bm\b/ ],
	[ 'a column dropped and added' => q{DROP COLUMN n, ADD COLUMN n numeric}, qr/\bn\b/, qr/\bt\b/ ],
	[ 'the sort key by another column' => q{ALTER COLUMN sk OPTIONS (DROP key), ADD COLUMN other int OPTIONS (attribute 'sk', key 'sort')}, qr/\bsk\b/, qr/\bt\b/ ],
	[ 'indexes' => qq{OPTIONS (SET indexes '[]')}, qr/\bpk\b/, qr/\bt\b/ ],
	[ 'pushdown of nothing, by the type of a key' => q{ALTER COLUMN a TYPE char(2)}, qr/\bpk\b/, qr/\bt\b/ ],
	[ 'name of the table' => q{OPTIONS (SET table 'PlansToo')}, qr/\bpk\b/, qr/\bt\b/ ],
);

subtest 'A15: cached plans when the table is altered' => sub {
	map_plans();
	bench_table($stage, 'PlansToo', keys => [ pk => 'S', sk => 'N' ], items => [ { pk => { S => 'p3' }, sk => { N => '7' }, a => { S => 'x1' }, kind => { S => 'k3' }, n => { N => '70' } } ]);
	outcome($session, 'SET plan_cache_mode = force_generic_plan');
	foreach my $name (sort keys %cached)
	{
		is((outcome($session, $cached{$name}[0]))[1], '', "$name: made");
		gives($session, $cached{$name}[1], '1=1 4=4 7=7 10=10', "$name: before");
	}
	foreach my $case (@alterations)
	{
		my ($change, $sql, $said, $not_said) = @$case;
		my $index = 0;

		$node->safe_psql('postgres', "ALTER FOREIGN TABLE bench.plans $sql");
		my $expected = $node->safe_psql('postgres', 'SET benchresults_fdw.enable_pushdown = off; ' . sprintf($question, q{pk = 'p3'}));
		isnt($expected, '', "$change: there are rows");
		foreach my $name (sort keys %cached)
		{
			$proxy->reset;
			gives($session, $cached{$name}[1], $expected, "$change: $name");
			like(names_said(), $said, "$change: $name: says what is there now");
			unlike(names_said(), $not_said, "$change: $name: and not what was");
		}
	}
	outcome($session, 'DEALLOCATE ALL; RESET plan_cache_mode');
};

subtest 'A15: a plan by an index that is not there any more' => sub {
	map_plans();
	outcome($session, q{PREPARE cached AS SELECT count(*) FROM bench.plans WHERE kind = 'k3'});
	foreach my $case ([ "OPTIONS (SET indexes '[]')", 'Scan (table) 1' ], [ "OPTIONS (SET indexes '[$by_kind]')", 'Query ByKind 1' ],
		[ 'OPTIONS (DROP indexes)', 'Scan (table) 1' ], [ "OPTIONS (ADD indexes '[$by_kind]'), ALTER COLUMN kind TYPE char(2)", 'Scan (table) 1' ])
	{
		my ($sql, $asked) = @$case;

		$node->safe_psql('postgres', "ALTER FOREIGN TABLE bench.plans $sql");
		$proxy->reset;
		gives($session, 'EXECUTE cached', 12, "$sql: rows");
		is($proxy->asked, $asked, "$sql: requests");
	}
	outcome($session, 'DEALLOCATE cached');
};

# ---- A16: rescans ------------------------------------------------------------------------

$node->safe_psql('postgres', q{
	CREATE TABLE bench.wanted (p text, s int);
	INSERT INTO bench.wanted VALUES ('p1', 1), ('p2', 2), ('p1', 1), ('p1', 3), (NULL, 1), ('p9', NULL), ('none', 1), ('p2', 2), ('p1', 99);
	ANALYZE bench.wanted});

# Settings under which a join is executed by scanning one side again and again.
my %loops = (
	'with Memoize' => 'SET enable_memoize = on',
	'without' => 'SET enable_memoize = off',
	'without, nothing materialized' => 'SET enable_memoize = off; SET enable_material = off',
);

sub in_loops
{
	my ($code) = @_;

	foreach my $name (sort keys %loops)
	{
		outcome($session, "SET enable_hashjoin = off; SET enable_mergejoin = off; $loops{$name}");
		$code->($name, $name eq 'with Memoize');
		outcome($session, 'RESET enable_hashjoin; RESET enable_mergejoin; RESET enable_memoize; RESET enable_material');
	}
}

subtest 'A16: one request for each different key' => sub {
	map_plans();
	in_loops(sub {
		my ($name, $memoize) = @_;
		my @cases = (
			[ 'full keys' => q{SELECT w.p, w.s, o.n FROM bench.wanted w JOIN bench.plans o ON o.pk = w.p AND o.sk = w.s ORDER BY 1, 2},
				"p1|1|1\np1|1|1\np1|3|3\np2|2|2\np2|2|2", $memoize ? 'GetItem 5' : 'GetItem 7' ],
			[ 'full keys, outer join' => q{SELECT count(*), count(o.n) FROM bench.wanted w LEFT JOIN bench.plans o ON o.pk = w.p AND o.sk = w.s},
				'9|5', $memoize ? 'GetItem 5' : 'GetItem 7' ],
			[ 'partitions' => q{SELECT w.p, count(o.n) FROM bench.wanted w LEFT JOIN bench.plans o ON o.pk = w.p GROUP BY 1 ORDER BY 1},
				"none|0\np1|48\np2|24\np9|12\n|0", $memoize ? 'Query (table) 4' : 'Query (table) 8' ],
			[ 'partitions of an index' => q{SELECT w.s, count(o.n) FROM bench.wanted w LEFT JOIN bench.plans o ON o.kind = 'k' || w.s GROUP BY 1 ORDER BY 1},
				"1|48\n2|24\n3|12\n99|0\n|0", $memoize ? 'Query ByKind 4' : 'Query ByKind 8' ],
			[ 'no such row' => q{SELECT w.p FROM bench.wanted w WHERE NOT EXISTS (SELECT FROM bench.plans o WHERE o.pk = w.p AND o.sk = w.s) ORDER BY 1},
				"none\np1\np9\n", $memoize ? qr/^GetItem [57]$/ : 'GetItem 7' ]);
		foreach my $case (@cases)
		{
			my ($what, $sql, $rows, $asked) = @$case;
			my $before = $proxy->counts;

			gives($session, $sql, $rows, "$name, $what: rows");
			my $got = $proxy->asked($before);
			ref $asked ? like($got, $asked, "$name, $what: requests") : is($got, $asked, "$name, $what: requests");
		}
	});
};

subtest 'A16: a rescan begins at the first page' => sub {
	map_plans();
	foreach my $limit (5, 100)
	{
		$proxy->reset;
		fault($proxy, { page_limit => $limit });
		in_loops(sub {
			my ($name) = @_;

			gives($session, q{SELECT w.x, l.sks FROM generate_series(1, 3) w (x), LATERAL (SELECT string_agg(sk::text, ',') AS sks FROM
				(SELECT sk FROM bench.plans WHERE pk = 'p1' AND sk >= w.x * 0 ORDER BY sk LIMIT 7) s) l},
				join("\n", map { "$_|0,1,2,3,4,5,6" } 1 .. 3), "pages of $limit, $name: after LIMIT");
			gives($session, q{SELECT w.x, l.sks FROM generate_series(1, 3) w (x), LATERAL (SELECT string_agg(sk::text, ',') AS sks FROM
				(SELECT sk FROM bench.plans WHERE pk = 'p' || w.x ORDER BY sk DESC LIMIT w.x) s) l},
				"1|11\n2|11,10\n3|11,10,9", "pages of $limit, $name: another partition, another limit");
			gives($session, q{SELECT w.p, (SELECT count(*) FROM bench.plans o WHERE o.pk = w.p) FROM bench.wanted w ORDER BY 1, 2 LIMIT 6},
				"none|0\np1|12\np1|12\np1|12\np1|12\np2|12", "pages of $limit, $name: a subquery for each row");
			gives($session, q{SELECT count(*) FROM bench.plans x, bench.plans y WHERE x.pk = 'p1' AND y.pk = 'p2' AND x.sk < y.sk}, 66,
				"pages of $limit, $name: two scans in each other");
		});
	}
};

subtest 'A16: a scan after an error begins at the first page' => sub {
	map_plans();
	$proxy->reset;
	fault($proxy, { page_limit => 5 });
	my $failing = q{SELECT 1 / (sk - 7) FROM bench.plans WHERE pk = 'p1'};

	outcome($session, "SET plan_cache_mode = force_generic_plan; PREPARE failing (int) AS SELECT string_agg((100 / (sk - \$1))::text, ' ' ORDER BY sk) FROM bench.plans WHERE pk = 'p1'");
	fails($session, 'EXECUTE failing (7)', '22012', qr/division by zero/, 'an error in the second page');
	gives($session, 'EXECUTE failing (100)', '-1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1', 'the same statement once more');
	outcome($session, 'DEALLOCATE failing; RESET plan_cache_mode');
	my ($output, $error) = outcome($session, q{DO $$
		DECLARE
			total int := 0;
			one record;
		BEGIN
			FOR turn IN 1 .. 3
			LOOP
				BEGIN
					FOR one IN SELECT sk, 1 / (sk - 7) AS x FROM bench.plans WHERE pk = 'p1' ORDER BY sk
					LOOP
						total := total + 1;
					END LOOP;
				EXCEPTION WHEN division_by_zero THEN
					total := total + 100;
				END;
			END LOOP;
			RAISE EXCEPTION '% rows and errors', total;
		END $$});
	my ($sum) = $error =~ /(\d+) rows and errors/;
	# how many rows came before the error depends on the cursor's own batches
	ok(defined $sum && $sum >= 300 && $sum % 100 % 3 == 0, 'three times the same in PL/pgSQL') or diag($error);
};

# ---- A17: cursors ------------------------------------------------------------------------

my $twelve = q{SELECT sk FROM bench.plans WHERE pk = 'p4' ORDER BY sk};

foreach my $limit (1, 5, 100)
{
	subtest "A17: cursors, pages of $limit" => sub {
		map_plans();
		$proxy->reset;
		fault($proxy, { page_limit => $limit });

		outcome($session, "BEGIN; DECLARE c SCROLL CURSOR FOR $twelve");
		foreach my $case ([ 'FETCH 3 FROM c', '0 1 2' ], [ 'FETCH BACKWARD 2 FROM c', '1 0' ], [ 'FETCH PRIOR FROM c', '' ], [ 'FETCH NEXT FROM c', '0' ],
			[ 'FETCH ABSOLUTE 8 FROM c', '7' ], [ 'FETCH RELATIVE -3 FROM c', '4' ], [ 'FETCH LAST FROM c', '11' ], [ 'FETCH NEXT FROM c', '' ],
			[ 'FETCH BACKWARD ALL FROM c', '11 10 9 8 7 6 5 4 3 2 1 0' ], [ 'FETCH ALL FROM c', '0 1 2 3 4 5 6 7 8 9 10 11' ],
			[ 'MOVE FIRST IN c; FETCH 2 FROM c', '1 2' ], [ 'MOVE ABSOLUTE -2 IN c; FETCH 5 FROM c', '11' ], [ 'MOVE BACKWARD ALL IN c; MOVE 4 IN c; FETCH 1 FROM c', '4' ])
		{
			my ($sql, $rows) = @$case;

			gives($session, $sql, $rows =~ tr/ /\n/r, "SCROLL: $sql");
		}
		outcome($session, 'COMMIT');
		my $pages = $proxy->counts->{total};
		ok((grep { $_ == $pages } int(12 / $limit) + 1, int(11 / $limit) + 1), "each page was asked for once ($pages)");

		outcome($session, "BEGIN; DECLARE c NO SCROLL CURSOR FOR $twelve");
		gives($session, 'FETCH 3 FROM c; MOVE 4 IN c; FETCH 2 FROM c', "0\n1\n2\n7\n8", 'NO SCROLL: MOVE');
		fails($session, 'FETCH BACKWARD 1 FROM c', '55000', qr/scan forward/, 'NO SCROLL: backwards');
		outcome($session, 'ROLLBACK');

		outcome($session, "BEGIN; DECLARE h SCROLL CURSOR WITH HOLD FOR $twelve");
		gives($session, 'FETCH 2 FROM h', "0\n1", 'WITH HOLD: before the end of the transaction');
		outcome($session, 'COMMIT');
		$proxy->reset;
		gives($session, 'FETCH 3 FROM h; MOVE 5 IN h; FETCH ALL FROM h', "2\n3\n4\n10\n11", 'WITH HOLD: behind it');
		gives($session, 'FETCH BACKWARD 2 FROM h', "11\n10", 'WITH HOLD: back');
		is($proxy->counts->{total}, 0, 'WITH HOLD: without further requests');
		outcome($session, 'CLOSE h');
	};
}

subtest 'A17: several cursors over one table, each at its own place' => sub {
	my %queries = (
		a => [ $twelve, map { $_ } 0 .. 11 ],
		b => [ "$twelve DESC", reverse 0 .. 11 ],
		c => [ q{SELECT sk FROM bench.plans WHERE kind = 'k4' ORDER BY day}, 0 .. 11 ],
		d => [ q{SELECT sk FROM bench.plans WHERE pk IN ('p1', 'p4') ORDER BY pk, sk}, 0 .. 11, 0 .. 11 ],
		e => [ q{SELECT count(*) FROM bench.plans GROUP BY pk}, (12) x 10 ],
		f => [ q{SELECT x.sk FROM bench.plans x JOIN bench.plans y ON y.pk = 'p2' AND y.sk = x.sk WHERE x.pk = 'p4' ORDER BY 1}, 0 .. 11 ],
		g => [ q{SELECT o.n FROM bench.by_day o WHERE a = 'x1' AND day < 60000 ORDER BY day}, (1, 4, 7, 10) x 5 ],
	);
	map_plans();
	bench_foreign_table($node, 'bench.by_day', 'Plans', $columns, indexes => "[$by_day]");
	$proxy->reset;
	fault($proxy, { page_limit => 4 });
	my %got = map { $_ => '' } keys %queries;

	outcome($session, join '; ', 'BEGIN', map { "DECLARE $_ NO SCROLL CURSOR FOR $queries{$_}[0]" } sort keys %queries);
	foreach my $round (1 .. 8)
	{
		foreach my $cursor (sort keys %queries)
		{
			my ($some, $error) = outcome($session, "FETCH $round FROM $cursor");
			is($error, '', "FETCH $round FROM $cursor") if $error ne '';
			$got{$cursor} .= " $some" if $some ne '';
		}
		gives($session, q{SELECT count(*) FROM bench.plans WHERE pk = 'p5'}, 12, "another statement between them, round $round");
	}
	outcome($session, 'COMMIT');
	is(join(' ', split ' ', $got{$_}), join(' ', @{ $queries{$_} }[ 1 .. $#{ $queries{$_} } ]), "$_: $queries{$_}[0]") foreach sort keys %queries;
};

# ---- A18: planning -----------------------------------------------------------------------

subtest 'A18: planning asks for nothing, and nothing is asked for twice' => sub {
	map_plans();
	my @queries = (
		"SELECT * FROM bench.test_runs", "SELECT * FROM bench.test_runs WHERE test_run_id = '$run->{test_run_id}'",
		"SELECT * FROM bench.aggregates WHERE test_run_id = '$run->{test_run_id}' AND config_id = '$config' AND invocation_type = 'warm'",
		"SELECT * FROM bench.aggregates WHERE config_id = '$config' ORDER BY \"timestamp\" DESC LIMIT 5",
		"SELECT * FROM bench.test_runs r LEFT JOIN bench.aggregates a USING (test_run_id) WHERE test_run_id = '$run->{test_run_id}'",
		"SELECT count(*) FROM bench.results WHERE test_run_id = '$run->{test_run_id}'",
		q{SELECT max(day) FROM bench.plans WHERE kind = 'k1'}, q{SELECT * FROM bench.wanted w JOIN bench.plans o ON o.pk = w.p AND o.sk = w.s},
		q{SELECT * FROM bench.plans WHERE pk = (SELECT max(pk) FROM bench.plans)}, q{SELECT * FROM bench.plans UNION ALL SELECT * FROM bench.plans});
	my $fresh = session($node);

	$proxy->reset;
	foreach my $query (@queries)
	{
		is((outcome($fresh, "EXPLAIN $query; EXPLAIN (VERBOSE, FORMAT JSON) $query;
			PREPARE p AS $query; EXPLAIN EXECUTE p; DEALLOCATE p; CREATE TEMP VIEW v AS SELECT count(*) FROM ($query) s; DROP VIEW v;
			BEGIN; DECLARE c CURSOR FOR $query; CLOSE c; COMMIT"))[1], '', $query);
	}
	is($proxy->counts->{total}, 0, 'EXPLAIN, PREPARE, CREATE VIEW, DECLARE CURSOR');
	outcome($fresh, $_) foreach @queries, @queries;
	cmp_ok($proxy->counts->{total}, '>', 0, 'executing them does');
	is($proxy->counts->{DescribeTable}, 0, 'but nobody looks at the table itself');
	$fresh->quit;
};

$session->quit;
$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
