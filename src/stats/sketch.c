/*
 * sketch.c
 *		The bins of a sketch: where values go, and what can be told from them.
 *
 * The counts are an array without holes, for finding a bin must cost no more than
 * the logarithm does. It grows at both ends; the limit is on the slots that are
 * used, not on those that were made in advance, so that it is met or not whatever
 * the order of the values.
 */
#include "base/br.h"

#include <float.h>
#include <math.h>

#include "common/int.h"
#include "stats/sketch.h"

#define FIRST_ROOM 64

/*
 * By how much bins are narrower than alpha allows, which pays for the rounding of
 * logarithm and exponential: less than 1e-12 of a value.
 */
#define SAFETY 1e-7

bool
br_sketch_alpha_is_valid(double alpha)
{
	return alpha >= BR_SKETCH_MIN_ALPHA && alpha <= BR_SKETCH_MAX_ALPHA;
}

static inline int32
slot_of(const BrSketch *sketch, double x)
{
	double		size = fabs(x);
	double		exact;
	int32		slot;

	if (size < BR_SKETCH_ZERO)
		return 0;
	exact = log(size) * sketch->bins_per_log - sketch->base;
	slot = (int32) exact;		/* which is positive */
	if (slot < exact)
		slot++;
	return x < 0 ? -slot : slot;
}

void
br_sketch_init(BrSketch *sketch, double alpha)
{
	double		error = alpha * (1 - SAFETY);

	memset(sketch, 0, sizeof(*sketch));
	sketch->alpha = alpha;
	sketch->min = INFINITY;
	sketch->max = -INFINITY;

	/* gamma = (1 + error) / (1 - error); the middle of a bin that ends at g is 2 g / (1 + gamma) */
	sketch->log_gamma = 2 * atanh(error);
	sketch->bins_per_log = 1 / sketch->log_gamma;
	sketch->middle = -log1p(expm1(sketch->log_gamma) / 2);
	sketch->base = (int32) ceil(log(BR_SKETCH_ZERO) * sketch->bins_per_log) - 1;
	sketch->last = slot_of(sketch, DBL_MAX);
}

/* The middle of a bin, but no value outside of what was seen. */
static double
value_of(const BrSketch *sketch, int32 slot)
{
	double		size = exp((abs(slot) + sketch->base) * sketch->log_gamma + sketch->middle);
	double		value = slot == 0 ? 0 : slot < 0 ? -size : size;

	return Max(sketch->min, Min(sketch->max, value));
}

/* Makes room for a slot; false if there would be too many. */
static bool
make_room(BrSketch *sketch, int32 slot)
{
	int			from = 0;
	int			to = sketch->room;
	int32		low = slot;
	int32		high = slot;
	int32		used;
	int32		room;
	int32		first;
	int64	   *counts;

	while (from < to && sketch->counts[from] == 0)
		from++;
	while (to > from && sketch->counts[to - 1] == 0)
		to--;
	if (from < to)
	{
		low = Min(low, sketch->first + from);
		high = Max(high, sketch->first + to - 1);
	}
	used = high - low + 1;
	if (used > BR_SKETCH_MAX_BINS)
		return false;

	room = Min(Max(2 * used, FIRST_ROOM), BR_SKETCH_MAX_BINS);
	first = low - (room - used) / 2;
	counts = palloc0(room * sizeof(int64));
	if (from < to)
		memcpy(counts + (sketch->first + from - first), sketch->counts + from, (to - from) * sizeof(int64));
	if (sketch->counts != NULL)
		pfree(sketch->counts);
	sketch->counts = counts;
	sketch->first = first;
	sketch->room = room;
	return true;
}

/* The count of a slot, NULL if there would be too many bins. */
static inline int64 *
count_of(BrSketch *sketch, int32 slot)
{
	if (unlikely((uint32) (slot - sketch->first) >= (uint32) sketch->room) && !make_room(sketch, slot))
		return NULL;
	return &sketch->counts[slot - sketch->first];
}

bool
br_sketch_add(BrSketch *sketch, double x)
{
	int64	   *count;

	if (likely(isfinite(x)))
	{
		count = count_of(sketch, slot_of(sketch, x));
		if (count == NULL)
			return false;
		br_exact_add(&sketch->sum, x);
		if (x < sketch->min)
			sketch->min = x;
		if (x > sketch->max)
			sketch->max = x;
	}
	else
		count = isnan(x) ? &sketch->nan : x < 0 ? &sketch->minus_infinity : &sketch->plus_infinity;
	/* counting to 2^63 one by one takes centuries */
	(*count)++;
	sketch->n++;
	return true;
}

bool
br_sketch_put(BrSketch *sketch, int32 slot, int64 more)
{
	int64	   *count;

	/* logarithms of other machines may differ in the last bit, and slots by one */
	if (more <= 0 || slot < -sketch->last - 1 || slot > sketch->last + 1)
		return false;
	count = count_of(sketch, slot);
	if (count == NULL || pg_add_s64_overflow(sketch->n, more, &sketch->n))
		return false;
	*count += more;				/* no more than n */
	return true;
}

