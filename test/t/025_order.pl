# Order: the rows of several partitions in the order of their sort keys, without a
# sort of PostgreSQL's, and no more of each partition than is wanted.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults);
use BenchFaults;
use List::Util qw(max);
use Test::More;

my $stage = 'dynalite/live';
my ($node, $proxy) = faulty_cluster();
my $session = session($node, 'SET client_min_messages = warning', q{SET timezone = 'UTC'});

# Numbers whose order is not that of their texts; each partition has its own, and some that all have.
sub numbers_of
{
	my ($partition) = @_;

	return map { my $n = $_ - 20; sprintf('%s%s', $n, $_ % 4 ? ".$partition" : '') } 0 .. 39;
}

bench_table($stage, 'Ordered', keys => [ pk => 'S', sk => 'N' ], items => [ map { my $p = $_; map { +{ pk => { S => "p$p" }, sk => { N => $_ }, kind => { S => 'k' . $p % 3 }, at => { S => "t\x{e9}$_" } } } numbers_of($p) } 1 .. 20 ],
	global => { ByKind => [ kind => 'S', at => 'S', 'ALL' ] });
my $by_kind = '{"name": "ByKind", "pk": "kind", "sk": "at", "projection": "ALL", "complete": true}';
my $columns = q{pk text OPTIONS (key 'partition'), sk numeric OPTIONS (key 'sort'), kind text, at text COLLATE "C"};
bench_foreign_table($node, 'bench.ordered', 'Ordered', $columns, indexes => "[$by_kind]", estimated_rows => 800);

sub list { return join ', ', map { "'$_'" } @_ }

