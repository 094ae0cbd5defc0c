/*
 * test_sampling.c
 *		What ANALYZE looks at, and what it concludes.
 */
#include "base/br.h"

#include <math.h>

#include "access/sampling.h"
#include "tap.h"

#define MB	(1024.0 * 1024.0)

static pg_prng_state rng;

static BrSchema
schema_of(const char *entity)
{
	BrSchema	schema = {
		.table = "T", .entity = br_entity_find(entity),
		.pk_name = "pk", .pk_type = BR_TYPE_S, .sk_name = "sk", .sk_type = BR_TYPE_S
	};
	BrError		err;

	br_schema_set_templates(&schema, schema.entity->pk_template,
							schema.entity->sk_template, &err);
	br_schema_set_config(&schema, NULL, &err);
	return schema;
}

static void
is_near(double got, double expected, double factor, const char *name)
{
	if (!ok(got >= expected / factor && got <= expected * factor, "%s", name))
		diag("got %g, expected about %g", got, expected);
}

static void
test_scans(void)
{
	BrRead		blank = {.table = "T", .nprojection = 0};
	BrReads		reads = br_sample_scans(&blank, 0, 20, &rng);
	bool		spread = true;

	is_int(reads.n, 1, "of a table of unknown size: one read");
	is_int(reads.list[0].op, BR_OP_SCAN, "... a Scan");
	is_int(reads.list[0].total_segments, 0, "... of all");
	is_int(br_sample_scans(&blank, 20 * MB, 20, &rng).n, 1, "a table of as many pages: one read");

	reads = br_sample_scans(&blank, 399.5 * MB, 20, &rng);
	is_int(reads.n, 20, "a larger table: as many reads as pages");
	for (int i = 0; i < reads.n; i++)
		spread &= reads.list[i].total_segments == 400 &&
			reads.list[i].segment / 20 == i && strcmp(reads.list[i].table, "T") == 0;
	ok(spread, "... each in a stretch of its own");
	reads = br_sample_scans(&blank, 1e15, 3, &rng);
	is_int(reads.list[0].total_segments, 1000000, "no more segments than there may be");
	ok(reads.list[2].segment >= 666666 && reads.list[2].segment < 1000000, "... up to the end");
	reads = br_sample_scans(&blank, 1.5 * MB, 1, &rng);
	is_int(reads.list[0].total_segments, 2, "one page of two");
}

static void
test_lone_variable(void)
{
	BrSchema	schema = schema_of("aggregates");
	BrError		err;

	is_str(schema.vars.list[br_lone_variable(&schema)].name, "testRunId", "aggregates are named by their run");
	schema = schema_of("test_runs");
	is_str(schema.vars.list[br_lone_variable(&schema)].name, "testRunId", "and so are runs");
	schema = schema_of("results");
	is_int(br_lone_variable(&schema), -1, "results are not");
	schema = schema_of("items");
	is_int(br_lone_variable(&schema), -1, "nor is what stands for itself");
	br_schema_set_templates(&schema, "USER#{user}#", "{when}", &err);
	is_str(schema.vars.list[br_lone_variable(&schema)].name, "user", "a template of one's own");
}

static BrTexts
met(const char *letters)
{
	BrText	   *list = palloc(sizeof(BrText) * (strlen(letters) + 1));

	for (int i = 0; letters[i] != '\0'; i++)
		list[i] = (BrText) {letters + i, 1};
	return (BrTexts) {strlen(letters), list};
}

static void
test_values(void)
{
	int			single;
	int			first_a = 0;
	BrTexts		values = br_sample_values(met(""), &rng, &single);

	is_int(values.n, 0, "no values");
	is_int(single, 0, "... none of them single");
	for (int i = 0; i < 300; i++)
	{
		values = br_sample_values(met("cabacad"), &rng, &single);
		if (values.n != 4 || single != 2)
			break;
		first_a += values.list[0].ptr[0] == 'a';
	}
	is_int(values.n, 4, "four values");
	is_int(single, 2, "... two of them single");
	is_near(first_a, 75, 1.5, "... in random order");
}

static const char *
partitions_of(const char *entity, const char *letters, int max_requests)
{
	BrSchema	schema = schema_of(entity);
	BrRead		blank = {.table = "T"};
	StringInfoData out;
	int			n;
	BrReads		reads = br_sample_partitions(&schema, met(letters), max_requests, &blank, &n);

	initStringInfo(&out);
	appendStringInfo(&out, "%d:", n);
	for (int i = 0; i < reads.n; i++)
	{
		appendStringInfo(&out, " %s", br_operation_name(reads.list[i].op));
		for (int k = 0; k < reads.list[i].nkeys; k++)
			appendStringInfo(&out, " %s/%s", reads.list[i].keys[k].pk->text,
							 reads.list[i].keys[k].sk->text);
		if (reads.list[i].key_condition != NULL)
		{
			appendStringInfoChar(&out, ' ');
			br_condition_append_text(&out, reads.list[i].key_condition);
		}
	}
	return out.data;
}

