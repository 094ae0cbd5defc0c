/*
 * test_runs.c
 *		How many runs it takes: by scipy 1.10.1 (binom.ppf) and numpy 1.24.2 (percentile).
 */
#include "base/br.h"

#include <math.h>

#include "stats/runs.h"
#include "stats/sort.h"
#include "tap.h"

static void
check(const double *sorted, int count, double half_width, double confidence, int n, double expected)
{
	BrRuns		runs = br_required_runs(sorted, count, half_width, confidence);

	is_int(runs.n, n, "runs of %d values for %g, %g", count, half_width, confidence);
	ok(fabs(runs.half_width - expected) <= 1e-12, "half width %.17g", runs.half_width);
}

static void
check_note(const double *sorted, int count, const char *note)
{
	BrRuns		runs = br_required_runs(sorted, count, 0.01, 0.95);

	is_int(runs.n, 0, "no number: %s", note);
	ok(isnan(runs.half_width), "nor a width");
	is_str(runs.note, note, "note");
}

int
main(void)
{
	static const double ten[] = {1, 1, 2, 3, 3, 4, 5, 5, 6, 9};
	static const double equal[] = {5, 5, 5};
	static const double apart[] = {1, 100};
	static const double zero[] = {-1, 0, 1};
	static const double infinite[] = {1, 2, INFINITY};
	double		hundred[100];

	for (int i = 0; i < 100; i++)
		hundred[i] = 100 + i * 37 % 101 / 10.0;
	br_sort(hundred, 100);

	check(ten, 10, 0.5, 0.95, 9, 0.48571428571428577);
	check(ten, 10, 0.1, 0.95, 643, 0.09982253771073639);
	/* 20,000 samples of 90 values, drawn from these: 0.01007 */
	check(hundred, 100, 0.01, 0.95, 90, 0.009847703511352824);
	check(hundred, 100, 0.02, 0.95, 25, 0.018616923809872867);
	check(hundred, 100, 0.01, 0.99, 151, 0.009929540382638333);
	check(hundred, 100, 0.002, 0.95, 2146, 0.0019990888823453404);
	/* with less there is no interval at all */
	check(equal, 3, 0.01, 0.95, 6, 0);
	is_str(br_required_runs(equal, 3, 0.01, 0.95).note, "fewer than 10 values: a rough estimate", "few values");
	is_str(br_required_runs(ten, 10, 0.5, 0.95).note, NULL, "enough values");

	check_note(apart, 2, "more than 10000");
	check_note(apart, 1, "fewer than 2 values");
	check_note(zero, 3, "the median is 0: no share of it");
	check_note(infinite, 3, "values that are not finite");
	return done_testing();
}
