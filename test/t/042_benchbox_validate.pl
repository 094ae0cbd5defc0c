# Documents of BenchBox: valid ones of every form pass, each of hundreds of kinds of faults is found where it is,
# and no document, however hostile, takes more than bounded time and memory.
# The seed is a new one in every run, and printed; BENCH_SEED sets it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";

use BenchTest;
use Test::More;

my $documents = $ENV{BENCH_LONG} ? 500 : 50;
my $seed = $ENV{BENCH_SEED} // int(rand(1_000_000_000));
my $shared = bench_root() . '/../shared/data/benchbox';
my $node = bench_cluster('main');

note("seed $seed");

# What a script prints, as rows of a table.
sub load
{
	my ($table, $script, $count) = @_;
	my $path = bench_root() . "/test/benchbox/$script";

	$node->safe_psql('postgres', "COPY $table FROM PROGRAM 'PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 $path $count $seed'");
	return;
}

sub value
{
	my ($query) = @_;

	return $node->safe_psql('postgres', $query);
}

$node->safe_psql('postgres', q{
	CREATE UNLOGGED TABLE valid (number integer, doc text);
	CREATE UNLOGGED TABLE faulty (kind text, severity text, path text, code text, doc text)});

# ---- what is valid ---------------------------------------------------------------

load('valid', 'generate.py', 40 * $documents);
is(value("SELECT number, f.* FROM valid, benchbox_validate(doc) f WHERE severity <> 'note' LIMIT 3"), '',
	40 * $documents . ' valid documents: no errors and no warnings');
is(value('SELECT count(*) FROM valid WHERE NOT benchbox_is_valid(doc)'), 0, '... benchbox_is_valid says so too');
is(value('SELECT number, f.* FROM valid, benchbox_validate(doc) f EXCEPT ALL SELECT number, f.* FROM valid, benchbox_validate(doc::jsonb) f LIMIT 3'), '',
	'... of jsonb the same is said');

# ---- what is not -----------------------------------------------------------------

load('faulty', 'mutate.py', $documents);

