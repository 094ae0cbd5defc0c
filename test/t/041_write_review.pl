# Writing: statements whose plans and rows are less usual than those of 034, each
# of which has been done wrongly once.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest 'dynamodb-local/live';
use BenchFaults;
use BenchTest::Proxy;
use BenchWrites;
use Test::More;

my $stage = 'dynamodb-local/live';
my $node = bench_cluster('main', 'restart_after_crash = on');
my $engine = engine($stage);
my $proxy = BenchTest::Proxy->start(target => bench_engine($stage));

bench_server($node, $proxy->url, server => { updatable => 'true', max_attempts => 3, request_timeout => '10s' });
bench_table($stage, 'Writes', keys => [ pk => 'S', sk => 'S' ]);
bench_table($stage, 'Others', keys => [ pk => 'S', sk => 'S' ]);
bench_table($stage, 'Numbered', keys => [ id => 'N' ]);
$node->safe_psql('postgres', 'CREATE SCHEMA w');

# A foreign table for the items of table Writes.
sub foreign_table
{
	my ($name, $columns, %options) = @_;

	bench_foreign_table($node, "w.$name", 'Writes', "pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), $columns", %options);
}

foreign_table('t', 'n numeric, i integer, t text');
my $session = session($node, 'SET client_min_messages = warning');

# Rows 1 to count of a partition, with n and i.
sub fill
{
	my ($pk, $count) = @_;

	writes($session, "INSERT INTO w.t (pk, sk, n, i) SELECT '$pk', to_char(i, 'FM00'), i, 10 * i FROM generate_series(1, $count) i", $count, "$count rows");
}

