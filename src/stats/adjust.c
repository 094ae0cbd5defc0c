/*
 * adjust.c
 *		Holm 1979, Benjamini and Hochberg 1995, Bonferroni.
 *
 * A p-value of rank i of n is multiplied by what its step of the procedure
 * allows; the results are then made to rise with the p-values.
 */
#include "base/br.h"

#include "stats/adjust.h"

typedef struct Place
{
	double		p;
	int64		at;
} Place;

#define ST_SORT sort_places
#define ST_ELEMENT_TYPE Place
#define ST_COMPARE(a, b) (((a)->p > (b)->p) - ((a)->p < (b)->p))
#define ST_SCOPE static
#define ST_DECLARE
#define ST_DEFINE
#ifndef FRONTEND
#define ST_CHECK_FOR_INTERRUPTS
#endif
#include "lib/sort_template.h"

void
br_adjust(double *p, int64 n, BrAdjustment adjustment)
{
	Place	   *places = palloc(Max(n, 1) * sizeof(Place));
	double		bound = adjustment == BR_ADJUST_BH ? 1 : 0;

	for (int64 i = 0; i < n; i++)
		places[i] = (Place) {p[i], i};
	sort_places(places, n);
	switch (adjustment)
	{
		case BR_ADJUST_HOLM:
			for (int64 i = 0; i < n; i++)
			{
				bound = Max(bound, Min(1, (n - i) * places[i].p));
				p[places[i].at] = bound;
			}
			break;
		case BR_ADJUST_BH:
			for (int64 i = n - 1; i >= 0; i--)
			{
				bound = Min(bound, (double) n / (i + 1) * places[i].p);
				p[places[i].at] = bound;
			}
			break;
		case BR_ADJUST_BONFERRONI:
			for (int64 i = 0; i < n; i++)
				p[i] = Min(1, n * p[i]);
			break;
	}
	pfree(places);
}
