/*
 * adjust.h
 *		p-values of several tests, adjusted for their number.
 */
#ifndef BR_ADJUST_H
#define BR_ADJUST_H

#include "base/br.h"

typedef enum BrAdjustment
{
	BR_ADJUST_HOLM,				/* bounds the chance of any false alarm */
	BR_ADJUST_BH,				/* Benjamini and Hochberg: bounds the share of false alarms */
	BR_ADJUST_BONFERRONI
} BrAdjustment;

/* In place; each is between 0 and 1. */
extern void br_adjust(double *p, int64 n, BrAdjustment adjustment);

#endif							/* BR_ADJUST_H */
