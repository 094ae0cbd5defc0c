# Tables of a test's own, with any items, in an engine of the stage.
#
#	make_table('dynalite/live', 'Odd', [ pk => 'S', sk => 'N' ], \@items,
#		indexes => { ByKind => { keys => [ kind => 'S', n => 'N' ], projection => 'ALL' } });
#
# Items are in DynamoDB's JSON. Each test has names of its own for its tables,
# for tests run side by side on one engine.
package BenchItems;

use strict;
use warnings;

use BenchTest ();
use BenchTest::Proxy;
use Carp;
use Exporter 'import';
use JSON::PP ();
use Time::HiRes qw(sleep time);

our @EXPORT = qw(make_table put_items call_engine map_table);

use constant BATCH => 25;		# of BatchWriteItem, by DynamoDB's definition
use constant PATIENCE => 60;

my $json = JSON::PP->new->utf8;
my $http = BenchTest::Proxy::Client->new(timeout => PATIENCE);

# One request to the engine itself, which takes any signature. (answer, error).
sub call_engine
{
	my ($stage, $operation, $body) = @_;
	my $answer = $http->request('POST', BenchTest::bench_engine($stage), {
		headers => {
			'Content-Type' => 'application/x-amz-json-1.0',
			'X-Amz-Target' => "DynamoDB_20120810.$operation",
			'X-Amz-Date' => '20250101T000000Z',
			Authorization => 'AWS4-HMAC-SHA256 Credential=local/20250101/us-east-2/dynamodb/aws4_request, '
			  . 'SignedHeaders=host;x-amz-date;x-amz-target, Signature=' . '0' x 64,
		},
		content => ref $body ? $json->encode($body) : $body });

	return $answer->{success} ? ($json->decode($answer->{content}), undef) : (undef, "$operation: $answer->{status} $answer->{content}");
}

sub _must
{
	my ($answer, $error) = call_engine(@_);

	croak $error if defined $error;
	return $answer;
}

# [ pk => 'S', sk => 'N' ] as a KeySchema; collects the types.
sub _keys
{
	my ($types, @keys) = @_;
	my @roles = qw(HASH RANGE);
	my @schema;

	while (my ($name, $type) = splice @keys, 0, 2)
	{
		$types->{$name} = $type;
		push @schema, { AttributeName => $name, KeyType => shift @roles };
	}
	return \@schema;
}

sub _index
{
	my ($types, $name, $index) = @_;
	my $projection = $index->{projection} // 'ALL';

	return {
		IndexName => $name,
		KeySchema => _keys($types, @{ $index->{keys} }),
		Projection => ref $projection ? { ProjectionType => 'INCLUDE', NonKeyAttributes => $projection }
		: { ProjectionType => $projection } };
}

sub _await
{
	my ($condition, $what) = @_;
	my $deadline = time + PATIENCE;

	until ($condition->())
	{
		croak "waited in vain for $what" if time > $deadline;
		sleep 0.02;
	}
}

# Makes a table anew. Options: indexes and local, name => { keys, projection }.
sub make_table
{
	my ($stage, $name, $keys, $items, %options) = @_;
	my %types;
	my %definition = (TableName => $name, BillingMode => 'PAY_PER_REQUEST', KeySchema => _keys(\%types, @$keys));

	foreach my $kind ([ indexes => 'GlobalSecondaryIndexes' ], [ local => 'LocalSecondaryIndexes' ])
	{
		my ($option, $member) = @$kind;
		my $indexes = $options{$option} // next;

		$definition{$member} = [ map { _index(\%types, $_, $indexes->{$_}) } sort keys %$indexes ];
	}
	$definition{AttributeDefinitions} = [ map { { AttributeName => $_, AttributeType => $types{$_} } } sort keys %types ];

	call_engine($stage, 'DeleteTable', { TableName => $name });
	_await(sub { !(call_engine($stage, 'DescribeTable', { TableName => $name }))[0] }, "the end of table $name");
	_must($stage, 'CreateTable', \%definition);
	_await(sub {
		my $table = _must($stage, 'DescribeTable', { TableName => $name })->{Table};
		return !grep { $_ ne 'ACTIVE' } $table->{TableStatus}, map { $_->{IndexStatus} } @{ $table->{GlobalSecondaryIndexes} // [] };
	}, "table $name");
	put_items($stage, $name, @$items);
}

# Puts items, which may be given as JSON texts, in as few requests as DynamoDB allows.
sub put_items
{
	my ($stage, $table, @items) = @_;

	while (my @batch = splice @items, 0, BATCH)
	{
		my $puts = join ',', map { '{"PutRequest":{"Item":' . (ref $_ ? $json->encode($_) : $_) . '}}' } @batch;
		my $answer = _must($stage, 'BatchWriteItem', qq({"RequestItems":{"$table":[$puts]}}));

		croak "items of $table were not taken" if %{ $answer->{UnprocessedItems} // {} };
	}
}

# A foreign table, made anew, for such a table; further arguments are its options
# and, if it is not bench_server, its server.
sub map_table
{
	my ($node, $name, $table, $columns, %options) = @_;
	my $server = delete $options{server} // 'bench_server';
	my $list = BenchTest::bench_options(table => $table, %options);

	$node->safe_psql('postgres', qq{
		SET client_min_messages = warning;
		DROP FOREIGN TABLE IF EXISTS $name;
		CREATE FOREIGN TABLE $name ($columns) SERVER $server$list;});
}

1;
