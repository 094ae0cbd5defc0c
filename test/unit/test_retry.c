/*
 * test_retry.c
 *		Delays and the token quota, with the figures of the SDKs' standard mode.
 *
 * The figures marked "published" are those of botocore's test suite for version
 * 2.1 of that mode (test_standard_retry_v2_1.py), there with a random of 1.
 */
#include "base/br.h"

#include "aws/retry.h"
#include "tap.h"

#define ALMOST_ONE		(1.0 - 1e-9)
#define NO_HEADER		(-1)

/* Fails an attempt and checks the answer; wait -1: no further attempt. */
static void
fails(BrRetry *retry, BrRetryQuota *quota, BrRetryClass class, double random,
	  long retry_after, long expected_wait, int expected_tokens, const char *name)
{
	long		wait = -2;
	bool		again;

	retry->attempts++;
	again = br_retry_next(retry, quota, class, random, retry_after, &wait);
	is_int(again ? wait : -1, expected_wait, "%s, attempt %d: wait", name, retry->attempts);
	is_int(quota->tokens, expected_tokens, "%s, attempt %d: tokens", name, retry->attempts);
}

static void
test_transient(void)
{
	BrRetryQuota quota = {BR_RETRY_QUOTA_FULL};
	BrRetry		retry = {.max_attempts = 4};

	fails(&retry, &quota, BR_RETRY_TRANSIENT, ALMOST_ONE, NO_HEADER, 25, 486, "published");
	fails(&retry, &quota, BR_RETRY_TRANSIENT, ALMOST_ONE, NO_HEADER, 50, 472, "published");
	fails(&retry, &quota, BR_RETRY_TRANSIENT, ALMOST_ONE, NO_HEADER, 100, 458, "published");
	fails(&retry, &quota, BR_RETRY_TRANSIENT, ALMOST_ONE, NO_HEADER, -1, 458, "published");
	ok(!retry.quota_exhausted, "attempts ran out, not tokens");
}

static void
test_throttling(void)
{
	BrRetryQuota quota = {BR_RETRY_QUOTA_FULL};
	BrRetry		retry = {.max_attempts = 4};

	fails(&retry, &quota, BR_RETRY_THROTTLING, ALMOST_ONE, NO_HEADER, 1000, 495, "throttled");
	fails(&retry, &quota, BR_RETRY_THROTTLING, ALMOST_ONE, NO_HEADER, 2000, 490, "throttled");
	fails(&retry, &quota, BR_RETRY_THROTTLING, ALMOST_ONE, NO_HEADER, 4000, 485, "throttled");
	fails(&retry, &quota, BR_RETRY_THROTTLING, ALMOST_ONE, NO_HEADER, -1, 485, "throttled");
}

static void
test_mixed(void)
{
	BrRetryQuota quota = {BR_RETRY_QUOTA_FULL};
	BrRetry		retry = {.max_attempts = 9};

	fails(&retry, &quota, BR_RETRY_TRANSIENT, 0.5, NO_HEADER, 13, 486, "half the jitter");
	fails(&retry, &quota, BR_RETRY_THROTTLING, 0.5, NO_HEADER, 1000, 481, "half the jitter");
	fails(&retry, &quota, BR_RETRY_TRANSIENT, 0.0, NO_HEADER, 0, 467, "no jitter");
	fails(&retry, &quota, BR_RETRY_NEVER, 0.5, NO_HEADER, -1, 467, "not retryable");
	br_retry_success(&retry, &quota);
	is_int(quota.tokens, 481, "success gives back what the last retry took");
}

/* The wait before the retry after the given number of transient failures. */
static long
wait_after(int attempts, BrRetryClass class)
{
	BrRetryQuota quota = {BR_RETRY_QUOTA_FULL};
	BrRetry		retry = {.attempts = attempts,.max_attempts = PG_INT32_MAX};
	long		wait = -1;

	br_retry_next(&retry, &quota, class, ALMOST_ONE, NO_HEADER, &wait);
	return wait;
}

static void
test_cap(void)
{
	is_int(wait_after(10, BR_RETRY_TRANSIENT), 12800, "the tenth transient failure");
	is_int(wait_after(11, BR_RETRY_TRANSIENT), 20000, "the cap");
	is_int(wait_after(5, BR_RETRY_THROTTLING), 16000, "the fifth throttling");
	is_int(wait_after(6, BR_RETRY_THROTTLING), 20000, "the cap");
	is_int(wait_after(PG_INT32_MAX - 1, BR_RETRY_TRANSIENT), 20000, "the cap holds for ever");
}

