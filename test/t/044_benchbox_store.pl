# Documents of BenchBox in the table: genuine and random ones, on both engines and shapes, go in and come out; imports that
# are interrupted anywhere, repeated, or run twice at the same time leave what one import leaves.
# The seed of the random ones is printed; BENCH_SEED sets it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../perl";
my @stages;

BEGIN
{
	@stages = $ENV{BENCH_QUICK} ? 'dynamodb-local/live' : qw(dynamodb-local/live dynalite/live dynamodb-local/document dynalite/document);
}
use BenchTest map { "$_/BenchmarkClean" } @stages;
use BenchFaults;
use BenchWrites;
use Test::More;

my $seed = $ENV{BENCH_SEED} // int(rand(1_000_000_000));
my $count = $ENV{BENCH_LONG} ? 200 : 10;
my $shared = bench_root() . '/../shared/data/benchbox';
my $node = bench_cluster('main');
my ($stage, $engine, $proxy, $session);

note("seed $seed");
$node->safe_psql('postgres', 'CREATE TABLE files (name text, doc text); CREATE TABLE random (name integer, doc text)');
$node->safe_psql('postgres',
	'COPY random FROM PROGRAM ' . "'PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 " . bench_root() . "/test/benchbox/generate.py $count $seed'");

foreach my $file (glob "$shared/{fixture,real}*.json")
{
	my ($name) = $file =~ m{([^/]+)$};

	$node->safe_psql('postgres', "INSERT INTO files VALUES ('$name', pg_read_file('$file'))");
}

