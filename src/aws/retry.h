/*
 * retry.h
 *		The standard retry mode of the AWS SDKs: whether and when to try again.
 *
 * The numbers are those of the SDKs' standard mode for DynamoDB, version 2.1
 * (botocore's test_standard_retry_v2_1.py): base 25 ms for transient errors and
 * 1 s for throttling, cap 20 s, full jitter, a quota of 500 tokens of which a
 * retry takes 14 or 5, and x-amz-retry-after honoured.
 */
#ifndef BR_RETRY_H
#define BR_RETRY_H

#include "base/br.h"
#include "base/error.h"

/* One per connection: keeps a failing service from being hammered. */
typedef struct BrRetryQuota
{
	int			tokens;
} BrRetryQuota;

#define BR_RETRY_QUOTA_FULL	500

/* One per call. */
typedef struct BrRetry
{
	int			attempts;		/* requests sent so far: the caller counts */
	int			max_attempts;
	int			last_cost;		/* tokens taken for the last retry, 0: none yet */
	bool		clock_corrected;	/* the free retry of BR_RETRY_CLOCK was used */
	bool		quota_exhausted;	/* given up for want of tokens */
} BrRetry;

/*
 * After a failed attempt: true and the wait in ms, or false to give up.
 * random is uniform in [0, 1). retry_after_ms: the x-amz-retry-after header,
 * negative if absent or not a number. Takes the tokens.
 *
 * BR_RETRY_CLOCK: once per call, at once, without tokens and not counted
 * against max_attempts, since the first request was lost to our own clock.
 */
extern bool br_retry_next(BrRetry *retry, BrRetryQuota *quota, BrRetryClass class,
						  double random, long retry_after_ms, long *wait_ms);

/* After success: gives tokens back. */
extern void br_retry_success(BrRetry *retry, BrRetryQuota *quota);

#endif							/* BR_RETRY_H */
