#!/usr/bin/python3
"""Figures of one sample, and Welch's test, by SQL and by fractions.

Usage: descriptive.py [rounds [seed]], with the environment of psql and the extension
created in the database.  Prints TAP.  Needs nothing but Python.  Every other sample is
a nasty one; percentiles have to be the bits of percentile_cont, the rest is right to
1e-12 of itself, but for moments, which are made in one pass.
"""
import sys

from samples import agree, arguments, array, ask, central, compare, digits, exact, mean, report, sample, variance

EPSILON = sys.float_info.epsilon
#: Besides one at random.
POINTS = "array[0,0.1,0.25,0.33,0.5,0.75,0.9,0.95,0.99,1]::float8[]"


def median(values):
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def percentiles(rng, rounds):
    """Of the aggregate, in a window, of a sample and of an array."""
    wrong, queries = [], []
    for _ in range(rounds):
        x, p = sample(rng, most=200), rng.random()
        p = f"array_prepend({p!r}::float8, {POINTS})"
        queries.append(
            f"SELECT exact = ours AS aggregate, exact = of_sample AS sample, exact[4] = p25 AS one, exact[6] = median AS median,"
            f" exact = windowed AS windowed FROM (SELECT percentile_cont({p}) WITHIN GROUP (ORDER BY v) AS exact,"
            f" bench_percentiles(v, {p}) AS ours, bench_percentiles(bench_sample(v), {p}) AS of_sample,"
            f" bench_percentile(v, 0.25) AS p25, bench_median(v) AS median FROM unnest({array(x)}) v) a,"
            f" (SELECT bench_percentiles(v, {p}) OVER () AS windowed FROM unnest({array(x)}) v LIMIT 1) w")
    for query, row in zip(queries, ask(queries), strict=True):
        wrong += [f"{query}\n  {name} differs" for name, same in row.items() if not same]
    return 5 * len(queries), wrong


def summaries(rng, rounds):
    cases = []
    for _ in range(rounds):
        x = sample(rng)
        n, ordered = len(x), sorted(x)
        cut = int(n * 0.1)
        spread = None if n < 2 else digits(variance(x)).sqrt()
        centre = median(exact(x))
        deviations = median([abs(v - centre) for v in exact(x)])
        # the median is rounded before it is subtracted
        room = EPSILON * ordered[-1]
        geomean = (sum(digits(v).ln() for v in exact(x)) / n).exp()
        cases.append((
            f"SELECT bench_mean(s), bench_stddev(s), bench_min(s), bench_max(s), bench_median(s), bench_mad(s, 1) AS mad,"
            f" bench_trimmed_mean(s) AS trimmed, bench_geomean(s), bench_count(s), bench_ecdf(s, {ordered[n // 2]!r}) AS ecdf,"
            f" (bench_stats(s) ->> 'mean')::float8 AS mean_of_stats, (bench_stats(s) ->> 'stdev')::float8 AS stdev"
            f" FROM (SELECT bench_sample({array(x)})) q(s)",
            {"bench_mean": (mean(x), 0), "bench_stddev": (spread, 0), "bench_min": (ordered[0], 0),
             "bench_max": (ordered[-1], 0), "bench_median": (centre, 0), "mad": (deviations, room),
             "trimmed": (mean(ordered[cut:n - cut]), 0), "bench_geomean": (geomean, 0), "bench_count": (n, 0),
             "ecdf": (sum(v <= ordered[n // 2] for v in x) / n, 0), "mean_of_stats": (mean(x), 0),
             "stdev": (spread, 0)}))
    return compare(cases)


def moments(rng, rounds):
    """In one pass digits are lost with the ratio of mean to deviation, but not with its square."""
    cases = []
    for _ in range(rounds):
        x = sample(rng, least=2, nasty=("all equal", "ties", "duplicates", "far from 0", "one outlier", "two values"))
        n, m2 = len(x), central(x, 2)
        if m2 == 0:
            cases.append((f"SELECT bench_variance(bench_moments(v)) AS variance FROM unnest({array(x)}) v", {"variance": (0, 0)}))
            continue
        deviation = digits(m2 / n).sqrt()
        lost = float(digits(mean(x)) / deviation) * 8 * EPSILON
        spread = digits(variance(x)).sqrt()
        skewness = digits(central(x, 3) / n) / deviation ** 3
        kurtosis = central(x, 4) / n / (m2 / n) ** 2 - 3
        cases.append((
            f"SELECT bench_mean(m), bench_stddev(m), bench_sum(m), bench_skewness(m), bench_kurtosis(m)"
            f" FROM (SELECT bench_moments(v) FROM unnest({array(x)}) v) q(m)",
            {"bench_mean": (mean(x), 0), "bench_sum": (sum(exact(x)), 0), "bench_stddev": (spread, float(spread) * lost),
             "bench_skewness": (skewness, (1 + abs(float(skewness))) * (1e-12 + 4 * lost)),
             "bench_kurtosis": (kurtosis, (4 + abs(float(kurtosis))) * (1e-12 + 4 * lost))}))
    return compare(cases)


def welch(rng, rounds):
    """t and its degrees of freedom, for whatever scale and offset."""
    cases = []
    while len(cases) < rounds:
        a, b = sample(rng, least=2), sample(rng, least=2)
        if rng.random() < 0.7:
            b = [v * rng.choice((1, 1.01, 1.5)) for v in rng.sample(a, rng.randint(2, len(a)))]
        va, vb = variance(a) / len(a), variance(b) / len(b)
        if va + vb == 0:
            continue
        error = digits(va + vb).sqrt()
        t = digits(mean(a) - mean(b)) / error
        df = (va + vb) ** 2 / (va ** 2 / (len(a) - 1) + vb ** 2 / (len(b) - 1))
        # means are rounded before one is subtracted from the other
        lost = float(digits(max(mean(a), mean(b))) / error) * 2 * EPSILON
        cases.append((f"SELECT t, df, diff FROM bench_welch_t({array(a)}, {array(b)})",
                      {"t": (t, lost), "df": (df, 0), "diff": (mean(b) - mean(a), float(max(mean(a), mean(b))) * 2 * EPSILON)}))
    return compare(cases)


def fences(rng, rounds):
    """What is outside Tukey's fences, and within them."""
    wrong, kept = [], []
    for _ in range(rounds):
        x = sample(rng)
        kept.append((f"SELECT bench_values(bench_remove_outliers({array(x)})) AS kept, low, high FROM bench_fences({array(x)})", x))
    for (query, x), row in zip(kept, ask([query for query, _ in kept]), strict=True):
        ordered = sorted(x)

        def quartile(p):
            place = (len(x) - 1) * p
            low = int(place)
            return ordered[low] + (place - low) * (ordered[min(low + 1, len(x) - 1)] - ordered[low])
        if len(x) < 4:
            expected = ordered
        else:
            low, high = quartile(0.25), quartile(0.75)
            low, high = low - 1.5 * (high - low), high + 1.5 * (high - low)
            expected = [v for v in ordered if low <= v <= high]
            if not agree(row["low"], low, room=8 * EPSILON * high) or not agree(row["high"], high):
                wrong.append(f"{query}\n  fences {row['low']} and {row['high']}, expected {low} and {high}")
        if [float(v) for v in row["kept"]] != expected:
            wrong.append(f"{query}\n  kept {row['kept']}, expected {expected}")
    return len(kept), wrong


if __name__ == "__main__":
    sys.exit(report((percentiles, summaries, moments, welch, fences), *arguments()))
