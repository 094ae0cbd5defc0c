/*
 * sampling.c
 *		Choosing what to look at, and concluding from it.
 */
#include "base/br.h"

#include <math.h>

#include "access/cost.h"
#include "access/key.h"
#include "access/sampling.h"

/* DynamoDB's limit for the segments of a Scan. */
#define MAX_SEGMENTS	1000000.0

BrReads
br_sample_scans(const BrRead *blank, double bytes, int pages, pg_prng_state *random)
{
	BrReads		reads = {0, NULL};
	BrRead		read = *blank;
	double		segments = Min(ceil(bytes / BR_PAGE_BYTES), MAX_SEGMENTS);

	read.op = BR_OP_SCAN;
	if (segments <= pages)
	{
		br_reads_add(&reads, &read);
		return reads;
	}
	/* one of each stretch of the table, so that no two are the same */
	read.total_segments = segments;
	for (int i = 0; i < pages; i++)
	{
		int			first = floor(i * segments / pages);
		int			next = floor((i + 1) * segments / pages);

		read.segment = first + pg_prng_uint64_range(random, 0, next - first - 1);
		br_reads_add(&reads, &read);
	}
	return reads;
}

int
br_lone_variable(const BrSchema *schema)
{
	int			variable = -1;

	if (schema->pk.nparts < 2)
		return -1;
	for (int i = 0; i < schema->pk.nparts; i++)
	{
		if (schema->pk.parts[i].variable < 0)
			continue;
		if (variable >= 0)
			return -1;
		variable = schema->pk.parts[i].variable;
	}
	return variable;
}

static int
compare_values(const void *a, const void *b)
{
	return br_text_compare(BR_TYPE_S, *(const BrText *) a, *(const BrText *) b);
}

BrTexts
br_sample_values(BrTexts met, pg_prng_state *random, int *single)
{
	BrText	   *sorted = palloc(sizeof(BrText) * Max(met.n, 1));
	BrText	   *list = palloc(sizeof(BrText) * Max(met.n, 1));
	int			n = 0;
	int			end;

	*single = 0;
	if (met.n > 0)
		memcpy(sorted, met.list, sizeof(BrText) * met.n);
	qsort(sorted, met.n, sizeof(BrText), compare_values);
	for (int i = 0; i < met.n; i = end)
	{
		int			at = pg_prng_uint64_range(random, 0, n);

		for (end = i + 1; end < met.n && compare_values(&sorted[i], &sorted[end]) == 0; end++)
			;
		*single += end == i + 1;
		list[n++] = list[at];
		list[at] = sorted[i];
	}
	return (BrTexts) {n, list};
}

/* The keys of a value; false if no item can have them. pk and sk are empty before. */
static bool
make_key(const BrSchema *schema, const BrText *values, bool full, StringInfo pk, StringInfo sk)
{
	if (!br_template_compile(&schema->pk, &schema->vars, values, pk) ||
		pk->len > BR_MAX_PK_BYTES)
		return false;
	return !full || schema->sk_name == NULL ||
		(br_template_compile(&schema->sk, &schema->vars, values, sk) &&
		 sk->len <= BR_MAX_SK_BYTES);
}

BrReads
br_sample_partitions(const BrSchema *schema, BrTexts values, int max_requests,
					 const BrRead *blank, int *nvalues)
{
	int			variable = br_lone_variable(schema);
	BrText		vars[BR_MAX_VARIABLES] = {0};
	BrKeyList	keys = {0};
	bool		full;

	vars[variable].ptr = "";
	full = schema->sk_name == NULL || br_template_is_complete(&schema->sk, vars);
	*nvalues = Min(values.n, max_requests * (full ? BR_MAX_BATCH_KEYS : 1));
	for (int i = 0; i < *nvalues; i++)
	{
		StringInfoData pk;
		StringInfoData sk;

		initStringInfo(&pk);
		initStringInfo(&sk);
		vars[variable] = values.list[i];
		if (make_key(schema, vars, full, &pk, &sk))
			br_key_list_add(&keys, (BrText) {pk.data, pk.len}, (BrText) {sk.data, sk.len});
	}
	return full ? br_reads_of_keys(schema, &keys, blank)
		: br_reads_of_partitions(schema, &keys, blank);
}

/* The estimator of Haas and Stokes, by which ANALYZE itself goes. */
double
br_estimate_distinct(double n, double distinct, double single, double total)
{
	double		all;

	if (single == 0 || n >= total)
		return distinct;
	all = n * distinct / (n - single + single * n / total);
	return Min(Max(rint(all), distinct), total);
}

void
br_sample_picks(int npartitions, const int *seen, int wanted, double share,
				pg_prng_state *random, int *picks)
{
	double		sum = 0;
	double		interval;
	double		at = pg_prng_double(random);

	for (int i = 0; i < npartitions; i++)
		sum += seen[i];
	interval = Max(sum / wanted, 1);

	/* steps of even width through all items fall into partitions by their size */
	for (int i = 0; i < npartitions; i++)
	{
		double		next = at + seen[i] / interval;

		picks[i] = floor(next) - floor(at);
		at = next;
		/* of n draws from N items, n / 2N more than once from the same partition */
		if (picks[i] > 0 && pg_prng_double(random) < share / 2)
			picks[i]++;
		picks[i] = Min(picks[i], seen[i]);
	}
}
