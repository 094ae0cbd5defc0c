/*
 * retry.c
 *		Whether and when to try again.
 *
 * Time and chance come from the caller, so that every decision can be tested.
 */
#include "base/br.h"

#include "aws/retry.h"

#define TRANSIENT_BASE_MS	25.0	/* doubled by each further attempt */
#define THROTTLING_BASE_MS	1000.0
#define MAX_BACKOFF_MS		20000.0

/* The service may ask for more than our own backoff, but not for much more. */
#define MAX_EXTRA_WAIT_MS	5000.0

#define TRANSIENT_COST		14
#define THROTTLING_COST		5
#define SUCCESS_REFUND		1	/* of a call that needed no retry */

/* Full jitter: anything from nothing to the exponential backoff. */
static double
backoff_ms(BrRetryClass class, int attempts, double random)
{
	double		delay = class == BR_RETRY_THROTTLING ? THROTTLING_BASE_MS : TRANSIENT_BASE_MS;
	int			i;

	for (i = 1; i < attempts && delay < MAX_BACKOFF_MS; i++)
		delay *= 2;
	return random * Min(delay, MAX_BACKOFF_MS);
}

bool
br_retry_next(BrRetry *retry, BrRetryQuota *quota, BrRetryClass class,
			  double random, long retry_after_ms, long *wait_ms)
{
	int			attempts = retry->attempts - (retry->clock_corrected ? 1 : 0);
	int			cost = class == BR_RETRY_THROTTLING ? THROTTLING_COST : TRANSIENT_COST;
	double		wait;

	*wait_ms = 0;
	if (class == BR_RETRY_NEVER)
		return false;
	if (class == BR_RETRY_CLOCK)
	{
		if (retry->clock_corrected)
			return false;
		retry->clock_corrected = true;
		return true;
	}
	if (attempts >= retry->max_attempts)
		return false;
	if (quota->tokens < cost)
	{
		retry->quota_exhausted = true;
		return false;
	}
	quota->tokens -= cost;
	retry->last_cost = cost;

	wait = backoff_ms(class, attempts, random);
	if (retry_after_ms >= 0)
		wait = Max(wait, Min((double) retry_after_ms, wait + MAX_EXTRA_WAIT_MS));
	*wait_ms = (long) (wait + 0.5);
	return true;
}

void
br_retry_success(BrRetry *retry, BrRetryQuota *quota)
{
	int			refund = retry->last_cost > 0 ? retry->last_cost : SUCCESS_REFUND;

	quota->tokens = Min(quota->tokens + refund, BR_RETRY_QUOTA_FULL);
}
