/*
 * picture.h
 *		Samples and series as text: sparklines, histograms, box plots, durations.
 *
 * Everything is drawn on a scale from lo to hi, which the caller gives or
 * br_finite_range() finds. What lies beyond it, infinity too, is drawn at its
 * end. NaN in a sample counts as greater than everything else, as it does in
 * its order; NaN in a series is a gap. Texts are palloc'd, in UTF-8 where
 * blocks are asked for, else in ASCII.
 */
#ifndef BR_PICTURE_H
#define BR_PICTURE_H

#include "base/br.h"

#define BR_PICTURE_LEVELS 8

/* The least and greatest finite value, in any order; false if there is none. */
extern bool br_finite_range(const double *values, int64 n, double *lo, double *hi);

/* The part of the scale, 0 to n - 1, that a value is in, of n equal ones; the middle one where hi = lo. */
extern int	br_scale_part(double value, double lo, double hi, int n);

/* One character for each value, by its level; a space for NaN. */
extern char *br_sparkline(const double *series, int64 n, double lo, double hi, bool blocks);

/* edges[i] <= value < edges[i + 1] counts[i] times; the last bin has its upper edge as well. */
typedef struct BrBins
{
	int			n;				/* at least 1 */
	double	   *edges;			/* n + 1 */
	int64	   *counts;			/* n */
	int64		most;			/* of counts */
} BrBins;

#define BR_BINS_AUTO	200 /* no more bins than these, unless they are asked for */
#define BR_BINS_MAX	10000

/*
 * Of n > 0 finite values in ascending order. bins 0: as many as Freedman and
 * Diaconis would have, or Sturges where half of the values are equal. On a
 * logarithmic scale bins have equal ratios, and all values must be positive.
 * Values that are all equal are one bin.
 */
extern BrBins br_bins(const double *sorted, int64 n, int bins, bool logarithmic);

/* A bar for part of whole, at most width characters; anything but 0 can be seen. */
extern char *br_bar(int64 part, int64 whole, int width, bool blocks);

/*
 * |---[==|==]----| : minimum, quartiles with the median, maximum, of n > 0 values
 * in ascending order; exactly width characters. < and > stand where it is cut off.
 */
extern char *br_boxplot(const double *sorted, int64 n, double lo, double hi, int width);

/* Milliseconds, with four significant digits, in the unit that fits; micro is what to call a millionth of a second. */
extern char *br_format_duration(double ms, const char *micro);

#endif							/* BR_PICTURE_H */
