# User mappings: requests carry the keys of the user whom PostgreSQL checks, over
# connections that are nobody else's, and what is altered counts from the next
# statement on.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
use BenchTest qw(dynalite/live/BenchmarkResults);
use BenchFaults;
use Test::More;

# Keys that the proxy knows besides its own: user => [id, secret, session token].
my %keys = (
	alice => [ 'AKIDALICE', 'alice/secret' ],
	bob => [ 'AKIDBOB', 'bob/secret' ],
	public => [ 'AKIDPUBLIC', 'public/secret' ],
	temporary => [ 'ASIATEMPORARY', 'temporary/secret', 'token+of/temporary==' ]);

my $known = scratch_file(json([ map {
	my ($id, $secret, $token) = @$_;
	{ access_key => $id, secret_key => $secret, session_token => $token }
} values %keys ]));

my ($proxy, $tap) = tapped_proxy(args => [ '--credentials', $known ]);
my $node = cluster_with_environment();
bench_server($node, $tap->{url}, server => { max_attempts => 2, request_timeout => '10s' });
bench_import($node);

my $run = bench_manifest('dynalite/live/BenchmarkResults')->{runs}[0];
my $condition = "test_run_id = '$run->{test_run_id}'";
my $query = "SELECT count(*) FROM bench.aggregates WHERE $condition";
my $rows = $run->{aggregates};

# A cluster whose postmaster could lend credentials, a region and a proxy to its backends.
sub cluster_with_environment
{
	local %ENV = (%ENV, AWS_ACCESS_KEY_ID => $keys{public}[0], AWS_SECRET_ACCESS_KEY => $keys{public}[1],
		AWS_REGION => 'us-east-2', http_proxy => 'http://127.0.0.1:1', ALL_PROXY => 'http://127.0.0.1:1');
	return bench_cluster('main');
}

sub mapping
{
	my ($user, $id, $secret, $token) = @_;
	my $options = "access_key_id '$id', secret_access_key '$secret'" . ($token ? ", session_token '$token'" : '');

	return "DROP USER MAPPING IF EXISTS FOR $user SERVER bench_server;
		CREATE USER MAPPING FOR $user SERVER bench_server OPTIONS ($options);";
}

# Users with a mapping of their own, and one who has that of PUBLIC.
$node->safe_psql('postgres', "SET client_min_messages = error;
	CREATE ROLE alice; CREATE ROLE bob; CREATE ROLE carol;
	GRANT USAGE ON SCHEMA bench TO PUBLIC;
	GRANT SELECT ON ALL TABLES IN SCHEMA bench TO PUBLIC;
	GRANT CREATE ON SCHEMA public TO alice;"
	. mapping(alice => @{ $keys{alice} }) . mapping(bob => @{ $keys{bob} }) . mapping(PUBLIC => @{ $keys{public} }));

my %heard;		# requests of each connection that were looked at before

# ["connection key-id", ...] of the requests since the last call.
sub new_keys
{
	my @new;

	foreach my $connection (tapped($tap))
	{
		my ($number, $sent) = @$connection;
		my @ids = $sent =~ m{^Authorization: AWS4-HMAC-SHA256 Credential=([^/]+)/}gm;

		push @new, map { "$number $_" } splice @ids, $heard{$number} // 0;
		$heard{$number} += grep { /^$number / } @new;
	}
	return @new;
}

