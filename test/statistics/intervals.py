#!/usr/bin/python3
"""Confidence intervals of random samples, by SQL and by scipy.

Usage: intervals.py [rounds [seed]], with the environment of psql and the extension
created in the database.  Prints TAP; skips where scipy is not installed.

What has a closed form agrees to 1e-11 of itself (the unit tests and with_r.py compare
with R to 1e-12), order statistics exactly.  Bounds of the bootstrap are random on both sides:
each has to be where scipy's resamples have the same share below it, give or take
six standard deviations of that share.
"""
import math
import random
import sys

try:
    import numpy as np
    from scipy import optimize, stats
except ImportError as error:
    print(f"1..0 # SKIP {error.name} is not installed")
    sys.exit(0)

from samples import array, ask

TOLERANCE = 1e-11
RESAMPLES = 10000


def exact(got, expected):
    if got is None or expected is None:
        return got is expected
    return math.isclose(got, expected, rel_tol=TOLERANCE, abs_tol=1e-12)


def draw(rng, least=2, most=200):
    """Smooth or with ties, of very different sizes and scales."""
    n = rng.choice((2, 3, 5, 6, 10, 11, 30, 100, 200)) if most >= 200 else rng.randint(least, most)
    scale, spread, digits = 10 ** rng.uniform(-3, 6), rng.choice((0.01, 0.2, 0.8)), rng.choice((None, 1, 2))
    values = [math.exp(rng.gauss(0, spread)) for _ in range(max(n, least))]
    values = [v if digits is None else round(v, digits) + 0.1 for v in values]
    return np.array([v * scale for v in values])


def t_factor(conf, df):
    """scipy 1.10.1's own quantiles have ten digits only."""
    near = stats.t.isf((1 - conf) / 2, df)
    return optimize.brentq(lambda t: stats.t.sf(t, df) - (1 - conf) / 2, 0.99 * near, 1.01 * near, xtol=1e-300, rtol=1e-14)


def t_interval(mean, error, df, conf):
    half = t_factor(conf, df) * error
    return mean - half, mean + half


def satterthwaite(va, na, vb, nb):
    if va + vb == 0:
        return 1
    return (va + vb) ** 2 / (va ** 2 / (na - 1) + vb ** 2 / (nb - 1))


def variance(values):
    """Of the mean; numpy finds a little where all values are equal."""
    return 0 if len(set(values)) == 1 else values.var(ddof=1) / len(values)


# Each returns a query with columns est, lo, hi (and actual), and what they should be.

def percentile(rng, conf):
    x, p = np.sort(draw(rng)), rng.choice((0.5, 0.5, 0.1, 0.9, 0.95, 0.99))
    n = len(x)
    low, high = int(stats.binom.ppf((1 - conf) / 2, n, p)), int(stats.binom.ppf((1 + conf) / 2, n, p)) + 1
    lo, hi = x[low - 1] if low >= 1 else None, x[high - 1] if high <= n else None
    actual = None
    if lo is not None or hi is not None:
        actual = stats.binom.cdf(high - 1, n, p) - stats.binom.cdf(low - 1, n, p)
    return f"bench_percentile_ci({array(x)}, {p}, {conf})", (np.quantile(x, p), lo, hi, actual), exact


def mean(rng, conf):
    x = draw(rng)
    bounds = t_interval(x.mean(), math.sqrt(variance(x)), len(x) - 1, conf)
    return f"bench_mean_ci({array(x)}, {conf})", (x.mean(), *bounds), exact


def geomean(rng, conf):
    x = draw(rng)
    logs = np.log(x)
    bounds = t_interval(logs.mean(), math.sqrt(variance(logs)), len(x) - 1, conf)
    return f"bench_geomean_ci({array(x)}, {conf})", (stats.gmean(x), *np.exp(bounds)), exact


def welch(a, b, conf):
    va, vb = variance(a), variance(b)
    return t_interval(b.mean() - a.mean(), math.sqrt(va + vb), satterthwaite(va, len(a), vb, len(b)), conf)


def diff(rng, conf):
    a, b = draw(rng), draw(rng)
    return f"bench_diff_ci({array(a)}, {array(b)}, 'mean', {conf})", (b.mean() - a.mean(), *welch(a, b, conf)), exact


def ratio_of_geomeans(rng, conf):
    a, b = draw(rng), draw(rng)
    bounds = np.exp(welch(np.log(a), np.log(b), conf))
    return f"bench_ratio_ci({array(a)}, {array(b)}, 'geomean', {conf})", (stats.gmean(b) / stats.gmean(a), *bounds), exact


