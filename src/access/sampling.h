/*
 * sampling.h
 *		What to look at for statistics, and what it says about the rest.
 *
 * A Scan goes through a table in the order of the hashes of its partition keys.
 * So any stretch of it is a random choice of partitions, but its items are not
 * independent of each other: those of one partition come together.
 */
#ifndef BR_SAMPLING_H
#define BR_SAMPLING_H

#include "base/br.h"
#include "access/choose.h"
#include "common/pg_prng.h"

/*
 * Reads that begin all over the table; who takes a page of each looks at so many
 * pages. A table that is not known to be larger (bytes: 0 if unknown) becomes
 * one read, to be followed. All else of them as in blank.
 */
extern BrReads br_sample_scans(const BrRead *blank, double bytes, int pages,
							   pg_prng_state *random);

/*
 * The variable that, with literals, makes the partition key, so that its values
 * may be found in items of other partitions: as TESTRUN#{testRunId}. -1: none.
 */
extern int	br_lone_variable(const BrSchema *schema);

/* Each value once, in random order. *single: how many of them were met once only. */
extern BrTexts br_sample_values(BrTexts met, pg_prng_state *random, int *single);

/*
 * Reads of the partitions that these values of the lone variable make; of the
 * items, where that makes the sort key as well. Of the first ones, if it takes
 * more requests than max_requests; *nvalues: of how many.
 */
extern BrReads br_sample_partitions(const BrSchema *schema, BrTexts values,
									int max_requests, const BrRead *blank, int *nvalues);

/*
 * How many different values there are among total draws, of which n show
 * distinct ones, single of them once. Never fewer than that, nor more than total.
 */
extern double br_estimate_distinct(double n, double distinct, double single, double total);

/*
 * How many items of each partition to keep of those that were seen, so that the
 * ones kept are as different as if wanted ones had been drawn from all of the
 * table, of which share was seen: mostly one of each partition, more of larger
 * ones, and now and then two.
 */
extern void br_sample_picks(int npartitions, const int *seen, int wanted, double share,
							pg_prng_state *random, int *picks);

#endif							/* BR_SAMPLING_H */
