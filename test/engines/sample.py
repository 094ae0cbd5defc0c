"""The sample of benchmark results that tests and demo run on: what happened in which run.

A pure generator: the same options give the same runs, invocations and
figures, whatever the engine and whatever the shape of the table (shapes.py
writes them down as items). The rules:

* The matrix is that of figures.csv, 294 configurations of 42 functions. Fewer
  are taken as arm64/x86 pairs, spread over the matrix, so that six of them
  show every kind of outcome already.
* Run 1 is the published run of December 2025. For each configuration and
  start type the stored aggregate's mean duration and, when cold, its mean
  initialization equal the published ones after the trim; the 99th percentile
  does as far as fitting.py says; the mean billed duration is the one that the
  published cost implies, as near as whole milliseconds allow.
* Run n + 1 lies a week before run n. Its figures are run 1's, each scaled by
  a drift of a few per cent; one function is 18 % slower and another 15 %
  faster, to be found.
* Where no figures were published the invocations failed. Neither cold nor
  warm published: every invocation failed, there are no metrics, and the
  aggregates' statistics are empty. Only one of them: it was throttled; some
  invocations failed, and the rest follow the function's nearest published
  memory size.
* In 5 of 588 throttled cells (at least in one, if there is one) the run gave
  up: the results end somewhere and there is no aggregate.
* Run 3 is still in progress, as a crashed run is for ever, and run 4 failed,
  aborted by its user. Both end after 60 % of the configurations; each of the
  twelve workers leaves one more with half of its cold results and no
  aggregate.
* Twelve workers take the functions one by one; each measures one
  configuration after the other. Timestamps are cut down to steps of 50 ms, so
  that they collide in a small sample as often as in a large real one, within
  a run and within a configuration. An aggregate is later than its results.
"""
import heapq
import random
import uuid
from collections import namedtuple

import figures
import fitting

MATRIX_SIZE = 294
FIRST_RUN_ID = "ab3aaaf8-6aa8-4b26-9561-ec2ed16c5b0a"
FIRST_RUN_START = 1764468005123         # 2025-11-30T02:00:05.123Z
WEEK_MS = 7 * 24 * 3600 * 1000
REGION = "us-east-2"
WORKERS = 12
TICK_MS = 50
INTERRUPTED_SHARE = 5 / 588             # of a run's expected aggregates
STOPPED_AFTER = 0.6                     # of a stopped run's configurations

# Of the 147 pairs, which comes first and how far the next one is: see the first rule.
FIRST_PAIR, PAIR_STEP = 88, 131

# Memory used, in MB, by a runtime itself and, on top, by a workload. Nothing about it was published.
RUNTIME_MB = {"nodejs": 68, "python": 38, "rust": 14}
WORKLOAD_MB = {"cpu-intensive": {}, "light": {"nodejs": 22, "python": 41, "rust": 9},
               "memory-intensive": {"nodejs": 105, "python": 830, "rust": 102}}

NOTES = {1: "published results of December 2025", 3: "runner lost its connection", 4: "wrong branch – repeat",
         5: 'after the "light" workload was rewritten'}

Options = namedtuple("Options", "runs cold warm configurations seed", defaults=(1, 20, 300, MATRIX_SIZE, 1))

# Durations in hundredths of a millisecond, memory in MB, timestamps in epoch milliseconds.
Result = namedtuple("Result", "run config kind number timestamp success duration billed memory init request_id")
Aggregate = namedtuple("Aggregate", "run config kind timestamp succeeded failed duration billed memory init")
Sample = namedtuple("Sample", "success duration billed memory init")


