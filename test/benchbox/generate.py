#!/usr/bin/python3
"""Random documents that are valid by the BenchBox result schema v1.1.

    generate.py COUNT SEED          rows for COPY: number, document

Decides what is valid independently of the validator: each figure is computed
from the queries that were made up, as the schema's description says. The flows
of the command line and of platform adapters differ in what they write; what is
optional comes and goes; figures are integers, rounded or not, tiny or huge;
texts are of any script; the JSON is written in different ways.
"""
import json
import random
import re
import sys

MARKER = "/* truncated */"
MAX_SQL = 4096
WORDS = ("lineitem", "orders", "täglich", "数据", "запрос", "🦆", "a.b", "x y", "it's", 'say "hi"', "back\\slash", "tab\there",
         "line\nbreak", "é́", "\u2028", "", "NaN", "null", "-1", "SELECT 1")
#: Keys whose names stand in paths, so that they are plain or must be quoted.
KEYS = ("lineitem", "orders", "web sales", "a.b", 'q"1', "STORE_SALES", "t-1", "x[0]", "customer_demographics")
#: What stands for a token that json.dumps cannot write, and for a key that is there already.
RAW = re.compile(r'"@@raw:((?:[^"\\]|\\.)*)@@"')
AGAIN = "@@again@@"


def raw(token):
    return f"@@raw:{token}@@"


def maybe(rng, share=0.5):
    return rng.random() < share


def anything(rng, depth=0):
    """A value of any shape, for blocks that may hold whatever there is."""
    kind = rng.randrange(9 if depth < 3 else 6)
    if kind == 0:
        return None
    if kind == 1:
        return maybe(rng)
    if kind == 2:
        return rng.choice((0, -1, 2 ** 63, 10 ** 37, rng.randrange(1000)))
    if kind == 3:
        return rng.choice((0.1, -1e-300, 1.7976931348623157e308, rng.random(), 3.0))
    if kind in (4, 5):
        return rng.choice(WORDS)
    if kind == 6:
        return [anything(rng, depth + 1) for _ in range(rng.randrange(4))]
    return block(rng, depth + 1)


def block(rng, depth=0):
    return {f"{rng.choice(WORDS)}{number}": anything(rng, depth) for number in range(rng.randrange(4))}


def text(rng):
    return " ".join(rng.choice(WORDS) for _ in range(rng.randrange(1, 5)))


def name(rng):
    return text(rng) or "-"


def timestamp(rng):
    day = f"20{rng.randrange(20, 30)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    day = rng.choice((day, day, day, "2024-02-29"))
    clock = f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
    # isoformat() leaves out a fraction of zero
    return f"{day}T{clock}" + (f".{rng.randrange(1, 10 ** 6):06}" if maybe(rng, 0.9) else "")


def optional(rng, target, **values):
    """Each value with its own chance; a value is a function of the generator, or stands for itself."""
    for key, value in values.items():
        if maybe(rng, 0.6):
            target[key] = value(rng) if callable(value) else value


class Clock:
    """How a document writes milliseconds: one of the ways in which exporters round them."""

    def __init__(self, rng):
        self.rng = rng
        self.scale = rng.choice((1e-3, 1, 100, 1e4, 1e9))
        self.decimals = rng.choice((0, 1, 1, 2, 3, None, None))
        self.whole = rng.choice((0, 1, 2, 3, None))

    def time(self):
        ms = rounded(self.rng.expovariate(1) * self.scale, self.decimals)
        return 0 if maybe(self.rng, 0.02) else ms

    def figure(self, value):
        """Of a whole run."""
        return rounded(value, self.whole)

    def amount(self, _=None):
        return self.figure(self.rng.expovariate(1) * self.scale)


def rounded(value, decimals):
    return value if decimals is None else round(value) if decimals == 0 else round(value, decimals)


def sql(rng, detail):
    length = rng.choices((10, 200, MAX_SQL - 1, MAX_SQL, MAX_SQL + 1, 9000), (20, 80, 1, 1, 1, 1))[0]
    statement = "SELECT /* " + rng.choice(WORDS)
    statement += rng.choice(("x", "é", "数", "🦆")) * max(0, length - len(statement))
    detail["sql_text"] = statement
    if len(statement) > MAX_SQL:
        inside = maybe(rng)
        gap = rng.choice(("", " ", "\n"))
        kept = MAX_SQL - len(gap) - len(MARKER) if inside else MAX_SQL
        detail["sql_text"] = statement[:kept] + gap + MARKER
        detail["sql_truncated"] = True


