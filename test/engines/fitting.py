"""Samples that add up: series of whole numbers with a prescribed mean and 99th percentile.

Decides how a published summary becomes single samples. Summaries are made of
a trimmed series (from five values on, one smallest and one largest are left
out), so it is the trimmed values that are fitted; the two left out are free.
All numbers are integers of the caller's unit, so that sums are exact.

What can be held depends on the number of samples. The mean holds for every
number. The percentile holds as far as the mean leaves room for it: one sample
is its own percentile, and among a few samples a percentile far above the mean
would push the others below the lower bound; it is then moved to the mean,
step by step, until they fit.
"""
import math
from collections import Counter

TRIM_FROM = 5           # series of at least this many values lose their smallest and largest


def trimmed_count(n):
    return n - 2 if n >= TRIM_FROM else n


def trimmed(values):
    ordered = sorted(values)
    return ordered[1:-1] if len(ordered) >= TRIM_FROM else ordered


def percentile(ordered, p):
    """Linear interpolation at rank p * (n - 1): R's type 7, PostgreSQL's percentile_cont."""
    rank = p * (len(ordered) - 1)
    low = int(rank)
    if low + 1 >= len(ordered):
        return ordered[low]
    return ordered[low] + (rank - low) * (ordered[low + 1] - ordered[low])


def summarize(values):
    """The statistics object stored with an aggregate; empty for no values.

    Minimum, maximum and sampleCount are of all values, the rest of the
    trimmed ones. Of equally frequent values the mode is the one met first:
    in order of size where the series is trimmed, else in order of measurement.
    """
    if not values:
        return {}
    ordered = trimmed(values)
    mean = math.fsum(ordered) / len(ordered)
    squares = math.fsum((v - mean) ** 2 for v in ordered)
    stats = {"mean": mean,
             "median": percentile(ordered, 0.5),
             "mode": Counter(ordered if len(values) >= TRIM_FROM else values).most_common(1)[0][0],
             "min": min(values),
             "max": max(values),
             "stdev": math.sqrt(squares / (len(ordered) - 1)) if len(ordered) > 1 else 0.0}
    for p in (50, 90, 95, 99):
        stats[f"p{p}"] = percentile(ordered, p / 100)
    stats = {key: round(value, 2) for key, value in stats.items()}
    stats["sampleCount"] = len(values)
    stats["outliersRemoved"] = len(values) >= TRIM_FROM
    return stats


def spread(rng, count, total, low, high):
    """count ascending integers in low..high that sum to total, in a symmetric hump around their mean."""
    if not low * count <= total <= high * count:
        raise ValueError(f"{count} values in {low}..{high} cannot sum to {total}")
    if count == 0:
        return []
    mean = total / count
    hump = [rng.random() + rng.random() for _ in range(count)]
    centre = math.fsum(hump) / count
    width = min(0.9 * (high - mean),
                _ratio(high - mean, max(hump) - centre),
                _ratio(mean - low, centre - min(hump)))
    values = sorted(min(high, max(low, math.floor(mean + width * (u - centre)))) for u in hump)
    missing = total - sum(values)       # what rounding down has taken, less than one of each
    step = 1 if missing > 0 else -1
    for i in [i for i, v in enumerate(values) if low <= v + step <= high][:abs(missing)]:
        values[i] += step
    return sorted(values)


def _ratio(room, extent):
    return room / extent if extent > 0 else math.inf


def fit(rng, n, mean, p99, billed_total=None, unit=100):
    """n ascending integers whose trimmed mean is exactly mean and whose p99 is p99 if there is room.

    With billed_total, the values rounded up to whole units sum (trimmed, in
    units) to billed_total, or as near to it as the values allow.
    """
    count = trimmed_count(n)
    total = mean * count
    low = max(1, mean // 3)
    lift = p99 - mean
    while True:
        tail = _tail(rng, count, mean, lift)
        body = count - len(tail)
        rest = total - sum(tail)
        if low * body <= rest <= (tail[0] if tail else rest) * body:
            break
        lift = int(0.8 * lift)
    ceiling = tail[0] if tail else rest
    if billed_total is None:
        values = spread(rng, body, rest, low, ceiling)
    else:
        billed_rest = billed_total - sum(-(-v // unit) for v in tail)
        values = _spread_billed(rng, body, rest, ceiling, billed_rest, unit)
    # Rounding up to whole units can lift a value above a tail that lies within a unit of the mean.
    values = sorted(values + tail)
    if n > count:
        below = max(1, values[0] - int(0.3 * rng.random() * (mean - values[0] + 1)))
        above = values[-1] + int(rng.random() * (lift + 1))
        values = [below] + values + [above]
    return values


def _tail(rng, count, mean, lift):
    """The largest values of the trimmed series, which decide its p99: from its lower neighbour upwards."""
    if count == 1:
        return []
    if count == 2:      # the neighbours are all there is: their distance follows from mean and p99
        return [mean + int(lift / 0.98)]
    rank = 0.99 * (count - 1)
    fraction = rank - int(rank)
    gap = int(lift * rng.uniform(0.1, 0.5))
    while lift and abs(fraction * gap - round(fraction * gap)) > 0.45:
        gap += 1        # else p99 would lie half way between two values and might be rounded away
    tail = [mean + lift - round(fraction * gap)]
    tail.append(tail[0] + gap)
    while len(tail) < count - int(rank):
        tail.append(tail[-1] + int(lift * rng.uniform(0.0, 0.3)))
    return tail


def _spread_billed(rng, count, total, high, billed_total, unit):
    """As spread, but of values that sum to billed_total when rounded up to units: first the units, then the gaps."""
    if count == 0:
        return []
    least, most = -(-total // unit), (total + (unit - 1) * count) // unit
    billed_total = min(max(billed_total, least), most)
    highest = max(high // unit, -(-billed_total // count))
    units = spread(rng, count, billed_total, 1, highest)
    gaps = spread(rng, count, unit * billed_total - total, 0, unit - 1)
    rng.shuffle(gaps)
    return sorted(unit * u - gap for u, gap in zip(units, gaps))


def shift(values, total):
    """The values moved alike, so that their trimmed sum is total; their order is kept."""
    count = trimmed_count(len(values))
    step, extra = divmod(total - sum(trimmed(values)), count)
    first_raised = len(values) - extra - (1 if len(values) > count else 0)
    moved = list(values)
    for rank, i in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        moved[i] += step + (1 if extra and rank >= first_raised else 0)
    return moved
