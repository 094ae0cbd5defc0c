/*
 * special.h
 *		Distribution functions: beta, normal, Student's t, binomial.
 *
 * Accurate to about 1e-12, tails included: what is a small probability is
 * computed as one, never as 1 minus a large one. Arguments outside of the domain
 * (a shape that is not positive and finite, a probability outside of [0, 1],
 * NaN) give NaN, -1 where the result is an integer. No function keeps a state.
 */
#ifndef BR_SPECIAL_H
#define BR_SPECIAL_H

#include "base/br.h"

/* P(X <= x), X ~ Beta(a, b): the regularized incomplete beta function I_x(a, b). */
extern double br_beta_cdf(double x, double a, double b);
extern double br_beta_quantile(double p, double a, double b);

/* P(Z <= z) and, without cancellation, P(Z > z). */
extern double br_normal_cdf(double z);
extern double br_normal_sf(double z);
extern double br_normal_quantile(double p);

/* Student's t; df need not be an integer. br_t_two_sided() is P(|T| >= |t|). */
extern double br_t_cdf(double t, double df);
extern double br_t_two_sided(double t, double df);
extern double br_t_quantile(double p, double df);

/* P(K <= k), K ~ Binomial(n, p), and the least k with P(K <= k) >= q. */
extern double br_binomial_cdf(int64 k, int64 n, double p);
extern int64 br_binomial_quantile(double q, int64 n, double p);

#endif							/* BR_SPECIAL_H */
