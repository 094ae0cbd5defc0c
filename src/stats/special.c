/*
 * special.c
 *		How the incomplete beta function is computed, and the distributions that
 *		are made of it.
 *
 * I_x(a, b) is a power term divided by a continued fraction. The power term
 * x^a (1-x)^b / B(a, b) has shapes of up to 1e7 in its exponents, so lgamma() of
 * these would leave eight digits of it. Here it is split as C. Loader splits the
 * binomial probability ("Fast and accurate computation of binomial
 * probabilities", 2000): into Stirling's approximation, what that lacks, and two
 * deviances which are small where the term is not.
 */
#include "base/br.h"

#include <float.h>
#include <math.h>

#include "stats/special.h"

#define MAX_STEPS 10000000
#define SMALLEST_LOGIT (-700)	/* exp() of it is no denormal */

/* A point of the beta distribution: what everything here is computed from. */
typedef struct BetaPoint
{
	double		a;
	double		b;
	double		x;
	double		y;				/* 1 - x, known as well as x */
	double		excess;			/* (a + b) x - a, which is b - (a + b) y */
} BetaPoint;

/* I_x(a, b) in logarithms, for what underflows has quantiles too. */
typedef struct BetaTail
{
	double		log_power;		/* of x^a y^b / B(a, b), dI/dx times x y */
	double		log_lower;		/* of I_x(a, b) */
	double		lower;
} BetaTail;

static bool
is_shape(double value)
{
	return value > 0 && isfinite(value);
}

/* log(gamma(z)) - ((z - 1/2) log z - z + log(2 pi) / 2) */
static double
stirling_rest(double z)
{
	/* B_2k / (2k (2k - 1)), from k = 1: DLMF 5.11.1 */
	static const double terms[] = {
		1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188,
		-691.0 / 360360, 1.0 / 156, -3617.0 / 122400
	};
	double		sum = 0;
	int			sign;

	if (z < 12)
		return lgamma_r(z, &sign) - (z - 0.5) * log(z) + z - 0.5 * log(2 * M_PI);
	for (int k = lengthof(terms) - 1; k >= 0; k--)
		sum = sum / (z * z) + terms[k];
	return sum / z;
}

/* u - log(1 + u); ratio is 1 + u, known better than that where it is small. */
static double
deviance(double u, double ratio)
{
	double		v = u / (2 + u);
	double		sum = 0;

	if (u < -0.5)
		return u - log(ratio);
	if (u > 0.5)
		return u - log1p(u);
	/* log(1 + u) = 2 artanh(v), of which 2 v is taken together with u */
	for (int k = 37; k >= 3; k -= 2)
		sum = sum * v * v + 1.0 / k;
	return v * (u - 2 * v * v * sum);
}

static BetaPoint
point(double a, double b, double x, double y)
{
	double		n = a + b;
	double		rounded = a > b ? b - (n - a) : a - (n - b);
	double		excess = x <= y ? fma(n, x, -a) + rounded * x : -(fma(n, y, -b) + rounded * y);

	return (BetaPoint) {a, b, x, y, excess};
}

static double
log_power(const BetaPoint *p)
{
	double		n = p->a + p->b;

	return 0.5 * log(p->a / n * p->b / (2 * M_PI)) +
		(stirling_rest(n) - stirling_rest(p->a) - stirling_rest(p->b)) -
		p->a * deviance(p->excess / p->a, n * p->x / p->a) -
		p->b * deviance(-p->excess / p->b, n * p->y / p->b);
}

/*
 * What the power term divided by I_x(a, b) is, for x <= a / (a + b): the
 * continued fraction of DiDonato and Morris (ACM TOMS 18, 1992, algorithm 708,
 * equations 9 to 11) by the modified method of Lentz. It needs some multiple of
 * sqrt(max(a, b)) steps at most.
 */
