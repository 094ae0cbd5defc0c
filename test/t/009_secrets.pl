# Secrets: neither the secret key nor the session token nor a signature is in any
# message to the client or in the server's log, however much that is told to say.
#
# What PostgreSQL itself logs is kept away: statements, which hold the secrets of
# CREATE USER MAPPING, are not logged, nor is that statement's parse tree.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults);
use BenchFaults;
use Test::More;

# Canaries: nothing else looks like them.
my $id = 'ASIACANARYKEYID00001';
my $secret = 'Canary/Secret+Key/abcdefghijklmnop0123456';
my $token = 'CanarySessionToken//' . 'x9Y+z' x 40 . '==';
my $wrong = 'Canary/Wrong+Secret/abcdefghijklmnop01234';

my $known = scratch_file(json([ { access_key => $id, secret_key => $secret, session_token => $token } ]));
my ($proxy, $tap) = tapped_proxy(args => [ '--credentials', $known ]);
my $node = bench_cluster('main',
	'log_statement = none', 'log_min_error_statement = panic', 'log_min_duration_statement = -1',
	'log_min_messages = debug5', 'log_error_verbosity = verbose', 'log_parameter_max_length_on_error = -1',
	q{session_preload_libraries = 'auto_explain'});
my $run = bench_manifest('dynalite/live/BenchmarkResults')->{runs}[0];
my $query = "SELECT count(*) FROM bench.aggregates WHERE test_run_id = '$run->{test_run_id}'";
my $told = '';		# everything that clients were told

sub hear
{
	my ($session, @statements) = @_;

	foreach my $statement (@statements)
	{
		my ($output, $messages) = outcome($session, $statement);
		$told .= "$output\n$messages\n";
	}
}

# As outcome(), of one statement that must fail or not.
sub hear_error
{
	my ($session, $statement, $pattern, $name) = @_;
	my ($output, $messages) = outcome($session, $statement);
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	$told .= "$output\n$messages\n";
	like($messages, $pattern, $name);
}

# ---- a loud session ------------------------------------------------------------------

bench_server($node, $tap->{url}, server => { max_attempts => 2, request_timeout => '300ms' },
	mapping => { access_key_id => $id, secret_access_key => $secret, session_token => $token });

my $session = session($node,
	'SET client_min_messages = debug5',
	'SET debug_print_parse = on', 'SET debug_print_rewritten = on', 'SET debug_print_plan = on',
	'SET auto_explain.log_min_duration = 0', 'SET auto_explain.log_verbose = on', 'SET auto_explain.log_analyze = on');

hear($session, 'CREATE SCHEMA bench', 'IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER bench_server INTO bench');
hear($session, $query, 'SELECT * FROM bench.items LIMIT 5', "EXPLAIN (VERBOSE) $query", "EXPLAIN (ANALYZE, VERBOSE, FORMAT JSON) $query",
	"PREPARE p(text) AS SELECT count(*) FROM bench.aggregates WHERE test_run_id = \$1", "EXECUTE p('x')",
	q{SELECT bench_ping('bench_server')}, q{SELECT bench_refresh('bench.items')}, 'SELECT * FROM bench_request_stats()',
	'SELECT query FROM pg_stat_activity', 'SELECT pg_log_backend_memory_contexts(pg_backend_pid())', 'SELECT 1');
like($told, qr/\b$run->{aggregates}\b/, 'the statements worked');

# Each kind of failure, with its retries.
foreach my $action (
	{ status => 500 }, { throttle => \1 }, { error => 'AccessDeniedException', message => "User: $id is not authorized" },
	{ error => 'ExpiredTokenException' }, { cut => 'before' }, { cut => 500 }, { stall => 'before' }, { crc => 'wrong' },
	{ body => '{' }, { redirect => 'http://127.0.0.1:1/' }, { gzip => \1 })
{
	$proxy->reset;
	fault($proxy, $action);
	hear_error($session, $query, qr/could not read foreign table/, 'fails: ' . json($action));
}
$proxy->reset;
hear($session, $query);

# ---- answers that repeat what was sent -----------------------------------------------

