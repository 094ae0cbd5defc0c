/*
 * counters.h
 *		What was asked of the service and what came back.
 *
 * One set belongs to each connection (bench_request_stats) and one to each
 * scan (EXPLAIN ANALYZE); both are filled at the same places.
 */
#ifndef BR_COUNTERS_H
#define BR_COUNTERS_H

#include "base/br.h"

typedef struct BrCounters
{
	int64		under_way;		/* calls that began and have not ended */
	int64		requests;		/* HTTP requests sent, retries included */
	int64		retries;		/* of which repeated an earlier one */
	int64		throttles;		/* answers that said "slow down" */
	int64		bytes_sent;		/* bodies only */
	int64		bytes_received; /* bodies only */
	int64		pages;			/* answers with items that were decoded */
	int64		items_scanned;	/* as the service counted them */
	int64		items_returned;
	double		capacity;		/* read units charged, as told or from bytes */
	double		write_capacity; /* write units charged, as told */
} BrCounters;

#endif							/* BR_COUNTERS_H */
