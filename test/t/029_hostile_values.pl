# Values of our types from clients that send anything: each is an error or a value that can be used, and the
# session lives on.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest;
use Test::More;

my $node = bench_cluster('main');
my $seed = $ENV{BENCH_SEED} // time % 100_000;
my $count = $ENV{BENCH_LONG} ? 20_000 : 1_500;
my $folder = PostgreSQL::Test::Utils::tempdir();

chmod 0755, $folder;
srand $seed;
note "seed $seed (BENCH_SEED), $count values of each type";

# What is made of valid ones of a type, and every way in which a value is used.
my %types = (
	benchsample => {
		sources => [ "'{}'::benchsample", "'{1,2,NaN}'::benchsample", 'bench_sample(exp(i / 10.0))' ],
		uses => [ 'bench_count(v)', 'bench_values(v)', 'bench_median(v)', 'bench_percentile(v, 0.99)', "bench_stats(v, 'tukey')", 'bench_mad(v)',
			'bench_rollup(v)', 'v::text::benchsample', 'bench_median_ci(v)', "bench_compare(v, '{1,2,3}'::benchsample)" ]
	},
	benchmoments => {
		sources => [ 'bench_moments(i)', 'bench_moments(1e300 * i)', "bench_moments('NaN')" ],
		uses => [ 'bench_count(v)', 'bench_mean(v)', 'bench_stddev(v)', 'bench_skewness(v)', 'bench_kurtosis(v)', 'bench_rollup(v)',
			'v::text::benchmoments', 'bench_welch_t(v, v)' ]
	},
	benchsketch => {
		sources => [ 'bench_sketch(i)', 'bench_sketch(-exp(i))', "bench_sketch('Infinity', 0.3)", 'bench_sketch(i - 50, 0.001)' ],
		uses => [ 'bench_count(v)', 'bench_mean(v)', 'bench_percentile(v, 0)', 'bench_percentiles(v, ARRAY[0.5, 0.99, 1])', 'bench_rank(v, 3)',
			'bench_error(v)', 'bench_rollup(v)', 'v::text::benchsketch' ]
	});

# A file as COPY has it in binary, of one row with this value.
sub binary_copy
{
	my ($bytes) = @_;
	return "PGCOPY\n\xff\r\n\0" . pack('NNn', 0, 0, 1) . pack('N', length $bytes) . $bytes . pack 'n', 0xffff;
}

# Bytes that are changed, left out, put in, repeated; numbers at the edge of what there is.
sub mutate
{
	my ($bytes) = @_;
	my @edges = ("\0" x 8, "\xff" x 8, "\x7f\xff\xff\xff\xff\xff\xff\xff", "\x80" . "\0" x 7, "\x7f\xf0" . "\0" x 6, "\x7f\xf8" . "\0" x 6, "\0\0\0\1", "\x7f\xff\xff\xff");

	for (0 .. int rand 3)
	{
		my $place = int rand(1 + length $bytes);
		my $kind = int rand 6;

		if ($kind == 0) { substr($bytes, $place, 1) = chr int rand 256 }
		elsif ($kind == 1) { substr($bytes, $place) = '' }
		elsif ($kind == 2) { substr($bytes, $place, 0) = join '', map { chr int rand 256 } 1 .. 1 + int rand 16 }
		elsif ($kind == 3) { $bytes .= substr $bytes, $place }
		else
		{
			my $edge = $edges[ rand @edges ];
			$place -= $place % length $edge if $kind == 4;
			substr($bytes, $place, length $edge) = $edge if $place + length $edge <= length $bytes;
		}
	}
	return $bytes;
}

foreach my $type (sort keys %types)
{
	my ($sources, $uses) = @{ $types{$type} }{qw(sources uses)};
	(my $send = $type) =~ s/^bench(.*)/bench_$1_send/;
	my @valid = map { pack 'H*', $node->safe_psql('postgres', "SELECT encode($send($_), 'hex') FROM generate_series(1, 100) i LIMIT 1") } @$sources;
	my $script = "CREATE TABLE hostile_$type (v $type);\nSELECT pg_backend_pid();\n";

	foreach my $number (1 .. $count)
	{
		open my $file, '>:raw', "$folder/$type-$number" or die $!;
		print $file binary_copy(mutate($valid[ rand @valid ]));
		close $file;
		$script .= "COPY hostile_$type FROM '$folder/$type-$number' (FORMAT binary);\n";
	}
	# each value by itself: what one accessor refuses says nothing of the others
	$script .= "SELECT $_ FROM (SELECT v FROM hostile_$type OFFSET 0) t \\g /dev/null\n" foreach grep { !/rollup/ } @$uses;
	$script .= "SELECT bench_rollup(v) FROM hostile_$type GROUP BY ctid \\g /dev/null\n";
	$script .= "SELECT pg_backend_pid(), count(*) FROM hostile_$type;\n";

	my ($stdout, $stderr);
	$node->psql('postgres', $script, on_error_stop => 0, stdout => \$stdout, stderr => \$stderr);
	my ($before, $after, $taken) = $stdout =~ /\A(\d+)\n(\d+)\|(\d+)\z/;
	ok(defined $after && $before == $after, "$type: the session survives $count values")
	  or diag substr $stderr // '', -2000;
	note "$type: ", $taken // 0, ' were values';
	cmp_ok($taken // 0, '>', 0, '... some of which are values') if $type eq 'benchsample';
	my @surprises = grep { /^.*ERROR: /m && !/invalid|out of range|insufficient data|incorrect binary|too large|cannot hold|extra data|malformed/ }
	  split /\n(?=psql:)/, $stderr // '';
	is(scalar @surprises, 0, '... errors say that it is no value') or diag join "\n", @surprises[ 0 .. ($#surprises < 9 ? $#surprises : 9) ];
	unlike($stderr // '', qr/server closed|PANIC|TRAP/, '... and nothing breaks');
	unlink glob "$folder/$type-*";
}

done_testing;
