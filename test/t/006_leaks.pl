# Leaks: a backend that cancelled and failed thousands of times has no more
# descriptors, threads and memory than before, and mixes up no answers.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults);
use BenchFaults;
use List::Util qw(max);
use Test::More;

# Bounds for growth over thousands of statements, after some to warm up.
use constant {
	CANCELLED => 1500,
	FAILED => 2000,
	MORE_KB => 2048,		# of private memory: malloc's fragments; 1 kB a statement would be 3,500
};

my ($node, $proxy) = faulty_cluster(server => { max_attempts => 1, request_timeout => '10s' });
my $manifest = bench_manifest('dynalite/live/BenchmarkResults');
my $items = $manifest->{totals}{items};
my $run = $manifest->{runs}[0]{test_run_id};
my $session = session($node);
my $pid = backend_pid($session);
my $query = "SELECT count(*) FROM bench.aggregates WHERE test_run_id = '$run'";

# What must not grow, when the last statement was a good one.
sub state_of
{
	$proxy->clear;
	outcome($session, $query);
	return {
		descriptors => join(' ', sort map { m{^(anon_inode:\S+|[a-z]+)} } descriptors($pid)),
		threads => threads($pid),
		kb => private_kb($pid),
		contexts => context_bytes($session),
	};
}

# A subtest: nothing grows from a few times (argument of the code) to many.
sub leaks_nothing
{
	my ($name, $faults, $few, $many, $code) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	subtest $name => sub {
		$proxy->reset;
		$proxy->faults(@$faults);
		$code->($few);
		my $before = state_of();
		$proxy->reset;
		$proxy->faults(@$faults);
		$code->($many);
		my $after = state_of();

		is($after->{$_}, $before->{$_}, $_) foreach qw(descriptors threads contexts);
		cmp_ok($after->{kb} - $before->{kb}, '<=', MORE_KB, 'private memory');
	};
}

# Statements of the session that end by a time limit of a few ms; their number.
sub cancel_often
{
	my ($times) = @_;
	my $errors;

	with_timeout($session, '5ms', sub { (undef, $errors) = outcome_of_script($session, "$query;\n" x $times) });
	return scalar(my @cancelled = $errors =~ /ERROR:  57014/g);
}

# The number of failures that a DO block in one transaction catches.
sub fail_often
{
	my ($times) = @_;
	my (undef, $notice) = outcome($session, qq{DO \$\$
		DECLARE n int := 0; states text[] := '{}';
		BEGIN
			FOR i IN 1..$times LOOP
				BEGIN
					PERFORM ($query);
				EXCEPTION WHEN OTHERS THEN
					n := n + 1;
					IF SQLSTATE <> ALL(states) THEN states := states || SQLSTATE; END IF;
				END;
			END LOOP;
			RAISE NOTICE '% failures: %', n, (SELECT string_agg(s, ' ' ORDER BY s) FROM unnest(states) AS s);
		END \$\$});
	return $notice =~ /(\d+ failures: .*)/ ? $1 : $notice;
}

# ---- thousands -----------------------------------------------------------------------

leaks_nothing(CANCELLED . ' cancelled statements',
	[ { match => { every => 2 }, action => { stall => 800 } }, { match => {}, action => { stall => 'before' } } ],
	100, CANCELLED, sub {
		my ($times) = @_;

		is(cancel_often($times), $times, "$times cancelled");
		my $waited = grep { $_->{client_gone} } @{ $proxy->requests };
		cmp_ok($waited, '>', $times / 10, 'many of them while the service was at work');
	});

my @failures = (
	{ error => 'AccessDeniedException' }, { body => '{"Items":[' }, { cut => 700 }, { crc => 'wrong' },
	{ body => '{"Items":[{"pk":{"S":"\u0000"},"sk":{"S":"AGGREGATE#"}}]}' }, { status => 500 });
