# Cancelling: whatever the service does not do, the backend listens to the user
# and to the postmaster, and is good for the next statement.
#
# The bound of one second is generous; figures are for benchmarks.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults);
use BenchFaults;
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(time);

use constant PROMPTLY => 1.0;

# None of the service's own limits may end what is to be cancelled.
my ($node, $proxy) = faulty_cluster(server =>
	{ max_attempts => 4, request_timeout => '10min', connect_timeout => '10min' });
my $items = bench_manifest('dynalite/live/BenchmarkResults')->{totals}{items};
my $statement = 'SELECT count(sk) FROM bench.items';
my $admin = session($node);

# A port that takes no connection: its queue is full, so that SYNs are dropped.
sub silent_port
{
	my $listener = listener();
	my @waiting;

	listen($listener, 0) or die "listen: $!";
	foreach (1 .. 8)
	{
		my $socket = IO::Socket::INET->new(Proto => 'tcp', Blocking => 0) or die "socket: $!";
		connect($socket, getsockname($listener));
		push @waiting, $socket;
	}
	return { port => $listener->sockport, keep => [ $listener, @waiting ] };
}

# A port that takes connections and never says a word.
sub mute_port
{
	my $listener = listener();

	return { port => $listener->sockport, keep => [$listener] };
}

my ($silent, $mute) = (silent_port(), mute_port());

# Is the backend waiting for the service?
sub is_waiting
{
	my ($pid) = @_;

	return (outcome($admin, "SELECT wait_event_type = 'Extension' FROM pg_stat_activity WHERE pid = $pid"))[0] eq 't';
}

sub in_flight { return $proxy->counts->{in_flight} == 1 }

# What a statement is doing when it is interrupted: how the service is made to
# have it do that, and how to see that it does.
my %states = (
	'connecting' => { endpoint => "http://127.0.0.1:$silent->{port}" },
	'in the TLS handshake' => { endpoint => "https://127.0.0.1:$mute->{port}" },
	'waiting for the answer' => { fault => { stall => 'before' }, seen => \&in_flight },
	'between head and body' => { fault => { stall => 'head' }, seen => \&in_flight },
	'in the body' => { fault => { stall => 1000 }, seen => \&in_flight },
	'in chunks' => { fault => { chunked => 10, drip => 300 }, seen => \&in_flight },
	'in the second page' => { fault => { stall => 1000 }, match => { continued => \1 }, pages => 50, seen => \&in_flight },
	'between two attempts' => {
		fault => { throttle => { retry_after => 4000 } },
		seen => sub { my $counts = $proxy->counts; return $counts->{total} == 1 && $counts->{in_flight} == 0 }
	});

