# Writing: what INSERT, UPDATE, DELETE and COPY do to the items of a table, what
# they say of it, and what they refuse. What is in the table is read from the
# engine itself. README says what the ids in front of the names stand for.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
my @stages;

BEGIN { @stages = $ENV{BENCH_QUICK} ? 'dynamodb-local/live' : qw(dynamodb-local/live dynalite/live) }
use BenchTest map { "$_/BenchmarkResults" } @stages;
use BenchFaults;
use BenchWrites;
use Test::More;

my $node = bench_cluster('main', 'max_prepared_transactions = 2', 'restart_after_crash = on');
my ($stage, $engine, $proxy, $session);

my $columns = q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), n numeric, i integer, t text, b boolean,
	d double precision, j jsonb, bin bytea, ts timestamptz OPTIONS (format 'iso8601_utc'), tags text[]};

# Another foreign table for the same items, with options.
sub foreign_table
{
	my ($name, %options) = @_;

	bench_foreign_table($node, "w.$name", 'Writes', delete $options{columns} // $columns, %options);
}

# What is in one partition of table Writes, as text.
sub partition
{
	my ($pk) = @_;
	my $items = items_of($engine, 'Writes', $pk);

	return join "\n", map { canonical($items->{$_}) } sort keys %$items;
}

# The sort keys of a partition.
sub keys_of { return join ' ', map { s/^[^|]*\|//r } sort keys %{ items_of($engine, 'Writes', $_[0]) } }

# Whether an error comes before any request.
sub refused_unasked
{
	my ($sql, $sqlstate, $pattern, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	start_over($proxy);
	refused($session, $sql, $sqlstate, $pattern, $name);
	is($proxy->asked, '', "$name: no request");
}

# ---- INSERT ------------------------------------------------------------------------

my %inserting = (
'G1: an item is what the columns say' => sub {
	start_over($proxy);
	writes($session, q{INSERT INTO w.t VALUES ('all', '1', 12345678901234567890.123456789012345678, -7, 'text "é" 😀', false, 0.1,
		'{"a": [1, null, {"b": "c"}], "d": true}', '\x00ff', '2025-12-02 02:00:00.123+00', '{x,NULL,y}')}, 1, 'one row');
	is_item($engine, 'Writes', 'all', '1', {
		n => { N => '12345678901234567890.123456789012345678' }, i => { N => '-7' }, t => { S => "text \"\xe9\" \x{1f600}" },
		b => { BOOL => \0 }, d => { N => '0.1' }, bin => { B => 'AP8=' }, ts => { S => '2025-12-02T02:00:00.123000Z' },
		j => { M => { a => { L => [ { N => '1' }, { NULL => \1 }, { M => { b => { S => 'c' } } } ] }, d => { BOOL => \1 } } },
		tags => { L => [ { S => 'x' }, { NULL => \1 }, { S => 'y' } ] } }, 'the item');
	is($proxy->asked, 'PutItem 1', 'by one request');
	like((requests_of($proxy, 'PutItem'))[0]{ConditionExpression}, qr/^attribute_not_exists\s*\(.+\)$/, 'with a condition');
	writes($session, q{INSERT INTO w.t (pk, sk, t, n) VALUES ('all', '2', NULL, NULL)}, 1, 'columns that are NULL');
	is_item($engine, 'Writes', 'all', '2', {}, 'are not given');
	gives($session, q{SELECT n, i, t, b, d, j, bin, ts, tags FROM w.t WHERE pk = 'all' AND sk = '1'},
		q{12345678901234567890.123456789012345678|-7|text "é" 😀|f|0.1|{"a": [1, null, {"b": "c"}], "d": true}|\x00ff|2025-12-02 02:00:00.123+00|{x,NULL,y}},
		'and is read so');
},

'G1: an item that exists already' => sub {
	put_item($engine, 'Writes', 'dup', '1', t => { S => 'first' });
	my $error = refused($session, q{INSERT INTO w.t (pk, sk, t) VALUES ('dup', '1', 'second')}, '23505',
		exists_already('dup', '1'), 'is an error');
	is_item($engine, 'Writes', 'dup', '1', { t => { S => 'first' } }, 'stays as it was');
	# as ours would be, but not ours: nothing was lost that could excuse it
	refused($session, q{INSERT INTO w.t (pk, sk, t) VALUES ('dup', '1', 'first')}, '23505', qr/exists already/, 'even if it is the same');
	$error = refused($session, q{INSERT INTO w.t (pk, sk, t) VALUES ('dup', '2', 'a'), ('dup', '2', 'b')}, '23505', qr/exists already/,
		'twice in one statement');
	is(said_written($error), scalar(grep { /^dup\|2$/ } keys %{ items_of($engine, 'Writes', 'dup') }), 'the detail counts what is written');
},

'G1: ON CONFLICT DO NOTHING' => sub {
	put_item($engine, 'Writes', 'conflict', '2', t => { S => 'first' });
	writes($session, q{INSERT INTO w.t (pk, sk, t) VALUES ('conflict', '1', 'a'), ('conflict', '2', 'a'), ('conflict', '3', 'a') ON CONFLICT DO NOTHING},
		2, 'counts the others');
	is_item($engine, 'Writes', 'conflict', '2', { t => { S => 'first' } }, 'the item stays');
	writes($session, q{INSERT INTO w.t (pk, sk, t) SELECT 'conflict', (i % 50)::text, i::text FROM generate_series(1, 200) i ON CONFLICT DO NOTHING},
		47, 'and those that come twice once');
	my $items = items_of($engine, 'Writes', 'conflict');
	is(scalar(keys %$items), 50, 'all are there');
	writes($session, q{INSERT INTO w.t (pk, sk) VALUES ('conflict', '1') ON CONFLICT DO NOTHING RETURNING sk}, 0, 'with RETURNING: no row');
	refused($session, q{INSERT INTO w.t (pk, sk) VALUES ('a', 'b') ON CONFLICT (pk, sk) DO NOTHING}, '42P10', qr/ON CONFLICT/, 'no target');
	refused($session, q{INSERT INTO w.t (pk, sk) VALUES ('a', 'b') ON CONFLICT (pk, sk) DO UPDATE SET t = 'x'}, '42P10', qr/ON CONFLICT/, 'no DO UPDATE');
},

'G1, G7: insert_mode upsert' => sub {
	foreign_table('upsert', insert_mode => 'upsert');
	put_item($engine, 'Writes', 'upsert', '01', t => { S => 'first' }, other => { S => 'gone' });
	start_over($proxy);
	writes($session, q{INSERT INTO w.upsert (pk, sk, n) SELECT 'upsert', to_char(i, 'FM00'), i FROM generate_series(1, 60) i}, 60, 'all rows');
	is($proxy->asked, 'BatchWriteItem 3', '25 in a request');
	is_item($engine, 'Writes', 'upsert', '01', { n => { N => '1' } }, 'what was there is replaced');
	is(scalar(keys %{ items_of($engine, 'Writes', 'upsert') }), 60, 'each is there');
	writes($session, q{INSERT INTO w.upsert (pk, sk, n) SELECT 'upsert', '99', i FROM generate_series(1, 30) i}, 30, 'one key 30 times');
	is_item($engine, 'Writes', 'upsert', '99', { n => { N => '30' } }, 'the last is what remains');
	writes($session, q{INSERT INTO w.upsert (pk, sk, n) SELECT 'upsert', (i % 7)::text, i FROM generate_series(1, 100) i}, 100, 'seven keys in turn');
	is_item($engine, 'Writes', 'upsert', $_ % 7, { n => { N => $_ } }, "the last of key " . $_ % 7) foreach 94 .. 100;
},

'G7: one statement, many requests together' => sub {
	start_over($proxy);
	fault($proxy, { delay_ms => 20 }, operation => 'PutItem');
	writes($session, q{INSERT INTO w.t (pk, sk, n) SELECT 'many', i::text, i FROM generate_series(1, 300) i}, 300, 'all rows');
	my $counts = $proxy->counts;
	is($counts->{PutItem}, 300, 'a request for each');
	cmp_ok($counts->{max_in_flight}, '>', 4, 'several under way together');
	cmp_ok($counts->{max_in_flight}, '<=', 8, 'not more than max_concurrency');
	$proxy->clear;
	is(scalar(keys %{ items_of($engine, 'Writes', 'many') }), 300, 'G10: all are there when the statement ends');
	my $copied = join '', map { "copy\t$_\t$_\n" } 1 .. 100;
	my ($rows, undef, $error) = rows_and_errors($session, "\\copy w.t (pk, sk, n) FROM '" . scratch_file($copied) . "'");
	is($error, '', 'COPY');
	is(scalar(keys %{ items_of($engine, 'Writes', 'copy') }), 100, 'COPY: all are there');
},

'G7: an error in row k' => sub {
	put_item($engine, 'Writes', 'row k', '40', t => { S => 'first' });
	my $error = refused($session, q{INSERT INTO w.t (pk, sk, n) SELECT 'row k', i::text, i FROM generate_series(1, 60) i}, '23505',
		exists_already('row k', '40'), 'a duplicate');
	is(said_written($error), keys(%{ items_of($engine, 'Writes', 'row k') }) - 1, 'the detail counts what is written');
	$error = refused($session, q{INSERT INTO w.t (pk, sk, n) SELECT 'row l', i::text, 1 / (i - 40) FROM generate_series(1, 60) i}, '22012',
		qr/division by zero/, 'an error of the rows');
	# whatever was sent before the error counts; none of it may be unknown
	my $items = items_of($engine, 'Writes', 'row l');
	cmp_ok(scalar(keys %$items), '<=', 39, 'no row behind it is written');
},

'G11: INSERT of what it reads itself' => sub {
	writes($session, q{INSERT INTO w.t (pk, sk, n) SELECT 'halloween', to_char(i, 'FM000'), i FROM generate_series(1, 60) i}, 60, 'rows');
	start_over($proxy);
	fault($proxy, { page_limit => 7 }, operation => [ 'Query', 'Scan' ]);
	with_timeout($session, '20s', sub {
		# the new keys are behind those that are still to be read
		writes($session, q{INSERT INTO w.t (pk, sk, n) SELECT pk, 'z' || sk, n FROM w.t WHERE pk = 'halloween'}, 60, 'into the way of the scan');
		writes($session, q{INSERT INTO w.t (pk, sk, n) SELECT pk, sk || 'y', n FROM w.t WHERE pk = 'halloween'}, 120, 'and once more');
	});
	is(scalar(keys %{ items_of($engine, 'Writes', 'halloween') }), 240, 'each was read once');
	ok(!(grep { !$_->{ConsistentRead} } requests_of($proxy, 'Query', 'Scan')), 'by strong reads');
	$proxy->clear;
});

# ---- UPDATE and DELETE ---------------------------------------------------------------

# Everything that an attribute can be; no column knows of it.
my %odd = (
	digits => { N => '12345678901234567890.123456789012345678' }, negative => { N => '-' . '9' x 38 },
	tiny => { N => '0.' . '0' x 80 . '1' }, strings => { SS => [ 'a', 'b', '' eq '' ? 'c' : () ] },
	numbers => { NS => [ '-1.5', '3', '12345678901234567890.123456789012345678' ] }, binaries => { BS => [ 'AA==', '//4=' ] },
	nested => { M => { b => { L => [ { B => 'AAEC' }, { NULL => \1 }, { M => { '$SS' => { S => 'x' } } } ] }, 'a.b' => { N => '1' } } },
	empty => { S => '' }, 'dotted.name' => { BOOL => \1 }, status => { S => 'reserved' });

my %updating = (
'G3: what is not named stays as it is' => sub {
	foreach my $how ('', ' RETURNING sk')
	{
		put_item($engine, 'Writes', 'untouched', '1', n => { N => '1' }, t => { S => 'x' }, j => { M => { s => { SS => ['a'] } } }, %odd);
		start_over($proxy);
		writes($session, qq{UPDATE w.t SET n = 2, t = NULL, b = true WHERE pk = 'untouched' AND sk = '1'$how}, 1, "one row$how");
		is_item($engine, 'Writes', 'untouched', '1', { n => { N => '2' }, b => { BOOL => \1 }, j => { M => { s => { SS => ['a'] } } }, %odd }, 'the rest is the same');
		my ($body) = requests_of($proxy, 'UpdateItem');
		is(scalar(keys %{ $body->{ExpressionAttributeValues} }), 2, 'two values are sent');
		like($body->{UpdateExpression}, qr/\bREMOVE\b/, 'and one attribute is removed');
	}
	writes($session, q{UPDATE w.t SET j = j WHERE pk = 'untouched'}, 1, 'a value that is set to itself');
	is_item($engine, 'Writes', 'untouched', '1', { n => { N => '2' }, b => { BOOL => \1 }, j => { M => { s => { SS => ['a'] } } }, %odd }, 'is a set still');
	writes($session, q{UPDATE w.t SET n = n + 1, d = n / 4, i = NULL WHERE pk = 'untouched'}, 1, 'values made of others');
	is_item($engine, 'Writes', 'untouched', '1', { n => { N => '3' }, d => { N => '0.5' }, b => { BOOL => \1 }, j => { M => { s => { SS => ['a'] } } }, %odd }, 'are those');
},

'G3: members of maps' => sub {
	foreign_table('nested', columns => q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), x integer OPTIONS (attribute 'm.x'), y text OPTIONS (attribute 'm.y')});
	put_item($engine, 'Writes', 'maps', '1', m => { M => { x => { N => '1' }, z => { NS => ['1'] } } });
	put_item($engine, 'Writes', 'maps', '2', t => { S => 'no map' });
	writes($session, q{UPDATE w.nested SET x = 5 WHERE pk = 'maps' AND sk = '1'}, 1, 'a member');
	is_item($engine, 'Writes', 'maps', '1', { m => { M => { x => { N => '5' }, z => { NS => ['1'] } } } }, 'the others stay');
	writes($session, q{UPDATE w.nested SET x = 5 WHERE pk = 'maps' AND sk = '2'}, 1, 'Q55: of a map that is not there');
	is_item($engine, 'Writes', 'maps', '2', { t => { S => 'no map' }, m => { M => { x => { N => '5' } } } }, 'makes it');
	# the map is made by another one while the request waits to be sent again
	put_item($engine, 'Writes', 'maps', '4', t => { S => 'no map' });
	start_over($proxy);
	fault($proxy, { throttle => { retry_after => 1000 } }, times => 1, operation => 'UpdateItem');
	begin_statement($session, q{UPDATE w.nested SET x = 5 WHERE pk = 'maps' AND sk = '4'});
	wait_until(sub { $proxy->fault_state->[0]{used} == 1 && $proxy->counts->{in_flight} == 0 }, 'the request was refused');
	put_item($engine, 'Writes', 'maps', '4', m => { M => { y => { S => 'kept' } } });
	my ($rows, undef, $error) = end_statement($session);
	my $both = { m => { M => { y => { S => 'kept' }, $error eq '' && $rows ? (x => { N => '5' }) : () } } };
	is_item($engine, 'Writes', 'maps', '4', $both, 'and loses nothing of one that is made meanwhile') or diag("$rows rows, $error");
	writes($session, q{INSERT INTO w.nested VALUES ('maps', '3', 7, 'y')}, 1, 'Q55: INSERT');
	is_item($engine, 'Writes', 'maps', '3', { m => { M => { x => { N => '7' }, y => { S => 'y' } } } }, 'makes the map');
},

'G4: keys stay' => sub {
	put_item($engine, 'Writes', 'key', '1', t => { S => 'x' });
	start_over($proxy);
	refused($session, q{UPDATE w.t SET sk = '2' WHERE pk = 'key'}, '0A000', qr/\bsk\b.*HINT/s, 'a sort key');
	refused($session, q{UPDATE w.t SET pk = 'other' WHERE pk = 'key' AND sk = '1'}, '0A000', qr/\bpk\b.*HINT/s, 'a partition key');
	is($proxy->asked, '', 'no request');
	is(keys_of('key'), '1', 'the item');
},

'G2: an item that is deleted while it is found' => sub {
	foreach my $case ([ 'UpdateItem', q{UPDATE w.t SET t = 'ghost' WHERE pk = 'ghost'} ],
		[ 'UpdateItem', q{UPDATE w.t SET t = 'ghost' WHERE pk = 'ghost' RETURNING sk} ],
		[ 'UpdateItem', q{UPDATE w.t SET t = 'ghost' FROM (VALUES ('1')) v (k) WHERE pk = 'ghost' AND sk = k} ],
		[ 'DeleteItem', q{DELETE FROM w.t WHERE pk = 'ghost' } ],
		[ 'DeleteItem', q{DELETE FROM w.t WHERE pk = 'ghost' RETURNING sk} ])
	{
		my ($operation, $sql) = @$case;

		put_item($engine, 'Writes', 'ghost', $_, t => { S => 'x' }) foreach qw(1 2);
		start_over($proxy);
		# the first request is refused, and sent again later: by then its item is gone
		fault($proxy, { throttle => { retry_after => 1000 } }, times => 1, operation => $operation, contains => '"1"');
		begin_statement($session, $sql);
		wait_until(sub { ($proxy->fault_state->[0]{used} // 0) == 1 && $proxy->counts->{in_flight} == 0 }, 'the request was refused');
		delete_item($engine, 'Writes', 'ghost', '1');
		my ($rows, undef, $error) = end_statement($session);
		is($error eq '' ? $rows : $error, $sql =~ /FROM \(/ ? 0 : 1, $sql);
		is(keys_of('ghost'), $sql =~ /^DELETE/ ? '' : '2', 'it stays deleted');
	}
},

'DELETE' => sub {
	writes($session, q{INSERT INTO w.t (pk, sk, n) SELECT 'delete', to_char(i, 'FM000'), i FROM generate_series(1, 100) i}, 100, 'rows');
	start_over($proxy);
	writes($session, q{DELETE FROM w.t WHERE pk = 'delete' AND sk = '001'}, 1, 'by key');
	writes($session, q{DELETE FROM w.t WHERE pk = 'delete' AND n BETWEEN 2 AND 50}, 49, 'by condition');
	writes($session, q{DELETE FROM w.t WHERE pk = 'delete' AND md5(sk) IS NULL}, 0, 'none');
	writes($session, q{DELETE FROM w.t USING generate_series(60, 70) v WHERE pk = 'delete' AND n = v}, 11, 'by a join');
	is(scalar(keys %{ items_of($engine, 'Writes', 'delete') }), 39, 'the others stay');
	is(scalar(requests_of($proxy, 'DeleteItem')), 61, 'a request for each');
	ok(!(grep { ($_->{ConditionExpression} // '') !~ /^attribute_exists/ } requests_of($proxy, 'DeleteItem')), 'with a condition');
	my ($rows, $output) = rows_and_errors($session, q{DELETE FROM w.t WHERE pk = 'delete' AND n > 97 RETURNING sk, n, t});
	is(join(' ', sort split /\n/, $output), '098|98| 099|99| 100|100|', 'RETURNING');
	like((outcome($session, q{EXPLAIN (VERBOSE, COSTS OFF) DELETE FROM w.t WHERE pk = 'delete'}))[0], qr/DynamoDB Write: DeleteItem/, 'EXPLAIN');
},

'DELETE: a notice, once a session' => sub {
	my $fresh = session($node);
	my $notice = qr/^\S+ NOTICE:  00000: what is deleted from foreign table "t" cannot be brought back by ROLLBACK\n\S*LOCATION.*\n?$/;

	put_item($engine, 'Writes', 'notice', $_) foreach qw(1 2 3);
	is((outcome($fresh, q{EXPLAIN DELETE FROM w.t}))[1], '', 'not for EXPLAIN');
	like((outcome($fresh, q{DELETE FROM w.t WHERE pk = 'notice' AND sk = '1'}))[1], $notice, 'the first time');
	is((outcome($fresh, qq{DELETE FROM w.t WHERE pk = 'notice' AND sk $_}))[1], '', 'not again') foreach q{= '2'}, q{= '3' RETURNING 1};
	$fresh->quit;
},

'UPDATE in one go and row by row' => sub {
	writes($session, q{INSERT INTO w.t (pk, sk, n, t) SELECT 'update', to_char(i, 'FM000'), i, 'x' FROM generate_series(1, 100) i}, 100, 'rows');
	start_over($proxy);
	fault($proxy, { delay_ms => 20 }, operation => 'UpdateItem');
	writes($session, q{UPDATE w.t SET n = 0 WHERE pk = 'update' AND n > 10}, 90, 'by condition');
	cmp_ok($proxy->counts->{max_in_flight}, '>', 4, 'several under way together');
	start_over($proxy);
	writes($session, q{UPDATE w.t SET n = v FROM (VALUES ('011', 5), ('012', 6), ('no', 7)) w (k, v) WHERE pk = 'update' AND sk = k}, 2, 'by a join');
	is_item($engine, 'Writes', 'update', '012', { n => { N => '6' }, t => { S => 'x' } }, 'the right one');
	my ($rows, $output) = rows_and_errors($session, q{UPDATE w.t SET t = sk || n WHERE pk = 'update' AND n BETWEEN 1 AND 2 RETURNING sk, n, t});
	is(join(' ', sort split /\n/, $output), '001|1|0011 002|2|0022', 'RETURNING');
	like((outcome($session, q{EXPLAIN (VERBOSE, COSTS OFF) UPDATE w.t SET n = 1 WHERE pk = 'update'}))[0], qr/DynamoDB Write: UpdateItem/, 'EXPLAIN');
	like((outcome($session, q{EXPLAIN (VERBOSE, COSTS OFF) INSERT INTO w.t (pk, sk) VALUES ('a', 'b')}))[0], qr/DynamoDB Write: PutItem/, 'EXPLAIN of INSERT');
	like((outcome($session, q{EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) INSERT INTO w.t (pk, sk) SELECT 'explained', i::text FROM generate_series(1, 5) i}))[0],
		qr/Requests: 5\b/, 'ANALYZE counts requests');
},

'G11: rows that are found twice' => sub {
	writes($session, q{INSERT INTO w.t (pk, sk, n) VALUES ('twice', '1', 1), ('twice', '2', 2)}, 2, 'rows');
	start_over($proxy);
	writes($session, q{UPDATE w.t SET n = n + v FROM (VALUES ('1', 10), ('1', 10), ('2', 10)) w (k, v) WHERE pk = 'twice' AND sk = k}, 2, 'by a join');
	is_item($engine, 'Writes', 'twice', '1', { n => { N => '11' } }, 'are written once');
	is($proxy->counts->{UpdateItem}, 2, 'by one request each');
	writes($session, q{DELETE FROM w.t USING (VALUES ('1'), ('1'), ('2')) w (k) WHERE pk = 'twice' AND sk = k}, 2, 'and deleted once');
});

# ---- what PostgreSQL does around it --------------------------------------------------

my %surroundings = (
'G8: RETURNING' => sub {
	is(writes($session, q{INSERT INTO w.t (pk, sk, n) VALUES ('ret', '1', 1.50), ('ret', '2', 2) RETURNING sk, n, t, tableoid::regclass}, 2, 'INSERT'),
		"1|1.50||w.t\n2|2||w.t", 'its rows');
	put_item($engine, 'Writes', 'ret', '3', n => { N => '3' }, t => { S => 'of the item' }, x => { S => 'y' });
	is(writes($session, q{UPDATE w.t SET n = 4 WHERE pk = 'ret' AND sk = '3' RETURNING *}, 1, 'UPDATE'), 'ret|3|4||of the item||||||', 'all of the new row');
	is(writes($session, q{WITH d AS (DELETE FROM w.t WHERE pk = 'ret' RETURNING sk, t) SELECT string_agg(sk || coalesce(t, '-'), ' ' ORDER BY sk) FROM d}, 1, 'DELETE'),
		'1- 2- 3of the item', 'all of the old rows');
	is(keys_of('ret'), '', 'gone');
},

'G8: triggers' => sub {
	outcome_of_script($session, q{
		CREATE TABLE w.log (what text, old text, new text);
		CREATE FUNCTION w.before() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF NEW.t = 'skip' THEN RETURN NULL; END IF;
			NEW.i := coalesce(NEW.i, 0) + 100; RETURN NEW; END $$;
		CREATE FUNCTION w.after() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			INSERT INTO w.log VALUES (TG_OP, OLD.t || OLD.i, NEW.t || NEW.i); RETURN NULL; END $$;
		CREATE FUNCTION w.statement() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			INSERT INTO w.log VALUES (TG_OP || ' statement'); RETURN NULL; END $$;});
	foreign_table('triggered');
	outcome_of_script($session, q{
		CREATE TRIGGER a BEFORE INSERT OR UPDATE ON w.triggered FOR EACH ROW EXECUTE FUNCTION w.before();
		CREATE TRIGGER b AFTER INSERT OR UPDATE OR DELETE ON w.triggered FOR EACH ROW EXECUTE FUNCTION w.after();
		CREATE TRIGGER c AFTER INSERT ON w.triggered FOR EACH STATEMENT EXECUTE FUNCTION w.statement();});
	writes($session, q{INSERT INTO w.triggered (pk, sk, t) VALUES ('trig', '1', 'a'), ('trig', '2', 'skip'), ('trig', '3', 'b')}, 2, 'INSERT');
	is_item($engine, 'Writes', 'trig', '1', { t => { S => 'a' }, i => { N => '100' } }, 'BEFORE changes what is written');
	is(keys_of('trig'), '1 3', 'and what is not');
	writes($session, q{UPDATE w.triggered SET t = 'c' WHERE pk = 'trig' AND sk = '3'}, 1, 'UPDATE');
	is_item($engine, 'Writes', 'trig', '3', { t => { S => 'c' }, i => { N => '200' } }, 'BEFORE changes a column that the statement does not name');
	writes($session, q{DELETE FROM w.triggered WHERE pk = 'trig' AND sk = '1'}, 1, 'DELETE');
	gives($session, q{SELECT * FROM w.log}, "INSERT||a100\nINSERT||b100\nINSERT statement||\nUPDATE|b100|c200\nDELETE|a100|", 'AFTER sees old and new rows');
},

'G8: WITH CHECK OPTION' => sub {
	outcome($session, q{CREATE VIEW w.small AS SELECT * FROM w.t WHERE n < 10 AND pk = 'wco' WITH CHECK OPTION});
	writes($session, q{INSERT INTO w.small (pk, sk, n) VALUES ('wco', '1', 5)}, 1, 'what agrees');
	refused($session, q{INSERT INTO w.small (pk, sk, n) VALUES ('wco', '2', 50)}, '44000', qr/check option/, 'what does not');
	is(keys_of('wco'), '1', 'is not written');
	my $error = refused($session, q{INSERT INTO w.small (pk, sk, n) VALUES ('wco', '3', 5), ('wco', '4', 50), ('wco', '5', 5)}, '44000', qr/check option/, 'among others');
	is(keys_of('wco'), '1 3', 'those before it are written');
	refused($session, q{UPDATE w.small SET n = 50 WHERE pk = 'wco' AND sk = '1'}, '44000', qr/check option/, 'UPDATE');
	is_item($engine, 'Writes', 'wco', '1', { n => { N => '5' } }, 'changes nothing');
	writes($session, q{UPDATE w.small SET n = 6 WHERE pk = 'wco' AND sk = '1'}, 1, 'UPDATE that agrees');
	writes($session, q{DELETE FROM w.small WHERE sk = '1'}, 1, 'DELETE');
},

'G8: generated columns' => sub {
	foreign_table('generated', columns => q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), n numeric,
		double numeric GENERATED ALWAYS AS (n * 2) STORED, t text DEFAULT 'as given'});
	writes($session, q{INSERT INTO w.generated (pk, sk, n) VALUES ('gen', '1', 4), ('gen', '2', 5)}, 2, 'INSERT');
	is_item($engine, 'Writes', 'gen', '1', { n => { N => '4' }, double => { N => '8' }, t => { S => 'as given' } }, 'what is generated is written, and a default');
	writes($session, q{UPDATE w.generated SET n = 7 WHERE pk = 'gen' AND sk = '1'}, 1, 'UPDATE');
	is_item($engine, 'Writes', 'gen', '1', { n => { N => '7' }, double => { N => '14' }, t => { S => 'as given' } }, 'and is made anew');
},

'G8: a foreign partition' => sub {
	foreign_table('far', columns => q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), n numeric});
	outcome_of_script($session, q{
		CREATE TABLE w.parted (pk text, sk text, n numeric) PARTITION BY LIST (pk);
		CREATE TABLE w.near PARTITION OF w.parted FOR VALUES IN ('near');
		ALTER TABLE w.parted ATTACH PARTITION w.far FOR VALUES IN ('far');});
	writes($session, q{INSERT INTO w.parted VALUES ('far', '1', 1), ('near', '1', 2), ('far', '2', 3), ('near', '2', 4)}, 4, 'INSERT');
	is(partition('far'), qq({"n":{"N":"1"},"pk":{"S":"far"},"sk":{"S":"1"}}\n{"n":{"N":"3"},"pk":{"S":"far"},"sk":{"S":"2"}}), 'goes where it belongs');
	my (undef, undef, $error) = rows_and_errors($session, '\\copy w.parted FROM ' . "'" . scratch_file("far\t3\t5\nnear\t3\t6\nfar\t4\t7\n") . "'");
	is($error, '', 'COPY');
	is(keys_of('far'), '1 2 3 4', 'as well');
	writes($session, q{INSERT INTO w.parted VALUES ('far', '4', 1), ('far', '5', 1) ON CONFLICT DO NOTHING}, 1, 'ON CONFLICT DO NOTHING');
	writes($session, q{UPDATE w.parted SET n = n + 10 WHERE pk = 'far' AND n BETWEEN 2 AND 6}, 2, 'UPDATE');
	writes($session, q{UPDATE w.parted SET pk = 'far', sk = '9' WHERE pk = 'near' AND sk = '1'}, 1, 'UPDATE that moves a row there');
	is_item($engine, 'Writes', 'far', '9', { n => { N => '2' } }, 'the moved row');
	gives($session, q{SELECT count(*) FROM w.near}, 2, 'and its old place');
	refused($session, q{UPDATE w.parted SET pk = 'near' WHERE pk = 'far' AND sk = '9'}, '\w{5}', qr/ERROR/, 'not away from there');
	is_item($engine, 'Writes', 'far', '9', { n => { N => '2' } }, 'it stays');
	writes($session, q{DELETE FROM w.parted WHERE pk IN ('far', 'near') AND n > 0}, 8, 'DELETE');
	is(keys_of('far'), '', 'both are empty');
},

'G8, G13: what is refused' => sub {
	put_item($engine, 'Writes', 'refused', '1');
	refused_unasked(q{TRUNCATE w.t}, '\w{5}', qr/truncate/i, 'TRUNCATE');
	refused_unasked(q{MERGE INTO w.t USING (VALUES (1)) v (x) ON false WHEN NOT MATCHED THEN INSERT (pk, sk) VALUES ('m', 'n')}, '\w{5}', qr/MERGE|syntax/i, 'MERGE');
	refused_unasked(q{START TRANSACTION READ ONLY; INSERT INTO w.t (pk, sk) VALUES ('refused', '2')}, '25006', qr/read-only transaction/, 'I5: INSERT in a READ ONLY transaction');
	outcome($session, 'ROLLBACK');
	is(keys_of('refused'), '1', 'nothing was written');
},

'G13: updatable' => sub {
	my $updatable = q{SELECT string_agg(table_name || ' ' || is_insertable_into, ', ' ORDER BY table_name) FROM information_schema.tables
		WHERE table_schema = 'w' AND table_name IN ('by_server', 'off', 'on')};
	my $hint = qr/HINT:  .*ALTER (?:SERVER|FOREIGN TABLE) \S+ OPTIONS \((?:ADD|SET) updatable 'true'\)/s;

	put_item($engine, 'Writes', 'updatable', '1');
	foreign_table('by_server');
	foreign_table('off', updatable => 'false');
	foreign_table('on', updatable => 'true');
	gives($session, $updatable, 'by_server YES, off NO, on YES', 'the table wins over the server');
	gives($session, q{SELECT pg_relation_is_updatable('w.off', true), pg_relation_is_updatable('w.on', true)}, '0|28', 'pg_relation_is_updatable');
	refused_unasked(q{INSERT INTO w.off (pk, sk) VALUES ('updatable', '2')}, '55000', $hint, 'INSERT');
	refused_unasked(q{UPDATE w.off SET n = 1 WHERE pk = 'updatable'}, '55000', $hint, 'UPDATE');
	refused_unasked(q{DELETE FROM w.off WHERE pk = 'updatable'}, '55000', $hint, 'DELETE');
	refused_unasked('\copy w.off (pk, sk) FROM ' . "'" . scratch_file("updatable\t2\n") . "'", '55000', qr/does not allow inserts/, 'COPY');
	foreach my $option (q{SET updatable 'false'}, 'DROP updatable')
	{
		$node->safe_psql('postgres', "ALTER SERVER bench_server OPTIONS ($option)");
		gives($session, $updatable, 'by_server NO, off NO, on YES', "server: $option");
		refused_unasked(q{INSERT INTO w.by_server (pk, sk) VALUES ('updatable', '2')}, '55000', $hint, $option);
	}
	writes($session, q{UPDATE w.on SET n = 1 WHERE pk = 'updatable'}, 1, 'the table says so');
	$node->safe_psql('postgres', q{ALTER SERVER bench_server OPTIONS (ADD updatable 'true')});
	is(keys_of('updatable'), '1', 'nothing else was written');
});

# ---- G9: transactions ------------------------------------------------------------------

my $stays = sub { my ($n) = @_; return qr/WARNING:  01000: \D*\b$n items? written to DynamoDB stays? written/ };

my %transactions = (
'G9: ROLLBACK' => sub {
	outcome($session, 'BEGIN');
	writes($session, q{INSERT INTO w.t (pk, sk) VALUES ('rollback', '1'), ('rollback', '2')}, 2, 'INSERT');
	writes($session, q{DELETE FROM w.t WHERE pk = 'rollback' AND sk = '1'}, 1, 'DELETE');
	like((outcome($session, 'ROLLBACK'))[1], $stays->(3), 'a warning');
	is(keys_of('rollback'), '2', 'what is written stays');
	is((outcome($session, q{BEGIN; SELECT count(*) FROM w.t WHERE pk = 'rollback'; ROLLBACK}))[1], '', 'none after reading');
	is((outcome($session, q{BEGIN; DELETE FROM w.t WHERE pk = 'nobody'; ROLLBACK}))[1], '', 'none where nothing was written');
	is((outcome($session, q{BEGIN; INSERT INTO w.t (pk, sk) VALUES ('rollback', '3'); COMMIT}))[1], '', 'none after COMMIT');
	outcome($session, q{BEGIN; INSERT INTO w.t (pk, sk) VALUES ('rollback', '4')});
	like(join('', map { (outcome($session, $_))[1] } 'SELECT 1/0', 'COMMIT'), $stays->(1), 'an error');
},

'G9: savepoints' => sub {
	outcome_of_script($session, q{BEGIN; INSERT INTO w.t (pk, sk) VALUES ('savepoint', '1'); SAVEPOINT a;
		INSERT INTO w.t (pk, sk) VALUES ('savepoint', '2'), ('savepoint', '3'); SAVEPOINT b; INSERT INTO w.t (pk, sk) VALUES ('savepoint', '4'); RELEASE b;});
	like((outcome($session, 'ROLLBACK TO a'))[1], $stays->(3), 'ROLLBACK TO SAVEPOINT');
	is((outcome($session, 'ROLLBACK TO a'))[1], '', 'only once');
	is((outcome($session, 'COMMIT'))[1], '', 'not again at the end');
	is(keys_of('savepoint'), '1 2 3 4', 'what is written stays');
	my (undef, $error) = outcome_of_script($session, q{DO $$ BEGIN
		BEGIN INSERT INTO w.t (pk, sk) VALUES ('savepoint', '5'); PERFORM 1/0; EXCEPTION WHEN division_by_zero THEN NULL; END;
		BEGIN INSERT INTO w.t (pk, sk) VALUES ('savepoint', '6'); EXCEPTION WHEN division_by_zero THEN NULL; END; END $$;});
	like($error, $stays->(1), 'an exception block');
	unlike($error, qr/WARNING.*WARNING/s, 'but not one without an exception');
},

'G9: PREPARE TRANSACTION' => sub {
	is((outcome($session, q{BEGIN; SELECT count(*) FROM w.t WHERE pk = 'prepare'; PREPARE TRANSACTION 'reader'}))[1], '', 'after reading');
	outcome($session, q{ROLLBACK PREPARED 'reader'});
	outcome($session, q{BEGIN; INSERT INTO w.t (pk, sk) VALUES ('prepare', '1')});
	refused($session, q{PREPARE TRANSACTION 'writer'}, '0A000|55000|25\w{3}', qr/PREPARE|prepare/, 'not after writing');
	outcome($session, 'ROLLBACK');
	gives($session, 'SELECT count(*) FROM pg_prepared_xacts', 0, 'there is none');
},

'G9: writes forbid_in_xact_block' => sub {
	foreign_table('forbidden', writes => 'forbid_in_xact_block');
	writes($session, q{INSERT INTO w.forbidden (pk, sk) VALUES ('block', '1')}, 1, 'alone');
	outcome($session, 'BEGIN');
	start_over($proxy);
	refused($session, q{INSERT INTO w.forbidden (pk, sk) VALUES ('block', '2')}, '25001', qr/transaction block/, 'in a block');
	outcome($session, 'ROLLBACK');
	refused($session, q{DO $$ BEGIN DELETE FROM w.forbidden WHERE pk = 'block'; END $$}, '25001', qr/./, 'in a function') if 0;
	is($proxy->asked, '', 'no request');
	is(keys_of('block'), '1', 'nothing was written');
},

'F4: strong reads after own writes' => sub {
	my $read = sub { start_over($proxy); outcome($session, q{SELECT * FROM w.t WHERE pk = 'strong'}); return (requests_of($proxy, 'Query'))[0]{ConsistentRead} ? 'strong' : 'eventual' };

	outcome($session, 'BEGIN');
	is($read->(), 'eventual', 'before');
	writes($session, q{INSERT INTO w.t (pk, sk) VALUES ('strong', '1')}, 1, 'a write');
	is($read->(), 'strong', 'after it');
	outcome($session, 'COMMIT');
	is($read->(), 'eventual', 'in the next transaction');
});

# ---- G12: what cannot be an item -------------------------------------------------------

# An INSERT of one row with this value.
sub with_value { my ($column, $value) = @_; return "INSERT INTO w.t (pk, sk, $column) VALUES ('limits', '1', $value)" }

my @limits = (
	[ q{INSERT INTO w.t (pk, sk) VALUES (NULL, '1')}, '23502|2200\w|22\w{3}', qr/"pk"/, 'no partition key' ],
	[ q{INSERT INTO w.t (pk, sk) VALUES ('limits', NULL)}, '23502|22\w{3}', qr/"sk"/, 'no sort key' ],
	[ q{INSERT INTO w.t (pk, t) VALUES ('limits', 'x')}, '23502|22\w{3}', qr/"sk"/, 'a sort key that is not named' ],
	[ q{INSERT INTO w.t (pk, sk) VALUES ('', '1')}, '2\w{4}', qr/"pk"/, 'an empty partition key' ],
	[ q{INSERT INTO w.t (pk, sk) VALUES ('limits', '')}, '2\w{4}', qr/"sk"/, 'an empty sort key' ],
	[ q{INSERT INTO w.t (pk, sk) VALUES (repeat('é', 1024) || 'x', '1')}, '[25]\w{4}', qr/"pk".*2048/s, 'a partition key of 2049 bytes' ],
	[ q{INSERT INTO w.t (pk, sk) VALUES ('limits', repeat('x', 1025))}, '[25]\w{4}', qr/"sk".*1024/s, 'a sort key of 1025 bytes' ],
	[ with_value('n', q{'NaN'}), '22\w{3}', qr/"n"/, 'numeric NaN' ],
	[ with_value('n', q{'Infinity'}), '22\w{3}', qr/"n"/, 'numeric Infinity' ],
	[ with_value('d', q{'NaN'}), '22\w{3}', qr/"d"/, 'double precision NaN' ],
	[ with_value('d', q{'-Infinity'}), '22\w{3}', qr/"d"/, 'double precision -Infinity' ],
	[ with_value('d', q{1e200}), '22\w{3}', qr/"d"/, 'a double that is too large' ],
	[ with_value('n', '1' x 39), '22\w{3}|HV004', qr/"n".*38/s, '39 digits' ],
	[ with_value('n', q{'1e126'}), '22\w{3}|HV004', qr/"n"/, 'a number that is too large' ],
	[ with_value('n', q{'1e-131'}), '22\w{3}|HV004', qr/"n"/, 'a number that is too small' ],
	[ with_value('j', q('{"a": [) . '1' x 39 . q(]}')), '22\w{3}|HV004', qr/"j\b/, '39 digits in jsonb' ],
	[ with_value('j', q{(repeat('[', 40) || repeat(']', 40))::jsonb}), '[25]\w{4}', qr/"j\b/, 'jsonb that is nested too deeply' ],
	[ with_value('ts', q{'infinity'}), '22\w{3}', qr/"ts"/, 'a timestamp infinity' ],
	[ with_value('ts', q{'12000-01-01'}), '22\w{3}', qr/"ts"/, 'a year of five digits' ],
	[ with_value('ts', q{'0044-03-15 BC'}), '22\w{3}', qr/"ts"/, 'a year before Christ' ],
	[ with_value('t', q{repeat('x', 400 * 1024)}), '[25]\w{4}', qr/400 ?KB|409600/, 'an item of more than 400 KB' ]);

my %bounds = (
'G12: what cannot be an item' => sub {
	refused_unasked(@$_) foreach @limits;
	put_item($engine, 'Writes', 'limits', '2', n => { N => '1' });
	foreach my $case ([ q{n = 'NaN'}, '22\w{3}', qr/"n"/, 'NaN' ], [ q{n = n * '1e130'::numeric}, '22\w{3}|HV004', qr/"n"/, 'too large a number' ],
		[ q{d = 'Infinity'}, '22\w{3}', qr/"d"/, 'Infinity' ], [ q{t = repeat('x', 400 * 1024)}, '[25]\w{4}', qr/400 ?KB|409600/, 'too long a text' ])
	{
		my ($set, $sqlstate, $pattern, $name) = @$case;

		start_over($proxy);
		refused($session, qq{UPDATE w.t SET $set WHERE pk = 'limits'}, $sqlstate, $pattern, "UPDATE: $name");
		is($proxy->counts->{UpdateItem}, 0, 'no request that writes');
	}
	is(partition('limits'), '{"n":{"N":"1"},"pk":{"S":"limits"},"sk":{"S":"2"}}', 'nothing was written');
},

'G12: what just can be one' => sub {
	writes($session, q{INSERT INTO w.t (pk, sk, n, d) VALUES (repeat('é', 1024), repeat('x', 1024), -99999999999999999999999999999999999999, 1e100)}, 1, 'the longest keys');
	gives($session, q{SELECT count(*) FROM w.t WHERE pk = repeat('é', 1024)}, 1, 'are there');
	my $rest = 400 * 1024 - length('pklargestsk1t');
	writes($session, qq{INSERT INTO w.t (pk, sk, t) VALUES ('largest', '1', repeat('x', $rest))}, 1, 'the largest item');
	refused_unasked(qq{INSERT INTO w.t (pk, sk, t) VALUES ('largest', '2', repeat('x', $rest + 1))}, '[25]\w{4}', qr/400 ?KB|409600/, 'one byte more');
	writes($session, with_value('n', q{'9.9999999999999999999999999999999999999e125'}) =~ s/limits/largest/r =~ s/'1'/'3'/r, 1, 'the largest number');
	writes($session, with_value('n', q{'1e-130'}) =~ s/limits/largest/r =~ s/'1'/'4'/r, 1, 'the smallest number');
	writes($session, with_value('t', q{''}) =~ s/limits/largest/r =~ s/'1'/'5'/r, 1, 'an empty text');
	is_item($engine, 'Writes', 'largest', '5', { t => { S => '' } }, 'is one');
});

# ---- the benchmark's own tables --------------------------------------------------------

my $run = '11111111-2222-4333-8444-555555555555';
my $config = 'python3.13-arm64-cpu-intensive-512';
my $time = '2025-12-02 02:00:00+00';
my %dimensions = (timestamp => { N => '1764640800000' }, runtime => { S => 'python3.13' }, architecture => { S => 'arm64' }, workloadType => { S => 'cpu-intensive' }, memorySizeMB => { N => '512' });

sub is_bench_item
{
	my ($pk, $sk, $expected, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	is_item($engine, 'BenchWrites', $pk, $sk, $expected, $name);
}

my %entities = (
'results' => sub {
	writes($session, qq{INSERT INTO bench.results (test_run_id, config_id, invocation_type, invocation_number, timestamp, duration_ms, success)
		VALUES ('$run', '$config', 'warm', 1, '$time', 12.5, true)}, 1, 'INSERT');
	is_bench_item("$run#$config", 'warm#1', { itemType => { S => 'result' }, testRunId => { S => $run }, configId => { S => $config },
		invocationType => { S => 'warm' }, invocationNumber => { N => '1' }, durationMs => { N => '12.5' }, success => { BOOL => \1 }, %dimensions },
		'keys, type and dimensions are derived');
	refused($session, qq{INSERT INTO bench.results (test_run_id, config_id, invocation_type, invocation_number, timestamp) VALUES ('$run', '$config', 'warm', 1, '$time')}, '23505',
		exists_already("$run#$config", 'warm#1'), 'twice');
	start_over($proxy);
	refused($session, qq{INSERT INTO bench.results (test_run_id, config_id, invocation_type, invocation_number) VALUES ('$run', '$config', 'lukewarm', 1)}, '2\w{4}',
		qr/invocation_?type/i, 'a start type that there is not');
	refused($session, qq{INSERT INTO bench.results (test_run_id, config_id, invocation_type) VALUES ('$run', '$config', 'warm')}, '2\w{4}',
		qr/invocation_number/, 'without a number');
	refused($session, qq{INSERT INTO bench.results (test_run_id, config_id, invocation_type, invocation_number, timestamp, memory_size_mb) VALUES ('$run', '$config', 'warm', 2, '$time', 1024)},
		'2\w{4}', qr/memory_?size_?mb/i, 'a dimension that is not that of the configuration');
	refused($session, qq{INSERT INTO bench.results (test_run_id, config_id, invocation_type, invocation_number) VALUES ('$run', '$config', 'warm', 3)},
		'23502', qr/"timestamp"/, 'without what an index needs that is complete');
	refused($session, qq{INSERT INTO bench.results (test_run_id, config_id, invocation_type, invocation_number, timestamp) VALUES ('TESTRUN#1', '$config', 'warm', 2, '$time')},
		'2\w{4}', qr/./, 'keys that would be those of another entity');
	is($proxy->asked, '', 'no request');
	refused($session, qq{UPDATE bench.results SET invocation_number = 2 WHERE test_run_id = '$run'}, '0A000', qr/invocation_number/, 'G4: a column of a key');
	writes($session, qq{UPDATE bench.results SET duration_ms = NULL, success = false WHERE test_run_id = '$run' AND config_id = '$config' AND invocation_type = 'warm'}, 1, 'UPDATE');
	is_bench_item("$run#$config", 'warm#1', { itemType => { S => 'result' }, testRunId => { S => $run }, configId => { S => $config },
		invocationType => { S => 'warm' }, invocationNumber => { N => '1' }, success => { BOOL => \0 }, %dimensions }, 'the new item');
	writes($session, qq{DELETE FROM bench.results WHERE test_run_id = '$run' AND config_id = '$config'}, 1, 'DELETE');
	is_bench_item("$run#$config", 'warm#1', undef, 'gone');
},

'aggregates' => sub {
	my %keys = (itemType => { S => 'aggregate' }, testRunId => { S => $run }, configId => { S => $config }, invocationType => { S => 'cold' });

	writes($session, qq{INSERT INTO bench.aggregates (test_run_id, config_id, invocation_type, sample_count, duration_ms_mean, duration_ms_p99, timestamp)
		VALUES ('$run', '$config', 'cold', 3, 1.5, 2.5, '$time')}, 1, 'INSERT');
	is_bench_item("TESTRUN#$run", "AGGREGATE#$config#cold", { %keys, sampleCount => { N => '3' },
		durationMsStats => { M => { mean => { N => '1.5' }, p99 => { N => '2.5' } } }, %dimensions }, 'with the map of its statistics');
	writes($session, qq{UPDATE bench.aggregates SET duration_ms_p99 = 9, duration_ms_mean = NULL WHERE test_run_id = '$run'}, 1, 'UPDATE of members');
	is_bench_item("TESTRUN#$run", "AGGREGATE#$config#cold", { %keys, sampleCount => { N => '3' },
		durationMsStats => { M => { p99 => { N => '9' } } }, %dimensions }, 'the new item');
	writes($session, qq{DELETE FROM bench.aggregates WHERE test_run_id = '$run'}, 1, 'DELETE');
},

'test_runs' => sub {
	my $insert = "INSERT INTO bench.test_runs (test_run_id, timestamp, status, mode) VALUES ('$run', '$time', '%s', '%s')";
	my %keys = (itemType => { S => 'test-run' }, testRunId => { S => $run }, timestamp => { N => '1764640800000' });

	refused($session, sprintf($insert, 'paused', 'test'), '2\w{4}', qr/status.*paused|paused.*status/s, 'a status that there is not');
	refused($session, sprintf($insert, 'completed', 'turbo'), '2\w{4}', qr/mode.*turbo|turbo.*mode/s, 'a mode that there is not');
	writes($session, sprintf($insert, 'in_progress', 'production'), 1, 'INSERT');
	is_bench_item("TESTRUN#$run", "TESTRUN#$run", { %keys, status => { S => 'in_progress' }, mode => { S => 'production' } }, 'the item');
	refused($session, qq{UPDATE bench.test_runs SET status = 'paused' WHERE test_run_id = '$run'}, '2\w{4}', qr/paused/, 'UPDATE to one that there is not');
	$node->safe_psql('postgres', q{ALTER FOREIGN TABLE bench.test_runs OPTIONS (ADD status_values 'paused,stopped', ADD mode_values 'turbo')});
	writes($session, qq{UPDATE bench.test_runs SET status = 'paused', mode = 'turbo', notes = 'x' WHERE test_run_id = '$run'}, 1, 'words that an option adds');
	writes($session, qq{UPDATE bench.test_runs SET status = 'completed' WHERE test_run_id = '$run'}, 1, 'and those that are known');
	is_bench_item("TESTRUN#$run", "TESTRUN#$run", { %keys, status => { S => 'completed' }, mode => { S => 'turbo' }, notes => { S => 'x' } }, 'the item');
	$node->safe_psql('postgres', 'ALTER FOREIGN TABLE bench.test_runs OPTIONS (DROP status_values, DROP mode_values)');
	writes($session, qq{DELETE FROM bench.test_runs WHERE test_run_id = '$run'}, 1, 'DELETE');
},

'whole items' => sub {
	writes($session, q{INSERT INTO bench.items (item) VALUES ('{"pk": "any", "sk": "thing", "n": 1.50, "s": {"$SS": ["b", "a"]}, "bin": {"$B": "AAE="}}')}, 1, 'INSERT INTO items');
	is_bench_item('any', 'thing', { n => { N => '1.5' }, s => { SS => [ 'a', 'b' ] }, bin => { B => 'AAE=' } }, 'the item, and nothing else');
	refused($session, q{INSERT INTO bench.items (pk, sk, item) VALUES ('other', 'thing', '{"pk": "any", "sk": "thing"}')}, '2\w{4}', qr/pk/, 'a column that differs');
	writes($session, q{INSERT INTO bench.items (pk, sk, item) VALUES ('any', 'thing 2', '{"pk": "any", "sk": "thing 2", "x": null}')}, 1, 'columns that agree');
	is_bench_item('any', 'thing 2', { x => { NULL => \1 } }, 'the item');
	my $item = qq{{"pk": "TESTRUN#$run", "sk": "AGGREGATE#$config#warm", "testRunId": "$run", "configId": "$config", "timestamp": 5, "x": {"y": [1]}}};
	writes($session, qq{INSERT INTO bench.aggregates (attributes) VALUES ('$item')}, 1, 'INSERT of attributes');
	is_bench_item("TESTRUN#$run", "AGGREGATE#$config#warm", { testRunId => { S => $run }, configId => { S => $config }, timestamp => { N => '5' }, x => { M => { y => { L => [ { N => '1' } ] } } } }, 'nothing is derived');
	refused($session, qq{INSERT INTO bench.aggregates (test_run_id, config_id, invocation_type, sample_count, timestamp, attributes) VALUES ('$run', '$config', 'cold', 1, '$time',
		'{"pk": "TESTRUN#$run", "sk": "AGGREGATE#$config#cold", "sampleCount": 2}')}, '2\w{4}', qr/sample_?count/i, 'a column that differs from attributes');
	writes($session, q{DELETE FROM bench.items WHERE pk = 'any'}, 2, 'DELETE');
	writes($session, q{DELETE FROM bench.items}, 1, 'DELETE of everything');
});

# ---- batch_mode transact ---------------------------------------------------------------

my %transact = (
'batch_mode transact' => sub {
	foreign_table('transact', batch_mode => 'transact', batch_size => 10);
	start_over($proxy);
	writes($session, q{INSERT INTO w.transact (pk, sk, n) SELECT 'lots', to_char(i, 'FM000'), i FROM generate_series(1, 95) i}, 95, 'all rows');
	is($proxy->asked, 'TransactWriteItems 10', 'ten in a request');
	my @tokens = map { $_->{ClientRequestToken} } requests_of($proxy, 'TransactWriteItems');
	is(scalar(keys %{ { map { ($_ => 1) } @tokens } }), 10, 'each with a token of its own');
	is(scalar(keys %{ items_of($engine, 'Writes', 'lots') }), 95, 'all are there');
	put_item($engine, 'Writes', 'whole', '07', t => { S => 'first' });
	my $error = refused($session, q{INSERT INTO w.transact (pk, sk, n) SELECT 'whole', to_char(i, 'FM00'), i FROM generate_series(1, 10) i}, '23505',
		exists_already('whole', '07'), 'a duplicate');
	is(keys_of('whole'), '07', 'none of its lot is written');
	is(said_written($error), 0, 'the detail says so');
	writes($session, q{INSERT INTO w.transact (pk, sk) VALUES ('whole', '01'), ('whole', '07'), ('whole', '02') ON CONFLICT DO NOTHING}, 2, 'ON CONFLICT DO NOTHING');
	is(keys_of('whole'), '01 02 07', 'all but the one');
	refused($session, q{INSERT INTO w.transact (pk, sk) VALUES ('whole', '03'), ('whole', '03')}, '23505', qr/exists already/, 'twice in one lot');
	$error = refused($session, q{INSERT INTO w.transact (pk, sk, t) SELECT 'heavy', i::text, repeat('x', 390 * 1024) FROM generate_series(1, 25) i UNION ALL SELECT 'whole', '07', 'x'}, '23505',
		qr/exists already/, 'a lot that would be larger than 4 MB');
	is(said_written($error), scalar(keys %{ items_of($engine, 'Writes', 'heavy') }), 'the detail counts what is written');
});

# Notices have a test of their own.
sub new_sessions { $session = session($node, q{SET timezone = 'UTC'}, 'SET client_min_messages = warning') }

# A crash of the backend fails its test, not those behind it.
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

# ---- all of it on each engine ----------------------------------------------------------

foreach my $part (@stages)
{
	my @parts = (\%inserting, \%updating, \%surroundings, \%transactions, \%bounds, \%entities, $part =~ /^dynalite/ ? () : \%transact);

	$stage = $part;
	$engine = engine($stage);
	$proxy = BenchTest::Proxy->start(target => bench_engine($stage));
	bench_server($node, $proxy->url, server => { updatable => 'true', max_attempts => 4, request_timeout => '10s' });
	bench_import($node);
	bench_table($stage, 'Writes', keys => [ pk => 'S', sk => 'S' ]);
	table_like($stage, 'BenchmarkResults', 'BenchWrites');
	$node->safe_psql('postgres', q{SET client_min_messages = warning; DROP SCHEMA IF EXISTS w CASCADE; CREATE SCHEMA w});
	$node->safe_psql('postgres', "ALTER FOREIGN TABLE bench.$_ OPTIONS (SET table 'BenchWrites')") foreach qw(test_runs aggregates results items);
	foreign_table('t');
	new_sessions();
	start_over($proxy);

	foreach my $tests (@parts)
	{
		run_test($_, $tests->{$_}) foreach sort keys %$tests;
	}
	$session->quit;
	$proxy->clear;
	is(all_violations($proxy), '', "$stage: every request was in order");
	$proxy->stop;
}

done_testing();