/* x-amz-retry-after after a first transient failure, then success. */
static void
test_retry_after(void)
{
	static const struct
	{
		long		header;
		long		wait;
	}			cases[] = {
		{1500, 1500}, {0, 25}, {24, 25}, {10000, 5025}, {5025, 5025}, {5026, 5025},
		{PG_INT32_MAX, 5025}, {NO_HEADER, 25}, {-100, 25},
	};
	size_t		i;

	for (i = 0; i < lengthof(cases); i++)
	{
		BrRetryQuota quota = {BR_RETRY_QUOTA_FULL};
		BrRetry		retry = {.max_attempts = 4};

		fails(&retry, &quota, BR_RETRY_TRANSIENT, ALMOST_ONE, cases[i].header,
			  cases[i].wait, 486, psprintf("retry-after %ld", cases[i].header));
		br_retry_success(&retry, &quota);
		is_int(quota.tokens, 500, "full again after success");
	}
}

static void
test_quota(void)
{
	BrRetryQuota quota = {14};
	BrRetry		retry = {.max_attempts = 9};
	BrRetry		other = {.max_attempts = 4,.attempts = 1};

	fails(&retry, &quota, BR_RETRY_TRANSIENT, 0, NO_HEADER, 0, 0, "the last tokens");
	ok(!retry.quota_exhausted, "not exhausted yet");
	fails(&retry, &quota, BR_RETRY_TRANSIENT, 0, NO_HEADER, -1, 0, "no tokens");
	ok(retry.quota_exhausted, "told that the quota is the reason");

	quota.tokens = 13;
	fails(&retry, &quota, BR_RETRY_TRANSIENT, 0, NO_HEADER, -1, 13, "too few tokens");
	fails(&retry, &quota, BR_RETRY_THROTTLING, 0, NO_HEADER, 0, 8, "enough for throttling");

	br_retry_success(&other, &quota);
	is_int(quota.tokens, 9, "success without a retry gives one token");
	br_retry_success(&other, &quota);
	is_int(quota.tokens, 10, "each time");
	quota.tokens = BR_RETRY_QUOTA_FULL;
	br_retry_success(&other, &quota);
	is_int(quota.tokens, BR_RETRY_QUOTA_FULL, "but never more than the quota");
	other.last_cost = 14;
	quota.tokens = 490;
	br_retry_success(&other, &quota);
	is_int(quota.tokens, BR_RETRY_QUOTA_FULL, "nor after a retry");
}

static void
test_clock(void)
{
	BrRetryQuota quota = {0};
	BrRetry		retry = {.max_attempts = 1};

	fails(&retry, &quota, BR_RETRY_CLOCK, ALMOST_ONE, 5000, 0, 0, "clock");
	fails(&retry, &quota, BR_RETRY_CLOCK, ALMOST_ONE, NO_HEADER, -1, 0, "clock again");

	memset(&retry, 0, sizeof(retry));
	retry.max_attempts = 2;
	quota.tokens = 100;
	fails(&retry, &quota, BR_RETRY_CLOCK, ALMOST_ONE, NO_HEADER, 0, 100, "clock first");
	fails(&retry, &quota, BR_RETRY_TRANSIENT, ALMOST_ONE, NO_HEADER, 25, 86,
		  "the corrected request counts as the first");
	fails(&retry, &quota, BR_RETRY_TRANSIENT, ALMOST_ONE, NO_HEADER, -1, 86, "attempts ran out");
}

static void
test_no_retries(void)
{
	BrRetryQuota quota = {BR_RETRY_QUOTA_FULL};
	BrRetry		retry = {.max_attempts = 1};

	fails(&retry, &quota, BR_RETRY_TRANSIENT, 0, NO_HEADER, -1, 500, "one attempt only");
	ok(!retry.quota_exhausted, "the quota was not the reason");
}

int
main(void)
{
	test_transient();
	test_throttling();
	test_mixed();
	test_cap();
	test_retry_after();
	test_quota();
	test_clock();
	test_no_retries();
	return done_testing();
}
