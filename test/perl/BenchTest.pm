# What every TAP test of the extension needs: engines with loaded tables, a
# proxy before them, and a PostgreSQL cluster that reads through it.
#
#	use BenchTest qw(dynalite/live/BenchmarkResults);   # first of all modules: what must be there (scripts/stage)
#	use Test::More;
#
#	my $proxy = BenchTest::Proxy->start(target => bench_engine('dynalite/live'));
#	my $node = bench_cluster('main');
#	bench_server($node, $proxy->url);
#	bench_import($node);
#
# Engines and tables are expensive: where BENCH_STAGE names a folder, they are
# made there once and left running for whoever comes next; otherwise a test
# has a folder of its own and ends them with itself.
#
# A test is two processes. The first prepares the stage, waits, and cleans up
# whatever becomes of the second, which runs the test: as user postgres where
# the first is root, for PostgreSQL refuses to run as root, while the engines'
# cache may be readable by root only.
package BenchTest;

use strict;
use warnings;

my ($root, $pg_source);

BEGIN
{
	require Cwd;
	require File::Basename;
	my $pg_config = $ENV{PG_CONFIG} // 'pg_config';
	chomp(my $bin = `$pg_config --bindir`);
	chomp(my $pgxs = `$pg_config --pgxs`);

	die "$pg_config does not work\n" unless $bin && $pgxs;
	$root = Cwd::realpath(File::Basename::dirname(__FILE__) . '/../..');
	$pg_source = Cwd::realpath(File::Basename::dirname($pgxs) . '/..');
	unshift @INC, "$pg_source/test/perl";
	$ENV{PATH} = "$bin:$ENV{PATH}";
	$ENV{PG_REGRESS} //= "$pg_source/test/regress/pg_regress";
}

use BenchTest::Proxy;
use Carp;
use Exporter ();
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use JSON::PP ();
use POSIX ();

our @ISA = ('Exporter');
our @EXPORT = qw(bench_root bench_engine bench_manifest bench_items bench_benchbox bench_table bench_make
  bench_cluster bench_server bench_import bench_foreign_table bench_options bench_session bench_error_of no_violations);

my $stage;

# ---- before the test: its stage, and the right user --------------------------

# Runs while the test is compiled, before PostgreSQL's modules look at their
# environment and open their log files.
sub import
{
	my ($class, @wanted) = @_;

	_perform(@wanted);
	# PostgreSQL's modules die of it from 17 on: names of tests, like queries, are bytes
	$SIG{__WARN__} = sub { $_[0] =~ /^Wide character/ ? die @_ : warn @_ };
	require PostgreSQL::Test::Cluster;
	require PostgreSQL::Test::Utils;
	$class->export_to_level(1, $class, @EXPORT);
}

# Returns in the second process only; the first ends here.
sub _perform
{
	my (@wanted) = @_;
	my $shared = defined $ENV{BENCH_STAGE};
	my $scratch = tempdir('bench-test-XXXXXX', TMPDIR => 1);
	my $status;

	chmod 0755, $scratch or die "$scratch: $!";
	$stage = $shared ? $ENV{BENCH_STAGE} : "$scratch/stage";
	$status = system("$root/scripts/stage", $stage, @wanted) if @wanted;
	if (!$status)
	{
		my $child = fork() // die "fork: $!";

		if ($child == 0)
		{
			_enter("$scratch/work");
			return;
		}
		$status = _await($child);
	}
	system("$root/scripts/stage", '--stop', $stage) unless $shared;
	if ($status || $ENV{PG_TEST_NOCLEAN})
	{
		_tell_end_of_log($scratch) if $status;
		print STDERR "# the logs are in $scratch\n";
	}
	else
	{
		remove_tree($scratch);
	}
	POSIX::_exit($status & 127 ? 128 + ($status & 127) : $status >> 8);
}

# What a test dies of stands in its log only.
sub _tell_end_of_log
{
	my ($scratch) = @_;
	my ($file) = glob "$scratch/work/tmp_check/log/regress_log_*" or return;
	my @lines = split /\n/, _slurp($file);

	splice @lines, 0, -25 if @lines > 25;
	print STDERR map { "# " . substr($_, 0, 300) . "\n" } @lines;
}

