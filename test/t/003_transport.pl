# Transport: one kept connection, stale ones invisible, failures tried again, and
# whatever a server can do to an answer: all rows or an error, never some rows.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults);
use BenchFaults;
use Test::More;

my ($node, $proxy) = faulty_cluster(server => { max_attempts => 4, request_timeout => '10s' });
my $session = session($node);
my $run = bench_manifest('dynalite/live/BenchmarkResults')->{runs}[0];
my $query = "SELECT count(*) FROM bench.aggregates WHERE test_run_id = '$run->{test_run_id}'";
my $rows = $run->{aggregates};
my $key = q{test_run_id = '00000000-0000-4000-8000-00000000ed9e'
	AND config_id = 'python3.13-arm64-cpu-intensive-1769' AND invocation_type = 'warm'};
my $get = "SELECT sample_count FROM bench.aggregates WHERE $key";

# The attempt=n of the requests since the last reset, as "1 2 3".
sub attempts
{
	return join ' ', map { $_->{attempt} =~ /attempt=(\d+)/ } @{ $proxy->requests };
}

# The query gives all rows although its first answer, or the first few, have a fault.
sub survives
{
	my ($name, $action, $attempts, $times) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	subtest $name => sub {
		$proxy->reset;
		fault($proxy, $action, times => $times // 1);
		gives($session, $query, $rows, 'all rows');
		is(attempts(), $attempts // '1 2', 'attempts');
	};
}

# The query fails if every answer has a fault, and the session is good afterwards.
sub breaks
{
	my ($name, $action, $sqlstate, $pattern, $attempts) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	subtest $name => sub {
		$proxy->reset;
		fault($proxy, $action);
		fails($session, $query, $sqlstate, $pattern, 'error');
		is(attempts(), $attempts // '1 2 3 4', 'attempts');
		$proxy->clear;
		gives($session, $query, $rows, 'the next statement');
	};
}

# ---- connections -----------------------------------------------------------------

subtest 'one connection for 1,000 statements' => sub {
	$proxy->reset;
	my $output = $node->safe_psql('postgres', "$get;\n" x 1000);
	is($output, join("\n", (1) x 1000), 'rows');
	is($proxy->counts->{GetItem}, 1000, 'requests');
	is($proxy->counts->{connections}, 1, 'connections');
};

subtest 'headers' => sub {
	$proxy->reset;
	fault($proxy, { status => 503 }, times => 2);
	gives($session, $query, $rows, 'rows at the third attempt');
	my @requests = map { $_->{headers} } @{ $proxy->requests };
	my %ids = map { $_->{'amz-sdk-invocation-id'} => 1 } @requests;
	is(scalar(keys %ids), 1, 'one invocation id');
	is($requests[2]{'amz-sdk-request'}, 'attempt=3; max=4', 'the attempt is told');
	is($requests[0]{'x-amz-target'}, 'DynamoDB_20120810.Query', 'the operation');
	is($requests[0]{'content-type'}, 'application/x-amz-json-1.0', 'the content type');
	like($requests[0]{'user-agent'}, qr{^benchresults_fdw/\d+\.\d+$}, 'who asks');
	my @others = grep { !/^(host|x-amz-\S+|amz-sdk-\S+|authorization|content-\S+|user-agent|accept-encoding)$/ } keys %{ $requests[0] };
	is("@others", '', 'nothing else');
};

# With one attempt only, whatever was charged for a stale connection would be an error.
alter_server($node, max_attempts => 1);
foreach my $how (qw(fin rst))
{
	subtest "idle connection closed by $how" => sub {
		gives($session, $get, 1, 'before');
		$proxy->reset;
		is($proxy->disconnect($how)->{closed}, 1, 'the server closed it');
		gives($session, $get, 1, 'the next statement');
		is($proxy->counts->{connections}, 1, 'over a new connection');
		is(attempts(), '1', 'by one request');
	};
	subtest "connection closed by $how as the request arrives" => sub {
		gives($session, $get, 1, 'before');
		$proxy->reset;
		fault($proxy, { cut => 'before', rst => $how eq 'rst' ? \1 : \0 }, times => 1);
		gives($session, $get, 1, 'the statement');
		is(attempts(), '1 1', 'repeated, but not as a further attempt');
		is($proxy->counts->{connections}, 1, 'over a new connection');
	};
	subtest "new connection closed by $how" => sub {
		my $fresh = session($node);
		$proxy->reset;
		fault($proxy, { cut => 'before', rst => $how eq 'rst' ? \1 : \0 });
		fails($fresh, $get, '08006', qr/127\.0\.0\.1:\d+/, 'says something about the service, so it is an error');
		is(attempts(), '1', 'by one request');
		$fresh->quit;
		$proxy->clear;
	};
}

subtest 'announced close' => sub {
	$proxy->reset;
	fault($proxy, { close => 'fin' }, times => 1);
	gives($session, "$get; $get", "1\n1", 'two statements');
	is(attempts(), '1 1', 'by two requests');
};
alter_server($node, max_attempts => 4);

# ---- retries ---------------------------------------------------------------------

survives("status $_ once", { status => $_ }) foreach (500, 502, 503, 504);
survives('throttled once', { throttle => \1 });
survives('throttled with status 429 and no known type', { status => 429, error => 'Whatever' });
survives('TransactionInProgressException once', { error => 'TransactionInProgressException' });
survives('no answer once', { cut => 'before' }, '1 1');		# a stale connection again
survives('nor to the second attempt', { cut => 'before' }, '1 1 2', 2);
survives('request id and other headers missing', { headers => { 'x-amzn-RequestId' => undef, Date => undef } }, '1');

subtest 'three failures, then rows' => sub {
	$proxy->reset;
	fault($proxy, { status => 500 }, times => 3);
	my ($plan, $error) = outcome($session, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) $query");
	like($plan, qr/\bRetries: 3\b/, 'EXPLAIN ANALYZE counts them');
	is(attempts(), '1 2 3 4', 'attempts');
	is($proxy->counts->{retries}, 3, 'they carry the same invocation id');
	my ($retries) = outcome($session, 'SELECT retries >= 3 FROM bench_request_stats()');
	is($retries, 't', 'so does bench_request_stats()');
};

subtest 'the service says how long to wait' => sub {
	$proxy->reset;
	fault($proxy, { throttle => { retry_after => 1200 } }, times => 1);
	my $seconds = elapsed(sub { gives($session, $query, $rows, 'rows') });
	cmp_ok($seconds, '>=', 1.2, 'not tried again before');
	foreach my $garbled ('-100', 'soon', '')
	{
		fault($proxy, { status => 503, headers => { 'x-amz-retry-after' => $garbled } }, times => 1);
		gives($session, $query, $rows, "x-amz-retry-after: \"$garbled\" is ignored");
	}
};

breaks('internal error for ever', { status => 500 }, 'HV000', qr/InternalServerError.*request id \w{52}.*4 attempts/s);
breaks('no answer for ever', { cut => 'before' }, '08006', qr/closed the connection without an answer.*4 attempts/s,
	'1 1 2 3 4');

alter_server($node, max_attempts => 2);
breaks('throttled for ever', { throttle => \1 }, '53400',
	qr/ProvisionedThroughputExceededException, TableReadKeyRangeThroughputExceeded, table BenchmarkResults.*Query of table "BenchmarkResults".*request id \w{52}.*2 attempts.*HINT/s,
	'1 2');
breaks('not retryable', { error => 'ValidationException', message => 'No.' }, 'HV00L', qr/: No\n.*request id \w{52}/s, '1');

# ---- checksums -------------------------------------------------------------------

survives('wrong checksum once', { crc => 'wrong' });
survives('no checksum', { crc => 'missing' }, '1');
survives('checksum with leading zeros', { crc => 'padded' }, '1');
breaks('wrong checksum for ever', { crc => 'wrong' }, '08P01', qr/checksum of an answer.*2 attempts/s, '1 2');
breaks('checksum that is no number', { headers => { 'x-amz-crc32' => 'none' } }, '08P01', qr/checksum/, '1 2');
breaks('wrong checksum of an error', { status => 400, crc => 'wrong' }, '08P01', qr/checksum/, '1 2');

# ---- bodies that end too early ---------------------------------------------------

survives('body shorter than announced', { truncate => 500 });
survives('truncated body, length adjusted', { truncate => 500, content_length => 'short' });
survives('truncated body, end by close', { truncate => 500, content_length => 'none' });
survives('truncated chunks', { truncate => 500, chunked => 100 });
survives('chunked', { chunked => 1000 }, '1');
survives('end by close', { content_length => 'none' }, '1');
survives('connection cut behind the head', { cut => 'head' });
survives('connection cut in the body', { cut => 700 });
survives('connection reset in the body', { cut => 700, rst => \1 });
survives('connection cut between chunks', { cut => 700, chunked => 100 });
survives('interim answers', { interim => 50 }, '1');

# Without a checksum only the JSON itself tells that something is missing.
breaks('truncated body, length adjusted, no checksum', { truncate => 500, content_length => 'short', crc => 'missing' },
	'08P01', qr/ends too early/, '1');
breaks('truncated chunks, no checksum', { truncate => 500, chunked => 100, crc => 'missing' }, '08P01',
	qr/ends too early/, '1');
breaks('body shorter than announced for ever', { truncate => 500, crc => 'missing' }, '08006',
	qr/cut off after 500 bytes.*2 attempts/s, '1 2');
breaks('connection cut in the body for ever', { cut => 700 }, '08006', qr/cut off after 700 bytes/, '1 2');
breaks('connection reset in the body for ever', { cut => 700, rst => \1 }, '08006', qr/broke/, '1 2');

# ---- what is no answer of DynamoDB -----------------------------------------------

my $html = '<html><body>Bad gateway: secret internals</body></html>';
survives('HTML page of a proxy once', { status => 502, body => $html, crc => 'missing', headers => { 'Content-Type' => 'text/html' } });
breaks('HTML page of a proxy for ever', { status => 502, body => $html, crc => 'missing' }, '08P01',
	qr/HTTP status 502 without an error message of DynamoDB/, '1 2');
breaks('HTML page with status 200', { body => $html, crc => 'missing' }, '08P01', qr/malformed answer/, '1');
breaks('empty answer for ever', { body => '' }, '08P01', qr/empty answer/, '1 2');
survives('empty answer once', { body => '' });
breaks('status 204', { status => 204, body => '' }, '08P01', qr/HTTP status 204/, '1');
breaks('status 600', { status => 600, body => '' }, '08P01', qr/HTTP status 600/, '1 2');
breaks('compressed although not asked for', { gzip => \1 }, '08P01', qr/unexpected content encoding "gzip"/, '1');
breaks('300 kB of headers', { headers => { map { ("X-Long-$_" => 'x' x 50_000) } 1 .. 6 } }, '08P01',
	qr/more than 262144 bytes of headers/, '1');
# libcurl stops at 100 kB in a line, and says no more than that there is no room for it
breaks('one header of 300 kB', { headers => { 'X-Long' => 'x' x 300_000 } }, '53200', qr/header line/, '1');

my $elsewhere = BenchTest::Proxy->start(target => bench_engine('dynalite/live'));
foreach my $status (301, 302, 307, 308)
{
	breaks("redirect $status", { redirect => $elsewhere->url, status => $status }, '08P01', qr/HTTP status $status/, '1');
}
is($elsewhere->counts->{connections}, 0, 'no redirect was followed');
$elsewhere->stop;

# ---- limits ----------------------------------------------------------------------

subtest 'answers over the cap are given up while they arrive' => sub {
	my $pid = backend_pid($session);
	my $before = private_kb($pid);

	breaks('length announced', { huge_mb => 200 }, '54000', qr/longer than 33554432 bytes/, '1');
	breaks('length not announced', { huge_mb => 200, content_length => 'none' }, '54000', qr/longer than 33554432/, '1');
	breaks('chunked', { huge_mb => 200, chunked => 65536 }, '54000', qr/longer than 33554432/, '1');
	cmp_ok(private_kb($pid) - $before, '<', 34 * 1024, 'no more than the cap and 2 MB is in use');
};

alter_server($node, max_attempts => 1, request_timeout => '500ms');
breaks('a few bytes at a time', { drip => 2000 }, '08006', qr/stalled for 500 ms after \d+ bytes/, '1');
breaks('no answer', { stall => 'before' }, '08006', qr/no answer from "127\.0\.0\.1:\d+" within 500 ms/, '1');
breaks('no body', { stall => 'head' }, '08006', qr/stalled for 500 ms after 0 bytes/, '1');

$session->quit;
$proxy->reset;
no_violations($proxy, 'violations at the end');
done_testing();
