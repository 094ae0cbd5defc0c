/*
 * test_special.c
 *		Distribution functions against values of others.
 *
 * The incomplete beta function is compared with the hypergeometric series in 60
 * digits (mpmath 1.2.1), for SciPy 1.10.1 has eight digits of it where shapes are
 * large; the rest with R 4.2.2 (pt, qt, qbeta, qnorm, pnorm, pbinom, qbinom).
 */
#include "base/br.h"

#include <math.h>

#include "stats/special.h"
#include "tap.h"

static void
is_close(double got, double expected, double tolerance, const char *name, double x, double a, double b)
{
	if (!ok(fabs(got - expected) <= tolerance * fabs(expected), "%s(%.10g, %.10g, %.10g)", name, x, a, b))
		diag("got %.17g, expected %.17g", got, expected);
}

static void
test_beta(void)
{
	static const double cdf[][4] = {
		{0.49586327434504351, 1e7, 1e7, 5.5931829699726642e-300},
		{0.49910557283136076, 1e7, 1e7, 6.2206523927178527e-16},
		{0.5001, 1e7, 1e7, 0.81445331464065784},
		{0.087701989618314879, 1e6, 1e7, 1.9600088366003971e-306},
		{1e-9, 0.5, 1e7, 0.11246291464977419},
		{1e-300, 0.5, 2, 1.5e-150},
		{0.5, 0.5, 0.5, 0.5},
		{0.3, 2.25, 37, 0.99996285823969532},
		{0.7, 37, 2.25, 3.7141760304678305e-5},
		{0.2, 12, 60, 0.78529742913146833},
		{0.01, 1, 1000, 0.99995682875258934},
		{0.9, 100.5, 12.3455, 0.59812695662645894}
	};
	static const double quantiles[][4] = {
		{0.025, 0.5, 0.5, 0.0015413331334360124},
		{0.5, 5, 6, 0.45169415622366305},
		{0.975, 6, 5, 0.81291397155260148},
		{1e-20, 2.25, 37, 5.2037306974964847e-11},
		{0.025, 5000000, 5000001, 0.49969005252137105},
		{0.3, 1, 1e7, 3.5667493757788139e-08},
		{0.99, 0.5, 1e5, 3.3174015671360271e-05},
		{0.5, 1e6, 10, 0.99999033137563564}
	};

	for (size_t i = 0; i < lengthof(cdf); i++)
		is_close(br_beta_cdf(cdf[i][0], cdf[i][1], cdf[i][2]), cdf[i][3], 2e-13,
				 "beta_cdf", cdf[i][0], cdf[i][1], cdf[i][2]);
	for (size_t i = 0; i < lengthof(quantiles); i++)
		is_close(br_beta_quantile(quantiles[i][0], quantiles[i][1], quantiles[i][2]), quantiles[i][3], 1e-13,
				 "beta_quantile", quantiles[i][0], quantiles[i][1], quantiles[i][2]);
	ok(br_beta_cdf(0, 2, 3) == 0 && br_beta_cdf(1, 2, 3) == 1, "beta_cdf at the ends");
	ok(br_beta_quantile(0, 2, 3) == 0 && br_beta_quantile(1, 2, 3) == 1, "beta_quantile at the ends");
	ok(isnan(br_beta_cdf(0.5, 0, 1)) && isnan(br_beta_cdf(0.5, 1, INFINITY)) && isnan(br_beta_cdf(NAN, 1, 1)) &&
	   isnan(br_beta_quantile(1.5, 1, 1)) && isnan(br_beta_quantile(NAN, 1, 1)), "beta outside of its domain");
}

