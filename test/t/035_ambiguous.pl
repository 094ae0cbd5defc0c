# Writing while the service fails: lost answers, throttling, parts left undone,
# cancelled statements and killed backends. Every row is written exactly once or
# not at all, the number of rows is right, and an error says what is not known.
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
use Time::HiRes qw(time);

use constant PROMPTLY => 1.0;

my $node = bench_cluster('main', 'restart_after_crash = on');
my ($stage, $engine, $proxy, $session, $admin);

my $columns = q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), n integer, t text};

sub foreign_table
{
	my ($name, %options) = @_;

	bench_foreign_table($node, "w.$name", 'Faulty', $columns, %options);
}

# The items of a partition: "sk n t, ..." in the order of sk.
sub content
{
	my ($pk) = @_;
	my $items = items_of($engine, 'Faulty', $pk);

	return join ', ', map { join ' ', $_->{sk}{S}, $_->{n}{N} // '-', $_->{t}{S} // '-' } map { $items->{$_} } sort keys %$items;
}

sub number_of { return scalar(keys %{ items_of($engine, 'Faulty', $_[0]) }) }

# ---- answers that are lost -----------------------------------------------------------

# What happens to an answer whose request was obeyed.
my %lost = (
	'connection closed' => { cut => 'before', apply => \1 },
	'connection reset' => { cut => 'before', apply => \1, rst => \1 },
	'connection closed behind the head' => { cut => 'head' },
	'connection reset in the body' => { cut => 1, rst => \1 },
	'status 500' => { status => 500, apply => \1 },
	'status 503' => { status => 503, apply => \1 },
	'an HTML page' => { status => 502, body => '<html>', crc => 'missing', apply => \1 },
	'an empty answer' => { body => '', apply => \1 },
	'a wrong checksum' => { crc => 'wrong' },
	'no answer' => { stall => 'before', apply => \1 });

# What happens to a request that is not obeyed.
my %refused = (
	'not obeyed: connection closed' => { cut => 'before' },
	'not obeyed: status 500' => { status => 500 },
	'not obeyed: throttled' => { throttle => { retry_after => 20 } });

# [what, operation, what is there before, statement with PK, rows, what is there after]
my @statements = (
	[ 'INSERT', 'PutItem', [], q{INSERT INTO w.t VALUES ('PK', '1', 5, 'x')}, 1, '1 5 x' ],
	[ 'INSERT of several', 'PutItem', [], q{INSERT INTO w.t SELECT 'PK', i::text, i, 'x' FROM generate_series(1, 3) i}, 3, '1 1 x, 2 2 x, 3 3 x' ],
	[ 'INSERT ON CONFLICT DO NOTHING', 'PutItem', ['2'], q{INSERT INTO w.t VALUES ('PK', '1', 5, 'x'), ('PK', '2', 6, 'x') ON CONFLICT DO NOTHING}, 1, '1 5 x, 2 1 old' ],
	[ 'INSERT RETURNING', 'PutItem', [], q{INSERT INTO w.t VALUES ('PK', '1', 5, 'x') RETURNING n}, 1, '1 5 x' ],
	[ 'UPDATE', 'UpdateItem', [ '1', '2' ], q{UPDATE w.t SET n = 5, t = NULL WHERE pk = 'PK'}, 2, '1 5 -, 2 5 -' ],
	[ 'UPDATE RETURNING', 'UpdateItem', [ '1', '2' ], q{UPDATE w.t SET n = n + 4 WHERE pk = 'PK' RETURNING sk}, 2, '1 5 old, 2 5 old' ],
	[ 'UPDATE by a join', 'UpdateItem', [ '1', '2' ], q{UPDATE w.t SET n = n + v FROM (VALUES ('1', 3)) w (k, v) WHERE pk = 'PK' AND sk = k}, 1, '1 4 old, 2 1 old' ],
	[ 'DELETE', 'DeleteItem', [ '1', '2' ], q{DELETE FROM w.t WHERE pk = 'PK'}, 2, '' ],
	[ 'DELETE RETURNING', 'DeleteItem', [ '1', '2' ], q{DELETE FROM w.t WHERE pk = 'PK' AND sk = '1' RETURNING n, t}, 1, '2 1 old' ],
	[ 'upsert', 'BatchWriteItem', ['1'], q{INSERT INTO w.upsert SELECT 'PK', i::text, i, 'x' FROM generate_series(1, 3) i}, 3, '1 1 x, 2 2 x, 3 3 x' ],
	[ 'transaction', 'TransactWriteItems', [], q{INSERT INTO w.transact SELECT 'PK', i::text, i, 'x' FROM generate_series(1, 3) i}, 3, '1 1 x, 2 2 x, 3 3 x' ],
	[ 'transaction ON CONFLICT DO NOTHING', 'TransactWriteItems', ['2'],
		q{INSERT INTO w.transact SELECT 'PK', i::text, i, 'x' FROM generate_series(1, 3) i ON CONFLICT DO NOTHING}, 2, '1 1 x, 2 1 old, 3 3 x' ]);

my $partitions = 0;

# A statement as above under a fault that the first request of a kind gets, or the first two.
sub survives
{
	my ($statement, $name, $action, $times) = @_;
	my ($what, $operation, $before, $sql, $rows, $after) = @$statement;
	my $pk = 'p' . ++$partitions;

	put_item($engine, 'Faulty', $pk, $_, n => { N => '1' }, t => { S => 'old' }) foreach @$before;
	start_over($proxy);
	fault($proxy, $action, operation => $operation, times => $times);
	writes($session, $sql =~ s/PK/$pk/gr, $rows, "$what: $name, $times times: rows");
	is(content($pk), $after, "$what: $name: items");
	is($proxy->fault_state->[0]{used}, $times, "$what: $name: it happened");
}

my %answers = (
'G5: answers that are lost' => sub {
	foreach my $statement (@statements)
	{
		next if $statement->[1] eq 'TransactWriteItems' && $stage =~ /^dynalite/;
		# what a session may repeat is limited
		renew_sessions();
		foreach my $name (sort keys %lost)
		{
			survives($statement, $name, $lost{$name}, 1);
			survives($statement, $name, $lost{$name}, 2) if $name =~ /closed$|500/;
		}
		survives($statement, $_, $refused{$_}, 1) foreach sort keys %refused;
	}
},

'G5: what is there is not ours' => sub {
	foreach my $name (grep { $_ ne 'no answer' } sort keys %lost)
	{
		my $pk = 'p' . ++$partitions;

		put_item($engine, 'Faulty', $pk, '1', n => { N => '1' }, t => { S => 'old' });
		start_over($proxy);
		fault($proxy, $lost{$name}, operation => 'PutItem', times => 1);
		refused($session, "INSERT INTO w.t VALUES ('$pk', '1', 1, 'new')", '23505', exists_already($pk, '1'), "$name: another text");
		fault($proxy, $lost{$name}, operation => 'PutItem', times => 1);
		refused($session, "INSERT INTO w.t VALUES ('$pk', '1', 1)", '23505', exists_already($pk, '1'), "$name: an attribute more");
		is(content($pk), '1 1 old', "$name: it stays");
	}
},

'G5: what is sent again is the same' => sub {
	start_over($proxy);
	fault($proxy, { status => 503, apply => \1 }, operation => [qw(PutItem UpdateItem DeleteItem BatchWriteItem TransactWriteItems)], retry => \0);
	writes($session, q{INSERT INTO w.t SELECT 'again', i::text, i, 'x' FROM generate_series(1, 5) i}, 5, 'INSERT');
	writes($session, q{UPDATE w.t SET n = n * 2 WHERE pk = 'again'}, 5, 'UPDATE');
	writes($session, q{DELETE FROM w.t WHERE pk = 'again'}, 5, 'DELETE');
	writes($session, q{INSERT INTO w.upsert SELECT 'again', i::text, i, 'x' FROM generate_series(1, 5) i}, 5, 'upsert');
	writes($session, q{INSERT INTO w.transact SELECT 'once more', i::text, i, 'x' FROM generate_series(1, 5) i}, 5, 'transaction');
	my %bodies;
	push @{ $bodies{ $_->{headers}{'amz-sdk-invocation-id'} } }, json($_->{body})
	  foreach grep { $_->{operation} =~ /^(Put|Update|Delete|BatchWrite|TransactWrite)Item/ } @{ $proxy->requests };
	is(scalar(grep { @$_ > 1 } values %bodies), $stage =~ /^dynalite/ ? 22 : 17, 'requests that were sent twice');
	is(scalar(grep { my $first = $_->[0]; grep { $_ ne $first } @$_ } values %bodies), 0, 'none differs, tokens included');
	like($_, qr/"ClientRequestToken":"[^"]{1,36}"/, 'a token') foreach map { json($_) } requests_of($proxy, 'TransactWriteItems');
},

'stale connections are not seen' => sub {
	start_over($proxy);
	foreach my $how (qw(fin rst))
	{
		writes($session, "INSERT INTO w.t SELECT 'stale $how', i::text, i, 'x' FROM generate_series(1, 20) i", 20, 'before');
		cmp_ok($proxy->disconnect($how)->{closed}, '>', 0, 'the server closes its connections');
		writes($session, "UPDATE w.t SET n = 0 WHERE pk = 'stale $how'", 20, 'after');
	}
});

# ---- failures that pass, and such that do not ------------------------------------------

my %failures = (
'G7: throttled again and again' => sub {
	start_over($proxy);
	fault($proxy, { throttle => { retry_after => 10 } }, operation => [qw(PutItem UpdateItem DeleteItem)], every => 6);
	writes($session, q{INSERT INTO w.t SELECT 'storm', to_char(i, 'FM000'), i, 'x' FROM generate_series(1, 100) i}, 100, 'INSERT');
	is(number_of('storm'), 100, 'all rows');
	writes($session, q{UPDATE w.t SET n = 0 WHERE pk = 'storm' AND n > 50}, 50, 'UPDATE');
	writes($session, q{DELETE FROM w.t WHERE pk = 'storm' AND n = 0}, 50, 'DELETE');
	is(number_of('storm'), 50, 'half of the rows');
},

'every request fails once' => sub {
	start_over($proxy);
	fault($proxy, { status => 500 }, operation => [qw(PutItem UpdateItem DeleteItem BatchWriteItem)], retry => \0);
	writes($session, q{INSERT INTO w.t SELECT 'once', i::text, i, 'x' FROM generate_series(1, 15) i}, 15, 'INSERT');
	writes($session, q{UPDATE w.t SET n = 7 WHERE pk = 'once'}, 15, 'UPDATE');
	is(content('once') =~ s/\d+ (7 x)/$1/gr, join(', ', ('7 x') x 15), 'items');
	writes($session, q{INSERT INTO w.upsert SELECT 'once', i::text, i, 'y' FROM generate_series(1, 60) i}, 60, 'upsert');
	is(number_of('once'), 60, 'items');
},

'G7: what is left of a batch' => sub {
	foreach my $case ([ 'half of each', { unprocessed => 0.5 } ], [ 'all of the first', { unprocessed => 'all' }, nth => 1 ],
		[ 'all of every second', { unprocessed => 'all' }, every => 2 ], [ 'seven of each of the first', { unprocessed => 7 }, first => 3 ])
	{
		my ($name, $action, %match) = @$case;
		my $pk = 'p' . ++$partitions;

		start_over($proxy);
		fault($proxy, $action, operation => 'BatchWriteItem', %match);
		writes($session, "INSERT INTO w.upsert SELECT '$pk', i::text, i, 'x' FROM generate_series(1, 60) i", 60, "$name: rows");
		is(number_of($pk), 60, "$name: items");
		cmp_ok($proxy->counts->{BatchWriteItem}, '>', 3, "$name: more requests");
	}
	start_over($proxy);
	fault($proxy, { unprocessed => 'all' }, operation => 'BatchWriteItem');
	alter_server($node, max_attempts => 2);
	my $error = refused($session, q{INSERT INTO w.upsert SELECT 'never', i::text, i, 'x' FROM generate_series(1, 60) i}, '53400', qr/unprocessed/, 'all of each for ever');
	is(number_of('never'), 0, 'nothing is written');
	is(said_written($error), 0, 'and the error does not say so');
	start_over($proxy);
	fault($proxy, { unprocessed => 'all' }, operation => 'BatchWriteItem', contains => '"60"');
	$error = refused($session, q{INSERT INTO w.upsert SELECT 'some', i::text, i, 'x' FROM generate_series(1, 60) i}, '53400', qr/unprocessed/, 'all of one for ever');
	is(number_of('some'), 50, 'the others are written');
	is(said_written($error), 50, 'and the error says so');
	alter_server($node, max_attempts => 4);
},

'G7: row k fails' => sub {
	foreach my $case ([ 'INSERT', 'PutItem', q{INSERT INTO w.t SELECT 'PK', to_char(i, 'FM000'), i, 'new' FROM generate_series(1, 60) i} ],
		[ 'UPDATE', 'UpdateItem', q{UPDATE w.t SET t = 'new' WHERE pk = 'PK'} ],
		[ 'UPDATE RETURNING', 'UpdateItem', q{UPDATE w.t SET t = 'new' WHERE pk = 'PK' RETURNING sk} ],
		[ 'DELETE', 'DeleteItem', q{DELETE FROM w.t WHERE pk = 'PK'} ],
		[ 'upsert', 'BatchWriteItem', q{INSERT INTO w.upsert SELECT 'PK', to_char(i, 'FM000'), i, 'new' FROM generate_series(1, 60) i} ],
		[ 'transaction', 'TransactWriteItems', q{INSERT INTO w.transact SELECT 'PK', to_char(i, 'FM000'), i, 'new' FROM generate_series(1, 60) i} ])
	{
		my ($name, $operation, $sql) = @$case;
		my $pk = 'p' . ++$partitions;

		next if $operation eq 'TransactWriteItems' && $stage =~ /^dynalite/;
		if ($operation =~ /^(Update|Delete)/)
		{
			start_over($proxy);
			writes($session, "INSERT INTO w.t SELECT '$pk', to_char(i, 'FM000'), i, 'old' FROM generate_series(1, 60) i", 60, "$name: rows to be changed");
		}
		start_over($proxy);
		fault($proxy, { error => 'AccessDeniedException', message => 'Not you.' }, operation => $operation, contains => '"040"');
		my $error = refused($session, $sql =~ s/PK/$pk/gr, '42501', qr/Not you/, "$name: the error");
		my $items = items_of($engine, 'Faulty', $pk);
		my $new = grep { ($_->{t}{S} // '') eq 'new' } values %$items;
		is(said_written($error), $name eq 'DELETE' ? 60 - keys %$items : $new, "$name: the detail counts what is written");
		cmp_ok($name eq 'DELETE' ? 60 - keys %$items : $new, '<', 60, "$name: not all is");
	}
},

'G5: answers that are lost for good' => sub {
	alter_server($node, max_attempts => 2, request_timeout => '300ms');
	foreach my $case ([ 'INSERT', 'PutItem', q{INSERT INTO w.t VALUES ('PK', '1', 5, 'new')} ],
		[ 'UPDATE', 'UpdateItem', q{UPDATE w.t SET t = 'new' WHERE pk = 'PK'} ],
		[ 'DELETE', 'DeleteItem', q{DELETE FROM w.t WHERE pk = 'PK'} ],
		[ 'upsert', 'BatchWriteItem', q{INSERT INTO w.upsert VALUES ('PK', '1', 5, 'new')} ],
		[ 'transaction', 'TransactWriteItems', q{INSERT INTO w.transact VALUES ('PK', '1', 5, 'new'), ('PK', '2', 6, 'new')} ])
	{
		my ($name, $operation, $sql) = @$case;

		next if $operation eq 'TransactWriteItems' && $stage =~ /^dynalite/;
		foreach my $what (grep { /closed$|500|no answer|checksum/ } sort keys %lost)
		{
			my $pk = 'p' . ++$partitions;

			put_item($engine, 'Faulty', $pk, '1', t => { S => 'old' }) if $operation =~ /^(Update|Delete)/;
			start_over($proxy);
			# of INSERT, only the first answer is lost, and that of what looks at the item
			fault($proxy, $lost{$what}, operation => [ $operation, 'GetItem' ]);
			refused($session, $sql =~ s/PK/$pk/gr, '\w{5}', qr/DETAIL:.*not known/s, "$name: $what: an error that says what is not known");
		}
		start_over($proxy);
		fault($proxy, { throttle => { retry_after => 10 } }, operation => $operation);
		put_item($engine, 'Faulty', 'throttled', '1', t => { S => 'old' });
		my $error = refused($session, $sql =~ s/PK/throttled/gr, '53400', qr/Throughput/, "$name: throttled for ever: an error");
		unlike($error, qr/not known/, "$name: but everything is known");
		is(content('throttled'), '1 - old', "$name: nothing is written");
	}
	alter_server($node, max_attempts => 4, request_timeout => '1s');
});

$failures{'A7: nothing is left of writes that failed'} = sub {
	my $pid = backend_pid($session);
	my $loop = q{DO $$ BEGIN FOR i IN 1 .. COUNT LOOP
		BEGIN INSERT INTO w.t SELECT 'left', (g % 20)::text, g, repeat('x', 1000) FROM generate_series(1, 40) g; EXCEPTION WHEN unique_violation THEN NULL; END;
		BEGIN UPDATE w.t SET n = 1 / (n - 7) WHERE pk = 'left'; EXCEPTION WHEN division_by_zero THEN NULL; END;
		BEGIN DELETE FROM w.t WHERE pk = 'left' AND n = 3; PERFORM 1 / 0; EXCEPTION WHEN division_by_zero THEN NULL; END;
		BEGIN INSERT INTO w.upsert VALUES ('left', '30', 1, NULL), ('left', '', 1, NULL); EXCEPTION WHEN invalid_parameter_value THEN NULL; END;
	END LOOP; END $$};
	my $run = sub { my ($count) = @_; outcome($session, 'SET client_min_messages = error'); my (undef, $error) = outcome($session, $loop =~ s/COUNT/$count/r); return $error };
	my $state = sub { return context_bytes($session) . ', ' . scalar(my @open = descriptors($pid)) . ' files' };

	start_over($proxy);
	is($run->(5), '', 'a few');
	my ($before, $kb) = ($state->(), private_kb($pid));
	is($run->(40), '', 'many');
	is($state->(), $before, 'the same memory contexts and files');
	cmp_ok(private_kb($pid) - $kb, '<', 1024, 'hardly more memory');
	outcome($session, 'RESET client_min_messages');
};

# ---- answers of no service ---------------------------------------------------------------

my %nonsense = (
'answers that make no sense' => sub {
	my $deep = '[' x 100_000;
	my @bodies = ('[]', 'null', '5', '{"Attributes":5}', '{"Attributes":{"pk":5}}', '{"Attributes":{"pk":{"S":"x"', '{"Attributes":{"n":{"N":"no number"},"pk":{"S":"other"},"sk":{"S":"other"}}}',
		'{"UnprocessedItems":5}', '{"UnprocessedItems":{"Faulty":5}}', '{"UnprocessedItems":{"Faulty":[{"PutRequest":{"Item":{}}}]}}', $deep, "{\"a\":$deep", '{"Attributes":{},"Attributes":{}}');
	my $failed = sub { return qq({"__type":"com.amazonaws.dynamodb.v20120810#$_[0]Exception","message":"no",$_[1]}) };
	my @errors = ((map { $failed->('ConditionalCheckFailed', qq("Item":$_)) } '5', '{"pk":5}', '[]', '{"pk":{"S":"other"}}', $deep),
		(map { $failed->('TransactionCanceled', qq("CancellationReasons":$_)) } '5', '[]', '[5]', '[{}]', '[{"Code":"None"}]', '[{"Code":"ConditionalCheckFailed"},{"Code":"None"},{"Code":"None"},{"Code":"None"}]',
			'[{"Code":5},{"Code":"Whatever"},{"Code":"TransactionConflict"}]', $deep));

	alter_server($node, max_attempts => 2);
	foreach my $statement (grep { $_->[0] !~ /several|NOTHING/ } @statements)
	{
		my ($what, $operation, $before, $sql) = @$statement;

		next if $operation eq 'TransactWriteItems' && $stage =~ /^dynalite/;
		renew_sessions();
		my $pid = backend_pid($session);
		foreach my $case ((map { [ 200, $_ ] } @bodies), map { [ 400, $_ ] } @errors)
		{
			my ($status, $body) = @$case;
			my $pk = 'p' . ++$partitions;

			put_item($engine, 'Faulty', $pk, $_, n => { N => '1' }, t => { S => 'old' }) foreach @$before;
			# what is left of a batch is sent as it came: that these are refused is right
			$proxy->reset;
			# an error that was preceded by a lost answer has to be judged by its item
			$proxy->faults({ match => { operation => $operation }, action => { status => 500, apply => \1 }, times => 1 }) if $status == 400;
			fault($proxy, { status => $status, body => $body }, operation => $operation);
			my ($rows, undef, $error) = rows_and_errors($session, $sql =~ s/PK/$pk/gr);
			unlike($error, qr/server closed|ERROR:  XX/, "$what: " . substr($body, 0, 100)) or diag(substr $body, 0, 200);
		}
		is(backend_pid($session), $pid, "$what: all in one session");
	}
	alter_server($node, max_attempts => 4);
	$proxy->reset;
	writes($session, q{INSERT INTO w.t VALUES ('nonsense', '1', 5, 'x')}, 1, 'the next statement');
});

# ---- the end of a statement, or of its backend -----------------------------------------

# Waits until nothing is under way that a statement has sent.
sub wait_for_engine { wait_until(sub { $proxy->counts->{in_flight} == 0 }, 'requests have ended') }

# Whether all items are whole, and were asked for; returns how many there are.
sub whole_items
{
	my ($pk, $name) = @_;
	my $items = items_of($engine, 'Faulty', $pk);
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	my @broken = grep { $_->{sk}{S} ne ($_->{n}{N} // '') || ($_->{t}{S} // '') ne 'x' x 100 || keys %$_ != 4 || $_->{n}{N} > 1000 } values %$items;
	is(canonical($broken[0] // {}), '{}', "$name: every item is whole, and one that was asked for");
	return scalar keys %$items;
}

my $mode = { t => 'PutItem', upsert => 'BatchWriteItem', transact => 'TransactWriteItems' };

# Begins a long statement, and returns when it has written something.
sub begin_writing
{
	my ($session, $table, $pk) = @_;

	start_over($proxy);
	fault($proxy, { delay_ms => 100 }, operation => $mode->{$table});
	begin_statement($session, "INSERT INTO w.$table SELECT '$pk', i::text, i, repeat('x', 100) FROM generate_series(1, 1000) i");
	wait_until(sub { $proxy->counts->{ $mode->{$table} } > 10 }, 'it writes');
}

my %ends = (
'A1: cancelled in mid-write' => sub {
	my $pid = backend_pid($session);

	foreach my $table (sort keys %$mode)
	{
		next if $table eq 'transact' && $stage =~ /^dynalite/;
		my $pk = "cancelled $table";
		my ($rows, $output, $error);

		begin_writing($session, $table, $pk);
		my $seconds = elapsed(sub {
			outcome($admin, "SELECT pg_cancel_backend($pid)");
			($rows, $output, $error) = end_statement($session);
		});
		like($error, qr/ERROR:  57014: canceling statement due to user request/, "$table: cancelled");
		cmp_ok($seconds, '<', PROMPTLY, "$table: promptly");
		wait_for_engine();
		my $count = whole_items($pk, $table);
		my ($stay) = $error =~ /WARNING:  01000: \D*(\d+) items? written/;
		my ($unknown) = $error =~ /outcome of (\d+) more/;
		cmp_ok($count, '>=', $stay // 0, "$table: what the warning says is written is there");
		cmp_ok($count, '<=', ($stay // 0) + ($unknown // 0), "$table: and nothing that it does not speak of");
		$proxy->clear;
		writes($session, "DELETE FROM w.t WHERE pk = '$pk'", $count, "$table: the next statement");
	}
	with_timeout($session, '300ms', sub {
		start_over($proxy);
		fault($proxy, { stall => 'before', apply => \1 }, operation => 'PutItem');
		refused($session, q{INSERT INTO w.t VALUES ('timeout', '1', 1, 'x')}, '57014', qr/statement timeout/, 'statement_timeout');
	});
	start_over($proxy);
	is(backend_pid($session), $pid, 'all in one session');
},

'A2: ended in mid-write' => sub {
	my $victim = session($node);
	my $pid = backend_pid($victim);

	begin_writing($victim, 't', 'terminated');
	outcome($admin, "SELECT pg_terminate_backend($pid)");
	my $seconds = elapsed(sub { wait_until(sub { !is_alive($pid) }, 'the backend is gone') });
	cmp_ok($seconds, '<', PROMPTLY, 'promptly');
	wait_for_engine();
	cmp_ok(whole_items('terminated', 'items'), '<', 1000, 'not all rows are there');
	eval { $victim->quit };
},

'A10: a backend killed in mid-write' => sub {
	foreach my $table (sort keys %$mode)
	{
		next if $table eq 'transact' && $stage =~ /^dynalite/;
		my $victim = session($node);
		my $pk = "killed $table";

		begin_writing($victim, $table, $pk);
		kill 'KILL', backend_of($table, $pk);
		wait_until(sub { eval { $node->safe_psql('postgres', 'SELECT 1') } }, 'the server is up again');
		eval { $_->quit } foreach ($victim, $session, $admin);
		new_sessions();
		wait_for_engine();
		my $count = whole_items($pk, $table);
		cmp_ok($count, '>', 0, "$table: some rows are there");
		$proxy->clear;
		writes($session, "INSERT INTO w.t SELECT '$pk', i::text, i, repeat('x', 100) FROM generate_series(1, 1000) i ON CONFLICT DO NOTHING",
			1000 - $count, "$table: the rest is written");
		is(whole_items($pk, $table), 1000, "$table: all rows are there");
	}
});

# The process that writes a partition.
sub backend_of
{
	my ($table, $pk) = @_;

	return (outcome($admin, "SELECT pid FROM pg_stat_activity WHERE query LIKE 'INSERT INTO w.$table SELECT ''$pk''%' AND state = 'active'"))[0];
}

sub new_sessions { ($session, $admin) = map { session($node, 'SET client_min_messages = warning') } 1 .. 2 }

sub renew_sessions
{
	$_->quit foreach ($session, $admin);
	new_sessions();
}

# A crash of the backend fails its test, not those behind it.
sub run_test
{
	my ($name, $code) = @_;

	subtest "$stage: $name" => sub {
		renew_sessions();
		return if eval { $code->(); 1 };
		fail("it ended: $@");
		wait_until(sub { eval { $node->safe_psql('postgres', 'SELECT 1') } }, 'the server is up again');
		new_sessions();
	};
}

# ---- all of it on each engine ------------------------------------------------------------

foreach my $part (@stages)
{
	$stage = $part;
	$engine = engine($stage);
	$proxy = BenchTest::Proxy->start(target => bench_engine($stage));
	bench_server($node, $proxy->url, server => { updatable => 'true', max_attempts => 4, request_timeout => '1s' });
	bench_table($stage, 'Faulty', keys => [ pk => 'S', sk => 'S' ]);
	$node->safe_psql('postgres', q{SET client_min_messages = warning; DROP SCHEMA IF EXISTS w CASCADE; CREATE SCHEMA w});
	foreign_table('t');
	foreign_table('upsert', insert_mode => 'upsert');
	foreign_table('transact', batch_mode => 'transact', batch_size => 10);
	new_sessions();

	foreach my $tests (\%answers, \%failures, \%nonsense, \%ends)
	{
		run_test($_, $tests->{$_}) foreach sort keys %$tests;
	}
	$_->quit foreach ($session, $admin);
	start_over($proxy);
	is(all_violations($proxy), '', "$stage: every request was in order");
	$proxy->stop;
}

done_testing();
