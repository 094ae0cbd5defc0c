# What the tests of faults need beyond BenchTest: sessions whose errors are read
# with their SQLSTATE, and a backend as the operating system sees it.
#
#	my ($node, $proxy) = faulty_cluster(server => { max_attempts => 2 });
#	my $session = session($node);
#	fault($proxy, { status => 503 }, times => 1, operation => 'Query');
#	gives($session, 'SELECT ...', '42', 'one failure is tried again');
#	fails($session, 'SELECT ...', '08006', qr/closed the connection/, 'no answer at all');
package BenchFaults;

use strict;
use warnings;

use BenchTest::Proxy;
use Carp;
use Exporter 'import';
use IO::Select;
use IO::Socket::INET;
use JSON::PP ();
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

our @EXPORT = qw(faulty_cluster alter_server fault session outcome outcome_of_script with_timeout gives fails elapsed wait_until listener serve tapped_proxy tapped http_proxy
  backend_pid is_alive descriptors threads private_kb context_bytes json scratch_file);

# How long something that must happen may take before a test gives up on it.
use constant PATIENCE => 60;

# ---- the stage of a test -----------------------------------------------------

# A proxy before the engine, a cluster that reads through it, and the imported
# tables.  Arguments: proxy (as for BenchTest::Proxy->start), conf (lines of the
# configuration), server and mapping (options).
sub faulty_cluster
{
	my (%arguments) = @_;
	my $proxy = BenchTest::Proxy->start(target => BenchTest::bench_engine('dynalite/live'), %{ $arguments{proxy} // {} });
	my $node = BenchTest::bench_cluster('main', @{ $arguments{conf} // [] });

	BenchTest::bench_server($node, $proxy->url, %arguments{qw(server mapping)});
	BenchTest::bench_import($node);
	$proxy->reset;
	return ($node, $proxy);
}

# Sets options that the server has already.
sub alter_server
{
	my ($node, %options) = @_;
	my $list = join ', ', map { "SET $_ '$options{$_}'" } sort keys %options;

	$node->safe_psql('postgres', "ALTER SERVER bench_server OPTIONS ($list)");
}

# One fault; times is how often, the rest says which requests get it (test/faults/faults.py).
sub fault
{
	my ($proxy, $action, %match) = @_;
	my %times = exists $match{times} ? (times => delete $match{times}) : ();

	return $proxy->faults({ match => \%match, action => $action, %times });
}

sub json { return JSON::PP->new->canonical->encode($_[0]) }

# A new file with this content, for as long as the test runs.
sub scratch_file
{
	my ($content) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir() . '/file';

	PostgreSQL::Test::Utils::append_to_file($file, $content);
	return $file;
}

# ---- sessions ------------------------------------------------------------------

# A psql session that tells SQLSTATEs.  The statements prepare it.
sub session
{
	my ($node, @statements) = @_;
	my $session = BenchTest::bench_session($node);

	$session->query('\set VERBOSITY verbose');
	foreach my $statement (@statements)
	{
		my (undef, $error) = outcome($session, $statement);
		croak "$statement: $error" if $error =~ /ERROR:/;
	}
	return $session;
}

# (output, errors and notices) of a statement.
sub outcome
{
	my ($session, $sql) = @_;

	$session->{stderr} = '';
	my $output = $session->query($sql);
	return ($output, $session->{stderr});
}

# The same of a script of any length; psql reads on when a statement fails.
sub outcome_of_script
{
	my ($session, $script) = @_;

	return outcome($session, '\i ' . scratch_file($script));
}

# Runs the code while the session's statements have so much time.
sub with_timeout
{
	my ($session, $timeout, $code) = @_;

	outcome($session, "SET statement_timeout = '$timeout'");
	$code->();
	# Even this may run out of time.
	1 while (outcome($session, 'RESET statement_timeout'))[1] =~ /57014/;
}

# Whether a statement has this output, and no error.
sub gives
{
	my ($session, $sql, $expected, $name) = @_;
	my ($output, $error) = outcome($session, $sql);
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	return is($error eq '' ? $output : "$output\n$error", $expected, $name);
}

# Whether a statement fails with this SQLSTATE and text, without a row before it;
# the text includes detail, hint and context.  Returns that text.
sub fails
{
	my ($session, $sql, $sqlstate, $pattern, $name) = @_;
	my ($output, $error) = outcome($session, $sql);
	my ($state) = $error =~ /(?:ERROR|FATAL):  (\w{5}):/;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	ok(($state // '') eq $sqlstate && $error =~ $pattern && $output eq '', $name)
	  or diag("expected $sqlstate and $pattern, got:\n$output\n$error");
	return $error;
}

# Seconds that a piece of code takes.
sub elapsed
{
	my ($code) = @_;
	my $start = time;

	$code->();
	return time - $start;
}

sub wait_until
{
	my ($condition, $what) = @_;
	my $deadline = time + PATIENCE;

	until ($condition->())
	{
		croak "waited in vain until $what" if time > $deadline;
		sleep 0.01;
	}
}

# ---- servers that are no service -----------------------------------------------

my @children;

END
{
	local $?;

	kill 'TERM', @children;
	waitpid $_, 0 foreach @children;
}

# Listens on a free port of 127.0.0.1.
sub listener
{
	return IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1', Proto => 'tcp') // croak "listen: $!";
}

# Passes each connection, and its number, to the code in a process of its own; returns the port.
sub serve
{
	my ($code, $listener) = @_;
	$listener //= listener();
	my $child = fork() // croak "fork: $!";

	if (!$child)
	{
		my $number = 0;

		@children = ();
		@SIG{qw(TERM CHLD PIPE)} = qw(DEFAULT IGNORE IGNORE);
		while (my $connection = $listener->accept)
		{
			$number++;
			next if fork();
			eval { $code->($connection, $number) };
			POSIX::_exit(0);
		}
		POSIX::_exit(0);
	}
	push @children, $child;
	return $listener->sockport;
}

# A proxy, and a tap before it that writes down what clients send, to a file for
# each connection: for what the proxy itself rightly forgets. Returns the proxy
# and the tap, whose url is for the client and whose folder has the files 1, 2, ...
sub tapped_proxy
{
	my (%options) = @_;
	my $listener = listener();
	my $folder = PostgreSQL::Test::Utils::tempdir();
	my $address = '127.0.0.1:' . $listener->sockport;
	my $proxy = BenchTest::Proxy->start(target => BenchTest::bench_engine('dynalite/live'), %options,
		args => [ '--host', $address, @{ $options{args} // [] } ]);
	my ($port) = $proxy->url =~ /:(\d+)$/;

	serve(sub { _tap($_[0], $port, "$folder/$_[1]") }, $listener);
	return ($proxy, { url => "http://$address", folder => $folder });
}

sub _tap
{
	my ($client, $port, $file) = @_;
	my $server = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) // return;

	open my $copy, '>', $file or die "$file: $!";
	$copy->autoflush;
	_pump($client, $server, sub { print $copy $_[0] });
}

# What comes from one side goes to the other, until one closes; the code is told of what the client sends.
sub _pump
{
	my ($client, $server, $code) = @_;
	my $select = IO::Select->new($client, $server);

	while (1)
	{
		foreach my $from ($select->can_read)
		{
			my $to = $from == $client ? $server : $client;

			return unless sysread $from, my $bytes, 65536;
			$code->($bytes) if $from == $client;
			print $to $bytes;
			$to->flush;
		}
	}
}

# The port of an HTTP proxy: CONNECT for https, and plain requests passed on;
# what it was asked for is written to the file, a line each.
sub http_proxy
{
	my ($file) = @_;

	return serve(sub {
		my ($client) = @_;
		my $head = '';

		while ($head !~ /\r\n\r\n/)
		{
			return unless sysread $client, $head, 1, length $head;
		}
		my ($method, $address) = $head =~ m{^(\w+) (?:http://)?([^/ ]+)};
		PostgreSQL::Test::Utils::append_to_file($file, "$method $address\n");
		my $server = IO::Socket::INET->new(PeerAddr => $address) // return;
		syswrite $client, "HTTP/1.1 200 Connected\r\n\r\n" if $method eq 'CONNECT';
		syswrite $server, $head =~ s{http://[^/ ]+}{}r if $method ne 'CONNECT';
		_pump($client, $server, sub { });
	});
}

# [[connection, what was sent on it], ...] of a tap, in the order of the connections.
sub tapped
{
	my ($tap) = @_;
	my @numbers = sort { $a <=> $b } map { m{/(\d+)$} } glob "$tap->{folder}/*";

	return map { [ $_, PostgreSQL::Test::Utils::slurp_file("$tap->{folder}/$_") ] } @numbers;
}

# ---- a backend from outside ----------------------------------------------------

sub backend_pid { return (outcome($_[0], 'SELECT pg_backend_pid()'))[0] }

# A process that ended but was not yet waited for counts as gone.
sub is_alive
{
	my ($pid) = @_;

	open my $stat, '<', "/proc/$pid/stat" or return 0;
	my $line = <$stat> // return 0;
	return $line !~ /\) [ZX] /;
}

# What the descriptors of a process lead to, in no order.
sub descriptors
{
	my ($pid) = @_;

	return map { readlink($_) // () } glob "/proc/$pid/fd/*";
}

sub threads { return scalar(my @threads = glob "/proc/$_[0]/task/*") }

# Memory that only this process uses; what it shares with others only grows by use.
sub private_kb
{
	my ($pid) = @_;

	open my $status, '<', "/proc/$pid/status" or croak "/proc/$pid/status: $!";
	my ($line) = grep { /^RssAnon:/ } <$status>;
	return $line =~ /(\d+) kB/ ? $1 : croak "no RssAnon in /proc/$pid/status";
}

# Number and bytes of our memory contexts in a session's backend, as "n bytes";
# without that of a row, which is as large as the row.
sub context_bytes
{
	my ($session) = @_;

	return (outcome($session, q{
		SELECT count(*) || ' ' || coalesce(sum(total_bytes), 0)
		FROM pg_backend_memory_contexts WHERE name LIKE 'benchresults%' AND name <> 'benchresults row'}))[0];
}

1;
