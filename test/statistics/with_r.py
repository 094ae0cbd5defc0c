#!/usr/bin/python3
"""Tests, intervals and percentiles of random samples, by SQL and by R (and its package coin).

Usage: with_r.py [rounds [seed]], with the environment of psql and the extension created
in the database.  Prints TAP; skips where R is not installed.  Figures agree to 1e-12 of
themselves.
"""
import itertools
import math
import sys

from samples import arguments, array, ask_r, compare, has_r, report, sample, smooth, variance

EPSILON = sys.float_info.epsilon
SIDES = ("two-sided", "less", "greater")


def two(rng, least=1, most=200):
    """Two samples that have something to do with each other."""
    a, b = sample(rng, least, most), sample(rng, least, most)
    if rng.random() < 0.6:
        factor = rng.choice((1, 1.05, 2))
        b = [v * factor for v in rng.choices(a, k=rng.randint(least, len(a)))]
    return a, b


def without_ties(rng, least, most):
    a, b = smooth(rng, rng.randint(least, most), distinct=True), None
    b = [v * rng.choice((0.9, 1.1)) * rng.uniform(0.8, 1.3) for v in rng.choices(a, k=rng.randint(least, most))]
    return a, b


def quantiles(rng, rounds):
    cases, lines = [], []
    for _ in range(rounds):
        x, p = sample(rng), sorted((rng.random(), 0, 0.05, 0.1, 0.25, 0.5, 0.9, 0.95, 0.99, 1))
        lines.append(["quantiles", x, p])
        columns = ", ".join(f"bench_percentile(s, {v!r}, '{t}') AS q{t}_{i}" for t in range(1, 10) for i, v in enumerate(p))
        cases.append((f"SELECT {columns} FROM (SELECT bench_sample({array(x)})) q(s)",
                      [f"q{t}_{i}" for t in range(1, 10) for i in range(len(p))], max(x)))
    return compare([(query, {name: (value, 4 * EPSILON * room) for name, value in zip(names, known, strict=True)})
                    for (query, names, room), known in zip(cases, ask_r(lines), strict=True)])


def p_adjust(rng, rounds):
    cases, lines = [], []
    for _ in range(rounds):
        p = [rng.choice((rng.random(), rng.random() ** 8, 0.0, 1.0, 1e-300, None)) for _ in range(rng.randint(1, 40))]
        p += rng.choices(p, k=rng.randint(0, 5))
        method = rng.choice(("holm", "bh", "bonferroni"))
        lines.append(["adjust", p, method])
        columns = ", ".join(f"x[{i + 1}] AS p{i}" for i in range(len(p)))
        cases.append(f"SELECT {columns} FROM bench_p_adjust({array(p)}, '{method}') x")
    return compare([(query, {f"p{i}": (value, 0) for i, value in enumerate(known)})
                    for query, known in zip(cases, ask_r(lines), strict=True)])


def t_test(rng, rounds):
    cases, lines = [], []
    while len(cases) < rounds:
        a, b = two(rng, least=2)
        if max(a + b) > 1e70 or min(a + b) < 1e-70 or variance(a) + variance(b) < 1e-16 * max(a + b) ** 2:
            continue    # R knows neither fourth powers beyond a double nor samples that hardly vary
        conf = rng.choice((0.9, 0.95, 0.99))
        lines.append(["t_test", a, b, [conf]])
        cases.append((f"SELECT t, df, p_value, lo, hi FROM bench_welch_t({array(a)}, {array(b)}),"
                      f" bench_diff_ci({array(a)}, {array(b)}, 'mean', {conf})", a, b))
    found = []
    for (query, a, b), (t, df, p, lo, hi) in zip(cases, ask_r(lines), strict=True):
        error = math.sqrt(variance(a) / len(a) + variance(b) / len(b))
        lost = 4 * EPSILON * max(a + b)     # in the difference of the means
        found.append((query, {"t": (t, lost / error), "df": (df, 0), "lo": (lo, 2 * lost), "hi": (hi, 2 * lost),
                              "p_value": (p, p * (1 + abs(t)) * (df + 1) * lost / error)}))
    return compare(found)


def mean_interval(rng, rounds):
    cases, lines = [], []
    while len(cases) < rounds:
        x = sample(rng, least=2)
        if max(x) > 1e100 or min(x) < 1e-100 or variance(x) < 1e-16 * max(x) ** 2:
            continue
        conf = rng.choice((0.9, 0.95, 0.99))
        lines.append(["t_interval", x, [conf]])
        cases.append((f"SELECT lo, hi FROM bench_mean_ci({array(x)}, {conf})", max(x)))
    return compare([(query, {"lo": (lo, 4 * EPSILON * room), "hi": (hi, 4 * EPSILON * room)})
                    for (query, room), (lo, hi) in zip(cases, ask_r(lines), strict=True)])


def median_interval(rng, rounds):
    cases, lines = [], []
    for _ in range(rounds):
        n, p = rng.choice((1, 2, 3, 4, 5, 6, 10, 36, 72, 367, 368, 1000, 5000)), rng.choice((0.5, 0.5, 0.1, 0.9, 0.95, 0.99, rng.uniform(0.01, 0.99)))
        conf = rng.choice((0.9, 0.95, 0.99, 0.999))
        lines.append(["order_interval", [n], [p], [conf]])
        # values are their ranks
        cases.append((f"SELECT lo, hi, actual_conf FROM bench_percentile_ci(ARRAY(SELECT generate_series(1, {n})::float8), {p!r}, {conf!r})", n))
    found = []
    for (query, n), (lo, hi, actual) in zip(cases, ask_r(lines), strict=True):
        lo, hi = lo if lo >= 1 else None, hi if hi <= n else None
        found.append((query, {"lo": (lo, 0), "hi": (hi, 0), "actual_conf": (None if lo is None and hi is None else actual, 0)}))
    return compare(found)


