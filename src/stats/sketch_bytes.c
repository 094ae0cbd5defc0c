/*
 * sketch_bytes.c
 *		Sketches as bytes: what is stored, sent, and passed between processes.
 *
 *		format		one byte, 1
 *		alpha, min, max		doubles
 *		NaN, -Infinity, Infinity	counts
 *		sum			a count of doubles, and these, which add up to it
 *		bins		their count, and for each from how many slots after the one
 *					before it (the first: its slot), and its count
 *
 * Doubles are eight bytes, the highest first. Counts are in groups of seven bits,
 * the lowest first, with the eighth bit set in all but the last; the first slot
 * has its sign as its lowest bit. So a bin takes two bytes or three, mostly.
 */
#include "base/br.h"

#include <math.h>

#include "port/pg_bswap.h"
#include "stats/sketch.h"

#define FORMAT 1

static void
put_double(StringInfo bytes, double value)
{
	uint64		bits;

	memcpy(&bits, &value, sizeof(bits));
	bits = pg_hton64(bits);
	appendBinaryStringInfo(bytes, (char *) &bits, sizeof(bits));
}

static void
put_count(StringInfo bytes, uint64 count)
{
	for (; count >= 0x80; count >>= 7)
		appendStringInfoChar(bytes, (char) (count | 0x80));
	appendStringInfoChar(bytes, (char) count);
}

static void
put_sum(StringInfo bytes, const BrExactSum *sum)
{
	BrExactSum	rest = *sum;
	int			count = 0;

	while (br_exact_take(&rest) != 0)
	{
		count++;
		BR_CHECK_INTERRUPTS();
	}
	put_count(bytes, count);
	rest = *sum;
	while (count-- > 0)
		put_double(bytes, br_exact_take(&rest));
}

static void
put_bins(StringInfo bytes, const BrSketch *sketch)
{
	int			bins = 0;
	int32		previous = 0;

	for (int i = 0; i < sketch->room; i++)
		bins += sketch->counts[i] > 0;
	put_count(bytes, bins);
	for (int i = 0; i < sketch->room; i++)
	{
		int32		slot = sketch->first + i;

		if (sketch->counts[i] == 0)
			continue;
		if (bins > 0)
			put_count(bytes, slot < 0 ? -2 * (int64) slot - 1 : 2 * (int64) slot);
		else
			put_count(bytes, slot - previous);
		put_count(bytes, sketch->counts[i]);
		previous = slot;
		bins = 0;
	}
}

void
br_sketch_write(const BrSketch *sketch, StringInfo bytes)
{
	appendStringInfoChar(bytes, FORMAT);
	put_double(bytes, sketch->alpha);
	put_double(bytes, sketch->min);
	put_double(bytes, sketch->max);
	put_count(bytes, sketch->nan);
	put_count(bytes, sketch->minus_infinity);
	put_count(bytes, sketch->plus_infinity);
	put_sum(bytes, &sketch->sum);
	put_bins(bytes, sketch);
}

/* What is read of bytes. After an end that came too early everything is 0. */
typedef struct Source
{
	const unsigned char *at;
	const unsigned char *end;
	bool		broken;
} Source;

static double
get_double(Source *source)
{
	uint64		bits;
	double		value;

	if (source->end - source->at < (int) sizeof(bits))
	{
		source->broken = true;
		return 0;
	}
	memcpy(&bits, source->at, sizeof(bits));
	source->at += sizeof(bits);
	bits = pg_ntoh64(bits);
	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* One that fits into an int64. */
static int64
get_count(Source *source)
{
	uint64		count = 0;

	for (int shift = 0; shift < 63 && source->at < source->end; shift += 7)
	{
		unsigned char byte = *source->at++;

		count |= (uint64) (byte & 0x7f) << shift;
		if (byte < 0x80)
			return (int64) count;
	}
	source->broken = true;
	return 0;
}

static const char *
get_sum(BrSketch *sketch, Source *source)
{
	for (int64 count = get_count(source); count > 0 && !source->broken; count--)
	{
		double		part = get_double(source);

		if (!isfinite(part))
			return "A part of the sum is not finite.";
		br_exact_add(&sketch->sum, part);
	}
	return NULL;
}

static const char *
get_bins(BrSketch *sketch, Source *source)
{
	int64		bins = get_count(source);
	int64		slot = 0;

	for (int64 i = 0; i < bins; i++)
	{
		int64		step = get_count(source);
		int64		count = get_count(source);

		if (source->broken)
			return NULL;
		if (i == 0)
			slot = step % 2 != 0 ? -(step / 2) - 1 : step / 2;
		else if (step == 0 || step > 2 * (int64) BR_SKETCH_MAX_BINS)
			return "Bins are not in order.";
		else
			slot += step;
		if (slot != (int32) slot || !br_sketch_put(sketch, (int32) slot, count))
			return "A bin is out of range, empty, or one too many.";
	}
	return NULL;
}

const char *
br_sketch_read(BrSketch *sketch, const char *bytes, int len)
{
	Source		source = {(const unsigned char *) bytes, (const unsigned char *) bytes + len, false};
	const char *problem;
	double		alpha;
	int64		apart[3];

	if (len < 1 || *source.at++ != FORMAT)
		return "They do not begin with a format that is known.";
	alpha = get_double(&source);
	if (!br_sketch_alpha_is_valid(alpha))
		return "Alpha is out of range.";
	br_sketch_init(sketch, alpha);
	sketch->min = get_double(&source);
	sketch->max = get_double(&source);
	for (int i = 0; i < (int) lengthof(apart); i++)
		apart[i] = get_count(&source);
	if (!br_sketch_put_apart(sketch, apart[0], apart[1], apart[2]))
		return "There are too many values.";
	if ((problem = get_sum(sketch, &source)) != NULL || (problem = get_bins(sketch, &source)) != NULL)
		return problem;
	if (source.broken || source.at != source.end)
		return "They are too few, or too many.";
	return br_sketch_problem(sketch);
}