# Whether a statement is planned without a sort, and gives the same as all read and sorted by PostgreSQL.
sub in_order
{
	my ($sql, $order, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	subtest $name => sub {
		my ($plan) = outcome($session, "EXPLAIN (COSTS OFF) $sql");
		unlike($plan, qr/Sort/, 'no sort');
		like($plan, qr/Order: $order/, 'the order is said');
		my $expected = $node->safe_psql('postgres', "SET timezone = 'UTC'; SET benchresults_fdw.enable_pushdown = off; $sql");
		isnt($expected, '', 'there are rows');
		gives($session, $sql, $expected, 'the rows');
	};
}

# ---- the rows --------------------------------------------------------------------------

foreach my $pages (undef, 1, 3)
{
	$proxy->reset;
	fault($proxy, { page_limit => $pages }, operation => 'Query') if $pages;
	my $how = $pages ? "pages of $pages" : 'whole pages';

	foreach my $partitions ([ 'p1', 'p2' ], [ map { "p$_" } 1 .. 20 ], [ 'p3', 'none', 'p4' ])
	{
		my $in = list(@$partitions);
		my $n = @$partitions;

		in_order("SELECT sk FROM bench.ordered WHERE pk IN ($in) ORDER BY sk", 'forward, partitions merged', "$n partitions, $how");
		in_order("SELECT sk FROM bench.ordered WHERE pk IN ($in) ORDER BY sk DESC", 'backward, partitions merged', "$n partitions backward, $how");
	}
	in_order(q{SELECT at FROM bench.ordered WHERE kind IN ('k0', 'k2') ORDER BY at}, 'forward, partitions merged', "texts, $how");
	in_order(q{SELECT at FROM bench.ordered WHERE kind IN ('k0', 'k1', 'k2') ORDER BY at DESC LIMIT 50}, 'backward, partitions merged', "texts backward, $how");
}
$proxy->reset;
in_order(q{SELECT sk FROM bench.ordered WHERE pk IN ('p1', 'p2', 'p3') AND sk > 3 AND kind <> 'k2' ORDER BY sk LIMIT 9 OFFSET 4},
	'forward, partitions merged', 'an interval and a filter');

subtest 'columns beside the order' => sub {
	gives($session, q{SELECT string_agg(pk || ' ' || sk || ' ' || at, ', ') FROM (SELECT * FROM bench.ordered WHERE pk IN ('p1', 'p2') AND sk < -19 ORDER BY sk) AS o},
		"p1 -20 t\x{c3}\x{a9}-20, p2 -20 t\x{c3}\x{a9}-20, p2 -19.2 t\x{c3}\x{a9}-19.2, p1 -19.1 t\x{c3}\x{a9}-19.1", 'each with its row');
};

# ---- what is asked ---------------------------------------------------------------------

sub limits { return map { $_->{body}{Limit} // 0 } @{ $proxy->requests } }

subtest 'LIMIT over several partitions' => sub {
	my $ten = list(map { "p$_" } 1 .. 10);

	$proxy->reset;
	gives($session, "SELECT sk FROM bench.ordered WHERE pk IN ($ten) ORDER BY sk LIMIT 3", "-20\n-20\n-20", 'rows');
	is($proxy->asked, 'Query (table) 10', 'one page of each');
	my @limits = limits();
	ok(!(grep { $_ < 1 || $_ > 40 } @limits), 'small ones') or diag("@limits");
	cmp_ok($proxy->counts->{max_in_flight}, '<=', 8, 'not too many together');

	$proxy->reset;
	fault($proxy, { delay_ms => 100 });
	gives($session, "SELECT max(sk) FROM bench.ordered WHERE pk IN ($ten)", '19.9', 'max');
	is($proxy->asked, 'Query (table) 10', 'max: one page of each');
	cmp_ok($proxy->counts->{max_in_flight}, '>=', 2, 'max: several together');
	gives($session, "SELECT min(sk), max(at) FROM bench.ordered WHERE pk IN ($ten)", "-20|t\x{c3}\x{a9}9.9", 'two of them');
};

subtest 'no more than the first pages for a cursor' => sub {
	$proxy->reset;
	fault($proxy, { page_limit => 5 });
	outcome($session, 'BEGIN; DECLARE c CURSOR FOR SELECT sk FROM bench.ordered WHERE pk IN (' . list(qw(p1 p2 p3)) . ') ORDER BY sk');
	my ($first) = outcome($session, 'FETCH 4 FROM c');
	is($proxy->asked, 'Query (table) 3', 'three pages');
	my ($rest) = outcome($session, 'FETCH ALL FROM c');
	outcome($session, 'COMMIT');
	my @rows = split /\n/, "$first\n$rest";
	is_deeply(\@rows, [ sort { $a <=> $b } map { numbers_of($_) } 1 .. 3 ], 'and then the rest');
};

subtest 'pages are asked for ahead' => sub {
	$proxy->reset;
	fault($proxy, { page_limit => 8 });
	my ($rows) = outcome($session, 'SELECT count(*) FROM (SELECT sk FROM bench.ordered WHERE pk IN (' . list(qw(p1 p2 p3 p4)) . ') ORDER BY sk OFFSET 0) AS o');
	is($rows, 160, 'rows');
	cmp_ok($proxy->counts->{max_in_flight}, '>=', 2, 'several together');
};

# ---- values known at execution ---------------------------------------------------------

subtest 'a parameter that names any number of partitions' => sub {
	outcome($session, 'SET plan_cache_mode = force_generic_plan');
	outcome($session, 'PREPARE newest (text[]) AS SELECT sk FROM bench.ordered WHERE pk = ANY ($1) ORDER BY sk DESC LIMIT 2');
	my ($plan) = outcome($session, q{EXPLAIN (COSTS OFF) EXECUTE newest ('{p1}')});
	like($plan, qr/Order: backward, partitions merged/, 'merged');
	foreach my $case ([ 'p1' => "19.1\n18.1" ], [ 'p1,p2,p2' => "19.2\n19.1" ], [ join(',', map { "p$_" } 1 .. 20) => "19.9\n19.8" ], [ 'none' => '' ], [ '' => '' ])
	{
		my ($partitions, $rows) = @$case;
		gives($session, "EXECUTE newest ('{$partitions}')", $rows, "{$partitions}");
	}
	gives($session, 'EXECUTE newest (NULL)', '', 'NULL');
	outcome($session, 'RESET plan_cache_mode; DEALLOCATE newest');
};

subtest 'rescans with other partitions' => sub {
	my $sql = q{SELECT v.p, o.sk FROM (VALUES ('{p1,p2}'::text[]), ('{p3}'), ('{}'), ('{p1,p3,p5}')) AS v(p)
		CROSS JOIN LATERAL (SELECT sk FROM bench.ordered WHERE pk = ANY (v.p) ORDER BY sk LIMIT 3) AS o};
	my ($plan) = outcome($session, "EXPLAIN (COSTS OFF) $sql");
	like($plan, qr/Order: forward, partitions merged/, 'merged');
	gives($session, $sql, join("\n", (map { "{p1,p2}|$_" } qw(-20 -20 -19.2)), (map { "{p3}|$_" } qw(-20 -19.3 -18.3)), map { "{p1,p3,p5}|-20" } 1 .. 3), 'rows');
};

subtest 'more partitions than can be merged' => sub {
	bench_table($stage, 'Wide', keys => [ pk => 'S', sk => 'N' ], items => [ map { +{ pk => { S => "w$_" }, sk => { N => '' . ($_ * 7919) % 1200 } } } 1 .. 1200 ]);
	bench_foreign_table($node, 'bench.wide', 'Wide', q{pk text OPTIONS (key 'partition'), sk int OPTIONS (key 'sort')});
	outcome($session, q{SET plan_cache_mode = force_generic_plan});
	outcome($session, 'PREPARE wide (text[]) AS SELECT sk FROM bench.wide WHERE pk = ANY ($1) ORDER BY sk DESC LIMIT 1100');
	my ($plan) = outcome($session, q{EXPLAIN (COSTS OFF) EXECUTE wide ('{}')});
	like($plan, qr/Order: backward, partitions merged/, 'planned to be merged');
	unlike($plan, qr/Sort/, 'without a sort');
	my @wide = map { join ',', map { "w$_" } 1 .. $_ } 1000, 1200;
	gives($session, "EXECUTE wide ('{$wide[1]}')", join("\n", reverse 100 .. 1199), 'sorted here');
	gives($session, "EXECUTE wide ('{$wide[0]}')",
		join("\n", sort { $b <=> $a } map { ($_ * 7919) % 1200 } 1 .. 1000), 'as many as can be');
	outcome($session, 'RESET plan_cache_mode; DEALLOCATE wide');
};

# ---- times as texts --------------------------------------------------------------------

# R16: in the order of bytes, .4 comes before .5 before none
my @fractions = ('', '.5', '.4', '.400001', '.000001', '.999999', '.05');

subtest 'R16: times with and without a fraction' => sub {
	bench_table($stage, 'Times', keys => [ pk => 'S', n => 'N' ], items => [ map { my $p = $_; my $n = 0; map { my $second = $_; map {
		+{ pk => { S => "p$p" }, kind => { S => "k$p" }, n => { N => '' . $n++ }, at => { S => sprintf('2025-10-02T00:%02d:%02d%sZ', $p % 2, $second, $_) } } } @fractions } 0, 5, 6, 59 } 0 .. 2 ],
		global => { ByAt => [ kind => 'S', at => 'S', 'ALL' ] });
	my $index = '[{"name": "ByAt", "pk": "kind", "sk": "at", "projection": "ALL", "complete": true}]';
	my $times = q{pk text OPTIONS (key 'partition'), n int OPTIONS (key 'sort'), kind text, at timestamptz OPTIONS (format '%s')};
	bench_foreign_table($node, 'bench.times', 'Times', sprintf($times, 'iso8601_z'), indexes => $index, estimated_rows => 84);

	foreach my $pages (undef, 1, 4)
	{
		$proxy->reset;
		fault($proxy, { page_limit => $pages }, operation => 'Query') if $pages;
		my $how = $pages ? "pages of $pages" : 'whole pages';

		foreach my $direction (['', 'forward'], [' DESC', 'backward'])
		{
			my ($desc, $order) = @$direction;

			in_order(qq{SELECT at FROM bench.times WHERE kind = 'k1' ORDER BY at$desc}, "$order, sorted within each second", "one partition $order, $how");
			in_order(qq{SELECT at FROM bench.times WHERE kind IN ('k0', 'k1', 'k2') ORDER BY at$desc LIMIT 17}, "$order, partitions merged, sorted within each second", "three $order, $how");
		}
	}
	$proxy->reset;
	gives($session, q{SELECT min(at), max(at) FROM bench.times WHERE kind IN ('k0', 'k2')}, '2025-10-02 00:00:00+00|2025-10-02 00:00:59.999999+00', 'min and max');

	# what is not in order at all, is sorted by PostgreSQL
	bench_foreign_table($node, 'bench.times', 'Times', sprintf($times, 'iso8601'), indexes => $index, estimated_rows => 84);
	my ($plan) = outcome($session, q{EXPLAIN (COSTS OFF) SELECT at FROM bench.times WHERE kind = 'k1' ORDER BY at});
	like($plan, qr/Sort/, 'any offset: sorted by PostgreSQL');
	bench_foreign_table($node, 'bench.times', 'Times', sprintf($times, 'iso8601_z'), indexes => $index, estimated_rows => 84, on_type_mismatch => 'null');
	($plan) = outcome($session, q{EXPLAIN (COSTS OFF) SELECT at FROM bench.times WHERE kind = 'k1' ORDER BY at});
	like($plan, qr/Sort/, 'values that become NULL: sorted by PostgreSQL');
};

subtest 'binary sort keys' => sub {
	bench_table($stage, 'Binaries', keys => [ pk => 'S', sk => 'B' ], items => [ map { my $p = $_; map { +{ pk => { S => "p$p" }, sk => { B => $_ } } } qw(AA== AAA= AP8= fw== gA== +w== /w==) } 1 .. 2 ]);
	bench_foreign_table($node, 'bench.binaries', 'Binaries', q{pk text OPTIONS (key 'partition'), sk bytea OPTIONS (key 'sort')}, estimated_rows => 14);
	in_order(q{SELECT sk FROM bench.binaries WHERE pk IN ('p1', 'p2') ORDER BY sk}, 'forward, partitions merged', 'by their bytes');
	in_order(q{SELECT sk FROM bench.binaries WHERE pk = 'p1' ORDER BY sk DESC}, 'backward', 'of one partition');
};

# ---- what goes wrong -------------------------------------------------------------------

subtest 'an error in one partition' => sub {
	my $sql = 'SELECT sk FROM bench.ordered WHERE pk IN (' . list(qw(p1 p2 p3)) . ') ORDER BY sk';
	my $before = (descriptors(backend_pid($session)));

	foreach my $match ({ contains => 'p2' }, { contains => 'p2', continued => \1 })
	{
		foreach (1 .. 20)
		{
			$proxy->reset;
			$proxy->faults({ match => $match, action => { error => 'ValidationException', message => 'no' } }, { match => {}, action => { page_limit => 10 } });
			my (undef, $error) = outcome($session, $sql);
			like($error, qr/HV00L.*Query of table "Ordered"/s, 'an error') if $_ == 1;
		}
		$proxy->reset;
		is(scalar(split /\n/, (outcome($session, $sql))[0]), 120, 'and then the rows');
	}
	cmp_ok(scalar(descriptors(backend_pid($session))), '<=', $before + 8, 'nothing is left open');
};

$session->quit;
$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
