# What the tests of writing need beyond BenchTest and BenchFaults: the engine
# itself, asked without the extension; statements whose rows are counted; and
# statements that are looked at while they run.
#
#	my $engine = engine('dynalite/live');
#	writes($session, "INSERT INTO w.t (pk, sk) VALUES ('a', 'b')", 1, 'one row');
#	is_item($engine, 'Writes', 'a', 'b', { pk => { S => 'a' }, sk => { S => 'b' } }, 'as it was given');
#	refused($session, 'TRUNCATE w.t', '0A000', qr/truncate/i, 'not emptied');
package BenchWrites;

use strict;
use warnings;

use BenchFaults;
use BenchTest::Proxy;
use Carp;
use Exporter 'import';
use JSON::PP ();
use Test::More;

our @EXPORT = qw(engine ask items_of item_of is_item put_item delete_item table_like canonical
  writes refused rows_and_errors begin_statement end_statement requests_of said_written exists_already start_over all_violations);

my $json = JSON::PP->new->utf8->canonical;

# ---- the engine ----------------------------------------------------------------

# A client of an engine that the test asked for; engines check no signatures.
sub engine
{
	my ($stage) = @_;

	return { url => BenchTest::bench_engine($stage), http => BenchTest::Proxy::Client->new(timeout => 60) };
}

# The answer to one request; an error is one here.
sub ask
{
	my ($engine, $operation, $body) = @_;
	my $answer = $engine->{http}->request('POST', $engine->{url}, {
		content => $json->encode($body),
		headers => {
			'Content-Type' => 'application/x-amz-json-1.0',
			'X-Amz-Target' => "DynamoDB_20120810.$operation",
			'X-Amz-Date' => '20250101T000000Z',
			'Authorization' => 'AWS4-HMAC-SHA256 Credential=local/20250101/us-east-2/dynamodb/aws4_request, '
			  . 'SignedHeaders=host;x-amz-date;x-amz-target, Signature=' . '0' x 64
		} });

	croak "$operation: $answer->{status} $answer->{content}" unless $answer->{success};
	return $json->decode($answer->{content});
}

# Items as text that is equal for equal items: members by name, sets in order.
sub canonical
{
	my ($item) = @_;

	return $json->encode({ map { ($_ => _ordered($item->{$_})) } keys %$item });
}

sub _ordered
{
	my ($value) = @_;
	my ($type, $content) = %$value;

	return { $type => [ sort @$content ] } if $type =~ /^.S$/;
	return { $type => [ map { _ordered($_) } @$content ] } if $type eq 'L';
	return { $type => { map { ($_ => _ordered($content->{$_})) } keys %$content } } if $type eq 'M';
	return ref $content ? $value : { $type => "$content" };
}

# The items of a table, as {"pk|sk" => item}; those of one partition, where that is given.
sub items_of
{
	my ($engine, $table, $pk) = @_;
	my ($start, %items);

	do
	{
		my $page = ask($engine, 'Scan', { TableName => $table, ConsistentRead => \1, $start ? (ExclusiveStartKey => $start) : () });

		$items{"$_->{pk}{S}|$_->{sk}{S}"} = $_ foreach grep { !defined $pk || $_->{pk}{S} eq $pk } @{ $page->{Items} };
		$start = $page->{LastEvaluatedKey};
	} while ($start);
	return \%items;
}

sub _key { return { pk => { S => "$_[0]" }, sk => { S => "$_[1]" } } }

# One item, or undef.
sub item_of
{
	my ($engine, $table, $pk, $sk) = @_;

	return ask($engine, 'GetItem', { TableName => $table, Key => _key($pk, $sk), ConsistentRead => \1 })->{Item};
}

# Whether an item is this one, or with undef, is none.
sub is_item
{
	my ($engine, $table, $pk, $sk, $expected, $name) = @_;
	my $item = item_of($engine, $table, $pk, $sk);
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	return is($item && canonical($item), $expected && canonical({ %{ _key($pk, $sk) }, %$expected }), $name);
}

# Puts an item of these attributes besides its keys.
sub put_item
{
	my ($engine, $table, $pk, $sk, %attributes) = @_;

	ask($engine, 'PutItem', { TableName => $table, Item => { %{ _key($pk, $sk) }, map { ($_ => _ordered($attributes{$_})) } keys %attributes } });
}