# AWS repeats the whole request, token and all, when a signature is wrong; so does the proxy.
hear($session, 'ALTER SERVER bench_server OPTIONS (SET max_attempts \'1\')');
my $alter = q{ALTER USER MAPPING FOR CURRENT_USER SERVER bench_server OPTIONS};
$node->safe_psql('postgres', "$alter (SET secret_access_key '$wrong')");
hear_error($session, $query, qr/ERROR:  28000:.*InvalidSignatureException/s, 'wrong secret');
hear_error($session, $_, qr/ERROR:  28000/, $_)
  foreach (q{SELECT bench_ping('bench_server')}, 'IMPORT FOREIGN SCHEMA "BenchmarkResults" FROM SERVER bench_server INTO public');
$node->safe_psql('postgres', "$alter (SET secret_access_key '$secret')");
hear($session, $query);

# And what a service, or somebody between, might repeat in words of its own.
sub last_request
{
	my @connections = tapped($tap);

	return $connections[-1][1];
}
my ($authorization) = last_request() =~ /^Authorization: (.*?)\r?$/m;
my ($signature) = $authorization =~ /Signature=([0-9a-f]{64})/;
my @signature_errors = ('IncompleteSignatureException', 'InvalidSignatureException');
my @echoes = (
	[ "The Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:$token'", 'ValidationException' ],
	[ "Authorization=$authorization", 'ValidationException' ],
	[ "bad header X-Amz-Security-Token: $token", 'ValidationException' ],
	[ "Signature=$signature is wrong", 'ValidationException' ],
	[ "'$authorization' not a valid key=value pair (missing equal-sign) in Authorization header", 'ValidationException' ],
	# Nothing but the type of the error tells that this is an echo.
	[ "They do not match. We were sent $signature and $token" ]);
foreach my $echo (@echoes)
{
	my ($message, @other_errors) = @$echo;

	foreach my $type (@signature_errors, @other_errors)
	{
		$proxy->reset;
		fault($proxy, { error => $type, message => $message });
		hear_error($session, $query, qr/could not read foreign table/, "$type: " . substr($message, 0, 20) . '...');
	}
}
$proxy->reset;

# ---- secrets in the wrong place ------------------------------------------------------

hear($session, 'SET debug_print_parse = off', 'SET debug_print_rewritten = off', 'SET debug_print_plan = off');
hear_error($session, "CREATE SERVER s FOREIGN DATA WRAPPER benchresults_fdw OPTIONS (region 'us-east-2', $_)",
	qr/ERROR:  HV00D:.*HINT:.*user mapping/s, 'refused: ' . substr($_, 0, 20))
  foreach ("secret_access_key '$secret'", "session_token '$token'", "access_key_id '$id'");
hear_error($session, "CREATE FOREIGN TABLE t (a text) SERVER bench_server OPTIONS (secret_access_key '$secret')",
	qr/ERROR:  HV00D:.*HINT:.*user mapping/s, 'refused for a table');
hear_error($session, "CREATE USER MAPPING FOR PUBLIC SERVER bench_server OPTIONS ($_)",
	qr/ERROR:  (HV00D|22023)/, 'refused: ' . substr($_, 0, 20))
  foreach ("secret_acess_key '$secret'", "secret_access_key E'$secret\\n'", "session_token E'$token\\x01'", "secret_access_key ''",
	"secret_access_key '$secret', session_token '" . $token x 400 . "'");

$session->quit;
$node->stop;

# ---- nothing of it was said ----------------------------------------------------------

my $log = PostgreSQL::Test::Utils::slurp_file($node->logfile);
my $sent = join '', map { $_->[1] } tapped($tap);
my @signatures = $sent =~ /Signature=([0-9a-f]{64})/g;

# The search itself works, and there was something to find.
cmp_ok(scalar(@signatures), '>', 50, 'signatures were sent');
like($sent, qr/\Q$token\E/, 'and the token');
like($log, qr/ERROR:  28000:.*InvalidSignature|InvalidSignature/s, 'the log has the errors');
like($log, qr/FOREIGNSCAN/, 'and the plans');
like($told, qr/DEBUG/, 'the client was told more than usual');
like($told, qr/DynamoDB Operation/, 'and the plans');

foreach my $place ([ 'the log' => $log ], [ 'what clients were told' => $told ])
{
	my ($name, $text) = @$place;

	ok(index($text, $secret) < 0, "no secret in $name");
	ok(index($text, $wrong) < 0, "no wrong secret in $name");
	ok(index($text, substr($token, 0, 24)) < 0, "no session token in $name");
	is(scalar(grep { index($text, $_) >= 0 } @signatures), 0, "no signature in $name");
	unlike($text, qr/AWS4-HMAC-SHA256|Signature=/i, "no part of an Authorization header in $name");
}

done_testing();