my ($kinds, $count, $found) = split /\|/, value('SELECT count(DISTINCT kind), count(*), count(*) FILTER (WHERE found) FROM faulty m,
	LATERAL (SELECT EXISTS (SELECT FROM benchbox_validate(doc) f WHERE (f.path, f.code, f.severity) = (m.path, m.code, m.severity)) AS found) f');
note("$count documents of $kinds kinds, found $found");
cmp_ok($kinds, '>=', 200, "$kinds kinds of faults");
is($count, $kinds * $documents, "... $documents documents of each");
is($found, $count, '... all found where they are')
  or diag(value("SELECT DISTINCT ON (kind) kind, severity, path, code FROM faulty m
		WHERE NOT EXISTS (SELECT FROM benchbox_validate(doc) f WHERE (f.path, f.code, f.severity) = (m.path, m.code, m.severity)) ORDER BY kind"));
is(value("SELECT kind, benchbox_is_valid(doc) FROM faulty WHERE benchbox_is_valid(doc) <> (severity <> 'error')
	AND NOT EXISTS (SELECT FROM benchbox_validate(doc) f WHERE f.severity = 'error') LIMIT 3"), '', 'only errors make a document invalid');
# what jsonb does not hide
is(value("WITH m AS MATERIALIZED (SELECT row_number() OVER () AS n, doc FROM faulty TABLESAMPLE BERNOULLI (20) WHERE code NOT IN ('json', 'duplicate', 'not_finite', 'text')),
		as_text AS (SELECT n, path, severity, code FROM m, benchbox_validate(doc)),
		as_jsonb AS (SELECT n, path, severity, code FROM m, benchbox_validate(doc::jsonb))
	SELECT * FROM ((TABLE as_text EXCEPT ALL TABLE as_jsonb) UNION ALL (TABLE as_jsonb EXCEPT ALL TABLE as_text)) d LIMIT 3"), '',
	'of jsonb the same is said');

# ---- other encodings ---------------------------------------------------------------

$node->safe_psql('postgres', "CREATE DATABASE latin1 TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
$node->safe_psql('latin1', 'CREATE EXTENSION benchresults_fdw');
is($node->safe_psql('latin1', q{SET client_encoding = 'UTF8'; SELECT path, code, message FROM benchbox_validate('{"größe": 1, "\u6570": 2, "schema_version": "é"}') WHERE code <> 'missing'}),
	qq{größe|unknown_key|schema 1.1 does not know it\n["\\u6570"]|unknown_key|schema 1.1 does not know it\nschema_version|literal|it is "é", but must be 1.1},
	'a database that is not in UTF-8');

# ---- hostile documents ---------------------------------------------------------------

# The most memory that the session has used, in MB.
my $peak = "(regexp_match(pg_read_file('/proc/self/status'), 'VmHWM:\\s*(\\d+)'))[1]::integer / 1024";

# What a session of its own says of a document, an expression of SQL: the first findings, or the error.
sub hostile
{
	my ($name, $document, $expected) = @_;
	my ($status, $stdout, $stderr) = $node->psql('postgres', "\\set VERBOSITY sqlstate
		SET statement_timeout = '100s';
		SELECT string_agg(concat_ws(' ', severity, nullif(path, ''), code), ', ' ORDER BY ord) FILTER (WHERE ord <= 2), count(*)
			FROM benchbox_validate($document) WITH ORDINALITY f(path, severity, code, message, ord);
		SELECT $peak", on_error_stop => 0);
	my @lines = split /\n/, $stdout;
	my $memory = pop @lines;

	is(join("\n", @lines, $stderr =~ /ERROR:\s+(\w+)/ ? $1 : ()), $expected, $name);
	cmp_ok($memory, '<', 1000, "... in $memory MB");
	return;
}

my $limit = '54000';

hostile('100 MB of text', "repeat('x', 100000000)", $limit);
hostile('100 MB of brackets', "repeat('[', 100000000)", $limit);
hostile('100 MB, stored compressed', '(SELECT doc FROM (SELECT string_agg(doc, NULL) AS doc FROM (SELECT repeat($$[$$, 10000000) AS doc FROM generate_series(1, 10)) p) c)', $limit);
hostile('60 MB of white space', "repeat(' ', 60000000)", 'error json|1');
hostile('60 MB that is no JSON', "repeat('x', 60000000)", 'error json|1');
hostile('a depth of 10,000', "repeat('[', 10000) || repeat(']', 10000)", $limit);
hostile('objects to a depth of 10,000', q~repeat('{"a":', 10000)~, $limit);
hostile('a depth of 128', "repeat('[', 128) || repeat(']', 128)", 'error type|1');
hostile('jsonb to a depth of 500', "(repeat('[', 500) || repeat(']', 500))::jsonb", $limit);
hostile('five million values', "'[' || repeat('1,', 5000000) || '1]'", $limit);
hostile('a string of 60 MB', qq{'{"schema_version": "' || repeat('y', 60000000) || '"}'}, 'error schema_version literal, error benchmark missing|9');
hostile('60 MB of escapes', qq{'{"schema_version": "' || repeat('\\n', 30000000) || '"}'}, 'error schema_version literal, error benchmark missing|9');
hostile('a key of 60 MB', qq{'{"' || repeat('k', 60000000) || '": 1}'}, 'note ["' . 'k' x 100 . '..."] unknown_key, error schema_version missing|10');
hostile('a number of 10 MB', qq{'{"results": {"queries": {"total": ' || repeat('1', 10000000) || '}}}'}, 'error results.queries.total range, error results.queries.successful missing|14');
hostile('an exponent of 10 MB', qq{'{"results": {"queries": {"total": 1e' || repeat('1', 10000000) || '}}}'}, 'error results.queries.total range, error results.queries.successful missing|14');
hostile('three million keys', q{'{' || (SELECT string_agg('"k' || i || '":1', ',') FROM generate_series(1, 3000000) i) || '}'},
	'note k1 unknown_key, note k2 unknown_key|1010');
hostile('three million times the same key', q{'{' || repeat('"k":1,', 3000000) || '"k":1}'}, 'error k duplicate, error k duplicate|2002');
hostile('three million keys that are the same in other letters', q{'{' || repeat('"\u006b":1,"k":1,', 1500000) || '"k":1}'}, 'error k duplicate, error ["\u006b"] duplicate|2002');
hostile('three million NaN', q{'{"metadata": {"a": [' || repeat('NaN,', 3000000) || '1]}}'}, 'error metadata.a[0] not_finite, error metadata.a[1] not_finite|1001');
hostile('entries without anything', q{'{"results": {"queries": {"details": [' || repeat('{},', 1000000) || '{}]}}}'},
	'error results.queries.details[0].id missing, error results.queries.details[0].status missing|1001');
hostile('long keys, deep down, twice', q~(SELECT repeat('{"' || k || '":', 127) || '{' || repeat('"a":1,', 100000) || '"a":1' || repeat('}', 128) FROM repeat('k', 90) k)~,
	'error ' . join('.', ('k' x 90) x 127) . '.a duplicate, error ' . join('.', ('k' x 90) x 127) . '.a duplicate|1002');
hostile('jsonb whose numbers are long', q{('[' || repeat('1e131071,', 20000) || '1]')::jsonb}, $limit);

# An endless document would be one that cannot be cancelled.
my ($status, $stdout, $stderr) = $node->psql('postgres', q{CREATE TABLE large AS SELECT '[' || repeat('{"a":1,"a":[2]},', 1200000) || '1]' AS doc;
	SET statement_timeout = 100; SELECT count(*) FROM large, benchbox_validate(doc)});
like($stderr, qr/canceling statement due to statement timeout/, 'it can be cancelled');

# ---- files of BenchBox ----------------------------------------------------------------

SKIP:
{
	skip "no files of BenchBox in $shared", 2 unless -d $shared;

	my %layouts;
	foreach my $file (glob("$shared/*v[0-9]*.json"))
	{
		my ($version) = $file =~ /_v(\d\.\d)_/;
		my $json = PostgreSQL::Test::Utils::slurp_file($file);

		my $codes = value("SELECT string_agg(DISTINCT code, ' ' ORDER BY code) FROM benchbox_validate(\$file\$$json\$file\$::text) WHERE severity = 'error'");
		push @{ $layouts{$version} }, $codes;
	}
	is(join(', ', sort keys %layouts), '1.0, 1.1, 2.1, 2.2', 'files of four versions');
	is_deeply([ grep { !/legacy/ } map { @$_ } @layouts{ '2.1', '2.2' } ], [], '... those of 2.x are told by their keys');
}

done_testing();