sub _await
{
	my ($child) = @_;

	# The terminal sends an interrupt to both; a kill is for both as well.
	local $SIG{INT} = 'IGNORE';
	local $SIG{TERM} = sub { kill 'TERM', $child };
	1 while waitpid($child, 0) == -1 && $!{EINTR};
	return $?;
}

# The test's own folder, its user, and an end that runs END blocks.
sub _enter
{
	my ($folder) = @_;

	mkdir $folder or die "$folder: $!";
	if ($> == 0)
	{
		my ($name, undef, $uid, $gid, undef, undef, undef, $home) = getpwnam('postgres')
		  or die "no user postgres to run PostgreSQL as\n";

		chown $uid, $gid, $folder or die "$folder: $!";
		$( = $gid;
		$) = "$gid $gid";
		POSIX::setuid($uid) or die "setuid: $!";
		@ENV{qw(HOME USER LOGNAME)} = ($home, $name, $name);
	}
	# what the test itself makes goes there too, whosever TMPDIR is
	$ENV{TMPDIR} = $folder;
	# 15 reads the first of these, 16 and later the others
	$ENV{TESTDIR} = $folder;
	$ENV{TESTDATADIR} = "$folder/tmp_check";
	$ENV{TESTLOGDIR} = "$folder/tmp_check/log";
	$SIG{INT} = $SIG{TERM} = sub { exit 143 };
}

# ---- the stage ---------------------------------------------------------------

sub bench_root { return $root }

sub _slurp
{
	my ($file) = @_;

	open my $in, '<:raw', $file or croak "$file: $!";
	local $/;
	return scalar <$in>;
}

# The url of an engine that the test asked for: bench_engine('dynalite/live').
sub bench_engine
{
	my ($engine, $shape) = split m{/}, $_[0];
	chomp(my $url = _slurp("$stage/$engine-$shape/url"));

	return $url;
}

# What the loader says of a table: bench_manifest('dynalite/live/BenchmarkResults').
sub bench_manifest
{
	my ($engine, $shape, $table) = split m{/}, $_[0];

	return JSON::PP->new->utf8->decode(_slurp("$stage/$engine-$shape/$table.json"));
}

# The folder of documents that BenchBox has written, if the test asked for benchbox.
sub bench_benchbox { return "$stage/benchbox" }

# The file of a table's items, one line of DynamoDB JSON each: bench_items('dump/live/BenchmarkLarge').
sub bench_items
{
	my (undef, $shape, $table) = split m{/}, $_[0];

	return "$stage/$shape-$table.items";
}

# Makes a table in an engine, anew.  keys: [name => type] of the partition and the
# sort key; local, global: {index => [attribute => type, ..., projection]}, the
# projection being ALL, KEYS_ONLY or [included, ...]; items: in DynamoDB JSON, as an
# array or as its text.
sub bench_table
{
	my ($engine, $name, %table) = @_;
	my %types;
	my %definition = (TableName => $name, BillingMode => 'PAY_PER_REQUEST', KeySchema => _key_schema(\%types, @{ $table{keys} }));

	foreach my $kind (qw(local global))
	{
		next unless $table{$kind};
		$definition{ ucfirst($kind) . 'SecondaryIndexes' } =
		  [ map { _index(\%types, $_, @{ $table{$kind}{$_} }) } sort keys %{ $table{$kind} } ];
	}
	$definition{AttributeDefinitions} = [ map { { AttributeName => $_, AttributeType => $types{$_} } } sort keys %types ];
	bench_make($engine, \%definition, $table{items} // []);
}

# The same of the body of a CreateTable.
sub bench_make
{
	my ($engine, $definition, $items) = @_;

	open my $make, '|-', "$root/test/engines/make", '--endpoint', bench_engine($engine) or croak "make: $!";
	my ($text, $list) = map { ref $_ ? JSON::PP->new->utf8->encode($_) : $_ } $definition, $items // [];
	print $make qq({"definition":$text,"items":$list});
	close $make or croak "could not make table $definition->{TableName}";
}

sub _key_schema
{
	my ($types, @attributes) = @_;
	my @schema;

	while (my ($name, $type) = splice @attributes, 0, 2)
	{
		$types->{$name} = $type;
		push @schema, { AttributeName => $name, KeyType => @schema ? 'RANGE' : 'HASH' };
	}
	return \@schema;
}

sub _index
{
	my ($types, $name, @attributes) = @_;
	my $projection = pop @attributes;

	return {
		IndexName => $name,
		KeySchema => _key_schema($types, @attributes),
		Projection => ref $projection ? { ProjectionType => 'INCLUDE', NonKeyAttributes => $projection }
		: { ProjectionType => $projection }
	};
}

# ---- PostgreSQL --------------------------------------------------------------

# A running cluster with the extension; further arguments are lines of its configuration.
sub bench_cluster
{
	my ($name, @conf) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);

	# as a database is made nowadays, whatever the environment says
	$node->init(extra => [ "--encoding=UTF8", "--locale=C.UTF-8" ]);
	$node->append_conf('postgresql.conf', $_) foreach @conf;
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION benchresults_fdw');
	return $node;
}

