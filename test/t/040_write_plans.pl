# Writing from wherever SQL lets one write: prepared statements, functions, common
# table expressions, views, inheritance; and to tables with other kinds of keys.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
my @stages;

BEGIN { @stages = $ENV{BENCH_QUICK} ? 'dynamodb-local/live' : qw(dynamodb-local/live dynalite/live) }
use BenchTest @stages;
use BenchFaults;
use BenchWrites;
use Test::More;

my $node = bench_cluster('main', 'restart_after_crash = on');
my ($stage, $engine, $proxy, $session);
my $columns = q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), n numeric, t text};

# The items of a partition: "sk n t, ..." in the order of sk.
sub content
{
	my ($pk) = @_;
	my $items = items_of($engine, 'Plans', $pk);

	return join ', ', map { join ' ', $_->{sk}{S}, $_->{n}{N} // '-', $_->{t}{S} // '-' } map { $items->{$_} } sort keys %$items;
}

sub put_rows
{
	my ($pk, $count) = @_;

	put_item($engine, 'Plans', $pk, $_, n => { N => $_ }, t => { S => 'old' }) foreach 1 .. $count;
}

# All items of a table, canonical, in order.
sub all_of { my ($table) = @_; return join "\n", sort map { canonical($_) } @{ ask($engine, 'Scan', { TableName => $table })->{Items} } }

my %tests = (
'prepared statements' => sub {
	outcome($session, q{SET plan_cache_mode = force_generic_plan});
	outcome_of_script($session, q{
		PREPARE ins AS INSERT INTO w.t (pk, sk, n) VALUES ($1, $2, $3);
		PREPARE upd AS UPDATE w.t SET n = $3, t = $4 WHERE pk = $1 AND sk = $2;
		PREPARE del AS DELETE FROM w.t WHERE pk = $1 AND n > $2;
		PREPARE mov AS UPDATE w.t SET n = n + $2 WHERE pk = $1 RETURNING sk, n;});
	writes($session, "EXECUTE ins('prepared', '$_', $_)", 1, "INSERT $_") foreach 1 .. 7;
	writes($session, "EXECUTE upd('prepared', '$_', 10 * $_, " . ($_ % 2 ? 'NULL' : "'t$_'") . ')', 1, "UPDATE $_") foreach 1 .. 6;
	is(content('prepared'), '1 10 -, 2 20 t2, 3 30 -, 4 40 t4, 5 50 -, 6 60 t6, 7 7 -', 'items');
	writes($session, "EXECUTE del('prepared', 55)", 1, 'DELETE');
	writes($session, "EXECUTE del('prepared', NULL)", 0, 'DELETE with NULL');
	is(writes($session, "EXECUTE mov('prepared', 1)", 6, 'RETURNING') =~ tr/\n/ /r, '1|11 2|21 3|31 4|41 5|51 7|8', 'its rows');
	outcome($session, $_) foreach 'DEALLOCATE ALL', 'RESET plan_cache_mode';
},

'functions' => sub {
	outcome_of_script($session, q{
		CREATE FUNCTION w.fill(p text, count int) RETURNS int LANGUAGE plpgsql AS $$
		DECLARE done int := 0; rows int; BEGIN
			FOR i IN 1 .. count LOOP
				INSERT INTO w.t (pk, sk, n) VALUES (p, i::text, i) ON CONFLICT DO NOTHING;
				GET DIAGNOSTICS rows = ROW_COUNT; done := done + rows;
			END LOOP; RETURN done; END $$;
		CREATE FUNCTION w.empty(p text) RETURNS bigint LANGUAGE sql AS $$
			WITH d AS (DELETE FROM w.t WHERE pk = p RETURNING 1) SELECT count(*) FROM d $$;});
	put_rows('functions', 3);
	gives($session, q{SELECT w.fill('functions', 12)}, 9, 'INSERT in a loop');
	gives($session, q{SELECT w.empty('functions')}, 12, 'DELETE in a function');
	is(content('functions'), '', 'all are gone');
},

'common table expressions' => sub {
	put_rows('cte', 6);
	gives($session, q{WITH d AS (DELETE FROM w.t WHERE pk = 'cte' AND n <= 3 RETURNING sk, n), i AS (INSERT INTO w.t (pk, sk, n) SELECT 'cte 2', sk, n FROM d RETURNING sk)
		SELECT count(*) FROM i}, 3, 'rows that are moved');
	is(content('cte'), '4 4 old, 5 5 old, 6 6 old', 'from here');
	is(content('cte 2'), '1 1 -, 2 2 -, 3 3 -', 'to there');
	gives($session, q{WITH u AS (UPDATE w.t SET n = 0 WHERE pk = 'cte'), d AS (DELETE FROM w.t WHERE pk = 'cte 2') SELECT 1}, 1, 'that nobody reads');
	is(content('cte') . content('cte 2'), '4 0 old, 5 0 old, 6 0 old', 'are done all the same');
},

'joins with itself' => sub {
	put_rows('self', 5);
	writes($session, q{UPDATE w.t a SET n = b.n * 10 FROM w.t b WHERE a.pk = 'self' AND b.pk = 'self' AND b.n = a.n + 1}, 4, 'UPDATE');
	is(content('self'), '1 20 old, 2 30 old, 3 40 old, 4 50 old, 5 5 old', 'reads what was before');
	writes($session, q{DELETE FROM w.t WHERE pk = 'self' AND sk IN (SELECT sk FROM w.t WHERE pk = 'self' ORDER BY n DESC LIMIT 2)}, 2, 'DELETE of the largest two');
	is(content('self'), '1 20 old, 2 30 old, 5 5 old', 'the others stay');
	writes($session, q{DELETE FROM w.t a WHERE pk = 'self' AND EXISTS (SELECT FROM w.t b WHERE b.pk = 'self' AND b.n > a.n)}, 2, 'DELETE of all but the largest');
},

'local conditions' => sub {
	put_rows('local', 9);
	writes($session, q{UPDATE w.t SET t = 'new' WHERE pk = 'local' AND md5(sk) > '8' AND n < 8}, (outcome($session, q{SELECT count(*) FROM generate_series(1, 7) i WHERE md5(i::text) > '8'}))[0], 'UPDATE');
	writes($session, q{DELETE FROM w.t WHERE pk = 'local' AND random() >= 0}, 9, 'DELETE with a volatile one');
	writes($session, q{DELETE FROM w.t WHERE false}, 0, 'none');
},

'views and inheritance' => sub {
	outcome_of_script($session, q{CREATE VIEW w.v AS SELECT pk, sk, n, t FROM w.t WHERE pk = 'view';
		CREATE TABLE w.parent (pk text, sk text, n numeric, t text); ALTER FOREIGN TABLE w.child INHERIT w.parent;
		INSERT INTO w.parent VALUES ('child', 'here', 1, 'local');});
	writes($session, q{INSERT INTO w.v VALUES ('view', '1', 1, 'a'), ('view', '2', 2, 'b')}, 2, 'INSERT into a view');
	writes($session, q{UPDATE w.v SET n = 5 WHERE sk = '1'}, 1, 'UPDATE of it');
	writes($session, q{DELETE FROM w.v WHERE n = 2}, 1, 'DELETE from it');
	is(content('view'), '1 5 a', 'the item');
	put_rows('child', 2);
	writes($session, q{UPDATE w.parent SET n = n + 1 WHERE pk = 'child'}, 3, 'UPDATE of a parent');
	is(content('child'), '1 2 old, 2 3 old', 'reaches the foreign child');
	writes($session, q{UPDATE w.parent SET t = 'x' FROM (VALUES ('1'), ('here')) v (k) WHERE pk = 'child' AND sk = k}, 2, 'by a join');
	gives($session, q{SELECT sk, n, t FROM w.parent WHERE pk = 'child' ORDER BY sk COLLATE "C"}, "1|2|x\n2|3|old\nhere|2|x", 'rows');
	writes($session, q{DELETE FROM w.parent WHERE pk = 'child'}, 3, 'DELETE');
},

'cursors' => sub {
	put_rows('cursor', 3);
	outcome_of_script($session, q{BEGIN; DECLARE c CURSOR FOR SELECT * FROM w.t WHERE pk = 'cursor' ORDER BY sk; FETCH 1 FROM c;});
	refused($session, q{UPDATE w.t SET n = 9 WHERE CURRENT OF c}, '\w{5}', qr/ERROR/, 'WHERE CURRENT OF');
	outcome($session, 'ROLLBACK');
	is(content('cursor'), '1 1 old, 2 2 old, 3 3 old', 'nothing is written');
},

'keys that are numbers' => sub {
	my $numbers = q{p numeric OPTIONS (attribute 'pk', key 'partition'), s numeric OPTIONS (attribute 'sk', key 'sort'), t text};

	bench_table($stage, 'Numbers', keys => [ pk => 'N', sk => 'N' ]);
	bench_foreign_table($node, 'w.numbers', 'Numbers', $numbers);
	bench_foreign_table($node, 'w.numbers_upsert', 'Numbers', $numbers, insert_mode => 'upsert');
	bench_foreign_table($node, 'w.numbers_transact', 'Numbers', $numbers, batch_mode => 'transact');
	writes($session, q{INSERT INTO w.numbers VALUES (1, 1.50, 'a'), (1.0, 2, 'b'), (-0.00, 1e10, 'c')}, 3, 'INSERT');
	refused($session, q{INSERT INTO w.numbers VALUES (1.00, 1.5, 'x')}, '23505', qr/exists already/, 'another spelling is no other key');
	writes($session, q{INSERT INTO w.numbers VALUES (5, 1.0, 'a'), (5, 1.00, 'b'), (5.0, 1, 'c') ON CONFLICT DO NOTHING}, 1, 'nor in one statement');
	writes($session, q{INSERT INTO w.numbers_upsert VALUES (6, 1.0, 'a'), (6, 1.00, 'b'), (6.0, 1, 'c')}, 3, 'nor in a batch');
	refused($session, q{INSERT INTO w.numbers_transact VALUES (7, 1.0, 'a'), (7, 1.00, 'b')}, '23505', qr/exists already/, 'nor in a transaction') if $stage !~ /^dynalite/;
	is(all_of('Numbers') =~ s/\n\{"pk":\{"N":"7".*//r =~ tr/{}":NS//dr, join("\n", 'pk0,sk10000000000,tc', 'pk1,sk1.5,ta', 'pk1,sk2,tb', 'pk5,sk1,ta', 'pk6,sk1,tc'), 'items');
	writes($session, q{UPDATE w.numbers SET t = 'z' WHERE p = 1.0 AND s = 1.5000}, 1, 'UPDATE by key');
	writes($session, q{UPDATE w.numbers SET t = 'y' FROM (VALUES (1.50)) v (x) WHERE p = 1 AND s = x}, 1, 'by a join');
	writes($session, q{DELETE FROM w.numbers WHERE p IN (0, 1)}, 3, 'DELETE');
	bench_table($stage, 'Bytes', keys => [ pk => 'B' ]);
	bench_foreign_table($node, 'w.bytes', 'Bytes', q{k bytea OPTIONS (attribute 'pk', key 'partition'), n smallint});
	writes($session, q{INSERT INTO w.bytes VALUES ('\x00ff', 1), ('\x01', 2)}, 2, 'keys that are bytes');
	refused($session, q{INSERT INTO w.bytes VALUES ('\x00ff', 1)}, '23505', qr/exists already/, 'a duplicate');
	writes($session, q{UPDATE w.bytes SET n = 3 WHERE k = '\x00ff'}, 1, 'UPDATE');
	writes($session, q{DELETE FROM w.bytes WHERE k <> '\x00ff'}, 1, 'DELETE');
	is(all_of('Bytes'), '{"n":{"N":"3"},"pk":{"B":"AP8="}}', 'the item');
},

'attributes that have several names' => sub {
	bench_foreign_table($node, 'w.names', 'Plans', q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), a text OPTIONS (attribute 'new|old'),
		l text OPTIONS (attribute 'list[1]'), m text OPTIONS (attribute '"dotted.name"."x|y"')});
	put_item($engine, 'Plans', 'names', '1', old => { S => 'x' }, list => { L => [ { S => 'a' }, { S => 'b' } ] });
	put_item($engine, 'Plans', 'names', '2', new => { S => 'x' }, old => { S => 'y' });
	writes($session, q{UPDATE w.names SET a = 'z', l = 'c' WHERE pk = 'names' AND sk = '1'}, 1, 'UPDATE');
	is_item($engine, 'Plans', 'names', '1', { old => { S => 'z' }, list => { L => [ { S => 'a' }, { S => 'c' } ] } }, 'sets what is there');
	writes($session, q{UPDATE w.names SET a = NULL WHERE pk = 'names'}, 2, 'to NULL');
	is_item($engine, 'Plans', 'names', '2', {}, 'removes whatever would be read');
	refused($session, q{UPDATE w.names SET l = 'c' WHERE pk = 'names' AND sk = '2'}, '\w{5}', qr/HINT/, 'an element of a list that is not there');
	writes($session, q{INSERT INTO w.names (pk, sk, a, m) VALUES ('names', '3', 'a', 'm')}, 1, 'INSERT');
	is_item($engine, 'Plans', 'names', '3', { new => { S => 'a' }, 'dotted.name' => { M => { 'x|y' => { S => 'm' } } } }, 'takes the first name');
},

'types' => sub {
	bench_foreign_table($node, 'w.types', 'Plans', q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), u uuid, v varchar(5), c char(3),
		i2 smallint, f4 real, n numeric(8,2), d date, ts timestamp OPTIONS (format 'epoch_s'), tz timestamptz OPTIONS (format 'epoch_ms'), j json, ni int[], na numeric[], nb bytea[], w jsonb});
	writes($session, q{INSERT INTO w.types VALUES ('types', '1', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'é', 'x', -5, 0.1, 1.005, '2025-12-02', '2025-12-02 02:00:05',
		'2025-12-02 02:00:00.123+00', '{"a":  [1, "x"]}', '{1,NULL,3}', '{1.5,2}', '{"\\\\x00","\\\\xff"}', '"scalar"')}, 1, 'INSERT');
	gives($session, q{SELECT u, v, c, i2, f4, n, d, ts, tz, j::jsonb, ni, na, nb, w FROM w.types WHERE pk = 'types'},
		'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|é|x  |-5|0.1|1.01|2025-12-02|2025-12-02 02:00:05|2025-12-02 02:00:00.123+00|{"a": [1, "x"]}|{1,NULL,3}|{1.5,2}|{"\\\\x00","\\\\xff"}|"scalar"', 'is read as it was written');
	writes($session, q{UPDATE w.types SET ni = '{}', j = 'null', w = '{"$SS": ["b", "a"]}', v = '' WHERE pk = 'types'}, 1, 'UPDATE');
	my $item = item_of($engine, 'Plans', 'types', '1');
	is(canonical({ map { ($_ => $item->{$_}) } qw(ni w v) }), '{"ni":{"L":[]},"v":{"S":""},"w":{"SS":["a","b"]}}', 'the item');
	refused($session, q{UPDATE w.types SET w = '{"$SS": []}' WHERE pk = 'types'}, '2\w{4}|HV\w{3}', qr/"w/, 'an empty set');
	refused($session, q{UPDATE w.types SET w = '{"$NS": [1, 1.0]}' WHERE pk = 'types'}, '2\w{4}|HV\w{3}', qr/"w/, 'a set with the same number twice');
},

'users' => sub {
	outcome_of_script($session, q{
		CREATE ROLE writer; CREATE ROLE nobody;
		GRANT USAGE ON SCHEMA w TO writer, nobody; GRANT SELECT, INSERT ON w.t TO writer; CREATE VIEW w.through AS SELECT pk, sk, n FROM w.t; GRANT ALL ON w.through TO nobody;});
	put_rows('users', 1);
	refused($session, q{SET ROLE writer; INSERT INTO w.t (pk, sk) VALUES ('users', '2')}, '\w{5}', qr/user mapping not found/, 'no mapping');
	refused($session, q{SET ROLE writer; DELETE FROM w.t WHERE pk = 'users'}, '42501', qr/permission denied/, 'no right');
	is((outcome($session, q{SET ROLE nobody; INSERT INTO w.through VALUES ('users', '3', 3); UPDATE w.through SET n = 4 WHERE pk = 'users' AND sk = '3'; DELETE FROM w.through WHERE pk = 'users' AND sk = '1'}))[1],
		'', 'through a view whose owner has both');
	outcome($session, 'RESET ROLE');
	is(content('users'), '3 4 -', 'items');
},

'a long statement in little memory' => sub {
	my $rows = $ENV{BENCH_LONG} ? 20_000 : $stage =~ /^dynalite/ ? 1_000 : 4_000;

	foreach my $sql (q{INSERT INTO w.upsert (pk, sk, n, t) SELECT 'long', i::text, i, repeat('x', 1000) FROM generate_series(1, ROWS) i},
		q{UPDATE w.t SET n = 0 WHERE pk = 'long'}, q{DELETE FROM w.t WHERE pk = 'long'})
	{
		# a session of psql has its time
		$session->quit;
		new_sessions();
		my $pid = backend_pid($session);
		rows_and_errors($session, $sql =~ s/ROWS/100/r);
		rows_and_errors($session, q{INSERT INTO w.upsert (pk, sk, n, t) SELECT 'long', i::text, i, repeat('x', 1000) FROM generate_series(1, ROWS) i} =~ s/ROWS/$rows/r) if $sql !~ /^INSERT/;
		my $before = private_kb($pid);
		writes($session, $sql =~ s/ROWS/$rows/r, $rows, 'rows');
		cmp_ok(private_kb($pid) - $before, '<', 8 * 1024, 'less than 8 MB more') or diag($sql);
	}
	my $contexts = context_bytes($session);
	writes($session, q{INSERT INTO w.upsert (pk, sk, n) SELECT 'long', i::text, i FROM generate_series(1, 50) i}, 50, 'once more');
	is(context_bytes($session), $contexts, 'nothing is left in memory');
});

sub new_sessions { $session = session($node, q{SET timezone = 'UTC'}, 'SET client_min_messages = warning') }

sub run_test
{
	my ($name, $code) = @_;

	subtest "$stage: $name" => sub {
		return if eval { $code->(); 1 };
		fail("it ended: $@");
		wait_until(sub { eval { $node->safe_psql('postgres', 'SELECT 1') } }, 'the server is up again');
		new_sessions();
	};
}

foreach my $part (@stages)
{
	$stage = $part;
	$engine = engine($stage);
	$proxy = BenchTest::Proxy->start(target => bench_engine($stage));
	bench_server($node, $proxy->url, server => { updatable => 'true', max_attempts => 4, request_timeout => '10s' });
	bench_table($stage, 'Plans', keys => [ pk => 'S', sk => 'S' ]);
	$node->safe_psql('postgres', q{SET client_min_messages = warning; DROP SCHEMA IF EXISTS w CASCADE; CREATE SCHEMA w;
		DROP ROLE IF EXISTS writer; DROP ROLE IF EXISTS nobody});
	bench_foreign_table($node, "w.$_", 'Plans', $columns) foreach qw(t child);
	bench_foreign_table($node, 'w.upsert', 'Plans', $columns, insert_mode => 'upsert');
	new_sessions();
	run_test($_, $tests{$_}) foreach sort keys %tests;
	$session->quit;
	no_violations($proxy, "$stage: violations at the end");
	$proxy->stop;
}

done_testing();