def row_count(rng, detail):
    status = "FAILED" if detail["status"] == "FAILED" and maybe(rng) else rng.choice(("PASSED", "SKIPPED"))
    actual = detail.get("rows_returned", rng.randrange(1000))
    count = {"expected": None if status == "SKIPPED" else actual + (status == "FAILED"), "actual": actual, "status": status}
    if status == "FAILED" and maybe(rng, 0.8):
        count["error"] = f"expected {actual + 1}"
    if status == "SKIPPED" and maybe(rng):
        count["warning"] = text(rng)
    return count


def detail_of(rng, clock, query, iteration, number):
    status = rng.choices(("SUCCESS", "FAILED", "SKIPPED", "UNKNOWN"), (12, 3, 1, 1))[0]
    detail = {"id": query, "status": status}
    if status == "SUCCESS" or maybe(rng):
        detail["execution_time_ms"] = clock.time()
    if iteration is not None:
        detail["iteration"] = iteration
        detail["run_type"] = "measurement" if iteration else "warmup"
    if status == "FAILED" and maybe(rng, 0.8):
        detail["error_message"] = text(rng)
    optional(rng, detail, name=name, sequence=number, rows_returned=lambda r: r.choice((0, 1, 100, 10 ** 12)),
             stream_id=lambda r: r.choice(("0", "stream_1", 3)), resource_usage=block)
    if maybe(rng, 0.4):
        sql(rng, detail)
    if maybe(rng, 0.4):
        detail["row_count_validation"] = row_count(rng, detail)
    items = list(detail.items())
    rng.shuffle(items)
    return dict(items)


def details_of(rng, clock):
    queries = [rng.choice(("Q{}", "{}", "q{}", "{}a", "3.{}")).format(number) for number in range(1, rng.choice((1, 2, 2, 5, 9, 0)))]
    iterations = [None] if maybe(rng) else range(rng.choice((1, 2, 4)))
    return [detail_of(rng, clock, query, iteration, number)
            for number, (iteration, query) in enumerate((i, q) for i in iterations for q in queries)]


def queries_and_timing(rng, clock, cli):
    details = details_of(rng, clock)
    # what a total is about, the schema does not say
    counted = details if maybe(rng) else [detail for detail in details if detail.get("run_type") != "warmup"]
    times = [detail["execution_time_ms"] for detail in counted if detail["status"] == "SUCCESS"]
    total, successful = len(counted), len(times)
    queries = {"total": total, "successful": successful, "failed": total - successful,
               "success_rate": round(successful / total, 4) if total else 0.0, "details": details}
    timing = {"total_ms": clock.figure(sum(times)), "avg_ms": clock.figure(sum(times) / successful) if times else 0}
    if cli:
        timing["min_ms"] = clock.figure(min(times, default=0))
        timing["max_ms"] = clock.figure(max(times, default=0))
    optional(rng, timing, data_loading_ms=clock.amount, schema_creation_ms=clock.amount)
    # with a warm-up too few, or a measurement, the list could be taken for a whole one
    if len(details) > 3 and "run_type" not in details[0] and maybe(rng, 0.2):
        del details[rng.randrange(len(details))]
    if maybe(rng):
        queries["definitions"] = {stream: {query: {"sql": text(rng), "parameters": rng.choice((None, {}, [1], {"a": "b"}))}
                                           for query in rng.sample(KEYS, rng.randrange(1, 3))}
                                  for stream in rng.sample(("0", "stream_1", "power"), rng.randrange(1, 3))}
    return queries, timing


def results(rng, clock, cli):
    queries, timing = queries_and_timing(rng, clock, cli)
    whole = {"queries": queries, "timing": timing}
    if not cli:
        whole["tables"] = {"total_rows_loaded": rng.choice((0, 10 ** 6, 6 * 10 ** 12)), "data_size_mb": clock.amount(),
                           "per_table": {table: rng.choice((0, 1500000, {"rows": 3, "load_time_ms": 0.5}))
                                         for table in rng.sample(KEYS, rng.randrange(1, 4))}}
    if maybe(rng):
        whole["metrics"] = {}
        optional(rng, whole["metrics"], summary=block, performance_summary=block, performance_characteristics=block,
                 tpc=lambda r: {key: r.choice((0, 0.5, 127.6113, 1e12)) for key in
                                r.sample(("power_at_size", "throughput_at_size", "qphh_at_size", "geometric_mean_ms"), r.randrange(5))})
    return whole


