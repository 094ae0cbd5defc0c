/*
 * analyze.c
 *		A sample of a foreign table's rows, for so many requests and no more.
 *
 * A small table is read as a whole.  Of a larger one a page here and there is
 * read by Scan.  Where the rows are few among many others, as test runs and
 * aggregates are, hardly one is met in this way; but what is met names them: so
 * their partitions are asked for by the names found.
 *
 * scan 'deny' does not count here, since no more than a bounded part is read;
 * the limits on read units do.
 */
#include "base/br.h"

#include <math.h>

#include "access/cost.h"
#include "access/key.h"
#include "access/sampling.h"
#include "fdw/analyze.h"
#include "fdw/connect.h"
#include "fdw/discover.h"
#include "fdw/guard.h"
#include "fdw/option.h"
#include "fdw/report.h"
#include "fdw/sample.h"
#include "foreign/foreign.h"
#include "io/reader.h"
#include "utils/rel.h"

/* Requests under way at the same time. */
#define MAX_AHEAD		4

typedef struct Analysis
{
	Relation	relation;
	BrRelation *rel;
	BrReading	reading;
	int			max_requests;
	BrCounters	counters;
	double		charged;
	double		items;			/* in the whole table, so far as is known */
	BrSample   *sample;
	pg_prng_state random;

	/* what is read, and where the last item lay */
	BrRead		blank;
	int			name_slot;		/* among the spans, of the variable below */
	StringInfoData last_pk;

	/* the variable that alone makes the partition key, or -1 */
	int			variable;
	BrTexts		names;			/* its values: one for each partition met */
} Analysis;

static void
fail(const Analysis *analysis, const BrRead *read, const BrError *err)
{
	BrDoing		doing = {
		.operation = br_operation_name(read->op),
		.table = read->table,
		.relation = analysis->rel->name
	};

	br_report(err, &doing);
}

/*
 * What the service says of the table.  Who may only read items does not get to
 * know, nor does anybody within six hours of the table's creation.
 */
static void
describe(const Analysis *analysis, BrTableInfo *info)
{
	BrError		err;
	BrRead		read = {.op = BR_OP_DESCRIBE_TABLE, .table = analysis->rel->schema.table};

	memset(info, 0, sizeof(*info));
	if (!br_describe_table(analysis->reading.conn, read.table, info, &err) &&
		strcmp(err.code, "AccessDeniedException") != 0)
		fail(analysis, &read, &err);
}

static Analysis *
begin(Relation relation)
{
	Analysis   *analysis = palloc0(sizeof(Analysis));

	analysis->relation = relation;
	analysis->rel = br_relation_open(relation);
	analysis->reading = br_connect_for(analysis->rel, relation->rd_rel->relowner,
									   &analysis->counters);
	pg_prng_seed(&analysis->random, pg_prng_uint64(&pg_global_prng_state));
	return analysis;
}

/* What is asked of items: the columns, and what names the partitions of others. */
static void
set_projection(Analysis *analysis)
{
	const BrSchema *schema = &analysis->rel->schema;
	BrConverter *converter = br_sample_converter(analysis->sample);
	BrWanted   *wanted = br_converter_wanted(converter);
	int			npaths;
	const BrPath *paths = br_converter_projection(converter, &npaths);
	BrPath	   *with_name = palloc(sizeof(BrPath) * (npaths + 1));

	analysis->blank.table = schema->table;
	analysis->blank.projection = paths;
	analysis->blank.nprojection = npaths;
	analysis->name_slot = br_wanted_slots(wanted);
	analysis->variable = br_lone_variable(schema);
	if (analysis->variable < 0)
		return;

	br_path_of_name(schema->vars.list[analysis->variable].name, &with_name[npaths]);
	br_wanted_add(wanted, &with_name[npaths], analysis->name_slot);
	memcpy(with_name, paths, sizeof(BrPath) * npaths);
	if (npaths > 0)
	{
		analysis->blank.projection = with_name;
		analysis->blank.nprojection = npaths + 1;
	}
}

static void
note_name(Analysis *analysis, const BrSpan *span)
{
	StringInfoData scratch;
	BrText		text;
	BrError		err;

	initStringInfo(&scratch);
	if (span->type == BR_TYPE_S && br_span_text(span, &scratch, &text.ptr, &text.len, &err))
		br_texts_add(&analysis->names, (BrText) {pnstrdup(text.ptr, text.len), text.len});
	pfree(scratch.data);
}

static void
note_item(Analysis *analysis, const BrSpan *spans)
{
	const BrSpan *pk = &spans[BR_PK_SLOT];
	bool		same = pk->len == (uint32) analysis->last_pk.len &&
		memcmp(pk->ptr, analysis->last_pk.data, pk->len) == 0;

	if (!same)
	{
		resetStringInfo(&analysis->last_pk);
		appendBinaryStringInfo(&analysis->last_pk, pk->ptr, pk->len);
		if (analysis->variable >= 0)
			note_name(analysis, &spans[analysis->name_slot]);
	}
	br_sample_add(analysis->sample, spans, !same);
}

/* Reads a page; true if there are no more. */
static bool
read_page(Analysis *analysis, BrReader *reader, BrSpan *spans)
{
	BrWanted   *wanted = br_converter_wanted(br_sample_converter(analysis->sample));
	BrNext		next;
	BrError		err;

	while ((next = br_reader_next_page(reader, &err)) == BR_NEXT_WAIT)
		br_calls_wait();
	if (next == BR_NEXT_FOUND)
	{
		br_guard_charge(analysis->rel, &analysis->counters, &analysis->charged);
		while ((next = br_reader_item(reader, wanted, spans, &err)) == BR_NEXT_FOUND)
		{
			CHECK_FOR_INTERRUPTS();
			note_item(analysis, spans);
		}
	}
	if (next == BR_NEXT_FAILED)
		fail(analysis, br_reader_read(reader), &err);
	return br_reader_at_last_page(reader);
}