# " OPTIONS (...)" of a statement; an undefined value leaves an option out.
sub bench_options
{
	my (%options) = @_;
	my @list;

	foreach my $name (sort keys %options)
	{
		next unless defined $options{$name};
		my $value = $options{$name} =~ s/'/''/gr;
		push @list, "$name '$value'";
	}
	return @list ? ' OPTIONS (' . join(', ', @list) . ')' : '';
}

# A server and the caller's mapping to it, made anew.  Arguments: name (default
# bench_server), server and mapping: further options; undef takes one away.  A Scan
# is of one segment, for how many there were depends on what the engine says of a
# table's size.
sub bench_server
{
	my ($node, $endpoint, %arguments) = @_;
	my $name = $arguments{name} // 'bench_server';
	my $server = bench_options(region => 'us-east-2', endpoint => $endpoint, scan_segments => 1, %{ $arguments{server} // {} });
	my $mapping = bench_options(
		access_key_id => BenchTest::Proxy::ACCESS_KEY,
		secret_access_key => BenchTest::Proxy::SECRET_KEY,
		%{ $arguments{mapping} // {} });

	$node->safe_psql('postgres', qq{
		SET client_min_messages = warning;
		DROP SERVER IF EXISTS $name CASCADE;
		CREATE SERVER $name FOREIGN DATA WRAPPER benchresults_fdw$server;
		CREATE USER MAPPING FOR CURRENT_USER SERVER $name$mapping;});
}

# Imports a table into a schema made anew.  Arguments: table (BenchmarkResults),
# schema (bench), server (bench_server), options of IMPORT.
sub bench_import
{
	my ($node, %arguments) = @_;
	my $table = $arguments{table} // 'BenchmarkResults';
	my $schema = $arguments{schema} // 'bench';
	my $server = $arguments{server} // 'bench_server';
	my $options = bench_options(%{ $arguments{options} // {} });

	$node->safe_psql('postgres', qq{
		SET client_min_messages = warning;
		DROP SCHEMA IF EXISTS $schema CASCADE;
		CREATE SCHEMA $schema;
		IMPORT FOREIGN SCHEMA "$table" FROM SERVER $server INTO $schema$options;});
}

# A foreign table, made anew, for a table of the service. Further arguments are its
# options, and its server if it is not bench_server.
sub bench_foreign_table
{
	my ($node, $name, $table, $columns, %options) = @_;
	my $server = delete $options{server} // 'bench_server';
	my $list = bench_options(table => $table, %options);

	$node->safe_psql('postgres', qq{
		SET client_min_messages = warning;
		DROP FOREIGN TABLE IF EXISTS $name;
		CREATE FOREIGN TABLE $name ($columns) SERVER $server$list;});
}

# One psql session for several statements, so that they share a connection: a BackgroundPsql.
sub bench_session
{
	my ($node) = @_;

	return $node->background_psql('postgres', on_error_stop => 0);
}

# The error of a statement, all of it, with its SQLSTATE; "" where there was none.
sub bench_error_of
{
	my ($node, $sql) = @_;
	my $error;

	$node->psql('postgres', "\\set VERBOSITY verbose\n$sql", stderr => \$error, on_error_stop => 1);
	return $error =~ /ERROR:/ ? $error : '';
}

# Whether the proxy found nothing to refuse; shows what it did.
sub no_violations
{
	my ($proxy, $name) = @_;
	my $violations = $proxy->violations;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	Test::More::is(JSON::PP->new->canonical->encode($violations), '[]', $name // 'every request was in order');
}

1;
