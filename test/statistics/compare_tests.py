#!/usr/bin/python3
"""Tests and comparisons of samples against scipy, statsmodels and plain enumeration.

Usage: compare_tests.py [rounds [seed]], with the environment of psql and the
extension created in the database.  Prints TAP; skips where scipy or statsmodels
is not installed.  Figures agree to 1e-12 of themselves,
but where scipy is not that exact.
"""
import itertools
import math
import random
import sys
import warnings
from fractions import Fraction

try:
    import numpy as np
    from scipy import stats
    from statsmodels.stats.multitest import multipletests
except ImportError as error:
    print(f"1..0 # SKIP {error.name} is not installed")
    sys.exit(0)

from samples import TOLERANCE, agree, array, ask

#: Where scipy has fewer digits than 12: it subtracts rounded means, takes p as 1 less another, and has
#: ten digits of a quantile of t. descriptive.py and with_r.py compare the first and the last to 1e-12.
TOLERANCES = {"welch": 1e-9, "brunner_munzel": 1e-9, "paired": 1e-9}
#: Where means or ranks agree, rounding is all that is left of a difference.
ROOM = {"t": 1e-12}
#: What we call a method, and what statsmodels calls it.
ADJUSTMENTS = {"holm": "holm", "bh": "fdr_bh", "bonferroni": "bonferroni"}


class Sample:
    """Ways to draw one: smooth, coarse enough for ties, of very different sizes and spreads."""

    def __init__(self, rng):
        self.rng = rng

    def size(self, most):
        return self.rng.choice((2, 3, 5, 8, 13, 25, 26, 50, 51, 200)) if most >= 200 else self.rng.randint(2, most)

    def draw(self, most=200):
        rng = self.rng
        scale, spread = 10 ** rng.uniform(-3, 6), rng.choice((0.01, 0.2, 1.5))
        shift = rng.choice((0, 0, 0.3, 1)) * spread
        digits = rng.choice((None, None, 0, 1))
        samples = []
        for offset in (0, shift):
            values = [math.exp(rng.gauss(offset, spread)) for _ in range(self.size(most))]
            samples.append([v * scale if digits is None else round(v, digits) * scale for v in values])
        return samples


def enumerated(a, b):
    """P(U <= u) and P(U >= u) over all ways to deal the values, in halves."""
    pool = sorted(a + b)
    rank = {v: pool.index(v) + 1 + len(pool) - pool[::-1].index(v) for v in pool}
    seen = sum(rank[v] for v in a)
    sums = [sum(c) for c in itertools.combinations([rank[v] for v in pool], len(a))]
    return Fraction(sum(s <= seen for s in sums), len(sums)), Fraction(sum(s >= seen for s in sums), len(sums))


def mann_whitney(draw):
    a, b = draw.draw()
    side = draw.rng.choice(("two-sided", "less", "greater"))
    distinct = len(set(a + b)) == len(a + b)
    exact = max(len(a), len(b)) <= 50 and distinct
    if not exact and len(set(a + b)) == 1:
        return None
    method = "exact" if exact else "asymptotic"
    with np.errstate(all="ignore"):
        known = stats.mannwhitneyu(a, b, alternative=side, method=method)
    return (f"SELECT u, p_value, a12 FROM bench_mann_whitney({array(a)}, {array(b)}, '{side}', '{method}')",
            {"u": known.statistic, "p_value": min(1.0, known.pvalue), "a12": known.statistic / len(a) / len(b)})


def exact_with_ties(draw):
    a, b = ([round(v % 7) for v in sample] for sample in draw.draw(7))
    lower, upper = enumerated(a, b)
    side = draw.rng.choice(("two-sided", "less", "greater"))
    p = {"less": lower, "greater": upper, "two-sided": min(Fraction(1), 2 * min(lower, upper))}[side]
    return f"SELECT p_value FROM bench_mann_whitney({array(a)}, {array(b)}, '{side}', 'exact')", {"p_value": float(p)}


def welch(draw):
    a, b = draw.draw()
    if len(set(a)) == 1 and len(set(b)) == 1:
        return None
    known = stats.ttest_ind(a, b, equal_var=False)
    return (f"SELECT t, p_value FROM bench_welch_t({array(a)}, {array(b)})",
            {"t": known.statistic, "p_value": known.pvalue})


def brunner_munzel(draw):
    a, b = draw.draw()
    if max(a) <= min(b) or max(b) <= min(a):
        return None
    known = stats.brunnermunzel(a, b)
    # scipy takes a small p as 1 less a large one
    if known.pvalue < 1e-5:
        return None
    return (f"SELECT t, p_value FROM bench_brunner_munzel({array(a)}, {array(b)})",
            {"t": known.statistic, "p_value": known.pvalue})