static void
test_normal(void)
{
	static const double quantiles[][2] = {
		{1e-300, -37.047096299361201}, {1e-20, -9.2623400897984052}, {1e-5, -4.2648907939228256},
		{0.025, -1.9599639845400538}, {0.3, -0.52440051270804067}, {0.45, -0.12566134685507399},
		{0.50000009999999995, 2.5066282733116488e-07}, {0.6, 0.25334710313579978},
		{0.975, 1.9599639845400536}, {0.999999999999999, 7.9414444874159766}
	};
	static const double tails[][3] = {
		{-8, 0.99999999999999933, 6.2209605742717849e-16}, {-1, 0.84134474606854293, 0.15865525393145705},
		{0, 0.5, 0.5}, {0.1, 0.46017216272297101, 0.53982783727702899},
		{1.96, 0.024997895148220428, 0.97500210485177963}, {5, 2.8665157187919391e-07, 0.99999971334842808},
		{20, 2.7536241186062337e-89, 1}, {37, 5.7255712225245771e-300, 1}
	};

	for (size_t i = 0; i < lengthof(quantiles); i++)
		is_close(br_normal_quantile(quantiles[i][0]), quantiles[i][1], 1e-14,
				 "normal_quantile", quantiles[i][0], 0, 1);
	for (size_t i = 0; i < lengthof(tails); i++)
	{
		is_close(br_normal_sf(tails[i][0]), tails[i][1], 2e-13, "normal_sf", tails[i][0], 0, 1);
		is_close(br_normal_cdf(tails[i][0]), tails[i][2], 2e-13, "normal_cdf", tails[i][0], 0, 1);
	}
	ok(br_normal_quantile(0) == -INFINITY && br_normal_quantile(1) == INFINITY &&
	   br_normal_quantile(0.5) == 0, "normal_quantile at the ends and in the middle");
	ok(isfinite(br_normal_quantile(5e-324)) && isnan(br_normal_quantile(-1)) && isnan(br_normal_quantile(NAN)),
	   "normal_quantile of the smallest number, and of none");
}

static void
test_t(void)
{
	static const double two_sided[][3] = {
		{0.001, 1, 0.99936338043983886}, {0.5, 1, 0.70483276469913358},
		{12.706204736432095, 1, 0.049999999998991303}, {1e100, 1, 6.3661977236758419e-101},
		{3, 2, 0.095465966266709126}, {2.5, 4.7, 0.057592159346867268},
		{2.185185, 13.96, 0.046421467049248891}, {30, 1000, 1.5374687444045064e-141},
		{10, 1e5, 1.5633015300207413e-23}, {1.96, 1e6, 0.049996067585269796},
		{40, 10, 2.2808577430857475e-12}
	};
	static const double quantiles[][3] = {
		{0.975, 1, 12.706204736174694}, {0.975, 2, 4.3026527297494619}, {0.975, 9, 2.2621571627982049},
		{0.995, 29, 2.7563859036706049}, {0.9, 4.7, 1.4901550815168019}, {0.975, 1e6, 1.9599663568141066},
		{1e-20, 3, -4795275.7204689756}, {1e-300, 1, -3.183098861837907e+299},
		{0.6, 30, 0.25560536495191277}, {0.0005, 100.3, -3.3901841975232641}
	};

	for (size_t i = 0; i < lengthof(two_sided); i++)
	{
		double		t = two_sided[i][0];
		double		df = two_sided[i][1];
		double		p = two_sided[i][2];

		is_close(br_t_two_sided(t, df), p, 2e-13, "t_two_sided", t, df, 0);
		is_close(br_t_two_sided(-t, df), p, 2e-13, "t_two_sided", -t, df, 0);
		is_close(br_t_cdf(-t, df), p / 2, 2e-13, "t_cdf", -t, df, 0);
		is_close(br_t_cdf(t, df), 1 - p / 2, 1e-15, "t_cdf", t, df, 0);
	}
	for (size_t i = 0; i < lengthof(quantiles); i++)
		is_close(br_t_quantile(quantiles[i][0], quantiles[i][1]), quantiles[i][2], 2e-13,
				 "t_quantile", quantiles[i][0], quantiles[i][1], 0);
	ok(br_t_two_sided(0, 5) == 1 && br_t_two_sided(INFINITY, 5) == 0, "t_two_sided at the ends");
	ok(br_t_quantile(0, 5) == -INFINITY && br_t_quantile(1, 5) == INFINITY && br_t_quantile(0.5, 5) == 0,
	   "t_quantile at the ends and in the middle");
	ok(isnan(br_t_two_sided(NAN, 5)) && isnan(br_t_two_sided(1, 0)) && isnan(br_t_quantile(2, 5)) &&
	   isnan(br_t_cdf(1, NAN)), "t outside of its domain");
}