bool
br_sketch_put_apart(BrSketch *sketch, int64 nan, int64 minus_infinity, int64 plus_infinity)
{
	if (nan < 0 || minus_infinity < 0 || plus_infinity < 0 ||
		pg_add_s64_overflow(sketch->n, nan, &sketch->n) ||
		pg_add_s64_overflow(sketch->n, minus_infinity, &sketch->n) ||
		pg_add_s64_overflow(sketch->n, plus_infinity, &sketch->n))
		return false;
	sketch->nan += nan;
	sketch->minus_infinity += minus_infinity;
	sketch->plus_infinity += plus_infinity;
	return true;
}

bool
br_sketch_merge(BrSketch *sketch, const BrSketch *other)
{
	Assert(sketch->alpha == other->alpha);
	if (!br_sketch_put_apart(sketch, other->nan, other->minus_infinity, other->plus_infinity))
		return false;
	for (int i = 0; i < other->room; i++)
		if (other->counts[i] > 0 && !br_sketch_put(sketch, other->first + i, other->counts[i]))
			return false;
	sketch->min = Min(sketch->min, other->min);
	sketch->max = Max(sketch->max, other->max);
	br_exact_merge(&sketch->sum, &other->sum);
	return true;
}

static int64
finite_count(const BrSketch *sketch)
{
	return sketch->n - sketch->nan - sketch->minus_infinity - sketch->plus_infinity;
}

/* Is this the slot of x, on this machine or another? */
static bool
is_slot_of(const BrSketch *sketch, int32 slot, double x)
{
	return abs(slot - slot_of(sketch, x)) <= 1;
}

const char *
br_sketch_problem(const BrSketch *sketch)
{
	int			from = 0;
	int			to = sketch->room;

	if (sketch->n <= 0)
		return "There are no values.";
	if (finite_count(sketch) == 0)
		return sketch->min == INFINITY && sketch->max == -INFINITY ? NULL : "There are extremes of no finite values.";
	if (!isfinite(sketch->min) || !isfinite(sketch->max) || sketch->min > sketch->max)
		return "The extremes of finite values are not in order, or not finite.";
	while (sketch->counts[from] == 0)
		from++;
	while (sketch->counts[to - 1] == 0)
		to--;
	if (!is_slot_of(sketch, sketch->first + from, sketch->min) ||
		!is_slot_of(sketch, sketch->first + to - 1, sketch->max))
		return "The extremes are not in the first and the last bin.";
	return NULL;
}

bool
br_sketch_is_of_finite(const BrSketch *sketch)
{
	return finite_count(sketch) == sketch->n;
}

/* The value of this rank, from 0 to n - 1. */
static double
value_at(const BrSketch *sketch, int64 rank)
{
	int64		finite = finite_count(sketch);
	int			i = 0;

	if (rank < sketch->minus_infinity)
		return -INFINITY;
	rank -= sketch->minus_infinity;
	if (rank >= finite)
		return rank - finite < sketch->plus_infinity ? INFINITY : NAN;
	if (rank == 0)
		return sketch->min;
	if (rank == finite - 1)
		return sketch->max;
	for (i = 0; rank >= sketch->counts[i]; i++)
		rank -= sketch->counts[i];
	return value_of(sketch, sketch->first + i);
}

double
br_sketch_min(const BrSketch *sketch)
{
	return value_at(sketch, 0);
}

double
br_sketch_max(const BrSketch *sketch)
{
	return value_at(sketch, sketch->n - 1);
}

double
br_sketch_sum(const BrSketch *sketch)
{
	double		sum = br_exact_value(&sketch->sum);

	if (sketch->nan > 0 || (sketch->minus_infinity > 0 && sketch->plus_infinity > 0))
		return NAN;
	if (sketch->minus_infinity > 0)
		return -INFINITY;
	if (sketch->plus_infinity > 0)
		return INFINITY;
	return sum;
}

double
br_sketch_mean(const BrSketch *sketch)
{
	double		mean = br_sketch_sum(sketch) / sketch->n;

	if (isinf(mean) && br_sketch_is_of_finite(sketch))
	{
		BrExactSum	rest = sketch->sum;
		double		part;

		/* the sum is too large for a double, its parts are not */
		mean = 0;
		while ((part = br_exact_take(&rest)) != 0)
		{
			BR_CHECK_INTERRUPTS();
			mean += part / sketch->n;
		}
	}
	return mean;
}

double
br_sketch_percentile(const BrSketch *sketch, double p)
{
	double		last = sketch->n - 1;
	double		place = p * last;
	int64		rank;
	double		low;

	/* so that no rank is out of range, however many there are */
	if (place >= last)
		return br_sketch_max(sketch);
	rank = (int64) place;
	low = value_at(sketch, rank);
	return rank == place ? low : low + (place - rank) * (value_at(sketch, rank + 1) - low);
}

double
br_sketch_rank(const BrSketch *sketch, double x)
{
	int64		below = sketch->minus_infinity;

	if (isnan(x))
		return 1;
	if (x >= sketch->max)
		below += finite_count(sketch);
	else if (x >= sketch->min)
	{
		int			end = slot_of(sketch, x) - sketch->first;

		for (int i = 0; i <= end && i < sketch->room; i++)
			below += sketch->counts[i];
	}
	if (x == INFINITY)
		below += sketch->plus_infinity;
	return (double) below / sketch->n;
}