# Everything of a run, as text; the time of the import is left out.
sub stored
{
	my $items = items_of($engine, 'Store');

	return join "\n", map { canonical($items->{$_}) =~ s/"importedAt":\{"[NS]":"[^"]*"\},//r } sort keys %$items;
}

sub is_empty
{
	my ($name) = @_;

	is(scalar(keys %{ items_of($engine, 'Store') }), 0, $name);
}

# What must hold of the documents of a table: they go in, once, and come out.
sub round_trip
{
	my ($table, $documents) = @_;

	gives($session, "SELECT count(*), count(DISTINCT test_run_id), bool_and(i.items >= 4 OR status = 'failed' AND i.items >= 3) FROM $table, benchbox_import(doc, 'bench') i",
		"$documents|$documents|t", "$table: imported");
	my $before = stored();
	is((outcome($session, "SELECT sum(i.items) FROM $table, benchbox_import(doc::jsonb, 'bench', notes => 'again') i"))[0], 0, '... once');
	is(stored(), $before, '... and nothing has changed');
	gives($session, "SELECT name FROM $table, benchbox_document(benchbox_run_id(doc::jsonb), 'bench') d WHERE d::text IS DISTINCT FROM doc::jsonb::text", '',
		'the documents are what they were, digit by digit');
	gives($session, "SELECT name FROM $table, benchbox_export(benchbox_run_id(doc::jsonb), 'bench') d
		WHERE d IS DISTINCT FROM CASE WHEN doc::jsonb->>'schema_version' = '1.1' AND benchbox_is_valid(doc) THEN doc::jsonb ELSE benchbox_upgrade(doc::jsonb) END", '',
		'of version 1.1 they are exported as they are');
	gives($session, "SELECT name, v.* FROM $table, benchbox_validate(benchbox_export(benchbox_run_id(doc::jsonb), 'bench')) v WHERE severity <> 'note'", '',
		'what is exported is valid');
	gives($session, "SELECT name, v.* FROM $table, benchbox_validate(benchbox_export(benchbox_run_id(doc::jsonb), 'bench', rebuild => true)) v WHERE severity <> 'note'", '',
		'and what is rebuilt');
	gives($session, "SELECT name FROM $table, benchbox_export(benchbox_run_id(doc::jsonb), 'bench', rebuild => true) r
		WHERE (SELECT jsonb_agg(jsonb_build_array(query_id, success, execution_time_ms, run_type) ORDER BY position) FROM benchbox_queries(doc::jsonb)
			WHERE run_type IN ('metadata', 'summary') IS NOT TRUE AND coalesce(execution_time_ms, 1) BETWEEN 1e-130 AND 1e125)
		IS DISTINCT FROM (SELECT jsonb_agg(jsonb_build_array(query_id, success, execution_time_ms, run_type) ORDER BY position) FROM benchbox_queries(r)
			WHERE coalesce(execution_time_ms, 1) BETWEEN 1e-130 AND 1e125)", '', 'with the same queries');
	gives($session, "SELECT name, v.* FROM $table, bench_verify_aggregates(benchbox_run_id(doc::jsonb), 'bench') v", '', 'the aggregates are those of the results');
	is((outcome($session, "SELECT count(d.test_run_id) FROM $table, bench_delete_run(benchbox_run_id(doc::jsonb), 'bench') d"))[0], $documents, 'deleted');
	is_empty('nothing is left');
}

# The same run and the same configurations, whichever version says it.
sub identity
{
	my ($table) = @_;

	gives($session, "SELECT name FROM $table, benchbox_upgrade(doc::jsonb) d WHERE benchbox_config_prefix(d) <> benchbox_config_prefix(doc::jsonb)
		OR EXISTS (SELECT FROM benchbox_executions(doc::jsonb) WHERE execution_id <> '' AND execution_timestamp <> '') AND benchbox_run_id(d) <> benchbox_run_id(doc::jsonb)
		OR (SELECT array_agg(DISTINCT query) FROM benchbox_queries(d)) IS DISTINCT FROM (SELECT array_agg(DISTINCT query) FROM benchbox_queries(doc::jsonb))", '',
		"$table: the same run and configurations in version 1.1");
	gives($session, "SELECT name FROM $table, benchbox_anonymize(doc::jsonb, 'salt') d WHERE benchbox_run_id(d) <> benchbox_run_id(doc::jsonb)
		OR benchbox_config_prefix(d) <> benchbox_config_prefix(doc::jsonb)", '', 'and when anonymised, the same run too');
	gives($session, "SELECT name FROM $table, benchbox_anonymize(doc::jsonb, 'salt') d WHERE benchbox_anonymize(d, 'salt') <> d", '', 'what is anonymised stays so');
	gives($session, "SELECT name, v.* FROM $table, benchbox_validate(benchbox_anonymize(doc::jsonb, 'salt')) v WHERE severity <> 'note' AND benchbox_is_valid(doc)", '',
		'and valid');
}

my $small = q{'{"schema_version": "1.1", "benchmark": {"id": "tpch", "name": "TPC-H"}, "platform": {"name": "DuckDB"}, "configuration": {"scale_factor": 1},
	"execution": {"id": "small", "timestamp": "2026-01-15T10:00:00"}, "results": {"queries": {"details": [
		{"id": "Q1", "status": "SUCCESS", "execution_time_ms": 10, "run_type": "warmup"}, {"id": "Q1", "status": "SUCCESS", "execution_time_ms": 9.5, "run_type": "measurement"},
		{"id": "Q2", "status": "SUCCESS", "execution_time_ms": 20, "run_type": "warmup"}, {"id": "Q2", "status": "FAILED", "error_message": "no"}]}}}'};

# A request by its operation and what it writes.
sub what
{
	my ($request) = @_;
	my $item = $request->{body}{Item};

	return join ' ', $request->{operation}, $item ? $item->{itemType}{S} : ();
}

# What a call asks of the service; never for a Scan.
sub asks_for
{
	my ($call, $expected, $name) = @_;

	start_over($proxy);
	outcome($session, "SELECT $call");
	is($proxy->asked, $expected, "requests: $name");
}

sub interrupted
{
	start_over($proxy);
	gives($session, "SELECT items, status FROM benchbox_import($small, 'bench')", '11|completed', 'an import');
	my @requests = map { what($_) } @{ $proxy->requests };
	my $order = join ', ', map { $requests[$_] } grep { $_ == 0 || $requests[$_] ne $requests[ $_ - 1 ] } 0 .. $#requests;
	is($order, 'GetItem, PutItem test-run, PutItem document, PutItem result, PutItem aggregate, GetItem, UpdateItem', 'the order of its requests');
	my $whole = stored();
	asks_for("benchbox_import($small, 'bench')", 'GetItem 1', 'again');
	asks_for("benchbox_document(benchbox_run_id($small), 'bench')", 'GetItem 1, Query (table) 1', 'its document');
	asks_for("benchbox_export(benchbox_run_id($small), 'bench', rebuild => true)", 'GetItem 1, Query (table) 2', 'rebuilt: a Query for each configuration');

	foreach my $nth (1 .. 11, 'end')
	{
		outcome($session, "SELECT bench_delete_run(benchbox_run_id($small), 'bench')");
		start_over($proxy);
		fault($proxy, { error => 'AccessDeniedException', message => 'not today' },
			$nth eq 'end' ? (operation => 'UpdateItem') : (operation => 'PutItem', nth => $nth));
		refused($session, "SELECT * FROM benchbox_import($small, 'bench')", '42501', qr/not today/, "interrupted at $nth");
		$proxy->clear;
		if ($nth ne '1')
		{
			gives($session, qq{SELECT status FROM bench.test_runs WHERE test_run_id = benchbox_run_id($small)}, 'in_progress', '... the run is in progress');
			gives($session, qq{SELECT reason FROM bench_missing_aggregates(benchbox_run_id($small), 'bench')}, 'run in progress', '... which is all that is missing');
			refused($session, "SELECT * FROM benchbox_import($small, 'bench', timezone => 'Asia/Tokyo')", '23505', qr/other arguments/, '... not to be resumed otherwise');
		}
		my ($items) = outcome($session, "SELECT items FROM benchbox_import($small, 'bench')");
		cmp_ok($items, '<=', 11, '... resumed');
		is(stored(), $whole, '... and all is as if nothing had happened');
	}
}

sub at_the_same_time
{
	my @sessions = map { session($node) } 1 .. 3;

	outcome($session, "SELECT bench_delete_run(benchbox_run_id($small), 'bench')");
	fault($proxy, { delay_ms => 20 }, operation => 'PutItem');
	begin_statement($_, "SELECT items, status FROM benchbox_import($small, 'bench')") foreach @sessions;
	my @ends = map { [ end_statement($_) ] } @sessions;
	$proxy->clear;
	is(join(' ', map { $_->[1] =~ /\|(completed)/ ? $1 : "$_->[1] $_->[2]" } @ends), 'completed completed completed', 'three sessions, no error');
	my $items = 0;
	$items += ($_->[1] =~ /(\d+)\|/)[0] foreach @ends;
	is($items, 11, 'each item was written once');
	is(scalar(keys %{ items_of($engine, 'Store') }), 11, 'and is there');
	$_->quit foreach @sessions;
	outcome($session, "SELECT bench_delete_run(benchbox_run_id($small), 'bench')");
	is_empty('nothing is left');
}

# Whose run never comes to stand, because others begin and delete it all the time.
sub never_begun
{
	outcome($session, q{CREATE FUNCTION nobody() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'});
	outcome($session, 'CREATE TRIGGER nobody BEFORE INSERT ON bench.test_runs FOR EACH ROW EXECUTE FUNCTION nobody()');
	refused($session, "SELECT * FROM benchbox_import($small, 'bench')", '40001', qr/run "[^"]+" is being written and deleted by others/, 'an import whose run does not come to stand');
	outcome($session, 'DROP FUNCTION nobody CASCADE');
	is_empty('... writes nothing of it');
}

# What DynamoDB cannot hold is in the document only.
sub hostile
{
	my $document = q{(SELECT '{"schema_version": "1.1", "benchmark": {"id": "h#u:g e", "name": 5}, "execution": {"id": "x", "timestamp": "2025-01-01T00:00:00", "duration_ms": 1e300},
		"results": {"queries": {"total": 1e200, "details": [{"id": "Q#1/ü:x", "execution_time_ms": 1e200, "status": "SUCCESS"}, {"id": "q2", "execution_time_ms": 1e-200, "status": "SUCCESS"},
		{"execution_time_ms": 5, "rows_returned": 1e30, "resource_usage": {"$S": "x"}}, {"id": {"a": 1}, "status": 7, "run_type": [1], "resource_usage": {"a": {"": 1}}},
		{"id": "Q3", "status": "success", "execution_time_ms": 3, "resource_usage": {"n": 1e-140}}, {"id": "Q3", "execution_time_ms": 4, "run_type": "summary"}, 7, null]}}}'::jsonb
		|| jsonb_build_object('metadata', jsonb_build_object('random', string_agg(md5(i::text), ''), 'deep', (repeat('[', 900) || repeat(']', 900))::jsonb))
		FROM generate_series(1, 40000) i)};

	gives($session, "SELECT items >= 13, status FROM benchbox_import($document, 'bench')", 't|completed', 'a document full of what cannot be');
	gives($session, "SELECT benchbox_document(benchbox_run_id(d), 'bench') = d FROM (SELECT $document) v(d)", 't', 'comes out as it is');
	gives($session, q{SELECT count(*), max(octet_length(item::text)) < 500000 FROM bench.items WHERE pk LIKE 'DOCUMENT#%'}, '3|t', 'from several parts');
	gives($session, q{SELECT string_agg(config_id || '=' || coalesce(duration_ms::text, '-'), ' ' ORDER BY config_id COLLATE "C") FROM bench.results},
		'bb:h_u_g_e:sf_:_:position_2=5 bb:h_u_g_e:sf_:_:position_3=- bb:h_u_g_e:sf_:_:q2=- bb:h_u_g_e:sf_:_:q3=3 bb:h_u_g_e:sf_:_:q_1_x=-', 'its queries');
	gives($session, q{SELECT v.* FROM bench.test_runs, bench_verify_aggregates(test_run_id, 'bench') v}, '', 'its aggregates are right');
	outcome($session, "SELECT bench_delete_run(benchbox_run_id($document), 'bench')");
	is_empty('nothing is left');
}

# The script, with a folder.
sub loaded
{
	my $folder = PostgreSQL::Test::Utils::tempdir();
	my $text = $small =~ s/^'|'$//gr;
	my $call = sub {
		local @ENV{qw(PGHOST PGPORT PGDATABASE)} = ($node->host, $node->port, 'postgres');
		my $error = '';
		my $status = IPC::Run::run([ bench_root() . '/scripts/benchbox-load', '-s', 'bench', '-z', 'UTC', @_ ], '2>', \$error, '<', \undef, '>', \my $output);
		return ($status ? 0 : $? >> 8, $error);
	};

	mkdir "$folder/deeper dir";
	PostgreSQL::Test::Utils::append_to_file("$folder/one.json", $text);
	PostgreSQL::Test::Utils::append_to_file("$folder/deeper dir/two's \"file\".json", $text =~ s/"small"/"other 'quoted'"/r);
	PostgreSQL::Test::Utils::append_to_file("$folder/$_", '{}') foreach qw(a.plans.json a.tuning.json a.applied.json a.manifest.json _datagen_manifest.json readme.txt);
	my ($status, $said) = $call->($folder);
	is($status, 0, 'a folder is loaded') or diag($said);
	like($said, qr/2 loaded, 0 there already, 0 failed; 22 items written/, 'without what accompanies results');
	($status, $said) = $call->('-q', $folder);
	is($status, 0, 'again');
	is($said, "benchbox-load: 0 loaded, 2 there already, 0 failed; 0 items written\n", '... nothing is written, and little said');
	PostgreSQL::Test::Utils::append_to_file("$folder/broken.json", '{');
	($status, $said) = $call->($folder);
	is($status, 1, 'a broken file');
	like($said, qr/broken\.json: not loaded\n.*invalid input syntax.*0 loaded, 2 there already, 1 failed/s, '... is told, and the others are loaded');
	is(($call->("$folder/none"))[0], 2, 'no such folder');
	outcome($session, q{SELECT bench_delete_run(test_run_id, 'bench') FROM (SELECT test_run_id FROM bench.test_runs OFFSET 0) r});
	is_empty('nothing is left');
}

sub make_table
{
	my ($engine_name, $shape) = split m{/}, $stage;

	$engine = engine($stage);
	$proxy = BenchTest::Proxy->start(target => bench_engine($stage));
	table_like($stage, 'BenchmarkClean', 'Store');
	bench_server($node, $proxy->url, server => { updatable => 'true' });
	bench_import($node, table => 'Store', options => { shape => $shape });
	$session = session($node);
	outcome($session, 'SET client_min_messages = warning; SET timezone = UTC');
}

foreach my $next (@stages)
{
	$stage = $next;
	make_table();
	my $files = $node->safe_psql('postgres', 'SELECT count(*) FROM files');
SKIP:
	{
		skip "$shared is not there", 1 unless $files;
		subtest "$stage: files" => sub { round_trip('files', $files); identity('files') };
	}
	subtest "$stage: random documents" => sub { round_trip('random', $count); identity('random') };
	subtest "$stage: hostile documents" => \&hostile;
	subtest "$stage: interrupted" => \&interrupted;
	subtest "$stage: at the same time" => \&at_the_same_time;
	subtest "$stage: never begun" => \&never_begun;
	subtest "$stage: script" => \&loaded;
	is(all_violations($proxy), '', "$stage: every request was in order");
	$session->quit;
	$proxy->stop;
}

done_testing;
