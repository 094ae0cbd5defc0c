# The published figures of test/engines/figures.csv, for tests that compare with them.
package BenchTest::Published;
use strict;
use warnings;
use BenchTest ();
use Exporter 'import';

our @EXPORT = qw(load_published);

# A table published with a row for each, in a node's database postgres; returns how many.
sub load_published
{
	my ($node) = @_;
	my (@rows, @names);

	open my $file, '<', BenchTest::bench_root() . '/test/engines/figures.csv' or die "figures.csv: $!";
	while (my $line = <$file>)
	{
		chomp $line;
		next if $line =~ /^#/;
		if (!@names) { @names = split /,/, $line; next }
		my %row;
		@row{@names} = split /,/, $line, -1;
		foreach my $kind (qw(cold warm))
		{
			next if $row{"${kind}_cost"} eq '';
			push @rows, sprintf "('%s', '%s', '%s', %s, '%s', %s, %s, %s)", @row{qw(runtime architecture workload_type memory_size_mb)},
			  $kind, $row{"${kind}_mean"}, $kind eq 'cold' ? $row{cold_init_mean} : 'NULL', $row{"${kind}_cost"};
		}
	}
	$node->safe_psql('postgres', 'CREATE TABLE published (runtime text, architecture text, workload_type text, memory_size_mb int,
		invocation_type text, mean float8, init float8, cost numeric); INSERT INTO published VALUES ' . join ', ', @rows);
	return scalar @rows;
}

1;