/*
 * Reads the first page of each read; a single one is followed until so many
 * requests have been made in all.  True if nothing is left of any of them.
 */
static bool
read_some(Analysis *analysis, BrReads reads, int max_requests)
{
	BrWanted   *wanted = br_converter_wanted(br_sample_converter(analysis->sample));
	BrSpan	   *spans = palloc0(sizeof(BrSpan) * br_wanted_slots(wanted));
	BrReader  **readers = palloc(sizeof(BrReader *) * Max(reads.n, 1));
	int			started = 0;
	bool		complete = true;

	for (int i = 0; i < reads.n; i++)
	{
		bool		last;

		for (; started < Min(i + MAX_AHEAD, reads.n); started++)
		{
			readers[started] = br_reader_open(&analysis->reading, &reads.list[started]);
			br_reader_start(readers[started]);
		}
		do
			last = read_page(analysis, readers[i], spans);
		while (!last && reads.n == 1 && analysis->counters.requests < max_requests);
		complete &= last;
		br_reader_close(readers[i]);
	}
	return complete;
}

/*
 * Rows by the names of their partitions, unless the Scan met many more of these.
 * share: of the table, that was scanned.
 */
static void
sample_by_name(Analysis *analysis, double *share, double *rows)
{
	int			single;
	BrTexts		names = br_sample_values(analysis->names, &analysis->random, &single);
	double		partitions = br_estimate_distinct(analysis->names.n, names.n, single,
												  analysis->names.n / *share);
	int			asked;
	BrReads		reads = br_sample_partitions(&analysis->rel->schema, names,
											 analysis->max_requests - analysis->counters.requests,
											 &analysis->blank, &asked);

	if (asked == 0 || 2 * asked < br_sample_partitions_seen(analysis->sample))
		return;
	br_sample_clear(analysis->sample);
	analysis->variable = -1;
	read_some(analysis, reads, 0);
	*share = asked / partitions;
	*rows = br_sample_seen(analysis->sample) / *share;
}

/* Reads; which share of the rows was seen, and how many there are, as estimated. */
static void
take_sample(Analysis *analysis, double *share, double *rows)
{
	BrTableInfo info;
	BrReads		scans;
	int			max_scans = analysis->max_requests;
	double		items;

	describe(analysis, &info);
	set_projection(analysis);
	/* the other half is for what is found */
	if (analysis->variable >= 0)
		max_scans = Max(max_scans / 2, 1);
	scans = br_sample_scans(&analysis->blank, info.size_bytes, max_scans, &analysis->random);
	if (read_some(analysis, scans, max_scans) && scans.list[0].total_segments == 0)
	{
		*share = 1;
		*rows = br_sample_seen(analysis->sample);
		return;
	}

	items = info.item_count > 0 ? info.item_count : analysis->rel->schema.items;
	*share = Min(analysis->counters.items_scanned / items, 1);
	*rows = *share > 0 ? br_sample_seen(analysis->sample) / *share : 0;
	if (analysis->variable >= 0 && *share > 0)
		sample_by_name(analysis, share, rows);
}

/* So many pages never exceed the limit on read units. */
static int
affordable_requests(const BrRelation *rel)
{
	double		limit = br_effective_limit(rel, BR_LIMIT_READ_UNITS);

	return limit > 0 ? Max(Min(limit / BR_PAGE_UNITS, rel->analyze_requests), 1)
		: rel->analyze_requests;
}

static int
acquire_sample_rows(Relation relation, int elevel, HeapTuple *rows, int targrows,
					double *totalrows, double *totaldeadrows)
{
	Analysis   *analysis = begin(relation);
	BrRelation *rel = analysis->rel;
	double		share;
	int			nrows;

	analysis->max_requests = affordable_requests(rel);
	analysis->sample = br_sample_create(rel, RelationGetDescr(relation), rows, targrows);
	initStringInfo(&analysis->last_pk);
	take_sample(analysis, &share, totalrows);
	*totalrows = rint(*totalrows);
	*totaldeadrows = 0;
	nrows = br_sample_finish(analysis->sample, share, &analysis->random);

	ereport(elevel,
			(errmsg("\"%s\": read " INT64_FORMAT " items of DynamoDB table \"%s\" in " INT64_FORMAT " requests, %.1f read units, containing %.0f rows; %d rows in sample, %.0f estimated total rows",
					rel->name, analysis->counters.items_scanned, rel->schema.table,
					analysis->counters.requests, analysis->counters.capacity,
					br_sample_seen(analysis->sample), nrows, *totalrows)));
	return nrows;
}

/* The pages, which stand for the bytes that a Scan reads, whatever the rows are. */
bool
br_analyze_foreign_table(Relation relation, AcquireSampleRowsFunc *func, BlockNumber *totalpages)
{
	Analysis   *analysis = begin(relation);
	BrTableInfo info;
	double		bytes;

	describe(analysis, &info);
	bytes = info.size_bytes > 0 ? info.size_bytes
		: analysis->rel->schema.items * BR_ITEM_BYTES;
	*totalpages = Min(Max(ceil(bytes / BLCKSZ), 1), MaxBlockNumber);
	*func = acquire_sample_rows;
	return true;
}
