"""What the comparisons of statistics share: samples, smooth and nasty, figures by SQL, by R
(reference.R) and by fractions, and the report in TAP."""
import decimal
import fractions
import json
import math
import pathlib
import random
import shutil
import subprocess
import sys

#: Figures agree to this share of themselves.
TOLERANCE = 1e-12

decimal.setcontext(decimal.Context(prec=60, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX))


def array(values):
    return "'{" + ",".join("NULL" if v is None else repr(float(v)) for v in values) + "}'::float8[]"


def ask(queries):
    """One row of each query, as JSON keeps it: doubles to the last digit."""
    script = "\n".join(f"SELECT to_jsonb(q) FROM ({query}) q;" for query in queries)
    run = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1"], input=script, text=True, capture_output=True)
    if run.returncode != 0:
        sys.exit(run.stderr)
    return [json.loads(line) for line in run.stdout.splitlines()]


def has_r(package="stats"):
    """Whether R is there, and this package of it."""
    if not shutil.which("Rscript"):
        return False
    script = f"quit(status = !requireNamespace('{package}', quietly = TRUE))"
    return subprocess.run(["Rscript", "-e", script], capture_output=True).returncode == 0


def ask_r(lines):
    """What reference.R says to each line: a list of lists of numbers, None where R has NA.

    A line is a list: the name of a function there, then texts and lists of numbers.
    Numbers go both ways in base 16, for R does not read the last digit of others.
    """
    text = "\n".join("|".join(
        part if isinstance(part, str) else " ".join("NA" if v is None else float(v).hex() for v in part)
        for part in line) for line in lines)
    reference = pathlib.Path(__file__).with_name("reference.R")
    run = subprocess.run(["Rscript", "--vanilla", reference], input=text + "\n", text=True, capture_output=True)
    if run.returncode != 0:
        sys.exit(run.stderr)
    return [[None if v == "NA" else float.fromhex(v) for v in line.split()] for line in run.stdout.splitlines()]


def agree(got, expected, tolerance=TOLERANCE, room=0):
    """room: how far apart they may be besides, where digits cancel."""
    if got is None or expected is None:
        return got is expected
    got, expected = float(got), float(expected)
    return got == expected or abs(got - expected) <= tolerance * abs(expected) + room


def smooth(rng, n, distinct=False):
    scale, spread = 10 ** rng.uniform(-3, 6), rng.choice((0.01, 0.2, 1.5))
    values = [math.exp(rng.gauss(0, spread)) for _ in range(n)]
    digits = None if distinct else rng.choice((None, None, 0, 1))
    return [v * scale if digits is None else (round(v, digits) + 1) * scale for v in values]


#: What trips a careless algorithm; all are positive.
NASTY = {
    "all equal": lambda rng, n: [rng.choice((0.1, 7, 1e-300, 1e300))] * n,
    "two values": lambda rng, n: [rng.choice((3, 3 + 1e-9)) for _ in range(n)],
    "ties": lambda rng, n: [float(rng.randint(1, 6)) for _ in range(n)],
    "duplicates": lambda rng, n: rng.choices([rng.random() + 0.1 for _ in range(max(1, n // 3))], k=n),
    "far from 0": lambda rng, n: [1e9 + rng.randint(0, 50) / 8 for _ in range(n)],
    "very far from 0": lambda rng, n: [1e15 + rng.randint(0, 9) for _ in range(n)],
    "tiny": lambda rng, n: [1e-300 * (1 + rng.random()) for _ in range(n)],
    "huge": lambda rng, n: [1e300 * (1 + rng.random()) for _ in range(n)],
    "of all sizes": lambda rng, n: [10 ** rng.uniform(-200, 200) for _ in range(n)],
    "one outlier": lambda rng, n: [1 + rng.random() for _ in range(n - 1)] + [1e12],
}


def sample(rng, least=1, most=200, nasty=None):
    """A sample, every other one nasty, often very small."""
    sizes = [n for n in (1, 2, 3, 4, 5, 6, 8, 13, 25, 26, 49, 50, 51, 100, 200) if least <= n <= most]
    n = rng.choice(sizes)
    kinds = list(NASTY) if nasty is None else list(nasty)
    return NASTY[rng.choice(kinds)](rng, n) if rng.random() < 0.5 else smooth(rng, n)


def exact(values):
    return [fractions.Fraction(v) for v in values]


def mean(values):
    return sum(exact(values)) / len(values)


def central(values, power):
    """The sum of powers of what values differ from their mean."""
    centre = mean(values)
    return sum((v - centre) ** power for v in exact(values))


def variance(values):
    return central(values, 2) / (len(values) - 1)


def digits(fraction):
    """To 60 of them, for roots and logarithms."""
    return decimal.Decimal(fraction.numerator) / decimal.Decimal(fraction.denominator)


def arguments():
    """Rounds and seed of the command line; the seed is printed by report()."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(10 ** 9)
    return rounds, seed


def report(checks, rounds, seed):
    """Runs checks, functions of a random generator and a number of rounds that return how many
    figures they compared and what is wrong, one text each; or a text: why they are skipped."""
    print(f"1..{len(checks)}\n# seed {seed}")
    failed = False
    for number, check in enumerate(checks, 1):
        result = check(random.Random(f"{seed} {check.__name__}"), rounds)
        if isinstance(result, str):
            print(f"ok {number} - {check.__name__} # SKIP {result}")
            continue
        count, wrong = result
        print(f"{'not ok' if wrong or not count else 'ok'} {number} - {check.__name__}: {count} figures")
        for text in wrong[:3]:
            print("# " + text.replace("\n", "\n# ")[:3000])
        failed = failed or bool(wrong) or not count
    return int(failed)


def compare(cases):
    """Cases are (query, {column: (expected, room)}); what report() wants."""
    count, wrong = 0, []
    for (query, expected), row in zip(cases, ask([query for query, _ in cases]), strict=True):
        for name, (value, room) in expected.items():
            count += 1
            if not agree(row[name], value, room=room):
                wrong.append(f"{query}\n  {name}: {row[name]!r}, expected {None if value is None else float(value)!r}")
    return count, wrong