leaks_nothing(FAILED . ' failed statements in one transaction',
	[ map { { match => { every => @failures - $_ }, action => $failures[$_] } } 0 .. $#failures ],
	200, FAILED, sub {
		my ($times) = @_;

		is(fail_often($times), "$times failures: 08006 08P01 22P05 42501 HV000", "$times failed, in each way");
	});

# ---- reads that are given up --------------------------------------------------------

# Pages of ten items, so that the next one is always on its way.
my @pages = ({ match => {}, action => { page_limit => 10 } });

leaks_nothing('given up by LIMIT', \@pages, 20, 200, sub {
	my ($times) = @_;
	my $limited = "SELECT count(*) FROM (SELECT * FROM bench.items LIMIT 15) AS limited;\n";

	is((outcome_of_script($session, $limited x $times))[0], join("\n", (15) x $times), 'rows');
});

sub abandon
{
	my ($times) = @_;

	return qq{DO \$\$
		DECLARE c CURSOR FOR SELECT pk FROM bench.items; key text;
		BEGIN
			FOR i IN 1..$times LOOP
				BEGIN
					OPEN c;
					FOR n IN 1..15 LOOP FETCH c INTO key; END LOOP;
					RAISE division_by_zero;
				EXCEPTION WHEN division_by_zero THEN
				END;
			END LOOP;
		END \$\$};
}

leaks_nothing('given up by the rollback of a subtransaction', \@pages, 20, 200, sub {
	my ($times) = @_;

	gives($session, abandon($times), '', "$times cursors");
	cmp_ok(scalar(@{ $proxy->requests }), '>=', 2 * $times, 'two pages each and more');
});

leaks_nothing('given up by an error of the query itself', \@pages, 5, 50, sub {
	my ($times) = @_;

	fails($session, q{SELECT 1 / (CASE WHEN row_number() OVER () = 15 THEN 0 ELSE 1 END) FROM bench.items}, '22012',
		qr/division by zero/, 'error in the second page') foreach 1 .. $times;
});

leaks_nothing('a server that is altered again and again', [], 5, 50, sub {
	my ($times) = @_;

	foreach my $n (1 .. $times)
	{
		alter_server($node, request_timeout => 9000 + $n . 'ms');
		outcome($session, $query);
	}
	is($proxy->counts->{connections}, $times, 'each time a new connection');
});

subtest 'a read of many pages' => sub {
	my @bytes;

	$proxy->reset;
	fault($proxy, { page_limit => 1 });
	outcome($session, 'BEGIN; DECLARE c CURSOR FOR SELECT * FROM bench.items');
	foreach (1 .. 6)
	{
		outcome($session, 'MOVE 30 IN c');
		push @bytes, context_bytes($session);
	}
	outcome($session, 'COMMIT');
	like($bytes[0], qr/^[4-9] \d{4,}$/, 'memory of the read is seen');
	# the answer that is on its way has some or has none yet
	cmp_ok(max(map { /(\d+)$/ } @bytes[ 3 .. 5 ]), '<=', max(map { /(\d+)$/ } @bytes[ 0 .. 2 ]), 'and does not grow from page 90 to page 180');
};

subtest 'open cursor and savepoints' => sub {
	$proxy->reset;
	fault($proxy, { page_limit => 10 });
	my ($all) = outcome($session, 'SELECT pk || sk FROM bench.items');
	outcome($session, 'BEGIN; DECLARE c CURSOR FOR SELECT pk || sk FROM bench.items');
	my ($first) = outcome($session, 'FETCH 15 FROM c');
	outcome($session, 'SAVEPOINT s');
	fails($session, 'SELECT 1/0', '22012', qr/zero/, 'another statement fails');
	outcome($session, 'ROLLBACK TO s');
	outcome($session, "SAVEPOINT t; $query; ROLLBACK TO t");
	my ($rest) = outcome($session, 'FETCH ALL FROM c');
	outcome($session, 'COMMIT');
	is(join("\n", sort split /\n/, "$first\n$rest"), join("\n", sort split /\n/, $all), 'the cursor goes on');
};

# ---- answers are never mixed up -----------------------------------------------------

# The connection number of the last request.
sub last_connection { return $proxy->requests->[-1]{connection} }

subtest 'a half-read connection is not used again' => sub {
	foreach my $action ({ stall => 800 }, { stall => 'head' }, { drip => 1000 }, { chunked => 10, drip => 300 })
	{
		$proxy->reset;
		fault($proxy, $action, times => 1);
		with_timeout($session, '100ms', sub { fails($session, $query, '57014', qr/timeout/, 'cancelled in ' . json($action)) });
		my $aborted = last_connection();
		gives($session, 'SELECT count(sk) FROM bench.items', $items, 'another statement has its own rows');
		isnt(last_connection(), $aborted, 'over another connection');
	}
};

# Statements whose answers can be told apart, some of them given up.
subtest 'many different statements' => sub {
	my %expected = map { split /\|/ } split /\n/,
	  (outcome($session, 'SELECT config_id, count(*) FROM bench.results GROUP BY config_id'))[0];
	my ($wrong, $cancelled) = (0, 0);

	$proxy->reset;
	fault($proxy, { stall => 500 }, every => 3);
	foreach my $round (1 .. 10)
	{
		with_timeout($session, '50ms', sub {
			foreach my $id (sort keys %expected)
			{
				my ($output, $error) = outcome($session,
					"SELECT config_id, count(*) FROM bench.results WHERE config_id = '$id' GROUP BY config_id");

				if ($error ne '') { $error =~ /57014/ ? $cancelled++ : $wrong++ }
				else { $wrong++ if $output ne "$id|$expected{$id}" }
			}
		});
	}
	cmp_ok(scalar(keys %expected), '>=', 12, 'different statements');
	cmp_ok($cancelled, '>=', scalar(keys %expected), 'some were cancelled');
	is($wrong, 0, 'each other one has its own answer');
	$proxy->clear;
};

$session->quit;
$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