static double
fraction(const BetaPoint *p)
{
	double		a = p->a;
	double		b = p->b;
	double		f = a * (1 - p->excess) / (a + 1);
	double		c = f;
	double		d = 0;

	for (int m = 1; m < MAX_STEPS; m++)
	{
		double		odd = a + 2.0 * m - 1;
		double		t = m * (b - m) * p->x / odd;
		double		numerator = t * (a + m - 1) * (a + b + m - 1) * p->x / odd;
		double		denominator = m + t + (a + m) * (1 - p->excess + m * (1 + p->y)) / (odd + 2);
		double		step;

		d = 1 / (denominator + numerator * d);
		c = denominator + numerator / c;
		step = c * d;
		f *= step;
		if (!(fabs(step - 1) > DBL_EPSILON))
			break;
		if (m % 65536 == 0)
			BR_CHECK_INTERRUPTS();
	}
	return f;
}

static BetaTail
beta_tail(double a, double b, double x, double y)
{
	BetaPoint	p = point(a, b, x, y);
	BetaTail	tail = {.log_power = log_power(&p)};

	if (p.excess <= 0)
	{
		tail.log_lower = tail.log_power - log(fraction(&p));
		tail.lower = exp(tail.log_lower);
	}
	else
	{
		BetaPoint	mirrored = {b, a, y, x, -p.excess};
		double		upper = exp(tail.log_power) / fraction(&mirrored);

		tail.lower = 1 - upper;
		tail.log_lower = log1p(-upper);
	}
	return tail;
}

static double
beta_cdf(double a, double b, double x, double y)
{
	if (x <= 0)
		return 0;
	if (y <= 0)
		return 1;
	return beta_tail(a, b, x, y).lower;
}

double
br_beta_cdf(double x, double a, double b)
{
	if (isnan(x) || !is_shape(a) || !is_shape(b))
		return NAN;
	return beta_cdf(a, b, x, 1 - x);
}

/*
 * u = log(x / (1-x)) where I_x(a, b) is p, 0 < p <= 1/2. By Newton's method on
 * log I as a function of u, which is concave, as the logistic transform of a
 * beta variable has a log-concave density: from the first step on the method
 * approaches from the left and cannot fail.
 */
static double
beta_quantile_logit(double p, double a, double b)
{
	/* the first terms of digamma and trigamma: mean and variance of u */
	double		mean = log(a) - 0.5 / a - log(b) + 0.5 / b;
	double		variance = 1 / a + 0.5 / (a * a) + 1 / b + 0.5 / (b * b);
	double		u = mean + br_normal_quantile(p) * sqrt(variance);
	BetaPoint	middle = point(a, b, a / (a + b), b / (a + b));
	double		log_beta = a * log(middle.x) + b * log(middle.y) - log_power(&middle);

	/* far to the left I is x^a / (a B(a, b)), also where x itself underflows */
	if ((log(p) + log(a) + log_beta) / a < SMALLEST_LOGIT)
		return (log(p) + log(a) + log_beta) / a;
	for (int i = 0; i < 200; i++)
	{
		BetaTail	tail = beta_tail(a, b, 1 / (1 + exp(-u)), 1 / (1 + exp(u)));
		double		step = (log(p) - tail.log_lower) / exp(tail.log_power - tail.log_lower);

		u = Max(u + step, SMALLEST_LOGIT);
		if (fabs(step) <= 4 * DBL_EPSILON * Max(fabs(u), 1 / sqrt(a + b)))
			break;
	}
	return u;
}

double
br_beta_quantile(double p, double a, double b)
{
	if (!(p >= 0 && p <= 1) || !is_shape(a) || !is_shape(b))
		return NAN;
	if (p == 0 || p == 1)
		return p;
	if (p <= 0.5)
		return 1 / (1 + exp(-beta_quantile_logit(p, a, b)));
	return 1 / (1 + exp(beta_quantile_logit(1 - p, b, a)));
}

double
br_normal_cdf(double z)
{
	return 0.5 * erfc(-z * M_SQRT1_2);
}

double
br_normal_sf(double z)
{
	return 0.5 * erfc(z * M_SQRT1_2);
}

