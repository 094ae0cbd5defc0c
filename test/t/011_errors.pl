# Errors of use: what is wrong, in an error with its SQLSTATE, and a hint where
# there is something to do.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults);
use BenchFaults;
use Test::More;

my ($node, $proxy) = faulty_cluster(proxy => { args => [ '--region', 'us-east-2' ] }, server => { max_attempts => 1 });
my $session = session($node);
my $run = bench_manifest('dynalite/live/BenchmarkResults')->{runs}[0];
my $condition = "test_run_id = '$run->{test_run_id}'";
my $query = "SELECT count(*) FROM bench.aggregates WHERE $condition";

# Runs code with the server's options changed, and changes them back.
sub with_server
{
	my ($name, $options, $code) = @_;

	subtest $name => sub {
		$node->safe_psql('postgres', "ALTER SERVER bench_server OPTIONS ($options)");
		$code->();
		$node->safe_psql('postgres', q{ALTER SERVER bench_server OPTIONS (SET region 'us-east-2', SET endpoint '} . $proxy->url . q{')});
		gives($session, $query, $run->{aggregates}, 'when it is set right');
	};
}

# A foreign table of all items, with further options.
sub create_table
{
	my ($name, $options, $columns) = @_;
	$columns //= q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), "configId" text, timestamp timestamptz OPTIONS (format 'epoch_ms')};

	$node->safe_psql('postgres', "SET client_min_messages = error; DROP FOREIGN TABLE IF EXISTS bench.$name;
		CREATE FOREIGN TABLE bench.$name ($columns) SERVER bench_server OPTIONS ($options)");
}

# ---- the table -----------------------------------------------------------------------

subtest 'no such table' => sub {
	create_table('missing', q{table 'Missing'});
	fails($session, 'SELECT count(*) FROM bench.missing', 'HV00R',
		qr/foreign table "missing".*ResourceNotFoundException, Scan of table "Missing".*HINT:.*name, the region and the account/s, 'Scan');
	fails($session, q{SELECT count(*) FROM bench.missing WHERE pk = 'x' AND sk = 'y'}, 'HV00R', qr/GetItem of table "Missing"/, 'GetItem');
	fails($session, q{IMPORT FOREIGN SCHEMA "Missing" FROM SERVER bench_server INTO public}, 'HV00R',
		qr/DescribeTable of table "Missing".*HINT/s, 'IMPORT');
};

subtest 'a name that lost its capitals' => sub {
	my $hint = qr/table "benchmarkresults".*HINT:  .*case-sensitive.*double quotes/s;

	create_table('benchmarkresults', q{entity 'items'}, 'pk text, sk text');
	fails($session, 'SELECT count(*) FROM bench.BenchmarkResults', 'HV00R', $hint, 'a foreign table');
	fails($session, 'IMPORT FOREIGN SCHEMA BenchmarkResults FROM SERVER bench_server INTO public', 'HV00R', $hint, 'IMPORT');
};

subtest 'a name that lost its end' => sub {
	my $name = 'A' . 'b' x 75;

	fails($session, "IMPORT FOREIGN SCHEMA \"$name\" FROM SERVER bench_server INTO public", 'HV00R', qr/HINT:.*63 bytes/, 'IMPORT');
};

# ---- the server and its credentials --------------------------------------------------

with_server('no region', 'DROP region', sub {
	fails($session, $query, 'HV00J', qr/region of server "bench_server" is not set.*HINT:  ALTER SERVER bench_server OPTIONS \(ADD region/s, 'error');
	$node->safe_psql('postgres', q{ALTER SERVER bench_server OPTIONS (ADD region 'us-east-2')});
});
with_server('the wrong region', q{SET region 'eu-west-1'}, sub {
	fails($session, $query, '28000', qr/valid region, not 'eu-west-1'.*HINT/s, 'error');
});
with_server('nobody listens', q{SET endpoint 'http://127.0.0.1:1'}, sub {
	fails($session, $query, '08006', qr/could not connect to "127\.0\.0\.1:1": Connection refused.*HINT:  Check region, endpoint and proxy/s, 'error');
	fails($session, q{SELECT bench_ping('bench_server')}, '08006', qr/Connection refused/, 'bench_ping');
	fails($session, 'IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER bench_server INTO public', '08006', qr/Connection refused/, 'IMPORT');
});
my $banner = serve(sub { syswrite $_[0], "SSH-2.0-OpenSSH_9.2\r\n" });
with_server('something else listens', "SET endpoint 'http://127.0.0.1:$banner'", sub {
	fails($session, $query, '08P01', qr/"127\.0\.0\.1:$banner" does not speak HTTP/, 'error');
});
my $closes = serve(sub { sysread $_[0], my $request, 1 });
with_server('something that only closes', "SET endpoint 'http://127.0.0.1:$closes'", sub {
	fails($session, $query, '08006', qr/"127\.0\.0\.1:$closes" closed the connection|broke/, 'error');
});

subtest 'credentials' => sub {
	my $alter = q{ALTER USER MAPPING FOR CURRENT_USER SERVER bench_server OPTIONS};
	my ($id, $secret) = (BenchTest::Proxy::ACCESS_KEY, BenchTest::Proxy::SECRET_KEY);

	$node->safe_psql('postgres', "$alter (SET secret_access_key 'wrong')");
	fails($session, $query, '28000', qr/signature we calculated does not match.*InvalidSignatureException.*HINT:.*secret_access_key/s, 'wrong secret');
	$node->safe_psql('postgres', "$alter (SET access_key_id 'AKIDNOBODY')");
	fails($session, $query, '28000', qr/UnrecognizedClientException.*HINT:.*access_key_id/s, 'unknown key');
	$node->safe_psql('postgres', "$alter (ADD session_token 'stray')");
	fails($session, $query, '28000', qr/UnrecognizedClientException.*HINT:.*session_token/s, 'a stray token');
	$node->safe_psql('postgres', "$alter (SET access_key_id '$id', SET secret_access_key '$secret', DROP session_token)");
	gives($session, $query, $run->{aggregates}, 'good ones');
};

# ---- what the service may refuse -----------------------------------------------------

my @refusals = (
	[ AccessDeniedException => '42501', qr/Query of table "BenchmarkResults".*HINT:.*policy/s ],
	[ ValidationException => 'HV00L', qr/HINT:.*bench_refresh/ ], [ SerializationException => 'HV000', qr// ],
	[ ResourceNotFoundException => 'HV00R', qr/HINT/ ], [ MissingAuthenticationTokenException => '28000', qr/HINT/ ],
	[ IncompleteSignatureException => '28000', qr/HINT/ ], [ InternalServerError => 'HV000', qr// ],
	[ ProvisionedThroughputExceededException => '53400', qr/HINT:.*capacity/ ], [ ThrottlingException => '53400', qr/HINT:.*capacity/ ],
	[ RequestLimitExceeded => '53400', qr/HINT/ ], [ LimitExceededException => '53400', qr/HINT/ ], [ SlowDown => '53400', qr/HINT/ ],
	[ NeverHeardOfException => 'HV000', qr// ]);

subtest 'kinds of refusal' => sub {
	foreach my $case (@refusals)
	{
		my ($type, $sqlstate, $pattern) = @$case;

		$proxy->reset;
		fault($proxy, { error => $type, message => "Because of this." });
		my $error = fails($session, $query, $sqlstate, $pattern, $type);
		like($error, qr/ERROR:  \w{5}: could not read foreign table "aggregates": Because of this\nDETAIL:  $type, .*request id \w{52}/, "$type: message and detail");
	}
	$proxy->clear;
	gives($session, $query, $run->{aggregates}, 'the next statement');
};

subtest 'denied to IMPORT' => sub {
	my $import = 'IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER bench_server INTO public';

	foreach my $case ([ DescribeTable => qr/HINT:.*shape 'live'/ ], [ Scan => qr/HINT:.*sample_run.*shape 'live'/ ], [ Query => qr/HINT/ ])
	{
		my ($operation, $pattern) = @$case;

		$proxy->reset;
		fault($proxy, { error => 'AccessDeniedException', message => 'Denied.' }, operation => $operation);
		fails($session, $import, '42501', qr/$operation of table "BenchmarkResults" is denied.*$pattern/s, $operation);
	}
	$proxy->clear;
};

# ---- options that do not fit the remote table ----------------------------------------

# Whether a statement on a table with these options fails, for that reason and with that hint.
sub misfit
{
	my ($name, $options, $columns, $sql, $sqlstate, $pattern) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	create_table('misfit', "table 'BenchmarkResults'$options", $columns);
	fails($session, $sql, $sqlstate, $pattern, $name);
}

my $index = q{[{"name": "%s", "pk": "%s", "sk": "timestamp", "sk_type": "N", "complete": true, "projection": "%s"}]};
my $by_config = q{SELECT count(*) FROM bench.misfit WHERE "configId" = 'x'};
my $hint = qr/HINT:.*(bench_refresh|import)/;
misfit('an index that does not exist', ", indexes '" . sprintf($index, 'NoIndex', 'configId', 'ALL') . "'", undef, $by_config, 'HV00L',
	qr/does not have the specified index.*Query of table "BenchmarkResults", index "NoIndex".*$hint/s);
misfit('an index with another key', ", indexes '" . sprintf($index, 'TestRunIndex', 'configId', 'ALL') . "'", undef, $by_config, 'HV00L',
	qr/index "TestRunIndex".*$hint/s);
misfit('an index that holds less', ", indexes '" . sprintf($index, 'ConfigIndex', 'configId', 'ALL') . "'",
	q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort'), "configId" text, status text},
	q{SELECT status FROM bench.misfit WHERE "configId" = 'x'}, 'HV00L', qr/ConfigIndex.*$hint/s);

my $renamed = q{pk text OPTIONS (key 'partition', attribute 'PK'), sk text OPTIONS (key 'sort')};
misfit('another partition key: GetItem', '', $renamed, q{SELECT * FROM bench.misfit WHERE pk = 'x' AND sk = 'y'}, 'HV00L', $hint);
misfit('another partition key: Query', '', $renamed, q{SELECT * FROM bench.misfit WHERE pk = 'x'}, 'HV00L', $hint);
misfit('another partition key: Scan', '', $renamed, 'SELECT * FROM bench.misfit', 'HV021', qr/"PK".*$hint/s);
misfit('another sort key: Scan', '', q{pk text OPTIONS (key 'partition'), sk text OPTIONS (key 'sort', attribute 'SK')},
	'SELECT * FROM bench.misfit', 'HV021', qr/"SK".*$hint/s);
misfit('no sort key', '', q{pk text OPTIONS (key 'partition')}, q{SELECT * FROM bench.misfit WHERE pk = 'x'}, 'HV00L', $hint);
misfit('a key of another type', '', q{pk numeric OPTIONS (key 'partition'), sk text OPTIONS (key 'sort')},
	q{SELECT * FROM bench.misfit WHERE pk = 1 AND sk = 'y'}, 'HV00L', $hint);
misfit('an entity with another partition key', q{, entity 'aggregates', pk 'PK'}, q{test_run_id text OPTIONS (attribute 'testRunId')},
	q{SELECT * FROM bench.misfit WHERE test_run_id = 'r'}, 'HV00L', $hint);
misfit('no key at all', '', 'something text', 'SELECT * FROM bench.misfit', 'HV024', qr/partition key is not known.*HINT:.*key 'partition'/s);
misfit('indexes that are no JSON', q{, indexes 'ConfigIndex'}, undef, 'SELECT * FROM bench.misfit', 'HV024', qr/no JSON array.*HINT/s);
misfit('an index without a name', q{, indexes '[{"pk": "x"}]'}, undef, 'SELECT * FROM bench.misfit', 'HV024', qr/no name or no pk.*HINT/s);

# The last reset was before the misfits: they account for all violations, and for nothing but that.
subtest 'what was refused on purpose' => sub {
	my %rules = map { $_->{rule} => 1 } @{ $proxy->violations };

	cmp_ok(scalar(keys %rules), '>', 2, 'violations');
	is(scalar(grep { !/^(key|index|projection|attribute|value|schema|condition|query)/ } keys %rules), 0, 'all about keys and indexes')
	  or diag(json(\%rules));
};

$session->quit;
done_testing();