def validation_and_phases(rng, clock, document):
    tables = rng.randrange(10)
    validation = {"status": rng.choice(("PASSED", "FAILED", "PARTIAL", "UNKNOWN"))}
    if maybe(rng):
        validation["summary"] = {"total_tables_validated": tables, "tables_with_data": rng.randint(0, tables),
                                 "error_count": 0 if validation["status"] == "PASSED" else rng.randrange(3), "warning_count": rng.randrange(3)}
    document["validation"] = validation
    if maybe(rng, 0.3):
        return
    setup = {"validation": {"status": "PASSED", "duration_ms": clock.amount()}}
    optional(rng, setup, data_generation={"status": "SUCCESS", "duration_ms": 0, "tables_generated": 8},
             data_loading=lambda r: {"status": "SUCCESS", "duration_ms": clock.amount(), "per_table_stats": block(r)})
    document["phases"] = {"setup": setup}
    optional(rng, document["phases"], power_test=lambda r: {"status": "COMPLETED", "duration_ms": clock.amount(), **block(r)},
             throughput_test={"status": "NOT_RUN"}, maintenance_test=block)
    if maybe(rng):
        setup["validation"]["validation_details"] = {"verified_tables": rng.sample(KEYS, 3), **block(rng)}
        validation["details_location"] = "phases.setup.validation.validation_details"


def anonymity(rng, document):
    system = document["system"]
    document["export"]["anonymized"] = maybe(rng)
    if document["export"]["anonymized"]:
        document["metadata"] = {"anonymous_machine_id": f"machine_{rng.getrandbits(64):016x}", **block(rng)}
        optional(rng, system, hostname=f"host_{rng.getrandbits(32):08x}", username=rng.choice((f"user_{rng.getrandbits(48):012x}", "anonymous")))
    else:
        optional(rng, system, hostname=name, username=name)
        if maybe(rng):
            document["metadata"] = block(rng)


def document(rng):
    """A valid document, as Python has it."""
    cli = maybe(rng)
    clock = Clock(rng)
    made = {
        "schema_version": "1.1",
        "benchmark": {"id": rng.choice(("tpch", "tpcds", "star_schema", "größe")), "name": name(rng)},
        "execution": {"id": f"{rng.getrandbits(32):08x}", "timestamp": timestamp(rng)},
        "configuration": {}, "system": block(rng), "results": results(rng, clock, cli), "driver": {},
        "export": {"timestamp": timestamp(rng), "tool": rng.choice(("benchbox-exporter", "other/1.0")), "schema_version": "1.1"},
    }
    optional(rng, made["benchmark"], version=text)
    optional(rng, made["execution"], duration_ms=clock.amount, executor=name, platform=name, database_name=text, metadata=block)
    optional(rng, made["configuration"], scale_factor=lambda r: r.choice((0.01, 1, 1.0, 10 ** 5)), concurrency=lambda r: r.choice((0, 1, 64, 4.0)),
             query_subset=lambda r: [f"Q{number}" for number in range(r.randrange(4))], options=block, mode=lambda r: r.choice(("sql", "df")))
    optional(rng, made["system"], os="Linux", architecture="arm64", cpu_count=lambda r: r.choice((1, 8, 448)),
             memory_gb=lambda r: r.choice((0.5, 16, 24576.0)), python_version="3.12.11")
    optional(rng, made["driver"], package="duckdb", version_requested=text, version_resolved="1.3.2", auto_install=maybe)
    validation_and_phases(rng, clock, made)
    anonymity(rng, made)
    if not cli:
        made["platform"] = {"name": name(rng)}
        optional(rng, made["platform"], version=text, metadata=block, tunings=block, info=block, config=block)
    items = list(made.items())
    if maybe(rng):
        rng.shuffle(items)
    return dict(items)


def written(rng, made):
    """The document as JSON, in one of the ways in which it can be written; an odd token as it is meant."""
    dumped = json.dumps(made, ensure_ascii=maybe(rng), indent=rng.choice((None, None, 2, "\t")),
                        separators=rng.choice((None, (",", ":"), (" , ", " : "))))
    return RAW.sub(lambda match: json.loads(f'"{match.group(1)}"'), dumped).replace(AGAIN, "")


def copied(*fields):
    """A line for COPY."""
    return "\t".join(re.sub(r"[\\\n\r\t]", lambda match: {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}[match.group()], str(field))
                     for field in fields)


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    for number in range(count):
        print(copied(number, written(rng, document(rng))))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    main()