static void
test_binomial(void)
{
	static const double cdf[][4] = {
		{0, 5, 0.5, 0.03125}, {2, 10, 0.5, 0.0546875}, {40, 100, 0.5, 0.028443966820490434},
		{3, 368, 0.0099, 0.50539627918074337}, {9000000, 1e7, 0.9, 0.50015419143037532},
		{995256, 1e7, 0.1, 2.8153958670680246e-07}, {22, 1000, 0.1, 1.5639876752815299e-22},
		{363, 368, 0.99, 0.30861003211619237}
	};
	static const double quantiles[][4] = {
		{0.03125, 5, 0.5, 0}, {0.5, 7, 0.5, 3}, {0.025, 5, 0.5, 0}, {0.025, 6, 0.5, 1}, {0.025, 10, 0.5, 2},
		{0.975, 10, 0.5, 8}, {0.025, 1e7, 0.5, 4996901}, {0.975, 1e7, 0.99, 9900616},
		{0.975, 368, 0.99, 367}, {1e-9, 1000, 0.9, 839}, {0, 10, 0.5, 0}, {1, 10, 0.5, 10}, {0.5, 10, 1, 10},
		{0.5, 10, 0, 0}
	};

	for (size_t i = 0; i < lengthof(cdf); i++)
		is_close(br_binomial_cdf(cdf[i][0], cdf[i][1], cdf[i][2]), cdf[i][3], 5e-13,
				 "binomial_cdf", cdf[i][0], cdf[i][1], cdf[i][2]);
	for (size_t i = 0; i < lengthof(quantiles); i++)
		is_int(br_binomial_quantile(quantiles[i][0], quantiles[i][1], quantiles[i][2]), quantiles[i][3],
			   "binomial_quantile(%g, %g, %g)", quantiles[i][0], quantiles[i][1], quantiles[i][2]);
	ok(br_binomial_cdf(-1, 5, 0.5) == 0 && br_binomial_cdf(5, 5, 0.5) == 1, "binomial_cdf at the ends");
	ok(isnan(br_binomial_cdf(1, 5, 2)) && isnan(br_binomial_cdf(1, -1, 0.5)) && isnan(br_binomial_cdf(1, 5, NAN)) &&
	   br_binomial_quantile(NAN, 5, 0.5) == -1 && br_binomial_quantile(0.5, 5, -1) == -1,
	   "binomial outside of its domain");
}

/* Quantiles are the inverse, also where there is no value of others. */
static void
test_round_trips(void)
{
	static const double shapes[] = {0.5, 1, 3.7, 40, 1e4, 1e7};
	static const double ps[] = {1e-100, 1e-9, 0.01, 0.3, 0.5, 0.8, 0.999};
	double		worst = 0;

	for (size_t i = 0; i < lengthof(shapes); i++)
		for (size_t k = 0; k < lengthof(ps); k++)
		{
			for (size_t j = 0; j < lengthof(shapes); j++)
			{
				double		x = br_beta_quantile(ps[k], shapes[i], shapes[j]);

				/* where x is next to 1, the double nearest to it is all that there is */
				if (x < 0.9)
					worst = Max(worst, fabs(br_beta_cdf(x, shapes[i], shapes[j]) / ps[k] - 1));
			}
			worst = Max(worst, fabs(br_t_cdf(br_t_quantile(ps[k], shapes[i]), shapes[i]) / ps[k] - 1));
		}
	if (!ok(worst < 2e-11, "the quantile's probability is the probability"))
		diag("off by %g", worst);
}

int
main(void)
{
	test_beta();
	test_normal();
	test_t();
	test_binomial();
	test_round_trips();
	return done_testing();
}
