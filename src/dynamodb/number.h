/*
 * number.h
 *		The text of a number, read without a detour.
 *
 * DynamoDB's N has up to 38 digits and arrives as text.  These readers take the
 * plain cases at once and leave the rest to the caller's exact arithmetic.
 */
#ifndef BR_NUMBER_H
#define BR_NUMBER_H

#include "base/br.h"

/*
 * A whole number without fraction or exponent that fits. False: it may still
 * be one, spelled otherwise.
 */
extern bool br_number_to_int64(const char *text, size_t len, int64 *result);

/* The nearest double. False if the text is no finite number in range. */
extern bool br_number_to_double(const char *text, size_t len, double *result);

/*
 * Whether the service takes this number: at most 38 significant digits, and
 * between 1e-130 and 1e126, or zero. *bytes, if wanted, is what it counts in the
 * size of an item, as DynamoDB Local counts: one, one more below zero, and one for
 * each pair of digits, where pairs are counted from the point.
 */
extern bool br_number_is_sendable(const char *text, size_t len, int *bytes);

#endif							/* BR_NUMBER_H */