def hodges_lehmann(draw):
    a, b = draw.draw()
    return (f"SELECT shift FROM bench_hodges_lehmann({array(a)}, {array(b)})",
            {"shift": float(np.median(np.subtract.outer(b, a)))})


def paired(draw):
    a, b = draw.draw()
    n = min(len(a), len(b))
    a, b = a[:n], b[:n]
    differences = np.subtract(a, b)
    sizes = np.abs(differences[differences != 0])
    # scipy's exact distribution knows neither ties nor pairs without a difference
    if len(sizes) < 2 or len(set(sizes)) < len(sizes) or min(a + b) <= 0:
        return None
    known = stats.wilcoxon(differences[differences != 0], correction=True, mode="exact" if len(sizes) <= 50 else "approx")
    logs = np.log(b) - np.log(a)
    margin = stats.t.ppf(0.975, n - 1) * logs.std(ddof=1) / math.sqrt(n)
    return (f"SELECT p_value, ratio, ratio_lo, ratio_hi FROM bench_paired({array(a)}, {array(b)})",
            {"p_value": known.pvalue, "ratio": math.exp(logs.mean()),
             "ratio_lo": math.exp(logs.mean() - margin), "ratio_hi": math.exp(logs.mean() + margin)})


def adjusted(draw):
    p = [draw.rng.random() ** draw.rng.choice((1, 4)) for _ in range(draw.rng.randint(1, 40))]
    p += draw.rng.choices(p, k=draw.rng.randint(0, 3))
    ours, theirs = draw.rng.choice(list(ADJUSTMENTS.items()))
    known = multipletests(p, method=theirs)[1]
    return ("SELECT " + ", ".join(f"x[{i + 1}] AS p{i}" for i in range(len(p))) +
            f" FROM bench_p_adjust({array(p)}, '{ours}') x",
            {f"p{i}": value for i, value in enumerate(known)})


def by_run(draw):
    rng, sides, rows = draw.rng, ([], []), []
    for side in (0, 1):
        for run in range(rng.randint(2, 8)):
            level = math.exp(rng.gauss(0.05 * side, 0.03))
            values = [100 * level * math.exp(rng.gauss(0, 0.05)) for _ in range(rng.randint(2, 12))]
            sides[side].append(values)
            rows += [f"('{side}{run}', {v!r}, {bool(side)})" for v in values]
    rng.shuffle(rows)
    figures = [np.log([np.median(run) for run in side]) for side in sides]
    known = stats.ttest_ind(figures[0], figures[1], equal_var=False)
    logs = [[np.log(run) for run in side] for side in sides]
    # analysis of variance by hand, each side with a mean of its own
    between = within = size = df_between = df_within = 0
    for side in logs:
        everything = np.concatenate(side)
        between += sum(len(run) * (run.mean() - everything.mean()) ** 2 for run in side)
        within += sum(((run - run.mean()) ** 2).sum() for run in side)
        df_between += len(side) - 1
        df_within += len(everything) - len(side)
        size += len(everything) - sum(len(run) ** 2 for run in side) / len(everything)
    within /= df_within
    between = max(0, (between / df_between - within) / (size / df_between))
    return ("SELECT (c).ratio, (c).p_value, (c).p_rank, (c).between_sd ^ 2 + (c).within_sd ^ 2 AS variance, (c).within_sd FROM ("
            "SELECT bench_compare_by_run(run, value, side) AS c FROM (VALUES " + ", ".join(rows) +
            ") v(run, value, side)) r",
            {"ratio": math.exp(figures[1].mean() - figures[0].mean()), "p_value": known.pvalue,
             "p_rank": stats.mannwhitneyu(*figures, method="exact").pvalue,
             # digits of the first cancel where there is hardly a variance between runs
             "variance": between + within, "within_sd": math.sqrt(within)})


CHECKS = (mann_whitney, exact_with_ties, welch, brunner_munzel, hodges_lehmann, paired, adjusted, by_run)


def main():
    warnings.simplefilter("ignore")     # of samples that hardly differ
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    print(f"1..{len(CHECKS)}\n# seed {seed}")
    failed = 0
    for number, check in enumerate(CHECKS, 1):
        draw = Sample(random.Random(f"{seed} {check.__name__}"))
        cases = [case for case in (check(draw) for _ in range(rounds)) if case]
        wrong = [(query, name, row[name], expected)
                 for (query, known), row in zip(cases, ask([query for query, _ in cases]), strict=True)
                 for name, expected in known.items() if not agree(row[name], expected, TOLERANCES.get(check.__name__, TOLERANCE), ROOM.get(name, 0))]
        print(f"{'not ' if wrong else ''}ok {number} - {check.__name__}, {len(cases)} cases")
        for query, name, got, expected in wrong[:3]:
            print(f"# {query[:2000]}\n#   {name}: {got!r}, expected {expected!r}")
        failed += bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
