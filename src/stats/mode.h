/*
 * mode.h
 *		The most frequent value, in hundredths: measurements have no more decimals.
 */
#ifndef BR_MODE_H
#define BR_MODE_H

#include "base/br.h"

/*
 * The least of the most frequent hundredths; a value itself if all are equal. Of
 * at least one value in ascending order; NaN equals NaN.
 */
extern double br_mode_sorted(const double *sorted, int64 n);

/*
 * The same of values in any order between low and high, by counting; false, and
 * nothing is done, where there would be too many counters for that.
 */
extern bool br_mode_count(const double *values, int64 n, double low, double high, double *mode);

#endif							/* BR_MODE_H */