static void
test_partitions(void)
{
	is_str(partitions_of("aggregates", "abc", 2),
		   "2: Query pk = 'TESTRUN#a' Query pk = 'TESTRUN#b'", "a Query for each run");
	is_str(partitions_of("test_runs", "ab", 1),
		   "2: BatchGetItem TESTRUN#a/TESTRUN#a TESTRUN#b/TESTRUN#b", "runs themselves by their keys");
	is_str(partitions_of("test_runs", "", 1), "0:", "none");
	is_str(partitions_of("aggregates", "ab", 0), "0:", "no request left");
}

/* n draws of kinds that are equally frequent, and what is concluded. */
static double
estimate(int n, int kinds, double total)
{
	int		   *met_of = palloc0(sizeof(int) * kinds);
	int			distinct = 0;
	int			single = 0;

	for (int i = 0; i < n; i++)
		met_of[pg_prng_uint64_range(&rng, 0, kinds - 1)]++;
	for (int i = 0; i < kinds; i++)
	{
		distinct += met_of[i] > 0;
		single += met_of[i] == 1;
	}
	return br_estimate_distinct(n, distinct, single, total);
}

static void
test_distinct(void)
{
	is_near(estimate(70, 10, 4000), 10, 1.01, "of few kinds all are met");
	is_near(estimate(70, 100, 4000), 100, 1.8, "of many not all");
	is_near(estimate(1000, 500, 100000), 500, 1.2, "with more draws it is more certain");
	is_near(br_estimate_distinct(50, 50, 50, 50), 50, 1, "all of them drawn");
	is_near(br_estimate_distinct(50, 50, 50, 5000), 5000, 1, "none met twice");
	is_near(br_estimate_distinct(0, 0, 0, 0), 0, 1, "nothing");
}

/* What ANALYZE makes of rows of which it sees the numbers: n of each value. */
static double
distinct_of(const int *rows_of, int nvalues, double total)
{
	double		n = 0;
	double		distinct = 0;
	double		single = 0;

	for (int i = 0; i < nvalues; i++)
	{
		n += rows_of[i];
		distinct += rows_of[i] > 0;
		single += rows_of[i] == 1;
	}
	return br_estimate_distinct(n, distinct, single, total);
}

#define RUNS			10
#define CONFIGURATIONS	294
#define RESULTS			320

/* A table as the benchmark suite writes it, of which a sample shows 140 partitions. */
static void
test_picks(void)
{
	int			seen[140];
	int			picks[140];
	double		total = RUNS * CONFIGURATIONS * RESULTS;
	double		keys = 0;
	double		configurations = 0;
	double		rows = 0;

	for (int i = 0; i < 140; i++)
		seen[i] = RESULTS;
	for (int round = 0; round < 100; round++)
	{
		int			of_config[CONFIGURATIONS] = {0};

		br_sample_picks(140, seen, 140, 140 * RESULTS / total, &rng, picks);
		for (int i = 0; i < 140; i++)
		{
			of_config[pg_prng_uint64_range(&rng, 0, CONFIGURATIONS - 1)] += picks[i];
			rows += picks[i];
		}
		keys += log(distinct_of(picks, 140, total));
		configurations += distinct_of(of_config, CONFIGURATIONS, total);
	}
	is_near(rows / 100, 140, 1.1, "about as many rows as partitions");
	is_near(configurations / 100, CONFIGURATIONS, 1.4, "the number of configurations is found");
	/* by the geometric mean, for it rests on the few that are met twice, and varies */
	is_near(exp(keys / 100), RUNS * CONFIGURATIONS, 2, "and so is that of partitions");
}

static void
test_picks_by_size(void)
{
	int			seen[] = {1, 1000, 10, 0, 89};
	int			picks[5];
	double		sums[5] = {0};
	bool		within = true;

	for (int round = 0; round < 1000; round++)
	{
		br_sample_picks(5, seen, 110, 0, &rng, picks);
		for (int i = 0; i < 5; i++)
		{
			within &= picks[i] >= 0 && picks[i] <= seen[i];
			sums[i] += picks[i] / 1000.0;
		}
	}
	ok(within, "never more than were seen");
	is_near(sums[0], 0.1, 1.5, "a tenth of one row");
	is_near(sums[1], 100, 1.01, "a tenth of many");
	is_near(sums[2], 1, 1.1, "a tenth of some");
	br_sample_picks(5, seen, 2000, 0.5, &rng, picks);
	ok(memcmp(picks, seen, sizeof(seen)) == 0, "all, where that is not too many");
}

int
main(void)
{
	pg_prng_seed(&rng, 20251124);
	test_scans();
	test_lone_variable();
	test_values();
	test_partitions();
	test_distinct();
	test_picks();
	test_picks_by_size();
	return done_testing();
}