def ratio_of_means(rng, conf):
    """Fieller's bounds as what they are: the ratios at which a test just becomes significant."""
    a, b = draw(rng), draw(rng)
    ratio, va, vb = b.mean() / a.mean(), variance(a), variance(b)
    t = t_factor(conf, satterthwaite(ratio ** 2 * va, len(a), vb, len(b)))
    query = f"bench_ratio_ci({array(a)}, {array(b)}, 'mean', {conf})"
    if t ** 2 * va >= a.mean() ** 2:
        return query, (ratio, None, None), exact
    if va + vb == 0:
        return query, (ratio, ratio, ratio), exact

    def beyond(r):
        return abs(b.mean() - r * a.mean()) - t * math.sqrt(vb + r ** 2 * va)
    step = ratio
    while beyond(ratio - step) < 0 or beyond(ratio + step) < 0:
        step *= 2
    bounds = [optimize.brentq(beyond, ratio, end, xtol=1e-300, rtol=1e-13) for end in (ratio - step, ratio + step)]
    return query, (ratio, *bounds), exact


def among(resamples):
    """Whether bounds are, among all figures of resamples, where those known are."""
    resamples = np.sort(resamples)

    def agree(got, expected):
        if got is None:
            return False
        below, up_to = np.searchsorted(resamples, expected), np.searchsorted(resamples, expected, "right")
        share = np.clip(np.array([below, up_to]) / len(resamples), 0.001, 0.999)
        # scipy's share and ours are random, and the bias that bca corrects is as well
        spread = 6 * np.sqrt(2 * share * (1 - share) / len(resamples)) + 0.005
        least, most = np.quantile(resamples, np.clip(share + (-spread[0], spread[1]), 0, 1))
        room = TOLERANCE * abs(expected)
        return least - room <= got <= most + room
    return agree


def bootstrap(rng, conf):
    x = draw(rng, 20, 80)
    while len(set(x)) < 10:
        x = draw(rng, 20, 80)
    name, function = rng.choice((
        ("mean", np.mean), ("median", np.median), ("geomean", stats.gmean),
        ("trimmed", lambda v, axis: stats.trim_mean(v, 0.1, axis=axis)),
        ("stddev", lambda v, axis: np.std(v, axis=axis, ddof=1)),
        ("p75", lambda v, axis: np.quantile(v, 0.75, axis=axis))))
    # scipy counts figures that equal the estimate in another way
    method = "percentile" if name in ("median", "p75") else rng.choice(("percentile", "bca"))
    # bca goes far into the tail of skewed samples, where few resamples are
    conf = 0.9 if method == "bca" else conf
    known = stats.bootstrap((x,), function, confidence_level=conf, n_resamples=RESAMPLES, method=method,
                            vectorized=True, random_state=rng.randrange(2 ** 31))
    bounds = known.confidence_interval
    query = f"bench_bootstrap_ci({array(x)}, '{name}', {conf}, {RESAMPLES}, '{method}')"
    return query, (function(x, axis=0), *bounds), among(known.bootstrap_distribution)


def of_two_medians(rng, conf):
    """Resampled value by value, where ours draws order statistics."""
    a, b = draw(rng, 10, 60), draw(rng, 10, 60)
    generator = np.random.default_rng(rng.randrange(2 ** 31))
    medians = [np.median(x[generator.integers(0, len(x), (RESAMPLES, len(x)))], axis=1) for x in (a, b)]
    name, join = rng.choice((("ratio", np.divide), ("diff", np.subtract)))
    joined = join(medians[1], medians[0])
    bounds = np.quantile(joined, ((1 - conf) / 2, (1 + conf) / 2))
    query = f"bench_{name}_ci({array(a)}, {array(b)}, 'median', {conf}, {RESAMPLES})"
    return query, (join(np.median(b), np.median(a)), *bounds), among(joined)


CASES = (percentile, mean, geomean, diff, ratio_of_geomeans, ratio_of_means, bootstrap, of_two_medians)
COLUMNS = (("percentile", "mean", "geomean", "diff", "ratio", "estimate"), ("lo",), ("hi",), ("actual_conf",))


def column(row, names):
    return next(row[name] for name in names if name in row)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 42
    print(f"1..{len(CASES)}\n# seed {seed}")
    failures = 0
    for number, case in enumerate(CASES, 1):
        rng = random.Random(f"{seed} {case.__name__}")
        drawn = [case(rng, rng.choice((0.9, 0.95, 0.99))) for _ in range(rounds)]
        wrong = []
        for (query, expected, agree), row in zip(drawn, ask(f"SELECT * FROM {query}" for query, _, _ in drawn)):
            got = [column(row, names) for names in COLUMNS[:len(expected)]]
            # the estimate is no random figure
            if not exact(got[0], expected[0]) or not all(map(agree, got[1:], expected[1:])):
                wrong.append(f"# {query}\n# got {got}\n# not {[v if v is None else float(v) for v in expected]}")
        failures += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {case.__name__}: {rounds} intervals")
        print("\n".join(wrong[:3]), end="\n" if wrong else "")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