def mann_whitney(rng, rounds):
    """Exact without ties; else, and for large samples, normal with both corrections."""
    cases, lines = [], []
    while len(cases) < rounds:
        a, b = two(rng) if rng.random() < 0.5 else without_ties(rng, 1, 50)
        if len(set(a + b)) == 1:
            continue
        exact = len(set(a + b)) == len(a + b) and max(len(a), len(b)) <= 50
        side, method = rng.choice(SIDES), "exact" if exact else "asymptotic"
        lines.append(["mann_whitney", a, b, side, method])
        cases.append(f"SELECT u, p_value FROM bench_mann_whitney({array(a)}, {array(b)}, '{side}', '{method}')")
    # R 4.6 takes small p-values from 1, so that those below 1e-16 are 0; R 4.2 does not
    return compare([(query, {"u": (u, 0), "p_value": (p, 1e-15)}) for query, (u, p) in zip(cases, ask_r(lines), strict=True)])


def mann_whitney_with_ties(rng, rounds):
    """Exact given the ties: coin's one-sided p-values; ours of two sides is twice the smaller."""
    if not has_r("coin"):
        return "R has no package coin"
    cases, lines = [], []
    while len(cases) < min(rounds, 50):
        a, b = ([float(rng.randint(1, 7)) for _ in range(rng.randint(2, 20))] for _ in range(2))
        if len(set(a + b)) == 1:
            continue
        lines.append(["permutation", a, b])
        cases.append(f"SELECT l.p_value AS less, g.p_value AS greater, t.p_value AS both FROM " + ", ".join(
            f"bench_mann_whitney({array(a)}, {array(b)}, '{side}', 'exact') {name}"
            for side, name in (("less", "l"), ("greater", "g"), ("two-sided", "t"))))
    return compare([(query, {"less": (less, 0), "greater": (greater, 0), "both": (min(1, 2 * min(less, greater)), 0)})
                    for query, (less, greater) in zip(cases, ask_r(lines), strict=True)])


def hodges_lehmann(rng, rounds):
    cases, lines = [], []
    while len(cases) < rounds:
        a, b = without_ties(rng, 4, 40)
        differences = [y - x for x, y in itertools.product(a, b)]
        if len(set(a + b)) < len(a + b):
            continue
        conf = rng.choice((0.9, 0.95))
        lines.append(["shift", a, b, [conf]])
        cases.append((f"SELECT shift, lo, hi FROM bench_hodges_lehmann({array(a)}, {array(b)}, {conf})", max(map(abs, differences))))
    return compare([(query, {"shift": (shift, EPSILON * room), "lo": (lo, 0), "hi": (hi, 0)})
                    for (query, room), (shift, lo, hi) in zip(cases, ask_r(lines), strict=True)])


def signed_ranks(rng, rounds):
    """Exact without ties, as R; else for more than 50 pairs that differ. Zeros do not count."""
    cases, lines = [], []
    while len(cases) < rounds:
        a = sample(rng, least=1, nasty=("ties", "duplicates", "two values", "far from 0", "one outlier"))
        b = [v + rng.choice((0, rng.uniform(-1, 1.5), rng.choice((-1, 1, 2)))) * a[0] for v in a]
        sizes = [abs(x - y) for x, y in zip(a, b, strict=True) if x != y]
        exact = len(sizes) <= 50
        if not sizes or exact and (len(set(sizes)) < len(sizes) or len(sizes) == 50 and len(sizes) < len(a)):
            continue
        pairs = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
        lines.append(["signed_rank", [x for x, _ in pairs], [y for _, y in pairs], "exact" if exact else "asymptotic"])
        cases.append(f"SELECT w, p_value FROM bench_paired({array(a)}, {array(b)})")
    return compare([(query, {"w": (w, 0), "p_value": (p, 1e-15)}) for query, (w, p) in zip(cases, ask_r(lines), strict=True)])


def trend(rng, rounds):
    cases, lines = [], []
    while len(cases) < rounds:
        x = sample(rng, least=3, most=100, nasty=("ties", "duplicates", "two values", "far from 0", "one outlier"))
        if len(set(x)) == 1:
            continue
        x = sorted(x) if rng.random() < 0.2 else x
        slopes = sorted((x[j] - x[i]) / (j - i) for i, j in itertools.combinations(range(len(x)), 2))
        middle = (slopes[(len(slopes) - 1) // 2] + slopes[len(slopes) // 2]) / 2
        lines.append(["kendall", list(range(len(x))), x])
        cases.append((f"SELECT slope, p_value FROM bench_trend({array(x)})", middle, EPSILON * max(map(abs, slopes))))
    return compare([(query, {"slope": (slope, room), "p_value": (p, 0)})
                    for (query, slope, room), (p,) in zip(cases, ask_r(lines), strict=True)])


CHECKS = (quantiles, p_adjust, t_test, mean_interval, median_interval, mann_whitney, mann_whitney_with_ties,
          hodges_lehmann, signed_ranks, trend)

if __name__ == "__main__":
    if not has_r():
        print("1..0 # SKIP R is not installed")
        sys.exit(0)
    sys.exit(report(CHECKS, *arguments()))
