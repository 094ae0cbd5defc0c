/*
 * test_bucket.c
 *		A rate over time.
 */
#include "base/br.h"

#include "access/bucket.h"
#include "tap.h"

#define SECOND	INT64CONST(1000000)

static void
test_credit(void)
{
	BrBucket	bucket = {0};
	int64		now = 77 * SECOND;

	is_int(br_bucket_wait_ms(&bucket, 100, now), 0, "the first goes at once");
	br_bucket_take(&bucket, 100);
	is_int(br_bucket_wait_ms(&bucket, 100, now), 0, "a second's worth is there from the start");
	br_bucket_take(&bucket, 50);
	is_int(br_bucket_wait_ms(&bucket, 100, now), 500, "what is owed is waited off");
	is_int(br_bucket_wait_ms(&bucket, 100, now + SECOND / 4), 250, "in time");
	is_int(br_bucket_wait_ms(&bucket, 100, now + SECOND / 2), 0, "and then it goes on");
	br_bucket_take(&bucket, 1);
	is_int(br_bucket_wait_ms(&bucket, 100, now + SECOND / 2), 10, "nothing was saved");

	is_int(br_bucket_wait_ms(&bucket, 100, now + 3600 * SECOND), 0, "after an hour");
	br_bucket_take(&bucket, 300);
	is_int(br_bucket_wait_ms(&bucket, 100, now + 3600 * SECOND), 2000, "one second's worth is saved");

	bucket = (BrBucket) {0};
	(void) br_bucket_wait_ms(&bucket, 0.001, now);
	br_bucket_take(&bucket, 1e9);
	is_int(br_bucket_wait_ms(&bucket, 0.001, now), PG_INT32_MAX, "no wait is too long to be told");
	is_int(br_bucket_wait_ms(&bucket, 1e9, now - SECOND), 1000, "a clock that went back gives nothing");
}

/* Whatever is taken at a time, on the whole the rate is kept. */
static void
test_rate(void)
{
	static const double amounts[] = {0.5, 128, 13, 0.5, 64, 1000, 2};
	BrBucket	bucket = {0};
	int64		start = 5 * SECOND;
	int64		now = start;
	double		taken = 0;

	for (int i = 0; i < 1000; i++)
	{
		double		units = amounts[i % lengthof(amounts)];

		now += br_bucket_wait_ms(&bucket, 250, now) * 1000;
		br_bucket_take(&bucket, units);
		taken += units;
		now += 3000;			/* an answer takes its time */
	}
	ok(taken - 1000 <= 250 * ((now - start) / 1e6 + 1), "no more than the rate and a second's worth");
	ok(taken >= 0.99 * 250 * (now - start) / 1e6, "and no less than could be");
}

int
main(void)
{
	test_credit();
	test_rate();
	return done_testing();
}
