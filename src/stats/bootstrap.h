/*
 * bootstrap.h
 *		Bootstrap intervals of figures that have no other.
 */
#ifndef BR_BOOTSTRAP_H
#define BR_BOOTSTRAP_H

#include "base/br.h"
#include "stats/interval.h"

typedef enum BrBootstrapStat
{
	BR_BOOTSTRAP_PERCENTILE,	/* type 7 */
	BR_BOOTSTRAP_MEAN,
	BR_BOOTSTRAP_GEOMEAN,
	BR_BOOTSTRAP_TRIMMED,		/* the mean without a tenth of the values on each side */
	BR_BOOTSTRAP_STDDEV			/* by n - 1 */
} BrBootstrapStat;

typedef struct BrBootstrap
{
	BrBootstrapStat stat;
	double		p;				/* of BR_BOOTSTRAP_PERCENTILE */
	double		conf;
	int			resamples;		/* at least 1 */
	bool		bca;			/* bias-corrected and accelerated, or plain percentiles */
	uint64		seed;
} BrBootstrap;

/*
 * The interval of the sample's figure; see interval.h. Takes O(resamples) for
 * percentiles, O(resamples * n) for others, and a plain interval of a percentile
 * that is a value of the sample is exact: it draws nothing. May be interrupted.
 */
extern BrInterval br_bootstrap_ci(const double *sorted, int64 n, const BrBootstrap *bootstrap);

#endif							/* BR_BOOTSTRAP_H */