class Run:
    """One run: what is decided before its first invocation, and what is known after its last."""

    def __init__(self, number, options, configs, published):
        self.number = number
        self.options = options
        self.configs = configs
        self.id = FIRST_RUN_ID if number == 1 else str(uuid.UUID(int=random_of("run", number).getrandbits(128),
                                                                 version=4))
        self.started = FIRST_RUN_START - (number - 1) * WEEK_MS
        if number > 1:
            self.started += random_of("start", number).randrange(-1800000, 1800000)
        self.ended = None
        self.status = {3: "in_progress", 4: "failed"}.get(number, "completed")
        self.notes = NOTES.get(number)
        self.stopped = self.status != "completed"
        self.outliers = self._choose_outliers(published)
        self.interrupted = set() if self.stopped else self._choose_interrupted(published)
        self.error = None
        if self.status == "failed":
            self.error = "aborted by user"
        elif self.interrupted:
            self.error = f"{len(self.interrupted)} configuration(s) failed during benchmark execution"

    def _choose_interrupted(self, published):
        throttled = [(config, kind) for config in self.configs for kind in ("cold", "warm")
                     if outcome(published, config, kind) == "throttled"]
        wanted = max(1, round(2 * len(self.configs) * INTERRUPTED_SHARE))
        rng = random_of(self.options.seed, self.id, "interrupted")
        return set(rng.sample(throttled, min(wanted, len(throttled))))

    def _choose_outliers(self, published):
        """{function: factor} of the functions that changed much."""
        functions = sorted({figures.function_name(config) for config in self.configs if published[config, "warm"]})
        chosen = random_of(self.id, "outliers").sample(functions, min(2, len(functions)))
        return dict(zip(chosen, (1.18, 0.85)))

    def drift(self, config, kind):
        """The factor between this run's figures and run 1's."""
        if self.number == 1:
            return 1.0
        factor = 1 + random_of(self.id, "drift").uniform(-0.02, 0.02)
        factor += random_of(self.id, config, kind).uniform(-0.015, 0.015)
        return factor * self.outliers.get(figures.function_name(config), 1.0)


def random_of(*names):
    """A generator of its own for everything that is decided, so that no decision depends on another's draws."""
    return random.Random("/".join(str(name) for name in names))


