/*
 * sample.c
 *		Which of the rows that were seen become the sample.
 *
 * As many as ANALYZE wants are kept at random, in the way of its own sampling.
 * Where only a part of the table was seen there are fewer at the end: rows of
 * one partition are alike (of one run, of one configuration), and ANALYZE,
 * which takes all rows for drawn independently, would conclude from values
 * met many times that there are no others.
 */
#include "base/br.h"

#include "access/htup_details.h"
#include "access/sampling.h"
#include "base/array.h"
#include "fdw/sample.h"
#include "utils/memutils.h"
#include "utils/sampling.h"

/* Fewer say nothing of how the values of a column lie. */
#define MIN_ROWS	100

struct BrSample
{
	const BrRelation *rel;
	TupleDesc	desc;
	BrConverter *converter;
	Datum	   *values;
	bool	   *nulls;
	MemoryContext row_context;

	HeapTuple  *rows;
	int			max_rows;
	int			nrows;
	int		   *partitions;		/* [row]: its number, from 0 */
	int			npartitions;
	bool		in_partition;	/* the last one counts already */
	double		seen;
	ReservoirStateData reservoir;
	double		skip;			/* rows, before the next is taken; negative: not known */
};

BrSample *
br_sample_create(const BrRelation *rel, TupleDesc desc, HeapTuple *rows, int max_rows)
{
	BrSample   *sample = palloc0(sizeof(BrSample));
	Bitmapset  *attnums = NULL;

	if (rel->ncolumns > 0)
		attnums = bms_add_range(NULL, 1, rel->ncolumns);
	sample->rel = rel;
	sample->desc = desc;
	sample->converter = br_converter_create(rel, attnums);
	sample->values = palloc0(sizeof(Datum) * Max(rel->ncolumns, 1));
	sample->nulls = palloc0(sizeof(bool) * Max(rel->ncolumns, 1));
	sample->row_context = AllocSetContextCreate(CurrentMemoryContext, "benchresults row",
												ALLOCSET_DEFAULT_SIZES);
	sample->rows = rows;
	sample->max_rows = max_rows;
	sample->partitions = palloc(sizeof(int) * Max(max_rows, 1));
	br_sample_clear(sample);
	return sample;
}

BrConverter *
br_sample_converter(BrSample *sample)
{
	return sample->converter;
}

void
br_sample_clear(BrSample *sample)
{
	for (int i = 0; i < sample->nrows; i++)
		heap_freetuple(sample->rows[i]);
	sample->nrows = sample->npartitions = 0;
	sample->in_partition = false;
	sample->seen = 0;
	sample->skip = -1;
	reservoir_init_selection_state(&sample->reservoir, sample->max_rows);
}

/* The place of the next row in the sample; -1: it is not taken. */
static int
next_place(BrSample *sample)
{
	int			place = -1;

	if (sample->nrows < sample->max_rows)
		return sample->nrows++;
	if (sample->skip < 0)
		sample->skip = reservoir_get_next_S(&sample->reservoir, sample->seen, sample->max_rows);
	if (sample->skip <= 0)
	{
		place = (int) (sample->max_rows * sampler_random_fract(&sample->reservoir.randstate));
		heap_freetuple(sample->rows[place]);
	}
	sample->skip -= 1;
	return place;
}

void
br_sample_add(BrSample *sample, const BrSpan *spans, bool new_partition)
{
	MemoryContext old;
	bool		is_row;
	int			place;

	if (new_partition)
		sample->in_partition = false;
	MemoryContextReset(sample->row_context);
	old = MemoryContextSwitchTo(sample->row_context);
	is_row = br_converter_row(sample->converter, spans, sample->values, sample->nulls);
	MemoryContextSwitchTo(old);
	if (!is_row)
		return;

	if (!sample->in_partition)
		sample->npartitions++;
	sample->in_partition = true;
	place = next_place(sample);
	sample->seen++;
	if (place < 0)
		return;
	sample->rows[place] = heap_form_tuple(sample->desc, sample->values, sample->nulls);
	sample->partitions[place] = sample->npartitions - 1;
}

double
br_sample_seen(const BrSample *sample)
{
	return sample->seen;
}

int
br_sample_partitions_seen(const BrSample *sample)
{
	return sample->npartitions;
}

/* Leaves so many rows of each partition as picks says, chosen at random. */
static void
keep_picks(BrSample *sample, int *left, int *picks, pg_prng_state *random)
{
	int			kept = 0;

	for (int i = 0; i < sample->nrows; i++)
	{
		int			partition = sample->partitions[i];

		if (pg_prng_double(random) * left[partition]-- < picks[partition])
		{
			picks[partition]--;
			sample->rows[kept++] = sample->rows[i];
		}
		else
			heap_freetuple(sample->rows[i]);
	}
	sample->nrows = kept;
}

int
br_sample_finish(BrSample *sample, double share, pg_prng_state *random)
{
	int			wanted = Max(sample->npartitions, MIN_ROWS);
	int		   *left;
	int		   *picks;

	if (share >= 1 || wanted >= sample->nrows)
		return sample->nrows;
	left = palloc0(sizeof(int) * sample->npartitions);
	picks = palloc(sizeof(int) * sample->npartitions);
	for (int i = 0; i < sample->nrows; i++)
		left[sample->partitions[i]]++;
	br_sample_picks(sample->npartitions, left, wanted, share, random, picks);
	keep_picks(sample, left, picks, random);
	return sample->nrows;
}