sub delete_item
{
	my ($engine, $table, $pk, $sk) = @_;

	ask($engine, 'DeleteItem', { TableName => $table, Key => _key($pk, $sk) });
}

# An empty table that is defined as another one of the same engine.
sub table_like
{
	my ($stage, $from, $name) = @_;
	my $table = ask(engine($stage), 'DescribeTable', { TableName => $from })->{Table};
	my @indexes = map { { IndexName => $_->{IndexName}, KeySchema => $_->{KeySchema}, Projection => $_->{Projection} } }
	  @{ $table->{GlobalSecondaryIndexes} // [] };

	BenchTest::bench_make($stage, {
		TableName => $name, BillingMode => 'PAY_PER_REQUEST', AttributeDefinitions => $table->{AttributeDefinitions},
		KeySchema => $table->{KeySchema}, @indexes ? (GlobalSecondaryIndexes => \@indexes) : () });
}

# ---- statements ----------------------------------------------------------------

# (number of rows, output, errors and notices) of a statement.
sub rows_and_errors
{
	my ($session, $sql) = @_;
	my ($output, $error) = outcome($session, "$sql;\n\\echo rows :ROW_COUNT");

	my ($rows) = $output =~ s/\n?rows (\d+)\n?$// ? $1 : croak "no rows in $output";
	return ($rows, $output, $error);
}

# Whether a statement says that it wrote so many rows, and no error; returns its output.
sub writes
{
	my ($session, $sql, $expected, $name) = @_;
	my ($rows, $output, $error) = rows_and_errors($session, $sql);
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	is($error eq '' ? $rows : $error, $expected, $name);
	return $output;
}

# Whether a statement fails with a SQLSTATE (a text or a pattern) and this text; returns that text.
sub refused
{
	my ($session, $sql, $sqlstate, $pattern, $name) = @_;
	my (undef, $error) = outcome($session, $sql);
	my ($state) = $error =~ /(?:ERROR|FATAL):  (\w{5}):/;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	ok(($state // '') =~ /^(?:$sqlstate)$/ && $error =~ $pattern, $name) or diag("expected $sqlstate and $pattern, got: $error");
	return $error;
}

# What the error of a duplicate says.
sub exists_already
{
	my ($pk, $sk) = @_;

	return qr/(?=.*exists already)(?=.*pk = "\Q$pk\E", sk = "\Q$sk\E")/s;
}

# How many rows an error says are written; where there is none, it need not say so.
sub said_written
{
	my ($error) = @_;

	return $1 if $error =~ /DETAIL:.*?(\d+) rows? of the statement (?:is|are) written/s;
	return $error =~ /ERROR/ ? 0 : 'no error';
}

# Sends a statement and does not wait for it.
sub begin_statement
{
	my ($session, $sql) = @_;

	$session->query_until(qr/begun/, "\\echo begun\n$sql;\n\\echo rows :ROW_COUNT\n\\echo over\n\\warn over\n");
}

# The same as rows_and_errors() of the statement that was begun.
sub end_statement
{
	my ($session) = @_;

	$session->{run}->pump() until $session->{stdout} =~ /over\n/ && $session->{stderr} =~ /over\n/;
	my ($output, $error) = ($session->{stdout}, $session->{stderr});
	@{$session}{qw(stdout stderr)} = ('', '');
	my ($rows) = $output =~ /rows (\d+)/;
	return ($rows, $output =~ s/\n?rows \d+\nover\n//r, $error =~ s/over\n//r);
}

# Resets a proxy, but what it refused is not forgotten.
sub start_over
{
	my ($proxy) = @_;

	push @{ $proxy->{refused} }, map { $_->{rule} } @{ $proxy->violations };
	$proxy->reset;
}

# The rules of all that a proxy refused, as text.
sub all_violations
{
	my ($proxy) = @_;

	return join ' ', @{ $proxy->{refused} // [] }, map { "$_->{rule}: $_->{message}" } @{ $proxy->violations };
}

# The bodies of the requests of some operations since the last reset.
sub requests_of
{
	my ($proxy, @operations) = @_;
	my %wanted = map { ($_ => 1) } @operations;

	return map { $_->{body} } grep { $wanted{ $_->{operation} } } @{ $proxy->requests };
}

1;
