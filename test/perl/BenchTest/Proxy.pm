# A recording proxy (test/faults/proxy) of a test's own, and its control port.
#
#	my $proxy = BenchTest::Proxy->start(target => $url);      # or replay => folder, or neither
#	$proxy->faults({match => {operation => 'Query'}, action => {throttle => \1}, times => 2});
#	my $counts = $proxy->counts;                              # {Query => {'(table)' => 1}, GetItem => 0, ...}
#
# Ends with the test, however that ends.
package BenchTest::Proxy;

use strict;
use warnings;

use Carp;
use File::Basename qw(dirname);
use File::Path qw(remove_tree);
use File::Temp ();
use HTTP::Tiny;
use JSON::PP ();
use Socket qw(IPPROTO_TCP TCP_NODELAY);

# HTTP::Tiny writes a request's body behind its head: without this the body waits
# 40 ms for the acknowledgement of the head.
{
	package BenchTest::Proxy::Client;
	our @ISA = ('HTTP::Tiny');

	sub _open_handle
	{
		my $handle = HTTP::Tiny::_open_handle(@_);

		setsockopt($handle->{fh}, BenchTest::Proxy::IPPROTO_TCP, BenchTest::Proxy::TCP_NODELAY, 1);
		return $handle;
	}
}

use constant ACCESS_KEY => 'AKIDBENCHTEST';
use constant SECRET_KEY => 'benchtest/secret+key';

my $program = dirname(__FILE__) . '/../../faults/proxy';
my %running;	# folder => process that started it

# Options: target or replay; args (further arguments of the proxy).
sub start
{
	my ($class, %options) = @_;
	my $folder = File::Temp->newdir('bench-proxy-XXXXXX', TMPDIR => 1);
	my $self = bless { folder => $folder, http => BenchTest::Proxy::Client->new(timeout => 60) }, $class;
	my @command = ($program, 'start', $folder);

	foreach my $source (qw(target replay))
	{
		push @command, "--$source", $options{$source} if defined $options{$source};
	}
	push @command, '--access-key', ACCESS_KEY, '--secret-key', SECRET_KEY;
	push @command, @{ $options{args} // [] };
	system(@command) == 0 or croak "could not start the proxy";
	$running{$folder} = $$;
	return $self;
}

sub stop
{
	my ($self) = @_;
	my $folder = "$self->{folder}";

	return unless delete $running{$folder};
	system($program, 'stop', $folder) == 0 or carp "could not stop the proxy in $folder";
}

# A child process must not stop what its parent started; at the very end the END block has done it.
sub DESTROY
{
	my ($self) = @_;
	local ($?, $@, $!);

	return if ${^GLOBAL_PHASE} eq 'DESTRUCT';
	$self->stop if ($running{"$self->{folder}"} // 0) == $$;
}

END
{
	local $?;

	foreach my $folder (grep { $running{$_} == $$ } keys %running)
	{
		system($program, 'stop', $folder);
		remove_tree($folder);	# what is left to global destruction may stay
	}
}

sub folder { return "$_[0]{folder}" }
sub url { return $_[0]->_file('url') }

# What the proxy wrote down of itself: url, control, and with --tls ca.pem.
sub _file
{
	my ($self, $name) = @_;

	open my $file, '<', "$self->{folder}/$name" or croak "$self->{folder}/$name: $!";
	chomp(my $text = <$file>);
	return $text;
}

sub _call
{
	my ($self, $method, $command, $body) = @_;
	my %content = defined $body ? (content => JSON::PP->new->utf8->encode($body)) : ();
	my $answer = $self->{http}->request($method, $self->_file('control') . "/$command", \%content);

	croak "proxy: $method $command: $answer->{status} $answer->{content}" unless $answer->{success};
	return JSON::PP->new->utf8->decode($answer->{content});
}

# Adds rules (see test/faults/faults.py); true and false are \1 and \0.  Returns their ids.
sub faults
{
	my ($self, @rules) = @_;
	return $self->_call('POST', 'faults', \@rules);
}

sub fault_state { return $_[0]->_call('GET', 'faults') }
sub clear { return $_[0]->_call('DELETE', 'faults') }
sub reset { return $_[0]->_call('POST', 'reset') }
sub counts { return $_[0]->_call('GET', 'counts') }
sub violations { return $_[0]->_call('GET', 'violations') }
sub requests { return $_[0]->_call('GET', 'requests?since=' . ($_[1] // 0)) }
sub clock { my ($self, %clock) = @_; return $self->_call('POST', 'clock', \%clock) }
sub disconnect { return $_[0]->_call('POST', 'disconnect', { how => $_[1] // 'fin' }) }

# The requests since some counts, or since the reset, as one text: "GetItem 1" or
# "Query (table) 1, Query TestRunIndex 2"; "" for none.
sub asked
{
	my ($self, $before) = @_;
	my ($now, $then) = (_flat($self->counts), _flat($before // {}));
	my @kinds = grep { $now->{$_} > ($then->{$_} // 0) } sort keys %$now;

	return join ', ', map { "$_ " . ($now->{$_} - ($then->{$_} // 0)) } @kinds;
}

sub _flat
{
	my ($counts) = @_;
	my %flat;

	foreach my $operation (qw(DescribeTable GetItem BatchGetItem Query Scan PutItem UpdateItem DeleteItem BatchWriteItem
		TransactWriteItems))
	{
		my $count = $counts->{$operation} // 0;

		if (ref $count)
		{
			$flat{"$operation $_"} = $count->{$_} foreach keys %$count;
		}
		else
		{
			$flat{$operation} = $count;
		}
	}
	return \%flat;
}

1;
