# What the rows of a loaded table must be, found without the extension: the
# loader's dump, taken apart by means of PostgreSQL alone.
#
#	expect_rows($node, 'live', 'BenchmarkLarge');	# makes the tables expected.test_runs, aggregates, results, items
#	same_rows($node, 'results', 'results by a Scan');
#	same_rows($node, 'results', 'results of a run', columns => [qw(config_id duration_ms)], where => "test_run_id = 'x'");
package BenchOracle;

use strict;
use warnings;

use BenchTest ();
use Exporter 'import';
use Test::More;

our @EXPORT = qw(expect_rows same_rows);

# DynamoDB's JSON as the documentation says that it becomes plain JSON.
my $functions = q{
	CREATE FUNCTION plain(value jsonb) RETURNS jsonb LANGUAGE plpgsql STRICT IMMUTABLE AS $$
	DECLARE
		kind text;
		content jsonb;
	BEGIN
		SELECT e.key, e.value INTO kind, content FROM jsonb_each(value) e;
		RETURN CASE kind
			WHEN 'S' THEN content
			WHEN 'BOOL' THEN content
			WHEN 'N' THEN to_jsonb((content #>> '{}')::numeric)
			WHEN 'NULL' THEN 'null'
			WHEN 'L' THEN (SELECT coalesce(jsonb_agg(plain(e.value) ORDER BY e.ordinality), '[]')
				FROM jsonb_array_elements(content) WITH ORDINALITY e)
			WHEN 'M' THEN (SELECT coalesce(jsonb_object_agg(
					CASE WHEN starts_with(e.key, '$') AND NOT EXISTS (SELECT FROM jsonb_object_keys(content) k WHERE k <> e.key)
						THEN '$' ELSE '' END || e.key, plain(e.value)), '{}')
				FROM jsonb_each(content) e)
			ELSE jsonb_build_object('$' || kind, content) END;
	END $$;
};

# Which items are rows of a table, and the columns that its keys give.
my %tables = (
	test_runs => {
		rows => q{pk = sk AND pk LIKE 'TESTRUN#%'},
		keys => { test_run_id => q{split_part(pk, '#', 2)} },
	},
	aggregates => {
		rows => q{pk LIKE 'TESTRUN#%' AND sk ~ '^AGGREGATE#[^#]+#(cold|warm)$'},
		keys => {
			test_run_id => q{split_part(pk, '#', 2)},
			invocation_type => q{split_part(sk, '#', 3)},
			_with_dimensions(q{split_part(sk, '#', 2)}),
		},
	},
	results => {
		rows => q{pk ~ '^[^#]+#[^#]+$' AND pk !~ '^(TESTRUN|DOCUMENT)#' AND sk ~ '^(cold|warm)#(0|[1-9][0-9]*)$'},
		keys => {
			test_run_id => q{split_part(pk, '#', 1)},
			invocation_type => q{split_part(sk, '#', 1)},
			invocation_number => q{split_part(sk, '#', 2)::integer},
			_with_dimensions(q{split_part(pk, '#', 2)}),
		},
	},
	items => { rows => 'true', keys => {} },
);

# The configuration's id and what it is made of.
sub _with_dimensions
{
	my ($config) = @_;
	my $part = qq{(regexp_match($config, '^(.+)-(arm64|x86)-(.+)-(\\d+)\$'))};

	return (config_id => $config, runtime => "${part}[1]", architecture => "${part}[2]",
		workload_type => "${part}[3]", memory_size_mb => "${part}[4]::integer");
}

# An attribute value as a value of a column's type.
my %typed = (
	'text' => q{%1$s->>'S'},
	'integer' => q{(%1$s->>'N')::integer},
	'double precision' => q{(%1$s->>'N')::double precision},
	'boolean' => q{(%1$s->>'BOOL')::boolean},
	'jsonb' => q{plain(%1$s)},
	'text[]' => q{CASE WHEN %1$s IS NOT NULL THEN ARRAY(SELECT e->>'S' FROM jsonb_array_elements(%1$s->'L') e) END},
	'timestamp with time zone' =>
	  q{coalesce((%1$s->>'S')::timestamptz, 'epoch'::timestamptz + (%1$s->>'N')::bigint * interval '1 ms')},
);

# Sets have no order, so they are no part of the comparison of whole items; they have a test of their own.
my $without_sets = q{- '{stringSet,numberSet,binarySet}'::text[]};

# An item as plain JSON; the usual types without a call of plain(), for there are a million of them.
my $whole_item = q{(SELECT jsonb_object_agg(e.key, CASE WHEN e.value ? 'S' THEN e.value->'S'
	WHEN e.value ? 'N' THEN to_jsonb((e.value->>'N')::numeric) ELSE plain(e.value) END) FROM jsonb_each(item) e)};

# ([name, type, attribute], ...) of a table.
sub _columns
{
	my ($node, $table) = @_;
	my $rows = $node->safe_psql('postgres', qq{
		SELECT a.attname, format_type(a.atttypid, a.atttypmod), o.option_value
		FROM pg_attribute a, pg_options_to_table(a.attfdwoptions) o
		WHERE a.attrelid = 'given.$table'::regclass AND o.option_name = 'attribute' ORDER BY a.attnum});

	return map { [ split /\|/, $_, 3 ] } split /\n/, $rows;
}

sub _expected_column
{
	my ($table, $name, $type, $paths) = @_;
	my $key = $tables{$table}{keys}{$name};

	return $key if defined $key;
	return "$whole_item $without_sets" if $paths eq '*';
	return sprintf $typed{$type}, _attribute($paths);
}

# The first of several attributes (a.b|c) that an item has; a member of a map is below its type.
sub _attribute
{
	my ($paths) = @_;

	return 'coalesce(' . join(', ', map { "item #> '{" . s/\./,M,/gr . "}'" } split /\|/, $paths) . ')';
}

# Makes the schema "expected" anew, of the items that scripts/stage has dumped,
# with the columns that IMPORT FOREIGN SCHEMA makes of a given shape.
sub expect_rows
{
	my ($node, $shape, $table) = @_;
	my $file = BenchTest::bench_items("dump/$shape/$table");

	BenchTest::bench_server($node, 'http://127.0.0.1:1', name => 'nowhere');
	BenchTest::bench_import($node, server => 'nowhere', schema => 'given', options => { shape => $shape });
	$node->safe_psql('postgres', qq{
		SET client_min_messages = warning;
		DROP SCHEMA IF EXISTS expected CASCADE;
		CREATE SCHEMA expected;
		SET search_path = expected;
		$functions
		CREATE TABLE dump (item jsonb);
		\\copy dump FROM '$file' WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')
		CREATE TABLE loaded AS SELECT item->'pk'->>'S' AS pk, item->'sk'->>'S' AS sk, item FROM dump;});
	foreach my $entity (sort keys %tables)
	{
		my $list = join ', ', map { _expected_column($entity, @$_) . qq{ AS "$_->[0]"} } _columns($node, $entity);

		$node->safe_psql('postgres', qq{
			SET search_path = expected;
			CREATE TABLE $entity AS SELECT $list FROM loaded WHERE $tables{$entity}{rows}});
	}
}

# Whether a query gives the rows that it would give on what was loaded, each
# just as often. Arguments: columns (all), where (none).
sub same_rows
{
	my ($node, $table, $name, %arguments) = @_;
	my $columns = join ', ', map { qq{"$_"} . (/^(item|attributes)$/ ? " $without_sets" : '') }
	  @{ $arguments{columns} // [ map { $_->[0] } _columns($node, $table) ] };
	my $where = $arguments{where} // 'true';
	my $output = $node->safe_psql('postgres', qq{
		CREATE TEMP TABLE got AS SELECT $columns FROM bench.$table WHERE $where;
		CREATE TEMP TABLE wanted AS SELECT $columns FROM expected.$table WHERE $where;
		SELECT 'lost or wrong: ' || w FROM (SELECT * FROM wanted EXCEPT ALL SELECT * FROM got LIMIT 3) w;
		SELECT 'doubled or wrong: ' || g FROM (SELECT * FROM got EXCEPT ALL SELECT * FROM wanted LIMIT 3) g;
		SELECT count(*) || ' rows' FROM wanted;});
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	return like($output, qr/^[1-9]\d* rows$/, $name);
}

1;
