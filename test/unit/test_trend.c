/*
 * test_trend.c
 *		Trends and autocorrelation.
 *
 * Expected: scipy 1.10.1 theilslopes, R 4.2.2 cor.test(method = "kendall", exact =
 * FALSE, continuity = TRUE), and the acf of statsmodels 0.13.5.
 */
#include "base/br.h"

#include <math.h>

#include "stats/trend.h"
#include "tap.h"

static bool
near(double a, double b)
{
	return fabs(a - b) <= 1e-12 * Max(fabs(b), 1.0);
}

static void
check_trend(const double *x, const double *y, int n, double slope, double intercept, double p_value)
{
	BrTrend		trend = br_trend(x, y, n);

	ok(near(trend.slope, slope), "slope %.17g", trend.slope);
	ok(near(trend.intercept, intercept), "intercept %.17g", trend.intercept);
	ok(fabs(trend.p_value - p_value) <= 1e-11 * p_value, "p-value %.17g", trend.p_value);
	is_str(trend.note, NULL, "enough points");
}

static const double places[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
static const double rising[] = {1, 2, 2, 4, 5, 7, 6, 8, 9, 10};
static const double ten[] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3};
static const double drift[] = {5.1, 5.0, 5.3, 5.2, 5.2, 5.6, 5.4, 5.9, 5.5, 6.0, 5.8, 6.3};
static const double equal[] = {0.1, 0.1, 0.1, 0.1};

static void
test_trends(void)
{
	static const double gaps[] = {1, 2, 3, 5, 6, 7, 9, 10, 12, 13, 14, 20};
	BrTrend		trend;

	check_trend(places, rising, 10, 1, 0, 0.00023149432556019843);
	check_trend(places, ten, 10, 0.3333333333333333, 1.6666666666666667, 0.31930203648285482);
	check_trend(gaps, drift, 12, 0.06666666666666668, 4.916666666666667, 0.00096944119625551838);

	trend = br_trend(places, equal, 4);
	ok(trend.slope == 0 && trend.p_value == 1, "a constant has no trend");
	is_str(trend.note, "fewer than 10 points: the p-value is approximate", "few points");
	trend = br_trend(places, drift, 1);
	ok(isnan(trend.slope) && isnan(trend.intercept) && isnan(trend.p_value) && trend.note != NULL, "one point has none");
}

static void
check_correlation(const double *values, int n, double lag1, double effective_n, bool noted)
{
	BrCorrelation correlation = br_autocorrelation(values, n);

	ok(near(correlation.lag1, lag1), "correlation %.17g", correlation.lag1);
	ok(near(correlation.effective_n / effective_n, 1), "counts as %.17g", correlation.effective_n);
	ok((correlation.note != NULL) == noted, "note");
}

static void
test_correlations(void)
{
	double		saw[20];
	BrCorrelation correlation;

	for (int i = 0; i < 20; i++)
		saw[i] = i % 2 == 0 ? 1 : -1;
	check_correlation(rising, 10, 0.6746606334841629, 1.94271818427452, true);
	check_correlation(ten, 10, -0.14408014571949, 13.36667376037455, false);
	check_correlation(saw, 20, -0.95, 780, true);
	correlation = br_autocorrelation(equal, 4);
	ok(isnan(correlation.lag1) && isnan(correlation.effective_n), "none of a constant");
	is_str(correlation.note, "all values are equal", "note of a constant");
	correlation = br_autocorrelation(ten, 2);
	is_str(correlation.note, "fewer than 3 values", "note of too few values");
}

int
main(void)
{
	test_trends();
	test_correlations();
	return done_testing();
}