# Makes the service behave, for the statements that follow.
sub enter
{
	my ($state) = @_;

	$proxy->reset;
	alter_server($node, endpoint => $state->{endpoint} // $proxy->url);
	fault($proxy, $state->{fault}, %{ $state->{match} // {} }) if $state->{fault};
	fault($proxy, { page_limit => $state->{pages} }) if $state->{pages};
}

sub leave
{
	$proxy->clear;
	alter_server($node, endpoint => $proxy->url);
}

# Sends the statement, and returns when it is where it is to be interrupted.
sub begin
{
	my ($session, $state) = @_;
	my $pid = backend_pid($session);

	enter($state);
	$session->query_until(qr/begun/, "\\echo begun\n$statement;\n\\echo over\n\\warn over\n");
	wait_until(sub { is_waiting($pid) && (!$state->{seen} || $state->{seen}->()) }, 'the statement waits');
	return $pid;
}

# What begin() began: its errors, when it is over.
sub finish
{
	my ($session) = @_;

	$session->{stderr} = '';
	$session->{run}->pump() until $session->{stdout} =~ /over\n/ && $session->{stderr} =~ /over\n/;
	$session->{stdout} = '';
	return $session->{stderr};
}

# ---- cancelled by another, or by the clock -------------------------------------------

my $session = session($node);
my $session_pid = backend_pid($session);

foreach my $name (sort keys %states)
{
	my $state = $states{$name};

	subtest "pg_cancel_backend $name" => sub {
		my $pid = begin($session, $state);
		my $error;
		my $seconds = elapsed(sub {
			outcome($admin, "SELECT pg_cancel_backend($pid)");
			$error = finish($session);
		});

		like($error, qr/ERROR:  57014: canceling statement due to user request/, 'cancelled');
		cmp_ok($seconds, '<', PROMPTLY, 'promptly');
		leave();
		gives($session, $statement, $items, 'the next statement');
	};

	subtest "statement_timeout $name" => sub {
		enter($state);
		with_timeout($session, '300ms', sub {
			my $seconds = elapsed(sub {
				fails($session, $statement, '57014', qr/canceling statement due to statement timeout/, 'cancelled');
			});
			cmp_ok($seconds, '<', 0.3 + PROMPTLY, 'promptly');
		});
		leave();
		gives($session, $statement, $items, 'the next statement');
	};
}
is(backend_pid($session), $session_pid, 'all in one session');

subtest 'cancelled while a bench_ping waits' => sub {
	enter($states{'waiting for the answer'});
	with_timeout($session, '300ms', sub {
		fails($session, q{SELECT bench_ping('bench_server')}, '57014', qr/statement timeout/, 'cancelled');
	});
	leave();
	gives($session, q{SELECT bench_ping('bench_server') > 0}, 't', 'the next one');
};

# ---- ended ---------------------------------------------------------------------------

# How long a process lives on.
sub survival
{
	my ($pid) = @_;

	return elapsed(sub { wait_until(sub { !is_alive($pid) }, "process $pid is gone") });
}

foreach my $name (sort keys %states)
{
	subtest "pg_terminate_backend $name" => sub {
		my $victim = session($node);
		my $pid = begin($victim, $states{$name});

		outcome($admin, "SELECT pg_terminate_backend($pid)");
		cmp_ok(survival($pid), '<', PROMPTLY, 'gone');
		leave();
		eval { $victim->quit };
	};
}

# Everything else that a backend must serve while it waits for others.
subtest 'other duties while the service hangs' => sub {
	my $pid = begin($session, $states{'waiting for the answer'});
	my $seconds = elapsed(sub {
		outcome($admin, "SELECT pg_log_backend_memory_contexts($pid)");
		wait_until(sub { $node->log_contains("logging memory contexts of PID $pid") }, 'memory contexts are logged');
		outcome($admin, 'CREATE DATABASE shortlived');
		outcome($admin, 'DROP DATABASE shortlived');
	});

	cmp_ok($seconds, '<', 10, 'it answers to signals and barriers');
	ok(is_waiting($pid), 'and waits on');
	outcome($admin, "SELECT pg_cancel_backend($pid)");
	finish($session);
	leave();
};

# Starts the server again when every process of the old one is gone. A killed one
# leaves its lock files behind; and its process, where nobody waits for it, so that
# the locks look held.
sub restart
{
	my $folder = $node->data_dir;

	wait_until(sub { !grep { (readlink("$_/cwd") // '') eq $folder && is_alive(s{/proc/}{}r) } glob '/proc/[0-9]*' },
		'the server is down');
	unlink "$folder/postmaster.pid", $node->host . '/.s.PGSQL.' . $node->port . '.lock';
	$node->{_pid} = undef;
	$node->start;
}

foreach my $how ('fast', 'immediate', 'kill')
{
	foreach my $name ('in the body', 'between two attempts', 'connecting')
	{
		subtest "postmaster ended ($how) $name" => sub {
			my $victim = session($node);
			my $pid = begin($victim, $states{$name});

			# The shutdown of the rest of the server is not what is measured.
			if ($how eq 'kill') { $node->kill9 }
			else { system('pg_ctl', '-D', $node->data_dir, '-m', $how, '--no-wait', '-s', 'stop') }
			cmp_ok(survival($pid), '<', PROMPTLY, 'the backend is gone');
			eval { $_->quit } foreach ($victim, $admin, $session);
			restart();
			leave();
			$admin = session($node);
			$session = session($node);
			gives($session, $statement, $items, 'a new one works');
		};
	}
}

$_->quit foreach ($admin, $session);
$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