# Whether a statement has this output and its requests these key ids.
sub uses_keys
{
	my ($session, $sql, $ids, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	new_keys();
	gives($session, $sql, $rows, "$name: rows");
	is(join(' ', map { /\d+ (.*)/ } new_keys()), $ids, "$name: keys");
}

# ---- whose mapping -------------------------------------------------------------------

my $session = session($node);

uses_keys($session, $query, BenchTest::Proxy::ACCESS_KEY, 'the session user');
foreach my $case ([ alice => 'alice' ], [ bob => 'bob' ], [ carol => 'public' ])
{
	my ($user, $owner) = @$case;

	outcome($session, "SET ROLE $user");
	uses_keys($session, $query, $keys{$owner}[0], "SET ROLE $user");
}

outcome($session, "SET ROLE alice;
	CREATE VIEW alices_view AS SELECT * FROM bench.aggregates;
	CREATE VIEW callers_view WITH (security_invoker) AS SELECT * FROM bench.aggregates;
	CREATE FUNCTION alices_function() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS \$\$ $query \$\$;
	CREATE FUNCTION callers_function() RETURNS bigint LANGUAGE sql AS \$\$ $query \$\$;
	GRANT SELECT ON alices_view, callers_view TO PUBLIC");
outcome($session, 'SET ROLE bob');
uses_keys($session, "SELECT count(*) FROM alices_view WHERE $condition", $keys{alice}[0], 'a view of alice, read by bob');
uses_keys($session, "SELECT count(*) FROM callers_view WHERE $condition", $keys{bob}[0], 'a view with security_invoker');
uses_keys($session, 'SELECT alices_function()', $keys{alice}[0], 'a SECURITY DEFINER function of alice, called by bob');
uses_keys($session, 'SELECT callers_function()', $keys{bob}[0], 'any other function');
outcome($session, 'RESET ROLE');
uses_keys($session, $query, BenchTest::Proxy::ACCESS_KEY, 'RESET ROLE');

subtest 'a cached plan in changing roles' => sub {
	outcome($session, "SET plan_cache_mode = force_generic_plan; PREPARE counted AS $query");
	foreach my $user (qw(alice bob alice bob))
	{
		outcome($session, "SET ROLE $user");
		uses_keys($session, 'EXECUTE counted', $keys{$user}[0], $user);
	}
	outcome($session, 'RESET ROLE; RESET plan_cache_mode');
};

subtest 'one statement with the rights of two' => sub {
	new_keys();
	outcome($session, 'SET ROLE bob');
	gives($session, "SELECT count(*) FROM alices_view a JOIN bench.aggregates b USING (test_run_id, config_id, invocation_type)
		WHERE $condition", $rows, 'rows');
	is(join(' ', sort map { /\d+ (.*)/ } new_keys()), "$keys{alice}[0] $keys{bob}[0]", 'each part with its own keys');
	outcome($session, 'RESET ROLE');
};

subtest 'no connection is shared' => sub {
	my $other = session($node);
	my %users;

	# of all requests of the test so far
	%heard = ();
	foreach (new_keys())
	{
		my ($connection, $id) = split / /;
		$users{$connection}{$id} = 1;
	}
	is(scalar(grep { keys %$_ != 1 } values %users), 0, 'each connection has seen the keys of one mapping');
	new_keys();
	foreach my $user ((qw(alice bob carol)) x 5)
	{
		outcome($other, "SET ROLE $user");
		outcome($other, $query);
	}
	my %connections = map { $_ => 1 } new_keys();
	is(scalar(keys %connections), 3, 'and each mapping of a session has one');
	$other->quit;
};

# ---- no mapping, no keys -------------------------------------------------------------

subtest 'credentials come from mappings only' => sub {
	$proxy->reset;
	$node->safe_psql('postgres', 'DROP USER MAPPING FOR PUBLIC SERVER bench_server');
	outcome($session, 'SET ROLE carol');
	fails($session, $query, '42704', qr/user mapping not found for (?:user )?"carol"/, 'no mapping');
	$node->safe_psql('postgres', 'CREATE USER MAPPING FOR PUBLIC SERVER bench_server');
	fails($session, $query, '2F003', qr/no credentials.*HINT:.*access_key_id/s, 'an empty mapping');
	$node->safe_psql('postgres', q{ALTER USER MAPPING FOR PUBLIC SERVER bench_server OPTIONS (ADD access_key_id 'x')});
	fails($session, $query, '2F003', qr/no credentials.*HINT/s, 'half a mapping');
	outcome($session, 'RESET ROLE');
	$node->safe_psql('postgres', q{DROP USER MAPPING FOR CURRENT_USER SERVER bench_server});
	fails($session, $query, '2F003', qr/no credentials/, 'a superuser neither');
	is($proxy->counts->{total}, 0, 'no request, although the environment of the server has keys');
	$node->safe_psql('postgres', mapping(CURRENT_USER => BenchTest::Proxy::ACCESS_KEY, BenchTest::Proxy::SECRET_KEY));
	gives($session, $query, $rows, 'with a mapping');
};

# ---- altered in another session ------------------------------------------------------

outcome($session, "SET plan_cache_mode = force_generic_plan; PREPARE again AS $query");
gives($session, 'EXECUTE again', $rows, 'prepared');

subtest 'ALTER USER MAPPING' => sub {
	my $alter = 'ALTER USER MAPPING FOR CURRENT_USER SERVER bench_server OPTIONS';

	foreach my $sql ($query, 'EXECUTE again')
	{
		$node->safe_psql('postgres', "$alter (SET access_key_id '$keys{bob}[0]', SET secret_access_key '$keys{bob}[1]')");
		uses_keys($session, $sql, $keys{bob}[0], "new keys, $sql");
		$node->safe_psql('postgres', "$alter (SET secret_access_key 'wrong')");
		fails($session, $sql, '28000', qr/InvalidSignatureException.*HINT:.*secret_access_key/s, "wrong secret, $sql");
		$node->safe_psql('postgres', "$alter (SET access_key_id 'AKIDNOBODY')");
		fails($session, $sql, '28000', qr/UnrecognizedClientException.*HINT:.*access_key_id/s, "unknown key, $sql");
		$node->safe_psql('postgres', mapping(CURRENT_USER => BenchTest::Proxy::ACCESS_KEY, BenchTest::Proxy::SECRET_KEY));
		uses_keys($session, $sql, BenchTest::Proxy::ACCESS_KEY, "good again, $sql");
	}
};

subtest 'ALTER SERVER' => sub {
	my $elsewhere = BenchTest::Proxy->start(target => bench_engine('dynalite/live'));

	foreach my $sql ($query, 'EXECUTE again')
	{
		$proxy->reset;
		$elsewhere->reset;
		alter_server($node, endpoint => $elsewhere->url);
		gives($session, $sql, $rows, "another endpoint, $sql");
		is($proxy->counts->{total}, 0, 'the old one was not asked');
		is($elsewhere->counts->{total}, 1, 'the new one was');
		alter_server($node, endpoint => $tap->{url});
		gives($session, $sql, $rows, "back again, $sql");
		is($elsewhere->counts->{total}, 1, 'the new one was not asked');

		fault($proxy, { stall => 'before' });
		alter_server($node, request_timeout => '200ms', max_attempts => 1);
		fails($session, $sql, '08006', qr/within 200 ms/, "request_timeout, $sql");
		$proxy->clear;
		alter_server($node, request_timeout => '10s', max_attempts => 2);
		gives($session, $sql, $rows, "timeout undone, $sql");
	}
	$elsewhere->stop;
};

subtest 'A15: ALTER FOREIGN TABLE' => sub {
	outcome($session, "PREPARE altered AS SELECT sum(sample_count) FROM bench.aggregates WHERE $condition");
	my ($samples) = outcome($session, 'EXECUTE altered');
	my $alter = 'ALTER FOREIGN TABLE bench.aggregates';
	$node->safe_psql('postgres', "$alter ALTER sample_count OPTIONS (SET attribute 'failedCount')");
	my ($failed) = outcome($session, "SELECT sum(failed_count) FROM bench.aggregates WHERE $condition");
	isnt($failed, $samples, 'two attributes with different values');
	gives($session, 'EXECUTE altered', $failed, 'another attribute');
	$node->safe_psql('postgres', "$alter OPTIONS (SET table 'Missing')");
	fails($session, 'EXECUTE altered', 'HV00R', qr/table "Missing"/, 'another table');
	$node->safe_psql('postgres', "$alter ALTER sample_count OPTIONS (SET attribute 'sampleCount'), OPTIONS (SET table 'BenchmarkResults')");
	gives($session, 'EXECUTE altered', $samples, 'back again');
};

subtest 'a statement under way finishes as it began' => sub {
	$proxy->reset;
	fault($proxy, { page_limit => 5 });
	outcome($session, "BEGIN; DECLARE c CURSOR FOR SELECT config_id FROM bench.aggregates WHERE $condition");
	my ($first) = outcome($session, 'FETCH 7 FROM c');
	$node->safe_psql('postgres', q{ALTER USER MAPPING FOR CURRENT_USER SERVER bench_server OPTIONS (SET secret_access_key 'wrong')});
	alter_server($node, endpoint => 'http://127.0.0.1:1');
	my ($rest, $error) = outcome($session, 'FETCH ALL FROM c');
	is($error, '', 'no error');
	is(scalar(my @all = split /\n/, "$first\n$rest"), $rows, 'rows');
	fails($session, $query, '08006', qr/127\.0\.0\.1:1/, 'the next statement of the transaction does not');
	outcome($session, 'ROLLBACK');
	$proxy->clear;
	alter_server($node, endpoint => $tap->{url});
	$node->safe_psql('postgres', mapping(CURRENT_USER => BenchTest::Proxy::ACCESS_KEY, BenchTest::Proxy::SECRET_KEY));
};

subtest 'DROP USER MAPPING' => sub {
	outcome($session, 'SET ROLE alice');
	gives($session, $query, $rows, 'before');
	$node->safe_psql('postgres', q{DROP USER MAPPING FOR PUBLIC SERVER bench_server; DROP USER MAPPING FOR alice SERVER bench_server});
	fails($session, $query, '42704', qr/user mapping not found/, 'after');
	outcome($session, 'RESET ROLE');
	gives($session, $query, $rows, 'others still work');
	is(scalar(grep { /^socket:/ } descriptors(backend_pid($session))), sockets_of_one(), 'the connection is closed');
};

# The sockets of a backend that has asked one server with one mapping.
sub sockets_of_one
{
	my $fresh = session($node);

	outcome($fresh, $query);
	my $number = grep { /^socket:/ } descriptors(backend_pid($fresh));
	$fresh->quit;
	return $number;
}

# ---- temporary credentials -----------------------------------------------------------

subtest 'session token' => sub {
	$node->safe_psql('postgres', mapping(bob => @{ $keys{temporary} }));
	outcome($session, 'SET ROLE bob');
	uses_keys($session, $query, $keys{temporary}[0], 'with its token');
	my $alter = 'ALTER USER MAPPING FOR bob SERVER bench_server OPTIONS';
	$node->safe_psql('postgres', "$alter (SET session_token 'another')");
	fails($session, $query, '28000', qr/UnrecognizedClientException.*HINT:.*session_token/s, 'with another token');
	$node->safe_psql('postgres', "$alter (DROP session_token)");
	fails($session, $query, '28000', qr/UnrecognizedClientException/, 'without token');
	$node->safe_psql('postgres', "$alter (ADD session_token '$keys{temporary}[2]')");
	gives($session, $query, $rows, 'with its token again');
	$proxy->reset;
	fault($proxy, { error => 'ExpiredTokenException', message => 'The security token included in the request is expired' });
	fails($session, $query, '28000', qr/expired.*HINT:.*expired/s, 'expired');
	is($proxy->counts->{total}, 1, 'not tried again');
	$proxy->clear;
	outcome($session, 'RESET ROLE');
};

# ---- a clock that is wrong -----------------------------------------------------------

subtest 'clock skew' => sub {
	foreach my $skew (1200, -1200, 40_000)
	{
		my $fresh = session($node);

		$proxy->reset;
		$proxy->clock(skew => $skew);
		gives($fresh, $query, $rows, "$skew s: rows");
		is($proxy->counts->{total}, 2, "$skew s: signed again with the service's time");
		gives($fresh, $query, $rows, "$skew s: the next statement");
		is($proxy->counts->{total}, 3, "$skew s: at the first attempt");
		$proxy->clock(skew => 0);
		gives($fresh, $query, $rows, "$skew s: the clock jumps back");
		is($proxy->counts->{retries}, 2, "$skew s: signed again");
		is(join(' ', map { $_->{attempt} =~ /attempt=(\d+)/ } grep { !$_->{retry} } @{ $proxy->requests }), '1 1 1',
			"$skew s: three statements");
		$fresh->quit;
	}
};

subtest 'clock skew that cannot be corrected' => sub {
	my $fresh = session($node);

	foreach my $case ([ 'no Date', skew => 1200, date => '' ], [ 'a garbled Date', skew => 1200, date => 'yesterday' ],
		[ 'a Date days away', skew => 200_000 ])
	{
		my ($name, %clock) = @$case;

		$proxy->reset;
		$proxy->clock(%clock);
		fails($fresh, $query, '28000', qr/Signature not yet current|Signature expired/, $name);
		is($proxy->counts->{total}, 1, "$name: not tried again");
	}
	$proxy->reset;
	gives($fresh, $query, $rows, 'when the clock is right');
	# A service that always says so must not be asked for ever.
	fault($proxy, { error => 'RequestTimeTooSkewedException' });
	fails($fresh, $query, '28000', qr/RequestTimeTooSkewed/, 'skewed whatever the time');
	is($proxy->counts->{total}, 3, 'one correction');
	$proxy->clear;
	$fresh->quit;
};

# ---- functions -----------------------------------------------------------------------

subtest 'who may use the functions' => sub {
	outcome($session, 'SET ROLE bob');
	fails($session, q{SELECT bench_ping('bench_server')}, '42501', qr/permission denied for function/, 'bench_ping is not for all');
	gives($session, 'SELECT count(*) FROM bench_request_stats()', 0, 'nor are figures of a server without USAGE');
	$node->safe_psql('postgres', 'GRANT EXECUTE ON FUNCTION bench_ping TO bob');
	fails($session, q{SELECT bench_ping('bench_server')}, '42501', qr/permission denied for foreign server/, 'USAGE is needed');
	$node->safe_psql('postgres', 'GRANT USAGE ON FOREIGN SERVER bench_server TO bob');
	gives($session, q{SELECT bench_ping('bench_server') > 0}, 't', 'with USAGE');
	gives($session, 'SELECT count(*) > 0 FROM bench_request_stats()', 't', 'figures with USAGE');
	outcome($session, 'RESET ROLE');
};

$session->quit;
done_testing();