/* The z of P(Z > z) = q, 0 < q < 0.4: Newton's method on the logarithm, concave as well. */
static double
normal_upper_quantile(double q)
{
	/* right of the root, for P(Z > z) <= exp(-z^2 / 2) / 2, but where that is no denormal */
	double		z = Min(sqrt(-2 * log(2 * q)), 37.5);

	for (int i = 0; i < 100; i++)
	{
		double		upper = br_normal_sf(z);
		double		density = exp(-0.5 * z * z) / sqrt(2 * M_PI);
		double		step = upper < DBL_MIN ? 0 : upper / density * log(upper / q);

		z += step;
		if (fabs(step) <= 4 * DBL_EPSILON * z)
			break;
	}
	return z;
}

double
br_normal_quantile(double p)
{
	double		z = 0;

	if (!(p >= 0 && p <= 1))
		return NAN;
	if (p == 0 || p == 1)
		return p == 0 ? -INFINITY : INFINITY;
	if (p < 0.4)
		return -normal_upper_quantile(p);
	if (p > 0.6)
		return normal_upper_quantile(1 - p);
	/* around the median z is small, and p - 1/2 is exact */
	for (int i = 0; i < 8; i++)
		z -= (0.5 * erf(z * M_SQRT1_2) - (p - 0.5)) * sqrt(2 * M_PI) * exp(0.5 * z * z);
	return z;
}

double
br_t_two_sided(double t, double df)
{
	double		ratio = fabs(t) / sqrt(df);
	double		square = ratio * ratio;
	int			sign;

	if (isnan(t) || !is_shape(df))
		return NAN;
	/* the square may overflow where the probability is none that underflows */
	if (ratio > 1e10)
		return exp(lgamma_r((df + 1) / 2, &sign) - lgamma_r(df / 2 + 1, &sign) -
				   0.5 * log(M_PI) - df * log(ratio));
	return beta_cdf(df / 2, 0.5, 1 / (1 + square), square / (1 + square));
}

double
br_t_cdf(double t, double df)
{
	double		outside = 0.5 * br_t_two_sided(t, df);

	return t < 0 ? outside : 1 - outside;
}

double
br_t_quantile(double p, double df)
{
	double		outside = 2 * Min(p, 1 - p);
	double		inside = 2 * fabs(p - 0.5);
	double		t;

	if (!(p >= 0 && p <= 1) || !is_shape(df))
		return NAN;
	if (outside == 0)
		t = INFINITY;
	else if (inside == 0)
		t = 0;
	else if (outside <= 0.5)
		t = sqrt(df) * exp(-0.5 * beta_quantile_logit(outside, df / 2, 0.5));
	else
		t = sqrt(df) * exp(0.5 * beta_quantile_logit(inside, 0.5, df / 2));
	return p < 0.5 ? -t : t;
}

double
br_binomial_cdf(int64 k, int64 n, double p)
{
	if (n < 0 || !(p >= 0 && p <= 1))
		return NAN;
	if (k < 0)
		return 0;
	if (k >= n)
		return 1;
	return beta_cdf(n - k, k + 1, 1 - p, p);
}

int64
br_binomial_quantile(double q, int64 n, double p)
{
	double		enough = q * (1 - 1e-12);	/* equal but for rounding is equal */
	double		spread = sqrt(n * p * (1 - p));
	int64		low;			/* too few, or -1 */
	int64		high;			/* enough */
	int64		step = 1;

	if (n < 0 || !(q >= 0 && q <= 1) || !(p >= 0 && p <= 1))
		return -1;
	if (q == 0 || q == 1)
		return q == 0 ? 0 : p == 0 ? 0 : n;
	low = n * p + br_normal_quantile(q) * spread;
	low = Max(Min(low, n), 0) - 1;
	high = low + 1;
	while (low >= 0 && br_binomial_cdf(low, n, p) >= enough)
	{
		high = low;
		low = Max(low - step, -1);
		step *= 2;
	}
	for (step = 1; br_binomial_cdf(high, n, p) < enough; step *= 2)
	{
		low = high;
		high = Min(high + step, n);
	}
	while (high - low > 1)
	{
		int64		middle = low + (high - low) / 2;

		if (br_binomial_cdf(middle, n, p) >= enough)
			high = middle;
		else
			low = middle;
	}
	return high;
}