def choose_configs(published, count):
    """count configurations in the order of the matrix, chosen in arm64/x86 pairs."""
    matrix = list(dict.fromkeys(config for config, _ in published))
    arm = [config for config in matrix if config.architecture == "arm64"]
    chosen = []
    for i in range((count + 1) // 2):
        config = arm[(FIRST_PAIR + i * PAIR_STEP) % len(arm)]
        chosen += [config, config._replace(architecture="x86")]
    chosen = set(chosen[:count])
    return [config for config in matrix if config in chosen]


def outcome(published, config, kind):
    """What became of the invocations of a cell: "measured", "throttled" or "failed"."""
    if published[config, kind]:
        return "measured"
    other = "warm" if kind == "cold" else "cold"
    return "throttled" if published[config, other] else "failed"


def scaled(cell, factor):
    return figures.Figures(mean=round(cell.mean * factor),
                           p99=round(cell.p99 * factor),
                           init=cell.init and round(cell.init * factor),
                           billed_ms=cell.billed_ms * factor)


# ---- the samples of one cell (a configuration and a start type) of a run ----

def measure(rng, config, kind, n, cell):
    """n successful samples, in the order of measurement."""
    count = fitting.trimmed_count(n)
    wanted = round(cell.billed_ms * count)
    inits = [None] * n
    if kind == "cold":
        durations = fitting.fit(rng, n, cell.mean, cell.p99)
        inits = fitting.fit(rng, n, cell.init, round(cell.init * rng.uniform(1.05, 1.2)))
        rng.shuffle(inits)
        billed = [-(-(d + i) // 100) for d, i in zip(durations, inits)]
    else:
        durations = fitting.fit(rng, n, cell.mean, cell.p99, wanted)
        billed = [-(-d // 100) for d in durations]
        # Never below the durations; the published figures are, in a few cells, a little above.
        wanted = max(wanted, sum(fitting.trimmed(billed)))
    billed = fitting.shift(billed, wanted)
    samples = [Sample(True, d, b, memory_used(rng, config), i) for d, b, i in zip(durations, billed, inits)]
    rng.shuffle(samples)
    return samples


def memory_used(rng, config):
    family = config.runtime.rstrip("0123456789.")
    base = RUNTIME_MB[family] + WORKLOAD_MB[config.workload].get(family, 0)
    return min(config.memory, base + rng.randrange(1 + base // 12))


def samples_of(run, published, config, kind):
    """All samples of a cell that were stored."""
    n = run.options.cold if kind == "cold" else run.options.warm
    rng = random_of(run.options.seed, run.id, config, kind)
    fate = outcome(published, config, kind)
    lost = n if fate == "failed" else max(1, round(n * rng.uniform(0.02, 0.15))) if fate == "throttled" else 0
    samples = []
    if lost < n:
        cell = published[config, kind] or figures.stand_in(published, config, kind)
        samples = measure(rng, config, kind, n - lost, scaled(cell, run.drift(config, kind)))
    for _ in range(lost):
        samples.insert(rng.randrange(len(samples) + 1), Sample(False, None, None, None, None))
    if (config, kind) in run.interrupted:
        del samples[int(n * rng.uniform(0.3, 0.9)):]
    return samples


# ---- the runs ----------------------------------------------------------------

def cells_of(run, published):
    """Per function, what its worker does: [(config, kind, samples, whether it writes the aggregate)]."""
    functions = {}
    for config in run.configs:
        functions.setdefault(figures.function_name(config), []).append(config)
    complete = int(STOPPED_AFTER * len(run.configs)) if run.stopped else len(run.configs)
    done = 0
    for configs in functions.values():
        cells = []
        for config in configs:
            if done < complete:
                for kind in ("cold", "warm"):
                    cells.append((config, kind, samples_of(run, published, config, kind),
                                  (config, kind) not in run.interrupted))
            elif done < complete + WORKERS:
                begun = samples_of(run, published, config, "cold")
                cells.append((config, "cold", begun[:len(begun) // 2], False))
            done += 1
        yield cells


def records_of(run, published):
    """The results and aggregates of a run, and last the run itself, in the order of writing of each worker."""
    workers = [(0.0, w) for w in range(WORKERS)]
    rng = random_of(run.options.seed, run.id, "clock")
    for cells in cells_of(run, published):
        clock, worker = heapq.heappop(workers)
        for config, kind, samples, aggregated in cells:
            for number, sample in enumerate(samples, 1):
                # Before a cold start the function is reconfigured; a failure takes its own time.
                clock += rng.uniform(4000, 7000) if kind == "cold" else rng.uniform(12, 60)
                clock += sample.duration / 100 if sample.success else rng.uniform(200, 3000)
                known = sample.success or rng.random() < 0.5
                request_id = str(uuid.UUID(int=rng.getrandbits(128), version=4)) if known else "unknown"
                yield Result(run, config, kind, number, _tick(run, clock), *sample, request_id)
            if aggregated:
                clock += TICK_MS
                yield _aggregate(run, config, kind, _tick(run, clock), samples)
        heapq.heappush(workers, (clock, worker))
    if run.status != "in_progress":
        run.ended = _tick(run, max(workers)[0]) + 2 * TICK_MS
    yield run


def _tick(run, clock):
    return run.started + int(clock) // TICK_MS * TICK_MS


def _aggregate(run, config, kind, timestamp, samples):
    good = [s for s in samples if s.success]
    inits = [s.init / 100 for s in good if s.init is not None]
    return Aggregate(run, config, kind, timestamp, len(good), len(samples) - len(good),
                     fitting.summarize([s.duration / 100 for s in good]),
                     fitting.summarize([s.billed for s in good]),
                     fitting.summarize([s.memory for s in good]),
                     fitting.summarize(inits) if inits else None)


def runs_of(options, published):
    configs = choose_configs(published, options.configurations)
    return [Run(number, options, configs, published) for number in range(1, options.runs + 1)]


def records(options, published=None):
    """Every record of the sample, run after run, oldest last."""
    published = published or figures.read_published()
    for run in runs_of(options, published):
        yield from records_of(run, published)
