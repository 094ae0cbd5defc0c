/*
 * sketch.h
 *		DDSketch: percentiles of any number of values with a bounded relative error.
 *
 * Masson, Rim and Lee, "DDSketch: a fast and fully-mergeable quantile sketch with
 * relative-error guarantees", VLDB 2019. Values are counted in bins, each wider
 * than the one before it by the same factor, so that the middle of a value's bin
 * is at most alpha of the value away from it. Count, sum, least and greatest are
 * exact. Nothing depends on the order of the values, nor on the order in which
 * sketches are merged: equal values make equal sketches.
 *
 * Bins have slots, which grow with the values: 0 is for those nearer to zero than
 * BR_SKETCH_ZERO, 1 is next to it, and -1 is its mirror image. NaN and infinities
 * are counted apart, NaN as greater than everything else.
 */
#ifndef BR_SKETCH_H
#define BR_SKETCH_H

#include "base/br.h"
#include "stats/exact_sum.h"

#define BR_SKETCH_ZERO		1e-9

/* What alpha can be. Below, the bins would soon be too many. */
#define BR_SKETCH_MIN_ALPHA	0.0001
#define BR_SKETCH_MAX_ALPHA	0.5
#define BR_SKETCH_ALPHA		0.01

/*
 * From the least to the greatest value's slot. 2 MB; enough for all doubles if
 * alpha is 0.003 or more, for nine decades at the least alpha.
 */
#define BR_SKETCH_MAX_BINS	(1 << 18)

typedef struct BrSketch
{
	double		alpha;
	int64		n;				/* all values, with those of the next three */
	int64		nan;
	int64		minus_infinity;
	int64		plus_infinity;
	double		min;			/* of the finite values; of none Infinity */
	double		max;			/* and -Infinity */
	BrExactSum	sum;			/* of the finite values */

	int32		first;			/* the slot of counts[0] */
	int32		room;			/* how many counts there are */
	int64	   *counts;			/* palloced, NULL at first */

	/* what follows from alpha */
	double		log_gamma;		/* a bin's width as a difference of logarithms */
	double		bins_per_log;	/* 1 / log_gamma */
	double		middle;			/* from a bin's upper end to its middle */
	int32		base;			/* slot s ends at exp((base + s) * log_gamma) */
	int32		last;			/* the slot of the greatest double */
} BrSketch;

/* False of NaN. */
extern bool br_sketch_alpha_is_valid(double alpha);

/* An empty sketch. Alpha must be valid. */
extern void br_sketch_init(BrSketch *sketch, double alpha);

/*
 * Both return false if there would be too many bins, or too many values to count;
 * the sketch is of no use then. The counts are made, and made anew, in the current
 * memory context. Those that are merged must have the same alpha.
 */
extern bool br_sketch_add(BrSketch *sketch, double x);
extern bool br_sketch_merge(BrSketch *sketch, const BrSketch *other);

/*
 * For making a sketch of what is known of one: counts, while min, max and sum are
 * set by the caller. False if a count or slot is impossible.
 */
extern bool br_sketch_put(BrSketch *sketch, int32 slot, int64 count);
extern bool br_sketch_put_apart(BrSketch *sketch, int64 nan, int64 minus_infinity, int64 plus_infinity);

/* NULL, or what cannot be in a sketch that was made of values. */
extern const char *br_sketch_problem(const BrSketch *sketch);

/*
 * Of a sketch with at least one value. As in PostgreSQL's aggregates NaN and
 * infinities propagate; a sum that is too large for a double is infinite as well,
 * the mean of finite values never.
 */
extern double br_sketch_min(const BrSketch *sketch);
extern double br_sketch_max(const BrSketch *sketch);
extern double br_sketch_sum(const BrSketch *sketch);
extern double br_sketch_mean(const BrSketch *sketch);
extern bool br_sketch_is_of_finite(const BrSketch *sketch);

/*
 * The percentile for p from 0 to 1, of definition 7 as percentile_cont has it, of
 * the middles of the bins. At most alpha of itself from the exact one, if that
 * lies between two values of one sign and none is nearer to zero than
 * BR_SKETCH_ZERO; else alpha of the greater of the two, or BR_SKETCH_ZERO. Exact
 * for the least and the greatest value.
 */
extern double br_sketch_percentile(const BrSketch *sketch, double p);

/* The share of values that are at most x, or in its bin. */
extern double br_sketch_rank(const BrSketch *sketch, double x);

/* Bytes that are the same for equal sketches, on all machines. */
extern void br_sketch_write(const BrSketch *sketch, StringInfo bytes);

/*
 * A sketch from any bytes, initialized here: NULL, or what is wrong with them, a
 * sentence. What it takes is bounded by the limits above, whatever they say.
 */
extern const char *br_sketch_read(BrSketch *sketch, const char *bytes, int len);

#endif							/* BR_SKETCH_H */
