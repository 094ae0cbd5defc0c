# The manual and the extension say the same: every public function is named by a page, and the appendix of signatures
# is as it would be made now.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest;
use PostgreSQL::Test::Utils ();
use Test::More;

my $node = bench_cluster('main');
my ($stdout, $stderr) = ('', '');

{
	local %ENV = (%ENV, PGHOST => $node->host, PGPORT => $node->port, PGDATABASE => 'postgres');
	ok(PostgreSQL::Test::Utils::run_log([ bench_root() . '/scripts/signatures' ], '>', \$stdout, '2>', \$stderr), 'every public function is in the manual')
	  or diag $stderr;
}
is($stdout, PostgreSQL::Test::Utils::slurp_file(bench_root() . '/docs/signatures.md'), 'docs/signatures.md is up to date: scripts/signatures');

done_testing;