# A column of a partition, in the order of the sort keys.
sub is_column
{
	my ($pk, $column, $expected, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	gives($session, "SELECT string_agg(coalesce($column\::text, '-'), ' ' ORDER BY sk) FROM w.t WHERE pk = '$pk'", $expected, $name);
}

# ---- direct modification ----------------------------------------------------------

subtest 'G11: rows that the planner knows not to be there' => sub {
	fill('none', 1);
	writes($session, "UPDATE w.t SET n = 0 WHERE $_", 0, "UPDATE: $_") foreach 'false', "pk = 'a' AND pk IS NULL", "now() < '2000-01-01'";
	writes($session, 'UPDATE w.t SET n = 0 WHERE false RETURNING *', 0, 'UPDATE, RETURNING');
	writes($session, 'DELETE FROM w.t WHERE false', 0, 'DELETE');
	is_column('none', 'n', '1', 'nothing is changed');
};

subtest 'new values of subqueries' => sub {
	fill('subquery', 3);
	writes($session, q{UPDATE w.t SET (n, i) = (SELECT t.i, t.n) WHERE pk = 'subquery'}, 3, 'several columns of the row itself');
	is_column('subquery', "n || '/' || i", '10/1 20/2 30/3', 'have its values');
	writes($session, q{UPDATE w.t SET (n, t) = (SELECT g.x + t.i, t.sk FROM generate_series(1, 1) g(x)), i = 5 WHERE pk = 'subquery'}, 3, 'of a function');
	is_column('subquery', "n || '/' || t || '/' || i", '2/01/5 3/02/5 4/03/5', 'too');
};

subtest 'conditions on tableoid' => sub {
	fill('oid', 2);
	writes($session, q{UPDATE w.t SET t = tableoid::regclass::text WHERE pk = 'oid' AND tableoid = 'w.t'::regclass}, 2, 'hold');
	is_column('oid', 't', 'w.t w.t', 'and it can be a value');
	writes($session, q{DELETE FROM w.t WHERE pk = 'oid' AND tableoid <> 'w.t'::regclass}, 0, 'or not');
};

# ---- what a statement reads of what it writes -----------------------------------------

subtest 'G11: subqueries find nothing of what the statement writes' => sub {
	fill('reads', 5);
	writes($session, q{UPDATE w.t SET n = (SELECT max(n) + 1 FROM w.t x WHERE x.pk = t.pk) WHERE pk = 'reads'}, 5, 'UPDATE by an aggregate');
	is_column('reads', 'n', '6 6 6 6 6', 'is of the values before');
	writes($session, q{UPDATE w.t SET n = random(), i = 1000000 * random() FROM (SELECT 1 FROM w.t LIMIT 1) x WHERE pk = 'reads' AND i = (SELECT max(i) FROM w.t y WHERE y.sk = t.sk AND y.pk = t.pk)}, 5, 'values that are made twice');
	gives($session, q{SELECT count(*) FROM w.t WHERE pk = 'reads' AND i = round(1000000 * n)}, '0', 'are two');

	fill('mean', 5);
	writes($session, q{DELETE FROM w.t WHERE pk = 'mean' AND n <= (SELECT avg(n) + 1.5 FROM w.t x WHERE x.pk = t.pk)}, 4, 'DELETE by an aggregate');
	is_column('mean', 'n', '5', 'keeps what is above it');
	fill('lazy', 5);
	writes($session, q{DELETE FROM w.t WHERE pk = 'lazy' AND (n = 1 OR n < (SELECT avg(n) FROM w.t WHERE pk = 'lazy'))}, 2, 'a subquery that the first row does not need');
	is_column('lazy', 'n', '3 4 5', 'is of the values before, too');
};

subtest 'G11: nor do joins' => sub {
	outcome($session, "SET enable_$_ = off") foreach qw(hashjoin mergejoin material memoize);
	fill('twins', 4);
	writes($session, q{DELETE FROM w.t WHERE pk = 'twins' AND EXISTS (SELECT 1 FROM w.t x WHERE x.pk = t.pk AND x.sk <> t.sk)}, 4, 'DELETE of what has a twin');
	fill('loop', 3);
	writes($session, q{INSERT INTO w.t (pk, sk) SELECT 'loop', t.sk || 'x' || g FROM generate_series(1, 2) g JOIN w.t ON t.pk = 'loop' AND t.sk > to_char(g, 'FM00')}, 3, 'INSERT by a nested loop');
	outcome($session, "RESET enable_$_") foreach qw(hashjoin mergejoin material memoize);
	fill('union', 2);
	writes($session, q{INSERT INTO w.t (pk, sk) SELECT pk, sk || 'a' FROM w.t WHERE pk = 'union' UNION ALL SELECT pk, sk || 'b' FROM w.t WHERE pk = 'union'}, 4, 'INSERT of a union');
};

subtest 'G11: more rows than work_mem holds' => sub {
	outcome($session, q{SET work_mem = '64kB'});
	writes($session, q{INSERT INTO w.t (pk, sk, n, t) SELECT 'spool', i::text, i, repeat('x', 500) FROM generate_series(1, 400) i}, 400, 'rows');
	writes($session, q{UPDATE w.t SET n = n WHERE pk = 'spool' RETURNING 1}, 400, 'UPDATE');
	writes($session, q{INSERT INTO w.t (pk, sk, n, t) SELECT 'spool', 'c' || sk, n, t FROM w.t WHERE pk = 'spool'}, 400, 'INSERT');
	writes($session, q{DELETE FROM w.t WHERE pk = 'spool' AND n > (SELECT 390 FROM w.t x WHERE x.pk = t.pk AND x.sk = t.sk)}, 20, 'DELETE by a subquery');
	writes($session, q{INSERT INTO w.t (pk, sk, n, t) SELECT 'spooled', sk, n, t FROM w.t WHERE pk = 'spool' UNION ALL SELECT 'spooled', 'd' || sk, n, t FROM w.t WHERE pk = 'spool'}, 1560, 'INSERT of a union');
	outcome($session, 'RESET work_mem');
};

subtest 'rows that stay as they are take no memory' => sub {
	my $pid = backend_pid($session);
	my $before = private_kb($pid);
	my $most = sub { (PostgreSQL::Test::Utils::slurp_file("/proc/$pid/status") =~ /^VmHWM:\s+(\d+)/m)[0] };
	my $peak;

	writes($session, q{UPDATE w.t SET t = t WHERE pk IN ('spool', 'spooled')}, 2340, 'a first time');
	$peak = $most->();
	writes($session, q{UPDATE w.t SET t = t || '' FROM generate_series(1, 1) WHERE pk IN ('spool', 'spooled')}, 2340, 'row by row');
	cmp_ok($most->() - $peak, '<', 3000, 'a statement needs no more for many rows');
};

# ---- partitions -----------------------------------------------------------------------

$node->safe_psql('postgres', q{
	CREATE TABLE w.parted (sk text, pk text, n numeric, t text) PARTITION BY LIST (t);
	CREATE TABLE w.local PARTITION OF w.parted FOR VALUES IN ('b');});
foreign_table('first', 'n numeric, t text');
bench_foreign_table($node, 'w.last', 'Others', q{gone integer, n numeric, t text, sk text OPTIONS (key 'sort'), pk text OPTIONS (key 'partition')});
$node->safe_psql('postgres', q{
	ALTER FOREIGN TABLE w.last DROP COLUMN gone;
	ALTER TABLE w.parted ATTACH PARTITION w.first FOR VALUES IN ('a');
	ALTER TABLE w.parted ATTACH PARTITION w.last FOR VALUES IN ('c');});

sub fill_partitions
{
	my ($pk) = @_;

	writes($session, "INSERT INTO w.parted (pk, sk, n, t) SELECT '$pk', i::text, i, substr('abc', 1 + i % 3, 1) FROM generate_series(1, 9) i", 9, 'rows of all partitions');
}

subtest 'G8: partitions whose columns stand elsewhere' => sub {
	fill_partitions('p');
	writes($session, q{UPDATE w.parted SET n = n + 10 WHERE pk = 'p'}, 9, 'UPDATE');
	writes($session, q{UPDATE w.parted SET n = n + 10 WHERE pk = 'p' RETURNING n}, 9, 'UPDATE, RETURNING');
	writes($session, q{UPDATE w.parted SET n = n + (SELECT min(n) FROM w.parted x WHERE x.pk = parted.pk AND x.t = parted.t) WHERE pk = 'p'}, 9, 'UPDATE by a subquery');
	gives($session, q{SELECT t, count(*), sum(n) FROM w.parted WHERE pk = 'p' GROUP BY 1 ORDER BY 1}, "a|3|147\nb|3|135\nc|3|141", 'each row has been changed as often');
	writes($session, q{DELETE FROM w.parted WHERE pk = 'p' AND n > 45 RETURNING n}, 6, 'DELETE, RETURNING');
	writes($session, q{DELETE FROM w.parted WHERE pk = 'p'}, 3, 'DELETE');
};

subtest 'G8: rows that an UPDATE moves to where it changes rows' => sub {
	fill_partitions('q');
	writes($session, q{UPDATE w.parted SET t = 'c', n = n + 100 WHERE pk = 'q' AND t = 'b'}, 3, 'they may come to other partitions');
	$node->safe_psql('postgres', q{INSERT INTO w.local (pk, sk, n, t) VALUES ('q', 'x', 1, 'b')});
	refused($session, "UPDATE w.parted SET t = 'c', n = n + 100 WHERE pk = 'q'$_", '0A000', qr/cannot move rows into foreign table "last"/, "refused$_") foreach '', ' RETURNING n';
	gives($session, q{SELECT n FROM w.parted WHERE pk = 'q' AND sk = 'x'}, '1', 'the row stays where it was');
};

subtest 'G7: an error in a partition' => sub {
	put_item($engine, 'Others', 'r', '5');
	my $error = refused($session, q{INSERT INTO w.parted (pk, sk, n, t) SELECT 'r', i::text, i, substr('abc', 1 + i % 3, 1) FROM generate_series(1, 9) i}, '23505', exists_already('r', '5'), 'a duplicate');
	like($error, qr/It is row 2 of the statement for this partition\./, 'its number is that of the partition');
};

subtest 'G10: triggers of the statement see all that is written' => sub {
	$node->safe_psql('postgres', q{
		CREATE FUNCTION w.count_rows() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
			RAISE WARNING 'there are %', (SELECT count(*) FROM w.last WHERE pk = 'triggered'); RETURN NULL; END$$;
		CREATE TRIGGER counts AFTER INSERT ON w.parted FOR EACH STATEMENT EXECUTE FUNCTION w.count_rows();});
	fault($proxy, { delay_ms => 100 }, operation => 'PutItem');
	my ($rows, undef, $warning) = rows_and_errors($session, q{INSERT INTO w.parted (pk, sk, t) SELECT 'triggered', i::text, 'c' FROM generate_series(1, 5) i});
	$proxy->clear;
	like($warning, qr/there are 5/, 'of a partitioned table');
	$node->safe_psql('postgres', q{DROP TRIGGER counts ON w.parted});
};

# ---- keys and what is given twice -----------------------------------------------------

subtest 'keys that are numbers' => sub {
	bench_foreign_table($node, 'w.numbered', 'Numbered', q{id numeric OPTIONS (key 'partition'), t text});
	writes($session, q{INSERT INTO w.numbered VALUES (1, 'a'), (1.0, 'b'), (2, 'c') ON CONFLICT DO NOTHING}, 2, 'are equal, however they are spelled');
	$node->safe_psql('postgres', q{ALTER FOREIGN TABLE w.numbered OPTIONS (ADD insert_mode 'upsert')});
	writes($session, q{INSERT INTO w.numbered VALUES (1, 'd'), (1.0, 'e'), (1e0, 'f'), (20, 'g'), (2e1, 'h')}, 5, 'in a batch');
	gives($session, q{SELECT id, t FROM w.numbered ORDER BY 1}, "1|f\n2|c\n20|h", 'the last counts');
	$node->safe_psql('postgres', q{ALTER FOREIGN TABLE w.numbered OPTIONS (DROP insert_mode, ADD batch_mode 'transact')});
	writes($session, q{INSERT INTO w.numbered VALUES (3, 'i'), (3.0, 'j'), (-0.50, 'k'), (-0.5, 'l') ON CONFLICT DO NOTHING}, 2, 'in a transaction');
};

subtest 'what is given twice' => sub {
	foreign_table('twice', q{pk2 text OPTIONS (attribute 'pk'), n numeric, n2 numeric OPTIONS (attribute 'n'), x numeric OPTIONS (attribute 'm.x') NOT NULL, m jsonb,
		needed text NOT NULL, item jsonb OPTIONS (attribute '*')});
	refused($session, q{INSERT INTO w.twice (pk, pk2, sk, x, needed) VALUES ('a', 'b', '1', 1, '')}, '22023', qr/"pk" and "pk2".*contradict each other/, 'two columns of the key');
	writes($session, q{INSERT INTO w.twice (pk, pk2, sk, x, needed) VALUES ('twice', 'twice', '1', 1, '')}, 1, 'that agree');
	refused($session, q{INSERT INTO w.twice (pk, sk, n, n2, x, needed) VALUES ('twice', '2', 1, 2, 1, '')}, '22023', qr/"n2".*another value/, 'two columns of an attribute');
	writes($session, q{INSERT INTO w.twice (pk, sk, n, n2, x, needed) VALUES ('twice', '2', 1, 1, 1, '')}, 1, 'that agree');
	writes($session, q{INSERT INTO w.twice (pk, sk, m, needed) VALUES ('twice', '3', '{"x": 1}', '')}, 1, 'NOT NULL: given by the map');
	writes($session, q{INSERT INTO w.twice (item) VALUES ('{"pk": "twice", "sk": "4", "m": {"x": 1}, "needed": ""}')}, 1, 'NOT NULL: given by the item');
	refused($session, q{INSERT INTO w.twice (pk, sk, m, needed) VALUES ('twice', '5', '{"y": 1}', '')}, '23502', qr/"x".*NOT NULL/, 'NOT NULL: not given');
	refused($session, q{INSERT INTO w.twice (item) VALUES ('{"pk": "twice", "sk": "6", "m": {"x": 1}}')}, '23502', qr/"needed".*NOT NULL/, 'NOT NULL: not in the item');
};

# ---- answers --------------------------------------------------------------------------

subtest 'G7: a batch of which a part was written' => sub {
	foreign_table('upsert', 'n numeric', insert_mode => 'upsert');
	fault($proxy, { unprocessed => 0.5 }, operation => 'BatchWriteItem', nth => 1);
	fault($proxy, { status => 400, error => 'AccessDeniedException' }, operation => 'BatchWriteItem', nth => 1);
	my $error = refused($session, q{INSERT INTO w.upsert (pk, sk) SELECT 'part', i::text FROM generate_series(1, 20) i}, '42501', qr/AccessDenied/, 'is an error');
	$proxy->clear;
	is(scalar(keys %{ items_of($engine, 'Writes', 'part') }), 10, 'a half is there');
	like($error, qr/Of 20 rows in all it is not known/, 'and nobody says it is not');
	like($error, qr/WARNING.*20 items may be written/s, 'also when it is rolled back');
};

subtest 'G5: a transaction that is in the way of its own repetition' => sub {
	foreign_table('transact', 'n numeric', batch_mode => 'transact');
	fault($proxy, { cut => 'before', apply => \1 }, operation => 'TransactWriteItems', nth => 1);
	fault($proxy, { status => 400, body => json({ __type => 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException', Message => 'Transaction cancelled',
		CancellationReasons => [ ({ Code => 'TransactionConflict', Message => 'Transaction is ongoing for the item' }) x 5 ] }) }, operation => 'TransactWriteItems', nth => 1);
	writes($session, q{INSERT INTO w.transact (pk, sk) SELECT 'way', i::text FROM generate_series(1, 5) i}, 5, 'has written all, and nothing twice');
	$proxy->clear;
	is(scalar(keys %{ items_of($engine, 'Writes', 'way') }), 5, 'all are there');
	fault($proxy, { cut => 'before', apply => \1 }, operation => 'TransactWriteItems', nth => 1);
	writes($session, q{INSERT INTO w.transact (pk, sk) SELECT 'way', i::text FROM generate_series(4, 8) i ON CONFLICT DO NOTHING}, 3, 'without those that were there');
	$proxy->clear;
};

subtest 'G8: RETURNING of a DELETE whose answer is lost' => sub {
	put_item($engine, 'Writes', 'lost', '1', n => { N => '5' });
	fault($proxy, { cut => 'before', apply => \1 }, operation => 'DeleteItem', times => 1);
	is(writes($session, q{DELETE FROM w.t WHERE pk = 'lost' RETURNING sk, n}, 1, 'is counted'), '1|5', 'and is no row of NULLs');
	is_item($engine, 'Writes', 'lost', '1', undef, 'it is deleted');
	put_item($engine, 'Writes', 'lost', '2');
	fault($proxy, { cut => 'before', apply => \1 }, operation => 'DeleteItem', times => 1);
	writes($session, q{DELETE FROM w.t USING generate_series(1, 1) WHERE pk = 'lost'}, 1, 'without RETURNING it is counted');
};

$proxy->clear;
is(all_violations($proxy), '', 'every request was in order');
done_testing();
